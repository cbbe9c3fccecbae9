//! Visits of tracks to zones: from when to when, for how long, where. What a zone is, its rim ([`crate::Line::zone`]) or a
//! [`crate::Band`] says; here stands what both have in common.

use crate::crossing::{CrossingSettings, Grade};
use crate::track::{Share, Track};
use alloc::boxed::Box;
use alloc::vec::Vec;
use truce::time::{SECOND, Time};

/// Which zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Zone {
    /// A drawn one: index of the line that is its rim.
    Rim(usize),
    /// One by distance from a line: index of the band.
    Band(usize),
}

/// A visit of a track to a zone: from the first moment at which it may have been inside to the last, and how long it
/// was inside in all, in milliseconds: surely, as expected, and at most. Falls under the delay.
#[derive(Clone, PartialEq, Debug)]
pub struct Stay {
    /// Number of the track.
    pub track: u64,
    /// The zone.
    pub zone: Zone,
    /// First moment at which it may have been inside (0.05 or more), or at which it was first seen there.
    pub from: Time,
    /// Last such moment.
    pub to: Time,
    /// While it was inside with probability 0.95 or more.
    pub surely: i64,
    /// The expected time.
    pub expected: i64,
    /// While it was inside with probability 0.05 or more.
    pub at_most: i64,
    /// Probability that something real was inside, at the surest moment, permille.
    pub permille: u16,
    /// Where it was when it was surely inside: in a drawn zone for the first time, in a band nearest to the line. Or
    /// else where that was likeliest. In mm, and one sigma, mm.
    pub at: [i64; 2],
    /// See `at`.
    pub sigma: i64,
    /// Sensors that saw it in that time.
    pub sensors: Vec<usize>,
    /// The measurements of its last part, as far as the track remembers.
    pub shares: Vec<Share>,
    /// Probability of each of [`crate::Class::ALL`], permille.
    pub classes: [u16; 5],
    /// How well it is established.
    pub grade: Grade,
}

/// A visit that goes on.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    from: Time,
    to: Time,
    /// Milliseconds surely, as expected, at most.
    stay: [f64; 3],
    /// The best that is known of where it was inside.
    pub(crate) best: Inside,
    sensors: Vec<usize>,
}

/// How surely a track is inside a zone at one moment, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inside {
    /// At least, as expected, and at most: they differ where the zone depends on whose aircraft it is.
    pub(crate) p: [f64; 3],
    pub(crate) settled: bool,
    pub(crate) at: [f64; 2],
    pub(crate) sigma: f64,
    /// Of two moments at which it is surely inside, the one with the lesser depth says where it was; of equal ones the first.
    pub(crate) depth: f64,
}

/// A moment counts for a visit when the track is inside with this probability, and surely with its complement.
const MAY_BE: f64 = 0.05;

/// What a track remembers of its time in one zone.
#[derive(Clone, Default, Debug)]
pub(crate) struct Dwelling {
    /// Last moment and probability inside.
    inside: Option<(Time, [f64; 3])>,
    pub(crate) visit: Option<Box<Visit>>,
}

impl Dwelling {
    /// A moment inside a zone, perhaps, or outside it. Returns a visit that is over.
    pub(crate) fn dwell(
        &mut self,
        track: &Track,
        zone: Zone,
        here: Inside,
        settings: &CrossingSettings,
    ) -> Option<Stay> {
        let now = track.time;
        let before = self.inside.replace((now, here.p));
        let [.., most] = here.p;
        if self.visit.is_none() && most >= MAY_BE {
            let from = before.map_or(now, |(then, _)| then);
            let visit = Visit { from, to: now, stay: [0.0; 3], best: here, sensors: Vec::new() };
            self.visit = Some(Box::new(visit));
        }
        let visit = self.visit.as_mut()?;
        if let Some((then, was)) = before {
            let dt = (now.0 - then.0) as f64 / 1e3;
            let between = |n: usize| 0.5 * (was[n] + here.p[n]);
            visit.stay[1] += between(1) * dt;
            if between(0) >= 1.0 - MAY_BE {
                visit.stay[0] += dt;
            }
            if between(2) >= MAY_BE {
                visit.stay[2] += dt;
            }
        }
        let surest = most.max(visit.best.p[2]);
        match (visit.best.settled, here.settled) {
            (false, true) => visit.best = here,
            (false, false) if most > visit.best.p[2] => visit.best = here,
            (true, true) => {
                if here.depth < visit.best.depth {
                    visit.best = here;
                }
                // Where it was is one question, how surely it was inside at all another.
                visit.best.p[2] = surest;
            }
            _ => {}
        }
        for share in track.shares.iter().rev().take_while(|share| now.0 - share.time.0 < SECOND) {
            if share.permille >= 500 && !visit.sensors.contains(&share.sensor) {
                visit.sensors.push(share.sensor);
            }
        }
        if most >= MAY_BE {
            visit.to = now;
            return None;
        }
        self.visit.take().map(|visit| visit.told(track, zone, settings))
    }
}

impl Visit {
    /// The visit as it is told.
    fn told(&self, track: &Track, zone: Zone, settings: &CrossingSettings) -> Stay {
        let [surely, expected, at_most] = self.stay.map(|ms| libm::round(ms) as i64);
        let Self { from, to, best, .. } = *self;
        let [.., p] = best.p;
        let mut sensors = self.sensors.clone();
        sensors.sort_unstable();
        let grade = if p < settings.possible {
            Grade::Faint
        } else if p < settings.crossed || track.possible || !best.settled {
            Grade::Possible
        } else if sensors.len() >= 2 {
            Grade::Established
        } else {
            Grade::OneSensor
        };
        let within = |share: &&Share| (from..=to).contains(&share.time) && share.permille >= 50;
        Stay {
            track: track.number,
            zone,
            from,
            to,
            surely,
            expected,
            at_most,
            permille: libm::floor(p * 1000.0) as u16,
            at: best.at.map(|m| libm::round(m * 1e3) as i64),
            sigma: libm::ceil(best.sigma * 1e3) as i64,
            sensors,
            shares: track.shares.iter().filter(within).copied().collect(),
            classes: track.class.map(|p| libm::round(p * 1000.0) as u16),
            grade,
        }
    }
}

/// Visits of a track that go on.
pub(crate) fn stays(track: &Track, settings: &CrossingSettings) -> Vec<Stay> {
    let rims = track.watches.iter().map(|watch| (Zone::Rim(watch.line), &watch.dwelling));
    let bands = track.bands.iter().enumerate().map(|(band, watch)| (Zone::Band(band), &watch.dwelling));
    let open = |(zone, dwelling): (Zone, &Dwelling)| {
        dwelling.visit.as_ref().map(|visit| visit.told(track, zone, settings))
    };
    rims.chain(bands).filter_map(open).collect()
}
