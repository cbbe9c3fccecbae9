//! Directions without distance.
//!
//! No track begins from one direction: it is kept as a bearing, and said to be no more. Two stations that
//! point at one place make a track that is "possible", for with k aircraft two stations see k^2 crossings
//! and k^2 - k of them are ghosts. A third station, or a signature that both heard, lifts that.

use crate::frame::attach;
use crate::gauss::{Gauss, Sym2};
use crate::look::{Look, SOUND, wrap};
use crate::sensor::{Class, Measurement, Wave, What};
use crate::track::Track;
use crate::tracker::Tracker;
use alloc::vec;
use alloc::vec::Vec;
use libm::{cos, fabs, sin, sqrt};
use truce::time::{SECOND, Time};

/// Directions made at one moment, seen from two stations, may differ by this much in time, s.
const AT_ONCE: f64 = 1.0;

/// Directions older than this are forgotten: nothing is heard from farther than 13 km.
const KEEP: i64 = 40 * SECOND;

/// Least angle at which two directions fix a place, radians.
const LEAST_ANGLE: f64 = 0.10;

/// Greatest distance of a place from a station that points at it, m.
const FARTHEST: f64 = 60_000.0;

/// A track that fewer of the stations find may be a ghost of several aircraft: their directions are not kept from making
/// a track that more of them find.
const WELL_BACKED: f64 = 0.85;

/// A direction that no track explains.
#[derive(Clone, Copy, Debug)]
struct Ray {
    time: Time,
    sensor: usize,
    from: [f64; 2],
    azimuth: f64,
    var: f64,
    sound: bool,
    class: Option<Class>,
    used: bool,
}

/// Directions that one station keeps seeing and that no track explains.
#[derive(Clone, Copy, Debug)]
struct Lasting {
    sensor: usize,
    azimuth: f64,
    var: f64,
    count: u32,
    first: Time,
    last: Time,
}

/// "A bearing only, no position", in integers. Falls under the delay like the state of a track.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BearingOnly {
    /// Index of the sensor.
    pub sensor: usize,
    /// Azimuth clockwise from north and one sigma, microradians.
    pub azimuth: (i64, i64),
    /// First and last time.
    pub first: Time,
    /// See `first`.
    pub last: Time,
    /// How often.
    pub count: u32,
}

/// All directions that wait.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bearings {
    rays: Vec<Ray>,
    lasting: Vec<Lasting>,
    /// Those that are over and were more than a glimpse.
    ended: Vec<BearingOnly>,
}

impl Lasting {
    /// Seen often enough to speak of.
    fn tells(&self) -> bool {
        self.count >= 3
    }

    fn told(&self) -> BearingOnly {
        BearingOnly {
            sensor: self.sensor,
            azimuth: (libm::round(self.azimuth * 1e6) as i64, libm::round(sqrt(self.var) * 1e6) as i64),
            first: self.first,
            last: self.last,
            count: self.count,
        }
    }
}

impl Bearings {
    pub(crate) fn only(&self) -> impl Iterator<Item = BearingOnly> + '_ {
        self.lasting.iter().filter(|l| l.tells()).map(Lasting::told)
    }

    pub(crate) fn take_ended(&mut self) -> Vec<BearingOnly> {
        core::mem::take(&mut self.ended)
    }

    /// All are over.
    pub(crate) fn end(&mut self) {
        let over = core::mem::take(&mut self.lasting);
        self.ended.extend(over.iter().filter(|l| l.tells()).map(Lasting::told));
        self.rays.clear();
    }

    fn keep(&mut self, ray: Ray) {
        let mut nearest: Option<(f64, usize)> = None;
        for (i, l) in self.lasting.iter().enumerate().filter(|(_, l)| l.sensor == ray.sensor) {
            let off = fabs(wrap(l.azimuth - ray.azimuth));
            let age = (ray.time.0 - l.last.0) as f64 / 1e6;
            if off < 3.0 * sqrt(l.var + ray.var) + 0.01 * age && nearest.is_none_or(|(known, _)| off < known)
            {
                nearest = Some((off, i));
            }
        }
        match nearest {
            Some((_, i)) => {
                let l = &mut self.lasting[i];
                (l.azimuth, l.var, l.last) = (ray.azimuth, ray.var, ray.time);
                l.count += 1;
            }
            None => self.lasting.push(Lasting {
                sensor: ray.sensor,
                azimuth: ray.azimuth,
                var: ray.var,
                count: 1,
                first: ray.time,
                last: ray.time,
            }),
        }
        self.rays.push(ray);
    }

    fn forget(&mut self, now: Time) {
        self.rays.retain(|r| !r.used && now.0 - r.time.0 <= if r.sound { KEEP } else { 3 * SECOND });
        let ended = &mut self.ended;
        self.lasting.retain(|l| {
            let lasts = now.0 - l.last.0 <= if l.tells() { KEEP } else { 5 * SECOND };
            if !lasts && l.tells() {
                ended.push(l.told());
            }
            lasts
        });
    }
}

/// Where two directions meet, if they do, ahead of both stations.
fn meet(a: &Ray, b: &Ray) -> Option<[f64; 2]> {
    let (da, db) = ([sin(a.azimuth), cos(a.azimuth)], [sin(b.azimuth), cos(b.azimuth)]);
    let cross = da[0] * db[1] - da[1] * db[0];
    if fabs(cross) < sin(LEAST_ANGLE) {
        return None;
    }
    let off = [b.from[0] - a.from[0], b.from[1] - a.from[1]];
    let along = (off[0] * db[1] - off[1] * db[0]) / cross;
    let other = (off[0] * da[1] - off[1] * da[0]) / cross;
    let ahead = |d: f64| (50.0..FARTHEST).contains(&d);
    (ahead(along) && ahead(other)).then(|| [a.from[0] + along * da[0], a.from[1] + along * da[1]])
}

/// When what a ray shows left the place, s.
fn left(ray: &Ray, at: [f64; 2]) -> f64 {
    let delay = if ray.sound { libm::hypot(at[0] - ray.from[0], at[1] - ray.from[1]) / SOUND } else { 0.0 };
    ray.time.0 as f64 / 1e6 - delay
}

/// A moment of so many seconds.
fn moment(seconds: f64) -> Time {
    Time(libm::round(seconds * 1e6) as i64)
}

impl Ray {
    /// The direction as seen at the moment when it was made, without delay.
    fn look(&self) -> Look {
        Look::Angle { azimuth: self.azimuth, var: self.var, from: self.from, sound: false, lag: 0.0 }
    }
}

impl Tracker {
    /// Directions of a frame that no track claims: kept, and crossed with those of other stations.
    pub(crate) fn take_bearings(&mut self, now: Time, sensor: usize, what: &[Measurement], looks: &[Look]) {
        self.bearings.forget(now);
        let mut claimed = vec![0.0; looks.len()];
        for track in self.tracks.iter().filter(|t| t.in_frame && t.backed >= WELL_BACKED) {
            for link in &track.links {
                claimed[link.measurement as usize] += link.probability;
            }
        }
        for ((m, look), claimed) in what.iter().zip(looks).zip(&claimed) {
            let (Look::Angle { azimuth, var, from, .. }, What::Bearing { .. }) = (*look, &m.what) else {
                continue;
            };
            if *claimed > 0.5 {
                continue;
            }
            let sound = self.sensors[sensor].wave == Wave::Sound;
            let class =
                m.signature.filter(|(c, right)| *c != Class::Unknown && *right >= 0.7).map(|(c, _)| c);
            let mut ray = Ray { time: m.time, sensor, from, azimuth, var, sound, class, used: false };
            ray.used = self.cross(m.time, &ray, m);
            if !ray.used {
                self.bearings.keep(ray);
            }
        }
    }

    /// Cross one new direction with those that wait. Returns whether it became part of a track.
    fn cross(&mut self, now: Time, ray: &Ray, m: &Measurement) -> bool {
        let rays = &self.bearings.rays;
        // (number of stations, misfit, place, rays)
        let mut best: Option<(usize, f64, Gauss, Vec<usize>)> = None;
        let mut pairs = 0;
        for (i, other) in rays.iter().enumerate().filter(|(_, r)| r.sensor != ray.sensor && !r.used) {
            let Some(at) = meet(ray, other) else { continue };
            if fabs(left(ray, at) - left(other, at)) > AT_ONCE || !self.sensors[ray.sensor].sees(at) {
                continue;
            }
            if !self.sensors[other.sensor].sees(at) {
                continue;
            }
            let start = Gauss::at(at, Sym2::round(1e8), self.settings.flight.first_speed);
            let mut g = other.look().update(&ray.look().update(&start));
            pairs += 1;
            let mut with = alloc::vec![i];
            let mut misfit = 0.0;
            // Every further station that points there.
            let mut stations: Vec<usize> = alloc::vec![ray.sensor, other.sensor];
            loop {
                let mut next: Option<(f64, usize)> = None;
                for (k, third) in rays.iter().enumerate() {
                    if stations.contains(&third.sensor) || third.used {
                        continue;
                    }
                    let place = [g.x[0], g.x[1]];
                    let late = left(third, place) - left(ray, place);
                    let d2 = third.look().distance2(&g) + late * late;
                    if fabs(late) <= AT_ONCE && d2 < 9.0 && next.is_none_or(|(known, _)| d2 < known) {
                        next = Some((d2, k));
                    }
                }
                let Some((d2, k)) = next else { break };
                g = rays[k].look().update(&g);
                misfit += d2;
                stations.push(rays[k].sensor);
                with.push(k);
            }
            let better = match &best {
                None => true,
                Some((n, known, ..)) => stations.len() > *n || (stations.len() == *n && misfit < *known),
            };
            if better {
                best = Some((stations.len(), misfit, g, with));
            }
        }
        let Some((stations, _, g, with)) = best else { return false };
        let same = ray.class.is_some() && with.iter().all(|&k| rays[k].class == ray.class);
        // A place where a track already is needs no second one.
        let known = self.tracks.iter().any(|t| {
            let there = t.merged.on(left(ray, [g.x[0], g.x[1]]) - t.time.0 as f64 / 1e6);
            let d = [there.x[0] - g.x[0], there.x[1] - g.x[1]];
            there.place_cov().plus(g.place_cov()).inverse().form(d) < 16.0
        });
        if known || g.place_cov().greatest() > 4e6 {
            return false;
        }
        // The state is that of the moment at which it was heard there.
        let existence = if stations >= 3 { 0.4 } else { 0.3 / f64::from(pairs) };
        let mut track = Track::new(self.next, moment(left(ray, [g.x[0], g.x[1]])), g, existence);
        track.looked = now;
        self.next += 1;
        track.possible = stations < 3 && !same;
        let provenance = self.settings.provenance;
        attach(&mut track, m, &self.sensors[ray.sensor], ray.sensor, 1.0, provenance);
        for &k in &with {
            let other = &mut self.bearings.rays[k];
            other.used = stations >= 3 || same;
            track.stations.push((other.sensor, 1.0, other.time));
        }
        track.stations.sort_unstable_by_key(|(s, _, _)| *s);
        self.welcome(track, None);
        stations >= 3 || same
    }
}

/// A third station has joined: no longer a possible ghost.
pub(crate) fn lift(track: &mut Track) {
    if track.possible && track.stations.iter().filter(|(_, sum, _)| *sum >= 1.0).count() >= 3 {
        track.possible = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ray(from: [f64; 2], to: [f64; 2]) -> Ray {
        Ray {
            time: Time(0),
            sensor: 0,
            from,
            azimuth: libm::atan2(to[0] - from[0], to[1] - from[1]),
            var: 1e-4,
            sound: false,
            class: None,
            used: false,
        }
    }

    #[test]
    fn rays_meet_ahead_only() {
        let at = [1_000.0, 2_000.0];
        let met = meet(&ray([0.0, 0.0], at), &ray([3_000.0, 0.0], at)).unwrap();
        assert!(fabs(met[0] - at[0]) < 1e-6 && fabs(met[1] - at[1]) < 1e-6);
        let mut back = ray([3_000.0, 0.0], at);
        back.azimuth = wrap(back.azimuth + core::f64::consts::PI);
        assert!(meet(&ray([0.0, 0.0], at), &back).is_none());
        assert!(meet(&ray([0.0, 0.0], at), &ray([10.0, 20.0], at)).is_none(), "parallel");
    }
}
