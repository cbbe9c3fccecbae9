//! What an agreement means, in the order of the file, as sentences of no language: `report` has the patterns.

mod clause;
mod parts;
mod sentence;

pub use sentence::{Figure, Join, Level, Paragraph, Sentence};

use super::*;
use crate::observation::{NoticeSort, Purpose};
use crate::time::{DAY, Micros};
use sentence::{and, say, semicolons, term, terms};

/// Says what an agreement means: who is bound, from when to when on whose clock, by which clauses, how the
/// readings differ, what follows, and what is not known.
pub fn explain(agreement: &Agreement) -> Vec<Paragraph> {
    let mut page = Page { paragraphs: Vec::new(), language: agreement.language.clone() };
    let title = Figure::Titled(agreement.title.clone(), agreement.titles.clone());
    page.line(say!("explain-title", title = title, id = &agreement.id));
    page.line(say!("explain-plain", text = term("nature", &Nature::NAMES, agreement.nature)));

    page.head(say!("explain-head-parties"));
    for party in &agreement.parties {
        let clock = match &party.clock {
            Some((name, _)) => say!("explain-clock", name = name),
            None => say!("explain-clock-none"),
        };
        page.item(say!(
            "explain-party",
            name = Figure::Named(party.name.clone(), party.names.clone()),
            code = &party.code,
            stance = stance(party.stance),
            clock = clock,
        ));
    }

    parts::people(&mut page, agreement);
    parts::life(&mut page, agreement);

    for reading in &agreement.readings {
        explain_reading(&mut page, agreement, reading);
    }

    if agreement.readings.len() > 1 {
        page.head(say!("explain-head-differences"));
        let differences = differences(agreement);
        if differences.is_empty() {
            page.item(say!("explain-differs-nothing"));
        }
        for difference in differences {
            page.item(difference);
        }
    }

    if !agreement.lines.is_empty() || !agreement.zones.is_empty() || agreement.sites.is_some() {
        page.head(say!("explain-head-places"));
    }
    for line in &agreement.lines {
        explain_line(&mut page, agreement, line);
    }
    for zone in &agreement.zones {
        page.item(say!("explain-zone", id = &zone.id, extent = extent(&zone.extent)));
    }
    if let Some(sites) = &agreement.sites {
        page.item(say!("explain-sites", count = sites.len()));
    }

    page.head(say!("explain-head-standards"));
    explain_standards(&mut page, agreement);

    if !agreement.consequences.is_empty() {
        page.head(say!("explain-head-consequences"));
    }
    for consequence in &agreement.consequences {
        let judged = match consequence.kind {
            ConsequenceKind::SelfRelease => Some(say!("explain-consequence-judged")),
            ConsequenceKind::Measure | ConsequenceKind::Notify | ConsequenceKind::Other => None,
        };
        page.item(say!(
            "explain-consequence",
            kind = term("consequence", &ConsequenceKind::NAMES, consequence.kind),
            id = &consequence.id,
            reading = of_reading(&consequence.reading),
            words = page.words(&consequence.words),
            judged = judged,
            body = consequence.judged_by.as_ref().map(|body| say!("explain-consequence-body", body = body)),
            on = (!consequence.on.is_empty())
                .then(|| say!("explain-consequence-on", clauses = and(&consequence.on))),
            sources = cited(&consequence.sources),
        ));
    }

    parts::plan(&mut page, agreement);

    if !agreement.positions.is_empty() {
        page.head(say!("explain-head-positions"));
    }
    for position in &agreement.positions {
        let date = position.date.map_or(Figure::Said(say!("explain-date-none")), Figure::Date);
        page.item(say!(
            "explain-position",
            party = &position.party,
            speaker = who(position),
            date = date,
            stance = stance(position.stance),
            words = page.words(&position.words),
            sources = cited(&position.sources),
        ));
    }

    page.head(say!("explain-head-not-known"));
    let gaps = gaps(agreement);
    if gaps.is_empty() && agreement.not_known.is_empty() {
        page.item(say!("explain-not-known-nothing"));
    }
    for gap in gaps {
        page.item(gap);
    }
    for gap in &agreement.not_known {
        page.item(say!("explain-plain", text = gap));
    }

    page.head(say!("explain-head-sources"));
    for source in &agreement.sources {
        let kind = term("source", &SourceKind::NAMES, source.kind);
        let kind = (source.kind != SourceKind::Unrated).then(|| say!("explain-source-kind", kind = kind));
        page.item(say!("explain-source", id = &source.id, url = &source.url, kind = kind));
    }
    page.paragraphs
}

/// Who spoke, and as what.
fn who(position: &Position) -> Option<Sentence> {
    let titled = |text: &Option<String>, titles: &Titles| {
        text.as_ref().map(|text| Figure::Titled(text.clone(), titles.clone()))
    };
    let parts = [titled(&position.speaker, &position.speakers), titled(&position.office, &position.offices)];
    let parts: Vec<Figure> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| say!("explain-speaker", name = Figure::List(parts, Join::Comma)))
}

/// Paragraphs under headings.
struct Page {
    paragraphs: Vec<Paragraph>,
    /// Of the quoted words.
    language: Name,
}

impl Page {
    fn head(&mut self, sentence: Sentence) {
        self.paragraphs.push(Paragraph { level: Level::Heading, sentence });
    }

    fn item(&mut self, sentence: Sentence) {
        self.paragraphs.push(Paragraph { level: Level::Item, sentence });
    }

    fn detail(&mut self, sentence: Sentence) {
        self.paragraphs.push(Paragraph { level: Level::Detail, sentence });
    }

    fn line(&mut self, sentence: Sentence) {
        self.paragraphs.push(Paragraph { level: Level::Line, sentence });
    }

    fn words(&self, words: &Words) -> Figure {
        Figure::Words(words.clone(), self.language.clone())
    }
}

fn explain_reading(page: &mut Page, agreement: &Agreement, reading: &Reading) {
    page.head(match &reading.holder {
        Some(holder) => say!("explain-head-reading", id = &reading.id, holder = holder),
        None => say!("explain-head-text"),
    });
    for period in &reading.periods {
        explain_period(page, agreement, period);
    }
    let until = |to: Edge| match to.is_open() {
        true => say!("explain-stretch-open"),
        false => say!("explain-stretch-to", to = edge(agreement, to)),
    };
    for stretch in &reading.disputed {
        let (from, to) = (edge(agreement, stretch.from), until(stretch.to));
        page.item(say!("explain-disputed", from = from, to = to));
    }
    for freed in &reading.freed {
        let (from, to) = (edge(agreement, freed.during.from), until(freed.during.to));
        page.item(say!("explain-freed", parties = and(&freed.parties), from = from, to = to));
    }
    for clause in &reading.clauses {
        clause::explain(page, agreement, clause);
    }
    if !reading.sources.is_empty() {
        page.item(say!("explain-reading-sources", sources = and(&reading.sources)));
    }
}

fn explain_period(page: &mut Page, agreement: &Agreement, period: &Period) {
    page.item(say!("explain-period-from", from = edge(agreement, period.from)));
    page.detail(if no_end(period) {
        say!("explain-period-no-end")
    } else if period.to.is_open() {
        say!("explain-period-open")
    } else {
        say!("explain-period-to", to = edge(agreement, period.to))
    });
    let length = match (period.from.latest, period.to.latest) {
        (_, Some(_)) if period.to.is_open() => say!("explain-lasts-open"),
        (Some(from), Some(to)) => {
            let shortest = (period.to.earliest.0 - from.0).max(0);
            let longest = to.0 - period.from.earliest.0;
            match (shortest, longest) {
                _ if shortest == longest => say!("explain-lasts", length = Figure::Duration(longest)),
                (0, _) => say!("explain-lasts-most", length = Figure::Duration(longest)),
                _ => say!(
                    "explain-lasts-between",
                    shortest = Figure::Duration(shortest),
                    longest = Figure::Duration(longest)
                ),
            }
        }
        (_, None) | (None, _) => say!("explain-lasts-not-known"),
    };
    let extension = if period.extendable { say!("explain-extendable") } else { say!("explain-no-extension") };
    page.detail(say!("explain-period-length", length = length, extension = extension));
    let at = period.from.earliest;
    let offsets: Vec<Micros> =
        agreement.parties.iter().filter_map(|party| Some(party.clock.as_ref()?.1.offset(at))).collect();
    if offsets.iter().any(|offset| *offset != offsets[0]) {
        page.detail(say!("explain-clocks-differ"));
    }
}

/// Is nothing known of the end?
fn no_end(period: &Period) -> bool {
    period.to.latest.is_none() && period.to.earliest <= period.from.earliest
}

/// A moment in UTC and on every party's clock, or the interval in which it lies.
fn edge(agreement: &Agreement, edge: Edge) -> Sentence {
    if edge.is_open() {
        return say!("explain-edge-open");
    }
    if let Some(day) = day(agreement, edge) {
        return say!("explain-edge-day", day = day);
    }
    let earliest = clocks(agreement, edge.earliest);
    match (edge.exact(), edge.latest) {
        (Some(_), _) => earliest,
        (None, Some(latest)) => {
            say!("explain-edge-between", earliest = earliest, latest = clocks(agreement, latest))
        }
        (None, None) => say!("explain-edge-after", earliest = earliest),
    }
}

/// The day of which no hour is known, where every party's clock shows the same one.
fn day(agreement: &Agreement, edge: Edge) -> Option<Date> {
    let (earliest, latest) = (edge.earliest, edge.latest?);
    let mut days = agreement.parties.iter().filter_map(|party| {
        let (_, zone) = party.clock.as_ref()?;
        let (first, last) = (zone.offset(earliest), zone.offset(latest));
        let midnights = (earliest.0 + first).rem_euclid(DAY) == 0 && (latest.0 + last).rem_euclid(DAY) == 0;
        let next = Time(latest.0 + last - (earliest.0 + first)).0 == DAY;
        Some((midnights && next).then(|| earliest.date(first)))
    });
    let first = days.next()??;
    days.all(|other| other == Some(first)).then_some(first)
}

fn clocks(agreement: &Agreement, time: Time) -> Sentence {
    // Parties whose clocks show the same stand together, in the order of the file.
    let mut offsets: Vec<(Micros, Vec<Name>)> = Vec::new();
    for party in &agreement.parties {
        let Some((_, zone)) = &party.clock else { continue };
        let offset = zone.offset(time);
        match offsets.iter_mut().find(|(known, _)| *known == offset) {
            Some((_, parties)) => parties.push(party.code.clone()),
            None => offsets.push((offset, Vec::from([party.code.clone()]))),
        }
    }
    let clocks = offsets.iter().map(|(offset, parties)| {
        say!("explain-clock-of", party = and(parties), time = Figure::Clock(time, *offset)).into()
    });
    let clocks: Vec<Figure> = clocks.collect();
    let utc = Figure::Clock(time, 0);
    if clocks.is_empty() {
        say!("explain-moment-utc", utc = utc)
    } else {
        say!("explain-moment", utc = utc, clocks = semicolons(clocks))
    }
}

/// Sources behind what they say; nothing where there are none.
fn cited(sources: &[Name]) -> Figure {
    (!sources.is_empty()).then(|| say!("explain-cited", sources = and(sources))).into()
}

/// "(reading ..)", where there are several.
fn among(agreement: &Agreement, reading: &Reading) -> Option<Sentence> {
    (agreement.readings.len() > 1).then(|| say!("explain-of-reading", id = &reading.id))
}

/// "(reading ..)", where something belongs to one.
fn of_reading(reading: &Option<Name>) -> Option<Sentence> {
    reading.as_ref().map(|id| say!("explain-of-reading", id = id))
}

fn stance(stance: Stance) -> Figure {
    term("stance", &Stance::NAMES, stance)
}

fn explain_line(page: &mut Page, agreement: &Agreement, line: &Line) {
    let reference = line.reference.then(|| say!("explain-line-reference"));
    let course = course(line.date, &line.course);
    page.item(say!("explain-line", id = &line.id, course = course, reference = reference));
    if let Some(note) = &line.note {
        page.detail(say!("explain-plain", text = note));
    }
    for version in &line.versions {
        let course = self::course(version.date, &version.course);
        let since = clocks(agreement, version.since);
        page.detail(say!("explain-line-version", since = since, course = course));
        if let Some(note) = &version.note {
            page.detail(say!("explain-plain", text = note));
        }
    }
}

fn course(date: Option<Date>, course: &Course) -> Sentence {
    let date = date.map(|date| say!("explain-line-date", date = date));
    match course {
        Course::Drawn { left, right, .. } => {
            say!("explain-line-drawn", date = date, left = left, right = right)
        }
        Course::HeldGround { data, held_by, across } => {
            say!("explain-line-held", party = held_by, data = data, date = date, across = across)
        }
        Course::NotKnown { left, right } => say!("explain-line-not-known", left = left, right = right),
    }
}

fn extent(extent: &Extent) -> Sentence {
    match extent {
        Extent::Drawn(areas) => say!("explain-zone-drawn", count = areas.len()),
        Extent::Around { class, within, fresh } => say!(
            "explain-zone-around",
            within = Figure::Length(*within),
            class = class,
            fresh = Figure::Duration(*fresh),
        ),
        Extent::Sites { classes, within } => say!(
            "explain-zone-sites",
            within = Figure::Length(*within),
            classes = semicolons(terms("target", &Target::NAMES, classes)),
        ),
        Extent::FromLine { line, sides, beyond, within, own } => say!(
            "explain-zone-line",
            beyond = (*beyond != 0).then(|| say!("explain-zone-beyond", least = Figure::Length(*beyond))),
            within = Figure::Length(*within),
            line = line,
            own = own_lines(own),
            sides = and(sides),
        ),
    }
}

/// Lines of their own for some parties.
fn own_lines(own: &[(Name, Name)]) -> Option<Sentence> {
    let one = |(party, line): &(Name, Name)| say!("explain-own-line", party = party, line = line).into();
    let lines: Vec<Figure> = own.iter().map(one).collect();
    (!lines.is_empty()).then(|| say!("explain-own-lines", lines = Figure::List(lines, Join::Comma)))
}

fn explain_standards(page: &mut Page, agreement: &Agreement) {
    let mut standards: Vec<(Sentence, Standard)> = Vec::new();
    for reading in &agreement.readings {
        for clause in &reading.clauses {
            if standards.iter().any(|(_, standard)| *standard == clause.standard) {
                continue;
            }
            let whose = say!("explain-standard-of", clause = &clause.id, reading = among(agreement, reading));
            standards.push((whose, clause.standard));
        }
    }
    let one = standards.len() == 1;
    for (whose, standard) in standards {
        page.item(say!(
            "explain-standard",
            clauses = if one { say!("explain-standard-every") } else { whose },
            occurred = Figure::Share(standard.occurred),
            inside = Figure::Share(standard.inside),
            origin = Figure::Share(standard.origin),
        ));
    }
}

/// In what the readings are not alike, in the order of the file.
fn differences(agreement: &Agreement) -> Vec<Sentence> {
    let Some((first, others)) = agreement.readings.split_first() else { return Vec::new() };
    let mut found = Vec::new();
    let edges =
        |reading: &Reading, pick: fn(&Period) -> Edge| reading.periods.iter().map(pick).collect::<Vec<_>>();
    if others.iter().any(|r| edges(r, |p| p.from) != edges(first, |p| p.from)) {
        found.push(say!("explain-differs-start"));
    }
    if others.iter().any(|r| edges(r, |p| p.to) != edges(first, |p| p.to)) {
        found.push(say!("explain-differs-end"));
    }
    for clause in &first.clauses {
        let differs = |same: fn(&Clause, &Clause) -> bool| {
            others.iter().filter_map(|reading| reading.clause(&clause.id)).any(|other| !same(clause, other))
        };
        let mut note = |differ: bool, what: Sentence| {
            if differ {
                found.push(say!("explain-differs-clause", id = &clause.id, what = what));
            }
        };
        note(differs(|a, b| a.mode == b.mode), say!("explain-differs-mode"));
        note(differs(|a, b| a.binds == b.binds), say!("explain-differs-binds"));
        note(
            differs(|a, b| a.acts == b.acts && a.unsettled_acts == b.unsettled_acts),
            say!("explain-differs-acts"),
        );
        note(
            differs(|a, b| a.means == b.means && a.systems == b.systems && a.calibre == b.calibre),
            say!("explain-differs-means"),
        );
        note(differs(|a, b| a.forces == b.forces), say!("explain-differs-forces"));
        note(differs(|a, b| a.targets == b.targets), say!("explain-differs-targets"));
        note(differs(|a, b| a.list_known == b.list_known), say!("explain-differs-list"));
        note(differs(|a, b| a.place == b.place), say!("explain-differs-place"));
        note(differs(|a, b| a.distances == b.distances), say!("explain-differs-distances"));
        note(differs(|a, b| a.periods == b.periods), say!("explain-differs-periods"));
        note(differs(|a, b| a.threshold == b.threshold), say!("explain-differs-threshold"));
        note(differs(|a, b| a.quantity == b.quantity), say!("explain-differs-quantity"));
        note(differs(|a, b| a.stages == b.stages), say!("explain-differs-stages"));
        note(
            differs(|a, b| a.conditions == b.conditions && a.over == b.over),
            say!("explain-differs-conditions"),
        );
        note(differs(|a, b| a.exceptions == b.exceptions), say!("explain-differs-exceptions"));
        note(differs(|a, b| a.standard == b.standard), say!("explain-differs-standard"));
        note(differs(|a, b| a.words == b.words && a.title == b.title), say!("explain-differs-words"));
    }
    let absent = |id: &Name| say!("explain-differs-clause", id = id, what = say!("explain-differs-absent"));
    for clause in others.iter().flat_map(|reading| &reading.clauses) {
        let everywhere = agreement.readings.iter().all(|reading| reading.clause(&clause.id).is_some());
        let what = absent(&clause.id);
        if !everywhere && !found.contains(&what) {
            found.push(what);
        }
    }
    for clause in &first.clauses {
        let what = absent(&clause.id);
        if others.iter().any(|reading| reading.clause(&clause.id).is_none()) && !found.contains(&what) {
            found.push(what);
        }
    }
    found
}

/// What the model itself leaves open.
fn gaps(agreement: &Agreement) -> Vec<Sentence> {
    let mut gaps = Vec::new();
    for reading in &agreement.readings {
        let of = || among(agreement, reading);
        for period in &reading.periods {
            if period.from.exact().is_none() {
                gaps.push(say!("explain-gap-start", reading = of()));
            }
            if period.to.exact().is_none() && !period.to.is_open() {
                gaps.push(say!("explain-gap-end", reading = of()));
            }
        }
        for clause in &reading.clauses {
            if !clause.list_known || (clause.place == Where::Sites && agreement.sites.is_none()) {
                gaps.push(say!("explain-gap-list", clause = &clause.id, reading = of()));
            }
            let of_exceptions = clause.exceptions.iter().flat_map(|exception| &exception.conditions);
            for condition in clause.conditions.iter().chain(of_exceptions) {
                if matches!(condition.test, Test::Notice { within: None, .. }) {
                    let (condition, clause) = (&condition.id, &clause.id);
                    gaps.push(say!(
                        "explain-gap-never-stale",
                        condition = condition,
                        clause = clause,
                        reading = of()
                    ));
                }
            }
        }
    }
    for (phase, gate) in
        agreement.phases.iter().flat_map(|phase| phase.gates.iter().map(move |gate| (phase, gate)))
    {
        if matches!(gate.indicator, Indicator::Breaches { .. }) && gate.coverage.is_none() {
            gaps.push(say!("explain-gap-unseen", gate = &gate.id, phase = &phase.id));
        }
        if gate.coverage.is_some() && gate.window % DAY != 0 {
            gaps.push(say!("explain-gap-part-of-a-day", gate = &gate.id, phase = &phase.id));
        }
    }
    gaps
}
