//! The detections of one window of time, node by node, with a lookup by time.

use alloc::vec;
use alloc::vec::Vec;

/// A bearing: direction to the source, radians from east counter-clockwise, and its one-sigma error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bearing {
    pub angle: f64,
    pub sigma: f64,
    /// Unit vector towards the source.
    pub east: f64,
    pub north: f64,
}

impl Bearing {
    pub(crate) fn new(angle: f64, sigma: f64) -> Self {
        Self { angle, sigma, east: libm::cos(angle), north: libm::sin(angle) }
    }

    /// May the source lie `dx` east and `dy` north of the node, by four sigma and 0.2 km?
    pub(crate) fn allows(self, dx: f64, dy: f64) -> bool {
        let (along, across) = (dx * self.east + dy * self.north, dy * self.east - dx * self.north);
        libm::fabs(across) < 4.0 * self.sigma * along.max(0.0) + 0.2
    }

    /// May this bearing and that of a node `dx` east and `dy` north of it, which heard `later` km of sound
    /// travel later, be of one source?
    pub(crate) fn agrees(self, other: Self, dx: f64, dy: f64, later: f64) -> bool {
        let sine = self.east * other.north - self.north * other.east;
        if libm::fabs(sine) < 0.35 {
            return true; // Nearly parallel: the crossing is anywhere.
        }
        // Distances to the crossing of the two rays.
        let mine = (dx * other.north - dy * other.east) / sine;
        let its = (dx * self.north - dy * self.east) / sine;
        let error =
            4.0 * self.sigma.max(other.sigma) * (libm::fabs(mine) + libm::fabs(its)) / libm::fabs(sine);
        mine > -0.3 - error && its > -0.3 - error && libm::fabs(its - mine - later) < 0.1 + error
    }
}

/// One detection as it enters a window: its clock already corrected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pick {
    /// Seconds from the origin of the window.
    pub time: f64,
    pub node: u32,
    /// Variance of the clock, s^2, beyond the noise of timing.
    pub clock: f64,
    /// Position among the detections that wait.
    pub waiting: u32,
}

/// Picks sorted by node, then time.
pub(crate) struct Picks {
    pub time: Vec<f64>,
    pub node: Vec<u32>,
    pub clock: Vec<f64>,
    /// Empty when no pick has one.
    pub bearing: Vec<Option<Bearing>>,
    /// Position of each pick in the list that the window was made from.
    pub source: Vec<u32>,
    /// First pick of each node.
    start: Vec<u32>,
    /// First pick of each node at or after each bucket of time.
    index: Vec<u32>,
    buckets: usize,
    begin: f64,
    per_second: f64,
    per_stretch: f64,
    /// Length in seconds.
    pub length: f64,
}

impl Picks {
    /// From picks in order of time, and the bearing of each by its position among the detections that wait (none at
    /// all where no node gives one).
    pub(crate) fn new(picks: &[Pick], bearings: &[Option<Bearing>], nodes: usize) -> Self {
        let mut start = vec![0_u32; nodes + 1];
        for pick in picks {
            start[pick.node as usize + 1] += 1;
        }
        for i in 1..start.len() {
            start[i] += start[i - 1];
        }
        let mut next = start.clone();
        let mut source = vec![0_u32; picks.len()];
        for (at, pick) in picks.iter().enumerate() {
            let slot = &mut next[pick.node as usize];
            source[*slot as usize] = at as u32;
            *slot += 1;
        }
        let time: Vec<f64> = source.iter().map(|&at| picks[at as usize].time).collect();
        let begin = picks.first().map_or(0.0, |pick| pick.time);
        let length = picks.last().map_or(0.0, |pick| pick.time) - begin + 1e-3;
        let buckets = (4 * picks.len() / nodes.max(1)).clamp(1, 4_096);
        let per_second = buckets as f64 / length;
        let mut index = Vec::with_capacity(nodes * buckets);
        for node in 0..nodes {
            let (first, end) = (start[node], start[node + 1]);
            let full = index.len() + buckets;
            let mut from = index.len();
            for (time, at) in time[first as usize..end as usize].iter().zip(first..) {
                // The same arithmetic as in `from`, so that no rounding can skip a pick.
                let bucket = (((time - begin) * per_second) as u32 as usize).min(buckets - 1);
                // Every bucket from after the one of the pick before to this one begins with it.
                while from + buckets <= full + bucket {
                    index.push(at);
                    from += 1;
                }
            }
            index.resize(full, end);
        }
        Self {
            node: source.iter().map(|&at| picks[at as usize].node).collect(),
            clock: source.iter().map(|&at| picks[at as usize].clock).collect(),
            bearing: if bearings.is_empty() {
                Vec::new()
            } else {
                source.iter().map(|&at| bearings[picks[at as usize].waiting as usize]).collect()
            },
            time,
            source,
            start,
            index,
            buckets,
            begin,
            per_second,
            per_stretch: 64.0 / length,
            length,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.time.len()
    }

    /// For each node, in which of 64 stretches of the window it has a pick of those wanted: most questions after one
    /// near a time are answered "none", and by one word.
    pub(crate) fn stretches(&self, nodes: usize, wanted: impl Fn(usize) -> bool) -> Vec<u64> {
        let mut out = vec![0; nodes];
        for (pick, &node) in self.node.iter().enumerate() {
            if wanted(pick) {
                out[node as usize] |= 1 << self.stretch(self.time[pick]);
            }
        }
        out
    }

    /// The bits of [`Self::stretches`] that times from `first` to `last` fall in.
    #[inline]
    pub(crate) fn mask(&self, first: f64, last: f64) -> u64 {
        (u64::MAX << self.stretch(first)) & (u64::MAX >> (63 - self.stretch(last)))
    }

    #[inline]
    fn stretch(&self, time: f64) -> u32 {
        // A float below zero or beyond the range becomes the nearest stretch.
        (((time - self.begin) * self.per_stretch) as u32).min(63)
    }

    /// The bearing of a pick.
    #[inline]
    pub(crate) fn bearing(&self, pick: usize) -> Option<Bearing> {
        self.bearing.get(pick).copied().flatten()
    }

    /// The first pick of a node at or after a time, and the end of the node's picks.
    #[inline]
    pub(crate) fn from(&self, node: usize, time: f64) -> (usize, usize) {
        // A float below zero or beyond the range becomes the nearest bucket.
        let bucket = (((time - self.begin) * self.per_second) as u32 as usize).min(self.buckets - 1);
        let end = self.start[node + 1] as usize;
        let mut at = self.index[node * self.buckets + bucket] as usize;
        while at < end && self.time[at] < time {
            at += 1;
        }
        (at, end)
    }
}
