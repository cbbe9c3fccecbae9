//! The keys of a record, in a folder: made once, read by whoever may.
//!
//! ```text
//! log.pub            verifier keys of the log, a line each     everyone's
//! root.pub           the mission's root key                    everyone's
//! log.key            signer keys of the log                    the machine that records
//! hub.key            the key with which the record speaks      the machine that records
//! recorder.key       the key with which `assess` speaks        the machine that records
//! root.key           the mission's root key                    two persons, offline
//! ROLE.key           the key with which a role takes steps   the person who holds the role
//! roles/NAME.pub     public keys of those who may read         the machine that records
//! roles/NAME.key     their secret keys                         the people of that role; `public`: everyone
//! ```

use anyhow::{Context as _, Result, bail};
use record::entropy::Entropy;
use record::vault::{Role, RoleKey};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use verify::field::Token;
use verify::key::{Certificate, SourceKey};
use verify::note::{SignerKey, VerifierKey};
use zeroize::Zeroizing;

/// Roles of a mission in the order of the design. What is open to `public` is open to everyone: its key is published.
pub const ROLES: [&str; 6] = ["public", "liaison", "mediator", "monitor", "analyst", "administrator"];

/// A folder of keys.
#[derive(Clone, Debug)]
pub struct KeyFolder(PathBuf);

impl KeyFolder {
    /// The folder at `dir`.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self(dir.into())
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.0
    }

    /// Makes new keys for the log `origin`.
    ///
    /// # Errors
    /// If there are keys already, or a file cannot be written. No key is ever overwritten.
    pub fn make(&self, origin: &str, entropy: &dyn Entropy) -> Result<()> {
        self.make_log(origin, entropy)?;
        self.folder(&self.0.join("roles"))?;
        for name in ["recorder", "root"] {
            let seed = Zeroizing::new(entropy.bytes32());
            self.write(&format!("{name}.key"), &hex_line(&seed))?;
            if name == "root" {
                self.write("root.pub", &hex_line(&SourceKey::from_seed(&seed).public()))?;
            }
        }
        for name in ROLES {
            let seed = Zeroizing::new(entropy.bytes32());
            self.write(&format!("roles/{name}.key"), &hex_line(&seed))?;
            self.write(&format!("roles/{name}.pub"), &hex_line(&RoleKey::new(name, *seed).role().key))?;
        }
        Ok(())
    }

    /// Makes the keys of a log alone: its own, and that with which its hub speaks.
    ///
    /// # Errors
    /// As [`KeyFolder::make`].
    pub fn make_log(&self, origin: &str, entropy: &dyn Entropy) -> Result<()> {
        let keys = record::Keys::generate(origin, entropy)
            .map_err(|refusal| anyhow::anyhow!("`{origin}` cannot be the name of a log: {}", refusal.what))?;
        self.folder(&self.0)?;
        let signers: Zeroizing<String> =
            Zeroizing::new(format!("{}\n{}\n", *keys.ed25519.encode(), *keys.ml_dsa44.encode()));
        let verifiers: String = keys.verifiers().iter().map(|key| format!("{key}\n")).collect();
        self.write("log.key", &signers)?;
        self.write("log.pub", &verifiers)?;
        let seed = Zeroizing::new(entropy.bytes32());
        self.write("hub.key", &hex_line(&seed))
    }

    fn folder(&self, dir: &Path) -> Result<()> {
        fs::create_dir_all(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
                .with_context(|| format!("cannot close the folder {} to others", dir.display()))?;
        }
        Ok(())
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.0.join(name);
        if name.ends_with(".key") {
            write_secret(&path, text)
        } else {
            fs::write(&path, text).with_context(|| format!("cannot write the key {}", path.display()))
        }
    }

    fn read(&self, name: &str) -> Result<Zeroizing<String>> {
        let path = self.0.join(name);
        fs::read_to_string(&path).map(Zeroizing::new).with_context(|| {
            format!("cannot read the key {}; `--keys` names the folder of keys", path.display())
        })
    }

    fn seed(&self, name: &str) -> Result<Zeroizing<[u8; 32]>> {
        seed_of(&self.read(name)?, &self.0.join(name))
    }

    /// The log's keys, to write with.
    ///
    /// # Errors
    /// If they are not there or not keys.
    pub fn log(&self) -> Result<record::Keys> {
        let text = self.read("log.key")?;
        let keys: Vec<SignerKey> =
            text.lines().map(SignerKey::parse).collect::<Result<_, _>>().map_err(|refusal| {
                anyhow::anyhow!("{}: {}", self.0.join("log.key").display(), refusal.what)
            })?;
        match <[SignerKey; 2]>::try_from(keys) {
            Ok([ed25519, ml_dsa44]) => Ok(record::Keys { ed25519, ml_dsa44 }),
            Err(_) => bail!("{} must hold two keys, a line each", self.0.join("log.key").display()),
        }
    }

    /// The log's public keys, to check with.
    ///
    /// # Errors
    /// If they are not there or not keys.
    pub fn verifiers(&self) -> Result<Vec<VerifierKey>> {
        let text = self.read("log.pub")?;
        let keys = text.lines().map(VerifierKey::parse).collect::<Result<_, _>>();
        keys.map_err(|refusal| anyhow::anyhow!("{}: {}", self.0.join("log.pub").display(), refusal.what))
    }

    /// The key of a source: `hub`, `recorder`, or one that a mission added.
    ///
    /// # Errors
    /// If it is not there or not a key.
    pub fn source(&self, name: &str) -> Result<SourceKey> {
        Ok(SourceKey::from_seed(&*self.seed(&format!("{name}.key"))?))
    }

    /// The key with which the hub encrypts what waits for a beat of its rhythm: SHA-256 over a domain and its own secret.
    ///
    /// # Errors
    /// If the hub's key is not here.
    pub fn queue(&self) -> Result<Zeroizing<[u8; 32]>> {
        let seed = self.seed("hub.key")?;
        let hash = Sha256::new().chain_update(b"truceline-queue-1\n").chain_update(&seed[..]);
        Ok(Zeroizing::new(hash.finalize().into()))
    }

    /// The folder of keys below this one.
    #[must_use]
    pub fn below(&self, name: &str) -> Self {
        Self(self.0.join(name))
    }

    /// Writes down that the log of these keys was made.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn mark_made(&self) -> Result<()> {
        self.write("made", "the log of these keys was made\n")
    }

    /// Does a key stand here?
    pub fn has(&self, name: &str) -> bool {
        self.0.join(name).exists()
    }

    /// Writes the next key of a source beside its key: `NAME.next.key`. One that is there already is taken: an earlier
    /// rotation was cut short.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn next(&self, name: &str, entropy: &dyn Entropy) -> Result<SourceKey> {
        self.source_or_new(&format!("{name}.next"), entropy)
    }

    /// Puts the next key of a source in the place of its key, which is gone then.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn replace(&self, name: &str) -> Result<()> {
        let (next, key) = (self.0.join(format!("{name}.next.key")), self.0.join(format!("{name}.key")));
        fs::rename(&next, &key)
            .and_then(|()| fs::File::open(&self.0)?.sync_all())
            .with_context(|| format!("cannot put {} in the place of {}", next.display(), key.display()))
    }

    /// The key of a source that holds a role, made if it is not there.
    ///
    /// # Errors
    /// If what is there is not a key, or it cannot be written.
    pub fn source_or_new(&self, name: &str, entropy: &dyn Entropy) -> Result<SourceKey> {
        let file = format!("{name}.key");
        if !self.0.join(&file).exists() {
            self.write(&file, &hex_line(&Zeroizing::new(entropy.bytes32())))?;
        }
        self.source(name)
    }

    /// The key of a source from a file that its holder brings.
    ///
    /// # Errors
    /// If it is not there or not a key.
    pub fn source_in(file: &Path) -> Result<SourceKey> {
        let next =
            "give the key file of the role that signs, such as keys/analyst.key in the record's folder";
        let text = crate::text_of(file, next).map(Zeroizing::new)?;
        Ok(SourceKey::from_seed(&*seed_of(&text, file)?))
    }

    /// The mission's root key, public.
    ///
    /// # Errors
    /// If it is not there or not a key.
    pub fn root(&self) -> Result<[u8; 32]> {
        Ok(*self.seed("root.pub")?)
    }

    /// Certifies the first key of a source with the mission's root key.
    ///
    /// # Errors
    /// If the root key is not here, as it should not be after the ceremony, or the name is none.
    pub fn certify(&self, source: &str, key: &SourceKey) -> Result<Certificate> {
        let name = Token::new(source).map_err(|refusal| anyhow::anyhow!(refusal.what))?;
        Ok(self.source("root")?.certify(&name, 0, &key.public()))
    }

    /// The roles that may read, by their public keys.
    ///
    /// # Errors
    /// If a key is not there or not a key.
    pub fn roles(&self) -> Result<Vec<Role>> {
        let role = |name: &&str| Ok(Role { name: (*name).to_string(), key: self.role_public(name)? });
        ROLES.iter().map(role).collect()
    }

    /// The public key of a role, for which parts are wrapped.
    ///
    /// # Errors
    /// If it is not there or not a key.
    pub fn role_public(&self, name: &str) -> Result<[u8; 32]> {
        Ok(*self.seed(&format!("roles/{name}.pub"))?)
    }

    /// The secret key of a role; `None` when it is not in this folder.
    ///
    /// # Errors
    /// If it cannot be read or is not a key.
    pub fn role(&self, name: &str) -> Result<Option<RoleKey>> {
        let file = format!("roles/{name}.key");
        if !self.0.join(&file).exists() {
            return Ok(None);
        }
        Ok(Some(RoleKey::new(name, *self.seed(&file)?)))
    }
}

fn seed_of(text: &str, path: &Path) -> Result<Zeroizing<[u8; 32]>> {
    let bytes = verify::text::from_hex(text.trim()).map(Zeroizing::new);
    match bytes.as_deref().map(|bytes| <[u8; 32]>::try_from(bytes.as_slice())) {
        Some(Ok(seed)) => Ok(Zeroizing::new(seed)),
        _ => bail!("{} is not a key: 64 hexadecimal digits are expected", path.display()),
    }
}

/// Writes a secret that only this user may read, to a file that is not there yet.
///
/// # Errors
/// If it is there, or cannot be written.
pub(super) fn write_secret(path: &Path, text: &str) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let written = options.open(path).and_then(|mut file| {
        let whole = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        // Half a key is none, and would stand in the way of a whole one.
        whole.inspect_err(|_| _ = fs::remove_file(path))
    });
    written.with_context(|| format!("cannot write the key {} (a key is never overwritten)", path.display()))
}

fn hex_line(bytes: &[u8; 32]) -> String {
    format!("{}\n", verify::text::hex(bytes))
}
