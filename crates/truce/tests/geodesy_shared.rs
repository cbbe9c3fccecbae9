//! Geodesy on real maps. Needs the data folder `../shared` beside the repository; skipped by name without it.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure here is a failed test")]

use std::path::PathBuf;
use std::sync::Arc;

use geographiclib_rs::{Geodesic, InverseGeodesic};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use truce::geodesy::{HeldGround, Line, Path, Polygon, Region, Side, Within, changed, destination, distance};
use truce::place::{KM, Point};

fn shared(file: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    if !root.exists() {
        println!("skipped: ../shared absent");
        return None;
    }
    Some(root.join("data").join(file))
}

fn point(v: &Value) -> Point {
    Point::from_degrees(v[0].as_f64().unwrap(), v[1].as_f64().unwrap()).unwrap()
}

fn polygons(path: PathBuf) -> Vec<Polygon> {
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut out = Vec::new();
    for feature in json["features"].as_array().unwrap() {
        let geometry = &feature["geometry"];
        let coordinates = &geometry["coordinates"];
        let list = match geometry["type"].as_str().unwrap() {
            "MultiPolygon" => coordinates.as_array().unwrap().clone(),
            _ => vec![coordinates.clone()],
        };
        for polygon in list {
            let ring = |r: &Value| -> Path { r.as_array().unwrap().iter().map(point).collect() };
            out.push(Polygon { rings: polygon.as_array().unwrap().iter().map(ring).collect() });
        }
    }
    out
}

fn region(path: PathBuf) -> Region {
    Region::new(&polygons(path)).unwrap()
}

fn at(lon: f64, lat: f64) -> Point {
    Point::from_degrees(lon, lat).unwrap()
}

/// The Black Sea and the Sea of Azov, drawn by hand over the held coast: south of the middle of the Kinburn spit and
/// of a line behind the coasts of Kherson, Zaporizhzhia and Donetsk oblasts.
fn sea() -> Region {
    let corners = [
        (30.9, 46.6),
        (31.53, 46.59),
        (31.56, 46.541),
        (31.62, 46.515),
        (31.75, 46.51),
        (32.1, 46.47),
        (32.3, 46.42),
        (33.0, 46.3),
        (33.8, 46.3),
        (34.6, 46.5),
        (35.3, 46.75),
        (36.5, 47.0),
        (37.3, 47.25),
        (38.0, 47.25),
        (38.5, 47.15),
        (38.5, 46.5),
        (37.2, 45.0),
        (36.8, 44.0),
        (31.0, 44.0),
        (30.9, 46.3),
    ];
    Region::new(&[Polygon { rings: vec![corners.iter().map(|&(lon, lat)| at(lon, lat)).collect()] }]).unwrap()
}

/// The line of contact of a day, and the regions it comes from.
fn contact(day: &str) -> Option<(Line, Arc<Region>, Arc<Region>)> {
    let mapped = Arc::new(region(shared("admin/oblasts.geojson")?));
    let held = Arc::new(region(shared(&format!("easter-2025/line/deepstate_{day}.geojson"))?));
    let border = mapped.boundary();
    let ground = HeldGround {
        held: held.clone(),
        mapped: mapped.clone(),
        sea: Some(Arc::new(sea())),
        border: &border,
        tolerance: 3 * KM,
        least_piece: 3 * KM,
    };
    Some((Line::around_held(&ground).unwrap(), held, mapped))
}

#[test]
fn shared_line_of_contact() {
    let Some((line, held, mapped)) = contact("2025-04-19") else { return };
    println!("line {:.1} km", line.length() as f64 / KM as f64);
    for (p, s) in line.pieces().iter().zip(line.starts()) {
        let ((a, b), (c, d)) = (p[0].degrees(), p[p.len() - 1].degrees());
        let s = s as f64 / KM as f64;
        println!("  at {s:>6.1} km: {:>4} vertices from {a:.4} {b:.4} to {c:.4} {d:.4}", p.len());
    }
    // The length that is reported of this front is 1,000 to 1,200 km.
    assert!((1_100 * KM..1_300 * KM).contains(&line.length()));
    // The bridgeheads north of Kharkiv, and one front from Kupiansk to the mouth of the Dnipro.
    assert_eq!(line.pieces().len(), 4);
    let main = line.pieces().into_iter().max_by_key(Vec::len).unwrap();
    assert!(distance(main[0], at(37.9, 50.0)) < 10 * KM);
    assert!(distance(main[main.len() - 1], at(31.6, 46.54)) < 10 * KM);

    for (name, lon, lat, side, least, most) in [
        ("Kyiv", 30.52, 50.45, Side::Right, 350, 450),
        ("Kharkiv", 36.23, 49.99, Side::Right, 20, 40),
        ("Kherson", 32.62, 46.64, Side::Right, 0, 10),
        ("Pokrovsk", 37.18, 48.28, Side::Right, 2, 12),
        ("Donetsk", 37.80, 48.01, Side::Left, 25, 60),
        ("Mariupol", 37.55, 47.10, Side::Left, 70, 130),
        ("Simferopol", 34.10, 44.95, Side::Left, 150, 250),
        ("Sudzha, beyond the border", 35.27, 51.19, Side::Undetermined, 80, 140),
        ("Belgorod, beyond the border", 36.59, 50.60, Side::Undetermined, 20, 50),
        ("Sea of Azov", 36.5, 46.2, Side::Undetermined, 100, 200),
        ("Black Sea", 31.5, 46.0, Side::Undetermined, 40, 80),
    ] {
        let near = line.nearest(at(lon, lat));
        assert_eq!(near.side, side, "{name} {near:?}");
        assert!((least * KM..most * KM).contains(&near.distance), "{name} {near:?}");
    }

    // Everywhere: the side is that of the ground, and the distance that of GeographicLib.
    let g = Geodesic::wgs84();
    let pieces = line.pieces();
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(300) });
    let places = (0..line.length(), 0..36_000i32, 0..200 * KM);
    runner
        .run(&places, |(chainage, bearing, reach)| {
            let p = destination(line.at(chainage), bearing, reach);
            let near = line.nearest(p);
            match near.side {
                Side::Left => prop_assert!(held.contains(p) != Within::Outside),
                Side::Right => {
                    prop_assert!(
                        held.contains(p) == Within::Outside && mapped.contains(p) != Within::Outside
                    );
                }
                Side::On => prop_assert!(near.distance == 0),
                Side::Undetermined => prop_assert!(held.contains(p) == Within::Outside),
            }
            prop_assert!(near.distance <= reach + 20);
            let want =
                pieces.iter().map(|piece| exact_to_path(&g, p, piece)).fold(f64::INFINITY, f64::min) * 1e3;
            prop_assert!((near.distance as f64 - want).abs() <= 1e3, "{near:?} {want}");
            Ok(())
        })
        .unwrap();
}

/// The distance in metres to a path, by GeographicLib: to the ends of 1 km steps, then by thirds beside the nearest.
fn exact_to_path(g: &Geodesic, p: Point, path: &[Point]) -> f64 {
    let (lon_p, lat_p) = p.degrees();
    let from = |lon: f64, lat: f64| -> f64 { g.inverse(lat_p, lon_p, lat, lon) };
    let mut least = f64::INFINITY;
    for w in path.windows(2) {
        let ((lon_a, lat_a), (lon_b, lat_b)) = (w[0].degrees(), w[1].degrees());
        let along = |t: f64| from(lon_a + (lon_b - lon_a) * t, lat_a + (lat_b - lat_a) * t);
        let length = distance(w[0], w[1]) as f64 / 1e3;
        let (start, end) = (along(0.0), along(1.0));
        if start.min(end) - length > least {
            continue;
        }
        let n = (length * 1.2 / 1000.0).ceil().max(1.0);
        let best =
            (0..=n as u32).map(|k| f64::from(k) / n).min_by(|&x, &y| along(x).total_cmp(&along(y))).unwrap();
        let (mut low, mut high) = ((best - 1.0 / n).max(0.0), (best + 1.0 / n).min(1.0));
        for _ in 0..30 {
            let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if along(a) < along(b) { high = b } else { low = a }
        }
        least = least.min(along((low + high) / 2.0)).min(start).min(end);
    }
    least
}

/// What changed hands adds up from day to day, and a map that repeats the day before changes nothing.
#[test]
fn shared_ground_that_changed_hands() {
    let days =
        ["2025-03-01", "2025-03-02", "2025-04-17", "2025-04-18", "2025-04-19", "2025-04-20", "2025-04-30"];
    let mut before: Option<Region> = None;
    for day in days {
        let Some(file) = shared(&format!("easter-2025/line/deepstate_{day}.geojson")) else { return };
        let held = region(file);
        if let Some(before) = before {
            let change = changed(&before, &held);
            let ha = |m2: i64| m2 / 10_000;
            println!("to {day}: {} ha gained, {} ha lost", ha(change.gained_m2), ha(change.lost_m2));
            let error = change.gained_m2 - change.lost_m2 - (held.area_m2() - before.area_m2());
            assert!(error.abs() <= 110, "{error} m2"); // 1e-9 of 110,000 km2
            assert!(change.gained_m2 < 2_000_000_000 && change.lost_m2 < 2_000_000_000);
            if day == "2025-03-02" {
                assert_eq!((change.gained_m2, change.lost_m2), (0, 0));
            }
        }
        before = Some(held);
    }
}
