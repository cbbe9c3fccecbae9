//! Which complaints speak of one act, and in which order they come to triage.
//!
//! A complaint tells a place to a sector or a square and a time to an hour, so one act near an edge may be told in the one
//! or in the next. Complaints of one party under one clause that are neighbours in both are *alike*, and so is what is
//! alike to them: the connected components of the set, whatever came first. All are kept; alike ones weigh as one.

use super::state::Case;
use super::step::Subject;
use crate::Name;
use crate::agreement::Agreement;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Cases that speak of one act, as far as is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alike {
    /// The party that complains; `None`: not opened on a bare complaint, and like no other.
    pub complaint: Option<Name>,
    /// Places in the list of cases, in its order; at least one.
    pub cases: Vec<usize>,
}

/// Whose complaint it is, where nothing but a complaint stands behind the case.
fn bare(subject: &Subject) -> Option<&Name> {
    subject.complaint.as_ref().filter(|_| subject.observations.is_empty() && subject.incident.is_none())
}

/// The same complaint once more: its party, clause, place and hours. Words and what is said to have been done make no other.
pub(super) fn is_copy(one: &Subject, other: &Subject) -> bool {
    let key =
        |it: &Subject| (it.instrument.clone(), it.clause.clone(), bare(it).cloned(), it.area, it.from, it.to);
    bare(one).is_some() && key(one) == key(other)
}

/// All cases by what they speak of, in the order of the first of each.
pub fn alike(cases: &[Case]) -> Vec<Alike> {
    let mut first: Vec<usize> = (0..cases.len()).collect();
    // Complaints that may be alike at all, by the hour at which they begin.
    let mut complaints: BTreeMap<(&Name, &Name, &Name), Vec<usize>> = BTreeMap::new();
    for (place, case) in cases.iter().enumerate() {
        if let Some(party) = bare(&case.subject) {
            let key = (&case.subject.instrument, &case.subject.clause, party);
            complaints.entry(key).or_default().push(place);
        }
    }
    for places in complaints.values_mut() {
        places.sort_by_key(|place| (cases[*place].subject.from, *place));
        for (number, one) in places.iter().enumerate() {
            let subject = &cases[*one].subject;
            let next = places[number + 1..].iter();
            for other in next.take_while(|other| cases[**other].subject.from <= subject.to.next()) {
                if subject.area.may_be(cases[*other].subject.area) {
                    let (a, b) = (root(&first, *one), root(&first, *other));
                    first[a.max(b)] = a.min(b);
                }
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for place in 0..cases.len() {
        groups.entry(root(&first, place)).or_default().push(place);
    }
    groups
        .into_iter()
        .map(|(first, places)| Alike { complaint: bare(&cases[first].subject).cloned(), cases: places })
        .collect()
}

fn root(first: &[usize], mut place: usize) -> usize {
    while first[place] != place {
        place = first[place];
    }
    place
}

/// What waits for triage, in the order in which to take it up: in each round one of every side, the oldest first, and one of
/// what observations opened. Within a round the oldest comes first, at one moment in the order of the agreement. So a
/// thousand complaints of one side stand before no second one of the other's.
pub fn queue(cases: &[Case], agreement: &Agreement) -> Vec<Alike> {
    let mut rounds: BTreeMap<Option<Name>, usize> = BTreeMap::new();
    let mut waiting: Vec<(usize, crate::time::Time, Option<usize>, Alike)> = Vec::new();
    let untouched = |place: &usize| cases[*place].triage.is_none() && cases[*place].closed.is_none();
    let mut groups: Vec<Alike> = alike(cases);
    for group in &mut groups {
        group.cases.retain(untouched);
    }
    groups.retain(|group| !group.cases.is_empty());
    groups.sort_by_key(|group| (cases[group.cases[0]].opened, group.cases[0]));
    for group in groups {
        let round = rounds.entry(group.complaint.clone()).or_default();
        let side = group
            .complaint
            .as_ref()
            .and_then(|code| agreement.parties.iter().position(|party| party.code == *code));
        waiting.push((*round, cases[group.cases[0]].opened, side, group));
        *round += 1;
    }
    waiting.sort_by_key(|(round, opened, side, group)| (*round, *opened, *side, group.cases[0]));
    waiting.into_iter().map(|(.., group)| group).collect()
}
