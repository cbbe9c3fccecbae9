//! What aircraft say of themselves. A report is evidence that something is there; who it is stays a claim.
//!
//! Anyone can send one. So a report moves and explains a track, but does not make it exist: where sensors
//! that scan should have seen an aircraft and did not, repeated reports do not keep it alive; and a name
//! that is in two places at once is disputed for all who use it.

use crate::sensor::{Measurement, What};
use crate::track::{Claimed, Track};
use crate::tracker::Tracker;
use alloc::collections::BTreeMap;
use truce::Name;
use truce::time::{SECOND, Time};

/// Reports older than this no longer explain a track.
const STALE: i64 = 20 * SECOND;

/// Speed between two reports of one name beyond which it is in two places at once, m/s, and the distance
/// that errors alone explain, m.
const TWO_PLACES: (f64, f64) = (400.0, 500.0);

/// A report was linked to a track.
pub(crate) fn take(track: &mut Track, name: &Name, time: Time) {
    match &mut track.claimed {
        Some(claimed) if claimed.name == *name => {
            claimed.odds = (claimed.odds + 1.0).min(6.0);
            claimed.last = time;
        }
        Some(claimed) if claimed.odds > 0.0 => claimed.odds -= 1.0,
        other => *other = Some(Claimed { name: name.clone(), odds: 0.0, last: time }),
    }
}

/// Probability that a track is an aircraft that reports itself.
pub(crate) fn probability(track: &Track, at: Time) -> f64 {
    match &track.claimed {
        Some(claimed) if at.0 - claimed.last.0 <= STALE => 1.0 / (1.0 + libm::exp(-claimed.odds)),
        _ => 0.0,
    }
}

/// Where each name was last claimed, and whether it was ever in two places at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(BTreeMap<Name, (Time, [f64; 2], bool)>);

impl Names {
    pub(crate) fn hear(&mut self, name: &Name, time: Time, at: [f64; 2]) {
        let entry = self.0.entry(name.clone()).or_insert((time, at, false));
        let dt = ((time.0 - entry.0.0) as f64 / 1e6).max(0.0);
        let d = libm::hypot(at[0] - entry.1[0], at[1] - entry.1[1]);
        if d > TWO_PLACES.1 + TWO_PLACES.0 * dt {
            entry.2 = true;
        }
        (entry.0, entry.1) = (time, at);
    }

    pub(crate) fn disputed(&self, name: &Name) -> bool {
        self.0.get(name).is_some_and(|(_, _, disputed)| *disputed)
    }
}

impl Tracker {
    pub(crate) fn hear_names(&mut self, what: &[Measurement]) {
        for m in what {
            if let What::Report { claims, at, .. } = &m.what {
                self.names.hear(claims, m.time, *at);
            }
        }
    }

    /// Does any sensor that scans see this place, having scanned in the last ten seconds?
    pub(crate) fn watched(&self, at: [f64; 2], now: Time) -> bool {
        self.sensors.iter().zip(&self.scanned_last).any(|(s, last)| {
            let lately = s.turn().map_or(0, |turn| 2 * turn).max(10 * SECOND);
            s.scans && last.is_some_and(|t| now.0 - t.0 <= lately) && s.sees(at)
        })
    }
}
