//! Sensors that turn: every plot of a scan has the moment at which the beam passed.
//!
//! Nothing here asks to which scan a plot belongs: a scan has no border that an aircraft could not lie on. Instead
//! each track knows when the sensor should look at it next: one turn after it did last. A frame covers a stretch
//! of time, the stretches follow each other without a gap, and the chance that a sensor finds an aircraft in a
//! frame is its chance in one look, times the share of that look which falls into the stretch. So plots before or
//! after their time are no misses, a look is missed once at most, and a plot that comes at once after another is
//! that of somebody else. Where all plots of a turn have one time, this is what it always was: one frame a scan.

use crate::sensor::Sensor;
use alloc::vec::Vec;
use truce::time::{Micros, Time};

/// A turn may not be shorter, microseconds.
pub(crate) const SHORTEST_TURN: Micros = 10_000;

/// Plots of one sensor within this much time are weighed together, microseconds.
const TOGETHER: Micros = 500_000;

/// How much time the plots of one frame may span: half a turn, so that nobody is in it twice, and no more than
/// aircraft fly straight on.
pub(crate) fn together(turn: Micros) -> Micros {
    (turn / 2).min(TOGETHER)
}

impl Sensor {
    /// How much time its frames span; `None` where each moment is a frame of its own.
    pub(crate) fn spans(&self) -> Option<Micros> {
        self.turn().map(together)
    }

    /// How long a turn takes, if it turns.
    pub(crate) fn turn(&self) -> Option<Micros> {
        self.turns.filter(|_| self.scans).map(|turn| turn.max(SHORTEST_TURN))
    }
}

/// What is known of the rhythm of a sensor that turns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rhythm {
    /// Up to here its frames have covered the time.
    covered: Option<Time>,
    /// Mean distance of plots from the moment at which they were due, as a share of a turn.
    stray: f64,
    /// Plots behind that mean, fading.
    plots: f64,
}

/// Plots over which the rhythm is averaged.
const MEMORY: f64 = 500.0;

/// Of the least rhythm, half a turn to each side may be off.
const FIRST_STRAY: f64 = 1.0 / 6.0;

impl Rhythm {
    pub(crate) fn new() -> Self {
        Self { covered: None, stray: FIRST_STRAY, plots: 20.0 }
    }

    /// The stretch that a frame from `first` on covers.
    pub(crate) fn cover(&mut self, first: Time, turn: Micros) -> Sweep {
        let span = together(turn);
        let to = Time(first.0 + span);
        // A sensor of which nothing came for more than a turn did not look.
        let from = match self.covered {
            Some(covered) if first.0 - covered.0 <= turn => covered,
            _ => Time(first.0 - span),
        };
        self.covered = Some(to);
        // Of a triangle, the mean distance from the middle is a third of its half.
        let half = (3.0 * self.stray).clamp(0.05, 0.5) * turn as f64;
        Sweep { from, to, turn, half }
    }

    /// A plot came so far from its time.
    pub(crate) fn learn(&mut self, off: Micros, turn: Micros) {
        self.plots = (self.plots + 1.0).min(MEMORY);
        self.stray += (off.unsigned_abs() as f64 / turn as f64 - self.stray) / self.plots;
    }
}

/// The stretch of time that a frame covers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sweep {
    from: Time,
    pub(crate) to: Time,
    pub(crate) turn: Micros,
    /// How far from its time a plot may come, microseconds: a triangle about it.
    half: f64,
}

/// When a sensor that turns looks at a track.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Due {
    pub(crate) sensor: usize,
    /// The moment of the next look.
    pub(crate) at: Time,
    /// Probability that this look has found it already.
    found: f64,
    /// Did the look before find it?
    served: bool,
    /// How far from its time it was found in the frame at hand.
    pub(crate) off: Option<Micros>,
}

impl Due {
    /// After a plot at `time`.
    pub(crate) fn after(sensor: usize, time: Time, turn: Micros) -> Self {
        Self { sensor, at: Time(time.0 + turn), found: 0.0, served: true, off: None }
    }

    /// Is a plot at `time` too near after the last one to be of the same aircraft?
    pub(crate) fn too_soon(&self, time: Time, turn: Micros) -> bool {
        self.served && time.0 < self.at.0 - turn / 2
    }
}

impl Sweep {
    /// Share of a whole turn that it covers.
    pub(crate) fn share(&self) -> f64 {
        ((self.to.0 - self.from.0) as f64 / self.turn as f64).min(1.0)
    }

    /// Share of a look due at `at` that is over at `time`.
    fn over(&self, at: Time, time: Time) -> f64 {
        let x = (time.0 - at.0) as f64 / self.half;
        if x <= -1.0 {
            0.0
        } else if x >= 1.0 {
            1.0
        } else if x < 0.0 {
            (1.0 + x) * (1.0 + x) / 2.0
        } else {
            1.0 - (1.0 - x) * (1.0 - x) / 2.0
        }
    }

    /// The first look that is not over when the stretch begins, and no earlier than `at`: who did not look for a
    /// while missed nothing.
    fn open(&self, at: Time) -> Time {
        let late = self.from.0 as f64 - at.0 as f64 - self.half;
        if late < 0.0 {
            return at;
        }
        let turns = (late / self.turn as f64) as i64 + 1;
        Time(at.0.saturating_add(turns.saturating_mul(self.turn)))
    }

    /// Probability that a sensor which finds an aircraft in a look with `detection` finds it in this stretch.
    pub(crate) fn detection(&self, due: Option<&Due>, detection: f64) -> f64 {
        let Some(due) = due else { return detection * self.share() };
        let mut at = self.open(due.at);
        let found = if at == due.at { due.found } else { 0.0 };
        let once = |at: Time| {
            let before = self.over(at, self.from);
            detection * (self.over(at, self.to) - before) / (1.0 - detection * before).max(1e-9)
        };
        let first = once(at) * (1.0 - found);
        let mut none = 1.0 - first;
        // Rarely the next look begins in the same stretch.
        let mut several = false;
        while self.over(at, self.to) >= 1.0 {
            at = Time(at.0 + self.turn);
            let next = once(at);
            several |= next > 0.0;
            none *= 1.0 - next;
        }
        if several { 1.0 - none } else { first }
    }

    /// Set down what the stretch came to: a plot at `time` with probability `linked`, or none.
    pub(crate) fn settle(&self, dues: &mut Vec<Due>, sensor: usize, linked: f64, time: Time) {
        let known = dues.iter().position(|due| due.sensor == sensor);
        if linked > 0.5 {
            let next = Due::after(sensor, time, self.turn);
            let Some(known) = known else {
                dues.push(next);
                return;
            };
            let due = &mut dues[known];
            let turns = (time.0 - due.at.0 + self.turn / 2).div_euclid(self.turn);
            let at = due.at.0 + turns * self.turn;
            let off = time.0 - at;
            *due = Due { at: Time(at + off / 2 + self.turn), off: Some(off), ..next };
        } else if let Some(known) = known {
            let due = &mut dues[known];
            let at = self.open(due.at);
            if at != due.at {
                *due = Due { at, found: 0.0, served: false, ..*due };
            }
            due.found = (due.found + linked).min(1.0);
            due.off = None;
            while self.over(due.at, self.to) >= 1.0 {
                *due = Due { at: Time(due.at.0 + self.turn), found: 0.0, served: false, ..*due };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use truce::time::SECOND;

    const TURN: Micros = SECOND;

    fn sweeps(firsts: &[f64]) -> Vec<Sweep> {
        let mut rhythm = Rhythm::new();
        firsts.iter().map(|s| rhythm.cover(Time((s * 1e6) as i64), TURN)).collect()
    }

    /// Whole scans at whole seconds: one look a frame, and all of it.
    #[test]
    fn a_scan_with_one_time_is_one_look() {
        let mut dues = Vec::new();
        for (k, sweep) in sweeps(&[0.0, 1.0, 2.0, 5.0, 6.0]).iter().enumerate() {
            assert_eq!(sweep.share(), 1.0);
            assert_eq!(sweep.detection(dues.first(), 0.9), 0.9, "{k}");
            let time = Time(sweep.to.0 - TURN / 2);
            sweep.settle(&mut dues, 0, if k == 1 { 0.0 } else { 1.0 }, time);
        }
    }

    /// However a turn is cut, what is not found in it was looked for once.
    #[test]
    fn a_look_is_missed_once() {
        for start in [0.05, 0.21, 0.37, 0.49] {
            let firsts: Vec<f64> = (0..12).map(|k| start + 0.5 * f64::from(k)).collect();
            let mut dues = alloc::vec![Due::after(0, Time(0), TURN)];
            let mut silent = 1.0;
            for sweep in sweeps(&firsts) {
                silent *= 1.0 - sweep.detection(dues.first(), 0.9);
                sweep.settle(&mut dues, 0, 0.0, Time(0));
            }
            // Up to start + 6 s: five looks are over, and the sixth in part.
            assert!(silent <= 1.01e-5 && silent > 0.99e-7, "{start}: {silent:e}");
        }
    }

    #[test]
    fn plots_before_and_after_their_time_keep_the_rhythm() {
        let (mut dues, mut time) = (alloc::vec![Due::after(0, Time(0), TURN)], 0.0);
        let mut rhythm = Rhythm::new();
        for (k, jitter) in [0.2, -0.2, 0.2, -0.2, 0.1, -0.1, 0.2, -0.2].iter().enumerate() {
            let at = (k + 1) as f64 + jitter;
            while time + 0.5 < at {
                rhythm.cover(Time((time * 1e6) as i64), TURN).settle(&mut dues, 0, 0.0, Time(0));
                time += 0.5;
            }
            let sweep = rhythm.cover(Time((time * 1e6) as i64), TURN);
            time += 0.5;
            assert!(sweep.detection(dues.first(), 0.9) > 0.05, "{k}");
            assert!(!dues[0].too_soon(Time((at * 1e6) as i64), TURN));
            sweep.settle(&mut dues, 0, 1.0, Time((at * 1e6) as i64));
            assert!((dues[0].at.0 as f64 / 1e6 - (k + 2) as f64).abs() < 0.25);
        }
        assert!(dues[0].too_soon(Time(dues[0].at.0 - 700_000), TURN));
    }
}
