//! Where a step-by-step plan stands: its phases and gates, as a value that knows no language, and its words in three.
//!
//! A gate is shown, never opened. What rests on a party's word alone stands beside it and counts for nothing.

use crate::language::{Figure, Words};
use crate::model::{Titled, Window, as_text};
use crate::state::Said;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;
use truce::agreement::{Agreement, Gate, Indicator, Phase};
use truce::plan::{GateState, Lack, Stands};
use truce::time::Time;

/// Where a plan stands at a moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Plan {
    /// The moment up to which it is told, RFC 3339 in UTC: how much was observed waits longest.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub at: Time,
    /// Language of the agreement's text, in which its words are quoted.
    pub language: String,
    /// The phases, in the order of the agreement.
    pub phases: Vec<PhaseOfPlan>,
}

/// One phase.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct PhaseOfPlan {
    /// Its id and title.
    pub title: Titled,
    /// Ids of the phases that come before it.
    pub after: Vec<String>,
    /// Its gates under each reading; none where the text has no measure by which it is over.
    pub gates: Vec<GateOfPlan>,
}

/// One gate under one reading.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct GateOfPlan {
    /// Id of the reading.
    pub reading: String,
    /// Id of the gate.
    pub gate: String,
    /// Its words in the agreement's file.
    pub words: Said,
    /// The stretch that was looked at.
    pub window: Window,
    /// `met`, `not-met`, `coverage`, `undetermined`, `verification` or `period`: the last four say why it cannot be judged.
    pub stands: &'static str,
    /// The figures behind it.
    pub figures: Figures,
    /// How much of the window was observed, permille; none where nobody can say.
    pub coverage_permille: Option<u16>,
    /// What rests on the word of parties alone, in the order of the agreement: it counts for nothing here.
    pub alleged: Vec<AllegedBy>,
    /// Code and name of who decides.
    pub authority: Titled,
    /// What follows as it stands, if the authority agrees.
    pub follows: Option<Said>,
    /// How the decision can be contested.
    pub appeal: Option<Said>,
}

/// The figures of a gate, by what it looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Figures {
    /// Findings of breach.
    Breaches {
        /// Incidents with such a finding.
        breaches: u32,
        /// Incidents of which nothing can be said.
        undetermined: u32,
        /// So many are allowed.
        at_most: u32,
    },
    /// Obligations.
    Obligations {
        /// Kept.
        kept: u32,
        /// Of these, kept after their deadline.
        late: u32,
        /// Not kept.
        not_kept: u32,
        /// The deadline has not passed.
        not_due: u32,
        /// Cannot be judged.
        undetermined: u32,
    },
    /// A quantity.
    Share {
        /// The least share delivered, permille; none where nobody but a party counted.
        permille: Option<u64>,
        /// Asked for, permille.
        at_least_permille: u16,
    },
    /// How much was observed, alone.
    Coverage {
        /// Asked for, permille.
        at_least_permille: Option<u16>,
    },
}

/// What a party alone says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct AllegedBy {
    /// Code and name of the party.
    pub party: Titled,
    /// `incidents`, `obligations`, `counts` or `coverage`.
    pub sort: &'static str,
    /// How many.
    pub number: u32,
}

impl Plan {
    /// The plan of an agreement; `None` where it has none.
    pub fn of(agreement: &Agreement, states: &[GateState], at: Time) -> Option<Self> {
        let phase = |phase: &Phase| PhaseOfPlan {
            title: Titled {
                code: phase.id.to_string(),
                name: phase.title.clone(),
                uk: phase.titles.uk.clone(),
                ru: phase.titles.ru.clone(),
            },
            after: phase.after.iter().map(ToString::to_string).collect(),
            gates: states
                .iter()
                .filter(|state| state.phase == phase.id)
                .filter_map(|state| {
                    let gate = phase.gates.iter().find(|gate| gate.id == state.gate)?;
                    Some(GateOfPlan::of(agreement, gate, state))
                })
                .collect(),
        };
        (!agreement.phases.is_empty()).then(|| Self {
            at,
            language: agreement.language.to_string(),
            phases: agreement.phases.iter().map(phase).collect(),
        })
    }
}

impl GateOfPlan {
    fn of(agreement: &Agreement, gate: &Gate, state: &GateState) -> Self {
        let titled = |code: &truce::Name| Titled {
            code: code.to_string(),
            name: agreement.name_of(code).to_string(),
            uk: agreement.party(code).and_then(|party| party.name_in("uk")).map(ToString::to_string),
            ru: agreement.party(code).and_then(|party| party.name_in("ru")).map(ToString::to_string),
        };
        let figures = &state.figures;
        Self {
            reading: state.reading.to_string(),
            gate: state.gate.to_string(),
            words: Said::from(&gate.words),
            window: state.window.into(),
            stands: match state.stands {
                Stands::Met => "met",
                Stands::NotMet => "not-met",
                Stands::CannotBeJudged(Lack::Coverage) => "coverage",
                Stands::CannotBeJudged(Lack::Undetermined) => "undetermined",
                Stands::CannotBeJudged(Lack::Verification) => "verification",
                Stands::CannotBeJudged(Lack::SomeVerification) => "verification-some",
                Stands::CannotBeJudged(Lack::NotDue) => "not-due",
                Stands::CannotBeJudged(Lack::Period) => "period",
            },
            figures: match gate.indicator {
                Indicator::Breaches { at_most } => Figures::Breaches {
                    breaches: figures.breaches,
                    undetermined: figures.undetermined,
                    at_most,
                },
                Indicator::Done => Figures::Obligations {
                    kept: figures.kept,
                    late: figures.late,
                    not_kept: figures.breaches,
                    not_due: figures.not_due,
                    undetermined: figures.undetermined,
                },
                Indicator::Share { at_least } => {
                    Figures::Share { permille: figures.share, at_least_permille: at_least }
                }
                Indicator::Coverage => Figures::Coverage { at_least_permille: gate.coverage },
            },
            coverage_permille: figures.coverage,
            alleged: state
                .alleged
                .iter()
                .map(|one| AllegedBy { party: titled(&one.by), sort: one.sort.name(), number: one.number })
                .collect(),
            authority: titled(&gate.authority),
            follows: match state.stands {
                Stands::Met => Some(Said::from(&gate.then)),
                Stands::NotMet => gate.otherwise.as_ref().map(Said::from),
                Stands::CannotBeJudged(_) => None,
            },
            appeal: gate.appeal.as_ref().map(Said::from),
        }
    }

    /// How it stands, in words.
    pub fn stands_words(&self, words: &Words) -> String {
        words.word(&format!("plan-{}", self.stands))
    }

    /// The figures behind it and how much was observed, in words.
    pub fn figures_words(&self, words: &Words) -> String {
        let number = |number: u32| Figure::from(u64::from(number));
        let share = |permille: u64| Figure::from(format!("{}.{}", permille / 10, permille % 10));
        let figures = match self.figures {
            Figures::Breaches { breaches, undetermined, at_most } => Some(words.say(
                "plan-figures-breaches",
                &[
                    ("breaches", number(breaches)),
                    ("undetermined", number(undetermined)),
                    ("allowed", number(at_most)),
                ],
            )),
            Figures::Obligations { kept, late, not_kept, not_due, undetermined } => Some(words.say(
                "plan-figures-obligations",
                &[
                    ("kept", number(kept)),
                    ("late", number(late)),
                    ("not", number(not_kept)),
                    ("due", number(not_due)),
                    ("undetermined", number(undetermined)),
                ],
            )),
            Figures::Share { permille: None, .. } => Some(words.word("plan-figures-no-count")),
            Figures::Share { permille: Some(permille), at_least_permille } => Some(words.say(
                "plan-figures-share",
                &[("share", share(permille)), ("asked", share(u64::from(at_least_permille)))],
            )),
            Figures::Coverage { .. } => None,
        };
        let observed = match self.coverage_permille {
            Some(permille) => words.say("plan-observed", &[("share", share(u64::from(permille)))]),
            None => words.word("plan-observed-not-known"),
        };
        figures.into_iter().chain([observed]).collect::<Vec<_>>().join("; ")
    }

    /// What parties alone say, a line each.
    pub fn alleged_words(&self, words: &Words) -> Vec<String> {
        let line = |one: &AllegedBy| {
            words.say(
                &format!("plan-alleged-{}", one.sort),
                &[("party", words.title(&one.party).into()), ("number", u64::from(one.number).into())],
            )
        };
        self.alleged.iter().map(line).collect()
    }
}
