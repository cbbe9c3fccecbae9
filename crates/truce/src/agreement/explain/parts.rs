//! What clauses ask for beyond an act, the people around an instrument, its life and its plan, in plain English.

use super::*;

/// The word that a file uses for something.
fn called<T: PartialEq + Copy>(names: &[(&'static str, T)], value: T) -> &'static str {
    names.iter().find(|(_, one)| *one == value).map_or("", |(name, _)| name)
}

fn called_all<T: PartialEq + Copy>(names: &[(&'static str, T)], values: &[T]) -> Vec<&'static str> {
    values.iter().map(|value| called(names, *value)).collect()
}

/// Some weapons: classes, calibres, names.
pub(super) fn means_words(classes: &[Weapon], systems: &[System], calibre: &Calibre) -> String {
    let mut parts: Vec<String> = Vec::new();
    let bounds = calibre_words(calibre);
    if !classes.is_empty() || (systems.is_empty() && !bounds.is_empty()) {
        let classes: Vec<&str> = classes.iter().map(|class| weapon_words(*class)).collect();
        let classes = if classes.is_empty() { "any weapon".to_string() } else { classes.join("; ") };
        parts.push(format!("{classes}{bounds}"));
    }
    if !systems.is_empty() {
        let names: Vec<&Name> = systems.iter().map(|system| &system.name).collect();
        parts.push(format!("the systems {}", list(&names, "and")));
    }
    if parts.is_empty() { "any means".to_string() } else { parts.join("; ") }
}

fn calibre_words(calibre: &Calibre) -> String {
    let mm = |hundredths: u32| match hundredths % 100 {
        0 => format!("{} mm", hundredths / 100),
        rest => format!("{}.{rest:02} mm", hundredths / 100),
    };
    match (calibre.least, calibre.most) {
        (None, None) => String::new(),
        (Some(least), None) => format!(" of {} or more", mm(least)),
        (None, Some(most)) => format!(" of {} or less", mm(most)),
        (Some(least), Some(most)) => format!(" of {} to {}", mm(least), mm(most)),
    }
}

/// What a clause asks for beyond its act, one detail each.
pub(super) fn clause_details(page: &mut Page, agreement: &Agreement, clause: &Clause) {
    if !clause.forces.is_empty() {
        let forces = called_all(&Force::NAMES, &clause.forces);
        page.detail(&format!("Of these people only: {}.", forces.join("; ")));
    }
    for period in &clause.periods {
        let to =
            if no_end(period) { "an end that is not known".to_string() } else { edge(agreement, period.to) };
        page.detail(&format!("Holds from {} to {to}.", edge(agreement, period.from)));
    }
    for distance in &clause.distances {
        page.detail(&distance_words(distance));
    }
    if let Some(threshold) = &clause.threshold {
        let casualties = threshold.casualties.map(|n| format!("{n} or more killed or injured"));
        let lasts = threshold.lasts_over.map(|length| format!("it lasts longer than {}", duration(length)));
        let count = threshold.count_over.map(|n| format!("more than {n} at once"));
        let all: Vec<String> = [casualties, lasts, count].into_iter().flatten().collect();
        page.detail(&format!("Counts only from a threshold: {}.", list(&all, "or")));
    }
    if let Some(quantity) = &clause.quantity {
        let bound = if quantity.at_least { "at least" } else { "at most" };
        let per =
            if quantity.per == DAY { "a day".to_string() } else { format!("in {}", duration(quantity.per)) };
        page.detail(&format!("Quantity: {bound} {} of {} {per}.", quantity.amount, quantity.of));
    }
    for stage in &clause.stages {
        let due = match stage.due {
            Due::By(by) => format!("by {}", edge(agreement, by)),
            Due::Daily { at, .. } => {
                format!("every day by {:02}:{:02}, local time", at / HOUR, at % HOUR / MINUTE)
            }
            Due::NotKnown => "no deadline is known".to_string(),
        };
        let to = stage.notice_to.as_ref().map_or(String::new(), |to| format!(" to {to}"));
        let only = stage.only_if.as_ref().map_or(String::new(), |words| format!(" Only if: {words}"));
        page.detail(&format!(
            "Stage \"{}\" ({}), {due}; shown by: {}{to}. {}{only}",
            stage.id,
            list(&stage.binds, "and"),
            called(&ShownBy::NAMES, stage.shown_by),
            words(&stage.words)
        ));
    }
    conditions(page, &clause.conditions);
    if !clause.over.is_empty() {
        page.detail(&format!("Takes what it permits out of: {}.", list(&clause.over, "and")));
    }
}

fn distance_words(distance: &Distance) -> String {
    let means = means_words(&distance.means.classes, &distance.means.systems, &distance.means.calibre);
    let far = match (distance.at_least, distance.own_range) {
        (Some(least), true) => format!("{} or its own range, whichever is more,", length(least)),
        (Some(least), false) => format!("{} or more", length(least)),
        (None, _) => "its own range or more".to_string(),
    };
    let own: String =
        distance.own.iter().map(|(party, line)| format!("; for {party} from the line \"{line}\"")).collect();
    format!("Distance: {means}: {far} from the line \"{}\"{own}.", distance.line)
}

/// Conditions of an exception or a permission, and how each is tested.
pub(super) fn conditions(page: &mut Page, conditions: &[Condition]) {
    for condition in conditions {
        let tested = match &condition.test {
            Test::Answers { acts, within, near } => {
                let acts: Vec<&str> = acts.iter().map(|act| act_words(*act)).collect();
                let (within, near) = (duration(*within), length(*near));
                format!(
                    "another party did one of these, no longer than {within} before and no farther than {near} away: {}",
                    acts.join("; ")
                )
            }
            Test::Notice { sort, to, when, within, failed } => {
                let sort = called(&NoticeSort::NAMES, *sort);
                let to = to.as_ref().map_or(String::new(), |to| format!(" to {to}"));
                let when = match when {
                    When::Before => "before the act",
                    When::After => "after the act",
                    When::Any => "at any time",
                };
                let within = within.map_or(String::new(), |within| format!(", within {}", duration(within)));
                let failed = if *failed { ", without success" } else { "" };
                format!("a notice ({sort}){to}, {when}{within}{failed}")
            }
            Test::Planned { purposes, ahead, late } => {
                let purposes = if purposes.is_empty() {
                    String::new()
                } else {
                    format!(" for {}", called_all(&Purpose::NAMES, purposes).join("; "))
                };
                let ahead =
                    ahead.map_or(String::new(), |ahead| format!(", {} or more ahead", duration(ahead)));
                let late = match late {
                    Late::NotSettled => "; of one given too late the text does not speak",
                    Late::Permits => "; one given too late permits all the same",
                    Late::DoesNotPermit => "; one given too late does not permit",
                };
                format!("a notice announced the act{purposes}{ahead}{late}")
            }
            Test::Verified => "a verification says so".to_string(),
        };
        page.detail(&format!(
            "On condition \"{}\": {} Tested by: {tested}.",
            condition.id,
            words(&condition.words)
        ));
    }
}

/// Guarantors, mediators, mechanisms.
pub(super) fn people(page: &mut Page, agreement: &Agreement) {
    if agreement.actors.is_empty() && agreement.mechanisms.is_empty() {
        return;
    }
    page.head("Others who have a part, and bodies that the text sets up");
    for actor in &agreement.actors {
        page.item(&format!(
            "{} ({}), {} [{}]",
            actor.name,
            actor.code,
            called(&Role::NAMES, actor.role),
            list(&actor.sources, "and")
        ));
    }
    for body in &agreement.mechanisms {
        let mut facts = Vec::new();
        if !body.members.is_empty() {
            facts.push(format!("members: {}", list(&body.members, "and")));
        }
        if let Some(chair) = &body.chair {
            facts.push(format!("led by {chair}"));
        }
        if !body.tasks.is_empty() {
            facts.push(format!("to {}", list(&called_all(&Task::NAMES, &body.tasks), "and")));
        }
        if let Some(within) = body.answer_within {
            facts.push(format!("an answer is due within {}", duration(within)));
        }
        let said = body.words.as_ref().map_or(String::new(), |said| format!(" {}", words(said)));
        page.item(&format!(
            "{} ({}); {}.{said} [{}]",
            body.name,
            body.code,
            facts.join("; "),
            list(&body.sources, "and")
        ));
    }
}

/// What became of an instrument, and what others have promised.
pub(super) fn life(page: &mut Page, agreement: &Agreement) {
    if !agreement.events.is_empty() {
        page.head("What became of it");
    }
    for event in &agreement.events {
        let by = if event.by.is_empty() { String::new() } else { format!(" by {}", list(&event.by, "and")) };
        let until = event.until.map_or(String::new(), |until| format!(", until {}", edge(agreement, until)));
        let condition =
            event.condition.as_ref().map_or(String::new(), |words| format!(" Condition: {words}"));
        let effect = match event.effect {
            Some(Effect::Ends) => " It ends the periods.",
            Some(Effect::Frees) => " It frees only who declared it.",
            Some(Effect::Disputed) => " Whether it ends anything is disputed: from then on undetermined.",
            None => "",
        };
        let reading = event.reading.as_ref().map_or(String::new(), |id| format!(" (reading \"{id}\")"));
        page.item(&format!(
            "{}: {}{by}{until}{reading}. {}{condition}{effect} [{}]",
            edge(agreement, event.date),
            called(&What::NAMES, event.what),
            words(&event.words),
            list(&event.sources, "and")
        ));
    }
    if !agreement.commitments.is_empty() {
        page.head("What others have promised");
    }
    for one in &agreement.commitments {
        page.item(&format!(
            "{} by {} ({}): {} [{}]",
            one.id,
            one.by,
            called(&CommitmentKind::NAMES, one.kind),
            words(&one.words),
            list(&one.sources, "and")
        ));
        for (date, state, said, sources) in &one.states {
            page.detail(&format!(
                "{}: {}. {} [{}]",
                edge(agreement, *date),
                state.name(),
                words(said),
                list(sources, "and")
            ));
        }
    }
}

/// The phases of a plan with their gates.
pub(super) fn plan(page: &mut Page, agreement: &Agreement) {
    if !agreement.phases.is_empty() {
        page.head("Plan (gates are looked at; a named authority decides)");
    }
    for phase in &agreement.phases {
        let after = if phase.after.is_empty() {
            String::new()
        } else {
            format!(", after {}", list(&phase.after, "and"))
        };
        page.item(&format!(
            "{}: {}{after}. {} [{}]",
            phase.id,
            phase.title,
            words(&phase.words),
            list(&phase.sources, "and")
        ));
        for gate in &phase.gates {
            let percent = |permille: u16| format!("{}.{} %", permille / 10, permille % 10);
            let indicator = match gate.indicator {
                Indicator::Breaches { at_most } => format!("{at_most} findings of breach or fewer"),
                Indicator::Done => "obligations that were kept".to_string(),
                Indicator::Share { at_least } => format!("{} or more of a quantity", percent(at_least)),
                Indicator::Coverage => "coverage".to_string(),
            };
            let of = if gate.clauses.is_empty() {
                String::new()
            } else {
                format!(" of {}", list(&gate.clauses, "and"))
            };
            let coverage = gate
                .coverage
                .map_or(String::new(), |least| format!(", {} or more of it observed", percent(least)));
            let otherwise =
                gate.otherwise.as_ref().map_or(String::new(), |text| format!(" Otherwise: {text}"));
            let appeal = gate.appeal.as_ref().map_or(String::new(), |text| format!(" Contested: {text}"));
            page.detail(&format!(
                "Gate \"{}\": {indicator}{of} in the {} before{coverage}; {} decides. {} Then: {}{otherwise}{appeal}",
                gate.id,
                duration(gate.window),
                gate.authority,
                words(&gate.words),
                gate.then
            ));
        }
    }
}
