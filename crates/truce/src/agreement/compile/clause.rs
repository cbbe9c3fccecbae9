//! Clauses, and what a reading changes in one.

use super::super::*;
use super::{
    Known, all, check, cited, deadline, given, names, not_known, own_lines, period, plain, prose, refer,
    refer_all, titles, translated, words,
};
use crate::config::{At, Field, Table};
use crate::observation::{Act, Belongs, Force, NoticeSort, Purpose, Target, Weapon};
use crate::time::{HOUR, MINUTE};
use alloc::format;
use alloc::string::ToString;

/// A clause, or what a reading changes in one, as it stands in the file.
#[derive(Clone)]
pub(super) struct Draft<'a> {
    pub(super) id: Option<At<&'a str>>,
    title: Option<&'a str>,
    titles: Titles,
    words: Option<Words>,
    pub(super) mode: Option<Mode>,
    binds: Option<Vec<Name>>,
    acts: Option<Vec<Act>>,
    unsettled_acts: Option<Vec<Act>>,
    means: Option<Vec<Weapon>>,
    targets: Option<Vec<Target>>,
    list_known: Option<bool>,
    pub(super) place: Option<At<Where>>,
    systems: Option<Vec<System>>,
    calibre: Option<Calibre>,
    forces: Option<Vec<Force>>,
    periods: Option<Vec<Holds>>,
    distances: Option<Vec<Distance>>,
    threshold: Option<Threshold>,
    pub(super) quantity: Option<Quantity>,
    pub(super) stages: Option<Vec<Step>>,
    /// Does the file give stages, readable or not? And a quantity?
    pub(super) gives: (bool, bool),
    conditions: Option<Vec<Condition>>,
    over: Option<Vec<Name>>,
    over_at: core::ops::Range<usize>,
    /// Only in a reading: it has no such clause.
    pub(super) absent: bool,
    exceptions: Option<Vec<Exception>>,
    occurred: Option<u16>,
    inside: Option<u16>,
    origin: Option<u16>,
    sources: Option<Vec<Name>>,
}

impl<'a> Draft<'a> {
    /// Reads a clause. One that is to be complete needs all of its main keys; one of a reading may leave out
    /// all but its id.
    pub(super) fn read(table: &Table<'a>, known: &Known<'a>, complete: bool, clock: Option<Zone>) -> Self {
        let key = |key: &'static str| if complete { table.need(key) } else { table.may(key) };
        let id = table.need("id").code();
        let title = key("title").text().map(|title| title.value);
        let titles = titles(table);
        let words = words(table, complete);
        let mode = key("rule").one_of(&Mode::NAMES).map(|mode| mode.value);
        let binds_field = key("binds");
        let binds = given(&binds_field, |field| refer_all(table, field, "party", &known.people));
        let acts_field = key("acts");
        let acts = given(&acts_field, |field| Some(plain(field.many_of(&Act::NAMES))));
        let unsettled_field = table.may("unsettled_acts");
        let unsettled_acts = given(&unsettled_field, |field| Some(plain(field.many_of(&Act::NAMES))));
        let means = given(&table.may("with"), |field| Some(plain(field.many_of(&Weapon::NAMES))));
        let systems = given(&table.may("systems"), |field| systems(table, field, known));
        let calibre = calibre(table);
        let forces = given(&table.may("forces"), |field| Some(plain(field.many_of(&Force::NAMES))));
        let targets = given(&table.may("against"), |field| Some(plain(field.many_of(&Target::NAMES))));
        let list_known = given(&table.may("list"), |field| Some(!not_known(table, field)));
        let place = given(&table.may("where"), |field| place(table, field, known));
        let exception_tables = table.may("except").tables();
        let exceptions = all(&exception_tables, |table| exception(table, known))
            .filter(|list| complete || !list.is_empty());
        let periods = parts(table, "period", |table| holds(table, clock));
        let distances = parts(table, "distance", |table| distance(table, known));
        let threshold = given(&table.may("threshold"), |field| threshold(&field.table()?));
        let quantity = given(&table.may("quantity"), |field| quantity(&field.table()?, clock));
        let stage_tables = table.may("stage").tables();
        names(&stage_tables, "id", "stage");
        let stages = all(&stage_tables, |table| step(table, known, clock)).filter(|list| !list.is_empty());
        earlier_stages(&stage_tables, stages.as_deref());
        let gives = (table.has("stage"), table.has("quantity"));
        let over_at = table.place("over");
        let conditions = conditions(table, known);
        let over = given(&table.may("over"), |field| refer_all(table, field, "clause", &known.clauses));
        let absent = !complete && table.may("absent").flag().is_some_and(|flag| flag.value);
        let limits = table.may("standard").table();
        let limit = |key| {
            let field = limits.as_ref()?.may(key);
            u16::try_from(field.decimal(3, 501..=999)?.value).ok()
        };
        let (occurred, inside, origin) = (limit("occurred"), limit("inside"), limit("origin"));
        let cites = complete || table.may("sources").is_some();
        let sources = if cites { cited(table, known) } else { None };

        let empty = |field: &Field<'_>, list_is_empty: bool, message: &str, help: &str| {
            if field.is_some() && list_is_empty {
                table.wrong(&table.span(), message, "in this part", help);
            }
        };
        let nobody = binds.as_ref().is_some_and(Vec::is_empty);
        empty(&binds_field, nobody, "the clause binds nobody", "name the codes of the parties that it binds");
        // Words that are not known have been reported; a list that held only such is not empty.
        let nothing =
            acts.as_ref().is_some_and(Vec::is_empty) && acts_field.list().is_some_and(|l| l.is_empty());
        let verb = match mode {
            Some(Mode::Oblige) => "the clause obliges to nothing",
            Some(Mode::Permit) => "the clause permits nothing",
            _ => "the clause prohibits nothing",
        };
        empty(&acts_field, nothing, verb, "name at least one act, such as \"fire\"");
        if let (Some(acts), Some(unsettled)) = (&acts, &unsettled_acts)
            && let Some(both) = unsettled.iter().find(|act| acts.contains(act))
        {
            let message = format!("`{}` is named as covered and as not settled", both.name());
            let at = table.place("unsettled_acts");
            table.wrong(&at, message, "and here", "keep it in `acts` or in `unsettled_acts`");
        }
        let misplaced = |there: bool, message: &str, help: &str| {
            if there {
                table.wrong(&table.span(), message, "in this part", help);
            }
        };
        if complete {
            let other = |wanted| mode.is_some_and(|mode: Mode| mode != wanted);
            let kept = table.has("stage") || table.has("quantity");
            misplaced(
                other(Mode::Oblige) && kept,
                "only a clause that obliges has stages or a quantity",
                "write `rule = \"obliges\"`, or remove them",
            );
            misplaced(
                mode == Some(Mode::Oblige) && !kept,
                "nothing says when the obligation is kept",
                "add a `[[clause.stage]]` (if no deadline is known, `due = \"not known\"`) or a `quantity`",
            );
            misplaced(
                other(Mode::Permit) && (table.has("condition") || table.has("over")),
                "only a clause that permits has conditions or stands over others",
                "write `rule = \"permits\"`, or put the conditions into a `[[clause.except]]`",
            );
            misplaced(
                other(Mode::Prohibit) && table.has("distance"),
                "only a clause that prohibits keeps weapons at a distance",
                "write `rule = \"prohibits\"` and `acts = [\"presence\"]`, or remove the distances",
            );
        }
        if let Some(place) = place.as_ref().filter(|place| place.value != Where::Anywhere)
            && table.has("distance")
        {
            let help = "the distances say where it holds: remove the line `where`";
            table.wrong(&place.span, "the clause has both `where` and distances", "not both", help);
        }
        if list_known == Some(false) && complete && targets.as_ref().is_none_or(Vec::is_empty) {
            let help = "say with `against` what sort of targets the list is about, such as \"energy\"";
            table.wrong(&table.span(), "a list is not known, but not of what", "in this part", help);
        }
        Self {
            id,
            title,
            titles,
            words,
            mode,
            binds,
            acts,
            unsettled_acts,
            means,
            targets,
            list_known,
            place,
            systems,
            calibre,
            forces,
            periods,
            distances,
            threshold,
            quantity,
            stages,
            gives,
            conditions,
            over,
            over_at,
            absent,
            exceptions,
            occurred,
            inside,
            origin,
            sources,
        }
    }

    /// What this draft leaves out, taken from `base`.
    pub(super) fn over(self, base: &Self) -> Self {
        let base = base.clone();
        Self {
            id: self.id,
            // A new title without translations is not shown under those of the old one.
            titles: if self.title.is_some() { self.titles } else { base.titles },
            title: self.title.or(base.title),
            words: self.words.or(base.words),
            mode: self.mode.or(base.mode),
            binds: self.binds.or(base.binds),
            acts: self.acts.or(base.acts),
            unsettled_acts: self.unsettled_acts.or(base.unsettled_acts),
            means: self.means.or(base.means),
            targets: self.targets.or(base.targets),
            list_known: self.list_known.or(base.list_known),
            place: self.place.or(base.place),
            systems: self.systems.or(base.systems),
            calibre: self.calibre.or(base.calibre),
            forces: self.forces.or(base.forces),
            periods: self.periods.or(base.periods),
            distances: self.distances.or(base.distances),
            threshold: self.threshold.or(base.threshold),
            quantity: self.quantity.or(base.quantity),
            stages: self.stages.or(base.stages),
            conditions: self.conditions.or(base.conditions),
            gives: (self.gives.0 || base.gives.0, self.gives.1 || base.gives.1),
            over_at: if self.over.is_some() { self.over_at } else { base.over_at },
            over: self.over.or(base.over),
            absent: self.absent,
            exceptions: self.exceptions.or(base.exceptions),
            occurred: self.occurred.or(base.occurred),
            inside: self.inside.or(base.inside),
            origin: self.origin.or(base.origin),
            sources: self.sources.or(base.sources),
        }
    }

    /// The clause, with what depends on the start of the instrument worked out.
    pub(super) fn finish(self, general: Standard, periods: &[Period], clock: Option<Zone>) -> Option<Clause> {
        let binds = self.binds?;
        let stages = due(self.stages.unwrap_or_default(), &binds, periods, clock);
        let (first, last) = (periods.first()?, periods.last()?);
        let held = self.periods.unwrap_or_default().into_iter().map(|holds| match holds {
            Holds::During(period) => period,
            Holds::BeforeStart(length) => {
                Period { from: first.from.shifted(-length), to: first.from, extendable: false }
            }
            Holds::AfterStart(length) => {
                Period { from: first.from.later(length, clock), to: last.to, extendable: false }
            }
        });
        Some(Clause {
            id: self.id?.value.into(),
            title: self.title?.to_string(),
            titles: self.titles,
            words: self.words?,
            mode: self.mode?,
            binds,
            acts: self.acts?,
            unsettled_acts: self.unsettled_acts.unwrap_or_default(),
            means: self.means.unwrap_or_default(),
            targets: self.targets.unwrap_or_default(),
            list_known: self.list_known.unwrap_or(true),
            place: self.place.map_or(Where::Anywhere, |place| place.value),
            systems: self.systems.unwrap_or_default(),
            calibre: self.calibre.unwrap_or_default(),
            forces: self.forces.unwrap_or_default(),
            periods: held.collect(),
            distances: self.distances.unwrap_or_default(),
            threshold: self.threshold,
            quantity: self.quantity,
            stages,
            conditions: self.conditions.unwrap_or_default(),
            over: self.over.unwrap_or_default(),
            exceptions: self.exceptions.unwrap_or_default(),
            standard: Standard {
                occurred: self.occurred.unwrap_or(general.occurred),
                inside: self.inside.unwrap_or(general.inside),
                origin: self.origin.unwrap_or(general.origin),
            },
            sources: self.sources?,
        })
    }
}

fn place<'a>(table: &Table<'a>, field: &Field<'a>, known: &Known<'a>) -> Option<At<Where>> {
    let text = field.text()?;
    let span = text.span.clone();
    let value = match text.value {
        "anywhere" => Where::Anywhere,
        "sites" => Where::Sites,
        _ => {
            let mut places = alloc::vec!["anywhere", "sites"];
            places.extend(&known.zones);
            Where::Zone(check(table, text, "zone", &places)?)
        }
    };
    Some(At { value, span })
}

fn exception(table: &Table<'_>, known: &Known<'_>) -> Option<Exception> {
    let words = words(table, true);
    let (acts, means, targets) = (table.may("acts"), table.may("with"), table.may("against"));
    let forces = table.may("forces");
    let conditions = conditions(table, known);
    let burden_field = table.may("burden");
    let burden = burden_field.one_of(&Burden::NAMES);
    let narrowed = [&acts, &means, &targets, &forces].iter().any(|field| field.is_some());
    if !narrowed && !table.has("condition") {
        let help = "narrow it with `acts`, `with`, `against`, `forces`, or a condition";
        table.wrong(&table.span(), "the exception swallows the whole clause", "in this part", help);
    }
    if let Some(burden) = burden.as_ref().filter(|_| !table.has("condition")) {
        let help = "add a `[[clause.except.condition]]`, or remove the line";
        table.wrong(&burden.span, "there is a burden, but no condition to be shown", "of what?", help);
    }
    Some(Exception {
        words: words?,
        acts: plain(acts.many_of(&Act::NAMES)),
        means: plain(means.many_of(&Weapon::NAMES)),
        targets: plain(targets.many_of(&Target::NAMES)),
        forces: plain(forces.many_of(&Force::NAMES)),
        conditions: conditions.unwrap_or_default(),
        burden: burden.map_or(Burden::Nobody, |burden| burden.value),
    })
}

/// Entries under `key`; `None` when there are none, so that a reading may leave them out.
fn parts<'a, T>(
    table: &Table<'a>,
    key: &'static str,
    read: impl Fn(&Table<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    let tables = table.may(key).tables();
    all(&tables, read).filter(|list| !list.is_empty())
}

fn conditions(table: &Table<'_>, known: &Known<'_>) -> Option<Vec<Condition>> {
    let tables = table.may("condition").tables();
    names(&tables, "id", "condition");
    all(&tables, |table| condition(table, known)).filter(|list| !list.is_empty())
}

fn condition(table: &Table<'_>, known: &Known<'_>) -> Option<Condition> {
    let id = table.need("id").code();
    let words = words(table, true);
    let Some(kind) = table.need("kind").one_of(&Test::NAMES) else {
        // Which keys belong here hangs on the kind: without it none of them is wrong.
        table.asked_all();
        return None;
    };
    let test = match kind.value {
        0 => {
            let acts = plain(table.need("acts").many_of(&Act::NAMES));
            let (within, near) = (table.need("within").duration(), table.need("near").length());
            for (key, at) in [("within", &within), ("near", &near)] {
                if let Some(at) = at.as_ref().filter(|at| at.value <= 0) {
                    let message = format!("`{key}` is nothing: no act answers another so narrowly");
                    table.wrong(
                        &at.span,
                        message,
                        "",
                        "say how long before, and how far away, it may have been",
                    );
                }
            }
            Test::Answers { acts, within: within?.value, near: near?.value }
        }
        1 => {
            let sort = table.need("notice").one_of(&NoticeSort::NAMES);
            let to = given(&table.may("to"), |field| refer(table, field, "mechanism", &known.mechanisms));
            let when = table.may("when").one_of(&When::NAMES).map_or(When::Before, |at| at.value);
            let within = table.may("within").duration().map(|at| at.value);
            let failed = table.may("outcome").one_of(&[("failed", ())]).is_some();
            Test::Notice { sort: sort?.value, to, when, within, failed }
        }
        2 => {
            let purposes = plain(table.may("purposes").many_of(&Purpose::NAMES));
            let ahead = table.may("ahead").duration().map(|at| at.value);
            let late_field = table.may("late");
            let late = late_field.one_of(&Late::NAMES);
            if let Some(late) = late.as_ref().filter(|_| ahead.is_none()) {
                let help = "say with `ahead` how long before its window it must be given";
                table.wrong(&late.span, "no notice can be late", "later than what?", help);
            }
            Test::Planned { purposes, ahead, late: late.map_or(Late::NotSettled, |late| late.value) }
        }
        _ => Test::Verified,
    };
    Some(Condition { id: id?.value.into(), words: words?, test })
}

/// Systems by name, from the table of weapons.
fn systems(table: &Table<'_>, field: &Field<'_>, known: &Known<'_>) -> Option<Vec<System>> {
    let found = field.texts().into_iter().map(|name| {
        let system = known.arsenal.find(name.value).cloned();
        if system.is_none() && known.arsenal.systems.is_empty() {
            let help = "add a weapons.toml to the folder, or beside the folders of all agreements";
            table.wrong(&name.span, "a weapon is named, but there is no table of weapons", "", help);
        } else if system.is_none() {
            let systems = known.arsenal.systems.iter().map(|system| system.name.as_str());
            table.unknown(&name, "weapon in the table", systems);
        }
        system
    });
    found.collect::<Vec<_>>().into_iter().collect()
}

/// Bounds on a calibre; `None` when none are given.
fn calibre(table: &Table<'_>) -> Option<Calibre> {
    let read = |key| {
        let at = table.may(key).decimal(2, 10..=200_000)?;
        Some((u32::try_from(at.value).ok()?, at.span))
    };
    let (from, over) = (read("calibre_from"), read("calibre_over"));
    let (below, to) = (read("calibre_below"), read("calibre_to"));
    for (both, names) in [
        (from.as_ref().zip(over.as_ref()), "`calibre_from` and `calibre_over`"),
        (below.as_ref().zip(to.as_ref()), "`calibre_below` and `calibre_to`"),
    ] {
        if let Some((_, second)) = both {
            table.wrong(&second.1, format!("both {names} are given"), "the second", "keep one of the two");
        }
    }
    let least = from.map(|(from, _)| from).or(over.map(|(over, _)| over + 1));
    let (most, span) =
        below.map(|(below, at)| (below - 1, at)).or(to).map_or((None, 0..0), |(a, b)| (Some(a), b));
    if let (Some(least), Some(most)) = (least, most)
        && most < least
    {
        let help = "exchange or correct the bounds";
        table.wrong(&span, "no calibre lies within these bounds", "nothing is left", help);
    }
    (least.is_some() || most.is_some()).then_some(Calibre { least, most })
}

fn distance(table: &Table<'_>, known: &Known<'_>) -> Option<Distance> {
    let classes = plain(table.may("with").many_of(&Weapon::NAMES));
    let systems = given(&table.may("systems"), |field| systems(table, field, known));
    let calibre = calibre(table);
    let at_least_field = table.may("at_least");
    let at_least = given(&at_least_field, Field::length);
    let own_range = table.may("own_range").flag().is_some_and(|flag| flag.value);
    let line = refer(table, &table.need("line"), "line", &known.lines);
    let own = own_lines(table, known);
    if !at_least_field.is_some() && !own_range {
        let help = "add `at_least = \"25 km\"`, or `own_range = true`, or both";
        table.wrong(&table.span(), "no distance is given", "in this part", help);
        return None;
    }
    if let Some(zero) = at_least.as_ref().filter(|at| at.value <= 0) {
        table.wrong(&zero.span, "the distance is zero", "", "write how far the weapons must be");
    }
    Some(Distance {
        means: Means { classes, systems: systems.unwrap_or_default(), calibre: calibre.unwrap_or_default() },
        at_least: at_least.map(|at| at.value),
        own_range,
        line: line?,
        own: own?,
    })
}

fn threshold(table: &Table<'_>) -> Option<Threshold> {
    let whole = |key| table.may(key).integer(0..=1_000_000).and_then(|at| u32::try_from(at.value).ok());
    let (casualties, count_over) = (whole("casualties"), whole("count_over"));
    let lasts_over = table.may("lasts_over").duration().map(|at| at.value);
    if casualties == Some(0) {
        let help = "write how many killed and injured it takes, or remove the line: without a threshold everything counts";
        table.wrong(&table.place("casualties"), "everything has no casualties or more", "always met", help);
    }
    if casualties.is_none() && count_over.is_none() && lasts_over.is_none() {
        let help = "add `casualties`, `lasts_over` or `count_over`";
        table.wrong(&table.span(), "the threshold is empty", "in this part", help);
        return None;
    }
    Some(Threshold { casualties, lasts_over, count_over })
}

fn quantity(table: &Table<'_>, clock: Option<Zone>) -> Option<Quantity> {
    let of = table.need("of").text();
    let titles = translated(table, "of_uk", "of_ru");
    let (least, most) = (table.may("at_least"), table.may("at_most"));
    let (given_least, given_most) = (least.is_some(), most.is_some());
    let per = table.need("per").duration();
    if given_least == given_most {
        let message =
            if given_least { "both `at_least` and `at_most` are given" } else { "no amount is given" };
        let at = if given_least { table.place("at_most") } else { table.span() };
        let label = if given_least { "the second" } else { "in this part" };
        table.wrong(&at, message, label, "give one of `at_least` and `at_most`");
        return None;
    }
    let amount = if given_least { least.integer(1..=1_000_000_000) } else { most.integer(0..=1_000_000_000) };
    let per = per?;
    if per.value <= 0 {
        table.wrong(
            &per.span,
            "the time is zero",
            "",
            "write in which time so much is owed, such as \"1 day\"",
        );
        return None;
    }
    let amount = u32::try_from(amount?.value).ok()?;
    Some(Quantity { of: of?.value.into(), titles, amount, at_least: given_least, per: per.value, clock })
}

/// When a clause holds, before the start of the instrument is known.
#[derive(Clone)]
enum Holds {
    During(Period),
    BeforeStart(Micros),
    AfterStart(Micros),
}

fn holds(table: &Table<'_>, clock: Option<Zone>) -> Option<Holds> {
    let (before, after) = (table.may("before_start"), table.may("after_start"));
    let length = |field: &Field<'_>| {
        let length = field.duration()?;
        if length.value <= 0 {
            table.wrong(&length.span, "the length of time is zero", "", "write how long, such as \"48 h\"");
            return None;
        }
        Some(length.value)
    };
    match (before.is_some(), after.is_some()) {
        (false, false) => period(table, clock).map(Holds::During),
        (true, false) => length(&before).map(Holds::BeforeStart),
        (false, true) => length(&after).map(Holds::AfterStart),
        (true, true) => {
            let help = "keep `before_start` or `after_start`";
            table.wrong(&table.place("after_start"), "the time is given twice", "and here again", help);
            None
        }
    }
}

/// A stage before the start of the instrument is known.
#[derive(Clone)]
pub(super) struct Step {
    id: String,
    words: Words,
    binds: Option<Vec<Name>>,
    until: Until,
    shown_by: ShownBy,
    notice_to: Option<Name>,
    only_if: Option<Prose>,
}

#[derive(Clone)]
enum Until {
    By(Edge),
    NotKnown,
    /// So long after another stage, or after the start.
    Within(Micros, Option<String>),
    Daily(Micros, Zone, Option<About>),
}

fn step(table: &Table<'_>, known: &Known<'_>, clock: Option<Zone>) -> Option<Step> {
    let id = table.need("id").code();
    let words = words(table, true);
    let binds = given(&table.may("binds"), |field| refer_all(table, field, "party", &known.people));
    let (due, within, daily) = (table.may("due"), table.may("within"), table.may("daily"));
    let after_field = table.may("after");
    let after = after_field.text();
    let shown_by = table.may("shown_by").one_of(&ShownBy::NAMES).map_or(ShownBy::Verification, |at| at.value);
    let notice_to =
        given(&table.may("notice_to"), |field| refer(table, field, "mechanism", &known.mechanisms));
    let only_if = prose(table, ["only_if", "only_if_uk", "only_if_ru"]);
    if let Some(after) = after.as_ref().filter(|_| !within.is_some()) {
        let help = "say with `within` how long after it";
        table.wrong(&after.span, "`after` says nothing without `within`", "how long after?", help);
    }
    let about = table.may("about").one_of(&About::NAMES);
    if let Some(about) = about.as_ref().filter(|_| !daily.is_some() || shown_by == ShownBy::Verification) {
        let help = "it says which day a notice of every day is about: keep it with `daily` and a notice in `shown_by`, or remove it";
        table.wrong(&about.span, "`about` says nothing here", "about what?", help);
    }
    let until = match (due.is_some(), within.is_some(), daily.is_some()) {
        (true, false, false) => deadline(&due, clock).map(|edge| edge.map_or(Until::NotKnown, Until::By)),
        (false, true, false) => {
            let after = after.filter(|after| after.value != "start").map(|after| after.value.to_string());
            within.duration().map(|within| Until::Within(within.value, after))
        }
        (false, false, true) => daily_time(table, &daily, clock, about.map(|about| about.value)),
        (false, false, false) => {
            let help = "add `due`, `within` or `daily`; if no deadline is known, `due = \"not known\"`";
            table.wrong(&table.span(), "the stage has no deadline", "in this part", help);
            None
        }
        _ => {
            let help = "keep one of `due`, `within` and `daily`";
            table.wrong(&table.span(), "the deadline is given twice", "in this part", help);
            None
        }
    };
    Some(Step {
        id: id?.value.to_string(),
        words: words?,
        binds,
        until: until?,
        shown_by,
        notice_to,
        only_if,
    })
}

/// `"12:00"` on the clock of the file.
fn daily_time(
    table: &Table<'_>,
    field: &Field<'_>,
    clock: Option<Zone>,
    about: Option<About>,
) -> Option<Until> {
    let text = field.text()?;
    let parsed = text.value.split_once(':').and_then(|(hours, minutes)| {
        let digits = |text: &str, limit: i64| {
            let number = if text.len() == 2 { text.parse::<i64>().ok() } else { None };
            number.filter(|number| (0..limit).contains(number))
        };
        Some(digits(hours, 24)? * HOUR + digits(minutes, 60)? * MINUTE)
    });
    match (parsed, clock) {
        (Some(at), Some(clock)) => Some(Until::Daily(at, clock, about)),
        (Some(_), None) => {
            let help = "add a line such as `clock = \"Europe/Kyiv\"` at the top";
            table.wrong(&text.span, "`daily` does not say on which clock", "whose clock?", help);
            None
        }
        (None, _) => {
            table.wrong(&text.span, "`daily` must be a time of day", "", "for example: `daily = \"12:00\"`");
            None
        }
    }
}

/// A stage may only come after one that stands before it.
fn earlier_stages(tables: &[Table<'_>], stages: Option<&[Step]>) {
    let Some(stages) = stages else { return };
    for (at, (table, stage)) in tables.iter().zip(stages).enumerate() {
        let Until::Within(_, Some(after)) = &stage.until else { continue };
        let before: Vec<&str> = stages[..at].iter().map(|stage| stage.id.as_str()).collect();
        if let Some(text) = table.may("after").text().filter(|_| !before.contains(&after.as_str())) {
            let known = before.into_iter().chain(["start"]);
            table.unknown(&text, "earlier stage", known.collect::<Vec<_>>());
        }
    }
}

/// The deadlines of all stages, now that the start is known.
fn due(steps: Vec<Step>, binds: &[Name], periods: &[Period], clock: Option<Zone>) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for step in steps {
        let base = |after: &Option<String>| match after {
            None => periods.first().map(|period| period.from),
            Some(id) => stages.iter().find(|stage| *stage.id == **id).and_then(|stage| match stage.due {
                Due::By(edge) => Some(edge),
                Due::Daily { .. } | Due::NotKnown => None,
            }),
        };
        let due = match &step.until {
            Until::By(edge) => Due::By(*edge),
            Until::NotKnown => Due::NotKnown,
            Until::Within(within, after) => {
                base(after).map_or(Due::NotKnown, |from| Due::By(from.later(*within, clock)))
            }
            Until::Daily(at, clock, about) => Due::Daily { at: *at, clock: *clock, about: *about },
        };
        stages.push(Stage {
            id: step.id.as_str().into(),
            words: step.words,
            binds: step.binds.unwrap_or_else(|| binds.to_vec()),
            due,
            shown_by: step.shown_by,
            notice_to: step.notice_to,
            only_if: step.only_if,
        });
    }
    stages
}

/// A permission can only stand over a clause that prohibits.
pub(super) fn check_over(root: &Table<'_>, drafts: &[Draft<'_>]) {
    for draft in drafts {
        for over in draft.over.iter().flatten() {
            let of = drafts.iter().find(|other| other.id.as_ref().is_some_and(|id| *id.value == **over));
            if of.is_some_and(|of| of.mode.is_some_and(|mode| mode != Mode::Prohibit)) {
                let message =
                    format!("the clause \"{over}\" prohibits nothing, so nothing can be taken out of it");
                root.wrong(
                    &draft.over_at,
                    message,
                    "named here",
                    "name a clause with `rule = \"prohibits\"`",
                );
            } else if let Some(of) = of.filter(|of| !shares(&draft.all_acts(), &of.all_acts())) {
                let named = |draft: &Draft<'_>| {
                    draft.all_acts().iter().map(|act| act.name()).collect::<Vec<_>>().join(", ")
                };
                root.wrong(
                    &draft.over_at,
                    format!(
                        "nothing is taken out of the clause \"{over}\": it prohibits {}, and this permits {}",
                        named(of),
                        named(draft)
                    ),
                    "named here",
                    "name the clause that prohibits these acts; what nothing prohibits needs no `over`",
                );
            }
        }
    }
}

/// An exception of acts, means, targets or people that the clause does not speak of excepts nothing.
pub(super) fn check_exceptions(tables: &[Table<'_>], drafts: &[Draft<'_>]) {
    for (table, draft) in tables.iter().zip(drafts) {
        let exception_tables = table.may("except").tables();
        for (table, exception) in exception_tables.iter().zip(draft.exceptions.iter().flatten()) {
            fn list<T: Clone>(list: &Option<Vec<T>>) -> Vec<T> {
                list.clone().unwrap_or_default()
            }
            let apart = [
                // Acts that cannot be read are told where they stand.
                ("acts", !list(&draft.acts).is_empty() && !shares(&exception.acts, &draft.all_acts())),
                ("with", outside(&exception.means, &list(&draft.means), Weapon::belongs)),
                ("against", outside(&exception.targets, &list(&draft.targets), Target::belongs)),
                ("forces", outside(&exception.forces, &list(&draft.forces), Force::belongs)),
            ];
            for (key, _) in apart.into_iter().filter(|(_, apart)| *apart) {
                table.wrong(
                    &table.place(key),
                    format!("the exception excepts nothing: by its `{key}` the clause is about none of it"),
                    "not in the clause",
                    "name what the clause is about, or put the exception under the clause that is about it",
                );
            }
        }
    }
}

/// May one of these be one of those?
fn shares(these: &[Act], those: &[Act]) -> bool {
    !outside(these, those, Act::belongs)
}

/// Can none of these be one of those? An empty list stands for everything.
fn outside<T: Copy>(these: &[T], those: &[T], belongs: fn(T, T) -> Belongs) -> bool {
    let meets = |one: &T| those.iter().any(|other| belongs(*one, *other) != Belongs::No);
    !these.is_empty() && !those.is_empty() && !these.iter().any(meets)
}

/// A prohibition of which permissions leave nothing is a contradiction: of the same acts, means, people, targets,
/// places, times and parties, and under no condition. With `changed`, only where one of the clauses is in that list.
pub(super) fn check_emptied(root: &Table<'_>, drafts: &[Draft<'_>], changed: Option<&[&str]>) {
    fn named<'a>(draft: &Draft<'a>) -> Option<At<&'a str>> {
        draft.id.clone()
    }
    for prohibition in drafts.iter().filter(|draft| draft.mode == Some(Mode::Prohibit)) {
        let Some(id) = named(prohibition) else { continue };
        let over = |draft: &&Draft<'_>| draft.over.iter().flatten().any(|over| **over == *id.value);
        let takers: Vec<&Draft<'_>> =
            drafts.iter().filter(over).filter(|draft| draft.takes_all_but_acts(prohibition)).collect();
        let taken_by = |act: &Act| {
            let permits = |draft: &&&Draft<'_>| {
                draft.acts.iter().flatten().any(|wide| act.belongs(*wide) == Belongs::Yes)
            };
            takers.iter().find(permits)
        };
        let acts = prohibition.acts.as_deref().unwrap_or_default();
        let by: Option<Vec<&&Draft<'_>>> = acts.iter().map(taken_by).collect();
        let Some(by) = by.filter(|by| !by.is_empty()) else { continue };
        let mut permissions: Vec<At<&str>> = by.into_iter().filter_map(|draft| named(draft)).collect();
        permissions.sort_by_key(|id| id.span.start);
        permissions.dedup_by_key(|id| id.span.start);
        let concerned = |name: &str| changed.is_none_or(|changed| changed.contains(&name));
        if !concerned(id.value) && !permissions.iter().any(|permission| concerned(permission.value)) {
            continue;
        }
        let names: Vec<String> =
            permissions.iter().map(|permission| format!("\"{}\"", permission.value)).collect();
        let names = names.join(" and ");
        root.wrong(
            &id.span,
            format!("nothing is left of the clause \"{}\": {names} permits all that it prohibits", id.value),
            "taken back whole",
            "both cannot be meant: narrow the permission by `acts`, `with`, `where`, `binds` or a \
             `[[clause.condition]]`, or leave one of the two out",
        );
        for permission in &permissions {
            root.wrong(
                &permission.span,
                format!(
                    "the permission \"{}\" takes back the whole clause \"{}\", under no condition",
                    permission.value, id.value
                ),
                "takes it back",
                "narrow it, or put it under a `[[clause.condition]]`",
            );
        }
    }
}

impl Draft<'_> {
    /// What it names, settled or not.
    fn all_acts(&self) -> Vec<Act> {
        self.acts.iter().chain(&self.unsettled_acts).flatten().copied().collect()
    }

    /// Does this permission hold wherever the prohibition does, for all whom it binds, at all its times, with all its
    /// means, and without a condition? Of which acts is another question.
    fn takes_all_but_acts(&self, prohibition: &Self) -> bool {
        // A list that is left out stands for everything.
        fn holds<T: PartialEq>(wide: Option<&Vec<T>>, narrow: Option<&Vec<T>>) -> bool {
            let narrow = narrow.filter(|list| !list.is_empty());
            wide.is_none_or(|wide| {
                wide.is_empty() || narrow.is_some_and(|narrow| narrow.iter().all(|one| wide.contains(one)))
            })
        }
        let bound = |draft: &Self| draft.binds.clone().unwrap_or_default();
        let place = |draft: &Self| draft.place.as_ref().map_or(Where::Anywhere, |place| place.value.clone());
        let own_means = self.systems.as_ref().is_some_and(|list| !list.is_empty()) || self.calibre.is_some();
        self.mode == Some(Mode::Permit)
            && self.conditions.as_ref().is_none_or(Vec::is_empty)
            && self.exceptions.as_ref().is_none_or(Vec::is_empty)
            && self.unsettled_acts.as_ref().is_none_or(Vec::is_empty)
            && self.threshold.is_none()
            && self.periods.as_ref().is_none_or(Vec::is_empty)
            && self.list_known != Some(false)
            && !own_means
            && bound(prohibition).iter().all(|party| bound(self).contains(party))
            && holds(self.means.as_ref(), prohibition.means.as_ref())
            && holds(self.targets.as_ref(), prohibition.targets.as_ref())
            && holds(self.forces.as_ref(), prohibition.forces.as_ref())
            && (place(self) == Where::Anywhere
                || place(self) == place(prohibition) && prohibition.distances.is_none())
    }
}
