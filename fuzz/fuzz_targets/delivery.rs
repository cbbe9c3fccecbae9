//! A delivery has one encoding, and a record answers any bytes with a receipt that it signed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use record::delivery;
use std::sync::OnceLock;
use verify::receipt::{Outcome, Receipt};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(entries) = delivery::decode(bytes) {
        assert_eq!(delivery::encode(&entries)[..], *bytes);
    }
    static RECORD: OnceLock<(tempfile::TempDir, record::Record)> = OnceLock::new();
    let (_, record) = RECORD.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let keys = record::Keys::from_seeds("example.org/fuzz", &[1; 32], &[2; 32]).expect("a name");
        let hub = verify::key::SourceKey::from_seed(&[3; 32]);
        let record = record::Record::init(folder.path(), record::Options::new(keys, hub)).expect("a record");
        (folder, record)
    });
    let answer = record.deliver(bytes, None, &|_, _| Ok(())).expect("the disk holds");
    // No source is enrolled, so that nothing is ever taken; and the answer is always signed.
    let keys = record::Keys::from_seeds("example.org/fuzz", &[1; 32], &[2; 32]).expect("a name");
    let receipt = Receipt::open(&answer.note, keys.ed25519.verifier()).expect("it is signed");
    assert!(matches!(receipt.outcome, Outcome::Refused { .. }));
});
