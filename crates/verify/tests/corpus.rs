//! What the fuzzers found worth keeping (fuzz/corpus) is read here too, on every run. `BLESS=1` puts the seeds there.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{ORIGIN, TIME, World, read_all};
use std::fs;
use std::path::{Path, PathBuf};
use verify::bundle::{self, Contents, Exported};
use verify::field::Token;
use verify::receipt::{Outcome, Receipt};
use verify::witness::AddCheckpoint;
use verify::{json, merkle, tile};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}

/// All files of a folder in one: `== path`, a newline, the contents.
fn packed(folder: &Path, prefix: &str, into: &mut String) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            packed(&path, &format!("{name}/"), into);
        } else if let Ok(contents) = fs::read_to_string(&path) {
            into.push_str(&format!("== {name}\n{contents}"));
        }
    }
}

fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let world = World::new(8);
    let text = world.checkpoint(8).to_string();
    let outcome = Outcome::Appended { first: 3, deadline: TIME + 60 };
    let receipt =
        Receipt { origin: ORIGIN.into(), outcome, time: TIME, leaves: world.hashes()[3..5].to_vec() };
    let refused =
        Receipt { outcome: Outcome::Refused { reason: Token::new("full").unwrap() }, ..receipt.clone() };
    let batch = world.sealed.iter().find(|sealed| !sealed.openings.items().is_empty()).unwrap();
    let path = merkle::prove_consistency(3, 8, world.read()).unwrap();
    let request = AddCheckpoint { old: 3, path, checkpoint: world.head(8) };
    let entries = tile::bundle(world.entries[..3].iter().map(Vec::as_slice)).unwrap();
    let temp = tempfile::tempdir().unwrap();
    let contents = Contents {
        title: "seed".into(),
        time: TIME,
        policy: world.policy_text("quorum none\n").into_bytes(),
        keys: world.keys.clone(),
        leaves: vec![Exported { leaf: batch.bytes.clone(), proof: world.proof(3, 8), view: None }],
        files: [("a.csv".to_string(), b"a\n".to_vec())].into(),
    };
    bundle::write(&temp.path().join("b"), &contents).unwrap();
    let mut folder = String::new();
    packed(&temp.path().join("b"), "", &mut folder);
    vec![
        ("leaf", world.entries[4].clone()),
        ("note", world.head(8).to_string().into_bytes()),
        ("note", world.log.verifier().to_string().into_bytes()),
        ("checkpoint", text.into_bytes()),
        ("tile", b"tile/0/x001/234.p/17".to_vec()),
        ("tile", [vec![2], entries].concat()),
        ("proof", world.proof(3, 8).to_string().into_bytes()),
        (
            "policy",
            world.policy_text("group g 2 mission n1 n2\ngroup h any g mediator\nquorum h\n").into_bytes(),
        ),
        ("receipt", receipt.to_string().into_bytes()),
        ("receipt", refused.to_string().into_bytes()),
        ("openings", batch.openings.encode()),
        ("openings", json::write(&world.sealed[1].openings.show(|_, _| true)).into_bytes()),
        ("keys", world.keys.to_string().into_bytes()),
        ("witness", request.to_string().into_bytes()),
        ("bundle", folder.into_bytes()),
    ]
}

#[test]
fn what_the_fuzzers_kept_is_read_without_panic() {
    if std::env::var_os("BLESS").is_some() {
        for (number, (target, bytes)) in seeds().into_iter().enumerate() {
            fs::create_dir_all(corpus().join(target)).unwrap();
            fs::write(corpus().join(target).join(format!("seed-{number}")), bytes).unwrap();
        }
    }
    let mut files = 0;
    for target in fs::read_dir(corpus()).unwrap() {
        for file in fs::read_dir(target.unwrap().path()).unwrap() {
            read_all(&fs::read(file.unwrap().path()).unwrap());
            files += 1;
        }
    }
    assert!(files >= 15, "the kept corpus is missing: {files} files");
}
