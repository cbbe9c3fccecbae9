//! A file of keys is read or refused, and comes out the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::keys::Keys;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(keys) = Keys::parse(bytes) {
        assert_eq!(Keys::parse(keys.to_string().as_bytes()), Ok(keys));
    }
});
