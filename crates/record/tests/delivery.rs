//! What a source hands in: one encoding, and a signed answer whatever comes.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::disk::SimulatedDisk;
use common::*;
use proptest::prelude::*;
use record::delivery::{DELIVERY_MAX, decode, encode};
use record::entropy::MadeUp;
use record::sources::Reason;
use record::vault::Opened;
use record::{Answer, Audience, Entry, Record, Signer};
use std::fmt::Write as _;
use std::path::Path;
use verify::field::Field;
use verify::leaf::{Kind, Statement};
use verify::merkle;
use verify::receipt::{Outcome, Receipt};

/// The reason of a refusal, which must be signed and name these hashes.
fn refused(record: &Record, answer: &Answer, hashes: &[verify::Hash]) -> Reason {
    let receipt = Receipt::open(&answer.note, &verifiers()[0]).unwrap();
    let reason = answer.refused.as_ref().expect("it should be refused").reason;
    assert_eq!(receipt.leaves, hashes);
    assert!(matches!(receipt.outcome, Outcome::Refused { reason: word } if word.as_str() == reason.word()));
    assert_eq!(record.origin(), receipt.origin);
    reason
}

/// What is looked at beside is the hub's to say; here it has nothing against anything.
fn deliver(record: &Record, bytes: &[u8], beat: Option<usize>) -> Result<Answer, record::Error> {
    record.deliver(bytes, beat, &|_, _| Ok(()))
}

#[test]
fn a_delivery_is_recorded_and_opened_by_those_it_names() {
    let clock = clock();
    let record = init(SimulatedDisk::new(), &clock);
    let random = MadeUp::from_seed([5; 32]);
    let mut source = enrol(&record, 1);
    let entries: Vec<Entry> = (0..3).map(|number| entry(&mut source, number, &random)).collect();
    let hashes: Vec<_> = entries.iter().map(|entry| merkle::leaf_hash(&entry.leaf)).collect();
    let bytes = encode(&entries);
    let answer = deliver(&record, &bytes, None).unwrap();
    let receipt = Receipt::open(&answer.note, &verifiers()[0]).unwrap();
    assert_eq!(receipt.leaves, hashes);
    let first = answer.first().unwrap();
    let opened = record.open_leaf(first + 1, &monitor()).unwrap();
    assert!(
        opened.iter().any(|it| matches!(it, Opened::Bytes { bytes, .. } if *bytes == 1_i64.to_be_bytes()))
    );
    assert!(
        record.open_leaf(first, &liaison()).unwrap().iter().any(|it| matches!(it, Opened::Closed { .. }))
    );
    // The receipt was lost: handed in once more, the same leaves get it again, and nothing is recorded twice.
    let size = record.len();
    let again = deliver(&record, &bytes, None).unwrap();
    let receipt = Receipt::open(&again.note, &verifiers()[0]).unwrap();
    assert!(
        matches!(receipt.outcome, Outcome::Appended { first: index, .. } if index == first),
        "{receipt:?}"
    );
    assert_eq!((receipt.leaves, record.len()), (hashes.clone(), size));
    // Also when the log keeps a rhythm since.
    let again = deliver(&record, &bytes, Some(64)).unwrap();
    assert_eq!((again.refused.is_none(), again.first()), (true, Some(first)));
    // A part of it, or what came before, is a replay and no more.
    let part = encode(&entries[..2]);
    assert_eq!(refused(&record, &deliver(&record, &part, None).unwrap(), &hashes[..2]), Reason::Replayed);
    let more: Vec<Entry> = (3..5).map(|number| entry(&mut source, number, &random)).collect();
    deliver(&record, &encode(&more), None).unwrap();
    assert_eq!(refused(&record, &deliver(&record, &bytes, None).unwrap(), &hashes), Reason::Replayed);
    // Nor are leaves that do not stand side by side.
    let across = [&entries[2..], &more[..]].concat();
    let answer = deliver(&record, &encode(&across), None).unwrap();
    assert!(answer.refused.is_none(), "they do stand side by side here");
    let mut other = enrol(&record, 2);
    deliver(&record, &encode(&[entry(&mut other, 0, &random)]), None).unwrap();
    let last = vec![entry(&mut source, 5, &random)];
    deliver(&record, &encode(&last), None).unwrap();
    let across = [&more[1..], &last[..]].concat();
    let hashes: Vec<_> = across.iter().map(|entry| merkle::leaf_hash(&entry.leaf)).collect();
    assert_eq!(
        refused(&record, &deliver(&record, &encode(&across), None).unwrap(), &hashes),
        Reason::Replayed
    );
    // Also when the key was revoked since.
    record.revoke(&source.pseudonym()).unwrap();
    assert!(deliver(&record, &encode(&last), None).unwrap().refused.is_none());
    let late = encode(&[entry(&mut source, 6, &random)]);
    assert_eq!(deliver(&record, &late, None).unwrap().refused.unwrap().reason, Reason::Revoked);
}

#[test]
fn whatever_cannot_be_checked_is_refused_with_a_signature() {
    let clock = clock();
    let record = init(SimulatedDisk::new(), &clock);
    let random = MadeUp::from_seed([5; 32]);
    let mut source = enrol(&record, 1);
    let before = record.len();
    let mut tried: Vec<(Vec<u8>, Vec<verify::Hash>, Reason)> = Vec::new();
    for bytes in [&b""[..], b"nonsense", &[0x82, 1, 0x80], &vec![0; DELIVERY_MAX + 1]] {
        tried.push((bytes.to_vec(), vec![merkle::leaf_hash(bytes)], Reason::Batch));
    }
    // Without what opens it, or with a part of that alone: the hub could not say when it is dated.
    let time = || Field::new("time.exact", verify::field::Value::ints([i64::MAX, i64::MAX])).unwrap();
    let statement = || Statement::new(Kind::Observation, vec![time()]);
    let hidden = Audience {
        category: "coarse",
        roles: &["monitor"],
        sees: &|_, label: &verify::field::Token| label.as_str() != "time.exact",
    };
    for audiences in [vec![], vec![hidden]] {
        let mut signer = Signer::resume(source_key(1), record.last_of(&source.pseudonym()));
        let entry = signer.sign(statement(), &audiences, &[], &random).unwrap();
        let hash = merkle::leaf_hash(&entry.leaf);
        tried.push((encode(&[entry]).to_vec(), vec![hash], Reason::Openings));
    }
    let whole = source.sign(statement(), &[Audience::all(&["monitor"])], &[], &random).unwrap();
    let hash = merkle::leaf_hash(&whole.leaf);
    tried.push((encode(&[whole]).to_vec(), vec![hash], Reason::FutureDated));
    for (bytes, hashes, reason) in tried {
        assert_eq!(refused(&record, &deliver(&record, &bytes, None).unwrap(), &hashes), reason);
    }
    assert_eq!(record.len(), before, "nothing was recorded");
}

/// One delivery of made-up seeds: the first entry of the first source.
fn example() -> Vec<u8> {
    let random = MadeUp::from_seed([5; 32]);
    let mut source = Signer::new(source_key(1));
    let statement = Statement::new(Kind::Heartbeat, vec![]);
    let entry = source.sign(statement, &[Audience::all(&["monitor"])], &[], &random).unwrap();
    encode(&[entry]).to_vec()
}

proptest! {
    #[test]
    fn a_delivery_has_one_encoding(at in 0..10_000_usize, bit in 0..8_u8) {
        let bytes = example();
        let entries = decode(&bytes).unwrap();
        prop_assert_eq!(&*encode(&entries), &bytes);
        let mut other = bytes.clone();
        let at = at % bytes.len();
        other[at] ^= 1 << bit;
        if let Ok(entries) = decode(&other) {
            prop_assert_eq!(&*encode(&entries), &other);
        }
        prop_assert!(decode(&bytes[..at]).is_err());
        prop_assert!(decode(&[&bytes[..], &[0]].concat()).is_err());
    }
}

/// The worked example of docs/record-format.md. `BLESS=1 cargo test -p record --test delivery` writes it anew.
#[test]
fn the_example_in_the_text_is_what_comes_out() {
    let bytes = example();
    let mut lines = String::new();
    for (line, part) in bytes.chunks(32).enumerate() {
        writeln!(lines, "{:4}  {}", line * 32, verify::text::hex(part)).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/record-format.md");
    let old = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = old.split_once("<!-- delivery -->").expect("the example stands in the text");
    let (_, after) = rest.split_once("<!-- end of delivery -->").expect("it ends");
    let new = format!("{before}<!-- delivery -->\n```\n{lines}```\n<!-- end of delivery -->{after}");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &new).unwrap();
    }
    assert!(
        new == old || std::env::var_os("BLESS").is_some(),
        "the text shows other bytes than the code makes"
    );
}
