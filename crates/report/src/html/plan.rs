//! The plan and its gates: in the long report, and in that of a day.

use super::*;
use crate::language::Words;
use crate::plan::{GateOfPlan, PhaseOfPlan, Plan};
use truce::time::Zone;

/// A table: each phase with its gates.
pub(crate) fn plan(plan: &Plan, words: &Words) -> Markup {
    let utc = Zone::Fixed(0);
    let columns = ["phase", "stands", "figures", "alleged", "decides"];
    html! {
        p.lead { (words.say("plan-as-of", &[("at", words.moment(plan.at, utc).into())])) }
        (table(&words.word("plan-title"), &html! {
            thead { tr { @for column in columns { th scope="col" { (words.word(&format!("plan-column-{column}"))) } } } }
            tbody { @for phase in &plan.phases {
                @if phase.gates.is_empty() {
                    tr { th scope="row" { (heading(phase, None, plan, words)) } td colspan="4" { (words.word("plan-no-gate")) } }
                }
                @for gate in &phase.gates { tr {
                    th scope="row" { (heading(phase, Some(gate), plan, words)) }
                    td { strong { (gate.stands_words(words)) } }
                    td {
                        (gate.figures_words(words))
                        span.sub { (words.say("plan-window", &[
                            ("from", words.moment(gate.window.start, utc).into()),
                            ("to", words.moment(gate.window.end, utc).into()),
                        ])) }
                    }
                    td {
                        @if gate.alleged.is_empty() { (words.word("plan-none-alleged")) }
                        @for line in gate.alleged_words(words) { span.sub { (line) } }
                    }
                    td {
                        (words.say("plan-decides", &[("who", words.title(&gate.authority).into())]))
                        @if let Some(what) = &gate.follows { span.sub { (words.say("plan-follows", &[("what", words.ours(what).into())])) } }
                        @if let Some(how) = &gate.appeal { span.sub { (words.say("plan-appeal", &[("how", words.ours(how).into())])) } }
                    }
                } }
            } }
        }))
    }
}

fn heading(phase: &PhaseOfPlan, gate: Option<&GateOfPlan>, plan: &Plan, words: &Words) -> Markup {
    html! {
        (words.title(&phase.title))
        @if let Some(gate) = gate {
            span.sub { (gate.gate) ", " (words.say("plan-reading", &[("id", gate.reading.as_str().into())])) }
            span.sub {
                @if gate.words.quoted { q lang=(plan.language) { (gate.words.words) } } @else { (words.ours(&gate.words)) }
            }
        }
    }
}
