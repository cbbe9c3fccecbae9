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

/// The command on two files; returns its exit code and what it said.
fn tried(dir: &Path, detections: &[u8], sensors: &str, more: &[&str]) -> (i32, String) {
    let path = |name: &str| dir.join(name).to_str().unwrap().to_string();
    fs::write(dir.join("detections.csv"), detections).unwrap();
    fs::write(dir.join("sensor.json"), sensors).unwrap();
    let (file, sensor, out) = (path("detections.csv"), path("sensor.json"), path("tracks.csv"));
    let mut arguments = vec!["track", "--detections", &file, "--sensor", &sensor];
    if !more.contains(&"--out") {
        arguments.extend(["--out", &out]);
    }
    arguments.extend(more);
    let ran = truceline(&arguments);
    (ran.code, if ran.code == 0 { ran.out } else { ran.err })
}

const ONE: &str = r#"{ "duration_s": 9, "lo_m": -5000, "hi_m": 5000, "detection_probability": 0.9, "sigma_m": 20,
  "clutter_per_km2": 0.05 }"#;

#[test]
fn a_sensor_file_that_cannot_be_meant_is_an_error_with_what_to_do() {
    let dir = scratch("track-sensors");
    let swap = |from: &str, to: &str| ONE.replace(from, to);
    let two = |more: &str| {
        let each = r#""lo_m": -5000, "hi_m": 5000, "detection_probability": 0.9, "sigma_m": 20, "clutter_per_km2": 0.05"#;
        format!(r#"{{ "duration_s": 9, "sensors": [{{ "name": "a", {each} }}, {{ {more} {each} }}] }}"#)
    };
    for (sensors, told) in [
        (String::new(), "the file is empty"),
        ("[1]".to_string(), "must be a JSON object"),
        (
            swap("\"duration_s\": 9", "\"duration_s\": 9.5"),
            "duration_s is 9.5; it must be a whole number of seconds, 86400 (a day) at most",
        ),
        (swap("\"duration_s\": 9", "\"duration_s\": 86401"), "86400 (a day) at most"),
        (swap("\"duration_s\": 9", "\"duration_s\": 1e300"), "86400 (a day) at most"),
        (swap("\"duration_s\": 9", "\"duration_s\": -1"), "duration_s is -1; it must be above zero"),
        (swap("\"lo_m\": -5000", "\"lo_m\": 9000"), "lo_m (9000) must be less than hi_m (5000); swap them"),
        (swap("0.9", "0.9, \"sigma_m\": 50"), "the key \"sigma_m\" is there twice at line 1"),
        (two(r#""name": "b", "sigma_m": 30,"#), "is there twice at line 1 column 249; take one of them out"),
        (swap("9,", "9"), "not JSON: expected"),
        (swap("sigma_m", "sigmas_m"), "the key \"sigmas_m\" is not known"),
        (swap("0.9", "1.5"), "detection_probability is 1.5; it must be at most 1"),
        (swap("0.05", "-1"), "clutter_per_km2 is -1; it must be zero or more"),
        (swap("0.05", "0.05, \"silent_s\": [[5, 3]]"), "silent_s has the row 5,3"),
        (swap("0.05", "0.05, \"hidden_m\": [[5, 3, 1, 9]]"), "hidden_m has the row 5,3,1,9"),
        (swap("0.05", "0.05, \"scan_s\": 0"), "scan_s is 0; it must be from 0.01 to 60 s"),
        (swap("0.05", "0.05, \"scan_s\": 900"), "scan_s is 900; it must be from 0.01 to 60 s"),
        (two(r#""name": "a","#), "sensor 2 of the list: the name \"a\" is there twice"),
        (two(""), "sensor 2 of the list: the key name is missing"),
        (two(r#""name": "b", "colour": 3,"#), "sensor b: the key \"colour\" is not known"),
    ] {
        let (code, said) = tried(&dir, b"t,sensor,x,y\n", &sensors, &[]);
        assert_eq!(code, 1, "{sensors}: {said}");
        assert!(said.contains("sensor.json") && said.contains(told), "`{told}` is not said: {said}");
    }
}

#[test]
fn a_header_may_stand_in_any_order_and_must_stand() {
    let dir = scratch("track-header");
    let (code, plain) = tried(&dir, b"t,x,y\n0,1,2\n1,3,4\n", ONE, &[]);
    assert_eq!(code, 0, "{plain}");
    let tracks = fs::read(dir.join("tracks.csv")).unwrap();
    for same in [
        &b"\xef\xbb\xbft,x,y\r\n0,1,2\r\n1,3,4\r\n"[..],
        b"y,t,x\n2,0,1\n4,1,3",
        b"t,x,y,note\n0,1,2,a\n1,3,4,\n\n",
    ] {
        let (code, said) = tried(&dir, same, ONE, &[]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("\"detections\":2"), "{said}");
        assert_eq!(fs::read(dir.join("tracks.csv")).unwrap(), tracks);
    }
    for (bytes, told) in [
        (&b""[..], "detections.csv: the file is empty"),
        (b"\n\n", "detections.csv: the file is empty"),
        (b"0,1,2\n", "detections.csv:1: the header is missing"),
        (b"t,x,x,y\n", "detections.csv:1: the column x is there twice"),
        (b"t,x\n", "detections.csv:1: the sensor bench needs the columns x, y, and y is missing"),
        (b"t;x;y\n", "detections.csv:1: the column \"t;x;y\" is not known"),
        (b"\xff\xfet\0,\0", "detections.csv: the file is UTF-16"),
    ] {
        let (code, said) = tried(&dir, bytes, ONE, &[]);
        assert_eq!((code, said.contains(told)), (1, true), "`{told}` is not said: {said}");
    }
    assert_eq!(
        fs::read(dir.join("tracks.csv")).unwrap(),
        tracks,
        "a run that failed left its predecessor's result"
    );
}

#[test]
fn every_row_set_aside_has_its_line_and_its_reason() {
    let dir = scratch("track-lines");
    let aside = dir.join("aside.csv");
    let long = format!("3,1,{}2\n", " ".repeat(5_000));
    let rows = format!("t,x,y\n0,1,2\n1,NaN,2\n1,1,2\n1,1,2\n2,x,2\n99,1,2\n2,9e9,2\n{long}8.999999,1,2\n");
    let (code, said) = tried(&dir, rows.as_bytes(), ONE, &["--set-aside", aside.to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["detections"], &said["set_aside"]["already received"]), (&3.into(), &1.into()));
    assert_eq!(said["first_lines_set_aside"]["already received"], serde_json::json!([5]));
    let lines = fs::read_to_string(aside).unwrap();
    let starts = [
        "line,reason",
        "3,\"a value that is not",
        "5,\"already",
        "6,\"a cell is",
        "7,\"outside the seconds",
        "8,\"outside the area",
        "9,\"longer than",
    ];
    assert_eq!(lines.lines().count(), starts.len(), "{lines}");
    assert!(lines.lines().zip(starts).all(|(line, start)| line.starts_with(start)), "{lines}");
}

#[test]
fn nothing_that_is_read_is_written_over_and_limits_are_said() {
    let dir = scratch("track-over");
    let good = b"t,x,y\n0,1,2\n";
    tried(&dir, good, ONE, &[]);
    let path = |name: &str| dir.join(name).to_str().unwrap().to_string();
    std::os::unix::fs::symlink(dir.join("detections.csv"), dir.join("link.csv")).unwrap();
    fs::create_dir_all(dir.join("sub")).unwrap();
    for out in [path("detections.csv"), path("sub/../detections.csv"), path("link.csv"), path("sensor.json")]
    {
        let (code, said) = tried(&dir, good, ONE, &["--out", &out]);
        assert_eq!((code, said.contains("is the input")), (1, true), "{out}: {said}");
        assert_eq!(fs::read(dir.join("detections.csv")).unwrap(), good);
    }
    let both = path("both.csv");
    let (code, said) = tried(&dir, good, ONE, &["--out", &both, "--scan-ms", &both]);
    assert_eq!((code, said.contains("two results cannot go to one file")), (1, true), "{said}");
    let (code, said) = tried(&dir, good, ONE, &["--out", &path("sub")]);
    assert_eq!((code, said.contains("is a folder")), (1, true), "{said}");
    for (option, value) in [("--lag", "61"), ("--lag", "4000000000"), ("--workers", "300")] {
        let (code, said) = tried(&dir, good, ONE, &[option, value]);
        assert_eq!((code, said.contains("is not in 0..=")), (2, true), "{said}");
    }
    let line = path("line.csv");
    fs::write(&line, "x,y\n".to_string() + &"0,0\n5,5\n".repeat(60_000)).unwrap();
    let (code, said) = tried(&dir, good, ONE, &["--line", &line]);
    assert_eq!((code, said.contains("the limit is 100000 points")), (1, true), "{said}");
    let left: Vec<_> = fs::read_dir(&dir).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains(".part")), "{left:?}");
}

/// Tracks of another tracker are fused, and not where they rest on a sensor of ours; ranges along a slope, elevations
/// and heights give the height.
#[test]
fn tracks_of_others_and_heights_are_read() {
    let dir = scratch("track-others");
    let sensors = r#"{ "duration_s": 40, "sensors": [
      { "name": "radar", "lo_m": -9000, "hi_m": 9000, "detection_probability": 0.9, "sigma_m": 20, "clutter_per_km2": 0.05 },
      { "name": "guest", "gives": "tracks", "sigma_m": 5, "sigma_m_s": 2 }SKY ] }"#;
    let sky_there = r#", { "name": "sky", "gives": "polar", "x_m": 0, "y_m": 0, "z_m": 30, "range_m": 20000, "detection_probability": 0.9,
        "sigma_m": 15, "sigma_deg": 0.3, "elevation_sigma_deg": 0.2, "clutter_per_km2": 0.01 }"#;
    let (x, y, height) = (|t: i32| f64::from(1_000 + 30 * t), 4_000.0_f64, 730.0);
    let run = |made_from: &str, sky: bool, more: &[&str]| {
        let mut text =
            String::from("t,sensor,x,y,vx,vy,track,existence,made_from,range,azimuth_deg,elevation_deg\n");
        for t in 0..40 {
            let noise = f64::from((t * 37) % 41 - 20);
            let _ = writeln!(text, "{t},radar,{},{},,,,,,,,", x(t) + noise, y - noise);
            let _ = writeln!(text, "{t},guest,{},{y},30,0,7,0.9,{made_from},,,", x(t));
            if sky {
                let ground = x(t).hypot(y);
                let (slope, up) =
                    (ground.hypot(height - 30.0), ((height - 30.0) / ground).atan().to_degrees());
                let _ = writeln!(text, "{t},sky,,,,,,,,{slope},{},{up}", x(t).atan2(y).to_degrees());
            }
        }
        // A sensor that scans and never finds anything would speak against the aircraft.
        let sensors = sensors.replace("SKY", if sky { sky_there } else { "" });
        let (code, said) = tried(&dir, text.as_bytes(), &sensors, more);
        assert_eq!(code, 0, "{said}");
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        let tracks = fs::read_to_string(dir.join("tracks.csv")).unwrap();
        let last: Vec<f64> =
            tracks.lines().last().unwrap().split(',').map(|cell| cell.parse().unwrap_or(f64::NAN)).collect();
        let ids: std::collections::BTreeSet<&str> =
            tracks.lines().skip(1).filter_map(|row| row.split(',').nth(1)).collect();
        assert_eq!(ids.len(), 1, "one aircraft, one track: {tracks}");
        (said, last)
    };
    const DOUBLED: &str = "tracks_of_others_not_fused_as_they_rest_on_our_sensors";
    let (said, theirs) = run("their-radar", false, &[]);
    assert_eq!((&said["detections"], &said[DOUBLED]), (&80.into(), &0.into()));
    let (said, ours) = run("their-radar radar", false, &[]);
    assert!(said[DOUBLED].as_u64().unwrap() >= 38, "{said}");
    assert!(theirs[6] < 40.0 && ours[6] > 60.0, "once, and not twice: {theirs:?} {ours:?}");
    let (_, high) = run("radar", true, &["--with-height"]);
    assert!((high[9] - height).abs() < 3.0 * high[10] && high[10] < 20.0, "{high:?}");
    assert!(
        (high[2] - x(39)).abs() < 25.0 && (high[3] - y).abs() < 25.0,
        "the slope is no ground range: {high:?}"
    );
}
