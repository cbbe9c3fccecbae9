//! The record as its users see it: append, head, proof, opening, erasure, restart.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::disk::SimulatedDisk;
use common::*;
use record::clock::Clock as _;
use record::entropy::MadeUp;
use record::storage::{Files, Storage as _};
use record::vault::{Opened, Retention};
use record::{Error, Reader, Record};
use std::sync::Arc;
use verify::checkpoint::Checkpoint;
use verify::leaf::{Kind, Leaf, Statement};
use verify::merkle;
use verify::note::Note;

fn size_of(head: &Note) -> Checkpoint {
    verifiers().iter().map(|key| Checkpoint::open(head, key).unwrap()).next_back().unwrap()
}

#[test]
fn what_was_appended_is_proved_opened_and_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let random = MadeUp::from_seed([5; 32]);
    let mut leaves = vec![];
    for round in 0..4u8 {
        let disk = Arc::new(Files::new(folder.path()).unwrap());
        let record = match round {
            0 => Record::init_on(disk, options(&clock, 9)).unwrap(),
            _ => Record::open_on(disk, options(&clock, 9 + round)).unwrap(),
        };
        let mut source = enrol(&record, 1);
        if round == 0 {
            leaves.push(vec![]);
        }
        for batch in 0..5 {
            let entries: Vec<_> = (0..40).map(|n| entry(&mut source, batch * 40 + n, &random)).collect();
            let hashes: Vec<_> = entries.iter().map(|entry| merkle::leaf_hash(&entry.leaf)).collect();
            let bytes: Vec<_> = entries.iter().map(|entry| entry.leaf.clone()).collect();
            let answer = record.append(entries).unwrap();
            assert_eq!(answer.first(), Some(leaves.len() as u64), "{:?}", answer.refused);
            assert_eq!(answer.receipt.leaves, hashes);
            verify::receipt::Receipt::open(&answer.note, &verifiers()[0]).unwrap();
            leaves.extend(bytes);
            if batch % 2 == 0 {
                assert_eq!(size_of(&record.checkpoint().unwrap()).size, leaves.len() as u64);
            }
        }
    }
    let record = Record::open(folder.path(), options(&clock, 20)).unwrap();
    let head = size_of(&record.checkpoint().unwrap());
    assert_eq!(head.size, 801);
    assert_eq!(record.leaves(1..801).unwrap(), leaves[1..]);
    for (index, proof) in record.reader().prove_all(0..801).unwrap().into_iter().enumerate() {
        let leaf = merkle::leaf_hash(&record.leaves(index as u64..index as u64 + 1).unwrap()[0]);
        merkle::verify_inclusion(&leaf, index as u64, head.size, &proof.path, &head.root).unwrap();
    }
    // A reader in another process sees the same; the liaison opens the coarse part alone.
    let reader = Reader::open(folder.path(), verifiers()).unwrap();
    for index in [1, 255, 256, 400, 800] {
        let opened = reader.open_leaf(index, &monitor()).unwrap();
        let Opened::Bytes { bytes, .. } = &opened[0] else { panic!("{opened:?}") };
        let number = i64::from_be_bytes(bytes[..].try_into().unwrap());
        assert_eq!(number, (index as i64 - 1) % 200);
        let Opened::Bytes { bytes, .. } = &opened[1] else { panic!("{opened:?}") };
        let openings = verify::field::Openings::decode(bytes).unwrap();
        assert_eq!(openings.root(), Leaf::parse(&leaves[index as usize]).unwrap().root);
        assert_eq!(openings.value("number").unwrap().as_int(), Some(number));
        assert!(matches!(&opened[2], Opened::Closed { category } if category == "coarse"));

        let opened = reader.open_leaf(index, &liaison()).unwrap();
        assert!(matches!(&opened[..2], [Opened::Closed { .. }, Opened::Closed { .. }]));
        let Opened::Bytes { bytes, .. } = &opened[2] else { panic!("{opened:?}") };
        let openings = verify::field::Openings::decode(bytes).unwrap();
        assert_eq!(openings.value("number").unwrap().as_int(), Some(number));
        assert_eq!(openings.value("time.exact"), None, "the liaison must not see the exact time");
    }
}

#[test]
fn what_is_erased_stays_proved_and_is_gone_from_the_disk() {
    let clock = clock();
    let disk = SimulatedDisk::new();
    let record = init(disk.clone(), &clock);
    let mut source = enrol(&record, 1);
    let random = MadeUp::from_seed([5; 32]);
    for number in 0..3 {
        assert_eq!(record.append(vec![entry(&mut source, number, &random)]).unwrap().refused, None);
    }
    record.checkpoint().unwrap();
    clock.set(NOW + 86_400_000_000);
    record.erase(2, 0, "administrator", "asked for").unwrap();
    let opened = record.open_leaf(2, &monitor()).unwrap();
    let Opened::Erased(note) = &opened[0] else { panic!("{opened:?}") };
    assert_eq!(
        note.to_string(),
        "erased on 2025-04-21T00:00:00Z by administrator (asked for); leaf 2 still proves that it existed"
    );
    assert!(matches!(opened[1], Opened::Bytes { .. }), "the openings were not erased");
    assert!(matches!(record.open_leaf(1, &monitor()).unwrap()[0], Opened::Bytes { .. }));

    // Retention: raw bytes for 30 days, everything else for ever.
    let retention = [Retention { category: "raw".into(), days: 30 }];
    assert_eq!(record.expire(&retention, clock.now()).unwrap(), 0);
    clock.set(NOW + 31 * 86_400_000_000);
    assert_eq!(record.expire(&retention, clock.now()).unwrap(), 2);
    assert_eq!(record.expire(&retention, clock.now()).unwrap(), 0);
    // Who, when and what are leaves; the notes prove it to whoever has the record, and forged notes prove nothing.
    record.checkpoint().unwrap();
    let reader = Reader::over(Arc::new(disk.clone()), verifiers());
    let notes = reader.erased(2).unwrap();
    assert_eq!((notes.len(), notes[0].part, notes[0].by.as_str()), (1, 0, "administrator"));
    let said = reader.erasure_openings(notes[0].said).unwrap();
    assert_eq!(said.value("kind").unwrap().as_token(), Some("correction"));
    assert_eq!(said.value("erased.parts").unwrap().as_ints(), Some(vec![2, 0]));
    let leaf = Leaf::parse(&record.leaves(notes[0].said..notes[0].said + 1).unwrap()[0]).unwrap();
    assert_eq!(leaf.root, said.root());
    assert_eq!(reader.erased(1).unwrap()[0].said, reader.erased(3).unwrap()[0].said, "one leaf names many");
    let size = record.len();
    for (by, why) in [("a\nb", "why"), ("An Admin", "why"), ("", "why"), ("a", ""), ("a", " "), ("a", "b\nc")]
    {
        let error = record.erase(2, 1, by, why).unwrap_err();
        assert!(matches!(error, Error::Asked(_)), "{by:?} {why:?}: {error}");
    }
    assert!(record.erase(2, 9, "administrator", "no such part").is_err());
    assert_eq!(record.len(), size, "what is refused is not said");
    reader.audit(record::audit::Depth::Everything).unwrap();
    let forged = disk.after_power_cut(disk.ops(), common::disk::Fate::Kept);
    let notes = forged.read("vault/erasures").unwrap();
    let (mut at, mut number, mut rewritten) = (0, 0, vec![]);
    while let Some(frame) = record::frame::read(&notes, at) {
        at = frame.entry.end;
        let text = String::from_utf8_lossy(&notes[frame.entry.clone()]).into_owned();
        let mut entry = notes[frame.entry].to_vec();
        if let Some(found) =
            text.contains("asked for").then(|| entry.windows(9).position(|w| w == b"asked for"))
        {
            entry[found.unwrap()..][..9].copy_from_slice(b"never saw");
        }
        record::frame::write(&mut rewritten, number, frame.batch, &entry);
        number += 1;
    }
    assert_ne!(notes, rewritten);
    forged.write_at("vault/erasures", 0, &rewritten).unwrap();
    let error =
        Reader::over(Arc::new(forged), verifiers()).audit(record::audit::Depth::Everything).unwrap_err();
    assert!(error.to_string().contains("vault/erasures, leaf 2: no leaf of the hub says"), "{error}");
    drop(record);
    let record = Record::open_on(Arc::new(disk), options(&clock, 10)).unwrap();
    for leaf in 1..4 {
        assert!(matches!(record.open_leaf(leaf, &monitor()).unwrap()[0], Opened::Erased(_)));
        record.prove(leaf).unwrap();
    }
}

#[test]
fn two_writers_are_one_too_many() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let _first = Record::init(folder.path(), options(&clock, 9)).unwrap();
    assert!(matches!(Record::open(folder.path(), options(&clock, 10)), Err(Error::Locked)));
}

/// For fixtures: keys, salts and clock given, the record has the same bytes everywhere.
#[test]
fn the_same_seeds_give_the_same_bytes() {
    let make = || {
        let disk = SimulatedDisk::new();
        let record = init(disk.clone(), &clock());
        let mut source = enrol(&record, 1);
        let random = MadeUp::from_seed([5; 32]);
        for batch in 0..3 {
            record.append((0..100).map(|n| entry(&mut source, batch * 100 + n, &random)).collect()).unwrap();
            record.checkpoint().unwrap();
        }
        disk.names()
            .into_iter()
            .map(|name| (record::storage::Storage::read(&disk, &name).unwrap(), name))
            .collect::<Vec<_>>()
    };
    let once = make();
    assert!(once.len() > 10);
    assert!(once == make());
}

/// The state from which the next start reads keeps up with a log that grows by several segments from head to head: a
/// start would read the whole log again if it did not.
#[test]
fn the_snapshot_keeps_up_with_a_log_that_grows_fast() {
    let disk = SimulatedDisk::new();
    let record = init(disk.clone(), &clock());
    let mut source = enrol(&record, 1);
    let random = MadeUp::from_seed([5; 32]);
    let mut snapshots = std::collections::BTreeSet::new();
    for head in 0..12 {
        record.append((0..1_280).map(|n| entry(&mut source, head * 1_280 + n, &random)).collect()).unwrap();
        record.checkpoint().unwrap();
        snapshots.extend(record::storage::Storage::read(&disk, "snapshot").ok());
    }
    assert!(snapshots.len() >= 3, "{} snapshots reached the disk under 12 heads", snapshots.len());

    // Lost, it is made again from what is read at the next start, though no segment is filled.
    drop((record, source));
    record::storage::Storage::remove(&disk, "snapshot").unwrap();
    let record = Record::open_on(Arc::new(disk.clone()), options(&clock(), 10)).unwrap();
    for _ in 0..40 {
        record.state(Statement::new(Kind::Heartbeat, vec![]), None).unwrap();
        record.checkpoint().unwrap();
    }
    assert!(disk.names().contains(&"snapshot".to_owned()));
}
