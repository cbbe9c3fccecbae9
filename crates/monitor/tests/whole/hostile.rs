//! A reader who tries to make the program blame a side: by repetition, wording, order, or what is missing. Each attack is
//! files that anyone could hand in, beside the made-up story; none may add a breach, move one to a party, or take one away.
//!
//! Order of input is in `fixture`, exchanged parties in `neutrality`, a judgement by the wrong hand in `tests/case.rs`.

use crate::common::{Case, Files, copy, json, root, scratch, story};
use monitor::assess::{Question, mission_files};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use truce::time::Time;

/// The story in a folder of its own.
fn folder(test: &str) -> PathBuf {
    let dir = scratch(test);
    copy(&story(), &dir);
    dir
}

/// The report on a folder, two weeks after the story.
fn report(dir: &Path) -> Files {
    let case = Case::read(&dir.join("agreement"), Some(&dir.join("mission")), &dir.join("observations"));
    Case { as_of: Time::parse("2031-05-19T00:00:00Z"), ..case }.answer()
}

/// Every finding with its reading.
fn findings(files: &Files) -> Vec<(String, Value)> {
    let report = json(files);
    let readings = report["findings"]["readings"].as_array().unwrap();
    let of = |reading: &Value| -> Vec<(String, Value)> {
        let id = reading["id"].as_str().unwrap();
        reading["findings"].as_array().unwrap().iter().map(|row| (id.to_string(), row.clone())).collect()
    };
    readings.iter().flat_map(of).collect()
}

/// Reading, clause, party, place and day of every breach, with how many there are.
fn breaches(files: &Files) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (reading, row) in findings(files).iter().filter(|(_, row)| row["verdict"] == "breach") {
        let part = |name: &str| row[name].to_string();
        let rest = ["clause", "party", "place", "first_day"].map(part).join(" ");
        *found.entry(format!("{reading} {rest} {}", row["cell"]["name"])).or_default() += 1;
    }
    found
}

/// Rows more in a file, as CSV with the columns named.
fn add(dir: &Path, file: &str, columns: &str, rows: impl IntoIterator<Item = String>) {
    let path = dir.join("observations").join(file);
    let text = fs::read_to_string(&path).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let more: Vec<&str> = columns.split(',').filter(|column| !header.contains(column)).collect();
    let mut out = header.iter().chain(&more).copied().collect::<Vec<_>>().join(",") + "\n";
    for line in lines {
        out += &format!("{line}{}\n", ",".repeat(more.len()));
    }
    for row in rows {
        let given: BTreeMap<&str, &str> = columns.split(',').zip(row.split(',')).collect();
        let cells = header.iter().chain(&more).map(|name| given.get(name).copied().unwrap_or(""));
        out += &(cells.collect::<Vec<_>>().join(",") + "\n");
    }
    fs::write(path, out).unwrap();
}

/// The columns of an accusation, and one of them: an exact place where nothing is known to have happened, named
/// forces, the best rating there is.
const ACCUSATION: &str =
    "kind,time,time_end,lat,lon,error_m,act,weapon,target,origin,group,asserted_by,rating,text_key";

fn accusation(kind: &str, at: (&str, &str), group: &str, by: &str, key: usize) -> String {
    let (lat, lon) = at;
    format!(
        "{kind},2031-05-04T19:00:00Z,2031-05-04T19:10:00Z,{lat},{lon},200,shelling,mortar,electricity,BO,{group},{by},A1,\
         {key:016x}"
    )
}

/// Where nothing else is known, and where shells fell of which nobody knows whose they were.
const NOWHERE: (&str, &str) = ("1.9", "3.55");
const VERRIN: (&str, &str) = ("1.08", "2.24");

/// The attack changes no breach.
#[track_caller]
fn in_vain(test: &str, attack: impl FnOnce(&Path)) -> Files {
    let dir = folder(test);
    let before = breaches(&report(&dir));
    attack(&dir);
    let after = report(&dir);
    assert_eq!(breaches(&after), before, "{test}");
    after
}

/// How sure the report is at most of anything that anyone can have done in a cell.
fn most_sure(files: &Files, cell: &str) -> u64 {
    let found = findings(files);
    let rows = found.iter().filter(|(_, row)| row["cell"]["name"] == cell);
    rows.filter_map(|(_, row)| row["probability_permille"].as_u64()).max().unwrap_or(0)
}

/// One origin, fifty names: as many outlets as one likes, each in words of its own, rated as high as ratings go.
#[test]
fn fifty_names_for_one_origin_weigh_no_more() {
    for (at, cell) in [(NOWHERE, "1.9N 3.45E"), (VERRIN, "1.0N 2.1E")] {
        for kind in ["reported-event", "sighting"] {
            let [once, often] = [1, 50].map(|outlets| {
                in_vain(&format!("hostile-{kind}-{outlets}"), |dir| {
                    let row = |n: usize| accusation(kind, at, &format!("outlet-{n}"), "third", 900 + n);
                    add(dir, "press.csv", ACCUSATION, (0..outlets).map(row));
                })
            });
            // It is not hidden: what is told stands there, as likely as one report makes it.
            assert!(most_sure(&once, cell) > 500, "{kind} {cell}");
            assert_eq!(most_sure(&often, cell), most_sure(&once, cell), "{kind} {cell}");
        }
    }
}

/// The attacks of these tests are strong enough: what they tell, seen by the mission's own patrol, is a breach by that side.
#[test]
fn what_the_mission_sees_itself_does_count() {
    let dir = folder("hostile-control");
    let before = breaches(&report(&dir));
    let row = accusation("sighting", NOWHERE, "patrols", "monitor", 900);
    add(&dir, "patrols.csv", ACCUSATION, [row]);
    let after = breaches(&report(&dir));
    let new: Vec<&String> = after.keys().filter(|breach| !before.contains_key(*breach)).collect();
    assert!(new.iter().any(|breach| breach.contains("no-fire") && breach.contains("BO")), "{new:?}");
    assert!(new.iter().any(|breach| breach.contains("no-strikes-on-energy")), "{new:?}");
}

/// A newsroom that quotes a party is a newsroom: the party's words are neither its own admission nor anybody's observation.
#[test]
fn a_newsroom_that_quotes_a_party_establishes_no_side() {
    for by in ["third", "party:AL", "party:BO"] {
        in_vain("hostile-quote", |dir| {
            let rows =
                (0..50).map(|n| accusation("reported-event", VERRIN, "Ministry of Aldria", by, 900 + n));
            add(dir, "press.csv", ACCUSATION, rows);
        });
    }
}

/// What a party tells of the other is under what each party says, however often, by whatever kind of row.
#[test]
fn a_claim_entered_as_an_observation_weighs_nothing() {
    for kind in ["reported-event", "sighting", "impulse", "thermal-anomaly", "obstruction"] {
        in_vain("hostile-claim", |dir| {
            let row = |n: usize| accusation(kind, VERRIN, "alerts of Aldria", "party:AL", 900 + n);
            add(dir, "alerts-AL.csv", ACCUSATION, (0..100).map(row));
        });
    }
}

/// No row says more for itself than the mission file says for its file; what does is set aside, and counted.
#[test]
fn no_row_gives_itself_standing() {
    for (file, by) in [
        ("press.csv", "monitor"),
        ("alerts-AL.csv", "monitor"),
        ("alerts-AL.csv", "third"),
        ("alerts-AL.csv", "party:BO"),
    ] {
        let files = in_vain("hostile-standing", |dir| {
            let rows = (0..3).map(|n| accusation("sighting", VERRIN, "patrols", by, 900 + n));
            add(dir, file, ACCUSATION, rows);
        });
        let report = json(&files);
        assert_eq!(report["head"]["computed_from"]["rows_set_aside"], 3, "{file} {by}");
        assert!(report["set_aside"].to_string().contains(file), "{file} {by}: {}", report["set_aside"]);
    }
    // Fifty networks of instruments in one file are one network.
    let files = in_vain("hostile-networks", |dir| {
        let rows = (0..50).map(|n| accusation("impulse", VERRIN, &format!("network-{n}"), "third", 900 + n));
        add(dir, "satellite.csv", ACCUSATION, rows);
    });
    assert_eq!(json(&files)["head"]["computed_from"]["rows_set_aside"], 50);
}

/// Fifty denials take no breach away that the mission saw itself.
#[test]
fn fifty_denials_take_nothing_away() {
    in_vain("hostile-denial", |dir| {
        let row = |n: usize| {
            accusation("reported-event", ("1.41", "2.83"), &format!("outlet-{n}"), "third", 900 + n)
                .replace("shelling,mortar,electricity,BO", "ordinary,,,")
                .replace("19:00", "14:08")
                .replace("19:10", "14:16")
        };
        add(dir, "press.csv", ACCUSATION, (0..50).map(row));
    });
}

/// One side warns its people, and claims, fifty times as often: nothing is found of either side that was not found before.
#[test]
fn who_reports_more_wins_nothing() {
    in_vain("hostile-more", |dir| {
        let path = dir.join("observations/alerts-AL.csv");
        let text = fs::read_to_string(&path).unwrap();
        let (header, rows) = text.split_once('\n').unwrap();
        fs::write(&path, format!("{header}\n{}", rows.repeat(50))).unwrap();
        let path = dir.join("observations/claims.csv");
        let text = fs::read_to_string(&path).unwrap();
        let claim = text.lines().find(|line| line.starts_with("al-day")).unwrap();
        let more: String = (0..50).map(|n| claim.replace("al-day", &format!("al-{n}")) + "\n").collect();
        fs::write(&path, text.clone() + &more).unwrap();
    });
}

/// Whatever is missing, no side is found to have done more than with everything at hand; and where one side's acts have no
/// source, the sides are not compared.
#[test]
fn what_is_missing_makes_nobody_guilty() {
    let full = breaches(&report(&folder("hostile-full")));
    assert!(full.len() > 5, "the story has breaches to lose: {full:?}");
    for file in [
        "acoustic.csv",
        "heartbeats.csv",
        "patrols.csv",
        "press.csv",
        "satellite.csv",
        "alerts-AL.csv",
        "alerts-BO.csv",
        "claims.csv",
    ] {
        let dir = folder("hostile-missing");
        fs::remove_file(dir.join("observations").join(file)).unwrap();
        for breach in breaches(&report(&dir)).keys() {
            assert!(full.contains_key(breach), "without {file}: {breach}");
        }
    }
    // Half of the posts, all on one side, are silent.
    let dir = folder("hostile-half");
    let path = dir.join("observations/heartbeats.csv");
    let text = fs::read_to_string(&path).unwrap();
    let kept: String =
        text.lines().filter(|line| !line.contains("post-0")).map(|line| format!("{line}\n")).collect();
    assert!(kept.lines().count() < text.lines().count());
    fs::write(&path, kept).unwrap();
    let half = report(&dir);
    assert_eq!(breaches(&half), full);
    // And what could not be heard is said.
    let whole = report(&folder("hostile-whole"));
    assert_ne!(half["coverage.csv"], whole["coverage.csv"]);
}

/// Nobody asked for a moment: no row of a party, late or kept back, decides as of when the report is.
#[test]
fn no_party_moves_the_cut() {
    let report = |dir: &Path| {
        let case = Case::read(&dir.join("agreement"), Some(&dir.join("mission")), &dir.join("observations"));
        json(&case.answer())
    };
    let plain = report(&folder("hostile-cut-plain"));
    let from = &plain["head"]["computed_from"];
    assert_eq!(from["cut"], "mission");
    for file in ["alerts-AL.csv", "alerts-BO.csv"] {
        let dir = folder("hostile-cut-late");
        let path = dir.join("observations").join(file);
        let text = fs::read_to_string(&path).unwrap();
        let last = text.trim_end().lines().last().unwrap();
        fs::write(&path, format!("{text}{}\n", last.replace("2031-", "2033-"))).unwrap();
        let late = report(&dir);
        assert_eq!(late["head"]["computed_from"]["as_of"], from["as_of"], "{file}");
        assert_eq!(late["findings"], plain["findings"]);
        fs::write(&path, text.lines().next().unwrap()).unwrap();
        assert_eq!(report(&dir)["head"]["computed_from"]["as_of"], from["as_of"], "{file}");
    }
    // With nothing but the word of parties, the end of the instrument.
    let dir = folder("hostile-cut-parties");
    for file in ["acoustic.csv", "heartbeats.csv", "patrols.csv", "press.csv", "satellite.csv"] {
        fs::remove_file(dir.join("observations").join(file)).unwrap();
    }
    let from = &report(&dir)["head"]["computed_from"];
    assert_eq!(from["cut"], "end");
    // And where that is open, it must be asked for.
    let path = dir.join("agreement/terms.toml");
    let text = fs::read_to_string(&path).unwrap();
    let open: String =
        text.lines()
            .map(|line| {
                if line.starts_with("to = 2031") {
                    "to = \"open\"\n".to_string()
                } else {
                    format!("{line}\n")
                }
            })
            .collect();
    assert_ne!(text, open);
    fs::write(&path, open).unwrap();
    let out = dir.join("out");
    let (ran, files) = crate::common::assess(
        &dir.join("agreement"),
        &dir.join("observations"),
        &out,
        &["--mission", dir.join("mission").to_str().unwrap()],
    );
    assert!(ran.code != 0 && files.is_empty() && ran.err.contains("--as-of"), "{}", ran.err);
}

/// The same moments on another clock are the same moments.
#[test]
fn the_other_sides_clock_changes_nothing() {
    in_vain("hostile-clock", |dir| {
        for file in ["patrols.csv", "acoustic.csv", "press.csv"] {
            let path = dir.join("observations").join(file);
            let text = fs::read_to_string(&path).unwrap();
            let mut out = String::new();
            for (at, line) in text.lines().enumerate() {
                let cells = line.split(',').map(|cell| match Time::parse(cell) {
                    Some(time) if at > 0 && cell.ends_with('Z') => {
                        Time(time.0 + 3 * truce::time::HOUR).to_string().replace('Z', "+03:00")
                    }
                    _ => cell.to_string(),
                });
                out += &(cells.collect::<Vec<_>>().join(",") + "\n");
            }
            assert!(out.contains("+03:00"), "{file}");
            fs::write(path, out).unwrap();
        }
    });
}

/// A name that is not a party's code, though it may look like one, is nobody's: no breach moves to a side by it.
#[test]
fn a_name_in_another_script_is_not_a_party() {
    // Cyrillic letters; a name instead of the code; an inflected form.
    for name in ["ВО", "Борвія", "Borvia", "bo"] {
        in_vain("hostile-script", |dir| {
            let row = accusation("reported-event", VERRIN, "outlet-0", "third", 900)
                .replace(",BO,", &format!(",{name},"));
            add(dir, "press.csv", ACCUSATION, [row]);
        });
    }
}

/// Loaded words say what plain words say, and never whose forces it was.
#[test]
fn loaded_words_are_heard_as_plain_ones() {
    let files = mission_files(Some(&root().join("missions/public-data"))).unwrap();
    let case = Case::made_up();
    let question = Question::new(case.question.folder, files).unwrap();
    let classify = question.classify();
    for (plain, loaded) in [
        (
            "Artillery shelled the village",
            "Bloodthirsty terrorists barbarically shelled the peaceful village with artillery",
        ),
        (
            "Drone attacked a substation",
            "Nazi war criminals treacherously attacked a substation with a drone, again",
        ),
        ("Обстріл села", "Окупанти-нелюди підступно здійснили обстріл мирного села"),
        ("Обстрел села", "Каратели-нацисты варварски провели обстрел мирного села"),
    ] {
        let (plain_reading, loaded_reading) = (classify(plain), classify(loaded));
        assert_eq!(plain_reading, loaded_reading, "{loaded}");
    }
}

/// Beside a gun that a patrol saw near the edge of the zone, and a mortar that it saw fire, newspapers with coordinates of their
/// own place the gun inside and the mortar's rounds on a power station.
#[test]
fn a_newspaper_adds_nothing_to_what_a_patrol_saw() {
    for by in ["third", "party:AL"] {
        in_vain("hostile-addition", |dir| {
            let told = |what: &str, at: (&str, &str), time: [&str; 2], target: &str, n: usize| {
                accusation("sighting", at, &format!("outlet-{n}"), by, 900 + n)
                    .replace("shelling,mortar,electricity", &format!("{what},{target}"))
                    .replace("19:00", time[0])
                    .replace("19:10", time[1])
            };
            let gun = (0..20).map(|n| told("presence,gun", ("1.0551", "2.2178"), ["17:10", "17:12"], "", n));
            let rounds = (20..40)
                .map(|n| told("shelling,mortar", ("1.55", "3.07"), ["15:38", "15:46"], "electricity", n));
            add(dir, "press.csv", ACCUSATION, gun.chain(rounds));
        });
    }
}

/// A newspaper that calls itself by the name of the mission's patrols, or is rated as hardly to be believed, takes nothing away
/// from what a patrol saw, however many copies of it there are.
#[test]
fn no_report_displaces_what_a_patrol_saw() {
    // As sure as the mission's rules let a patrol be, and less: breaches that hang by little.
    for seen in ["A1", "A2", "B1"] {
        for (group, rating, told) in [
            ("patrols", "A1", "shelling,mortar,electricity,AL"),
            ("patrols", "A5", "shelling,mortar,electricity,AL"),
            ("outlet", "A5", "shelling,mortar,electricity,AL"),
            ("outlet", "C5", "shelling,mortar,electricity,AL"),
            ("outlet", "A1", "shelling,mortar,electricity,BO"),
            ("patrols", "A1", "shelling,mortar,electricity,BO"),
            ("outlet", "A1", "shelling,gun,electricity,AL"),
        ] {
            let dir = folder("hostile-displaced");
            let path = dir.join("observations/patrols.csv");
            let text =
                fs::read_to_string(&path).unwrap().replace("AL,monitor,A1", &format!("AL,monitor,{seen}"));
            fs::write(&path, text).unwrap();
            let before = breaches(&report(&dir));
            let row = |n: usize| {
                accusation("reported-event", ("1.41", "2.83"), group, "third", 900 + n)
                    .replace("shelling,mortar,electricity,BO", told)
                    .replace(",A1,", &format!(",{rating},"))
                    .replace("19:00", "14:08")
                    .replace("19:10", "14:16")
            };
            add(&dir, "press.csv", ACCUSATION, (0..50).map(row));
            let after = breaches(&report(&dir));
            assert_eq!(after, before, "seen {seen}, told by {group} rated {rating}: {told}");
        }
    }
}
