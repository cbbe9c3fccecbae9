//! Simulates a case and scores the association on it, in one process: `bangs --case field --seeds 1..21`.

use clap::Parser;
use impulse::{Alone, Ears, Setting, Weather};
use simulate::bangs::{Scenario, Wind, score, simulate};

#[derive(Parser)]
struct Args {
    /// path, wind-known, field, field-outside, bearings, salvos, echoes, clocks, inventing, false-place, carried,
    /// saturated, rounds, shocks, line
    #[arg(long)]
    case: String,
    /// First seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Number of seeds.
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    /// Write the data of each seed to this folder as well (stations.csv, picks.csv, truth.csv, labels.csv).
    #[arg(long)]
    out: Option<std::path::PathBuf>,
    /// Solve the wind of each event alone: no field of it over space and time.
    #[arg(long)]
    alone: bool,
}

fn scenario(case: &str, seed: u64) -> Option<(Scenario, Setting)> {
    let base = Scenario { seed, ..Scenario::default() };
    let setting = Setting::default();
    let field = || Some(Wind { mean: [5.0, -2.0], sigma: 3.4, length_km: 15.0, time_s: 900.0 });
    let field_setting = || Setting {
        weather: Weather { east_mm_s: 5_000, north_mm_s: -2_000, ..Setting::default().weather },
        ..Setting::default()
    };
    Some(match case {
        "path" => (Scenario { duration_s: 120.0, ..base }, setting),
        "field" => {
            (Scenario { duration_s: 120.0, path_error: 0.003, wind: field(), ..base }, field_setting())
        }
        "field-outside" => (
            Scenario { duration_s: 120.0, path_error: 0.003, wind: field(), outside_share: 0.3, ..base },
            field_setting(),
        ),
        "bearings" => {
            (Scenario { rate_per_min: 600.0, false_fraction: 2.0, bearing_deg: Some(5.0), ..base }, setting)
        }
        "salvos" => (Scenario { duration_s: 120.0, salvo_share: 0.3, ..base }, setting),
        "echoes" => (
            Scenario { duration_s: 120.0, echo_chance: 0.4, dead_time_s: 0.25, salvo_share: 0.2, ..base },
            setting,
        ),
        "clocks" => (
            Scenario { duration_s: 300.0, bad_clocks: 0.05, moved: 0.01, lying: 0.01, dead: 0.03, ..base },
            setting,
        ),
        "inventing" => (Scenario { duration_s: 300.0, inventing: 0.05, ..base }, setting),
        "false-place" => (Scenario { duration_s: 300.0, moved: 0.05, ..base }, setting),
        "carried" => (Scenario { duration_s: 300.0, carried: 0.05, ..base }, setting),
        "saturated" => (Scenario { duration_s: 300.0, saturated: 0.1, dead_time_s: 0.1, ..base }, setting),
        "rounds" => (Scenario { duration_s: 120.0, rounds: 0.5, ..base }, setting),
        "shocks" => {
            (Scenario { duration_s: 120.0, rate_per_min: 20.0, rounds: 0.7, bow_shock: 0.6, ..base }, setting)
        }
        "line" => (Scenario { length_km: 1_000.0, nodes: 10_000, duration_s: 120.0, ..base }, setting),
        _ => return None,
    })
}

fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|v| v.parse::<f64>().ok()).unwrap_or(0.0) * 1e-9
}

fn peak_mb() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|l| l.starts_with("VmHWM")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|v| v.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args = Args::parse();
    for seed in args.from..args.from + args.seeds {
        let (scenario, mut setting) = scenario(&args.case, seed).ok_or("no such case: see --help")?;
        if args.alone {
            setting.wind_reach_mm = 1;
        }
        let data = simulate(&scenario);
        if let Some(out) = &args.out {
            write(&out.join(format!("{}_{seed}", args.case.replace('-', ""))), &data)?;
        }
        let mut ears = Ears::new(setting, &data.nodes)?;
        let before = cpu_seconds();
        for detection in &data.detections {
            ears.hear(*detection);
        }
        let heard = ears.finish(&Alone);
        let used = cpu_seconds() - before;
        let members: usize = heard.events.iter().map(|e| e.heard as usize).sum();
        assert_eq!(members + heard.unassociated.len(), data.detections.len(), "a detection was lost");
        let window = if scenario.salvo_share > 0.0 { 0.1 } else { 1.0 };
        let north = scenario.width_km;
        let all = score(&data, &heard.events, window, |_| true);
        let inside = score(&data, &heard.events, window, |b| b.y_km < north);
        let outside = score(&data, &heard.events, window, |b| b.y_km >= north);
        println!(
            "{} seed {seed}: {} detections, {:.3} CPU s, {:.0} per CPU s, recall {:.4}, precision {:.4}, inside {:.2} / {:.2} m, \
             outside {:.2} / {:.2} m ({}), ellipse {:.3} ({:.3} outside), medium {:?}, peak {} MB",
            args.case,
            data.detections.len(),
            used,
            data.detections.len() as f64 / used,
            all.recall(),
            all.precision(),
            inside.median_m,
            inside.p95_m,
            outside.median_m,
            outside.p95_m,
            outside.heard,
            all.inside,
            outside.inside,
            ears.medium_ppm(),
            peak_mb(),
        );
        if args.case == "shocks" {
            rounds(&data, &heard);
        }
    }
    Ok(())
}

/// What became of bow shocks, and how many directions of fire were told and right.
fn rounds(data: &simulate::bangs::Data, heard: &impulse::Heard) {
    let shocks = data.shocks.iter().flatten().count();
    let (mut left, mut known, mut wrong) = (0, 0, 0);
    for it in &heard.unassociated {
        let shock = data.shocks[it.number as usize].is_some();
        left += i32::from(shock);
        if let impulse::Reason::BowShock(_) = it.reason {
            known += i32::from(shock);
            wrong += i32::from(!shock);
        }
    }
    let (mut told, mut right) = (0, 0);
    for fine in heard.events.iter().filter_map(|event| event.fine.open(impulse::Audience::Record).ok()) {
        let Some(fire) = fine.fire else { continue };
        let near = |b: &simulate::bangs::Bang| {
            (b.time_s - fine.time_us as f64 * 1e-6).abs() < 0.3
                && (b.x_km - fine.x_mm as f64 * 1e-6).hypot(b.y_km - fine.y_mm as f64 * 1e-6) < 0.5
        };
        told += 1;
        let Some(bang) = data.bangs.iter().find(|b| near(b)) else { continue };
        let Some(other) = bang.other.map(|other| data.bangs[other]) else { continue };
        let sign = if bang.outgoing == Some(true) { 1.0 } else { -1.0 };
        let (dx, dy) = (sign * (other.x_km - bang.x_km), sign * (other.y_km - bang.y_km));
        let off = f64::from(fire.azimuth) * 0.01 - dx.atan2(dy).to_degrees();
        let off = (off + 540.0).rem_euclid(360.0) - 180.0;
        right += i32::from(off.abs() < 4.0 * f64::from(fire.sigma) * 0.01 + 0.05);
    }
    println!(
        "  {shocks} detections of bow shocks: {left} in no event, {known} of them told as such, {wrong} others too; directions of \
         fire told at {told} ends of {}, {right} right",
        data.bangs.iter().filter(|b| b.other.is_some()).count(),
    );
}

fn write(folder: &std::path::Path, data: &simulate::bangs::Data) -> std::io::Result<()> {
    use std::fmt::Write as _;
    std::fs::create_dir_all(folder)?;
    let mut text = String::from("id,x_km,y_km\n");
    for n in &data.nodes {
        let _ = writeln!(text, "{},{:.6},{:.6}", n.name, n.x_mm as f64 * 1e-6, n.y_mm as f64 * 1e-6);
    }
    std::fs::write(folder.join("stations.csv"), text)?;
    let mut text = String::from("time_s,station,azimuth_deg,azimuth_sigma_deg\n");
    for d in &data.detections {
        let (a, s) = d.bearing.map_or((String::new(), String::new()), |b| {
            (format!("{:.2}", f64::from(b.azimuth) * 0.01), format!("{:.2}", f64::from(b.sigma) * 0.01))
        });
        let _ = writeln!(text, "{:.6},{},{a},{s}", d.time_us as f64 * 1e-6, d.node);
    }
    std::fs::write(folder.join("picks.csv"), text)?;
    let mut text = String::from("time_s,x_km,y_km\n");
    for b in &data.bangs {
        let _ = writeln!(text, "{:.6},{:.6},{:.6}", b.time_s, b.x_km, b.y_km);
    }
    std::fs::write(folder.join("truth.csv"), text)?;
    let mut text = String::from("event\n");
    for l in &data.labels {
        let _ = writeln!(text, "{}", l.map_or(-1, |l| l as i64));
    }
    std::fs::write(folder.join("labels.csv"), text)
}
