//! The moment whose view is shown where nobody asked for one.
//!
//! What is overdue, which gate is met and how long a truce has held all hang on it, so it is in no party's hands: neither a
//! late row of a party nor one that it keeps back moves it. No clock is asked.

use crate::agreement::Agreement;
use crate::observation::{Asserter, Observation};
use crate::time::Time;

/// Why it is this moment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Why {
    /// The last of which the mission's own instruments and people tell.
    Mission,
    /// The last of which third parties tell: the mission itself tells nothing.
    Thirds,
    /// The last at which the instrument holds: parties alone tell anything.
    End,
    /// It was asked for.
    Asked,
}

impl Why {
    /// All with their names in reports as data.
    pub const NAMES: [(&'static str, Self); 4] =
        [("mission", Self::Mission), ("thirds", Self::Thirds), ("end", Self::End), ("asked", Self::Asked)];

    /// The name in reports as data.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, why)| *why == self).map_or("", |(name, _)| name)
    }
}

/// The moment, where nobody asked for one; `None` where parties alone tell anything and the end of an instrument is open
/// or not known. In whatever order the agreements are, it is the same.
pub fn cut(observations: &[Observation], agreements: &[&Agreement]) -> Option<(Time, Why)> {
    let last =
        |of: Asserter| observations.iter().filter(|one| one.asserted_by == of).map(|one| one.time.end).max();
    let mission = last(Asserter::Monitor).map(|time| (time, Why::Mission));
    let thirds = || last(Asserter::Third).map(|time| (time, Why::Thirds));
    mission.or_else(thirds).or_else(|| end(agreements).map(|time| (time, Why::End)))
}

/// The last moment of every reading, where each has one.
fn end(agreements: &[&Agreement]) -> Option<Time> {
    let readings = agreements.iter().flat_map(|agreement| &agreement.readings);
    let periods = readings.flat_map(|reading| &reading.periods);
    let ends = periods.map(|period| period.to.latest.filter(|_| !period.to.is_open()));
    ends.collect::<Option<alloc::vec::Vec<Time>>>()?.into_iter().max()
}
