//! How long a scan takes, from the rows themselves, where the sensor's file does not say.

use track::What;
use truce::time::{Micros, SECOND, Time};

/// Plots that are looked at.
pub(super) const ENOUGH: usize = 4_000;

/// A scan that cannot be told takes so long.
const OTHERWISE: Micros = SECOND;

/// Scans longer than this are not looked for, s.
const LONGEST: f64 = 15.0;

/// Speed that an aircraft may have made between two of its plots, m/s.
const SPEED: f64 = 60.0;

/// A sensor whose plots all have whole seconds, and several seconds between: how many microseconds lie between two
/// scans, if there were five or more and all are so far apart or multiples of it.
pub(super) fn whole(plots: &[(Time, What)]) -> Option<Micros> {
    let mut times: Vec<i64> = plots.iter().map(|(time, _)| time.0).collect();
    times.dedup();
    let common = times.windows(2).fold(0, |common, pair| divisor(common, pair[1] - pair[0]));
    (times.len() >= 5 && common > SECOND).then_some(common)
}

fn divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// How long a scan takes: where plots share their times, the middle gap between two times; where each has its own,
/// how long after a plot another comes near it most often. `sigma` is the error of a position, m.
pub(super) fn turn(plots: &[(Time, What)], from: [f64; 2], sigma: f64) -> Micros {
    let mut times: Vec<i64> = plots.iter().map(|(time, _)| time.0).collect();
    times.dedup();
    if times.len() >= 3 && plots.len() * 2 >= times.len() * 3 {
        let mut gaps: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        gaps.sort_unstable();
        return gaps[gaps.len() / 2].max(SECOND / 100);
    }
    let places: Vec<(f64, [f64; 2])> =
        plots.iter().filter_map(|(time, what)| Some((time.0 as f64 / 1e6, place(what, from)?))).collect();
    let mut gaps: Vec<f64> = Vec::new();
    for (n, (then, at)) in places.iter().enumerate() {
        let near =
            places[n + 1..].iter().take_while(|(time, _)| time - then <= LONGEST).find(|(time, to)| {
                let reach = 4.0 * sigma + SPEED * (time - then);
                time > then && (to[0] - at[0]).hypot(to[1] - at[1]) <= reach
            });
        gaps.extend(near.map(|(time, _)| time - then));
    }
    gaps.sort_unstable_by(f64::total_cmp);
    let within = |low: f64, high: f64| {
        &gaps[gaps.partition_point(|gap| *gap < low)..gaps.partition_point(|gap| *gap <= high)]
    };
    let best = gaps.iter().max_by_key(|gap| within(0.9 * **gap, 1.1 * **gap).len());
    match best.filter(|_| gaps.len() >= 10) {
        None => OTHERWISE,
        Some(gap) => {
            let about = within(0.6 * gap, 1.4 * gap);
            ((about[about.len() / 2] * SECOND as f64).round() as Micros).max(SECOND / 100)
        }
    }
}

fn place(what: &What, from: [f64; 2]) -> Option<[f64; 2]> {
    match what {
        What::Position { at, .. } => Some(*at),
        What::Polar { range, azimuth, .. } => {
            Some([from[0] + range.0 * azimuth.0.sin(), from[1] + range.0 * azimuth.0.cos()])
        }
        What::Bearing { .. } | What::Report { .. } | What::Track(_) => None,
    }
}
