//! What a record tells: the leaves under a checkpoint, opened as far as a reader may, as what a report is computed from.
//!
//! Nothing is taken on trust from the disk: leaves are hashed to the root of the signed head, and openings to the root
//! in their leaf.

use super::handed_in::ROWS;
use super::keys::KeyFolder;
use crate::assess::{Known, Question};
use crate::folder;
use crate::intake;
use crate::progress::Progress;
use anyhow::{Context as _, Result, bail};
use record::Reader;
use record::index::Row;
use record::statement::{Fields, File, Malformed, Statement, Version, Versioned, Words};
use record::vault::{Holds, Opened, RoleKey};
use report::View;
use report::compose::Books;
use std::cell::Cell;
use std::collections::BTreeMap;
use truce::Id;
use truce::mission::Mission;
use truce::observation::{Detail, Observation};
use verify::checkpoint::Checkpoint;
use verify::field::Openings;
use verify::leaf::{Kind, Leaf};
use verify::merkle;

/// A leaf as a reader may see it.
pub struct Told {
    /// Its index.
    pub index: u64,
    /// Its hash: what it is called by.
    pub hash: [u8; 32],
    /// Its kind and fields, as far as they are open; `None` when nothing is.
    pub open: Option<(Kind, Fields)>,
    /// Of a batch, the fields of each item, as far as they are open.
    pub items: Vec<Fields>,
    /// The openings themselves.
    pub openings: Option<Openings>,
    /// The words behind them, as far as they are open.
    pub words: Words,
    /// What was erased, and why.
    pub erased: Vec<String>,
}

impl Told {
    /// Does it, or an item of it, bear an id of its own?
    pub fn has_id(&self) -> bool {
        let own = self.open.iter().map(|(_, fields)| fields);
        own.chain(&self.items).any(|fields| fields.get("id").is_some())
    }

    /// The statement; `None` when it is not open, or the record's own business.
    ///
    /// # Errors
    /// The field that is not what it should be.
    pub fn statement(&self) -> Result<Option<Statement>, Malformed> {
        let Some((kind, fields)) = &self.open else { return Ok(None) };
        Statement::decode(*kind, fields, &self.items, &self.words, Id(self.hash))
    }
}

/// The head under which something is asked: the newest signed one, or an earlier size of the same log.
///
/// # Errors
/// If no head is signed, or the log has not so many leaves.
pub fn head(reader: &Reader, size: Option<u64>) -> Result<(Checkpoint, u64)> {
    let note = reader
        .checkpoint()?
        .context("the record has no signed head yet: run `truceline record checkpoint`")?;
    let newest = Checkpoint::of_note(&note).map_err(|refusal| anyhow::anyhow!(refusal.what))?;
    let size = size.unwrap_or(newest.size);
    if size > newest.size {
        bail!(
            "the newest signed head of this record has {} leaves, not {size}: this copy is older",
            newest.size
        );
    }
    Ok((newest, size))
}

thread_local! {
    static READ: Cell<u64> = const { Cell::new(0) };
}

/// How many leaves this thread has read so far: what a step of work costs that should not grow with the record.
pub fn leaves_read() -> u64 {
    READ.get()
}

/// Every leaf under the newest head, hashed to its root; and the root over the first `size` of them.
///
/// # Errors
/// The leaf or file that is damaged.
pub fn leaves(reader: &Reader, newest: &Checkpoint, size: u64) -> Result<(Vec<Vec<u8>>, [u8; 32])> {
    let mut leaves = reader.leaves(0..newest.size)?;
    READ.set(READ.get() + newest.size);
    let mut range = merkle::Range::new();
    let mut root = merkle::empty_root();
    for (index, leaf) in (1..).zip(&leaves) {
        range.push(merkle::leaf_hash(leaf));
        if index == size {
            root = range.root();
        }
    }
    if range.root() != newest.root {
        let at = damaged(reader, &leaves, newest);
        bail!(
            "the leaves on this disk do not hash to the root that the log signed{at}. Something was altered: compare \
             with a mirror, and keep this copy as it is"
        );
    }
    leaves.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    Ok((leaves, root))
}

/// The first leaf that its proof does not fit, in words.
fn damaged(reader: &Reader, leaves: &[Vec<u8>], newest: &Checkpoint) -> String {
    let proofs = match reader.prove_all(0..newest.size) {
        Ok(proofs) => proofs,
        Err(error) => return format!(" ({error})"),
    };
    let wrong = leaves.iter().zip(&proofs).position(|(leaf, proof)| {
        let hash = merkle::leaf_hash(leaf);
        merkle::verify_inclusion(&hash, proof.index, newest.size, &proof.path, &newest.root).is_err()
    });
    wrong.map_or_else(String::new, |index| format!(": the first that does not is leaf {index}"))
}

/// Opens leaves with the keys that a reader has; of several openings of one leaf the one that tells most.
///
/// # Errors
/// The leaf whose openings do not fit it, or what is damaged.
pub fn open(reader: &Reader, leaves: &[Vec<u8>], keys: &[RoleKey]) -> Result<Vec<Told>> {
    open_those(reader, leaves, keys, |_| true)
}

/// The same of some leaves, by their index.
///
/// # Errors
/// As [`open`].
pub fn open_those(
    reader: &Reader,
    leaves: &[Vec<u8>],
    keys: &[RoleKey],
    those: impl Fn(u64) -> bool,
) -> Result<Vec<Told>> {
    let mut all = Vec::new();
    for (index, bytes) in (0..).zip(leaves).filter(|(index, _)| those(*index)) {
        let leaf = Leaf::parse(bytes).map_err(|refusal| anyhow::anyhow!("leaf {index}: {}", refusal.what))?;
        let hash = merkle::leaf_hash(bytes);
        let mut told = Told {
            index,
            hash,
            open: None,
            items: Vec::new(),
            openings: None,
            words: Words::default(),
            erased: Vec::new(),
        };
        let mut most = 0;
        for (number, key) in keys.iter().enumerate() {
            for part in reader.open_leaf(index, key)? {
                match part {
                    Opened::Bytes { holds: Holds::Openings, bytes, .. } => {
                        let openings = Openings::decode(&bytes).map_err(|refusal| {
                            anyhow::anyhow!("the openings of leaf {index}: {}", refusal.what)
                        })?;
                        let fields = Fields::of_openings(&openings);
                        let items = Fields::of_items(&openings);
                        let count = fields.as_ref().map_or(0, |(_, fields)| fields.iter().count() + 1)
                            + items.iter().map(|item| item.iter().count()).sum::<usize>();
                        if count > most {
                            most = count;
                            (told.open, told.items, told.openings) = (fields, items, Some(openings));
                        }
                    }
                    Opened::Bytes { holds: Holds::Raw, category, bytes }
                        if category.starts_with(Words::CATEGORY) =>
                    {
                        told.words.unpack(&bytes).map_err(|refusal| {
                            anyhow::anyhow!("the words of leaf {index}: {}", refusal.what)
                        })?;
                    }
                    Opened::Bytes { .. } | Opened::Closed { .. } => {}
                    Opened::Erased(note) if number == 0 => told.erased.push(note.to_string()),
                    Opened::Erased(_) => {}
                }
            }
        }
        // Every opening of a leaf has the leaf's root, whatever it leaves out.
        if told.openings.as_ref().is_some_and(|openings| openings.root() != leaf.root) {
            bail!(
                "what the vault keeps of leaf {index} does not open it: it was altered, or belongs to another leaf"
            );
        }
        all.push(told);
    }
    Ok(all)
}

/// What leaves tell, by kind of statement, without order.
#[derive(Default)]
pub struct Contents {
    /// Observations by id.
    pub observations: BTreeMap<Id, Observation>,
    /// What was worked out from observations of instruments, by id: after the last watermark, for what came later may
    /// have changed what was worked out before.
    pub derived: BTreeMap<Id, Observation>,
    /// Files as they came, with their bytes where they are open.
    pub files: BTreeMap<File, Option<Vec<u8>>>,
    /// Versions of agreement and mission, with their files.
    pub versions: BTreeMap<Version, BTreeMap<String, Vec<u8>>>,
    /// Erased parts, in words.
    pub erased: Vec<String>,
}

impl Contents {
    /// Reads statements out of leaves.
    ///
    /// # Errors
    /// The leaf that is not what it should be.
    pub fn of(told: Vec<Told>) -> Result<Self> {
        let mut contents = Self::default();
        for leaf in told {
            contents.erased.extend(leaf.erased.iter().cloned());
            let statement = match leaf.statement() {
                Ok(statement) => statement,
                // What was erased cannot be computed from any more; the note says so, and the report is another.
                Err(_) if !leaf.erased.is_empty() => continue,
                Err(malformed) => bail!("leaf {}: {malformed}", leaf.index),
            };
            match statement {
                // What was said first under a name stands: nothing that comes later takes its place.
                Some(Statement::Batch(detections)) => {
                    for detection in detections {
                        contents.observations.entry(detection.id).or_insert(detection);
                    }
                }
                Some(Statement::Observation(observation)) => {
                    let of = match observation.detail {
                        Detail::Derived(_) => &mut contents.derived,
                        _ => &mut contents.observations,
                    };
                    of.entry(observation.id).or_insert(*observation);
                }
                Some(Statement::Watermark(_)) => contents.derived.clear(),
                Some(Statement::File(file)) => {
                    let bytes = file.sha256.and_then(|hash| leaf.words.get(&hash)).map(<[u8]>::to_vec);
                    let kept = contents.files.entry(file).or_default();
                    *kept = kept.take().or(bytes);
                }
                Some(Statement::Version(version)) => {
                    let mut files = BTreeMap::new();
                    for (name, hash) in &version.files {
                        let bytes = leaf.words.get(hash).with_context(|| {
                            format!("leaf {}: the bytes of {name} are not in the vault", leaf.index)
                        })?;
                        files.insert(name.clone(), bytes.to_vec());
                    }
                    contents.versions.insert(version, files);
                }
                Some(Statement::Step(_) | Statement::Heartbeat) | None => {}
            }
        }
        Ok(contents)
    }

    /// The files of a version by its digest.
    pub fn version(&self, of: Versioned, digest: &[u8; 32]) -> Option<&BTreeMap<String, Vec<u8>>> {
        let found = |version: &&Version| version.of == of && version.digest == *digest;
        self.versions.iter().find(|(version, _)| found(version)).map(|(_, files)| files)
    }

    /// The question that an agreement and a mission under this head put.
    ///
    /// # Errors
    /// If they do not compile, which what was recorded did.
    pub fn question(&self, agreement: &[u8; 32], mission: &[u8; 32]) -> Result<Question> {
        let of = |of: Versioned, digest: &[u8; 32]| {
            self.version(of, digest).with_context(|| {
                format!(
                    "no {} with the digest {} is under this checkpoint: the report was computed from another",
                    of.name(),
                    verify::text::hex(digest)
                )
            })
        };
        let agreement = folder::compile(of(Versioned::Agreement, agreement)?.clone())?;
        let text = |(name, bytes): (&String, &Vec<u8>)| {
            let text = String::from_utf8(bytes.clone()).with_context(|| format!("{name} is not text"))?;
            Ok((name.clone(), text))
        };
        let mission = of(Versioned::Mission, mission)?.iter().map(text).collect::<Result<_>>()?;
        Question::new(agreement, mission)
    }

    /// The questions that several agreements under one mission put, in the order of their digests here.
    ///
    /// # Errors
    /// As [`Contents::question`].
    pub fn questions(&self, agreements: &[[u8; 32]], mission: &[u8; 32]) -> Result<Vec<Question>> {
        agreements.iter().map(|agreement| self.question(agreement, mission)).collect()
    }

    /// What a report is computed from.
    ///
    /// # Errors
    /// If a map under this head cannot be read again.
    pub fn known(mut self, mission: &Mission, view: View, progress: &Progress) -> Result<Known> {
        progress.step("reading maps from the record");
        let mut maps = Vec::new();
        let mut books = Vec::new();
        for (file, bytes) in self.files {
            if let Some(bytes) = bytes.filter(|_| file.map) {
                maps.push((file.name.clone(), bytes));
            }
            books.push(Books {
                file: file.name,
                source: file.source,
                sha256: file.sha256,
                // What an earlier log took may say anything; sums over files stay sums.
                rows: file.rows.min(ROWS),
                accepted: file.accepted.min(file.rows).min(ROWS),
                set_aside: file.set_aside,
                unused: file.unused,
            });
        }
        let maps: Vec<(String, &[u8])> =
            maps.iter().map(|(name, bytes)| (name.clone(), bytes.as_slice())).collect();
        // A map holds no headline: nothing is classified.
        let read = intake::read_bytes(&maps, mission, &|_| truce::lexicon::Lexicon::default().classify(""));
        // Who holds the detections works out again what was worked out from them; the public holds that alone.
        if view == View::Public {
            self.observations.append(&mut self.derived);
        }
        Ok(Known {
            observations: self.observations.into_values().collect(),
            territories: read.territories,
            books,
        })
    }
}

/// What is under the newest head of a record, as a view opens it.
///
/// # Errors
/// If the record cannot be read, or this reader may not read it.
pub fn contents(place: &super::keep::Place, view: View) -> Result<Contents> {
    let reader = place.reader()?;
    let (newest, size) = head(&reader, None)?;
    let (leaves, _) = leaves(&reader, &newest, size)?;
    Contents::of(open(&reader, &leaves, &keys_of(&place.keys, view)?)?)
}

/// The keys that a view needs: for the public one the published key alone; for the mission's own that of a monitor or
/// analyst, too.
///
/// # Errors
/// If this reader does not hold them.
pub fn keys_of(keys: &KeyFolder, view: View) -> Result<Vec<RoleKey>> {
    let public = keys.role("public")?.context(
        "the published key roles/public.key is not among the keys; whoever published the record publishes it too",
    )?;
    match view {
        View::Public => Ok(vec![public]),
        View::Mission => {
            let own = ["monitor", "analyst"]
                .into_iter()
                .find_map(|role| keys.role(role).transpose())
                .transpose()?;
            let own = own.context(
                "this is the mission's own view: only who holds the key of a monitor or an analyst (roles/monitor.key, \
                 roles/analyst.key) can open what it was computed from. The public view needs no such key",
            )?;
            Ok(vec![public, own])
        }
    }
}

/// Checks that each coarse value is the fixed function of the fine one, by the clock of the mission in force before it;
/// gives how many statements were checked, and the leaves that contradict themselves, each with what it contradicts.
pub fn coarse_values(told: &[Told]) -> (u64, Vec<(u64, Malformed)>) {
    let mut clock = truce::time::Zone::Fixed(0);
    let (mut checked, mut contradicting) = (0, vec![]);
    for leaf in told {
        let Some((kind, fields)) = &leaf.open else { continue };
        if let Ok(Some(Statement::Version(version))) = leaf.statement() {
            let text = version
                .files
                .iter()
                .find(|(name, _)| version.of == Versioned::Mission && name == "mission.toml")
                .and_then(|(_, hash)| std::str::from_utf8(leaf.words.get(hash)?).ok());
            if let Some(Ok(mission)) = text.map(|text| Mission::parse("mission.toml", text)) {
                clock = mission.day_clock;
            }
        }
        checked += u64::from(fields.get("place.exact").is_some());
        let mut follow = record::statement::coarse_follow(*kind, fields, &leaf.words, Some(clock));
        for item in &leaf.items {
            let whole = record::statement::batch::whole(fields, item);
            checked += u64::from(whole.get("place.exact").is_some());
            follow = follow.and_then(|()| {
                record::statement::coarse_follow(Kind::Observation, &whole, &leaf.words, Some(clock))
            });
        }
        contradicting.extend(follow.err().map(|malformed| (leaf.index, malformed)));
    }
    (checked, contradicting)
}

/// A row of the index for every leaf under the newest head, as far as a monitor or analyst may see it.
///
/// # Errors
/// If the record cannot be read, or this reader may not read it.
pub fn rows(place: &super::keep::Place) -> Result<Vec<Row>> {
    let reader = place.reader()?;
    let (newest, size) = head(&reader, None)?;
    let (leaves, _) = leaves(&reader, &newest, size)?;
    let told = open(&reader, &leaves, &keys_of(&place.keys, View::Mission)?)?;
    let row = |leaf: &Told| {
        let mut row = Row { leaf: leaf.index, hash: leaf.hash, ..Row::default() };
        let Some((kind, fields)) = &leaf.open else { return row };
        row.kind = kind.token().to_string();
        let ints = |label: &str| fields.get(label).and_then(verify::field::Value::as_ints);
        row.cell = ints("place.10km").and_then(|cell| Some((*cell.first()?, *cell.get(1)?)));
        match leaf.statement() {
            Ok(Some(Statement::Observation(it))) => {
                row.what = it.kind.name().to_string();
                row.source = it.source.to_string();
                (row.start, row.end) = (Some(it.time.start.0), Some(it.time.end.0));
            }
            Ok(Some(Statement::Batch(detections))) => {
                if let Some(first) = detections.first() {
                    row.what = first.kind.name().to_string();
                    row.source = first.source.to_string();
                }
                row.start = detections.iter().map(|it| it.time.start.0).min();
                row.end = detections.iter().map(|it| it.time.end.0).max();
            }
            Ok(Some(Statement::File(file))) => {
                row.what = "file".to_string();
                row.source = file.source.map_or_else(String::new, |source| source.to_string());
            }
            Ok(Some(Statement::Step(step))) => row.start = Some(step.at.0),
            Ok(Some(Statement::Watermark(at))) => row.start = Some(at.0),
            Ok(Some(Statement::Version(_) | Statement::Heartbeat) | None) | Err(_) => {}
        }
        row
    };
    Ok(told.iter().map(row).collect())
}
