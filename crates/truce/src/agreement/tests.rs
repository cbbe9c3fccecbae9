extern crate std;

use super::*;
use crate::config::{Mistake, position};
use crate::place::KM;
use crate::time::DAY;
use alloc::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{format, fs, println, vec};

/// A made-up agreement that uses every key.
const BASE: &str = include_str!("../../tests/agreement/base.toml");

/// A table of weapons for it.
const WEAPONS: &str = include_str!("../../tests/agreement/weapons.toml");

fn arsenal() -> Arsenal {
    Arsenal::parse("weapons.toml", WEAPONS).unwrap_or_else(|mistakes| panic!("{}", tell(WEAPONS, &mistakes)))
}

fn compiled(text: &str) -> Result<Agreement, Vec<Mistake>> {
    fitted(text, &base_shapes(), base_sites())
}

fn fitted(
    text: &str,
    shapes: &BTreeMap<String, Shape>,
    sites: Option<Vec<Site>>,
) -> Result<Agreement, Vec<Mistake>> {
    Agreement::compile_with(text, Papers { shapes, sites, arsenal: arsenal() })
}

fn base() -> Agreement {
    compiled(BASE).unwrap_or_else(|mistakes| panic!("{}", tell(BASE, &mistakes)))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn real(name: &str) -> Agreement {
    let path = root().join("agreements").join(name).join("terms.toml");
    let text = fs::read_to_string(path).unwrap();
    Agreement::compile(&text, &BTreeMap::new(), None)
        .unwrap_or_else(|mistakes| panic!("{}", tell(&text, &mistakes)))
}

fn square(side: i32) -> Vec<Point> {
    [(0, 0), (side, 0), (side, side), (0, side), (0, 0)].map(|(lon, lat)| Point { lon, lat }).to_vec()
}

fn base_shapes() -> BTreeMap<String, Shape> {
    let river = vec![Point { lon: 0, lat: 0 }, Point { lon: 10, lat: 10 }];
    BTreeMap::from([
        ("zones/river.geojson".into(), Shape::Lines(vec![river.clone()])),
        ("zones/river-2.geojson".into(), Shape::Lines(vec![river])),
        ("zones/buffer.geojson".into(), Shape::Areas(vec![Polygon { rings: vec![square(100)] }])),
    ])
}

fn base_sites() -> Option<Vec<Site>> {
    Some(vec![Site { name: "Plant".into(), class: Target::Electricity, at: Point { lon: 5, lat: 5 } }])
}

/// Mistakes as text: place, message, the marked words, label, help.
fn tell(text: &str, mistakes: &[Mistake]) -> String {
    let one = |mistake: &Mistake| {
        let at = position(text, mistake.span.start);
        let marked = text.get(mistake.span.clone()).unwrap_or_default().lines().next().unwrap_or_default();
        format!(
            "{}:{}:{}: {}\n    at:    {marked}\n    label: {}\n    help:  {}\n",
            mistake.file, at.line, at.column, mistake.message, mistake.label, mistake.help
        )
    };
    mistakes.iter().map(one).collect()
}

/// Compares with `tests/agreement/NAME`; `BLESS=1` renews the file instead.
fn snapshot(name: &str, got: &str) {
    let path = root().join("crates/truce/tests/agreement").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, got).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if got != expected {
        println!("--- expected\n{expected}\n--- got\n{got}");
        panic!("{} differs; if the change is meant, run the test with BLESS=1", path.display());
    }
}

fn day(text: &str) -> Span {
    Zone::EasternEurope.day(Date::parse(text).unwrap())
}

fn hour(text: &str) -> Span {
    let start = Time::parse(text).unwrap();
    Span { start, end: Time(start.0 + crate::time::HOUR) }
}

#[test]
fn the_easter_truce_holds_for_thirty_hours() {
    let easter = real("easter-2025");
    let reading = easter.reading("text").unwrap();
    assert_eq!(reading.in_force(hour("2025-04-19T14:00:00Z")), Belongs::No);
    assert_eq!(reading.in_force(hour("2025-04-19T14:30:00Z")), Belongs::Unknown);
    assert_eq!(reading.in_force(hour("2025-04-19T15:00:00Z")), Belongs::Yes);
    assert_eq!(reading.in_force(hour("2025-04-20T20:00:00Z")), Belongs::Yes);
    assert_eq!(reading.in_force(hour("2025-04-20T21:00:00Z")), Belongs::No);
    // A report that tells only the day: 20 April lies within, of 19 April only six hours do.
    assert_eq!(reading.in_force(day("2025-04-20")), Belongs::Yes);
    assert_eq!(reading.in_force(day("2025-04-19")), Belongs::Unknown);
    assert_eq!(easter.window(Time(0)).length(), 30 * crate::time::HOUR);
    let codes: Vec<&str> = easter.parties.iter().map(|party| party.code.as_str()).collect();
    assert_eq!(codes, ["RU", "UA"]);
    assert_eq!(easter.reference_line().unwrap().date, Date::parse("2025-04-19"));
}

/// T15: a strike on a substation on 20 March 2025 under both readings; a hit on what is not energy.
#[test]
fn the_energy_moratorium_has_two_readings() {
    let energy = real("energy-2025");
    let (moscow, kyiv) = (energy.reading("moscow").unwrap(), energy.reading("kyiv").unwrap());
    assert_eq!(moscow.in_force(day("2025-03-20")), Belongs::Yes);
    assert_eq!(kyiv.in_force(day("2025-03-20")), Belongs::No);
    // Neither the hour of the start nor, under one reading, the end is known.
    assert_eq!(moscow.in_force(hour("2025-03-18T12:00:00Z")), Belongs::Unknown);
    assert_eq!(kyiv.in_force(hour("2025-03-25T12:00:00Z")), Belongs::Unknown);
    assert_eq!(kyiv.in_force(day("2025-03-26")), Belongs::Yes);
    // Its holder named 16 April ahead, and said on 18 April that the month had expired.
    assert_eq!(moscow.in_force(day("2025-04-15")), Belongs::Yes);
    assert_eq!(moscow.in_force(day("2025-04-17")), Belongs::Unknown);
    assert_eq!(moscow.in_force(day("2025-04-19")), Belongs::No);
    assert_eq!(kyiv.in_force(day("2025-04-15")), Belongs::Yes);
    assert_eq!(kyiv.in_force(day("2025-06-01")), Belongs::Unknown);

    let (clause, other) = (moscow.clause("no-strikes").unwrap(), kyiv.clause("no-strikes").unwrap());
    assert_eq!(clause.covers_target(Target::Electricity), Belongs::Yes);
    assert_eq!(other.covers_target(Target::Electricity), Belongs::Unknown);
    assert_eq!(clause.covers_target(Target::Energy), Belongs::Unknown); // of which class?
    for clause in [clause, other] {
        assert_eq!(clause.covers_target(Target::Civilian), Belongs::No);
        assert_eq!(clause.covers_target(Target::Undetermined), Belongs::Unknown);
        assert_eq!(clause.covers_act(Act::DroneAttack), Belongs::Yes);
        assert_eq!(clause.covers_act(Act::AirDefence), Belongs::Unknown);
        assert_eq!(clause.covers_act(Act::Ordinary), Belongs::No);
        assert_eq!(clause.binds.len(), 2);
    }
}

#[test]
fn readings_are_complete_and_never_mixed() {
    let agreement = base();
    let (north, south) = (agreement.reading("north").unwrap(), agreement.reading("south").unwrap());
    assert_eq!(north.clauses.len(), 9);
    assert_eq!(south.clauses.len(), 8);
    assert!(south.clause("no-gain").is_none());
    assert_eq!(north.clause("quiet"), south.clause("quiet"));
    let (base, changed) = (north.clause("guns-back").unwrap(), south.clause("guns-back").unwrap());
    assert_eq!(base.means, [Weapon::Artillery]);
    assert_eq!(changed.means, [Weapon::Gun, Weapon::Mortar]);
    assert_eq!(Clause { means: base.means.clone(), ..changed.clone() }, *base);
    assert_eq!(base.standard, Standard { occurred: 900, inside: 800, origin: 950 });
    // The text's period on the file's clock; the reading's own, a day whose hour is not known.
    assert_eq!(north.periods[0].from.exact(), Time::parse("2029-12-31T22:00:00Z"));
    assert_eq!(south.periods[0].from.exact(), None);
    assert_eq!(south.periods[0].to.earliest, Time::parse("2030-01-31T22:00:00Z").unwrap());
    assert_eq!(south.periods[0].to.latest, Time::parse("2030-02-01T22:00:00Z"));
}

#[test]
fn thirty_days_are_days_of_the_calendar() {
    // Kyiv's clock goes forward on 30 March: the thirty days are an hour short of 720.
    let text = BASE
        .replace("2030-01-01T00:00:00\nto = 2030-01-31T00:00:00", "2025-03-25T00:00:00\nlasts = '30 days'");
    let agreement = compiled(&text).unwrap();
    let period = &agreement.reading("chair").unwrap().periods[0];
    assert_eq!(period.to.earliest.0 - period.from.earliest.0, 30 * DAY - crate::time::HOUR);
}

#[test]
fn exceptions_need_all_that_they_name() {
    let exception = Exception {
        words: Words::Paraphrase(Prose { text: "x".into(), titles: Titles::default() }),
        acts: vec![Act::Shelling],
        means: vec![Weapon::Mortar],
        targets: Vec::new(),
        forces: Vec::new(),
        conditions: Vec::new(),
        burden: Burden::Nobody,
    };
    let covers = |act, weapon| exception.covers(act, weapon, Target::Undetermined, Force::Undetermined);
    assert_eq!(covers(Act::Shelling, Weapon::Mortar), Belongs::Yes);
    assert_eq!(covers(Act::Shelling, Weapon::Gun), Belongs::No);
    assert_eq!(covers(Act::Shelling, Weapon::Artillery), Belongs::Unknown);
    assert_eq!(covers(Act::Fire, Weapon::Gun), Belongs::No);
    let agreement = base();
    let quiet = agreement.readings[0].clause("quiet").unwrap();
    let excepted: Vec<Belongs> = [Act::AirDefence, Act::Fire, Act::Shelling]
        .iter()
        .filter_map(|act| quiet.exceptions_for(*act, Weapon::Gun, Target::Military).next())
        .map(|(_, covers)| covers)
        .collect();
    assert_eq!(excepted, [Belongs::Yes, Belongs::Unknown, Belongs::Yes]);
}

#[test]
fn zones_keep_their_distances() {
    let agreement = base();
    let Extent::FromLine { line, sides, beyond, within, own } = &agreement.zone("withdrawal").unwrap().extent
    else {
        panic!("a derived zone")
    };
    assert_eq!((line.as_str(), sides.len(), *beyond, *within), ("contact", 2, 5 * KM, 25 * KM));
    assert_eq!(own[..], [("SOU".into(), "river".into())]);
    assert_eq!(agreement.sites, base_sites());
}

/// One place of the base text changed: what it shows, what stands there, what is put there.
const BROKEN: &[(&str, &str, &str)] = &[
    ("an end before its start", "to = 2030-01-31", "to = 2029-01-31"),
    ("no clock for a local time", "clock = \"Europe/Kyiv\"\nnot_known", "not_known"),
    (
        "a clock that is not known",
        "nature = \"agreed\"\nclock = \"Europe/Kyiv\"",
        "nature = \"agreed\"\nclock = \"Europe/Kiev\"",
    ),
    ("a day that does not exist", "date = 2030-01-01", "date = \"2030-02-30\""),
    ("24 o'clock", "to = 2030-01-31T00:00:00", "to = 2030-01-30T24:00:00"),
    ("the end given twice", "lasts = \"30 days\"", "to = 2030-02-01\nlasts = \"30 days\""),
    ("no end", "to = 2030-01-31T00:00:00\n", ""),
    ("an end as somebody might say it", "to = 2030-01-31T00:00:00\n", "to = \"open-ended\"\n"),
    ("a length of time without a unit", "lasts = \"30 days\"", "lasts = 30"),
    (
        "a party that is not there",
        "binds = [\"NOR\", \"SOU\"]\nacts = [\"presence\"]",
        "binds = [\"NOR\", \"SUO\"]\nacts = [\"presence\"]",
    ),
    ("a zone that is not there", "where = \"withdrawal\"", "where = \"withdrawl\""),
    ("a source that is not there", "sources = [\"text\", \"press\"]", "sources = [\"text\", \"pres\"]"),
    ("an act that is not there", "acts = [\"presence\"]", "acts = [\"presense\"]"),
    ("a weapon that is not there", "with = [\"artillery\"]", "with = [\"cannon\"]"),
    ("a clause without a source", "sources = [\"text\", \"press\"]", ""),
    ("a clause with an empty list of sources", "sources = [\"text\", \"press\"]", "sources = []"),
    ("a clause that prohibits nothing", "acts = [\"presence\"]", "acts = []"),
    (
        "a clause that binds nobody",
        "binds = [\"NOR\", \"SOU\"]\nacts = [\"presence\"]",
        "binds = []\nacts = [\"presence\"]",
    ),
    ("an act covered and not settled", "unsettled_acts = [\"flight\"]", "unsettled_acts = [\"fire\"]"),
    (
        "a quotation and a paraphrase",
        "words = \"shall withdraw\"",
        "words = \"shall withdraw\"\nparaphrase = \"They withdraw.\"",
    ),
    ("no words", "words = \"shall withdraw\"\n", ""),
    (
        "a quotation and a translation of a paraphrase",
        "words = \"shall withdraw\"",
        "words = \"shall withdraw\"\nparaphrase_uk = \"Вони відходять.\"",
    ),
    ("a translation of a note that is not there", "note = \"A river.\"\n", ""),
    (
        "more sentences in one language than in the other",
        "not_known_uk = [\"Усе тут вигадане.\"]",
        "not_known_uk = [\"Усе тут вигадане.\", \"І ще щось.\"]",
    ),
    ("an exception that swallows the clause", "acts = [\"air-defence\"]\n", ""),
    (
        "a list not known, of nothing",
        "where = \"withdrawal\"",
        "where = \"withdrawal\"\nlist = \"not known\"",
    ),
    ("a list \"known\"", "where = \"withdrawal\"", "where = \"withdrawal\"\nlist = \"known\""),
    ("an empty zone by distance", "within = \"25 km\"", "within = \"5 km\""),
    ("a distance without a unit", "within = \"25 km\"", "within = 25"),
    ("a zone on nobody's side", "sides = [\"NOR\", \"SOU\"]", "sides = []"),
    ("a zone without a shape", "file = \"zones/buffer.geojson\"\n", ""),
    ("a zone whose file is missing", "file = \"zones/buffer.geojson\"", "file = \"zones/bufer.geojson\""),
    ("a line whose file holds an area", "file = \"zones/river.geojson\"", "file = \"zones/buffer.geojson\""),
    ("two sides of one party", "left = \"NOR\"", "left = \"SOU\""),
    (
        "two reference lines",
        "file = \"zones/river.geojson\"",
        "file = \"zones/river.geojson\"\nreference = true",
    ),
    ("no reference line", "reference = true\n", ""),
    (
        "a reading that changes an unknown clause",
        "id = \"guns-back\"\nwith = [\"gun\"",
        "id = \"gun-back\"\nwith = [\"gun\"",
    ),
    ("a reading that changes an unknown key", "with = [\"gun\", \"mortar\"]", "whit = [\"gun\", \"mortar\"]"),
    ("a reading held by nobody known", "holder = \"SOU\"", "holder = \"FAR\""),
    ("two readings of one name", "id = \"south\"", "id = \"north\""),
    ("two clauses of one name", "id = \"sites\"", "id = \"quiet\""),
    ("no period at all", "[[period]]\nfrom = 2030-01-01T00:00:00\nto = 2030-01-31T00:00:00\n", ""),
    ("a single bracket", "[[consequence]]", "[consequence]"),
    ("a key that is not known", "nature = \"agreed\"", "nature = \"agreed\"\nlangauge = \"en\""),
    ("a key that is missing", "title = \"Ceasefire for a test\"\n", ""),
    ("a key misspelt", "title = \"Ceasefire for a test\"", "tilte = \"Ceasefire for a test\""),
    ("a standard of a coin's toss", "occurred = 0.9", "occurred = 0.5"),
    ("a standard in percent", "occurred = 0.9", "occurred = 90"),
    ("an address that is none", "https://example.org/press", "example.org/press"),
    ("text without quotation marks", "title = \"No fire\"", "title = No fire"),
    ("a key given twice", "title = \"No fire\"", "title = \"No fire\"\ntitle = \"Quiet\""),
    ("an empty title", "title = \"No fire\"", "title = \" \""),
    ("a list known to be not known", "[standard]\noccurred", "sites = \"not known\"\n[standard]\noccurred"),
    ("two people of one code", "code = \"EAST\"", "code = \"NOR\""),
    ("a mechanism of nobody known", "members = [\"NOR\", \"SOU\"]", "members = [\"NOR\", \"SUO\"]"),
    (
        "a version of a line that comes from nowhere in time",
        "since = 2030-01-15T00:00:00",
        "since = 2030-01-15",
    ),
    ("a zone around ships without freshness", "fresh = \"15 min\"\n", ""),
    (
        "a line of its own for a party without a side",
        "sides = [\"NOR\", \"SOU\"]\nbeyond",
        "sides = [\"NOR\"]\nbeyond",
    ),
    ("sites without a radius", "site_radius = \"1 km\"\n", ""),
    ("events out of order", "date = 2029-12-24", "date = 2029-12-01"),
    (
        "a resumption of what was not suspended",
        "what = \"suspended\"\nby = [\"SOU\"]\neffect = \"disputed\"",
        "what = \"signed\"\nby = [\"SOU\"]",
    ),
    ("a suspension without effect", "effect = \"disputed\"\n", ""),
    ("an extension without an end", "until = 2030-02-28T00:00:00\n", ""),
    ("an extension that shortens", "until = 2030-02-28T00:00:00", "until = 2030-01-20T00:00:00"),
    ("a weapon that is not in the table", "systems = [\"D-30\"]", "systems = [\"D-300\"]"),
    ("a calibre bounded twice", "calibre_from = 100\n", "calibre_from = 100\ncalibre_over = 90\n"),
    ("bounds without a calibre between", "calibre_below = 400", "calibre_below = 90"),
    ("a distance of nothing", "at_least = \"15 km\"\nown_range = true\n", ""),
    (
        "distances and a zone",
        "forces = [\"armed-forces\"]\nsources = [\"text\"]\n\n[[clause.period]]",
        "forces = [\"armed-forces\"]\nwhere = \"buffer\"\nsources = [\"text\"]\n\n[[clause.period]]",
    ),
    ("an empty threshold", "casualties = 1\nlasts_over = \"20 min\"\ncount_over = 10\n", ""),
    ("an amount given twice", "at_least = 600", "at_least = 600\nat_most = 700"),
    (
        "an obligation that nobody can keep",
        "[clause.quantity]\nof = \"trucks\"\nat_least = 600\nper = \"1 day\"\n",
        "",
    ),
    ("a stage without a deadline", "within = \"5 days\"\nafter = \"first\"", "after = \"first\""),
    ("a stage after one that comes later", "after = \"first\"", "after = \"last\""),
    ("a time of day that is none", "daily = \"12:00\"", "daily = \"noon\""),
    (
        "which day a stage without days is about",
        "within = \"5 days\"\nafter = \"first\"",
        "within = \"5 days\"\nafter = \"first\"\nabout = \"next-day\"",
    ),
    ("a permission over what is permitted", "over = [\"guns-back\"]", "over = [\"plan\"]"),
    ("conditions of a prohibition", "rule = \"permits\"", "rule = \"prohibits\""),
    ("a condition of no known kind", "kind = \"answers\"", "kind = \"reply\""),
    ("a key of another kind of condition", "kind = \"verified\"", "kind = \"verified\"\nnear = \"5 km\""),
    ("late, but later than what", "ahead = \"24 h\"\n", ""),
    ("a burden of nothing", "acts = [\"air-defence\"]\n", "acts = [\"air-defence\"]\nburden = \"invoker\"\n"),
    (
        "before and after the start at once",
        "before_start = \"48 h\"",
        "before_start = \"48 h\"\nafter_start = \"2 h\"",
    ),
    (
        "states out of order",
        "date = 2030-01-01\nstate = \"resumed\"",
        "date = 2029-01-01\nstate = \"resumed\"",
    ),
    ("a gate that counts breaches of an obligation", "clauses = [\"quiet\"]", "clauses = [\"plan\"]"),
    ("a gate of shares without a quantity", "clauses = [\"aid\"]", "clauses = [\"plan\"]"),
    ("a phase after one that is not there", "after = [\"quiet\"]", "after = [\"calm\"]"),
    ("a gate without authority", "authority = \"JOINT\"\nthen = \"back\"", "then = \"back\""),
    ("a judge that nobody knows", "judged_by = \"JOINT\"", "judged_by = \"COURT\""),
    (
        "a permission that takes back a whole prohibition",
        "acts = [\"presence\"]\nover = [\"guns-back\"]\nsources = [\"text\"]\n\n[[clause.condition]]\nid = \"seen\"\nparaphrase = \"The commission was there.\"\nkind = \"verified\"",
        "acts = [\"presence\"]\nover = [\"guns-back\"]\nsources = [\"text\"]",
    ),
    (
        "a permission of what nothing prohibits",
        "acts = [\"presence\"]\nover = [\"guns-back\"]",
        "acts = [\"medevac\"]\nover = [\"guns-back\"]",
    ),
    ("an exception of what the clause is not about", "acts = [\"air-defence\"]", "acts = [\"delivery\"]"),
    ("a party as judge", "judged_by = \"JOINT\"", "judged_by = \"NOR\""),
    ("a judge whose task is another", "tasks = [\"monitor\", \"judge\"]", "tasks = [\"monitor\"]"),
    ("a threshold that everything meets", "casualties = 1", "casualties = 0"),
    ("listed sites of another class", "against = [\"energy\"]", "against = [\"medical\"]"),
    (
        "an answer without any time",
        "acts = [\"assault\"]\nwithin = \"1 h\"",
        "acts = [\"assault\"]\nwithin = \"0 h\"",
    ),
    ("a length of time below zero", "ahead = \"24 h\"", "ahead = \"-24 h\""),
    ("agreed, but not by all", "stance = \"agreed\"", "stance = \"rejects\""),
    (
        "several mistakes at once",
        "binds = [\"NOR\", \"SOU\"]\nacts = [\"fire\"]\nunsettled",
        "binds = [\"NRO\"]\nact = [\"fire\"]\nunsettled",
    ),
    ("a plural in a heading", "[[clause]]\nid = \"quiet\"", "[[clauses]]\nid = \"quiet\""),
    (
        "a time zone by its letters",
        "nature = \"agreed\"\nclock = \"Europe/Kyiv\"",
        "nature = \"agreed\"\nclock = \"MSK\"",
    ),
    (
        "an offset without its zeros",
        "nature = \"agreed\"\nclock = \"Europe/Kyiv\"",
        "nature = \"agreed\"\nclock = \"UTC +3\"",
    ),
    (
        "a party by its name",
        "binds = [\"NOR\", \"SOU\"]\nacts = [\"presence\"]",
        "binds = [\"Northland\", \"SOU\"]\nacts = [\"presence\"]",
    ),
    (
        "two parties in one pair of quotation marks",
        "binds = [\"NOR\", \"SOU\"]\nacts = [\"presence\"]",
        "binds = \"NOR and SOU\"\nacts = [\"presence\"]",
    ),
    ("a length of time in words", "lasts = \"30 days\"", "lasts = \"thirty days\""),
    ("weeks", "lasts = \"30 days\"", "lasts = \"2 weeks\""),
    ("a unit in another language", "within = \"25 km\"", "within = \"25 км\""),
    ("a distance from one number to another", "within = \"25 km\"", "within = \"25-30 km\""),
    ("a blank between thousands of metres", "within = \"25 km\"", "within = \"25 000 m\""),
    ("a distance in words", "within = \"25 km\"", "within = \"twenty-five km\""),
    ("a dash of print in an id", "id = \"guns-back\"\ntitle", "id = \"guns–back\"\ntitle"),
    ("a country's code for a language's", "language = \"en\"", "language = \"ua\""),
    ("a blank in an address", "https://example.org/press", "https://example.org/ press"),
    ("an address without its beginning", "https://example.org/press", "www.example.org/press"),
    ("a year for a day", "date = 2029-12-31\nstance", "date = 2029\nstance"),
    ("eight digits for a day", "date = 2029-12-31\nstance", "date = 20291231\nstance"),
    ("a share in quotation marks", "occurred = 0.9", "occurred = \"90 %\""),
];

#[test]
fn broken_files_are_explained() {
    let mut told = String::new();
    for (number, (name, from, to)) in BROKEN.iter().enumerate() {
        assert!(BASE.contains(from), "{name}: nothing to change");
        let text = BASE.replacen(from, to, 1);
        let mistakes = compiled(&text).expect_err(name);
        told += &format!("## {}. {name}\n{}\n", number + 1, tell(&text, &mistakes));
    }
    snapshot("broken.txt", &told);
}

/// A permission that leaves something of what is prohibited compiles; one that leaves nothing does not, whoever wrote it.
#[test]
fn narrow_permissions_compile() {
    let whole = "acts = [\"presence\"]\nover = [\"guns-back\"]\nsources = [\"text\"]";
    let (from, condition) = BASE
        .split_once("acts = [\"presence\"]\nover = [\"guns-back\"]\nsources = [\"text\"]\n")
        .map(|(_, rest)| rest.split_once("kind = \"verified\"").unwrap().0)
        .map(|condition| ("acts = [\"presence\"]\nover = [\"guns-back\"]\nsources = [\"text\"]\n", condition))
        .unwrap();
    let condition = format!("{condition}kind = \"verified\"");
    let with = |permission: &str| {
        compiled(&BASE.replacen(&format!("{from}{condition}"), &format!("{permission}\n"), 1))
    };
    let refused = |permission: &str| -> Vec<String> {
        with(permission).expect_err(permission).into_iter().map(|mistake| mistake.message).collect()
    };
    let told = refused(whole);
    assert!(told.iter().any(|one| one.contains("nothing is left of the clause \"guns-back\"")), "{told:?}");
    assert!(told.iter().any(|one| one.contains("the permission \"wounded\" takes back")), "{told:?}");
    refused(&format!("{whole}\nwith = [\"artillery\"]"));
    refused(&format!("{whole}\nwhere = \"withdrawal\""));
    for narrow in [
        format!("{whole}\n{condition}"),
        format!("{whole}\nwith = [\"mortar\"]"),
        format!("{whole}\nwhere = \"buffer\""),
        format!("{whole}\nforces = [\"police\"]"),
        format!("{whole}\n[[clause.period]]\nbefore_start = \"48 h\""),
    ] {
        assert!(with(&narrow).is_ok(), "{narrow}: {:?}", with(&narrow).err());
    }
    // One of what nothing prohibits takes nothing out; beside something of it, it may.
    let other = refused(&whole.replace("presence", "medevac"));
    assert!(other[0].contains("nothing is taken out of the clause \"guns-back\""), "{other:?}");
    let both = whole.replace("\"presence\"", "\"presence\", \"medevac\"");
    assert!(with(&format!("{both}\n{condition}")).is_ok());
}

/// A deadline, and a version of a line, when the instrument has ended; where it may be extended, or before the start, when what
/// it takes to begin is due, nothing is wrong with them.
#[test]
fn what_comes_after_the_end_is_refused() {
    let fixed = BASE.replacen("extendable = true\n", "", 1);
    let told = |text: String| -> Vec<String> {
        compiled(&text).err().unwrap_or_default().into_iter().map(|mistake| mistake.message).collect()
    };
    assert!(told(fixed.clone()).is_empty());
    let due = |text: &str, day: &str| told(text.replacen("due = 2030-01-31", &format!("due = {day}"), 1));
    assert!(due(&fixed, "2031-01-31")[0].contains("\"last\" is due when the instrument has ended"));
    assert!(due(BASE, "2031-01-31").is_empty() && due(&fixed, "2029-12-30").is_empty());
    let since =
        |text: &str| told(text.replacen("since = 2030-01-20T00:00:00", "since = 2030-04-20T00:00:00", 1));
    assert!(since(&fixed)[0].contains("this version of the line never counts"));
    assert!(since(BASE).is_empty());
}

/// What is agreed was accepted by every party: by its stance, or by an event of its own.
#[test]
fn what_is_agreed_was_accepted_by_all() {
    let stance = |words: &str| BASE.replacen("stance = \"agreed\"", &format!("stance = \"{words}\""), 1);
    for accepted in ["agreed", "accepts", "conditional"] {
        assert!(compiled(&stance(accepted)).is_ok(), "{accepted}");
    }
    // The other one accepted by an event of its own, whatever its stance in the list of parties.
    assert!(compiled(&BASE.replacen("stance = \"conditional\"", "stance = \"awaits\"", 1)).is_ok());
    for open in ["declared", "mirrors", "awaits", "rejects"] {
        let mistakes = compiled(&stance(open)).expect_err(open);
        assert!(
            mistakes.iter().any(|one| one.message.contains("nothing says that \"NOR\" did")),
            "{mistakes:?}"
        );
        for nature in ["announced", "unilateral", "proposed"] {
            let text = stance(open).replacen("nature = \"agreed\"", &format!("nature = \"{nature}\""), 1);
            assert!(compiled(&text).is_ok(), "{open}, {nature}: {:?}", compiled(&text).err());
        }
    }
}

#[test]
fn what_comes_with_the_file_must_fit_it() {
    let told = |shapes: &BTreeMap<String, Shape>, sites| {
        let mistakes = fitted(BASE, shapes, sites).unwrap_err();
        tell(BASE, &mistakes)
    };
    let mut all = told(&base_shapes(), None);
    let mut shapes = base_shapes();
    shapes.insert("zones/forgotten.geojson".into(), Shape::Areas(Vec::new()));
    all += &told(&shapes, base_sites());
    let flat: Vec<Point> = [(0, 0), (1, 1), (2, 2), (0, 0)].map(|(lon, lat)| Point { lon, lat }).to_vec();
    for rings in [Vec::new(), vec![flat], vec![square(9)[..4].to_vec()]] {
        shapes = base_shapes();
        shapes.insert("zones/buffer.geojson".into(), Shape::Areas(vec![Polygon { rings }]));
        all += &told(&shapes, base_sites());
    }
    snapshot("unfit.txt", &all);
}

/// Promise 4 (neutral): parties exchanged in the file, and the explanation is the same, exchanged.
#[test]
fn parties_exchanged_change_nothing_else() {
    let swap = |text: &str| {
        let pairs = [("NOR", "SOU"), ("Northland", "Southland"), ("Europe/Kyiv", "Europe/Moscow")];
        pairs.iter().fold(String::from(text), |text, (a, b)| {
            text.replace(a, "\u{0}").replace(b, a).replace('\u{0}', b)
        })
    };
    // One clock for both, so that only names differ.
    let text = BASE.replace("Europe/Moscow", "Europe/Kyiv");
    // Names stand in the values as they do in every language.
    let compile = |text: &str| format!("{:?}", explain(&compiled(text).unwrap()));
    let only_names = |text: &str| swap(text).replace("Europe/Moscow", "Europe/Kyiv");
    assert_eq!(only_names(&compile(&text)), compile(&only_names(&text)));
}

/// The blocks of a language in `docs/agreement-language.md`, put together.
fn documented(fence: &str) -> String {
    let page = fs::read_to_string(root().join("docs/agreement-language.md")).unwrap();
    let mut blocks = String::new();
    let mut inside = false;
    for line in page.lines() {
        match (inside, line) {
            (false, line) => inside = line == fence,
            (true, "```") => inside = false,
            (true, line) => blocks += &format!("{line}\n"),
        }
    }
    blocks
}

#[test]
fn the_examples_in_the_documentation_compile() {
    let terms = documented("```toml");
    let agreement = fitted(&terms, &shapes_of(&terms), None)
        .unwrap_or_else(|mistakes| panic!("{}", tell(&terms, &mistakes)));
    assert_eq!((agreement.readings.len(), agreement.readings[0].clauses.len()), (2, 3));
    let claims = documented("```toml claims");
    let claims = crate::claim::parse_between(&claims, &["NOR".into(), "SOU".into()])
        .unwrap_or_else(|mistakes| panic!("{}", tell(&claims, &mistakes)));
    assert_eq!(claims.len(), 2);
}

/// The shapes that a text names.
fn shapes_of(text: &str) -> BTreeMap<String, Shape> {
    base_shapes().into_iter().filter(|(name, _)| text.contains(name)).collect()
}

/// Each fragment from a real text completes a small agreement between the parties that it names.
#[test]
fn the_fragments_in_the_documentation_compile() {
    let page = fs::read_to_string(root().join("docs/agreement-language.md")).unwrap();
    let mut fragments = 0;
    for block in page.split("```toml fragment ").skip(1) {
        let (parties, rest) = block.split_once('\n').unwrap();
        let fragment = rest.split_once("```").unwrap().0;
        let [one, other] = parties.split(' ').collect::<Vec<_>>()[..] else { panic!("{parties}") };
        let text = FRAME.replace("ONE", one).replace("OTHER", other) + fragment;
        fitted(&text, &shapes_of(&text), None)
            .unwrap_or_else(|mistakes| panic!("{}", tell(&text, &mistakes)));
        fragments += 1;
    }
    assert!(fragments > 10, "{fragments}");
}

/// A small agreement.
const FRAME: &str = r#"
id = "frame"
title = "Frame"
language = "en"
nature = "agreed"
clock = "Europe/Kyiv"
standard = { occurred = 0.9, inside = 0.9, origin = 0.9 }

[[party]]
code = "ONE"
name = "One"
stance = "agreed"

[[party]]
code = "OTHER"
name = "Other"
stance = "agreed"

[[source]]
id = "text"
url = "https://example.org/text"

[[line]]
id = "contact"
reference = true
file = "zones/river.geojson"
left = "ONE"
right = "OTHER"

[[period]]
from = 2030-01-01T00:00:00
to = 2030-01-31T00:00:00
extendable = true

[[clause]]
id = "rest"
title = "The rest"
paraphrase = "The rest of the terms."
rule = "prohibits"
binds = ["ONE", "OTHER"]
acts = ["fire"]
sources = ["text"]

"#;

/// The base text uses every key: none may be missing from the documentation.
#[test]
fn every_key_and_every_word_is_documented() {
    let page = fs::read_to_string(root().join("docs/agreement-language.md")).unwrap();
    let keys = BASE.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key);
    for key in keys.filter(|key| !key.starts_with('#')) {
        assert!(page.contains(&format!("`{key}`")) || page.contains(&format!("\n{key} = ")), "key {key}");
    }
    let words = Act::NAMES
        .iter()
        .map(|(word, _)| word)
        .chain(Weapon::NAMES.iter().map(|(word, _)| word))
        .chain(Target::NAMES.iter().map(|(word, _)| word))
        .chain(Stance::NAMES.iter().map(|(word, _)| word))
        .chain(Nature::NAMES.iter().map(|(word, _)| word))
        .chain(SourceKind::NAMES.iter().map(|(word, _)| word));
    for word in words {
        assert!(page.contains(&format!("`{word}`")), "word {word}");
    }
}

/// The keys that the compiler asks for, part by part, are those of the table, and no other.
#[test]
fn the_table_of_keys_is_what_the_compiler_knows() {
    use std::collections::BTreeSet;
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let lines: Vec<&str> = BASE.lines().collect();
    let headers =
        lines.iter().enumerate().filter(|(_, line)| line.starts_with('[')).map(|(at, line)| (at + 1, *line));
    for (at, header) in headers.chain([(0, "")]) {
        let text = [&lines[..at], &["zzzzzzzzzz = 1"], &lines[at..]].concat().join("\n");
        let mistakes = compiled(&text).unwrap_err();
        let path = header.trim_matches(['[', ']']);
        let path = if path.ends_with("condition") { "condition" } else { path };
        let path = if path == "reading.period" { "period" } else { path };
        for mistake in mistakes.iter().filter(|mistake| mistake.message.contains("zzzzzzzzzz")) {
            let keys = mistake.help.strip_prefix("known are: ").unwrap_or_else(|| panic!("{mistake:?}"));
            known.entry(path.into()).or_default().extend(keys.split(", ").map(String::from));
        }
    }
    let inline = ["names", "name", "clause.standard"];
    for part in keys::PARTS.iter().filter(|part| !inline.contains(&part.path)) {
        let table: BTreeSet<String> = part.keys.iter().map(|key| key.name.into()).collect();
        assert_eq!(known.remove(part.path).unwrap_or_default(), table, "[{}]", part.path);
    }
    assert!(known.is_empty(), "parts that the table lacks: {known:?}");
}

#[test]
fn the_schema_is_up_to_date_and_every_key_is_explained() {
    let path = root().join("docs/agreement.schema.json");
    let schema = keys::schema();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &schema).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), schema, "run this test with BLESS=1");
    let page = fs::read_to_string(root().join("docs/agreement-language.md")).unwrap();
    for part in keys::PARTS {
        for key in part.keys {
            let name = key.name;
            let explained = page.contains(&format!("`{name}`"))
                || page.contains(&format!("\n{name} = "))
                || page.contains(&format!("`[[{name}]]`"))
                || page.contains(&format!("[[{name}]]"))
                || page.contains(&format!(".{name}]"))
                || page.contains(&format!("[{name}]"));
            assert!(explained, "[{}] {name}", part.path);
        }
    }
}

/// Any line left out, any word replaced by another sort of value, the file cut anywhere: either it compiles,
/// or somebody is told why not. Nothing panics.
#[test]
fn no_damage_goes_without_a_reason() {
    let lines: Vec<&str> = BASE.lines().collect();
    let mut damaged: Vec<String> = Vec::new();
    for at in 0..lines.len() {
        damaged.push([&lines[..at], &lines[at + 1..]].concat().join("\n"));
        damaged.push(lines[..at].join("\n"));
        let Some((key, _)) = lines[at].split_once(" = ") else { continue };
        for value in
            ["0", "\"\"", "\"?\"", "true", "[]", "{}", "[[]]", "2030-01-01", "1e999", "-99999999999999999999"]
        {
            let line = format!("{key} = {value}");
            damaged.push([&lines[..at], &[line.as_str()], &lines[at + 1..]].concat().join("\n"));
        }
    }
    assert!(damaged.len() > 1_000);
    let mut refused = 0;
    for text in &damaged {
        let Err(mistakes) = compiled(text) else { continue };
        refused += 1;
        for mistake in mistakes {
            assert!(!mistake.message.contains("no reason is known"), "no reason given for:\n{text}");
            assert!(mistake.span.end <= text.len() && !mistake.help.is_empty(), "{mistake:?}");
        }
    }
    assert!(refused > 900, "{refused} of {}", damaged.len());
}
