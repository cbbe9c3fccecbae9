//! Leaves: one signed statement each, all of one length, in clear only what ties them to their source and to each
//! other.

use crate::cbor::{Decoder, Encoder};
use crate::field::{Field, KIND_LABEL, Openings, Salts, Value};
use crate::key::SourceKey;
use crate::{Hash, Refusal, merkle};
use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};

/// Bytes of every leaf.
pub const LEAF_LEN: usize = 213;
/// The version that this code writes and reads.
pub const VERSION: u64 = 1;
/// Before the CBOR that is signed, so that no signature over anything else can be taken for a leaf's.
const LEAF_DOMAIN: &[u8] = b"truceline-leaf-1\n";

/// What kind of statement a leaf makes. It stands under the commitment root, never in clear.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// What a person or medium observed.
    Observation,
    /// Detections of one source within at most a second.
    Batch,
    /// What a party says.
    Claim,
    /// A version of an agreement or mission file, by its hash.
    Agreement,
    /// A signed judgement by a named role.
    Judgement,
    /// A correction of an earlier statement.
    Correction,
    /// A notice of a planned or permitted act.
    Notice,
    /// A step in a case.
    Case,
    /// A key of a source, certified.
    KeyChange,
    /// From an index on, a key is not to be believed.
    Revocation,
    /// The source is alive; also what fills the rhythm.
    Heartbeat,
    /// What is older than this time has arrived.
    Watermark,
    /// A checkpoint of another log.
    Checkpoint,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Observation,
        Self::Batch,
        Self::Claim,
        Self::Agreement,
        Self::Judgement,
        Self::Correction,
        Self::Notice,
        Self::Case,
        Self::KeyChange,
        Self::Revocation,
        Self::Heartbeat,
        Self::Watermark,
        Self::Checkpoint,
    ];

    /// The value of the field `kind`.
    pub fn token(self) -> &'static str {
        match self {
            Self::Observation => "observation",
            Self::Batch => "batch",
            Self::Claim => "claim",
            Self::Agreement => "agreement",
            Self::Judgement => "judgement",
            Self::Correction => "correction",
            Self::Notice => "notice",
            Self::Case => "case",
            Self::KeyChange => "key-change",
            Self::Revocation => "revocation",
            Self::Heartbeat => "heartbeat",
            Self::Watermark => "watermark",
            Self::Checkpoint => "checkpoint",
        }
    }

    /// From the value of the field `kind`.
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.token() == token)
    }
}

/// What one leaf says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// The kind; it becomes the field `kind`.
    pub kind: Kind,
    /// The other fields, in any order.
    pub fields: Vec<Field>,
    /// For a batch, its items, at most 500, each at most 16 fields. An item is addressed by leaf and number.
    pub items: Vec<Vec<Field>>,
}

impl Statement {
    /// Without items.
    pub fn new(kind: Kind, fields: Vec<Field>) -> Self {
        Self { kind, fields, items: Vec::new() }
    }
}

/// A leaf.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Leaf {
    /// The pseudonym of the source in this epoch: a hash of its public key, which is not in clear.
    pub pseudonym: Hash,
    /// The number of the leaf among those of this pseudonym, from zero.
    pub sequence: u64,
    /// The leaf hash of this pseudonym's previous leaf; zeroes for the first.
    pub previous: Hash,
    /// The root over the salted fields.
    pub root: Hash,
    /// SHA-256 of the ciphertext that goes with the statement, or as many random bytes.
    pub ciphertext: Hash,
    /// Ed25519 over all of the above.
    pub signature: [u8; 64],
}

/// A new leaf and what opens it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sealed {
    /// The leaf.
    pub leaf: Leaf,
    /// Its bytes, [`LEAF_LEN`] of them.
    pub bytes: Vec<u8>,
    /// What opens it. Secret: for the vault, durable before the leaf is appended.
    pub openings: Openings,
}

impl Leaf {
    /// Reads a leaf. This checks no signature.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when the bytes are not a leaf in its one encoding.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let fields = |from: &mut Decoder<'_>| {
            from.array_of(7)?;
            if from.uint()? != VERSION {
                return Err(Refusal::unreadable("it is of another version than 1"));
            }
            let leaf = Self {
                pseudonym: from.fixed()?,
                sequence: u64::from_be_bytes(from.fixed()?),
                previous: from.fixed()?,
                root: from.fixed()?,
                ciphertext: from.fixed()?,
                signature: from.fixed()?,
            };
            from.end()?;
            Ok(leaf)
        };
        let leaf = fields(&mut Decoder::new(bytes)).map_err(|refusal| refusal.at("not a leaf"))?;
        if (leaf.sequence == 0) != (leaf.previous == [0; 32]) {
            return Err(Refusal::unreadable(
                "not a leaf: the first of a pseudonym, and no other, has no previous leaf",
            ));
        }
        Ok(leaf)
    }

    fn body(&self, items: usize) -> Encoder {
        let mut to = Encoder::new();
        to.array(items)
            .uint(VERSION)
            .bytes(&self.pseudonym)
            .bytes(&self.sequence.to_be_bytes())
            .bytes(&self.previous)
            .bytes(&self.root)
            .bytes(&self.ciphertext);
        to
    }

    /// The bytes: deterministic CBOR of `[1, pseudonym, sequence, previous, root, ciphertext, signature]`, where the
    /// sequence is a byte string of 8, big-endian, so that every leaf has the same length.
    pub fn encode(&self) -> Vec<u8> {
        self.body(7).bytes(&self.signature).finish()
    }

    /// What the source signs: `truceline-leaf-1\n` and the CBOR of the leaf without its signature, an array of six.
    pub fn message(&self) -> Vec<u8> {
        [LEAF_DOMAIN, &self.body(6).finish()].concat()
    }

    /// The leaf hash of RFC 6962: also what the next leaf of this source names as its previous.
    pub fn hash(&self) -> Hash {
        merkle::leaf_hash(&self.encode())
    }

    /// Checks that the source with this public key signed the leaf under its pseudonym.
    ///
    /// # Errors
    /// [`crate::Means::Unproved`] when it did not.
    pub fn verify(&self, public: &Hash) -> Result<(), Refusal> {
        if pseudonym(public) != self.pseudonym {
            return Err(Refusal::unproved("the leaf is not of the source with this key"));
        }
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature);
        VerifyingKey::from_bytes(public)
            .and_then(|key| key.verify_strict(&self.message(), &signature))
            .map_err(|_| Refusal::unproved("the signature of the leaf is not that of its source"))
    }

    /// Does this leaf follow that one of the same pseudonym?
    pub fn follows(&self, before: &Self) -> bool {
        self.pseudonym == before.pseudonym
            && before.sequence.checked_add(1) == Some(self.sequence)
            && self.previous == before.hash()
    }
}

/// The pseudonym of a public key: SHA-256 over `truceline-pseudonym-1\n` and the key. The key itself is not in clear,
/// and each epoch has a new one, so that leaves of two epochs cannot be told to be of one source.
pub fn pseudonym(public: &Hash) -> Hash {
    Sha256::new().chain_update(b"truceline-pseudonym-1\n").chain_update(public).finalize().into()
}

/// Seals a statement into a leaf: commits to its fields under fresh salts and signs.
///
/// `previous` is the previous leaf of this key, `None` for its first. Without a ciphertext, random bytes take the
/// place of its hash.
///
/// # Errors
/// [`crate::Means::Unreadable`] when the statement does not fit a leaf, or `previous` is of another key.
pub fn seal(
    statement: Statement,
    key: &SourceKey,
    previous: Option<&Leaf>,
    salts: &Salts,
    ciphertext: Option<Hash>,
) -> Result<Sealed, Refusal> {
    let Statement { kind, mut fields, items } = statement;
    if items.is_empty() == (kind == Kind::Batch) {
        return Err(Refusal::unreadable("a batch, and no other statement, has items"));
    }
    if fields.iter().any(|field| field.label.as_str() == KIND_LABEL) {
        return Err(Refusal::unreadable("the label `kind` is the record's own"));
    }
    let source = key.pseudonym();
    let (sequence, before) = match previous {
        None => (0, [0; 32]),
        Some(leaf) if leaf.pseudonym == source => {
            let next = leaf.sequence.checked_add(1);
            (
                next.ok_or_else(|| Refusal::unreadable("this key has signed all the leaves it can"))?,
                leaf.hash(),
            )
        }
        Some(_) => {
            return Err(Refusal::unreadable(
                "the previous leaf is of another key; a key's first leaf has none",
            ));
        }
    };
    fields.push(Field::new(KIND_LABEL, Value::token(kind.token())?)?);
    crate::resolution::agree(fields.iter())?;
    items.iter().try_for_each(|item| crate::resolution::agree(item.iter()))?;
    let openings = Openings::seal(fields, items, salts)?;
    let mut leaf = Leaf {
        pseudonym: source,
        sequence,
        previous: before,
        root: openings.root(),
        ciphertext: ciphertext.unwrap_or_else(|| salts.blank()),
        signature: [0; 64],
    };
    leaf.signature = key.sign(&leaf.message());
    let bytes = leaf.encode();
    Ok(Sealed { leaf, bytes, openings })
}
