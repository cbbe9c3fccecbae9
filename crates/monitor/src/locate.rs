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
    distinct(&args)?;
    let nodes = read_nodes(&args.stations)?;
    let (detections, bad) = read_detections(&args.picks)?;
    let mut ears = Ears::new(Setting::default(), &nodes)
        .map_err(|refused| format!("{}: {refused}", args.stations.display()))?;
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

/// No file that is written may be one that is read, or be written twice.
fn distinct(args: &LocateArgs) -> Result<(), String> {
    let whole = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let there = fs::canonicalize(path).ok();
        there.or_else(|| Some(fs::canonicalize(folder).ok()?.join(path.file_name()?)))
    };
    let mut known = vec![("--stations", &args.stations), ("--picks", &args.picks)];
    let written = [("--out", Some(&args.out)), ("--assignments", args.assignments.as_ref())];
    for (name, path) in written.into_iter().filter_map(|(name, path)| Some((name, path?))) {
        if let Some((other, _)) = known.iter().find(|(_, other)| whole(other) == whole(path)) {
            return Err(format!(
                "{name} and {other} are one file, {}: choose another for {name}",
                path.display()
            ));
        }
        known.push((name, path));
    }
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
        let text = fs::read_to_string(path).map_err(|e| {
            format!("{}: cannot be read ({e}): is the path right, and the file text?", path.display())
        })?;
        // Some spreadsheets put a mark before the first column.
        let text = text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text);
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
            let value = |column: &Option<usize>| {
                let value: f64 = line.split(',').nth((*column)?)?.trim().parse().ok()?;
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
    let (mut bad, mut unpointed) = (0, 0);
    for ((line, row), number) in table.rows().zip(0..) {
        let station = row[1].filter(|v| (0.0..=f64::from(u32::MAX)).contains(v) && v.fract() == 0.0);
        let (Some(time), Some(station)) = (row[0], station) else {
            if bad < SHOWN {
                eprintln!(
                    "{}:{line}: rejected: time_s must be a number below 1e12 and station a whole one from 0",
                    path.display()
                );
            }
            bad += 1;
            continue;
        };
        let mut detection = Detection::plain(number, station as u32, (time * 1e6).round() as i64);
        match (row[2], row[3].filter(|sigma| (0.0..=180.0).contains(sigma) && *sigma > 0.0)) {
            (Some(azimuth), Some(sigma)) => {
                let centidegrees = |v: f64| (v * 100.0).round() as i32;
                let (azimuth, sigma) = (azimuth.rem_euclid(360.0), centidegrees(sigma).max(1));
                detection.bearing = Some(Direction { azimuth: centidegrees(azimuth), sigma });
            }
            (Some(_), None) => {
                if unpointed < SHOWN {
                    eprintln!(
                        "{}:{line}: heard, but without its direction: azimuth_sigma_deg must be above 0 and at most 180",
                        path.display()
                    );
                }
                unpointed += 1;
            }
            (None, _) => {}
        }
        detections.push(detection);
    }
    for (count, what) in [(bad, "rejected"), (unpointed, "heard without their direction")] {
        if count > SHOWN {
            eprintln!("{}: {count} rows {what} in all", path.display());
        }
    }
    Ok((detections, bad))
}

/// Rows that are complained of one by one.
const SHOWN: u64 = 10;

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
    let wanted = [(assignments, &given), (Some(out), &events)].into_iter();
    let files = wanted.filter_map(|(path, text)| Some((Place::new(path?), text)));
    let files = files.map(|(place, text)| Ok((place?, text))).collect::<Result<Vec<_>, String>>()?;
    // Whole or not at all: both stand beside their places before either takes it.
    let written = files.iter().try_for_each(|(place, text)| place.write(text));
    let done = written.and_then(|()| files.iter().try_for_each(|(place, _)| place.take()));
    if done.is_err() {
        files
            .iter()
            .filter_map(|(place, _)| place.part.as_ref())
            .for_each(|part| drop(fs::remove_file(part)));
    }
    done
}

/// Where a file is to stand.
struct Place {
    /// Where the path leads.
    to: PathBuf,
    /// Where it is written first. None for what is there and no file, a pipe or a device: that is written to as it is,
    /// for a file may never take its place.
    part: Option<PathBuf>,
}

impl Place {
    fn new(path: &Path) -> Result<Self, String> {
        let to = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let there = fs::metadata(&to).ok();
        if there.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(format!("{}: cannot be written: is a folder; name a file in it", path.display()));
        }
        let mut name = to.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.part", std::process::id()));
        let part = there.is_none_or(|it| it.is_file()).then(|| to.with_file_name(name));
        Ok(Self { to, part })
    }

    fn write(&self, text: &str) -> Result<(), String> {
        fs::write(self.part.as_ref().unwrap_or(&self.to), text).map_err(|e| self.cannot(&e))
    }

    fn take(&self) -> Result<(), String> {
        self.part.as_ref().map_or(Ok(()), |part| fs::rename(part, &self.to).map_err(|e| self.cannot(&e)))
    }

    fn cannot(&self, error: &std::io::Error) -> String {
        format!(
            "{}: cannot be written ({error}): does its folder exist, and may you write there?",
            self.to.display()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twelve nodes, a bang that all hear at a second past ten, and what is wrong with the files.
    struct Ground(PathBuf);

    impl Ground {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("truceline-locate-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).expect("a folder");
            let ground = Self(folder);
            ground.write("stations.csv", &format!("id,x_km,y_km\n{}", Self::nodes()));
            ground.write("picks.csv", &format!("time_s,station\n{}", Self::picks().concat()));
            ground
        }

        fn places() -> impl Iterator<Item = (usize, f64, f64)> {
            (0..12).map(|n| (n, (n % 4) as f64 * 1.1 + 0.1 * (n / 4) as f64, (n / 4) as f64 * 1.3))
        }

        fn nodes() -> String {
            Self::places().map(|(n, x, y)| format!("{n},{x},{y}\n")).collect()
        }

        fn picks() -> Vec<String> {
            Self::places()
                .map(|(n, x, y)| format!("{:.6},{n}\n", 11.0 + (x - 1.7).hypot(y - 1.5) / 0.34))
                .collect()
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.join(name)
        }

        fn write(&self, name: &str, text: &str) {
            fs::write(self.path(name), text).expect("a file");
        }

        fn locate(&self, out: &str) -> Result<String, String> {
            run(LocateArgs {
                stations: self.path("stations.csv"),
                picks: self.path("picks.csv"),
                out: self.path(out),
                assignments: Some(self.path("a.csv")),
            })?;
            Ok(fs::read_to_string(self.path(out)).expect("events"))
        }
    }

    impl Drop for Ground {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn marks_line_ends_order_and_nonsense_rows_change_no_event() {
        let ground = Ground::new("rows");
        let plain = ground.locate("out.csv").expect("a plain run");
        assert_eq!(plain.lines().count(), 2, "{plain}");
        ground.write(
            "stations.csv",
            &format!("\u{feff}id,x_km,y_km\r\n{}", Ground::nodes().replace('\n', "\r\n")),
        );
        let rows: Vec<String> = Ground::picks().into_iter().rev().collect();
        ground.write(
            "picks.csv",
            &format!("\u{feff}time_s,station\r\n{}", rows.concat().replace('\n', "\r\n")),
        );
        let place = |text: &str| {
            text.lines().nth(1).expect("an event").split(',').skip(1).collect::<Vec<_>>().join(",")
        };
        assert_eq!(place(&ground.locate("out.csv").expect("marks and line ends")), place(&plain));
        let long = "9".repeat(1 << 20);
        let bad = format!(
            "NaN,3\ninf,4\n1e12,5\n-1e300,1\n12,-1\n12,1.5\n12,4294967296\n,,\n\"12\",3\n{long}\n{}\n",
            ",".repeat(1 << 20)
        );
        ground.write("picks.csv", &format!("time_s,station\n{}{bad}", Ground::picks().concat()));
        assert_eq!(place(&ground.locate("out.csv").expect("bad rows")), place(&plain));
    }

    #[test]
    fn no_detection_is_lost() {
        let ground = Ground::new("books");
        // Twice the same, far off in time, of unknown nodes, before the epoch.
        let odd = "999999999999,3\n-999999999999,3\n12,77\n-5,2\n";
        let twice = [Ground::picks().concat(), Ground::picks()[..3].concat(), odd.to_string()].concat();
        ground.write("picks.csv", &format!("time_s,station\n{twice}"));
        let nodes = read_nodes(&ground.path("stations.csv")).expect("nodes");
        let (detections, bad) = read_detections(&ground.path("picks.csv")).expect("detections");
        assert_eq!((detections.len(), bad), (19, 0));
        let mut ears = Ears::new(Setting::default(), &nodes).expect("a good setting");
        detections.iter().for_each(|detection| ears.hear(*detection));
        let heard = ears.finish(&Alone);
        let members = |event: &impulse::Event| {
            let fine = event.fine.open(Audience::Record).expect("the record may");
            fine.members.iter().map(|member| member.number).collect::<Vec<_>>()
        };
        let mut all: Vec<u64> = heard.events.iter().flat_map(members).collect();
        all.extend(heard.unassociated.iter().map(|it| it.number));
        all.sort_unstable();
        assert_eq!(all, (0..19).collect::<Vec<_>>());
        assert_eq!(heard.events.len(), 1);
    }

    #[test]
    fn a_direction_of_any_number_does_no_harm() {
        let ground = Ground::new("directions");
        let odd =
            ["1e11,5", "-1e11,5", "90,-5", "90,0", "90,NaN", "NaN,5", "90,1e11", "0,180", ",", "450,1e-9"];
        let rows = Ground::picks();
        let rows = rows.iter().zip(odd.iter().cycle()).map(|(row, odd)| format!("{},{odd}\n", row.trim()));
        let rows: String = rows.collect();
        ground.write("picks.csv", &format!("time_s,station,azimuth_deg,azimuth_sigma_deg\n{rows}"));
        let (detections, bad) = read_detections(&ground.path("picks.csv")).expect("detections");
        assert_eq!((detections.len(), bad), (12, 0));
        let pointed = detections.iter().filter(|detection| detection.bearing.is_some()).count();
        assert_eq!(pointed, 6, "four of ten, and the first two once more");
        ground.locate("out.csv").expect("a run");
    }

    /// A link stands for what it leads to, and what is there and no file, a device or as here a socket, stays what it is.
    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_not_replaced_by_one() {
        use std::os::unix::fs::{FileTypeExt, symlink};
        let ground = Ground::new("places");
        ground.write("kept.csv", "old");
        symlink("kept.csv", ground.path("link.csv")).expect("a link");
        assert_eq!(ground.locate("link.csv").expect("a run").lines().count(), 2);
        assert!(fs::symlink_metadata(ground.path("link.csv")).expect("a link").is_symlink());
        assert_eq!(fs::read_to_string(ground.path("kept.csv")).expect("a file").lines().count(), 2);
        let _held = std::os::unix::net::UnixListener::bind(ground.path("s")).expect("a socket");
        let error = ground.locate("s").expect_err("a socket is no file");
        assert!(error.contains("cannot be written"), "{error}");
        assert!(fs::metadata(ground.path("s")).expect("a socket").file_type().is_socket());
    }

    #[test]
    fn an_input_is_never_written_over_nor_a_file_left_half() {
        let ground = Ground::new("files");
        let before = fs::read_to_string(ground.path("picks.csv")).expect("picks");
        for (out, what) in [("picks.csv", "--picks"), ("stations.csv", "--stations"), ("a.csv", "--out")] {
            let error = ground.locate(out).expect_err("one file twice");
            assert!(error.contains(what) && error.contains("one file"), "{error}");
            assert_eq!(fs::read_to_string(ground.path("picks.csv")).expect("picks"), before);
        }
        // Through another name of the same folder.
        let error = ground.locate("./picks.csv").expect_err("one file twice");
        assert!(error.contains("--picks"), "{error}");
        fs::create_dir(ground.path("taken")).expect("a folder");
        ground.write("a.csv", "as it was");
        let error = ground.locate("taken").expect_err("a folder is no file");
        assert!(error.contains("cannot be written") && error.contains("folder"), "{error}");
        assert_eq!(fs::read_to_string(ground.path("a.csv")).expect("assignments"), "as it was");
        let left = fs::read_dir(&ground.0).expect("a folder").flatten();
        assert!(left.into_iter().all(|it| !it.file_name().to_string_lossy().ends_with(".part")));
        for (name, text) in
            [("picks.csv", ""), ("stations.csv", "id,x_km\n"), ("stations.csv", "id,x_km,y_km\n1,NaN,2\n")]
        {
            let ground = Ground::new("empty");
            ground.write(name, text);
            let error = ground.locate("out.csv").expect_err("nothing to read");
            assert!(error.contains(name), "{error}");
            assert!(!ground.path("out.csv").exists() && !ground.path("a.csv").exists());
        }
        let ground = Ground::new("none");
        ground.write("stations.csv", "id,x_km,y_km\n");
        assert_eq!(ground.locate("out.csv").expect("no node, no event").lines().count(), 1);
        // Nodes at both ends of the plane: refused in words, or worked with, in little memory.
        ground.write("stations.csv", "id,x_km,y_km\n1,-9999,-9999\n2,9999,9999\n");
        ground.locate("out.csv").expect("two far nodes");
        ground.write("stations.csv", "id,x_km,y_km\n1,-9999999999,-9999\n2,9999,9999\n");
        assert!(ground.locate("out.csv").expect_err("too far").contains("10,000 km"));
        ground.write("stations.csv", "id,x_km,y_km\n1,0,0\n1,1,1\n");
        assert!(ground.locate("out.csv").expect_err("twice").contains("named 1"));
    }
}
