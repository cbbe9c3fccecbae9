//! What a mirror gives back: a flipped bit, a file that is gone, an old copy; and what it cannot.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::*;
use record::audit::Depth;
use record::entropy::MadeUp;
use record::mirror::{Folder, Mirror};
use record::peer::{Known, Peer};
use record::restore::restore;
use record::storage::{Files, Storage};
use record::{Error, Keys, Reader, Record};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use verify::note::{Algorithm, Note, SignerKey};

fn files(dir: &Path) -> Arc<dyn Storage> {
    fs::create_dir_all(dir).unwrap();
    Arc::new(Files::new(dir).unwrap())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to) } else { _ = fs::copy(&from, &to).unwrap() }
    }
}

/// Two who may override together.
fn persons() -> [SignerKey; 2] {
    [1, 2]
        .map(|n: u8| SignerKey::from_seed(&format!("person-{n}"), Algorithm::Ed25519, &[80 + n; 32]).unwrap())
}

/// A record of 700 leaves and a few, and a mirror of the first 700.
fn story(test: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("restore-{test}"));
    let _ = fs::remove_dir_all(&dir);
    let mut named = options(&clock(), 9);
    named.vouching = Some(std::collections::BTreeSet::new());
    named.persons = persons().iter().map(|person| person.verifier().clone()).collect();
    let record = Record::init_on(files(&dir.join("r")), named).unwrap();
    let mut source = enrol(&record, 1);
    let random = MadeUp::from_seed([5; 32]);
    let until = |record: &Record, source: &mut record::Signer, size: u64| {
        while record.len() < size {
            let batch =
                (0..(size - record.len()).min(60)).map(|n| entry(source, n as i64, &random)).collect();
            assert!(record.append(batch).unwrap().refused.is_none());
        }
        record.checkpoint().unwrap();
    };
    until(&record, &mut source, 300);
    copy(&dir.join("r"), &dir.join("old"));
    Mirror::new(files(&dir.join("m300")), verifiers()).pull(&Folder(dir.join("r"))).unwrap();
    until(&record, &mut source, 700);
    Mirror::new(files(&dir.join("m")), verifiers()).pull(&Folder(dir.join("r"))).unwrap();
    until(&record, &mut source, 730);
    drop(record);
    dir
}

fn open(dir: &Path) -> Result<u64, Error> {
    Record::open_on(files(dir), options(&clock(), 10)).map(|record| record.len())
}

/// The record opens, and everything in it checks.
fn whole(dir: &Path, leaves: u64) {
    assert_eq!(open(dir).unwrap(), leaves, "{}", dir.display());
    let audit = Reader::open(dir, verifiers()).unwrap().audit(Depth::Everything).unwrap();
    assert_eq!(audit.size + audit.pending, leaves);
}

#[test]
fn what_a_mirror_has_is_given_back() {
    let dir = story("back");
    let mirror = files(&dir.join("m"));
    type Break = fn(&Path);
    let gone: [(&str, Break, &[&str], bool); 6] = [
        ("segment", |dir| fs::remove_file(dir.join("log/00000000")).unwrap(), &["log/00000000"], false),
        (
            "segments",
            |dir| fs::remove_dir_all(dir.join("log")).unwrap(),
            &["log/00000000", "log/00000001", "log/00000002"],
            false,
        ),
        (
            "cut",
            |dir| {
                fs::File::options()
                    .write(true)
                    .open(dir.join("log/00000001"))
                    .unwrap()
                    .set_len(9_000)
                    .unwrap();
            },
            &["log/00000001"],
            false,
        ),
        ("tiles", |dir| fs::remove_dir_all(dir.join("tile")).unwrap(), &[], false),
        ("head", |dir| fs::remove_file(dir.join("checkpoint")).unwrap(), &[], true),
        ("snapshot", |dir| fs::write(dir.join("snapshot"), "no snapshot").unwrap(), &[], false),
    ];
    for (name, break_it, segments, head) in gone {
        let r = dir.join(name);
        copy(&dir.join("r"), &r);
        break_it(&r);
        // The leaves after the mirror's head were in the file that is gone.
        let lost = name == "segments";
        let restored = restore(&files(&r), &mirror, &verifiers()).unwrap();
        assert_eq!((restored.leaves, restored.head), (700, head), "{name}");
        assert_eq!(restored.segments, segments, "{name}");
        if lost {
            let error = open(&r).unwrap_err().to_string();
            assert!(error.contains("covers 730 leaves, the disk holds 700"), "{error}");
        } else {
            whole(&r, 730);
        }
    }
    for (file, at) in
        [("log/00000000", 5_000), ("log/00000002", 3), ("log/00000002", 20_000), ("checkpoint", 60)]
    {
        let r = dir.join("flipped");
        let _ = fs::remove_dir_all(&r);
        copy(&dir.join("r"), &r);
        flip(&r, file, at);
        // What lies before the newest snapshot is read by an audit alone.
        let audited = || Reader::open(&r, verifiers()).unwrap().audit(Depth::Hashes);
        assert!(open(&r).is_err() || audited().is_err(), "{file} {at}");
        let restored = restore(&files(&r), &mirror, &verifiers()).unwrap();
        assert_eq!(restored.segments.len() + usize::from(restored.head), 1, "{file} {at}");
        whole(&r, 730);
        // Nothing is left to do.
        assert_eq!(restore(&files(&r), &mirror, &verifiers()).unwrap().segments, Vec::<String>::new());
    }
}

/// Of an old copy the mirror gives back the leaves; what opens them, and who may write, comes from copies of their own.
#[test]
fn an_old_copy_is_brought_up_with_vault_and_sources_beside() {
    let dir = story("old");
    let mirror = files(&dir.join("m"));
    let old = dir.join("old");
    let restored = restore(&files(&old), &mirror, &verifiers()).unwrap();
    assert_eq!((restored.leaves, restored.head, restored.segments.len()), (700, true, 2));
    let error = open(&old).unwrap_err().to_string();
    assert!(error.contains("vault/") && error.contains("no mirror has it"), "{error}");
    fs::remove_dir_all(old.join("vault")).unwrap();
    copy(&dir.join("r/vault"), &old.join("vault"));
    fs::copy(dir.join("r/sources"), old.join("sources")).unwrap();
    whole(&old, 700);
}

#[test]
fn a_false_mirror_gives_nothing() {
    let dir = story("false");
    let r = dir.join("r");
    let refused = |mirror: &Path, word: &str| {
        let before = fs::read(r.join("log/00000000")).unwrap();
        let error = restore(&files(&r), &files(mirror), &verifiers()).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
        assert_eq!(fs::read(r.join("log/00000000")).unwrap(), before);
    };
    refused(&dir.join("nothing"), "holds no head");
    let bent = dir.join("bent");
    copy(&dir.join("m"), &bent);
    let bundle = bent.join("tile/entries/000");
    let mut bytes = fs::read(&bundle).unwrap();
    bytes[700] ^= 1;
    fs::write(&bundle, bytes).unwrap();
    refused(&bent, "the mirror is damaged too");
    // Another history of the same log, by the same keys.
    let other = Record::init_on(files(&dir.join("other")), options(&clock(), 11)).unwrap();
    let mut source = enrol(&other, 2);
    let random = MadeUp::from_seed([6; 32]);
    let batch = (0..740).map(|n| entry(&mut source, n, &random)).collect();
    assert!(other.append(batch).unwrap().refused.is_none());
    other.checkpoint().unwrap();
    Mirror::new(files(&dir.join("m2")), verifiers()).pull(&Folder(dir.join("other"))).unwrap();
    refused(&dir.join("m2"), "two histories");
    // Another log.
    let keys = Keys::from_seeds("example.org/other", &[1; 32], &[2; 32]).unwrap().verifiers();
    assert!(restore(&files(&r), &files(&dir.join("m")), &keys).is_err());
    // While it is written, nobody restores it.
    let open = Record::open_on(files(&r), options(&clock(), 10)).unwrap();
    refused(&dir.join("m"), "another process writes this record");
    drop(open);
}

/// Every file under a folder, with its bytes.
fn everything(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            all.extend(everything(&entry));
        } else {
            all.insert(entry.clone(), fs::read(&entry).unwrap());
        }
    }
    all
}

fn flip(dir: &Path, file: &str, at: usize) {
    let mut bytes = fs::read(dir.join(file)).unwrap();
    bytes[at] ^= 4;
    fs::write(dir.join(file), bytes).unwrap();
}

/// A frame of these tests has a header of 28 bytes and a leaf of 213.
fn frame(leaf: usize) -> usize {
    leaf % 256 * 241
}

/// A head that is lost is no sign that nothing was signed: tiles and snapshot tell what was durable, and nothing of it is
/// cut as a torn tail.
#[test]
fn what_was_under_a_lost_head_is_not_cut() {
    let dir = story("lost-head");
    let r = dir.join("lost");
    for (case, cut) in [("flip", false), ("cut at a frame", true)] {
        for also in ["nothing", "snapshot", "tile/0", "tile/entries"] {
            let _ = fs::remove_dir_all(&r);
            copy(&dir.join("r"), &r);
            fs::remove_file(r.join("checkpoint")).unwrap();
            let _ = fs::remove_file(r.join(also)).or_else(|_| fs::remove_dir_all(r.join(also)));
            match cut {
                true => {
                    let segment = fs::File::options().write(true).open(r.join("log/00000002")).unwrap();
                    segment.set_len(frame(650) as u64).unwrap();
                }
                false => flip(&r, "log/00000002", frame(650) + 100),
            }
            let before = everything(&r);
            let error = open(&r).unwrap_err().to_string();
            assert!(error.contains("log/00000002, leaf 650"), "{case}, without {also}: {error}");
            let after = everything(&r);
            assert!(
                before.iter().all(|(path, bytes)| after.get(path) == Some(bytes)),
                "{case}, without {also}"
            );
            // A mirror that has it makes it whole; an older one loses nothing on the way.
            let restored = restore(&files(&r), &files(&dir.join("m300")), &verifiers()).unwrap();
            assert!(restored.head, "{case}, without {also}");
            assert!(open(&r).is_err(), "{case}, without {also}: the tiles still show more");
            restore(&files(&r), &files(&dir.join("m")), &verifiers()).unwrap();
            match cut {
                true => assert!(open(&r).is_err(), "30 leaves after the mirror's head are gone"),
                false => whole(&r, 730),
            }
        }
    }
}

/// What a restore replaces is kept, each time under another name.
#[test]
fn what_was_damaged_is_kept() {
    let dir = story("kept");
    let r = dir.join("r");
    let mut damaged = vec![];
    for leaf in [520, 530] {
        flip(&r, "log/00000002", frame(leaf) + 100);
        damaged.push(fs::read(r.join("log/00000002")).unwrap());
        restore(&files(&r), &files(&dir.join("m")), &verifiers()).unwrap();
    }
    flip(&r, "checkpoint", 40);
    damaged.push(fs::read(r.join("checkpoint")).unwrap());
    restore(&files(&r), &files(&dir.join("m")), &verifiers()).unwrap();
    let kept = ["log-00000002.1", "log-00000002.2", "checkpoint.1"];
    for (name, bytes) in kept.iter().zip(damaged) {
        assert_eq!(fs::read(r.join("damaged").join(name)).unwrap(), bytes, "{name}");
    }
    whole(&r, 730);
}

/// An older head from a mirror does not make leaves forgotten that tiles or the vault still tell of.
#[test]
fn what_an_older_head_leaves_out_is_still_known() {
    let dir = story("forgotten");
    let r = dir.join("r");
    fs::remove_file(r.join("checkpoint")).unwrap();
    assert!(restore(&files(&r), &files(&dir.join("m")), &verifiers()).unwrap().head);
    whole(&r, 730);
    // The head is that of 700 leaves now, and one of the 30 after it is lost.
    let segment = fs::File::options().write(true).open(r.join("log/00000002")).unwrap();
    segment.set_len(frame(729) as u64).unwrap();
    let error = open(&r).unwrap_err().to_string();
    assert!(error.contains("the tiles show 730 leaves, the disk holds 729"), "{error}");
    // Log and tiles are gone, and the head is that of the first moment: the vault has items of more than one batch, so
    // there was a log.
    let r = dir.join("bare");
    copy(&dir.join("r"), &r);
    let first = dir.join("first");
    drop(Record::init_on(files(&first), options(&clock(), 9)).unwrap());
    fs::copy(first.join("checkpoint"), r.join("checkpoint")).unwrap();
    fs::remove_dir_all(r.join("log")).unwrap();
    fs::remove_dir_all(r.join("tile")).unwrap();
    let _ = fs::remove_file(r.join("snapshot"));
    let vault = everything(&r.join("vault"));
    let error = open(&r).unwrap_err().to_string();
    assert!(error.contains("the vault holds what opens them") || error.contains("sources"), "{error}");
    assert_eq!(everything(&r.join("vault")), vault);
}

/// A record has a head from its first moment on. Where it and all tiles are gone, nothing tells a torn tail from leaves that
/// were signed: nothing is cut and nothing signed, unless two persons say so.
#[test]
fn a_record_without_its_head_is_not_gone_on_with() {
    let dir = story("headless");
    let r = dir.join("r");
    fs::remove_file(r.join("checkpoint")).unwrap();
    fs::remove_dir_all(r.join("tile")).unwrap();
    let _ = fs::remove_file(r.join("snapshot"));
    flip(&r, "log/00000002", frame(729) + 100);
    let log = fs::read(r.join("log/00000002")).unwrap();
    let vault = everything(&r.join("vault"));
    let error = open(&r).unwrap_err().to_string();
    assert!(error.contains("the signed head is gone") && error.contains("two named persons"), "{error}");
    let text = Record::override_text(&files(&r), &options(&clock(), 10)).unwrap();
    assert_eq!(
        (fs::read(r.join("log/00000002")).unwrap(), everything(&r.join("vault"))),
        (log, vault.clone())
    );
    // Two persons: then it goes on, and what was cut is kept.
    let mut overridden = options(&clock(), 10);
    overridden.overrides = persons().iter().map(|person| Note::sign(&text, &[person], 0).unwrap()).collect();
    let record = Record::open_on(files(&r), overridden).unwrap();
    let kept = record.cut().to_vec();
    assert!(kept.len() == 2 && kept[0].starts_with("damaged/log-00000002"), "{kept:?}");
    let piece = fs::read(r.join(&kept[1])).unwrap();
    assert!(vault.values().any(|bytes| bytes.ends_with(&piece) && !piece.is_empty()));
    // It cannot be erased item by item: it goes with the first erasure.
    assert_eq!(record.reader().audit(Depth::Hashes).err().map(|_| ()), Some(()), "no head is signed yet");
    record.checkpoint().unwrap();
    assert_eq!(record.reader().audit(Depth::Everything).unwrap().damaged, 2);
    record.erase(5, 0, "administrator", "a test").unwrap();
    assert!(!r.join(&kept[1]).exists() && r.join(&kept[0]).exists());
}

/// Where head and tiles are an older copy, the last batch looks like a torn tail: it is cut, and kept.
#[test]
fn what_is_cut_is_kept() {
    let dir = story("cut");
    let r = dir.join("r");
    fs::remove_dir_all(r.join("tile")).unwrap();
    copy(&dir.join("old/tile"), &r.join("tile"));
    fs::copy(dir.join("old/checkpoint"), r.join("checkpoint")).unwrap();
    let _ = fs::remove_file(r.join("snapshot"));
    let before = fs::read(r.join("log/00000002")).unwrap();
    flip(&r, "log/00000002", frame(729) + 100);
    let record = Record::open_on(files(&r), options(&clock(), 10)).unwrap();
    let cut = usize::try_from(record.len()).unwrap();
    assert!(cut < 730);
    let piece = fs::read(r.join(&record.cut()[0])).unwrap();
    assert_eq!(piece.len(), before.len() - frame(cut));
    assert_eq!(piece[..100], before[frame(cut)..frame(cut) + 100]);
}

/// Whoever restores is told what the vault knows of and nobody has.
#[test]
fn an_older_mirror_is_told_from_a_newer() {
    let dir = story("older-mirror");
    let r = dir.join("r");
    fs::remove_file(r.join("checkpoint")).unwrap();
    fs::remove_dir_all(r.join("log")).unwrap();
    fs::remove_dir_all(r.join("tile")).unwrap();
    let _ = fs::remove_file(r.join("snapshot"));
    let restored = restore(&files(&r), &files(&dir.join("m300")), &verifiers()).unwrap();
    assert_eq!(restored.missing, 300..730);
    assert!(open(&r).unwrap_err().to_string().contains("the vault holds what opens them"));
    let restored = restore(&files(&r), &files(&dir.join("m")), &verifiers()).unwrap();
    assert_eq!(restored.missing, 700..730);
}

/// A folder with leaves whose file `record` is gone is not made anew.
#[test]
fn a_record_is_not_made_over_the_leaves_of_another() {
    let dir = story("over");
    let r = dir.join("r");
    let about = fs::read(r.join("record")).unwrap();
    fs::remove_file(r.join("record")).unwrap();
    let before = everything(&r);
    let error = Record::init_on(files(&r), options(&clock(), 10)).err().unwrap().to_string();
    assert!(error.contains("whose file `record` is gone"), "{error}");
    assert_eq!(everything(&r), before);
    fs::write(r.join("record"), about).unwrap();
    whole(&r, 730);
}

struct Knows(Note);

impl Peer for Knows {
    fn name(&self) -> String {
        "a mirror".into()
    }

    fn latest(&self) -> Result<Known, String> {
        Ok(Known::Head(self.0.clone()))
    }
}

/// Nothing is cut before those who may know more were asked.
#[test]
fn a_torn_tail_is_cut_only_when_nobody_knows_more() {
    let dir = story("torn");
    let old = dir.join("old");
    let mut bytes = fs::read(old.join("log/00000001")).unwrap();
    bytes.extend_from_slice(&[7; 100]);
    fs::write(old.join("log/00000001"), &bytes).unwrap();
    let segment = || fs::read(old.join("log/00000001")).unwrap();
    let mut asked = options(&clock(), 10);
    let newest = Note::parse(&fs::read(dir.join("m/checkpoint")).unwrap()).unwrap();
    asked.peers.push(Box::new(Knows(newest)));
    let refused = Record::open_on(files(&old), asked);
    assert!(matches!(refused, Err(Error::PeerDisagrees { .. })));
    assert_eq!(segment(), bytes, "nothing was cut");
    whole(&old, 300);
    assert_eq!(segment().len() + 100, bytes.len());
}
