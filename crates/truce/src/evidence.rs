//! Evidence in centibans: how sure, and why, for and against.
//!
//! A centiban is a hundredth of a factor of ten in odds (I. J. Good, *Probability and the Weighing of Evidence*,
//! 1950). The score of "it occurred" is a prior plus one row per observation. Within a group of independence only
//! the strongest item for and the strongest against count: a thousand copies weigh as one. Text sources together
//! are capped: the press repeats itself. What a party asserts counts nothing, for or against anyone.

use crate::incident::Incident;
use crate::observation::{Act, Asserter, Belongs, Kind, Observation, Target, Weapon};
use crate::{Id, Name};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Weights: data of the mission file, in centibans.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Weights {
    /// Before any evidence, by the kind of the anchor: that an alleged or measured act occurred.
    pub prior: BTreeMap<Kind, i32>,
    /// What an observation of a kind adds, before its rating.
    pub kind: BTreeMap<Kind, i32>,
    /// What the rating of the source adds, A to F.
    pub source: [i32; 6],
    /// What the rating of the information adds, 1 to 6.
    pub information: [i32; 6],
    /// The most that reports of events, all together, add or take.
    pub text_cap: i32,
    /// Weight of "by neither of the parties, or nobody can say" among the origins.
    pub origin_open: i32,
}

/// What one observation adds to "it occurred".
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The observation.
    pub observation: Id,
    /// Its group of independence.
    pub group: Name,
    /// For (above zero) or against (below), had it stood alone.
    pub centibans: i32,
    /// Does it count, and if not, why not?
    pub counts: Counts,
}

/// Why a row counts, or does not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Counts {
    /// It counts.
    Fully,
    /// A stronger item of its group counts in its place.
    GroupCounted,
    /// A party asserts it.
    PartyAsserts,
}

/// How sure it is that an incident occurred, and what it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// Before any evidence.
    pub prior: i32,
    /// One row per observation, by group, strongest first.
    pub rows: Vec<Row>,
    /// Prior and counted rows, text capped.
    pub occurred: i32,
    /// What was done, as fine as the evidence that counts supports.
    pub act: Act,
    /// With what.
    pub weapon: Weapon,
    /// Against what.
    pub target: Target,
    /// Probability that forces of each party acted, permille, in the order given. What is left is "nobody can
    /// say": with no evidence at all no party comes near a half.
    pub origin: Vec<(Name, u16)>,
}

impl Evidence {
    /// Weighs the members of an incident. `parties` gives the order of the origins.
    pub fn weigh(incident: &Incident<'_>, weights: &Weights, parties: &[Name]) -> Self {
        let mut members: Vec<(i32, &Observation)> =
            incident.members.iter().map(|member| (weights.of(member), *member)).collect();
        members.sort_by(|(a_weight, a), (b_weight, b)| {
            (&a.group, -a_weight.abs(), a.id).cmp(&(&b.group, -b_weight.abs(), b.id))
        });
        let mut strongest: BTreeMap<(&Name, bool), (i32, Kind)> = BTreeMap::new();
        let mut rows = Vec::with_capacity(members.len());
        for (centibans, member) in &members {
            let side = (&member.group, *centibans >= 0);
            let counts = if matches!(member.asserted_by, Asserter::Party(_)) {
                Counts::PartyAsserts
            } else if strongest.contains_key(&side) {
                Counts::GroupCounted
            } else {
                strongest.insert(side, (*centibans, member.kind));
                Counts::Fully
            };
            rows.push(Row { observation: member.id, group: member.group.clone(), centibans: *centibans, counts });
        }
        let sum = |text: bool| -> i32 {
            let of_sort = strongest.values().filter(|(_, kind)| (*kind == Kind::ReportedEvent) == text);
            of_sort.map(|(centibans, _)| centibans).sum()
        };
        let prior = weights.prior.get(&incident.anchor.kind).copied().unwrap_or(0);
        let text = sum(true).clamp(-weights.text_cap, weights.text_cap);

        // What it was: of those that count, the strongest tells, and others may tell it finer.
        let mut telling: Vec<&(i32, &Observation)> = members.iter().collect();
        telling.sort_by_key(|(weight, member)| (member.asserted_by != Asserter::Monitor, -weight, member.id));
        let told: Vec<&Observation> = telling.iter().map(|(_, member)| *member).collect();
        Self {
            prior,
            rows,
            occurred: prior + sum(false) + text,
            act: finest(told.iter().map(|it| it.act), Act::Undetermined, Act::belongs),
            weapon: finest(told.iter().map(|it| it.weapon), Weapon::Undetermined, Weapon::belongs),
            target: finest(told.iter().map(|it| it.target), Target::Undetermined, Target::belongs),
            origin: origin(&members, weights, parties),
        }
    }

    /// Probability that it occurred, permille.
    pub fn occurred_permille(&self) -> u16 {
        probability_permille(self.occurred)
    }
}

impl Weights {
    /// What an observation adds alone. A rating that speaks against can turn it against.
    fn of(&self, observation: &Observation) -> i32 {
        if matches!(observation.asserted_by, Asserter::Party(_)) || observation.kind == Kind::Claim {
            return 0;
        }
        let rating = observation.rating;
        self.kind.get(&observation.kind).copied().unwrap_or(0)
            + self.source[usize::from(rating.source.clamp(b'A', b'F') - b'A')]
            + self.information[usize::from(rating.information.clamp(1, 6)) - 1]
    }
}

/// The finest class that follows from the first by taking in whatever is a sort of it.
fn finest<C: Copy + PartialEq>(classes: impl Iterator<Item = C>, root: C, belongs: fn(C, C) -> Belongs) -> C {
    classes.fold(root, |known, next| if belongs(next, known) == Belongs::Yes { next } else { known })
}

/// From observations of the monitor and of third parties that say whose forces acted, one per group and party.
fn origin(members: &[(i32, &Observation)], weights: &Weights, parties: &[Name]) -> Vec<(Name, u16)> {
    let mut strongest: BTreeMap<(&Name, &Name), i32> = BTreeMap::new();
    for (centibans, member) in members {
        if let (Some(party), false) = (&member.origin, matches!(member.asserted_by, Asserter::Party(_))) {
            let known = strongest.entry((party, &member.group)).or_insert(*centibans);
            *known = (*known).max(*centibans);
        }
    }
    let score = |party: &Name| -> i32 {
        strongest.iter().filter(|((of, _), _)| *of == party).map(|(_, centibans)| centibans).sum()
    };
    let odds = |centibans: i32| libm::pow(10.0, f64::from(centibans.clamp(-600, 600)) / 100.0);
    // In the order of their names, so that the order of the parties cannot change a rounding.
    let mut by_name: Vec<&Name> = parties.iter().collect();
    by_name.sort();
    let all = by_name.iter().fold(odds(weights.origin_open), |sum, party| sum + odds(score(party)));
    parties
        .iter()
        .map(|party| (party.clone(), libm::round(1_000.0 * odds(score(party)) / all) as u16))
        .collect()
}

/// Centibans -> probability in permille, 0 to 1,000.
pub fn probability_permille(centibans: i32) -> u16 {
    let odds = libm::pow(10.0, f64::from(centibans.clamp(-2_000, 2_000)) / 100.0);
    libm::round(1_000.0 * odds / (1.0 + odds)) as u16
}
