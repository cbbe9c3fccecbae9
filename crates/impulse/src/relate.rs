//! How events bear on each other: an echo of one, the two ends of one round. Evidence, never a finding.

use crate::event::{Audience, Event, Fine, Fire, Sorts};
use crate::picks::Bearing;
use crate::setting::{CENTIBANS, Setting};
use crate::shock::Shock;
use alloc::vec::Vec;

/// A direction from which a node heard a bang. Places in km.
pub(crate) struct Ray {
    pub from: [f64; 2],
    pub bearing: Bearing,
}

fn fine(event: &Event) -> Option<&Fine> {
    event.fine.open(Audience::Record).ok()
}

struct Step {
    t: f64,
    x: f64,
    y: f64,
    /// Variances: of time in place units (km^2) and of place along the way (km^2).
    spread: f64,
}

fn between(a: &Fine, b: &Fine, speed: f64) -> Step {
    let (x, y) = ((b.x_mm - a.x_mm) as f64 * 1e-6, (b.y_mm - a.y_mm) as f64 * 1e-6);
    let place = |f: &Fine| (f.covariance[1][1] + f.covariance[2][2]) as f64 * 0.5e-12;
    let time = |f: &Fine| f.covariance[0][0] as f64 * 1e-12 * speed * speed;
    Step { t: (b.time_us - a.time_us) as f64 * 1e-6, x, y, spread: place(a) + place(b) + time(a) + time(b) }
}

/// Place of a bang, km, and its covariance, with what the nodes' own directions add. Only for the direction of
/// fire: near the nodes arrival times place a bang better than any direction, and outside the network it is the
/// other way round.
fn sharpened(place: &Fine, rays: &[Ray]) -> ([f64; 2], [f64; 3]) {
    let mut at = [place.x_mm as f64 * 1e-6, place.y_mm as f64 * 1e-6];
    let c = |i: usize, k: usize| place.covariance[i][k] as f64 * 1e-12;
    let mut p = [c(1, 1), c(1, 2), c(2, 2)];
    for Ray { from, bearing } in rays {
        let (dx, dy) = (at[0] - from[0], at[1] - from[1]);
        let square = dx * dx + dy * dy;
        if square < 0.04 {
            continue; // So near, the direction to the middle of the ellipse means nothing.
        }
        // Angles run from east, counter-clockwise.
        let slope = [-dy / square, dx / square];
        let off = bearing.angle - libm::atan2(dy, dx);
        let off = libm::atan2(libm::sin(off), libm::cos(off));
        let pull = [p[0] * slope[0] + p[1] * slope[1], p[1] * slope[0] + p[2] * slope[1]];
        let spread = slope[0] * pull[0] + slope[1] * pull[1] + bearing.sigma * bearing.sigma;
        // A direction that does not fit is of an echo, or the array was turned.
        if off * off > 9.0 * spread {
            continue;
        }
        let gain = [pull[0] / spread, pull[1] / spread];
        at = [at[0] + gain[0] * off, at[1] + gain[1] * off];
        p = [p[0] - gain[0] * pull[0], p[1] - gain[0] * pull[1], p[2] - gain[1] * pull[1]];
    }
    (at, p)
}

/// Marks echoes and pairs muzzle with impact among the events of one slice, in order of time. `rays` are the
/// directions from which each event's members heard it; `density` the events per second and square kilometre; `shock`
/// says what was heard of the bow shock of a round from one place to another. Returns the bow shocks of the rounds
/// that are told: the id of the muzzle, and the picks.
pub(crate) fn relate(
    events: &mut [Event],
    rays: &[Vec<Ray>],
    setting: &Setting,
    density: f64,
    shock: impl Fn(&Fine, &Fine) -> Option<Shock>,
) -> Vec<(u64, Vec<u32>)> {
    let speed = setting.units().speed;
    let [slowest, fastest] = setting.round_mm_s.map(|mm_s| mm_s as f64 * 1e-6);
    let (range_mm, range) = (setting.round_range_mm, setting.round_range_mm as f64 * 1e-6);
    let echo = setting.echo_us as f64 * 1e-6;
    let enough = setting.related_centibans as f64 / CENTIBANS;
    let mut echoes: Vec<(usize, (u64, i64))> = Vec::new();
    let mut fires: Vec<(usize, usize, f64, Option<Shock>)> = Vec::new();
    for b in 0..events.len() {
        let mut best: Option<(f64, u64)> = None;
        for a in 0..events.len() {
            let (Some(p), Some(q)) = (fine(&events[a]), fine(&events[b])) else { continue };
            if (p.x_mm - q.x_mm).abs() > range_mm || (p.y_mm - q.y_mm).abs() > range_mm {
                continue;
            }
            let step = between(p, q, speed);
            if a == b || step.t < 0.0 {
                continue;
            }
            let d = libm::hypot(step.x, step.y);
            // A reflector rings when the sound of the bang gets there, and sounds weaker.
            if step.t < echo && d > 0.05 && events[b].heard * 2 < events[a].heard {
                let off = d - step.t * speed;
                let spread = step.spread + 1e-4 * d * d;
                let chance =
                    libm::exp(-0.5 * off * off / spread) / libm::sqrt(core::f64::consts::TAU * spread);
                // Against another bang at such a distance by chance; one bang in twenty has such an echo.
                let stray = density * core::f64::consts::TAU * d * echo;
                let evidence = libm::log(0.05 * chance / (stray + 1e-12) + 1e-12);
                if evidence > best.map_or(enough, |b| b.0) {
                    best = Some((evidence, events[a].id));
                }
            }
            let flight = d / step.t.max(0.01);
            if d < range && d > 0.3 && (slowest..fastest).contains(&flight) {
                let sort = |s: Sorts, out: bool| {
                    let (yes, no) = if out { (s.outgoing, s.impact) } else { (s.impact, s.outgoing) };
                    libm::log((f64::from(yes) + 1.0) / (f64::from(no) + 1.0))
                };
                let evidence = sort(events[a].sorts, true).min(4.0) + sort(events[b].sorts, false).min(4.0);
                // Against the other impacts that might as well be its own.
                let ring = core::f64::consts::PI * range * range;
                let rivals = density * ring * (range / slowest - range / fastest) / 4.0;
                let evidence = evidence - libm::log(1.0 + rivals) - 2.0;
                if evidence > enough {
                    // A round slower than sound has none: silence proves nothing.
                    let shock = shock(p, q);
                    let evidence = evidence + shock.as_ref().map_or(0.0, |shock| shock.evidence);
                    fires.push((a, b, evidence, shock));
                }
            }
        }
        if let Some((evidence, of)) = best {
            echoes.push((b, (of, libm::round(evidence * CENTIBANS) as i64)));
        }
    }
    for (b, echo) in echoes {
        events[b].echo_of = Some(echo);
    }
    // Where several pairs are possible none is told: a wrong direction is worse than none. Unless the bow shock of one
    // was heard, and it is as likely against all that share an end with it as the setting asks.
    let established = f64::from(setting.established_permille as u32) * 1e-3;
    let mut shocks = Vec::new();
    for (a, b, evidence, shock) in &fires {
        let (a, b, evidence) = (*a, *b, *evidence);
        let rivals = fires.iter().filter(|(p, q, ..)| *p == a || *q == b);
        let against: f64 = rivals.map(|(_, _, other, _)| libm::exp((other - evidence).min(50.0))).sum();
        let alone = fires.iter().filter(|(p, q, ..)| *p == a || *q == b).count() == 1;
        let (Some(p), Some(q)) = (fine(&events[a]), fine(&events[b])) else { continue };
        if !alone && (shock.is_none() || 1.0 / against < established) {
            continue;
        }
        if let Some(shock) = shock {
            shocks.push((events[a].id, shock.picks.clone()));
        }
        let none = Vec::new();
        let (from, spread) = sharpened(p, rays.get(a).unwrap_or(&none));
        let (to, more) = sharpened(q, rays.get(b).unwrap_or(&none));
        let (x, y) = (to[0] - from[0], to[1] - from[1]);
        let d = libm::hypot(x, y).max(1e-3);
        let azimuth = libm::atan2(x, y) * (18_000.0 / core::f64::consts::PI);
        // What turns the direction is the error across it, of either end.
        let across = [-y / d, x / d];
        let form = |p: [f64; 3]| {
            across[0] * across[0] * p[0] + 2.0 * across[0] * across[1] * p[1] + across[1] * across[1] * p[2]
        };
        let sigma = libm::sqrt((form(spread) + form(more)).max(0.0)) / d * (18_000.0 / core::f64::consts::PI);
        let fire = |other: u64| Fire {
            other,
            azimuth: (libm::round(azimuth) as i32).rem_euclid(36_000),
            sigma: libm::ceil(sigma) as i32,
            evidence: libm::round(evidence * CENTIBANS) as i64,
        };
        let (ia, ib) = (events[a].id, events[b].id);
        events[a].fine.set_fire(fire(ib));
        events[b].fine.set_fire(fire(ia));
    }
    shocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn place(x_mm: i64, y_mm: i64, covariance: [[i64; 3]; 3]) -> Fine {
        Fine {
            time_us: 0,
            x_mm,
            y_mm,
            covariance,
            medium_ppm: [0; 3],
            members: vec![],
            rivals: vec![],
            fire: None,
        }
    }

    /// A gun 6 km north of the last nodes, known along its direction to 1 km only: two nodes that hear it from
    /// 2 degrees bring the direction in; one that points elsewhere changes nothing.
    #[test]
    fn directions_sharpen_what_lies_outside_the_network() {
        let wide = [[0, 0, 0], [0, 1_000_000_000_000, 0], [0, 0, 1_000_000_000_000]];
        let gun = place(600_000, 6_000_000, wide); // truly at (0, 6): 600 m off to the east
        let ray = |x: f64, degrees: f64| Ray {
            from: [x, 0.0],
            bearing: Bearing::new(degrees.to_radians(), 2.0_f64.to_radians()),
        };
        let exact = |x: f64| libm::atan2(6.0, -x).to_degrees();
        let rays = [ray(-1.0, exact(-1.0)), ray(1.0, exact(1.0)), ray(0.0, 200.0)];
        let (at, p) = sharpened(&gun, &rays);
        assert!(libm::fabs(at[0]) < 0.05 && libm::sqrt(p[0]) < 0.16, "{at:?} {p:?}");
        let (same, _) = sharpened(&gun, &rays[2..]);
        assert_eq!(same, [0.6, 6.0]);
    }
}
