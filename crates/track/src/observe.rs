//! A crossing, or a visit to a zone, as an observation of the spine, to be linked to incidents and held against clauses.

use crate::crossing::{Crossing, Grade};
use crate::line::Line;
use crate::plane::Plane;
use crate::visit::Stay;
use alloc::boxed::Box;
use alloc::vec::Vec;
use truce::observation::{
    Act, Asserter, Count, Detail, Kind, Observation, Particulars, Rating, Target, Weapon,
};
use truce::place::{Ellipse, Place, Point};
use truce::sensing::Derived;
use truce::time::{SECOND, Span, Time};
use truce::{Id, Name};

impl Crossing {
    /// The observation that this crossing is: a sighting, for that is what it can be linked and weighed as. `id` and
    /// the ids of what it rests on come from the edge, `group` names the sensor network, `source_rating` is the
    /// Admiralty letter of the source. The place and time are fine: the spine's publication rule applies to them.
    /// `None` if the line does not reach there or the plane does not.
    ///
    /// The information's rating follows the grade, and the probability where that is all there is: 1 established,
    /// 2 one sensor, 4 possible (0.8 or more), 6 possible (less), 5 faint (more likely not).
    ///
    /// An aircraft is called unmanned only if signatures said so with 80 % or more; whose it was, nothing
    /// here can say. One that reported itself is handed on like any other: its report is a claim.
    pub fn observation(
        &self,
        id: Id,
        source: Name,
        group: Name,
        source_rating: u8,
        (line, plane): (&Line, &Plane),
        from: Vec<Id>,
    ) -> Option<Observation> {
        let [low, middle, high] = self.along;
        let (at, sigma) = match self.beyond {
            // A place on a rim is neither inside nor outside.
            Some((at, sigma)) if line.closed => (at.map(|mm| mm as f64 / 1e3), sigma),
            _ => {
                // Five to ninety-five percent are 3.29 sigmas of a normal.
                let along = ((high - low) as f64 / 3.29) as i64;
                (line.at(middle as f64 / 1e3)?, along.max((line.sigma * 1e3) as i64))
            }
        };
        let flight = Flight {
            time: Span::new(self.time[0], Time(self.time[2].0 + 1))?,
            at: plane.point(at)?,
            sigma,
            permille: self.permille,
            classes: self.classes,
            grade: self.grade,
        };
        let direction = Some(self.heading[1].rem_euclid(36_000));
        Some(Observation { direction, ..flight.observation(id, source, group, source_rating, from) })
    }
}

impl Stay {
    /// The observation that this visit is: a sighting of a flight, at a place inside the zone, that lasted for the
    /// expected time in it, to the second. The rest is as for [`Crossing::observation`].
    pub fn observation(
        &self,
        id: Id,
        source: Name,
        group: Name,
        source_rating: u8,
        plane: &Plane,
        from: Vec<Id>,
    ) -> Option<Observation> {
        let flight = Flight {
            time: Span::new(self.from, Time(self.to.0 + 1))?,
            at: plane.point(self.at.map(|mm| mm as f64 / 1e3))?,
            sigma: self.sigma,
            permille: self.permille,
            classes: self.classes,
            grade: self.grade,
        };
        let lasted = Some((self.expected + 500).div_euclid(1_000) * SECOND);
        let particulars = Particulars { lasted, ..Particulars::NONE }.boxed();
        Some(Observation { particulars, ..flight.observation(id, source, group, source_rating, from) })
    }
}

/// What crossings and visits have in common.
struct Flight {
    time: Span,
    at: Point,
    sigma: i64,
    permille: u16,
    classes: [u16; 5],
    grade: Grade,
}

impl Flight {
    fn observation(self, id: Id, source: Name, group: Name, source_rating: u8, from: Vec<Id>) -> Observation {
        let p = f64::from(self.permille) / 1e3;
        let [_, multirotor, fixed_wing, ..] = self.classes;
        let unmanned = multirotor + fixed_wing >= 800;
        Observation {
            id,
            source,
            group,
            asserted_by: Asserter::Monitor,
            kind: Kind::Sighting,
            time: self.time,
            place: Place::Point { at: self.at, error: Ellipse::circle(self.sigma.max(1_000)) },
            act: Act::Flight,
            weapon: if unmanned { Weapon::Uav } else { Weapon::Undetermined },
            target: Target::Undetermined,
            count: Count::Exactly(1),
            origin: None,
            direction: None,
            rating: Rating {
                source: source_rating,
                information: match self.grade {
                    Grade::Established => 1,
                    Grade::OneSensor => 2,
                    Grade::Possible if self.permille >= 800 => 4,
                    Grade::Possible => 6,
                    Grade::Faint => 5,
                },
            },
            text_key: None,
            particulars: None,
            detail: Detail::Derived(Box::new(Derived {
                from,
                evidence: libm::round(100.0 * libm::log10((p + 0.001) / (1.001 - p))) as i64,
            })),
        }
    }
}
