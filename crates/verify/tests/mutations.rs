//! Ten thousand changed copies of each thing that can be verified: none verifies. And arbitrary bytes into every
//! decoder: none panics.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{ORIGIN, Random, TIME, World, mutate, read_all};
use proptest::prelude::*;
use verify::json;
use verify::leaf::Leaf;
use verify::note::Note;
use verify::policy::Vouched;
use verify::proof::Proof;
use verify::receipt::{Outcome, Receipt};

const ROUNDS: usize = 10_000;

fn none_verifies(what: &str, seed: u64, bytes: &[u8], mut verifies: impl FnMut(&[u8]) -> bool) {
    assert!(verifies(bytes), "{what}: the original verifies");
    let (mut random, mut tried) = (Random(seed), 0);
    while tried < ROUNDS {
        let changed = mutate(bytes, &mut random);
        if changed == bytes {
            continue;
        }
        tried += 1;
        assert!(
            !verifies(&changed),
            "{what}: verifies though changed:\n{}",
            String::from_utf8_lossy(&changed)
        );
    }
}

/// Are these the same signatures over the same text? Their order means nothing, so it is no change.
fn same(one: &Note, other: &Note) -> bool {
    let sorted = |note: &Note| {
        let mut signatures = note.signatures.clone();
        signatures.sort();
        signatures
    };
    one.text == other.text && sorted(one) == sorted(other)
}

/// Is every signature there and true? What a policy that asks for all of them says of a note with nothing more.
fn whole(vouched: Result<Vouched, verify::Refusal>) -> bool {
    vouched.is_ok_and(|vouched| vouched.log.len() == 2 && vouched.witnesses.len() == 4)
}

#[test]
fn no_changed_proof_verifies() {
    let world = World::new(200);
    let policy = world.strict_policy();
    let entry = world.entries[77].clone();
    let original = world.proof(77, 200);
    let bytes = original.to_string();
    none_verifies("proof", 1, bytes.as_bytes(), |changed| {
        Proof::parse(changed).is_ok_and(|proof| {
            let reordered = changed != bytes.as_bytes()
                && same(&proof.checkpoint, &original.checkpoint)
                && proof.path == original.path
                && proof.index == original.index
                && proof.extra.is_none();
            !reordered && whole(proof.verify(&entry, &policy))
        })
    });
}

#[test]
fn no_changed_proof_verifies_under_a_small_quorum_for_anything_else() {
    // With signatures to spare, a change may make one of them unknown, which is to be ignored. Then the rest still
    // proves what the original proved, and nothing else.
    let world = World::new(60);
    let policy = world.policy();
    let (entry, bytes) = (world.entries[33].clone(), world.proof(33, 60).to_string());
    let original = world.checkpoint(60);
    let mut random = Random(5);
    let mut spared = 0;
    for _ in 0..ROUNDS {
        let changed = mutate(bytes.as_bytes(), &mut random);
        let verified =
            Proof::parse(&changed).and_then(|proof| Ok((proof.index, proof.verify(&entry, &policy)?)));
        if let Ok((index, vouched)) = verified {
            assert_eq!((index, &vouched.checkpoint), (33, &original));
            spared += 1;
        }
    }
    assert!(spared < ROUNDS / 10, "{spared}");
}

#[test]
fn no_changed_leaf_verifies() {
    let world = World::new(6);
    let public = world.sources[2].public();
    none_verifies("leaf", 2, &world.entries[5], |bytes| {
        Leaf::parse(bytes).is_ok_and(|leaf| leaf.verify(&public).is_ok())
    });
}

#[test]
fn no_changed_checkpoint_verifies() {
    let world = World::new(9);
    let policy = world.strict_policy();
    let original = world.head(9);
    let bytes = original.to_string();
    none_verifies("checkpoint", 3, bytes.as_bytes(), |changed| {
        Note::parse(changed).is_ok_and(|note| {
            let reordered = changed != bytes.as_bytes() && same(&note, &original);
            !reordered && whole(policy.check(&note))
        })
    });
}

#[test]
fn no_changed_receipt_verifies() {
    let world = World::new(9);
    let outcome = Outcome::Appended { first: 3, deadline: TIME + 60 };
    let receipt =
        Receipt { origin: ORIGIN.into(), outcome, time: TIME, leaves: world.hashes()[3..7].to_vec() };
    let note = receipt.sign(&world.log).unwrap().to_string();
    none_verifies("receipt", 4, note.as_bytes(), |bytes| {
        Note::parse(bytes).is_ok_and(|note| Receipt::open(&note, world.log.verifier()).is_ok())
    });
}

#[test]
fn no_changed_opening_verifies() {
    let world = World::new(6);
    let sealed = world.sealed.iter().find(|sealed| !sealed.openings.items().is_empty()).unwrap();
    let view = sealed.openings.show(|_, _| true);
    none_verifies("openings", 6, json::write(&view).as_bytes(), |bytes| {
        // White space and the order of fields are the file's; what is shown is what counts.
        json::read(bytes).is_ok_and(|changed| {
            let same_fields = changed.fields.iter().all(|f| view.fields.contains(f))
                && changed.fields.len() == view.fields.len();
            let fresh =
                !(same_fields && changed.items == view.items && bytes != json::write(&view).as_bytes());
            fresh && changed.verify(&sealed.leaf.root).is_ok()
        })
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_all(&bytes);
    }

    #[test]
    fn arbitrary_text_never_panics(words in "\\PC{0,200}(\n\\PC{0,60}){0,6}\n") {
        read_all(words.as_bytes());
    }

    #[test]
    fn what_is_read_as_a_leaf_has_one_encoding(mut bytes in prop::collection::vec(any::<u8>(), 213..=213)) {
        // The heads in their places, so that a leaf is likely.
        bytes[0] = 0x87;
        bytes[1] = 1;
        for (at, head) in [(2, [0x58, 0x20]), (45, [0x58, 0x20]), (79, [0x58, 0x20]), (113, [0x58, 0x20]), (147, [0x58, 0x40])] {
            bytes[at..at + 2].copy_from_slice(&head);
        }
        bytes[36] = 0x48;
        let leaf = Leaf::parse(&bytes);
        prop_assert_eq!(leaf.map(|leaf| leaf.encode()), Ok(bytes));
    }
}

#[test]
fn changed_copies_of_everything_never_panic() {
    let world = World::new(8);
    let sealed = &world.sealed[3];
    let outcome = Outcome::Appended { first: 3, deadline: TIME + 60 };
    let receipt = Receipt { origin: ORIGIN.into(), outcome, time: TIME, leaves: world.hashes() };
    let originals = [
        world.entries[3].clone(),
        sealed.openings.encode(),
        json::write(&sealed.openings.show(|_, _| true)).into_bytes(),
        world.proof(3, 8).to_string().into_bytes(),
        world.head(8).to_string().into_bytes(),
        world.policy_text("group g any n1 n2\nquorum g\n").into_bytes(),
        world.keys.to_string().into_bytes(),
        receipt.sign(&world.log).unwrap().to_string().into_bytes(),
        receipt.to_string().into_bytes(),
        world.checkpoint(8).to_string().into_bytes(),
        b"tile/0/x001/234.p/17".to_vec(),
        world.log.encode().as_bytes().to_vec(),
    ];
    let mut random = Random(7);
    for original in &originals {
        for _ in 0..800 {
            read_all(&mutate(original, &mut random));
        }
    }
}
