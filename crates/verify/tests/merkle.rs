//! The tree against the published roots of RFC 6962's reference code and against an independent implementation.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;
use verify::Hash;
use verify::merkle::{self, Node, Range};
use verify::tile::{self, Kind, Tile};

/// The leaves of the reference tests of Certificate Transparency, in hexadecimal.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
/// The roots over the first 0 to 8 of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn the_published_roots_come_out() {
    let leaves: Vec<_> =
        LEAVES.iter().map(|leaf| merkle::leaf_hash(&verify::text::from_hex(leaf).unwrap())).collect();
    for (size, root) in ROOTS.iter().enumerate() {
        assert_eq!(verify::text::hex(&merkle::root(&leaves[..size])), *root, "{size} leaves");
    }
}

/// A tree of `size` leaves, ours and theirs.
fn both(size: u64) -> (Vec<Hash>, MemoryBackedTree<Sha256, Vec<u8>>) {
    let mut theirs = MemoryBackedTree::new();
    let leaves = (0..size).map(|number| {
        let entry = format!("leaf {number}").into_bytes();
        let hash = merkle::leaf_hash(&entry);
        theirs.push(entry);
        hash
    });
    (leaves.collect(), theirs)
}

fn read(leaves: &[Hash]) -> impl FnMut(Node) -> Result<Hash, merkle::Error> {
    |node| {
        Ok(merkle::root(
            &leaves[(node.index << node.level) as usize..((node.index + 1) << node.level) as usize],
        ))
    }
}

fn joined(path: &[Hash]) -> Vec<u8> {
    path.concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn inclusion_is_that_of_an_independent_implementation(size in 1u64..600, pick in any::<u64>()) {
        let index = pick % size;
        let (leaves, theirs) = both(size);
        let root = merkle::root(&leaves);
        prop_assert_eq!(root.to_vec(), theirs.root().as_bytes().to_vec());
        let path = merkle::prove_inclusion(index, size, read(&leaves)).unwrap();
        let their_path = theirs.prove_inclusion(index as usize);
        prop_assert_eq!(joined(&path), their_path.as_bytes());
        let leaf = &leaves[index as usize];
        prop_assert_eq!(merkle::verify_inclusion(leaf, index, size, &path, &root), Ok(()));
        // Nothing else verifies: another index, another size, another leaf, a path longer or shorter.
        for wrong in [index ^ 1, index + 1, index.wrapping_sub(1)] {
            prop_assert!(merkle::verify_inclusion(leaf, wrong, size, &path, &root).is_err());
        }
        let other = leaves[(index as usize + 1) % leaves.len()];
        if size > 1 {
            prop_assert!(merkle::verify_inclusion(&other, index, size, &path, &root).is_err());
            prop_assert!(merkle::verify_inclusion(leaf, index, size, &path[1..], &root).is_err());
        }
        let long = [path.as_slice(), &[root]].concat();
        prop_assert!(merkle::verify_inclusion(leaf, index, size, &long, &root).is_err());
        for at in 0..path.len() {
            let mut flipped = path.clone();
            flipped[at][pick as usize % 32] ^= 1;
            prop_assert!(merkle::verify_inclusion(leaf, index, size, &flipped, &root).is_err());
        }
    }

    #[test]
    fn consistency_is_that_of_an_independent_implementation(size in 1u64..600, pick in any::<u64>()) {
        let old = 1 + pick % size;
        let (leaves, theirs) = both(size);
        let (root, old_root) = (merkle::root(&leaves), merkle::root(&leaves[..old as usize]));
        let path = merkle::prove_consistency(old, size, read(&leaves)).unwrap();
        if old < size {
            let their_path = theirs.prove_consistency((size - old) as usize);
            prop_assert_eq!(joined(&path), their_path.as_bytes());
            for at in 0..path.len() {
                let mut flipped = path.clone();
                flipped[at][pick as usize % 32] ^= 1;
                prop_assert!(merkle::verify_consistency(old, &old_root, size, &root, &flipped).is_err());
            }
        }
        prop_assert_eq!(merkle::verify_consistency(old, &old_root, size, &root, &path), Ok(()));
        let mut other = old_root;
        other[0] ^= 1;
        prop_assert!(merkle::verify_consistency(old, &other, size, &root, &path).is_err());
        let mut other = root;
        other[0] ^= 1;
        prop_assert!(merkle::verify_consistency(old, &old_root, size, &other, &path).is_err());
        let long = [path.as_slice(), &[root]].concat();
        prop_assert!(merkle::verify_consistency(old, &old_root, size, &root, &long).is_err());
    }

    #[test]
    fn a_range_grown_or_read_back_is_one(size in 0u64..1_500, more in 0u64..50) {
        let (leaves, _) = both(size + more);
        let mut grown = Range::new();
        let mut subtrees = std::collections::BTreeMap::new();
        leaves[..size as usize].iter().for_each(|leaf| grown.push_with(*leaf, |node, hash| { subtrees.insert(node, *hash); }));
        let mut read_back = Range::read(size, read(&leaves)).unwrap();
        prop_assert_eq!(&grown, &read_back);
        for (node, hash) in subtrees {
            prop_assert_eq!(read(&leaves)(node), Ok(hash));
        }
        leaves[size as usize..].iter().for_each(|leaf| read_back.push(*leaf));
        prop_assert_eq!(read_back.root(), merkle::root(&leaves));
        prop_assert_eq!(read_back.root(), merkle::root_of(size + more, read(&leaves)).unwrap());
    }

}

proptest! {
    // Slow, as it hashes the whole tree for every node that it reads.
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn proofs_can_be_made_from_tiles_alone(size in 1u64..70_000, pick in any::<u64>()) {
        let leaves: Vec<Hash> = (0..size).map(|n| merkle::leaf_hash(&n.to_be_bytes())).collect();
        let from_tiles = |node: Node| -> Result<Hash, merkle::Error> {
            let tile = Tile::of_node(node, size).unwrap();
            let Kind::Hashes(level) = tile.kind else { panic!("an entry bundle holds no hash") };
            let span = 256usize.pow(u32::from(level));
            // What the tile holds, by its definition.
            let first = tile.index as usize * 256;
            let hashes: Vec<Hash> = (first..first + usize::from(tile.width))
                .map(|at| merkle::root(&leaves[at * span..(at + 1) * span]))
                .collect();
            Ok(tile::node_in(&hashes, node).unwrap())
        };
        let index = pick % size;
        let path = merkle::prove_inclusion(index, size, from_tiles).unwrap();
        let root = merkle::root(&leaves);
        prop_assert_eq!(merkle::verify_inclusion(&leaves[index as usize], index, size, &path, &root), Ok(()));
    }
}

#[test]
fn edges_of_consistency() {
    let (leaves, _) = both(8);
    let root = merkle::root(&leaves);
    let empty = merkle::empty_root();
    assert_eq!(merkle::verify_consistency(0, &empty, 8, &root, &[]), Ok(()));
    assert!(merkle::verify_consistency(0, &root, 8, &root, &[]).is_err(), "the empty tree has one root");
    assert!(merkle::verify_consistency(0, &empty, 8, &root, &[root]).is_err());
    assert_eq!(merkle::verify_consistency(8, &root, 8, &root, &[]), Ok(()));
    assert!(merkle::verify_consistency(8, &empty, 8, &root, &[]).is_err());
    assert!(merkle::verify_consistency(8, &root, 7, &root, &[]).is_err());
    assert!(merkle::verify_consistency(4, &root, 8, &root, &[]).is_err());
    assert!(merkle::prove_inclusion(8, 8, read(&leaves)).is_err());
    assert!(merkle::prove_consistency(9, 8, read(&leaves)).is_err());
}

#[test]
fn no_size_makes_a_verifier_panic() {
    let hash = [7; 32];
    for size in [0, 1, 2, 3, u64::MAX - 1, u64::MAX, 1 << 63, (1 << 63) + 1] {
        for index in [0, 1, 2, u64::MAX - 1, u64::MAX, 1 << 63] {
            for length in [0, 1, 2, 63, 64, 65, 200] {
                let path = vec![hash; length];
                let _ = merkle::verify_inclusion(&hash, index, size, &path, &hash);
                let _ = merkle::verify_consistency(index, &hash, size, &hash, &path);
            }
            let read = |_: Node| Ok::<_, merkle::Error>(hash);
            let _ = merkle::prove_inclusion(index, size, read);
            let _ = merkle::prove_consistency(index, size, read);
        }
        let _ = merkle::root_of(size, |_| Ok::<_, merkle::Error>(hash));
    }
}

#[test]
fn paths_of_tiles_are_those_of_the_specification() {
    let tile = |kind, index, width| Tile { kind, index, width };
    assert_eq!(tile(Kind::Hashes(0), 1_234_067, 256).path(), "tile/0/x001/x234/067");
    assert_eq!(tile(Kind::Entries, 0, 5).path(), "tile/entries/000.p/5");
    assert_eq!(tile(Kind::Hashes(2), 999, 255).path(), "tile/2/999.p/255");
    assert_eq!(tile(Kind::Hashes(2), 1000, 256).path(), "tile/2/x001/000");
    for wrong in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/000/000",
        "tile/0/x001/x000",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p/1/",
        "/tile/0/000",
        "tile/0/000/",
        "tile/entries/x1/000",
        "tile/entries/../000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/0/\u{661}\u{661}\u{661}",
    ] {
        assert!(Tile::parse(wrong).is_err(), "{wrong:?}");
    }
    // The example of the specification: 70,000 leaves.
    let tiles: Vec<_> = Tile::since(0, 70_000).collect();
    let count =
        |kind, full: bool| tiles.iter().filter(|t| t.kind == kind && (t.width == 256) == full).count();
    assert_eq!((count(Kind::Hashes(0), true), count(Kind::Hashes(0), false)), (273, 1));
    assert_eq!((count(Kind::Hashes(1), true), count(Kind::Hashes(1), false)), (1, 1));
    assert_eq!((count(Kind::Hashes(2), true), count(Kind::Hashes(2), false)), (0, 1));
    let width = |kind, index| Tile::at(kind, index, 70_000).map(|t| t.width);
    assert_eq!(
        (width(Kind::Hashes(0), 273), width(Kind::Hashes(1), 1), width(Kind::Hashes(2), 0)),
        (Some(112), Some(17), Some(1))
    );
    assert_eq!(width(Kind::Hashes(0), 274), None);
    let of_256: Vec<_> = Tile::since(0, 256).map(|tile| tile.path()).collect();
    assert_eq!(of_256, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
}

proptest! {
    #[test]
    fn every_path_of_a_tile_is_read_back(level in 0u8..64, index in any::<u64>(), width in 1u16..=256, hashes in any::<bool>()) {
        let kind = if hashes { Kind::Hashes(level) } else { Kind::Entries };
        let tile = Tile { kind, index, width };
        prop_assert_eq!(Tile::parse(&tile.path()), Ok(tile));
        let _ = tile.start();
        let _ = Tile::at(kind, index, index);
    }

    #[test]
    fn what_is_read_as_a_path_is_written_so(path in "tile/(entries|[0-9]{1,2})/(x?[0-9]{3}/){0,3}[0-9]{3}(\\.p/[0-9]{1,3})?") {
        if let Ok(tile) = Tile::parse(&path) {
            prop_assert_eq!(tile.path(), path);
        }
    }

    #[test]
    fn since_gives_exactly_what_changed(old in 0u64..3_000, more in 0u64..3_000) {
        let all = |size| Tile::since(0, size).collect::<std::collections::BTreeSet<_>>();
        let fresh: std::collections::BTreeSet<_> = all(old + more).difference(&all(old)).copied().collect();
        prop_assert_eq!(Tile::since(old, old + more).collect::<std::collections::BTreeSet<_>>(), fresh);
    }

    #[test]
    fn bundles_are_read_back_and_nothing_else_is(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20)) {
        let bytes = tile::bundle(entries.iter().map(Vec::as_slice)).unwrap();
        let width = entries.len() as u16;
        prop_assert_eq!(tile::entries(&bytes, width).unwrap(), entries);
        prop_assert!(tile::entries(&bytes, width + 1).is_err());
        prop_assert!(width == 0 || tile::entries(&bytes, width - 1).is_err());
        prop_assert!(tile::entries(&[bytes.as_slice(), &[0]].concat(), width).is_err());
    }
}
