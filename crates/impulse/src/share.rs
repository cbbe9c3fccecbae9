//! Who heard what: the chance that each detection belongs to each of the events, all at once.
//!
//! At most one detection of a node is of one event, and a detection is of at most one event. The chances
//! under both rules come from belief propagation (Williams & Lau 2014, "Approximate evaluation of marginal
//! association probabilities with belief propagation"), in synchronous rounds, so that no order matters.

use crate::curve::fall;
use crate::fit::{
    GATE, LogProduct, PRODUCTS, Path, Prior, ROOT_TWO_PI, Scene, State, add, bearing_factor, gauss_newton,
    products, quadratic, root_of_inverse, unpack,
};
use crate::linear::{Matrix, cholesky, invert};
use crate::medium::{Sample, reduce};
use crate::propose::Candidate;
use alloc::vec;
use alloc::vec::Vec;

/// An event under way.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub q: State,
    pub covariance: Matrix<6>,
    pub evidence: f64,
    /// See [`Step::doubt`].
    pub doubt: f64,
    pub prior: Prior,
    /// Pick, chance (above one half) and residual (s) of each member.
    pub members: Vec<(u32, f64, f64)>,
    /// Picks in the gate that it did not get, with their residuals, s.
    pub rivals: Vec<(u32, f64)>,
}

impl Live {
    pub(crate) fn new(candidate: Candidate, prior: Prior) -> Self {
        let Candidate { q, covariance, evidence, .. } = candidate;
        Self { q, covariance, evidence, doubt: 0.0, prior, members: Vec::new(), rivals: Vec::new() }
    }
}

/// What the pairs of one event say, summed.
pub(crate) struct Sums {
    information: [f64; PRODUCTS],
    /// What the uncertainty of the pairs takes from it.
    taken: [f64; PRODUCTS],
    gradient: State,
}

/// A step of the solution of one event.
pub(crate) struct Step {
    pub q: State,
    pub covariance: Matrix<6>,
    /// Share of the information on its place that the uncertainty of its pairs takes away.
    pub doubt: f64,
}

/// One possible pair of event and detection.
struct Edge {
    pick: u32,
    /// Odds of the pair when nothing competes.
    psi: f64,
    /// Message from the pick: share of it that no other event wants.
    left: f64,
    /// Chance that the pair is one.
    chance: f64,
    residual: f64,
    precision: f64,
    /// Variance without the path's own error, s^2.
    base: f64,
}

/// An event and a node with detections in the gate: a stretch of edges.
struct Slot {
    first: u32,
    end: u32,
    slope: State,
    /// Odds that the node reported the event, to one that it missed it: one and those of its edges.
    total: f64,
    /// Would a detection at the very time predicted leave no doubt?
    clear: bool,
}

/// An edge while messages go to and fro.
struct Claim {
    edge: u32,
    /// Number of the pick among the disputed ones; above all of them if nothing disputes it.
    pick: u32,
    psi: f64,
    left: f64,
    message: f64,
}

/// Edges of all events.
#[derive(Default)]
pub(crate) struct Web {
    edges: Vec<Edge>,
    slots: Vec<Slot>,
    /// First slot of each event.
    start: Vec<u32>,
    /// Logarithm of the chance that all nodes in reach missed each event.
    missed: Vec<f64>,
    /// By node: hit / ((1 - hit) rate root(2 pi)), which the density of a residual makes odds of.
    odds: Vec<f64>,
    /// Room for messages.
    claims: Vec<Claim>,
}

/// Odds above which a node is clear enough to judge the medium by.
const CLEAR: f64 = 20.0;
/// What the uncertainty of the pairs takes from the information, beyond what it takes when all other events
/// are taken for certain. Chosen on training seeds, so that the 95 % ellipse holds the truth that often.
const DOUBT: f64 = 3.0;
/// Rounds of messages.
const ROUNDS: usize = 6;

impl Web {
    /// Draws the web anew, in the room of the old. Evidence counts every node within `reach` km.
    pub(crate) fn draw(&mut self, scene: &Scene<'_>, events: &[Live]) {
        let web = self;
        web.edges.clear();
        web.slots.clear();
        // Nearly every detection is near some event once.
        web.edges.reserve(scene.picks.len());
        web.slots.reserve(scene.picks.len());
        web.start.clear();
        web.start.push(0);
        web.missed.clear();
        let speed = scene.units.speed;
        let timing = scene.units.timing * scene.units.timing;
        let odds = |(hit, rate): (&f64, &f64)| hit / ((1.0 - hit) * rate * ROOT_TWO_PI);
        web.odds.clear();
        web.odds.extend(scene.hit.iter().zip(scene.rate).map(odds));
        for event in events {
            let mut missed = LogProduct::new();
            let q = &event.q;
            scene.network.within(q[1], q[2], scene.units.reach, |node, dx, dy, squared| {
                let path = Path::new(speed, q, dx, dy, squared);
                let slope = path.slope(speed);
                let own = scene.path * path.travel;
                let variance = timing + own * own;
                let expected = q[0] + path.travel;
                missed.times(1.0 - scene.hit[node]);
                let odds = web.odds[node];
                let wide = variance + quadratic(&event.covariance, &slope);
                let sigma = libm::sqrt(wide);
                let gate = GATE * sigma;
                let (at, end) = scene.picks.from(node, expected - gate);
                let first = web.edges.len() as u32;
                for (&time, at) in scene.picks.time[at..end].iter().zip(at..) {
                    if time > expected + gate {
                        break;
                    }
                    let clock = scene.picks.clock[at];
                    let precision = 1.0 / (variance + clock);
                    // The weight of a pair allows for what is not yet known of place and medium;
                    // its pull on the solution is that of the measurement alone.
                    let wide = 1.0 / (wide + clock);
                    let residual = time - expected;
                    let root = root_of_inverse(wide, clock, sigma);
                    let mut psi = odds * root * fall(0.5 * residual * residual * wide);
                    if let Some(bearing) = scene.picks.bearing(at) {
                        psi *= bearing_factor(bearing, path.ux, path.uy);
                    }
                    let (pick, base) = (at as u32, timing + clock);
                    web.edges.push(Edge { pick, psi, left: 1.0, chance: 0.0, residual, precision, base });
                }
                let end = web.edges.len() as u32;
                if end > first {
                    let clear = odds * odds >= CLEAR * CLEAR * variance;
                    web.slots.push(Slot { first, end, slope, total: 1.0, clear });
                }
            });
            web.start.push(web.slots.len() as u32);
            web.missed.push(missed.log());
        }
        web.propagate(scene.picks.len());
    }

    fn propagate(&mut self, picks: usize) {
        // A detection that one event alone wants is left to it whole, whatever the messages: only slots with one
        // that two want need rounds.
        const NONE: u32 = u32::MAX;
        const ONE: u32 = u32::MAX - 1;
        let mut wanters = vec![NONE; picks];
        let mut disputed = 0;
        for edge in &self.edges {
            let wanter = &mut wanters[edge.pick as usize];
            match *wanter {
                NONE => *wanter = ONE,
                ONE => {
                    *wanter = disputed;
                    disputed += 1;
                }
                _ => {}
            }
        }
        let claims = &mut self.claims;
        claims.clear();
        let mut stretches: Vec<(u32, u32)> = Vec::new();
        for slot in &self.slots {
            let range = slot.first as usize..slot.end as usize;
            if self.edges[range.clone()].iter().all(|edge| wanters[edge.pick as usize] == ONE) {
                continue;
            }
            let first = claims.len() as u32;
            for (edge, at) in self.edges[range].iter().zip(slot.first..) {
                let pick = wanters[edge.pick as usize];
                claims.push(Claim { edge: at, pick, psi: edge.psi, left: 1.0, message: 0.0 });
            }
            stretches.push((first, claims.len() as u32));
        }
        let mut wanted = vec![0.0; disputed as usize];
        for _ in 0..ROUNDS {
            wanted.fill(0.0);
            for &(first, end) in &stretches {
                let claims = &mut claims[first as usize..end as usize];
                let total: f64 = 1.0 + claims.iter().map(|c| c.psi * c.left).sum::<f64>();
                for claim in claims {
                    if let Some(wanted) = wanted.get_mut(claim.pick as usize) {
                        claim.message = claim.psi / (total - claim.psi * claim.left).max(1e-12);
                        *wanted += claim.message;
                    }
                }
            }
            for claim in &mut *claims {
                if let Some(wanted) = wanted.get(claim.pick as usize) {
                    claim.left = 1.0 / (1.0 + (wanted - claim.message).max(0.0));
                }
            }
        }
        for claim in &*claims {
            self.edges[claim.edge as usize].left = claim.left;
        }
        for slot in &mut self.slots {
            let edges = &mut self.edges[slot.first as usize..slot.end as usize];
            slot.total = 1.0 + edges.iter().map(|e| e.psi * e.left).sum::<f64>();
            for edge in edges {
                edge.chance = edge.psi * edge.left / slot.total;
            }
        }
    }

    fn slots(&self, event: usize) -> &[Slot] {
        &self.slots[self.start[event] as usize..self.start[event + 1] as usize]
    }

    /// Nodes with a detection that may be of an event.
    pub(crate) fn reports(&self, event: usize) -> usize {
        self.slots(event).len()
    }

    /// Logarithm of the likelihood ratio of an event, given all others.
    pub(crate) fn evidence(&self, event: usize) -> f64 {
        let mut product = LogProduct::new();
        for slot in self.slots(event) {
            product.times(slot.total);
        }
        self.missed[event] + product.log()
    }

    /// Calls `f(pick, chance, residual)` for every pair.
    pub(crate) fn chances(&self, event: usize, mut f: impl FnMut(u32, f64, f64)) {
        for slot in self.slots(event) {
            for edge in &self.edges[slot.first as usize..slot.end as usize] {
                f(edge.pick, edge.chance, edge.residual);
            }
        }
    }

    /// Chances of the picks of an event, by pick.
    pub(crate) fn own(&self, event: usize) -> Vec<(u32, f64)> {
        let mut own = Vec::new();
        self.chances(event, |pick, chance, _| own.push((pick, chance)));
        own.sort_unstable_by_key(|(pick, _)| *pick);
        own
    }

    /// The sums over the pairs of an event that a step is made of.
    pub(crate) fn sums(&self, event: usize) -> Sums {
        let mut information = [0.0; PRODUCTS];
        let mut taken = [0.0; PRODUCTS];
        let mut gradient = [0.0; 6];
        for slot in self.slots(event) {
            let (mut weight, mut pull, mut square) = (0.0, 0.0, 0.0);
            for edge in &self.edges[slot.first as usize..slot.end as usize] {
                let chance = edge.chance;
                weight += chance * edge.precision;
                let p = edge.precision * edge.residual;
                pull += chance * p;
                square += chance * p * p;
            }
            let uncertain = pull * pull - square;
            let products = products(&slot.slope);
            for k in 0..PRODUCTS {
                information[k] += weight * products[k];
                taken[k] += uncertain * products[k];
            }
            for k in 0..6 {
                gradient[k] += pull * slot.slope[k];
            }
        }
        Sums { information, taken, gradient }
    }

    /// What an event alone tells of the medium: information, and its product with the deviation from `mean`,
    /// time and place integrated out.
    pub(crate) fn medium(&self, event: usize, q: &State, mean: &[f64; 3]) -> (Matrix<3>, [f64; 3]) {
        let mut normal = [[0.0; 6]; 6];
        let mut right = [0.0; 6];
        for slot in self.slots(event) {
            let j = &slot.slope;
            let medium = j[3] * (q[3] - mean[0]) + j[4] * (q[4] - mean[1]) + j[5] * (q[5] - mean[2]);
            for edge in &self.edges[slot.first as usize..slot.end as usize] {
                let weight = edge.chance * edge.precision;
                add(&mut normal, &mut right, j, weight, weight * (edge.residual + medium));
            }
        }
        reduce(&normal, &right).map_or(([[0.0; 3]; 3], [0.0; 3]), |r| (r.information, r.pull))
    }

    /// The pairs of an event, for a judgement of the medium; residuals as if the medium were `mean`.
    pub(crate) fn samples(&self, event: usize, q: &State, mean: &[f64; 3]) -> Vec<Sample> {
        let mut out = Vec::with_capacity(self.slots(event).len());
        for slot in self.slots(event) {
            let j = &slot.slope;
            let medium = j[3] * (q[3] - mean[0]) + j[4] * (q[4] - mean[1]) + j[5] * (q[5] - mean[2]);
            let edges = &self.edges[slot.first as usize..slot.end as usize];
            if !slot.clear || edges.len() > 1 || edges[0].left < 0.9 {
                continue;
            }
            for edge in edges {
                let chance = edge.chance;
                if chance > 0.2 {
                    out.push(Sample { slope: *j, residual: edge.residual + medium, chance, base: edge.base });
                }
            }
        }
        out
    }
}

impl Sums {
    /// One step of Gauss-Newton from `q` with the chances as weights. The covariance is the inverse of the observed
    /// information, which is less than the sum over the pairs by what their uncertainty takes away
    /// (Louis 1982, "Finding the observed information matrix when using the EM algorithm").
    pub(crate) fn step(&self, q: &State, prior: &Prior) -> Option<Step> {
        let (mut normal, lost) = (unpack(&self.information), unpack(&self.taken));
        let (q, _) = gauss_newton(q, &mut normal, self.gradient, prior)?;
        // Less of it where it would leave nothing.
        let l = [DOUBT, 0.5 * DOUBT, 0.0].into_iter().find_map(|part| {
            let mut observed = normal;
            for i in 0..6 {
                for k in 0..=i {
                    observed[i][k] += part * lost[i][k];
                }
            }
            cholesky(&observed)
        })?;
        let doubt = -(lost[1][1] + lost[2][2]) / (normal[1][1] + normal[2][2]);
        Some(Step { q, covariance: invert(&l), doubt })
    }
}
