//! From the file to the model: names resolved, readings completed, contradictions refused.

mod clause;
mod life;
mod people;
mod plan;
mod sense;

use super::*;
use crate::config::{self, At, Field, Mistake, Table};
use crate::observation::Target;
use crate::time::DAY;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::ToString;
use clause::Draft;
use core::ops::Range;

/// Name by which mistakes in the terms are reported.
const TERMS: &str = "terms.toml";

impl Agreement {
    /// Compiles the text of a `terms.toml`. `shapes` holds what was read from the shape files, by the names
    /// that the text uses (`zones/buffer.geojson`); `sites` the rows of `sites.csv`, if there is one.
    ///
    /// # Errors
    /// All mistakes of the text, in the order in which they stand in it, as far as they can be told: what is
    /// not TOML hides the rest.
    pub fn compile(
        terms: &str,
        shapes: &BTreeMap<String, Shape>,
        sites: Option<Vec<Site>>,
    ) -> Result<Self, Vec<Mistake>> {
        Self::compile_with(terms, Papers { shapes, sites, arsenal: Arsenal::default() })
    }

    /// The same with a table of weapons.
    ///
    /// # Errors
    /// As for [`Agreement::compile`].
    pub fn compile_with(terms: &str, papers: Papers<'_>) -> Result<Self, Vec<Mistake>> {
        config::read(TERMS, terms, |root| agreement(&root, papers))
    }
}

/// What lies beside a `terms.toml`.
pub struct Papers<'a> {
    /// What was read from the shape files, by the names that the text uses (`zones/buffer.geojson`).
    pub shapes: &'a BTreeMap<String, Shape>,
    /// The rows of `sites.csv`, if there is one.
    pub sites: Option<Vec<Site>>,
    /// The weapons by name, from `weapons.toml`; none if there is no such file.
    pub arsenal: Arsenal,
}

/// The names that other parts of the file refer to.
struct Known<'a> {
    parties: Vec<&'a str>,
    sources: Vec<&'a str>,
    lines: Vec<&'a str>,
    zones: Vec<&'a str>,
    clauses: Vec<&'a str>,
    mechanisms: Vec<&'a str>,
    /// Everybody who has a code.
    people: Vec<&'a str>,
    arsenal: &'a Arsenal,
}

fn agreement(root: &Table<'_>, papers: Papers<'_>) -> Option<Agreement> {
    let Papers { shapes, sites, arsenal } = papers;
    let id = root.need("id").code();
    let title = root.need("title").text();
    let titles = titles(root);
    let language = root.need("language").code();
    if let Some(tag) = language.as_ref().filter(|tag| !is_language_tag(tag.value)) {
        let named = match tag.value.to_lowercase().as_str() {
            "english" => Some("en"),
            "ukrainian" | "ua" | "ukr" | "українська" => Some("uk"),
            "russian" | "rus" | "русский" => Some("ru"),
            tag if tag.len() == 2 && is_language_tag(tag) => Some(tag),
            _ => None,
        }
        .map(|tag| format!("write: `language = \"{tag}\"`"));
        let help = named.unwrap_or_else(|| {
            "a tag of two or three small letters, such as \"en\", \"uk\", \"ru\" or \"ar\"".to_string()
        });
        root.wrong(&tag.span, format!("\"{}\" is not a tag of a language", tag.value), "not a tag", help);
    }
    let nature = root.need("nature").one_of(&Nature::NAMES);
    let clock = root.clock_or("clock", None);
    let standard = root.need_table("standard").and_then(|table| standard(&table, None));
    let sites_field = root.may("sites");
    let sites_not_known = not_known(root, &sites_field);
    let site_radius = site_radius(root, sites.is_some());

    let party_tables = root.need_tables("party");
    let actor_tables = Role::NAMES.map(|(list, role)| (role, root.may(list).tables()));
    let mechanism_tables = root.may("mechanism").tables();
    let source_tables = root.need_tables("source");
    let line_tables = root.may("line").tables();
    let zone_tables = root.may("zone").tables();
    let clause_tables = root.need_tables("clause");
    let parties = names(&party_tables, "code", "party");
    let mechanisms = people::codes(&mechanism_tables, &parties, "mechanism");
    let mut people = [parties.as_slice(), &mechanisms].concat();
    for ((list, _), (_, tables)) in Role::NAMES.iter().zip(&actor_tables) {
        let more = people::codes(tables, &people, list);
        people.extend(more);
    }
    let known = Known {
        parties,
        sources: names(&source_tables, "id", "source"),
        lines: names(&line_tables, "id", "line"),
        zones: names(&zone_tables, "id", "zone"),
        clauses: names(&clause_tables, "id", "clause"),
        mechanisms,
        people,
        arsenal: &arsenal,
    };

    let parties = all(&party_tables, party);
    let actors: Option<Vec<Vec<Actor>>> = actor_tables
        .iter()
        .map(|(role, tables)| all(tables, |table| people::actor(table, *role, &known)))
        .collect();
    let mechanisms = all(&mechanism_tables, |table| people::mechanism(table, &known));
    if party_tables.len() == 1 {
        let help = "an agreement binds or concerns at least two: add another `[[party]]`";
        root.wrong(&party_tables[0].span(), "there is only one party", "", help);
    }
    let sources = all(&source_tables, source);
    let lines = all(&line_tables, |table| line(table, &known, shapes, clock));
    one_reference(root, &line_tables, lines.as_deref());
    let zones = all(&zone_tables, |table| zone(table, &known, shapes));
    unused_shapes(root, &line_tables, &zone_tables, shapes);

    let base_periods = root.may("period").tables();
    let period_list = all(&base_periods, |table| period(table, clock));
    let base: Vec<Draft<'_>> =
        clause_tables.iter().map(|table| Draft::read(table, &known, true, clock)).collect();
    clause::check_over(root, &base);
    clause::check_exceptions(&clause_tables, &base);
    clause::check_emptied(root, &base, None);
    site_list(root, &sites_field, sites_not_known, sites.is_some(), &base, &zone_tables);

    let reading_tables = root.may("reading").tables();
    let reading_ids = names(&reading_tables, "id", "reading");
    let readings = if reading_tables.is_empty() {
        if base_periods.is_empty() {
            root.need_tables("period");
        }
        reading_of_the_text(period_list, &base, (clock, standard)).map(|reading| alloc::vec![reading])
    } else {
        all(&reading_tables, |table| {
            let given = (period_list.clone(), !base_periods.is_empty());
            reading(table, &known, given, &base, (clock, standard))
        })
    };

    let consequence_tables = root.may("consequence").tables();
    names(&consequence_tables, "id", "consequence");
    let consequences = all(&consequence_tables, |table| consequence(table, &known, &reading_ids));
    let positions = all(&root.may("position").tables(), |table| position(table, &known));
    let events = life::events(&root.may("event").tables(), &known, &reading_ids, clock, readings.as_deref());
    let commitment_tables = root.may("commitment").tables();
    names(&commitment_tables, "id", "commitment");
    let commitments = all(&commitment_tables, |table| life::commitment(table, &known, clock));
    let phases = plan::phases(&root.may("phase").tables(), &known, &base);
    let not_known = unsaid(root);

    let (mut readings, events) = (readings?, events?);
    if nature.as_ref().is_some_and(|nature| nature.value == Nature::Agreed) {
        all_agreed(&party_tables, parties.as_deref().unwrap_or_default(), &events);
    }
    if let Some(nature) = &nature {
        readings.iter_mut().for_each(|reading| reading.live(nature.value, &events));
    }
    let agreement = Agreement {
        id: id?.value.into(),
        title: title?.value.to_string(),
        titles,
        language: language?.value.into(),
        nature: nature?.value,
        parties: parties?,
        actors: actors?.into_iter().flatten().collect(),
        mechanisms: mechanisms?,
        sources: sources?,
        lines: lines?,
        zones: zones?,
        sites,
        site_radius: site_radius.unwrap_or(0),
        readings,
        consequences: consequences?,
        positions: positions?,
        events,
        commitments: commitments?,
        phases: phases?,
        not_known,
        arsenal,
    };
    let parts =
        sense::Parts { lines: &line_tables, clauses: &clause_tables, consequences: &consequence_tables };
    sense::check(&agreement, &parts);
    Some(agreement)
}

/// What is called agreed was accepted by every party: by its stance, or by an event of its own.
fn all_agreed(tables: &[Table<'_>], parties: &[Party], events: &[Event]) {
    for (table, party) in tables.iter().zip(parties) {
        let accepted = match party.stance {
            Stance::Agreed | Stance::Accepts | Stance::Conditional | Stance::Proposes => true,
            Stance::Declared | Stance::Mirrors | Stance::Awaits | Stance::Rejects => {
                events.iter().any(|event| {
                    matches!(event.what, What::Accepted | What::Signed) && event.by.contains(&party.code)
                })
            }
        };
        if !accepted {
            table.wrong(
                &table.place("stance"),
                format!(
                    "`nature` says that all agreed, and nothing says that \"{}\" did: its stance is `{}`",
                    party.code,
                    party.stance.name()
                ),
                "no word of acceptance",
                "write `nature = \"announced\"`, \"unilateral\" or \"proposed\"; or give the party the stance by which \
                 it accepted, or an `[[event]]` `accepted` or `signed` with it in `by`",
            );
        }
    }
}

/// `en`, `uk`, `zh-Hant`: see BCP 47, of which only the shape is checked.
fn is_language_tag(tag: &str) -> bool {
    let (language, rest) = tag.split_once('-').unwrap_or((tag, ""));
    // What people write for `uk`: a country's code, and no language's.
    (2..=3).contains(&language.len())
        && language != "ua"
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// `title_uk` and `title_ru`.
fn titles(table: &Table<'_>) -> Titles {
    translated(table, "title_uk", "title_ru")
}

/// The same in Ukrainian and Russian, under keys of their own.
fn translated(table: &Table<'_>, uk: &'static str, ru: &'static str) -> Titles {
    let text = |key: &'static str| table.may(key).text().map(|text| text.value.to_string());
    Titles { uk: text(uk), ru: text(ru) }
}

/// A sentence of ours under the first key, its Ukrainian and Russian under the others.
pub(super) fn prose(table: &Table<'_>, [key, uk, ru]: [&'static str; 3]) -> Option<Prose> {
    let (field, titles) = (table.may(key), translated(table, uk, ru));
    if !field.is_some() {
        translates_nothing(table, key, [uk, ru]);
    }
    Some(Prose { text: field.text()?.value.to_string(), titles })
}

/// A translation stands beside what it translates.
pub(super) fn translates_nothing(table: &Table<'_>, key: &str, translations: [&'static str; 2]) {
    for translation in translations.into_iter().filter(|translation| table.has(translation)) {
        table.wrong(
            &table.place(translation),
            format!("`{translation}` translates `{key}`, and there is no `{key}` here"),
            "",
            "add it, or remove the line",
        );
    }
}

/// `not_known`, and the same sentence by sentence in Ukrainian and Russian.
fn unsaid(root: &Table<'_>) -> Vec<Prose> {
    let texts = |key: &'static str| root.may(key).texts();
    let english = texts("not_known");
    let translated = |key: &'static str| {
        let others = texts(key);
        if root.has(key) && others.len() != english.len() {
            let (here, wanted) = (others.len(), english.len());
            root.wrong(
                &root.place(key),
                format!("`{key}` has {here} sentences, `not_known` {wanted}"),
                "",
                "translate each sentence of `not_known`, in its order, or remove the list",
            );
        }
        others
    };
    let (uk, ru) = (translated("not_known_uk"), translated("not_known_ru"));
    let at = |texts: &[At<&str>], at: usize| texts.get(at).map(|text| text.value.to_string());
    let one = |(number, text): (usize, &At<&str>)| Prose {
        text: text.value.to_string(),
        titles: Titles { uk: at(&uk, number), ru: at(&ru, number) },
    };
    english.iter().enumerate().map(one).collect()
}

/// All or nothing, but every table is read, so that every mistake is found.
fn all<'a, T>(tables: &[Table<'a>], read: impl Fn(&Table<'a>) -> Option<T>) -> Option<Vec<T>> {
    let read: Vec<Option<T>> = tables.iter().map(read).collect();
    read.into_iter().collect()
}

/// The names of entries under `key`; a name given twice is a mistake.
pub(super) fn names<'a>(tables: &[Table<'a>], key: &'static str, what: &str) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for table in tables {
        let Some(name) = table.need(key).code() else { continue };
        if names.contains(&name.value) {
            let message = format!("there are two entries `{what}` with {key} \"{}\"", name.value);
            table.wrong(&name.span, message, "given before", "give each its own, or remove one");
        } else {
            names.push(name.value);
        }
    }
    names
}

fn refer<'a>(table: &Table<'a>, field: &Field<'a>, what: &str, known: &[&'a str]) -> Option<Name> {
    check(table, field.text()?, what, known)
}

fn check(table: &Table<'_>, name: At<&str>, what: &str, known: &[&str]) -> Option<Name> {
    if known.contains(&name.value) {
        return Some(name.value.into());
    }
    table.unknown(&name, what, known.iter().copied());
    None
}

/// Several references; one given twice is a mistake.
pub(super) fn refer_all<'a>(
    table: &Table<'a>,
    field: &Field<'a>,
    what: &str,
    known: &[&'a str],
) -> Option<Vec<Name>> {
    let mut names: Vec<Name> = Vec::new();
    let mut complete = true;
    for text in field.texts() {
        if names.iter().any(|name| **name == *text.value) {
            table.wrong(
                &text.span,
                format!("the {what} \"{}\" is named twice", text.value),
                "",
                "remove one",
            );
        }
        match check(table, text, what, known) {
            Some(name) => names.push(name),
            None => complete = false,
        }
    }
    complete.then_some(names)
}

/// Is it the text "not known"? Any other text is a mistake.
fn not_known(table: &Table<'_>, field: &Field<'_>) -> bool {
    match field.text() {
        Some(text) if text.value == "not known" => true,
        Some(text) => {
            table.wrong(
                &text.span,
                "only \"not known\" can stand here",
                "",
                "write \"not known\" or remove the line",
            );
            false
        }
        None => false,
    }
}

/// Words of the text under `words`, or ours under `paraphrase`: exactly one of the two.
fn words(table: &Table<'_>, needed: bool) -> Option<Words> {
    let (quote, ours) = (table.may("words"), table.may("paraphrase"));
    let (quote_text, our_text) =
        (quote.text(), prose(table, ["paraphrase", "paraphrase_uk", "paraphrase_ru"]));
    match (quote.is_some(), ours.is_some()) {
        (true, true) => {
            let at = ours.text()?.span;
            let help = "keep `words` for a quotation, `paraphrase` for our own words";
            table.wrong(&at, "both `words` and `paraphrase` are given", "the second", help);
            None
        }
        (true, false) => Some(Words::Quote(quote_text?.value.to_string())),
        (false, true) => Some(Words::Paraphrase(our_text?)),
        (false, false) => {
            if needed {
                let help =
                    "add `words = \"...\"` for a quotation or `paraphrase = \"...\"` for our own words";
                table.wrong(&table.span(), "there are no words of the text", "in this part", help);
            }
            None
        }
    }
}

/// Sources that must be named.
fn cited(table: &Table<'_>, known: &Known<'_>) -> Option<Vec<Name>> {
    let field = table.need("sources");
    let sources = refer_all(table, &field, "source", &known.sources)?;
    if sources.is_empty() && field.is_some() {
        let help = "name the `id` of at least one `[[source]]`, or leave the term out";
        table.wrong(&table.span(), "no source is given", "in this part", help);
    }
    (!sources.is_empty()).then_some(sources)
}

fn party(table: &Table<'_>) -> Option<Party> {
    let code = table.need("code").code();
    let name = table.need("name").text();
    let stance = table.need("stance").one_of(&Stance::NAMES);
    let forms = table.may("forms").texts().into_iter().map(|form| form.value.into()).collect();
    let names = people::names_in(table);
    let clock = table.clock("clock").zip(table.may("clock").text());
    Some(Party {
        code: code?.value.into(),
        name: name?.value.into(),
        forms,
        names,
        stance: stance?.value,
        clock: clock.map(|(zone, name)| (name.value.into(), zone.value)),
    })
}

pub(super) fn source(table: &Table<'_>) -> Option<Source> {
    let id = table.need("id").code();
    let url = table.need("url").text();
    if let Some(url) = url.as_ref() {
        let message = "this is not a web address";
        if url.contains(char::is_whitespace) {
            table.wrong(&url.span, message, "a blank is in it", "an address has no blanks: copy it again");
        } else if let Some(rest) = url.strip_prefix("www.") {
            let help = format!(
                "it must start with https:// or http://, for example: `url = \"https://www.{rest}\"`"
            );
            table.wrong(&url.span, message, "its beginning is missing", help);
        } else if !url.starts_with("https://") && !url.starts_with("http://") {
            table.wrong(&url.span, message, "", "it must start with https:// or http://");
        }
    }
    let kind = table.may("kind").one_of(&SourceKind::NAMES);
    let kind = kind.map_or(SourceKind::Unrated, |kind| kind.value);
    Some(Source { id: id?.value.into(), url: url?.value.to_string(), kind })
}

fn line(
    table: &Table<'_>,
    known: &Known<'_>,
    shapes: &BTreeMap<String, Shape>,
    clock: Option<Zone>,
) -> Option<Line> {
    let id = table.need("id").code();
    let reference = table.may("reference").flag().is_some_and(|flag| flag.value);
    let first = course(table, known, shapes);
    let version_tables = table.may("version").tables();
    let versions = all(&version_tables, |table| {
        let since = table.need("since").time(clock);
        let (date, course, note) = course(table, known, shapes)?;
        Some((since?, Version { since: Time(0), date, course, note }))
    });
    let (date, course, note) = first?;
    let mut later: Vec<Version> = Vec::new();
    for (table, (since, version)) in version_tables.iter().zip(versions?) {
        if later.last().is_some_and(|last| since.value <= last.since) {
            let help = "versions of a line stand in the order of time";
            table.wrong(&since.span, "this version does not come after the one before it", "", help);
        }
        if version.course.sides() != course.sides() {
            let help = "a line between other parties is another line: give it its own `[[line]]`";
            table.wrong(&table.span(), "this version of the line has other sides", "in this part", help);
        }
        later.push(Version { since: since.value, ..version });
    }
    Some(Line { id: id?.value.into(), reference, date, course, note, versions: later })
}

/// Where a line, or a version of one, runs; with its day and note.
fn course(
    table: &Table<'_>,
    known: &Known<'_>,
    shapes: &BTreeMap<String, Shape>,
) -> Option<(Option<Date>, Course, Option<Prose>)> {
    let note = prose(table, ["note", "note_uk", "note_ru"]);
    let drawn = table.may("file");
    if drawn.is_some() {
        let date = table.may("date").date();
        let left = refer(table, &table.need("left"), "party", &known.parties);
        let right = refer(table, &table.need("right"), "party", &known.parties);
        two_sides(table, left.as_ref(), right.as_ref());
        let lines = match shape(table, &drawn, shapes)? {
            (_, Shape::Lines(lines)) if lines.iter().any(|line| line.len() > 1) => lines.clone(),
            (at, _) => {
                table.wrong(
                    &at,
                    "this file holds no line",
                    "",
                    "a line is a LineString of two points or more",
                );
                return None;
            }
        };
        return Some((
            date.map(|date| date.value),
            Course::Drawn { lines, left: left?, right: right? },
            note,
        ));
    }
    let from = table.need("from").one_of(&[("held ground", true), ("not known", false)]);
    if from.as_ref().is_some_and(|known| !known.value) {
        let left = refer(table, &table.need("left"), "party", &known.parties);
        let right = refer(table, &table.need("right"), "party", &known.parties);
        two_sides(table, left.as_ref(), right.as_ref());
        return Some((None, Course::NotKnown { left: left?, right: right? }, note));
    }
    let data = table.need("data").code();
    let date = table.need("date").date();
    let held_by = refer(table, &table.need("held_by"), "party", &known.parties);
    let across = refer(table, &table.need("across"), "party", &known.parties);
    two_sides(table, held_by.as_ref(), across.as_ref());
    from?;
    let course = Course::HeldGround { data: data?.value.into(), held_by: held_by?, across: across? };
    Some((Some(date?.value), course, note))
}

impl Course {
    /// The parties on the left and right; of held ground, who holds it and who is across.
    pub fn sides(&self) -> (&Name, &Name) {
        match self {
            Self::Drawn { left, right, .. } | Self::NotKnown { left, right } => (left, right),
            Self::HeldGround { held_by, across, .. } => (held_by, across),
        }
    }
}

fn two_sides(table: &Table<'_>, one: Option<&Name>, other: Option<&Name>) {
    if one.is_some() && one == other {
        let help = "name one party for each side";
        table.wrong(&table.span(), "the same party stands on both sides of the line", "in this part", help);
    }
}

fn one_reference(root: &Table<'_>, tables: &[Table<'_>], lines: Option<&[Line]>) {
    let Some(lines) = lines else { return };
    if lines.iter().all(|line| matches!(line.course, Course::NotKnown { .. })) {
        return;
    }
    let mut marked = tables.iter().zip(lines).filter(|(_, line)| line.reference);
    match (marked.next(), marked.next(), tables.first()) {
        (None, _, Some(first)) => {
            let help = "add `reference = true` to the line on which pictures shall lay their kilometres";
            root.wrong(&first.span(), "no line is the reference line", "a line", help);
        }
        (_, Some((second, _)), _) => {
            root.wrong(
                &second.span(),
                "there are two reference lines",
                "the second",
                "keep one `reference = true`",
            );
        }
        _ => {}
    }
}

/// The shape that a file holds, with the place where the file is named.
fn shape<'s>(
    table: &Table<'_>,
    field: &Field<'_>,
    shapes: &'s BTreeMap<String, Shape>,
) -> Option<(Range<usize>, &'s Shape)> {
    let file = field.text()?;
    let shape = shapes.get(file.value);
    if shape.is_none() {
        let help = match config::nearest(file.value, shapes.keys().map(String::as_str)) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => "the file must lie in the agreement's folder, its name given from there".to_string(),
        };
        table.wrong(&file.span, format!("the file \"{}\" is missing", file.value), "not found", help);
    }
    Some((file.span, shape?))
}

fn unused_shapes(
    root: &Table<'_>,
    lines: &[Table<'_>],
    zones: &[Table<'_>],
    shapes: &BTreeMap<String, Shape>,
) {
    let versions: Vec<Table<'_>> = lines.iter().flat_map(|line| line.may("version").tables()).collect();
    let used: Vec<&str> = lines
        .iter()
        .chain(zones)
        .chain(&versions)
        .filter_map(|table| table.may("file").text())
        .map(|file| file.value)
        .collect();
    versions.iter().for_each(Table::asked_all);
    if used.iter().any(|name| !shapes.contains_key(*name)) {
        return; // a name misspelt: told there
    }
    for name in shapes.keys().filter(|name| !used.contains(&name.as_str())) {
        let help = "name it as `file` in a `[[zone]]` or `[[line]]`, or remove it";
        root.wrong(&(0..0), format!("the file \"{name}\" is there, but no zone or line uses it"), "", help);
    }
}

fn zone(table: &Table<'_>, known: &Known<'_>, shapes: &BTreeMap<String, Shape>) -> Option<Zoned> {
    let id = table.need("id").code();
    let drawn = table.may("file");
    let extent = if drawn.is_some() {
        match shape(table, &drawn, shapes)? {
            (_, Shape::Areas(areas)) if !areas.is_empty() && areas.iter().all(has_area) => {
                Extent::Drawn(areas.clone())
            }
            (at, _) => {
                let help = "a zone is a Polygon or MultiPolygon; each ring has three corners or more, and ends \
                            where it began";
                table.wrong(&at, "the zone is empty: its file holds no area", "nothing can lie in it", help);
                return None;
            }
        }
    } else if table.has("around") {
        let class = table.need("around").code();
        let within = positive(table, "within");
        let fresh = table.need("fresh").duration();
        Extent::Around { class: class?.value.into(), within: within?, fresh: fresh?.value }
    } else if table.has("sites") {
        let classes = table.need("sites").many_of(&Target::NAMES);
        let within = positive(table, "within");
        let classes = classes.into_iter().map(|class| class.value).collect();
        Extent::Sites { classes, within: within? }
    } else if table.has("line") || table.has("within") {
        let line = refer(table, &table.need("line"), "line", &known.lines);
        let sides_field = table.need("sides");
        let sides = refer_all(table, &sides_field, "party", &known.parties);
        let within = table.need("within").length();
        let beyond_field = table.may("beyond");
        let beyond = if beyond_field.is_some() { beyond_field.length() } else { None };
        let least = beyond.as_ref().map_or(0, |beyond| beyond.value);
        if let Some(within) = within.as_ref().filter(|within| within.value <= least) {
            let help = "`within` must be greater than `beyond`, and greater than zero";
            table.wrong(&within.span, "the zone is empty", "nothing can lie in it", help);
        }
        if sides.as_ref().is_some_and(Vec::is_empty) && sides_field.is_some() {
            let help = "name the parties on whose side of the line it lies";
            table.wrong(&table.span(), "the zone is empty: it lies on nobody's side", "in this part", help);
        }
        let own = own_lines(table, known);
        if let (Some(sides), Some(own)) = (&sides, &own)
            && let Some((party, _)) = own.iter().find(|(party, _)| !sides.contains(party))
        {
            let message = format!("`line_for` names {party}, on whose side the zone does not lie");
            table.wrong(
                &table.place("line_for"),
                message,
                "not one of `sides`",
                "add it to `sides`, or remove its line",
            );
        }
        Extent::FromLine { line: line?, sides: sides?, beyond: least, within: within?.value, own: own? }
    } else {
        let help =
            "add `file = \"zones/NAME.geojson\"`; or `line`, `within` and `sides`; or `around`; or `sites`";
        table.wrong(&table.span(), "the zone has no shape", "in this part", help);
        return None;
    };
    Some(Zoned { id: id?.value.into(), extent })
}

/// How near to a listed site something is at it.
fn site_radius(root: &Table<'_>, sites: bool) -> Option<Mm> {
    let field = root.may("site_radius");
    match (field.is_some(), sites) {
        (true, true) => field.length().map(|at| at.value),
        (true, false) => {
            let at = field.text().map_or(0..0, |text| text.span);
            root.wrong(
                &at,
                "`site_radius` is given, but no sites are",
                "",
                "add sites.csv, or remove the line",
            );
            None
        }
        (false, true) => {
            let help = "add a line such as `site_radius = \"1 km\"`: how near to its coordinates something is at a site";
            root.wrong(&(0..0), "there is a sites.csv, but no `site_radius`", "", help);
            None
        }
        (false, false) => None,
    }
}

/// A distance greater than zero.
fn positive(table: &Table<'_>, key: &'static str) -> Option<Mm> {
    let length = table.need(key).length()?;
    if length.value <= 0 {
        let help = format!("`{key}` must be greater than zero");
        table.wrong(&length.span, "the zone is empty", "nothing can lie in it", help);
        return None;
    }
    Some(length.value)
}

/// Lines of their own for some parties: `{ CODE = "line" }`.
fn own_lines(table: &Table<'_>, known: &Known<'_>) -> Option<Vec<(Name, Name)>> {
    let field = table.may("line_for");
    if !field.is_some() {
        return Some(Vec::new());
    }
    let inner = field.table()?;
    let read = |(party, line): (At<&str>, Field<'_>)| {
        let party = check(&inner, party, "party", &known.parties);
        let line = refer(&inner, &line, "line", &known.lines);
        Some((party?, line?))
    };
    let own: Vec<_> = inner.entries().into_iter().map(read).collect();
    own.into_iter().collect()
}

fn has_area(polygon: &Polygon) -> bool {
    !polygon.rings.is_empty()
        && polygon.rings.iter().all(|ring| {
            // Twice the area by the shoelace formula, in exact integers; only "is it zero" is asked.
            let doubled: i128 = ring
                .windows(2)
                .map(|edge| {
                    i128::from(edge[0].lon) * i128::from(edge[1].lat)
                        - i128::from(edge[1].lon) * i128::from(edge[0].lat)
                })
                .sum();
            ring.len() >= 4 && ring.first() == ring.last() && doubled != 0
        })
}

/// The clause that speaks of sites, the list, and the statement that it is not known must agree.
fn site_list(
    root: &Table<'_>,
    field: &Field<'_>,
    not_known: bool,
    given: bool,
    clauses: &[Draft<'_>],
    zones: &[Table<'_>],
) {
    let by_clause = clauses.iter().filter_map(|clause| clause.place.as_ref());
    let by_zone = zones.iter().find(|zone| zone.has("sites")).map(Table::span);
    let asked = by_clause.filter(|at| at.value == Where::Sites).map(|at| at.span.clone()).next().or(by_zone);
    if let Some(text) = field.text().filter(|_| not_known && given) {
        let help = "remove the line, or the file sites.csv";
        root.wrong(
            &text.span,
            "the list of sites is said to be not known, but there is a sites.csv",
            "",
            help,
        );
    }
    match asked {
        Some(at) if !given && !not_known => {
            let help = "add sites.csv (name,class,lon,lat), or a line `sites = \"not known\"` at the top";
            root.wrong(&at, "there is no list of sites", "which sites?", help);
        }
        None if given => {
            let help = "write `where = \"sites\"` in a clause, or `sites` in a zone, or remove the file";
            root.wrong(&(0..0), "there is a sites.csv, but no clause speaks of sites", "", help);
        }
        _ => {}
    }
}

fn standard(table: &Table<'_>, general: Option<Standard>) -> Option<Standard> {
    // At one half or below a finding would be as likely wrong as right; certainty is never reached.
    let read = |key, general: Option<u16>| {
        let field = if general.is_some() { table.may(key) } else { table.need(key) };
        if field.is_some() {
            field.decimal(3, 501..=999).and_then(|at| u16::try_from(at.value).ok())
        } else {
            general
        }
    };
    let occurred = read("occurred", general.map(|general| general.occurred));
    let inside = read("inside", general.map(|general| general.inside));
    let origin = read("origin", general.map(|general| general.origin));
    Some(Standard { occurred: occurred?, inside: inside?, origin: origin? })
}

fn period(table: &Table<'_>, clock: Option<Zone>) -> Option<Period> {
    let clock = table.clock_or("clock", clock);
    let extendable = table.may("extendable").flag().is_some_and(|flag| flag.value);
    let from_field = table.need("from");
    let from = edge(&from_field, clock);
    let (to_field, lasts_field) = (table.may("to"), table.may("lasts"));
    let lasts = lasts_field.duration();
    let to = match (to_field.is_some(), lasts_field.is_some()) {
        (true, true) => {
            let help = "keep `to` or `lasts`";
            let at = lasts.map_or(table.span(), |lasts| lasts.span);
            table.wrong(&at, "the end is given twice", "and here again", help);
            None
        }
        (false, false) => {
            let help = "add `to = ...` or `lasts = \"30 days\"`; if the text sets none, `to = \"open\"`; if nobody knows, \
                        `to = \"not known\"`";
            table.wrong(&table.span(), "the period has no end", "in this part", help);
            None
        }
        (true, false) => end(&to_field, clock),
        (false, true) => {
            let (from, lasts) = (from.as_ref()?, lasts?);
            Some(At { value: from.value.later(lasts.value, clock), span: lasts.span })
        }
    };
    let (from, to) = (from?, to?);
    if from.value.earliest == Time(i64::MIN) {
        let help = "give at least `from = { not_before = ... }`";
        table.wrong(&from.span, "nothing is said about the start", "", help);
        return None;
    }
    if to.value.latest.is_some_and(|to| to <= from.value.earliest) {
        let message = format!("the period ends ({}) before it starts", to.value.earliest);
        table.wrong(&to.span, message, "ends before it starts", "exchange or correct the two");
        return None;
    }
    // An end of which nothing is known is not before the start.
    let earliest = to.value.earliest.max(from.value.earliest);
    Some(Period { from: from.value, to: Edge { earliest, ..to.value }, extendable })
}

/// A moment; a day, whose hour is then not known; `{ not_before, not_after }`; or "not known".
fn edge(field: &Field<'_>, clock: Option<Zone>) -> Option<At<Edge>> {
    if field.is_table() {
        let limits = field.table()?;
        let limit = |field: Field<'_>, end_of_day: bool| {
            if field.is_date() {
                field.day(clock).map(|day| day.map(|day| if end_of_day { day.end } else { day.start }))
            } else {
                field.time(clock)
            }
        };
        let earliest = limit(limits.need("not_before"), false);
        let latest = limit(limits.may("not_after"), true);
        if let (Some(earliest), Some(latest)) = (&earliest, &latest)
            && latest.value < earliest.value
        {
            let help = "exchange or correct the two";
            limits.wrong(&latest.span, "`not_after` lies before `not_before`", "", help);
            return None;
        }
        let value = Edge { earliest: earliest?.value, latest: latest.map(|latest| latest.value) };
        Some(At { value, span: limits.span() })
    } else if field.is_date() {
        Some(field.day(clock)?.map(|day| Edge { earliest: day.start, latest: Some(day.end) }))
    } else if let Some(text) =
        field.is_text().then(|| field.text()).flatten().filter(|t| t.value == "not known")
    {
        Some(text.map(|_| Edge { earliest: Time(i64::MIN), latest: None }))
    } else {
        Some(field.time(clock)?.map(Edge::at))
    }
}

/// An end: like an edge, or "open" when the text sets none.
fn end(field: &Field<'_>, clock: Option<Zone>) -> Option<At<Edge>> {
    match field.is_text().then(|| field.text()).flatten().filter(|text| text.value == "open") {
        Some(text) => Some(text.map(|_| Edge::OPEN)),
        None => edge(field, clock),
    }
}

/// A deadline: like an edge, but of a day it is the end that counts. `Some(None)` for "not known".
fn deadline(field: &Field<'_>, clock: Option<Zone>) -> Option<Option<Edge>> {
    if field.is_date() {
        return Some(Some(Edge::at(field.day(clock)?.value.end)));
    }
    let edge = edge(field, clock)?.value;
    Some((edge.earliest != Time(i64::MIN)).then_some(edge))
}

impl Edge {
    /// The same edge later by a length of time; whole days are days of the calendar, where a clock is known.
    pub(super) fn later(self, by: crate::time::Micros, clock: Option<Zone>) -> Self {
        let shift = |time: Time| match clock.filter(|_| by % DAY == 0) {
            None => Time(time.0.saturating_add(by)),
            Some(clock) => {
                let local = Time(time.0.saturating_add(clock.offset(time)).saturating_add(by));
                Time(local.0.saturating_sub(clock.offset_local(local)))
            }
        };
        Self { earliest: shift(self.earliest), latest: self.latest.map(shift) }
    }
}

fn given<'a, T>(field: &Field<'a>, read: impl FnOnce(&Field<'a>) -> Option<T>) -> Option<T> {
    if field.is_some() { read(field) } else { None }
}

fn plain<T>(list: Vec<At<T>>) -> Vec<T> {
    list.into_iter().map(|at| at.value).collect()
}

fn reading_of_the_text(
    periods: Option<Vec<Period>>,
    base: &[Draft<'_>],
    (clock, standard): (Option<Zone>, Option<Standard>),
) -> Option<Reading> {
    let periods = periods?;
    let clauses: Option<Vec<Clause>> =
        base.iter().map(|draft| draft.clone().finish(standard?, &periods, clock)).collect();
    Some(Reading {
        id: "text".into(),
        holder: None,
        periods,
        ended: Vec::new(),
        disputed: Vec::new(),
        freed: Vec::new(),
        clauses: clauses?,
        sources: Vec::new(),
    })
}

/// A complete reading: its own periods or those of the text, and the clauses of the text with its changes.
fn reading(
    table: &Table<'_>,
    known: &Known<'_>,
    (base_periods, base_has_periods): (Option<Vec<Period>>, bool),
    base: &[Draft<'_>],
    (clock, standard): (Option<Zone>, Option<Standard>),
) -> Option<Reading> {
    let id = table.need("id").code();
    let holder = refer(table, &table.need("holder"), "party", &known.people);
    let sources = cited(table, known);
    let clock = table.clock_or("clock", clock);
    let own_periods = table.may("period").tables();
    let periods = all(&own_periods, |table| period(table, clock));
    let periods = if !own_periods.is_empty() {
        periods
    } else if base_has_periods {
        base_periods
    } else {
        let help = "add a `[[reading.period]]` to it, or a `[[period]]` for all readings";
        table.wrong(&table.span(), "the reading is never in force", "in this part", help);
        None
    };

    let change_tables = table.may("clause").tables();
    names(&change_tables, "id", "clause");
    let base_ids: Vec<&str> = base.iter().filter_map(|draft| draft.id.as_ref().map(|id| id.value)).collect();
    let changes: Vec<Draft<'_>> =
        change_tables.iter().map(|table| Draft::read(table, known, false, clock)).collect();
    for id in changes.iter().filter_map(|draft| draft.id.clone()) {
        check(table, id, "clause", &base_ids);
    }
    let id_of = |draft: &Draft<'_>| draft.id.as_ref().map(|id| id.value.to_string());
    let periods = periods?;
    let change_of = |draft: &Draft<'_>| changes.iter().find(|change| id_of(change) == id_of(draft));
    let complete: Vec<Draft<'_>> = base
        .iter()
        .filter(|draft| !change_of(draft).is_some_and(|change| change.absent))
        .map(|draft| match change_of(draft) {
            Some(change) => change.clone().over(draft),
            None => draft.clone(),
        })
        .collect();
    let changed: Vec<&str> =
        changes.iter().filter_map(|draft| draft.id.as_ref().map(|id| id.value)).collect();
    clause::check_emptied(table, &complete, Some(&changed));
    let clauses: Option<Vec<Clause>> =
        complete.into_iter().map(|draft| draft.finish(standard?, &periods, clock)).collect();
    Some(Reading {
        id: id?.value.into(),
        holder: Some(holder?),
        periods,
        ended: Vec::new(),
        disputed: Vec::new(),
        freed: Vec::new(),
        clauses: clauses?,
        sources: sources?,
    })
}

fn consequence(table: &Table<'_>, known: &Known<'_>, readings: &[&str]) -> Option<Consequence> {
    let id = table.need("id").code();
    let kind = table.need("kind").one_of(&ConsequenceKind::NAMES);
    let words = words(table, true);
    let field = table.may("reading");
    let reading = field.text().map(|name| check(table, name, "reading", readings));
    let on = refer_all(table, &table.may("on"), "clause", &known.clauses);
    let judged_by =
        given(&table.may("judged_by"), |field| refer(table, field, "body or person", &known.people));
    let sources = cited(table, known);
    Some(Consequence {
        id: id?.value.into(),
        kind: kind?.value,
        words: words?,
        reading: match reading {
            Some(known) => Some(known?),
            None => None,
        },
        on: on?,
        judged_by,
        sources: sources?,
    })
}

fn position(table: &Table<'_>, known: &Known<'_>) -> Option<Position> {
    let party = refer(table, &table.need("party"), "party", &known.people);
    let office = table.may("office").text().map(|office| office.value.to_string());
    let speaker = table.may("speaker").text().map(|speaker| speaker.value.to_string());
    let speakers = translated(table, "speaker_uk", "speaker_ru");
    let offices = translated(table, "office_uk", "office_ru");
    let date = given(&table.may("date"), Field::date).map(|date| date.value);
    let stance = table.need("stance").one_of(&Stance::NAMES);
    let words = words(table, true);
    let sources = cited(table, known);
    Some(Position {
        party: party?,
        speaker,
        speakers,
        office,
        offices,
        date,
        stance: stance?.value,
        words: words?,
        sources: sources?,
    })
}
