//! Who may say something to the record: sources with a key for each epoch, and what is refused of them.

use crate::entropy::Entropy;
use crate::error::{Context, Error};
use crate::frame;
use crate::storage::{self, Storage};
use crate::vault::{Holds, Item, Part};
use std::collections::BTreeMap;
use std::fmt;
use verify::field::{Openings, Token, Value};
use verify::key::{Certificate, SourceKey};
use verify::leaf::{self, Leaf, Statement};
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
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 11] = [
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

/// The sources of a record: a small file, replaced whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Registry {
    pub(crate) by_pseudonym: BTreeMap<Hash, Source>,
}

const FILE: &str = "sources";
/// Stands for a revocation whose leaf is not yet written.
const PENDING: u64 = u64::MAX;

impl Registry {
    pub(crate) fn read(disk: &dyn Storage) -> Result<Registry, Error> {
        if disk.length(FILE).context("reading", FILE)?.is_none() {
            return Ok(Registry::default());
        }
        let bytes = disk.read(FILE).context("reading", FILE)?;
        let damaged = || Error::Damaged {
            file: FILE.into(),
            leaf: None,
            what: "the list of sources does not check".into(),
        };
        let frame =
            frame::read(&bytes, 0).filter(|frame| frame.entry.end == bytes.len()).ok_or_else(damaged)?;
        let text = str::from_utf8(&bytes[frame.entry]).map_err(|_| damaged())?;
        text.lines()
            .map(parse_line)
            .collect::<Option<_>>()
            .map(|by_pseudonym| Registry { by_pseudonym })
            .ok_or_else(damaged)
    }

    pub(crate) fn write(&self, disk: &dyn Storage) -> Result<(), Error> {
        let mut text = String::new();
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
        let mut bytes = vec![];
        frame::write(&mut bytes, 0, 0, text.as_bytes());
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

    pub(crate) fn pending_revocation(&mut self) {
        self.revoked = Some(PENDING);
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
