//! The bow shock of a round that flies faster than sound: what nodes beside its path hear before the muzzle.
//!
//! On each side of the path it is nearly a plane wave, so no place of a bang fits it; but where the ends of a round
//! are known, it tells which muzzle and which impact belong together. The flight is taken for straight and level, slowed
//! by drag as the square of its speed (McCoy, "Modern Exterior Ballistics", flat-fire trajectory): v = v0 exp(-k s).
//! Of a high arc the shock comes from above and later; then nothing fits, and nothing is said.

use crate::fit::{LogProduct, ROOT_TWO_PI, Scene};
use alloc::vec::Vec;

/// A round as two bangs would have it: places in km, times in seconds from the origin of the window.
pub(crate) struct Flight {
    pub from: [f64; 2],
    pub to: [f64; 2],
    pub fired: f64,
    pub fell: f64,
}

/// What was heard of it.
pub(crate) struct Shock {
    /// Logarithm of the likelihood ratio: this round's shock, against none.
    pub evidence: f64,
    pub picks: Vec<u32>,
}

/// Speeds at the muzzle that are tried, from that of sound upwards in these steps, km/s.
const SPEEDS: u32 = 24;
/// See [`SPEEDS`].
const STEP: f64 = 0.025;
/// A shock is short and weak: it is taken to be reported half as often as a bang.
const AUDIBLE: f64 = 0.5;
/// Nodes that must have heard it.
const LEAST: usize = 5;
/// What lies between two of the speeds tried, s, one sigma.
const BETWEEN: f64 = 0.02;

/// The drag per km with which a round of this muzzle speed takes so long; `None` where it is too slow for that.
fn drag(range: f64, time: f64, speed: f64) -> Option<f64> {
    let takes = |k: f64| libm::expm1(k * range) / (k * speed);
    let (mut low, mut high) = (1e-6, 6.0 / range);
    if takes(low) > time || takes(high) < time {
        return None;
    }
    for _ in 0..40 {
        let k = 0.5 * (low + high);
        if takes(k) < time { low = k } else { high = k }
    }
    Some(low)
}

/// When a node at `along` and `across` the path hears the shock, s after firing, and how far it came, km: from where
/// on the path sound of the round arrives first.
fn arrival(along: f64, across: f64, range: f64, speed: f64, k: f64, sound: f64) -> Option<(f64, f64)> {
    let way = |s: f64| libm::hypot(along - s, across).max(1e-3);
    let later = |s: f64| libm::exp(k * s) / speed - (along - s) / (sound * way(s));
    let (mut low, mut high) = (0.0, range.min(libm::log(speed / sound) / k));
    if later(low) >= 0.0 || later(high) <= 0.0 {
        return None;
    }
    for _ in 0..24 {
        let s = 0.5 * (low + high);
        if later(s) < 0.0 { low = s } else { high = s }
    }
    Some((libm::expm1(k * low) / (k * speed) + way(low) / sound, way(low)))
}

/// What detections that `free` allows say of the shock of a round, if they speak for one. `reach` is how far it is
/// heard, km.
pub(crate) fn heard(
    scene: &Scene<'_>,
    flight: &Flight,
    reach: f64,
    free: impl Fn(usize) -> bool,
) -> Option<Shock> {
    let sound = scene.units.speed;
    let (x, y) = (flight.to[0] - flight.from[0], flight.to[1] - flight.from[1]);
    let range = libm::hypot(x, y);
    let (ux, uy) = (x / range, y / range);
    let mut nodes: Vec<(usize, f64, f64)> = Vec::new();
    let middle = [0.5 * (flight.from[0] + flight.to[0]), 0.5 * (flight.from[1] + flight.to[1])];
    scene.network.within(middle[0], middle[1], 0.5 * range + reach, |node, dx, dy, _| {
        let across = libm::fabs(dy * ux - dx * uy);
        if across < reach {
            nodes.push((node, dx * ux + dy * uy + 0.5 * range, across));
        }
    });
    let mut best: Option<Shock> = None;
    for step in 1..=SPEEDS {
        let speed = sound + STEP * f64::from(step);
        let Some(k) = drag(range, flight.fell - flight.fired, speed) else { continue };
        let mut likelihood = LogProduct::new();
        let mut picks = Vec::new();
        for &(node, along, across) in &nodes {
            let Some((after, way)) = arrival(along, across, range, speed, k, sound) else { continue };
            if way > reach {
                continue;
            }
            let expected = flight.fired + after;
            let own = scene.path * way / sound;
            let variance = scene.units.timing * scene.units.timing + own * own + BETWEEN * BETWEEN;
            let sigma = libm::sqrt(variance);
            let hit = AUDIBLE * scene.hit[node];
            let (mut total, mut most) = (1.0 - hit, (0.0, 0));
            let (at, end) = scene.picks.from(node, expected - 4.0 * sigma);
            for pick in (at..end).take_while(|&pick| scene.picks.time[pick] <= expected + 4.0 * sigma) {
                let off = scene.picks.time[pick] - expected;
                let variance = variance + scene.picks.clock[pick];
                if free(pick) {
                    let share = hit / (scene.rate[node] * ROOT_TWO_PI * libm::sqrt(variance))
                        * libm::exp(-0.5 * off * off / variance);
                    total += share;
                    if share > most.0 {
                        most = (share, pick as u32);
                    }
                }
            }
            likelihood.times(total);
            if most.0 > 0.5 * total {
                picks.push(most.1);
            }
        }
        // One of so many speeds fits best by chance.
        let evidence = likelihood.log() - libm::log(f64::from(SPEEDS));
        if picks.len() >= LEAST && evidence > best.as_ref().map_or(0.0, |best| best.evidence) {
            best = Some(Shock { evidence, picks });
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without drag the shock is a cone: it arrives at `along / v + across sqrt(1/c^2 - 1/v^2)`.
    #[test]
    fn without_drag_the_shock_is_a_cone() {
        let (v, c) = (0.68, 0.34);
        let (along, across) = (4.0, 1.0);
        let (t, way) = arrival(along, across, 10.0, v, 1e-7, c).expect("inside the cone");
        let cone = along / v + across * libm::sqrt(1.0 / (c * c) - 1.0 / (v * v));
        assert!(libm::fabs(t - cone) < 1e-5, "{t} {cone}");
        // The ray leaves at 60 degrees from the path: cos = c / v.
        assert!(libm::fabs(way - across / libm::sqrt(0.75)) < 1e-3, "{way}");
        // Behind the gun and far to its side there is no shock; nor from a round slower than sound.
        assert!(arrival(0.2, 1.0, 10.0, v, 1e-7, c).is_none());
        assert!(arrival(-1.0, 0.5, 10.0, v, 1e-7, c).is_none());
        // It is there before the muzzle blast.
        assert!(t < libm::hypot(along, across) / c);
    }

    #[test]
    fn the_drag_is_that_of_the_time_of_flight() {
        let k = drag(8.0, 18.0, 0.7).expect("fast enough");
        assert!(libm::fabs(libm::expm1(k * 8.0) / (k * 0.7) - 18.0) < 1e-6);
        assert!(drag(8.0, 10.0, 0.7).is_none());
    }
}
