//! What could be seen: observed, not observed or not known, by sector, time and kind of source.
//!
//! Only what was observed may show a zero. The press is "not known": nobody says where reporters were.

use crate::geodesy::distance;
use crate::observation::{Detail, Observation};
use crate::place::{Mm, Place, Point};
use crate::time::Span;
use crate::{Id, Name};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// Could an act there and then have been seen?
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Seen {
    /// Yes: none seen means none happened, as far as this kind of source can tell.
    Observed,
    /// No: out of range, switched off, jammed, under cloud, no map.
    NotObserved,
    /// Nobody can say.
    NotKnown,
}

impl Seen {
    /// The words in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::NotObserved => "not observed",
            Self::NotKnown => "not known",
        }
    }
}

/// How a source's coverage is worked out: a key of the mission file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// It cannot be: the press, a party's table.
    NotKnown,
    /// By heartbeats and range of its sensors.
    Heartbeats,
    /// A day with a map was observed, another was not.
    DaysWithAMap,
    /// A province that the file ever names was observed throughout; one that it never names was not.
    ProvincesNamed,
}

impl Rule {
    /// All rules with their names in files.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("not-known", Self::NotKnown),
        ("heartbeats", Self::Heartbeats),
        ("days-with-a-map", Self::DaysWithAMap),
        ("provinces-named", Self::ProvincesNamed),
    ];
}

/// A sensor's states as its heartbeats and the monitor's notes of obstruction tell them.
struct Watch {
    at: Point,
    range: Mm,
    up: Vec<Span>,
    down: Vec<Span>,
}

/// Sensors of a network: where each stood, how far it reached, when it was up.
///
/// A heartbeat speaks for its own time and no longer. A sensor that says it is up while it is obstructed is
/// down: a blinded camera still beats.
pub struct Network(BTreeMap<Name, Watch>);

impl Network {
    /// From all observations that carry a status.
    pub fn new(observations: &[Observation]) -> Self {
        let mut reports: Vec<(Id, &Observation)> = observations
            .iter()
            .filter(|o| matches!(o.detail, Detail::Status { .. }))
            .map(|o| (o.id, o))
            .collect();
        reports.sort_by_key(|(id, _)| *id);
        let mut sensors: BTreeMap<Name, Watch> = BTreeMap::new();
        for (_, observation) in reports {
            let (Detail::Status { sensor, up, range }, Place::Point { at, .. }) =
                (&observation.detail, &observation.place)
            else {
                continue;
            };
            let watch = sensors.entry(sensor.clone()).or_insert(Watch {
                at: *at,
                range: *range,
                up: Vec::new(),
                down: Vec::new(),
            });
            watch.range = watch.range.min(*range);
            if *up { watch.up.push(observation.time) } else { watch.down.push(observation.time) }
        }
        Self(sensors)
    }

    /// Were there any sensors?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The share of `samples` (places of a sector) that some sensor could hear during all of `time`, permille.
    pub fn share_permille(&self, samples: &[Point], time: Span) -> u16 {
        let up: Vec<&Watch> = self.0.values().filter(|watch| watch.up_throughout(time)).collect();
        let heard = samples
            .iter()
            .filter(|sample| up.iter().any(|watch| distance(watch.at, **sample) <= watch.range))
            .count();
        (heard * 1_000).checked_div(samples.len()).unwrap_or(0) as u16
    }

    /// Coverage of each sector in each stretch of time: observed where at least `least_share_permille` of the
    /// sector's samples could be heard.
    pub fn coverage(
        &self,
        sectors: &[Vec<Point>],
        times: &[Span],
        least_share_permille: u16,
    ) -> Vec<Vec<Seen>> {
        let cell = |sector: &Vec<Point>, time: &Span| {
            if self.share_permille(sector, *time) >= least_share_permille {
                Seen::Observed
            } else {
                Seen::NotObserved
            }
        };
        sectors.iter().map(|sector| times.iter().map(|time| cell(sector, time)).collect()).collect()
    }
}

impl Watch {
    fn up_throughout(&self, time: Span) -> bool {
        if self.down.iter().any(|down| down.overlaps(time)) {
            return false;
        }
        // Heartbeats in order of start: walk along them until the time is covered or a gap shows.
        let mut beats: Vec<Span> = self.up.iter().copied().filter(|beat| beat.overlaps(time)).collect();
        beats.sort();
        let reached = beats.iter().fold(time.start, |reached, beat| {
            if beat.start <= reached { reached.max(beat.end) } else { reached }
        });
        reached >= time.end
    }
}

/// Provinces that a source's observations ever name are observed; the others are not.
pub fn provinces_named(observations: &[&Observation], provinces: &[Name]) -> Vec<Seen> {
    let named: BTreeSet<&Name> = observations
        .iter()
        .filter_map(|observation| match &observation.place {
            Place::Area { name, .. } => Some(name),
            _ => None,
        })
        .collect();
    provinces
        .iter()
        .map(|province| if named.contains(province) { Seen::Observed } else { Seen::NotObserved })
        .collect()
}

/// Hours to days: a day was observed when at least `least_share_permille` of its hours were, not observed when
/// none of it was known otherwise.
pub fn by_day(hours: &[Seen], hours_per_day: usize, least_share_permille: u16) -> Vec<Seen> {
    let day = |hours: &[Seen]| {
        let observed = hours.iter().filter(|seen| **seen == Seen::Observed).count();
        if observed * 1_000 >= hours.len() * usize::from(least_share_permille) {
            Seen::Observed
        } else if hours.contains(&Seen::NotKnown) {
            Seen::NotKnown
        } else {
            Seen::NotObserved
        }
    };
    hours.chunks(hours_per_day).map(day).collect()
}
