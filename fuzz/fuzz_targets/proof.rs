//! A proof has one encoding, and none that is made up verifies.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::merkle;
use verify::policy::Policy;
use verify::proof::Proof;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(proof) = Proof::parse(bytes) {
        assert_eq!(proof.to_string().as_bytes(), bytes);
        let policy = Policy::parse(b"quorum none\n").expect("a policy");
        assert!(proof.verify(b"entry", &policy).is_err());
    }
    // The tree's own verifiers on sizes and paths of any kind.
    if let Some((numbers, rest)) = bytes.split_first_chunk::<16>() {
        let (index, size) = numbers.split_at(8);
        let number = |part: &[u8]| part.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        let (index, size, path) = (number(index), number(size), rest.as_chunks::<32>().0);
        assert!(merkle::verify_inclusion(&[1; 32], index, size, path, &[2; 32]).is_err());
        let _ = merkle::verify_consistency(index, &[1; 32], size, &[2; 32], path);
    }
});
