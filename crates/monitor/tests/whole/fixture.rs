//! The made-up story: expected output, and the same bytes whatever the order of arrival.

use crate::common::{
    Case, Files, assert_same, copy, files_in, first_difference, scratch, shuffle, story, truceline,
};
use std::fs;

fn demo(test: &str) -> Files {
    let out = scratch(test).join("out");
    let ran = truceline(&["demo", "--quiet", "--out", out.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.is_empty() && ran.out.trim().ends_with("report.html"), "{} {}", ran.out, ran.err);
    files_in(&out)
}

/// `BLESS=1` renews the expected output.
#[test]
fn the_demo_gives_the_expected_report() {
    let expected = story().join("expected");
    let ours = demo("demo-expected");
    if std::env::var_os("BLESS").is_some() {
        let _ = fs::remove_dir_all(&expected);
        fs::create_dir_all(&expected).unwrap();
        for (name, text) in &ours {
            fs::write(expected.join(name), text).unwrap();
        }
    }
    let theirs = files_in(&expected);
    let again = "if the change is meant: BLESS=1 cargo test -p monitor --test whole the_demo_gives, and read the diff";
    for (name, text) in &ours {
        let Some(theirs) = theirs.get(name) else {
            panic!("{}/{name} is missing; {again}", expected.display());
        };
        if let Some((line, got, had)) = first_difference(text, theirs) {
            panic!("{name}, line {line}:\n  expected {had}\n  got      {got}\n{again}");
        }
    }
    for name in theirs.keys() {
        assert!(ours.contains_key(name), "{name} is expected and no longer written; {again}");
    }
}

/// What is built into the program is what lies in the fixture's folder, and every run gives the same.
#[test]
fn the_demo_is_the_fixture_and_repeats_itself() {
    let first = demo("demo-first");
    assert_same(&first, &demo("demo-second"));
    // Through the record and without it: nothing differs but that the one names its checkpoint.
    let checkpoint =
        crate::common::json(&first)["head"]["computed_from"]["checkpoint"].as_str().unwrap().to_string();
    let case = Case { checkpoint: Some(checkpoint), ..Case::made_up() };
    assert_same(&first, &case.answer());
    assert_same(&first, &case.answer());
    let bare = |name: &String| case.question.folder.files.contains_key(name);
    assert!(bare(&"terms.toml".to_string()) && bare(&"zones/line.geojson".to_string()));
}

/// Invariant 2.
#[test]
fn shuffled_input_gives_the_same_bytes() {
    let mut case = Case::made_up();
    let expected = case.answer();
    for seed in 1..=5 {
        shuffle(&mut case.intake.observations, seed);
        shuffle(&mut case.intake.territories, seed);
        assert_same(&expected, &case.answer());
    }
}

/// Rows in another order within their files, and files written in another order, are the same observations: only
/// the hashes of the files differ, as they must.
#[test]
fn shuffled_files_give_the_same_findings() {
    let dir = scratch("shuffled-files");
    copy(&story(), &dir);
    let observations = dir.join("observations");
    let mut texts: Vec<(String, String)> = files_in(&observations).into_iter().collect();
    for (seed, (_, text)) in (1..).zip(&mut texts) {
        let mut lines: Vec<&str> = text.lines().collect();
        shuffle(&mut lines[1..], seed);
        *text = lines.join("\n") + "\n";
    }
    fs::remove_dir_all(&observations).unwrap();
    fs::create_dir_all(&observations).unwrap();
    for (name, text) in texts.iter().rev() {
        fs::write(observations.join(name), text).unwrap();
    }
    let shuffled = Case::read(&dir.join("agreement"), Some(&dir.join("mission")), &observations);
    let straight = Case::made_up();
    let shuffled = Case { as_of: straight.as_of, ..shuffled };
    let hashes = |case: &Case| {
        let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        case.intake.files.iter().map(|file| hex(file.sha256)).collect::<Vec<_>>()
    };
    let (from, to) = (hashes(&shuffled), hashes(&straight));
    assert!(from != to, "nothing was shuffled");
    let renamed = shuffled.answer().into_iter().map(|(name, text)| {
        let text = from.iter().zip(&to).fold(text, |text, (from, to)| text.replace(from, to));
        (name, text)
    });
    assert_same(&straight.answer(), &renamed.collect());
}
