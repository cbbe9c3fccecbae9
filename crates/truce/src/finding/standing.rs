//! What stands, held against a clause: one finding, however often it was seen.

use super::{Facts, Finding, Reason, Terms, Verdict, hold, minutes};
use crate::agreement::Clause;
use crate::time::{DAY, HOUR, Micros, Span, Time};
use crate::{Id, Name};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// When something that stands was seen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stood {
    /// The start of the first sighting.
    pub first: Time,
    /// The end of the last.
    pub last: Time,
    /// How often it was seen.
    pub sightings: u32,
    /// How many of the sightings lead to the verdict; the others lead to none, or to a weaker one.
    pub led: u32,
}

impl Stood {
    /// The sentence for a person: how long and how often, and no moment, which is for the columns of a report.
    pub fn sentence(&self) -> String {
        let led = if self.led == self.sightings {
            String::new()
        } else {
            format!(", {} of which lead to this", self.led)
        };
        format!(
            "it stood there: {} sightings{led}, over {}, with no look in between that found it gone; it counts once",
            self.sightings,
            length(self.last.0.saturating_sub(self.first.0))
        )
    }
}

/// `3 days`, `23 h`, `40 min`: never more than it was.
fn length(time: Micros) -> String {
    match time {
        _ if time >= 2 * DAY => format!("{} days", time / DAY),
        _ if time >= 2 * HOUR => format!("{} h", time / HOUR),
        _ => minutes(time),
    }
}

/// Holds each sighting of something that stands against a clause, and says once what they come to: for each side the
/// gravest verdict that any one sighting alone leads to. So nothing is established by looking more often.
///
/// Where some sightings establish whose forces they were and others do not, the latter speak of the same thing: they
/// have a finding of their own only where they lead to a graver verdict.
pub fn stand(subject: Id, sightings: &[Facts], clause: &Clause, terms: Terms<'_>) -> Vec<Finding> {
    let mut parties: Vec<Option<Name>> =
        terms.agreement.parties.iter().map(|party| Some(party.code.clone())).collect();
    let mut single: Vec<Finding> = sightings.iter().flat_map(|facts| hold(facts, clause, terms)).collect();
    // Of one time, in the order of the sightings.
    single.sort_by_key(|finding| finding.time);
    parties.push(None);
    let mut found: Vec<Finding> = Vec::new();
    for party in parties {
        let mine = || single.iter().filter(|finding| finding.party == party);
        let Some(gravest) = mine().map(|finding| gravity(finding.verdict)).min() else { continue };
        if party.is_none() && found.iter().any(|other| gravity(other.verdict) <= gravest) {
            continue;
        }
        let leading: Vec<&Finding> = mine().filter(|finding| gravity(finding.verdict) == gravest).collect();
        let Some(first) = leading.first() else { continue };
        let hull = |of: &mut dyn Iterator<Item = Span>| {
            of.reduce(|all, one| Span { start: all.start.min(one.start), end: all.end.max(one.end) })
        };
        let time = hull(&mut leading.iter().map(|finding| finding.time)).unwrap_or(first.time);
        let whole = hull(&mut sightings.iter().map(|facts| facts.time)).unwrap_or(first.time);
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let stood = Stood {
            first: whole.start,
            last: whole.end,
            sightings: number(sightings.len()),
            led: number(leading.len()),
        };
        let mut one = (*first).clone();
        one.reasons.push(Reason::Stood(stood));
        found.push(Finding { incident: subject, time, stood: Some(stood), ..one });
    }
    found
}

/// The gravest first: a breach, what may be one, what would be one and was allowed, what is none.
fn gravity(verdict: Verdict) -> (u8, Option<super::Outside>) {
    match verdict {
        Verdict::Breach => (0, None),
        Verdict::Undetermined => (1, None),
        Verdict::Permitted => (2, None),
        Verdict::NoBreach => (3, None),
        Verdict::NotApplicable(outside) => (4, Some(outside)),
    }
}
