//! Directions of fire as they were seen: classes with counts, and nothing beyond.
//!
//! A direction names nobody: fire from north to south is that, whoever stands in the north. What is not fire
//! (a flare) is kept apart, and "undetermined" is a class of its own.

use crate::observation::{Act, Belongs, Count, Observation};
use crate::place::Place;
use alloc::collections::BTreeMap;

/// Where to, as seen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Class {
    /// From one point of the compass to the opposite one: the number counts eighths clockwise from "to the north".
    Towards(u8),
    /// No direction is known.
    Undetermined,
    /// It was no fire.
    NotFire,
}

/// How it went, as seen from where the observer stood.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Way {
    /// Towards the observer, to within an eighth of the compass.
    Incoming,
    /// Away from the observer.
    Outgoing,
    /// Neither, or not known.
    Undetermined,
}

const POINTS: [&str; 8] =
    ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];

impl Class {
    /// `north to south`, `undetermined`, `no fire`.
    pub fn words(self) -> alloc::string::String {
        match self {
            Self::Towards(eighth) => {
                let at = usize::from(eighth % 8);
                alloc::format!("{} to {}", POINTS[(at + 4) % 8], POINTS[at])
            }
            Self::Undetermined => "undetermined".into(),
            Self::NotFire => "no fire".into(),
        }
    }
}

impl Way {
    /// `incoming`, `outgoing`, `undetermined`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Incoming => "incoming",
            Self::Outgoing => "outgoing",
            Self::Undetermined => "undetermined",
        }
    }
}

/// The eighth of the compass to which something goes.
pub fn class(observation: &Observation) -> Class {
    match observation.act.belongs(Act::Fire) {
        // What is only known as "an explosion" may be fire; it has no direction either way.
        Belongs::Yes | Belongs::Unknown => observation.direction.map_or(Class::Undetermined, |direction| {
            Class::Towards((direction.rem_euclid(36_000) + 2_250).div_euclid(4_500).rem_euclid(8) as u8)
        }),
        Belongs::No => Class::NotFire,
    }
}

/// The way it went, as seen from where the observer stood: known only where both the direction and the bearing of
/// the place are.
pub fn way(observation: &Observation) -> Way {
    let (Some(direction), Place::Sector { bearing, .. }) = (observation.direction, &observation.place) else {
        return Way::Undetermined;
    };
    // Angle between where it goes and the way out from the observer.
    let turn = (direction - bearing).rem_euclid(36_000);
    match turn.min(36_000 - turn) {
        0..=4_500 => Way::Outgoing,
        13_500..=18_000 => Way::Incoming,
        _ => Way::Undetermined,
    }
}

/// How many of each class; "about" and "at least" count as their number, and what states none counts once.
pub fn count_by<K: Ord>(observations: &[Observation], key: impl Fn(&Observation) -> K) -> BTreeMap<K, u64> {
    let mut counts = BTreeMap::new();
    for observation in observations {
        let number = match observation.count {
            Count::Unstated => 1,
            Count::Exactly(number) | Count::About(number) | Count::AtLeast(number) => u64::from(number),
        };
        *counts.entry(key(observation)).or_default() += number;
    }
    counts
}
