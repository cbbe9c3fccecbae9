//! The audit: everything is hashed again, and the first leaf that is not what was signed is named.

use crate::error::{Context, Error};
use crate::frame::Tail;
use crate::log::{self, COSIGNED, SNAPSHOT};
use crate::reader::Reader;
use crate::segment::Segment;
use crate::sources::{Chains, Registry};
use crate::tree::{Tree, read_tile};
use crate::vault::Vault;
use std::sync::Arc;
use verify::leaf::Leaf;
use verify::merkle;
use verify::tile::Tile;

/// How much an audit looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Segments, tiles, bundles and heads: all hashes.
    Hashes,
    /// Also the vault, the chains of the sources, their signatures, and the smaller files.
    Everything,
}

/// What an audit found to be sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Leaves under the newest head.
    pub size: u64,
    /// The root over them, computed again.
    pub root: verify::Hash,
    /// Leaves that are durable and under no head yet.
    pub pending: u64,
    /// Leaves of sources of which no key is enrolled here (a mirror knows none): their signatures were not checked.
    pub unknown: u64,
    /// Leaves of a key that stand behind its revocation: not to be believed.
    pub suspect: Vec<u64>,
    /// Parts of the vault that were erased, each with its note; the leaves stand.
    pub erased: u64,
}

impl Reader {
    /// Hashes everything again and compares it with the newest head. It takes no lock, so it may run beside the writer.
    ///
    /// # Errors
    /// [`Error::Damaged`], naming the file and the first leaf that is not what was recorded.
    pub fn audit(&self, depth: Depth) -> Result<Audit, Error> {
        let disk = self.disk.as_ref();
        let leaves = log::read_about(disk, self.keys.first().map_or("", |key| key.name()))?;
        let (_, head) = self.head()?;
        let registry = Registry::read(disk)?;
        let mut everything = match depth {
            Depth::Hashes => None,
            Depth::Everything => Some(Everything::open(self, &registry, head.size)?),
        };
        let mut tree = Tree::default();
        let (mut next, mut number) = (0, 0);
        while let Some(found) = Segment::read(disk, leaves, number)? {
            for (index, entry) in found.entries() {
                next = index + 1;
                if index >= head.size {
                    continue;
                }
                tree.push(entry, merkle::leaf_hash(entry));
                if let Some(everything) = &mut everything {
                    everything.leaf(&found, index, entry)?;
                }
            }
            // A tile that differs is named before the frame that ends a damaged segment.
            compare(disk, tree.take_full())?;
            let torn = matches!(found.recovery.tail, Tail::Damaged { .. })
                || found.recovery.tail == Tail::Torn && next < head.size;
            if torn {
                return Err(found.damaged(next, "its frame does not check"));
            }
            number += 1;
        }
        if next < head.size {
            return Err(Error::Damaged {
                file: crate::segment::name(next / leaves),
                leaf: Some(next),
                what: format!("it is missing: the signed head covers {} leaves", head.size),
            });
        }
        compare(disk, tree.partial())?;
        if tree.root() != Some(head.root) {
            return Err(Error::Damaged {
                file: log::CHECKPOINT.into(),
                leaf: None,
                what: format!("its root is not that of the {} leaves on the disk", head.size),
            });
        }
        let (unknown, suspect, erased) = match everything {
            None => (0, vec![], 0),
            Some(everything) => everything.end(self)?,
        };
        Ok(Audit { size: head.size, root: head.root, pending: next - head.size, unknown, suspect, erased })
    }
}

/// Compares tiles on the disk with those computed from the segments.
pub(crate) fn compare(
    disk: &dyn crate::storage::Storage,
    computed: Vec<(Tile, Vec<u8>)>,
) -> Result<(), Error> {
    for (tile, bytes) in computed {
        let (found, found_tile) = read_tile(disk, tile)?;
        let same =
            found.get(..bytes.len()) == Some(&bytes) && (found.len() == bytes.len() || found_tile != tile);
        if !same {
            let at =
                found.iter().zip(&bytes).position(|(a, b)| a != b).unwrap_or(found.len().min(bytes.len()));
            return Err(Error::Damaged {
                file: found_tile.path(),
                leaf: Some(leaf_at(tile, &bytes, at)),
                what: "it is not what the segments give".into(),
            });
        }
    }
    Ok(())
}

/// The leaf that byte `at` of a tile stands for.
fn leaf_at(tile: Tile, bytes: &[u8], at: usize) -> u64 {
    match tile.kind {
        verify::tile::Kind::Hashes(level) => tile.start() + ((at / 32) as u64) * 256u64.pow(level.into()),
        verify::tile::Kind::Entries => {
            let (mut index, mut end) = (tile.start(), 0);
            while let Some(length) = bytes.get(end..end + 2) {
                end += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
                if at < end {
                    break;
                }
                index += 1;
            }
            index
        }
    }
}

/// What is looked at beside the hashes.
struct Everything<'a> {
    registry: &'a Registry,
    vault: Option<Vault>,
    chains: Chains,
    unknown: u64,
    suspect: Vec<u64>,
}

impl<'a> Everything<'a> {
    fn open(reader: &Reader, registry: &'a Registry, size: u64) -> Result<Everything<'a>, Error> {
        let disk = reader.disk.clone();
        // A mirror has no vault.
        let vault = match disk.list("vault").context("listing", "vault")?.is_empty() {
            true => None,
            false => Some(Vault::open(disk, Arc::new(crate::entropy::SystemEntropy), vec![], size, false)?),
        };
        Ok(Everything { registry, vault, chains: Chains::default(), unknown: 0, suspect: vec![] })
    }

    fn leaf(&mut self, found: &Segment, index: u64, entry: &[u8]) -> Result<(), Error> {
        let leaf = Leaf::parse(entry).map_err(|refusal| found.damaged(index, &refusal.what))?;
        match self.registry.by_pseudonym.get(&leaf.pseudonym) {
            None => self.unknown += 1,
            Some(source) => {
                leaf.verify(&source.public).map_err(|refusal| found.damaged(index, &refusal.what))?;
                if source.revoked.is_some_and(|revoked| index > revoked) {
                    self.suspect.push(index);
                }
            }
        }
        if let Some((before, _)) = self.chains.last(&leaf.pseudonym) {
            if !leaf.follows(before) {
                return Err(found.damaged(index, "it does not follow the leaf before it of its source"));
            }
        } else if leaf.sequence != 0 {
            return Err(found.damaged(index, "it is the first leaf here of its source, and not number 0"));
        }
        if let Some(vault) = &mut self.vault
            && let Some(hash) = vault.check(index)?
            && hash != leaf.ciphertext
        {
            return Err(Error::Damaged {
                file: "vault".into(),
                leaf: Some(index),
                what: "the ciphertexts are not those that the leaf names".into(),
            });
        }
        self.chains.replay(leaf, index);
        Ok(())
    }

    fn end(self, reader: &Reader) -> Result<(u64, Vec<u64>, u64), Error> {
        let disk = reader.disk.as_ref();
        log::read_head(disk, COSIGNED, &reader.keys)?;
        if disk.length(SNAPSHOT).context("reading", SNAPSHOT)?.is_some() {
            let bytes = disk.read(SNAPSHOT).context("reading", SNAPSHOT)?;
            log::parse_snapshot(&bytes).ok_or_else(|| Error::Damaged {
                file: SNAPSHOT.into(),
                leaf: None,
                what: "it does not check; the next start reads all segments instead and takes longer".into(),
            })?;
        }
        Ok((self.unknown, self.suspect, self.vault.map_or(0, |vault| vault.erased())))
    }
}
