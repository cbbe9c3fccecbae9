//! Zones by distance from the line, through the spine: one flight over a front with a zone of fifteen kilometres on either side,
//! and its near-miss twins. The story `heard-and-seen` with other aircraft and one zone more.

use crate::common::{Case, copy, root, scratch, shuffle};
use crate::neutrality::check;
use monitor::sensing::{Sensed, sense};
use std::fmt::Write as _;
use std::fs;
use track::Plane;
use truce::ground::Ground;
use truce::observation::{Act, Kind, Observation};
use truce::place::{Place, Point};
use truce::time::{SECOND, Time};

/// Where an aircraft is so many seconds after five past ten: east and north of the middle of the line, km.
type Path = fn(f64) -> [f64; 2];

const KM_S: f64 = 0.06;
const SECONDS: i64 = 620;

/// From 18 km in the north to 18 km in the south.
fn over(t: f64) -> [f64; 2] {
    [-1.4, 18.0 - KM_S * t]
}

/// The same, over the reservoir.
fn over_the_reservoir(t: f64) -> [f64; 2] {
    [0.6, 18.0 - KM_S * t]
}

/// To 5 km before the line, round half a circle, and back.
fn nears(t: f64) -> [f64; 2] {
    turned(t, 6.5)
}

/// The same, but the nearest is at 16.5 km.
fn stays_away(t: f64) -> [f64; 2] {
    turned(t, 18.0)
}

fn turned(t: f64, turns_at: f64) -> [f64; 2] {
    let (down, round) = (11.5 / KM_S, std::f64::consts::PI * 1.5 / KM_S);
    if t < down {
        [0.4, turns_at + 11.5 - KM_S * t]
    } else if t < down + round {
        let (s, c) = ((t - down) * KM_S / 1.5).sin_cos();
        [1.9 - 1.5 * c, turns_at - 1.5 * s]
    } else {
        [3.4, turns_at + KM_S * (t - down - round)]
    }
}

/// The story with this aircraft alone, seen by two radars, and with a zone of fifteen kilometres on these sides.
fn scene(name: &str, sides: &str, path: Path) -> Case {
    scene_with(name, sides, "", "", path)
}

/// The line of the story once more, 0.0271 degrees or 3 km to the south.
const SOUTH: &str = r#"{ "type": "Feature", "properties": {}, "geometry": { "type": "LineString", "coordinates": [
    [2.9101, 1.4699], [2.9550, 1.4759], [3.0000, 1.4719], [3.0500, 1.4749], [3.0899, 1.4709] ] } }"#;

/// The same with more said of that zone, and of the lines.
fn scene_with(name: &str, sides: &str, zone: &str, lines: &str, path: Path) -> Case {
    let dir = scratch(name);
    copy(&root().join("fixtures/heard-and-seen"), &dir);
    let terms = dir.join("agreement/terms.toml");
    let mut text = fs::read_to_string(&terms).unwrap();
    let (first, zones) = text.split_once("[[zone]]\n").unwrap();
    let (zones, rest) = zones.split_once("[[clause]]\n").unwrap();
    text = format!(
        "{first}{lines}\n[[zone]]\n{zones}[[zone]]\nid = \"fifteen-kilometres\"\nline = \"line\"\nsides = [{sides}]\nwithin = \"15 km\"\n{zone}\n\
         [[clause]]\nid = \"no-flights-beside\"\ntitle = \"No flights beside the line\"\n\
         words = \"Nothing shall fly nearer to the line than fifteen kilometres.\"\nrule = \"prohibits\"\n\
         binds = [\"AL\", \"BO\"]\nacts = [\"flight\"]\nwhere = \"fifteen-kilometres\"\nsources = [\"text\"]\n\n\
         [[clause]]\n{rest}"
    );
    fs::write(&terms, text).unwrap();
    if !lines.is_empty() {
        fs::write(dir.join("agreement/zones/south.geojson"), SOUTH).unwrap();
    }
    let plane = Plane::about(Point { lon: 30_000_000, lat: 15_000_000 });
    let degrees = |[x, y]: [f64; 2]| plane.point([x * 1e3, y * 1e3]).unwrap().degrees();
    let mut sensors =
        "sensor,since,lat,lon,range_m,senses,scans,detection,false_per_scan,cooperative\n".to_string();
    let mut rows =
        "sensor,time,measure,lat,lon,error_m,azimuth,azimuth_error,craft,craft_chance,claims,east_m_s,north_m_s\n"
            .to_string();
    let mut random = simulate::Random::new(77);
    for (radar, at) in [("kite-1", [-2.0, 4.0]), ("kite-2", [3.0, 6.0])] {
        let (lon, lat) = degrees(at);
        writeln!(sensors, "{radar},2031-06-01T00:00:00Z,{lat:.6},{lon:.6},60000,light,yes,0.95,0.01,no")
            .unwrap();
        for t in 0..SECONDS {
            let time = Time(Time::parse("2031-06-10T10:05:00Z").unwrap().0 + t * SECOND);
            if !random.chance(0.95) {
                writeln!(rows, "{radar},{time},nothing,,,,,,,,,,").unwrap();
                continue;
            }
            let [x, y] = path(t as f64);
            let (lon, lat) = degrees([x + random.normal(0.0, 0.03), y + random.normal(0.0, 0.03)]);
            writeln!(rows, "{radar},{time},position,{lat:.7},{lon:.7},30,,,fixed-wing,0.9,,,").unwrap();
        }
    }
    fs::write(dir.join("observations/sensors.csv"), sensors).unwrap();
    fs::write(dir.join("observations/measurements.csv"), rows).unwrap();
    Case::read(&dir.join("agreement"), Some(&dir.join("mission")), &dir.join("observations"))
}

fn sensed(case: &Case, seed: u64, workers: usize) -> Sensed {
    let until = Time::parse("2031-06-19T00:00:00Z").unwrap();
    let agreement = &case.question.folder.agreement;
    let ground = Ground::compile(agreement, &|_| None).unwrap();
    let mut all: Vec<Observation> =
        case.intake.observations.iter().filter(|it| it.time.end <= until).cloned().collect();
    shuffle(&mut all, seed);
    sense(all, &case.question.mission, agreement, &ground, until, workers)
}

/// Told flights: crossings, and visits with their seconds.
fn flights(sensed: &Sensed) -> (Vec<&Observation>, Vec<(&Observation, i64)>) {
    let told = || sensed.observations.iter().filter(|it| it.kind == Kind::Sighting && it.act == Act::Flight);
    let visits = told().filter_map(|it| Some((it, it.particulars().lasted? / SECOND)));
    (told().filter(|it| it.particulars().lasted.is_none()).collect(), visits.collect())
}

/// Incidents that are flights, and breaches by clause: which incident, and its minutes.
fn answer(case: &Case) -> (usize, Vec<(String, String, String)>) {
    let files = case.answer();
    let incidents = files["incidents.csv"].lines().filter(|row| row.contains("flight")).count();
    let mut breaches = Vec::new();
    for row in files["findings.csv"].lines().filter(|row| row.contains(",breach,") && row.contains("flight"))
    {
        let cells: Vec<&str> = row.split(',').collect();
        let words = row.replace('\u{a0}', " ");
        let minutes = words.split("about ").nth(1).and_then(|rest| rest.split(" in a zone").next());
        breaches.push((cells[1].to_string(), cells[3].to_string(), minutes.unwrap_or_default().to_string()));
    }
    (incidents, breaches)
}

/// Across everything: fifteen kilometres before the line and fifteen behind it. One flight, one incident, and of each clause one
/// breach that says the minutes, though the visit began four minutes and fifteen kilometres from where the line was crossed.
#[test]
fn a_flight_across_a_wide_zone_is_one_breach() {
    let case = scene("across", r#""AL", "BO""#, over);
    let all = sensed(&case, 0, 1);
    let (crossings, visits) = flights(&all);
    let ([crossing], [_, _]) = (&crossings[..], &visits[..]) else { panic!("{crossings:#?} {visits:#?}") };
    for (visit, seconds) in &visits {
        // 4 km and 30 km at 60 m/s.
        assert!((seconds - 67).abs() <= 3 || (seconds - 500).abs() <= 5, "{seconds}");
        let (Place::Point { at, .. }, Place::Point { at: over, .. }) = (&visit.place, &crossing.place) else {
            panic!()
        };
        assert!(truce::geodesy::distance(*at, *over) < 150_000, "{at:?} {over:?}");
        assert!(visit.time.overlaps(crossing.time));
    }
    let (incidents, breaches) = answer(&case);
    let [(one, incident, minutes), (other, same, _)] = &breaches[..] else { panic!("{breaches:#?}") };
    assert_eq!((incidents, incident, minutes.as_str()), (1, same, "8 minutes"), "{breaches:#?}");
    let mut clauses = [one.as_str(), other.as_str()];
    clauses.sort_unstable();
    assert_eq!(clauses, ["no-flights", "no-flights-beside"]);
}

/// It comes near, and does not cross: one visit, with its minutes, and no crossing.
#[test]
fn a_flight_that_only_comes_near_is_told() {
    let case = scene("near", r#""AL", "BO""#, nears);
    let all = sensed(&case, 0, 1);
    let (crossings, visits) = flights(&all);
    let ([], [(_, seconds)]) = (&crossings[..], &visits[..]) else { panic!("{crossings:#?} {visits:#?}") };
    // 8.5 km there and back, and half a circle.
    println!("beside the line: 362 s true, {seconds} s told");
    assert!((seconds - 362).abs() <= 6, "{seconds}");
    let (incidents, breaches) = answer(&case);
    let [(clause, _, minutes)] = &breaches[..] else { panic!("{breaches:#?}") };
    assert_eq!((incidents, clause.as_str(), minutes.as_str()), (1, "no-flights-beside", "6 minutes"));
    // In the zone of the other side alone it never was.
    let other = scene("near-other", r#""BO""#, nears);
    assert_eq!((answer(&other), flights(&sensed(&other, 0, 1)).1.len()), ((0, Vec::new()), 0));
}

/// The near-miss twin: the same flight, a kilometre and a half outside. Nothing is told, and nothing held against anyone.
#[test]
fn a_flight_that_stays_away_is_not() {
    let case = scene("away", r#""AL", "BO""#, stays_away);
    let all = sensed(&case, 0, 1);
    assert!(all.counts.used > 1_000, "it was seen");
    assert_eq!((flights(&all).0.len(), flights(&all).1.len(), all.counts.visits.len()), (0, 0, 0));
    assert_eq!(answer(&case), (0, Vec::new()));
}

/// A zone on one side alone begins at the line: the crossing's own place is neither in nor out, the visit's is in.
#[test]
fn a_zone_on_one_side_is_breached_once() {
    for (name, sides) in [("one", r#""AL""#), ("other", r#""BO""#)] {
        let case = scene(name, sides, over);
        let (incidents, breaches) = answer(&case);
        let of_it: Vec<_> = breaches.iter().filter(|(clause, ..)| clause == "no-flights-beside").collect();
        let [(_, _, minutes)] = of_it[..] else { panic!("{breaches:#?}") };
        assert_eq!((incidents, breaches.len(), minutes.as_str()), (1, 2, "5 minutes"), "{breaches:#?}");
    }
}

/// A drawn zone within reach of where the line was crossed: still one incident, and a breach of each of the three clauses,
/// wherever its anchor stands.
#[test]
fn a_flight_through_a_drawn_zone_beside_the_line_is_in_both() {
    let case = scene("reservoir", r#""AL", "BO""#, over_the_reservoir);
    let (incidents, breaches) = answer(&case);
    let mut clauses: Vec<&str> = breaches.iter().map(|(clause, ..)| clause.as_str()).collect();
    clauses.sort_unstable();
    assert_eq!(clauses, ["no-flights", "no-flights-beside", "no-flights-over-the-reservoir"]);
    assert!(incidents == 1 && breaches.iter().all(|(_, incident, _)| *incident == breaches[0].1));
}

/// To 13 km before the line, round half a circle, and back.
fn nears_by_one_line(t: f64) -> [f64; 2] {
    turned(t, 14.5)
}

const OWN: (&str, &str) = (
    "line_for = { AL = \"south\" }\n",
    "[[line]]\nid = \"south\"\nfile = \"zones/south.geojson\"\ndate = 2031-06-01\nleft = \"AL\"\nright = \"BO\"\n",
);

/// One party has a line of its own, three kilometres behind the other's: whose aircraft it is decides how long it was inside, and
/// nobody knows. What is told is the mean of both; what is held against a clause is a place that is inside for either.
#[test]
fn lines_of_their_own_give_the_mean() {
    let case = scene_with("own", r#""AL", "BO""#, OWN.0, OWN.1, nears);
    let all = sensed(&case, 0, 1);
    let (crossings, visits) = flights(&all);
    let ([], [(_, seconds)]) = (&crossings[..], &visits[..]) else { panic!("{crossings:#?} {visits:#?}") };
    // For the one 362 s, for the other 100 s less.
    assert!((seconds - 312).abs() <= 6, "{seconds}");
    let (incidents, breaches) = answer(&case);
    let [(clause, _, minutes)] = &breaches[..] else { panic!("{breaches:#?}") };
    assert_eq!((incidents, clause.as_str(), minutes.as_str()), (1, "no-flights-beside", "5 minutes"));
    // Near enough by the one line alone: it is told, and undetermined.
    let case = scene_with("own-one", r#""AL", "BO""#, OWN.0, OWN.1, nears_by_one_line);
    assert_eq!(flights(&sensed(&case, 0, 1)).1.len(), 1);
    assert_eq!(answer(&case), (1, Vec::new()));
    let files = case.answer();
    let open: Vec<_> = files["findings.csv"]
        .lines()
        .filter(|row| row.contains("no-flights-beside,") && row.contains(",undetermined,"))
        .collect();
    assert!(open.len() == 1 && open[0].contains("depends on whose forces they were"), "{open:#?}");
    check(|| scene_with("own-swapped", r#""AL", "BO""#, OWN.0, OWN.1, nears_by_one_line));
}

/// The line moved an hour before: the flight crosses where it runs now, not where it ran.
#[test]
fn a_flight_crosses_the_version_of_its_day() {
    let moved = "[[line.version]]\nsince = 2031-06-10T09:00:00Z\nfile = \"zones/south.geojson\"\ndate = 2031-06-10\n\
                 left = \"AL\"\nright = \"BO\"\n";
    let case = scene_with("moved", r#""AL", "BO""#, "", moved, over);
    let all = sensed(&case, 0, 1);
    let (crossings, visits) = flights(&all);
    let ([crossing], [_, _]) = (&crossings[..], &visits[..]) else { panic!("{crossings:#?} {visits:#?}") };
    let Place::Point { at, .. } = crossing.place else { panic!() };
    // Three kilometres south of the line of before, which runs at 1.5001 degrees here.
    assert!((at.lat - 14_730_000).abs() < 3_000, "{at:?}");
    let (incidents, breaches) = answer(&case);
    assert_eq!((incidents, breaches.len()), (1, 2), "{breaches:#?}");
}

#[test]
fn swapped_parties_swap_what_was_beside_the_line() {
    let report = check(|| scene("swapped", r#""AL""#, over))["findings.csv"].clone();
    assert!(report.contains(",breach,"));
}

/// Any order, any number of workers.
#[test]
fn visits_beside_the_line_are_the_same_bytes() {
    let case = scene("bytes", r#""AL", "BO""#, nears);
    let print = |sensed: Sensed| {
        let mut observations = sensed.observations;
        observations.sort_by_key(|it| it.id);
        format!("{observations:#?} {:#?}", sensed.counts)
    };
    let first = print(sensed(&case, 1, 1));
    for workers in [2, 4] {
        assert!(print(sensed(&case, workers as u64, workers)) == first, "{workers} workers");
    }
}
