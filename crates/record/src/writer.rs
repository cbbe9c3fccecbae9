//! What a writer does with a disk: finds the state of a log, takes batches, signs heads.

use crate::damaged;
use crate::error::{Context, Error};
use crate::frame::{self, Tail};
use crate::log::{CHECKPOINT, Keys, Options, SNAPSHOT, read_head};
use crate::segment::{self, Segment, Segments, Written};
use crate::sources::{Chains, Entry, Reason, Refused, Registry};
use crate::storage::{self, Storage};
use crate::tree::{self, Tree};
use crate::vault::{Item, Vault};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use verify::checkpoint::Checkpoint;
use verify::leaf::{LEAF_LEN, Leaf};
use verify::merkle;
use verify::note::{Note, VerifierKey};
use verify::tile::Tile;
use verify::{Hash, Refusal};

/// A batch on its way through the group commit.
pub(crate) struct Ticket {
    pub(crate) entries: Vec<Entry>,
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) hashes: Vec<Hash>,
    pub(crate) outcome: Mutex<Option<Result<Result<u64, Refused>, String>>>,
}

/// A leaf that is durable and under no head yet.
pub(crate) struct Pending {
    pub(crate) hash: Hash,
}

/// The state at the end of a segment, and the tiles that must be durable before it may be written down.
pub(crate) struct Settling {
    pub(crate) tiles: VecDeque<Tile>,
    pub(crate) snapshot: Vec<u8>,
}

pub(crate) struct Writer {
    pub(crate) disk: Arc<dyn Storage>,
    /// The tree under the last head.
    pub(crate) tree: Tree,
    pub(crate) pending: Vec<Pending>,
    /// Where the pending leaves lie.
    pub(crate) written: Vec<Written>,
    pub(crate) segments: Segments,
    pub(crate) vault: Vault,
    pub(crate) chains: Chains,
    pub(crate) head: Option<Note>,
    /// When the last head was signed, by its own ML-DSA-44 signature, seconds since 1970. Heads are never dated back.
    pub(crate) dated: u64,
    /// Full tiles that were written and not synchronised.
    pub(crate) unsynced: Vec<Tile>,
    /// Snapshots on their way to the disk, the older first: at most two, so that however fast leaves come, the older
    /// one arrives.
    pub(crate) settling: VecDeque<Settling>,
    pub(crate) dirs: BTreeSet<String>,
    /// A segment that ends with a piece of a batch that was never acknowledged, and where the piece begins.
    torn: Option<(String, u64)>,
    pub(crate) stopped: Option<String>,
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while the lock was held left the disk as a power cut would; `Writer::stopped` guards the rest.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Finds the state of a log on its disk.
pub(crate) fn recover(
    disk: &Arc<dyn Storage>,
    options: &Options,
    leaves: u64,
    verifiers: &[VerifierKey],
) -> Result<Writer, Error> {
    let head = read_head(disk.as_ref(), CHECKPOINT, verifiers)?;
    let signed = head.as_ref().map_or(0, |(_, checkpoint)| checkpoint.size);
    let snapshotted = read_snapshot(disk.as_ref())?;
    // What a head, a snapshot or a tile shows was durable: where it is gone, it is lost, and no torn tail.
    let known = snapshotted.as_ref().map_or(0, |(tree, _)| tree.size()).max(signed);
    let shown = |next: u64| Ok::<_, Error>(tree::shown_beyond(disk.as_ref(), next)?.unwrap_or(0).max(known));
    let mut torn = None;
    let (mut tree, mut chains) = match snapshotted {
        Some((tree, chains)) if tree.size() <= signed && tree.size().is_multiple_of(leaves) => (tree, chains),
        _ => (Tree::default(), Chains::default()),
    };
    let (mut pending, mut written, mut unsigned) = (vec![], vec![], vec![]);
    let mut number = tree.size() / leaves;
    let mut next = tree.size();
    let mut length = 0;
    let mut newer = None;
    while let Some(found) = Segment::read(disk.as_ref(), leaves, number)? {
        if let Tail::Damaged { number } = found.recovery.tail {
            return Err(found.damaged(number, "its frame does not check, and later leaves were acknowledged"));
        }
        for frame in &found.recovery.frames {
            let entry = &found.bytes[frame.entry.clone()];
            let unreadable = |refusal: Refusal| found.damaged(frame.number, &refusal.what);
            let leaf = Leaf::parse(entry).map_err(unreadable)?;
            chains.replay(leaf, frame.number);
            let hash = merkle::leaf_hash(entry);
            if frame.number < signed {
                tree.push(entry, hash);
            } else {
                pending.push(Pending { hash });
                unsigned.push(entry.to_vec());
                written.push(Written {
                    file: found.name.clone(),
                    offset: (frame.entry.start - frame::HEADER) as u64,
                    bytes: frame::HEADER + frame.entry.len(),
                    first: frame.number,
                });
            }
        }
        next += found.recovery.frames.len() as u64;
        let whole = next == (number + 1) * leaves;
        if whole && next <= signed {
            newer = Some(snapshot(&tree, &chains));
        }
        if found.recovery.tail == Tail::Torn {
            if next < shown(next)? {
                let what = match next < signed {
                    true => "its frame does not check, and a signed head covers it",
                    false => "its frame does not check, and the tiles show that it was durable",
                };
                return Err(found.damaged(next, what));
            }
            torn = Some((found.name.clone(), found.recovery.end as u64));
        }
        // What was found may not have been durable when the power went.
        if next >= signed {
            disk.sync(&found.name).context("synchronising", &found.name)?;
        }
        number += 1;
        length = if whole { 0 } else { found.recovery.end as u64 };
        if !whole {
            if Segment::read(disk.as_ref(), leaves, number)?
                .is_some_and(|after| !after.recovery.frames.is_empty())
            {
                return Err(found.damaged(next, "it is missing, and the segment after it is not empty"));
            }
            break;
        }
    }
    if next > 0 {
        disk.sync_dir("log").context("synchronising", "log")?;
    }
    let shown = shown(next)?;
    if next < shown {
        let by = if next < signed { "the signed head covers" } else { "the tiles show" };
        return Err(Error::Damaged {
            file: segment::name(next / leaves),
            leaf: Some(next),
            what: format!("it is missing: {by} {shown} leaves, the disk holds {next}"),
        });
    }
    if let Some((_, checkpoint)) = &head
        && tree.root() != Some(checkpoint.root)
    {
        return Err(first_difference(disk.as_ref(), leaves, &tree, signed));
    }
    let mut dirs = BTreeSet::new();
    let mut unsynced = tree.write_full(disk.as_ref(), &mut dirs, storage::put)?;
    // The next start need not read these segments again.
    let settling = newer.map(|snapshot| Settling { tiles: std::mem::take(&mut unsynced).into(), snapshot });
    tree.write_partial(disk.as_ref(), &mut dirs, storage::put)?;
    let mut ahead = tree.clone();
    for (entry, pending) in unsigned.iter().zip(&pending) {
        ahead.push(entry, pending.hash);
    }
    tree.mend(disk.as_ref(), &mut ahead)?;
    let vault = Vault::open(disk.clone(), options.entropy.clone(), options.roles.clone(), next, true)?;
    let dated = head.as_ref().map_or(0, |(note, _)| signed_at(note, verifiers));
    Ok(Writer {
        disk: disk.clone(),
        tree,
        pending,
        written,
        segments: Segments::at(leaves, next, length),
        vault,
        chains,
        head: head.map(|(note, _)| note),
        dated,
        unsynced,
        settling: settling.into_iter().collect(),
        dirs,
        torn,
        stopped: None,
    })
}

/// The latest time that the log itself gave when it signed a head.
fn signed_at(head: &Note, verifiers: &[VerifierKey]) -> u64 {
    let times = head.signatures.iter().flat_map(|signature| {
        let by = verifiers.iter().filter(|key| key.made(signature));
        by.filter_map(|key| key.verify(&head.text, signature).ok().flatten())
    });
    times.max().unwrap_or(0)
}

/// Names the first leaf whose hash on the disk is not that in its tile.
fn first_difference(disk: &dyn Storage, leaves: u64, tree: &Tree, signed: u64) -> Error {
    let mut reader = tree::Reader::new(disk, signed);
    let mut number = 0;
    while let Ok(Some(found)) = Segment::read(disk, leaves, number) {
        for (index, entry) in found.entries().take_while(|(index, _)| *index < signed) {
            let node = merkle::Node { level: 0, index };
            if reader.node(node).ok() != Some(merkle::leaf_hash(entry)) {
                return found.damaged(index, "it is not the leaf that was signed");
            }
        }
        number += 1;
    }
    Error::Damaged {
        file: CHECKPOINT.into(),
        leaf: None,
        what: format!("its root is not that of the {} leaves on the disk", tree.size()),
    }
}

/// The tree and the chains as of the last snapshot; `None` if it is missing or does not check: all is read again then.
fn read_snapshot(disk: &dyn Storage) -> Result<Option<(Tree, Chains)>, Error> {
    if disk.length(SNAPSHOT).context("reading", SNAPSHOT)?.is_none() {
        return Ok(None);
    }
    let bytes = disk.read(SNAPSHOT).context("reading", SNAPSHOT)?;
    Ok(parse_snapshot(&bytes))
}

pub(crate) fn parse_snapshot(bytes: &[u8]) -> Option<(Tree, Chains)> {
    let frame = frame::read(bytes, 0).filter(|frame| frame.entry.end == bytes.len())?;
    let (count, mut rest) = bytes[frame.entry].split_first()?;
    let mut levels = vec![];
    for _ in 0..*count {
        let (width, after) = rest.split_first_chunk::<2>()?;
        let (hashes, after) = after.split_at_checked(usize::from(u16::from_le_bytes(*width)) * 32)?;
        levels.push(hashes.as_chunks::<32>().0.to_vec());
        rest = after;
    }
    Some((Tree::from_edge(frame.number, levels)?, Chains::decode(rest)?))
}

fn snapshot(tree: &Tree, chains: &Chains) -> Vec<u8> {
    let mut body = vec![u8::try_from(tree.edge().len()).expect("at most 8 levels")];
    for hashes in tree.edge() {
        body.extend_from_slice(&u16::try_from(hashes.len()).expect("less than 256").to_le_bytes());
        hashes.iter().for_each(|hash| body.extend_from_slice(hash));
    }
    chains.encode(&mut body);
    let mut bytes = vec![];
    frame::write(&mut bytes, tree.size(), tree.size(), &body);
    bytes
}

impl Writer {
    /// Cuts what was written and never acknowledged, of segment and vault, and gives where the pieces are kept. Whoever
    /// may know more is asked before.
    pub(crate) fn cut(&mut self, losing: bool) -> Result<Vec<String>, Error> {
        let mut kept = vec![];
        if let Some((name, end)) = self.torn.take() {
            let bytes = self.disk.read(&name).context("reading", &name)?;
            let piece = usize::try_from(end).ok().and_then(|end| bytes.get(end..)).unwrap_or_default();
            kept.push(damaged::keep(self.disk.as_ref(), &name, piece)?);
            self.disk.set_length(&name, end).context("cutting", &name)?;
            self.disk.sync(&name).context("synchronising", &name)?;
        }
        kept.extend(self.vault.cut(self.segments.next, losing)?);
        Ok(kept)
    }

    pub(crate) fn running(&self) -> Result<(), Error> {
        self.stopped.clone().map_or(Ok(()), |why| Err(Error::Stopped(why)))
    }

    /// Stops for good if the disk refused or bytes were not what they should be.
    pub(crate) fn guard<T>(&mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        if let Err(error @ (Error::Storage { .. } | Error::Damaged { .. })) = &outcome {
            self.stopped.get_or_insert_with(|| error.to_string());
        }
        outcome
    }

    /// Writes the batches of all tickets: one sync of the vault, one of the segment.
    pub(crate) fn commit(&mut self, tickets: &[Arc<Ticket>], registry: &Registry, now: i64) {
        if let Some(why) = &self.stopped {
            tickets.iter().for_each(|ticket| *locked(&ticket.outcome) = Some(Err(why.clone())));
            return;
        }
        let mut taken: Vec<(&Ticket, u64)> = vec![];
        let mut next = self.segments.next;
        for ticket in tickets {
            match self.admit(ticket, registry, next, now) {
                Ok(()) => {
                    taken.push((ticket, next));
                    next += ticket.leaves.len() as u64;
                }
                Err(refused) => *locked(&ticket.outcome) = Some(Ok(Err(refused))),
            }
        }
        if taken.is_empty() {
            return;
        }
        let written = self.write(&taken, now);
        match self.guard(written) {
            Ok(()) => {
                for (ticket, first) in taken {
                    *locked(&ticket.outcome) = Some(Ok(Ok(first)));
                }
            }
            Err(error) => {
                let why = self.stopped.get_or_insert_with(|| error.to_string()).clone();
                taken.iter().for_each(|(ticket, _)| *locked(&ticket.outcome) = Some(Err(why.clone())));
            }
        }
    }

    /// Takes a batch's leaves as the next of their sources, all or none.
    fn admit(&mut self, ticket: &Ticket, registry: &Registry, first: u64, now: i64) -> Result<(), Refused> {
        let remembered = self.chains.remember(ticket.leaves.iter().map(|leaf| leaf.pseudonym));
        for (statement, (index, (leaf, entry))) in
            (first..).zip(ticket.leaves.iter().zip(&ticket.entries)).enumerate()
        {
            let source = registry.by_pseudonym.get(&leaf.pseudonym);
            // It may have been revoked since its signature was checked.
            let quota = source.filter(|source| source.revoked.is_none()).map(|source| source.quota);
            let admitted = match quota {
                None => Err((Reason::Revoked, "its key was revoked; the source needs a new key".into())),
                Some(quota) => self
                    .vault
                    .accepts(&entry.item)
                    .map_err(|what| (Reason::Vault, what))
                    .and_then(|()| self.chains.admit(leaf, index, quota, now)),
            };
            if let Err((reason, what)) = admitted {
                self.chains.restore(remembered);
                return Err(Refused { statement, reason, what });
            }
        }
        Ok(())
    }

    fn write(&mut self, taken: &[(&Ticket, u64)], now: i64) -> Result<(), Error> {
        let items: Vec<&Item> =
            taken.iter().flat_map(|(ticket, _)| ticket.entries.iter().map(|entry| &entry.item)).collect();
        self.vault.append(items, now)?;
        let leaves: Vec<&[u8]> =
            taken.iter().flat_map(|(ticket, _)| ticket.entries.iter().map(|entry| &entry.leaf[..])).collect();
        debug_assert!(leaves.iter().all(|leaf| leaf.len() == LEAF_LEN));
        let disk = self.disk.clone();
        self.written.extend(self.segments.append(disk.as_ref(), &leaves)?);
        for (ticket, _) in taken {
            self.pending.extend(ticket.hashes.iter().map(|hash| Pending { hash: *hash }));
        }
        Ok(())
    }

    pub(crate) fn checkpoint(&mut self, keys: &Keys, time: u64) -> Result<Note, Error> {
        self.running()?;
        if self.pending.is_empty()
            && let Some(head) = &self.head
        {
            return Ok(head.clone());
        }
        let signed = self.sign(keys, time);
        self.guard(signed)
    }

    fn sign(&mut self, keys: &Keys, time: u64) -> Result<Note, Error> {
        let disk = self.disk.clone();
        let time = time.max(self.dated);
        let pending = std::mem::take(&mut self.pending);
        let mut hashes = pending.iter().map(|pending| pending.hash);
        for written in std::mem::take(&mut self.written) {
            let written = &written;
            for (index, entry) in (written.first..).zip(segment::read_again(disk.as_ref(), written)?) {
                let hash = merkle::leaf_hash(&entry);
                if hashes.next() != Some(hash) {
                    return Err(Error::Damaged {
                        file: written.file.clone(),
                        leaf: Some(index),
                        what: "read again, it is not the leaf that was appended".into(),
                    });
                }
                self.tree.push(&entry, hash);
                if self.tree.size().is_multiple_of(self.segments.leaves) {
                    self.write_full()?;
                    let snapshot = snapshot(&self.tree, &self.chains);
                    let tiles = std::mem::take(&mut self.unsynced);
                    match self.settling.get_mut(1) {
                        Some(waiting) => {
                            waiting.tiles.extend(tiles);
                            waiting.snapshot = snapshot;
                        }
                        None => self.settling.push_back(Settling { tiles: tiles.into(), snapshot }),
                    }
                }
            }
        }
        let root = self.tree.root().ok_or_else(|| Error::Damaged {
            file: "memory".into(),
            leaf: None,
            what: "two computations of the root disagree".into(),
        })?;
        self.write_full()?;
        self.tree.write_partial(disk.as_ref(), &mut self.dirs, storage::put)?;
        let head = keys.sign(&Checkpoint::new(keys.origin(), self.tree.size(), root), time)?;
        storage::replace(disk.as_ref(), CHECKPOINT, head.to_string().as_bytes())
            .context("writing", CHECKPOINT)?;
        self.head = Some(head.clone());
        self.dated = time;
        self.settle()?;
        Ok(head)
    }

    pub(crate) fn write_full(&mut self) -> Result<(), Error> {
        let tiles = self.tree.write_full(self.disk.as_ref(), &mut self.dirs, storage::put)?;
        tiles.iter().try_for_each(|tile| tree::clear_partial(self.disk.as_ref(), tile))?;
        self.unsynced.extend(tiles);
        Ok(())
    }

    /// Makes tiles of full segments durable, some with every head, so that no head waits for all of them; then the
    /// snapshot, from which the next start reads.
    pub(crate) fn settle(&mut self) -> Result<(), Error> {
        let backlog: usize = self.settling.iter().map(|settling| settling.tiles.len()).sum();
        let Some(oldest) = self.settling.front_mut() else { return Ok(()) };
        let now = oldest.tiles.len().min((backlog / 32).clamp(4, 128));
        let mut dirs = BTreeSet::new();
        for tile in oldest.tiles.drain(..now) {
            let path = tile.path();
            self.disk.sync(&path).context("synchronising", &path)?;
            let mut dir = storage::parent(&path);
            while dirs.insert(dir.to_owned()) && !dir.is_empty() {
                dir = storage::parent(dir);
            }
        }
        for dir in dirs {
            self.disk.sync_dir(&dir).context("synchronising", dir)?;
        }
        if oldest.tiles.is_empty() {
            storage::replace(self.disk.as_ref(), SNAPSHOT, &oldest.snapshot).context("writing", SNAPSHOT)?;
            self.settling.pop_front();
        }
        Ok(())
    }

    /// The root over the first `size` leaves, of those under the last head from the tiles.
    pub(crate) fn root_at(&self, size: u64) -> Result<Hash, Error> {
        if size <= self.tree.size() {
            let mut reader = tree::Reader::new(self.disk.as_ref(), self.tree.size());
            return Ok(merkle::root_of(size, |node| reader.node(node))?);
        }
        let mut reader = tree::Reader::new(self.disk.as_ref(), self.tree.size());
        let mut range = merkle::Range::read(self.tree.size(), |node| reader.node(node))?;
        let more = usize::try_from(size - self.tree.size()).unwrap_or(usize::MAX);
        self.pending.iter().take(more).for_each(|pending| range.push(pending.hash));
        Ok(range.root())
    }
}
