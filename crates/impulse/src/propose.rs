//! Candidates: from three detections to a place, from a place to an event.
//!
//! Nodes are swept in order of time. A detection that no strong candidate explains is taken for the first
//! arrival of a bang; with two of its neighbours it gives a place in closed form; the other neighbours
//! confirm or refute it one by one (a sequential test), and what survives is fitted over growing circles.

use crate::fit::{Prior, Scene, State, TWO_PI};
use crate::linear::Matrix;
use crate::medium::Model;
use crate::network::{NEAR, Near, Pair};
use alloc::vec;
use alloc::vec::Vec;

/// A possible event.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub q: State,
    pub covariance: Matrix<6>,
    pub evidence: f64,
    /// Picks more likely of this event than not, ascending.
    pub members: Vec<u32>,
}

/// What a sweep found and how hard it looked.
#[derive(Default)]
pub(crate) struct Proposal {
    pub candidates: Vec<Candidate>,
    /// Places tried.
    pub seeds: u64,
    pub fits: u64,
}

/// Picks of one neighbour looked at for one anchor, at most.
const WINDOW: usize = 48;
/// Neighbours with a pick in their window that an anchor needs.
const COMPANY: usize = 6;
/// Of the nearest of them, and how many those are: most stray detections are told by these alone.
const CLOSE: (usize, usize) = (2, 6);
/// A candidate this much above the threshold owns its picks for the rest of the sweep.
const STRONG: f64 = 12.0;
/// A fit that its last step moved by less, km, has come to rest; two rounds of a salvo in one are seldom that.
const STILL: f64 = 0.02;

/// Evidence of its neighbours at which a seed is given up, that it needs to be fitted, and that its near nodes
/// must show after the first fit (natural logarithm).
const HOPELESS: f64 = -2.2;
/// See [`HOPELESS`].
const PROMISING: f64 = 2.0;
/// See [`HOPELESS`].
const AT_HAND: f64 = 2.0;

/// Seeds of one anchor that are fitted, at most.
const PATIENCE: u32 = 30;

struct Window {
    len: usize,
    at: [u32; WINDOW],
    /// Their times.
    time: [f64; WINDOW],
}

/// A search among the picks that nothing explains yet.
pub(crate) struct Sweep<'a> {
    scene: &'a Scene<'a>,
    prior: Prior,
    /// Picks already explained: neither anchors nor company.
    taken: &'a [bool],
    /// Evidence that a candidate needs to be kept.
    threshold: f64,
    /// Variance of a detection at its node, s^2, and of its path by distance, s^2/km^2, the medium included.
    timing: f64,
    path: f64,
    /// May the anchor be any arrival, or is it the first?
    any: bool,
    /// When each node has a pick that is not taken, see [`crate::picks::Picks::stretches`].
    heard: Vec<u64>,
}

impl<'a> Sweep<'a> {
    pub(crate) fn new(
        scene: &'a Scene<'a>,
        prior: Prior,
        model: Model,
        taken: &'a [bool],
        threshold: f64,
        any: bool,
    ) -> Self {
        let Model { path, speed, wind } = model;
        let slow = 1.0 / scene.units.speed;
        Self {
            scene,
            prior,
            taken,
            threshold,
            any,
            heard: scene.picks.stretches(scene.network.len(), |pick| !taken[pick]),
            timing: scene.units.timing * scene.units.timing,
            path: (path * path + speed * speed + wind * wind) * slow * slow,
        }
    }
}

impl Sweep<'_> {
    /// Sweeps the given picks, in order of time.
    pub(crate) fn run(&self, anchors: impl Iterator<Item = u32>) -> Proposal {
        let mut out = Proposal::default();
        let mut claimed = vec![false; self.scene.picks.len()];
        let mut scratch = Scratch {
            windows: core::array::from_fn(|_| Window { len: 0, at: [0; WINDOW], time: [0.0; WINDOW] }),
            members: Vec::new(),
        };
        for anchor in anchors {
            if !self.taken[anchor as usize] && !claimed[anchor as usize] {
                self.anchor(anchor as usize, &mut claimed, &mut scratch, &mut out);
            }
        }
        out
    }

    fn anchor(&self, anchor: usize, claimed: &mut [bool], scratch: &mut Scratch, out: &mut Proposal) {
        let picks = self.scene.picks;
        let node = picks.node[anchor] as usize;
        let time = picks.time[anchor];
        let network = self.scene.network;
        let count = usize::from(network.near_count[node]);
        let slow = 1.04 / self.scene.units.speed;
        let span = |d: f64| {
            let slack = 3.0 * self.scene.units.timing + 0.03 * d * slow;
            (time - slack - if self.any { d * slow } else { 0.0 }, time + d * slow + slack)
        };
        // Is company possible at all? Most stray detections have none, as one stretch of time tells.
        let least = COMPANY.min(count / 2);
        if count >= CLOSE.1 {
            let (first, last) = span(network.farthest[node]);
            let wide = picks.mask(first, last);
            let heard = |other: &&u32| self.heard[**other as usize] & wide != 0;
            if network.around[node][..count].iter().filter(heard).count() < least {
                return;
            }
        }
        let near = &network.near[node][..count];
        let may = |near: &[Near]| {
            let heard = |other: &&Near| {
                let (first, last) = span(other.d);
                self.heard[other.node as usize] & picks.mask(first, last) != 0
            };
            near.iter().filter(heard).count()
        };
        if count >= CLOSE.1 {
            let (close, others) = near.split_at(CLOSE.1);
            let close = may(close);
            if close < CLOSE.0 || close + may(others) < least {
                return;
            }
        }
        let own = picks.bearing(anchor);
        let mut company = 0;
        for (i, (window, other)) in scratch.windows.iter_mut().zip(near).enumerate() {
            window.len = 0;
            let (first, last) = span(other.d);
            let (mut at, end) = picks.from(other.node as usize, first);
            while at < end && picks.time[at] <= last && window.len < WINDOW {
                let agrees = match (own, picks.bearing(at)) {
                    (Some(own), Some(its)) => {
                        own.agrees(its, other.dx, other.dy, (picks.time[at] - time) * self.scene.units.speed)
                    }
                    _ => true,
                };
                if agrees && !self.taken[at] && !claimed[at] {
                    window.at[window.len] = at as u32;
                    window.time[window.len] = picks.time[at];
                    window.len += 1;
                }
                at += 1;
            }
            company += usize::from(window.len > 0);
            // Too few left to reach the company needed.
            if company + (count - 1 - i) < least || (i < CLOSE.1 && company + (CLOSE.1 - 1 - i) < CLOSE.0) {
                return;
            }
        }
        let mut best: Option<Candidate> = None;
        let mut patience = PATIENCE;
        for pair in &network.pairs[node] {
            let (a, b) = (usize::from(pair.a), usize::from(pair.b));
            for ka in 0..scratch.windows[a].len {
                for kb in 0..scratch.windows[b].len {
                    let pa = scratch.windows[a].at[ka] as usize;
                    let pb = scratch.windows[b].at[kb] as usize;
                    let places = places(
                        pair,
                        &near[a],
                        &near[b],
                        picks.time[pa] - time,
                        picks.time[pb] - time,
                        self.scene.units.speed,
                    );
                    for (x, y, d) in places.into_iter().flatten() {
                        out.seeds += 1;
                        let t = time - d / self.scene.units.speed;
                        let three =
                            [(anchor, 0.0, 0.0), (pa, near[a].dx, near[a].dy), (pb, near[b].dx, near[b].dy)];
                        if d > self.scene.units.reach || !self.bearings_agree(three, x, y) {
                            continue;
                        }
                        let Some((x, y, t)) = self.confirm(near, &scratch.windows, pair, x, y, t) else {
                            continue;
                        };
                        out.fits += 1;
                        let q = [
                            t,
                            network.x[node] + x,
                            network.y[node] + y,
                            self.prior.mean[0],
                            self.prior.mean[1],
                            self.prior.mean[2],
                        ];
                        let free = |pick: usize| f64::from(u8::from(!self.taken[pick] && !claimed[pick]));
                        let fitted =
                            fit(self.scene, q, d, &self.prior, self.threshold, &mut scratch.members, free);
                        if let Some((q, covariance, evidence)) = fitted
                            && evidence > best.as_ref().map_or(self.threshold, |b| b.evidence)
                        {
                            best =
                                Some(Candidate { q, covariance, evidence, members: scratch.members.clone() });
                        }
                        patience -= 1;
                        let found = best.as_ref().is_some_and(|b| b.evidence > self.threshold + STRONG);
                        if found || patience == 0 {
                            keep(best, claimed, self.threshold + STRONG, out);
                            return;
                        }
                    }
                }
            }
        }
        keep(best, claimed, self.threshold + STRONG, out);
    }

    /// Where the nodes give bearings, all three of a seed must point at its place within four sigma.
    fn bearings_agree(&self, three: [(usize, f64, f64); 3], x: f64, y: f64) -> bool {
        if self.scene.picks.bearing.is_empty() {
            return true;
        }
        three.into_iter().all(|(pick, dx, dy)| {
            self.scene.picks.bearing(pick).is_none_or(|bearing| bearing.allows(x - dx, y - dy))
        })
    }

    /// Goes through the other neighbours, nearest first, and stops as soon as chance explains them better.
    /// Each that agrees sharpens the place (a Kalman filter), so that the next is judged more sharply.
    /// Returns the sharpened place and time.
    fn confirm(
        &self,
        near: &[Near],
        windows: &[Window; NEAR],
        pair: &Pair,
        x: f64,
        y: f64,
        t: f64,
    ) -> Option<(f64, f64, f64)> {
        let units = self.scene.units;
        let per_speed = 1.0 / units.speed;
        let noise = |d: f64| self.timing + self.path * d * d;
        let (a, b) = (usize::from(pair.a), usize::from(pair.b));
        let (mut q, mut c) =
            start([(0.0, 0.0), (near[a].dx, near[a].dy), (near[b].dx, near[b].dy)], x, y, per_speed, noise)?;
        q[0] += t;
        let mut score = 0.0;
        for (i, (other, window)) in near.iter().zip(windows).enumerate() {
            if i == a || i == b {
                continue;
            }
            let (dx, dy) = (other.dx - q[1], other.dy - q[2]);
            let squared = dx * dx + dy * dy;
            if squared > units.reach * units.reach {
                continue;
            }
            let d = libm::sqrt(squared).max(1e-3);
            let s = per_speed / d;
            let j = [1.0, -dx * s, -dy * s];
            let cj = times(&c, &j);
            let variance = noise(d) + cj[0] + j[1] * cj[1] + j[2] * cj[2];
            let expected = q[0] + d * per_speed;
            let mut closest = f64::INFINITY;
            // Of stray detections, so many point at the place.
            let mut share = 1.0;
            let times = &window.time[..window.len];
            if self.scene.picks.bearing.is_empty() {
                // In order of time: the one before and the one after.
                let after = times.partition_point(|time| *time < expected);
                if let Some(time) = times.get(after) {
                    closest = time - expected;
                }
                if after > 0 && expected - times[after - 1] <= libm::fabs(closest) {
                    closest = times[after - 1] - expected;
                }
            } else {
                for (&time, &at) in times.iter().zip(&window.at) {
                    let off = time - expected;
                    if libm::fabs(off) < libm::fabs(closest) {
                        match self.scene.picks.bearing(at as usize) {
                            Some(bearing) if !bearing.allows(-dx, -dy) => continue,
                            Some(bearing) => share = (4.0 * bearing.sigma / core::f64::consts::PI).min(1.0),
                            None => share = 1.0,
                        }
                        closest = off;
                    }
                }
            }
            let hit = self.scene.hit[other.node as usize];
            let rate = share * self.scene.rate[other.node as usize];
            let precision = 1.0 / variance;
            let chi = closest * closest * precision;
            // Half of ln(hit^2 / (2 pi variance rate^2)).
            let gain = 0.5 * (quick_log(hit * hit * precision / (TWO_PI * rate * rate)) - chi);
            let miss = quick_log(1.0 - hit);
            if chi < 9.0 && gain > miss {
                score += gain;
                for k in 0..3 {
                    q[k] += cj[k] * precision * closest;
                    for m in 0..=k {
                        c[k][m] -= cj[k] * cj[m] * precision;
                        c[m][k] = c[k][m];
                    }
                }
            } else {
                score += miss;
            }
            if score < HOPELESS {
                return None;
            }
        }
        (score > PROMISING).then_some((q[1], q[2], q[0]))
    }
}

fn times(c: &Matrix<3>, j: &[f64; 3]) -> [f64; 3] {
    core::array::from_fn(|i| c[i][0] * j[0] + c[i][1] * j[1] + c[i][2] * j[2])
}

/// Time correction (zero), place, and covariance of what three arrivals give. `None` where they give nothing.
fn start(
    nodes: [(f64, f64); 3],
    x: f64,
    y: f64,
    per_speed: f64,
    noise: impl Fn(f64) -> f64,
) -> Option<([f64; 3], Matrix<3>)> {
    // Rows of the Jacobian are (1, -ux/c, -uy/c); differences to the first row leave a 2 x 2 system.
    let mut rows = [[0.0; 2]; 3];
    let mut variance = [0.0; 3];
    for k in 0..3 {
        let (dx, dy) = (nodes[k].0 - x, nodes[k].1 - y);
        let d = libm::sqrt(dx * dx + dy * dy).max(1e-3);
        rows[k] = [-dx / d * per_speed, -dy / d * per_speed];
        variance[k] = noise(d);
    }
    let (ax, ay) = (rows[1][0] - rows[0][0], rows[1][1] - rows[0][1]);
    let (bx, by) = (rows[2][0] - rows[0][0], rows[2][1] - rows[0][1]);
    let det = ax * by - ay * bx;
    if libm::fabs(det) < 1e-3 {
        return None;
    }
    // How place and time follow each of the three arrivals.
    let gx = [(ay - by) / det, by / det, -ay / det];
    let gy = [(bx - ax) / det, -bx / det, ax / det];
    let gt: [f64; 3] =
        core::array::from_fn(|k| f64::from(u8::from(k == 0)) - rows[0][0] * gx[k] - rows[0][1] * gy[k]);
    let g = [gt, gx, gy];
    let mut c = [[0.0; 3]; 3];
    for i in 0..3 {
        for k in 0..3 {
            c[i][k] = (0..3).map(|m| g[i][m] * g[k][m] * variance[m]).sum();
        }
    }
    Some(([0.0, x, y], c))
}

/// Natural logarithm to within 0.03, from the bits of the number: the same on every machine.
#[inline]
fn quick_log(v: f64) -> f64 {
    const ULP: f64 = core::f64::consts::LN_2 / 4_503_599_627_370_496.0;
    (v.to_bits() as f64 - 4_606_921_278_410_026_770.0) * ULP
}

struct Scratch {
    windows: [Window; NEAR],
    members: Vec<u32>,
}

fn keep(best: Option<Candidate>, claimed: &mut [bool], strong: f64, out: &mut Proposal) {
    if let Some(mut candidate) = best {
        if candidate.evidence > strong {
            for &pick in &candidate.members {
                claimed[pick as usize] = true;
            }
        }
        candidate.members.sort_unstable();
        out.candidates.push(candidate);
    }
}

/// The places from which sound reaches a node at the origin first and two neighbours `ta` and `tb` seconds
/// later: up to two (x, y, distance from the origin), in km. Closed form of two time differences.
fn places(pair: &Pair, a: &Near, b: &Near, ta: f64, tb: f64, speed: f64) -> [Option<(f64, f64, f64)>; 2] {
    let (ra, rb) = (ta * speed, tb * speed);
    // |z - a| = |z| + ra gives 2 a.z + 2 ra |z| = |a|^2 - ra^2, linear in z for a given |z| = d.
    let (ka, kb) = (0.5 * (a.d * a.d - ra * ra), 0.5 * (b.d * b.d - rb * rb));
    let m = &pair.inverse;
    let (px, py) = (m[0][0] * ka + m[0][1] * kb, m[1][0] * ka + m[1][1] * kb);
    let (vx, vy) = (-(m[0][0] * ra + m[0][1] * rb), -(m[1][0] * ra + m[1][1] * rb));
    // |p + v d|^2 = d^2
    let (qa, qb, qc) = (vx * vx + vy * vy - 1.0, px * vx + py * vy, px * px + py * py);
    let root = |d: f64| (d > -1e-9).then_some((px + vx * d, py + vy * d, d));
    if libm::fabs(qa) < 1e-9 {
        return [if libm::fabs(qb) > 1e-12 { root(-0.5 * qc / qb) } else { None }, None];
    }
    let discriminant = qb * qb - qa * qc;
    // Noise can push a source on the line behind a node out of the feasible set: take the nearest place.
    if discriminant < 0.0 {
        return if discriminant > -0.02 * qc { [root(-qb / qa), None] } else { [None, None] };
    }
    let s = libm::sqrt(discriminant);
    [root((-qb + s) / qa), root((-qb - s) / qa)]
}

/// Fits a seed over growing circles; `d` is its distance from the anchor. The state, its covariance and its evidence
/// over the whole reach; `members` holds its picks.
pub(crate) fn fit(
    scene: &Scene<'_>,
    seed: State,
    d: f64,
    prior: &Prior,
    threshold: f64,
    members: &mut Vec<u32>,
    free: impl Fn(usize) -> f64,
) -> Option<(State, Matrix<6>, f64)> {
    let reach = scene.units.reach;
    let near = (d + 2.0).clamp(3.0, reach);
    let mut q = seed;
    let mut spread: Matrix<6>;
    let pass = scene.pass(&q, near, None, 0.0081, &free, members);
    (q, spread) = scene.step(&q, &pass, prior)?;
    let pass = scene.pass(&q, near, Some(&spread), 0.0, &free, members);
    // What the near nodes say must already point upwards.
    if pass.evidence < AT_HAND || members.len() < 4 {
        return None;
    }
    (q, spread) = scene.step(&q, &pass, prior)?;
    for r in [0.65 * reach, reach] {
        if r > near {
            let pass = scene.pass(&q, r, Some(&spread), 0.0, &free, members);
            let before = q;
            (q, spread) = scene.step(&q, &pass, prior)?;
            // As clear as that, and no longer moving, it will not become another event by one step more.
            let still = libm::hypot(q[1] - before[1], q[2] - before[2]) < STILL;
            if r == reach && still && pass.evidence > threshold + STRONG {
                return Some((q, spread, pass.evidence));
            }
        }
    }
    let pass = scene.pass(&q, reach, Some(&spread), 0.0, &free, members);
    (q, spread) = scene.step(&q, &pass, prior)?;
    (pass.evidence > threshold && members.len() >= 5).then_some((q, spread, pass.evidence))
}
