//! Every sort of term through the built program: for each, something that it is about and a near miss that it is not.

use crate::common::{assess, json, scratch, story};
use std::fs;
use std::path::Path;

/// Parties AL (north of 1 degree north) and BO (south of it), and drawings.
const FRAME: &str = r#"
id = "features"
title = "A truce made up to try every sort of term"
language = "en"
clock = "UTC"
standard = { occurred = 0.9, inside = 0.9, origin = 0.9 }

[[party]]
code = "AL"
name = "Aldria"
stance = "agreed"

[[party]]
code = "BO"
name = "Borvia"
stance = "agreed"

[[source]]
id = "text"
url = "https://example.org/text"
kind = "primary"

[[line]]
id = "line"
reference = true
file = "zones/line.geojson"
date = 2031-05-01
left = "AL"
right = "BO"

"#;

const PERIOD: &str = r#"
[[period]]
from = 2031-05-04T00:00:00Z
to = 2031-05-10T00:00:00Z

"#;

const COLUMNS: &str = "kind,time,time_end,lat,lon,error_m,act,weapon,calibre_mm,origin,object,casualties,duration_s,clause,\
                       condition,outcome,asserted_by,rating";

/// A clause that prohibits both parties these acts.
fn prohibits(id: &str, acts: &str, more: &str) -> String {
    format!(
        "[[clause]]\nid = \"{id}\"\ntitle = \"{id}\"\nparaphrase = \"Made up.\"\nrule = \"prohibits\"\nbinds = [\"AL\", \
         \"BO\"]\nacts = [{acts}]\nsources = [\"text\"]\n{more}\n"
    )
}

/// What a patrol saw, as `column=value` pairs; kind, error, rating and asserter are given unless said otherwise.
fn seen(pairs: &str) -> String {
    let given = format!("kind=sighting error_m=50 asserted_by=monitor rating=A1 {pairs}");
    let cell = |column: &str| {
        let value = |pair: &&str| pair.split_once('=').is_some_and(|(name, _)| name == column);
        let last = given.split(' ').rfind(value);
        last.map_or("", |pair| pair.split_once('=').unwrap().1)
    };
    COLUMNS.split(',').map(cell).collect::<Vec<_>>().join(",") + "\n"
}

/// North of the line by so many kilometres.
fn north(km: f64) -> String {
    format!("{:.5}", 1.0 + km / 110.574)
}

fn folders(test: &str, nature: &str, terms: &str, rows: &[String]) -> std::path::PathBuf {
    let dir = scratch(&format!("features-{test}"));
    fs::create_dir_all(dir.join("agreement/zones")).unwrap();
    fs::create_dir_all(dir.join("observations")).unwrap();
    let line = |lat: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"LineString","coordinates":[[2.0,{lat}],[4.0,{lat}]]}}}}"#
        )
    };
    let park = r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[2.4,1.2],[2.6,1.2],[2.6,1.4],[2.4,1.4],[2.4,1.2]]]}}"#;
    for (name, text) in [("line", line(1.0)), ("own", line(0.9)), ("park", park.to_string())] {
        if name == "line" || terms.contains(&format!("{name}.geojson")) {
            fs::write(dir.join(format!("agreement/zones/{name}.geojson")), text).unwrap();
        }
    }
    fs::write(dir.join("agreement/terms.toml"), format!("nature = \"{nature}\"\n{FRAME}{terms}")).unwrap();
    fs::write(dir.join("agreement/NOTES.md"), "Made up.\n").unwrap();
    fs::write(dir.join("observations/patrols.csv"), format!("{COLUMNS}\n{}", rows.concat())).unwrap();
    dir
}

/// Clause, party and verdict of every finding under the reading, sorted.
fn held(test: &str, nature: &str, terms: &str, rows: &[String]) -> Vec<String> {
    let dir = folders(test, nature, terms, rows);
    let mission = story().join("mission");
    let more =
        ["--mission", mission.to_str().unwrap(), "--view", "mission", "--as-of", "2031-06-01T00:00:00Z"];
    let out = dir.join("out");
    let (ran, files) = assess(&dir.join("agreement"), &dir.join("observations"), &out, &more);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report = json(&files);
    let mut found: Vec<String> = report["findings"]["readings"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|reading| reading["findings"].as_array().unwrap())
        .map(|row| {
            let word = |name: &str| row[name].as_str().unwrap_or("-").to_string();
            ["clause", "party", "verdict"].map(word).join(" ")
        })
        .collect();
    found.sort();
    assert!(!ran.err.contains("set aside: "), "{}", ran.err);
    found
}

#[track_caller]
fn each(test: &str, terms: &str, rows: &[(&str, &[&str])]) {
    for (number, (row, expected)) in rows.iter().enumerate() {
        let rows: Vec<String> = row.split(" / ").map(seen).collect();
        let found = held(&format!("{test}-{number}"), "agreed", &format!("{PERIOD}{terms}"), &rows);
        assert_eq!(found, *expected, "{test}: {row}");
    }
}

/// The wounded may be fetched from where nobody may be, once the mission has seen to it.
#[test]
fn permissions() {
    let permits = prohibits("wounded", "\"medevac\"", "over = [\"stay-out\"]\n")
        .replace("\"prohibits\"", "\"permits\"")
        + "[[clause.condition]]\nid = \"seen\"\nparaphrase = \"Made up.\"\nkind = \"verified\"\n";
    let terms = prohibits("stay-out", "\"presence\", \"medevac\"", "") + &permits;
    let fetch = "time=2031-05-05T10:00:00Z lat=1.1 lon=2.5 origin=AL act=medevac";
    let check = |outcome: &str| {
        format!(
            "kind=verification time=2031-05-05T09:00:00Z time_end=2031-05-05T12:00:00Z error_m= origin=AL clause=wounded condition=seen \
             outcome={outcome}"
        )
    };
    each(
        "permits",
        &terms,
        &[
            (&format!("{fetch} / {}", check("done")), &["stay-out AL permitted", "wounded AL permitted"]),
            (&format!("{fetch} / {}", check("not-done")), &["stay-out AL breach", "wounded AL no_breach"]),
            (&fetch.replace("medevac", "presence"), &["stay-out AL breach"]),
            (fetch, &["stay-out AL undetermined", "wounded AL undetermined"]),
        ],
    );
}

#[test]
fn drawn_zones() {
    let terms = prohibits("park", "\"presence\"", "where = \"park\"\n")
        + "[[zone]]\nid = \"park\"\nfile = \"zones/park.geojson\"\n";
    each(
        "drawn",
        &terms,
        &[
            ("time=2031-05-05T10:00:00Z lat=1.3 lon=2.41 act=presence origin=BO", &["park BO breach"]),
            ("time=2031-05-05T10:00:00Z lat=1.3 lon=2.39 act=presence origin=BO", &[]),
            (
                "time=2031-05-05T10:00:00Z lat=1.3 lon=2.4 error_m=500 act=presence origin=BO",
                &["park BO undetermined"],
            ),
        ],
    );
}

/// BO measures from a line of its own, 11 km south of the other; AL does not.
#[test]
fn lines_of_their_own() {
    let own = "[[line]]\nid = \"own\"\nfile = \"zones/own.geojson\"\ndate = 2031-05-01\nleft = \"AL\"\nright = \"BO\"\n";
    let far = "[[clause.distance]]\nwith = [\"gun\"]\nat_least = \"15 km\"\nline = \"line\"\nline_for = { BO = \"own\" }\n";
    let zone = "[[zone]]\nid = \"strip\"\nline = \"line\"\nline_for = { BO = \"own\" }\nsides = [\"AL\", \"BO\"]\nwithin = \"5 km\"\n";
    let terms = format!(
        "{own}{zone}{}{}",
        prohibits("guns", "\"presence\"", far),
        prohibits("tanks", "\"presence\"", "with = [\"tank\"]\nwhere = \"strip\"\n")
    );
    let stands = |weapon: &str, km: f64, party: &str| {
        format!(
            "time=2031-05-05T10:00:00Z lat={} lon=3.0 act=presence weapon={weapon} origin={party}",
            north(km)
        )
    };
    each(
        "own-lines",
        &terms,
        &[
            (&stands("gun", 16.0, "AL"), &["guns - no_breach"]),
            (&stands("gun", 14.0, "AL"), &["guns AL breach"]),
            (&stands("gun", -20.0, "BO"), &["guns BO breach"]),
            (&stands("gun", -27.0, "BO"), &["guns - no_breach"]),
            (&stands("tank", -14.0, "BO"), &["tanks BO breach"]),
            (&stands("tank", -17.0, "BO"), &[]),
            (&stands("tank", -9.0, "BO"), &["tanks BO breach"]),
            (&stands("tank", -4.0, "AL"), &["tanks AL breach"]),
            (&stands("tank", -6.0, "AL"), &[]),
            (&stands("tank", 14.0, "AL"), &[]),
        ],
    );
}

#[test]
fn zones_that_move() {
    let terms = "[[zone]]\nid = \"ships\"\naround = \"ship\"\nwithin = \"10 nm\"\nfresh = \"15 min\"\n"
        .to_string()
        + &prohibits("ships", "\"flight\"", "where = \"ships\"\n");
    let ship = |minute: &str, lon: &str| {
        format!("kind=position time=2031-05-05T10:{minute}:00Z lat=0.0 lon={lon} object=ship:Raz")
    };
    // The ship goes 0.1 degrees (11 km) east in ten minutes.
    let fly = |lon: &str, minute: &str| {
        format!(
            "time=2031-05-05T10:{minute}:00Z lat=0.0 lon={lon} act=flight weapon=uav origin=AL / {} / {}",
            ship("00", "3.0"),
            ship("10", "3.1")
        )
    };
    each(
        "ships",
        &terms,
        &[
            (&fly("3.26", "10"), &["ships AL breach"]),
            (&fly("3.26", "00"), &[]),
            (&fly("2.80", "09"), &[]),
            (&fly("3.15", "40"), &["ships AL undetermined"]),
        ],
    );
}

#[test]
fn thresholds() {
    let terms = prohibits("no-fire", "\"fire\"", "threshold = { casualties = 2, lasts_over = \"20 min\" }\n");
    let fire = |more: &str| {
        format!(
            "time=2031-05-05T10:00:00Z time_end=2031-05-05T10:40:00Z lat=1.1 lon=2.5 act=shelling origin=AL {more}"
        )
    };
    each(
        "threshold",
        &terms,
        &[
            (&fire("casualties=2 duration_s=10"), &["no-fire AL breach"]),
            (&fire("casualties=1 duration_s=10"), &["no-fire AL no_breach"]),
            (&fire("casualties=0 duration_s=1201"), &["no-fire AL breach"]),
            (&fire("casualties=0 duration_s=1200"), &["no-fire AL no_breach"]),
            (&fire("casualties=1"), &["no-fire AL undetermined"]),
        ],
    );
}

#[test]
fn before_the_start() {
    let terms = prohibits("pre", "\"advance\"", "[[clause.period]]\nbefore_start = \"48 h\"\n");
    let advance = |time: &str| format!("time={time} lat=1.1 lon=2.5 act=advance origin=BO");
    each(
        "pre",
        &terms,
        &[
            (&advance("2031-05-02T00:30:00Z"), &["pre BO breach"]),
            (&advance("2031-05-01T23:30:00Z"), &[]),
            (&advance("2031-05-04T00:30:00Z"), &[]),
        ],
    );
}

/// Fire on each day of an instrument that is proposed, accepted with a condition, put into force, suspended in each way,
/// denounced or lapsed.
#[test]
fn the_life_of_an_instrument() {
    let day = |day: u32, party: &str| {
        let lon = if party == "AL" { "2.5" } else { "3.5" };
        seen(&format!("time=2031-05-{day:02}T12:00:00Z lat=1.1 lon={lon} act=shelling origin={party}"))
    };
    let clause = prohibits("no-fire", "\"fire\"", "");
    let event = |date: &str, what: &str, more: &str| {
        format!(
            "[[event]]\ndate = {date}\nwhat = \"{what}\"\nparaphrase = \"Made up.\"\nsources = [\"text\"]\n{more}\n"
        )
    };
    let fire = |test: &str, nature: &str, more: &str, rows: &[String]| {
        held(test, nature, &format!("{more}{clause}"), rows)
    };
    let all: Vec<String> = [5, 7, 9].iter().flat_map(|at| [day(*at, "AL"), day(*at, "BO")]).collect();
    let breaches = |al: usize, bo: usize, open: usize| -> Vec<String> {
        let lines = |party: &str, verdict: &str, n: usize| vec![format!("no-fire {party} {verdict}"); n];
        let mut all = [
            lines("AL", "breach", al),
            lines("BO", "breach", bo),
            lines("AL", "undetermined", open),
            lines("BO", "undetermined", open),
        ]
        .concat();
        all.sort();
        all
    };
    let proposed = "[[period]]\nfrom = { not_before = 2031-05-04 }\nlasts = \"30 days\"\n";
    let accepted = event("2031-05-05", "accepted", "by = [\"AL\"]\ncondition = \"If the other does.\"\n");
    assert_eq!(fire("proposed", "proposed", proposed, &all), Vec::<String>::new());
    assert_eq!(fire("accepted", "proposed", &format!("{proposed}{accepted}"), &all), Vec::<String>::new());
    assert_eq!(fire("in-force", "agreed", PERIOD, &all), breaches(3, 3, 0));
    for (effect, expected) in
        [("ends", breaches(1, 1, 0)), ("frees", breaches(1, 3, 0)), ("disputed", breaches(1, 1, 2))]
    {
        for (what, by) in [("suspended", "AL"), ("denounced", "AL")] {
            let ends =
                event("2031-05-06T00:00:00Z", what, &format!("by = [\"{by}\"]\neffect = \"{effect}\"\n"));
            let found = fire(&format!("{what}-{effect}"), "agreed", &format!("{PERIOD}{ends}"), &all);
            assert_eq!(found, expected, "{what} {effect}");
        }
    }
    let suspended = event("2031-05-06T00:00:00Z", "suspended", "by = [\"AL\"]\neffect = \"ends\"\n");
    let resumed = event("2031-05-08T00:00:00Z", "resumed", "by = [\"AL\"]\n");
    let both = format!("{PERIOD}{suspended}{resumed}");
    assert_eq!(fire("resumed", "agreed", &both, &all), breaches(2, 2, 0));
    let lapsed = event("2031-05-08T00:00:00Z", "lapsed", "");
    assert_eq!(fire("lapsed", "agreed", &format!("{PERIOD}{lapsed}"), &all), breaches(2, 2, 0));
}

/// A gun nearer than guns of any calibre may stand: too near, whichever it is.
#[test]
fn a_gun_of_unknown_calibre() {
    let far = "[[clause.distance]]\nwith = [\"gun\"]\ncalibre_to = 100\nown_range = true\nat_least = \"15 km\"\nline = \"line\"\n\
               [[clause.distance]]\nwith = [\"gun\"]\ncalibre_over = 100\nat_least = \"25 km\"\nline = \"line\"\n";
    let gun = |km: f64| {
        format!("time=2031-05-05T10:00:00Z lat={} lon=3.0 act=presence weapon=gun origin=AL", north(km))
    };
    each(
        "guns",
        &prohibits("guns", "\"presence\"", far),
        &[
            (&gun(10.0), &["guns AL breach"]),
            (&gun(20.0), &["guns AL undetermined"]),
            (&gun(26.0), &["guns AL undetermined"]), // its own range may be longer
        ],
    );
}

/// A sighting between two breaches of one side, which nobody would take for one, leaves them two.
#[test]
fn what_lies_between_two_breaches() {
    let terms = prohibits("no-fire", "\"fire\"", "");
    let (one, other) = (
        "time=2031-05-05T14:00:00Z lat=1.40 lon=2.8 act=shelling weapon=mortar origin=AL",
        "time=2031-05-05T14:40:00Z lat=1.35 lon=2.8 act=shelling weapon=mortar origin=AL",
    );
    let two = ["no-fire AL breach", "no-fire AL breach"];
    let mut rows = vec![(format!("{one} / {other}"), &two[..])];
    for error in ["50", "500", "1500", "4000"] {
        let between = format!("time=2031-05-05T14:20:00Z lat=1.375 lon=2.8 error_m={error} act=shelling");
        rows.push((format!("{one} / {between} / {other}"), &two[..]));
        rows.push((format!("{other} / {between} / {one}"), &two[..]));
    }
    let rows: Vec<(&str, &[&str])> = rows.iter().map(|(row, two)| (row.as_str(), *two)).collect();
    each("bridge", &terms, &rows);
}

/// Copies under names of their own are no groups that count.
#[test]
fn groups_are_of_originals() {
    let terms = format!("{PERIOD}{}", prohibits("no-fire", "\"fire\"", ""));
    let groups = |test: &str, by: &str, copies: usize| {
        let at = "time=2031-05-05T14:00:00Z lat=1.1 lon=2.8 act=shelling";
        let dir = folders(test, "agreed", &terms, &[seen(at)]);
        let rows: String = (0..copies)
            .map(|n| format!("reported-event,2031-05-05T14:00:00Z,1.1,2.8,900,shelling,g{n},{by},B2,BO\n"))
            .collect();
        let columns = "kind,time,lat,lon,error_m,act,group,asserted_by,rating,origin\n";
        fs::write(dir.join("observations/press.csv"), format!("{columns}{rows}")).unwrap();
        let mission = story().join("mission");
        let more =
            ["--mission", mission.to_str().unwrap(), "--view", "mission", "--as-of", "2031-06-01T00:00:00Z"];
        let (ran, files) = assess(&dir.join("agreement"), &dir.join("observations"), &dir.join("out"), &more);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let incidents = json(&files)["incidents"]["rows"].as_array().unwrap().clone();
        assert_eq!(incidents.len(), 1, "{incidents:?}");
        (incidents[0]["observations"].as_u64().unwrap(), incidents[0]["groups"].as_u64().unwrap())
    };
    assert_eq!(groups("copies-party-1", "party:AL", 1), (2, 1));
    assert_eq!(groups("copies-party-100", "party:AL", 100), (101, 1));
    assert_eq!(groups("copies-third-1", "third", 1), (2, 2));
    assert_eq!(groups("copies-third-100", "third", 100).1, groups("copies-third-10", "third", 10).1);
}

/// A gate of the made-up story's plan, as its report has it.
fn gate(test: &str, more: &str, change: impl Fn(&Path)) -> serde_json::Value {
    let dir = scratch(&format!("features-{test}"));
    crate::common::copy(&story(), &dir);
    let path = dir.join("agreement/terms.toml");
    let phase = "\n[[phase]]\nid = \"one\"\ntitle = \"One\"\nparaphrase = \"Made up.\"\nsources = [\"SOURCE\"]\n\n[[phase.gate]]\n\
                 id = \"gate\"\nparaphrase = \"Made up.\"\nauthority = \"AL\"\nthen = \"on\"\n";
    let text = fs::read_to_string(&path).unwrap();
    let source = text.split_once("[[source]]\nid = \"").unwrap().1.split('"').next().unwrap();
    let phase = phase.replace("SOURCE", source);
    let more = more.replace("SOURCE", source);
    let (gate, clauses) = more
        .split_once("[[clause]]")
        .map_or((&*more, String::new()), |(gate, clause)| (gate, format!("\n[[clause]]{clause}")));
    fs::write(&path, format!("{text}{clauses}{phase}{gate}\n")).unwrap();
    change(&dir);
    let mission = dir.join("mission");
    let more =
        ["--mission", mission.to_str().unwrap(), "--view", "mission", "--as-of", "2031-05-12T00:00:00Z"];
    let (ran, files) = assess(&dir.join("agreement"), &dir.join("observations"), &dir.join("out"), &more);
    assert_eq!(ran.code, 0, "{}", ran.err);
    json(&files)["plan"]["phases"][0]["gates"][0].clone()
}

/// How much was observed is told by whole days: the report of a gate over a part of one tells neither how much was nor
/// whether it was enough.
#[test]
fn a_gate_over_a_part_of_a_day() {
    let quiet = |window: &str| {
        format!("indicator = \"breaches\"\nat_most = 1000\nwindow = \"{window}\"\ncoverage = 0.001\n")
    };
    let of = |window: &str| gate(&format!("gate-{}", window.replace(' ', "-")), &quiet(window), |_| ());
    assert!(of("1 day")["coverage_permille"].is_u64());
    assert!(of("24 h")["coverage_permille"].is_u64());
    for window in ["6 h", "12 h"] {
        let gate = of(window);
        assert!(gate["coverage_permille"].is_null() && gate["stands"] == "coverage", "{gate}");
    }
}

/// What a party counts of its own deliveries meets no gate; the same count by the monitor does.
#[test]
fn a_gate_of_a_quantity() {
    let terms = "indicator = \"share\"\nclauses = [\"aid\"]\nat_least = 0.9\nwindow = \"2 days\"\n\n[[clause]]\nid = \"aid\"\n\
                 title = \"Aid\"\nparaphrase = \"Made up.\"\nrule = \"obliges\"\nbinds = [\"AL\"]\nacts = [\"delivery\"]\n\
                 quantity = { of = \"trucks\", at_least = 100, per = \"1 day\" }\nsources = [\"SOURCE\"]\n";
    let counted = |by: &'static str, count: u32| {
        gate(&format!("share-{}-{count}", by.replace(':', "-")), terms, move |dir| {
            let row = format!(
                "kind,time,time_end,act,count,unit,origin,asserted_by,rating\nsighting,2031-05-04T00:00:00Z,\
                 2031-05-05T00:00:00Z,delivery,{count},trucks,AL,{by},A1\n"
            );
            let name = if by == "monitor" { "patrols.csv" } else { "press.csv" };
            fs::write(dir.join("observations").join(name), row).unwrap();
        })
    };
    assert_eq!(counted("monitor", 95)["stands"], "met");
    assert_eq!(counted("monitor", 85)["stands"], "not-met");
    let own = counted("party:AL", 100);
    assert!(own["stands"] == "verification" && own["alleged"][0]["sort"] == "counts", "{own}");
}
