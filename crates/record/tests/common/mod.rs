//! What the tests share: made-up keys, clocks and statements, and the simulated disk.
#![expect(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a module of each test file, which uses a part"
)]

pub mod disk;

use record::clock::SetClock;
use record::entropy::MadeUp;
use record::storage::Storage;
use record::vault::{Role, RoleKey};
use record::{Audience, Entry, Keys, Options, Raw, Record, Signer};
use std::sync::Arc;
use verify::field::{Field, Token, Value};
use verify::key::SourceKey;
use verify::leaf::{Kind, Statement};
use verify::note::VerifierKey;

pub const ORIGIN: &str = "example.org/hub";
/// 20 April 2025.
pub const NOW: i64 = 1_745_107_200_000_000;

pub fn keys() -> Keys {
    Keys::from_seeds(ORIGIN, &[1; 32], &[2; 32]).unwrap()
}

pub fn verifiers() -> Vec<VerifierKey> {
    static VERIFIERS: std::sync::OnceLock<Vec<VerifierKey>> = std::sync::OnceLock::new();
    VERIFIERS.get_or_init(|| keys().verifiers()).clone()
}

pub fn monitor() -> RoleKey {
    RoleKey::new("monitor", [7; 32])
}

pub fn liaison() -> RoleKey {
    RoleKey::new("liaison", [8; 32])
}

pub fn roles() -> Vec<Role> {
    vec![monitor().role(), liaison().role()]
}

/// Options whose every byte is made up; segments of 256 leaves, so that small tests cross their ends.
pub fn options(clock: &Arc<SetClock>, draw: u8) -> Options {
    let mut options = Options::new(keys(), SourceKey::from_seed(&[3; 32]));
    options.roles = roles();
    options.clock = clock.clone();
    options.entropy = Arc::new(MadeUp::from_seed([draw; 32]));
    options.segment = 256;
    options
}

pub fn clock() -> Arc<SetClock> {
    Arc::new(SetClock::at(NOW))
}

pub fn root_key() -> SourceKey {
    SourceKey::from_seed(&[4; 32])
}

pub fn source_key(number: u8) -> SourceKey {
    SourceKey::from_seed(&[100 + number; 32])
}

pub const PLENTY: record::sources::Quota = record::sources::Quota::NONE;

/// Enrols source `number` and gives its signer, where the record stands.
pub fn enrol(record: &Record, number: u8) -> Signer {
    let name = Token::new(&format!("source-{number}")).unwrap();
    let key = source_key(number);
    let certificate = root_key().certify(&name, 0, &key.public());
    record.enrol(&certificate, PLENTY, &root_key().public()).unwrap();
    let last = record.last_of(&key.pseudonym());
    Signer::resume(key, last)
}

/// A small statement with a number and raw bytes.
pub fn entry(signer: &mut Signer, number: i64, random: &MadeUp) -> Entry {
    let fields = vec![
        Field::new("number", Value::int(number)).unwrap(),
        Field::new("time.exact", Value::ints([NOW + number, NOW + number])).unwrap(),
    ];
    let raw = [Raw { category: "raw", roles: &["monitor"], bytes: &number.to_be_bytes() }];
    let audiences = [
        Audience::all(&["monitor"]),
        Audience { category: "coarse", roles: &["liaison"], sees: &|_, label| label.as_str() == "number" },
    ];
    signer.sign(Statement::new(Kind::Observation, fields), &audiences, &raw, random).unwrap()
}

pub fn init(disk: impl Storage + 'static, clock: &Arc<SetClock>) -> Record {
    Record::init_on(Arc::new(disk), options(clock, 9)).unwrap()
}
