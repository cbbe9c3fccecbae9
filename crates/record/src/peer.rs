//! Those who have seen our heads: witnesses and mirrors. Asked at every start, so that a disk restored from an old copy,
//! or a second writer, is found out before it signs another history.

use crate::error::Error;
use std::collections::BTreeSet;
use verify::Hash;
use verify::checkpoint::Checkpoint;
use verify::note::{Note, VerifierKey};
use verify::policy::Policy;

/// What a peer knows of this log.
#[derive(Debug, Clone)]
pub enum Known {
    /// The newest head that it holds.
    Head(Note),
    /// It was never asked before, and holds none.
    Nothing,
    /// It says that it saw so many leaves, more than the head on this disk has, and shows no head that the log signed.
    More(u64),
}

/// A witness or mirror of this log.
pub trait Peer: Send + Sync {
    /// Its name, for messages.
    fn name(&self) -> String;
    /// What it knows of this log.
    ///
    /// # Errors
    /// Why it does not answer. A peer that must know something and shows nothing does not answer: an empty folder where
    /// a mirror's disk is not mounted tells nothing.
    fn latest(&self) -> Result<Known, String>;
}

/// The first line of an override.
pub const OVERRIDE_HEADER: &str = "truceline-override/v1";

/// What two persons sign to let a log go on although none of its witnesses and mirrors answers, or although one knows
/// another head. It names the head on the disk, so that it serves once.
#[must_use]
pub fn override_text(origin: &str, size: u64, root: &Hash) -> String {
    format!("{OVERRIDE_HEADER}\norigin {origin}\nsize {size}\nroot {}\n", verify::text::base64(root))
}

/// What the peers said at the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Peers {
    /// Who answered with a head that fits.
    pub agree: Vec<String>,
    /// Who did not answer, or with nothing that this log signed, and why.
    pub silent: Vec<(String, String)>,
    /// Two persons let the log go on.
    pub overridden: bool,
    /// Did any of them show a head that this log signed, and that fits?
    pub shown: bool,
}

/// Asks all peers. `keys` are the log's own; `policy` says whose word counts together; `root_at` gives the root of the first so many leaves on the disk.
pub(crate) fn ask(
    peers: &[Box<dyn Peer>],
    keys: &[VerifierKey],
    policy: Option<&Policy>,
    size: u64,
    root_at: impl Fn(u64) -> Result<Hash, Error>,
) -> Result<(Peers, Option<Error>), Error> {
    let mut said = Peers::default();
    let mut objection = None;
    let mut more = Vec::new();
    for peer in peers {
        let name = peer.name();
        let head = match peer.latest() {
            Err(why) => {
                said.silent.push((name, why));
                continue;
            }
            Ok(Known::Nothing) => {
                said.agree.push(name);
                continue;
            }
            Ok(Known::More(seen)) => {
                let why =
                    format!("it says that it saw {seen} leaves, and shows no head; this disk holds {size}");
                said.silent.push((name.clone(), why));
                more.push(name);
                continue;
            }
            Ok(Known::Head(head)) => head,
        };
        // A party's witness must not be able to stall the log: only a head that this log signed counts.
        let signed = keys.iter().find_map(|key| Checkpoint::open(&head, key).ok());
        let Some(theirs) = signed else {
            said.silent.push((name, "it shows a head that this log did not sign".into()));
            continue;
        };
        if theirs.size > size {
            let what = format!("has seen {} leaves of this log; this disk holds {size}", theirs.size);
            objection = objection.or(Some(Error::PeerDisagrees { peer: name, what }));
        } else if root_at(theirs.size)? != theirs.root {
            let what = format!(
                "has seen another root over the first {} leaves of this log than this disk holds",
                theirs.size
            );
            objection = objection.or(Some(Error::PeerDisagrees { peer: name, what }));
        } else {
            said.agree.push(name);
            said.shown = true;
        }
    }
    // One alone could stall the log by a lie. So many that a head with their word would count are believed.
    let together: Vec<&str> = more.iter().map(String::as_str).collect();
    if policy.is_some_and(|policy| policy.asks_for_witnesses() && policy.quorum_of(&together)) {
        let what = format!("say that they saw more leaves of this log than the {size} that this disk holds");
        objection = objection.or(Some(Error::PeerDisagrees { peer: more.join(" and "), what }));
    }
    let silent = || said.silent.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    // A newer head may be with those who are silent alone, if they are enough for one.
    let could_vouch = |policy: &Policy| {
        let names = silent();
        policy.asks_for_witnesses() && policy.quorum_of(&names.iter().map(String::as_str).collect::<Vec<_>>())
    };
    if objection.is_none() && !said.agree.is_empty() && policy.is_some_and(could_vouch) {
        objection = Some(Error::TooFewAnswer(silent()));
    }
    if objection.is_none() && said.agree.is_empty() && !peers.is_empty() {
        objection = Some(Error::NobodyAnswers(silent()));
    }
    Ok((said, objection))
}

/// Whether the notes are the override for this head, signed by two different persons of those named.
pub(crate) fn overridden(notes: &[Note], persons: &[VerifierKey], text: &str) -> bool {
    let mut signed = BTreeSet::new();
    for (at, person) in persons.iter().enumerate() {
        // The same key under two names is one person.
        let first = persons.iter().position(|other| other.public() == person.public()).unwrap_or(at);
        let by = |note: &&Note| note.text == text && matches!(note.signed_by(person), Ok(Some(_)));
        if notes.iter().find(by).is_some() {
            signed.insert(first);
        }
    }
    signed.len() >= 2
}
