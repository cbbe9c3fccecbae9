//! The shell and the one binary.
fn main() {}
