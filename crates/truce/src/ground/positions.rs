//! Where objects that move were: ships, for a zone that goes with them.
//!
//! A party's word of where a ship was places nothing, of its own ship as little as of another's: it could make a breach, or
//! take one away. Nor does a report that cannot be judged. What the monitor saw comes before what others tell; where
//! others differ, each of them may be right.

use super::{Near, beyond_permille};
use crate::geodesy::distance;
use crate::observation::{Asserter, Kind, Object, Observation};
use crate::place::{Mm, Point};
use crate::time::{Micros, Span, Time};
use crate::{Id, Name};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Where objects that move were, by observations of kind position.
#[derive(Clone, Debug, Default)]
pub struct Positions(BTreeMap<Object, BTreeMap<Voice, Track>>);

/// Who tells: the monitor, or somebody else, by group of independence.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Voice {
    Monitor,
    Third(Name),
}

/// One position, and the observation that tells it.
type Fix = (Time, Near, Id);

/// By time; `None` where one voice puts the object in two places at one time.
type Track = Vec<(Time, Option<Near>)>;

/// Where a voice says that an object was at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Told {
    At(Near),
    /// In two places.
    Contradicted,
}

impl Positions {
    /// From all observations that tell the place of an object.
    pub fn new(observations: &[Observation]) -> Self {
        let mut told: BTreeMap<Object, BTreeMap<Voice, Vec<Fix>>> = BTreeMap::new();
        let counts = |one: &&Observation| one.kind == Kind::Position && one.rating.stands();
        for observation in observations.iter().filter(counts) {
            let voice = match &observation.asserted_by {
                Asserter::Monitor => Voice::Monitor,
                Asserter::Third => Voice::Third(observation.group.clone()),
                Asserter::Party(_) => continue,
            };
            let object = observation.particulars().object.clone();
            if let (Some(object), Some(near)) = (object, Near::of(&observation.place)) {
                let middle = Time(observation.time.start.0 / 2 + observation.time.end.0 / 2);
                let track = told.entry(object).or_default().entry(voice).or_default();
                track.push((middle, near, observation.id));
            }
        }
        let tracks = |voices: BTreeMap<Voice, Vec<_>>| {
            voices.into_iter().map(|(voice, told)| (voice, track(told))).collect()
        };
        Self(told.into_iter().map(|(object, voices)| (object, tracks(voices))).collect())
    }

    /// Probability that a place is no farther than `within` from an object of a class, permille, as an interval:
    /// an object that is under way and has no fresh position, or of which two are told, may be anywhere, or at either.
    /// `None` without any position.
    pub(super) fn near_permille(
        &self,
        class: &str,
        near: Near,
        time: Span,
        within: Mm,
        fresh: Micros,
    ) -> Option<(u16, u16)> {
        if time.start.0 == i64::MIN {
            return None;
        }
        let moment = Time(time.start.0 / 2 + time.end.0 / 2);
        let (mut known, mut lost) = (None::<(u16, u16)>, false);
        for (_, voices) in self.0.iter().filter(|(object, _)| *object.class == *class) {
            let by_voice = told(voices, moment, fresh).into_iter().map(|told| match told {
                Told::At(object) => {
                    let away = distance(object.centre, near.centre);
                    let sigma = libm::round(libm::hypot(near.sigma as f64, object.sigma as f64)) as Mm;
                    let permille = beyond_permille(within - away, sigma);
                    (permille, permille)
                }
                Told::Contradicted => (0, 1_000),
            });
            match by_voice.reduce(|(least, most), (low, high)| (least.min(low), most.max(high))) {
                Some((least, most)) => {
                    let (low, high) = known.unwrap_or_default();
                    known = Some((low.max(least), high.max(most)));
                }
                None => {
                    let under_way = |track: &Track| {
                        matches!((track.first(), track.last()), (Some((from, _)), Some((to, _)))
                            if (*from..=*to).contains(&moment))
                    };
                    lost |= voices.values().any(under_way);
                }
            }
        }
        known.map(|(least, most)| (least, if lost { 1_000 } else { most }))
    }
}

/// What is told of an object at a moment: by the monitor alone, if it tells anything fresh.
fn told(voices: &BTreeMap<Voice, Track>, moment: Time, fresh: Micros) -> Vec<Told> {
    match voices.get(&Voice::Monitor).and_then(|track| at(track, moment, fresh)) {
        Some(told) => Vec::from([told]),
        None => voices.values().filter_map(|track| at(track, moment, fresh)).collect(),
    }
}

/// What one voice tells, by time; of one time the surest, unless another cannot be the same place.
fn track(mut told: Vec<Fix>) -> Track {
    told.sort_by_key(|(time, near, id)| (*time, near.sigma, *id));
    let one = |same: &[Fix]| {
        let (time, best, _) = same[0];
        // Three sigma of both.
        let apart = |(_, other, _): &Fix| {
            let sigma = libm::hypot(best.sigma as f64, other.sigma as f64);
            distance(best.centre, other.centre) as f64 > 3.0 * sigma
        };
        (time, (!same.iter().any(apart)).then_some(best))
    };
    told.chunk_by(|a, b| a.0 == b.0).map(one).collect()
}

/// Where an object was at a moment, if a position is fresh: between two of them it moves straight.
fn at(track: &Track, time: Time, fresh: Micros) -> Option<Told> {
    let after = track.partition_point(|(at, _)| *at < time);
    let next = track.get(after).filter(|(at, _)| at.0.saturating_sub(time.0) <= fresh);
    let last = after.checked_sub(1).and_then(|before| track.get(before));
    let last = last.filter(|(at, _)| time.0.saturating_sub(at.0) <= fresh);
    let told = |near: Option<Near>| near.map_or(Told::Contradicted, Told::At);
    match (last, next) {
        (_, Some((at, near))) if *at == time => Some(told(*near)),
        (Some((from, Some(a))), Some((to, Some(b)))) => {
            let share = (time.0 - from.0) as f64 / (to.0 - from.0) as f64;
            let between = |a: i32, b: i32| a + libm::round(f64::from(b - a) * share) as i32;
            let centre =
                Point { lon: between(a.centre.lon, b.centre.lon), lat: between(a.centre.lat, b.centre.lat) };
            Some(Told::At(Near { centre, sigma: a.sigma.max(b.sigma) }))
        }
        (Some(_), Some(_)) => Some(Told::Contradicted),
        (Some((_, near)), None) | (None, Some((_, near))) => Some(told(*near)),
        (None, None) => None,
    }
}
