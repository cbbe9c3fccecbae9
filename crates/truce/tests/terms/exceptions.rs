//! Thresholds, exceptions with conditions, notices, permissions.

use crate::case::{Seen, agreement, at, findings, north, notice, reasons, verdict};
use truce::Name;
use truce::agreement::Agreement;
use truce::finding::{ConditionState, Reason};
use truce::observation::{
    Act, Asserter, Checked, Count, Detail, Kind, NoticeSort, Purpose, Rating, Verification, Weapon,
};
use truce::place::{KM, METRE, Place};
use truce::time::{HOUR, MINUTE, Span};

/// The measures of July 2020.
fn measures(burden: &str) -> Agreement {
    agreement(&format!(
        r#"
[[mechanism]]
code = "JCCC"
name = "Joint centre"

[[mechanism]]
code = "TCG"
name = "Contact group"

[[clause]]
id = "no-fire"
paraphrase = "No fire."
acts = ["fire"]

[[clause.except]]
paraphrase = "Return fire against an offensive, by order, after the mechanism was tried, with notice."
acts = ["shelling", "small-arms"]
burden = "{burden}"

[[clause.except.condition]]
id = "offensive"
paraphrase = "Against an offensive operation."
kind = "answers"
acts = ["assault", "advance"]
within = "1 h"
near = "10 km"

[[clause.except.condition]]
id = "order"
paraphrase = "By order of the leadership."
kind = "notice"
notice = "order"

[[clause.except.condition]]
id = "mechanism"
paraphrase = "After the mechanism was tried in vain."
kind = "notice"
notice = "call"
to = "JCCC"
outcome = "failed"

[[clause.except.condition]]
id = "told"
paraphrase = "With notice."
kind = "notice"
notice = "report"
to = "TCG"
when = "any"
"#
    ))
}

fn assault() -> Seen {
    Seen::new(Kind::ReportedEvent, Act::Assault, at(47, 20)).place(north(-5 * KM), 100 * METRE).by("B")
}

fn fire() -> Seen {
    Seen::new(Kind::ReportedEvent, Act::Shelling, at(48, 0)).place(north(0), 100 * METRE).by("A")
}

fn order() -> Seen {
    notice("A", NoticeSort::Order, at(47, 40))
}

fn call(hours: i64, minutes: i64) -> Seen {
    notice("A", NoticeSort::Call, at(hours, minutes)).notice(|notice| {
        notice.to = Some(Name::from("JCCC"));
        notice.failed = Some(true);
    })
}

fn told() -> Seen {
    notice("A", NoticeSort::Report, at(49, 0)).notice(|notice| notice.to = Some(Name::from("TCG")))
}

fn of_fire(terms: &Agreement, seen: &[Seen]) -> String {
    let all = findings(terms, seen);
    let shelling = all.iter().find(|one| one.reasons.contains(&Reason::ActNamed(Act::Shelling)));
    shelling.map_or("none", |one| one.verdict.words()).to_string()
}

/// T11: fire at t0, a call at t0 + 5 minutes, no order: a breach. With order, failed call and notice: permitted.
#[test]
fn t11_return_fire() {
    let terms = measures("invoker");
    assert_eq!(of_fire(&terms, &[assault(), fire(), call(48, 5)]), "breach");
    assert_eq!(of_fire(&terms, &[assault(), fire(), order(), call(47, 50), told()]), "permitted");
    // Each of the four alone is not enough, and none of them may be left out.
    assert_eq!(of_fire(&terms, &[fire(), order(), call(47, 50), told()]), "breach");
    assert_eq!(of_fire(&terms, &[assault(), fire(), call(47, 50), told()]), "breach");
    assert_eq!(of_fire(&terms, &[assault(), fire(), order(), told()]), "breach");
    assert_eq!(of_fire(&terms, &[assault(), fire(), order(), call(47, 50)]), "breach");
    // The call came after the fire, or had success.
    assert_eq!(of_fire(&terms, &[assault(), fire(), order(), call(48, 5), told()]), "breach");
    let answered = call(47, 50).notice(|notice| notice.failed = Some(false));
    assert_eq!(of_fire(&terms, &[assault(), fire(), order(), answered, told()]), "breach");
    // What the party says of itself, however often, shows nothing.
    let mut own: Vec<Seen> = (0..20).map(|_| order().said_by("A")).collect();
    own.extend([assault(), fire(), call(47, 50), told()]);
    assert_eq!(of_fire(&terms, &own), "breach");
    // The other party's papers are no use to it.
    let others = notice("B", NoticeSort::Order, at(47, 40));
    assert_eq!(of_fire(&terms, &[assault(), fire(), others, call(47, 50), told()]), "breach");
}

/// Where the text puts no burden on anybody, what is not known leaves it open; what is contradicted does not.
#[test]
fn without_a_burden_missing_evidence_decides_nothing() {
    let terms = measures("nobody");
    assert_eq!(of_fire(&terms, &[assault(), fire(), order(), call(47, 50), told()]), "permitted");
    assert_eq!(of_fire(&terms, &[assault(), fire(), call(47, 50), told()]), "undetermined");
    assert_eq!(of_fire(&terms, &[fire(), order(), call(47, 50), told()]), "undetermined");
    assert_eq!(of_fire(&terms, &[assault(), fire(), order(), call(48, 5), told()]), "breach");
    let none = order().notice(|notice| notice.given = false);
    assert_eq!(of_fire(&terms, &[assault(), fire(), none, call(47, 50), told()]), "breach");
    let alleged = order().said_by("A");
    let seen = [assault(), fire(), alleged, call(47, 50), told()];
    assert_eq!(of_fire(&terms, &seen), "undetermined");
    let state = Reason::Condition { exception: Some(1), id: "order".into(), state: ConditionState::Alleged };
    assert!(reasons(&terms, "no-fire", &seen).contains(&state));
}

/// A notice is established by the monitor, or by a third whose word may stand by itself: neither by the party's opponent, who
/// could take its exception away, nor by a paper that nobody has rated, which could do either.
#[test]
fn notices_told_by_the_opponent_or_by_an_unrated_paper_decide_nothing() {
    let paper = |one: Seen, source| {
        one.more(|one| {
            one.asserted_by = Asserter::Third;
            one.rating = Rating { source, information: 3 };
        })
    };
    let rest = |more: &[Seen]| [&[assault(), fire(), call(47, 50), told()], more].concat();
    let late = || notice("A", NoticeSort::Order, at(48, 5));
    let none = || order().notice(|notice| notice.given = false);
    let judged = |burden, more: &[Seen]| of_fire(&measures(burden), &rest(more));
    // Late, or none at all: as the monitor says, as the party itself says, as its opponent and papers say.
    for against in [late, none] {
        assert_eq!(judged("nobody", &[against()]), "breach");
        assert_eq!(judged("nobody", &[against().said_by("A")]), "breach");
        assert_eq!(judged("nobody", &[against().said_by("B")]), "undetermined");
        assert_eq!(judged("nobody", &[paper(against(), b'F')]), "undetermined");
        assert_eq!(judged("nobody", &[paper(against(), b'C')]), "breach");
    }
    // In time: the same.
    assert_eq!(judged("invoker", &[order()]), "permitted");
    assert_eq!(judged("invoker", &[paper(order(), b'C')]), "permitted");
    assert_eq!(judged("invoker", &[paper(order(), b'F')]), "breach");
    assert_eq!(judged("nobody", &[paper(order(), b'F')]), "undetermined");
    assert_eq!(judged("nobody", &[order().said_by("B")]), "undetermined");
    // Beside the monitor's word, nobody else's counts; where the monitor contradicts itself, nothing is known.
    assert_eq!(judged("nobody", &[none(), paper(order(), b'A')]), "breach");
    assert_eq!(judged("nobody", &[order(), paper(none(), b'A')]), "permitted");
    assert_eq!(judged("nobody", &[order(), none()]), "undetermined");
    // One that came too late denies no other; and that none was given on another day says nothing of this one.
    assert_eq!(judged("nobody", &[order(), late()]), "permitted");
    let another_day = notice("A", NoticeSort::Order, at(10, 0)).notice(|notice| notice.given = false);
    assert_eq!(judged("nobody", &[order(), another_day.clone()]), "permitted");
    assert_eq!(judged("nobody", &[another_day]), "undetermined");
}

/// What was done, and with what, is named by what was measured or seen by the monitor. A party's row names nothing; another's
/// only where the monitor names nothing, and only if it is rated.
#[test]
fn neither_a_party_nor_an_unrated_paper_names_an_act() {
    let terms = agreement(
        r#"
[[clause]]
id = "no-shelling"
acts = ["shelling"]

[[clause]]
id = "no-fire"
acts = ["fire"]

[[clause.except]]
paraphrase = "Exercises."
acts = ["exercise"]

[[clause]]
id = "no-mortars"
acts = ["fire"]
with = ["mortar"]
"#,
    );
    let row = |kind, act| Seen::new(kind, act, at(48, 0)).by("A");
    let seen = |act| row(Kind::Sighting, act);
    let paper = |act, source| {
        row(Kind::ReportedEvent, act).more(|one| {
            one.asserted_by = Asserter::Third;
            one.group = Name::from("paper");
            one.rating = Rating { source, information: if source == b'F' { 6 } else { 2 } };
        })
    };
    let judged = |seen: &[Seen]| ["no-shelling", "no-fire"].map(|clause| verdict(&terms, clause, seen));
    assert_eq!(judged(&[seen(Act::Shelling)]), ["breach", "breach"]);
    assert_eq!(judged(&[seen(Act::Exercise)]), ["not applicable", "permitted"]);
    let open = judged(&[seen(Act::Fire)]);
    assert_eq!(open, ["undetermined", "undetermined"]);
    for party in ["A", "B"] {
        for kind in [Kind::ReportedEvent, Kind::Impulse] {
            for act in [Act::Shelling, Act::Exercise] {
                let told = row(kind, act).said_by(party);
                assert_eq!(judged(&[seen(Act::Fire), told]), open, "{party} {kind:?} {act:?}");
            }
        }
    }
    assert_eq!(judged(&[seen(Act::Fire), paper(Act::Exercise, b'F')]), open);
    assert_eq!(judged(&[seen(Act::Fire), paper(Act::Exercise, b'A')]), open);
    // A bang of which instruments know no more than that: a rated paper may name it.
    let bang = || row(Kind::Impulse, Act::Undetermined);
    assert_eq!(judged(&[bang()]), open);
    assert_eq!(judged(&[bang(), paper(Act::Shelling, b'F')]), open);
    assert_eq!(judged(&[bang(), row(Kind::ReportedEvent, Act::Shelling).said_by("B")]), open);
    assert_eq!(judged(&[bang(), paper(Act::Shelling, b'B')]), ["breach", "breach"]);
    // Weapons likewise.
    let mortar = |one: Seen| one.more(|one| one.weapon = Weapon::Mortar);
    let with = |more: Seen| verdict(&terms, "no-mortars", &[seen(Act::Shelling), more]);
    assert_eq!(with(mortar(seen(Act::Shelling))), "breach");
    for told in [paper(Act::Shelling, b'F'), row(Kind::ReportedEvent, Act::Shelling).said_by("B")] {
        assert_eq!(with(mortar(told)), "undetermined");
    }
}

/// Nobody knows who fired: the exception might hold for one of them, and might not.
#[test]
fn an_exception_for_nobody_in_particular() {
    let unknown = || fire().more(|one| one.origin = None);
    assert_eq!(of_fire(&measures("invoker"), &[unknown()]), "breach");
    assert_eq!(
        of_fire(&measures("invoker"), &[assault(), unknown(), order(), call(47, 50), told()]),
        "undetermined"
    );
    assert_eq!(of_fire(&measures("nobody"), &[unknown()]), "undetermined");
}

/// T25: fire for 19 minutes without a casualty, for 21 minutes, for one minute with a casualty.
#[test]
fn t25_karabakh_threshold() {
    let terms = agreement(
        r#"
[[clause]]
id = "no-fire"
paraphrase = "A casualty, or fire for longer than 20 minutes."
acts = ["fire"]
threshold = { casualties = 1, lasts_over = "20 min" }
"#,
    );
    let fire = |minutes: i64, casualties: Count| {
        Seen::new(Kind::ReportedEvent, Act::SmallArms, at(48, 0)).lasts(minutes * MINUTE).particular(|it| {
            it.lasted = Some(minutes * MINUTE);
            it.casualties = casualties;
        })
    };
    let judged = |seen: Seen| verdict(&terms, "no-fire", &[seen]);
    assert_eq!(judged(fire(19, Count::Exactly(0))), "no breach");
    assert_eq!(judged(fire(21, Count::Exactly(0))), "breach");
    assert_eq!(judged(fire(1, Count::Exactly(1))), "breach");
    assert_eq!(judged(fire(20, Count::Exactly(0))), "no breach");
    // Nobody says whether anybody was hurt.
    assert_eq!(judged(fire(19, Count::Unstated)), "undetermined");
    assert_eq!(judged(fire(21, Count::Unstated)), "breach");
    // A casualty that only the other party asserts does not count.
    let claimed = fire(5, Count::Exactly(3)).said_by("B").by("A");
    assert_eq!(verdict(&terms, "no-fire", &[fire(5, Count::Exactly(0)), claimed]), "no breach");
}

/// An incident that is reported in pieces lasted as long as they do together; whether a gap counts is not known.
#[test]
fn fire_told_in_pieces_is_one_fire() {
    let terms = agreement(
        r#"
[[clause]]
id = "no-fire"
paraphrase = "Fire for longer than 20 minutes."
acts = ["fire"]
threshold = { lasts_over = "20 min" }
"#,
    );
    let piece = |from: i64, minutes: i64| {
        Seen::new(Kind::Sighting, Act::SmallArms, at(48, from))
            .lasts(minutes * MINUTE)
            .particular(|it| it.lasted = Some(minutes * MINUTE))
    };
    let of = |seen: &[Seen]| verdict(&terms, "no-fire", seen);
    assert_eq!(of(&[piece(5, 11)]), "no breach");
    assert_eq!(of(&[piece(5, 11), piece(16, 11)]), "breach");
    assert_eq!(of(&[piece(5, 11), piece(14, 11)]), "no breach", "20 minutes and no more");
    assert_eq!(of(&[piece(5, 11), piece(5, 11)]), "no breach", "the same piece twice");
    // A gap of a minute: eleven minutes at the least, and 23 at the most.
    assert_eq!(of(&[piece(5, 11), piece(17, 11)]), "undetermined");
    assert_eq!(of(&[piece(5, 5), piece(11, 5)]), "no breach", "not even with the gap");
    // A piece that another holds says something else of the same fire.
    assert_eq!(of(&[piece(5, 25), piece(8, 5)]), "undetermined");
    // Two groups: neither's clock makes the other's fire longer.
    let other = piece(7, 19).more(|one| one.group = Name::from("others"));
    assert_eq!(of(&[piece(5, 19), other]), "undetermined");
    assert_eq!(of(&[piece(5, 19), piece(7, 19)]), "breach");
}

const ANNOUNCED: &str = r#"
[[clause]]
id = "no-fire"
paraphrase = "No fire."
acts = ["fire"]

[[clause.except]]
paraphrase = "Exercises announced a day ahead."
acts = ["exercise"]

[[clause.except.condition]]
id = "announced"
paraphrase = "A day ahead."
kind = "planned"
purposes = ["exercise"]
ahead = "24 h"
late = "does-not-permit"
"#;

/// A live-fire exercise that was announced, late, elsewhere, or for something else.
#[test]
fn announced_exercises() {
    let terms = agreement(ANNOUNCED);
    let exercise = |km| {
        Seen::new(Kind::ReportedEvent, Act::Exercise, at(72, 0)).place(north(km * KM), 50 * METRE).by("A")
    };
    let announced = |hours: i64| {
        notice("A", NoticeSort::PlannedAct, at(0, 0))
            .place(north(20 * KM), 3 * KM)
            .more(|one| {
                one.time = Span { start: at(70, 0), end: at(75, 0) };
                one.act = Act::Exercise;
            })
            .notice(|notice| {
                notice.purpose = Some(Purpose::Exercise);
                notice.given_at = Some(Span::at(at(hours, 0)));
            })
    };
    let judged = |seen: &[Seen]| verdict(&terms, "no-fire", seen);
    assert_eq!(judged(&[exercise(20), announced(46)]), "permitted");
    assert_eq!(judged(&[exercise(20), announced(47)]), "breach"); // an hour too late
    assert_eq!(judged(&[exercise(20)]), "undetermined"); // nobody says that there was no notice
    assert_eq!(judged(&[exercise(30), announced(46)]), "undetermined"); // another place: another notice may be
    let repair = announced(46).notice(|notice| notice.purpose = Some(Purpose::Repair));
    assert_eq!(judged(&[exercise(20), repair]), "undetermined");
    let shelling =
        Seen::new(Kind::ReportedEvent, Act::Shelling, at(72, 0)).place(north(20 * KM), 50 * METRE).by("A");
    assert_eq!(judged(&[shelling, announced(46)]), "breach"); // no exercise
    // That none was given for that time is known, or said by who would take the exception away.
    let none = || announced(46).notice(|notice| notice.given = false);
    assert_eq!(judged(&[exercise(20), none()]), "breach");
    assert_eq!(judged(&[exercise(20), none().more(|one| one.place = Place::Unknown)]), "breach");
    assert_eq!(judged(&[exercise(20), none().said_by("B")]), "undetermined");
    let other_days = none().more(|one| one.time = Span { start: at(100, 0), end: at(105, 0) });
    assert_eq!(judged(&[exercise(20), other_days]), "undetermined");
    // Where a late notice permits, too, one that came after the act announced nothing.
    let lenient = agreement(&ANNOUNCED.replace("does-not-permit", "permits"));
    let judged = |hours| verdict(&lenient, "no-fire", &[exercise(20), announced(hours)]);
    assert_eq!([46, 47, 71].map(judged), ["permitted"; 3]);
    assert_eq!([73, 120].map(judged), ["breach"; 2]);
    // Filed late: a finding of its own.
    let late = |hours| {
        let seen = [announced(hours)].map(|one| one.0);
        truce::performance::performances(&seen, &terms, None, at(100, 0)).len()
    };
    assert_eq!((late(46), late(47)), (0, 1));
}

/// A permission stands over a prohibition, under its condition.
#[test]
fn permissions_take_out_what_they_permit() {
    let terms = agreement(
        r#"
[[clause]]
id = "stay-out"
paraphrase = "Nobody."
acts = ["presence", "medevac"]

[[clause]]
id = "wounded"
paraphrase = "The wounded may be fetched, when the mission has seen to it."
rule = "permits"
acts = ["medevac"]
over = ["stay-out"]

[[clause.condition]]
id = "seen"
paraphrase = "The mission was there."
kind = "verified"
"#,
    );
    let fetch = |act| Seen::new(Kind::Sighting, act, at(48, 0)).by("A");
    let check = |outcome| {
        Seen::new(Kind::Verification, Act::Undetermined, at(47, 0)).lasts(3 * HOUR).by("A").more(|one| {
            one.place = Place::Unknown;
            one.detail = Detail::Verification(Box::new(Verification {
                clause: "wounded".into(),
                stage: None,
                condition: Some("seen".into()),
                outcome,
            }));
        })
    };
    assert_eq!(verdict(&terms, "stay-out", &[fetch(Act::Medevac), check(Checked::Done)]), "permitted");
    assert_eq!(verdict(&terms, "stay-out", &[fetch(Act::Medevac), check(Checked::NotDone)]), "breach");
    assert_eq!(verdict(&terms, "stay-out", &[fetch(Act::Medevac)]), "undetermined");
    assert_eq!(verdict(&terms, "stay-out", &[fetch(Act::Presence), check(Checked::Done)]), "breach");
}

/// T29: the camera is dark for five hours after a laser: an obstruction, and a breach where a clause says so.
#[test]
fn t29_blinded_camera() {
    let clause = |acts: &str| {
        agreement(&format!(
            r#"
[[clause]]
id = "monitor"
paraphrase = "Nobody."
acts = ["{acts}"]
"#
        ))
    };
    let dark = |act| Seen::new(Kind::Obstruction, act, at(48, 0)).lasts(5 * HOUR);
    assert_eq!(verdict(&clause("obstruction"), "monitor", &[dark(Act::Blinding)]), "breach");
    assert_eq!(verdict(&clause("obstruction"), "monitor", &[dark(Act::Undetermined)]), "breach");
    assert_eq!(verdict(&clause("jamming"), "monitor", &[dark(Act::Blinding)]), "not applicable");
    assert_eq!(verdict(&clause("fire"), "monitor", &[dark(Act::Blinding)]), "not applicable");
}
