//! The file of keys in a bundle: which public keys signed the leaves, and who certified them.

use crate::field::Token;
use crate::key::{self, Certificate};
use crate::{Hash, Refusal, leaf, text};
use std::collections::BTreeMap;
use std::fmt;

/// Bytes of a file of keys, at most.
pub const KEYS_MAX: usize = 16 << 20;

/// Keys of sources. Each line is one of
/// - `root <key>`: the mission's root key, at most once;
/// - `key <source> <epoch> <key> <by> <signature>`: a certificate, the epochs of a source in order from zero;
/// - `leaf-key <key>`: a key of a source that is not named to this receiver;
///
/// with keys and signatures in base64. Lines that begin with `#` and empty lines are ignored.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Keys {
    /// The mission's root key. It means what the reader knows of it from elsewhere.
    pub root: Option<Hash>,
    /// Certificates, epoch by epoch.
    pub certificates: Vec<Certificate>,
    /// Keys without a name.
    pub unnamed: Vec<Hash>,
}

/// Whose a key is, as far as a file of keys tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Holder {
    /// A source that the mission's root key vouches for, in an epoch.
    Source(Token, u32),
    /// Not named to this receiver.
    Unnamed,
}

impl Keys {
    /// Reads the file, and checks that every certificate leads to the root key.
    ///
    /// # Errors
    /// What is wrong, with the line, or with which source.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > KEYS_MAX {
            return Err(Refusal::unreadable("a file of keys larger than 16 MiB"));
        }
        let file = str::from_utf8(bytes).map_err(|_| Refusal::unreadable("the file of keys is not UTF-8"))?;
        let mut keys = Self::default();
        for (number, line) in file.split('\n').enumerate() {
            let bad =
                |why: &str| Refusal::unreadable(format!("line {} of the file of keys: {why}", number + 1));
            let key = |word: &str| {
                text::hash_from_base64(word).ok_or_else(|| bad("a key is not 32 bytes in base64"))
            };
            match line.split(' ').collect::<Vec<_>>().as_slice() {
                [""] => {}
                [word, ..] if word.starts_with('#') => {}
                ["root", root] if keys.root.is_none() => keys.root = Some(key(root)?),
                ["root", _] => return Err(bad("a second root key")),
                ["leaf-key", public] => keys.unnamed.push(key(public)?),
                ["key", source, epoch, public, by, signature] => keys.certificates.push(Certificate {
                    source: Token::new(source)?,
                    epoch: text::decimal(epoch)
                        .and_then(|epoch| u32::try_from(epoch).ok())
                        .ok_or_else(|| bad("the epoch is not a number"))?,
                    public: key(public)?,
                    by: key(by)?,
                    signature: text::from_base64(signature)
                        .and_then(|bytes| bytes.try_into().ok())
                        .ok_or_else(|| bad("the signature is not 64 bytes in base64"))?,
                }),
                _ => return Err(bad("it is not root, key or leaf-key with what belongs to it")),
            }
        }
        keys.check()?;
        Ok(keys)
    }

    fn check(&self) -> Result<(), Refusal> {
        let mut sources: BTreeMap<&Token, Vec<Certificate>> = BTreeMap::new();
        for certificate in &self.certificates {
            sources.entry(&certificate.source).or_default().push(certificate.clone());
        }
        let Some(root) = &self.root else {
            return match sources.keys().next() {
                None => Ok(()),
                Some(source) => Err(Refusal::untrusted(format!(
                    "the file of keys names the source `{source}`, but no root key that vouches for it"
                ))),
            };
        };
        sources.values().try_for_each(|certificates| key::chain(root, certificates))
    }

    /// The public keys by pseudonym, with whose each is.
    pub fn by_pseudonym(&self) -> BTreeMap<Hash, (Hash, Holder)> {
        let unnamed = self.unnamed.iter().map(|public| (*public, Holder::Unnamed));
        let named = self.certificates.iter().map(|c| (c.public, Holder::Source(c.source.clone(), c.epoch)));
        unnamed.chain(named).map(|(public, holder)| (leaf::pseudonym(&public), (public, holder))).collect()
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(root) = &self.root {
            writeln!(f, "root {}", text::base64(root))?;
        }
        for Certificate { source, epoch, public, by, signature } in &self.certificates {
            let [public, by] = [public, by].map(|key| text::base64(key));
            writeln!(f, "key {source} {epoch} {public} {by} {}", text::base64(signature))?;
        }
        self.unnamed.iter().try_for_each(|public| writeln!(f, "leaf-key {}", text::base64(public)))
    }
}
