//! What evidence weighs: one witness once, no party its own witness, and nothing known stays undetermined.

mod common;

use common::{Dice, report};
use proptest::prelude::*;
use truce::evidence::{
    Evidence, Item, KindWeight, Weights, WeightsError, Why, Word, Words, position, probability_permille,
    weigh,
};
use truce::incident::{Incident, Linking, Precision, Rule, link};
use truce::observation::{Act, Asserter, Kind, Observation, Rating, Weapon};
use truce::place::{Ellipse, KM, METRE, Place, Point};
use truce::time::{HOUR, Span, Time};
use truce::{Id, Name};

/// A and 1 weigh most; 5 ("improbable") speaks against; F and 6 ("cannot be judged") weigh nothing.
const RATINGS: [[i32; 6]; 6] = [
    [200, 150, 100, 30, -100, 0],
    [150, 100, 70, 20, -70, 0],
    [100, 70, 40, 10, -40, 0],
    [50, 30, 20, 0, -20, 0],
    [20, 10, 0, 0, -10, 0],
    [0, 0, 0, 0, 0, 0],
];
const TEXT_CAP: i32 = 180;

fn kinds() -> Vec<KindWeight> {
    vec![
        KindWeight { kind: Kind::Impulse, prior: 50, permille: 1_000 },
        KindWeight { kind: Kind::ThermalAnomaly, prior: -130, permille: 300 },
        KindWeight { kind: Kind::ReportedEvent, prior: -20, permille: 1_000 },
        KindWeight { kind: Kind::Sighting, prior: 0, permille: 1_000 },
        KindWeight { kind: Kind::Obstruction, prior: 0, permille: 1_000 },
    ]
}

fn weights() -> Weights {
    Weights::new(&kinds(), RATINGS, TEXT_CAP, 500).expect("sound weights")
}

fn parties() -> [Name; 2] {
    [Name::from("x"), Name::from("y")]
}

fn linking() -> Linking {
    let kinds = vec![Kind::Impulse, Kind::ThermalAnomaly, Kind::ReportedEvent, Kind::Sighting];
    let fine = Precision { within: KM, length: HOUR };
    Linking::new(&[Rule { kinds, reach: KM, gap: HOUR }], &[fine], fine, false).expect("sound rules")
}

/// A report of group `group`, rated `rating`.
fn said(dice: &mut Dice, group: &str, rating: &str) -> Observation {
    let mut one = report(dice.id(), 37.0, 48.0, Span::at(Time(0)));
    one.group = Name::from(group);
    one.rating = Rating::parse(rating).expect("a rating");
    one
}

/// The evidence of the one incident of these observations, whatever the order and links.
fn weighed(all: &[Observation], check: impl FnOnce(&Evidence<'_>)) {
    let mut members: Vec<&Observation> = all.iter().collect();
    members.sort_by_key(|one| one.id);
    let incident = Incident {
        anchor: members[0],
        members,
        when: Span::at(Time(0)),
        at: Point::from_degrees(37.0, 48.0),
        spread: 0,
    };
    check(&weigh(&incident, &weights(), &parties()));
}

fn occurred(all: &[Observation]) -> i32 {
    let mut total = 0;
    weighed(all, |evidence| total = evidence.occurred);
    total
}

/// Case T35: a thousand copies of one claim weigh as one.
#[test]
fn a_thousand_copies_weigh_as_one() {
    let mut dice = Dice(1);
    let one = said(&mut dice, "agency", "B2");
    let copies: Vec<_> = (0..1_000).map(|_| Observation { id: dice.id(), ..one.clone() }).collect();
    assert_eq!(occurred(std::slice::from_ref(&one)), -20 + 100);
    assert_eq!(occurred(&copies), -20 + 100);
    weighed(&copies, |evidence| {
        assert_eq!(evidence.rows.len(), 1_000);
        assert_eq!(evidence.rows.iter().filter(|row| row.counted != 0).count(), 1);
        assert_eq!(evidence.rows.iter().filter(|row| row.why == Why::WeakerInGroup).count(), 999);
        assert_eq!(evidence.groups(), 1);
    });
    // And they are one incident.
    assert_eq!(link(&copies, &linking()).len(), 1);
}

/// A thousand texts, each under a name of its own, count as no more groups than their cap leaves room for: the second is cut
/// short (100 of 180 are taken), the rest count for nothing.
#[test]
fn texts_beyond_their_cap_are_no_groups_that_count() {
    let mut dice = Dice(1);
    let one = said(&mut dice, "agency", "B2");
    let under_names: Vec<_> = (0..1_000)
        .map(|number| {
            let group = Name::from(format!("agency {number}").as_str());
            Observation { id: dice.id(), group, ..one.clone() }
        })
        .collect();
    weighed(&under_names, |evidence| assert_eq!(evidence.groups(), 2));
}

/// Case T35 again: a thousand claims of one party that the other did it.
#[test]
fn what_a_party_says_of_the_other_weighs_nothing() {
    let mut dice = Dice(2);
    let mut one = said(&mut dice, "x", "A1");
    one.asserted_by = Asserter::Party(Name::from("x"));
    (one.origin, one.act) = (Some(Name::from("y")), Act::Shelling);
    let copies: Vec<_> = (0..1_000)
        .map(|number| {
            let group = Name::from(format!("group {number}").as_str());
            Observation { id: dice.id(), group, ..one.clone() }
        })
        .collect();
    weighed(&copies, |evidence| {
        assert_eq!(evidence.occurred, -20);
        assert_eq!((evidence.acts.undetermined, evidence.origins.undetermined), (1_000, 1_000));
        assert!(evidence.rows.iter().all(|row| row.counted == 0 && row.why == Why::PartyAsserted));
    });
    // Beside what a third party saw, they change nothing either.
    let seen = said(&mut dice, "agency", "C3");
    let alone = occurred(std::slice::from_ref(&seen));
    let mut both = copies;
    both.push(seen);
    assert_eq!(occurred(&both), alone);
}

/// What is told adds to what was seen, says it more exactly, and takes nothing from it; where nothing was seen, it counts as ever.
#[test]
fn what_is_told_takes_nothing_from_what_was_seen() {
    let mut dice = Dice(3);
    let mut seen = said(&mut dice, "patrols", "A2");
    (seen.kind, seen.asserted_by) = (Kind::Sighting, Asserter::Monitor);
    (seen.act, seen.weapon, seen.origin) = (Act::Shelling, Weapon::Mortar, Some(Name::from("x")));
    let mut told = |rating: &str, weapon: Weapon, origin: &str| {
        let mut one = said(&mut dice, "agency", rating);
        (one.act, one.weapon, one.origin) = (Act::Shelling, weapon, Some(Name::from(origin)));
        one
    };
    let facts = |all: &[Observation]| {
        let mut known = (0, 0, 0, 0);
        weighed(all, |it| {
            let party = |name: &str| it.origins.permille(&Name::from(name));
            known = (it.occurred, it.weapons.permille(&Weapon::Mortar), party("x"), party("y"));
        });
        known
    };
    let alone = facts(std::slice::from_ref(&seen));
    for (rating, weapon, origin) in
        [("A1", Weapon::Rifle, "y"), ("A5", Weapon::Mortar, "x"), ("A5", Weapon::Rifle, "y")]
    {
        let with = facts(&[seen.clone(), told(rating, weapon, origin)]);
        let less = with.0 < alone.0 || with.1 < alone.1 || with.2 < alone.2 || with.3 > alone.3;
        assert!(!less, "{rating} {weapon:?} {origin}: {with:?}, alone {alone:?}");
    }
    // Near misses: the same side is named once more; and of two that only tell, each takes from the other.
    assert!(facts(&[seen.clone(), told("A1", Weapon::Mortar, "x")]).2 > alone.2);
    let (x, y) = (told("B2", Weapon::Mortar, "x"), told("B2", Weapon::Rifle, "y"));
    let y = Observation { group: Name::from("other"), ..y };
    assert!(facts(&[x.clone(), y]).2 < facts(&[x]).2);
    // Under the name of the patrol, and rated higher: the patrol's own word still counts whole.
    let mut same = told("A1", Weapon::Mortar, "x");
    same.group = Name::from("patrols");
    assert_eq!(facts(&[seen.clone(), same]), alone);
}

#[test]
fn what_a_party_says_of_its_own_forces_counts() {
    let mut dice = Dice(3);
    let mut one = said(&mut dice, "x", "B2");
    one.asserted_by = Asserter::Party(Name::from("x"));
    one.origin = Some(Name::from("x"));
    weighed(&[one], |evidence| {
        assert_eq!(evidence.occurred, -20 + 100);
        assert_eq!(evidence.origins.named[0].centibans, 50);
        // 759.7: of alternatives, the fraction goes to "undetermined".
        assert_eq!((evidence.origins.permille(&Name::from("x")), evidence.origins.undetermined), (759, 241));
    });
}

#[test]
fn texts_together_are_capped_and_sensors_are_not() {
    let mut dice = Dice(4);
    let texts: Vec<_> = (0..50).map(|number| said(&mut dice, &format!("agency {number}"), "B2")).collect();
    assert_eq!(occurred(&texts), -20 + TEXT_CAP);
    weighed(&texts, |evidence| {
        let counted: Vec<i32> =
            evidence.rows.iter().map(|row| row.counted).filter(|count| *count != 0).collect();
        assert_eq!(counted.iter().sum::<i32>(), TEXT_CAP);
        assert!(counted.contains(&100) && counted.contains(&80), "the last one counts in part: {counted:?}");
    });
    let mut with_sensor = texts;
    let mut heard = said(&mut dice, "sensors", "A1");
    heard.kind = Kind::Impulse;
    with_sensor.push(heard);
    assert_eq!(occurred(&with_sensor), 50 + TEXT_CAP + 200);
    // The monitor's own people are not papers.
    let mut patrol = said(&mut dice, "patrol", "A1");
    patrol.asserted_by = Asserter::Monitor;
    with_sensor.push(patrol);
    assert_eq!(occurred(&with_sensor), 50 + TEXT_CAP + 400);
}

/// Case T32: heat seen from space alone is at most of low confidence.
#[test]
fn heat_alone_is_of_low_confidence() {
    let mut dice = Dice(5);
    let mut heat = said(&mut dice, "satellite", "A1");
    heat.kind = Kind::ThermalAnomaly;
    let sum = occurred(&[heat]);
    assert_eq!(sum, -130 + 60);
    assert!(probability_permille(sum) < 200);
}

#[test]
fn for_and_against_both_count_once() {
    let mut dice = Dice(6);
    let all: Vec<_> =
        ["A2", "B2", "B5", "C5"].iter().map(|rating| said(&mut dice, "agency", rating)).collect();
    assert_eq!(occurred(&all), -20 + 150 - 70);
    let mut ordinary = said(&mut dice, "other", "C2");
    ordinary.act = Act::Ordinary;
    assert_eq!(occurred(&[all[0].clone(), ordinary]), -20 + 150 - 70);
}

#[test]
fn with_nothing_known_all_is_undetermined() {
    let mut dice = Dice(7);
    weighed(&[said(&mut dice, "agency", "B2")], |evidence| {
        assert_eq!(evidence.origins.undetermined, 1_000);
        assert_eq!(evidence.origins.named.len(), 2, "both parties are shown, in the order of the agreement");
        assert!(evidence.origins.named.iter().all(|one| one.permille == 0 && one.centibans == 0));
        assert_eq!((evidence.acts.undetermined, evidence.weapons.undetermined), (1_000, 1_000));
    });
}

#[test]
fn a_coarse_word_supports_the_finer_ones_and_is_not_counted_twice() {
    let mut dice = Dice(8);
    let act = |dice: &mut Dice, group: &str, act| Observation { act, ..said(dice, group, "B2") };
    let all = [act(&mut dice, "a", Act::Fire), act(&mut dice, "b", Act::Shelling)];
    weighed(&all, |evidence| {
        let [fire, shelling] = &evidence.acts.named[..] else { panic!("two acts are named") };
        assert_eq!((fire.centibans, shelling.centibans), (100, 180), "two texts reach the cap");
        let any_fire = evidence.acts.share(|act| act.belongs(Act::Fire) == truce::observation::Belongs::Yes);
        assert!(any_fire > shelling.permille && any_fire + evidence.acts.undetermined == 1_000);
    });
    let one_group = [act(&mut dice, "a", Act::Fire), act(&mut dice, "a", Act::Shelling)];
    weighed(&one_group, |evidence| assert_eq!(evidence.acts.named[1].centibans, 100));
}

/// Neutrality: swap the parties everywhere, and the origins come out swapped and nothing else changed.
#[test]
fn swapped_parties_give_swapped_origins() {
    let mut dice = Dice(9);
    let mut all: Vec<_> = (0..6).map(|number| said(&mut dice, &format!("g{number}"), "B3")).collect();
    let [x, y] = parties();
    for (number, one) in all.iter_mut().enumerate() {
        one.kind = Kind::Sighting;
        one.origin = [Some(x.clone()), Some(x.clone()), Some(y.clone()), None][number % 4].clone();
        if number > 3 {
            one.asserted_by = Asserter::Party(if number == 4 { x.clone() } else { y.clone() });
        }
    }
    let swap = |name: &Name| if *name == x { y.clone() } else { x.clone() };
    let mut swapped = all.clone();
    for one in &mut swapped {
        one.origin = one.origin.as_ref().map(&swap);
        if let Asserter::Party(name) = &mut one.asserted_by {
            *name = swap(name);
        }
    }
    let mut before = None;
    weighed(&all, |evidence| before = Some((evidence.occurred, evidence.origins.clone())));
    let (occurred, origins) = before.unwrap();
    weighed(&swapped, |evidence| {
        assert_eq!(evidence.occurred, occurred);
        assert_eq!(evidence.origins.undetermined, origins.undetermined);
        for one in &origins.named {
            let other = evidence.origins.named.iter().find(|named| named.what == swap(&one.what)).unwrap();
            assert_eq!((one.centibans, one.permille), (other.centibans, other.permille));
        }
        assert!(origins.named[0].permille != origins.named[1].permille, "or the test proves nothing");
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The sum is the prior and what the rows counted for; a copy of any row never changes it; alternatives
    /// fill a thousand exactly.
    #[test]
    fn sums_can_be_checked_by_hand(seed: u64, count in 1..40usize) {
        let mut dice = Dice(seed);
        let mut all: Vec<_> = (0..count)
            .map(|_| {
                let group = format!("g{}", dice.below(6));
                let rating = format!("{}{}", dice.one_of(&["A", "B", "C", "D", "F"]), 1 + dice.below(6));
                let mut one = said(&mut dice, &group, &rating);
                one.kind = dice.one_of(&[Kind::Impulse, Kind::ReportedEvent, Kind::ThermalAnomaly, Kind::Sighting]);
                one.act = dice.one_of(&[Act::Undetermined, Act::Fire, Act::Shelling, Act::DroneAttack, Act::Ordinary]);
                one.weapon = dice.one_of(&[Weapon::Undetermined, Weapon::Artillery, Weapon::Gun, Weapon::Uav]);
                one.origin = dice.one_of(&[None, Some(Name::from("x")), Some(Name::from("y")), Some(Name::from("z"))]);
                one.asserted_by = dice.one_of(&[Asserter::Third, Asserter::Monitor, Asserter::Party(Name::from("x"))]);
                one
            })
            .collect();
        let mut sum = 0;
        weighed(&all, |evidence| {
            sum = evidence.occurred;
            let counted = evidence.rows.iter().filter(|row| row.item == Item::Occurred).map(|row| row.counted);
            assert_eq!(evidence.occurred, evidence.prior + counted.sum::<i32>());
            assert!(evidence.rows.iter().all(|row| row.counted.abs() <= row.centibans.abs()));
            let full = |named: Vec<u16>, rest: u16| assert_eq!(named.iter().sum::<u16>() + rest, 1_000);
            full(evidence.acts.named.iter().map(|one| one.permille).collect(), evidence.acts.undetermined);
            full(evidence.weapons.named.iter().map(|one| one.permille).collect(), evidence.weapons.undetermined);
            full(evidence.origins.named.iter().map(|one| one.permille).collect(), evidence.origins.undetermined);
        });
        let copy = dice.one_of(&all);
        all.push(Observation { id: dice.id(), ..copy });
        prop_assert_eq!(occurred(&all), sum);
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "std is the independent witness here")]
fn probabilities_are_exact_and_monotone() {
    assert_eq!(probability_permille(0), 500);
    assert_eq!(probability_permille(100), 909);
    assert_eq!(probability_permille(-100), 91);
    assert_eq!((probability_permille(i32::MAX), probability_permille(i32::MIN)), (1_000, 0));
    let mut before = 0;
    for centibans in -2_000..=2_000 {
        let permille = probability_permille(centibans);
        assert!(permille >= before, "{centibans}");
        // No value lies so near to the middle of two that an error of the last bits could change it.
        let exact = 1_000.0 / (1.0 + 10f64.powf(-f64::from(centibans) / 100.0));
        assert!((exact.fract() - 0.5).abs() > 1e-6, "{centibans}: {exact}");
        assert!((exact - f64::from(permille)).abs() < 0.5);
        assert_eq!(1_000 - permille, probability_permille(-centibans));
        before = permille;
    }
}

#[test]
fn a_table_of_words_has_one_for_every_probability() {
    let word = |from, to, word: &str| Word { from, to, word: Name::from(word) };
    let words = Words::new(vec![word(0, 99, "unlikely"), word(100, 900, "open"), word(901, 1_000, "likely")])
        .unwrap();
    for (permille, expected) in [
        (0, "unlikely"),
        (99, "unlikely"),
        (100, "open"),
        (900, "open"),
        (901, "likely"),
        (1_000, "likely"),
        (u16::MAX, "likely"),
    ] {
        assert_eq!(words.word(permille).as_str(), expected);
    }
    let says = |rows: Vec<Word>, words: &str| {
        let error = Words::new(rows).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    says(vec![], "empty");
    says(vec![word(0, 500, "a"), word(502, 1_000, "b")], "row 2");
    says(vec![word(0, 500, "a"), word(500, 1_000, "b")], "start at 501");
    says(vec![word(0, 500, "a"), word(501, 1_000, "a")], "used twice");
    says(vec![word(0, 500, "a"), word(501, 999, "b")], "ends at 999");
    says(vec![word(0, u16::MAX, "a")], "must end at 1000");
    says(vec![word(1, 0, "a")], "row 1");
}

#[test]
fn weights_that_make_no_sense_are_refused() {
    let new =
        |kinds: &[KindWeight], ratings, cap, share| Weights::new(kinds, ratings, cap, share).map(|_| ());
    assert_eq!(new(&kinds()[1..], RATINGS, 0, 0), Err(WeightsError::Missing(Kind::Impulse)));
    assert_eq!(new(&[kinds(), kinds()].concat(), RATINGS, 0, 0), Err(WeightsError::Twice(Kind::Impulse)));
    let claim = KindWeight { kind: Kind::Claim, prior: 0, permille: 1_000 };
    assert_eq!(
        new(&[kinds(), vec![claim]].concat(), RATINGS, 0, 0),
        Err(WeightsError::NeverWeighs(Kind::Claim))
    );
    let mut wild = RATINGS;
    wild[0][0] = 1_001;
    assert_eq!(new(&kinds(), wild, 0, 0), Err(WeightsError::OutOfRange));
    assert_eq!(new(&kinds(), RATINGS, -1, 0), Err(WeightsError::TextCap));
    assert_eq!(new(&kinds(), RATINGS, 0, 1_001), Err(WeightsError::Permille));
}

#[test]
fn the_place_is_the_anchor_s_and_is_only_ever_widened() {
    let at = Point::from_degrees(37.0, 48.0).unwrap();
    let mut one = report(Id([1; 32]), 37.0, 48.0, Span::at(Time(0)));
    let error = Ellipse { major: 200 * METRE, minor: 100 * METRE, azimuth: 3_000 };
    one.place = Place::Point { at, error };
    let alone = Incident { anchor: &one, members: vec![&one], when: one.time, at: Some(at), spread: 0 };
    let place = position(&alone, 950).unwrap();
    // The square root of -2 ln 0.05 is 2.4477...
    assert_eq!((place.ellipse.major, place.ellipse.minor, place.ellipse.azimuth), (489_550, 244_775, 3_000));
    let near = Incident { spread: 200 * METRE, ..alone.clone() };
    assert_eq!(position(&near, 950), Some(place));
    let far = Incident { spread: 600 * METRE, ..alone.clone() };
    assert_eq!(position(&far, 950).unwrap().ellipse, Ellipse::circle(600 * METRE));
    let mut nowhere = one.clone();
    nowhere.place = Place::Unknown;
    let unknown = Incident { anchor: &nowhere, at: None, ..alone };
    assert_eq!(position(&unknown, 950), None);
}
