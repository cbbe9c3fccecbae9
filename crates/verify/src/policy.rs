//! Which logs and witnesses are trusted, and how many must agree (c2sp.org/tlog-policy).

use crate::checkpoint::Checkpoint;
use crate::note::{Algorithm, Note, VerifierKey};
use crate::{Refusal, text};
use std::collections::HashSet;

/// Bytes of a policy file, at most.
pub const POLICY_MAX: usize = 1 << 20;
/// Logs, witnesses and groups, at most, each. (The specification asks for 32 or more.)
pub const LINES_MAX: usize = 256;

/// A log that may sign checkpoints.
#[derive(Clone, Debug)]
pub struct Log {
    /// Its key; the name of the key is the origin of the log.
    pub key: VerifierKey,
    /// Where it is, as the file says.
    pub url: Option<String>,
}

/// A witness.
#[derive(Clone, Debug)]
pub struct Witness {
    /// Its name in this file.
    pub name: String,
    /// Its key.
    pub key: VerifierKey,
    /// Where it is, as the file says.
    pub url: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum Member {
    Witness(usize),
    Group(usize),
}

#[derive(Clone, Debug)]
struct Group {
    name: String,
    least: usize,
    members: Vec<Member>,
}

/// A policy.
#[derive(Clone, Debug)]
pub struct Policy {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    /// `None`: no cosignature is asked for.
    quorum: Option<Member>,
}

/// Who vouches for a checkpoint that a policy accepts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vouched {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The kinds of signature by which the log itself signed.
    pub log: Vec<Algorithm>,
    /// Witnesses that cosigned, by their name in the policy, with the time that each gave (POSIX seconds), in the
    /// order of the file.
    pub witnesses: Vec<(String, Option<u64>)>,
    /// Witnesses of the policy whose cosignature is missing. A missing cosignature is shown, never hidden.
    pub missing: Vec<String>,
    /// The earliest time by which a quorum had cosigned: the checkpoint is not younger. `None` when the policy asks
    /// for no witness, or too few of them gave a time.
    pub not_after: Option<u64>,
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// [`crate::Means::Unreadable`], with the line.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > POLICY_MAX {
            return Err(Refusal::unreadable(format!(
                "a policy of {} bytes; at most {POLICY_MAX} are read",
                bytes.len()
            )));
        }
        if let Some(at) = bytes.iter().position(|b| !matches!(b, b'\t' | b'\n' | 0x20..=0x7e | 0x80..)) {
            let line = bytes[..at].iter().filter(|b| **b == b'\n').count() + 1;
            return Err(Refusal::unreadable(format!("line {line} of the policy holds a control character")));
        }
        // The specification lets names be any octets; we ask for UTF-8, which it recommends, so that we can show them.
        let policy = str::from_utf8(bytes).map_err(|_| Refusal::unreadable("the policy is not UTF-8"))?;
        let mut reading = Reading::default();
        for (number, line) in policy.split('\n').enumerate() {
            reading
                .line(line)
                .map_err(|why| Refusal::unreadable(format!("line {} of the policy: {why}", number + 1)))?;
        }
        let Reading { logs, witnesses, groups, quorum, .. } = reading;
        let quorum = quorum.ok_or_else(|| {
            Refusal::unreadable(
                "the policy has no line `quorum`; write `quorum none` if no witness is asked for",
            )
        })?;
        Ok(Self { logs, witnesses, groups, quorum })
    }

    /// The logs, in the order of the file.
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// The witnesses, in the order of the file.
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// Does the policy ask for any witness at all?
    pub fn asks_for_witnesses(&self) -> bool {
        self.quorum.is_some()
    }

    /// Is the quorum met by these witnesses (true or false for each, in the order of the file)?
    fn met(&self, cosigned: &[bool]) -> bool {
        // A group names only what stands before it: one pass in the order of the file settles all.
        let mut groups: Vec<bool> = Vec::with_capacity(self.groups.len());
        let holds = |member: &Member, groups: &[bool]| match member {
            Member::Witness(index) => cosigned.get(*index).copied().unwrap_or(false),
            Member::Group(index) => groups.get(*index).copied().unwrap_or(false),
        };
        for group in &self.groups {
            let count = group.members.iter().filter(|member| holds(member, &groups)).count();
            groups.push(count >= group.least);
        }
        self.quorum.is_none_or(|quorum| holds(&quorum, &groups))
    }

    /// Is the quorum met by the witnesses with these names?
    pub fn quorum_of(&self, names: &[&str]) -> bool {
        let cosigned: Vec<_> =
            self.witnesses.iter().map(|witness| names.contains(&witness.name.as_str())).collect();
        self.met(&cosigned)
    }

    /// Checks a checkpoint: signed by a log of the policy, and cosigned by a quorum.
    ///
    /// Signatures of keys that the policy does not name are ignored, as c2sp.org/signed-note asks; a false signature
    /// under the name of a known key condemns the whole note.
    ///
    /// # Errors
    /// What is missing or false.
    pub fn check(&self, note: &Note) -> Result<Vouched, Refusal> {
        let checkpoint = Checkpoint::of_note(note)?;
        let mut log = Vec::new();
        for known in self.logs.iter().filter(|known| known.key.name() == checkpoint.origin) {
            if note.signed_by(&known.key)?.is_some() {
                log.push(known.key.algorithm());
            }
        }
        if log.is_empty() {
            return Err(Refusal::untrusted(format!(
                "the checkpoint of `{}` is not signed by a log that the policy names",
                text::shown(&checkpoint.origin)
            )));
        }
        let signed = self
            .witnesses
            .iter()
            .map(|witness| note.signed_by(&witness.key))
            .collect::<Result<Vec<_>, _>>()?;
        if !self.met(&signed.iter().map(Option::is_some).collect::<Vec<_>>()) {
            let names: Vec<_> = self
                .witnesses
                .iter()
                .zip(&signed)
                .filter(|(_, s)| s.is_some())
                .map(|(w, _)| w.name.as_str())
                .collect();
            let by = if names.is_empty() { "no witness".to_string() } else { names.join(", ") };
            return Err(Refusal::untrusted(format!(
                "the checkpoint of {} leaves is cosigned by {by}: that is not the quorum `{}` of the policy",
                checkpoint.size,
                self.quorum_name()
            )));
        }
        let not_after = self.quorum.and_then(|_| {
            let mut times: Vec<u64> = signed.iter().copied().flatten().flatten().collect();
            times.sort_unstable();
            times.into_iter().find(|by| {
                let until: Vec<_> =
                    signed.iter().map(|s| s.flatten().is_some_and(|time| time <= *by)).collect();
                self.met(&until)
            })
        });
        let mut vouched = Vouched { checkpoint, log, witnesses: Vec::new(), missing: Vec::new(), not_after };
        for (witness, time) in self.witnesses.iter().zip(&signed) {
            match time {
                Some(time) => vouched.witnesses.push((witness.name.clone(), *time)),
                None => vouched.missing.push(witness.name.clone()),
            }
        }
        Ok(vouched)
    }

    /// The checkpoint, if the log signed it itself after `time`, with that moment by its own clock: an ML-DSA-44 signature
    /// says when it was made.
    ///
    /// # Errors
    /// When it is not signed by a log of the policy, or a signature under the name of such a key is false.
    pub fn signed_after(&self, note: &Note, time: u64) -> Result<Option<(Checkpoint, u64)>, Refusal> {
        let checkpoint = Checkpoint::of_note(note)?;
        let mut latest = None;
        for known in self.logs.iter().filter(|known| known.key.name() == checkpoint.origin) {
            for signature in note.signatures.iter().filter(|signature| known.key.made(signature)) {
                latest = latest.max(known.key.verify(&note.text, signature)?);
            }
        }
        Ok(latest.filter(|signed| *signed > time).map(|signed| (checkpoint, signed)))
    }

    /// Has every quorum a witness in common with every other? Only then does what one quorum saw bind all others.
    pub fn quorums_intersect(&self) -> bool {
        // May two quorums without a common witness both be met in this part? Each witness serves one of them; a group
        // whose own part may meet both serves both. A member stands in one group only, so the parts are independent.
        let mut apart: Vec<bool> = Vec::with_capacity(self.groups.len());
        let both = |member: &Member, apart: &[bool]| match member {
            Member::Witness(_) => false,
            Member::Group(index) => apart.get(*index).copied().unwrap_or(false),
        };
        for group in &self.groups {
            let twice = group.members.iter().filter(|member| both(member, &apart)).count();
            let wanting = group.least.saturating_sub(twice);
            apart.push(2 * wanting <= group.members.len() - twice);
        }
        self.quorum.is_some_and(|quorum| !both(&quorum, &apart))
    }

    /// Had no quorum of witnesses, by their own clocks, cosigned a larger head than this until after `time`? Where two
    /// quorums need share no witness, nobody can tell: `None`.
    ///
    /// # Errors
    /// Those of [`Policy::check`].
    pub fn check_after(&self, note: &Note, time: u64) -> Result<Option<Vouched>, Refusal> {
        let vouched = self.check(note)?;
        // An earlier cosignature of the same witness on the same head does not take back a later one.
        let after = |witness: &Witness| {
            let mut made = note.signatures.iter().filter(|signature| witness.key.made(signature));
            made.any(|one| matches!(witness.key.verify(&note.text, one), Ok(Some(at)) if at > time))
        };
        let later: Vec<bool> = self.witnesses.iter().map(after).collect();
        Ok((self.quorums_intersect() && self.met(&later)).then_some(vouched))
    }

    /// The name that the quorum line gives.
    pub fn quorum_name(&self) -> &str {
        match self.quorum {
            None => "none",
            Some(Member::Witness(index)) => self.witnesses.get(index).map_or("", |witness| &witness.name),
            Some(Member::Group(index)) => self.groups.get(index).map_or("", |group| &group.name),
        }
    }
}

#[derive(Default)]
struct Reading {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    quorum: Option<Option<Member>>,
    /// Members that a group has already.
    taken: HashSet<String>,
}

impl Reading {
    fn member(&self, name: &str) -> Option<Member> {
        let witness = self.witnesses.iter().position(|witness| witness.name == name).map(Member::Witness);
        witness.or_else(|| self.groups.iter().position(|group| group.name == name).map(Member::Group))
    }

    fn fresh(&self, name: &str) -> Result<String, String> {
        if name == "none" {
            Err("`none` is a name that the format keeps for itself".to_string())
        } else if self.member(name).is_some() {
            Err(format!("the name `{}` is used twice", text::shown(name)))
        } else {
            Ok(name.to_string())
        }
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let mut words = line.split([' ', '\t']).filter(|word| !word.is_empty());
        let Some(keyword) = words.next().filter(|word| !word.starts_with('#')) else {
            return Ok(());
        };
        let words: Vec<&str> = words.collect();
        if self.logs.len().max(self.witnesses.len()).max(self.groups.len()) >= LINES_MAX {
            return Err(format!("more than {LINES_MAX} logs, witnesses or groups"));
        }
        let key = |vkey: &str, roles: [Algorithm; 2], role: &str| {
            let key = VerifierKey::parse(vkey).map_err(|refusal| refusal.what)?;
            if roles.contains(&key.algorithm()) {
                Ok(key)
            } else {
                Err(format!("the key of `{}` is not of a kind for a {role}", key.name()))
            }
        };
        match (keyword, words.as_slice()) {
            ("log", [vkey, url @ ..]) if url.len() < 2 => {
                let key = key(vkey, [Algorithm::Ed25519, Algorithm::MlDsa44], "log")?;
                if self.logs.iter().any(|log| log.key.public() == key.public()) {
                    return Err("this log key stands twice".to_string());
                }
                self.logs.push(Log { key, url: url.first().map(ToString::to_string) });
            }
            ("witness", [name, vkey, url @ ..]) if url.len() < 2 => {
                let name = self.fresh(name)?;
                let key = key(vkey, [Algorithm::Cosignature, Algorithm::MlDsa44], "witness")?;
                if self.witnesses.iter().any(|witness| witness.key.public() == key.public()) {
                    return Err("this witness key stands twice".to_string());
                }
                self.witnesses.push(Witness { name, key, url: url.first().map(ToString::to_string) });
            }
            ("group", [name, least, names @ ..]) if !names.is_empty() => {
                let name = self.fresh(name)?;
                let mut members = Vec::new();
                for member in names {
                    let found = self.member(member);
                    members.push(found.ok_or_else(|| {
                        format!("`{}` is not a witness or group of an earlier line", text::shown(member))
                    })?);
                    if !self.taken.insert(member.to_string()) {
                        return Err(format!(
                            "`{}` is a member already, and may be one only once",
                            text::shown(member)
                        ));
                    }
                }
                let least = match *least {
                    "all" => members.len(),
                    "any" => 1,
                    number => text::decimal(number)
                        .and_then(|number| usize::try_from(number).ok())
                        .filter(|least| (1..=members.len()).contains(least))
                        .ok_or_else(|| {
                            format!(
                                "`{}` is not all, any, or a number from 1 to {}",
                                text::shown(number),
                                members.len()
                            )
                        })?,
                };
                self.groups.push(Group { name, least, members });
            }
            ("quorum", [name]) => {
                if self.quorum.is_some() {
                    return Err("a second line `quorum`".to_string());
                }
                self.quorum = Some(match *name {
                    "none" => None,
                    name => Some(self.member(name).ok_or_else(|| {
                        format!("`{}` is not a witness or group of an earlier line", text::shown(name))
                    })?),
                });
            }
            ("log" | "witness" | "group" | "quorum", _) => {
                return Err(format!("`{keyword}` has not the words it takes"));
            }
            _ => {
                return Err(format!("`{}` is not log, witness, group or quorum", text::shown(keyword)));
            }
        }
        Ok(())
    }
}
