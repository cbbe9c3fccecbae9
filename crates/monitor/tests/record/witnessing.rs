//! Being a witness and asking one: what continues is cosigned, what forks is refused, an old copy is found out.

use crate::common::{Served, copy, ok, scratch, story, text, truceline};
use std::fs;
use std::path::Path;
use verify::checkpoint::Checkpoint;
use verify::merkle;
use verify::note::{Algorithm, Note, Signature, SignerKey, VerifierKey};
use verify::witness::AddCheckpoint;

/// A log in memory: heads over its first leaves, and proofs between them.
struct Log {
    key: SignerKey,
    leaves: Vec<[u8; 32]>,
}

impl Log {
    fn new(origin: &str, seed: u8, leaves: u8) -> Self {
        let key = SignerKey::from_seed(origin, Algorithm::Ed25519, &[seed; 32]).unwrap();
        Self { key, leaves: (0..leaves).map(|n| merkle::leaf_hash(&[n])).collect() }
    }

    fn head(&self, size: usize) -> Note {
        let root = merkle::root(&self.leaves[..size]);
        let text = Checkpoint::new(self.key.verifier().name(), size as u64, root).to_string();
        Note::sign(&text, &[&self.key], 0).unwrap()
    }

    fn proof(&self, old: u64, size: u64) -> Vec<[u8; 32]> {
        let node = |node: merkle::Node| {
            let (from, to) = (node.index << node.level, (node.index + 1) << node.level);
            Ok::<_, merkle::Error>(merkle::root(&self.leaves[from as usize..to as usize]))
        };
        merkle::prove_consistency(old, size, node).unwrap()
    }

    fn asks(&self, old: u64, size: usize) -> String {
        let path = if old == 0 { Vec::new() } else { self.proof(old, size as u64) };
        AddCheckpoint { old, path, checkpoint: self.head(size) }.to_string()
    }
}

fn witness(dir: &Path, logs: &[&VerifierKey]) -> Served {
    fs::create_dir_all(dir).unwrap();
    let known = dir.join("logs");
    fs::write(&known, logs.iter().map(|key| format!("{key}\n")).collect::<String>()).unwrap();
    let folder = dir.join("w");
    Served::start(&[
        "record",
        "witness",
        text(&folder),
        "--name",
        "example.org/witness",
        "--log",
        text(&known),
    ])
}

fn keys(dir: &Path) -> Vec<VerifierKey> {
    fs::read_to_string(dir.join("w/witness.pub"))
        .unwrap()
        .lines()
        .map(|line| VerifierKey::parse(line).unwrap())
        .collect()
}

/// c2sp.org/tlog-witness, status by status.
#[test]
fn a_witness_answers_as_the_specification_says() {
    let dir = scratch("statuses");
    let log = Log::new("example.org/log", 1, 20);
    let served = witness(&dir, &[log.key.verifier()]);
    let ask = |body: &str| {
        let (status, head, body) = served.post("/add-checkpoint", "", body.as_bytes());
        (status, head, String::from_utf8(body).unwrap())
    };
    // The first head, and one that continues it: cosigned, by keys that verify.
    let (status, _, lines) = ask(&log.asks(0, 5));
    assert_eq!(status, 200, "{lines}");
    for (size, old) in [(5, 5), (9, 5), (20, 9)] {
        let (status, _, lines) = ask(&log.asks(old, size));
        assert_eq!(status, 200, "{old} to {size}: {lines}");
        let head = log.head(size);
        let signatures = Signature::parse_lines(&lines).unwrap();
        for key in keys(&dir) {
            assert!(
                signatures.iter().any(|signature| matches!(key.verify(&head.text, signature), Ok(Some(_))))
            );
        }
    }
    // Another old size than it knows: 409, with the size.
    let (status, head, body) = ask(&log.asks(9, 20));
    assert_eq!((status, body.as_str()), (409, "20\n"));
    assert!(head.contains("content-type: text/x.tlog.size"), "{head}");
    // The same size with another root, validly signed, is a fork.
    let mut fork = Log::new("example.org/log", 1, 21);
    fork.leaves[3] = merkle::leaf_hash(b"another");
    let forked = AddCheckpoint { old: 20, path: Vec::new(), checkpoint: fork.head(20) }.to_string();
    assert_eq!(ask(&forked).0, 409);
    // A larger fork: its proof does not continue what was cosigned.
    let path = fork.proof(20, 21);
    let forked = AddCheckpoint { old: 20, path, checkpoint: fork.head(21) }.to_string();
    assert_eq!(ask(&forked).0, 422);
    // Not signed by the log; a log that nobody told of; not a request at all; old above new.
    let other = Log::new("example.org/log", 2, 21);
    assert_eq!(ask(&other.asks(0, 21)).0, 403);
    let unknown = Log::new("example.org/other", 1, 3);
    assert_eq!(ask(&unknown.asks(0, 3)).0, 404);
    assert_eq!(ask("old x\n\n").0, 400);
    let above = AddCheckpoint { old: 20, path: Vec::new(), checkpoint: log.head(5) }.to_string();
    assert_eq!(ask(&above).0, 400);
    // Too large; another method.
    assert_eq!(served.post("/add-checkpoint", "", &vec![b'x'; 65_537]).0, 413);
    assert_eq!(served.get("/add-checkpoint").0, 405);
    // It remembers across a restart.
    drop(served);
    let served = witness(&dir, &[log.key.verifier()]);
    assert_eq!(served.post("/add-checkpoint", "", log.asks(0, 5).as_bytes()).0, 409);
    assert_eq!(served.post("/add-checkpoint", "", log.asks(20, 20).as_bytes()).0, 200);
}

/// A record asks its witness at each head; the cosignature is served; a witness that is gone is missed, and stalls nothing.
#[test]
fn a_record_is_cosigned_and_a_missing_witness_is_named() {
    let dir = scratch("cosigned");
    let record = dir.join("r");
    ok(&["record", "init", text(&record), "--origin", "example.org/hub", "--alone"]);
    let log = fs::read_to_string(record.join("keys/log.pub")).unwrap();
    let logs: Vec<VerifierKey> = log.lines().map(|line| VerifierKey::parse(line).unwrap()).collect();
    let served = witness(&dir, &logs.iter().collect::<Vec<_>>());
    let own = keys(&dir);
    let mut policy: String = log.lines().map(|line| format!("log {line}\n")).collect();
    policy += &format!("witness neutral {} {}\nquorum neutral\n", own[0], served.url);
    // A party's witness that never answers.
    let party = SignerKey::from_seed("party.example/w", Algorithm::Cosignature, &[9; 32]).unwrap();
    let policy =
        policy.replace("quorum", &format!("witness party {} http://127.0.0.1:1\nquorum", party.verifier()));
    fs::write(record.join("policy"), &policy).unwrap();
    let ran = ok(&["record", "checkpoint", text(&record)]);
    assert!(ran.out.contains("example.org/witness"), "{}", ran.out);
    assert!(ran.err.contains("missing since") && ran.err.contains("party"), "{}", ran.err);
    let policy = verify::policy::Policy::parse(policy.as_bytes()).unwrap();
    let vouched = policy.check(&Note::parse(ran.out.as_bytes()).unwrap()).unwrap();
    assert_eq!((vouched.witnesses.len(), vouched.missing.as_slice()), (1, &["party".to_string()][..]));
    // An old copy, restored: the witness knows more, and nothing is signed.
    let old = dir.join("old");
    copy(&record, &old);
    let out = dir.join("out");
    let ran = story(&out, &["--record", text(&record)]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    fs::remove_dir_all(&record).unwrap();
    fs::rename(&old, &record).unwrap();
    let before = fs::read(record.join("checkpoint")).unwrap();
    let token = dir.join("token");
    fs::write(&token, "a-token-of-some-length").unwrap();
    for arguments in [
        &["record", "checkpoint", text(&record)][..],
        &["record", "serve", text(&record), "--token", text(&token)],
    ] {
        let ran = truceline(arguments);
        assert_eq!(ran.code, 1, "{}", ran.out);
        assert!(ran.err.contains("neutral") && ran.err.contains("leaves"), "{}", ran.err);
    }
    assert_eq!(story(&out, &["--record", text(&record)]).code, 1);
    assert_eq!(fs::read(record.join("checkpoint")).unwrap(), before, "nothing was signed");
}

/// A witness that is asked for and answers to nobody: the log starts again only when two persons say so.
#[test]
fn a_log_whose_witnesses_are_silent_does_not_start() {
    let dir = scratch("silent");
    let record = dir.join("r");
    ok(&["record", "init", text(&record), "--origin", "example.org/hub", "--alone"]);
    ok(&["record", "checkpoint", text(&record)]);
    let gone = SignerKey::from_seed("example.org/gone", Algorithm::Cosignature, &[9; 32]).unwrap();
    let policy = fs::read_to_string(record.join("policy")).unwrap();
    let named = format!("witness gone {} http://127.0.0.1:1\nquorum gone\n", gone.verifier());
    fs::write(record.join("policy"), policy.replace("quorum none\n", &named)).unwrap();
    let ran = truceline(&["record", "checkpoint", text(&record)]);
    assert!(ran.code == 1 && ran.err.contains("gone"), "{}", ran.err);
}
