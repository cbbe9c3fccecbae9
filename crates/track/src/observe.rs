//! A crossing as an observation of the spine, to be linked to incidents and held against clauses.

use crate::crossing::{Crossing, Grade};
use crate::line::Line;
use crate::plane::Plane;
use truce::observation::{Act, Asserter, Count, Detail, Kind, Observation, Rating, Target, Weapon};
use truce::place::{Ellipse, Place};
use truce::time::{Span, Time};
use truce::{Id, Name};

impl Crossing {
    /// The observation that this crossing is. `id` is made at the edge from the leaves it rests on, `group`
    /// names the sensor network, `source_rating` is the Admiralty letter of the source. The place and time
    /// are fine: the spine's publication rule applies to them. `None` if the line does not reach there or
    /// the plane does not.
    ///
    /// An aircraft is called unmanned only if signatures said so with 80 % or more; whose it was, nothing
    /// here can say. One that reported itself is handed on like any other: its report is a claim.
    pub fn observation(
        &self,
        id: Id,
        source: Name,
        group: Name,
        source_rating: u8,
        line: &Line,
        plane: &Plane,
    ) -> Option<Observation> {
        let [low, middle, high] = self.along;
        let at = plane.point(line.at(middle as f64 / 1e3)?)?;
        // Five to ninety-five percent are 3.29 sigmas of a normal.
        let along = ((high - low) as f64 / 3.29) as i64;
        let across = (line.sigma * 1e3) as i64;
        let [from, _, to] = self.time;
        let [_, multirotor, fixed_wing, ..] = self.classes;
        let unmanned = multirotor + fixed_wing >= 800;
        Some(Observation {
            id,
            source,
            group,
            asserted_by: Asserter::Monitor,
            kind: Kind::AirTrackPoint,
            time: Span::new(from, Time(to.0 + 1))?,
            place: Place::Point { at, error: Ellipse::circle(along.max(across).max(1_000)) },
            act: Act::Flight,
            weapon: if unmanned { Weapon::Uav } else { Weapon::Undetermined },
            target: Target::Undetermined,
            count: Count::Exactly(1),
            origin: None,
            direction: Some(self.heading[1].rem_euclid(36_000)),
            rating: Rating {
                source: source_rating,
                information: match self.grade {
                    Grade::Established => 1,
                    Grade::OneSensor => 2,
                    Grade::Possible => 3,
                    Grade::Faint => 4,
                },
            },
            text_key: None,
            particulars: None,
            detail: Detail::None,
        })
    }
}
