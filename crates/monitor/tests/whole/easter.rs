//! The Easter truce and the energy moratorium of 2025, end to end, against values computed apart from this program
//! (docs/expected).

use crate::common::{Files, assert_same, assess, easter_data, json, root, scratch};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The values of docs/expected/easter_2025.py, which shares no code with this program.
struct Expected(String);

impl Expected {
    fn read() -> Self {
        Self(fs::read_to_string(root().join("docs/expected/easter_2025.csv")).unwrap())
    }

    #[track_caller]
    fn text(&self, key: &str) -> &str {
        let line = self.0.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(','));
        line.unwrap_or_else(|| panic!("no {key} in easter_2025.csv"))
    }

    #[track_caller]
    fn number(&self, key: &str) -> i64 {
        self.text(key).parse().unwrap()
    }
}

/// Runs an agreement over the public data.
fn run(test: &str, agreement: &str, data: &Path) -> Files {
    let agreement = root().join("agreements").join(agreement);
    let (ran, files) = assess(&agreement, data, &scratch(test), &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("12167 rows: 12167 used, 0 set aside"), "{}", ran.err);
    files
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// The block of a source's series.
fn series<'a>(report: &'a Value, source: &str) -> &'a Value {
    list(&report["series"]).iter().find(|series| series["source"] == source).unwrap()
}

/// A ratio as computed apart, to a permille.
#[track_caller]
fn same_ratio(expected: &Expected, key: &str, conclusion: &Value) {
    assert_eq!(conclusion["kind"], "ratio", "{key}");
    assert_eq!(conclusion["model"], expected.text(&format!("{key}.model")));
    for part in ["ratio_permille", "low_permille", "high_permille"] {
        let (ours, theirs) = (conclusion[part].as_i64().unwrap(), expected.number(&format!("{key}.{part}")));
        assert!((ours - theirs).abs() <= 1, "{key}.{part}: {ours}, computed apart {theirs}");
    }
}

/// The reason for which a series allows no conclusion.
#[track_caller]
fn no_conclusion(series: &Value) -> &str {
    assert_eq!(series["conclusion"]["kind"], "no_conclusion", "{}", series["conclusion"]);
    series["conclusion"]["reason"].as_str().unwrap()
}

/// `name: 1,234` in what stands beside a count.
fn beside(window: &Value, name: &str) -> i64 {
    let text = window["beside"].as_str().unwrap();
    let figure = text.split("; ").find_map(|part| part.strip_prefix(name)?.strip_prefix(": "));
    figure.map_or(0, |figure| figure.replace(',', "").parse().unwrap())
}

/// Windows before, nearest first as in the expected values.
fn before(series: &Value) -> impl Iterator<Item = (usize, &Value)> {
    list(&series["baseline_windows"]).iter().rev().enumerate()
}

#[test]
fn shared_easter_is_as_computed_apart() {
    let Some(data) = easter_data() else { return };
    let (first, second) =
        (run("easter-first", "easter-2025", &data), run("easter-second", "easter-2025", &data));
    // Each has a record of its own, with salts of its own: only the root that they name differs.
    let named =
        |files: &Files| json(files)["head"]["computed_from"]["checkpoint"].as_str().unwrap().to_string();
    let (one, other) = (named(&first), named(&second));
    assert!(one != other, "the salts of two records are the same");
    let second = second.into_iter().map(|(name, text)| (name, text.replace(&other, &one))).collect();
    assert_same(&first, &second);
    let (report, expected) = (json(&first), Expected::read());
    assert_eq!(report["head"]["window"]["start"], "2025-04-19T15:00:00Z");
    assert_eq!(report["head"]["window"]["end"], "2025-04-20T21:00:00Z");
    alerts(series(&report, "alerts"), &expected);
    reports(series(&report, "viina"), &expected);
    launches(series(&report, "attacks"), &expected);
    thermal(series(&report, "war-fires"), &expected);
    let area = series(&report, "deepstate");
    assert!(no_conclusion(area).contains("may lag by 3 days"));
    assert_eq!(area["window"]["tally"]["state"], "not_known");
    claims(&report, &first);
    silence(&report, &first);
}

fn alerts(series: &Value, expected: &Expected) {
    let key = "air_raid_alert_starts";
    assert_eq!(series["window"]["tally"]["count"], expected.number(&format!("{key}.window.starts")));
    assert_eq!(series["window"]["tally"]["count"], 4);
    assert_eq!(beside(&series["window"], "standing states that began"), 1);
    assert_eq!(expected.number(&format!("{key}.window.standing")), 1);
    let counts: Vec<i64> =
        before(series).map(|(_, window)| window["tally"]["count"].as_i64().unwrap()).collect();
    assert_eq!(counts, [42, 101, 76, 64, 39, 58, 51]);
    for (n, count) in counts.iter().enumerate() {
        assert_eq!(*count, expected.number(&format!("{key}.before_nearest_first.{n}.starts")));
    }
    same_ratio(expected, &format!("{key}.ratio"), &series["conclusion"]);
    same_ratio(
        expected,
        &format!("{key}.ratio_standing_states_counted"),
        &series["other_ways"][0]["conclusion"],
    );
    same_ratio(expected, &format!("{key}.ratio_disjoint_windows"), &series["other_ways"][1]["conclusion"]);
    assert_eq!(series["asserted_by"]["party"], "UA", "a party's own series says so");
}

fn reports(series: &Value, expected: &Expected) {
    let key = "kinetic_reports";
    let same = |window: &Value, key: &str| {
        let of = |part: &str| expected.number(&format!("{key}.{part}"));
        assert_eq!(window["tally"]["count"], of("count"), "{key}");
        assert_eq!(
            beside(window, "stories that pass, before removing repeats by place"),
            of("stories"),
            "{key}"
        );
        assert_eq!(beside(window, "other stories"), of("other_stories"), "{key}");
        assert_eq!(beside(window, "digest rows left out"), of("digest_rows"), "{key}");
        assert_eq!(beside(window, "rows"), of("rows"), "{key}");
    };
    same(&series["window"], &format!("{key}.window"));
    assert_eq!(before(series).count(), 7);
    for (n, window) in before(series) {
        let key = format!("{key}.before_nearest_first.{n}");
        same(window, &key);
        assert_eq!(
            !window["left_out"].is_null(),
            expected.text(&format!("{key}.left_out")) == "true",
            "{key}"
        );
    }
    same_ratio(expected, &format!("{key}.ratio_of_reports_alone"), &series["conclusion"]);
    same_ratio(
        expected,
        &format!("{key}.ratio_of_all_other_stories"),
        &series["other_ways"][1]["conclusion"],
    );
    assert_eq!(
        series["check"]["precision_permille"],
        expected.number("filter_of_reports.precision_permille")
    );
    assert_eq!(series["check"]["rows"], expected.number("filter_of_reports.sample"));
}

fn launches(series: &Value, expected: &Expected) {
    assert!(no_conclusion(series).contains("no row is not zero"));
    assert_eq!(series["window"]["tally"]["count"], Value::Null, "no zero is made");
    assert_eq!(expected.text("long_range_launches.window.launched"), "null");
    assert_eq!(before(series).count(), 7);
    for (n, window) in before(series) {
        let of =
            |part: &str| expected.number(&format!("long_range_launches.before_nearest_first.{n}.{part}"));
        assert_eq!(window["tally"]["count"], of("launched"), "window {n}");
        assert_eq!(beside(window, "rows of attacks that began"), of("rows_begun"), "window {n}");
        assert_eq!(beside(window, "rows that reach over an edge"), of("rows_over_an_edge"), "window {n}");
    }
}

fn thermal(series: &Value, expected: &Expected) {
    let why = no_conclusion(series);
    assert!(why.contains("only 1 of the 27 days") && why.contains("cloud"), "{why}");
    assert_eq!(expected.text("thermal_anomalies.ratio"), "null");
    assert_eq!(series["window"]["tally"]["count"], expected.number("thermal_anomalies.window.war_fires"));
    assert_eq!(
        beside(&series["window"], "cloud over the east, permille"),
        expected.number("thermal_anomalies.window.cloud_permille")
    );
    let kept: Vec<i64> = before(series)
        .filter(|(_, window)| window["left_out"].is_null() && !window["tally"]["count"].is_null())
        .map(|(_, window)| window["tally"]["count"].as_i64().unwrap())
        .collect();
    assert_eq!(kept, [expected.number("thermal_anomalies.comparable_days.0.war_fires")]);
}

/// Each claim by itself: its arithmetic, no claim beside another that counts something else, and no sum of claims.
fn claims(report: &Value, files: &Files) {
    let all = list(&report["claims"]);
    let claim = |id: &str| all.iter().find(|claim| claim["id"] == id).unwrap();
    let (kyiv, moscow) = (claim("ua-20-april"), claim("ru-30-hours"));
    assert_eq!((&kyiv["total"]["number"], &moscow["total"]["number"]), (&2935.into(), &4900.into()));
    // 96 + 1882 + over 950 may make 2935; the seven parts of the longer report make 4900.
    assert_eq!(
        (&kyiv["arithmetic"]["result"], &kyiv["arithmetic"]["sum"]),
        (&"can_agree".into(), &2928.into())
    );
    assert_eq!(
        (&moscow["arithmetic"]["result"], &moscow["arithmetic"]["sum"]),
        (&"agrees".into(), &4900.into())
    );
    assert_ne!(kyiv["window"], moscow["window"]);
    assert!(all.iter().all(|claim| list(&claim["comparable_with"]).is_empty()), "no two count the same");
    for (name, text) in files {
        for (at, _) in text.match_indices("7835").chain(text.match_indices("7,835")) {
            let digit = |at: Option<usize>| {
                at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_hexdigit)
            };
            let end = at + if text[at..].starts_with("7,") { 5 } else { 4 };
            let alone = !digit(at.checked_sub(1)) && !digit(Some(end));
            assert!(
                !alone,
                "{name} adds the claims of both parties up: {}",
                &text[at.saturating_sub(40)..end]
            );
        }
    }
}

/// What a report says of no text: the only letters are those of its own language, of which headlines are not, and what
/// stands in the agreement's own file, such as its titles.
fn silence(report: &Value, files: &Files) {
    assert!(list(&report["incidents"]["rows"]).len() > 100);
    let own = fs::read_to_string(root().join("agreements/easter-2025/terms.toml")).unwrap();
    for (name, text) in files {
        let mut rest = &text[..];
        while let Some(at) = rest.find(|char| ('\u{400}'..='\u{52f}').contains(&char)) {
            rest = &rest[at..];
            let words = &rest[..rest.find(['"', '<', '&', '\n']).unwrap_or(rest.len())];
            assert!(own.contains(words), "{name} holds a text of a source: {words}");
            rest = &rest[words.len()..];
        }
    }
    let known: Vec<&str> = vec![
        "id",
        "cell",
        "place",
        "first_day",
        "last_day",
        "kinds",
        "observations",
        "groups",
        "sources",
        "evidence_centibans",
        "probability_permille",
        "probability_word",
    ];
    for incident in list(&report["incidents"]["rows"]) {
        for key in incident.as_object().unwrap().keys() {
            assert!(known.contains(&key.as_str()), "is `{key}` of an incident fit to be published?");
        }
    }
}

/// The strike on a substation of Kupiansk: in force as Moscow reads the moratorium, not yet as Kyiv does.
#[test]
fn shared_kupiansk_is_held_against_each_reading() {
    let Some(data) = easter_data() else { return };
    let report = json(&run("energy", "energy-2025", &data));
    let incidents: Vec<&Value> = list(&report["incidents"]["rows"])
        .iter()
        .filter(|incident| {
            incident["cell"]["name"] == "49.7N 37.5E"
                && incident["last_day"] == "2025-03-20"
                && list(&incident["kinds"]).contains(&"target: electricity".into())
        })
        .collect();
    let [kupiansk] = incidents[..] else { panic!("one incident was expected: {incidents:?}") };
    let finding = |reading: &str| {
        let readings = list(&report["findings"]["readings"]);
        let reading = readings.iter().find(|it| it["id"] == reading).unwrap();
        list(&reading["findings"]).iter().find(|finding| finding["subject"] == kupiansk["id"])
    };
    let moscow = finding("moscow").expect("a finding under the reading moscow");
    assert!(["undetermined", "breach"].iter().any(|verdict| moscow["verdict"] == *verdict), "{moscow}");
    assert!(moscow["reasons"].to_string().contains("electricity"), "{moscow}");
    let kyiv = finding("kyiv").expect("a finding under the reading kyiv, of an incident that moscow's holds");
    assert_eq!(kyiv["verdict"], "outside_period", "{kyiv}");
    // Readings are never mixed: a finding under one cites nothing of the other.
    assert!(!moscow["reasons"].to_string().contains("list"), "the list is unknown under kyiv only: {moscow}");
}
