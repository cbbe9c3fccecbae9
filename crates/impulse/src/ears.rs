//! The run: detections in, events out, slice by slice, square by square.

use crate::detection::{Detection, Node};
use crate::fit::{Prior, Scene, State};
use crate::linear::Matrix;
use crate::medium::{Model, Models};
use crate::network::Network;
use crate::picks::{Bearing, Pick, Picks};
use crate::propose::{Candidate, Proposal, Sweep};
use crate::resolve::resolve;
use crate::setting::{Setting, Units};
use crate::share::{Live, Web};
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

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

/// Rounds of the joint solution of one slice.
const ROUNDS: usize = 16;

/// A square of the grid.
type Square = (i64, i64);

pub struct Ears {
    setting: Setting,
    units: Units,
    network: Network,
    /// Detections not yet accounted for, in order of time, node, number.
    waiting: Vec<Detection>,
    sorted: bool,
    /// Everything before this is settled, microseconds.
    settled_us: Option<i64>,
    models: Models,
    pub debug: Debug,
    pub oracle: Vec<[f64; 3]>,
}

#[derive(Default, Debug, Clone)]
pub struct Debug {
    pub trials: u64,
    pub fits: u64,
    pub candidates: [usize; 5],
    pub accepted: [usize; 5],
    pub pruned: usize, pub turns: usize, pub refits: usize,
    pub lost: usize,
    pub found: Vec<(f64,f64,f64,f64)>,
    pub model: Vec<(f64, f64, f64)>,
    pub sure: (f64, f64),
}

/// A raw event.
#[derive(Clone, Debug)]
pub struct Raw {
    pub time: f64,
    pub x: f64,
    pub y: f64,
    pub covariance: Matrix<6>,
    pub evidence: f64,
    pub members: Vec<u64>,
}

impl Ears {
    pub fn new(setting: Setting, nodes: &[Node]) -> Self {
        let units = setting.units();
        Self {
            models: Models::new(&units),
            units,
            setting,
            network: Network::new(nodes),
            waiting: Vec::new(),
            sorted: true,
            settled_us: None,
            debug: Debug::default(),
            oracle: Vec::new(),
        }
    }

    pub fn hear(&mut self, detection: Detection) {
        self.sorted &= self.waiting.last().is_none_or(|last| *last < detection);
        self.waiting.push(detection);
    }

    /// The longest that sound can take across the hearing radius, s.
    fn horizon(&self) -> f64 {
        1.05 * self.units.reach / self.units.speed
    }

    pub fn finish(&mut self, workers: &impl Workers) -> Vec<Raw> {
        if !self.sorted {
            self.waiting.sort_unstable();
            self.sorted = true;
        }
        let mut out = Vec::new();
        while let Some(first) = self.waiting.first() {
            let slice = self.setting.slice_us;
            // Slices in which nothing was heard are skipped; a bang just before a slice, heard in it, is its own.
            let begin = first.time_us.div_euclid(slice) * slice;
            self.slice(begin, begin + slice, workers, &mut out);
            self.settled_us = Some(begin + slice);
        }
        out
    }

    fn slice(&mut self, begin_us: i64, end_us: i64, workers: &impl Workers, out: &mut Vec<Raw>) {
        let horizon_us = (self.horizon() * 1e6) as i64;
        let until = self.waiting.partition_point(|d| d.time_us < end_us + 2 * horizon_us + 1_000_000);
        let window = &self.waiting[..until];
        let mut list = Vec::with_capacity(window.len());
        let mut known = Vec::with_capacity(window.len());
        for (i, detection) in window.iter().enumerate() {
            let Some(node) = self.network.find(detection.node) else { continue };
            known.push(i as u32);
            list.push(Pick {
                time: (detection.time_us - begin_us) as f64 * 1e-6,
                node,
                clock: {
                    let s = f64::from(detection.clock_us) * 1e-6;
                    s * s
                },
                bearing: detection.bearing.map(|b| Bearing {
                    angle: (9_000 - b.azimuth) as f64 * (core::f64::consts::PI / 18_000.0),
                    sigma: b.sigma as f64 * (core::f64::consts::PI / 18_000.0),
                }),
            });
        }
        let picks = Picks::new(&list, self.network.len());
        let slice_end = (end_us - begin_us) as f64 * 1e-6;
        let last_event = slice_end + self.horizon();

        // The picks of each square, in order of time, as far as they may be first arrivals.
        let mut position = vec![0_u32; list.len()];
        for (at, &source) in picks.source.iter().enumerate() {
            position[source as usize] = at as u32;
        }
        let square_of = |x: f64, y: f64| -> Square {
            (libm::floor(x / self.units.square) as i64, libm::floor(y / self.units.square) as i64)
        };
        let squares: Vec<Square> = (0..self.network.len())
            .map(|n| square_of(self.network.x[n], self.network.y[n])).collect();
        let mut anchors: BTreeMap<Square, Vec<u32>> = BTreeMap::new();
        for (pick, &at) in list.iter().zip(&position) {
            if pick.time < last_event {
                anchors.entry(squares[pick.node as usize]).or_default().push(at);
            }
        }
        let anchors: Vec<(Square, Vec<u32>)> = anchors.into_iter().collect();

        let mut prior = Prior::diagonal(self.units.mean, self.units.sigma);
        let mut model = Model { path: self.units.path, speed: self.units.sigma[0], wind: self.units.sigma[1] };
        let mut next_models = None; let mut debug_explained = 0.0;
        let hit = vec![self.units.hit; self.network.len()];
        let mut taken = vec![false; picks.len()];
        let mut live: Vec<Live> = Vec::new();
        let mut debug = core::mem::take(&mut self.debug);
        for round in 0..self.setting.tune[3] as usize {
            let rate = rates(&picks, self.network.len(), |pick| f64::from(u8::from(!taken[pick])));
            let scene = Scene {
                units: &self.units, network: &self.network, picks: &picks, rate: &rate, hit: &hit, path: model.path, near_cut: self.setting.tune[6],
            };
            let final_threshold = libm::log(1.0 + picks.len() as f64) + self.setting.tune[1];
            let threshold = libm::log(1.0 + picks.len() as f64) + self.setting.tune[0];
            let sweep = Sweep { scene: &scene, prior, taken: &taken, threshold, patience: self.setting.tune[2] as u32, tune: self.setting.tune, both: if round as f64 >= self.setting.tune[7] { 1.0 } else { 0.0 }, timing: self.units.timing * self.units.timing, path: (model.path * model.path + model.wind * model.wind + model.speed * model.speed) / (self.units.speed * self.units.speed) };
            let proposals: Vec<Proposal> = workers.map(anchors.len(), &|i| sweep.run(&anchors[i].1));
            for p in &proposals {
                debug.trials += p.trials;
                debug.fits += p.fits;
                debug.candidates[round] += p.candidates.len();
            }
            let mut proposals = proposals;
            if round == 99 {
                let mut m = Vec::new();
                for t in &self.oracle {
                    let q = [t[0] - begin_us as f64 * 1e-6, t[1], t[2], 0.0, 0.0, 0.0];
                    if let Some((q, evidence)) = crate::propose::fit(&scene, q, 1.0, &prior, threshold, &mut m, |p| f64::from(u8::from(!taken[p]))) {
                        m.sort_unstable();
                        debug.found.push((t[0], t[1], t[2], evidence));
 if self.setting.tune[3] > 8.0 {} else {proposals[0].candidates.push(Candidate { q, evidence, members: m.clone() });}
                    } else { debug.lost += 1; }
                }
            }
            let accepted = self.commit(&scene, &prior, &anchors, &proposals, &mut taken, threshold, workers, square_of);
            debug.accepted[round] += accepted.len();
            let fresh = accepted.len();
            live.extend(accepted.into_iter().map(|c| Live {
                q: c.q,
                covariance: [[0.0; 6]; 6],
                evidence: c.evidence,
                prior,
                members: Vec::new(),
            }));
            live.sort_by(|a, b| a.q[0].total_cmp(&b.q[0]).then(a.q[1].total_cmp(&b.q[1])));
            if fresh == 0 && round > 0 {
                break;
            }
            // Joint solution, with what the residuals say of the medium half-way.
            let mut explained: Vec<f64> = vec![0.0; picks.len()];
            let mut settled = false;
            let mut estimates = 0;
            let mut refits = 0;
            for turn in 0..ROUNDS {
                let rate = rates(&picks, self.network.len(), |pick: usize| f64::max(1.0 - explained[pick], 0.02));
                let scene = Scene { rate: &rate, path: model.path, ..scene };
                let web = Web::new(&scene, &live, |_| true);
                if turn >= 2 && !settled {
                    estimates += 1;
                    let before = model;
                    let mut models = self.models.clone();
                    models.forget();
                    let mut order: Vec<usize> = (0..live.len()).collect();
                    order.sort_by(|a, b| live[*b].evidence.total_cmp(&live[*a].evidence).then(a.cmp(b)));
                    for &k in order.iter().take(200) {
                        if let Some(more) = Models::of_event(&web.samples(k, &live[k].q, &self.units.mean)) {
                            models.add(&more);
                        }
                    }
                    model = models.best();
 if self.setting.tune[6] == 3.0 { model = Model { path: 0.01, wind: 0.0, speed: 0.0 }; }
                    settled = model.near(&before) || estimates >= 3;
                    debug.model.push((model.path, model.speed, model.wind));
                    next_models = Some(models);
                    prior = Prior::diagonal(self.units.mean, [model.speed, model.wind, model.wind]);
                    for event in &mut live { event.prior = prior; }
                }
                explained.fill(0.0);
                let mut farthest: f64 = 0.0;
                for (k, event) in live.iter_mut().enumerate() {
                    event.evidence = web.evidence(k);
                    event.members.clear();
                    web.chances(k, |pick, chance| {
                        explained[pick as usize] += chance;
                        if chance > 0.5 {
                            event.members.push((pick, chance));
                        }
                    });
                    if let Some((q, covariance)) = web.step(k, &event.q, &event.prior) {
                        farthest = farthest.max(libm::fabs(q[1] - event.q[1])).max(libm::fabs(q[2] - event.q[2]));
                        event.q = q;
                        event.covariance = covariance;
                    }
                }
                if settled && refits < self.setting.tune[6] as u32 && round > 0 {
                    refits += 1; settled = false; estimates = 0;
                    let fresh: Vec<Option<State>> = workers.map(live.len(), &|k| {
                        { let own = web.own(k); refit(&scene, &live[k], |pick| (1.0 - explained[pick] + own.binary_search_by_key(&(pick as u32), |o| o.0).map_or(0.0, |at| own[at].1)).clamp(0.0, 1.0)) }
                    });
                    for (event, q) in live.iter_mut().zip(fresh) {
                        if let Some(q) = q { debug.refits += 1; event.q = q; farthest = 1.0; }
                    }
                }
                let before = live.len();
                let last = turn + 1 == ROUNDS || (settled && round == 0) || (settled && farthest < 3e-4);
 if last { debug.turns += turn + 1; live.retain(|e| e.evidence > final_threshold); }
                debug.pruned += before - live.len();
 if last { break; }
            }
            debug_explained = explained.iter().sum::<f64>();
            taken.fill(false);
            for event in &live {
                for &(pick, _) in &event.members {
                    taken[pick as usize] = true;
                }
            }
        }
        let mut debug2 = debug.sure;
        if let Some(models) = next_models { self.models = models; }
        let mut gone = vec![false; window.len()];
        for event in &live {
            if event.q[0] >= slice_end {
                continue;
            }
            let members: Vec<usize> =
                event.members.iter().map(|&(pick, _)| known[picks.source[pick as usize] as usize] as usize).collect();
            for m in &event.members { debug2.0 += m.1; debug2.1 += 1.0; }
            for &m in &members {
                gone[m] = true;
            }
            out.push(Raw {
                time: event.q[0] + begin_us as f64 * 1e-6,
                x: event.q[1],
                y: event.q[2],
                covariance: event.covariance,
                evidence: event.evidence,
                members: members.iter().map(|&m| self.waiting[m].number).collect(),
            });
        }
        debug.sure = debug2; debug.sure.0 /= debug2.1; debug.sure.1 = 1.0; debug.found.push((debug_explained, 0.0, 0.0, 0.0)); self.debug = debug;
        let mut i = 0;
        self.waiting.retain(|d| {
            let keep = d.time_us >= end_us && !gone.get(i).copied().unwrap_or(false);
            i += 1;
            keep
        });
    }

    /// Four colours, one after the other; squares of a colour are independent of each other.
    #[expect(clippy::too_many_arguments, reason = "one step of a run, split off for its length")]
    fn commit(
        &self,
        scene: &Scene<'_>,
        prior: &Prior,
        anchors: &[(Square, Vec<u32>)],
        proposals: &[Proposal],
        taken: &mut [bool],
        threshold: f64,
        workers: &impl Workers,
        square_of: impl Fn(f64, f64) -> Square + Sync,
    ) -> Vec<Candidate> {
        let mut by_square: BTreeMap<Square, Vec<&Candidate>> = BTreeMap::new();
        for ((square, _), proposal) in anchors.iter().zip(proposals) {
            by_square.entry(*square).or_default().extend(&proposal.candidates);
        }
        // An event may lie in a square without nodes: outside the network.
        let mut squares: Vec<Square> = by_square.values().flatten().map(|c| square_of(c.q[1], c.q[2])).collect();
        squares.sort_unstable();
        squares.dedup();
        let mut accepted = Vec::new();
        for colour in 0..4 {
            let of_colour: Vec<Square> =
                squares.iter().copied().filter(|s| s.0.rem_euclid(2) + 2 * s.1.rem_euclid(2) == colour).collect();
            let free: &[bool] = taken;
            let results = workers.map(of_colour.len(), &|i| {
                let (x, y) = of_colour[i];
                let mut nearby = Vec::new();
                for ny in y - 1..=y + 1 {
                    for nx in x - 1..=x + 1 {
                        if let Some(found) = by_square.get(&(nx, ny)) {
                            nearby.extend(found.iter().map(|c| (*c).clone()));
                        }
                    }
                }
                let mut events = resolve(scene, prior, nearby, free, threshold);
                events.retain(|c| square_of(c.q[1], c.q[2]) == of_colour[i]);
                events
            });
            for candidate in results.into_iter().flatten() {
                if candidate.members.iter().all(|&pick| !taken[pick as usize]) {
                    for &pick in &candidate.members {
                        taken[pick as usize] = true;
                    }
                    accepted.push(candidate);
                }
            }
        }
        accepted
    }
}

/// Looks for a better solution of an event than the one at hand, from its near nodes outwards. `left` is the
/// share of each detection that the other events leave.
fn refit(scene: &Scene<'_>, event: &Live, left: impl Fn(usize) -> f64) -> Option<State> {
    let reach = scene.units.reach;
    let mut members = Vec::new();
    let mut q = event.q;
    let now = scene.pass(&q, reach, None, 0.0, &left, &mut members).evidence;
    for i in 0..3 { q[3 + i] = event.prior.mean[i]; }
    let mut spread = None;
    for part in [0.4, 0.4, 0.55, 0.7, 0.85, 1.0, 1.0] {
        let extra = if spread.is_none() { 0.0025 } else { 0.0 };
        let pass = scene.pass(&q, part * reach, spread.as_ref(), extra, &left, &mut members);
        let (next, covariance) = scene.step(&q, &pass, &event.prior)?;
        q = next;
        spread = Some(covariance);
    }
    let then = scene.pass(&q, reach, None, 0.0, &left, &mut members).evidence;
    (then > now + 0.5).then_some(q)
}

/// Detections per second at each node, each counted with a weight, drawn towards the mean of the network.
fn rates(picks: &Picks, nodes: usize, weight: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0; nodes];
    for (pick, &node) in picks.node.iter().enumerate() {
        sums[node as usize] += weight(pick);
    }
    let mean = sums.iter().sum::<f64>() / (nodes as f64 * picks.length);
    let mean = mean.max(1e-5);
    // A few detections' worth of the mean.
    let few = 3.0;
    sums.iter().map(|sum| (sum + few) / (picks.length + few / mean)).collect()
}
