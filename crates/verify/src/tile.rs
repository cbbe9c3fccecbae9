//! Tiles: the static files in which a log is served (c2sp.org/tlog-tiles).

use crate::merkle::{self, Node};
use crate::{Hash, Refusal, text};
use std::fmt;
use std::fmt::Write;

/// Hashes in a full tile and entries in a full bundle.
pub const WIDTH: u64 = 256;
/// Levels of the tree that one tile spans.
pub const HEIGHT: u8 = 8;
/// Bytes in an entry, at most: a bundle gives the length in two bytes.
pub const ENTRY_MAX: usize = 65_535;

/// What a tile holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Hashes of the tree at this tile level, 0 to 63.
    Hashes(u8),
    /// Log entries.
    Entries,
}

/// The name of one tile or entry bundle.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Tile {
    /// What it holds.
    pub kind: Kind,
    /// Its number at its level, from the left.
    pub index: u64,
    /// Hashes or entries in it, 1 to 256.
    pub width: u16,
}

impl Tile {
    /// The path below the log's prefix, such as `tile/0/x001/x234/067` or `tile/entries/000.p/5`.
    pub fn path(&self) -> String {
        let mut path = match self.kind {
            Kind::Hashes(level) => format!("tile/{level}/"),
            Kind::Entries => "tile/entries/".to_string(),
        };
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for (left, group) in groups.iter().enumerate().rev() {
            write!(path, "{}{group:03}{}", if left > 0 { "x" } else { "" }, if left > 0 { "/" } else { "" })
                .expect("writing to a string does not fail");
        }
        if u64::from(self.width) < WIDTH {
            write!(path, ".p/{}", self.width).expect("writing to a string does not fail");
        }
        path
    }

    /// Reads a path; accepts exactly what [`Tile::path`] writes.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] for any other spelling.
    pub fn parse(path: &str) -> Result<Self, Refusal> {
        let bad = || Refusal::unreadable(format!("`{}` is not the path of a tile", text::shown(path)));
        let rest = path.strip_prefix("tile/").ok_or_else(bad)?;
        let (level, rest) = rest.split_once('/').ok_or_else(bad)?;
        let kind = match level {
            "entries" => Kind::Entries,
            level => Kind::Hashes(text::decimal(level).filter(|level| *level < 64).ok_or_else(bad)? as u8),
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (
                number,
                text::decimal(width).filter(|width| (1..WIDTH).contains(width)).ok_or_else(bad)? as u16,
            ),
            None => (rest, WIDTH as u16),
        };
        let mut index = 0u64;
        for group in number.split('/') {
            let digits = group.strip_prefix('x').unwrap_or(group);
            if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(bad());
            }
            let group: u64 = digits.parse().map_err(|_| bad())?;
            index = index.checked_mul(1000).and_then(|index| index.checked_add(group)).ok_or_else(bad)?;
        }
        let tile = Self { kind, index, width };
        // Where the `x` stands and that no group is superfluous: one number has one path.
        if tile.path() == path { Ok(tile) } else { Err(bad()) }
    }

    /// The tile that holds the hash of a perfect subtree in a tree of `size` leaves, or from which it is computed.
    /// `None` when the subtree is not whole in such a tree.
    pub fn of_node(node: Node, size: u64) -> Option<Self> {
        let last = (u128::from(node.index) + 1) << node.level;
        if node.level >= 64 || last > u128::from(size) {
            return None;
        }
        let level = node.level / HEIGHT;
        let index = node.index >> (HEIGHT - node.level % HEIGHT);
        Self::at(Kind::Hashes(level), index, size)
    }

    /// The tile of this number in a tree of `size` leaves, as wide as it is there; `None` when it is empty there.
    pub fn at(kind: Kind, index: u64, size: u64) -> Option<Self> {
        let across = match kind {
            Kind::Hashes(level) => size.checked_shr(u32::from(level) * u32::from(HEIGHT)).unwrap_or(0),
            Kind::Entries => size,
        };
        let width = across.saturating_sub(index.checked_mul(WIDTH)?).min(WIDTH);
        (width > 0).then_some(Self { kind, index, width: width as u16 })
    }

    /// All tiles and bundles of a tree of `size` leaves that a tree of `old` leaves did not have in the same width,
    /// entries first, then level by level. With `old` zero: all.
    pub fn since(old: u64, size: u64) -> impl Iterator<Item = Self> {
        let kinds = std::iter::once(Kind::Entries).chain((0..HEIGHT).map(Kind::Hashes));
        kinds.flat_map(move |kind| {
            let across = |size: u64| match kind {
                Kind::Hashes(level) => size >> (u32::from(level) * u32::from(HEIGHT)),
                Kind::Entries => size,
            };
            let (from, to) = (across(old), across(size));
            let numbers = if from < to { from / WIDTH..to.div_ceil(WIDTH) } else { 0..0 };
            numbers.filter_map(move |index| Self::at(kind, index, size))
        })
    }

    /// The first leaf below this tile.
    pub fn start(&self) -> u64 {
        match self.kind {
            Kind::Entries => self.index.saturating_mul(WIDTH),
            Kind::Hashes(level) => {
                let width = 1u64.checked_shl((u32::from(level) + 1) * u32::from(HEIGHT)).unwrap_or(u64::MAX);
                self.index.saturating_mul(width)
            }
        }
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path())
    }
}

/// The hashes in a tile.
///
/// # Errors
/// [`crate::Means::Unreadable`] when the bytes are not exactly `width` hashes.
pub fn hashes(bytes: &[u8], width: u16) -> Result<Vec<Hash>, Refusal> {
    if bytes.len() != usize::from(width) * 32 {
        return Err(Refusal::unreadable(format!(
            "a tile of {width} hashes has {} bytes, not {}",
            usize::from(width) * 32,
            bytes.len()
        )));
    }
    Ok(bytes.as_chunks::<32>().0.to_vec())
}

/// The hash of a perfect subtree out of the hashes of the tile that [`Tile::of_node`] names; `None` when that tile
/// does not hold it.
pub fn node_in(hashes: &[Hash], node: Node) -> Option<Hash> {
    let within = node.level % HEIGHT;
    let first = usize::try_from((node.index << within) % WIDTH).ok()?;
    hashes.get(first..first + (1 << within)).map(merkle::root)
}

/// An entry bundle: each entry after its length in two bytes, big-endian.
///
/// # Errors
/// [`crate::Means::Unreadable`] when an entry is longer than [`ENTRY_MAX`].
pub fn bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).map_err(|_| {
            Refusal::unreadable(format!("an entry of {} bytes; at most 65,535 fit", entry.len()))
        })?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// The entries of a bundle.
///
/// # Errors
/// [`crate::Means::Unreadable`] when the bytes are not exactly `width` entries.
pub fn entries(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, Refusal> {
    let mut rest = bytes;
    let mut entries = Vec::with_capacity(usize::from(width));
    for number in 0..width {
        let entry = rest
            .split_first_chunk::<2>()
            .and_then(|(length, after)| after.split_at_checked(usize::from(u16::from_be_bytes(*length))));
        let Some((entry, after)) = entry else {
            return Err(Refusal::unreadable(format!(
                "the entry bundle breaks off in entry {number} of {width}"
            )));
        };
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() {
        Ok(entries)
    } else {
        Err(Refusal::unreadable(format!(
            "the entry bundle has {} bytes after its {width} entries",
            rest.len()
        )))
    }
}
