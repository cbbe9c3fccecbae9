//! Reading a record, beside its writer or from a copy: heads, leaves, proofs.

use crate::error::{Context, Error};
use crate::log::{self, CHECKPOINT, COSIGNED};
use crate::peer::{Known, Peer};
use crate::sources::{Quota, Registry};
use crate::storage::{Files, Storage};
use crate::tree::{self, read_tile};
use crate::vault::{Erasure, Opened, RoleKey, Vault};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use verify::Hash;
use verify::checkpoint::Checkpoint;
use verify::field::Openings;
use verify::merkle;
use verify::note::{Note, VerifierKey};
use verify::policy::Policy;
use verify::proof::Proof;
use verify::tile::{self, Kind, Tile, WIDTH};

/// A reader of a record's files. It takes no lock and writes nothing.
pub struct Reader {
    pub(crate) disk: Arc<dyn Storage>,
    pub(crate) keys: Vec<VerifierKey>,
    vault: Mutex<Option<Vault>>,
    /// The head whose signatures were checked last, by its bytes.
    checked: Mutex<Option<(Vec<u8>, Note, Checkpoint)>>,
}

/// How well a leaf is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// On the hub's disk, under a head that the log signed.
    Durable,
    /// Under a head that a quorum of witnesses signed, too.
    Cosigned,
    /// Held by at least two mirrors: only now may a source delete its copy.
    Held,
}

impl Reader {
    /// The record in the folder `dir`, whose heads are signed with all of `keys`.
    ///
    /// # Errors
    /// If there is no such folder.
    pub fn open(dir: impl AsRef<Path>, keys: Vec<VerifierKey>) -> Result<Reader, Error> {
        let files = Files::new(&dir).context("opening", dir.as_ref().display().to_string())?;
        Ok(Reader::over(Arc::new(files), keys))
    }

    /// The same on any storage.
    #[must_use]
    pub fn over(disk: Arc<dyn Storage>, keys: Vec<VerifierKey>) -> Reader {
        Reader { disk, keys, vault: Mutex::default(), checked: Mutex::default() }
    }

    /// How well a leaf is kept, by this policy's quorum of witnesses and by these mirrors, which are asked.
    ///
    /// # Errors
    /// If no head covers such a leaf, or one cannot be read.
    pub fn level(&self, index: u64, policy: &Policy, mirrors: &[Box<dyn Peer>]) -> Result<Level, Error> {
        let (_, head) = self.head()?;
        if index >= head.size {
            let what = format!("there is no leaf {index} under the newest head, which has {}", head.size);
            return Err(Error::Asked(what));
        }
        let holds = |peer: &&dyn Peer| match peer.latest() {
            Ok(Known::Head(theirs)) => {
                // A mirror holds what hashes to our root, not only as much.
                let theirs = self.keys.iter().find_map(|key| Checkpoint::open(&theirs, key).ok());
                theirs.is_some_and(|theirs| {
                    let path = self.prove_consistency(theirs.size, head.size);
                    theirs.size > index
                        && path.is_ok_and(|path| {
                            merkle::verify_consistency(
                                theirs.size,
                                &theirs.root,
                                head.size,
                                &head.root,
                                &path,
                            )
                            .is_ok()
                        })
                })
            }
            Ok(Known::Nothing | Known::More(_)) | Err(_) => false,
        };
        if mirrors.iter().map(AsRef::as_ref).filter(holds).count() >= 2 {
            return Ok(Level::Held);
        }
        let cosigned = self.cosigned()?.filter(|_| policy.asks_for_witnesses());
        let covers = |head: Note| policy.check(&head).is_ok_and(|vouched| vouched.checkpoint.size > index);
        Ok(if cosigned.is_some_and(covers) { Level::Cosigned } else { Level::Durable })
    }

    /// The public keys of the sources that this record knows, by pseudonym, without their names.
    ///
    /// # Errors
    /// If the list of sources cannot be read.
    pub fn public_keys(&self) -> Result<BTreeMap<[u8; 32], [u8; 32]>, Error> {
        let known = Registry::read(self.disk.as_ref(), &self.keys)?.unwrap_or_default().by_pseudonym;
        Ok(known.into_iter().map(|(pseudonym, source)| (pseudonym, source.public)).collect())
    }

    /// The pseudonyms of the sources at a distance: those that have a bound, unlike the hub's own.
    ///
    /// # Errors
    /// If the list of sources cannot be read.
    pub fn distant(&self) -> Result<BTreeSet<[u8; 32]>, Error> {
        let known = Registry::read(self.disk.as_ref(), &self.keys)?.unwrap_or_default().by_pseudonym;
        let distant = known.into_iter().filter(|(_, source)| source.quota != Quota::NONE);
        Ok(distant.map(|(pseudonym, _)| pseudonym).collect())
    }

    /// What the record knows of its access log: size and root of the head that a leaf of the hub names.
    ///
    /// # Errors
    /// If the list of sources cannot be read.
    pub fn readings(&self) -> Result<Option<(u64, [u8; 32])>, Error> {
        Ok(Registry::read(self.disk.as_ref(), &self.keys)?.unwrap_or_default().readings)
    }

    /// What the list of sources knows of the names of what was erased: how many, and SHA-256 over their lines.
    ///
    /// # Errors
    /// If the list of sources cannot be read.
    pub fn forgotten(&self) -> Result<Option<(u64, [u8; 32])>, Error> {
        Ok(Registry::read(self.disk.as_ref(), &self.keys)?.unwrap_or_default().forgotten)
    }

    /// How often two persons overrode what witnesses and mirrors said, and how often the access log was declared lost.
    ///
    /// # Errors
    /// If the list of sources cannot be read.
    pub fn overruled(&self) -> Result<[u64; 2], Error> {
        let registry = Registry::read(self.disk.as_ref(), &self.keys)?.unwrap_or_default();
        Ok([registry.overrides, registry.lost_readings])
    }

    /// By role, the X25519 key for which its parts are wrapped, as the list of sources keeps it; none in a record that was
    /// last written before keys were kept.
    ///
    /// # Errors
    /// If the list of sources cannot be read.
    pub fn roles(&self) -> Result<BTreeMap<String, Hash>, Error> {
        Ok(Registry::read(self.disk.as_ref(), &self.keys)?.unwrap_or_default().named.roles)
    }

    /// The newest head, its signatures checked; `None` if it is lost.
    ///
    /// # Errors
    /// If it cannot be read or a signature of the log is false.
    pub fn checkpoint(&self) -> Result<Option<Note>, Error> {
        Ok(log::read_head(self.disk.as_ref(), CHECKPOINT, &self.keys)?.map(|(note, _)| note))
    }

    /// The newest head that has signatures of witnesses.
    ///
    /// # Errors
    /// As [`Reader::checkpoint`].
    pub fn cosigned(&self) -> Result<Option<Note>, Error> {
        Ok(log::read_head(self.disk.as_ref(), COSIGNED, &self.keys)?.map(|(note, _)| note))
    }

    pub(crate) fn head(&self) -> Result<(Note, Checkpoint), Error> {
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((bytes, note, head)) = checked.as_ref()
            && self.disk.read(CHECKPOINT).is_ok_and(|now| now == *bytes)
        {
            return Ok((note.clone(), head.clone()));
        }
        let (note, head) =
            log::read_head(self.disk.as_ref(), CHECKPOINT, &self.keys)?.ok_or_else(log::headless)?;
        *checked = Some((note.to_string().into_bytes(), note.clone(), head.clone()));
        Ok((note, head))
    }

    /// The bytes of leaves under the newest head.
    ///
    /// # Errors
    /// If there are not so many, or a bundle cannot be read.
    pub fn leaves(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, Error> {
        let (_, head) = self.head()?;
        if range.end > head.size {
            return Err(Error::Asked(format!(
                "leaf {} is not under the newest head of {} leaves",
                range.end - 1,
                head.size
            )));
        }
        let mut leaves = vec![];
        let mut index = range.start;
        while index < range.end {
            let number = index / WIDTH;
            let bundle = Tile::at(Kind::Entries, number, head.size).expect("the leaf is under the head");
            let (bytes, found) = read_tile(self.disk.as_ref(), bundle)?;
            let entries = tile::entries(&bytes, found.width).map_err(|refusal| Error::Damaged {
                file: found.path(),
                leaf: Some(found.start()),
                what: refusal.what,
            })?;
            let from = usize::try_from(index % WIDTH).expect("less than 256");
            let until = usize::try_from((range.end - number * WIDTH).min(WIDTH)).expect("at most 256");
            leaves.extend(entries[from..until].iter().map(|entry| entry.to_vec()));
            index = (number + 1) * WIDTH;
        }
        Ok(leaves)
    }

    /// Proves a leaf under the newest head that witnesses signed and that includes it, else under the newest head.
    ///
    /// # Errors
    /// If no head includes it.
    pub fn prove(&self, index: u64) -> Result<Proof, Error> {
        let proofs = self.prove_all(index..index.saturating_add(1))?;
        proofs.into_iter().next().ok_or_else(|| no_leaf(index, "a log has fewer leaves than that"))
    }

    /// Proves neighbouring leaves under one head; cheaper than one by one.
    ///
    /// # Errors
    /// As [`Reader::prove`].
    pub fn prove_all(&self, range: Range<u64>) -> Result<Vec<Proof>, Error> {
        let cosigned = log::read_head(self.disk.as_ref(), COSIGNED, &self.keys)?;
        let (checkpoint, head) = match cosigned.filter(|(_, head)| head.size >= range.end) {
            Some(found) => found,
            None => self.head()?,
        };
        if range.end > head.size {
            return Err(no_leaf(range.end - 1, &format!("the newest signed head is over {}", head.size)));
        }
        let mut tiles = tree::Reader::new(self.disk.as_ref(), head.size);
        let prove = |index| {
            let path = merkle::prove_inclusion(index, head.size, |node| tiles.node(node))?;
            Ok(Proof { extra: None, index, path, checkpoint: checkpoint.clone() })
        };
        range.map(prove).collect::<Result<_, tree::ReadError>>().map_err(Error::from)
    }

    /// Proves that the tree of `size` leaves continues that of the first `old`. Both are at most the newest head's.
    ///
    /// # Errors
    /// If a tree is larger than the newest head, or a tile cannot be read.
    pub fn prove_consistency(&self, old: u64, size: u64) -> Result<Vec<Hash>, Error> {
        let (_, head) = self.head()?;
        if size > head.size {
            return Err(Error::Asked(format!("the newest head has {} leaves, not {size}", head.size)));
        }
        let mut tiles = tree::Reader::new(self.disk.as_ref(), head.size);
        merkle::prove_consistency(old, size, |node| tiles.node(node)).map_err(Error::from)
    }

    /// The notes of what was erased of a leaf: who, when, why, and the leaf of the hub that says so. No key is needed.
    ///
    /// # Errors
    /// If the notes cannot be read, or do not check.
    pub fn erased(&self, leaf: u64) -> Result<Vec<Erasure>, Error> {
        Ok(self.notes()?.erasures(Some(leaf)).cloned().collect())
    }

    /// All notes of what was erased, in the order of leaves.
    ///
    /// # Errors
    /// As [`Reader::erased`].
    pub fn erasures(&self) -> Result<Vec<Erasure>, Error> {
        Ok(self.notes()?.erasures(None).cloned().collect())
    }

    /// What opens a leaf that says what was erased ([`Erasure::said`]): with it anyone who holds that leaf and its proof can
    /// check who erased what, and when.
    ///
    /// # Errors
    /// If the notes cannot be read, or there is no such leaf.
    pub fn erasure_openings(&self, said: u64) -> Result<Openings, Error> {
        let notes = self.notes()?;
        let none = || Error::Asked(format!("leaf {said} is none that says what was erased"));
        Openings::decode(&notes.said(said).ok_or_else(none)?.openings).map_err(|refusal| Error::Damaged {
            file: "vault/erasures".into(),
            leaf: Some(said),
            what: refusal.what,
        })
    }

    fn notes(&self) -> Result<Vault, Error> {
        Vault::open(self.disk.clone(), Arc::new(crate::entropy::SystemEntropy), vec![], 0, false)
    }

    /// Opens what the vault keeps of a leaf under the newest head, as far as this role may read it.
    ///
    /// # Errors
    /// If there is no such leaf, or the vault is damaged.
    pub fn open_leaf(&self, index: u64, key: &RoleKey) -> Result<Vec<Opened>, Error> {
        let mut kept = self.vault.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vault) = kept.as_mut()
            && let Ok(opened) = vault.open_item(index, key)
        {
            return Ok(opened);
        }
        // The vault may have grown, or parts may have been erased, since it was read.
        let (_, head) = self.head()?;
        if index >= head.size {
            return Err(Error::Asked(format!(
                "there is no leaf {index} under the newest head of {}",
                head.size
            )));
        }
        let entropy = Arc::new(crate::entropy::SystemEntropy);
        let mut vault = Vault::open(self.disk.clone(), entropy, vec![], head.size, false)?;
        let opened = vault.open_item(index, key);
        *kept = Some(vault);
        opened
    }
}

fn no_leaf(index: u64, why: &str) -> Error {
    Error::Asked(format!("no head includes a leaf {index}, so nothing proves it: {why}, counted from 0"))
}
