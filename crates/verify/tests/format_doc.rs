//! The worked examples of docs/record-format.md are made here. `BLESS=1 cargo test -p verify --test format_doc` writes
//! them anew.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{ORIGIN, TIME, World, salts, seed};
use std::fmt::Write;
use std::path::Path;
use verify::cbor::Encoder;
use verify::field::{Field, Salted, Token, Value};
use verify::key::SourceKey;
use verify::leaf::{self, Kind, LEAF_LEN, Statement};
use verify::note::Note;
use verify::proof::Proof;
use verify::receipt::{Outcome, Receipt};
use verify::resolution::{PlaceResolution, TimeResolution, cell, place_fields, span, time_fields};
use verify::tile::{Kind as TileKind, Tile};
use verify::witness::AddCheckpoint;
use verify::{cosignature, json, merkle, text};

/// Hexadecimal in lines of 32 bytes, each with its offset.
fn dump(bytes: &[u8]) -> String {
    bytes.chunks(32).enumerate().fold(String::new(), |mut lines, (line, bytes)| {
        writeln!(lines, "{:4}  {}", line * 32, text::hex(bytes)).unwrap();
        lines
    })
}

/// The example leaf: an observation by the first source, with the key of epoch 0.
fn example() -> (leaf::Sealed, SourceKey) {
    let key = SourceKey::from_seed(&seed(100));
    let start = 1_773_297_123_456_789;
    let mut fields = time_fields(start, start + 2_000_000).unwrap();
    fields.extend(place_fields(&[375_614_999, 487_390_001]).unwrap());
    fields.push(Field::new("count", Value::int(3)).unwrap());
    let statement = Statement::new(Kind::Observation, fields);
    (leaf::seal(statement, &key, None, &salts(1, 0), Some(merkle::leaf_hash(b"a ciphertext"))).unwrap(), key)
}

fn examples() -> Vec<(&'static str, String)> {
    let (sealed, key) = example();
    let leaf = &sealed.leaf;
    let mut all = Vec::new();

    let parts = [
        ("array of 7, version 1", 0, 2),
        ("pseudonym", 2, 34),
        ("sequence", 36, 9),
        ("previous", 45, 34),
        ("root", 79, 34),
        ("ciphertext", 113, 34),
        ("signature", 147, 66),
    ];
    let mut table = String::new();
    for (name, at, length) in parts {
        writeln!(table, "{at:4}  {name:22} {}", text::hex(&sealed.bytes[at..at + length])).unwrap();
    }
    assert_eq!(parts.iter().map(|(_, _, length)| length).sum::<usize>(), LEAF_LEN);
    writeln!(table, "\nleaf hash                    {}", text::hex(&leaf.hash())).unwrap();
    writeln!(table, "public key of the source     {}", text::hex(&key.public())).unwrap();
    all.push(("leaf", table));
    all.push(("leaf-message", dump(&leaf.message())));

    let view = sealed.openings.show(|_, label| label.as_str() == "place.10km");
    let salted = &view.fields[0].salted;
    let mut to = Encoder::new();
    to.array(3).bytes(&salted.salt).text("place.10km").array(2).int(375_000_000).int(487_000_000);
    let cbor = to.finish();
    let mut field = String::new();
    writeln!(field, "salt        {}", text::hex(&salted.salt)).unwrap();
    writeln!(field, "label       place.10km\nvalue       {}", salted.field.value).unwrap();
    writeln!(field, "CBOR        {}", text::hex(&cbor)).unwrap();
    let preimage = [b"\0truceline-field-1\n".as_slice(), &cbor].concat();
    writeln!(field, "hashed      {}", text::hex(&preimage)).unwrap();
    writeln!(field, "commitment  {}", text::hex(&salted.commitment())).unwrap();
    use sha2::Digest;
    assert_eq!(salted.commitment(), <[u8; 32]>::from(sha2::Sha256::digest(&preimage)));
    writeln!(field, "place       {} of 32", view.fields[0].place).unwrap();
    writeln!(field, "root        {}", text::hex(&leaf.root)).unwrap();
    all.push(("field", field));
    let pretty: serde_json::Value = serde_json::from_str(&json::write(&view)).unwrap();
    all.push(("openings", format!("{}\n", serde_json::to_string_pretty(&pretty).unwrap())));

    let values = [
        ("12", Value::int(12)),
        ("-1", Value::int(-1)),
        ("1773297123456789", Value::int(1_773_297_123_456_789)),
        ("token ua", Value::token("ua").unwrap()),
        ("list 375000000 487000000", Value::ints([375_000_000, 487_000_000])),
        ("hash of 32 zeroes", Value::hash([0; 32])),
    ];
    let mut table = String::new();
    for (name, value) in values {
        let salted = Salted { field: Field::new("x", value).unwrap(), salt: [0; 32] };
        // The value is what stands in the vault's form after array, salt and label.
        let key = SourceKey::from_seed(&seed(1));
        let fields = vec![salted.field.clone()];
        let bytes = leaf::seal(Statement::new(Kind::Claim, fields), &key, None, &salts(1, 0), None)
            .unwrap()
            .openings
            .encode();
        let at = bytes.windows(2).position(|window| window == b"ax").unwrap() + 2;
        let end = bytes[at..].windows(4).position(|window| window[..3] == [0x83, 0x58, 0x20]).unwrap() + at;
        writeln!(table, "{name:26} {}", text::hex(&bytes[at..end])).unwrap();
    }
    all.push(("values", table));

    let mut grid = String::new();
    for (lon, lat) in
        [(375_614_999, 487_390_001), (-100_000, -100_000), (301_234_567, 545_000_000), (-1_234, 899_999_999)]
    {
        writeln!(grid, "point      {lon} {lat}").unwrap();
        for resolution in PlaceResolution::ALL.into_iter().skip(1) {
            let (west, south) = cell(lon, lat, resolution);
            writeln!(grid, "{:10} {west} {south}", resolution.label()).unwrap();
        }
    }
    let (start, end) = (1_773_297_123_456_789, 1_773_298_800_000_000);
    writeln!(grid, "interval   {start} {end}").unwrap();
    for resolution in TimeResolution::ALL.into_iter().skip(1) {
        let (from, to) = span(start, end, resolution);
        writeln!(grid, "{:10} {from} {to}", resolution.label()).unwrap();
    }
    all.push(("coarse", grid));

    let root = SourceKey::from_seed(&seed(200));
    let source = Token::new("post-1").unwrap();
    let first = root.certify(&source, 0, &key.public());
    let second = key.certify(&source, 1, &SourceKey::from_seed(&seed(101)).public());
    let keys =
        verify::keys::Keys { root: Some(root.public()), certificates: vec![first, second], unnamed: vec![] };
    all.push(("keys", keys.to_string()));

    let world = World::new(5);
    let plain = |size: u64| {
        let text = world.checkpoint(size).to_string();
        let mut note = Note::sign(&text, &[&world.log], TIME).unwrap();
        note.signatures
            .extend(world.witnesses[..3].iter().map(|witness| witness.sign(&text, TIME + 1).unwrap()));
        note
    };
    all.push(("checkpoint", plain(5).to_string()));
    let text_of = world.checkpoint(5).to_string();
    all.push(("cosignature", String::from_utf8(cosignature::ed25519_message(TIME + 1, &text_of)).unwrap()));
    all.push(("ml-dsa", dump(&cosignature::ml_dsa_message("witness.example/n2", TIME, &text_of).unwrap())));
    let path = merkle::prove_inclusion(3, 5, world.read()).unwrap();
    all.push(("proof", Proof { extra: None, index: 3, path, checkpoint: plain(5) }.to_string()));
    let path = merkle::prove_consistency(3, 5, world.read()).unwrap();
    let checkpoint = Note::sign(&text_of, &[&world.log], TIME).unwrap();
    all.push(("add-checkpoint", AddCheckpoint { old: 3, path, checkpoint }.to_string()));
    let short: String = world
        .policy_text("group neutral 2 mission mediator n1\nquorum neutral\n")
        .lines()
        .filter(|line| line.len() < 200)
        .map(|line| format!("{line}\n"))
        .collect();
    all.push(("policy", short));
    let outcome = Outcome::Appended { first: 3, deadline: TIME + 60 };
    let receipt =
        Receipt { origin: ORIGIN.into(), outcome, time: TIME, leaves: world.hashes()[3..].to_vec() };
    all.push(("receipt", receipt.sign(&world.log).unwrap().to_string()));
    let outcome = Outcome::Refused { reason: Token::new("out-of-sequence").unwrap() };
    let refused = Receipt { outcome, leaves: world.hashes()[4..].to_vec(), ..receipt };
    all.push(("refusal", refused.sign(&world.log).unwrap().to_string()));

    let mut tiles = String::new();
    for tile in Tile::since(0, 70_000).filter(|tile| tile.width < 256 || tile.index == 0) {
        writeln!(tiles, "{}", tile.path()).unwrap();
    }
    let far = Tile { kind: TileKind::Hashes(0), index: 1_234_067, width: 256 };
    writeln!(tiles, "{}", far.path()).unwrap();
    all.push(("tiles", tiles));
    all
}

#[test]
fn the_examples_in_the_text_are_what_comes_out() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/record-format.md");
    let old = std::fs::read_to_string(&path).unwrap();
    let (mut new, mut rest) = (String::new(), old.as_str());
    let all = examples();
    let mut used = 0;
    while let Some((before, after)) = rest.split_once("<!-- example ") {
        let (name, after) = after.split_once(" -->").unwrap();
        let (_, after) = after.split_once("<!-- end -->").unwrap();
        let (_, example) =
            all.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no example {name}"));
        write!(new, "{before}<!-- example {name} -->\n```\n{example}```\n<!-- end -->").unwrap();
        used += 1;
        rest = after;
    }
    new.push_str(rest);
    assert_eq!(used, all.len(), "every example stands in the text once");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &new).unwrap();
    }
    assert!(
        new == old || std::env::var_os("BLESS").is_some(),
        "docs/record-format.md shows other bytes than the code makes; if the change is meant, BLESS=1 writes it anew"
    );
}
