//! Where a plan stands: each gate met, not met, or not to be judged, and why.
//!
//! A gate is shown, never opened: that is for its authority.

use crate::agreement::{Agreement, Gate, Indicator, Mode, Phase};
use crate::finding::{Finding, Verdict};
use crate::performance::{Performance, State as Kept};
use crate::time::{Span, Time};
use crate::{Id, Name};
use alloc::collections::BTreeSet;
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
    /// The least compliance with a quantity, permille.
    pub share: Option<u64>,
    /// How much of the window was observed, permille; `None` where nobody can say.
    pub coverage: Option<u16>,
}

/// Where every gate of the plan stands at a moment, for each reading: in the order of the agreement.
///
/// `coverage` gives how much of a stretch of time was observed where the clauses hold, permille; `None` where nobody
/// can say.
pub fn gates(
    agreement: &Agreement,
    findings: &[Finding],
    performances: &[Performance],
    coverage: &dyn Fn(Span) -> Option<u16>,
    at: Time,
) -> Vec<GateState> {
    let mut states = Vec::new();
    for reading in &agreement.readings {
        for phase in &agreement.phases {
            for gate in &phase.gates {
                let window = Span { start: Time(at.0.saturating_sub(gate.window)), end: at };
                let look = Look { agreement, reading: &reading.id, gate, window, coverage: coverage(window) };
                let (stands, figures) = look.judge(findings, performances);
                states.push(GateState {
                    instrument: agreement.id.clone(),
                    reading: reading.id.clone(),
                    phase: phase.id.clone(),
                    gate: gate.id.clone(),
                    window,
                    stands,
                    figures,
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
                        Kept::Done | Kept::Late => figures.kept += 1,
                        Kept::NotDone | Kept::Partly | Kept::NotYetDue => figures.breaches += 1,
                        Kept::Share(_) => {}
                        Kept::CannotBeJudged(_) => figures.undetermined += 1,
                    }
                }
                if figures.breaches > 0 {
                    Stands::NotMet
                } else if figures.undetermined > 0 || figures.kept == 0 {
                    Stands::CannotBeJudged(Lack::Verification)
                } else if !seen {
                    unseen
                } else {
                    Stands::Met
                }
            }
            Indicator::Share { at_least } => {
                let shares = self.kept(performances).filter_map(|performance| match &performance.state {
                    Kept::Share(share) if !share.alleged && share.exact && self.within(performance) => {
                        Some(share)
                    }
                    _ => None,
                });
                let (mut all, mut any) = (true, false);
                for share in shares {
                    let (counted, owed) = share.ratio();
                    any = true;
                    all &= counted * 1_000 >= owed * i128::from(at_least);
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
        performances.iter().filter(|performance| {
            performance.instrument == self.agreement.id
                && performance.reading == *self.reading
                && self.names(&performance.clause)
        })
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
                "{} kept, {} not kept, {} cannot be judged",
                self.figures.kept, self.figures.breaches, self.figures.undetermined
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
            "{}: {} ({figures}). It is for {authority} to decide.{follows}{appeal}",
            self.gate,
            self.stands.words()
        )
    }
}
