//! What could be seen: observed, not observed or not known, by sector, time and kind of source.
//!
//! Only what was observed may show a zero. The press is "not known": nobody says where reporters were.

use crate::geodesy::{Line, distance};
use crate::observation::{Asserter, Detail, Observation};
use crate::place::{KM, Mm, Place, Point};
use crate::time::{HOUR, Span, Time};
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
    /// Sensors worked, and heard so much there that a zero would mean nothing.
    Saturated,
    /// Nobody can say.
    NotKnown,
}

impl Seen {
    /// The words in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::NotObserved => "not observed",
            Self::Saturated => "saturated",
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
    /// When it heard too much to be believed quiet.
    full: Vec<Span>,
}

/// Sensors of a network: where each stood, how far it reached, when it was up.
///
/// A heartbeat speaks for its own time and no longer. A sensor that says it is up while it is obstructed is
/// down: a blinded camera still beats.
pub struct Network(BTreeMap<Name, Watch>);

impl Network {
    /// From all observations that carry a status. What a party says of what could be seen counts for nothing: it would
    /// make the line look watched, or unwatched, as suits it.
    pub fn new(observations: &[Observation]) -> Self {
        let mut reports: Vec<(Id, &Observation)> = observations
            .iter()
            .filter(|o| matches!(o.detail, Detail::Status { .. } | Detail::Saturated { .. }))
            .filter(|o| !matches!(o.asserted_by, Asserter::Party(_)))
            .map(|o| (o.id, o))
            .collect();
        reports.sort_by_key(|(id, _)| *id);
        let mut sensors: BTreeMap<Name, Watch> = BTreeMap::new();
        for (_, observation) in reports {
            let Place::Point { at, .. } = &observation.place else { continue };
            let (sensor, range, up) = match &observation.detail {
                Detail::Status { sensor, up, range } => (sensor, range, Some(*up)),
                Detail::Saturated { sensor, range } => (sensor, range, None),
                _ => continue,
            };
            let watch = sensors.entry(sensor.clone()).or_insert(Watch {
                at: *at,
                range: *range,
                up: Vec::new(),
                down: Vec::new(),
                full: Vec::new(),
            });
            watch.range = watch.range.min(*range);
            match up {
                Some(true) => watch.up.push(observation.time),
                Some(false) => watch.down.push(observation.time),
                None => watch.full.push(observation.time),
            }
        }
        Self(sensors)
    }

    /// Were there any sensors?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The share of `samples` (places of a sector) that some sensor could hear during all of `time`, permille.
    pub fn share_permille(&self, samples: &[Point], time: Span) -> u16 {
        self.share(samples, time, false)
    }

    /// The same; with `full`, sensors that were saturated count as well.
    fn share(&self, samples: &[Point], time: Span, full: bool) -> u16 {
        let heard_out = |watch: &Watch| full || !watch.full.iter().any(|span| span.overlaps(time));
        let up: Vec<&Watch> =
            self.0.values().filter(|watch| watch.up_throughout(time) && heard_out(watch)).collect();
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
            if self.share(sector, *time, false) >= least_share_permille {
                Seen::Observed
            } else if self.share(sector, *time, true) >= least_share_permille {
                Seen::Saturated
            } else {
                Seen::NotObserved
            }
        };
        sectors.iter().map(|sector| times.iter().map(|time| cell(sector, time)).collect()).collect()
    }
}

/// Along a line, coverage is asked for at places this far apart.
pub const STEP: Mm = 5 * KM;

/// Which share of a line, or of a part of it, the mission's instruments could hear: the one **share observed** that
/// gates, statements and self-releases are held against.
///
/// A sector and day of a picture is another notion, **observed**: at least the mission's share of its places, in at
/// least that share of its hours ([`Network::coverage`], [`by_day`]).
pub struct Watched {
    network: Network,
    front: Vec<Point>,
}

impl Watched {
    /// From heartbeats, obstructions and states of instruments among the observations, along an agreement's reference
    /// line.
    pub fn new(observations: &[Observation], line: Option<&Line>) -> Self {
        let front = line.map_or(Vec::new(), |line| {
            (0..=line.length() / STEP).map(|step| line.at((step * STEP).min(line.length()))).collect()
        });
        Self { network: Network::new(observations), front }
    }

    /// The share of the whole line and of a stretch of time, permille, rounded down; `None` where there is no line, or
    /// no instrument that says when it was up.
    pub fn along(&self, time: Span) -> Option<u16> {
        self.share(&self.front, time)
    }

    /// The share of a place and time: of an area the part of the line in it, or its middle where the line does not
    /// touch it; of any other place the whole line.
    pub fn around(&self, place: &Place, time: Span) -> Option<u16> {
        match place {
            Place::Area { centre, radius, .. } => {
                let near = self.front.iter().copied().filter(|at| distance(*centre, *at) <= *radius);
                let near: Vec<Point> = near.collect();
                self.share(if near.is_empty() { core::slice::from_ref(centre) } else { &near }, time)
            }
            _ => self.along(time),
        }
    }

    /// The time is cut at every whole hour; a place counts for a piece in which some instrument could hear it
    /// throughout, and each piece by its length.
    fn share(&self, places: &[Point], time: Span) -> Option<u16> {
        if self.network.is_empty() || places.is_empty() || time.length() <= 0 {
            return None;
        }
        // Before the first word of an instrument and after the last nothing was heard.
        let all = self.network.0.values().flat_map(|watch| &watch.up);
        let heard = all
            .copied()
            .reduce(|all, one| Span { start: all.start.min(one.start), end: all.end.max(one.end) });
        let heard = heard.unwrap_or(Span { start: time.start, end: time.start });
        let (mut start, end) = (time.start.max(heard.start), time.end.min(heard.end));
        let mut sum = 0_i128;
        while start < end {
            let hour = (start.0.div_euclid(HOUR) + 1).saturating_mul(HOUR);
            let piece = Span { start, end: Time(hour.min(end.0)) };
            sum += i128::from(self.network.share_permille(places, piece)) * i128::from(piece.length());
            start = piece.end;
        }
        u16::try_from(sum / i128::from(time.length())).ok()
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
        let enough = |count: usize| count * 1_000 >= hours.len() * usize::from(least_share_permille);
        let observed = hours.iter().filter(|seen| **seen == Seen::Observed).count();
        let full = hours.iter().filter(|seen| **seen == Seen::Saturated).count();
        if enough(observed) {
            Seen::Observed
        } else if enough(observed + full) {
            Seen::Saturated
        } else if hours.contains(&Seen::NotKnown) {
            Seen::NotKnown
        } else {
            Seen::NotObserved
        }
    };
    hours.chunks(hours_per_day).map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Kind;
    use crate::place::{Ellipse, KM};
    use crate::time::{HOUR, Time};
    use alloc::vec;

    fn said(number: u8, hours: (i64, i64), detail: Detail) -> Observation {
        let time = Span { start: Time(hours.0 * HOUR), end: Time(hours.1 * HOUR) };
        let place = Place::Point { at: Point { lon: 0, lat: 0 }, error: Ellipse::circle(1) };
        Observation {
            asserted_by: Asserter::Monitor,
            detail,
            ..Observation::bare(Id([number; 32]), "net", Kind::SensorStatus, time, place)
        }
    }

    /// A sensor that hears too much is not quiet, and not blind: the hour says so. One that is down is blind, whatever
    /// it hears.
    #[test]
    fn a_saturated_hour_is_called_that() {
        let sensor: Name = "s".into();
        let up = |number, hours, up| {
            said(number, hours, Detail::Status { sensor: sensor.clone(), up, range: 10 * KM })
        };
        let full =
            |number, hours| said(number, hours, Detail::Saturated { sensor: sensor.clone(), range: 10 * KM });
        let network =
            Network::new(&[up(1, (0, 4), true), full(2, (1, 2)), full(3, (2, 3)), up(4, (2, 3), false)]);
        let hours: Vec<Span> =
            (0..5).map(|h| Span { start: Time(h * HOUR), end: Time((h + 1) * HOUR) }).collect();
        let seen = network.coverage(&[vec![Point { lon: 0, lat: 0 }]], &hours, 800);
        let wanted = [Seen::Observed, Seen::Saturated, Seen::NotObserved, Seen::Observed, Seen::NotObserved];
        assert_eq!(seen[0], wanted);
        assert_eq!(by_day(&[Seen::Observed, Seen::Saturated], 2, 800), [Seen::Saturated]);
        assert_eq!(by_day(&[Seen::Observed, Seen::NotObserved], 2, 800), [Seen::NotObserved]);
    }

    /// Time that does not begin on the hour is weighed by its length, and what is not said is not known.
    #[test]
    fn a_share_of_line_and_time() {
        let up = |hours: (i64, i64)| {
            said(hours.0 as u8, hours, Detail::Status { sensor: "s".into(), up: true, range: 10 * KM })
        };
        let near = Place::Area {
            name: "near".into(),
            centre: Point { lon: 0, lat: 0 },
            radius: KM,
            level: crate::place::Level::Settlement,
        };
        let watched = Watched::new(&[up((1, 2)), up((2, 3))], None);
        let minutes = |from: i64, to: i64| {
            watched.around(&near, Span { start: Time(from * HOUR / 60), end: Time(to * HOUR / 60) })
        };
        assert_eq!(minutes(60, 180), Some(1_000));
        assert_eq!(minutes(90, 180), Some(1_000), "half an hour of the first heartbeat");
        assert_eq!(minutes(30, 180), Some(800));
        assert_eq!(minutes(0, 180), Some(666));
        assert_eq!(minutes(180, 240), Some(0));
        assert_eq!(minutes(180, 180), None);
        assert_eq!(watched.along(Span { start: Time(0), end: Time(HOUR) }), None, "there is no line");
        assert_eq!(Watched::new(&[], None).around(&near, Span { start: Time(0), end: Time(HOUR) }), None);
    }
}
