//! `truceline case`: the made-up story from report to closure, its swapped twin, and what a journal withstands.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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

/// Runs one command in a folder: did it go well, and what was said.
fn run(folder: &Path, line: &str) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_truceline"))
        .current_dir(folder)
        .args(["--quiet", "case"])
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

fn lines(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("CASES/steps.jsonl")).unwrap();
    text.lines().map(str::to_string).collect()
}

fn put(folder: &Path, lines: &[String]) {
    fs::write(folder.join("CASES/steps.jsonl"), lines.join("\n") + "\n").unwrap();
}

/// Whatever is altered, taken out, put in, moved or dated back in the journal is found, and the line is named.
#[test]
fn an_altered_journal_is_found() {
    let folder = story("altered");
    tell(&folder, Some("! outcome"));
    let whole = lines(&folder);
    assert!(run(&folder, "list CASES").0);
    type Change = fn(&mut Vec<String>);
    let changes: [(&str, Change, &str); 6] = [
        ("a word altered", |lines| lines[5] = lines[5].replace("visit", "other"), "line 6"),
        ("a field put in", |lines| lines[3] = lines[3].replace("{\"signed\"", "{ \"signed\""), "line 4"),
        ("a line taken out", |lines| drop(lines.remove(4)), "line 5"),
        ("two lines exchanged", |lines| lines.swap(4, 5), "line 5"),
        ("a line twice", |lines| lines.insert(4, lines[4].clone()), "line 6"),
        ("the moment altered", |lines| lines[1] = lines[1].replace("16:00:00", "15:00:00"), "line 2"),
    ];
    for (what, change, line) in changes {
        let mut altered = whole.clone();
        change(&mut altered);
        assert_ne!(altered, whole, "{what}");
        put(&folder, &altered);
        let (went_well, said) = run(&folder, "list CASES");
        assert!(!went_well && said.contains(line), "{what}: {said}");
    }
    // A line that was cut off while it was written was never acknowledged: the next step is written over it.
    put(&folder, &whole);
    let path = folder.join("CASES/steps.jsonl");
    let mut torn = fs::read_to_string(&path).unwrap();
    torn.push_str(&whole[4][..100]);
    fs::write(&path, &torn).unwrap();
    let note =
        "note CASES 1 --words \"after the power failed\" --at 2031-05-09T08:30:00Z --key keys/analyst.key";
    let (went_well, said) = run(&folder, note);
    assert!(went_well, "{said}");
    assert_eq!(lines(&folder).len(), whole.len() + 1);
    assert!(run(&folder, "list CASES").0);
}

/// Words can be erased, and the chain holds; words that were altered are found.
#[test]
fn words_are_erased_or_as_they_were() {
    let folder = story("erased");
    tell(&folder, Some("list CASES"));
    let of = |words: &str| {
        let kept = fs::read_dir(folder.join("CASES/words")).unwrap().map(|entry| entry.unwrap().path());
        kept.into_iter().find(|path| fs::read_to_string(path).unwrap().contains(words)).unwrap()
    };
    fs::remove_file(of("Mr. Orsel, what")).unwrap();
    let (went_well, page) = run(&folder, "show CASES 1");
    assert!(went_well && page.contains("(these words were erased; their hash remains)"), "{page}");
    let answer = of("lost contact");
    fs::write(&answer, fs::read_to_string(&answer).unwrap().replace("four", "five")).unwrap();
    let (went_well, said) = run(&folder, "show CASES 1");
    assert!(!went_well && said.contains("not the words that were signed"), "{said}");
}

/// A refused step, a strange key, a changed agreement: nothing is written, and the reader is told what to do.
#[test]
fn what_cannot_be_taken_leaves_no_trace() {
    let folder = story("refused");
    tell(&folder, Some("task CASES 1 --kind visit"));
    let before = lines(&folder);
    let refused = [
        (
            "answer CASES 1 accepts --words x --at 2031-05-06T18:30:00Z --key keys/liaison-AL.key",
            "comes first",
        ),
        (
            "answer CASES 1 accepts --words x --at 2031-05-06T18:30:00Z --key keys/analyst.key",
            "key of a party's liaison",
        ),
        ("note CASES 1 --words x --at 2031-05-06T17:00:00Z --key keys/analyst.key", "no step is dated back"),
        ("note CASES 1 --words \" \" --at 2031-05-06T18:30:00Z --key keys/analyst.key", "words are empty"),
        (
            "note CASES 1 --words x --at 2031-05-06T18:30:00Z --key agreement/terms.toml",
            "is no key of a role",
        ),
        ("note CASES 1 --words x --at yesterday --key keys/analyst.key", "no moment with a time zone"),
        (
            "triage CASES 1 perhaps --at 2031-05-06T18:30:00Z --key keys/analyst.key",
            "known are: taken-up, duplicate",
        ),
        ("note CASES ffff --words x --at 2031-05-06T18:30:00Z --key keys/analyst.key", "there is no case"),
        (
            "open CASES --complaint XY --clause no-fire --from 2031-05-06T09:00:00Z --words x --at 2031-05-06T18:30:00Z --key keys/analyst.key",
            "no party \"XY\"",
        ),
        (
            "open CASES --complaint AL --clause no-fir --from 2031-05-06T09:00:00Z --words x --at 2031-05-06T18:30:00Z --key keys/liaison-AL.key",
            "it has: let-the-monitor-see, no-fire",
        ),
        (
            "open CASES --complaint BO --clause no-fire --from 2031-05-06T09:00:00Z --words x --at 2031-05-06T18:30:00Z --key keys/liaison-AL.key",
            "no one speaks for another party",
        ),
        ("start CASES --agreement agreement --mission mission --keys keys", "not started again"),
        ("start NEW --agreement agreement --mission ../nowhere --keys keys", "cannot read"),
        ("list agreement", "holds no cases"),
    ];
    for (command, why) in refused {
        let (went_well, said) = run(&folder, command);
        assert!(!went_well && said.contains(why), "{command}\n{said}");
        assert_eq!(lines(&folder), before, "{command} left a trace");
    }
    // A key of the same role that was not there at the start.
    let strange = fs::read_to_string(folder.join("keys/analyst.key")).unwrap().replace("0202", "0909");
    fs::write(folder.join("strange.key"), strange).unwrap();
    let (went_well, said) =
        run(&folder, "note CASES 1 --words x --at 2031-05-06T18:30:00Z --key strange.key");
    assert!(!went_well && said.contains("this key is not that of analyst"), "{said}");
    // An agreement that was changed under the cases.
    let terms = folder.join("CASES/agreement/terms.toml");
    fs::write(&terms, fs::read_to_string(&terms).unwrap().replace("thirty days", "forty days")).unwrap();
    let (went_well, said) = run(&folder, "list CASES");
    assert!(!went_well && said.contains("not those under which these cases were started"), "{said}");
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
    let (went_well, said) = run(&folder, "start CASES --agreement agreement --mission mission --keys keys");
    assert!(!went_well && said.contains("\"a-fine\"") && said.contains("it has: written-warning"), "{said}");
    assert!(!folder.join("CASES").exists(), "nothing was started");
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
    for line in ["no-breach: not met (1 incidents", "watched: cannot be judged: coverage", "few: met"] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert!(said.contains("It is for The joint commission to decide"), "{said}");
    assert!(said.contains("nothing is opened or closed by this program"), "{said}");
    // Four days later the breach lies outside the window, and nobody was watching.
    let (_, later) = gates("2031-05-12T00:00:00Z");
    assert!(later.contains("no-breach: met (0 incidents"), "{later}");
}
