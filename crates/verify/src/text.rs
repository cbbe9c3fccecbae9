//! Hexadecimal, base64 and decimal as the formats of the record write them: each value in exactly one way.

use crate::Hash;
use base64ct::{Base64, Encoding};

/// Standard base64 with padding (RFC 4648, section 4).
pub fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// The bytes of standard base64 with padding; `None` for any other spelling, stray trailing bits included.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

/// A hash in base64.
pub fn hash_from_base64(text: &str) -> Option<Hash> {
    from_base64(text)?.try_into().ok()
}

/// Lowercase hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
        text
    })
}

/// The bytes of lowercase hexadecimal; `None` for anything else.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// A number in decimal without sign or leading zeroes; `None` for any other spelling.
pub fn decimal(text: &str) -> Option<u64> {
    let plain = text == "0" || !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Text from a file made fit to be shown: control characters and what lies beyond 120 characters are left out.
pub fn shown(text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(120).collect();
    if text.chars().count() > 120 {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_one_spelling() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for wrong in ["", "00", "01", "+1", "-1", "1 ", " 1", "1_0", "18446744073709551616", "١"] {
            assert_eq!(decimal(wrong), None, "{wrong:?}");
        }
        assert_eq!(from_base64("AA=="), Some(vec![0]));
        for wrong in ["AA", "AA=", "AB==", "AA==\n", "A A=", "-_=="] {
            assert_eq!(from_base64(wrong), None, "{wrong:?}");
        }
        assert_eq!(from_hex("00ff"), Some(vec![0, 255]));
        for wrong in ["0", "0F", "0x", "zz"] {
            assert_eq!(from_hex(wrong), None, "{wrong:?}");
        }
    }
}
