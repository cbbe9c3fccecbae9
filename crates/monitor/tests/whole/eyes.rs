//! The live path and plots that have their own times: as many aircraft are seen to cross the line, as near to where
//! they did, as with whole scans at whole seconds.

use crate::common::{Case, root};
use monitor::sensing::{Sensed, Sensing, sense};
use truce::Id;
use truce::ground::Ground;
use truce::mission::Mission;
use truce::observation::{Act, Detail, Kind, Observation};
use truce::place::{Ellipse, Place, Point};
use truce::sensing::{Instrument, Measured, Sort, What};
use truce::time::{Micros, SECOND, Span, Time};

const AIRCRAFT: usize = 16;
const START: &str = "2031-06-10T10:00:00Z";
const SECONDS: i64 = 90;

/// When the plots of a scan are made, in seconds.
#[derive(Clone, Copy)]
enum Stamps {
    AtOnce(f64),
    Jitter(f64),
    Turning,
}

/// Numbers that behave like chance.
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (u, v) = (self.uniform(), self.uniform());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}

/// Where an aircraft is after so many seconds, in metres about the middle of the line: each flies north over it.
fn at(of: usize, t: f64) -> [f64; 2] {
    let place = -8_500.0 + 17_000.0 * (of as f64 + 0.5) / AIRCRAFT as f64;
    [place, -1_000.0 - 20.0 * of as f64 + (28.0 + of as f64) * t]
}

/// What one radar in the middle sees: moments and places.
fn plots(stamps: Stamps, turn: f64, seed: u64) -> Vec<(f64, [f64; 2])> {
    let mut chance = Chance(seed);
    let mut plots = Vec::new();
    for scan in 0..(SECONDS as f64 / turn) as usize {
        let start = scan as f64 * turn + 1.0;
        for of in 0..AIRCRAFT {
            if chance.uniform() > 0.9 {
                continue;
            }
            let t = match stamps {
                Stamps::AtOnce(after) => start + after,
                Stamps::Jitter(most) => start + most * (2.0 * chance.uniform() - 1.0),
                Stamps::Turning => {
                    let [x, y] = at(of, start);
                    start + turn * x.atan2(y).rem_euclid(std::f64::consts::TAU) / std::f64::consts::TAU
                }
            };
            let [x, y] = at(of, t);
            plots.push((t, [x + 20.0 * chance.normal(), y + 20.0 * chance.normal()]));
        }
    }
    plots
}

fn case() -> Case {
    let story = root().join("fixtures/heard-and-seen");
    Case::read(&story.join("agreement"), Some(&story.join("mission")), &story.join("observations"))
}

/// The records of radars and what they measured, as observations.
fn observations(case: &Case, plane: &track::Plane, radars: &[Vec<(f64, [f64; 2])>]) -> Vec<Observation> {
    let template = &case.intake.observations[0];
    let start = Time::parse(START).unwrap();
    let mut number = 0_u64;
    let mut id = || {
        number += 1;
        let mut id = [7; 32];
        id[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        Id(id)
    };
    let mut all = Vec::new();
    for (n, plots) in radars.iter().enumerate() {
        let name: truce::Name = format!("radar-{n}").as_str().into();
        let sort =
            Sort::Eye { sound: false, scans: true, detection: 900, false_milli: 500, cooperative: false };
        let what = Instrument { name: name.clone(), height: None, range: 30_000_000, sort };
        all.push(Observation {
            id: id(),
            group: "eyes".into(),
            kind: Kind::SensorStatus,
            time: Span::at(Time(start.0 - SECOND)),
            place: Place::Point { at: plane.point([0.0, 0.0]).unwrap(), error: Ellipse::circle(1) },
            detail: Detail::Instrument(Box::new(what)),
            ..template.clone()
        });
        for (t, place) in plots {
            let what = What::Position {
                at: plane.point(*place).unwrap(),
                error: Ellipse::circle(20_000),
                height: None,
            };
            let measured = Measured { sensor: name.clone(), what, craft: None };
            all.push(Observation {
                id: id(),
                group: "eyes".into(),
                kind: Kind::Sighting,
                time: Span::at(Time(start.0 + (t * 1e6).round() as i64)),
                place: Place::Unknown,
                detail: Detail::Measured(Box::new(measured)),
                ..template.clone()
            });
        }
    }
    all
}

/// How many of the aircraft were told to have crossed, and how far from where they did in the mean, m.
fn crossed(plane: &track::Plane, sensed: &Sensed) -> (usize, f64) {
    let told = sensed.observations.iter().filter(|it| it.act == Act::Flight && it.kind == Kind::Sighting);
    // Not the time that they spent beside the line.
    let flights = told.filter(|it| it.particulars().lasted.is_none());
    let places: Vec<[f64; 2]> = flights
        .map(|it| {
            let Place::Point { at, .. } = it.place else { panic!("a crossing without a place") };
            plane.place(at).unwrap()
        })
        .collect();
    let nearest = (0..AIRCRAFT).filter_map(|of| {
        let off = places.iter().map(|place| (place[0] - at(of, 0.0)[0]).abs());
        off.min_by(f64::total_cmp).filter(|off| *off < 200.0)
    });
    let off: Vec<f64> = nearest.collect();
    assert!(places.len() <= AIRCRAFT + 1, "{} crossings of {AIRCRAFT} aircraft", places.len());
    (off.len(), off.iter().sum::<f64>() / off.len().max(1) as f64)
}

#[test]
fn plots_with_their_own_times_tell_as_many_crossings_as_whole_scans() {
    let case = case();
    let agreement = &case.question.folder.agreement;
    let ground = Ground::compile(agreement, &|_| None).unwrap();
    let plane = track::Plane::about(Point::from_degrees(3.0, 1.5).unwrap());
    let end = Time(Time::parse(START).unwrap().0 + 600 * SECOND);
    let tell = |name: &str, turn: Micros, radars: &[Vec<(f64, [f64; 2])>]| {
        let mut mission: Mission = case.question.mission.clone();
        mission.sensing.aircraft.as_mut().unwrap().scan = turn;
        let all = observations(&case, &plane, radars);
        let replay = sense(all.clone(), &mission, agreement, &ground, end, 1);
        let counts = &replay.counts;
        assert_eq!(
            (counts.measurements, counts.used),
            (all.len() as u64 - radars.len() as u64, counts.measurements)
        );
        // Live, in steps that cut through scans.
        let mut live = Sensing::new(&mission, agreement, &ground, 2);
        let mut told = Vec::new();
        let mut waiting = all;
        let mut watermark = Time::parse(START).unwrap();
        while watermark < end {
            watermark = Time(watermark.0 + 1_700_000);
            let due = waiting.extract_if(.., |it| it.time.start <= watermark).collect::<Vec<_>>();
            due.into_iter().for_each(|it| assert!(live.push(it).is_none()));
            told.extend(live.advance(watermark).observations);
        }
        told.sort_by_key(|it| it.id);
        assert_eq!(format!("{told:?}"), format!("{:?}", replay.observations), "{name}: live is replay");
        let found = crossed(&plane, &replay);
        println!("{name}: {} of {AIRCRAFT} crossings, {:.1} m off in the mean", found.0, found.1);
        found
    };
    let whole = tell("whole", SECOND, &[plots(Stamps::AtOnce(0.0), 1.0, 1)]);
    assert_eq!(whole.0, AIRCRAFT);
    for (name, stamps) in
        [("beam", Stamps::Turning), ("0.37", Stamps::AtOnce(0.37)), ("jitter", Stamps::Jitter(0.2))]
    {
        let found = tell(name, SECOND, &[plots(stamps, 1.0, 2)]);
        assert!(found.0 == AIRCRAFT && found.1 < whole.1 + 10.0, "{name}: {found:?} against {whole:?}");
    }
    let slow = tell("beam of four seconds", 4 * SECOND, &[plots(Stamps::Turning, 4.0, 3)]);
    assert!(slow.0 >= AIRCRAFT - 1 && slow.1 < whole.1 + 20.0, "{slow:?}");
    let two = [plots(Stamps::AtOnce(0.0), 1.0, 4), plots(Stamps::AtOnce(0.43), 1.0, 5)];
    let two = tell("two clocks", SECOND, &two);
    assert!(two.0 == AIRCRAFT && two.1 < whole.1 + 5.0, "{two:?}");
}
