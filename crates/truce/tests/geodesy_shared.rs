//! Geodesy on real maps. Needs the data folder `../shared` beside the repository; skipped by name without it.

use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use truce::geodesy::{HeldGround, Line, Path, Polygon, Region, Side, Within, changed, distance};
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

#[test]
fn shared_line_of_contact() {
    let Some(oblasts) = shared("admin/oblasts.geojson") else { return };
    let Some(held) = shared("easter-2025/line/deepstate_2025-04-19.geojson") else { return };
    let (mapped, held) = (Arc::new(region(oblasts)), Arc::new(region(held)));
    println!("held {} km2, boundary {} vertices", held.area_m2() / 1_000_000, held.vertices());
    println!("mapped {} km2, boundary {} vertices", mapped.area_m2() / 1_000_000, mapped.vertices());
    let border = mapped.boundary();
    println!("border paths {}", border.len());
    let t = std::time::Instant::now();
    let line = Line::around_held(&HeldGround {
        held,
        mapped,
        sea: Some(Arc::new(sea())),
        border: &border,
        tolerance: 3 * KM, least_piece: 3 * KM,
    })
    .unwrap();
    println!("{:?}", t.elapsed());
    println!("line {} km, {} pieces", line.length() / KM, line.pieces().len());
    for (p, s) in line.pieces().iter().zip(line.starts()) {
        let (a, b) = (p[0].degrees(), p[p.len() - 1].degrees());
        println!("  at {:>5.1} km: {} vertices, {:?} -> {:?}", s as f64 / KM as f64, p.len(), a, b);
    }
    for (name, p) in [
        ("kyiv", at(30.52, 50.45)),
        ("donetsk", at(37.8, 48.0)),
        ("kursk", at(36.19, 51.73)),
        ("pokrovsk", at(37.18, 48.28)),
    ] {
        println!("{name} {:?}", line.nearest(p));
    }
}
