//! A leaf has one encoding.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::leaf::Leaf;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(leaf) = Leaf::parse(bytes) {
        assert_eq!(leaf.encode(), bytes);
        assert!(leaf.verify(&[7; 32]).is_err());
    }
});
