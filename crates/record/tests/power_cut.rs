//! Power cuts at every moment, on a disk that loses, tears and reorders whatever was not synchronised. The oracle is
//! what was acknowledged: the receipts and heads that had gone out before the cut.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::disk::{Fate, Fault, SimulatedDisk};
use common::*;
use record::audit::Depth;
use record::entropy::MadeUp;
use record::sources::Source;
use record::storage::Storage;
use record::{Error, Reader, Record};
use std::collections::BTreeMap;
use std::sync::Arc;
use verify::Hash;
use verify::checkpoint::Checkpoint;
use verify::merkle;
use verify::note::{Algorithm, SignerKey};

/// What had gone out by some moment: leaves of receipts, the last head and the last that a witness signed, the parts that
/// were said to be erased, the keys that were enrolled and those that were revoked.
#[derive(Clone, Default)]
struct Promised {
    leaves: Vec<(u64, Vec<u8>)>,
    head: Option<Checkpoint>,
    cosigned: Option<Checkpoint>,
    erased: Vec<u64>,
    enrolled: Vec<Hash>,
    revoked: Vec<Hash>,
}

fn witness() -> SignerKey {
    SignerKey::from_seed("example.org/witness", Algorithm::Cosignature, &[40; 32]).unwrap()
}

/// A short life of a record: batches, heads, an erasure, a restart in between, across the end of a segment.
fn live(disk: &SimulatedDisk) -> Vec<Promised> {
    let clock = clock();
    let random = MadeUp::from_seed([5; 32]);
    let mut promised = vec![Promised::default()];
    let promise = |promised: &mut Vec<Promised>, change: &dyn Fn(&mut Promised)| {
        let mut next = promised.last().unwrap().clone();
        change(&mut next);
        promised.push(next);
        disk.mark(promised.len() as u64 - 1);
    };
    let mut number = 0;
    for life in 0..2u8 {
        let opened = match life {
            0 => Record::init_on(Arc::new(disk.clone()), options(&clock, 9)),
            _ => Record::open_on(Arc::new(disk.clone()), options(&clock, 10)),
        };
        let record = opened.unwrap();
        let mut source = enrol(&record, 1);
        promise(&mut promised, &|p| p.enrolled.push(source_key(1).pseudonym()));
        for batch in if life == 0 { [1, 3, 2, 240] } else { [3, 2, 6, 1] } {
            let entries: Vec<_> = (0..batch).map(|n| entry(&mut source, number + n, &random)).collect();
            number += batch;
            let bytes: Vec<_> = entries.iter().map(|entry| entry.leaf.clone()).collect();
            let first = record.append(entries).unwrap().first().unwrap();
            promise(&mut promised, &|p| p.leaves.extend((first..).zip(bytes.iter().cloned())));
            if batch != 3 {
                let note = record.checkpoint().unwrap();
                let head = Checkpoint::open(&note, &verifiers()[0]).unwrap();
                promise(&mut promised, &|p| p.head = Some(head.clone()));
                let signed = witness().sign(&note.text, 1_745_107_200).unwrap();
                record.cosign(&[signed], &[witness().verifier().clone()]).unwrap();
                promise(&mut promised, &|p| p.cosigned = Some(head.clone()));
            }
            if batch == 2 {
                record.erase(first, 0, "administrator", "asked for").unwrap();
                promise(&mut promised, &|p| p.erased.push(first));
                let captured = source_key(10 + life).pseudonym();
                enrol(&record, 10 + life);
                promise(&mut promised, &|p| p.enrolled.push(captured));
                record.revoke(&captured).unwrap();
                promise(&mut promised, &|p| p.revoked.push(captured));
            }
        }
    }
    promised
}

/// Opens what a power cut left and holds it against what was promised.
fn check(disk: SimulatedDisk, promised: &Promised, depth: Depth) -> Result<(), String> {
    let clock = clock();
    let opened = match disk.length("record").unwrap() {
        None if promised.leaves.is_empty() => return Ok(()),
        None => return Err("the record is lost".into()),
        Some(_) => Record::open_on(Arc::new(disk.clone()), options(&clock, 77)),
    };
    let record = opened.map_err(|error| format!("it does not open: {error}"))?;
    let head = record.checkpoint().map_err(|error| format!("it signs nothing: {error}"))?;
    let head = Checkpoint::open(&head, &verifiers()[0]).unwrap();
    let kept = record.leaves(0..head.size).map_err(|error| format!("a leaf is lost: {error}"))?;
    for (index, leaf) in &promised.leaves {
        if kept.get(*index as usize) != Some(leaf) {
            return Err(format!("leaf {index} is lost, or another"));
        }
        // Each of the first and the last, and some between: what they are kept in is the same for all.
        if index % 16 < 2 || *index as usize + 4 > kept.len() {
            record
                .open_leaf(*index, &monitor())
                .map_err(|error| format!("leaf {index} does not open: {error}"))?;
        }
    }
    let sources: BTreeMap<Hash, Source> = record.sources().into_iter().collect();
    if promised.enrolled.iter().any(|pseudonym| !sources.contains_key(pseudonym)) {
        return Err("a key that was enrolled is lost".into());
    }
    if promised.revoked.iter().any(|pseudonym| sources[pseudonym].revoked.is_none()) {
        return Err("a revocation is lost".into());
    }
    if let Some(before) = &promised.cosigned {
        let cosigned = record.reader().cosigned().map_err(|e| e.to_string())?;
        let seen = cosigned.filter(|note| matches!(note.signed_by(witness().verifier()), Ok(Some(_))));
        if seen.is_none_or(|note| Checkpoint::of_note(&note).unwrap().size < before.size) {
            return Err("a head that a witness signed is lost".into());
        }
    }
    if let Some(before) = &promised.head {
        let path = record.reader().prove_consistency(before.size, head.size).map_err(|e| e.to_string())?;
        merkle::verify_consistency(before.size, &before.root, head.size, &head.root, &path)
            .map_err(|error| format!("the head continues no earlier one: {error}"))?;
    }
    for leaf in &promised.erased {
        let opened = record.open_leaf(*leaf, &monitor()).map_err(|e| e.to_string())?;
        if !matches!(opened[0], record::vault::Opened::Erased(_)) {
            return Err(format!("what was erased of leaf {leaf} is back"));
        }
    }
    // It goes on.
    let mut source = enrol(&record, 1);
    let answer =
        record.append(vec![entry(&mut source, 1, &MadeUp::from_seed([6; 32]))]).map_err(|e| e.to_string())?;
    if let Some(refused) = answer.refused {
        return Err(refused.to_string());
    }
    record.checkpoint().map_err(|e| e.to_string())?;
    let reader = Reader::over(Arc::new(disk), verifiers());
    reader.audit(depth).map_err(|error| format!("the audit says: {error}"))?;
    Ok(())
}

/// All prefixes, each with everything unsynchronised lost and some other fates.
fn replay(disk: SimulatedDisk, seeds: u64) -> Vec<String> {
    let promised = live(&disk);
    let mut failures = vec![];
    for prefix in 0..=disk.ops() {
        let due = disk.marked(prefix).map_or(&promised[0], |mark| &promised[mark as usize]);
        let depth = if prefix % 16 == 0 { Depth::Everything } else { Depth::Hashes };
        let mut fates = vec![Fate::Lost];
        if prefix % 8 == 0 {
            fates.push(Fate::Kept);
        }
        // Torn, reordered, some lost: each moment once, at night (POWER_CUT_SEEDS=20) many times.
        fates.extend((0..seeds).map(|seed| Fate::Random(seed * 1_000_003 + prefix as u64)));
        for fate in fates {
            if let Err(why) = check(disk.after_power_cut(prefix, fate), due, depth) {
                failures.push(format!("after {prefix} operations, {fate:?}: {why}"));
            }
        }
        if failures.len() > 5 {
            break;
        }
    }
    failures
}

#[test]
fn nothing_acknowledged_is_lost_whatever_moment_the_power_goes() {
    let seeds = std::env::var("POWER_CUT_SEEDS").map_or(1, |seeds| seeds.parse().unwrap());
    let began = std::time::Instant::now();
    let failures = replay(SimulatedDisk::new(), seeds);
    println!("in {:?}", began.elapsed());
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_build_that_does_not_synchronise_loses_something() {
    let mut disk = SimulatedDisk::new();
    disk.ignore_sync = true;
    let promised = live(&disk);
    let last = promised.last().unwrap();
    let left = check(disk.after_power_cut(disk.ops(), Fate::Lost), last, Depth::Hashes);
    assert_eq!(left, Err("the record is lost".to_owned()), "the test above could not fail");
    let mut again = SimulatedDisk::new();
    again.ignore_sync = true;
    assert!(!replay(again, 1).is_empty(), "the test above could not fail");
}

/// `storage::replace` without the sync of the folder: what was replaced comes back.
#[test]
fn a_build_that_does_not_synchronise_names_loses_what_it_replaced() {
    let mut disk = SimulatedDisk::new();
    disk.ignore_sync_of_renames = true;
    let failures = replay(disk, 1);
    let expected = ["older than the log", "is gone", "is lost"];
    assert!(!failures.is_empty(), "the test above could not fail");
    assert!(failures.iter().any(|why| expected.iter().any(|word| why.contains(word))), "{failures:#?}");
}

/// Every operation fails once: nothing is acknowledged after it, the writer stops for good, and what was acknowledged
/// before is there after a restart.
#[test]
fn an_error_of_the_disk_stops_the_writer_and_loses_nothing() {
    let random = MadeUp::from_seed([5; 32]);
    // The same statements in each life: signed once.
    let mut signer = record::Signer::new(source_key(1));
    let batches: Vec<Vec<_>> =
        (0..7).map(|b| (0..45).map(|n| entry(&mut signer, b * 45 + n, &random)).collect()).collect();
    for fault in [Fault::Error, Fault::Full] {
        let mut nth = 0;
        loop {
            let disk = SimulatedDisk::new();
            let clock = clock();
            let record = init(disk.clone(), &clock);
            enrol(&record, 1);
            nth += 1;
            disk.fail(disk.count() + nth, fault);
            let mut promised = Promised::default();
            let mut failed = None;
            for entries in &batches {
                let entries = entries.clone();
                let bytes: Vec<_> = entries.iter().map(|entry| entry.leaf.clone()).collect();
                match record.append(entries) {
                    Ok(answer) => promised.leaves.extend((answer.first().unwrap()..).zip(bytes)),
                    Err(error) => failed = Some(error),
                }
                match record.checkpoint() {
                    Ok(head) => promised.head = Some(Checkpoint::open(&head, &verifiers()[0]).unwrap()),
                    Err(error) => failed = failed.or(Some(error)),
                }
                if let Some(error) = &failed {
                    assert!(matches!(error, Error::Storage { .. } | Error::Stopped(_)), "{error}");
                    // For good, even if the disk works again.
                    let again = record.append(batches[0].clone());
                    assert!(matches!(again, Err(Error::Stopped(_))));
                    assert!(matches!(record.checkpoint(), Err(Error::Stopped(_))));
                    break;
                }
            }
            drop(record);
            let Some(_) = failed else { break };
            disk.fail(0, Fault::Error);
            // After a failed sync nothing unsynchronised may be relied on.
            for fate in [Fate::Lost, Fate::Random(nth as u64)] {
                let left = disk.after_power_cut(disk.ops(), fate);
                check(left, &promised, Depth::Hashes)
                    .unwrap_or_else(|why| panic!("{fault:?} at operation {nth}: {why}"));
            }
        }
        assert!(nth > 40, "only {nth} operations were tried");
    }
}
