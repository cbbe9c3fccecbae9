//! Where instruments stand at a moment, as a value that knows no language, and its words in three.
//!
//! The value is made of the agreement's file, of findings and of judgements. It has no room for a fine place or a
//! moment of an incident; the people whom it names are officials, whose positions the agreement's file has.

mod page;
mod words;

pub use page::page;
pub(crate) use words::Say;
pub use words::{obligation_lines, release_lines};

use crate::compose::verdict;
use crate::model::{self, Titled, as_text};
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use truce::agreement::{Agreement, Edge, NameIn, Prose, Words};
use truce::performance::{Performance, State as Kept, Subject};
use truce::state::State;
use truce::time::{Date, Span, Time, Zone};
use truce::{Name, agreement};

/// The name and version of the JSON format.
pub const FORMAT: &str = "truceline-state/1";

/// What `truceline state` tells.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct States {
    /// Always [`FORMAT`].
    pub format: &'static str,
    /// The moment, RFC 3339 in UTC.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub at: Time,
    /// The instruments, in the order given.
    pub instruments: Vec<InstrumentState>,
    /// Every incident held against every instrument in force, by day, then in the order given.
    pub held: Vec<Held>,
}

/// An incident held against a clause of an instrument.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Held {
    /// Id of the incident.
    pub incident: String,
    /// The last day on which it may have happened.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub day: Date,
    /// What was done, as agreement files call it.
    pub act: &'static str,
    /// Id of the instrument.
    pub instrument: String,
    /// Id of the reading.
    pub reading: String,
    /// Id of the clause.
    pub clause: String,
    /// The verdict. It is never a judgement of who is responsible.
    pub verdict: model::Verdict,
    /// Code of the party by whose forces; none where the side is not established.
    pub party: Option<String>,
}

/// Where one instrument stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct InstrumentState {
    /// Id and title of the instrument.
    pub title: Titled,
    /// The moment, RFC 3339 in UTC.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub at: Time,
    /// Language of quoted words (BCP 47).
    pub language: String,
    /// Names of all who are called by a code here; the parties first, in the order of the agreement.
    pub people: Vec<Titled>,
    /// Where it stands under each reading.
    pub readings: Vec<ReadingState>,
    /// What had become of it by then, in the order of time.
    pub events: Vec<LifeEvent>,
    /// How everybody stands: the parties first, in the order of the agreement.
    pub stands: Vec<Stand>,
    /// Positions of officials on record by then, in the order of time.
    pub positions: Vec<Position>,
    /// What others have promised, and what had become of it by then.
    pub commitments: Vec<Commitment>,
    /// How obligations were kept, as far as was verified.
    pub obligations: Vec<Obligation>,
    /// Who may consider itself free, by the words of the agreement. Only a judgement changes it.
    pub releases: Vec<Release>,
    /// Was a register of judgements given? Without one it is not known whether anybody has judged.
    pub judgements_known: bool,
}

/// Where an instrument stands under one reading.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ReadingState {
    /// Id of the reading.
    pub reading: String,
    /// Code of who holds it; none for the text.
    pub held_by: Option<String>,
    /// One of `not-yet`, `proposed`, `accepted`, `signed`, `in-force`, `uncertain`, `suspended`, `denounced`, `lapsed`.
    pub status: &'static str,
    /// The end that the last extension set, where there was one.
    pub extended: Option<Moment>,
    /// The last that everybody had done about it.
    pub standing: Vec<Standing>,
}

/// The last that somebody had done about an instrument.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Standing {
    /// Code of who.
    pub who: String,
    /// What, as agreement files call it: `accepted`, `signed` and so on.
    pub what: &'static str,
    /// On which condition, in words.
    pub condition: Option<Said>,
}

/// A moment as precisely as it is known. Both ends empty: an end that the text does not set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Moment {
    /// Not before, RFC 3339 in UTC.
    #[serde(serialize_with = "model::as_optional_text")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub not_before: Option<Time>,
    /// Not after; the same as `not_before` where the moment is known; none where nothing bounds it.
    #[serde(serialize_with = "model::as_optional_text")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub not_after: Option<Time>,
}

/// Words of a text, or ours.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Said {
    /// The words.
    pub words: String,
    /// Are they quoted? Otherwise they are ours, in English.
    pub quoted: bool,
    /// Ours in Ukrainian.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uk: Option<String>,
    /// Ours in Russian.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ru: Option<String>,
}

/// Something that became of an instrument.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct LifeEvent {
    /// When.
    pub when: Moment,
    /// What, as agreement files call it.
    pub what: &'static str,
    /// Codes of those who did it.
    pub by: Vec<String>,
    /// On which condition.
    pub condition: Option<Said>,
    /// The new end, where it was extended.
    pub until: Option<Moment>,
    /// The reading that it is about; none for all.
    pub reading: Option<String>,
    /// The words.
    pub said: Said,
    /// Addresses of its sources.
    pub sources: Vec<String>,
}

/// How somebody stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Stand {
    /// Code of who.
    pub who: String,
    /// Is it a party?
    pub party: bool,
    /// How the agreement's file says that it stands, without a date; parties only.
    pub by_file: Option<&'static str>,
    /// `signed`, `not-signatory`, `not-on-record` or `not-asked`.
    pub signature: &'static str,
    /// The latest position on record; none: silent. Nothing follows from silence.
    pub position: Option<&'static str>,
    /// The day of that position.
    #[serde(serialize_with = "model::as_optional_text")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub since: Option<Date>,
}

/// A position of an official.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Position {
    /// The day, where it is known.
    #[serde(serialize_with = "model::as_optional_text")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub day: Option<Date>,
    /// Code of whose position it is.
    pub of: String,
    /// Who spoke.
    pub speaker: Option<String>,
    /// The speaker in Ukrainian.
    pub speaker_uk: Option<String>,
    /// The speaker in Russian.
    pub speaker_ru: Option<String>,
    /// As what.
    pub office: Option<String>,
    /// The office in Ukrainian.
    pub office_uk: Option<String>,
    /// The office in Russian.
    pub office_ru: Option<String>,
    /// What it amounts to, as agreement files call it.
    pub stance: &'static str,
    /// The words.
    pub said: Said,
    /// Addresses of its sources.
    pub sources: Vec<String>,
}

/// What somebody promised.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Commitment {
    /// Its id in the agreement file.
    pub id: String,
    /// Code of who is committed.
    pub by: String,
    /// `aid`, `sanctions`, `guarantee`, `monitoring` or `other`.
    pub kind: &'static str,
    /// The words.
    pub said: Said,
    /// What had become of it, in the order of time; the last is its state.
    pub states: Vec<CommitmentState>,
    /// Addresses of its sources.
    pub sources: Vec<String>,
}

/// What became of a promise.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CommitmentState {
    /// When.
    pub when: Moment,
    /// What, as agreement files call it.
    pub state: &'static str,
    /// The words.
    pub said: Said,
    /// Addresses of its sources.
    pub sources: Vec<String>,
}

/// How an obligation was kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Obligation {
    /// Id of the reading.
    pub reading: String,
    /// The clause.
    pub clause: Titled,
    /// Code of who owes it.
    pub party: String,
    /// What was to be done.
    pub subject: Owed,
    /// The words of the stage, where it is one.
    pub said: Option<Said>,
    /// By when, where the text sets a moment.
    pub due: Option<Moment>,
    /// How it was kept.
    pub state: Done,
    /// The verdict that goes with it. It is never a judgement of who is responsible.
    pub verdict: model::Verdict,
}

/// What was to be done. Days are those of the mission's clock.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Owed {
    /// A stage.
    Stage {
        /// Its id.
        stage: String,
    },
    /// A stage of every day, on one day.
    Day {
        /// Its id.
        stage: String,
        /// The day.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(test, schemars(with = "String"))]
        day: Date,
    },
    /// The same, on days in a row of which nothing was reported.
    Days {
        /// Its id.
        stage: String,
        /// The first day.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(test, schemars(with = "String"))]
        from: Date,
        /// The last.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(test, schemars(with = "String"))]
        to: Date,
    },
    /// A quantity, as one source counted it.
    Quantity {
        /// The source.
        source: String,
        /// The first day that its counts cover.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(test, schemars(with = "String"))]
        from: Date,
        /// The last.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(test, schemars(with = "String"))]
        to: Date,
    },
    /// A notice that had to be given ahead of an act.
    Notice {
        /// The day by which it had to be given.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(test, schemars(with = "String"))]
        day: Date,
    },
}

/// How an obligation was kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Done {
    /// In time.
    Done,
    /// After its deadline.
    Late,
    /// Not by its deadline: overdue.
    NotDone,
    /// Only in part by its deadline.
    Partly,
    /// The deadline has not passed.
    NotYetDue,
    /// By a share.
    Share {
        /// Counted.
        counted: u64,
        /// Counted, if all counts of which it cannot be told whether they add up do; else the same.
        perhaps: u64,
        /// Owed (or allowed) in the windows that were counted throughout; where there is none, in all that the counts touch.
        owed: u64,
        /// The share, permille.
        permille: Option<u64>,
        /// Windows that were missed by themselves, or went beyond their limit.
        missed: u64,
        /// Is it a party's own count? Then it decides nothing.
        by_party: bool,
        /// Why nothing is decided, if so: such as `part-of-time` or `only-reported`.
        why: Option<&'static str>,
    },
    /// It cannot be judged.
    CannotBeJudged {
        /// Why not: such as `nothing-verified` or `only-alleged`.
        why: &'static str,
    },
}

/// How a self-release stands for one party.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Release {
    /// Id of the consequence in the agreement file.
    pub consequence: String,
    /// The words that allow it.
    pub said: Said,
    /// The reading that has it; none for all.
    pub reading: Option<String>,
    /// Code of the body whose judgement it takes; none: any named body's.
    pub judged_by: Option<String>,
    /// Code of the party that could rely on it.
    pub party: String,
    /// Does the party allege a violation by another?
    pub alleged: bool,
    /// Findings of breach by another. They change nothing.
    pub findings: u32,
    /// What was found of each party, in the order of the agreement, and last where the side is not established; empty
    /// where no observations were given.
    pub found: Vec<Found>,
    /// The share of the line that was observed in the time of the instrument, the same for all sides.
    pub observed: Option<ObservedShare>,
    /// The judgement by which it may consider itself free.
    pub judged: Option<Judged>,
}

/// What was found of one side.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Found {
    /// Code of the party; none: side not established.
    pub party: Option<String>,
    /// Findings of breach.
    pub breaches: u32,
    /// Subjects of which nothing can be said but that it is undetermined.
    pub undetermined: u32,
}

/// A share of the line and of a stretch of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ObservedShare {
    /// The first moment, RFC 3339 in UTC.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub from: Time,
    /// The first moment after.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub to: Time,
    /// The share, permille.
    pub permille: u16,
}

/// A judgement that holds another responsible.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Judged {
    /// The body.
    pub by: String,
    /// When, RFC 3339 in UTC.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub at: Time,
}

impl InstrumentState {
    /// The state as a value. Days are cut by `clock`, the mission's.
    pub fn of(state: &State<'_>, clock: Zone) -> Self {
        let agreement = state.agreement;
        let sources = |ids: &[Name]| addresses(agreement, ids);
        Self {
            title: Titled {
                code: agreement.id.to_string(),
                name: agreement.title.clone(),
                uk: agreement.titles.uk.clone(),
                ru: agreement.titles.ru.clone(),
            },
            at: state.at,
            language: agreement.language.to_string(),
            people: state.people().into_iter().map(|code| person(agreement, code)).collect(),
            readings: state
                .readings
                .iter()
                .map(|of| ReadingState {
                    reading: of.reading.to_string(),
                    held_by: agreement
                        .reading(&of.reading)
                        .and_then(|reading| reading.holder.as_ref())
                        .map(ToString::to_string),
                    status: of.status.name(),
                    extended: of.extended.map(Moment::from),
                    standing: of
                        .standing
                        .iter()
                        .map(|one| Standing {
                            who: one.who.to_string(),
                            what: one.what.name(),
                            condition: one.condition.as_ref().map(Said::from),
                        })
                        .collect(),
                })
                .collect(),
            events: state
                .events
                .iter()
                .map(|event| LifeEvent {
                    when: event.date.into(),
                    what: event.what.name(),
                    by: event.by.iter().map(ToString::to_string).collect(),
                    condition: event.condition.as_ref().map(Said::from),
                    until: event.until.map(Moment::from),
                    reading: event.reading.as_ref().map(ToString::to_string),
                    said: (&event.words).into(),
                    sources: sources(&event.sources),
                })
                .collect(),
            stands: state
                .stands
                .iter()
                .map(|stand| Stand {
                    who: stand.who.to_string(),
                    party: agreement.party(stand.who).is_some(),
                    // It has no date in the file: before the first trace of the instrument it would be hindsight.
                    by_file: agreement
                        .party(stand.who)
                        .filter(|_| agreement.known_at(state.at))
                        .map(|party| party.stance.name()),
                    signature: stand.signature.name(),
                    position: stand.position.map(|position| position.stance.name()),
                    since: stand.position.and_then(|position| position.date),
                })
                .collect(),
            positions: state
                .positions
                .iter()
                .map(|position| Position {
                    day: position.date,
                    of: position.party.to_string(),
                    speaker: position.speaker.clone(),
                    speaker_uk: position.speakers.uk.clone(),
                    speaker_ru: position.speakers.ru.clone(),
                    office: position.office.clone(),
                    office_uk: position.offices.uk.clone(),
                    office_ru: position.offices.ru.clone(),
                    stance: position.stance.name(),
                    said: (&position.words).into(),
                    sources: sources(&position.sources),
                })
                .collect(),
            commitments: state.commitments.iter().map(|one| commitment(one, state.at, &sources)).collect(),
            obligations: obligations(agreement, &state.performances, clock),
            releases: state
                .releases
                .iter()
                .map(|release| Release {
                    consequence: release.consequence.id.to_string(),
                    said: (&release.consequence.words).into(),
                    reading: release.consequence.reading.as_ref().map(ToString::to_string),
                    judged_by: release.consequence.judged_by.as_ref().map(ToString::to_string),
                    party: release.party.to_string(),
                    alleged: release.alleged,
                    findings: release.findings,
                    found: release
                        .found
                        .iter()
                        .filter(|_| state.looked)
                        .map(|found| Found {
                            party: found.party.as_ref().map(ToString::to_string),
                            breaches: found.breaches,
                            undetermined: found.undetermined,
                        })
                        .collect(),
                    observed: state.observed.map(|observed| ObservedShare {
                        from: observed.time.start,
                        to: observed.time.end,
                        permille: observed.permille,
                    }),
                    judged: release
                        .judged
                        .as_ref()
                        .map(|judged| Judged { by: judged.by.to_string(), at: judged.at }),
                })
                .collect(),
            judgements_known: state.judged,
        }
    }
}

fn commitment(one: &agreement::Commitment, at: Time, sources: &dyn Fn(&[Name]) -> Vec<String>) -> Commitment {
    Commitment {
        id: one.id.to_string(),
        by: one.by.to_string(),
        kind: one.kind.name(),
        said: (&one.words).into(),
        states: one
            .states
            .iter()
            .filter(|(date, ..)| date.earliest <= at)
            .map(|(date, state, words, ids)| CommitmentState {
                when: (*date).into(),
                state: state.name(),
                said: words.into(),
                sources: sources(ids),
            })
            .collect(),
        sources: sources(&one.sources),
    }
}

fn obligations(agreement: &Agreement, performances: &[Performance], clock: Zone) -> Vec<Obligation> {
    performances
        .iter()
        .map(|one| {
            let clause = agreement.reading(&one.reading).and_then(|reading| reading.clause(&one.clause));
            let stage = |id: &Name| {
                let stage = clause.and_then(|clause| clause.stages.iter().find(|stage| stage.id == *id));
                stage.map(|stage| Said::from(&stage.words))
            };
            let days =
                |time: Span| (clock.date(time.start), clock.date(Time((time.end.0 - 1).max(time.start.0))));
            let (subject, said, due) = match &one.subject {
                Subject::Stage(id) => (Owed::Stage { stage: id.to_string() }, stage(id), one.due),
                Subject::Day(id, day) => (Owed::Day { stage: id.to_string(), day: *day }, stage(id), one.due),
                Subject::Days(id, from, to) => {
                    (Owed::Days { stage: id.to_string(), from: *from, to: *to }, stage(id), None)
                }
                Subject::Quantity { source, time, .. } => {
                    let (from, to) = days(*time);
                    (Owed::Quantity { source: source.to_string(), from, to }, None, None)
                }
                // The hour would tell that of the act: the day is told, and no deadline.
                Subject::Notice(_) => {
                    let day = one.due.map_or_else(|| clock.date(Time(0)), |due| clock.date(due.earliest));
                    (Owed::Notice { day }, None, None)
                }
            };
            Obligation {
                reading: one.reading.to_string(),
                clause: Titled {
                    code: one.clause.to_string(),
                    name: clause.map_or_else(|| one.clause.to_string(), |clause| clause.title.to_string()),
                    uk: clause.and_then(|clause| clause.titles.uk.clone()),
                    ru: clause.and_then(|clause| clause.titles.ru.clone()),
                },
                party: one.party.to_string(),
                subject,
                said,
                due: due.map(Moment::from),
                state: (&one.state).into(),
                verdict: verdict(one.verdict()),
            }
        })
        .collect()
}

/// Addresses of sources by their ids.
fn addresses(agreement: &Agreement, ids: &[Name]) -> Vec<String> {
    let address = |id: &Name| agreement.sources.iter().find(|source| source.id == *id);
    ids.iter().filter_map(address).map(|source| source.url.clone()).collect()
}

/// Somebody by the code, with the names that the file has.
fn person(agreement: &Agreement, code: &Name) -> Titled {
    let party = agreement.party(code).map(|party| &party.names);
    let actor = || agreement.actors.iter().find(|actor| actor.code == *code).map(|actor| &actor.names);
    let body = || agreement.mechanisms.iter().find(|body| body.code == *code).map(|body| &body.names);
    let names: &[NameIn] = party.or_else(actor).or_else(body).map_or(&[], |names| names);
    let in_language =
        |language: &str| names.iter().find(|one| one.language == language).map(|one| one.name.to_string());
    Titled {
        code: code.to_string(),
        name: agreement.name_of(code).to_string(),
        uk: in_language("uk"),
        ru: in_language("ru"),
    }
}

impl From<Edge> for Moment {
    fn from(edge: Edge) -> Self {
        if edge.is_open() {
            return Self { not_before: None, not_after: None };
        }
        Self { not_before: Some(edge.earliest), not_after: edge.latest }
    }
}

impl From<&Words> for Said {
    fn from(words: &Words) -> Self {
        match words {
            Words::Quote(words) => Self { words: words.clone(), quoted: true, uk: None, ru: None },
            Words::Paraphrase(ours) => ours.into(),
        }
    }
}

impl From<&Prose> for Said {
    fn from(ours: &Prose) -> Self {
        Self {
            words: ours.text.clone(),
            quoted: false,
            uk: ours.titles.uk.clone(),
            ru: ours.titles.ru.clone(),
        }
    }
}

impl From<&Kept> for Done {
    fn from(state: &Kept) -> Self {
        match state {
            Kept::Done => Self::Done,
            Kept::Late => Self::Late,
            Kept::NotDone => Self::NotDone,
            Kept::Partly => Self::Partly,
            Kept::NotYetDue => Self::NotYetDue,
            Kept::Share(share) => Self::Share {
                counted: share.counted,
                perhaps: share.perhaps,
                owed: share.owed,
                permille: share.permille(),
                // Where nothing is decided, no window is told as missed.
                missed: if share.open.is_some() { 0 } else { share.missed },
                by_party: share.alleged(),
                why: share.open.map(|gap| gap.name()),
            },
            Kept::CannotBeJudged(gap) => Self::CannotBeJudged { why: gap.name() },
        }
    }
}

/// The value as JSON, one field a line. Schema: `docs/state.schema.json`.
pub fn json(states: &States) -> String {
    let mut text =
        serde_json::to_string_pretty(states).expect("structs of texts and integers always have a JSON form");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
