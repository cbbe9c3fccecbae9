//! `track DETECTIONS.csv SENSOR.json OUT.csv`: the bench's formats in and out.
use std::io::Write;
use track::*;
use truce::time::{SECOND, Time};

fn number(json: &str, key: &str) -> f64 {
    let at = json.find(&format!("\"{key}\"")).unwrap_or_else(|| panic!("{key} missing"));
    let rest = json[at..].split_once(':').unwrap().1.trim_start();
    let end = rest.find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c))).unwrap_or(rest.len());
    rest[..end].parse().unwrap()
}

fn parse(text: &[u8]) -> f64 {
    core::str::from_utf8(text).ok().and_then(|t| t.parse().ok()).unwrap_or(f64::NAN)
}

fn put(out: &mut Vec<u8>, milli: i64) {
    if milli < 0 {
        out.push(b'-');
    }
    let m = milli.unsigned_abs();
    let mut whole = m / 1000;
    let mut buf = [0u8; 20];
    let mut n = 20;
    loop {
        n -= 1;
        buf[n] = b'0' + (whole % 10) as u8;
        whole /= 10;
        if whole == 0 { break; }
    }
    out.extend_from_slice(&buf[n..]);
    let f = m % 1000;
    out.extend_from_slice(&[b'.', b'0' + (f / 100) as u8, b'0' + (f / 10 % 10) as u8, b'0' + (f % 10) as u8]);
}

fn env(key: &str, default: f64) -> f64 {
    std::env::var(key).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read(&args[1]).unwrap();
    let json = std::fs::read_to_string(&args[2]).unwrap();
    let (lo, hi) = (number(&json, "lo_m"), number(&json, "hi_m"));
    let sigma = number(&json, "sigma_m");
    let duration = number(&json, "duration_s") as i64;
    let mut sensor = Sensor::scanning("bench", number(&json, "detection_probability"), number(&json, "clutter_per_km2") / 1e6);
    sensor.field = Field::square(lo, hi);
    let mut s = Settings { remember: env("LAG", 0.0) as i64 * SECOND, ..Settings::default() };
    let f = &mut s.flight;
    f.turn_rates = [env("W1", f.turn_rates[0]), env("W2", f.turn_rates[1])];
    f.steady_noise = env("Q0", f.steady_noise);
    f.turn_noise = [env("Q1", f.turn_noise[0]), env("Q2", f.turn_noise[1])];
    f.mean_stay = [env("T0", f.mean_stay[0]), env("T1", f.mean_stay[1]), env("T2", f.mean_stay[2]), f.mean_stay[3]];
    f.change_to = [env("C1", f.change_to[0]), env("C2", f.change_to[1]), env("C3", f.change_to[2])];
    f.first_speed = env("V0", f.first_speed);
    s.birth = env("BIRTH", s.birth);
    s.life = env("LIFE", s.life);
    s.show = env("SHOW", s.show);
    s.drop = env("DROP", s.drop);
    s.gate = env("GATE", s.gate);
    s.assign.enumerate = env("ENUM", s.assign.enumerate);
    s.assign.propagate = env("PROP", s.assign.propagate as f64) as usize;
    let lag = env("LAG", 0.0) as i64 * SECOND;
    let lie = env("LIE", 1.0);
    let mut tracker = Tracker::new(s, vec![sensor]);
    let mut out: Vec<u8> = b"t,id,x,y,vx,vy,pxx,pxy,pyy\n".to_vec();
    let mut lines = text.split(|b| *b == b'\n').skip(1).peekable();
    let mut id = 0;
    let mut worst = std::time::Duration::ZERO;
    let mut all = std::time::Duration::ZERO;
    for t in 0..duration {
        let now = Time(t * SECOND);
        while let Some(line) = lines.peek() {
            let mut parts = line.split(|b| *b == b',');
            let (Some(a), Some(x), Some(y)) = (parts.next(), parts.next(), parts.next()) else { lines.next(); continue };
            if parse(a) > t as f64 { break; }
            let what = What::Position { at: [parse(x), parse(y)], cov: Sym2::round(sigma * sigma * lie * lie), height: None };
            let _ = tracker.add(Measurement { sensor: 0, id, time: now, what, signature: None });
            id += 1;
            lines.next();
        }
        let start = std::time::Instant::now();
        tracker.scanned(0, now);
        tracker.advance(now, &OneWorker);
        let took = start.elapsed();
        worst = worst.max(took);
        all += took;
        let states = if lag > 0 { tracker.fine_smoothed(lag, Audience::Analyst, Time(i64::MAX), 0) } else { tracker.fine(Audience::Analyst, Time(i64::MAX), 0) };
        for s in states.unwrap() {
            let _ = write!(out, "{},{}", s.time.0 / SECOND, s.track);
            for v in [s.place[0], s.place[1], s.velocity[0], s.velocity[1]] {
                out.push(b',');
                put(&mut out, v);
            }
            for v in [s.covariance[0], s.covariance[1], s.covariance[4]] {
                out.push(b',');
                put(&mut out, (v + 500).div_euclid(1000));
            }
            out.push(b'\n');
        }
    }
    std::fs::write(&args[3], out).unwrap();
    eprintln!("health {:?}", tracker.health(Audience::Monitor));
    eprintln!("worst scan {worst:?}, all {all:?}, {} detections", tracker.accepted());
}
