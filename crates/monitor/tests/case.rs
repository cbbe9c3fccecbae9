//! `truceline case`: the made-up story from report to closure, its swapped twin, and what the record of its steps withstands.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use monitor::record::keep::Place;
use record::statement::{self, Statement, sha256};
use record::{Audience, Raw, Signer};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use truce::Id;
use truce::case::{Outcome, Role, What};
use truce::time::{Time, Zone};
use verify::cbor::Encoder;
use verify::field::{Field, Value};
use verify::leaf::{Kind, LEAF_LEN};

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/made-up-case")
}

fn scratch(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("case").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Copies the story, each text changed on the way.
fn copy(from: &Path, to: &Path, change: &dyn Fn(&str) -> String) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = change(path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            copy(&path, &to.join(name), change);
        } else {
            fs::write(to.join(name), change(&fs::read_to_string(&path).unwrap())).unwrap();
        }
    }
}

/// Words of a command line; those in quotation marks are one.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![];
    for (number, part) in line.split('"').enumerate() {
        match number % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_string)),
            _ => words.push(part.to_string()),
        }
    }
    words
}

/// Runs one command of `truceline case` in a folder: did it go well, and what was said.
fn run(folder: &Path, line: &str) -> (bool, String) {
    truceline(folder, &format!("case {line}"))
}

fn truceline(folder: &Path, line: &str) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_truceline"))
        .current_dir(folder)
        .arg("--quiet")
        .args(words(line))
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout) + &text(output.stderr))
}

/// Runs the story up to a line that holds `until`; the commands with what they said.
fn tell(folder: &Path, until: Option<&str>) -> String {
    let mut told = String::new();
    for line in fs::read_to_string(folder.join("story.txt")).unwrap().lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if until.is_some_and(|until| line.contains(until)) {
            break;
        }
        let (refused, command) = line.strip_prefix("! ").map_or((false, line), |command| (true, command));
        let (went_well, said) = run(folder, command);
        assert_eq!(went_well, !refused, "{line}\n{said}");
        told += &format!("$ {line}\n{said}\n");
    }
    told
}

fn story(test: &str) -> PathBuf {
    let folder = scratch(test);
    copy(&fixture(), &folder, &str::to_string);
    folder
}

fn exported(folder: &Path) -> [String; 2] {
    ["OUT/case.html", "OUT/case.json"].map(|name| fs::read_to_string(folder.join(name)).unwrap())
}

/// `BLESS=1` renews the expected output.
#[test]
fn the_story_runs_as_expected() {
    let folder = story("expected");
    let said = tell(&folder, None);
    let [html, json] = exported(&folder);
    for (name, ours) in [("said.txt", said), ("case.html", html), ("case.json", json)] {
        let path = fixture().join("expected").join(name);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &ours).unwrap();
        }
        let theirs = fs::read_to_string(&path).unwrap_or_default();
        let differs = ours.lines().zip(theirs.lines()).position(|(ours, theirs)| ours != theirs);
        assert!(
            ours == theirs,
            "{name} differs (first at line {:?}); if it is meant: BLESS=1 cargo test -p monitor --test case, and read the diff",
            differs.map(|line| line + 1)
        );
    }
}

/// Ids and keys by the order in which they are met: these must differ, for they are hashes of what differs.
fn without_ids(text: &str) -> String {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_hexdigit() && !c.is_ascii_uppercase()) {
        let (before, from) = rest.split_at(start);
        let length =
            from.find(|c: char| !c.is_ascii_hexdigit() || c.is_ascii_uppercase()).unwrap_or(from.len());
        let (run, after) = from.split_at(length);
        out += before;
        if run.len() >= 12 {
            // An id is known by its first digits, however many of it are shown.
            let next = known.len();
            let number = *known.entry(run[..12].to_string()).or_insert(next);
            out += &format!("#{number}");
        } else {
            out += run;
        }
        rest = after;
    }
    out + rest
}

/// Aldria and Borvia exchanged, names and codes, wherever they stand as words.
fn swap(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    let end = |word: &mut String, out: &mut String| {
        let swapped = match word.as_str() {
            "AL" => "BO",
            "BO" => "AL",
            "Aldria" => "Borvia",
            "Borvia" => "Aldria",
            other => other,
        };
        out.push_str(swapped);
        word.clear();
    };
    for c in text.chars() {
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            end(&mut word, &mut out);
            out.push(c);
        }
    }
    end(&mut word, &mut out);
    out
}

/// Swap the parties in agreement, geometry, observations, keys and every command: what is said and exported is the
/// same, swapped.
#[test]
fn swapped_parties_swap_the_case() {
    let (one, other) = (story("as-told"), scratch("swapped"));
    copy(&fixture(), &other, &swap);
    let first = [vec![tell(&one, None)], exported(&one).to_vec()].concat();
    let second = [vec![tell(&other, None)], exported(&other).to_vec()].concat();
    for (name, (first, second)) in
        ["what was said", "case.html", "case.json"].iter().zip(first.iter().zip(&second))
    {
        let (ours, theirs) = (without_ids(&swap(first)), without_ids(second));
        let differs = ours.lines().zip(theirs.lines()).find(|(ours, theirs)| ours != theirs);
        assert!(ours == theirs, "{name} treats the parties differently: {differs:#?}");
        // And the swap is seen: a comparison of equal texts would pass for any code.
        assert_ne!(without_ids(first), without_ids(second), "{name}");
    }
}

/// What is confidential stays with monitors and analysts; the other readers' pages and the case file do not know it.
#[test]
fn witnesses_notes_and_fine_places_never_leave() {
    let folder = story("confidential");
    tell(&folder, None);
    let (_, analyst) = run(&folder, "show CASES 1");
    let (_, liaison) = run(&folder, "show CASES 1 --for liaison");
    let (_, public) = run(&folder, "show CASES 1 --for public");
    let [html, json] = exported(&folder);
    for confidential in ["Orsel", "interview", "post 3", "craters", "by the mill"] {
        assert!(analyst.contains(confidential), "{confidential} is known to analysts");
        for (who, page) in
            [("liaison", &liaison), ("public", &public), ("case.html", &html), ("case.json", &json)]
        {
            assert!(!page.contains(confidential), "{who} shows \"{confidential}\"");
        }
    }
    // Positions of the event, the patrol and the sensors, in any usual writing.
    for fine in ["1.41", "2.83", "post-03", "1.36", "14:10", "14:08"] {
        for (who, page) in
            [("liaison", &liaison), ("public", &public), ("case.html", &html), ("case.json", &json)]
        {
            assert!(!page.contains(fine), "{who} shows {fine}");
        }
    }
    // The public sees neither the parties' words nor the hour nor the sector of ten kilometres.
    for shared in ["lost contact", "rounds were five", "14:00", "100 to 110"] {
        assert!(liaison.contains(shared) && !public.contains(shared), "{shared}");
    }
}

/// Silence stays silence in every form.
#[test]
fn silence_is_shown_as_no_answer() {
    let folder = story("silence");
    tell(&folder, Some("answer CASES 1 contests"));
    for page in [run(&folder, "show CASES 1 --for liaison --at 2031-05-10T13:00:00Z").1, {
        run(&folder, "export CASES 1 --observations observations --out OUT --at 2031-05-10T13:00:00Z");
        exported(&folder)[0].clone()
    }] {
        assert!(page.contains("no answer by the deadline"), "{page}");
        for admission in ["admits", "admission", "concedes", "responsible:"] {
            assert!(!page.contains(admission), "silence was read as more than silence: {admission}");
        }
    }
    let (_, before) = run(&folder, "show CASES 1 --for liaison --at 2031-05-08T00:00:00Z");
    assert!(before.contains("Borvia: no answer yet") && before.contains("Aldria: no answer yet"), "{before}");
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The number of leaves under the signed head.
fn size(folder: &Path) -> usize {
    let head = fs::read_to_string(folder.join("CASES/checkpoint")).unwrap();
    head.lines().nth(1).unwrap().parse().unwrap()
}

/// The newest bundle of leaves, as it is served.
fn bundle(folder: &Path) -> PathBuf {
    folder.join(format!("CASES/tile/entries/000.p/{}", size(folder)))
}

/// Whatever is altered, taken out, put in or moved is found, and the leaf is named: by every command, and by the audit.
#[test]
fn an_altered_record_is_found() {
    let folder = story("altered");
    tell(&folder, Some("! outcome"));
    assert!(run(&folder, "list CASES").0 && truceline(&folder, "record audit CASES").0);
    let path = bundle(&folder);
    let whole = fs::read(&path).unwrap();
    let row = 2 + LEAF_LEN; // its length before each leaf
    assert_eq!(whole.len(), row * size(&folder));
    type Change = fn(&mut Vec<u8>, usize);
    let changes: [(&str, Change, &str); 4] = [
        ("a bit altered", |bytes, row| bytes[12 * row + 100] ^= 1, "leaf 12"),
        ("a leaf taken out", |bytes, row| drop(bytes.drain(12 * row..13 * row)), "leaf"),
        ("two leaves exchanged", |bytes, row| bytes[12 * row..14 * row].rotate_left(row), "leaf 12"),
        ("a leaf twice", |bytes, row| bytes.copy_within(12 * row..13 * row, 13 * row), "leaf 13"),
    ];
    for (what, change, leaf) in changes {
        let mut altered = whole.clone();
        change(&mut altered, row);
        assert_ne!(altered, whole, "{what}");
        fs::write(&path, &altered).unwrap();
        let (went_well, said) = run(&folder, "list CASES");
        assert!(!went_well && said.contains(leaf), "{what}: {said}");
        assert!(!truceline(&folder, "record audit CASES").0, "{what}");
    }
    fs::write(&path, &whole).unwrap();
    // What the vault keeps of a step.
    let kept = files(&folder.join("CASES/vault")).pop().unwrap();
    let sealed = fs::read(&kept).unwrap();
    let mut altered = sealed.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    fs::write(&kept, &altered).unwrap();
    let (went_well, said) = run(&folder, "list CASES");
    assert!(!went_well && said.contains("leaf"), "{said}");
    let (went_well, said) = truceline(&folder, "record audit CASES");
    assert!(!went_well && said.contains(&format!("leaf {}", size(&folder) - 1)), "{said}");
    fs::write(&kept, &sealed).unwrap();
    // A leaf that was cut off while it was written was never acknowledged: the next step is written over it.
    let log = files(&folder.join("CASES/log")).pop().unwrap();
    let mut torn = fs::read(&log).unwrap();
    torn.extend_from_slice(&torn[torn.len() - 200..].to_vec()[..100]);
    fs::write(&log, &torn).unwrap();
    let before = size(&folder);
    let note = "note CASES 1 --words \"after the power failed\" --at 2031-05-09T08:30:00Z --key CASES/keys/analyst.key";
    let (went_well, said) = run(&folder, note);
    assert!(went_well, "{said}");
    assert_eq!(size(&folder), before + 1);
    assert!(run(&folder, "list CASES").0 && truceline(&folder, "record audit CASES").0);
}

/// Steps that another program wrote into the record past the rules: one that lies about who took it, one by a role that
/// may not take it. Neither moves the case, and both are shown.
#[test]
fn a_step_by_the_wrong_hand_moves_nothing() {
    let folder = story("wrong-hand");
    tell(&folder, None);
    let (_, list) = run(&folder, "list CASES");
    let file: serde_json::Value = serde_json::from_str(&exported(&folder)[1]).unwrap();
    let case = truce::case::parse_hex(file["id"].as_str().unwrap()).unwrap();
    let at = Time::parse("2031-05-19T10:00:00Z").unwrap();
    let place = Place::new(&folder.join("CASES"), None).made_up(at, 1_000);
    let write = |record: &record::Record, by: &Role| {
        let key = place.keys.source("liaison-AL").unwrap();
        let mut signer = Signer::resume(key, None);
        let fields = truce::case::fields(by, Some(case), &What::Conclude(Outcome::Unfounded));
        let fields = serde_json::to_vec(&fields).unwrap();
        let step = statement::Step {
            kind: Kind::Case,
            by: by.to_string().as_str().into(),
            at,
            about: vec![case.0],
            says: vec![Field::new("shared", Value::hash(sha256(&fields))).unwrap()],
            words: String::new(),
        };
        let encoded = Statement::Step(step).encode(Zone::Fixed(0)).unwrap();
        let mut packed = Encoder::new();
        let mut words = encoded.words.only(|_| true);
        words.push(("step".to_string(), &fields));
        packed.array(words.len() * 2);
        for (label, bytes) in &words {
            packed.text(label).bytes(bytes);
        }
        let roles = &["monitor", "analyst", "mediator", "liaison"];
        let raw = [Raw { category: "words.step", roles, bytes: &packed.finish() }];
        signer =
            Signer::resume(place.keys.source("liaison-AL").unwrap(), record.last_of(&signer.pseudonym()));
        let audience = Audience::all(roles);
        let entropy = place.entropy.as_ref();
        let entry = signer.sign(encoded.statement(), &[audience], &raw, entropy).unwrap();
        assert!(record.append(vec![entry]).unwrap().refused.is_none(), "the record takes it: it is signed");
    };
    let record = place.open().unwrap();
    write(&record, &Role::Mediator);
    write(&record, &Role::Liaison("AL".into()));
    record.checkpoint().unwrap();
    drop(record);
    let (went_well, after) = run(&folder, "list CASES");
    assert!(went_well, "{after}");
    assert!(
        after.contains("it says that mediator took it, and is signed with the key of liaison:AL"),
        "{after}"
    );
    assert!(after.contains("steps in the record that could not be taken: 1"), "{after}");
    for unmoved in ["outcome: contested", "1 opened", "closed"] {
        assert_eq!(list.contains(unmoved), after.contains(unmoved), "{unmoved}\n{after}");
    }
    assert!(!after.contains("outcome: unfounded"), "{after}");
}

/// The number of the leaf of a step: the so-many-th of its sort in the case file.
fn leaf_of(folder: &Path, step: &str, nth: usize) -> u64 {
    let file: serde_json::Value = serde_json::from_str(&exported(folder)[1]).unwrap();
    let steps = file["steps"].as_array().unwrap();
    let named: Vec<u64> = steps
        .iter()
        .filter(|row| row["step"].as_str() == Some(step))
        .map(|row| row["leaf"].as_u64().unwrap())
        .collect();
    named[nth]
}

/// Erases the texts of a leaf, and nothing else of it.
fn erase_texts(folder: &Path, leaf: u64) {
    let (went_well, parts) = truceline(folder, &format!("record erase CASES {leaf}"));
    assert!(went_well, "{parts}");
    for line in parts.lines().filter(|line| line.contains("words.text")) {
        let part = line.strip_prefix("part ").and_then(|line| line.split(':').next()).unwrap();
        let erase =
            format!("record erase CASES {leaf} --part {part} --by administrator --why \"he asked for it\"");
        let (went_well, said) = truceline(folder, &erase);
        assert!(went_well, "{said}");
    }
}

/// Texts can be erased one by one: the leaf and the rest of the case hold, and the text is shown as erased.
#[test]
fn erased_texts_are_shown_as_erased() {
    let folder = story("erased");
    tell(&folder, None);
    assert!(run(&folder, "show CASES 1").1.contains("Ask the miller"));
    erase_texts(&folder, leaf_of(&folder, "a task of verification", 1));
    let (went_well, page) = run(&folder, "show CASES 1");
    assert!(went_well && page.contains("(these words were erased; their hash remains)"), "{page}");
    assert!(!page.contains("Ask the miller") && page.contains("Look for marks of impact"), "{page}");
    assert!(page.contains("(interview)"), "the step itself is not erased: {page}");
    erase_texts(&folder, leaf_of(&folder, "an answer", 0));
    let (_, page) = run(&folder, "show CASES 1 --for liaison");
    assert!(!page.contains("lost contact") && page.contains("explains, and neither accepts"), "{page}");
    assert!(page.contains("were erased"), "{page}");
    let (went_well, said) = truceline(&folder, "record audit CASES");
    assert!(went_well, "{said}");
}

/// The proofs beside a case file hold for whoever has the policy alone; they prove the steps that the file names, and
/// tell nothing more.
#[test]
fn the_case_file_is_proved() {
    let folder = story("proved");
    tell(&folder, None);
    let file: serde_json::Value = serde_json::from_str(&exported(&folder)[1]).unwrap();
    let bag = folder.join("OUT/proofs");
    let policy = verify::policy::Policy::parse(&fs::read(folder.join("CASES/policy")).unwrap()).unwrap();
    let checked = verify::bundle::check(&bag, Some(&policy)).unwrap();
    let shown: BTreeMap<u64, _> = checked.leaves.iter().map(|leaf| (leaf.index, leaf)).collect();
    let mut named = BTreeSet::new();
    for step in file["steps"].as_array().unwrap() {
        let index = step["leaf"].as_u64().unwrap();
        named.insert(index);
        assert_eq!(shown[&index].kind, Some(Kind::Case), "{step}");
        assert!(shown[&index].holder.is_some(), "who signed it is proved: {step}");
        let path = files(&bag).into_iter().find(|path| {
            fs::read(path).is_ok_and(|bytes| {
                bytes.len() == LEAF_LEN
                    && truce::case::hex(&Id(verify::merkle::leaf_hash(&bytes)))
                        == step["id"].as_str().unwrap()
            })
        });
        assert!(path.is_some(), "the id is the hash of a leaf in the bundle: {step}");
        let sort = shown[&index].view.value("full");
        assert!(sort.is_none(), "the full task is not opened: {step}");
    }
    let cases = checked.leaves.iter().filter(|leaf| leaf.kind == Some(Kind::Case));
    assert_eq!(cases.map(|leaf| leaf.index).collect::<BTreeSet<_>>(), named, "no other step is in it");
    for path in files(&folder.join("OUT")) {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        for confidential in ["Orsel", "interview", "post 3", "craters", "by the mill"] {
            assert!(!text.contains(confidential), "{} tells \"{confidential}\"", path.display());
        }
    }
    // One bit of any leaf, proof or word, and it does not hold.
    let altered =
        files(&bag.join("data")).into_iter().filter(|path| path.file_name().unwrap() != "README.txt");
    for path in altered.step_by(7) {
        let whole = fs::read(&path).unwrap();
        let mut bytes = whole.clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert!(verify::bundle::check(&bag, Some(&policy)).is_err(), "{}", path.display());
        fs::write(&path, &whole).unwrap();
    }
    // The script in it says the same, where Python has what it needs.
    let able = Command::new("python3").args(["-c", "import cryptography"]).output();
    if able.is_ok_and(|ran| ran.status.success()) {
        let ran = Command::new("python3")
            .arg(bag.join("data/truceline_verify.py"))
            .arg("bundle")
            .arg(&bag)
            .output();
        let ran = ran.unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }
}

/// Whoever holds a liaison's keys alone opens what liaisons may see: the same page, and nothing more.
#[test]
fn a_liaison_reads_with_its_own_keys() {
    let folder = story("own-keys");
    tell(&folder, None);
    fs::create_dir_all(folder.join("own/roles")).unwrap();
    for name in ["log.pub", "root.pub", "roles/public.key", "roles/liaison.key"] {
        fs::copy(folder.join("CASES/keys").join(name), folder.join("own").join(name)).unwrap();
    }
    let with_all = run(&folder, "show CASES 1 --for liaison");
    let with_own = run(&folder, "show CASES 1 --for liaison --keys own");
    assert!(with_own.0, "{}", with_own.1);
    assert_eq!(with_all, with_own);
    let (_, page) = run(&folder, "show CASES 1 --keys own");
    for confidential in ["Orsel", "interview", "post 3", "craters", "by the mill"] {
        assert!(!page.contains(confidential), "{confidential}: {page}");
    }
}

/// Outside a made-up story the machine's clock rules: no step is dated ahead of it, and one without a date is of now.
#[test]
fn no_step_is_dated_ahead_of_the_clock() {
    let folder = scratch("clock");
    let real = |text: &str| {
        let lines = text.split_inclusive('\n').filter(|line| !line.starts_with("made_up"));
        lines.collect::<String>().replace("2031", "2021")
    };
    copy(&fixture(), &folder, &real);
    tell(&folder, Some("! notify"));
    let before = size(&folder);
    let ahead = "note CASES 1 --words x --at 2299-01-01T00:00:00Z --key CASES/keys/analyst.key";
    let (went_well, said) = run(&folder, ahead);
    assert!(!went_well && said.contains("no step is dated ahead"), "{said}");
    assert_eq!(size(&folder), before);
    let (went_well, said) = run(&folder, "note CASES 1 --words x --key CASES/keys/analyst.key");
    assert!(went_well, "{said}");
    let back = "note CASES 1 --words x --at 2021-05-07T00:00:00Z --key CASES/keys/analyst.key";
    assert!(run(&folder, back).1.contains("no step is dated back"));
}

/// What the day report says of cases comes from their steps: opened, answered, overdue, as they stood at the cut-off.
#[test]
fn the_day_report_counts_the_cases() {
    let folder = scratch("day");
    copy(&fixture(), &folder, &|text| text.replace("2031", "2021"));
    let mission = folder.join("mission/mission.toml");
    let rules = "\n[day_report]\ncut_off = \"19:30\"\ngrave = 0.6\n";
    fs::write(&mission, fs::read_to_string(&mission).unwrap() + rules).unwrap();
    tell(&folder, Some("list CASES"));
    let mut told = BTreeMap::new();
    let mut count = |day: &str, cases: &str| {
        let out = format!("OUT-{day}{}", cases.len());
        let (went_well, said) = truceline(
            &folder,
            &format!(
                "day agreement --mission mission --observations observations --date {day} --as-of 2021-06-01T00:00:00Z \
                 --out {out} {cases}"
            ),
        );
        assert!(went_well, "{said}");
        let file = fs::read_to_string(folder.join(&out).join("day.json")).unwrap();
        let file: serde_json::Value = serde_json::from_str(&file).unwrap();
        told.insert(out.clone(), fs::read_to_string(folder.join(&out).join("day.en.html")).unwrap());
        ["opened", "opened_before", "answered", "overdue", "open"]
            .map(|figure| file["cases"][figure].as_u64().unwrap())
    };
    let with = "--cases CASES";
    assert_eq!(count("2021-05-06", with), [2, 0, 0, 0, 2], "both were opened before the cut-off");
    assert_eq!(count("2021-05-07", with), [0, 2, 0, 0, 2]);
    assert_eq!(count("2021-05-09", with), [0, 0, 1, 0, 2], "one party answered at eight");
    assert_eq!(count("2021-05-10", with), [0, 0, 0, 1, 2], "the time of the other was over at noon");
    assert_eq!(count("2021-05-06", ""), [0; 5], "without a register there are no figures");
    let without = &told["OUT-2021-05-060"];
    assert!(told.values().any(|page| page != without));
    // Another agreement's cases are not counted.
    let terms = folder.join("agreement/terms.toml");
    fs::write(&terms, fs::read_to_string(&terms).unwrap() + "\n# another version\n").unwrap();
    let (went_well, said) = truceline(
        &folder,
        "day agreement --mission mission --observations observations --date 2021-05-06 --as-of 2021-06-01T00:00:00Z --out OTHER --cases CASES",
    );
    assert!(!went_well && said.contains("another version of the agreement"), "{said}");
}

/// A refused step, a strange key, a changed agreement: nothing is written, and the reader is told what to do.
#[test]
fn what_cannot_be_taken_leaves_no_trace() {
    let folder = story("refused");
    tell(&folder, Some("task CASES 1 --kind visit"));
    let log = || (size(&folder), fs::read(files(&folder.join("CASES/log")).pop().unwrap()).unwrap());
    let before = log();
    let refused = [
        (
            "answer CASES 1 accepts --words x --at 2031-05-06T18:30:00Z --key CASES/keys/liaison-AL.key",
            "comes first",
        ),
        (
            "answer CASES 1 accepts --words x --at 2031-05-06T18:30:00Z --key CASES/keys/analyst.key",
            "key of a party's liaison",
        ),
        (
            "note CASES 1 --words x --at 2031-05-06T17:00:00Z --key CASES/keys/analyst.key",
            "no step is dated back",
        ),
        (
            "note CASES 1 --words \" \" --at 2031-05-06T18:30:00Z --key CASES/keys/analyst.key",
            "words are empty",
        ),
        (
            "note CASES 1 --words x --at 2031-05-06T18:30:00Z --key agreement/terms.toml",
            "64 hexadecimal digits are expected",
        ),
        ("note CASES 1 --words x --at yesterday --key CASES/keys/analyst.key", "is no moment; write it like"),
        (
            "triage CASES 1 perhaps --at 2031-05-06T18:30:00Z --key CASES/keys/analyst.key",
            "known are: taken-up, duplicate",
        ),
        (
            "note CASES ffff --words x --at 2031-05-06T18:30:00Z --key CASES/keys/analyst.key",
            "there is no case",
        ),
        (
            "open CASES --complaint XY --clause no-fire --from 2031-05-06T09:00:00Z --words x --at 2031-05-06T18:30:00Z --key CASES/keys/analyst.key",
            "no party \"XY\"",
        ),
        (
            "open CASES --complaint AL --clause no-fir --from 2031-05-06T09:00:00Z --words x --at 2031-05-06T18:30:00Z --key CASES/keys/liaison-AL.key",
            "it has: let-the-monitor-see, no-fire",
        ),
        (
            "open CASES --complaint BO --clause no-fire --from 2031-05-06T09:00:00Z --words x --at 2031-05-06T18:30:00Z --key CASES/keys/liaison-AL.key",
            "no one speaks for another party",
        ),
        (
            "open CASES --complaint AL --clause no-fire --from 2031-05-06T09:00:00Z --km 99999 --words x --at 2031-05-06T18:30:00Z --key CASES/keys/liaison-AL.key",
            "the reference line is",
        ),
        (
            "open CASES --complaint AL --clause no-fire --from 2031-04-06T09:00:00Z --km 40 --words x --at 2031-05-06T18:30:00Z --key CASES/keys/liaison-AL.key",
            "was in force from 2031-05-04T00:00:00Z to 2031-06-03T00:00:00Z only",
        ),
        (
            "open CASES --complaint AL --clause no-fire --from 2031-05-06T09:00:00Z --near 100,10 --words x --at 2031-05-06T18:30:00Z --key CASES/keys/liaison-AL.key",
            "km from every line of the agreement, and the mission file follows up complaints within 200 km",
        ),
        // Who and whom before when: without --at a step of a made-up story would be dated by this machine's clock.
        (
            "judge CASES 1 --responsible AL --words x --key CASES/keys/analyst.key",
            "a judgement is not for analyst to take: a mediator may take it",
        ),
        (
            "judge CASES 1 --responsible XX --words x --key CASES/keys/mediator.key",
            "the agreement has no party \"XX\"",
        ),
        (
            "note CASES 1 --words x --at 2031-05-06T18:30:00.5Z --key CASES/keys/analyst.key",
            "steps are dated to the second: write 2031-05-06T18:30:00Z",
        ),
        (
            "note CASES 1 --words @nofile --at 2031-05-06T18:30:00Z --key CASES/keys/analyst.key",
            "there is no file nofile: give the words as they are",
        ),
        (
            "note CASES 1 --words x --at 2031-05-06T18:30:00Z --key nokey",
            "there is no file nokey: give the key file of the role",
        ),
        (
            "classify CASES 1 --groups 300 --at 2031-05-06T18:30:00Z --key CASES/keys/analyst.key",
            "--groups 300: the case has",
        ),
        ("start CASES --agreement agreement --mission mission", "not started again"),
        ("start NEW --agreement agreement --mission ../nowhere", "give the folder of a mission"),
        ("list agreement", "holds no cases"),
    ];
    for (command, why) in refused {
        let (went_well, said) = run(&folder, command);
        assert!(!went_well && said.contains(why), "{command}\n{said}");
        assert_eq!(log(), before, "{command} left a trace");
    }
    // A key that was not there at the start.
    fs::write(folder.join("strange.key"), "09".repeat(32)).unwrap();
    let (went_well, said) =
        run(&folder, "note CASES 1 --words x --at 2031-05-06T18:30:00Z --key strange.key");
    assert!(!went_well && said.contains("is not the key of a role in these cases"), "{said}");
    // The agreement that binds is the one in the record: what becomes of the files beside it changes nothing.
    let (_, list) = run(&folder, "list CASES");
    let terms = folder.join("agreement/terms.toml");
    fs::write(&terms, fs::read_to_string(&terms).unwrap().replace("thirty days", "forty days")).unwrap();
    assert_eq!(run(&folder, "list CASES"), (true, list));
}

/// Every party is told at the same time, in the same words and with the same deadline: only the addressee differs.
#[test]
fn notices_differ_in_the_addressee_alone() {
    let folder = story("notices");
    tell(&folder, None);
    let file: serde_json::Value = serde_json::from_str(&exported(&folder)[1]).unwrap();
    let notices: Vec<(&str, &str)> = file["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| (version["party"].as_str().unwrap(), version["notice"].as_str().unwrap()))
        .collect();
    assert_eq!(notices.len(), 2);
    let bodies: Vec<&str> = notices
        .iter()
        .map(|(party, notice)| notice.strip_prefix(&format!("Notice to the liaison of {party}.\n")).unwrap())
        .collect();
    assert_eq!(bodies[0], bodies[1]);
    assert!(
        bodies[0].contains("Please answer by 2031-05-10 12:00 UTC")
            && bodies[0].contains("holds nobody responsible")
    );
}

/// A ladder that names a consequence which the agreement does not have is found before any case is opened.
#[test]
fn a_ladder_stands_on_the_agreement() {
    let folder = story("ladder");
    let mission = folder.join("mission/mission.toml");
    fs::write(&mission, fs::read_to_string(&mission).unwrap().replace("\"written-warning\"", "\"a-fine\""))
        .unwrap();
    let (went_well, said) = run(&folder, "start CASES --agreement agreement --mission mission");
    assert!(!went_well && said.contains("\"a-fine\"") && said.contains("it has: written-warning"), "{said}");
    assert!(!folder.join("CASES").exists(), "nothing was started");
}

/// The list for triage names the sides and weighs alike complaints as one; each line says who complains, by role.
#[test]
fn the_list_for_triage_is_fair() {
    let folder = story("triage-list");
    tell(&folder, Some("triage CASES 1"));
    let complain = |party: &str, from: &str, km: u32| {
        let line = format!(
            "open CASES --at 2031-05-06T17:50:00Z --key CASES/keys/liaison-{party}.key --complaint {party} --clause no-fire \
             --from {from} --km {km} --words x"
        );
        let (went_well, said) = run(&folder, &line);
        assert!(went_well, "{said}");
        said
    };
    for (from, km) in [("08:59", 40), ("08:01", 60), ("09:01", 51), ("12:30", 10)] {
        complain("AL", &format!("2031-05-06T{from}:00Z"), km);
    }
    complain("BO", "2031-05-06T09:01:00Z", 51);
    let (went_well, said) = run(&folder, "list CASES");
    assert!(went_well, "{said}");
    let list = "of each side in turn, and of what was observed, the oldest first\n  \
                case 1: on what was observed\n  \
                case 2: complaint of Aldria\n  \
                case 7: complaint of Borvia\n  \
                cases 3, 4, 5: complaint of Aldria, told 3 times of neighbouring places and hours: they weigh as one\n  \
                case 6: complaint of Aldria\n";
    assert!(said.contains(list), "{said}");
    assert!(said.contains("   a complaint of Borvia, entered by the liaison of Borvia\n"), "{said}");
    assert!(said.contains("\n5 opened"), "{said}");
}

/// A plan's gates: seen breaches fail one; without coverage quiet is not met but not to be judged; with less asked for,
/// the same figures meet it.
#[test]
fn gates_are_met_not_met_or_not_to_be_judged() {
    const PLAN: &str = r#"
[[mechanism]]
code = "COMM"
name = "The joint commission"
tasks = ["judge"]

[[phase]]
id = "quiet"
title = "Quiet"
paraphrase = "Fire ends."
sources = ["text"]
"#;
    let gate = |id: &str, at_most: u32, coverage: &str| {
        format!(
            "\n[[phase.gate]]\nid = \"{id}\"\nparaphrase = \"Quiet.\"\nindicator = \"breaches\"\nclauses = [\"no-fire\"]\n\
             at_most = {at_most}\nwindow = \"3 days\"\n{coverage}authority = \"COMM\"\nthen = \"The talks go on.\"\n"
        )
    };
    let folder = story("gates");
    let terms = folder.join("agreement/terms.toml");
    let before = fs::read_to_string(&terms).unwrap();
    let gates = |at: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_truceline"))
            .current_dir(&folder)
            .args([
                "--quiet",
                "gates",
                "agreement",
                "--mission",
                "mission",
                "--observations",
                "observations",
                "--at",
                at,
            ])
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout) + &text(output.stderr))
    };
    let (went_well, said) = gates("2031-05-08T00:00:00Z");
    assert!(!went_well && said.contains("no plan with gates"), "{said}");
    let plan = [
        before,
        PLAN.to_string(),
        gate("no-breach", 0, ""),
        gate("watched", 10, "coverage = 0.99\n"),
        gate("few", 10, ""),
    ];
    fs::write(&terms, plan.concat()).unwrap();
    let (went_well, said) = gates("2031-05-08T00:00:00Z");
    assert!(went_well, "{said}");
    for line in ["no-breach: not met (1 incident with", "watched: cannot be judged: coverage", "few: met"] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert!(said.contains("It is for The joint commission to decide"), "{said}");
    assert!(said.contains("nothing is opened or closed by this program"), "{said}");
    // Four days later the breach lies outside the window, and nobody was watching.
    let (_, later) = gates("2031-05-12T00:00:00Z");
    assert!(later.contains("no-breach: met (0 incidents"), "{later}");
    // A row that cannot be read is told beside the page, with its line.
    let heard = folder.join("observations/acoustic.csv");
    let rows = fs::read_to_string(&heard).unwrap();
    fs::write(&heard, rows + "impulse,at dusk,1.41,2.83,150,fire,mortar,4,A2,\n").unwrap();
    let (went_well, said) = gates("2031-05-08T00:00:00Z");
    assert!(went_well && said.contains("acoustic.csv: 3 rows, 2 used, 1 set aside\n  line 4"), "{said}");
}

/// A self-release through the command: a computed breach and a thousand allegations change nothing, a judgement does, from
/// its moment on, and the instrument goes on.
#[test]
fn a_release_follows_a_judgement_and_never_a_finding() {
    let folder = story("release");
    tell(&folder, None);
    let state = |at: &str, more: &str| {
        let line = format!("state agreement --mission mission --observations observations --at {at} {more}");
        let (went_well, said) = truceline(&folder, &line);
        assert!(went_well, "{said}");
        said.replace("\n    ", " ")
    };
    let free = "free, Borvia: may consider itself free, since the joint commission judged another responsible \
                (2031-05-12T10:00:00Z); the instrument is not void by this alone";
    // Nothing is found yet; then a breach is, and is judged at 10:00 on 12 May.
    assert!(
        state("2031-05-05T00:00:00Z", "--cases CASES")
            .contains("free, Borvia: no allegation by it is at hand")
    );
    let before = state("2031-05-12T09:59:59Z", "--cases CASES");
    assert!(
        before.contains("not judged; the state is unchanged")
            && !before.contains("may consider itself free,")
    );
    let judged = state("2031-05-12T10:00:00Z", "--cases CASES");
    assert!(judged.contains(free), "{judged}");
    assert!(judged.contains("text: in force"), "{judged}");
    // The party that was judged responsible may not rely on it.
    assert!(!judged.contains("free, Aldria: may consider"), "{judged}");
    // Without the register nobody says that none has judged.
    let unknown = state("2031-05-12T10:00:00Z", "");
    assert!(unknown.contains("no register of judgements was given") && !unknown.contains("none judged"));
    // However often a party says so.
    let claims = fs::read_to_string(folder.join("observations/claims.csv")).unwrap();
    let (head, row) = claims.split_once('\n').unwrap();
    let row = row.lines().next().unwrap();
    let id = row.split(',').next().unwrap();
    let many: String =
        (0..1_000).map(|n| format!("{}\n", row.replacen(id, &format!("{id}-{n}"), 1))).collect();
    fs::write(folder.join("observations/claims.csv"), format!("{head}\n{many}")).unwrap();
    let alleged = state("2031-05-19T00:00:00Z", "");
    assert!(alleged.contains("it alleges a violation by another"), "{alleged}");
    assert!(!alleged.contains("may consider itself free,"), "{alleged}");
    // Cases of other terms are refused, and say what to do.
    let terms = folder.join("agreement/terms.toml");
    fs::write(&terms, fs::read_to_string(&terms).unwrap().replace("For thirty days", "For thirty  days"))
        .unwrap();
    let line = "state agreement --mission mission --at 2031-05-12T10:00:00Z --cases CASES";
    let (went_well, said) = truceline(&folder, line);
    assert!(!went_well && said.contains("give the agreement under which they were started"), "{said}");
}

/// Several instruments at once: each incident is held against each, in the order given, and each row says which.
#[test]
fn each_row_says_which_instrument() {
    let folder = story("several");
    let other = |text: &str| {
        let ends = "to = 2031-06-03T00:00:00Z";
        text.replace("id = \"quiet-line\"", "id = \"short-line\"").replace(ends, "to = 2031-05-05T00:00:00Z")
    };
    copy(&fixture().join("agreement"), &folder.join("short"), &other);
    let held = |agreements: &str| -> Vec<(String, String)> {
        let line = format!(
            "state {agreements} --mission mission --observations observations --at 2031-05-12T00:00:00Z --json"
        );
        let (went_well, said) = truceline(&folder, &line);
        assert!(went_well, "{said}");
        let json: serde_json::Value = serde_json::from_str(&said).unwrap();
        let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap().to_string();
        let rows = json["held"].as_array().unwrap().iter();
        rows.map(|row| (text(row, "incident"), text(row, "instrument"))).collect()
    };
    let of = |rows: &[(String, String)], id: &str| -> BTreeSet<String> {
        rows.iter().filter(|(_, instrument)| instrument == id).map(|(incident, _)| incident.clone()).collect()
    };
    let both = held("agreement short");
    let (long, short) = (of(&both, "quiet-line"), of(&both, "short-line"));
    // The short one ended before the shelling of 6 May; what it does hold, both hold.
    assert!(long.len() > short.len() && short.is_subset(&long), "{long:?} {short:?}");
    assert_eq!(long, of(&held("agreement"), "quiet-line"));
    let turned = held("short agreement");
    assert_eq!((of(&turned, "quiet-line"), of(&turned, "short-line")), (long, short));
    let (went_well, said) = truceline(&folder, "state agreement agreement --at 2031-05-12T00:00:00Z");
    assert!(!went_well && said.contains("give each once"), "{said}");
}

/// The made-up plan in a folder of its own, with a change to its observations, and what a command says of it.
fn plan_says(name: &str, change: &dyn Fn(&str) -> String, line: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plan").join(name);
    let _ = fs::remove_dir_all(&folder);
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/made-up-plan");
    copy(&plan.join("agreement"), &folder.join("agreement"), &str::to_string);
    // Names of files are not changed, only rows.
    let rows = |text: &str| if text.contains('\n') { change(text) } else { text.to_string() };
    copy(&plan.join("observations"), &folder.join("observations"), &rows);
    copy(&fixture().join("mission"), &folder.join("mission"), &str::to_string);
    let (went_well, said) = truceline(&folder, line);
    assert!(went_well, "{said}");
    // The page; the books of what was read stand beside it.
    said.split_inclusive('\n').filter(|line| !line.ends_with("0 set aside\n")).collect()
}

const GATES: &str = "gates agreement --mission mission --observations observations --at 2031-05-25T00:00:00Z";

/// A plan of three phases: its gates are met, not met, and not to be judged, each with who decides and how to contest it;
/// and each comes out otherwise by one change of what was observed.
#[test]
fn a_plan_of_three_phases() {
    let said = plan_says("as-it-is", &str::to_string, GATES);
    for line in [
        "three-quiet-days: met (1 incident with a finding of breach, 0 undetermined, 1 allowed",
        "guns-withdrawn: not met (1 kept (1 of them late), 1 not kept, 0 not due yet, 0 cannot be judged)",
        "no-gun-stands: met (1 incident with a finding of breach",
        "a-watched-fortnight: cannot be judged: coverage",
        "If the authority agrees: The second step is prolonged by ten days.",
        "It can be contested: Each side may ask for a second visit.",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert_eq!(said.matches("It is for The joint commission to decide.").count(), 4);
    let expected =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/made-up-plan/expected/gates.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&expected, &said).unwrap();
    }
    assert_eq!(said, fs::read_to_string(&expected).unwrap());

    type Change = fn(&str) -> String;
    let fired = "sighting,2031-05-23T14:08:00Z,2031-05-23T14:16:00Z,1.47,2.86,100,shelling,mortar,4,AL,,,,monitor,A1,seen and heard: four rounds\n";
    let twins: [(&str, Change, &str); 4] = [
        (
            "fired-again",
            |text| {
                let fired = "2031-05-23T14:08:00Z,2031-05-23T14:16:00Z";
                let row = text.lines().find(|line| line.contains(fired)).unwrap_or("");
                format!("{text}{}\n", row.replace(fired, "2031-05-24T14:08:00Z,2031-05-24T14:16:00Z"))
                    .replace("\n\n", "\n")
            },
            "three-quiet-days: not met (2 incidents",
        ),
        (
            "both-withdrew",
            |text| text.replace("BO,withdrawal,guns,not-done", "BO,withdrawal,guns,done"),
            "guns-withdrawn: met (2 kept (2 of them late), 0 not kept",
        ),
        (
            "a-second-gun",
            |text| {
                // Seen at the same hours, eleven kilometres off.
                let guns = text.lines().filter(|line| line.contains(",presence,gun,"));
                let second: String =
                    guns.map(|line| format!("{}\n", line.replace(",1.40,2.83,", ",1.32,2.75,"))).collect();
                format!("{text}{second}")
            },
            "no-gun-stands: not met (2 incidents",
        ),
        (
            "watched-throughout",
            |text| text.replace("sensor-status,2031-05-21", "sensor-status,2031-05-10"),
            "a-watched-fortnight: met (1 incident",
        ),
    ];
    for (name, change, line) in twins {
        let said = plan_says(name, &change, GATES);
        assert!(said.contains(line), "{name}: {line}\n{said}");
    }
    // Looked at twice as often, or half as often: the same gates.
    let halved = |text: &str| {
        let keep = |(at, line): &(usize, &str)| !line.contains(",presence,gun,") || at % 2 == 0;
        let kept = text.lines().enumerate().filter(keep);
        kept.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    assert_eq!(plan_says("half-the-looks", &halved, GATES), said);
    assert!(
        fs::read_to_string(fixture().join("../made-up-plan/observations/patrols.csv"))
            .unwrap()
            .contains(fired)
    );
}

/// What either side tells of the same plan moves none of its gates, and stands beside them.
#[test]
fn what_a_party_tells_moves_no_gate() {
    let said = plan_says("untold", &str::to_string, GATES);
    let stands = |page: &str| -> Vec<String> {
        let gates = page.lines().filter(|line| line.contains("It is for The joint commission"));
        gates.map(|line| line.split(" (").next().unwrap_or("").to_string()).collect()
    };
    for (party, name) in [("AL", "Aldria"), ("BO", "Borvia")] {
        let told = |text: &str| {
            let mine = |line: &str| line.replace(",monitor,", &format!(",party:{party},"));
            let copied = |line: &&str| line.contains(",shelling,") || line.contains(",guns,done");
            let more: Vec<String> = text.lines().filter(copied).map(mine).collect();
            let later = more.iter().map(|line| line.replace("2031-05-23T", "2031-05-24T"));
            format!("{}\n{}\n", text.trim_end(), later.collect::<Vec<_>>().join("\n")).replace("\n\n", "\n")
        };
        let page = plan_says(&format!("told-by-{party}"), &told, GATES);
        assert_eq!(stands(&page), stands(&said), "{party}");
        assert!(page.contains(&format!("Alleged by {name} and not counted: 1 incident.")), "{page}");
    }
}

/// The plan stands in the report, as the command tells it where the view shows as much, and in the report of the day; an
/// agreement without a plan has no such part.
#[test]
fn the_plan_stands_in_the_reports() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plan").join("reports");
    let assess =
        "assess agreement --mission mission --observations observations --as-of 2031-06-01T00:00:00Z";
    plan_says("reports", &str::to_string, &format!("{assess} --view mission --out mission-view"));
    let json = |path: &str| -> serde_json::Value {
        serde_json::from_str(&fs::read_to_string(folder.join(path)).unwrap()).unwrap()
    };
    let stands = |report: &serde_json::Value| -> Vec<String> {
        let phases = report["plan"]["phases"].as_array().unwrap();
        let gates = phases.iter().flat_map(|phase| phase["gates"].as_array().unwrap());
        gates
            .map(|gate| format!("{} {}", gate["gate"].as_str().unwrap(), gate["stands"].as_str().unwrap()))
            .collect()
    };
    let wanted = [
        "three-quiet-days met",
        "guns-withdrawn not-met",
        "no-gun-stands met",
        "a-watched-fortnight coverage",
    ];
    assert_eq!(stands(&json("mission-view/report.json")), wanted);
    let page = fs::read_to_string(folder.join("mission-view/report.html")).unwrap();
    assert!(page.contains("The plan and its gates") && page.contains("100.0 %"), "no plan");
    assert!(page.contains("The second step is prolonged by ten days."));

    // The public sees neither heartbeats nor verifications: what hangs on them cannot be judged from its view.
    let mission = folder.join("mission/mission.toml");
    let rules = fs::read_to_string(&mission).unwrap() + "\n[day_report]\ncut_off = \"19:30\"\ngrave = 0.6\n";
    fs::write(&mission, rules).unwrap();
    let day = "day agreement --mission mission --observations observations --as-of 2031-06-01T00:00:00Z \
               --date 2031-05-24 --out day";
    let (went_well, said) = truceline(&folder, day);
    assert!(went_well, "{said}");
    let public = [
        "three-quiet-days coverage",
        "guns-withdrawn verification",
        "no-gun-stands met",
        "a-watched-fortnight coverage",
    ];
    assert_eq!(stands(&json("day/day.json")), public);
    for (page, words, follows, contested) in [
        ("en", "cannot be judged: coverage", "The third step begins.", "may ask for a second visit"),
        ("uk", "не можна оцінити", "Починається третій крок.", "може просити про друге відвідування"),
        ("ru", "нельзя оценить", "Начинается третий шаг.", "может просить о втором посещении"),
    ] {
        let page = fs::read_to_string(folder.join(format!("day/day.{page}.html"))).unwrap();
        assert!(page.contains(words) && page.contains(follows) && page.contains(contested), "{words}");
    }
    let (went_well, said) = truceline(&folder, &format!("{day} --before nofile"));
    assert!(!went_well && said.contains("there is no file nofile: --before takes the day.json"), "{said}");
    assert!(!said.contains("os error"), "{said}");
}

/// The state of the same: the gun that was seen for two days is one row, and what was promised is as the gate has it.
#[test]
fn the_state_of_a_plan_counts_a_gun_once() {
    let line =
        "state agreement --mission mission --observations observations --at 2031-05-25T00:00:00Z --json";
    let held = |name: &str, change: &dyn Fn(&str) -> String| -> usize {
        let json: serde_json::Value = serde_json::from_str(&plan_says(name, change, line)).unwrap();
        let rows = json["held"].as_array().unwrap().iter();
        rows.filter(|row| row["clause"] == "guns-stay-back" && row["verdict"] == "breach").count()
    };
    assert_eq!(held("state", &str::to_string), 1);
    let gone = |text: &str| {
        // In between somebody looked, and it was gone: it came back.
        let look = "sighting,2031-05-20T12:00:00Z,2031-05-20T12:05:00Z,1.40,2.83,30,presence,gun,1,BO";
        text.replace(look, &look.replace("gun,1,BO", "gun,0,"))
    };
    assert_eq!(held("state-gone", &gone), 2);
}

/// Gates hear and see what the state and the report do: bangs and crossings of the mission's own instruments count in them,
/// and statements and gates tell one share observed of the same line and time.
#[test]
fn gates_and_claims_sense_what_the_state_senses() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plan").join("heard-and-seen");
    let _ = fs::remove_dir_all(&folder);
    let plan = r#"
[[mechanism]]
code = "COMM"
name = "The joint commission"
tasks = ["judge"]

[[phase]]
id = "quiet"
title = "Quiet"
paraphrase = "Quiet."
sources = ["text"]

[[phase.gate]]
id = "a-quiet-morning"
paraphrase = "Quiet for an hour."
indicator = "breaches"
at_most = 0
window = "24 h"
authority = "COMM"
then = "It goes on."
"#;
    let heard = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/heard-and-seen");
    let with_plan = |text: &str| {
        if text.contains("id = \"quiet-day\"") { format!("{text}{plan}") } else { text.to_string() }
    };
    copy(&heard.join("agreement"), &folder.join("agreement"), &with_plan);
    copy(&heard.join("observations"), &folder.join("observations"), &str::to_string);
    copy(&heard.join("mission"), &folder.join("mission"), &str::to_string);
    // The instruments' own words on the day come with its end.
    let at = "2031-06-11T00:00:00Z";
    let told = |line: String| {
        let (went_well, said) = truceline(&folder, &line);
        assert!(went_well, "{said}");
        said
    };
    let state =
        told(format!("state agreement --mission mission --observations observations --at {at} --json"));
    let state: serde_json::Value = serde_json::from_str(&state).unwrap();
    let breaches: BTreeSet<&str> = state["held"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["verdict"] == "breach")
        .filter_map(|row| row["incident"].as_str())
        .collect();
    assert!(breaches.len() > 1, "the story has bangs and crossings");
    let gates = told(format!("gates agreement --mission mission --observations observations --at {at}"));
    assert!(gates.contains(&format!("a-quiet-morning: not met ({} incidents", breaches.len())), "{gates}");
    // Near miss: without what the instruments gave, less is there.
    for file in ["detections.csv", "measurements.csv"] {
        fs::remove_file(folder.join("observations").join(file)).unwrap();
    }
    let deaf = told(format!("gates agreement --mission mission --observations observations --at {at}"));
    assert!(!deaf.contains(&format!("({} incidents", breaches.len())), "{deaf}");
    // One share observed: a claim in the same window, in a unit that the instruments would not tell.
    let share = |page: &str| -> String {
        let at = page.find(" % of the window was observed").unwrap_or_else(|| panic!("{page}"));
        page[..at].rsplit(' ').next().unwrap().to_string()
    };
    fs::write(
        folder.join("observations/claims.csv"),
        "name,claimant,against,window_start,window_end,as_of,unit,total,parts,cumulative,quote,url\n\
         one,AL,BO,2031-06-10T00:00:00Z,2031-06-11T00:00:00Z,2031-06-11T01:00:00Z,shellings,3,,false,,https://example.org/1\n\
         two,AL,BO,2031-06-10T00:00:00Z,2031-06-11T00:00:00Z,2031-06-11T01:00:00Z,line crossings,3,,false,,https://example.org/2\n",
    )
    .unwrap();
    let page = told("claims agreement --mission mission --observations observations".to_string());
    let wanted = format!("observed: {} %", share(&deaf));
    for claim in ["one: ", "two: "] {
        let line =
            page.lines().find(|line| line.trim_start().starts_with(claim) && line.contains("observed:"));
        assert!(line.is_some_and(|line| line.contains(&wanted)), "{claim} {wanted}\n{page}");
    }
}
