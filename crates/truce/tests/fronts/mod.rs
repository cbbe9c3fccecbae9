//! Made-up fronts for tests of linking, and rules to link them by.

use crate::common::{Dice, report};
use truce::Name;
use truce::incident::{Linking, Precision, Rule};
use truce::observation::{Act, Asserter, Kind, Observation};
use truce::place::{Ellipse, KM, Level, METRE, Mm, Place, Point};
use truce::time::{DAY, HOUR, MINUTE, SECOND, Span, Time};

/// Rules with this reach and gap between reports, sightings and impulses, and half of it for heat.
pub(crate) fn linking(reach: Mm, gap: i64, gather: bool) -> Linking {
    let heat = Rule {
        kinds: vec![Kind::ThermalAnomaly, Kind::ReportedEvent, Kind::Impulse],
        reach: reach / 2,
        gap: gap * 2,
    };
    let main = Rule { kinds: vec![Kind::ReportedEvent, Kind::Sighting, Kind::Impulse], reach, gap };
    Linking::new(&[main, heat], &PRECISION, WIDEST, gather).expect("a test that is wrong in itself")
}

pub(crate) const PRECISION: [Precision; 3] = [
    Precision { within: 100 * METRE, length: MINUTE },
    Precision { within: 500 * METRE, length: HOUR },
    Precision { within: 2 * KM, length: 3 * HOUR },
];
pub(crate) const WIDEST: Precision = Precision { within: 6 * KM, length: DAY };

/// What a front might give in `days`, within `width` by `height` degrees from 37 E 47 N: all kinds and
/// precisions, in heaps, with exact repeats, by all asserters.
pub(crate) fn front(dice: &mut Dice, count: usize, width: f64, height: f64, days: i64) -> Vec<Observation> {
    let unit = |dice: &mut Dice| dice.below(1_000_000) as f64 / 1e6;
    let mut all: Vec<Observation> = Vec::new();
    for _ in 0..count {
        let (mut lon, mut lat) = (37.0 + width * unit(dice), 47.0 + height * unit(dice));
        let mut start = dice.below(days * DAY);
        if let Some(near) = all.last()
            && dice.below(3) > 0
        {
            let at = match near.place {
                Place::Point { at, .. } | Place::Sector { from: at, .. } | Place::Area { centre: at, .. } => {
                    at
                }
                Place::Unknown => Point::from_degrees(37.0, 47.0).expect("a test that is wrong in itself"),
            };
            (lon, lat) = at.degrees();
            lon += (unit(dice) - 0.5) * 0.1;
            lat += (unit(dice) - 0.5) * 0.1;
            start = near.time.start.0 + dice.below(HOUR);
        }
        let length = dice.one_of(&[0, SECOND, 10 * MINUTE, HOUR, 2 * HOUR, DAY, 3 * DAY]);
        let time = Span { start: Time(start), end: Time(start + length) };
        let mut one = report(dice.id(), lon, lat, time);
        let at = Point::from_degrees(lon, lat).expect("a test that is wrong in itself");
        let village = |level, radius| Place::Area { name: Name::from("village"), level, centre: at, radius };
        one.place = match dice.below(10) {
            0 => Place::Sector {
                from: at,
                bearing: dice.below(36_000) as i32,
                half_width: dice.below(3_000) as i32,
                near: dice.below(2 * KM),
                far: 2 * KM + dice.below(2 * KM),
            },
            1 => village(Level::Settlement, 3 * KM),
            2 => village(Level::District, 20 * KM),
            3 => Place::Unknown,
            4..6 => Place::Point { at, error: Ellipse::circle(dice.below(5 * KM)) },
            _ => Place::Point { at, error: Ellipse::circle(dice.below(300 * METRE)) },
        };
        one.kind = dice.one_of(&[
            Kind::Impulse,
            Kind::ThermalAnomaly,
            Kind::ReportedEvent,
            Kind::ReportedEvent,
            Kind::Sighting,
            Kind::Obstruction,
            Kind::Alert,
        ]);
        one.act = dice.one_of(&[
            Act::Undetermined,
            Act::Undetermined,
            Act::Fire,
            Act::Shelling,
            Act::DroneAttack,
            Act::Presence,
        ]);
        one.asserted_by = dice.one_of(&[
            Asserter::Third,
            Asserter::Third,
            Asserter::Monitor,
            Asserter::Party(Name::from("x")),
            Asserter::Party(Name::from("y")),
        ]);
        one.text_key = dice.one_of(&[None, Some(1), Some(2)]);
        if let Some(last) = all.last()
            && dice.below(8) == 0
        {
            // A copy of the last with another id.
            one = Observation { id: one.id, ..last.clone() };
        }
        all.push(one);
    }
    all
}

/// The same in another order.
pub(crate) fn shuffled(dice: &mut Dice, mut all: Vec<Observation>) -> Vec<Observation> {
    for at in (1..all.len()).rev() {
        all.swap(at, dice.below(at as i64 + 1) as usize);
    }
    all
}

/// Reports of one sort within an hour, spread evenly: the case in which anchors hang on each other most.
pub(crate) fn even_field(dice: &mut Dice, count: usize, width: f64, height: f64) -> Vec<Observation> {
    let unit = |dice: &mut Dice| dice.below(1_000_000) as f64 / 1e6;
    let one = |dice: &mut Dice| {
        let (lon, lat) = (37.0 + width * unit(dice), 47.0 + height * unit(dice));
        let mut one = report(dice.id(), lon, lat, Span::at(Time(dice.below(HOUR))));
        if let Place::Point { error, .. } = &mut one.place {
            *error = Ellipse::circle(dice.below(2 * KM));
        }
        one
    };
    (0..count).map(|_| one(dice)).collect()
}
