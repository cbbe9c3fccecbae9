//! A month along a front of 1,000 km: linked, weighed, and held against twenty clauses.
//!
//! `cargo bench -p truce --bench month -- [observations] [threads]`
//!
//! The line is the real line of contact of 19 April 2025, derived as `truceline assess` derives it; without the data
//! folder `../shared` it is a bent one. The events along it are made up from a seed. The pure functions have no
//! threads: the squares of ground are dealt to threads here, as a shell would. Prints figures, and asserts only what
//! does not depend on the machine: that many threads find what one finds.

#[path = "../tests/common/mod.rs"]
mod common;
mod made;

use common::Dice;
use made::clock::{load, timed};
use made::{Names, linking, unit};
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use truce::Name;
use truce::agreement::{Agreement, Shape};
use truce::evidence::{KindWeight, Weights, weigh};
use truce::finding::{Circumstances, Facts, Outside, Terms, Verdict, judge, sides};
use truce::geodesy::{HeldGround, Line, Polygon, Region};
use truce::ground::{Ground, Positions};
use truce::incident::{HAPPENING, Incident, Square, link_squares};
use truce::observation::Observation;
use truce::place::{KM, Mm, Point};
use truce::time::{DAY, Date};

/// How often each measurement is made.
const RUNS: usize = 3;
/// How much of the line is used.
const LENGTH: Mm = 1_000 * KM;

/// How many incidents a thread takes at a time.
const DEALT: usize = 4_096;

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let count = numbers.first().copied().unwrap_or(1_000_000);
    let threads = numbers.get(1).copied().unwrap_or(2);

    let (what, line) = match real_line() {
        Some(line) => ("the line of contact of 19 April 2025", line),
        None => ("a bent line, for ../shared is absent", bent_line()),
    };
    let length = LENGTH.min(line.length());
    println!(
        "{what}: {} km of {} km, {} vertices",
        length / KM,
        line.length() / KM,
        line.pieces().iter().map(Vec::len).sum::<usize>()
    );
    let observations = month(&mut Dice(1), count, &line, length);
    let base = peak_mb();

    let alone = measure(&observations, &line, 1);
    let together = measure(&observations, &line, threads);
    assert!(alone == together, "many threads must find what one finds");
    println!("peak memory {} MB, of which {base} MB hold the observations and their making", peak_mb());
    together.print(&Mission::new(&line));
}

fn measure(observations: &[Observation], line: &Line, threads: usize) -> Tally {
    let mut last = Tally::default();
    for _ in 0..RUNS {
        let before = load();
        let (took, tally) = timed(|| in_parallel(observations, line, threads));
        let rate = |seconds: f64| observations.len() as f64 / seconds;
        println!(
            "{threads} thread(s): wall {:.3} s, {:.0} a second; CPU {:.2} s, {:.0} a second on {threads} CPU(s) of one's \
             own; load {before}",
            took.wall,
            rate(took.wall),
            took.cpu,
            rate(took.cpu / threads as f64),
        );
        last = tally;
    }
    last
}

/// What the work hangs on besides the observations.
struct Mission {
    ground: Ground,
    parties: Vec<Name>,
    agreement: Agreement,
    weights: Weights,
}

impl Mission {
    fn new(line: &Line) -> Self {
        let agreement = agreement(line);
        Self {
            ground: Ground::compile(&agreement, &|_| Some(line.clone())).expect("the zones are sound"),
            parties: agreement.parties.iter().map(|party| party.code.clone()).collect(),
            agreement,
            weights: weights(),
        }
    }
}

/// What was found: whole numbers, so that parts add up to the same in any order.
#[derive(Default, PartialEq)]
struct Tally {
    incidents: u64,
    centibans: i64,
    /// For each clause, how often each verdict.
    verdicts: Vec<[u64; VERDICTS.len()]>,
}

const VERDICTS: [Verdict; 8] = [
    Verdict::Breach,
    Verdict::NoBreach,
    Verdict::Permitted,
    Verdict::Undetermined,
    Verdict::NotApplicable(Outside::Period),
    Verdict::NotApplicable(Outside::Place),
    Verdict::NotApplicable(Outside::Party),
    Verdict::NotApplicable(Outside::Means),
];

/// Deals the squares to threads, each of which links its own; then deals out the incidents, a few thousand at a time,
/// to be weighed and held against every clause by whoever is free: a dense stretch of the front keeps one thread at its
/// links while the other goes on. Each thread compiles its own copy of the agreement: names are counted references,
/// and threads that count the same ones slow each other down.
fn in_parallel(observations: &[Observation], line: &Line, threads: usize) -> Tally {
    let ground = by_square(observations, threads);
    let (ground, links) = (&ground, &linking());
    let (sender, receiver) = std::sync::mpsc::channel();
    let receiver = &std::sync::Mutex::new(receiver);
    std::thread::scope(|scope| {
        let start = |squares: BTreeSet<Square>| {
            let sender = sender.clone();
            scope.spawn(move || {
                let mission = Mission::new(line);
                let halo: BTreeSet<Square> = squares.iter().flat_map(|square| square.halo(links)).collect();
                let near = halo.iter().filter_map(|square| ground.get(square)).flatten().copied();
                let mut incidents = link_squares(near, links, &squares);
                while !incidents.is_empty() {
                    let rest = incidents.len().saturating_sub(DEALT);
                    sender.send(incidents.split_off(rest)).expect("the receiver outlives the threads");
                }
                drop(sender);
                let mut tally = Tally::new(&mission);
                loop {
                    let dealt = receiver.lock().expect("no thread panics").recv();
                    let Ok(dealt) = dealt else { return tally };
                    tally.hold(&dealt, &mission);
                }
            })
        };
        let running: Vec<_> = strips(ground, threads).into_iter().map(start).collect();
        drop(sender);
        let parts = running.into_iter().map(|thread| thread.join().expect("the work does not panic"));
        parts.fold(Tally::default(), Tally::and)
    })
}

/// The observations, by the square that they are at home in.
type BySquare<'a> = BTreeMap<Square, Vec<&'a Observation>>;

fn by_square<'a>(observations: &'a [Observation], threads: usize) -> BySquare<'a> {
    std::thread::scope(|scope| {
        let start = |part: &'a [Observation]| {
            scope.spawn(move || {
                let mut squares = BySquare::new();
                for one in part {
                    squares.entry(Square::of(&one.place)).or_default().push(one);
                }
                squares
            })
        };
        let part = observations.len().div_ceil(threads).max(1);
        let running: Vec<_> = observations.chunks(part).map(start).collect();
        let mut all = BySquare::new();
        for (square, mut here) in
            running.into_iter().flat_map(|thread| thread.join().expect("sorting does not panic"))
        {
            all.entry(square).or_default().append(&mut here);
        }
        all
    })
}

/// Squares dealt to threads from south to north, about as many observations to each, so that few are needed twice.
fn strips(ground: &BySquare<'_>, threads: usize) -> Vec<BTreeSet<Square>> {
    let mut squares: Vec<(Square, usize)> =
        ground.iter().map(|(square, here)| (*square, here.len())).collect();
    squares.sort_by_key(|(square, _)| (square.row, square.column));
    let total: usize = squares.iter().map(|(_, here)| here).sum();
    let mut strips = vec![BTreeSet::new(); threads];
    let mut before = 0;
    for (square, here) in squares {
        strips[before * threads / total].insert(square);
        before += here;
    }
    strips
}

impl Tally {
    fn new(mission: &Mission) -> Self {
        let clauses = mission.agreement.readings[0].clauses.len();
        Self { verdicts: vec![Default::default(); clauses], ..Self::default() }
    }

    fn hold(&mut self, incidents: &[Incident<'_>], mission: &Mission) {
        let reading = &mission.agreement.readings[0];
        // The made terms ask for no notices and no ships.
        let (circumstances, positions) = (Circumstances::default(), Positions::default());
        let terms = Terms { agreement: &mission.agreement, reading, circumstances: &circumstances };
        for incident in incidents {
            let evidence = weigh(incident, &mission.weights, &mission.parties);
            let facts = Facts::of(incident, &evidence, terms.agreement, &mission.ground, &positions);
            for (clause, counts) in reading.clauses.iter().zip(&mut self.verdicts) {
                let (verdict, _) = judge(&facts, clause, terms, sides(&facts, clause)[0], |_| {});
                counts[VERDICTS.iter().position(|one| *one == verdict).expect("all verdicts are listed")] +=
                    1;
            }
            self.incidents += 1;
            self.centibans += i64::from(evidence.occurred);
        }
    }

    fn and(mut self, other: Self) -> Self {
        self.incidents += other.incidents;
        self.centibans += other.centibans;
        self.verdicts.resize(self.verdicts.len().max(other.verdicts.len()), Default::default());
        for (mine, others) in self.verdicts.iter_mut().zip(other.verdicts) {
            mine.iter_mut().zip(others).for_each(|(mine, other)| *mine += other);
        }
        self
    }

    fn print(&self, mission: &Mission) {
        println!("{} incidents, sum of weights {} centibans", self.incidents, self.centibans);
        let reading = &mission.agreement.readings[0];
        for (clause, counts) in reading.clauses.iter().zip(&self.verdicts) {
            let words: Vec<String> = VERDICTS
                .iter()
                .zip(counts)
                .filter(|(_, count)| **count > 0)
                .map(|(verdict, count)| format!("{count} {}", verdict.words()))
                .collect();
            println!("  {}: {}", clause.id, words.join(", "));
        }
    }
}

/// Twenty clauses with zones by distance and a drawn one, around the middle of the line.
fn agreement(line: &Line) -> Agreement {
    let Point { lon, lat } = line.at(LENGTH / 2);
    let corner = |east: i32, north: i32| Point { lon: lon + east * 8_000_000, lat: lat + north * 5_000_000 };
    let corners = [(-1, -1), (1, -1), (2, 0), (1, 1), (-1, 1), (-2, 0), (-1, -1)];
    let ring = corners.map(|(east, north)| corner(east, north)).to_vec();
    let province = Shape::Areas(vec![Polygon { rings: vec![ring] }]);
    let shapes = BTreeMap::from([("zones/province.geojson".to_string(), province)]);
    let agreement = Agreement::compile(include_str!("made/terms.toml"), &shapes, None);
    agreement.expect("the terms of the benchmark are sound")
}

/// The line of contact of 19 April 2025, derived from a map of held ground; `None` where the data is absent.
fn real_line() -> Option<Line> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/easter-2025/line/deepstate_2025-04-19.geojson");
    let map: Value = serde_json::from_slice(&std::fs::read(file).ok()?).expect("the map is JSON");
    let features = map["features"].as_array().expect("the map has features");
    let polygons = features.iter().flat_map(|feature| {
        let geometry = &feature["geometry"];
        let coordinates = &geometry["coordinates"];
        match geometry["type"].as_str() {
            Some("MultiPolygon") => coordinates.as_array().cloned().unwrap_or_default(),
            _ => vec![coordinates.clone()],
        }
    });
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let point = |at: &Value| {
        let degrees = |axis: usize| at[axis].as_f64().expect("a coordinate is a number");
        Point::from_degrees(degrees(0), degrees(1)).expect("on Earth")
    };
    let ring = |ring: &Value| list(ring).iter().map(point).collect();
    let polygon = |polygon: Value| Polygon { rings: list(&polygon).iter().map(ring).collect() };
    let held = Region::new(&polygons.map(polygon).collect::<Vec<_>>()).expect("the map is sound");

    let outline = &report::basemap::base().outline;
    let mapped: Vec<Polygon> = outline.iter().map(|ring| Polygon { rings: vec![ring.clone()] }).collect();
    let border: Vec<Vec<Point>> =
        outline.iter().map(|ring| ring.iter().chain(ring.first()).copied().collect()).collect();
    let ground = HeldGround {
        held: held.into(),
        mapped: Region::new(&mapped).expect("the base map is sound").into(),
        sea: None,
        border: &border,
        tolerance: 3 * KM,
        least_piece: 30 * KM,
    };
    Some(Line::around_held(&ground).expect("a line of contact follows from the map"))
}

/// A bent line of about 1,000 km.
fn bent_line() -> Line {
    const CORNERS: [(f64, f64); 9] = [
        (32.0, 46.5),
        (34.0, 47.4),
        (36.0, 47.6),
        (37.6, 48.0),
        (38.0, 49.0),
        (37.8, 50.0),
        (36.5, 50.4),
        (34.5, 51.5),
        (34.0, 51.7),
    ];
    let corners = CORNERS.map(|(lon, lat)| Point::from_degrees(lon, lat).expect("on Earth"));
    Line::drawn(&[corners.to_vec()]).expect("the line does not cross itself")
}

/// A month of events, half of them in ten hot spots, each seen by one to six observers of all kinds.
fn month(dice: &mut Dice, count: usize, line: &Line, length: Mm) -> Vec<Observation> {
    let first = Date::new(2025, 4, 1).expect("a day").midnight(0).0;
    let names = Names::new();
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let along = match dice.below(2) {
            0 => dice.below(10) as f64 / 10.0 + 0.01 * unit(dice),
            _ => unit(dice),
        };
        let (lon, lat) = line.at((length as f64 * along) as Mm).degrees();
        // Most are near the line: the mean of two throws, within 15 km.
        let mut across = || 0.13 * (unit(dice) + unit(dice) - 1.0);
        let (lon, lat) = (lon + across(), lat + across());
        let start = first + dice.below(30 * DAY);
        for _ in 0..=dice.below(6) {
            all.push(names.seen(dice, lon, lat, start));
        }
    }
    all.truncate(count);
    all
}

/// Weights that a mission might set.
fn weights() -> Weights {
    let kinds = HAPPENING.map(|kind| KindWeight { kind, prior: -50, permille: 700 });
    let mut ratings = [[0; 6]; 6];
    for (row, source) in ratings.iter_mut().enumerate() {
        for (column, weight) in source.iter_mut().enumerate() {
            *weight = 200 - 35 * (row + column) as i32;
        }
    }
    Weights::new(&kinds, ratings, 200, 500).expect("the weights of the benchmark are sound")
}

/// The most memory that this process ever held, in MB; 0 where the system does not tell.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1_024
}
