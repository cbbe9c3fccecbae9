extern crate std;

use super::*;
use crate::config::position;
use crate::time::HOUR;
use alloc::vec;
use std::path::Path;
use std::{fs, println};

fn real(name: &str) -> Vec<Claim> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../agreements").join(name).join("claims.toml");
    let text = fs::read_to_string(path).unwrap();
    parse_between(&text, &["RU".into(), "UA".into()]).unwrap_or_else(|mistakes| {
        for mistake in mistakes {
            println!("{:?} {}: {}", position(&text, mistake.span.start), mistake.message, mistake.help);
        }
        panic!("{name}")
    })
}

fn named<'a>(claims: &'a [Claim], name: &str) -> &'a Claim {
    claims.iter().find(|claim| claim.name.as_str() == name).unwrap()
}

fn claim_of(total: Count, parts: &[Count]) -> Claim {
    let mut claim = named(&real("easter-2025"), "ua-20-april").clone();
    claim.total = total;
    claim.parts = parts.iter().map(|part| ("part".into(), *part)).collect();
    claim
}

/// T12: totals and parts of both parties on Easter 2025, in their own windows.
#[test]
fn easter_claims_stand_in_their_own_windows() {
    let claims = real("easter-2025");
    let kyiv = named(&claims, "ua-20-april");
    assert_eq!(kyiv.total, Count::Exactly(2_935));
    assert_eq!(kyiv.arithmetic(), Arithmetic::Consistent { least: 2_928, most: None });
    assert_eq!(
        (kyiv.window.start, kyiv.window.length()),
        (Time::parse("2025-04-20T00:00:00+03:00").unwrap(), 24 * HOUR)
    );
    let moscow = named(&claims, "ru-30-hours");
    assert_eq!(moscow.total, Count::Exactly(4_900));
    // Its longer report has seven parts that make all of it; a shorter copy leaves 84 out.
    assert_eq!(moscow.arithmetic(), Arithmetic::Consistent { least: 4_900, most: Some(4_900) });
    assert_eq!(moscow.window.length(), 30 * HOUR);
    // Both against the other, neither of itself.
    for claim in &claims {
        assert_ne!(claim.claimant, claim.against, "{}", claim.name);
    }
    // "More than 2,000" by 20:00 with parts of 2,095; a first evening without a total.
    assert_eq!(
        named(&claims, "ua-20-april-20h").arithmetic(),
        Arithmetic::Consistent { least: 2_095, most: Some(2_095) }
    );
    assert_eq!(
        named(&claims, "ua-19-april").arithmetic(),
        Arithmetic::NoTotal { least: 696, most: Some(696) }
    );
    // An as-of figure ends when it was given, and says so.
    let running = named(&claims, "ua-20-april-16h");
    assert_eq!((running.as_of, running.ends.end), (Some(running.window.end), false));
    assert!(running.window_words().contains("up to which the figure was given"));
}

/// T17: ranges with windows; nothing to add up but Kyiv's first figure.
#[test]
fn energy_claims_stand_in_their_own_windows() {
    let claims = real("energy-2025");
    assert_eq!(
        named(&claims, "ua-18-25-march").arithmetic(),
        Arithmetic::Consistent { least: 8, most: Some(8) }
    );
    let others = claims.iter().filter(|claim| claim.name.as_str() != "ua-18-25-march");
    assert!(
        others.clone().count() >= 5 && others.clone().all(|claim| claim.arithmetic() == Arithmetic::NoParts)
    );
    assert_eq!(named(&claims, "ua-25-march-16-april").total, Count::AtLeast(30));
    assert_eq!(named(&claims, "ru-107").total, Count::Exactly(107));
}

/// T13: 8 and 9 May 2025, T23: a UN report. Both sides' figures get the same words.
#[test]
fn parts_that_do_not_add_up_are_told_alike() {
    use Count::{AtLeast, Exactly};
    let kyiv = claim_of(Exactly(734), &[63, 586, 176, 10].map(Exactly)).arithmetic();
    let moscow = claim_of(Exactly(488), &[173, 4, 300].map(Exactly)).arithmetic();
    assert_eq!((kyiv, moscow), (Arithmetic::Exceed(101), Arithmetic::Missing(11)));
    assert_eq!(kyiv.to_string(), "the parts come to 101 more than the total");
    assert_eq!(moscow.to_string(), "the parts do not account for 11 of the total");
    let next_day = claim_of(Exactly(5_026), &[1_455, 23, 3_502].map(Exactly));
    assert_eq!(next_day.arithmetic(), Arithmetic::Missing(46));
    assert_eq!(claim_of(Exactly(8_918), &[7_948, 978].map(Exactly)).arithmetic(), Arithmetic::Exceed(8));
    // Turned round, the same excess is a gap.
    assert_eq!(claim_of(Exactly(835), &[Exactly(734)]).arithmetic(), Arithmetic::Missing(101));
    assert_eq!(claim_of(AtLeast(800), &[Exactly(734)]).arithmetic(), Arithmetic::Missing(66));
    assert_eq!(claim_of(Exactly(700), &[AtLeast(734)]).arithmetic(), Arithmetic::Exceed(34));
}

#[test]
fn about_and_at_least_leave_room() {
    use Count::{About, AtLeast, Exactly, Unstated};
    let consistent =
        |total, parts: &[Count]| matches!(claim_of(total, parts).arithmetic(), Arithmetic::Consistent { .. });
    assert!(consistent(AtLeast(2_000), &[Exactly(2_095)]));
    assert!(consistent(About(1_000), &[Exactly(1_400)]) && !consistent(About(1_000), &[Exactly(1_501)]));
    assert!(consistent(About(950), &[Exactly(955)]) && !consistent(About(950), &[Exactly(956)]));
    assert!(
        consistent(Exactly(10), &[Exactly(4), Unstated]) && !consistent(Exactly(3), &[Exactly(4), Unstated])
    );
    assert!(consistent(About(0), &[Exactly(0)]));
    assert_eq!(claim_of(Exactly(7), &[]).arithmetic(), Arithmetic::NoParts);
    assert!(consistent(AtLeast(u32::MAX), &[Exactly(u32::MAX), Exactly(u32::MAX)]));
    assert_eq!(thousands(1_234_567), "1,234,567");
}

/// What is "about" is a range, and never an exact sum; what only its rounding rules out is no contradiction.
#[test]
fn about_is_a_range_and_no_contradiction() {
    use Count::{About, AtLeast, Exactly};
    let told = |total, parts: &[Count]| {
        let found = claim_of(total, parts).arithmetic();
        (found.to_string(), found.is_inconsistent())
    };
    let range = claim_of(AtLeast(10_000), &[About(7_500), About(2_500)]);
    assert_eq!(range.parts_sum().words(), "9,900 to 10,100");
    assert_eq!(
        range.arithmetic().to_string(),
        "the parts add up to 9,900 to 10,100: consistent with the total"
    );
    assert_eq!(
        told(Exactly(100), &[Exactly(60), About(30)]),
        (
            "the parts add up to 85 to 95, as numbers round: whether that makes the total depends on how wide \
             \"about\" is meant"
                .into(),
            false
        )
    );
    // Near misses: farther off than any "about", and nothing "about" at all.
    assert_eq!(
        told(Exactly(101), &[Exactly(60), About(30)]),
        ("the parts do not account for 6 of the total".into(), true)
    );
    assert_eq!(
        told(Exactly(100), &[Exactly(60), Exactly(30)]),
        ("the parts do not account for 10 of the total".into(), true)
    );
    assert_eq!(
        told(Exactly(90), &[Exactly(60), AtLeast(20)]).0,
        "the parts add up to 80 or more: consistent with the total"
    );
}

const ONE: &str = "[[claim]]\nname = 'a'\nclaimant = 'RU'\nagainst = 'UA'\nfrom = 2025-04-20\nto = 2025-04-20\n\
                   clock = 'UTC'\nunit = 'x'\ntotal = 1\ncumulative = false\nurl = 'https://example.org'\n";

#[test]
fn broken_claims_are_explained() {
    assert_eq!(parse(ONE).map(|claims| claims.len()), Ok(1));
    let told = |from: &str, to: &str| {
        assert!(ONE.contains(from));
        let text = ONE.replacen(from, to, 1);
        let mistakes = parse_between(&text, &["RU".into(), "UA".into()]).unwrap_err();
        mistakes
            .iter()
            .map(|m| format!("{}: {}", position(&text, m.span.start).line, m.message))
            .collect::<Vec<_>>()
    };
    assert_eq!(told("'RU'", "'RUS'"), ["3: there is no party \"RUS\""]);
    assert_eq!(told("total = 1\n", ""), ["1: the claim has no figure"]);
    assert_eq!(told("total = 1", "total = 'some'"), ["9: \"some\" is not a count"]);
    assert_eq!(told("total = 1", "total = -1"), ["9: `total` is out of range"]);
    assert_eq!(told("to = 2025-04-20\n", ""), ["1: the window of the claim has no end"]);
    assert_eq!(told("clock = 'UTC'\n", "").len(), 2);
    assert_eq!(told("to = 2025-04-20", "to = 2025-04-18").len(), 1);
    assert_eq!(
        told("total = 1", "assumed = ['to']\ntotal = 1"),
        ["1: an end of the window is assumed, but nobody says why"]
    );
    // A key misspelt is told once, not as missing too.
    assert_eq!(told("unit", "units"), ["8: the key `units` is not known here"]);
    assert_eq!(told("unit = 'x'\n", ""), ["1: the key `unit` is missing"]);
    let twice = [ONE, ONE].concat();
    assert_eq!(parse(&twice).unwrap_err()[0].message, "there are two claims with the name \"a\"");
    let counts = vec![("'over 950'", Count::AtLeast(950)), ("'about 1,900'", Count::About(1_900))];
    for (text, count) in counts {
        assert_eq!(parse(&ONE.replace("= 1\n", &format!("= {text}\n"))).unwrap()[0].total, count);
    }
}
