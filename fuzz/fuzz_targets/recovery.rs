//! Recovery takes any bytes for a file: whatever it finds, the frames are whole, without a gap, and found again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use record::frame::{self, Tail};
use std::sync::Arc;

fuzz_target!(|bytes: &[u8]| {
    let first = bytes.first().map_or(0, |byte| u64::from(byte % 3));
    let recovery = frame::recover(bytes, 0, first);
    assert!(recovery.end <= bytes.len());
    let mut again = vec![];
    for (frame, number) in recovery.frames.iter().zip(first..) {
        assert_eq!(frame.number, number);
        frame::write(&mut again, frame.number, frame.batch, &bytes[frame.entry.clone()]);
    }
    assert_eq!(again, &bytes[..recovery.end], "what was kept is written the same");
    assert_eq!(recovery.tail == Tail::Clean, recovery.end == bytes.len());
    let cut = frame::recover(&bytes[..recovery.end], 0, first);
    assert_eq!((cut.frames, cut.tail), (recovery.frames, Tail::Clean), "cut once, it is clean");

    // The same bytes as each file of a small record: it opens or says why, and never panics.
    let Ok(folder) = tempfile::tempdir() else { return };
    let keys = || record::Keys::from_seeds("example.org/fuzz", &[1; 32], &[2; 32]).expect("a name");
    let hub = || verify::key::SourceKey::from_seed(&[3; 32]);
    let Ok(record) = record::Record::init(folder.path(), record::Options::new(keys(), hub())) else { return };
    drop(record);
    let files = ["log/00000000", "vault/000000000000", "vault/erasures", "snapshot", "sources", "checkpoint"];
    let file = folder.path().join(files[bytes.len() % files.len()]);
    if let Some(dir) = file.parent() {
        let _ = std::fs::create_dir_all(dir);
    }
    let _ = std::fs::write(&file, bytes);
    let disk = Arc::new(record::storage::Files::new(folder.path()).expect("a folder"));
    let mut options = record::Options::new(keys(), hub());
    options.entropy = Arc::new(record::entropy::MadeUp::from_seed([4; 32]));
    if let Ok(record) = record::Record::open_on(disk, options) {
        let _ = record.checkpoint();
        let _ = record.reader().audit(record::audit::Depth::Everything);
    }
});
