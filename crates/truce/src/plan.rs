//! Where a plan stands: each gate met, not met, or not to be judged, and why.
//!
//! A gate is shown, never opened: that is for its authority. What rests on a party's word alone neither meets, fails nor
//! suspends it: a gate is judged as if no party had said anything, and what the parties said stands beside it as alleged.
//! Else either side could hold the plan up, or move it on, by telling what suits it.

use crate::agreement::{Agreement, Gate, Indicator, Mode, Phase};
use crate::assessment::{Assessment, assess};
use crate::finding::{Finding, Verdict};
use crate::ground::Ground;
use crate::mission::Mission;
use crate::observation::{Asserter, Detail, Observation};
use crate::performance::{Performance, State as Kept, performances};
use crate::time::{Span, Time};
use crate::{Id, Name};
use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Where a gate stands under one reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GateState {
    /// The instrument.
    pub instrument: Name,
    /// The reading.
    pub reading: Name,
    /// The phase.
    pub phase: Name,
    /// The gate.
    pub gate: Name,
    /// The stretch that was looked at.
    pub window: Span,
    /// How it stands.
    pub stands: Stands,
    /// The figures behind it.
    pub figures: Figures,
    /// What rests on the word of parties alone and counts for nothing here: by party in the order of the agreement, then by
    /// sort.
    pub alleged: Vec<Alleged>,
}

/// What a gate would ask about, and only parties say.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Alleged {
    /// Who says it.
    pub by: Name,
    /// What.
    pub sort: Sort,
    /// How many.
    pub number: u32,
}

/// What is alleged beside a gate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Sort {
    /// Incidents with a finding of breach, or an undetermined one.
    Incidents,
    /// That obligations were kept, or not.
    Obligations,
    /// Counts of a quantity.
    Counts,
    /// Reports of what instruments could see.
    Coverage,
}

impl Sort {
    /// All with their names in reports as data.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("incidents", Self::Incidents),
        ("obligations", Self::Obligations),
        ("counts", Self::Counts),
        ("coverage", Self::Coverage),
    ];

    /// The name in reports as data.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, sort)| *sort == self).map_or("", |(name, _)| name)
    }

    fn words(self, number: u32) -> &'static str {
        match (self, number) {
            (Self::Incidents, 1) => "incident",
            (Self::Incidents, _) => "incidents",
            (Self::Obligations, 1) => "obligation",
            (Self::Obligations, _) => "obligations",
            (Self::Counts, 1) => "count",
            (Self::Counts, _) => "counts",
            (Self::Coverage, 1) => "report of what instruments could see",
            (Self::Coverage, _) => "reports of what instruments could see",
        }
    }
}

/// How a gate stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stands {
    /// What it asks for is so.
    Met,
    /// It is not.
    NotMet,
    /// It cannot be told.
    CannotBeJudged(Lack),
}

/// What is missing to judge a gate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Lack {
    /// Too little was observed.
    Coverage,
    /// Findings are undetermined, and the answer hangs on them.
    Undetermined,
    /// Nothing was verified.
    Verification,
    /// Not all was verified.
    SomeVerification,
    /// Some of it is not due yet.
    NotDue,
    /// The terms were not in force in the window.
    Period,
}

impl Stands {
    /// The words in reports.
    pub fn words(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::CannotBeJudged(Lack::Coverage) => "cannot be judged: coverage",
            Self::CannotBeJudged(Lack::Undetermined) => "cannot be judged: findings are undetermined",
            Self::CannotBeJudged(Lack::Verification) => "cannot be judged: nothing is verified",
            Self::CannotBeJudged(Lack::SomeVerification) => "cannot be judged: not all is verified",
            Self::CannotBeJudged(Lack::NotDue) => "cannot be judged: not all is due yet",
            Self::CannotBeJudged(Lack::Period) => "cannot be judged: not in force throughout the window",
        }
    }
}

/// The figures behind a gate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// Incidents with a finding of breach; obligations not kept.
    pub breaches: u32,
    /// Incidents or obligations on which nothing can be said.
    pub undetermined: u32,
    /// Obligations that were kept.
    pub kept: u32,
    /// Of these, those kept after their deadline.
    pub late: u32,
    /// Obligations whose deadline has not passed.
    pub not_due: u32,
    /// The least compliance with a quantity, permille.
    pub share: Option<u64>,
    /// How much of the window was observed, permille; `None` where nobody can say.
    pub coverage: Option<u16>,
}

/// What gates are judged from, and what stands beside them.
pub struct Basis<'a> {
    /// Findings of what others than parties observed.
    pub findings: Cow<'a, [Finding]>,
    /// How obligations were kept, as far as others than parties say.
    pub performances: Vec<Performance>,
    /// What parties alone say.
    pub alleged: Allegations<'a>,
}

/// What parties alone say.
#[derive(Default)]
pub struct Allegations<'a> {
    /// Incidents that rest on the word of parties alone: of which.
    incidents: BTreeMap<Id, BTreeSet<&'a Name>>,
    /// Findings of those.
    findings: Vec<&'a Finding>,
    /// Obligations of which parties alone say something, and which.
    performances: Vec<(Performance, BTreeSet<&'a Name>)>,
    /// Their reports of what instruments could see.
    coverage: Vec<(Span, &'a Name)>,
}

fn party(observation: &Observation) -> Option<&Name> {
    match &observation.asserted_by {
        Asserter::Party(party) => Some(party),
        Asserter::Monitor | Asserter::Third => None,
    }
}

impl<'a> Basis<'a> {
    /// From all that was observed up to `at`, and what it amounts to. Where a party said anything, the rest is linked and
    /// weighed anew without it: a sighting of a party may have drawn a report to itself, or its notice an exception.
    pub fn new(
        observations: &'a [Observation],
        assessment: &'a Assessment<'a>,
        agreement: &Agreement,
        mission: &Mission,
        ground: &Ground,
        at: Time,
    ) -> Self {
        let own: BTreeMap<Id, &Name> =
            observations.iter().filter_map(|one| Some((one.id, party(one)?))).collect();
        if own.is_empty() || agreement.phases.iter().all(|phase| phase.gates.is_empty()) {
            return Self {
                findings: Cow::Borrowed(&assessment.findings),
                performances: performances(observations, agreement, Some(&mission.weights), at),
                alleged: Allegations::default(),
            };
        }
        let others: Vec<Observation> =
            observations.iter().filter(|one| party(one).is_none()).cloned().collect();
        // Of whom all of it is; `None` where somebody else says it, too.
        let alone = |ids: &mut dyn Iterator<Item = Id>| -> Option<BTreeSet<&'a Name>> {
            let by: Option<BTreeSet<&Name>> = ids.map(|id| own.get(&id).copied()).collect();
            by.filter(|by| !by.is_empty())
        };
        let incidents: BTreeMap<Id, BTreeSet<&Name>> = assessment
            .incidents
            .iter()
            .filter_map(|one| {
                let by = alone(&mut one.incident.members.iter().map(|member| member.id))?;
                Some((one.facts.incident, by))
            })
            .collect();
        let alleged = Allegations {
            findings: assessment
                .findings
                .iter()
                .filter(|finding| incidents.contains_key(&finding.incident))
                .collect(),
            incidents,
            performances: performances(observations, agreement, Some(&mission.weights), at)
                .into_iter()
                .filter_map(|one| {
                    let by = alone(&mut one.basis.iter().copied())?;
                    Some((one, by))
                })
                .collect(),
            coverage: observations
                .iter()
                .filter(|one| matches!(one.detail, Detail::Status { .. } | Detail::Saturated { .. }))
                .filter_map(|one| Some((one.time, party(one)?)))
                .collect(),
        };
        Self {
            findings: Cow::Owned(assess(&others, agreement, mission, ground).findings),
            performances: performances(&others, agreement, Some(&mission.weights), at),
            alleged,
        }
    }
}

/// Where every gate of the plan stands at a moment, for each reading: in the order of the agreement.
///
/// `coverage` gives how much of a stretch of time was observed where the clauses hold, permille; `None` where nobody
/// can say.
pub fn gates(
    agreement: &Agreement,
    basis: &Basis<'_>,
    coverage: &dyn Fn(Span) -> Option<u16>,
    at: Time,
) -> Vec<GateState> {
    let mut states = Vec::new();
    for reading in &agreement.readings {
        for phase in &agreement.phases {
            for gate in &phase.gates {
                let window = Span { start: Time(at.0.saturating_sub(gate.window)), end: at };
                let look = Look { agreement, reading: &reading.id, gate, window, coverage: coverage(window) };
                let (stands, figures) = look.judge(&basis.findings, &basis.performances);
                states.push(GateState {
                    instrument: agreement.id.clone(),
                    reading: reading.id.clone(),
                    phase: phase.id.clone(),
                    gate: gate.id.clone(),
                    window,
                    stands,
                    figures,
                    alleged: look.alleged(&basis.alleged),
                });
            }
        }
    }
    states
}

/// One gate under one reading.
struct Look<'a> {
    agreement: &'a Agreement,
    reading: &'a Name,
    gate: &'a Gate,
    window: Span,
    coverage: Option<u16>,
}

impl Look<'_> {
    fn judge(&self, findings: &[Finding], performances: &[Performance]) -> (Stands, Figures) {
        let seen = self.gate.coverage.is_none_or(|needed| self.coverage.is_some_and(|share| share >= needed));
        let unseen = Stands::CannotBeJudged(Lack::Coverage);
        let mut figures = Figures { coverage: self.coverage, ..Figures::default() };
        let stands = match self.gate.indicator {
            Indicator::Breaches { at_most } => {
                let incidents = |wanted: Verdict| -> BTreeSet<Id> {
                    findings
                        .iter()
                        .filter(|finding| finding.verdict == wanted && self.counts(finding))
                        .map(|finding| finding.incident)
                        .collect()
                };
                let breaches = incidents(Verdict::Breach);
                let open = incidents(Verdict::Undetermined).difference(&breaches).count() as u32;
                let in_force = self.throughout();
                (figures.breaches, figures.undetermined) = (breaches.len() as u32, open);
                if figures.breaches > at_most {
                    Stands::NotMet // they were seen, however little was
                } else if !in_force {
                    Stands::CannotBeJudged(Lack::Period)
                } else if !seen {
                    unseen
                } else if figures.breaches + open > at_most {
                    Stands::CannotBeJudged(Lack::Undetermined)
                } else {
                    Stands::Met
                }
            }
            Indicator::Done => {
                for performance in self.kept(performances) {
                    match performance.state {
                        Kept::Done => figures.kept += 1,
                        Kept::Late => {
                            figures.kept += 1;
                            figures.late += 1;
                        }
                        Kept::NotDone | Kept::Partly => figures.breaches += 1,
                        Kept::NotYetDue => figures.not_due += 1,
                        Kept::Share(_) => {}
                        Kept::CannotBeJudged(_) => figures.undetermined += performance.days(),
                    }
                }
                if figures.breaches > 0 {
                    Stands::NotMet
                } else if figures.undetermined > 0 && figures.kept > 0 {
                    Stands::CannotBeJudged(Lack::SomeVerification)
                } else if figures.undetermined > 0 {
                    Stands::CannotBeJudged(Lack::Verification)
                } else if figures.not_due > 0 {
                    Stands::CannotBeJudged(Lack::NotDue)
                } else if figures.kept == 0 {
                    Stands::CannotBeJudged(Lack::Verification)
                } else if !seen {
                    unseen
                } else {
                    Stands::Met
                }
            }
            Indicator::Share { at_least } => {
                let shares = self.kept(performances).filter_map(|performance| match &performance.state {
                    Kept::Share(share) if share.known() && self.within(performance) => Some(share),
                    _ => None,
                });
                let (mut all, mut any) = (true, false);
                for share in shares {
                    any = true;
                    all &= u128::from(share.counted) * 1_000 >= u128::from(share.owed) * u128::from(at_least);
                    let permille = share.permille();
                    figures.share = match figures.share {
                        None => permille,
                        Some(known) => Some(permille.map_or(known, |permille| permille.min(known))),
                    };
                }
                match (any, all) {
                    (false, _) => Stands::CannotBeJudged(Lack::Verification),
                    (true, false) => Stands::NotMet,
                    (true, true) if !seen => unseen,
                    (true, true) => Stands::Met,
                }
            }
            Indicator::Coverage if self.coverage.is_none() => unseen,
            Indicator::Coverage if seen => Stands::Met,
            Indicator::Coverage => Stands::NotMet,
        };
        (stands, figures)
    }

    /// What parties alone say of what this gate asks about.
    fn alleged(&self, said: &Allegations<'_>) -> Vec<Alleged> {
        let mut by_whom: BTreeMap<(&Name, Sort), u32> = BTreeMap::new();
        let mut add = |by: &BTreeSet<&'_ Name>, sort: Sort| {
            for party in self.agreement.parties.iter().filter(|party| by.contains(&party.code)) {
                *by_whom.entry((&party.code, sort)).or_default() += 1;
            }
        };
        match self.gate.indicator {
            Indicator::Breaches { .. } => {
                let open = |verdict| matches!(verdict, Verdict::Breach | Verdict::Undetermined);
                let incidents: BTreeSet<Id> = said
                    .findings
                    .iter()
                    .filter(|finding| open(finding.verdict) && self.counts(finding))
                    .map(|finding| finding.incident)
                    .collect();
                for id in &incidents {
                    said.incidents.get(id).into_iter().for_each(|by| add(by, Sort::Incidents));
                }
            }
            Indicator::Done | Indicator::Share { .. } => {
                for (one, by) in
                    said.performances.iter().filter(|(one, _)| self.owed(one) && self.within(one))
                {
                    match (self.gate.indicator, &one.state) {
                        (Indicator::Done, Kept::Share(_)) => {}
                        (Indicator::Done, _) => add(by, Sort::Obligations),
                        (_, Kept::Share(_)) => add(by, Sort::Counts),
                        _ => {}
                    }
                }
            }
            Indicator::Coverage => {}
        }
        if self.gate.coverage.is_some() {
            for (_, by) in said.coverage.iter().filter(|(time, _)| time.overlaps(self.window)) {
                add(&BTreeSet::from([*by]), Sort::Coverage);
            }
        }
        let place = |code: &Name| self.agreement.parties.iter().position(|party| party.code == *code);
        let mut alleged: Vec<Alleged> = by_whom
            .into_iter()
            .map(|((by, sort), number)| Alleged { by: by.clone(), sort, number })
            .collect();
        alleged.sort_by_key(|one| (place(&one.by), one.sort));
        alleged
    }

    fn throughout(&self) -> bool {
        let reading = self.agreement.reading(self.reading);
        reading.is_some_and(|reading| reading.in_force(self.window) == crate::observation::Belongs::Yes)
    }

    fn names(&self, clause: &Name) -> bool {
        self.gate.clauses.is_empty() || self.gate.clauses.contains(clause)
    }

    fn counts(&self, finding: &Finding) -> bool {
        let prohibits = || {
            let clause =
                self.agreement.reading(self.reading).and_then(|reading| reading.clause(&finding.clause));
            clause.is_some_and(|clause| clause.mode == Mode::Prohibit)
        };
        finding.instrument == self.agreement.id
            && finding.reading == *self.reading
            && self.names(&finding.clause)
            && prohibits()
            && (finding.time.overlaps(self.window) || self.window.contains(finding.time.start))
    }

    fn kept<'p>(&'p self, performances: &'p [Performance]) -> impl Iterator<Item = &'p Performance> {
        performances.iter().filter(|performance| self.owed(performance))
    }

    fn owed(&self, performance: &Performance) -> bool {
        performance.instrument == self.agreement.id
            && performance.reading == *self.reading
            && self.names(&performance.clause)
    }

    /// Does the count of a quantity lie in the window?
    fn within(&self, performance: &Performance) -> bool {
        match &performance.subject {
            crate::performance::Subject::Quantity { time, .. } => time.overlaps(self.window),
            _ => true,
        }
    }
}

impl GateState {
    /// The sentence for a person: what the gate asks, how it stands, on which figures, what follows.
    pub fn sentence(&self, agreement: &Agreement) -> String {
        let found = agreement.phases.iter().find(|phase| phase.id == self.phase);
        let gate = found.and_then(|phase: &Phase| phase.gates.iter().find(|gate| gate.id == self.gate));
        let Some(gate) = gate else { return self.stands.words().to_string() };
        let coverage = match self.figures.coverage {
            Some(permille) => format!("{}.{} % of the window was observed", permille / 10, permille % 10),
            None => "how much of the window was observed is not known".to_string(),
        };
        let figures = match gate.indicator {
            Indicator::Breaches { at_most } => format!(
                "{} {} with a finding of breach, {} undetermined, {at_most} allowed; {coverage}",
                self.figures.breaches,
                if self.figures.breaches == 1 { "incident" } else { "incidents" },
                self.figures.undetermined
            ),
            Indicator::Done => format!(
                "{} kept{}, {} not kept, {} not due yet, {} cannot be judged",
                self.figures.kept,
                match self.figures.late {
                    0 => String::new(),
                    late => format!(" ({late} of them late)"),
                },
                self.figures.breaches,
                self.figures.not_due,
                self.figures.undetermined
            ),
            Indicator::Share { at_least } => match self.figures.share {
                Some(permille) => format!(
                    "{}.{} % delivered, {}.{} % asked for",
                    permille / 10,
                    permille % 10,
                    at_least / 10,
                    at_least % 10
                ),
                None => "no count by the monitor or a third".to_string(),
            },
            Indicator::Coverage => coverage,
        };
        let follows = match (self.stands, &gate.otherwise) {
            (Stands::NotMet, Some(otherwise)) => format!(" If the authority agrees: {otherwise}"),
            (Stands::Met, _) => format!(" If the authority agrees: {}", gate.then),
            _ => String::new(),
        };
        let authority = agreement.name_of(&gate.authority);
        let appeal =
            gate.appeal.as_ref().map_or(String::new(), |appeal| format!(" It can be contested: {appeal}"));
        format!(
            "{}: {} ({figures}). {}It is for {authority} to decide.{follows}{appeal}",
            self.gate,
            self.stands.words(),
            self.alleged_words(agreement)
        )
    }

    /// `Alleged by X and not counted: 3 incidents. `, or nothing.
    fn alleged_words(&self, agreement: &Agreement) -> String {
        let mut words = String::new();
        for Alleged { by, sort, number } in &self.alleged {
            words += &format!(
                "Alleged by {} and not counted: {number} {}. ",
                agreement.name_of(by),
                sort.words(*number)
            );
        }
        words
    }
}
