//! Evidence in centibans: how sure, and why, for and against.
//!
//! A ban is a factor of ten in odds (I. J. Good, "Probability and the Weighing of Evidence", 1950), a centiban a
//! hundredth of it: 2.3 % in odds. Weights are integers and are added, so that every sum can be checked by
//! hand and is the same everywhere.
//!
//! Each observation gives one [`Row`] for each thing it supports: that something occurred, what act, what
//! weapon, whose forces. Then:
//! - **what was seen first**: what is told adds to what was measured or seen by the monitor and takes nothing from it;
//! - **one witness once**: within a group of independence only the strongest row for and the strongest
//!   against counts. A thousand copies of one report weigh as one;
//! - **papers copy papers**: what is known from texts only is capped, all together, for and against;
//! - **no party is its own witness**: what a party asserts weighs nothing, unless it says it of its own forces.
//!
//! Every weight comes from the mission file, and every row says what it counted for and why.

mod position;
mod tally;
mod words;

pub use position::{Position, position};
pub use tally::{Alternative, Alternatives};
pub use words::{Word, Words, WordsError};

use crate::Name;
use crate::incident::{HAPPENING, Incident, happens};
use crate::observation::{Act, Asserter, Belongs, Kind, Observation, Weapon};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;
use tally::tally;

/// Weight of evidence: hundredths of the decimal logarithm of odds.
pub type Centibans = i32;

/// The greatest weight that one number of a mission file can have: odds of ten thousand million to one.
pub const GREATEST_WEIGHT: Centibans = 1_000;

/// What a kind of observation weighs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KindWeight {
    /// The kind.
    pub kind: Kind,
    /// Odds, before its own weight, that what such an observation is taken for did occur: heat seen from space
    /// is most often a farmer's fire.
    pub prior: Centibans,
    /// Share of the weight of its rating that an observation of this kind has, permille.
    pub permille: u16,
}

/// What observations weigh: the data of the mission file, checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Weights {
    kinds: Vec<KindWeight>,
    ratings: [[Centibans; 6]; 6],
    text_cap: Centibans,
    origin_permille: u16,
}

impl Weights {
    /// - `kinds`: every kind that can be part of an incident, once.
    /// - `ratings`: by Admiralty rating; the row is the source (A to F), the column the information (1 to 6).
    ///   Positive is for, negative against (an improbable report speaks against what it reports).
    /// - `text_cap`: the most that all reports by third parties together can weigh, for or against.
    /// - `origin_permille`: share of an observation's weight that what it says of whose forces acted has.
    ///
    /// # Errors
    /// When a kind is missing or named twice, or a number is out of range.
    pub fn new(
        kinds: &[KindWeight],
        ratings: [[Centibans; 6]; 6],
        text_cap: Centibans,
        origin_permille: u16,
    ) -> Result<Self, WeightsError> {
        let in_range = |weight: &Centibans| (-GREATEST_WEIGHT..=GREATEST_WEIGHT).contains(weight);
        for kind in HAPPENING {
            match kinds.iter().filter(|weight| weight.kind == kind).count() {
                0 => return Err(WeightsError::Missing(kind)),
                1 => {}
                _ => return Err(WeightsError::Twice(kind)),
            }
        }
        if let Some(wrong) = kinds.iter().find(|weight| !happens(weight.kind)) {
            return Err(WeightsError::NeverWeighs(wrong.kind));
        }
        let priors = kinds.iter().map(|weight| &weight.prior);
        if !ratings.iter().flatten().chain(priors).all(in_range) {
            return Err(WeightsError::OutOfRange);
        }
        if !(0..=GREATEST_WEIGHT).contains(&text_cap) {
            return Err(WeightsError::TextCap);
        }
        if kinds.iter().any(|weight| weight.permille > 1_000) || origin_permille > 1_000 {
            return Err(WeightsError::Permille);
        }
        Ok(Self { kinds: kinds.to_vec(), ratings, text_cap, origin_permille })
    }

    /// The most that all reports by third parties together can weigh.
    pub fn text_cap(&self) -> Centibans {
        self.text_cap
    }

    /// The most that can be known from reports by third parties alone, however many: their prior and the cap.
    pub fn most_by_text(&self) -> Centibans {
        self.of(Kind::ReportedEvent).map_or(0, |weight| weight.prior) + self.text_cap
    }

    fn of(&self, kind: Kind) -> Option<&KindWeight> {
        self.kinds.iter().find(|weight| weight.kind == kind)
    }

    /// What an observation weighs by its kind and rating, before anything else is looked at.
    fn weight(&self, observation: &Observation) -> Centibans {
        let row = usize::from(observation.rating.source.saturating_sub(b'A'));
        let column = usize::from(observation.rating.information.saturating_sub(1));
        let rated = self.ratings.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0);
        share(rated, self.of(observation.kind).map_or(0, |weight| weight.permille))
    }
}

/// A share of a weight, rounded towards zero: never more than it is.
fn share(weight: Centibans, permille: u16) -> Centibans {
    weight * Centibans::from(permille) / 1_000
}

/// What a row of evidence speaks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Item<'a> {
    /// That something occurred.
    Occurred,
    /// That it was this act.
    Act(Act),
    /// That it was done with this.
    Weapon(Weapon),
    /// That this party's forces did it.
    Origin(&'a Name),
}

impl Item<'_> {
    /// Are they answers to one question?
    fn is_like(&self, other: &Self) -> bool {
        core::mem::discriminant(self) == core::mem::discriminant(other)
    }

    /// Can only one of the two be so?
    fn excludes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Act(a), Self::Act(b)) => a.belongs(*b) == Belongs::No,
            (Self::Weapon(a), Self::Weapon(b)) => a.belongs(*b) == Belongs::No,
            (Self::Origin(a), Self::Origin(b)) => a != b,
            _ => false,
        }
    }
}

/// Why a row counted for what it did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// It is the strongest of its group.
    Strongest,
    /// Another of its group is stronger, or as strong and first by id.
    WeakerInGroup,
    /// Texts together reached their cap; it counted in part or not at all.
    TextCap,
    /// A party says it, and not of its own forces.
    PartyAsserted,
    /// It is told, and says another thing than what was measured or seen by the monitor.
    AgainstSeen,
    /// Its rating or kind weighs nothing.
    WeighsNothing,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Strongest => "the strongest of its group",
            Self::WeakerInGroup => "another of its group says it as strongly or more",
            Self::TextCap => "texts together weigh no more than this",
            Self::PartyAsserted => "asserted by a party, and not of its own forces",
            Self::AgainstSeen => "told, and something else was measured or seen by the monitor",
            Self::WeighsNothing => "weighs nothing by its rating and kind",
        })
    }
}

/// What one observation says of one thing, and what that counted for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row<'a> {
    /// The observation.
    pub observation: &'a Observation,
    /// What it speaks for (or against, when negative).
    pub item: Item<'a>,
    /// What it weighs alone.
    pub centibans: Centibans,
    /// What it counted for beside the others.
    pub counted: Centibans,
    /// Why.
    pub why: Why,
}

/// All that is known for and against what an incident was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence<'a> {
    /// Odds before the evidence: those of the least doubtful kind among the observations that count.
    pub prior: Centibans,
    /// One row for each observation and item, by item, then group, then id.
    pub rows: Vec<Row<'a>>,
    /// The prior and all that counted on whether it occurred.
    pub occurred: Centibans,
    /// What was done.
    pub acts: Alternatives<Act>,
    /// With what.
    pub weapons: Alternatives<Weapon>,
    /// Whose forces did it: the parties in the order of the agreement, then any others named, by name.
    pub origins: Alternatives<Name>,
}

impl Evidence<'_> {
    /// Groups of independence that count for its having occurred. Copies under names of their own do not: neither what a
    /// party asserts of another, nor texts beyond their cap.
    pub fn groups(&self) -> u32 {
        let for_it = self.rows.iter().filter(|row| row.item == Item::Occurred && row.counted > 0);
        for_it.map(|row| &row.observation.group).collect::<BTreeSet<_>>().len() as u32
    }
}

/// Weighs what the observations of an incident say. `parties` are those of the agreement, in its order.
pub fn weigh<'a>(incident: &Incident<'a>, weights: &Weights, parties: &[Name]) -> Evidence<'a> {
    // That it occurred, what act, with what, by whom: at most four rows each.
    let mut rows = Vec::with_capacity(4 * incident.members.len());
    for &observation in &incident.members {
        add_rows(observation, weights, &mut rows);
    }
    rows.sort_unstable_by(|a, b| {
        let key = |row: &Row<'a>| (row.item, &row.observation.group, row.observation.id);
        key(a).cmp(&key(b))
    });
    yield_to_what_was_seen(&mut rows);
    let mut total = 0;
    for same in rows.chunk_by_mut(|a, b| a.item == b.item) {
        let counted = tally(same.iter(), weights.text_cap);
        if same[0].item == Item::Occurred {
            total = counted.total;
        }
        for (row, (counted, why)) in same.iter_mut().zip(counted.rows) {
            (row.counted, row.why) = (
                counted,
                if matches!(row.why, Why::PartyAsserted | Why::AgainstSeen) { row.why } else { why },
            );
        }
    }
    let prior = prior(&incident.members, weights);
    Evidence {
        prior,
        occurred: prior.saturating_add(total),
        acts: Alternatives::of_acts(&rows, weights.text_cap),
        weapons: Alternatives::of_weapons(&rows, weights.text_cap),
        origins: Alternatives::of_origins(&rows, weights.text_cap, parties),
        rows,
    }
}

/// What is told names no act, weapon or side against one that was measured or seen by the monitor: else whoever owns a
/// newspaper could take from a finding what a patrol saw. It still says more exactly what was seen less so.
fn yield_to_what_was_seen(rows: &mut [Row<'_>]) {
    let seen: Vec<Item<'_>> =
        rows.iter().filter(|row| row.centibans > 0 && is_seen(row.observation)).map(|row| row.item).collect();
    for row in rows.iter_mut().filter(|row| row.centibans != 0 && !is_seen(row.observation)) {
        let mut others = seen.iter().filter(|item| item.is_like(&row.item)).peekable();
        if others.peek().is_some() && others.all(|item| item.excludes(&row.item)) {
            (row.centibans, row.why) = (0, Why::AgainstSeen);
        }
    }
}

/// The one of several by one source that weighs least.
pub(crate) fn weakest<'a>(said: &[&'a Observation], weights: &Weights) -> Option<&'a Observation> {
    said.iter().copied().min_by_key(|one| (weights.weight(one), one.id))
}

/// How sure it is, permille, that what all of these say alike is so: each group once, texts no further than their cap. None
/// of them may be a party's.
pub(crate) fn agreed_permille(said: &[&Observation], weights: &Weights) -> u16 {
    let rows: Vec<Row<'_>> = said
        .iter()
        .map(|one| Row {
            observation: one,
            item: Item::Occurred,
            centibans: weights.weight(one),
            counted: 0,
            why: Why::WeighsNothing,
        })
        .collect();
    probability_permille(prior(said, weights).saturating_add(tally(rows.iter(), weights.text_cap).total))
}

/// Does what this observation says carry weight, by who asserts it? What a party says carries some only where
/// it speaks of its own forces.
pub(crate) fn disinterested(observation: &Observation) -> bool {
    match &observation.asserted_by {
        Asserter::Monitor | Asserter::Third => true,
        Asserter::Party(party) => observation.origin.as_ref() == Some(party),
    }
}

fn prior(members: &[&Observation], weights: &Weights) -> Centibans {
    // What somebody else tells has the prior of a report, whatever kind its row calls itself.
    let kind = |one: &Observation| if is_text(one) { Kind::ReportedEvent } else { one.kind };
    let of = |one: &&Observation| weights.of(kind(one)).map(|weight| weight.prior);
    let counting = members.iter().copied().filter(|one| disinterested(one) && weights.weight(one) != 0);
    // Where nothing counts, the most doubtful.
    let doubtful = || members.iter().copied().filter_map(|one| of(&one)).min();
    counting.filter_map(|one| of(&one)).max().or_else(doubtful).unwrap_or(-GREATEST_WEIGHT)
}

fn add_rows<'a>(observation: &'a Observation, weights: &Weights, rows: &mut Vec<Row<'a>>) {
    let asserted = !disinterested(observation);
    let weight = if asserted { 0 } else { weights.weight(observation) };
    let why = if asserted { Why::PartyAsserted } else { Why::WeighsNothing };
    let mut add = |item, centibans| rows.push(Row { observation, item, centibans, counted: 0, why });
    match observation.act {
        // A report of an ordinary event speaks against an act of war.
        Act::Ordinary => add(Item::Occurred, -weight.abs()),
        Act::Undetermined => add(Item::Occurred, weight),
        act => {
            add(Item::Occurred, weight);
            add(Item::Act(act), weight);
        }
    }
    if observation.weapon != Weapon::Undetermined {
        add(Item::Weapon(observation.weapon), weight);
    }
    if let Some(party) = &observation.origin {
        add(Item::Origin(party), share(weight, weights.origin_permille));
    }
}

/// Is what it says known from what somebody tells? A sighting or an obstruction that others than the monitor's own people
/// report is a report of one: entered under another kind, a newspaper would weigh without bound.
pub fn is_text(observation: &Observation) -> bool {
    matches!(observation.kind, Kind::ReportedEvent | Kind::Sighting | Kind::Obstruction)
        && observation.asserted_by != Asserter::Monitor
}

/// Was it measured, or seen by the monitor's own people? What a party's instruments say of its own forces is its word.
pub(crate) fn is_seen(observation: &Observation) -> bool {
    !is_text(observation) && !matches!(observation.asserted_by, Asserter::Party(_))
}

/// The probability that goes with odds in centibans, rounded to permille: 1,000 / (1 + 10^(-x/100)).
pub fn probability_permille(centibans: Centibans) -> u16 {
    libm::round(1_000.0 / (1.0 + libm::exp10(-f64::from(centibans) / 100.0))) as u16
}

/// Why the weights of a mission file cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WeightsError {
    /// A kind that can be part of an incident has no weight.
    Missing(Kind),
    /// A kind has two weights.
    Twice(Kind),
    /// A kind that is never part of an incident has one.
    NeverWeighs(Kind),
    /// A prior or a rating is beyond [`GREATEST_WEIGHT`].
    OutOfRange,
    /// The cap is negative or beyond [`GREATEST_WEIGHT`].
    TextCap,
    /// A share is over 1,000 permille.
    Permille,
}

impl fmt::Display for WeightsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(kind) => {
                write!(
                    f,
                    "weights: the kind {kind:?} has no prior and weight; give it both (a weight may be 0)"
                )
            }
            Self::Twice(kind) => write!(f, "weights: the kind {kind:?} is given twice; take one out"),
            Self::NeverWeighs(kind) => {
                write!(f, "weights: the kind {kind:?} is never part of an incident; take it out")
            }
            Self::OutOfRange => write!(
                f,
                "weights: a prior or a rating is beyond {GREATEST_WEIGHT} centibans for or against; no single \
                 observation is as sure as that"
            ),
            Self::TextCap => {
                write!(f, "weights: the cap for texts must lie between 0 and {GREATEST_WEIGHT} centibans")
            }
            Self::Permille => f.write_str("weights: a share must lie between 0 and 1,000 permille"),
        }
    }
}

impl core::error::Error for WeightsError {}
