//! A grid over the positions of one frame, to find those in a gate without looking at all of them.

use alloc::vec;
use alloc::vec::Vec;

/// Positions sorted into square cells.
pub(crate) struct Grid {
    low: [f64; 2],
    per_metre: f64,
    columns: usize,
    rows: usize,
    /// Start of each cell in `items`; one more than there are cells.
    start: Vec<u32>,
    items: Vec<u32>,
}

impl Grid {
    /// Sort positions into cells of about one position each, none smaller than `least` metres.
    pub(crate) fn new(places: &[[f64; 2]], least: f64) -> Self {
        let mut low = [f64::INFINITY; 2];
        let mut high = [f64::NEG_INFINITY; 2];
        for place in places {
            for axis in 0..2 {
                low[axis] = low[axis].min(place[axis]);
                high[axis] = high[axis].max(place[axis]);
            }
        }
        if places.is_empty() {
            (low, high) = ([0.0; 2], [0.0; 2]);
        }
        let (width, height) = (high[0] - low[0], high[1] - low[1]);
        let fair = libm::sqrt(width.max(1.0) * height.max(1.0) / (places.len().max(1) as f64));
        // Never more cells along an axis than positions: a far outlier must not cost memory.
        let most = places.len().max(1) as f64;
        let cell = fair.max(least).max(width / most).max(height / most);
        let columns = (width / cell) as usize + 1;
        let rows = (height / cell) as usize + 1;
        let mut grid = Self {
            low,
            per_metre: 1.0 / cell,
            columns,
            rows,
            start: vec![0; columns * rows + 1],
            items: vec![0; places.len()],
        };
        let cell_of: Vec<u32> = places
            .iter()
            .map(|place| (grid.index(place[1], 1) * columns + grid.index(place[0], 0)) as u32)
            .collect();
        for &cell in &cell_of {
            grid.start[cell as usize + 1] += 1;
        }
        for cell in 0..columns * rows {
            grid.start[cell + 1] += grid.start[cell];
        }
        let mut next = grid.start.clone();
        for (item, &cell) in cell_of.iter().enumerate() {
            grid.items[next[cell as usize] as usize] = item as u32;
            next[cell as usize] += 1;
        }
        grid
    }

    fn index(&self, value: f64, axis: usize) -> usize {
        let last = if axis == 0 { self.columns } else { self.rows } - 1;
        let cell = (value - self.low[axis]) * self.per_metre;
        if cell > 0.0 { (cell as usize).min(last) } else { 0 }
    }

    /// Call `visit` with every position in the cells that a rectangle touches.
    #[inline]
    pub(crate) fn near(&self, centre: [f64; 2], half: [f64; 2], mut visit: impl FnMut(usize)) {
        let (left, right) = (self.index(centre[0] - half[0], 0), self.index(centre[0] + half[0], 0));
        let (bottom, top) = (self.index(centre[1] - half[1], 1), self.index(centre[1] + half[1], 1));
        for row in bottom..=top {
            let from = self.start[row * self.columns + left] as usize;
            let to = self.start[row * self.columns + right + 1] as usize;
            for &item in &self.items[from..to] {
                visit(item as usize);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_what_looking_at_all_finds() {
        let places: Vec<[f64; 2]> =
            (0..300).map(|i| [f64::from(i * 7919 % 1000), f64::from(i * 104_729 % 700)]).collect();
        let grid = Grid::new(&places, 10.0);
        for centre in [[500.0, 300.0], [-50.0, -50.0], [1100.0, 650.0]] {
            let within = |p: &[f64; 2]| (p[0] - centre[0]).abs() <= 80.0 && (p[1] - centre[1]).abs() <= 60.0;
            let mut found = Vec::new();
            grid.near(centre, [80.0, 60.0], |i| {
                if within(&places[i]) {
                    found.push(i);
                }
            });
            found.sort_unstable();
            let all: Vec<usize> = (0..places.len()).filter(|&i| within(&places[i])).collect();
            assert_eq!(found, all);
        }
        Grid::new(&[], 10.0).near([0.0; 2], [1e9; 2], |_| panic!("nothing is there"));
    }

    #[test]
    fn an_outlier_costs_no_memory() {
        let grid = Grid::new(&[[0.0, 0.0], [1e9, 1e9], [5.0, 5.0]], 1.0);
        assert!(grid.start.len() < 100);
    }
}
