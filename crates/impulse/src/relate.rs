//! How events bear on each other: an echo of one, the two ends of one round. Evidence, never a finding.

use crate::event::{Audience, Event, Fine, Fire, Sorts};
use crate::setting::CENTIBANS;
use alloc::vec::Vec;

/// An echo comes from within this time of sound travel, s.
const ECHO_S: f64 = 12.0;
/// Mean speeds of a round over its flight, km/s.
const SLOWEST: f64 = 0.12;
/// See [`SLOWEST`].
const FASTEST: f64 = 0.8;
/// Rounds are looked for within this range, km.
const RANGE_KM: f64 = 40.0;
/// See [`RANGE_KM`].
const RANGE_MM: i64 = 40_000_000;
/// Evidence from which two events are told to be ends of one round, natural logarithm.
const ENOUGH: f64 = 1.0;

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

/// Marks echoes and pairs muzzle with impact among the events of one slice, in order of time. `speed` is
/// that of sound, km/s; `density` the events per second and square kilometre.
pub(crate) fn relate(events: &mut [Event], speed: f64, density: f64) {
    let mut echoes: Vec<(usize, (u64, i64))> = Vec::new();
    let mut fires: Vec<(usize, usize, f64)> = Vec::new();
    for b in 0..events.len() {
        let mut best: Option<(f64, u64)> = None;
        for a in 0..events.len() {
            let (Some(p), Some(q)) = (fine(&events[a]), fine(&events[b])) else { continue };
            if (p.x_mm - q.x_mm).abs() > RANGE_MM || (p.y_mm - q.y_mm).abs() > RANGE_MM {
                continue;
            }
            let step = between(p, q, speed);
            if a == b || step.t < 0.0 {
                continue;
            }
            let d = libm::hypot(step.x, step.y);
            // A reflector rings when the sound of the bang gets there, and sounds weaker.
            if step.t < ECHO_S && d > 0.05 && events[b].heard * 2 < events[a].heard {
                let off = d - step.t * speed;
                let spread = step.spread + 1e-4 * d * d;
                let chance =
                    libm::exp(-0.5 * off * off / spread) / libm::sqrt(core::f64::consts::TAU * spread);
                // Against another bang at such a distance by chance; one bang in twenty has such an echo.
                let stray = density * core::f64::consts::TAU * d * ECHO_S;
                let evidence = libm::log(0.05 * chance / (stray + 1e-12) + 1e-12);
                if evidence > best.map_or(ENOUGH, |b| b.0) {
                    best = Some((evidence, events[a].id));
                }
            }
            let flight = d / step.t.max(0.01);
            if d < RANGE_KM && d > 0.3 && (SLOWEST..FASTEST).contains(&flight) {
                let sort = |s: Sorts, out: bool| {
                    let (yes, no) = if out { (s.outgoing, s.impact) } else { (s.impact, s.outgoing) };
                    libm::log((f64::from(yes) + 1.0) / (f64::from(no) + 1.0))
                };
                let evidence = sort(events[a].sorts, true).min(4.0) + sort(events[b].sorts, false).min(4.0);
                // Against the other impacts that might as well be its own.
                let ring = core::f64::consts::PI * RANGE_KM * RANGE_KM;
                let rivals = density * ring * (RANGE_KM / SLOWEST - RANGE_KM / FASTEST) / 4.0;
                let evidence = evidence - libm::log(1.0 + rivals) - 2.0;
                if evidence > ENOUGH {
                    fires.push((a, b, evidence));
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
    // Where several pairs are possible none is told: a wrong direction is worse than none.
    for &(a, b, evidence) in &fires {
        let alone = fires.iter().filter(|(p, q, _)| *p == a || *q == b).count() == 1;
        let (Some(p), Some(q)) = (fine(&events[a]), fine(&events[b])) else { continue };
        if !alone {
            continue;
        }
        let step = between(p, q, speed);
        let d = libm::hypot(step.x, step.y);
        let azimuth = libm::atan2(step.x, step.y) * (18_000.0 / core::f64::consts::PI);
        let place = |f: &Fine| (f.covariance[1][1] + f.covariance[2][2]) as f64 * 0.5e-12;
        let sigma = libm::sqrt(place(p) + place(q)) / d * (18_000.0 / core::f64::consts::PI);
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
}
