//! The story `heard-and-seen`: from single detections and measurements to incidents held against clauses.

use crate::common::{Case, Files, assert_same, files_in, first_difference, json, root, shuffle};
use crate::neutrality::check;
use monitor::sensing::{Sensed, Sensing, sense};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use truce::Id;
use truce::geodesy::distance;
use truce::ground::Ground;
use truce::mission::Mission;
use truce::observation::{Act, Detail, Kind, Observation};
use truce::place::{Place, Point};
use truce::time::{HOUR, MINUTE, SECOND, Time};

fn story() -> PathBuf {
    root().join("fixtures/heard-and-seen")
}

fn case() -> Case {
    let story = story();
    Case::read(&story.join("agreement"), Some(&story.join("mission")), &story.join("observations"))
}

fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

/// Everything of the story that is over on the day after it.
fn old(case: &Case) -> Vec<Observation> {
    let limit = time("2031-06-19T00:00:00Z");
    case.intake.observations.iter().filter(|it| it.time.end <= limit).cloned().collect()
}

fn ground(case: &Case) -> Ground {
    Ground::compile(&case.question.folder.agreement, &|_| None).unwrap()
}

fn sensed(case: &Case, mission: &Mission, observations: Vec<Observation>, workers: usize) -> Sensed {
    let until = time("2031-06-19T00:00:00Z");
    sense(observations, mission, &case.question.folder.agreement, &ground(case), until, workers)
}

/// `BLESS=1` renews the expected output.
#[test]
fn heard_and_seen_gives_the_expected_report() {
    // The mission's own view, for the public is not told what single instruments heard; without a record, whose salts
    // are random.
    let (story, ours) = (story(), case().answer());
    let expected = story.join("expected");
    if std::env::var_os("BLESS").is_some() {
        let _ = fs::remove_dir_all(&expected);
        fs::create_dir_all(&expected).unwrap();
        for (name, text) in &ours {
            fs::write(expected.join(name), text).unwrap();
        }
    }
    let theirs = files_in(&expected);
    let again = "if the change is meant: BLESS=1 cargo test -p monitor --test whole heard_and_seen_gives, and read the diff";
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>(), "{again}");
    for (name, text) in &ours {
        if let Some((line, got, had)) = first_difference(text, &theirs[name]) {
            panic!("{name}, line {line}:\n  expected {had}\n  got      {got}\n{again}");
        }
    }
}

/// The instruments' files are what the generator makes of its seed: `cargo run -p simulate --example story`.
#[test]
fn the_fixture_is_what_the_generator_makes() {
    for (name, text) in simulate::story::files(20_310_610) {
        let there = fs::read_to_string(story().join(name)).unwrap();
        assert!(first_difference(&text, &there).is_none(), "{name}: {:?}", first_difference(&text, &there));
    }
}

#[test]
fn swapped_parties_swap_what_was_heard_and_seen() {
    let report = check(case)["report.json"].clone();
    assert!(report.contains("by forces of Qxparty-one") && report.contains("by forces of Qxparty-two"));
}

/// A bang heard by the network and a report of shelling are one incident with two groups of evidence; the crossing
/// is an incident of its own, held against the clause on flights.
#[test]
fn a_bang_and_a_report_are_one_incident() {
    let files = case().answer();
    let report = json(&files);
    let rows = files["incidents.csv"].lines().collect::<Vec<_>>();
    let both: Vec<_> = rows
        .iter()
        .filter(|row| row.contains("ears | press") || row.contains("ears | patrols | press"))
        .collect();
    assert!(both.len() >= 2, "{rows:#?}");
    let flights: Vec<_> = rows.iter().filter(|row| row.contains("flight | uav")).collect();
    // One over the line and one over the reservoir, whose crossing or entry and visit are one incident; and the mission's own
    // beside the line: what it says of itself is a claim, and whose it was is for people.
    assert_eq!(flights.len(), 3, "{rows:#?}");
    assert!(flights.iter().all(|row| row.contains(",eyes,") && !row.contains("ears")));
    let breaches: Vec<_> = files["findings.csv"].lines().filter(|row| row.contains("no-flights,")).collect();
    let breach = breaches.iter().find(|row| row.contains(",breach,")).unwrap();
    assert!(breach.contains("side not established"), "{breach}");
    // The report of shelling where nothing was heard stands alone, and is no breach.
    let books = report["instruments"].as_array().unwrap();
    let count = |what: &str| {
        books.iter().find(|row| row["what"] == what).map_or(0, |row| row["count"].as_u64().unwrap())
    };
    let lost: u64 = books
        .iter()
        .filter(|row| row["what"].as_str().unwrap().starts_with("of no bang"))
        .map(|row| row["count"].as_u64().unwrap())
        .sum();
    assert_eq!(
        count("detections of bangs by single nodes"),
        count("of these, of a bang that several nodes heard") + lost
    );
    assert_eq!(count("directions without a position"), 1);
}

/// A flight into a drawn zone, five minutes in it, and out again: an entry and a visit, one incident, held against the
/// clause of that zone alone, with the time spent there. Nothing else was in the zone.
#[test]
fn time_in_a_zone_is_told_and_held_against_its_clause() {
    let case = case();
    let all = sensed(&case, &case.question.mission, old(&case), 1);
    let (enters, leaves) = (time("2031-06-10T10:21:17Z"), time("2031-06-10T10:27:11Z"));
    let visits = all.observations.iter().filter(|it| it.particulars().lasted.is_some());
    let [visit] = &visits.filter(|it| it.time.contains(Time(enters.0 + MINUTE))).collect::<Vec<_>>()[..]
    else {
        panic!("not one visit");
    };
    // By the story's own course: over the rim at 76.7 s and at 431.3 s after 10:20.
    let lasted = visit.particulars().lasted.unwrap();
    println!("in the zone: 355 s true, {} s told", lasted / SECOND);
    assert!((lasted - 355 * SECOND).abs() < 15 * SECOND, "{lasted}");
    assert!(
        (visit.time.start.0 - enters.0).abs() < 30 * SECOND
            && (visit.time.end.0 - leaves.0).abs() < 30 * SECOND
    );
    assert_eq!((visit.kind, visit.act, visit.origin.as_ref()), (Kind::Sighting, Act::Flight, None));
    let near =
        |it: &&&Observation| it.act == Act::Flight && it.id != visit.id && it.time.overlaps(visit.time);
    let entries: Vec<_> = all.observations.iter().filter(|it| it.kind == Kind::Sighting).collect::<Vec<_>>();
    let [entry] = entries.iter().filter(near).collect::<Vec<_>>()[..] else { panic!("not one entry") };
    assert!(
        entry.direction.is_some_and(|heading| (8_000..10_000).contains(&heading)),
        "it came from the west"
    );
    assert_eq!(all.counts.visits["reservoir"], (1, lasted));
    // Nearer to the line than two kilometres were the one that crossed it, for 182 s, and for its four minutes the mission's own.
    let (count, beside) = all.counts.visits["two-kilometres"];
    println!("beside the line: 422 s true, {} s told", beside / SECOND);
    assert!(count == 2 && (beside - 422 * SECOND).abs() < 10 * SECOND, "{count} {beside}");
    assert_eq!(all.counts.visits.len(), 2);
    let files = case.answer();
    let report = json(&files);
    let of_clause: Vec<_> =
        files["findings.csv"].lines().filter(|row| row.contains("no-flights-over-the-reservoir")).collect();
    let breaches: Vec<_> = of_clause.iter().filter(|row| row.contains(",breach,")).collect();
    assert_eq!(breaches.len(), 1, "{of_clause:#?}");
    assert!(breaches[0].replace('\u{a0}', " ").contains("about 6 minutes in a zone"), "{}", breaches[0]);
    // Two kilometres from the line it never was.
    let subject = breaches[0].split(',').nth(3).unwrap();
    let other = files["findings.csv"].lines().filter(|row| row.contains(subject) && row.contains(",breach,"));
    assert_eq!(other.count(), 1);
    let books = report["instruments"].as_array().unwrap();
    let row = |what: &str| books.iter().find(|row| row["what"] == what).map(|row| row["count"].clone());
    assert_eq!(row("visits to the zone reservoir, by track"), Some(1.into()));
    assert_eq!(row("minutes in the zone reservoir, all tracks together"), Some(6.into()));
}

/// Measurements that cannot be are set aside with a reason, by the reader or by the tracker, and are in the books.
#[test]
fn bad_measurements_are_set_aside_with_a_reason() {
    let dir = crate::common::scratch("bad-measurements");
    crate::common::copy(&story(), &dir);
    let file = dir.join("observations/measurements.csv");
    let mut text = fs::read_to_string(&file).unwrap();
    for row in [
        "kestrel-1,2031-06-10T10:30:00Z,position,NaN,3.01,25,,,,,,,",
        "kestrel-1,2031-06-10T10:30:00Z,position,1.51,3.01,0,,,,,,,",
        "kestrel-1,9031-16-10T10:30:00Z,position,1.51,3.01,25,,,,,,,",
        "nobody-9,2031-06-10T10:30:00Z,position,1.51,3.01,25,,,,,,,",
        "kestrel-1,2031-06-10T10:30:00Z,position,41.51,83.01,25,,,,,,,",
        "rook-4,2031-06-10T10:30:00Z,report,1.51,3.01,10,,,,,X-1,5000,0",
    ] {
        text.push_str(row);
        text.push('\n');
    }
    fs::write(&file, text).unwrap();
    let case = Case::read(&dir.join("agreement"), Some(&dir.join("mission")), &dir.join("observations"));
    let report = json(&case.answer());
    let before = self::case();
    let known = sensed(&before, &before.question.mission, old(&before), 1).counts;
    let counts = sensed(&case, &case.question.mission, old(&case), 1).counts;
    assert_eq!(counts.used, known.used, "nothing bad was used, nothing good was lost");
    let words: Vec<_> = counts.set_aside.iter().map(|(why, count)| format!("{why}: {count}")).collect();
    for why in
        ["no record says where its sensor stood: 1", "outside the area", "a speed that no aircraft has: 1"]
    {
        assert!(words.iter().any(|row| row.starts_with(why)), "{why}: {words:?}");
    }
    let said = report["set_aside"].to_string();
    assert_eq!(report["head"]["computed_from"]["rows_set_aside"], 3, "{said}");
    assert!(said.contains("measurements.csv"), "{said}");
}

/// Against what really happened. Prints what was found and missed.
#[test]
fn what_was_heard_is_what_happened() {
    let case = case();
    let all = old(&case);
    let detections = all.iter().filter(|it| matches!(it.detail, Detail::Heard(_))).count() as u64;
    let sensed = sensed(&case, &case.question.mission, all.clone(), 1);
    let counts = &sensed.counts;
    assert_eq!(counts.detections, detections);
    assert_eq!(counts.detections, counts.associated + counts.unassociated() + counts.waiting);
    assert_eq!(counts.unassociated(), sensed.unassociated.len() as u64);
    assert_eq!(
        counts.measurements,
        counts.used + counts.set_aside.values().sum::<u64>() + counts.measurements_waiting
    );
    // Every detection is a member of one bang, or left over once.
    let mut seen: BTreeSet<Id> = sensed.unassociated.iter().map(|it| it.id).collect();
    let bangs: Vec<&Observation> = sensed.observations.iter().filter(|it| it.kind == Kind::Impulse).collect();
    for bang in &bangs {
        let Detail::Derived(derived) = &bang.detail else { panic!("a raw detection among the bangs") };
        assert!(derived.from.iter().all(|id| seen.insert(*id)), "a detection was given twice");
        assert_eq!((&*bang.group, bang.act), ("ears", Act::Fire));
    }
    assert_eq!(seen.len() as u64, detections);
    // The truth, from its own file.
    let truth = fs::read_to_string(story().join("truth/bangs.csv")).unwrap();
    let truth: Vec<(Time, Point)> = truth
        .lines()
        .skip(1)
        .map(|row| {
            let cells: Vec<&str> = row.split(',').collect();
            let degrees = |text: &str| text.parse::<f64>().unwrap();
            (time(cells[0]), Point::from_degrees(degrees(cells[2]), degrees(cells[1])).unwrap())
        })
        .collect();
    let mut used = BTreeSet::new();
    let (mut found, mut errors, mut inside) = (0, Vec::new(), 0);
    for (moment, at) in &truth {
        let near = bangs.iter().enumerate().filter(|(number, _)| !used.contains(number)).filter_map(
            |(number, bang)| {
                let Place::Point { at: here, error } = bang.place else { return None };
                let middle = (bang.time.start.0 + bang.time.end.0) / 2;
                let off = distance(*at, here);
                ((middle - moment.0).abs() < SECOND / 2 && off < 500_000).then_some((
                    off,
                    number,
                    error.major,
                ))
            },
        );
        if let Some((off, number, sigma)) = near.min() {
            used.insert(number);
            found += 1;
            errors.push(off / 1_000);
            inside += u32::from(off <= 3 * sigma);
        }
    }
    errors.sort_unstable();
    println!(
        "bangs: {} true, {found} found, {} missed, {} false; error in metres, sorted: {errors:?}; {inside} within 3 sigma",
        truth.len(),
        truth.len() - found,
        bangs.len() - found,
    );
    assert!(
        found + 1 >= truth.len() && bangs.len() == found,
        "{found} of {}, {} told",
        truth.len(),
        bangs.len()
    );
    // All but the one 3 km beyond the nodes lie within 60 m; a network with 20 ms and 0.6 % cannot do much better.
    assert!(errors[errors.len() / 2] <= 25 && errors[errors.len() - 2] <= 60, "{errors:?}");
    // One aircraft crossed the line, from north to south; the mission's own flew along and did not, and the one over the
    // reservoir had gone by then.
    let later = |it: &&Observation| it.time.start > time("2031-06-10T10:30:00Z");
    let flights = sensed.observations.iter().filter(|it| it.act == Act::Flight && it.kind == Kind::Sighting);
    let crossings: Vec<&Observation> =
        flights.filter(later).filter(|it| it.particulars().lasted.is_none()).collect();
    let [crossing] = &crossings[..] else { panic!("{} crossings", crossings.len()) };
    let heading = crossing.direction.unwrap();
    println!(
        "crossings: 1 true, 1 found; heading {heading} centidegrees, information {}",
        crossing.rating.information
    );
    assert!((15_000..21_000).contains(&heading), "{heading}");
    let crossed = time("2031-06-10T10:38:30Z");
    assert!((crossing.time.start.0 - crossed.0).abs() < MINUTE, "{}", crossing.time.start);
    let Detail::Derived(derived) = &crossing.detail else { panic!() };
    assert!(derived.from.len() > 3 && derived.from.iter().all(|id| all.iter().any(|it| it.id == *id)));
}

/// What the live form tells, step by step, is what replay tells at once: in any order before the watermark, with any
/// steps and any number of workers.
#[test]
fn live_and_replay_are_the_same_bytes() {
    let case = case();
    let mission = &case.question.mission;
    let all = old(&case);
    let print = |mut sensed: Sensed| {
        sensed.observations.sort_by_key(|it| it.id);
        sensed.unassociated.sort();
        format!("{:#?}", (sensed.observations, sensed.unassociated, sensed.counts))
    };
    let replay = print(sensed(&case, mission, all.clone(), 1));
    for workers in [2, 5] {
        let mut shuffled = all.clone();
        shuffle(&mut shuffled, workers as u64);
        assert!(print(sensed(&case, mission, shuffled, workers)) == replay, "{workers} workers");
    }
    for (seed, step, workers) in [(1, 7 * SECOND, 1), (2, 61 * SECOND, 2), (3, 17 * MINUTE, 5)] {
        let mut waiting = all.clone();
        shuffle(&mut waiting, seed);
        let mut live = Sensing::new(mission, &case.question.folder.agreement, &ground(&case), workers);
        let mut told = Sensed::default();
        let mut take = |live: &mut Sensing, watermark: Time| {
            let step = live.advance(watermark);
            told.observations.extend(step.observations);
            told.unassociated.extend(step.unassociated);
            told.counts = step.counts;
        };
        let mut watermark = time("2031-06-10T09:59:00Z");
        while watermark < time("2031-06-10T11:10:00Z") {
            let next = Time(watermark.0 + step);
            // All that the next watermark passes comes before it, and some of what lies beyond, in no order.
            let mut kept = Vec::new();
            for (number, observation) in waiting.into_iter().enumerate() {
                if observation.time.start <= next || number % 7 == 0 {
                    let again = observation.clone();
                    if let Some(other) = live.push(observation) {
                        told_others(&other);
                    } else if number % 11 == 0 {
                        assert!(live.push(again).is_none(), "a repeat is no matter");
                    }
                } else {
                    kept.push(observation);
                }
            }
            waiting = kept;
            take(&mut live, next);
            watermark = next;
        }
        for observation in waiting {
            live.push(observation);
        }
        take(&mut live, time("2031-06-19T00:00:00Z"));
        let others = all.iter().filter(|it| !of_instruments(it)).cloned();
        told.observations.extend(others);
        let live = print(told);
        if let Some((line, a, b)) = first_difference(&live, &replay) {
            panic!("steps of {step} us, line {line}:\n live   {a}\n replay {b}");
        }
    }
}

fn of_instruments(observation: &Observation) -> bool {
    matches!(
        observation.detail,
        Detail::Heard(_) | Detail::Measured(_) | Detail::Instrument(_) | Detail::Beat { .. }
    )
}

fn told_others(observation: &Observation) {
    assert!(!of_instruments(observation), "an instrument's observation was handed back");
}

/// What comes after the watermark is accounted for, and moves nothing that was told.
#[test]
fn what_comes_too_late_is_accounted_for() {
    let case = case();
    let mut all = old(&case);
    let at = all.iter().position(|it| matches!(it.detail, Detail::Heard(_))).unwrap();
    let late = all.remove(at);
    let mut live = Sensing::new(&case.question.mission, &case.question.folder.agreement, &ground(&case), 1);
    for observation in all {
        live.push(observation);
    }
    let end = time("2031-06-19T00:00:00Z");
    let first = live.advance(end);
    assert!(live.push(late.clone()).is_none());
    let then = live.advance(end);
    assert!(then.observations.is_empty());
    assert_eq!(then.unassociated.len(), 1);
    assert_eq!(then.unassociated[0].id, late.id);
    assert_eq!(then.counts.detections, first.counts.detections + 1);
    assert_eq!(then.counts.detections, then.counts.associated + then.counts.unassociated());
}

/// A place in the spellings that files use: degrees, its digits alone, with a comma, in units of the core, in minutes.
fn spellings(at: Point) -> Vec<String> {
    let mut all = Vec::new();
    for part in [at.lon, at.lat] {
        let degrees = f64::from(part) / 1e7;
        for places in 4..=7 {
            let text = format!("{degrees:.places$}");
            all.extend([text.replace('.', ","), text.replace('.', ""), text]);
        }
        all.push(part.to_string());
        let minutes = degrees.fract() * 60.0;
        all.push(format!("{}°{minutes:.2}", degrees.trunc()));
        all.push(format!("{}°{:02}′{:.0}", degrees.trunc(), minutes.trunc(), minutes.fract() * 60.0));
        all.push(format!("{:.4}", degrees.to_radians()));
    }
    all
}

/// No file of a report knows the fine place or the moment of a bang or of a crossing, or a sensor's name or place.
#[test]
fn what_was_heard_and_seen_is_coarse_in_every_file() {
    let case = case();
    let files = case.answer();
    assert!(files.len() >= 10 && files["report.json"].contains("bangs told"));
    let sensed = sensed(&case, &case.question.mission, old(&case), 1);
    let mut traces: Vec<String> = Vec::new();
    let mut places = 0;
    for observation in &sensed.observations {
        if let (
            Detail::Derived(_) | Detail::Status { .. } | Detail::Saturated { .. },
            Place::Point { at, .. } | Place::Sector { from: at, .. },
        ) = (&observation.detail, &observation.place)
        {
            traces.extend(spellings(*at));
            places += 1;
        }
        if matches!(observation.detail, Detail::Derived(_)) {
            // Its second and minute, as a clock shows them and as a number.
            let clock = observation.time.start.to_string();
            traces.push(clock[11..19].to_string());
            traces.push(clock[11..16].to_string());
            traces.push(observation.time.start.0.to_string());
            traces.push((observation.time.start.0 / SECOND).to_string());
        }
        if let Detail::Status { sensor, .. } | Detail::Saturated { sensor, .. } = &observation.detail {
            traces.push(sensor.rsplit('/').next().unwrap().to_string());
        }
    }
    for observation in &case.intake.observations {
        if let (Detail::Instrument(it), Place::Point { at, .. }) = (&observation.detail, &observation.place) {
            traces.extend(spellings(*at));
            traces.push(it.name.to_string());
        }
    }
    let truth = fs::read_to_string(story().join("truth/bangs.csv")).unwrap();
    for row in truth.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let degrees = |text: &str| text.parse::<f64>().unwrap();
        traces.extend(spellings(Point::from_degrees(degrees(cells[2]), degrees(cells[1])).unwrap()));
    }
    traces.sort();
    traces.dedup();
    assert!(places > 100 && traces.len() > 1_000, "{places} {}", traces.len());
    clean(&files, &traces);
    // The negative control: a file that holds one of them is found out.
    let mut leak = files.clone();
    leak.insert("leak.txt".into(), format!("seen at {}", traces[traces.len() / 2]));
    assert!(std::panic::catch_unwind(|| clean(&leak, &traces)).is_err());
}

#[track_caller]
fn clean(files: &Files, traces: &[String]) {
    for (name, text) in files {
        // Hashes of files are hexadecimal digits, and hold any short number by chance.
        let text: String = text
            .split(|c: char| !c.is_ascii_hexdigit())
            .filter(|word| word.len() == 64)
            .fold(text.clone(), |text, hash| text.replace(hash, "(hash)"));
        for trace in traces {
            if let Some(at) = text.find(trace.as_str()) {
                // What stands in a longer number is another number.
                let bytes = text.as_bytes();
                let digit = |at: Option<usize>| {
                    at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric)
                };
                if digit(at.checked_sub(1)) || digit(Some(at + trace.len())) {
                    continue;
                }
                let near: String =
                    text.chars().skip(text[..at].chars().count().saturating_sub(60)).take(160).collect();
                panic!("{trace} stands in {name}: {near}");
            }
        }
    }
}

/// What may be shown of each bang and crossing: to all a cell and an hour, to monitors and analysts more, later.
#[test]
fn a_fine_place_opens_for_few_and_late() {
    use monitor::sensing::{coarse, open};
    use track::{Audience, Withheld};
    let case = case();
    let sensed = sensed(&case, &case.question.mission, old(&case), 1);
    let mut shown = 0;
    for it in sensed.observations.iter().filter(|it| matches!(it.detail, Detail::Derived(_))) {
        let Place::Point { at, .. } = it.place else { continue };
        let coarse = coarse(it).unwrap();
        let step = if it.kind == Kind::Impulse { HOUR } else { 5 * MINUTE };
        assert_eq!((coarse.from.0 % step, coarse.to.0 % step), (0, 0));
        assert!(coarse.from <= it.time.start && it.time.end <= coarse.to);
        let text = format!("{coarse:?}");
        let traces = [at.lon, at.lat].map(|part| (part / 1_000).to_string());
        assert!(traces.iter().all(|trace| !text.contains(trace)), "{text}");
        for audience in [Audience::Public, Audience::Liaison, Audience::Mediator, Audience::Administrator] {
            assert_eq!(open(it, audience, Time(i64::MAX), 0), Err(Withheld::Audience));
        }
        let end = Time((it.time.end.0 / HOUR + 1) * HOUR);
        for (delay, least) in [(0, 6), (24 * HOUR, 24)] {
            let from = Time(end.0 + least * HOUR);
            assert_eq!(open(it, Audience::Analyst, Time(from.0 - 1), delay), Err(Withheld::Until(from)));
            assert_eq!(open(it, Audience::Monitor, from, delay), Ok(it));
        }
        assert_eq!(open(it, Audience::Record, Time(0), 0), Ok(it));
        shown += 1;
    }
    assert_eq!(shown, 31);
}

/// Before the delay nothing of it is known to the report, however it was heard; a moment later it is.
#[test]
fn what_was_heard_waits_for_the_delay() {
    let mut case = case();
    case.as_of = Some(time("2031-06-11T09:00:00Z"));
    let early = case.answer();
    assert_eq!(early["incidents.csv"].lines().count(), 1, "{}", early["incidents.csv"]);
    assert!(
        !early["report.json"].contains("bangs told"),
        "detections younger than the delay were worked off"
    );
    // What is withheld changes nothing: the view is that of old observations alone.
    let limit = Time(time("2031-06-11T10:20:00Z").0 - 24 * HOUR);
    case.as_of = Some(time("2031-06-11T10:20:00Z"));
    let view = case.answer();
    let withheld = case.intake.observations.iter().filter(|it| it.time.end > limit).count();
    case.intake.observations.retain(|it| it.time.end <= limit);
    let alone = case.answer();
    let strike = |files: Files, count: usize| -> Files {
        let words = format!("({}\u{a0}observations)", if count == 0 { "0".into() } else { thousands(count) });
        assert!(files["report.html"].contains(&words), "{words}");
        files.into_iter().map(|(name, text)| (name, text.replace(&words, "()"))).collect()
    };
    assert_same(&strike(alone, 0), &strike(view, withheld));
}

fn thousands(count: usize) -> String {
    let text = count.to_string();
    match text.len().checked_sub(3).filter(|at| *at > 0) {
        Some(at) => format!("{}\u{202f}{}", &text[..at], &text[at..]),
        None => text,
    }
}

/// A degree of front on either side of a corner where four squares of the grid meet: what four planes hear together
/// is what one plane hears, nothing twice and nothing lost at an edge.
#[test]
fn squares_hear_together_what_one_plane_hears() {
    use impulse::{Alone, Ears};
    use simulate::bangs::{Scenario, score, simulate};
    let scenario = Scenario { seed: 4_711, duration_s: 240.0, ..Scenario::default() };
    let data = simulate(&scenario);
    let mut alone = Ears::new(impulse::Setting::default(), &data.nodes).unwrap();
    data.detections.iter().for_each(|detection| alone.hear(*detection));
    let one = alone.finish(&Alone);
    let one = score(&data, &one.events, 1.0, |_| true);
    // The same on the globe, the corner in the middle of the strip.
    let (corner, half) = (Point { lon: 370_000_000, lat: 480_000_000 }, [50_000.0, 10_000.0]);
    let plane = track::Plane::about(corner);
    // The plane is of the sphere; lengths on the ellipsoid are longer along the parallel and shorter along the
    // meridian (radii of curvature at 48 degrees, over the root of their product).
    let stretch =
        [6_389_950.0_f64, 6_370_760.0].map(|radius| radius / (6_389_950.0_f64 * 6_370_760.0).sqrt());
    let point = |x_mm: i64, y_mm: i64| {
        let [x, y] = [x_mm as f64 * 1e-3 - half[0], y_mm as f64 * 1e-3 - half[1]];
        plane.point([x / stretch[0], y / stretch[1]]).unwrap()
    };
    let case = case();
    let (template, start) = (&case.intake.observations[0], time("2031-06-10T10:00:00Z"));
    let id = |kind: u8, number: u64| {
        let mut id = [kind; 32];
        // The first eight bytes tell detections apart, as hashes do.
        id[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        Id(id)
    };
    let mut observations = Vec::new();
    for node in &data.nodes {
        let name: truce::Name = format!("n{}", node.name).as_str().into();
        let sort = truce::sensing::Sort::Ear { clock: 0 };
        let what = truce::sensing::Instrument { name, height: None, range: 8_000_000, sort };
        observations.push(Observation {
            id: id(1, node.name.into()),
            group: "ears".into(),
            kind: Kind::SensorStatus,
            time: truce::time::Span::at(time("2031-06-01T00:00:00Z")),
            place: Place::Point { at: point(node.x_mm, node.y_mm), error: truce::place::Ellipse::circle(1) },
            detail: Detail::Instrument(Box::new(what)),
            ..template.clone()
        });
    }
    for detection in &data.detections {
        let heard = truce::sensing::Heard {
            node: format!("n{}", detection.node).as_str().into(),
            clock: None,
            bearing: None,
            level: None,
            duration: 0,
            outgoing: 500,
            impact: 500,
        };
        observations.push(Observation {
            id: id(2, detection.number),
            group: "ears".into(),
            kind: Kind::Impulse,
            time: truce::time::Span::at(Time(start.0 + detection.time_us)),
            place: Place::Unknown,
            detail: Detail::Heard(Box::new(heard)),
            ..template.clone()
        });
    }
    let sensed = sensed(&case, &case.question.mission, observations, 2);
    let counts = &sensed.counts;
    assert_eq!(counts.detections, counts.associated + counts.unassociated() + counts.waiting);
    assert_eq!((counts.detections, counts.waiting), (data.detections.len() as u64, 0));
    let mut given: BTreeSet<Id> = BTreeSet::new();
    let mut bangs: Vec<(f64, [f64; 2])> = Vec::new();
    for bang in sensed.observations.iter().filter(|it| it.kind == Kind::Impulse) {
        let (Detail::Derived(derived), Place::Point { at, .. }) = (&bang.detail, &bang.place) else {
            panic!()
        };
        assert!(derived.from.iter().all(|id| given.insert(*id)), "a detection was given twice");
        let [x, y] = plane.place(*at).unwrap();
        let middle = (bang.time.start.0 + bang.time.end.0) / 2 - start.0;
        let place = [(x * stretch[0] + half[0]) * 1e-3, (y * stretch[1] + half[1]) * 1e-3];
        bangs.push((middle as f64 * 1e-6, place));
    }
    let mut heard = vec![0; data.bangs.len()];
    data.labels.iter().flatten().for_each(|bang| heard[*bang] += 1);
    let near = |bang: &simulate::bangs::Bang, it: &(f64, [f64; 2])| {
        let off = ((it.1[0] - bang.x_km).powi(2) + (it.1[1] - bang.y_km).powi(2)).sqrt();
        ((it.0 - bang.time_s).abs() < 1.0 && off < 0.5).then_some(off * 1e3)
    };
    let audible: Vec<_> = data.bangs.iter().zip(&heard).filter(|(_, heard)| **heard >= 8).collect();
    let mut errors: Vec<f64> = audible
        .iter()
        .filter_map(|(bang, _)| bangs.iter().filter_map(|it| near(bang, it)).min_by(f64::total_cmp))
        .collect();
    errors.sort_by(f64::total_cmp);
    let right = bangs.iter().filter(|it| data.bangs.iter().any(|bang| near(bang, it).is_some())).count();
    println!(
        "one plane: {} of {} found, {} told, median {:.1} m; four squares: {} found, {} told, {right} right, median {:.1} m, planes to {} ppm",
        one.found,
        one.heard,
        one.located,
        one.median_m,
        errors.len(),
        bangs.len(),
        errors[errors.len() / 2],
        counts.plane_ppm
    );
    assert_eq!(audible.len(), one.heard);
    assert!(errors.len() + 1 >= one.found && right == bangs.len() && bangs.len() <= one.located + 1);
    assert!(errors[errors.len() / 2] < 1.15 * one.median_m);
    // Every square had its part: the bangs lie on all four sides of the corner.
    for (east, north) in [(false, false), (false, true), (true, false), (true, true)] {
        assert!(bangs.iter().any(|it| (it.1[0] > 50.0) == east && (it.1[1] > 10.0) == north));
    }
    // A plane is right to a fraction of what the sound speed is known to (5,000 ppm).
    assert!(counts.plane_ppm < 200, "{}", counts.plane_ppm);
}

/// The live caller: what came is in the record before it is heard, and what is told, step by step and over a restart,
/// is what a replay tells.
#[test]
fn a_listener_tells_what_a_replay_tells() {
    use monitor::intake::Intake;
    use monitor::listen::Listener;
    use monitor::record::keep::Place as Where;
    use monitor::record::tell::leaves_read;

    let case = case();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("listener");
    let _ = fs::remove_dir_all(&folder);
    let place = || Where::new(&folder.join("record"), None);
    let instruments = |it: &&Observation| {
        matches!(it.detail, Detail::Heard(_) | Detail::Instrument(_) | Detail::Beat { .. })
    };
    let mut all: Vec<Observation> = old(&case).iter().filter(instruments).cloned().collect();
    all.sort_by_key(|it| (it.time.start, it.id));
    let lateness = 120 * SECOND;
    let newest = all.iter().map(|it| it.time.start).max().unwrap();
    let (agreement, mission) = (&case.question.folder.agreement, &case.question.mission);
    let replay = sense(all.clone(), mission, agreement, &ground(&case), Time(newest.0 - lateness), 1);
    let derived = |observations: Vec<Observation>| {
        let of = observations.into_iter().filter(|it| matches!(it.detail, Detail::Derived(_)));
        of.map(|it| (it.id, it)).collect::<std::collections::BTreeMap<_, _>>()
    };
    let (expected, mut told) = (derived(replay.observations), Vec::new());
    assert!(expected.len() > 15, "{}", expected.len());

    let parts: Vec<&[Observation]> = all.chunks(all.len().div_ceil(4)).collect();
    for run in parts.chunks(2) {
        // Stopped after two steps, and started again.
        let mut listener = Listener::new(&case.question, place(), lateness).unwrap();
        // The record is read at the start; the steps after it read nothing of it again, however long it is.
        let read = leaves_read();
        for part in run {
            let mut observations = part.to_vec();
            shuffle(&mut observations, 7);
            told.extend(listener.take(&Intake { observations, ..Intake::default() }).unwrap());
            assert_eq!(leaves_read(), read);
            assert_eq!(listener.late(), None);
        }
        let counts = listener.counts();
        assert_eq!(counts.detections, counts.associated + counts.unassociated() + counts.waiting);
    }
    let count = told.len();
    assert_eq!(derived(told), expected);
    assert_eq!(count, expected.len(), "something was told twice");
    // What was told is in the record, each once, and a third listener reads it all: so the count does count.
    let before = leaves_read();
    let mut listener = Listener::new(&case.question, place(), lateness).unwrap();
    assert!(leaves_read() > before + 10, "{}", leaves_read() - before);
    let contents = monitor::record::tell::contents(&place(), report::View::Mission).unwrap();
    assert_eq!(contents.derived, expected);

    // What comes after the watermark is counted, and named.
    let late = |n: u8| {
        let first = all.iter().find(|it| matches!(it.detail, Detail::Heard(_))).unwrap();
        Observation { id: truce::Id([n; 32]), ..first.clone() }
    };
    let before = listener.counts().clone();
    let observations = vec![late(1), late(2)];
    let watermark = Time(newest.0 - lateness);
    assert!(listener.take(&Intake { observations, ..Intake::default() }).unwrap().is_empty());
    let told = listener.late().unwrap();
    assert_eq!((told.count, told.watermark, told.oldest), (2, watermark, late(1).time.start));
    let counts = listener.counts();
    assert_eq!(counts.detections, before.detections + 2);
    assert_eq!(counts.unassociated(), before.unassociated() + 2);
    assert_eq!(counts.detections, counts.associated + counts.unassociated() + counts.waiting);
}
