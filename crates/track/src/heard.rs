//! What is heard is old: 10 km are 30 s, and each station hears of another moment.
//!
//! A track that is only heard stands at the latest moment of which it was heard, not at the present. Carried on to the
//! present before it is updated, an aircraft that hovered would pass for one that flies, for what it did since has not been
//! heard. A station that is farther away hears of earlier moments: then the track goes back to what was
//! known before that moment, takes it in, and takes in again, in the order of emission, what was heard of later ones. Which measurement
//! was whose stays as it was found first.

use crate::frame::Frame;
use crate::gauss::Gauss;
use crate::look::{self, Look};
use crate::motion::{Flight, Imm, MODELS};
use crate::sensor::Sensor;
use crate::settings::Settings;
use crate::track::{Link, Track, absorb};
use alloc::boxed::Box;
use alloc::vec::Vec;
use truce::time::{Micros, SECOND, Time};

/// A track goes back so far: what two stations hear at once was emitted at moments that differ by less if they are 7 km apart.
const BACK: Micros = 20 * SECOND;

/// What a track was heard to do lately.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// The models at a moment before all parts.
    base: Imm,
    from: Time,
    /// In the order of emission.
    parts: Vec<Part>,
}

/// What one frame said of the track.
#[derive(Clone, Debug)]
struct Part {
    /// Of which moment.
    time: Time,
    existence: f64,
    none: f64,
    /// Links to the looks below, with their probabilities.
    links: Vec<Link>,
    looks: Vec<Look>,
}

/// Where a track stood before a frame, if it does not stay where the frame finds it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Away {
    time: Time,
    imm: Imm,
    merged: Gauss,
    /// It stands in the past for the frame: what it is heard to do there changes all since.
    past: bool,
}

impl Part {
    /// The models, which stand at `from`, after this part.
    fn after(&self, imm: &Imm, from: Time, flight: &Flight) -> Imm {
        let before = on(imm, from, self.time, flight);
        let mut links = self.links.clone();
        for link in &mut links {
            let look = self.looks[link.measurement as usize].held(link.lag);
            link.density = 0.0;
            for m in 0..MODELS {
                link.by_model[m] = look.likelihood(&before.g[m]);
                link.density += before.w[m] * link.by_model[m];
            }
        }
        links.retain(|link| link.density > 1e-100);
        if links.is_empty() {
            return before;
        }
        absorb(&before, &links, &self.looks, self.existence, self.none)
    }
}

/// The models at a later moment.
fn on(imm: &Imm, from: Time, to: Time, flight: &Flight) -> Imm {
    let dt = (to.0 - from.0) as f64 / 1e6;
    if dt > 0.0 { imm.moved(&flight.step(dt)) } else { *imm }
}

impl Heard {
    /// The models at a moment, from all that was heard of it and before. Moments that `seen` knows are told on the way.
    fn at(&self, time: Time, flight: &Flight, mut seen: impl FnMut(Time, &Imm)) -> Imm {
        let (mut imm, mut from) = (self.base, self.from);
        for part in self.parts.iter().take_while(|part| part.time <= time) {
            imm = part.after(&imm, from, flight);
            from = part.time;
            seen(from, &imm);
        }
        on(&imm, from, time, flight)
    }

    fn add(&mut self, part: Part) {
        let at = self.parts.partition_point(|other| other.time <= part.time);
        self.parts.insert(at, part);
    }

    /// What was heard of moments before this one cannot change any more.
    fn forget(&mut self, before: Time, flight: &Flight) {
        let over = self.parts.partition_point(|part| part.time < before);
        for part in self.parts.drain(..over) {
            self.base = part.after(&self.base, self.from, flight);
            self.from = part.time;
        }
    }
}

/// Move one track to the moment at which it emitted what is heard now, and link it to the directions in its gate.
pub(crate) fn gate(track: &mut Track, frame: &Frame<'_>, sensor: &Sensor, settings: &Settings) {
    let flight = &settings.flight;
    let ahead = (frame.time.0 - track.time.0) as f64 / 1e6;
    let (_, age) = look::emitted(&track.merged.on(ahead).x, [sensor.place[0], sensor.place[1]]);
    let moment = Time(frame.time.0 - libm::round(age * 1e6) as i64);
    if moment >= track.time {
        let dt = (moment.0 - track.time.0) as f64 / 1e6;
        track.move_to(moment, &flight.step(dt), dt, settings.life);
        let new = || Box::new(Heard { base: track.imm, from: track.time, parts: Vec::new() });
        track.heard.get_or_insert_with(new);
    } else if let Some(heard) = track.heard.as_ref().filter(|heard| heard.from <= moment) {
        track.away = Some(Away { time: track.time, imm: track.imm, merged: track.merged, past: true });
        track.imm = heard.at(moment, flight, |_, _| {});
        track.merged = track.imm.merged();
        track.time = moment;
    }
    let sees = sensor.sees([track.merged.x[0], track.merged.x[1]]);
    track.detection = if sees && sensor.scans { sensor.detection } else { 0.0 };
    track.in_frame = true;
    let least = 1e-4 * frame.clutter;
    for (j, look) in frame.looks.iter().enumerate() {
        let lag = (track.time.0 - frame.moment(j).0) as f64 / 1e6;
        if look.held(lag).distance2(&track.merged) < settings.gate {
            track.link(j, (look, lag), None, least);
        }
    }
}

/// A track that is heard leaves its moment for a frame of the present; it comes back if that says nothing of it.
pub(crate) fn step_out(track: &mut Track) {
    if track.heard.is_some() {
        track.away = Some(Away { time: track.time, imm: track.imm, merged: track.merged, past: false });
    }
}

/// The frame has been taken in: note what was heard, and bring the track back to where it stands.
pub(crate) fn settle(track: &mut Track, frame: &Frame<'_>, none: f64, settings: &Settings) {
    let flight = &settings.flight;
    let away = track.away.take();
    if !frame.heard {
        match away {
            Some(Away { time, imm, merged, .. }) if track.links.is_empty() => {
                // The time until now is counted when it is heard of it.
                let dt = (track.time.0 - time.0) as f64 / 1e6;
                track.existence = (track.existence * libm::exp(dt / settings.life)).min(1.0);
                (track.time, track.imm, track.merged) = (time, imm, merged);
            }
            _ => track.heard = None,
        }
        return;
    }
    let Some(heard) = &mut track.heard else { return };
    if track.time < heard.from {
        // Older than what it remembers: it was taken in as it is.
        track.heard = None;
        return;
    }
    if !track.links.is_empty() {
        let looks = track.links.iter().map(|link| frame.looks[link.measurement as usize]).collect();
        let renumbered = |(n, link): (usize, &Link)| Link { measurement: n as u32, ..*link };
        let links = track.links.iter().enumerate().map(renumbered).collect();
        heard.add(Part { time: track.time, existence: track.existence, none, links, looks });
    }
    if let Some(Away { time, .. }) = away.filter(|away| away.past) {
        let history = &mut track.history;
        track.imm = heard.at(time, flight, |at, imm| {
            let n = history.partition_point(|m| m.time < at);
            if let Some(moment) = history.get_mut(n).filter(|m| m.time == at) {
                moment.imm = *imm;
            }
        });
        track.merged = track.imm.merged();
        track.time = time;
    }
    heard.forget(Time(track.time.0 - BACK), flight);
}
