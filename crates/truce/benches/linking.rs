//! How fast observations are linked: a month of a front of 1,000 km, and three hard cases.
//!
//! `cargo bench -p truce --bench linking -- [observations] [threads]`
//!
//! The squares of ground are dealt to the threads in strips from south to north, so that few are needed twice.
//! Prints figures and asserts only what does not depend on the machine: that the threads together give what
//! one gives.

#[path = "../tests/common/mod.rs"]
mod common;

use common::{Dice, report};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use truce::Name;
use truce::evidence::{KindWeight, Weights, weigh};
use truce::incident::{HAPPENING, Incident, Linking, Precision, Rule, Square, link, link_squares};
use truce::observation::{Act, Asserter, Kind, Observation, Rating};
use truce::place::{Ellipse, KM, Level, METRE, Place, Point};
use truce::time::{DAY, HOUR, MINUTE, Span, Time};

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let count = numbers.first().copied().unwrap_or(1_000_000);
    let threads = numbers.get(1).copied().unwrap_or(2);
    let linking = mission();

    let month = month(&mut Dice(1), count);
    let base = peak_mb();
    measure("a month of 1,000 km", &month, &linking, 1);
    measure("a month of 1,000 km", &month, &linking, threads);
    let (wall, cpu, sum) = timed(|| in_parallel_each(&month, &linking, threads, &weights()));
    println!(
        "linked and weighed, {threads} threads: {wall:.3} s ({:.0} a second), CPU {cpu:.2} s; check sum {sum}",
        count as f64 / wall
    );
    println!("peak memory {} MB, of which {base} MB hold the observations and their making", peak_mb());
    let parts = in_parallel(&month, &linking, threads);
    assert!(parts == link(&month, &linking), "threads together must give what one gives");

    for (name, hard) in hard_cases(&mut Dice(2), count / 10) {
        measure(name, &hard, &linking, 1);
    }
}

fn measure(name: &str, observations: &[Observation], linking: &Linking, threads: usize) {
    let (wall, cpu, incidents) = timed(|| match threads {
        1 => link(observations, linking),
        _ => in_parallel(observations, linking, threads),
    });
    let largest = incidents.iter().map(|incident| incident.members.len()).max().unwrap_or(0);
    let alone = incidents.iter().filter(|incident| incident.members.len() == 1).count();
    println!(
        "{name}: {} observations, {threads} thread(s): {wall:.3} s ({:.0} a second), CPU {cpu:.2} s; {} incidents, \
         {alone} of one observation, the largest of {largest}",
        observations.len(),
        observations.len() as f64 / wall,
        incidents.len(),
    );
}

#[expect(clippy::disallowed_methods, reason = "a benchmark has a clock")]
fn timed<T>(work: impl FnOnce() -> T) -> (f64, f64, T) {
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let done = work();
    (start.elapsed().as_secs_f64(), cpu_seconds() - cpu, done)
}

/// User and system time of this process so far, in ticks of 1/100 s; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// Squares dealt to threads, about as many observations to each.
fn strips(observations: &[Observation], threads: usize) -> Vec<BTreeSet<Square>> {
    let mut load: BTreeMap<(i16, Square), usize> = BTreeMap::new();
    // Every hundredth tells enough of where the load is; every square that has anything must be dealt.
    for (number, one) in observations.iter().enumerate() {
        let square = Square::of(&one.place);
        *load.entry((square.row, square)).or_default() += usize::from(number % 100 == 0);
    }
    let total: usize = load.values().sum::<usize>() + 1;
    let mut strips = vec![BTreeSet::new(); threads];
    let mut before = 0;
    for ((_, square), observations) in load {
        strips[before * threads / total].insert(square);
        before += observations;
    }
    strips
}

/// Links strips of squares side by side and weighs the incidents of each strip in the same thread, where they
/// will also be held against clauses. Gives the sum of all weights.
fn in_parallel_each(
    observations: &[Observation],
    linking: &Linking,
    threads: usize,
    weights: &Weights,
) -> i64 {
    let parties = [Name::from("x"), Name::from("y")];
    let parties = &parties;
    std::thread::scope(|scope| {
        let work = |squares| {
            scope.spawn(move || {
                let incidents = link_squares(observations, linking, &squares);
                incidents.iter().map(|one| i64::from(weigh(one, weights, parties).occurred)).sum::<i64>()
            })
        };
        let running: Vec<_> = strips(observations, threads).into_iter().map(work).collect();
        running.into_iter().map(|thread| thread.join().expect("weighing does not panic")).sum()
    })
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

/// Links strips of squares side by side.
fn in_parallel<'a>(observations: &'a [Observation], linking: &Linking, threads: usize) -> Vec<Incident<'a>> {
    let mut incidents: Vec<Incident<'a>> = std::thread::scope(|scope| {
        let work = |squares| scope.spawn(move || link_squares(observations, linking, &squares));
        let running: Vec<_> = strips(observations, threads).into_iter().map(work).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("linking does not panic")).collect()
    });
    // Each thread's are in order already: this only merges them.
    incidents.sort_by_key(Incident::id);
    incidents
}

/// What a mission might set.
fn mission() -> Linking {
    let quick = [Kind::Impulse, Kind::ReportedEvent, Kind::Sighting];
    let rules = [
        Rule { kinds: quick.to_vec(), reach: KM, gap: 15 * MINUTE },
        Rule { kinds: [&quick[..], &[Kind::ThermalAnomaly]].concat(), reach: 2 * KM, gap: 6 * HOUR },
    ];
    let precision = [
        Precision { within: 100 * METRE, length: MINUTE },
        Precision { within: 500 * METRE, length: 10 * MINUTE },
        Precision { within: 2 * KM, length: HOUR },
    ];
    Linking::new(&rules, &precision, Precision { within: 5 * KM, length: DAY }, true)
        .expect("the rules of the benchmark are sound")
}

/// A bent line of about 1,000 km, in degrees.
const LINE: [(f64, f64); 9] = [
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

/// A month of events, half of them in ten hot spots, each seen by one to six observers of all kinds.
fn month(dice: &mut Dice, count: usize) -> Vec<Observation> {
    let mut all = Vec::with_capacity(count);
    let names = Names::new();
    while all.len() < count {
        let along = match dice.below(2) {
            0 => dice.below(10) as f64 / 10.0 + 0.01 * unit(dice),
            _ => unit(dice),
        } * (LINE.len() - 1) as f64;
        let (from, share) = (along as usize, along.fract());
        let (a, b) = (LINE[from], LINE[(from + 1).min(LINE.len() - 1)]);
        // Most are near the line: the mean of two throws, within 15 km.
        let across = || 0.13 * (unit(dice) + unit(dice) - 1.0);
        let mut across = across;
        let (lon, lat) = (a.0 + (b.0 - a.0) * share + across(), a.1 + (b.1 - a.1) * share + across());
        let start = dice.below(30 * DAY);
        for _ in 0..=dice.below(6) {
            all.push(names.seen(dice, lon, lat, start));
        }
    }
    all.truncate(count);
    all
}

fn unit(dice: &mut Dice) -> f64 {
    dice.below(1_000_000) as f64 / 1e6
}

/// Names that observations share.
struct Names {
    groups: Vec<Name>,
    village: Name,
}

impl Names {
    fn new() -> Self {
        Self {
            groups: (0..50).map(|n| Name::from(format!("group {n}").as_str())).collect(),
            village: "village".into(),
        }
    }

    /// What one observer says of an event.
    fn seen(&self, dice: &mut Dice, lon: f64, lat: f64, start: i64) -> Observation {
        let moved = |dice: &mut Dice, degrees: f64| (unit(dice) - 0.5) * degrees;
        let near = |dice: &mut Dice, degrees: f64| {
            Point::from_degrees(lon + moved(dice, degrees), lat + moved(dice, degrees)).expect("on Earth")
        };
        let point = |dice: &mut Dice, sigma| Place::Point {
            at: near(dice, 2.0 * sigma as f64 / 1e8),
            error: Ellipse::circle(sigma),
        };
        let instant = Span::at(Time(start + dice.below(2 * MINUTE)));
        let mut one = report(dice.id(), 37.0, 48.0, instant);
        one.group = dice.one_of(&self.groups);
        one.rating = Rating { source: b'A' + dice.below(6) as u8, information: 1 + dice.below(6) as u8 };
        one.act = dice.one_of(&[Act::Undetermined, Act::Fire, Act::Shelling, Act::DroneAttack]);
        let area = |level, radius, centre| Place::Area { name: self.village.clone(), level, centre, radius };
        (one.kind, one.place) = match dice.below(20) {
            0..8 => (Kind::Impulse, point(dice, 50 * METRE)),
            8..11 => (Kind::ThermalAnomaly, point(dice, 400 * METRE)),
            11..13 => (Kind::Sighting, point(dice, 300 * METRE)),
            13..15 => (Kind::ReportedEvent, point(dice, 900 * METRE)),
            15..17 => {
                let (from, bearing) = (near(dice, 0.05), dice.below(36_000) as i32);
                let place = Place::Sector { from, bearing, half_width: 1_100, near: KM, far: 3 * KM };
                (Kind::Sighting, place)
            }
            17..19 => (Kind::ReportedEvent, area(Level::Settlement, 3 * KM, near(dice, 0.05))),
            _ => (Kind::ReportedEvent, area(Level::Province, 100 * KM, near(dice, 1.0))),
        };
        if one.kind == Kind::ReportedEvent {
            let day = start.div_euclid(DAY) * DAY;
            one.time = Span { start: Time(day), end: Time(day + DAY) };
            if matches!(one.place, Place::Point { .. }) {
                one.time = Span { start: Time(start), end: Time(start + 30 * MINUTE) };
            }
            one.text_key = Some(dice.next() % 100_000);
        }
        if dice.below(10) == 0 {
            one.asserted_by = Asserter::Party(dice.one_of(&self.groups[..2]));
        }
        one
    }
}

/// A day in one sector at ten times the worst that was seen, everything at one point and moment, and everything
/// within reach of everything, but of acts that contradict each other.
fn hard_cases(dice: &mut Dice, count: usize) -> [(&'static str, Vec<Observation>); 4] {
    let names = Names::new();
    let mut sector = |count| -> Vec<Observation> {
        (0..count)
            .map(|_| {
                let (lon, lat) = (37.8 + 0.13 * unit(dice), 48.1 + 0.09 * unit(dice));
                let start = dice.below(DAY);
                names.seen(dice, lon, lat, start)
            })
            .collect()
    };
    let day = sector(11_000);
    let busy = sector(count);
    let same = |change: &dyn Fn(&mut Observation, usize)| -> Vec<Observation> {
        let mut dice = Dice(3);
        (0..count)
            .map(|number| {
                let mut one = report(dice.id(), 37.8, 48.1, Span::at(Time(0)));
                change(&mut one, number);
                one
            })
            .collect()
    };
    [
        ("11,000 in a day in 10 x 10 km", day),
        ("more in a day in 10 x 10 km", busy),
        ("one point and moment", same(&|_, _| ())),
        ("one point and moment, all acts", same(&|one, number| one.act = Act::NAMES[number % 17].1)),
    ]
}

/// The most memory that this process ever held, in MB; 0 where the system does not tell.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1_024
}
