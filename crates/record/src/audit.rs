//! The audit: everything is hashed again, and the first leaf that is not what was signed is named.

use crate::damaged;
use crate::error::{Context, Error};
use crate::frame::Tail;
use crate::log::{self, COSIGNED, SNAPSHOT};
use crate::reader::Reader;
use crate::rhythm;
use crate::segment::Segment;
use crate::sources::{Chains, Registry};
use crate::storage::Storage;
use crate::tree::{Tree, read_tile};
use crate::vault::{Role, Vault};
use std::collections::BTreeMap;
use std::sync::Arc;
use verify::field::Openings;
use verify::leaf::Leaf;
use verify::merkle;
use verify::note::VerifierKey;
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
    /// Leaves that are acknowledged and under no head yet. They were checked too, but for the root that nobody signed yet.
    pub pending: u64,
    /// Names of tiles of leaves that came while this audit ran: they were not checked.
    pub unchecked: u64,
    /// Leaves of sources of which no key is enrolled here: their signatures were not checked.
    pub unknown: u64,
    /// Leaves of a key that stand behind its revocation: not to be believed.
    pub suspect: Vec<u64>,
    /// Parts of the vault that were erased, each with its note; the leaves stand.
    pub erased: u64,
    /// Files of the vault that are wrapped for other keys of roles than the record knows now, and for which roles: they open
    /// with other keys than those.
    pub foreign: Vec<(String, Vec<String>)>,
    /// Queues of a rhythm that end with a piece of an item: it is being written, nobody was told that it is kept, or it is
    /// damaged.
    pub torn_queues: u64,
    /// Files in the folder `damaged`: what was cut or replaced.
    pub damaged: u64,
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
        let mut everything = match depth {
            Depth::Hashes => None,
            Depth::Everything => Some(Everything::open(self)?),
        };
        let mut tree = Tree::default();
        // The same with what is under no head yet: its tiles may lie there, too.
        let mut ahead: Option<Tree> = None;
        let (mut next, mut number) = (0, 0);
        while let Some(found) = Segment::read(disk, leaves, number)? {
            if let Some(everything) = &mut everything {
                everything.reread()?;
            }
            for (index, entry) in found.entries() {
                next = index + 1;
                let hash = merkle::leaf_hash(entry);
                if index < head.size {
                    tree.push(entry, hash);
                } else {
                    ahead.get_or_insert_with(|| tree.clone()).push(entry, hash);
                }
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
        let unchecked = self.stray_tiles(head.size, next, ahead)?;
        let foreign = everything.as_mut().map(|everything| std::mem::take(&mut everything.foreign));
        let (unknown, suspect, erased) = match everything {
            None => (0, vec![], 0),
            Some(everything) => everything.end(self, next)?,
        };
        let pending = next - head.size;
        let torn_queues = if depth == Depth::Everything { rhythm::check(disk)? } else { 0 };
        let damaged = damaged::list(disk)?.len() as u64;
        Ok(Audit {
            size: head.size,
            root: head.root,
            pending,
            unchecked,
            unknown,
            suspect,
            erased,
            foreign: foreign.unwrap_or_default().into_iter().collect(),
            torn_queues,
            damaged,
        })
    }

    /// Checks the tiles that the newest head does not need, and that are there and served: those of earlier heads, and of
    /// leaves under no head yet. Each is a beginning of what is there now. Gives how many could not be checked, as their
    /// leaves came after the audit had begun.
    fn stray_tiles(&self, size: u64, next: u64, ahead: Option<Tree>) -> Result<u64, Error> {
        let disk = self.disk.as_ref();
        let mut computed = BTreeMap::new();
        if let Some(mut ahead) = ahead {
            let tiles = ahead.take_full().into_iter().chain(ahead.partial());
            computed.extend(tiles.map(|(tile, bytes)| ((tile.kind, tile.index), bytes)));
        }
        let (mut later, mut dirs) = (0, vec!["tile".to_owned()]);
        // The one compared last: partial tiles of one number stand beside each other.
        let mut last: Option<(Tile, Vec<u8>)> = None;
        while let Some(dir) = dirs.pop() {
            for name in disk.list(&dir).context("listing", &dir)? {
                let path = format!("{dir}/{name}");
                let Ok(tile) = Tile::parse(&path) else {
                    // What a crash left half written bears this name, and is served to nobody.
                    if !name.ends_with(".tmp") {
                        dirs.push(path);
                    }
                    continue;
                };
                let now = Tile::at(tile.kind, tile.index, size);
                if now == Some(tile) {
                    continue;
                }
                let damaged = |what: &str| Error::Damaged {
                    file: path.clone(),
                    leaf: Some(tile.start()),
                    what: what.into(),
                };
                let bytes = match disk.read(&path) {
                    // The writer has replaced it by the full one.
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                    other => other.context("reading", &path)?,
                };
                let whole = match (computed.get(&(tile.kind, tile.index)), now) {
                    (Some(whole), _) => whole,
                    (None, Some(now)) => {
                        if last.as_ref().is_none_or(|(tile, _)| *tile != now) {
                            last = Some((now, read_tile(disk, now)?.0));
                        }
                        last.as_ref().map(|(_, bytes)| bytes).unwrap_or(&bytes)
                    }
                    (None, None) if self.head()?.1.size > size || self.grown(next)? => {
                        later += 1;
                        continue;
                    }
                    (None, None) => return Err(damaged("it is of leaves that the log does not have")),
                };
                if !holds(whole, &bytes, tile) {
                    if tile_end(tile) > next && self.grown(next)? {
                        later += 1;
                        continue;
                    }
                    return Err(damaged("it is no beginning of what the segments give, and it is served"));
                }
            }
        }
        Ok(later)
    }

    /// Are there more than `next` leaves by now?
    fn grown(&self, next: u64) -> Result<bool, Error> {
        let leaves = log::read_about(self.disk.as_ref(), self.keys.first().map_or("", |key| key.name()))?;
        let found = Segment::read(self.disk.as_ref(), leaves, next / leaves)?;
        Ok(found.is_some_and(|found| found.recovery.frames.len() as u64 > next % leaves))
    }
}

/// The number behind the last leaf below a tile, at most.
fn tile_end(tile: Tile) -> u64 {
    let each = match tile.kind {
        verify::tile::Kind::Entries => 1,
        verify::tile::Kind::Hashes(level) => 256u64.saturating_pow(level.into()),
    };
    tile.start().saturating_add(each.saturating_mul(tile.width.into()))
}

/// Is this file the beginning of that one, with as many hashes or entries as its name says?
fn holds(whole: &[u8], bytes: &[u8], tile: Tile) -> bool {
    let width = match tile.kind {
        verify::tile::Kind::Hashes(_) => verify::tile::hashes(bytes, tile.width).is_ok(),
        verify::tile::Kind::Entries => verify::tile::entries(bytes, tile.width).is_ok(),
    };
    width && whole.starts_with(bytes)
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

fn unsaid(leaf: u64) -> Error {
    Error::Damaged {
        file: "vault/erasures".into(),
        leaf: Some(leaf),
        what: "no leaf of the hub says what the note of the erasure says".into(),
    }
}

/// What is looked at beside the hashes.
struct Everything {
    disk: Arc<dyn Storage>,
    keys: Vec<VerifierKey>,
    registry: Option<Registry>,
    /// Leaves of the hub itself.
    hub: u64,
    vault: Vault,
    chains: Chains,
    unknown: u64,
    suspect: Vec<u64>,
    /// The file of the vault that was looked at last, by its first leaf.
    file: Option<u64>,
    /// By file of the vault, the roles for whose known keys it is not wrapped.
    foreign: BTreeMap<String, Vec<String>>,
    /// Leaves of the hub that say what was erased, with what opens them.
    said: BTreeMap<u64, (Openings, [u8; 32])>,
}

impl Everything {
    fn open(reader: &Reader) -> Result<Everything, Error> {
        let disk = reader.disk.clone();
        let registry = Registry::read(disk.as_ref(), &reader.keys)?;
        let vault = Everything::vault(&disk)?;
        Ok(Everything {
            disk,
            keys: reader.keys.clone(),
            registry,
            hub: 0,
            vault,
            chains: Chains::default(),
            unknown: 0,
            suspect: vec![],
            file: None,
            foreign: BTreeMap::new(),
            said: BTreeMap::new(),
        })
    }

    fn vault(disk: &Arc<dyn Storage>) -> Result<Vault, Error> {
        Vault::open(disk.clone(), Arc::new(crate::entropy::SystemEntropy), vec![], 0, false)
    }

    /// Reads the vault anew: it may have grown since, before the leaves that are looked at next.
    fn reread(&mut self) -> Result<(), Error> {
        self.vault = Everything::vault(&self.disk)?;
        Ok(())
    }

    fn leaf(&mut self, found: &Segment, index: u64, entry: &[u8]) -> Result<(), Error> {
        let leaf = Leaf::parse(entry).map_err(|refusal| found.damaged(index, &refusal.what))?;
        let registry = self.registry.as_ref().ok_or_else(Registry::gone)?;
        let by_hub = leaf.pseudonym == registry.hub;
        self.hub += u64::from(by_hub);
        match registry.by_pseudonym.get(&leaf.pseudonym) {
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
        // A part may have been erased between the note and the item: then both are read again.
        let kept = match self.vault.check(index) {
            Err(Error::Damaged { .. }) => {
                self.reread()?;
                self.vault.check(index)?
            }
            other => other?,
        };
        let file = self.vault.file_of(index);
        if file != self.file
            && let Some((name, roles)) = self.vault.wrapped_for(index)?
        {
            self.file = file;
            let known = &self.registry.as_ref().ok_or_else(Registry::gone)?.named.roles;
            let other = |role: &Role| known.get(&role.name).is_some_and(|key| *key != role.key);
            let names: Vec<String> = roles.into_iter().filter(other).map(|role| role.name).collect();
            if !names.is_empty() {
                self.foreign.insert(name, names);
            }
        }
        if let Some(said) = self.vault.said(index) {
            let openings = Openings::decode(&said.openings).ok();
            let openings = openings.filter(|openings| openings.root() == leaf.root && by_hub);
            let openings = openings.ok_or_else(|| unsaid(index))?;
            self.said.insert(index, (openings, said.salt));
        }
        if kept.is_some_and(|hash| hash != leaf.ciphertext) {
            return Err(Error::Damaged {
                file: "vault".into(),
                leaf: Some(index),
                what: "the ciphertexts are not those that the leaf names".into(),
            });
        }
        self.chains.replay(leaf, index);
        Ok(())
    }

    fn end(self, reader: &Reader, next: u64) -> Result<(u64, Vec<u64>, u64), Error> {
        let disk = reader.disk.as_ref();
        for erasure in self.vault.erasures(None) {
            let said =
                self.said.get(&erasure.said).is_some_and(|(openings, salt)| erasure.is_said(openings, salt));
            // What was erased while this ran is said by a leaf that this did not see.
            if !said && (erasure.said < next || !reader.grown(next)?) {
                return Err(unsaid(erasure.leaf));
            }
        }
        if let Some(registry) = &self.registry {
            registry.check_hub()?;
        }
        if let Some(registry) = &self.registry
            && registry.check_age(self.hub).is_err()
        {
            // The hub may have spoken since: then the list is newer by now.
            let now = Registry::read(disk, &self.keys)?.ok_or_else(Registry::gone)?;
            if now.leaves <= registry.leaves {
                registry.check_age(self.hub)?;
            }
            now.check_age(self.hub.max(now.leaves.saturating_sub(1)))?;
        }
        log::read_head(disk, COSIGNED, &reader.keys)?;
        if disk.length(SNAPSHOT).context("reading", SNAPSHOT)?.is_some() {
            let bytes = disk.read(SNAPSHOT).context("reading", SNAPSHOT)?;
            crate::writer::parse_snapshot(&bytes).ok_or_else(|| Error::Damaged {
                file: SNAPSHOT.into(),
                leaf: None,
                what: "it does not check; the next start reads all segments instead and takes longer".into(),
            })?;
        }
        Ok((self.unknown, self.suspect, self.vault.erased()))
    }
}
