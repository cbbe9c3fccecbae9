//! Invariant 9: what a public report never knows. Each test plants something and looks for it in every file.

use crate::common::{Case, Files, assert_same, assess, copy, easter_data, json, root, scratch, story};
use serde_json::Value;
use std::fs;
use std::path::Path;
use truce::Id;
use truce::mission::Mission;
use truce::observation::{Act, Asserter, Detail, Kind, Observation, Weapon};
use truce::place::{Level, METRE, Place, Point};
use truce::time::{DAY, HOUR, Span, Time};

fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

/// The view of a moment.
fn at(as_of: &str) -> Case {
    Case { as_of: Some(time(as_of)), ..Case::made_up() }
}

/// Fails when one of the traces stands in a file of the report or in what the program said.
#[track_caller]
fn nowhere(files: &Files, traces: &[&str]) {
    assert!(files.contains_key("report.html") && files.contains_key("report.json"), "no report");
    for (name, text) in files {
        for trace in traces {
            if let Some(at) = text.find(trace) {
                let start = (0..=at.saturating_sub(80)).rev().find(|at| text.is_char_boundary(*at)).unwrap();
                panic!("{trace} stands in {name}: {}", text[start..].chars().take(200).collect::<String>());
            }
        }
    }
}

/// The report with the number of withheld observations struck out: the only trace that they may leave.
fn but_for_the_count(files: Files, withheld: usize) -> Files {
    let words = format!("({withheld}\u{a0}observation{})", if withheld == 1 { "" } else { "s" });
    assert!(files["report.html"].contains(&words), "the report does not say {words}");
    files.into_iter().map(|(name, text)| (name, text.replace(&words, "(some observations)"))).collect()
}

/// An act seen at a place of its own, near the line, that ends at `end`.
fn planted(end: Time, number: u8) -> Observation {
    Observation {
        id: Id([number; 32]),
        source: "patrols".into(),
        group: "patrols".into(),
        asserted_by: Asserter::Monitor,
        kind: Kind::Sighting,
        time: Span { start: Time(end.0 - HOUR), end },
        place: Place::Area {
            name: "Plantedville".into(),
            level: Level::Settlement,
            centre: Point { lon: 27_000_000, lat: 14_000_000 },
            radius: 500 * METRE,
        },
        act: Act::Shelling,
        weapon: Weapon::Mortar,
        origin: Some("AL".into()),
        rating: truce::observation::Rating::parse("A1").unwrap(),
        ..Case::made_up().intake.observations[0].clone()
    }
}

/// What is younger than the delay is as if it had not been sent; what is a moment older is there.
#[test]
fn publication_withholds_what_is_younger_than_the_delay() {
    let mut case = at("2031-05-19T00:00:00Z");
    let expected = but_for_the_count(case.answer(), 0);
    let limit = Time(case.as_of.unwrap().0 - 24 * HOUR);
    let plants = [
        planted(Time(limit.0 + 1), 1),
        planted(Time(limit.0 + 5 * HOUR), 2),
        planted(Time(limit.0 + DAY), 3),
    ];
    let before = case.intake.observations.clone();
    case.intake.observations.extend(plants);
    let with = but_for_the_count(case.answer(), 3);
    assert_same(&expected, &with);
    nowhere(&with, &["Plantedville"]);
    // The negative control: the same act, an instant earlier, is in the report.
    case.intake.observations = before;
    case.intake.observations.push(planted(limit, 1));
    let old_enough = case.answer();
    assert!(old_enough["map.svg"].contains("Plantedville"));
}

/// At any moment of the story the report is that of the observations that are old enough, and of nothing else.
#[test]
fn publication_is_that_of_old_observations_alone() {
    for as_of in
        ["2031-05-04T13:00:00Z", "2031-05-05T03:30:00Z", "2031-05-05T14:30:00Z", "2031-05-06T09:00:00Z"]
    {
        let all = at(as_of);
        let limit = time(as_of).0 - 24 * HOUR;
        let mut old = at(as_of);
        old.intake.observations.retain(|observation| observation.time.end.0 <= limit);
        let withheld = all.intake.observations.len() - old.intake.observations.len();
        assert!(withheld > 0, "nothing is young at {as_of}");
        assert_same(&but_for_the_count(old.answer(), 0), &but_for_the_count(all.answer(), withheld));
    }
}

/// Maps of held ground are published as late as events: the day of a map must be over for the delay.
#[test]
fn shared_publication_withholds_young_maps() {
    let Some(data) = easter_data() else { return };
    let mut all = Case::read(&root().join("agreements/easter-2025"), None, &data);
    all.as_of = Some(time("2025-04-22T12:00:00Z"));
    let files = all.answer();
    // Days are cut by Kyiv's clock; 20 April ended at 21:00 UTC, 21 April less than 24 h ago.
    let mut old = Case {
        as_of: all.as_of,
        ..Case::read(&root().join("agreements/easter-2025"), None, Path::new("../../agreements"))
    };
    old.intake = all.intake.clone();
    let days = |case: &Case| case.intake.territories.len();
    old.intake.territories.retain(|map| map.date.to_string().as_str() <= "2025-04-20");
    assert!(days(&old) < days(&all));
    assert_same(&old.answer(), &files);
    // And the view of a moment in the truce knows no ground that changed hands in it.
    all.as_of = Some(time("2025-04-20T23:00:00Z"));
    let view = all.answer();
    assert!(!view["report.json"].contains("12.93 km²"), "a map younger than the delay was used");
}

/// The mission of the story with a change of one line.
fn mission(from: &str, to: &str) -> Result<Mission, String> {
    let text = fs::read_to_string(story().join("mission/mission.toml")).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    Mission::parse("mission.toml", &text.replace(from, to))
        .map_err(|mistakes| mistakes.iter().map(|mistake| format!("{mistake:?}")).collect())
}

#[test]
fn publication_is_never_earlier_than_six_hours() {
    let delay = |to: &str| mission("public_delay = \"24 h\"", &format!("public_delay = \"{to}\""));
    for refused in ["0 h", "5 h", "359 min"] {
        assert!(delay(refused).unwrap_err().contains("shorter than 6 hours"), "{refused}");
    }
    assert_eq!(delay("6 h").unwrap().publication.delay, 6 * HOUR);
    assert!(delay("-7 h").is_err());
}

#[test]
fn publication_knows_no_sector_below_fifty_kilometres() {
    let sector = |to: &str| mission("sector = \"50 km\"", &format!("sector = \"{to}\""));
    for refused in ["49 km", "49999 m", "10 km", "1 m"] {
        assert!(sector(refused).unwrap_err().contains("shorter than 50 km"), "{refused}");
    }
    assert!(sector("50 km").is_ok() && sector("80 km").is_ok());
}

/// What a report shows of the coverage of days: of the tables and of the strip.
fn states(files: &Files, column: &str, day: &str) -> Vec<String> {
    let report = json(files);
    let mut states = Vec::new();
    for table in report["coverage"].as_array().unwrap() {
        let columns = table["columns"].as_array().unwrap();
        let at = columns.iter().position(|name| name == column).unwrap();
        for row in table["rows"].as_array().unwrap() {
            states.push(row["cells"][at]["state"].as_str().unwrap().to_string());
        }
    }
    let strip = report["strip"]["days"].as_array().unwrap().iter().find(|row| row["day"] == day).unwrap();
    for cell in strip["cells"].as_array().unwrap() {
        states.push(cell["state"].as_str().unwrap().to_string());
    }
    states
}

#[test]
fn coverage_is_withheld_for_seven_days() {
    // 4 May ended seven days before midnight of 12 May.
    let just = at("2031-05-12T00:00:00Z").answer();
    let early = at("2031-05-11T23:59:59Z").answer();
    assert!(states(&just, "4 May", "2031-05-04").contains(&"observed".to_string()));
    assert!(
        states(&just, "4 May", "2031-05-04").contains(&"not_observed".to_string()),
        "the blinded post shows"
    );
    for (files, column, day) in
        [(&just, "5 May", "2031-05-05"), (&early, "4 May", "2031-05-04"), (&early, "5 May", "2031-05-05")]
    {
        assert!(states(files, column, day).iter().all(|state| state == "not_known"), "{day}");
    }
    assert!(states(&early, "3 May", "2031-05-03").contains(&"observed".to_string()));
    // And it influences nothing: a post that was not blinded changes no byte.
    let mut case = at("2031-05-11T23:59:59Z");
    let mut ups = case.intake.observations.iter_mut().filter_map(|it| match &mut it.detail {
        Detail::Status { up, .. } if !*up => Some(up),
        _ => None,
    });
    *ups.next().unwrap() = true;
    drop(ups);
    assert_same(&early, &case.answer());
    case.as_of = Some(time("2031-05-12T00:00:00Z"));
    assert!(case.answer() != just, "the change is one that would show");
}

/// The story in a folder of its own, with files changed or added.
fn planted_story(test: &str, files: &[(&str, &dyn Fn(String) -> String)]) -> Files {
    let dir = scratch(test);
    copy(&story(), &dir);
    for (name, change) in files {
        let path = dir.join(name);
        let before = fs::read_to_string(&path).unwrap_or_default();
        let after = change(before.clone());
        assert!(before != after, "{name}: nothing was planted");
        fs::write(&path, after).unwrap();
    }
    let mission = dir.join("mission");
    let more = ["--mission", mission.to_str().unwrap(), "--as-of", "2031-05-19T00:00:00Z"];
    let (ran, report) = assess(&dir.join("agreement"), &dir.join("observations"), &dir.join("out"), &more);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains(" 0 set aside"), "what is planted must be read: {}", ran.err);
    let mut report = report;
    report.insert("(standard error)".into(), ran.err);
    report
}

#[test]
fn a_planted_sensor_appears_nowhere() {
    let heartbeats = |text: String| text.replace("1.1,2.12,10,post-01", "1.1037,2.1273,10,Planted-Ear-9");
    let patrols = |text: String| text.replace("1.4,2.8,60,8", "1.4046,2.8083,60,8");
    let report = planted_story(
        "planted-sensor",
        &[("observations/heartbeats.csv", &heartbeats), ("observations/patrols.csv", &patrols)],
    );
    let position = ["1.1037", "2.1273", "1.4046", "2.8083", "11037", "21273", "14046", "28083"];
    let coarser = ["1.104,", "2.127,", "1.405,", "2.808,", ": 1104,", ": 2127,", ": 1405,", ": 2808,"];
    nowhere(&report, &position);
    nowhere(&report, &coarser);
    nowhere(&report, &["Planted-Ear", "planted-ear", "post-0"]);
}

#[test]
fn publication_knows_no_note_no_quote_and_no_name() {
    let person = "Qwertine Zzyzxson";
    let press =
        |text: String| text.replace("three shells near the mill", &format!("{person} saw three shells"));
    let patrols =
        |text: String| text.replace("two howitzers under nets", &format!("\"{person} at 1.51223, 2.94381\""));
    let claims = |text: String| text.replacen("false,,https", &format!("false,\"said {person}\",https"), 1);
    let report = planted_story(
        "planted-person",
        &[
            ("observations/press.csv", &press),
            ("observations/patrols.csv", &patrols),
            ("observations/claims.csv", &claims),
        ],
    );
    nowhere(&report, &["Qwertine", "Zzyzxson", "1.51223", "2.94381", "three shells", "howitzers"]);
    // The key of a text says which text it is to anyone who has the text.
    nowhere(&report, &["00000000000000a1", "text_key"]);
}

/// An agreement of the made-up parties, read by the mission for public data.
fn public_mission(test: &str, files: &[(&str, &str)]) -> Files {
    let dir = scratch(test);
    let observations = dir.join("observations");
    fs::create_dir_all(&observations).unwrap();
    for (name, text) in files {
        fs::write(observations.join(name), text).unwrap();
    }
    // The days of the story are yet to come: only a mission that says that it is made up may tell of them.
    let public = root().join("missions/public-data");
    let mission = dir.join("mission");
    fs::create_dir_all(&mission).unwrap();
    for entry in fs::read_dir(public).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, mission.join(path.file_name().unwrap())).unwrap();
    }
    let file = mission.join("mission.toml");
    let text = format!("made_up = \"A test.\"\n{}", fs::read_to_string(&file).unwrap());
    fs::write(&file, text).unwrap();
    let more = ["--as-of", "2031-06-30T00:00:00Z", "--mission", mission.to_str().unwrap()];
    let (ran, mut report) = assess(&story().join("agreement"), &observations, &dir.join("out"), &more);
    assert_eq!(ran.code, 0, "{}", ran.err);
    report.insert("(standard error)".into(), ran.err);
    report
}

/// Rows of VIINA as they come, with a name in the headline.
const VIINA: &str = "\u{feff}\"datetime\",\"lon\",\"lat\",\"place_name\",\"event_type\",\"headline\"
\"2031-05-04 00:00:00\",\"36.51234\",\"49.61234\",\"Plantove\",\"firefighb\",\"Росіяни обстріляли Плантове: загинув Квертин Ззизксон\"
\"2031-05-04 10:30:00\",\"36.51234\",\"49.61234\",\"Plantove\",\"\",\"Дрон атакував будинок, де жив Квертин Ззизксон, call +380501234567\"
";

#[test]
fn a_planted_headline_appears_nowhere() {
    let report = public_mission("planted-headline", &[("viina_2031-05.csv", VIINA)]);
    // It was read, and is an incident.
    assert!(report["(standard error)"].contains("2 rows: 2 used"), "{}", report["(standard error)"]);
    assert!(!json(&report)["incidents"]["rows"].as_array().unwrap().is_empty());
    nowhere(&report, &["Квертин", "Ззизксон", "обстріляли", "Плантове", "380501234567", "будинок"]);
    nowhere(&report, &["36.512", "49.612", "36512", "49612"]);
}

/// A row of a headline that cannot be read is not quoted either.
#[test]
fn a_planted_headline_in_a_broken_row_appears_nowhere() {
    let broken = VIINA.replacen("\"49.61234\"", "\"Квертин\"", 1);
    let report = public_mission("planted-broken-headline", &[("viina_2031-05.csv", &broken)]);
    assert!(report["(standard error)"].contains("1 set aside"), "{}", report["(standard error)"]);
    let files: Files = report.into_iter().filter(|(name, _)| name != "(standard error)").collect();
    nowhere(&files, &["Квертин", "Ззизксон", "обстріляли"]);
}

/// Units in a map of held ground are never parsed, wherever they stand in it.
#[test]
fn a_planted_unit_position_appears_nowhere() {
    let units = [
        r#""units":[{"name":"99th Planted Brigade","pos":[48.123456,37.654321]}],"#,
        r#""geos":[["99th Planted Brigade",48.123456,37.654321]],"#,
    ];
    let areas = r#""areas":[[[48.9,37.5],[48.8,37.6],[48.7,37.4],[48.9,37.5]]],"areas_ua":[],"frontline":[]"#;
    let good = format!("{{{}{}{areas}}}", units[0], units[1]);
    let broken =
        format!("{{{}{}}}", units[0], areas.replace("[48.8,37.6]", "[\"99th Planted Brigade\",37.654321]"));
    let report = public_mission(
        "planted-unit",
        &[
            ("viina_2031-05.csv", VIINA),
            ("owlmaps_2031-05-04.json", &good),
            ("owlmaps_2031-05-05.json", &broken),
        ],
    );
    assert!(report["(standard error)"].contains("1 set aside"), "{}", report["(standard error)"]);
    nowhere(&report, &["Planted Brigade", "99th", "48.12", "37.65", "48123", "37654"]);
}

/// The same in the real maps.
#[test]
fn shared_a_planted_unit_position_appears_nowhere_in_a_real_map() {
    let Some(data) = easter_data() else { return };
    let dir = scratch("planted-unit-shared");
    let name = "owlmaps_2025-04-01.json";
    let unit = r#"{"units":[{"name":"99th Planted Brigade","pos":[48.123456,37.654321]}],"#;
    let text = fs::read_to_string(data.join("line").join(name)).unwrap();
    fs::create_dir_all(dir.join("in")).unwrap();
    fs::write(dir.join("in").join(name), text.replacen('{', unit, 1)).unwrap();
    for name in ["line/deepstate_2025-04-19.geojson", "war_fires_daily.csv"] {
        fs::copy(data.join(name), dir.join("in").join(name.rsplit('/').next().unwrap())).unwrap();
    }
    let (ran, report) =
        assess(&root().join("agreements/easter-2025"), &dir.join("in"), &dir.join("out"), &[]);
    assert!(ran.code == 0 && ran.err.contains("0 set aside"), "{}", ran.err);
    nowhere(&report, &["Planted Brigade", "99th", "48.1234", "37.6543", "48123,", "37654,"]);
}

/// Numbers with four or more decimals, wherever they stand.
fn fine_numbers(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for (at, _) in text.match_indices('.') {
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 3 && at > 0 && bytes[at - 1].is_ascii_digit() {
            found.push(text[at - 1..=at + digits].to_string());
        }
    }
    found
}

/// Whole numbers of eight digits or more that stand alone, as 1e-7 degrees would; the twelve digits of an
/// incident's id may all be numerals, and hashes are longer.
fn long_numbers(text: &str) -> Vec<&str> {
    text.split(|char: char| !char.is_ascii_alphanumeric())
        .filter(|word| word.len() >= 8 && word.len() < 12 && word.bytes().all(|byte| byte.is_ascii_digit()))
        .collect()
}

/// The text without the web addresses that it cites: they hold numbers of their own.
fn without_addresses(text: &str) -> String {
    let ends = |char: char| char.is_whitespace() || "\"<>,".contains(char);
    let addresses = text.split("https://").skip(1).filter_map(|part| part.split(ends).next());
    let mut addresses: Vec<&str> = addresses.filter(|address| !address.is_empty()).collect();
    // A page shows an address without its scheme too. The longer first: one may begin with another.
    addresses.sort_unstable_by_key(|address| std::cmp::Reverse(address.len()));
    addresses.dedup();
    addresses.into_iter().fold(text.to_owned(), |text, address| text.replace(address, ""))
}

/// All numbers in JSON, each with where it stands.
fn numbers(value: &Value, path: &str, found: &mut Vec<(String, f64)>) {
    match value {
        Value::Number(number) => found.push((path.to_string(), number.as_f64().unwrap())),
        Value::Array(items) => items.iter().for_each(|item| numbers(item, path, found)),
        Value::Object(map) => {
            map.iter().for_each(|(key, item)| numbers(item, &format!("{path}.{key}"), found));
        }
        _ => {}
    }
}

/// No coordinate finer than a cell, or than a thousandth of a degree for lines.
#[track_caller]
fn coarse(files: &Files) {
    for (name, text) in files {
        assert_eq!(fine_numbers(text), [] as [&str; 0], "in {name}");
        assert_eq!(long_numbers(&without_addresses(text)), [] as [&str; 0], "in {name}");
    }
    let report = json(files);
    let mut all = Vec::new();
    numbers(&report, "", &mut all);
    assert!(all.len() > 500);
    for (path, number) in &all {
        // Places are whole hundredths (cells) and thousandths (lines) of a degree; a 1e-7 degree would be larger.
        assert!(number.fract() == 0.0 && number.abs() < 1_000_000.0, "{path}: {number}");
        let place = path.contains("lon") || path.contains("lat");
        assert!(!place || path.ends_with("_millidegrees") || !path.contains("degrees"), "{path}");
        if path.ends_with("south_centidegrees") || path.ends_with("north_centidegrees") {
            assert_eq!(number % 10.0, 0.0, "{path}: {number} is no edge of a cell");
        }
        if path.ends_with("west_centidegrees") || path.ends_with("east_centidegrees") {
            assert_eq!(number % 15.0, 0.0, "{path}: {number} is no edge of a cell"); // south of 53 degrees north
        }
    }
    // A thousandth of a degree is for lines and labels, which come with the agreement or name a settlement.
    let fine: Vec<&String> =
        all.iter().map(|(path, _)| path).filter(|path| path.contains("millidegrees")).collect();
    assert!(
        fine.iter().all(|path| path.starts_with(".map.lines") || path.starts_with(".map.labels")),
        "{fine:?}"
    );
    let geojson: Value = serde_json::from_str(&files["report.geojson"]).unwrap();
    for feature in geojson["features"].as_array().unwrap() {
        let layer = feature["properties"]["layer"].as_str().unwrap_or_default();
        if feature["geometry"].is_null() || feature["geometry"]["type"] == "LineString" || layer == "line" {
            continue;
        }
        let mut corners = Vec::new();
        numbers(&feature["geometry"]["coordinates"], "", &mut corners);
        for (_, degrees) in corners {
            let centidegrees = (degrees * 100.0).round();
            assert!(
                (degrees * 100.0 - centidegrees).abs() < 1e-6 && centidegrees % 5.0 == 0.0,
                "{layer}: {degrees}"
            );
        }
        assert_ne!(feature["geometry"]["type"], "Point", "no point is published");
    }
}

#[test]
fn publication_knows_no_fine_place() {
    coarse(&Case::made_up().answer());
}

#[test]
fn shared_publication_knows_no_fine_place() {
    let Some(data) = easter_data() else { return };
    for agreement in ["easter-2025", "energy-2025"] {
        coarse(&Case::read(&root().join("agreements").join(agreement), None, &data).answer());
    }
}

/// The tests above see what they are looking for.
#[test]
fn fine_numbers_are_noticed() {
    assert_eq!(fine_numbers("a 12.3456 b 12.345 c 0.12345,7.1"), ["2.3456", "0.12345"]);
    assert_eq!(long_numbers("lon: 365123400, id 123456789012, 00a12345678"), ["365123400"]);
}

/// Reports and the record cut the ground alike: the cell of a report is the cell that a leaf tells for the same point.
#[test]
fn a_cell_of_a_report_is_the_cell_of_the_record() {
    use verify::resolution::{DEGREE, PlaceResolution, cell};
    const CENTIDEGREE: i64 = 100_000;
    // Around every edge of belts and rows, poles and the antimeridian, a hair to either side.
    let near = |edge: i64| [-CENTIDEGREE - 1, -1, 0, 1, 54_321, CENTIDEGREE].map(|by| edge + by);
    let lats = [-90, -85, -80, -70, -60, -53, -45, -1, 0, 1, 48, 53, 60, 70, 80, 85, 90];
    let lats = lats.into_iter().flat_map(|lat| near(lat * DEGREE)).filter(|lat| lat.abs() <= 90 * DEGREE);
    let lons = (-180..=180).step_by(7).chain([-180, -179, 0, 37, 179, 180]);
    let lons = lons.flat_map(|lon| near(lon * DEGREE)).filter(|lon| lon.abs() <= 180 * DEGREE);
    let lons: Vec<i64> = lons.collect();
    let mut checked = 0;
    for lat in lats {
        for &lon in &lons {
            let at = Point { lon: i32::try_from(lon).unwrap(), lat: i32::try_from(lat).unwrap() };
            let [west, south, ..] = report::Cell::containing(at).sides();
            let corner = (i64::from(west) * CENTIDEGREE, i64::from(south) * CENTIDEGREE);
            assert_eq!(corner, cell(lon, lat, PlaceResolution::Km10), "{lon} {lat}");
            checked += 1;
        }
    }
    assert!(checked > 20_000, "{checked}");
}
