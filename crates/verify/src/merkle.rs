//! The Merkle tree of RFC 6962, section 2.1 (also c2sp.org/merkle-tree): hashes, and both kinds of proof, made and
//! checked.
//!
//! Whoever makes proofs supplies a closure that reads the hash of a perfect subtree ([`Node`]), from tiles, from
//! memory or from elsewhere; nothing else is asked of a store.

use crate::Hash;
use sha2::{Digest, Sha256};
use std::fmt;

/// The root of the tree without leaves.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The hash of a leaf: SHA-256 of a zero byte and the entry.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash of an inner node: SHA-256 of a one byte and both children.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root over leaf hashes.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut range = Range::new();
    leaves.iter().for_each(|leaf| range.push(*leaf));
    range.root()
}

/// A perfect subtree: the leaves from `index << level` up to, but without, `(index + 1) << level`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Node {
    /// Height above the leaves, 0 to 63.
    pub level: u8,
    /// Which of the subtrees of that height, from the left.
    pub index: u64,
}

/// Why a proof was not made or not accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Error {
    /// The tree has no such leaf.
    NoSuchLeaf {
        /// The leaf asked for.
        index: u64,
        /// Leaves in the tree.
        size: u64,
    },
    /// A tree cannot be a continuation of a larger one.
    Shrunk {
        /// Leaves in the older tree.
        old: u64,
        /// Leaves in the newer tree.
        size: u64,
    },
    /// The path has another length than such a proof has.
    Length {
        /// Hashes in the path.
        found: usize,
    },
    /// The path leads to another root.
    Root,
    /// The path leads to another root of the older tree.
    OldRoot,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchLeaf { index, size } => write!(f, "a log of {size} leaves has no leaf {index}"),
            Self::Shrunk { old, size } => write!(f, "a log of {size} leaves cannot continue one of {old}"),
            Self::Length { found } => {
                write!(f, "the path of {found} hashes has not the length that such a proof has")
            }
            Self::Root => f.write_str("the hashes do not lead to the root in the checkpoint"),
            Self::OldRoot => f.write_str("the hashes do not lead to the root of the older checkpoint"),
        }
    }
}

impl std::error::Error for Error {}

/// The largest power of two below `size`, as an exponent; `size` is 2 or more.
fn split(size: u64) -> u32 {
    63 - (size - 1).leading_zeros()
}

/// The perfect subtrees that together span `start..end`, left to right, where `start` is a multiple of the largest
/// power of two not above `end - start`.
fn peaks(start: u64, end: u64) -> impl DoubleEndedIterator<Item = Node> {
    let size = end - start;
    (0..64u8).rev().filter(move |level| size >> level & 1 == 1).map(move |level| {
        let before = size
            .checked_shr(u32::from(level) + 1)
            .unwrap_or(0)
            .checked_shl(u32::from(level) + 1)
            .unwrap_or(0);
        Node { level, index: (start + before) >> level }
    })
}

/// The root of the leaves `start..end` (the Merkle Tree Hash of that range), from the hashes of perfect subtrees.
fn range_root<E>(start: u64, end: u64, read: &mut impl FnMut(Node) -> Result<Hash, E>) -> Result<Hash, E> {
    let mut below: Option<Hash> = None;
    for node in peaks(start, end).rev() {
        let left = read(node)?;
        below = Some(match below {
            Some(right) => node_hash(&left, &right),
            None => left,
        });
    }
    Ok(below.unwrap_or_else(empty_root))
}

/// The root of the first `size` leaves.
///
/// # Errors
/// What `read` answers.
pub fn root_of<E>(size: u64, mut read: impl FnMut(Node) -> Result<Hash, E>) -> Result<Hash, E> {
    range_root(0, size, &mut read)
}

/// The path that proves leaf `index` in the tree of the first `size` leaves: the leaf's sibling first.
///
/// # Errors
/// [`Error::NoSuchLeaf`], or what `read` answers.
pub fn prove_inclusion<E: From<Error>>(
    index: u64,
    size: u64,
    mut read: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    if index >= size {
        return Err(Error::NoSuchLeaf { index, size }.into());
    }
    let (mut start, mut end, mut path) = (0, size, Vec::new());
    while end - start > 1 {
        let middle = start + (1 << split(end - start));
        if index < middle {
            path.push(range_root(middle, end, &mut read)?);
            end = middle;
        } else {
            path.push(range_root(start, middle, &mut read)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The path that proves that the tree of the first `size` leaves continues the tree of the first `old`.
///
/// # Errors
/// [`Error::Shrunk`], or what `read` answers.
pub fn prove_consistency<E: From<Error>>(
    old: u64,
    size: u64,
    mut read: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    if old > size {
        return Err(Error::Shrunk { old, size }.into());
    }
    if old == 0 || old == size {
        return Ok(Vec::new());
    }
    let (mut start, mut end, mut whole, mut path) = (0, size, true, Vec::new());
    while old != end {
        let middle = start + (1 << split(end - start));
        if old <= middle {
            path.push(range_root(middle, end, &mut read)?);
            end = middle;
        } else {
            path.push(range_root(start, middle, &mut read)?);
            (start, whole) = (middle, false);
        }
    }
    if !whole {
        path.push(range_root(start, end, &mut read)?);
    }
    path.reverse();
    Ok(path)
}

/// Checks that the leaf with hash `leaf` is leaf `index` of the tree of `size` leaves with that root.
///
/// # Errors
/// What is wrong with the proof.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> Result<(), Error> {
    if index >= size {
        return Err(Error::NoSuchLeaf { index, size });
    }
    let wrong = Error::Length { found: path.len() };
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for beside in path {
        if last == 0 {
            return Err(wrong);
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(beside, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    match last {
        0 if hash == *root => Ok(()),
        0 => Err(Error::Root),
        _ => Err(wrong),
    }
}

/// Checks that the tree of `size` leaves with root `root` continues the tree of `old` leaves with root `old_root`.
///
/// # Errors
/// What is wrong with the proof.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    size: u64,
    root: &Hash,
    path: &[Hash],
) -> Result<(), Error> {
    let wrong = Error::Length { found: path.len() };
    if old > size {
        return Err(Error::Shrunk { old, size });
    }
    if old == size || old == 0 {
        return match path {
            [_, ..] => Err(wrong),
            [] if old == size && old_root != root => Err(Error::Root),
            [] if old == 0 && *old_root != empty_root() => Err(Error::OldRoot),
            [] => Ok(()),
        };
    }
    let (mut at, mut last) = (old - 1, size - 1);
    let common = at.trailing_ones();
    (at, last) = (at >> common, last >> common);
    let (first, rest) = match path {
        _ if old.is_power_of_two() && !path.is_empty() => (old_root, path),
        [first, rest @ ..] => (first, rest),
        [] => return Err(wrong),
    };
    let (mut older, mut newer) = (*first, *first);
    for beside in rest {
        if last == 0 {
            return Err(wrong);
        }
        if at & 1 == 1 || at == last {
            older = node_hash(beside, &older);
            newer = node_hash(beside, &newer);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            newer = node_hash(&newer, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    match last {
        0 if older != *old_root => Err(Error::OldRoot),
        0 if newer != *root => Err(Error::Root),
        0 => Ok(()),
        _ => Err(wrong),
    }
}

/// A compact range: all that is needed of a tree to append to it, at most 64 hashes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Range {
    size: u64,
    /// Hashes of the perfect subtrees, left to right.
    peaks: Vec<Hash>,
}

impl Range {
    /// Of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of the first `size` leaves.
    ///
    /// # Errors
    /// What `read` answers.
    pub fn read<E>(size: u64, read: impl FnMut(Node) -> Result<Hash, E>) -> Result<Self, E> {
        Ok(Self { size, peaks: peaks(0, size).map(read).collect::<Result<_, _>>()? })
    }

    /// Leaves so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        self.push_with(leaf, |_, _| {});
    }

    /// Appends a leaf by its hash, and tells of every perfect subtree that this completes, the leaf itself first.
    pub fn push_with(&mut self, leaf: Hash, mut made: impl FnMut(Node, &Hash)) {
        let mut node = Node { level: 0, index: self.size };
        let mut hash = leaf;
        made(node, &hash);
        while node.index & 1 == 1 {
            let left = self.peaks.pop().expect("a set bit of the size stands for a peak");
            hash = node_hash(&left, &hash);
            node = Node { level: node.level + 1, index: node.index >> 1 };
            made(node, &hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root.
    pub fn root(&self) -> Hash {
        self.peaks
            .iter()
            .copied()
            .rev()
            .reduce(|right, left| node_hash(&left, &right))
            .unwrap_or_else(empty_root)
    }
}
