//! Findings and incidents, coarse: a cell, a day, and words.

use super::{Material, count};
use crate::Cell;
use crate::model::{Clause, ClauseCount, Finding, Findings, Incident, Incidents, Reading, Verdict};
use std::collections::BTreeMap;
use truce::Id;
use truce::agreement::Words;
use truce::assessment::Assessed;
use truce::finding::{self, Outside, Reason};
use truce::place::Place;
use truce::time::{MINUTE, Micros, Time};

pub(super) fn findings(material: &Material<'_>) -> Findings {
    let agreement = material.agreement;
    let assessed: BTreeMap<Id, &Assessed<'_>> =
        material.assessment.incidents.iter().map(|assessed| (assessed.facts.incident, assessed)).collect();
    let mut others: Others<'_> = BTreeMap::new();
    for finding in &material.assessment.findings {
        others.entry((&finding.clause, finding.incident)).or_default().push(finding);
    }
    let readings = agreement.readings.iter().map(|reading| {
        let mut rows: Vec<(u8, Finding)> = material
            .assessment
            .findings
            .iter()
            .filter(|finding| finding.reading == reading.id)
            .filter_map(|finding| {
                Some((weight(finding), row(material, finding, assessed.get(&finding.incident)?, &others)))
            })
            .collect();
        // Those that matter most first: breaches, then where least is missing, then what is likelier, then by day.
        rows.sort_by(|(a_weight, a), (b_weight, b)| {
            (a_weight, a.would_change.len(), b.probability_permille, a.first_day, &a.subject, &a.clause).cmp(
                &(b_weight, b.would_change.len(), a.probability_permille, b.first_day, &b.subject, &b.clause),
            )
        });
        Reading {
            id: reading.id.to_string(),
            title: match &reading.holder {
                Some(holder) => format!("reading of {}", material.party(holder)),
                None => "the text".to_string(),
            },
            held_by: reading.holder.as_ref().map(ToString::to_string),
            note: periods(reading),
            counts: reading.clauses.iter().map(|clause| counts(material, reading, &clause.id)).collect(),
            findings: rows.into_iter().map(|(_, finding)| finding).collect(),
        }
    });
    let clauses = agreement.readings.first().map_or(&[][..], |reading| &reading.clauses);
    Findings {
        clauses: clauses
            .iter()
            .map(|clause| Clause {
                id: clause.id.to_string(),
                title: match &clause.words {
                    Words::Quote(words) => format!("{}: \"{words}\"", clause.title),
                    Words::Paraphrase(words) => format!("{}: {words} (our words)", clause.title),
                },
                source: clause.sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            })
            .collect(),
        readings: readings.collect(),
        shown: 25,
    }
}

fn periods(reading: &truce::agreement::Reading) -> String {
    let edge = |time: Time| {
        let text = time.to_string();
        format!("{} {} UTC", &text[..10], &text[11..16])
    };
    let period = |period: &truce::agreement::Period| {
        let from = match period.from.exact() {
            Some(from) => format!("from {}", edge(from)),
            None => match period.from.latest {
                Some(latest) => format!(
                    "from some moment between {} and {} (the hour is not known)",
                    edge(period.from.earliest),
                    edge(latest)
                ),
                None => format!("from some moment not before {}", edge(period.from.earliest)),
            },
        };
        if period.to.is_open() {
            return format!("{from}, with an open end");
        }
        let to = match (period.to.exact(), period.to.latest) {
            (Some(to), _) => format!("to {}", edge(to)),
            (None, Some(latest)) => {
                format!("to some moment between {} and {}", edge(period.to.earliest), edge(latest))
            }
            (None, None) => format!("at least to {} (the end is not known)", edge(period.to.earliest)),
        };
        format!("{from} {to}")
    };
    format!("In force {}.", reading.periods.iter().map(period).collect::<Vec<_>>().join("; and "))
}

fn weight(finding: &finding::Finding) -> u8 {
    match finding.verdict {
        finding::Verdict::Breach => 0,
        finding::Verdict::Undetermined => 1,
        finding::Verdict::Permitted => 2,
        finding::Verdict::NoBreach => 3,
        finding::Verdict::NotApplicable(_) => 4,
    }
}

fn counts(material: &Material<'_>, reading: &truce::agreement::Reading, clause: &truce::Name) -> ClauseCount {
    let mut row = ClauseCount { clause: clause.to_string(), ..ClauseCount::default() };
    let of = |key: &(truce::Name, truce::Name, finding::Verdict)| key.0 == reading.id && key.1 == *clause;
    for (key, number) in material.assessment.counts.iter().filter(|(key, _)| of(key)) {
        *match key.2 {
            finding::Verdict::Breach => &mut row.breach,
            finding::Verdict::NoBreach => &mut row.no_breach,
            finding::Verdict::Permitted => &mut row.permitted,
            finding::Verdict::Undetermined => &mut row.undetermined,
            finding::Verdict::NotApplicable(Outside::Period) => &mut row.outside_period,
            finding::Verdict::NotApplicable(Outside::Place) => &mut row.outside_place,
            finding::Verdict::NotApplicable(Outside::Party) => &mut row.other_party,
            finding::Verdict::NotApplicable(Outside::Means) => &mut row.other_means,
        } += number;
    }
    row
}

/// Findings by clause and incident, over all readings.
type Others<'a> = BTreeMap<(&'a truce::Name, Id), Vec<&'a finding::Finding>>;

fn row(
    material: &Material<'_>,
    finding: &finding::Finding,
    assessed: &Assessed<'_>,
    others: &Others<'_>,
) -> Finding {
    let incident = incident(material, assessed);
    let name = |code: &truce::Name| material.party(code);
    Finding {
        subject: incident.id,
        what: format!("{}; {}", incident.kinds.join(", "), reports(assessed)),
        clause: finding.clause.to_string(),
        party: finding.party.as_ref().map(ToString::to_string),
        verdict: verdict(finding.verdict),
        cell: incident.cell,
        place: incident.place,
        first_day: incident.first_day,
        last_day: incident.last_day,
        evidence_centibans: incident.evidence_centibans,
        probability_permille: incident.probability_permille,
        probability_word: incident.probability_word,
        in_zone_permille: finding.inside_permille,
        reasons: finding.reasons.iter().map(|reason| reason.sentence(&name)).collect(),
        other_readings: others
            .get(&(&finding.clause, finding.incident))
            .into_iter()
            .flatten()
            .filter(|other| other.reading != finding.reading)
            .map(|other| {
                let holder =
                    material.agreement.reading(&other.reading).and_then(|reading| reading.holder.as_ref());
                match holder {
                    Some(holder) => format!("reading of {}: {}", name(holder), other.verdict.words()),
                    None => format!("by the text: {}", other.verdict.words()),
                }
            })
            .collect(),
        would_change: finding.reasons.iter().filter_map(would_change).map(str::to_string).collect(),
    }
}

/// The verdict as the report has it.
/// A verdict as a report has it.
pub fn verdict(verdict: finding::Verdict) -> Verdict {
    match verdict {
        finding::Verdict::Breach => Verdict::Breach,
        finding::Verdict::NoBreach => Verdict::NoBreach,
        finding::Verdict::Permitted => Verdict::Permitted,
        finding::Verdict::Undetermined => Verdict::Undetermined,
        finding::Verdict::NotApplicable(Outside::Period) => Verdict::OutsidePeriod,
        finding::Verdict::NotApplicable(Outside::Place) => Verdict::OutsidePlace,
        finding::Verdict::NotApplicable(Outside::Party) => Verdict::OtherParty,
        finding::Verdict::NotApplicable(Outside::Means) => Verdict::OtherMeans,
    }
}

/// What would change an open finding.
fn would_change(reason: &Reason) -> Option<&'static str> {
    Some(match reason {
        Reason::PartlyInForce { .. } => "a source that gives the hour",
        Reason::ActNotKnown(_) => "a source that tells what was done, or a text that settles such acts",
        Reason::MeansNotKnown(_) => "a source that tells the weapon",
        Reason::TargetNotKnown(_) | Reason::TargetTold(_) => "a source that tells what was hit",
        Reason::ListNotKnown => "publication of the list",
        Reason::PerhapsInside { .. } | Reason::PlaceNotKnown => "a measured position",
        Reason::SideNotEstablished | Reason::SideNeeded => {
            "evidence of whose forces acted: a direction of fire, a sighting"
        }
        Reason::PerhapsOccurred { .. } => {
            "an independent source that is not a text: an instrument, a patrol, an image"
        }
        Reason::PerhapsExcepted(_) => "a source that tells whether the exception fits",
        _ => return None,
    })
}

pub(super) fn incidents(material: &Material<'_>) -> Incidents {
    let window = material.window();
    let all = &material.assessment.incidents;
    // No more is shown than the report speaks of: the days of the pictures, and what may lie in the window.
    let clock = material.day_clock();
    let days = material.days();
    let shown = |assessed: &&Assessed<'_>| {
        assessed.facts.time.overlaps(window) || days.contains(&clock.date(assessed.facts.time.start))
    };
    let mut rows: Vec<(bool, Incident)> = all
        .iter()
        .filter(shown)
        .map(|assessed| (!assessed.facts.time.overlaps(window), incident(material, assessed)))
        .collect();
    rows.sort_by(|(a_outside, a), (b_outside, b)| {
        (a_outside, b.probability_permille, b.observations, a.first_day, &a.id).cmp(&(
            b_outside,
            a.probability_permille,
            a.observations,
            b.first_day,
            &b.id,
        ))
    });
    let within = rows.iter().filter(|(outside, _)| !outside).count() as u64;
    Incidents {
        note: format!(
            "{} may lie in the instrument's time and come first: the stretch in which each may have happened overlaps it. \
             {} of the days shown lie outside it; other days are left out. Reports that no instrument anchors stand \
             alone: two reports of one act are two incidents, and one report of several places stands once for each. The \
             number of incidents is not a number of acts.",
            count(within, "incident", "incidents"),
            count(rows.len() as u64 - within, "incident", "incidents")
        ),
        rows: rows.into_iter().map(|(_, incident)| incident).collect(),
        shown: 0,
    }
}

pub(crate) fn incident(material: &Material<'_>, assessed: &Assessed<'_>) -> Incident {
    let clock = material.day_clock();
    let facts = &assessed.facts;
    let last = Time((facts.time.end.0 - 1).max(facts.time.start.0));
    let mut kinds = vec![match facts.act {
        truce::observation::Act::Fire => "use of weapons, sort not known".to_string(),
        act => act.name().replace('-', " "),
    }];
    if facts.weapon != truce::observation::Weapon::Undetermined {
        kinds.push(facts.weapon.name().replace('-', " "));
    }
    // What was hit among troops and arms is nobody's to read here.
    if !matches!(
        facts.target,
        truce::observation::Target::Undetermined | truce::observation::Target::Military
    ) {
        kinds.push(format!("target: {}", facts.target.name().replace('-', " ")));
    }
    let members = &assessed.incident.members;
    kinds.extend(in_zones(members));
    if !assessed.sightings.is_empty() {
        kinds.push(format!("stood there, seen {} times", assessed.sightings.len()));
    }
    let distinct = |of: &dyn Fn(&truce::observation::Observation) -> String| {
        let mut names: Vec<String> = members.iter().map(|member| of(member)).collect();
        names.sort();
        names.dedup();
        names
    };
    Incident {
        id: facts.incident.to_string(),
        cell: cell(material, facts),
        place: super::places::place(material, assessed),
        first_day: clock.date(facts.time.start),
        last_day: clock.date(last),
        kinds,
        observations: members.len() as u32,
        groups: assessed.evidence.groups(),
        sources: distinct(&|member| member.source.to_string()),
        evidence_centibans: assessed.evidence.occurred,
        probability_permille: facts.occurred_permille,
        probability_word: material.mission.words.word(facts.occurred_permille).to_string(),
    }
}

/// How long aircraft were in a zone, as the mission's own instruments saw it: whole minutes, visit by visit, for no
/// more is told to everybody. Of visits to zones within each other, which stand at one point, the longest counts.
fn in_zones(members: &[&truce::observation::Observation]) -> Option<String> {
    let minutes = |lasted: Micros| lasted.saturating_add(MINUTE / 2).div_euclid(MINUTE);
    let mut visits: Vec<(&Place, i64)> = Vec::new();
    let derived = members.iter().filter(|it| matches!(it.detail, truce::observation::Detail::Derived(_)));
    for (place, lasted) in derived.filter_map(|it| Some((&it.place, minutes(it.particulars().lasted?)))) {
        match visits.iter_mut().find(|(other, _)| *other == place) {
            Some((_, longest)) => *longest = lasted.max(*longest),
            None => visits.push((place, lasted)),
        }
    }
    let all: i64 = visits.iter().fold(0, |sum, (_, next)| sum.saturating_add(*next));
    let time = match all {
        0 => "less than a minute".to_string(),
        _ => format!("about {}", count(all.unsigned_abs(), "minute", "minutes")),
    };
    match visits.len() {
        0 => None,
        1 => Some(format!("{time} in a zone")),
        tracks => Some(format!("{time} in a zone, {tracks} visits together")),
    }
}

/// The cell; a place that is known no better than a province has none.
pub(crate) fn cell(material: &Material<'_>, facts: &finding::Facts) -> Option<Cell> {
    let near = facts.place.near.filter(|near| near.sigma <= material.mission.publication.cell_sigma)?;
    Some(Cell::containing(near.centre))
}

fn reports(assessed: &Assessed<'_>) -> String {
    format!(
        "{} of {}",
        count(assessed.incident.members.len() as u64, "observation", "observations"),
        count(assessed.evidence.groups().into(), "group", "groups")
    )
}
