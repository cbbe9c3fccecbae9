//! Keys of sources: one per epoch, each certified by the one before it, the first by the mission's root key.

use crate::cbor::Encoder;
use crate::field::{Field, Scalar, Token, Value, View};
use crate::{Hash, Refusal, leaf};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use std::fmt;

/// Before the CBOR of a certificate that is signed.
const KEY_DOMAIN: &[u8] = b"truceline-key-1\n";

/// The key with which a source signs its leaves in one epoch. Wiped from memory when dropped, and never shown.
pub struct SourceKey(SigningKey);

impl SourceKey {
    /// From the seed of RFC 8032.
    pub fn from_seed(seed: &Hash) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The public half.
    pub fn public(&self) -> Hash {
        self.0.verifying_key().to_bytes()
    }

    /// The pseudonym under which its leaves stand.
    pub fn pseudonym(&self) -> Hash {
        leaf::pseudonym(&self.public())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// Certifies the key of a source for an epoch.
    pub fn certify(&self, source: &Token, epoch: u32, public: &Hash) -> Certificate {
        let mut certificate = Certificate {
            source: source.clone(),
            epoch,
            public: *public,
            by: self.public(),
            signature: [0; 64],
        };
        certificate.signature = self.sign(&certificate.message());
        certificate
    }
}

impl fmt::Debug for SourceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceKey(not shown)")
    }
}

/// That a public key is the key of a source in an epoch, signed by the key of the epoch before, or for the first by
/// the mission's root key. It stands as fields in a leaf of kind key change, and so under the commitment.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Certificate {
    /// Whose key.
    pub source: Token,
    /// Which epoch, from zero.
    pub epoch: u32,
    /// The key.
    pub public: Hash,
    /// The key that certifies it.
    pub by: Hash,
    /// Ed25519 over `truceline-key-1\n` and the deterministic CBOR of `[source, epoch, public, by]`.
    pub signature: [u8; 64],
}

impl Certificate {
    fn message(&self) -> Vec<u8> {
        let mut to = Encoder::new();
        to.array(4)
            .text(self.source.as_str())
            .uint(u64::from(self.epoch))
            .bytes(&self.public)
            .bytes(&self.by);
        [KEY_DOMAIN, &to.finish()].concat()
    }

    /// The fields of a key change.
    ///
    /// # Errors
    /// None in practice: the labels are tokens.
    pub fn fields(&self) -> Result<Vec<Field>, Refusal> {
        Ok(vec![
            Field::new("key.source", Value::One(Scalar::Token(self.source.clone())))?,
            Field::new("key.epoch", Value::int(i64::from(self.epoch)))?,
            Field::new("key.public", Value::hash(self.public))?,
            Field::new("key.by", Value::hash(self.by))?,
            Field::new("key.signature", Value::One(Scalar::Signature(self.signature)))?,
        ])
    }

    /// From what is shown of a key change; `None` when a field is missing or of another kind.
    pub fn from_view(view: &View) -> Option<Self> {
        Self::from_values(|label| view.value(label))
    }

    /// From the values of a key change; `None` when one is missing or of another kind.
    pub fn from_values<'a>(value: impl Fn(&str) -> Option<&'a Value>) -> Option<Self> {
        Some(Self {
            source: Token::new(value("key.source")?.as_token()?).ok()?,
            epoch: u32::try_from(value("key.epoch")?.as_int()?).ok()?,
            public: *value("key.public")?.as_hash()?,
            by: *value("key.by")?.as_hash()?,
            signature: *value("key.signature")?.as_signature()?,
        })
    }

    /// Checks the signature by `by`; whether `by` is to be believed is [`chain`]'s.
    ///
    /// # Errors
    /// [`crate::Means::Unproved`] when it is false.
    pub fn verify(&self) -> Result<(), Refusal> {
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature);
        VerifyingKey::from_bytes(&self.by)
            .and_then(|key| key.verify_strict(&self.message(), &signature))
            .map_err(|_| {
                Refusal::unproved(format!(
                    "the certificate of the key of `{}` for epoch {} is not signed by the key it names",
                    self.source, self.epoch
                ))
            })
    }
}

/// Checks the certificates of one source, epoch by epoch: the first signed by the mission's root key, each next by the
/// key before it.
///
/// # Errors
/// The first fault.
pub fn chain(root: &Hash, certificates: &[Certificate]) -> Result<(), Refusal> {
    let mut by = root;
    for (epoch, certificate) in (0..).zip(certificates) {
        certificate.verify()?;
        if certificate.source != certificates[0].source || certificate.epoch != epoch || certificate.by != *by
        {
            return Err(Refusal::untrusted(format!(
                "the key of `{}` for epoch {} is not certified by the key before it, nor by the mission's root key",
                certificate.source, certificate.epoch
            )));
        }
        by = &certificate.public;
    }
    Ok(())
}
