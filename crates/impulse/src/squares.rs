//! The grid: squares of ground in four colours. It is part of the algorithm, never of the deployment.

use crate::ears::Workers;
use crate::fit::{Prior, Scene};
use crate::propose::{Candidate, Proposal};
use crate::resolve::resolve;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Indices of a square, east and north.
pub(crate) type Square = (i64, i64);

/// The square that holds a place; `side` and place in km.
pub(crate) fn square_of(side: f64, x: f64, y: f64) -> Square {
    (libm::floor(x / side) as i64, libm::floor(y / side) as i64)
}

/// Chooses events among the candidates, colour by colour. The squares of one colour lie a whole square
/// apart and are resolved independently, each together with the candidates of the eight around it, which
/// compete there but are not emitted. What one colour commits, no later colour can take.
pub(crate) fn commit(
    scene: &Scene<'_>,
    prior: &Prior,
    proposals: &[(Square, Proposal)],
    taken: &mut [bool],
    threshold: f64,
    workers: &impl Workers,
) -> Vec<Candidate> {
    let side = scene.units.square;
    let home = |c: &Candidate| square_of(side, c.q[1], c.q[2]);
    let mut by_square: BTreeMap<Square, Vec<&Candidate>> = BTreeMap::new();
    for (_, proposal) in proposals {
        for candidate in &proposal.candidates {
            // An event may lie in a square without nodes, outside the network.
            by_square.entry(home(candidate)).or_default().push(candidate);
        }
    }
    let mut accepted = Vec::new();
    for colour in 0..4 {
        let of_colour: Vec<Square> = by_square
            .keys()
            .copied()
            .filter(|s| s.0.rem_euclid(2) + 2 * s.1.rem_euclid(2) == colour)
            .collect();
        let free: &[bool] = taken;
        let results = workers.map(of_colour.len(), &|i| {
            let (x, y) = of_colour[i];
            let around = (y - 1..=y + 1).flat_map(|y| (x - 1..=x + 1).map(move |x| (x, y)));
            let nearby = around.filter_map(|s| by_square.get(&s)).flatten().map(|c| (*c).clone()).collect();
            let mut events = resolve(scene, prior, nearby, free, threshold);
            events.retain(|c| home(c) == of_colour[i]);
            events
        });
        for candidate in results.into_iter().flatten() {
            // Within a colour no two squares share a pick; this holds even for a setting with small squares.
            if candidate.members.iter().all(|&pick| !taken[pick as usize]) {
                for &pick in &candidate.members {
                    taken[pick as usize] = true;
                }
                accepted.push(candidate);
            }
        }
    }
    accepted
}
