//! A tile has one path; a bundle of entries has one encoding.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::tile::{self, Tile};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(tile) = str::from_utf8(bytes).map_err(drop).and_then(|path| Tile::parse(path).map_err(drop)) {
        assert_eq!(tile.path().as_bytes(), bytes);
        let _ = tile.start();
    }
    if let Some((width, rest)) = bytes.split_first() {
        let width = u16::from(*width) + 1;
        if let Ok(entries) = tile::entries(rest, width) {
            assert_eq!(tile::bundle(entries), Ok(rest.to_vec()));
        }
        let _ = tile::hashes(rest, width);
    }
});
