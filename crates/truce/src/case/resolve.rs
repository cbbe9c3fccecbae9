//! From the observations of a case to the incidents that hold them: at a checkpoint, and from one to the next.
//!
//! A late observation can split an incident or join two. A case therefore holds observations, and asks anew.

use super::state::Case;
use crate::Id;
use crate::incident::Incident;
use crate::time::Time;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Which incident holds each observation at a checkpoint.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Holding(BTreeMap<Id, Id>);

impl Holding {
    /// From the incidents of a checkpoint.
    pub fn of<'a>(incidents: impl IntoIterator<Item = &'a Incident<'a>>) -> Self {
        let mut holding = BTreeMap::new();
        for incident in incidents {
            holding.extend(incident.members.iter().map(|member| (member.id, incident.id())));
        }
        Self(holding)
    }

    /// From pairs of observation and incident.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (Id, Id)>) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// What a case speaks of at a checkpoint.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Resolved {
    /// Each incident with the case's observations in it, by id.
    pub incidents: BTreeMap<Id, Vec<Id>>,
    /// Observations that no incident holds: not under this checkpoint, or left out as repeats.
    pub elsewhere: Vec<Id>,
}

/// Finds the incidents of a case.
pub fn resolve(case: &Case, holding: &Holding) -> Resolved {
    let mut resolved = Resolved::default();
    for observation in &case.observations {
        match holding.0.get(observation) {
            Some(incident) => resolved.incidents.entry(*incident).or_default().push(*observation),
            None => resolved.elsewhere.push(*observation),
        }
    }
    resolved
}

/// An observation of the case that another incident holds than before; `None`: none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moved {
    /// Under the checkpoint of this moment.
    pub at: Time,
    /// The observation.
    pub observation: Id,
    /// What held it before.
    pub from: Option<Id>,
    /// What holds it now.
    pub to: Option<Id>,
}

/// What superseded what, many to many, over checkpoints in the order of the record.
pub fn history(case: &Case, checkpoints: &[(Time, Holding)]) -> Vec<Moved> {
    let mut moved = Vec::new();
    for pair in checkpoints.windows(2) {
        let [(_, before), (at, after)] = pair else { continue };
        for observation in &case.observations {
            let (from, to) = (before.0.get(observation).copied(), after.0.get(observation).copied());
            if from != to {
                moved.push(Moved { at: *at, observation: *observation, from, to });
            }
        }
    }
    moved
}
