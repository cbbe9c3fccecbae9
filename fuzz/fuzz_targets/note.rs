//! A note has one encoding; so have keys.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::note::{Note, Signature, SignerKey, VerifierKey};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
    }
    if let Ok(words) = str::from_utf8(bytes) {
        if let Ok(key) = VerifierKey::parse(words) {
            assert_eq!(key.to_string(), words);
        }
        if let Ok(key) = SignerKey::parse(words) {
            assert_eq!(*key.encode(), words);
        }
        if let Ok(signature) = Signature::parse(words) {
            assert_eq!(signature.to_string(), words);
        }
        let _ = Signature::parse_lines(words);
    }
});
