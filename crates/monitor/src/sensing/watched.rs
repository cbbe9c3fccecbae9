//! What aircraft are watched by: the agreement's lines, version by version, the rims of its drawn zones, and its zones by
//! distance from a line.

use super::eyes::metres;
use track::{Band, Course, Line, Plane};
use truce::Name;
use truce::agreement::{Agreement, Clause, Extent, Where};
use truce::geodesy::Side;
use truce::ground::Ground;
use truce::observation::{Act, Belongs};
use truce::place::Point;
use truce::time::Time;

/// The lines, and the bands beside them.
pub(super) struct Watched {
    pub(super) lines: Vec<Line>,
    pub(super) bands: Vec<Band>,
}

impl Watched {
    /// `sigma`: how far a line as drawn may be from the line as held, m.
    pub(super) fn new(agreement: &Agreement, ground: &Ground, plane: &Plane, sigma: f64) -> Self {
        let place =
            |path: &[Point]| -> Vec<[f64; 2]> { path.iter().filter_map(|p| plane.place(*p)).collect() };
        let mut lines: Vec<Line> = Vec::new();
        // Indices of the pieces of each front, of all its versions.
        let mut pieces: Vec<Vec<usize>> = vec![Vec::new(); ground.fronts().len()];
        let mut put = |front: usize, line: &truce::geodesy::Line, holds: [Time; 2], lines: &mut Vec<Line>| {
            let name = ground.fronts()[front].id();
            for path in line.pieces() {
                let line = Line::new(name, ["left", "right"], sigma, &place(&path));
                if let Some(line) = line {
                    pieces[front].push(lines.len());
                    lines.push(line.holding(holds[0], holds[1]));
                }
            }
        };
        let versions = |front: usize| {
            let since: Vec<_> = ground.versions(front).collect();
            let until: Vec<Time> =
                since.iter().skip(1).map(|(since, _)| *since).chain([Time(i64::MAX)]).collect();
            since.into_iter().zip(until).map(|((since, line), until)| ([since, until], line))
        };
        for front in 0..ground.fronts().len() {
            if let Some((holds, Some(line))) = versions(front).next() {
                put(front, line, holds, &mut lines);
            }
        }
        for zone in &agreement.zones {
            let Extent::Drawn(polygons) = &zone.extent else { continue };
            let rims = polygons.iter().filter_map(|polygon| polygon.rings.first());
            // A drawn rim is known exactly: it is what the agreement says.
            lines.extend(rims.filter_map(|rim| Line::zone(&zone.id, 0.0, &place(rim))));
        }
        for front in 0..ground.fronts().len() {
            for (holds, line) in versions(front).skip(1) {
                if let Some(line) = line {
                    put(front, line, holds, &mut lines);
                }
            }
        }
        let bands =
            agreement.zones.iter().filter_map(|zone| band(agreement, ground, &pieces, &zone.id)).collect();
        Self { lines, bands }
    }
}

/// A zone by distance from a line, if a clause speaks of flights in it: of a zone from which guns are withdrawn nobody asks
/// who flew there, and a front has thousands who did.
fn band(agreement: &Agreement, ground: &Ground, pieces: &[Vec<usize>], id: &Name) -> Option<Band> {
    let Extent::FromLine { line, sides, beyond, within, own } = &agreement.zone(id)?.extent else {
        return None;
    };
    let flights = |clause: &Clause| {
        clause.place == Where::Zone(id.clone())
            && clause
                .acts
                .iter()
                .chain(&clause.unsettled_acts)
                .any(|act| Act::Flight.belongs(*act) != Belongs::No)
    };
    if !agreement.readings.iter().flat_map(|reading| &reading.clauses).any(flights) {
        return None;
    }
    // From which lines, for whom: for each party its own, or that of all. Its forces are in it on either side.
    let mut fronts: Vec<usize> = Vec::new();
    for party in sides {
        let of = own.iter().find(|(of, _)| of == party).map_or(line, |(_, line)| line);
        let front = ground.fronts().iter().position(|front| front.id() == of)?;
        if !fronts.contains(&front) {
            fronts.push(front);
        }
    }
    let on = |front: usize, side: Side| {
        ground.fronts()[front].party(side).is_some_and(|party| sides.contains(party))
    };
    let course = |front: usize| Course {
        lines: pieces[front].clone(),
        left: on(front, Side::Left),
        right: on(front, Side::Right),
    };
    Some(Band {
        name: id.clone(),
        from: fronts.into_iter().map(course).collect(),
        beyond: metres(*beyond),
        within: metres(*within),
    })
}
