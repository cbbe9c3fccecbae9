//! A disk that remembers every write and every sync, so that a test can ask: what could be left of this after a
//! power cut at any moment? Names of files are as uncertain as their bytes until their folder is synchronised.

use record::storage::{Storage, parent};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

/// A small generator of our own: the same crashes on every machine.
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, below: u64) -> u64 {
        // SplitMix64 (Steele, Lea, Flood 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }
}

#[derive(Clone, Debug)]
enum Op {
    MakeDir(String),
    Create(String, usize),
    Write(usize, u64, Vec<u8>),
    Length(usize, u64),
    Sync(usize),
    SyncDir(String),
    Rename(String, String, usize),
    Remove(String),
    /// A receipt went out: not an operation of the disk, but the moment an oracle needs.
    Mark(u64),
}

/// What happens to what was not synchronised.
#[derive(Clone, Copy, Debug)]
pub enum Fate {
    Lost,
    Kept,
    /// Each operation kept, lost or torn into sectors of 512 or 4,096 bytes, in any order.
    Random(u64),
}

/// What goes wrong at the chosen operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// The operation fails with EIO; of a write, half was done.
    Error,
    /// Writes fail with ENOSPC from then on, after half of the first was done.
    Full,
}

#[derive(Clone, Default, Debug)]
struct State {
    dirs: BTreeSet<String>,
    names: BTreeMap<String, usize>,
    inodes: Vec<Vec<u8>>,
    /// What lay on the disk when it was attached: durable.
    base: (BTreeSet<String>, BTreeMap<String, usize>, Vec<Vec<u8>>),
    ops: Vec<Op>,
    locks: BTreeSet<String>,
    /// Mutating operations so far, and the one that fails.
    count: usize,
    fault: Option<(usize, Fault)>,
}

#[derive(Clone, Default)]
pub struct SimulatedDisk {
    state: Arc<Mutex<State>>,
    /// The switch for the negative control: a build that forgets to synchronise.
    pub ignore_sync: bool,
    /// Another: a build that replaces files without synchronising their names.
    pub ignore_sync_of_renames: bool,
}

fn not_found(path: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, path.to_owned())
}

fn write_into(file: &mut Vec<u8>, offset: u64, bytes: &[u8]) {
    let offset = usize::try_from(offset).unwrap();
    if file.len() < offset + bytes.len() {
        file.resize(offset + bytes.len(), 0);
    }
    file[offset..offset + bytes.len()].copy_from_slice(bytes);
}

impl SimulatedDisk {
    pub fn new() -> SimulatedDisk {
        SimulatedDisk::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Notes that something was acknowledged here.
    pub fn mark(&self, value: u64) {
        self.state().ops.push(Op::Mark(value));
    }

    /// Operations recorded, marks included: the prefixes that can be replayed.
    pub fn ops(&self) -> usize {
        self.state().ops.len()
    }

    /// The last mark within the first `prefix` operations.
    pub fn marked(&self, prefix: usize) -> Option<u64> {
        self.state().ops[..prefix].iter().rev().find_map(|op| match op {
            Op::Mark(value) => Some(*value),
            _ => None,
        })
    }

    /// Mutating operations so far.
    pub fn count(&self) -> usize {
        self.state().count
    }

    /// From now on, the `nth` mutating operation (counted from the disk's beginning) fails.
    pub fn fail(&self, nth: usize, fault: Fault) {
        self.state().fault = Some((nth, fault));
    }

    pub fn names(&self) -> Vec<String> {
        self.state().names.keys().cloned().collect()
    }

    /// Flips one bit.
    pub fn flip(&self, path: &str, byte: usize, bit: u8) {
        let mut state = self.state();
        let inode = state.names[path];
        state.inodes[inode][byte] ^= 1 << bit;
    }

    /// The disk as it may be found after a power cut following the first `prefix` operations.
    pub fn after_power_cut(&self, prefix: usize, fate: Fate) -> SimulatedDisk {
        let state = self.state();
        let ops = &state.ops[..prefix];
        let (mut dirs, mut names, base) = state.base.clone();
        let mut dice = Dice(match fate {
            Fate::Random(seed) => seed,
            Fate::Lost | Fate::Kept => 0,
        });
        let last_sync = |wanted: &dyn Fn(&Op) -> bool| {
            if self.ignore_sync { None } else { ops.iter().rposition(wanted) }
        };

        let inodes = (0..state.inodes.len())
            .map(|inode| {
                let mut file = base.get(inode).cloned().unwrap_or_default();
                let synced = last_sync(&|op| matches!(op, Op::Sync(i) if *i == inode));
                let mut open = vec![];
                for (at, op) in ops.iter().enumerate() {
                    let durable = synced.is_some_and(|synced| at < synced);
                    match op {
                        Op::Write(i, offset, bytes) if *i == inode => match durable {
                            true => write_into(&mut file, *offset, bytes),
                            false => open.push(op),
                        },
                        Op::Length(i, length) if *i == inode => match durable {
                            true => file.resize(usize::try_from(*length).unwrap(), 0),
                            false => open.push(op),
                        },
                        _ => {}
                    }
                }
                if matches!(fate, Fate::Random(_)) && dice.roll(2) == 0 {
                    for i in (1..open.len()).rev() {
                        let j = usize::try_from(dice.roll(i as u64 + 1)).unwrap();
                        open.swap(i, j);
                    }
                }
                for op in open {
                    apply(&mut file, op, fate, &mut dice);
                }
                file
            })
            .collect::<Vec<_>>();

        for (at, op) in ops.iter().enumerate() {
            let dir = match op {
                Op::MakeDir(path) | Op::Create(path, _) | Op::Rename(path, ..) | Op::Remove(path) => {
                    parent(path)
                }
                _ => continue,
            };
            let synced = match self.ignore_sync {
                true => None,
                false => (0..ops.len()).rev().find(|at| {
                    // What `storage::replace` would be without its last line.
                    let of_replace = self.ignore_sync_of_renames
                        && *at > 0
                        && matches!(&ops[*at - 1], Op::Rename(_, to, _) if parent(to) == dir);
                    !of_replace && matches!(&ops[*at], Op::SyncDir(d) if d == dir)
                }),
            };
            let kept = synced.is_some_and(|synced| at < synced)
                || match fate {
                    Fate::Lost => false,
                    Fate::Kept => true,
                    Fate::Random(_) => dice.roll(2) == 0,
                };
            if !kept {
                continue;
            }
            match op {
                Op::MakeDir(path) => _ = dirs.insert(path.clone()),
                Op::Create(path, inode) => _ = names.insert(path.clone(), *inode),
                Op::Rename(from, to, inode) => {
                    names.remove(from);
                    names.insert(to.clone(), *inode);
                }
                Op::Remove(path) => _ = names.remove(path),
                _ => {}
            }
        }
        // A folder whose name was lost takes all below it along.
        let reachable = |path: &str| {
            let mut dir = parent(path);
            while !dir.is_empty() {
                if !dirs.contains(dir) {
                    return false;
                }
                dir = parent(dir);
            }
            true
        };
        names.retain(|path, _| reachable(path));
        let dirs: BTreeSet<_> = dirs.iter().filter(|dir| reachable(dir)).cloned().collect();
        let state = State {
            base: (dirs.clone(), names.clone(), inodes.clone()),
            dirs,
            names,
            inodes,
            ..State::default()
        };
        SimulatedDisk {
            state: Arc::new(Mutex::new(state)),
            ignore_sync: self.ignore_sync,
            ignore_sync_of_renames: self.ignore_sync_of_renames,
        }
    }

    /// Records an operation, or fails as the test asked.
    fn act(&self, state: &mut State, writes: bool) -> io::Result<()> {
        state.count += 1;
        match state.fault {
            Some((nth, Fault::Error)) if state.count == nth => {
                Err(io::Error::other("input/output error (simulated)"))
            }
            Some((nth, Fault::Full)) if state.count >= nth && writes => {
                Err(io::Error::new(io::ErrorKind::StorageFull, "no space left on device (simulated)"))
            }
            _ => Ok(()),
        }
    }
}

fn apply(file: &mut Vec<u8>, op: &Op, fate: Fate, dice: &mut Dice) {
    let torn = match fate {
        Fate::Lost => return,
        Fate::Kept => false,
        Fate::Random(_) => match dice.roll(4) {
            0 => return,
            1 => false,
            _ => true,
        },
    };
    match op {
        Op::Length(_, length) => file.resize(usize::try_from(*length).unwrap(), 0),
        Op::Write(_, offset, bytes) if !torn => write_into(file, *offset, bytes),
        Op::Write(_, offset, bytes) => {
            let sector = if dice.roll(2) == 0 { 512 } else { 4096 };
            if dice.roll(2) == 0 {
                // The length grew, the bytes never came: zeros.
                let end = usize::try_from(*offset).unwrap() + bytes.len();
                if file.len() < end {
                    file.resize(end, 0);
                }
            }
            let mut at = 0;
            while at < bytes.len() {
                let absolute = *offset + at as u64;
                let step = usize::try_from(sector - absolute % sector).unwrap().min(bytes.len() - at);
                if dice.roll(2) == 0 {
                    write_into(file, absolute, &bytes[at..at + step]);
                }
                at += step;
            }
        }
        _ => {}
    }
}

struct Unlock(Arc<Mutex<State>>, String);

impl Drop for Unlock {
    fn drop(&mut self) {
        self.0.lock().unwrap().locks.remove(&self.1);
    }
}

impl Storage for SimulatedDisk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let state = self.state();
        let inode = *state.names.get(path).ok_or_else(|| not_found(path))?;
        Ok(state.inodes[inode].clone())
    }

    fn read_at(&self, path: &str, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let bytes = self.read(path)?;
        let offset = usize::try_from(offset).unwrap();
        let end = offset.checked_add(length).filter(|end| *end <= bytes.len());
        end.map(|end| bytes[offset..end].to_vec()).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn length(&self, path: &str) -> io::Result<Option<u64>> {
        let state = self.state();
        Ok(state.names.get(path).map(|inode| state.inodes[*inode].len() as u64))
    }

    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let state = self.state();
        let below =
            state.names.keys().chain(&state.dirs).filter(|path| parent(path) == dir && !path.is_empty());
        let mut names: Vec<_> =
            below.map(|path| path.rsplit('/').next().unwrap_or_default().to_owned()).collect();
        names.sort();
        Ok(names)
    }

    fn write_at(&self, path: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        let dir = parent(path);
        if !dir.is_empty() && !state.dirs.contains(dir) {
            return Err(not_found(dir));
        }
        let outcome = self.act(&mut state, true);
        let inode = match state.names.get(path) {
            Some(inode) => *inode,
            None => {
                let inode = state.inodes.len();
                state.inodes.push(vec![]);
                state.names.insert(path.to_owned(), inode);
                state.ops.push(Op::Create(path.to_owned(), inode));
                inode
            }
        };
        let bytes = if outcome.is_ok() { bytes } else { &bytes[..bytes.len() / 2] };
        write_into(&mut state.inodes[inode], offset, bytes);
        state.ops.push(Op::Write(inode, offset, bytes.to_vec()));
        outcome
    }

    fn set_length(&self, path: &str, length: u64) -> io::Result<()> {
        let mut state = self.state();
        self.act(&mut state, false)?;
        let inode = *state.names.get(path).ok_or_else(|| not_found(path))?;
        state.inodes[inode].resize(usize::try_from(length).unwrap(), 0);
        state.ops.push(Op::Length(inode, length));
        Ok(())
    }

    fn sync(&self, path: &str) -> io::Result<()> {
        let mut state = self.state();
        self.act(&mut state, false)?;
        let inode = *state.names.get(path).ok_or_else(|| not_found(path))?;
        state.ops.push(Op::Sync(inode));
        Ok(())
    }

    fn create_dir(&self, dir: &str) -> io::Result<()> {
        let mut state = self.state();
        let mut whole = String::new();
        for part in dir.split('/') {
            if !whole.is_empty() {
                whole.push('/');
            }
            whole.push_str(part);
            if !state.dirs.contains(&whole) {
                self.act(&mut state, false)?;
                state.dirs.insert(whole.clone());
                state.ops.push(Op::MakeDir(whole.clone()));
            }
        }
        Ok(())
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        let mut state = self.state();
        self.act(&mut state, false)?;
        if !dir.is_empty() && !state.dirs.contains(dir) {
            return Err(not_found(dir));
        }
        state.ops.push(Op::SyncDir(dir.to_owned()));
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.state();
        self.act(&mut state, false)?;
        let inode = state.names.remove(from).ok_or_else(|| not_found(from))?;
        state.names.insert(to.to_owned(), inode);
        state.ops.push(Op::Rename(from.to_owned(), to.to_owned(), inode));
        Ok(())
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let mut state = self.state();
        if state.names.contains_key(path) {
            self.act(&mut state, false)?;
            state.names.remove(path);
            state.ops.push(Op::Remove(path.to_owned()));
        }
        Ok(())
    }

    fn lock(&self, path: &str) -> io::Result<Box<dyn Send + Sync>> {
        let mut state = self.state();
        if state.locks.insert(path.to_owned()) {
            Ok(Box::new(Unlock(self.state.clone(), path.to_owned())))
        } else {
            Err(io::ErrorKind::WouldBlock.into())
        }
    }
}
