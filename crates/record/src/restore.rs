//! A log whose files were damaged or lost, made whole again from a mirror.
//!
//! A mirror has the leaves under the head that it pulled, and nothing that opens them: vault, list of sources and queue
//! come back from copies of their own, or not at all.

use crate::damaged;
use crate::error::{Context, Error};
use crate::frame;
use crate::log::{self, CHECKPOINT, SNAPSHOT};
use crate::mirror::Mirror;
use crate::reader::Reader;
use crate::segment::{self, Segment};
use crate::storage::{self, Storage};
use crate::vault;
use std::ops::Range;
use std::sync::Arc;
use verify::checkpoint::Checkpoint;
use verify::merkle;
use verify::note::VerifierKey;

/// What was made whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The leaves that the mirror has.
    pub leaves: u64,
    /// The files of leaves that were written again; the damaged ones lie in the folder `damaged`, each under a new name.
    pub segments: Vec<String>,
    /// Was the head lost, damaged or older, and taken from the mirror?
    pub head: bool,
    /// The vault keeps what opens these leaves, which are neither on the disk nor in the mirror: of a batch that was never
    /// acknowledged, or lost. When the record is next opened, what the vault keeps of them is laid in the folder `damaged`.
    pub missing: Range<u64>,
}

/// Writes again what a log's disk does not hold as it was signed. Leaves that came after the mirror's head stay as they
/// lie: whether they check is seen when the record is next opened. Tiles are made again when the record is next opened.
///
/// # Errors
/// If the mirror does not check against `keys` or does not fit the head on the disk, another process writes this record,
/// or a disk refuses.
pub fn restore(
    disk: &Arc<dyn Storage>,
    from: &Arc<dyn Storage>,
    keys: &[VerifierKey],
) -> Result<Restored, Error> {
    let _lock = log::lock(disk.as_ref())?;
    let origin = keys.first().map(VerifierKey::name).unwrap_or_default();
    let width = log::read_about(disk.as_ref(), origin)?;
    let mirror = Mirror::new(from.clone(), keys.to_vec());
    let in_mirror = |error| match error {
        Error::Damaged { file, what, .. } => {
            Error::Asked(format!("the mirror is damaged too: {file}: {what}"))
        }
        other => other,
    };
    let leaves = mirror.audit().map_err(in_mirror)?;
    let (note, head) = mirror.held()?.ok_or_else(|| Error::Asked("the mirror holds no head".into()))?;
    let reader = Reader::over(from.clone(), keys.to_vec());

    // A head that is lost or does not check is no head; one that does must be of one history with the mirror's.
    let ours = log::read_head(disk.as_ref(), CHECKPOINT, keys).ok().flatten().map(|(_, head)| head);
    if let Some(ours) = ours.as_ref().filter(|ours| ours.size <= leaves) {
        continues(&reader, ours, &head)?;
    }
    let mut restored = Restored { leaves, segments: vec![], head: false, missing: 0..0 };
    for number in 0..leaves.div_ceil(width) {
        let first = number * width;
        let signed = reader.leaves(first..leaves.min(first + width))?;
        if !holds(Segment::read(disk.as_ref(), width, number)?.as_ref(), &signed) {
            restored.segments.push(rewrite(disk.as_ref(), number, first, &signed)?);
        }
    }
    if ours.is_none_or(|ours| ours.size < leaves) {
        keep(disk.as_ref(), CHECKPOINT)?;
        storage::replace(disk.as_ref(), CHECKPOINT, note.to_string().as_bytes())
            .context("writing", CHECKPOINT)?;
        restored.head = true;
    }
    let mut on_disk = 0;
    while let Some(found) = Segment::read(disk.as_ref(), width, on_disk / width)? {
        on_disk += found.recovery.frames.len() as u64;
        if !on_disk.is_multiple_of(width) || found.recovery.frames.is_empty() {
            break;
        }
    }
    restored.missing = on_disk..vault::kept_until(disk.as_ref())?.max(on_disk);
    // Without it everything is read again at the next start, and every tile written again.
    disk.remove(SNAPSHOT).context("removing", SNAPSHOT)?;
    disk.sync_dir("").context("synchronising", "the record")?;
    Ok(restored)
}

fn continues(reader: &Reader, ours: &Checkpoint, theirs: &Checkpoint) -> Result<(), Error> {
    let path = reader.prove_consistency(ours.size, theirs.size)?;
    merkle::verify_consistency(ours.size, &ours.root, theirs.size, &theirs.root, &path).map_err(|_| {
        Error::PeerDisagrees {
            peer: "the mirror".into(),
            what: format!(
                "holds {} leaves that do not continue the {} under the head on this disk: the log showed two histories",
                theirs.size, ours.size
            ),
        }
    })
}

/// Does the segment begin with what was signed?
fn holds(segment: Option<&Segment>, signed: &[Vec<u8>]) -> bool {
    segment.is_some_and(|segment| {
        let mut entries = segment.entries().map(|(_, entry)| entry);
        signed.iter().all(|leaf| entries.next() == Some(leaf))
    })
}

/// Writes the beginning of a segment as it was signed; what follows stays as it lies. The damaged file is kept beside.
fn rewrite(disk: &dyn Storage, number: u64, first: u64, signed: &[Vec<u8>]) -> Result<String, Error> {
    let name = segment::name(number);
    let mut bytes = vec![];
    for (number, leaf) in (first..).zip(signed) {
        frame::write(&mut bytes, number, first, leaf);
    }
    let old = keep(disk, &name)?.unwrap_or_default();
    bytes.extend_from_slice(old.get(bytes.len()..).unwrap_or_default());
    storage::make_parent(disk, &name).context("making the folder of", &name)?;
    storage::replace(disk, &name, &bytes).context("writing", &name)?;
    Ok(name)
}

/// Copies a file into the folder `damaged`, and gives its bytes; `None` if it is gone.
fn keep(disk: &dyn Storage, name: &str) -> Result<Option<Vec<u8>>, Error> {
    if disk.length(name).context("reading", name)?.is_none() {
        return Ok(None);
    }
    let bytes = disk.read(name).context("reading", name)?;
    damaged::keep(disk, name, &bytes)?;
    Ok(Some(bytes))
}
