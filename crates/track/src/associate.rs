//! Which measurement of a frame is of which track.

use crate::assign::{AssignLimits, Row, marginals};
use crate::frame::Frame;
use crate::track::Track;
use crate::tracker::Tracker;
use crate::workers::Workers;
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

impl Tracker {
    /// Fill in the probability of every link; `claimed` becomes the probability that each measurement is
    /// of some track.
    pub(crate) fn associate(&mut self, frame: &Frame<'_>, claimed: &mut [f64], workers: &impl Workers) {
        let clutter = frame.clutter * (1.0 + self.settings.birth);
        // A track that is believed to be out of sight, and yet is measured, was not.
        let least = 0.5 * self.sensors[frame.sensor].detection;
        let weight = |t: &Track, density: f64| {
            let silent = (1.0 - t.existence * t.detection).max(1e-9);
            (t.existence * t.detection.max(least) * density / clutter / silent).min(1e150)
        };
        // Union of tracks that share a measurement.
        let mut first = vec![u32::MAX; frame.looks.len()];
        let mut parent: Vec<u32> = (0..self.tracks.len() as u32).collect();
        let mut shared = vec![false; self.tracks.len()];
        for (i, track) in self.tracks.iter().enumerate().filter(|(_, t)| t.in_frame) {
            for link in &track.links {
                let owner = &mut first[link.measurement as usize];
                if *owner == u32::MAX {
                    *owner = i as u32;
                } else {
                    let (a, b) = (root(&mut parent, *owner), root(&mut parent, i as u32));
                    let (low, high) = (a.min(b), a.max(b));
                    parent[high as usize] = low;
                    shared[i] = true;
                    shared[*owner as usize] = true;
                }
            }
        }
        let mut clusters: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for i in 0..self.tracks.len() {
            if !self.tracks[i].in_frame || self.tracks[i].links.is_empty() {
                continue;
            }
            if shared[i] {
                clusters.entry(root(&mut parent, i as u32)).or_default().push(i as u32);
                continue;
            }
            let track = &mut self.tracks[i];
            let mut sum = 1.0;
            for n in 0..track.links.len() {
                let w = weight(track, track.links[n].density);
                track.links[n].probability = w;
                sum += w;
            }
            for link in &mut track.links {
                link.probability /= sum;
                link.ordered = link.probability;
                claimed[link.measurement as usize] += link.probability;
            }
        }
        let limits = self.settings.assign;
        let mut work: Vec<(Vec<u32>, Vec<Row>, usize)> = clusters
            .into_values()
            .map(|members| {
                let mut local: Vec<u32> = Vec::new();
                for &i in &members {
                    local.extend(self.tracks[i as usize].links.iter().map(|l| l.measurement));
                }
                local.sort_unstable();
                local.dedup();
                let rows = members
                    .iter()
                    .map(|&i| {
                        let track = &self.tracks[i as usize];
                        let index = |m: u32| local.binary_search(&m).unwrap_or(0);
                        let links = track
                            .links
                            .iter()
                            .map(|l| (index(l.measurement), weight(track, l.density)))
                            .collect();
                        Row::new(links)
                    })
                    .collect();
                (members, rows, local.len())
            })
            .collect();
        workers.each(&mut work, &|(_, rows, count)| marginals(rows, *count, &limits));
        for (members, rows, _) in &work {
            for (&i, row) in members.iter().zip(rows) {
                let answers = row.marginals.iter().zip(&row.ordered);
                for (link, (p, ordered)) in self.tracks[i as usize].links.iter_mut().zip(answers) {
                    (link.probability, link.ordered) = (*p, *ordered);
                    claimed[link.measurement as usize] += p;
                }
            }
        }
    }
}

fn root(parent: &mut [u32], mut i: u32) -> u32 {
    while parent[i as usize] != i {
        parent[i as usize] = parent[parent[i as usize] as usize];
        i = parent[i as usize];
    }
    i
}

/// Split rows into clusters and solve each.
pub(crate) fn solve_apart(rows: &mut [Row], measurements: usize, limits: &AssignLimits) {
    let mut first = vec![u32::MAX; measurements];
    let mut parent: Vec<u32> = (0..rows.len() as u32).collect();
    for (i, row) in rows.iter().enumerate() {
        for &(j, _) in &row.links {
            if first[j] == u32::MAX {
                first[j] = i as u32;
            } else {
                let (a, b) = (root(&mut parent, first[j]), root(&mut parent, i as u32));
                parent[a.max(b) as usize] = a.min(b);
            }
        }
    }
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for i in 0..rows.len() {
        members.entry(root(&mut parent, i as u32)).or_default().push(i);
    }
    for group in members.into_values() {
        if let [only] = group[..] {
            marginals(core::slice::from_mut(&mut rows[only]), 0, limits);
            continue;
        }
        let mut local: Vec<usize> = group.iter().flat_map(|&i| rows[i].links.iter().map(|l| l.0)).collect();
        local.sort_unstable();
        local.dedup();
        let mut cluster: Vec<Row> = group
            .iter()
            .map(|&i| {
                Row::new(
                    rows[i].links.iter().map(|&(j, w)| (local.binary_search(&j).unwrap_or(0), w)).collect(),
                )
            })
            .collect();
        marginals(&mut cluster, local.len(), limits);
        for (&i, solved) in group.iter().zip(cluster) {
            rows[i].marginals = solved.marginals;
        }
    }
}
