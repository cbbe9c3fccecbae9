//! Randomness, as a port: salts, keys and item keys come from here.

use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};

/// A source of random bytes.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);

    /// 32 random bytes: a salt, a seed or a key.
    fn bytes32(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        bytes
    }
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness no salt hides anything: there is nothing sensible to go on with.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// Bytes that follow from a seed: **for fixtures only**, so that a demo's record has the same bytes everywhere.
/// Whoever knows the seed can open every field and forge every signature.
#[derive(Debug)]
pub struct MadeUp {
    seed: [u8; 32],
    counter: AtomicU64,
}

impl MadeUp {
    /// A generator whose every byte follows from `seed` and from how much was drawn before.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> MadeUp {
        MadeUp { seed, counter: AtomicU64::new(0) }
    }
}

impl Entropy for MadeUp {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let counter = self.counter.fetch_add(1, Ordering::SeqCst);
            let mut hash = Sha256::new();
            hash.update(b"truceline made-up randomness\n");
            hash.update(self.seed);
            hash.update(counter.to_be_bytes());
            chunk.copy_from_slice(&hash.finalize()[..chunk.len()]);
        }
    }
}
