//! Ranked anchors: the four rounds in one pass.
//!
//! Who leaves the unassigned in which round hangs only on observations of higher rank, so one pass by rank
//! gives what the rounds give. For each observation, look at the higher-ranked ones that may take it: if one
//! of them is an anchor, it joined the highest-ranked of those that became anchors first; otherwise it became
//! an anchor itself in the round after the last of them was assigned, if that is one of the four.
//!
//! Anchors are never linked to each other, so few fit in a place, and most observations look at these alone.
//! That keeps the cost near linear at any density.

use super::ground::{Disc, Flat};
use super::index::{Bits, Index, Window};
use super::{Incident, KINDS, Linking, ROUNDS, Square, between, contradict, happens};
use crate::observation::{Act, Asserter, Kind, Observation};
use crate::place::{KM, Level, Mm, Place, Point};
use crate::time::{Micros, Span};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// All incidents among these observations, by id. The order of the observations does not matter; two with
/// one id are taken for one. Kinds that never [`happens`] are passed over.
pub fn link<'a>(
    observations: impl IntoIterator<Item = &'a Observation>,
    linking: &Linking,
) -> Vec<Incident<'a>> {
    incidents(observations, linking, |_| true, |_| true)
}

/// The incidents that are anchored in `squares`, by id. `observations` must hold all that are at home in the
/// [`Square::halo`] of one of them; others are passed over.
///
/// For any division of the ground, the incidents of all parts together are those of [`link`].
pub fn link_squares<'a>(
    observations: impl IntoIterator<Item = &'a Observation>,
    linking: &Linking,
    squares: &BTreeSet<Square>,
) -> Vec<Incident<'a>> {
    let halo: BTreeSet<Square> = squares.iter().flat_map(|square| square.halo(linking)).collect();
    incidents(observations, linking, |home| halo.contains(&home), |home| squares.contains(&home))
}

/// What an observation may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Anchor and join.
    Narrow,
    /// Join.
    Wide,
    /// Neither.
    Loose,
}

/// What linking needs to know of an observation, side by side in memory.
#[derive(Clone, Copy)]
struct Spot {
    flat: Flat,
    within: Mm,
    time: Span,
    kind: Kind,
    act: Act,
    /// Number of the party that asserts it; 0 where no party does.
    party: u32,
    /// Those of a lower class outrank those of a higher.
    class: u32,
    standing: Standing,
}

fn incidents<'a>(
    observations: impl IntoIterator<Item = &'a Observation>,
    linking: &Linking,
    inside: impl Fn(Square) -> bool,
    owned: impl Fn(Square) -> bool,
) -> Vec<Incident<'a>> {
    let (all, spots) = spots(observations, linking, inside);
    let by_id = by_id(&all);
    let roots = roots(&all, &spots, &by_id, linking);
    collect(&all, &spots, &by_id, &roots, owned)
}

fn spots<'a>(
    observations: impl IntoIterator<Item = &'a Observation>,
    linking: &Linking,
    inside: impl Fn(Square) -> bool,
) -> (Vec<&'a Observation>, Vec<Spot>) {
    let mut parties: BTreeMap<&str, u32> = BTreeMap::new();
    let classes = linking.precision.len() as u32;
    let mut all = Vec::new();
    let mut spots = Vec::new();
    for observation in observations {
        if !happens(observation.kind) {
            continue;
        }
        let disc = Disc::of(&observation.place);
        if !inside(Square::home(disc)) {
            continue;
        }
        let party = match &observation.asserted_by {
            Asserter::Monitor | Asserter::Third => 0,
            Asserter::Party(name) => {
                let next = parties.len() as u32 + 1;
                *parties.entry(name.as_str()).or_insert(next)
            }
        };
        let class = disc.and_then(|disc| linking.class(observation, disc)).map(|class| class as u32);
        // Narrow before wide; among the narrow, the words of parties last.
        let rank = class.map_or(2 * classes, |class| class + if party == 0 { 0 } else { classes });
        let standing = match (class, disc) {
            (Some(_), _) => Standing::Narrow,
            (None, Some(disc)) if linking.links(observation, disc) => Standing::Wide,
            (None, _) => Standing::Loose,
        };
        let disc = disc.unwrap_or(Disc { centre: Point { lon: 0, lat: 0 }, within: 0 });
        all.push(observation);
        spots.push(Spot {
            flat: Flat::new(disc.centre),
            within: disc.within,
            time: observation.time,
            kind: observation.kind,
            act: observation.act,
            party,
            class: rank,
            standing,
        });
    }
    (all, spots)
}

/// The observations in the order of their ids, one of each.
fn by_id(all: &[&Observation]) -> Vec<u32> {
    let id = |at: u32| all[at as usize].id;
    let mut keys: Vec<(u64, u32)> = (0..).zip(all).map(|(at, one)| (one.id.prefix(), at)).collect();
    keys.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| id(a.1).cmp(&id(b.1))));
    keys.dedup_by(|a, b| a.0 == b.0 && id(a.1) == id(b.1));
    keys.into_iter().map(|(_, at)| at).collect()
}

/// For each observation, the anchor of its incident.
fn roots(all: &[&Observation], spots: &[Spot], by_id: &[u32], linking: &Linking) -> Vec<u32> {
    let mut roots: Vec<u32> = (0u32..).take(all.len()).collect();
    let field = Field::new(spots, by_id, linking);
    for (position, anchor) in field.anchors(linking).into_iter().enumerate() {
        roots[field.order[position] as usize] = field.order[anchor as usize];
    }
    stand_together(all, spots, by_id, linking, &mut roots);
    roots
}

/// The observations that can link, laid out by where and when they are.
struct Field {
    index: Index,
    /// Which observation stands at each position.
    order: Vec<u32>,
    /// By position.
    spots: Vec<Spot>,
    /// Positions from the highest rank to the lowest.
    ranked: Vec<u32>,
}

/// When an observation left the unassigned: a round, or this, which is after the last.
const ALONE: u8 = ROUNDS + 1;

impl Field {
    fn new(spots: &[Spot], by_id: &[u32], linking: &Linking) -> Self {
        let links = |at: &u32| spots[*at as usize].standing != Standing::Loose;
        // In the order of input as far as possible: neighbours there are often neighbours on the ground.
        let mut once = Bits::new(spots.len());
        by_id.iter().copied().filter(links).for_each(|at| once.insert(at));
        let linkable: Vec<u32> = once.within((0, spots.len() as u32)).collect();
        let points: Vec<(Flat, i64)> = linkable
            .iter()
            .map(|at| &spots[*at as usize])
            .map(|spot| (spot.flat, spot.time.start.0))
            .collect();
        // A cell twice as wide as most searches: two to four cells to look at.
        let narrow = linking.longest_reach() - linking.widest.within + linking.narrow().within;
        let (index, positions) = Index::new((2 * narrow).clamp(KM / 10, 50 * KM), &points);
        let order: Vec<u32> = positions.into_iter().map(|at| linkable[at as usize]).collect();

        let mut position_of = alloc::vec![u32::MAX; spots.len()];
        (0u32..).zip(&order).for_each(|(position, at)| position_of[*at as usize] = position);
        let classes = 2 * linking.precision.len() + 1;
        let mut ranks: Vec<Vec<u32>> = alloc::vec![Vec::new(); classes];
        for at in by_id.iter().filter(|at| links(at)) {
            ranks[spots[*at as usize].class as usize].push(position_of[*at as usize]);
        }
        let spots = order.iter().map(|at| spots[*at as usize]).collect();
        Self { index, order, spots, ranked: ranks.concat() }
    }

    /// For each position, that of its anchor: itself for anchors and for those who stand alone.
    fn anchors(&self, linking: &Linking) -> Vec<u32> {
        let table = Table::new(linking);
        let count = self.spots.len();
        let mut anchor_of: Vec<u32> = (0u32..).take(count).collect();
        // Round in which each left the unassigned, and for anchors their rank.
        let mut left = alloc::vec![0u8; count];
        let mut rank_of = alloc::vec![0u32; count];
        let (mut anchors, mut others) = (Bits::new(count), Bits::new(count));
        let mut windows: Vec<Window> = Vec::new();
        for (rank, &position) in (0u32..).zip(&self.ranked) {
            let spot = &self.spots[position as usize];
            table.windows(&self.index, spot, &mut windows);
            let takes = |at: &u32| table.takes(&self.spots[*at as usize], spot);
            let found = windows
                .iter()
                .flat_map(|window| anchors.within(*window))
                .filter(takes)
                .min_by_key(|at| (left[*at as usize], rank_of[*at as usize]));
            if let Some(anchor) = found {
                anchor_of[position as usize] = anchor;
                left[position as usize] = left[anchor as usize];
            } else if spot.standing == Standing::Narrow {
                // The round after the last that could take it was assigned.
                let mut last = 0;
                for at in windows.iter().flat_map(|window| others.within(*window)) {
                    if left[at as usize] > last && takes(&at) {
                        last = left[at as usize];
                        if last >= ROUNDS {
                            break;
                        }
                    }
                }
                left[position as usize] = (last + 1).min(ALONE);
                rank_of[position as usize] = rank;
            } else {
                left[position as usize] = ALONE;
            }
            if spot.standing == Standing::Narrow {
                let is_anchor = found.is_none() && left[position as usize] <= ROUNDS;
                if is_anchor { anchors.insert(position) } else { others.insert(position) }
            }
        }
        anchor_of
    }
}

/// What the predicate needs, worked out once.
struct Table<'a> {
    linking: &'a Linking,
    /// For each act, a set of those that contradict it.
    contradicts: [u32; Act::NAMES.len()],
    /// For each kind, the greatest reach and gap to any other.
    widest: [(Mm, Micros); KINDS],
}

impl<'a> Table<'a> {
    fn new(linking: &'a Linking) -> Self {
        let mut contradicts = [0; Act::NAMES.len()];
        for (_, a) in Act::NAMES {
            for (_, b) in Act::NAMES {
                contradicts[a as usize] |= u32::from(contradict(a, b)) << b as u32;
            }
        }
        let widest = linking.pairs.map(|others| {
            others.iter().flatten().fold((0, 0), |(reach, gap), other| (reach.max(other.0), gap.max(other.1)))
        });
        Self { linking, contradicts, widest }
    }

    /// Where all that may take `spot` stand.
    fn windows(&self, index: &Index, spot: &Spot, windows: &mut Vec<Window>) {
        let (reach, gap) = self.widest[spot.kind as usize];
        let narrow = self.linking.narrow();
        let from = spot.time.start.0.saturating_sub(gap).saturating_sub(narrow.length);
        let to = spot.time.end.0.saturating_add(gap);
        windows.clear();
        index.search(spot.flat, reach + spot.within + narrow.within, from, to, windows);
    }

    /// [`linked`](super::linked) for those that can link at all, and the rule on whose
    /// word a party's may anchor.
    fn takes(&self, anchor: &Spot, member: &Spot) -> bool {
        let Some((reach, gap)) = self.linking.pair(anchor.kind, member.kind) else { return false };
        between(anchor.time, member.time) <= gap
            && (anchor.party == 0 || anchor.party == member.party)
            && self.contradicts[anchor.act as usize] & 1 << member.act as u32 == 0
            && anchor.flat.within(member.flat, reach + anchor.within + member.within)
    }
}

/// What two observations must share to stand together when nothing anchors them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Saying<'a> {
    kind: Kind,
    time: Span,
    act: Act,
    text: Option<u64>,
    place: &'a Place,
    by: &'a Asserter,
}

/// Of those that stand alone and cannot anchor, joins those that say the same. They are alike in all that
/// linking looks at, so that either all of them are alone or none.
fn stand_together(all: &[&Observation], spots: &[Spot], by_id: &[u32], linking: &Linking, roots: &mut [u32]) {
    let mut first: BTreeMap<Saying<'_>, u32> = BTreeMap::new();
    for &at in by_id {
        if roots[at as usize] != at || spots[at as usize].standing == Standing::Narrow {
            continue;
        }
        let one = all[at as usize];
        let one_spot = match one.place {
            Place::Area { level, .. } => level == Level::Settlement,
            Place::Point { .. } => true,
            Place::Sector { .. } | Place::Unknown => false,
        };
        let gathers = linking.gather && one_spot;
        if !gathers && one.text_key.is_none() {
            continue;
        }
        let saying = Saying {
            kind: one.kind,
            time: one.time,
            act: one.act,
            text: one.text_key.filter(|_| !gathers),
            place: &one.place,
            by: &one.asserted_by,
        };
        roots[at as usize] = *first.entry(saying).or_insert(at);
    }
}

/// The incidents of the owned squares, in the order of ids.
fn collect<'a>(
    all: &[&'a Observation],
    spots: &[Spot],
    by_id: &[u32],
    roots: &[u32],
    owned: impl Fn(Square) -> bool,
) -> Vec<Incident<'a>> {
    let mut sizes = alloc::vec![0u32; all.len()];
    by_id.iter().for_each(|at| sizes[roots[*at as usize] as usize] += 1);
    // Place of each anchor's incident in the result.
    let mut incident_of = alloc::vec![u32::MAX; all.len()];
    let mut incidents = Vec::new();
    for &at in by_id {
        let anchor = all[at as usize];
        if roots[at as usize] != at || !owned(Square::of(&anchor.place)) {
            continue;
        }
        incident_of[at as usize] = incidents.len() as u32;
        let spot = &spots[at as usize];
        incidents.push(Incident {
            anchor,
            members: Vec::with_capacity(sizes[at as usize] as usize),
            when: spot.time,
            at: (anchor.place != Place::Unknown).then_some(spot.flat.point),
            spread: 0,
        });
    }
    for &at in by_id {
        let root = roots[at as usize];
        let Some(incident) = incidents.get_mut(incident_of[root as usize] as usize) else { continue };
        incident.members.push(all[at as usize]);
        let (anchor, member) = (&spots[root as usize], &spots[at as usize]);
        if member.standing == Standing::Narrow && member.party == anchor.party && at != root {
            incident.when.start = incident.when.start.min(member.time.start);
            incident.when.end = incident.when.end.max(member.time.end);
            incident.spread = incident.spread.max(anchor.flat.distance(member.flat));
        }
    }
    incidents
}
