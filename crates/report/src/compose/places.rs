//! The front strip and the map: counts by sector, cell and day, never a point.

use super::{Material, base};
use crate::model::{Map, MapCell, MapLabel, MapLine, PlaceAlong, Sector, Strip, StripDay, Tally, Within};
use crate::{Cell, Vertex, basemap};
use std::collections::BTreeMap;
use truce::agreement::Course;
use truce::assessment::Assessed;
use truce::coverage::Seen;
use truce::mission::Boundaries;
use truce::place::{KM, Level, Mm, Place};
use truce::time::{Date, Span, Time};

/// Sectors along the reference line, the last one as long as is left.
pub(super) fn sectors(material: &Material<'_>) -> Vec<(Mm, Mm)> {
    let Some(front) = material.ground.reference() else { return Vec::new() };
    let (length, sector) = (front.line.length(), material.mission.publication.sector);
    (0..(length + sector - 1) / sector)
        .map(|number| (number * sector, ((number + 1) * sector).min(length)))
        .collect()
}

/// The sector of an incident: only one whose place is known better than half a sector, near the line.
fn sector_of(material: &Material<'_>, assessed: &Assessed<'_>) -> Option<usize> {
    let publication = &material.mission.publication;
    let near = assessed.facts.place.near?;
    let reference = assessed.facts.place.reference?;
    let placed = 2 * near.sigma <= publication.sector / 2 && reference.distance <= publication.near_line;
    placed.then_some((reference.chainage / publication.sector) as usize)
}

/// The last moment of a time, which says in which day or period it is counted.
pub(super) fn last_moment(time: Span) -> Time {
    Time((time.end.0 - 1).max(time.start.0))
}

pub(super) fn strip(material: &Material<'_>) -> Option<Strip> {
    let front = material.ground.reference()?;
    let sectors = sectors(material);
    let days = material.days();
    let clock = material.day_clock();
    let mut counts: BTreeMap<(Date, usize), u64> = BTreeMap::new();
    let (mut placed, mut of_these_days) = (0_u64, 0_u64);
    for assessed in &material.assessment.incidents {
        // A report that names no hour stands on its own day, the last of those that it may speak of; what was seen to
        // stand there for days stands once on each of them.
        let mut seen: Vec<Date> = assessed.seen().map(|time| clock.date(last_moment(time))).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.retain(|day| days.contains(day));
        if seen.is_empty() {
            continue;
        }
        of_these_days += 1;
        if let Some(sector) = sector_of(material, assessed) {
            for day in seen {
                *counts.entry((day, sector.min(sectors.len() - 1))).or_default() += 1;
            }
            placed += 1;
        }
    }
    let states = super::coverage::along_the_line(material, &days);
    let window = material.window();
    let rows = days
        .iter()
        .enumerate()
        .map(|(row, day)| StripDay {
            day: *day,
            within: match clock.day(*day) {
                whole if window.covers(whole) => Within::Whole,
                whole if window.overlaps(whole) => Within::Part,
                _ => Within::No,
            },
            cells: (0..sectors.len())
                .map(|sector| {
                    let count = counts.get(&(*day, sector)).copied().unwrap_or(0);
                    match states[sector][row] {
                        Seen::Observed => Tally::observed(count),
                        // Seen by chance where nobody was watching: the count stands, a zero does not.
                        Seen::NotObserved if count == 0 => Tally::not_observed(),
                        Seen::NotObserved | Seen::Saturated | Seen::NotKnown => Tally::not_known(count),
                    }
                })
                .collect(),
        })
        .collect();
    let publication = &material.mission.publication;
    let line = material.agreement.reference_line()?;
    Some(Strip {
        title: format!("Incidents per {} km of the line and day", publication.sector / KM),
        note: format!(
            "{} of the {} incidents of these days have a place here: known to within {} km and no farther than {} km from \
             the line. A \
             report stands on the day it is dated. Where nobody can say what would have been seen, an empty cell is not a \
             zero.{}",
            super::thousands(placed),
            super::thousands(of_these_days),
            publication.sector / 2 / KM,
            publication.near_line / KM,
            if material.open_ended() {
                " The text sets no end: days on which nothing at hand begins or ends are left out."
            } else {
                ""
            }
        ),
        line: line_words(material, line, front.line.length()),
        sectors: sectors
            .iter()
            .map(|(from, to)| Sector { from_km: (from / KM) as u32, to_km: ((to + KM / 2) / KM) as u32 })
            .collect(),
        places: towns_along(material),
        days: rows,
    })
}

fn line_words(material: &Material<'_>, line: &truce::agreement::Line, length: Mm) -> String {
    let course = match &line.course {
        Course::Drawn { .. } => "as drawn in the agreement's files".to_string(),
        Course::NotKnown { .. } => "of a course that is not at hand".to_string(),
        Course::HeldGround { data, .. } => {
            let source = material.mission.sources.iter().find(|source| source.name == *data);
            format!(
                "derived from ground held by {}: its boundary less coast and state border",
                source.map_or(data.to_string(), |source| source.title.clone())
            )
        }
    };
    format!("{}, {course}", line_name(line, length))
}

/// `line "contact" of 19 April 2025, 1070 km`.
fn line_name(line: &truce::agreement::Line, length: Mm) -> String {
    let date = line.date.map_or(String::new(), |date| format!(" of {}", crate::text::day(date)));
    format!("line \"{}\"{date}, {} km", line.id, (length + KM / 2) / KM)
}

/// Towns of the base map within 25 km of the line, at most one in 60 km, to find one's way by.
fn towns_along(material: &Material<'_>) -> Vec<PlaceAlong> {
    let Some(front) = material.ground.reference() else { return Vec::new() };
    if material.mission.publication.boundaries == Boundaries::Blank {
        return Vec::new();
    }
    let mut towns: Vec<(u8, i64, &str)> = basemap::base()
        .towns
        .iter()
        .map(|town| (town, front.line.nearest(town.at)))
        .filter(|(_, nearest)| nearest.distance <= 40 * KM)
        .map(|(town, nearest)| (town.rank, nearest.chainage / KM, &*town.name))
        .collect();
    towns.sort();
    let mut kept: Vec<(i64, &str)> = Vec::new();
    for (_, km, name) in towns {
        if kept.iter().all(|(other, _)| (other - km).abs() >= 60) {
            kept.push((km, name));
        }
    }
    kept.sort();
    kept.into_iter().map(|(km, name)| PlaceAlong { km: km as u32, name: name.to_string() }).collect()
}

pub(super) fn map(material: &Material<'_>) -> Option<Map> {
    let window = material.window();
    let publication = &material.mission.publication;
    let mut counts: BTreeMap<Cell, u64> = BTreeMap::new();
    let (mut placed, mut within) = (0_u64, 0_u64);
    for assessed in &material.assessment.incidents {
        if !assessed.facts.time.overlaps(window) {
            continue;
        }
        within += 1;
        if let Some(near) = assessed.facts.place.near.filter(|near| near.sigma <= publication.cell_sigma) {
            *counts.entry(Cell::containing(near.centre)).or_default() += 1;
            placed += 1;
        }
    }
    let lines: Vec<MapLine> = material
        .ground
        .fronts()
        .iter()
        .filter_map(|front| {
            let line = material.agreement.lines.iter().find(|line| line.id == *front.id())?;
            Some((front, line))
        })
        .map(|(front, line)| MapLine {
            name: line_name(line, front.line.length()),
            licence: match &line.course {
                Course::HeldGround { data, .. } => material
                    .mission
                    .sources
                    .iter()
                    .find(|source| source.name == *data)
                    .map_or(String::new(), |source| format!("{}: {}", source.title, source.licence)),
                Course::Drawn { .. } | Course::NotKnown { .. } => String::new(),
            },
            paths: front
                .line
                .pieces()
                .into_iter()
                .map(|path| path.into_iter().map(Vertex::from).collect())
                .collect(),
        })
        .collect();
    if counts.is_empty() && lines.is_empty() {
        return None;
    }
    Some(Map {
        title: "Incidents per cell of about 10 km that may lie in the instrument's time".to_string(),
        note: format!(
            "{} of the {} incidents that may lie in the instrument's time have a place fine enough for a cell. Several may \
             be one act, reported more than once. What an empty cell means is not known unless the coverage below says \
             that it was observed.",
            super::thousands(placed),
            super::thousands(within)
        ),
        base: base(material.mission),
        lines,
        zones: Vec::new(),
        cells: counts
            .into_iter()
            .map(|(cell, number)| MapCell { cell, tally: Tally::not_known(number) })
            .collect(),
        labels: labels(material),
    })
}

/// Where there is no base map, settlements that observations name, as their sources place them.
fn labels(material: &Material<'_>) -> Vec<MapLabel> {
    if material.mission.publication.boundaries != Boundaries::Blank {
        return Vec::new();
    }
    let mut names: BTreeMap<&str, Vertex> = BTreeMap::new();
    for observation in material.observations {
        if let Place::Area { name, level: Level::Settlement, centre, .. } = &observation.place {
            names.entry(name).or_insert(Cell::containing(*centre).middle());
        }
    }
    names.into_iter().map(|(name, at)| MapLabel { name: name.to_string(), at }).collect()
}

/// Where an incident was, as far as may be said.
pub(super) enum Whereabouts {
    /// In a province, by its name.
    Province(String),
    /// Near a stretch of the line, km.
    NearLine(Mm, Mm),
    /// Known, but in no province of the base map.
    Outside,
    /// Not known.
    NotKnown,
}

/// Where an incident was: the province; else the sector of the line; else that it is not known.
pub(super) fn whereabouts(material: &Material<'_>, assessed: &Assessed<'_>) -> Whereabouts {
    if let Place::Area { name, level: Level::Province, .. } = &assessed.incident.anchor.place {
        return Whereabouts::Province(name.to_string());
    }
    let Some(near) = assessed.facts.place.near else { return Whereabouts::NotKnown };
    if material.mission.publication.boundaries != Boundaries::Blank
        && let Some(province) = basemap::province_at(near.centre)
    {
        return Whereabouts::Province(province.name.clone());
    }
    match sector_of(material, assessed).and_then(|sector| sectors(material).get(sector).copied()) {
        Some((from, to)) => Whereabouts::NearLine(from / KM, (to + KM / 2) / KM),
        None => Whereabouts::Outside,
    }
}

/// The same in words.
pub(super) fn place(material: &Material<'_>, assessed: &Assessed<'_>) -> String {
    match whereabouts(material, assessed) {
        Whereabouts::Province(name) => name,
        Whereabouts::NearLine(from, to) => format!("near the line, km {from} to {to}"),
        Whereabouts::Outside => "outside the provinces of the base map".to_string(),
        Whereabouts::NotKnown => "place not known".to_string(),
    }
}

/// A moment's day on the clock by which days are cut.
pub(super) fn day(material: &Material<'_>, time: Time) -> Date {
    material.day_clock().date(time)
}
