//! `truceline record send`: a source at a distance signs what it says itself, hands it in, and keeps the signed receipts.
//!
//! ```text
//! KEY.sent/said         what was handed in, a line each
//! KEY.sent/last         the last leaf that the log took
//! KEY.sent/outbox       a delivery that has no answer yet; gone once it has
//! KEY.sent/NUMBER.leaf  each leaf, by its number among those of the key
//! KEY.sent/NUMBER.unanswered   a delivery whose first answer was lost, and which was refused when it was handed in again
//! KEY.sent/NUMBER.receipt, NUMBER.refusal   the log's answers, by the number of their first leaf
//! ```
//!
//! What opens the leaves is forgotten with the outbox: whoever takes the source's machine reads nothing of what it said.

use super::keep::{self, ToWrite};
use super::keys::KeyFolder;
use super::witness::Http;
use crate::intake;
use crate::progress::Progress;
use anyhow::{Context as _, Result, bail, ensure};
use record::clock::{Clock as _, SystemClock};
use record::delivery;
use record::entropy::SystemEntropy;
use record::sources::Reason;
use record::statement::{Statement, Told};
use record::storage::{Files, Storage as _};
use record::{Entry, Signer};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use truce::lexicon::Lexicon;
use truce::mission::Mission;
use truce::time::Zone;
use verify::leaf::Leaf;
use verify::merkle;
use verify::note::{Note, VerifierKey};
use verify::receipt::{Outcome, Receipt};

/// Leaves in a delivery, at most.
const LEAVES: usize = 64;
/// Bytes of a delivery at which the next begins, and of a file that still travels with its statement.
const FULL: usize = delivery::DELIVERY_MAX / 4;
/// Bytes of a delivery that statements may fill; heartbeats fit into the rest.
const ROOM: usize = delivery::DELIVERY_MAX - (64 << 10);
/// How long the log may take to answer.
const PATIENCE: Duration = Duration::from_secs(50);

/// Where to, and as whom.
pub struct Road<'a> {
    /// The log's address: what comes before `/add`.
    pub to: &'a str,
    /// The source's key.
    pub key: &'a Path,
    /// The token of the log's door.
    pub token: &'a Path,
    /// The log's verifier keys.
    pub log: &'a Path,
    /// Is the road encrypted by something beside this program?
    pub encrypted: bool,
}

/// What came of it.
pub struct Sent {
    /// Leaves that the log took, this time.
    pub taken: u64,
    /// Observations that are dated later than this machine's clock.
    pub ahead: usize,
    /// Why the log takes no more, in its words, and how many statements wait.
    pub refused: Option<(String, usize)>,
    /// Where the receipts lie.
    pub dir: PathBuf,
}

/// Reads a folder of observations, signs what was not handed in before, and hands it in. `in_rhythm`: so many leaves at
/// each beat of the mission file, heartbeats where there is nothing to say, and the folder read again before the next,
/// until the process is stopped: whoever watches the log sees no busy hour of this source.
///
/// # Errors
/// If something cannot be read, the log does not answer, or it answers with something that is no receipt for this.
pub fn run(
    observations: &Path,
    mission_files: &std::collections::BTreeMap<String, String>,
    road: &Road<'_>,
    in_rhythm: bool,
    progress: &Progress,
) -> Result<Sent> {
    let text = |name: &str| mission_files.get(name).map(String::as_str);
    let mission = text("mission.toml").context("there is no mission.toml in the mission's folder")?;
    let wrong = |mistakes: Vec<truce::config::Mistake>| {
        let texts = mission_files.clone();
        anyhow::Error::from(crate::folder::Trouble::Mistakes { mistakes, texts })
    };
    let mission = Mission::parse("mission.toml", mission).map_err(wrong)?;
    let lexicon = text("lexicon.toml").map(|text| Lexicon::parse("lexicon.toml", text)).transpose();
    let lexicon = lexicon.map_err(wrong)?.unwrap_or_default();
    let rhythm = match mission.record.rhythm {
        _ if !in_rhythm => None,
        Some(rhythm) if rhythm.leaves > 0 && rhythm.leaves as usize <= LEAVES => Some(rhythm),
        Some(rhythm) => {
            bail!("the mission's rhythm has {} leaves a beat; a delivery has 1 to {LEAVES}", rhythm.leaves)
        }
        None => {
            bail!("the mission file has no [record.rhythm]: `every` and `leaves` say how the record beats")
        }
    };
    let most = rhythm.map_or(LEAVES, |rhythm| usize::try_from(rhythm.leaves).unwrap_or(LEAVES));
    let mut desk = Desk::open(road)?;
    let mut sent = Sent { taken: 0, ahead: 0, refused: None, dir: desk.dir.clone() };
    if let Some(bytes) = desk.outbox()? {
        match desk.hand_in(&bytes, true)? {
            None => sent.taken += delivery::decode(&bytes).map_or(0, |entries| entries.len() as u64),
            Some(refused) => {
                sent.refused = Some((refused, 0));
                return Ok(sent);
            }
        }
    }
    loop {
        let read =
            intake::read_folder(observations, &mission, &|headline| lexicon.classify(headline), progress)?;
        progress.step("signing and handing in");
        let (statements, ahead) = keep::of_intake(&mission, &read, SystemClock.now(), false);
        sent.ahead = ahead.len();
        let new = statements.into_iter().filter(|it| !desk.said.contains(&name(&it.statement))).collect();
        let waiting: Vec<(String, ToWrite<'_>)> =
            keep::in_batches(new).into_iter().map(|it| (name(&it.statement), it)).collect();
        let mut rest = waiting.as_slice();
        // At a rhythm there is a beat also when there is nothing to say.
        while !rest.is_empty() || rhythm.is_some() {
            let (entries, said) = desk.sign(road.key, mission.day_clock, rest, most, rhythm.is_some())?;
            let (batch, after) = rest.split_at(said);
            if let Some(rhythm) = rhythm {
                keep::wait_for_beat(&SystemClock, rhythm);
            }
            let delivery = delivery::encode(&entries);
            desk.put(&delivery, batch.iter().map(|(name, _)| name.as_str()))?;
            if let Some(refused) = desk.hand_in(&delivery, false)? {
                sent.refused = Some((refused, rest.len()));
                return Ok(sent);
            }
            sent.taken += entries.len() as u64;
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        if rhythm.is_none() {
            return Ok(sent);
        }
    }
}

/// By what a source knows again what it said; of a batch a line for each item.
fn name(statement: &Statement) -> String {
    match statement {
        Statement::Observation(observation) => verify::text::hex(&observation.id.0),
        Statement::File(file) => {
            let hash = file.sha256.unwrap_or_default();
            verify::text::hex(&record::statement::sha256(&[file.name.as_bytes(), &hash].concat()))
        }
        Statement::Batch(detections) => {
            detections.iter().map(|it| verify::text::hex(&it.id.0)).collect::<Vec<_>>().join("\n")
        }
        Statement::Version(_) | Statement::Step(_) | Statement::Watermark(_) | Statement::Heartbeat => {
            String::new()
        }
    }
}

/// The source's own papers, and the road to the log.
struct Desk {
    dir: PathBuf,
    to: String,
    token: String,
    log: VerifierKey,
    said: BTreeSet<String>,
    last: Option<Leaf>,
    _lock: Box<dyn Send + Sync>,
}

impl Desk {
    fn open(road: &Road<'_>) -> Result<Self> {
        if !road.encrypted && !stays_here(road.to) {
            bail!(
                "{}: what is handed in tells whoever listens on the road what was observed, and where. Lead it through a \
                 tunnel or a proxy that encrypts, and say so with --encrypted-road",
                road.to
            );
        }
        let read =
            |path: &Path| fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
        let first = read(road.log)?.lines().next().unwrap_or_default().to_string();
        let log = VerifierKey::parse(&first)
            .map_err(|refusal| anyhow::anyhow!("{}: {}", road.log.display(), refusal.what))?;
        let token = read(road.token)?.trim().to_string();
        let dir = PathBuf::from(format!("{}.sent", road.key.display()));
        fs::create_dir_all(&dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
        let lock = Files::new(&dir).and_then(|files| files.lock("lock"));
        let lock = lock.context("another process hands in with this key; two would fork its leaves")?;
        let said = match fs::read_to_string(dir.join("said")) {
            Ok(text) => text.lines().map(str::to_string).collect(),
            Err(_) => BTreeSet::new(),
        };
        let last = match fs::read(dir.join("last")) {
            Ok(bytes) => Some(
                Leaf::parse(&bytes)
                    .map_err(|refusal| anyhow::anyhow!("{}: {}", dir.join("last").display(), refusal.what))?,
            ),
            Err(_) => None,
        };
        Ok(Self { dir, to: road.to.to_string(), token, log, said, last, _lock: lock })
    }

    /// Signs the next delivery: as many statements as fit, and, if it is to be `filled`, heartbeats up to `most` leaves.
    /// Gives how many statements it says, too.
    fn sign(
        &self,
        key: &Path,
        clock: Zone,
        rest: &[(String, ToWrite<'_>)],
        most: usize,
        filled: bool,
    ) -> Result<(Vec<Entry>, usize)> {
        let resume = |last: Option<Leaf>| KeyFolder::source_in(key).map(|key| Signer::resume(key, last));
        let mut signer = resume(self.last.clone())?;
        let (mut entries, mut bytes) = (Vec::<Entry>::new(), 0);
        for (_, it) in rest.iter().take(most) {
            // A large file stays with the source: the record has its hash.
            let with: Vec<_> = it.bytes.iter().copied().filter(|(_, bytes)| bytes.len() <= FULL).collect();
            let entry = keep::sign(&mut signer, &it.statement, &with, it.told, clock, &SystemEntropy)?;
            bytes += delivery::encode(std::slice::from_ref(&entry)).len();
            if bytes > ROOM {
                let last = entries
                    .last()
                    .with_context(|| format!("a statement of {bytes} bytes is too long for a delivery"))?;
                // What found no room is signed again in the next delivery, after what this one ends with.
                let last = Leaf::parse(&last.leaf).map_err(|refusal| anyhow::anyhow!(refusal.what))?;
                signer = resume(Some(last))?;
                break;
            }
            entries.push(entry);
        }
        let said = entries.len();
        while filled && entries.len() < most {
            let nothing = Statement::Heartbeat;
            entries.push(keep::sign(&mut signer, &nothing, &[], Told::Exactly, clock, &SystemEntropy)?);
        }
        Ok((entries, said))
    }

    /// Writes a file whole or not at all.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let half = self.dir.join(format!(".{name}.part"));
        let written = fs::File::create(&half).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&half, self.dir.join(name))?;
            fs::File::open(&self.dir)?.sync_all()
        });
        written.with_context(|| format!("cannot write {}", self.dir.join(name).display()))
    }

    /// The outbox: names a line each, an empty line, the delivery.
    fn put<'a>(&self, delivery: &[u8], names: impl Iterator<Item = &'a str>) -> Result<()> {
        let names: String = names.map(|name| format!("{name}\n")).collect();
        self.write("outbox", &[names.as_bytes(), b"\n", delivery].concat())
    }

    fn outbox_parts(&self) -> Result<Option<(Vec<String>, Vec<u8>)>> {
        let bytes = match fs::read(self.dir.join("outbox")) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context("cannot read the outbox"),
        };
        // A beat of heartbeats alone has no names: the empty line is the first.
        let at = match bytes.first() {
            Some(b'\n') => 0,
            _ => 1 + bytes.windows(2).position(|two| two == b"\n\n").context("the outbox does not check")?,
        };
        let names = String::from_utf8_lossy(&bytes[..at]).lines().map(str::to_string).collect();
        Ok(Some((names, bytes[at + 1..].to_vec())))
    }

    fn outbox(&self) -> Result<Option<Vec<u8>>> {
        Ok(self.outbox_parts()?.map(|(_, delivery)| delivery))
    }

    /// Hands in what is in the outbox, and keeps the answer. Gives the log's words when it refuses. `again`: it may have
    /// been taken before, and the receipt lost on the road.
    fn hand_in(&mut self, delivery: &[u8], again: bool) -> Result<Option<String>> {
        let entries = delivery::decode(delivery).map_err(|refusal| anyhow::anyhow!(refusal.what))?;
        let answer = Http::new(PATIENCE).deliver(&self.to, &self.token, delivery);
        let (status, why, body) = answer.map_err(|error| anyhow::anyhow!(error))?;
        let receipt = Note::parse(&body).and_then(|note| Receipt::open(&note, &self.log));
        let Ok(receipt) = receipt else {
            bail!("{}: answered {status}, without a receipt that the log signed: {}", self.to, shown(&body));
        };
        let hashes: Vec<_> = entries.iter().map(|entry| merkle::leaf_hash(&entry.leaf)).collect();
        ensure!(receipt.leaves == hashes, "{}: the receipt is for other leaves than were handed in", self.to);
        match &receipt.outcome {
            Outcome::Appended { .. } => self.settle(&entries, &body).map(|()| None),
            Outcome::Refused { reason } if again && reason.as_str() == Reason::Replayed.word() => {
                // An honest log gives the receipt again. One that only says that it has them may have dropped them.
                let first = number(&entries)?;
                self.write(&format!("{first:012}.refusal"), &body)?;
                bail!(
                    "{}: it signed that it has leaves of this key already, and gives no receipt for what is in {}, which \
                     stays there. Ask the mission for a proof, and show it {}",
                    self.to,
                    self.dir.join("outbox").display(),
                    self.dir.join(format!("{first:012}.refusal")).display()
                );
            }
            Outcome::Refused { reason } => {
                let first = number(&entries)?;
                self.write(&format!("{first:012}.refusal"), &body)?;
                // What was refused at once is signed anew; what may have been taken before is never thrown away.
                let outbox = self.dir.join("outbox");
                let cleared = match again {
                    true => fs::rename(&outbox, self.dir.join(format!("{first:012}.unanswered"))),
                    false => fs::remove_file(&outbox),
                };
                cleared.context("cannot clear the outbox")?;
                Ok(Some(format!("{reason}: {why}")))
            }
        }
    }

    fn settle(&mut self, entries: &[Entry], receipt: &[u8]) -> Result<()> {
        let first = number(entries)?;
        self.write(&format!("{first:012}.receipt"), receipt)?;
        for (number, entry) in (first..).zip(entries) {
            self.write(&format!("{number:012}.leaf"), &entry.leaf)?;
        }
        if let Some((names, _)) = self.outbox_parts()? {
            self.said.extend(names);
        }
        let said: String = self.said.iter().map(|name| format!("{name}\n")).collect();
        self.write("said", said.as_bytes())?;
        let last = entries.last().context("a delivery has an entry")?;
        self.write("last", &last.leaf)?;
        self.last = Leaf::parse(&last.leaf).ok();
        fs::remove_file(self.dir.join("outbox")).context("cannot clear the outbox")
    }
}

/// The number of the first leaf among those of its key.
fn number(entries: &[Entry]) -> Result<u64> {
    let first = entries.first().context("a delivery has an entry")?;
    Ok(Leaf::parse(&first.leaf).map_err(|refusal| anyhow::anyhow!(refusal.what))?.sequence)
}

fn shown(body: &[u8]) -> String {
    verify::text::shown(String::from_utf8_lossy(body).trim())
}

/// Does the road not leave this machine?
fn stays_here(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    // `user:password@host`: what stands before the sign is no host.
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host).trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
