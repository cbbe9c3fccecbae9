//! The tamper-evident record: what was observed, kept so that nobody can alter it unseen.
//!
//! A [`Record`] is one folder with one writer. What goes in are [`Entry`]s: leaves that a [`Signer`] made from
//! statements, with openings and raw bytes for the [`vault`]. [`Record::append`] returns a signed receipt when they are
//! durable, [`Record::checkpoint`] signs a head over them (C2SP tlog-checkpoint, Ed25519 and ML-DSA-44), and the tiles
//! under it lie in the folder as static files (C2SP tlog-tiles). A [`Reader`] gives leaves, proofs and openings, and
//! audits; it works beside the writer and on a copy. The formats themselves are in the crate `verify`.
//!
//! ```
//! use record::entropy::{Entropy, SystemEntropy};
//! use record::vault::{Opened, RoleKey};
//! use record::{Audience, Keys, Options, Raw, Record, Signer};
//! use verify::key::SourceKey;
//! use verify::leaf::{Kind, Statement};
//!
//! let folder = tempfile::tempdir()?;
//! let random = SystemEntropy;
//! let keys = Keys::generate("example.org/hub", &random)?;
//! let log_key = keys.ed25519.verifier().clone();
//! let monitor = RoleKey::new("monitor", random.bytes32());
//! let mut options = Options::new(keys, SourceKey::from_seed(&random.bytes32()));
//! options.roles = vec![monitor.role()];
//! let record = Record::init(folder.path(), options)?;
//!
//! // A source is enrolled with a key that the mission's root key certifies.
//! let root = SourceKey::from_seed(&random.bytes32());
//! let mut patrol = Signer::new(SourceKey::from_seed(&random.bytes32()));
//! let certificate = root.certify(&verify::field::Token::new("patrol-7")?, 0, &patrol.public());
//! record.enrol(&certificate, record::sources::Quota { burst: 100, per_minute: 60 }, &root.public())?;
//!
//! // It says something: fields under the leaf's root, and a photograph that only the vault keeps.
//! let statement = Statement::new(Kind::Heartbeat, vec![]);
//! let photograph = Raw { category: "raw", roles: &["monitor"], bytes: b"not really a photograph" };
//! let entry = patrol.sign(statement, &[Audience::all(&["monitor"])], &[photograph], &random)?;
//! let answer = record.append(vec![entry])?;
//! let leaf = answer.first().ok_or("refused")?;
//!
//! // A head over it, and a proof that anyone can check offline.
//! let head = record.checkpoint()?;
//! assert!(verify::checkpoint::Checkpoint::open(&head, &log_key)?.size > leaf);
//! let proof = record.prove(leaf)?;
//! assert_eq!(proof.index, leaf);
//!
//! // The monitor opens it; then it is erased, and the leaf stays.
//! assert!(matches!(record.open_leaf(leaf, &monitor)?[0], Opened::Bytes { .. }));
//! record.erase(leaf, 0, "administrator", "asked for by the person shown")?;
//! assert!(matches!(record.open_leaf(leaf, &monitor)?[0], Opened::Erased(_)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

pub mod access;
pub mod audit;
pub mod clock;
mod damaged;
pub mod delivery;
pub mod entropy;
mod error;
pub mod frame;
pub mod index;
mod log;
pub mod mirror;
mod named;
pub mod peer;
mod reader;
pub mod restore;
pub mod rhythm;
mod segment;
pub mod sources;
pub mod statement;
pub mod storage;
mod tree;
pub mod vault;
mod writer;

pub use error::Error;
pub use log::{Answer, Keys, Options, Record, deadline_between_heads};
pub use reader::{Level, Reader};
pub use sources::{Audience, Entry, Raw, Signer};
