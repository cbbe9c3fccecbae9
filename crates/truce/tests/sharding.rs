//! Linking gives the same bytes for any order and any division of the ground, and is what the rounds and the parting say.

mod common;
mod fronts;

use common::{Dice, report};
use fronts::{PRECISION, WIDEST, even_field, front, linking, shuffled};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use truce::incident::{
    Incident, Linking, Precision, ROUNDS, Rule, Square, happens, link, link_squares, linked, lot,
};
use truce::observation::{Act, Asserter, Kind, Observation};
use truce::place::{Ellipse, KM, METRE, Mm, Place, Point};
use truce::time::{DAY, HOUR, MINUTE, Span, Time};
use truce::{Id, Name};

/// Incidents as bytes, to compare them whole.
fn bytes(incidents: &[Incident<'_>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for incident in incidents {
        bytes.extend(incident.id().0);
        bytes.extend(incident.members.len().to_be_bytes());
        incident.members.iter().for_each(|member| bytes.extend(member.id.0));
        for number in [incident.when.start.0, incident.when.end.0, incident.spread] {
            bytes.extend(number.to_be_bytes());
        }
        let at = incident.at.unwrap_or(Point { lon: i32::MIN, lat: i32::MIN });
        bytes.extend(at.lon.to_be_bytes());
        bytes.extend(at.lat.to_be_bytes());
    }
    bytes
}

/// Every square that has something, dealt to `workers` at random; each sees what `halo` tells it to.
fn sharded<'a>(
    dice: &mut Dice,
    all: &'a [Observation],
    linking: &Linking,
    workers: i64,
    halo: impl Fn(Square) -> Vec<Square>,
) -> Vec<Incident<'a>> {
    let mut shards: BTreeMap<i64, BTreeSet<Square>> = BTreeMap::new();
    for square in all.iter().map(|one| Square::of(&one.place)).collect::<BTreeSet<_>>() {
        shards.entry(dice.below(workers)).or_default().insert(square);
    }
    let mut union = Vec::new();
    for squares in shards.values() {
        let seen: BTreeSet<Square> = squares.iter().flat_map(|square| halo(*square)).collect();
        let sent = all.iter().filter(|one| seen.contains(&Square::of(&one.place)));
        union.extend(link_squares(sent, linking, squares));
    }
    union.sort_by_key(Incident::id);
    union
}

/// The four rounds and the parting, straight from their description: slow, and without anything that the real one uses but
/// the predicate. Gives the anchor of each.
fn four_rounds(all: &[Observation], linking: &Linking) -> BTreeMap<Id, Id> {
    let middle = |place: &Place| match place {
        Place::Point { error, .. } => Some(error.major.max(error.minor)),
        // Of sectors only the real one knows the disc: see the test that uses this.
        Place::Sector { .. } | Place::Area { .. } | Place::Unknown => None,
    };
    let class = |one: &Observation| {
        let fits = |class: &Precision| middle(&one.place).is_some_and(|within| within <= class.within);
        let short = |class: &Precision| one.time.length() <= class.length;
        let linkable = linked(one, one, linking);
        PRECISION.iter().position(|class| fits(class) && short(class)).filter(|_| linkable)
    };
    let partisan = |one: &Observation| matches!(one.asserted_by, Asserter::Party(_));
    let told = |one: &Observation| {
        matches!(one.kind, Kind::ReportedEvent | Kind::Sighting | Kind::Obstruction)
            && one.asserted_by != Asserter::Monitor
    };
    let rank = |one: &Observation| {
        (class(one).is_none(), partisan(one), !partisan(one) && told(one), class(one), lot(one), one.id)
    };
    let takes = |anchor: &Observation, one: &Observation| {
        class(anchor).is_some()
            && rank(anchor) < rank(one)
            && (!partisan(anchor) || anchor.asserted_by == one.asserted_by)
            && (!told(anchor) || told(one))
            && linked(anchor, one, linking)
    };
    let mut fate: BTreeMap<Id, Id> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let free: Vec<&Observation> = all.iter().filter(|one| !fate.contains_key(&one.id)).collect();
        let anchors: Vec<&Observation> = free
            .iter()
            .copied()
            .filter(|one| class(one).is_some() && !free.iter().any(|other| takes(other, one)))
            .collect();
        for one in free {
            let best = anchors
                .iter()
                .copied()
                .filter(|anchor| anchor.id == one.id || takes(anchor, one))
                .min_by_key(|anchor| rank(anchor));
            if let Some(anchor) = best {
                fate.insert(one.id, anchor.id);
            }
        }
    }
    let mut around: BTreeMap<Id, Vec<&Observation>> = BTreeMap::new();
    for one in all {
        around.entry(*fate.get(&one.id).unwrap_or(&one.id)).or_default().push(one);
    }
    // Of those that may anchor each other, all that stay together are linked to each other.
    let mut parted = BTreeMap::new();
    for (root, mut members) in around {
        members.sort_by_key(|one| (one.id != root, rank(one)));
        let mut parts: Vec<Vec<&Observation>> = Vec::new();
        for one in members {
            let held = |part: &&mut Vec<&Observation>| {
                let may = |other: &Observation| {
                    (!partisan(other) || other.asserted_by == one.asserted_by) && (!told(other) || told(one))
                };
                may(part[0])
                    && part
                        .iter()
                        .all(|other| !may(other) || class(one).is_none() || linked(other, one, linking))
            };
            match parts.iter_mut().find(held) {
                Some(part) => part.push(one),
                None => parts.push(vec![one]),
            }
        }
        parted.extend(parts.iter().flat_map(|part| part.iter().map(|one| (one.id, part[0].id))));
    }
    parted
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_sharding_and_any_order_give_the_same_bytes(
        seed: u64, count in 1..1_500usize, reach in KM..12 * KM, days in 0..4i64, workers in 1..9i64, gather: bool,
    ) {
        let mut dice = Dice(seed);
        let linking = linking(reach, HOUR, gather);
        let all = match days {
            0 => even_field(&mut dice, count, 4.0, 2.0),
            days => front(&mut dice, count, 4.0, 2.0, days),
        };
        let whole = bytes(&link(&all, &linking));
        let other = shuffled(&mut dice, all.clone());
        prop_assert_eq!(&whole, &bytes(&link(&other, &linking)));
        let shards = sharded(&mut dice, &other, &linking, workers, |square| square.halo(&linking));
        prop_assert_eq!(&whole, &bytes(&shards));
    }

    #[test]
    fn everything_that_happens_is_in_one_incident_and_none_is_too_wide(
        seed: u64, count in 1..1_500usize, reach in KM..8 * KM, width in 0.01..2.0f64,
    ) {
        let mut dice = Dice(seed);
        let linking = linking(reach, HOUR, true);
        let all = front(&mut dice, count, width, 0.2, 1);
        let incidents = link(&all, &linking);
        let mut members: Vec<Id> = incidents.iter().flat_map(|one| &one.members).map(|one| one.id).collect();
        let mut expected: Vec<Id> = all.iter().filter(|one| happens(one.kind)).map(|one| one.id).collect();
        members.sort();
        expected.sort();
        prop_assert_eq!(members, expected);
        for incident in &incidents {
            prop_assert!(incident.members.iter().any(|member| member.id == incident.id()));
            prop_assert!(incident.spread <= linking.longest_reach());
            let longest = 2 * linking.longest_gap() + 3 * PRECISION[2].length;
            prop_assert!(incident.when.length() <= longest.max(incident.anchor.time.length()));
            for member in incident.members.iter().filter(|member| member.id != incident.id()) {
                let same_place = member.place == incident.anchor.place && member.time == incident.anchor.time;
                prop_assert!(same_place || linked(incident.anchor, member, &linking));
            }
            // Nothing bridges: of what the monitor measured or saw and could anchor, any two are linked.
            let anchors = |one: &&&Observation| {
                let within = truce::incident::extent(&one.place).unwrap_or(Mm::MAX);
                let narrow = PRECISION[2];
                linked(one, one, &linking) && one.place.anchors() && within <= narrow.within && one.time.length() <= narrow.length
            };
            let seen: Vec<&Observation> = incident
                .members
                .iter()
                .filter(|one| one.asserted_by == Asserter::Monitor)
                .filter(anchors)
                .copied()
                .collect();
            for (number, one) in seen.iter().enumerate() {
                prop_assert!(seen[..number].iter().all(|other| linked(one, other, &linking)));
            }
        }
    }

    /// Poisoning: what a party says, however much and however precise, changes nothing among the others.
    #[test]
    fn the_words_of_a_party_neither_merge_nor_split_what_others_saw(seed: u64, count in 1..1_000usize) {
        let mut dice = Dice(seed);
        let linking = linking(3 * KM, HOUR, true);
        let all = front(&mut dice, count, 1.0, 0.2, 1);
        let x = Asserter::Party(Name::from("x"));
        let others: Vec<Observation> = all.iter().filter(|one| one.asserted_by != x).cloned().collect();
        let without = |incidents: &[Incident<'_>]| -> Vec<(Id, Vec<Id>, Span, Mm)> {
            incidents
                .iter()
                .filter(|incident| incident.anchor.asserted_by != x)
                .map(|incident| {
                    let members = incident.members.iter().filter(|one| one.asserted_by != x);
                    (incident.id(), members.map(|one| one.id).collect(), incident.when, incident.spread)
                })
                .collect()
        };
        prop_assert_eq!(without(&link(&all, &linking)), without(&link(&others, &linking)));
    }

    #[test]
    fn linked_is_symmetric(seed: u64) {
        let linking = linking(5 * KM, HOUR, false);
        let all = front(&mut Dice(seed), 60, 0.3, 0.2, 1);
        for a in &all {
            for b in &all {
                prop_assert_eq!(linked(a, b, &linking), linked(b, a, &linking));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn one_pass_is_the_four_rounds(
        seed: u64, count in 1..250usize, reach in 0..8 * KM, width in 0.01..1.0f64, even: bool,
    ) {
        let mut dice = Dice(seed);
        let linking = linking(reach, HOUR, false);
        let mut all = match even {
            true => even_field(&mut dice, count, width, 0.2),
            false => front(&mut dice, count, width, 0.2, 1),
        };
        for one in &mut all {
            // Without what the slow one does not know: sectors, and repeats that stand together.
            one.text_key = None;
            if let Place::Sector { from, .. } = one.place {
                one.place = Place::Point { at: from, error: Ellipse::circle(METRE) };
            }
        }
        all.retain(|one| happens(one.kind));
        let expected = four_rounds(&all, &linking);
        let incidents = link(&all, &linking);
        let found: BTreeMap<Id, Id> = incidents
            .iter()
            .flat_map(|incident| incident.members.iter().map(|member| (member.id, incident.id())))
            .collect();
        prop_assert_eq!(found, expected);
    }
}

/// Ids name incidents and decide nothing: under other ids the same observations lie together, and a set of them drawn anew in
/// place and time does not.
#[test]
fn other_ids_give_the_same_incidents() {
    let linking = linking(8 * KM, HOUR, false);
    for seed in 0..20 {
        let mut dice = Dice(seed);
        let all = front(&mut dice, 600, 1.0, 1.0, 1);
        let together = |all: &[Observation]| -> BTreeSet<BTreeSet<usize>> {
            let at: BTreeMap<Id, usize> = all.iter().map(|one| one.id).zip(0..).collect();
            let members = |incident: &Incident<'_>| incident.members.iter().map(|one| at[&one.id]).collect();
            link(all, &linking).iter().map(members).collect()
        };
        let mut renamed = all.clone();
        for one in &mut renamed {
            one.id.0.reverse();
        }
        assert_eq!(together(&renamed), together(&all), "{seed}");
        let mut later = all.clone();
        for one in &mut later {
            // All an hour later: as far from each other as before, and other lots.
            one.time = Span { start: Time(one.time.start.0 + HOUR), end: Time(one.time.end.0 + HOUR) };
        }
        assert_ne!(together(&later), together(&all), "{seed}: nothing in it is decided by lot");
    }
}

/// The negative control: shards that see nothing beyond their own squares get other incidents. If they did
/// not, the test above would prove nothing.
#[test]
fn a_halo_too_small_gives_other_incidents() {
    let linking = linking(8 * KM, HOUR, false);
    let different = (0..20).filter(|seed| {
        let mut dice = Dice(*seed);
        let all = front(&mut dice, 1_200, 4.0, 2.0, 1);
        let cut = sharded(&mut dice, &all, &linking, 8, |square| vec![square]);
        bytes(&cut) != bytes(&link(&all, &linking))
    });
    assert_eq!(different.count(), 20);
}

/// A chain of reports going west, each within reach of the next only, whose ranks rise along the chain: the
/// fate of the first hangs on those far away.
fn chain(count: u8, step: f64) -> Vec<Observation> {
    (0..count)
        .map(|at| {
            let mut id = [0; 32];
            id[0] = 200 - at;
            // Of the moments from noon on, the first whose lot is a little lower than that of the one before.
            let mut tried = (0..)
                .map(|moment| report(Id(id), 40.01 - step * f64::from(at), 48.0, Span::at(Time(moment))));
            tried.find(|one| lot(one) >> 57 == u64::from(100 - at)).expect("moments never end")
        })
        .collect()
}

/// The incident that holds the first of a chain.
fn of_first(incidents: &[Incident<'_>]) -> Option<Vec<u8>> {
    ids(incidents).into_iter().find(|members| members.contains(&200))
}

#[test]
fn what_happens_to_one_hangs_on_the_halo_and_on_nothing_beyond() {
    let linking = linking(10 * KM, HOUR, false);
    let first = |count| of_first(&link(&chain(count, 0.12), &linking)).unwrap();
    assert_ne!(first(7), first(6), "an observation seven steps away has a say");
    for count in 10..30 {
        assert_eq!(first(10), first(count), "what is beyond the halo has none");
    }
}

/// The halo of a square reaches as far as a chain of say does, and a ring of one square does not.
#[test]
fn the_halo_of_a_square_holds_the_whole_chain() {
    let linking = linking(20 * KM, HOUR, false);
    let mut cut_differs = 0;
    for count in 1..16 {
        let all = chain(count, 0.265);
        let home = Square::of(&all[0].place);
        let whole = of_first(&link(&all, &linking));
        let seeing = |squares: &[Square]| {
            let sent = all.iter().filter(|one| squares.contains(&Square::of(&one.place)));
            let incidents = link_squares(sent, &linking, &BTreeSet::from([home]));
            // The incident may be anchored over the border; then it is not this square's.
            of_first(&incidents)
        };
        let owned = whole.clone().filter(|members| {
            let anchor =
                link(&all, &linking).iter().find(|one| one.members[0].id.0[0] == members[0]).unwrap().at;
            let at = Place::Point { at: anchor.unwrap(), error: Ellipse::circle(0) };
            Square::of(&at) == home
        });
        assert_eq!(seeing(&home.halo(&linking)), owned, "{count}");
        let ring = [home, Square { column: home.column - 1, ..home }];
        cut_differs += usize::from(seeing(&ring) != owned);
    }
    assert!(cut_differs > 0, "the chain is too short to prove anything");
}

fn at(id: u8, lon: f64, lat: f64, minutes: i64) -> Observation {
    report(Id([id; 32]), lon, lat, Span::at(Time(minutes * MINUTE)))
}

fn ids(incidents: &[Incident<'_>]) -> Vec<Vec<u8>> {
    incidents.iter().map(|one| one.members.iter().map(|member| member.id.0[0]).collect()).collect()
}

#[test]
fn acts_that_contradict_each_other_are_not_one_incident() {
    let linking = linking(KM, HOUR, false);
    let [mut shelling, mut fire, mut drone] =
        [at(1, 37.0, 48.0, 0), at(2, 37.0, 48.0, 1), at(3, 37.0, 48.0, 2)];
    (shelling.act, fire.act, drone.act) = (Act::Shelling, Act::Fire, Act::DroneAttack);
    assert!(linked(&shelling, &fire, &linking) && linked(&fire, &drone, &linking));
    assert!(!linked(&shelling, &drone, &linking));
    assert_eq!(ids(&link(&[shelling, fire, drone], &linking)), [vec![1, 2], vec![3]]);
}

/// Two of one side 5.5 km and 40 minutes apart, and one of which less is known halfway: whichever of them ranks first, no
/// incident holds both, and the one between is in one of the two.
#[test]
fn what_lies_between_two_incidents_does_not_make_them_one() {
    let linking = linking(3 * KM, 30 * MINUTE, false);
    for ids_of in [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]] {
        for error in [METRE, 400 * METRE, 4 * KM] {
            let [north, between, south] = ids_of;
            let mut between = at(between, 37.0, 48.025, 20);
            between.act = Act::Fire;
            between.place = match between.place {
                Place::Point { at, .. } => Place::Point { at, error: Ellipse::circle(error) },
                other => other,
            };
            let all = [at(north, 37.0, 48.05, 0), between, at(south, 37.0, 48.0, 40)];
            let incidents = link(&all, &linking);
            let sizes: BTreeSet<usize> = incidents.iter().map(|one| one.members.len()).collect();
            assert_eq!((incidents.len(), sizes), (2, BTreeSet::from([1, 2])), "{ids_of:?} {error}");
        }
    }
}

#[test]
fn over_the_antimeridian() {
    let linking = linking(KM, HOUR, false);
    let all =
        [at(1, 179.999, 48.0, 0), at(2, -179.999, 48.0, 0), at(3, 180.0, 48.0, 0), at(4, -180.0, 48.0, 0)];
    assert_eq!(ids(&link(&all, &linking)), [vec![1, 2, 3, 4]]);
    let squares: BTreeSet<Square> = all.iter().map(|one| Square::of(&one.place)).collect();
    assert_eq!(squares.len(), 2);
    let shards: Vec<_> =
        squares.iter().map(|square| link_squares(&all, &linking, &BTreeSet::from([*square]))).collect();
    assert_eq!(shards.iter().map(Vec::len).sum::<usize>(), 1);
}

#[test]
fn at_the_poles_nothing_is_missed() {
    let linking = linking(KM, HOUR, false);
    let all = [at(1, 0.0, 90.0, 0), at(2, 180.0, 89.999, 0), at(3, 90.0, 89.999, 0), at(4, -90.0, -90.0, 0)];
    let incidents = link(&all, &linking);
    assert_eq!(ids(&incidents), [vec![1, 2, 3], vec![4]]);
    let far = Square { column: 90, row: 89 };
    assert!(Square::of(&all[1].place).halo(&linking).contains(&far));
}

#[test]
fn a_village_supports_and_does_not_anchor() {
    let linking = linking(5 * KM, HOUR, false);
    let day = Span { start: Time(0), end: Time(DAY) };
    let village = |id: u8| {
        let mut one = report(Id([id; 32]), 37.0, 48.0, day);
        let centre = Point::from_degrees(37.0, 48.0).unwrap();
        let name = Name::from("village");
        one.place = Place::Area { name, level: truce::place::Level::Settlement, centre, radius: 2 * KM };
        one
    };
    // Each village report has the least id, and yet does not anchor.
    assert_eq!(ids(&link(&[village(1), village(2)], &linking)), [vec![1], vec![2]]);
    let incidents = [village(1), village(2), at(9, 37.01, 48.0, 100)];
    let incidents = link(&incidents, &linking);
    assert_eq!(ids(&incidents), [vec![1, 2, 9]]);
    // The point says when and where; the village does not widen it.
    assert_eq!((incidents[0].when, incidents[0].spread), (Span::at(Time(100 * MINUTE)), 0));
}

#[test]
fn reports_that_say_the_same_stand_together() {
    let mut dice = Dice(1);
    let day = Span { start: Time(0), end: Time(DAY) };
    let province = |dice: &mut Dice, text| {
        let mut one = report(dice.id(), 37.0, 48.0, day);
        let centre = Point::from_degrees(37.0, 48.0).unwrap();
        let (name, level) = (Name::from("province"), truce::place::Level::Province);
        one.place = Place::Area { name, level, centre, radius: 150 * KM };
        one.text_key = text;
        one
    };
    let all: Vec<_> = (0..1_000).map(|n| province(&mut dice, Some(n % 2))).collect();
    assert_eq!(link(&all, &linking(KM, HOUR, true)).len(), 2);
    let all: Vec<_> = (0..10).map(|_| province(&mut dice, None)).collect();
    assert_eq!(link(&all, &linking(KM, HOUR, true)).len(), 10);
}

/// 100,000 at one point and moment, in each way that they can be alike or not.
#[test]
fn the_worst_case_ends() {
    let mut dice = Dice(7);
    let linking = linking(KM, HOUR, false);
    let many = |dice: &mut Dice, change: &dyn Fn(&mut Observation, u64)| -> Vec<Observation> {
        (0..100_000u64)
            .map(|number| {
                let mut one = report(dice.id(), 37.0, 48.0, Span::at(Time(0)));
                change(&mut one, number);
                one
            })
            .collect()
    };
    let all = many(&mut dice, &|_, _| ());
    assert_eq!(link(&all, &linking).len(), 1);
    let all = many(&mut dice, &|one, number| one.act = Act::NAMES[number as usize % 17].1);
    assert!(link(&all, &linking).len() <= 17);
    // No two alike, and all in reach of all.
    let all = many(&mut dice, &|one, number| {
        let at = Point { lon: 370_000_000 + number as i32 % 300, lat: 480_000_000 + number as i32 / 300 };
        one.place = Place::Point { at, error: Ellipse::circle(METRE) };
    });
    assert_eq!(link(&all, &linking).len(), 1);
    let all = many(&mut dice, &|one, _| one.kind = Kind::Obstruction);
    assert_eq!(link(&all, &linking).len(), 100_000);
    let all = many(&mut dice, &|one, _| {
        one.place = Place::Point {
            at: Point::from_degrees(37.0, 48.0).unwrap(),
            error: Ellipse::circle(WIDEST.within),
        };
    });
    assert_eq!(link(&all, &linking).len(), 100_000);
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let rule = |kinds: &[Kind], reach, gap| Rule { kinds: kinds.to_vec(), reach, gap };
    let new = |rules: &[Rule], precision: &[Precision]| Linking::new(rules, precision, WIDEST, false);
    let says = |rules: &[Rule], precision: &[Precision], words: &str| {
        let error = new(rules, precision).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    says(&[rule(&[Kind::Claim], KM, HOUR)], &PRECISION, "Claim");
    says(&[rule(&[Kind::Impulse], KM, HOUR), rule(&[Kind::Impulse], -1, HOUR)], &PRECISION, "rule 2");
    says(&[rule(&[Kind::Impulse], 600 * KM, HOUR)], &PRECISION, "500 km");
    says(&[rule(&[Kind::Impulse], KM, -1)], &PRECISION, "gap");
    says(&[], &[], "at least one");
    says(&[], &[PRECISION[1], PRECISION[0]], "finest");
    says(&[], &[PRECISION[0], PRECISION[0]], "finest");
    says(&[], &[Precision { within: 7 * KM, length: HOUR }], "widest");
    assert!(new(&[rule(&[Kind::Impulse], KM, HOUR)], &PRECISION).is_ok());
}
