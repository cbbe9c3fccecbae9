//! Bytes -> observations; one file per format.
