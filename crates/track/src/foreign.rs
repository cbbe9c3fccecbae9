//! Tracks that other trackers hand in. What they have in common with ours is unknown, so they are fused by
//! covariance intersection (Julier and Uhlmann, "A non-divergent estimation algorithm in the presence of
//! unknown correlations", 1997), and existence by the arithmetic mean.
//!
//! A foreign track that was made from a sensor that also reports to us is not fused: that would count the
//! same detections twice. It is counted, and its number noted beside ours.

use crate::gauss::{AT, Gauss, cholesky, solve};
use crate::sensor::{Foreign, Measurement, What};
use crate::track::Track;
use crate::tracker::Tracker;
use truce::time::Time;

/// Covariance intersection of two states; the weight is the one that makes the determinant of the result
/// least, on a fixed ladder.
pub(crate) fn intersect(a: &Gauss, b: &Gauss) -> Option<Gauss> {
    let (ia, ib) = (inverse(a)?, inverse(b)?);
    let mut best: Option<(f64, Gauss)> = None;
    for n in 0..=20 {
        let w = f64::from(n) / 20.0;
        let mut information = Gauss::ZERO;
        for (p, (x, y)) in information.p.iter_mut().zip(ia.iter().zip(&ib)) {
            *p = w * x + (1.0 - w) * y;
        }
        let l = cholesky(&information.p);
        let det: f64 = (0..4).map(|i| l[i][i]).product();
        if best.as_ref().is_some_and(|(known, _)| *known >= det) {
            continue;
        }
        let (ga, gb) = (Gauss { x: a.x, p: ia }, Gauss { x: b.x, p: ib });
        let (fa, fb) = (ga.times(a.x), gb.times(b.x));
        let mut mean = [0.0; 4];
        for i in 0..4 {
            mean[i] = w * fa[i] + (1.0 - w) * fb[i];
        }
        let mut out = Gauss { x: solve(&l, mean), p: [0.0; 10] };
        for i in 0..4 {
            let mut unit = [0.0; 4];
            unit[i] = 1.0;
            let column = solve(&l, unit);
            for j in i..4 {
                out.p[AT[i][j]] = column[j];
            }
        }
        best = Some((det, out));
    }
    best.map(|(_, g)| g).filter(Gauss::is_sound)
}

fn inverse(g: &Gauss) -> Option<[f64; 10]> {
    let l = cholesky(&g.p);
    if (0..4).any(|i| l[i][i] <= 0.0) {
        return None;
    }
    let mut out = [0.0; 10];
    for i in 0..4 {
        let mut unit = [0.0; 4];
        unit[i] = 1.0;
        let column = solve(&l, unit);
        for j in i..4 {
            out[AT[i][j]] = column[j];
        }
    }
    Some(out)
}

impl Tracker {
    pub(crate) fn take_foreign(&mut self, what: &[&Measurement]) {
        for m in what {
            let What::Track(foreign) = &m.what else { continue };
            self.take_one(m.time, m, foreign);
        }
    }

    fn take_one(&mut self, now: Time, m: &Measurement, foreign: &Foreign) {
        let theirs = Gauss { x: foreign.state, p: foreign.covariance };
        let double = foreign.made_from.iter().any(|name| self.sensors.iter().any(|s| s.name == *name));
        // Ours that is nearest, if it lies in the gate in place and velocity.
        let mut nearest: Option<(f64, usize)> = None;
        for (i, track) in self.tracks.iter().enumerate() {
            let dt = (now.0 - track.time.0) as f64 / 1e6;
            // A track may be ahead by what a frame of another sensor spans.
            if !(-1.0..=30.0).contains(&dt) {
                continue;
            }
            let mut sum = 0.0;
            for (axis, at) in [(0, 0), (1, 4), (2, 7), (3, 9)] {
                let v = if axis < 2 { dt * track.merged.x[axis + 2] } else { 0.0 };
                let d = track.merged.x[axis] + v - theirs.x[axis];
                let grown =
                    track.merged.p[at] + if axis < 2 { dt * dt * track.merged.p[[7, 9][axis]] } else { 0.0 };
                sum += d * d / (grown + theirs.p[at]);
            }
            if sum < 18.5 && nearest.is_none_or(|(known, _)| sum < known) {
                nearest = Some((sum, i));
            }
        }
        match nearest {
            Some((_, i)) => {
                let settings = self.settings;
                let track = &mut self.tracks[i];
                crate::frame::note(track, m.sensor, now, m.id, 1.0, settings.provenance);
                if double {
                    self.doubled += 1;
                    return;
                }
                let dt = (now.0 - track.time.0) as f64 / 1e6;
                track.move_to(now, &settings.flight.step(dt.max(1e-6)), dt, settings.life);
                let theirs = theirs.on((-dt).max(0.0));
                for g in &mut track.imm.g {
                    if let Some(fused) = intersect(g, &theirs) {
                        *g = fused;
                    }
                }
                track.merged = track.imm.merged();
                track.existence = track.existence.max(0.5 * (track.existence + foreign.existence));
            }
            None if !double => {
                let mut track = Track::new(self.next, now, theirs, 0.5 * foreign.existence);
                self.next += 1;
                crate::frame::note(&mut track, m.sensor, now, m.id, 1.0, self.settings.provenance);
                self.welcome(track, None);
            }
            None => self.doubled += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gauss::Sym2;

    /// Fusing a state with itself, again and again, must teach nothing.
    #[test]
    fn the_same_twice_is_no_more_than_once() {
        let g = Gauss { x: [1.0, 2.0, 3.0, 4.0], p: [90.0, 5.0, 12.0, -3.0, 80.0, 2.0, 11.0, 9.0, 1.0, 8.0] };
        let mut fused = g;
        for _ in 0..50 {
            fused = intersect(&fused, &g).unwrap();
        }
        for (a, b) in fused.p.iter().zip(&g.p) {
            assert!((a - b).abs() < 1e-6, "{fused:?}");
        }
    }

    /// Two that know different axes: the result knows both, and claims no more than either on its own axis.
    #[test]
    fn what_each_knows_is_kept() {
        let mut a = Gauss::at([0.0, 10.0], Sym2 { xx: 100.0, xy: 0.0, yy: 10_000.0 }, 5.0);
        let b = Gauss::at([5.0, 0.0], Sym2 { xx: 10_000.0, xy: 0.0, yy: 100.0 }, 5.0);
        a.x[2] = 1.0;
        let fused = intersect(&a, &b).unwrap();
        assert!(fused.p[0] >= 100.0 && fused.p[0] < 400.0 && fused.p[4] >= 100.0 && fused.p[4] < 400.0);
    }
}
