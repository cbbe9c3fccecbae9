//! A checkpoint has one encoding, and its message for ML-DSA-44 can be made or is refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::checkpoint::Checkpoint;
use verify::cosignature;
use verify::receipt::Receipt;

fuzz_target!(|bytes: &[u8]| {
    let Ok(words) = str::from_utf8(bytes) else { return };
    if let Ok(checkpoint) = Checkpoint::parse(words) {
        assert_eq!(checkpoint.to_string(), words);
        let message = cosignature::ml_dsa_message("w", 1, words);
        assert_eq!(message.is_ok(), checkpoint.origin.len() < 256);
        assert!(Receipt::parse(words).is_err(), "no text is both a checkpoint and a receipt");
    }
});
