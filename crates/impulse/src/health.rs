//! What the residuals say of the nodes: clocks that are off, nodes that are dead, moved or lie.

use alloc::vec;
use alloc::vec::Vec;

/// How a node stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It reports as expected.
    Good,
    /// Its clock is off by so many microseconds (ahead is positive) and corrected.
    ClockOff(i64),
    /// It reports hardly any of the bangs around it: dead, or moved, or its clock beyond repair, or it lies.
    /// Its silence counts against no event.
    Unreliable,
    /// Its heartbeats have stopped.
    Silent,
}

/// Expected reports that a new node's record is worth.
const TRUST: f64 = 12.0;
/// What a slice keeps of the past.
const KEEP: f64 = 0.93;
/// Offsets are searched within this, s.
pub(crate) const WIDEST: f64 = 3.0;
/// Residuals kept for a node under suspicion.
const KEPT: usize = 512;

/// One detection that may be of one event, at a node under suspicion.
#[derive(Clone, Copy)]
pub(crate) struct Off {
    /// Number of the event, to count each once.
    pub event: u64,
    /// By the node's own clock, s.
    pub residual: f64,
    pub sigma: f64,
}

#[derive(Clone)]
pub(crate) struct Record {
    /// Seconds to subtract from the node's times.
    pub offset: f64,
    /// Variance of that, s^2.
    pub variance: f64,
    hits: f64,
    chances: f64,
    /// Sums of the residuals of members, by precision.
    pull: f64,
    weight: f64,
    suspects: Vec<Off>,
    /// Events that were looked at for `suspects`.
    looked: f64,
    pub last_beat_us: Option<i64>,
}

pub(crate) struct Health {
    pub nodes: Vec<Record>,
    usual: f64,
    pub beats: bool,
}

impl Health {
    pub(crate) fn new(nodes: usize, usual: f64) -> Self {
        let record = Record {
            offset: 0.0,
            variance: 0.0,
            hits: 0.0,
            chances: 0.0,
            pull: 0.0,
            weight: 0.0,
            suspects: Vec::new(),
            looked: 0.0,
            last_beat_us: None,
        };
        Self { nodes: vec![record; nodes], usual, beats: false }
    }

    /// The chance that a node reports a bang in reach.
    pub(crate) fn hit(&self, node: usize) -> f64 {
        let n = &self.nodes[node];
        ((n.hits + TRUST * self.usual) / (n.chances + TRUST)).clamp(0.02, 0.97)
    }

    /// Is the node's record so poor that its clock should be searched?
    pub(crate) fn suspicious(&self, node: usize) -> bool {
        let n = &self.nodes[node];
        n.chances > 4.0 && n.hits < 0.5 * self.usual * n.chances
    }

    pub(crate) fn forget(&mut self) {
        for n in &mut self.nodes {
            n.hits *= KEEP;
            n.chances *= KEEP;
            n.pull *= KEEP;
            n.weight *= KEEP;
        }
    }

    /// A node in reach of an event: the chance that it reported it, with the residual of that.
    pub(crate) fn note(&mut self, node: usize, chance: f64, residual: f64, variance: f64) {
        let n = &mut self.nodes[node];
        n.hits += chance;
        n.chances += 1.0;
        if chance > 0.0 {
            n.pull += chance * residual / variance;
            n.weight += chance / variance;
        }
    }

    pub(crate) fn suspect(&mut self, node: usize, off: impl Iterator<Item = Off>) {
        let n = &mut self.nodes[node];
        n.looked += 1.0;
        n.suspects.extend(off);
        let excess = n.suspects.len().saturating_sub(KEPT);
        n.suspects.drain(..excess);
    }

    /// Judges the clocks anew from what was noted. `rate` is the detections per second of each node.
    pub(crate) fn judge(&mut self, rate: &[f64]) {
        let usual = self.usual;
        for (n, rate) in self.nodes.iter_mut().zip(rate) {
            // A small offset, seen within the gate.
            if n.weight > 0.0 {
                let mean = n.pull / n.weight;
                // One already known to be off is followed closely.
                let sure = if n.offset == 0.0 { 25.0 } else { 4.0 };
                if mean * mean * n.weight > sure && libm::fabs(mean) > 0.01 {
                    n.offset += mean;
                    n.variance = 1.0 / n.weight;
                    n.pull = 0.0;
                }
            }
            // A large one: the offset at which most of the suspects fall into place.
            if n.suspects.len() < 4 {
                continue;
            }
            let mut best = (0.0, 0.0, 0.0);
            for candidate in &n.suspects {
                let (mut score, mut sum, mut weight) = (0.0, 0.0, 0.0);
                let mut last = None;
                for other in &n.suspects {
                    let off = (other.residual - candidate.residual) / other.sigma;
                    if libm::fabs(off) < 3.0 && last != Some(other.event) {
                        last = Some(other.event);
                        let precision = 1.0 / (other.sigma * other.sigma);
                        score +=
                            libm::log(1.0 + usual * 0.4 / (other.sigma * (rate + 0.01))) - 0.5 * off * off;
                        sum += precision * other.residual;
                        weight += precision;
                    }
                }
                if score > best.0 {
                    best = (score, sum / weight, 1.0 / weight);
                }
            }
            let hits = n.looked * -libm::log(1.0 - 0.9 * usual);
            // Better than chance by far, and better than a node that missed them all.
            if best.0 > 10.0 + 0.25 * hits {
                n.offset = best.1;
                n.variance = best.2 + 2.5e-5;
                (n.hits, n.chances, n.pull, n.weight) = (0.0, 0.0, 0.0, 0.0);
                n.suspects.clear();
                n.looked = 0.0;
            }
        }
    }

    pub(crate) fn standing(&self, node: usize, silent: bool) -> Standing {
        let n = &self.nodes[node];
        if silent {
            Standing::Silent
        } else if n.chances > 8.0 && n.hits < 0.25 * self.usual * n.chances {
            Standing::Unreliable
        } else if libm::fabs(n.offset) > 0.01 {
            Standing::ClockOff(libm::round(n.offset * 1e6) as i64)
        } else {
            Standing::Good
        }
    }
}
