//! A case's folder, held in memory: so that it can be run with the parties' codes exchanged.

use crate::folder;
use anyhow::{Context as _, Result, anyhow};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use truce::config;

/// What `case.toml` says.
#[derive(Clone, Default)]
pub(super) struct About {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) asks: String,
    pub(super) constructed: Option<String>,
    pub(super) remark: Option<String>,
    /// Views of the product's output, in order.
    pub(super) show: Vec<String>,
    /// Parties of a case without an agreement.
    pub(super) parties: Vec<String>,
    /// Folders of real agreements, from the root of the repository.
    pub(super) agreements: Vec<String>,
    /// Other cases whose input is run.
    pub(super) of: Vec<String>,
    /// Only these files are exchanged, by the beginnings of their names; empty: all.
    pub(super) only: Vec<String>,
    /// For the view `load`: events, sources.
    pub(super) load: Option<(u32, u32)>,
    /// For the view `watched`: where the later window begins, and both end.
    pub(super) moments: Vec<truce::time::Time>,
}

/// A case's input.
#[derive(Clone)]
pub(super) struct Files {
    pub(super) about: About,
    pub(super) expected: Vec<String>,
    pub(super) mission: String,
    /// Agreements by name, each with its files: of the folder's own `agreement/` or `agreements/*/`, and those
    /// that the case refers to.
    pub(super) agreements: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
    pub(super) observations: Vec<(String, Vec<u8>)>,
    /// `claims.toml`, `counts.csv`, `watched.csv` beside `case.toml`.
    pub(super) beside: BTreeMap<String, String>,
}

impl Files {
    pub(super) fn read(folder: &Path, mission: &str) -> Result<Self> {
        let text = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        let about = about(&text("case.toml")?)?;
        let expected = text("expected.txt")?;
        let expected = expected.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut agreements = BTreeMap::new();
        let own = folder.join("agreement");
        if own.is_dir() {
            agreements.insert("agreement".to_string(), read(&own)?);
        }
        for path in folders(&folder.join("agreements"))? {
            agreements.insert(name(&path), read(&path)?);
        }
        // A twin may share its case's agreement.
        for shared in &about.agreements {
            let path = root(folder).join(shared);
            agreements.insert(name(&path), read(&path)?);
        }
        let mut observations = Vec::new();
        for path in files(&folder.join("observations"))? {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            observations.push((name(&path), bytes));
        }
        let mut beside = BTreeMap::new();
        for name in ["claims.toml", "counts.csv", "watched.csv"] {
            if folder.join(name).is_file() {
                beside.insert(name.to_string(), text(name)?);
            }
        }
        let mission = match folder.join("mission.toml").is_file() {
            true => text("mission.toml")?,
            false => mission.to_string(),
        };
        Ok(Self { about, expected: expected.map(String::from).collect(), mission, agreements, observations, beside })
    }

    /// The same input with two words exchanged wherever they stand alone, in the files that `only` names (all, if
    /// it names none).
    pub(super) fn exchanged(&self, one: &str, other: &str, only: &[String]) -> Self {
        let mut files = self.clone();
        let meant = |name: &str| only.is_empty() || only.iter().any(|start| name.starts_with(start.as_str()));
        let bytes = |bytes: &mut Vec<u8>| {
            *bytes = exchange(&String::from_utf8_lossy(bytes), one, other).into_bytes();
        };
        for (folder, texts) in &mut files.agreements {
            texts.iter_mut().filter(|(name, _)| meant(folder) || meant(name)).for_each(|(_, it)| bytes(it));
        }
        files.observations.iter_mut().filter(|(name, _)| meant(name)).for_each(|(_, it)| bytes(it));
        for (name, text) in &mut files.beside {
            if meant(name) {
                *text = exchange(text, one, other);
            }
        }
        if meant("case.toml") {
            for party in &mut files.about.parties {
                *party = exchange(party, one, other);
            }
        }
        files
    }
}

/// Exchanges two words wherever they stand alone.
pub(super) fn exchange(text: &str, one: &str, other: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut word = String::new();
    let settle = |word: &mut String, result: &mut String| {
        result.push_str(if word == one {
            other
        } else if word == other {
            one
        } else {
            word
        });
        word.clear();
    };
    for letter in text.chars() {
        if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
        } else {
            settle(&mut word, &mut result);
            result.push(letter);
        }
    }
    settle(&mut word, &mut result);
    result
}

fn read(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    folder::read(folder).map_err(|trouble| anyhow!("{trouble}"))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The folder above that holds `agreements` and `fixtures`.
fn root(folder: &Path) -> PathBuf {
    let mut at = folder.to_path_buf();
    while !(at.join("agreements").is_dir() && at.join("fixtures").is_dir()) {
        // A relative path ends where the program was started.
        match at.parent() {
            Some(up) if up != Path::new("") => at = up.to_path_buf(),
            _ => return PathBuf::from("."),
        }
    }
    at
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_file()).collect())
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let listing = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let paths: std::io::Result<Vec<PathBuf>> = listing.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.with_context(|| format!("cannot list {}", folder.display()))?;
    paths.retain(|path| !name(path).starts_with('.'));
    paths.sort();
    Ok(paths)
}

fn about(text: &str) -> Result<About> {
    config::read("case.toml", text, |root| {
        let line = |key: &'static str| root.may(key).text().map(|at| at.value.to_string());
        let list = |key: &'static str| -> Vec<String> {
            root.may(key).texts().into_iter().map(|at| at.value.to_string()).collect()
        };
        let need = |key: &'static str| root.need(key).text().map(|at| at.value.to_string());
        let (id, title, asks) = (line("id"), need("title"), line("asks"));
        let show = root.need("show").texts().into_iter().map(|at| at.value.to_string()).collect();
        let load = root.may("load").table().map(|load| {
            let number = |key: &'static str| load.need(key).integer(1..=1_000_000).map(|at| at.value as u32);
            number("events").zip(number("sources"))
        });
        let moments = root.may("moments");
        let moments = if moments.is_some() { moments.list()?.value } else { Vec::new() };
        let moments = moments.iter().map(|field| field.time(None).map(|at| at.value)).collect::<Option<_>>();
        Some(About {
            id: id.unwrap_or_default(),
            title: title?,
            asks: asks.unwrap_or_default(),
            constructed: line("constructed"),
            remark: line("remark"),
            show,
            parties: list("parties"),
            agreements: list("agreements"),
            of: list("of"),
            only: list("only"),
            load: load.flatten(),
            moments: moments?,
        })
    })
    .map_err(|mistakes| {
        let texts = [("case.toml".to_string(), text.to_string())].into();
        anyhow!("{}", crate::mistake::render(&mistakes, &texts, false))
    })
}
