//! Leaves and salted fields.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{TIME, World, salts, seed, statement};
use proptest::prelude::*;
use std::collections::{BTreeSet, HashSet};
use verify::field::{Field, Openings, Salted, Salts, Token, Value, View};
use verify::key::{self, Certificate, SourceKey};
use verify::keys::{Holder, Keys};
use verify::leaf::{self, Kind, LEAF_LEN, Leaf, Statement};
use verify::resolution::{
    self, DAY, HOUR, PlaceResolution, TimeResolution, cell, place_fields, span, time_fields,
};
use verify::{Hash, Means, json, merkle};

#[test]
fn every_leaf_has_one_length_whatever_it_says() {
    let key = SourceKey::from_seed(&seed(1));
    let before =
        leaf::seal(Statement::new(Kind::Heartbeat, vec![]), &key, None, &salts(1, 0), None).unwrap().leaf;
    let mut lengths = HashSet::new();
    for kind in Kind::ALL {
        for size in [0, 1, 5, 30] {
            let fields: Vec<_> =
                (0..size).map(|n| Field::new(&format!("f{n}"), Value::int(i64::MAX - n)).unwrap()).collect();
            let mut statement = Statement::new(kind, fields);
            if kind == Kind::Batch {
                if size == 30 {
                    continue;
                }
                let item = |n: i64| vec![Field::new("level", Value::int(n)).unwrap()];
                statement.items = (0..size * 100).map(item).collect();
                if size == 0 {
                    statement.items.push(item(0));
                }
            }
            for previous in [None, Some(&before)] {
                let sealed =
                    leaf::seal(statement.clone(), &key, previous, &salts(7, size as u64), None).unwrap();
                assert_eq!(sealed.bytes.len(), LEAF_LEN);
                lengths.insert(sealed.bytes.len());
                let read = Leaf::parse(&sealed.bytes).unwrap();
                assert_eq!((&read, read.encode()), (&sealed.leaf, sealed.bytes.clone()));
                assert_eq!(read.verify(&key.public()), Ok(()));
                assert_eq!(read.root, sealed.openings.root());
                assert_eq!(sealed.openings.value("kind").and_then(Value::as_token), Some(kind.token()));
                // Nothing of what is said stands in clear.
                for word in [kind.token().as_bytes(), b"f0", b"level"] {
                    assert!(!sealed.bytes.windows(word.len()).any(|window| window == word) || word.len() < 3);
                }
            }
        }
    }
    assert_eq!(lengths.len(), 1);
    let last = Leaf { sequence: u64::MAX, ..before.clone() };
    assert_eq!(last.encode().len(), LEAF_LEN);
    assert!(
        leaf::seal(Statement::new(Kind::Heartbeat, vec![]), &key, Some(&last), &salts(1, 1), None).is_err()
    );
}

#[test]
fn leaves_of_one_source_form_a_chain() {
    let world = World::new(12);
    for number in 3..12 {
        let (leaf, before) = (&world.sealed[number].leaf, &world.sealed[number - 3].leaf);
        assert!(leaf.follows(before));
        assert!(!leaf.follows(&world.sealed[number - 1].leaf));
        assert!(!before.follows(leaf));
    }
    let other = SourceKey::from_seed(&seed(9));
    let statement = || Statement::new(Kind::Heartbeat, vec![]);
    assert!(leaf::seal(statement(), &other, Some(&world.sealed[0].leaf), &salts(1, 1), None).is_err());
    let orphan = Leaf { sequence: 3, previous: [0; 32], ..world.sealed[0].leaf.clone() };
    assert_eq!(Leaf::parse(&orphan.encode()).unwrap_err().means, Means::Unreadable);
    let early = Leaf { sequence: 0, previous: [1; 32], ..world.sealed[0].leaf.clone() };
    assert_eq!(Leaf::parse(&early.encode()).unwrap_err().means, Means::Unreadable);
}

#[test]
fn a_leaf_is_signed_and_every_bit_of_it_counts() {
    let world = World::new(4);
    let (bytes, public) = (&world.entries[3], world.sources[0].public());
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let verified = Leaf::parse(&flipped).and_then(|leaf| leaf.verify(&public));
        assert!(verified.is_err(), "bit {bit}");
    }
    for cut in 0..bytes.len() {
        assert!(Leaf::parse(&bytes[..cut]).is_err());
    }
    assert!(Leaf::parse(&[bytes.as_slice(), &[0]].concat()).is_err());
    assert!(world.sealed[3].leaf.verify(&world.sources[1].public()).is_err());
}

#[test]
fn free_text_cannot_enter_by_type() {
    for text in
        ["", "Two words", "Ünïcode", "UPPER", "line\nbreak", "-x", ".x", &"x".repeat(65), "a b", "a,b", "a:b"]
    {
        let refusal = Token::new(text).unwrap_err();
        assert!(refusal.what.contains("Free text does not enter the record"), "{refusal}");
    }
    for word in ["a", "post-3", "place.10km", "osce/smm_2021", "0"] {
        assert_eq!(Token::new(word).unwrap().as_str(), word);
    }
    // Nor by the bytes of the vault: a text string that is no token is refused.
    let key = SourceKey::from_seed(&seed(1));
    let fields = vec![Field::new("word", Value::token("abcd").unwrap()).unwrap()];
    let sealed = leaf::seal(Statement::new(Kind::Claim, fields), &key, None, &salts(1, 0), None).unwrap();
    let bytes = sealed.openings.encode();
    let at = bytes.windows(4).position(|window| window == b"abcd").unwrap();
    let mut changed = bytes.clone();
    changed[at + 1] = b' ';
    assert!(Openings::decode(&bytes).is_ok());
    assert!(Openings::decode(&changed).is_err());
}

#[test]
fn what_does_not_fit_a_statement_is_refused() {
    let key = SourceKey::from_seed(&seed(1));
    let seal =
        |statement| leaf::seal(statement, &key, None, &salts(1, 0), None).map(|_| ()).unwrap_err().what;
    let field = |label: &str| Field::new(label, Value::int(1)).unwrap();
    let many = |n: usize| (0..n).map(|n| field(&format!("f{n}"))).collect::<Vec<_>>();
    assert!(seal(Statement::new(Kind::Claim, many(32))).contains("at most 32"));
    assert!(seal(Statement::new(Kind::Claim, vec![field("a"), field("a")])).contains("twice"));
    assert!(seal(Statement::new(Kind::Claim, vec![field("kind")])).contains("own"));
    assert!(seal(Statement::new(Kind::Claim, vec![field("items")])).contains("own"));
    assert!(seal(Statement::new(Kind::Batch, vec![])).contains("items"));
    let batch = |items| Statement { items, ..Statement::new(Kind::Batch, vec![]) };
    assert!(seal(batch(vec![many(17)])).contains("at most 16"));
    assert!(seal(batch(vec![many(1); 501])).contains("at most 500"));
    assert!(seal(batch(vec![vec![field("a"), field("a")]])).contains("twice"));
    assert!(
        seal(Statement { items: vec![many(1)], ..Statement::new(Kind::Claim, vec![]) }).contains("batch")
    );
    assert!(Field::new("a", Value::ints(0..65)).is_err());
    // A coarse value that is not the fine one's is refused before it is signed.
    let mut fields = place_fields(&[375_614_999, 487_390_001]).unwrap();
    fields[2].value = Value::ints([375_000_000, 486_000_000]);
    assert!(seal(Statement::new(Kind::Observation, fields)).contains("place.10km"));
}

fn shown(openings: &Openings, labels: &[&str]) -> View {
    openings.show(|_, label| labels.contains(&label.as_str()))
}

#[test]
fn a_coarse_view_verifies_against_the_same_leaf_without_the_fine_one() {
    let world = World::new(3 * 14);
    for sealed in &world.sealed {
        let coarse = shown(&sealed.openings, &["kind", "place.10km", "place.50km", "time.day"]);
        assert_eq!(coarse.verify(&sealed.leaf.root), Ok(()));
        let file = json::write(&coarse);
        let read = json::read(file.as_bytes()).unwrap();
        assert_eq!(read, coarse);
        assert!(!file.contains("place.exact") && !file.contains("time.exact") && !file.contains("place.1km"));
        assert_eq!(read.value("place.exact"), None);
        assert!(read.value("place.10km").is_some());
        let fine = sealed.openings.show(|_, _| true);
        assert_eq!(fine.verify(&sealed.leaf.root), Ok(()));
        assert_eq!(fine.value("place.10km"), coarse.value("place.10km"));
        // Against another leaf nothing verifies.
        let other = &world.sealed.iter().find(|other| other.leaf != sealed.leaf).unwrap().leaf;
        assert_eq!(coarse.verify(&other.root).unwrap_err().means, Means::Unproved);
    }
}

#[test]
fn an_item_of_a_batch_verifies_alone() {
    let world = World::new(6);
    let sealed = world.sealed.iter().find(|sealed| !sealed.openings.items().is_empty()).unwrap();
    let one = sealed.openings.show(|item, label| item == Some(2) && label.as_str() == "level");
    assert_eq!(one.verify(&sealed.leaf.root), Ok(()));
    assert_eq!((one.items.len(), one.items[0].fields.len()), (1, 1));
    assert_eq!(one.item_value(2, "level"), Some(&Value::int(62)));
    assert_eq!(one.fields.len(), 1, "the root over the items comes along");
    let moved =
        View { items: vec![verify::field::ItemView { number: 1, ..one.items[0].clone() }], ..one.clone() };
    assert!(moved.verify(&sealed.leaf.root).is_err(), "the number of an item is proved");
    let cut = View { fields: vec![], ..one.clone() };
    assert!(cut.verify(&sealed.leaf.root).is_err());
    let mut twice = one.clone();
    twice.items.push(one.items[0].clone());
    assert!(twice.verify(&sealed.leaf.root).is_err());
    // The number of items does not show in a path.
    assert_eq!(one.items[0].path.len(), 9);
    assert_eq!(json::read(json::write(&one).as_bytes()).unwrap(), one);
}

#[test]
fn any_change_of_what_is_shown_is_found() {
    let world = World::new(6);
    let sealed = world.sealed.iter().find(|sealed| !sealed.openings.items().is_empty()).unwrap();
    let whole = sealed.openings.show(|_, _| true);
    let root = &sealed.leaf.root;
    assert_eq!(whole.verify(root), Ok(()));
    let broken = |change: &dyn Fn(&mut View)| {
        let mut view = whole.clone();
        change(&mut view);
        assert!(view != whole && view.verify(root).is_err());
    };
    for at in 0..whole.fields.len() {
        broken(&|view| view.fields[at].salted.salt[0] ^= 1);
        broken(&|view| view.fields[at].salted.field.value = Value::int(123_456));
        broken(&|view| view.fields[at].salted.field.label = Token::new("other").unwrap());
        broken(&|view| view.fields[at].place ^= 1);
        broken(&|view| view.fields[at].place |= 32);
        broken(&|view| view.fields[at].path[4][31] ^= 1);
        broken(&|view| view.fields[at].path.truncate(4));
        broken(&|view| view.fields[at].path.push([0; 32]));
        broken(&|view| view.fields[at].path.clear());
        broken(&|view| view.fields.push(view.fields[at].clone()));
    }
    broken(&|view| view.items[0].fields[0].salted.salt[0] ^= 1);
    broken(&|view| view.items[0].path[0][0] ^= 1);
    broken(&|view| view.items[0].fields.clear());
    broken(&|view| view.items.swap(0, 1));
    broken(&|view| view.items[0].number = 511);
    // A field of an item is no field of the statement, nor the other way round.
    broken(&|view| view.fields.push(view.items[0].fields[0].clone()));
}

#[test]
fn the_number_and_order_of_fields_cannot_be_read_from_a_path() {
    let key = SourceKey::from_seed(&seed(1));
    for count in [0, 1, 5, 30] {
        let fields: Vec<_> =
            (0..count).map(|n| Field::new(&format!("f{n}"), Value::int(n)).unwrap()).collect();
        let sealed =
            leaf::seal(Statement::new(Kind::Claim, fields), &key, None, &salts(3, count as u64), None)
                .unwrap();
        let view = shown(&sealed.openings, &["kind"]);
        assert_eq!(view.fields[0].path.len(), 5);
    }
    // Places are a matter of the salts alone.
    let places: BTreeSet<u16> = (0..200)
        .map(|n| {
            let statement = Statement::new(Kind::Heartbeat, vec![]);
            let sealed = leaf::seal(statement, &key, None, &salts(4, n), None).unwrap();
            shown(&sealed.openings, &["kind"]).fields[0].place
        })
        .collect();
    assert!(places.len() > 25, "{places:?}");
}

/// An attacker who holds all public leaves and a coarse view of each tries every time, place and kind. The salts that
/// an attacker could know are those in clear.
#[test]
fn a_full_dictionary_recovers_no_field() {
    let world = World::new(13);
    let (mut tried, mut recovered, mut with_salt) = (0u64, 0, 0);
    let first_hour = span((TIME * 1_000_000) as i64, (TIME * 1_000_000) as i64, TimeResolution::Hour).0;
    let hours =
        (0..24).map(|h| time_fields(first_hour + h * HOUR, first_hour + h * HOUR + 1).unwrap()[1].clone());
    let days =
        (0..30).map(|d| time_fields(first_hour + d * DAY, first_hour + d * DAY + 1).unwrap()[2].clone());
    let places = (0..20)
        .flat_map(|x| (0..20).map(move |y| (370_000_000 + x * 1_500_000, 480_000_000 + y * 1_000_000)));
    let places = places.flat_map(|(lon, lat)| place_fields(&[lon, lat]).unwrap().into_iter().skip(1));
    let kinds = Kind::ALL.iter().map(|kind| Field::new("kind", Value::token(kind.token()).unwrap()).unwrap());
    let dictionary: Vec<Field> = hours.chain(days).chain(places).chain(kinds).collect();
    for sealed in &world.sealed {
        let leaf = &sealed.leaf;
        // All that is public of this leaf: itself, and every hash in the path of one field that is shown.
        let public = sealed.openings.show(|item, label| item.is_none() && label.as_str() == "text");
        let mut nodes: HashSet<Hash> =
            public.fields.iter().flat_map(|opening| opening.path.clone()).collect();
        nodes.extend([leaf.root, leaf.ciphertext, leaf.previous, leaf.pseudonym]);
        // And, more than public: all commitments, decoys included.
        let all = sealed.openings.show(|item, _| item.is_none());
        nodes.extend(all.fields.iter().flat_map(|opening| opening.path.clone()));
        nodes.extend(all.fields.iter().map(|opening| opening.salted.commitment()));
        let salts =
            [[0; 32], [0xff; 32], leaf.pseudonym, leaf.previous, leaf.root, leaf.ciphertext, leaf.hash()];
        let salts = salts.into_iter().chain(public.fields.iter().map(|opening| opening.salted.salt));
        for salt in salts {
            for field in &dictionary {
                let guess = Salted { field: field.clone(), salt };
                tried += 1;
                let commitment = guess.commitment();
                let unsalted = merkle::leaf_hash(field.value.to_string().as_bytes());
                recovered += [commitment, merkle::leaf_hash(&commitment), unsalted]
                    .iter()
                    .filter(|guess| nodes.contains(*guess))
                    .count();
            }
        }
        // The control: who knows the salt of the kind finds the kind in 13 trials, and the place alike.
        for label in ["kind", "time.hour", "place.10km"] {
            let salt = shown(&sealed.openings, &[label]).fields[0].salted.salt;
            let found: Vec<_> = dictionary
                .iter()
                .filter(|field| nodes.contains(&Salted { field: (*field).clone(), salt }.commitment()))
                .collect();
            if let Some(found) = found.first() {
                assert_eq!(Some(&found.value), sealed.openings.value(label));
                with_salt += 1;
            }
        }
    }
    assert!(tried > 100_000, "{tried}");
    assert_eq!(recovered, 0);
    assert!(with_salt >= 2 * 13, "the control must find kinds and places, and found {with_salt}");
}

#[test]
fn one_salt_says_nothing_of_another() {
    let sealed = World::new(2).sealed;
    let all: Vec<Hash> = sealed
        .iter()
        .flat_map(|one| one.openings.show(|_, _| true).fields.into_iter().map(|opening| opening.salted.salt))
        .collect();
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    assert_ne!(Salts::from_seed(&seed(1)).salt_for_test(), Salts::from_seed(&seed(2)).salt_for_test());
}

trait Peek {
    fn salt_for_test(self) -> Hash;
}

impl Peek for Salts {
    /// The first salt that comes of it.
    fn salt_for_test(self) -> Hash {
        let key = SourceKey::from_seed(&seed(1));
        let sealed = leaf::seal(Statement::new(Kind::Heartbeat, vec![]), &key, None, &self, None).unwrap();
        shown(&sealed.openings, &["kind"]).fields[0].salted.salt
    }
}

#[test]
fn what_is_erased_is_gone_and_seen_to_be_gone() {
    for sealed in World::new(6).sealed {
        let mut openings = sealed.openings.clone();
        let secret = match openings.value("text") {
            Some(value) => value.clone(),
            None => continue,
        };
        let count =
            openings.erase(|item, label| item.is_none() && label.as_str() == "text" || item == Some(1));
        assert!(count >= 1);
        assert_eq!(openings.root(), sealed.leaf.root, "the leaf stays");
        assert_eq!(openings.value("text"), None);
        let bytes = openings.encode();
        let secret = secret.as_hash().unwrap();
        assert!(!bytes.windows(32).any(|window| window == secret));
        let read = Openings::decode(&bytes).unwrap();
        assert_eq!(read, openings);
        assert!(read.fields().iter().any(
            |kept| matches!(kept, verify::field::Kept::Erased { label, .. } if label.as_str() == "text")
        ));
        let rest = read.show(|_, _| true);
        assert_eq!(rest.verify(&sealed.leaf.root), Ok(()));
        assert!(rest.value("text").is_none() && rest.value("kind").is_some());
        assert_eq!(openings.erase(|item, label| item.is_none() && label.as_str() == "text"), 0);
    }
}

#[test]
fn without_a_ciphertext_a_leaf_looks_like_any_other() {
    let key = SourceKey::from_seed(&seed(1));
    let one =
        |n| leaf::seal(Statement::new(Kind::Heartbeat, vec![]), &key, None, &salts(5, n), None).unwrap().leaf;
    assert_ne!(one(1).ciphertext, one(2).ciphertext);
    assert!(one(1).ciphertext.iter().collect::<HashSet<_>>().len() > 16);
}

#[test]
fn keys_are_certified_epoch_by_epoch() {
    let root = SourceKey::from_seed(&seed(1));
    let keys: Vec<_> = (2..5).map(|n| SourceKey::from_seed(&seed(n))).collect();
    let source = Token::new("post-1").unwrap();
    let certificates: Vec<Certificate> = vec![
        root.certify(&source, 0, &keys[0].public()),
        keys[0].certify(&source, 1, &keys[1].public()),
        keys[1].certify(&source, 2, &keys[2].public()),
    ];
    assert_eq!(key::chain(&root.public(), &certificates), Ok(()));
    assert!(key::chain(&keys[0].public(), &certificates).is_err());
    assert!(key::chain(&root.public(), &certificates[1..]).is_err());
    let mut skipped = certificates.clone();
    skipped.remove(1);
    assert!(key::chain(&root.public(), &skipped).is_err());
    let mut forged = certificates.clone();
    forged[1].public = root.public();
    assert!(key::chain(&root.public(), &forged).is_err());
    let mut renamed = certificates.clone();
    renamed[2] = keys[1].certify(&Token::new("post-2").unwrap(), 2, &keys[2].public());
    assert!(key::chain(&root.public(), &renamed).is_err());

    // In a leaf, under the commitment, and out again.
    let statement = Statement::new(Kind::KeyChange, certificates[1].fields().unwrap());
    let sealed = leaf::seal(statement, &keys[0], None, &salts(1, 0), None).unwrap();
    let view = sealed.openings.show(|_, _| true);
    assert_eq!(Certificate::from_view(&view), Some(certificates[1].clone()));
    assert!(!sealed.bytes.windows(32).any(|window| window == keys[1].public()));

    let file = Keys { root: Some(root.public()), certificates, unnamed: vec![keys[2].public(), seed(7)] };
    let read = Keys::parse(file.to_string().as_bytes()).unwrap();
    assert_eq!(read, file);
    let holder = read.by_pseudonym().get(&keys[1].pseudonym()).cloned().unwrap().1;
    assert_eq!(holder, Holder::Source(source, 1));
    let without_root = Keys { root: None, ..file.clone() };
    assert_eq!(Keys::parse(without_root.to_string().as_bytes()).unwrap_err().means, Means::Untrusted);
    for wrong in ["root AAAA", "key a", "leaf-key", "x", "root  "] {
        assert!(Keys::parse(wrong.as_bytes()).is_err());
    }
    // Pseudonyms of two epochs have nothing in common that can be computed without the keys.
    assert_ne!(keys[0].pseudonym(), keys[1].pseudonym());
}

#[test]
fn cells_are_those_of_public_reports() {
    // The examples of the published grid: cells of 0.1 degree by 0.15 below 53 degrees.
    let km10 = |lon, lat| cell(lon, lat, PlaceResolution::Km10);
    assert_eq!(km10(375_610_000, 487_390_000), (375_000_000, 487_000_000));
    assert_eq!(km10(376_490_000, 487_010_000), (375_000_000, 487_000_000));
    assert_eq!(km10(-100_000, -100_000), (-1_500_000, -1_000_000));
    assert_eq!(cell(375_614_999, 487_390_001, PlaceResolution::Exact), (375_614_999, 487_390_001));
    assert_eq!(cell(375_614_999, 487_390_001, PlaceResolution::Km1), (375_600_000, 487_300_000));
    assert_eq!(cell(375_614_999, 487_390_001, PlaceResolution::Km50), (375_000_000, 485_000_000));
    assert_eq!(km10(1_800_000_000, 900_000_000), (-1_800_000_000, 899_000_000));
}

proptest! {
    #[test]
    fn coarse_of_coarse_is_coarse_and_cells_are_wide_enough(lon in -1_800_000_000i64..1_800_000_000, lat in -900_000_000i64..900_000_000) {
        for (at, fine) in PlaceResolution::ALL.into_iter().enumerate() {
            for coarse in PlaceResolution::ALL.into_iter().skip(at) {
                let (west, south) = cell(lon, lat, fine);
                prop_assert_eq!(cell(west, south, coarse), cell(lon, lat, coarse), "{:?} in {:?}", fine, coarse);
            }
        }
        for (resolution, km) in [(PlaceResolution::Km1, 1.0), (PlaceResolution::Km10, 10.0), (PlaceResolution::Km50, 50.0)] {
            let (west, south) = cell(lon, lat, resolution);
            prop_assert!(west <= lon && south <= lat);
            // The width is found by walking east to the next cell.
            let height = match resolution { PlaceResolution::Km1 => 100_000, PlaceResolution::Km10 => 1_000_000, _ => 5_000_000 };
            let east = (1..=400).map(|tenth| west + tenth * height / 10).find(|east| cell(*east, south, resolution).0 != west);
            if let Some(east) = east {
                let poleward = (south.abs().max((south + height).abs())) as f64 / 1e7;
                let wide = (east - west) as f64 / 1e7 * 111.32 * poleward.to_radians().cos();
                prop_assert!(wide >= km || poleward > 85.0, "{} km at {}", wide, poleward);
            }
        }
    }

    #[test]
    fn coarse_times_nest_and_hold_the_fine_one(start in -1i64 << 60..1i64 << 60, length in 0i64..10 * DAY) {
        let fields = time_fields(start, start + length).unwrap();
        prop_assert_eq!(resolution::agree(fields.iter()), Ok(()));
        for keep in 0..8u8 {
            let some = fields.iter().enumerate().filter(|(at, _)| keep >> at & 1 == 1).map(|(_, field)| field);
            prop_assert_eq!(resolution::agree(some), Ok(()));
        }
        for unit in [TimeResolution::Hour, TimeResolution::Day] {
            let (from, to) = span(start, start + length, unit);
            prop_assert!(from <= start && start + length < to);
        }
        for at in 1..3 {
            let mut changed = fields.clone();
            let ints = changed[at].value.as_ints().unwrap();
            changed[at].value = Value::ints([ints[0] - HOUR, ints[1]]);
            prop_assert!(resolution::agree(changed.iter()).is_err());
        }
    }

    #[test]
    fn nothing_overflows_at_the_ends_of_time_and_space(a in any::<i64>(), b in any::<i64>()) {
        for resolution in PlaceResolution::ALL {
            let _ = cell(a, b, resolution);
        }
        for resolution in TimeResolution::ALL {
            let _ = span(a, b, resolution);
        }
        let _ = place_fields(&[a, b]);
        let _ = time_fields(a, b);
        let field = |label: &str, x, y| Field::new(label, Value::ints([x, y])).unwrap();
        let fields = [field("time.exact", a, b), field("time.hour", b, a), field("place.exact", a, b), field("place.10km", b, a)];
        let _ = resolution::agree(fields.iter());
    }

    #[test]
    fn openings_are_kept_and_read_back(kinds in prop::collection::vec(0u64..13, 1..4)) {
        let key = SourceKey::from_seed(&seed(1));
        for (number, kind) in kinds.into_iter().enumerate() {
            let sealed = leaf::seal(statement(kind, None), &key, None, &salts(1, number as u64), None).unwrap();
            let bytes = sealed.openings.encode();
            let read = Openings::decode(&bytes).unwrap();
            prop_assert_eq!(&read, &sealed.openings);
            prop_assert_eq!(read.encode(), bytes);
            prop_assert_eq!(read.root(), sealed.leaf.root);
        }
    }
}
