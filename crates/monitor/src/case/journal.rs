//! The journal of cases: a file of signed steps, each chained to the one before, and a folder of the words that were
//! written.
//!
//! A line is a JSON object of fixed order: what was signed, then the signature. The id of a step is the SHA-256 of its
//! line; the next line names it. A step's words are kept apart, salted, one file each: a line holds only their hash, so
//! words can be erased and the chain still holds. Words are on the disk before the line that names them; a step is
//! taken when its line is.

use super::keys::{Key, Keys};
use anyhow::{Context as _, Result, bail, ensure};
use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use truce::Id;
use truce::case::{self, Role, Step, Text, What};
use truce::time::Time;

/// What stands before the bytes that are signed: a signature for a step is one for nothing else.
const SIGNED: &[u8] = b"truceline case step v1\n";

/// A line of the journal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    signed: Body,
    signature: String,
}

/// What is signed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    index: u64,
    previous: String,
    at: String,
    key: String,
    fields: Vec<(String, String)>,
}

/// The first line: which agreement, mission and keys the journal is of.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    format: String,
    agreement: String,
    mission: String,
    keys: BTreeMap<String, String>,
}

const FORMAT: &str = "truceline-cases/1";

/// A journal, read and checked from its first line to its last.
pub(super) struct Journal {
    folder: PathBuf,
    /// Who may sign as what.
    pub keys: Keys,
    /// Digests of the agreement's and the mission's files that it was started with.
    pub digests: [String; 2],
    /// All steps, in order.
    pub steps: Vec<Step>,
    /// The lines as they stand, for those who check them.
    lines: BTreeMap<Id, String>,
    last: Id,
    length: u64,
}

fn sha256(parts: &[&[u8]]) -> Id {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    Id(hash.finalize().into())
}

fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.bytes().map(|byte| char::from(byte).to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2) && text == text.to_lowercase())?;
    Some(digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Journal {
    /// Starts a journal in a folder that has none.
    ///
    /// # Errors
    /// When there is one, or it cannot be written.
    pub(super) fn start(folder: &Path, keys: &Keys, digests: [String; 2]) -> Result<()> {
        let path = folder.join("steps.jsonl");
        ensure!(
            !path.exists(),
            "{} is there already: cases go on in it, they are not started again",
            path.display()
        );
        let [agreement, mission] = digests;
        let keys = keys.0.iter().map(|(role, key)| (role.to_string(), hex(key.as_bytes()))).collect();
        let start = Start { format: FORMAT.to_string(), agreement, mission, keys };
        let mut line = serde_json::to_string(&start)?;
        line.push('\n');
        fs::create_dir_all(folder.join("words"))
            .with_context(|| format!("cannot make {}", folder.display()))?;
        durable(&path, line.as_bytes())
    }

    /// Reads a journal. Every signature and every link of the chain is checked.
    ///
    /// # Errors
    /// The first line that is not as it was written, and what that means.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let path = folder.join("steps.jsonl");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => bail!(
                "{} holds no cases: `truceline case start {} --agreement ... --mission ... --keys ...` starts them",
                folder.display(),
                folder.display()
            ),
            Err(error) => bail!("cannot read {}: {error}", path.display()),
        };
        // A line without its end was never acknowledged: the power failed while it was written. The next append
        // writes over it.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let mut lines = text[..whole].lines();
        let first = lines.next().unwrap_or_default();
        let start: Start = serde_json::from_str(first)
            .with_context(|| format!("{}, line 1: not the start of a journal of cases", path.display()))?;
        ensure!(
            start.format == FORMAT,
            "{}: the format \"{}\" is not known here",
            path.display(),
            start.format
        );
        let keys = start
            .keys
            .iter()
            .map(|(role, key)| Some((Role::parse(role)?, verifying(key)?)))
            .collect::<Option<_>>();
        let keys = Keys(
            keys.with_context(|| format!("{}, line 1: a role or a key cannot be read", path.display()))?,
        );
        let mut journal = Self {
            folder: folder.to_path_buf(),
            keys,
            digests: [start.agreement, start.mission],
            steps: Vec::new(),
            lines: BTreeMap::new(),
            last: sha256(&[first.as_bytes()]),
            length: whole as u64,
        };
        for (number, line) in (2_u64..).zip(lines) {
            let step = journal.check(line).map_err(|why| {
                anyhow::anyhow!(
                    "{}, line {number}: {why}. From this line on the journal is not what was signed; what stands before \
                     it holds. Compare it with a copy",
                    path.display()
                )
            })?;
            journal.keep(step, line);
        }
        Ok(journal)
    }

    fn keep(&mut self, step: Step, line: &str) {
        self.last = step.id;
        self.lines.insert(step.id, line.to_string());
        self.steps.push(step);
    }

    fn check(&self, line: &str) -> Result<Step, String> {
        let read: Line = serde_json::from_str(line).map_err(|error| format!("not a step ({error})"))?;
        let body = &read.signed;
        let again = serde_json::to_string(&read).map_err(|error| error.to_string())?;
        if again != line {
            return Err("the line was written anew: its bytes are not those that were signed".to_string());
        }
        if body.index != self.steps.len() as u64 {
            return Err(format!("step {} stands where step {} belongs", body.index, self.steps.len()));
        }
        if body.previous != case::hex(&self.last) {
            return Err(
                "it does not follow the line before: one was taken out, put in or altered".to_string()
            );
        }
        let at = Time::parse(&body.at).ok_or_else(|| format!("\"{}\" is no moment", body.at))?;
        if self.steps.last().is_some_and(|last| at < last.at) {
            return Err("it is dated before the line above".to_string());
        }
        let (by, of, what) = case::parse(&body.fields)?;
        let key = self.keys.0.get(&by).ok_or_else(|| format!("there is no key for {by}"))?;
        if body.key != hex(key.as_bytes()) {
            return Err(format!("the key is not that of {by}"));
        }
        let signature = bytes_of_hex(&read.signature).and_then(|bytes| Signature::from_slice(&bytes).ok());
        let signature = signature.ok_or("the signature is none")?;
        let signed = serde_json::to_vec(body).map_err(|error| error.to_string())?;
        key.verify_strict(&[SIGNED, &signed].concat(), &signature)
            .map_err(|_| format!("the signature is not that of {by} over this step"))?;
        Ok(Step { id: sha256(&[line.as_bytes()]), index: body.index, at, by, case: of, what })
    }

    /// Puts words away and gives what stands for them in a step. The salt follows from the signer's secret, so nobody
    /// else can guess short words from their hash, and the same command gives the same bytes.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) fn put_words(&self, key: &Key, words: &str) -> Result<Text> {
        let salt = key.salt(self.steps.len() as u64, words);
        let text = Text(sha256(&[&salt, words.as_bytes()]));
        let kept = serde_json::to_string(&Words { salt: hex(&salt), words: words.to_string() })?;
        durable(&self.words_path(text), kept.as_bytes())?;
        Ok(text)
    }

    /// The words behind a hash; `None` where they were erased.
    ///
    /// # Errors
    /// When they are there and are not the words that were put away.
    pub(super) fn words(&self, text: Text) -> Result<Option<String>> {
        let path = self.words_path(text);
        let kept = match fs::read_to_string(&path) {
            Ok(kept) => kept,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => bail!("cannot read {}: {error}", path.display()),
        };
        let kept: Words =
            serde_json::from_str(&kept).with_context(|| format!("{} is damaged", path.display()))?;
        let salt = bytes_of_hex(&kept.salt).unwrap_or_default();
        ensure!(
            sha256(&[&salt, kept.words.as_bytes()]) == text.0,
            "{}: these are not the words that were signed; restore them from a copy, or remove the file to show them as erased",
            path.display()
        );
        Ok(Some(kept.words))
    }

    fn words_path(&self, text: Text) -> PathBuf {
        self.folder.join("words").join(case::hex(&text.0))
    }

    /// Signs a step as the next one; nothing is written yet.
    ///
    /// # Errors
    /// When the key is not that of its role here.
    pub(super) fn sign(&self, key: &Key, at: Time, of: Option<Id>, what: What) -> Result<(Step, String)> {
        ensure!(
            self.keys.0.get(&key.role) == Some(&key.public()),
            "this key is not that of {} in these cases: it was not there when they were started",
            key.role
        );
        if let Some(last) = self.steps.last().filter(|last| at < last.at) {
            bail!("the moment {at} lies before the last step recorded ({}): no step is dated back", last.at);
        }
        let body = Body {
            index: self.steps.len() as u64,
            previous: case::hex(&self.last),
            at: at.to_string(),
            key: hex(key.public().as_bytes()),
            fields: case::fields(&key.role, of, &what),
        };
        let signature = key.sign(&[SIGNED, &serde_json::to_vec(&body)?].concat());
        let line = serde_json::to_string(&Line { signed: body, signature: hex(&signature.to_bytes()) })?;
        let step = Step {
            id: sha256(&[line.as_bytes()]),
            index: self.steps.len() as u64,
            at,
            by: key.role.clone(),
            case: of,
            what,
        };
        Ok((step, line))
    }

    /// Appends a signed step. When this returns, it is on the disk.
    ///
    /// # Errors
    /// When another program wrote meanwhile, or the disk refuses.
    pub(super) fn append(&mut self, step: Step, line: &str) -> Result<()> {
        let _lock = Lock::take(&self.folder)?;
        let path = self.folder.join("steps.jsonl");
        let again = Self::read(&self.folder)?;
        ensure!(
            again.last == self.last,
            "somebody else took a step meanwhile: look at the case again, then repeat"
        );
        let mut file = OpenOptions::new()
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        let written = (|| {
            file.set_len(self.length)?;
            std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0))?;
            file.write_all(format!("{line}\n").as_bytes())?;
            file.sync_all()
        })();
        written.with_context(|| format!("the step was not taken: {} cannot be written", path.display()))?;
        self.length += line.len() as u64 + 1;
        self.keep(step, line);
        Ok(())
    }

    /// The line of a step, byte for byte.
    pub(super) fn line(&self, step: Id) -> Option<&str> {
        self.lines.get(&step).map(String::as_str)
    }

    /// The moment of the last step: how far the journal knows.
    pub(super) fn latest(&self) -> Option<Time> {
        self.steps.last().map(|step| step.at)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    salt: String,
    words: String,
}

fn verifying(key: &str) -> Option<VerifyingKey> {
    let bytes: [u8; 32] = bytes_of_hex(key)?.try_into().ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}

/// Writes a file so that it is whole or not there, also after the power failed.
pub(super) fn durable(path: &Path, bytes: &[u8]) -> Result<()> {
    let half = path.with_extension("part");
    let written = (|| {
        let mut file = File::create(&half)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&half, path)?;
        match path.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    })();
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// One writer at a time.
struct Lock(PathBuf);

impl Lock {
    fn take(folder: &Path) -> Result<Self> {
        let path = folder.join("writing");
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(_) => Ok(Self(path)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(
                "another step is being written: try again. If no program is at work on these cases, one was cut off: remove {}",
                path.display()
            ),
            Err(error) => bail!("cannot write in {}: {error}", folder.display()),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // If it stays, the next step says what to do.
        let _ = fs::remove_file(&self.0);
    }
}
