//! Made-up observations for tests, from a seed.

use truce::observation::{Kind, Observation};
use truce::place::{Ellipse, METRE, Place, Point};
use truce::time::Span;
use truce::{Id, Name};

/// A generator of numbers that is the same everywhere (SplitMix64, Steele, Lea and Flood 2014).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to but not including `end`.
    pub(crate) fn below(&mut self, end: i64) -> i64 {
        (self.next() >> 1) as i64 % end
    }

    pub(crate) fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as i64) as usize].clone()
    }

    pub(crate) fn id(&mut self) -> Id {
        let mut bytes = [0; 32];
        bytes.chunks_mut(8).for_each(|chunk| chunk.copy_from_slice(&self.next().to_be_bytes()));
        Id(bytes)
    }
}

/// A report by a third, at a point known to 100 m.
pub(crate) fn report(id: Id, lon: f64, lat: f64, time: Span) -> Observation {
    let at = Point::from_degrees(lon, lat).expect("a test that is wrong in itself");
    let place = Place::Point { at, error: Ellipse::circle(100 * METRE) };
    Observation {
        group: Name::from("group"),
        ..Observation::bare(id, "source", Kind::ReportedEvent, time, place)
    }
}
