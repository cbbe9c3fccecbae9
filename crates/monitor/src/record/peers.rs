//! Witnesses and mirrors of a record: who they are, what they say at the start, and what they cosign.
//!
//! ```text
//! RECORD/policy      which witnesses are asked, and which quorum counts (c2sp.org/tlog-policy)
//! RECORD/mirrors     a line each: NAME and URL, or NAME and folder
//! RECORD/persons     the verifier keys of persons of whom two may override what these say
//! RECORD/overrides/  the overrides that they signed
//! RECORD/witnesses   what each witness last cosigned, and since when one is missing
//! ```

use super::witness::{Answered, Http, without_password};
use anyhow::{Context as _, Result, bail};
use record::Record;
use record::peer::{Known, Peer};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use truce::time::Time;
use verify::checkpoint::Checkpoint;
use verify::note::{NOTE_MAX, Note, Signature, VerifierKey};
use verify::policy::{Policy, Witness};
use verify::witness::AddCheckpoint;

/// How long a witness or mirror may take. One that takes longer is missing: it never holds up the log.
const PATIENCE: Duration = Duration::from_secs(5);

/// The policy of a record. `record init` writes one, so that a record without it has lost it.
///
/// # Errors
/// If the file is gone, or is not a policy.
pub fn policy(dir: &Path) -> Result<Policy> {
    let path = dir.join("policy");
    let bytes = match fs::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
            "{} is gone, and with it who vouches for this log: put it back (docs/keys.md tells what stands in it)",
            path.display()
        ),
        read => read.with_context(|| format!("cannot read {}", path.display()))?,
    };
    Policy::parse(&bytes).map_err(|refusal| anyhow::anyhow!("{}: {}", path.display(), refusal.what))
}

/// The names of those who are to vouch for a log, as its list of sources keeps them: of witnesses with their keys.
///
/// # Errors
/// As [`policy`], and if the file `mirrors` cannot be read.
pub fn vouching(dir: &Path) -> Result<BTreeSet<String>> {
    let policy = policy(dir)?;
    let asked = policy.witnesses().iter().filter(|witness| witness.url.is_some());
    let witnesses = asked.map(|witness| {
        let url = witness.url.as_deref().map(without_password).unwrap_or_default();
        format!("the witness {} at {url} with the key {}", witness.name, witness.key)
    });
    let mirrors =
        mirrors(dir)?.into_iter().map(|(name, at)| format!("the mirror {name} at {}", without_password(&at)));
    Ok(witnesses.chain(mirrors).collect())
}

/// Does nobody outside keep what this log last signed? Then a restored old copy goes on unseen, and the log says so.
///
/// # Errors
/// If a file that names them cannot be read.
pub fn none_named(dir: &Path) -> Result<bool> {
    Ok(mirrors(dir)?.is_empty() && policy(dir)?.witnesses().iter().all(|it| it.url.is_none()))
}

/// Mirrors by name: a URL, or a folder.
fn mirrors(dir: &Path) -> Result<Vec<(String, String)>> {
    let path = dir.join("mirrors");
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = text
        .lines()
        .map(str::trim)
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let mirror = |(number, line): (usize, &str)| {
        let (name, at) = line.split_once(char::is_whitespace).with_context(|| {
            format!("{}, line {}: a name and a URL or folder are expected", path.display(), number + 1)
        })?;
        let same = |path: &Path| fs::canonicalize(path).ok();
        if same(dir).is_some_and(|own| same(Path::new(at.trim())) == Some(own)) {
            bail!("{}, line {}: a record is no mirror of itself", path.display(), number + 1);
        }
        Ok((name.to_string(), at.trim().to_string()))
    };
    lines.map(mirror).collect()
}

/// The persons of whom two may override what witnesses and mirrors say: a verifier key in each line of `persons`.
///
/// # Errors
/// If a line is no key.
pub fn persons(dir: &Path) -> Result<Vec<VerifierKey>> {
    let path = dir.join("persons");
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys = lines.map(VerifierKey::parse).collect::<Result<_, _>>();
    keys.map_err(|refusal| anyhow::anyhow!("{}: {}", path.display(), refusal.what))
}

/// Overrides that persons signed: the notes in the folder `overrides`. Each names one head, and serves once.
///
/// # Errors
/// If one cannot be read.
pub fn overrides(dir: &Path) -> Result<Vec<Note>> {
    let Ok(entries) = fs::read_dir(dir.join("overrides")) else { return Ok(Vec::new()) };
    let mut notes = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("cannot list {}", dir.display()))?.path();
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        notes.push(
            Note::parse(&bytes).map_err(|refusal| anyhow::anyhow!("{}: {}", path.display(), refusal.what))?,
        );
    }
    Ok(notes)
}

/// Those who are asked at the start.
///
/// # Errors
/// If a file that names them cannot be read, or the policy does not say yet who vouches for the log.
pub fn of(dir: &Path) -> Result<Vec<Box<dyn Peer>>> {
    let mut peers = mirrors_of(dir)?;
    let ours = fs::read(dir.join("checkpoint")).ok().and_then(|bytes| Note::parse(&bytes).ok());
    let standings = standings(dir)?;
    for witness in policy(dir)?.witnesses() {
        if let Some(url) = &witness.url {
            peers.push(Box::new(Asked {
                name: witness.name.clone(),
                url: url.clone(),
                ours: ours.clone(),
                cosigned: standings.get(&witness.name).map_or(0, |standing| standing.size),
            }));
        }
    }
    Ok(peers)
}

/// The mirrors of a log, to be asked.
///
/// # Errors
/// If the file that names them cannot be read.
pub fn mirrors_of(dir: &Path) -> Result<Vec<Box<dyn Peer>>> {
    let named = mirrors(dir)?.into_iter();
    Ok(named.map(|(name, at)| Box::new(Mirror { name, at }) as Box<dyn Peer>).collect())
}

struct Mirror {
    name: String,
    at: String,
}

impl Peer for Mirror {
    fn name(&self) -> String {
        self.name.clone()
    }

    /// A mirror that is named holds something: an empty folder is a stick that is not plugged in.
    fn latest(&self) -> Result<Known, String> {
        let found = if self.at.starts_with("http://") || self.at.starts_with("https://") {
            Http::new(PATIENCE).file(&self.at, "checkpoint", NOTE_MAX as u64)?
        } else {
            let path = PathBuf::from(&self.at);
            if !path.is_dir() {
                return Err(format!("the folder {} is not there", self.at));
            }
            match fs::read(path.join("checkpoint")) {
                Ok(bytes) => Some(bytes),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(error) => return Err(format!("{}: {error}", self.at)),
            }
        };
        let bytes = found.ok_or_else(|| {
            format!(
                "{} holds no head of this log; fill a new mirror with `record mirror` first",
                without_password(&self.at)
            )
        })?;
        Note::parse(&bytes).map(Known::Head).map_err(|refusal| refusal.what)
    }
}

struct Asked {
    name: String,
    url: String,
    ours: Option<Note>,
    /// The size of the head that it cosigned last, as far as this disk knows.
    cosigned: u64,
}

impl Peer for Asked {
    fn name(&self) -> String {
        self.name.clone()
    }

    /// A witness of ours shows the head that it cosigned last. Of others the protocol tells only a size, which the log
    /// did not sign: it counts against the log only if a quorum says so, or any witness could stall it.
    fn latest(&self) -> Result<Known, String> {
        let Some(ours) = &self.ours else { return Ok(Known::Nothing) };
        let head = Checkpoint::of_note(ours).map_err(|refusal| refusal.what)?;
        let http = Http::new(PATIENCE);
        if let Some(bytes) =
            http.file(&self.url, &super::witness::head_path(&head.origin), NOTE_MAX as u64)?
        {
            return Note::parse(&bytes).map(Known::Head).map_err(|refusal| refusal.what);
        }
        let request = AddCheckpoint { old: head.size, path: Vec::new(), checkpoint: ours.clone() };
        match http.add_checkpoint(&self.url, &request)? {
            Answered::Cosigned(_) => Ok(Known::Head(ours.clone())),
            Answered::Has(size) if size > head.size => Ok(Known::More(size)),
            Answered::Has(size) if size < self.cosigned => {
                Err(format!("it says that it knows {size} leaves, and it cosigned {} before", self.cosigned))
            }
            // What it cosigned last is not longer than our head, and it cosigns what continues it, or refuses.
            Answered::Has(_) => Ok(Known::Nothing),
            Answered::Refused(status, words) => Err(format!("it answered {status}: {}", words.trim())),
        }
    }
}

/// What is known of a witness between two heads.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// The size that it cosigned last.
    pub size: u64,
    /// Since when its cosignature is missing: seconds since 1970.
    pub missing_since: Option<u64>,
    /// Why.
    pub why: String,
}

impl Standing {
    /// That the cosignature of this witness is missing, for a person; nothing if it is not.
    fn words(&self, name: &str) -> String {
        let Some(since) = self.missing_since else { return String::new() };
        let since = i64::try_from(since).unwrap_or(i64::MAX / 1_000_000);
        let since = Time(since.saturating_mul(1_000_000));
        format!("missing since {since}: the cosignature of {name}: {}\n", self.why)
    }
}

/// Whose cosignatures are missing under the newest head, a line each.
///
/// # Errors
/// As [`standings`].
pub fn missing(dir: &Path) -> Result<String> {
    Ok(standings(dir)?.iter().map(|(name, standing)| standing.words(name)).collect())
}

/// What each witness last did, from the record's folder.
///
/// # Errors
/// If the file cannot be read.
pub fn standings(dir: &Path) -> Result<BTreeMap<String, Standing>> {
    let path = dir.join("witnesses");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    // The file is a note to ourselves: a line that cannot be read costs one more question to the witness.
    let line = |line: &str| {
        let mut words = line.splitn(4, ' ');
        let (name, size, since) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
        let missing_since = if since == "-" { None } else { Some(since.parse().ok()?) };
        Some((
            name.to_string(),
            Standing { size, missing_since, why: words.next().unwrap_or_default().to_string() },
        ))
    };
    Ok(text.lines().filter_map(line).collect())
}

/// Signs a head, asks the witnesses of the record's policy for their cosignatures, all at once, and keeps them.
///
/// # Errors
/// If the head cannot be signed. A witness that does not cosign is written down, and no error.
pub fn checkpoint(record: &Record, dir: &Path) -> Result<Note> {
    let head = record.checkpoint()?;
    let policy = policy(dir)?;
    let mut standings = standings(dir)?;
    let reader = record.reader();
    let size = Checkpoint::of_note(&head).map_err(|refusal| anyhow::anyhow!(refusal.what))?.size;
    // Who has cosigned this head already is not asked again.
    let due = |witness: &&Witness| {
        let standing = standings.get(&witness.name);
        witness.url.is_some() && standing.is_none_or(|it| it.size != size || it.missing_since.is_some())
    };
    let asked: Vec<&Witness> = policy.witnesses().iter().filter(due).collect();
    if asked.is_empty() {
        return Ok(head);
    }
    let said: Vec<Result<Vec<Signature>, String>> = std::thread::scope(|scope| {
        let ask = |witness: &&Witness| {
            let old = standings.get(&witness.name).map_or(0, |standing| standing.size);
            let url = witness.url.clone().unwrap_or_default();
            let (head, reader) = (&head, &reader);
            scope.spawn(move || cosignature(reader, &url, head, size, old.min(size)))
        };
        let asking: Vec<_> = asked.iter().map(ask).collect();
        let join = |it: std::thread::ScopedJoinHandle<'_, Result<Vec<Signature>, String>>| {
            it.join().unwrap_or_else(|_| Err("asking it failed".to_string()))
        };
        asking.into_iter().map(join).collect()
    });
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut signatures = Vec::new();
    for (witness, said) in asked.iter().zip(said) {
        let standing = standings.entry(witness.name.clone()).or_default();
        let own =
            |lines: &Vec<Signature>| lines.iter().any(|line| witness.key.verify(&head.text, line).is_ok());
        match said {
            Ok(lines) if own(&lines) => {
                signatures.extend(lines);
                if standing.missing_since.is_some() {
                    eprintln!("{} cosigns again", witness.name);
                }
                *standing = Standing { size, missing_since: None, why: String::new() };
            }
            no => {
                let before = standing.missing_since;
                standing.missing_since = before.or(Some(now));
                standing.why = match no {
                    Err(why) => why.replace('\n', " "),
                    Ok(_) => "its answer holds no signature by the key that the policy names".to_string(),
                };
                // Once, and not at every head: a hub that is served signs many.
                if before.is_none() {
                    eprint!("{}", standing.words(&witness.name));
                }
            }
        }
    }
    let keys: Vec<_> = policy.witnesses().iter().map(|witness| witness.key.clone()).collect();
    let head = if signatures.is_empty() { head } else { record.cosign(&signatures, &keys)? };
    let lines: String = standings
        .iter()
        .map(|(name, standing)| {
            let since = standing.missing_since.map_or("-".to_string(), |since| since.to_string());
            format!("{name} {} {since} {}\n", standing.size, standing.why)
        })
        .collect();
    let half = dir.join(".witnesses.part");
    fs::write(&half, lines)
        .and_then(|()| fs::rename(&half, dir.join("witnesses")))
        .with_context(|| format!("cannot write {}", dir.join("witnesses").display()))?;
    Ok(head)
}

/// Asks one witness; once more when it last cosigned another size than we thought.
fn cosignature(
    reader: &record::Reader,
    url: &str,
    head: &Note,
    size: u64,
    mut old: u64,
) -> Result<Vec<Signature>, String> {
    let http = Http::new(PATIENCE);
    for _ in 0..2 {
        let path = match old {
            0 => Vec::new(),
            _ => reader.prove_consistency(old, size).map_err(|error| error.to_string())?,
        };
        let request = AddCheckpoint { old, path, checkpoint: head.clone() };
        match http.add_checkpoint(url, &request)? {
            Answered::Cosigned(lines) => return Ok(lines),
            Answered::Has(other) if other <= size && other != old => old = other,
            Answered::Has(other) => return Err(format!("it cosigned {other} leaves; this head has {size}")),
            Answered::Refused(status, words) => {
                return Err(format!("it answered {status}: {}", words.trim()));
            }
        }
    }
    Err("it answers with one size after the other".to_string())
}
