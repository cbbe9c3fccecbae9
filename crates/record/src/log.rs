//! A log as whoever writes it holds it: append, checkpoint, enrol, erase.

mod enrolment;

use crate::clock::{Clock, SystemClock};
use crate::entropy::{Entropy, SystemEntropy};
use crate::error::{Context, Error};
use crate::named::Named;
use crate::peer::{self, Peer, Peers};
use crate::reader::Reader;
use crate::segment::Segment;
use crate::sources::{Audience, Entry, OUTSIDE, Quota, Raw, Reason, Refused, Registry, Signer, Source};
use crate::storage::{self, Files, Storage};
use crate::vault::{self, Erasure, Holds, Opened, Part, Retention, Role, RoleKey, Said};
use crate::writer::{Ticket, Writer, locked, recover};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};
use verify::checkpoint::Checkpoint;
use verify::field::{Field, Token, Value};
use verify::key::SourceKey;
use verify::leaf::{Kind, Leaf, Statement};
use verify::merkle;
use verify::note::{Algorithm, Note, Signature, SignerKey, VerifierKey};
use verify::policy::Policy;
use verify::proof::Proof;
use verify::receipt::{LEAVES_MAX, Outcome, Receipt};
use verify::{Hash, Refusal};

pub(crate) const CHECKPOINT: &str = "checkpoint";
pub(crate) const COSIGNED: &str = "checkpoint.cosigned";
pub(crate) const SNAPSHOT: &str = "snapshot";
const ABOUT: &str = "record";
/// Leaves in a segment: 256 entry bundles, one tile of the second level.
const SEGMENT: u64 = 65_536;

/// The keys of a log: it signs every head with both.
#[derive(Debug)]
pub struct Keys {
    /// Ed25519 (RFC 8032).
    pub ed25519: SignerKey,
    /// ML-DSA-44 (FIPS 204).
    pub ml_dsa44: SignerKey,
}

impl Keys {
    /// New keys for the log named `origin`.
    ///
    /// # Errors
    /// If `origin` cannot be the name of a key (it is empty, or has a space or a plus).
    pub fn generate(origin: &str, entropy: &dyn Entropy) -> Result<Keys, Refusal> {
        Keys::from_seeds(origin, &entropy.bytes32(), &entropy.bytes32())
    }

    /// Keys from their seeds.
    ///
    /// # Errors
    /// As [`Keys::generate`].
    pub fn from_seeds(origin: &str, ed25519: &[u8; 32], ml_dsa44: &[u8; 32]) -> Result<Keys, Refusal> {
        Ok(Keys {
            ed25519: SignerKey::from_seed(origin, Algorithm::Ed25519, ed25519)?,
            ml_dsa44: SignerKey::from_seed(origin, Algorithm::MlDsa44, ml_dsa44)?,
        })
    }

    /// The public halves, Ed25519 first.
    #[must_use]
    pub fn verifiers(&self) -> Vec<VerifierKey> {
        vec![self.ed25519.verifier().clone(), self.ml_dsa44.verifier().clone()]
    }

    /// The name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.ed25519.verifier().name()
    }

    /// A head, signed with both at the moment `time`, seconds since 1970.
    pub(crate) fn sign(&self, head: &Checkpoint, time: u64) -> Result<Note, Error> {
        Note::sign(&head.to_string(), &[&self.ed25519, &self.ml_dsa44], time)
            .map_err(|refusal| Error::Asked(refusal.what))
    }
}

/// What a writer needs beside its folder.
pub struct Options {
    /// The log's keys.
    pub keys: Keys,
    /// The key with which the hub itself speaks: key changes, revocations, overrides.
    pub hub: SourceKey,
    /// Who may read the vault.
    pub roles: Vec<Role>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub entropy: Arc<dyn Entropy>,
    /// Witnesses and mirrors, asked at the start.
    pub peers: Vec<Box<dyn Peer>>,
    /// The names of all witnesses and mirrors that are to vouch for the log. One that was named before and is no more is
    /// an objection: whoever edits a file could else let an old copy go on. `None`: nobody keeps such files.
    pub vouching: Option<BTreeSet<String>>,
    /// Whose word counts together, when they say that they saw more and show no head.
    pub policy: Option<Policy>,
    /// The persons of whom two may override what the peers say, from the next start on. They are kept with who vouches, where
    /// that is kept; see [`Options::vouching`].
    pub persons: Vec<VerifierKey>,
    /// Overrides that were signed.
    pub overrides: Vec<Note>,
    /// May the vault end with what does not check? Only for whoever is about to declare it lost: see [`Record::lose`].
    pub losing: bool,
    /// Seconds from an append to the moment after which the log signs no head without it: the promise in the receipt.
    /// It must leave room for the next head and for the witnesses: see [`deadline_between_heads`].
    pub deadline: u64,
    /// How far ahead of the hub's clock a statement may be dated, in microseconds.
    pub tolerance: i64,
    /// Leaves in a segment, a multiple of 256. Fixed when the record is made.
    pub segment: u64,
}

/// The deadline of a log that signs a head about every `between`: two of these, so that one may be missed, and a minute
/// for the witnesses.
#[must_use]
pub fn deadline_between_heads(between: std::time::Duration) -> u64 {
    let seconds = between.as_secs() + u64::from(between.subsec_nanos() > 0);
    seconds.saturating_mul(2).saturating_add(60)
}

impl Options {
    /// With the machine's clock and randomness, no roles, no peers, a deadline of a minute and a tolerance of two.
    #[must_use]
    pub fn new(keys: Keys, hub: SourceKey) -> Options {
        Options {
            keys,
            hub,
            roles: vec![],
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            peers: vec![],
            vouching: None,
            policy: None,
            persons: vec![],
            overrides: vec![],
            losing: false,
            deadline: deadline_between_heads(std::time::Duration::ZERO),
            tolerance: 120_000_000,
            segment: SEGMENT,
        }
    }
}

/// The answer to an append.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The receipt as a note signed by the log: for whoever sent the statements.
    pub note: Note,
    /// What it says.
    pub receipt: Receipt,
    /// Why nothing was recorded, if so.
    pub refused: Option<Refused>,
}

impl Answer {
    /// The number of the first leaf, if the batch was recorded.
    #[must_use]
    pub fn first(&self) -> Option<u64> {
        match self.receipt.outcome {
            Outcome::Appended { first, .. } => Some(first),
            Outcome::Refused { .. } => None,
        }
    }
}

/// A record, open for writing. See the [crate](crate) for how it is used.
pub struct Record {
    pub(crate) disk: Arc<dyn Storage>,
    keys: Keys,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    roles: Vec<String>,
    deadline: u64,
    tolerance: i64,
    said: Peers,
    cut: Vec<String>,
    registry: RwLock<Registry>,
    hub: Mutex<Signer>,
    /// Held by whoever lets the hub speak. True when the list of sources is ahead of the log: the leaf that it was written
    /// for may not be there.
    unsettled: Mutex<bool>,
    queue: Mutex<Vec<Arc<Ticket>>>,
    writer: Mutex<Writer>,
    _lock: Box<dyn Send + Sync>,
}

fn seconds(micros: i64) -> u64 {
    u64::try_from(micros.div_euclid(1_000_000)).unwrap_or(0)
}

impl Record {
    /// Makes a new record in the folder `dir`.
    ///
    /// # Errors
    /// If there is one already, or the disk refuses.
    pub fn init(dir: impl AsRef<Path>, options: Options) -> Result<Record, Error> {
        let files = Files::new(&dir).context("making", dir.as_ref().display().to_string())?;
        Record::init_on(Arc::new(files), options)
    }

    /// Opens the record in the folder `dir` for writing: cuts a torn tail, checks what lies under the last head, asks
    /// the witnesses and mirrors.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Damaged`], [`Error::PeerDisagrees`], [`Error::NobodyAnswers`], [`Error::TooFewAnswer`],
    /// [`Error::FewerVouch`], or the disk refuses.
    pub fn open(dir: impl AsRef<Path>, options: Options) -> Result<Record, Error> {
        let files = Files::new(&dir).context("opening", dir.as_ref().display().to_string())?;
        Record::open_on(Arc::new(files), options)
    }

    /// [`Record::init`] on any storage.
    ///
    /// # Errors
    /// As [`Record::init`].
    pub fn init_on(disk: Arc<dyn Storage>, options: Options) -> Result<Record, Error> {
        if disk.length(ABOUT).context("reading", ABOUT)?.is_some() {
            return Err(Error::Asked(
                "this folder holds a record already; open it, or choose another folder".into(),
            ));
        }
        if options.segment == 0 || !options.segment.is_multiple_of(256) {
            return Err(Error::Asked("the number of leaves in a segment is a multiple of 256".into()));
        }
        for dir in ["log", "vault"] {
            if !disk.list(dir).context("listing", dir)?.is_empty() {
                return Err(Error::Asked(format!(
                    "this folder holds the `{dir}` of a record whose file `record` is gone. Put that file back (it is three \
                     lines: `truceline record 1`, `origin` and the log's name, `segment` and how many leaves a file of them \
                     has, 65536 unless told otherwise), or choose another folder"
                )));
            }
        }
        // A record has a head from its first moment on: one that has none has lost it.
        let empty = Checkpoint::new(options.keys.origin(), 0, merkle::empty_root());
        let head = options.keys.sign(&empty, seconds(options.clock.now()))?;
        storage::replace(disk.as_ref(), CHECKPOINT, head.to_string().as_bytes())
            .context("writing", CHECKPOINT)?;
        let about =
            format!("truceline record 1\norigin {}\nsegment {}\n", options.keys.origin(), options.segment);
        storage::replace(disk.as_ref(), ABOUT, about.as_bytes()).context("writing", ABOUT)?;
        Record::open_on(disk, options)
    }

    /// [`Record::open`] on any storage.
    ///
    /// # Errors
    /// As [`Record::open`].
    pub fn open_on(disk: Arc<dyn Storage>, options: Options) -> Result<Record, Error> {
        let lock = lock(disk.as_ref())?;
        let segment = read_about(disk.as_ref(), options.keys.origin())?;
        let verifiers = options.keys.verifiers();
        let list = Registry::read(disk.as_ref(), &verifiers)?;
        let hub = Source {
            name: Token::new("hub").map_err(|refusal| Error::Asked(refusal.what))?,
            epoch: 0,
            public: options.hub.public(),
            quota: Quota::NONE,
            revoked: None,
        };
        let writer = recover(&disk, &options, segment, &verifiers)?;
        let pseudonym = options.hub.pseudonym();
        let said = writer.chains.last(&pseudonym).map_or(0, |(leaf, _)| leaf.sequence + 1);
        let mut registry = match list {
            None if writer.segments.next == 0 => Registry { hub: pseudonym, ..Registry::default() },
            None => return Err(Registry::gone()),
            Some(list) if list.hub != pseudonym => {
                return Err(Error::Asked(
                    "the list of sources names another key as that of the hub; open the record with the key that it was \
                     made with"
                        .into(),
                ));
            }
            Some(list) => list,
        };
        registry.check_age(said)?;
        registry.check_hub()?;
        registry.by_pseudonym.entry(pseudonym).or_insert(hub);
        let ahead = registry.leaves > said;
        let (said, mut objection) =
            peer::ask(&options.peers, &verifiers, options.policy.as_ref(), writer.segments.next, |size| {
                writer.root_at(size)
            })?;
        // Without its own head, and nobody who shows one, a log cannot tell a torn tail from leaves that were signed.
        if writer.head.is_none() && !said.shown {
            objection.get_or_insert_with(headless);
        }
        let named = Named::of(&options, &registry.named);
        if registry.leaves == 0 {
            // The roles' keys are as old as the log: nobody was named before.
            registry.named.roles.clone_from(&named.roles);
        }
        if let Some(other) = named.objection(&registry.named) {
            objection.get_or_insert(other);
        }
        // Whoever could name the persons could name himself, twice: those kept say who comes after them.
        let known = registry.named.persons.iter().map(|key| VerifierKey::parse(key));
        let persons: Vec<VerifierKey> =
            known.collect::<Result<_, _>>().map_err(|refusal| Error::Asked(refusal.what))?;
        let named = Some(named).filter(|named| *named != registry.named);
        let last = writer.chains.last(&options.hub.pseudonym()).map(|(leaf, _)| leaf.clone());
        let mut record = Record {
            hub: Mutex::new(Signer::resume(options.hub, last)),
            unsettled: Mutex::new(ahead),
            disk,
            keys: options.keys,
            clock: options.clock,
            entropy: options.entropy,
            roles: options.roles.into_iter().map(|role| role.name).collect(),
            deadline: options.deadline,
            tolerance: options.tolerance,
            said,
            cut: vec![],
            registry: RwLock::new(registry),
            queue: Mutex::default(),
            writer: Mutex::new(writer),
            _lock: lock,
        };
        match objection {
            Some(objection) => {
                record.override_with(&options.overrides, &persons, objection, options.losing)?;
            }
            None => record.cut = locked(&record.writer).cut(options.losing)?,
        }
        if let Some(named) = named {
            record.know(|registry| registry.named = named)?;
        }
        Ok(record)
    }

    /// Lets the log go on if two persons signed for it, and writes that down as a leaf.
    fn override_with(
        &mut self,
        notes: &[Note],
        persons: &[VerifierKey],
        objection: Error,
        losing: bool,
    ) -> Result<(), Error> {
        let (size, root) = {
            let writer = locked(&self.writer);
            (writer.segments.next, writer.root_at(writer.segments.next)?)
        };
        let text = peer::override_text(self.keys.origin(), size, &root);
        if !peer::overridden(notes, persons, &text) {
            return Err(if notes.is_empty() || !persons.is_empty() {
                objection
            } else {
                Error::NoPersons(Box::new(objection))
            });
        }
        self.cut = locked(&self.writer).cut(losing)?;
        let asked = |refusal: Refusal| Error::Asked(refusal.what);
        let fields = vec![
            Field::new("override.size", Value::int(i64::try_from(size).unwrap_or(i64::MAX)))
                .map_err(asked)?,
            Field::new("override.root", Value::hash(root)).map_err(asked)?,
        ];
        let notes: String = notes.iter().map(|note| format!("{note}\n")).collect();
        {
            let _floor = self.floor()?;
            let statement = Statement::new(Kind::Judgement, fields);
            self.say(statement, Some(("override", notes.as_bytes())), |registry| registry.overrides += 1)?;
        }
        self.said.overridden = true;
        Ok(())
    }

    /// The right to let the hub speak, once it has said what a crash kept it from saying: then the list of sources was
    /// written, and the leaf after it was not.
    pub(crate) fn floor(&self) -> Result<MutexGuard<'_, bool>, Error> {
        let mut unsettled = locked(&self.unsettled);
        if *unsettled {
            let (owed, revoked) = {
                let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
                let revoked = registry.by_pseudonym.iter().filter(|(_, source)| source.owes_revocation());
                (registry.owed.clone(), revoked.map(|(pseudonym, _)| *pseudonym).collect::<Vec<_>>())
            };
            for certificate in &owed {
                let quota = {
                    let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
                    let source = registry.by_pseudonym.get(&verify::leaf::pseudonym(&certificate.public));
                    source.map_or(Quota { burst: 0, per_minute: 0 }, |source| source.quota)
                };
                self.say_key_change(certificate, quota, |_| ())?;
            }
            for pseudonym in &revoked {
                self.say_revocation(pseudonym)?;
            }
            if owed.is_empty() && revoked.is_empty() {
                // No number of the hub is used for two lists, or the older of them could pass for the newer.
                self.say(Statement::new(Kind::Heartbeat, vec![]), None, |_| ())?;
            }
            *unsettled = false;
        }
        Ok(unsettled)
    }

    /// Changes the list of sources with a leaf that says nothing else.
    pub(crate) fn know(&self, change: impl FnOnce(&mut Registry)) -> Result<(), Error> {
        let _floor = self.floor()?;
        self.say(Statement::new(Kind::Heartbeat, vec![]), None, change).map(|_| ())
    }

    /// A statement of the hub itself, open to all roles. The list of sources is changed and written before it, durably, and
    /// counts it. Returns its leaf's number. Whoever calls this holds the floor.
    pub(crate) fn say(
        &self,
        statement: Statement,
        raw: Option<(&str, &[u8])>,
        change: impl FnOnce(&mut Registry),
    ) -> Result<u64, Error> {
        self.say_to(&|_| true, statement, raw, change).map(|(index, _)| index)
    }

    /// The same, open to some roles; gives what opens the leaf, too.
    pub(crate) fn say_to(
        &self,
        hears: &dyn Fn(&str) -> bool,
        statement: Statement,
        raw: Option<(&str, &[u8])>,
        change: impl FnOnce(&mut Registry),
    ) -> Result<(u64, Vec<u8>), Error> {
        let roles: Vec<&str> = self.roles.iter().map(String::as_str).filter(|role| hears(role)).collect();
        let raw: Vec<_> =
            raw.into_iter().map(|(category, bytes)| Raw { category, roles: &roles, bytes }).collect();
        let mut hub = locked(&self.hub);
        let entry = hub.sign(statement, &[Audience::all(&roles)], &raw, self.entropy.as_ref())?;
        let sequence = hub.sequence();
        let openings =
            entry.item.parts.iter().find(|part| part.holds == Holds::Openings).and_then(Part::bytes);
        let openings = openings.unwrap_or_default();
        {
            let (mut writer, mut registry) = self.writer_and_registry();
            writer.running()?;
            change(&mut registry);
            registry.leaves = sequence;
            writer.guard(registry.write(self.disk.as_ref(), &self.keys.ed25519))?;
        }
        let answer = self.append(vec![entry])?;
        match answer.refused {
            None => Ok((answer.first().expect("a receipt that refuses nothing names a leaf"), openings)),
            Some(refused) => {
                let last = self.last_of(&hub.pseudonym());
                hub.go_on_after(last);
                Err(Error::Asked(format!("the hub's own {refused}")))
            }
        }
    }

    /// Sets what receipts promise from now on, in seconds: see [`Options::deadline`].
    pub fn promise_within(&mut self, deadline: u64) {
        self.deadline = deadline;
    }

    /// The name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.keys.origin()
    }

    /// What two persons sign to let the log on this disk go on: see [`peer::override_text`]. Nobody is asked, nothing is
    /// cut, and nothing is signed.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Damaged`], or the disk refuses.
    pub fn override_text(disk: &Arc<dyn Storage>, options: &Options) -> Result<String, Error> {
        let _lock = lock(disk.as_ref())?;
        let segment = read_about(disk.as_ref(), options.keys.origin())?;
        let writer = recover(disk, options, segment, &options.keys.verifiers())?;
        let size = writer.segments.next;
        Ok(peer::override_text(options.keys.origin(), size, &writer.root_at(size)?))
    }

    /// Where the pieces lie that were cut when this record was opened: written, as far as anything told, by a batch that
    /// was never acknowledged.
    #[must_use]
    pub fn cut(&self) -> &[String] {
        &self.cut
    }

    /// The hub's clock, microseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now()
    }

    /// The last moment at which a statement that comes now may be dated, microseconds since 1970.
    #[must_use]
    pub fn latest(&self) -> i64 {
        self.now().saturating_add(self.tolerance)
    }

    /// What witnesses and mirrors said at the start. Without peers nobody was asked: a status shows that.
    #[must_use]
    pub fn peers(&self) -> &Peers {
        &self.said
    }

    /// Appends statements, all or none, and returns when they are durable: vault first, then leaves. Statements of
    /// several threads share one fsync.
    ///
    /// A refusal is an answer, not an error: it comes with a signed receipt too.
    ///
    /// # Errors
    /// [`Error::Stopped`] once a write or sync has failed. Nothing was acknowledged then.
    pub fn append(&self, entries: Vec<Entry>) -> Result<Answer, Error> {
        self.append_if(entries, |_| Ok(()))
    }

    /// The same, of entries of which each passes `look`, too.
    pub(crate) fn append_if(
        &self,
        entries: Vec<Entry>,
        look: impl Fn(&Entry) -> Result<(), (Reason, String)>,
    ) -> Result<Answer, Error> {
        // A byte string stands for a leaf that cannot be read: its hash names what was refused.
        let hashes: Vec<Hash> = entries.iter().map(|entry| merkle::leaf_hash(&entry.leaf)).collect();
        if hashes.is_empty() || hashes.len() > LEAVES_MAX {
            let what = format!("an append of {} statements; a receipt holds 1 to {LEAVES_MAX}", hashes.len());
            return Err(Error::Asked(what));
        }
        let latest = self.latest();
        let mut leaves = Vec::with_capacity(entries.len());
        {
            let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
            for (statement, entry) in entries.iter().enumerate() {
                let checked = registry.check(entry, latest).and_then(|leaf| look(entry).map(|()| leaf));
                match checked {
                    Ok(leaf) => leaves.push(leaf),
                    Err((reason, what)) => {
                        return self.answer(hashes, Err(Refused { statement, reason, what }));
                    }
                }
            }
        }
        let ticket = Arc::new(Ticket { entries, leaves, hashes, outcome: Mutex::default() });
        locked(&self.queue).push(ticket.clone());
        {
            let mut writer = locked(&self.writer);
            if locked(&ticket.outcome).is_none() {
                let tickets = std::mem::take(&mut *locked(&self.queue));
                let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
                writer.commit(&tickets, &registry, self.clock.now());
            }
        }
        let outcome = locked(&ticket.outcome).take();
        match outcome.expect("whoever held the writer took the whole queue") {
            Ok(outcome) => self.answer(ticket.hashes.clone(), outcome),
            Err(why) => Err(Error::Stopped(why)),
        }
    }

    pub(crate) fn answer(&self, leaves: Vec<Hash>, outcome: Result<u64, Refused>) -> Result<Answer, Error> {
        let time = seconds(self.clock.now());
        let (refused, outcome) = match outcome {
            Ok(first) => {
                // No head that was signed before this append may be dated after its deadline, or a clock that was set
                // back would convict the log. A deadline far ahead shows such a clock to whoever gets the receipt.
                let from = time.max(locked(&self.writer).dated);
                (None, Outcome::Appended { first, deadline: from.saturating_add(self.deadline) })
            }
            Err(refused) => {
                let reason =
                    Token::new(refused.reason.word()).map_err(|refusal| Error::Asked(refusal.what))?;
                (Some(refused), Outcome::Refused { reason })
            }
        };
        let receipt = Receipt { origin: self.keys.origin().to_owned(), outcome, time, leaves };
        let note = receipt.sign(&self.keys.ed25519).map_err(|refusal| Error::Asked(refusal.what))?;
        Ok(Answer { note, receipt, refused })
    }

    /// Where these leaves stand, if they are the last of their source, one beside the other.
    pub(crate) fn place_of(&self, hashes: &[Hash], end: &Leaf) -> Result<Option<u64>, Error> {
        let (last, leaves) = {
            let writer = locked(&self.writer);
            let last = writer.chains.last(&end.pseudonym).filter(|(leaf, _)| *leaf == end);
            (last.map(|(_, index)| index), writer.segments.leaves)
        };
        let Some(last) = last else { return Ok(None) };
        let Some(first) = (last + 1).checked_sub(hashes.len() as u64) else { return Ok(None) };
        let mut found = vec![];
        for number in first / leaves..=last / leaves {
            // What was acknowledged is never written again: no lock is needed to read it.
            let Some(segment) = Segment::read(self.disk.as_ref(), leaves, number)? else { return Ok(None) };
            let those = segment.entries().filter(|(index, _)| (first..=last).contains(index));
            found.extend(those.map(|(_, entry)| merkle::leaf_hash(entry)));
        }
        Ok((found == hashes).then_some(first))
    }

    /// Signs a head over all leaves so far and returns it when it is durable, with every tile that it needs in place.
    /// Without new leaves: the last head.
    ///
    /// # Errors
    /// [`Error::Damaged`] if a leaf that was read again is not what was appended; [`Error::Stopped`] after a failed
    /// write. Nothing is signed then, nor ever after by this writer.
    pub fn checkpoint(&self) -> Result<Note, Error> {
        drop(self.floor()?);
        let mut writer = locked(&self.writer);
        writer.checkpoint(&self.keys, seconds(self.clock.now()))
    }

    /// Keeps the signatures of witnesses under the last head; those that are not of a key given are left out. Returns
    /// the head with all its signatures.
    ///
    /// # Errors
    /// If there is no head, or the disk refuses.
    pub fn cosign(&self, signatures: &[Signature], witnesses: &[VerifierKey]) -> Result<Note, Error> {
        let mut writer = locked(&self.writer);
        writer.running()?;
        let mut head = writer.head.clone().ok_or_else(headless)?;
        for signature in signatures {
            let by = witnesses.iter().find(|key| key.made(signature));
            let sound = by.is_some_and(|key| key.verify(&head.text, signature).is_ok());
            if sound && !head.signatures.contains(signature) {
                head.signatures.push(signature.clone());
            }
        }
        let write = storage::replace(self.disk.as_ref(), COSIGNED, head.to_string().as_bytes())
            .context("writing", COSIGNED)
            .and_then(|()| {
                storage::replace(self.disk.as_ref(), CHECKPOINT, head.to_string().as_bytes())
                    .context("writing", CHECKPOINT)
            });
        writer.guard(write)?;
        writer.head = Some(head.clone());
        Ok(head)
    }

    /// The last leaf that a source appended under this pseudonym, from which its [`Signer`] resumes.
    #[must_use]
    pub fn last_of(&self, pseudonym: &Hash) -> Option<Leaf> {
        locked(&self.writer).chains.last(pseudonym).map(|(leaf, _)| leaf.clone())
    }

    /// The sources enrolled, by pseudonym.
    #[must_use]
    pub fn sources(&self) -> Vec<(Hash, Source)> {
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        registry.by_pseudonym.iter().map(|(pseudonym, source)| (*pseudonym, source.clone())).collect()
    }

    /// Both locks, always in this order.
    fn writer_and_registry(&self) -> (MutexGuard<'_, Writer>, RwLockWriteGuard<'_, Registry>) {
        (locked(&self.writer), self.registry.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Appends a statement of the hub itself (a watermark, a judgement, another log's checkpoint), open to all roles.
    /// Returns the number of its leaf.
    ///
    /// # Errors
    /// If it does not fit a leaf, or the disk refuses.
    pub fn state(&self, statement: Statement, raw: Option<(&str, &[u8])>) -> Result<u64, Error> {
        let _floor = self.floor()?;
        self.say(statement, raw, |_| ())
    }

    /// What a leaf of the hub says of the access log: size and root of its head.
    #[must_use]
    pub fn readings(&self) -> Option<(u64, Hash)> {
        self.registry.read().unwrap_or_else(PoisonError::into_inner).readings
    }

    /// Keeps in the signed list what the names of all that was erased come to: how many there are, and SHA-256 over their
    /// lines. A leaf goes with it that says nothing else.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn know_forgotten(&self, names: u64, hash: Hash) -> Result<(), Error> {
        self.know(|registry| registry.forgotten = Some((names, hash)))
    }

    /// A reader of this record. It may be used beside the writer, also by another process.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader::over(self.disk.clone(), self.keys.verifiers())
    }

    /// The bytes of leaves under the last head.
    ///
    /// # Errors
    /// If there are not so many, or a bundle cannot be read.
    pub fn leaves(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, Error> {
        self.reader().leaves(range)
    }

    /// Proves a leaf under the last head that witnesses signed and that includes it, else under the last head.
    ///
    /// # Errors
    /// If no head includes it yet.
    pub fn prove(&self, index: u64) -> Result<Proof, Error> {
        self.reader().prove(index)
    }

    /// Opens what the vault keeps of a leaf, as far as this role may read it.
    ///
    /// # Errors
    /// If there is no such leaf, or the vault is damaged.
    pub fn open_leaf(&self, index: u64, key: &RoleKey) -> Result<Vec<Opened>, Error> {
        let mut writer = locked(&self.writer);
        if index >= writer.segments.next {
            return Err(Error::Asked(format!(
                "there is no leaf {index}; the record has {}",
                writer.segments.next
            )));
        }
        writer.vault.open_item(index, key)
    }

    /// Erases a part of what the vault keeps of a leaf; the leaf stays, and a leaf of the hub says by whom (a role, as a
    /// token) and when. Why, one line of free text, stands in the vault's note; the leaf commits to a salted hash of it.
    ///
    /// # Errors
    /// If there is no such part, `by` is no token or `why` not a line, or the disk refuses.
    pub fn erase(&self, leaf: u64, part: usize, by: &str, why: &str) -> Result<(), Error> {
        let size = self.len();
        if leaf >= size {
            return Err(Error::Asked(format!("there is no leaf {leaf}; the record has {size}")));
        }
        if part >= vault::LOST {
            return Err(Error::Asked(format!("an item has at most {} parts", vault::PARTS_MAX)));
        }
        self.erase_all(&[(leaf, part)], by, why).map(|_| ())
    }

    /// The leaves of which what the vault keeps does not check, and was not declared lost yet.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn lost(&self) -> Result<Vec<u64>, Error> {
        let mut writer = locked(&self.writer);
        let mut lost = vec![];
        for leaf in 0..writer.segments.next {
            if writer.vault.is_lost(leaf)? {
                lost.push(leaf);
            }
        }
        Ok(lost)
    }

    /// Declares lost what the vault keeps of these leaves and does not check, as an erasure: a leaf of the hub says so, the
    /// leaves stand, and the record goes on. Returns how many.
    ///
    /// # Errors
    /// As [`Record::erase`].
    pub fn lose(&self, leaves: &[u64], by: &str, why: &str) -> Result<usize, Error> {
        let items: Vec<(u64, usize)> = leaves.iter().map(|leaf| (*leaf, vault::LOST)).collect();
        self.erase_all(&items, by, why)
    }

    /// Says what is erased, as leaves, and erases it. If this is cut short between the two, doing it again says it again.
    fn erase_all(&self, parts: &[(u64, usize)], by: &str, why: &str) -> Result<usize, Error> {
        let asked = |refusal: Refusal| Error::Asked(refusal.what);
        let by = Token::new(by)
            .map_err(|refusal| Error::Asked(format!("who erases is a role: {}", refusal.what)))?;
        vault::reason(why)?;
        let _floor = self.floor()?;
        let there = {
            let mut writer = locked(&self.writer);
            writer.running()?;
            writer.vault.still_there(parts)?
        };
        for parts in there.chunks(vault::SAID_AT_ONCE) {
            let (at, salt) = (self.clock.now(), self.entropy.bytes32());
            let statement = Erasure::statement(parts, &by, at, why, &salt).map_err(asked)?;
            // Which leaves had something to erase is nothing for those outside: an export proves to them what it must.
            let inside = |role: &str| !OUTSIDE.contains(&role);
            let (said, openings) = self.say_to(&inside, statement, None, |_| ())?;
            let note = |(leaf, part): &(u64, usize)| Erasure {
                leaf: *leaf,
                part: *part,
                at,
                by: by.as_str().to_owned(),
                why: why.to_owned(),
                said,
            };
            let notes: Vec<Erasure> = parts.iter().map(note).collect();
            let mut writer = locked(&self.writer);
            let erased = writer.vault.erase(said, Said { salt, openings }, &notes);
            writer.guard(erased)?;
        }
        Ok(there.len())
    }

    /// The parts that are past their category's time at the moment `at`: leaf, number of the part, category.
    ///
    /// # Errors
    /// If the vault is damaged.
    pub fn expired(&self, retention: &[Retention], at: i64) -> Result<Vec<(u64, usize, String)>, Error> {
        locked(&self.writer).vault.expired(retention, at)
    }

    /// Erases all parts that are past their category's time at the moment `at`. Returns how many.
    ///
    /// # Errors
    /// If that moment has not come yet, the vault is damaged or the disk refuses.
    pub fn expire(&self, retention: &[Retention], at: i64) -> Result<usize, Error> {
        if at > self.clock.now() {
            return Err(Error::Asked("nothing is erased before its time has come".into()));
        }
        let mut by_category: BTreeMap<String, Vec<(u64, usize)>> = BTreeMap::new();
        for (leaf, part, category) in self.expired(retention, at)? {
            by_category.entry(category).or_default().push((leaf, part));
        }
        let mut erased = 0;
        for (category, parts) in by_category {
            erased +=
                self.erase_all(&parts, "retention", &format!("category {category} is past its time"))?;
        }
        Ok(erased)
    }

    /// Leaves so far, with those under no head yet.
    #[must_use]
    pub fn len(&self) -> u64 {
        locked(&self.writer).segments.next
    }

    /// Whether nothing was ever appended.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A record whose head is gone: it had one from its first moment on.
pub(crate) fn headless() -> Error {
    let what = "the signed head is gone: which leaves were signed is not known. Without a mirror, put back the newest copy of \
                this file, or let two named persons sign an override";
    Error::Damaged { file: CHECKPOINT.into(), leaf: None, what: what.into() }
}

fn no_record(disk: &dyn Storage) -> Error {
    // An `init` that was cut short has no leaves yet.
    match disk.list("log") {
        Ok(names) if !names.is_empty() => {
            Error::Damaged { file: ABOUT.into(), leaf: None, what: "the file is gone".into() }
        }
        _ => Error::Asked("this folder holds no record; make one with `init`".into()),
    }
}

/// One writer for a log. The file that says what this folder is bears the lock: a file for the lock alone would be
/// removed by whoever tidies up, and a second writer let in.
pub(crate) fn lock(disk: &dyn Storage) -> Result<Box<dyn Send + Sync>, Error> {
    if disk.length(ABOUT).context("reading", ABOUT)?.is_none() {
        return Err(no_record(disk));
    }
    disk.lock(ABOUT).map_err(|why| match why.kind() {
        std::io::ErrorKind::WouldBlock => Error::Locked,
        _ => Error::Storage { doing: "locking", file: ABOUT.into(), why },
    })
}

/// Checks what kind of folder this is, and returns how many leaves a segment has.
pub(crate) fn read_about(disk: &dyn Storage, origin: &str) -> Result<u64, Error> {
    let bytes = disk.read(ABOUT).map_err(|why| match why.kind() {
        std::io::ErrorKind::NotFound => no_record(disk),
        _ => Error::Storage { doing: "reading", file: ABOUT.into(), why },
    })?;
    let damaged = |what: &str| Error::Damaged { file: ABOUT.into(), leaf: None, what: what.into() };
    let text = str::from_utf8(&bytes).map_err(|_| damaged("it is not text"))?;
    let mut lines = text.lines();
    if lines.next() != Some("truceline record 1") {
        return Err(damaged("its first line is not `truceline record 1`"));
    }
    let of = lines.next().and_then(|line| line.strip_prefix("origin "));
    let of = of.ok_or_else(|| damaged("its second line is not `origin` and a name"))?;
    if of != origin {
        return Err(Error::Asked(format!(
            "this is the record of `{}`, and the key is that of `{origin}`: name the right folder of keys; if it is the \
             right one, the file `record` is damaged",
            verify::text::shown(of)
        )));
    }
    let segment = lines.next().and_then(|line| line.strip_prefix("segment ")).and_then(|n| n.parse().ok());
    segment
        .filter(|n: &u64| *n > 0 && n.is_multiple_of(256))
        .ok_or_else(|| damaged("its third line is not `segment` and a multiple of 256"))
}

/// The signed head on the disk; `None` if there is none yet.
pub(crate) fn read_head(
    disk: &dyn Storage,
    file: &str,
    keys: &[VerifierKey],
) -> Result<Option<(Note, Checkpoint)>, Error> {
    if disk.length(file).context("reading", file)?.is_none() {
        return Ok(None);
    }
    let bytes = disk.read(file).context("reading", file)?;
    let damaged = |refusal: Refusal| Error::Damaged { file: file.into(), leaf: None, what: refusal.what };
    let note = Note::parse(&bytes).map_err(damaged)?;
    let mut checkpoint = None;
    for key in keys {
        checkpoint = Some(Checkpoint::open(&note, key).map_err(damaged)?);
    }
    Ok(checkpoint.map(|checkpoint| (note, checkpoint)))
}
