//! Geodesy against GeographicLib (an independent implementation) and by hand.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure here is a failed test")]

use std::sync::Arc;

use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic, PolygonArea, Winding};
use proptest::prelude::*;
use truce::geodesy::{
    Changed, HeldGround, Line, Nearest, Path, Polygon, Region, ShapeError, Side, Spot, Within, changed,
    destination, distance,
};
use truce::place::{KM, METRE, Mm, Point};

fn cases(n: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(n) }
}

fn at(lon: f64, lat: f64) -> Point {
    Point::from_degrees(lon, lat).unwrap()
}

fn path(corners: &[(f64, f64)]) -> Path {
    corners.iter().map(|&(lon, lat)| at(lon, lat)).collect()
}

fn square(west: f64, south: f64, east: f64, north: f64) -> Polygon {
    Polygon { rings: vec![path(&[(west, south), (east, south), (east, north), (west, north)])] }
}

fn region(polygons: &[Polygon]) -> Region {
    Region::new(polygons).unwrap()
}

fn drawn(pieces: &[&[(f64, f64)]]) -> Line {
    Line::drawn(&pieces.iter().map(|p| path(p)).collect::<Vec<_>>()).unwrap()
}

fn exact(g: &Geodesic, a: Point, b: Point) -> f64 {
    let ((lon_a, lat_a), (lon_b, lat_b)) = (a.degrees(), b.degrees());
    g.inverse(lat_a, lon_a, lat_b, lon_b)
}

/// Move a point by whole units of longitude, around the Earth.
fn east_by(p: Point, units: i64) -> Point {
    let lon = (i64::from(p.lon) + units + 1_800_000_000).rem_euclid(3_600_000_000) - 1_800_000_000;
    Point { lon: lon as i32, lat: p.lat }
}

fn anywhere() -> impl Strategy<Value = Point> {
    (-1_800_000_000i32..=1_800_000_000, -900_000_000i32..=900_000_000)
        .prop_map(|(lon, lat)| Point { lon, lat })
}

/// The distance in metres from `p` to a path whose edges are straight in longitude and latitude, by brute force with
/// GeographicLib: the nearest of the ends of 1 km steps, then a search by thirds on the steps beside it.
fn exact_to_path(g: &Geodesic, p: Point, path: &[Point]) -> f64 {
    let (lon_p, lat_p) = p.degrees();
    let from = |lon: f64, lat: f64| -> f64 { g.inverse(lat_p, lon_p, lat, lon) };
    let mut least = f64::INFINITY;
    for w in path.windows(2) {
        let ((lon_a, lat_a), (lon_b, lat_b)) = (w[0].degrees(), w[1].degrees());
        let mut span = lon_b - lon_a;
        span -= (span / 360.0).round() * 360.0;
        let length: f64 = g.inverse(lat_a, lon_a, lat_b, lon_b);
        let n = (length * 1.2 / 1000.0).ceil().max(1.0) as usize;
        let along = |t: f64| from(lon_a + span * t, lat_a + (lat_b - lat_a) * t);
        let ends: Vec<f64> = (0..=n).map(|k| along(k as f64 / n as f64)).collect();
        let best = (0..=n).min_by(|&i, &j| ends[i].total_cmp(&ends[j])).unwrap();
        let mut low = best.saturating_sub(1) as f64 / n as f64;
        let mut high = (best + 1).min(n) as f64 / n as f64;
        for _ in 0..40 {
            let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if along(a) < along(b) { high = b } else { low = a }
        }
        least = least.min(along((low + high) / 2.0)).min(ends[0]).min(ends[n]);
    }
    least
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn distance_agrees_with_geographiclib(a in anywhere(), bearing in 0i32..36_000, mm in 0i64..200 * KM) {
        let g = Geodesic::wgs84();
        let b = destination(a, bearing, mm);
        prop_assert!((distance(a, b) as f64 - exact(&g, a, b) * 1e3).abs() <= 10.0);
        let b = destination(a, bearing, mm * 10);
        prop_assert!((distance(a, b) as f64 - exact(&g, a, b) * 1e3).abs() <= 1_000.0);
    }

    #[test]
    fn distance_is_sane_anywhere(a in anywhere(), b in anywhere()) {
        let metres = exact(&Geodesic::wgs84(), a, b);
        prop_assert!((distance(a, b) as f64 / 1e3 - metres).abs() <= metres * 0.002 + 0.01);
        prop_assert_eq!(distance(a, b), distance(b, a));
    }

    #[test]
    fn destination_agrees_with_geographiclib(
        a in anywhere(), bearing in -40_000i32..40_000, mm in -20_000 * KM..20_000 * KM,
    ) {
        let g = Geodesic::wgs84();
        let (lon, lat) = a.degrees();
        let (lat, lon) = g.direct(lat, lon, f64::from(bearing) / 100.0, mm as f64 / 1e3);
        // Half a unit of rounding each way: 8 mm.
        prop_assert!(distance(destination(a, bearing, mm), at(lon, lat)) <= 17);
    }

    #[test]
    fn chords_are_good_for_linking(a in anywhere(), bearing in 0i32..36_000, mm in 20 * METRE..100 * KM) {
        let b = destination(a, bearing, mm);
        let (true_mm, chord) = (distance(a, b), Spot::from(a).chord(Spot::from(b)));
        prop_assert!((chord - true_mm).abs() <= true_mm / 1000 + 20);
        let (a, b) = (Spot::from(a), Spot::from(b));
        prop_assert_eq!(a.within(b, mm), b.within(a, mm));
        prop_assert!(a.within(b, chord + 1) && !a.within(b, chord - 2));
    }
}

proptest! {
    #![proptest_config(cases(80))]

    /// Within 1 m is the promise; 5 cm is what is found, and held, up to 80 degrees of latitude.
    #[test]
    fn nearest_agrees_with_geographiclib(
        start in (-1_800_000_000i32..=1_800_000_000, -800_000_000i32..=800_000_000),
        turns in prop::collection::vec((0i32..36_000, 1i64..60 * KM), 1..6),
        places in prop::collection::vec((0i32..36_000, 0..200 * KM), 4),
    ) {
        let g = Geodesic::wgs84();
        let mut path = vec![Point { lon: start.0, lat: start.1 }];
        for (bearing, mm) in turns {
            let next = destination(path[path.len() - 1], bearing, mm);
            path.push(next);
        }
        // A random walk may cross itself; its distance does not care, so each edge is a line of its own.
        let lines: Vec<Line> = path.windows(2).filter_map(|w| Line::drawn(&[w.to_vec()]).ok()).collect();
        for (bearing, mm) in places {
            let p = destination(path[path.len() / 2], bearing, mm);
            let got = lines.iter().map(|l| l.nearest(p).distance).min().unwrap();
            let want = exact_to_path(&g, p, &path) * 1e3;
            prop_assert!((got as f64 - want).abs() <= 50.0, "{got} is not {want} at {p:?} from {path:?}");
        }
    }

    /// "Sane beyond 200 km": within 10 m and 1 part in 10,000 up to 5,000 km.
    #[test]
    fn nearest_is_sane_far_away(bearing in 0i32..36_000, mm in 200 * KM..5_000 * KM) {
        let corners = path(&[(30.0, 46.0), (33.0, 47.5), (37.0, 47.8), (38.0, 50.0)]);
        let p = destination(at(35.0, 48.0), bearing, mm);
        let got = Line::drawn(std::slice::from_ref(&corners)).unwrap().nearest(p).distance as f64;
        let want = exact_to_path(&Geodesic::wgs84(), p, &corners) * 1e3;
        prop_assert!((got - want).abs() <= 10_000.0 + want * 0.0001, "{got} is not {want}");
    }
}

/// A ring around a middle whose corners alternate between far and near: salients of any sharpness, never crossing.
fn star() -> impl Strategy<Value = Path> {
    (
        (-1_800_000_000i32..=1_800_000_000, -750_000_000i32..=750_000_000),
        prop::collection::vec(0.002f64..1.0, 3..24),
        1e3f64..3e6,
    )
        .prop_map(|((lon, lat), radii, size)| {
            let n = radii.len() as f64;
            let corner = |(k, r): (usize, f64)| {
                let angle = k as f64 / n * std::f64::consts::TAU;
                let (x, y) = ((libm::cos(angle) * r * size) as i64, (libm::sin(angle) * r * size) as i32);
                Point { lat: lat + y, ..east_by(Point { lon, lat }, x) }
            };
            radii.into_iter().enumerate().map(corner).collect()
        })
}

/// Some places about a ring: on its corners, on its edges or a hair off, near it, and far away.
fn about(ring: &[Point], k: usize, dx: i32, dy: i32, scale: u32) -> Point {
    let (a, b) = (ring[k % ring.len()], ring[(k + 1) % ring.len()]);
    let gap = (i64::from(b.lon) - i64::from(a.lon) + 5_400_000_000).rem_euclid(3_600_000_000) - 1_800_000_000;
    let reach = 10i64.pow(scale % 7);
    let (dx, dy) =
        if scale == 0 { (0, 0) } else { (i64::from(dx) * reach / 100, i64::from(dy) * reach / 100) };
    let part = i64::from(scale / 7 % 3); // a corner, or a third, or two thirds of the way
    let p = east_by(a, gap * part / 3 + dx);
    let lat = i64::from(a.lat) + (i64::from(b.lat) - i64::from(a.lat)) * part / 3 + dy;
    Point { lat: lat.clamp(-900_000_000, 900_000_000) as i32, ..p }
}

proptest! {
    #![proptest_config(cases(250))]

    /// A closed line and the region in it must agree, although one goes by the nearest edge or corner and the other
    /// counts crossings: at salients, at corners, a unit beside an edge, at the antimeridian.
    #[test]
    fn sides_of_a_ring_agree_with_containment(
        ring in star(),
        places in prop::collection::vec((any::<usize>(), -100i32..=100, -100i32..=100, 0u32..21), 40),
    ) {
        let Ok(region) = Region::new(&[Polygon { rings: vec![ring.clone()] }]) else { return Ok(()) };
        // As the region turns it: ground on the left.
        let Ok(line) = Line::drawn(&region.boundary()) else { return Ok(()) };
        for (k, dx, dy, scale) in places {
            let p = about(&ring, k, dx, dy, scale);
            let near = line.nearest(p);
            let within = region.contains(p);
            let want = match within {
                Within::Inside => Side::Left,
                Within::On => Side::On,
                Within::Outside => Side::Right,
            };
            // To half a millimetre, a point beside the line is on it.
            let same = near.side == want || (near.distance == 0 && near.side == Side::On);
            prop_assert!(same, "{:?} but {:?} at {:?}", near, within, p);
            if within == Within::On {
                prop_assert_eq!((near.distance, near.side), (0, Side::On));
            }
            prop_assert_eq!(region.signed_distance(p).abs(), near.distance);
        }
    }

    /// Containment by the plainest rule there is: count the edges to the east.
    #[test]
    fn containment_is_even_odd(
        ring in star(),
        places in prop::collection::vec((any::<usize>(), -100i32..=100, -100i32..=100, 0u32..21), 40),
    ) {
        prop_assume!(ring.iter().all(|p| p.lon.abs() < 1_700_000_000));
        let Ok(region) = Region::new(&[Polygon { rings: vec![ring.clone()] }]) else { return Ok(()) };
        for (k, dx, dy, scale) in places {
            let p = about(&ring, k, dx, dy, scale);
            let (mut odd, mut on) = (false, false);
            for (i, &a) in ring.iter().enumerate() {
                let b = ring[(i + 1) % ring.len()];
                let wide = |x: i32| i128::from(x);
                let cross = (wide(b.lon) - wide(a.lon)) * (wide(p.lat) - wide(a.lat))
                    - (wide(b.lat) - wide(a.lat)) * (wide(p.lon) - wide(a.lon));
                let spans = |u: i32, v: i32, x: i32| (u.min(v)..=u.max(v)).contains(&x);
                on |= cross == 0 && spans(a.lon, b.lon, p.lon) && spans(a.lat, b.lat, p.lat);
                if (a.lat > p.lat) != (b.lat > p.lat) {
                    odd ^= (cross > 0) == (b.lat > a.lat);
                }
            }
            let want = if on { Within::On } else if odd { Within::Inside } else { Within::Outside };
            prop_assert_eq!(region.contains(p), want);
        }
    }

    /// The Earth is round: the same shapes elsewhere on the same parallel give the same answers, across the
    /// antimeridian too.
    #[test]
    fn longitude_does_not_matter(
        ring in star(),
        turn in -1_800_000_000i64..1_800_000_000,
        places in prop::collection::vec((any::<usize>(), -100i32..=100, -100i32..=100, 1u32..21), 10),
    ) {
        let moved: Path = ring.iter().map(|&p| east_by(p, turn)).collect();
        let regions = [&ring, &moved].map(|r| Region::new(&[Polygon { rings: vec![r.clone()] }]));
        let [Ok(here), Ok(there)] = regions else { return Ok(()) };
        prop_assert!((here.area_m2() - there.area_m2()).abs() <= 1);
        for (k, dx, dy, scale) in places {
            let p = about(&ring, k, dx, dy, scale);
            let q = east_by(p, turn);
            prop_assert_eq!(here.contains(p), there.contains(q));
            prop_assert!((here.signed_distance(p) - there.signed_distance(q)).abs() <= 1);
        }
    }

    /// Whoever draws the line the other way round finds the sides swapped and nothing else.
    #[test]
    fn reversed_lines_swap_sides(
        ring in star(),
        open in any::<bool>(),
        places in prop::collection::vec((any::<usize>(), -100i32..=100, -100i32..=100, 0u32..21), 20),
    ) {
        let mut there = ring.clone();
        there.extend((!open).then_some(ring[0]));
        let back: Path = there.iter().rev().copied().collect();
        let (Ok(a), Ok(b)) = (Line::drawn(&[there]), Line::drawn(&[back])) else { return Ok(()) };
        prop_assert_eq!(a.length(), b.length());
        for (k, dx, dy, scale) in places {
            let p = about(&ring, k, dx, dy, scale);
            let (x, y) = (a.nearest(p), b.nearest(p));
            prop_assert_eq!((x.distance, x.side), (y.distance, y.side.opposite()));
        }
    }

    #[test]
    fn area_agrees_with_geographiclib(ring in star()) {
        let Ok(region) = Region::new(&[Polygon { rings: vec![ring.clone()] }]) else { return Ok(()) };
        // GeographicLib's edges are geodesics; fine steps along ours make them the same.
        let g = Geodesic::wgs84();
        let mut area = PolygonArea::new(&g, Winding::CounterClockwise);
        for (i, &a) in ring.iter().enumerate() {
            let b = ring[(i + 1) % ring.len()];
            let ((lon_a, lat_a), (lon_b, lat_b)) = (a.degrees(), b.degrees());
            let mut span = lon_b - lon_a;
            span -= (span / 360.0).round() * 360.0;
            for k in 0..400 {
                let t = f64::from(k) / 400.0;
                area.add_point(lat_a + (lat_b - lat_a) * t, lon_a + span * t);
            }
        }
        let (perimeter, want, _) = area.compute(true);
        let got = region.area_m2() as f64;
        // What is left is the gap between geodesics and straight edges in steps of up to 100 m.
        prop_assert!((got - want.abs()).abs() <= 1.0 + perimeter * 0.001 + want.abs() * 1e-8, "{got} is not {want}");
    }

    /// Change is consistent with the areas, antisymmetric, and nothing for a region against itself.
    #[test]
    fn change_adds_up(a in star(), b in star(), dx in -1_000_000i64..1_000_000, dy in -1_000_000i32..1_000_000) {
        // Bring the second ring over the first, so that they do overlap.
        let (by, up) = (i64::from(a[0].lon) - i64::from(b[0].lon) + dx, a[0].lat - b[0].lat + dy);
        let b: Path = b.iter().map(|&p| { let q = east_by(p, by); Point { lat: q.lat + up, ..q } }).collect();
        prop_assume!(b.iter().all(|p| p.lat.abs() < 890_000_000));
        let regions = [a, b].map(|r| Region::new(&[Polygon { rings: vec![r] }]));
        let [Ok(a), Ok(b)] = regions else { return Ok(()) };
        let (there, back) = (changed(&a, &b), changed(&b, &a));
        prop_assert_eq!((there.gained_m2, there.lost_m2), (back.lost_m2, back.gained_m2));
        prop_assert_eq!(changed(&a, &a), Changed { gained_m2: 0, lost_m2: 0 });
        prop_assert!(there.lost_m2 <= a.area_m2() + 1 && there.gained_m2 <= b.area_m2() + 1);
        let error = there.gained_m2 - there.lost_m2 - (b.area_m2() - a.area_m2());
        prop_assert!(error.abs() <= 3 + a.area_m2().max(b.area_m2()) / 1_000_000_000, "off by {error} m2");
    }
}

/// A front from west to east; north of it is left.
const FRONT: &[(f64, f64)] = &[(30.0, 48.0), (31.0, 48.0), (32.0, 48.0)];

fn side(line: &Line, lon: f64, lat: f64) -> Side {
    line.nearest(at(lon, lat)).side
}

#[test]
fn straight_front() {
    let line = drawn(&[FRONT]);
    let near = line.nearest(at(31.0, 48.1));
    // A tenth of a degree of latitude is 11,120 m here.
    assert_eq!(near.side, Side::Left);
    assert!((near.distance - 11_120 * METRE).abs() < 2 * METRE, "{near:?}");
    assert!((near.chainage - line.length() / 2).abs() < METRE);
    assert_eq!(near.piece, 0);
    assert_eq!(near.signed(), Some(near.distance));
    assert_eq!(near.is_within(25 * KM, Side::Left), Some(true));
    assert_eq!(near.is_within(25 * KM, Side::Right), Some(false));
    assert_eq!(near.is_within(5 * KM, Side::Left), Some(false));
    assert_eq!(side(&line, 31.0, 47.9), Side::Right);
    let (lon, lat) = line.at(line.length() / 2).degrees();
    assert!((lon - 31.0).abs() < 1e-6 && lat == 48.0);
    assert_eq!((line.at(-5), line.at(i64::MAX)), (at(30.0, 48.0), at(32.0, 48.0)));
}

#[test]
fn beyond_an_open_end_the_last_edge_goes_on() {
    let line = drawn(&[&[(30.0, 0.0), (31.0, 0.0)]]);
    assert_eq!(side(&line, 31.5, 0.2), Side::Left);
    assert_eq!(side(&line, 31.5, -0.2), Side::Right);
    // Straight on along the equator there is no telling, and no guess.
    let on = line.nearest(at(31.5, 0.0));
    assert_eq!((on.side, on.signed()), (Side::Undetermined, None));
    assert_eq!(on.is_within(100 * KM, Side::Left), None);
    assert_eq!(on.is_within(10 * KM, Side::Left), Some(false));
}

#[test]
fn salient() {
    // A needle of 100 km, 20 m wide at its foot, points north; its inside is right.
    let line = drawn(&[&[(30.0, 48.0), (30.9999, 48.0), (31.0, 48.9), (31.0001, 48.0), (32.0, 48.0)]]);
    // Around the tip, in every direction but down, the tip is nearest and the point is on the left.
    for bearing in (0..36_000).step_by(100) {
        if (17_900..18_100).contains(&bearing) {
            continue;
        }
        let p = destination(at(31.0, 48.9), bearing, 3 * KM);
        assert_eq!(line.nearest(p).side, Side::Left, "bearing {bearing}");
    }
    assert_eq!(side(&line, 31.0, 48.2), Side::Right);
    assert_eq!(side(&line, 30.99, 48.2), Side::Left);
    assert_eq!(side(&line, 31.01, 48.2), Side::Left);
    assert_eq!(side(&line, 31.0, 47.9), Side::Right);
}

#[test]
fn pocket_and_island() {
    // Right is south. A pocket of the south lies in the north (clockwise: right is inside), and an island of the
    // north in the south (counter-clockwise: left is inside).
    let pocket: &[(f64, f64)] = &[(30.5, 48.5), (30.5, 48.6), (30.6, 48.6), (30.6, 48.5), (30.5, 48.5)];
    let island: &[(f64, f64)] = &[(31.5, 47.5), (31.6, 47.5), (31.6, 47.6), (31.5, 47.6), (31.5, 47.5)];
    let line = drawn(&[FRONT, pocket, island]);
    let expect = |lon, lat, side, piece| {
        let near = line.nearest(at(lon, lat));
        assert_eq!((near.side, near.piece), (side, piece), "{near:?}");
        let start = line.starts()[piece];
        let end = line.starts().get(piece + 1).copied().unwrap_or(line.length());
        assert!((start..=end).contains(&near.chainage));
    };
    expect(30.55, 48.55, Side::Right, 1);
    expect(30.55, 48.62, Side::Left, 1);
    expect(30.55, 48.2, Side::Left, 0);
    expect(31.55, 47.55, Side::Left, 2);
    expect(31.55, 47.4, Side::Right, 2);
    expect(31.55, 47.85, Side::Right, 0);
    assert_eq!(line.pieces().len(), 3);
}

#[test]
fn line_that_touches_itself() {
    // Two loops of the southern side that hang on the front at one and the same point (31, 48).
    let touching: &[(f64, f64)] = &[
        (30.0, 48.0),
        (31.0, 48.0),
        (30.8, 48.3),
        (30.9, 48.4),
        (31.0, 48.0),
        (31.1, 48.4),
        (31.2, 48.3),
        (31.0, 48.0),
        (32.0, 48.0),
    ];
    let line = drawn(&[touching]);
    assert_eq!(side(&line, 30.9, 48.3), Side::Right);
    assert_eq!(side(&line, 31.1, 48.3), Side::Right);
    assert_eq!(side(&line, 31.0, 48.3), Side::Left);
    assert_eq!(side(&line, 30.7, 48.1), Side::Left);
    assert_eq!(side(&line, 31.3, 48.1), Side::Left);
    // Seen from the south the touching point itself is nearest, and only south of it is right.
    assert_eq!(side(&line, 31.0, 47.9), Side::Right);
    assert_eq!(line.nearest(at(31.0, 48.0)).side, Side::On);

    // A loop that touches the front with a corner in the middle of an edge, not at a drawn vertex.
    let line =
        drawn(&[&[(30.0, 48.0), (32.0, 48.0)], &[(31.0, 48.0), (30.9, 48.2), (31.1, 48.2), (31.0, 48.0)]]);
    assert_eq!(side(&line, 31.0, 48.1), Side::Right);
    assert_eq!(side(&line, 31.0, 47.99), Side::Right);
    assert_eq!(side(&line, 30.9, 48.05), Side::Left);
}

#[test]
fn exactly_on_the_line() {
    let line = drawn(&[&[(30.0, 48.0), (30.3, 48.2), (30.3, 48.5)]]);
    // Integer points of the first edge, 20 km from its ends and off the geodesic by millimetres.
    for (lon, lat) in [(30.0, 48.0), (30.3, 48.2), (30.15, 48.1), (30.000003, 48.000002), (30.3, 48.3)] {
        let near = line.nearest(at(lon, lat));
        assert_eq!((near.side, near.distance, near.signed()), (Side::On, 0, Some(0)), "{lon} {lat}");
        assert_eq!(near.is_within(25 * KM, Side::Left), Some(true));
        assert_eq!(near.is_within(25 * KM, Side::Right), Some(true));
    }
    // One unit beside it (11 mm) there is a side, and it is the right one.
    let beside = |up: i32| {
        let p = at(30.15, 48.1);
        line.nearest(Point { lat: p.lat + up, ..p })
    };
    assert_eq!((beside(1).side, beside(-1).side), (Side::Left, Side::Right));
    assert!(beside(1).distance > 0 && beside(1).distance < 20);
}

#[test]
fn antimeridian() {
    let crossing = drawn(&[&[(179.0, 60.0), (-179.0, 60.0)]]);
    assert!((crossing.length() - 111_600 * METRE).abs() < 200 * METRE, "{}", crossing.length());
    let near = crossing.nearest(at(180.0, 60.1));
    assert_eq!(near, crossing.nearest(at(-180.0, 60.1)));
    assert_eq!(near.side, Side::Left);
    assert!((near.distance - 11_140 * METRE).abs() < 50 * METRE, "{near:?}");
    assert_eq!(side(&crossing, -179.5, 59.9), Side::Right);

    // A zone drawn across it, and the same zone cut there as RFC 7946 asks, are the same.
    let whole = region(&[square(179.5, 60.0, -179.5, 60.5)]);
    let cut = region(&[square(179.5, 60.0, 180.0, 60.5), square(-180.0, 60.0, -179.5, 60.5)]);
    assert_eq!(whole.area_m2(), cut.area_m2());
    assert_eq!(changed(&whole, &cut), Changed { gained_m2: 0, lost_m2: 0 });
    for (lon, lat, want) in [
        (180.0, 60.2, Within::Inside),
        (-180.0, 60.2, Within::Inside),
        (179.6, 60.2, Within::Inside),
        (-179.6, 60.2, Within::Inside),
        (179.5, 60.2, Within::On),
        (-179.5, 60.2, Within::On),
        (180.0, 60.5, Within::On),
        (-180.0, 60.5, Within::On),
        (179.4, 60.2, Within::Outside),
        (-179.4, 60.2, Within::Outside),
        (0.0, 60.2, Within::Outside),
    ] {
        let p = at(lon, lat);
        assert_eq!((whole.contains(p), cut.contains(p)), (want, want), "{lon} {lat}");
        assert!((whole.signed_distance(p) - cut.signed_distance(p)).abs() <= 1, "{lon} {lat}");
    }
}

#[test]
fn zones_that_meet_or_overlap_are_one() {
    let two = region(&[square(30.0, 48.0, 31.0, 49.0), square(31.0, 48.0, 32.0, 49.0)]);
    let one = region(&[square(30.0, 48.0, 32.0, 49.0)]);
    assert_eq!(two.contains(at(31.0, 48.5)), Within::Inside);
    assert_eq!(two.contains(at(31.0, 48.0)), Within::On);
    // Cut into other steps: 6 mm between a geodesic step and its straight edge.
    assert!((two.signed_distance(at(31.0, 48.5)) - one.signed_distance(at(31.0, 48.5))).abs() <= 10);
    assert_eq!(changed(&two, &one), Changed { gained_m2: 0, lost_m2: 0 });
    // The shared edge drawn with a vertex more on one side.
    let mut finer = square(31.0, 48.0, 32.0, 49.0);
    finer.rings[0].push(at(31.0, 48.3));
    let finer = region(&[square(30.0, 48.0, 31.0, 49.0), finer]);
    assert_eq!(finer.contains(at(31.0, 48.3)), Within::Inside);
    assert_eq!(finer.vertices(), 6);
    // An overlap is not a hole, and the same polygon twice is that polygon.
    let over = region(&[square(30.0, 48.0, 31.2, 49.0), square(30.8, 48.0, 32.0, 49.0)]);
    assert_eq!(over.contains(at(31.0, 48.5)), Within::Inside);
    assert_eq!(over.contains(at(31.2, 48.5)), Within::Inside);
    assert!((over.area_m2() - one.area_m2()).abs() <= 1);
    let twice = region(&[square(30.0, 48.0, 32.0, 49.0), square(30.0, 48.0, 32.0, 49.0)]);
    assert_eq!((twice.contains(at(31.0, 48.5)), twice.area_m2()), (Within::Inside, one.area_m2()));
}

#[test]
fn holes_are_out() {
    let ring = square(30.0, 48.0, 32.0, 49.0).rings.remove(0);
    let hole = square(30.5, 48.4, 31.5, 48.6).rings.remove(0);
    let holed = region(&[Polygon { rings: vec![ring.clone(), hole.clone()] }]);
    // Either way round, with or without the first point at the end.
    let mut closed: Path = hole.iter().rev().copied().collect();
    closed.push(closed[0]);
    let same = region(&[Polygon { rings: vec![ring, closed] }]);
    for region in [&holed, &same] {
        assert_eq!(region.contains(at(31.0, 48.5)), Within::Outside);
        assert_eq!(region.contains(at(31.0, 48.4)), Within::On);
        assert_eq!(region.contains(at(31.0, 48.3)), Within::Inside);
        assert!(region.signed_distance(at(31.0, 48.5)) < 0);
    }
    assert_eq!(holed.boundary(), same.boundary());
}

#[test]
fn area_by_formula() {
    // One degree by one degree at the equator and the whole northern octant, from the closed formula of the
    // ellipsoid (R. E. Deakin and others: S = b^2/2 (sin/(1 - e2 sin^2) + atanh(e sin)/e) per radian).
    let exact = |south: f64, north: f64, wide: f64| {
        let (b, e2) = (6_356_752.314_245_179_f64, 0.006_694_379_990_141_316_f64);
        let e = e2.sqrt();
        let s = |lat: f64| {
            let sin = libm::sin(lat.to_radians());
            b * b / 2.0 * (sin / (1.0 - e2 * sin * sin) + libm::atanh(e * sin) / e)
        };
        (s(north) - s(south)) * wide.to_radians()
    };
    for (south, north, wide) in
        [(0.0, 1.0, 1.0), (0.0, 89.0, 90.0), (48.0, 48.01, 0.01), (-70.0, -60.0, 20.0)]
    {
        let got = region(&[square(10.0, south, 10.0 + wide, north)]).area_m2() as f64;
        let want = exact(south, north, wide);
        assert!((got - want).abs() <= 1.0 + want * 1e-9, "{got} is not {want}");
    }
}

#[test]
fn ground_that_changed_hands() {
    let before = region(&[square(30.0, 48.0, 31.0, 49.0), square(33.0, 48.0, 33.1, 48.1)]);
    let after = region(&[square(30.5, 48.0, 31.5, 49.0), square(33.0, 48.0, 33.1, 48.1)]);
    let half = region(&[square(30.0, 48.0, 30.5, 49.0)]).area_m2();
    let change = changed(&before, &after);
    assert!((change.gained_m2 - half).abs() <= 1 && (change.lost_m2 - half).abs() <= 1, "{change:?} {half}");
    // Edges that cross: a square and the same square turned by 45 degrees about its middle.
    let turned = Polygon {
        rings: vec![path(&[(30.5, 47.7928932), (31.2071068, 48.5), (30.5, 49.2071068), (29.7928932, 48.5)])],
    };
    let change = changed(&region(&[square(30.0, 48.0, 31.0, 49.0)]), &region(&[turned]));
    // In degrees, each corner cut off is a right triangle of height (sqrt 2 - 1) / 2 ... on either side alike.
    let share = |m2: i64| m2 as f64 / region(&[square(30.0, 48.0, 31.0, 49.0)]).area_m2() as f64;
    assert!((share(change.lost_m2) - 0.171_572_9).abs() < 1e-3, "{}", share(change.lost_m2));
    assert!((share(change.gained_m2) - 0.171_572_9).abs() < 1e-3, "{}", share(change.gained_m2));
}

/// Held ground in the east of a mapped country, up to its eastern border; a pocket in the west; and an island held by
/// the other side in the middle of it.
fn country() -> (Region, Region, Vec<Path>) {
    let mapped = region(&[square(30.0, 47.0, 34.0, 50.0)]);
    let mut east = square(32.0, 47.0, 34.02, 50.0);
    east.rings.extend(square(33.0, 48.0, 33.1, 48.1).rings);
    let held = region(&[east, square(30.5, 48.5, 30.6, 48.6)]);
    let border = mapped.boundary();
    (held, mapped, border)
}

fn front(held: &Region, mapped: &Region, sea: Option<Region>, border: &[Path]) -> Line {
    let ground = HeldGround {
        held: Arc::new(held.clone()),
        mapped: Arc::new(mapped.clone()),
        sea: sea.map(Arc::new),
        border,
        tolerance: 3 * KM,
        least_piece: 3 * KM,
    };
    Line::around_held(&ground).unwrap()
}

#[test]
fn line_around_held_ground() {
    let (held, mapped, border) = country();
    let line = front(&held, &mapped, None, &border);
    assert_eq!(line.pieces().len(), 3);
    // The front, less 3 km at both ends, the pocket and the island, each about 7.5 by 11 km.
    let want = distance(at(32.0, 47.0), at(32.0, 50.0)) - 6 * KM + 2 * (2 * 11_121 + 7_372 + 7_430) * METRE;
    assert!((line.length() - want).abs() < KM, "{} {want}", line.length());
    for (lon, lat, side, near) in [
        (31.9, 48.0, Side::Right, 7_450 * METRE),
        (32.1, 48.0, Side::Left, 7_450 * METRE),
        (30.55, 48.55, Side::Left, 3_690 * METRE),
        (33.05, 48.05, Side::Right, 3_730 * METRE),
        (33.05, 48.15, Side::Left, 5_560 * METRE),
        // At the border itself, held, with the front far away.
        (33.9, 49.0, Side::Left, 116_000 * METRE),
        // Beyond what the source maps: held ground is drawn there, so held it is; else nobody knows.
        (34.01, 49.0, Side::Left, 120_000 * METRE),
        (34.05, 49.0, Side::Undetermined, 123_000 * METRE),
        (31.0, 46.9, Side::Undetermined, 77_400 * METRE),
        (31.0, 47.1, Side::Right, 76_000 * METRE),
    ] {
        let got = line.nearest(at(lon, lat));
        assert_eq!(got.side, side, "{lon} {lat} {got:?}");
        assert!((got.distance - near).abs() < near / 50 + 50 * METRE, "{lon} {lat} {got:?}");
    }
    let on = line.nearest(at(32.0, 48.5));
    assert_eq!((on.side, on.distance), (Side::On, 0));
}

#[test]
fn sea_is_no_front_and_has_no_side() {
    let (held, mapped, border) = country();
    // The sea covers the south up to behind the front.
    let sea = region(&[square(29.0, 46.0, 35.0, 48.3)]);
    let line = front(&held, &mapped, Some(sea), &border);
    assert_eq!(line.pieces().len(), 2);
    assert_eq!(side(&line, 31.0, 48.0), Side::Undetermined);
    assert_eq!(side(&line, 33.5, 48.0), Side::Left);
    assert_eq!(side(&line, 31.0, 48.4), Side::Right);
}

#[test]
fn specks_are_dropped_and_their_side_is_kept() {
    let (_, mapped, border) = country();
    let mut east = square(32.0, 47.0, 34.0, 50.0);
    east.rings.extend(square(33.0, 48.0, 33.005, 48.005).rings); // 1.9 km around
    let line = front(&region(&[east]), &mapped, None, &border);
    assert_eq!(line.pieces().len(), 1);
    let near = line.nearest(at(33.0025, 48.0025));
    assert_eq!(near.side, Side::Right);
    assert!(near.distance > 70 * KM);
}

#[test]
fn order_of_the_file_does_not_matter() {
    let (_, mapped, border) = country();
    let polygons =
        [square(32.0, 47.0, 34.02, 50.0), square(30.5, 48.5, 30.6, 48.6), square(30.5, 49.5, 30.6, 49.6)];
    let mut turned: Vec<Polygon> = polygons.iter().rev().cloned().collect();
    for polygon in &mut turned {
        polygon.rings[0].rotate_left(2);
        polygon.rings[0].reverse();
    }
    let (a, b) = (region(&polygons), region(&turned));
    let (x, y) = (front(&a, &mapped, None, &border), front(&b, &mapped, None, &border));
    assert_eq!(x.pieces(), y.pieces());
    assert_eq!((a.area_m2(), a.boundary()), (b.area_m2(), b.boundary()));
    for k in 0..400 {
        let p = at(30.0 + f64::from(k % 20) * 0.2, 47.0 + f64::from(k / 20) * 0.15);
        assert_eq!(x.nearest(p), y.nearest(p));
        assert_eq!(a.signed_distance(p), b.signed_distance(p));
    }
    // The pieces follow the front, not their place in the file.
    assert!(x.starts().windows(2).all(|w| w[0] < w[1]));
}

#[test]
fn chainage_goes_there_and_back() {
    let (held, mapped, border) = country();
    let line = front(&held, &mapped, None, &border);
    let n = 997;
    for k in 0..=n {
        let chainage = line.length() * k / n;
        let near: Nearest = line.nearest(line.at(chainage));
        assert!(near.distance <= 12, "{chainage}: {near:?}");
        // A joint of pieces or a closed piece has two chainages for one point.
        let joint = line.starts().iter().chain([&line.length()]).any(|s: &Mm| (s - chainage).abs() < METRE);
        assert!(joint || (near.chainage - chainage).abs() <= 20, "{chainage}: {near:?}");
    }
}

#[test]
fn errors_name_the_place() {
    let line = |pieces: &[&[(f64, f64)]]| {
        Line::drawn(&pieces.iter().map(|p| path(p)).collect::<Vec<_>>()).unwrap_err()
    };
    let ring = |corners: &[(f64, f64)]| Region::new(&[Polygon { rings: vec![path(corners)] }]).unwrap_err();
    assert_eq!(line(&[]), ShapeError::Empty);
    assert_eq!(line(&[&[(30.0, 48.0), (30.0, 48.0)]]), ShapeError::Empty);
    assert!(matches!(
        line(&[&[(30.0, 48.0), (32.0, 48.0), (31.0, 49.0), (31.0, 47.0)]]),
        ShapeError::Crosses { .. }
    ));
    // Crossing in a vertex, crossing another piece over the antimeridian, running back, ending on another piece.
    assert_eq!(
        line(&[FRONT, &[(31.0, 47.0), (31.0, 48.0), (31.0, 49.0)]]),
        ShapeError::Branches { at: at(31.0, 48.0) }
    );
    assert!(matches!(
        line(&[&[(179.0, 60.0), (-179.0, 60.0)], &[(-179.5, 59.0), (-179.5, 61.0)]]),
        ShapeError::Crosses { .. }
    ));
    assert!(matches!(line(&[&[(30.0, 48.0), (31.0, 48.0), (30.5, 48.0)]]), ShapeError::Overlaps { .. }));
    assert_eq!(line(&[FRONT, &[(31.5, 48.0), (31.5, 49.0)]]), ShapeError::Branches { at: at(31.5, 48.0) });
    assert_eq!(line(&[&[(0.0, 10.0), (180.0, 10.0)]]), ShapeError::HalfTheGlobe { at: at(180.0, 10.0) });

    assert_eq!(Region::new(&[]).unwrap_err(), ShapeError::Empty);
    assert_eq!(ring(&[]), ShapeError::NoGround { at: None });
    assert_eq!(ring(&[(30.0, 48.0), (31.0, 48.0)]), ShapeError::NoGround { at: Some(at(30.0, 48.0)) });
    assert_eq!(
        ring(&[(0.0, 80.0), (120.0, 80.0), (-120.0, 80.0)]),
        ShapeError::AroundAPole { at: at(0.0, 80.0) }
    );
    let off = Point { lon: 100, lat: 900_000_001 };
    assert_eq!(Line::drawn(&[vec![off, at(0.0, 0.0)]]).unwrap_err(), ShapeError::OffTheGlobe { at: off });
    let text = ring(&[(30.0, 48.0), (31.0, 48.0)]).to_string();
    assert!(
        text.contains("longitude 30.0000000, latitude 48.0000000") && text.contains("three corners"),
        "{text}"
    );

    let (held, mapped, border) = country();
    let nowhere = HeldGround {
        held: Arc::new(held),
        mapped: Arc::new(region(&[square(0.0, 0.0, 1.0, 1.0)])),
        sea: None,
        border: &border,
        tolerance: 3 * KM,
        least_piece: 3 * KM,
    };
    assert_eq!(Line::around_held(&nowhere).unwrap_err(), ShapeError::NoContact);
    let _ = mapped;
}

/// 20,000 vertices and more compile and answer.
#[test]
fn long_lines() {
    let zigzag: Path = (0..25_000)
        .map(|k| {
            at(30.0 + f64::from(k) * 0.0004, 48.0 + f64::from(k % 2) * 0.003 + f64::from(k % 97) * 0.0005)
        })
        .collect();
    let line = Line::drawn(std::slice::from_ref(&zigzag)).unwrap();
    let g = Geodesic::wgs84();
    for p in [at(31.0, 48.2), at(35.123, 47.5), at(39.9, 48.01), at(60.0, 10.0)] {
        let near = line.nearest(p);
        let got = near.distance as f64 / 1e3;
        let window = zigzag.iter().map(|&v| exact(&g, p, v)).fold(f64::INFINITY, f64::min);
        assert!(got <= window + 1.0 + window * 1e-5 && got >= window - 500.0, "{p:?} {near:?} {window}");
    }
}
