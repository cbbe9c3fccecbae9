//! Which candidates are events: the best first, each detection given once.

use crate::fit::{Prior, Scene};
use crate::propose::{Candidate, fit};
use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Ordering;

struct Ranked(Candidate);

impl Ord for Ranked {
    /// By evidence; of equals, the one with the smaller picks. No two candidates have the same picks and
    /// evidence unless they are the same.
    fn cmp(&self, other: &Self) -> Ordering {
        (self.0.evidence.total_cmp(&other.0.evidence))
            .then_with(|| other.0.members.cmp(&self.0.members))
            .then_with(|| other.0.q[1].total_cmp(&self.0.q[1]))
            .then_with(|| other.0.q[2].total_cmp(&self.0.q[2]))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

/// Takes the candidate with the most evidence, gives it its picks, fits again those that had counted on
/// them, and so on down to the threshold. The order of `candidates` does not matter.
pub(crate) fn resolve(
    scene: &Scene<'_>,
    prior: &Prior,
    candidates: Vec<Candidate>,
    taken: &[bool],
    threshold: f64,
) -> Vec<Candidate> {
    let mut taken = taken.to_vec();
    let mut heap: BinaryHeap<Ranked> = candidates.into_iter().map(Ranked).collect();
    let mut accepted = Vec::new();
    let mut members = Vec::new();
    while let Some(Ranked(candidate)) = heap.pop() {
        if candidate.members.iter().any(|&pick| taken[pick as usize]) {
            let free = |pick: usize| f64::from(u8::from(!taken[pick]));
            let lost = candidate.members.iter().filter(|&&pick| taken[pick as usize]).count();
            // A copy of an event already accepted: nothing of it would remain.
            if lost * 4 > candidate.members.len() * 3 {
                continue;
            }
            let Some((q, covariance, evidence)) =
                fit(scene, candidate.q, 1.0, prior, threshold, &mut members, free)
            else {
                continue;
            };
            // Never more than before: with fewer picks to choose from it can only have moved elsewhere.
            let evidence = evidence.min(candidate.evidence);
            members.sort_unstable();
            heap.push(Ranked(Candidate { q, covariance, evidence, members: members.clone() }));
            continue;
        }
        for &pick in &candidate.members {
            taken[pick as usize] = true;
        }
        accepted.push(candidate);
    }
    accepted
}
