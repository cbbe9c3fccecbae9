//! What was done about a finding: a fold over signed steps.
//!
//! Report, triage, verification, classification, notice to every party, answers within a deadline, outcome, remedy,
//! publication, correction or closure. A [`Step`] is a statement of the record; a [`Case`] is what its steps amount
//! to at a moment. [`Docket::fold`] refuses an impossible step and says which must come first and who may take it.
//! Nothing is edited or deleted: a correction is a step that names what it corrects.
//!
//! What this module never does: it holds nobody responsible ([`Judgement`] is entered by a named role, in the name of a
//! body, with its dissents), it executes no consequence ([`ladder`] is shown), and it takes silence for nothing but
//! silence. Time comes from the record and from the moment asked for.
//!
//! What may be seen is a matter of types: [`Case`] is for analysts; [`Shared`] is what mediators and the liaisons of all
//! parties see alike; [`Public`] is what remains. No type holds a fine place, and words stand in no step: only their
//! hash does ([`Text`]).

mod like;
mod notice;
mod resolve;
mod rule;
mod state;
mod step;
mod view;

pub use like::{Alike, alike, queue};
pub use notice::{Wording, notice};
pub use resolve::{Holding, Moved, Resolved, history, resolve};
pub use rule::{
    Circumstances, ConfidenceRule, Due, FollowUp, LadderRule, Reached, Rung, SeverityRule, due, ladder,
    subject,
};
pub use state::{Answer, Case, Correction, Docket, Refusal, Remedy, Rules, Task, TermsOf};
pub use step::{
    Area, Class, Confidence, Dissent, Found, Held, Hour, Judgement, Kept, Outcome, Role, STATEMENT, Seat,
    Severity, Stance, Step, StepKind, Subject, Taken, TaskKind, Text, What, fields, hex, parse, parse_hex,
};
pub use view::{
    Public, Shared, SharedAnswer, SharedStep, SharedTask, Stage, Tally, Waiting, public, shared, stage,
    tally, waiting,
};

#[cfg(test)]
mod tests;
