//! What stands is one subject, however often it is looked at. Each test has a near miss that counts otherwise.

use crate::case::{Seen, agreement, at, findings, gun, is_breach, mission, north};
use proptest::prelude::*;
use truce::Id;
use truce::agreement::Agreement;
use truce::assessment::assess;
use truce::finding::{Finding, Reason, Verdict};
use truce::ground::Ground;
use truce::observation::{Act, Count, Kind, Observation, Weapon};
use truce::place::{KM, METRE, Mm};
use truce::plan::{Allegations, Basis, Stands, gates};
use truce::release::releases;
use truce::time::{HOUR, MINUTE, Time};

const TERMS: &str = r#"
[[mechanism]]
code = "COMM"
name = "Commission"

[[clause]]
id = "withdrawn"
paraphrase = "25 km."
acts = ["presence"]

[[clause.distance]]
with = ["gun", "mortar", "tank"]
at_least = "25 km"
line = "contact"

[[clause]]
id = "no-fire"
paraphrase = "No fire."
acts = ["fire"]

[[phase]]
id = "one"
title = "One"
paraphrase = "Quiet."
sources = ["text"]

[[phase.gate]]
id = "gate"
paraphrase = "No more than two breaches."
indicator = "breaches"
at_most = 2
window = "10 days"
authority = "COMM"
then = "Phase two."
otherwise = "It goes on."

[[consequence]]
id = "free"
kind = "self-release"
paraphrase = "If one side violates, the other may consider itself free."
sources = ["text"]
"#;

/// A gun of A seen at a moment, so far from the line, known to 50 m; its id is of the moment and the place.
fn look(hours: i64, minutes: i64, distance: Mm) -> Seen {
    gun("D-30", distance, 50 * METRE).by("A").more(|one| {
        one.time.start = at(hours, minutes);
        one.time.end = Time(at(hours, minutes).0 + 10 * MINUTE);
        let mut id = [7; 32];
        id[..8].copy_from_slice(
            &(hours * 60 + minutes).wrapping_mul(0x9e37_79b9_7f4a_7c15_u64 as i64).to_be_bytes(),
        );
        id[8..16].copy_from_slice(&distance.to_be_bytes());
        one.id = Id(id);
        one.weapon = Weapon::Gun;
    })
}

/// It was looked for there, and was not there.
fn gone(hours: i64) -> Seen {
    look(hours, 0, 10 * KM).more(|one| {
        one.count = Count::Exactly(0);
        one.id.0[20] = 1;
        one.origin = None;
        one.particulars = None;
        one.weapon = Weapon::Artillery;
    })
}

fn hourly(from: i64, to: i64) -> Vec<Seen> {
    (from..to).map(|hour| look(hour, 0, 10 * KM)).collect()
}

fn breaches(seen: &[Seen]) -> Vec<Finding> {
    findings(&agreement(TERMS), seen).into_iter().filter(is_breach).collect()
}

fn gate(terms: &Agreement, found: &[Finding]) -> Stands {
    let basis = Basis { findings: found.into(), performances: Vec::new(), alleged: Allegations::default() };
    gates(terms, &basis, &|_| None, at(24 * 10, 0))[0].stands
}

/// A gun seen at every hour of three days is one breach, with its duration, in every count.
#[test]
fn a_gun_that_stands_is_one_breach() {
    let terms = agreement(TERMS);
    let seen = hourly(48, 120);
    let found = breaches(&seen);
    assert_eq!(found.len(), 1, "{found:?}");
    let stood = found[0].stood.expect("it stood there");
    assert_eq!((stood.first, stood.last), (at(48, 0), at(119, 10)));
    assert_eq!((stood.sightings, stood.led), (72, 72));
    assert_eq!((found[0].time.start, found[0].time.end), (at(48, 0), at(119, 10)));
    assert!(found[0].reasons.contains(&Reason::Stood(stood)));
    assert!(stood.sentence().contains("72 sightings, over 2 days"), "{}", stood.sentence());
    // Its id is that of the first sighting, however often it is seen later.
    assert_eq!(found[0].incident, breaches(&hourly(48, 50))[0].incident);
    // The gate does not flip by looking more often, nor does the count beside a self-release.
    assert_eq!(gate(&terms, &found), Stands::Met);
    assert_eq!(releases(&terms, &found, &[], &[])[1].findings, 1);
    let all: Vec<Observation> = seen.iter().map(|one| one.0.clone()).collect();
    let assessment = assess(&all, &terms, &mission(), &Ground::compile(&terms, &|_| None).unwrap());
    assert_eq!(assessment.incidents.len(), 1);
    assert_eq!(assessment.counts[&("text".into(), "withdrawn".into(), Verdict::Breach)], 1);
    // Near miss: fire from the same place at every hour is one breach each.
    let fire: Vec<Seen> = seen.into_iter().map(|one| one.more(|one| one.act = Act::Shelling)).collect();
    let found = breaches(&fire);
    assert_eq!(found.len(), 72);
    assert!(found.iter().all(|finding| finding.stood.is_none()));
    assert_eq!(gate(&terms, &found), Stands::NotMet);
}

/// Two guns seen apart at the same time are two, each once; so are three; a gate counts guns.
#[test]
fn guns_seen_apart_are_several() {
    let both = |places: &[Mm]| -> Vec<Finding> {
        let all = (48..72).flat_map(|hour| places.iter().map(move |place| look(hour, 0, *place)));
        breaches(&all.collect::<Vec<_>>())
    };
    assert_eq!(both(&[10 * KM]).len(), 1);
    assert_eq!(both(&[10 * KM, 15 * KM]).len(), 2);
    let three = both(&[5 * KM, 10 * KM, 15 * KM]);
    assert_eq!(three.len(), 3);
    assert_eq!(gate(&agreement(TERMS), &three), Stands::NotMet);
    // Half a kilometre apart, and seen together: linking has taken both for one incident, and so they stay.
    assert_eq!(both(&[10 * KM, 10 * KM + 500 * METRE]).len(), 1);
}

/// Another look that found it gone ends it; what nobody of weight saw does not.
#[test]
fn a_seen_absence_ends_it() {
    let around = |between: Seen| {
        let mut all = hourly(48, 52);
        all.push(between);
        all.extend(hourly(56, 60));
        breaches(&all).len()
    };
    assert_eq!(around(gone(54)), 2);
    assert_eq!(around(gone(54).more(|one| one.weapon = Weapon::Undetermined)), 2, "nothing at all was there");
    // Near misses: no tank there, nothing there elsewhere, a party's word, before and after.
    assert_eq!(around(gone(54).more(|one| one.weapon = Weapon::Tank)), 1);
    assert_eq!(around(gone(54).place(north(13 * KM), 50 * METRE)), 1);
    assert_eq!(around(gone(54).said_by("A")), 1);
    assert_eq!(around(gone(54).said_by("B")), 1, "a party makes no two breaches of one");
    assert_eq!(around(gone(47)), 1);
    assert_eq!(around(gone(61)), 1);
    // A look that found nothing is no breach by itself.
    assert!(breaches(&[gone(54)]).is_empty());
}

/// What the mission file calls too far apart in time or place, or what differs, is another.
#[test]
fn the_rule_of_the_mission_file_decides() {
    let pair = |second: Seen| breaches(&[look(48, 0, 10 * KM), second]).len();
    assert_eq!(pair(look(48 + 36, 0, 10 * KM)), 1);
    assert_eq!(pair(look(48 + 37, 0, 10 * KM)), 2);
    assert_eq!(pair(look(60, 0, 11 * KM)), 1);
    assert_eq!(pair(look(60, 0, 11 * KM + 200 * METRE)), 2);
    assert_eq!(pair(look(60, 0, 10 * KM).particular(|more| more.system = Some("2A65".into()))), 2);
    assert_eq!(pair(look(60, 0, 10 * KM).by("B")), 2);
    // Of a class that is not told, it may be the same.
    assert_eq!(pair(look(60, 0, 10 * KM).more(|one| one.weapon = Weapon::Undetermined)), 1);
    let tank = |hours: i64| {
        look(hours, 0, 10 * KM).more(|one| {
            one.particulars = None;
            one.weapon = Weapon::Tank;
        })
    };
    let mortar = look(60, 0, 10 * KM).more(|one| {
        one.particulars = None;
        one.weapon = Weapon::Mortar;
    });
    assert_eq!(breaches(&[tank(48), tank(60)]).len(), 1);
    assert_eq!(breaches(&[tank(48), mortar]).len(), 2);
    // What moves does not stand.
    let moving = |hours| tank(hours).more(|one| one.direction = Some(9_000));
    assert_eq!(breaches(&[moving(48), moving(60), moving(72)]).len(), 3);
}

/// Nobody's word bridges a gap between what the monitor saw, nor counts beside it.
#[test]
fn words_neither_bridge_nor_add() {
    let apart = [look(48, 0, 10 * KM), look(48 + 50, 0, 10 * KM)];
    assert_eq!(breaches(&apart).len(), 2);
    let between = |change: fn(Seen) -> Seen| {
        let mut all = apart.to_vec();
        all.push(change(look(48 + 25, 0, 10 * KM)));
        let all = findings(&agreement(TERMS), &all);
        let counted = |wanted: Verdict| all.iter().filter(|one| one.verdict == wanted).count();
        (counted(Verdict::Breach), counted(Verdict::Undetermined))
    };
    assert_eq!(between(|one| one), (1, 0), "the monitor's own look does bridge it");
    assert_eq!(between(|one| one.said_by("B")), (2, 0));
    let told = |one: Seen| {
        one.more(|one| {
            one.kind = Kind::ReportedEvent;
            one.asserted_by = truce::observation::Asserter::Third;
        })
    };
    assert_eq!(between(told), (2, 0));
}

/// Of one that stood there before the terms came into force and still stands, what counts is what was seen since.
#[test]
fn standing_into_the_period() {
    let early: Vec<Seen> = (-5..5).map(|hours| look(hours, 0, 10 * KM)).collect();
    let found = breaches(&early);
    assert_eq!(found.len(), 1);
    let stood = found[0].stood.unwrap();
    assert_eq!((stood.sightings, stood.led), (10, 5));
    assert_eq!(found[0].time.start, at(0, 0));
    assert_eq!(stood.first, at(-5, 0));
    // Near miss: gone before the start.
    let before: Vec<Seen> = (-10..-5).map(|hours| look(hours, 0, 10 * KM)).collect();
    assert!(breaches(&before).is_empty());
}

/// Sightings of the same thing of which some do not tell whose it is: one finding, with the side that is known.
#[test]
fn a_side_that_some_sightings_establish() {
    let mut all = hourly(48, 54);
    all.iter_mut().skip(1).for_each(|one| one.0.origin = None);
    let found = breaches(&all);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].party.as_deref(), Some("A"));
    all.iter_mut().for_each(|one| one.0.origin = None);
    assert_eq!(breaches(&all)[0].party, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any order of input gives the same, more looks never make more guns, and the parties may be exchanged.
    #[test]
    fn no_order_and_no_zeal_changes_the_count(
        looks in proptest::collection::vec((48..200i64, 0..6i64, 0..3usize), 1..40),
        more in proptest::collection::vec((48..200i64, 0..6i64, 0..3usize), 0..40),
        turn in 0..40usize,
    ) {
        // Three guns, far apart, no gap longer than the rule's: each is looked at every 30 hours at least.
        let guns = [4 * KM, 10 * KM, 16 * KM];
        let seen = |(hours, minutes, gun): &(i64, i64, usize)| look(*hours, 10 * minutes, guns[*gun]);
        let steady = (48..200i64).step_by(30).flat_map(|hour| (0..3).map(move |gun| (hour, 0, gun)));
        let base: Vec<Seen> = steady.chain([(199, 0, 0), (199, 0, 1), (199, 0, 2)]).map(|one| seen(&one)).collect();
        let mut all: Vec<Seen> = base.clone();
        all.extend(looks.iter().chain(&more).map(seen));
        let by = all.len().max(1);
        all.rotate_left(turn % by);
        let found = breaches(&all);
        prop_assert_eq!(found.len(), 3);
        let few = breaches(&base);
        prop_assert_eq!(few.len(), 3);
        let swapped: Vec<Seen> = all.into_iter().map(|one| one.by("B")).collect();
        let other: Vec<Finding> = breaches(&swapped);
        prop_assert_eq!(
            found.iter().map(|one| (one.incident, one.stood)).collect::<Vec<_>>(),
            other.iter().map(|one| (one.incident, one.stood)).collect::<Vec<_>>()
        );
        prop_assert!(other.iter().all(|one| one.party.as_deref() == Some("B")));
    }
}

/// The hours of the rule are those of the file.
#[test]
fn the_rule_is_data() {
    assert_eq!(mission().standing.gap, 36 * HOUR);
    assert_eq!(mission().standing.reach, KM);
}
