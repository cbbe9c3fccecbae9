//! Which observations belong to one incident.
//!
//! Two observations are [`linked`] when their kinds may be, their acts do not contradict each other, and
//! they are close in space and time. Chains of links are not incidents: on a busy day half a front would be
//! one. Instead every observation has a rank (precision class, then a hash of what it
//! says happened, where and when, then id). In each of four rounds, an
//! observation that outranks all unassigned ones linked to it becomes an anchor, and those linked to an
//! anchor join the highest-ranked one. The rest stand alone. Then what only an anchor between them held together is
//! parted: of those that could anchor each other, all that stay in one incident are linked to each other.
//!
//! Six rules keep this honest:
//! - nothing bridges: one vague sighting between two incidents that are not linked joins at most one of them;
//! - only a measured place of some precision in space and time can anchor others; a village's name supports;
//! - what is wider than [`Linking::widest`] links with nothing: a report of a whole province supports no
//!   particular incident in it;
//! - what a party asserts is anchored by anyone, but anchors only assertions of the same party. So a party can
//!   neither merge nor split what others observed, however much it says;
//! - what somebody tells (a newspaper with coordinates of its own) is anchored by what was measured or seen by the monitor,
//!   and anchors only what is told: the place of what the monitor saw is never a newspaper's;
//! - of the rest, those that say the same of the same place and time stand together (see
//!   [`Linking::new`]): a thousand copies of one report are one incident.
//!
//! An anchor and its members lie within one reach and gap of each other. What becomes of an observation
//! depends on nothing beyond [`Linking::halo`], so the work can be divided by [`Square`]s.

mod ground;
mod index;
mod link;
mod presence;
mod square;

pub use link::{link, link_squares};
pub use presence::{Presence, Standing, is_absence, presences};
pub use square::Square;

use crate::Id;
use crate::observation::{Act, Belongs, Kind, Observation};
use crate::place::{KM, Mm, Place, Point};
use crate::time::{DAY, Micros, Span};
use alloc::vec::Vec;
use core::fmt;
use ground::{Disc, Flat};

/// Rounds of choosing anchors. With more, hardly anything changes; each adds two reaches to the halo.
pub const ROUNDS: u8 = 4;

/// No observations farther apart than this are ever linked, uncertainties included.
pub const GREATEST_REACH: Mm = 500 * KM;

/// No observations farther apart in time than this are ever linked.
pub const GREATEST_GAP: Micros = 366 * DAY;

/// What happened, as far as known: one incident, many observations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Incident<'a> {
    /// The observation that the others belong to; it gives the incident its id and its place.
    pub anchor: &'a Observation,
    /// All observations, the anchor among them, by id.
    pub members: Vec<&'a Observation>,
    /// When: the least span that holds the spans of the anchor and of all members that could anchor. What a
    /// party asserts has a say only where the anchor is its own. So an assertion can widen the span by no
    /// more than the gap, and can never narrow it.
    pub when: Span,
    /// The middle of the anchor's place; `None` where it is not known.
    pub at: Option<Point>,
    /// Distance from there to the farthest middle of the members that count for `when`.
    pub spread: Mm,
}

impl Incident<'_> {
    /// Identity: the anchor's.
    pub fn id(&self) -> Id {
        self.anchor.id
    }
}

/// The kinds whose observations are incidents or parts of them.
///
/// Bearings and points of air tracks become incidents through `impulse` and `track`; who holds ground, alerts,
/// the state of sensors, notices and claims never do.
pub const HAPPENING: [Kind; 5] =
    [Kind::Impulse, Kind::ThermalAnomaly, Kind::ReportedEvent, Kind::Sighting, Kind::Obstruction];

/// Can an observation of this kind be (part of) an incident? See [`HAPPENING`].
pub fn happens(kind: Kind) -> bool {
    HAPPENING.contains(&kind)
}

/// Decides between observations of one class: a number drawn from what is said to have happened, where and when (by the mixing
/// of SplitMix64; Steele, Lea & Flood 2014). Neither who says it nor an id takes part, so no wording of a row or of its
/// notes wins a rank, and whoever may read the ids of a record and whoever may not rank alike.
pub fn lot(observation: &Observation) -> u64 {
    let place = Disc::of(&observation.place);
    let point = |of: fn(Point) -> i32| place.map_or(i64::MIN, |disc| of(disc.centre).into());
    let said = [
        observation.time.start.0,
        observation.time.end.0,
        point(|at| at.lon),
        point(|at| at.lat),
        place.map_or(i64::MIN, |disc| disc.within),
        observation.kind as i64,
        observation.act as i64,
        observation.weapon as i64,
    ];
    said.iter().fold(0, |lot: u64, part| {
        let mut mixed = (lot ^ part.cast_unsigned()).wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    })
}

/// How far from its middle a place reaches (for a measured point: one sigma); `None` where it is not known.
pub fn extent(place: &Place) -> Option<Mm> {
    Disc::of(place).map(|disc| disc.within)
}

/// Do two acts exclude each other? Only where neither is a sort of the other: fire and shelling do not.
pub fn contradict(a: Act, b: Act) -> bool {
    a.belongs(b) == Belongs::No
}

/// Kinds whose observations may be of one incident, and how close they must be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Any two of these kinds, the same one twice included.
    pub kinds: Vec<Kind>,
    /// Greatest distance, to which the uncertainty of both places is added.
    pub reach: Mm,
    /// Greatest time between the spans of both.
    pub gap: Micros,
}

/// A bound on how wide a place and a span are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Precision {
    /// Everything meant (for a measured point: one sigma) lies within this distance of the middle.
    pub within: Mm,
    /// Length of the span.
    pub length: Micros,
}

/// How observations are linked: the data of the mission file, checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Linking {
    rules: Vec<Rule>,
    /// Reach and gap by kind and kind.
    pairs: [[Option<(Mm, Micros)>; KINDS]; KINDS],
    precision: Vec<Precision>,
    widest: Precision,
    gather: bool,
}

const KINDS: usize = Kind::Claim as usize + 1;

impl Linking {
    /// - `rules`: the first rule that names both kinds decides; kinds that share no rule are not linked.
    /// - `precision`: classes of precision, the finest first. Observations in the last or a finer class can
    ///   anchor, and those of a finer class outrank the others.
    /// - `widest`: wider ones are linked with nothing.
    /// - `gather`: of those that stand alone, the ones that could not anchor and agree in kind, asserter,
    ///   place, time and act stand together if they repeat one text. With `gather`, they also do so without
    ///   that if the place is a settlement or a point: nothing in them tells one event from another.
    ///
    /// # Errors
    /// When the numbers make no sense.
    pub fn new(
        rules: &[Rule],
        precision: &[Precision],
        widest: Precision,
        gather: bool,
    ) -> Result<Self, LinkingError> {
        let sound = |class: &Precision| class.within >= 0 && class.length >= 0;
        let finest_first = |pair: &[Precision]| {
            pair[0].within <= pair[1].within && pair[0].length <= pair[1].length && pair[0] != pair[1]
        };
        let Some(last) = precision.last().filter(|_| precision.len() <= 80) else {
            return Err(LinkingError::NoPrecision);
        };
        if !precision.iter().chain([&widest]).all(sound) || !precision.windows(2).all(finest_first) {
            return Err(LinkingError::PrecisionOrder);
        }
        if last.within > widest.within || last.length > widest.length {
            return Err(LinkingError::WidestTooNarrow);
        }
        let mut pairs = [[None; KINDS]; KINDS];
        for (number, rule) in (1..).zip(rules) {
            if let Some(&kind) = rule.kinds.iter().find(|kind| !happens(**kind)) {
                return Err(LinkingError::NeverLinks { rule: number, kind });
            }
            let longest = rule.reach.saturating_add(widest.within).saturating_add(last.within);
            if rule.reach < 0 || longest > GREATEST_REACH {
                return Err(LinkingError::Reach { rule: number });
            }
            if rule.gap < 0 || rule.gap.saturating_add(widest.length) > GREATEST_GAP {
                return Err(LinkingError::Gap { rule: number });
            }
            for a in &rule.kinds {
                for b in &rule.kinds {
                    pairs[*a as usize][*b as usize].get_or_insert((rule.reach, rule.gap));
                }
            }
        }
        Ok(Self { rules: rules.to_vec(), pairs, precision: precision.to_vec(), widest, gather })
    }

    /// The rules, as given.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What is wider than this links with nothing.
    pub fn widest(&self) -> Precision {
        self.widest
    }

    /// What is wider than this supports, but does not anchor.
    pub fn narrow(&self) -> Precision {
        self.precision.last().copied().unwrap_or(self.widest)
    }

    /// The greatest distance of a member from its anchor, uncertainties included. No incident is more than
    /// twice as wide.
    pub fn longest_reach(&self) -> Mm {
        let reach = self.pairs.iter().flatten().flatten().map(|(reach, _)| *reach).max().unwrap_or(0);
        reach + self.widest.within + self.narrow().within
    }

    /// The greatest time between the spans of a member and its anchor.
    pub fn longest_gap(&self) -> Micros {
        self.pairs.iter().flatten().flatten().map(|(_, gap)| *gap).max().unwrap_or(0)
    }

    /// How far from an anchor lies what can have a say in which its members are.
    ///
    /// An observation's fate in a round hangs on who in reach is still unassigned (one reach), and through
    /// the anchors among these on who is unassigned around them (one more): eight reaches in four rounds, and
    /// one from the anchor to its member. What is parted from its first anchor is one reach farther from the others
    /// around that. Only the first two can end in a wide place.
    pub fn halo(&self) -> Mm {
        let wide = self.longest_reach();
        let narrow = wide - self.widest.within + self.narrow().within;
        2 * wide + 2 * Mm::from(ROUNDS) * narrow
    }

    /// Reach and gap of two kinds.
    fn pair(&self, a: Kind, b: Kind) -> Option<(Mm, Micros)> {
        self.pairs[a as usize][b as usize]
    }

    /// Is the kind named in a rule, and the place and span no wider than the widest?
    fn links(&self, observation: &Observation, disc: Disc) -> bool {
        disc.within <= self.widest.within
            && length(observation.time) <= self.widest.length
            && self.pairs[observation.kind as usize].iter().any(Option::is_some)
    }

    /// The class of precision, 0 for the finest; `None` for what cannot anchor.
    fn class(&self, observation: &Observation, disc: Disc) -> Option<usize> {
        let length = length(observation.time);
        let fits = |class: &Precision| disc.within <= class.within && length <= class.length;
        let may_anchor = observation.place.anchors() && self.links(observation, disc);
        self.precision.iter().position(fits).filter(|_| may_anchor)
    }
}

/// Length of a span, also of one that somebody made by hand with its end before its start.
fn length(span: Span) -> Micros {
    span.end.0.saturating_sub(span.start.0).max(0)
}

/// May these two be of one incident? Pure and symmetric.
///
/// A pair of two wide places may be linked; neither will anchor the other.
pub fn linked(a: &Observation, b: &Observation, linking: &Linking) -> bool {
    let (Some(here), Some(there)) = (Disc::of(&a.place), Disc::of(&b.place)) else { return false };
    let Some((reach, gap)) = linking.pair(a.kind, b.kind) else { return false };
    linking.links(a, here)
        && linking.links(b, there)
        && !contradict(a.act, b.act)
        && between(a.time, b.time) <= gap
        && Flat::new(here.centre).within(Flat::new(there.centre), reach + here.within + there.within)
}

/// Time between two spans; zero or less when they share a moment.
fn between(a: Span, b: Span) -> Micros {
    a.start.0.max(b.start.0).saturating_sub(a.end.0.min(b.end.0))
}

/// Why the linking rules of a mission file cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkingError {
    /// No class of precision is given, or more than eighty.
    NoPrecision,
    /// The classes are not in order, or a number is negative.
    PrecisionOrder,
    /// The widest is narrower than the last class of precision.
    WidestTooNarrow,
    /// A rule names a kind that is never part of an incident.
    NeverLinks {
        /// Number of the rule, from 1.
        rule: usize,
        /// The kind.
        kind: Kind,
    },
    /// The reach is negative or too long.
    Reach {
        /// Number of the rule, from 1.
        rule: usize,
    },
    /// The gap is negative or too long.
    Gap {
        /// Number of the rule, from 1.
        rule: usize,
    },
}

impl fmt::Display for LinkingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPrecision => f.write_str(
                "linking: no class of precision is given, so nothing could anchor an incident (or more than \
                 80 are); give at least one (such as 1 km and 1 hour)",
            ),
            Self::PrecisionOrder => f.write_str(
                "linking: the classes of precision must run from the finest to the widest, each at least as \
                 wide as the one before in space and in time, without negative numbers",
            ),
            Self::WidestTooNarrow => f.write_str(
                "linking: `widest` is narrower than the last class of precision; what can anchor must be \
                 able to link: widen it, or take the class out",
            ),
            Self::NeverLinks { rule, kind } => write!(
                f,
                "linking: rule {rule} names the kind {kind:?}, which is never part of an incident; take it out"
            ),
            Self::Reach { rule } => write!(
                f,
                "linking: the reach of rule {rule} is negative, or over {} km together with the widest places; \
                 so far apart nothing is one incident: shorten the reach or narrow `widest`",
                GREATEST_REACH / KM
            ),
            Self::Gap { rule } => write!(
                f,
                "linking: the gap of rule {rule} is negative, or over {} days together with the longest spans; \
                 shorten it",
                GREATEST_GAP / DAY
            ),
        }
    }
}

impl core::error::Error for LinkingError {}
