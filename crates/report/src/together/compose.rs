//! What was worked out for each instrument -> what holds for all of them.

use super::{AtOnce, FORMAT, Head, Held, HeldAgainst, Part, PartReading, Together};
use crate::compose::{Material, cell_of, incident_row, verdict, verdicts_by_reading};
use crate::model::{Incident, Map, MapCell, Party, Report, Tally};
use crate::text::{number, plural};
use std::collections::BTreeMap;
use truce::Id;
use truce::assessment::Assessed;
use truce::finding::Verdict;
use truce::time::{Span, Time};

/// How many incidents the page shows.
const SHOWN: usize = 50;

impl Together {
    /// From what each instrument's report is made of, and those reports, both in the order of the instruments; `None`
    /// without any.
    pub fn of(materials: &[Material<'_>], reports: &[Report]) -> Option<Self> {
        let first = reports.first()?;
        let incidents = held(materials);
        let parts: Vec<Part> = materials
            .iter()
            .zip(reports)
            .map(|(material, report)| part(material, report, &incidents))
            .collect();
        Some(Self {
            format: FORMAT,
            head: Head {
                title: format!("{} agreements held together", materials.len()),
                question: "Did each of them hold?".to_string(),
                window: hull(materials)?.into(),
                made_up: first.head.made_up.clone(),
                computed_from: first.head.computed_from.clone(),
                licence: first.head.licence.clone(),
            },
            parties: parties(reports),
            summary: summary(&parts, &incidents),
            notes: notes(materials),
            at_once: at_once(materials),
            map: map(materials, reports),
            agreements: parts,
            incidents,
            shown: SHOWN,
            licences: first.licences.clone(),
        })
    }
}

/// From the first moment of any instrument to the last.
fn hull(materials: &[Material<'_>]) -> Option<Span> {
    let windows = materials.iter().map(Material::window);
    windows.reduce(|all, next| Span { start: all.start.min(next.start), end: all.end.max(next.end) })
}

/// Each once, in the order in which the agreements name them.
fn parties(reports: &[Report]) -> Vec<Party> {
    let mut all: Vec<Party> = Vec::new();
    for party in reports.iter().flat_map(|report| &report.parties) {
        if all.iter().all(|known| known.code != party.code) {
            all.push(party.clone());
        }
    }
    all
}

/// Every incident once, with what each instrument says of it.
fn held(materials: &[Material<'_>]) -> Vec<Held> {
    let mut all: BTreeMap<Id, Vec<(&Material<'_>, &Assessed<'_>)>> = BTreeMap::new();
    for material in materials {
        for assessed in &material.assessment.incidents {
            all.entry(assessed.facts.incident).or_default().push((material, assessed));
        }
    }
    let mut findings: BTreeMap<Id, Vec<HeldAgainst>> = BTreeMap::new();
    for material in materials {
        for finding in &material.assessment.findings {
            if matches!(finding.verdict, Verdict::NotApplicable(_)) {
                continue;
            }
            findings.entry(finding.incident).or_default().push(HeldAgainst {
                agreement: finding.instrument.to_string(),
                reading: finding.reading.to_string(),
                clause: finding.clause.to_string(),
                verdict: verdict(finding.verdict),
                party: finding.party.as_ref().map(ToString::to_string),
            });
        }
    }
    let mut rows: Vec<Held> = Vec::new();
    for (id, told) in all {
        let findings = findings.remove(&id).unwrap_or_default();
        let within = told.iter().any(|(material, assessed)| assessed.facts.time.overlaps(material.window()));
        if !within && findings.is_empty() {
            continue;
        }
        let Some(incident) = incident(&told) else { continue };
        let breached = |material: &&Material<'_>| {
            let of = |it: &HeldAgainst| *it.agreement == *material.agreement.id;
            findings.iter().any(|it| of(it) && it.verdict == crate::model::Verdict::Breach)
        };
        let breaches =
            materials.iter().filter(breached).map(|material| material.agreement.id.to_string()).collect();
        rows.push(Held { incident, breaches, findings });
    }
    rows.sort_by(|a, b| {
        let key = |held: &Held| {
            (held.breaches.len(), !held.findings.is_empty(), held.incident.probability_permille)
        };
        let places = (a.incident.first_day, &a.incident.id).cmp(&(b.incident.first_day, &b.incident.id));
        key(b).cmp(&key(a)).then(places)
    });
    rows
}

/// One row for an incident: where the instruments tell its place by lines of their own, each is named with it.
fn incident(told: &[(&Material<'_>, &Assessed<'_>)]) -> Option<Incident> {
    let mut rows = told
        .iter()
        .map(|(material, assessed)| (material.agreement.id.to_string(), incident_row(material, assessed)));
    let (first, mut row) = rows.next()?;
    let mut places = vec![(first, row.place.clone())];
    for (id, other) in rows {
        match places.iter_mut().find(|(_, place)| *place == other.place) {
            Some((ids, _)) => *ids = format!("{ids}, {id}"),
            None => places.push((id, other.place)),
        }
    }
    if places.len() > 1 {
        let named: Vec<String> = places.iter().map(|(ids, place)| format!("{place} ({ids})")).collect();
        row.place = named.join("; ");
    }
    Some(row)
}

fn part(material: &Material<'_>, report: &Report, incidents: &[Held]) -> Part {
    let agreement = material.agreement;
    let breaches = || incidents.iter().filter(|held| held.breaches.iter().any(|id| **id == *agreement.id));
    Part {
        id: agreement.id.to_string(),
        title: agreement.title.clone(),
        instrument: report.head.instrument.clone(),
        window: report.head.window,
        parties: report.parties.iter().map(|party| party.code.clone()).collect(),
        summary: verdicts_by_reading(material),
        clauses: report.findings.clauses.clone(),
        readings: report
            .findings
            .readings
            .iter()
            .map(|reading| PartReading {
                id: reading.id.clone(),
                title: reading.title.clone(),
                note: reading.note.clone(),
                counts: reading.counts.clone(),
            })
            .collect(),
        breaching_incidents: breaches().count() as u64,
        breaching_it_alone: breaches().filter(|held| held.breaches.len() == 1).count() as u64,
    }
}

fn summary(parts: &[Part], incidents: &[Held]) -> Vec<String> {
    let count = |of: &dyn Fn(&Held) -> bool| incidents.iter().filter(|held| of(held)).count() as u64;
    let mut lines = Vec::new();
    let breaching = count(&|held| !held.breaches.is_empty());
    lines.push(match breaching {
        0 => "No incident is established, to the standard of proof, as a breach of any of these agreements."
            .to_string(),
        _ => {
            let of = |agreements: usize| match count(&|held| held.breaches.len() == agreements) {
                0 => None,
                incidents => Some(format!(
                    "{} of {}",
                    number(incidents),
                    plural(agreements as u64, "agreement", "agreements at once")
                )),
            };
            format!(
                "{} a breach of a clause of at least one of these agreements, under at least one reading: {}.",
                match breaching {
                    1 => "1 incident is".to_string(),
                    more => format!("{} incidents are", number(more)),
                },
                (1..=parts.len()).filter_map(of).collect::<Vec<_>>().join(", ")
            )
        }
    });
    for part in parts {
        lines.push(format!("{} ({}): {}", part.title, part.id, part.summary.join(" ")));
    }
    lines.push(format!(
        "Of {} that may lie in the time of at least one of them, {} held by clauses of more than one; no clause of any \
         applies to {}. Each is counted once here: the figures of the agreements are not to be added up.",
        plural(incidents.len() as u64, "incident", "incidents"),
        match count(&|held| agreements(held) > 1) {
            1 => "1 is".to_string(),
            several => format!("{} are", number(several)),
        },
        number(count(&|held| held.findings.is_empty()))
    ));
    lines
}

/// Of how many agreements a clause applies to it.
fn agreements(held: &Held) -> usize {
    let mut ids: Vec<&str> = held.findings.iter().map(|it| it.agreement.as_str()).collect();
    ids.dedup(); // they stand by agreement
    ids.len()
}

fn notes(materials: &[Material<'_>]) -> Vec<String> {
    let mut notes = vec![
        "An incident is what happened as far as known; a finding holds it against one clause of one agreement under one \
         reading. Agreements are never mixed: what one permits, another may prohibit. Who is responsible is never an \
         output of this program."
            .to_string(),
        "The agreements stand in the order of the first moment at which each may be in force, then of their ids. Each has \
         a report of its own, with its findings, reasons, claims, state and coverage, in the folder of its id."
            .to_string(),
        "How these agreements stand to each other (whether a later one replaces, extends or leaves alone an earlier one) \
         is for their texts and for those who judge to say: this program holds each incident against each of them."
            .to_string(),
    ];
    notes.extend(materials.first().map(crate::compose::view));
    notes
}

/// Which may be in force at once: time cut wherever one may begin or end.
fn at_once(materials: &[Material<'_>]) -> Vec<AtOnce> {
    // Where an end is not known, an instrument may be in force still.
    let may_hold = |material: &Material<'_>| {
        let window = material.window();
        let mut periods = material.agreement.readings.iter().flat_map(|reading| &reading.periods);
        let end_known = periods.all(|period| period.to.latest.is_some());
        Span { end: if end_known { window.end } else { window.end.max(material.as_of) }, ..window }
    };
    let windows: Vec<(Span, String)> =
        materials.iter().map(|material| (may_hold(material), material.agreement.id.to_string())).collect();
    let mut cuts: Vec<Time> = windows.iter().flat_map(|(window, _)| [window.start, window.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let stretches = cuts.windows(2).filter_map(|cut| {
        let [start, end] = *cut else { return None };
        let in_force = windows.iter().filter(|(window, _)| window.covers(Span { start, end }));
        let agreements: Vec<String> = in_force.map(|(_, id)| id.clone()).collect();
        (!agreements.is_empty()).then_some(AtOnce { start, end, agreements })
    });
    stretches.collect()
}

/// Cells of all, each incident counted once, and the lines of each.
fn map(materials: &[Material<'_>], reports: &[Report]) -> Option<Map> {
    let mut within: BTreeMap<Id, Option<crate::Cell>> = BTreeMap::new();
    for material in materials {
        let window = material.window();
        let assessed = material.assessment.incidents.iter();
        within.extend(
            assessed
                .filter(|it| it.facts.time.overlaps(window))
                .map(|it| (it.facts.incident, cell_of(material, &it.facts))),
        );
    }
    let mut counts: BTreeMap<crate::Cell, u64> = BTreeMap::new();
    for cell in within.values().flatten() {
        *counts.entry(*cell).or_default() += 1;
    }
    let maps = || materials.iter().zip(reports).filter_map(|(it, report)| Some((it, report.map.as_ref()?)));
    let (_, first) = maps().next()?;
    let mut labels = Vec::new();
    for label in maps().flat_map(|(_, map)| &map.labels) {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    let of_part = |material: &Material<'_>, line: &crate::model::MapLine| crate::model::MapLine {
        name: format!("{}: {}", material.agreement.id, line.name),
        ..line.clone()
    };
    Some(Map {
        title: "Incidents per cell of about 10 km that may lie in the time of at least one of the agreements"
            .to_string(),
        note: format!(
            "{} of the {} incidents that may lie in the time of at least one of the agreements have a place fine enough \
             for a cell; each is counted once. Several may be one act, reported more than once. What an empty cell means \
             is not known unless the coverage in the reports says that it was observed.",
            number(counts.values().sum()),
            number(within.len() as u64)
        ),
        base: first.base,
        lines: maps()
            .flat_map(|(material, map)| map.lines.iter().map(move |line| of_part(material, line)))
            .collect(),
        zones: maps().flat_map(|(_, map)| map.zones.clone()).collect(),
        cells: counts
            .into_iter()
            .map(|(cell, number)| MapCell { cell, tally: Tally::not_known(number) })
            .collect(),
        labels,
    })
}
