//! The bytes of the vault's frames. Nobody but the vault reads them, so they are plain concatenations: integers
//! little-endian, texts after their length in one byte.
//!
//! ```text
//! head of a file: ephemeral key 32 | roles u8 | each: name, key 32, wrapped data key 48
//! item:           recorded at i64 | parts u8 | each: kept u8 | raw u8 | category | hash 32
//!                                              | roles u8 | each: role u8, wrapped key 48 | length u32 | ciphertext
//! erasures are said: 0 u8 | leaf that says it u64 | salt 32 | the openings of that leaf
//! erasure:        1 u8 | leaf u64 | part u8 | at i64 | by | why | leaf that says it u64
//! ```

use super::{Erasure, Holds, Role, Said};

const WRAPPED: usize = 48;

pub(super) struct Head {
    pub(super) ephemeral: [u8; 32],
    pub(super) roles: Vec<(Role, Vec<u8>)>,
}

pub(super) struct Body {
    /// When it was recorded, microseconds since 1970.
    pub(super) created: i64,
    pub(super) parts: Vec<Part>,
}

pub(super) struct Part {
    pub(super) holds: Holds,
    pub(super) category: String,
    /// SHA-256 of the ciphertext; stays when that is erased.
    pub(super) hash: [u8; 32],
    /// Then the keys and the ciphertext are zeros of the same length: nothing moves when a part is erased.
    pub(super) erased: bool,
    /// By number of the role in the head of the file.
    pub(super) keys: Vec<(u8, Vec<u8>)>,
    pub(super) ciphertext: Vec<u8>,
}

impl Part {
    pub(super) fn erase(&mut self) {
        self.erased = true;
        self.keys.iter_mut().for_each(|(_, wrapped)| wrapped.fill(0));
        self.ciphertext.fill(0);
    }
}

/// A short text: names of roles and categories, cut at 255 bytes at a character's end.
fn text(out: &mut Vec<u8>, text: &str) {
    let end = (0..=text.len().min(255)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    out.push(u8::try_from(end).expect("at most 255"));
    out.extend_from_slice(&text.as_bytes()[..end]);
}

/// Reads from the front; `None` as soon as something is missing.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.u8()?;
        String::from_utf8(self.take(length.into())?.to_vec()).ok()
    }
}

impl Head {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = self.ephemeral.to_vec();
        out.push(u8::try_from(self.roles.len()).expect("at most 16 roles"));
        for (role, wrapped) in &self.roles {
            text(&mut out, &role.name);
            out.extend_from_slice(&role.key);
            out.extend_from_slice(wrapped);
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Head> {
        let mut bytes = Bytes(bytes);
        let ephemeral = bytes.array()?;
        let roles = (0..bytes.u8()?)
            .map(|_| Some((Role { name: bytes.text()?, key: bytes.array()? }, bytes.take(WRAPPED)?.to_vec())))
            .collect::<Option<_>>()?;
        Some(Head { ephemeral, roles })
    }
}

impl Body {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = self.created.to_le_bytes().to_vec();
        out.push(u8::try_from(self.parts.len()).expect("at most 16 parts"));
        for part in &self.parts {
            out.push(u8::from(!part.erased));
            out.push(u8::from(part.holds == Holds::Raw));
            text(&mut out, &part.category);
            out.extend_from_slice(&part.hash);
            out.push(u8::try_from(part.keys.len()).expect("at most 16 roles"));
            for (role, wrapped) in &part.keys {
                out.push(*role);
                out.extend_from_slice(wrapped);
            }
            out.extend_from_slice(
                &u32::try_from(part.ciphertext.len()).expect("at most PART_MAX").to_le_bytes(),
            );
            out.extend_from_slice(&part.ciphertext);
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Body> {
        let mut bytes = Bytes(bytes);
        let created = i64::from_le_bytes(bytes.array()?);
        let mut parts = vec![];
        for _ in 0..bytes.u8()? {
            let erased = bytes.u8()? == 0;
            let holds = if bytes.u8()? == 0 { Holds::Openings } else { Holds::Raw };
            let category = bytes.text()?;
            let hash = bytes.array()?;
            let keys = (0..bytes.u8()?)
                .map(|_| Some((bytes.u8()?, bytes.take(WRAPPED)?.to_vec())))
                .collect::<Option<_>>()?;
            let length = usize::try_from(u32::from_le_bytes(bytes.array()?)).ok()?;
            let ciphertext = bytes.take(length)?.to_vec();
            parts.push(Part { holds, category, hash, erased, keys, ciphertext });
        }
        Some(Body { created, parts })
    }
}

/// What stands in the file of erasures.
pub(super) enum Note {
    /// A leaf of the hub says what is erased after it.
    Said(u64, Said),
    /// A part is erased.
    Erased(Erasure),
}

impl Note {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = vec![];
        match self {
            Note::Said(leaf, said) => {
                out.push(0);
                out.extend_from_slice(&leaf.to_le_bytes());
                out.extend_from_slice(&said.salt);
                out.extend_from_slice(&said.openings);
            }
            Note::Erased(erasure) => {
                out.push(1);
                out.extend_from_slice(&erasure.leaf.to_le_bytes());
                out.push(u8::try_from(erasure.part).expect("at most 16 parts"));
                out.extend_from_slice(&erasure.at.to_le_bytes());
                text(&mut out, &erasure.by);
                text(&mut out, &erasure.why);
                out.extend_from_slice(&erasure.said.to_le_bytes());
            }
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Note> {
        let mut bytes = Bytes(bytes);
        match bytes.u8()? {
            0 => {
                let leaf = u64::from_le_bytes(bytes.array()?);
                Some(Note::Said(leaf, Said { salt: bytes.array()?, openings: bytes.0.to_vec() }))
            }
            1 => Some(Note::Erased(Erasure {
                leaf: u64::from_le_bytes(bytes.array()?),
                part: bytes.u8()?.into(),
                at: i64::from_le_bytes(bytes.array()?),
                by: bytes.text()?,
                why: bytes.text()?,
                said: u64::from_le_bytes(bytes.array()?),
            })),
            _ => None,
        }
    }
}
