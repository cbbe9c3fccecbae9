//! Lines, zones and distances on WGS84, deterministic.
