//! `truceline export`: some leaves as a bundle that proves itself (BagIt, RO-Crate), with what the receiver may see.

use super::keep::Place;
use super::peers;
use super::tell::{self, Told};
use crate::progress::Progress;
use anyhow::{Context as _, Result, bail};
use record::statement::{Statement, Versioned};
use record::vault::RoleKey;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use truce::mission::{LEAST_DELAY, Mission};
use truce::time::{DAY, Date, Time};
use verify::bundle::{self, Contents, Exported};
use verify::field::Token;
use verify::key::Certificate;
use verify::keys::Keys;
use verify::leaf::{Kind, Leaf};

/// What is exported.
#[derive(Clone, Debug)]
pub enum What {
    /// Leaves by number.
    Leaves(BTreeSet<u64>),
    /// What was observed on a day of the mission's clock.
    Day(Date),
    /// What a file names, a line each: numbers of leaves, hashes of leaves or identities of observations in
    /// hexadecimal, whole or the first twelve digits or more.
    Case(Vec<String>),
}

impl What {
    /// Reads `3`, `3,5` or `3-9`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn leaves(text: &str) -> Result<Self, String> {
        let number = |text: &str| {
            text.trim()
                .parse::<u64>()
                .map_err(|_| format!("`{text}` is no number of a leaf; write them like 3,5,9-12"))
        };
        let mut leaves = BTreeSet::new();
        for part in text.split(',') {
            match part.split_once('-') {
                None => {
                    leaves.insert(number(part)?);
                }
                Some((from, to)) => {
                    let (from, to) = (number(from)?, number(to)?);
                    if to < from || to - from > 1_000_000 {
                        return Err(format!("`{part}` is no range of leaves"));
                    }
                    leaves.extend(from..=to);
                }
            }
        }
        Ok(Self::Leaves(leaves))
    }

    fn title(&self) -> String {
        match self {
            Self::Leaves(leaves) => format!("{} leaves", leaves.len()),
            Self::Day(day) => format!("what was observed on {day}"),
            Self::Case(names) => format!("a case of {} items", names.len()),
        }
    }

    fn names(&self, told: &Told, statement: Option<&Statement>, mission: Option<&Mission>) -> bool {
        match (self, statement) {
            (Self::Leaves(leaves), _) => leaves.contains(&told.index),
            (Self::Day(day), Some(Statement::Observation(it))) => {
                mission.is_some_and(|mission| mission.day_clock.day(*day).overlaps(it.time))
            }
            (Self::Day(day), Some(Statement::Batch(detections))) => mission.is_some_and(|mission| {
                detections.iter().any(|it| mission.day_clock.day(*day).overlaps(it.time))
            }),
            (Self::Day(_), _) => false,
            (Self::Case(names), statement) => names.iter().any(|name| {
                let of =
                    |hash: &[u8; 32]| name.len() >= 12 && verify::text::hex(hash).starts_with(name.as_str());
                let id = match statement {
                    Some(Statement::Observation(it)) => of(&it.id.0),
                    Some(Statement::Batch(detections)) => detections.iter().any(|it| of(&it.id.0)),
                    _ => false,
                };
                *name == told.index.to_string() || of(&told.hash) || id
            }),
        }
    }
}

/// What was exported.
#[derive(Clone, Copy, Debug, Default)]
pub struct Made {
    /// Leaves with something opened.
    pub open: usize,
    /// Leaves that are proved, and of which this receiver may see nothing.
    pub closed: usize,
    /// Of these, leaves that are only too young.
    pub young: usize,
    /// Leaves of the record that something was erased of, and that this bundle does not hold: whether they belong to what
    /// was asked for, nobody can tell any more.
    pub erased: usize,
}

/// Writes the bundle into `out`, a folder that must not be there yet, for whoever holds the key of `role`, as of `now`.
///
/// # Errors
/// If nothing is named, a key is missing, or the folder cannot be written.
pub fn run(
    place: &Place,
    out: &Path,
    what: &What,
    role: &str,
    now: Time,
    progress: &Progress,
) -> Result<Made> {
    progress.step("reading the record");
    let reader = place.reader()?;
    let (newest, size) = tell::head(&reader, None)?;
    let (leaves, _) = tell::leaves(&reader, &newest, size)?;
    let mut keys: Vec<RoleKey> = tell::keys_of(&place.keys, report::View::Public)?;
    if role != "public" {
        keys.push(place.keys.role(role)?.with_context(|| {
            format!("the key of the role `{role}` (roles/{role}.key) is not among the keys: it opens what that role may see")
        })?);
    }
    let told = tell::open(&reader, &leaves, &keys)?;
    let mut statements = Vec::with_capacity(told.len());
    for leaf in &told {
        // Of what was erased nothing is known here; that it was, is exported with it.
        statements.push(leaf.statement().ok().flatten());
    }
    let mission =
        told.iter().zip(&statements).rev().find_map(|(leaf, statement)| mission(leaf, statement.as_ref()));
    let clock = Time(place.clock.now());
    let made_up = mission.as_ref().is_some_and(|mission| mission.made_up.is_some());
    if now > clock && !made_up {
        bail!("--as-of {now} has not come: what may be shown then may not be shown yet (it is {clock})");
    }
    let delay = mission.as_ref().map_or(DAY, |mission| mission.publication.delay).max(LEAST_DELAY);
    let mut chosen: BTreeSet<u64> = BTreeSet::new();
    for (leaf, statement) in told.iter().zip(&statements) {
        if what.names(leaf, statement.as_ref(), mission.as_ref()) {
            chosen.insert(leaf.index);
        }
    }
    if chosen.is_empty() {
        bail!(
            "nothing under the head of {size} leaves is {}, as far as the role `{role}` may see",
            what.title()
        );
    }
    // By what agreement and mission they are read, and who signed them: of no other source.
    let versions = told.iter().filter(|leaf| matches!(leaf.open, Some((Kind::Agreement, _))));
    chosen.extend(versions.map(|leaf| leaf.index));
    // What was erased of them, and by whom: leaves of the hub, open to every receiver.
    let mut erased: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for erasure in reader.erasures()?.into_iter().filter(|erasure| erasure.said < size) {
        erased.entry(erasure.leaf).or_default().insert(erasure.said);
    }
    let says: BTreeSet<u64> = chosen.iter().filter_map(|leaf| erased.get(leaf)).flatten().copied().collect();
    let elsewhere = erased.keys().filter(|leaf| !chosen.contains(leaf)).count();
    chosen.extend(&says);
    let signers = signers(&chosen, &leaves)?;
    let (certified, certificates) = certificates(&told, &signers);
    chosen.extend(certified);
    let public = reader.public_keys()?;
    let named: BTreeSet<[u8; 32]> =
        certificates.iter().map(|it| verify::leaf::pseudonym(&it.public)).collect();
    let unnamed = signers.difference(&named).filter_map(|pseudonym| public.get(pseudonym).copied());
    let hub = place.keys.source("hub").map(|key| key.public());
    let unnamed: BTreeSet<[u8; 32]> = unnamed.chain(hub).collect();

    progress.step("proving");
    let mut made = Made { erased: elsewhere, ..Made::default() };
    let mut exported = Vec::new();
    let mut files = BTreeMap::new();
    for index in chosen {
        let at = usize::try_from(index).unwrap_or(usize::MAX);
        let (Some(bytes), Some(leaf), Some(statement)) = (leaves.get(at), told.get(at), statements.get(at))
        else {
            bail!("leaf {index} is not under the head of {size} leaves");
        };
        let young = match statement {
            Some(Statement::Observation(it)) => it.time.end.0 > now.0 - delay,
            Some(Statement::Batch(detections)) => detections.iter().any(|it| it.time.end.0 > now.0 - delay),
            _ => false,
        };
        // The coarse view of those who keep the peace does not wait; whatever is finer, or public, does.
        let fine = leaf
            .open
            .iter()
            .map(|(_, fields)| fields)
            .chain(&leaf.items)
            .any(|it| it.get("time.exact").is_some());
        let waits = young && (fine || role == "public");
        let view = if says.contains(&index) {
            Some(reader.erasure_openings(index)?.show(|_, _| true))
        } else {
            leaf.openings.as_ref().filter(|_| !waits).map(|openings| openings.show(|_, _| true))
        };
        if view.is_some() {
            for (_, bytes) in leaf.words.only(|_| true) {
                let hash = verify::text::hex(&record::statement::sha256(bytes));
                files.insert(format!("words/{hash}"), bytes.to_vec());
            }
        }
        made.open += usize::from(view.is_some());
        made.closed += usize::from(view.is_none());
        made.young += usize::from(waits);
        exported.push(Exported { leaf: bytes.clone(), proof: reader.prove(index)?, view });
    }
    let policy = fs::read(place.dir.join("policy")).context("the record has no policy file")?;
    peers::policy(&place.dir)?;
    let contents = Contents {
        title: format!("{}: {}", newest.origin, what.title()),
        time: u64::try_from(if made_up { now } else { clock }.0 / 1_000_000).unwrap_or(0),
        policy,
        keys: Keys { root: Some(place.keys.root()?), certificates, unnamed: unnamed.into_iter().collect() },
        leaves: exported,
        files,
    };
    progress.step("writing the bundle");
    bundle::write(out, &contents).map_err(|refusal| anyhow::anyhow!("the bundle: {}", refusal.what))?;
    Ok(made)
}

/// The pseudonyms under which these leaves stand.
fn signers(chosen: &BTreeSet<u64>, leaves: &[Vec<u8>]) -> Result<BTreeSet<[u8; 32]>> {
    let leaf = |index: &u64| usize::try_from(*index).ok().and_then(|at| leaves.get(at));
    let parsed = chosen.iter().filter_map(leaf).map(|bytes| Leaf::parse(bytes).map(|leaf| leaf.pseudonym));
    parsed.collect::<Result<_, _>>().map_err(|refusal| anyhow::anyhow!(refusal.what))
}

/// The certificates, with their leaves, that lead from the root key to these signers.
fn certificates(told: &[Told], signers: &BTreeSet<[u8; 32]>) -> (Vec<u64>, Vec<Certificate>) {
    let all: Vec<(u64, Certificate)> = told
        .iter()
        .filter_map(|leaf| {
            Some((leaf.index, Certificate::from_values(|label| leaf.open.as_ref()?.1.get(label))?))
        })
        .collect();
    let mut last: BTreeMap<&Token, u32> = BTreeMap::new();
    for (_, it) in &all {
        if signers.contains(&verify::leaf::pseudonym(&it.public)) {
            let epoch = last.entry(&it.source).or_default();
            *epoch = it.epoch.max(*epoch);
        }
    }
    // Each epoch is certified by the one before.
    let leads = |it: &Certificate| last.get(&it.source).is_some_and(|epoch| it.epoch <= *epoch);
    all.iter().filter(|(_, it)| leads(it)).cloned().unzip()
}

fn mission(leaf: &Told, statement: Option<&Statement>) -> Option<Mission> {
    let Some(Statement::Version(version)) = statement else { return None };
    let (_, hash) = version
        .files
        .iter()
        .find(|(name, _)| name == "mission.toml")
        .filter(|_| version.of == Versioned::Mission)?;
    let text = std::str::from_utf8(leaf.words.get(hash)?).ok()?;
    Mission::parse("mission.toml", text).ok()
}
