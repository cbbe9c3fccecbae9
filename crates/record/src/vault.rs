//! The vault: openings and raw bytes, one item for each leaf, durable before the leaf, erasable part by part.
//!
//! An [`Item`] is what is kept about a leaf; its parts differ in who may read them and for how long they are kept
//! (the coarse fields, the fine ones, the raw bytes). Each part is encrypted where the statement is made, with a key
//! of its own (ChaCha20-Poly1305, RFC 8439). Openings prove themselves against the leaf's root; of raw bytes the leaf
//! names the hash over the ciphertexts. The vault keeps the key of
//! a part only wrapped, once for each role that may read it: a role's data key, new for each file of the vault, is
//! wrapped for the role's X25519 key (RFC 7748, HKDF-SHA-256 of RFC 5869), and the key of the part under that. The
//! writer forgets the data keys when it moves to the next file, so that whoever takes the machine can read nothing
//! that was written before.
//!
//! Erasing overwrites the wrapped keys and the ciphertext in place, after a leaf of the hub that says so and a durable note of
//! who, when and why, with what opens that leaf. Leaf, hash and note stay. Overwriting cannot reach copies that a drive keeps out of sight: `docs/keys.md` says what to do.

mod body;

use crate::damaged;
use crate::entropy::Entropy;
use crate::error::{Context, Error};
use crate::frame::{self, Tail};
use crate::storage::{self, Storage};
use body::Body;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use verify::Refusal;
use verify::field::{Field, Openings, Token, Value};
use verify::leaf::{Kind, Statement};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

/// A file of the vault ends after so many bytes; the next has new data keys.
const FILE: u64 = 16 << 20;
/// The longest part, in bytes.
pub const PART_MAX: usize = 32 << 20;
/// The most parts of an item, and the most roles.
pub const PARTS_MAX: usize = 16;
const ERASURES: &str = "vault/erasures";

/// A role that may read: its name and its X25519 public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// As the mission file names it.
    pub name: String,
    /// X25519 public key.
    pub key: [u8; 32],
}

/// A role's secret key. Held by the people of that role, never by the machine that records.
pub struct RoleKey {
    name: String,
    secret: StaticSecret,
    last: Mutex<Option<Unwrapped>>,
}

/// A data key that was unwrapped, and the ephemeral key of the file that it is for.
struct Unwrapped {
    ephemeral: [u8; 32],
    data_key: Zeroizing<[u8; 32]>,
}

impl RoleKey {
    /// The key of role `name`, from its 32 secret bytes.
    #[must_use]
    pub fn new(name: &str, secret: [u8; 32]) -> RoleKey {
        RoleKey { name: name.to_owned(), secret: secret.into(), last: Mutex::new(None) }
    }

    /// What others need to write for this role.
    #[must_use]
    pub fn role(&self) -> Role {
        Role { name: self.name.clone(), key: PublicKey::from(&self.secret).to_bytes() }
    }
}

/// What a part holds, and so what it is checked against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Openings of the leaf, all or (with the others erased) some: they prove themselves against the leaf's root.
    Openings,
    /// Bytes as they came: their ciphertext is covered by the hash in the leaf.
    Raw,
}

/// One part of an item: a ciphertext, its key, who may read it, and how long it is kept.
#[derive(Clone)]
pub struct Part {
    /// What it holds.
    pub holds: Holds,
    /// The category by which it is kept ("raw", "fine", ...); retention is per category.
    pub category: String,
    /// The roles that may read it.
    pub roles: Vec<String>,
    key: Zeroizing<[u8; 32]>,
    ciphertext: Vec<u8>,
}

impl Part {
    /// Encrypts `bytes` with a new key.
    ///
    /// # Errors
    /// If they are longer than [`PART_MAX`].
    pub fn seal(
        holds: Holds,
        category: &str,
        roles: &[&str],
        bytes: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Part, Error> {
        if bytes.len() > PART_MAX {
            return Err(Error::Asked(format!(
                "a part of {} bytes is too long for the vault (at most {PART_MAX}); cut it into several",
                bytes.len()
            )));
        }
        let key = Zeroizing::new(entropy.bytes32());
        // The key is used for this one message, so the nonce may be zero.
        let ciphertext = encrypt(&key, 0, &[], bytes);
        let roles = roles.iter().map(|&role| role.to_owned()).collect();
        Ok(Part { holds, category: category.to_owned(), roles, key, ciphertext })
    }

    /// A part that was sealed elsewhere.
    pub(crate) fn sealed(
        holds: Holds,
        category: String,
        roles: Vec<String>,
        key: Zeroizing<[u8; 32]>,
        ciphertext: Vec<u8>,
    ) -> Part {
        Part { holds, category, roles, key, ciphertext }
    }

    pub(crate) fn key(&self) -> &[u8; 32] {
        &self.key
    }

    pub(crate) fn ciphertext(&self) -> &[u8] {
        &self.ciphertext
    }

    /// What was sealed. The hub checks with it that the openings fit the leaf.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        decrypt(&self.key, 0, &[], &self.ciphertext)
    }
}

/// What is kept about one leaf.
#[derive(Clone, Default)]
pub struct Item {
    /// Its parts, at most [`PARTS_MAX`].
    pub parts: Vec<Part>,
}

impl Item {
    /// The ciphertext hash that stands in the leaf: SHA-256 over the SHA-256 of the ciphertext of each raw part, so that
    /// it can still be checked when one is erased. `None` without raw parts; the leaf then holds random bytes.
    #[must_use]
    pub fn hash(&self) -> Option<[u8; 32]> {
        item_hash(self.parts.iter().map(|part| (part.holds, Sha256::digest(&part.ciphertext).into())))
    }
}

fn item_hash(parts: impl Iterator<Item = (Holds, [u8; 32])>) -> Option<[u8; 32]> {
    let mut raw = parts.filter(|(holds, _)| *holds == Holds::Raw).map(|(_, hash)| hash).peekable();
    raw.peek()?;
    Some(raw.fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize().into())
}

/// A part as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The bytes that were sealed.
    Bytes {
        /// What they are.
        holds: Holds,
        /// The part's category.
        category: String,
        /// What was sealed.
        bytes: Vec<u8>,
    },
    /// This role may not read it.
    Closed {
        /// The part's category.
        category: String,
    },
    /// It was erased; the leaf still proves that it existed.
    Erased(Erasure),
}

/// The note of an erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Of which leaf.
    pub leaf: u64,
    /// Which part of its item, from 0.
    pub part: usize,
    /// When, microseconds since 1970.
    pub at: i64,
    /// By whom: a role or a rule.
    pub by: String,
    /// Why: one line.
    pub why: String,
    /// The leaf of the hub that says so.
    pub said: u64,
}

/// What opens the leaf that says what was erased, kept with the notes: whoever has the record can prove the erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// Before the reason in its hash, so that nobody finds the reason by trying.
    pub(crate) salt: [u8; 32],
    /// The openings of the leaf.
    pub(crate) openings: Vec<u8>,
}

/// Parts that one leaf can name.
pub(crate) const SAID_AT_ONCE: usize = verify::field::LIST_MAX / 2;
/// Stands in a note for all parts of an item that is damaged and was declared lost.
pub(crate) const LOST: usize = PARTS_MAX;
/// The longest reason, in bytes.
pub const WHY_MAX: usize = 255;

impl Erasure {
    /// What the leaf says that erases `parts` (leaf and number of the part), by whom, when, and why: of the reason, which
    /// is free text, only a salted hash.
    pub(crate) fn statement(
        parts: &[(u64, usize)],
        by: &Token,
        at: i64,
        why: &str,
        salt: &[u8; 32],
    ) -> Result<Statement, Refusal> {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let parts = parts.iter().flat_map(|(leaf, part)| [number(*leaf), number(*part as u64)]);
        let fields = vec![
            Field::new("erased.parts", Value::ints(parts))?,
            Field::new("erased.at", Value::int(at))?,
            Field::new("erased.by", Value::token(by.as_str())?)?,
            Field::new("erased.why", Value::hash(Erasure::reason(why, salt)))?,
        ];
        Ok(Statement::new(Kind::Correction, fields))
    }

    /// Of a part that was erased, when the note of it is lost.
    fn without_note(leaf: u64, part: usize) -> Erasure {
        Erasure { leaf, part, at: 0, by: String::new(), why: String::new(), said: u64::MAX }
    }

    fn reason(why: &str, salt: &[u8; 32]) -> [u8; 32] {
        Sha256::new().chain_update(salt).chain_update(why).finalize().into()
    }

    /// Does the leaf say it, with these openings?
    pub(crate) fn is_said(&self, openings: &Openings, salt: &[u8; 32]) -> bool {
        let wanted = [i64::try_from(self.leaf).ok(), i64::try_from(self.part).ok()];
        let named = openings.value("erased.parts").and_then(Value::as_ints).is_some_and(|parts| {
            parts.as_chunks::<2>().0.iter().any(|[leaf, part]| [Some(*leaf), Some(*part)] == wanted)
        });
        named
            && openings.value("erased.at").and_then(Value::as_int) == Some(self.at)
            && openings.value("erased.by").and_then(Value::as_token) == Some(&self.by)
            && openings.value("erased.why").and_then(Value::as_hash)
                == Some(&Erasure::reason(&self.why, salt))
    }
}

/// A reason for an erasure: one line that says something.
pub(crate) fn reason(why: &str) -> Result<(), Error> {
    if why.trim().is_empty() || why.len() > WHY_MAX || why.chars().any(char::is_control) {
        return Err(Error::Asked(format!("the reason for an erasure is one line of 1 to {WHY_MAX} bytes")));
    }
    Ok(())
}

impl std::fmt::Display for Erasure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.by.is_empty() {
            return write!(
                f,
                "erased, and the note of when, by whom and why is lost; leaf {} still proves that it existed",
                self.leaf
            );
        }
        let time = truce::time::Time(self.at);
        write!(
            f,
            "erased on {time} by {} ({}); leaf {} still proves that it existed",
            self.by, self.why, self.leaf
        )
    }
}

/// How long a category is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The category of parts.
    pub category: String,
    /// Days from recording to erasure.
    pub days: u32,
}

struct Writing {
    /// Number of the file's first item.
    first: u64,
    length: u64,
    /// Each role with its data key of this file, in the order of the file's header.
    keys: Vec<(String, Zeroizing<[u8; 32]>)>,
}

/// A file of the vault in memory.
struct Loaded {
    first: u64,
    bytes: Vec<u8>,
    frames: Vec<frame::Frame>,
}

/// The vault of one record. Item *n* belongs to leaf *n*.
pub(crate) struct Vault {
    disk: Arc<dyn Storage>,
    entropy: Arc<dyn Entropy>,
    roles: Vec<Role>,
    /// The first item of each file.
    files: Vec<u64>,
    next: u64,
    writing: Option<Writing>,
    /// By leaf and part.
    erasures: BTreeMap<(u64, usize), Erasure>,
    /// What opens the leaves that say so, by leaf.
    said: BTreeMap<u64, Said>,
    /// Notes of erasures so far, and where the last ends.
    notes: u64,
    notes_end: u64,
    last: Option<Arc<Loaded>>,
}

fn file_name(first: u64) -> String {
    format!("vault/{first:012}")
}

/// The numbers of the leaves with which the files begin, in order.
fn file_numbers(disk: &dyn Storage) -> Result<Vec<u64>, Error> {
    let names = disk.list("vault").context("listing", "vault")?;
    Ok(names.iter().filter_map(|name| name.parse().ok().filter(|_| name.len() == 12)).collect())
}

/// The number behind that of the last leaf of which anything is kept.
pub(crate) fn kept_until(disk: &dyn Storage) -> Result<u64, Error> {
    let Some(first) = file_numbers(disk)?.pop() else { return Ok(0) };
    let name = file_name(first);
    let bytes = disk.read(&name).context("reading", &name)?;
    let start = frame::read(&bytes, 0).map_or(0, |header| header.entry.end);
    Ok(first + frame::recover(&bytes, start, first).frames.len() as u64)
}

impl Vault {
    /// Opens the vault of a log that has `leaves` leaves, and finishes erasures that a power cut interrupted. `writer` is
    /// false for a reader, who changes nothing; a writer calls [`Vault::cut`] before it appends.
    pub(crate) fn open(
        disk: Arc<dyn Storage>,
        entropy: Arc<dyn Entropy>,
        roles: Vec<Role>,
        leaves: u64,
        writer: bool,
    ) -> Result<Vault, Error> {
        if roles.len() > PARTS_MAX {
            return Err(Error::Asked(format!("{} roles; the vault has room for {PARTS_MAX}", roles.len())));
        }
        let files = file_numbers(disk.as_ref())?;
        let mut vault = Vault {
            disk,
            entropy,
            roles,
            files,
            next: 0,
            writing: None,
            erasures: BTreeMap::new(),
            said: BTreeMap::new(),
            notes: 0,
            notes_end: 0,
            last: None,
        };
        let unfinished = vault.read_erasures()?;
        if writer {
            vault.overwrite(&unfinished)?;
        }
        vault.next = leaves;
        Ok(vault)
    }

    /// Cuts items whose leaf never came, and gives where they are kept; stops if a leaf has no item, unless `losing`: then
    /// somebody is about to declare what is lost.
    pub(crate) fn cut(&mut self, leaves: u64, losing: bool) -> Result<Vec<String>, Error> {
        let mut kept = vec![];
        let notes = self.disk.length(ERASURES).context("reading", ERASURES)?.unwrap_or(0);
        if notes > self.notes_end {
            let bytes = self.disk.read(ERASURES).context("reading", ERASURES)?;
            let piece = usize::try_from(self.notes_end).ok().and_then(|end| bytes.get(end..));
            kept.push(damaged::keep(self.disk.as_ref(), ERASURES, piece.unwrap_or_default())?);
            self.disk.set_length(ERASURES, self.notes_end).context("cutting", ERASURES)?;
            self.disk.sync(ERASURES).context("synchronising", ERASURES)?;
        }
        // A batch is kept here, then its leaves are written, and only then comes the next: of more than one batch without
        // leaves, all but the last had some.
        let mut batches = BTreeSet::new();
        for &first in self.files.iter().rev() {
            let name = file_name(first);
            let bytes = self.disk.read(&name).context("reading", &name)?;
            let start = frame::read(&bytes, 0).map_or(0, |header| header.entry.end);
            let found = frame::recover(&bytes, start, first).frames;
            batches.extend(found.iter().filter(|frame| frame.number >= leaves).map(|frame| frame.batch));
            if first < leaves {
                break;
            }
        }
        if batches.len() > 1 {
            return Err(Error::Damaged {
                file: "log".into(),
                leaf: Some(leaves),
                what: "it and later leaves are missing: the vault holds what opens them".into(),
            });
        }
        while let Some(&first) = self.files.last() {
            let name = file_name(first);
            let bytes = self.disk.read(&name).context("reading", &name)?;
            let header = frame::read(&bytes, 0);
            let damaged = |leaf, what: &str| Error::Damaged { file: name.clone(), leaf, what: what.into() };
            if first >= leaves {
                // No leaf of this file was ever acknowledged.
                kept.push(damaged::keep(self.disk.as_ref(), &name, &bytes)?);
                self.disk.remove(&name).context("removing", &name)?;
                self.disk.sync_dir("vault").context("synchronising", "vault")?;
                self.files.pop();
                continue;
            }
            let Some(header) = header else {
                if losing || (first..leaves).all(|leaf| self.is_kept_or_lost(leaf)) {
                    break;
                }
                return Err(damaged(Some(first), "the head of this file of the vault does not check"));
            };
            let recovery = frame::recover(&bytes, header.entry.end, first);
            let have = first + recovery.frames.len() as u64;
            // New items go to a file of their own: nothing is written behind what does not check.
            if have < leaves && (losing || (have..leaves).all(|leaf| self.is_kept_or_lost(leaf))) {
                break;
            }
            if have < leaves {
                return Err(damaged(
                    Some(have),
                    "what the vault keeps for this leaf does not check or is missing",
                ));
            }
            let keep = usize::try_from(leaves - first).expect("a file of the vault fits memory");
            let end = recovery.frames.get(keep - 1).map_or(header.entry.end, |frame| frame.entry.end);
            if end < bytes.len() {
                kept.push(damaged::keep(self.disk.as_ref(), &name, &bytes[end..])?);
                self.disk.set_length(&name, end as u64).context("cutting", &name)?;
                self.disk.sync(&name).context("synchronising", &name)?;
            }
            break;
        }
        self.next = leaves;
        if self.files.is_empty() && leaves > 0 && !losing {
            return Err(Error::Damaged {
                file: "vault".into(),
                leaf: Some(0),
                what: format!("the vault is empty, but the log has {leaves} leaves"),
            });
        }
        Ok(kept)
    }

    /// Adds the items of leaves `batch..`, durably.
    pub(crate) fn append<'a>(
        &mut self,
        items: impl IntoIterator<Item = &'a Item>,
        now: i64,
    ) -> Result<(), Error> {
        let batch = self.next;
        if self.writing.as_ref().is_none_or(|writing| writing.length >= FILE) {
            self.begin()?;
        }
        let writing = self.writing.as_mut().expect("just begun");
        let mut bytes = vec![];
        let mut number = batch;
        for item in items {
            let body = Body { created: now, parts: wrap_all(item, number, &writing.keys)? };
            frame::write(&mut bytes, number, batch, &body.encode());
            number += 1;
        }
        let name = file_name(writing.first);
        self.disk.write_at(&name, writing.length, &bytes).context("writing", &name)?;
        self.disk.sync(&name).context("synchronising", &name)?;
        writing.length += bytes.len() as u64;
        self.next = number;
        if self.last.as_ref().is_some_and(|last| last.first == writing.first) {
            self.last = None;
        }
        Ok(())
    }

    /// Begins a new file, with new data keys.
    fn begin(&mut self) -> Result<(), Error> {
        let first = self.next;
        let name = file_name(first);
        let ephemeral = StaticSecret::from(self.entropy.bytes32());
        let mut keys = vec![];
        let mut wrapped = vec![];
        for role in &self.roles {
            let data_key = Zeroizing::new(self.entropy.bytes32());
            let shared = ephemeral.diffie_hellman(&PublicKey::from(role.key));
            let wrapping =
                wrapping_key(shared.as_bytes(), &PublicKey::from(&ephemeral).to_bytes(), &role.key);
            wrapped.push(encrypt(&wrapping, 0, role.name.as_bytes(), &data_key[..]));
            keys.push((role.name.clone(), data_key));
        }
        let head = body::Head {
            ephemeral: PublicKey::from(&ephemeral).to_bytes(),
            roles: self.roles.iter().cloned().zip(wrapped).collect(),
        };
        let mut bytes = vec![];
        frame::write(&mut bytes, first, first, &head.encode());
        storage::make_parent(self.disk.as_ref(), &name).context("making the folder of", &name)?;
        self.disk.remove(&name).context("removing", &name)?;
        self.disk.write_at(&name, 0, &bytes).context("writing", &name)?;
        self.disk.sync(&name).context("synchronising", &name)?;
        self.disk.sync_dir("vault").context("synchronising", "vault")?;
        if self.files.last() != Some(&first) {
            self.files.push(first);
        }
        self.writing = Some(Writing { first, length: bytes.len() as u64, keys });
        Ok(())
    }

    /// Checks that a batch can be kept: every role is known, nothing is too long.
    pub(crate) fn accepts(&self, item: &Item) -> Result<(), String> {
        if item.parts.len() > PARTS_MAX {
            return Err(format!("it has {} parts; at most {PARTS_MAX} are kept", item.parts.len()));
        }
        for part in &item.parts {
            if part.ciphertext.len() > PART_MAX + 16 || part.category.len() > 255 {
                return Err(format!("its part `{}` is too long", verify::text::shown(&part.category)));
            }
            let known = |name: &String| self.roles.iter().any(|role| role.name == *name);
            if let Some(role) = part.roles.iter().find(|name| !known(name)) {
                return Err(format!("no key is known of the role `{}`", verify::text::shown(role)));
            }
        }
        Ok(())
    }

    /// Is there something for this leaf, or was it declared lost?
    fn is_kept_or_lost(&mut self, leaf: u64) -> bool {
        matches!(self.is_lost(leaf), Ok(false))
    }

    fn load(&mut self, leaf: u64) -> Result<Arc<Loaded>, Error> {
        let Some(first) = self.file_of(leaf) else {
            return Err(Error::Damaged {
                file: "vault".into(),
                leaf: Some(leaf),
                what: "no file of the vault holds this leaf's item".into(),
            });
        };
        if let Some(last) = self.last.as_ref().filter(|last| last.first == first) {
            return Ok(last.clone());
        }
        let name = file_name(first);
        let bytes = self.disk.read(&name).context("reading", &name)?;
        let start = frame::read(&bytes, 0).map_or(0, |header| header.entry.end);
        // One that does not check hides none of those behind it.
        let frames = frame::those_that_check(&bytes, start);
        let loaded = Arc::new(Loaded { first, bytes, frames });
        self.last = Some(loaded.clone());
        Ok(loaded)
    }

    fn body(&mut self, leaf: u64) -> Result<(Body, Arc<Loaded>), Error> {
        let loaded = self.load(leaf)?;
        let damaged = |what: &str| Error::Damaged {
            file: file_name(loaded.first),
            leaf: Some(leaf),
            what: what.into(),
        };
        let frame = loaded.frames.binary_search_by_key(&leaf, |frame| frame.number).ok();
        let frame = frame.and_then(|at| loaded.frames.get(at));
        let beyond = loaded.frames.last().is_none_or(|last| last.number < leaf);
        let frame = frame.ok_or_else(|| {
            damaged(match beyond {
                true => "what the vault keeps for this leaf does not check, or the file behind this one, which held it, is gone",
                false => "what the vault keeps for this leaf does not check",
            })
        })?;
        let body = Body::decode(&loaded.bytes[frame.entry.clone()]);
        Ok((body.ok_or_else(|| damaged("what the vault keeps for this leaf cannot be read"))?, loaded))
    }

    /// Opens the item of a leaf as far as this role may.
    pub(crate) fn open_item(&mut self, leaf: u64, key: &RoleKey) -> Result<Vec<Opened>, Error> {
        if let Some(note) = self.erasures.get(&(leaf, LOST)) {
            return Ok(vec![Opened::Erased(note.clone())]);
        }
        let (body, loaded) = self.body(leaf)?;
        let damaged = |what: &str| Error::Damaged {
            file: file_name(loaded.first),
            leaf: Some(leaf),
            what: what.into(),
        };
        let head = head(&loaded, leaf)?;
        let role = head.roles.iter().position(|(role, _)| *role == key.role());
        let data_key = match role {
            Some(role) => {
                Some(unwrap_data_key(key, &head, role).ok_or_else(|| damaged("a data key does not unwrap"))?)
            }
            None => None,
        };
        let mut opened = vec![];
        for (at, part) in body.parts.into_iter().enumerate() {
            let category = part.category;
            if part.erased {
                // A lost note stops nobody from reading on: the audit names it.
                let note = self.erasures.get(&(leaf, at)).cloned();
                opened.push(Opened::Erased(note.unwrap_or_else(|| Erasure::without_note(leaf, at))));
                continue;
            }
            let wrapped = role.and_then(|role| part.keys.iter().find(|(of, _)| usize::from(*of) == role));
            opened.push(match (wrapped, &data_key) {
                (Some((_, wrapped)), Some(data_key)) => {
                    let bytes = decrypt(data_key, nonce(leaf, at), category.as_bytes(), wrapped)
                        .and_then(|key| key.try_into().ok())
                        .and_then(|key: [u8; 32]| decrypt(&key, 0, &[], &part.ciphertext));
                    let bytes = bytes.ok_or_else(|| damaged("a part does not decrypt"))?;
                    Opened::Bytes { holds: part.holds, category, bytes }
                }
                _ => Opened::Closed { category },
            });
        }
        Ok(opened)
    }

    /// The first leaf of the file that keeps the item of a leaf.
    pub(crate) fn file_of(&self, leaf: u64) -> Option<u64> {
        let at = self.files.partition_point(|first| *first <= leaf);
        at.checked_sub(1).and_then(|at| self.files.get(at)).copied()
    }

    /// The file that keeps the item of a leaf, and the roles and keys for which it is wrapped; `None` where the item was
    /// declared lost.
    pub(crate) fn wrapped_for(&mut self, leaf: u64) -> Result<Option<(String, Vec<Role>)>, Error> {
        if self.erasures.contains_key(&(leaf, LOST)) {
            return Ok(None);
        }
        let (_, loaded) = self.body(leaf)?;
        let roles = head(&loaded, leaf)?.roles.into_iter().map(|(role, _)| role).collect();
        Ok(Some((file_name(loaded.first), roles)))
    }

    /// The ciphertext hash of a leaf's item as the vault holds it; the parts that are still there are hashed again.
    pub(crate) fn check(&mut self, leaf: u64) -> Result<Option<[u8; 32]>, Error> {
        if self.erasures.contains_key(&(leaf, LOST)) {
            return Ok(None);
        }
        let (body, loaded) = self.body(leaf)?;
        head(&loaded, leaf)?;
        for (at, part) in body.parts.iter().enumerate() {
            if part.erased && !self.erasures.contains_key(&(leaf, at)) {
                return Err(Error::Damaged {
                    file: ERASURES.into(),
                    leaf: Some(leaf),
                    what: format!(
                        "the part `{}` was erased, and the note of it is gone; if no copy has it, `record erase` with \
                         --part {at} says again by whom and why",
                        part.category
                    ),
                });
            }
            if !part.erased && <[u8; 32]>::from(Sha256::digest(&part.ciphertext)) != part.hash {
                return Err(Error::Damaged {
                    file: file_name(loaded.first),
                    leaf: Some(leaf),
                    what: format!("the part `{}` is not what was recorded", part.category),
                });
            }
        }
        Ok(item_hash(body.parts.iter().map(|part| (part.holds, part.hash))))
    }

    /// Does what is kept of a leaf not check, and did nobody say so yet?
    pub(crate) fn is_lost(&mut self, leaf: u64) -> Result<bool, Error> {
        match self.check(leaf) {
            Err(Error::Damaged { file, .. }) => Ok(file != ERASURES),
            other => other.map(|_| false),
        }
    }

    /// Those of these parts that are still there, or whose erasure nothing tells of any more.
    pub(crate) fn still_there(&mut self, parts: &[(u64, usize)]) -> Result<Vec<(u64, usize)>, Error> {
        let mut there = vec![];
        for (leaf, part) in parts {
            if *part == LOST {
                there.extend(self.is_lost(*leaf)?.then_some((*leaf, LOST)));
                continue;
            }
            let (body, _) = self.body(*leaf)?;
            match body.parts.get(*part) {
                None => return Err(Error::Asked(format!("the item of leaf {leaf} has no part {part}"))),
                Some(of) if of.erased && self.erasures.contains_key(&(*leaf, *part)) => {}
                Some(_) => there.push((*leaf, *part)),
            }
        }
        Ok(there)
    }

    /// Erases parts of items, as the leaf `leaf` says. The notes are durable before the first byte is overwritten.
    pub(crate) fn erase(&mut self, leaf: u64, said: Said, open: &[Erasure]) -> Result<(), Error> {
        let batch = self.notes;
        let mut bytes = vec![];
        let notes = open.iter().map(|erasure| body::Note::Erased(erasure.clone()));
        for (number, note) in
            (batch..).zip(std::iter::once(body::Note::Said(leaf, said.clone())).chain(notes))
        {
            frame::write(&mut bytes, number, batch, &note.encode());
        }
        self.disk.write_at(ERASURES, self.notes_end, &bytes).context("writing", ERASURES)?;
        self.disk.sync(ERASURES).context("synchronising", ERASURES)?;
        if batch == 0 {
            self.disk.sync_dir("vault").context("synchronising", "vault")?;
        }
        self.notes_end += bytes.len() as u64;
        self.notes += 1 + open.len() as u64;
        self.said.insert(leaf, said);
        self.erasures.extend(open.iter().map(|erasure| ((erasure.leaf, erasure.part), erasure.clone())));
        self.overwrite(open)?;
        damaged::forget_vault(self.disk.as_ref())
    }

    /// The notes of all erasures, and of the last batch of them those whose overwriting a power cut may have torn.
    fn read_erasures(&mut self) -> Result<Vec<Erasure>, Error> {
        if self.disk.length(ERASURES).context("reading", ERASURES)?.is_none() {
            return Ok(vec![]);
        }
        let bytes = self.disk.read(ERASURES).context("reading", ERASURES)?;
        let recovery = frame::recover(&bytes, 0, 0);
        let damaged = || Error::Damaged {
            file: ERASURES.into(),
            leaf: None,
            what: "a note of an erasure does not check".into(),
        };
        // A note that does not check, before others, stops nobody: what it told of is erased without a note, and the audit
        // names it.
        let (frames, end) = match recovery.tail {
            Tail::Damaged { .. } => (frame::those_that_check(&bytes, 0), bytes.len()),
            Tail::Clean | Tail::Torn => (recovery.frames, recovery.end),
        };
        let last = frames.last().map_or(0, |frame| frame.batch);
        let mut unfinished = vec![];
        for frame in &frames {
            match body::Note::decode(&bytes[frame.entry.clone()]).ok_or_else(damaged)? {
                body::Note::Said(leaf, said) => _ = self.said.insert(leaf, said),
                body::Note::Erased(erasure) => {
                    self.erasures.insert((erasure.leaf, erasure.part), erasure.clone());
                    if frame.batch >= last {
                        unfinished.push(erasure);
                    }
                }
            }
        }
        // Without what opens the leaf that says so, a note proves nothing.
        self.erasures.retain(|_, erasure| self.said.contains_key(&erasure.said));
        unfinished.retain(|erasure| self.said.contains_key(&erasure.said));
        self.notes = frames.last().map_or(0, |frame| frame.number + 1);
        self.notes_end = end as u64;
        Ok(unfinished)
    }

    /// Overwrites parts with zeros, in place, each file synchronised once. Nothing moves, so that whatever sectors a
    /// power cut loses, doing it again ends it.
    fn overwrite(&mut self, erasures: &[Erasure]) -> Result<(), Error> {
        let mut by_file: BTreeMap<u64, BTreeMap<u64, Vec<usize>>> = BTreeMap::new();
        // What is lost lies in a frame that does not check: nothing says where its parts are.
        for erasure in erasures.iter().filter(|erasure| erasure.part != LOST) {
            let at = self.files.partition_point(|first| *first <= erasure.leaf);
            if let Some(first) = at.checked_sub(1).map(|at| self.files[at]) {
                by_file.entry(first).or_default().entry(erasure.leaf).or_default().push(erasure.part);
            }
        }
        self.last = None;
        for (first, parts) in by_file {
            let name = file_name(first);
            let bytes = self.disk.read(&name).context("reading", &name)?;
            let start = frame::read(&bytes, 0).map_or(0, |header| header.entry.end);
            let whole = frame::those_that_check(&bytes, start);
            for (leaf, parts) in parts {
                // One that does not check, where the one before it ends, was being erased when the power went.
                let before = whole.partition_point(|frame| frame.number < leaf);
                let frame_start = before.checked_sub(1).map_or(start, |at| whole[at].entry.end);
                let found = whole.get(before).filter(|frame| frame.number == leaf);
                let found = found.map(|frame| (frame.batch, frame.entry.clone()));
                let torn = || {
                    let (number, batch, entry) = frame::read_unchecked(&bytes, frame_start)?;
                    (number == leaf).then_some((batch, entry))
                };
                // What is damaged as well is gone, or to be declared lost: whoever erases now was told before this.
                let Some((batch, entry)) = found.or_else(torn) else { continue };
                let frame_start = entry.start - frame::HEADER;
                let Some(mut body) = Body::decode(&bytes[entry]) else { continue };
                for part in parts {
                    body.parts.get_mut(part).into_iter().for_each(body::Part::erase);
                }
                let mut frame = vec![];
                frame::write(&mut frame, leaf, batch, &body.encode());
                self.disk.write_at(&name, frame_start as u64, &frame).context("erasing in", &name)?;
            }
            self.disk.sync(&name).context("synchronising", &name)?;
        }
        Ok(())
    }

    /// The notes of what was erased, of one leaf or of all.
    pub(crate) fn erasures(&self, leaf: Option<u64>) -> impl Iterator<Item = &Erasure> {
        self.erasures.values().filter(move |erasure| leaf.is_none_or(|leaf| erasure.leaf == leaf))
    }

    /// What opens a leaf that says what was erased.
    pub(crate) fn said(&self, leaf: u64) -> Option<&Said> {
        self.said.get(&leaf)
    }

    /// How many parts were erased.
    pub(crate) fn erased(&self) -> u64 {
        self.erasures.len() as u64
    }

    /// The parts of all items that are past their category's time, by file order.
    pub(crate) fn expired(
        &mut self,
        retention: &[Retention],
        now: i64,
    ) -> Result<Vec<(u64, usize, String)>, Error> {
        const DAY: i64 = 86_400_000_000;
        let kept: BTreeMap<&str, i64> =
            retention.iter().map(|r| (r.category.as_str(), i64::from(r.days) * DAY)).collect();
        let mut expired = vec![];
        for leaf in 0..self.next {
            if self.erasures.contains_key(&(leaf, LOST)) {
                continue;
            }
            let (body, _) = self.body(leaf)?;
            for (at, part) in body.parts.iter().enumerate() {
                let due = kept.get(part.category.as_str()).is_some_and(|keep| now - body.created > *keep);
                if due && !part.erased {
                    expired.push((leaf, at, part.category.clone()));
                }
            }
        }
        Ok(expired)
    }
}

/// The head of a file of the vault, without which nothing in it can be opened.
fn head(loaded: &Loaded, leaf: u64) -> Result<body::Head, Error> {
    let head = frame::read(&loaded.bytes, 0).and_then(|frame| body::Head::decode(&loaded.bytes[frame.entry]));
    head.ok_or_else(|| Error::Damaged {
        file: file_name(loaded.first),
        leaf: Some(leaf),
        what: "the head of this file of the vault does not check".into(),
    })
}

/// Wraps the keys of an item's parts for the roles that may read them.
fn wrap_all(
    item: &Item,
    leaf: u64,
    keys: &[(String, Zeroizing<[u8; 32]>)],
) -> Result<Vec<body::Part>, Error> {
    let wrap_part = |(at, part): (usize, &Part)| {
        let mut wrapped = vec![];
        for name in &part.roles {
            let role = keys.iter().position(|(role, _)| role == name);
            let role = role.ok_or_else(|| Error::Asked(format!("no key is known of the role `{name}`")))?;
            let bytes = encrypt(&keys[role].1, nonce(leaf, at), part.category.as_bytes(), &part.key[..]);
            wrapped.push((u8::try_from(role).expect("at most 16 roles"), bytes));
        }
        Ok(body::Part {
            holds: part.holds,
            category: part.category.clone(),
            hash: Sha256::digest(&part.ciphertext).into(),
            erased: false,
            keys: wrapped,
            ciphertext: part.ciphertext.clone(),
        })
    };
    item.parts.iter().enumerate().map(wrap_part).collect()
}

/// A nonce that no other part of the same file has.
fn nonce(leaf: u64, part: usize) -> u128 {
    u128::from(leaf) << 8 | part as u128
}

fn cipher(key: &[u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(*key))
}

fn nonce_bytes(nonce: u128) -> Nonce {
    let mut bytes = [0; 12];
    bytes.copy_from_slice(&nonce.to_be_bytes()[4..]);
    Nonce::from(bytes)
}

pub(crate) fn encrypt(key: &[u8; 32], nonce: u128, aad: &[u8], msg: &[u8]) -> Vec<u8> {
    let sealed = cipher(key).encrypt(&nonce_bytes(nonce), Payload { msg, aad });
    sealed.expect("messages are far below the limit of the cipher (256 GiB)")
}

pub(crate) fn decrypt(key: &[u8; 32], nonce: u128, aad: &[u8], msg: &[u8]) -> Option<Vec<u8>> {
    cipher(key).decrypt(&nonce_bytes(nonce), Payload { msg, aad }).ok()
}

fn wrapping_key(shared: &[u8; 32], ephemeral: &[u8; 32], role: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    let info = [b"truceline vault role key v1\n".as_slice(), ephemeral, role].concat();
    Hkdf::<Sha256>::new(None, shared)
        .expand(&info, &mut key[..])
        .expect("32 bytes are a legal length for HKDF");
    key
}

fn unwrap_data_key(key: &RoleKey, head: &body::Head, role: usize) -> Option<Zeroizing<[u8; 32]>> {
    let mut last = key.last.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = last.as_ref().filter(|known| known.ephemeral == head.ephemeral) {
        return Some(known.data_key.clone());
    }
    let shared = key.secret.diffie_hellman(&PublicKey::from(head.ephemeral));
    let (role, wrapped) = &head.roles[role];
    let wrapping = wrapping_key(shared.as_bytes(), &head.ephemeral, &role.key);
    let data_key = decrypt(&wrapping, 0, role.name.as_bytes(), wrapped)?;
    let data_key = Zeroizing::new(<[u8; 32]>::try_from(data_key).ok()?);
    *last = Some(Unwrapped { ephemeral: head.ephemeral, data_key: data_key.clone() });
    Some(data_key)
}
