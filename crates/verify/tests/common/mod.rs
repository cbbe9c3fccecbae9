//! A small log with its witnesses and sources, made from fixed seeds: the same bytes in every run.
#![expect(dead_code, reason = "each test file uses a part of it")]

use std::collections::BTreeMap;
use std::path::Path;
use verify::bundle;
use verify::cbor::Decoder;
use verify::checkpoint::Checkpoint;
use verify::field::{Field, Openings, Salts, Token, Value};
use verify::key::{Certificate, SourceKey};
use verify::keys::Keys;
use verify::leaf::{self, Kind, Leaf, Sealed, Statement};
use verify::merkle::{self, Node};
use verify::note::{Algorithm, Note, Signature, SignerKey, VerifierKey};
use verify::policy::Policy;
use verify::proof::Proof;
use verify::receipt::Receipt;
use verify::resolution::{place_fields, time_fields};
use verify::tile::{self, Kind as TileKind, Tile};
use verify::witness::AddCheckpoint;
use verify::{Hash, json, text};

pub(crate) const ORIGIN: &str = "record.example/hub";
/// 2026-03-12T06:30:00Z in seconds.
pub(crate) const TIME: u64 = 1_773_297_000;

pub(crate) struct World {
    pub(crate) log: SignerKey,
    pub(crate) log_pq: SignerKey,
    pub(crate) witnesses: Vec<SignerKey>,
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) sealed: Vec<Sealed>,
    pub(crate) keys: Keys,
    pub(crate) sources: Vec<SourceKey>,
    pub(crate) root: SourceKey,
}

pub(crate) fn seed(number: u8) -> Hash {
    [number; 32]
}

pub(crate) fn salts(source: u8, sequence: u64) -> Salts {
    let mut bytes = seed(source);
    bytes[..8].copy_from_slice(&sequence.to_be_bytes());
    Salts::from_seed(&bytes)
}

/// Statements of every kind, in turn.
pub(crate) fn statement(number: u64, key: Option<&Certificate>) -> Statement {
    let kind = match (number, key) {
        (0, Some(_)) => Kind::KeyChange,
        _ => Kind::ALL[(number % 13) as usize],
    };
    let start = (TIME * 1_000_000 + number * 1_234_567_891) as i64;
    let mut fields = time_fields(start, start + 250_000).unwrap();
    let lon = 375_614_999 + number as i64 * 7_654_321 % 20_000_000;
    fields.extend(place_fields(&[lon, 487_390_001, 120_000, 80_000, 4_500]).unwrap());
    fields.push(Field::new("text", Value::hash(merkle::leaf_hash(b"what somebody wrote"))).unwrap());
    if let (0, Some(certificate)) = (number, key) {
        fields.extend(certificate.fields().unwrap());
    }
    let mut statement = Statement::new(kind, fields);
    if kind == Kind::Batch {
        let item = |n: i64| {
            let mut item = time_fields(start + n, start + n).unwrap();
            item.push(Field::new("level", Value::int(60 + n)).unwrap());
            item
        };
        statement.items = (0..3 + number as i64 % 5).map(item).collect();
    }
    statement
}

impl World {
    pub(crate) fn new(size: u64) -> Self {
        let signer =
            |name: &str, algorithm, number| SignerKey::from_seed(name, algorithm, &seed(number)).unwrap();
        let root = SourceKey::from_seed(&seed(200));
        let sources: Vec<_> = (100..103).map(|number| SourceKey::from_seed(&seed(number))).collect();
        let certificates: Vec<_> = (1..)
            .zip(&sources)
            .map(|(number, key)| {
                root.certify(&Token::new(&format!("post-{number}")).unwrap(), 0, &key.public())
            })
            .collect();
        let (mut sealed, mut last): (Vec<Sealed>, BTreeMap<usize, Leaf>) = (Vec::new(), BTreeMap::new());
        for number in 0..size {
            let source = (number % 3) as usize;
            let previous = last.get(&source);
            let sequence = previous.map_or(0, |leaf| leaf.sequence + 1);
            let ciphertext = number.is_multiple_of(2).then(|| merkle::leaf_hash(&number.to_be_bytes()));
            let statement = statement(sequence, Some(&certificates[source]));
            let one =
                leaf::seal(statement, &sources[source], previous, &salts(source as u8, sequence), ciphertext);
            let one = one.unwrap();
            last.insert(source, one.leaf.clone());
            sealed.push(one);
        }
        Self {
            log: signer(ORIGIN, Algorithm::Ed25519, 1),
            log_pq: signer(ORIGIN, Algorithm::MlDsa44, 2),
            witnesses: vec![
                signer("witness.example/mission", Algorithm::Cosignature, 11),
                signer("witness.example/mediator", Algorithm::Cosignature, 12),
                signer("witness.example/n1", Algorithm::Cosignature, 13),
                signer("witness.example/n2", Algorithm::MlDsa44, 14),
            ],
            entries: sealed.iter().map(|sealed| sealed.bytes.clone()).collect(),
            sealed,
            keys: Keys { root: Some(root.public()), certificates, unnamed: Vec::new() },
            sources,
            root,
        }
    }

    pub(crate) fn hashes(&self) -> Vec<Hash> {
        self.entries.iter().map(|entry| merkle::leaf_hash(entry)).collect()
    }

    pub(crate) fn policy_text(&self, quorum: &str) -> String {
        let mut policy = format!(
            "# Who vouches\nlog {}\nlog {} https://record.example/hub\n\n",
            self.log.verifier(),
            self.log_pq.verifier()
        );
        for (name, witness) in ["mission", "mediator", "n1", "n2"].iter().zip(&self.witnesses) {
            policy.push_str(&format!("witness {name} {}\n", witness.verifier()));
        }
        policy.push_str(quorum);
        policy
    }

    /// Any three of the four witnesses.
    pub(crate) fn policy(&self) -> Policy {
        Policy::parse(self.policy_text("group neutral 3 mission mediator n1 n2\nquorum neutral\n").as_bytes())
            .unwrap()
    }

    /// All four witnesses.
    pub(crate) fn strict_policy(&self) -> Policy {
        Policy::parse(
            self.policy_text("group all-four all mission mediator n1 n2\nquorum all-four\n").as_bytes(),
        )
        .unwrap()
    }

    pub(crate) fn checkpoint(&self, size: u64) -> Checkpoint {
        Checkpoint::new(ORIGIN, size, merkle::root(&self.hashes()[..size as usize]))
    }

    /// Signed by the log with both keys, and by all four witnesses, each a second after the one before.
    pub(crate) fn head(&self, size: u64) -> Note {
        self.head_at(size, TIME)
    }

    pub(crate) fn head_at(&self, size: u64, time: u64) -> Note {
        let text = self.checkpoint(size).to_string();
        let mut note = Note::sign(&text, &[&self.log, &self.log_pq], time).unwrap();
        for (at, witness) in (time + 1..).zip(&self.witnesses) {
            note.signatures.push(witness.sign(&text, at).unwrap());
        }
        note
    }

    pub(crate) fn read(&self) -> impl Fn(Node) -> Result<Hash, merkle::Error> + use<> {
        let hashes = self.hashes();
        move |node: Node| {
            let first = (node.index << node.level) as usize;
            Ok(merkle::root(&hashes[first..first + (1 << node.level)]))
        }
    }

    pub(crate) fn proof(&self, index: u64, size: u64) -> Proof {
        let path = merkle::prove_inclusion(index, size, self.read()).unwrap();
        Proof { extra: None, index, path, checkpoint: self.head(size) }
    }

    /// Writes the log as static files.
    pub(crate) fn write_log(&self, folder: &Path) {
        write_log(folder, &self.entries, &self.head(self.entries.len() as u64));
    }
}

/// Writes entries and head as static files, by the definition of tlog-tiles rather than by our own tree code.
pub(crate) fn write_log(folder: &Path, entries: &[Vec<u8>], head: &Note) {
    let hashes: Vec<_> = entries.iter().map(|entry| merkle::leaf_hash(entry)).collect();
    for tile in Tile::since(0, entries.len() as u64) {
        let first = (tile.index * 256) as usize;
        let bytes = match tile.kind {
            TileKind::Entries => {
                let entries = entries[first..first + usize::from(tile.width)].iter().map(Vec::as_slice);
                tile::bundle(entries).unwrap()
            }
            TileKind::Hashes(level) => {
                let span = 256usize.pow(u32::from(level));
                (first..first + usize::from(tile.width))
                    .flat_map(|at| merkle::root(&hashes[at * span..(at + 1) * span]))
                    .collect()
            }
        };
        let path = folder.join(tile.path());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    std::fs::write(folder.join("checkpoint"), head.to_string()).unwrap();
}

/// A small generator for tests: SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.number() % bound as u64) as usize
    }
    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}

/// Changes some bytes: flips, replacements, removals, insertions, swaps of lines.
pub(crate) fn mutate(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    for _ in 0..1 + random.below(3) {
        let at = random.below(changed.len().max(1));
        match random.below(6) {
            0 => changed[at] ^= 1 << random.below(8),
            1 => changed[at] = random.number() as u8,
            2 => drop(changed.remove(at)),
            3 => changed.insert(at, random.number() as u8),
            4 => changed.truncate(at),
            _ => {
                let mut lines: Vec<_> = changed.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
                let (a, b) = (random.below(lines.len()), random.below(lines.len()));
                lines.swap(a, b);
                changed = lines.join(&b'\n');
            }
        }
        if changed.is_empty() {
            changed.push(0);
        }
    }
    changed
}

/// Everything that reads bytes of others.
pub(crate) fn read_all(bytes: &[u8]) {
    let _ = Leaf::parse(bytes);
    let _ = Openings::decode(bytes);
    let _ = Note::parse(bytes);
    let _ = Proof::parse(bytes);
    let _ = Policy::parse(bytes);
    let _ = AddCheckpoint::parse(bytes);
    let _ = Keys::parse(bytes);
    let _ = json::read(bytes);
    let _ = bundle::manifest(bytes);
    for width in [0, 1, 255, 256, u16::MAX] {
        let _ = tile::entries(bytes, width);
        let _ = tile::hashes(bytes, width);
    }
    let mut decoder = Decoder::new(bytes);
    for _ in 0..64 {
        let _ = decoder.next();
        let _ = decoder.clone().int();
        let _ = decoder.clone().uint();
        let _ = decoder.clone().text();
        let _ = decoder.clone().array(5);
        if decoder.bytes().is_err()
            && decoder.array(usize::MAX).is_err()
            && decoder.int().is_err()
            && decoder.text().is_err()
        {
            break;
        }
    }
    let _ = decoder.end();
    if let Ok(words) = str::from_utf8(bytes) {
        let _ = Checkpoint::parse(words);
        let _ = Receipt::parse(words);
        let _ = Tile::parse(words);
        let _ = VerifierKey::parse(words);
        let _ = SignerKey::parse(words);
        let _ = Signature::parse(words);
        let _ = Signature::parse_lines(words);
        let _ = (text::decimal(words), text::from_hex(words), text::from_base64(words), text::shown(words));
        let _ = bundle::is_safe(words);
    }
}
