//! Where bytes are kept: the port between the record and a disk.
//!
//! Everything that the record promises about durability rests on the few operations of [`Storage`]; a test puts a
//! disk behind it that loses, tears and reorders whatever was not synchronised.

mod files;

pub use files::Files;

use std::io;

/// A folder on a disk. Paths are relative, with `/` between their parts.
///
/// What a write leaves behind after a power cut is unknown until [`sync`](Storage::sync) has returned for that file;
/// a file's *name* is unknown until [`sync_dir`](Storage::sync_dir) has returned for its folder. An error of a write
/// or a sync means that nothing is known of what is on the disk: the caller stops for good and never tries again
/// (a second fsync may succeed although the pages were dropped).
pub trait Storage: Send + Sync {
    /// The whole file. `NotFound` if there is none.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;
    /// `length` bytes from `offset`; `UnexpectedEof` if the file is shorter.
    fn read_at(&self, path: &str, offset: u64, length: usize) -> io::Result<Vec<u8>>;
    /// The length in bytes, or `None` if there is no such file.
    fn length(&self, path: &str) -> io::Result<Option<u64>>;
    /// The names in a folder, sorted; empty if there is no such folder.
    fn list(&self, dir: &str) -> io::Result<Vec<String>>;
    /// Writes at an offset, making the file (but not its folder) if need be.
    fn write_at(&self, path: &str, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts or extends the file to `length` bytes.
    fn set_length(&self, path: &str, length: u64) -> io::Result<()>;
    /// Returns when the file's bytes and length are durable (fdatasync).
    fn sync(&self, path: &str) -> io::Result<()>;
    /// Makes a folder and those above it; no error if it is there.
    fn create_dir(&self, dir: &str) -> io::Result<()>;
    /// Returns when the names in a folder are durable.
    fn sync_dir(&self, dir: &str) -> io::Result<()>;
    /// Gives a file another name, replacing what bore it.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file; no error if there is none.
    fn remove(&self, path: &str) -> io::Result<()>;
    /// Takes the lock named by `path`, held until the guard is dropped; `WouldBlock` if another holds it.
    fn lock(&self, path: &str) -> io::Result<Box<dyn Send + Sync>>;
}

/// The folder that a path lies in; `""` for the top.
#[must_use]
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// Makes the folder of `path`, and the names of new folders durable, top down.
pub(crate) fn make_parent(disk: &dyn Storage, path: &str) -> io::Result<()> {
    let dir = parent(path);
    if dir.is_empty() {
        return Ok(());
    }
    disk.create_dir(dir)?;
    let mut above = dir;
    let mut dirs = vec![];
    while !above.is_empty() {
        above = parent(above);
        dirs.push(above);
    }
    dirs.iter().rev().try_for_each(|dir| disk.sync_dir(dir))
}

/// Replaces a file so that after a power cut there is the old one or the new one, whole.
pub fn replace(disk: &dyn Storage, path: &str, bytes: &[u8]) -> io::Result<()> {
    let temporary = format!("{path}.tmp");
    disk.remove(&temporary)?;
    disk.write_at(&temporary, 0, bytes)?;
    disk.sync(&temporary)?;
    disk.rename(&temporary, path)?;
    disk.sync_dir(parent(path))
}

/// Writes a file that can be made again from others: whole for every reader, durable only once synchronised.
pub(crate) fn put(disk: &dyn Storage, path: &str, bytes: &[u8]) -> io::Result<()> {
    let temporary = format!("{path}.tmp");
    disk.remove(&temporary)?;
    disk.write_at(&temporary, 0, bytes)?;
    disk.rename(&temporary, path)
}
