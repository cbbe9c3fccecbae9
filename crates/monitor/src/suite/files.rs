//! A case's folder, held in memory: so that it can be run with the parties' codes exchanged.

use crate::folder;
use anyhow::{Context as _, Result, anyhow, bail};
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
    /// What a case must have otherwise in one of these, and nothing else.
    pub(super) vary: Vec<Vary>,
    /// Other cases whose input is run.
    pub(super) of: Vec<String>,
    /// Only these files are exchanged, by the beginnings of their names; empty: all.
    pub(super) only: Vec<String>,
    /// For the view `load`: events, sources.
    pub(super) load: Option<(u32, u32)>,
    /// For the view `watched`: where the later window begins, and both end.
    pub(super) moments: Vec<truce::time::Time>,
}

/// A place where a case's copy of a real agreement differs from it.
#[derive(Clone)]
pub(super) struct Vary {
    /// Name of the agreement's folder.
    pub(super) agreement: String,
    /// Which of its files.
    pub(super) file: String,
    /// What stands there, exactly once.
    pub(super) was: String,
    /// What stands there in the case.
    pub(super) becomes: String,
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
    /// `claims.toml`, `counts.csv`, `watched.csv`, `judgements.csv` beside `case.toml`.
    pub(super) beside: BTreeMap<String, String>,
}

impl Files {
    /// Reads a case.
    pub(super) fn read(folder: &Path, mission: &str) -> Result<Self> {
        let nothing = Self {
            about: About::default(),
            expected: Vec::new(),
            mission: mission.to_string(),
            agreements: BTreeMap::new(),
            observations: Vec::new(),
            beside: BTreeMap::new(),
        };
        nothing.overlaid(folder)
    }

    /// The twin of a case: its input with the files of `folder` in place of those of the same name, and what
    /// `case.toml` there says in place of what it said.
    pub(super) fn twin(&self, folder: &Path) -> Result<Self> {
        self.overlaid(folder)
    }

    fn overlaid(&self, folder: &Path) -> Result<Self> {
        let text = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        let mut files = self.clone();
        files.about = about(&text("case.toml")?, &self.about)?;
        let expected = text("expected.txt")?;
        let expected =
            expected.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        files.expected = expected.map(String::from).collect();
        let mut agreement = |name: String, texts: BTreeMap<String, Vec<u8>>| {
            files.agreements.entry(name).or_default().extend(texts);
        };
        for shared in files.about.agreements.iter().filter(|shared| !self.about.agreements.contains(shared)) {
            let path = root(folder).join(shared);
            agreement(name(&path), folder::read(&path).map_err(|trouble| anyhow!("{trouble}"))?);
        }
        let own = folder.join("agreement");
        if own.is_dir() {
            agreement("agreement".to_string(), loose(&own)?);
        }
        for path in folders(&folder.join("agreements"))? {
            agreement(name(&path), loose(&path)?);
        }
        for vary in &files.about.vary {
            let terms = files.agreements.get_mut(&vary.agreement).and_then(|texts| texts.get_mut(&vary.file));
            let terms = terms.with_context(|| format!("vary: {} has no {}", vary.agreement, vary.file))?;
            let text = String::from_utf8_lossy(terms).into_owned();
            if text.matches(&vary.was).count() != 1 {
                bail!("vary: in {} this does not stand once: {}", vary.agreement, vary.was);
            }
            *terms = text.replacen(&vary.was, &vary.becomes, 1).into_bytes();
        }
        for path in self::files(&folder.join("observations"))? {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = name(&path);
            files.observations.retain(|(other, _)| *other != name);
            files.observations.push((name, bytes));
        }
        files.observations.sort();
        for name in ["claims.toml", "counts.csv", "watched.csv", "judgements.csv"] {
            if folder.join(name).is_file() {
                files.beside.insert(name.to_string(), text(name)?);
            }
        }
        if folder.join("mission.toml").is_file() {
            files.mission = text("mission.toml")?;
        }
        Ok(files)
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

/// The files of an agreement's folder, which in a twin may lack most of them.
fn loose(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut texts = BTreeMap::new();
    for (prefix, dir) in [("", folder.to_path_buf()), ("zones/", folder.join("zones"))] {
        for path in files(&dir)?.into_iter().filter(|path| !name(path).ends_with(".md")) {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            texts.insert(format!("{prefix}{}", name(&path)), bytes);
        }
    }
    Ok(texts)
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

/// What `case.toml` says; where it is silent, what `before` says.
fn about(text: &str, before: &About) -> Result<About> {
    config::read("case.toml", text, |root| {
        let line = |key: &'static str| root.may(key).text().map(|at| at.value.to_string());
        let list = |key: &'static str, before: &Vec<String>| -> Vec<String> {
            let field = root.may(key);
            if !field.is_some() {
                return before.clone();
            }
            field.texts().into_iter().map(|at| at.value.to_string()).collect()
        };
        let (id, title, asks) = (line("id"), root.need("title").text(), line("asks"));
        let load = root.may("load").table().map(|load| {
            let number = |key: &'static str| load.need(key).integer(1..=1_000_000).map(|at| at.value as u32);
            number("events").zip(number("sources"))
        });
        let tables = root.may("vary").tables();
        let vary = tables.iter().map(|table| {
            let text = |key: &'static str| Some(table.need(key).text()?.value.to_string());
            let (agreement, was, becomes) = (text("agreement"), text("was"), text("becomes"));
            let file = table.may("file").text().map_or("terms.toml", |at| at.value).to_string();
            Some(Vary { agreement: agreement?, file, was: was?, becomes: becomes? })
        });
        let vary = vary.collect::<Option<Vec<_>>>()?;
        let moments = root.may("moments");
        let given = if moments.is_some() { Some(moments.list()?.value) } else { None };
        let moments = match given {
            Some(fields) => {
                fields.iter().map(|field| field.time(None).map(|at| at.value)).collect::<Option<_>>()
            }
            None => Some(before.moments.clone()),
        };
        Some(About {
            id: id.unwrap_or_else(|| before.id.clone()),
            title: title?.value.to_string(),
            asks: asks.unwrap_or_default(),
            constructed: line("constructed"),
            remark: line("remark"),
            show: list("show", &before.show),
            parties: list("parties", &before.parties),
            agreements: list("agreements", &before.agreements),
            vary,
            of: list("of", &before.of),
            only: list("only", &before.only),
            load: load.flatten().or(before.load),
            moments: moments?,
        })
    })
    .map_err(|mistakes| {
        let texts = [("case.toml".to_string(), text.to_string())].into();
        anyhow!("{}", crate::mistake::render(&mistakes, &texts, false))
    })
}
