//! Everything that decides how aircraft are tracked.

use crate::assign::AssignLimits;
use crate::crossing::CrossingSettings;
use crate::motion::Flight;
use truce::time::{Micros, SECOND};

/// Everything that decides. Part of the mission file.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// How aircraft move.
    pub flight: Flight,
    /// When a crossing is reported.
    pub crossing: CrossingSettings,
    /// Which method of association when.
    pub assign: AssignLimits,
    /// How long measurements wait for others that are late, microseconds.
    pub lag: Micros,
    /// How far ahead of the watermark a measurement may be, microseconds.
    pub ahead: Micros,
    /// Gate: squared distance in sigmas.
    pub gate: f64,
    /// Mean time for which an aircraft stays, s.
    pub life: f64,
    /// New aircraft for each false detection, before anything is known.
    pub birth: f64,
    /// A track shows when it exists with this probability.
    pub show: f64,
    /// It shows as long as its place is known to within so many times of what was known when it was last measured
    /// (one sigma along the longer axis): out of sight it lives on, but where it is nobody can say any more.
    pub vague: f64,
    /// A track ends when it exists with less than this probability.
    pub drop: f64,
    /// A track that nothing has measured for so long ends, microseconds, even if nobody looked.
    pub forget: Micros,
    /// How much of the past every track remembers for smoothing, microseconds. Tracks near a line remember
    /// what a report on it needs, whatever this says.
    pub remember: Micros,
    /// For how long each track remembers the shares of measurements in it, microseconds.
    pub provenance: Micros,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            flight: Flight::default(),
            crossing: CrossingSettings::default(),
            assign: AssignLimits::default(),
            lag: 0,
            ahead: 60 * SECOND,
            gate: 25.0,
            life: 200.0,
            birth: 0.0075,
            show: 0.5,
            vague: 8.0,
            drop: 0.001,
            forget: 180 * SECOND,
            remember: 0,
            provenance: 100 * SECOND,
        }
    }
}

impl Settings {
    /// What a track near a line may have to remember, microseconds.
    pub(crate) fn look_back(&self) -> Micros {
        (self.crossing.longest + self.crossing.wait + 20 * SECOND).max(self.remember)
    }
}
