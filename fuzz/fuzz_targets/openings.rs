//! Openings in the vault have one encoding; opening files are read or refused, and prove nothing of a made-up leaf.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::field::Openings;
use verify::json;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(openings) = Openings::decode(bytes) {
        assert_eq!(openings.encode(), bytes);
        let root = openings.root();
        let _ = openings.show(|_, _| true).verify(&root);
    }
    if let Ok(view) = json::read(bytes) {
        assert_eq!(json::read(json::write(&view).as_bytes()), Ok(view.clone()));
        assert!(view.verify(&[7; 32]).is_err() || view.fields.is_empty());
    }
});
