//! Times `Line::nearest` on shapes and points from CSV files; `benches/geodesy/run.py` makes them and compares.
//!
//! `geodesy_bench FOLDER` reads `held.csv`, `mapped.csv`, `sea.csv` (polygon,ring,lon,lat) and `points.csv` (lon,lat),
//! writes `line.csv` (piece,lon,lat) and `answers.csv` (mm,side), and prints figures as `name=value`.

use std::fmt::Write;
use std::fs;
use std::path::Path as File;
use std::sync::Arc;
use std::time::Instant;

use truce::geodesy::{HeldGround, Line, Polygon, Region, Spot, distance};
use truce::place::{KM, Point};

type Failure = Box<dyn std::error::Error>;

fn rows(path: &File) -> Result<Vec<Vec<f64>>, Failure> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let row = |line: &str| line.split(',').map(str::parse).collect::<Result<Vec<f64>, _>>();
    Ok(text.lines().skip(1).map(row).collect::<Result<_, _>>()?)
}

fn point(lon: f64, lat: f64) -> Result<Point, Failure> {
    Point::from_degrees(lon, lat).ok_or_else(|| format!("not on the globe: {lon}, {lat}").into())
}

fn region(path: &File) -> Result<Arc<Region>, Failure> {
    let mut polygons: Vec<Polygon> = Vec::new();
    for row in rows(path)? {
        let (polygon, ring) = (row[0] as usize, row[1] as usize);
        polygons.resize_with(polygons.len().max(polygon + 1), Polygon::default);
        let rings = &mut polygons[polygon].rings;
        rings.resize_with(rings.len().max(ring + 1), Vec::new);
        rings[ring].push(point(row[2], row[3])?);
    }
    Ok(Arc::new(Region::new(&polygons)?))
}

/// Seconds this thread has spent on a CPU (Linux), so that other work on the machine does not count; else the clock.
fn seconds(start: Instant) -> f64 {
    std::thread::yield_now(); // brings the kernel's count up to date
    let on_cpu = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = on_cpu.and_then(|s| s.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |n| n / 1e9)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn timed<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let before = seconds(start);
    let out = work();
    println!("{name}={:.6}", seconds(start) - before);
    out
}

fn main() -> Result<(), Failure> {
    let Some(folder) = std::env::args().nth(1) else {
        return Err("give the folder with the CSV files; benches/geodesy/run.py makes it".into());
    };
    let folder = File::new(&folder);
    let regions =
        timed("regions_s", || ["held.csv", "mapped.csv", "sea.csv"].map(|f| region(&folder.join(f))));
    let [held, mapped, sea] = regions;
    let (held, mapped, sea) = (held?, mapped?, Some(sea?));
    let border = mapped.boundary();
    let ground = HeldGround {
        held: held.clone(),
        mapped,
        sea,
        border: &border,
        tolerance: 3 * KM,
        least_piece: 3 * KM,
    };
    let line = timed("line_s", || Line::around_held(&ground))?;
    println!("line_mm={}", line.length());

    let mut csv = String::from("piece,lon,lat\n");
    for (k, piece) in line.pieces().iter().enumerate() {
        for p in piece {
            let (lon, lat) = p.degrees();
            writeln!(csv, "{k},{lon:.7},{lat:.7}")?;
        }
    }
    fs::write(folder.join("line.csv"), csv)?;

    let points: Vec<Point> =
        rows(&folder.join("points.csv"))?.iter().map(|r| point(r[0], r[1])).collect::<Result<_, _>>()?;
    println!("points={}", points.len());
    // Three times each, to show the noise of the machine; the caller takes the best, for both tools.
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers = timed("nearest_s", || points.iter().map(|&p| line.nearest(p)).collect::<Vec<_>>());
        let inside = timed("contains_s", || points.iter().map(|&p| held.contains(p) as u64).sum::<u64>());
        let spots: Vec<Spot> = timed("spots_s", || points.iter().map(|&p| Spot::from(p)).collect());
        let near = timed("chords_s", || spots.windows(2).filter(|w| w[0].within(w[1], 50 * KM)).count());
        let sum = timed("distances_s", || points.windows(2).map(|w| distance(w[0], w[1])).sum::<i64>());
        println!("checks={inside} {near} {sum}");
    }
    let mut csv = String::from("mm,side\n");
    for a in &answers {
        writeln!(csv, "{},{:?}", a.distance, a.side)?;
    }
    fs::write(folder.join("answers.csv"), csv)?;
    Ok(())
}
