//! What a person may type after `truceline record`, `recompute` and `export`.

use super::export::What;
use super::keep::Place;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use truce::time::{Date, Time};
use verify::field::Token;
use verify::resolution::{self, PlaceResolution};

/// Where the record is.
#[derive(Args, Clone, Debug)]
pub struct Where {
    /// The record's folder.
    pub record: PathBuf,
    /// The folder of its keys; without it, `keys` in the record's folder.
    #[arg(long)]
    pub keys: Option<PathBuf>,
}

impl Where {
    pub(super) fn place(&self) -> Place {
        Place::new(&self.record, self.keys.as_deref())
    }
}

/// Keep, check and serve the record: nothing lost, nothing altered.
#[derive(Subcommand, Debug)]
pub enum RecordCommand {
    /// Make a record and its keys.
    Init {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Name of the log, such as example.org/mission/hub-1: unlike any other, and for good.
        #[arg(long)]
        origin: String,
        /// No witness and no mirror will be named: nobody will see it if an old copy of this record is restored.
        #[arg(long)]
        alone: bool,
    },
    /// Write an agreement, a mission's files and a folder of observations into the record, without a report.
    Append {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Folder with terms.toml.
        #[arg(long)]
        agreement: PathBuf,
        /// Folder with files of observations.
        #[arg(long)]
        observations: PathBuf,
        /// Folder with mission.toml; without it, the mission for public data.
        #[arg(long)]
        mission: Option<PathBuf>,
        /// Write at the rhythm of the mission file, however long it takes: the log shows no busy hour.
        #[arg(long)]
        rhythm: bool,
    },
    /// Sign what you observed with your own key, hand it in at a record that is served elsewhere, and keep the receipts.
    Send {
        /// Folder with files of observations.
        #[arg(long)]
        observations: PathBuf,
        /// Folder with mission.toml; without it, the mission for public data.
        #[arg(long)]
        mission: Option<PathBuf>,
        /// Where the record is served, such as http://127.0.0.1:8470.
        #[arg(long)]
        to: String,
        /// File with your key; receipts go into a folder beside it that ends in .sent.
        #[arg(long)]
        key: PathBuf,
        /// File with the token of the record's door.
        #[arg(long)]
        token: PathBuf,
        /// File with the log's verifier keys (a record's keys/log.pub).
        #[arg(long)]
        log: PathBuf,
        /// The road is encrypted by something beside this program: a tunnel, or a proxy.
        #[arg(long)]
        encrypted_road: bool,
        /// Hand in so many leaves at each beat of the mission file's rhythm, heartbeats where there is nothing to say,
        /// and look for new files before each, until stopped: the log shows no busy hour of this source.
        #[arg(long)]
        rhythm: bool,
    },
    /// Make the key of a source, and print its public half.
    SourceKey {
        /// File for the key; must not be there yet.
        file: PathBuf,
    },
    /// Certify the key of a source: with the root key its first, with the key of the epoch before any other.
    Certify {
        /// File with the key that certifies.
        #[arg(long)]
        by: PathBuf,
        /// Name of the source, such as post-7.
        #[arg(long)]
        source: String,
        /// Epoch of the key.
        #[arg(long, default_value_t = 0)]
        epoch: u32,
        /// The public key, as `source-key` printed it.
        public: String,
    },
    /// Take a source's certified key into the record. The key change is a leaf.
    Enrol {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// File with the certificate, as `certify` printed it.
        certificate: PathBuf,
        /// Leaves that the source may write at once.
        #[arg(long, default_value_t = 1_000)]
        burst: u32,
        /// Leaves that it may write in a minute.
        #[arg(long, default_value_t = 600)]
        per_minute: u32,
    },
    /// Give a source whose key is in the folder of keys its key, and so its pseudonym, of the next epoch.
    Rotate {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Name of the key: `recorder`, or that of a role.
        source: String,
    },
    /// Take nothing more of a source's key, and write down from which leaf on it is not to be believed.
    Revoke {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Name of the source.
        source: String,
        /// Epoch of the key; without it, the newest.
        #[arg(long)]
        epoch: Option<u32>,
    },
    /// List the sources of a record: name, epoch, pseudonym, what each may write, and what was revoked.
    Sources {
        /// Where it is.
        #[command(flatten)]
        at: Where,
    },
    /// Make the key with which a person signs overrides, and print the line for the record's file `persons`.
    PersonKey {
        /// File for the key; must not be there yet.
        file: PathBuf,
        /// The person's name in notes, such as example.org/person-1.
        #[arg(long)]
        name: String,
    },
    /// Print what two persons must sign to let a record go on although its witnesses and mirrors do not agree or answer.
    Override {
        /// Where it is.
        #[command(flatten)]
        at: Where,
    },
    /// Sign an override as a person, and print the note: it goes into the record's folder `overrides`.
    SignOverride {
        /// File with the text that `override` printed.
        text: PathBuf,
        /// File with the person's key.
        #[arg(long)]
        key: PathBuf,
    },
    /// List who opened what that is not public, from the access log.
    Access {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Declare the access log lost, as it is damaged or gone and no copy has it: another begins with the next reading.
        #[arg(long, requires_all = ["by", "why"])]
        lost: bool,
        /// Role that declares it.
        #[arg(long, requires = "lost")]
        by: Option<String>,
        /// Why.
        #[arg(long, requires = "lost")]
        why: Option<String>,
    },
    /// Say what the vault holds past its time by the mission file; with --erase, erase it. The leaves stay.
    Expire {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Folder with mission.toml, whose [[record.keep]] says how long.
        #[arg(long)]
        mission: PathBuf,
        /// The moment asked for; without it, now.
        #[arg(long = "at", value_parser = crate::moment)]
        moment: Option<Time>,
        /// Erase it. This cannot be undone.
        #[arg(long)]
        erase: bool,
    },
    /// Sign a head over everything so far, and ask the witnesses that the record's policy names.
    Checkpoint {
        /// Where it is.
        #[command(flatten)]
        at: Where,
    },
    /// Write a proof that a leaf is in the record (c2sp.org/tlog-proof): anyone can check it offline.
    Prove {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Number of the leaf, from 0.
        #[arg(value_parser = leaf_number, allow_hyphen_values = true)]
        leaf: u64,
        /// File for the proof; without it, it is printed.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Serve heads and tiles (c2sp.org/tlog-tiles), and take entries from whoever has the token.
    Serve {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Address and port.
        #[arg(long, default_value = "127.0.0.1:8470")]
        listen: String,
        /// File with tokens for POST /add, a line each, one for each who hands in; without it, nothing is taken and the
        /// record is only read.
        #[arg(long)]
        token: Option<PathBuf>,
        /// Entries a second that are taken from each token.
        #[arg(long, default_value_t = 1_000)]
        rate: u32,
        /// KiB a second that are taken from each token; eight times as much at once.
        #[arg(long, default_value_t = 1_024)]
        kib: u32,
        /// Milliseconds between heads.
        #[arg(long, default_value_t = 1_000)]
        interval: u64,
        /// Folder with mission.toml: with a [record.rhythm] in it, entries wait for its beats, and heartbeats fill them.
        #[arg(long, requires = "token")]
        mission: Option<PathBuf>,
    },
    /// Be a witness for the logs of others (c2sp.org/tlog-witness): cosign what continues what was seen before.
    Witness {
        /// Folder for the key and the heads seen; the key is made if it is not there.
        folder: PathBuf,
        /// Name of the witness, for a new key.
        #[arg(long)]
        name: Option<String>,
        /// Files with verifier keys of logs, a line each (a record's keys/log.pub).
        #[arg(long = "log", required = true)]
        logs: Vec<PathBuf>,
        /// Address and port.
        #[arg(long, default_value = "127.0.0.1:8471")]
        listen: String,
    },
    /// Pull another log's tiles, check them, and keep them: a copy that can convict.
    Mirror {
        /// Folder of the mirror.
        mirror: PathBuf,
        /// Where the log is: a URL, or a folder such as on a USB stick.
        #[arg(long)]
        from: String,
        /// File with the log's verifier keys, a line each (a record's keys/log.pub).
        #[arg(long)]
        log: PathBuf,
        /// A record into which the mirrored heads go as leaves: a log of logs.
        #[arg(long)]
        into: Option<PathBuf>,
    },
    /// Make a damaged log whole again from a mirror: leaves, tiles and head; vault and sources are not in any.
    Restore {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Folder of the mirror; `record mirror` fills one from a URL.
        #[arg(long)]
        from: PathBuf,
    },
    /// Throw the index away and make it again from log and vault, for whoever holds the key of a monitor or analyst.
    RebuildIndex {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// File of the index; without it, index.sqlite in the record's folder.
        #[arg(long)]
        index: Option<PathBuf>,
        /// Who you are, for the access log; without it, the account on this machine.
        #[arg(long, value_parser = who)]
        who: Option<Token>,
    },
    /// List the leaves that speak of something, from the index, for whoever holds the key of a monitor or analyst.
    Find {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// From this moment on.
        #[arg(long, value_parser = crate::moment)]
        from: Option<Time>,
        /// Before this moment.
        #[arg(long, value_parser = crate::moment)]
        before: Option<Time>,
        /// In the cell of 10 km around this place: latitude and longitude in degrees, such as 48.5,37.9.
        #[arg(long, value_parser = cell, allow_hyphen_values = true)]
        near: Option<(i64, i64)>,
        /// Kind of the statement: observation, claim, batch, case, ...
        #[arg(long)]
        kind: Option<String>,
        /// What was observed: impulse, sighting, report, ...
        #[arg(long)]
        what: Option<String>,
        /// The source, as the mission file names it.
        #[arg(long)]
        source: Option<String>,
        /// File of the index; without it, index.sqlite in the record's folder. It is made if need be.
        #[arg(long)]
        index: Option<PathBuf>,
        /// Who you are, for the access log; without it, the account on this machine.
        #[arg(long, value_parser = who)]
        who: Option<Token>,
    },
    /// Say how well a leaf is kept: durable, cosigned by a quorum of witnesses, held by mirrors.
    Level {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Number of the leaf.
        leaf: u64,
    },
    /// Hash everything again and name the first leaf that is not what was signed.
    Audit {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Only leaves, tiles and heads; not the vault, the sources and their signatures.
        #[arg(long)]
        hashes: bool,
    },
    /// List the leaves of which what the vault keeps is damaged; with --by and --why, declare it lost. The leaves stay.
    Lost {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Role that declares it.
        #[arg(long, requires = "why")]
        by: Option<String>,
        /// Why it is damaged, and that no copy has it.
        #[arg(long, requires = "by")]
        why: Option<String>,
    },
    /// Erase a part of what the vault keeps of a leaf; the leaf stays, and who erased it, when and why.
    Erase {
        /// Where it is.
        #[command(flatten)]
        at: Where,
        /// Number of the leaf, from 0.
        #[arg(value_parser = leaf_number, allow_hyphen_values = true)]
        leaf: u64,
        /// Number of the part, from 0; without it, the parts are listed.
        #[arg(long, requires_all = ["by", "why"])]
        part: Option<usize>,
        /// Role that asks for it.
        #[arg(long)]
        by: Option<String>,
        /// Why.
        #[arg(long)]
        why: Option<String>,
    },
}

/// Compute a report again from the leaves under its checkpoint, and compare it byte for byte.
#[derive(Args, Debug)]
pub struct RecomputeArgs {
    /// The report's folder, or its report.json.
    pub report: PathBuf,
    /// The record's folder.
    #[arg(long)]
    pub record: PathBuf,
    /// The folder of keys; without it, `keys` in the record's folder. The public view needs the published key alone.
    #[arg(long)]
    pub keys: Option<PathBuf>,
    /// Who you are, for the access log; without it, the account on this machine.
    #[arg(long, value_parser = who)]
    pub who: Option<Token>,
}

/// Who receives a bundle.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Receiver {
    /// Anyone.
    Public,
    /// A party's liaison.
    Liaison,
    /// A mediator.
    Mediator,
    /// A monitor.
    Monitor,
    /// An analyst.
    Analyst,
}

impl Receiver {
    pub(super) fn role(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Liaison => "liaison",
            Self::Mediator => "mediator",
            Self::Monitor => "monitor",
            Self::Analyst => "analyst",
        }
    }
}

/// Write leaves with their proofs and what the receiver may see of them as a bundle that proves itself.
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// The record's folder.
    #[arg(long)]
    pub record: PathBuf,
    /// The folder of keys; without it, `keys` in the record's folder.
    #[arg(long)]
    pub keys: Option<PathBuf>,
    /// Folder for the bundle; must not be there yet.
    #[arg(long)]
    pub out: PathBuf,
    /// Who receives it.
    #[arg(long = "for", value_enum)]
    pub receiver: Receiver,
    /// What was observed on a day, such as 2025-04-20.
    #[arg(long, value_parser = day, group = "what")]
    pub day: Option<Date>,
    /// Leaves by number, such as 3,5,9-12.
    #[arg(long, value_parser = What::leaves, group = "what")]
    pub leaves: Option<What>,
    /// A file that names leaves or observations, a line each: a number, or a hash in hexadecimal.
    #[arg(long, group = "what")]
    pub case: Option<PathBuf>,
    /// The moment as of which it is decided what may be shown; without it, now.
    #[arg(long, value_parser = crate::moment)]
    pub as_of: Option<Time>,
    /// Who you are, for the access log; without it, the account on this machine.
    #[arg(long, value_parser = who)]
    pub who: Option<Token>,
}

fn who(text: &str) -> Result<Token, String> {
    Token::new(text).map_err(|refusal| refusal.what)
}

/// The corner of the cell of 10 km in which a place lies.
fn cell(text: &str) -> Result<(i64, i64), String> {
    let wrong =
        || format!("`{text}` is no place; write latitude and longitude in degrees, such as 48.5,37.9");
    let degrees = |text: &str, most: f64| {
        let number = text.trim().parse::<f64>().ok().filter(|it| it.abs() <= most).ok_or_else(wrong)?;
        #[expect(clippy::cast_possible_truncation, reason = "at most 180 degrees, in steps of 1e-7")]
        Ok::<_, String>((number * 1e7).round() as i64)
    };
    let (lat, lon) = text.split_once(',').ok_or_else(wrong)?;
    Ok(resolution::cell(degrees(lon, 180.0)?, degrees(lat, 90.0)?, PlaceResolution::Km10))
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| format!("`{text}` is no day; write it like 2025-04-20"))
}

/// The number of a leaf.
fn leaf_number(text: &str) -> Result<u64, String> {
    text.trim()
        .parse()
        .map_err(|_| format!("`{text}` is no number of a leaf: leaves are whole numbers, counted from 0"))
}
