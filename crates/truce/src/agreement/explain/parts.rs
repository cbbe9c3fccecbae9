//! The people around an instrument, its life and its plan.

use super::*;

/// Guarantors, mediators, mechanisms.
pub(super) fn people(page: &mut Page, agreement: &Agreement) {
    if agreement.actors.is_empty() && agreement.mechanisms.is_empty() {
        return;
    }
    page.head(say!("explain-head-people"));
    for actor in &agreement.actors {
        page.item(say!(
            "explain-actor",
            name = Figure::Named(actor.name.clone(), actor.names.clone()),
            code = &actor.code,
            role = term("role", &Role::NAMES, actor.role),
            sources = cited(&actor.sources),
        ));
    }
    for body in &agreement.mechanisms {
        let mut facts: Vec<Sentence> = Vec::new();
        if !body.members.is_empty() {
            facts.push(say!("explain-body-members", members = and(&body.members)));
        }
        if let Some(chair) = &body.chair {
            facts.push(say!("explain-body-chair", chair = chair));
        }
        if !body.tasks.is_empty() {
            let tasks = Figure::List(terms("task", &Task::NAMES, &body.tasks), Join::And);
            facts.push(say!("explain-body-tasks", tasks = tasks));
        }
        if let Some(within) = body.answer_within {
            facts.push(say!("explain-body-answer", within = Figure::Duration(within)));
        }
        page.item(say!(
            "explain-body",
            name = Figure::Named(body.name.clone(), body.names.clone()),
            code = &body.code,
            facts = semicolons(facts),
            words = body.words.as_ref().map(|words| page.words(words)),
            sources = cited(&body.sources),
        ));
    }
}

/// What became of an instrument, and what others have promised.
pub(super) fn life(page: &mut Page, agreement: &Agreement) {
    if !agreement.events.is_empty() {
        page.head(say!("explain-head-events"));
    }
    for event in &agreement.events {
        let effect = event.effect.map(|effect| match effect {
            Effect::Ends => say!("explain-effect-ends"),
            Effect::Frees => say!("explain-effect-frees"),
            Effect::Disputed => say!("explain-effect-disputed"),
        });
        let condition = event.condition.as_ref();
        page.item(say!(
            "explain-event",
            date = edge(agreement, event.date),
            what = term("event", &What::NAMES, event.what),
            by = (!event.by.is_empty()).then(|| say!("explain-event-by", who = and(&event.by))),
            until = event.until.map(|until| say!("explain-event-until", until = edge(agreement, until))),
            reading = of_reading(&event.reading),
            words = page.words(&event.words),
            condition = condition.map(|words| say!("explain-event-condition", words = words)),
            effect = effect,
            sources = cited(&event.sources),
        ));
    }
    if !agreement.commitments.is_empty() {
        page.head(say!("explain-head-commitments"));
    }
    for one in &agreement.commitments {
        page.item(say!(
            "explain-commitment",
            id = &one.id,
            by = &one.by,
            kind = term("commitment", &CommitmentKind::NAMES, one.kind),
            words = page.words(&one.words),
            sources = cited(&one.sources),
        ));
        for (date, state, said, sources) in &one.states {
            page.detail(say!(
                "explain-commitment-state",
                date = edge(agreement, *date),
                state = term("state", &CommitmentState::NAMES, *state),
                words = page.words(said),
                sources = cited(sources),
            ));
        }
    }
}

/// The phases of a plan with their gates.
pub(super) fn plan(page: &mut Page, agreement: &Agreement) {
    if !agreement.phases.is_empty() {
        page.head(say!("explain-head-plan"));
    }
    for phase in &agreement.phases {
        page.item(say!(
            "explain-phase",
            id = &phase.id,
            title = Figure::Titled(phase.title.clone(), phase.titles.clone()),
            after =
                (!phase.after.is_empty()).then(|| say!("explain-phase-after", phases = and(&phase.after))),
            words = page.words(&phase.words),
            sources = cited(&phase.sources),
        ));
        if phase.gates.is_empty() {
            page.detail(say!("explain-phase-no-gate"));
        }
        for gate in &phase.gates {
            page.detail(explain_gate(page, gate));
        }
    }
}

fn explain_gate(page: &Page, gate: &Gate) -> Sentence {
    let indicator = match gate.indicator {
        Indicator::Breaches { at_most } => say!("explain-gate-breaches", most = at_most),
        Indicator::Done => say!("explain-gate-done"),
        Indicator::Share { at_least } => say!("explain-gate-share", least = Figure::Share(at_least)),
        Indicator::Coverage => say!("explain-gate-coverage"),
    };
    let (otherwise, appeal) = (gate.otherwise.as_ref(), gate.appeal.as_ref());
    say!(
        "explain-gate",
        id = &gate.id,
        indicator = indicator,
        clauses = (!gate.clauses.is_empty()).then(|| say!("explain-gate-of", clauses = and(&gate.clauses))),
        window = Figure::Duration(gate.window),
        coverage = gate.coverage.map(|least| say!("explain-gate-observed", least = Figure::Share(least))),
        authority = &gate.authority,
        words = page.words(&gate.words),
        then = &gate.then,
        otherwise = otherwise.map(|text| say!("explain-gate-otherwise", text = text)),
        appeal = appeal.map(|text| say!("explain-gate-appeal", text = text)),
    )
}
