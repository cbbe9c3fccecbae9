//! Reads stations.csv and picks.csv of the bench, writes events.csv.
use impulse::{Alone, Detection, Ears, Node, Setting};
use std::fmt::Write as _;

fn cpu() -> f64 {
    // user and system time of this process, in clock ticks of 10 ms; the finer one is schedstat, ns on the CPU
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse::<f64>().unwrap() * 1e-9
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let dir = &args[1];
    let out = &args[2];
    let rows = |name: &str| -> Vec<Vec<f64>> {
        std::fs::read_to_string(format!("{dir}/{name}"))
            .unwrap()
            .lines()
            .skip(1)
            .map(|l| l.split(',').map(|v| v.parse().unwrap()).collect())
            .collect()
    };
    let nodes: Vec<Node> = rows("stations.csv")
        .iter()
        .map(|r| Node {
            name: r[0] as u32,
            x_mm: (r[1] * 1e6).round() as i64,
            y_mm: (r[2] * 1e6).round() as i64,
        })
        .collect();
    let picks = rows("picks.csv");
    let mut setting = Setting::default();
    if let Ok(t) = std::env::var("TUNE") {
        for (a, b) in setting.tune.iter_mut().zip(t.split(',')) {
            if let Ok(b) = b.parse() {
                *a = b;
            }
        }
    }
    let mut ears = Ears::new(setting, &nodes);
    if std::env::var("ORACLE").is_ok() {
        ears.oracle = rows("truth.csv").iter().map(|r| [r[0], r[1], r[2]]).collect();
    }
    let start = cpu();
    for (i, r) in picks.iter().enumerate() {
        ears.hear(Detection::plain(i as u64, r[1] as u32, (r[0] * 1e6).round() as i64));
    }
    let events = ears.finish(&Alone);
    let used = cpu() - start;
    eprintln!(
        "{} picks, {} events, {:.4} CPU s, {:.0} picks/s {:?}",
        picks.len(),
        events.len(),
        used,
        picks.len() as f64 / used,
        ears.debug
    );
    let mut text = String::from("event_id,time_s,x_km,y_km,cov_xx,cov_xy,cov_yy,evidence,members\n");
    let mut given = String::from("event_id,pick_index\n");
    for (i, e) in events.iter().enumerate() {
        let c = &e.covariance;
        writeln!(
            text,
            "{i},{:.6},{:.6},{:.6},{:.3},{:.3},{:.3},{:.2},{}",
            e.time,
            e.x,
            e.y,
            c[1][1] * 1e6,
            c[1][2] * 1e6,
            c[2][2] * 1e6,
            e.evidence,
            e.members.len()
        )
        .unwrap();
        for m in &e.members {
            writeln!(given, "{i},{m}").unwrap();
        }
    }
    std::fs::create_dir_all(out).unwrap();
    std::fs::write(format!("{out}/events.csv"), text).unwrap();
    std::fs::write(format!("{out}/assignments.csv"), given).unwrap();
}
