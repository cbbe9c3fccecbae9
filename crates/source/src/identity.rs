//! Identities of observations and keys of texts.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use truce::{Id, Name};

/// Gives each record of a file its identity:
///
/// `SHA-256(P || n)`, where `P = SHA-256("truceline observation 1" || len(source) || source || len(raw) || raw)`,
/// `raw` is the record as delivered (a line without its line end; lines of one record joined by LF; a JSON
/// object from brace to brace), lengths and `n` are 64-bit big-endian, and `n` counts the earlier records of
/// the file that are byte for byte the same. So identical rows differ, and the set of identities doesn't
/// depend on the order of the rows.
#[derive(Default)]
pub(crate) struct Identities {
    // 16 bytes of P are enough to tell records apart, and keep a million rows in some 30 MB.
    seen: HashMap<u128, u32>,
}

impl Identities {
    pub(crate) fn next(&mut self, source: &Name, raw: &[u8]) -> Id {
        let mut hash = Sha256::new();
        hash.update(b"truceline observation 1");
        for part in [source.as_bytes(), raw] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let record = hash.finalize();
        let mut key = [0; 16];
        key.copy_from_slice(&record[..16]);
        let earlier = self.seen.entry(u128::from_be_bytes(key)).or_insert(0);
        let mut hash = Sha256::new();
        hash.update(record);
        hash.update(u64::from(*earlier).to_be_bytes());
        *earlier += 1;
        Id(hash.finalize().into())
    }
}

/// Key of a text: the first 64 bits of the SHA-256 of its letters and digits in lower case, with everything
/// between them folded to one space. Reports with one key repeat each other. `None` for a text without any.
pub fn text_key(text: &str) -> Option<u64> {
    let folded = fold(text);
    if folded.is_empty() {
        return None;
    }
    let mut key = [0; 8];
    key.copy_from_slice(&Sha256::digest(folded.as_bytes())[..8]);
    Some(u64::from_be_bytes(key))
}

/// Letters and digits in lower case, everything between them one space.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.extend(c.to_lowercase());
        } else {
            gap = true;
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_have_one_key_whatever_their_punctuation() {
        let key = text_key("У Куп'янську - вибух!").unwrap();
        assert_eq!(text_key("  у КУП’ЯНСЬКУ: вибух"), Some(key));
        assert_ne!(text_key("У Куп'янську вибухи"), Some(key));
        assert_eq!(text_key(" ... "), None);
    }

    #[test]
    fn identical_rows_differ_and_order_does_not_matter() {
        let source = Name::from("a");
        let ids = |rows: &[&str]| {
            let mut identities = Identities::default();
            let mut ids: Vec<Id> = rows.iter().map(|row| identities.next(&source, row.as_bytes())).collect();
            ids.sort();
            ids
        };
        let forward = ids(&["x", "y", "x"]);
        assert_eq!(forward, ids(&["x", "x", "y"]));
        assert!(forward[0] != forward[1] && forward[1] != forward[2]);
        assert_ne!(
            Identities::default().next(&Name::from("b"), b"x"),
            Identities::default().next(&source, b"x")
        );
    }

    #[test]
    fn the_identity_is_as_documented() {
        // sha256(sha256("truceline observation 1" + pack(">Q", 1) + "a" + pack(">Q", 1) + "x") + pack(">Q", 0))
        let id = Identities::default().next(&Name::from("a"), b"x");
        assert_eq!(id.to_string(), "7fab5ca031f4");
    }
}
