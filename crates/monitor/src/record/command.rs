//! The commands `truceline record ...`, `truceline recompute` and `truceline export`.

use super::door::Pace;
use super::export::{self, What};
use super::keep::{Place, keep_at};
use super::serve::{self, Bounds, Site};
use super::witness::Desk;
use super::{access, door, find, peers, recompute, send, sources, tell};
use crate::assess::{Question, mission_files};
use crate::progress::Progress;
use crate::{folder, intake};
use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use record::audit::Depth;
use record::index::{Index, Query};
use record::mirror::{Folder, Mirror, Pulled, TileSource};
use record::restore::restore;
use record::rhythm::Beat;
use record::sources::Quota;
use record::storage::{Files, Storage};
use record::vault::Retention;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use truce::mission::{Category, Mission, Rhythm};
use truce::time::{Date, Time};
use verify::checkpoint::Checkpoint;
use verify::field::Token;
use verify::note::{SignerKey, VerifierKey};
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
    fn place(&self) -> Place {
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
    fn role(self) -> &'static str {
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

/// Runs `truceline record ...`. `Ok(false)`: what was checked does not hold.
///
/// # Errors
/// Why it cannot be done.
pub fn run(command: &RecordCommand, quiet: bool) -> Result<bool> {
    let progress = Progress::new(quiet);
    match command {
        RecordCommand::Init { at, origin, alone } => {
            let place = at.place();
            fs::create_dir_all(&place.dir).with_context(|| format!("cannot make {}", place.dir.display()))?;
            let record = if *alone { place.init_alone(origin)? } else { place.init(origin)? };
            let head = Checkpoint::of_note(&record.checkpoint()?)
                .map_err(|refusal| anyhow::anyhow!(refusal.what))?;
            let leaves = if head.size == 1 { "leaf" } else { "leaves" };
            println!("{}: {} {leaves} under its first head", place.dir.display(), head.size);
            if !quiet {
                eprintln!(
                    "Its keys are in {}. Before it is used: take root.key and roles/*.key (all but public.key) from this \
                     machine, and give log.pub, root.pub and roles/public.key to everyone. docs/keys.md tells how.",
                    at.keys.clone().unwrap_or_else(|| place.dir.join("keys")).display()
                );
                if !alone {
                    eprintln!(
                        "It takes nothing yet: name its witnesses and a `quorum` of them in {policy}, or its mirrors in \
                         {mirrors} and `quorum none` in the policy.",
                        policy = place.dir.join("policy").display(),
                        mirrors = place.dir.join("mirrors").display()
                    );
                }
            }
        }
        RecordCommand::Append { at, agreement, observations, mission, rhythm } => {
            let question = Question::new(folder::load(agreement)?, mission_files(mission.as_deref())?)?;
            let read = intake::read_folder(observations, &question.mission, &question.classify(), &progress)?;
            let place = at.place().of(&question.mission);
            let pace = question.mission.record.rhythm.filter(|_| *rhythm);
            if *rhythm && pace.is_none() {
                bail!(
                    "the mission file has no [record.rhythm]: `every` and `leaves` say how the record beats"
                );
            }
            let kept = keep_at(&place, &place.open()?, &question, &read, pace, &progress)?;
            drop(progress);
            eprint!("{}", crate::books(&read.files));
            warn_if_alone(&place)?;
            print!("{}", kept.words(&place.dir));
        }
        RecordCommand::Checkpoint { at } => {
            let place = at.place();
            let record = place.open()?;
            print!("{}", peers::checkpoint(&record, &place.dir)?);
            warn_if_alone(&place)?;
            for (name, standing) in peers::standings(&place.dir)? {
                if let Some(since) = standing.missing_since {
                    let since = i64::try_from(since).unwrap_or(i64::MAX / 1_000_000);
                    let since = Time(since.saturating_mul(1_000_000));
                    eprintln!("missing since {since}: the cosignature of {name}: {}", standing.why);
                }
            }
        }
        RecordCommand::Prove { at, leaf, out } => {
            let proof = at.place().reader()?.prove(*leaf)?.to_string();
            match out {
                None => print!("{proof}"),
                Some(path) => {
                    fs::write(path, proof).with_context(|| format!("cannot write {}", path.display()))?;
                    println!("{}", path.display());
                }
            }
        }
        RecordCommand::Serve { at, listen, token, rate, kib, interval, mission } => {
            let beat = match mission {
                None => None,
                Some(folder) => mission_of(folder)?.record.rhythm,
            };
            let pace = match beat {
                None => Pace::AsSaid(Duration::from_millis(*interval)),
                Some(Rhythm { every, leaves }) => {
                    Pace::Beats(Beat { every, leaves: usize::try_from(leaves).unwrap_or(1) })
                }
            };
            served(&at.place(), listen, token.as_deref(), Bounds { entries: *rate, kib: *kib }, pace)?;
        }
        RecordCommand::Send { observations, mission, to, key, token, log, encrypted_road, rhythm } => {
            let road = send::Road { to, key, token, log, encrypted: *encrypted_road };
            let sent =
                send::run(observations, &mission_files(mission.as_deref())?, &road, *rhythm, &progress)?;
            drop(progress);
            println!("{}: {} leaves were taken; the receipts are there", sent.dir.display(), sent.taken);
            if sent.ahead > 0 {
                eprintln!(
                    "{} observations are dated later than this machine's clock: they stay here",
                    sent.ahead
                );
            }
            if let Some((why, waiting)) = sent.refused {
                eprintln!("the log takes no more, and signed why: {why}");
                eprintln!("{waiting} statements wait for the next call");
                return Ok(false);
            }
        }
        RecordCommand::SourceKey { file } => println!("{}", sources::new_key(file)?),
        RecordCommand::Certify { by, source, epoch, public } => {
            print!("{}", sources::certify(by, source, *epoch, public)?);
        }
        RecordCommand::Enrol { at, certificate, burst, per_minute } => {
            let text = fs::read_to_string(certificate)
                .with_context(|| format!("cannot read {}", certificate.display()))?;
            let quota = Quota { burst: *burst, per_minute: *per_minute };
            let enrolled = sources::enrol(&at.place(), &text, quota)?;
            println!("{} may write with its key of epoch {}", enrolled.source, enrolled.epoch);
        }
        RecordCommand::Rotate { at, source } => {
            let epoch = sources::rotate(&at.place(), source)?;
            println!(
                "{source} writes with its key of epoch {epoch}, under a new pseudonym; the old key is gone"
            );
        }
        RecordCommand::Revoke { at, source, epoch } => {
            let (epoch, index) = sources::revoke(&at.place(), source, *epoch)?;
            println!(
                "the key of {source} for epoch {epoch} is revoked: nothing of it behind leaf {index} is to be believed"
            );
        }
        RecordCommand::Sources { at } => print!("{}", sources::list(&at.place())?),
        RecordCommand::PersonKey { file, name } => println!("{}", sources::new_person(file, name)?),
        RecordCommand::Override { at } => print!("{}", at.place().override_text()?),
        RecordCommand::SignOverride { text, key } => {
            let words =
                fs::read_to_string(text).with_context(|| format!("cannot read {}", text.display()))?;
            print!("{}", sources::sign_override(&words, key)?);
        }
        RecordCommand::Access { at } => print!("{}", access::list(&at.place())?),
        RecordCommand::Expire { at, mission, moment, erase } => {
            let place = at.place();
            let moment = moment.unwrap_or_else(|| Time(place.clock.now()));
            expired(&place, &mission_of(mission)?, moment, *erase)?;
        }
        RecordCommand::Witness { folder, name, logs, listen } => {
            let desk = desk(folder, name.as_deref(), logs)?;
            let told = |address| println!("http://{address}");
            serve::run(Site::new().with_witness(desk), listen, told)
                .with_context(|| format!("cannot listen on {listen}"))?;
        }
        RecordCommand::Mirror { mirror, from, log, into } => {
            return mirrored(mirror, from, log, into.as_deref());
        }
        RecordCommand::Restore { at, from } => restored(&at.place(), from)?,
        RecordCommand::RebuildIndex { at, index, who } => {
            let place = at.place();
            logged(&place, "monitor", who.as_ref(), "rebuild-index")?;
            let path = index.clone().unwrap_or_else(|| place.dir.join("index.sqlite"));
            let rows = rebuild_index(&place, &path)?;
            println!("{}: {rows} leaves", path.display());
        }
        RecordCommand::Find { at, from, before, near, kind, what, source, index, who } => {
            let place = at.place();
            logged(&place, "monitor", who.as_ref(), "find")?;
            let path = index.clone().unwrap_or_else(|| place.dir.join("index.sqlite"));
            let query = Query {
                from: from.map(|time| time.0),
                before: before.map(|time| time.0),
                kind: kind.clone(),
                what: what.clone(),
                source: source.clone(),
                cell: *near,
            };
            print!("{}", find::find(&place, &path, &query)?);
        }
        RecordCommand::Level { at, leaf } => print!("{}", find::level(&at.place(), *leaf)?),
        RecordCommand::Audit { at, hashes } => {
            let place = at.place();
            let depth = if *hashes { Depth::Hashes } else { Depth::Everything };
            match place.reader()?.audit(depth) {
                Ok(audit) => {
                    println!(
                        "{}: {} leaves hash to the signed root {}",
                        place.dir.display(),
                        audit.size,
                        verify::text::base64(&audit.root)
                    );
                    for (count, words) in [
                        (audit.pending, "leaves are acknowledged and under no head yet"),
                        (audit.unchecked, "tiles came while this ran, and were not checked"),
                        (
                            audit.unknown,
                            "leaves are of sources that are not in the list of sources: their signatures were NOT CHECKED",
                        ),
                        (
                            audit.erased,
                            "parts were erased since; the leaves stand, and a note says who erased each, when and why",
                        ),
                        (
                            audit.suspect.len() as u64,
                            "leaves stand behind the revocation of their key, and are not to be believed",
                        ),
                    ] {
                        if count > 0 {
                            println!("{count} {words}");
                        }
                    }
                    if *hashes {
                        println!("the vault, the sources and their signatures were not checked");
                    } else {
                        told_coarsely(&place)?;
                    }
                    configured(&place, &at.keys.clone().unwrap_or_else(|| place.dir.join("keys")))?;
                }
                Err(error @ record::Error::Damaged { .. }) => {
                    println!("{error}");
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            }
        }
        RecordCommand::Erase { at, leaf, part, by, why } => {
            let place = at.place();
            let record = place.open()?;
            match (part, by, why) {
                (Some(part), Some(by), Some(why)) => {
                    record.erase(*leaf, *part, by, why)?;
                    peers::checkpoint(&record, &place.dir)?;
                    println!(
                        "erased: part {part} of leaf {leaf}. The leaf stays, and proves that it existed"
                    );
                }
                _ => {
                    let keys = tell::keys_of(&place.keys, report::View::Public)?;
                    let parts = record.open_leaf(*leaf, &keys[0])?;
                    for (number, part) in parts.iter().enumerate() {
                        use record::vault::Opened;
                        let said = match part {
                            Opened::Bytes { category, .. } => format!("{category}, open to the public"),
                            Opened::Closed { category } => category.clone(),
                            Opened::Erased(note) => note.to_string(),
                        };
                        println!("part {number}: {said}");
                    }
                }
            }
        }
    }
    Ok(true)
}

/// Says that nobody outside would see it if an old copy of this record were restored, or another showed to others.
fn warn_if_alone(place: &Place) -> Result<()> {
    if peers::none_named(&place.dir)? {
        eprintln!(
            "no witness was asked, and no mirror: {} and {} name none; nobody but this log vouches for its head, and a \
             restored old copy of it would go on unseen",
            place.dir.join("policy").display(),
            place.dir.join("mirrors").display()
        );
    }
    Ok(())
}

/// Names what no audit can check: who is trusted stands in files that nothing in the log vouches for. Whoever compares these
/// hashes with those on the paper of the key ceremony sees whether they are the same.
fn configured(place: &Place, keys: &Path) -> Result<()> {
    println!(
        "not checked, as nothing in the log vouches for it; compare with the paper of the key ceremony:"
    );
    let files = ["log.pub", "root.pub"].map(|name| (format!("keys/{name}"), keys.join(name)));
    let policy = ["policy", "mirrors", "persons"].map(|name| (name.to_string(), place.dir.join(name)));
    for (name, path) in files.into_iter().chain(policy) {
        match fs::read(&path) {
            Ok(bytes) => println!("  {}  {name}", verify::text::hex(&record::statement::sha256(&bytes))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => println!("  not there: {name}"),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }
    Ok(())
}

/// Checks that what is told coarsely follows from what is recorded, where this reader holds a key that opens it.
fn told_coarsely(place: &Place) -> Result<()> {
    let Ok(keys) = tell::keys_of(&place.keys, report::View::Mission) else {
        println!("coarse values were not checked: no key of a monitor or an analyst is here");
        return Ok(());
    };
    let reader = place.reader()?;
    let (newest, size) = tell::head(&reader, None)?;
    let (leaves, _) = tell::leaves(&reader, &newest, size)?;
    let told = tell::open(&reader, &leaves, &keys)?;
    let checked = tell::coarse_values(&told)?;
    println!("{checked} statements are told coarsely as the rules say");
    Ok(())
}

/// Says, or erases, what is past its time.
fn expired(place: &Place, mission: &Mission, at: Time, erase: bool) -> Result<()> {
    let retention: Vec<Retention> = mission.record.keep.iter().flat_map(kept_for).collect();
    if retention.is_empty() {
        bail!("the mission file has no [[record.keep]]: everything is kept");
    }
    let record = place.open()?;
    let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut leaves: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for (leaf, _, category) in record.expired(&retention, at.0)? {
        counts.entry(category.clone()).or_default().0 += 1;
        leaves.entry(category).or_default().insert(leaf);
    }
    for (category, (parts, _)) in &counts {
        let of = leaves.get(category).map_or(0, BTreeSet::len);
        println!("{category}: {parts} parts of {of} leaves are past their time");
    }
    if counts.is_empty() {
        println!("nothing is past its time");
    } else if erase {
        let gone = record.expire(&retention, at.0)?;
        peers::checkpoint(&record, &place.dir)?;
        println!("{gone} parts were erased. The leaves stay, and prove that they existed");
    } else {
        println!("nothing was erased yet: call again with --erase. It cannot be undone");
    }
    Ok(())
}

/// The categories of the vault that a category of the mission file stands for.
fn kept_for((category, days): &(Category, u32)) -> Vec<Retention> {
    let of: &[&str] = match category {
        Category::Fine => &["fine"],
        Category::Peace => &["peace"],
        Category::Words => &["words.fine", "words.peace", "file.fine"],
        Category::Cases => &["words.task", "words.text"],
    };
    of.iter().map(|category| Retention { category: (*category).to_string(), days: *days }).collect()
}

fn mission_of(folder: &Path) -> Result<Mission> {
    let files = mission_files(Some(folder))?;
    let text = files.get("mission.toml").context("there is no mission.toml in the mission's folder")?;
    Mission::parse("mission.toml", text)
        .map_err(|mistakes| anyhow::Error::from(folder::Trouble::Mistakes { mistakes, texts: files.clone() }))
}

/// Writes into the access log that all leaves are about to be opened in a role, before they are.
fn logged(place: &Place, role: &str, who: Option<&Token>, why: &str) -> Result<()> {
    let (_, size) = tell::head(&place.reader()?, None)?;
    let who = who.cloned().unwrap_or_else(access::account);
    if !access::note(place, 0..size, role, &who, why)? {
        eprintln!("this is a copy without the log's keys: what is opened here stands in no access log");
    }
    Ok(())
}

fn served(place: &Place, listen: &str, token: Option<&Path>, bounds: Bounds, pace: Pace) -> Result<()> {
    let site = Site::new().with_log(place.dir.clone());
    let told = |address| println!("http://{address}");
    let failed = || format!("cannot listen on {listen}");
    let Some(token) = token else {
        if !place.exists() {
            bail!("{} holds no record; make one with `truceline record init`", place.dir.display());
        }
        return serve::run(site, listen, told).with_context(failed);
    };
    let text =
        fs::read_to_string(token).with_context(|| format!("cannot read the token {}", token.display()))?;
    let tokens = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    if tokens().next().is_none() || tokens().any(|token| token.len() < 16) {
        bail!(
            "a token in {} has fewer than 16 characters: whoever guesses it can fill the record",
            token.display()
        );
    }
    let mut record = place.open()?;
    let between = match pace {
        Pace::AsSaid(interval) => interval,
        Pace::Beats(beat) => Duration::from_micros(u64::try_from(beat.every).unwrap_or(0)),
    };
    record.promise_within(record::deadline_between_heads(between));
    warn_if_alone(place)?;
    if let Pace::Beats(beat) = pace {
        sources::warn_of_small_quotas(&record, beat);
    }
    peers::checkpoint(&record, &place.dir)?;
    let (door, writer) = door::open(place.again(), record, pace);
    let site = site.with_add(tokens(), bounds, door);
    serve::run(site, listen, told).with_context(failed)?;
    // The site is gone, and with it the door: what was taken is under a head before this ends.
    writer.join().map_err(|_| anyhow::anyhow!("the writer of the record failed"))?
}

/// Makes the index again, beside the old one, and puts it in its place; gives how many leaves it has.
///
/// # Errors
/// If the record cannot be read, or the disk refuses.
pub fn rebuild_index(place: &Place, path: &Path) -> Result<u64> {
    let rows = tell::rows(place)?;
    let half = path.with_extension("part");
    let with = |path: &Path, end: &str| PathBuf::from(format!("{}{end}", path.display()));
    for file in [half.clone(), with(&half, "-wal"), with(&half, "-shm")] {
        match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", file.display()));
            }
            _ => {}
        }
    }
    let failed = || format!("the index {}", half.display());
    let mut index = Index::open(&half).with_context(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&half, fs::Permissions::from_mode(0o600)).with_context(failed)?;
    }
    index.take(&rows).with_context(failed)?;
    // Closing it writes what is still beside it into the file itself.
    drop(index);
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(with(path, end));
    }
    fs::rename(&half, path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(rows.len() as u64)
}

/// Makes a log whole again, and opens it: what a mirror cannot give back is said at once.
fn restored(place: &Place, from: &Path) -> Result<()> {
    let folder = |path: &Path| -> Result<Arc<dyn Storage>> {
        Ok(Arc::new(Files::new(path).with_context(|| format!("cannot use {}", path.display()))?))
    };
    if !from.is_dir() {
        bail!(
            "{} is no folder; `truceline record mirror` fills one from a log that is served",
            from.display()
        );
    }
    let found = restore(&folder(&place.dir)?, &folder(from)?, &place.keys.verifiers()?)?;
    let dir = place.dir.display();
    println!("{dir}: {} leaves are as in {}", found.leaves, from.display());
    for segment in &found.segments {
        println!("written again: {segment}");
    }
    if found.head {
        println!("written again: checkpoint");
    }
    let record = place.open().with_context(|| format!("{dir} cannot be written to yet"))?;
    println!(
        "{dir}: {} leaves, and it can be written to; check all of it with `truceline record audit`",
        record.len()
    );
    Ok(())
}

/// Pulls a log. `Ok(false)`: it showed what convicts it.
fn mirrored(mirror: &Path, from: &str, log: &Path, into: Option<&Path>) -> Result<bool> {
    let text = fs::read_to_string(log).with_context(|| format!("cannot read {}", log.display()))?;
    let keys = text.lines().map(VerifierKey::parse).collect::<Result<Vec<_>, _>>();
    let keys = keys.map_err(|refusal| anyhow::anyhow!("{}: {}", log.display(), refusal.what))?;
    fs::create_dir_all(mirror).with_context(|| format!("cannot make the folder {}", mirror.display()))?;
    let disk = Arc::new(Files::new(mirror).with_context(|| format!("cannot use {}", mirror.display()))?);
    let copy = Mirror::new(disk, keys);
    let source: Box<dyn TileSource> = if from.starts_with("http://") || from.starts_with("https://") {
        Box::new(super::witness::Remote::new(from))
    } else {
        Box::new(Folder(PathBuf::from(from)))
    };
    let sound = match copy.pull(source.as_ref())? {
        Pulled::Grown { from, to } => {
            println!(
                "{}: {to} leaves, {} of them new; all hash to the signed root",
                mirror.display(),
                to - from
            );
            true
        }
        Pulled::Same => {
            println!("{}: nothing new", mirror.display());
            true
        }
        Pulled::Older => {
            println!(
                "{}: what is shown there is older than what is held here, and fits it",
                mirror.display()
            );
            true
        }
        Pulled::Refused(evidence) => {
            println!("{}", evidence.what);
            println!(
                "both heads are kept in {}; show them to everyone who relies on this log",
                mirror.display()
            );
            false
        }
    };
    if let Some(dir) = into.filter(|_| sound) {
        let place = Place::new(dir, None);
        let record = place.open()?;
        let leaf = record::mirror::merge(&record, &copy)?;
        peers::checkpoint(&record, &place.dir)?;
        println!("{}: its head is leaf {leaf}", dir.display());
    }
    Ok(sound)
}

/// A witness in a folder of its own.
fn desk(folder: &Path, name: Option<&str>, logs: &[PathBuf]) -> Result<Desk> {
    use record::entropy::{Entropy as _, SystemEntropy};
    use verify::note::Algorithm;
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let (secret, public) = (folder.join("witness.key"), folder.join("witness.pub"));
    let bad = |refusal: verify::Refusal| anyhow::anyhow!(refusal.what);
    if !secret.exists() {
        let name =
            name.context("this witness has no key yet: name it with --name, such as example.org/witness-1")?;
        let made = [Algorithm::Cosignature, Algorithm::MlDsa44]
            .map(|algorithm| SignerKey::from_seed(name, algorithm, &SystemEntropy.bytes32()).map_err(bad));
        let [ed25519, ml_dsa44] = made;
        let keys = [ed25519?, ml_dsa44?];
        let lines = |line: &dyn Fn(&SignerKey) -> String| keys.iter().map(line).collect::<String>();
        super::keys::write_secret(&secret, &lines(&|key| format!("{}\n", *key.encode())))?;
        let verifiers = lines(&|key| format!("{}\n", key.verifier()));
        fs::write(&public, verifiers).with_context(|| format!("cannot write {}", public.display()))?;
    }
    let text = fs::read_to_string(&secret).with_context(|| format!("cannot read {}", secret.display()))?;
    let keys = text.lines().map(SignerKey::parse).collect::<Result<Vec<_>, _>>().map_err(bad)?;
    let mut known = Vec::new();
    for path in logs {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            known.push(
                VerifierKey::parse(line.trim()).map_err(bad).with_context(|| path.display().to_string())?,
            );
        }
    }
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let disk = Arc::new(Files::new(folder).with_context(|| format!("cannot use {}", folder.display()))?);
    Desk::new(disk, keys, known, Box::new(now)).with_context(|| format!("cannot use {}", folder.display()))
}

/// Runs `truceline recompute`. `Ok(false)`: the report is another.
///
/// # Errors
/// Why it cannot be computed from this record.
pub fn recompute(args: &RecomputeArgs, quiet: bool) -> Result<bool> {
    let place = Place::new(&args.record, args.keys.as_deref());
    let progress = Progress::new(quiet);
    let who = args.who.clone().unwrap_or_else(access::account);
    let (named, compared) = recompute::run(&args.report, &place, &who, &progress)?;
    drop(progress);
    print!("{}", recompute::words(&named, &compared));
    Ok(compared.differ.is_empty())
}

/// Runs `truceline export`.
///
/// # Errors
/// Why there is no bundle.
pub fn export(args: &ExportArgs, quiet: bool) -> Result<()> {
    let what = match (&args.day, &args.leaves, &args.case) {
        (Some(day), _, _) => What::Day(*day),
        (_, Some(leaves), _) => leaves.clone(),
        (_, _, Some(path)) => {
            let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            What::Case(lines.map(str::to_lowercase).collect())
        }
        _ => bail!("say what to export: --day, --leaves or --case"),
    };
    let place = Place::new(&args.record, args.keys.as_deref());
    let progress = Progress::new(quiet);
    let now = args.as_of.unwrap_or_else(|| Time(place.clock.now()));
    if !matches!(args.receiver, Receiver::Public) {
        logged(&place, args.receiver.role(), args.who.as_ref(), "export")?;
    }
    let made = export::run(&place, &args.out, &what, args.receiver.role(), now, &progress)?;
    drop(progress);
    println!("{}", args.out.display());
    eprintln!(
        "{} leaves with what {} may see of them, {} of which nothing is shown ({} of them until the delay is over). \
         Check it with: truceline-verify bundle {}",
        made.open,
        args.receiver.role(),
        made.closed,
        made.young,
        args.out.display()
    );
    if made.erased > 0 && !matches!(what, What::Leaves(_)) {
        eprintln!(
            "of {} other leaves of this record something was erased since: whether they belong here cannot be told any more",
            made.erased
        );
    }
    Ok(())
}

/// The number of a leaf.
fn leaf_number(text: &str) -> Result<u64, String> {
    text.trim()
        .parse()
        .map_err(|_| format!("`{text}` is no number of a leaf: leaves are whole numbers, counted from 0"))
}
