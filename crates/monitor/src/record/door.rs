//! The door of a served record: entries come in one by one, are signed and written many at a time, and heads follow.
//! What a source signed itself goes past the queue, straight into the record.

use super::handed_in;
use super::keep::Place;
use super::serve::{Added, Delivered};
use super::{access, parts, peers};
use anyhow::Result;
use record::rhythm::{Beat, Rhythm};
use record::sources::Reason;
use record::statement::{File, Statement, Told};
use record::storage::Files;
use record::{Entry, Error, Record, Signer};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use truce::mission::Mission;
use truce::time::Zone;
use verify::field::Openings;
use verify::leaf::Leaf;

/// Entries that wait at most; who comes then, waits.
const WAITING: usize = 4_096;
/// Entries in one append.
const BATCH: usize = 1_024;
/// How long it is waited at most before the clock is looked at.
const GLANCE: Duration = Duration::from_millis(500);
/// Entries that wait for a beat at most; who comes then, is sent away.
const QUEUED: usize = 100_000;

/// When leaves and heads are written.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// As things are said, with a head after so long.
    AsSaid(Duration),
    /// At a fixed rhythm, with a head at every beat.
    Beats(Beat),
}

/// One entry and where its answer goes.
type Asked = (Vec<u8>, SyncSender<Added>);

/// Hands entries to the one who writes.
#[derive(Clone)]
pub struct Door {
    queue: SyncSender<Asked>,
    record: Arc<Record>,
    /// Leaves of a beat, where the log keeps a rhythm.
    beat: Option<usize>,
    /// What the sources are, and how each is told to those outside.
    mission: Option<Arc<Mission>>,
}

impl Door {
    /// An entry, and what became of it.
    pub fn append(&self, bytes: Vec<u8>) -> Added {
        let stopped =
            || Added::Stopped("the record takes nothing any more; look at what it said last".to_string());
        let (answer, answered) = mpsc::sync_channel(1);
        if self.queue.send((bytes, answer)).is_err() {
            return stopped();
        }
        answered.recv().unwrap_or_else(|_| stopped())
    }

    /// What a source signed itself, and the record's signed answer.
    pub fn deliver(&self, bytes: &[u8]) -> Delivered {
        let latest = self.record.latest();
        let sources: BTreeMap<_, _> = self.record.sources().into_iter().collect();
        let look = |entry: &Entry, openings: &Openings| {
            let by = Leaf::parse(&entry.leaf).ok().and_then(|leaf| sources.get(&leaf.pseudonym));
            let name = by.map_or("", |source| source.name.as_str());
            handed_in::look(entry, openings, name, self.mission.as_deref(), latest)
        };
        match self.record.deliver(bytes, self.beat, &look) {
            Ok(answer) => Delivered::Answered {
                receipt: answer.note.to_string(),
                slower: answer.refused.as_ref().is_some_and(|refused| refused.reason == Reason::Flood),
                refused: answer.refused.map(|refused| refused.to_string()),
            },
            Err(error) => Delivered::Stopped(error.to_string()),
        }
    }
}

/// Writes what comes through the door until the door is gone, and signs heads.
///
/// # Errors
/// Why it cannot write or sign: nothing is taken any more then.
pub fn open(place: Place, record: Record, pace: Pace, mission: Option<Mission>) -> (Door, Writing) {
    let (send, receive) = mpsc::sync_channel::<Asked>(WAITING);
    let record = Arc::new(record);
    let beat = match pace {
        Pace::AsSaid(_) => None,
        Pace::Beats(beat) => Some(beat.leaves),
    };
    let door = Door { queue: send, record: record.clone(), beat, mission: mission.map(Arc::new) };
    let (alive, ended) = oneshot::channel();
    let writer = std::thread::spawn(move || {
        // Dropped when this ends, however it ends.
        let _alive: oneshot::Sender<()> = alive;
        let key = place.keys.source("recorder")?;
        let last = record.last_of(&key.pseudonym());
        let signer = Signer::resume(key, last);
        match pace {
            Pace::AsSaid(interval) => as_said(&place, &record, signer, &receive, interval),
            Pace::Beats(beat) => in_rhythm(&place, &record, signer, &receive, beat),
        }
    });
    (door, Writing { writer, ended })
}

/// The one who writes.
pub struct Writing {
    /// What it ends with.
    pub writer: std::thread::JoinHandle<Result<()>>,
    /// That it has ended: nothing is taken any more then.
    pub ended: oneshot::Receiver<()>,
}

fn as_said(
    place: &Place,
    record: &Record,
    mut signer: Signer,
    receive: &Receiver<Asked>,
    interval: Duration,
) -> Result<()> {
    let mut due = Instant::now() + interval;
    loop {
        let first = match receive.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Ok(first) => Some(first),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return head(place, record),
        };
        let batch: Vec<Asked> = first.into_iter().chain(receive.try_iter().take(BATCH - 1)).collect();
        if !batch.is_empty() {
            write(place, record, &mut signer, batch)?;
        }
        if Instant::now() >= due {
            head(place, record)?;
            due = Instant::now() + interval;
        }
    }
}

/// What comes waits in a durable, encrypted queue; every beat says the same number of things, and a head follows.
fn in_rhythm(
    place: &Place,
    record: &Arc<Record>,
    signer: Signer,
    receive: &Receiver<Asked>,
    beat: Beat,
) -> Result<()> {
    let pseudonym = signer.pseudonym();
    let key = place.keys.queue()?;
    let disk = Arc::new(Files::new(&place.dir)?);
    let entropy = place.entropy.clone();
    let mut rhythm = Rhythm::open(record.clone(), disk, entropy, *key, beat, vec![signer])?;
    for piece in rhythm.cut() {
        eprintln!(
            "the queue ended with a piece of an entry, and goes on without it; it lies in {piece}. Whoever handed it in was \
             told that it is kept only if the file was damaged since"
        );
    }
    let mut voice = |signer: &mut Signer, said: Option<&[u8]>| -> Result<Entry, Error> {
        let signed = match said {
            Some(bytes) => handed_in(place, signer, bytes),
            None => {
                let nothing = Statement::Heartbeat;
                parts::sign(signer, &nothing, &[], Told::Exactly, Zone::Fixed(0), place.entropy.as_ref())
            }
        };
        signed.map_err(|error| Error::Asked(format!("{error:#}")))
    };
    let mut due = rhythm.next(place.clock.now());
    loop {
        let left = u64::try_from(due.saturating_sub(place.clock.now())).unwrap_or(0);
        // The wait is short, so that a clock that was put right is seen at once.
        match receive.recv_timeout(Duration::from_micros(left).min(GLANCE)) {
            Ok((_, to)) if rhythm.waiting() >= QUEUED => {
                let why = "more waits for a beat than is kept; keep it, and hand it in later".to_string();
                let _ = to.send(Added::Refused(why));
            }
            Ok((bytes, to)) => {
                rhythm.say(&pseudonym, &bytes)?;
                // Whoever asked may have gone; the entry waits all the same.
                let _ = to.send(Added::Waits);
            }
            Err(RecvTimeoutError::Timeout) => {}
            // What waits is said when the record is served again.
            Err(RecvTimeoutError::Disconnected) => return head(place, record),
        }
        let now = place.clock.now();
        // A clock that jumped ahead and back leaves a beat that is years away.
        due = due.min(rhythm.next(now));
        if now >= due {
            rhythm.beat(&mut voice)?;
            access::at_beat(place, record)?;
            peers::checkpoint(record, &place.dir)?;
            due = rhythm.next(now);
        }
    }
}

fn head(place: &Place, record: &Record) -> Result<()> {
    access::confirm(place, record)?;
    peers::checkpoint(record, &place.dir).map(|_| ())
}

/// Signs and appends a batch, and answers each.
fn write(place: &Place, record: &Record, signer: &mut Signer, batch: Vec<Asked>) -> Result<()> {
    let entries = batch.iter().map(|(bytes, _)| handed_in(place, signer, bytes));
    let answer = record.append(entries.collect::<Result<_>>()?);
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

fn handed_in(place: &Place, signer: &mut Signer, bytes: &[u8]) -> Result<Entry> {
    let statement = Statement::File(delivered(bytes));
    let bytes = [("bytes", bytes)];
    parts::sign(signer, &statement, &bytes, Told::Coarsely, Zone::Fixed(0), place.entropy.as_ref())
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

#[cfg(test)]
mod tests {
    use super::*;
    use record::clock::{Clock as _, SetClock, SystemClock};

    /// A clock that jumps ten years ahead, back, and an hour further back stops no beat.
    #[test]
    fn a_clock_that_jumps_stops_no_beat() {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(SetClock::at(SystemClock.now()));
        let place = Place { clock: clock.clone(), ..Place::new(dir.path(), None) };
        let record = place.init_alone("example.org/jumps").unwrap();
        record.checkpoint().unwrap();
        let every = 3_600_000_000;
        let (door, writing) = open(place.again(), record, Pace::Beats(Beat { every, leaves: 2 }), None);
        let size = || {
            place
                .reader()
                .unwrap()
                .checkpoint()
                .unwrap()
                .map_or(0, |note| verify::checkpoint::Checkpoint::of_note(&note).unwrap().size)
        };
        let beat_after = |to: i64| {
            let before = size();
            clock.set(to);
            let until = Instant::now() + Duration::from_secs(60);
            while size() == before {
                assert!(Instant::now() < until, "no beat came");
                std::thread::sleep(Duration::from_millis(20));
            }
            // One beat, not one for each that was passed over.
            std::thread::sleep(Duration::from_millis(100));
            assert_eq!(size(), before + 3, "two leaves, and one of the hub");
        };
        // An answer says that the writer waits for its first beat.
        assert!(matches!(door.append(b"a shell fell".to_vec()), Added::Waits));
        let now = clock.now();
        beat_after(now + every);
        beat_after(now + 10 * 365 * 24 * every);
        clock.set(now + every);
        std::thread::sleep(3 * GLANCE);
        beat_after(now + 2 * every);
        clock.set(now - every);
        std::thread::sleep(3 * GLANCE);
        beat_after(now);
        drop(door);
        writing.writer.join().unwrap().unwrap();
    }
}
