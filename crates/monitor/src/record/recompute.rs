//! `truceline recompute`: the report again, from the leaves under its checkpoint, and whether it is the same.

use super::access;
use super::keep::Place;
use super::tell::{self, Contents};
use crate::assess::{AGREEMENT, Asked, Files, Question, answer};
use crate::progress::Progress;
use anyhow::{Context as _, Result, bail};
use report::View;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use truce::time::Time;
use verify::field::Token;

/// What a report says of itself.
#[derive(Clone, Debug)]
pub struct Named {
    /// The version that computed it.
    pub version: String,
    /// The checkpoint.
    pub origin: String,
    /// Leaves under it.
    pub size: u64,
    /// Their root.
    pub root: [u8; 32],
    /// Digests of the agreements, in the order of the report.
    pub agreements: Vec<[u8; 32]>,
    /// Of the part of a report over several agreements, the id of its own: the name of its folder.
    pub part: Option<String>,
    /// Digest of the mission's files.
    pub mission: [u8; 32],
    /// Whose view.
    pub view: View,
    /// As of when.
    pub as_of: Time,
    /// Was that moment asked for?
    pub asked: bool,
}

/// A checkpoint as reports name it.
pub fn name(origin: &str, size: u64, root: &[u8; 32]) -> String {
    format!("{origin} {size} {}", verify::text::base64(root))
}

impl Named {
    /// Reads `report.json`.
    ///
    /// # Errors
    /// What it does not say.
    pub fn read(text: &str) -> Result<Self> {
        let json: Value = serde_json::from_str(text).context("it is not JSON")?;
        let from = &json["head"]["computed_from"];
        let word = |key: &str| from[key].as_str().with_context(|| format!("it does not say `{key}`"));
        let checkpoint = from["checkpoint"].as_str().context(
            "it names no checkpoint: it was computed from files without a record, and cannot be recomputed from one",
        )?;
        let mut words = checkpoint.rsplitn(3, ' ');
        let (root, size, origin) = (words.next(), words.next(), words.next());
        let root =
            root.and_then(verify::text::hash_from_base64).context("its checkpoint has no root hash")?;
        let size = size.and_then(verify::text::decimal).context("its checkpoint has no number of leaves")?;
        let listed = from["digests"].as_array().context("it lists no digests")?;
        let digests = |of: &dyn Fn(&str) -> bool| -> Vec<[u8; 32]> {
            let meant = listed.iter().filter(|digest| digest["of"].as_str().is_some_and(of));
            let bytes = meant.filter_map(|digest| verify::text::from_hex(digest["sha256"].as_str()?));
            bytes.filter_map(|bytes| <[u8; 32]>::try_from(bytes).ok()).collect()
        };
        // A file of data may be called anything, and comes after the mission; agreements come first.
        let last = listed.iter().position(|digest| digest["of"] == "mission").unwrap_or(listed.len());
        let is_agreement = |of: &str| {
            of == AGREEMENT || of.strip_prefix(AGREEMENT).is_some_and(|rest| rest.starts_with(' '))
        };
        let agreements: Vec<[u8; 32]> = digests(&is_agreement).into_iter().take(last).collect();
        if agreements.is_empty() {
            bail!("it gives no digest of the agreement");
        }
        let mission = digests(&|of| of == "mission");
        let part = json["state"]["title"]["code"].as_str().filter(|_| agreements.len() > 1);
        Ok(Self {
            version: word("version")?.to_string(),
            origin: origin.context("its checkpoint names no log")?.to_string(),
            size,
            root,
            agreements,
            part: part.map(str::to_string),
            mission: *mission.first().context("it gives no digest of the mission")?,
            view: match word("view")? {
                "public" => View::Public,
                "mission" => View::Mission,
                other => bail!("it is of the view `{other}`, which this version does not know"),
            },
            asked: word("cut")? == "asked",
            as_of: Time::parse(word("as_of")?).context("it does not say as of when")?,
        })
    }
}

/// What was compared.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Files that are the same.
    pub same: Vec<String>,
    /// Files that differ, with the first line that does; or that are missing.
    pub differ: Vec<String>,
    /// Files in the folder that no report has.
    pub others: Vec<String>,
    /// What was erased since, in words.
    pub erased: Vec<String>,
}

/// Computes a report again and compares it, file by file.
///
/// # Errors
/// If it cannot be computed from this record by this version: why.
pub fn run(report: &Path, place: &Place, who: &Token, progress: &Progress) -> Result<(Named, Compared)> {
    let folder: PathBuf = if report.is_dir() {
        report.to_path_buf()
    } else {
        report.parent().map_or_else(PathBuf::new, Path::to_path_buf)
    };
    let path = if report.is_dir() { report.join("report.json") } else { report.to_path_buf() };
    let text = fs::read_to_string(&path).with_context(|| {
        format!(
            "cannot read {}: give the folder of a report of `truceline assess`, or its report.json",
            path.display()
        )
    })?;
    let named = Named::read(&text).with_context(|| format!("{} cannot be recomputed", path.display()))?;
    let own = env!("CARGO_PKG_VERSION");
    if named.version != own {
        bail!(
            "the report was computed by version {}, and this is version {own}: another version may rightly give other \
             bytes. Recompute it with that version",
            named.version
        );
    }
    if named.view == View::Mission && !access::note(place, 0..named.size, "monitor", who, "recompute")? {
        eprintln!("this is a copy without the log's keys: what is opened here stands in no access log");
    }
    let (contents, _) = under(place, &named, progress)?;
    let erased = contents.erased.clone();
    let questions = contents.questions(&named.agreements, &named.mission)?;
    let Some(Question { mission, .. }) = questions.first() else { bail!("the report names no agreement") };
    let known = contents.known(mission, named.view, progress)?;
    let checkpoint = Some(name(&named.origin, named.size, &named.root));
    // What nobody asked for is worked out again.
    let asked = Asked { as_of: named.asked.then_some(named.as_of), view: named.view, checkpoint };
    let files = of_part(answer(&questions, known, &asked, progress)?, named.part.as_deref());
    let mut compared = Compared { same: Vec::new(), differ: Vec::new(), others: Vec::new(), erased };
    for (name, ours) in &files {
        match fs::read(folder.join(name)) {
            Ok(theirs) if theirs == ours.as_bytes() => compared.same.push(name.clone()),
            Ok(theirs) => {
                let theirs = String::from_utf8_lossy(&theirs);
                let line = ours.lines().zip(theirs.lines()).position(|(a, b)| a != b);
                let line = line.unwrap_or_else(|| ours.lines().count().min(theirs.lines().count())) + 1;
                compared.differ.push(format!("{name}: differs from line {line} on"));
            }
            Err(error) => compared.differ.push(format!("{name}: cannot be read: {error}")),
        }
    }
    let within = |name: &str| name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let folders: BTreeSet<String> = files.iter().map(|(name, _)| within(name)).collect();
    for inner in &folders {
        for entry in fs::read_dir(folder.join(inner)).into_iter().flatten().flatten() {
            let name = format!("{inner}{}", entry.file_name().to_string_lossy());
            if entry.path().is_file() && files.iter().all(|(known, _)| *known != name) {
                compared.others.push(name);
            }
        }
    }
    compared.others.sort();
    Ok((named, compared))
}

/// Of a report over several agreements, the files of one part as they lie in its folder; all of them, if none is meant.
fn of_part(files: Files, part: Option<&str>) -> Files {
    let Some(part) = part else { return files };
    let own = |(name, text): (String, String)| {
        Some((name.strip_prefix(part)?.strip_prefix('/')?.to_string(), text))
    };
    files.into_iter().filter_map(own).collect()
}

/// What is under the checkpoint that a report names, as its view opens it.
fn under(place: &Place, named: &Named, progress: &Progress) -> Result<(Contents, u64)> {
    progress.step("reading the record");
    let reader = place.reader()?;
    let (newest, size) = tell::head(&reader, Some(named.size))?;
    if newest.origin != named.origin {
        bail!("the report names the log `{}`, and this is `{}`", named.origin, newest.origin);
    }
    let (leaves, root) = tell::leaves(&reader, &newest, size)?;
    if root != named.root {
        bail!(
            "the first {size} leaves of this record have another root than the checkpoint that the report names: one \
             of them shows another history. Keep both, and compare them with what the witnesses signed"
        );
    }
    let keys = tell::keys_of(&place.keys, named.view)?;
    progress.step("opening the leaves");
    Ok((Contents::of(tell::open(&reader, &leaves, &keys)?)?, newest.size))
}

/// What the outcome means, for a person.
pub fn words(named: &Named, compared: &Compared) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    let start = |digest: &[u8; 32]| format!("{}...", &verify::text::hex(digest)[..12]);
    let agreements: Vec<String> = named.agreements.iter().map(start).collect();
    let whose = match named.view {
        View::Public => "the public view: what anyone may open",
        View::Mission => "the mission's own view: what only its monitors and analysts may open",
    };
    let _ = writeln!(
        text,
        "From the {} leaves under the checkpoint of {} (root {}), the {} {} and the mission {}..., in {whose}:",
        named.size,
        named.origin,
        verify::text::base64(&named.root),
        if named.agreements.len() > 1 { "agreements" } else { "agreement" },
        agreements.join(", "),
        &verify::text::hex(&named.mission)[..12],
    );
    for name in &compared.same {
        let _ = writeln!(text, "  {name}: the same bytes");
    }
    for differs in &compared.differ {
        let _ = writeln!(text, "  {differs}");
    }
    for name in &compared.others {
        let _ = writeln!(text, "  {name}: not part of a report, not compared");
    }
    if !compared.erased.is_empty() {
        let _ = writeln!(text, "Since it was recorded, {} parts were erased:", compared.erased.len());
        for erased in compared.erased.iter().take(5) {
            let _ = writeln!(text, "  {erased}");
        }
    }
    let _ = if compared.differ.is_empty() {
        writeln!(text, "The report is what this version computes from this record.")
    } else if compared.erased.is_empty() {
        writeln!(text, "The report is NOT what this version computes from this record.")
    } else {
        writeln!(
            text,
            "The report is not what this version computes from what is left of this record. Whether it was what it computed \
             before the erasures cannot be told from here."
        )
    };
    text
}
