//! A flight over a line and through the zones beside it is one flight, and in each of them: beside the place of its anchor,
//! an incident lies where instruments saw it stay for a while.

use super::Facts;
use crate::Name;
use crate::agreement::Clause;
use crate::ground::Located;
use crate::observation::{Act, Detail, Observation};

impl Facts {
    /// Probability of having been where a clause holds, as an interval, by the place where that is surest; see
    /// [`Located::inside`].
    pub fn inside(&self, clause: &Clause, party: Option<&Name>) -> Option<(u16, u16)> {
        let inside = |place: &Located| place.inside(&clause.place, &clause.targets, party);
        self.visited.iter().filter_map(inside).fold(inside(&self.place), |best, (least, most)| match best {
            Some(best) => Some((best.0.max(least), best.1.max(most))),
            // Who was surely inside at one place was inside, whatever is not known of another; else that stays open.
            None => (least >= clause.standard.inside).then_some((least, most)),
        })
    }
}

/// A visit of an aircraft to a zone, as made from measurements.
pub(super) fn is_visit(observation: &Observation) -> bool {
    observation.act == Act::Flight
        && observation.particulars().lasted.is_some()
        && matches!(observation.detail, Detail::Derived(_))
}
