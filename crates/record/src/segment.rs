//! The segments of a log: its entries in frames, one file for so many leaves. They are the truth; tiles, bundles and
//! index are made from them.

use crate::error::{Context, Error};
use crate::frame::{self, Tail};
use crate::storage::{self, Storage};

/// Where the next entry goes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Segments {
    /// Leaves in a full segment.
    pub(crate) leaves: u64,
    /// The number of the next leaf.
    pub(crate) next: u64,
    /// Length of the segment that it goes to, in bytes.
    length: u64,
}

/// Entries written together: where they lie.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    pub(crate) file: String,
    pub(crate) offset: u64,
    pub(crate) bytes: usize,
    pub(crate) first: u64,
}

pub(crate) fn name(number: u64) -> String {
    format!("log/{number:08}")
}

/// The whole frames of a segment and how it ends.
pub(crate) struct Segment {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) recovery: frame::Recovery,
}

impl Segment {
    /// Reads segment `number`; `None` if there is no such file.
    pub(crate) fn read(disk: &dyn Storage, leaves: u64, number: u64) -> Result<Option<Segment>, Error> {
        let name = name(number);
        let bytes = match disk.read(&name) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.context("reading", &name)?,
        };
        let mut recovery = frame::recover(&bytes, 0, number * leaves);
        let most = usize::try_from(leaves).unwrap_or(usize::MAX);
        if recovery.frames.len() > most {
            recovery.tail = Tail::Damaged { number: (number + 1) * leaves };
            recovery.frames.truncate(most);
        }
        Ok(Some(Segment { name, bytes, recovery }))
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.recovery.frames.iter().map(|frame| (frame.number, &self.bytes[frame.entry.clone()]))
    }

    pub(crate) fn damaged(&self, leaf: u64, what: &str) -> Error {
        Error::Damaged { file: self.name.clone(), leaf: Some(leaf), what: what.into() }
    }
}

impl Segments {
    /// After recovery: the next leaf, and the end of the segment that it goes to.
    pub(crate) fn at(leaves: u64, next: u64, length: u64) -> Segments {
        Segments { leaves, next, length }
    }

    /// Writes entries, durably, and says where.
    pub(crate) fn append(&mut self, disk: &dyn Storage, entries: &[&[u8]]) -> Result<Vec<Written>, Error> {
        let batch = self.next;
        let mut written = vec![];
        let mut rest = entries;
        while !rest.is_empty() {
            let number = self.next / self.leaves;
            let room = usize::try_from(self.leaves - self.next % self.leaves).unwrap_or(usize::MAX);
            let (now, later) = rest.split_at(room.min(rest.len()));
            let name = name(number);
            let mut bytes = vec![];
            let first = self.next;
            for entry in now {
                // In a new file the first frames begin a batch of their own: the file before is whole and durable.
                frame::write(&mut bytes, self.next, batch.max(number * self.leaves), entry);
                self.next += 1;
            }
            if self.length == 0 {
                storage::make_parent(disk, &name).context("making the folder of", &name)?;
            }
            disk.write_at(&name, self.length, &bytes).context("writing", &name)?;
            disk.sync(&name).context("synchronising", &name)?;
            if self.length == 0 {
                disk.sync_dir("log").context("synchronising", "log")?;
            }
            written.push(Written { file: name, offset: self.length, bytes: bytes.len(), first });
            self.length =
                if self.next.is_multiple_of(self.leaves) { 0 } else { self.length + bytes.len() as u64 };
            rest = later;
        }
        Ok(written)
    }
}

/// Reads again what was written, from the disk, and returns the entries.
pub(crate) fn read_again(disk: &dyn Storage, written: &Written) -> Result<Vec<Vec<u8>>, Error> {
    let bytes =
        disk.read_at(&written.file, written.offset, written.bytes).context("reading again", &written.file)?;
    let recovery = frame::recover(&bytes, 0, written.first);
    let next = written.first + recovery.frames.len() as u64;
    if recovery.tail != Tail::Clean {
        return Err(Error::Damaged {
            file: written.file.clone(),
            leaf: Some(next),
            what: "what is on the disk is not what was written".into(),
        });
    }
    Ok(recovery.frames.into_iter().map(|frame| bytes[frame.entry].to_vec()).collect())
}
