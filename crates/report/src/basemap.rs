//! The base map: coast, state borders by UN General Assembly resolution 68/262, provinces and towns around
//! Ukraine. From Natural Earth (public domain), by `web/basemap/build.py`.

use serde::Deserialize;
use std::sync::OnceLock;
use truce::place::{DEGREE, Point};

/// What to credit where the base map is shown.
pub const CREDIT: &str = "Base map: Natural Earth 10m, version 4.1, public domain. Boundaries by UN General \
    Assembly resolution 68/262; names and boundaries shown imply no endorsement.";

/// The file as it is.
#[derive(Deserialize)]
struct File {
    scale: i32,
    arcs: Vec<Vec<i32>>,
    layers: Layers,
    outline: Vec<Vec<i32>>,
    provinces: Vec<FileProvince>,
    land: Vec<Vec<i32>>,
    towns: Vec<FileTown>,
}

#[derive(Deserialize)]
struct Layers {
    coast: Vec<usize>,
    state_border: Vec<usize>,
    province: Vec<usize>,
    foreign_coast: Vec<usize>,
    foreign_border: Vec<usize>,
}

#[derive(Deserialize)]
struct FileProvince {
    iso: String,
    name: String,
    rings: Vec<Vec<i32>>,
}

#[derive(Deserialize)]
struct FileTown {
    name: String,
    lon: i32,
    lat: i32,
    rank: u8,
}

/// A path or ring of positions. A ring does not repeat its first position.
pub type Path = Vec<Point>;

/// The base map, unpacked.
pub struct BaseData {
    /// The outer boundary of Ukraine as rings: the mainland with Crimea first, then islands and spits.
    pub outline: Vec<Path>,
    /// The parts of that boundary where land meets sea.
    pub coast: Vec<Path>,
    /// The parts of that boundary where it meets another state.
    pub state_border: Vec<Path>,
    /// Lines between provinces.
    pub province_lines: Vec<Path>,
    /// Provinces, by ISO code.
    pub provinces: Vec<Province>,
    /// Coasts elsewhere.
    pub foreign_coast: Vec<Path>,
    /// Borders elsewhere.
    pub foreign_borders: Vec<Path>,
    /// Land elsewhere, cut at the edge of the map.
    pub land: Vec<Path>,
    /// Towns.
    pub towns: Vec<Town>,
}

/// A province (oblast, or a city of that standing).
pub struct Province {
    /// ISO 3166-2, such as `UA-65`.
    pub iso: String,
    /// Official transliteration, such as "Kherson".
    pub name: String,
    /// Rings; those within others are holes.
    pub rings: Vec<Path>,
}

/// A town to find one's way by.
pub struct Town {
    /// Name.
    pub name: String,
    /// Position, to 0.01 degree.
    pub at: Point,
    /// 1 on every map, 3 only on close ones.
    pub rank: u8,
}

/// The base map (unpacked once).
pub fn base() -> &'static BaseData {
    static BASE: OnceLock<BaseData> = OnceLock::new();
    BASE.get_or_init(|| {
        let file: File = serde_json::from_str(include_str!("../../../web/basemap/basemap.json"))
            .expect("web/basemap/basemap.json is part of the program and read by its tests");
        unpack(&file)
    })
}

fn unpack(file: &File) -> BaseData {
    let unit = DEGREE / file.scale;
    let path = |deltas: &Vec<i32>| -> Path {
        let (mut lon, mut lat) = (0, 0);
        deltas
            .chunks_exact(2)
            .map(|step| {
                (lon, lat) = (lon + step[0], lat + step[1]);
                Point { lon: lon * unit, lat: lat * unit }
            })
            .collect()
    };
    let arcs: Vec<Path> = file.arcs.iter().map(path).collect();
    let layer = |numbers: &Vec<usize>| -> Vec<Path> { numbers.iter().map(|&i| arcs[i].clone()).collect() };
    let ring = |numbers: &Vec<i32>| -> Path {
        let mut ring = Path::new();
        for &number in numbers {
            // A negative number is the arc ~number, backwards.
            let at = |n: i32| usize::try_from(n).expect("arc numbers are not negative");
            let mut arc = if number < 0 { arcs[at(!number)].clone() } else { arcs[at(number)].clone() };
            if number < 0 {
                arc.reverse();
            }
            arc.pop();
            ring.extend(arc);
        }
        ring
    };
    BaseData {
        outline: file.outline.iter().map(ring).collect(),
        coast: layer(&file.layers.coast),
        state_border: layer(&file.layers.state_border),
        province_lines: layer(&file.layers.province),
        provinces: file
            .provinces
            .iter()
            .map(|p| Province {
                iso: p.iso.clone(),
                name: p.name.clone(),
                rings: p.rings.iter().map(ring).collect(),
            })
            .collect(),
        foreign_coast: layer(&file.layers.foreign_coast),
        foreign_borders: layer(&file.layers.foreign_border),
        land: file.land.iter().map(path).collect(),
        towns: file
            .towns
            .iter()
            .map(|t| Town {
                name: t.name.clone(),
                at: Point { lon: t.lon * unit, lat: t.lat * unit },
                rank: t.rank,
            })
            .collect(),
    }
}

/// The province that holds a point, by even-odd rule; `None` outside all of them. Natural Earth's lines are a
/// few kilometres off in places: good for a name in a table, not for deciding a finding.
pub fn province_at(point: Point) -> Option<&'static Province> {
    base().provinces.iter().find(|province| {
        let crossings: usize = province.rings.iter().map(|ring| crossings(ring, point)).sum();
        crossings % 2 == 1
    })
}

/// How often a ray to the east crosses the ring.
fn crossings(ring: &[Point], point: Point) -> usize {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .filter(|(a, b)| {
            (a.lat > point.lat) != (b.lat > point.lat) && {
                // Sign of the cross product instead of a division: exact.
                let (low, high) = if a.lat < b.lat { (a, b) } else { (b, a) };
                let d = |p: i32, q: i32| i128::from(p) - i128::from(q);
                d(high.lon, low.lon) * d(point.lat, low.lat) > d(point.lon, low.lon) * d(high.lat, low.lat)
            }
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_at(lon: f64, lat: f64) -> Option<&'static str> {
        province_at(Point::from_degrees(lon, lat).unwrap()).map(|p| p.name.as_str())
    }

    #[test]
    fn every_town_in_ukraine_lies_in_its_province() {
        assert_eq!(name_at(34.10, 44.95), Some("Crimea"));
        assert_eq!(name_at(33.55, 44.58), Some("Sevastopol"));
        assert_eq!(name_at(30.52, 50.45), Some("Kyiv (city)"));
        assert_eq!(name_at(30.0, 50.0), Some("Kyiv"));
        assert_eq!(name_at(39.31, 48.57), Some("Luhansk"));
        assert_eq!(name_at(37.61, 49.71), Some("Kharkiv"));
        assert_eq!(name_at(36.59, 50.60), None);
        assert_eq!(name_at(31.0, 45.0), None);
        assert_eq!(base().provinces.len(), 27);
    }

    /// The boundary follows resolution 68/262: no state border or coast runs across the isthmus of Perekop or
    /// along the provincial line of Sevastopol, and the outline goes round Crimea.
    #[test]
    fn the_state_border_leaves_crimea_inside() {
        let south = |path: &Path| path.iter().any(|p| p.lat < 461_000_000 && p.lon > 330_000_000);
        assert!(!base().state_border.iter().any(south));
        let perekop = |p: &Point| {
            (336_500_000..=337_500_000).contains(&p.lon) && p.lat > 461_000_000 && p.lat < 462_500_000
        };
        assert!(base().province_lines.iter().flatten().any(perekop));
        let southernmost = base().outline[0].iter().map(|p| p.lat).min().unwrap();
        assert!(
            southernmost < 444_500_000,
            "Cape Sarych is at 44.39 north, the outline ends at {southernmost}"
        );
    }

    /// Coast and state border together are the outline, edge for edge.
    #[test]
    fn coast_and_border_make_the_outline() {
        let edges = |paths: &[Path], closed: bool| {
            let mut edges: Vec<[Point; 2]> = Vec::new();
            for path in paths {
                let ends = if closed { path.len() } else { path.len() - 1 };
                for i in 0..ends {
                    let (a, b) = (path[i], path[(i + 1) % path.len()]);
                    edges.push([a.min(b), a.max(b)]);
                }
            }
            edges.sort();
            edges
        };
        let parts = [base().coast.clone(), base().state_border.clone()].concat();
        assert_eq!(edges(&base().outline, true), edges(&parts, false));
        assert!(base().outline.len() == 4 && base().outline[0].len() > 900);
    }
}
