//! A subject held against one clause of one instrument under one reading.
