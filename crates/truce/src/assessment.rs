//! Observations -> incidents -> findings, in one pass: the middle of the straight line.

use crate::agreement::{Agreement, Mode};
use crate::evidence::{Evidence, weigh};
use crate::finding::{Circumstances, Facts, Finding, Terms, Verdict, hold, judge, sides, stand};
use crate::ground::{Ground, Positions};
use crate::incident::{Incident, Presence, is_absence, link, lot, presences};
use crate::mission::Mission;
use crate::observation::{Act, Asserter, Detail, Kind, Observation};
use crate::place::Place;
use crate::series::{self, AreaDay, Checked, Measure, Series};
use crate::time::{Span, Time};
use crate::{Id, Name};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// An incident with what is known of it.
pub struct Assessed<'a> {
    /// The incident.
    pub incident: Incident<'a>,
    /// How sure, and why.
    pub evidence: Evidence<'a>,
    /// What clauses ask; of what stands, from its first sighting to its last.
    pub facts: Facts,
    /// Of what stands and was seen several times, what is known of each sighting, by time; else nothing.
    pub sightings: Vec<Facts>,
}

impl Assessed<'_> {
    /// When it happened, or each time at which it was seen to stand there.
    pub fn seen(&self) -> impl Iterator<Item = Span> {
        let once = self.sightings.is_empty().then_some(self.facts.time);
        once.into_iter().chain(self.sightings.iter().map(|facts| facts.time))
    }
}

/// Incidents and findings.
pub struct Assessment<'a> {
    /// Incidents, by id.
    pub incidents: Vec<Assessed<'a>>,
    /// Findings, by reading and clause in the order of the agreement, then by incident. Those that are "not
    /// applicable" are only counted, except where another reading holds the same incident: these come last.
    pub findings: Vec<Finding>,
    /// Reports left out because an earlier one has the same text and place.
    pub repeats: u64,
    /// All verdicts, counted by reading, clause and verdict; clauses that oblige are no matter of incidents.
    pub counts: BTreeMap<(Name, Name, Verdict), u64>,
}

/// Links, weighs and holds observations against every clause of every reading.
///
/// A pure function of the set: the order of `observations` does not matter.
pub fn assess<'a>(
    observations: &'a [Observation],
    agreement: &Agreement,
    mission: &Mission,
    ground: &Ground,
) -> Assessment<'a> {
    let positions = Positions::new(observations);
    let linked = Linked::new(observations, mission);
    linked.hold(observations, agreement, mission, ground, &positions)
}

/// The same for several instruments that may be in force at once: every incident is held against each of them. One
/// assessment for each, in the order given; findings carry the instrument's id.
pub fn assess_each<'a>(
    observations: &'a [Observation],
    instruments: &[(&Agreement, &Ground)],
    mission: &Mission,
) -> Vec<Assessment<'a>> {
    let positions = Positions::new(observations);
    let linked = Linked::new(observations, mission);
    let hold = |(agreement, ground): &(&Agreement, &Ground)| {
        linked.hold(observations, agreement, mission, ground, &positions)
    };
    instruments.iter().map(hold).collect()
}

/// Incidents, before any agreement is asked: what stands is one, however often it was seen.
struct Linked<'a> {
    incidents: Vec<Presence<'a>>,
    repeats: u64,
}

impl<'a> Linked<'a> {
    fn new(observations: &'a [Observation], mission: &Mission) -> Self {
        let (alleged, repeats) = without_repeats(alleged(observations));
        let absences = observations.iter().filter(|it| is_absence(it));
        Self { incidents: presences(link(alleged, &mission.linking), absences, &mission.standing), repeats }
    }

    fn hold(
        &self,
        observations: &'a [Observation],
        agreement: &Agreement,
        mission: &Mission,
        ground: &Ground,
        positions: &Positions,
    ) -> Assessment<'a> {
        let parties: Vec<Name> = agreement.parties.iter().map(|party| party.code.clone()).collect();
        let incidents: Vec<Assessed<'a>> = self
            .incidents
            .iter()
            .map(|presence| {
                let facts = |incident: &Incident<'a>| {
                    let evidence = weigh(incident, &mission.weights, &parties);
                    let facts = Facts::of(incident, &evidence, agreement, ground, positions);
                    (evidence, facts)
                };
                let sightings = match &presence.sightings[..] {
                    [] | [_] => Vec::new(),
                    several => several.iter().map(|incident| facts(incident).1).collect(),
                };
                let (evidence, facts) = facts(&presence.whole);
                Assessed { incident: presence.whole.clone(), evidence, facts, sightings }
            })
            .collect();
        // What may have been answered is a single act, at its own time.
        let single = incidents.iter().flat_map(|one| match &one.sightings[..] {
            [] => core::slice::from_ref(&one.facts),
            several => several,
        });
        let circumstances = Circumstances::new(observations, single);
        let mut findings = Vec::new();
        let mut counts = BTreeMap::new();
        let mut held: BTreeSet<(&Name, Id)> = BTreeSet::new();
        let mut outside = Vec::new();
        for reading in &agreement.readings {
            let terms = Terms { agreement, reading, circumstances: &circumstances };
            for clause in reading.clauses.iter().filter(|clause| clause.mode != Mode::Oblige) {
                for assessed in &incidents {
                    let facts = &assessed.facts;
                    let mut applies = false;
                    let mut count = |verdict: Verdict| {
                        *counts.entry((reading.id.clone(), clause.id.clone(), verdict)).or_default() += 1;
                        applies |= !matches!(verdict, Verdict::NotApplicable(_));
                    };
                    // Most incidents and clauses have nothing to do with each other: no reasons are made for those.
                    let standing = (!assessed.sightings.is_empty())
                        .then(|| stand(facts.incident, &assessed.sightings, clause, terms));
                    match &standing {
                        Some(found) => found.iter().for_each(|finding| count(finding.verdict)),
                        None => sides(facts, clause)
                            .into_iter()
                            .for_each(|side| count(judge(facts, clause, terms, side, |_| {}).0)),
                    }
                    let found = || standing.unwrap_or_else(|| hold(facts, clause, terms));
                    if applies {
                        held.insert((&clause.id, facts.incident));
                        findings.extend(found());
                    } else if agreement.readings.len() > 1 {
                        outside.extend(found());
                    }
                }
            }
        }
        // What one reading holds and another does not is the difference between them.
        findings.extend(
            outside.into_iter().filter(|finding| held.contains(&(&finding.clause, finding.incident))),
        );
        Assessment { incidents, findings, repeats: self.repeats, counts }
    }
}

/// Observations of single acts: no totals of a day, no tables of attacks, no digests, nothing ordinary, and no look that
/// found nothing.
fn alleged(observations: &[Observation]) -> impl Iterator<Item = &Observation> {
    observations.iter().filter(|it| {
        let total = matches!(it.detail, Detail::ThermalDay { .. } | Detail::Launches { .. } | Detail::Digest);
        it.act != Act::Ordinary && !total && !it.detail.is_of_one_instrument() && !is_absence(it)
    })
}

/// Of reports of one asserter with one text and one place, the earliest of the best rated: a story that is carried on for
/// days is one story. (A story that names several places stays one report for each.) Whoever copies the words of another
/// under an earlier date puts nothing in its place: no party or newspaper stands for the monitor, none that is rated worse
/// for one rated better, and between equals no id decides.
fn without_repeats<'a>(reports: impl Iterator<Item = &'a Observation>) -> (Vec<&'a Observation>, u64) {
    let mut first: BTreeMap<(u64, &Place, &Asserter), &Observation> = BTreeMap::new();
    let (mut kept, mut all) = (Vec::new(), 0);
    let rank = |it: &Observation| (it.rating, it.time, lot(it), it.id);
    for report in reports {
        all += 1;
        match report.text_key.filter(|_| report.kind == Kind::ReportedEvent) {
            None => kept.push(report),
            Some(key) => {
                let known = first.entry((key, &report.place, &report.asserted_by)).or_insert(report);
                if rank(report) < rank(known) {
                    *known = report;
                }
            }
        }
    }
    kept.extend(first.into_values());
    let repeats = all - kept.len() as u64;
    (kept, repeats)
}

/// What the public may know at `as_of`: nothing that ended, or goes on, after `as_of` less the delay.
pub fn public_view(
    observations: Vec<Observation>,
    mission: &Mission,
    as_of: Time,
) -> (Vec<Observation>, u64) {
    let all = observations.len();
    let limit = Time(as_of.0 - mission.publication.delay);
    let public: Vec<Observation> =
        observations.into_iter().filter(|observation| observation.time.end <= limit).collect();
    let withheld = all - public.len();
    (public, withheld as u64)
}

/// What the shell adds to the observations for the series: sizes of ground between maps, and labels.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Ground that changed hands from one map of a source to the next.
    pub areas: BTreeMap<Name, Vec<AreaDay>>,
    /// How the word list did on labelled rows.
    pub checked: Option<Checked>,
}

/// Every series that the mission file asks for and that has data, in the order of the mission file.
pub fn compare(
    observations: &[Observation],
    instrument: Span,
    beside: &Beside,
    mission: &Mission,
) -> Vec<Series> {
    let mut all = Vec::new();
    for source in &mission.sources {
        let Some(measure) = source.series else { continue };
        let rows: Vec<Observation> =
            observations.iter().filter(|it| it.source == source.name).cloned().collect();
        let areas = beside.areas.get(&source.name).map_or(&[][..], Vec::as_slice);
        let days = areas.iter().map(|area| mission.day_clock.day(area.date));
        let Some(covers) = hull(rows.iter().map(|row| row.time).chain(days)) else { continue };
        let of = series::Source {
            name: source.name.clone(),
            asserted_by: source.asserter(),
            covers,
            limits: Vec::from([source.cannot_see.clone()]),
        };
        let (zone, rules) = (mission.day_clock, &mission.series);
        all.push(match measure {
            Measure::AlertStarts => series::alert_starts(instrument, &rows, &of, rules),
            Measure::Launches => series::launches(instrument, &rows, &of, rules),
            Measure::Reports => series::reports(instrument, &rows, beside.checked, zone, &of, rules),
            Measure::ThermalAnomalies => series::thermal_anomalies(instrument, &rows, &of, rules),
            Measure::AreaChanged => series::area_changed(instrument, areas, zone, &of, rules),
        });
    }
    all
}

/// The least span that holds all.
fn hull(spans: impl Iterator<Item = Span>) -> Option<Span> {
    spans.reduce(|all, span| Span { start: all.start.min(span.start), end: all.end.max(span.end) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Rating;
    use alloc::vec;

    /// A report of one text and place: its number, who asserts it, its rating, its minute.
    fn report(number: u8, by: Asserter, rating: &str, minute: i64) -> Observation {
        let time = Span::at(Time(minute * 60_000_000));
        let mut one = Observation::bare(Id([number; 32]), "paper", Kind::ReportedEvent, time, Place::Unknown);
        one.asserted_by = by;
        one.rating = Rating::parse(rating).expect("a rating");
        one.text_key = Some(9);
        one
    }

    fn kept(reports: &[Observation]) -> Vec<u8> {
        let (kept, repeats) = without_repeats(reports.iter());
        assert_eq!(kept.len() as u64 + repeats, reports.len() as u64);
        kept.into_iter().map(|one| one.id.0[0]).collect()
    }

    /// Copying the words of a better witness under an earlier date puts nothing in that witness's place.
    #[test]
    fn a_copy_dated_earlier_takes_no_report_away() {
        let party = |code: &str| Asserter::Party(code.into());
        let all = [
            report(5, Asserter::Monitor, "A1", 60),
            report(4, Asserter::Third, "B2", 50),
            report(3, Asserter::Third, "F6", 40),
            report(2, party("AL"), "A1", 30),
            report(1, party("BO"), "A1", 20),
        ];
        let expected: BTreeSet<u8> = [5, 4, 2, 1].into();
        assert_eq!(BTreeSet::from_iter(kept(&all)), expected);
        let reversed: Vec<Observation> = all.iter().rev().cloned().collect();
        assert_eq!(BTreeSet::from_iter(kept(&reversed)), expected);
    }

    /// Of copies rated alike the earliest stands, and whoever chooses the ids chooses nothing.
    #[test]
    fn a_story_that_is_carried_on_is_its_first_report() {
        let [early, late] = [(9, 10), (1, 20)].map(|(id, minute)| report(id, Asserter::Third, "C3", minute));
        assert_eq!(kept(&[late.clone(), early.clone()]), vec![9]);
        let mut other = early.clone();
        other.weapon = crate::observation::Weapon::Mortar;
        let first = |a: u8, b: u8| {
            let [mut one, mut two] = [early.clone(), other.clone()];
            (one.id, two.id) = (Id([a; 32]), Id([b; 32]));
            kept(&[one, two]) == [a]
        };
        assert_eq!(first(1, 2), first(2, 1));
    }
}
