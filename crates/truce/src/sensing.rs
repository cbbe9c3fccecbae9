//! What nodes hear and sensors of aircraft measure: the parts of an observation that the crates `impulse` and
//! `track` work on, in whole numbers, and the mission file's rules for both.

use crate::config::{At, Field, Table};
use crate::place::{Ellipse, METRE, Mm, Point};
use crate::time::{Micros, SECOND};
use crate::{Id, Name};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// One bang as one node heard it. Its place is not known from this alone: the observation has none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heard {
    /// Name of the node: never published.
    pub node: Name,
    /// Error of the node's clock at that moment, one sigma; `None`: as the node's own record says.
    pub clock: Option<Micros>,
    /// Direction of the sound.
    pub bearing: Option<Bearing>,
    /// Peak level, hundredths of a decibel re 20 micropascal.
    pub level: Option<i32>,
    /// Length of the sound; 0 where not known.
    pub duration: Micros,
    /// Likelihood of such a sound if a round was fired, permille; 500 and 500 say nothing.
    pub outgoing: u16,
    /// The same if a round fell.
    pub impact: u16,
}

/// A direction from a sensor and its error, one sigma: clockwise from true north, millidegrees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Bearing {
    /// Towards what was sensed.
    pub azimuth: i32,
    /// One sigma, above zero.
    pub sigma: i32,
}

/// A value and its error, one sigma, in one unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Reading {
    /// The value.
    pub value: i64,
    /// One sigma, above zero.
    pub sigma: i64,
}

/// How a sensor is at a time, as it says itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum State {
    /// It works.
    Up,
    /// It does not.
    Down,
    /// It works, and hears or sees so much that what it leaves out means nothing.
    Saturated,
}

impl State {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 3] =
        [("up", Self::Up), ("down", Self::Down), ("saturated", Self::Saturated)];
}

/// A sensor's record of itself, from a moment on: where it stands (the observation's place), and what it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instrument {
    /// Its name: never published.
    pub name: Name,
    /// Height above the ellipsoid, where known.
    pub height: Option<Mm>,
    /// How far it can tell.
    pub range: Mm,
    /// What it is.
    pub sort: Sort,
}

/// Sorts of instrument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// A node of a network that hears bangs, through air or ground.
    Ear {
        /// Error of its clock while nothing else is said, one sigma.
        clock: Micros,
    },
    /// A sensor of aircraft.
    Eye {
        /// Does what it senses come as sound, and so late?
        sound: bool,
        /// Does it look at its whole field again and again, so that a scan without a detection means something?
        scans: bool,
        /// Probability that it detects an aircraft in its field in one scan, permille.
        detection: u16,
        /// Mean number of false detections in one scan, thousandths.
        false_milli: u32,
        /// Does it hand in what aircraft say of themselves?
        cooperative: bool,
    },
}

/// What something that flies looks or sounds like.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Craft {
    /// A small aircraft that can hover.
    Multirotor,
    /// An uncrewed aeroplane.
    FixedWing,
    /// An aircraft with people in it.
    Crewed,
    /// A bird.
    Bird,
}

impl Craft {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("multirotor", Self::Multirotor),
        ("fixed-wing", Self::FixedWing),
        ("crewed", Self::Crewed),
        ("bird", Self::Bird),
    ];
}

/// One measurement of an aircraft by one sensor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Measured {
    /// Name of the sensor: never published.
    pub sensor: Name,
    /// What it says.
    pub what: What,
    /// What it looked or sounded like, and the probability that this is right, permille.
    pub craft: Option<(Craft, u16)>,
}

/// What a sensor of aircraft says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// It scanned its field and found nothing.
    Nothing,
    /// A position, and perhaps a height above the ellipsoid in millimetres.
    Position {
        /// Where.
        at: Point,
        /// One-sigma error.
        error: Ellipse,
        /// Height.
        height: Option<Reading>,
    },
    /// A direction, and perhaps an elevation above the horizon in millidegrees.
    Direction {
        /// Azimuth.
        bearing: Bearing,
        /// Elevation.
        elevation: Option<Reading>,
    },
    /// A direction and a range in millimetres.
    Polar {
        /// Azimuth.
        bearing: Bearing,
        /// Range.
        range: Reading,
    },
    /// What an aircraft says of itself: a claim.
    Report {
        /// Where it says it is.
        at: Point,
        /// One-sigma error.
        error: Ellipse,
        /// Velocity towards east and north, mm/s.
        velocity: Option<[i64; 2]>,
        /// What it says it is.
        claims: Name,
    },
    /// A track of another tracker.
    Track {
        /// The other tracker's number of it.
        number: u64,
        /// Where.
        at: Point,
        /// One-sigma error.
        error: Ellipse,
        /// Velocity towards east and north, mm/s.
        velocity: [i64; 2],
        /// One-sigma error of each component of the velocity, mm/s.
        velocity_sigma: i64,
        /// Probability that it exists, permille, as the other tracker puts it.
        existence: u16,
        /// Names of the sensors that it was made from, as far as known.
        made_from: Vec<Name>,
    },
}

/// What an observation was worked out from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Derived {
    /// The detections or measurements that it rests on, by id.
    pub from: Vec<Id>,
    /// Evidence that there was such a thing, centibans, as far as the crate that made it can tell.
    pub evidence: i64,
}

/// The mission file's rules for its instruments.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rules {
    /// One for each network of nodes, by the name of its group of independence.
    pub networks: Vec<Network>,
    /// For aircraft; `None`: measurements of aircraft are kept and not used.
    pub aircraft: Option<Aircraft>,
}

/// How the bangs that one network hears are told apart and placed. (See `docs/impulse.md`.)
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Network {
    /// The group of independence of the network's observations.
    pub group: Name,
    /// Speed of the sound, mm/s.
    pub speed: i64,
    /// Its error, parts per million.
    pub speed_sigma_ppm: i64,
    /// How far a node hears.
    pub hearing: Mm,
    /// Chance that a node in reach reports a bang, permille.
    pub detection: i64,
    /// Noise of a detection's time, one sigma.
    pub timing: Micros,
    /// Independent error of each path before anything is learnt, parts per million of its travel time.
    pub path_ppm: i64,
    /// Wind towards east and north, mm/s, and the error of each.
    pub wind: [i64; 2],
    /// See `wind`.
    pub wind_sigma: i64,
    /// Distance and time beyond which the wind of two bangs has nothing in common.
    pub wind_reach: Mm,
    /// See `wind_reach`.
    pub wind_memory: Micros,
    /// Evidence above that of a chance set from which a bang is told, centibans.
    pub margin: i64,
    /// Evidence from which a bang counts as fully as the network's rating says; below it, one step less.
    pub full: i64,
    /// Length of a slice of time.
    pub slice: Micros,
    /// A node whose last heartbeat is older counts for nothing.
    pub silent: Micros,
    /// Detections of one node in one minute from which it counts as saturated.
    pub saturated: i64,
    /// Probability from which a bang counts as outgoing or as an impact, permille.
    pub established: i64,
    /// Rounds: slowest and fastest mean speed, mm/s, and the longest range.
    pub round_speed: [i64; 2],
    /// See `round_speed`.
    pub round_range: Mm,
    /// How far beside its path the bow shock of a round is heard.
    pub shock_reach: Mm,
    /// Evidence from which two bangs are told to be ends of one round, or a bang to be an echo, centibans.
    pub related: i64,
}

/// How aircraft are tracked and crossings told. (See `docs/track.md`.)
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aircraft {
    /// The group of independence of what is worked out from several sensors together.
    pub group: Name,
    /// How far a line as drawn may be from the line as held, one sigma.
    pub line_sigma: Mm,
    /// A track is settled on a side when it is this many sigmas away from the line, hundredths.
    pub settled: i64,
    /// How long to wait after it has settled.
    pub wait: Micros,
    /// The longest stretch looked back over at once.
    pub longest: Micros,
    /// Tracks farther from every line remember nothing.
    pub reach: Mm,
    /// Paths drawn for each report.
    pub paths: i64,
    /// Crossings less likely than this are not told, permille; from the next it is "possible", from the last
    /// "crossed".
    pub least: i64,
    /// See `least`.
    pub possible: i64,
    /// See `least`.
    pub crossed: i64,
    /// Gate: squared distance in sigmas, hundredths.
    pub gate: i64,
    /// Mean time for which an aircraft stays.
    pub life: Micros,
    /// A track that nothing has measured for so long ends.
    pub forget: Micros,
    /// New aircraft for each false detection before anything is known, millionths.
    pub birth_ppm: i64,
    /// A track shows from this probability on, permille.
    pub show: i64,
    /// It ends below this one, millionths.
    pub drop_ppm: i64,
    /// How long one scan of a sensor that scans takes: a second, where the mission file says nothing. Detections of one
    /// scan may have one time or each its own.
    pub scan: Micros,
    /// The same of single sensors, by name, in the order of the file.
    pub scan_of: Vec<(Name, Micros)>,
}

impl Aircraft {
    /// How long one scan of a sensor takes.
    pub fn scan(&self, sensor: &Name) -> Micros {
        let own = self.scan_of.iter().find(|(name, _)| name == sensor);
        own.map_or(self.scan, |(_, scan)| *scan)
    }
}

impl Rules {
    /// Reads `[[network]]` and `[aircraft]`. Both may be left out; what is there is there whole.
    pub(crate) fn parse(root: &Table<'_>) -> Option<Self> {
        let networks: Option<Vec<_>> = root.may("network").tables().iter().map(network).collect();
        let aircraft = match root.may("aircraft").table() {
            Some(table) => Some(aircraft(&table)?),
            None => None,
        };
        Some(Self { networks: networks?, aircraft })
    }

    /// The rules of a network.
    pub fn network(&self, group: &Name) -> Option<&Network> {
        self.networks.iter().find(|network| network.group == *group)
    }

    /// Every threshold in words: name and value.
    pub(crate) fn thresholds(&self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        for of in &self.networks {
            let mut row = |name: &str, value: String| rows.push((format!("{}: {name}", of.group), value));
            row("a node hears", format!("{} m, {} permille of bangs", of.hearing / METRE, of.detection));
            row("sound", format!("{} mm/s, known to {} ppm", of.speed, of.speed_sigma_ppm));
            row("wind", format!("{} and {} mm/s, known to {} mm/s", of.wind[0], of.wind[1], of.wind_sigma));
            row(
                "wind alike within",
                format!("{} m and {} s", of.wind_reach / METRE, of.wind_memory / SECOND),
            );
            row("noise of timing", format!("{} us, and {} ppm of the path", of.timing, of.path_ppm));
            row("a bang is told from", format!("{} centibans above chance", of.margin));
            row("and counts in full from", format!("{} centibans", of.full));
            row("worked off in slices of", format!("{} s", of.slice / SECOND));
            row("a node is silent after", format!("{} s", of.silent / SECOND));
            row("a node is saturated from", format!("{} detections a minute", of.saturated));
            row("outgoing or impact from", format!("{} permille", of.established));
            row(
                "ends of one round",
                format!(
                    "within {} m at {} to {} mm/s, from {} centibans",
                    of.round_range / METRE,
                    of.round_speed[0],
                    of.round_speed[1],
                    of.related
                ),
            );
            row("its bow shock is heard", format!("{} m beside its path", of.shock_reach / METRE));
        }
        if let Some(of) = &self.aircraft {
            let mut row = |name: &str, value: String| rows.push((format!("aircraft: {name}"), value));
            row("the line is known to", format!("{} m", of.line_sigma / METRE));
            row("settled on a side at", format!("{} hundredths of a sigma", of.settled));
            row(
                "looked back over",
                format!("{} s at most, {} s later", of.longest / SECOND, of.wait / SECOND),
            );
            row("watched within", format!("{} m of a line, on {} paths", of.reach / METRE, of.paths));
            row(
                "a crossing is told, possible, established from",
                format!("{}, {}, {} permille", of.least, of.possible, of.crossed),
            );
            row("gate", format!("{} hundredths of a squared sigma", of.gate));
            row(
                "a track ends after",
                format!("{} s unseen; mean life {} s", of.forget / SECOND, of.life / SECOND),
            );
            row(
                "a track begins, shows, ends at",
                format!("{} ppm of the false, {} permille, {} ppm", of.birth_ppm, of.show, of.drop_ppm),
            );
            // The name of a sensor is never published; how many have a scan of their own may be.
            row(
                "a sensor scans its field in",
                format!("{} ms, {} sensors otherwise", of.scan / (SECOND / 1_000), of.scan_of.len()),
            );
        }
        rows
    }
}

fn network(table: &Table<'_>) -> Option<Network> {
    let group = table.need("group").text().map(|at| Name::from(at.value));
    let span = table.span();
    let length = |key: &'static str| table.need(key).length().map(|at| at.value);
    let duration = |key: &'static str| table.need(key).duration().map(|at| at.value);
    let number = |key: &'static str, most: i64| table.need(key).integer(0..=most).map(|at| at.value);
    let decimal = |key: &'static str, places, least: i64, most: i64| {
        table.need(key).decimal(places, least..=most).map(|at| at.value)
    };
    let speed = decimal("sound_speed", 3, 100_000, 8_000_000);
    let speed_sigma = decimal("sound_speed_error", 6, 0, 200_000);
    let hearing = length("hearing");
    let detection = decimal("detection", 3, 1, 999);
    let timing = decimal("timing", 6, 1, 1_000_000);
    let path = decimal("path_error", 6, 0, 200_000);
    let (east, north) =
        (decimal("wind_east", 3, -100_000, 100_000), decimal("wind_north", 3, -100_000, 100_000));
    let wind_sigma = decimal("wind_error", 3, 0, 100_000);
    let (wind_reach, wind_memory) = (length("wind_reach"), duration("wind_memory"));
    let (margin, full) = (number("margin", 10_000), number("full", 100_000));
    let (slice, silent) = (duration("slice"), duration("silent"));
    let saturated = number("saturated", 100_000);
    let established = decimal("established", 3, 501, 1_000);
    let (slowest, fastest) =
        (decimal("round_slowest", 3, 1_000, 5_000_000), decimal("round_fastest", 3, 1_000, 5_000_000));
    let (range, related) = (length("round_range"), number("related", 10_000));
    let shock = length("shock_reach");
    let made = Network {
        group: group?,
        speed: speed?,
        speed_sigma_ppm: speed_sigma?,
        hearing: hearing?,
        detection: detection?,
        timing: timing?,
        path_ppm: path?,
        wind: [east?, north?],
        wind_sigma: wind_sigma?,
        wind_reach: wind_reach?,
        wind_memory: wind_memory?,
        margin: margin?,
        full: full?,
        slice: slice?,
        silent: silent?,
        saturated: saturated?,
        established: established?,
        round_speed: [slowest?, fastest?],
        round_range: range?,
        shock_reach: shock?,
        related: related?,
    };
    let wrong = if !(100 * METRE..=30_000 * METRE).contains(&made.hearing) {
        Some("a node hears between 100 m and 30 km: squares and their halo are cut by that")
    } else if made.slice < 10 * SECOND || made.slice > 3_600 * SECOND {
        Some("a slice lasts between 10 s and an hour")
    } else if made.round_speed[0] >= made.round_speed[1] {
        Some("the slowest round is slower than the fastest")
    } else {
        None
    };
    match wrong {
        Some(why) => {
            table.wrong(&span, "this network's rules cannot be used", "in this part", why);
            None
        }
        None => Some(made),
    }
}

fn aircraft(table: &Table<'_>) -> Option<Aircraft> {
    let group = table.need("group").text().map(|at| Name::from(at.value));
    let length = |key: &'static str| table.need(key).length().map(|at| at.value);
    let duration = |key: &'static str| table.need(key).duration().map(|at| at.value);
    let decimal = |key: &'static str, places, least: i64, most: i64| {
        table.need(key).decimal(places, least..=most).map(|at| at.value)
    };
    let line_sigma = length("line_error");
    let settled = decimal("settled", 2, 100, 1_000);
    let (wait, longest, reach) = (duration("wait"), duration("longest"), length("reach"));
    let paths = table.need("paths").integer(10..=100_000).map(|at| at.value);
    let (least, possible, crossed) =
        (decimal("least", 3, 1, 1_000), decimal("possible", 3, 1, 1_000), decimal("crossed", 3, 1, 1_000));
    let gate = decimal("gate", 2, 100, 100_000);
    let (life, forget) = (duration("life"), duration("forget"));
    let (birth, show, drop) =
        (decimal("birth", 6, 1, 1_000_000), decimal("show", 3, 1, 1_000), decimal("drop", 6, 1, 1_000_000));
    let scan = if table.has("scan") { scan_time(table, &table.may("scan")) } else { Some(SECOND) };
    let scan_of = match table.may("scan_of").table() {
        None => Some(Vec::new()),
        Some(of) => {
            let entries = of.entries();
            let one = |(name, field): &(At<&str>, Field<'_>)| {
                Some((Name::from(name.value), scan_time(&of, field)?))
            };
            entries.iter().map(one).collect()
        }
    };
    Some(Aircraft {
        scan: scan?,
        scan_of: scan_of?,
        group: group?,
        line_sigma: line_sigma?,
        settled: settled?,
        wait: wait?,
        longest: longest?,
        reach: reach?,
        paths: paths?,
        least: least?,
        possible: possible?,
        crossed: crossed?,
        gate: gate?,
        life: life?,
        forget: forget?,
        birth_ppm: birth?,
        show: show?,
        drop_ppm: drop?,
    })
}

/// How long a scan takes: from 10 ms to a minute.
fn scan_time(table: &Table<'_>, field: &Field<'_>) -> Option<Micros> {
    let found = field.duration()?;
    if (SECOND / 100..=60 * SECOND).contains(&found.value) {
        return Some(found.value);
    }
    table.wrong(
        &found.span,
        "a scan takes from 0.01 s to 60 s",
        "not a scan",
        "how long one turn of the sensor takes",
    );
    None
}
