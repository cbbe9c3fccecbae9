//! The day report: expected output, order of arrival, parties swapped, corrections, and what it refuses.

use crate::common::{Case, assert_same, easter_data, files_in, root, scratch, shuffle, story, truceline};
use crate::neutrality::{ONE, TWO, seat};
use report::day::Published;
use std::fs;

const DAY: &str = "2031-05-04";

/// `BLESS=1` renews the expected output.
#[test]
fn the_made_up_day_gives_the_expected_report() {
    let ours = Case::made_up().day(DAY, None).unwrap();
    let expected = story().join("expected-day");
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(&expected).unwrap();
        for (name, text) in &ours {
            fs::write(expected.join(name), text).unwrap();
        }
    }
    assert_same(&ours, &files_in(&expected));
}

#[test]
fn the_order_of_arrival_changes_no_day() {
    let mut case = Case::made_up();
    let expected = case.day(DAY, None).unwrap();
    for seed in 1..=3 {
        shuffle(&mut case.intake.observations, seed);
        assert_same(&expected, &case.day(DAY, None).unwrap());
    }
}

#[test]
fn swapped_parties_swap_the_day_report() {
    let of = |identities| {
        let mut case = Case::made_up();
        seat(&mut case, identities);
        case.day(DAY, None).unwrap()
    };
    let (one, other) = (of([ONE, TWO]), of([TWO, ONE]));
    assert!(one["day.en.html"].contains(ONE.1) && one["day.en.html"].contains(TWO.1));
    let swap = |text: &str| {
        [(ONE.0, TWO.0), (ONE.1, TWO.1)]
            .iter()
            .fold(text.to_string(), |text, (a, b)| text.replace(a, "\u{1}").replace(b, a).replace('\u{1}', b))
    };
    // What a file of the agreement is hashed to stays: only the names were swapped, after reading.
    let swapped = one.into_iter().map(|(name, text)| (name, swap(&text))).collect();
    assert_same(&swapped, &other);
}

/// An observation that comes late changes what the report before said, and the next report says so.
#[test]
fn what_came_late_is_listed_as_a_correction() {
    let case = Case::made_up();
    let full = Published::parse(&case.day(DAY, None).unwrap()["day.json"]).unwrap();
    let mut early = Case::made_up();
    early.intake.observations.retain(|observation| &*observation.source != "patrols");
    assert!(early.intake.observations.len() < case.intake.observations.len());
    let published = Published::parse(&early.day(DAY, None).unwrap()["day.json"]).unwrap();
    let next = "2031-05-05";
    let corrected = case.day(next, Some(&published)).unwrap();
    assert!(corrected["day.en.html"].contains(" was ") && corrected["day.uk.html"].contains(": було "));
    let same = case.day(next, Some(&full)).unwrap();
    assert!(same["day.en.html"].contains("None: 0 figures"), "nothing changed, and a correction is listed");
    // A report of another day says nothing about this one.
    let other = case.day("2031-05-06", Some(&full)).unwrap();
    assert!(other["day.en.html"].contains("Not compared"));
}

#[test]
fn a_day_that_the_public_may_not_know_of_is_refused() {
    let case = Case { as_of: truce::time::Time::parse("2031-05-05T12:00:00Z"), ..Case::made_up() };
    let error = case.day(DAY, None).unwrap_err().to_string();
    assert!(error.contains("only from 2031-05-06T00:00:00Z on"), "{error}");
}

#[test]
fn a_mission_without_a_cut_off_says_what_to_write() {
    let mut case = Case::made_up();
    case.question.mission.day_report = None;
    let error = case.day(DAY, None).unwrap_err().to_string();
    assert!(error.contains("[day_report]") && error.contains("cut_off"), "{error}");
}

#[test]
fn typing_mistakes_are_answered() {
    let out = scratch("day-mistakes");
    let run = |date: &str, before: &str| {
        truceline(&[
            "day",
            story().join("agreement").to_str().unwrap(),
            "--observations",
            story().join("observations").to_str().unwrap(),
            "--mission",
            story().join("mission").to_str().unwrap(),
            "--out",
            out.join("out").to_str().unwrap(),
            "--date",
            date,
            "--before",
            before,
        ])
    };
    let ran = run("4 May", "nowhere.json");
    assert!(ran.code == 2 && ran.err.contains("write it like 2025-04-20"), "{}", ran.err);
    let ran = run(DAY, "nowhere.json");
    assert!(ran.code == 1 && ran.err.contains("there is no file nowhere.json"), "{}", ran.err);
    let ran = run("04.05.2031", "nowhere.json");
    assert!(ran.code == 2 && ran.err.contains("is 2031-05-04 meant?"), "{}", ran.err);
    let wrong = root().join("Cargo.toml");
    let ran = run(DAY, wrong.to_str().unwrap());
    assert!(ran.code == 1 && ran.err.contains("no day report"), "{}", ran.err);
    assert!(files_in(&out.join("out")).is_empty(), "a refused report left files");
}

/// Slips with folders, moments and names: what is wrong, where, and what to do; never the words of the machine alone.
#[test]
fn slips_at_the_command_line_are_answered() {
    let out = scratch("slips");
    let (agreement, observations) = (story().join("agreement"), story().join("observations"));
    let (agreement, observations) = (agreement.to_str().unwrap(), observations.to_str().unwrap());
    let mission = story().join("mission");
    let mission = mission.to_str().unwrap();
    let (file, empty, nowhere) = (out.join("file"), out.join("empty"), out.join("nowhere"));
    std::fs::create_dir_all(&empty).unwrap();
    std::fs::write(&file, "x").unwrap();
    let [file, empty, nowhere] = [&file, &empty, &nowhere].map(|path| path.to_str().unwrap());
    let asked = "2031-05-19T00:00:00Z";
    let day = |observations, mission, out| {
        [
            "day",
            agreement,
            "--observations",
            observations,
            "--mission",
            mission,
            "--date",
            DAY,
            "--as-of",
            asked,
            "--out",
            out,
        ]
        .map(String::from)
        .to_vec()
    };
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    let state = |at: &str| words(&["state", agreement, "--at", at]);
    for (arguments, code, said) in [
        (day(nowhere, mission, file), 1, "is a file, so nothing can be written"),
        (day(nowhere, mission, empty), 1, "there is no folder"),
        (day(file, mission, empty), 1, "is a file: give the folder of observations that it lies in"),
        (day(empty, mission, empty), 1, "the folder holds none"),
        (day(observations, empty, empty), 1, "holds no mission.toml: give a mission's folder"),
        (state("2031-05-04"), 2, "is a day, not a moment: add the hour and on which clock"),
        (state("2031-05-04 12:00"), 2, "does not say on which clock"),
        (state("04.05.2031"), 2, "a moment begins with year, month, day, here 2031-05-04"),
        (state("2031-05-04 12:00z"), 0, ""),
        (words(&["check", agreement, "--language", "UK"]), 0, ""),
        (words(&["check", agreement, "--language", "ua"]), 2, "give en, uk or ru"),
        (words(&["record", "prove", empty, "--", "-1"]), 2, "counted from 0"),
        (words(&["record", "prove", empty, "-1"]), 2, "counted from 0"),
        (words(&["suite", "--cases", nowhere]), 1, "there is no folder"),
        (
            words(&["recompute", empty, "--record", empty]),
            1,
            "give the folder of a report of `truceline assess`",
        ),
    ] {
        let ran = truceline(&arguments);
        assert_eq!(ran.code, code, "{arguments:?}\n{}", ran.err);
        assert!(ran.err.contains(said), "{arguments:?}\n{}", ran.err);
        let quoted = arguments[0] == "recompute"; // the reason stands behind what to do
        assert!(code == 0 || quoted || !ran.err.contains("os error"), "{arguments:?}\n{}", ran.err);
    }
    // A folder that holds the report of another day keeps it.
    let kept = out.join("kept");
    let kept = kept.to_str().unwrap();
    assert_eq!(truceline(&day(observations, mission, kept)).code, 0);
    let before = std::fs::read(out.join("kept/day.json")).unwrap();
    let mut next = day(observations, mission, kept);
    *next.iter_mut().find(|word| *word == DAY).unwrap() = "2031-05-05".to_string();
    let ran = truceline(&next);
    assert!(ran.code == 1 && ran.err.contains("the report of another day"), "{}", ran.err);
    assert_eq!(std::fs::read(out.join("kept/day.json")).unwrap(), before);
}

/// Easter: the day of the truce against the days before, as recorded; nobody can say what was not.
#[test]
fn shared_easter_day_counts_recorded_incidents() {
    let Some(data) = easter_data() else { return };
    let case = Case::read(&root().join("agreements/easter-2025"), None, &data);
    let files = case.day("2025-04-20", None).unwrap();
    let day: serde_json::Value = serde_json::from_str(&files["day.json"]).unwrap();
    assert_eq!((day["day"]["number"].as_i64(), day["day"]["of"].as_i64()), (Some(2), Some(2)));
    let figure = &day["figures"][0];
    assert_eq!((&figure["of"], &figure["current"]["state"]), (&"incidents".into(), &"not_known".into()));
    assert_eq!(figure["before"].as_array().unwrap().len(), 7);
    let claims = day["claims"].as_array().unwrap();
    assert!(claims.iter().any(|claim| claim["total"]["number"] == 2_935));
    assert!(claims.iter().any(|claim| claim["total"]["number"] == 4_900));
    // Never summed, by anyone.
    assert!(files.values().all(|text| !text.contains("7835") && !text.contains("7\u{202f}835")));
    for page in ["day.en.html", "day.uk.html", "day.ru.html"] {
        assert!(files[page].contains("2\u{202f}935") && files[page].contains("4\u{202f}900"), "{page}");
    }
}

/// The instrument and its clauses go by the title that the file has in the page's language, else by `title`.
#[test]
fn titles_stand_in_the_language_of_the_page() {
    let mut case = Case::made_up();
    let agreement = &mut case.question.folder.agreement;
    agreement.titles.uk = Some("Вигадане перемир'я біля річки".into());
    let (title, clause) = (agreement.title.clone(), agreement.readings[0].clauses[0].title.clone());
    for reading in &mut agreement.readings {
        reading.clauses[0].titles.ru = Some("Никакого огня у реки".into());
    }
    let files = case.day("2031-05-05", None).unwrap();
    let has = |file: &str, text: &str| files[file].contains(text);
    assert!(has("day.uk.html", "біля річки") && has("day.ru.html", &title) && has("day.en.html", &title));
    assert!(has("day.ru.html", "огня у реки") && has("day.uk.html", &clause) && has("day.en.html", &clause));
    assert!(!has("day.ru.html", "біля річки") && !has("day.uk.html", "огня у реки"));
}
