//! What must be so for an exception or a permission to hold.

use super::Words;
use crate::Name;
use crate::observation::{Act, NoticeSort, Purpose};
use crate::place::Mm;
use crate::time::Micros;
use alloc::vec::Vec;

/// One condition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// Short name.
    pub id: Name,
    /// The words.
    pub words: Words,
    /// How it is tested.
    pub test: Test,
}

/// How a condition is tested.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Test {
    /// The act answers one of these acts by another party.
    Answers {
        /// Those acts.
        acts: Vec<Act>,
        /// Not longer before than this.
        within: Micros,
        /// Not farther away than this.
        near: Mm,
    },
    /// The acting party gave a notice.
    Notice {
        /// Of this sort.
        sort: NoticeSort,
        /// To this mechanism; `None` for any.
        to: Option<Name>,
        /// Before or after the act.
        when: When,
        /// Not longer before or after than this.
        within: Option<Micros>,
        /// Must it have been without success?
        failed: bool,
    },
    /// A notice announced the act: its window, place and means cover it.
    Planned {
        /// For one of these; empty for any.
        purposes: Vec<Purpose>,
        /// Given at least so long before its window.
        ahead: Option<Micros>,
        /// What one given too late does.
        late: Late,
    },
    /// An observation of kind verification says so.
    Verified,
}

impl Test {
    /// The words for `kind` in files.
    pub const NAMES: [(&'static str, u8); 4] =
        [("answers", 0), ("notice", 1), ("planned", 2), ("verified", 3)];
}

/// When a notice must be given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// Before the act.
    Before,
    /// After it.
    After,
    /// At any time.
    Any,
}

impl When {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 3] =
        [("before", Self::Before), ("after", Self::After), ("any", Self::Any)];
}

/// What a notice that was given too late does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Late {
    /// The text does not say.
    NotSettled,
    /// It permits all the same.
    Permits,
    /// It does not permit.
    DoesNotPermit,
}

impl Late {
    /// Those that a file can name.
    pub const NAMES: [(&'static str, Self); 2] =
        [("permits", Self::Permits), ("does-not-permit", Self::DoesNotPermit)];
}

/// Who has to show that the conditions of an exception are met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Burden {
    /// Nobody: what is not known leaves it undetermined.
    Nobody,
    /// Who relies on the exception: what is not established is not met.
    Invoker,
}

impl Burden {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 2] = [("nobody", Self::Nobody), ("invoker", Self::Invoker)];
}
