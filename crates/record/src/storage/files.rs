//! Real files.

use super::Storage;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A folder of the file system.
///
/// Heads and tiles are made for everyone to read, so that any web server may serve them (c2sp.org/tlog-tiles). All other
/// files and folders are made for their owner alone (0600, 0700): the vault is encrypted, but who reads it is nobody
/// else's business; the root may be passed through and not listed.
pub struct Files {
    root: PathBuf,
    /// Files written and not yet synchronised: the sync must go through the handle that wrote, since the kernel
    /// reports a failed write-back to handles that were open when it failed.
    written: Mutex<BTreeMap<String, Arc<File>>>,
}

impl Files {
    /// The folder `root`, made if need be.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn new(root: impl AsRef<Path>) -> io::Result<Files> {
        let root = root.as_ref().to_path_buf();
        fs::DirBuilder::new().recursive(true).mode(0o711).create(&root)?;
        Ok(Files { root, written: Mutex::default() })
    }

    /// Closes a written file without synchronising it: for storages built on this one that promise less.
    pub fn forget(&self, path: &str) {
        self.written().remove(path);
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    fn written(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<File>>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handle(&self, path: &str) -> io::Result<Arc<File>> {
        if let Some(file) = self.written().get(path) {
            return Ok(file.clone());
        }
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(if is_public(path) { 0o644 } else { 0o600 })
            .open(self.path(path))
            .map(Arc::new)?;
        self.written().insert(path.to_owned(), file.clone());
        Ok(file)
    }
}

/// Is this what a log serves: a head, or a tile (leaves tell nothing without openings)?
fn is_public(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    first == "tile" || first == "checkpoint" || first.starts_with("checkpoint.")
}

impl Storage for Files {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path(path))
    }

    fn read_at(&self, path: &str, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        File::open(self.path(path))?.read_exact_at(&mut bytes, offset)?;
        Ok(bytes)
    }

    fn length(&self, path: &str) -> io::Result<Option<u64>> {
        match fs::metadata(self.path(path)) {
            Ok(found) => Ok(Some(found.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(self.path(dir)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            Err(error) => return Err(error),
        };
        let mut names = vec![];
        for entry in entries {
            // A name that is not text is none of ours.
            names.extend(entry?.file_name().into_string());
        }
        names.sort();
        Ok(names)
    }

    fn write_at(&self, path: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.handle(path)?.write_all_at(bytes, offset)
    }

    fn set_length(&self, path: &str, length: u64) -> io::Result<()> {
        self.handle(path)?.set_len(length)
    }

    fn sync(&self, path: &str) -> io::Result<()> {
        let written = self.written().remove(path);
        match written {
            Some(file) => file.sync_data(),
            None => File::open(self.path(path))?.sync_data(),
        }
    }

    fn create_dir(&self, dir: &str) -> io::Result<()> {
        let mode = if is_public(dir) { 0o755 } else { 0o700 };
        fs::DirBuilder::new().recursive(true).mode(mode).create(self.path(dir))
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        File::open(self.path(dir))?.sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut written = self.written();
        written.remove(from);
        written.remove(to);
        fs::rename(self.path(from), self.path(to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.written().remove(path);
        match fs::remove_file(self.path(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn lock(&self, path: &str) -> io::Result<Box<dyn Send + Sync>> {
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(self.path(path))?;
        match file.try_lock() {
            Ok(()) => Ok(Box::new(file)),
            Err(fs::TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }
}
