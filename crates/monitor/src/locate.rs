//! `truceline locate`: bangs from files of nodes and detections in a plane. Files only, no live data: it is
//! there so that anyone can score the association beside its peers.

use impulse::{Alone, Audience, Detection, Direction, Ears, Heard, Node, Setting};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Arguments of `truceline locate`.
#[derive(clap::Args, Debug)]
pub struct LocateArgs {
    /// Nodes: CSV with the columns id, x_km, y_km.
    #[arg(long)]
    pub stations: PathBuf,
    /// Detections: CSV with the columns time_s, station and, if the nodes give bearings, azimuth_deg and
    /// azimuth_sigma_deg (towards the source, clockwise from the y axis).
    #[arg(long)]
    pub picks: PathBuf,
    /// Events go here: event_id, time_s, x_km, y_km, cov_xx, cov_xy, cov_yy (m^2).
    #[arg(long)]
    pub out: PathBuf,
    /// Which detection is of which event goes here: event_id, pick_index (row of picks from 0).
    #[arg(long)]
    pub assignments: Option<PathBuf>,
}

/// Runs the command; prints one JSON object of counts and CPU seconds. The error is a text for a person.
pub fn run(args: LocateArgs) -> Result<(), String> {
    let nodes = read_nodes(&args.stations)?;
    let (detections, bad) = read_detections(&args.picks)?;
    let mut ears = Ears::new(Setting::default(), &nodes).map_err(|e| e.to_string())?;
    let start = cpu_seconds();
    for detection in &detections {
        ears.hear(*detection);
    }
    let heard = ears.finish(&Alone);
    let used = cpu_seconds().zip(start).map_or(-1.0, |(end, start)| end - start);
    write_events(&args.out, args.assignments.as_deref(), &heard)?;
    let members: u64 = heard.events.iter().map(|event| u64::from(event.heard)).sum();
    println!(
        "{{\"detections\": {}, \"rejected\": {bad}, \"events\": {}, \"associated\": {members}, \"unassociated\": {}, \
         \"cpu_associate_s\": {used:.6}, \"seeds\": {}, \"fits\": {}, \"medium_ppm\": {:?}}}",
        detections.len(),
        heard.events.len(),
        heard.unassociated.len(),
        ears.effort().seeds,
        ears.effort().fits,
        ears.medium_ppm(),
    );
    Ok(())
}

/// CPU seconds of this process so far, where the system tells (Linux).
fn cpu_seconds() -> Option<f64> {
    // The kernel books at its ticks, some milliseconds apart, and when a thread gives way: so give way.
    std::thread::yield_now();
    let text = fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? * 1e-9)
}

/// The rows of a CSV file of numbers below its header, by the positions of the wanted columns.
struct Table {
    text: String,
    columns: Vec<Option<usize>>,
}

impl Table {
    fn read(path: &Path, wanted: &[(&str, bool)]) -> Result<Self, String> {
        let text = fs::read_to_string(path)
            .map_err(|e| format!("{}: cannot be read ({e}): is the path right?", path.display()))?;
        let header: Vec<&str> = text.lines().next().unwrap_or("").split(',').map(str::trim).collect();
        let mut columns = Vec::new();
        for (name, needed) in wanted {
            let at = header.iter().position(|column| column == name);
            if *needed && at.is_none() {
                return Err(format!(
                    "{}:1: no column {name}: the header must be {}",
                    path.display(),
                    wanted
                        .iter()
                        .filter(|(_, needed)| *needed)
                        .map(|(name, _)| *name)
                        .collect::<Vec<_>>()
                        .join(",")
                ));
            }
            columns.push(at);
        }
        Ok(Self { text, columns })
    }

    /// Line number and the wanted values of each row; `None` for one that is missing or no number.
    fn rows(&self) -> impl Iterator<Item = (usize, Vec<Option<f64>>)> + '_ {
        self.text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()).map(|(at, line)| {
            let fields: Vec<&str> = line.split(',').collect();
            let value = |column: &Option<usize>| {
                let value: f64 = fields.get((*column)?)?.trim().parse().ok()?;
                (value.is_finite() && value.abs() < 1e12).then_some(value)
            };
            (at + 1, self.columns.iter().map(value).collect())
        })
    }
}

fn read_nodes(path: &Path) -> Result<Vec<Node>, String> {
    let table = Table::read(path, &[("id", true), ("x_km", true), ("y_km", true)])?;
    let mut nodes = Vec::new();
    for (line, row) in table.rows() {
        let [Some(id), Some(x), Some(y)] = row[..] else {
            return Err(format!("{}:{line}: id, x_km and y_km must be numbers", path.display()));
        };
        if id < 0.0 || id > f64::from(u32::MAX) || id.fract() != 0.0 {
            return Err(format!("{}:{line}: id must be a whole number from 0", path.display()));
        }
        nodes.push(Node { name: id as u32, x_mm: (x * 1e6).round() as i64, y_mm: (y * 1e6).round() as i64 });
    }
    Ok(nodes)
}

/// The detections, and the number of rows that are not one. A bad row keeps its number.
fn read_detections(path: &Path) -> Result<(Vec<Detection>, u64), String> {
    let wanted = [("time_s", true), ("station", true), ("azimuth_deg", false), ("azimuth_sigma_deg", false)];
    let table = Table::read(path, &wanted)?;
    let mut detections = Vec::new();
    let mut bad = 0;
    for ((line, row), number) in table.rows().zip(0..) {
        let station = row[1].filter(|v| (0.0..=f64::from(u32::MAX)).contains(v) && v.fract() == 0.0);
        let (Some(time), Some(station)) = (row[0], station) else {
            eprintln!(
                "{}:{line}: rejected: time_s must be a number and station a whole one from 0",
                path.display()
            );
            bad += 1;
            continue;
        };
        let mut detection = Detection::plain(number, station as u32, (time * 1e6).round() as i64);
        if let (Some(azimuth), Some(sigma)) = (row[2], row[3])
            && sigma > 0.0
        {
            let centidegrees = |v: f64| (v * 100.0).round() as i32;
            detection.bearing =
                Some(Direction { azimuth: centidegrees(azimuth), sigma: centidegrees(sigma).max(1) });
        }
        detections.push(detection);
    }
    Ok((detections, bad))
}

fn write_events(out: &Path, assignments: Option<&Path>, heard: &Heard) -> Result<(), String> {
    let mut events = String::from("event_id,time_s,x_km,y_km,cov_xx,cov_xy,cov_yy\n");
    let mut given = String::from("event_id,pick_index\n");
    let fail = |e: std::fmt::Error| e.to_string();
    for event in &heard.events {
        // The files are the caller's own record of the caller's own data.
        let fine = event.fine.open(Audience::Record).map_err(|e| e.to_string())?;
        let square = |i: usize, k: usize| fine.covariance[i][k] as f64 * 1e-6;
        writeln!(
            events,
            "{},{:.6},{:.6},{:.6},{:.6},{:.6},{:.6}",
            event.id,
            fine.time_us as f64 * 1e-6,
            fine.x_mm as f64 * 1e-6,
            fine.y_mm as f64 * 1e-6,
            square(1, 1),
            square(1, 2),
            square(2, 2),
        )
        .map_err(fail)?;
        for member in &fine.members {
            writeln!(given, "{},{}", event.id, member.number).map_err(fail)?;
        }
    }
    let write = |path: &Path, text: &str| {
        fs::write(path, text)
            .map_err(|e| format!("{}: cannot be written ({e}): does its folder exist?", path.display()))
    };
    write(out, &events)?;
    assignments.map_or(Ok(()), |path| write(path, &given))
}
