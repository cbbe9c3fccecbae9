//! Obligations: stages, deadlines, quantities; the plan and its gates.

use crate::case::{Seen, agreement, at, findings, north, notice};
use truce::Name;
use truce::agreement::Agreement;
use truce::observation::{Act, Checked, Count, Detail, Kind, NoticeSort, Verification};
use truce::performance::{Gap, Performance, State, performances};
use truce::place::{METRE, Place};
use truce::plan::{GateState, gates};
use truce::time::{DAY, HOUR, Span, Time};

fn kept(terms: &Agreement, seen: &[Seen], as_of: Time) -> Vec<Performance> {
    let mut observations: Vec<_> = seen.iter().map(|one| one.0.clone()).collect();
    let found = performances(&observations, terms, as_of);
    observations.reverse();
    assert_eq!(found, performances(&observations, terms, as_of), "the order of input decides nothing");
    found
}

/// T24: 3,203 of 13,200 trucks are 24.3 %; the count is a party's, so it decides nothing.
#[test]
fn t24_gaza_quantity() {
    let terms = agreement(
        r#"
[[clause]]
id = "aid"
title = "Aid"
paraphrase = "600 trucks a day."
rule = "obliges"
binds = ["A"]
acts = ["delivery"]
quantity = { of = "trucks", at_least = 600, per = "1 day" }
sources = ["text"]
"#,
    );
    let trucks = |from: i64, days: i64, count: u32| {
        Seen::new(Kind::ReportedEvent, Act::Delivery, at(24 * from, 0))
            .lasts(days * DAY)
            .more(|one| {
                one.count = Count::Exactly(count);
                one.place = Place::Unknown;
            })
            .particular(|particulars| particulars.unit = Some(Name::from("trucks")))
    };
    let of = |seen: &[Seen]| {
        let all = kept(&terms, seen, at(30 * 24, 0));
        assert_eq!(all.len(), 1, "{all:?}");
        (figures(&all[0].state), all[0].verdict().words())
    };
    let party = trucks(1, 22, 3_203).said_by("B");
    assert_eq!(of(&[party]), ("3203 of 13200, 243 permille, of a party".into(), "undetermined"));
    assert_eq!(of(&[trucks(1, 22, 3_203)]), ("3203 of 13200, 243 permille".into(), "breach"));
    assert_eq!(of(&[trucks(1, 22, 13_200)]).1, "no breach");
    assert_eq!(of(&[trucks(1, 22, 13_199)]).1, "breach");
    // Day by day it is the same; a later total takes the place of what it holds.
    assert_eq!(of(&[trucks(1, 10, 1_203), trucks(11, 12, 2_000)]).0, "3203 of 13200, 243 permille");
    assert_eq!(of(&[trucks(1, 10, 1_203), trucks(1, 22, 3_203)]).0, "3203 of 13200, 243 permille");
    assert_eq!(of(&[trucks(1, 10, 1_203), trucks(5, 18, 2_000)]).0, "overlap");
    // Two sources are never added.
    let other = trucks(1, 22, 4_000).more(|one| one.source = Name::from("other"));
    assert_eq!(kept(&terms, &[trucks(1, 22, 3_203), other], at(30 * 24, 0)).len(), 2);
    // "At least" can settle what was reached, and not what was missed.
    let at_least = |count| trucks(1, 22, 0).more(|one| one.count = Count::AtLeast(count));
    assert_eq!(of(&[at_least(14_000)]).1, "no breach");
    assert_eq!(of(&[at_least(3_203)]).1, "undetermined");
}

/// The figures of a share; why it cannot be judged.
fn figures(state: &State) -> String {
    match state {
        State::Share(share) => format!(
            "{} of {}, {} permille{}",
            share.counted,
            share.owed().unwrap(),
            share.permille().unwrap(),
            if share.alleged { ", of a party" } else { "" }
        ),
        State::CannotBeJudged(gap) => gap.name().to_string(),
        other => format!("{other:?}"),
    }
}

/// T28, second part: the plan is filed at 12:30, and is due by 12:00.
#[test]
fn t28_late_filing() {
    let terms = agreement(
        r#"
[[mechanism]]
code = "JCC"
name = "Joint Coordination Centre"

[[clause]]
id = "plan"
title = "Plan by noon"
paraphrase = "By 12:00 every day."
rule = "obliges"
binds = ["A"]
acts = ["ordinary"]
sources = ["text"]

[[clause.stage]]
id = "plan"
paraphrase = "By 12:00."
daily = "12:00"
shown_by = "plan"
notice_to = "JCC"
"#,
    );
    let filed = |hours: i64, minutes: i64| {
        notice("A", NoticeSort::Plan, at(hours, minutes)).notice(|notice| {
            notice.to = Some(Name::from("JCC"));
            notice.given_at = Some(Span::at(at(hours, minutes)));
        })
    };
    let state =
        |seen: Seen| kept(&terms, &[seen], at(100, 0)).into_iter().map(|one| one.state).collect::<Vec<_>>();
    assert_eq!(state(filed(36, 30)), [State::Late]);
    assert_eq!(state(filed(35, 30)), [State::Done]);
    assert_eq!(state(filed(36, 0)), [State::Done]);
    assert_eq!(state(filed(36, 30).said_by("A")), [State::CannotBeJudged(Gap::OnlyAlleged)]);
    assert_eq!(state(filed(36, 30).notice(|notice| notice.given = false)), [State::NotDone]);
}

const STAGES: &str = r#"
[[clause]]
id = "back"
title = "Tanks go back"
paraphrase = "In two stages."
rule = "obliges"
binds = ["A", "B"]
acts = ["withdrawal"]
sources = ["text"]

[[clause.stage]]
id = "first"
paraphrase = "Within five days."
within = "5 days"

[[clause.stage]]
id = "second"
paraphrase = "Within five days more."
within = "5 days"
after = "first"
only_if = "It is quiet."
"#;

fn check(party: &str, stage: &str, time: Time, outcome: Checked) -> Seen {
    Seen::new(Kind::Verification, Act::Undetermined, time).by(party).more(|one| {
        one.place = Place::Unknown;
        one.detail = Detail::Verification(Box::new(Verification {
            clause: "back".into(),
            stage: Some(stage.into()),
            condition: None,
            outcome,
        }));
    })
}

#[test]
fn stages_are_done_late_or_cannot_be_judged() {
    let terms = agreement(STAGES);
    let state = |seen: &[Seen], stage: &str, days: i64| {
        let all = kept(&terms, seen, at(24 * days, 0));
        assert_eq!(all.len(), 4, "two stages, two parties");
        let wanted = truce::performance::Subject::Stage(stage.into());
        all.into_iter().find(|one| *one.party == *"A" && one.subject == wanted).unwrap().state
    };
    let seen = |days: i64, outcome| check("A", "first", at(24 * days, 0), outcome);
    assert_eq!(state(&[], "first", 4), State::NotYetDue);
    assert_eq!(state(&[], "first", 6), State::CannotBeJudged(Gap::NothingVerified));
    assert_eq!(state(&[seen(4, Checked::Done)], "first", 6), State::Done);
    assert_eq!(state(&[seen(6, Checked::Done)], "first", 8), State::Late);
    assert_eq!(state(&[seen(6, Checked::NotDone)], "first", 8), State::NotDone);
    assert_eq!(state(&[seen(4, Checked::NotDone)], "first", 4), State::NotYetDue);
    assert_eq!(state(&[seen(4, Checked::NotDone)], "first", 8), State::CannotBeJudged(Gap::NothingVerified));
    assert_eq!(state(&[seen(6, Checked::Partly)], "first", 8), State::Partly);
    assert_eq!(state(&[seen(6, Checked::NotSeen)], "first", 8), State::CannotBeJudged(Gap::NotSeen));
    assert_eq!(
        state(&[seen(4, Checked::Done).said_by("A")], "first", 8),
        State::CannotBeJudged(Gap::OnlyAlleged)
    );
    // Done, and undone again.
    assert_eq!(state(&[seen(4, Checked::Done), seen(7, Checked::NotDone)], "first", 8), State::NotDone);
    // A check that saw it done some time between the fourth day and the sixth.
    let between = seen(4, Checked::Done).lasts(2 * DAY);
    assert_eq!(state(&[between], "first", 8), State::CannotBeJudged(Gap::TimeNotKnown));
    // Owed on a condition only.
    let second = check("A", "second", at(24 * 12, 0), Checked::NotDone);
    assert_eq!(state(std::slice::from_ref(&second), "second", 13), State::CannotBeJudged(Gap::Conditional));
    let quiet = check("A", "second", at(24 * 9, 0), Checked::Done).more(|one| {
        let Detail::Verification(check) = &mut one.detail else { panic!() };
        check.condition = Some("only-if".into());
    });
    assert_eq!(state(&[second, quiet], "second", 13), State::NotDone);
    // The other party's stage is untouched by all this.
    let all = kept(&terms, &[seen(4, Checked::Done)], at(24 * 6, 0));
    let other = all.iter().find(|one| *one.party == *"B").unwrap();
    assert_eq!(other.state, State::CannotBeJudged(Gap::NothingVerified));
}

fn plan(extra: &str) -> Agreement {
    agreement(&format!(
        r#"
[[mechanism]]
code = "COMM"
name = "Commission"

[[clause]]
id = "quiet"
title = "Quiet"
paraphrase = "No fire."
rule = "prohibits"
binds = ["A", "B"]
acts = ["fire"]
sources = ["text"]
{STAGES}
[[phase]]
id = "one"
title = "One"
paraphrase = "Quiet."
sources = ["text"]

[[phase.gate]]
id = "gate"
paraphrase = "The gate."
window = "7 days"
authority = "COMM"
then = "Phase two."
otherwise = "It goes on."
{extra}
"#
    ))
}

fn gate(terms: &Agreement, seen: &[Seen], coverage: Option<u16>, days: i64) -> GateState {
    let observations: Vec<_> = seen.iter().map(|one| one.0.clone()).collect();
    let kept = performances(&observations, terms, at(24 * days, 0));
    let states = gates(terms, &findings(terms, seen), &kept, &|_| coverage, at(24 * days, 0));
    assert_eq!(states.len(), 1);
    assert!(!states[0].sentence(terms).is_empty());
    states.into_iter().next().unwrap()
}

#[test]
fn a_gate_of_quiet_needs_eyes() {
    let terms = plan("indicator = \"breaches\"\nclauses = [\"quiet\"]\nat_most = 1\ncoverage = 0.8");
    let fire = |hours: i64| {
        Seen::new(Kind::ReportedEvent, Act::Shelling, at(24 * 10 + hours, 0))
            .place(north(hours * 10_000 * METRE), 50 * METRE)
    };
    let words = |seen: &[Seen], coverage| gate(&terms, seen, coverage, 15).stands.words();
    assert_eq!(words(&[fire(1)], Some(900)), "met");
    assert_eq!(words(&[fire(1), fire(2)], Some(900)), "not met");
    // However little was observed: two were seen.
    assert_eq!(words(&[fire(1), fire(2)], Some(10)), "not met");
    assert_eq!(words(&[fire(1)], Some(790)), "cannot be judged: coverage");
    assert_eq!(words(&[], None), "cannot be judged: coverage");
    let doubtful = fire(3).more(|one| one.rating.information = 4);
    assert_eq!(words(&[fire(1), doubtful], Some(900)), "cannot be judged: findings are undetermined");
    // Before the window, and not in force throughout it.
    assert_eq!(gate(&terms, &[fire(1), fire(2)], Some(900), 20).stands.words(), "met");
    assert_eq!(
        gate(&terms, &[], Some(900), 3).stands.words(),
        "cannot be judged: not in force throughout the window"
    );
}

#[test]
fn a_gate_of_obligations_needs_checks() {
    let terms = plan("indicator = \"done\"\nclauses = [\"back\"]");
    let all = |outcome: Checked| -> Vec<Seen> {
        ["A", "B"]
            .iter()
            .flat_map(|party| ["first", "second"].map(|stage| check(party, stage, at(24 * 3, 0), outcome)))
            .collect()
    };
    let words = |seen: &[Seen]| gate(&terms, seen, None, 20).stands.words();
    assert_eq!(words(&all(Checked::Done)), "met");
    assert_eq!(words(&all(Checked::Done)[1..]), "cannot be judged: nothing is verified");
    let mut one_missing = all(Checked::Done);
    one_missing.push(check("B", "first", at(24 * 12, 0), Checked::NotDone));
    assert_eq!(words(&one_missing), "not met");
}

#[test]
fn a_gate_of_coverage() {
    let terms = plan("indicator = \"coverage\"\ncoverage = 0.9");
    assert_eq!(gate(&terms, &[], Some(900), 10).stands.words(), "met");
    assert_eq!(gate(&terms, &[], Some(899), 10).stands.words(), "not met");
    assert_eq!(gate(&terms, &[], None, 10).stands.words(), "cannot be judged: coverage");
}

/// A notice that was due an hour ago cannot be judged for want of one; time alone makes no breach.
#[test]
fn silence_is_no_breach() {
    let terms = agreement(STAGES);
    let all = kept(&terms, &[], Time(at(24 * 20, 0).0 + HOUR));
    assert!(all.iter().all(|one| one.verdict().words() == "undetermined"), "{all:?}");
}
