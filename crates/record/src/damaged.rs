//! The folder `damaged`: what was cut from a record's files or replaced in them, kept beside for whoever asks why.
//!
//! A piece that a power cut left and a piece that was acknowledged and lost its end look alike where everything that knew
//! better is gone. So nothing is thrown away when a record is opened or restored.

use crate::error::{Context, Error};
use crate::storage::{self, Storage};

const FOLDER: &str = "damaged";

/// Keeps bytes of the file `name` under a name that nothing bears yet, durably; gives that name.
pub(crate) fn keep(disk: &dyn Storage, name: &str, bytes: &[u8]) -> Result<String, Error> {
    let base = name.replace('/', "-");
    let there = list(disk)?;
    let number = (1_u64..).find(|number| !there.contains(&format!("{base}.{number}"))).unwrap_or(u64::MAX);
    let kept = format!("{FOLDER}/{base}.{number}");
    storage::make_parent(disk, &kept).context("making the folder of", &kept)?;
    storage::replace(disk, &kept, bytes).context("writing", &kept)?;
    Ok(kept)
}

/// What lies there.
pub(crate) fn list(disk: &dyn Storage) -> Result<Vec<String>, Error> {
    disk.list(FOLDER).context("listing", FOLDER)
}

fn is_of_items(name: &str) -> bool {
    name.starts_with("vault-") && !name.starts_with("vault-erasures")
}

/// Forgets what lies there of the vault's items: they cannot be erased one by one, so they go when anything is erased. Notes
/// of erasures open nothing, and stay.
pub(crate) fn forget_vault(disk: &dyn Storage) -> Result<(), Error> {
    let mut gone = false;
    for name in list(disk)?.iter().filter(|name| is_of_items(name)) {
        let path = format!("{FOLDER}/{name}");
        disk.remove(&path).context("removing", &path)?;
        gone = true;
    }
    if gone {
        disk.sync_dir(FOLDER).context("synchronising", FOLDER)?;
    }
    Ok(())
}
