//! The run: detections in, events out, slice by slice.

use crate::detection::{Detection, Heartbeat, Node};
use crate::event::{Event, Fine, HOUR_US, Heard, Member, Reason, Sealed, Sector, Sorts, Unassociated};
use crate::fit::{GATE, Path, Prior, Scene};
use crate::health::{Health, Off, Standing, WIDEST};
use crate::joint::{Joint, Medium, rates, solve};
use crate::medium::{Model, Models};
use crate::network::Network;
use crate::picks::{Bearing, Pick, Picks};
use crate::propose::{Proposal, Sweep};
use crate::relate::{Ray, relate};
use crate::setting::{CENTIBANS, Setting, Units};
use crate::share::{Live, Web};
use crate::shock::{self, Flight};
use crate::squares::{Square, commit, square_of};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

/// Runs the independent jobs of one step. The results come back in the order of the jobs, so that nothing
/// depends on how many workers there are.
pub trait Workers {
    /// Runs `job(0)` to `job(count - 1)`.
    fn map<R: Send>(&self, count: usize, job: &(dyn Fn(usize) -> R + Sync)) -> Vec<R>;
}

/// One worker.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Workers for Alone {
    fn map<R: Send>(&self, count: usize, job: &(dyn Fn(usize) -> R + Sync)) -> Vec<R> {
        (0..count).map(job).collect()
    }
}

/// Sweeps of a slice: each looks among the detections that the events found before do not explain.
const SWEEPS: usize = 3;
/// Past events whose word on the medium is kept, at most.
const PROBES: usize = 600;

/// What is wrong with nodes or setting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
    /// Two nodes have this name.
    SameName(u32),
    /// A node lies more than ten thousand kilometres from the origin of the plane.
    Far(u32),
    /// A value of the setting is out of its range.
    Setting(&'static str),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameName(name) => write!(f, "two nodes are named {name}: give each node a name of its own"),
            Self::Far(name) => {
                write!(
                    f,
                    "node {name} lies more than 10,000 km from the origin: are its coordinates millimetres?"
                )
            }
            Self::Setting(what) => write!(f, "setting: {what}"),
        }
    }
}

impl core::error::Error for Refused {}

/// How much work a run was; for benches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Effort {
    /// Places tried from three detections.
    pub seeds: u64,
    /// Of these, fitted.
    pub fits: u64,
}

/// The association: detections in, events out.
pub struct Ears {
    setting: Setting,
    units: Units,
    network: Network,
    medium: Medium,
    health: Health,
    /// Detections not yet accounted for.
    waiting: Vec<Detection>,
    sorted: bool,
    /// Every slice that ends here or before is settled, microseconds.
    settled_us: Option<i64>,
    refused: Vec<Unassociated>,
    effort: Effort,
    /// Room for the next slice's.
    web: Web,
    /// The squares that hold nodes, in order, and which of them holds each node.
    squares: Vec<Square>,
    home: Vec<u32>,
}

impl Ears {
    /// For a network of nodes, in any order.
    pub fn new(setting: Setting, nodes: &[Node]) -> Result<Self, Refused> {
        let limit = |ok: bool, what| if ok { Ok(()) } else { Err(Refused::Setting(what)) };
        limit(setting.sound_speed_mm_s > 0, "sound_speed_mm_s must be above zero")?;
        limit(
            (1..1_000_000_000).contains(&setting.hearing_mm),
            "hearing_mm must be above zero and below 1,000 km",
        )?;
        limit((1..1_000).contains(&setting.detection_permille), "detection_permille must be 1 to 999")?;
        limit(setting.timing_us > 0, "timing_us must be above zero")?;
        limit(setting.slice_us > 0, "slice_us must be above zero")?;
        limit(
            (501..=1_000).contains(&setting.established_permille),
            "established_permille must be 501 to 1,000",
        )?;
        let [slowest, fastest] = setting.round_mm_s;
        limit(
            0 < slowest && slowest < fastest,
            "round_mm_s must be two speeds above zero, the slower first",
        )?;
        limit(setting.round_range_mm > 0, "round_range_mm must be above zero")?;
        limit(
            setting.square_mm >= 3 * setting.hearing_mm,
            "square_mm must be at least three times hearing_mm",
        )?;
        let mut nodes = nodes.to_vec();
        nodes.sort_unstable();
        if let Some(pair) = nodes.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(Refused::SameName(pair[0].name));
        }
        let limit_mm = 10_000_000_000;
        if let Some(node) = nodes.iter().find(|n| n.x_mm.abs().max(n.y_mm.abs()) > limit_mm) {
            return Err(Refused::Far(node.name));
        }
        let units = setting.units();
        let model = Model { path: units.path, speed: units.sigma[0], wind: units.sigma[1] };
        let medium = Medium { models: Models::new(&units), model, share: 0.0, probes: Vec::new() };
        let network = Network::new(&nodes);
        let square = |node: usize| square_of(units.square, network.x[node], network.y[node]);
        let mut squares: Vec<Square> = (0..network.len()).map(square).collect();
        squares.sort_unstable();
        squares.dedup();
        let home =
            (0..network.len()).map(|node| squares.partition_point(|s| *s < square(node)) as u32).collect();
        Ok(Self {
            health: Health::new(network.len(), units.hit),
            units,
            setting,
            network,
            medium,
            waiting: Vec::new(),
            sorted: true,
            settled_us: None,
            refused: Vec::new(),
            effort: Effort::default(),
            web: Web::default(),
            squares,
            home,
        })
    }

    /// Takes a detection, in any order. One that belongs to a settled slice, or to a node that is not of the
    /// network, is accounted for in the next [`Heard`].
    pub fn hear(&mut self, detection: Detection) {
        let refuse = if self.network.find(detection.node).is_none() {
            Some(Reason::UnknownNode)
        } else if self.settled_us.is_some_and(|settled| detection.time_us < settled) {
            Some(Reason::Late)
        } else {
            None
        };
        if let Some(reason) = refuse {
            self.refused.push(Unassociated { number: detection.number, reason });
            return;
        }
        self.sorted &= self.waiting.last().is_none_or(|last| *last < detection);
        self.waiting.push(detection);
    }

    /// Takes a heartbeat. Once any came, a node without one counts as absent.
    pub fn beat(&mut self, beat: Heartbeat) {
        if let Some(node) = self.network.find(beat.node) {
            self.health.beats = true;
            let last = &mut self.health.nodes[node as usize].last_beat_us;
            *last = Some(last.map_or(beat.time_us, |t| t.max(beat.time_us)));
        }
    }

    /// Settles every slice that can no longer change: all detections up to the watermark have come.
    pub fn advance(&mut self, watermark_us: i64, workers: &impl Workers) -> Heard {
        self.settle_until(watermark_us.saturating_sub(self.setting.lag_us()), workers)
    }

    /// Settles everything: no more detections will come.
    pub fn finish(&mut self, workers: &impl Workers) -> Heard {
        self.settle_until(i64::MAX, workers)
    }

    /// Settles every slice that ends at `end_us` or before, whatever the watermark: for a caller that runs several
    /// of these side by side, slice by slice. Everything up to [`Setting::lag_us`] after the end must have come.
    pub fn settle(&mut self, end_us: i64, workers: &impl Workers) -> Heard {
        self.settle_until(end_us, workers)
    }

    /// Takes back detections that another run has given to an event: they are accounted for there. `given` holds
    /// their numbers in order.
    pub fn withdraw(&mut self, given: &[u64]) {
        self.waiting.retain(|detection| given.binary_search(&detection.number).is_err());
    }

    /// How every node stands, by name. Not for publication: it tells where sensors are weak.
    pub fn standings(&self) -> Vec<(u32, Standing)> {
        let now = self.settled_us.unwrap_or(i64::MIN);
        let mut all: Vec<_> = (0..self.network.len())
            .map(|n| (self.network.name[n], self.health.standing(n, self.silent(n, now))))
            .collect();
        all.sort_unstable_by_key(|(name, _)| *name);
        all
    }

    /// The work done so far.
    pub fn effort(&self) -> Effort {
        self.effort
    }

    /// What was learnt of the medium, one sigma in ppm: a path's own error, sound speed, wind; and the share
    /// of the latter two that is common to a region, permille.
    pub fn medium_ppm(&self) -> [i64; 4] {
        let ppm = |v: f64| libm::round(v * 1e6) as i64;
        let Medium { model, share, .. } = &self.medium;
        [ppm(model.path), ppm(model.speed), ppm(model.wind), libm::round(share * 1e3) as i64]
    }

    fn silent(&self, node: usize, begin_us: i64) -> bool {
        let last = self.health.nodes[node].last_beat_us;
        self.health.beats && last.is_none_or(|last| last < begin_us.saturating_sub(self.setting.silent_us))
    }

    fn settle_until(&mut self, end_us: i64, workers: &impl Workers) -> Heard {
        let mut heard = Heard { events: Vec::new(), unassociated: core::mem::take(&mut self.refused) };
        if !self.sorted {
            self.waiting.sort_unstable();
            self.sorted = true;
        }
        let refused = &mut heard.unassociated;
        self.waiting.dedup_by(|later, first| {
            let same = later == first;
            if same {
                refused.push(Unassociated { number: later.number, reason: Reason::Repeated });
            }
            same
        });
        while let Some(first) = self.waiting.first() {
            // Slices lie on a fixed grid of time; those in which nothing was heard are skipped.
            let begin = first.time_us.div_euclid(self.setting.slice_us).saturating_mul(self.setting.slice_us);
            let end = begin.saturating_add(self.setting.slice_us);
            if end > end_us {
                break;
            }
            self.slice(begin, end, workers, &mut heard);
            self.settled_us = Some(end);
        }
        if end_us < i64::MAX {
            let grid = end_us.div_euclid(self.setting.slice_us).saturating_mul(self.setting.slice_us);
            self.settled_us = Some(self.settled_us.map_or(grid, |settled| settled.max(grid)));
        }
        heard
    }

    /// The picks of a slice and as much after it as can bear on it.
    fn window(&self, begin_us: i64, end_us: i64) -> (Vec<Pick>, Vec<Option<Bearing>>) {
        let until = end_us.saturating_add(2 * self.setting.horizon_us() + 1_000_000);
        let count = self.waiting.partition_point(|d| d.time_us < until);
        let radians = core::f64::consts::PI / 18_000.0;
        let mut list: Vec<Pick> = Vec::with_capacity(count);
        let mut bearings = Vec::new();
        let mut ordered = true;
        for detection in &self.waiting[..count] {
            // Only known nodes are let in.
            let node = self.network.find(detection.node).unwrap_or_default();
            let record = &self.health.nodes[node as usize];
            let clock = f64::from(detection.clock_us) * 1e-6;
            let time = (detection.time_us - begin_us) as f64 * 1e-6 - record.offset;
            ordered &= list.last().is_none_or(|last| last.time <= time);
            list.push(Pick {
                time,
                node,
                clock: clock * clock + record.variance,
                waiting: list.len() as u32,
            });
            if let Some(told) = detection.bearing {
                bearings.resize(count, None);
                let (angle, sigma) = (9e3 - f64::from(told.azimuth), f64::from(told.sigma.max(1)));
                let bearing = Bearing::new(angle * radians, sigma * radians);
                bearings[list.len() - 1] = Some(bearing);
            }
        }
        if !ordered {
            list.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.waiting.cmp(&b.waiting)));
        }
        (list, bearings)
    }

    fn slice(&mut self, begin_us: i64, end_us: i64, workers: &impl Workers, heard: &mut Heard) {
        let (list, bearings) = self.window(begin_us, end_us);
        let picks = Picks::new(&list, &bearings, self.network.len());
        let origin = begin_us as f64 * 1e-6;
        let end = (end_us - begin_us) as f64 * 1e-6;
        let silent: Vec<bool> = (0..self.network.len()).map(|n| self.silent(n, begin_us)).collect();
        let hit: Vec<f64> = silent
            .iter()
            .enumerate()
            .map(|(n, silent)| if *silent { 1e-3 } else { self.health.hit(n) })
            .collect();
        let anchors = self.anchors(&list, &picks, end + self.setting.horizon_us() as f64 * 1e-6);

        let mut taken = vec![false; picks.len()];
        let mut weak = vec![false; picks.len()];
        let mut live: Vec<Live> = Vec::new();
        let least = libm::log(1.0 + picks.len() as f64);
        let mut joint = Joint {
            past: &self.medium,
            medium: self.medium.clone(),
            explained: vec![0.0; picks.len()],
            origin,
            threshold: least + self.units.margin,
            web: core::mem::take(&mut self.web),
        };
        let mut rate = Vec::new();
        for sweep in 0..SWEEPS {
            rate = rates(&picks, self.network.len(), |pick| f64::from(u8::from(!taken[pick])));
            let scene = Scene {
                units: &self.units,
                network: &self.network,
                picks: &picks,
                rate: &rate,
                hit: &hit,
                path: joint.medium.model.path,
            };
            let model = joint.medium.model;
            let prior = Prior::diagonal(self.units.mean, [model.speed, model.wind, model.wind]);
            let proposals = {
                let among = Sweep::new(&scene, prior, model, &taken, least, sweep > 0);
                // The first two sweeps try everything; the last only what an earlier one had thought explained.
                let anew = |pick: u32| sweep < 2 || weak[pick as usize];
                workers.map(anchors.len(), &|i| {
                    let (square, picks) = &anchors[i];
                    (*square, among.run(picks.iter().copied().filter(|&pick| anew(pick))))
                })
            };
            for (_, Proposal { candidates, seeds, fits }) in &proposals {
                self.effort.seeds += seeds;
                self.effort.fits += fits;
                for candidate in candidates {
                    candidate.members.iter().for_each(|&pick| weak[pick as usize] = true);
                }
            }
            let accepted = commit(&scene, &prior, &proposals, &mut taken, least, workers);
            if accepted.is_empty() && sweep > 0 {
                break;
            }
            live.extend(accepted.into_iter().map(|candidate| Live::new(candidate, prior)));
            in_order(&mut live);
            solve(&scene, &mut live, &mut joint, false, workers);
            give_once(&mut live, picks.len());
            taken.fill(false);
            for &(pick, ..) in live.iter().flat_map(|event| &event.members) {
                taken[pick as usize] = true;
            }
        }
        let scene = Scene {
            units: &self.units,
            network: &self.network,
            picks: &picks,
            rate: &rate,
            hit: &hit,
            path: joint.medium.model.path,
        };
        solve(&scene, &mut live, &mut joint, true, workers);
        let Joint { medium, web, .. } = joint;
        self.web = web;
        give_once(&mut live, picks.len());
        self.learn_nodes(&picks, &rate, &live, end, origin, &medium, &silent);
        self.medium = medium;
        // Events of the next slice will speak for themselves there.
        let probes = &mut self.medium.probes;
        probes.retain(|probe| probe.at[0] < origin + end);
        let excess = probes.len().saturating_sub(PROBES);
        probes.drain(..excess);
        // Events of the next slice competed, but are found again there, with all their detections.
        live.retain(|event| event.q[0] < end);
        in_order(&mut live);
        let path = self.medium.model.path;
        self.emit(&list, &picks, &live, (&rate, &hit, path), (begin_us, end_us), &weak, heard);
    }

    /// The picks of each square that may be among the first of a bang, in order of time.
    fn anchors(&self, list: &[Pick], picks: &Picks, last: f64) -> Vec<(Square, Vec<u32>)> {
        let mut position = vec![0_u32; list.len()];
        for (at, &source) in picks.source.iter().enumerate() {
            position[source as usize] = at as u32;
        }
        let mut anchors: Vec<(Square, Vec<u32>)> = self.squares.iter().map(|s| (*s, Vec::new())).collect();
        for (pick, &at) in list.iter().zip(&position) {
            if pick.time < last {
                anchors[self.home[pick.node as usize] as usize].1.push(at);
            }
        }
        anchors.retain(|(_, picks)| !picks.is_empty());
        anchors
    }

    /// Keeps what the settled events say of the nodes, and of the medium around them.
    #[expect(clippy::too_many_arguments, reason = "one step of a slice, split off for its length")]
    fn learn_nodes(
        &mut self,
        picks: &Picks,
        rate: &[f64],
        live: &[Live],
        end: f64,
        origin: f64,
        medium: &Medium,
        silent: &[bool],
    ) {
        self.health.forget();
        let speed = self.units.speed;
        let timing = self.units.timing * self.units.timing;
        let mut owner = vec![false; picks.len()];
        for &(pick, ..) in live.iter().flat_map(|event| &event.members) {
            owner[pick as usize] = true;
        }
        for event in live.iter().filter(|event| event.q[0] < end) {
            // Members and nodes both come in the order of the nodes.
            let mut members = event.members.iter().peekable();
            let q = &event.q;
            let name = libm::round((origin + q[0]) * 1e6) as i64 as u64;
            let health = &mut self.health;
            self.network.within(q[1], q[2], self.units.reach, |node, dx, dy, squared| {
                let path = Path::new(speed, q, dx, dy, squared);
                let own = medium.model.path * path.travel;
                let variance = timing + own * own;
                let before = |member: &&(u32, f64, f64)| (picks.node[member.0 as usize] as usize) < node;
                while members.next_if(before).is_some() {}
                let own = members.peek().filter(|member| picks.node[member.0 as usize] as usize == node);
                let (chance, residual) = own.map_or((0.0, 0.0), |&&(_, chance, residual)| (chance, residual));
                // Where another detection is likely to be in the way, silence proves nothing.
                if silent[node] || rate[node] * GATE * libm::sqrt(variance) > 0.5 {
                    return;
                }
                health.note(node, chance, residual, variance);
                if health.suspicious(node) {
                    let offset = health.nodes[node].offset;
                    let expected = q[0] + path.travel;
                    let (at, stop) = picks.from(node, expected - WIDEST);
                    let near = (at..stop).take_while(|&pick| picks.time[pick] < expected + WIDEST);
                    let off = near.filter(|&pick| !owner[pick]).map(|pick| Off {
                        event: name,
                        residual: picks.time[pick] - expected + offset,
                        sigma: libm::sqrt(variance),
                    });
                    health.suspect(node, off);
                }
            });
        }
        self.health.judge(rate);
    }

    /// Turns settled events into whole numbers, and accounts for every detection of the slice.
    #[expect(clippy::too_many_arguments, reason = "one step of a slice, split off for its length")]
    fn emit(
        &mut self,
        list: &[Pick],
        picks: &Picks,
        live: &[Live],
        (rate, hit, path): (&[f64], &[f64], f64),
        (begin_us, end_us): (i64, i64),
        weak: &[bool],
        heard: &mut Heard,
    ) {
        let detection = |pick: u32| {
            let at = list[picks.source[pick as usize] as usize].waiting as usize;
            (at, &self.waiting[at])
        };
        let mut fate: Vec<Option<Reason>> = vec![None; list.len()];
        let mut member = vec![false; list.len()];
        for (pick, weak) in weak.iter().enumerate() {
            if *weak {
                fate[detection(pick as u32).0] = Some(Reason::BelowThreshold);
            }
        }
        for event in live {
            for &(pick, ..) in &event.members {
                member[detection(pick).0] = true;
            }
        }
        let already = heard.events.len();
        let mut rays: Vec<Vec<Ray>> = Vec::new();
        for event in live {
            let us = |s: f64| libm::round(s * 1e6) as i64;
            let mm = |km: f64| libm::round(km * 1e6) as i64;
            let c = &event.covariance;
            let mut members: Vec<Member> = Vec::with_capacity(event.members.len());
            for &(pick, chance, residual) in &event.members {
                let (_, d) = detection(pick);
                let chance = libm::round(1e3 * chance) as u16;
                members.push(Member { number: d.number, node: d.node, residual_us: us(residual), chance });
            }
            let sorts =
                Sorts::of(event.members.iter().map(|&(pick, chance, _)| (detection(pick).1.class, chance)));
            // Two detections may share a number only by a fault of the source: the event then has one of them.
            members.sort_unstable_by_key(|m| (m.number, m.node));
            let Some(id) = event.members.iter().map(|m| detection(m.0).1).min().map(|d| d.number) else {
                continue;
            };
            let mut rivals = Vec::new();
            for &(pick, residual) in &event.rivals {
                let (at, d) = detection(pick);
                if !member[at] {
                    fate[at] = Some(Reason::LostTo(id));
                    rivals.push((d.number, us(residual)));
                }
            }
            rivals.sort_unstable();
            let time_us = begin_us.saturating_add(us(event.q[0]));
            let (x_mm, y_mm) = (mm(event.q[1]), mm(event.q[2]));
            let scale = |i: usize, k: usize| libm::round(c[i][k] * 1e12) as i64;
            let ray = |&(pick, ..): &(u32, f64, f64)| {
                let node = picks.node[pick as usize] as usize;
                let bearing = picks.bearing(pick as usize)?;
                Some(Ray { from: [self.network.x[node], self.network.y[node]], bearing })
            };
            rays.push(event.members.iter().filter_map(ray).collect());
            heard.events.push(Event {
                id,
                sector: Sector::of(x_mm, y_mm),
                hour_us: time_us.div_euclid(HOUR_US).saturating_mul(HOUR_US),
                sorts,
                evidence: libm::round(event.evidence * CENTIBANS) as i64,
                heard: members.len() as u32,
                echo_of: None,
                fine: Sealed::new(Fine {
                    time_us,
                    x_mm,
                    y_mm,
                    covariance: core::array::from_fn(|i| core::array::from_fn(|k| scale(i, k))),
                    medium_ppm: core::array::from_fn(|i| us(event.q[3 + i])),
                    members,
                    rivals,
                    fire: None,
                }),
            });
        }
        // Ground that the events can lie on: that of the nodes' cells.
        let ground = self.network.ground_km2().max(1.0);
        let density = live.len() as f64 / (ground * (end_us - begin_us) as f64 * 1e-6);
        let scene = Scene { units: &self.units, network: &self.network, picks, rate, hit, path };
        let shock = |a: &Fine, b: &Fine| {
            let place = |fine: &Fine| [fine.x_mm as f64 * 1e-6, fine.y_mm as f64 * 1e-6];
            let time = |fine: &Fine| (fine.time_us - begin_us) as f64 * 1e-6;
            let flight = Flight { from: place(a), to: place(b), fired: time(a), fell: time(b) };
            let reach = self.setting.shock_mm as f64 * 1e-6;
            shock::heard(&scene, &flight, reach, |pick| !member[detection(pick as u32).0])
        };
        for (id, picks) in relate(&mut heard.events[already..], &rays, &self.setting, density, shock) {
            picks.into_iter().for_each(|pick| fate[detection(pick).0] = Some(Reason::BowShock(id)));
        }
        let first = heard.unassociated.len();
        // The last slice of all times has no end.
        let over = |time_us: i64| time_us < end_us || end_us == i64::MAX;
        let mut at = 0;
        self.waiting.retain(|d| {
            let (gone, reason) = (member.get(at).copied().unwrap_or(false), fate.get(at).copied().flatten());
            at += 1;
            if !gone && over(d.time_us) {
                heard
                    .unassociated
                    .push(Unassociated { number: d.number, reason: reason.unwrap_or(Reason::NoEvent) });
            }
            !gone && !over(d.time_us)
        });
        heard.unassociated[first..].sort_unstable();
    }
}

/// Events by time, then place.
fn in_order(live: &mut [Live]) {
    live.sort_by(|a, b| {
        (0..3).fold(core::cmp::Ordering::Equal, |order, i| order.then(a.q[i].total_cmp(&b.q[i])))
    });
}

/// A pick goes to the event most likely to own it, the earlier of equals.
fn give_once(live: &mut [Live], picks: usize) {
    let mut best = vec![(0.0, 0_u32); picks];
    for (event, k) in live.iter().zip(0..) {
        for &(pick, chance, _) in &event.members {
            let slot = &mut best[pick as usize];
            if chance > slot.0 {
                *slot = (chance, k);
            }
        }
    }
    for (event, k) in live.iter_mut().zip(0..) {
        let rivals = &mut event.rivals;
        event.members.retain(|&(pick, _, residual)| {
            let own = best[pick as usize].1 == k;
            if !own {
                rivals.push((pick, residual));
            }
            own
        });
    }
}
