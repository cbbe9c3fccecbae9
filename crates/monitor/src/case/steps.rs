//! The steps of cases, as leaves of the record.
//!
//! A step is a statement of the kind "case", signed by the key of the role that takes it, which the mission's root key
//! certifies. Its fields hold who, when, about which case, and hashes: what it says stands in the vault, encrypted for
//! those who may read it, and so does every text that was written for it, each salted and in a part of its own, so
//! that it can be erased alone. Its id is the hash of its leaf, its place that of its leaf in the log.
//!
//! What a task asks for is for monitors and analysts; liaisons and mediators get the same step without its sort and
//! its words, and whoever may read both checks that the one is the other, abridged. A note is for monitors, analysts
//! and mediators.

use crate::assess::{Question, digest};
use crate::intake::Intake;
use crate::progress::Progress;
use crate::record::keep::{self, Place, ToWrite};
use crate::record::keys::KeyFolder;
use crate::record::{peers, tell};
use anyhow::{Context as _, Result, bail, ensure};
use record::entropy::Entropy;
use record::sources::Quota;
use record::statement::{self, Statement, Told, Words, sha256};
use record::{Audience, Entry, Raw, Record, Signer};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use truce::case::{self, Role, Step, TaskKind, Text, What};
use truce::time::{SECOND, Time, Zone};
use truce::{Id, Name};
use verify::checkpoint::Checkpoint;
use verify::field::{Field, Token, Value};
use verify::key::Certificate;
use verify::leaf::{self, Kind, Leaf};

/// Roles of the vault whose keys open steps, whoever of them is here.
const READERS: [&str; 5] = ["public", "analyst", "monitor", "mediator", "liaison"];

/// Who weighs what was observed.
const MISSION: [&str; 2] = ["monitor", "analyst"];

/// Those who see the notes, too.
const NOTES: [&str; 3] = ["monitor", "analyst", "mediator"];

/// All who work on a case.
const ALL: [&str; 4] = ["monitor", "analyst", "mediator", "liaison"];

/// The field that marks the leaf with which cases start, and those that name what a step says.
const STARTS: &str = "starts";
const FULL: &str = statement::Step::FULL;
const SHARED: &str = statement::Step::SHARED;

/// Bytes of salt before a text.
const SALT: usize = 32;

/// All steps of a record, and the way to take another.
pub(super) struct Steps {
    place: Place,
    record: Option<Record>,
    clock: Zone,
    made_up: bool,
    /// The signed head under which they stand.
    pub head: Checkpoint,
    /// Digests of the agreement and the mission that the cases are under.
    pub digests: [[u8; 32]; 2],
    /// Roles with the keys that sign for them: monitor, analyst, mediator, liaisons in the order of the agreement.
    pub roles: Vec<(Role, [u8; 32])>,
    /// Those that can be read, in the order of the log.
    pub all: Vec<Step>,
    /// Leaves that say they are a step and cannot be taken for one, and why: shown, never dropped.
    pub strange: Vec<(u64, String)>,
    texts: BTreeMap<Id, String>,
    erased: BTreeSet<Id>,
}

/// The hand that takes a step: a role, a moment, and what it wrote.
pub(super) struct Pen {
    /// The role.
    pub role: Role,
    /// The moment of the step.
    pub at: Time,
    /// What the clock said, in whole seconds.
    now: Time,
    file: PathBuf,
    entropy: Arc<dyn Entropy>,
    texts: Vec<(Text, Vec<u8>)>,
}

impl Pen {
    /// Writes words for the next step: gives what stands for them in it.
    pub(super) fn write(&mut self, words: &str) -> Text {
        let mut bytes = self.entropy.bytes32().to_vec();
        bytes.extend_from_slice(words.as_bytes());
        let text = Text(Id(sha256(&bytes)));
        self.texts.push((text, bytes));
        text
    }
}

/// Who may read what of a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Circle {
    /// All who work on a case read all of it.
    All,
    /// Monitors and analysts; the others abridged.
    Verification,
    /// Monitors, analysts and mediators.
    Notes,
}

/// The roles of a mission, in order.
pub(super) fn roles(parties: &[Name]) -> impl Iterator<Item = Role> {
    let liaisons = parties.iter().map(|party| Role::Liaison(party.clone()));
    [Role::Monitor, Role::Analyst, Role::Mediator].into_iter().chain(liaisons)
}

/// The name by which the record knows a role. A party's code need not be a word of the record: its number is.
fn source(role: &Role, parties: &[Name]) -> Result<Token> {
    let name = match role {
        Role::Monitor | Role::Analyst | Role::Mediator => format!("role/{role}"),
        Role::Liaison(party) => {
            let number = parties.iter().position(|known| known == party).context("the party is known")?;
            format!("role/liaison-{}", number + 1)
        }
    };
    Token::new(&name).map_err(|refusal| anyhow::anyhow!(refusal.what))
}

/// The file of a role's key, without its ending.
fn key_file(role: &Role) -> String {
    role.to_string().replace(':', "-")
}

/// A step as liaisons and mediators get it.
fn abridged(what: &What) -> What {
    let nothing = Text(Id([0; 32]));
    match what {
        What::Task { due, .. } => What::Task { kind: TaskKind::Other, due: *due, words: nothing },
        What::Result { task, found, .. } => What::Result { task: *task, found: *found, words: nothing },
        What::Correct { step, instead, .. } => What::Correct {
            step: *step,
            instead: instead.as_ref().map(|instead| Box::new(abridged(instead))),
            words: nothing,
        },
        other => other.clone(),
    }
}

/// Keys that sign, by pseudonym: the name of the source and its public key, as far as the root key certifies them.
fn sources(told: &[tell::Told], root: &[u8; 32]) -> BTreeMap<[u8; 32], (Token, [u8; 32])> {
    let mut by_name: BTreeMap<Token, Vec<Certificate>> = BTreeMap::new();
    for leaf in told {
        let Some((Kind::KeyChange, fields)) = &leaf.open else { continue };
        if let Some(certificate) = Certificate::from_values(|label| fields.get(label)) {
            by_name.entry(certificate.source.clone()).or_default().push(certificate);
        }
    }
    let mut known = BTreeMap::new();
    for (name, mut certificates) in by_name {
        certificates.sort_by_key(|certificate| certificate.epoch);
        if verify::key::chain(root, &certificates).is_ok() {
            let keys = certificates.iter().map(|it| (leaf::pseudonym(&it.public), (name.clone(), it.public)));
            known.extend(keys);
        }
    }
    known
}

impl Steps {
    /// Starts cases in a record, made if there is none: the agreement and the mission become leaves, every role gets a
    /// key, and a leaf says that cases start under these. Gives the roles.
    ///
    /// # Errors
    /// When cases were started there already, or it cannot be written.
    pub(super) fn start(place: Place, origin: &str, question: &Question) -> Result<Vec<Role>> {
        let made_up = question.mission.made_up.is_some();
        let place = if made_up { place.made_up(Time::default(), 0) } else { place };
        if place.exists() && Self::read(place.again()).is_ok() {
            bail!("{} holds cases already: they go on, and are not started again", place.dir.display());
        }
        let record = if place.exists() { place.open()? } else { place.init_alone(origin)? };
        keep::keep(&place, &record, question, &Intake::default(), &Progress::new(true))?;
        let parties: Vec<Name> =
            question.folder.agreement.parties.iter().map(|party| party.code.clone()).collect();
        for role in roles(&parties) {
            let key = place.keys.source_or_new(&key_file(&role), place.entropy.as_ref())?;
            let name = source(&role, &parties)?;
            let certificate = place.keys.certify(name.as_str(), &key)?;
            record.enrol(&certificate, Quota::NONE, &place.keys.root()?)?;
        }
        let starts = Statement::Step(statement::Step {
            kind: Kind::Case,
            by: "recorder".into(),
            at: Time(place.clock.now()),
            about: [&question.folder.files, &question.mission_files].map(digest).to_vec(),
            says: vec![field(STARTS, Value::token("cases"))?],
            words: String::new(),
        });
        let clock = question.mission.day_clock;
        let starts = ToWrite { statement: starts, bytes: Vec::new(), told: Told::Exactly };
        keep::append(&place, &record, clock, vec![starts])?;
        peers::checkpoint(&record, &place.dir)?;
        Ok(roles(&parties).collect())
    }

    /// Reads all steps of a record and the question that its cases are under. Leaves are hashed to the signed root,
    /// and every step's signature and role are checked.
    ///
    /// # Errors
    /// When no cases were started there, or what is there is not what was signed.
    pub(super) fn read(place: Place) -> Result<(Self, Question)> {
        let dir = place.dir.display().to_string();
        ensure!(
            place.exists(),
            "{dir} holds no cases: `truceline case start {dir} --agreement ... --mission ...` starts them"
        );
        let reader = place.reader()?;
        let (head, size) = tell::head(&reader, None)?;
        let (leaves, _) = tell::leaves(&reader, &head, size)?;
        let mut keys = Vec::new();
        for role in READERS {
            keys.extend(place.keys.role(role)?);
        }
        let told = tell::open(&reader, &leaves, &keys)?;
        let sources = sources(&told, &place.keys.root()?);
        let (cases, rest): (Vec<_>, Vec<_>) =
            told.into_iter().partition(|leaf| matches!(leaf.open, Some((Kind::Case, _))));
        let mut candidates = Vec::new();
        for leaf in cases {
            let bytes = usize::try_from(leaf.index).ok().and_then(|index| leaves.get(index));
            let signed = Leaf::parse(bytes.context("a leaf that was opened is there")?)
                .map_err(|refusal| anyhow::anyhow!("leaf {}: {}", leaf.index, refusal.what))?;
            candidates.push((leaf, signed));
        }
        let start = candidates.iter().position(|(leaf, signed)| {
            let recorder = sources
                .get(&signed.pseudonym)
                .is_some_and(|(name, public)| name.as_str() == "recorder" && signed.verify(public).is_ok());
            recorder && leaf.open.as_ref().is_some_and(|(_, fields)| fields.get(STARTS).is_some())
        });
        let start = start.with_context(|| {
            format!(
                "{dir} is a record, and no cases were started in it that the keys here open: \
                 `truceline case start {dir} --agreement ... --mission ...` starts them"
            )
        })?;
        let (start, _) = candidates.remove(start);
        let digests = match start.statement() {
            Ok(Some(Statement::Step(step))) => <[[u8; 32]; 2]>::try_from(step.about).ok(),
            _ => None,
        };
        let digests = digests.with_context(|| {
            format!("leaf {}, with which the cases start, names no agreement and no mission", start.index)
        })?;
        let contents = tell::Contents::of(rest)?;
        let question = contents.question(&digests[0], &digests[1])?;
        let parties: Vec<Name> =
            question.folder.agreement.parties.iter().map(|party| party.code.clone()).collect();
        let mut steps = Self {
            place,
            record: None,
            clock: question.mission.day_clock,
            made_up: question.mission.made_up.is_some(),
            head,
            digests,
            roles: Vec::new(),
            all: Vec::new(),
            strange: Vec::new(),
            texts: BTreeMap::new(),
            erased: BTreeSet::new(),
        };
        let mut holders = BTreeMap::new();
        for role in roles(&parties) {
            let name = source(&role, &parties)?;
            for (pseudonym, (_, public)) in sources.iter().filter(|(_, (known, _))| *known == name) {
                steps.roles.push((role.clone(), *public));
                holders.insert(*pseudonym, (role.clone(), *public));
            }
        }
        for (leaf, signed) in &candidates {
            match steps.one(leaf, signed, &holders) {
                Ok(step) => steps.all.push(step),
                Err(why) => steps.strange.push((leaf.index, why)),
            }
        }
        Ok((steps, question))
    }

    /// Reads one step, and puts its texts by.
    fn one(
        &mut self,
        told: &tell::Told,
        signed: &Leaf,
        holders: &BTreeMap<[u8; 32], (Role, [u8; 32])>,
    ) -> Result<Step, String> {
        let said = match told.statement() {
            Ok(Some(Statement::Step(step))) => step,
            Ok(_) => return Err("it is no step".to_string()),
            Err(_) if !told.erased.is_empty() => return Err(told.erased.join("; ")),
            Err(malformed) => return Err(malformed.to_string()),
        };
        let Some((role, public)) = holders.get(&signed.pseudonym) else {
            return Err("it is signed by a source that holds no role in these cases".to_string());
        };
        signed.verify(public).map_err(|refusal| refusal.what)?;
        let fields = |label: &str| -> Result<Option<Fields>, String> {
            let hash = said.says.iter().find(|field| field.label.as_str() == label);
            let bytes = hash.and_then(|field| field.value.as_hash()).and_then(|hash| told.words.get(hash));
            let read =
                |bytes| serde_json::from_slice(bytes).map_err(|_| "what it says is no step".to_string());
            bytes.map(read).transpose()
        };
        let (full, shared) = (fields(FULL)?, fields(SHARED)?);
        let Some(fields) = full.as_ref().or(shared.as_ref()) else {
            return Err(match told.erased.is_empty() {
                true => "what it says is not open to the keys that are here".to_string(),
                false => told.erased.join("; "),
            });
        };
        let (by, of, what) = case::parse(fields)?;
        if by != *role || *said.by != *by.to_string() {
            return Err(format!("it says that {by} took it, and is signed with the key of {role}"));
        }
        if said.about != of.iter().map(|id| id.0).collect::<Vec<_>>() {
            return Err("its fields name another case than its words".to_string());
        }
        if let (Some(_), Some(shared)) = (&full, &shared)
            && case::parse(shared)? != (by.clone(), of, abridged(&what))
        {
            return Err("liaisons were told something else than stands in it".to_string());
        }
        for id in fields.iter().filter_map(|(_, value)| case::parse_hex(value)) {
            match told.words.get(&id.0).and_then(|bytes| bytes.get(SALT..)) {
                Some(words) => {
                    self.texts.insert(id, String::from_utf8_lossy(words).into_owned());
                }
                None if !told.erased.is_empty() => {
                    self.erased.insert(id);
                }
                None => {}
            }
        }
        Ok(Step { id: Id(told.hash), index: told.index, at: said.at, by, case: of, what })
    }

    /// The pen of whoever holds the key in a file, at a moment; without one, now.
    ///
    /// # Errors
    /// When it is no key of a role here.
    pub(super) fn pen(&mut self, file: &Path, at: Option<Time>) -> Result<Pen> {
        let key = KeyFolder::source_in(file)?;
        let role =
            self.roles.iter().find(|(_, public)| *public == key.public()).map(|(role, _)| role.clone());
        let role = role.with_context(|| {
            format!(
                "{} is not the key of a role in these cases: it was not there when they were started",
                file.display()
            )
        })?;
        if let (true, Some(at)) = (self.made_up, at) {
            self.place = self.place.again().made_up(at, self.head.size);
        }
        // Steps are dated to the second, as they are shown.
        let now = Time(self.place.clock.now().div_euclid(SECOND) * SECOND);
        let at = at.unwrap_or(now);
        let (file, entropy) = (file.to_path_buf(), self.place.entropy.clone());
        Ok(Pen { role, at, now, file, entropy, texts: Vec::new() })
    }

    fn circle(&self, what: &What) -> Circle {
        match what {
            What::Task { .. } | What::Result { .. } => Circle::Verification,
            What::Note(_) => Circle::Notes,
            What::Correct { step, .. } => {
                let corrected = self.all.iter().find(|known| known.id == *step);
                corrected.map_or(Circle::Verification, |known| self.circle(&known.what))
            }
            What::Open(_)
            | What::Attach(_)
            | What::Triage { .. }
            | What::Classify(_)
            | What::Notify(_)
            | What::Answer { .. }
            | What::Judge(_)
            | What::Conclude(_)
            | What::Remedy { .. }
            | What::Remedied { .. }
            | What::Publish(_)
            | What::Close(_) => Circle::All,
        }
    }

    /// The record, open for writing as it was read.
    fn writer(&mut self) -> Result<&Record> {
        if self.record.is_none() {
            let record = self.place.open()?;
            let head = head_of(&record.checkpoint()?)?;
            ensure!(
                head.size == self.head.size,
                "somebody else wrote to the record meanwhile: look at the case again, then repeat"
            );
            self.record = Some(record);
        }
        self.record.as_ref().context("the record was opened")
    }

    /// Signs a step as the next leaf; nothing is written yet.
    ///
    /// # Errors
    /// When it is dated ahead or back, or the record cannot be opened.
    pub(super) fn sign(&mut self, pen: &mut Pen, of: Option<Id>, what: What) -> Result<(Step, Entry)> {
        ensure!(
            pen.at <= pen.now,
            "the moment {} lies after this machine's clock ({}): no step is dated ahead. If the clock is wrong, set it",
            pen.at,
            pen.now
        );
        if let Some(last) = self.all.last().filter(|last| pen.at < last.at) {
            bail!(
                "the moment {} lies before the last step recorded ({}): no step is dated back. Give a later --at, or none",
                pen.at,
                last.at
            );
        }
        let circle = self.circle(&what);
        let clock = self.clock;
        let (by, at) = (pen.role.clone(), pen.at);
        let bytes = |what: &What| serde_json::to_vec(&case::fields(&by, of, what));
        let (full, shared) = match circle {
            Circle::All => (None, Some(bytes(&what)?)),
            Circle::Verification => (Some(bytes(&what)?), Some(bytes(&abridged(&what))?)),
            Circle::Notes => (Some(bytes(&what)?), None),
        };
        let mut says = Vec::new();
        for (label, bytes) in [(FULL, &full), (SHARED, &shared)] {
            if let Some(bytes) = bytes {
                says.push(field(label, Ok(Value::hash(sha256(bytes))))?);
            }
        }
        let encoded = Statement::Step(statement::Step {
            kind: Kind::Case,
            by: Name::from(by.to_string().as_str()),
            at,
            about: of.iter().map(|id| id.0).collect(),
            says,
            words: String::new(),
        })
        .encode(clock)?;
        let (readers, own): (&[&str], &[&str]) = match circle {
            Circle::All => (&ALL, &ALL),
            Circle::Verification => (&ALL, &MISSION),
            Circle::Notes => (&NOTES, &NOTES),
        };
        // Who and what, for all who may read the step; what only some may; and each text alone.
        let mut wide = encoded.words.only(|_| true);
        wide.extend(shared.as_deref().or(full.as_deref()).map(|bytes| ("step".to_string(), bytes)));
        let mut parts = vec![("words.step", readers, Words::pack(&wide))];
        if let (Some(full), Some(_)) = (&full, &shared) {
            parts.push(("words.task", own, Words::pack(&[("step".to_string(), full.as_slice())])));
        }
        let texts = std::mem::take(&mut pen.texts);
        for (_, bytes) in &texts {
            parts.push(("words.text", own, Words::pack(&[("text".to_string(), bytes.as_slice())])));
        }
        let raw: Vec<Raw<'_>> =
            parts.iter().map(|(category, roles, bytes)| Raw { category, roles, bytes }).collect();
        let mut audiences = vec![Audience { category: "openings.step", roles: own, sees: &|_, _| true }];
        if circle == Circle::Verification {
            let rest: &[&str] = &["mediator", "liaison"];
            let sees: &dyn Fn(Option<usize>, &Token) -> bool = &|_, label| label.as_str() != FULL;
            audiences.push(Audience { category: "openings.step", roles: rest, sees });
        }
        let index = self.head.size;
        let entropy = pen.entropy.clone();
        let key = KeyFolder::source_in(&pen.file)?;
        let last = self.writer()?.last_of(&key.pseudonym());
        let mut signer = Signer::resume(key, last);
        let entry = signer.sign(encoded.statement(), &audiences, &raw, entropy.as_ref())?;
        let id = Id(verify::merkle::leaf_hash(&entry.leaf));
        for (text, bytes) in texts {
            self.texts.insert(text.0, String::from_utf8_lossy(&bytes[SALT..]).into_owned());
        }
        Ok((Step { id, index, at, by, case: of, what }, entry))
    }

    /// Appends a signed step. When this returns, it is durable and under a signed head.
    ///
    /// # Errors
    /// When the record refuses it or the disk does.
    pub(super) fn append(&mut self, step: Step, entry: Entry) -> Result<()> {
        let dir = self.place.dir.clone();
        let record = self.writer()?;
        let answer = record.append(vec![entry])?;
        if let Some(refused) = answer.refused {
            bail!("the record refused the step: {refused}");
        }
        ensure!(answer.first() == Some(step.index), "the step became another leaf than was foreseen");
        self.head = head_of(&peers::checkpoint(record, &dir)?)?;
        self.all.push(step);
        Ok(())
    }

    /// Words as a page shows them.
    pub(super) fn words(&self, text: Text) -> String {
        match self.texts.get(&text.0) {
            Some(words) => words.clone(),
            None if self.erased.contains(&text.0) => {
                "(these words were erased; their hash remains)".to_string()
            }
            None => "(these words are not open to the keys that are here)".to_string(),
        }
    }

    /// The number of a step's leaf.
    pub(super) fn leaf(&self, step: Id) -> Option<u64> {
        self.all.iter().find(|known| known.id == step).map(|known| known.index)
    }

    /// The record.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// The moment of the last step: how far the cases go.
    pub(super) fn latest(&self) -> Option<Time> {
        self.all.last().map(|step| step.at)
    }
}

/// Labelled fields of a step, as [`case::fields`] gives them.
type Fields = Vec<(String, String)>;

fn field(label: &str, value: Result<Value, verify::Refusal>) -> Result<Field> {
    let field = value.and_then(|value| Field::new(label, value));
    field.map_err(|refusal| anyhow::anyhow!(refusal.what))
}

fn head_of(note: &verify::note::Note) -> Result<Checkpoint> {
    Checkpoint::of_note(note).map_err(|refusal| anyhow::anyhow!(refusal.what))
}
