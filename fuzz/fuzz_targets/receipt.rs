//! A receipt has one encoding.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::receipt::Receipt;

fuzz_target!(|bytes: &[u8]| {
    let Ok(words) = str::from_utf8(bytes) else { return };
    if let Ok(receipt) = Receipt::parse(words) {
        assert_eq!(receipt.to_string(), words);
        for index in [0, 1, u64::MAX] {
            let _ = receipt.promised(index);
        }
    }
});
