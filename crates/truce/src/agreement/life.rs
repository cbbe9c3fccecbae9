//! The life of an instrument: what became of it, who stood how, and what others promised.

use super::{Agreement, Edge, Nature, Period, Position, Prose, Reading, Words};
use crate::Name;
use crate::observation::Belongs;
use crate::time::{Span, Time};
use alloc::vec::Vec;

/// Something that became of the instrument.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// When.
    pub date: Edge,
    /// What.
    pub what: What,
    /// Codes of those who did it.
    pub by: Vec<Name>,
    /// On which condition, in words.
    pub condition: Option<Prose>,
    /// The new end.
    pub until: Option<Edge>,
    /// What it does to those who are bound.
    pub effect: Option<Effect>,
    /// The reading that it is about; `None` for all.
    pub reading: Option<Name>,
    /// The words.
    pub words: Words,
    /// Ids of its sources.
    pub sources: Vec<Name>,
}

/// What can become of an instrument.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum What {
    /// It was proposed.
    Proposed,
    /// Somebody accepted it.
    Accepted,
    /// It was signed.
    Signed,
    /// It took effect.
    InForce,
    /// It was prolonged.
    Extended,
    /// It was suspended.
    Suspended,
    /// It was taken up again.
    Resumed,
    /// Somebody denounced it.
    Denounced,
    /// It ran out.
    Lapsed,
}

impl What {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 9] = [
        ("proposed", Self::Proposed),
        ("accepted", Self::Accepted),
        ("signed", Self::Signed),
        ("in-force", Self::InForce),
        ("extended", Self::Extended),
        ("suspended", Self::Suspended),
        ("resumed", Self::Resumed),
        ("denounced", Self::Denounced),
        ("lapsed", Self::Lapsed),
    ];

    /// The name in files and reports as data.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, what)| *what == self).map_or("", |(name, _)| name)
    }
}

/// What a suspension or denunciation does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Nobody is bound any more.
    Ends,
    /// Those who did it are no longer bound.
    Frees,
    /// Whether anybody is bound is disputed.
    Disputed,
}

impl Effect {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 3] =
        [("ends", Self::Ends), ("frees", Self::Frees), ("disputed", Self::Disputed)];
}

/// Parties who are no longer bound, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Freed {
    /// Their codes.
    pub parties: Vec<Name>,
    /// When.
    pub during: Period,
}

/// A stretch that begins with one event and ends with another, or not at all.
fn stretch(from: Edge, to: Option<Edge>) -> Period {
    Period { from, to: to.unwrap_or(Edge::OPEN), extendable: false }
}

/// What is left of a period without a stretch.
fn without(period: &Period, hole: &Period) -> Vec<Period> {
    if hole.to.earliest <= period.from.earliest
        || hole.from.earliest >= period.to.latest.unwrap_or(Time(i64::MAX))
    {
        return Vec::from([period.clone()]);
    }
    let mut left = Vec::new();
    if hole.from.earliest > period.from.earliest {
        left.push(Period { to: hole.from, ..period.clone() });
    }
    if hole.to.earliest < period.to.latest.unwrap_or(Time(i64::MAX)) {
        left.push(Period { from: hole.to, ..period.clone() });
    }
    left
}

impl Reading {
    /// Applies what became of the instrument to the periods of the text: extensions first, as each moves the end
    /// that a later event may cut. A proposal of whose start nothing is known binds nobody until it comes into force.
    pub(super) fn live(&mut self, nature: Nature, events: &[Event]) {
        let mine: Vec<&Event> =
            events.iter().filter(|event| event.reading.as_ref().is_none_or(|id| *id == self.id)).collect();
        let begun = mine.iter().any(|event| event.what == What::InForce)
            || self.periods.iter().any(|period| period.from.latest.is_some());
        if nature == Nature::Proposed && !begun {
            let always = Time(i64::MIN);
            self.ended.push(stretch(Edge { earliest: always, latest: Some(always) }, None));
        }
        for until in mine.iter().filter(|event| event.what == What::Extended).filter_map(|event| event.until)
        {
            if let Some(last) = self.periods.last_mut() {
                last.to = until;
            }
        }
        for (at, event) in mine.iter().enumerate() {
            let resumed = || {
                let ends = mine[at + 1..].iter().find(|later| later.what == What::Resumed);
                ends.map(|later| later.date)
            };
            let (during, effect) = match event.what {
                What::Suspended => (stretch(event.date, resumed()), event.effect),
                What::Denounced => (stretch(event.date, None), event.effect),
                What::Lapsed => (stretch(event.date, None), Some(Effect::Ends)),
                _ => continue,
            };
            match effect {
                Some(Effect::Ends) => {
                    // Clauses with periods of their own end with the instrument.
                    self.ended.push(during.clone());
                    self.periods = self.periods.iter().flat_map(|period| without(period, &during)).collect();
                }
                Some(Effect::Frees) => self.freed.push(Freed { parties: event.by.clone(), during }),
                Some(Effect::Disputed) | None => self.disputed.push(during),
            }
        }
    }

    /// Is a party still bound during all of `time`?
    pub fn binds(&self, party: &Name, time: Span) -> Belongs {
        let freed = self.freed.iter().filter(|freed| freed.parties.contains(party));
        match super::any_of(freed.map(|freed| freed.during.holds(time))) {
            Belongs::Yes => Belongs::No,
            Belongs::No => Belongs::Yes,
            Belongs::Unknown => Belongs::Unknown,
        }
    }
}

/// Where the instrument stands at a moment, under one reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StateOf {
    /// The reading.
    pub reading: Name,
    /// Where it stands.
    pub status: Status,
    /// The end that the last extension by then set; `None` where there was none.
    pub extended: Option<Edge>,
    /// Who had accepted, proposed or signed it by then, and on which condition.
    pub standing: Vec<Standing>,
}

/// Where somebody stands to the instrument at a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Who.
    pub who: Name,
    /// The last that they did.
    pub what: What,
    /// On which condition, in words.
    pub condition: Option<Prose>,
}

/// Where an instrument stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Status {
    /// Nothing is known of it yet.
    NotYet,
    /// It is proposed.
    Proposed,
    /// At least one has accepted, and it is not in force.
    Accepted,
    /// It is signed, and not yet in force.
    Signed,
    /// It is in force.
    InForce,
    /// Whether it is in force cannot be told.
    Uncertain,
    /// It is suspended.
    Suspended,
    /// It was denounced.
    Denounced,
    /// It has run out.
    Lapsed,
}

impl Status {
    /// All with their names in reports as data.
    pub const NAMES: [(&'static str, Self); 9] = [
        ("not-yet", Self::NotYet),
        ("proposed", Self::Proposed),
        ("accepted", Self::Accepted),
        ("signed", Self::Signed),
        ("in-force", Self::InForce),
        ("uncertain", Self::Uncertain),
        ("suspended", Self::Suspended),
        ("denounced", Self::Denounced),
        ("lapsed", Self::Lapsed),
    ];

    /// The name in reports as data.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, status)| *status == self).map_or("", |(name, _)| name)
    }
}

/// How somebody stands to an instrument at a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stand<'a> {
    /// Code of who.
    pub who: &'a Name,
    /// The latest position on record by then; `None`: silent. Nothing follows from silence.
    pub position: Option<&'a Position>,
    /// Whether a signature is on record.
    pub signature: Signature,
}

/// Whether somebody signed, as far as the events of the file tell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Signature {
    /// By then it had signed.
    Signed,
    /// Others had signed by then; no signature of its own is on record: it is not a signatory.
    NotSignatory,
    /// The file tells of no signing, or not of who signed.
    NotOnRecord,
    /// Nobody signs a declaration, an announcement or a proposal.
    NotAsked,
}

impl Signature {
    /// All with their names in reports as data.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("signed", Self::Signed),
        ("not-signatory", Self::NotSignatory),
        ("not-on-record", Self::NotOnRecord),
        ("not-asked", Self::NotAsked),
    ];

    /// The name in reports as data.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, signature)| *signature == self).map_or("", |(name, _)| name)
    }
}

impl Agreement {
    /// Where the instrument stands at a moment, for each reading.
    pub fn state_at(&self, time: Time) -> Vec<StateOf> {
        self.readings.iter().map(|reading| self.state_of(reading, time)).collect()
    }

    fn state_of(&self, reading: &Reading, time: Time) -> StateOf {
        let past: Vec<&Event> = self
            .events
            .iter()
            .filter(|event| event.reading.as_ref().is_none_or(|id| *id == reading.id))
            .filter(|event| event.date.earliest <= time)
            .collect();
        let last = past.iter().map(|event| event.what).next_back();
        let before = |status| {
            let begun = reading.periods.iter().any(|period| period.from.earliest <= time);
            if begun { Status::Lapsed } else { status }
        };
        // A proposal has no start until somebody says so: that none is known is no doubt about an edge.
        let proposed =
            self.nature == Nature::Proposed && past.iter().all(|event| event.what != What::InForce);
        let in_force = match reading.in_force(Span::at(time)) {
            Belongs::Unknown if proposed && reading.periods.iter().all(|it| it.from.latest.is_none()) => {
                Belongs::No
            }
            answer => answer,
        };
        let before = |status| if proposed { status } else { before(status) };
        let status = match (in_force, last) {
            (Belongs::Yes, _) => Status::InForce,
            (Belongs::Unknown, _) => Status::Uncertain,
            (Belongs::No, Some(What::Suspended)) => Status::Suspended,
            (Belongs::No, Some(What::Denounced)) => Status::Denounced,
            (Belongs::No, Some(What::Lapsed)) => Status::Lapsed,
            (Belongs::No, Some(What::Proposed)) => before(Status::Proposed),
            (Belongs::No, Some(What::Accepted)) => before(Status::Accepted),
            (Belongs::No, Some(_)) => before(Status::Signed),
            (Belongs::No, None) => before(Status::NotYet),
        };
        let extended = past.iter().filter_map(|event| event.until).next_back();
        let mut standing: Vec<Standing> = Vec::new();
        for event in past {
            for who in &event.by {
                standing.retain(|one| one.who != *who);
                standing.push(Standing {
                    who: who.clone(),
                    what: event.what,
                    condition: event.condition.clone(),
                });
            }
        }
        let extended = extended.filter(|_| matches!(status, Status::InForce | Status::Uncertain));
        StateOf { reading: reading.id.clone(), status, extended, standing }
    }

    /// How everybody stands at a moment: the parties in the order of the file, the silent among them, then the others of
    /// whom a position is on record, in the order in which the file first names them.
    pub fn stands_at(&self, time: Time) -> Vec<Stand<'_>> {
        let spoken = self.positions_at(time);
        let mut people: Vec<&Name> = self.parties.iter().map(|party| &party.code).collect();
        for position in self.positions.iter().filter(|position| spoken.contains(position)) {
            if !people.contains(&&position.party) {
                people.push(&position.party);
            }
        }
        let latest = |who: &Name| spoken.iter().rfind(|position| position.party == *who).copied();
        people
            .into_iter()
            .map(|who| Stand { who, position: latest(who), signature: self.signature_of(who, time) })
            .collect()
    }

    /// The positions on record at a moment, those of its day (UTC) among them, in the order of time. One without a
    /// date counts as older than any other; before the first trace of the instrument nobody had one.
    pub fn positions_at(&self, time: Time) -> Vec<&Position> {
        let date = time.date(0);
        let known = self.known_at(time);
        let mut spoken: Vec<&Position> = self
            .positions
            .iter()
            .filter(|position| position.date.map_or(known, |said| said <= date))
            .collect();
        spoken.sort_by_key(|position| position.date);
        spoken
    }

    /// Is there a trace of the instrument by then: an event, a position with its day, a period that has begun? What has
    /// no date in the file may be used from then on; before, it would be hindsight. A file without any date has no
    /// before.
    pub fn known_at(&self, time: Time) -> bool {
        let date = time.date(0);
        let events = self.events.iter().map(|event| event.date.earliest <= time);
        let positions = self.positions.iter().filter_map(|position| position.date).map(|said| said <= date);
        // A start that nobody knows is no trace.
        let periods = self.readings.iter().flat_map(|reading| &reading.periods);
        let periods = periods.filter(|period| period.from.latest.is_some());
        let mut traces = events.chain(positions).chain(periods.map(|period| period.from.earliest <= time));
        let first = traces.next();
        first.is_none_or(|first| first || traces.any(|trace| trace))
    }

    fn signature_of(&self, who: &Name, time: Time) -> Signature {
        // What was signed later was not known then.
        let past = self.events.iter().filter(|event| event.date.earliest <= time);
        let signings: Vec<&Event> = past.filter(|event| event.what == What::Signed).collect();
        if signings.iter().any(|event| event.by.contains(who)) {
            return Signature::Signed;
        }
        // A signing of which the file does not say whose it was may be anybody's.
        match signings.iter().all(|event| !event.by.is_empty()) {
            true if !signings.is_empty() => Signature::NotSignatory,
            true if self.nature != Nature::Agreed => Signature::NotAsked,
            _ => Signature::NotOnRecord,
        }
    }
}

/// What somebody promised beside the terms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commitment {
    /// Short name.
    pub id: Name,
    /// Code of who is committed.
    pub by: Name,
    /// What sort it is.
    pub kind: CommitmentKind,
    /// The words.
    pub words: Words,
    /// What became of it, in the order of time.
    pub states: Vec<(Edge, CommitmentState, Words, Vec<Name>)>,
    /// Ids of its sources.
    pub sources: Vec<Name>,
}

impl Commitment {
    /// Its state at a moment; `None` before the first.
    pub fn state_at(&self, time: Time) -> Option<CommitmentState> {
        let past = self.states.iter().filter(|(date, ..)| date.earliest <= time);
        past.map(|(_, state, ..)| *state).next_back()
    }
}

/// Sorts of commitments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CommitmentKind {
    /// Aid.
    Aid,
    /// Sanctions.
    Sanctions,
    /// A guarantee.
    Guarantee,
    /// Monitoring.
    Monitoring,
    /// Anything else.
    Other,
}

impl CommitmentKind {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("aid", Self::Aid),
        ("sanctions", Self::Sanctions),
        ("guarantee", Self::Guarantee),
        ("monitoring", Self::Monitoring),
        ("other", Self::Other),
    ];

    /// The name in files and reports as data.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// What can become of a commitment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CommitmentState {
    /// It was made.
    Promised,
    /// It was suspended.
    Suspended,
    /// It was taken up again.
    Resumed,
    /// It was threatened.
    Threatened,
    /// It was imposed.
    Imposed,
    /// It was lifted.
    Lifted,
    /// It was fulfilled.
    Fulfilled,
    /// It was withdrawn.
    Withdrawn,
}

impl CommitmentState {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 8] = [
        ("promised", Self::Promised),
        ("suspended", Self::Suspended),
        ("resumed", Self::Resumed),
        ("threatened", Self::Threatened),
        ("imposed", Self::Imposed),
        ("lifted", Self::Lifted),
        ("fulfilled", Self::Fulfilled),
        ("withdrawn", Self::Withdrawn),
    ];

    /// The word in files and reports.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, state)| *state == self).map_or("", |(name, _)| name)
    }
}
