//! Where to look for neighbours: cells of ground, and within a cell the order of time.

use super::ground::{Flat, scale, units_east, units_north};
use crate::place::{DEGREE, Mm};
use alloc::vec::Vec;

/// A grid over points in space and time. Its cells only say where to look; they decide nothing.
pub(super) struct Index {
    /// Units of latitude to a row.
    height: i64,
    /// The least size of a unit of latitude anywhere.
    north: u32,
    /// The first position.
    base: u32,
    /// Rows that hold something, from south to north.
    rows: Vec<Row>,
    /// Cells that hold something, row by row, from west to east.
    cells: Vec<Cell>,
    /// Start of each point in time, cell by cell, in ascending order within a cell.
    starts: Vec<i64>,
}

struct Row {
    number: i64,
    /// Units of longitude to a cell.
    width: i64,
    /// The least size of a unit of longitude in this row.
    narrowest: u32,
    /// The first of its cells.
    first: usize,
}

struct Cell {
    column: i64,
    /// Position of its first point.
    first: u32,
}

/// A stretch of positions: from, up to but not including.
pub(super) type Window = (u32, u32);

/// Where the last search in each cell of an index began and ended, counted from the cell's first point. Who
/// searches in the order of ground and time finds the next stretch beside it.
pub(super) struct Trail(Vec<Window>);

impl Index {
    /// An index of points that are known by where they are and when they start, and the order in which it
    /// wants them: position `base + p` is point `order[p]`.
    pub(super) fn new(cell: Mm, base: u32, points: &[(Flat, i64)]) -> (Self, Vec<u32>) {
        let north = scale(0).1;
        let height = units_north(cell, north);
        let width =
            |row: i64| units_east(cell, narrowest(row, height)).unwrap_or(360 * i64::from(DEGREE) + 1);
        // Sorting needs row, column, start and position; the width of a row is worked out once per row.
        let mut widths: Vec<(i64, i64)> = Vec::new();
        let mut keys: Vec<(u64, i64, u32)> = (0u32..)
            .zip(points)
            .map(|(position, (flat, start))| {
                let row = i64::from(flat.point.lat).div_euclid(height);
                let width = match widths.binary_search_by_key(&row, |(row, _)| *row) {
                    Ok(at) => widths[at].1,
                    Err(at) => {
                        widths.insert(at, (row, width(row)));
                        widths[at].1
                    }
                };
                let column = i64::from(flat.point.lon).div_euclid(width);
                (key(row, column), *start, position)
            })
            .collect();
        keys.sort_unstable();

        let mut index = Self {
            height,
            north,
            base,
            rows: Vec::new(),
            cells: Vec::new(),
            starts: keys.iter().map(|key| key.1).collect(),
        };
        let mut last = None;
        for (position, (cell, ..)) in (0u32..).zip(&keys) {
            if last == Some(*cell) {
                continue;
            }
            last = Some(*cell);
            let (number, column) = unkey(*cell);
            if index.rows.last().is_none_or(|row| row.number != number) {
                let narrowest = narrowest(number, height);
                index.rows.push(Row { number, width: width(number), narrowest, first: index.cells.len() });
            }
            index.cells.push(Cell { column, first: position });
        }
        (index, keys.into_iter().map(|key| key.2).collect())
    }

    /// For searches one after the other: the trail makes them faster, and changes nothing else.
    pub(super) fn trail(&self) -> Trail {
        Trail(alloc::vec![(0, 0); self.cells.len()])
    }

    /// Adds to `windows` stretches that together hold every point within `distance` of `flat` that starts
    /// between `from` and `to`, both included (and others).
    pub(super) fn search(
        &self,
        flat: Flat,
        distance: Mm,
        (from, to): (i64, i64),
        trail: &mut Trail,
        windows: &mut Vec<Window>,
    ) {
        const EDGE: i64 = 180 * DEGREE as i64;
        let climb = units_north(distance, self.north);
        let (lat, lon) = (i64::from(flat.point.lat), i64::from(flat.point.lon));
        let (south, north) = ((lat - climb).div_euclid(self.height), (lat + climb).div_euclid(self.height));
        let at = self.rows.partition_point(|row| row.number < south);
        for (at, row) in self.rows.iter().enumerate().skip(at).take_while(|(_, row)| row.number <= north) {
            let end = self.rows.get(at + 1).map_or(self.cells.len(), |next| next.first);
            let mut look = |west: i64, east: i64| {
                let (west, east) = (west.div_euclid(row.width), east.div_euclid(row.width));
                let first = row.first + self.cells[row.first..end].partition_point(|cell| cell.column < west);
                let here = (first..end).take_while(|at| self.cells[*at].column <= east);
                windows.extend(here.filter_map(|at| self.stretch(at, from, to, &mut trail.0[at])));
            };
            // The size of a unit between two points is the mean of both.
            match units_east(distance, flat.east.midpoint(row.narrowest)) {
                None => look(-EDGE, EDGE),
                Some(side) => {
                    look((lon - side).max(-EDGE), (lon + side).min(EDGE));
                    // Over the antimeridian.
                    if lon - side <= -EDGE {
                        look(lon - side + 2 * EDGE, EDGE);
                    }
                    if lon + side >= EDGE {
                        look(-EDGE, lon + side - 2 * EDGE);
                    }
                }
            }
        }
    }

    /// The points of a cell that start between `from` and `to`, both included; `None` where there are none.
    fn stretch(&self, cell: usize, from: i64, to: i64, last: &mut Window) -> Option<Window> {
        let first = self.cells[cell].first;
        let end = self.cells.get(cell + 1).map_or(self.starts.len(), |next| next.first as usize);
        let starts = &self.starts[first as usize..end];
        let low = partition_near(starts, last.0 as usize, |start| start < from);
        let high = partition_near(starts, (last.1 as usize).max(low), |start| start <= to);
        *last = (low as u32, high as u32);
        let first = self.base + first;
        (low < high).then_some((first + last.0, first + last.1))
    }
}

/// What `partition_point` gives, fast where that is near `hint`: steps that double until they pass it.
fn partition_near(sorted: &[i64], hint: usize, before: impl Fn(i64) -> bool) -> usize {
    let (mut low, mut high, mut step) = (0, sorted.len(), 1);
    if hint < high && before(sorted[hint]) {
        low = hint + 1;
        while low + step <= high {
            if !before(sorted[low + step - 1]) {
                high = low + step - 1;
                break;
            }
            low += step;
            step *= 2;
        }
    } else {
        high = high.min(hint);
        while step <= high {
            if before(sorted[high - step]) {
                low = high - step + 1;
                break;
            }
            high -= step;
            step *= 2;
        }
    }
    low + sorted[low..high].partition_point(|start| before(*start))
}

/// The least size of a unit of longitude in a row.
fn narrowest(row: i64, height: i64) -> u32 {
    let quarter = 90 * i64::from(DEGREE);
    let edge = |row: i64| scale((row * height).clamp(-quarter, quarter)).0;
    edge(row).min(edge(row + 1))
}

/// Row and column in one number that sorts like the pair (both fit in 31 bits and a sign).
fn key(row: i64, column: i64) -> u64 {
    let biased = |number: i64| (number + (1 << 31)) as u64;
    biased(row) << 32 | biased(column)
}

fn unkey(key: u64) -> (i64, i64) {
    let unbiased = |number: u64| number as i64 - (1 << 31);
    (unbiased(key >> 32), unbiased(key & u64::from(u32::MAX)))
}

/// A set of positions.
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// Empty, for positions below `count`.
    pub(super) fn new(count: usize) -> Self {
        Self(alloc::vec![0; count.div_ceil(64)])
    }

    pub(super) fn insert(&mut self, position: u32) {
        self.0[position as usize / 64] |= 1 << (position % 64);
    }

    pub(super) fn remove(&mut self, position: u32) {
        self.0[position as usize / 64] &= !(1 << (position % 64));
    }

    pub(super) fn contains(&self, position: u32) -> bool {
        self.0[position as usize / 64] & 1 << (position % 64) != 0
    }

    /// Those in a window, in ascending order.
    pub(super) fn within(&self, (from, to): Window) -> impl Iterator<Item = u32> {
        let (first, last) = (from as usize / 64, (to as usize).div_ceil(64));
        (first..last).flat_map(move |at| {
            let mut word = self.0[at];
            if at == first {
                word &= u64::MAX << (from % 64);
            }
            if at + 1 == last && to % 64 != 0 {
                word &= !(u64::MAX << (to % 64));
            }
            core::iter::from_fn(move || {
                let bit = word.trailing_zeros();
                (word != 0).then(|| {
                    word &= word - 1;
                    at as u32 * 64 + bit
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::{KM, Point};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// A search finds all that is within its bounds, for cells of any size, at the antimeridian and
        /// near the poles too.
        #[test]
        fn a_search_misses_nothing(
            west in prop::sample::select(&[0.0, 37.0, 179.9, -180.1][..]), south in -90.0..89.8f64,
            offsets in prop::collection::vec((0.0..0.2f64, 0.0..0.2f64, 0..100i64), 1..60),
            cell in 100..50 * KM, distance in 0..20 * KM, from in 0..100i64, length in 0..50i64,
        ) {
            let points: Vec<(Flat, i64)> = offsets
                .iter()
                .map(|(east, north, start)| {
                    let lon = (west + east + 540.0) % 360.0 - 180.0;
                    (Flat::new(Point::from_degrees(lon, south + north).unwrap()), *start)
                })
                .collect();
            let (index, order) = Index::new(cell, 0, &points);
            let mut windows = Vec::new();
            // The trail of another search leads astray at most for a while.
            let mut trail = index.trail();
            index.search(points[0].0, distance, (length, 2 * from), &mut trail, &mut windows);
            windows.clear();
            index.search(points[0].0, distance, (from, from + length), &mut trail, &mut windows);
            let mut all = Bits::new(points.len());
            (0..points.len() as u32).for_each(|position| all.insert(position));
            let found: Vec<u32> =
                windows.iter().flat_map(|window| all.within(*window)).map(|at| order[at as usize]).collect();
            for (at, (flat, start)) in (0u32..).zip(&points) {
                let wanted = flat.within(points[0].0, distance) && (from..=from + length).contains(start);
                prop_assert!(!wanted || found.contains(&at), "point {at} is missed");
            }
            let mut once = found.clone();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(once.len(), found.len(), "a point is found twice");
        }

        #[test]
        fn a_partition_is_found_from_anywhere(
            mut numbers in prop::collection::vec(0..50i64, 0..80), hint in 0..90usize, bound in -1..51i64,
        ) {
            numbers.sort_unstable();
            let near = partition_near(&numbers, hint, |number| number < bound);
            prop_assert_eq!(near, numbers.partition_point(|number| *number < bound));
        }
    }
}
