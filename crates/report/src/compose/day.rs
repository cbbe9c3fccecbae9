//! What was worked out -> a [`DayReport`].

use super::{Material, claims, coverage, findings, places, series};
use crate::basemap;
use crate::day::{
    Cases, ClaimOfDay, ClauseOfDay, Compared, Corrected, Corrections, Counted, DayOf, DayReport, FORMAT,
    Harm, Interference, Occasion, PartOfDay, Published, ReadingOfDay, SEVERE, Sensors, Severe, Titled,
    Verdicts, Whereabouts, Withdrawal, period,
};
use crate::model::{Conclusion, Tally, Verdict};
use std::collections::BTreeSet;
use truce::Id;
use truce::assessment::Assessed;
use truce::claim::unit;
use truce::coverage::{Network, Seen};
use truce::finding;
use truce::mission::DayRules;
use truce::observation::{Act, Belongs, Target, Weapon};
use truce::rate::rate_ratio;
use truce::series::Change;
use truce::time::{DAY, Date, HOUR, Span, Time};

/// Which day, and what is followed up.
#[derive(Clone, Copy, Debug)]
pub struct Day<'a> {
    /// The day of the cut-off.
    pub date: Date,
    /// The register of cases, where one is kept.
    pub cases: Option<&'a [CaseState]>,
    /// The report of the day before as it was published, where there is one.
    pub before: Option<&'a Published>,
}

/// What the day report needs to know of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaseState {
    /// The incidents that it is about.
    pub incidents: Vec<Id>,
    /// When it was opened.
    pub opened: Time,
    /// When it was closed.
    pub closed: Option<Time>,
    /// Answers asked for: by when, and when each came.
    pub answers: Vec<(Time, Option<Time>)>,
}

/// Composes the report of a day. The material is that of the whole report.
pub fn compose(material: &Material<'_>, rules: DayRules, day: Day<'_>) -> DayReport {
    let mission = material.mission;
    let clock = mission.day_clock;
    let of = |days_before: i64| period(Date::from_days(day.date.days() - days_before), rules.cut_off, clock);
    let (current, previous) = (of(0), of(1));
    let periods: Vec<Span> = (1..=i64::from(mission.series.windows_before)).map(of).collect();
    let window = material.window();
    let first = clock.date(window.start).days();
    let last = clock.date(Time(window.end.0 - 1)).days();
    let within = (first..=last).contains(&day.date.days());
    let ended = material.agreement.readings.iter().all(|reading| {
        reading.periods.iter().all(|period| period.to.latest.is_some() && !period.to.is_open())
    });
    let watched = sensors(material, day.date);
    let counted = Counting { material, watched };
    let of_day: Vec<&Assessed<'_>> = in_period(material, current).collect();
    let (severe, severe_in_all) = severe(material, rules.grave_permille, &of_day);
    DayReport {
        format: FORMAT,
        title: Titled {
            code: material.agreement.id.to_string(),
            name: material.agreement.title.clone(),
            uk: material.agreement.titles.uk.clone(),
            ru: material.agreement.titles.ru.clone(),
        },
        made_up: mission.made_up.clone(),
        number: day.date.days() - first + 1,
        day: within
            .then_some(DayOf { number: day.date.days() - first + 1, of: ended.then_some(last - first + 1) }),
        period: current.into(),
        previous: previous.into(),
        clock,
        parties: material
            .agreement
            .parties
            .iter()
            .map(|party| Titled {
                code: party.code.to_string(),
                name: party.name.to_string(),
                uk: party.name_in("uk").map(ToString::to_string),
                ru: party.name_in("ru").map(ToString::to_string),
            })
            .collect(),
        computed_from: super::computed_from(material),
        delay_hours: mission.publication.delay / HOUR,
        level_permille: mission.series.level_permille,
        figures: Counted::ALL
            .into_iter()
            .map(|of| counted.compared(of, current, previous, &periods))
            .collect(),
        may_lie_outside: of_day
            .iter()
            .filter(|it| {
                let mut within = it.seen().filter(|time| current.contains(places::last_moment(*time)));
                within.all(|time| time.start < current.start)
            })
            .count() as u64,
        readings: readings(material, current, previous),
        severe,
        severe_in_all,
        grave_permille: rules.grave_permille,
        withdrawal: withdrawal(material, current, previous),
        movement: of_day
            .iter()
            .filter(|it| hinders_movement(it))
            .map(|it| Occasion {
                id: it.facts.incident.to_string(),
                act: it.facts.act.name(),
                place: place(material, it),
                date: last_day(material, it),
                probability_permille: it.facts.occurred_permille,
            })
            .collect(),
        movement_before: in_period(material, previous).filter(|it| hinders_movement(it)).count() as u64,
        interference: Interference {
            count: of_day.iter().filter(|it| interferes(it)).count() as u64,
            before: in_period(material, previous).filter(|it| interferes(it)).count() as u64,
        },
        sensors: watched,
        harm: harm(material, current, previous, day.cases),
        cases: cases(day.cases, current, previous),
        claims: claims_of(material, current),
        plan: material.plan(),
        corrections: corrections(&counted, day.before, previous),
    }
}

/// The last moment at which an incident may have happened: it is counted in the period that holds this one.
fn last_moment(assessed: &Assessed<'_>) -> Time {
    places::last_moment(assessed.facts.time)
}

/// What stands is counted once in each period in which it was seen.
fn in_period<'a, 'b>(material: &'b Material<'a>, period: Span) -> impl Iterator<Item = &'b Assessed<'a>> {
    let seen = move |assessed: &&Assessed<'_>| {
        assessed.seen().any(|time| period.contains(places::last_moment(time)))
    };
    material.assessment.incidents.iter().filter(seen)
}

/// Was the monitor hindered on its way, or is it not known how?
fn hinders_movement(assessed: &Assessed<'_>) -> bool {
    assessed.facts.act.belongs(Act::Obstruction) == Belongs::Yes && !interferes(assessed)
}

/// Were the monitor's instruments hindered?
fn interferes(assessed: &Assessed<'_>) -> bool {
    matches!(assessed.facts.act, Act::Jamming | Act::Blinding)
}

fn last_day(material: &Material<'_>, assessed: &Assessed<'_>) -> Date {
    places::day(material, last_moment(assessed))
}

fn place(material: &Material<'_>, assessed: &Assessed<'_>) -> Whereabouts {
    match places::whereabouts(material, assessed) {
        places::Whereabouts::Province(name) => {
            // By the mission file's name, or by the base map's, which names the same ground by ISO 3166-2.
            let iso = basemap::base().provinces.iter().find(|it| it.name == name).map(|it| it.iso.as_str());
            let mut provinces = material.mission.provinces.iter();
            let province = provinces.find(|it| *it.name == *name || Some(&*it.code) == iso);
            Whereabouts::Province(Titled {
                code: province.map_or(String::new(), |province| province.code.to_string()),
                uk: province.and_then(|province| province.uk.as_ref()).map(ToString::to_string),
                ru: province.and_then(|province| province.ru.as_ref()).map(ToString::to_string),
                name,
            })
        }
        places::Whereabouts::NearLine(from_km, to_km) => Whereabouts::NearLine { from_km, to_km },
        places::Whereabouts::Outside => Whereabouts::Outside,
        places::Whereabouts::NotKnown => Whereabouts::NotKnown,
    }
}

/// Is this incident one of those that a figure counts? What is too coarse to tell is not counted as such.
fn is(assessed: &Assessed<'_>, of: Counted) -> bool {
    let facts = &assessed.facts;
    let act = |class: Act| facts.act.belongs(class) == Belongs::Yes;
    match of {
        Counted::Incidents => true,
        Counted::Fire => act(Act::Fire),
        Counted::Shelling => act(Act::Shelling),
        Counted::Drones => {
            act(Act::DroneAttack) || act(Act::Fire) && facts.weapon.belongs(Weapon::Uav) == Belongs::Yes
        }
        Counted::Air => act(Act::AirStrike) || act(Act::MissileStrike),
        Counted::SmallArms => act(Act::SmallArms),
        Counted::Flights => act(Act::Flight),
    }
}

struct Counting<'a> {
    material: &'a Material<'a>,
    watched: Sensors,
}

impl Counting<'_> {
    fn count(&self, of: Counted, period: Span) -> u64 {
        in_period(self.material, period).filter(|assessed| is(assessed, of)).count() as u64
    }

    /// Only where the whole line was observed may a figure be zero.
    fn tally(&self, count: u64, observed: impl Fn(u64, u64, u64) -> u64) -> Tally {
        match self.watched {
            Sensors::Known { sectors, observed: now, observed_before }
                if observed(sectors, now, observed_before) == sectors =>
            {
                Tally::observed(count)
            }
            _ => Tally::not_known(count),
        }
    }

    fn compared(&self, of: Counted, current: Span, previous: Span, periods: &[Span]) -> Compared {
        let now = self.count(of, current);
        // Before the first observation there is no knowing, not a zero.
        let since = self.material.observations.iter().map(|observation| observation.time.start).min();
        let before: Vec<u64> = periods
            .iter()
            .filter(|period| since.is_some_and(|since| since <= period.start))
            .map(|period| self.count(of, *period))
            .collect();
        Compared {
            of,
            current: self.tally(now, |_, now, _| now),
            previous: self.tally(self.count(of, previous), |_, _, before| before),
            change: self.change(now, &before),
            before,
        }
    }

    fn change(&self, now: u64, before: &[u64]) -> Conclusion {
        let rules = &self.material.mission.series;
        let none = |reason: &str| Conclusion::NoConclusion { reason: reason.to_string() };
        if (before.len() as u64) < u64::from(rules.min_windows) {
            return none("too-few-periods");
        }
        let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let baseline: Vec<u32> = before.iter().copied().map(small).collect();
        match rate_ratio(small(now), &baseline, rules.level_permille) {
            Ok(ratio) => series::conclusion(&Change::Ratio(ratio)),
            Err(_) => none("none-before"),
        }
    }
}

fn readings(material: &Material<'_>, current: Span, previous: Span) -> Vec<ReadingOfDay> {
    let ids = |period: Span| -> BTreeSet<Id> {
        in_period(material, period).map(|assessed| assessed.facts.incident).collect()
    };
    let (now, before) = (ids(current), ids(previous));
    let counted = |reading: &truce::Name, clause: &truce::Name, of: &BTreeSet<Id>| {
        let mut verdicts = Verdicts::default();
        for finding in &material.assessment.findings {
            if finding.reading == *reading && finding.clause == *clause && of.contains(&finding.incident) {
                *match finding.verdict {
                    finding::Verdict::Breach => &mut verdicts.breach,
                    finding::Verdict::Undetermined => &mut verdicts.undetermined,
                    finding::Verdict::Permitted => &mut verdicts.permitted,
                    finding::Verdict::NoBreach => &mut verdicts.no_breach,
                    finding::Verdict::NotApplicable(_) => continue,
                } += 1;
            }
        }
        verdicts
    };
    material
        .agreement
        .readings
        .iter()
        .map(|reading| ReadingOfDay {
            id: reading.id.to_string(),
            held_by: reading.holder.as_ref().map(ToString::to_string),
            clauses: reading
                .clauses
                .iter()
                .map(|clause| ClauseOfDay {
                    clause: Titled {
                        code: clause.id.to_string(),
                        name: clause.title.to_string(),
                        uk: clause.titles.uk.clone(),
                        ru: clause.titles.ru.clone(),
                    },
                    current: counted(&reading.id, &clause.id, &now),
                    previous: counted(&reading.id, &clause.id, &before),
                })
                .collect(),
        })
        .collect()
}

/// The gravest first: breach under some reading, then harm to what is not military, then what is likelier.
fn severe(material: &Material<'_>, likely: u16, of_day: &[&Assessed<'_>]) -> (Vec<Severe>, u64) {
    let mut rows: Vec<(bool, bool, Severe)> = of_day
        .iter()
        .filter(|it| is(it, Counted::Fire) && it.facts.occurred_permille >= likely)
        .map(|it| {
            let facts = &it.facts;
            let verdicts: Vec<(String, String, Verdict)> = material
                .assessment
                .findings
                .iter()
                .filter(|finding| finding.incident == facts.incident)
                .filter(|finding| !matches!(finding.verdict, finding::Verdict::NotApplicable(_)))
                .map(|finding| {
                    (
                        finding.reading.to_string(),
                        finding.clause.to_string(),
                        findings::verdict(finding.verdict),
                    )
                })
                .collect();
            let breach = verdicts.iter().any(|(_, _, verdict)| *verdict == Verdict::Breach);
            let row = Severe {
                id: facts.incident.to_string(),
                act: facts.act.name(),
                weapon: facts.weapon.name(),
                // What was hit among troops and arms is nobody's to read here.
                target: match facts.target {
                    Target::Military => Target::Undetermined.name(),
                    target => target.name(),
                },
                cell: findings::cell(material, facts),
                place: place(material, it),
                date: last_day(material, it),
                probability_permille: facts.occurred_permille,
                groups: it.evidence.groups(),
                verdicts,
            };
            (!breach, !harms(it), row)
        })
        .collect();
    rows.sort_by(|(a_breach, a_harm, a), (b_breach, b_harm, b)| {
        (a_breach, a_harm, b.probability_permille, b.groups, &a.id).cmp(&(
            b_breach,
            b_harm,
            a.probability_permille,
            a.groups,
            &b.id,
        ))
    });
    let all = rows.len() as u64;
    (rows.into_iter().take(SEVERE).map(|(_, _, row)| row).collect(), all)
}

fn harms(assessed: &Assessed<'_>) -> bool {
    let target = assessed.facts.target;
    target.belongs(Target::Civilian) == Belongs::Yes || target.belongs(Target::Energy) == Belongs::Yes
}

fn withdrawal(material: &Material<'_>, current: Span, previous: Span) -> Withdrawal {
    let seen = |period: Span| in_period(material, period).filter(|it| it.facts.act == Act::Presence);
    let mut withdrawal = Withdrawal {
        seen: seen(current).count() as u64,
        seen_before: seen(previous).count() as u64,
        ..Withdrawal::default()
    };
    for it in seen(current) {
        let has = |wanted: finding::Verdict| {
            let mut findings = material.assessment.findings.iter();
            findings.any(|finding| finding.incident == it.facts.incident && finding.verdict == wanted)
        };
        if has(finding::Verdict::Breach) {
            withdrawal.breach += 1;
        } else if has(finding::Verdict::Undetermined) {
            withdrawal.undetermined += 1;
        }
    }
    withdrawal
}

fn sensors(material: &Material<'_>, date: Date) -> Sensors {
    if Network::new(material.observations).is_empty() || material.ground.reference().is_none() {
        return Sensors::None;
    }
    if !coverage::shown(material, date) {
        return Sensors::Withheld { days: material.mission.publication.coverage_delay / DAY };
    }
    let seen = coverage::along_the_line(material, &[date, Date::from_days(date.days() - 1)]);
    let observed = |day: usize| seen.iter().filter(|row| row[day] == Seen::Observed).count() as u64;
    Sensors::Known { sectors: seen.len() as u64, observed: observed(0), observed_before: observed(1) }
}

fn harm(material: &Material<'_>, current: Span, previous: Span, cases: Option<&[CaseState]>) -> Harm {
    let followed: BTreeSet<Id> =
        cases.unwrap_or(&[]).iter().flat_map(|case| case.incidents.iter().copied()).collect();
    let hit = |period: Span| in_period(material, period).filter(|it| harms(it));
    Harm {
        incidents: hit(current).count() as u64,
        before: hit(previous).count() as u64,
        followed_up: hit(current).filter(|it| followed.contains(&it.facts.incident)).count() as u64,
    }
}

fn cases(cases: Option<&[CaseState]>, current: Span, previous: Span) -> Cases {
    let Some(cases) = cases else { return Cases::default() };
    let number = |of: &dyn Fn(&&CaseState) -> bool| cases.iter().filter(|case| of(case)).count() as u64;
    let by_then = |time: Time| time < current.end;
    let answers = || cases.iter().flat_map(|case| case.answers.iter());
    Cases {
        kept: true,
        opened: number(&|case| current.contains(case.opened)),
        opened_before: number(&|case| previous.contains(case.opened)),
        answered: answers().filter(|(_, came)| came.is_some_and(|came| current.contains(came))).count()
            as u64,
        overdue: answers().filter(|(due, came)| by_then(*due) && !came.is_some_and(by_then)).count() as u64,
        open: number(&|case| by_then(case.opened) && !case.closed.is_some_and(by_then)),
    }
}

/// Units of the dictionary.
fn units(counts: &unit::Counted) -> Vec<String> {
    match counts {
        unit::Counted::Units(ids) => ids.iter().map(ToString::to_string).collect(),
        unit::Counted::NotKnown(_) => Vec::new(),
    }
}

/// Each statement once, however often it was published.
fn claims_of(material: &Material<'_>, current: Span) -> Vec<ClaimOfDay> {
    let (register, tested) = claims::held(material);
    let rows = register.entries.iter().zip(&tested);
    rows.map(|(entry, tested)| (&entry.claim, entry, tested))
        .filter(|(claim, ..)| claim.window.overlaps(current))
        .map(|(claim, entry, tested)| ClaimOfDay {
            id: claim.name.to_string(),
            claimant: claim.claimant.to_string(),
            window: claim.window.into(),
            unit: claim.unit.to_string(),
            units: units(&entry.counts),
            total: claims::stated(claim.total),
            arithmetic: claims::arithmetic(claim),
            copies: u64::from(entry.copies),
            outcome: claims::outcome(tested.outcome),
            parts: tested
                .parts
                .iter()
                .zip(&entry.parts)
                .map(|((name, part), counts)| PartOfDay {
                    unit: name.to_string(),
                    units: units(counts),
                    outcome: claims::outcome(part.outcome),
                })
                .collect(),
            incidents: material
                .assessment
                .incidents
                .iter()
                .filter(|assessed| assessed.facts.time.overlaps(claim.window))
                .count() as u64,
        })
        .collect()
}

/// What the report before said of its period, against what is now known of the same.
fn corrections(counted: &Counting<'_>, before: Option<&Published>, previous: Span) -> Corrections {
    let same = |before: &&Published| {
        Time::parse(&before.period.start) == Some(previous.start)
            && Time::parse(&before.period.end) == Some(previous.end)
    };
    let Some(before) = before.filter(same) else { return Corrections::NothingToCompare };
    let figures = before.figures.iter().filter_map(|figure| {
        let is = counted.count(figure.of, previous);
        let is = counted.tally(is, |_, _, before| before).count();
        (is != figure.current.count).then_some(Corrected { of: figure.of, was: figure.current.count, is })
    });
    Corrections::Compared { figures: figures.collect() }
}
