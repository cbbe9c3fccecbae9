//! `truceline suite`: the case suite. Each folder is input, and what must come out of it; a twin beside it is nearly
//! the same input, from which something else must come out.
//!
//! The suite knows nothing of any case. A case names *views*, which are functions of the product whose output is
//! printed line by line; `expected.txt` holds the lines that must be among them.

mod files;
mod page;
mod view;

use anyhow::{Context as _, Result, bail};
use files::Files;
use std::fs;
use std::path::Path;

/// One case with its twin: what was asked for and what came out.
pub struct Case {
    /// Number of the case, such as `T12`.
    pub id: String,
    /// Title.
    pub title: String,
    /// What the system must do.
    pub asks: String,
    /// What of the input is constructed; `None` where all of it is published fact.
    pub constructed: Option<String>,
    /// Where the case's own numbers do not hold together, or what the program does not show.
    pub remark: Option<String>,
    /// The real agreements that it runs on, as they stand in the library.
    pub agreements: Vec<String>,
    /// What it has otherwise in one of them: the agreement, what stands there, what stands in the case; those of the
    /// twin after its own.
    pub varied: [Vec<(String, String, String)>; 2],
    /// Name of its folder.
    pub folder: String,
    /// The case.
    pub own: Outcome,
    /// Its near-miss.
    pub twin: Outcome,
    /// How the twin differs.
    pub twin_differs: String,
}

/// What came out of one folder.
pub struct Outcome {
    /// Lines that must come out.
    pub expected: Vec<String>,
    /// All lines that came out.
    pub got: Vec<String>,
}

impl Outcome {
    /// The expected lines that did not come out.
    pub fn missing(&self) -> Vec<&str> {
        self.expected.iter().filter(|line| !self.got.contains(line)).map(String::as_str).collect()
    }
}

impl Case {
    /// What is wrong with the case, if anything.
    pub fn troubles(&self) -> Vec<String> {
        let mut troubles = Vec::new();
        for (name, outcome) in [("case", &self.own), ("twin", &self.twin)] {
            if outcome.expected.is_empty() {
                troubles.push(format!("{}: the {name} expects nothing", self.id));
            }
            for line in outcome.missing() {
                troubles.push(format!("{}: the {name} did not give: {line}", self.id));
            }
        }
        // A program that always gave the case's answer would pass the case: the twin must refute it.
        if self.own.expected.iter().all(|line| self.twin.got.contains(line)) {
            troubles.push(format!("{}: the twin gives all that the case expects", self.id));
        }
        troubles
    }
}

/// Runs every case of a folder, in the order of their numbers.
///
/// # Errors
/// When a folder cannot be read, or an input of a case is broken.
pub fn all(dir: &Path) -> Result<Vec<Case>> {
    crate::folder_there(dir, "cases")?;
    let listing = fs::read_dir(dir).with_context(|| format!("cannot list the folder {}", dir.display()))?;
    let mut folders = Vec::new();
    for entry in listing {
        let path = entry.with_context(|| format!("cannot list the folder {}", dir.display()))?.path();
        if path.join("case.toml").is_file() {
            folders.push(path);
        }
    }
    folders.sort();
    if folders.is_empty() {
        bail!("{} holds no case: a case is a folder with case.toml", dir.display());
    }
    let mission = fs::read_to_string(dir.join("mission/mission.toml"))
        .with_context(|| format!("cannot read {}", dir.join("mission/mission.toml").display()))?;
    folders
        .iter()
        .map(|folder| case(folder, &mission, dir).with_context(|| format!("case {}", folder.display())))
        .collect()
}

fn case(folder: &Path, mission: &str, all: &Path) -> Result<Case> {
    let own = Files::read(folder, mission)?;
    let twin = own.twin(&folder.join("twin"))?;
    let about = &own.about;
    let outcome = |files: &Files| -> Result<Outcome> {
        Ok(Outcome { expected: files.expected.clone(), got: view::lines(files, all)? })
    };
    Ok(Case {
        id: about.id.clone(),
        title: about.title.clone(),
        asks: about.asks.clone(),
        constructed: about.constructed.clone(),
        remark: about.remark.clone(),
        agreements: about.agreements.clone(),
        varied: [&own, &twin].map(|files| {
            let vary = files.about.vary.iter();
            vary.map(|one| (one.agreement.clone(), one.was.clone(), one.becomes.clone())).collect()
        }),
        folder: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        twin_differs: twin.about.title.clone(),
        own: outcome(&own)?,
        twin: outcome(&twin).context("its twin")?,
    })
}

/// Runs the command: the page, written to `out` if given. What is wrong with a case is an error after that.
///
/// # Errors
/// When the suite cannot be run, the page cannot be written, or a case fails.
pub fn run(dir: &Path, out: Option<&Path>) -> Result<String> {
    let cases = all(dir)?;
    let page = page::page(&cases);
    let shown = match out {
        None => page,
        Some(out) => {
            fs::write(out, &page).with_context(|| format!("cannot write {}", out.display()))?;
            format!("{}\n", out.display())
        }
    };
    let troubles: Vec<String> = cases.iter().flat_map(Case::troubles).collect();
    if !troubles.is_empty() {
        bail!("{} of the suite's lines are wrong:\n{}", troubles.len(), troubles.join("\n"));
    }
    Ok(shown)
}

/// The page of the suite.
pub fn page(cases: &[Case]) -> String {
    page::page(cases)
}
