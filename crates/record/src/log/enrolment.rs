//! Who may say something: keys of sources, enrolled and revoked by leaves of the hub.

use super::Record;
use crate::error::Error;
use crate::sources::{LABELS, OUTSIDE, Quota, Registry, Source};
use std::sync::PoisonError;
use verify::Hash;
use verify::field::{Field, Value};
use verify::key::Certificate;
use verify::leaf::{Kind, Statement};

impl Record {
    /// Enrols a source, or its key of the next epoch; the key change is a leaf. `root` is the mission's root key, which
    /// certifies first keys; a later key is certified by the one before it.
    ///
    /// # Errors
    /// If the certificate is not signed by that key, or the disk refuses. Enrolling the same key again does nothing.
    pub fn enrol(&self, certificate: &Certificate, quota: Quota, root: &Hash) -> Result<(), Error> {
        certificate.verify().map_err(|refusal| Error::Asked(refusal.what))?;
        if certificate.source.as_str() == "hub" {
            return Err(Error::Asked("`hub` is the record's own voice: name the source otherwise".into()));
        }
        if LABELS.contains(&certificate.source.as_str()) {
            return Err(Error::Asked(format!(
                "`{}` is a word of the list of sources: name the source otherwise",
                certificate.source
            )));
        }
        let source = Source::of(certificate, quota);
        let _floor = self.floor()?;
        let pseudonym = verify::leaf::pseudonym(&source.public);
        {
            let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
            match registry.by_pseudonym.get(&pseudonym) {
                None => {}
                Some(known) if known.name == source.name && known.epoch == source.epoch => return Ok(()),
                Some(known) => {
                    return Err(Error::Asked(format!(
                        "this key is enrolled as that of `{}` for epoch {} already; make another one",
                        known.name, known.epoch
                    )));
                }
            }
            let known = registry.by_pseudonym.values();
            let before = known.filter(|known| {
                known.name == source.name && known.epoch.checked_add(1) == Some(source.epoch)
            });
            let by: Vec<Hash> = match source.epoch {
                0 => vec![*root],
                _ => before.filter(|known| known.revoked.is_none()).map(|known| known.public).collect(),
            };
            // A first key beside another would be a second voice under one name, and no epoch would tell them apart.
            if let Some(known) = registry
                .by_pseudonym
                .values()
                .find(|known| known.name == source.name && known.epoch == source.epoch)
            {
                return Err(Error::Asked(format!(
                    "`{}` has another key for epoch {} already{}; certify the key of its next epoch by the one before, or name \
                     the source otherwise",
                    known.name,
                    known.epoch,
                    if known.revoked.is_some() { ", which was revoked" } else { "" }
                )));
            }
            if !by.contains(&certificate.by) {
                return Err(Error::Asked(format!(
                    "the key of `{}` for epoch {} is not certified by {}",
                    source.name,
                    source.epoch,
                    if source.epoch == 0 { "the mission's root key" } else { "its key of the epoch before" }
                )));
            }
        }
        self.say_key_change(certificate, quota, |registry| {
            registry.by_pseudonym.insert(pseudonym, source);
            registry.owed.push(certificate.clone());
        })
    }

    /// Revokes a key: nothing more is taken of it, and a leaf says from which index on it is not to be believed.
    /// Returns that index. A key that is revoked already stays so from the same leaf on.
    ///
    /// # Errors
    /// If no such key is enrolled, it is the hub's own, or the disk refuses.
    pub fn revoke(&self, pseudonym: &Hash) -> Result<u64, Error> {
        // What a crash cut short is said first: then no revocation is without its leaf.
        let _floor = self.floor()?;
        let revoked = {
            let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
            if registry.hub == *pseudonym {
                return Err(Error::Asked(
                    "the hub's own key cannot be revoked: nothing could be said any more, not even that. If others may have \
                     it, end the log as docs/keys.md says"
                        .into(),
                ));
            }
            registry.by_pseudonym.get(pseudonym).and_then(|source| source.revoked)
        };
        match revoked {
            Some(index) => Ok(index),
            None => self.say_revocation(pseudonym),
        }
    }

    pub(super) fn say_key_change(
        &self,
        certificate: &Certificate,
        quota: Quota,
        change: impl FnOnce(&mut Registry),
    ) -> Result<(), Error> {
        let fields = certificate.fields().map_err(|refusal| Error::Asked(refusal.what))?;
        // With the name and the key of a post, the log, which both parties hold, would tell them when it had much to say.
        let everyone = quota == Quota::NONE;
        let hears = |role: &str| everyone || !OUTSIDE.contains(&role);
        self.say_to(&hears, Statement::new(Kind::KeyChange, fields), None, change)?;
        let (mut writer, mut registry) = self.writer_and_registry();
        registry.owed.retain(|owed| owed != certificate);
        writer.guard(registry.write(self.disk.as_ref(), &self.keys.ed25519))
    }

    pub(super) fn say_revocation(&self, pseudonym: &Hash) -> Result<u64, Error> {
        let unknown =
            || Error::Asked("no key of this pseudonym is enrolled; there is nothing to revoke".into());
        let public = {
            let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
            registry.by_pseudonym.get(pseudonym).ok_or_else(unknown)?.public
        };
        let fields = vec![
            Field::new("key.public", Value::hash(public)).map_err(|refusal| Error::Asked(refusal.what))?,
        ];
        // First the refusal, durably, then the leaf: a power cut between them leaves the key refused.
        let refuse = |registry: &mut Registry| {
            registry.by_pseudonym.entry(*pseudonym).and_modify(Source::pending_revocation);
        };
        let index = self.say(Statement::new(Kind::Revocation, fields), None, refuse)?;
        let (mut writer, mut registry) = self.writer_and_registry();
        registry.by_pseudonym.get_mut(pseudonym).ok_or_else(unknown)?.revoked = Some(index);
        writer.guard(registry.write(self.disk.as_ref(), &self.keys.ed25519))?;
        Ok(index)
    }
}
