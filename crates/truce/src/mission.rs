//! The mission file: every threshold that decides, and what is known of each source.
