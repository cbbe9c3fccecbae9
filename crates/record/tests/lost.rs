//! What is damaged in the vault and no copy has: it is named, declared lost, and stops nobody for good.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::disk::{Fate, SimulatedDisk};
use common::*;
use record::audit::Depth;
use record::entropy::MadeUp;
use record::storage::Storage as _;
use record::vault::Opened;
use record::{Error, Reader, Record};
use std::sync::Arc;

fn open(disk: &SimulatedDisk, draw: u8, losing: bool) -> Result<Record, Error> {
    let mut options = options(&clock(), draw);
    options.losing = losing;
    Record::open_on(Arc::new(disk.clone()), options)
}

/// A record of 11 leaves in two files of the vault.
fn made() -> SimulatedDisk {
    let disk = SimulatedDisk::new();
    let random = MadeUp::from_seed([5; 32]);
    let record = init(disk.clone(), &clock());
    let mut source = enrol(&record, 1);
    record.append((0..5).map(|n| entry(&mut source, n, &random)).collect()).unwrap();
    drop(record);
    let record = open(&disk, 30, false).unwrap();
    record.append((5..10).map(|n| entry(&mut source, n, &random)).collect()).unwrap();
    record.checkpoint().unwrap();
    assert_eq!(record.len(), 11);
    drop(record);
    disk.after_power_cut(disk.ops(), Fate::Kept)
}

fn flip(disk: &SimulatedDisk, file: &str, at: usize) {
    let byte = disk.read(file).unwrap()[at] ^ 1;
    disk.write_at(file, at as u64, &[byte]).unwrap();
}

fn audit(disk: &SimulatedDisk) -> Result<record::audit::Audit, Error> {
    Reader::over(Arc::new(disk.clone()), verifiers()).audit(Depth::Everything)
}

/// Whatever byte of the vault is altered, the leaves concerned are named, and no others; once they are declared lost, the
/// record is written, read and audited on, and what lay behind them opens as before.
#[test]
fn what_is_damaged_is_declared_lost_and_the_record_goes_on() {
    let whole = made();
    let mut dice = 7_usize;
    for file in ["vault/000000000000", "vault/000000000006"] {
        let length = usize::try_from(whole.length(file).unwrap().unwrap()).unwrap();
        for round in 0..40 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // The head of the file, too, and its last byte.
            let at = match round {
                0 => 40,
                1 => length - 1,
                _ => (dice >> 33) % length,
            };
            let disk = whole.after_power_cut(whole.ops(), Fate::Kept);
            flip(&disk, file, at);
            let error = audit(&disk).unwrap_err().to_string();
            assert!(error.contains(file) && error.contains("record lost"), "{file} {at}: {error}");
            let record = open(&disk, 40, true).unwrap();
            let lost = record.lost().unwrap();
            let first = file[6..].parse::<u64>().unwrap();
            let all: Vec<u64> = (first..if first == 0 { 6 } else { 11 }).collect();
            assert!(lost.len() == 1 && all.contains(&lost[0]) || lost == all, "{file} {at}: {lost:?}");
            assert_eq!(record.lose(&lost, "administrator", "a bad disk, and no copy").unwrap(), lost.len());
            assert_eq!(record.lost().unwrap(), Vec::<u64>::new());
            record.checkpoint().unwrap();
            drop(record);

            let record = open(&disk, 41, false).unwrap();
            let random = MadeUp::from_seed([6; 32]);
            let mut source =
                record::Signer::resume(source_key(1), record.last_of(&source_key(1).pseudonym()));
            record.append(vec![entry(&mut source, 99, &random)]).unwrap();
            record.checkpoint().unwrap();
            for leaf in 1..11 {
                let opened = record.open_leaf(leaf, &monitor()).unwrap();
                let gone = matches!(&opened[..], [Opened::Erased(note)] if note.why.contains("a bad disk"));
                assert_eq!(gone, lost.contains(&leaf), "{file} {at} {leaf}");
            }
            assert_eq!(audit(&disk).unwrap().erased, lost.len() as u64);
            assert!(record.lose(&[1, 2], "administrator", "again").is_ok_and(|more| more == 0));
        }
    }
}

/// A file of the vault that is gone or empty, and of which something was erased; and a vault that is gone whole.
#[test]
fn a_lost_file_of_the_vault_is_declared_although_something_of_it_was_erased() {
    for gone in
        [&["vault/000000000000"][..], &["vault/000000000006"], &["vault/000000000000", "vault/000000000006"]]
    {
        for empty in [false, true] {
            let disk = made();
            let record = open(&disk, 60, false).unwrap();
            for leaf in [2, 8] {
                record.erase(leaf, 0, "administrator", "asked for").unwrap();
            }
            record.checkpoint().unwrap();
            drop(record);
            for file in gone {
                disk.remove(file).unwrap();
                if empty {
                    disk.write_at(file, 0, &[]).unwrap();
                    disk.sync(file).unwrap();
                }
            }
            let record = open(&disk, 61, true).unwrap();
            let lost = record.lost().unwrap();
            assert!(lost.len() >= 5, "{lost:?}");
            record.lose(&lost, "administrator", "a bad disk").unwrap();
            record.checkpoint().unwrap();
            drop(record);
            assert!(audit(&disk).is_ok(), "{gone:?} {empty}");
            drop(open(&disk, 62, false).unwrap());
        }
    }
}

/// Notes of erasures that are damaged, the last or an earlier one: nothing stops, the audit names what has no note, and
/// saying it again heals it. The damaged piece is kept.
#[test]
fn a_damaged_note_of_an_erasure_is_said_again() {
    let disk = made();
    let record = open(&disk, 50, false).unwrap();
    record.erase(2, 0, "administrator", "the first").unwrap();
    let first = disk.length("vault/erasures").unwrap().unwrap();
    record.erase(3, 0, "administrator", "the second").unwrap();
    let second = disk.length("vault/erasures").unwrap().unwrap();
    record.checkpoint().unwrap();
    drop(record);
    let erased = disk.after_power_cut(disk.ops(), Fate::Kept);
    for at in (0..second).step_by(7) {
        let disk = erased.after_power_cut(erased.ops(), Fate::Kept);
        flip(&disk, "vault/erasures", usize::try_from(at).unwrap());
        let leaf = if at < first { 2 } else { 3 };
        let error = audit(&disk).unwrap_err().to_string();
        assert!(
            error.contains(&format!("leaf {leaf}: ")) && error.contains("the note of it is gone"),
            "{at}: {error}"
        );
        let record = open(&disk, 51, false).unwrap();
        let opened = record.open_leaf(leaf, &monitor()).unwrap();
        let Opened::Erased(note) = &opened[0] else { panic!("{opened:?}") };
        assert!(note.to_string().contains("is lost"), "{note}");
        // Another erasure forgets no damaged note.
        record.erase(5, 0, "administrator", "the third").unwrap();
        if at >= first {
            assert_eq!(disk.list("damaged").unwrap(), ["vault-erasures.1"], "{at}");
        }
        record.erase(leaf, 0, "administrator", "once more").unwrap();
        record.checkpoint().unwrap();
        drop(record);
        assert_eq!(audit(&disk).unwrap().erased, 3, "{at}");
        drop(open(&disk, 52, false).unwrap());
    }
}
