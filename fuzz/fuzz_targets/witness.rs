//! A request to a witness has one encoding, and none that is made up is cosigned.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::note::{Algorithm, SignerKey};
use verify::witness::{AddCheckpoint, Answer};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(request.to_string().as_bytes(), bytes);
        let key = SignerKey::from_seed("record.example/hub", Algorithm::Ed25519, &[201; 32]).expect("a name");
        assert!(!matches!(request.judge(&[key.verifier().clone()], None), Answer::Cosign(_)));
    }
});
