//! Ranked anchors, round by round.
//!
//! Everything is laid out by kind, ground and time, and each sweep goes through it in that order: memory is
//! read where it lies. (By rank, which the rules suggest, it took twenty times as long.)
//!
//! The cost of the rounds stays near linear at any density. To see that an observation is outranked, one linked
//! observation of higher rank is enough, and in a heap of many one soon turns up; and anchors are never linked to
//! each other, so that few fit in a place.
//!
//! Parting what one anchor took is near linear where all of it lies within reach of itself, and where most of it is
//! alike. Where it is spread over the anchor's whole reach and no two are alike, each is asked against each of its part:
//! quadratic in what that one anchor took, not in all observations (docs/benchmarks.md has the figures).

use super::ground::{Disc, Flat};
use super::index::{Bits, Index, Trail, Window};
use super::square::Halo;
use super::{Incident, Linking, ROUNDS, Square, between, contradict, happens, length, lot};
use crate::evidence::is_text;
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
    incidents(observations, linking, |_, _| true, |_| true)
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
    let halo = Halo::new(squares, linking);
    incidents(observations, linking, |home, disc| halo.holds(home, disc), |home| squares.contains(&home))
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
    /// Is it known from what somebody tells?
    told: bool,
    standing: Standing,
    home: Square,
}

impl Spot {
    /// May the word of the one, if it ranks higher, anchor that of the other?
    fn may_anchor(&self, member: &Self) -> bool {
        (self.party == 0 || self.party == member.party) && (!self.told || member.told)
    }

    fn looks(&self) -> Looks {
        (self.flat.point, self.within, self.time, self.kind, self.act, self.party, self.told)
    }
}

/// The observations, and what linking needs to know of each.
struct Input<'a> {
    all: Vec<&'a Observation>,
    spots: Vec<Spot>,
    /// Those of a lower class outrank those of a higher; [`NO_CLASS`] for what cannot anchor.
    classes: Vec<u8>,
    /// In the order of ids, one of each.
    by_id: Vec<u32>,
    /// The same in the order of [`lot`], then of ids: within a class, those before outrank those behind.
    by_lot: Vec<u32>,
}

const NO_CLASS: u8 = u8::MAX;

fn incidents<'a>(
    observations: impl IntoIterator<Item = &'a Observation>,
    linking: &Linking,
    inside: impl Fn(Square, Option<Disc>) -> bool,
    owned: impl Fn(Square) -> bool,
) -> Vec<Incident<'a>> {
    let input = Input::new(observations, linking, inside);
    let mut roots = input.roots(linking);
    input.part(linking, &mut roots);
    input.stand_together(linking, &mut roots);
    input.collect(&roots, owned)
}

impl<'a> Input<'a> {
    fn new(
        observations: impl IntoIterator<Item = &'a Observation>,
        linking: &Linking,
        inside: impl Fn(Square, Option<Disc>) -> bool,
    ) -> Self {
        let mut parties: BTreeMap<&str, u32> = BTreeMap::new();
        let mut input = Self {
            all: Vec::new(),
            spots: Vec::new(),
            classes: Vec::new(),
            by_id: Vec::new(),
            by_lot: Vec::new(),
        };
        for observation in observations {
            if !happens(observation.kind) {
                continue;
            }
            let disc = Disc::of(&observation.place);
            let home = Square::home(disc);
            if !inside(home, disc) {
                continue;
            }
            let party = match &observation.asserted_by {
                Asserter::Monitor | Asserter::Third => 0,
                Asserter::Party(name) => {
                    let next = parties.len() as u32 + 1;
                    *parties.entry(name.as_str()).or_insert(next)
                }
            };
            let class = disc.and_then(|disc| linking.class(observation, disc));
            // Before what somebody tells comes what was measured or seen by the monitor; the words of parties come last.
            let told = is_text(observation);
            let standing_of_source = if party != 0 { 2 } else { usize::from(told) };
            let rank = class.map(|class| class + standing_of_source * linking.precision.len());
            let standing = match (class, disc) {
                (Some(_), _) => Standing::Narrow,
                (None, Some(disc)) if linking.links(observation, disc) => Standing::Wide,
                (None, _) => Standing::Loose,
            };
            let disc = disc.unwrap_or(Disc { centre: Point { lon: 0, lat: 0 }, within: 0 });
            input.all.push(observation);
            input.classes.push(rank.map_or(NO_CLASS, |rank| rank as u8));
            input.spots.push(Spot {
                flat: Flat::new(disc.centre),
                within: disc.within,
                time: observation.time,
                kind: observation.kind,
                act: observation.act,
                party,
                told,
                standing,
                home,
            });
        }
        input.by_id = by_id(&input.all);
        input.by_lot = input.by_id.clone();
        // Stable: of equal lots the order of ids stays.
        input.by_lot.sort_by_cached_key(|at| lot(input.all[*at as usize]));
        input
    }

    /// For each observation, the anchor of its incident: itself for anchors and for those who stand alone.
    fn roots(&self, linking: &Linking) -> Vec<u32> {
        let mut roots: Vec<u32> = (0u32..).take(self.all.len()).collect();
        let table = Table::new(linking);
        let field = Field::new(self, linking);
        let (anchor_of, round_of) = field.rounds(&table);
        for (at, anchor) in field.order.iter().zip(&anchor_of) {
            roots[*at as usize] = field.order[*anchor as usize];
        }
        // Wide ones have no say in who anchors: of the anchors they are linked to, each joins the
        // highest-ranked of those of the earliest round.
        let mut anchors = Bits::new(field.order.len());
        let chosen = (0u32..).zip(&round_of).filter(|(_, round)| **round > 0);
        chosen.for_each(|(position, _)| anchors.insert(position));
        let mut windows = Vec::new();
        let mut trails = field.trails();
        for at in self.on_the_ground(|spot| spot.standing == Standing::Wide) {
            let spot = &self.spots[at as usize];
            windows.clear();
            field.search(&table, spot, &mut trails, &mut windows);
            let around = windows.iter().flat_map(|window| anchors.within(*window));
            let order = |other: u32| (round_of[other as usize], field.rank[other as usize]);
            if let Some(anchor) =
                least(around, order, |other| table.takes(&field.spots[other as usize], spot))
            {
                roots[at as usize] = field.order[anchor as usize];
            }
        }
        roots
    }

    /// Parts what only an anchor between them held together: of the narrow ones around an anchor, each stays with those
    /// before it in rank that may anchor it only if it is linked to all of them; else it goes to the first part of the
    /// rest where it is. The first of a part becomes its anchor.
    fn part(&self, linking: &Linking, roots: &mut [u32]) {
        let table = Table::new(linking);
        // In the order of anchors, and of ranks under each.
        let mut members: Vec<(u32, u8, u32, u32)> = (0u32..)
            .zip(&self.by_lot)
            .map(|(number, at)| (roots[*at as usize], self.classes[*at as usize], number, *at))
            .filter(|(root, class, _, at)| root != at && *class != NO_CLASS)
            .collect();
        members.sort_unstable();
        for around in members.chunk_by(|a, b| a.0 == b.0) {
            let mut parts: Vec<Part> = Vec::from([Part::new(around[0].0, &self.spots)]);
            for (_, _, _, at) in around {
                let spot = &self.spots[*at as usize];
                match parts.iter_mut().find(|part| part.holds(&self.spots, &table, spot)) {
                    Some(part) => part.add(&self.spots, *at),
                    None => parts.push(Part::new(*at, &self.spots)),
                }
            }
            for part in &parts {
                part.members.iter().for_each(|at| roots[*at as usize] = part.members[0]);
            }
        }
    }

    /// Those that are wanted, neighbours near each other.
    fn on_the_ground(&self, wanted: impl Fn(&Spot) -> bool) -> Vec<u32> {
        let here = || (0u32..).zip(&self.spots).filter(|(_, spot)| wanted(spot));
        let members: Vec<u32> = here().map(|(at, _)| at).collect();
        let points: Vec<(Flat, i64)> = here().map(|(_, spot)| (spot.flat, spot.time.start.0)).collect();
        let (_, positions) = Index::new(5 * KM, 0, &points);
        positions.into_iter().map(|position| members[position as usize]).collect()
    }

    /// Of those that stand alone and cannot anchor, joins those that say the same. They are alike in all that
    /// linking looks at, so that either all of them are alone or none.
    fn stand_together(&self, linking: &Linking, roots: &mut [u32]) {
        let mut first: BTreeMap<Saying<'_>, u32> = BTreeMap::new();
        for &at in &self.by_id {
            if roots[at as usize] != at || self.spots[at as usize].standing == Standing::Narrow {
                continue;
            }
            let one = self.all[at as usize];
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
    fn collect(&self, roots: &[u32], owned: impl Fn(Square) -> bool) -> Vec<Incident<'a>> {
        let (all, spots, by_id) = (&self.all, &self.spots, &self.by_id);
        let mut number = alloc::vec![0u32; all.len()];
        (0u32..).zip(by_id).for_each(|(place, at)| number[*at as usize] = place);
        // Anchor and member by their places in the order of ids, in one number.
        let pair = |at: &u32| {
            u64::from(number[roots[*at as usize] as usize]) << 32 | u64::from(number[*at as usize])
        };
        let mut pairs: Vec<u64> = by_id.iter().map(pair).collect();
        pairs.sort_unstable();
        let incident = |group: &[u64]| {
            let root = by_id[(group[0] >> 32) as usize] as usize;
            let (anchor, spot) = (all[root], &spots[root]);
            if !owned(spot.home) {
                return None;
            }
            let mut incident = Incident {
                anchor,
                members: Vec::with_capacity(group.len()),
                when: spot.time,
                at: (spot.home != Square::NOWHERE).then_some(spot.flat.point),
                spread: 0,
            };
            for pair in group {
                let at = by_id[(pair & u64::from(u32::MAX)) as usize] as usize;
                let member = &spots[at];
                incident.members.push(all[at]);
                if member.standing == Standing::Narrow
                    && member.party == spot.party
                    && (spot.told || !member.told)
                    && at != root
                {
                    incident.when.start = incident.when.start.min(member.time.start);
                    incident.when.end = incident.when.end.max(member.time.end);
                    incident.spread = incident.spread.max(spot.flat.distance(member.flat));
                }
            }
            Some(incident)
        };
        pairs.chunk_by(|a, b| a >> 32 == b >> 32).filter_map(incident).collect()
    }
}

/// The observations in the order of their ids, one of each.
fn by_id(all: &[&Observation]) -> Vec<u32> {
    let id = |at: u32| all[at as usize].id;
    let mut keys: Vec<(u64, u32)> = (0..).zip(all).map(|(at, one)| (one.id.prefix(), at)).collect();
    keys.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| id(a.1).cmp(&id(b.1))));
    keys.dedup_by(|a, b| a.0 == b.0 && id(a.1) == id(b.1));
    keys.into_iter().map(|(_, at)| at).collect()
}

/// Of those that are wanted, the least. The order is cheap to look at, the wish is not.
fn least<K: Ord>(
    candidates: impl Iterator<Item = u32>,
    order: impl Fn(u32) -> K,
    wanted: impl Fn(u32) -> bool,
) -> Option<u32> {
    let mut best: Option<(K, u32)> = None;
    for candidate in candidates {
        let key = order(candidate);
        if best.as_ref().is_none_or(|(least, _)| key < *least) && wanted(candidate) {
            best = Some((key, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Narrow ones around one anchor of which each is linked to all that may anchor it.
struct Part {
    /// By rank: the first is the anchor.
    members: Vec<u32>,
    /// Those among them that differ in what linking looks at: of many copies, one is asked.
    unlike: Vec<u32>,
    known: BTreeSet<Looks>,
    /// How far from the anchor they lie at most, less their own uncertainty.
    spread: Mm,
    /// All begin by then, and none ends before that.
    time: Span,
    /// All acts among them, as a set.
    acts: u64,
    /// Are they all of the anchor's kind?
    of_kind: bool,
}

/// What linking looks at: two that agree in it are one and the same for it.
type Looks = (Point, Mm, Span, Kind, Act, u32, bool);

impl Part {
    fn new(anchor: u32, spots: &[Spot]) -> Self {
        let spot = &spots[anchor as usize];
        let time = Span { start: spot.time.start, end: spot.time.end };
        let (members, of_kind) = (Vec::from([anchor]), true);
        let (unlike, known) = (members.clone(), BTreeSet::from([spot.looks()]));
        Self { members, unlike, known, spread: 0, time, acts: 1 << spot.act as u32, of_kind }
    }

    /// May `spot` join?
    fn holds(&self, spots: &[Spot], table: &Table<'_>, spot: &Spot) -> bool {
        let of = |at: &u32| &spots[*at as usize];
        let anchor = of(&self.members[0]);
        table.takes(anchor, spot)
            && (self.surely_holds(anchor, table, spot)
                || self.unlike.iter().map(of).all(|one| !one.may_anchor(spot) || table.linked(one, spot)))
    }

    /// In a heap so tight that nothing in it is out of anything's reach, nobody need be asked one by one. (A hundredth of
    /// the distance allows for the plane on which it is taken.)
    fn surely_holds(&self, anchor: &Spot, table: &Table<'_>, spot: &Spot) -> bool {
        let Some((reach, gap)) = table.linking.pair(anchor.kind, spot.kind) else { return false };
        let across = anchor.flat.distance(spot.flat) + self.spread;
        self.of_kind
            && spot.kind == anchor.kind
            && self.time.start.0.max(spot.time.start.0).saturating_sub(self.time.end.0.min(spot.time.end.0))
                <= gap
            && self.acts & table.contradicts[spot.act as usize] == 0
            && across + across / 100 <= reach + spot.within
    }

    fn add(&mut self, spots: &[Spot], at: u32) {
        let (anchor, spot) = (&spots[self.members[0] as usize], &spots[at as usize]);
        self.members.push(at);
        if self.known.insert(spot.looks()) {
            self.unlike.push(at);
        }
        self.spread = self.spread.max(anchor.flat.distance(spot.flat) - spot.within);
        self.time.start = self.time.start.max(spot.time.start);
        self.time.end = self.time.end.min(spot.time.end);
        self.acts |= 1 << spot.act as u32;
        self.of_kind &= spot.kind == anchor.kind;
    }
}

/// The observations that can anchor, laid out by kind, and then by where and when they are.
struct Field {
    layers: Vec<Layer>,
    /// Which observation stands at each position.
    order: Vec<u32>,
    /// By position.
    spots: Vec<Spot>,
    /// By position: 0 for the highest.
    rank: Vec<u32>,
}

/// Those of one kind. Reach and gap hang on the kinds of both, so each search in a layer is as narrow as can be.
struct Layer {
    kind: Kind,
    index: Index,
    /// The widest place and the longest span in it: how far a search must look.
    within: Mm,
    length: Micros,
}

impl Field {
    fn new(input: &Input<'_>, linking: &Linking) -> Self {
        let spots = &input.spots;
        let mut kinds: BTreeMap<Kind, Vec<u32>> = BTreeMap::new();
        let mut ranked: Vec<Vec<u32>> = alloc::vec![Vec::new(); 3 * linking.precision.len()];
        for &at in &input.by_lot {
            if let Some(class) = ranked.get_mut(usize::from(input.classes[at as usize])) {
                class.push(at);
            }
        }
        let mut rank_of = alloc::vec![u32::MAX; spots.len()];
        (0u32..).zip(ranked.iter().flatten()).for_each(|(rank, at)| rank_of[*at as usize] = rank);
        // In the order of input: neighbours there are often neighbours on the ground.
        for (at, _) in (0u32..).zip(&rank_of).filter(|(_, rank)| **rank != u32::MAX) {
            kinds.entry(spots[at as usize].kind).or_default().push(at);
        }
        let mut layers = Vec::new();
        let mut order: Vec<u32> = Vec::new();
        for (kind, members) in kinds {
            let here = || members.iter().map(|at| &spots[*at as usize]);
            let within = here().map(|spot| spot.within).max().unwrap_or(0);
            let length = here().map(|spot| length(spot.time)).max().unwrap_or(0);
            let reach = linking.pairs[kind as usize].iter().flatten().map(|pair| pair.0).max().unwrap_or(0);
            // A cell a bit wider than most searches: a few cells to look at, and not much in them.
            let cell = (2 * (reach + within)).clamp(KM / 10, 50 * KM);
            let points: Vec<(Flat, i64)> = here().map(|spot| (spot.flat, spot.time.start.0)).collect();
            let (index, positions) = Index::new(cell, order.len() as u32, &points);
            order.extend(positions.into_iter().map(|position| members[position as usize]));
            layers.push(Layer { kind, index, within, length });
        }
        let rank = order.iter().map(|at| rank_of[*at as usize]).collect();
        let spots = order.iter().map(|at| spots[*at as usize]).collect();
        Self { layers, order, spots, rank }
    }

    /// By position: the position of the anchor (its own for those who stand alone), and the round in which it
    /// became an anchor itself (0 for those who did not).
    fn rounds(&self, table: &Table<'_>) -> (Vec<u32>, Vec<u8>) {
        let count = self.order.len();
        let mut anchor_of: Vec<u32> = (0u32..).take(count).collect();
        let mut round_of = alloc::vec![0u8; count];
        let whole: Window = (0, count as u32);
        let (windows, ends) = self.windows(table);
        let windows = |position: u32| {
            let from = position.checked_sub(1).map_or(0, |before| ends[before as usize]);
            &windows[from..ends[position as usize]]
        };
        let takes = |anchor: u32, member: u32| {
            self.rank[anchor as usize] < self.rank[member as usize]
                && table.takes(&self.spots[anchor as usize], &self.spots[member as usize])
        };
        let mut free = Bits::new(count);
        (whole.0..whole.1).for_each(|position| free.insert(position));
        // By position: one that outranks it, as long as that is unassigned.
        let mut outranked_by: Vec<u32> = anchor_of.clone();
        for round in 1..=ROUNDS {
            let mut anchors = Bits::new(count);
            for one in free.within(whole) {
                let known = outranked_by[one as usize];
                if known != one && free.contains(known) {
                    continue;
                }
                let mut around = windows(one).iter().flat_map(|window| free.within(*window));
                match around.find(|other| takes(*other, one)) {
                    Some(other) => outranked_by[one as usize] = other,
                    None => {
                        anchors.insert(one);
                        round_of[one as usize] = round;
                    }
                }
            }
            let mut assigned = Vec::new();
            for one in free.within(whole) {
                if round_of[one as usize] == round {
                    assigned.push(one);
                    continue;
                }
                let around = windows(one).iter().flat_map(|window| anchors.within(*window));
                let best =
                    around.filter(|other| takes(*other, one)).min_by_key(|other| self.rank[*other as usize]);
                if let Some(anchor) = best {
                    anchor_of[one as usize] = anchor;
                    assigned.push(one);
                }
            }
            assigned.into_iter().for_each(|one| free.remove(one));
        }
        (anchor_of, round_of)
    }

    /// Where to look for what may take each position, and the end of each position's part of that.
    fn windows(&self, table: &Table<'_>) -> (Vec<Window>, Vec<usize>) {
        let mut windows = Vec::new();
        let mut trails = self.trails();
        let end = |spot| {
            self.search(table, spot, &mut trails, &mut windows);
            windows.len()
        };
        let ends = self.spots.iter().map(end).collect();
        (windows, ends)
    }

    /// Adds where all stand that may take `spot`.
    fn search(&self, table: &Table<'_>, spot: &Spot, trails: &mut [Trail], windows: &mut Vec<Window>) {
        for (layer, trail) in self.layers.iter().zip(trails) {
            let Some((reach, gap)) = table.linking.pair(layer.kind, spot.kind) else { continue };
            let from = spot.time.start.0.saturating_sub(gap).saturating_sub(layer.length);
            let to = spot.time.end.0.saturating_add(gap);
            layer.index.search(spot.flat, reach + spot.within + layer.within, (from, to), trail, windows);
        }
    }

    fn trails(&self) -> Vec<Trail> {
        self.layers.iter().map(|layer| layer.index.trail()).collect()
    }
}

/// What the predicate needs, worked out once.
struct Table<'a> {
    linking: &'a Linking,
    /// For each act, a set of those that contradict it.
    contradicts: [u64; Act::NAMES.len()],
}

impl<'a> Table<'a> {
    fn new(linking: &'a Linking) -> Self {
        let mut contradicts = [0; Act::NAMES.len()];
        for (_, a) in Act::NAMES {
            for (_, b) in Act::NAMES {
                contradicts[a as usize] |= u64::from(contradict(a, b)) << b as u32;
            }
        }
        Self { linking, contradicts }
    }

    /// [`linked`](super::linked), and may the word of the one anchor that of the other? For those that can
    /// link at all.
    fn takes(&self, anchor: &Spot, member: &Spot) -> bool {
        anchor.may_anchor(member) && self.linked(anchor, member)
    }

    fn linked(&self, anchor: &Spot, member: &Spot) -> bool {
        let Some((reach, gap)) = self.linking.pair(anchor.kind, member.kind) else { return false };
        between(anchor.time, member.time) <= gap
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
