//! Claims held against what was observed: who told it decides whether it counts.

use crate::case::{Seen, agreement, at, mission, north};
use truce::Name;
use truce::assessment::assess;
use truce::claim::evidence::{Outcome, Tested, Why};
use truce::claim::unit::Units;
use truce::claim::watch::{self, hold};
use truce::claim::{Claim, Ends};
use truce::ground::Ground;
use truce::observation::{Act, Asserter, Count, Detail, Kind};
use truce::place::{METRE, Place};
use truce::time::{HOUR, Span};

fn claim(by: &str, unit: &str, total: u32, parts: &[(&str, u32)]) -> Claim {
    Claim {
        name: by.into(),
        claimant: by.into(),
        speaker: Asserter::Party(by.into()),
        against: if by == "A" { "B".into() } else { "A".into() },
        window: Span { start: at(48, 0), end: at(72, 0) },
        ends: Ends { start: true, end: true },
        clock: None,
        as_of: None,
        place: Place::Unknown,
        unit: unit.into(),
        total: Count::Exactly(total),
        parts: parts.iter().map(|(name, count)| (Name::from(*name), Count::Exactly(*count))).collect(),
        perhaps_within: Vec::new(),
        cumulative: Some(false),
        quote: String::new(),
        translation: String::new(),
        note: String::new(),
        url: String::new(),
    }
}

/// What is found of claims where the whole line was watched for the whole day.
fn held(claims: &[Claim], seen: &[Seen]) -> Vec<Tested> {
    let (terms, mission) = (agreement("[[clause]]\nid = \"quiet\"\nacts = [\"fire\"]\n"), mission());
    let ground = Ground::compile(&terms, &|_| None).unwrap();
    let watch = Seen::new(Kind::SensorStatus, Act::Undetermined, at(48, 0)).lasts(24 * HOUR).more(|one| {
        one.detail = Detail::Status { sensor: "s".into(), up: true, range: 1_000_000 * METRE };
    });
    let observations: Vec<_> = seen.iter().chain([&watch]).map(|one| one.0.clone()).collect();
    let assessment = assess(&observations, &terms, &mission, &ground);
    let seen = watch::Seen {
        observations: &observations,
        incidents: &assessment.incidents,
        line: ground.reference().map(|front| &front.line),
        told_until: None,
    };
    let parties = ["A".into(), "B".into()];
    hold(claims, &parties, &Units::built_in().unwrap(), &mission, Some(&seen)).1
}

fn shelling(number: i64) -> Seen {
    Seen::new(Kind::Sighting, Act::Shelling, at(48 + number, 0)).place(north(10_000 * METRE), 10 * METRE)
}

/// Twenty were claimed and the line was watched throughout: one shelling contradicts the claim. Neither the claimant's own
/// rows, nor those of its group under another name, nor the other side's of what was done to it, make the rest possible.
#[test]
fn nobody_makes_a_claim_possible_by_telling_it() {
    let claims = ["A", "B"].map(|by| claim(by, "shellings", 20, &[]));
    let outcomes = |seen: &[Seen]| held(&claims, seen).iter().map(|one| one.outcome).collect::<Vec<_>>();
    let one = || shelling(0).by("B");
    assert_eq!(outcomes(&[one()]), [Outcome::Contradicted; 2]);
    for (by, of) in [("A", "B"), ("B", "A"), ("A", "A"), ("B", "B")] {
        let mut flood: Vec<Seen> = (1..20)
            .map(|number| {
                shelling(number).by(of).said_by(by).more(|one| one.group = Name::from("of a party"))
            })
            .collect();
        flood.push(one());
        let (own, other) = if by == "A" { (0, 1) } else { (1, 0) };
        let found = outcomes(&flood);
        assert_eq!(found[own], Outcome::Contradicted, "{by} of {of}");
        // What a side says of its own forces is evidence for the other's claim, and for nothing else.
        let admitted = by == of;
        assert_eq!(found[other] == Outcome::Contradicted, !admitted, "{by} of {of}");
        // The same group under the name of a third.
        for row in &mut flood[1..19] {
            row.0.asserted_by = Asserter::Third;
        }
        assert_eq!(
            outcomes(&flood)[own],
            Outcome::Contradicted,
            "{by} of {of}, told by a third of its group"
        );
    }
    // Who claims that it fired not at all does not silence the monitor and others by entering a row in their group.
    let none = Claim { against: "A".into(), ..claim("A", "shellings", 0, &[]) };
    let press = shelling(1).by("A").more(|one| {
        one.asserted_by = Asserter::Third;
        one.group = Name::from("press");
    });
    let own = shelling(5).by("B").said_by("A").more(|one| one.group = Name::from("press"));
    let without = held(std::slice::from_ref(&none), std::slice::from_ref(&press));
    assert_eq!(held(&[none], &[press, own]), without);
    // Near miss: others report them, and nobody knows.
    let told: Vec<Seen> = (1..20)
        .map(|number| {
            shelling(number).more(|one| {
                one.asserted_by = Asserter::Third;
                one.group = Name::from("press");
                one.source = Name::from("press");
            })
        })
        .chain([one()])
        .collect();
    assert_eq!(outcomes(&told), [Outcome::NotCorroboratedObserved; 2]);
}

/// Violations by the claimant's own definition cannot be tested, with parts or without; the parts are, each for itself.
#[test]
fn parts_are_held_to_no_more_than_a_bare_total() {
    let with = claim("A", "violations", 100, &[("shellings", 60), ("drone strikes", 40)]);
    let without = claim("B", "violations", 100, &[]);
    let found = held(&[with.clone(), without], &[shelling(0).by("B")]);
    assert_eq!(
        found.iter().map(|one| one.outcome).collect::<Vec<_>>(),
        [Outcome::CannotBeTested(Why::OwnDefinition), Outcome::CannotBeTested(Why::OwnDefinition)]
    );
    let parts: Vec<(&str, Outcome)> =
        found[0].parts.iter().map(|(name, part)| (name.as_str(), part.outcome)).collect();
    assert_eq!(parts[0], ("shellings", Outcome::Contradicted));
    assert_eq!(parts[1].0, "drone strikes");
    assert!(found[1].parts.is_empty());
    // Near miss: a total in a unit of the dictionary is tested, and its parts are no figures of their own.
    let plain = held(&[claim("A", "shellings", 60, &[("shellings", 60)])], &[shelling(0).by("B")]);
    assert_eq!((plain[0].outcome, plain[0].parts.len()), (Outcome::Contradicted, 0));
    // Without a total, the figure is what the parts make.
    let sum = Claim { total: Count::Unstated, ..with };
    assert_ne!(held(&[sum], &[])[0].outcome, Outcome::CannotBeTested(Why::OwnDefinition));
}
