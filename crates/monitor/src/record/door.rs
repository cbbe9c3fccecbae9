//! The door of a served record: entries come in one by one, are signed and written many at a time, and heads follow.

use super::keep::{self, Place};
use super::serve::Added;
use anyhow::Result;
use record::statement::{File, Statement, Told};
use record::{Record, Signer};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};
use truce::time::Zone;

/// Entries that wait at most; who comes then, waits.
const WAITING: usize = 4_096;
/// Entries in one append.
const BATCH: usize = 1_024;

/// One entry and where its answer goes.
type Asked = (Vec<u8>, SyncSender<Added>);

/// Hands entries to the one who writes.
#[derive(Clone)]
pub struct Door(SyncSender<Asked>);

impl Door {
    /// An entry, and what became of it.
    pub fn append(&self, bytes: Vec<u8>) -> Added {
        let stopped =
            || Added::Stopped("the record takes nothing any more; look at what it said last".to_string());
        let (answer, answered) = mpsc::sync_channel(1);
        if self.0.send((bytes, answer)).is_err() {
            return stopped();
        }
        answered.recv().unwrap_or_else(|_| stopped())
    }
}

/// Writes what comes through the door until the door is gone, and signs a head every `interval`.
///
/// # Errors
/// Why it cannot write or sign: nothing is taken any more then.
pub fn open(place: Place, record: Record, interval: Duration) -> (Door, std::thread::JoinHandle<Result<()>>) {
    let (send, receive) = mpsc::sync_channel::<Asked>(WAITING);
    let writer = std::thread::spawn(move || {
        let key = place.keys.source("recorder")?;
        let last = record.last_of(&key.pseudonym());
        let mut signer = Signer::resume(key, last);
        let mut due = Instant::now() + interval;
        loop {
            let first = match receive.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(first) => Some(first),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return head(&record, &place.dir),
            };
            let batch: Vec<Asked> = first.into_iter().chain(receive.try_iter().take(BATCH - 1)).collect();
            if !batch.is_empty() {
                write(&place, &record, &mut signer, batch)?;
            }
            if Instant::now() >= due {
                head(&record, &place.dir)?;
                due = Instant::now() + interval;
            }
        }
    });
    (Door(send), writer)
}

fn head(record: &Record, dir: &Path) -> Result<()> {
    super::peers::checkpoint(record, dir).map(|_| ())
}

/// Signs and appends a batch, and answers each.
fn write(place: &Place, record: &Record, signer: &mut Signer, batch: Vec<Asked>) -> Result<()> {
    let mut entries = Vec::with_capacity(batch.len());
    for (bytes, _) in &batch {
        let statement = Statement::File(delivered(bytes));
        let clock = Zone::Fixed(0);
        let bytes = [("bytes", bytes.as_slice())];
        entries.push(keep::sign(signer, &statement, &bytes, Told::Coarsely, clock, place.entropy.as_ref())?);
    }
    let answer = record.append(entries);
    let mut next = match &answer {
        Ok(answer) => answer.first(),
        Err(_) => None,
    };
    for (_, to) in batch {
        let added = match (&answer, next) {
            (Ok(_), Some(index)) => {
                next = Some(index + 1);
                Added::At(index)
            }
            (Ok(answer), None) => {
                Added::Refused(answer.refused.as_ref().map_or_else(String::new, ToString::to_string))
            }
            (Err(error), _) => Added::Stopped(error.to_string()),
        };
        // Whoever asked may have gone; the entry is recorded all the same.
        let _ = to.send(added);
    }
    answer.map(|_| ()).map_err(Into::into)
}

/// What was handed in, as it came: bytes that no reader has read yet.
fn delivered(bytes: &[u8]) -> File {
    let sha256 = record::statement::sha256(bytes);
    File {
        name: format!("add/{}", verify::text::hex(&sha256)),
        source: None,
        sha256: Some(sha256),
        map: false,
        rows: 0,
        accepted: 0,
        set_aside: Vec::new(),
        unused: Some("handed in by POST /add; no reader has read it".to_string()),
    }
}
