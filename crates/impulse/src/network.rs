//! Where the nodes are, and which are near a place.

use crate::detection::Node;
use alloc::vec;
use alloc::vec::Vec;

/// Nodes that a seed is checked against.
pub(crate) const NEAR: usize = 14;
/// Nodes that a seed may be made of, besides its anchor.
const SEED: usize = 8;
/// Pairs kept for each node.
const PAIRS: usize = 12;
/// No node has this index.
const NONE: u32 = u32::MAX;
/// Side of a cell of the lookup, km: this, or so much more that there are no more cells than that.
const CELL: f64 = 1.0;
/// See [`CELL`].
const CELLS: f64 = 4e6;

/// Another node as seen from one: offset and distance in km.
#[derive(Clone, Copy, Default)]
pub(crate) struct Near {
    pub node: u32,
    pub dx: f64,
    pub dy: f64,
    pub d: f64,
}

/// Two neighbours that make a triangle with a node, with the inverse of their offsets
/// (for the closed form of time differences).
#[derive(Clone, Copy)]
pub(crate) struct Pair {
    pub a: u8,
    pub b: u8,
    pub inverse: [[f64; 2]; 2],
}

/// The nodes, in an order in which neighbours lie together in memory.
pub(crate) struct Network {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    /// The name of each node in the input, by internal index.
    pub name: Vec<u32>,
    /// (name, internal index), sorted.
    by_name: Vec<(u32, u32)>,
    /// Internal index by name, where names are small numbers; empty where they are not.
    index: Vec<u32>,
    pub near: Vec<[Near; NEAR]>,
    pub near_count: Vec<u8>,
    /// The same neighbours by index alone, for a first look, and how far the farthest of them is.
    pub around: Vec<[u32; NEAR]>,
    pub farthest: Vec<f64>,
    pub pairs: Vec<Vec<Pair>>,
    x0: f64,
    y0: f64,
    /// Side of a cell, km.
    cell: f64,
    columns: usize,
    rows: usize,
    /// First node of each cell, row by row.
    start: Vec<u32>,
}

impl Network {
    /// From nodes with unique names.
    pub(crate) fn new(nodes: &[Node]) -> Self {
        let km = |mm: i64| mm as f64 * 1e-6;
        let least = |f: fn(&Node) -> i64| km(nodes.iter().map(f).min().unwrap_or(0));
        let most = |f: fn(&Node) -> i64| km(nodes.iter().map(f).max().unwrap_or(0));
        let (x0, y0) = (least(|n| n.x_mm), least(|n| n.y_mm));
        let (wide, high) = (most(|n| n.x_mm) - x0, most(|n| n.y_mm) - y0);
        let mut side = CELL;
        while (wide / side + 1.0) * (high / side + 1.0) > CELLS {
            side *= 2.0;
        }
        let columns = (wide / side) as usize + 1;
        let rows = (high / side) as usize + 1;
        let cell = |n: &Node| {
            let column = (((km(n.x_mm) - x0) / side) as usize).min(columns - 1);
            let row = (((km(n.y_mm) - y0) / side) as usize).min(rows - 1);
            row * columns + column
        };
        let mut order: Vec<&Node> = nodes.iter().collect();
        order.sort_by_key(|n| (cell(n), n.name));
        let mut start = vec![0_u32; columns * rows + 1];
        for n in &order {
            start[cell(n) + 1] += 1;
        }
        for i in 1..start.len() {
            start[i] += start[i - 1];
        }
        let mut by_name: Vec<_> = order.iter().zip(0..).map(|(n, i)| (n.name, i)).collect();
        by_name.sort_unstable();
        let mut index = Vec::new();
        if let Some(&(last, _)) = by_name.last()
            && (last as usize) < 16 * nodes.len() + 1_024
        {
            index.resize(last as usize + 1, NONE);
            by_name.iter().for_each(|&(name, at)| index[name as usize] = at);
        }
        let mut network = Self {
            x: order.iter().map(|n| km(n.x_mm)).collect(),
            y: order.iter().map(|n| km(n.y_mm)).collect(),
            name: order.iter().map(|n| n.name).collect(),
            by_name,
            index,
            near: Vec::new(),
            near_count: Vec::new(),
            around: Vec::with_capacity(nodes.len()),
            farthest: Vec::with_capacity(nodes.len()),
            pairs: Vec::new(),
            x0,
            y0,
            cell: side,
            columns,
            rows,
            start,
        };
        for node in 0..network.len() {
            network.add_neighbours(node);
        }
        network
    }

    /// Area of the cells around the nodes, km^2.
    pub(crate) fn ground_km2(&self) -> f64 {
        self.columns as f64 * self.rows as f64 * self.cell * self.cell
    }

    pub(crate) fn len(&self) -> usize {
        self.x.len()
    }

    /// The internal index of a named node.
    pub(crate) fn find(&self, name: u32) -> Option<u32> {
        if !self.index.is_empty() {
            return self.index.get(name as usize).copied().filter(|&at| at != NONE);
        }
        let at = self.by_name.binary_search_by_key(&name, |(name, _)| *name).ok()?;
        Some(self.by_name[at].1)
    }

    /// Calls `f` with every node less than `r` km from a place: index, offset east and north from the
    /// place, distance squared.
    pub(crate) fn within(&self, x: f64, y: f64, r: f64, mut f: impl FnMut(usize, f64, f64, f64)) {
        let row = |y: f64| ((y - self.y0) / self.cell).clamp(0.0, self.rows as f64) as usize;
        let column = |x: f64| ((x - self.x0) / self.cell).clamp(0.0, self.columns as f64) as usize;
        let (first, last) = (row(y - r), (row(y + r) + 1).min(self.rows));
        let (left, right) = (column(x - r), (column(x + r) + 1).min(self.columns));
        if first >= last || left >= right {
            return;
        }
        for row in first..last {
            let begin = self.start[row * self.columns + left] as usize;
            let end = self.start[row * self.columns + right] as usize;
            for (node, (&nx, &ny)) in (begin..end).zip(self.x[begin..end].iter().zip(&self.y[begin..end])) {
                let (dx, dy) = (nx - x, ny - y);
                let squared = dx * dx + dy * dy;
                if squared < r * r {
                    f(node, dx, dy, squared);
                }
            }
        }
    }

    fn add_neighbours(&mut self, node: usize) {
        let (x, y) = (self.x[node], self.y[node]);
        let mut found: Vec<(f64, u32)> = Vec::new();
        let widest = libm::hypot(self.columns as f64, self.rows as f64) * self.cell;
        let mut r = 2.0;
        loop {
            found.clear();
            self.within(x, y, r, |other, _, _, squared| {
                if other != node {
                    found.push((squared, other as u32));
                }
            });
            if found.len() >= NEAR || r > widest {
                break;
            }
            r *= 1.5;
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.truncate(NEAR);
        let mut near = [Near::default(); NEAR];
        for (slot, &(squared, other)) in near.iter_mut().zip(&found) {
            let at = other as usize;
            *slot = Near { node: other, dx: self.x[at] - x, dy: self.y[at] - y, d: libm::sqrt(squared) };
        }
        let mut pairs = Vec::new();
        for b in 1..found.len().min(SEED) {
            for a in 0..b {
                let (p, q) = (near[a], near[b]);
                let cross = p.dx * q.dy - p.dy * q.dx;
                // A flat triangle cannot tell one side of its line from the other.
                if libm::fabs(cross) > 0.3 * p.d * q.d {
                    let inverse = [[q.dy / cross, -p.dy / cross], [-q.dx / cross, p.dx / cross]];
                    pairs.push((p.d + q.d, Pair { a: a as u8, b: b as u8, inverse }));
                }
            }
        }
        pairs.sort_by(|p, q| p.0.total_cmp(&q.0));
        pairs.truncate(PAIRS);
        self.around.push(near.map(|other| other.node));
        self.farthest.push(found.len().checked_sub(1).map_or(0.0, |last| near[last].d));
        self.near.push(near);
        self.near_count.push(found.len() as u8);
        self.pairs.push(pairs.into_iter().map(|(_, pair)| pair).collect());
    }
}
