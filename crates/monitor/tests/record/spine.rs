//! Assess, record, recompute: equal, or told why not.

use crate::common::{Ran, copy, ok, report, root, scratch, story, text, truceline};
use std::fs;
use std::path::{Path, PathBuf};

#[track_caller]
fn same(one: &Path, other: &Path) {
    let (ours, theirs) = (report(one), report(other));
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&ours), names(&theirs));
    for ((name, a), (_, b)) in ours.iter().zip(&theirs) {
        assert!(a == b, "{name} differs");
    }
}

fn recompute(report: &Path, record: &Path) -> Ran {
    truceline(&["recompute", text(report), "--record", text(record)])
}

/// A report and its record, made once for a test.
fn made(test: &str, more: &[&str]) -> (PathBuf, PathBuf) {
    let out = scratch(test).join("out");
    let ran = story(&out, more);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("of them new, 0 statements known already"), "{}", ran.err);
    (out.clone(), out.join("record"))
}

#[test]
fn a_report_is_recomputed_from_its_record_alone() {
    for view in ["public", "mission"] {
        let (out, record) = made(&format!("recomputed-{view}"), &["--view", view]);
        let ran = recompute(&out, &record);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        assert!(
            ran.out.contains("report.html: the same bytes") && ran.out.contains("from this record"),
            "{}",
            ran.out
        );
        // Another run over the same files writes nothing new, and gives the same bytes under the same checkpoint.
        let again = out.parent().unwrap().join("again");
        let ran = story(&again, &["--view", view, "--record", text(&record)]);
        assert!(ran.code == 0 && ran.err.contains(" 0 of them new"), "{}", ran.err);
        same(&out, &again);
        // A byte of the report that is not the record's is told, with its file.
        let page = out.join("incidents.csv");
        let altered = fs::read_to_string(&page).unwrap().replacen('1', "2", 1);
        fs::write(&page, altered).unwrap();
        let ran = recompute(&out, &record);
        assert!(ran.code == 1 && ran.out.contains("incidents.csv: differs from line"), "{}", ran.out);
        assert!(ran.out.contains("is NOT what"), "{}", ran.out);
    }
}

/// Thousands of detections become few leaves; the report is the same but for the checkpoint that it names, and is computed
/// again from the batches, in the mission's view and in the public's.
#[test]
fn detections_stand_in_batches_and_the_report_is_the_same() {
    let story = root().join("fixtures/heard-and-seen");
    let folders = ["agreement", "observations", "mission"].map(|name| story.join(name));
    for view in ["mission", "public"] {
        let out = scratch(&format!("batches-{view}")).join("out");
        let mut arguments = vec!["assess", text(&folders[0]), "--observations", text(&folders[1])];
        arguments.extend(["--mission", text(&folders[2]), "--out", text(&out)]);
        ok(&[&arguments[..], &["--view", view]].concat());
        let record = out.join("record");
        let rows: usize = ["detections.csv", "measurements.csv"]
            .iter()
            .map(|file| fs::read_to_string(folders[1].join(file)).unwrap().lines().count() - 1)
            .sum();
        let head = fs::read_to_string(record.join("checkpoint")).unwrap();
        let leaves: usize = head.lines().nth(1).unwrap().parse().unwrap();
        // The hour is a sparse one: about one detection a second.
        assert!(leaves * 3 < rows * 2, "{leaves} leaves of {rows} detections");
        if view == "mission" {
            for (name, bytes) in report(&out) {
                let (ours, theirs) = (
                    String::from_utf8(bytes).unwrap(),
                    fs::read_to_string(story.join("expected").join(&name)),
                );
                let theirs = theirs.unwrap();
                assert_eq!(ours.lines().count(), theirs.lines().count(), "{name}");
                let differ = ours.lines().zip(theirs.lines()).filter(|(a, b)| a != b);
                for (line, _) in differ {
                    assert!(line.contains("truceline.local/assess"), "{name}: {line}");
                }
            }
        }
        if view == "public" {
            // What one node heard is no act, though it is all that the public learns of it: 26 bangs, five flights and what
            // six people told are.
            let incidents = fs::read_to_string(out.join("incidents.csv")).unwrap();
            assert_eq!(incidents.lines().count() - 1, 26 + 5 + 6);
        }
        let ran = recompute(&out, &record);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        ok(&["record", "audit", text(&record)]);
        let again = ok(&[&arguments[..], &["--view", view, "--record", text(&record)]].concat());
        assert!(again.err.contains(" 0 of them new"), "{}", again.err);
        // What is known by name in a bundle is one item of a batch.
        ok(&["record", "rebuild-index", text(&record)]);
    }
}

/// Whoever has the published key, and no other, recomputes the public report and cannot recompute the mission's.
#[test]
fn anyone_recomputes_the_public_report() {
    for view in ["public", "mission"] {
        let (out, record) = made(&format!("anyone-{view}"), &["--view", view]);
        let copied = out.parent().unwrap().join("copy");
        copy(&record, &copied);
        for entry in fs::read_dir(copied.join("keys/roles")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "key") && !path.ends_with("public.key") {
                fs::remove_file(path).unwrap();
            }
        }
        for name in ["log.key", "hub.key", "recorder.key", "root.key"] {
            fs::remove_file(copied.join("keys").join(name)).unwrap();
        }
        // Somebody read the original, whose access log came along without its keys.
        if view == "public" {
            ok(&["record", "find", text(&record), "--what", "sighting", "--who", "m-17"]);
            copy(&record.join("access"), &copied.join("access"));
        }
        let audit = ok(&["record", "audit", text(&copied)]).out;
        assert_eq!(audit.contains("the access log was not checked"), view == "public", "{audit}");
        let ran = recompute(&out, &copied);
        match view {
            "public" => assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err),
            _ => {
                assert_eq!(ran.code, 1, "{}", ran.out);
                assert!(ran.err.contains("roles/monitor.key"), "{}", ran.err);
            }
        }
    }
}

/// The public's report holds cells and days of the restricted sources and none of their identities.
#[test]
fn the_public_report_is_computed_from_what_is_told() {
    let (out, _) = made("told", &[]);
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("report.json")).unwrap()).unwrap();
    let from = &json["head"]["computed_from"];
    assert_eq!(from["view"], "public");
    let digests = from["digests"].to_string();
    assert!(digests.contains("press.csv"), "{digests}");
    for restricted in ["acoustic.csv", "patrols.csv", "heartbeats.csv"] {
        assert!(!digests.contains(restricted), "the hash of {restricted} is published");
    }
    let notes = json["notes"].to_string();
    assert!(notes.contains("Acoustic network of the mission") && notes.contains("10 km and days"), "{notes}");
    assert!(!notes.contains("is withheld ("), "how many are withheld is not the public's: {notes}");
    // What the mission itself computes names incidents by what was delivered; none of these names is here.
    let (full, _) = made("told-mission", &["--view", "mission"]);
    let full: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(full.join("report.json")).unwrap()).unwrap();
    let ids = |json: &serde_json::Value, restricted: bool| -> Vec<String> {
        let rows = json["incidents"]["rows"].as_array().unwrap();
        let of = |row: &&serde_json::Value| (row["sources"].to_string().contains("acoustic")) == restricted;
        rows.iter().filter(of).map(|row| row["id"].as_str().unwrap().to_string()).collect()
    };
    let (ours, theirs) = (ids(&json, true), ids(&full, true));
    assert!(ours.len() > 10 && theirs.len() > 10, "the story has bangs");
    assert!(
        ours.iter().all(|id| !theirs.contains(id)),
        "an identity of a restricted observation is published"
    );
}

#[test]
fn a_report_of_another_version_or_record_is_refused() {
    let (out, record) = made("another", &[]);
    let path = out.join("report.json");
    let good = fs::read_to_string(&path).unwrap();
    let json: serde_json::Value = serde_json::from_str(&good).unwrap();
    let checkpoint = json["head"]["computed_from"]["checkpoint"].as_str().unwrap().to_string();
    let mut words: Vec<&str> = checkpoint.split(' ').collect();
    let size: u64 = words[1].parse().unwrap();
    let (more, fewer) = ((size + 1).to_string(), (size - 1).to_string());
    let with = |from: &str, to: &str| good.replacen(from, to, 1);
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    words[1] = &more;
    let larger = words.join(" ");
    words[1] = &fewer;
    let smaller = words.join(" ");
    let agreement = json["head"]["computed_from"]["digests"][0]["sha256"].as_str().unwrap().to_string();
    for (altered, told) in [
        (with(&version, "\"version\": \"9.9.9\""), "version 9.9.9"),
        (with(&checkpoint, &larger), "this copy is older"),
        (with(&checkpoint, &smaller), "another history"),
        (with(&checkpoint, &format!("other.example/log {size} {}", words[2])), "names the log"),
        (with(&agreement, &"0".repeat(64)), "computed from another"),
        (with(&format!("\"checkpoint\": \"{checkpoint}\""), "\"checkpoint\": null"), "names no checkpoint"),
        (good.clone() + "x", "not JSON"),
    ] {
        fs::write(&path, altered).unwrap();
        let ran = recompute(&out, &record);
        assert!(ran.code == 1 && ran.err.contains(told), "`{told}` is not said: {}{}", ran.out, ran.err);
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
    }
    fs::write(&path, good).unwrap();
    assert_eq!(recompute(&out, &record).code, 0);
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

/// The largest file below a folder whose path passes.
fn largest(dir: &Path, pass: &dyn Fn(&str) -> bool) -> PathBuf {
    fn all(dir: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { all(&path, files) } else { files.push(path) }
        }
    }
    let mut files = Vec::new();
    all(dir, &mut files);
    files.retain(|path| pass(text(path.strip_prefix(dir).unwrap())));
    files.into_iter().max_by_key(|path| fs::metadata(path).unwrap().len()).expect("there is such a file")
}

/// One altered bit, wherever it is: the audit names the leaf, and nothing is computed from what does not fit.
#[test]
fn one_altered_bit_is_found() {
    let (out, record) = made("altered", &[]);
    ok(&["record", "audit", text(&record)]);
    for (what, pass, computes) in [
        ("tile/entries", &(|path: &str| path.starts_with("tile/entries")) as &dyn Fn(&str) -> bool, true),
        ("a segment", &|path: &str| path.starts_with("segment") || path.starts_with("log/"), false),
        ("the vault", &|path: &str| path.starts_with("vault/0"), true),
    ] {
        let copied = out.parent().unwrap().join("copy");
        let _ = fs::remove_dir_all(&copied);
        copy(&record, &copied);
        let path = largest(&copied, pass);
        flip(&path, fs::metadata(&path).unwrap().len() as usize / 2);
        let ran = truceline(&["record", "audit", text(&copied)]);
        assert!(ran.code == 1 && ran.out.contains("leaf "), "{what}: {}{}", ran.out, ran.err);
        if computes {
            let ran = recompute(&out, &copied);
            assert!(ran.code == 1 && ran.err.contains("leaf "), "{what}: {}{}", ran.out, ran.err);
        }
    }
}

/// What was erased is visible as erased, the log stays sound, and the report is not computed as if nothing were missing.
#[test]
fn what_was_erased_is_told() {
    let (out, record) = made("erased", &["--view", "mission"]);
    let parts = ok(&["record", "erase", text(&record), "20"]).out;
    assert!(parts.contains("part 0"), "{parts}");
    for part in 0..parts.lines().count() {
        let part = part.to_string();
        ok(&[
            "record",
            "erase",
            text(&record),
            "20",
            "--part",
            &part,
            "--by",
            "administrator",
            "--why",
            "by court order",
        ]);
    }
    ok(&["record", "audit", text(&record)]);
    let ran = recompute(&out, &record);
    assert!(ran.code == 1 && ran.out.contains("by court order"), "{}{}", ran.out, ran.err);
    // Whoever is handed the leaf is handed the leaves that say what was erased of it, and by whom; nobody the words why.
    for receiver in ["public", "monitor"] {
        let bag = out.join(format!("bag-{receiver}"));
        let of = ["export", "--record", text(&record), "--out", text(&bag), "--for", receiver];
        ok(&[&of[..], &["--leaves", "20"]].concat());
        let openings = fs::read_dir(bag.join("data/openings")).unwrap();
        let texts: Vec<String> =
            openings.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
        let says = |words: &str| texts.iter().any(|text| text.contains(words));
        assert!(
            says("erased.parts") && says("administrator") && !says("court order"),
            "{receiver}: {texts:?}"
        );
    }
    let bag = out.join("bag-day");
    let of = ["export", "--record", text(&record), "--out", text(&bag), "--for", "monitor"];
    let ran = ok(&[&of[..], &["--day", "2031-05-04"]].concat());
    assert!(ran.err.contains("1 other leaves of this record something was erased"), "{}", ran.err);
}

#[test]
fn shared_easter_is_recomputed_and_recorded_once() {
    let data = root().join("../shared/data/easter-2025");
    if !data.is_dir() {
        println!("skipped: no {}", data.display());
        return;
    }
    let dir = scratch("easter");
    let (out, again) = (dir.join("out"), dir.join("again"));
    let record = out.join("record");
    let agreement = root().join("agreements/easter-2025");
    let assess = |to: &Path| {
        let from = ["assess", text(&agreement), "--observations", text(&data), "--out", text(to)];
        truceline(&[&from[..], &["--record", text(&record)]].concat())
    };
    let ran = assess(&out);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = assess(&again);
    assert!(ran.code == 0 && ran.err.contains(" 0 of them new"), "{}", ran.err);
    same(&out, &again);
    let ran = recompute(&out, &record);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    ok(&["record", "audit", text(&record)]);
}

/// Decoding what was encoded gives every observation back, of the made-up story and of the public data of two months.
#[test]
fn shared_everything_read_comes_back() {
    use monitor::assess::{Question, mission_files};
    use record::statement::{Statement, coarse_follow};
    let story = root().join("fixtures/made-up-truce");
    let data = root().join("../shared/data");
    for (agreement, mission, observations) in [
        (story.join("agreement"), Some(story.join("mission")), story.join("observations")),
        (root().join("agreements/easter-2025"), None, data.join("easter-2025")),
        (root().join("agreements/easter-2025"), None, data.join("firms")),
    ] {
        if !observations.is_dir() {
            println!("skipped: no {}", observations.display());
            continue;
        }
        let folder = monitor::folder::load(&agreement).unwrap();
        let question = Question::new(folder, mission_files(mission.as_deref()).unwrap()).unwrap();
        let quiet = monitor::progress::Progress::new(true);
        let read =
            monitor::intake::read_folder(&observations, &question.mission, &question.classify(), &quiet)
                .unwrap();
        assert!(read.observations.len() > 100, "{}", observations.display());
        let clock = question.mission.day_clock;
        // Of millions of points a part stands for all.
        for observation in read.observations.iter().take(50_000) {
            let statement = Statement::Observation(Box::new(observation.clone()));
            let encoded = statement.encode(clock).unwrap();
            let again = Statement::decode(
                encoded.kind,
                &encoded.fields,
                &encoded.items,
                &encoded.words,
                truce::Id([0; 32]),
            );
            assert_eq!(again.unwrap().unwrap(), statement);
            coarse_follow(encoded.kind, &encoded.fields, &encoded.words, Some(clock)).unwrap();
        }
    }
}
