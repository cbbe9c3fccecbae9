//! Readings, several instruments at once, periods before the start, the life of an instrument, self-release.

use crate::case::{
    FRAME, Seen, agreement, at, compiled, filled, findings, is_breach, mission, north, verdict,
};
use std::collections::BTreeMap;
use truce::agreement::{Agreement, Signature, Stance, Status, What};
use truce::assessment::assess_each;
use truce::finding::{Finding, Verdict};
use truce::ground::Ground;
use truce::observation::{Act, Kind, Target};
use truce::release::{Allegation, Judgement, releases};
use truce::time::{Span, Time};

fn moment(text: &str) -> Time {
    Time::parse(text).unwrap()
}

fn strike(time: Time, target: Target) -> Seen {
    Seen::new(Kind::ReportedEvent, Act::DroneAttack, time).more(|one| one.target = target).by("RU")
}

fn real(name: &str) -> Agreement {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../agreements")
        .join(name)
        .join("terms.toml");
    let text = std::fs::read_to_string(path).unwrap();
    // Where the line ran is no matter here: any will do.
    let text = text.replace("from = \"held ground\"\ndata = \"deepstate\"", "file = \"contact\"");
    let text = text.replace("held_by = ", "left = ").replace("across = ", "right = ");
    compiled(&text, None)
}

fn by_reading(terms: &Agreement, seen: &[Seen]) -> BTreeMap<String, &'static str> {
    findings(terms, seen).iter().map(|one| (one.reading.to_string(), one.verdict.words())).collect()
}

/// T15: a strike on a substation on 20 March 2025 under both readings; a hit on what is not energy.
#[test]
fn t15_energy_readings() {
    let terms = real("energy-2025");
    let found = by_reading(&terms, &[strike(moment("2025-03-20T10:00:00Z"), Target::Electricity)]);
    assert_eq!((found["moscow"], found["kyiv"]), ("breach", "not applicable: period"));
    let found = by_reading(&terms, &[strike(moment("2025-03-27T10:00:00Z"), Target::Civilian)]);
    assert_eq!((found["moscow"], found["kyiv"]), ("no breach", "no breach"));
    // After the later start: a breach under one, "list not known" under the other.
    let found = by_reading(&terms, &[strike(moment("2025-03-27T10:00:00Z"), Target::Electricity)]);
    assert_eq!((found["moscow"], found["kyiv"]), ("breach", "undetermined"));
}

/// T18: three readings of one pause; what comes after the end is no breach.
#[test]
fn t18_three_readings_of_a_pause() {
    let text = r#"
id = "pause"
title = "A pause"
language = "en"
nature = "announced"
clock = "UTC"
standard = { occurred = 0.9, inside = 0.9, origin = 0.9 }

[[party]]
code = "RU"
name = "One"
stance = "declared"

[[party]]
code = "UA"
name = "Other"
stance = "awaits"

[[mediator]]
code = "US"
name = "Mediator"

[[source]]
id = "text"
url = "https://example.org/text"

[[clause]]
id = "energy"
paraphrase = "No strikes on energy."
binds = ["RU", "UA"]
acts = ["fire"]
against = ["energy"]

[[reading]]
id = "mediator"
holder = "US"
sources = ["text"]
[[reading.period]]
from = 2026-01-29T00:00:00
lasts = "7 days"

[[reading]]
id = "one"
holder = "RU"
sources = ["text"]
[[reading.period]]
from = { not_before = 2026-01-29T00:00:00, not_after = 2026-01-30T00:00:00 }
to = 2026-02-01T00:00:00

[[reading]]
id = "other"
holder = "UA"
sources = ["text"]
[[reading.period]]
from = 2026-01-29T00:00:00
lasts = "7 days"
[[reading.clause]]
id = "energy"
absent = true

[[clause]]
id = "rest"
paraphrase = "Talks go on."
binds = ["RU", "UA"]
acts = ["hostile-speech"]
"#;
    let terms =
        Agreement::compile(&filled(text), &BTreeMap::new(), None).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let of = |time: &str| by_reading(&terms, &[strike(moment(time), Target::Electricity)]);
    assert!(of("2026-01-27T12:00:00Z").values().all(|words| words.starts_with("not applicable")));
    let during = of("2026-01-31T12:00:00Z");
    assert_eq!((during["mediator"], during["one"]), ("breach", "breach"));
    assert!(!during.contains_key("other"), "the third reading has no such clause");
    let after = of("2026-02-02T20:00:00Z");
    assert_eq!((after["mediator"], after["one"]), ("breach", "not applicable: period"));
    assert!(of("2026-02-06T12:00:00Z").values().all(|words| words.starts_with("not applicable")));
}

/// T19: three truces that overlap; one event is held against each that is in force for the party.
#[test]
fn t19_overlapping_truces() {
    let truce = |id: &str, binds: &str, from: i64, to: i64| {
        let text = FRAME.replace("id = \"case\"", &format!("id = \"{id}\"")).replace(
            "from = 2030-01-01T00:00:00\nto = 2030-02-01T00:00:00",
            &format!("from = 2030-01-0{from}T00:00:00\nto = 2030-01-{to:02}T00:00:00"),
        );
        let clause = format!(
            "[[clause]]\nid = \"no-fire\"\ntitle = \"No fire\"\nparaphrase = \"No fire.\"\nrule = \"prohibits\"\n\
             binds = [{binds}]\nacts = [\"fire\"]\nsources = [\"text\"]\n"
        );
        compiled(&(text + &clause), None)
    };
    let (mine, theirs, both) =
        (truce("of-a", "\"A\"", 1, 10), truce("of-b", "\"B\"", 3, 5), truce("joint", "\"A\", \"B\"", 4, 7));
    let grounds: Vec<Ground> =
        [&mine, &theirs, &both].iter().map(|terms| Ground::compile(terms, &|_| None).unwrap()).collect();
    let held = |day: i64, party: &str| {
        let shot = Seen::new(Kind::ReportedEvent, Act::Shelling, at(24 * (day - 1) + 12, 0)).by(party);
        let observations = [shot.0];
        let instruments = [(&mine, &grounds[0]), (&theirs, &grounds[1]), (&both, &grounds[2])];
        let all = assess_each(&observations, &instruments, &mission());
        assert_eq!(all.len(), 3);
        let breaches = all.iter().flat_map(|one| &one.findings).filter(|one| is_breach(one));
        breaches.map(|one| one.instrument.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(held(2, "A"), ["of-a"]);
    assert_eq!(held(2, "B"), [""; 0]);
    assert_eq!(held(4, "A"), ["of-a", "joint"]);
    assert_eq!(held(4, "B"), ["of-b", "joint"]);
    assert_eq!(held(6, "B"), ["joint"]);
    assert_eq!(held(8, "B"), [""; 0]);
}

/// T27: no military advantage in the 48 hours before; the ceasefire itself is not yet in force.
#[test]
fn t27_before_the_start() {
    let terms = agreement(
        r#"
[[clause]]
id = "no-advantage"
paraphrase = "None in the 48 hours before."
acts = ["advance", "assault"]

[[clause.period]]
before_start = "48 h"

[[clause]]
id = "ceasefire"
paraphrase = "No fire and no advance."
acts = ["fire", "advance"]
"#,
    );
    let advance = |hours| [Seen::new(Kind::ReportedEvent, Act::Advance, at(hours, 0)).by("A")];
    assert_eq!(verdict(&terms, "no-advantage", &advance(-10)), "breach");
    assert_eq!(verdict(&terms, "ceasefire", &advance(-10)), "not applicable");
    assert_eq!(verdict(&terms, "no-advantage", &advance(-49)), "not applicable");
    assert_eq!(verdict(&terms, "no-advantage", &advance(1)), "not applicable");
    assert_eq!(verdict(&terms, "ceasefire", &advance(1)), "breach");
}

const RELEASE: &str = r#"
[[mechanism]]
code = "JUDGE"
name = "Commission"
tasks = ["judge"]

[[clause]]
id = "no-fire"
paraphrase = "No fire."
acts = ["fire"]

[[consequence]]
id = "release"
kind = "self-release"
on = ["no-fire"]
judged_by = "JUDGE"
paraphrase = "If one side violates, the other may consider itself free."
sources = ["text"]
"#;

/// T16: a breach is found; the state changes on a judgement only, and the instrument is not void.
#[test]
fn t16_self_release() {
    let terms = agreement(RELEASE);
    let found = findings(&terms, &[Seen::new(Kind::ReportedEvent, Act::Shelling, at(48, 0)).by("B")]);
    assert!(found.iter().any(is_breach));
    // For each party: does it allege, how many findings are there, who judged?
    let states =
        |allegations: &[Allegation], judgements: &[Judgement]| -> Vec<(bool, u32, Option<Judgement>)> {
            let all = releases(&terms, &found, allegations, judgements).into_iter();
            all.map(|one| (one.alleged, one.findings, one.judged)).collect()
        };
    let judgement = |party: &str, by: &str| Judgement {
        instrument: "case".into(),
        clause: "no-fire".into(),
        party: party.into(),
        by: by.into(),
        at: at(60, 0),
    };
    // One found under several readings is one.
    let twice: Vec<Finding> = ["one", "other"]
        .iter()
        .flat_map(|reading| found.iter().map(|one| Finding { reading: (*reading).into(), ..one.clone() }))
        .collect();
    assert_eq!(releases(&terms, &twice, &[], &[])[0].findings, 1);
    // A computed finding is shown, and changes nothing.
    assert_eq!(states(&[], &[]), [(false, 1, None), (false, 0, None)]);
    let free = judgement("B", "JUDGE");
    assert_eq!(states(&[], std::slice::from_ref(&free)), [(false, 1, Some(free)), (false, 0, None)]);
    // Beside each: what was found of both, this one too, and of no established side.
    let unknown = Seen::new(Kind::ReportedEvent, Act::Shelling, at(60, 0))
        .place(north(20 * truce::place::KM), truce::place::METRE);
    let doubtful = Seen::new(Kind::ReportedEvent, Act::Shelling, at(70, 0))
        .by("A")
        .more(|one| one.rating.information = 4);
    let more = findings(
        &terms,
        &[Seen::new(Kind::ReportedEvent, Act::Shelling, at(48, 0)).by("B"), unknown, doubtful],
    );
    for release in releases(&terms, &more, &[], &[]) {
        let sides: Vec<_> = release.found.iter().map(|one| (one.party.as_deref(), one.breaches)).collect();
        assert_eq!(sides, [(Some("A"), 0), (Some("B"), 1), (None, 1)], "the same beside every party");
        assert_eq!(release.found.iter().map(|one| one.undetermined).sum::<u32>(), 1);
    }
    // Somebody else's judgement is none; neither is a thousand allegations.
    assert_eq!(states(&[], &[judgement("B", "A")])[0], (false, 1, None));
    let says = |by: &str, against: &str| Allegation { by: by.into(), against: against.into() };
    assert_eq!(states(&vec![says("B", "A"); 1_000], &[])[1], (true, 0, None));
    // What is alleged is shown beside what is found.
    assert_eq!(states(&[says("A", "B")], &[])[0], (true, 1, None));
    // Free to consider itself so, and the terms are still in force.
    assert_eq!(terms.state_at(at(61, 0))[0].status, Status::InForce);
}

/// An end that the text does not set is no gap in what is known: the terms hold until an event ends them.
#[test]
fn an_open_end() {
    let text = format!("{FRAME}{RELEASE}").replacen("to = 2030-02-01T00:00:00", "to = \"open\"", 1);
    let fire = [Seen::new(Kind::ReportedEvent, Act::Shelling, at(24 * 9_000, 0)).by("B")];
    let open = compiled(&text, None);
    assert_eq!(verdict(&open, "no-fire", &fire), "breach");
    assert_eq!(open.state_at(at(24 * 9_000, 0))[0].status, Status::InForce);
    assert_eq!(open.window(at(48, 0)), Span { start: at(0, 0), end: at(48, 0) });
    let unknown = compiled(&text.replacen("to = \"open\"", "to = \"not known\"", 1), None);
    assert_eq!(verdict(&unknown, "no-fire", &fire), "undetermined");
    for (what, effect) in [("lapsed", ""), ("denounced", "effect = \"ends\"")] {
        let ended = compiled(
            &format!(
                "{text}\n[[event]]\ndate = 2031-01-01T00:00:00\nwhat = \"{what}\"\nparaphrase = \"It.\"\nsources = [\"text\"]\n{effect}\n"
            ),
            None,
        );
        assert_eq!(verdict(&ended, "no-fire", &fire), "not applicable");
        assert_eq!(ended.window(at(48, 0)).end, moment("2031-01-01T00:00:00Z"));
    }
}

/// What becomes of an instrument moves its periods, for all, for one, or into dispute.
#[test]
fn the_life_of_an_instrument() {
    let event = |day: u8, what: &str, more: &str| {
        format!(
            "\n[[event]]\ndate = 2030-01-{day:02}T00:00:00\nwhat = \"{what}\"\nby = [\"A\"]\nparaphrase = \"It.\"\nsources = [\"text\"]\n{more}\n"
        )
    };
    let with = |events: &[String]| agreement(&format!("{RELEASE}{}", events.concat()));
    let fire = |day: i64, party: &str| {
        [Seen::new(Kind::ReportedEvent, Act::Shelling, at(24 * (day - 1) + 12, 0)).by(party)]
    };
    let status = |terms: &Agreement, day: i64| terms.state_at(at(24 * (day - 1) + 12, 0))[0].status;

    let ended = with(&[event(10, "denounced", "effect = \"ends\"")]);
    assert_eq!(verdict(&ended, "no-fire", &fire(9, "B")), "breach");
    assert_eq!(verdict(&ended, "no-fire", &fire(11, "B")), "not applicable");
    assert_eq!((status(&ended, 9), status(&ended, 11)), (Status::InForce, Status::Denounced));

    let freed = with(&[event(10, "denounced", "effect = \"frees\"")]);
    assert_eq!(verdict(&freed, "no-fire", &fire(11, "A")), "not applicable");
    assert_eq!(verdict(&freed, "no-fire", &fire(11, "B")), "breach");
    let nobodys = [Seen::new(Kind::ReportedEvent, Act::Shelling, at(24 * 11, 0))];
    assert_eq!(verdict(&freed, "no-fire", &nobodys), "undetermined");

    let paused = with(&[event(10, "suspended", "effect = \"disputed\""), event(12, "resumed", "")]);
    assert_eq!(verdict(&paused, "no-fire", &fire(11, "B")), "undetermined");
    assert_eq!(verdict(&paused, "no-fire", &fire(13, "B")), "breach");
    assert_eq!(status(&paused, 11), Status::Uncertain);

    let longer = with(&[event(20, "extended", "until = 2030-03-01T00:00:00")]);
    let extended = |day: i64| longer.state_at(at(24 * (day - 1) + 12, 0))[0].extended;
    assert_eq!((extended(19), extended(21).is_some(), extended(80)), (None, true, None));
    assert_eq!(verdict(&longer, "no-fire", &fire(40, "B")), "breach");
    assert_eq!(verdict(&agreement(RELEASE), "no-fire", &fire(40, "B")), "not applicable");
    assert_eq!(status(&agreement(RELEASE), 40), Status::Lapsed);

    let before = |day: u8, what: &str, by: &str, more: &str| {
        format!(
            "\n[[event]]\ndate = 2029-12-{day:02}\nwhat = \"{what}\"\nby = [\"{by}\"]\nparaphrase = \"It.\"\nsources = [\"text\"]\n{more}\n"
        )
    };
    let negotiated = with(&[
        before(1, "proposed", "JUDGE", ""),
        before(2, "accepted", "A", ""),
        before(4, "accepted", "B", "condition = \"if the other does\""),
    ]);
    let of = |day: &str| negotiated.state_at(moment(&format!("2029-12-{day}T12:00:00Z"))).remove(0);
    assert_eq!(of("01").status, Status::Proposed);
    assert_eq!(of("03").status, Status::Accepted);
    assert_eq!(of("03").standing.len(), 2);
    let last = of("05").standing.pop().unwrap();
    assert_eq!(
        (last.who.as_str(), last.condition.as_ref().map(|condition| condition.text.as_str())),
        ("B", Some("if the other does"))
    );
    assert_eq!(with(&[]).state_at(moment("2029-12-01T00:00:00Z"))[0].status, Status::NotYet);
}

/// The proposal of 30 days: proposed and accepted on a condition on 11 March, and of no start on record.
#[test]
fn a_proposal_is_not_in_force() {
    let terms = real("proposal-30-days-2025");
    let of = |time: &str| terms.state_at(moment(time)).remove(0);
    assert_eq!(of("2025-03-10T12:00:00Z").status, Status::NotYet);
    for day in ["2025-03-12T12:00:00Z", "2025-06-12T12:00:00Z"] {
        let state = of(day);
        assert_eq!(state.status, Status::Accepted, "{day}");
        let accepted = state.standing.iter().find(|one| one.what == What::Accepted).unwrap();
        assert!(accepted.condition.is_some(), "{accepted:?}");
    }
}

/// Dated positions: at any day the latest of each stands, and who has said nothing is silent.
#[test]
fn positions_by_date() {
    let position = |party: &str, day: u8, stance: &str| {
        format!(
            "\n[[position]]\nparty = \"{party}\"\ndate = 2025-03-{day}\nstance = \"{stance}\"\nparaphrase = \"It.\"\nsources = [\"text\"]\n"
        )
    };
    let terms = agreement(&format!(
        "{RELEASE}{}{}{}{}",
        position("B", 12, "awaits"),
        position("A", 11, "accepts"),
        position("JUDGE", 13, "proposes"),
        position("B", 13, "conditional")
    ));
    let on = |day: u8| -> Vec<(String, Option<Stance>)> {
        let stands = terms.stands_at(moment(&format!("2025-03-{day}T12:00:00Z"))).into_iter();
        stands.map(|stand| (stand.who.to_string(), stand.position.map(|it| it.stance))).collect()
    };
    let stand = |who: &str, stance: Option<Stance>| (who.to_string(), stance);
    // Parties in the order of the file, however late they spoke; no other is called silent.
    assert_eq!(on(10), [stand("A", None), stand("B", None)]);
    assert_eq!(on(11), [stand("A", Some(Stance::Accepts)), stand("B", None)]);
    assert_eq!(on(12), [stand("A", Some(Stance::Accepts)), stand("B", Some(Stance::Awaits))]);
    let mediator = stand("JUDGE", Some(Stance::Proposes));
    assert_eq!(on(14), [stand("A", Some(Stance::Accepts)), stand("B", Some(Stance::Conditional)), mediator]);
}

/// A stance without a date is on record from the first trace of the instrument on, never before.
#[test]
fn what_has_no_date_is_no_hindsight() {
    let undated =
        "\n[[position]]\nparty = \"A\"\nstance = \"accepts\"\nparaphrase = \"It.\"\nsources = [\"text\"]\n";
    let event = "\n[[event]]\ndate = 2029-12-01T00:00:00\nwhat = \"proposed\"\nparaphrase = \"It.\"\nsources = [\"text\"]\n";
    let terms = agreement(&format!("{RELEASE}{undated}{event}"));
    let said = |time: &str| terms.stands_at(moment(time))[0].position.map(|position| position.stance);
    assert_eq!(said("2029-11-30T12:00:00Z"), None);
    assert_eq!(said("2029-12-01T12:00:00Z"), Some(Stance::Accepts));
    // Without any event, its first trace is its start.
    let terms = agreement(&format!("{RELEASE}{undated}"));
    let first = terms.readings[0].periods[0].from.earliest;
    assert!(!terms.known_at(truce::time::Time(first.0 - 1)) && terms.known_at(first));
}

/// Who had signed by then, who had not; and that a signing of nobody in particular is no such statement.
#[test]
fn signatures_by_date() {
    let signed = |day: u8, by: &str| {
        format!(
            "\n[[event]]\ndate = 2030-01-{day:02}T00:00:00\nwhat = \"signed\"\n{by}paraphrase = \"It.\"\nsources = [\"text\"]\n"
        )
    };
    let of = |events: &[String], day: i64| -> Vec<Signature> {
        let terms = agreement(&format!("{RELEASE}{}", events.concat()));
        terms.stands_at(at(24 * (day - 1) + 12, 0)).into_iter().map(|one| one.signature).collect()
    };
    let both = [signed(2, "by = [\"A\"]\n"), signed(4, "by = [\"B\"]\n")];
    // What was signed later was not known then.
    assert_eq!(of(&both, 1), of(&[], 1));
    assert_eq!(of(&both, 3), of(&both[..1], 3));
    assert_eq!(of(&both, 3), [Signature::Signed, Signature::NotSignatory]);
    assert_eq!(of(&both, 5), [Signature::Signed, Signature::Signed]);
    assert_eq!(of(&both[..1], 5), [Signature::Signed, Signature::NotSignatory]);
    assert_eq!(of(&[signed(2, "")], 5), [Signature::NotOnRecord, Signature::NotOnRecord]);
    assert_eq!(of(&[], 5), [Signature::NotOnRecord, Signature::NotOnRecord]);
}

/// Two parties exchanged in terms and observations: the findings are the same, exchanged.
#[test]
fn swapped_parties_swapped_findings() {
    let terms = agreement(RELEASE);
    let shots = |one: &str, other: &str| {
        [
            Seen::new(Kind::ReportedEvent, Act::Shelling, at(48, 0)).by(one),
            Seen::new(Kind::ReportedEvent, Act::SmallArms, at(60, 0))
                .by(other)
                .more(|it| it.rating.information = 3),
        ]
    };
    let told = |seen: &[Seen]| -> Vec<(Option<String>, Verdict)> {
        let mut all: Vec<_> = findings(&terms, seen)
            .iter()
            .map(|one| (one.party.as_ref().map(ToString::to_string), one.verdict))
            .collect();
        all.sort();
        all
    };
    let swap = |all: Vec<(Option<String>, Verdict)>| {
        let mut all: Vec<_> = all
            .into_iter()
            .map(|(party, verdict)| {
                (party.map(|code| if code == "A" { "B".into() } else { "A".to_string() }), verdict)
            })
            .collect();
        all.sort();
        all
    };
    assert_eq!(told(&shots("A", "B")), swap(told(&shots("B", "A"))));
}
