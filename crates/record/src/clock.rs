//! Time, as a port: the record must hold when a clock jumps by ten years.

use std::time::{SystemTime, UNIX_EPOCH};

/// A clock. Nothing in the log's order depends on it: it dates checkpoints and receipts, and refuses what claims to
/// come from the future.
pub trait Clock: Send + Sync {
    /// Microseconds since 1970-01-01T00:00:00Z, without leap seconds.
    fn now(&self) -> i64;
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        let micros = |duration: std::time::Duration| i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => micros(since),
            Err(before) => -micros(before.duration()),
        }
    }
}

/// A clock that is set by hand: for fixtures, whose bytes must be the same everywhere, and for tests.
#[derive(Debug, Default)]
pub struct SetClock(std::sync::atomic::AtomicI64);

impl SetClock {
    /// A clock that stands at `now`, microseconds since 1970.
    #[must_use]
    pub fn at(now: i64) -> SetClock {
        SetClock(now.into())
    }

    /// Sets it, forwards or backwards.
    pub fn set(&self, now: i64) {
        self.0.store(now, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> i64 {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}
