//! `truceline listen`: the live caller of [`Sensing`]. Files that grow are read as they grow; what came is written
//! through the record first, then pushed; the watermark follows the newest time that any row speaks of, less what
//! the slowest road may take. What is heard is told coarsely: to ten kilometres and the hour.

use crate::assess::{self, Question, mission_files};
use crate::intake::{self, Intake};
use crate::progress::Progress;
use crate::record::keep::{Place, keep};
use crate::record::tell::{self, Contents};
use crate::sensing::{Sensed, Sensing, coarse, threads};
use crate::{books, folder};
use anyhow::{Context as _, Result};
use report::View;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
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
        for line in words(&listener.take(&intake)?) {
            println!("{line}");
        }
    }
    let counts = listener.counts();
    eprintln!(
        "{} detections: {} of a bang, {} of none, {} too young to tell; {} bangs, {} crossings",
        counts.detections,
        counts.associated,
        counts.unassociated(),
        counts.waiting,
        counts.bangs,
        counts.crossings
    );
    Ok(())
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

/// Observations as they come, through the record into [`Sensing`].
pub struct Listener<'a> {
    question: &'a Question,
    place: Place,
    record: record::Record,
    sensing: Sensing,
    counts: crate::sensing::Counts,
    /// What was pushed.
    pushed: BTreeSet<Id>,
    newest: Option<Time>,
    lateness: Micros,
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
        let new = !place.exists();
        let record = if new { place.init_alone(assess::ORIGIN)? } else { place.open()? };
        let mut listener = Self {
            question,
            place,
            record,
            sensing,
            counts: Default::default(),
            pushed: BTreeSet::new(),
            newest: None,
            lateness,
        };
        if !new {
            let head = crate::record::peers::checkpoint(&listener.record, &listener.place.dir)?;
            let head = verify::checkpoint::Checkpoint::of_note(&head)
                .map_err(|refusal| anyhow::anyhow!(refusal.what))?;
            let reader = listener.record.reader();
            let (leaves, _) = tell::leaves(&reader, &head, head.size)?;
            let keys = tell::keys_of(&listener.place.keys, View::Mission)?;
            let contents = Contents::of(tell::open(&reader, &leaves, &keys)?)?;
            let known = contents.known(&question.mission, View::Mission, &Progress::new(true))?;
            listener.push(&known.observations);
        }
        Ok(listener)
    }

    /// Writes what came through the record, hands it to [`Sensing`], and returns the bangs and crossings that it settles.
    ///
    /// # Errors
    /// If it cannot be recorded: then nothing of it was heard.
    pub fn take(&mut self, intake: &Intake) -> Result<Vec<Observation>> {
        keep(&self.place, &self.record, self.question, intake, &Progress::new(true))?;
        Ok(self.push(&intake.observations))
    }

    fn push(&mut self, observations: &[Observation]) -> Vec<Observation> {
        for observation in observations {
            // What was worked out is in the record beside what it was worked out of.
            let derived = matches!(observation.detail, Detail::Derived(_));
            if derived || !self.pushed.insert(observation.id) {
                continue;
            }
            // Not the end: a heartbeat may speak of an hour that is not over.
            self.newest = self.newest.max(Some(observation.time.start));
            self.sensing.push(observation.clone());
        }
        let Some(newest) = self.newest else { return Vec::new() };
        let Sensed { observations, counts, .. } =
            self.sensing.advance(Time(newest.0.saturating_sub(self.lateness)));
        self.counts = counts;
        observations.into_iter().filter(|it| matches!(it.detail, Detail::Derived(_))).collect()
    }

    /// The books so far.
    pub fn counts(&self) -> &crate::sensing::Counts {
        &self.counts
    }
}

/// How far each file was read.
#[derive(Default)]
struct Growing {
    files: BTreeMap<String, (Vec<u8>, u64)>,
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
            let bytes = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let (head, read) = self.files.entry(name.clone()).or_default();
            let first = bytes.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            if (whole as u64) < *read || bytes[..first] != head[..] {
                // Another file under the old name: from its beginning.
                (*head, *read) = (bytes[..first].to_vec(), 0);
            }
            let from = (*read as usize).max(first);
            if whole > from {
                chunks.push((name, [head.as_slice(), &bytes[from..whole]].concat()));
                *read = whole as u64;
            }
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
}
