//! How tracks begin, and which of two that have become one goes on.

use crate::assign::Row;
use crate::associate::solve_apart;
use crate::frame::{Frame, attach, note};
use crate::gauss::{Gauss, Sym2};
use crate::health::Pair;
use crate::look::Look;
use crate::scan::Due;
use crate::sensor::What;
use crate::track::{Moment, Seed, Track};
use crate::tracker::Tracker;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use truce::time::{SECOND, Time};

/// What is known of one sensor's surroundings: how many aircraft it has not yet found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unfound {
    /// For each square metre; `None` before the first scan.
    density: Option<f64>,
    last: Time,
    /// Share of the field looked at in the first scan so far, and what was found there.
    first: (f64, f64),
}

impl Unfound {
    pub(crate) fn new() -> Self {
        Self { density: None, last: Time(0), first: (0.0, 0.0) }
    }
}

impl Tracker {
    /// Seeds become tracks, and measurements that no track claims become seeds.
    pub(crate) fn begin(&mut self, frame: &Frame<'_>, claimed: &[f64]) {
        let sensor = &self.sensors[frame.sensor];
        let settings = self.settings;
        let now = frame.time;
        let clutter = frame.clutter.max(1e-12);
        // How many aircraft are there that no track follows?
        let unfound = &mut self.unfound[frame.sensor];
        let slow = settings.birth * clutter;
        let detection = sensor.detection;
        // The share of the field that this frame looked at.
        let mut share = frame.sweep.map_or(1.0, |sweep| sweep.share());
        let new = match (unfound.density, sensor.area()) {
            // A sensor that turns has seen its field once when its frames have covered a turn.
            (_, Some(area)) if sensor.scans && unfound.first.0 < 1.0 - 1e-9 => {
                let free: f64 = claimed.iter().map(|c| (1.0 - c).max(0.0)).sum();
                let (part, found) = &mut unfound.first;
                (*part, *found) = (*part + share, *found + free);
                share = 1.0;
                ((*found / (area * *part) - clutter) / detection.max(0.1)).max(slow)
            }
            (None, _) => 1.0_f64.min(3.0 * slow.max(1e-12)),
            (Some(density), _) => {
                let dt = ((now.0 - unfound.last.0) as f64 / 1e6).max(0.0);
                density + slow * dt.min(30.0)
            }
        };
        unfound.last = now;
        unfound.density = Some((new * (1.0 - detection * share)).min(1.0));
        let found = new * detection / (new * detection + clutter);

        // Seeds against what is left.
        let life = settings.life;
        let mut rows: Vec<Row> = Vec::new();
        let mut with: Vec<(usize, f64, Gauss)> = Vec::new();
        for (s, seed) in self.seeds.iter_mut().enumerate() {
            let dt = (now.0 - seed.time.0) as f64 / 1e6;
            let sees = sensor.sees(seed.place);
            if !sees {
                continue;
            }
            // Who does not look at the whole field and finds nothing says nothing against a seed.
            let due = frame.sweep.filter(|_| seed.sensor == frame.sensor);
            let due = due.map(|sweep| (sweep.turn, Due::after(seed.sensor, seed.time, sweep.turn)));
            let looked = match &frame.sweep {
                _ if !sensor.scans => 0.0,
                None => detection,
                Some(sweep) => sweep.detection(due.as_ref().map(|(_, due)| due), detection),
            };
            let g = seed.at(dt.max(0.0), &settings.flight);
            seed.existence *= libm::exp(-dt.min(1.0) / life);
            let silent = (1.0 - seed.existence * looked).max(1e-9);
            let mut links = Vec::new();
            if let Some(grid) = &frame.grid {
                let (_, cov) = g.seen(0.0);
                let r = frame.common.unwrap_or(Sym2::round(1e4)).plus(cov);
                let half = libm::sqrt(settings.gate * r.greatest());
                grid.near(seed.place, [half, half], |j| {
                    let then = frame.moment(j);
                    if then < seed.time || due.as_ref().is_some_and(|(turn, due)| due.too_soon(then, *turn)) {
                        return;
                    }
                    let g = if then == now { g } else { seed.after(then, &settings.flight) };
                    let free = 1.0 - claimed[j];
                    if free > 0.05 && frame.looks[j].distance2(&g) < settings.gate {
                        let density = frame.looks[j].likelihood(&g);
                        let w = seed.existence * detection * density * free
                            / (clutter * (1.0 + settings.birth))
                            / silent;
                        if w > 1e-3 {
                            links.push((j, w.min(1e150)));
                        }
                    }
                });
            }
            if links.is_empty() {
                seed.existence *= (1.0 - looked) / silent;
            } else {
                rows.push(Row::new(links));
                with.push((s, looked, g));
            }
        }
        let mut taken: Vec<f64> = claimed.to_vec();
        let mut born: Vec<(Track, Option<Moment>)> = Vec::new();
        solve_apart(&mut rows, frame.looks.len(), &settings.assign);
        for (row, &(s, looked, ref g)) in rows.iter().zip(&with) {
            let seed = &mut self.seeds[s];
            let linked: f64 = row.marginals.iter().sum();
            for (&(j, _), &p) in row.links.iter().zip(&row.marginals) {
                taken[j] += p;
                if p > 0.02 {
                    let then = frame.moment(j);
                    let g = if then == now { *g } else { seed.after(then, &settings.flight) };
                    let after = frame.looks[j].update(&g);
                    let mut track = Track::new(self.next, then, after, p);
                    track.dues.extend(frame.sweep.map(|sweep| Due::after(frame.sensor, then, sweep.turn)));
                    self.next += 1;
                    track.born = seed.time;
                    if let (Look::Place { z, .. }, true) = (frame.looks[j], seed.sensor == frame.sensor) {
                        track.pair = Some(Pair {
                            time: [seed.time, then].map(|t| t.0 as f64 / 1e6),
                            place: [seed.place, z],
                            sensor: seed.sensor,
                        });
                    }
                    note(&mut track, seed.sensor, seed.time, seed.measurement, 1.0, settings.provenance);
                    attach(&mut track, &frame.what[j], sensor, frame.sensor, p, settings.provenance);
                    track.confirmed = p >= settings.show;
                    born.push((track, Some(seed.moment(&settings.flight))));
                }
            }
            let silent = 1.0 - seed.existence * looked;
            seed.existence *= (1.0 - looked) / silent.max(1e-9) * (1.0 - linked).max(0.0);
        }
        let drop = settings.drop;
        let patience = |sensor: usize| self.sensors[sensor].turn().map_or(0, |turn| 2 * turn).max(PATIENCE);
        self.seeds.retain(|s| s.existence >= drop && now.0 - s.time.0 <= patience(s.sensor));
        for (j, look) in frame.looks.iter().enumerate() {
            let Look::Place { z, r, .. } = *look else { continue };
            let then = frame.moment(j);
            // A report alone shows an aircraft only where nothing could contradict it.
            let cooperative = self.sensors[frame.sensor].cooperative;
            let found = match cooperative {
                true if self.watched(z, now) => 0.3,
                true => 0.9,
                false => found,
            };
            let existence = found * (1.0 - taken[j]).max(0.0);
            if cooperative && existence >= 0.2 {
                // Who says how fast it flies is believed so far that it can be found again.
                let first = match &frame.what[j].what {
                    What::Report { velocity: Some([vx, vy]), .. } => {
                        let at = Gauss::at(z, r, CLAIMED_SPEED);
                        Gauss { x: [at.x[0], at.x[1], *vx, *vy], ..at }
                    }
                    _ => Gauss::at(z, r, settings.flight.first_speed),
                };
                let mut track = Track::new(self.next, then, first, existence);
                self.next += 1;
                let sensor = &self.sensors[frame.sensor];
                attach(&mut track, &frame.what[j], sensor, frame.sensor, 1.0, settings.provenance);
                track.confirmed = existence >= settings.show;
                born.push((track, None));
            } else if existence >= drop {
                let measurement = frame.what[j].id;
                self.seeds.push(Seed {
                    time: then,
                    place: z,
                    r,
                    existence,
                    sensor: frame.sensor,
                    measurement,
                });
            }
        }
        for (track, before) in born {
            self.welcome(track, before);
        }
    }

    /// A new track. Beside a line its history begins with it, and with the moment before it if that is known.
    pub(crate) fn welcome(&mut self, mut track: Track, before: Option<Moment>) {
        let at = [track.merged.x[0], track.merged.x[1]];
        track.near = self.lines.iter().any(|line| line.beside(at, self.settings.crossing.reach).is_some());
        if track.near {
            track.history.extend(before);
            track.remember(self.settings.look_back());
        } else {
            track.remember(self.settings.remember);
        }
        self.tracks.push(track);
    }

    /// Of two tracks that have become one, the younger ends.
    pub(crate) fn part_twins(&mut self) {
        // Only tracks that just competed for a measurement can be twins; compare those.
        let mut by_measurement: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (i, track) in self.tracks.iter().enumerate().filter(|(_, t)| t.in_frame) {
            for link in track.links.iter().filter(|l| l.probability > 0.2 && l.probability < 0.8) {
                by_measurement.entry(link.measurement).or_default().push(i);
            }
        }
        let mut end = Vec::new();
        for group in by_measurement.into_values().filter(|g| g.len() > 1) {
            for (n, &a) in group.iter().enumerate() {
                for &b in &group[n + 1..] {
                    let (one, two) = (&self.tracks[a], &self.tracks[b]);
                    if one.existence + two.existence < 1.5 && alike(one, two) {
                        // The one that was there first stays, and with it the sum of the evidence.
                        let (keep, lose) = if one.number < two.number { (a, b) } else { (b, a) };
                        end.push((keep, lose));
                    }
                }
            }
        }
        for (keep, lose) in end {
            let moved = self.tracks[lose].existence;
            self.tracks[lose].existence = 0.0;
            let keep = &mut self.tracks[keep].existence;
            *keep = (*keep + moved).min(0.999);
        }
    }
}

/// For so long a position seen once waits for a second, microseconds; for two turns of its sensor, if that is longer.
const PATIENCE: i64 = 5 * SECOND;

/// Error of a velocity that an aircraft claims, one sigma on each axis, m/s.
const CLAIMED_SPEED: f64 = 15.0;

/// Are two states the same within a fraction of their errors?
fn alike(one: &Track, two: &Track) -> bool {
    let (a, b) = (&one.merged, &two.merged);
    let late = (two.time.0 - one.time.0) as f64 / 1e6;
    let mut d2 = 0.0;
    for (i, at) in [0, 4, 7, 9].into_iter().enumerate() {
        let flown = if i < 2 { late * a.x[i + 2] } else { 0.0 };
        let d = a.x[i] + flown - b.x[i];
        d2 += d * d / (a.p[at] + b.p[at]);
    }
    d2 < 2.0
}
