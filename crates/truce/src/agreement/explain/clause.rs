//! What a clause says: whom it binds to what, what it asks for beyond an act, and what it leaves out.

use super::*;
use alloc::string::ToString;

pub(super) fn explain(page: &mut Page, agreement: &Agreement, clause: &Clause) {
    let words = page.words(&clause.words);
    let title = Figure::Titled(clause.title.clone(), clause.titles.clone());
    page.item(say!("explain-clause", id = &clause.id, title = title, words = words));
    page.detail(rule(clause));
    details(page, agreement, clause);
    if !clause.unsettled_acts.is_empty() {
        page.detail(say!("explain-unsettled", acts = semicolons(acts(&clause.unsettled_acts))));
    }
    if !clause.list_known {
        page.detail(say!("explain-list-not-known"));
    }
    if clause.place == Where::Sites && agreement.sites.is_none() {
        page.detail(say!("explain-sites-not-known"));
    }
    for exception in &clause.exceptions {
        let words = page.words(&exception.words);
        page.detail(say!("explain-exception", words = words, what = excepted(exception)));
        conditions(page, &exception.conditions);
        if exception.burden == Burden::Invoker {
            page.detail(say!("explain-exception-burden"));
        }
    }
    page.detail(say!("explain-clause-sources", sources = and(&clause.sources)));
}

fn acts(acts: &[Act]) -> Vec<Figure> {
    terms("act", &Act::NAMES, acts)
}

fn targets(targets: &[Target]) -> Vec<Figure> {
    terms("target", &Target::NAMES, targets)
}

/// One sentence: whom the clause binds to what, with what, against what, where.
fn rule(clause: &Clause) -> Sentence {
    let against = if clause.targets.is_empty() {
        say!("explain-against-anything")
    } else {
        say!("explain-against", targets = semicolons(targets(&clause.targets)))
    };
    let place = match &clause.place {
        Where::Anywhere if !clause.distances.is_empty() => say!("explain-where-nearer"),
        Where::Anywhere => say!("explain-where-anywhere"),
        Where::Zone(zone) => say!("explain-where-zone", zone = zone),
        Where::Sites => say!("explain-where-sites"),
    };
    let mode = match clause.mode {
        Mode::Prohibit => say!("explain-prohibits"),
        Mode::Oblige => say!("explain-obliges"),
        Mode::Permit => say!("explain-permits"),
    };
    // An obligation that no act of the list names is what its stages say.
    if clause.mode == Mode::Oblige && clause.acts == [Act::Ordinary] {
        return say!("explain-rule-stages", mode = mode, parties = and(&clause.binds));
    }
    let means = means(&clause.means, &clause.systems, &clause.calibre);
    // A prohibition says how wide it is; of what is owed or allowed, only the bounds are worth a word.
    let unbounded = clause.means.is_empty()
        && clause.systems.is_empty()
        && clause.calibre == Calibre::default()
        && clause.targets.is_empty()
        && clause.distances.is_empty()
        && clause.place == Where::Anywhere;
    if clause.mode != Mode::Prohibit && unbounded {
        let (parties, acts) = (and(&clause.binds), semicolons(acts(&clause.acts)));
        return say!("explain-rule-acts", mode = mode, parties = parties, acts = acts);
    }
    say!(
        "explain-rule",
        mode = mode,
        parties = and(&clause.binds),
        acts = semicolons(acts(&clause.acts)),
        means = means,
        against = against,
        place = place,
    )
}

/// What an exception leaves out: acts, weapons, targets, people.
fn excepted(exception: &Exception) -> Figure {
    let forces = Force::NAMES.iter().filter(|(_, force)| exception.forces.contains(force));
    let forces = forces.map(|(name, _)| Figure::Term("force", name));
    let means = terms("weapon", &Weapon::NAMES, &exception.means);
    let all = acts(&exception.acts).into_iter().chain(means).chain(targets(&exception.targets));
    semicolons(all.chain(forces))
}

/// Some weapons: classes, calibres, names.
fn means(classes: &[Weapon], systems: &[System], calibre: &Calibre) -> Figure {
    let mut parts: Vec<Figure> = Vec::new();
    let bounds = bounds(calibre);
    if !classes.is_empty() || (systems.is_empty() && bounds.is_some()) {
        let any = [Weapon::Undetermined];
        let classes = if classes.is_empty() { &any[..] } else { classes };
        let classes = semicolons(terms("weapon", &Weapon::NAMES, classes));
        parts.push(say!("explain-weapons", classes = classes, calibre = bounds).into());
    }
    if !systems.is_empty() {
        let names = systems.iter().map(|system| Figure::from(&system.name)).collect();
        parts.push(say!("explain-systems", names = Figure::List(names, Join::And)).into());
    }
    if parts.is_empty() { say!("explain-any-means").into() } else { semicolons(parts) }
}

/// The bounds as the file words them: whole millimetres, with or without the bound itself.
fn bounds(calibre: &Calibre) -> Option<Sentence> {
    let mm = Figure::Calibre;
    let low = calibre.least.map(|least| match least % 100 {
        1 => say!("explain-calibre-over", bound = mm(least - 1)),
        _ => say!("explain-calibre-from", bound = mm(least)),
    });
    let high = calibre.most.map(|most| match most % 100 {
        99 => say!("explain-calibre-below", bound = mm(most + 1)),
        _ => say!("explain-calibre-to", bound = mm(most)),
    });
    let bounds: Vec<Figure> = low.into_iter().chain(high).map(Figure::Said).collect();
    (!bounds.is_empty()).then(|| say!("explain-calibre", bounds = Figure::List(bounds, Join::Comma)))
}

/// What a clause asks for beyond its act, one detail each.
fn details(page: &mut Page, agreement: &Agreement, clause: &Clause) {
    if !clause.forces.is_empty() {
        let forces = semicolons(terms("force", &Force::NAMES, &clause.forces));
        page.detail(say!("explain-forces", forces = forces));
    }
    for period in &clause.periods {
        let to = if no_end(period) { say!("explain-no-end") } else { edge(agreement, period.to) };
        page.detail(say!("explain-holds", from = edge(agreement, period.from), to = to));
    }
    for distance in &clause.distances {
        page.detail(far(distance));
    }
    if let Some(threshold) = &clause.threshold {
        let casualties =
            threshold.casualties.map(|count| say!("explain-threshold-casualties", count = count));
        let length = threshold
            .lasts_over
            .map(|length| say!("explain-threshold-lasts", length = Figure::Duration(length)));
        let count = threshold.count_over.map(|count| say!("explain-threshold-count", count = count));
        let all = [casualties, length, count].into_iter().flatten().map(Figure::from).collect();
        page.detail(say!("explain-threshold", all = Figure::List(all, Join::Or)));
    }
    if let Some(quantity) = &clause.quantity {
        let per = if quantity.per == DAY {
            say!("explain-per-day")
        } else {
            say!("explain-per", length = Figure::Duration(quantity.per))
        };
        let bound = if quantity.at_least {
            say!("explain-at-least", amount = quantity.amount)
        } else {
            say!("explain-at-most", amount = quantity.amount)
        };
        page.detail(say!(
            "explain-quantity",
            bound = bound,
            what = Figure::Titled(quantity.of.to_string(), quantity.titles.clone()),
            per = per
        ));
    }
    for stage in &clause.stages {
        let due = match stage.due {
            Due::By(by) => say!("explain-due", by = edge(agreement, by)),
            Due::Daily { at, about, .. } => {
                let about = about.map(|about| term("about", &About::NAMES, about));
                say!("explain-due-daily", time = Figure::TimeOfDay(at), about = about)
            }
            Due::NotKnown => say!("explain-due-not-known"),
        };
        page.detail(say!(
            "explain-stage",
            id = &stage.id,
            parties = and(&stage.binds),
            due = due,
            shown = term("shown", &ShownBy::NAMES, stage.shown_by),
            to = notice_to(&stage.notice_to),
            words = page.words(&stage.words),
            only = stage.only_if.as_ref().map(|words| say!("explain-stage-only-if", words = words)),
        ));
    }
    conditions(page, &clause.conditions);
    if !clause.over.is_empty() {
        page.detail(say!("explain-over", clauses = and(&clause.over)));
    }
}

fn notice_to(to: &Option<Name>) -> Option<Sentence> {
    to.as_ref().map(|to| say!("explain-notice-to", to = to))
}

fn far(distance: &Distance) -> Sentence {
    let far = match (distance.at_least, distance.own_range) {
        (Some(least), true) => say!("explain-far-or-range", least = Figure::Length(least)),
        (Some(least), false) => say!("explain-far", least = Figure::Length(least)),
        (None, _) => say!("explain-far-range"),
    };
    let own = distance.own.iter();
    let own = own.map(|(party, line)| say!("explain-own-line", party = party, line = line));
    let own = (!distance.own.is_empty()).then(|| say!("explain-distance-own", lines = semicolons(own)));
    let named = &distance.means;
    let means = means(&named.classes, &named.systems, &named.calibre);
    say!("explain-distance", means = means, far = far, line = &distance.line, own = own)
}

/// Conditions of an exception or a permission, and how each is tested.
fn conditions(page: &mut Page, conditions: &[Condition]) {
    for condition in conditions {
        let tested = match &condition.test {
            Test::Answers { acts: answered, within, near } => say!(
                "explain-test-answers",
                within = Figure::Duration(*within),
                near = Figure::Length(*near),
                acts = semicolons(acts(answered)),
            ),
            Test::Notice { sort, to, when, within, failed } => say!(
                "explain-test-notice",
                sort = term("notice", &NoticeSort::NAMES, *sort),
                to = notice_to(to),
                when = match when {
                    When::Before => say!("explain-when-before"),
                    When::After => say!("explain-when-after"),
                    When::Any => say!("explain-when-any"),
                },
                within =
                    within.map(|within| say!("explain-notice-within", length = Figure::Duration(within))),
                failed = failed.then(|| say!("explain-notice-failed")),
            ),
            Test::Planned { purposes, ahead, late } => {
                let sorts = semicolons(terms("purpose", &Purpose::NAMES, purposes));
                say!(
                    "explain-test-planned",
                    purposes = (!purposes.is_empty()).then(|| say!("explain-planned-for", purposes = sorts)),
                    ahead =
                        ahead.map(|ahead| say!("explain-planned-ahead", length = Figure::Duration(ahead))),
                    late = match late {
                        Late::NotSettled => say!("explain-late-not-settled"),
                        Late::Permits => say!("explain-late-permits"),
                        Late::DoesNotPermit => say!("explain-late-does-not-permit"),
                    },
                )
            }
            Test::Verified => say!("explain-test-verified"),
        };
        let words = page.words(&condition.words);
        page.detail(say!("explain-condition", id = &condition.id, words = words, tested = tested));
    }
}
