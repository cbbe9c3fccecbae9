//! Bangs: the crate `impulse`, square by square.
//!
//! The grid is that of linking ([`Square`]: a degree by a degree), so that it is part of the algorithm and of no
//! deployment. Each square has a plane of its own about its middle, and hears the nodes in it and within three
//! hearing radii around it. Squares go in four colours, slice by slice: what a colour commits is gone for the later
//! ones, so a detection is given once. A bang that a square places beyond its edge belongs to its neighbour; where
//! the neighbour came first and placed it on this side, this square takes it, or it would be nobody's.

use super::local::Local;
use super::{Counts, Sensed, Stand, Threads, Unassociated, Voice, derived, plain, standing};
use impulse::{
    Alone, Audience, Class, Detection, Direction, Event, Fine, Heard, Heartbeat, Node, Reason, Setting,
    Weather,
};
use std::collections::{BTreeMap, BTreeSet};
use truce::geodesy::distance;
use truce::incident::Square;
use truce::observation::{Act, Count, Detail, Kind, Observation};
use truce::place::{DEGREE, Ellipse, METRE, Mm, Place, Point};
use truce::sensing::{self, Derived, Network, Rules, Sort, State};
use truce::time::{Span, Time};
use truce::{Id, Name};

/// Why a detection that came too late is of no bang.
pub(super) const LATE: &str = "it came after its time was worked off";
const NO_RULES: &str = "the mission file has no rules for its network";
const UNKNOWN: &str = "no record says where its node stood";

/// How far beyond its edge a square may place a bang that its neighbour placed on this side: many times the error.
const EDGE: Mm = 3_000 * METRE;

/// All networks.
pub(super) struct Ears {
    nets: BTreeMap<Name, Net>,
    refused: Vec<(Id, &'static str)>,
}

/// One network.
struct Net {
    rules: Network,
    setting: Setting,
    /// Detections that are not accounted for, by time and id.
    waiting: BTreeMap<(Time, Id), (sensing::Heard, Voice)>,
    /// States of nodes.
    beats: BTreeMap<Name, Vec<(Span, State)>>,
    /// Every slice that ends here or before is settled.
    settled: i64,
    /// The nodes in force, and the squares that hear them.
    nodes: Vec<(Name, Stand)>,
    runs: Vec<Run>,
}

/// One square.
struct Run {
    square: Square,
    plane: Local,
    ears: impulse::Ears,
    /// Which of the network's nodes it hears.
    hears: Vec<bool>,
    /// What it was told of so far, microseconds.
    fed: i64,
    heard: Heard,
}

impl Ears {
    pub(super) fn new(rules: &Rules) -> Self {
        let net = |rules: &Network| Net {
            setting: setting(rules),
            rules: rules.clone(),
            waiting: BTreeMap::new(),
            beats: BTreeMap::new(),
            settled: i64::MIN,
            nodes: Vec::new(),
            runs: Vec::new(),
        };
        let nets = rules.networks.iter().map(|rules| (rules.group.clone(), net(rules))).collect();
        Self { nets, refused: Vec::new() }
    }

    pub(super) fn rules(&self, group: &Name) -> Option<&Network> {
        self.nets.get(group).map(|net| &net.rules)
    }

    pub(super) fn refuse(&mut self, id: Id, why: &'static str) {
        self.refused.push((id, why));
    }

    pub(super) fn hear(&mut self, observation: &Observation, heard: &sensing::Heard) {
        let Some(net) = self.nets.get_mut(&observation.group) else {
            return self.refused.push((observation.id, NO_RULES));
        };
        net.waiting.insert((observation.time.start, observation.id), (heard.clone(), Voice::of(observation)));
    }

    pub(super) fn beat(&mut self, group: &Name, node: &Name, time: Span, state: State) {
        if let Some(net) = self.nets.get_mut(group) {
            net.beats.entry(node.clone()).or_default().push((time, state));
        }
    }

    pub(super) fn waiting(&self) -> u64 {
        self.nets.values().map(|net| net.waiting.len() as u64).sum()
    }

    pub(super) fn advance(
        &mut self,
        watermark: Time,
        stands: &BTreeMap<(Name, Name), BTreeMap<Time, Stand>>,
        workers: Threads,
        sensed: &mut Sensed,
        counts: &mut Counts,
    ) {
        for (id, why) in self.refused.drain(..) {
            leave(id, why, sensed, counts);
        }
        for net in self.nets.values_mut() {
            net.advance(watermark, stands, workers, sensed, counts);
        }
    }
}

fn leave(id: Id, why: &'static str, sensed: &mut Sensed, counts: &mut Counts) {
    *counts.unassociated.entry(why).or_default() += 1;
    sensed.unassociated.push(Unassociated { id, why });
}

fn setting(rules: &Network) -> Setting {
    Setting {
        sound_speed_mm_s: rules.speed,
        hearing_mm: rules.hearing,
        detection_permille: rules.detection,
        timing_us: rules.timing,
        path_ppm: rules.path_ppm,
        weather: Weather {
            speed_ppm: 0,
            east_mm_s: rules.wind[0],
            north_mm_s: rules.wind[1],
            speed_sigma_ppm: rules.speed_sigma_ppm,
            wind_sigma_mm_s: rules.wind_sigma,
        },
        wind_reach_mm: rules.wind_reach,
        wind_memory_us: rules.wind_memory,
        margin_centibans: rules.margin,
        square_mm: 3 * rules.hearing,
        slice_us: rules.slice,
        silent_us: rules.silent,
        established_permille: rules.established,
        round_mm_s: rules.round_speed,
        round_range_mm: rules.round_range,
        shock_mm: rules.shock_reach,
        related_centibans: rules.related,
        ..Setting::default()
    }
}

/// The number by which a crate knows a detection: the first 64 bits of its id.
fn number(id: &Id) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&id.0[..8]);
    u64::from_be_bytes(first)
}

impl Net {
    fn advance(
        &mut self,
        watermark: Time,
        stands: &BTreeMap<(Name, Name), BTreeMap<Time, Stand>>,
        workers: Threads,
        sensed: &mut Sensed,
        counts: &mut Counts,
    ) {
        let slice = self.rules.slice;
        while let Some(((first, _), _)) = self.waiting.first_key_value() {
            let begin = first.0.div_euclid(slice) * slice;
            let end = begin + slice;
            if end.saturating_add(self.setting.lag_us()) > watermark.0 {
                break;
            }
            self.in_force(stands, Time(begin), counts);
            self.slice(begin, end, workers, sensed, counts);
            self.settled = end;
        }
    }

    /// The nodes as they stand at the start of a slice. Where one came, went to another place or had its clock set,
    /// the squares begin anew: what they had learnt was of other nodes.
    fn in_force(
        &mut self,
        stands: &BTreeMap<(Name, Name), BTreeMap<Time, Stand>>,
        begin: Time,
        counts: &mut Counts,
    ) {
        let group = &self.rules.group;
        let nodes: Vec<(Name, Stand)> = stands
            .range((group.clone(), Name::from(""))..)
            .take_while(|((of, _), _)| of == group)
            .filter_map(|((_, name), stands)| Some((name.clone(), standing(stands, begin)?.clone())))
            .filter(|(_, stand)| matches!(stand.what.sort, Sort::Ear { .. }))
            .collect();
        if nodes == self.nodes {
            return;
        }
        let hearing = self.rules.hearing;
        let mut squares: BTreeSet<Square> = BTreeSet::new();
        for (_, stand) in &nodes {
            let plane = Local::about(stand.at);
            // A bang is heard from so far at most: the squares that it may lie in.
            for x in [-1.0, 0.0, 1.0] {
                for y in [-1.0, 0.0, 1.0] {
                    let reach = hearing as f64 * 1e-3;
                    squares.extend(plane.point([x * reach, y * reach]).map(of));
                }
            }
        }
        self.runs =
            squares.into_iter().filter_map(|square| Run::new(square, &nodes, &self.setting)).collect();
        self.runs.sort_by_key(|run| (run.colour(), run.square));
        for run in &self.runs {
            counts.plane_ppm = counts.plane_ppm.max(run.plane_ppm());
        }
        self.nodes = nodes;
    }

    fn slice(&mut self, begin: i64, end: i64, workers: Threads, sensed: &mut Sensed, counts: &mut Counts) {
        let until = end + self.setting.lag_us();
        let index: BTreeMap<&Name, usize> =
            self.nodes.iter().zip(0..).map(|((name, _), at)| (name, at)).collect();
        // Numbers are ids cut short: the full ones are here.
        let mut ids: BTreeMap<u64, (Time, Id)> = BTreeMap::new();
        let mut homes: BTreeMap<u64, Square> = BTreeMap::new();
        let mut unknown = Vec::new();
        let horizon = (Time(until), Id([0; 32]));
        for ((time, id), (heard, _)) in self.waiting.range(..horizon) {
            let Some(&node) = index.get(&heard.node) else {
                if time.0 < end {
                    unknown.push((*time, *id));
                }
                continue;
            };
            let stand = &self.nodes[node].1;
            ids.insert(number(id), (*time, *id));
            homes.insert(number(id), of(stand.at));
            for run in self.runs.iter_mut().filter(|run| run.hears[node] && time.0 >= run.fed) {
                let turn = run.plane.turn(stand.at);
                run.ears.hear(detection(*time, *id, heard, node, stand, turn));
            }
        }
        for key in unknown {
            self.waiting.remove(&key);
            leave(key.1, UNKNOWN, sensed, counts);
        }
        let forgotten = begin - self.rules.silent;
        for (name, beats) in &mut self.beats {
            beats.retain(|(span, _)| span.end.0 >= forgotten);
            let Some(&node) = index.get(name) else { continue };
            let up = beats.iter().filter(|(span, state)| *state != State::Down && span.start.0 <= begin);
            if let Some(last) = up.map(|(span, _)| span.end.0.min(begin)).max() {
                for run in self.runs.iter_mut().filter(|run| run.hears[node]) {
                    run.ears.beat(Heartbeat { time_us: last, node: node as u32 });
                }
            }
        }
        for run in &mut self.runs {
            run.fed = until;
        }

        let mut given: Vec<u64> = Vec::new();
        let mut given_away: BTreeSet<u64> = BTreeSet::new();
        let mut told: Vec<Observation> = Vec::new();
        for colour in 0..4 {
            let (first, last) = (
                self.runs.partition_point(|run| run.colour() < colour),
                self.runs.partition_point(|run| run.colour() <= colour),
            );
            workers.on_each(&mut self.runs[first..last], &|run| run.heard = run.ears.settle(end, &Alone));
            let mut fresh: Vec<u64> = Vec::new();
            for run in &self.runs[first..last] {
                for event in &run.heard.events {
                    let Ok(fine) = event.fine.open(Audience::Record) else { continue };
                    let Some(at) = run.plane.point([fine.x_mm as f64 * 1e-3, fine.y_mm as f64 * 1e-3]) else {
                        continue;
                    };
                    // Already another's: the square on the other side of the edge told of it.
                    let twice = fine.members.iter().any(|member| given_away.contains(&member.number));
                    if twice || !run.tells(at) {
                        continue;
                    }
                    let Some(observation) = self.observation(run, event, fine, at, &ids) else { continue };
                    counts.bangs += 1;
                    counts.echoes += u64::from(event.echo_of.is_some());
                    counts.directed += u64::from(fine.fire.is_some());
                    told.push(observation);
                    fresh.extend(fine.members.iter().map(|member| member.number));
                    given_away.extend(fine.members.iter().map(|member| member.number));
                }
            }
            fresh.sort_unstable();
            for run in &mut self.runs {
                run.ears.withdraw(&fresh);
            }
            given.extend(fresh);
        }
        sensed.observations.extend(told);
        counts.associated += given.len() as u64;
        for number in &given {
            if let Some(key) = ids.get(number) {
                self.waiting.remove(key);
            }
        }
        // What is left of the slice is of no bang; the square where its node stands says why.
        let mut why: BTreeMap<u64, &'static str> = BTreeMap::new();
        for run in &mut self.runs {
            for left in std::mem::take(&mut run.heard).unassociated {
                if homes.get(&left.number) == Some(&run.square) {
                    why.insert(left.number, words(left.reason));
                }
            }
        }
        let later = self.waiting.split_off(&(Time(end), Id([0; 32])));
        for ((_, id), _) in std::mem::replace(&mut self.waiting, later) {
            let why = why.get(&number(&id)).copied().unwrap_or(words(Reason::NoEvent));
            leave(id, why, sensed, counts);
        }
    }

    /// A bang as an observation.
    fn observation(
        &self,
        run: &Run,
        event: &Event,
        fine: &Fine,
        at: Point,
        ids: &BTreeMap<u64, (Time, Id)>,
    ) -> Option<Observation> {
        let mut from: Vec<Id> =
            fine.members.iter().filter_map(|member| Some(ids.get(&member.number)?.1)).collect();
        from.sort();
        let id = derived("bang", &self.rules.group, from.iter().map(|id| &id.0[..]));
        let voices =
            fine.members.iter().filter_map(|member| Some(&self.waiting.get(ids.get(&member.number)?)?.1));
        let voice = voices.min_by(|a, b| a.source.cmp(&b.source))?;
        // Two sigmas either way.
        let spread = 2 * (fine.covariance[0][0].max(0) as f64).sqrt().ceil() as i64;
        let time = Span::new(Time(fine.time_us - spread), Time(fine.time_us + spread + 1))?;
        let turn = run.plane.turn(at);
        let error = ellipse(fine, turn);
        let detail = Detail::Derived(Box::new(Derived { from, evidence: event.evidence }));
        let mut bang = plain(id, voice, Kind::Impulse, time, Place::Point { at, error }, detail);
        bang.group = self.rules.group.clone();
        // What a bang is taken for. How often it is none is the prior of its kind in the mission file.
        bang.act = Act::Fire;
        bang.count = Count::Exactly(1);
        let degrees = (turn.to_degrees() * 100.0).round() as i32;
        bang.direction = fine.fire.map(|fire| (fire.azimuth + degrees).rem_euclid(36_000));
        // Thinly heard, or perhaps an echo: a step less credible each; never improbable.
        let steps = u8::from(event.evidence < self.rules.full) + u8::from(event.echo_of.is_some());
        if bang.rating.information < 4 {
            bang.rating.information = (bang.rating.information + steps).min(4);
        }
        Some(bang)
    }
}

/// The square of a point.
fn of(at: Point) -> Square {
    Square::of(&Place::Point { at, error: Ellipse::circle(0) })
}

fn detection(time: Time, id: Id, heard: &sensing::Heard, node: usize, stand: &Stand, turn: f64) -> Detection {
    let Sort::Ear { clock } = stand.what.sort else { unreachable!("only nodes that hear are in force") };
    let turn = turn.to_degrees() * 100.0;
    Detection {
        time_us: time.0,
        node: node as u32,
        number: number(&id),
        clock_us: u32::try_from(heard.clock.unwrap_or(clock)).unwrap_or(u32::MAX),
        bearing: heard.bearing.map(|bearing| Direction {
            azimuth: ((f64::from(bearing.azimuth) / 10.0 - turn).round() as i32).rem_euclid(36_000),
            sigma: (bearing.sigma / 10).max(1),
        }),
        level: heard.level,
        duration_us: u32::try_from(heard.duration).unwrap_or(u32::MAX),
        class: Class { outgoing: heard.outgoing, impact: heard.impact },
    }
}

/// The one-sigma ellipse of a place, its axis clockwise from true north.
fn ellipse(fine: &Fine, turn: f64) -> Ellipse {
    let c = |i: usize, k: usize| fine.covariance[i][k] as f64;
    let (xx, xy, yy) = (c(1, 1), c(1, 2), c(2, 2));
    let (middle, half) = ((xx + yy) / 2.0, (((xx - yy) / 2.0).powi(2) + xy * xy).sqrt());
    let axis = |variance: f64| (variance.max(1.0).sqrt().ceil() as Mm).max(1);
    // The axis of a covariance lies at half the angle of (yy - xx, 2 xy), from north.
    let angle = 0.5 * libm::atan2(2.0 * xy, yy - xx) + turn;
    Ellipse {
        major: axis(middle + half),
        minor: axis(middle - half).min(axis(middle + half)),
        azimuth: ((angle.to_degrees() * 100.0).round() as i32).rem_euclid(18_000),
    }
}

fn words(reason: Reason) -> &'static str {
    match reason {
        Reason::NoEvent => "nothing else was heard that goes with it",
        Reason::BelowThreshold => "it goes with too little to tell of a bang",
        Reason::LostTo(_) => "it fits a bang, but less well than another detection of its node",
        Reason::BowShock(_) => "it is the bow shock of a round whose two ends were heard",
        Reason::Late => LATE,
        Reason::UnknownNode => UNKNOWN,
        Reason::Repeated => "it came twice",
    }
}

impl Run {
    fn new(square: Square, nodes: &[(Name, Stand)], setting: &Setting) -> Option<Self> {
        let corner = |column: i32, row: i32| Point {
            lon: (i32::from(square.column) - 180 + column) * DEGREE,
            lat: (i32::from(square.row) + row) * DEGREE,
        };
        let south_west = corner(0, 0);
        let plane =
            Local::about(Point { lon: south_west.lon + DEGREE / 2, lat: south_west.lat + DEGREE / 2 });
        let corners =
            [corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)].map(|corner| plane.place(corner));
        let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        for place in corners.into_iter().flatten() {
            for axis in 0..2 {
                bounds[axis] = bounds[axis].min(place[axis]);
                bounds[axis + 2] = bounds[axis + 2].max(place[axis]);
            }
        }
        // What the edge may bend beyond its corners is far less than the halo.
        let halo = 3.0 * setting.hearing_mm as f64 * 1e-3;
        let mut hears = Vec::with_capacity(nodes.len());
        let mut heard = Vec::new();
        for ((_, stand), name) in nodes.iter().zip(0..) {
            let place = plane.place(stand.at).filter(|place| {
                (0..2).all(|axis| (bounds[axis] - halo..=bounds[axis + 2] + halo).contains(&place[axis]))
            });
            hears.push(place.is_some());
            heard.extend(place.map(|[x, y]| Node {
                name,
                x_mm: (x * 1e3).round() as i64,
                y_mm: (y * 1e3).round() as i64,
            }));
        }
        // The mission file was checked, and names are positions in a list: nothing here can be refused.
        let ears = impulse::Ears::new(setting.clone(), &heard).ok()?;
        Some(Self { square, plane, ears, hears, fed: i64::MIN, heard: Heard::default() })
    }

    /// Colour of the square, 0 to 3.
    fn colour(&self) -> u8 {
        colour(self.square)
    }

    /// Is a bang at this place this square's to tell?
    fn tells(&self, at: Point) -> bool {
        let home = of(at);
        if home == self.square {
            return true;
        }
        colour(home) < self.colour() && {
            let west = (i32::from(self.square.column) - 180) * DEGREE;
            let south = i32::from(self.square.row) * DEGREE;
            let nearest =
                Point { lon: at.lon.clamp(west, west + DEGREE), lat: at.lat.clamp(south, south + DEGREE) };
            distance(at, nearest) <= EDGE
        }
    }

    /// Greatest error of a length of a kilometre in the plane, at the corners of the square and within it.
    fn plane_ppm(&self) -> u64 {
        let (west, south) =
            ((i32::from(self.square.column) - 180) * DEGREE, i32::from(self.square.row) * DEGREE);
        let mut worst = 0.0_f64;
        for east in 0..5 {
            for north in 0..5 {
                let at = Point { lon: west + east * (DEGREE / 4), lat: south + north * (DEGREE / 4) };
                for step in [(90_000, 0), (0, 90_000), (60_000, 60_000)] {
                    let to = Point { lon: at.lon + step.0, lat: at.lat + step.1 };
                    let (Some(a), Some(b)) = (self.plane.place(at), self.plane.place(to)) else { continue };
                    let plane = ((b[0] - a[0]).powi(2) + (b[1] - a[1]).powi(2)).sqrt();
                    let truth = distance(at, to) as f64 * 1e-3;
                    worst = worst.max((plane / truth - 1.0).abs());
                }
            }
        }
        (worst * 1e6).ceil() as u64
    }
}

fn colour(square: Square) -> u8 {
    (square.column.rem_euclid(2) + 2 * square.row.rem_euclid(2)) as u8
}
