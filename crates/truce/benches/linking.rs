//! How fast observations are linked where that is hard: crowds.
//!
//! `cargo bench -p truce --bench linking -- [observations]`

#[path = "../tests/common/mod.rs"]
mod common;
mod made;

use common::{Dice, report};
use made::clock::{load, timed};
use made::{Names, linking, unit};
use truce::incident::link;
use truce::observation::{Act, Observation};
use truce::place::{Ellipse, METRE, Mm, Place, Point};
use truce::time::{DAY, MINUTE, Span, Time};

fn main() {
    let count = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(100_000);
    let linking = linking();
    for (name, hard) in hard_cases(&mut Dice(2), count) {
        let (took, incidents) = timed(|| link(&hard, &linking));
        let largest = incidents.iter().map(|incident| incident.members.len()).max().unwrap_or(0);
        println!(
            "{name}: {} observations: CPU {:.2} s, wall {:.3} s; {} incidents, the largest of {largest}; load {}",
            hard.len(),
            took.cpu,
            took.wall,
            incidents.len(),
            load(),
        );
    }
}

/// One place that is known well, and around it, as far as it reaches, places that are known less well: all of them are
/// linked to it, and many not to each other.
fn around_one(count: usize, share: impl Fn(&mut Dice) -> f64) -> Vec<Observation> {
    const NORTH: f64 = 1_000.0 / 111_200.0; // degrees in the reach between two reports
    let mut dice = Dice(5);
    let mut at = |error: Mm, share: f64, angle: f64| {
        let (east, north) = (
            libm::cos(angle) * share * NORTH / libm::cos(48.1_f64.to_radians()),
            libm::sin(angle) * share * NORTH,
        );
        let time = Span::at(Time(dice.below(10 * MINUTE)));
        let mut one = report(dice.id(), 37.8, 48.1, time);
        let at = Point::from_degrees(37.8 + east, 48.1 + north).expect("on Earth");
        one.place = Place::Point { at, error: Ellipse::circle(error) };
        one
    };
    let mut angles = Dice(6);
    let mut all = vec![at(10 * METRE, 0.0, 0.0)];
    all.extend(
        (1..count).map(|_| at(150 * METRE, share(&mut angles), unit(&mut angles) * core::f64::consts::TAU)),
    );
    all
}

/// A day in one sector at ten times the worst that was seen, everything at one point and moment, and everything
/// within reach of everything, but of acts that contradict each other.
fn hard_cases(dice: &mut Dice, count: usize) -> [(&'static str, Vec<Observation>); 6] {
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
        ("a ring around one", around_one(count, |_| 1.0)),
        ("a disc around one", around_one(count, |dice| unit(dice).sqrt())),
    ]
}
