//! One frame: what one sensor measured in one look, and what it does to each track.

use crate::gauss::Sym2;
use crate::grid::Grid;
use crate::heard;
use crate::look::{self, Look, Vertical};
use crate::motion::Step;
use crate::scan::Sweep;
use crate::sensor::{Measurement, Sensor, Wave, What};
use crate::settings::Settings;
use crate::track::{Share, Track};
use crate::tracker::Tracker;
use crate::workers::Workers;
use alloc::vec;
use alloc::vec::Vec;
use truce::time::{Micros, SECOND, Time};

/// One frame made ready.
pub(crate) struct Frame<'a> {
    /// The moment of all measurements, or of the last.
    pub(crate) time: Time,
    pub(crate) sensor: usize,
    pub(crate) what: &'a [Measurement],
    pub(crate) looks: Vec<Look>,
    /// False detections and new aircraft, for each unit of the measurement.
    pub(crate) clutter: f64,
    /// The covariance of all positions, if they share one and have no lag.
    pub(crate) common: Option<Sym2>,
    pub(crate) grid: Option<Grid>,
    /// What it covers, if its sensor turns.
    pub(crate) sweep: Option<Sweep>,
    /// Directions of sound, or none of a sensor that hears.
    pub(crate) heard: bool,
    /// Not all measurements have one moment.
    pub(crate) apart: bool,
    /// Between the first measurement and the last, s; the greatest error of a position, one sigma, m.
    span: f64,
    widest: f64,
}

/// What a frame is made of. Its first moment and its last, its sensor, its measurements.
pub(crate) type Raw = (Time, Time, usize, Vec<Measurement>);

/// Weight of the latest direction, found or missed, in the share of those found.
const BACKED: f64 = 0.05;

/// Tracks that one worker takes at a time.
pub(crate) const CHUNK: usize = 128;

impl Tracker {
    pub(crate) fn frame(&mut self, raw: &Raw, workers: &impl Workers) {
        let (first, time, sensor, ref what) = *raw;
        let is_foreign = |m: &Measurement| matches!(m.what, What::Track(_));
        let owned: Vec<Measurement>;
        let mut what = &what[..];
        if what.iter().any(is_foreign) {
            let foreign: Vec<&Measurement> = what.iter().filter(|m| is_foreign(m)).collect();
            self.take_foreign(&foreign);
            owned = what.iter().filter(|m| !is_foreign(m)).cloned().collect();
            what = &owned;
        }
        if what.is_empty() && !self.sensors[sensor].scans {
            return;
        }
        let frame = self.prepare((first, time), sensor, what);
        let (sensor_at, settings) = (&self.sensors[sensor].clone(), &self.settings.clone());

        // 1. Move the tracks and gate, in parallel.
        {
            let frame = &frame;
            let mut parts: Vec<&mut [Track]> = self.tracks.chunks_mut(CHUNK).collect();
            workers.each(&mut parts, &|part: &mut &mut [Track]| {
                let mut steps: Vec<(i64, Step)> = Vec::new();
                for track in part.iter_mut() {
                    gate(track, frame, sensor_at, settings, &mut steps);
                }
            });
        }

        // 2. Associate, cluster by cluster.
        let mut claimed = vec![0.0; frame.looks.len()];
        self.associate(&frame, &mut claimed, workers);

        // 3. Update, in parallel.
        {
            let frame = &frame;
            let mut parts: Vec<&mut [Track]> = self.tracks.chunks_mut(CHUNK).collect();
            workers.each(&mut parts, &|part: &mut &mut [Track]| {
                for track in part.iter_mut().filter(|t| t.in_frame) {
                    take_in(track, frame, sensor_at, settings);
                }
            });
        }

        self.watch(&frame);
        self.hear_names(what);

        // 4. Begin and end tracks.
        if matches!(frame.looks.first(), Some(Look::Angle { .. })) {
            self.take_bearings(time, sensor, what, &frame.looks);
        } else {
            self.begin(&frame, &claimed);
        }
        self.part_twins();
        self.follow_lines(workers);
        let forget = self.settings.forget;
        self.end_tracks(|t, drop| t.existence < drop || time.0 - t.seen.0 > forget || !t.merged.is_sound());
        if self.sensors[sensor].scans {
            self.scanned_last[sensor] = Some(time);
        }
    }

    fn prepare<'a>(
        &mut self,
        (first_moment, time): (Time, Time),
        sensor: usize,
        what: &'a [Measurement],
    ) -> Frame<'a> {
        let sweep = self.sensors[sensor].turn().map(|turn| self.rhythms[sensor].cover(first_moment, turn));
        let apart = what.iter().any(|m| m.time != time);
        let at = &self.sensors[sensor];
        let health = &self.health[sensor];
        let looks: Vec<Look> =
            what.iter().filter_map(|m| look::look(m, at, 0.0)).map(|look| health.correct(look)).collect();
        let first = match looks.first() {
            Some(Look::Place { r, lag, .. }) if *lag == 0.0 => Some(*r),
            _ => None,
        };
        let same = |l: &Look| matches!(l, Look::Place { r, lag, .. } if Some(*r) == first && *lag == 0.0);
        let common = first.filter(|_| looks.iter().all(same));
        let places: Option<Vec<[f64; 2]>> =
            looks.iter().map(|l| if let Look::Place { z, .. } = l { Some(*z) } else { None }).collect();
        let grid = places.filter(|p| !p.is_empty()).map(|p| Grid::new(&p, 100.0));
        let clutter = at.clutter.max(1e-14);
        let earliest = what.iter().map(|m| m.time).min().unwrap_or(time);
        let span = (time.0 - earliest.0) as f64 / 1e6;
        let widest = looks.iter().fold(0.0_f64, |w, l| match l {
            Look::Place { r, .. } if common.is_none() => w.max(r.greatest()),
            Look::Place { .. } | Look::Angle { .. } => w,
        });
        let widest = libm::sqrt(common.map_or(widest, |r| r.greatest()));
        let heard = at.wave == Wave::Sound && !matches!(looks.first(), Some(Look::Place { .. }));
        Frame { time, sensor, what, looks, clutter, common, grid, sweep, heard, apart, span, widest }
    }
}

/// Move one track to the frame and link it to the measurements in its gate.
fn gate(
    track: &mut Track,
    frame: &Frame<'_>,
    sensor: &Sensor,
    settings: &Settings,
    steps: &mut Vec<(i64, Step)>,
) {
    track.links.clear();
    track.in_frame = false;
    let length = frame.time.0 - track.time.0;
    // A part of a turn finds part of the tracks.
    let part = frame.sweep.is_some_and(|sweep| sweep.share() < 1.0);
    if frame.heard {
        return heard::gate(track, frame, sensor, settings);
    }
    heard::step_out(track);
    if frame.apart || part || length < 0 {
        return gate_apart(track, frame, sensor, settings);
    }
    let dt = length as f64 / 1e6;
    if !sensor.scans && !matches!(frame.looks.first(), Some(Look::Angle { .. })) {
        // Single measurements far away: do not touch the track.
        let ahead = track.merged;
        let at = [ahead.x[0] + dt * ahead.x[2], ahead.x[1] + dt * ahead.x[3]];
        let spread =
            libm::sqrt(ahead.place_cov().greatest()) + dt * (10.0 + libm::sqrt(ahead.p[7] + ahead.p[9]));
        let reach = 6.0 * spread + 2.0 * dt * dt;
        let near = |l: &Look| match l {
            Look::Place { z, r, .. } => {
                let reach = reach + 6.0 * libm::sqrt(r.greatest());
                libm::fabs(z[0] - at[0]) < reach && libm::fabs(z[1] - at[1]) < reach
            }
            Look::Angle { .. } => true,
        };
        if !frame.looks.iter().any(near) {
            return;
        }
    }
    if length > 0 {
        let step = match steps.iter().find(|(l, _)| *l == length) {
            Some((_, step)) => *step,
            None => {
                let step = settings.flight.step(dt);
                steps.push((length, step));
                step
            }
        };
        track.move_to(frame.time, &step, dt, settings.life);
    }
    let at = [track.merged.x[0], track.merged.x[1]];
    let sees = sensor.sees(at);
    track.detection = if sees && sensor.scans { detection(track, frame, sensor) } else { 0.0 };
    track.in_frame = true;
    // A link this weak cannot matter.
    let least = 1e-4 * frame.clutter;
    if let Some(grid) = &frame.grid {
        let cov = track.merged.place_cov();
        let common = frame.common.map(|r| (track.common(r), cov.plus(r).inverse(), cov.plus(r)));
        let widest = match &common {
            Some((_, _, s)) => *s,
            None => frame.looks.iter().fold(cov, |w, l| match l {
                Look::Place { r, .. } => {
                    let s = cov.plus(*r);
                    Sym2 { xx: w.xx.max(s.xx), xy: 0.0, yy: w.yy.max(s.yy) }
                }
                Look::Angle { .. } => w,
            }),
        };
        let half = [libm::sqrt(settings.gate * widest.xx), libm::sqrt(settings.gate * widest.yy)];
        grid.near(at, half, |j| {
            let look = &frame.looks[j];
            let d2 = match (&common, look) {
                (Some((_, si, _)), Look::Place { z, .. }) => si.form([z[0] - at[0], z[1] - at[1]]),
                _ => look.distance2(&track.merged),
            };
            if d2 < settings.gate {
                track.link(j, (look, 0.0), common.as_ref().map(|c| &c.0), least);
            }
        });
        track.links.sort_unstable_by_key(|l| l.measurement);
    } else {
        for (j, look) in frame.looks.iter().enumerate() {
            if look.distance2(&track.merged) < settings.gate {
                track.link(j, (look, 0.0), None, least);
            }
        }
    }
}

/// Probability that the sensor finds the track in this frame, if it can see it.
fn detection(track: &Track, frame: &Frame<'_>, sensor: &Sensor) -> f64 {
    match &frame.sweep {
        None => sensor.detection,
        Some(sweep) => sweep.detection(track.due(frame.sensor), sensor.detection),
    }
}

/// Tracks that are so far ahead of a measurement, microseconds, do not look back at it.
const BACK: Micros = 2 * SECOND;

/// A chance in a frame that is smaller than this is none.
const SLIGHT: f64 = 1e-3;

/// The same as [`gate`] where measurements have their own moments, or the track is ahead of them: it moves to the
/// moment of the nearest, and the others in the gate are held against where it was, or will be, at theirs.
fn gate_apart(track: &mut Track, frame: &Frame<'_>, sensor: &Sensor, settings: &Settings) {
    if frame.time.0 < track.time.0 - BACK {
        return;
    }
    let due = track.due(frame.sensor).copied();
    let too_soon = |time: Time| match (&frame.sweep, &due) {
        (Some(sweep), Some(due)) => due.too_soon(time, sweep.turn),
        _ => false,
    };
    if frame.sweep.is_some_and(|sweep| too_soon(sweep.to)) {
        return;
    }
    let g = track.merged;
    let ahead = |time: Time| (time.0 - track.time.0) as f64 / 1e6;
    let dt = ahead(frame.time);
    let length = libm::fabs(dt);
    let at = [g.x[0] + dt * g.x[2], g.x[1] + dt * g.x[3]];
    let mut near: Vec<(f64, usize)> = Vec::new();
    if let Some(grid) = &frame.grid {
        // Where it may be by then, and the way it makes in the time that a frame spans.
        let spread = libm::sqrt(g.place_cov().greatest()) + length * (10.0 + libm::sqrt(g.p[7] + g.p[9]));
        let way = libm::hypot(g.x[2], g.x[3]) * frame.span;
        let reach = 6.0 * spread + 2.0 * dt * dt + way + 6.0 * frame.widest;
        grid.near(at, [reach, reach], |j| {
            let (Look::Place { z, .. }, time) = (&frame.looks[j], frame.moment(j)) else { return };
            let dt = ahead(time);
            let off = [z[0] - g.x[0] - dt * g.x[2], z[1] - g.x[1] - dt * g.x[3]];
            if libm::fabs(off[0]) < reach && libm::fabs(off[1]) < reach && !too_soon(time) {
                near.push((off[0] * off[0] + off[1] * off[1], j));
            }
        });
    } else {
        for (j, look) in frame.looks.iter().enumerate() {
            let time = frame.moment(j);
            if !too_soon(time) {
                near.push((look.held(-ahead(time)).distance2(&g), j));
            }
        }
    }
    let nearest = near.iter().min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let moment = nearest.map_or(frame.time, |(_, j)| frame.moment(*j)).max(track.time);
    let chance = if sensor.scans { detection(track, frame, sensor) } else { 0.0 };
    // Out of turn and out of reach: do not touch the track.
    if near.is_empty() && (chance < SLIGHT || frame.time < track.time) {
        return;
    }
    if moment > track.time {
        let dt = ahead(moment);
        let step = settings.flight.step(dt);
        track.move_to(moment, &step, dt, settings.life);
    }
    let sees = sensor.sees([track.merged.x[0], track.merged.x[1]]);
    track.detection = if sees { chance } else { 0.0 };
    track.in_frame = true;
    let least = 1e-4 * frame.clutter;
    for (_, j) in near {
        let lag = (moment.0 - frame.moment(j).0) as f64 / 1e6;
        if frame.looks[j].held(lag).distance2(&track.merged) < settings.gate {
            track.link(j, (&frame.looks[j], lag), None, least);
        }
    }
    track.links.sort_unstable_by_key(|l| l.measurement);
}

impl Frame<'_> {
    /// When a measurement was made.
    pub(crate) fn moment(&self, j: usize) -> Time {
        if self.apart { self.what[j].time } else { self.time }
    }
}

/// Take the frame into one track.
fn take_in(track: &mut Track, frame: &Frame<'_>, sensor: &Sensor, settings: &Settings) {
    track.expected = track.merged;
    track.looked = track.looked.max(if frame.heard { frame.time } else { track.time });
    let before = track.existence;
    let none = track.update(&frame.looks);
    let linked: f64 = track.links.iter().map(|l| l.probability).sum();
    if sensor.cooperative {
        // A claim moves a track, but does not make it exist; it keeps alive what nothing contradicts.
        let alive = 0.8 * linked * libm::exp(-track.silence);
        track.existence = before.max(alive);
    } else if sensor.scans && track.detection > 0.5 {
        let more = -libm::log((1.0 - track.detection).max(0.01));
        track.silence = if linked > 0.5 { 0.0 } else { (track.silence + more).min(20.0) };
    }
    for n in 0..track.links.len() {
        let link = track.links[n];
        if link.probability >= 0.05 {
            let m = &frame.what[link.measurement as usize];
            attach(track, m, sensor, frame.sensor, link.probability, settings.provenance);
        }
    }
    let directions = frame.heard || matches!(frame.looks.first(), Some(Look::Angle { .. }));
    if directions && track.detection > 0.5 {
        track.backed += BACKED * (linked / track.detection - track.backed);
    }
    heard::settle(track, frame, none, settings);
    if let Some(sweep) = &frame.sweep {
        let best = track.links.iter().max_by(|a, b| a.probability.total_cmp(&b.probability));
        let time = best.map_or(frame.time, |link| frame.moment(link.measurement as usize));
        sweep.settle(&mut track.dues, frame.sensor, linked, time);
    }
    if track.existence >= settings.show && !track.possible {
        track.confirmed = true;
    }
    crate::bearing::lift(track);
    if track.near {
        track.remember(settings.look_back());
    } else if settings.remember > 0 {
        track.remember(settings.remember);
    } else if !track.history.is_empty() {
        track.history.clear();
    }
}

/// Note what a measurement adds beside the place: provenance, height, signature, claim.
pub(crate) fn attach(
    track: &mut Track,
    m: &Measurement,
    sensor: &Sensor,
    index: usize,
    probability: f64,
    provenance: Micros,
) {
    // What is heard tells of the moment at which it was emitted.
    let heard = sensor.wave == Wave::Sound && matches!(m.what, What::Bearing { .. });
    let time = if heard { m.time.min(track.time) } else { m.time };
    note(track, index, time, m.id, probability, provenance);
    if let Some((class, right)) = m.signature {
        track.take_signature(class, right, probability);
    }
    let height = match &m.what {
        What::Position { height: Some((h, s)), .. } => Some((*h, s * s)),
        What::Bearing { elevation: Some((e, s)), .. } => Some(look::height(*e, *s, sensor, &track.merged)),
        What::Polar { range, elevation: Some(elevation), .. } => {
            Some(look::height_of(*range, *elevation, sensor))
        }
        _ => None,
    };
    if let (Some((h, var)), true) = (height, probability > 0.5) {
        track.vertical = Some(match track.vertical {
            Some(v) => v.with(h, var),
            None => Vertical::new(h, var),
        });
    }
    if let (What::Report { claims, .. }, true) = (&m.what, probability > 0.5) {
        crate::claim::take(track, claims, m.time);
    }
}

/// Note a measurement's share.
pub(crate) fn note(track: &mut Track, sensor: usize, time: Time, id: u64, probability: f64, keep: Micros) {
    let permille = libm::round(probability * 1000.0) as u16;
    track.shares.push_back(Share { time, sensor, measurement: id, permille });
    while track.shares.front().is_some_and(|first| first.time.0 < time.0 - keep) {
        track.shares.pop_front();
    }
    match track.stations.iter_mut().find(|(s, _, _)| *s == sensor) {
        Some((_, sum, last)) => {
            *sum += probability;
            *last = time;
        }
        None => {
            track.stations.push((sensor, probability, time));
            track.stations.sort_unstable_by_key(|(s, _, _)| *s);
        }
    }
}
