//! What the record does on this machine: `cargo bench -p record -- WHAT [SECONDS or LEAVES]`.
//!
//! * `append [SECONDS]`: leaves of several sources, one statement each, signature checked, fsynced, under a signed
//!   head, with an inclusion proof that verifies; leaves a second, and the time from append to verified proof.
//! * `batches [SECONDS]`: detections in batches of 500.
//! * `audit [LEAVES]`: hash-only, one core. `restart [LEAVES]`: opening a log of that size after `kill -9`.
//!
//! In place of LEAVES stands the folder of a record that `append SECONDS FOLDER` made and kept; else one of heartbeats is
//! made, without fsync.
//!
//! Sources seal and sign on the same machine while the clock runs; at a real hub that work is theirs.

use record::audit::Depth;
use record::entropy::SystemEntropy;
use record::sources::Quota;
use record::storage::{Files, Storage};
use record::vault::RoleKey;
use record::{Audience, Entry, Keys, Options, Raw, Reader, Record, Signer};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use verify::checkpoint::Checkpoint;
use verify::field::{Field, Token, Value};
use verify::key::SourceKey;
use verify::leaf::{Kind, Statement};
use verify::merkle;

fn keys() -> Keys {
    Keys::from_seeds("example.org/bench", &[1; 32], &[2; 32]).expect("a name")
}

fn options() -> Options {
    let mut options = Options::new(keys(), SourceKey::from_seed(&[3; 32]));
    options.roles = vec![RoleKey::new("monitor", [7; 32]).role(), RoleKey::new("analyst", [8; 32]).role()];
    options
}

fn enrol(record: &Record, number: u8) -> Signer {
    let root = SourceKey::from_seed(&[4; 32]);
    let key = SourceKey::from_seed(&[100 + number; 32]);
    let name = Token::new(&format!("source-{number}")).expect("a token");
    record.enrol(&root.certify(&name, 0, &key.public()), Quota::NONE, &root.public()).expect("enrols");
    Signer::new(key)
}

fn observation(signer: &mut Signer, number: i64) -> Entry {
    let field = |label: &str, value| Field::new(label, value).expect("a field");
    let fields = vec![
        field("time.exact", Value::ints([1_745_107_200_000_000 + number, 1_745_107_200_000_000 + number])),
        field("place.error", Value::int(500)),
        field("count", Value::int(number % 7)),
        field("act", Value::token("shelling.artillery").expect("a token")),
        field("source", Value::token("patrol-7").expect("a token")),
    ];
    let raw = [Raw { category: "raw", roles: &["monitor"], bytes: &[b'x'; 200] }];
    let statement = Statement::new(Kind::Observation, fields);
    signer.sign(statement, &[Audience::all(&["monitor", "analyst"])], &raw, &SystemEntropy).expect("signs")
}

fn batch_of_500(signer: &mut Signer, number: i64) -> Entry {
    let item = |n: i64| {
        vec![
            Field::new("t", Value::int(number * 500 + n)).expect("a field"),
            Field::new("peak", Value::int(n * 17 % 991)).expect("a field"),
        ]
    };
    let statement = Statement { items: (0..500).map(item).collect(), ..Statement::new(Kind::Batch, vec![]) };
    signer.sign(statement, &[Audience::all(&["monitor"])], &[], &SystemEntropy).expect("signs")
}

/// Sources that send at the same time.
const LANES: u8 = 8;

/// For so long, several sources seal, sign and append, batch by batch, while another thread has heads signed and checks a
/// proof for every leaf. All of it runs on this machine and counts: the sources' own work too.
fn append(folder: &Path, seconds: u64, items: u64, make: fn(&mut Signer, i64) -> Entry, each: usize) {
    let record = Record::init(folder, options()).expect("a new record");
    let pending: Mutex<Vec<(u64, usize, Instant)>> = Mutex::default();
    let (done, appended) = (AtomicBool::new(false), AtomicU64::new(0));
    let deadline = Instant::now() + Duration::from_secs(seconds);
    // Leaves by the milliseconds they waited: a list of all waits would grow, and hide that the record does not.
    let mut waits = vec![0_u64; 60_000];
    let began = Instant::now();
    let mut last = began;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..LANES)
            .map(|lane| {
                let (record, pending, appended) = (&record, &pending, &appended);
                scope.spawn(move || {
                    let mut signer = enrol(record, lane);
                    let mut number = 0;
                    while Instant::now() < deadline {
                        let batch: Vec<_> = (number..).take(each).map(|n| make(&mut signer, n)).collect();
                        let (sent, count) = (Instant::now(), batch.len());
                        number += count as i64;
                        let answer = record.append(batch).expect("appends");
                        let first = answer.first().unwrap_or_else(|| panic!("refused: {:?}", answer.refused));
                        pending.lock().expect("a lock").push((first, count, sent));
                        appended.fetch_add(count as u64, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        let prover = {
            let (record, pending, done, waits, last) = (&record, &pending, &done, &mut waits, &mut last);
            scope.spawn(move || {
                let reader = record.reader();
                loop {
                    let stopping = done.load(Ordering::Acquire);
                    let due = std::mem::take(&mut *pending.lock().expect("a lock"));
                    if due.is_empty() {
                        if stopping {
                            break;
                        }
                        std::thread::sleep(Duration::from_millis(2));
                        continue;
                    }
                    let head =
                        Checkpoint::of_note(&record.checkpoint().expect("a head")).expect("a checkpoint");
                    for (first, count, sent) in due {
                        let range = first..first + count as u64;
                        let leaves = reader.leaves(range.clone()).expect("leaves");
                        let proofs = reader.prove_all(range).expect("proofs");
                        for (leaf, proof) in leaves.iter().zip(&proofs) {
                            let leaf = merkle::leaf_hash(leaf);
                            merkle::verify_inclusion(&leaf, proof.index, head.size, &proof.path, &head.root)
                                .expect("a proof that verifies");
                        }
                        *last = Instant::now();
                        let waited = usize::try_from(sent.elapsed().as_millis()).unwrap_or(usize::MAX);
                        waits[waited.min(59_999)] += count as u64;
                    }
                }
            })
        };
        let minutes = {
            let (done, appended) = (&done, &appended);
            scope.spawn(move || {
                let mut before = 0;
                while !done.load(Ordering::Acquire) {
                    std::thread::sleep(Duration::from_secs(1));
                    let minute = began.elapsed().as_secs() / 60;
                    if minute > before {
                        before = minute;
                        println!(
                            "minute {minute}: {} leaves, {} MB resident",
                            appended.load(Ordering::Relaxed),
                            resident() / 1_000
                        );
                    }
                }
            })
        };
        running.into_iter().for_each(|lane| lane.join().expect("a lane"));
        done.store(true, Ordering::Release);
        prover.join().expect("the prover");
        minutes.join().expect("the minutes");
    });
    let took = (last - began).as_secs_f64();
    let leaves = appended.load(Ordering::Relaxed);
    let at = |share: f64| {
        let mut rest = (leaves as f64 * share) as u64;
        waits.iter().position(|&count| {
            let here = rest < count;
            rest = rest.saturating_sub(count);
            here
        })
    };
    println!("{leaves} leaves in {took:.1} s, all proved: {:.0} leaves/s", leaves as f64 / took);
    if items > 1 {
        println!("{:.0} detections/s", (leaves * items) as f64 / took);
    }
    println!("append to verified proof: p50 {} ms, p99 {} ms", at(0.5).unwrap_or(0), at(0.99).unwrap_or(0));
    println!("{} bytes on the disk for each leaf, of which the log has 213", size(folder) / leaves);
    memory();
}

/// A line of `/proc/self/status`, in kB; 0 where there is none.
fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0)
}

fn resident() -> u64 {
    status("VmRSS:")
}

fn memory() {
    println!("{} MB resident, {} MB at most", resident() / 1_000, status("VmHWM:") / 1_000);
}

/// Bytes of all files under a folder.
fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry"))
        .map(|entry| {
            let about = entry.metadata().expect("metadata");
            if about.is_dir() { size(&entry.path()) } else { about.len() }
        })
        .sum()
}

/// Files that skip syncs, to build a large log quickly. Never for a record that matters.
struct Hasty(Files);

impl Storage for Hasty {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.0.read(path)
    }
    fn read_at(&self, path: &str, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        self.0.read_at(path, offset, length)
    }
    fn length(&self, path: &str) -> io::Result<Option<u64>> {
        self.0.length(path)
    }
    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        self.0.list(dir)
    }
    fn write_at(&self, path: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.write_at(path, offset, bytes)
    }
    fn set_length(&self, path: &str, length: u64) -> io::Result<()> {
        self.0.set_length(path, length)
    }
    fn sync(&self, path: &str) -> io::Result<()> {
        self.0.forget(path);
        Ok(())
    }
    fn create_dir(&self, dir: &str) -> io::Result<()> {
        self.0.create_dir(dir)
    }
    fn sync_dir(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.0.rename(from, to)
    }
    fn remove(&self, path: &str) -> io::Result<()> {
        self.0.remove(path)
    }
    fn lock(&self, path: &str) -> io::Result<Box<dyn Send + Sync>> {
        self.0.lock(path)
    }
}

/// A log of so many leaves, built once and kept beside the target folder.
fn large(leaves: u64) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("truceline-bench-{leaves}"));
    if folder.join("built").exists() {
        return folder;
    }
    let _ = std::fs::remove_dir_all(&folder);
    let began = Instant::now();
    let disk = Hasty(Files::new(&folder).expect("a folder"));
    let record = Record::init_on(Arc::new(disk), options()).expect("a new record");
    std::thread::scope(|scope| {
        for lane in 0..2u8 {
            let record = &record;
            scope.spawn(move || {
                let mut signer = enrol(record, lane);
                let mut made = 0;
                while record.len() < leaves {
                    let beat = |_| {
                        let statement = Statement::new(Kind::Heartbeat, vec![]);
                        signer.sign(statement, &[], &[], &SystemEntropy).expect("signs")
                    };
                    let count = 2_048.min(leaves - record.len());
                    let answer = record.append((0..count).map(beat).collect()).expect("appends");
                    assert!(answer.refused.is_none(), "{:?}", answer.refused);
                    made += count;
                    if made % 32_768 == 0 {
                        record.checkpoint().expect("a head");
                    }
                }
            });
        }
    });
    drop(record);
    std::fs::write(folder.join("built"), []).expect("a mark");
    println!("a log of {leaves} leaves was built in {:.0} s, without fsync", began.elapsed().as_secs_f64());
    folder
}

/// Appends to a large log until it is killed.
fn grow(folder: &Path) {
    let record = Record::open(folder, options()).expect("opens");
    println!("open");
    loop {
        for _ in 0..10 {
            record.state(Statement::new(Kind::Heartbeat, vec![]), None).expect("appends");
        }
        record.checkpoint().expect("a head");
    }
}

/// Opens a large log after a process that appended to it was killed (SIGKILL).
fn restart(folder: &Path) {
    for _ in 0..3 {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .arg("grow")
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        std::thread::sleep(Duration::from_millis(1_500));
        child.kill().expect("kills");
        child.wait().expect("is gone");

        let began = Instant::now();
        let record = Record::open(folder, options()).expect("opens");
        let opened = began.elapsed().as_secs_f64();
        record.state(Statement::new(Kind::Heartbeat, vec![]), None).expect("appends");
        record.checkpoint().expect("a head");
        let signed = began.elapsed().as_secs_f64();
        println!(
            "killed; {} leaves opened in {opened:.2} s, next head signed after {signed:.2} s",
            record.len()
        );
        memory();
    }
}

fn audit(folder: &Path) {
    let reader = Reader::open(folder, keys().verifiers()).expect("a record");
    let began = Instant::now();
    let audit = reader.audit(Depth::Hashes).expect("sound");
    let took = began.elapsed().as_secs_f64();
    println!(
        "{} leaves hashed and compared in {took:.1} s: {:.0} leaves/s on one core",
        audit.size,
        audit.size as f64 / took
    );
    memory();
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let number = arguments.get(1).and_then(|number| number.parse().ok());
    // The folder that was named, or one made for this run.
    let named = |place: usize| arguments.get(place).map(PathBuf::from);
    let run = |seconds: u64, items, make, each| {
        let mine = std::env::temp_dir().join(format!("truceline-bench-{}", std::process::id()));
        append(named(2).as_deref().unwrap_or(&mine), number.unwrap_or(seconds), items, make, each);
        let _ = std::fs::remove_dir_all(&mine);
    };
    let log = |leaves: u64| match (number, named(1)) {
        (None, Some(folder)) => folder,
        (number, _) => large(number.unwrap_or(leaves)),
    };
    match arguments.first().map(String::as_str) {
        Some("append") => run(600, 1, observation as fn(&mut Signer, i64) -> Entry, 128),
        Some("batches") => run(60, 500, batch_of_500, 16),
        Some("grow") => grow(Path::new(&arguments[1])),
        Some("restart") => restart(&log(10_000_000)),
        Some("audit") => audit(&log(1_000_000)),
        _ => println!("say what: append, batches, restart or audit; see the head of benches/record.rs"),
    }
}
