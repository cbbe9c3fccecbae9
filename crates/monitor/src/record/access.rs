//! Who read what: before openings that are not public leave the vault, a leaf of a second log says who opened them, in
//! which role, and why. The second log is a record of its own, in the folder `access` of the record.

use super::keep::Place;
use super::{peers, tell};
use anyhow::{Context as _, Result, bail};
use record::Record;
use record::access::{self, Access};
use record::audit::Depth;
use record::vault::Role;
use std::ops::Range;
use std::path::PathBuf;
use verify::field::{Token, Value};
use verify::leaf::{Kind, Statement};

/// Those who may read who read what: the mission's own people. The parties' liaisons are readers like others.
const READERS: [&str; 4] = ["administrator", "mediator", "monitor", "analyst"];

/// The place of a record's access log.
fn beside(place: &Place) -> Place {
    Place { dir: place.dir.join("access"), keys: place.keys.below("access"), ..Place::new(&place.dir, None) }
}

fn options(place: &Place, log: &Place) -> Result<record::Options> {
    let mut options = record::Options::new(log.keys.log()?, log.keys.source("hub")?);
    options.roles =
        place.keys.roles()?.into_iter().filter(|role: &Role| READERS.contains(&&*role.name)).collect();
    options.clock = place.clock.clone();
    options.peers = peers::mirrors_of(&log.dir)?;
    Ok(options)
}

/// Writes down that someone is about to open leaves in a role; when this returns, it is durable and under a signed head.
/// `Ok(false)`: this folder holds no keys of the log, so that it is a copy, and what is opened here is logged nowhere.
///
/// # Errors
/// If it cannot be written: then nothing may be shown.
pub fn note(place: &Place, leaves: Range<u64>, role: &str, who: &Token, why: &str) -> Result<bool> {
    if !place.keys.has("log.key") {
        return Ok(false);
    }
    let log = beside(place);
    let failed = || format!("the access log {} takes nothing, so nothing is opened", log.dir.display());
    is_whole(place).with_context(failed)?;
    let record = if log.exists() {
        Record::open(&log.dir, options(place, &log)?).with_context(failed)?
    } else {
        let origin = place.keys.verifiers()?.first().map(|key| format!("{}/access", key.name()));
        let origin = origin.context("the log has no public key")?;
        std::fs::create_dir_all(&log.dir).with_context(failed)?;
        if !log.keys.has("log.key") {
            log.keys.make_log(&origin, log.entropy.as_ref())?;
        }
        let record = Record::init(&log.dir, options(place, &log)?).with_context(failed)?;
        log.keys.mark_made()?;
        record
    };
    let access = Access::new(record);
    let why = Token::new(why).map_err(|refusal| anyhow::anyhow!(refusal.what))?;
    access.note(leaves, role, who, &why).with_context(failed)?;
    access.log().checkpoint().with_context(failed)?;
    Ok(true)
}

/// Is the access log there, if it ever was, and does it go on from what the record knows of it?
///
/// # Errors
/// If not: somebody took readings away.
pub(super) fn is_whole(place: &Place) -> Result<()> {
    let log = beside(place);
    let known = place.reader()?.readings()?;
    if log.exists() {
        let continues = || -> Result<()> { Ok(access::continues(&log.reader()?, known)?) };
        return continues().with_context(|| damaged(&log));
    }
    if known.is_some() || log.keys.has("made") {
        bail!(
            "the access log {} is gone: who opened what is not known any more. Put the folder back; while it is away, \
             nothing is opened that is not public, and nothing is written. If no copy has it, `truceline record access` \
             with --lost declares it lost",
            log.dir.display()
        );
    }
    Ok(())
}

fn damaged(log: &Place) -> String {
    format!(
        "the access log {}: put the newest copies of this folder and of its keys back; if there are none, `truceline record \
         access` with --lost declares it lost",
        log.dir.display()
    )
}

/// Puts the head of the access log into the record as a leaf, if readings came since.
///
/// # Errors
/// If the access log is gone or another, or the disk refuses.
pub(super) fn confirm(place: &Place, record: &Record) -> Result<()> {
    let log = beside(place);
    is_whole(place)?;
    if log.exists() {
        access::confirm(record, &log.reader()?)?;
    }
    Ok(())
}

/// The hub's leaf of a beat: the head of the access log, or nothing. So nobody sees from the log when somebody reads.
///
/// # Errors
/// As [`confirm`].
pub(super) fn at_beat(place: &Place, record: &Record) -> Result<()> {
    let before = record.readings();
    confirm(place, record)?;
    if record.readings() == before {
        record.state(Statement::new(Kind::Heartbeat, vec![]), None)?;
    }
    Ok(())
}

/// Declares the access log lost, by a leaf that stays, and lays aside what is left of it and its keys: with the next reading
/// another begins.
///
/// # Errors
/// If it is not lost, the record cannot be written, or the disk refuses.
pub fn declare_lost(place: &Place, by: &Token, why: &str) -> Result<()> {
    match audit(place) {
        Ok(Some(readings)) => bail!(
            "the access log is there and checks, with {readings} leaves: it is not lost. Whoever opened what stays known"
        ),
        Ok(None) => {
            bail!("there is no access log: nothing was opened yet that is not public, so nothing is lost")
        }
        Err(_) => {}
    }
    let record = place.open_losing()?;
    access::declare_lost(&record, by, why)?;
    peers::checkpoint(&record, &place.dir)?;
    let log = beside(place);
    for folder in [log.dir.clone(), log.keys.dir().to_path_buf()] {
        let aside = |number: u32| PathBuf::from(format!("{}.lost-{number}", folder.display()));
        let free = (1..).map(aside).find(|path| !path.exists());
        if let Some(to) = free.filter(|_| folder.exists()) {
            std::fs::rename(&folder, &to)
                .with_context(|| format!("cannot lay {} aside as {}", folder.display(), to.display()))?;
        }
    }
    Ok(())
}

/// Checks all of the access log; how many leaves it has, `None` if nothing was ever opened.
///
/// # Errors
/// If it is damaged, gone or another than the record knows.
pub fn audit(place: &Place) -> Result<Option<u64>> {
    let log = beside(place);
    // A copy that was given to somebody need not have it.
    if !place.keys.has("log.key") && !log.keys.has("log.pub") {
        if log.exists() {
            println!("the access log was not checked: its public key is not here");
        }
        return Ok(None);
    }
    is_whole(place)?;
    match log.exists() {
        true => {
            let sound = || -> Result<u64> { Ok(log.reader()?.audit(Depth::Everything)?.size) };
            sound().map(Some).with_context(|| damaged(&log))
        }
        false => Ok(None),
    }
}

/// Who is named when nobody is: the account on this machine.
pub fn account() -> Token {
    let name = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    let word = name.unwrap_or_default().to_lowercase();
    Token::new(&word).or_else(|_| Token::new("unnamed")).expect("`unnamed` is a token")
}

/// What the access log holds, a line for each reading, for whoever holds the key of one of its readers.
///
/// # Errors
/// If there is none, it is damaged, or no such key is here.
pub fn list(place: &Place) -> Result<String> {
    let log = beside(place);
    place.is_there()?;
    let aside = laid_aside(&log)?;
    if !log.exists() {
        let nothing = match aside.is_empty() {
            true => "nothing was opened that is not public\n",
            false => "nothing was opened since that is not public\n",
        };
        return Ok(aside + nothing);
    }
    let reader = log.reader()?;
    let (head, size) = tell::head(&reader, None)?;
    let (leaves, _) = tell::leaves(&reader, &head, size)?;
    let key = READERS.iter().find_map(|role| place.keys.role(role).transpose()).transpose()?;
    let key = key.context(
        "the access log opens to an administrator, mediator, monitor or analyst: none of their keys is here",
    )?;
    let told = tell::open(&reader, &leaves, &[key])?;
    let line = |leaf: &tell::Told| {
        let (_, fields) = leaf.open.as_ref()?;
        let word = |label: &str| fields.get(label).and_then(Value::as_token).map(str::to_string);
        let leaves = fields.get("access.leaves")?.as_ints()?;
        let [start, end] = leaves.as_slice() else { return None };
        Some(format!(
            "{} {} as {}: leaves {start} to {}, {}\n",
            truce::time::Time(fields.get("access.at")?.as_int()?),
            word("access.who")?,
            word("access.role")?,
            end - 1,
            word("access.why")?
        ))
    };
    Ok(aside + &told.iter().filter_map(line).collect::<String>())
}

/// What was declared lost before, and lies aside: a line each.
fn laid_aside(log: &Place) -> Result<String> {
    let folder = log.dir.parent().context("an access log lies in the folder of a record")?;
    let listed = std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut names: Vec<String> =
        listed.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
    names.retain(|name| name.starts_with("access.lost-"));
    names.sort();
    let line =
        |name| format!("an access log was declared lost before this; what is left of it lies in {name}\n");
    Ok(names.into_iter().map(line).collect())
}
