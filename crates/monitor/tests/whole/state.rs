//! Where an instrument stands, in the report and by the command; statements; and instruments of long ago.

use crate::common::{Case, assess, json, root, scratch, story};
use monitor::{claims, state};
use serde_json::Value;
use std::fs;
use truce::claim::evidence::Rules;
use truce::observation::Act;

/// The section of the report and the command are one function: what one says, the other says.
#[test]
fn the_report_and_the_command_tell_one_state() {
    let case = Case::made_up();
    let files = case.answer();
    let at = case.as_of.unwrap();
    let states = state::states(&[case.question], case.intake, None, at).unwrap();
    let told = serde_json::to_value(&states.instruments[0]).unwrap();
    assert_eq!(json(&files)["state"], told);
    assert!(told["stands"].as_array().unwrap().len() >= 2 && !states.held.is_empty());
    // The page and the table have it, too.
    assert!(files["report.html"].contains("Commitments and state"));
    assert!(files["state.csv"].lines().count() > 2, "{}", files["state.csv"]);
}

/// The report and `truceline claims` test each statement alike, and count copies once.
#[test]
fn the_report_and_the_command_test_claims_alike() {
    let mut case = Case::made_up();
    case.question.mission.claims = Some(Rules {
        corroborated_permille: 800,
        contradicted_permille: 100,
        occurred_permille: 900,
        origin_permille: 900,
        told: vec![Act::Shelling],
    });
    // A copy, under a name of its own.
    let copy = case.question.folder.claims.first().cloned();
    if let Some(mut copy) = copy {
        copy.name = "zz-copy".into();
        case.question.folder.claims.push(copy);
    }
    let report = json(&case.answer());
    let statements = claims::read(&case.question, Some(case.intake)).unwrap().json();
    let of = |claims: &Value, outcome: &str, keys: [&str; 5]| -> Vec<Vec<Value>> {
        let rows = claims["claims"].as_array().unwrap().iter();
        let mut rows: Vec<Vec<Value>> = rows
            .map(|row| {
                let evidence = keys[2..].iter().map(|key| row["evidence"][*key].clone());
                let parts = row["evidence"]["parts"].clone();
                let of = [row[keys[0]].clone(), row["counts"].clone(), row["copies"].clone()];
                of.into_iter()
                    .chain([row["evidence"][outcome].clone()])
                    .chain(evidence)
                    .chain([parts])
                    .collect()
            })
            .collect();
        rows.sort_by_key(|row| row[0].to_string());
        rows
    };
    let keys = |id| [id, "counts", "established", "possible", "observed_permille"];
    let (ours, theirs) = (of(&report, "outcome", keys("id")), of(&statements, "outcome", keys("claim")));
    assert_eq!(ours, theirs);
    // And it is seen: no total of violations is tested; of their parts some are, and something is found.
    assert!(ours.iter().all(|row| row[3] == "cannot be tested"), "{ours:?}");
    let parts: Vec<&Value> = ours.iter().flat_map(|row| row[7].as_array().unwrap()).collect();
    assert!(
        parts.iter().any(|part| part["outcome"] != "cannot be tested" && part["possible"].as_u64() > Some(0)),
        "{ours:?}"
    );
}

/// An armistice of 1953 without an end: pictures and tables have the days of which something is known, not the 26,000
/// since.
#[test]
fn an_open_end_asks_for_the_days_that_are_known() {
    let folder = scratch("korea");
    let observations = folder.join("observations");
    fs::create_dir_all(&observations).unwrap();
    let head = "kind,time,lat,lon,error_m,act,group,rating\n";
    let row = |time: &str| format!("sighting,{time},37.95,126.68,200,shelling,patrol 1,A1\n");
    let rows = [row("1953-08-02T03:00:00Z"), row("2024-05-20T03:00:00Z"), row("2024-06-09T03:00:00Z")];
    fs::write(observations.join("patrols.csv"), head.to_string() + &rows.concat()).unwrap();
    let mission = story().join("mission");
    let more =
        ["--mission", mission.to_str().unwrap(), "--as-of", "2024-07-01T00:00:00Z", "--view", "mission"];
    let out = folder.join("out");
    let (ran, files) = assess(&root().join("agreements/korea-1953"), &observations, &out, &more);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report = json(&files);
    for coverage in report["coverage"].as_array().unwrap() {
        let days = coverage["columns"].as_array().unwrap().len();
        assert!((1..=6).contains(&days), "{days} columns");
    }
    for series in report["own_series"].as_array().unwrap() {
        assert!(series["rows"].as_array().unwrap().len() <= 6);
    }
    assert!(files["report.html"].len() < 1_000_000, "{} bytes", files["report.html"].len());
    assert_eq!(report["state"]["readings"][0]["status"], "in-force");
}
