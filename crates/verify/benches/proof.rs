//! What checking costs: `cargo bench -p verify`.

use divan::{Bencher, counter::ItemsCount};
use verify::checkpoint::Checkpoint;
use verify::field::{Field, Salts, Value};
use verify::key::SourceKey;
use verify::leaf::{self, Kind, Leaf, Statement};
use verify::merkle::{self, Node, Range};
use verify::note::{Algorithm, Note, SignerKey};
use verify::policy::Policy;
use verify::proof::Proof;

fn main() {
    divan::main();
}

const ORIGIN: &str = "record.example/hub";

/// A proof in a tree of 2^30 leaves, all alike but one, with three cosignatures; and its entry and policy.
fn proof(log_pq: bool) -> (Vec<u8>, Vec<u8>, Policy) {
    let key =
        |name: &str, algorithm, number| SignerKey::from_seed(name, algorithm, &[number; 32]).expect("a name");
    let log = key(ORIGIN, Algorithm::Ed25519, 1);
    let pq = key(ORIGIN, Algorithm::MlDsa44, 2);
    let witnesses: Vec<_> =
        (0..3).map(|n| key(&format!("witness.example/{n}"), Algorithm::Cosignature, 10 + n)).collect();
    let (index, size) = (715_827_882, 1u64 << 30);
    let entry = vec![7; leaf::LEAF_LEN];
    let mut alike = vec![merkle::leaf_hash(b"like all others")];
    let mut mine = vec![merkle::leaf_hash(&entry)];
    for level in 0..30 {
        let (left, right) =
            if index >> level & 1 == 0 { (mine[level], alike[level]) } else { (alike[level], mine[level]) };
        mine.push(merkle::node_hash(&left, &right));
        alike.push(merkle::node_hash(&alike[level], &alike[level]));
    }
    let read = |node: Node| -> Result<_, merkle::Error> {
        let level = usize::from(node.level);
        Ok(if index >> level == node.index { mine[level] } else { alike[level] })
    };
    let path = merkle::prove_inclusion(index, size, read).expect("within the tree");
    let text = Checkpoint::new(ORIGIN, size, mine[30]).to_string();
    let logs: &[&SignerKey] = if log_pq { &[&log, &pq] } else { &[&log] };
    let mut checkpoint = Note::sign(&text, logs, 1).expect("a checkpoint");
    checkpoint
        .signatures
        .extend(witnesses.iter().map(|witness| witness.sign(&text, 1).expect("a checkpoint")));
    let mut policy = format!("log {}\n", log.verifier());
    if log_pq {
        policy.push_str(&format!("log {}\n", pq.verifier()));
    }
    for (number, witness) in witnesses.iter().enumerate() {
        policy.push_str(&format!("witness w{number} {}\n", witness.verifier()));
    }
    policy.push_str("group all-three all w0 w1 w2\nquorum all-three\n");
    let proof = Proof { extra: None, index, path, checkpoint };
    (proof.to_string().into_bytes(), entry, Policy::parse(policy.as_bytes()).expect("a policy"))
}

/// Read and verify one `.tlog-proof` of a log of 2^30 leaves with three cosignatures (Ed25519 throughout).
#[divan::bench]
fn verify_proof(bencher: Bencher<'_, '_>) {
    let (bytes, entry, policy) = proof(false);
    bencher.bench(|| Proof::parse(&bytes).and_then(|proof| proof.verify(&entry, &policy)).expect("it holds"));
}

/// The same with the log's ML-DSA-44 signature beside its Ed25519 one.
#[divan::bench]
fn verify_proof_with_ml_dsa_44(bencher: Bencher<'_, '_>) {
    let (bytes, entry, policy) = proof(true);
    bencher.bench(|| Proof::parse(&bytes).and_then(|proof| proof.verify(&entry, &policy)).expect("it holds"));
}

/// Hash leaves into a tree, as an audit does.
#[divan::bench]
fn hash_10_000_leaves(bencher: Bencher<'_, '_>) {
    let entries: Vec<Vec<u8>> =
        (0..10_000u32).map(|n| [n.to_be_bytes().as_slice(), &[7; 209]].concat()).collect();
    bencher.counter(ItemsCount::new(entries.len())).bench(|| {
        let mut range = Range::new();
        entries.iter().for_each(|entry| range.push(merkle::leaf_hash(entry)));
        range.root()
    });
}

/// Seal one batch of 500 detections of four fields each.
#[divan::bench]
fn seal_a_batch_of_500(bencher: Bencher<'_, '_>) {
    let key = SourceKey::from_seed(&[1; 32]);
    let field = |label: &str, value| Field::new(label, value).expect("a label");
    let item = |n: i64| {
        vec![
            field("time.exact", Value::ints([n, n])),
            field("level", Value::int(n)),
            field("bearing", Value::int(n)),
            field("class", Value::token("impulse").expect("a token")),
        ]
    };
    let statement = Statement { items: (0..500).map(item).collect(), ..Statement::new(Kind::Batch, vec![]) };
    bencher.counter(ItemsCount::new(500u32)).with_inputs(|| statement.clone()).bench_values(|statement| {
        leaf::seal(statement, &key, None, &Salts::from_seed(&[2; 32]), None).expect("it fits")
    });
}

/// Check the signature of one leaf.
#[divan::bench]
fn verify_leaf(bencher: Bencher<'_, '_>) {
    let key = SourceKey::from_seed(&[1; 32]);
    let statement = Statement::new(Kind::Heartbeat, vec![]);
    let sealed = leaf::seal(statement, &key, None, &Salts::from_seed(&[2; 32]), None).expect("it fits");
    let public = key.public();
    bencher.bench(|| Leaf::parse(&sealed.bytes).and_then(|leaf| leaf.verify(&public)).expect("it holds"));
}
