//! `truceline listen`: the live caller of [`Sensing`]. Files that grow are read as they grow; what came is written
//! through the record first, then pushed; the watermark follows the newest time that any row speaks of, less what
//! the slowest road may take. What is heard is told coarsely: to ten kilometres and the hour.

use crate::assess::{self, Question, mission_files};
use crate::intake::{self, Intake};
use crate::record::keep::{Keeper, Place};
use crate::sensing::{Counts, Sensed, Sensing, coarse, threads};
use crate::{books, folder};
use anyhow::{Context as _, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;
use truce::Id;
use truce::observation::{Detail, Observation};
use truce::time::{Micros, Time};

/// What the command was asked.
pub struct Options {
    /// Folder with terms.toml.
    pub agreement: PathBuf,
    /// Folder whose files grow.
    pub observations: PathBuf,
    /// Folder with mission.toml.
    pub mission: PathBuf,
    /// The record, made if it is not there.
    pub record: PathBuf,
    /// Its keys.
    pub keys: Option<PathBuf>,
    /// Pause between two looks at the folder.
    pub every: Duration,
    /// So much later than the newest may a row come and still be heard, microseconds.
    pub lateness: Micros,
    /// End after so many looks that found nothing new; without it, never.
    pub idle: Option<u32>,
}

/// Runs the command.
///
/// # Errors
/// If the files of agreement or mission cannot be read, or the record not be written: then nothing is told of what is
/// not in it.
pub fn run(options: &Options) -> Result<()> {
    let folder = folder::load(&options.agreement)?;
    let question = Question::new(folder, mission_files(Some(&options.mission))?)?;
    let place = Place::new(&options.record, options.keys.as_deref());
    let mut listener = Listener::new(&question, place, options.lateness)?;
    let (mut growing, mut idle) = (Growing::default(), 0);
    loop {
        let chunks = growing.read(&options.observations)?;
        if chunks.is_empty() {
            idle += 1;
            if options.idle.is_some_and(|most| idle >= most) {
                break;
            }
            std::thread::sleep(options.every);
            continue;
        }
        idle = 0;
        let chunks: Vec<(String, &[u8])> =
            chunks.iter().map(|(name, bytes)| (name.clone(), bytes.as_slice())).collect();
        let intake = intake::read_bytes(&chunks, &question.mission, &question.classify());
        for line in books(&intake.files)
            .lines()
            .filter(|line| line.contains("set aside") || line.contains("not used"))
        {
            eprintln!("{line}");
        }
        let sensed = listener.take(&intake)?;
        listener.complaints().into_iter().for_each(|line| eprintln!("{line}"));
        words(&sensed).into_iter().for_each(|line| println!("{line}"));
    }
    books_of(listener.counts()).into_iter().for_each(|line| eprintln!("{line}"));
    Ok(())
}

/// The books at the end, for a person: everything that came, and why what is of nothing is of nothing.
fn books_of(counts: &Counts) -> Vec<String> {
    let mut lines = vec![format!(
        "{} detections: {} of a bang, {} of none, {} too young to tell; {} bangs, {} crossings",
        counts.detections,
        counts.associated,
        counts.unassociated(),
        counts.waiting,
        counts.bangs,
        counts.crossings
    )];
    lines.extend(counts.unassociated.iter().map(|(why, count)| format!("{count} of no bang: {why}")));
    lines
        .extend(counts.set_aside.iter().map(|(why, count)| format!("{count} measurements set aside: {why}")));
    lines
}

/// A line for each bang and crossing: what those who keep the peace may know within minutes.
fn words(sensed: &[Observation]) -> Vec<String> {
    let line = |it: &Observation| {
        let coarse = coarse(it)?;
        let what = if matches!(it.kind, truce::observation::Kind::Impulse) { "bang" } else { "crossing" };
        Some(format!("{what}, between {} and {}, in cell {}", coarse.from, coarse.to, coarse.cell.name()))
    };
    sensed.iter().filter_map(line).collect()
}

/// What came after the watermark had passed its time: recorded, but no more heard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Late {
    /// Detections and measurements.
    pub count: u64,
    /// The watermark that had passed them.
    pub watermark: Time,
    /// The time of the oldest.
    pub oldest: Time,
}

/// Observations as they come, through the record into [`Sensing`]. What the record holds is read once, at the start; a
/// step costs what came in it.
pub struct Listener<'a> {
    question: &'a Question,
    keeper: Keeper,
    sensing: Sensing,
    counts: Counts,
    /// What was pushed.
    pushed: BTreeSet<Id>,
    newest: Option<Time>,
    watermark: Option<Time>,
    lateness: Micros,
    late: Option<Late>,
    /// Observations of the last step that are dated later than the clock allows.
    ahead: u64,
}

impl<'a> Listener<'a> {
    /// Opens the record, or makes one. What it holds already is pushed first, so that a listener that was stopped goes on
    /// as if it had not been.
    ///
    /// # Errors
    /// If the record cannot be opened or read.
    pub fn new(question: &'a Question, place: Place, lateness: Micros) -> Result<Self> {
        let agreement = &question.folder.agreement;
        let place = place.of(&question.mission);
        let ground = assess::ground(agreement, &[], &question.mission)?;
        let sensing = Sensing::new(&question.mission, agreement, &ground, threads());
        let record = if place.exists() { place.open()? } else { place.init_alone(assess::ORIGIN)? };
        let (keeper, known) = Keeper::new(place, record)?;
        let mut listener = Self {
            question,
            keeper,
            sensing,
            counts: Counts::default(),
            pushed: BTreeSet::new(),
            newest: None,
            watermark: None,
            lateness,
            late: None,
            ahead: 0,
        };
        // What was cut short between what came and what it comes to is written now.
        let sensed = listener.push(known);
        listener.keeper.derive(question, &sensed)?;
        listener.late = None;
        Ok(listener)
    }

    /// Writes what came through the record, hands it to [`Sensing`], and returns the bangs and crossings that it settles,
    /// which are in the record by then.
    ///
    /// # Errors
    /// If it cannot be recorded: then nothing of it was heard, or nothing of what it came to is told.
    pub fn take(&mut self, intake: &Intake) -> Result<Vec<Observation>> {
        let ahead = self.keeper.keep(self.question, intake)?;
        self.ahead = ahead.len() as u64;
        let recorded = intake.observations.iter().filter(|it| !ahead.contains(&it.id)).cloned();
        let sensed = self.push(recorded);
        self.keeper.derive(self.question, &sensed)?;
        Ok(sensed)
    }

    fn push(&mut self, observations: impl IntoIterator<Item = Observation>) -> Vec<Observation> {
        self.late = None;
        for observation in observations {
            // What was worked out is in the record beside what it was worked out of.
            let derived = matches!(observation.detail, Detail::Derived(_));
            if derived || !self.pushed.insert(observation.id) {
                continue;
            }
            let at = observation.time.start;
            let heard = observation.detail.is_of_one_instrument();
            if let Some(watermark) = self.watermark.filter(|watermark| heard && at <= *watermark) {
                let late = self.late.get_or_insert(Late { count: 0, watermark, oldest: at });
                late.count += 1;
                late.oldest = late.oldest.min(at);
            }
            // Not the end: a heartbeat may speak of an hour that is not over.
            self.newest = self.newest.max(Some(at));
            self.sensing.push(observation);
        }
        let Some(newest) = self.newest else { return Vec::new() };
        let watermark = Time(newest.0.saturating_sub(self.lateness));
        self.watermark = Some(watermark);
        let Sensed { observations, counts, .. } = self.sensing.advance(watermark);
        self.counts = counts;
        observations.into_iter().filter(|it| matches!(it.detail, Detail::Derived(_))).collect()
    }

    /// What came too late in the last step to be heard.
    pub fn late(&self) -> Option<Late> {
        self.late
    }

    /// What of the last step was not heard, and what to do about it, a line each.
    fn complaints(&self) -> Vec<String> {
        let late = self.late.map(|Late { count, watermark, oldest }| {
            format!(
                "late: {count} came after the watermark of {watermark}, the oldest of {oldest}. They are in the record, and \
                 a later `assess` hears them; here they are of no bang. If a road is as slow as that, give a longer \
                 --lateness (now {} s)",
                self.lateness / truce::time::SECOND
            )
        });
        let ahead = (self.ahead > 0).then(|| {
            format!(
                "{} observations are dated later than this machine's clock, and were neither recorded nor heard: look to \
                 the clock of whoever made them, or to this one",
                self.ahead
            )
        });
        late.into_iter().chain(ahead).collect()
    }

    /// The books so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }
}

/// How far each file was read.
#[derive(Default)]
struct Growing {
    files: BTreeMap<String, Grown>,
}

/// How far one file was read.
#[derive(Default)]
struct Grown {
    /// Its first line.
    head: Vec<u8>,
    /// Bytes that were taken, the first line among them.
    taken: u64,
    /// Bytes read in all, from the disk.
    read: u64,
}

impl Grown {
    /// The first line and the whole lines that are new, if there are any. What was taken is not read again.
    fn more(&mut self, path: &Path) -> std::io::Result<Option<Vec<u8>>> {
        let mut file = File::open(path)?;
        let mut begin = vec![0; self.head.len()];
        let same =
            file.metadata()?.len() >= self.taken && file.read_exact(&mut begin).is_ok() && begin == self.head;
        self.read += begin.len() as u64;
        if !same {
            // Another file under the old name: from its beginning.
            *self = Self { read: self.read, ..Self::default() };
        }
        file.seek(SeekFrom::Start(self.taken))?;
        let mut bytes = Vec::new();
        self.read += file.read_to_end(&mut bytes)? as u64;
        // A line without its end is still being written.
        bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1));
        self.taken += bytes.len() as u64;
        if self.head.is_empty() {
            let first = bytes.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            self.head = bytes.drain(..first).collect();
        }
        Ok((!bytes.is_empty()).then(|| [self.head.as_slice(), &bytes].concat()))
    }
}

impl Growing {
    /// What came since the last look: of each file its first line and the whole lines after what was read. A line
    /// without its end is still being written, and waits.
    fn read(&mut self, folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
        let failed = || format!("{} cannot be listed: is it a folder?", folder.display());
        let mut chunks = Vec::new();
        let mut entries: Vec<_> =
            fs::read_dir(folder).with_context(failed)?.collect::<Result<_, _>>().with_context(failed)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().to_string());
            if !path.is_file() {
                continue;
            }
            let grown = self.files.entry(name.clone()).or_default();
            let chunk = grown.more(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            chunks.extend(chunk.map(|chunk| (name, chunk)));
        }
        Ok(chunks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_growing_file_is_read_by_whole_lines_each_once() {
        let folder = std::env::temp_dir().join(format!("truceline-growing-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("a.csv");
        let mut growing = Growing::default();
        let mut look = || {
            let chunks = growing.read(&folder).unwrap();
            chunks.into_iter().map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect::<Vec<_>>()
        };
        fs::write(&file, "no").unwrap();
        assert!(look().is_empty());
        fs::write(&file, "node,time\n").unwrap();
        assert!(look().is_empty());
        fs::write(&file, "node,time\n1,2\n3").unwrap();
        assert_eq!(look(), ["node,time\n1,2\n"]);
        assert!(look().is_empty());
        fs::write(&file, "node,time\n1,2\n3,4\n5,6\n").unwrap();
        assert_eq!(look(), ["node,time\n3,4\n5,6\n"]);
        fs::write(&file, "node\n7\n").unwrap();
        assert_eq!(look(), ["node\n7\n"]);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_file_of_a_thousand_steps_is_read_from_the_disk_once() {
        use std::io::Write as _;
        let folder = std::env::temp_dir().join(format!("truceline-grown-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("a.csv");
        let head = "node,time\n";
        fs::write(&path, head).unwrap();
        let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
        let mut grown = Grown::default();
        let mut rows = 0;
        for step in 0..1_000 {
            writeln!(file, "{step},17").unwrap();
            let chunk = String::from_utf8(grown.more(&path).unwrap().unwrap()).unwrap();
            assert_eq!(chunk, format!("{head}{step},17\n"));
            rows += 1;
        }
        // Each byte once, and the first line at every look.
        let length = fs::metadata(&path).unwrap().len();
        assert_eq!((rows, grown.read), (1_000, length + 999 * head.len() as u64));
        fs::remove_dir_all(&folder).unwrap();
    }
}
