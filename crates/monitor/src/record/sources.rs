//! Keys of sources: made, certified, enrolled, changed, revoked. What each step means is in docs/keys.md.

use super::keep::Place;
use super::keys::KeyFolder;
use super::peers;
use anyhow::{Context as _, Result, bail};
use record::Record;
use record::entropy::{Entropy as _, SystemEntropy};
use record::rhythm::Beat;
use record::sources::{Quota, Source};
use std::path::Path;
use verify::Hash;
use verify::field::Token;
use verify::key::Certificate;
use verify::keys::Keys;
use verify::note::{Algorithm, Note, SignerKey};
use zeroize::Zeroizing;

fn token(name: &str) -> Result<Token> {
    Token::new(name).map_err(|refusal| anyhow::anyhow!(refusal.what))
}

/// Makes the key of a source in a file of its own; gives its public half in hexadecimal.
///
/// # Errors
/// If the file is there, or cannot be written.
pub fn new_key(file: &Path) -> Result<String> {
    let seed = Zeroizing::new(SystemEntropy.bytes32());
    let line = Zeroizing::new(format!("{}\n", verify::text::hex(&*seed)));
    super::keys::write_secret(file, &line)?;
    Ok(verify::text::hex(&KeyFolder::source_in(file)?.public()))
}

/// Makes the key with which a person signs overrides; gives the line for the file `persons`.
///
/// # Errors
/// If the name is none, or the file is there or cannot be written.
pub fn new_person(file: &Path, name: &str) -> Result<String> {
    let key = SignerKey::from_seed(name, Algorithm::Ed25519, &SystemEntropy.bytes32())
        .map_err(|refusal| anyhow::anyhow!("`{name}` cannot be the name of a key: {}", refusal.what))?;
    super::keys::write_secret(file, &Zeroizing::new(format!("{}\n", *key.encode())))?;
    Ok(key.verifier().to_string())
}

/// A person's signature under an override.
///
/// # Errors
/// If the text is no override, or the key cannot be read.
pub fn sign_override(text: &str, key: &Path) -> Result<Note> {
    if !text.starts_with(record::peer::OVERRIDE_HEADER) {
        bail!("this is no override: its first line is not {}", record::peer::OVERRIDE_HEADER);
    }
    let line = std::fs::read_to_string(key).map(Zeroizing::new);
    let line = line.with_context(|| format!("cannot read the key {}", key.display()))?;
    let key = SignerKey::parse(line.trim())
        .map_err(|refusal| anyhow::anyhow!("{}: {}", key.display(), refusal.what))?;
    Note::sign(text, &[&key], 0).map_err(|refusal| anyhow::anyhow!(refusal.what))
}

/// Certifies a source's key of an epoch: with the mission's root key the first, with the key before it any other. The
/// certificate is a line of a file of keys.
///
/// # Errors
/// If a name or key is none.
pub fn certify(by: &Path, source: &str, epoch: u32, public: &str) -> Result<Keys> {
    let public = verify::text::from_hex(public.trim()).and_then(|bytes| Hash::try_from(bytes).ok());
    let public = public.context("a public key has 64 hexadecimal digits")?;
    let certificate = KeyFolder::source_in(by)?.certify(&token(source)?, epoch, &public);
    Ok(Keys { certificates: vec![certificate], ..Keys::default() })
}

/// Reads a certificate as [`certify`] prints it.
fn certificate(text: &str) -> Result<Certificate> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let wrong =
        || anyhow::anyhow!("this is no certificate: a line `key SOURCE EPOCH KEY BY SIGNATURE` is expected");
    let ["key", source, epoch, public, by, signature] = words.as_slice() else { return Err(wrong()) };
    let hash = |word: &str| verify::text::hash_from_base64(word).ok_or_else(wrong);
    let signature = verify::text::from_base64(signature).and_then(|bytes| bytes.try_into().ok());
    Ok(Certificate {
        source: token(source)?,
        epoch: verify::text::decimal(epoch).and_then(|n| u32::try_from(n).ok()).ok_or_else(wrong)?,
        public: hash(public)?,
        by: hash(by)?,
        signature: signature.ok_or_else(wrong)?,
    })
}

/// Enrols a source by its certificate. The key change is a leaf, under a head when this returns.
///
/// # Errors
/// If the certificate does not lead to the root key or the key before, or the disk refuses.
pub fn enrol(place: &Place, text: &str, quota: Quota) -> Result<Certificate> {
    let certificate = certificate(text)?;
    let record = place.open()?;
    record.enrol(&certificate, quota, &place.keys.root()?)?;
    peers::checkpoint(&record, &place.dir)?;
    Ok(certificate)
}

/// Gives a source whose key lies in the folder of keys its key of the next epoch, certified by the one before, which is
/// gone then. Gives the new epoch.
///
/// # Errors
/// If the source has no key here or is revoked, or the disk refuses. What is cut short goes on with the next call.
pub fn rotate(place: &Place, name: &str) -> Result<u32> {
    if ["log", "hub", "root"].contains(&name) {
        bail!("the key `{name}` is for life: docs/keys.md says how a log ends and another begins");
    }
    let record = place.open()?;
    let known = |public: &Hash| {
        record.sources().into_iter().map(|(_, source)| source).find(|it| it.public == *public)
    };
    let key = place.keys.source(name)?;
    let old = known(&key.public()).with_context(|| {
        format!("the key `{name}` is not enrolled in this record: there is nothing to change")
    })?;
    let next = place.keys.next(name, place.entropy.as_ref())?;
    let epoch = old.epoch.checked_add(1).context("there is no epoch after this one")?;
    let certificate = key.certify(&old.name, epoch, &next.public());
    record.enrol(&certificate, old.quota, &place.keys.root()?)?;
    place.keys.replace(name)?;
    peers::checkpoint(&record, &place.dir)?;
    Ok(epoch)
}

/// Revokes a source's key of an epoch, of the newest unless told. Gives the epoch, and the leaf behind which nothing of
/// that key is to be believed.
///
/// # Errors
/// If no such key is enrolled, or the disk refuses.
pub fn revoke(place: &Place, name: &str, epoch: Option<u32>) -> Result<(u32, u64)> {
    if name == "hub" {
        bail!(
            "the hub's own key cannot be revoked: nothing could be said any more, not even that. If others may have it, end the \
             log as docs/keys.md says"
        );
    }
    let record = place.open()?;
    let of = |(_, source): &(Hash, Source)| {
        source.name.as_str() == name && epoch.is_none_or(|epoch| source.epoch == epoch)
    };
    let newest = record.sources().into_iter().filter(of).max_by_key(|(_, source)| source.epoch);
    let Some((pseudonym, source)) = newest else {
        bail!("no key of `{name}` is enrolled; `truceline record sources` lists those that are");
    };
    // What a crash cut short is finished.
    if let Some(index) = source.revoked.filter(|_| !source.owes_revocation()) {
        bail!("the key of `{name}` for epoch {} was revoked by leaf {index} already", source.epoch);
    }
    let index = record.revoke(&pseudonym)?;
    peers::checkpoint(&record, &place.dir)?;
    Ok((source.epoch, index))
}

/// Names the sources that may not say as much as the rhythm asks of them: the log would refuse their beats as a flood.
pub fn warn_of_small_quotas(record: &Record, beat: Beat) {
    let leaves = u64::try_from(beat.leaves).unwrap_or(u64::MAX);
    let (micros, minute) = (u64::try_from(beat.every).unwrap_or(u64::MAX), 60_000_000);
    for (_, Source { name, epoch, quota, revoked, .. }) in record.sources() {
        let a_minute = leaves.saturating_mul(minute).div_ceil(micros.max(1));
        let enough = u64::from(quota.burst) >= leaves && u64::from(quota.per_minute) >= a_minute;
        if revoked.is_none() && !enough {
            eprintln!(
                "{name} epoch {epoch} may say {} leaves at once and {} a minute, and the rhythm asks for {leaves} and \
                 {a_minute}: beats of it will be refused as a flood. Enrol its next key with more (`--burst`, `--per-minute`)",
                quota.burst, quota.per_minute
            );
        }
    }
}

/// The sources of a record, a line each.
///
/// # Errors
/// If the record cannot be opened.
pub fn list(place: &Place) -> Result<String> {
    let mut sources = place.open()?.sources();
    sources.sort_by(|(_, a), (_, b)| (&a.name, a.epoch).cmp(&(&b.name, b.epoch)));
    let line = |(pseudonym, source): &(Hash, Source)| {
        let quota = match source.quota {
            Quota::NONE => "without bound".to_string(),
            Quota { burst, per_minute } => format!("{burst} at once, {per_minute} a minute"),
        };
        let revoked = match source.revoked {
            None => String::new(),
            Some(_) if source.owes_revocation() => {
                ", revoked; the leaf that says so is still to come".to_string()
            }
            Some(index) => format!(", revoked by leaf {index}"),
        };
        format!(
            "{} epoch {}: pseudonym {}, {quota}{revoked}\n",
            source.name,
            source.epoch,
            verify::text::hex(pseudonym)
        )
    };
    Ok(sources.iter().map(line).collect())
}
