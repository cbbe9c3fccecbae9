//! Agreements as signed: parties, readings, periods, lines, zones, clauses.
//!
//! An agreement is a file that a lawyer can read (`docs/agreement-language.md` lists every key).
//! [`Agreement::compile`] refuses what contradicts itself; [`explain()`] says what it means in plain words.
//! Where the text leaves something open, the model says "unknown" rather than guess: the edge of a period
//! may be an interval, a list may be not known, an act may be not settled.

mod actor;
mod compile;
mod condition;
mod duty;
pub mod explain;
pub mod keys;
mod life;
mod phase;
mod weapons;

pub use actor::{Actor, Mechanism, NameIn, Role, Task};
pub use compile::Papers;
pub use condition::{Burden, Condition, Late, Test, When};
pub use duty::{About, Bound, Distance, Due, Quantity, ShownBy, Stage, Threshold};
pub use explain::explain;
pub use life::{
    Commitment, CommitmentKind, CommitmentState, Effect, Event, Freed, Signature, Stand, Standing, StateOf,
    Status, What,
};
pub use phase::{Gate, Indicator, Phase};
pub use weapons::{Arm, Arsenal, Calibre, Means, System};

use crate::Name;
use crate::observation::{Act, Belongs, Force, Target, Weapon};
use crate::place::{Mm, Point};
use crate::time::{Date, Micros, Span, Time, Zone};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// One instrument, complete and free of contradictions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreement {
    /// Short name, such as `easter-2025`.
    pub id: Name,
    /// Title.
    pub title: String,
    /// The same in other languages.
    pub titles: Titles,
    /// Language of the quoted words (BCP 47), such as `en`.
    pub language: Name,
    /// How it came about.
    pub nature: Nature,
    /// The parties, in the order of the file: every listing follows it.
    pub parties: Vec<Party>,
    /// Guarantors, mediators and others who have a part in it.
    pub actors: Vec<Actor>,
    /// Bodies that the text sets up.
    pub mechanisms: Vec<Mechanism>,
    /// Where the terms were published.
    pub sources: Vec<Source>,
    /// Lines, the reference line among them; none where the text speaks of no line.
    pub lines: Vec<Line>,
    /// Zones.
    pub zones: Vec<Zoned>,
    /// The listed sites; `None` when clauses speak of a list that is not known, or of none.
    pub sites: Option<Vec<Site>>,
    /// How near to a listed site something is at it.
    pub site_radius: Mm,
    /// Weapon systems by name.
    pub arsenal: Arsenal,
    /// At least one. Each is complete; they are never mixed.
    pub readings: Vec<Reading>,
    /// What the text says will follow: shown, never executed.
    pub consequences: Vec<Consequence>,
    /// Who said what about the instrument.
    pub positions: Vec<Position>,
    /// What became of it, in the order of time.
    pub events: Vec<Event>,
    /// What others have promised.
    pub commitments: Vec<Commitment>,
    /// A plan step by step.
    pub phases: Vec<Phase>,
    /// What the sources do not tell, in words.
    pub not_known: Vec<Prose>,
}

impl Agreement {
    /// The line on which pictures lay their kilometres. [`Agreement::compile`] makes sure there is one if there
    /// are any lines.
    pub fn reference_line(&self) -> Option<&Line> {
        self.lines.iter().find(|line| line.reference)
    }

    /// The name of anybody by the code: a party, a guarantor, a mechanism; the code itself if it is nobody's.
    pub fn name_of<'a>(&'a self, code: &'a Name) -> &'a Name {
        let party = self.party(code).map(|party| &party.name);
        let actor = || self.actors.iter().find(|actor| actor.code == *code).map(|actor| &actor.name);
        let mechanism = || self.mechanisms.iter().find(|body| body.code == *code).map(|body| &body.name);
        party.or_else(actor).or_else(mechanism).unwrap_or(code)
    }

    /// A party by its code.
    pub fn party(&self, code: &str) -> Option<&Party> {
        self.parties.iter().find(|party| &*party.code == code)
    }

    /// A zone by its id.
    pub fn zone(&self, id: &str) -> Option<&Zoned> {
        self.zones.iter().find(|zone| &*zone.id == id)
    }

    /// A reading by its id.
    pub fn reading(&self, id: &str) -> Option<&Reading> {
        self.readings.iter().find(|reading| &*reading.id == id)
    }

    /// From the earliest start to the latest known end of any reading: the time to look at. With an open end it
    /// is looked at up to `as_of`.
    pub fn window(&self, as_of: Time) -> Span {
        let periods = || self.readings.iter().flat_map(|reading| &reading.periods);
        let start = periods().map(|period| period.from.earliest).min().unwrap_or_default();
        let end = periods().map(|period| match period.to {
            to if to.is_open() => as_of.max(period.from.earliest),
            to => to.latest.unwrap_or(to.earliest),
        });
        Span { start, end: end.max().unwrap_or(start) }
    }
}

/// A title, name or office in other languages, where the file has it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Titles {
    /// In Ukrainian.
    pub uk: Option<String>,
    /// In Russian.
    pub ru: Option<String>,
}

impl Titles {
    /// In a language by its tag; `None` where the file has it not.
    pub fn get(&self, language: &str) -> Option<&str> {
        match language {
            "uk" => self.uk.as_deref(),
            "ru" => self.ru.as_deref(),
            _ => None,
        }
    }
}

/// What those who wrote the file say in words of their own, in English, and the same in other languages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prose {
    /// In English.
    pub text: String,
    /// The translations, where the file has them.
    pub titles: Titles,
}

impl fmt::Display for Prose {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// How an instrument came about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nature {
    /// The parties agreed it.
    Agreed,
    /// The parties announced it, each in its own words.
    Announced,
    /// One side declared it.
    Unilateral,
    /// It was proposed.
    Proposed,
}

impl Nature {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("agreed", Self::Agreed),
        ("announced", Self::Announced),
        ("unilateral", Self::Unilateral),
        ("proposed", Self::Proposed),
    ];
}

/// A party to the instrument.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Party {
    /// Short code, used everywhere else.
    pub code: Name,
    /// Full name.
    pub name: Name,
    /// Other names and inflected forms by which texts call it.
    pub forms: Vec<Name>,
    /// Its name in other languages.
    pub names: Vec<NameIn>,
    /// How it stands to the instrument.
    pub stance: Stance,
    /// Its capital's clock and the name of that clock.
    pub clock: Option<(Name, Zone)>,
}

/// How a party stands to an instrument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stance {
    /// It declared the instrument.
    Declared,
    /// It answered that it would act as the other side acts.
    Mirrors,
    /// It agreed.
    Agreed,
    /// It accepts what was proposed.
    Accepts,
    /// It agreed under conditions.
    Conditional,
    /// It waits for details.
    Awaits,
    /// It rejects the instrument.
    Rejects,
    /// It proposes the instrument.
    Proposes,
}

impl Stance {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 8] = [
        ("declared", Self::Declared),
        ("mirrors", Self::Mirrors),
        ("agreed", Self::Agreed),
        ("accepts", Self::Accepts),
        ("conditional", Self::Conditional),
        ("awaits", Self::Awaits),
        ("rejects", Self::Rejects),
        ("proposes", Self::Proposes),
    ];

    /// The name in files and reports as data.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, stance)| *stance == self).map_or("", |(name, _)| name)
    }
}

/// Where terms, positions and words were published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Short name in the file.
    pub id: Name,
    /// Address.
    pub url: String,
    /// What sort of source it is, where that was checked.
    pub kind: SourceKind,
}

/// Sorts of sources, as lawyers weigh them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SourceKind {
    /// The publisher's own page.
    Primary,
    /// A news report.
    News,
    /// A copy or translation elsewhere.
    Copy,
    /// A weak site, to be used with corroboration only.
    Weak,
    /// A party to the conflict, or aligned with one.
    Party,
    /// Nobody has rated it.
    Unrated,
}

impl SourceKind {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("primary", Self::Primary),
        ("news", Self::News),
        ("copy", Self::Copy),
        ("weak", Self::Weak),
        ("party", Self::Party),
        ("unrated", Self::Unrated),
    ];
}

pub use crate::geodesy::Polygon;

/// What a shape file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Lines, each in the direction in which it was drawn.
    Lines(Vec<Vec<Point>>),
    /// Areas.
    Areas(Vec<Polygon>),
}

/// A line between two parties.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Short name.
    pub id: Name,
    /// The line on which pictures lay their kilometres: one per agreement.
    pub reference: bool,
    /// Which version of the line counts.
    pub date: Option<Date>,
    /// Where it runs.
    pub course: Course,
    /// What a reader should know about it.
    pub note: Option<Prose>,
    /// Later versions, in the order of time; each counts from its moment until the next.
    pub versions: Vec<Version>,
}

/// A later version of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    /// From when on it counts.
    pub since: Time,
    /// The day of its map or drawing.
    pub date: Option<Date>,
    /// Where it runs.
    pub course: Course,
    /// What a reader should know about it.
    pub note: Option<Prose>,
}

/// Where a line runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Course {
    /// As drawn in a file; seen in the direction of drawing, who is on which side.
    Drawn {
        /// The lines.
        lines: Vec<Vec<Point>>,
        /// Party on the left.
        left: Name,
        /// Party on the right.
        right: Name,
    },
    /// The boundary of the ground that a party holds by a source's map of [`Line::date`], less coast and
    /// state border; beyond what the source maps, the side is undetermined.
    HeldGround {
        /// The data source, as in the mission file.
        data: Name,
        /// Whose ground the source maps.
        held_by: Name,
        /// Who is on the other side.
        across: Name,
    },
    /// The agreement names the line and no course of it is at hand: what hangs on it is not known.
    NotKnown {
        /// Party on one side.
        left: Name,
        /// Party on the other.
        right: Name,
    },
}

/// A zone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Zoned {
    /// Short name.
    pub id: Name,
    /// What it covers.
    pub extent: Extent,
}

/// What a zone covers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Extent {
    /// As drawn in a file.
    Drawn(Vec<Polygon>),
    /// By distance from a line: a predicate on signed distance, not a drawn buffer.
    FromLine {
        /// Id of the line.
        line: Name,
        /// The zone lies on the sides of these parties.
        sides: Vec<Name>,
        /// At this distance or farther.
        beyond: Mm,
        /// At this distance or nearer.
        within: Mm,
        /// Lines of their own from which the distance is measured on the side of, and for, a party.
        own: Vec<(Name, Name)>,
    },
    /// Around objects that move, such as ships: their positions are observations.
    Around {
        /// The class of objects.
        class: Name,
        /// At this distance or nearer.
        within: Mm,
        /// How long a position tells where an object is.
        fresh: Micros,
    },
    /// Around listed sites.
    Sites {
        /// Of these classes.
        classes: Vec<Target>,
        /// At this distance or nearer.
        within: Mm,
    },
}

/// A listed site.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Site {
    /// Its name.
    pub name: Name,
    /// What it is.
    pub class: Target,
    /// Where it is.
    pub at: Point,
}

/// One complete version of the terms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// Short name; `text` when the file gives no readings.
    pub id: Name,
    /// Who reads the text so, a party or anybody else who has a code; `None` for the text itself.
    pub holder: Option<Name>,
    /// When it is in force: the periods of the text, with what became of them ([`Agreement::events`]).
    pub periods: Vec<Period>,
    /// When nobody is bound any more, whatever periods a clause has of its own.
    pub ended: Vec<Period>,
    /// When it is disputed whether anybody is bound.
    pub disputed: Vec<Period>,
    /// Who is no longer bound, and when.
    pub freed: Vec<Freed>,
    /// Its clauses.
    pub clauses: Vec<Clause>,
    /// Sources for this reading.
    pub sources: Vec<Name>,
}

impl Reading {
    /// A clause by its id.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| &*clause.id == id)
    }

    /// Was it in force during all of `time` (`Yes`), during none of it (`No`), or can't that be told: the
    /// time reaches over an edge, the hour of an edge is not known, or it is disputed?
    pub fn in_force(&self, time: Span) -> Belongs {
        self.undisputed(&self.periods, time)
    }

    /// The same for one of its clauses, which may have periods of its own.
    pub fn clause_in_force(&self, clause: &Clause, time: Span) -> Belongs {
        self.undisputed(self.periods_of(clause), time)
    }

    /// The periods of a clause: its own, or those of the reading.
    pub fn periods_of<'a>(&'a self, clause: &'a Clause) -> &'a [Period] {
        if clause.periods.is_empty() { &self.periods } else { &clause.periods }
    }

    fn undisputed(&self, periods: &[Period], time: Span) -> Belongs {
        let held = any_of(periods.iter().map(|period| period.holds(time)));
        let disputed = any_of(self.disputed.iter().map(|period| period.holds(time)));
        match any_of(self.ended.iter().map(|period| period.holds(time))) {
            Belongs::Yes => Belongs::No,
            Belongs::Unknown if held == Belongs::Yes => Belongs::Unknown,
            _ if held == Belongs::Yes && disputed != Belongs::No => Belongs::Unknown,
            _ => held,
        }
    }
}

/// A stretch of time with edges as precise as the text makes them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Period {
    /// When it starts.
    pub from: Edge,
    /// When it ends.
    pub to: Edge,
    /// May it be extended by the text?
    pub extendable: bool,
}

impl Edge {
    /// The same edge so much later (earlier, if negative).
    #[must_use]
    pub fn shifted(self, by: Micros) -> Self {
        let shift = |time: Time| Time(time.0.saturating_add(by));
        Self { earliest: shift(self.earliest), latest: self.latest.map(shift) }
    }
}

/// A moment that may be known only to lie in an interval.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    /// Not before this.
    pub earliest: Time,
    /// Not after this; `None` when nothing is known.
    pub latest: Option<Time>,
}

impl Edge {
    /// An end that the text does not set: it lasts until an event ends it. Later than any moment.
    pub const OPEN: Self = Self { earliest: Time(i64::MAX), latest: Some(Time(i64::MAX)) };

    /// A moment that is known.
    pub fn at(time: Time) -> Self {
        Self { earliest: time, latest: Some(time) }
    }

    /// Is it the end that the text does not set?
    pub fn is_open(self) -> bool {
        self == Self::OPEN
    }

    /// The moment, if it is known; an open end is none.
    pub fn exact(self) -> Option<Time> {
        (self.latest == Some(self.earliest) && !self.is_open()).then_some(self.earliest)
    }
}

impl Period {
    /// Does all of `time` lie within (`Yes`), none of it (`No`), or can't that be told?
    pub fn holds(&self, time: Span) -> Belongs {
        // An instant at the start is in, an instant at the end is not: as for every Span.
        let ends_by = |edge: Time| time.end <= edge && time.start < edge;
        if self.from.latest.is_some_and(|from| from <= time.start) && ends_by(self.to.earliest) {
            Belongs::Yes
        } else if ends_by(self.from.earliest) || self.to.latest.is_some_and(|to| to <= time.start) {
            Belongs::No
        } else {
            Belongs::Unknown
        }
    }
}

/// One rule of one reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clause {
    /// Short name, the same in every reading.
    pub id: Name,
    /// Title.
    pub title: String,
    /// The same in other languages.
    pub titles: Titles,
    /// The words of the text, or what stands for them.
    pub words: Words,
    /// What sort of rule it is.
    pub mode: Mode,
    /// Codes of the parties it binds.
    pub binds: Vec<Name>,
    /// The acts it speaks of, with all that belong to them; never empty.
    pub acts: Vec<Act>,
    /// Acts of which the text does not say whether they fall under it.
    pub unsettled_acts: Vec<Act>,
    /// With which means; empty for any.
    pub means: Vec<Weapon>,
    /// Weapon systems that are meant beside these means.
    pub systems: Vec<System>,
    /// Bounds on the calibre of these means.
    pub calibre: Calibre,
    /// Whose people; empty for anyone.
    pub forces: Vec<Force>,
    /// Against what; empty for anything.
    pub targets: Vec<Target>,
    /// Is it known which of the targets are meant? If not, one that belongs to `targets` is undetermined:
    /// "list not known".
    pub list_known: bool,
    /// Where.
    pub place: Where,
    /// When it holds, if not during all of the reading's periods.
    pub periods: Vec<Period>,
    /// How far weapons must be from a line; then [`Clause::place`] is everywhere.
    pub distances: Vec<Distance>,
    /// From where on an act counts.
    pub threshold: Option<Threshold>,
    /// How much of something.
    pub quantity: Option<Quantity>,
    /// Steps of an obligation.
    pub stages: Vec<Stage>,
    /// What must be so for a permission to hold.
    pub conditions: Vec<Condition>,
    /// Clauses of which a permission takes out what it permits.
    pub over: Vec<Name>,
    /// What it does not cover.
    pub exceptions: Vec<Exception>,
    /// How sure a finding must be.
    pub standard: Standard,
    /// Ids of its sources; never empty.
    pub sources: Vec<Name>,
}

impl Party {
    /// Its name in a language, if the file has it.
    pub fn name_in(&self, language: &str) -> Option<&Name> {
        self.names.iter().find(|one| one.language == language).map(|one| &one.name)
    }
}

impl Clause {
    /// Does the clause speak of this act? An act that the text does not settle is `Unknown`; so is one known
    /// too coarsely. A coarse act that the clause names is covered although a sort of it may be unsettled:
    /// who relies on the finer sort has to show it.
    pub fn covers_act(&self, act: Act) -> Belongs {
        if any_of(self.unsettled_acts.iter().map(|unsettled| act.belongs(*unsettled))) == Belongs::Yes {
            return Belongs::Unknown;
        }
        any_of(self.acts.iter().map(|named| act.belongs(*named)))
    }

    /// Does the clause speak of this means, of which only the class is known?
    pub fn covers_means(&self, weapon: Weapon) -> Belongs {
        self.covers_arm(&Arm::of(weapon))
    }

    /// Does the clause name any means?
    pub fn names_means(&self) -> bool {
        !self.means.is_empty() || !self.systems.is_empty() || self.calibre != Calibre::default()
    }

    /// Does the clause speak of this weapon?
    pub fn covers_arm(&self, arm: &Arm) -> Belongs {
        weapons::covers(&self.means, &self.systems, &self.calibre, arm)
    }

    /// Does the clause speak of such people?
    pub fn covers_force(&self, force: Force) -> Belongs {
        if self.forces.is_empty() {
            return Belongs::Yes;
        }
        any_of(self.forces.iter().map(|named| force.belongs(*named)))
    }

    /// Does the clause speak of this target? `Unknown` also when only the list would tell and it is not
    /// known: see [`Clause::list_known`].
    pub fn covers_target(&self, target: Target) -> Belongs {
        if self.targets.is_empty() {
            return Belongs::Yes;
        }
        match any_of(self.targets.iter().map(|named| target.belongs(*named))) {
            Belongs::Yes if !self.list_known => Belongs::Unknown,
            other => other,
        }
    }

    /// The exceptions that cover such an act, or may cover it.
    pub fn exceptions_for(
        &self,
        act: Act,
        weapon: Weapon,
        target: Target,
    ) -> impl Iterator<Item = (&Exception, Belongs)> {
        self.exceptions
            .iter()
            .map(move |exception| (exception, exception.covers(act, weapon, target, Force::Undetermined)))
            .filter(|(_, covers)| *covers != Belongs::No)
    }
}

/// The words of a clause.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Words {
    /// Quoted from the text.
    Quote(String),
    /// Nobody's words but ours.
    Paraphrase(Prose),
}

/// Sorts of rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// The acts must not be done.
    Prohibit,
    /// The acts must be done.
    Oblige,
    /// The acts may be done.
    Permit,
}

impl Mode {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 3] =
        [("prohibits", Self::Prohibit), ("obliges", Self::Oblige), ("permits", Self::Permit)];
}

/// Where a clause holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Where {
    /// Everywhere.
    Anywhere,
    /// In the zone with this id.
    Zone(Name),
    /// At the listed sites: [`Agreement::sites`], `None` when the list is not known.
    Sites,
}

/// What a clause does not cover: an act that meets all that is named here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exception {
    /// The words.
    pub words: Words,
    /// Acts; empty for any.
    pub acts: Vec<Act>,
    /// Means; empty for any.
    pub means: Vec<Weapon>,
    /// Targets; empty for any.
    pub targets: Vec<Target>,
    /// Whose people; empty for anyone.
    pub forces: Vec<Force>,
    /// What must be so.
    pub conditions: Vec<Condition>,
    /// Who has to show that it is so.
    pub burden: Burden,
}

impl Exception {
    /// Is such an act excepted, if the conditions are met?
    pub fn covers(&self, act: Act, weapon: Weapon, target: Target, force: Force) -> Belongs {
        let acts = (!self.acts.is_empty()).then(|| any_of(self.acts.iter().map(|named| act.belongs(*named))));
        let means =
            (!self.means.is_empty()).then(|| any_of(self.means.iter().map(|named| weapon.belongs(*named))));
        let targets = (!self.targets.is_empty())
            .then(|| any_of(self.targets.iter().map(|named| target.belongs(*named))));
        let forces =
            (!self.forces.is_empty()).then(|| any_of(self.forces.iter().map(|named| force.belongs(*named))));
        let all = [acts, means, targets, forces];
        let is = |wanted: Belongs| move |answer: &Option<Belongs>| *answer == Some(wanted);
        if all.iter().any(is(Belongs::No)) {
            Belongs::No
        } else if all.iter().any(is(Belongs::Unknown)) {
            Belongs::Unknown
        } else {
            Belongs::Yes
        }
    }
}

/// How sure a finding of breach must be: probabilities in permille. Not part of any text; set by those who
/// monitor it, and cited by every finding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standard {
    /// That it happened.
    pub occurred: u16,
    /// That it happened where the clause holds.
    pub inside: u16,
    /// That forces of a named side did it; below this the side is "not established".
    pub origin: u16,
}

/// What the text says will follow on something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Consequence {
    /// Short name.
    pub id: Name,
    /// What sort it is.
    pub kind: ConsequenceKind,
    /// The words.
    pub words: Words,
    /// The reading that has it; `None` when all have.
    pub reading: Option<Name>,
    /// Ids of the clauses on whose breach it follows; empty for any.
    pub on: Vec<Name>,
    /// Whose judgement it takes.
    pub judged_by: Option<Name>,
    /// Ids of its sources.
    pub sources: Vec<Name>,
}

/// Sorts of consequences. None is ever executed; the state changes on a judgement, not on a finding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConsequenceKind {
    /// If one side violates, the other may consider itself free.
    SelfRelease,
    /// The text lays down what is done.
    Measure,
    /// Somebody is told.
    Notify,
    /// Anything else.
    Other,
}

impl ConsequenceKind {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("self-release", Self::SelfRelease),
        ("measure", Self::Measure),
        ("notify", Self::Notify),
        ("other", Self::Other),
    ];
}

/// What somebody said about the instrument.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Position {
    /// Whose position: a party or anybody else who has a code.
    pub party: Name,
    /// Who spoke, where known.
    pub speaker: Option<String>,
    /// The speaker in other languages.
    pub speakers: Titles,
    /// As what.
    pub office: Option<String>,
    /// The office in other languages.
    pub offices: Titles,
    /// When, where known.
    pub date: Option<Date>,
    /// What it amounts to.
    pub stance: Stance,
    /// The words.
    pub words: Words,
    /// Ids of its sources.
    pub sources: Vec<Name>,
}

/// Belongs to at least one of several classes.
fn any_of(answers: impl Iterator<Item = Belongs>) -> Belongs {
    answers.fold(Belongs::No, |any, next| match (any, next) {
        (Belongs::Yes, _) | (_, Belongs::Yes) => Belongs::Yes,
        (Belongs::Unknown, _) | (_, Belongs::Unknown) => Belongs::Unknown,
        (Belongs::No, Belongs::No) => Belongs::No,
    })
}

#[cfg(test)]
mod tests;
