//! What the parties say: in their own windows and units, never summed.

use super::Material;
use crate::model::{
    Arithmetic, Claim, ClaimEvidence, ClaimPart, OwnRow, OwnSeries, PartEvidence, Stated, Tally, Within,
};
use std::collections::BTreeMap;
use truce::claim::evidence::{Outcome, Tested};
use truce::claim::register::{Entry, Register};
use truce::claim::unit::Units;
use truce::claim::watch::{Seen, hold};
use truce::observation::{Asserter, Count, Detail};
use truce::time::{Date, HOUR};
use truce::{Name, claim, observation};

/// One row for each statement of the register, however often it was published: as `truceline claims` has it.
pub(super) fn claims(material: &Material<'_>) -> Vec<Claim> {
    let (register, tested) = held(material);
    let rows = register.entries.iter().zip(&tested);
    rows.map(|(entry, tested)| row(&register, entry, tested)).collect()
}

/// The register, in the order of the parties, then of time, and what the evidence says of each of its entries.
pub(super) fn held(material: &Material<'_>) -> (Register, Vec<Tested>) {
    let parties: Vec<Name> = material.agreement.parties.iter().map(|party| party.code.clone()).collect();
    let units =
        Units::built_in().expect("the dictionary of units is part of the program, and a test reads it");
    let seen = Seen {
        observations: material.observations,
        incidents: &material.assessment.incidents,
        line: material.ground.reference().map(|front| &front.line),
        told_until: Some(material.coverage_told_until()),
    };
    hold(material.claims, &parties, &units, material.mission, Some(&seen))
}

/// The name of an outcome in data and patterns.
pub(super) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Corroborated => "corroborated",
        Outcome::NotCorroboratedObserved => "not-corroborated-observed",
        Outcome::NotCorroboratedUnobserved => "not-corroborated-unobserved",
        Outcome::Contradicted => "contradicted",
        Outcome::CannotBeTested(_) => "cannot-be-tested",
    }
}

fn row(register: &Register, entry: &Entry, tested: &Tested) -> Claim {
    let claim = &entry.claim;
    let window_note = match (claim.ends.start, claim.ends.end) {
        (true, true) => "",
        (true, false) if claim.as_of == Some(claim.window.end) => "it ends when the statement was made",
        (true, false) => "the end is assumed",
        (false, true) => "the start is assumed",
        (false, false) if claim.as_of == Some(claim.window.end) => {
            "the start is assumed; it ends when the statement was made"
        }
        (false, false) => "start and end are assumed",
    };
    Claim {
        id: claim.name.to_string(),
        claimant: claim.claimant.to_string(),
        against: claim.against.to_string(),
        window: claim.window.into(),
        as_of: claim.as_of,
        unit: claim.unit.to_string(),
        window_note: window_note.to_string(),
        note: claim.note.clone(),
        total: self::stated(claim.total),
        parts: claim
            .parts
            .iter()
            .map(|(name, count)| ClaimPart { name: name.to_string(), number: self::stated(*count) })
            .collect(),
        arithmetic: arithmetic(claim),
        cumulative: claim.cumulative == Some(true),
        comparable_with: register
            .beside
            .iter()
            .filter(|pair| pair.comparable())
            .filter_map(|pair| match &claim.name {
                name if *name == pair.one => Some(pair.other.to_string()),
                name if *name == pair.other => Some(pair.one.to_string()),
                _ => None,
            })
            .collect(),
        counts: entry.counts.words(),
        copies: entry.copies,
        evidence: ClaimEvidence {
            outcome: tested.outcome.words().to_string(),
            why: match tested.outcome {
                Outcome::CannotBeTested(why) => Some(why.words().to_string()),
                _ => None,
            },
            established: tested.least,
            possible: tested.most,
            observed_permille: tested.observed_permille,
            parts: tested
                .parts
                .iter()
                .map(|(name, part)| PartEvidence {
                    name: name.to_string(),
                    outcome: part.outcome.words().to_string(),
                    established: part.least,
                    possible: part.most,
                })
                .collect(),
        },
        beside: tested
            .parts
            .iter()
            .fold(super::series::capital(&tested.words()) + ".", |said, (name, part)| {
                format!("{said} Its part {name}: {}.", part.words())
            }),
        url: claim.url.clone(),
    }
}

pub(super) fn stated(count: Count) -> Stated {
    match count {
        Count::Unstated => Stated::Unstated,
        Count::Exactly(number) => Stated::Exactly(number),
        Count::About(number) => Stated::About(number),
        Count::AtLeast(number) => Stated::AtLeast(number),
    }
}

pub(super) fn arithmetic(claim: &claim::Claim) -> Arithmetic {
    let sum = claim.parts_sum();
    // Less than the total even at the most, or more even at the least.
    let less = |by: u64| Arithmetic::Less { sum: sum.most.unwrap_or(sum.least), by };
    match claim.arithmetic() {
        claim::Arithmetic::NoParts | claim::Arithmetic::NoTotal { .. } => Arithmetic::NothingToCheck,
        claim::Arithmetic::Consistent { least, .. }
            if claim::Bounds::of(claim.total) == sum && sum.most == Some(least) =>
        {
            Arithmetic::Agrees { sum: least }
        }
        claim::Arithmetic::Consistent { least: sum, most } => Arithmetic::CanAgree { sum, most },
        claim::Arithmetic::Unclear { least: sum, most } => Arithmetic::Unclear { sum, most },
        claim::Arithmetic::Missing(by) => less(by),
        claim::Arithmetic::Exceed(by) => Arithmetic::More { sum: sum.least, by },
        // Either sum differs from the total; the one with every part added is shown.
        claim::Arithmetic::Neither { .. } => {
            let total = claim::Bounds::of(claim.total).least;
            match total.checked_sub(sum.least) {
                Some(by) => less(by),
                None => Arithmetic::More { sum: sum.least, by: sum.least - total },
            }
        }
    }
}

/// Daily figures of each party, as it publishes them: launches that it counts, drones that it says it shot down,
/// losses that it claims to have inflicted.
pub(super) fn own_series(material: &Material<'_>) -> Vec<OwnSeries> {
    let mut all = Vec::new();
    for party in &material.agreement.parties {
        for source in super::sources::read(material).filter(|source| source.asserted_by == party.code) {
            let rows: Vec<&observation::Observation> = material
                .observations
                .iter()
                .filter(|it| {
                    it.source == source.name && it.asserted_by == Asserter::Party(party.code.clone())
                })
                .collect();
            let table = daily(material, &rows);
            if table.is_empty() {
                continue;
            }
            let mut columns: Vec<Name> = table.keys().map(|(_, column)| column.clone()).collect();
            columns.sort();
            columns.dedup();
            all.push(OwnSeries {
                party: party.code.to_string(),
                title: source.title.clone(),
                source: source.name.to_string(),
                note: format!("{} {}", source.clock_note, source.shows_note),
                rows: days(material, &table, &columns),
                columns: columns.iter().map(ToString::to_string).collect(),
            });
        }
    }
    all
}

/// Sums by day and column. Figures that run on from earlier ones are left out: they are no day's.
fn daily(material: &Material<'_>, rows: &[&observation::Observation]) -> BTreeMap<(Date, Name), u64> {
    let mut table: BTreeMap<(Date, Name), u64> = BTreeMap::new();
    let mut add = |date: Date, column: Name, count: Count| {
        let (Count::Exactly(number) | Count::About(number) | Count::AtLeast(number)) = count else { return };
        *table.entry((date, column)).or_default() += u64::from(number);
    };
    for row in rows {
        match &row.detail {
            Detail::Launches { launched, .. } => {
                let date = super::places::day(material, row.time.start);
                let count = launched.map_or(Count::Unstated, Count::Exactly);
                add(date, Name::from(row.weapon.name().replace('-', " ").as_str()), count);
            }
            // A claim of more than a day is no day's figure.
            Detail::Claim(claim) if claim.cumulative != Some(true) && claim.window.length() <= 26 * HOUR => {
                let date = super::places::day(material, claim.window.start);
                if claim.parts.is_empty() {
                    add(date, claim.unit.clone(), claim.total);
                }
                for (part, count) in &claim.parts {
                    add(date, part.clone(), *count);
                }
            }
            _ => {}
        }
    }
    table
}

fn days(material: &Material<'_>, table: &BTreeMap<(Date, Name), u64>, columns: &[Name]) -> Vec<OwnRow> {
    let (clock, window) = (material.day_clock(), material.window());
    material
        .days()
        .into_iter()
        .map(|date| {
            let whole = clock.day(date);
            OwnRow {
                label: super::short_day(date),
                within: if window.covers(whole) {
                    Within::Whole
                } else if window.overlaps(whole) {
                    Within::Part
                } else {
                    Within::No
                },
                // A day without a figure is not a day with none.
                values: columns
                    .iter()
                    .map(|column| Tally::not_known(table.get(&(date, column.clone())).copied().unwrap_or(0)))
                    .collect(),
            }
        })
        .collect()
}
