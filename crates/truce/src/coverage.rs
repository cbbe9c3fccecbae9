//! What could be seen: observed, not observed or not known, by sector, hour and kind.
