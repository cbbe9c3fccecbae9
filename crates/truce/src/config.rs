//! TOML files that people write: typed access, unknown keys refused, mistakes shown where they are.
