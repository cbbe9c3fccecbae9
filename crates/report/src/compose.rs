//! What was worked out -> a [`Report`].
//!
//! Everything said here is said by fixed patterns over figures: no sentence without a figure or a rule behind it,
//! and the same words for every party.

mod claims;
mod coverage;
pub(crate) mod day;
mod findings;
mod places;
mod say;
mod series;
mod sources;

use crate::model::{
    Clock, ComputedFrom, Digest, FORMAT, Head, Incidents, Party, Report, SetAside, Threshold, View, Word,
};
use crate::plan::Plan;
use crate::state::InstrumentState;
use crate::text::{self, number as thousands, plural as count};
use std::collections::BTreeSet;
use truce::Name;
use truce::agreement::{Agreement, Nature};
use truce::assessment::Assessment;
use truce::claim::Claim;
use truce::coverage::Watched;
use truce::ground::Ground;
use truce::mission::{Boundaries, Mission};
use truce::observation::Observation;
use truce::plan::{Basis, gates};
use truce::release::Judgement;
use truce::series::Series;
use truce::state::{Known, State};
use truce::time::{Date, MINUTE, Span, Time, Zone};

/// Everything that a report is made of.
pub struct Material<'a> {
    /// The instrument.
    pub agreement: &'a Agreement,
    /// The mission file.
    pub mission: &'a Mission,
    /// The agreement's lines and zones.
    pub ground: &'a Ground,
    /// The observations that may be told of.
    pub observations: &'a [Observation],
    /// How many are not told yet; the public does not learn how many.
    pub withheld: Option<u64>,
    /// Whose view of the record this is.
    pub view: View,
    /// The checkpoint of the record, in words.
    pub checkpoint: Option<String>,
    /// The moment whose public view this is.
    pub as_of: Time,
    /// Why it is this one.
    pub cut: truce::cut::Why,
    /// Incidents and findings.
    pub assessment: &'a Assessment<'a>,
    /// The other instruments that were held together with this one, in their order; none where it was asked of alone.
    pub beside: Vec<&'a Agreement>,
    /// Change against before.
    pub series: &'a [Series],
    /// What the parties said about the instrument.
    pub claims: &'a [Claim],
    /// Judgements of named bodies; `None`: no register of them was given.
    pub judgements: Option<&'a [Judgement]>,
    /// Days of which there is a map, by source.
    pub maps: &'a [(Name, Date)],
    /// The books of every file.
    pub books: &'a [Books],
    /// What became of what instruments gave: what, and how many.
    pub sensed: &'a [(String, u64)],
    /// Digests of the agreement and the mission.
    pub digests: Vec<Digest>,
    /// Version of the program.
    pub version: &'a str,
}

/// The books of one file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Books {
    /// Path of the file within its folder.
    pub file: String,
    /// Name of the source in the mission file; `None`: not used.
    pub source: Option<Name>,
    /// SHA-256 of the file, where it may be told.
    pub sha256: Option<[u8; 32]>,
    /// Rows read.
    pub rows: u64,
    /// Rows that gave an observation.
    pub accepted: u64,
    /// Rows set aside: cause, how many, the first line.
    pub set_aside: Vec<(String, u64, Option<u64>)>,
    /// Why the file was not used.
    pub unused: Option<String>,
}

impl Material<'_> {
    /// The time that the instrument covers, over all readings; with an open end, up to the report.
    pub(crate) fn window(&self) -> Span {
        self.agreement.window(self.as_of)
    }

    /// Where the instrument stands, as far as it may be told.
    fn state(&self) -> InstrumentState {
        let watched = Watched::new(self.observations, self.ground.reference().map(|front| &front.line));
        let known = Known {
            observations: self.observations,
            weights: Some(&self.mission.weights),
            findings: &self.assessment.findings,
            claims: self.claims,
            judgements: self.judgements,
            // How much was observed waits longer than what was: it would say where nobody looks.
            watched: Some((&watched, self.coverage_told_until())),
        };
        InstrumentState::of(&State::at(self.agreement, known, self.as_of), self.day_clock())
    }

    /// Where its plan stands, as far as it may be told: up to the moment to which it is told how much was observed.
    fn plan(&self) -> Option<Plan> {
        let at = self.coverage_told_until();
        let watched = Watched::new(self.observations, self.ground.reference().map(|front| &front.line));
        let (agreement, mission) = (self.agreement, self.mission);
        let basis = Basis::new(self.observations, self.assessment, agreement, mission, self.ground, at);
        // How much was observed in a part of a day is not told, nor whether it was enough.
        let coverage = |window| self.by_days(window).then(|| watched.along(window)).flatten();
        Plan::of(agreement, &gates(agreement, &basis, &coverage, at), at)
    }

    /// Is it made of whole days?
    fn by_days(&self, span: Span) -> bool {
        let starts = |time: Time| self.day_clock().day(self.day_clock().date(time)).start == time;
        starts(span.start) && starts(span.end)
    }

    /// Up to when it is told how much was observed, by whole days, as in the pictures of coverage: a part of a day would
    /// tell of the rest.
    fn coverage_told_until(&self) -> Time {
        let clock = self.mission.day_clock;
        clock.day(clock.date(Time(self.as_of.0 - self.mission.publication.coverage_delay))).start
    }

    /// The clock by which days are cut.
    fn day_clock(&self) -> Zone {
        self.mission.day_clock
    }

    /// Name of a party by its code; the code itself for anyone else.
    fn party(&self, code: &Name) -> String {
        self.agreement.name_of(code).to_string()
    }

    /// Does the text set no end to some period?
    fn open_ended(&self) -> bool {
        let mut periods = self.agreement.readings.iter().flat_map(|reading| &reading.periods);
        periods.any(|period| period.to.is_open())
    }

    /// The days that pictures show: the week before, the window, and the day after. Where the text sets no end these
    /// may be tens of thousands, so then only those of them on which something that is at hand begins or ends.
    fn days(&self) -> Vec<Date> {
        let (window, clock) = (self.window(), self.day_clock());
        let first = clock.date(window.start).days() - i64::from(self.mission.series.windows_before);
        let last = clock.date(Time(window.end.0 - 1)).days() + 1;
        if !self.open_ended() {
            return (first..=last).map(Date::from_days).collect();
        }
        let moments = self.observations.iter().flat_map(|it| [it.time.start, last_moment(it.time)]);
        let days: BTreeSet<i64> = moments.map(|moment| clock.date(moment).days()).collect();
        days.range(first..=last).copied().map(Date::from_days).collect()
    }
}

/// The last moment of a stretch.
fn last_moment(time: Span) -> Time {
    Time((time.end.0 - 1).max(time.start.0))
}

/// Composes the report.
pub fn compose(material: &Material<'_>) -> Report {
    let agreement = material.agreement;
    let mission = material.mission;
    let (strip, map) = (places::strip(material), places::map(material));
    let sources = sources::sources(material);
    let (findings, incidents) = (findings::findings(material), findings::incidents(material));
    let series: Vec<_> = material.series.iter().map(|it| series::series(it, material)).collect();
    Report {
        format: FORMAT,
        head: Head {
            title: agreement.title.clone(),
            instrument: instrument(agreement),
            question: "Did it hold?".to_string(),
            window: material.window().into(),
            clocks: clocks(agreement, material.window()),
            made_up: mission.made_up.clone(),
            computed_from: computed_from(material),
            licence: "CC BY 4.0 for the report's own text and pictures; the data keep the licences of their sources"
                .to_string(),
        },
        parties: agreement
            .parties
            .iter()
            .map(|party| Party { code: party.code.to_string(), name: party.name.to_string() })
            .collect(),
        summary: say::summary(material),
        notes: say::notes(material),
        sources,
        series,
        strip,
        map,
        findings,
        state: material.state(),
        plan: material.plan(),
        incidents: Incidents { shown: 25, ..incidents },
        claims: claims::claims(material),
        own_series: claims::own_series(material),
        coverage: coverage::coverage(material),
        can_say: say::can(material),
        cannot_say: say::cannot(material),
        method: crate::model::Method {
            lines: say::method(material),
            words: words(mission),
            thresholds: thresholds(material),
        },
        corrections: Vec::new(),
        set_aside: set_aside(material),
        instruments: material
            .sensed
            .iter()
            .map(|(what, count)| crate::model::Counted { what: what.clone(), count: *count })
            .collect(),
        licences: sources::licences(material),
    }
}

/// Everything that decides the bytes of a report.
fn computed_from(material: &Material<'_>) -> ComputedFrom {
    let mut digests = material.digests.clone();
    digests.extend(
        material
            .books
            .iter()
            .filter_map(|books| Some(Digest { of: books.file.clone(), sha256: hexadecimal(&books.sha256?) })),
    );
    ComputedFrom {
        version: material.version.to_string(),
        digests,
        observations: material.observations.len() as u64,
        rows_read: material.books.iter().map(|books| books.rows).sum(),
        rows_set_aside: material.books.iter().map(|books| books.rows - books.accepted).sum(),
        checkpoint: material.checkpoint.clone(),
        view: material.view,
        as_of: material.as_of,
        cut: material.cut.name(),
    }
}

fn instrument(agreement: &Agreement) -> String {
    use truce::agreement::Stance;
    let how = match agreement.nature {
        Nature::Agreed => "Agreed",
        Nature::Unilateral => "Declared by one side",
        Nature::Announced => "Announced, each side in its own words",
        Nature::Proposed => "Proposed",
    };
    let stances: Vec<String> = agreement
        .parties
        .iter()
        .map(|party| {
            let stance = match party.stance {
                Stance::Declared => "declared it",
                Stance::Mirrors => "answered that it would act as the other side acts",
                Stance::Agreed => "agreed",
                Stance::Conditional => "agreed under conditions",
                Stance::Awaits => "waits for details",
                Stance::Rejects => "rejects it",
                Stance::Accepts => "accepts it",
                Stance::Proposes => "proposes it",
            };
            format!("{}: {stance}", party.name)
        })
        .collect();
    format!("{how}. {}.", stances.join("; "))
}

fn clocks(agreement: &Agreement, window: Span) -> Vec<Clock> {
    let mut clocks: Vec<Clock> = Vec::new();
    for party in &agreement.parties {
        let Some((name, zone)) = &party.clock else { continue };
        let place = name.rsplit('/').next().unwrap_or(name).to_string();
        if *zone != Zone::Fixed(0) && clocks.iter().all(|clock| clock.place != place) {
            clocks.push(Clock {
                place,
                start: on_clock(window.start, *zone),
                end: on_clock(window.end, *zone),
            });
        }
    }
    clocks
}

/// `19 April 2025, 18:00 (UTC+3)`.
fn on_clock(time: Time, zone: Zone) -> String {
    let offset = zone.offset(time);
    let shown = Time(time.0 + offset).to_string();
    let (hours, minutes) = (offset / (60 * MINUTE), offset / MINUTE % 60);
    let minutes = if minutes == 0 { String::new() } else { format!(":{minutes:02}") };
    format!("{}, {} (UTC{hours:+}{minutes})", text::day(time.date(offset)), &shown[11..16])
}

/// `19 April`.
fn short_day(date: Date) -> String {
    format!("{} {}", date.day, text::month(date))
}

fn words(mission: &Mission) -> Vec<Word> {
    let words = mission.words.table().iter();
    words
        .map(|word| Word { word: word.word.to_string(), from_permille: word.from, to_permille: word.to })
        .collect()
}

fn thresholds(material: &Material<'_>) -> Vec<Threshold> {
    let file = "mission file";
    let mission = material.mission;
    let mut rows = mission.thresholds();
    for reading in &material.agreement.readings {
        for clause in &reading.clauses {
            let standard = clause.standard;
            rows.push((
                format!("standard of proof: clause {}, reading {}", clause.id, reading.id),
                format!(
                    "occurred {}, in the zone {}, whose forces {}",
                    probability(standard.occurred),
                    probability(standard.inside),
                    probability(standard.origin)
                ),
            ));
        }
    }
    let of_mission = mission.thresholds().len();
    rows.into_iter()
        .enumerate()
        .map(|(number, (name, value))| Threshold {
            name,
            value,
            set_by: if number < of_mission { file } else { "agreement file, [standard], set by its authors" }
                .to_string(),
        })
        .collect()
}

fn set_aside(material: &Material<'_>) -> Vec<SetAside> {
    let mut rows = Vec::new();
    for books in material.books {
        for (reason, count, first_line) in &books.set_aside {
            rows.push(SetAside {
                file: books.file.clone(),
                reason: reason.clone(),
                rows: *count,
                first_line: *first_line,
            });
        }
        if let Some(why) = &books.unused {
            rows.push(SetAside {
                file: books.file.clone(),
                reason: format!("the file was not used: {why}"),
                rows: 0,
                first_line: None,
            });
        }
    }
    rows
}

/// The base map under pictures.
fn base(mission: &Mission) -> crate::model::BaseMap {
    match mission.publication.boundaries {
        Boundaries::Unga68262 => crate::model::BaseMap::Unga68262,
        Boundaries::None => crate::model::BaseMap::NoBoundaries,
        Boundaries::Blank => crate::model::BaseMap::Blank,
    }
}

use truce::finding::probability;

pub use findings::verdict;
pub(crate) use findings::{cell as cell_of, incident as incident_row};
pub(crate) use say::{verdicts_by_reading, view};

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
