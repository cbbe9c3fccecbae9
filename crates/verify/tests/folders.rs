//! Whole logs and bundles on disk, the binary, and the second implementation in Python.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{ORIGIN, TIME, World, write_log};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;
use verify::bundle::{self, Contents, Exported};
use verify::keys::{Holder, Keys};
use verify::leaf::Kind;
use verify::log::{self, Content};
use verify::note::Note;
use verify::receipt::{Outcome, Receipt};
use verify::{Means, merkle, text};

fn contents(world: &World, indices: &[u64]) -> Contents {
    let size = world.entries.len() as u64;
    let exported = |index: &u64| {
        let sealed = &world.sealed[*index as usize];
        let coarse = ["kind", "place.10km", "place.50km", "time.hour", "time.day", "key.source"];
        let view = sealed.openings.show(|item, label| match item {
            None => coarse.contains(&label.as_str()),
            Some(number) => number < 2 && label.as_str() != "time.exact",
        });
        Exported {
            leaf: sealed.bytes.clone(),
            proof: world.proof(*index, size),
            view: index.is_multiple_of(5).then_some(view).or_else(|| Some(sealed.openings.show(|_, _| true))),
        }
    };
    let mut leaves: Vec<_> = indices.iter().map(exported).collect();
    leaves[0].view = None;
    Contents {
        title: "A day of the record".into(),
        time: TIME + 86_400,
        policy: world.policy_text("group neutral 3 mission mediator n1 n2\nquorum neutral\n").into_bytes(),
        keys: world.keys.clone(),
        leaves,
        files: BTreeMap::from([("report.csv".to_string(), b"day,count\n2026-03-12,3\n".to_vec())]),
    }
}

fn written(world: &World) -> (TempDir, PathBuf) {
    let temp = TempDir::new().unwrap();
    let folder = temp.path().join("bundle");
    bundle::write(&folder, &contents(world, &[1, 3, 4, 5, 15, 40, 41])).unwrap();
    (temp, folder)
}

#[test]
fn a_bundle_is_written_and_checked() {
    let world = World::new(42);
    let (temp, folder) = written(&world);
    for policy in [None, Some(&world.policy())] {
        let checked = bundle::check(&folder, policy).unwrap();
        assert_eq!(checked.own_policy, policy.is_none());
        assert_eq!(
            checked.leaves.iter().map(|leaf| leaf.index).collect::<Vec<_>>(),
            [1, 3, 4, 5, 15, 40, 41]
        );
        assert_eq!(checked.root, world.keys.root);
        let leaf = &checked.leaves[1];
        assert!(matches!(&leaf.holder, Some(Holder::Source(name, 0)) if name.as_str() == "post-1"));
        assert_eq!(leaf.kind, Some(Kind::Batch));
        assert!(leaf.view.items.len() >= 2);
        assert_eq!(checked.leaves[0].kind, None, "of the first nothing is shown");
    }
    assert!(!temp.path().join("bundle.part").exists());
    let again = bundle::write(&folder, &contents(&world, &[1])).unwrap_err();
    assert!(again.what.contains("exists"));
    // The same contents are the same bytes.
    let twin = temp.path().join("twin");
    bundle::write(&twin, &contents(&world, &[1, 3, 4, 5, 15, 40, 41])).unwrap();
    let tag = |folder: &Path| fs::read(folder.join("tagmanifest-sha256.txt")).unwrap();
    assert_eq!(tag(&folder), tag(&twin));
    let mut outside = contents(&world, &[1]);
    outside.files.insert("../../x".into(), vec![]);
    assert!(bundle::write(&temp.path().join("outside"), &outside).is_err());
    assert!(!temp.path().join("outside").exists() && !temp.path().join("outside.part").exists());
}

/// Makes the manifests true again after a change, as a forger would.
fn rehash(folder: &Path) {
    use sha2::Digest;
    let line = |path: &str| {
        let hash: [u8; 32] = sha2::Sha256::digest(fs::read(folder.join(path)).unwrap()).into();
        format!("{}  {path}\n", text::hex(&hash))
    };
    let listed = fs::read_to_string(folder.join("manifest-sha256.txt")).unwrap();
    let manifest: String =
        listed.lines().filter_map(|l| l.split_once("  ")).map(|(_, path)| line(path)).collect();
    fs::write(folder.join("manifest-sha256.txt"), manifest).unwrap();
    let tags: String = ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"].map(line).concat();
    fs::write(folder.join("tagmanifest-sha256.txt"), tags).unwrap();
}

/// The changes that a bundle must not survive: what is done, and what both implementations must say of.
type Change = (&'static str, fn(&Path), &'static str);
const CHANGES: [Change; 21] = [
    ("a file altered", |f| fs::write(f.join("data/files/report.csv"), "day,count\n").unwrap(), "altered"),
    ("a file added", |f| fs::write(f.join("data/files/more.csv"), "x").unwrap(), "added"),
    ("a file taken out", |f| fs::remove_file(f.join("data/files/report.csv")).unwrap(), "taken out"),
    ("a tag file altered", |f| fs::write(f.join("bag-info.txt"), "x: y\n").unwrap(), "altered"),
    (
        "a leaf altered and rehashed",
        |f| {
            flip(&f.join("data/leaves/4.leaf"), 100);
            rehash(f);
        },
        "leaf 4",
    ),
    (
        "a leaf exchanged",
        |f| {
            fs::copy(f.join("data/leaves/5.leaf"), f.join("data/leaves/4.leaf")).unwrap();
            rehash(f);
        },
        "leaf 4",
    ),
    (
        "a proof exchanged",
        |f| {
            fs::copy(f.join("data/proofs/5.tlog-proof"), f.join("data/proofs/4.tlog-proof")).unwrap();
            rehash(f);
        },
        "leaf 4",
    ),
    (
        "openings exchanged",
        |f| {
            fs::copy(f.join("data/openings/5.json"), f.join("data/openings/4.json")).unwrap();
            rehash(f);
        },
        "leaf 4",
    ),
    (
        "openings altered",
        |f| {
            edit(&f.join("data/openings/4.json"), "\"int\":", "\"int\":1");
            rehash(f);
        },
        "leaf 4",
    ),
    (
        "openings no JSON",
        |f| {
            fs::write(f.join("data/openings/4.json"), "[".repeat(100_000)).unwrap();
            rehash(f);
        },
        "leaf 4",
    ),
    (
        "openings with a key twice",
        |f| {
            edit(&f.join("data/openings/4.json"), "\"version\":1", "\"version\":1,\"version\":1");
            rehash(f);
        },
        "leaf 4",
    ),
    (
        "a key twice in another spelling",
        |f| {
            edit(&f.join("data/openings/4.json"), "\"label\":", "\"l\\u0061bel\":\"text\",\"label\":");
            rehash(f);
        },
        "twice",
    ),
    ("metadata taken out", |f| take_out(f, "data/ro-crate-metadata.json"), "ro-crate-metadata.json"),
    ("openings taken out", |f| take_out(f, "data/openings/4.json"), "openings/4.json"),
    (
        "metadata with a key twice",
        |f| {
            edit(&f.join("data/ro-crate-metadata.json"), "{", "{\"@graph\":[],");
            rehash(f);
        },
        "twice",
    ),
    (
        "a key altered",
        |f| {
            edit(&f.join("data/keys"), "key post-1 0", "key post-9 0");
            rehash(f);
        },
        "post-9",
    ),
    (
        "a path out of the folder",
        |f| edit(&f.join("manifest-sha256.txt"), "data/files/report.csv", "data/../../report.csv"),
        "path",
    ),
    (
        "an absolute path",
        |f| edit(&f.join("manifest-sha256.txt"), "data/files/report.csv", "/etc/passwd"),
        "path",
    ),
    (
        "a file listed twice",
        |f| {
            let m = f.join("manifest-sha256.txt");
            let t = fs::read_to_string(&m).unwrap();
            fs::write(&m, format!("{t}{t}")).unwrap();
        },
        "twice",
    ),
    (
        "a link",
        |f| {
            fs::remove_file(f.join("data/files/report.csv")).unwrap();
            std::os::unix::fs::symlink("/etc/hostname", f.join("data/files/report.csv")).unwrap();
        },
        "link",
    ),
    ("a link to a folder", |f| std::os::unix::fs::symlink("/", f.join("data/files/all")).unwrap(), "link"),
];

/// From the folder and from the manifests.
fn take_out(folder: &Path, path: &str) {
    fs::remove_file(folder.join(path)).unwrap();
    let manifest = folder.join("manifest-sha256.txt");
    let listed = fs::read_to_string(&manifest).unwrap();
    let left = listed.lines().filter(|line| !line.ends_with(path)).map(|line| format!("{line}\n"));
    fs::write(&manifest, left.collect::<String>()).unwrap();
    rehash(folder);
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from));
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_changed_bundle_is_refused_with_its_place() {
    let world = World::new(42);
    for (what, change, says) in CHANGES {
        let (_temp, folder) = written(&world);
        change(&folder);
        let refusal = bundle::check(&folder, Some(&world.policy())).unwrap_err();
        assert!(refusal.what.contains(says), "{what}: {refusal}");
    }
    let (_temp, folder) = written(&world);
    fs::create_dir_all(folder.join("data/a/b/c/d/e/f/g/h/i/j")).unwrap();
    assert!(bundle::check(&folder, None).is_err());
    let nothing = bundle::check(&folder.join("nowhere"), None).unwrap_err();
    assert_eq!(nothing.means, Means::Unreadable);
}

#[test]
fn a_huge_manifest_is_refused_before_it_is_read() {
    let world = World::new(10);
    let temp = TempDir::new().unwrap();
    let folder = temp.path().join("bundle");
    bundle::write(&folder, &contents(&world, &[1, 2])).unwrap();
    let file = fs::OpenOptions::new().write(true).open(folder.join("manifest-sha256.txt")).unwrap();
    file.set_len(1 << 40).unwrap();
    let refusal = bundle::check(&folder, None).unwrap_err();
    assert!(refusal.what.contains("larger"), "{refusal}");
}

/// The interpreter with `cryptography`: from TRUCELINE_PYTHON or the path.
fn python() -> Option<String> {
    let python = std::env::var("TRUCELINE_PYTHON").unwrap_or_else(|_| "python3".into());
    let found = Command::new(&python)
        .args(["-c", "import cryptography"])
        .output()
        .is_ok_and(|out| out.status.success());
    assert!(
        found || std::env::var("CI").as_deref() != Ok("true"),
        "CI must have {python} with the package cryptography"
    );
    if !found {
        eprintln!("SKIPPED: the second implementation, as {python} with the package cryptography is missing");
    }
    found.then_some(python)
}

fn run_python(python: &str, folder: &Path, words: &[&str]) -> Output {
    Command::new(python).arg(folder.join("data/truceline_verify.py")).args(words).output().unwrap()
}

#[test]
fn the_second_implementation_in_python_agrees() {
    let Some(python) = python() else { return };
    let world = World::new(42);
    let (temp, folder) = written(&world);
    let policy = temp.path().join("policy");
    fs::write(&policy, world.policy_text("group neutral 3 mission mediator n1 n2\nquorum neutral\n"))
        .unwrap();
    let policy = policy.to_str().unwrap();
    let out = run_python(&python, &folder, &["bundle", "--policy", policy, folder.to_str().unwrap()]);
    let (said, erred) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success(), "{said}{erred}");
    assert!(said.contains("VERIFIED.") && said.contains("Leaf 41") && said.contains("post-1"), "{said}");
    assert!(!said.contains("CAUTION"));
    let out = run_python(&python, &folder, &["bundle", folder.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&out.stdout).contains("CAUTION"));
    // One proof alone.
    let data = |path: &str| folder.join("data").join(path).to_str().unwrap().to_string();
    let (leaf, proof, openings, keys) =
        (data("leaves/15.leaf"), data("proofs/15.tlog-proof"), data("openings/15.json"), data("keys"));
    let words = ["proof", "--policy", policy, &leaf, &proof, "--openings", &openings, "--keys", &keys];
    let out = run_python(&python, &folder, &words);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let wrong = run_python(&python, &folder, &["proof", "--policy", policy, &data("leaves/5.leaf"), &proof]);
    assert_eq!(wrong.status.code(), Some(1));
    assert_eq!(run_python(&python, &folder, &["proof"]).status.code(), Some(2));
    // And it refuses what ours refuses, for the same reason.
    for (what, change, says) in CHANGES {
        let (_temp, folder) = written(&world);
        change(&folder);
        let script = temp.path().join("truceline_verify.py");
        fs::write(&script, bundle::PYTHON).unwrap();
        let words = [script.to_str().unwrap(), "bundle", "--policy", policy, folder.to_str().unwrap()];
        let out = Command::new(&python).args(words).output().unwrap();
        let erred = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(1), "{what}: {erred}");
        assert!(erred.contains(says) && !erred.contains("Traceback"), "{what}: {erred}");
    }
}

fn truceline_verify(words: &[&str]) -> (i32, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_truceline-verify")).args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

#[test]
fn the_binary_says_what_is_proved_and_what_is_not() {
    let world = World::new(42);
    let (temp, folder) = written(&world);
    let put = |name: &str, bytes: &[u8]| {
        let path = temp.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_string()
    };
    let policy = put(
        "policy",
        world.policy_text("group neutral 3 mission mediator n1 n2\nquorum neutral\n").as_bytes(),
    );
    let data = |path: &str| folder.join("data").join(path).to_str().unwrap().to_string();
    let (leaf, proof) = (data("leaves/15.leaf"), data("proofs/15.tlog-proof"));

    let words = [
        "proof",
        "--policy",
        &policy,
        &leaf,
        &proof,
        "--openings",
        &data("openings/15.json"),
        "--keys",
        &data("keys"),
    ];
    let (code, said, _) = truceline_verify(&words);
    assert_eq!(code, 0);
    for part in [
        "VERIFIED: these 213 bytes are leaf 15",
        "by 2026-03-12T06:30:03Z at the latest",
        "as seen by mission at 2026-03-12T06:30:01Z",
        "It does not prove:",
        "that the statement is true",
        "`post-1`",
        "cell with south-west corner lon 39.3000000",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let (code, said, erred) =
        truceline_verify(&["proof", "--policy", &policy, &data("leaves/5.leaf"), &proof]);
    assert!(code == 1 && said.is_empty(), "{said}");
    assert!(
        erred.contains("NOT VERIFIED") && erred.contains("leaf 15") && erred.contains("What this means:"),
        "{erred}"
    );

    let (code, said, _) = truceline_verify(&["bundle", folder.to_str().unwrap()]);
    assert!(code == 0 && said.contains("CAUTION"), "{said}");
    let (code, said, _) = truceline_verify(&["bundle", "--policy", &policy, folder.to_str().unwrap()]);
    assert!(code == 0 && !said.contains("CAUTION") && said.contains("item 1"), "{said}");

    let log = temp.path().join("log");
    world.write_log(&log);
    let (code, said, _) =
        truceline_verify(&["log", "--policy", &policy, log.to_str().unwrap(), "--keys", &data("keys")]);
    assert!(code == 0 && said.contains("all 42 leaves") && said.contains("42 of 42 signatures"), "{said}");
    flip(&log.join("tile/entries/000.p/42"), 2 + 215 * 7 + 20);
    let (code, _, erred) = truceline_verify(&["log", "--policy", &policy, log.to_str().unwrap()]);
    assert!(code == 1 && erred.contains("leaf 7"), "{erred}");

    let outcome = Outcome::Appended { first: 10, deadline: TIME + 60 };
    let receipt =
        Receipt { origin: ORIGIN.into(), outcome, time: TIME, leaves: world.hashes()[10..16].to_vec() };
    let receipt = put("receipt", receipt.sign(&world.log).unwrap().to_string().as_bytes());
    let head = put("head", world.head_at(12, TIME + 61).to_string().as_bytes());
    let (code, said, _) =
        truceline_verify(&["receipt", "--policy", &policy, &receipt, "--leaf", &leaf, "--proof", &proof]);
    assert!(code == 0 && said.contains("at index 15") && said.contains("was kept"), "{said}");
    let (code, _, erred) = truceline_verify(&["receipt", "--policy", &policy, &receipt, "--head", &head]);
    assert!(
        code == 3 && erred.starts_with("BROKEN PROMISE: ") && erred.contains("only 12 leaves"),
        "{erred}"
    );
    let late = put("late", world.head_at(12, TIME + 60).to_string().as_bytes());
    let (code, said, erred) = truceline_verify(&["receipt", "--policy", &policy, &receipt, "--head", &late]);
    assert!(code == 1 && said.is_empty() && erred.starts_with("NOT IN TIME: "), "{erred}");
    // A leaf of which the receipt says nothing is not verified by it.
    let stranger = data("leaves/5.leaf");
    let (code, said, erred) =
        truceline_verify(&["receipt", "--policy", &policy, &receipt, "--leaf", &stranger]);
    assert!(code == 1 && said.is_empty() && erred.contains("your leaf is not among"), "{said}{erred}");

    // The third case: another leaf is proved where this one was promised.
    let outcome = Outcome::Appended { first: 10, deadline: TIME + 60 };
    let broken =
        Receipt { origin: ORIGIN.into(), outcome, time: TIME, leaves: world.hashes()[11..17].to_vec() };
    let broken = put("broken", broken.sign(&world.log).unwrap().to_string().as_bytes());
    let words = ["receipt", "--policy", &policy, &broken, "--leaf", &leaf, "--proof", &proof];
    let (code, said, erred) = truceline_verify(&words);
    assert!(code == 3 && said.is_empty() && erred.contains("put another there"), "{erred}");
    // A refusal is signed, too, and proves no more than that.
    let outcome = Outcome::Refused { reason: verify::field::Token::new("flood").unwrap() };
    let refused =
        Receipt { origin: ORIGIN.into(), outcome, time: TIME, leaves: world.hashes()[..1].to_vec() };
    let refused = put("refused", refused.sign(&world.log).unwrap().to_string().as_bytes());
    let (code, said, _) = truceline_verify(&["receipt", "--policy", &policy, &refused]);
    assert!(
        code == 0 && said.contains("for the reason `flood`") && said.contains("does not prove"),
        "{said}"
    );

    let mut fork = world.checkpoint(42);
    fork.root[0] ^= 1;
    let fork =
        put("fork", Note::sign(&fork.to_string(), &[&world.log], TIME).unwrap().to_string().as_bytes());
    let honest = put("honest", world.head(42).to_string().as_bytes());
    let (code, _, erred) = truceline_verify(&["fork", "--policy", &policy, &honest, &fork]);
    assert!(code == 3 && erred.starts_with("TWO HISTORIES: "), "{erred}");
    assert_eq!(truceline_verify(&["fork", "--policy", &policy, &honest, &head]).0, 0);

    for wrong in [
        &[][..],
        &["nonsense"],
        &["proof"],
        &["proof", "--policy"],
        &["proof", &leaf, &proof],
        &["proof", "--policy", &policy, "--policy", &policy, &leaf, &proof],
        &["bundle", "--nonsense", &leaf],
    ] {
        let (code, _, erred) = truceline_verify(wrong);
        assert!(code == 2 && erred.contains("truceline-verify proof"), "{wrong:?}");
    }
    assert_eq!(truceline_verify(&["--help"]).0, 0);
    for wrong in [leaf.as_str(), "/nowhere", folder.to_str().unwrap()] {
        let (code, _, erred) = truceline_verify(&["proof", "--policy", &policy, &leaf, wrong]);
        assert!(code == 1 && erred.contains("What this means:"), "{erred}");
    }
}

fn check(folder: &Path, world: &World) -> Result<log::Audit, log::Fault> {
    log::check(folder, &world.policy(), &world.keys, Content::Leaves)
}

#[test]
fn a_whole_log_is_checked_and_any_flipped_bit_is_found() {
    let world = World::new(600);
    let temp = TempDir::new().unwrap();
    world.write_log(temp.path());
    let audit = check(temp.path(), &world).unwrap();
    assert_eq!((audit.sources, audit.signatures, audit.vouched.checkpoint.size), (3, 600, 600));
    let no_keys = log::check(temp.path(), &world.policy(), &Keys::default(), Content::Leaves).unwrap();
    assert_eq!(no_keys.signatures, 0);
    let expect = |file: &str, at: usize, leaf: Option<u64>| {
        let path = temp.path().join(file);
        let before = fs::read(&path).unwrap();
        flip(&path, at);
        let fault = check(temp.path(), &world).unwrap_err();
        assert_eq!(fault.leaf, leaf, "{file}: {fault}");
        fs::write(&path, before).unwrap();
    };
    expect("tile/entries/000", 215 * 100 + 50, Some(100));
    expect("tile/entries/001", 215 * 3 + 50, Some(259));
    expect("tile/entries/002.p/88", 215 * 87 + 214, Some(599));
    expect("tile/entries/000", 215 * 100, Some(0));
    expect("tile/0/000", 32 * 200 + 5, Some(200));
    expect("tile/0/002.p/88", 32 * 87, Some(599));
    expect("tile/1/000.p/2", 33, None);
    expect("checkpoint", 30, None);
    for missing in ["tile/entries/001", "tile/0/001", "tile/1/000.p/2", "checkpoint"] {
        let path = temp.path().join(missing);
        let before = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(check(temp.path(), &world).is_err());
        fs::write(&path, before).unwrap();
    }
    assert!(check(temp.path(), &world).is_ok());
    // A partial tile may be gone once the full one is there.
    let smaller = World::new(100);
    fs::write(temp.path().join("checkpoint"), smaller.head(100).to_string()).unwrap();
    let mut audit = check(temp.path(), &world);
    assert!(audit.is_ok(), "{audit:?}");
    // Entries and tiles altered together: the root tells.
    let forged = [&world.entries[..50], &[world.entries[53].clone()], &world.entries[51..]].concat();
    let other = TempDir::new().unwrap();
    write_log(other.path(), &forged, &world.head(600));
    audit = check(other.path(), &world);
    assert!(audit.is_err());
    audit = log::check(other.path(), &world.policy(), &Keys::default(), Content::Anything);
    assert!(audit.unwrap_err().refusal.what.contains("altered together"));
}

#[test]
fn a_broken_chain_of_a_source_is_found_at_its_leaf() {
    let world = World::new(60);
    let broken = |entries: Vec<Vec<u8>>| {
        let temp = TempDir::new().unwrap();
        let hashes: Vec<_> = entries.iter().map(|entry| merkle::leaf_hash(entry)).collect();
        let head = verify::checkpoint::Checkpoint::new(ORIGIN, entries.len() as u64, merkle::root(&hashes))
            .to_string();
        let mut note = Note::sign(&head, &[&world.log], TIME).unwrap();
        note.signatures.extend(world.witnesses.iter().map(|witness| witness.sign(&head, TIME).unwrap()));
        write_log(temp.path(), &entries, &note);
        check(temp.path(), &world).unwrap_err()
    };
    let mut dropped = world.entries.clone();
    dropped.remove(9);
    assert_eq!(broken(dropped).leaf, Some(11), "the next leaf of that source shows the gap");
    let mut swapped = world.entries.clone();
    swapped.swap(9, 12);
    assert_eq!(broken(swapped).leaf, Some(9));
    let mut repeated = world.entries.clone();
    repeated.push(world.entries[59].clone());
    assert_eq!(broken(repeated).leaf, Some(60));
    assert_eq!(broken(world.entries[1..].to_vec()).leaf, Some(2), "the first leaf of the source is missing");
    let mut stray = world.entries.clone();
    stray.push(b"not a leaf".to_vec());
    assert_eq!(broken(stray).leaf, Some(60));
    // Another history of one source under its own key: the same number, other contents.
    let other = verify::leaf::seal(
        verify::leaf::Statement::new(Kind::Heartbeat, vec![]),
        &world.sources[0],
        None,
        &common::salts(9, 9),
        None,
    );
    let mut forked = world.entries.clone();
    forked[0] = other.unwrap().bytes;
    assert_eq!(broken(forked).leaf, Some(3));
}
