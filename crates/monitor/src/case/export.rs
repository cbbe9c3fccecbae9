//! placeholder to be written next
