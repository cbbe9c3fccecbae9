//! A client that is not ours (crate `tlog_tiles`, Cloudflare's, after golang.org/x/mod/sumdb/tlog) reads what we serve:
//! it derives the root again, proves every entry, and proves that each head continues the one before.

use crate::common::{Served, ok, scratch, text};
use std::fs;
use std::time::{Duration, Instant};
use tlog_tiles::{Hash, Tile, TileHashReader, TileReader};

struct OverHttp<'a>(&'a Served);

impl TileReader for OverHttp<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        // The crate keeps the height in its paths, as Go's sumdb does; c2sp.org/tlog-tiles leaves it out, as it is always 8.
        let path = |tile: &Tile| tile.path().replacen("tile/8/", "/tile/", 1);
        let fetch = |tile: &Tile| {
            let (status, _, body) = self.0.get(&path(tile));
            assert_eq!(status, 200, "{}", path(tile));
            body
        };
        Ok(tiles.iter().map(fetch).collect())
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

fn head(served: &Served) -> (u64, Hash) {
    let text = String::from_utf8(served.get("/checkpoint").2).unwrap();
    let mut lines = text.lines().skip(1);
    let size = lines.next().unwrap().parse().unwrap();
    (size, Hash::parse_hash(lines.next().unwrap()).unwrap())
}

#[test]
fn a_stock_client_derives_the_root_again() {
    let dir = scratch("stock");
    let (record, token) = (dir.join("r"), dir.join("token"));
    ok(&["record", "init", text(&record), "--origin", "example.org/stock", "--alone"]);
    fs::write(&token, "a-token-of-some-length").unwrap();
    let serve = ["record", "serve", text(&record), "--token", text(&token), "--interval", "100"];
    let served = Served::start(&serve);
    let mut heads = vec![head(&served)];
    // Sizes within a tile, at its edge and beyond it.
    for more in [1_u64, 20, 229, 3, 300] {
        let mut last = 0;
        for n in 0..more {
            let body = format!("{} {n}", heads.len());
            let (status, _, index) =
                served.post("/add", "Authorization: Bearer a-token-of-some-length\r\n", body.as_bytes());
            assert_eq!(status, 200);
            last = String::from_utf8(index).unwrap().parse().unwrap();
        }
        let until = Instant::now() + Duration::from_secs(60);
        let (size, root) = loop {
            let (size, root) = head(&served);
            if size > last {
                break (size, root);
            }
            assert!(Instant::now() < until, "no head came");
            std::thread::sleep(Duration::from_millis(50));
        };
        let tiles = OverHttp(&served);
        let hashes = TileHashReader::new(size, root, &tiles);
        assert_eq!(tlog_tiles::tree_hash(size, &hashes).unwrap(), root, "the root of {size} leaves");
        for (old, before) in &heads {
            let proof = tlog_tiles::prove_tree(size, *old, &hashes).unwrap();
            tlog_tiles::check_tree(&proof, size, root, *old, *before).unwrap();
        }
        // The last entry, from its bundle.
        let width = size % 256;
        let path = match width {
            0 => format!("/tile/entries/{:03}", size / 256 - 1),
            _ => format!("/tile/entries/{:03}.p/{width}", size / 256),
        };
        let (status, _, bundle) = served.get(&path);
        assert_eq!(status, 200, "{path}");
        let mut rest = bundle.as_slice();
        let mut entry: &[u8] = &[];
        while let Some((length, after)) = rest.split_first_chunk::<2>() {
            (entry, rest) = after.split_at(usize::from(u16::from_be_bytes(*length)));
        }
        let proof = tlog_tiles::prove_record(size, size - 1, &hashes).unwrap();
        tlog_tiles::check_record(&proof, size, root, size - 1, tlog_tiles::record_hash(entry)).unwrap();
        tlog_tiles::check_record(&proof, size, root, size - 1, tlog_tiles::record_hash(b"another"))
            .unwrap_err();
        heads.push((size, root));
    }
}
