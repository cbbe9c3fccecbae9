//! Who is named: those who vouch for the log, the persons of whom two may override, and the keys for which parts are wrapped.
//!
//! The files that name them are not signed, and whoever can edit one could name himself: one who vouches for an old copy, one
//! who overrides, one to whom everything opens. So the signed list of sources keeps who was named, and a start that names
//! others is an objection, which two of the persons **kept** may overrule. Who is named for the first time has no say in that
//! start.

use crate::error::Error;
use crate::log::Options;
use std::collections::{BTreeMap, BTreeSet};
use verify::Hash;

/// Who is named, in the files of a start or in the signed list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// Witnesses and mirrors, and where they are asked.
    pub(crate) vouching: BTreeSet<String>,
    /// Verifier keys of persons.
    pub(crate) persons: BTreeSet<String>,
    /// By role, the X25519 key for which its parts are wrapped.
    pub(crate) roles: BTreeMap<String, Hash>,
}

impl Named {
    /// Who is named at a start. Where nobody keeps files of who vouches, those `kept` stand.
    pub(crate) fn of(options: &Options, kept: &Named) -> Named {
        let (vouching, persons) = match &options.vouching {
            Some(vouching) => (vouching.clone(), options.persons.iter().map(ToString::to_string).collect()),
            None => (kept.vouching.clone(), kept.persons.clone()),
        };
        let roles = options.roles.iter().map(|role| (role.name.clone(), role.key)).collect();
        Named { vouching, persons, roles }
    }

    /// What speaks against going on with these, where those are `kept`. Who vouches may be named beside; none of the others.
    pub(crate) fn objection(&self, kept: &Named) -> Option<Error> {
        let gone: Vec<String> = kept.vouching.difference(&self.vouching).cloned().collect();
        let names: BTreeSet<&String> = self.roles.keys().chain(kept.roles.keys()).collect();
        let other = names.into_iter().filter(|name| self.roles.get(*name) != kept.roles.get(*name));
        let other: Vec<String> = other.cloned().collect();
        if !gone.is_empty() {
            Some(Error::FewerVouch(gone))
        } else if !kept.persons.is_empty() && kept.persons != self.persons {
            Some(Error::OtherPersons)
        } else if !kept.roles.is_empty() && !other.is_empty() {
            Some(Error::OtherRoles(other))
        } else {
            None
        }
    }

    /// As lines of the list.
    pub(crate) fn lines(&self) -> String {
        let vouching = self.vouching.iter().map(|name| format!("vouching {name}\n"));
        let persons = self.persons.iter().map(|key| format!("person {key}\n"));
        let roles = self.roles.iter().map(|(role, key)| format!("role {role} {}\n", verify::text::hex(key)));
        vouching.chain(persons).chain(roles).collect()
    }

    /// Takes a line of the list, of which the first word is `label`. `Some(false)`: it is not of these; `None`: it cannot be read.
    pub(crate) fn take(&mut self, label: &str, rest: &str) -> Option<bool> {
        match label {
            "vouching" => _ = self.vouching.insert(rest.to_owned()),
            "person" => _ = self.persons.insert(rest.to_owned()),
            "role" => {
                let (role, key) = rest.split_once(' ')?;
                self.roles.insert(role.to_owned(), verify::text::from_hex(key)?.try_into().ok()?);
            }
            _ => return Some(false),
        }
        Some(true)
    }
}
