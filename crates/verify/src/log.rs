//! Checking a whole log from its files, as any client of tlog-tiles sees them.

use crate::checkpoint::Checkpoint;
use crate::keys::Keys;
use crate::leaf::Leaf;
use crate::merkle::{self, Range};
use crate::note::{NOTE_MAX, Note};
use crate::policy::{Policy, Vouched};
use crate::tile::{self, HEIGHT, Kind, Tile, WIDTH};
use crate::{Hash, Refusal, text};
use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use std::path::Path;

/// What the entries of a log are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// Leaves of Truceline: their form, their chains and, where keys are at hand, their signatures are checked.
    Leaves,
    /// Anything: only hashes are checked.
    Anything,
}

/// A log that was found whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Audit {
    /// Its head and who vouches for it.
    pub vouched: Vouched,
    /// Pseudonyms that have leaves in it.
    pub sources: usize,
    /// Leaves whose signature was checked, as the file of keys has their key.
    pub signatures: u64,
}

/// The first fault of a log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// At which leaf, where one is to blame.
    pub leaf: Option<u64>,
    /// What is wrong.
    pub refusal: Refusal,
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self { leaf: None, refusal }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.leaf {
            Some(leaf) => write!(f, "leaf {leaf}: {}", self.refusal),
            None => write!(f, "{}", self.refusal),
        }
    }
}

impl std::error::Error for Fault {}

/// Reads a file of at most `most` bytes.
///
/// # Errors
/// [`crate::Means::NotThere`] when it cannot be opened; [`crate::Means::Unreadable`], naming the file, when it is not a plain
/// file that can be read, or larger.
pub fn read_file(path: &Path, most: usize) -> Result<Vec<u8>, Refusal> {
    let shown = path.display();
    let bad = |why: std::io::Error| Refusal::unreadable(format!("`{shown}` cannot be read: {why}"));
    let file = std::fs::File::open(path)
        .map_err(|why| Refusal::not_there(format!("`{shown}` cannot be opened: {why}")))?;
    if !file.metadata().map_err(bad)?.is_file() {
        return Err(Refusal::unreadable(format!("`{shown}` is not a file")));
    }
    let mut bytes = Vec::new();
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(bad)?;
    if bytes.len() > most {
        return Err(Refusal::unreadable(format!(
            "`{shown}` is larger than the {most} bytes that such a file may have"
        )));
    }
    Ok(bytes)
}

/// Reads the file `checkpoint` of a log. This checks no signature.
///
/// # Errors
/// [`crate::Means::Unreadable`] when it is missing or no note.
pub fn head(folder: &Path) -> Result<Note, Refusal> {
    Note::parse(&read_file(&folder.join("checkpoint"), NOTE_MAX)?)
}

/// Reads a tile or bundle; where a partial one is gone, the full one that took its place.
fn read_tile(folder: &Path, tile: Tile) -> Result<(Vec<u8>, Tile), Refusal> {
    let most = match tile.kind {
        Kind::Hashes(_) => WIDTH as usize * 32,
        Kind::Entries => WIDTH as usize * (tile::ENTRY_MAX + 2),
    };
    read_file(&folder.join(tile.path()), most).map(|bytes| (bytes, tile)).or_else(|refusal| {
        let full = Tile { width: WIDTH as u16, ..tile };
        read_file(&folder.join(full.path()), most).map(|bytes| (bytes, full)).map_err(|_| refusal)
    })
}

fn hashes(folder: &Path, tile: Tile) -> Result<Vec<Hash>, Refusal> {
    let (bytes, found) = read_tile(folder, tile)?;
    let mut hashes = tile::hashes(&bytes, found.width).map_err(|refusal| refusal.at(found))?;
    hashes.truncate(usize::from(tile.width));
    Ok(hashes)
}

/// Checks every entry and every hash of a log against its head: the root is derived again from the entries, every tile
/// is compared, and for leaves also form, signature (where the file of keys has the key) and the chain of each source.
///
/// # Errors
/// The first fault, by leaf where one is to blame.
pub fn check(folder: &Path, policy: &Policy, keys: &Keys, content: Content) -> Result<Audit, Fault> {
    let vouched = policy.check(&head(folder)?)?;
    let Checkpoint { size, root, .. } = vouched.checkpoint;
    let mut entries = Entries { content, known: keys.by_pseudonym(), last: HashMap::new(), signatures: 0 };
    let mut range = Range::new();
    // Hashes that the tiles of each level above the leaves' must hold, up to the last full tile compared.
    let mut above: [Vec<Hash>; HEIGHT as usize] = Default::default();
    for index in 0..size.div_ceil(WIDTH) {
        let (bundle, level0) =
            match (Tile::at(Kind::Entries, index, size), Tile::at(Kind::Hashes(0), index, size)) {
                (Some(bundle), Some(level0)) => (bundle, level0),
                _ => break,
            };
        let first = index * WIDTH;
        let at_first = |refusal: Refusal| Fault { leaf: Some(first), refusal };
        let (bytes, found) = read_tile(folder, bundle).map_err(at_first)?;
        let all = tile::entries(&bytes, found.width).map_err(|refusal| at_first(refusal.at(found)))?;
        let stored = hashes(folder, level0).map_err(at_first)?;
        for (leaf, (entry, stored)) in (first..size).zip(all.iter().zip(&stored)) {
            let hash = merkle::leaf_hash(entry);
            if hash != *stored {
                let what = format!(
                    "the entry in {found} has not the hash that stands in {level0}: one of them was altered"
                );
                return Err(Fault { leaf: Some(leaf), refusal: Refusal::unproved(what) });
            }
            entries.check(entry, &hash).map_err(|refusal| Fault { leaf: Some(leaf), refusal })?;
            range.push_with(hash, |node, hash| {
                if node.level > 0 && node.level % HEIGHT == 0 {
                    above[usize::from(node.level / HEIGHT)].push(*hash);
                }
            });
        }
        for (level, expected) in (0u8..).zip(&mut above) {
            if expected.len() as u64 == WIDTH {
                let number = (range.size() >> (u32::from(level) * u32::from(HEIGHT))) / WIDTH - 1;
                compare(
                    folder,
                    Tile { kind: Kind::Hashes(level), index: number, width: WIDTH as u16 },
                    expected,
                )?;
                expected.clear();
            }
        }
    }
    for (level, expected) in (0u8..).zip(&above) {
        if !expected.is_empty() {
            let index = (size >> (u32::from(level) * u32::from(HEIGHT))) / WIDTH;
            compare(
                folder,
                Tile { kind: Kind::Hashes(level), index, width: expected.len() as u16 },
                expected,
            )?;
        }
    }
    if range.size() != size || range.root() != root {
        return Err(Refusal::unproved(format!(
            "the {size} entries do not lead to the root in the checkpoint, though each agrees with its tile: entries \
             and tiles were altered together, or the checkpoint is of another history"
        ))
        .into());
    }
    Ok(Audit { vouched, sources: entries.last.len(), signatures: entries.signatures })
}

fn compare(folder: &Path, tile: Tile, expected: &[Hash]) -> Result<(), Fault> {
    let stored = hashes(folder, tile)?;
    match expected.iter().zip(&stored).position(|(expected, stored)| expected != stored) {
        None if stored.len() == expected.len() => Ok(()),
        at => Err(Fault {
            leaf: None,
            refusal: Refusal::unproved(format!(
                "hash {} of {tile} is not that of the entries below it: the tile was altered",
                at.unwrap_or(stored.len())
            )),
        }),
    }
}

struct Entries {
    content: Content,
    known: std::collections::BTreeMap<Hash, (Hash, crate::keys::Holder)>,
    /// By pseudonym: the sequence and hash of its last leaf.
    last: HashMap<Hash, (u64, Hash)>,
    signatures: u64,
}

impl Entries {
    fn check(&mut self, entry: &[u8], hash: &Hash) -> Result<(), Refusal> {
        if self.content == Content::Anything {
            return Ok(());
        }
        let leaf = Leaf::parse(entry)?;
        let short = text::hex(&leaf.pseudonym[..4]);
        if let Some((public, _)) = self.known.get(&leaf.pseudonym) {
            leaf.verify(public)?;
            self.signatures += 1;
        }
        match self.last.insert(leaf.pseudonym, (leaf.sequence, *hash)) {
            None if leaf.sequence == 0 => Ok(()),
            None => Err(Refusal::unproved(format!(
                "the first leaf of source {short}… here has number {}: those before it are missing",
                leaf.sequence
            ))),
            Some((before, previous)) if before.checked_add(1) == Some(leaf.sequence) => {
                if previous == leaf.previous {
                    Ok(())
                } else {
                    Err(Refusal::unproved(format!(
                        "leaf number {} of source {short}… does not continue its leaf number {before}: the source, or \
                         who holds its key, told two histories",
                        leaf.sequence
                    )))
                }
            }
            Some((before, _)) => Err(Refusal::unproved(format!(
                "after leaf number {before} of source {short}… comes its number {}: leaves are missing, repeated or out \
                 of order",
                leaf.sequence
            ))),
        }
    }
}
