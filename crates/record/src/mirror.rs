//! Mirrors: another log's tiles, pulled, checked and kept, over any road that carries files. And the log of logs: the
//! heads of a hub that was cut off become leaves of another.

use crate::error::{Context, Error};
use crate::log::{self, CHECKPOINT, Record};
use crate::storage::{self, Storage};
use crate::tree::{self, Tree};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use verify::checkpoint::Checkpoint;
use verify::field::{Field, Value};
use verify::leaf::{Kind, Statement};
use verify::merkle;
use verify::note::{Note, VerifierKey};
use verify::tile::{self, Kind as TileKind, Tile, WIDTH};
use verify::{Hash, Refusal};

/// Where tiles come from.
pub trait TileSource {
    /// The file at a path below the log's prefix, `checkpoint` or a tile's; `None` if there is none.
    ///
    /// # Errors
    /// Why it cannot be fetched now.
    fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, String>;
}

/// Tiles in a folder: a USB stick, or the log's own folder.
#[derive(Debug, Clone)]
pub struct Folder(pub PathBuf);

impl TileSource for Folder {
    fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        match std::fs::read(self.0.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("reading {path} in {} failed: {error}", self.0.display())),
        }
    }
}

/// What came of a pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pulled {
    /// The log shows the head that is held.
    Same,
    /// The log shows an older head than is held, with nothing against it: a stale copy.
    Older,
    /// Everything up to its head was checked and is held.
    Grown {
        /// Leaves held before.
        from: u64,
        /// Leaves held now.
        to: u64,
    },
    /// What it shows does not fit what is held; nothing of it was kept but the evidence.
    Refused(Box<Evidence>),
}

/// Two signed heads of one log, or one and tiles that do not make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The head held, if any.
    pub held: Option<Note>,
    /// The head shown.
    pub shown: Note,
    /// What does not fit.
    pub what: Refusal,
}

/// A mirror of one log.
pub struct Mirror {
    disk: Arc<dyn Storage>,
    keys: Vec<VerifierKey>,
}

const INCOMING: &str = "incoming";

impl Mirror {
    /// A mirror on `disk` of the log that signs with all of `keys`.
    #[must_use]
    pub fn new(disk: Arc<dyn Storage>, keys: Vec<VerifierKey>) -> Mirror {
        Mirror { disk, keys }
    }

    /// The head up to which everything is held.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn held(&self) -> Result<Option<(Note, Checkpoint)>, Error> {
        log::read_head(self.disk.as_ref(), CHECKPOINT, &self.keys)
    }

    /// Pulls what is new, checks it and keeps it. What was fetched before an interruption is not fetched again.
    ///
    /// # Errors
    /// If the source cannot be read now, shows what the log did not sign, or the disk refuses.
    pub fn pull(&self, source: &dyn TileSource) -> Result<Pulled, Error> {
        let held = self.held()?;
        let bytes = source
            .fetch(CHECKPOINT)
            .map_err(Error::Asked)?
            .ok_or_else(|| Error::Asked("the log shows no head".into()))?;
        let asked = |refusal: Refusal| Error::Asked(refusal.to_string());
        let shown = Note::parse(&bytes).map_err(asked)?;
        let mut head = None;
        for key in &self.keys {
            head = Some(Checkpoint::open(&shown, key).map_err(asked)?);
        }
        let head = head.ok_or_else(|| Error::Asked("a mirror needs the keys of the log".into()))?;
        let (size, root) =
            held.as_ref().map_or((0, merkle::empty_root()), |(_, head)| (head.size, head.root));
        let note = held.map(|(note, _)| note);
        if head.size == size && note.is_some() {
            return match head.root == root {
                true => Ok(Pulled::Same),
                false => self.refuse(
                    note,
                    shown,
                    Refusal::two_histories(format!(
                        "the log `{}` signed two different heads of {size} leaves: it showed two histories",
                        head.origin
                    )),
                ),
            };
        }
        if head.size < size {
            return match self.root_at(head.size, size)? == head.root {
                true => Ok(Pulled::Older),
                false => self.refuse(note, shown, Refusal::two_histories(format!(
                    "the log `{}` signed a head of {} leaves that the one of {size} does not continue: it showed two \
                     histories",
                    head.origin, head.size
                ))),
            };
        }
        // First everything is fetched and hashed; only then is anything put where it is served. What an earlier pull
        // left may have been torn by a power cut: before anybody is accused, all is fetched anew.
        let resumed = !self.disk.list("incoming/tile/entries").context("listing", INCOMING)?.is_empty();
        let mut checked = self.hash_through(source, size, &root, &head, false)?;
        if checked.is_err() && resumed {
            self.forget_incoming(&head)?;
            checked = self.hash_through(source, size, &root, &head, false)?;
        }
        if let Err(what) = checked {
            self.forget_incoming(&head)?;
            return self.refuse(note, shown, what);
        }
        if let Err(what) = self.hash_through(source, size, &root, &head, true)? {
            return self.refuse(note, shown, what);
        }
        storage::replace(self.disk.as_ref(), CHECKPOINT, shown.to_string().as_bytes())
            .context("writing", CHECKPOINT)?;
        self.forget_incoming(&head)?;
        Ok(Pulled::Grown { from: size, to: head.size })
    }

    /// Hashes all entries from the last full bundle held up to the head; with `keep`, writes tiles and bundles.
    fn hash_through(
        &self,
        source: &dyn TileSource,
        held: u64,
        root: &Hash,
        head: &Checkpoint,
        keep: bool,
    ) -> Result<Result<(), Refusal>, Error> {
        let disk = self.disk.as_ref();
        let mut tree = self.edge(held / WIDTH * WIDTH, held)?;
        let mut dirs = BTreeSet::new();
        while tree.size() < head.size {
            let bundle =
                Tile::at(TileKind::Entries, tree.size() / WIDTH, head.size).expect("the head is beyond");
            let bytes = self.incoming(source, bundle)?;
            let entries = match tile::entries(&bytes, bundle.width) {
                Ok(entries) => entries,
                Err(refusal) => return Ok(Err(refusal.at(bundle))),
            };
            for entry in entries {
                tree.push(entry, merkle::leaf_hash(entry));
                if tree.size() == held && tree.root() != Some(*root) {
                    return Ok(Err(Refusal::unproved(format!(
                        "what the log shows now does not continue the {held} leaves that are held: leaf {} or one of \
                         the {} before it is another",
                        held - 1,
                        held % WIDTH
                    ))));
                }
            }
            if keep {
                self.synchronise(tree.write_full(disk, &mut dirs, storage::replace)?)?;
            } else {
                tree.take_full();
            }
        }
        if tree.root() == Some(head.root) {
            if keep {
                self.synchronise(tree.write_partial(disk, &mut dirs, storage::replace)?)?;
            }
            return Ok(Ok(()));
        }
        Ok(Err(Refusal::unproved(format!(
            "the entries that the log shows do not make the root that it signed over {} leaves, or do not continue the \
             {held} that are held",
            head.size
        ))))
    }

    /// Makes the names of the folders of tiles durable; the tiles are. Only then go the partial ones before them.
    fn synchronise(&self, tiles: Vec<Tile>) -> Result<(), Error> {
        let mut done = BTreeSet::new();
        for tile in tiles {
            let path = tile.path();
            let mut dir = storage::parent(storage::parent(&path));
            while done.insert(dir.to_owned()) {
                self.disk.sync_dir(dir).context("synchronising", dir)?;
                dir = storage::parent(dir);
            }
            if u64::from(tile.width) == WIDTH {
                tree::clear_partial(self.disk.as_ref(), &tile)?;
            }
        }
        Ok(())
    }

    /// The tree of the first `size` leaves, a multiple of 256, of `held` that are held.
    fn edge(&self, size: u64, held: u64) -> Result<Tree, Error> {
        let mut levels = vec![];
        for level in 0..8u8 {
            let across = size >> (8 * level);
            if across == 0 {
                break;
            }
            let tile = Tile::at(TileKind::Hashes(level), across / WIDTH, held);
            let width = usize::try_from(across % WIDTH).expect("less than 256");
            let mut hashes = match tile {
                Some(tile) if width > 0 => tree::read_hashes(self.disk.as_ref(), tile)?,
                _ => vec![],
            };
            hashes.truncate(width);
            levels.push(hashes);
        }
        Tree::from_edge(size, levels).ok_or_else(|| Error::Damaged {
            file: "tile".into(),
            leaf: Some(size.saturating_sub(1)),
            what: "the tiles held do not fit together".into(),
        })
    }

    fn root_at(&self, size: u64, held: u64) -> Result<Hash, Error> {
        let mut reader = tree::Reader::new(self.disk.as_ref(), held);
        Ok(merkle::root_of(size, |node| reader.node(node))?)
    }

    /// A bundle that was fetched before, or is fetched now.
    fn incoming(&self, source: &dyn TileSource, bundle: Tile) -> Result<Vec<u8>, Error> {
        let kept = format!("{INCOMING}/{bundle}");
        if self.disk.length(&kept).context("reading", &kept)?.is_some() {
            return self.disk.read(&kept).context("reading", kept);
        }
        let fetch = |tile: Tile| source.fetch(&tile.path()).map_err(Error::Asked);
        let mut bytes = fetch(bundle)?;
        if bytes.is_none() && u64::from(bundle.width) < WIDTH {
            // The log has grown and replaced the partial bundle by the full one.
            let full = Tile { width: 256, ..bundle };
            bytes = fetch(full)?.and_then(|bytes| cut(&bytes, bundle.width));
        }
        let bytes = bytes.ok_or_else(|| {
            Error::Asked(format!(
                "the log signed a head over {bundle} and does not show it; ask again, and keep its head"
            ))
        })?;
        self.disk.create_dir(storage::parent(&kept)).context("making the folder of", &kept)?;
        storage::put(self.disk.as_ref(), &kept, &bytes).context("writing", &kept)?;
        Ok(bytes)
    }

    fn forget_incoming(&self, head: &Checkpoint) -> Result<(), Error> {
        for number in 0..head.size.div_ceil(WIDTH) {
            if let Some(tile) = Tile::at(TileKind::Entries, number, head.size) {
                let kept = format!("{INCOMING}/{tile}");
                self.disk.remove(&kept).context("removing", kept)?;
            }
        }
        Ok(())
    }

    /// Keeps the evidence and answers with it.
    fn refuse(&self, held: Option<Note>, shown: Note, what: Refusal) -> Result<Pulled, Error> {
        let evidence = Evidence { held, shown, what };
        let count = self.disk.list("evidence").context("listing", "evidence")?.len();
        let file = format!("evidence/{count:04}.txt");
        let held = evidence.held.as_ref().map_or(String::new(), ToString::to_string);
        let text =
            format!("{}\n\nThe head held:\n\n{held}\nThe head shown:\n\n{}", evidence.what, evidence.shown);
        storage::make_parent(self.disk.as_ref(), &file).context("making the folder of", &file)?;
        storage::replace(self.disk.as_ref(), &file, text.as_bytes()).context("writing", &file)?;
        Ok(Pulled::Refused(Box::new(evidence)))
    }

    /// Hashes everything that is held again, from the bundles.
    ///
    /// # Errors
    /// [`Error::Damaged`], naming the first file that is not what was pulled.
    pub fn audit(&self) -> Result<u64, Error> {
        let Some((_, head)) = self.held()? else { return Ok(0) };
        let mut tree = Tree::default();
        while tree.size() < head.size {
            let bundle = Tile::at(TileKind::Entries, tree.size() / WIDTH, head.size).expect("below the head");
            let (bytes, found) = tree::read_tile(self.disk.as_ref(), bundle)?;
            let damaged = |refusal: Refusal| Error::Damaged {
                file: found.path(),
                leaf: Some(found.start()),
                what: refusal.what,
            };
            let entries = tile::entries(&bytes, found.width).map_err(damaged)?;
            for entry in entries.into_iter().take(bundle.width.into()) {
                tree.push(entry, merkle::leaf_hash(entry));
            }
            crate::audit::compare(self.disk.as_ref(), tree.take_full())?;
        }
        crate::audit::compare(self.disk.as_ref(), tree.partial())?;
        match tree.root() == Some(head.root) {
            true => Ok(head.size),
            false => Err(Error::Damaged {
                file: CHECKPOINT.into(),
                leaf: None,
                what: format!("its root is not that of the {} leaves held", head.size),
            }),
        }
    }
}

/// The first entries of a bundle, as a bundle.
fn cut(bytes: &[u8], width: u16) -> Option<Vec<u8>> {
    let mut end = 0;
    for _ in 0..width {
        let length = bytes.get(end..end + 2)?;
        end += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
    }
    bytes.get(..end).map(<[u8]>::to_vec)
}

/// Takes the head that a mirror holds of another hub's log into this one, as a leaf: the log of logs. What the other
/// hub wrote while it was cut off is thereby before this leaf, for all who see this log.
///
/// # Errors
/// If nothing is held yet, or the record refuses.
pub fn merge(record: &Record, mirror: &Mirror) -> Result<u64, Error> {
    let (note, head) = mirror
        .held()?
        .ok_or_else(|| Error::Asked("nothing is held of that log yet; pull it first".into()))?;
    record.state(statement(&head)?, Some(("checkpoint", note.to_string().as_bytes())))
}

/// What a leaf says of the head of another log.
pub(crate) fn statement(head: &Checkpoint) -> Result<Statement, Error> {
    let asked = |refusal: Refusal| Error::Asked(refusal.what);
    let fields = vec![
        Field::new("log.origin", Value::hash(merkle::leaf_hash(head.origin.as_bytes()))).map_err(asked)?,
        Field::new("log.size", Value::int(i64::try_from(head.size).unwrap_or(i64::MAX))).map_err(asked)?,
        Field::new("log.root", Value::hash(head.root)).map_err(asked)?,
    ];
    Ok(Statement::new(Kind::Checkpoint, fields))
}
