//! Export bundles: a BagIt bag (RFC 8493) with SHA-256 and RO-Crate metadata, that proves what it holds without us.
//!
//! A bundle is a folder that somebody else made. Nothing in it is followed that leads out of it: names are checked
//! before any file is opened, symbolic links and special files are refused, and all sizes and numbers have a limit.

use crate::keys::{Holder, KEYS_MAX, Keys};
use crate::leaf::{Kind, Leaf};
use crate::log::read_file;
use crate::policy::{POLICY_MAX, Policy, Vouched};
use crate::proof::Proof;
use crate::{Hash, Refusal, field::View, json, note, text};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};

/// Bytes of a manifest, at most.
pub const MANIFEST_MAX: usize = 32 << 20;
/// Files in a bundle, at most.
pub const FILES_MAX: usize = 200_000;
/// Folders within folders, at most.
const DEPTH_MAX: usize = 8;
/// Bytes of `ro-crate-metadata.json`, at most.
const CRATE_MAX: usize = 64 << 20;

const BAGIT: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
const TAG_FILES: [&str; 4] = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"];

/// The second implementation, which goes into every bundle.
pub const PYTHON: &str = include_str!("../python/truceline_verify.py");

const README: &str = "This folder is an export of a Truceline record. It shows, without Truceline and without a network, that
the statements in it are in the record. Where the policy asks for witnesses, it proves that they were there by the time
that these signed; where its last line is `quorum none`, nobody but whoever holds the log's keys vouches for them, or for
when they came.

To check it: truceline-verify bundle --policy POLICY FOLDER
or, with Python 3 and its package `cryptography` alone: python3 truceline_verify.py bundle --policy POLICY FOLDER
Take the POLICY file from where the mission published it, not from this folder: whoever made this folder could have
put any policy in it. The same holds for the two programs.

policy      which logs and witnesses vouch (c2sp.org/tlog-policy)
keys        the public keys of the sources
leaves/     the statements as the log has them: committed to, not readable
proofs/     for each, the proof that it is in the log (c2sp.org/tlog-proof)
openings/   for each, those fields that the receiver of this folder may see, with what proves them
files/      what else belongs to the export

What it does not prove: that a statement is true, and that nothing else is in the record.
";

/// One leaf of a bundle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exported {
    /// The leaf as the log has it.
    pub leaf: Vec<u8>,
    /// The proof that it is there.
    pub proof: Proof,
    /// What is shown of it; `None` for nothing.
    pub view: Option<View>,
}

/// What goes into a bundle.
#[derive(Clone, Debug)]
pub struct Contents {
    /// What it is, for people: one line.
    pub title: String,
    /// POSIX seconds at which it was made.
    pub time: u64,
    /// The policy file.
    pub policy: Vec<u8>,
    /// The keys of the sources.
    pub keys: Keys,
    /// The leaves.
    pub leaves: Vec<Exported>,
    /// Further files by their path below `files/`.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// A leaf of a bundle that was checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckedLeaf {
    /// Its number in the log.
    pub index: u64,
    /// Whose key signed it; `None` when the bundle does not hold the key, so that the signature was not checked.
    pub holder: Option<Holder>,
    /// Who vouches for the head under which it is proved.
    pub vouched: Vouched,
    /// Its kind, when shown.
    pub kind: Option<Kind>,
    /// What is shown of it, checked.
    pub view: View,
}

/// A bundle that was checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked {
    /// Files whose hash was compared with the manifest.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// The leaves, by number.
    pub leaves: Vec<CheckedLeaf>,
    /// Is the policy that was used the one in the bundle itself? Then everything hangs on where that came from.
    pub own_policy: bool,
    /// The mission's root key, if the bundle names one. It means what the reader knows of it from elsewhere.
    pub root: Option<Hash>,
}

/// May this be the path of a file in a bundle? Names of a plain alphabet, joined by slashes, none of them hidden or `..`.
pub fn is_safe(path: &str) -> bool {
    let name = |name: &str| {
        !name.starts_with('.')
            && !name.ends_with('.')
            && name.len() <= 128
            && !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    };
    path.len() <= 512 && path.split('/').count() <= DEPTH_MAX && path.split('/').all(name)
}

/// Reads a manifest: lines of a SHA-256 hash in hexadecimal, spaces, and a path.
///
/// # Errors
/// [`crate::Means::Unreadable`], with the line.
pub fn manifest(bytes: &[u8]) -> Result<BTreeMap<String, Hash>, Refusal> {
    let file = str::from_utf8(bytes).map_err(|_| Refusal::unreadable("a manifest is not UTF-8"))?;
    let mut listed = BTreeMap::new();
    for (number, line) in file.lines().enumerate() {
        let bad = |why: &str| Refusal::unreadable(format!("line {} of a manifest: {why}", number + 1));
        let (hash, path) = line.split_once([' ', '\t']).ok_or_else(|| bad("it is not a hash and a path"))?;
        let path = path.trim_start_matches([' ', '\t']);
        let hash = text::from_hex(&hash.to_ascii_lowercase()).and_then(|hash| hash.try_into().ok());
        let hash = hash.ok_or_else(|| bad("it does not begin with a SHA-256 hash"))?;
        if !is_safe(path) {
            return Err(bad(&format!(
                "`{}` is not a path that a bundle may hold; such a path could lead out of the folder",
                text::shown(path)
            )));
        }
        if listed.insert(path.to_string(), hash).is_some() {
            return Err(bad(&format!("`{path}` stands twice")));
        }
        if listed.len() > FILES_MAX {
            return Err(bad(&format!("more than {FILES_MAX} files")));
        }
    }
    Ok(listed)
}

/// All files below a folder, by path with slashes; refuses symbolic links and what is neither file nor folder.
fn walk(root: &Path) -> Result<BTreeSet<String>, Refusal> {
    let mut found = BTreeSet::new();
    let mut folders = vec![(root.to_path_buf(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        let bad = |why: std::io::Error| {
            Refusal::unreadable(format!("`{}` cannot be read: {why}", folder.display()))
        };
        for entry in std::fs::read_dir(&folder).map_err(bad)? {
            let entry = entry.map_err(bad)?;
            let name = entry.file_name();
            let name = name.to_str().filter(|name| is_safe(name)).ok_or_else(|| {
                Refusal::unreadable(format!(
                    "`{}` is not a name that a bundle may hold",
                    entry.path().display()
                ))
            })?;
            let path = format!("{prefix}{name}");
            // Of the entry itself: a link is seen as a link.
            let kind = entry.file_type().map_err(bad)?;
            if kind.is_dir() && depth < DEPTH_MAX {
                folders.push((entry.path(), format!("{path}/"), depth + 1));
            } else if kind.is_file() {
                found.insert(path);
            } else {
                return Err(Refusal::unreadable(format!(
                    "`{path}` is a symbolic link, a special file, or too deep; a bundle holds plain files"
                )));
            }
            if found.len() + folders.len() > FILES_MAX {
                return Err(Refusal::unreadable(format!("more than {FILES_MAX} files")));
            }
        }
    }
    Ok(found)
}

fn hash_file(path: &Path) -> Result<(Hash, u64), Refusal> {
    let bad =
        |why: std::io::Error| Refusal::unreadable(format!("`{}` cannot be read: {why}", path.display()));
    let mut file = std::fs::File::open(path).map_err(bad)?;
    let (mut hasher, mut length, mut part) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        match file.read(&mut part).map_err(bad)? {
            0 => return Ok((hasher.finalize().into(), length)),
            read => {
                hasher.update(&part[..read]);
                length += read as u64;
            }
        }
    }
}

/// Checks a bundle: every file against the manifests, every leaf, signature, proof and opening. Without a policy, the
/// one in the bundle is used, and the answer says so.
///
/// # Errors
/// The first fault, naming the file or leaf.
pub fn check(folder: &Path, policy: Option<&Policy>) -> Result<Checked, Refusal> {
    let read = |path: &str, most: usize| read_file(&folder.join(path), most);
    let found = walk(folder)?;
    if read("bagit.txt", 1024)? != BAGIT.as_bytes() {
        return Err(Refusal::unreadable(
            "`bagit.txt` does not say BagIt 1.0 and UTF-8: not a bundle of ours",
        ));
    }
    let payload = manifest(&read("manifest-sha256.txt", MANIFEST_MAX)?)?;
    let tags = manifest(&read("tagmanifest-sha256.txt", MANIFEST_MAX)?)?;
    for tag in &TAG_FILES[..3] {
        if !tags.contains_key(*tag) {
            return Err(Refusal::unproved(format!("`tagmanifest-sha256.txt` does not list `{tag}`")));
        }
    }
    if let Some(stray) = payload.keys().find(|path| !path.starts_with("data/")) {
        return Err(Refusal::unreadable(format!(
            "`manifest-sha256.txt` lists `{stray}`, which is not below `data/`"
        )));
    }
    if let Some(stray) = tags.keys().find(|path| !TAG_FILES[..3].contains(&path.as_str())) {
        return Err(Refusal::unreadable(format!(
            "`tagmanifest-sha256.txt` lists `{stray}`, which is no tag file of ours"
        )));
    }
    let expected: BTreeSet<&str> =
        payload.keys().chain(tags.keys()).map(String::as_str).chain(["tagmanifest-sha256.txt"]).collect();
    if let Some(extra) = found.iter().find(|path| !expected.contains(path.as_str())) {
        return Err(Refusal::unproved(format!(
            "`{extra}` is in the folder, but in no manifest: it was added later"
        )));
    }
    let (mut files, mut bytes) = (0, 0);
    for (path, listed) in tags.iter().chain(&payload) {
        if !found.contains(path) {
            return Err(Refusal::unproved(format!(
                "`{path}` is in the manifest, but not in the folder: it was taken out"
            )));
        }
        let (hash, length) = hash_file(&folder.join(path))?;
        if hash != *listed {
            return Err(Refusal::unproved(format!(
                "`{path}` has not the hash that the manifest gives: it was altered"
            )));
        }
        files += 1;
        bytes += length;
    }
    check_crate(&read("data/ro-crate-metadata.json", CRATE_MAX)?, &payload)?;
    let own = match policy {
        Some(_) => None,
        None => Some(Policy::parse(&read("data/policy", POLICY_MAX)?)?),
    };
    let keys = Keys::parse(&read("data/keys", KEYS_MAX)?)?;
    let (policy, own_policy) = match (policy, &own) {
        (Some(policy), _) => (policy, false),
        (None, Some(own)) => (own, true),
        (None, None) => return Err(Refusal::untrusted("there is no policy")),
    };
    let leaves = check_leaves(&payload, policy, &keys, &read)?;
    Ok(Checked { files, bytes, leaves, own_policy, root: keys.root })
}

fn check_crate(bytes: &[u8], payload: &BTreeMap<String, Hash>) -> Result<(), Refusal> {
    let bad = |why: &str| Refusal::unreadable(format!("`data/ro-crate-metadata.json`: {why}"));
    let metadata = json::strict(bytes).map_err(|why| bad(&why))?;
    let graph = metadata["@graph"].as_array().ok_or_else(|| bad("no list `@graph`"))?;
    let root = graph.iter().find(|it| it["@id"] == "./").ok_or_else(|| bad("no entity `./`"))?;
    let parts = root["hasPart"].as_array().ok_or_else(|| bad("`./` has no list `hasPart`"))?;
    let named: BTreeSet<&str> = parts.iter().filter_map(|part| part["@id"].as_str()).collect();
    let missing = named.iter().find(|path| !payload.contains_key(&format!("data/{path}")));
    match missing {
        Some(missing) => Err(bad(&format!("it names `{}`, which is not here", text::shown(missing)))),
        None => Ok(()),
    }
}

/// The number in `data/leaves/17.leaf` and its like.
fn number_in(path: &str, folder: &str, ending: &str) -> Option<Result<u64, Refusal>> {
    let name = path.strip_prefix("data/")?.strip_prefix(folder)?.strip_prefix('/')?;
    let number = name.strip_suffix(ending).and_then(text::decimal);
    Some(number.ok_or_else(|| Refusal::unreadable(format!("`{path}` is not named by the number of a leaf"))))
}

fn check_leaves(
    payload: &BTreeMap<String, Hash>,
    policy: &Policy,
    keys: &Keys,
    read: &impl Fn(&str, usize) -> Result<Vec<u8>, Refusal>,
) -> Result<Vec<CheckedLeaf>, Refusal> {
    let numbers = |folder: &str, ending: &str| {
        payload
            .keys()
            .filter_map(|path| number_in(path, folder, ending))
            .collect::<Result<BTreeSet<u64>, Refusal>>()
    };
    let leaves = numbers("leaves", ".leaf")?;
    let proofs = numbers("proofs", ".tlog-proof")?;
    let openings = numbers("openings", ".json")?;
    if let Some(index) = leaves.symmetric_difference(&proofs).next() {
        return Err(Refusal::unproved(format!("leaf {index} has no proof, or a proof has no leaf")));
    }
    if let Some(index) = openings.difference(&leaves).next() {
        return Err(Refusal::unproved(format!("the openings of leaf {index} are here, but not the leaf")));
    }
    let known = keys.by_pseudonym();
    let check = |index: u64| {
        let entry = read(&format!("data/leaves/{index}.leaf"), crate::tile::ENTRY_MAX)?;
        let leaf = Leaf::parse(&entry)?;
        let proof = Proof::parse(&read(&format!("data/proofs/{index}.tlog-proof"), note::NOTE_MAX)?)?;
        if proof.index != index {
            return Err(Refusal::unproved(format!("its proof is that of leaf {}", proof.index)));
        }
        let vouched = proof.verify(&entry, policy)?;
        let holder = match known.get(&leaf.pseudonym) {
            Some((public, holder)) => leaf.verify(public).map(|()| Some(holder.clone()))?,
            None => None,
        };
        let view = match openings.contains(&index) {
            true => json::read(&read(&format!("data/openings/{index}.json"), json::OPENINGS_MAX)?)?,
            false => View::default(),
        };
        view.verify(&leaf.root)?;
        let kind =
            view.value(crate::field::KIND_LABEL).and_then(|kind| kind.as_token()).and_then(Kind::from_token);
        Ok(CheckedLeaf { index, holder, vouched, kind, view })
    };
    leaves.iter().map(|index| check(*index).map_err(|refusal| refusal.at(format!("leaf {index}")))).collect()
}

/// A day and time of POSIX seconds, such as `2026-11-22T16:00:00Z`.
pub fn utc(time: u64) -> String {
    // Civil from days, by Howard Hinnant's "chrono-compatible low-level date algorithms".
    let (days, second) = (i128::from(time / 86_400), time % 86_400);
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i128::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// Writes a bundle into a folder that does not exist yet. It is made beside it under a name that ends in `.part` and
/// renamed when whole and synced, so that no half of a bundle is ever found under its name.
///
/// # Errors
/// What cannot be written, or is not fit for a bundle.
pub fn write(folder: &Path, contents: &Contents) -> Result<(), Refusal> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    files.insert("policy".into(), contents.policy.clone());
    files.insert("keys".into(), contents.keys.to_string().into_bytes());
    files.insert("README.txt".into(), README.into());
    files.insert("truceline_verify.py".into(), PYTHON.into());
    for Exported { leaf, proof, view } in &contents.leaves {
        let index = proof.index;
        files.insert(format!("leaves/{index}.leaf"), leaf.clone());
        files.insert(format!("proofs/{index}.tlog-proof"), proof.to_string().into_bytes());
        if let Some(view) = view {
            files.insert(format!("openings/{index}.json"), json::write(view).into_bytes());
        }
    }
    for (path, bytes) in &contents.files {
        let path = format!("files/{path}");
        if !is_safe(&format!("data/{path}")) {
            return Err(Refusal::unreadable(format!(
                "`{}` is not a path that a bundle may hold",
                text::shown(&path)
            )));
        }
        files.insert(path, bytes.clone());
    }
    files.insert("ro-crate-metadata.json".into(), crate_metadata(contents, &files));

    let bytes: usize = files.values().map(Vec::len).sum();
    let list = |files: &BTreeMap<String, Vec<u8>>| {
        files.iter().fold(String::new(), |mut list, (path, bytes)| {
            let hash: Hash = Sha256::digest(bytes).into();
            writeln!(list, "{}  {path}", text::hex(&hash)).expect("writing to a string does not fail");
            list
        })
    };
    let payload: BTreeMap<String, Vec<u8>> =
        files.into_iter().map(|(path, bytes)| (format!("data/{path}"), bytes)).collect();
    let info = format!(
        "Bag-Software-Agent: Truceline {}\nBagging-Date: {}\nExternal-Description: {}\nPayload-Oxum: {bytes}.{}\n",
        env!("CARGO_PKG_VERSION"),
        &utc(contents.time)[..10],
        text::shown(&contents.title),
        payload.len()
    );
    let mut tags: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    tags.insert("bagit.txt".into(), BAGIT.into());
    tags.insert("bag-info.txt".into(), info.into());
    tags.insert("manifest-sha256.txt".into(), list(&payload).into());
    let tagmanifest = list(&tags);
    tags.insert("tagmanifest-sha256.txt".into(), tagmanifest.into());

    let bad = |path: &Path, why: std::io::Error| {
        Refusal::unreadable(format!("`{}` cannot be written: {why}", path.display()))
    };
    if folder.exists() {
        return Err(Refusal::unreadable(format!(
            "`{}` exists; a bundle is written to a new folder",
            folder.display()
        )));
    }
    let mut part = folder.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    std::fs::create_dir(&part).map_err(|why| bad(&part, why))?;
    let mut folders = BTreeSet::from([part.clone()]);
    for (path, bytes) in payload.iter().chain(&tags) {
        let path = part.join(path);
        let parent = path.parent().unwrap_or(&part).to_path_buf();
        std::fs::create_dir_all(&parent).map_err(|why| bad(&parent, why))?;
        let mut file = std::fs::File::create_new(&path).map_err(|why| bad(&path, why))?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|why| bad(&path, why))?;
        folders.insert(parent);
    }
    for path in &folders {
        std::fs::File::open(path).and_then(|folder| folder.sync_all()).map_err(|why| bad(path, why))?;
    }
    std::fs::rename(&part, folder).map_err(|why| bad(folder, why))?;
    match folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => {
            std::fs::File::open(parent).and_then(|it| it.sync_all()).map_err(|why| bad(parent, why))
        }
        None => Ok(()),
    }
}

fn crate_metadata(contents: &Contents, files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let role = |path: &str| match path.split('/').next() {
        Some("leaves") => "A statement as it stands in the log: a commitment, not readable",
        Some("proofs") => "The proof that the statement is in the log",
        Some("openings") => "The fields of the statement that the receiver may see, with what proves them",
        Some("policy") => "Which logs and witnesses vouch for the record",
        Some("keys") => "The public keys of the sources",
        _ => "Part of the export",
    };
    let parts: Vec<_> = files.keys().map(|path| json!({ "@id": path })).collect();
    let mut graph = vec![
        json!({
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": { "@id": "./" },
            "conformsTo": { "@id": "https://w3id.org/ro/crate/1.1" },
        }),
        json!({
            "@id": "./",
            "@type": "Dataset",
            "name": text::shown(&contents.title),
            "description": "Statements of a Truceline record with the proofs that they were in it",
            "datePublished": utc(contents.time),
            "license": "The holder of the record decides who may use and pass on this export",
            "hasPart": parts,
        }),
        json!({
            "@id": "#export",
            "@type": "CreateAction",
            "name": "Export from the record",
            "endTime": utc(contents.time),
            "instrument": { "@id": "#truceline" },
            "result": { "@id": "./" },
        }),
        json!({
            "@id": "#truceline",
            "@type": "SoftwareApplication",
            "name": "Truceline",
            "softwareVersion": env!("CARGO_PKG_VERSION"),
        }),
    ];
    graph.extend(files.iter().map(|(path, bytes)| {
        let hash: Hash = Sha256::digest(bytes).into();
        json!({
            "@id": path,
            "@type": "File",
            "description": role(path),
            "contentSize": bytes.len().to_string(),
            "sha256": text::hex(&hash),
        })
    }));
    let metadata = json!({ "@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph });
    let mut bytes = metadata.to_string().into_bytes();
    bytes.push(b'\n');
    bytes
}
