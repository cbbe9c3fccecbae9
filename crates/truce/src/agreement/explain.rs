//! What an agreement means, in plain English, in the order of the file.

use super::*;
use crate::place::{KM, METRE};
use crate::time::{DAY, HOUR, MINUTE, Micros};
use alloc::format;
use alloc::string::ToString;

/// Widest line of the explanation, in characters.
const WIDTH: usize = 100;

/// Says what an agreement means: who is bound, from when to when on whose clock, by which clauses, how the
/// readings differ, what follows, and what is not known. Plain text, lines of at most 100 characters (longer
/// addresses are not broken).
pub fn explain(agreement: &Agreement) -> String {
    let mut page = Page::default();
    page.line(&format!("{} ({})", agreement.title, agreement.id));
    page.line(nature(agreement.nature));

    page.head("Parties, in the order of the file");
    for party in &agreement.parties {
        let clock = party
            .clock
            .as_ref()
            .map_or("no clock is given".to_string(), |(name, _)| format!("clock: {name}"));
        page.item(&format!("{} ({}) {}; {clock}.", party.name, party.code, stance(party.stance)));
    }

    explain_people(&mut page, agreement);

    for reading in &agreement.readings {
        page.head(&match &reading.holder {
            Some(holder) => format!("Reading \"{}\", held by {holder}", reading.id),
            None => "The text".to_string(),
        });
        for period in &reading.periods {
            explain_period(&mut page, agreement, period);
        }
        for stretch in &reading.disputed {
            let (from, to) = (edge(agreement, stretch.from), until(agreement, stretch.to));
            page.item(&format!("Disputed, so undetermined: whether anybody is bound from {from} {to}."));
        }
        for freed in &reading.freed {
            let (from, to) = (edge(agreement, freed.during.from), until(agreement, freed.during.to));
            page.item(&format!("No longer bound: {} from {from} {to}.", list(&freed.parties, "and")));
        }
        for clause in &reading.clauses {
            explain_clause(&mut page, agreement, clause);
            explain_more(&mut page, agreement, clause);
        }
        if !reading.sources.is_empty() {
            page.item(&format!("Sources of this reading: {}.", list(&reading.sources, "and")));
        }
    }

    if agreement.readings.len() > 1 {
        page.head("The readings differ in");
        let differences = differences(agreement);
        for difference in &differences {
            page.item(difference);
        }
        if differences.is_empty() {
            page.item("nothing but their names.");
        }
    }

    page.head("Lines and zones");
    for line in &agreement.lines {
        explain_line(&mut page, line);
    }
    for zone in &agreement.zones {
        explain_zone(&mut page, zone);
    }
    if let Some(sites) = &agreement.sites {
        page.item(&format!("Listed in sites.csv: {}.", plural(sites.len(), "site")));
    }

    page.head("How sure a finding of breach must be (set by those who monitor, not by the text)");
    explain_standards(&mut page, agreement);

    if !agreement.consequences.is_empty() {
        page.head("What the text says will follow (shown here, never carried out by the program)");
    }
    for consequence in &agreement.consequences {
        let kind = match consequence.kind {
            ConsequenceKind::SelfRelease => {
                "The state changes on a judgement by a named role, never on a computed finding."
            }
            ConsequenceKind::Measure | ConsequenceKind::Notify | ConsequenceKind::Other => "",
        };
        let reading = consequence.reading.as_ref().map_or(String::new(), |id| format!(" (reading \"{id}\")"));
        let text = format!("{}{reading}: {} {kind}", consequence.id, words(&consequence.words));
        page.item(&format!("{} [{}]", text.trim_end(), list(&consequence.sources, "and")));
    }

    explain_life(&mut page, agreement);
    explain_plan(&mut page, agreement);

    if !agreement.positions.is_empty() {
        page.head("Positions");
    }
    for position in &agreement.positions {
        let speaker = position.speaker.as_ref().map_or(String::new(), |speaker| format!(", {speaker}"));
        let date = position.date.map_or("date not known".to_string(), |date| date.to_string());
        let (words, sources) = (words(&position.words), list(&position.sources, "and"));
        page.item(&format!(
            "{}{speaker} ({date}) {}: {words} [{sources}]",
            position.party,
            stance(position.stance)
        ));
    }

    page.head("Not known");
    let gaps = gaps(agreement);
    for gap in gaps.iter().chain(&agreement.not_known) {
        page.item(gap);
    }
    if gaps.is_empty() && agreement.not_known.is_empty() {
        page.item("The file names nothing.");
    }

    page.head("Sources");
    for source in &agreement.sources {
        page.item(&format!("{}: {}{}", source.id, source.url, source_kind(source.kind)));
    }
    page.text
}

fn until(agreement: &Agreement, to: Edge) -> String {
    if to.earliest.0 == i64::MAX { "on".to_string() } else { format!("to {}", edge(agreement, to)) }
}

fn explain_people(page: &mut Page, agreement: &Agreement) {
    if agreement.actors.is_empty() && agreement.mechanisms.is_empty() {
        return;
    }
    page.head("Others who have a part in it");
    for actor in &agreement.actors {
        let role = match actor.role {
            Role::Guarantor => "stands surety",
            Role::Mediator => "mediates",
            Role::Third => "is spoken of",
        };
        page.item(&format!("{} ({}) {role}.", actor.name, actor.code));
    }
    for body in &agreement.mechanisms {
        let mut facts = Vec::new();
        if !body.members.is_empty() {
            facts.push(format!("members: {}", list(&body.members, "and")));
        }
        facts.extend(body.chair.iter().map(|chair| format!("led by {chair}")));
        let tasks = Task::NAMES.iter().filter(|(_, task)| body.tasks.contains(task)).map(|(word, _)| *word);
        let tasks: Vec<&str> = tasks.collect();
        if !tasks.is_empty() {
            facts.push(format!("tasks: {}", tasks.join(", ")));
        }
        facts.extend(body.answer_within.map(|time| format!("answers within {}", duration(time))));
        let said = body.words.as_ref().map_or(String::new(), |said| format!(" {}", words(said)));
        let facts = if facts.is_empty() { String::new() } else { format!(": {}", facts.join("; ")) };
        page.item(&format!("{} ({}), a body that the text sets up{facts}.{said}", body.name, body.code));
    }
}

/// What a clause asks for beyond acts, means, targets and place.
fn explain_more(page: &mut Page, agreement: &Agreement, clause: &Clause) {
    if clause.calibre != Calibre::default() {
        page.detail(&format!("Only {}.", calibre_words(&clause.calibre)));
    }
    if !clause.systems.is_empty() {
        let names: Vec<Name> = clause.systems.iter().map(|system| system.name.clone()).collect();
        page.detail(&format!("Also named: {}.", list(&names, "and")));
    }
    if !clause.forces.is_empty() {
        let forces: Vec<&str> = clause.forces.iter().map(|force| force.name()).collect();
        page.detail(&format!("Only by: {}.", forces.join("; ")));
    }
    for period in &clause.periods {
        let (from, to) = (edge(agreement, period.from), until(agreement, period.to));
        page.detail(&format!("This clause holds from {from} {to}."));
    }
    for rule in &clause.distances {
        let least = rule.at_least.map(|least| format!("{} or more", length(least)));
        let range = rule.own_range.then(|| "its greatest range or more".to_string());
        let far: Vec<String> = least.into_iter().chain(range).collect();
        let mut which: Vec<String> =
            rule.means.classes.iter().map(|class| weapon_words(*class).to_string()).collect();
        which.extend(rule.means.systems.iter().map(|system| system.name.to_string()));
        let calibre = if rule.means.calibre == Calibre::default() {
            String::new()
        } else {
            format!(" ({})", calibre_words(&rule.means.calibre))
        };
        let own: String =
            rule.own.iter().map(|(party, line)| format!(", for {party} from the line \"{line}\"")).collect();
        let which = if which.is_empty() { "any weapon".to_string() } else { which.join("; ") };
        page.detail(&format!(
            "Must be away from the line \"{}\"{own}: {which}{calibre}, {}.",
            rule.line,
            far.join(", and ")
        ));
    }
    if let Some(threshold) = &clause.threshold {
        let parts: Vec<String> = [
            threshold.casualties.map(|number| format!("{number} killed or injured or more")),
            threshold.lasts_over.map(|time| format!("longer than {}", crate::finding::minutes(time))),
            threshold.count_over.map(|number| format!("more than {number}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        page.detail(&format!("Counts only with: {}.", parts.join(", or ")));
    }
    if let Some(quantity) = &clause.quantity {
        let bound = if quantity.at_least { "at least" } else { "at most" };
        page.detail(&format!("{bound} {} {} in {}.", quantity.amount, quantity.of, duration(quantity.per)));
    }
    for stage in &clause.stages {
        let due = match stage.due {
            Due::By(by) => format!("by {}", edge(agreement, by)),
            Due::Daily { at, .. } => format!("every day by {:02}:{:02}", at / HOUR, at % HOUR / MINUTE),
            Due::NotKnown => "by a deadline that is not known".to_string(),
        };
        let only_if = stage.only_if.as_ref().map_or(String::new(), |only| format!(" Only if: {only}"));
        let binds = list(&stage.binds, "and");
        page.detail(&format!("Stage \"{}\" ({binds}), {due}: {}{only_if}", stage.id, words(&stage.words)));
    }
    for (number, exception) in (1..).zip(&clause.exceptions) {
        for condition in &exception.conditions {
            page.detail(&format!(
                "Exception {number} only if \"{}\": {}",
                condition.id,
                words(&condition.words)
            ));
        }
        if exception.burden == Burden::Invoker {
            page.detail(&format!("Exception {number} has to be shown by whoever relies on it."));
        }
    }
    for condition in &clause.conditions {
        page.detail(&format!("Only if \"{}\": {}", condition.id, words(&condition.words)));
    }
    if !clause.over.is_empty() {
        page.detail(&format!("Stands over: {}.", list(&clause.over, "and")));
    }
}

fn calibre_words(calibre: &Calibre) -> String {
    let millimetres = |hundredths: u32| match hundredths % 100 {
        0 => format!("{} mm", hundredths / 100),
        rest => format!("{}.{rest:02} mm", hundredths / 100),
    };
    match (calibre.least, calibre.most) {
        (Some(least), Some(most)) => format!("of {} to {}", millimetres(least), millimetres(most)),
        (Some(least), None) => format!("of {} or more", millimetres(least)),
        (None, Some(most)) => format!("of {} or less", millimetres(most)),
        (None, None) => "of any calibre".to_string(),
    }
}

fn explain_life(page: &mut Page, agreement: &Agreement) {
    if !agreement.events.is_empty() {
        page.head("What became of it");
    }
    for event in &agreement.events {
        let what = What::NAMES.iter().find(|(_, what)| *what == event.what).map_or("", |(word, _)| word);
        let by = if event.by.is_empty() { String::new() } else { format!(" by {}", list(&event.by, "and")) };
        let condition =
            event.condition.as_ref().map_or(String::new(), |said| format!(", on the condition: {said}"));
        let end = event.until.map_or(String::new(), |to| format!(", {}", until(agreement, to)));
        let reading = event.reading.as_ref().map_or(String::new(), |id| format!(" (reading \"{id}\")"));
        let (date, sources) = (edge(agreement, event.date), list(&event.sources, "and"));
        page.item(&format!(
            "{date}: {}{by}{condition}{end}{reading}. {} [{sources}]",
            what.replace('-', " "),
            words(&event.words)
        ));
    }
    if !agreement.commitments.is_empty() {
        page.head("What others have promised");
    }
    for promise in &agreement.commitments {
        page.item(&format!("{} (\"{}\"): {}", promise.by, promise.id, words(&promise.words)));
        for (date, state, said, sources) in &promise.states {
            let sources = list(sources, "and");
            page.detail(&format!(
                "{}: {}. {} [{sources}]",
                edge(agreement, *date),
                state.name(),
                words(said)
            ));
        }
    }
}

fn explain_plan(page: &mut Page, agreement: &Agreement) {
    if !agreement.phases.is_empty() {
        page.head("Step by step (gates are shown; to open one is for its authority)");
    }
    for phase in &agreement.phases {
        let after = if phase.after.is_empty() {
            String::new()
        } else {
            format!(" (after {})", list(&phase.after, "and"))
        };
        page.item(&format!("Phase \"{}\"{after}: {}. {}", phase.id, phase.title, words(&phase.words)));
        for gate in &phase.gates {
            let percent = |permille: u16| format!("{}.{} %", permille / 10, permille % 10);
            let asks = match gate.indicator {
                Indicator::Breaches { at_most } => format!("{at_most} breaches or fewer"),
                Indicator::Done => "the obligations kept".to_string(),
                Indicator::Share { at_least } => format!("{} or more delivered", percent(at_least)),
                Indicator::Coverage => "enough observed".to_string(),
            };
            let of = if gate.clauses.is_empty() {
                String::new()
            } else {
                format!(" of {}", list(&gate.clauses, "and"))
            };
            let coverage =
                gate.coverage.map_or(String::new(), |share| format!(", {} of it observed", percent(share)));
            page.detail(&format!(
                "Gate \"{}\": {} It asks for {asks}{of} in {}{coverage}. {} decides; then: {}",
                gate.id,
                words(&gate.words),
                duration(gate.window),
                gate.authority,
                gate.then
            ));
            if let Some(otherwise) = &gate.otherwise {
                page.detail(&format!("Otherwise: {otherwise}"));
            }
            if let Some(appeal) = &gate.appeal {
                page.detail(&format!("Appeal: {appeal}"));
            }
        }
    }
}

/// Lines of text under headings.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn head(&mut self, text: &str) {
        self.text.push('\n');
        self.line(text);
    }

    fn item(&mut self, text: &str) {
        self.wrap("  - ", "    ", text);
    }

    fn detail(&mut self, text: &str) {
        self.wrap("      ", "      ", text);
    }

    fn line(&mut self, text: &str) {
        self.wrap("", "", text);
    }

    fn wrap(&mut self, first: &str, rest: &str, text: &str) {
        let mut used = 0;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if used == 0 {
                self.text.push_str(first);
                used = first.len() + length;
            } else if used + 1 + length > WIDTH {
                self.text.push('\n');
                self.text.push_str(rest);
                used = rest.len() + length;
            } else {
                self.text.push(' ');
                used += 1 + length;
            }
            self.text.push_str(word);
        }
        self.text.push('\n');
    }
}

fn explain_period(page: &mut Page, agreement: &Agreement, period: &Period) {
    page.item(&format!("From {}", edge(agreement, period.from)));
    let unknown = period.to.latest.is_none() && period.to.earliest <= period.from.earliest;
    if unknown {
        page.detail("to an end that is not known;");
    } else {
        page.detail(&format!("to {};", edge(agreement, period.to)));
    }
    let mut facts: Vec<String> = Vec::new();
    match (period.from.exact(), period.to.exact(), period.to.latest) {
        (Some(from), Some(to), _) => facts.push(format!("{} in all", duration(to.0 - from.0))),
        (_, _, Some(_)) => {
            facts.push(format!("about {} in all", duration(period.to.earliest.0 - period.from.earliest.0)));
        }
        (_, _, None) => facts.push("the length is not known".to_string()),
    }
    facts.push(if period.extendable { "may be extended" } else { "no extension is stated" }.to_string());
    page.detail(&format!("{}.", facts.join("; ")));
    let at = period.from.earliest;
    let offsets: Vec<Micros> =
        agreement.parties.iter().filter_map(|party| Some(party.clock.as_ref()?.1.offset(at))).collect();
    if offsets.iter().any(|offset| *offset != offsets[0]) {
        page.detail("The parties' clocks differ at the start: one local hour names two moments.");
    }
}

/// A moment in UTC and on every party's clock, or the interval in which it lies.
fn edge(agreement: &Agreement, edge: Edge) -> String {
    match (edge.exact(), edge.latest) {
        (Some(time), _) => clocks(agreement, time),
        (None, Some(latest)) => {
            let (earliest, latest) = (clocks(agreement, edge.earliest), clocks(agreement, latest));
            format!("a moment that is not known, not before {earliest} and not after {latest}")
        }
        (None, None) => {
            format!("a moment that is not known, not before {}", clocks(agreement, edge.earliest))
        }
    }
}

fn clocks(agreement: &Agreement, time: Time) -> String {
    let locals: Vec<String> = agreement
        .parties
        .iter()
        .filter_map(|party| {
            let (_, zone) = party.clock.as_ref()?;
            Some(format!("{} {}", party.code, local(time, zone.offset(time))))
        })
        .collect();
    let utc = local(time, 0);
    if locals.is_empty() { format!("{utc} UTC") } else { format!("{utc} UTC ({})", locals.join(", ")) }
}

/// `2025-04-19 18:00` on a clock ahead of UTC; seconds only where there are any.
fn local(time: Time, offset: Micros) -> String {
    let shown = Time(time.0.saturating_add(offset)).to_string().replace('T', " ");
    let shown = shown.trim_end_matches('Z');
    shown.strip_suffix(":00").unwrap_or(shown).to_string()
}

fn duration(length: Micros) -> String {
    if length % DAY == 0 && length >= 2 * DAY {
        format!("{} days", length / DAY)
    } else if length % HOUR == 0 {
        format!("{} h", length / HOUR)
    } else {
        format!("{} h {} min", length / HOUR, length % HOUR / MINUTE)
    }
}

fn explain_clause(page: &mut Page, agreement: &Agreement, clause: &Clause) {
    page.item(&format!("Clause \"{}\": {}. {}", clause.id, clause.title, words(&clause.words)));
    page.detail(&sentence(clause));
    if !clause.unsettled_acts.is_empty() {
        let acts: Vec<&str> = clause.unsettled_acts.iter().map(|act| act_words(*act)).collect();
        page.detail(&format!("Not settled by the text, so undetermined: {}.", acts.join("; ")));
    }
    if !clause.list_known {
        page.detail("Which of them are meant is not known: \"undetermined: list not known\".");
    }
    if clause.place == Where::Sites && agreement.sites.is_none() {
        page.detail("Which sites are meant is not known: \"undetermined: list not known\".");
    }
    for exception in &clause.exceptions {
        page.detail(&format!("Except: {} {}", words(&exception.words), exception_words(exception)));
    }
    page.detail(&format!("Sources: {}.", list(&clause.sources, "and")));
}

/// One sentence: whom the clause binds to what, with what, against what, where.
fn sentence(clause: &Clause) -> String {
    let acts: Vec<&str> = clause.acts.iter().map(|act| act_words(*act)).collect();
    let means: Vec<&str> = clause.means.iter().map(|weapon| weapon_words(*weapon)).collect();
    let targets: Vec<&str> = clause.targets.iter().map(|target| target_words(*target)).collect();
    let verb = match clause.mode {
        Mode::Prohibit => "Prohibits",
        Mode::Oblige => "Obliges",
        Mode::Permit => "Permits",
    };
    let means =
        if means.is_empty() { "with any means".to_string() } else { format!("with {}", means.join("; ")) };
    let targets = if targets.is_empty() {
        "against anything".to_string()
    } else {
        format!("against {}", targets.join("; "))
    };
    let place = match &clause.place {
        Where::Anywhere => "anywhere".to_string(),
        Where::Zone(zone) => format!("in the zone \"{zone}\""),
        Where::Sites => "at the listed sites".to_string(),
    };
    format!("{verb} {}: {} | {means} | {targets} | {place}.", list(&clause.binds, "and"), acts.join("; "))
}

fn exception_words(exception: &Exception) -> String {
    let acts = exception.acts.iter().map(|act| act_words(*act));
    let means = exception.means.iter().map(|weapon| weapon_words(*weapon));
    let targets = exception.targets.iter().map(|target| target_words(*target));
    let all: Vec<&str> = acts.chain(means).chain(targets).collect();
    format!("({})", all.join("; "))
}

fn explain_line(page: &mut Page, line: &Line) {
    let date = line.date.map_or(String::new(), |date| format!(" of {date}"));
    let course = match &line.course {
        Course::Drawn { left, right, .. } => {
            format!(
                "drawn in a file{date}; seen in the direction of drawing {left} is on the left, {right} on the right"
            )
        }
        Course::HeldGround { data, held_by, across } => format!(
            "the boundary of the ground that {held_by} holds by the map \"{data}\"{date}, less coast and state \
             border; across it {across}; beyond what the map covers the side is undetermined"
        ),
    };
    let reference = if line.reference { " It is the reference line for kilometres." } else { "" };
    page.item(&format!("Line \"{}\": {course}.{reference}", line.id));
    if let Some(note) = &line.note {
        page.detail(note);
    }
}

fn explain_zone(page: &mut Page, zone: &Zoned) {
    let extent = match &zone.extent {
        Extent::Drawn(areas) => format!("drawn in a file, {} in all", plural(areas.len(), "area")),
        Extent::Around { class, within, fresh } => format!(
            "{} or less from any object \"{class}\"; a position tells for {} where it is",
            length(*within),
            duration(*fresh)
        ),
        Extent::Sites { classes, within } => {
            let classes: Vec<&str> = classes.iter().map(|class| target_words(*class)).collect();
            format!("{} or less from a listed site ({})", length(*within), classes.join("; "))
        }
        Extent::FromLine { line, sides, beyond, within, own } => {
            let least =
                if *beyond == 0 { String::new() } else { format!("{} or more and ", length(*beyond)) };
            let sides = list(sides, "and");
            let own: String =
                own.iter().map(|(party, line)| format!(", for {party} from the line \"{line}\"")).collect();
            format!(
                "{least}{} or less from the line \"{line}\"{own}, on the side of {sides}",
                length(*within)
            )
        }
    };
    page.item(&format!("Zone \"{}\": {extent}.", zone.id));
}

fn length(mm: Mm) -> String {
    if mm % KM == 0 { format!("{} km", mm / KM) } else { format!("{} m", mm / METRE) }
}

fn plural(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn explain_standards(page: &mut Page, agreement: &Agreement) {
    let mut standards: Vec<(String, Standard)> = Vec::new();
    for reading in &agreement.readings {
        for clause in &reading.clauses {
            if standards.iter().any(|(_, standard)| *standard == clause.standard) {
                continue;
            }
            standards
                .push((format!("Clause \"{}\", reading \"{}\"", clause.id, reading.id), clause.standard));
        }
    }
    let one = standards.len() == 1;
    for (name, standard) in standards {
        let name = if one { "Every clause" } else { &name };
        let percent = |permille: u16| match permille % 10 {
            0 => format!("{} %", permille / 10),
            tenth => format!("{}.{tenth} %", permille / 10),
        };
        page.item(&format!(
            "{name}: that it happened {} or more; that it was where the clause holds {} or more; that \
             forces of a named side did it {} or more, else \"side not established\".",
            percent(standard.occurred),
            percent(standard.inside),
            percent(standard.origin)
        ));
    }
}

/// In what the readings are not alike, in the order of the file.
fn differences(agreement: &Agreement) -> Vec<String> {
    let Some((first, others)) = agreement.readings.split_first() else { return Vec::new() };
    let mut found = Vec::new();
    let edges =
        |reading: &Reading, pick: fn(&Period) -> Edge| reading.periods.iter().map(pick).collect::<Vec<_>>();
    let mut note = |differ: bool, what: String| {
        if differ {
            found.push(what);
        }
    };
    note(others.iter().any(|r| edges(r, |p| p.from) != edges(first, |p| p.from)), "the start".to_string());
    note(others.iter().any(|r| edges(r, |p| p.to) != edges(first, |p| p.to)), "the end".to_string());
    for clause in &first.clauses {
        let differs = |same: fn(&Clause, &Clause) -> bool| {
            others.iter().filter_map(|reading| reading.clause(&clause.id)).any(|other| !same(clause, other))
        };
        let mut note = |differ: bool, what: &str| note(differ, format!("clause \"{}\": {what}", clause.id));
        note(differs(|a, b| a.mode == b.mode), "what sort of rule it is");
        note(differs(|a, b| a.binds == b.binds), "whom it binds");
        note(differs(|a, b| a.acts == b.acts && a.unsettled_acts == b.unsettled_acts), "which acts");
        note(differs(|a, b| a.means == b.means), "with what");
        note(differs(|a, b| a.targets == b.targets), "against what");
        note(differs(|a, b| a.list_known == b.list_known), "whether the list is known");
        note(differs(|a, b| a.place == b.place), "where");
        note(differs(|a, b| a.exceptions == b.exceptions), "exceptions");
        note(differs(|a, b| a.standard == b.standard), "how sure a finding must be");
        note(differs(|a, b| a.words == b.words && a.title == b.title), "the words");
    }
    found
}

/// What the model itself leaves open.
fn gaps(agreement: &Agreement) -> Vec<String> {
    let mut gaps = Vec::new();
    for reading in &agreement.readings {
        let id = &reading.id;
        for period in &reading.periods {
            if period.from.exact().is_none() {
                gaps.push(format!("The exact start (reading \"{id}\"): what falls near it is undetermined."));
            }
            if period.to.exact().is_none() {
                gaps.push(format!("The exact end (reading \"{id}\"): what falls near it is undetermined."));
            }
        }
        for clause in &reading.clauses {
            if !clause.list_known || (clause.place == Where::Sites && agreement.sites.is_none()) {
                gaps.push(format!("The list that clause \"{}\" speaks of (reading \"{id}\").", clause.id));
            }
        }
    }
    gaps
}

fn words(words: &Words) -> String {
    match words {
        Words::Quote(text) => format!("\u{201c}{text}\u{201d}"),
        Words::Paraphrase(text) => format!("[in our words] {text}"),
    }
}

/// "A", "A and B", "A, B and C".
fn list<T: core::fmt::Display>(items: &[T], conjunction: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.to_string(),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(T::to_string).collect();
            format!("{} {conjunction} {last}", most.join(", "))
        }
    }
}

fn nature(nature: Nature) -> &'static str {
    match nature {
        Nature::Agreed => "An instrument that the parties agreed.",
        Nature::Announced => "Announced by the parties, each in its own words; no common text is known.",
        Nature::Unilateral => "A unilateral declaration.",
        Nature::Proposed => "A proposal.",
    }
}

fn stance(stance: Stance) -> &'static str {
    match stance {
        Stance::Declared => "declared it",
        Stance::Mirrors => "answered that it would act as the other side acts (a \"mirror\" answer)",
        Stance::Agreed => "agreed to it",
        Stance::Conditional => "agreed to it under conditions",
        Stance::Awaits => "waits for details",
        Stance::Rejects => "rejects it",
        Stance::Accepts => "accepts it",
        Stance::Proposes => "proposes it",
    }
}

fn source_kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Primary => " (the publisher's own page)",
        SourceKind::News => " (news)",
        SourceKind::Copy => " (copy or translation)",
        SourceKind::Weak => " (weak: only with corroboration)",
        SourceKind::Party => " (a party, or aligned with one)",
        SourceKind::Unrated => "",
    }
}

fn act_words(act: Act) -> &'static str {
    match act {
        Act::Undetermined => "any act",
        Act::Fire => "use of weapons of any sort",
        Act::Shelling => "shelling",
        Act::SmallArms => "fire from small arms",
        Act::AirStrike => "air strikes",
        Act::MissileStrike => "missile strikes",
        Act::DroneAttack => "attacks by drones",
        Act::Assault => "assaults on the ground",
        Act::AirDefence => "fire at aircraft or missiles",
        Act::Exercise => "live-fire exercises",
        Act::ExchangeOfFire => "exchanges of fire",
        Act::Advance => "taking ground",
        Act::Crossing => "crossing a line or border",
        Act::Flight => "flights",
        Act::Reconnaissance => "reconnaissance from the air",
        Act::Presence => "presence of forces or weapons",
        Act::Works => "mines, trenches and other works",
        Act::MineLaying => "laying mines",
        Act::Demolition => "demolitions",
        Act::Sabotage => "sabotage and raids",
        Act::Flare => "flares and signals",
        Act::Launch => "launches of long-range weapons",
        Act::Alert => "alerts",
        Act::Obstruction => "hindering the monitor",
        Act::AccessDenied => "denying the monitor access",
        Act::Jamming => "jamming the monitor",
        Act::Blinding => "blinding the monitor's sensors",
        Act::Withdrawal => "withdrawing forces or weapons",
        Act::Delivery => "deliveries",
        Act::Release => "releasing captives",
        Act::Stop => "unplanned stops",
        Act::Deviation => "leaving the course, meetings unplanned",
        Act::Demining => "clearing mines",
        Act::Repair => "repairs",
        Act::Medevac => "fetching the wounded and the dead",
        Act::CyberAttack => "attacks on computers and networks",
        Act::HostileSpeech => "words that incite or deceive",
        Act::Recruitment => "recruiting or training fighters",
        Act::Ordinary => "ordinary events",
    }
}

fn weapon_words(weapon: Weapon) -> &'static str {
    match weapon {
        Weapon::Undetermined => "any weapon",
        Weapon::SmallArms => "small arms",
        Weapon::Rifle => "rifles",
        Weapon::Pistol => "pistols",
        Weapon::AutomaticRifle => "automatic rifles",
        Weapon::MachineGun => "machine guns",
        Weapon::AntiTankWeapon => "anti-tank weapons",
        Weapon::AirDefenceSystem => "air-defence systems",
        Weapon::Tank => "tanks",
        Weapon::ArmouredVehicle => "armoured vehicles",
        Weapon::Aircraft => "aircraft with people in them",
        Weapon::Ship => "ships and boats",
        Weapon::Artillery => "artillery of any sort",
        Weapon::Gun => "guns and howitzers",
        Weapon::Mortar => "mortars",
        Weapon::RocketLauncher => "multiple-launch rocket systems",
        Weapon::Armour => "tanks and armoured vehicles",
        Weapon::Uav => "unmanned aircraft of any sort",
        Weapon::UavLongRange => "unmanned aircraft for long-range attack",
        Weapon::UavShortRange => "unmanned aircraft for short-range attack",
        Weapon::UavReconnaissance => "unmanned aircraft that observe",
        Weapon::AirBomb => "bombs from aircraft",
        Weapon::Missile => "missiles of any sort",
        Weapon::BallisticMissile => "ballistic missiles",
        Weapon::CruiseMissile => "cruise missiles",
        Weapon::Mine => "mines and improvised charges",
    }
}

fn target_words(target: Target) -> &'static str {
    match target {
        Target::Undetermined => "anything",
        Target::Military => "military targets",
        Target::Civilian => "civilian objects",
        Target::Medical => "hospitals and ambulances",
        Target::School => "schools",
        Target::Residential => "homes",
        Target::Water => "water supply",
        Target::Port => "ports",
        Target::MerchantShip => "merchant ships",
        Target::Monitor => "the monitor's people, vehicles and sensors",
        Target::Energy => "energy facilities",
        Target::Refinery => "oil refineries",
        Target::OilGasTransport => "oil and gas pipelines, storage and pumping stations",
        Target::Electricity => "power plants, substations, transformers and distribution of electricity",
        Target::Nuclear => "nuclear power plants",
        Target::Hydro => "dams of hydropower plants",
    }
}
