//! What a person gets wrong, end to end: what is told, what is still used, and that nothing half-done is left.

use crate::common::{Ran, assess, copy, json, scratch, story, truceline};
use std::fs;
use std::path::{Path, PathBuf};

/// The story in a folder of its own.
fn folder(test: &str) -> PathBuf {
    let dir = scratch(test);
    copy(&story(), &dir);
    dir
}

/// Runs the story in `dir`: what was said, and whether there is a report.
fn run(dir: &Path, more: &[&str]) -> (Ran, bool) {
    let mission = dir.join("mission");
    let mut arguments = vec!["--mission", mission.to_str().unwrap()];
    arguments.extend(more);
    let (ran, files) =
        assess(&dir.join("agreement"), &dir.join("observations"), &dir.join("out"), &arguments);
    (ran, files.contains_key("report.html"))
}

/// The run fails with this exit code, says all of this, and leaves nothing behind.
#[track_caller]
fn refused(dir: &Path, more: &[&str], code: i32, told: &[&str]) {
    let (ran, report) = run(dir, more);
    assert_eq!(ran.code, code, "{}", ran.err);
    assert!(ran.out.is_empty() && !report, "{}", ran.out);
    assert!(!dir.join("out").exists(), "something was written");
    for told in told {
        assert!(ran.err.contains(told), "`{told}` is not said:\n{}", ran.err);
    }
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

fn utf16(text: &str) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

/// Files that cannot be used are named with what to do; the others are used, and the report says so.
#[test]
fn bad_files_are_named_and_good_rows_are_used() {
    let dir = folder("bad-files");
    let observations = dir.join("observations");
    let write = |name: &str, bytes: &[u8]| fs::write(observations.join(name), bytes).unwrap();
    let press = fs::read_to_string(observations.join("press.csv")).unwrap();
    write("acoustic.csv", &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]);
    write("satellite.csv", &utf16("kind,time,lat,lon\n"));
    write("alerts-AL.csv", b"");
    write("notes.docx", b"a letter");
    let broken = press.replacen("2031-05-04T19:00:00Z", "yesterday evening", 1);
    assert!(press != broken);
    write("press.csv", broken.as_bytes());
    let (ran, report) = run(&dir, &["--as-of", "2031-05-19T00:00:00Z"]);
    assert!(ran.code == 0 && report, "{}", ran.err);
    let line = |start: &str| {
        let line = ran.err.lines().find(|line| line.starts_with(start));
        line.unwrap_or_else(|| panic!("nothing is said of {start}:\n{}", ran.err))
    };
    assert!(line("acoustic.csv: not used").contains("gzip"), "{}", ran.err);
    assert!(line("satellite.csv: not used").contains("UTF-16"), "{}", ran.err);
    assert!(line("alerts-AL.csv: not used").contains("empty"), "{}", ran.err);
    assert!(line("notes.docx: not used").contains("no source of the mission file"), "{}", ran.err);
    let rows = press.lines().count() - 1;
    assert!(
        line("press.csv: ").contains(&format!("{rows} rows, {} used, 1 set aside", rows - 1)),
        "{}",
        ran.err
    );
    let reason = ran.err.lines().find(|line| line.contains("yesterday evening"));
    assert!(reason.is_some_and(|line| line.contains('2') && line.contains("time")), "{}", ran.err);
    // The report keeps the same books.
    let report = json(&crate::common::files_in(&dir.join("out")));
    let set_aside = report["set_aside"].to_string();
    for name in ["acoustic.csv", "satellite.csv", "alerts-AL.csv", "notes.docx", "press.csv"] {
        assert!(set_aside.contains(name), "{name} is not in the report's books: {set_aside}");
    }
    assert_eq!(report["head"]["computed_from"]["rows_set_aside"], 1);
    assert!(!report["incidents"]["rows"].as_array().unwrap().is_empty(), "good rows were not used");
}

/// A file that the system refuses to give is named; it is not passed over in silence.
#[cfg(unix)]
#[test]
fn a_path_that_cannot_be_read_is_named() {
    let dir = folder("unreadable");
    // A link to nowhere: unreadable for everyone, also for a superuser.
    let path = dir.join("observations/acoustic.csv");
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink(dir.join("gone.csv"), &path).unwrap();
    let (ran, report) = run(&dir, &[]);
    assert!(ran.code == 0 && report, "{}", ran.err);
    assert!(ran.err.contains("acoustic.csv: not used: cannot be read"), "{}", ran.err);
}

#[test]
fn folders_that_are_not_there_are_told() {
    let dir = folder("no-observations");
    fs::rename(dir.join("observations"), dir.join("elsewhere")).unwrap();
    refused(&dir, &[], 1, &["observations", "there is no folder"]);
    fs::create_dir(dir.join("observations")).unwrap();
    refused(&dir, &[], 1, &["no observation was read", "0 files"]);
    let dir = folder("no-agreement");
    fs::rename(dir.join("agreement"), dir.join("agreements")).unwrap();
    refused(&dir, &[], 1, &["there is no folder", "did you mean", "agreements"]);
    let dir = folder("no-mission");
    fs::rename(dir.join("mission/mission.toml"), dir.join("mission/mission.tml")).unwrap();
    refused(&dir, &[], 1, &["holds no mission.toml", "give a mission's folder"]);
}

#[test]
fn a_folder_of_nothing_but_bad_files_leaves_no_report() {
    let dir = folder("only-bad");
    fs::remove_dir_all(dir.join("observations")).unwrap();
    fs::create_dir(dir.join("observations")).unwrap();
    fs::write(dir.join("observations/acoustic.csv"), [0x1f, 0x8b, 8, 0]).unwrap();
    refused(&dir, &[], 1, &["no observation was read", "acoustic.csv: not used", "gzip"]);
}

#[test]
fn mistakes_in_the_agreement_and_the_mission_are_shown_in_place() {
    let dir = folder("bad-terms");
    let change = |name: &str, from: &str, to: &str| {
        let path = dir.join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
    };
    change("agreement/terms.toml", "rule = \"prohibits\"", "rul = \"prohibits\"");
    refused(&dir, &[], 1, &["terms.toml:", "rul"]);
    change("agreement/terms.toml", "rul = \"prohibits\"", "rule = \"prohibits\"");
    change("mission/mission.toml", "public_delay = \"24 h\"", "public_delay = \"1 h\"");
    refused(&dir, &[], 1, &["mission.toml:", "shorter than 6 hours", "public_delay = \"1 h\""]);
    change("mission/mission.toml", "public_delay = \"1 h\"", "");
    refused(&dir, &[], 1, &["mission.toml", "public_delay"]);
}

#[test]
fn a_wrong_moment_is_usage() {
    let dir = folder("as-of");
    for wrong in ["yesterday", "2031-05-19", "2031-05-19T00:00:00", "2031-02-30T00:00:00Z"] {
        refused(&dir, &["--as-of", wrong], 2, &["--as-of", wrong, "2025-06-01T00:00:00Z"]);
    }
    // Before everything that is known there is nothing to publish, and the report says so.
    let (ran, report) = run(&dir, &["--as-of", "2001-01-01T00:00:00Z"]);
    assert!(ran.code == 0 && report, "{}", ran.err);
    let report = json(&crate::common::files_in(&dir.join("out")));
    assert_eq!(report["head"]["computed_from"]["observations"], 0);
    assert!(report["incidents"]["rows"].as_array().unwrap().is_empty());
}

#[test]
fn a_place_that_cannot_be_written_is_told() {
    let dir = folder("no-out");
    fs::write(dir.join("out"), "a file").unwrap();
    let ran = assess_into(&dir, &dir.join("out"));
    assert_eq!(ran.code, 1);
    assert!(ran.out.is_empty() && ran.err.contains("cannot make the folder"), "{}", ran.err);
    assert_eq!(fs::read_to_string(dir.join("out")).unwrap(), "a file");
    // A report is replaced whole or not at all: a folder in the way of one of its files.
    let out = dir.join("blocked");
    fs::create_dir_all(out.join("report.json/x")).unwrap();
    let ran = assess_into(&dir, &out);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("cannot write") && ran.err.contains("report.json"), "{}", ran.err);
    assert!(!out.join("report.html").exists(), "a failing run leaves no page that looks whole");
}

fn assess_into(dir: &Path, out: &Path) -> Ran {
    let paths = ["agreement", "observations", "mission"].map(|name| dir.join(name));
    let [agreement, observations, mission] = paths.each_ref().map(|path| path.to_str().unwrap());
    let arguments = [
        "assess",
        agreement,
        "--observations",
        observations,
        "--mission",
        mission,
        "--out",
        out.to_str().unwrap(),
    ];
    truceline(&arguments)
}

#[test]
fn usage_is_told() {
    let help = truceline(&["--help"]);
    assert_eq!(help.code, 0);
    for part in ["did it hold", "demo", "check", "assess", "Examples:", "--quiet", "--version"] {
        assert!(help.out.contains(part), "{part}: {}", help.out);
    }
    let assess = truceline(&["assess", "--help"]);
    for part in ["--observations", "--out", "--mission", "--as-of", "2025-06-01T00:00:00Z"] {
        assert!(assess.code == 0 && assess.out.contains(part), "{part}: {}", assess.out);
    }
    let version = truceline(&["--version"]);
    assert_eq!((version.code, version.out.trim()), (0, concat!("truceline ", env!("CARGO_PKG_VERSION"))));
    for (typo, meant) in [("ases", "assess"), ("chek", "check"), ("demmo", "demo")] {
        let ran = truceline(&[typo]);
        assert!(ran.code == 2 && ran.out.is_empty(), "{}", ran.err);
        assert!(ran.err.contains(typo) && ran.err.contains(&format!("'{meant}'")), "{}", ran.err);
    }
    let ran = truceline(&["assess", "agreements/easter-2025"]);
    assert!(ran.code == 2 && ran.err.contains("--observations") && ran.err.contains("--out"), "{}", ran.err);
    let ran = truceline(&["demo", "--ou", "x"]);
    assert!(ran.code == 2 && ran.err.contains("--out"), "{}", ran.err);
    assert_eq!(truceline::<&str>(&[]).code, 2, "nothing asked is usage");
}
