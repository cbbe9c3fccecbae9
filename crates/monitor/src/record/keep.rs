//! Writing through the record: what was read becomes leaves before anything else sees it.

use super::forgotten::Forgotten;
use super::keys::KeyFolder;
use super::parts;
use super::tell;
use crate::assess::{Question, digest};
use crate::intake::{FileRead, Intake};
use crate::progress::Progress;
use anyhow::{Context as _, Result, bail};
use record::clock::{Clock, SetClock, SystemClock};
use record::entropy::{Entropy, MadeUp, SystemEntropy};
use record::sources::Quota;
use record::statement::{File, Statement, Told, Version, Versioned, batch};
use record::storage::{Files, Storage};
use record::{Entry, Options, Record, Signer};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use truce::Id;
use truce::mission::{Mission, Rhythm};
use truce::observation::{Detail, Kind, Observation};
use truce::time::{MINUTE, Micros, Time, Zone};
use verify::checkpoint::Checkpoint;

/// Statements in one append: one fsync of the vault and one of the log for them all.
const BATCH: usize = 2_048;

/// The seed of made-up stories, which everyone may know.
const MADE_UP: &[u8] = b"a published seed, for made-up stories only\n";

/// Where a record is, and what it is written with.
pub struct Place {
    /// Its folder.
    pub dir: PathBuf,
    /// Its keys.
    pub keys: KeyFolder,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// May what is recorded lie ahead of the clock, as a made-up story does?
    pub ahead: bool,
}

impl Place {
    /// A record on this machine's clock and randomness; its keys are in `keys`, or in its folder `keys`.
    pub fn new(dir: &Path, keys: Option<&Path>) -> Self {
        Self {
            dir: dir.to_path_buf(),
            keys: KeyFolder::at(keys.map_or_else(|| dir.join("keys"), Path::to_path_buf)),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            ahead: false,
        }
    }

    /// The same place for the statements of a mission: only one that says of itself that it is made up may tell of times
    /// that have not come.
    #[must_use]
    pub fn of(&self, mission: &Mission) -> Self {
        Self { ahead: self.ahead || mission.made_up.is_some(), ..self.again() }
    }

    /// The same place once more.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            dir: self.dir.clone(),
            keys: self.keys.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            ahead: self.ahead,
        }
    }

    /// The place of a **made-up** story: its clock stands at `at`, and its randomness follows from that and from how
    /// many leaves there are, so that a story gives the same bytes everywhere. Anyone can forge what is signed here.
    #[must_use]
    pub fn made_up(self, at: Time, leaves: u64) -> Self {
        let seed = [MADE_UP, &at.0.to_be_bytes(), &leaves.to_be_bytes()].concat();
        Self {
            clock: Arc::new(SetClock::at(at.0)),
            entropy: Arc::new(MadeUp::from_seed(record::statement::sha256(&seed))),
            ahead: true,
            ..self
        }
    }

    /// Is there a record?
    pub fn exists(&self) -> bool {
        self.dir.join("record").exists()
    }

    /// What a writer needs.
    ///
    /// # Errors
    /// If a key is missing.
    pub fn options(&self) -> Result<Options> {
        let mut options = Options::new(self.keys.log()?, self.keys.source("hub")?);
        options.roles = self.keys.roles()?;
        options.clock = self.clock.clone();
        options.entropy = self.entropy.clone();
        if self.ahead {
            options.tolerance = i64::MAX / 2;
        }
        Ok(options)
    }

    /// Makes a record with new keys. Its policy says nothing yet of who vouches for it, and until it does, the record
    /// takes nothing: [`super::peers::policy`] refuses.
    ///
    /// # Errors
    /// If there is one, or it cannot be written.
    pub fn init(&self, origin: &str) -> Result<Record> {
        if self.exists() {
            bail!(
                "{} holds a record already; choose another folder, or go on with this one",
                self.dir.display()
            );
        }
        if self.keys.has("log.key") || self.keys.has("log.pub") {
            bail!(
                "{} holds no record, and there are keys of a log for it already: an earlier `init` was cut short, or they \
                 are another record's. If nothing was ever recorded with them, remove their folder, and call this again",
                self.dir.display()
            );
        }
        self.keys.make(origin, self.entropy.as_ref())?;
        let record = self.enrolled(Record::init(&self.dir, self.options()?)?)?;
        let keys: String = self.keys.verifiers()?.iter().map(|key| format!("log {key}\n")).collect();
        let policy = format!(
            "# Who vouches for this log (c2sp.org/tlog-policy). Name witnesses, and a quorum of those that no party runs:\n\
             # witness NAME KEY URL\n# group neutral 2 NAME NAME NAME\n# quorum neutral\n# Where nobody is to vouch for \
             it: quorum none. Then nobody would see that an old copy was restored.\n{keys}"
        );
        let path = self.dir.join("policy");
        std::fs::write(&path, policy).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(record)
    }

    /// Makes a record for which nobody outside vouches, as an analyst's own is.
    ///
    /// # Errors
    /// As [`Place::init`].
    pub fn init_alone(&self, origin: &str) -> Result<Record> {
        let record = self.init(origin)?;
        let path = self.dir.join("policy");
        let failed = || format!("cannot write {}", path.display());
        let policy = std::fs::read_to_string(&path).with_context(failed)?;
        std::fs::write(&path, policy + "quorum none\n").with_context(failed)?;
        Ok(record)
    }

    /// Is there a record, or a copy of one, in this folder?
    ///
    /// # Errors
    /// If not.
    pub fn is_there(&self) -> Result<()> {
        if !self.exists() && !self.dir.join("checkpoint").exists() {
            bail!(
                "{} holds no record: look at the name of the folder, or make a record there with `truceline record init`",
                self.dir.display()
            );
        }
        Ok(())
    }

    /// Opens the record for writing, asking its witnesses and mirrors.
    ///
    /// # Errors
    /// If there is none, it is damaged, or a witness knows more than it holds.
    pub fn open(&self) -> Result<Record> {
        super::access::is_whole(self)?;
        self.open_as(false)
    }

    /// The same for whoever declares lost what the vault keeps and does not check, or the access log.
    ///
    /// # Errors
    /// As [`Place::open`].
    pub fn open_losing(&self) -> Result<Record> {
        self.open_as(true)
    }

    fn open_as(&self, losing: bool) -> Result<Record> {
        self.is_there()?;
        let mut options = self.options()?;
        options.peers = super::peers::of(&self.dir)
            .context("nothing is signed before the record's policy says who vouches for this log")?;
        options.policy = Some(super::peers::policy(&self.dir)?);
        options.losing = losing;
        options.vouching = Some(super::peers::vouching(&self.dir)?);
        options.persons = super::peers::persons(&self.dir)?;
        options.overrides = super::peers::overrides(&self.dir)?;
        let record = Record::open(&self.dir, options)?;
        for piece in record.cut() {
            eprintln!(
                "{piece}: a piece of a batch that, as far as this disk tells, was never acknowledged was cut, and is kept there"
            );
        }
        // What each witness that is silent since long did at the last head is said at every start.
        eprint!("{}", super::peers::missing(&self.dir)?);
        self.enrolled(record)
    }

    fn enrolled(&self, record: Record) -> Result<Record> {
        let recorder = self.keys.source("recorder")?;
        if record.sources().iter().all(|(pseudonym, _)| *pseudonym != recorder.pseudonym()) {
            let certificate = self.keys.certify("recorder", &recorder)?;
            record.enrol(&certificate, Quota::NONE, &self.keys.root()?)?;
        }
        Ok(record)
    }

    /// What two persons sign to let this record go on although its witnesses and mirrors do not.
    ///
    /// # Errors
    /// If there is none, or it is damaged.
    pub fn override_text(&self) -> Result<String> {
        self.is_there()?;
        let files: Arc<dyn Storage> = Arc::new(Files::new(&self.dir)?);
        Ok(Record::override_text(&files, &self.options()?)?)
    }

    /// Reads the record, without its lock.
    ///
    /// # Errors
    /// If the public keys are missing.
    pub fn reader(&self) -> Result<record::Reader> {
        self.is_there()?;
        Ok(record::Reader::open(&self.dir, self.keys.verifiers()?)?)
    }
}

/// A statement to be written, bytes that go with it by the label of the field that names them, and how it is told.
#[derive(Clone)]
pub(crate) struct ToWrite<'a> {
    pub(crate) statement: Statement,
    pub(crate) bytes: Vec<(&'static str, &'a [u8])>,
    pub(crate) told: Told,
}

/// What a run wrote.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Leaves that were new.
    pub new: u64,
    /// Statements that the record had already.
    pub known: u64,
    /// Observations dated later than the clock allows, which were neither recorded nor used.
    pub ahead: u64,
    /// Statements that were erased from this record, and were not recorded again.
    pub erased: u64,
    /// The head over them all.
    pub head: Checkpoint,
}

impl Kept {
    /// What was written, for a person.
    pub fn words(&self, dir: &Path) -> String {
        let mut words = format!(
            "{}: {} leaves, {} of them new, {} statements known already; root {}\n",
            dir.display(),
            self.head.size,
            self.new,
            self.known,
            verify::text::base64(&self.head.root)
        );
        if self.erased > 0 {
            words.push_str(&format!(
                "{} of the statements were erased from this record before, and are not recorded again: the report has of them \
                 what was not erased\n",
                self.erased
            ));
        }
        if self.ahead > 0 {
            words.push_str(&format!(
                "{} observations are dated later than this machine's clock, and were neither recorded nor used: look to \
                 the clock of whoever made them, or to this one\n",
                self.ahead
            ));
        }
        words
    }
}

/// Writes agreements, a mission's files, and everything that was read, and signs a head over it. What the record has
/// already is not written again.
///
/// # Errors
/// If anything cannot be made durable: then nothing may be computed from it.
pub fn keep(
    place: &Place,
    record: &Record,
    questions: &[Question],
    intake: &Intake,
    progress: &Progress,
) -> Result<Kept> {
    keep_at(place, record, questions, intake, None, progress)
}

/// The same, at a fixed rhythm: so many leaves at each beat, and heartbeats where there is nothing to say. It takes as
/// long as it takes; what is cut short goes on with the next run.
///
/// # Errors
/// As [`keep`].
pub fn keep_at(
    place: &Place,
    record: &Record,
    questions: &[Question],
    intake: &Intake,
    pace: Option<Rhythm>,
    progress: &Progress,
) -> Result<Kept> {
    let Some(Question { mission, .. }) = questions.first() else {
        bail!("no agreement is given: a record begins with what it is read by");
    };
    progress.step("writing the record");
    let mut known = known(place, record)?;
    let (mut statements, ahead) = statements(place, questions, intake);
    let all = statements.len();
    statements.retain(|it| !known.written.has(&it.statement));
    let known_already = (all - statements.len()) as u64;
    let new = statements.len();
    let forgotten = Forgotten::of(place)?;
    statements.retain(|it| !forgotten.has(&it.statement));
    let erased = (new - statements.len()) as u64;
    for it in &statements {
        if let Statement::Observation(observation) = &it.statement {
            known.observations.entry(observation.id).or_insert_with(|| (**observation).clone());
        }
    }
    let mut statements = in_batches(statements);
    let derived = worked_out(questions, mission, &known, intake)?;
    if derived != known.derived {
        let last = known.observations.values().map(|observation| observation.time.end).max();
        let statement = Statement::Watermark(last.unwrap_or_default());
        statements.push(ToWrite { statement, bytes: Vec::new(), told: Told::Exactly });
        for observation in derived.into_values() {
            let told = told(mission, &observation.source);
            let statement = Statement::Observation(Box::new(observation));
            statements.push(ToWrite { statement, bytes: Vec::new(), told });
        }
    }
    let new = statements.len() as u64;
    // Reading alone adds nothing: the same files give the same head. At a rhythm each beat has room for it.
    if new > 0 && pace.is_none() {
        super::access::confirm(place, record)?;
    }
    match pace {
        None => append(place, record, mission.day_clock, statements)?,
        Some(beat) => append_in_rhythm(place, record, mission.day_clock, statements, beat)?,
    }
    let head = super::peers::checkpoint(record, &place.dir)?;
    let head = Checkpoint::of_note(&head).map_err(|refusal| anyhow::anyhow!(refusal.what))?;
    Ok(Kept { new, known: known_already, ahead: ahead.len() as u64, erased, head })
}

/// What questions under one mission and what was read for them are as statements, with the observations dated later than the clock allows.
fn statements<'a>(
    place: &Place,
    questions: &'a [Question],
    intake: &'a Intake,
) -> (Vec<ToWrite<'a>>, BTreeSet<Id>) {
    let mut statements: Vec<ToWrite<'_>> = Vec::new();
    let Some(Question { mission, mission_files, .. }) = questions.first() else {
        return (statements, BTreeSet::new());
    };
    let agreements = questions.iter().map(|question| (Versioned::Agreement, &question.folder.files));
    for (of, files) in agreements.chain([(Versioned::Mission, mission_files)]) {
        let hashes =
            files.iter().map(|(name, text)| (name.clone(), record::statement::sha256(text.as_bytes())));
        let version = Version { of, digest: digest(files), files: hashes.collect() };
        let bytes = files.values().map(|text| ("files", text.as_bytes())).collect();
        statements.push(ToWrite { statement: Statement::Version(version), bytes, told: Told::Exactly });
    }
    let may_lie_ahead = mission.made_up.is_some();
    let (read, ahead) = of_intake(mission, intake, place.clock.now(), may_lie_ahead);
    statements.extend(read);
    (statements, ahead)
}

/// How far ahead of the clock an observation may be dated: clocks differ.
const TOLERANCE: Micros = 2 * MINUTE;

/// What was read as statements, and the observations among it that are dated later than the clock allows: somebody's
/// clock is wrong, or somebody lies. A notice speaks of what is planned, and a made-up story, if it `may_lie_ahead`, of what
/// never was.
pub(super) fn of_intake<'a>(
    mission: &Mission,
    intake: &'a Intake,
    now: i64,
    may_lie_ahead: bool,
) -> (Vec<ToWrite<'a>>, BTreeSet<Id>) {
    let mut statements = Vec::new();
    for file in &intake.files {
        let told = file.source.as_ref().map_or(Told::Coarsely, |source| told(mission, source));
        let label = if file.map { "map" } else { "bytes" };
        let bytes = file.bytes.as_deref().map(|bytes| (label, bytes)).into_iter().collect();
        statements.push(ToWrite { statement: Statement::File(of_file(file)), bytes, told });
    }
    let latest = now.saturating_add(TOLERANCE);
    let mut ahead = BTreeSet::new();
    for observation in &intake.observations {
        let late = observation.time.start.0 > latest && observation.kind != Kind::Notice;
        if late && !may_lie_ahead {
            ahead.insert(observation.id);
            continue;
        }
        let told = told(mission, &observation.source);
        let statement = Statement::Observation(Box::new(observation.clone()));
        statements.push(ToWrite { statement, bytes: Vec::new(), told });
    }
    (statements, ahead)
}

/// Puts detections of instruments, of which there may be thousands a second, together into batches, one leaf each.
pub(super) fn in_batches(statements: Vec<ToWrite<'_>>) -> Vec<ToWrite<'_>> {
    let mut detections: BTreeMap<Told, Vec<Observation>> = BTreeMap::new();
    let mut rest = Vec::with_capacity(statements.len());
    for it in statements {
        match it.statement {
            Statement::Observation(observation) if observation.detail.is_of_one_instrument() => {
                detections.entry(it.told).or_default().push(*observation);
            }
            _ => rest.push(it),
        }
    }
    for (told, detections) in detections {
        for together in batch::batches(detections) {
            rest.push(ToWrite { statement: Statement::Batch(together), bytes: Vec::new(), told });
        }
    }
    rest
}

/// What all observations of instruments together come to, by the lines and zones of each agreement: recorded beside them, so that the public, who may not see a
/// detection, may compute from it (docs/decisions/005-public-view.md).
fn worked_out(
    questions: &[Question],
    mission: &Mission,
    known: &Known,
    intake: &Intake,
) -> Result<BTreeMap<Id, Observation>> {
    let rules = &mission.sensing;
    if rules.networks.is_empty() && rules.aircraft.is_none() {
        return Ok(BTreeMap::new());
    }
    let all: Vec<Observation> = known.observations.values().cloned().collect();
    let Some(last) = all.iter().map(|observation| observation.time.end).max() else {
        return Ok(BTreeMap::new());
    };
    let mut derived = BTreeMap::new();
    for Question { folder, .. } in questions {
        let ground = crate::assess::ground(&folder.agreement, &intake.territories, mission)?;
        let threads = crate::sensing::threads();
        let sensed = crate::sensing::sense(all.clone(), mission, &folder.agreement, &ground, last, threads);
        let ours = sensed.observations.into_iter().filter(|it| matches!(it.detail, Detail::Derived(_)));
        derived.extend(ours.map(|it| (it.id, it)));
    }
    Ok(derived)
}

/// How a source's statements are told, by the mission file; a source that it does not name, coarsely.
pub(super) fn told(mission: &Mission, source: &truce::Name) -> Told {
    mission.sources.iter().find(|known| known.name == *source).map_or(Told::Coarsely, |known| known.told)
}

/// Signs and appends, the signing of a batch while the one before is written.
pub(crate) fn append(
    place: &Place,
    record: &Record,
    clock: Zone,
    statements: Vec<ToWrite<'_>>,
) -> Result<()> {
    let key = place.keys.source("recorder")?;
    let last = record.last_of(&key.pseudonym());
    let mut signer = Signer::resume(key, last);
    let entropy = place.entropy.as_ref();
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel::<Vec<Entry>>(1);
        let writer = scope.spawn(move || -> Result<()> {
            for batch in receive {
                let answer = record.append(batch)?;
                if let Some(refused) = answer.refused {
                    bail!("the record refused what was read: {refused}");
                }
            }
            Ok(())
        });
        let signed = (|| -> Result<()> {
            for batch in statements.chunks(BATCH) {
                let entry = |it: &ToWrite<'_>| {
                    parts::sign(&mut signer, &it.statement, &it.bytes, it.told, clock, entropy)
                };
                let entries = batch.iter().map(entry).collect::<Result<Vec<_>>>()?;
                if send.send(entries).is_err() {
                    break; // the writer stopped, and says why
                }
            }
            Ok(())
        })();
        drop(send);
        let written = writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        written.and(signed)
    })
}

/// Signs and appends so many leaves at each beat, with a head over them, until everything is said; the last beat is
/// filled with heartbeats.
fn append_in_rhythm(
    place: &Place,
    record: &Record,
    clock: Zone,
    statements: Vec<ToWrite<'_>>,
    rhythm: Rhythm,
) -> Result<()> {
    let nothing = ToWrite { statement: Statement::Heartbeat, bytes: Vec::new(), told: Told::Exactly };
    let at_once = usize::try_from(rhythm.leaves).unwrap_or(1);
    for beat in statements.chunks(at_once) {
        wait_for_beat(place.clock.as_ref(), rhythm);
        let fill = std::iter::repeat_n(&nothing, at_once - beat.len());
        let beat: Vec<ToWrite<'_>> = beat.iter().chain(fill).cloned().collect();
        append(place, record, clock, beat)?;
        super::access::at_beat(place, record)?;
        super::peers::checkpoint(record, &place.dir)?;
    }
    Ok(())
}

/// Sleeps until the next beat.
pub(super) fn wait_for_beat(clock: &dyn Clock, rhythm: Rhythm) {
    let now = clock.now();
    let due = (now.div_euclid(rhythm.every) + 1).saturating_mul(rhythm.every);
    std::thread::sleep(Duration::from_micros(u64::try_from(due - now).unwrap_or(0)));
}

fn of_file(file: &FileRead) -> File {
    let books = crate::assess::books(file);
    File {
        name: books.file,
        source: books.source,
        sha256: books.sha256,
        map: file.map,
        rows: books.rows,
        accepted: books.accepted,
        set_aside: books.set_aside,
        unused: books.unused,
    }
}

/// What a record has already.
#[derive(Default)]
struct Known {
    observations: BTreeMap<Id, Observation>,
    derived: BTreeMap<Id, Observation>,
    written: Written,
}

/// What a record has already, by name alone.
#[derive(Default)]
struct Written {
    observations: BTreeSet<Id>,
    files: BTreeSet<File>,
    versions: BTreeSet<Version>,
}

impl Written {
    fn has(&self, statement: &Statement) -> bool {
        match statement {
            Statement::Observation(observation) => self.observations.contains(&observation.id),
            Statement::File(file) => self.files.contains(file),
            Statement::Version(version) => self.versions.contains(version),
            Statement::Batch(detections) => detections.iter().all(|it| self.observations.contains(&it.id)),
            Statement::Step(_) | Statement::Watermark(_) | Statement::Heartbeat => false,
        }
    }

    fn add(&mut self, statement: &Statement) {
        match statement {
            Statement::Observation(observation) => {
                self.observations.insert(observation.id);
            }
            Statement::File(file) => {
                self.files.insert(file.clone());
            }
            Statement::Version(version) => {
                self.versions.insert(version.clone());
            }
            Statement::Batch(detections) => self.observations.extend(detections.iter().map(|it| it.id)),
            Statement::Step(_) | Statement::Watermark(_) | Statement::Heartbeat => {}
        }
    }
}

/// A writer that goes on: it reads a record once and then knows what it has, for nobody else may write while it is
/// open. What is worked out meanwhile is added as it settles; a later [`keep`] that works out something else, for
/// something came late, says so with a watermark of its own.
pub(crate) struct Keeper {
    place: Place,
    record: Record,
    written: Written,
    forgotten: Forgotten,
}

impl Keeper {
    /// For an open record, with the observations that it holds.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub(crate) fn new(place: Place, record: Record) -> Result<(Self, Vec<Observation>)> {
        let Known { observations, derived, mut written } = known(&place, &record)?;
        written.observations.extend(derived.into_keys());
        let forgotten = Forgotten::of(&place)?;
        Ok((Self { place, record, written, forgotten }, observations.into_values().collect()))
    }

    /// Writes what was read and is new, and signs a head over it; the observations that are dated later than the clock
    /// allows, which were not written.
    ///
    /// # Errors
    /// As [`keep`].
    pub(crate) fn keep(&mut self, question: &Question, intake: &Intake) -> Result<BTreeSet<Id>> {
        let (statements, ahead) = statements(&self.place, std::slice::from_ref(question), intake);
        self.write(question, statements)?;
        Ok(ahead)
    }

    /// Writes what was worked out and is new.
    ///
    /// # Errors
    /// As [`keep`].
    pub(crate) fn derive(&mut self, question: &Question, derived: &[Observation]) -> Result<()> {
        let statement = |observation: &Observation| ToWrite {
            statement: Statement::Observation(Box::new(observation.clone())),
            bytes: Vec::new(),
            told: told(&question.mission, &observation.source),
        };
        self.write(question, derived.iter().map(statement).collect())
    }

    fn write(&mut self, question: &Question, mut statements: Vec<ToWrite<'_>>) -> Result<()> {
        statements.retain(|it| !self.written.has(&it.statement) && !self.forgotten.has(&it.statement));
        if statements.is_empty() {
            return Ok(());
        }
        let statements = in_batches(statements);
        let new: Vec<Statement> = statements.iter().map(|it| it.statement.clone()).collect();
        super::access::confirm(&self.place, &self.record)?;
        append(&self.place, &self.record, question.mission.day_clock, statements)?;
        super::peers::checkpoint(&self.record, &self.place.dir)?;
        new.iter().for_each(|statement| self.written.add(statement));
        Ok(())
    }
}

fn known(place: &Place, record: &Record) -> Result<Known> {
    // The statements of an earlier run that was cut short before its head are counted, too.
    record.checkpoint()?;
    let reader = record.reader();
    let (newest, size) = tell::head(&reader, None)?;
    let (leaves, _) = tell::leaves(&reader, &newest, size)?;
    let keys = tell::keys_of(&place.keys, report::View::Mission).context(
        "to go on with a record, what it holds must be readable, so that nothing is written twice",
    )?;
    let contents = tell::Contents::of(tell::open(&reader, &leaves, &keys)?)?;
    let written = Written {
        observations: contents.observations.keys().copied().collect(),
        files: contents.files.into_keys().collect(),
        versions: contents.versions.into_keys().collect(),
    };
    Ok(Known { observations: contents.observations, derived: contents.derived, written })
}
