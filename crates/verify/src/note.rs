//! Signed notes and their keys (c2sp.org/signed-note): a text, a blank line, and lines of signatures.

use crate::{Hash, Refusal, cosignature, text};
use ed25519_dalek::Signer as _;
use ml_dsa::MlDsa44;
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// Bytes of a note, at most.
pub const NOTE_MAX: usize = 1 << 20;
/// Signatures on a note, at most. (The specification asks for 16 or more.)
pub const SIGNATURES_MAX: usize = 64;

/// How a key signs: the signature type byte of c2sp.org/signed-note.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Algorithm {
    /// 0x01: Ed25519 over the text of the note.
    Ed25519 = 0x01,
    /// 0x04: Ed25519 with a time, by a witness (`cosignature/v1`).
    Cosignature = 0x04,
    /// 0x06: ML-DSA-44 with a time, by a witness or by the log itself (`subtree/v1`).
    MlDsa44 = 0x06,
}

impl Algorithm {
    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Ed25519, Self::Cosignature, Self::MlDsa44].into_iter().find(|known| *known as u8 == byte)
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::Cosignature => "Ed25519 cosignature",
            Self::MlDsa44 => "ML-DSA-44",
        }
    }
}

/// May this be the name of a key? Not empty, no space of any script, no plus sign, no control character.
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// The key id: the first four bytes of SHA-256 over name, newline, type byte and public key.
fn key_id(name: &str, algorithm: Algorithm, public: &[u8]) -> u32 {
    let hash: Hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', algorithm as u8])
        .chain_update(public)
        .finalize()
        .into();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

#[derive(Clone)]
enum Public {
    Ed25519(ed25519_dalek::VerifyingKey),
    MlDsa44(Box<ml_dsa::VerifyingKey<MlDsa44>>),
}

/// A public key with its name: a *vkey*.
#[derive(Clone)]
pub struct VerifierKey {
    name: String,
    id: u32,
    algorithm: Algorithm,
    public: Public,
}

impl VerifierKey {
    /// From a public key of 32 bytes (Ed25519) or 1,312 bytes (ML-DSA-44).
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when the name or the key is not one.
    pub fn new(name: &str, algorithm: Algorithm, public: &[u8]) -> Result<Self, Refusal> {
        let bad = |why: &str| Refusal::unreadable(format!("the key of `{}` {why}", text::shown(name)));
        if !is_key_name(name) {
            return Err(bad("has a name that is empty or holds a space, a plus sign or a control character"));
        }
        let id = key_id(name, algorithm, public);
        let public = match algorithm {
            Algorithm::Ed25519 | Algorithm::Cosignature => {
                let bytes = public.try_into().map_err(|_| bad("has not the 32 bytes of an Ed25519 key"))?;
                let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).ok().filter(|key| !key.is_weak());
                Public::Ed25519(key.ok_or_else(|| bad("is not a point that Ed25519 may use"))?)
            }
            Algorithm::MlDsa44 => {
                let bytes =
                    public.try_into().map_err(|_| bad("has not the 1,312 bytes of an ML-DSA-44 key"))?;
                Public::MlDsa44(Box::new(ml_dsa::VerifyingKey::decode(&bytes)))
            }
        };
        Ok(Self { name: name.to_string(), id, algorithm, public })
    }

    /// Reads `<name>+<key id in hex>+<base64 of type byte and key>`.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when it is not one, or the key id is not that of the key.
    pub fn parse(vkey: &str) -> Result<Self, Refusal> {
        let bad =
            |why: &str| Refusal::unreadable(format!("`{}` is not a verifier key: {why}", text::shown(vkey)));
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad("it has not the form name+id+key"));
        };
        let bytes = text::from_base64(key).ok_or_else(|| bad("its last part is not base64"))?;
        let (algorithm, public) = bytes.split_first().ok_or_else(|| bad("its last part is empty"))?;
        let algorithm = Algorithm::from_byte(*algorithm).ok_or_else(|| {
            bad("its signature type is not Ed25519 (1), Ed25519 cosignature (4) or ML-DSA-44 (6)")
        })?;
        let key = Self::new(name, algorithm, public)?;
        if format!("{:08x}", key.id) == id { Ok(key) } else { Err(bad("its key id is not that of its key")) }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key id, which with the name says which key made a signature.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public key itself.
    pub fn public(&self) -> Vec<u8> {
        match &self.public {
            Public::Ed25519(key) => key.as_bytes().to_vec(),
            Public::MlDsa44(key) => key.encode().to_vec(),
        }
    }

    /// Is this signature said to be by this key?
    pub fn made(&self, signature: &Signature) -> bool {
        self.id == signature.id && self.name == signature.name
    }

    /// Checks a signature over a text, and answers the time that the signer put on it: seconds of POSIX time, `None`
    /// where the algorithm has none or the signer gave none.
    ///
    /// # Errors
    /// [`crate::Means::Unproved`] when it is not a signature of this key over this text.
    pub fn verify(&self, text: &str, signature: &Signature) -> Result<Option<u64>, Refusal> {
        let wrong = || {
            Refusal::unproved(format!(
                "the {} signature of `{}` does not fit what it stands under",
                self.algorithm.words(),
                self.name
            ))
        };
        let ed25519 = |message: &[u8], bytes: &[u8]| match &self.public {
            Public::Ed25519(key) => {
                let signature = ed25519_dalek::Signature::from_slice(bytes).map_err(|_| wrong())?;
                key.verify_strict(message, &signature).map_err(|_| wrong())
            }
            Public::MlDsa44(_) => Err(wrong()),
        };
        if !self.made(signature) {
            return Err(wrong());
        }
        match (self.algorithm, &self.public) {
            (Algorithm::Ed25519, _) => ed25519(text.as_bytes(), &signature.bytes).map(|()| None),
            (Algorithm::Cosignature, _) => {
                let (time, bytes) = cosignature::stamped(&signature.bytes).ok_or_else(wrong)?;
                ed25519(&cosignature::ed25519_message(time, text), bytes).map(|()| Some(time))
            }
            (Algorithm::MlDsa44, Public::MlDsa44(key)) => {
                let (time, bytes) = cosignature::stamped(&signature.bytes).ok_or_else(wrong)?;
                let message = cosignature::ml_dsa_message(&self.name, time, text).map_err(|_| wrong())?;
                let signature = ml_dsa::Signature::try_from(bytes).map_err(|_| wrong())?;
                if key.verify_with_context(&message, b"", &signature) {
                    Ok((time != 0).then_some(time))
                } else {
                    Err(wrong())
                }
            }
            (Algorithm::MlDsa44, Public::Ed25519(_)) => Err(wrong()),
        }
    }
}

/// As a vkey.
impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.algorithm as u8];
        key.extend_from_slice(&self.public());
        write!(f, "{}+{:08x}+{}", self.name, self.id, text::base64(&key))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({}+{:08x}, {})", self.name, self.id, self.algorithm.words())
    }
}

/// By name, id and algorithm: two different keys that collide in all three are not worth telling apart.
impl PartialEq for VerifierKey {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, self.algorithm, self.public()) == (&other.name, other.algorithm, other.public())
    }
}

impl Eq for VerifierKey {}

enum Secret {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    MlDsa44(Box<ml_dsa::SigningKey<MlDsa44>>),
}

/// A key that signs notes. Its secret is wiped from memory when it is dropped, and never shown.
pub struct SignerKey {
    verifier: VerifierKey,
    seed: Zeroizing<[u8; 32]>,
    secret: Secret,
}

impl SignerKey {
    /// From the 32 bytes that both Ed25519 (RFC 8032) and ML-DSA-44 (FIPS 204) take as their seed.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when the name is not one.
    pub fn from_seed(name: &str, algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, Refusal> {
        let (secret, public) = match algorithm {
            Algorithm::Ed25519 | Algorithm::Cosignature => {
                let key = ed25519_dalek::SigningKey::from_bytes(seed);
                let public = key.verifying_key().as_bytes().to_vec();
                (Secret::Ed25519(Box::new(key)), public)
            }
            Algorithm::MlDsa44 => {
                let key = ml_dsa::SigningKey::<MlDsa44>::from_seed(&(*seed).into());
                let public = key.expanded_key().verifying_key().encode().to_vec();
                (Secret::MlDsa44(Box::new(key)), public)
            }
        };
        Ok(Self {
            verifier: VerifierKey::new(name, algorithm, &public)?,
            seed: Zeroizing::new(*seed),
            secret,
        })
    }

    /// Reads `PRIVATE+KEY+<name>+<key id in hex>+<base64 of type byte and seed>`, the form of Go's x/mod/sumdb/note.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when it is not one. The message never repeats the key.
    pub fn parse(skey: &str) -> Result<Self, Refusal> {
        let bad = || Refusal::unreadable("the private key has not the form PRIVATE+KEY+name+id+key");
        let mut parts = skey.strip_prefix("PRIVATE+KEY+").ok_or_else(bad)?.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad());
        };
        let bytes = Zeroizing::new(text::from_base64(key).ok_or_else(bad)?);
        let (algorithm, seed) = bytes.split_first().ok_or_else(bad)?;
        let algorithm = Algorithm::from_byte(*algorithm).ok_or_else(bad)?;
        let key = Self::from_seed(name, algorithm, seed.try_into().map_err(|_| bad())?)?;
        if format!("{:08x}", key.verifier.id) == id { Ok(key) } else { Err(bad()) }
    }

    /// The form that [`SignerKey::parse`] reads. Keep it secret.
    pub fn encode(&self) -> Zeroizing<String> {
        let mut key = Zeroizing::new(vec![self.verifier.algorithm as u8]);
        key.extend_from_slice(&*self.seed);
        let key = Zeroizing::new(text::base64(&key));
        Zeroizing::new(format!("PRIVATE+KEY+{}+{:08x}+{}", self.verifier.name, self.verifier.id, *key))
    }

    /// Its public half.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs a text. `time` is seconds of POSIX time; plain Ed25519 does not carry it. The same key, text and time give
    /// the same bytes.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when the text is not one that may be signed: a note's text, and for witnesses and
    /// ML-DSA-44 a checkpoint.
    pub fn sign(&self, text: &str, time: u64) -> Result<Signature, Refusal> {
        check_text(text)?;
        let stamped = |signature: &[u8]| [&time.to_be_bytes()[..], signature].concat();
        if time > i64::MAX as u64 {
            return Err(Refusal::unreadable("a time beyond 2^63 - 1 seconds cannot be signed"));
        }
        let bytes = match (&self.secret, self.verifier.algorithm) {
            (Secret::Ed25519(key), Algorithm::Cosignature) => {
                // A witness speaks of heads of logs and of nothing else.
                crate::checkpoint::Checkpoint::parse(text)?;
                stamped(&key.sign(&cosignature::ed25519_message(time, text)).to_bytes())
            }
            (Secret::Ed25519(key), _) => key.sign(text.as_bytes()).to_bytes().to_vec(),
            (Secret::MlDsa44(key), _) => {
                let message = cosignature::ml_dsa_message(&self.verifier.name, time, text)?;
                let signature = key
                    .expanded_key()
                    .sign_deterministic(&message, b"")
                    .map_err(|_| Refusal::unreadable("ML-DSA-44 could not sign"))?;
                stamped(&signature.encode())
            }
        };
        Ok(Signature { name: self.verifier.name.clone(), id: self.verifier.id, bytes })
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignerKey({:?}, secret not shown)", self.verifier)
    }
}

/// One signature line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Signature {
    /// The name of the key.
    pub name: String,
    /// The key id.
    pub id: u32,
    /// What follows the key id: for cosignatures the time and the signature.
    pub bytes: Vec<u8>,
}

impl Signature {
    /// Reads one line, without its newline.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when it is not one.
    pub fn parse(line: &str) -> Result<Self, Refusal> {
        let bad = || Refusal::unreadable(format!("`{}` is not a signature line", text::shown(line)));
        let (name, base64) = line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or_else(bad)?;
        let bytes = text::from_base64(base64).ok_or_else(bad)?;
        let (id, bytes) = bytes.split_first_chunk::<4>().ok_or_else(bad)?;
        if !is_key_name(name) || bytes.is_empty() {
            return Err(bad());
        }
        Ok(Self { name: name.to_string(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
    }

    /// Reads lines of signatures, each with its newline: the answer of a witness.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when a line is not one, or there is none, or more than [`SIGNATURES_MAX`].
    pub fn parse_lines(lines: &str) -> Result<Vec<Self>, Refusal> {
        let body = lines
            .strip_suffix('\n')
            .ok_or_else(|| Refusal::unreadable("the signature lines do not end with a newline"))?;
        let signatures: Vec<_> =
            body.split('\n').take(SIGNATURES_MAX + 1).map(Self::parse).collect::<Result<_, _>>()?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(Refusal::unreadable(format!("more than {SIGNATURES_MAX} signatures")));
        }
        Ok(signatures)
    }
}

/// As a line, without newline.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id.to_be_bytes()[..], &self.bytes].concat();
        write!(f, "— {} {}", self.name, text::base64(&bytes))
    }
}

/// May this be the text of a note?
fn check_text(text: &str) -> Result<(), Refusal> {
    if !text.ends_with('\n') {
        Err(Refusal::unreadable("the text of a note ends with a newline"))
    } else if text.chars().any(|c| c < ' ' && c != '\n') {
        Err(Refusal::unreadable("a note holds no control character but newline"))
    } else {
        Ok(())
    }
}

/// A signed note.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// The text, with its last newline.
    pub text: String,
    /// The signatures, in the order of the lines; none of them is checked by reading it.
    pub signatures: Vec<Signature>,
}

impl Note {
    /// Reads a note. This checks no signature.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`] when it is not one.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > NOTE_MAX {
            return Err(Refusal::unreadable(format!(
                "a note of {} bytes; at most {NOTE_MAX} are read",
                bytes.len()
            )));
        }
        let note =
            str::from_utf8(bytes).map_err(|_| Refusal::unreadable("a note is UTF-8, and this is not"))?;
        let end = note.rfind("\n\n").ok_or_else(|| {
            Refusal::unreadable("a note has a blank line before its signatures, and this has none")
        })?;
        let text = &note[..=end];
        check_text(text)?;
        Ok(Self { text: text.to_string(), signatures: Signature::parse_lines(&note[end + 2..])? })
    }

    /// A text with signatures by these keys.
    ///
    /// # Errors
    /// Those of [`SignerKey::sign`].
    pub fn sign(text: &str, keys: &[&SignerKey], time: u64) -> Result<Self, Refusal> {
        let signatures = keys.iter().map(|key| key.sign(text, time)).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_string(), signatures })
    }

    /// Checks every signature that is said to be by this key, and answers the earliest time on one; the outer `None`
    /// says that there is no signature of it.
    ///
    /// # Errors
    /// [`crate::Means::Unproved`] when one is false.
    pub fn signed_by(&self, key: &VerifierKey) -> Result<Option<Option<u64>>, Refusal> {
        let mut found = None;
        for signature in self.signatures.iter().filter(|signature| key.made(signature)) {
            let time = key.verify(&self.text, signature)?;
            found = Some(match found {
                None => time,
                Some(earlier) => [earlier, time].into_iter().flatten().min(),
            });
        }
        Ok(found)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}
