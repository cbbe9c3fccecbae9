//! Progress on a terminal; silence elsewhere.

use std::io::{IsTerminal, Write, stderr};

/// One line on the terminal that says what is being done.
pub struct Progress {
    shown: bool,
}

impl Progress {
    /// Shown only when the error output is a terminal and nobody asked for quiet.
    pub fn new(quiet: bool) -> Self {
        Self { shown: !quiet && stderr().is_terminal() }
    }

    /// Says what is being done now, in place of what was said before.
    pub fn step(&self, what: &str) {
        if self.shown {
            let line: String = what.chars().take(100).collect();
            // A terminal that has gone away is no reason to stop.
            let _ = write!(stderr(), "\r\x1b[K{line}");
            let _ = stderr().flush();
        }
    }
}

/// The line is cleared when the work is over.
impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}
