//! The fixed rhythm: at every beat every source says the same number of things, so that the log, which both parties
//! mirror, looks alike in a busy and in a quiet hour. Heartbeats fill; what is too much waits in a durable queue.
//!
//! What cannot be hidden is said: a hub that is off makes no leaves, and an archive that is imported in bulk stands
//! between two notices that say so ([`import`]).

use crate::damaged;
use crate::entropy::Entropy;
use crate::error::{Context, Error};
use crate::frame::{self, Recovery, Tail};
use crate::log::Record;
use crate::sources::{Entry, Signer};
use crate::storage::{self, Storage};
use crate::vault::{decrypt, encrypt};
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;
use verify::Hash;
use verify::field::{Field, Token, Value};
use verify::leaf::{Kind, Statement};
use verify::receipt::LEAVES_MAX;

/// How often, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    /// Microseconds from one beat to the next.
    pub every: i64,
    /// Leaves of each source at each beat.
    pub leaves: usize,
}

/// Makes an entry: from what waited, or from nothing, then a heartbeat.
pub type Voice<'a> = dyn FnMut(&mut Signer, Option<&[u8]>) -> Result<Entry, Error> + 'a;

const FOLDER: &str = "queue";
const INTENT: &str = "queue/intent";

/// A record's sources, kept in rhythm.
pub struct Rhythm {
    record: Arc<Record>,
    disk: Arc<dyn Storage>,
    entropy: Arc<dyn Entropy>,
    /// The queue is encrypted at rest with this key of the hub's own.
    key: [u8; 32],
    beat: Beat,
    /// By pseudonym: the order of leaves within a beat says nothing else.
    sources: BTreeMap<Hash, Waiting>,
}

struct Waiting {
    signer: Signer,
    /// Where each waiting item lies in the queue's file.
    items: VecDeque<Range<u64>>,
    /// The number of the first of them; numbers go on when the file begins anew.
    first: u64,
    end: u64,
    /// Where the piece lies that was cut from the end of the file.
    cut: Option<String>,
}

fn queue(pseudonym: &Hash) -> String {
    format!("queue/{}", verify::text::hex(&pseudonym[..8]))
}

impl Rhythm {
    /// Takes up the queue where it was. The queue lies on `disk`, which may be the record's folder.
    ///
    /// # Errors
    /// If the queue is damaged or the disk refuses.
    pub fn open(
        record: Arc<Record>,
        disk: Arc<dyn Storage>,
        entropy: Arc<dyn Entropy>,
        key: [u8; 32],
        beat: Beat,
        signers: Vec<Signer>,
    ) -> Result<Rhythm, Error> {
        let mut rhythm = Rhythm { record, disk, entropy, key, beat, sources: BTreeMap::new() };
        let intents = read_intents(rhythm.disk.as_ref())?;
        for signer in signers {
            let pseudonym = signer.pseudonym();
            let waiting = rhythm.read_queue(signer, intents.get(&pseudonym))?;
            rhythm.sources.insert(pseudonym, waiting);
        }
        Ok(rhythm)
    }

    /// Puts something into the queue of a source; durable when this returns.
    ///
    /// # Errors
    /// If the source is not in this rhythm, or the disk refuses.
    pub fn say(&mut self, pseudonym: &Hash, what: &[u8]) -> Result<(), Error> {
        let unknown = || Error::Asked("this source is not in the rhythm".into());
        let waiting = self.sources.get_mut(pseudonym).ok_or_else(unknown)?;
        let file = queue(pseudonym);
        let number = waiting.first + waiting.items.len() as u64;
        let mut nonce = [0; 16];
        self.entropy.fill(&mut nonce[4..]);
        let sealed = encrypt(&self.key, u128::from_be_bytes(nonce), pseudonym, what);
        let mut bytes = vec![];
        frame::write(&mut bytes, number, number, &[&nonce[4..], &sealed].concat());
        let new = waiting.end == 0;
        if new {
            storage::make_parent(self.disk.as_ref(), &file).context("making the folder of", &file)?;
        }
        self.disk.write_at(&file, waiting.end, &bytes).context("writing", &file)?;
        self.disk.sync(&file).context("synchronising", &file)?;
        if new {
            self.disk.sync_dir("queue").context("synchronising", "queue")?;
        }
        let end = waiting.end + bytes.len() as u64;
        waiting.items.push_back(waiting.end..end);
        waiting.end = end;
        Ok(())
    }

    /// Where the pieces lie that were cut from queues when they were taken up: of things that nobody was told are kept,
    /// or of a file whose end was damaged.
    pub fn cut(&self) -> impl Iterator<Item = &str> {
        self.sources.values().filter_map(|waiting| waiting.cut.as_deref())
    }

    /// How many things wait, over all sources.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.sources.values().map(|waiting| waiting.items.len()).sum()
    }

    /// When the next beat after `now` is due, microseconds since 1970: beats stand at multiples of their distance.
    #[must_use]
    pub fn next(&self, now: i64) -> i64 {
        (now.div_euclid(self.beat.every) + 1).saturating_mul(self.beat.every)
    }

    /// One beat: as many leaves of each source as the rhythm says, those that waited first. Returns the number of the
    /// first leaf.
    ///
    /// # Errors
    /// If the record refuses or stops; what waited waits on.
    pub fn beat(&mut self, voice: &mut Voice<'_>) -> Result<u64, Error> {
        // First what is about to be said, durably: after a power cut the record tells how much of it was.
        let mut intents = vec![];
        for (pseudonym, waiting) in &self.sources {
            let sequence = self.record.last_of(pseudonym).map_or(0, |leaf| leaf.sequence + 1);
            let count = waiting.items.len().min(self.beat.leaves) as u64;
            intents.extend_from_slice(pseudonym);
            for number in [waiting.first, sequence, count] {
                intents.extend_from_slice(&number.to_le_bytes());
            }
        }
        // Twice, in one file: no copy of it is kept anywhere, as it is another at every beat.
        let mut bytes = vec![];
        frame::write(&mut bytes, 0, 0, &intents);
        bytes.extend_from_within(..);
        storage::make_parent(self.disk.as_ref(), INTENT).context("making the folder of", INTENT)?;
        storage::replace(self.disk.as_ref(), INTENT, &bytes).context("writing", INTENT)?;

        let mut entries = vec![];
        for (pseudonym, waiting) in &mut self.sources {
            let last = self.record.last_of(pseudonym);
            waiting.signer.go_on_after(last);
            for at in 0..self.beat.leaves {
                let said = match waiting.items.get(at) {
                    None => None,
                    Some(range) => Some(read_item(self.disk.as_ref(), &self.key, pseudonym, range)?),
                };
                entries.push(voice(&mut waiting.signer, said.as_deref())?);
            }
        }
        let mut first = None;
        while !entries.is_empty() {
            let rest = entries.split_off(entries.len().min(LEAVES_MAX));
            let answer = self.record.append(std::mem::replace(&mut entries, rest))?;
            if let Some(refused) = answer.refused {
                return Err(Error::Asked(refused.to_string()));
            }
            first = first.or(answer.first());
        }
        for (pseudonym, waiting) in &mut self.sources {
            let said = waiting.items.len().min(self.beat.leaves);
            waiting.items.drain(..said);
            waiting.first += said as u64;
            if waiting.items.is_empty() && waiting.end > 0 {
                let file = queue(pseudonym);
                self.disk.remove(&file).context("removing", &file)?;
                self.disk.sync_dir("queue").context("synchronising", "queue")?;
                waiting.end = 0;
            }
        }
        first.ok_or_else(|| Error::Asked("a rhythm without sources or leaves".into()))
    }

    fn read_queue(&self, mut signer: Signer, intent: Option<&[u64; 3]>) -> Result<Waiting, Error> {
        let pseudonym = signer.pseudonym();
        let last = self.record.last_of(&pseudonym);
        let sequence = last.as_ref().map_or(0, |leaf| leaf.sequence + 1);
        signer.go_on_after(last);
        let file = queue(&pseudonym);
        let said = match intent {
            Some([first, then, count]) => first + sequence.saturating_sub(*then).min(*count),
            None => 0,
        };
        let mut waiting = Waiting { signer, items: VecDeque::new(), first: said, end: 0, cut: None };
        if self.disk.length(&file).context("reading", &file)?.is_none() {
            return Ok(waiting);
        }
        let bytes = self.disk.read(&file).context("reading", &file)?;
        let recovery = recover(&file, &bytes, said)?;
        if recovery.tail == Tail::Torn {
            waiting.cut = Some(damaged::keep(self.disk.as_ref(), &file, &bytes[recovery.end..])?);
            self.disk.set_length(&file, recovery.end as u64).context("cutting", &file)?;
            self.disk.sync(&file).context("synchronising", &file)?;
        }
        waiting.end = recovery.end as u64;
        for frame in recovery.frames.iter().filter(|frame| frame.number >= said) {
            waiting.items.push_back((frame.entry.start - frame::HEADER) as u64..frame.entry.end as u64);
        }
        Ok(waiting)
    }
}

/// By pseudonym: the first number, the sequence it was to get, and how many were to be said. Either of two copies will do.
fn read_intents(disk: &dyn Storage) -> Result<BTreeMap<Hash, [u64; 3]>, Error> {
    if disk.length(INTENT).context("reading", INTENT)?.is_none() {
        return Ok(BTreeMap::new());
    }
    let bytes = disk.read(INTENT).context("reading", INTENT)?;
    let damaged = || Error::Damaged { file: INTENT.into(), leaf: None, what: "it does not check".into() };
    let frame =
        frame::read(&bytes, 0).or_else(|| frame::read(&bytes, bytes.len() / 2)).ok_or_else(damaged)?;
    let (each, []) = bytes[frame.entry].as_chunks::<56>() else { return Err(damaged()) };
    let number =
        |each: &[u8; 56], at: usize| u64::from_le_bytes(each[at..at + 8].try_into().expect("eight bytes"));
    let read = |each: &[u8; 56]| {
        (each[..32].try_into().expect("32 bytes"), [number(each, 32), number(each, 40), number(each, 48)])
    };
    Ok(each.iter().map(read).collect())
}

/// What a queue's file holds; its numbers begin with that of its first item.
fn recover(file: &str, bytes: &[u8], begins: u64) -> Result<Recovery, Error> {
    let begins = frame::read(bytes, 0).map_or(begins, |frame| frame.number);
    let recovery = frame::recover(bytes, 0, begins);
    match recovery.tail {
        Tail::Damaged { number } => {
            let what = format!("item {number} of the queue does not check");
            Err(Error::Damaged { file: file.into(), leaf: None, what })
        }
        Tail::Clean | Tail::Torn => Ok(recovery),
    }
}

/// Checks the files of the queue, as far as can be without its key; gives how many end with a piece of an item.
pub(crate) fn check(disk: &dyn Storage) -> Result<u64, Error> {
    read_intents(disk)?;
    let mut torn = 0;
    for name in disk.list(FOLDER).context("listing", FOLDER)? {
        let file = format!("{FOLDER}/{name}");
        if file == INTENT || name.ends_with(".tmp") {
            continue;
        }
        let bytes = match disk.read(&file) {
            // All that waited has been said since.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            other => other.context("reading", &file)?,
        };
        torn += u64::from(recover(&file, &bytes, 0)?.tail == Tail::Torn);
    }
    Ok(torn)
}

fn read_item(
    disk: &dyn Storage,
    key: &[u8; 32],
    pseudonym: &Hash,
    range: &Range<u64>,
) -> Result<Vec<u8>, Error> {
    let file = queue(pseudonym);
    let length = usize::try_from(range.end - range.start).expect("an item fits memory");
    let bytes = disk.read_at(&file, range.start, length).context("reading", &file)?;
    let damaged = || Error::Damaged { file, leaf: None, what: "an item of the queue does not check".into() };
    let frame = frame::read(&bytes, 0).ok_or_else(damaged)?;
    let damaged = || Error::Damaged {
        file: queue(pseudonym),
        leaf: None,
        what: "an item of the queue does not decrypt; is it the key of this hub?".into(),
    };
    let (nonce, sealed) = bytes[frame.entry].split_first_chunk::<12>().ok_or_else(damaged)?;
    let mut wide = [0; 16];
    wide[4..].copy_from_slice(nonce);
    decrypt(key, u128::from_be_bytes(wide), pseudonym, sealed).ok_or_else(damaged)
}

/// Imports an archive in bulk, out of the rhythm: between two notices of the hub that name it, so that nobody takes
/// the many leaves for a busy hour. Returns the leaves of the import, notices included.
///
/// # Errors
/// If the record refuses a batch or stops.
pub fn import(
    record: &Record,
    name: &Token,
    batches: impl IntoIterator<Item = Vec<Entry>>,
) -> Result<Range<u64>, Error> {
    let notice = |what: &str| {
        let label = Field::new("import.name", Value::token(name.as_str())?)?;
        Ok(Statement::new(Kind::Notice, vec![label, Field::new("import.state", Value::token(what)?)?]))
    };
    let asked = |refusal: verify::Refusal| Error::Asked(refusal.what);
    let begin = record.state(notice("begin").map_err(asked)?, None)?;
    for batch in batches {
        if let Some(refused) = record.append(batch)?.refused {
            return Err(Error::Asked(refused.to_string()));
        }
    }
    let end = record.state(notice("end").map_err(asked)?, None)?;
    Ok(begin..end + 1)
}
