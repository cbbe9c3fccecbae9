//! A statement held against what was observed.
//!
//! A figure is tested as a figure: are so many acts of that sort, by that side's forces, in that time and place,
//! known without the claimant's word? Two numbers are counted among the incidents: `least`, of which all of that is
//! established, and `most`, to which are added those of which something is not known (who acted, with what, whether
//! it occurred, whether it lies in the window). Then, in this order:
//!
//! 1. **cannot be tested** where the words count nothing that an observation can show: a unit that is not in the
//!    dictionary, one that counts by the claimant's own definition, no figure, or no stated thresholds;
//! 2. **corroborated** where `least` comes to at least the share `corroborated` of the claimed figure; or where none
//!    are claimed, all was observed and `most` is zero;
//! 3. **contradicted** where the area was observed for the whole of the window, by instruments that tell such acts,
//!    and even `most` is at most the share `contradicted` of the figure; or where none are claimed and `least` is not
//!    zero;
//! 4. **not corroborated, area was observed** where it was, by the mission's share;
//! 5. **not corroborated, area was not observed** otherwise: it was not, or nobody can say that it was.
//!
//! Statements themselves are never among what is counted, and neither is what one party asserts of the other
//! ([`crate::evidence`]). What rests on the word of parties about others, or on the claimant's own rows and those of its
//! group, is neither established nor possible: else a claimant could make its figure possible by telling it row by row.
//!
//! A total that counts by the claimant's own definition cannot be tested, with parts or without: who publishes parts is not
//! held to more than who does not. Parts of such a total are tested each for itself ([`Tested::parts`]).

use super::unit::{Counted, Unit, Units};
use super::{ANYONE, Bounds, Claim, thousands};
use crate::Name;
use crate::assessment::Assessed;
use crate::evidence::disinterested;
use crate::geodesy::distance;
use crate::observation::{Act, Asserter, Belongs, Count, Observation};
use crate::place::{Place, Point};
use crate::time::Span;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The thresholds that decide: `[claims]` of the mission file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rules {
    /// A figure is corroborated when at least this share of it is established, permille.
    pub corroborated_permille: u16,
    /// A figure is contradicted when at most this share of it is possible, and all was observed, permille.
    pub contradicted_permille: u16,
    /// An incident is established at this probability that it occurred, permille.
    pub occurred_permille: u16,
    /// Its side is established at this probability, permille.
    pub origin_permille: u16,
    /// Acts that the instruments whose coverage is known would tell.
    pub told: Vec<Act>,
}

/// What the evidence says of a figure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// So much of it is established without the claimant's word.
    Corroborated,
    /// It is not, though the area was observed.
    NotCorroboratedObserved,
    /// It is not, and the area was not observed: nothing follows.
    NotCorroboratedUnobserved,
    /// The area was observed, and so many did not happen; or none were claimed, and some did.
    Contradicted,
    /// No observation could tell.
    CannotBeTested(Why),
}

/// Why a figure cannot be tested.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// No number was stated.
    NoFigure,
    /// The words are not in the dictionary.
    UnitNotKnown,
    /// What counts as one is the claimant's own definition, and no parts say more.
    OwnDefinition,
    /// No observation shows one of the unit.
    NothingShowsIt,
    /// No observations were given.
    NoObservations,
    /// The mission file states no thresholds for it.
    NoThresholds,
}

impl Outcome {
    /// The words in reports: the same for every claimant.
    pub fn words(self) -> &'static str {
        match self {
            Self::Corroborated => "corroborated",
            Self::NotCorroboratedObserved => "not corroborated, area was observed",
            Self::NotCorroboratedUnobserved => "not corroborated, area was not observed",
            Self::Contradicted => "contradicted",
            Self::CannotBeTested(_) => "cannot be tested",
        }
    }
}

impl Why {
    /// The words in reports.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoFigure => "no number was stated",
            Self::UnitNotKnown => "its unit is not in the dictionary",
            Self::OwnDefinition => "what counts as one is the claimant's own definition",
            Self::NothingShowsIt => "no observation shows one of the unit",
            Self::NoObservations => "no observations were given",
            Self::NoThresholds => "the mission file states no thresholds for claims",
        }
    }
}

/// A figure and what is known of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tested {
    /// What the evidence says.
    pub outcome: Outcome,
    /// Such acts that are established.
    pub least: u64,
    /// Such acts that are possible: the established ones, and those of which something is not known.
    pub most: u64,
    /// Share observed of the area and the window, permille; `None` where the coverage of no source is known.
    pub observed_permille: Option<u16>,
    /// Would the instruments whose coverage is known have told such acts? If not, what was observed says nothing of
    /// them.
    pub told: bool,
    /// Where the total counts by the claimant's own definition: its parts, by name, each tested for itself.
    pub parts: Vec<(Name, Tested)>,
}

impl Tested {
    /// A sentence for a person.
    pub fn words(&self) -> String {
        if let Outcome::CannotBeTested(why) = self.outcome {
            return format!("{}: {}", self.outcome.words(), why.words());
        }
        let observed = self
            .observed_permille
            .map_or("not known".to_string(), |permille| format!("{}.{} %", permille / 10, permille % 10));
        let blind = match self.observed_permille {
            Some(_) if !self.told => ", by instruments that do not tell such acts",
            _ => "",
        };
        format!(
            "{}: {} such acts established, {} possible; observed: {observed}{blind}",
            self.outcome.words(),
            thousands(self.least),
            thousands(self.most)
        )
    }
}

/// What was observed, as far as a claim asks.
pub struct Known<'a> {
    /// All incidents.
    pub incidents: &'a [Assessed<'a>],
    /// The share of an area and time in which instruments would have told an act, permille; `None` where no source
    /// of known coverage is at hand.
    pub coverage: &'a dyn Fn(&Place, Span) -> Option<u16>,
    /// At least this share observed counts as observed, permille (a threshold of the mission file).
    pub least_observed_permille: u16,
}

/// Holds the total of a claim, or the sum of its parts, against what was observed.
///
/// Without a total the figure is the sum of the parts, tested by their units where all of them are known.
pub fn test(claim: &Claim, units: &Units, known: Option<&Known<'_>>, rules: Option<&Rules>) -> Tested {
    let stopped = |why| Tested {
        outcome: Outcome::CannotBeTested(why),
        least: 0,
        most: 0,
        observed_permille: None,
        told: false,
        parts: Vec::new(),
    };
    let figure = match claim.total {
        Count::Unstated if claim.parts.is_empty() => return stopped(Why::NoFigure),
        Count::Unstated => Bounds::sum(claim.parts.iter().map(|(_, count)| *count)),
        total => Bounds::of(total),
    };
    let named = match named(claim, units) {
        Ok(named) => named,
        Err(Why::OwnDefinition) if claim.total != Count::Unstated => {
            let of = |(name, total): &(Name, Count)| {
                let part = Claim { unit: name.clone(), total: *total, parts: Vec::new(), ..claim.clone() };
                (name.clone(), test(&part, units, known, rules))
            };
            // Where nothing was observed there is no more to say of a part than of the whole.
            let parts = known.map_or_else(Vec::new, |_| claim.parts.iter().map(of).collect());
            return Tested { parts, ..stopped(Why::OwnDefinition) };
        }
        Err(why) => return stopped(why),
    };
    let Some(rules) = rules else { return stopped(Why::NoThresholds) };
    let Some(known) = known else { return stopped(Why::NoObservations) };

    let (mut least, mut most) = (0, 0);
    let own: BTreeSet<&Name> = known
        .incidents
        .iter()
        .flat_map(|assessed| &assessed.incident.members)
        // Not where none are claimed: there a party would silence others by calling itself one of their group.
        .filter(|member| figure.most != Some(0) && said_by(member, &claim.claimant))
        .map(|member| &member.group)
        .collect();
    for assessed in known.incidents {
        let count = count(assessed);
        let found = match witnessed(assessed, claim, &own) {
            Belongs::No => Belongs::No,
            seen => match (matches(claim, &named, assessed, rules), seen) {
                (Belongs::Yes, Belongs::Unknown) => Belongs::Unknown,
                (found, _) => found,
            },
        };
        match found {
            Belongs::Yes => {
                least += count;
                most += count;
            }
            Belongs::Unknown => most += count,
            Belongs::No => {}
        }
    }
    let told = named.iter().all(|unit| {
        unit.acts.iter().all(|act| rules.told.iter().any(|class| act.belongs(*class) == Belongs::Yes))
    });
    let observed_permille = (known.coverage)(&claim.place, claim.window);
    // What would not have been told was not observed, however much was.
    let seen = observed_permille.filter(|_| told);
    let share = |permille: u16| figure.least * u64::from(permille);
    let none_claimed = figure.most == Some(0);
    let all_observed = seen == Some(1_000);
    let enough = least > 0 && least * 1_000 >= share(rules.corroborated_permille);
    let outcome = if none_claimed && least > 0 {
        Outcome::Contradicted
    } else if enough || (none_claimed && all_observed && most == 0) {
        Outcome::Corroborated
    } else if !none_claimed && all_observed && most * 1_000 <= share(rules.contradicted_permille) {
        Outcome::Contradicted
    } else if seen.is_some_and(|share| share >= known.least_observed_permille) {
        Outcome::NotCorroboratedObserved
    } else {
        Outcome::NotCorroboratedUnobserved
    };
    Tested { outcome, least, most, observed_permille, told, parts: Vec::new() }
}

/// The units that a claim's figure counts, or why no observation can tell.
fn named<'u>(claim: &Claim, units: &'u Units) -> Result<Vec<&'u Unit>, Why> {
    let of = |counted: &Counted| -> Result<Vec<&'u Unit>, Why> {
        let Counted::Units(ids) = counted else { return Err(Why::UnitNotKnown) };
        let found: Vec<&Unit> = ids.iter().filter_map(|id| units.get(id)).collect();
        match found.iter().find(|unit| unit.own_definition || unit.acts.is_empty()) {
            Some(unit) if unit.own_definition => Err(Why::OwnDefinition),
            Some(_) => Err(Why::NothingShowsIt),
            None => Ok(found),
        }
    };
    let whole = of(&units.counted(&claim.unit));
    if whole.is_ok()
        || claim.parts.is_empty()
        || claim.total != Count::Unstated && whole == Err(Why::OwnDefinition)
    {
        return whole;
    }
    let parts: Result<Vec<Vec<&Unit>>, Why> =
        claim.parts.iter().map(|(name, _)| of(&units.counted(name))).collect();
    // What the total's own words lack is the better reason.
    parts.map(|parts| parts.concat()).or(whole)
}

/// Is the incident one that the claim speaks of?
fn matches(claim: &Claim, named: &[&Unit], assessed: &Assessed<'_>, rules: &Rules) -> Belongs {
    let facts = &assessed.facts;
    let unit = named.iter().map(|unit| unit.covers(facts.act, facts.weapon, facts.target));
    let unit = unit.fold(Belongs::No, |best, next| match (best, next) {
        (Belongs::Yes, _) | (_, Belongs::Yes) => Belongs::Yes,
        (Belongs::Unknown, _) | (_, Belongs::Unknown) => Belongs::Unknown,
        _ => Belongs::No,
    });
    let window = if claim.window.covers(facts.time) {
        Belongs::Yes
    } else if claim.window.overlaps(facts.time) {
        Belongs::Unknown
    } else {
        Belongs::No
    };
    let established = facts.origin.iter().find(|(_, permille)| *permille >= rules.origin_permille);
    let side = match established {
        _ if &*claim.against == ANYONE => Belongs::Yes,
        Some((party, _)) if *party == claim.against => Belongs::Yes,
        Some(_) => Belongs::No,
        None => Belongs::Unknown,
    };
    let occurred = if facts.occurred_permille >= rules.occurred_permille {
        Belongs::Yes
    } else if facts.occurred_permille <= 1_000 - rules.occurred_permille {
        Belongs::No
    } else {
        Belongs::Unknown
    };
    let answers = [unit, window, side, occurred, inside(&claim.place, assessed.incident.at)];
    if answers.contains(&Belongs::No) {
        Belongs::No
    } else if answers.contains(&Belongs::Unknown) {
        Belongs::Unknown
    } else {
        Belongs::Yes
    }
}

fn said_by(member: &Observation, claimant: &Name) -> bool {
    matches!(&member.asserted_by, Asserter::Party(party) if party == claimant)
}

/// Is an incident known without the claimant's word? Not where all that carries weight is its own, or of its group; and it
/// cannot be told where its own rows weigh beside those of others.
fn witnessed(assessed: &Assessed<'_>, claim: &Claim, own: &BTreeSet<&Name>) -> Belongs {
    let of_claimant = |member: &Observation| {
        said_by(member, &claim.claimant)
            || (member.asserted_by != Asserter::Monitor && own.contains(&member.group))
    };
    let members = || assessed.incident.members.iter().copied().filter(|member| disinterested(member));
    if !members().any(|member| !of_claimant(member)) {
        Belongs::No
    } else if members().any(of_claimant) {
        let mut counted = assessed.evidence.rows.iter().filter(|row| row.counted > 0);
        match counted.any(|row| of_claimant(row.observation)) {
            true => Belongs::Unknown,
            false => Belongs::Yes,
        }
    } else {
        Belongs::Yes
    }
}

fn inside(area: &Place, at: Option<Point>) -> Belongs {
    match (area, at) {
        (Place::Area { centre, radius, .. }, Some(at)) => {
            if distance(*centre, at) <= *radius {
                Belongs::Yes
            } else {
                Belongs::No
            }
        }
        (Place::Area { .. }, None) => Belongs::Unknown,
        _ => Belongs::Yes,
    }
}

/// How many acts an incident is: the greatest number that an observation of it tells which is not a party's word,
/// or one.
fn count(assessed: &Assessed<'_>) -> u64 {
    let numbers: BTreeSet<u64> = assessed
        .incident
        .members
        .iter()
        .filter(|member| !matches!(member.asserted_by, Asserter::Party(_)))
        .map(|member| Bounds::of(member.count).least)
        .collect();
    numbers.last().copied().unwrap_or(1).max(1)
}
