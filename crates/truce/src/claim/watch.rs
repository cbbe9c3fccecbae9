//! All statements at once, each held against what was observed where and when it speaks of.

use super::Claim;
use super::evidence::{Known, Tested, test};
use super::register::{Register, register};
use super::unit::Units;
use crate::Name;
use crate::assessment::Assessed;
use crate::coverage::{Network, Rule};
use crate::geodesy::{Line, distance};
use crate::mission::Mission;
use crate::observation::Observation;
use crate::place::{KM, Mm, Place, Point};
use crate::time::{HOUR, Span, Time};
use alloc::vec::Vec;

/// Coverage of the front is asked for at places this far apart.
const STEP: Mm = 5 * KM;

/// What was observed.
pub struct Seen<'a> {
    /// Observations, heartbeats among them.
    pub observations: &'a [Observation],
    /// Incidents.
    pub incidents: &'a [Assessed<'a>],
    /// The agreement's reference line.
    pub line: Option<&'a Line>,
}

/// Puts statements in order, and holds each against what was observed, if anything was: the register, and what the
/// evidence says of each of its entries. `parties` in the order of the agreement.
pub fn hold(
    claims: &[Claim],
    parties: &[Name],
    units: &Units,
    mission: &Mission,
    seen: Option<&Seen<'_>>,
) -> (Register, Vec<Tested>) {
    let register = register(claims, parties, units);
    let rules = mission.claims.as_ref();
    let entries = register.entries.iter();
    let tested = match seen {
        None => entries.map(|entry| test(&entry.claim, units, None, rules)).collect(),
        Some(seen) => {
            let watch = Watch::new(seen.observations, mission, seen.line);
            let coverage = |place: &Place, time: Span| watch.share(place, time);
            let known = Known {
                incidents: seen.incidents,
                coverage: &coverage,
                least_observed_permille: mission.least_observed_permille,
            };
            entries.map(|entry| test(&entry.claim, units, Some(&known), rules)).collect()
        }
    };
    (register, tested)
}

/// Which part of the front, or of an area, the mission's instruments could watch.
struct Watch {
    network: Option<Network>,
    front: Vec<Point>,
}

impl Watch {
    fn new(observations: &[Observation], mission: &Mission, line: Option<&Line>) -> Self {
        let watched = mission.sources.iter().any(|source| source.coverage == Rule::Heartbeats);
        let network = Some(Network::new(observations)).filter(|network| watched && !network.is_empty());
        let front = line.map_or(Vec::new(), |line| {
            (0..=line.length() / STEP).map(|step| line.at((step * STEP).min(line.length()))).collect()
        });
        Self { network, front }
    }

    /// The share of places and hours that could be watched, permille, rounded down.
    fn share(&self, place: &Place, time: Span) -> Option<u16> {
        let network = self.network.as_ref()?;
        let samples: Vec<Point> = match place {
            Place::Area { centre, radius, .. } => {
                let near = self.front.iter().copied().filter(|at| distance(*centre, *at) <= *radius);
                let near: Vec<Point> = near.collect();
                if near.is_empty() { Vec::from([*centre]) } else { near }
            }
            _ => self.front.clone(),
        };
        if samples.is_empty() || time.length() <= 0 {
            return None;
        }
        let mut hours = Vec::new();
        let mut start = time.start;
        while start < time.end {
            let end = Time((start.0 + HOUR).min(time.end.0));
            hours.push(u64::from(network.share_permille(&samples, Span { start, end })));
            start = end;
        }
        Some((hours.iter().sum::<u64>() / hours.len() as u64) as u16)
    }
}
