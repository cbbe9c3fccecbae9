//! Keys of roles: one file each, for the person who holds the role.

use super::journal::hex;
use anyhow::{Context as _, Result, bail};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use truce::Name;
use truce::case::Role;

/// Who may sign as what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Keys(pub BTreeMap<Role, VerifyingKey>);

impl Keys {
    /// The keys in a fixed order: monitor, analyst, mediator, then the liaisons in the order of the agreement.
    pub(super) fn in_order(&self, parties: &[Name]) -> Vec<(Role, VerifyingKey)> {
        roles(parties).filter_map(|role| self.0.get(&role).map(|key| (role, *key))).collect()
    }
}

fn roles(parties: &[Name]) -> impl Iterator<Item = Role> {
    let liaisons = parties.iter().map(|party| Role::Liaison(party.clone()));
    [Role::Monitor, Role::Analyst, Role::Mediator].into_iter().chain(liaisons)
}

/// The key of a role.
pub(super) struct Key {
    /// The role.
    pub role: Role,
    secret: SigningKey,
}

impl Key {
    /// Reads a key file: a line `role = ...`, a line `secret = ...` of 64 hexadecimal digits.
    ///
    /// # Errors
    /// When it is not one.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read the key {}", path.display()))?;
        let value = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='));
            line.map(|value| value.trim().trim_matches('"'))
        };
        let role = value("role").and_then(Role::parse);
        let secret = value("secret").and_then(truce::case::parse_hex);
        match (role, secret) {
            (Some(role), Some(secret)) => Ok(Self { role, secret: SigningKey::from_bytes(&secret.0) }),
            _ => bail!(
                "{} is no key of a role: it holds a line `role = ...` and a line `secret = ...`",
                path.display()
            ),
        }
    }

    /// Makes a key of the operating system's randomness, and its file, which only the owner may read.
    fn make(path: &Path, role: &Role) -> Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("no randomness for a key: {error}"))?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(path).and_then(|mut file| {
            file.write_all(format!("role = \"{role}\"\nsecret = \"{}\"\n", hex(&seed)).as_bytes())?;
            file.sync_all()
        });
        written.with_context(|| format!("cannot write the key {}", path.display()))?;
        Ok(Self { role: role.clone(), secret: SigningKey::from_bytes(&seed) })
    }

    /// What others check its signatures with.
    pub(super) fn public(&self) -> VerifyingKey {
        self.secret.verifying_key()
    }

    /// Signs.
    pub(super) fn sign(&self, message: &[u8]) -> Signature {
        self.secret.sign(message)
    }

    /// A salt that nobody without the key can tell, for words in a step.
    pub(super) fn salt(&self, index: u64, words: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"truceline salt of words v1\n");
        hash.update(self.secret.to_bytes());
        hash.update(index.to_be_bytes());
        hash.update(words.as_bytes());
        hash.finalize().into()
    }
}

impl Keys {
    /// The keys of all roles from a folder; those that are not there are made.
    ///
    /// # Errors
    /// When a file is there and is no key of its role.
    pub(super) fn in_folder(folder: &Path, parties: &[Name]) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let mut keys = BTreeMap::new();
        for role in roles(parties) {
            let path = folder.join(format!("{}.key", role.to_string().replace(':', "-")));
            let key = if path.exists() { Key::read(&path)? } else { Key::make(&path, &role)? };
            if key.role != role {
                bail!("{} is the key of {}, not of {role}", path.display(), key.role);
            }
            keys.insert(role, key.public());
        }
        Ok(Self(keys))
    }
}
