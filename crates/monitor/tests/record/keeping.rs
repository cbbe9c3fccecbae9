//! How a record is kept: its rhythm, what is erased when, whose keys count, who read what.

use crate::common::{Served, copy, ok, root, scratch, story, text, truceline};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const TOKEN: &str = "a-token-of-some-length";

/// The story's mission with more in its file.
pub(crate) fn mission(dir: &Path, more: &str) -> PathBuf {
    let folder = dir.join("mission");
    copy(&root().join("fixtures/made-up-truce/mission"), &folder);
    let file = folder.join("mission.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\n{more}\n")).unwrap();
    folder
}

/// What the public log shows of a stretch at a rhythm of a second: sizes of heads as they come, and of each leaf its
/// length and whose it is.
fn hour(test: &str, busy: bool) -> (Vec<u64>, Vec<(usize, bool)>, PathBuf) {
    let dir = scratch(test);
    let record = dir.join("r");
    ok(&["record", "init", text(&record), "--origin", "example.org/rhythm", "--alone"]);
    let size =
        |head: &[u8]| -> u64 { std::str::from_utf8(head).unwrap().lines().nth(1).unwrap().parse().unwrap() };
    let start = size(&fs::read(record.join("checkpoint")).unwrap());
    let mission = mission(&dir, "[record.rhythm]\nevery = \"1 s\"\nleaves = 4");
    let token = dir.join("token");
    fs::write(&token, TOKEN).unwrap();
    let served = Served::start(&[
        "record",
        "serve",
        text(&record),
        "--token",
        text(&token),
        "--mission",
        text(&mission),
    ]);
    let headers = format!("Authorization: Bearer {TOKEN}\r\n");
    let (mut sizes, mut said) = (vec![start], 0_u32);
    let until = Instant::now() + Duration::from_secs(120);
    while sizes.len() < 6 {
        assert!(Instant::now() < until, "no beat came: {sizes:?}");
        if busy {
            let (status, ..) =
                served.post("/add", &headers, &[b"a shell fell, number ", &said.to_be_bytes()[..]].concat());
            assert_eq!(status, 202);
            said += 1;
        }
        // Somebody reads meanwhile: that, too, takes a place that every beat has.
        if busy && sizes.len() == 3 && !dir.join("bag").exists() {
            let bag = dir.join("bag");
            let of = [
                "export",
                "--record",
                text(&record),
                "--out",
                text(&bag),
                "--for",
                "monitor",
                "--leaves",
                "1",
            ];
            ok(&of);
        }
        let now = size(&served.get("/checkpoint").2);
        if now > sizes[sizes.len() - 1] {
            sizes.push(now);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(served);
    assert!(!busy || said > 24, "it was a busy stretch: {said}");
    let keys = fs::read_to_string(record.join("keys/log.pub")).unwrap();
    let keys = keys.lines().map(|line| verify::note::VerifierKey::parse(line).unwrap()).collect();
    let last = *sizes.last().unwrap();
    let leaves = record::Reader::open(&record, keys).unwrap().leaves(start..last).unwrap();
    let first = verify::leaf::Leaf::parse(&leaves[0]).unwrap().pseudonym;
    let shown = |bytes: &Vec<u8>| (bytes.len(), verify::leaf::Leaf::parse(bytes).unwrap().pseudonym == first);
    (sizes.windows(2).map(|two| two[1] - two[0]).collect(), leaves.iter().map(shown).collect(), record)
}

/// The same number of leaves at every beat, all of one length, of the same sources in the same order, whether much is said or
/// nothing, and whether or not anybody reads; and what was said is there.
#[test]
fn a_busy_and_a_quiet_hour_look_alike_through_the_command() {
    let (quiet, quiet_leaves, _) = hour("quiet", false);
    let (busy, busy_leaves, record) = hour("busy", true);
    // A glance may miss a beat on a loaded machine; never is there a beat of another size.
    for beats in [&quiet, &busy] {
        assert!(beats.iter().all(|leaves| leaves % 5 == 0 && *leaves > 0), "{beats:?}");
    }
    // Four of the recorder, and then one of the hub.
    let length = verify::leaf::LEAF_LEN;
    let beat: Vec<_> = [true, true, true, true, false].map(|recorder| (length, recorder)).into();
    for leaves in [&quiet_leaves, &busy_leaves] {
        assert!(leaves.chunks(5).all(|five| five == beat), "{leaves:?}");
    }
    assert!(ok(&["record", "audit", text(&record)]).out.contains("the access log hashes to its own head"));
    ok(&["record", "audit", text(&record)]);
    // What was too much waits, encrypted.
    let queue: Vec<PathBuf> =
        fs::read_dir(record.join("queue")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(queue.iter().any(|path| path.file_name().unwrap() != "intent"), "{queue:?}");
    for path in queue {
        let bytes = fs::read(path).unwrap();
        assert!(!bytes.windows(7).any(|seven| seven == b"a shell"));
    }
    // What was said first is recorded: the index knows it as a file.
    ok(&["record", "rebuild-index", text(&record), "--who", "tester"]);
    let index = record::index::Index::open(&record.join("index.sqlite")).unwrap();
    let query = record::index::Query { what: Some("file".into()), ..Default::default() };
    assert!(index.find(&query).unwrap().len() >= 4);
}

#[test]
fn an_append_at_the_rhythm_pads_its_last_beat() {
    let dir = scratch("append-rhythm");
    let record = dir.join("r");
    ok(&["record", "init", text(&record), "--origin", "example.org/rhythm", "--alone"]);
    let mission = mission(&dir, "[record.rhythm]\nevery = \"1 s\"\nleaves = 64");
    let story = root().join("fixtures/made-up-truce");
    let [agreement, observations] = ["agreement", "observations"].map(|name| story.join(name));
    let size = || {
        let head = fs::read_to_string(record.join("checkpoint")).unwrap();
        head.lines().nth(1).unwrap().parse::<u64>().unwrap()
    };
    let before = size();
    let arguments = [
        "record",
        "append",
        text(&record),
        "--agreement",
        text(&agreement),
        "--observations",
        text(&observations),
        "--mission",
        text(&mission),
        "--rhythm",
    ];
    ok(&arguments);
    let added = size() - before;
    // With each beat of 64 one leaf of the hub, whether or not it has something to say.
    assert!(added >= 130 && added.is_multiple_of(65), "{added}");
    ok(&["record", "audit", text(&record)]);
    let plain = story.join("mission");
    let wrong: Vec<&str> =
        arguments.iter().map(|word| if *word == text(&mission) { text(&plain) } else { word }).collect();
    let ran = truceline(&wrong);
    assert!(ran.code == 1 && ran.err.contains("[record.rhythm]"), "{}", ran.err);
}

/// What is past its time goes, after it was said what would; leaves, audit and recompute tell.
#[test]
fn what_is_past_its_time_is_said_and_then_erased() {
    let dir = scratch("expire");
    let out = dir.join("out");
    assert_eq!(story(&out, &["--view", "mission"]).code, 0);
    let record = out.join("record");
    let mission = kept(&dir, "fine");
    let expire = |more: &[&str]| {
        truceline(&[&["record", "expire", text(&record), "--mission", text(&mission)][..], more].concat())
    };
    assert!(expire(&[]).out.contains("nothing is past its time"));
    let later = "2999-01-01T00:00:00Z";
    let said = expire(&["--at", later]).out;
    assert!(said.contains("fine: ") && said.contains("nothing was erased yet"), "{said}");
    let ran = expire(&["--at", later, "--erase"]);
    assert!(ran.code == 1 && ran.err.contains("before its time"), "{}{}", ran.out, ran.err);
    // Everything so far holds: nothing was erased by asking.
    let recompute = ["recompute", text(&out), "--record", text(&record)];
    ok(&recompute);
    assert!(!ok(&["record", "audit", text(&record)]).out.contains("erased"));
    // A vault whose items are forty days old: the clock of the library stands where it is put.
    let later =
        truce::time::Time(record::clock::Clock::now(&record::clock::SystemClock) + 40 * truce::time::DAY);
    let place = monitor::record::keep::Place::new(&record, None);
    let mut options = place.options().unwrap();
    options.clock = std::sync::Arc::new(record::clock::SetClock::at(later.0));
    let opened = record::Record::open(&record, options).unwrap();
    let keep = [record::vault::Retention { category: "fine".into(), days: 30 }];
    let gone = opened.expire(&keep, later.0).unwrap();
    assert!(gone > 50, "{gone}");
    drop(opened);
    let audit = ok(&["record", "audit", text(&record)]).out;
    assert!(audit.contains(&format!("{gone} parts were erased since")), "{audit}");
    let ran = truceline(&recompute);
    assert!(
        ran.code == 1 && ran.out.contains(&format!("{gone} parts were erased")),
        "{}{}",
        ran.out,
        ran.err
    );
    assert!(ran.out.contains("retention") && ran.out.contains("past its time"), "{}", ran.out);
    // A category that there is not is told, before anything is opened.
    let bad = kept(&dir.join("bad"), "fines");
    let ran = truceline(&["record", "expire", text(&record), "--mission", text(&bad)]);
    assert!(ran.code == 1 && ran.err.contains("fine"), "{}", ran.err);
}

/// The same files read again bring nothing back that was erased: no leaf is written, so nothing counts twice.
#[test]
fn what_was_erased_is_not_recorded_again() {
    let dir = scratch("not-again");
    let out = dir.join("out");
    let assess = || story(&out, &["--view", "mission"]);
    assert_eq!(assess().code, 0);
    let record = out.join("record");
    let parts = |leaf: &str| ok(&["record", "erase", text(&record), leaf]).out;
    let fine = |leaf: &u32| parts(&leaf.to_string()).lines().position(|line| line.ends_with(": fine"));
    let mut erased = 0;
    for (leaf, part) in (20..70).filter_map(|leaf| Some((leaf, fine(&leaf)?))).step_by(2) {
        let (leaf, part) = (leaf.to_string(), part.to_string());
        let by = ["--by", "administrator", "--why", "asked for", "--part", &part];
        ok(&[&["record", "erase", text(&record), &leaf][..], &by].concat());
        erased += 1;
    }
    assert!(erased > 5);
    let ran = assess();
    assert!(ran.err.contains(&format!("{erased} of the statements were erased")), "{}", ran.err);
    assert!(ran.err.contains(" 0 of them new"), "{}", ran.err);
    let first = fs::read(out.join("report.json")).unwrap();
    assert_eq!(assess().code, 0);
    assert_eq!(fs::read(out.join("report.json")).unwrap(), first);
    ok(&["recompute", text(&out), "--record", text(&record)]);
    // Without the names of what was erased, or with fewer of them, nothing is read into this record, and the audit says so.
    let names = fs::read_to_string(record.join("forgotten")).unwrap();
    let (_, fewer) = names.split_once('\n').unwrap();
    for bad in ["", fewer, "nonsense\n"] {
        fs::write(record.join("forgotten"), bad).unwrap();
        let ran = assess();
        assert!(ran.code == 1 && ran.err.contains("would bring them back"), "{}", ran.err);
        let ran = truceline(&["record", "audit", text(&record)]);
        assert!(ran.code == 1 && ran.out.contains("would bring them back"), "{}", ran.out);
    }
    // A crash may have left one too many.
    fs::write(record.join("forgotten"), format!("{names}{}\n", "0".repeat(64))).unwrap();
    assert_eq!(assess().code, 0);
    // If no copy has them, that is declared, and the record goes on.
    fs::remove_file(record.join("forgotten")).unwrap();
    ok(&["record", "lost", text(&record), "--by", "administrator", "--why", "no copy"]);
    let ran = assess();
    assert!(ran.code == 0 && ran.err.contains(&format!(" {erased} of them new")), "{}", ran.err);
}

/// A byte of the vault that went bad stops the record until somebody says that it is lost; then its row is recorded again.
#[test]
fn what_the_vault_lost_is_declared_by_command() {
    let dir = scratch("vault-lost");
    let out = dir.join("out");
    assert_eq!(story(&out, &[]).code, 0);
    let record = out.join("record");
    let file = record.join("vault/000000000000");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(&file, bytes).unwrap();
    let ran = story(&out, &[]);
    assert!(ran.code == 1 && ran.err.contains("record lost"), "{}", ran.err);
    let lost = ["record", "lost", text(&record)];
    let said = ok(&lost).out;
    assert!(said.lines().count() == 2 && said.contains("does not check"), "{said}");
    let by = ["--by", "administrator", "--why", "a bad disk, and no copy"];
    assert!(ok(&[&lost[..], &by].concat()).out.contains("declared lost: 1."));
    assert!(ok(&lost).out.contains("nothing is lost"));
    let ran = story(&out, &[]);
    assert!(ran.code == 0 && ran.err.contains(" 1 of them new"), "{}", ran.err);
    assert!(ok(&["record", "audit", text(&record)]).out.contains("1 part was erased"));
}

/// Without its policy a record has lost who vouches for it, and signs nothing.
#[test]
fn a_record_without_its_policy_signs_nothing() {
    let record = scratch("policy").join("r");
    ok(&["record", "init", text(&record), "--origin", "example.org/policy", "--alone"]);
    let policy = fs::read(record.join("policy")).unwrap();
    fs::remove_file(record.join("policy")).unwrap();
    for command in ["checkpoint", "sources"] {
        let ran = truceline(&["record", command, text(&record)]);
        assert!(ran.code == 1 && ran.err.contains("policy is gone"), "{}", ran.err);
    }
    fs::write(record.join("policy"), policy).unwrap();
    ok(&["record", "checkpoint", text(&record)]);
    // Keys of a log stand where there is no record: they are not overwritten, and it is said what they are.
    fs::remove_file(record.join("record")).unwrap();
    let ran = truceline(&["record", "init", text(&record), "--origin", "example.org/policy"]);
    assert!(ran.code == 1 && ran.err.contains("keys of a log for it already"), "{}", ran.err);
}

/// The story's mission, which keeps a category for 30 days.
fn kept(dir: &Path, category: &str) -> PathBuf {
    mission(dir, &format!("[[record.keep]]\ncategory = \"{category}\"\ndays = 30"))
}

/// Keys change, are revoked, and every step is a leaf.
#[test]
fn keys_are_changed_and_revoked_by_command() {
    let dir = scratch("keys");
    let out = dir.join("out");
    assert_eq!(story(&out, &[]).code, 0);
    let record = out.join("record");
    let sources = || ok(&["record", "sources", text(&record)]).out;
    let before = sources();
    assert!(before.contains("recorder epoch 0") && !before.contains("recorder epoch 1"), "{before}");
    let old = fs::read_to_string(record.join("keys/recorder.key")).unwrap();
    assert!(ok(&["record", "rotate", text(&record), "recorder"]).out.contains("epoch 1"));
    assert_ne!(fs::read_to_string(record.join("keys/recorder.key")).unwrap(), old);
    assert!(!record.join("keys/recorder.next.key").exists());
    let after = sources();
    assert!(
        after.starts_with(before.lines().next().unwrap()) || after.contains("recorder epoch 1"),
        "{after}"
    );
    let pseudonym = |text: &str, epoch: &str| {
        let line = text.lines().find(|line| line.starts_with(&format!("recorder epoch {epoch}"))).unwrap();
        line.split_whitespace().nth(4).unwrap().to_string()
    };
    assert_ne!(pseudonym(&after, "0"), pseudonym(&after, "1"));
    // The record goes on under the new pseudonym, and knows what it has.
    let again = dir.join("again");
    let told = ["--record", text(&record)];
    assert_eq!(story(&again, &told).code, 0);
    ok(&["record", "audit", text(&record)]);
    // The old key is revoked: what it signed before stands.
    let said = ok(&["record", "revoke", text(&record), "recorder", "--epoch", "0"]).out;
    assert!(said.contains("is to be believed"), "{said}");
    assert!(sources().contains("revoked by leaf"));
    ok(&["record", "audit", text(&record)]);
    ok(&["recompute", text(&again), "--record", text(&record)]);
    let ran = truceline(&["record", "revoke", text(&record), "recorder", "--epoch", "0"]);
    assert!(ran.code == 1 && ran.err.contains("already"), "{}", ran.err);
    // The record's own voice cannot be taken away: it goes on.
    let ran = truceline(&["record", "revoke", text(&record), "hub"]);
    assert!(ran.code == 1 && ran.err.contains("cannot be revoked"), "{}", ran.err);
    ok(&["record", "checkpoint", text(&record)]);
    ok(&["record", "audit", text(&record)]);
    let ran = truceline(&["record", "revoke", text(&record), "nobody"]);
    assert!(ran.code == 1 && ran.err.contains("record sources"), "{}", ran.err);
    let ran = truceline(&["record", "rotate", text(&record), "root"]);
    assert!(ran.code == 1 && ran.err.contains("for life"), "{}", ran.err);
}

/// A log whose mirror is gone goes on only if two different persons sign for it, and once.
#[test]
fn two_persons_let_a_log_go_on() {
    let dir = scratch("override");
    let record = dir.join("r");
    ok(&["record", "init", text(&record), "--origin", "example.org/override", "--alone"]);
    let key = |name: &str| dir.join(format!("{name}.key"));
    let mut persons = String::new();
    for name in ["one", "two"] {
        let named = format!("example.org/{name}");
        persons.push_str(&ok(&["record", "person-key", text(&key(name)), "--name", &named]).out);
    }
    fs::write(record.join("persons"), persons).unwrap();
    // Named at a start to which nobody objects; whoever is named later cannot let an older disk go on.
    let nobody = dir.join("nobody");
    copy(&record, &nobody);
    ok(&["record", "sources", text(&record)]);
    fs::write(record.join("mirrors"), format!("gone {}\n", text(&dir.join("nowhere")))).unwrap();
    let enrol = ["record", "sources", text(&record)];
    let ran = truceline(&enrol);
    assert!(ran.code == 1 && ran.err.contains("two named persons"), "{}", ran.err);
    let (words, notes) = (dir.join("override"), record.join("overrides"));
    let signed = |by: &[&str]| {
        fs::write(&words, ok(&["record", "override", text(&record)]).out).unwrap();
        let _ = fs::remove_dir_all(&notes);
        fs::create_dir_all(&notes).unwrap();
        for (number, name) in by.iter().enumerate() {
            let note = ok(&["record", "sign-override", text(&words), "--key", text(&key(name))]).out;
            fs::write(notes.join(format!("{number}.note")), note).unwrap();
        }
        truceline(&enrol)
    };
    {
        fs::copy(record.join("mirrors"), nobody.join("mirrors")).unwrap();
        fs::write(&words, ok(&["record", "override", text(&nobody)]).out).unwrap();
        fs::create_dir_all(nobody.join("overrides")).unwrap();
        for name in ["one", "two"] {
            let note = ok(&["record", "sign-override", text(&words), "--key", text(&key(name))]).out;
            fs::write(nobody.join(format!("overrides/{name}.note")), note).unwrap();
        }
        let ran = truceline(&["record", "sources", text(&nobody)]);
        assert!(ran.code == 1 && ran.err.contains("knows no persons"), "{}", ran.err);
    }
    // One person, even twice, is one person.
    for (by, code) in [(&["one"][..], 1), (&["one", "one"], 1), (&["one", "one", "two"], 0)] {
        let ran = signed(by);
        assert_eq!(ran.code, code, "{by:?}: {}", ran.err);
    }
    // The override is a leaf, so that the head is another, and the same notes do not serve again.
    let ran = truceline(&enrol);
    assert!(ran.code == 1 && ran.err.contains("two named persons"), "{}", ran.err);
    assert!(ok(&["record", "audit", text(&record)]).out.contains("two persons overrode"));
    // Nor does anybody name other persons so.
    let known = fs::read_to_string(record.join("persons")).unwrap();
    let other = ok(&["record", "person-key", text(&key("three")), "--name", "example.org/three"]).out;
    fs::write(record.join("persons"), other).unwrap();
    assert_eq!(signed(&["one", "three"]).code, 1, "whoever edits a file does not say who may override");
    fs::write(record.join("persons"), known).unwrap();
    // Nobody drops who vouches for a log by editing a file, or tidying one up: two persons say that it is gone for good.
    fs::remove_file(record.join("mirrors")).unwrap();
    let ran = truceline(&enrol);
    assert!(ran.code == 1 && ran.err.contains("the mirror gone at"), "{}", ran.err);
    assert_eq!(signed(&["one", "two"]).code, 0);
    // It is read and written on, over the leaves of the overrides.
    let ran = story(&dir.join("out"), &["--record", text(&record)]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let letter = dir.join("letter");
    fs::write(&letter, "pay the bearer\n").unwrap();
    let ran = truceline(&["record", "sign-override", text(&letter), "--key", text(&key("one"))]);
    assert!(ran.code == 1 && ran.err.contains("no override"), "{}", ran.err);
}

/// What comes is wrapped for the roles' public keys: another key in the folder of keys is found before anything is.
#[test]
fn a_changed_key_of_a_role_stops_the_log() {
    let dir = scratch("role-keys");
    let (record, other) = (dir.join("r"), dir.join("other"));
    for (record, name) in [(&record, "roles"), (&other, "other")] {
        let origin = format!("example.org/{name}");
        ok(&["record", "init", text(record), "--origin", &origin, "--alone"]);
        ok(&["record", "checkpoint", text(record)]);
    }
    assert_eq!(story(&dir.join("out"), &["--record", text(&record)]).code, 0);
    let key = record.join("keys/roles/analyst.pub");
    let known = fs::read(&key).unwrap();
    fs::copy(other.join("keys/roles/analyst.pub"), &key).unwrap();
    let before = fs::read(record.join("checkpoint")).unwrap();
    let ran = truceline(&["record", "checkpoint", text(&record)]);
    assert!(ran.code == 1 && ran.err.contains("the roles analyst"), "{}", ran.err);
    assert_eq!(fs::read(record.join("checkpoint")).unwrap(), before, "nothing was signed");
    let ran = truceline(&["record", "audit", text(&record)]);
    assert!(ran.code == 1 && ran.out.contains("roles/analyst.pub is not the key"), "{}", ran.out);
    // Nor is a reading wrapped for it.
    let ran = truceline(&["recompute", text(&dir.join("out")), "--record", text(&record)]);
    let public = ran.code == 0 && !record.join("access").exists();
    assert!(public || ran.err.contains("the roles analyst"), "{}", ran.err);
    fs::write(&key, known).unwrap();
    ok(&["record", "checkpoint", text(&record)]);
    assert!(!ok(&["record", "audit", text(&record)]).out.contains("analyst"));
}

/// Whoever opens what is not public stands in the access log before anything is shown.
#[test]
fn who_opened_what_is_written_down() {
    let dir = scratch("access");
    let out = dir.join("out");
    assert_eq!(story(&out, &["--view", "mission"]).code, 0);
    let record = out.join("record");
    let access = || ok(&["record", "access", text(&record)]).out;
    assert!(access().contains("nothing was opened"));
    ok(&["recompute", text(&out), "--record", text(&record), "--who", "m-17"]);
    let export = |receiver: &str, name: &str| {
        let bag = dir.join(name);
        let arguments = ["export", "--record", text(&record), "--out", text(&bag), "--for", receiver];
        truceline(&[&arguments[..], &["--leaves", "9", "--who", "m-18"]].concat())
    };
    assert_eq!(export("public", "bag-public").code, 0);
    assert_eq!(export("liaison", "bag-liaison").code, 0);
    let said = access();
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("m-17 as monitor") && said.contains("recompute"), "{said}");
    assert!(said.contains("m-18 as liaison") && said.contains("export"), "{said}");
    // The access log is a record like any other.
    let log = record.join("access");
    let keys = record.join("keys/access");
    let audit = ["record", "audit", text(&log), "--keys", text(&keys), "--hashes"];
    assert!(ok(&audit).out.contains("hash to the signed root"));
    // Its head is a leaf with the next thing that is written: an older copy of it is found, and so is none at all.
    let older = dir.join("older");
    copy(&log, &older);
    assert_eq!(export("mediator", "bag-mediator").code, 0);
    ok(&["record", "checkpoint", text(&record)]);
    assert!(ok(&["record", "audit", text(&record)]).out.contains("the access log hashes to its own head"));
    let newest = dir.join("newest");
    for (put, words) in [(Some(&older), "before"), (None, "is gone")] {
        fs::rename(&log, &newest).unwrap();
        if let Some(put) = put {
            copy(put, &log);
        }
        for command in ["audit", "checkpoint"] {
            let ran = truceline(&["record", command, text(&record)]);
            assert!(
                ran.code == 1 && format!("{}{}", ran.out, ran.err).contains(words),
                "{}{}",
                ran.out,
                ran.err
            );
        }
        let ran = export("monitor", "bag-monitor");
        assert!(ran.code == 1 && ran.err.contains(words), "{}", ran.err);
        let _ = fs::remove_dir_all(&log);
        fs::rename(&newest, &log).unwrap();
    }
    ok(&["record", "checkpoint", text(&record)]);
    assert!(access().contains("leaves 9 to 9, export"), "{}", access());
    // Nobody declares lost what is there, nor what never was.
    let lost = ["record", "access", text(&record), "--lost", "--by", "administrator", "--why", "a bad disk"];
    let ran = truceline(&lost);
    assert!(ran.code == 1 && ran.err.contains("is there and checks"), "{}", ran.err);
    // It cannot be written: nothing is opened.
    fs::write(log.join("checkpoint"), "nonsense").unwrap();
    let ran = export("monitor", "bag-monitor");
    assert!(ran.code == 1 && ran.err.contains("nothing is opened"), "{}", ran.err);
    assert!(!dir.join("bag-monitor").exists());
    // If no copy of it is left, that is declared: the record counts it for ever, and another begins.
    let ran = truceline(&["record", "checkpoint", text(&record)]);
    assert!(ran.code == 1 && ran.err.contains("access") && ran.err.contains("--lost"), "{}", ran.err);
    assert!(ok(&lost).out.contains("counts for ever"));
    let said = access();
    assert!(said.contains("nothing was opened since") && said.contains("lies in access.lost-1"), "{said}");
    let ran = truceline(&lost);
    assert!(ran.code == 1 && ran.err.contains("there is no access log"), "{}", ran.err);
    ok(&["record", "checkpoint", text(&record)]);
    assert_eq!(export("monitor", "bag-monitor").code, 0);
    assert_eq!(access().lines().count(), 2);
    let audit = ok(&["record", "audit", text(&record)]).out;
    assert!(audit.contains("the access log was declared lost, and begun anew: 1"), "{audit}");
}

/// What is dated after the clock is neither recorded nor used, and that is said; a made-up story may lie ahead.
#[test]
fn what_is_dated_ahead_of_the_clock_is_set_aside() {
    let dir = scratch("ahead");
    let mission = mission(&dir, "");
    let file = mission.join("mission.toml");
    let told: String = fs::read_to_string(&file)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with("made_up"))
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(&file, told).unwrap();
    let story = root().join("fixtures/made-up-truce");
    let observations = dir.join("observations");
    fs::create_dir_all(&observations).unwrap();
    let all = fs::read_to_string(story.join("observations/acoustic.csv")).unwrap();
    let mut lines: Vec<String> = all.lines().map(str::to_string).collect();
    // All but three lie in the past.
    for line in &mut lines[4..] {
        *line = line.replace("2031-", "2025-");
    }
    fs::write(observations.join("acoustic.csv"), lines.join("\n")).unwrap();
    let record = dir.join("r");
    ok(&["record", "init", text(&record), "--origin", "example.org/ahead", "--alone"]);
    let agreement = story.join("agreement");
    let ran = ok(&[
        "record",
        "append",
        text(&record),
        "--agreement",
        text(&agreement),
        "--observations",
        text(&observations),
        "--mission",
        text(&mission),
    ]);
    assert!(ran.out.contains("3 observations are dated later than this machine's clock"), "{}", ran.out);
    ok(&["record", "audit", text(&record)]);
}
