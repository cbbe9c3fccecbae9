//! The case file for an adjudicating body: a value, a page, JSON.
//!
//! It holds what mediators and the liaisons of all parties may see of a case, and the evidence behind it, coarse: a
//! sector of ten kilometres or a square of half a degree, an hour. There is no field for a finer place, for a name of a
//! person, for an instrument or a patrol, or for a confidential note.

mod html;

use serde::Serialize;

#[cfg(test)]
use schemars::JsonSchema;

/// The name and version of the format.
pub const FORMAT: &str = "truceline-case/1";

/// A case file. Times are texts, `2031-05-06 14:00 UTC`; parties stand in the order of the agreement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CaseFile {
    /// [`FORMAT`].
    pub format: String,
    /// Id of the case: the hash of its first step.
    pub id: String,
    /// What to say at the top when the data is made up.
    pub made_up: Option<String>,
    /// The agreement's title.
    pub instrument: String,
    /// The clause: title and words.
    pub clause: String,
    /// The moment whose state the file shows.
    pub as_of: String,
    /// Where the case stands.
    pub stage: String,
    /// The facts, each with its name.
    pub facts: Vec<Fact>,
    /// What is found under each reading.
    pub findings: Vec<FindingUnder>,
    /// What the evidence amounts to, in words of the published table.
    pub assessed: Vec<Assessed>,
    /// The evidence, item by item.
    pub evidence: Vec<EvidenceRow>,
    /// What could be seen there and then.
    pub coverage: Vec<Fact>,
    /// Each party's version: one entry for each, answered or not.
    pub versions: Vec<Version>,
    /// What the parties said at large about a time that holds the case's: claims, never evidence.
    pub claims: Vec<ClaimBeside>,
    /// How the case came out.
    pub outcome: Option<String>,
    /// Judgements of responsibility, by the body named, with their dissents.
    pub judgements: Vec<Judged>,
    /// Remedies.
    pub remedies: Vec<RemedyRow>,
    /// What the agreement says would follow: shown, never executed.
    pub ladder: Vec<RungRow>,
    /// Every step that the reader may see, in the order of the record.
    pub steps: Vec<StepRow>,
    /// Corrections.
    pub corrections: Vec<CorrectionRow>,
    /// Which incident holds the case's observations now.
    pub incidents: Vec<Fact>,
    /// Digests of what the file was computed from.
    pub digests: Vec<Fact>,
    /// What proves the steps, and what does not.
    pub proof: Proof,
    /// What the file does not say.
    pub limits: Vec<String>,
}

/// A name and what is said of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// What is known.
    pub value: String,
}

/// A finding under one reading.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct FindingUnder {
    /// The reading.
    pub reading: String,
    /// The verdict.
    pub verdict: String,
    /// The reasons, in the order in which they were asked for.
    pub reasons: Vec<String>,
}

/// What the evidence amounts to on one question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Assessed {
    /// The question: that it occurred, what was done, with what, by whose forces.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// Its probability in permille.
    pub probability_permille: u16,
    /// The same as a word of the published table.
    pub probability_word: String,
}

/// One item of evidence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct EvidenceRow {
    /// Does it speak for or against, or for nothing?
    pub speaks: Speaks,
    /// What it speaks of.
    pub of: String,
    /// Title of its source.
    pub source: String,
    /// What sort of observation.
    pub kind: String,
    /// Who asserts it.
    pub asserted_by: String,
    /// Admiralty rating.
    pub rating: String,
    /// What it weighs alone, in centibans.
    pub centibans: i32,
    /// What it counted for beside the others.
    pub counted: i32,
    /// Why.
    pub why: String,
    /// The observation: its id in the record.
    pub observation: String,
}

/// Which way an item of evidence points.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Speaks {
    /// For it.
    For,
    /// Against it.
    Against,
    /// It counted for nothing.
    Neither,
}

/// A party's version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Version {
    /// The party's name.
    pub party: String,
    /// How it answers, or that it has not.
    pub stance: String,
    /// When, and whether the time for it was over.
    pub when: Option<String>,
    /// Its own words.
    pub words: Option<String>,
    /// The notice that it was sent.
    pub notice: Option<String>,
}

/// A claim beside the case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct ClaimBeside {
    /// Who claims.
    pub claimant: String,
    /// About whom.
    pub against: String,
    /// The figure in its unit.
    pub figure: String,
    /// Its window.
    pub window: String,
}

/// A judgement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Judged {
    /// The body.
    pub body: String,
    /// When it was entered.
    pub when: String,
    /// What it holds.
    pub held: String,
    /// Why.
    pub words: String,
    /// Those who hold otherwise.
    pub dissents: Vec<DissentRow>,
}

/// A dissent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct DissentRow {
    /// What the dissenter holds.
    pub held: String,
    /// Why.
    pub words: String,
}

/// A remedy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct RemedyRow {
    /// For which parties.
    pub parties: String,
    /// By when.
    pub due: String,
    /// What.
    pub words: String,
    /// What became of it.
    pub kept: String,
}

/// A consequence that the agreement names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct RungRow {
    /// Its rung, where it has one.
    pub level: Option<u32>,
    /// The words of the agreement.
    pub words: String,
    /// Whether its condition is met: not met, alleged, judged.
    pub reached: String,
}

/// A step.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct StepRow {
    /// Its id: the hash of its leaf.
    pub id: String,
    /// The number of its leaf in the record.
    pub leaf: u64,
    /// When it was recorded.
    pub when: String,
    /// What sort of step.
    pub step: String,
    /// The role that took it.
    pub by: String,
}

/// A correction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct CorrectionRow {
    /// When.
    pub when: String,
    /// What it corrects.
    pub of: String,
    /// The step that it corrects.
    pub step: String,
    /// Replaced or withdrawn.
    pub how: String,
    /// Why.
    pub why: String,
}

/// What proves the steps.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Proof {
    /// What is proved and what is not, in plain words.
    pub says: Vec<String>,
    /// The signed head under which the steps are proved: the log's name, its leaves, the root over them.
    pub head: Vec<Fact>,
    /// Ed25519 public keys by role, in hexadecimal digits.
    pub keys: Vec<Fact>,
}

impl CaseFile {
    /// The file as one self-contained page.
    pub fn html(&self) -> String {
        html::page(self)
    }

    /// The file as JSON, one field a line, ending with a line break. Schema: `docs/case-file.schema.json`.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self)
            .expect("structs of texts and integers always have a JSON form");
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests;
