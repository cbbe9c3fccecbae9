//! Which observations belong to one incident.
