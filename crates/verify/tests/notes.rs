//! Notes, checkpoints, cosignatures, policies, proofs, requests to witnesses and receipts.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{ORIGIN, TIME, World, seed};
use verify::checkpoint::{self, Checkpoint};
use verify::field::Token;
use verify::note::{Algorithm, Note, Signature, SignerKey, VerifierKey};
use verify::policy::Policy;
use verify::proof::Proof;
use verify::receipt::{Outcome, Receipt};
use verify::witness::{AddCheckpoint, Answer};
use verify::{Means, merkle};

/// The example of the documentation of Go's golang.org/x/mod/sumdb/note, the origin of the format.
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const GO_VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_SKEY: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

#[test]
fn the_example_of_go_verifies_and_is_signed_alike() {
    let key = VerifierKey::parse(GO_VKEY).unwrap();
    assert_eq!(key.to_string(), GO_VKEY);
    let note = Note::parse(GO_NOTE.as_bytes()).unwrap();
    assert_eq!(note.signed_by(&key), Ok(Some(None)));
    assert_eq!(note.to_string(), GO_NOTE);
    let signer = SignerKey::parse(GO_SKEY).unwrap();
    assert_eq!(*signer.encode(), GO_SKEY);
    assert_eq!(Note::sign(&note.text, &[&signer], 0).unwrap(), note);
    assert!(!format!("{signer:?}").contains("AYEKFALV"), "a secret is never shown");
}

/// The examples in the texts of C2SP: they are read, and come out byte for byte. (Their keys are not published.)
#[test]
fn the_examples_of_c2sp_are_read() {
    let note = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\
— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    let read = Note::parse(note.as_bytes()).unwrap();
    assert!(read.text.ends_with("ed è subito sera.\n"));
    assert_eq!((read.signatures.len(), read.signatures[0].bytes.len()), (1, 64));
    assert_eq!(read.to_string(), note);

    let head = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    let read = Note::parse(head.as_bytes()).unwrap();
    assert_eq!(read.to_string(), head);
    let checkpoint = Checkpoint::of_note(&read).unwrap();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(checkpoint.to_string(), read.text);
    // The time in the example of tlog-cosignature.
    assert_eq!(read.signatures[1].bytes[..8], 1_679_315_147u64.to_be_bytes());
    let message = verify::cosignature::ed25519_message(1_679_315_147, &read.text);
    let expected = "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    assert_eq!(message, expected.as_bytes());

    let request = "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\njrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\n\
example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";
    let read = AddCheckpoint::parse(request.as_bytes()).unwrap();
    assert_eq!((read.old, read.path.len(), read.checkpoint.signatures.len()), (20_852_014, 4, 2));
    assert_eq!(read.to_string(), request);

    let answer = "— witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==\n\
— witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==\n";
    assert_eq!(Signature::parse_lines(answer).unwrap().len(), 2);
}

/// The structure `cosigned_message` of tlog-cosignature, written out by hand.
#[test]
fn the_message_under_ml_dsa_is_that_of_the_specification() {
    let checkpoint = Checkpoint::new("a/b", 0x0102, [9; 32]);
    let message = verify::cosignature::ml_dsa_message("w", 0x1122_3344, &checkpoint.to_string()).unwrap();
    let expected = [
        b"subtree/v1\n\0".as_slice(),
        b"\x01w",
        &[0, 0, 0, 0, 0x11, 0x22, 0x33, 0x44],
        b"\x03a/b",
        &[0; 8],
        &[0, 0, 0, 0, 0, 0, 1, 2],
        &[9; 32],
    ]
    .concat();
    assert_eq!(message, expected);
    let long = Checkpoint::new(&"x".repeat(256), 1, [9; 32]).to_string();
    assert!(verify::cosignature::ml_dsa_message("w", 0, &long).is_err());
}

#[test]
fn what_is_no_note_is_refused() {
    let signature = GO_NOTE.lines().last().unwrap();
    for wrong in [
        String::new(),
        "\n".into(),
        "text\n".into(),
        "text\n\n".into(),
        format!("text\n{signature}\n"),
        format!("text\n\n{signature}"),
        format!("text\n\n{signature}\n\n"),
        format!("te\txt\n\n{signature}\n"),
        format!("text\r\n\n{signature}\n"),
        format!("text\n\n-{}\n", &signature[3..]),
        format!("text\n\n{signature} \n"),
        format!("text\n\n{}\n", signature.replace("PeterNeumann", "Peter\u{a0}Neumann")),
        format!("text\n\n{}\n", signature.replace("PeterNeumann", "Peter+Neumann")),
        format!("text\n\n{}\n", signature.replace("PeterNeumann ", " ")),
        "text\n\n— a AAAAAA==\n".into(),
        "text\n\n— a AAAA\n".into(),
        format!("text\n\n{}", format!("{signature}\n").repeat(65)),
    ] {
        let refusal = Note::parse(wrong.as_bytes()).unwrap_err();
        assert_eq!(refusal.means, Means::Unreadable, "{wrong:?}");
    }
    assert!(Note::parse(b"te\xffxt\n\n\xe2\x80\x94 a AAAAAAA=\n").is_err());
    assert!(Note::parse(&vec![b'a'; 2 << 20]).is_err());
    assert!(Note::parse(format!("text\n\n{}", format!("{signature}\n").repeat(64)).as_bytes()).is_ok());
}

#[test]
fn what_is_no_key_is_refused() {
    for wrong in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpcAA==",
        "PeterNeumann+c74f20a3+",
    ] {
        assert!(VerifierKey::parse(wrong).is_err(), "{wrong:?}");
    }
    // A key of small order would sign anything.
    assert!(VerifierKey::new("a", Algorithm::Ed25519, &[0; 32]).is_err());
    let mut one = [0; 32];
    one[0] = 1;
    assert!(VerifierKey::new("a", Algorithm::Ed25519, &one).is_err());
    for wrong in
        [GO_SKEY.replace("c74f20a3", "c74f20a4"), GO_SKEY.replace("PRIVATE", "PUBLIC"), "PRIVATE+KEY+".into()]
    {
        let refusal = SignerKey::parse(&wrong).unwrap_err();
        assert!(!refusal.to_string().contains("AYEKF"), "a refusal never repeats a secret");
    }
}

#[test]
fn what_is_no_checkpoint_is_refused() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    for wrong in [
        String::new(),
        "a\n1\n".into(),
        format!("a\n1\n{root}"),
        format!("\n1\n{root}\n"),
        format!("a\n01\n{root}\n"),
        format!("a\n-1\n{root}\n"),
        format!("a\n18446744073709551616\n{root}\n"),
        format!("a\n1\n{}\n", &root[1..]),
        format!("a\n1\n{root}\n\n"),
        format!("a\n1\n{root}\nmore\n\n"),
        "a\n1\nAAAA\n".into(),
    ] {
        assert!(Checkpoint::parse(&wrong).is_err(), "{wrong:?}");
    }
    let extended = format!("a\n1\n{root}\nmore\n");
    assert_eq!(Checkpoint::parse(&extended).unwrap().to_string(), extended, "lines of others are kept");
}

#[test]
fn every_algorithm_signs_and_verifies_and_each_signature_is_for_its_own() {
    let world = World::new(5);
    let text = world.checkpoint(5).to_string();
    let keys: Vec<&SignerKey> = [&world.log, &world.log_pq].into_iter().chain(&world.witnesses).collect();
    for key in &keys {
        let signature = key.sign(&text, TIME).unwrap();
        assert_eq!(signature, key.sign(&text, TIME).unwrap(), "signing is deterministic");
        let vkey = VerifierKey::parse(&key.verifier().to_string()).unwrap();
        let time = vkey.verify(&text, &signature).unwrap();
        assert_eq!(time, (key.verifier().algorithm() != Algorithm::Ed25519).then_some(TIME));
        assert!(vkey.verify(&text.replace('5', "6"), &signature).is_err());
        for other in keys.iter().filter(|other| other.verifier() != key.verifier()) {
            let forged = Signature {
                name: other.verifier().name().into(),
                id: other.verifier().id(),
                ..signature.clone()
            };
            assert!(other.verifier().verify(&text, &forged).is_err());
        }
        let mut later = signature.clone();
        if let Some(last) = later.bytes.get_mut(7) {
            *last ^= 1;
        }
        assert!(vkey.verify(&text, &later).is_err(), "the time is signed");
        assert_eq!(*SignerKey::parse(&key.encode()).unwrap().encode(), *key.encode());
    }
    assert!(world.witnesses[0].sign("no checkpoint\n", TIME).is_err(), "a witness signs heads of logs alone");
    assert!(world.log_pq.sign("no checkpoint\n", TIME).is_err());
    assert!(world.log.sign("no newline", TIME).is_err());
    // Zero on an ML-DSA-44 signature says that no time is stated.
    let timeless = world.log_pq.sign(&text, 0).unwrap();
    assert_eq!(world.log_pq.verifier().verify(&text, &timeless), Ok(None));
}

#[test]
fn the_policy_of_the_specification_is_read() {
    let key = |n: u8| {
        SignerKey::from_seed(&format!("w{n}.example"), Algorithm::Cosignature, &seed(n))
            .unwrap()
            .verifier()
            .to_string()
    };
    let log = SignerKey::from_seed("log.example", Algorithm::Ed25519, &seed(9)).unwrap();
    let text = format!(
        "log {}\n\nwitness X1 {}\nwitness X2 {}\nwitness X3 {}\ngroup X-witnesses 2 X1 X2 X3\n\nwitness Y1 {}\nwitness Y2 {}\n\
         witness Y3 {}\ngroup Y-witnesses any Y1 Y2 Y3\n\n group\tX-and-Y all X-witnesses Y-witnesses \n# done\nquorum X-and-Y\n",
        log.verifier(),
        key(1),
        key(2),
        key(3),
        key(4),
        key(5),
        key(6)
    );
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!((policy.logs().len(), policy.witnesses().len(), policy.quorum_name()), (1, 6, "X-and-Y"));
    for (names, met) in [
        (&["X1", "X2", "Y3"][..], true),
        (&["X1", "X2", "X3"], false),
        (&["X1", "Y1", "Y2", "Y3"], false),
        (&["X2", "X3", "Y1", "Y2"], true),
        (&[], false),
    ] {
        assert_eq!(policy.quorum_of(names), met, "{names:?}");
    }
    let bad = |from: &str, to: &str| {
        assert!(text.contains(from));
        Policy::parse(text.replace(from, to).as_bytes()).unwrap_err().what
    };
    assert!(bad("quorum X-and-Y\n", "").contains("no line `quorum`"));
    assert!(bad("quorum X-and-Y", "quorum Z").contains("line 15"));
    assert!(bad("quorum X-and-Y", "quorum none\nquorum none").contains("second"));
    assert!(bad("2 X1 X2 X3", "4 X1 X2 X3").contains("1 to 3"));
    assert!(bad("2 X1 X2 X3", "0 X1 X2 X3").contains("1 to 3"));
    assert!(bad("2 X1 X2 X3", "02 X1 X2 X3").contains("1 to 3"));
    assert!(bad("2 X1 X2 X3", "2").contains("words"));
    assert!(bad("any Y1 Y2 Y3", "any Y1 Y2 X1").contains("only once"));
    assert!(bad("any Y1 Y2 Y3", "any Y1 Y1 Y3").contains("only once"));
    assert!(bad("any Y1 Y2 Y3", "any none").contains("none"));
    assert!(bad("all X-witnesses Y-witnesses", "all X-witnesses X-and-Y").contains("earlier"));
    assert!(bad("witness X2", "witness X1").contains("twice"));
    assert!(bad("witness X2", "witness none").contains("none"));
    assert!(bad(&key(2), &key(1)).contains("twice"));
    assert!(bad(&key(2), &log.verifier().to_string()).contains("not of a kind"));
    assert!(bad("# done", "\u{7f}").contains("line 14"));
    assert!(bad("# done", "logs x").contains("logs"));
    // One key under two names is one witness.
    let again = SignerKey::from_seed("other.example", Algorithm::Cosignature, &seed(1)).unwrap();
    assert!(bad(&key(2), &again.verifier().to_string()).contains("twice"));
    let none = Policy::parse(format!("log {}\nquorum none", log.verifier()).as_bytes()).unwrap();
    assert!(!none.asks_for_witnesses());
}

#[test]
fn a_quorum_is_asked_for_and_a_party_cannot_stall_it() {
    let world = World::new(20);
    let policy = world.policy();
    let full = world.head(20);
    let vouched = policy.check(&full).unwrap();
    assert_eq!(vouched.log, [Algorithm::Ed25519, Algorithm::MlDsa44]);
    assert_eq!(vouched.witnesses.len(), 4);
    assert_eq!(vouched.not_after, Some(TIME + 3), "when the third of four had signed");
    for missing in 2..6 {
        let mut note = full.clone();
        note.signatures.remove(missing);
        let vouched = policy.check(&note).unwrap();
        assert_eq!(vouched.missing.len(), 1, "a missing cosignature is shown");
        note.signatures.remove(2);
        let refusal = policy.check(&note).unwrap_err();
        assert_eq!(refusal.means, Means::Untrusted);
        assert!(refusal.what.contains("quorum"), "{refusal}");
    }
    for log in [0, 1] {
        let mut note = full.clone();
        note.signatures.remove(log);
        assert_eq!(policy.check(&note).unwrap().log.len(), 1, "one signature of the log is enough");
        note.signatures.remove(0);
        assert_eq!(policy.check(&note).unwrap_err().means, Means::Untrusted);
    }
    // Unknown keys are ignored; a false signature under a known name is not.
    let stranger = SignerKey::from_seed("stranger.example", Algorithm::Cosignature, &seed(77)).unwrap();
    let mut note = full.clone();
    note.signatures.push(stranger.sign(&note.text, TIME).unwrap());
    assert_eq!(policy.check(&note).unwrap(), vouched);
    let mut note = full.clone();
    let last = note.signatures[3].bytes.len() - 1;
    note.signatures[3].bytes[last] ^= 1;
    assert_eq!(policy.check(&note).unwrap_err().means, Means::Unproved);
    // Another origin, signed with the same key bytes.
    let other = SignerKey::from_seed("other.example", Algorithm::Ed25519, &seed(1)).unwrap();
    let text = full.text.replace(ORIGIN, "other.example");
    assert_eq!(
        policy.check(&Note::sign(&text, &[&other], TIME).unwrap()).unwrap_err().means,
        Means::Untrusted
    );
}

#[test]
fn a_proof_proves_its_leaf_and_no_other() {
    let world = World::new(50);
    let policy = world.policy();
    for index in [0, 1, 17, 48, 49] {
        let proof = world.proof(index, 50);
        let bytes = proof.to_string();
        let read = Proof::parse(bytes.as_bytes()).unwrap();
        assert_eq!((&read, read.to_string()), (&proof, bytes.clone()));
        let vouched = read.verify(&world.entries[index as usize], &policy).unwrap();
        assert_eq!(vouched.checkpoint, world.checkpoint(50));
        for (other, entry) in world.entries.iter().enumerate().filter(|(other, _)| *other as u64 != index) {
            assert_eq!(read.verify(entry, &policy).unwrap_err().means, Means::Unproved, "{other}");
        }
        let with_extra = Proof { extra: Some(b"anything".to_vec()), ..proof };
        assert_eq!(Proof::parse(with_extra.to_string().as_bytes()).unwrap(), with_extra);
    }
    // A tree of one leaf has a path of no hash.
    let alone = World::new(1);
    let proof = alone.proof(0, 1);
    assert!(
        Proof::parse(proof.to_string().as_bytes())
            .unwrap()
            .verify(&alone.entries[0], &alone.policy())
            .is_ok()
    );
}

#[test]
fn a_witness_answers_as_the_specification_says() {
    let world = World::new(40);
    let keys = [world.log.verifier().clone(), world.log_pq.verifier().clone()];
    let ask = |old: u64, size: u64| AddCheckpoint {
        old,
        path: merkle::prove_consistency(old.min(size), size, world.read()).unwrap(),
        checkpoint: Note::sign(&world.checkpoint(size).to_string(), &[&world.log], TIME).unwrap(),
    };
    let read = |request: &AddCheckpoint| AddCheckpoint::parse(request.to_string().as_bytes()).unwrap();
    let at = |size| Some(world.checkpoint(size));
    assert_eq!(read(&ask(0, 7)).judge(&keys, None), Answer::Cosign(world.checkpoint(7)));
    assert_eq!(read(&ask(7, 40)).judge(&keys, at(7).as_ref()), Answer::Cosign(world.checkpoint(40)));
    assert_eq!(ask(7, 7).judge(&keys, at(7).as_ref()), Answer::Cosign(world.checkpoint(7)));
    assert_eq!(ask(0, 40).judge(&keys, at(7).as_ref()), Answer::Conflict { size: 7 });
    assert_eq!(ask(7, 40).judge(&keys, None), Answer::Conflict { size: 0 });
    assert_eq!(ask(40, 7).judge(&keys, at(40).as_ref()), Answer::Malformed);
    assert_eq!(ask(7, 40).judge(&[], at(7).as_ref()), Answer::UnknownLog);
    let forged = SignerKey::from_seed(ORIGIN, Algorithm::Ed25519, &seed(99)).unwrap();
    let mut request = ask(7, 40);
    request.checkpoint = Note::sign(&request.checkpoint.text, &[&forged], TIME).unwrap();
    assert_eq!(request.judge(&keys, at(7).as_ref()), Answer::NotSigned);
    // A log that shows two histories: validly signed, refused.
    let mut fork = world.checkpoint(40);
    fork.root[0] ^= 1;
    let mut request = ask(7, 40);
    request.checkpoint = Note::sign(&fork.to_string(), &[&world.log], TIME).unwrap();
    assert_eq!(request.judge(&keys, at(7).as_ref()), Answer::Inconsistent);
    request.old = 40;
    request.path.clear();
    assert_eq!(request.judge(&keys, at(40).as_ref()), Answer::Conflict { size: 40 });
    assert_eq!(
        [
            Answer::Malformed,
            Answer::NotSigned,
            Answer::UnknownLog,
            Answer::Conflict { size: 1 },
            Answer::Inconsistent
        ]
        .map(|answer| answer.status()),
        [400, 403, 404, 409, 422]
    );
    for wrong in ["", "old 1\n", "old 01\n\na\n", "old 1\nxx\n\na\n", "new 1\n\na\n"] {
        assert!(AddCheckpoint::parse(wrong.as_bytes()).is_err());
    }
    let long =
        format!("old 1\n{}\n{}", format!("{}\n", verify::text::base64(&[0; 32])).repeat(64), world.head(40));
    assert!(AddCheckpoint::parse(long.as_bytes()).is_err());
    // The two heads convict the log.
    let honest = world.head(40);
    let guilty = checkpoint::fork(&honest, &request.checkpoint, &[world.log.verifier()]).unwrap().unwrap();
    assert_eq!(guilty.means, Means::TwoHistories);
    assert_eq!(checkpoint::fork(&honest, &world.head(39), &[world.log.verifier()]), Ok(None));
    let mut forged_head = request.checkpoint.clone();
    forged_head.signatures = Note::sign(&fork.to_string(), &[&forged], TIME).unwrap().signatures;
    assert!(
        checkpoint::fork(&honest, &forged_head, &[world.log.verifier()]).is_err(),
        "a forgery accuses nobody"
    );
}

fn receipt(world: &World, first: u64, count: usize, deadline: u64) -> Receipt {
    let leaves = world.hashes()[first as usize..][..count].to_vec();
    Receipt { origin: ORIGIN.into(), outcome: Outcome::Appended { first, deadline }, time: TIME, leaves }
}

#[test]
fn a_receipt_is_kept_or_convicts() {
    let world = World::new(30);
    let policy = world.policy();
    let promise = receipt(&world, 10, 3, TIME + 60);
    let note = promise.sign(&world.log).unwrap();
    let read = Note::parse(note.to_string().as_bytes()).unwrap();
    assert_eq!(Receipt::open(&read, world.log.verifier()).unwrap(), promise);
    assert_eq!(Receipt::open_by(&read, &policy).unwrap(), promise);
    assert!(Checkpoint::of_note(&read).is_err(), "a receipt is never taken for a checkpoint");

    // Kept: the leaf is where it was promised.
    let kept = promise.against_proof(&world.proof(11, 30), &promise.leaves[1], &policy).unwrap();
    assert_eq!(kept, None);
    // A proof of a leaf outside the receipt accuses nobody.
    assert_eq!(promise.against_proof(&world.proof(5, 30), &world.hashes()[5], &policy).unwrap(), None);
    // Broken: another leaf was promised there.
    let mut other = promise.clone();
    other.leaves[1] = [1; 32];
    let guilty = other.against_proof(&world.proof(11, 30), &world.hashes()[11], &policy).unwrap().unwrap();
    assert_eq!(guilty.means, Means::BrokenPromise);
    assert!(guilty.what.contains("index 11"));
    // A proof that does not hold accuses nobody.
    let mut forged = world.proof(11, 30);
    forged.path[0][0] ^= 1;
    assert!(other.against_proof(&forged, &world.hashes()[11], &policy).is_err());

    // A head from before the deadline may be too small; one that the log itself signs after it may not.
    let before = world.head_at(12, TIME);
    assert_eq!(promise.against_head(&before, &policy).unwrap(), None);
    let on_time = world.head_at(12, TIME + 60);
    let guilty = promise.against_head(&world.head_at(12, TIME + 61), &policy).unwrap().unwrap();
    assert!(guilty.means == Means::BrokenPromise && guilty.what.contains("only 12 leaves"), "{guilty}");
    assert_eq!(promise.against_head(&world.head_at(13, TIME + 61), &policy).unwrap(), None);
    // It convicts alone: the log's key signed receipt and head.
    let mut alone = world.head_at(12, TIME + 61);
    alone.signatures.truncate(2);
    assert_eq!(promise.against_head(&alone, &policy).unwrap().unwrap().means, Means::BrokenPromise);
    // An older signature of the log on the same head does not acquit it, and a forged newer one convicts nobody.
    let mut both = world.head_at(12, TIME + 61);
    both.signatures.extend(before.signatures.iter().cloned());
    both.signatures.reverse();
    assert!(promise.against_head(&both, &policy).unwrap().unwrap().means.convicts());
    let mut forged = before.clone();
    forged.signatures[1].bytes[..8].copy_from_slice(&(TIME + 61).to_be_bytes());
    assert!(promise.against_head(&forged, &policy).is_err());
    let mut unseen = before.clone();
    unseen.signatures.truncate(2);
    assert!(promise.against_head(&unseen, &policy).is_err(), "without witnesses nobody is convicted");

    // Seen by a quorum after the deadline, and signed by the log before it: late, and no conviction, for anyone can show
    // an old head to witnesses while the log cannot reach them.
    let late = promise.against_head(&on_time, &policy).unwrap().unwrap();
    assert!(late.means == Means::NotInTime && !late.means.convicts(), "{late}");
    let partly = world.head_at(12, TIME + 58);
    assert_eq!(promise.against_head(&partly, &policy).unwrap(), None, "only two saw it after the deadline");
    let late = world.head_at(12, TIME + 61);

    let refused = Receipt {
        outcome: Outcome::Refused { reason: Token::new("out-of-sequence").unwrap() },
        ..receipt(&world, 0, 2, TIME)
    };
    let note = refused.sign(&world.log).unwrap();
    assert_eq!(
        Receipt::open(&Note::parse(note.to_string().as_bytes()).unwrap(), world.log.verifier()).unwrap(),
        refused
    );
    assert_eq!(refused.promised(0), None);
    assert_eq!(refused.against_head(&late, &policy).unwrap(), None);
    assert!(promise.sign(&world.log_pq).is_err());
    assert!(
        promise.sign(&SignerKey::from_seed("other.example", Algorithm::Ed25519, &seed(1)).unwrap()).is_err()
    );
    assert!(Receipt { leaves: vec![], ..promise.clone() }.sign(&world.log).is_err());
    assert!(receipt(&world, 0, 2, TIME - 1).sign(&world.log).is_err());
    let beyond = Receipt { outcome: Outcome::Appended { first: u64::MAX, deadline: TIME }, ..promise };
    assert!(beyond.sign(&world.log).is_err());
}

/// An honest log: its head with the leaf is cosigned by one witness in time. Somebody shows the old head to the other
/// witness, which never saw a newer one, after the deadline.
#[test]
fn an_old_head_shown_to_another_quorum_accuses_nobody() {
    let world = World::new(30);
    let promise = receipt(&world, 10, 3, TIME + 60);
    let signed_by = |size: u64, witness: &SignerKey, time: u64| {
        let text = world.checkpoint(size).to_string();
        let mut note = Note::sign(&text, &[&world.log, &world.log_pq], TIME).unwrap();
        note.signatures.push(witness.sign(&text, time).unwrap());
        note
    };
    for quorum in
        ["group any1 1 mission mediator\nquorum any1\n", "group any1 2 mission mediator n1 n2\nquorum any1\n"]
    {
        let policy = Policy::parse(world.policy_text(quorum).as_bytes()).unwrap();
        assert!(!policy.quorums_intersect());
        let mut replayed = signed_by(12, &world.witnesses[1], TIME + 3_600);
        replayed.signatures.push(world.witnesses[0].sign(&replayed.text, TIME + 3_600).unwrap());
        assert_eq!(promise.against_head(&replayed, &policy).unwrap(), None);
    }
    let in_time = signed_by(13, &world.witnesses[0], TIME + 10);
    let any = "group any1 1 mission mediator\nquorum any1\n";
    let policy = Policy::parse(world.policy_text(any).as_bytes()).unwrap();
    assert_eq!(promise.against_head(&in_time, &policy).unwrap(), None);
    // The cheating log is convicted under the same policy, by what it signed itself.
    let text = world.checkpoint(12).to_string();
    let cheat = Note::sign(&text, &[&world.log, &world.log_pq], TIME + 61).unwrap();
    assert_eq!(promise.against_head(&cheat, &policy).unwrap().unwrap().means, Means::BrokenPromise);
}

#[test]
fn whether_two_quorums_share_a_witness_is_told_for_every_policy() {
    let world = World::new(1);
    for (quorum, intersect) in [
        ("quorum none\n", false),
        ("quorum n1\n", true),
        ("group g 1 n1 n2\nquorum g\n", false),
        ("group g all n1 n2\nquorum g\n", true),
        ("group g 2 mission n1 n2\nquorum g\n", true),
        ("group g 2 mission mediator n1 n2\nquorum g\n", false),
        ("group g 3 mission mediator n1 n2\nquorum g\n", true),
        // One of each pair: two quorums may take one each.
        ("group a 1 mission mediator\ngroup b 1 n1 n2\ngroup g all a b\nquorum g\n", false),
        ("group a all mission mediator\ngroup b 1 n1 n2\ngroup g all a b\nquorum g\n", true),
        ("group a 1 mission mediator\ngroup g 2 a n1 n2\nquorum g\n", false),
        ("group a all mission mediator\ngroup g 2 a n1 n2\nquorum g\n", true),
    ] {
        let policy = Policy::parse(world.policy_text(quorum).as_bytes()).unwrap();
        assert_eq!(policy.quorums_intersect(), intersect, "{quorum}");
        // By trying: each way to give each witness to one of two.
        let names = ["mission", "mediator", "n1", "n2"];
        let apart = (0..16u8).any(|way| {
            let of = |side: u8| -> Vec<&str> {
                (0..4u8).filter(|n| (way >> n) & 1 == side).map(|n| names[usize::from(n)]).collect()
            };
            policy.quorum_of(&of(0)) && policy.quorum_of(&of(1))
        });
        assert_eq!(intersect, !apart, "{quorum}");
    }
}
