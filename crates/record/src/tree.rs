//! The growing edge of the Merkle tree, and the tiles that it leaves behind.
//!
//! Two computations run beside each other, one over peaks and one over tiles, and a head is signed only if they agree:
//! a bit that flips in memory must not be signed (in 2021 one flipped bit ended the CT log Yeti 2022).

use crate::error::{Context, Error};
use crate::storage::{self, Storage};
use std::collections::{BTreeMap, BTreeSet};
use verify::Hash;
use verify::merkle::{self, Node, Range};
use verify::tile::{self, Kind, Tile, WIDTH};

/// The right edge of a tree: what is needed to append to it and to write its tiles.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tree {
    range: Range,
    /// The hashes of the last, not yet full, tile of each level.
    levels: Vec<Vec<Hash>>,
    /// The last, not yet full, bundle of entries, as its file.
    bundle: Vec<u8>,
    /// Full tiles and bundles since they were last written or taken.
    full: Vec<(Tile, Vec<u8>)>,
}

/// As wide as a tile gets.
const FULL: u16 = 256;

impl Tree {
    /// A tree of `size` leaves, where `size` is a multiple of 256, from the hashes of the last tile of each level.
    pub(crate) fn from_edge(size: u64, levels: Vec<Vec<Hash>>) -> Option<Tree> {
        if !size.is_multiple_of(WIDTH)
            || (0..8).any(|l| edge_width(size, l) != levels.get(l).map_or(0, Vec::len))
        {
            return None;
        }
        let range = Range::read(size, |node| node_at_edge(&levels, node).ok_or(())).ok()?;
        Some(Tree { range, levels, bundle: vec![], full: vec![] })
    }

    pub(crate) fn size(&self) -> u64 {
        self.range.size()
    }

    /// The hashes of the last tile of each level.
    pub(crate) fn edge(&self) -> &[Vec<Hash>] {
        &self.levels
    }

    /// Appends an entry, which is at most 65,535 bytes long.
    pub(crate) fn push(&mut self, entry: &[u8], hash: Hash) {
        let index = self.size();
        self.range.push(hash);
        let length =
            u16::try_from(entry.len()).expect("the length of a leaf is checked before it is written");
        self.bundle.extend_from_slice(&length.to_be_bytes());
        self.bundle.extend_from_slice(entry);
        if (index + 1).is_multiple_of(WIDTH) {
            let bundle = Tile { kind: Kind::Entries, index: index / WIDTH, width: FULL };
            self.full.push((bundle, std::mem::take(&mut self.bundle)));
        }
        let (mut hash, mut level) = (hash, 0);
        loop {
            if self.levels.len() == level {
                self.levels.push(vec![]);
            }
            let hashes = &mut self.levels[level];
            hashes.push(hash);
            if hashes.len() < usize::from(FULL) {
                return;
            }
            hash = merkle::root(hashes);
            let bytes = std::mem::take(hashes).concat();
            let kind = Kind::Hashes(u8::try_from(level).expect("fewer than 64 levels"));
            let number = (index >> (8 * level)) / WIDTH;
            self.full.push((Tile { kind, index: number, width: FULL }, bytes));
            level += 1;
        }
    }

    /// The root, or `None` if the two computations disagree.
    pub(crate) fn root(&self) -> Option<Hash> {
        let from_tiles = merkle::root_of(self.size(), |node| node_at_edge(&self.levels, node).ok_or(()));
        (from_tiles == Ok(self.range.root())).then(|| self.range.root())
    }

    /// Writes the tiles and bundles that became full since the last call. They are whole for every reader, and
    /// durable if `put` makes them so: of a log they can be made again from the segments. Returns which.
    pub(crate) fn write_full(
        &mut self,
        disk: &dyn Storage,
        dirs: &mut BTreeSet<String>,
        put: Put,
    ) -> Result<Vec<Tile>, Error> {
        let full = self.take_full();
        for (tile, bytes) in &full {
            write_tile(disk, dirs, tile, bytes, put)?;
        }
        Ok(full.into_iter().map(|(tile, _)| tile).collect())
    }

    /// Writes the partial tiles and bundles of this size. Returns which.
    pub(crate) fn write_partial(
        &self,
        disk: &dyn Storage,
        dirs: &mut BTreeSet<String>,
        put: Put,
    ) -> Result<Vec<Tile>, Error> {
        let partial = self.partial();
        for (tile, bytes) in &partial {
            write_tile(disk, dirs, tile, bytes, put)?;
        }
        Ok(partial.into_iter().map(|(tile, _)| tile).collect())
    }

    /// Makes what a power cut left beside the tiles of this size what it should be, from `ahead`, the same tree with the
    /// leaves that are durable and under no head yet: partial tiles of earlier heads, which are served, and those of a head
    /// that is lost or was never signed, which show how many leaves were durable, are beginnings of it.
    pub(crate) fn mend(&self, disk: &dyn Storage, ahead: &mut Tree) -> Result<(), Error> {
        let now: BTreeMap<(Kind, u64), Vec<u8>> = (ahead.take_full().into_iter())
            .chain(ahead.partial())
            .map(|(tile, bytes)| ((tile.kind, tile.index), bytes))
            .collect();
        let kinds = std::iter::once(Kind::Entries).chain((0..tile::HEIGHT).map(Kind::Hashes));
        for kind in kinds {
            let across = |size: u64| match kind {
                Kind::Hashes(level) => size >> (u32::from(level) * u32::from(tile::HEIGHT)),
                Kind::Entries => size,
            };
            for index in across(self.size()) / WIDTH..=across(ahead.size()) / WIDTH {
                let full = Tile { kind, index, width: FULL }.path();
                let dir = format!("{full}.p");
                let whole = now.get(&(kind, index)).map(Vec::as_slice).unwrap_or_default();
                let mut paths: Vec<String> = disk
                    .list(&dir)
                    .context("listing", &dir)?
                    .iter()
                    .map(|name| format!("{dir}/{name}"))
                    .collect();
                if disk.length(&full).context("reading", &full)?.is_some() {
                    paths.push(full);
                }
                for path in paths {
                    let Ok(tile) = Tile::parse(&path) else { continue };
                    match beginning(whole, tile) {
                        None => disk.remove(&path).context("removing", &path)?,
                        Some(bytes) if disk.read(&path).is_ok_and(|found| found == bytes) => {}
                        Some(bytes) => storage::put(disk, &path, bytes).context("writing", &path)?,
                    }
                }
            }
        }
        Ok(())
    }

    /// The full tiles and bundles since the last call, without writing them.
    pub(crate) fn take_full(&mut self) -> Vec<(Tile, Vec<u8>)> {
        std::mem::take(&mut self.full)
    }

    /// The partial tiles of this size.
    pub(crate) fn partial(&self) -> Vec<(Tile, Vec<u8>)> {
        let size = self.size();
        let mut partial = vec![];
        if !self.bundle.is_empty() {
            partial
                .extend(Tile::at(Kind::Entries, size / WIDTH, size).map(|tile| (tile, self.bundle.clone())));
        }
        for (level, hashes) in (0u8..).zip(&self.levels) {
            if !hashes.is_empty() {
                let number = (size >> (8 * level)) / WIDTH;
                partial
                    .extend(Tile::at(Kind::Hashes(level), number, size).map(|tile| (tile, hashes.concat())));
            }
        }
        partial
    }
}

/// As much of a tile's file as a narrower one holds; `None` if it is not so wide itself.
fn beginning(whole: &[u8], tile: Tile) -> Option<&[u8]> {
    let end = match tile.kind {
        Kind::Hashes(_) => usize::from(tile.width) * 32,
        Kind::Entries => {
            let mut end = 0;
            for _ in 0..tile.width {
                end += 2 + usize::from(u16::from_be_bytes(*whole.get(end..)?.first_chunk()?));
            }
            end
        }
    };
    whole.get(..end)
}

/// How many hashes the last, not full, tile of a level has.
fn edge_width(size: u64, level: usize) -> usize {
    usize::try_from((size >> (8 * level)) % WIDTH).expect("less than 256")
}

/// A peak of the tree, from the last tiles.
fn node_at_edge(levels: &[Vec<Hash>], node: Node) -> Option<Hash> {
    tile::node_in(levels.get(usize::from(node.level / tile::HEIGHT))?, node)
}

/// How a tile is written: [`storage::put`] where it can be made again, [`storage::replace`] where it cannot.
pub(crate) type Put = fn(&dyn Storage, &str, &[u8]) -> std::io::Result<()>;

fn write_tile(
    disk: &dyn Storage,
    dirs: &mut BTreeSet<String>,
    tile: &Tile,
    bytes: &[u8],
    put: Put,
) -> Result<(), Error> {
    let path = tile.path();
    if dirs.insert(storage::parent(&path).to_owned()) {
        disk.create_dir(storage::parent(&path)).context("making the folder of", &path)?;
    }
    put(disk, &path, bytes).context("writing", path)
}

/// Removes the partial tiles that a full one replaces, for good: they were never synchronised, and what a power cut brought
/// back of them might be anything. A mirror does so only when the full one is durable: it has
/// nothing else to make them from.
pub(crate) fn clear_partial(disk: &dyn Storage, tile: &Tile) -> Result<(), Error> {
    let dir = format!("{}.p", tile.path());
    let names = disk.list(&dir).context("listing", &dir)?;
    for name in &names {
        let path = format!("{dir}/{name}");
        disk.remove(&path).context("removing", path)?;
    }
    if names.is_empty() { Ok(()) } else { disk.sync_dir(&dir).context("synchronising", dir) }
}

/// How many leaves the tiles and bundles show, if they are more than `next`. Leaves are durable before a tile of them is
/// written: where fewer are found, some are lost, whether or not the head that followed can still be read.
pub(crate) fn shown_beyond(disk: &dyn Storage, next: u64) -> Result<Option<u64>, Error> {
    let mut shown = next;
    for kind in [Kind::Entries, Kind::Hashes(0)] {
        let full = Tile { kind, index: next / WIDTH, width: FULL };
        let path = full.path();
        let dir = format!("{path}.p");
        let partial = disk.list(&dir).context("listing", &dir)?;
        let widths = partial.iter().filter_map(|name| Tile::parse(&format!("{dir}/{name}")).ok());
        let mut widest = widths.map(|tile| u64::from(tile.width)).max().unwrap_or(0);
        if disk.length(&path).context("reading", &path)?.is_some() {
            widest = WIDTH;
        }
        shown = shown.max(full.index * WIDTH + widest);
    }
    Ok(Some(shown).filter(|shown| *shown > next))
}

/// Reads hashes of a tree of `size` leaves from its tiles, keeping the tiles last used.
pub(crate) struct Reader<'a> {
    disk: &'a dyn Storage,
    size: u64,
    /// Of each tile the hashes and the inner nodes above them, level by level: neighbouring proofs share them.
    kept: BTreeMap<Tile, Vec<Vec<Hash>>>,
}

/// Why a proof could not be made.
#[derive(Debug)]
pub(crate) enum ReadError {
    Proof(merkle::Error),
    Tile(Error),
}

impl From<merkle::Error> for ReadError {
    fn from(error: merkle::Error) -> Self {
        ReadError::Proof(error)
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Proof(error) => Error::Asked(error.to_string()),
            ReadError::Tile(error) => error,
        }
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(disk: &'a dyn Storage, size: u64) -> Reader<'a> {
        Reader { disk, size, kept: BTreeMap::new() }
    }

    pub(crate) fn node(&mut self, node: Node) -> Result<Hash, ReadError> {
        let no_such = || Error::Asked(format!("a log of {} leaves has no such node", self.size));
        let tile = Tile::of_node(node, self.size).ok_or_else(no_such).map_err(ReadError::Tile)?;
        if !self.kept.contains_key(&tile) {
            if self.kept.len() >= 64 {
                // Proofs of neighbouring leaves share their tiles; whose does not matter much.
                self.kept.pop_first();
            }
            let mut levels = vec![read_hashes(self.disk, tile).map_err(ReadError::Tile)?];
            while let Some([_, _, ..]) = levels.last().map(Vec::as_slice) {
                let pairs = levels[levels.len() - 1].as_chunks::<2>().0;
                levels.push(pairs.iter().map(|[left, right]| merkle::node_hash(left, right)).collect());
            }
            self.kept.insert(tile, levels);
        }
        let damaged =
            || Error::Damaged { file: tile.path(), leaf: None, what: "the tile is too short".into() };
        let within = node.level % tile::HEIGHT;
        let at = usize::try_from(node.index % (WIDTH >> within)).expect("less than 256");
        let hash = self.kept[&tile].get(usize::from(within)).and_then(|level| level.get(at));
        hash.copied().ok_or_else(damaged).map_err(ReadError::Tile)
    }
}

/// The hashes of a tile; of a partial one, from the full one if that has replaced it.
pub(crate) fn read_hashes(disk: &dyn Storage, tile: Tile) -> Result<Vec<Hash>, Error> {
    let (bytes, found) = read_tile(disk, tile)?;
    let mut hashes = tile::hashes(&bytes, found.width).map_err(|refusal| Error::Damaged {
        file: found.path(),
        leaf: Some(found.start()),
        what: refusal.what,
    })?;
    hashes.truncate(usize::from(tile.width));
    Ok(hashes)
}

/// The bytes of a tile or bundle, at least as wide as asked.
pub(crate) fn read_tile(disk: &dyn Storage, tile: Tile) -> Result<(Vec<u8>, Tile), Error> {
    let path = tile.path();
    let gone = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
    let read = match disk.read(&path) {
        Err(error) if gone(&error) && tile.width < FULL => {
            let full = Tile { width: FULL, ..tile };
            disk.read(&full.path()).map(|bytes| (bytes, full))
        }
        other => other.map(|bytes| (bytes, tile)),
    };
    match read {
        Err(error) if gone(&error) => {
            Err(Error::Damaged { file: path, leaf: Some(tile.start()), what: "it is gone".into() })
        }
        other => other.context("reading", path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Files;

    #[test]
    fn tiles_give_back_every_root_and_every_edge() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Files::new(folder.path()).unwrap();
        let (mut tree, mut dirs, mut hashes) = (Tree::default(), BTreeSet::new(), vec![]);
        assert_eq!(tree.root(), Some(merkle::empty_root()));
        for index in 0..1_200u32 {
            let entry = index.to_be_bytes();
            hashes.push(merkle::leaf_hash(&entry));
            tree.push(&entry, hashes[index as usize]);
            if index % 37 == 0 || index % 256 == 255 {
                tree.write_full(&disk, &mut dirs, storage::put).unwrap();
                tree.write_partial(&disk, &mut dirs, storage::put).unwrap();
                assert_eq!(tree.root(), Some(merkle::root(&hashes)));
                let mut reader = Reader::new(&disk, tree.size());
                let root = merkle::root_of(tree.size(), |node| reader.node(node)).unwrap();
                assert_eq!(root, merkle::root(&hashes));
            }
            if tree.size() % 256 == 0 {
                let again = Tree::from_edge(tree.size(), tree.edge().to_vec()).unwrap();
                assert_eq!(again.root(), tree.root());
            }
        }
    }
}
