//! Which measurement belongs to which track: marginal probabilities within one cluster.
//!
//! A cluster is a connected component of "this measurement lies in the gate of this track". Alone: a
//! division. Small: every joint hypothesis (JPDA; Fortmann, Bar-Shalom, Scheffe 1983). Larger: loopy belief
//! propagation (Williams and Lau, "Approximate evaluation of marginal association probabilities with belief
//! propagation", IEEE Trans. AES 50, 2014). Very large: the one best assignment (Jonker and Volgenant,
//! "A shortest augmenting path algorithm", Computing 38, 1987).

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

/// One track of a cluster: the weights of its hypotheses, that of "none of these" being 1.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// Measurement within the cluster, and its weight.
    pub(crate) links: Vec<(usize, f64)>,
    /// Filled in: probability of each link, in the same order.
    pub(crate) marginals: Vec<f64>,
    /// Filled in: the same where, of all orders in which some tracks may share out some measurements, only the best counts.
    pub(crate) ordered: Vec<f64>,
}

impl Row {
    /// A row whose answers are still to come.
    pub(crate) fn new(links: Vec<(usize, f64)>) -> Self {
        Self { links, marginals: Vec::new(), ordered: Vec::new() }
    }
}

/// Where each method ends.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct AssignLimits {
    /// Enumerate up to this many joint hypotheses (before exclusion).
    pub enumerate: f64,
    /// Belief propagation up to this many tracks; beyond, the best assignment.
    pub propagate: usize,
}

impl Default for AssignLimits {
    fn default() -> Self {
        Self { enumerate: 600.0, propagate: 60 }
    }
}

/// Fill in the marginals of all rows. `measurements` is the number of measurements in the cluster.
pub(crate) fn marginals(rows: &mut [Row], measurements: usize, limits: &AssignLimits) {
    for row in rows.iter_mut() {
        row.marginals.clear();
        row.marginals.resize(row.links.len(), 0.0);
    }
    let hypotheses: f64 = rows.iter().map(|row| row.links.len() as f64 + 1.0).product();
    if let [row] = rows {
        let sum: f64 = 1.0 + row.links.iter().map(|(_, w)| w).sum::<f64>();
        for (m, (_, w)) in row.marginals.iter_mut().zip(&row.links) {
            *m = w / sum;
        }
    } else if hypotheses <= limits.enumerate && measurements <= 64 {
        return enumerate(rows);
    } else if rows.len() <= limits.propagate {
        propagate(rows, measurements);
    } else {
        best(rows, measurements);
    }
    for row in rows {
        row.ordered.clone_from(&row.marginals);
    }
}

/// Sum over all joint hypotheses. Those that give the same tracks the same measurements in another order are one way.
fn enumerate(rows: &mut [Row]) {
    // Each row is scaled by its greatest weight, so that products of many neither overflow nor vanish.
    let scale: Vec<f64> =
        rows.iter().map(|row| 1.0 / row.links.iter().fold(1.0_f64, |g, (_, w)| g.max(*w))).collect();
    let mut sums: Vec<Vec<f64>> = rows.iter().map(|row| vec![0.0; row.links.len()]).collect();
    let mut chosen = vec![usize::MAX; rows.len()];
    let mut ways = Ways::new();
    descend(rows, &scale, 0, (0, 1.0), &mut chosen, &mut (&mut sums, &mut ways));
    let total: f64 = ways.values().map(|way| way.sum).sum();
    if !(total.is_finite() && total > 0.0) {
        let measurements = rows.iter().flat_map(|r| &r.links).map(|l| l.0 + 1).max().unwrap_or(0);
        best(rows, measurements);
        for row in rows {
            row.ordered.clone_from(&row.marginals);
        }
        return;
    }
    for (row, sums) in rows.iter_mut().zip(sums) {
        for (m, sum) in row.marginals.iter_mut().zip(sums) {
            *m = sum / total;
        }
        row.ordered.clear();
        row.ordered.resize(row.links.len(), 0.0);
    }
    for way in ways.values() {
        for (row, &choice) in rows.iter_mut().zip(&way.order) {
            if let Some(ordered) = row.ordered.get_mut(choice) {
                *ordered += way.sum / total;
            }
        }
    }
}

/// Some tracks share out some measurements, in any order: the weight of all orders, and the best of them.
struct Way {
    sum: f64,
    best: f64,
    order: Vec<usize>,
}

/// Ways, by the measured tracks and the measurements, a bit each.
type Ways = BTreeMap<(u64, u64), Way>;

/// Choose for the rows from `at` on; returns the sum of the weights of all ways, and adds each to the sums
/// of the links chosen in it. `used`: the measurements taken so far (a bit each) and the weight so far.
fn descend(
    rows: &[Row],
    scale: &[f64],
    at: usize,
    (used, weight): (u64, f64),
    chosen: &mut [usize],
    found: &mut (&mut Vec<Vec<f64>>, &mut Ways),
) {
    let Some(row) = rows.get(at) else {
        let mut measured = 0;
        for (n, (sum, &choice)) in found.0.iter_mut().zip(chosen.iter()).enumerate() {
            if let Some(sum) = sum.get_mut(choice) {
                *sum += weight;
                measured |= 1 << n;
            }
        }
        let way = found.1.entry((measured, used)).or_insert_with(|| Way {
            sum: 0.0,
            best: -1.0,
            order: chosen.to_vec(),
        });
        way.sum += weight;
        if weight > way.best {
            way.best = weight;
            way.order.copy_from_slice(chosen);
        }
        return;
    };
    chosen[at] = usize::MAX;
    descend(rows, scale, at + 1, (used, weight * scale[at]), chosen, found);
    for (n, &(j, w)) in row.links.iter().enumerate() {
        if used & (1 << j) == 0 {
            chosen[at] = n;
            descend(rows, scale, at + 1, (used | (1 << j), weight * w * scale[at]), chosen, found);
        }
    }
}

/// Messages between tracks and measurements until they settle.
fn propagate(rows: &mut [Row], measurements: usize) {
    // One message each way on every link.
    let mut to_track: Vec<Vec<f64>> = rows.iter().map(|row| vec![1.0; row.links.len()]).collect();
    let mut to_measurement: Vec<Vec<f64>> = rows.iter().map(|row| vec![0.0; row.links.len()]).collect();
    let mut sums = vec![0.0; measurements];
    for _ in 0..200 {
        sums.fill(1.0);
        for ((row, from), out) in rows.iter().zip(&to_track).zip(&mut to_measurement) {
            let all: f64 = 1.0 + row.links.iter().zip(from).map(|((_, w), m)| w * m).sum::<f64>();
            for (n, &(j, w)) in row.links.iter().enumerate() {
                out[n] = w / (all - w * from[n]).max(1e-300);
                sums[j] += out[n];
            }
        }
        let mut change = 0.0_f64;
        for ((row, out), into) in rows.iter().zip(&to_measurement).zip(&mut to_track) {
            for (n, &(j, _)) in row.links.iter().enumerate() {
                let message = 1.0 / (sums[j] - out[n]).max(1.0);
                change = change.max(libm::fabs(message - into[n]));
                into[n] = message;
            }
        }
        if change < 1e-6 {
            break;
        }
    }
    for (row, from) in rows.iter_mut().zip(&to_track) {
        let all: f64 = 1.0 + row.links.iter().zip(from).map(|((_, w), m)| w * m).sum::<f64>();
        for ((marginal, (_, w)), m) in row.marginals.iter_mut().zip(&row.links).zip(from) {
            *marginal = w * m / all;
        }
    }
}

/// The one best assignment, by shortest augmenting paths over sparse rows; "none" is a private column of
/// each row. The result has a marginal of 1 for the chosen link.
fn best(rows: &mut [Row], measurements: usize) {
    let n = rows.len();
    let columns = measurements + n;
    // Cost of a link: minus the logarithm of its weight; of "none": 0.
    let cost: Vec<Vec<(usize, f64)>> = rows
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let links = row.links.iter().filter(|(_, w)| *w > 0.0).map(|&(j, w)| (j, -libm::log(w)));
            links.chain([(measurements + i, 0.0)]).collect()
        })
        .collect();
    let mut price = vec![0.0; columns];
    let mut row_of = vec![usize::MAX; columns];
    let mut distance = vec![f64::INFINITY; columns];
    let mut before = vec![usize::MAX; columns];
    let mut done = vec![false; columns];
    for start in 0..n {
        distance.fill(f64::INFINITY);
        before.fill(usize::MAX);
        done.fill(false);
        let mut reached: Vec<usize> = Vec::new();
        let mut settled: Vec<usize> = Vec::new();
        let (mut i, mut base) = (start, 0.0);
        let mut via = usize::MAX;
        let end = loop {
            // The reduced cost of row i's own column is zero by construction.
            let own = if via == usize::MAX {
                0.0
            } else {
                cost[i].iter().find(|(j, _)| *j == via).map_or(0.0, |(j, c)| c - price[*j])
            };
            for &(j, c) in &cost[i] {
                if done[j] {
                    continue;
                }
                let through = base + (c - price[j]) - own;
                if distance[j] == f64::INFINITY {
                    reached.push(j);
                }
                if through < distance[j] {
                    distance[j] = through;
                    before[j] = via;
                }
            }
            let mut nearest = usize::MAX;
            for &j in &reached {
                if !done[j] && (nearest == usize::MAX || distance[j] < distance[nearest]) {
                    nearest = j;
                }
            }
            done[nearest] = true;
            if row_of[nearest] == usize::MAX {
                break nearest;
            }
            settled.push(nearest);
            base = distance[nearest];
            via = nearest;
            i = row_of[nearest];
        };
        for &j in &settled {
            price[j] += distance[j] - distance[end];
        }
        let mut j = end;
        while before[j] != usize::MAX {
            row_of[j] = row_of[before[j]];
            j = before[j];
        }
        row_of[j] = start;
    }
    for (j, &i) in row_of.iter().enumerate().take(measurements) {
        if let Some(row) = rows.get_mut(i)
            && let Some(at) = row.links.iter().position(|(k, _)| *k == j)
        {
            row.marginals[at] = 1.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(weights: &[&[(usize, f64)]]) -> Vec<Row> {
        weights.iter().map(|w| Row::new(w.to_vec())).collect()
    }

    /// A small deterministic generator.
    fn random(state: &mut u64) -> f64 {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        (*state >> 11) as f64 / (1u64 << 53) as f64
    }

    fn clusters() -> impl Iterator<Item = (Vec<Row>, usize)> {
        let mut state = 0x9e37_79b9_7f4a_7c15;
        (0..200).map(move |_| {
            let (n, m) = (2 + (random(&mut state) * 3.0) as usize, 1 + (random(&mut state) * 4.0) as usize);
            let rows = (0..n)
                .map(|_| {
                    let mut links = Vec::new();
                    for j in 0..m {
                        if random(&mut state) < 0.7 {
                            links.push((j, libm::exp(6.0 * random(&mut state) - 3.0)));
                        }
                    }
                    Row::new(links)
                })
                .collect();
            (rows, m)
        })
    }

    #[test]
    fn two_tracks_one_measurement() {
        let mut both = rows(&[&[(0, 3.0)], &[(0, 1.0)]]);
        marginals(&mut both, 1, &AssignLimits::default());
        assert!((both[0].marginals[0] - 3.0 / 5.0).abs() < 1e-12);
        assert!((both[1].marginals[0] - 1.0 / 5.0).abs() < 1e-12);
    }

    #[test]
    fn of_two_orders_the_better_has_the_weight_of_both() {
        let mut both = rows(&[&[(0, 1.2e4), (1, 1e4)], &[(0, 1e4), (1, 1.2e4)]]);
        marginals(&mut both, 2, &AssignLimits::default());
        assert!(both[0].marginals[0] < 0.6, "nobody knows who is who");
        assert!(both[0].ordered[0] > 0.99 && both[1].ordered[1] > 0.99);
        // How likely each track, and each measurement, is to have a partner does not depend on the order.
        for (mut some, m) in clusters() {
            marginals(&mut some, m, &AssignLimits { enumerate: 1e9, propagate: 0 });
            let mut by_measurement = vec![0.0; m];
            for row in &some {
                let gain = |n: usize| row.ordered[n] - row.marginals[n];
                assert!((0..row.links.len()).map(gain).sum::<f64>().abs() < 1e-12);
                for (n, (j, _)) in row.links.iter().enumerate() {
                    by_measurement[*j] += gain(n);
                }
            }
            assert!(by_measurement.iter().all(|off| off.abs() < 1e-12));
        }
    }

    #[test]
    fn belief_propagation_is_close_to_enumeration() {
        for (mut exact, m) in clusters() {
            let mut loopy = exact.clone();
            for row in loopy.iter_mut() {
                row.marginals.resize(row.links.len(), 0.0);
            }
            marginals(&mut exact, m, &AssignLimits { enumerate: 1e9, propagate: 0 });
            propagate(&mut loopy, m);
            for (a, b) in exact.iter().zip(&loopy) {
                for (a, b) in a.marginals.iter().zip(&b.marginals) {
                    assert!((a - b).abs() < 0.12, "{a} {b}");
                }
            }
        }
    }

    /// The best assignment against every assignment.
    #[test]
    fn the_best_assignment_is_the_best() {
        fn brute(rows: &[Row], at: usize, used: u64) -> f64 {
            let Some(row) = rows.get(at) else { return 0.0 };
            row.links
                .iter()
                .filter(|(j, _)| used & (1 << j) == 0)
                .fold(brute(rows, at + 1, used), |g, &(j, w)| {
                    g.max(libm::log(w) + brute(rows, at + 1, used | 1 << j))
                })
        }
        for (mut some, m) in clusters() {
            for row in some.iter_mut() {
                row.marginals.resize(row.links.len(), 0.0);
            }
            best(&mut some, m);
            let mut used = vec![0; m];
            let mut sum = 0.0;
            for row in &some {
                for ((j, w), marginal) in row.links.iter().zip(&row.marginals) {
                    if *marginal == 1.0 {
                        used[*j] += 1;
                        sum += libm::log(*w);
                    }
                }
            }
            assert!(used.iter().all(|&u| u <= 1));
            assert!((sum - brute(&some, 0, 0)).abs() < 1e-9, "{sum} {}", brute(&some, 0, 0));
        }
    }

    #[test]
    fn huge_weights_do_not_overflow() {
        let mut many = rows(&[&[(0, 1e200), (1, 1.0)], &[(0, 1.0), (1, 1e200)], &[(1, 1e200), (2, 1e300)]]);
        marginals(&mut many, 3, &AssignLimits::default());
        assert!(many.iter().flat_map(|r| &r.marginals).all(|m| m.is_finite()));
        assert!(many[2].marginals[1] > 0.99);
    }
}
