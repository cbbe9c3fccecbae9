//! Cases as plain text: a list, and one case as a reader may see it.

use super::desk::Desk;
use anyhow::{Result, bail};
use std::fmt::Write as _;
use truce::Name;
use truce::case::{
    Case, Class, Held, Reached, Role, Shared, Stance, Step, StepKind, Waiting, What, alike, ladder, public,
    queue, shared, stage, tally, waiting,
};
use truce::time::{Span, Time};

/// Who looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Audience {
    /// Monitors and analysts.
    Analyst,
    /// Mediators and the liaisons of all parties: they see the same.
    Liaison,
    /// Everyone.
    Public,
}

/// All with their names.
pub(super) const AUDIENCES: &[(&str, Audience)] =
    &[("analyst", Audience::Analyst), ("liaison", Audience::Liaison), ("public", Audience::Public)];

/// `2031-05-06 09:00 UTC`.
pub(super) fn minute(time: Time) -> String {
    let text = time.to_string();
    format!("{} {} UTC", &text[..10], &text[11..16])
}

/// Severity, confidence and recurrence in words.
pub(super) fn class_words(class: &Class) -> String {
    let recurrence = match class.recurrence {
        0 => "none before of its clause and area".to_string(),
        1 => "one before of its clause and area".to_string(),
        number => format!("{number} before of its clause and area"),
    };
    let casualties = match class.casualties {
        None => "casualties not known".to_string(),
        Some(0) => "nobody killed or injured".to_string(),
        Some(number) => format!("killed or injured: {number}"),
    };
    format!(
        "{}, {}; {recurrence}; {casualties}",
        class.severity.name(),
        class.confidence.name().replace('-', " ")
    )
}

/// What a judgement holds, in words.
pub(super) fn held_words(desk: &Desk, held: &Held) -> String {
    match held {
        Held::Responsible(parties) => format!("responsible: {}", list_of(desk, parties)),
        Held::NotEstablished => "responsibility is not established".to_string(),
    }
}

fn list_of(desk: &Desk, parties: &[Name]) -> String {
    parties.iter().map(|party| desk.wording().party(party)).collect::<Vec<_>>().join(" and ")
}

/// An answer's stance in words; none is said to be none.
pub(super) fn stance_words(stance: Option<Stance>, over: bool) -> &'static str {
    match stance {
        Some(Stance::Accepts) => "accepts the finding",
        Some(Stance::Contests) => "contests the finding",
        Some(Stance::Explains) => "explains, and neither accepts nor contests",
        None if over => "no answer by the deadline",
        None => "no answer yet",
    }
}

/// What is awaited, in a line.
fn waiting_words(desk: &Desk, waiting: &Waiting) -> String {
    let party =
        waiting.party.as_ref().map_or(String::new(), |party| format!(" of {}", desk.wording().party(party)));
    let what = match waiting.step {
        StepKind::Answer => "the answer",
        step => step.noun(),
    };
    let due = minute(waiting.due);
    let over = if waiting.overdue { "overdue since" } else { "by" };
    format!("{what}{party}, {over} {due}")
}

/// What the command says after a step was taken.
pub(super) fn taken(desk: &Desk, step: &Step) -> String {
    let kind = step.what.kind();
    let case = desk.docket.cases.iter().position(|case| case.id == step.of()).map_or(0, |place| place + 1);
    let number = desk.docket.case(step.of()).map_or(0, |case| case.steps.len());
    let next = desk.rules().ok().zip(desk.docket.case(step.of())).and_then(|(rules, case)| {
        waiting(case, &rules, step.at)
            .first()
            .map(|waiting| format!("; next: {}", waiting_words(desk, waiting)))
    });
    let words = match &step.what {
        What::Open(subject) => format!(": {}{}", desk.wording().what(subject), alike_words(desk, step)),
        What::Classify(class) => format!(": {}", class_words(class)),
        _ => String::new(),
    };
    format!(
        "case {case} ({}): step {number}, {}{words}{}\n",
        step.of(),
        kind.noun(),
        next.unwrap_or_default()
    )
}

/// To which earlier cases a complaint that was just entered is alike.
fn alike_words(desk: &Desk, step: &Step) -> String {
    let groups = alike(&desk.docket.cases);
    let of = |place: &usize| desk.docket.cases.get(*place).is_some_and(|case| case.id == step.of());
    let Some(group) = groups.iter().find(|group| group.cases.iter().any(of)) else { return String::new() };
    let others: Vec<String> =
        group.cases.iter().filter(|place| !of(place)).map(|place| (place + 1).to_string()).collect();
    match &others[..] {
        [] => String::new(),
        [one] => format!("; alike to case {one}: they weigh as one"),
        several => format!("; alike to cases {}: they weigh as one", several.join(", ")),
    }
}

/// All cases, one a line, and their figures.
pub(super) fn list(desk: &Desk, at: Time) -> Result<String> {
    let rules = desk.rules()?;
    let docket = desk.at(at)?;
    // Without a step there is no moment to speak of.
    let as_of = if docket.cases.is_empty() { String::new() } else { format!(" as of {}", minute(at)) };
    let mut page = format!("Cases under {}{as_of}\n\n", desk.question.folder.agreement.title);
    for (number, case) in (1..).zip(&docket.cases) {
        let waiting = waiting(case, &rules, at);
        let answered: Vec<String> = desk
            .parties
            .iter()
            .filter(|party| case.stance(party).is_some())
            .map(|party| desk.wording().party(party))
            .collect();
        let class = case.class.map_or("not classed".to_string(), |(_, class)| {
            format!("{}, {}", class.severity.name(), class.confidence.name().replace('-', " "))
        });
        let _ = writeln!(
            page,
            "{number}  {}  {}  clause {}; {}; {class}",
            case.id,
            stage(case).words(),
            case.subject.clause,
            desk.wording().when(case.subject.from, case.subject.to),
        );
        let _ = writeln!(page, "   {}", opened_words(desk, case));
        if case.answer_by.is_some() {
            let answered = if answered.is_empty() { "none".to_string() } else { answered.join(", ") };
            let _ = writeln!(page, "   answered: {answered}");
        }
        if let Some((_, outcome)) = case.outcome {
            let _ = writeln!(page, "   outcome: {}", outcome.words());
        }
        for waiting in &waiting {
            let _ = writeln!(page, "   waiting for {}", waiting_words(desk, waiting));
        }
        if !case.refused.is_empty() {
            let _ = writeln!(page, "   steps in the record that could not be taken: {}", case.refused.len());
        }
    }
    if docket.cases.is_empty() {
        page += "No case has been opened.\n";
    }
    page += &for_triage(desk, &docket.cases);
    let until = Time(at.0.saturating_add(1)); // up to and including the moment asked for
    let tally = tally(&docket.cases, &rules, Span { start: Time(i64::MIN), end: until });
    let _ = writeln!(
        page,
        "\n{} opened, {} answers, {} open, {} of these overdue, {} closed; corrections: {}",
        tally.opened,
        tally.answered,
        tally.open,
        tally.overdue,
        tally.closed,
        if tally.corrections == 0 { "none".to_string() } else { tally.corrections.to_string() }
    );
    for (leaf, why) in &desk.steps.strange {
        let _ = writeln!(page, "leaf {leaf} says that it is a step and cannot be taken for one: {why}");
    }
    for (step, refusal) in &docket.stray {
        let _ = writeln!(page, "a step of {} that could not be taken: {refusal}", minute(step.at));
    }
    Ok(page)
}

/// On what a case was opened, and by which role: never by whom in person.
fn opened_words(desk: &Desk, case: &Case) -> String {
    let by = match &case.opened_by {
        Role::Liaison(party) => format!("the liaison of {}", desk.wording().party(party)),
        Role::Monitor | Role::Analyst | Role::Mediator => case.opened_by.seat().a().to_string(),
    };
    match &case.subject.complaint {
        Some(party) => format!("a complaint of {}, entered by {by}", desk.wording().party(party)),
        None => format!("on what was observed, opened by {by}"),
    }
}

/// What waits for triage, in the order in which to take it up, alike complaints in one line.
fn for_triage(desk: &Desk, cases: &[Case]) -> String {
    let queue = queue(cases, &desk.question.folder.agreement);
    if queue.is_empty() {
        return String::new();
    }
    let mut page =
        "\nFor triage, in this order: of each side in turn, and of what was observed, the oldest first\n"
            .to_string();
    for group in &queue {
        let numbers: Vec<String> = group.cases.iter().map(|place| (place + 1).to_string()).collect();
        let who = match &group.complaint {
            Some(party) => format!("complaint of {}", desk.wording().party(party)),
            None => "on what was observed".to_string(),
        };
        let _ = match &numbers[..] {
            [one] => writeln!(page, "  case {one}: {who}"),
            several => writeln!(
                page,
                "  cases {}: {who}, told {} times of neighbouring places and hours: they weigh as one",
                several.join(", "),
                several.len()
            ),
        };
    }
    page
}

/// One case, as one may see it.
pub(super) fn case(desk: &Desk, case: &Case, audience: Audience, at: Time) -> Result<String> {
    let rules = desk.rules()?;
    match audience {
        Audience::Public => {
            let sector = desk.question.mission.publication.sector;
            let Some(view) = public(case, &rules, sector) else {
                bail!("this case has not been published: the public sees nothing of it");
            };
            let mut page = format!("Case {} as of {}\n\n", view.id, minute(at));
            let wording = desk.wording();
            let forces =
                view.forces.as_ref().map_or("whose forces acted is not established".to_string(), |party| {
                    format!("by forces of {}, to the standard of the clause", wording.party(party))
                });
            let _ = writeln!(page, "Clause {}", wording.clause(&view.clause));
            let _ = writeln!(page, "On {}; {}; {forces}", view.day, view.place);
            if let Some(class) = &view.class {
                let _ = writeln!(page, "Class: {}", class_words(class));
            }
            for (party, stance) in &view.answers {
                let _ = writeln!(page, "{}: {}", wording.party(party), stance_words(*stance, true));
            }
            if let Some(outcome) = view.outcome {
                let _ = writeln!(page, "Outcome: {}", outcome.words());
            }
            if let Some((body, held, dissents)) = &view.judgement {
                let _ =
                    writeln!(page, "Judgement of {body}: {}; dissents: {dissents}", held_words(desk, held));
            }
            let [done, not_done, not_seen, open] = view.remedies;
            let _ = writeln!(
                page,
                "Remedies: {done} done, {not_done} not done, {not_seen} could not be seen, {open} not known yet"
            );
            let corrections =
                if view.corrections == 0 { "none".to_string() } else { view.corrections.to_string() };
            let _ = writeln!(page, "Corrections: {corrections}");
            let _ = writeln!(page, "Statement: {}", desk.words(view.statement));
            Ok(page)
        }
        Audience::Liaison => shared_page(desk, case, &shared(case, &rules, at), at),
        Audience::Analyst => {
            let mut page = shared_page(desk, case, &shared(case, &rules, at), at)?;
            page += "\nOnly for monitors and analysts\n";
            for task in &case.tasks {
                let _ =
                    writeln!(page, "  task {} ({}): {}", task.step, task.kind.name(), desk.words(task.words));
                if let Some((_, found, words)) = task.result {
                    let _ = writeln!(page, "    {}: {}", found.name(), desk.words(words));
                }
            }
            for (at, by, words) in &case.notes {
                let _ = writeln!(page, "  note, {}, {by}: {}", minute(*at), desk.words(*words));
            }
            let _ = writeln!(page, "  observations:");
            for id in &case.observations {
                let _ = writeln!(page, "    {}", truce::case::hex(id));
            }
            let _ = writeln!(page, "  all steps:");
            for (number, step) in (1..).zip(&case.steps) {
                let _ = writeln!(
                    page,
                    "    {number:>3}  {}  {}  {}  {}",
                    step.id,
                    minute(step.at),
                    step.what.kind().name(),
                    step.by
                );
            }
            for (step, refusal) in &case.refused {
                let _ = writeln!(page, "  step {} could not be taken: {refusal}", step.id);
            }
            Ok(page)
        }
    }
}

fn shared_page(desk: &Desk, case: &Case, view: &Shared, at: Time) -> Result<String> {
    let wording = desk.wording();
    let subject = &view.subject;
    let mut page = format!("Case {} as of {}: {}\n\n", view.id, minute(at), view.stage.words());
    let _ = writeln!(page, "Clause {}", wording.clause(&subject.clause));
    let _ = writeln!(page, "{}; {}", wording.what(subject), wording.forces(subject));
    let _ = writeln!(page, "{}; {}", wording.place(subject.area), wording.when(subject.from, subject.to));
    let _ = writeln!(page, "{}", wording.how_sure(subject));
    if let (Some(party), Some(words)) = (&subject.complaint, subject.words) {
        let _ = writeln!(page, "Complaint by {}: {}", wording.party(party), desk.words(words));
    }
    if let Some(taken) = view.triage {
        let _ = writeln!(page, "Triage: {}", taken.name().replace('-', " "));
    }
    for task in &view.tasks {
        let found = task.found.map_or(format!("due {}", minute(task.due)), |found| found.name().to_string());
        let _ = writeln!(page, "Verification: {found}");
    }
    if let Some(class) = &view.class {
        let _ = writeln!(page, "Class: {}", class_words(class));
    }
    if let Some(until) = view.answer_by {
        let _ = writeln!(page, "\nAnswers, asked for by {}", minute(until));
        for answer in &view.answers {
            let stance = answer.answer.map(|(_, stance, ..)| stance);
            let _ =
                write!(page, "  {}: {}", wording.party(&answer.party), stance_words(stance, answer.overdue));
            match answer.answer {
                None => page.push('\n'),
                Some((when, _, words, late)) => {
                    let late = if late { ", after the deadline" } else { "" };
                    let _ = writeln!(page, " ({}{late})\n    {}", minute(when), desk.words(words));
                }
            }
        }
    }
    if let Some(outcome) = view.outcome {
        let _ = writeln!(page, "\nOutcome: {}", outcome.words());
    }
    for (when, judgement) in &view.judgements {
        let _ = writeln!(
            page,
            "Judgement of {}, {}: {}\n    {}",
            judgement.body,
            minute(*when),
            held_words(desk, &judgement.held),
            desk.words(judgement.words)
        );
        for dissent in &judgement.dissents {
            let _ = writeln!(
                page,
                "  dissent: {}\n    {}",
                held_words(desk, &dissent.held),
                desk.words(dissent.words)
            );
        }
    }
    for (parties, due, words, kept) in &view.remedies {
        let kept = kept.map_or("not known yet".to_string(), |kept| kept.name().replace('-', " "));
        let _ = writeln!(
            page,
            "Remedy for {} by {}: {kept}\n    {}",
            list_of(desk, parties),
            minute(*due),
            desk.words(*words)
        );
    }
    let rules = desk.rules()?;
    let rungs = ladder(case, &desk.question.folder.agreement, rules.follow_up);
    if !rungs.is_empty() {
        page += "\nWhat the agreement says would follow (shown; nothing is done by this program)\n";
        for rung in rungs.iter().filter(|rung| rung.reached != Reached::No) {
            let _ = writeln!(page, "  {}: {}", rung.consequence, rung.reached.words());
        }
        if rungs.iter().all(|rung| rung.reached == Reached::No) {
            page += "  nothing: no condition is met\n";
        }
    }
    page += "\nSteps\n";
    for step in &view.steps {
        // Without numbers: a gap in them would show where a note stands.
        let _ = writeln!(page, "  {}  {}  {}  {}", step.id, minute(step.at), step.kind.name(), step.by);
    }
    page += "Corrections: ";
    if view.corrections.is_empty() {
        page += "none\n";
    }
    for correction in &view.corrections {
        let how = if correction.withdrawn { "withdrawn" } else { "replaced" };
        let _ = writeln!(
            page,
            "{}, {} {} {how}: {}",
            minute(correction.at),
            correction.kind.noun(),
            correction.step,
            desk.words(correction.words)
        );
    }
    for waiting in &view.waiting {
        let _ = writeln!(page, "Waiting for {}", waiting_words(desk, waiting));
    }
    Ok(page)
}
