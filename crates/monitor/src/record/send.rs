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

use super::forgotten;
use super::handed_in;
use super::keep::{self, ToWrite};
use super::keys::KeyFolder;
use super::parts;
use super::witness::{Http, without_password};
use crate::intake;
use crate::progress::Progress;
use anyhow::{Context as _, Result, bail};
use record::clock::{Clock as _, SystemClock};
use record::delivery;
use record::entropy::SystemEntropy;
use record::sources::Reason;
use record::statement::{Statement, Told};
use record::storage::{Files, Storage as _};
use record::{Entry, Signer};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use truce::lexicon::Lexicon;
use truce::mission::{Mission, Rhythm};
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
    if let Some((names, delivery)) = desk.outbox()? {
        match desk.hand_in_at_beats(&delivery, true, rhythm)? {
            None => sent.taken += delivery::decode(&delivery).map_or(0, |entries| entries.len() as u64),
            Some(refusal) if refusal.anew && rhythm.is_some() => eprintln!("{refusal}"),
            Some(refusal) => {
                sent.refused = Some((refusal.to_string(), names.len()));
                return Ok(sent);
            }
        }
    }
    let mut begun = false;
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    loop {
        let read = match intake::read_folder(
            observations,
            &mission,
            &|headline| lexicon.classify(headline),
            progress,
        ) {
            // Whoever keeps a rhythm keeps it also while the folder cannot be read.
            Err(error) if begun && rhythm.is_some() => {
                eprintln!("{error:#}; heartbeats are handed in meanwhile");
                None
            }
            read => Some(read?),
        };
        begun = true;
        progress.step("signing and handing in");
        let now = SystemClock.now();
        let (statements, ahead) =
            read.as_ref().map(|read| keep::of_intake(&mission, read, now, false)).unwrap_or_default();
        sent.ahead = ahead.len();
        let mut new = Vec::new();
        let mut staying: BTreeMap<String, usize> = BTreeMap::new();
        for it in statements.into_iter().filter(|it| !desk.said.contains(&name(&it.statement))) {
            match stays(&it.statement, &mission) {
                None => new.push(it),
                Some(why) => *staying.entry(why).or_default() += 1,
            }
        }
        if staying != told {
            for (why, count) in &staying {
                eprintln!("{count} of what was read stays here, as the log would refuse it: {why}");
            }
            told = staying;
        }
        let waiting: Vec<(String, ToWrite<'_>)> =
            keep::in_batches(new).into_iter().map(|it| (name(&it.statement), it)).collect();
        let mut rest = waiting.as_slice();
        // At a rhythm there is a beat also when there is nothing to say.
        while !rest.is_empty() || rhythm.is_some() {
            let (entries, said) = desk.sign(road.key, mission.day_clock, rest, most, rhythm.is_some())?;
            let (batch, after) = rest.split_at(said);
            let delivery = delivery::encode(&entries);
            desk.put(&delivery, batch.iter().map(|(name, _)| name.as_str()))?;
            match desk.hand_in_at_beats(&delivery, false, rhythm)? {
                None => sent.taken += entries.len() as u64,
                Some(refusal) if refusal.anew && rhythm.is_some() => {
                    eprintln!("{refusal}");
                    break;
                }
                Some(refusal) => {
                    sent.refused = Some((refusal.to_string(), rest.len()));
                    return Ok(sent);
                }
            }
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

/// Why the log would not take a statement, whoever's key it is: then one row does not hold up the others.
fn stays(statement: &Statement, mission: &Mission) -> Option<String> {
    match statement {
        Statement::Observation(observation) => {
            let known = mission.sources.iter().find(|known| known.name == observation.source);
            let key = known.map_or("", |known| known.key.as_deref().unwrap_or(&known.name));
            handed_in::speaks(observation, key, Some(mission)).err()
        }
        // A file that is no source's: nobody could say who tells of it.
        Statement::File(file) if file.source.is_none() => {
            Some(format!("no source of the mission file takes `{}`", verify::text::shown(&file.name)))
        }
        _ => None,
    }
}

/// By what a source knows again what it said; of a batch a line for each item.
fn name(statement: &Statement) -> String {
    match statement {
        Statement::Observation(observation) => verify::text::hex(&observation.id.0),
        Statement::File(file) => verify::text::hex(&forgotten::file_name(file)),
        Statement::Batch(detections) => {
            detections.iter().map(|it| verify::text::hex(&it.id.0)).collect::<Vec<_>>().join("\n")
        }
        Statement::Version(_) | Statement::Step(_) | Statement::Watermark(_) | Statement::Heartbeat => {
            String::new()
        }
    }
}

/// What came of a delivery.
enum Answer {
    /// The log took it, and signed that it did.
    Taken,
    /// The log refuses it, and signed why.
    Refused(Refusal),
    /// The log takes no more at present, and signed so: it may take the same later.
    Later(String),
    /// Nothing that the log signed came back: why.
    Silence(String),
}

/// The log's signed no.
struct Refusal {
    why: String,
    /// May what was to be said be taken if it is signed anew, without a person doing something?
    anew: bool,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.why)
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
                without_password(road.to)
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
            let encoded = it.statement.encode(clock)?.without_id();
            let entry = parts::seal(&mut signer, encoded, &with, it.told, &SystemEntropy)?;
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
            entries.push(parts::sign(&mut signer, &nothing, &[], Told::Exactly, clock, &SystemEntropy)?);
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

    /// What has no answer yet: the names of what it says, and the delivery.
    fn outbox(&self) -> Result<Option<(Vec<String>, Vec<u8>)>> {
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

    /// Hands in what is in the outbox, in rhythm at the next beat and at each that follows until the log has answered
    /// for good: a source in the field outlives a broken road and a full log. Gives what the log signed if it refuses.
    fn hand_in_at_beats(
        &mut self,
        delivery: &[u8],
        mut again: bool,
        rhythm: Option<Rhythm>,
    ) -> Result<Option<Refusal>> {
        let mut told = String::new();
        loop {
            if let Some(rhythm) = rhythm {
                keep::wait_for_beat(&SystemClock, rhythm);
            }
            let why = match (self.hand_in(delivery, again)?, rhythm) {
                (Answer::Taken, _) => return Ok(None),
                (Answer::Refused(refusal), _) => return Ok(Some(refusal)),
                (Answer::Later(why), None) => return Ok(Some(Refusal { why, anew: false })),
                (Answer::Silence(why), None) => bail!(why),
                (Answer::Later(why) | Answer::Silence(why), Some(_)) => why,
            };
            again = true;
            if why != told {
                eprintln!(
                    "{why}\nit stays in {}, and is handed in again at each beat",
                    self.dir.join("outbox").display()
                );
                told = why;
            }
        }
    }

    /// Hands in what is in the outbox once, and keeps the answer. `again`: it may have been taken before, and the receipt
    /// lost on the road.
    fn hand_in(&mut self, delivery: &[u8], again: bool) -> Result<Answer> {
        let entries = delivery::decode(delivery).map_err(|refusal| anyhow::anyhow!(refusal.what))?;
        let (status, why, body) = match Http::new(PATIENCE).deliver(&self.to, &self.token, delivery) {
            Ok(answer) => answer,
            Err(why) => return Ok(Answer::Silence(why)),
        };
        let to = without_password(&self.to);
        let receipt = Note::parse(&body).and_then(|note| Receipt::open(&note, &self.log));
        let Ok(receipt) = receipt else {
            let shown = shown(&body);
            return Ok(Answer::Silence(format!(
                "{to}: answered {status}, without a receipt that the log signed: {shown}"
            )));
        };
        let hashes: Vec<_> = entries.iter().map(|entry| merkle::leaf_hash(&entry.leaf)).collect();
        if receipt.leaves != hashes {
            return Ok(Answer::Silence(format!("{to}: the receipt is for other leaves than were handed in")));
        }
        let Outcome::Refused { reason } = &receipt.outcome else {
            return self.settle(&entries, &body).map(|()| Answer::Taken);
        };
        let kept = format!("{:012}.refusal", number(&entries)?);
        self.write(&kept, &body)?;
        let (outbox, kept) = (self.dir.join("outbox"), self.dir.join(kept));
        let known = Reason::ALL.into_iter().find(|known| known.word() == reason.as_str());
        let mut refusal = Refusal { why: format!("{reason}: {why}"), anew: false };
        match known {
            Some(Reason::Flood) => return Ok(Answer::Later(refusal.why)),
            // An honest log gives the receipt again. One that only says that it has them may have dropped them.
            Some(Reason::Replayed) if again => bail!(
                "{to}: it signed that it has leaves of this key already, and gives no receipt for what is in {}, which \
                 stays there. Ask the mission for a proof, and show it {}",
                outbox.display(),
                kept.display()
            ),
            Some(Reason::Replayed | Reason::OutOfSequence) => {
                refusal.why += &format!(
                    ". What lies in {} is not the newest of this key: put the newest back, or give this source a new key \
                     (docs/keys.md)",
                    self.dir.display()
                );
            }
            // The clock of this machine went ahead: what is said once it was put right is dated right.
            Some(Reason::FutureDated) => refusal.anew = true,
            _ => {}
        }
        // What was refused at once is signed anew; what may have been taken before is never thrown away.
        let cleared = match again {
            true => fs::rename(&outbox, kept.with_extension("unanswered")),
            false => fs::remove_file(&outbox),
        };
        cleared.context("cannot clear the outbox")?;
        Ok(Answer::Refused(refusal))
    }

    fn settle(&mut self, entries: &[Entry], receipt: &[u8]) -> Result<()> {
        let first = number(entries)?;
        self.write(&format!("{first:012}.receipt"), receipt)?;
        for (number, entry) in (first..).zip(entries) {
            self.write(&format!("{number:012}.leaf"), &entry.leaf)?;
        }
        if let Some((names, _)) = self.outbox()? {
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
