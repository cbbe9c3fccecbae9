//! Power cuts at every moment, on a disk that loses, tears and reorders whatever was not synchronised. The oracle is
//! what was acknowledged: the receipts and heads that had gone out before the cut.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::disk::{Fate, Fault, SimulatedDisk};
use common::*;
use record::audit::Depth;
use record::entropy::MadeUp;
use record::storage::Storage;
use record::{Error, Reader, Record};
use std::sync::Arc;
use verify::checkpoint::Checkpoint;
use verify::merkle;

/// What had gone out by some moment: leaves of receipts, the last head, the parts that were said to be erased.
#[derive(Clone, Default)]
struct Promised {
    leaves: Vec<(u64, Vec<u8>)>,
    head: Option<Checkpoint>,
    erased: Vec<u64>,
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
        for batch in if life == 0 { [1, 3, 2, 240] } else { [3, 2, 6, 1] } {
            let entries: Vec<_> = (0..batch).map(|n| entry(&mut source, number + n, &random)).collect();
            number += batch;
            let bytes: Vec<_> = entries.iter().map(|entry| entry.leaf.clone()).collect();
            let first = record.append(entries).unwrap().first().unwrap();
            promise(&mut promised, &|p| p.leaves.extend((first..).zip(bytes.iter().cloned())));
            if batch != 3 {
                let head = record.checkpoint().unwrap();
                let head = Checkpoint::open(&head, &verifiers()[0]).unwrap();
                promise(&mut promised, &|p| p.head = Some(head.clone()));
            }
            if batch == 2 {
                record.erase(first, 0, "administrator", "asked for").unwrap();
                promise(&mut promised, &|p| p.erased.push(first));
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
        None => return Err("there is no record".into()),
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
        record
            .open_leaf(*index, &monitor())
            .map_err(|error| format!("leaf {index} does not open: {error}"))?;
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
fn replay(ignore_sync: bool, seeds: u64) -> Vec<String> {
    let mut disk = SimulatedDisk::new();
    disk.ignore_sync = ignore_sync;
    let promised = live(&disk);
    let mut failures = vec![];
    for prefix in 0..=disk.ops() {
        let due = disk.marked(prefix).map_or(&promised[0], |mark| &promised[mark as usize]);
        let depth = if prefix % 16 == 0 { Depth::Everything } else { Depth::Hashes };
        let mut fates = vec![Fate::Lost];
        if prefix % 8 == 0 {
            fates.push(Fate::Kept);
        }
        // Every day half of the moments get a random fate, at night (POWER_CUT_SEEDS=20) each gets many.
        if seeds > 1 || prefix % 2 == 0 {
            fates.extend((0..seeds).map(|seed| Fate::Random(seed * 1_000_003 + prefix as u64)));
        }
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
    let failures = replay(false, seeds);
    println!("in {:?}", began.elapsed());
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_build_that_does_not_synchronise_loses_something() {
    assert!(!replay(true, 1).is_empty(), "the test above could not fail");
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
