//! What could be seen, at the grain that may be published: 50 km of line or a province, by day.

use super::Material;
use crate::model::{Coverage, CoverageRow, Covered, Seen};
use truce::Name;
use truce::coverage::{self, Network, Rule};
use truce::observation::Observation;
use truce::place::{KM, Mm, Point};
use truce::time::{Date, HOUR, Span, Time};

/// Places every so far along a sector stand for it.
const SAMPLE: Mm = 5 * KM;

/// Is a day old enough for its coverage to be shown?
pub(super) fn shown(material: &Material<'_>, day: Date) -> bool {
    let end = material.day_clock().day(day).end;
    end.0 <= material.as_of.0 - material.mission.publication.coverage_delay
}

fn hours(day: Span) -> Vec<Span> {
    let count = day.length() / HOUR;
    (0..count)
        .map(|hour| Span {
            start: Time(day.start.0 + hour * HOUR),
            end: Time(day.start.0 + (hour + 1) * HOUR),
        })
        .collect()
}

/// For the strip: each sector by day, by the mission's own instruments; not known where it has none.
pub(super) fn along_the_line(material: &Material<'_>, days: &[Date]) -> Vec<Vec<coverage::Seen>> {
    let sectors = super::places::sectors(material);
    let network = Network::new(material.observations);
    if network.is_empty() {
        return vec![vec![coverage::Seen::NotKnown; days.len()]; sectors.len()];
    }
    let Some(front) = material.ground.reference() else { return Vec::new() };
    let least = material.mission.least_observed_permille;
    sectors
        .iter()
        .map(|(from, to)| {
            let samples: Vec<Point> =
                (0..=(to - from) / SAMPLE).map(|step| front.line.at(from + step * SAMPLE)).collect();
            days.iter()
                .map(|day| {
                    if !shown(material, *day) {
                        return coverage::Seen::NotKnown;
                    }
                    let hours = hours(material.day_clock().day(*day));
                    let seen = network.coverage(std::slice::from_ref(&samples), &hours, least);
                    coverage::by_day(&seen[0], hours.len(), least)[0]
                })
                .collect()
        })
        .collect()
}

/// One table for each source that was read.
pub(super) fn coverage(material: &Material<'_>) -> Vec<Coverage> {
    let days = material.days();
    super::sources::read(material)
        .map(|source| {
            let of_source: Vec<&Observation> =
                material.observations.iter().filter(|it| it.source == source.name).collect();
            let names: Vec<Name> = material.mission.provinces.iter().map(|province| province.name.clone()).collect();
            let (note, rows): (&str, Vec<(String, Vec<coverage::Seen>)>) = match source.coverage {
                Rule::NotKnown => (
                    "Nobody can say where and when this source was looking. What it does not report is not known.",
                    vec![("everywhere".to_string(), vec![coverage::Seen::NotKnown; days.len()])],
                ),
                Rule::DaysWithAMap => (
                    "A day with a map counts as observed; a map may be days behind the ground.",
                    vec![(
                        "mapped ground".to_string(),
                        days.iter()
                            .map(|day| match material.maps.contains(&(source.name.clone(), *day)) {
                                true => coverage::Seen::Observed,
                                false => coverage::Seen::NotObserved,
                            })
                            .collect(),
                    )],
                ),
                Rule::ProvincesNamed => (
                    "A province that the file ever names counts as observed throughout; one that it never names is \
                     not observed: it is absent, not quiet.",
                    coverage::provinces_named(&of_source, &names)
                        .into_iter()
                        .zip(&names)
                        .map(|(seen, name)| (name.to_string(), vec![seen; days.len()]))
                        .collect(),
                ),
                Rule::Heartbeats => (
                    "From the heartbeats and ranges of the mission's own instruments, hour by hour. The positions of \
                     instruments are not published.",
                    super::places::sectors(material)
                        .iter()
                        .zip(along_the_line(material, &days))
                        .map(|((from, to), seen)| (format!("km {} to {}", from / KM, (to + KM / 2) / KM), seen))
                        .collect(),
                ),
            };
            Coverage {
                kind: source.kind.clone(),
                sources: vec![source.name.to_string()],
                note: note.to_string(),
                columns: days.iter().map(|day| super::short_day(*day)).collect(),
                rows: rows
                    .into_iter()
                    .map(|(label, cells)| CoverageRow {
                        label,
                        cells: cells
                            .into_iter()
                            .zip(&days)
                            .map(|(seen, day)| Covered {
                                state: if shown(material, *day) { state(seen) } else { Seen::NotKnown },
                                share_permille: None,
                            })
                            .collect(),
                    })
                    .collect(),
            }
        })
        .collect()
}

fn state(seen: coverage::Seen) -> Seen {
    match seen {
        coverage::Seen::Observed => Seen::Observed,
        coverage::Seen::NotObserved => Seen::NotObserved,
        coverage::Seen::Saturated => Seen::Saturated,
        coverage::Seen::NotKnown => Seen::NotKnown,
    }
}
