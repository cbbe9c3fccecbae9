//! The case file as one page: no scripts, nothing fetched; reads on a phone, prints on A4.

use super::{CaseFile, EvidenceRow, Fact, Speaks, Version};
use crate::html::{Frame, Section, table};
use maud::{Markup, html};

pub(super) fn page(file: &CaseFile) -> String {
    let head = html! {
        p.kicker { "Case file" }
        h1 { "Case " (short(&file.id)) span.question { (file.stage) } }
        p.instrument { (file.instrument) ". As of " (file.as_of) "." }
        div.notes {
            h2 { "Before you read on" }
            ul { @for limit in &file.limits { li { (limit) } } }
        }
    };
    let footer = html! {
        h2 { "What this was computed from" }
        (facts("Digests", &file.digests, "File", "SHA-256"))
        p.small { "Format " (file.format) ". No clock was read in making this page." }
    };
    Frame {
        language: "en",
        title: &format!("Case {}: {}", short(&file.id), file.instrument),
        version: None,
        style: STYLE,
        skip: ("case", "Skip to the case"),
        made_up: file.made_up.as_ref().map(|made_up| html! { strong { "Made up. " } (made_up) }),
        head,
        contents: Some("Sections"),
        sections: &sections(file),
        footer,
    }
    .page()
}

/// Versions stand side by side in equal space, also in print; one below the other on a phone.
const STYLE: &str = "
.versions { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 0 40px; align-items: start; }
.versions > * { min-width: 0; border-top: 3px solid var(--ink); padding-top: 8px; }
.versions h3 { margin-top: 0; }
.words { white-space: pre-line; max-width: 74ch; }
@media print { .versions { grid-template-columns: repeat(2, 1fr); } .versions details { display: block; } }
";

fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

fn sections(file: &CaseFile) -> Vec<Section> {
    let all: [(&str, &str, Markup); 8] = [
        ("facts", "What the case is about", about(file)),
        ("evidence", "Evidence for and against", evidence(file)),
        (
            "coverage",
            "What could be seen",
            facts("Coverage of the place and hour", &file.coverage, "Source", "Could it have been seen?"),
        ),
        ("versions", "What each party says", versions(file)),
        ("outcome", "Outcome, judgement, remedy", outcome(file)),
        ("ladder", "What the agreement says would follow", ladder(file)),
        ("steps", "Steps and corrections", steps(file)),
        ("proof", "Proof", proof(file)),
    ];
    all.into_iter().map(|(id, title, body)| Section::new(id, title, body)).collect()
}

fn facts(caption: &str, facts: &[Fact], name: &str, value: &str) -> Markup {
    table(
        caption,
        &html! {
            thead { tr { th scope="col" { (name) } th scope="col" { (value) } } }
            tbody { @for fact in facts { tr { th scope="row" { (fact.name) } td { (fact.value) } } } }
        },
    )
}

fn about(file: &CaseFile) -> Markup {
    html! {
        p.conclusion { (file.clause) }
        (facts("Facts, as coarsely as every party sees them", &file.facts, "Question", "What is known"))
        @for finding in &file.findings {
            h3 { (finding.reading) ": " (finding.verdict) }
            ol.reasons { @for reason in &finding.reasons { li { (reason) } } }
        }
        @if !file.incidents.is_empty() {
            (facts("Where the case's observations are now", &file.incidents, "Incident", "Observations of the case in it"))
        }
    }
}

fn evidence(file: &CaseFile) -> Markup {
    html! {
        p.lead {
            "Weights are hundredths of a factor of ten in odds. Of one group of sources only the strongest item counts; what a party "
            "says counts only where it speaks of its own forces."
        }
        @if !file.assessed.is_empty() {
            (table("What it amounts to", &html! {
                thead { tr { th scope="col" { "Question" } th scope="col" { "Answer" } th scope="col" { "How sure" } th.n scope="col" { "Probability" } } }
                tbody { @for row in &file.assessed { tr {
                    th scope="row" { (row.question) } td { (row.answer) } td { (row.probability_word) }
                    td.n { (crate::text::probability(row.probability_permille)) }
                } } }
            }))
        }
        (evidence_table("Speaks for it", file, Speaks::For))
        (evidence_table("Speaks against it", file, Speaks::Against))
        (evidence_table("Counted for nothing, and why", file, Speaks::Neither))
    }
}

fn evidence_table(caption: &str, file: &CaseFile, speaks: Speaks) -> Markup {
    let rows: Vec<&EvidenceRow> = file.evidence.iter().filter(|row| row.speaks == speaks).collect();
    html! {
        h3 { (caption) }
        @if rows.is_empty() {
            p.none { "Nothing." }
        } @else {
            (table(caption, &html! {
                thead { tr {
                    th.wide scope="col" { "Source" } th scope="col" { "Of what" } th scope="col" { "Asserted by" }
                    th scope="col" { "Rating" } th.n scope="col" { "Weight" } th.n scope="col" { "Counted" }
                    th scope="col" { "Why" } th scope="col" { "Observation" }
                } }
                tbody { @for row in rows { tr {
                    th scope="row" { (row.source) span.sub { (row.kind) } }
                    td { (row.of) } td { (row.asserted_by) } td { (row.rating) }
                    td.n { (row.centibans) } td.n { (row.counted) } td { (row.why) } td.id { (short(&row.observation)) }
                } } }
            }))
        }
    }
}

fn versions(file: &CaseFile) -> Markup {
    html! {
        p.lead { "In the order of the agreement, in equal space. Where a party gave no answer, nothing follows from it." }
        div.versions { @for version in &file.versions { (one_version(version)) } }
        @if !file.claims.is_empty() {
            (table("What the parties said at large of a time that holds the case's; claims, never evidence, never added up", &html! {
                thead { tr { th scope="col" { "Claimant" } th scope="col" { "About" } th scope="col" { "Figure" } th scope="col" { "Window" } } }
                tbody { @for claim in &file.claims { tr {
                    th scope="row" { (claim.claimant) } td { (claim.against) } td { (claim.figure) } td { (claim.window) }
                } } }
            }))
        }
    }
}

fn one_version(version: &Version) -> Markup {
    html! {
        div {
            h3 { (version.party) }
            p { strong { (version.stance) } @if let Some(when) = &version.when { span.sub { (when) } } }
            @if let Some(words) = &version.words { blockquote.words { (words) } }
            @if let Some(notice) = &version.notice {
                details open { summary { "The notice that was sent" } p.words.small { (notice) } }
            }
        }
    }
}

fn outcome(file: &CaseFile) -> Markup {
    html! {
        p.conclusion { @match &file.outcome { Some(outcome) => { "Outcome: " (outcome) "." } None => "No outcome has been entered." } }
        @if file.judgements.is_empty() {
            p { "No body has judged who is responsible. The program never does." }
        }
        @for judged in &file.judgements {
            div.boxed {
                h3 { "Judgement of " (judged.body) }
                p { strong { (judged.held) } span.sub { "entered " (judged.when) } }
                p.words { (judged.words) }
                @for dissent in &judged.dissents {
                    h3 { "Dissent" }
                    p { strong { (dissent.held) } }
                    p.words { (dissent.words) }
                }
                @if judged.dissents.is_empty() { p.none { "No dissent was entered." } }
            }
        }
        @if file.remedies.is_empty() {
            p.none { "No remedy was laid down." }
        } @else {
            (table("Remedies", &html! {
                thead { tr { th scope="col" { "For" } th.wide scope="col" { "What" } th scope="col" { "By" } th scope="col" { "What became of it" } } }
                tbody { @for remedy in &file.remedies { tr {
                    th scope="row" { (remedy.parties) } td { (remedy.words) } td { (remedy.due) } td { (remedy.kept) }
                } } }
            }))
        }
    }
}

fn ladder(file: &CaseFile) -> Markup {
    html! {
        p.lead { "Shown as agreed. Nothing of it is done by this program, and nothing follows from this page." }
        @if file.ladder.is_empty() {
            p.none { "The agreement names no consequence." }
        } @else {
            (table("Consequences", &html! {
                thead { tr { th.n scope="col" { "Rung" } th.wide scope="col" { "Words of the agreement" } th scope="col" { "Condition" } } }
                tbody { @for rung in &file.ladder { tr {
                    td.n { @match rung.level { Some(level) => (level), None => "none" } }
                    td { (rung.words) } td { (rung.reached) }
                } } }
            }))
        }
    }
}

fn steps(file: &CaseFile) -> Markup {
    html! {
        (table("Steps in the order of the record", &html! {
            thead { tr { th scope="col" { "When" } th scope="col" { "Step" } th scope="col" { "By" } th.n scope="col" { "Leaf" } th scope="col" { "Id" } } }
            tbody { @for step in &file.steps { tr {
                td { (step.when) } th scope="row" { (step.step) } td { (step.by) } td.n { (step.leaf) } td.id { (short(&step.id)) }
            } } }
        }))
        h3 { "Corrections" }
        @if file.corrections.is_empty() {
            p { "None." }
        } @else {
            p.lead { "A correction stands beside what it corrects; neither is taken out." }
            (table("Corrections", &html! {
                thead { tr { th scope="col" { "When" } th scope="col" { "Of" } th scope="col" { "Step" } th scope="col" { "How" } th.wide scope="col" { "Why" } } }
                tbody { @for correction in &file.corrections { tr {
                    td { (correction.when) } th scope="row" { (correction.of) } td.id { (short(&correction.step)) } td { (correction.how) } td { (correction.why) }
                } } }
            }))
        }
    }
}

fn proof(file: &CaseFile) -> Markup {
    html! {
        ul { @for says in &file.proof.says { li { (says) } } }
        (facts("The signed head", &file.proof.head, "Of", "Value"))
        (facts("Keys by which the steps are signed (Ed25519)", &file.proof.keys, "Role", "Public key"))
    }
}
