use super::*;
use crate::agreement::Agreement;
use crate::observation::{Act, Target, Weapon};
use crate::place::{KM, Point};
use crate::time::{DAY, HOUR, Span, Time};
use crate::{Id, Name};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

fn id(number: u8) -> Id {
    Id([number; 32])
}

fn text(number: u8) -> Text {
    Text(id(number))
}

fn parties() -> [Name; 2] {
    [Name::from("AL"), Name::from("BO")]
}

fn follow_up() -> FollowUp {
    let rule = |severity, acts: &[Act], targets: &[Target], casualties| SeverityRule {
        severity,
        acts: acts.to_vec(),
        means: Vec::new(),
        targets: targets.to_vec(),
        casualties,
    };
    FollowUp {
        triage_within: DAY,
        classify_within: 3 * DAY,
        notify_within: DAY,
        answer_within: 3 * DAY,
        conclude_within: 5 * DAY,
        opens_at: Severity::Serious,
        opens_with: Confidence::Partial,
        recurs_within: 14 * DAY,
        complaints_within: Some(300 * KM),
        body: "the joint commission".into(),
        judge: Seat::Mediator,
        severity: vec![
            rule(Severity::Critical, &[], &[], Some(10)),
            rule(Severity::Major, &[Act::Fire], &[Target::Civilian], None),
            rule(Severity::Serious, &[Act::Shelling, Act::Obstruction], &[], None),
        ],
        confidence: vec![
            ConfidenceRule { confidence: Confidence::Several, groups: 3, occurred: 950 },
            ConfidenceRule { confidence: Confidence::Partial, groups: 2, occurred: 800 },
        ],
        ladder: vec![LadderRule {
            level: 1,
            severity: Severity::Serious,
            confidence: Confidence::Partial,
            recurrence: 0,
            consequence: "written-warning".into(),
        }],
    }
}

fn subject() -> Subject {
    Subject {
        instrument: "truce".into(),
        clause: "no-fire".into(),
        readings: vec!["text".into()],
        forces: None,
        incident: Some(id(200)),
        observations: vec![id(201), id(202)],
        complaint: None,
        words: None,
        area: Area::along(57 * KM),
        from: Hour::of(Time(5 * HOUR + 1)),
        to: Hour::of(Time(5 * HOUR + 1)),
        act: Act::Shelling,
        weapon: Weapon::Mortar,
        target: Target::Undetermined,
        occurred_permille: Some(990),
        groups: 2,
    }
}

/// A record as it grows: each step gets the next index and id.
struct Story {
    parties: [Name; 2],
    follow_up: FollowUp,
    steps: Vec<Step>,
    docket: Docket,
    last: Id,
}

const ANALYST: Role = Role::Analyst;
const MEDIATOR: Role = Role::Mediator;

fn liaison(party: &str) -> Role {
    Role::Liaison(party.into())
}

impl Story {
    fn new() -> Self {
        let docket = Docket::default();
        Self { parties: parties(), follow_up: follow_up(), steps: Vec::new(), docket, last: id(0) }
    }

    fn rules(&self) -> Rules<'_> {
        Rules { parties: &self.parties, follow_up: &self.follow_up, public_delay: DAY, terms: None }
    }

    /// Takes a step `hours` after the beginning of time.
    fn take(&mut self, hours: i64, by: Role, case: Option<Id>, what: What) -> Result<Id, Refusal> {
        let index = self.steps.len() as u64;
        let step = Step { id: id(index as u8 + 1), index, at: Time(hours * HOUR), by, case, what };
        let mut docket = core::mem::take(&mut self.docket);
        let taken = docket.take(&step, &self.rules());
        self.docket = docket;
        taken?;
        self.last = step.id;
        self.steps.push(step);
        Ok(self.last)
    }

    fn on(&mut self, hours: i64, by: Role, what: What) -> Id {
        let case = Some(id(1));
        self.take(hours, by, case, what).unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    fn refused(&mut self, hours: i64, by: Role, what: What) -> String {
        let case = Some(id(1));
        let before = self.docket.clone();
        let refusal = self.take(hours, by, case, what).expect_err("the step was taken");
        assert_eq!(before, self.docket, "a refused step changed something");
        refusal.to_string()
    }

    fn case(&self) -> &Case {
        &self.docket.cases[0]
    }

    fn at(&self, hours: i64) -> Docket {
        Docket::fold(&self.steps, &self.rules(), Time(hours * HOUR))
    }

    /// Opened, taken up, verified, classed; the parties told at hour 12: answers by hour 84.
    fn told() -> Self {
        let mut story = Self::new();
        story.take(6, ANALYST, None, What::Open(subject())).unwrap();
        story.on(7, ANALYST, What::Triage { taken: Taken::Up, of: None });
        let task = story.on(8, ANALYST, task(30));
        story.on(9, Role::Monitor, What::Result { task, found: Found::Confirmed, words: text(3) });
        story.on(10, ANALYST, What::Classify(class(Severity::Serious)));
        story.on(12, MEDIATOR, both_told());
        story
    }
}

fn task(due: i64) -> What {
    What::Task { kind: TaskKind::Interview, due: Time(due * HOUR), words: text(2) }
}

fn class(severity: Severity) -> Class {
    Class { severity, confidence: Confidence::Partial, recurrence: 0, casualties: None }
}

fn both_told() -> What {
    What::Notify(parties().into_iter().map(|party| (party, text(9))).collect())
}

fn answer(party: &str, stance: Stance) -> What {
    What::Answer { party: party.into(), stance, words: text(4) }
}

fn judgement(held: Held) -> What {
    let dissent = Dissent { held: Held::NotEstablished, words: text(6) };
    What::Judge(Judgement {
        body: "the joint commission".into(),
        held,
        words: text(5),
        dissents: vec![dissent],
    })
}

#[test]
fn a_case_goes_from_report_to_closure() {
    let mut story = Story::told();
    assert_eq!(stage(story.case()), Stage::Notified);
    story.on(20, liaison("AL"), answer("AL", Stance::Accepts));
    story.on(90, liaison("BO"), answer("BO", Stance::Contests));
    assert!(!story.case().answers[0].late && story.case().answers[1].late);
    story.on(91, MEDIATOR, What::Conclude(Outcome::Contested));
    story.on(92, MEDIATOR, judgement(Held::Responsible(vec!["AL".into()])));
    let remedy = story.on(
        93,
        MEDIATOR,
        What::Remedy { parties: vec!["AL".into()], due: Time(200 * HOUR), words: text(7) },
    );
    story.on(94, MEDIATOR, What::Publish(text(8)));
    story.on(190, Role::Monitor, What::Remedied { remedy, kept: Kept::Done });
    story.on(191, MEDIATOR, What::Close(text(10)));
    assert_eq!(stage(story.case()), Stage::Closed);
    // As of an earlier moment it stands as it stood.
    let stages: Vec<Stage> = [6, 7, 11, 13, 91, 191].map(|hours| stage(&story.at(hours).cases[0])).to_vec();
    let expected = [
        Stage::Reported,
        Stage::Verifying,
        Stage::Classified,
        Stage::Notified,
        Stage::Concluded,
        Stage::Closed,
    ];
    assert_eq!(stages, expected);
}

#[test]
fn the_order_in_which_steps_arrive_does_not_matter() {
    let mut story = Story::told();
    story.on(20, liaison("AL"), answer("AL", Stance::Accepts));
    let expected = story.at(100);
    let mut shuffled = story.steps.clone();
    for turn in 0..shuffled.len() {
        shuffled.rotate_left(turn);
        shuffled.extend(story.steps.iter().take(turn).cloned()); // and copies change nothing
        assert_eq!(Docket::fold(&shuffled, &story.rules(), Time(100 * HOUR)), expected);
        shuffled.truncate(story.steps.len());
        shuffled = story.steps.iter().rev().cloned().collect();
    }
    assert!(expected.stray.is_empty() && expected.cases[0].refused.is_empty());
}

#[test]
fn an_impossible_step_is_refused_with_what_comes_first_and_who_may_take_it() {
    let mut story = Story::new();
    story.take(6, ANALYST, None, What::Open(subject())).unwrap();
    let said = story.refused(7, MEDIATOR, both_told());
    assert!(
        said.contains("the classification comes first") && said.contains("an analyst may take it"),
        "{said}"
    );
    let said = story.refused(7, MEDIATOR, What::Triage { taken: Taken::Up, of: None });
    assert!(said.contains("not for mediator to take: an analyst may take it"), "{said}");
    let said = story.refused(7, liaison("AL"), answer("AL", Stance::Accepts));
    assert!(said.contains("the notice to all parties comes first"), "{said}");
    let said = story.refused(7, MEDIATOR, What::Close(text(1)));
    assert!(said.contains("the triage comes first"), "{said}");
    let said = story.refused(5, ANALYST, What::Note(text(1)));
    assert!(said.contains("no step is dated back"), "{said}");
    story.on(7, ANALYST, What::Triage { taken: Taken::Up, of: None });
    let task = story.on(8, ANALYST, task(30));
    let said = story.refused(9, ANALYST, What::Classify(class(Severity::Minor)));
    assert!(said.contains("still open") && said.contains("its result comes first"), "{said}");
    story.on(9, Role::Monitor, What::Result { task, found: Found::Inconclusive, words: text(3) });
    story.on(10, ANALYST, What::Classify(class(Severity::Minor)));
    let said = story.refused(11, MEDIATOR, What::Notify(vec![("AL".into(), text(9))]));
    assert!(said.contains("every party at once"), "{said}");
    let turned = parties().into_iter().rev().map(|party| (party, text(9))).collect();
    let said = story.refused(11, MEDIATOR, What::Notify(turned));
    assert!(said.contains("in the order of the agreement"), "{said}");
    story.on(12, MEDIATOR, both_told());
    let said = story.refused(13, liaison("BO"), answer("AL", Stance::Accepts));
    assert!(said.contains("no one speaks for another party"), "{said}");
    let said = story.refused(13, MEDIATOR, judgement(Held::NotEstablished));
    assert!(said.contains("not yet heard: AL, BO"), "{said}");
    let said = story.refused(
        90,
        MEDIATOR,
        What::Remedy { parties: vec!["AL".into()], due: Time(DAY * 9), words: text(7) },
    );
    assert!(said.contains("the outcome comes first"), "{said}");
    story.on(90, MEDIATOR, What::Conclude(Outcome::Unresolved));
    let said = story.refused(
        91,
        MEDIATOR,
        What::Remedy { parties: vec!["AL".into()], due: Time(DAY * 9), words: text(7) },
    );
    assert!(said.contains("rests on agreement or on a judgement"), "{said}");
}

#[test]
fn silence_is_no_answer_and_nothing_else() {
    let mut story = Story::told();
    story.on(20, liaison("AL"), answer("AL", Stance::Accepts));
    // The time is not over: nobody concludes over the head of a party.
    let said = story.refused(21, MEDIATOR, What::Conclude(Outcome::Unresolved));
    assert!(said.contains("not yet heard: BO"), "{said}");
    // It is over: silence is not consent, not denial, not guilt.
    let said = story.refused(90, MEDIATOR, What::Conclude(Outcome::Agreed));
    assert!(said.contains("silence is not consent"), "{said}");
    let said = story.refused(90, MEDIATOR, What::Conclude(Outcome::Contested));
    assert!(said.contains("put words into its mouth"), "{said}");
    story.on(90, MEDIATOR, What::Conclude(Outcome::Unresolved));
    let view = shared(story.case(), &story.rules(), Time(100 * HOUR));
    assert_eq!(view.answers[1].answer, None);
    assert!(view.answers[1].overdue && !view.answers[0].overdue);
    assert!(view.judgements.is_empty());
    // The same case in which nobody said anything: both sides alike.
    let quiet = shared(&Story::told().at(100).cases[0], &story.rules(), Time(100 * HOUR));
    assert_eq!(quiet.answers[0].answer, quiet.answers[1].answer);
    assert!(quiet.answers[0].overdue && quiet.answers[1].overdue);
}

#[test]
fn a_correction_stands_beside_what_it_corrects() {
    let mut story = Story::told();
    let classified = story.steps[4].id;
    let graver = What::Classify(class(Severity::Major));
    let correct =
        |step, instead: Option<What>| What::Correct { step, instead: instead.map(Box::new), words: text(11) };
    story.on(13, ANALYST, correct(classified, Some(graver)));
    assert_eq!(story.case().class.unwrap().1.severity, Severity::Major);
    // What was recorded first is still there, and still shown for the time when it stood.
    assert_eq!(story.case().steps[4].what, What::Classify(class(Severity::Serious)));
    assert_eq!(story.at(12).cases[0].class.unwrap().1.severity, Severity::Serious);
    assert_eq!(story.case().corrections.len(), 1);
    // A later step rests on it: it cannot be taken away from under it.
    let said = story.refused(14, ANALYST, correct(classified, None));
    assert!(
        said.contains("the notice to all parties") && said.contains("rests on what would be corrected"),
        "{said}"
    );
    let said = story.refused(14, ANALYST, correct(classified, Some(What::Note(text(1)))));
    assert!(said.contains("can only be replaced by its like"), "{said}");
    let notified = story.steps[5].id;
    let said = story.refused(14, MEDIATOR, correct(notified, None));
    assert!(said.contains("was sent was sent"), "{said}");
    // What a party said, only that party corrects; the last correction counts.
    let answered = story.on(20, liaison("AL"), answer("AL", Stance::Accepts));
    let said = story.refused(21, liaison("BO"), correct(answered, Some(answer("AL", Stance::Contests))));
    assert!(said.contains("only liaison:AL may say this"), "{said}");
    story.on(21, liaison("AL"), correct(answered, Some(answer("AL", Stance::Contests))));
    assert_eq!(story.case().stance(&"AL".into()), Some(Stance::Contests));
    story.on(22, liaison("AL"), correct(answered, None));
    assert_eq!(story.case().stance(&"AL".into()), None);
    assert_eq!(story.case().corrections.last().unwrap().kind, StepKind::Answer);
}

#[test]
fn a_closed_case_is_corrected_and_never_reopened() {
    let mut story = Story::new();
    story.take(6, ANALYST, None, What::Open(subject())).unwrap();
    let triage = story.on(7, ANALYST, What::Triage { taken: Taken::OutsideTheTerms, of: None });
    assert!(story.refused(8, ANALYST, task(30)).contains("triage set this case aside"));
    story.on(9, MEDIATOR, What::Close(text(1)));
    assert!(story.refused(10, ANALYST, task(30)).contains("the case is closed"));
    let instead = Some(Box::new(What::Triage { taken: Taken::NothingToVerify, of: None }));
    story.on(11, ANALYST, What::Correct { step: triage, instead, words: text(2) });
    assert_eq!(story.case().triage.unwrap().1, Taken::NothingToVerify);
}

#[test]
fn a_thousand_copies_of_a_complaint_open_one_case() {
    let mut story = Story::new();
    let complaint = Subject {
        readings: Vec::new(),
        incident: None,
        observations: Vec::new(),
        complaint: Some("AL".into()),
        occurred_permille: None,
        ..subject()
    };
    story.take(6, liaison("AL"), None, What::Open(complaint.clone())).unwrap();
    for copy in 0..1_000 {
        let refusal = story.take(7 + copy, liaison("AL"), None, What::Open(complaint.clone())).unwrap_err();
        assert_eq!(refusal, Refusal::AlreadyOpen(id(1)));
    }
    // They arrive in the record all the same: still one case, and each copy is accounted for.
    let mut steps = story.steps.clone();
    let first = steps[0].clone();
    steps.extend((1..=1_000_u64).map(|copy| {
        let mut long = [7; 32];
        long[..8].copy_from_slice(&copy.to_be_bytes());
        Step { id: Id(long), index: copy, ..first.clone() }
    }));
    let docket = Docket::fold(&steps, &story.rules(), Time(DAY));
    assert_eq!((docket.cases.len(), docket.stray.len()), (1, 1_000));
    // Nor do other words for what was done make another.
    let drones = Subject { act: Act::DroneAttack, ..complaint.clone() };
    assert!(story.take(2_000, liaison("AL"), None, What::Open(drones)).is_err());
    // The other party's complaint of the same hour and place is a case of its own, and so is the next hour.
    let other = Subject { complaint: Some("BO".into()), ..complaint.clone() };
    story.take(2_000, liaison("BO"), None, What::Open(other)).unwrap();
    let next = Hour::of(Time(6 * HOUR));
    story
        .take(2_001, liaison("AL"), None, What::Open(Subject { from: next, to: next, ..complaint.clone() }))
        .unwrap();
    // No liaison complains in the name of another.
    let refusal = story.take(2_002, liaison("BO"), None, What::Open(complaint)).unwrap_err();
    assert_eq!(refusal, Refusal::NotYourParty(liaison("BO")));
}

/// Terms with a line of 100 km along a parallel, and clauses that hold anywhere, in a strip, and at a distance.
fn terms() -> Agreement {
    let text = include_str!("../../tests/agreement/complaint.toml");
    let corner = |lon: f64| Point::from_degrees(lon, 48.0).unwrap();
    let line: Vec<Point> = (0..=10).map(|tenth| corner(35.0 + f64::from(tenth) / 7.46)).collect();
    let shapes = BTreeMap::from([("contact".to_string(), crate::agreement::Shape::Lines(vec![line]))]);
    Agreement::compile(text, &shapes, None).unwrap_or_else(|all| panic!("{all:?}"))
}

fn complaint(by: &str, area: Area, hour: i64) -> Subject {
    Subject {
        readings: Vec::new(),
        incident: None,
        observations: Vec::new(),
        complaint: Some(by.into()),
        occurred_permille: None,
        area,
        from: Hour::of(Time(hour * HOUR)),
        to: Hour::of(Time(hour * HOUR)),
        ..subject()
    }
}

/// How many groups there are, and how many cases each has, however the complaints were entered.
fn groups(complaints: &[Subject]) -> Vec<usize> {
    let mut orders: Vec<Vec<&Subject>> = vec![complaints.iter().collect()];
    orders.push(complaints.iter().rev().collect());
    for turn in 1..complaints.len() {
        let mut turned: Vec<&Subject> = complaints.iter().collect();
        turned.rotate_left(turn);
        orders.push(turned.clone());
        turned.swap(0, complaints.len() - 1);
        orders.push(turned);
    }
    let sizes = orders.into_iter().map(|order| {
        let mut story = Story::new();
        for subject in order {
            let by = liaison(subject.complaint.as_ref().unwrap());
            // A copy is turned down, and is the same complaint.
            let _ = story.take(20, by, None, What::Open(subject.clone()));
        }
        let groups = alike(&story.docket.cases);
        let tally = tally(&story.docket.cases, &story.rules(), Span { start: Time(0), end: Time(100 * DAY) });
        assert_eq!((tally.opened, tally.open), (groups.len() as u32, groups.len() as u32));
        let mut sizes: Vec<usize> = groups.iter().map(|group| group.cases.len()).collect();
        sizes.sort_unstable();
        sizes
    });
    let mut sizes: Vec<Vec<usize>> = sizes.collect();
    sizes.dedup();
    assert_eq!(sizes.len(), 1, "the order of entry decides: {sizes:?}");
    sizes.remove(0)
}

/// One act near the edge of a sector or an hour, told in the one and in the next, weighs as one; farther off, it is
/// another; and which complaint came first decides nothing.
#[test]
fn alike_complaints_weigh_as_one_in_any_order() {
    let at = |km: i64, hour: i64| complaint("AL", Area::along(km * KM), hour);
    assert_eq!(groups(&[at(40, 5), at(51, 5), at(60, 5)]), [3], "the one between links both");
    assert_eq!(groups(&[at(40, 5), at(60, 5)]), [1, 1], "without it they are two");
    // 10:59 and 11:01 lie in neighbouring hours, 10:59 and 12:01 do not.
    assert_eq!(groups(&[at(40, 10), at(40, 11)]), [2]);
    assert_eq!(groups(&[at(40, 10), at(40, 12)]), [1, 1]);
    assert_eq!(groups(&[at(40, 10), at(40, 12), at(45, 11), at(300, 11), at(40, 10)]), [1, 3]);
    let long = Subject { to: Hour::of(Time(14 * HOUR)), ..at(40, 9) };
    assert_eq!(groups(&[at(40, 9), at(47, 15), long]), [3]);
    // Another party's, another clause's and what observations opened are never alike to it.
    let other = Subject { clause: "other".into(), ..at(40, 5) };
    assert_eq!(groups(&[at(40, 5), complaint("BO", Area::along(40 * KM), 5), other]), [1, 1, 1]);
    let square =
        |lon: f64, lat: f64| complaint("AL", Area::around(Point::from_degrees(lon, lat).unwrap()), 5);
    assert_eq!(groups(&[square(36.4, 49.9), square(36.6, 50.1), square(37.6, 49.9)]), [1, 2]);
    assert_eq!(groups(&[square(-179.9, 10.0), square(179.9, 10.0)]), [2], "across the antimeridian");
}

/// Alike complaints that were taken up are no recurrence of each other, and count once in that of a third.
#[test]
fn alike_complaints_do_not_recur_by_themselves() {
    let mut story = Story::new();
    let day = |day: i64, hour: i64| complaint("AL", Area::along(40 * KM), 24 * day + hour);
    for subject in [day(0, 10), day(0, 11), day(3, 10)] {
        let case = story.take(100, liaison("AL"), None, What::Open(subject)).unwrap();
        let up = What::Triage { taken: Taken::Up, of: None };
        story.take(100, ANALYST, Some(case), up).unwrap();
    }
    let cases = &story.docket.cases;
    let recurs: Vec<u32> = cases.iter().map(|case| story.follow_up.recurrence(case, cases)).collect();
    assert_eq!(recurs, [0, 0, 1]);
}

/// One liaison cannot keep the other waiting: each round of the list has one of every side.
#[test]
fn a_flood_of_one_side_stands_before_nobody() {
    let agreement = terms();
    for (flood, one) in [("AL", "BO"), ("BO", "AL")] {
        let mut story = Story::new();
        for number in 0..200 {
            // Far enough from each other to be alike to none.
            let subject = complaint(flood, Area::along(30 * KM * (number % 20)), 5 + 3 * (number / 20));
            story.take(60, liaison(flood), None, What::Open(subject)).unwrap();
        }
        for number in 0..2 {
            let subject = complaint(one, Area::along(30 * KM), 5 + 3 * number);
            story.take(61, liaison(one), None, What::Open(subject)).unwrap();
        }
        story.take(62, ANALYST, None, What::Open(subject())).unwrap();
        let queue = queue(&story.docket.cases, &agreement);
        assert_eq!(queue.len(), 203);
        let who: Vec<&str> =
            queue.iter().take(6).map(|group| group.complaint.as_deref().unwrap_or("seen")).collect();
        assert_eq!(who, [flood, one, "seen", flood, one, flood]);
        // What triage decided waits no more.
        let first = story.docket.cases[queue[1].cases[0]].id;
        story.take(63, ANALYST, Some(first), What::Triage { taken: Taken::Up, of: None }).unwrap();
        assert_eq!(super::queue(&story.docket.cases, &agreement).len(), 202);
    }
}

/// A complaint of a time before the terms, beyond the end of the line, or of a place where the clause cannot hold is refused
/// with the reason, and in a record it is set aside and accounted for.
#[test]
fn complaints_outside_the_terms_are_set_aside() {
    let agreement = terms();
    let ground = crate::ground::Ground::compile(&agreement, &|_| None).unwrap();
    let km = ground.reference().unwrap().line.length() / KM;
    assert_eq!(km, 100);
    let start = Time::parse("2031-05-01T00:00:00Z").unwrap().0 / HOUR;
    let parties = parties();
    let follow_up = follow_up();
    let take_of = |clause: &str, act: Act, hours: i64, area: Area, known: bool| {
        let subject = Subject { clause: clause.into(), act, ..complaint("AL", area, start + hours) };
        let step = Step {
            id: id(9),
            index: 0,
            at: Time(i64::MAX / 2),
            by: liaison("AL"),
            case: None,
            what: What::Open(subject),
        };
        let terms = TermsOf { agreement: &agreement, ground: known.then_some(&ground) };
        let rules = Rules { parties: &parties, follow_up: &follow_up, public_delay: DAY, terms: Some(terms) };
        let docket = Docket::fold(core::slice::from_ref(&step), &rules, Time(i64::MAX));
        assert_eq!(docket.cases.len() + docket.stray.len(), 1, "accounted for");
        docket.stray.into_iter().next().map_or("taken".to_string(), |(_, refusal)| refusal.to_string())
    };
    let take = |clause: &str, hours: i64, area: Area, known: bool| {
        let act = if clause == "no-fire" { Act::Shelling } else { Act::Presence };
        take_of(clause, act, hours, area, known)
    };
    let here = Area::along(40 * KM);
    assert_eq!(take("no-fire", 0, here, true), "taken");
    // Of what the clause cannot be about; what is not known better may be of it.
    let other = take_of("no-fire", Act::Presence, 0, here, true);
    assert!(
        other.contains("is not about such an act (presence)") && other.contains("it is about fire"),
        "{other}"
    );
    assert!(take_of("stay-out", Act::Shelling, 0, here, true).contains("is about presence"));
    assert_eq!(take_of("no-fire", Act::Undetermined, 0, here, true), "taken");
    assert_eq!(take("no-fire", 24 * 10 - 1, here, true), "taken");
    assert!(
        take("no-fire", -1, here, true)
            .contains("was in force from 2031-05-01T00:00:00Z to 2031-05-11T00:00:00Z only")
    );
    assert!(take("no-fire", 24 * 10, here, true).contains("was in force"));
    assert_eq!(take("no-fire", 0, Area::along(99 * KM), true), "taken");
    assert!(take("no-fire", 0, Area::along(111 * KM), true).contains("the reference line is 100 km long"));
    assert_eq!(take("no-fire", 0, Area::along(900 * KM), false), "taken");
    assert!(take("no-fire", 0, Area::along(99_999 * KM), false).contains("no line on Earth"));
    let square = |lon: f64, lat: f64| Area::around(Point::from_degrees(lon, lat).unwrap());
    // Under a clause that holds anywhere no place is needed; one a continent away is a slip.
    assert_eq!(take("no-fire", 0, Area::NotKnown, true), "taken");
    assert_eq!(take("no-fire", 0, square(35.6, 49.0), true), "taken");
    let swapped = take("no-fire", 0, square(48.0, 35.6), true);
    assert!(swapped.contains("km from every line of the agreement, and the mission file"), "{swapped}");
    assert!(swapped.contains("within 300 km") && swapped.contains("longitude first"), "{swapped}");
    // Clauses of a zone and of a distance need a place, and one where they may hold.
    for clause in ["stay-out", "guns-back"] {
        assert_eq!(take(clause, 0, here, true), "taken", "{clause}");
        assert_eq!(take(clause, 0, square(35.6, 48.1), true), "taken", "{clause}");
        let nowhere = take(clause, 0, Area::NotKnown, true);
        assert!(nowhere.contains(&format!("the clause \"{clause}\" holds at some places only")), "{nowhere}");
        assert!(nowhere.contains("--near (longitude,latitude)"), "{nowhere}");
        let off = take(clause, 0, square(35.6, 50.0), true);
        assert!(off.contains(&format!("the clause \"{clause}\" cannot hold at the place")), "{off}");
        assert!(off.contains("km from every line of the agreement"), "{off}");
    }
    // Where the lines are not known here, nothing is refused for them; a place that is none on Earth is no panic.
    assert_eq!(take("stay-out", 0, square(48.0, 35.6), false), "taken");
    let none = Area::Square { south: i16::MAX, west: i16::MIN };
    assert_eq!(take("no-fire", 0, none, true), "taken");
}

/// Nobody gets a better confidence by naming more groups than there are.
#[test]
fn no_more_groups_than_there_are() {
    let mut story = Story::new();
    story.take(6, ANALYST, None, What::Open(subject())).unwrap();
    let class = |confidence| {
        What::Classify(Class { severity: Severity::Minor, confidence, recurrence: 0, casualties: None })
    };
    story.on(7, ANALYST, What::Triage { taken: Taken::Up, of: None });
    let refusal = story.take(8, ANALYST, Some(id(1)), class(Confidence::Several)).unwrap_err();
    assert_eq!(refusal, Refusal::BeyondGroups { groups: 2 });
    // An observation that was added may be of a third group.
    story.on(8, ANALYST, What::Attach(vec![id(210)]));
    story.on(9, ANALYST, class(Confidence::Several));
}

#[test]
fn observations_not_incidents_tell_what_a_case_is_about() {
    let mut story = Story::new();
    story.take(6, ANALYST, None, What::Open(subject())).unwrap();
    // The incident has another anchor by now; one observation is shared.
    let again = Subject { incident: Some(id(77)), observations: vec![id(202), id(203)], ..subject() };
    assert_eq!(story.take(7, ANALYST, None, What::Open(again)), Err(Refusal::AlreadyOpen(id(1))));
    story.on(8, ANALYST, What::Attach(vec![id(203)]));
    assert_eq!(story.case().observations, [id(201), id(202), id(203)]);
    assert!(story.refused(9, ANALYST, What::Attach(vec![id(201)])).contains("nothing was added"));
    let before = Holding::from_pairs([(id(201), id(200)), (id(202), id(200))]);
    let after = Holding::from_pairs([(id(201), id(200)), (id(202), id(77)), (id(203), id(77))]);
    let resolved = resolve(story.case(), &after);
    assert_eq!(resolved.incidents[&id(77)], [id(202), id(203)]);
    assert_eq!(resolve(story.case(), &before).elsewhere, [id(203)]);
    let moved = history(story.case(), &[(Time(0), before), (Time(1), after)]);
    let expected = [(id(202), Some(id(200)), Some(id(77))), (id(203), None, Some(id(77)))];
    let moved: Vec<_> = moved.iter().map(|moved| (moved.observation, moved.from, moved.to)).collect();
    assert_eq!(moved, expected);
}

#[test]
fn severity_says_what_is_known_and_what_could_be_graver() {
    let rules = follow_up();
    let what =
        |act, target, casualties| Circumstances { act, weapon: Weapon::Undetermined, target, casualties };
    let grade = |act, target, casualties| rules.grade(&what(act, target, casualties));
    assert_eq!(grade(Act::Shelling, Target::Civilian, Some(0)), (Severity::Major, Severity::Major));
    assert_eq!(grade(Act::Shelling, Target::Civilian, Some(10)), (Severity::Critical, Severity::Critical));
    // Casualties not known are not none; a target not known may be civilian.
    assert_eq!(grade(Act::Shelling, Target::Undetermined, None), (Severity::Serious, Severity::Critical));
    assert_eq!(grade(Act::Shelling, Target::Military, Some(0)), (Severity::Serious, Severity::Serious));
    assert_eq!(grade(Act::Presence, Target::Undetermined, Some(0)), (Severity::Minor, Severity::Minor));
    assert_eq!(rules.confidence(3, 990), Confidence::Several);
    assert_eq!(rules.confidence(3, 900), Confidence::Partial);
    assert_eq!(rules.confidence(1, 1_000), Confidence::Single);
}

#[test]
fn recurrence_counts_earlier_cases_of_the_same_clause_and_sector() {
    let mut story = Story::new();
    let on_day = |day: i64, seen: u8, area| {
        let hour = Hour::of(Time(day * DAY));
        let observations = vec![id(seen)];
        What::Open(Subject {
            from: hour,
            to: hour,
            incident: Some(id(seen)),
            observations,
            area,
            ..subject()
        })
    };
    let here = Area::along(57 * KM);
    for (seen, day, area) in
        [(100, 0, here), (101, 10, here), (102, 20, here), (103, 20, Area::along(70 * KM)), (104, 21, here)]
    {
        story.take(600, ANALYST, None, on_day(day, seen, area)).unwrap();
    }
    let cases = &story.docket.cases;
    let counted: Vec<u32> = cases.iter().map(|case| story.follow_up.recurrence(case, cases)).collect();
    assert_eq!(counted, [0, 1, 1, 0, 2]);
    let nowhere = on_day(22, 105, Area::NotKnown);
    story.take(601, ANALYST, None, nowhere).unwrap();
    assert_eq!(story.follow_up.recurrence(&story.docket.cases[5], &story.docket.cases), 0);
}

/// A party cannot climb the ladder by complaining: what triage has not taken up counts for nothing, and what a party says
/// of the other never counts in the case on its own forces.
#[test]
fn a_flood_of_complaints_is_no_recurrence() {
    let mut story = Story::new();
    let complaint = |day: i64, by: &str| {
        let hour = Hour::of(Time(day * DAY));
        let bare =
            Subject { incident: None, observations: Vec::new(), complaint: Some(by.into()), ..subject() };
        What::Open(Subject { from: hour, to: hour, ..bare })
    };
    let first = story.take(1, liaison("BO"), None, complaint(0, "BO")).unwrap();
    for day in 1..6 {
        story.take(1 + day, liaison("BO"), None, complaint(day, "BO")).unwrap();
    }
    let hour = Hour::of(Time(7 * DAY));
    let seen = Subject { from: hour, to: hour, forces: Some("AL".into()), ..subject() };
    story.take(200, ANALYST, None, What::Open(seen)).unwrap();
    let before = |story: &Story, forces: &str| {
        let case = story.docket.cases.last().unwrap();
        let case =
            Case { subject: Subject { forces: Some(forces.into()), ..case.subject.clone() }, ..case.clone() };
        story.follow_up.recurrence(&case, &story.docket.cases)
    };
    assert_eq!(before(&story, "AL"), 0);
    story.take(201, ANALYST, Some(first), What::Triage { taken: Taken::Up, of: None }).unwrap();
    assert_eq!((before(&story, "AL"), before(&story, "BO")), (1, 0));
}

#[test]
fn deadlines_follow_from_the_record_and_the_moment_asked_for() {
    let story = Story::told();
    let at = |hours: i64| {
        let docket = story.at(hours);
        let waiting = waiting(&docket.cases[0], &story.rules(), Time(hours * HOUR));
        let short: Vec<(StepKind, Option<String>, i64, bool)> = waiting
            .into_iter()
            .map(|one| (one.step, one.party.map(|party| party.to_string()), one.due.0 / HOUR, one.overdue))
            .collect();
        short
    };
    assert_eq!(at(6), [(StepKind::Triage, None, 30, false)]);
    assert_eq!(at(8), [(StepKind::Result, None, 30, false), (StepKind::Classify, None, 79, false)]);
    let answers = |overdue| {
        [
            (StepKind::Answer, Some("AL".to_string()), 84, overdue),
            (StepKind::Answer, Some("BO".to_string()), 84, overdue),
            (StepKind::Conclude, None, 204, false),
        ]
    };
    assert_eq!(at(84), answers(false));
    assert_eq!(at(85), answers(true));
    // Late answers put the outcome off for nobody; early ones bring it nearer.
    let concluded = |hours: [i64; 2]| {
        let mut story = Story::told();
        story.on(hours[0], liaison("AL"), answer("AL", Stance::Accepts));
        story.on(hours[1], liaison("BO"), answer("BO", Stance::Contests));
        let docket = story.at(1_000);
        let all = waiting(&docket.cases[0], &story.rules(), Time(1_000 * HOUR));
        let outcome = all.iter().find(|one| one.step == StepKind::Conclude).expect("it is awaited");
        (outcome.due.0 / HOUR, outcome.overdue)
    };
    assert_eq!(concluded([20, 21]), (141, true));
    assert_eq!(concluded([20, 90]), (204, true));
    assert_eq!(concluded([990, 995]), (204, true));
    let window = Span { start: Time(0), end: Time(85 * HOUR) };
    let tally = tally(&story.docket.cases, &story.rules(), window);
    assert_eq!(tally, Tally { opened: 1, open: 1, overdue: 1, ..Tally::default() });
}

#[test]
fn responsibility_is_judged_by_the_named_role_and_never_follows_from_a_finding() {
    let mut story = Story::told();
    // Everything that the program knows points to one side, and still nobody is responsible.
    story.on(20, liaison("AL"), answer("AL", Stance::Accepts));
    story.on(21, liaison("BO"), answer("BO", Stance::Accepts));
    story.on(22, MEDIATOR, What::Conclude(Outcome::Agreed));
    assert!(story.case().judgements.is_empty());
    let held = Held::Responsible(vec!["AL".into()]);
    for by in [ANALYST, Role::Monitor, liaison("BO")] {
        assert!(story.refused(23, by, judgement(held.clone())).contains("a mediator may take it"));
    }
    let other = What::Judge(Judgement {
        body: "somebody".into(),
        held: held.clone(),
        words: text(5),
        dissents: Vec::new(),
    });
    assert!(story.refused(23, MEDIATOR, other).contains("the joint commission"));
    let nobody = judgement(Held::Responsible(Vec::new()));
    assert!(story.refused(23, MEDIATOR, nobody).contains("name at least one party"));
    story.on(23, MEDIATOR, judgement(held));
    let (_, judged) = &story.case().judgements[0];
    assert_eq!(judged.dissents.len(), 1);
    let public = public(story.case(), &story.rules(), 50 * KM);
    assert_eq!(public, None, "nothing is public before it is published");
}

#[test]
fn both_liaisons_see_the_same_and_nobody_but_analysts_sees_notes() {
    let mut story = Story::told();
    let note = story.on(13, ANALYST, What::Note(text(99)));
    story.on(
        14,
        ANALYST,
        What::Correct { step: note, instead: Some(Box::new(What::Note(text(98)))), words: text(97) },
    );
    let view = alloc::format!("{:?}", shared(story.case(), &story.rules(), Time(100 * HOUR)));
    let shown = |number: u8| view.contains(&alloc::format!("{:?}", text(number)));
    assert!(shown(9) || view.contains("Notify"), "the view shows something");
    for confidential in [99, 98, 97, 2, 3] {
        assert!(!shown(confidential), "text {confidential} leaves");
    }
    assert!(!view.contains("Interview"), "that somebody was interviewed leaves");
    // The public learns a day and a sector of 50 km, and only after publication.
    story.on(90, MEDIATOR, What::Conclude(Outcome::Unresolved));
    story.on(91, MEDIATOR, What::Publish(text(8)));
    let public = public(story.case(), &story.rules(), 50 * KM).unwrap();
    assert_eq!(public.place, "kilometres 50 to 100 of the reference line");
    assert_eq!(public.day.to_string(), "1970-01-01");
    let seen = alloc::format!("{public:?}");
    for hidden in [99, 98, 97, 2, 3, 4, 9] {
        assert!(!seen.contains(&alloc::format!("{:?}", text(hidden))), "text {hidden} reaches the public");
    }
}

#[test]
fn nothing_is_published_before_the_delay_is_over() {
    let mut story = Story::told();
    story.on(13, liaison("AL"), answer("AL", Stance::Explains));
    story.on(14, liaison("BO"), answer("BO", Stance::Explains));
    story.on(15, MEDIATOR, What::Conclude(Outcome::Agreed));
    let said = story.refused(16, MEDIATOR, What::Publish(text(8)));
    assert!(said.contains("before 1970-01-02T06:00:00Z"), "{said}");
    story.on(30, MEDIATOR, What::Publish(text(8)));
}

#[test]
fn places_are_coarse_once_they_are_made() {
    assert_eq!(Area::along(57 * KM + 1), Area::along(51 * KM));
    assert_eq!(Area::along(57 * KM).words(), "kilometres 50 to 60 of the reference line");
    let point = |lon, lat| Point::from_degrees(lon, lat).unwrap();
    assert_eq!(Area::around(point(37.561, 48.739)), Area::around(point(37.99, 48.51)));
    assert_eq!(Area::around(point(37.561, 48.739)).words(), "the half degree north and east of 48.5N 37.5E");
    assert_eq!(Area::around(point(-0.2, -0.7)).words(), "the half degree north and east of 1S 0.5W");
    assert_eq!(Area::around(point(37.561, 48.739)).public_words(KM), "the degree north and east of 48N 37E");
    assert_eq!(Hour::of(Time(7 * HOUR + 59)), Hour::of(Time(7 * HOUR)));
}

#[test]
fn every_sort_of_step_survives_its_fields() {
    let judged = Judgement {
        body: "the joint commission".into(),
        held: Held::Responsible(vec!["AL".into(), "BO".into()]),
        words: text(5),
        dissents: vec![
            Dissent { held: Held::NotEstablished, words: text(6) },
            Dissent { held: Held::Responsible(vec!["BO".into()]), words: text(7) },
        ],
    };
    let bare = Subject {
        incident: None,
        observations: vec![],
        complaint: Some("AL".into()),
        occurred_permille: None,
        ..subject()
    };
    let all = [
        What::Open(Subject {
            forces: Some("BO".into()),
            area: Area::Square { south: -3, west: 7 },
            ..subject()
        }),
        What::Open(Subject { area: Area::NotKnown, ..bare }),
        What::Attach(vec![id(1), id(2)]),
        What::Triage { taken: Taken::Duplicate, of: Some(id(3)) },
        task(30),
        What::Result { task: id(3), found: Found::Hindered, words: text(1) },
        What::Classify(Class { casualties: Some(3), ..class(Severity::Critical) }),
        What::Note(text(1)),
        both_told(),
        answer("AL", Stance::Explains),
        What::Judge(judged),
        What::Conclude(Outcome::Unfounded),
        What::Remedy { parties: parties().to_vec(), due: Time(DAY), words: text(2) },
        What::Remedied { remedy: id(4), kept: Kept::NotSeen },
        What::Publish(text(8)),
        What::Close(text(8)),
        What::Correct { step: id(5), instead: None, words: text(9) },
    ];
    let kinds: alloc::collections::BTreeSet<StepKind> = all.iter().map(What::kind).collect();
    assert_eq!(kinds.len(), StepKind::NAMES.len(), "every sort is tried");
    for what in all {
        let nested = What::Correct { step: id(5), instead: Some(Box::new(what.clone())), words: text(9) };
        for what in [what, nested] {
            if matches!(&what, What::Correct { instead: Some(inner), .. } if matches!(**inner, What::Correct { .. }))
            {
                continue; // refused as a step
            }
            let written = fields(&liaison("AL"), Some(id(1)), &what);
            let labels: alloc::collections::BTreeSet<&String> =
                written.iter().map(|(label, _)| label).collect();
            assert_eq!(labels.len(), written.len(), "a label stands once");
            assert_eq!(parse(&written), Ok((liaison("AL"), Some(id(1)), what.clone())));
            // No field can be left out, and none added, without being missed.
            for without in 0..written.len() {
                let mut fewer = written.clone();
                let (key, _) = fewer.remove(without);
                let read = parse(&fewer);
                assert!(read != Ok((liaison("AL"), Some(id(1)), what.clone())), "{key} is not missed");
            }
            let mut more = written.clone();
            more.push(("surprise".to_string(), "x".to_string()));
            assert!(parse(&more).unwrap_err().contains("surprise"));
        }
    }
}

/// Swaps the parties in everything that a story says of them.
#[test]
fn swapped_parties_give_the_same_case_swapped() {
    fn tell(first: &str, second: &str) -> Story {
        let mut story = Story::told();
        story.on(20, liaison(first), answer(first, Stance::Accepts));
        story.on(90, liaison(second), answer(second, Stance::Contests));
        story.on(91, MEDIATOR, What::Conclude(Outcome::Contested));
        story.on(92, MEDIATOR, judgement(Held::Responsible(vec![first.into()])));
        story.on(
            93,
            MEDIATOR,
            What::Remedy { parties: vec![first.into()], due: Time(200 * HOUR), words: text(7) },
        );
        story
    }
    let view = |story: &Story| {
        let rules = story.rules();
        alloc::format!("{:?}", shared(story.case(), &rules, Time(100 * HOUR)))
    };
    let swap = |text: &str| text.replace("AL", "\u{1}").replace("BO", "AL").replace('\u{1}', "BO");
    let (one, mut other) = (tell("AL", "BO"), tell("BO", "AL"));
    // The list of answers follows the agreement's order in both; turn the agreement with the rest.
    other.parties.reverse();
    other.steps[5].what = What::Notify(other.parties.iter().map(|party| (party.clone(), text(9))).collect());
    other.docket = Docket::fold(&other.steps, &other.rules(), Time(1_000 * HOUR));
    assert!(other.docket.cases[0].refused.is_empty());
    assert_eq!(swap(&view(&one)), view(&other));
    assert_ne!(view(&one), view(&other));
}

#[test]
fn a_ladder_is_shown_alleged_until_it_is_judged() {
    use crate::agreement::{Agreement, Shape};
    let line = Shape::Lines(vec![vec![
        Point::from_degrees(2.0, 1.0).unwrap(),
        Point::from_degrees(3.0, 1.5).unwrap(),
    ]]);
    let shapes = [("zones/line.geojson".to_string(), line)].into();
    let terms = include_str!("../../../../fixtures/made-up-case/agreement/terms.toml");
    let agreement = Agreement::compile(terms, &shapes, None).unwrap();
    let mut story = Story::told();
    let rung = |story: &Story| ladder(story.case(), &agreement, &story.follow_up)[0].reached;
    assert_eq!(rung(&story), Reached::Alleged);
    story.on(20, liaison("AL"), answer("AL", Stance::Accepts));
    story.on(21, liaison("BO"), answer("BO", Stance::Contests));
    story.on(22, MEDIATOR, What::Conclude(Outcome::Contested));
    let judged = story.on(23, MEDIATOR, judgement(Held::NotEstablished));
    assert_eq!(rung(&story), Reached::Alleged);
    // One judgement on one notice: another contradicts it only as its correction.
    let responsible = judgement(Held::Responsible(vec!["BO".into()]));
    assert!(story.refused(24, MEDIATOR, responsible.clone()).contains("a judgement was taken before"));
    let correct = What::Correct { step: judged, instead: Some(Box::new(responsible)), words: text(7) };
    story.on(24, MEDIATOR, correct);
    assert_eq!(rung(&story), Reached::Judged);
    // Where the text names who judges, another body's judgement frees nobody.
    let free = |body: Option<&str>| {
        let mut agreement = agreement.clone();
        for consequence in &mut agreement.consequences {
            consequence.judged_by = body.map(Name::from);
        }
        ladder(story.case(), &agreement, &story.follow_up)
            .into_iter()
            .map(|rung| rung.reached)
            .collect::<Vec<_>>()
    };
    assert!(free(None).contains(&Reached::Judged) && free(Some("the joint commission")) == free(None));
    assert!(!free(Some("COURT")).contains(&Reached::Judged), "{:?}", free(Some("COURT")));
}

/// The part `[follow_up]` of a mission file: complete, without defaults, and its mistakes told where they are.
#[test]
fn follow_up_is_data_and_its_mistakes_are_told() {
    use crate::mission::Mission;
    const TEXT: &str = include_str!("../../../../fixtures/made-up-case/mission/mission.toml");
    let parse = |text: &str| Mission::parse("mission.toml", text);
    let mission = parse(TEXT).expect("the story's mission");
    let rules = mission.follow_up.as_ref().expect("it follows up");
    assert_eq!((rules.answer_within, rules.judge, rules.ladder.len()), (3 * DAY, Seat::Mediator, 3));
    // Whatever decides is published with the other thresholds.
    let thresholds = mission.thresholds();
    for named in ["a case: answers within", "severity critical", "confidence several-sources"] {
        assert!(thresholds.iter().any(|(name, _)| name == named), "{named}");
    }
    // A mission without the part opens no cases; one with a part of it is a mistake.
    let start = TEXT.find("[follow_up]").unwrap();
    let end =
        TEXT.find("# ---------------------------------------------------------------- sources").unwrap();
    let without = [&TEXT[..start], &TEXT[end..]].concat();
    assert_eq!(parse(&without).unwrap().follow_up, None);
    let mistakes = |from: &str, to: &str| -> Vec<String> {
        let changed = TEXT.replace(from, to);
        assert_ne!(changed, TEXT, "{from}");
        parse(&changed).expect_err(to).into_iter().map(|mistake| mistake.message).collect()
    };
    let told = |from: &str, to: &str, what: &str| {
        let all = mistakes(from, to);
        assert!(all.iter().any(|message| message.contains(what)), "{to}: {all:?}");
    };
    told("judge = \"mediator\"", "judge = \"liaison\"", "a liaison cannot enter judgements");
    told(
        "answer_within = \"3 days\"",
        "answer_withn = \"3 days\"",
        "the key `answer_withn` is not known here",
    );
    told("answer_within = \"3 days\"", "", "the key `answer_within` is missing");
    told(
        "opens_at = \"serious\"",
        "opens_at = \"awful\"",
        "\"awful\" is not one of the words for `opens_at`",
    );
    told("casualties = 10\n", "", "this rule of severity names nothing");
    told("body = \"the joint commission\"", "body = \" \"", "`body` is empty");
}
