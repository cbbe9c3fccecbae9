//! Invariant 5: swap the parties, and the output is swapped and nothing else.

use crate::common::{Case, Files, assert_same, easter_data, root};
use truce::Name;
use truce::agreement::{Course, Extent};
use truce::claim::Claim;
use truce::observation::{Asserter, Detail};
use truce::time::Time;

/// Codes and names that stand in no text, of equal length, so that what is drawn keeps its size.
pub(crate) const ONE: (&str, &str) = ("QXONE", "Qxparty-one");
pub(crate) const TWO: (&str, &str) = ("QXTWO", "Qxparty-two");

type Identity = (&'static str, &'static str);

/// Gives the parties of a case other codes and names, in every structured field and in no free text. The seats in
/// the agreement stay: their order, stances and clocks.
pub(crate) fn seat(case: &mut Case, identities: [Identity; 2]) {
    let seats: Vec<Name> =
        case.question.folder.agreement.parties.iter().map(|party| party.code.clone()).collect();
    assert_eq!(seats.len(), 2);
    let code = |name: &mut Name| {
        if let Some(seat) = seats.iter().position(|seat| seat == name) {
            *name = Name::from(identities[seat].0);
        }
    };
    let asserter = |asserter: &mut Asserter| {
        if let Asserter::Party(party) = asserter {
            code(party);
        }
    };
    let claim = |claim: &mut Claim| {
        code(&mut claim.claimant);
        asserter(&mut claim.speaker);
        code(&mut claim.against);
    };
    let folder = &mut case.question.folder;
    let agreement = &mut folder.agreement;
    for (party, identity) in agreement.parties.iter_mut().zip(identities) {
        code(&mut party.code);
        party.name = Name::from(identity.1);
        party.forms.clear();
    }
    for line in &mut agreement.lines {
        match &mut line.course {
            Course::Drawn { left: a, right: b, .. }
            | Course::NotKnown { left: a, right: b }
            | Course::HeldGround { held_by: a, across: b, .. } => {
                code(a);
                code(b);
            }
        }
    }
    for zone in &mut agreement.zones {
        if let Extent::FromLine { sides, own, .. } = &mut zone.extent {
            sides.iter_mut().for_each(code);
            own.iter_mut().for_each(|(party, _)| code(party));
        }
    }
    for reading in &mut agreement.readings {
        reading.holder.iter_mut().for_each(code);
        reading.clauses.iter_mut().flat_map(|clause| &mut clause.binds).for_each(code);
    }
    agreement.positions.iter_mut().for_each(|position| code(&mut position.party));
    folder.claims.iter_mut().for_each(claim);
    for source in &mut case.question.mission.sources {
        code(&mut source.asserted_by);
        source.shows.iter_mut().for_each(code);
        source.about.iter_mut().for_each(code);
    }
    for map in &mut case.intake.territories {
        asserter(&mut map.asserted_by);
        map.held_by.iter_mut().for_each(code);
    }
    for observation in &mut case.intake.observations {
        asserter(&mut observation.asserted_by);
        observation.origin.iter_mut().for_each(code);
        match &mut observation.detail {
            Detail::Notice { party, .. } => code(party),
            Detail::Claim(said) => claim(said),
            _ => {}
        }
    }
}

/// The report with the parties' codes and names exchanged.
pub(crate) fn exchanged(files: Files) -> Files {
    let exchange = |text: String, (a, b): (&str, &str)| text.replace(a, "\0").replace(b, a).replace('\0', b);
    let text = |text| exchange(exchange(text, (ONE.0, TWO.0)), (ONE.1, TWO.1));
    files.into_iter().map(|(name, content)| (name, text(content))).collect()
}

/// Both seatings give the same report but for who is who. Returns the report of the first.
pub(crate) fn check(read: impl Fn() -> Case) -> Files {
    let (mut straight, mut swapped) = (read(), read());
    seat(&mut straight, [ONE, TWO]);
    seat(&mut swapped, [TWO, ONE]);
    let (straight, swapped) = (straight.answer(), swapped.answer());
    assert!(straight["report.json"] != swapped["report.json"], "the parties were not swapped");
    assert_same(&straight, &exchanged(swapped));
    straight
}

#[test]
fn swapped_parties_swap_the_output() {
    let report = check(Case::made_up)["report.json"].clone();
    // What is swapped is there at all: findings by party, claims, an own series, alerts, readings.
    for part in
        ["\"party\": \"QXONE\"", "\"party\": \"QXTWO\"", "\"claimant\": \"QXONE\"", "reading of Qxparty-two"]
    {
        assert!(report.contains(part), "{part}");
    }
    for left in ["\"AL\"", "\"BO\"", "by forces of Aldria"] {
        assert!(!report.contains(left), "{left} was not renamed");
    }
}

/// The same in the middle of the story, when little is known.
#[test]
fn swapped_parties_swap_the_output_of_an_early_view() {
    for as_of in ["2031-05-04T18:00:00Z", "2031-05-05T16:00:00Z"] {
        check(|| Case { as_of: Time::parse(as_of), ..Case::made_up() });
    }
}

/// The report of a day, in its three languages, and the page of claims.
#[test]
fn swapped_parties_swap_the_day_and_the_claims() {
    let (mut straight, mut swapped) = (Case::made_up(), Case::made_up());
    seat(&mut straight, [ONE, TWO]);
    seat(&mut swapped, [TWO, ONE]);
    let pages = |case: &Case| -> Files {
        let statements = monitor::claims::read(&case.question, Some(case.intake.clone())).unwrap();
        let claims = [("claims".to_string(), statements.page())];
        case.day("2031-05-05", None).unwrap().into_iter().chain(claims).collect()
    };
    let (straight, swapped) = (pages(&straight), pages(&swapped));
    assert!(straight["claims"] != swapped["claims"] && straight["day.json"] != swapped["day.json"]);
    assert_same(&straight, &exchanged(swapped));
}

/// The real agreements name the sides in their words, which stay; the made-up codes stand only where a party is
/// meant by structure.
#[test]
fn shared_swapped_parties_swap_the_output_of_easter() {
    let Some(data) = easter_data() else { return };
    let case = Case::read(&root().join("agreements/easter-2025"), None, &data);
    let intake = case.intake;
    check(|| Case {
        intake: intake.clone(),
        ..Case::read(&root().join("agreements/easter-2025"), None, &root().join("agreements/easter-2025"))
    });
}
