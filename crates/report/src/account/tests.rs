use crate::language::{Language, Words};
use truce::Name;
use truce::finding::{ConditionState, Reason};
use truce::observation::{Act, Force, Target, Weapon};
use truce::time::{Span, Time};

/// One of each sort of reason; a new sort does not compile here until it has its words.
fn every() -> Vec<Reason> {
    let period = Span { start: Time(0), end: Time(86_400_000_000) };
    let open = Span { start: Time(0), end: Time(i64::MAX) };
    let (line, party, id): (Name, Name, Name) = ("contact".into(), "AL".into(), "quiet".into());
    let (distance, required, permille, standard) = (24_950_000, 25_000_000, 930, 900);
    let all = vec![
        Reason::InForce,
        Reason::NotInForce { period },
        Reason::PartlyInForce { period: open },
        Reason::ActNamed(Act::Shelling),
        Reason::ActNotNamed(Act::Shelling),
        Reason::ActNotKnown(Act::Fire),
        Reason::MeansNamed(Weapon::Mortar),
        Reason::MeansNotNamed(Weapon::Mortar),
        Reason::MeansNotKnown(Weapon::Artillery),
        Reason::TargetNamed(Target::Civilian),
        Reason::TargetNotNamed(Target::Civilian),
        Reason::TargetNotKnown(Target::Undetermined),
        Reason::TargetTold(Target::Civilian),
        Reason::ListNotKnown,
        Reason::ForceNamed(Force::Undetermined),
        Reason::ForceNotNamed(Force::Undetermined),
        Reason::ForceNotKnown(Force::Undetermined),
        Reason::TooNear { line: line.clone(), distance, required, permille },
        Reason::FarEnough { line: line.clone(), distance, required, permille },
        Reason::PerhapsTooNear { line, distance, required, permille },
        Reason::NoDistanceFor(Weapon::Mortar),
        Reason::DependsOnSide,
        Reason::PositionsNotKnown,
        Reason::Inside { permille },
        Reason::NotInside { permille: 12 },
        Reason::PerhapsInside { permille: 500, standard },
        Reason::PlaceNotKnown,
        Reason::ByForcesOf { party: party.clone(), permille },
        Reason::PartyNotBound { party: party.clone() },
        Reason::SideNotEstablished,
        Reason::SideNeeded,
        Reason::Occurred { permille: 998 },
        Reason::PerhapsOccurred { permille: 500, standard },
        Reason::NotOccurred { permille: 12 },
        Reason::PartyFreed { party: party.clone() },
        Reason::PartyPerhapsFreed { party },
        Reason::CasualtiesCount(2),
        Reason::LengthCounts(90_000_000),
        Reason::NumberCounts(21),
        Reason::BelowThreshold,
        Reason::ThresholdNotKnown,
        Reason::Condition { exception: Some(1), id: id.clone(), state: ConditionState::NotMet },
        Reason::Condition { exception: None, id: id.clone(), state: ConditionState::Alleged },
        Reason::NotExcepted(1),
        Reason::PermittedBy(id.clone()),
        Reason::PerhapsPermittedBy(id),
        Reason::NotPermitted,
        Reason::Excepted(1),
        Reason::PerhapsExcepted(2),
        Reason::ClausePermits,
        Reason::ObligationElsewhere,
        Reason::Stood(Stood { first: Time(0), last: Time(259_200_000_000), sightings: 5, led: 5 }),
        Reason::Stood(Stood { first: Time(0), last: Time(79_200_000_000), sightings: 22, led: 3 }),
        Reason::Stood(Stood { first: Time(0), last: Time(2_460_000_000), sightings: 2, led: 1 }),
    ];
    let sorts: std::collections::BTreeSet<String> = all
        .iter()
        .map(|reason| format!("{reason:?}").split(['(', ' ', '{']).next().unwrap_or_default().to_string())
        .collect();
    assert_eq!(sorts.len(), all.len() - 1, "each sort once; conditions twice");
    all
}

#[test]
fn the_english_of_a_reason_is_that_of_the_report() {
    let words = Words::of(Language::English);
    let name = |code: &Name| code.to_string();
    for reason in every() {
        assert_eq!(words.reason(&reason, &name), reason.sentence(&name));
    }
}

#[test]
fn every_reason_is_said_in_every_language() {
    let english = Words::of(Language::English);
    let name = |code: &Name| code.to_string();
    for language in [Language::Ukrainian, Language::Russian] {
        let words = Words::of(language);
        for reason in every() {
            let said = words.reason(&reason, &name);
            assert!(!said.contains("reason-") && !said.contains('$') && !said.contains("explain-"), "{said}");
            assert_ne!(said, english.reason(&reason, &name));
            // No English is left but codes and ids of the agreement's file.
            let latin = said.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2);
            let latin: Vec<&str> = latin.filter(|word| !["contact", "quiet", "UTC"].contains(word)).collect();
            assert!(latin.is_empty(), "{said}: {latin:?}");
        }
    }
}
