//! `truceline track`: what it reads, what it sets aside, and that neither order nor workers matter.

use crate::common::{scratch, truceline};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const SENSORS: &str = r#"{ "duration_s": 60, "sensors": [
  { "name": "radar", "lo_m": -5000, "hi_m": 5000, "detection_probability": 0.9, "sigma_m": 20, "clutter_per_km2": 0.05 },
  { "name": "own", "gives": "reports", "lo_m": -5000, "hi_m": 5000, "detection_probability": 0.9, "sigma_m": 5,
    "clutter_per_km2": 0 },
  { "name": "ear", "gives": "bearings", "x_m": 0, "y_m": -3000, "range_m": 9000, "sound": true, "scans": false,
    "detection_probability": 0.6, "sigma_deg": 2, "false_per_scan": 0.1 } ] }"#;

fn good() -> String {
    let mut text = String::from("t,sensor,x,y,xx,xy,yy,azimuth_deg,vx,vy,claims\n");
    for t in 0..60 {
        let _ = writeln!(text, "{t},radar,{},{},,,,,,,", -900 + 30 * t, 40 - (t * 37) % 80);
        let _ = writeln!(text, "{t},radar,{},{},,,,,,,", 900 - 20 * t, 2000 + (t * 53) % 60);
        let _ = writeln!(text, "{t},own,{},2030,,,,,-20,0,M-1", 900 - 20 * t);
        let _ = writeln!(text, "{t},ear,,,,,,{},,,", 10 + t / 10);
    }
    text
}

fn run(dir: &Path, detections: &str, more: &[&str]) -> (serde_json::Value, String) {
    let path = |name: &str| dir.join(name).to_str().unwrap().to_string();
    fs::write(dir.join("detections.csv"), detections).unwrap();
    fs::write(dir.join("sensor.json"), SENSORS).unwrap();
    let (detections, sensor, out) = (path("detections.csv"), path("sensor.json"), path("tracks.csv"));
    let mut arguments = vec!["track", "--detections", &detections, "--sensor", &sensor, "--out", &out];
    arguments.extend(more);
    let ran = truceline(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
    (serde_json::from_str(&ran.out).unwrap(), fs::read_to_string(&out).unwrap())
}

#[test]
fn bad_rows_are_counted_by_reason_and_move_nothing() {
    let dir = scratch("track-bad");
    let (said, tracks) = run(&dir, &good(), &[]);
    assert_eq!((&said["detections"], &said["set_aside"]), (&240.into(), &serde_json::json!({})));
    let numbers: Vec<&str> = tracks.lines().skip(1).filter_map(|row| row.split(',').nth(1)).collect();
    assert_eq!((numbers.iter().max(), numbers.len() > 110), (Some(&"1"), true), "two tracks: {tracks}");
    let mut bad = good();
    for row in [
        "1000000000000,radar,0,0,,,,,,,", // would hold up all that follows, were it waited for
        "-5,radar,0,0,,,,,,,",
        "20,radar,NaN,0,,,,,,,",
        "20,radar,inf,0,,,,,,,",
        "20,radar,0,0,1,1,1,,,,", // singular
        "20,radar,0,0,-4,0,4,,,,",
        "20,nobody,0,0,,,,,,,",
        "20,,0,0,,,,,,,",
        "20,own,0,0,,,,,9e9,0,M-2",
        "20,radar,9e9,0,,,,,,,",
        "20,ear,,,,,,east,,,",
        "soon,radar,0,0,,,,,,,",
        "20,radar",
    ] {
        bad.insert_str(bad.find('\n').unwrap() + 1, &format!("{row}\n"));
    }
    let (said, with) = run(&dir, &bad, &[]);
    assert_eq!(with, tracks);
    assert_eq!(said["detections"], 240);
    assert_eq!(said["rows_outside_the_seconds_of_the_sensor_file"], 2);
    assert_eq!(said["rows_that_cannot_be_read"], 3);
    let aside = said["set_aside"].as_object().unwrap();
    let counts = |start: &str| aside.iter().find(|(why, _)| why.starts_with(start)).map(|(_, n)| n.clone());
    for (why, count) in [
        ("a value that is not a number", 2),
        ("an error that is zero", 2),
        ("unknown sensor", 2),
        ("a speed that no aircraft has", 1),
        ("outside the area", 1),
    ] {
        assert_eq!(counts(why), Some(count.into()), "{why}: {aside:?}");
    }
}

#[test]
fn neither_the_order_of_rows_nor_the_workers_matter() {
    let dir = scratch("track-order");
    let text = good();
    let (_, tracks) = run(&dir, &text, &[]);
    let (head, rows) = text.split_once('\n').unwrap();
    let backwards: Vec<&str> = rows.lines().rev().collect();
    let (_, again) = run(&dir, &format!("{head}\n{}\n", backwards.join("\n")), &["--workers", "3"]);
    assert_eq!(again, tracks);
    let (_, late) = run(&dir, &text, &["--lag", "3", "--workers", "2"]);
    assert_eq!(late, run(&dir, &text, &["--lag", "3"]).1);
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_what_to_do() {
    let dir = scratch("track-files");
    for (detections, sensors, told) in [
        ("t,x,z\n", SENSORS, "detections.csv:1: the column \"z\" is not known"),
        ("x,y\n", SENSORS, "the header must name the column t"),
        ("t,x,y\n", "{}", "sensor.json: the key duration_s is missing"),
        (
            "t,x,y\n",
            r#"{ "duration_s": 9, "sensors": [{ "name": "a", "gives": "smells" }] }"#,
            "sensor a: gives is \"smells\"; it must be one of",
        ),
        ("t,x,y\n", r#"{ "duration_s": 9, "sensors": [] }"#, "a list of 1 to 1000"),
    ] {
        fs::write(dir.join("detections.csv"), detections).unwrap();
        fs::write(dir.join("sensor.json"), sensors).unwrap();
        let path = |name: &str| dir.join(name).to_str().unwrap().to_string();
        let (file, sensor, out) = (path("detections.csv"), path("sensor.json"), path("tracks.csv"));
        let ran = truceline(&["track", "--detections", &file, "--sensor", &sensor, "--out", &out]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.err.contains(told), "`{told}` is not said: {}", ran.err);
        assert!(!Path::new(&out).exists(), "something was written");
    }
}
