//! Zones by distance from a line: "between 2 and 15 km from the line, on either side". They have no rim to be crossed; what
//! is told of them is who was inside, when, for how long and where.
//!
//! The line's error is the error of both edges. A band may be as wide as a country, so a track that is far from its
//! edges is not looked at again before it can have come near to one.

use crate::crossing::{CrossingSettings, Found, spread};
use crate::gauss::phi;
use crate::line::{Beside, Line};
use crate::track::Track;
use crate::visit::{Dwelling, Inside, Zone};
use alloc::vec::Vec;
use libm::{fabs, sqrt};
use truce::Name;
use truce::time::Time;

/// A zone between two distances from a line.
#[derive(Clone, PartialEq, Debug)]
pub struct Band {
    /// What it is called.
    pub name: Name,
    /// The line from which it is measured. Several where parties have lines of their own: then whose aircraft it is decides by
    /// which of them, and nobody knows that here.
    pub from: Vec<Course>,
    /// It begins at this distance from the line, m, and is without a gap at 0.
    pub beyond: f64,
    /// It ends at this distance, m.
    pub within: f64,
}

/// A line in all its pieces, and on which sides of it the band lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Course {
    /// Indices of its pieces among the lines that are watched.
    pub lines: Vec<usize>,
    /// Does it lie on the left?
    pub left: bool,
    /// And on the right?
    pub right: bool,
}

/// What a track remembers of one band.
#[derive(Clone, Default, Debug)]
pub(crate) struct BandWatch {
    last: Option<Look>,
    pub(crate) dwelling: Dwelling,
}

/// When the lines were last looked at.
#[derive(Clone, Copy, Debug)]
struct Look {
    at: [f64; 2],
    /// Distance from the nearest edge, m, and from the nearest line.
    margin: f64,
    depth: f64,
    /// Square of the lines' own error.
    variance: f64,
    /// Inside by every course? By some share of them? By any?
    inside: [f64; 3],
    settled: bool,
    /// A line holds until then only, or another holds from then on.
    until: Time,
}

/// So many sigmas from an edge, nothing is left to be counted beyond it.
const SURE: f64 = 8.0;

/// Nobody goes farther than this without another look, m.
const FARTHEST: f64 = 2_000.0;

/// Where a track lies by one course.
struct Lies {
    /// Probability that it is inside.
    p: f64,
    inside: bool,
    /// Distance from the nearest edge, m.
    margin: f64,
    sigma: f64,
}

impl Band {
    /// Where a track at a signed distance lies.
    fn lies(&self, course: &Course, distance: f64, sigma: f64) -> Lies {
        let mut lies = Lies { p: 0.0, inside: false, margin: f64::INFINITY, sigma };
        let whole = course.left && course.right && self.beyond <= 0.0;
        for (on, depth) in [(course.left, distance), (course.right, -distance)] {
            if !on {
                continue;
            }
            lies.p += phi((depth - self.beyond) / sigma) - phi((depth - self.within) / sigma);
            lies.inside |= (self.beyond..=self.within).contains(&depth);
            lies.margin = lies.margin.min(fabs(depth - self.within));
            if !whole {
                lies.margin = lies.margin.min(fabs(depth - self.beyond));
            }
        }
        lies.p = lies.p.clamp(0.0, 1.0);
        lies
    }
}

/// The nearest of the pieces that hold at a moment.
fn nearest<'a>(course: &Course, lines: &'a [Line], at: [f64; 2], now: Time) -> Option<(&'a Line, Beside)> {
    let holding = course.lines.iter().filter_map(|line| lines.get(*line)).filter(|line| line.holds_at(now));
    let mut best: Option<(&Line, Beside)> = None;
    for line in holding {
        let beside = line.nearest(at);
        if best.is_none_or(|(_, known)| fabs(beside.distance) < fabs(known.distance)) {
            best = Some((line, beside));
        }
    }
    best
}

impl BandWatch {
    /// How surely the track is inside now.
    fn look(&mut self, track: &Track, band: &Band, lines: &[Line], settings: &CrossingSettings) -> Inside {
        let (now, at) = (track.time, [track.merged.x[0], track.merged.x[1]]);
        if let Some(last) = &self.last
            && now < last.until
        {
            let moved = libm::hypot(at[0] - last.at[0], at[1] - last.at[1]);
            let sigma = sqrt(track.merged.place_cov().greatest() + last.variance);
            // Where it was nearest to the line is to be known to the step.
            let nearest = self.dwelling.visit.as_ref().map_or(0.0, |visit| visit.best.depth);
            if moved < FARTHEST
                && last.margin - moved > SURE.max(settings.settled) * sigma
                && last.depth - moved >= nearest
            {
                let p = last.inside.map(|share| share * track.existence);
                return Inside { p, settled: last.settled, at, sigma, depth: f64::INFINITY };
            }
        }
        let mut p = [1.0, 0.0, 0.0_f64];
        let mut inside = [1.0, 0.0, 0.0_f64];
        let (mut settled, mut ends) = (!band.from.is_empty(), false);
        let (mut margin, mut depth) = (f64::INFINITY, f64::INFINITY);
        let (mut sigma, mut variance) = (0.0_f64, 0.0_f64);
        for course in &band.from {
            let lies = nearest(course, lines, at, now).map(|(line, beside)| {
                depth = depth.min(fabs(beside.distance));
                variance = variance.max(line.sigma * line.sigma);
                // Beyond the end of a line its sides change without a crossing.
                let length = line.length();
                ends |= beside.along < 1e-3 || beside.along > length - 1e-3;
                band.lies(course, beside.distance, spread(track, beside.left, line))
            });
            let lies = lies.unwrap_or(Lies { p: 0.0, inside: false, margin: f64::INFINITY, sigma: 0.0 });
            let parts = band.from.len() as f64;
            for (p, share) in [(&mut p, lies.p), (&mut inside, f64::from(u8::from(lies.inside)))] {
                *p = [p[0].min(share), p[1] + share / parts, p[2].max(share)];
            }
            settled &= lies.inside && lies.margin >= settings.settled * lies.sigma;
            (margin, sigma) = (margin.min(lies.margin), sigma.max(lies.sigma));
        }
        let of_it = band.from.iter().flat_map(|course| &course.lines).filter_map(|line| lines.get(*line));
        let until = of_it.filter_map(|line| line.changes_after(now)).min().unwrap_or(Time(i64::MAX));
        self.last = (!ends).then_some(Look { at, margin, depth, variance, inside, settled, until });
        Inside { p: p.map(|p| p * track.existence), settled, at, sigma, depth }
    }
}

/// Follow one track through all bands at the present moment.
pub(crate) fn follow(
    track: &mut Track,
    bands: &[Band],
    lines: &[Line],
    settings: &CrossingSettings,
    out: &mut Found,
) {
    track.bands.resize_with(bands.len(), BandWatch::default);
    for (index, band) in bands.iter().enumerate() {
        let mut watch = core::mem::take(&mut track.bands[index]);
        let here = watch.look(track, band, lines, settings);
        out.stays.extend(watch.dwelling.dwell(track, Zone::Band(index), here, settings));
        track.bands[index] = watch;
    }
}
