//! Who may say something to the record: sources with a key for each epoch, and what is refused of them.

use crate::entropy::Entropy;
use crate::error::{Context, Error};
use crate::frame;
use crate::named::Named;
use crate::storage::{self, Storage};
use crate::vault::{Holds, Item, Part};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use verify::field::{Openings, Token, Value};
use verify::key::{Certificate, SourceKey};
use verify::leaf::{self, Leaf, Statement};
use verify::note::{Algorithm, Note, SignerKey, VerifierKey};
use verify::resolution::TimeResolution;
use verify::{Hash, Refusal};

/// One signed statement with what opens it: what is appended.
#[derive(Clone)]
pub struct Entry {
    /// The bytes of the leaf.
    pub leaf: Vec<u8>,
    /// What the vault keeps of it.
    pub item: Item,
}

/// Raw bytes that go with a statement.
#[derive(Debug, Clone, Copy)]
pub struct Raw<'a> {
    /// The category by which they are kept.
    pub category: &'a str,
    /// Who may read them.
    pub roles: &'a [&'a str],
    /// The bytes as they came.
    pub bytes: &'a [u8],
}

/// Who may see which openings: a role sees a field if the closure says so.
pub struct Audience<'a> {
    /// The category by which these openings are kept.
    pub category: &'a str,
    /// The roles.
    pub roles: &'a [&'a str],
    /// Which fields: by the number of the item (`None`: the statement's own) and the label.
    pub sees: &'a dyn Fn(Option<usize>, &Token) -> bool,
}

impl<'a> Audience<'a> {
    /// Roles that see all fields, kept in the category `openings`.
    #[must_use]
    pub fn all(roles: &'a [&'a str]) -> Audience<'a> {
        Audience { category: "openings", roles, sees: &|_, _| true }
    }
}

/// A source's side: its key of this epoch and the leaf before.
pub struct Signer {
    key: SourceKey,
    last: Option<Leaf>,
}

impl Signer {
    /// A signer that has signed nothing yet with this key.
    #[must_use]
    pub fn new(key: SourceKey) -> Signer {
        Signer { key, last: None }
    }

    /// Goes on after `last`, which [`crate::Record::last_of`] gives.
    #[must_use]
    pub fn resume(key: SourceKey, last: Option<Leaf>) -> Signer {
        Signer { key, last }
    }

    /// Goes on after what the record holds of this source, whatever was signed since.
    pub(crate) fn go_on_after(&mut self, last: Option<Leaf>) {
        self.last = last;
    }

    /// How many leaves it has signed with this key.
    pub(crate) fn sequence(&self) -> u64 {
        self.last.as_ref().map_or(0, |leaf| leaf.sequence.saturating_add(1))
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> Hash {
        self.key.public()
    }

    /// The pseudonym under which its leaves stand.
    #[must_use]
    pub fn pseudonym(&self) -> Hash {
        self.key.pseudonym()
    }

    /// The key itself, to certify the next one.
    #[must_use]
    pub fn key(&self) -> &SourceKey {
        &self.key
    }

    /// Seals and signs a statement: the raw bytes and the openings are encrypted here, each with a key of its own.
    ///
    /// The signer moves on to the next sequence number, so an entry that is signed must be appended or signed anew
    /// by a signer that resumes where the record stands.
    ///
    /// # Errors
    /// If the statement does not fit a leaf, or raw bytes are too long for the vault.
    pub fn sign(
        &mut self,
        statement: Statement,
        audiences: &[Audience<'_>],
        raw: &[Raw<'_>],
        entropy: &dyn Entropy,
    ) -> Result<Entry, Error> {
        let asked = |refusal: Refusal| Error::Asked(refusal.what);
        let mut item = Item::default();
        for raw in raw {
            item.parts.push(Part::seal(Holds::Raw, raw.category, raw.roles, raw.bytes, entropy)?);
        }
        let salts = verify::field::Salts::from_seed(&entropy.bytes32());
        let sealed =
            leaf::seal(statement, &self.key, self.last.as_ref(), &salts, item.hash()).map_err(asked)?;
        for audience in audiences {
            let mut openings = sealed.openings.clone();
            openings.erase(|item, label| !(audience.sees)(item, label));
            let bytes = zeroize::Zeroizing::new(openings.encode());
            item.parts.push(Part::seal(Holds::Openings, audience.category, audience.roles, &bytes, entropy)?);
        }
        self.last = Some(sealed.leaf);
        Ok(Entry { leaf: sealed.bytes, item })
    }
}

/// Why a statement was refused, as the signed receipt names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The bytes are no leaf.
    NotALeaf,
    /// No key of this pseudonym is known.
    UnknownSource,
    /// The signature is false.
    Signature,
    /// The key was revoked.
    Revoked,
    /// It was recorded already.
    Replayed,
    /// A statement of this source is missing before it, or it names another predecessor.
    OutOfSequence,
    /// It is dated later than the hub's clock and its tolerance.
    FutureDated,
    /// The source says more than it may.
    Flood,
    /// What came with it does not open it.
    Openings,
    /// The vault cannot keep what came with it.
    Vault,
    /// There is nothing in it, or too much for one receipt.
    Batch,
    /// It says what a source cannot say, contradicts itself, or is open to more than may see it.
    Statement,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 12] = [
        Reason::NotALeaf,
        Reason::UnknownSource,
        Reason::Signature,
        Reason::Revoked,
        Reason::Replayed,
        Reason::OutOfSequence,
        Reason::FutureDated,
        Reason::Flood,
        Reason::Openings,
        Reason::Vault,
        Reason::Batch,
        Reason::Statement,
    ];

    /// The word in the receipt.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Reason::NotALeaf => "not-a-leaf",
            Reason::UnknownSource => "unknown-source",
            Reason::Signature => "signature",
            Reason::Revoked => "revoked",
            Reason::Replayed => "replayed",
            Reason::OutOfSequence => "out-of-sequence",
            Reason::FutureDated => "future-dated",
            Reason::Flood => "flood",
            Reason::Openings => "openings",
            Reason::Vault => "vault",
            Reason::Batch => "batch",
            Reason::Statement => "statement",
        }
    }
}

/// A refusal of one statement of a batch; nothing of the batch is recorded then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which statement of the batch, from 0.
    pub statement: usize,
    /// Why.
    pub reason: Reason,
    /// What is wrong and what to do, for a person.
    pub what: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {} was refused, and with it the batch: {}", self.statement, self.what)
    }
}

/// How much a source may say: so many leaves at once, refilled at so many a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Leaves at once.
    pub burst: u32,
    /// Leaves a minute.
    pub per_minute: u32,
}

impl Quota {
    /// No bound, for the hub's own sources and for bulk imports.
    pub const NONE: Quota = Quota { burst: u32::MAX, per_minute: u32::MAX };
}

/// Roles of those outside the mission: they are not told who a source at a distance (one with a bound) is.
pub const OUTSIDE: [&str; 2] = ["public", "liaison"];

/// A source in one epoch, as the record knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name; never in clear in a leaf.
    pub name: Token,
    /// The epoch of the key.
    pub epoch: u32,
    /// The key.
    pub public: Hash,
    /// How much it may say.
    pub quota: Quota,
    /// The leaf that revoked the key: what stands behind it is not to be believed.
    pub revoked: Option<u64>,
}

/// The sources of a record: a file, replaced whole, and signed by the log.
///
/// Key changes and revocations are leaves, which the machine that records cannot open. So the list says of how many leaves
/// of the hub it is the outcome, and is signed by the log's Ed25519 key: it is written anew before each leaf of the hub, and
/// an older copy, a changed one and none at all are told by the leaves.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Registry {
    pub(crate) by_pseudonym: BTreeMap<Hash, Source>,
    /// Keys that are enrolled, and whose key change is not known to be a leaf yet.
    pub(crate) owed: Vec<Certificate>,
    /// The pseudonym of the hub itself.
    pub(crate) hub: Hash,
    /// Who vouches for the log, who may override, and who may read.
    pub(crate) named: Named,
    /// How often two persons did.
    pub(crate) overrides: u64,
    /// How often the access log was declared lost.
    pub(crate) lost_readings: u64,
    /// Of the names of what was erased: how many, and SHA-256 over these lines.
    pub(crate) forgotten: Option<(u64, Hash)>,
    /// The head of the access log that a leaf of the hub names: size and root.
    pub(crate) readings: Option<(u64, Hash)>,
    /// How many leaves of the hub this list is the outcome of: as many as the log has, or one more, when the list was
    /// written and the leaf after it was not.
    pub(crate) leaves: u64,
}

pub(crate) const FILE: &str = "sources";
/// The first line of the note under the list. No checkpoint can begin so: its second line is a number.
const HEADER: &str = "truceline-sources/v1";
/// The words with which its other lines begin, and which no source can be called by.
pub(crate) const LABELS: [&str; 8] =
    ["owed", "vouching", "person", "role", "overrides", "lost-readings", "readings", "forgotten"];
/// Stands for a revocation whose leaf is not yet written.
const PENDING: u64 = u64::MAX;

impl Registry {
    /// The list on the disk, its signature checked with the log's Ed25519 key; `None` if there is none.
    pub(crate) fn read(disk: &dyn Storage, keys: &[VerifierKey]) -> Result<Option<Registry>, Error> {
        if disk.length(FILE).context("reading", FILE)?.is_none() {
            return Ok(None);
        }
        let bytes = disk.read(FILE).context("reading", FILE)?;
        let damaged = |what: &str| Error::Damaged {
            file: FILE.into(),
            leaf: None,
            what: format!("the list of sources {what}"),
        };
        let broken = || damaged("does not check");
        let list = frame::read(&bytes, 0).ok_or_else(broken)?;
        let note = frame::read(&bytes, list.entry.end).filter(|note| note.entry.end == bytes.len());
        let note = Note::parse(&bytes[note.ok_or_else(broken)?.entry]).map_err(|_| broken())?;
        let key = keys.iter().find(|key| key.algorithm() == Algorithm::Ed25519).ok_or_else(broken)?;
        let signed = matches!(note.signed_by(key), Ok(Some(_)));
        let list = str::from_utf8(&bytes[list.entry]).map_err(|_| broken())?;
        let hash: Hash = Sha256::digest(list.as_bytes()).into();
        let stated = parse_note(&note.text, key.name()).filter(|(.., of)| signed && *of == hash);
        let (hub, leaves, _) =
            stated.ok_or_else(|| damaged("is not signed by the log: somebody else wrote it"))?;
        let mut registry = Registry { hub, leaves, ..Registry::default() };
        for line in list.lines() {
            match line.split_once(' ') {
                Some((label, rest)) if registry.named.take(label, rest).ok_or_else(broken)? => {}
                Some(("owed", owed)) => registry.owed.push(parse_owed(owed).ok_or_else(broken)?),
                Some(("overrides", count)) => registry.overrides = count.parse().map_err(|_| broken())?,
                Some(("lost-readings", count)) => {
                    registry.lost_readings = count.parse().map_err(|_| broken())?;
                }
                Some(("forgotten", names)) => {
                    registry.forgotten = Some(parse_head(names).ok_or_else(broken)?);
                }
                Some(("readings", head)) => registry.readings = Some(parse_head(head).ok_or_else(broken)?),
                _ => {
                    let (pseudonym, source) = parse_line(line).ok_or_else(broken)?;
                    registry.by_pseudonym.insert(pseudonym, source);
                }
            }
        }
        Ok(Some(registry))
    }

    /// Is the hub's own key refused? Then nothing more can be said, whatever else checks.
    pub(crate) fn check_hub(&self) -> Result<(), Error> {
        if self.by_pseudonym.get(&self.hub).is_none_or(|hub| hub.revoked.is_none()) {
            return Ok(());
        }
        let what = "the list of sources revokes the hub's own key: this log can say nothing more, and is ended as \
                    docs/keys.md says";
        Err(Error::Damaged { file: FILE.into(), leaf: None, what: what.into() })
    }

    /// Holds the list against how many leaves the hub has in the log.
    pub(crate) fn check_age(&self, leaves: u64) -> Result<(), Error> {
        let what = if self.leaves < leaves {
            format!(
                "the list of sources is older than the log: it knows {} leaves of the hub, and the log has {leaves}. A key \
                 that was revoked since may stand in it as good",
                self.leaves
            )
        } else if self.leaves > leaves.saturating_add(1) {
            format!(
                "the list of sources is newer than the log: it knows {} leaves of the hub, and the log has {leaves}. The \
                 log is an older copy",
                self.leaves
            )
        } else {
            return Ok(());
        };
        Err(Error::Damaged { file: FILE.into(), leaf: None, what })
    }

    /// A list that is gone, of a log that has leaves.
    pub(crate) fn gone() -> Error {
        let what = "the list of sources is gone: who may write, and which keys were revoked, is not known";
        Error::Damaged { file: FILE.into(), leaf: None, what: what.into() }
    }

    pub(crate) fn write(&self, disk: &dyn Storage, key: &SignerKey) -> Result<(), Error> {
        let mut text = String::new();
        for Certificate { source, epoch, public, by, signature } in &self.owed {
            let [public, by] = [public, by].map(|key| verify::text::hex(key));
            text += &format!("owed {source} {epoch} {public} {by} {}\n", verify::text::hex(signature));
        }
        text += &self.named.lines();
        for (label, count) in [("overrides", self.overrides), ("lost-readings", self.lost_readings)] {
            if count > 0 {
                text += &format!("{label} {count}\n");
            }
        }
        for (label, head) in [("readings", &self.readings), ("forgotten", &self.forgotten)] {
            if let Some((size, root)) = head {
                text += &format!("{label} {size} {}\n", verify::text::hex(root));
            }
        }
        for source in self.by_pseudonym.values() {
            let Source { name, epoch, public, quota, revoked } = source;
            let revoked = revoked.map_or("-".to_owned(), |index| index.to_string());
            text += &format!(
                "{name} {epoch} {} {} {} {revoked}\n",
                verify::text::hex(public),
                quota.burst,
                quota.per_minute
            );
        }
        let hash: Hash = Sha256::digest(text.as_bytes()).into();
        let said = format!(
            "{HEADER}\norigin {}\nhub {}\nleaves {}\nsha256 {}\n",
            key.verifier().name(),
            verify::text::hex(&self.hub),
            self.leaves,
            verify::text::hex(&hash)
        );
        let note = Note::sign(&said, &[key], 0).map_err(|refusal| Error::Asked(refusal.what))?;
        let mut bytes = vec![];
        frame::write(&mut bytes, 0, 0, text.as_bytes());
        frame::write(&mut bytes, 1, 1, note.to_string().as_bytes());
        storage::replace(disk, FILE, &bytes).context("writing", FILE)
    }

    /// Checks the part of a statement that does not depend on what came before it.
    pub(crate) fn check(&self, entry: &Entry, latest: i64) -> Result<Leaf, (Reason, String)> {
        let parsed = Leaf::parse(&entry.leaf).map_err(|refusal| (Reason::NotALeaf, refusal.what))?;
        let Some(source) = self.by_pseudonym.get(&parsed.pseudonym) else {
            let what =
                "no source of this pseudonym is enrolled; a source is enrolled with a certified key".into();
            return Err((Reason::UnknownSource, what));
        };
        if let Some(index) = source.revoked {
            let at = if index == PENDING { String::new() } else { format!(" by leaf {index}") };
            return Err((Reason::Revoked, format!("its key was revoked{at}; the source needs a new key")));
        }
        parsed.verify(&source.public).map_err(|refusal| (Reason::Signature, refusal.what))?;
        if entry.item.hash().is_some_and(|hash| hash != parsed.ciphertext) {
            return Err((
                Reason::Vault,
                "the ciphertexts that came with it are not those that it names".into(),
            ));
        }
        for part in entry.item.parts.iter().filter(|part| part.holds == Holds::Openings) {
            let opened = part.bytes().map(zeroize::Zeroizing::new);
            let opened = opened.as_ref().and_then(|bytes| Openings::decode(bytes).ok());
            let Some(opened) = opened.filter(|openings| openings.root() == parsed.root) else {
                return Err((
                    Reason::Openings,
                    "the openings that came with it do not open this leaf".into(),
                ));
            };
            if let Some(time) = stated_time(&opened).filter(|time| *time > latest) {
                let time = truce::time::Time(time);
                let what = format!(
                    "it is dated {time}, later than the hub's clock allows; check the source's clock"
                );
                return Err((Reason::FutureDated, what));
            }
        }
        Ok(parsed)
    }
}

/// When the statement, or the last of its items, says it began, if its exact time is among the openings. A notice speaks of what is planned, and
/// may lie ahead.
fn stated_time(openings: &Openings) -> Option<i64> {
    if openings.value("what").and_then(Value::as_token) == Some(truce::observation::Kind::Notice.name()) {
        return None;
    }
    let label = TimeResolution::Exact.label();
    let items = (0..openings.items().len()).filter_map(|item| openings.item_value(item, label));
    let start = |value: &Value| value.as_int().or_else(|| value.as_ints()?.first().copied());
    openings.value(label).into_iter().chain(items).filter_map(start).max()
}

/// What the note under the list says: the hub's pseudonym, how many leaves of it, the hash of the list.
fn parse_note(text: &str, origin: &str) -> Option<(Hash, u64, Hash)> {
    let body = text.strip_prefix(HEADER)?.strip_prefix("\norigin ")?.strip_prefix(origin)?;
    let (hub, rest) = body.strip_prefix("\nhub ")?.split_once("\nleaves ")?;
    let (leaves, hash) = rest.strip_suffix('\n')?.split_once("\nsha256 ")?;
    let read = |hex: &str| verify::text::from_hex(hex).and_then(|bytes| Hash::try_from(bytes).ok());
    Some((read(hub)?, verify::text::decimal(leaves)?, read(hash)?))
}

fn parse_owed(line: &str) -> Option<Certificate> {
    let mut words = line.split(' ');
    let source = Token::new(words.next()?).ok()?;
    let epoch = words.next()?.parse().ok()?;
    let mut hash = || Hash::try_from(verify::text::from_hex(words.next()?)?).ok();
    let (public, by) = (hash()?, hash()?);
    let signature = verify::text::from_hex(words.next()?)?.try_into().ok()?;
    words.next().is_none().then_some(Certificate { source, epoch, public, by, signature })
}

fn parse_head(line: &str) -> Option<(u64, Hash)> {
    let (size, root) = line.split_once(' ')?;
    Some((size.parse().ok()?, verify::text::from_hex(root)?.try_into().ok()?))
}

fn parse_line(line: &str) -> Option<(Hash, Source)> {
    let mut words = line.split(' ');
    let name = Token::new(words.next()?).ok()?;
    let epoch = words.next()?.parse().ok()?;
    let public: Hash = verify::text::from_hex(words.next()?)?.try_into().ok()?;
    let quota = Quota { burst: words.next()?.parse().ok()?, per_minute: words.next()?.parse().ok()? };
    let revoked = match words.next()? {
        "-" => None,
        index => Some(index.parse().ok()?),
    };
    Some((leaf::pseudonym(&public), Source { name, epoch, public, quota, revoked }))
}

impl Source {
    /// A source from the certificate of its key.
    #[must_use]
    pub fn of(certificate: &Certificate, quota: Quota) -> Source {
        Source {
            name: certificate.source.clone(),
            epoch: certificate.epoch,
            public: certificate.public,
            quota,
            revoked: None,
        }
    }

    /// Refuses the key from now on, whether or not its revocation is a leaf yet.
    pub(crate) fn pending_revocation(&mut self) {
        self.revoked.get_or_insert(PENDING);
    }

    /// Is the key refused, and its revocation not known to be a leaf yet?
    #[must_use]
    pub fn owes_revocation(&self) -> bool {
        self.revoked == Some(PENDING)
    }
}

/// Where each source stands: its last leaf, and what is left of its quota.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Chains {
    last: BTreeMap<Hash, Last>,
}

#[derive(Debug, Clone, PartialEq)]
struct Last {
    leaf: Leaf,
    index: u64,
    /// Thousandths of a leaf that the source may still say.
    tokens: u64,
    /// When they were last filled up, microseconds since 1970.
    filled: i64,
}

impl Chains {
    /// The last leaf of a pseudonym, and its index.
    pub(crate) fn last(&self, pseudonym: &Hash) -> Option<(&Leaf, u64)> {
        self.last.get(pseudonym).map(|last| (&last.leaf, last.index))
    }

    /// Takes the next leaf of a source, or says why it cannot be the next.
    pub(crate) fn admit(
        &mut self,
        leaf: &Leaf,
        index: u64,
        quota: Quota,
        now: i64,
    ) -> Result<(), (Reason, String)> {
        let full = u64::from(quota.burst) * 1000;
        let (tokens, filled) = match self.last.get(&leaf.pseudonym) {
            None if leaf.sequence > 0 => {
                let what =
                    format!("it is number {} of its source, and number 0 is not recorded", leaf.sequence);
                return Err((Reason::OutOfSequence, what));
            }
            None => (full, now),
            Some(last) if leaf.sequence <= last.leaf.sequence => {
                let what = format!(
                    "number {} of this source is recorded; the last is number {} at leaf {}. Go on from there",
                    leaf.sequence, last.leaf.sequence, last.index
                );
                return Err((Reason::Replayed, what));
            }
            Some(last) if !leaf.follows(&last.leaf) => {
                let what = format!(
                    "it does not follow number {} of its source at leaf {}: statements between are missing, or it \
                     was signed on another history",
                    last.leaf.sequence, last.index
                );
                return Err((Reason::OutOfSequence, what));
            }
            Some(last) => {
                // A clock that jumps fills at most a minute's worth, and never takes away.
                let passed = u64::try_from(now.saturating_sub(last.filled)).unwrap_or(0).min(60_000_000);
                let filled = u128::from(passed) * u128::from(quota.per_minute) * 1000 / 60_000_000;
                let tokens = last.tokens.saturating_add(u64::try_from(filled).unwrap_or(u64::MAX)).min(full);
                (tokens, now)
            }
        };
        let Some(tokens) = tokens.checked_sub(1000) else {
            let what = format!(
                "its source may say {} statements at once and {} a minute, and says more; keep them and send them later",
                quota.burst, quota.per_minute
            );
            return Err((Reason::Flood, what));
        };
        self.last.insert(leaf.pseudonym, Last { leaf: leaf.clone(), index, tokens, filled });
        Ok(())
    }

    /// Takes a leaf that is recorded already, when the log is read again.
    pub(crate) fn replay(&mut self, leaf: Leaf, index: u64) {
        let known = self.last.get(&leaf.pseudonym).is_some_and(|last| last.leaf.sequence >= leaf.sequence);
        if !known {
            self.last.insert(leaf.pseudonym, Last { leaf, index, tokens: 0, filled: 0 });
        }
    }

    /// Where a source stands, to be restored if a batch is refused.
    pub(crate) fn remember(&self, pseudonyms: impl IntoIterator<Item = Hash>) -> Remembered {
        Remembered(
            pseudonyms.into_iter().map(|pseudonym| (pseudonym, self.last.get(&pseudonym).cloned())).collect(),
        )
    }

    pub(crate) fn restore(&mut self, remembered: Remembered) {
        for (pseudonym, last) in remembered.0 {
            match last {
                Some(last) => _ = self.last.insert(pseudonym, last),
                None => _ = self.last.remove(&pseudonym),
            }
        }
    }

    /// As bytes for the snapshot: count u32, then leaf and index of each.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&u32::try_from(self.last.len()).unwrap_or(u32::MAX).to_le_bytes());
        for last in self.last.values() {
            out.extend_from_slice(&last.index.to_le_bytes());
            out.extend_from_slice(&last.leaf.encode());
        }
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Chains> {
        let (count, mut rest) = bytes.split_first_chunk::<4>()?;
        let mut chains = Chains::default();
        for _ in 0..u32::from_le_bytes(*count) {
            let (index, after) = rest.split_first_chunk::<8>()?;
            let (leaf, after) = after.split_at_checked(leaf::LEAF_LEN)?;
            chains.replay(Leaf::parse(leaf).ok()?, u64::from_le_bytes(*index));
            rest = after;
        }
        rest.is_empty().then_some(chains)
    }
}

/// What [`Chains::remember`] remembers.
pub(crate) struct Remembered(Vec<(Hash, Option<Last>)>);
