//! What an agreement means, in plain English, in the order of the file.

mod parts;

use super::*;
use crate::observation::{NoticeSort, Purpose};
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

    parts::people(&mut page, agreement);
    parts::life(&mut page, agreement);

    for reading in &agreement.readings {
        page.head(&match &reading.holder {
            Some(holder) => format!("Reading \"{}\", held by {holder}", reading.id),
            None => "The text".to_string(),
        });
        for period in &reading.periods {
            explain_period(&mut page, agreement, period);
        }
        let until = |to: Edge| {
            if to.is_open() { "on".to_string() } else { format!("to {}", edge(agreement, to)) }
        };
        for stretch in &reading.disputed {
            let (from, to) = (edge(agreement, stretch.from), until(stretch.to));
            page.item(&format!("Disputed, so undetermined: whether anybody is bound from {from} {to}."));
        }
        for freed in &reading.freed {
            let (from, to) = (edge(agreement, freed.during.from), until(freed.during.to));
            page.item(&format!("No longer bound: {} from {from} {to}.", list(&freed.parties, "and")));
        }
        for clause in &reading.clauses {
            explain_clause(&mut page, agreement, clause);
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

    if !agreement.lines.is_empty() || !agreement.zones.is_empty() || agreement.sites.is_some() {
        page.head("Lines and zones");
    }
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

    parts::plan(&mut page, agreement);

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
    if no_end(period) {
        page.detail("to an end that is not known;");
    } else if period.to.is_open() {
        page.detail("with an open end: until an event ends it;");
    } else {
        page.detail(&format!("to {};", edge(agreement, period.to)));
    }
    let mut facts: Vec<String> = Vec::new();
    match (period.from.exact(), period.to.exact(), period.to.latest) {
        (Some(from), Some(to), _) => facts.push(format!("{} in all", duration(to.0 - from.0))),
        (_, _, Some(_)) if period.to.is_open() => facts.push("no length is set".to_string()),
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

/// Is nothing known of the end?
fn no_end(period: &Period) -> bool {
    period.to.latest.is_none() && period.to.earliest <= period.from.earliest
}

/// A moment in UTC and on every party's clock, or the interval in which it lies.
fn edge(agreement: &Agreement, edge: Edge) -> String {
    if edge.is_open() {
        return "an open end".to_string();
    }
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
    parts::clause_details(page, agreement, clause);
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
        parts::conditions(page, &exception.conditions);
        if exception.burden == Burden::Invoker {
            page.detail("Who relies on this exception must show that its conditions are met.");
        }
    }
    page.detail(&format!("Sources: {}.", list(&clause.sources, "and")));
}

/// One sentence: whom the clause binds to what, with what, against what, where.
fn sentence(clause: &Clause) -> String {
    let acts: Vec<&str> = clause.acts.iter().map(|act| act_words(*act)).collect();
    let means = format!("with {}", parts::means_words(&clause.means, &clause.systems, &clause.calibre));
    let targets: Vec<&str> = clause.targets.iter().map(|target| target_words(*target)).collect();
    let verb = match clause.mode {
        Mode::Prohibit => "Prohibits",
        Mode::Oblige => "Obliges",
        Mode::Permit => "Permits",
    };
    let targets = if targets.is_empty() {
        "against anything".to_string()
    } else {
        format!("against {}", targets.join("; "))
    };
    let place = match &clause.place {
        Where::Anywhere if !clause.distances.is_empty() => "nearer than the distances below".to_string(),
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
    let forces =
        Force::NAMES.iter().filter(|(_, force)| exception.forces.contains(force)).map(|(name, _)| *name);
    let all: Vec<&str> = acts.chain(means).chain(targets).chain(forces).collect();
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
        Course::NotKnown { left, right } => format!(
            "between {left} and {right}; its course is not at hand, and what depends on it is not known"
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
        note(
            differs(|a, b| a.means == b.means && a.systems == b.systems && a.calibre == b.calibre),
            "with what",
        );
        note(differs(|a, b| a.forces == b.forces), "whose people");
        note(differs(|a, b| a.targets == b.targets), "against what");
        note(differs(|a, b| a.list_known == b.list_known), "whether the list is known");
        note(differs(|a, b| a.place == b.place), "where");
        note(differs(|a, b| a.distances == b.distances), "how far from a line");
        note(differs(|a, b| a.periods == b.periods), "when it holds");
        note(differs(|a, b| a.threshold == b.threshold), "from where on an act counts");
        note(differs(|a, b| a.quantity == b.quantity), "how much");
        note(differs(|a, b| a.stages == b.stages), "the stages");
        note(differs(|a, b| a.conditions == b.conditions && a.over == b.over), "the conditions");
        note(differs(|a, b| a.exceptions == b.exceptions), "exceptions");
        note(differs(|a, b| a.standard == b.standard), "how sure a finding must be");
        note(differs(|a, b| a.words == b.words && a.title == b.title), "the words");
    }
    for clause in others.iter().flat_map(|reading| &reading.clauses) {
        let everywhere = agreement.readings.iter().all(|reading| reading.clause(&clause.id).is_some());
        let what = format!("clause \"{}\": not in every reading", clause.id);
        if !everywhere && !found.contains(&what) {
            found.push(what);
        }
    }
    for clause in &first.clauses {
        if others.iter().any(|reading| reading.clause(&clause.id).is_none()) {
            found.push(format!("clause \"{}\": not in every reading", clause.id));
        }
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
            if period.to.exact().is_none() && !period.to.is_open() {
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
