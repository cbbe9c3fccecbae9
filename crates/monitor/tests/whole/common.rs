//! What the tests share: folders, the program, the two stories.

use monitor::assess::{Asked, Question, answer, mission_files};
use monitor::day::{self, FollowUp};
use monitor::folder;
use monitor::intake::{Intake, read_folder};
use monitor::progress::Progress;
use report::View;
use report::day::Published;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use truce::time::{Date, Time};

/// The files of a report by name.
pub(crate) type Files = BTreeMap<String, String>;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The made-up story.
pub(crate) fn story() -> PathBuf {
    root().join("fixtures/made-up-truce")
}

/// The public data of Easter 2025; `None`, and the test ends, where it is absent.
pub(crate) fn easter_data() -> Option<PathBuf> {
    let path = root().join("../shared/data/easter-2025");
    if !path.is_dir() {
        println!("skipped: no {}", path.display());
        return None;
    }
    Some(path)
}

/// An empty folder of a test.
pub(crate) fn scratch(test: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole").join(test);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    dir
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// What a run of the program gave.
pub(crate) struct Ran {
    /// Exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

/// Runs the program.
pub(crate) fn truceline<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_truceline")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs `assess` and reads the report.
pub(crate) fn assess(agreement: &Path, observations: &Path, out: &Path, more: &[&str]) -> (Ran, Files) {
    let paths = [agreement, observations, out].map(|path| path.to_str().unwrap());
    let mut arguments = vec!["assess", paths[0], "--observations", paths[1], "--out", paths[2]];
    arguments.extend(more);
    (truceline(&arguments), files_in(out))
}

/// Files of a folder by name; none when it is not there.
pub(crate) fn files_in(dir: &Path) -> Files {
    let Ok(listing) = fs::read_dir(dir) else { return Files::new() };
    listing
        .map(|entry| entry.unwrap().path())
        // The record lies beside the report.
        .filter(|path| !path.ends_with("record"))
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().to_string(), fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// A question and what is known.
pub(crate) struct Case {
    /// The question.
    pub(crate) question: Question,
    /// Everything read.
    pub(crate) intake: Intake,
    /// The moment asked for.
    pub(crate) as_of: Option<Time>,
    /// The checkpoint that the report is to name.
    pub(crate) checkpoint: Option<String>,
}

impl Case {
    /// Reads folders.
    pub(crate) fn read(agreement: &Path, mission: Option<&Path>, observations: &Path) -> Self {
        let folder = folder::load(agreement).unwrap();
        let question = Question::new(folder, mission_files(mission).unwrap()).unwrap();
        let quiet = Progress::new(true);
        let intake = read_folder(observations, &question.mission, &question.classify(), &quiet).unwrap();
        Self { question, intake, as_of: None, checkpoint: None }
    }

    /// The made-up story, read from its files, two weeks after it.
    pub(crate) fn made_up() -> Self {
        let story = story();
        let case =
            Self::read(&story.join("agreement"), Some(&story.join("mission")), &story.join("observations"));
        Self { as_of: Time::parse("2031-05-19T00:00:00Z"), ..case }
    }

    /// The report of a day.
    pub(crate) fn day(&self, date: &str, before: Option<&Published>) -> anyhow::Result<Files> {
        let date = Date::parse(date).unwrap();
        let asked = Asked { as_of: self.as_of, view: View::Public, checkpoint: None };
        let (known, quiet) = (self.intake.clone().into(), Progress::new(true));
        let questions = std::slice::from_ref(&self.question);
        let follow_up = FollowUp { cases: None, before: before.cloned() };
        Ok(day::answer(questions, known, &asked, date, &[follow_up], &quiet)?.into_iter().collect())
    }

    /// The report.
    pub(crate) fn answer(&self) -> Files {
        let asked = Asked { as_of: self.as_of, view: View::Mission, checkpoint: self.checkpoint.clone() };
        let known = self.intake.clone().into();
        let questions = std::slice::from_ref(&self.question);
        answer(questions, known, &asked, &Progress::new(true)).unwrap().into_iter().collect()
    }
}

/// Fails with the first difference, and not with two whole reports.
#[track_caller]
pub(crate) fn assert_same(ours: &Files, theirs: &Files) {
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(ours), names(theirs), "not the same files");
    for (name, text) in ours {
        if let Some((line, a, b)) = first_difference(text, &theirs[name]) {
            panic!("{name} differs in line {line}:\n  {a}\n  {b}");
        }
    }
}

/// Line and what stands there in each: the first place where two texts differ.
pub(crate) fn first_difference(a: &str, b: &str) -> Option<(usize, String, String)> {
    if a == b {
        return None;
    }
    let (mut left, mut right) = (a.split('\n'), b.split('\n'));
    for line in 1.. {
        let (ours, theirs) = (left.next(), right.next());
        if ours != theirs {
            let (ours, theirs) = (ours.unwrap_or("(the end)"), theirs.unwrap_or("(the end)"));
            let same = ours.chars().zip(theirs.chars()).take_while(|(a, b)| a == b).count();
            let cut = |text: &str| text.chars().skip(same.saturating_sub(60)).take(160).collect::<String>();
            return Some((line, cut(ours), cut(theirs)));
        }
    }
    None
}

/// Puts things into another order, the same on every machine.
pub(crate) fn shuffle<T>(things: &mut [T], seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for at in (1..things.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        things.swap(at, (state % (at as u64 + 1)) as usize);
    }
}

/// The report as JSON.
pub(crate) fn json(files: &Files) -> serde_json::Value {
    serde_json::from_str(&files["report.json"]).unwrap()
}
