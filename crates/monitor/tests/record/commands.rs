//! The commands that keep, prove and export.

use crate::common::{copy, ok, root, scratch, story, text, truceline};
use std::fs;
use std::path::Path;
use std::process::Command;

fn made(test: &str) -> std::path::PathBuf {
    let dir = scratch(test);
    assert_eq!(story(&dir.join("out"), &[]).code, 0);
    dir
}

#[test]
fn a_record_is_made_once_and_filled_without_a_report() {
    let dir = scratch("init");
    let record = dir.join("r");
    let ran = ok(&["record", "init", text(&record), "--origin", "example.org/hub", "--alone"]);
    assert!(ran.err.contains("root.key") && ran.err.contains("docs/keys.md"), "{}", ran.err);
    let ran = truceline(&["record", "init", text(&record), "--origin", "example.org/hub", "--alone"]);
    assert!(ran.code == 1 && ran.err.contains("holds a record already"), "{}", ran.err);
    let story = root().join("fixtures/made-up-truce");
    let [agreement, observations, mission] =
        ["agreement", "observations", "mission"].map(|name| story.join(name));
    let append = [
        "record",
        "append",
        text(&record),
        "--agreement",
        text(&agreement),
        "--observations",
        text(&observations),
        "--mission",
        text(&mission),
    ];
    assert!(ok(&append).out.contains("0 statements known already"));
    assert!(ok(&append).out.contains(" 0 of them new"));
    let head = ok(&["record", "checkpoint", text(&record)]).out;
    assert!(head.starts_with("example.org/hub\n"), "{head}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for name in ["log.key", "root.key", "roles/analyst.key"] {
            let mode = fs::metadata(record.join("keys").join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "others may read {name}");
        }
        // What a log serves, any web server may serve; the vault is nobody else's business.
        let mode = |name: &str| fs::metadata(record.join(name)).unwrap().permissions().mode() & 0o007;
        assert_eq!((mode("checkpoint"), mode("tile"), mode("vault")), (4, 5, 0));
    }
}

/// A record for which nobody vouches yet signs nothing; to stand alone is said in so many words, and what that means.
#[test]
fn who_vouches_for_a_record_is_said_first() {
    let dir = scratch("alone");
    let record = dir.join("r");
    let ran = ok(&["record", "init", text(&record), "--origin", "example.org/hub"]);
    assert!(ran.err.contains("takes nothing yet") && ran.err.contains("mirrors"), "{}", ran.err);
    let before = fs::read(record.join("checkpoint")).unwrap();
    let ran = truceline(&["record", "checkpoint", text(&record)]);
    assert!(ran.code == 1 && ran.err.contains("`quorum none`"), "{}", ran.err);
    assert!(ran.err.contains("who vouches") && ran.err.contains("r/policy"), "{}", ran.err);
    assert_eq!(fs::read(record.join("checkpoint")).unwrap(), before, "nothing was signed");

    let alone = dir.join("alone");
    let ran = ok(&["record", "init", text(&alone), "--origin", "example.org/hub", "--alone"]);
    assert!(!ran.err.contains("takes nothing yet"), "{}", ran.err);
    let ran = ok(&["record", "checkpoint", text(&alone)]);
    assert!(ran.err.contains("restored old copy"), "{}", ran.err);
    // A mirror in a folder is company.
    let mirror = dir.join("mirror");
    let log = alone.join("keys/log.pub");
    ok(&["record", "mirror", text(&mirror), "--from", text(&alone), "--log", text(&log)]);
    fs::write(alone.join("mirrors"), format!("stick {}\n", text(&mirror))).unwrap();
    let ran = ok(&["record", "checkpoint", text(&alone)]);
    assert!(!ran.err.contains("restored old copy"), "{}", ran.err);
}

/// `| head` closes the pipe early: no panic, and no code that says that all is well.
#[test]
fn a_pipe_that_is_closed_early_is_no_panic() {
    let dir = made("pipe");
    let record = dir.join("out/record");
    let mut child = Command::new(env!("CARGO_BIN_EXE_truceline"))
        .args(["record", "audit", text(&record)])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(ended.status.code() == Some(141) && !said.contains("panicked"), "{}: {said}", ended.status);
}

#[test]
fn mistakes_are_told() {
    let dir = scratch("mistakes");
    let nowhere = dir.join("nowhere");
    for (arguments, code, told) in [
        (vec!["record", "checkpoint", text(&nowhere)], 1, "holds no record"),
        (vec!["record", "access", text(&nowhere)], 1, "holds no record"),
        (vec!["record", "serve", text(&nowhere)], 1, "record init"),
        (vec!["record", "init", text(&nowhere), "--origin", "a b"], 1, "name of a log"),
        (vec!["record", "prove", text(&nowhere)], 2, "<LEAF>"),
        (vec!["record", "apend"], 2, "append"),
        (vec!["recompute", text(&nowhere), "--record", text(&nowhere)], 1, "report.json"),
        (vec!["export", "--record", "r", "--out", "o", "--for", "public", "--leaves", "x"], 2, "3,5,9-12"),
        (vec!["export", "--record", "r", "--out", "o", "--for", "nobody", "--leaves", "1"], 2, "liaison"),
        (vec!["export", "--record", "r", "--out", "o", "--for", "public"], 1, "--day"),
        (
            vec!["export", "--record", "r", "--out", "o", "--for", "public", "--day", "easter"],
            2,
            "2025-04-20",
        ),
    ] {
        let ran = truceline(&arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(told), "{arguments:?} does not say `{told}`: {}", ran.err);
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
    }
}

#[test]
fn a_proof_verifies_offline() {
    let dir = made("prove");
    let record = dir.join("out/record");
    for leaf in ["100000", "18446744073709551615"] {
        let ran = truceline(&["record", "prove", text(&record), leaf]);
        assert!(ran.code == 1 && ran.err.contains("no head includes a leaf"), "{}", ran.err);
    }
    for (option, word) in [("--kind", "foo"), ("--what", "ghost"), ("--source", "nobody")] {
        let ran = truceline(&["record", "find", text(&record), option, word]);
        assert!(ran.code == 1 && ran.err.contains(word) && ran.err.contains("there are: "), "{}", ran.err);
    }
    let proof = ok(&["record", "prove", text(&record), "7"]).out;
    let proof = verify::proof::Proof::parse(proof.as_bytes()).unwrap();
    let policy = verify::policy::Policy::parse(&fs::read(record.join("policy")).unwrap()).unwrap();
    let reader =
        record::Reader::open(&record, policy.logs().iter().map(|log| log.key.clone()).collect()).unwrap();
    let leaf = reader.leaves(7..8).unwrap().remove(0);
    assert_eq!(proof.verify(&leaf, &policy).unwrap().checkpoint.origin, "truceline.local/assess");
    proof.verify(b"another leaf", &policy).unwrap_err();
}

/// The index is thrown away and made again with the same content, and finds what it should.
#[test]
fn the_index_is_rebuilt_from_log_and_vault() {
    use record::index::{Index, Query};
    let dir = made("index");
    let record = dir.join("out/record");
    let path = record.join("index.sqlite");
    ok(&["record", "rebuild-index", text(&record)]);
    let dump = Index::open(&path).unwrap().dump().unwrap();
    fs::remove_file(&path).unwrap();
    ok(&["record", "rebuild-index", text(&record)]);
    let index = Index::open(&path).unwrap();
    assert_eq!(index.dump().unwrap(), dump);
    let rows = fs::read_to_string(root().join("fixtures/made-up-truce/observations/acoustic.csv")).unwrap();
    let found = index.find(&Query {
        source: Some("acoustic".into()),
        what: Some("impulse".into()),
        ..Query::default()
    });
    assert_eq!(found.unwrap().len(), rows.lines().count() - 1);
    let day = truce::time::Time::parse("2031-05-04T00:00:00Z").unwrap().0;
    let on_the_day = Query { from: Some(day), before: Some(day + truce::time::DAY), ..Query::default() };
    let found = index.find(&on_the_day).unwrap().len();
    assert!((20..170).contains(&found), "{found}");
}

/// A bundle verifies with the library and with the Python script in it, and shows each receiver what it may see.
#[test]
fn a_bundle_proves_itself_and_shows_no_more_than_it_may() {
    let dir = made("export");
    let record = dir.join("out/record");
    let export = |receiver: &str, more: &[&str]| {
        let out = dir.join(receiver);
        let ran =
            ok(&[&["export", "--record", text(&record), "--out", text(&out), "--for", receiver][..], more]
                .concat());
        (out, ran.err)
    };
    let later = ["--day", "2031-05-04", "--as-of", "2031-06-01T00:00:00Z"];
    let mut shown = Vec::new();
    for receiver in ["public", "liaison", "monitor"] {
        let (bag, _) = export(receiver, &later);
        let checked = verify::bundle::check(&bag, None).unwrap();
        assert!(checked.leaves.len() > 20, "{receiver}: {}", checked.leaves.len());
        let labels =
            |label: &str| checked.leaves.iter().filter(|leaf| leaf.view.value(label).is_some()).count();
        shown.push((labels("place.10km"), labels("time.hour"), labels("sector"), checked.leaves.len()));
        python(&bag);
        // A bit of a leaf, altered: refused.
        let leaf = fs::read_dir(bag.join("data/leaves")).unwrap().next().unwrap().unwrap().path();
        let altered = dir.join(format!("{receiver}-altered"));
        copy(&bag, &altered);
        let path = altered.join("data/leaves").join(leaf.file_name().unwrap());
        let mut bytes = fs::read(&path).unwrap();
        bytes[100] ^= 1;
        fs::write(&path, bytes).unwrap();
        verify::bundle::check(&altered, None).unwrap_err();
    }
    let [public, liaison, monitor] = shown[..] else { panic!() };
    assert!(public.0 > 20 && public.2 < monitor.2 && public.1 < liaison.1, "{shown:?}");
    assert!(liaison.2 == public.2, "a liaison sees where no patrol stood: {shown:?}");
    // Before the delay is over, nobody outside sees anything, and no one anything fine.
    let out = dir.join("young");
    let young = ["export", "--record", text(&record), "--out", text(&out), "--for", "monitor"];
    let ran = ok(&[&young[..], &["--day", "2031-05-04", "--as-of", "2031-05-04T12:00:00Z"]].concat());
    assert!(ran.err.contains("until the delay is over"), "{}", ran.err);
    let checked = verify::bundle::check(&out, None).unwrap();
    let limit = truce::time::Time::parse("2031-05-03T12:00:00Z").unwrap().0;
    for leaf in &checked.leaves {
        let time = leaf.view.value("time.exact").and_then(verify::field::Value::as_ints);
        assert!(time.is_none_or(|time| time[1] <= limit), "leaf {} is shown too early", leaf.index);
    }
    let ran = truceline(&young);
    assert_eq!(ran.code, 1, "a bundle is never written over another: {}", ran.err);
}

/// The second implementation, where Python has `cryptography`.
fn python(bag: &Path) {
    let able = Command::new("python3").args(["-c", "import cryptography"]).output();
    if !able.is_ok_and(|ran| ran.status.success()) {
        println!("skipped: python3 with `cryptography` is not here");
        return;
    }
    let script = bag.join("data/truceline_verify.py");
    let ran = Command::new("python3").arg(&script).args(["bundle", text(bag)]).output().unwrap();
    assert!(
        ran.status.success(),
        "{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
}

#[test]
fn a_damaged_log_is_made_whole_from_its_mirror() {
    let record = made("whole").join("out/record");
    let (mirror, log) = (record.with_extension("mirror"), record.join("keys/log.pub"));
    ok(&["record", "mirror", text(&mirror), "--from", text(&record), "--log", text(&log)]);
    let segment = record.join("log/00000000");
    let mut bytes = fs::read(&segment).unwrap();
    bytes[5_000] ^= 16;
    fs::write(&segment, &bytes).unwrap();
    let ran = truceline(&["record", "audit", text(&record)]);
    assert!(ran.code == 1 && ran.out.contains("`record restore`"), "{}", ran.out);
    let ran = truceline(&["record", "restore", text(&record), "--from", text(&log)]);
    assert!(ran.code == 1 && ran.err.contains("is no folder"), "{}", ran.err);
    let ran = ok(&["record", "restore", text(&record), "--from", text(&mirror)]);
    assert!(
        ran.out.contains("written again: log/00000000") && ran.out.contains("can be written to"),
        "{}",
        ran.out
    );
    assert_eq!(fs::read(record.join("damaged/log-00000000.1")).unwrap(), bytes, "the damaged file is kept");
    ok(&["record", "audit", text(&record)]);
    // Whatever mirrors there are, the record's own tiles have its leaves as well.
    fs::remove_file(&segment).unwrap();
    let ran = truceline(&["record", "checkpoint", text(&record)]);
    assert!(ran.code == 1 && ran.err.contains("its own tiles"), "{}", ran.err);
    ok(&["record", "restore", text(&record), "--from", text(&record)]);
    ok(&["record", "audit", text(&record)]);
    // The list of sources is in no mirror, and the advice says so.
    fs::remove_file(record.join("sources")).unwrap();
    let ran = truceline(&["record", "restore", text(&record), "--from", text(&mirror)]);
    assert!(ran.code == 1 && ran.err.contains("no mirror has it"), "{}", ran.err);
}
