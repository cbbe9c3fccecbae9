//! Sources that cheat, peers that know more, bits that flip, clocks that jump.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::disk::{Dice, SimulatedDisk};
use common::*;
use record::audit::Depth;
use record::entropy::MadeUp;
use record::peer::{Known, Peer, override_text};
use record::sources::{Quota, Reason};
use record::storage::Storage;
use record::vault::{Role, RoleKey};
use record::{Audience, Error, Reader, Record, Signer};
use std::collections::BTreeSet;
use std::slice::from_ref;
use std::sync::Arc;
use verify::field::{Field, Token, Value};
use verify::leaf::{Kind, Statement};
use verify::note::{Algorithm, Note, SignerKey};
use verify::receipt::{Outcome, Receipt};

/// Appends and expects a signed refusal that names the leaves.
fn refused(record: &Record, entries: Vec<record::Entry>) -> Reason {
    let before = record.len();
    let hashes: Vec<_> = entries.iter().map(|entry| verify::merkle::leaf_hash(&entry.leaf)).collect();
    let answer = record.append(entries).unwrap();
    let receipt = Receipt::open(&answer.note, &verifiers()[0]).unwrap();
    let reason = answer.refused.expect("it should be refused").reason;
    assert_eq!(receipt.leaves, hashes);
    assert!(matches!(receipt.outcome, Outcome::Refused { reason: word } if word.as_str() == reason.word()));
    assert_eq!(record.len(), before, "nothing of a refused batch is recorded");
    reason
}

#[test]
fn a_source_that_cheats_is_refused_with_a_signed_receipt() {
    let clock = clock();
    let record = init(SimulatedDisk::new(), &clock);
    let random = MadeUp::from_seed([5; 32]);
    let mut source = enrol(&record, 1);
    let entries: Vec<_> = (0..3).map(|n| entry(&mut source, n, &random)).collect();
    assert_eq!(record.append(entries.clone()).unwrap().refused, None);

    // Replayed, alone and as a whole batch.
    assert_eq!(refused(&record, entries.clone()), Reason::Replayed);
    assert_eq!(refused(&record, vec![entries[1].clone()]), Reason::Replayed);
    // One is missing.
    let skipped = entry(&mut source, 3, &random);
    assert_eq!(refused(&record, vec![entry(&mut source, 4, &random)]), Reason::OutOfSequence);
    // A fork: the right number, after another predecessor.
    let mut fork = Signer::new(source_key(1));
    (0..3).for_each(|n| _ = entry(&mut fork, 10 + n, &random));
    assert_eq!(refused(&record, vec![entry(&mut fork, 14, &random)]), Reason::OutOfSequence);
    // All or none: a good one before a bad one is not recorded, and can be sent again.
    assert_eq!(refused(&record, vec![skipped.clone(), skipped.clone()]), Reason::Replayed);
    assert_eq!(record.append(vec![skipped.clone()]).unwrap().refused, None);

    // Forged: a bit of the leaf, of the ciphertext, another's openings, another's key.
    let good = entry(&mut Signer::resume(source_key(1), record.last_of(&source.pseudonym())), 5, &random);
    for byte in [40, 60, 120, 160, 200] {
        let mut forged = good.clone();
        forged.leaf[byte] ^= 1;
        let reason = refused(&record, vec![forged]);
        let expected = [Reason::Signature, Reason::UnknownSource, Reason::NotALeaf];
        assert!(expected.contains(&reason), "{reason:?} at {byte}");
    }
    let mut swapped = good.clone();
    swapped.item = entries[0].item.clone();
    assert_eq!(refused(&record, vec![swapped]), Reason::Vault);
    let mut swapped = good.clone();
    swapped.item.parts[1] = entries[0].item.parts[1].clone();
    assert_eq!(refused(&record, vec![swapped]), Reason::Openings);
    assert_eq!(
        refused(&record, vec![entry(&mut Signer::new(source_key(99)), 0, &random)]),
        Reason::UnknownSource
    );
    let mut broken = good.clone();
    broken.leaf.truncate(100);
    assert_eq!(refused(&record, vec![broken]), Reason::NotALeaf);
    assert_eq!(record.append(vec![good]).unwrap().refused, None);

    // From the future.
    let mut signer = Signer::resume(source_key(1), record.last_of(&source.pseudonym()));
    let time = Field::new("time.exact", Value::ints([NOW + 3_600_000_000, NOW + 3_600_000_000])).unwrap();
    let statement = Statement::new(Kind::Observation, vec![time]);
    let future = signer.sign(statement, &[Audience::all(&["monitor"])], &[], &random).unwrap();
    assert_eq!(refused(&record, vec![future.clone()]), Reason::FutureDated);
    clock.set(NOW + 3_600_000_000);
    assert_eq!(record.append(vec![future]).unwrap().refused, None);

    // Revoked: a leaf says from where on.
    let index = record.revoke(&source.pseudonym()).unwrap();
    assert_eq!(index, record.len() - 1);
    assert_eq!(refused(&record, vec![entry(&mut signer, 6, &random)]), Reason::Revoked);
}

#[test]
fn a_source_that_floods_is_slowed_and_others_are_not() {
    let clock = clock();
    let record = init(SimulatedDisk::new(), &clock);
    let random = MadeUp::from_seed([5; 32]);
    let key = source_key(2);
    let certificate = root_key().certify(&Token::new("flooder").unwrap(), 0, &key.public());
    record.enrol(&certificate, Quota { burst: 5, per_minute: 60 }, &root_key().public()).unwrap();
    let mut flooder = Signer::new(key);
    let mut other = enrol(&record, 1);
    assert_eq!(refused(&record, (0..6).map(|n| entry(&mut flooder, n, &random)).collect()), Reason::Flood);
    let mut flooder = Signer::new(source_key(2));
    assert_eq!(
        record.append((0..5).map(|n| entry(&mut flooder, n, &random)).collect()).unwrap().refused,
        None
    );
    let next = entry(&mut flooder, 5, &random);
    assert_eq!(refused(&record, vec![next.clone()]), Reason::Flood);
    assert_eq!(record.append(vec![entry(&mut other, 0, &random)]).unwrap().refused, None);
    // A clock that jumps ten years forward gives a minute's worth; backward it takes nothing.
    clock.set(NOW - 10 * 31_557_600_000_000);
    assert_eq!(refused(&record, vec![next.clone()]), Reason::FutureDated);
    clock.set(NOW + 1_000_000);
    assert_eq!(record.append(vec![next]).unwrap().refused, None);
}

#[test]
fn a_key_is_enrolled_by_the_root_or_by_the_key_before_it() {
    let clock = clock();
    let record = init(SimulatedDisk::new(), &clock);
    let name = Token::new("source-1").unwrap();
    let (first, second) = (source_key(1), source_key(2));
    let root = root_key().public();
    let by_stranger = source_key(50).certify(&name, 0, &first.public());
    assert!(record.enrol(&by_stranger, PLENTY, &root).is_err());
    let as_hub = root_key().certify(&Token::new("hub").unwrap(), 0, &first.public());
    assert!(record.enrol(&as_hub, PLENTY, &root).is_err(), "the record speaks for itself alone");
    enrol(&record, 1);
    let by_root = root_key().certify(&name, 1, &second.public());
    assert!(record.enrol(&by_root, PLENTY, &root).is_err(), "a later key is certified by the key before it");
    record.enrol(&first.certify(&name, 1, &second.public()), PLENTY, &root).unwrap();
    let random = MadeUp::from_seed([5; 32]);
    assert_eq!(record.append(vec![entry(&mut Signer::new(second), 0, &random)]).unwrap().refused, None);
    // A captured key certifies nothing once it is revoked.
    record.revoke(&source_key(2).pseudonym()).unwrap();
    let third = source_key(2).certify(&name, 2, &source_key(3).public());
    assert!(record.enrol(&third, PLENTY, &root).is_err());
}

/// A log in a rhythm of an hour promises what it can keep, and no clock that is set back makes it convict itself.
#[test]
fn an_honest_log_never_convicts_itself() {
    use record::deadline_between_heads;
    use std::time::Duration;
    use verify::policy::Policy;
    use verify::receipt::Outcome;
    const HOUR: i64 = 3_600_000_000;
    assert_eq!(deadline_between_heads(Duration::from_millis(1_500)), 64);
    let disk = SimulatedDisk::new();
    let clock = clock();
    let random = MadeUp::from_seed([5; 32]);
    let mut record = init(disk.clone(), &clock);
    let keys: String = verifiers().iter().map(|key| format!("log {key}\n")).collect();
    let policy = Policy::parse(format!("{keys}quorum none\n").as_bytes()).unwrap();
    let mut source = enrol(&record, 1);
    let (mut heads, mut receipts) = (vec![record.checkpoint().unwrap()], vec![]);
    for (number, jump) in [0, 1, 2, 90_000, -90_000, 3, -200_000, 4].into_iter().enumerate() {
        clock.set(NOW + jump * HOUR);
        if jump == 3 {
            drop(record);
            record = Record::open_on(Arc::new(disk.clone()), options(&clock, 30)).unwrap();
        }
        record.promise_within(deadline_between_heads(Duration::from_secs(3_600)));
        let answer = record.append(vec![entry(&mut source, -300_000 * HOUR, &random)]).unwrap();
        assert_eq!(answer.refused, None);
        let Outcome::Appended { deadline, .. } = answer.receipt.outcome else { panic!("refused") };
        if number < 3 {
            assert_eq!(deadline, answer.receipt.time + 7_260);
        }
        receipts.push(answer.receipt);
        heads.push(record.checkpoint().unwrap());
    }
    for receipt in &receipts {
        for head in &heads {
            assert_eq!(receipt.against_head(head, &policy).unwrap(), None, "{receipt}{head}");
        }
    }
}

#[derive(Clone)]
struct Told(String, Result<Known, String>);

impl Peer for Told {
    fn name(&self) -> String {
        self.0.clone()
    }
    fn latest(&self) -> Result<Known, String> {
        self.1.clone()
    }
}

fn open_with(disk: &SimulatedDisk, peers: &[Told], overrides: Vec<Note>) -> Result<Record, Error> {
    let mut options = options(&clock(), 50);
    options.peers = peers.iter().map(|peer| Box::new(peer.clone()) as Box<dyn Peer>).collect();
    options.overrides = overrides;
    Record::open_on(Arc::new(disk.clone()), options)
}

fn person(number: u8) -> SignerKey {
    SignerKey::from_seed(&format!("person-{number}"), Algorithm::Ed25519, &[number; 32]).unwrap()
}

/// Options of a start whose files name these persons.
fn naming(persons: &[&SignerKey]) -> record::Options {
    let mut options = options(&clock(), 50);
    options.vouching = Some(BTreeSet::new());
    options.persons = persons.iter().map(|person| person.verifier().clone()).collect();
    options
}

#[test]
fn a_restored_old_copy_signs_nothing_unless_two_persons_say_so() {
    let disk = SimulatedDisk::new();
    let random = MadeUp::from_seed([5; 32]);
    let (one, two, stranger) = (person(61), person(62), person(63));
    drop(init(disk.clone(), &clock()));
    let record = Record::open_on(Arc::new(disk.clone()), naming(&[&one, &two])).unwrap();
    assert_eq!(record.len(), 1, "a leaf of the hub goes with the new list");
    let mut source = enrol(&record, 1);
    record.append((0..10).map(|n| entry(&mut source, n, &random)).collect()).unwrap();
    let old_head = record.checkpoint().unwrap();
    let old = disk.after_power_cut(disk.ops(), common::disk::Fate::Kept);
    record.append((10..20).map(|n| entry(&mut source, n, &random)).collect()).unwrap();
    let head = record.checkpoint().unwrap();
    drop(record);

    let silent = Told("party A".into(), Err("no answer".into()));
    let knows = Told("mirror N".into(), Ok(Known::Head(head.clone())));
    let stale = old_head.clone();
    let knows_old = Told("mirror O".into(), Ok(Known::Head(old_head)));
    // The disk that is up to date goes on, also beside a silent party; the restored one does not.
    let going = open_with(&disk, &[silent.clone(), knows.clone()], vec![]).unwrap();
    assert_eq!(going.peers().agree, ["mirror N"]);
    assert_eq!(going.peers().silent[0].0, "party A");
    drop(going);
    let error = open_with(&old, &[knows_old.clone(), knows.clone()], vec![]).err().unwrap();
    assert!(matches!(&error, Error::PeerDisagrees { peer, .. } if peer == "mirror N"), "{error}");
    assert!(error.to_string().contains("has seen 22 leaves of this log; this disk holds 12"), "{error}");
    assert!(matches!(open_with(&old, from_ref(&silent), vec![]), Err(Error::NobodyAnswers(_))));
    // A party cannot stall the log with a head that the log never signed.
    let mut forged = head.clone();
    forged.text = forged.text.replace("\n22\n", "\n99\n");
    let liar = Told("party B".into(), Ok(Known::Head(forged)));
    let going = open_with(&old, &[liar, knows_old], vec![]).unwrap();
    assert_eq!(going.peers().silent[0].0, "party B");
    drop(going);
    // Witnesses that say that they saw more and show no head: one alone stalls nothing, a quorum is believed.
    let witness = |name: &str, n: u8| {
        let key = SignerKey::from_seed(name, Algorithm::Cosignature, &[n; 32]).unwrap();
        format!("witness {name} {}\n", key.verifier())
    };
    let policy = [witness("a", 71), witness("b", 72), witness("party", 73)].concat();
    let policy = format!("log {}\n{policy}group both 2 a b\nquorum both\n", verifiers()[0]);
    let with_policy = |peers: &[Told]| {
        let mut options = options(&clock(), 50);
        options.peers = peers.iter().map(|peer| Box::new(peer.clone()) as Box<dyn Peer>).collect();
        options.policy = Some(verify::policy::Policy::parse(policy.as_bytes()).unwrap());
        Record::open_on(Arc::new(old.clone()), options)
    };
    let says = |name: &str, known| Told(name.into(), Ok(known));
    let [a, b] = ["a", "b"].map(|name| says(name, Known::More(100)));
    let party = says("party", Known::Nothing);
    let error = with_policy(&[a.clone(), b, party.clone()]).err().unwrap();
    assert!(error.to_string().contains("a and b say that they saw more leaves"), "{error}");
    assert_eq!(with_policy(&[a, party.clone()]).unwrap().peers().silent[0].0, "a");
    // Those who are silent may have vouched for a newer head: with one of them it goes on, with a quorum of them it does not,
    // whoever else answers, and whatever old head is shown.
    let mute = |name: &str| Told(name.into(), Err("no answer".into()));
    let stale = Told("mirror O".into(), Ok(Known::Head(stale)));
    let error = with_policy(&[mute("a"), mute("b"), party.clone(), stale.clone()]).err().unwrap();
    assert!(matches!(&error, Error::TooFewAnswer(silent) if *silent == ["a", "b"]), "{error}");
    with_policy(&[mute("a"), says("b", Known::Nothing), mute("party"), stale]).unwrap();

    // Another history of the same length, signed with the same keys: a second writer.
    let other = old.after_power_cut(0, common::disk::Fate::Kept);
    let record = Record::open_on(Arc::new(other.clone()), options(&clock(), 51)).unwrap();
    let mut source = Signer::resume(source_key(1), record.last_of(&source.pseudonym()));
    record.append((50..60).map(|n| entry(&mut source, n, &random)).collect()).unwrap();
    record.checkpoint().unwrap();
    drop(record);
    let error = open_with(&other, from_ref(&knows), vec![]).err().unwrap();
    assert!(error.to_string().contains("another root over the first 22 leaves"), "{error}");

    // Two persons may let it go on, not one twice; what they signed becomes a leaf.
    let reader = Reader::over(Arc::new(old.clone()), verifiers());
    let root = verify::checkpoint::Checkpoint::open(&reader.checkpoint().unwrap().unwrap(), &verifiers()[0])
        .unwrap()
        .root;
    let text = override_text(ORIGIN, 12, &root);
    let by = |keys: &[&SignerKey]| vec![Note::sign(&text, keys, 0).unwrap()];
    for notes in [by(&[&one]), by(&[&one, &one]), by(&[&one, &stranger]), vec![]] {
        assert!(open_with(&old, from_ref(&silent), notes).is_err());
    }
    let wrong = Note::sign(&override_text(ORIGIN, 13, &root), &[&one, &two], 0).unwrap();
    assert!(open_with(&old, from_ref(&silent), vec![wrong]).is_err());
    let record = open_with(&old, from_ref(&silent), by(&[&one, &two])).unwrap();
    assert!(record.peers().overridden);
    assert_eq!(record.len(), 13);
    let opened = record.open_leaf(12, &monitor()).unwrap();
    assert!(format!("{opened:?}").contains(&format!("{:?}", by(&[&one, &two])[0].to_string().as_bytes()[0])));
    drop(record);
    assert!(open_with(&old, &[silent], by(&[&one, &two])).is_err(), "an override serves once");
}

/// Who may override is kept in the signed list: whoever edits a file names himself in vain, on an old copy as well.
#[test]
fn nobody_names_himself_to_override() {
    let disk = SimulatedDisk::new();
    drop(init(disk.clone(), &clock()));
    let (one, two, three, four) = (person(61), person(62), person(63), person(64));
    let text = |disk: &SimulatedDisk| {
        let disk: Arc<dyn Storage> = Arc::new(disk.clone());
        Record::override_text(&disk, &options(&clock(), 51)).unwrap()
    };
    let open = |disk: &SimulatedDisk, persons: &[&SignerKey], by: &[&SignerKey], alone: bool| {
        let mut options = naming(persons);
        if !by.is_empty() {
            options.overrides = vec![Note::sign(&text(disk), by, 0).unwrap()];
        }
        if alone {
            options.peers = vec![Box::new(Told("party A".into(), Err("no answer".into())))];
        }
        Record::open_on(Arc::new(disk.clone()), options).map(|record| record.len())
    };
    let at = |disk: &SimulatedDisk| disk.after_power_cut(disk.ops(), common::disk::Fate::Kept);
    // Named first, in a start to which somebody objects: no say in it.
    let before = at(&disk);
    let error = open(&before, &[&one, &two], &[&one, &two], true).unwrap_err();
    assert!(matches!(&error, Error::NoPersons(why) if matches!(**why, Error::NobodyAnswers(_))), "{error}");
    // Named in one to which nobody objects, they have it from the next one on.
    assert_eq!(open(&disk, &[&one, &two], &[], false).unwrap(), 1);
    assert_eq!(open(&at(&disk), &[&one, &two], &[&one, &two], true).unwrap(), 2);
    // Others, also beside them, or none: only with two of those known; and they are the persons then.
    for others in [&[&three, &four][..], &[&one, &two, &three, &four], &[&one], &[]] {
        for by in [&[][..], &[&three, &four], &[&one, &three]] {
            for alone in [false, true] {
                assert!(open(&at(&disk), others, by, alone).is_err(), "{} {}", others.len(), by.len());
            }
        }
    }
    assert!(matches!(open(&disk, &[&three], &[], false), Err(Error::OtherPersons)));
    assert_eq!(open(&disk, &[&three, &four], &[&one, &two], false).unwrap(), 3, "the override, and the list");
    assert!(open(&at(&disk), &[&three, &four], &[&one, &two], true).is_err());
    assert_eq!(open(&disk, &[&three, &four], &[&three, &four], true).unwrap(), 4);
}

/// The keys for which parts are wrapped are kept in the signed list, too: nothing is wrapped for another.
#[test]
fn nothing_is_wrapped_for_a_key_that_the_record_does_not_know() {
    let disk = SimulatedDisk::new();
    let random = MadeUp::from_seed([5; 32]);
    let (one, two) = (person(61), person(62));
    drop(init(disk.clone(), &clock()));
    let record = Record::open_on(Arc::new(disk.clone()), naming(&[&one, &two])).unwrap();
    let mut source = enrol(&record, 1);
    record.append(vec![entry(&mut source, 0, &random)]).unwrap();
    record.checkpoint().unwrap();
    drop(record);
    let thief = RoleKey::new("monitor", [77; 32]);
    let with = |roles: Vec<Role>, notes: Vec<Note>| {
        let mut options = naming(&[&one, &two]);
        (options.roles, options.overrides) = (roles, notes);
        Record::open_on(Arc::new(disk.clone()), options)
    };
    let administrator = RoleKey::new("administrator", [78; 32]).role();
    for other in [
        vec![thief.role(), liaison().role()],
        vec![liaison().role()],
        vec![],
        [roles(), vec![administrator]].concat(),
    ] {
        let error = with(other, vec![]).err().unwrap();
        assert!(matches!(&error, Error::OtherRoles(_)), "{error}");
    }
    let mut swapped = roles();
    swapped.reverse();
    assert_eq!(with(swapped, vec![]).unwrap().len(), 3, "the order is nobody's business");
    // Two persons may let it go on with another: the audit tells which file opens with which key.
    let disk_of = || Arc::new(disk.clone()) as Arc<dyn Storage>;
    let text = Record::override_text(&disk_of(), &options(&clock(), 51)).unwrap();
    let notes = vec![Note::sign(&text, &[&one, &two], 0).unwrap()];
    let record = with(vec![thief.role(), liaison().role()], notes).unwrap();
    record.checkpoint().unwrap();
    let audit = record.reader().audit(Depth::Everything).unwrap();
    let [(file, foreign)] = &audit.foreign[..] else { panic!("{:?}", audit.foreign) };
    assert!(file.starts_with("vault/") && *foreign == ["monitor"], "{file} {foreign:?}");
    drop(record);
    assert_eq!(with(vec![thief.role(), liaison().role()], vec![]).unwrap().len(), 5);
    assert!(matches!(with(roles(), vec![]), Err(Error::OtherRoles(names)) if names == ["monitor"]));
}

/// Without its own key the hub can say nothing more, not even that.
#[test]
fn the_hub_does_not_revoke_itself() {
    let disk = SimulatedDisk::new();
    let record = init(disk.clone(), &clock());
    let mut source = enrol(&record, 1);
    let error = record.revoke(&options(&clock(), 9).hub.pseudonym()).unwrap_err();
    assert!(error.to_string().contains("cannot be revoked"), "{error}");
    let index = record.revoke(&source.pseudonym()).unwrap();
    assert_eq!(record.revoke(&source.pseudonym()).unwrap(), index);
    // Another first key under the same name is no way round that.
    let again = root_key().certify(&Token::new("source-1").unwrap(), 0, &source_key(2).public());
    let error = record.enrol(&again, PLENTY, &root_key().public()).unwrap_err();
    assert!(error.to_string().contains("has another key for epoch 0 already, which was revoked"), "{error}");
    for word in ["hub", "role", "person", "vouching", "readings"] {
        let named = root_key().certify(&Token::new(word).unwrap(), 0, &source_key(2).public());
        let error = record.enrol(&named, PLENTY, &root_key().public()).unwrap_err();
        assert!(error.to_string().contains("name the source otherwise"), "{error}");
    }
    let other = root_key().certify(&Token::new("source-2").unwrap(), 0, &source_key(2).public());
    record.enrol(&other, PLENTY, &root_key().public()).unwrap();
    let random = MadeUp::from_seed([5; 32]);
    let answer = record.append(vec![entry(&mut source, 0, &random)]).unwrap();
    assert_eq!(answer.refused.map(|refused| refused.reason), Some(Reason::Revoked));
}

/// Who vouches for a log is kept in its signed list: one that is named no more is an objection, that two persons may
/// overrule; another may be named beside.
#[test]
fn nobody_who_vouches_is_dropped_by_editing_a_file() {
    let disk = SimulatedDisk::new();
    drop(init(disk.clone(), &clock()));
    let persons = [61, 62].map(person);
    let open = |names: &[&str], overrides: Vec<Note>| {
        let mut options = options(&clock(), 50);
        options.vouching = Some(names.iter().map(|name| (*name).to_owned()).collect());
        options.overrides = overrides;
        options.persons = persons.iter().map(|person| person.verifier().clone()).collect();
        Record::open_on(Arc::new(disk.clone()), options).map(|record| record.len())
    };
    assert_eq!(open(&[], vec![]).unwrap(), 1, "a leaf of the hub goes with the new list");
    assert_eq!(open(&["a"], vec![]).unwrap(), 2);
    assert_eq!(open(&["a"], vec![]).unwrap(), 2);
    assert_eq!(open(&["b", "a"], vec![]).unwrap(), 3);
    for names in [&["a"][..], &["b", "c"], &[]] {
        let error = open(names, vec![]).err().unwrap();
        assert!(matches!(error, Error::FewerVouch(_)), "{error}");
    }
    let asked = options(&clock(), 51);
    let text = Record::override_text(&(Arc::new(disk.clone()) as Arc<dyn Storage>), &asked).unwrap();
    let notes = vec![Note::sign(&text, &[&persons[0], &persons[1]], 0).unwrap()];
    assert_eq!(open(&["b"], notes).unwrap(), 5, "the override, and the list");
    assert_eq!(open(&["b"], vec![]).unwrap(), 5);
}

#[test]
fn a_flipped_bit_in_any_file_is_found_and_names_the_leaf() {
    let disk = SimulatedDisk::new();
    let random = MadeUp::from_seed([5; 32]);
    let record = init(disk.clone(), &clock());
    let mut source = enrol(&record, 1);
    for round in 0..3 {
        record.append((0..120).map(|n| entry(&mut source, round * 120 + n, &random)).collect()).unwrap();
        record.checkpoint().unwrap();
    }
    for leaf in 0..140 {
        // Drives the snapshot to the end of what is to be settled.
        record.append(vec![entry(&mut source, 1000 + leaf, &random)]).unwrap();
    }
    for _ in 0..3 {
        record.append(vec![entry(&mut source, 2000, &random)]).unwrap();
        record.checkpoint().unwrap();
    }
    // Some under no head yet.
    record.append((0..3).map(|n| entry(&mut source, 3000 + n, &random)).collect()).unwrap();
    record.erase(5, 0, "administrator", "asked for").unwrap();
    drop(record);
    let whole = disk.after_power_cut(disk.ops(), common::disk::Fate::Kept);
    let audit =
        |disk: &SimulatedDisk| Reader::over(Arc::new(disk.clone()), verifiers()).audit(Depth::Everything);
    assert_eq!(audit(&whole).unwrap().pending, whole_pending(&whole));
    let stale =
        whole.names().into_iter().filter(|path| path.starts_with("tile/") && path.contains(".p/")).count();
    assert!(stale > 6, "only {stale} partial tiles: those of earlier heads are to be tried");

    let mut dice = Dice(11);
    let mut kinds = std::collections::BTreeSet::new();
    for path in whole.names() {
        kinds.insert(path.split('/').next().unwrap().to_owned());
        let length = whole.length(&path).unwrap().unwrap();
        for _ in 0..4 {
            let copy = whole.after_power_cut(0, common::disk::Fate::Kept);
            let (byte, bit) = (dice.roll(length) as usize, dice.roll(8) as u8);
            copy.flip(&path, byte, bit);
            let error = match audit(&copy) {
                Err(error) => error,
                // Of the last batch nobody can tell damage from a torn tail: it is not counted any more.
                Ok(found) if path.starts_with("log/") && found.pending < audit(&whole).unwrap().pending => {
                    continue;
                }
                // Signatures that are not the log's are nobody's until a witness's key is at hand.
                Ok(_) => panic!("a flipped bit {bit} of byte {byte} in {path} was not found"),
            };
            if path.starts_with("log/") || path.starts_with("tile/") {
                let Error::Damaged { leaf: Some(leaf), .. } = error else { panic!("{path}: {error}") };
                let near = match () {
                    () if path.starts_with("log/") => leaf / 256 == path[4..].parse::<u64>().unwrap(),
                    () => leaf < 600,
                };
                assert!(near, "{path}, byte {byte}: leaf {leaf}");
            }
        }
    }
    for kind in ["log", "tile", "vault", "checkpoint", "snapshot", "sources", "record"] {
        assert!(kinds.contains(kind), "no {kind} was tried: {kinds:?}");
    }
}

fn whole_pending(disk: &SimulatedDisk) -> u64 {
    let reader = Reader::over(Arc::new(disk.clone()), verifiers());
    let head = verify::checkpoint::Checkpoint::of_note(&reader.checkpoint().unwrap().unwrap()).unwrap();
    Record::open_on(Arc::new(disk.after_power_cut(0, common::disk::Fate::Kept)), options(&clock(), 90))
        .unwrap()
        .len()
        - head.size
}

/// What is acknowledged and under no head yet is told and checked: its vault, its source and its chain.
#[test]
fn what_is_under_no_head_yet_is_told_and_checked() {
    let disk = SimulatedDisk::new();
    let random = MadeUp::from_seed([5; 32]);
    let record = init(disk.clone(), &clock());
    let mut source = enrol(&record, 1);
    record.checkpoint().unwrap();
    record.append((0..300).map(|n| entry(&mut source, n, &random)).collect()).unwrap();
    let audit =
        |disk: &SimulatedDisk| Reader::over(Arc::new(disk.clone()), verifiers()).audit(Depth::Everything);
    let found = audit(&disk).unwrap();
    assert_eq!((found.size, found.pending, found.unknown), (1, 300, 0));
    let vault = disk.names().into_iter().find(|path| path.starts_with("vault/0")).unwrap();
    disk.flip(&vault, disk.length(&vault).unwrap().unwrap() as usize / 2, 3);
    let Err(Error::Damaged { leaf: Some(leaf), .. }) = audit(&disk) else { panic!("not found") };
    assert!((1..301).contains(&leaf));
}

#[test]
fn a_record_without_its_vault_or_its_sources_is_damaged() {
    let disk = SimulatedDisk::new();
    let random = MadeUp::from_seed([5; 32]);
    let record = init(disk.clone(), &clock());
    let mut source = enrol(&record, 1);
    record.append((0..5).map(|n| entry(&mut source, n, &random)).collect()).unwrap();
    record.checkpoint().unwrap();
    drop(record);
    let audit =
        |disk: &SimulatedDisk| Reader::over(Arc::new(disk.clone()), verifiers()).audit(Depth::Everything);
    audit(&disk).unwrap();
    for gone in ["vault", "sources"] {
        let copy = disk.after_power_cut(0, common::disk::Fate::Kept);
        let copy = if copy.names().is_empty() {
            disk.after_power_cut(disk.ops(), common::disk::Fate::Kept)
        } else {
            copy
        };
        for path in copy.names().into_iter().filter(|path| path.starts_with(gone)) {
            copy.remove(&path).unwrap();
        }
        let Err(error) = audit(&copy) else { panic!("{gone} is not missed") };
        assert!(error.to_string().starts_with(gone), "{error}");
        if gone == "vault" {
            assert!(matches!(error, Error::Damaged { leaf: Some(0), .. }), "{error}");
        }
        assert!(Record::open_on(Arc::new(copy), options(&clock(), 60)).is_err());
    }
}

/// The list of sources, with what was revoked, may be replaced by no older copy of itself.
#[test]
fn an_older_list_of_sources_is_refused_at_the_start_and_in_the_audit() {
    let disk = SimulatedDisk::new();
    let record = init(disk.clone(), &clock());
    let source = enrol(&record, 1);
    enrol(&record, 2);
    let mut lists = vec![disk.read("sources").unwrap()];
    let index = record.revoke(&source.pseudonym()).unwrap();
    assert_eq!(record.revoke(&source.pseudonym()).unwrap(), index, "a second revocation moves nothing");
    assert_eq!(record.len(), index + 1);
    record.checkpoint().unwrap();
    drop(record);
    // With a later quota; by another log's key; without a signature.
    let good = disk.read("sources").unwrap();
    let text = String::from_utf8_lossy(&good).into_owned();
    let body = text.lines().filter(|line| line.starts_with("source-") || line.starts_with("hub ")).count();
    assert!(body >= 2, "{text}");
    let mut bare = vec![];
    let list = record::frame::read(&good, 0).unwrap();
    let unrevoked =
        String::from_utf8(good[list.entry.clone()].to_vec()).unwrap().replace(&format!(" {index}\n"), " -\n");
    record::frame::write(&mut bare, 0, 0, unrevoked.as_bytes());
    let note = record::frame::read(&good, list.entry.end).unwrap();
    let mut grafted = bare.clone();
    record::frame::write(&mut grafted, 1, 1, &good[note.entry]);
    lists.extend([bare, grafted]);
    for list in lists {
        let copy = disk.after_power_cut(disk.ops(), common::disk::Fate::Kept);
        copy.remove("sources").unwrap();
        copy.write_at("sources", 0, &list).unwrap();
        let reader = Reader::over(Arc::new(copy.clone()), verifiers());
        let Err(error) = reader.audit(Depth::Everything) else { panic!("it was not found") };
        assert!(error.to_string().starts_with("sources: the list of sources"), "{error}");
        let opened = Record::open_on(Arc::new(copy), options(&clock(), 60));
        assert!(matches!(opened, Err(Error::Damaged { file, .. }) if file == "sources"));
    }
}

/// Wherever the power goes in an enrolment, a change of key or a revocation: done again, its leaf is there, once.
#[test]
fn an_enrolment_or_revocation_that_was_cut_short_is_said_when_it_goes_on() {
    let disk = SimulatedDisk::new();
    let record = init(disk.clone(), &clock());
    enrol(&record, 1);
    record.checkpoint().unwrap();
    let before = disk.ops();
    let name = Token::new("source-1").unwrap();
    let change = source_key(1).certify(&name, 1, &source_key(2).public());
    record.enrol(&change, PLENTY, &root_key().public()).unwrap();
    record.revoke(&source_key(1).pseudonym()).unwrap();
    drop(record);
    for prefix in before..=disk.ops() {
        for fate in [common::disk::Fate::Lost, common::disk::Fate::Kept] {
            let left = disk.after_power_cut(prefix, fate);
            let record = Record::open_on(Arc::new(left.clone()), options(&clock(), 70)).unwrap();
            record.enrol(&change, PLENTY, &root_key().public()).unwrap();
            record.revoke(&source_key(1).pseudonym()).unwrap();
            record.checkpoint().unwrap();
            let mut said = std::collections::BTreeMap::new();
            for leaf in 0..record.len() {
                for part in record.open_leaf(leaf, &monitor()).unwrap() {
                    let record::vault::Opened::Bytes { bytes, holds: record::vault::Holds::Openings, .. } =
                        part
                    else {
                        continue;
                    };
                    let openings = verify::field::Openings::decode(&bytes).unwrap();
                    let kind = openings.value("kind").unwrap().as_token().unwrap().to_owned();
                    let key = openings.value("key.public").map(|key| *key.as_hash().unwrap());
                    said.entry((kind, key)).and_modify(|count| *count += 1).or_insert(1);
                }
            }
            let public = |number| Some(source_key(number).public());
            let of = |kind: &str, key| said.get(&(kind.to_owned(), key)).copied().unwrap_or(0);
            assert_eq!(of("key-change", public(1)), 1, "after {prefix} operations, {fate:?}: {said:?}");
            // What was durable, and not known to be, is said a second time rather than never.
            assert!(
                (1..=2).contains(&of("key-change", public(2))),
                "after {prefix} operations, {fate:?}: {said:?}"
            );
            assert!(
                (1..=2).contains(&of("revocation", public(1))),
                "after {prefix} operations, {fate:?}: {said:?}"
            );
            Reader::over(Arc::new(left), verifiers()).audit(Depth::Everything).unwrap();
        }
    }
}

/// What lies under no head yet is read again from the disk before it is signed.
#[test]
fn a_bit_that_flips_before_the_head_is_signed_is_not_signed() {
    let random = MadeUp::from_seed([5; 32]);
    let mut dice = Dice(3);
    for _ in 0..20 {
        let disk = SimulatedDisk::new();
        let record = init(disk.clone(), &clock());
        let mut source = enrol(&record, 1);
        record.append((0..20).map(|n| entry(&mut source, n, &random)).collect()).unwrap();
        let length = disk.length("log/00000000").unwrap().unwrap();
        disk.flip("log/00000000", dice.roll(length) as usize, dice.roll(8) as u8);
        let head = disk.read("checkpoint").unwrap();
        let error = record.checkpoint().unwrap_err();
        assert!(matches!(error, Error::Damaged { leaf: Some(_), .. }), "{error}");
        assert!(matches!(record.checkpoint(), Err(Error::Stopped(_))), "never after");
        assert!(matches!(record.append(vec![entry(&mut source, 20, &random)]), Err(Error::Stopped(_))));
        assert_eq!(disk.read("checkpoint").unwrap(), head, "that of no leaves");
    }
}

#[test]
fn clocks_that_jump_ten_years_change_no_order_and_stop_nothing() {
    const TEN_YEARS: i64 = 315_576_000_000_000;
    let disk = SimulatedDisk::new();
    let clock = clock();
    let random = MadeUp::from_seed([5; 32]);
    let mut size = 0;
    for (life, now) in [NOW, NOW + TEN_YEARS, NOW - 1, NOW + 2 * TEN_YEARS, NOW].into_iter().enumerate() {
        clock.set(now);
        let record = match life {
            0 => init(disk.clone(), &clock),
            _ => Record::open_on(Arc::new(disk.clone()), options(&clock, 20 + life as u8)).unwrap(),
        };
        let mut source = enrol(&record, 1);
        for jump in [0, TEN_YEARS, -TEN_YEARS, 0] {
            clock.set(now + jump);
            let answer = record.append(vec![entry(&mut source, -2 * TEN_YEARS, &random)]).unwrap();
            assert_eq!(answer.refused, None);
            let head = record.checkpoint().unwrap();
            let head = verify::checkpoint::Checkpoint::open(&head, &verifiers()[1]).unwrap();
            assert!(head.size > size);
            size = head.size;
        }
    }
    Reader::over(Arc::new(disk), verifiers()).audit(Depth::Everything).unwrap();
}

#[test]
fn many_threads_share_a_sync_and_each_gets_its_own_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let record = Record::init(folder.path(), options(&clock(), 9)).unwrap();
    let signers: Vec<_> = (1..9).map(|number| enrol(&record, number)).collect();
    let before = record.len();
    let mut indices: Vec<u64> = std::thread::scope(|scope| {
        let append = |mut signer: Signer| {
            let record = &record;
            scope.spawn(move || {
                let random = MadeUp::from_seed([6; 32]);
                let one = |n| record.append(vec![entry(&mut signer, n, &random)]).unwrap().first().unwrap();
                (0..20).map(one).collect::<Vec<_>>()
            })
        };
        let threads: Vec<_> = signers.into_iter().map(append).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    indices.sort_unstable();
    assert_eq!(indices, (before..before + 160).collect::<Vec<_>>());
    record.checkpoint().unwrap();
    record.reader().audit(Depth::Everything).unwrap();
}

/// Unmounts when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// A tmpfs of two megabytes; `None` where mounting is not allowed.
    fn mount() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(folder.path())
            .stderr(std::process::Stdio::null())
            .status();
        mounted.is_ok_and(|status| status.success()).then_some(SmallDisk(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_stops_the_writer_and_loses_nothing() {
    let Some(small) = SmallDisk::mount() else {
        println!(
            "skipped: a_full_disk_stops_the_writer_and_loses_nothing needs leave to mount a tmpfs; the simulated disk is full in power_cut.rs"
        );
        return;
    };
    let random = MadeUp::from_seed([5; 32]);
    let folder = small.0.path();
    let record = Record::init(folder, options(&clock(), 9)).unwrap();
    let mut source = enrol(&record, 1);
    let mut promised: Vec<Vec<u8>> = vec![];
    let error = loop {
        let entries: Vec<_> = (0..40).map(|n| entry(&mut source, n, &random)).collect();
        let bytes: Vec<_> = entries.iter().map(|entry| entry.leaf.clone()).collect();
        match record.append(entries).and_then(|answer| record.checkpoint().map(|_| answer)) {
            Ok(answer) => {
                assert_eq!(answer.first(), Some(1 + promised.len() as u64));
                promised.extend(bytes);
            }
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("No space left on device"), "{error}");
    assert!(matches!(record.append(vec![entry(&mut source, 1, &random)]), Err(Error::Stopped(_))));
    drop(record);
    // As it lies there, every leaf can be read; and once there is room it goes on.
    let reader = Reader::open(folder, verifiers()).unwrap();
    assert!(reader.leaves(1..1 + promised.len() as u64).unwrap() == promised);
    let remounted =
        std::process::Command::new("mount").args(["-o", "remount,size=8m"]).arg(folder).status().unwrap();
    assert!(remounted.success());
    let record = Record::open(folder, options(&clock(), 10)).unwrap();
    record.checkpoint().unwrap();
    assert!(record.leaves(1..1 + promised.len() as u64).unwrap() == promised);
    record.reader().audit(Depth::Everything).unwrap();
}
