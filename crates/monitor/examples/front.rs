//! How much work the ears of a whole front are: `front` makes two minutes of 10,000 nodes along 1,000 km of the 48th
//! parallel, 60 bangs a minute per 100 km and as many false detections as real ones, and works them off as the
//! shell does, from observations to observations.

use monitor::sensing::sense;
use simulate::bangs::{Scenario, simulate};
use std::fs::read_to_string;
use truce::agreement::Agreement;
use truce::ground::Ground;
use truce::mission::Mission;
use truce::observation::{Asserter, Detail, Kind, Observation};
use truce::place::{Ellipse, Place, Point};
use truce::sensing::{Heard, Instrument, Sort};
use truce::time::{HOUR, Span, Time};
use truce::{Id, Name};

/// Metres of a degree of latitude, and of longitude at the 48th parallel, on WGS84.
const DEGREE: [f64; 2] = [74_625.0, 111_200.0];

fn said(kind: Kind, number: u64, time: Time, place: Place, detail: Detail) -> Observation {
    let mut id = [kind as u8; 32];
    id[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    Observation {
        asserted_by: Asserter::Monitor,
        detail,
        ..Observation::bare(Id(id), "ears", kind, Span::at(time), place)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let workers: usize = std::env::args().nth(1).map_or(Ok(1), |text| text.parse())?;
    let story = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/heard-and-seen/");
    let mission = Mission::parse("mission.toml", &read_to_string(format!("{story}mission/mission.toml"))?)
        .map_err(|_| "the story's mission file has mistakes")?;
    let folder = monitor::folder::load(std::path::Path::new(&format!("{story}agreement")))
        .map_err(|_| "the story's agreement has mistakes")?;
    let agreement: &Agreement = &folder.agreement;
    let ground = Ground::compile(agreement, &|_| None).map_err(|error| error.to_string())?;
    let scenario =
        Scenario { length_km: 1_000.0, nodes: 10_000, duration_s: 120.0, seed: 7_001, ..Scenario::default() };
    let data = simulate(&scenario);
    let start = Time::parse("2031-06-10T10:00:00Z").ok_or("no such time")?;
    let name = |node: u32| Name::from(format!("n{node}").as_str());
    let mut observations = Vec::new();
    for node in &data.nodes {
        let (lon, lat) =
            (30.0 + node.x_mm as f64 * 1e-3 / DEGREE[0], 48.0 + (node.y_mm as f64 * 1e-3 - 1e4) / DEGREE[1]);
        let at = Point::from_degrees(lon, lat).ok_or("off the globe")?;
        let what = Instrument {
            name: name(node.name),
            height: None,
            range: 8_000_000,
            sort: Sort::Ear { clock: 0 },
        };
        let place = Place::Point { at, error: Ellipse::circle(1) };
        let since = Time(start.0 - HOUR);
        observations.push(said(
            Kind::SensorStatus,
            node.name.into(),
            since,
            place,
            Detail::Instrument(Box::new(what)),
        ));
    }
    for it in &data.detections {
        let heard = Heard {
            node: name(it.node),
            clock: None,
            bearing: None,
            level: None,
            duration: 0,
            outgoing: 500,
            impact: 500,
        };
        let time = Time(start.0 + it.time_us);
        observations.push(said(
            Kind::Impulse,
            it.number,
            time,
            Place::Unknown,
            Detail::Heard(Box::new(heard)),
        ));
    }
    let before = cpu_seconds();
    let sensed = sense(observations, &mission, agreement, &ground, Time(start.0 + HOUR), workers);
    let used = cpu_seconds() - before;
    let counts = &sensed.counts;
    assert_eq!(counts.detections, counts.associated + counts.unassociated());
    println!(
        "{} detections of {} bangs in {} s: {} told, {used:.2} CPU s, {:.1} % of one core, peak {} MB, planes to {} ppm",
        counts.detections,
        data.bangs.len(),
        scenario.duration_s,
        counts.bangs,
        100.0 * used / scenario.duration_s,
        peak_mb(),
        counts.plane_ppm
    );
    Ok(())
}

fn cpu_seconds() -> f64 {
    // User and system time of all threads, in ticks of a hundredth of a second.
    let text = read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn peak_mb() -> u64 {
    let text = read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1_024
}
