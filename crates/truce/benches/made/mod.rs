//! What the benchmarks run on, made from a seed, and how they measure.

pub(crate) mod clock;

use crate::common::{Dice, report};
use truce::Name;
use truce::incident::{Linking, Precision, Rule};
use truce::observation::{Act, Asserter, Kind, Observation, Rating, Target, Weapon};
use truce::place::{Ellipse, KM, Level, METRE, Place, Point};
use truce::time::{DAY, HOUR, MINUTE, Span, Time};

/// What a mission might set.
pub(crate) fn linking() -> Linking {
    let quick = [Kind::Impulse, Kind::ReportedEvent, Kind::Sighting];
    let rules = [
        Rule { kinds: quick.to_vec(), reach: KM, gap: 15 * MINUTE },
        Rule { kinds: [&quick[..], &[Kind::ThermalAnomaly]].concat(), reach: 2 * KM, gap: 6 * HOUR },
    ];
    let precision = [
        Precision { within: 100 * METRE, length: MINUTE },
        Precision { within: 500 * METRE, length: 10 * MINUTE },
        Precision { within: 2 * KM, length: HOUR },
    ];
    Linking::new(&rules, &precision, Precision { within: 5 * KM, length: DAY }, true)
        .expect("the rules of the benchmark are sound")
}

/// From 0 up to but not including 1.
pub(crate) fn unit(dice: &mut Dice) -> f64 {
    dice.below(1_000_000) as f64 / 1e6
}

/// Names that observations share.
pub(crate) struct Names {
    groups: Vec<Name>,
    parties: [Name; 2],
    village: Name,
}

impl Names {
    pub(crate) fn new() -> Self {
        Self {
            groups: (0..50).map(|n| Name::from(format!("group {n}").as_str())).collect(),
            parties: ["one".into(), "two".into()],
            village: "village".into(),
        }
    }

    /// What one observer says of an event.
    pub(crate) fn seen(&self, dice: &mut Dice, lon: f64, lat: f64, start: i64) -> Observation {
        let moved = |dice: &mut Dice, degrees: f64| (unit(dice) - 0.5) * degrees;
        let near = |dice: &mut Dice, degrees: f64| {
            Point::from_degrees(lon + moved(dice, degrees), lat + moved(dice, degrees)).expect("on Earth")
        };
        let point = |dice: &mut Dice, sigma| Place::Point {
            at: near(dice, 2.0 * sigma as f64 / 1e8),
            error: Ellipse::circle(sigma),
        };
        let instant = Span::at(Time(start + dice.below(2 * MINUTE)));
        let mut one = report(dice.id(), 37.0, 48.0, instant);
        one.group = dice.one_of(&self.groups);
        one.rating = Rating { source: b'A' + dice.below(6) as u8, information: 1 + dice.below(6) as u8 };
        one.act = dice.one_of(&[Act::Undetermined, Act::Fire, Act::Shelling, Act::DroneAttack]);
        if dice.below(4) == 0 {
            one.weapon = dice.one_of(&[Weapon::Artillery, Weapon::Mortar, Weapon::Uav, Weapon::UavLongRange]);
            one.target = dice.one_of(&[Target::Military, Target::Civilian, Target::Electricity]);
            one.origin = Some(dice.one_of(&self.parties));
        }
        let area = |level, radius, centre| Place::Area { name: self.village.clone(), level, centre, radius };
        (one.kind, one.place) = match dice.below(20) {
            0..8 => (Kind::Impulse, point(dice, 50 * METRE)),
            8..11 => (Kind::ThermalAnomaly, point(dice, 400 * METRE)),
            11..13 => (Kind::Sighting, point(dice, 300 * METRE)),
            13..15 => (Kind::ReportedEvent, point(dice, 900 * METRE)),
            15..17 => {
                let (from, bearing) = (near(dice, 0.05), dice.below(36_000) as i32);
                let place = Place::Sector { from, bearing, half_width: 1_100, near: KM, far: 3 * KM };
                (Kind::Sighting, place)
            }
            17..19 => (Kind::ReportedEvent, area(Level::Settlement, 3 * KM, near(dice, 0.05))),
            _ => (Kind::ReportedEvent, area(Level::Province, 100 * KM, near(dice, 1.0))),
        };
        if one.kind == Kind::ReportedEvent {
            let day = start.div_euclid(DAY) * DAY;
            one.time = Span { start: Time(day), end: Time(day + DAY) };
            if matches!(one.place, Place::Point { .. }) {
                one.time = Span { start: Time(start), end: Time(start + 30 * MINUTE) };
            }
            one.text_key = Some(dice.next() % 100_000);
        }
        if dice.below(10) == 0 {
            one.asserted_by = Asserter::Party(dice.one_of(&self.parties));
        }
        one
    }
}
