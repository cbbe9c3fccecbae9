//! How long an incident lasted, by all that say so.
//!
//! Who reports a fire in two pieces that touch reports one fire as long as both. Where pieces leave a gap between them,
//! whether it counts is not known: it lasted as long as the longest piece at the least, and from the first to the last at
//! the most. Of two witnesses who say different things of one fire neither is taken over the other.

use crate::Name;
use crate::observation::Observation;
use crate::time::{Micros, Span, Time};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// At the least, and at the most where that is known. Nobody says: anything.
pub(super) fn lasted(heard: &[&Observation]) -> (Micros, Option<Micros>) {
    let mut by_group: BTreeMap<&Name, Vec<Span>> = BTreeMap::new();
    // Some time within a longer stretch: when, nobody says.
    let mut somewhere: Vec<Micros> = Vec::new();
    for one in heard {
        let Some(length) = one.particulars().lasted else { continue };
        if one.time.length() > length {
            somewhere.push(length);
        } else {
            let end = Time(one.time.start.0.saturating_add(length));
            by_group.entry(&one.group).or_default().push(Span { start: one.time.start, end });
        }
    }
    let starts = by_group.values().flatten().map(|piece| piece.start).min();
    let ends = by_group.values().flatten().map(|piece| piece.end).max();
    let from_first_to_last = starts.zip(ends).map(|(start, end)| end.0 - start.0);
    let least = by_group.values().map(|pieces| longest(pieces)).chain(somewhere.iter().copied()).min();
    let most = from_first_to_last.into_iter().chain(somewhere.iter().copied()).max();
    (least.unwrap_or_default(), most)
}

/// The longest stretch without a gap that pieces by one group make. A piece that holds another says something else of the
/// same fire: the shorter counts.
fn longest(pieces: &[Span]) -> Micros {
    let holds = |one: &Span, other: &Span| one != other && one.start <= other.start && other.end <= one.end;
    let mut shortest: Vec<Span> =
        pieces.iter().filter(|one| !pieces.iter().any(|other| holds(one, other))).copied().collect();
    shortest.sort_unstable();
    let mut best = 0;
    let mut run: Option<Span> = None;
    for piece in shortest {
        let whole = match run {
            Some(run) if piece.start <= run.end => Span { start: run.start, end: run.end.max(piece.end) },
            _ => piece,
        };
        best = whole.length().max(best);
        run = Some(whole);
    }
    best
}
