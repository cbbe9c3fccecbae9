//! Obligations: stages, deadlines, quantities; the plan and its gates.

use crate::case::{Seen, agreement, at, mission, north, notice};
use truce::Name;
use truce::agreement::Agreement;
use truce::assessment::assess;
use truce::coverage::Watched;
use truce::ground::Ground;
use truce::observation::{
    Act, Asserter, Checked, Count, Detail, Kind, NoticeSort, Observation, Verification,
};
use truce::performance::{Gap, Performance, State, Subject, performances};
use truce::place::{METRE, Place};
use truce::plan::{Basis, GateState, gates};
use truce::time::{DAY, HOUR, Span, Time};

fn kept(terms: &Agreement, seen: &[Seen], as_of: Time) -> Vec<Performance> {
    let mut observations: Vec<_> = seen.iter().map(|one| one.0.clone()).collect();
    let found = performances(&observations, terms, Some(&mission().weights), as_of);
    observations.reverse();
    assert_eq!(
        found,
        performances(&observations, terms, Some(&mission().weights), as_of),
        "the order of input decides nothing"
    );
    found
}

/// T24: 3,203 of 13,200 trucks are 24.3 %; the count is a party's, so it decides nothing.
#[test]
fn t24_gaza_quantity() {
    let terms = agreement(
        r#"
[[clause]]
id = "aid"
paraphrase = "600 trucks a day."
rule = "obliges"
binds = ["A"]
acts = ["delivery"]
quantity = { of = "trucks", at_least = 600, per = "1 day" }
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

/// A quota of a day is judged by the day: what was counted of a part of it says only what was reached.
#[test]
fn a_daily_quota_is_judged_by_the_day() {
    let terms = |limit: &str| {
        agreement(&format!(
            r#"
[[clause]]
id = "aid"
paraphrase = "Trucks a day."
rule = "obliges"
binds = ["A"]
acts = ["delivery"]
quantity = {{ of = "trucks", {limit} = 600, per = "1 day" }}
"#
        ))
    };
    let (least, most) = (terms("at_least"), terms("at_most"));
    let row = |from: i64, to: i64, count: u32, east: f64| {
        Seen::new(Kind::Sighting, Act::Delivery, at(from, 0))
            .more(|one| {
                one.time.end = at(to, 0);
                one.count = Count::Exactly(count);
                one.place = Place::Point {
                    at: truce::place::Point::from_degrees(37.0 + east, 48.0).unwrap(),
                    error: truce::place::Ellipse::circle(10 * METRE),
                };
            })
            .particular(|particulars| particulars.unit = Some(Name::from("trucks")))
    };
    let judged = |terms: &Agreement, seen: &[Seen]| {
        let all = kept(terms, seen, at(30 * 24, 0));
        assert_eq!(all.len(), 1, "{all:?}");
        let State::Share(share) = all[0].state else { panic!("{:?}", all[0].state) };
        let open = share.open.map_or("", Gap::name);
        (share.counted, share.perhaps, share.owed, open, all[0].verdict().words())
    };
    let of = |seen: &[Seen]| judged(&least, seen);
    // Two gates far apart add up; one of them alone is short; at one gate, or where it may be one, it is not known.
    assert_eq!(of(&[row(24, 48, 300, 0.0), row(24, 48, 310, 0.7)]), (610, 610, 600, "", "no breach"));
    assert_eq!(of(&[row(24, 48, 300, 0.0), row(24, 48, 299, 0.7)]), (599, 599, 600, "", "breach"));
    assert_eq!(
        of(&[row(24, 48, 300, 0.0), row(24, 48, 310, 0.0)]),
        (300, 610, 600, "may-not-add", "undetermined")
    );
    assert_eq!(
        of(&[row(24, 48, 300, 0.0), row(24, 48, 310, 0.0003)]),
        (310, 610, 600, "may-not-add", "undetermined")
    );
    assert_eq!(of(&[row(24, 48, 700, 0.0), row(24, 48, 710, 0.0)]).4, "no breach");
    // The same row twice is one count.
    assert_eq!(of(&[row(24, 48, 300, 0.0), row(24, 48, 300, 0.0)]), (300, 300, 600, "", "breach"));
    // Moments cover no time, and add up to what was reached.
    assert_eq!(of(&[row(34, 34, 300, 0.0), row(39, 39, 300, 0.0)]), (600, 600, 600, "", "no breach"));
    assert_eq!(of(&[row(34, 34, 300, 0.0)]), (300, 300, 600, "part-of-time", "undetermined"));
    // A part of a day, whole days of which one is short, and a day that one gate was not counted.
    assert_eq!(of(&[row(24, 30, 100, 0.0)]), (100, 100, 600, "part-of-time", "undetermined"));
    assert_eq!(of(&[row(24, 30, 600, 0.0)]), (600, 600, 600, "", "no breach"));
    assert_eq!(of(&[row(24, 36, 100, 0.0), row(36, 48, 499, 0.0)]), (599, 599, 600, "", "breach"));
    assert_eq!(of(&[row(24, 36, 100, 0.0), row(36, 47, 499, 0.0)]).3, "part-of-time");
    assert_eq!(of(&[row(24, 48, 1_200, 0.0), row(48, 72, 0, 0.0)]), (1_200, 1_200, 1_200, "", "breach"));
    let gap = [row(24, 48, 300, 0.0), row(24, 48, 310, 0.7), row(48, 72, 300, 0.0)];
    assert_eq!(of(&gap), (610, 610, 600, "part-of-time", "undetermined"), "the second day is left out");
    // A day that is only begun hides neither that the days before were kept nor that one was not.
    let begun = |first: u32| [row(24, 48, first, 0.0), row(48, 54, 10, 0.0)];
    assert_eq!(of(&begun(600)), (600, 600, 600, "part-of-time", "undetermined"));
    assert_eq!(of(&begun(599)), (599, 599, 600, "", "breach"));
    // A day from noon to noon holds no whole day of the calendar.
    assert_eq!(of(&[row(36, 60, 100, 0.0)]), (100, 100, 1_200, "part-of-time", "undetermined"));
    // The day is not over.
    let unfinished = kept(&least, &[row(24, 48, 100, 0.0)], at(40, 0));
    assert_eq!(unfinished[0].verdict().words(), "undetermined");
    // A limit: passed is passed, and below it the rest of the day is not known.
    let of = |seen: &[Seen]| judged(&most, seen);
    assert_eq!(of(&[row(24, 30, 601, 0.0)]), (601, 601, 600, "", "breach"));
    assert_eq!(of(&[row(34, 34, 601, 0.0)]).4, "breach");
    assert_eq!(of(&[row(24, 30, 600, 0.0)]), (600, 600, 600, "part-of-time", "undetermined"));
    assert_eq!(of(&[row(24, 48, 600, 0.0)]), (600, 600, 600, "", "no breach"));
    assert_eq!(of(&[row(24, 48, 700, 0.0), row(48, 72, 0, 0.0)]), (700, 700, 1_200, "", "breach"));
    assert_eq!(of(&[row(24, 48, 400, 0.0), row(24, 48, 410, 0.0)]).4, "undetermined");
}

/// What others report is held to the standard of proof: one paper that nobody has rated decides nothing, however exact its
/// figure; texts together weigh no more than their cap.
#[test]
fn a_count_is_as_sure_as_who_reports_it() {
    let terms = agreement(
        r#"
[[clause]]
id = "aid"
paraphrase = "600 trucks a day."
rule = "obliges"
binds = ["A"]
acts = ["delivery"]
quantity = { of = "trucks", at_least = 600, per = "1 day" }
"#,
    );
    let row = |rating: &str, third: bool| {
        Seen::new(Kind::ReportedEvent, Act::Delivery, at(24, 0))
            .lasts(DAY)
            .more(|one| {
                one.count = Count::Exactly(300);
                one.place = Place::Unknown;
                one.rating = truce::observation::Rating::parse(rating).unwrap();
                if third {
                    one.asserted_by = Asserter::Third;
                    one.source = Name::from("press");
                    one.group = Name::from("press");
                }
            })
            .particular(|particulars| particulars.unit = Some(Name::from("trucks")))
    };
    let of = |seen: &[Seen]| -> Vec<(String, &str)> {
        kept(&terms, seen, at(30 * 24, 0))
            .iter()
            .map(|one| match &one.state {
                State::Share(share) => (share.open.map_or("", Gap::name).to_string(), one.verdict().words()),
                other => panic!("{other:?}"),
            })
            .collect()
    };
    let alone = ("only-reported".to_string(), "undetermined");
    assert_eq!(of(&[row("F6", true)]), vec![alone.clone()]);
    assert_eq!(of(&[row("C3", true)]), vec![alone.clone()]);
    // Nor does the monitor's own row that nobody could rate, nor one of several.
    assert_eq!(of(&[row("F6", false)]), vec![alone.clone()]);
    let weak = row("F6", false).lasts(DAY).more(|one| one.time = one.time.shifted(DAY));
    assert_eq!(of(&[row("A1", false), weak]), [alone]);
    // Near miss: the monitor's count decides, and so does what it says together with a paper.
    assert_eq!(of(&[row("A1", false)]), [(String::new(), "breach")]);
    assert_eq!(of(&[row("A1", false), row("F6", true)]), vec![(String::new(), "breach"); 2]);
}

/// The figures of a share; why it cannot be judged.
fn figures(state: &State) -> String {
    match state {
        State::Share(share) => format!(
            "{} of {}, {} permille{}",
            share.counted,
            share.owed,
            share.permille().unwrap(),
            if share.alleged() { ", of a party" } else { "" }
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
paraphrase = "By 12:00 every day."
rule = "obliges"
binds = ["A"]
acts = ["ordinary"]

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
    let days = |seen: &[Seen]| {
        let all = kept(&terms, seen, at(100, 0)).into_iter();
        all.map(|one| {
            let days = match &one.subject {
                Subject::Day(_, day) => day.to_string(),
                Subject::Days(_, from, to) => format!("{from} to {to}"),
                other => panic!("{other:?}"),
            };
            (days, one.state)
        })
        .collect::<Vec<_>>()
    };
    // Of the day itself; the days before and after it, of which nothing was reported, are listed beside it.
    let state = |seen: Seen| -> Vec<State> {
        let all = days(&[seen]).into_iter().filter(|(days, _)| days == "2030-01-02");
        all.map(|(_, state)| state).collect()
    };
    assert_eq!(state(filed(36, 30)), [State::Late]);
    assert_eq!(state(filed(35, 30)), [State::Done]);
    assert_eq!(state(filed(36, 0)), [State::Done]);
    assert_eq!(state(filed(36, 30).said_by("A")), [State::CannotBeJudged(Gap::OnlyAlleged)]);
    assert_eq!(state(filed(36, 30).notice(|notice| notice.given = false)), [State::NotDone]);
    // Silence is no better than a late plan, and no breach of its own: every day that was due is listed.
    let silent = || State::CannotBeJudged(Gap::NothingReported);
    assert_eq!(
        days(&[filed(36, 30)]),
        [
            ("2030-01-01 to 2030-01-01".into(), silent()),
            ("2030-01-02".into(), State::Late),
            ("2030-01-03 to 2030-01-04".into(), silent())
        ]
    );
    assert_eq!(days(&[]), [("2030-01-01 to 2030-01-04".into(), silent())]);
    // Nobody says when, or to whom, or for which of two days: counted, with the reason.
    assert_eq!(
        state(filed(35, 30).notice(|notice| notice.given_at = None)),
        [State::CannotBeJudged(Gap::TimeNotKnown)]
    );
    let to_nobody = || filed(35, 30).notice(|notice| notice.to = None);
    assert_eq!(state(to_nobody()), [State::CannotBeJudged(Gap::RecipientNotKnown)]);
    let eve = filed(59, 30).notice(|notice| notice.given_at = Some(Span::at(at(42, 0))));
    assert_eq!(state(eve), [State::CannotBeJudged(Gap::DueNotKnown)]);
    // Near misses: to another body it is no plan at all; a second one to the right body settles it; in time for both days.
    let elsewhere = filed(35, 30).notice(|notice| notice.to = Some(Name::from("OTHER")));
    assert_eq!(state(elsewhere), []);
    let of_day = |seen: &[Seen]| days(seen).into_iter().find(|(days, _)| days == "2030-01-02").unwrap().1;
    assert_eq!(of_day(&[to_nobody(), filed(35, 40)]), State::Done);
    assert_eq!(of_day(&[to_nobody(), filed(36, 40)]), State::CannotBeJudged(Gap::RecipientNotKnown));
    let morning = filed(59, 30).notice(|notice| notice.given_at = Some(Span::at(at(32, 0))));
    assert_eq!(state(morning), [State::Done]);
}

/// "By 12:00 each day a plan for the following day": the day that a plan is about tells for which noon it was owed.
#[test]
fn a_plan_for_the_following_day_was_due_the_day_before() {
    let of = |about: &str| {
        agreement(&format!(
            r#"
[[clause]]
id = "plan"
paraphrase = "By 12:00 every day."
rule = "obliges"
binds = ["A"]
acts = ["ordinary"]

[[clause.stage]]
id = "plan"
paraphrase = "By 12:00."
daily = "12:00"
shown_by = "plan"
{about}
"#
        ))
    };
    // A plan for the third of January, given so many hours after the first began.
    let plan = |given: i64| {
        notice("A", NoticeSort::Plan, at(48, 0)).more(|one| one.time.end = at(72, 0)).notice(|notice| {
            notice.given_at = Some(Span::at(at(given, 0)));
        })
    };
    let said = |about: &str, given: i64| -> Vec<(String, State)> {
        let all = kept(&of(about), &[plan(given)], at(100, 0)).into_iter();
        let one = |one: Performance| match one.subject {
            Subject::Day(_, day) => Some((day.to_string(), one.state)),
            _ => None,
        };
        all.filter_map(one).collect()
    };
    let one = |day: &str, state: State| vec![(day.to_string(), state)];
    let next = "about = \"next-day\"";
    assert_eq!(said(next, 33), one("2030-01-02", State::Done), "in the morning before");
    assert_eq!(said(next, 18), one("2030-01-02", State::Done), "two days ahead");
    assert_eq!(said(next, 40), one("2030-01-02", State::Late), "after noon of the day before");
    assert_eq!(said(next, 50), one("2030-01-02", State::Late), "on its own day, though before noon");
    // Near misses: of the same day, and where the text does not say.
    let same = "about = \"same-day\"";
    assert_eq!(said(same, 50), one("2030-01-03", State::Done));
    assert_eq!(said(same, 61), one("2030-01-03", State::Late));
    assert_eq!(said("", 40), one("2030-01-02", State::CannotBeJudged(Gap::DueNotKnown)));
    assert_eq!(said("", 50), one("2030-01-03", State::Done));
}

const STAGES: &str = r#"
[[clause]]
id = "back"
paraphrase = "In two stages."
rule = "obliges"
acts = ["withdrawal"]

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
        let wanted = Subject::Stage(stage.into());
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
paraphrase = "No fire."
acts = ["fire"]
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
    let mut observations: Vec<_> = seen.iter().map(|one| one.0.clone()).collect();
    let states = stands(terms, &observations, coverage, at(24 * days, 0));
    observations.reverse();
    assert_eq!(states, stands(terms, &observations, coverage, at(24 * days, 0)), "the order decides nothing");
    assert_eq!(states.len(), 1);
    assert!(!states[0].sentence(terms).is_empty());
    states.into_iter().next().unwrap()
}

fn stands(
    terms: &Agreement,
    observations: &[Observation],
    coverage: Option<u16>,
    at: Time,
) -> Vec<GateState> {
    let (ground, mission) = (Ground::compile(terms, &|_| None).unwrap(), mission());
    let assessment = assess(observations, terms, &mission, &ground);
    let basis = Basis::new(observations, &assessment, terms, &mission, &ground, at);
    gates(terms, &basis, &|_| coverage, at)
}

/// A gate with what stands beside it: how it stands, and `A 2 incidents`.
fn beside(state: &GateState) -> (&'static str, Vec<String>) {
    let alleged = state.alleged.iter().map(|it| format!("{} {} {}", it.by, it.number, it.sort.name()));
    (state.stands.words(), alleged.collect())
}

/// The other party's observations: the names swapped, and the sides of the line.
fn swapped(seen: &[Seen]) -> Vec<Seen> {
    let other = |name: &Name| Name::from(if **name == *"A" { "B" } else { "A" });
    seen.iter()
        .map(|one| {
            one.clone().more(|one| {
                if let Asserter::Party(party) = &one.asserted_by {
                    one.asserted_by = Asserter::Party(other(party));
                }
                one.origin = one.origin.as_ref().map(other);
                if let Detail::Notice { party, .. } = &mut one.detail {
                    *party = other(party);
                }
            })
        })
        .collect()
}

/// Holds under a swap of the parties: the same, swapped.
fn alike(terms: &Agreement, seen: &[Seen], coverage: Option<u16>, days: i64) -> (&'static str, Vec<String>) {
    let (stands, alleged) = beside(&gate(terms, seen, coverage, days));
    let (other, said) = beside(&gate(terms, &swapped(seen), coverage, days));
    assert_eq!(stands, other, "one side is treated unlike the other");
    let mut back: Vec<String> = said
        .iter()
        .map(|line| {
            let (by, rest) = line.split_once(' ').unwrap();
            format!("{} {rest}", if by == "A" { "B" } else { "A" })
        })
        .collect();
    back.sort();
    let mut sorted = alleged.clone();
    sorted.sort();
    assert_eq!(back, sorted);
    (stands, alleged)
}

/// Neither side can hold a plan up, or move it on, by what it says: its sightings, its admissions, its checks, its counts and
/// its notices stand beside the gate, and the gate stands as it did.
#[test]
fn what_a_party_alone_says_is_no_gate() {
    let terms = plan("indicator = \"breaches\"\nclauses = [\"quiet\"]\nat_most = 1\ncoverage = 0.8");
    let fire = |hours: i64| {
        Seen::new(Kind::Sighting, Act::Shelling, at(24 * 10 + hours, 0))
            .place(north(hours * 10_000 * METRE), 50 * METRE)
    };
    let both = |wanted: (&'static str, &[&str]), seen: &[Seen], coverage| {
        let (stands, alleged) = alike(&terms, seen, coverage, 15);
        assert_eq!((stands, alleged.iter().map(String::as_str).collect::<Vec<_>>().as_slice()), wanted);
    };
    both(("met", &[]), &[fire(1)], Some(900));
    // Sightings of its own, of the other's fire and of nobody's.
    both(
        ("met", &["A 2 incidents"]),
        &[fire(1), fire(2).said_by("A").by("B"), fire(3).said_by("A")],
        Some(900),
    );
    // What it admits of itself is its word, too.
    both(("met", &["A 1 incidents"]), &[fire(1), fire(2).said_by("A").by("A")], Some(900));
    // Both sides, told beside each other, in the order of the agreement.
    both(
        ("met", &["A 1 incidents", "B 1 incidents"]),
        &[fire(3).said_by("B").by("A"), fire(1), fire(2).said_by("A").by("B")],
        Some(900),
    );
    // A thousand sightings beside what the monitor saw do not make it less: two were seen.
    let mut flood: Vec<Seen> = (0..40).map(|_| fire(1).said_by("A").by("B")).collect();
    flood.extend([fire(1), fire(2)]);
    assert_eq!(alike(&terms, &flood, Some(900), 15), ("not met", Vec::new()));
    // Too little observed stays so, whatever the sides say.
    both(("cannot be judged: coverage", &["B 1 incidents"]), &[fire(1).said_by("B")], Some(10));
    // Near miss: what a third tells counts on.
    let told = fire(2).more(|one| one.asserted_by = Asserter::Third);
    assert_ne!(gate(&terms, &[fire(1), told], Some(900), 15).stands.words(), "met");
}

/// The same for obligations: what a party says of itself, or of the other, neither keeps one nor holds the gate up.
#[test]
fn what_a_party_alone_says_keeps_no_obligation() {
    let terms = plan("indicator = \"done\"\nclauses = [\"back\"]");
    let all: Vec<Seen> = ["A", "B"]
        .iter()
        .flat_map(|party| ["first", "second"].map(|stage| check(party, stage, at(24 * 3, 0), Checked::Done)))
        .collect();
    let (stands, _) = alike(&terms, &all[1..], None, 20);
    assert_eq!(stands, "cannot be judged: not all is verified");
    // The first stage of A is due on the sixth day: before that it is not yet due, and its own word makes it no other.
    let own = || check("A", "first", at(24 * 3, 0), Checked::Done).said_by("A");
    for days in [4, 20] {
        let without = gate(&terms, &all[1..], None, days).stands;
        let with: Vec<Seen> = all[1..].iter().cloned().chain([own()]).collect();
        assert_eq!(gate(&terms, &with, None, days).stands, without, "on day {days}");
        assert_eq!(alike(&terms, &with, None, days).1, ["A 1 obligations"]);
    }
    // The other says that it was not done, after the monitor saw it done.
    let denied = check("A", "first", at(24 * 12, 0), Checked::NotDone).said_by("B");
    let with: Vec<Seen> = all.iter().cloned().chain([denied]).collect();
    assert_eq!(gate(&terms, &with, None, 20).stands.words(), "met");
}

/// A quantity that a party counted stands beside the gate, and so do its own instruments beside the share observed.
#[test]
fn what_a_party_counts_or_watches_is_no_gate() {
    let terms = plan("indicator = \"coverage\"\ncoverage = 0.9");
    let status = |up: bool| {
        Seen::new(Kind::SensorStatus, Act::Undetermined, at(24 * 8, 0)).lasts(24 * HOUR).more(|one| {
            one.detail = Detail::Status { sensor: "s".into(), up, range: 1_000_000 * METRE };
        })
    };
    let watched = |seen: &[Seen]| {
        let observations: Vec<Observation> = seen.iter().map(|one| one.0.clone()).collect();
        let ground = Ground::compile(&terms, &|_| None).unwrap();
        let watched = Watched::new(&observations, ground.reference().map(|front| &front.line));
        watched.along(Span { start: at(24 * 8, 0), end: at(24 * 9, 0) })
    };
    assert_eq!(watched(&[status(true)]), Some(1_000));
    for party in ["A", "B"] {
        // It neither blinds the mission's instruments nor gives it others.
        assert_eq!(watched(&[status(true), status(false).said_by(party)]), Some(1_000));
        assert_eq!(watched(&[status(true).said_by(party)]), None);
    }
    // Near miss: the monitor's own note does.
    assert_eq!(watched(&[status(true), status(false)]), Some(0));
    let (stands, alleged) =
        alike(&terms, &[status(false).said_by("A"), status(true).said_by("B")], Some(950), 10);
    assert_eq!((stands, alleged), ("met", vec!["A 1 coverage".to_string(), "B 1 coverage".to_string()]));
    let (said, terms) = (gate(&terms, &[status(false).said_by("A")], None, 10), terms);
    assert!(
        said.sentence(&terms)
            .contains("Alleged by Aland and not counted: 1 report of what instruments could see. "),
        "{}",
        said.sentence(&terms)
    );
}

/// A late notice of which only somebody else tells is no breach by whom it is said to be.
#[test]
fn a_late_notice_takes_the_monitor() {
    let terms = agreement(
        r#"
[[clause]]
id = "exercise"
paraphrase = "Fire is forbidden, but for exercises announced two days before."
acts = ["fire"]

[[clause.except]]
paraphrase = "Exercises announced two days before."
acts = ["exercise"]

[[clause.except.condition]]
id = "announced"
paraphrase = "Announced two days before."
kind = "planned"
purposes = ["exercise"]
ahead = "48 h"
late = "does-not-permit"
"#,
    );
    let late = || {
        notice("A", NoticeSort::PlannedAct, at(100, 0)).notice(|notice| {
            notice.given_at = Some(Span::at(at(99, 0)));
            notice.purpose = Some(truce::observation::Purpose::Exercise);
        })
    };
    let state = |seen: Seen| kept(&terms, &[seen], at(200, 0))[0].state.clone();
    assert_eq!(state(late()), State::Late);
    for party in ["A", "B"] {
        assert_eq!(state(late().said_by(party)), State::CannotBeJudged(Gap::OnlyAlleged));
    }
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
    assert_eq!(words(&all(Checked::Done)[1..]), "cannot be judged: not all is verified");
    assert_eq!(words(&[]), "cannot be judged: nothing is verified");
    let mut one_missing = all(Checked::Done);
    one_missing.push(check("B", "first", at(24 * 12, 0), Checked::NotDone));
    assert_eq!(words(&one_missing), "not met");
    // What is not due yet is not missed; what was done late is told as such, as it is in the state.
    let early = gate(&terms, &[], None, 3);
    assert_eq!((early.stands.words(), early.figures.not_due), ("cannot be judged: not all is due yet", 4));
    let late = |day: i64| -> Vec<Seen> {
        ["A", "B"]
            .iter()
            .flat_map(|party| {
                ["first", "second"].map(|stage| check(party, stage, at(24 * day, 0), Checked::Done))
            })
            .collect()
    };
    let seventh = gate(&terms, &late(7), None, 20);
    assert_eq!((seventh.stands.words(), seventh.figures.kept, seventh.figures.late), ("met", 4, 2));
    assert!(seventh.sentence(&terms).contains("4 kept (2 of them late), 0 not kept, 0 not due yet"));
    assert_eq!(gate(&terms, &late(3), None, 20).figures.late, 0);
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
