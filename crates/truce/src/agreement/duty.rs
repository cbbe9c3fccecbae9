//! What a clause asks for beyond an act: distances, thresholds, quantities, stages.

use super::{Edge, Means, Words};
use crate::Name;
use crate::observation::NoticeSort;
use crate::place::Mm;
use crate::time::{Micros, Zone};
use alloc::vec::Vec;

/// How far some weapons must be from a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Distance {
    /// Which weapons.
    pub means: Means,
    /// At least so far; `None` where only the weapon's range counts.
    pub at_least: Option<Mm>,
    /// At least as far as the weapon reaches.
    pub own_range: bool,
    /// From this line.
    pub line: Name,
    /// Lines of their own for some parties.
    pub own: Vec<(Name, Name)>,
}

impl Distance {
    /// The line that counts for a party.
    pub fn line_for(&self, party: Option<&Name>) -> &Name {
        let own = party.and_then(|party| self.own.iter().find(|(of, _)| of == party));
        own.map_or(&self.line, |(_, line)| line)
    }

    /// How far a weapon must be at least.
    pub fn required(&self, range: Option<Mm>) -> Bound {
        let least = self.at_least.unwrap_or(0);
        match (self.own_range, range) {
            (false, _) => Bound::Known(least),
            (true, Some(range)) => Bound::Known(least.max(range)),
            (true, None) => Bound::AtLeast(least),
        }
    }
}

/// A distance that may be known only from below.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    /// So far.
    Known(Mm),
    /// So far or farther: the weapon's range is not known.
    AtLeast(Mm),
}

/// From where on an act counts: any one is enough.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Threshold {
    /// Killed and injured, so many or more.
    pub casualties: Option<u32>,
    /// Longer than this.
    pub lasts_over: Option<Micros>,
    /// More than so many.
    pub count_over: Option<u32>,
}

/// How much of something in which time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quantity {
    /// What is counted.
    pub of: Name,
    /// The same in other languages, as it stands after a number from five on ("600 вантажівок").
    pub titles: super::Titles,
    /// How many.
    pub amount: u32,
    /// Are these the least (or the most) there may be?
    pub at_least: bool,
    /// In which time.
    pub per: Micros,
    /// The clock that cuts days: the file's; `None` where it names none.
    pub clock: Option<Zone>,
}

/// A step of an obligation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stage {
    /// Short name.
    pub id: Name,
    /// The words.
    pub words: Words,
    /// Codes of those who must do it.
    pub binds: Vec<Name>,
    /// Until when.
    pub due: Due,
    /// What shows that it was done.
    pub shown_by: ShownBy,
    /// With a notice: to which mechanism.
    pub notice_to: Option<Name>,
    /// A condition in words.
    pub only_if: Option<super::Prose>,
}

/// A deadline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Due {
    /// By a moment, as precise as the text makes it.
    By(Edge),
    /// Every day by this time.
    Daily {
        /// Microseconds after midnight.
        at: Micros,
        /// On this clock.
        clock: Zone,
        /// What is given by then is about this day; `None` where the text does not say.
        about: Option<About>,
    },
    /// The text has none that is known.
    NotKnown,
}

/// The day that something given every day is about, by the day on which it is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// The day on which it is due.
    SameDay,
    /// The day after.
    NextDay,
}

impl About {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 2] = [("same-day", Self::SameDay), ("next-day", Self::NextDay)];

    /// Days from the day on which it is due.
    pub fn days(self) -> i64 {
        match self {
            Self::SameDay => 0,
            Self::NextDay => 1,
        }
    }
}

/// What shows that a stage was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShownBy {
    /// An observation of kind verification.
    Verification,
    /// A notice.
    Notice(NoticeSort),
}

impl ShownBy {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 7] = [
        ("verification", Self::Verification),
        ("planned-act", Self::Notice(NoticeSort::PlannedAct)),
        ("order", Self::Notice(NoticeSort::Order)),
        ("call", Self::Notice(NoticeSort::Call)),
        ("report", Self::Notice(NoticeSort::Report)),
        ("plan", Self::Notice(NoticeSort::Plan)),
        ("answer", Self::Notice(NoticeSort::Answer)),
    ];
}
