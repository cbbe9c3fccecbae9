//! The formats of the record and how each is checked: what a party needs to trust nobody.
#![forbid(unsafe_code)]
