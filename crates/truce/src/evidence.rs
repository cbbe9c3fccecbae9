//! Evidence in centibans: how sure, and why, for and against.
