//! The commands `truceline record ...`, `truceline recompute` and `truceline export`.

use super::arguments::{ExportArgs, Receiver, RecomputeArgs, RecordCommand};
use super::door::Pace;
use super::export::{self, What};
use super::forgotten::Forgotten;
use super::keep::{Place, keep_at};
use super::keys::ROLES;
use super::serve::{self, Bounds, Site};
use super::witness::Desk;
use super::{access, door, find, forgotten, peers, recompute, send, sources, tell};
use crate::assess::{Question, mission_files};
use crate::progress::Progress;
use crate::{folder, intake};
use anyhow::{Context as _, Result, bail};
use record::Record;
use record::audit::{Audit, Depth};
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
use truce::time::Time;
use verify::checkpoint::Checkpoint;
use verify::field::Token;
use verify::note::{SignerKey, VerifierKey};

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
            let kept =
                keep_at(&place, &place.open()?, std::slice::from_ref(&question), &read, pace, &progress)?;
            drop(progress);
            eprint!("{}", crate::books(&read.files));
            warn_if_alone(&place)?;
            print!("{}", kept.words(&place.dir));
        }
        RecordCommand::Checkpoint { at } => {
            let place = at.place();
            let record = place.open()?;
            access::confirm(&place, &record)?;
            print!("{}", peers::checkpoint(&record, &place.dir)?);
            warn_if_alone(&place)?;
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
            let mission = mission.as_deref().map(mission_of).transpose()?;
            let pace = match mission.as_ref().and_then(|mission| mission.record.rhythm) {
                None => Pace::AsSaid(Duration::from_millis(*interval)),
                Some(Rhythm { every, leaves }) => {
                    Pace::Beats(Beat { every, leaves: usize::try_from(leaves).unwrap_or(1) })
                }
            };
            let bounds = Bounds { entries: *rate, kib: *kib };
            served(&at.place(), listen, token.as_deref(), bounds, pace, mission)?;
        }
        RecordCommand::Send { observations, mission, to, key, token, log, encrypted_road, rhythm } => {
            let road = send::Road { to, key, token, log, encrypted: *encrypted_road };
            let sent =
                send::run(observations, &mission_files(mission.as_deref())?, &road, *rhythm, &progress)?;
            drop(progress);
            if sent.taken == 0 && sent.refused.is_none() {
                println!("{}: nothing is new, so nothing was handed in or asked", sent.dir.display());
            } else {
                println!("{}: {} leaves were taken; the receipts are there", sent.dir.display(), sent.taken);
            }
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
        RecordCommand::Access { at, lost, by, why } => match (lost, by, why) {
            (true, Some(by), Some(why)) => {
                is_role(Some(by))?;
                let by = Token::new(by).map_err(|refusal| anyhow::anyhow!(refusal.what))?;
                access::declare_lost(&at.place(), &by, why)?;
                println!(
                    "the access log is declared lost, which the record counts for ever; what is left of it lies beside, and \
                     with the next reading another begins"
                );
            }
            _ => print!("{}", access::list(&at.place())?),
        },
        RecordCommand::Expire { at, mission, moment, erase } => {
            let place = at.place();
            let moment = moment.unwrap_or_else(|| Time(place.clock.now()));
            expired(&place, &mission_of(mission)?, moment, *erase)?;
        }
        RecordCommand::Witness { folder, name, logs, listen } => {
            let desk = desk(folder, name.as_deref(), logs)?;
            let told = |address| println!("http://{address}");
            serve::run(Site::new().with_witness(desk), listen, told, None)
                .with_context(|| format!("cannot listen on {listen}"))?;
        }
        RecordCommand::Mirror { mirror, from, log, into } => {
            return mirrored(mirror, from, log, into.as_deref());
        }
        RecordCommand::Restore { at, from } => restored(&at.place(), from)?,
        RecordCommand::RebuildIndex { at, index, who } => {
            let place = at.place();
            logged(&place, "monitor", who.as_ref(), "rebuild-index", None)?;
            let path = index.clone().unwrap_or_else(|| place.dir.join("index.sqlite"));
            let rows = rebuild_index(&place, &path)?;
            println!("{}: {rows} leaves", path.display());
        }
        RecordCommand::Find { at, from, before, near, kind, what, source, index, who } => {
            let place = at.place();
            logged(&place, "monitor", who.as_ref(), "find", None)?;
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
                    print!("{}", told_of(&audit));
                    if *hashes {
                        println!("the vault, the sources and their signatures were not checked");
                    }
                    let sound = (*hashes || told_coarsely(&place)?) && roles_are_known(&place)?;
                    let [overrides, lost] = place.reader()?.overruled()?;
                    for (count, words) in [
                        (overrides, "how often two persons overrode what witnesses and mirrors said"),
                        (lost, "how often the access log was declared lost, and begun anew"),
                    ] {
                        if count > 0 {
                            println!("{words}: {count}");
                        }
                    }
                    if place.keys.has("hub.key")
                        && let Err(error) = Forgotten::of(&place)
                    {
                        println!("{error:#}");
                        return Ok(false);
                    }
                    match access::audit(&place) {
                        Ok(Some(readings)) => {
                            println!("the access log hashes to its own head; it has {readings} leaves");
                        }
                        Ok(None) => {}
                        Err(error) => {
                            println!("{error:#}");
                            return Ok(false);
                        }
                    }
                    configured(&place, &at.keys.clone().unwrap_or_else(|| place.dir.join("keys")))?;
                    return Ok(sound);
                }
                Err(error @ record::Error::Damaged { .. }) => {
                    println!("{error}");
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            }
        }
        RecordCommand::Lost { at, by, why } => {
            is_role(by.as_deref())?;
            let place = at.place();
            let record = place.open_losing()?;
            let lost = record.lost()?;
            for leaf in &lost {
                println!("leaf {leaf}: what the vault keeps of it does not check");
            }
            let names = Forgotten::of(&place).err();
            if let Some(error) = &names {
                println!("{error:#}");
            }
            match (by, why) {
                _ if lost.is_empty() && names.is_none() => {
                    println!("what the vault keeps checks: nothing is lost");
                }
                (Some(by), Some(why)) => {
                    if names.is_some() {
                        forgotten::begin_anew(&place, &record)?;
                    }
                    let declared = record.lose(&lost, by, why)?;
                    peers::checkpoint(&record, &place.dir)?;
                    println!(
                        "declared lost: {declared}. The leaves stay, and prove that something was said; what it was may be \
                         recorded again from its source"
                    );
                }
                _ => println!(
                    "Put the file of the vault back from a copy that was kept apart. If there is none, declare this lost, \
                     with --by and --why: it cannot be undone"
                ),
            }
        }
        RecordCommand::Erase { at, leaf, part, by, why } => {
            is_role(by.as_deref())?;
            let place = at.place();
            let record = place.open()?;
            match (part, by, why) {
                (Some(part), Some(by), Some(why)) => {
                    remembered(&place, &record, &BTreeSet::from([*leaf]))?;
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

/// What an audit found beside that everything hashes to the signed root, a line each.
fn told_of(audit: &Audit) -> String {
    let lines = [
        (
            audit.pending,
            "leaf is acknowledged and under no head yet",
            "leaves are acknowledged and under no head yet",
        ),
        (
            audit.unchecked,
            "tile came while this ran, and was not checked",
            "tiles came while this ran, and were not checked",
        ),
        (
            audit.unknown,
            "leaf is of a source that is not in the list of sources: its signature was NOT CHECKED",
            "leaves are of sources that are not in the list of sources: their signatures were NOT CHECKED",
        ),
        (
            audit.erased,
            "part was erased since; the leaf stands, and a note says who erased it, when and why",
            "parts were erased since; the leaves stand, and a note says who erased each, when and why",
        ),
        (
            audit.suspect.len() as u64,
            "leaf stands behind the revocation of its key, and is not to be believed",
            "leaves stand behind the revocation of their key, and are not to be believed",
        ),
        (
            audit.torn_queues,
            "queue ends with a piece of an entry: it is being written, or nobody was told that it is kept, or it is damaged",
            "queues end with a piece of an entry: it is being written, or nobody was told that it is kept, or it is damaged",
        ),
        (
            audit.damaged,
            "file lies in the folder `damaged`: what was cut from the record's files, or replaced in them",
            "files lie in the folder `damaged`: what was cut from the record's files, or replaced in them",
        ),
    ];
    let told = lines.into_iter().filter(|(count, ..)| *count > 0);
    let told = told.map(|(count, one, many)| format!("{count} {}\n", if count == 1 { one } else { many }));
    let foreign = audit.foreign.iter().map(|(file, roles)| {
        format!("{file} opens to the roles {} with other keys than those named now\n", roles.join(", "))
    });
    told.chain(foreign).collect()
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

/// Are the public keys of the roles, for which parts are wrapped, those that the signed list keeps? Without the folder of
/// keys nothing is wrapped here.
fn roles_are_known(place: &Place) -> Result<bool> {
    let known = place.reader()?.roles()?;
    if known.is_empty() || !place.keys.has("roles") {
        return Ok(true);
    }
    let mut sound = true;
    for (name, key) in &known {
        let same = match place.keys.role_public(name) {
            Ok(public) => public == *key,
            Err(error) => {
                println!("{error:#}");
                false
            }
        };
        if !same {
            println!(
                "roles/{name}.pub is not the key that the record knows: what was wrapped for it would not open to that role. Put \
                 the file back"
            );
        }
        sound &= same;
    }
    Ok(sound)
}

/// Checks that what is told coarsely follows from what is recorded, where this reader holds a key that opens it. A source at
/// a distance that contradicts itself is named; `Ok(false)`: the hub's own leaf does.
fn told_coarsely(place: &Place) -> Result<bool> {
    let Ok(keys) = tell::keys_of(&place.keys, report::View::Mission) else {
        println!("coarse values were not checked: no key of a monitor or an analyst is here");
        return Ok(true);
    };
    let reader = place.reader()?;
    let (newest, size) = tell::head(&reader, None)?;
    let (leaves, _) = tell::leaves(&reader, &newest, size)?;
    let told = tell::open(&reader, &leaves, &keys)?;
    let (checked, contradicting) = tell::coarse_values(&told);
    println!("{checked} places are told coarsely; {} statements contradict themselves", contradicting.len());
    let distant = reader.distant()?;
    let is_distant = |index: u64| {
        let leaf = usize::try_from(index).ok().and_then(|index| leaves.get(index));
        let leaf = leaf.and_then(|bytes| verify::leaf::Leaf::parse(bytes).ok());
        leaf.is_some_and(|leaf| distant.contains(&leaf.pseudonym))
    };
    for leaf in told.iter().filter(|leaf| leaf.has_id() && is_distant(leaf.index)) {
        println!(
            "leaf {} gives what it tells a name of its source's choice, and may stand in another's place: no log takes this",
            leaf.index
        );
    }
    let mut sound = true;
    for (index, malformed) in &contradicting {
        let by_source = is_distant(*index);
        sound &= by_source;
        let whose = if by_source { "its source signed it so" } else { "the hub itself signed it so" };
        println!("leaf {index} contradicts itself, and is not to be believed: {whose}: {malformed}");
    }
    Ok(sound)
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
        let those = leaves.values().flatten().copied().collect();
        remembered(place, &record, &those)?;
        let gone = record.expire(&retention, at.0)?;
        peers::checkpoint(&record, &place.dir)?;
        println!("{gone} parts were erased. The leaves stay, and prove that they existed");
    } else {
        println!("nothing was erased yet: call again with --erase. It cannot be undone");
    }
    Ok(())
}

/// Is this a role that erases?
fn is_role(by: Option<&str>) -> Result<()> {
    let known = |by: &&str| ROLES.contains(by) && *by != "public";
    match by.filter(|by| !known(by)) {
        Some(by) => bail!("there is no role `{by}` that erases: it is one of {}", ROLES[1..].join(", ")),
        None => Ok(()),
    }
}

/// Writes down by name what is about to be erased.
fn remembered(place: &Place, record: &Record, leaves: &BTreeSet<u64>) -> Result<()> {
    access::confirm(place, record)?;
    // What is under no head yet can be named only then.
    record.checkpoint()?;
    if !forgotten::remember(place, record, leaves)? {
        eprintln!(
            "no key of a monitor or an analyst is here, so what is erased has no name here: reading the same files again \
             would record it again"
        );
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

/// Writes into the access log that leaves, all unless said, are about to be opened in a role, before they are.
fn logged(
    place: &Place,
    role: &str,
    who: Option<&Token>,
    why: &str,
    leaves: Option<std::ops::Range<u64>>,
) -> Result<()> {
    let (_, size) = tell::head(&place.reader()?, None)?;
    let who = who.cloned().unwrap_or_else(access::account);
    if !access::note(place, leaves.unwrap_or(0..size), role, &who, why)? {
        eprintln!("this is a copy without the log's keys: what is opened here stands in no access log");
    }
    Ok(())
}

fn served(
    place: &Place,
    listen: &str,
    token: Option<&Path>,
    bounds: Bounds,
    pace: Pace,
    mission: Option<Mission>,
) -> Result<()> {
    let site = Site::new().with_log(place.dir.clone());
    let told = |address| println!("http://{address}");
    let failed = || format!("cannot listen on {listen}");
    let Some(token) = token else {
        if !place.exists() {
            bail!("{} holds no record; make one with `truceline record init`", place.dir.display());
        }
        return serve::run(site, listen, told, None).with_context(failed);
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
    access::confirm(place, &record)?;
    peers::checkpoint(&record, &place.dir)?;
    let (door, writing) = door::open(place.again(), record, pace, mission);
    let site = site.with_add(tokens(), bounds, door);
    serve::run(site, listen, told, Some(writing.ended)).with_context(failed)?;
    // The site is gone, and with it the door: what was taken is under a head before this ends.
    writing.writer.join().map_err(|_| anyhow::anyhow!("the writer of the record failed"))?
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
    place.is_there()?;
    // The record's own tiles are a mirror of its files of leaves.
    let found = restore(&folder(&place.dir)?, &folder(from)?, &place.keys.verifiers()?)?;
    let dir = place.dir.display();
    println!("{dir}: {} leaves are as in {}", found.leaves, from.display());
    for segment in &found.segments {
        println!("written again: {segment}");
    }
    if found.head {
        println!("written again: checkpoint");
    }
    if !found.missing.is_empty() {
        let signed = place.reader()?.checkpoint()?;
        let signed = signed.and_then(|note| Checkpoint::of_note(&note).ok()).map_or(0, |head| head.size);
        let or = match signed > found.missing.start {
            true => format!(
                "they are under the head that this log signed, so it cannot go on without them: its own tiles have them, if \
                 they are whole: `truceline record restore {dir} --from {dir}`"
            ),
            false => "if there is none, `truceline record checkpoint` goes on without them, and lays what the vault keeps of \
                      them in the folder `damaged`"
                .to_string(),
        };
        bail!(
            "the vault keeps what opens leaves {} to {}, and neither {dir} nor {} has them. If they were acknowledged, a newer \
             mirror has them: call this again with it; {or}",
            found.missing.start,
            found.missing.end - 1,
            from.display()
        );
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
        let of = match &what {
            What::Leaves(those) => {
                those.first().zip(those.last()).map(|(first, last)| *first..last.saturating_add(1))
            }
            // To know which leaves belong to a day or a case, all are opened.
            What::Day(_) | What::Case(_) => None,
        };
        logged(&place, args.receiver.role(), args.who.as_ref(), "export", of)?;
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
