//! What can go wrong with a record, in words for whoever keeps it.

use std::fmt;
use std::io;

/// Why the record did not do what was asked.
#[derive(Debug)]
pub enum Error {
    /// The disk refused.
    Storage {
        /// What was being done.
        doing: &'static str,
        /// The file, relative to the record's folder.
        file: String,
        /// What the system said.
        why: io::Error,
    },
    /// A write or a sync failed before: what is on the disk is not known, so nothing is written or signed any more.
    Stopped(String),
    /// Another process writes this record.
    Locked,
    /// Bytes on the disk are not what was recorded.
    Damaged {
        /// The file, relative to the record's folder.
        file: String,
        /// The first leaf concerned, if it is known.
        leaf: Option<u64>,
        /// What does not check.
        what: String,
    },
    /// A witness or mirror has seen more than the disk holds, or another history.
    PeerDisagrees {
        /// Who.
        peer: String,
        /// What they hold and we do not.
        what: String,
    },
    /// Witnesses and mirrors are named and none answers.
    NobodyAnswers(Vec<String>),
    /// So many witnesses are silent that, together, they could have vouched for a newer head.
    TooFewAnswer(Vec<String>),
    /// Witnesses or mirrors that vouched for this log are named no more.
    FewerVouch(Vec<String>),
    /// The persons of whom two may override are others than the record knows.
    OtherPersons,
    /// The keys for which parts are wrapped are others than the record knows, for these roles.
    OtherRoles(Vec<String>),
    /// An override was signed, and no person was named before this start who could.
    NoPersons(Box<Error>),
    /// A request that makes no sense: what, and what to do.
    Asked(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Storage { doing, file, why } => {
                write!(
                    f,
                    "{doing} {file} failed: {why}. Nothing was acknowledged; look to the disk, then start again"
                )
            }
            Error::Stopped(why) => write!(
                f,
                "the record has stopped: {why}. What is on the disk is not known, so nothing more is written or signed; \
                 look to the disk, then start again"
            ),
            Error::Locked => write!(
                f,
                "another process writes this record (it holds the lock on the file `record`); two writers would make two histories. \
                 End the other one first"
            ),
            Error::Damaged { file, leaf, what } => {
                write!(f, "{file}")?;
                if let Some(leaf) = leaf {
                    write!(f, ", leaf {leaf}")?;
                }
                let copy = match file.split('/').next().unwrap_or_default() {
                    "tile" => {
                        "Where the files of `log` are whole, the next command that writes makes it again, once the file \
                         `snapshot` is removed; where they are not, `record restore` makes them whole from a mirror"
                    }
                    "checkpoint" | "log" => {
                        "`record restore` makes it whole again from a mirror that was filled after this was written, or, with \
                         --from and the record's own folder, from its own tiles if these are whole"
                    }
                    "vault" => {
                        "Restore this file from a copy of the vault that was kept apart: no mirror has it. Without one \
                         the leaves still prove that something was said and when, what it was is lost, and `record lost` \
                         declares it so that the record goes on"
                    }
                    "record" => {
                        "It is three lines: `truceline record 1`, `origin` and the log's name, `segment` and how many \
                         leaves a file of them has (65536 unless told otherwise)"
                    }
                    "sources" => {
                        "Restore this file from the newest copy that was kept apart: no mirror has it. Without one this \
                         log can be read and proved, and is ended as docs/keys.md says"
                    }
                    "queue" if file.ends_with("/intent") => {
                        "It says how much of the last beat was said, so that nothing is said twice. Lay it aside and start again: \
                         what waits in the files beside it is said then from their beginning, some of it for the second time; \
                         nothing is lost"
                    }
                    _ => "Restore this file from a copy that was kept apart: no mirror has it",
                };
                write!(f, ": {what}. {copy}; keep the damaged one for whoever asks why")
            }
            Error::PeerDisagrees { peer, what } => write!(
                f,
                "{peer} {what}. Signing now would show two histories. If this disk was restored from an older copy, \
                 put the newest copies of the vault and of the list of sources in their place, and call \
                 `record restore` with a mirror"
            ),
            Error::NobodyAnswers(peers) => write!(
                f,
                "none of {} answers, so it cannot be known that this disk is the newest. Reach one of them, or let two \
                 named persons sign an override",
                peers.join(", ")
            ),
            Error::TooFewAnswer(silent) => write!(
                f,
                "{} cannot be asked, and may have vouched for a newer head than this disk has: as many as they are make a \
                 quorum. Reach more of them, or let two named persons sign an override",
                silent.join(", ")
            ),
            Error::OtherPersons => write!(
                f,
                "the file `persons` names others than this record knows: who may override is not for whoever edits a file to \
                 say. Put the file back, or let two of those named before sign an override"
            ),
            Error::FewerVouch(gone) => write!(
                f,
                "vouching for this log were, and in `policy` and `mirrors` are no more: {}. Nobody could say whether this disk \
                 is the newest. Name them again as they were (another may be named beside), or let two named persons sign an \
                 override",
                gone.join(", ")
            ),
            Error::OtherRoles(roles) => write!(
                f,
                "the public keys of the roles {} in the folder of keys are others than this record knows: what comes would \
                 open to whoever has the new ones, and to those roles no more. Put the files `roles/NAME.pub` back, or let two \
                 named persons sign an override",
                roles.join(", ")
            ),
            Error::NoPersons(objection) => write!(
                f,
                "{objection}. The override does not count: this record knows no persons who may sign one. They are named by \
                 `persons` at a start to which nobody objects; those who are named later cannot let an older disk go on"
            ),
            Error::Asked(what) => write!(f, "{what}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Storage { why, .. } => Some(why),
            _ => None,
        }
    }
}

/// Says which file an error of the disk is about.
pub(crate) trait Context<T> {
    fn context(self, doing: &'static str, file: impl Into<String>) -> Result<T, Error>;
}

impl<T> Context<T> for io::Result<T> {
    fn context(self, doing: &'static str, file: impl Into<String>) -> Result<T, Error> {
        self.map_err(|why| Error::Storage { doing, file: file.into(), why })
    }
}
