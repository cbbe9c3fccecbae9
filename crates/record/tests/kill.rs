//! `kill -9`, for real: a child appends to a record on the disk and prints what it got receipts for; the parent kills
//! it at every kind of operation and at random moments, and holds what is left against the receipts.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::disk::Dice;
use common::*;
use record::audit::Depth;
use record::entropy::MadeUp;
use record::storage::{Files, Storage};
use record::{Error, Reader, Record};
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use verify::checkpoint::Checkpoint;
use verify::note::Note;
use verify::receipt::Receipt;

/// Real files that stand still for ever at one operation, so that the parent can kill there.
struct Stopping {
    files: Files,
    count: AtomicU64,
    at: u64,
}

impl Stopping {
    fn point(&self, what: &str, path: &str) {
        if self.count.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
            println!("stopped {what} {path}");
            loop {
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }
}

impl Storage for Stopping {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.files.read(path)
    }
    fn read_at(&self, path: &str, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        self.files.read_at(path, offset, length)
    }
    fn length(&self, path: &str) -> io::Result<Option<u64>> {
        self.files.length(path)
    }
    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        self.files.list(dir)
    }
    fn write_at(&self, path: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        // Half of it first: a write is not one moment.
        self.files.write_at(path, offset, &bytes[..bytes.len() / 2])?;
        self.point("write", path);
        self.files.write_at(path, offset, bytes)
    }
    fn set_length(&self, path: &str, length: u64) -> io::Result<()> {
        self.point("cut", path);
        self.files.set_length(path, length)
    }
    fn sync(&self, path: &str) -> io::Result<()> {
        self.point("sync", path);
        self.files.sync(path)
    }
    fn create_dir(&self, dir: &str) -> io::Result<()> {
        self.files.create_dir(dir)
    }
    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        self.point("sync-dir", dir);
        self.files.sync_dir(dir)
    }
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.point("rename", to);
        self.files.rename(from, to)
    }
    fn remove(&self, path: &str) -> io::Result<()> {
        self.point("remove", path);
        self.files.remove(path)
    }
    fn lock(&self, path: &str) -> io::Result<Box<dyn Send + Sync>> {
        self.files.lock(path)
    }
}

/// The child. Run by the parent with the folder in the environment; otherwise nothing.
#[test]
fn child() {
    let Ok(folder) = std::env::var("RECORD_KILL_FOLDER") else { return };
    let at = std::env::var("RECORD_KILL_AT").map_or(0, |at| at.parse().unwrap());
    let draw: u8 = std::env::var("RECORD_KILL_DRAW").unwrap().parse().unwrap();
    let disk = Arc::new(Stopping { files: Files::new(&folder).unwrap(), count: AtomicU64::new(0), at });
    let opened = match disk.length("record").unwrap() {
        None => Record::init_on(disk, options(&clock(), draw)),
        Some(_) => Record::open_on(disk, options(&clock(), draw)),
    };
    let record = opened.unwrap();
    let mut source = enrol(&record, 1);
    let random = MadeUp::from_seed([draw; 32]);
    for round in 0..400 {
        let entries = (0..[1, 7, 60][round % 3]).map(|n| entry(&mut source, n, &random)).collect();
        let answer = record.append(entries).unwrap();
        println!("receipt {}", verify::text::hex(answer.note.to_string().as_bytes()));
        if round % 2 == 1 {
            println!("head {}", verify::text::hex(record.checkpoint().unwrap().to_string().as_bytes()));
        }
    }
}

/// Runs the child in `folder` until it stops at operation `at` or for `wait`, kills it, and returns what it printed:
/// receipts, heads and where it stopped.
fn run(
    folder: &Path,
    at: u64,
    wait: Option<Duration>,
    draw: u8,
) -> (Vec<Receipt>, Vec<Checkpoint>, Option<String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env("RECORD_KILL_FOLDER", folder)
        .env("RECORD_KILL_AT", at.to_string())
        .env("RECORD_KILL_DRAW", draw.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap());
    let killer = wait.map(|wait| {
        let id = child.id().to_string();
        std::thread::spawn(move || {
            std::thread::sleep(wait);
            Command::new("kill").args(["-9", &id]).status().unwrap();
        })
    });
    let (mut receipts, mut heads, mut stopped) = (vec![], vec![], None);
    for line in lines.lines().map_while(Result::ok) {
        let note = |hex: &str| Note::parse(&verify::text::from_hex(hex)?).ok();
        if let Some(note) = line.strip_prefix("receipt ").and_then(note) {
            receipts.push(Receipt::open(&note, &verifiers()[0]).unwrap());
        } else if let Some(note) = line.strip_prefix("head ").and_then(note) {
            heads.push(Checkpoint::open(&note, &verifiers()[0]).unwrap());
        } else if let Some((_, place)) = line.split_once("stopped ") {
            stopped = Some(place.to_owned());
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    if let Some(killer) = killer {
        killer.join().unwrap();
    }
    (receipts, heads, stopped)
}

/// Opens what is left and holds it against all receipts and heads so far. Returns how many leaves there are.
fn check(folder: &Path, receipts: &[Receipt], heads: &[Checkpoint]) -> u64 {
    let record = match Record::open(folder, options(&clock(), 250)) {
        Ok(record) => record,
        // Killed before the record was made.
        Err(Error::Asked(what)) if receipts.is_empty() => {
            assert!(what.contains("holds no record"), "{what}");
            return 0;
        }
        Err(error) => panic!("it does not open: {error}"),
    };
    let head = Checkpoint::open(&record.checkpoint().unwrap(), &verifiers()[0]).unwrap();
    let leaves = record.leaves(0..head.size).unwrap();
    for receipt in receipts {
        let verify::receipt::Outcome::Appended { first, .. } = receipt.outcome else { panic!("refused") };
        for (leaf, index) in receipt.leaves.iter().zip(first..) {
            let kept = leaves.get(index as usize).map(|leaf| verify::merkle::leaf_hash(leaf));
            assert_eq!(kept.as_ref(), Some(leaf), "leaf {index} was acknowledged and is lost");
        }
    }
    let reader = Reader::open(folder, verifiers()).unwrap();
    for before in heads {
        let path = reader.prove_consistency(before.size, head.size).unwrap();
        verify::merkle::verify_consistency(before.size, &before.root, head.size, &head.root, &path).unwrap();
    }
    reader.audit(Depth::Everything).unwrap();
    head.size
}

#[test]
fn nothing_is_lost_by_kill_at_every_kind_of_operation() {
    let mut places = std::collections::BTreeSet::new();
    let mut at = 1;
    while at < 140 {
        let folder = tempfile::tempdir().unwrap();
        let (receipts, heads, stopped) = run(folder.path(), at, None, 1);
        let place = stopped.unwrap_or_else(|| panic!("the child did not reach operation {at}"));
        places.insert(place.split("/0").next().unwrap().to_owned());
        check(folder.path(), &receipts, &heads);
        // Each of the first, then fewer.
        at += 1 + at / 40;
    }
    for place in ["write vault", "sync vault", "write log", "sync log", "rename checkpoint", "sync-dir "] {
        assert!(places.iter().any(|found| found.starts_with(place)), "{place} was never tried: {places:?}");
    }
}

/// 40 random moments, or as many as `RECORD_KILLS` says: `tests/kill-many` asks for 1,000.
#[test]
fn nothing_is_lost_by_kill_at_random_moments() {
    let kills: u64 = std::env::var("RECORD_KILLS").map_or(40, |kills| kills.parse().unwrap());
    let mut dice = Dice(std::env::var("RECORD_SEED").map_or(1, |seed| seed.parse().unwrap()));
    let mut acknowledged = 0;
    // Ten lives in one folder, so that recovery works on what recovery left.
    for life in 0..kills.div_ceil(10) {
        let folder = tempfile::tempdir().unwrap();
        let (mut receipts, mut heads) = (vec![], vec![]);
        for kill in 0..10.min(kills - life * 10) {
            let wait = Duration::from_millis(20 + dice.roll(400));
            let (new, seen, _) = run(folder.path(), 0, Some(wait), 1 + (kill % 200) as u8);
            receipts.extend(new);
            heads.extend(seen);
            check(folder.path(), &receipts, &heads);
        }
        acknowledged += receipts.iter().map(|receipt| receipt.leaves.len()).sum::<usize>();
    }
    println!("{kills} kills, {acknowledged} leaves acknowledged, none lost");
    assert!(acknowledged > 0, "the child never got to append: the test shows nothing");
}
