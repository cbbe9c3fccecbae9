//! What the parties say: in their own windows and units, never summed.

use super::Material;
use crate::model::{Arithmetic, Claim, ClaimPart, OwnRow, OwnSeries, Stated, Tally, Within};
use std::collections::BTreeMap;
use truce::agreement::{Clause, Mode};
use truce::observation::{Asserter, Belongs, Count, Detail};
use truce::time::{Date, HOUR};
use truce::{Name, claim, observation};

pub(super) fn claims(material: &Material<'_>) -> Vec<Claim> {
    // In the order of the parties, then of time.
    let mut claims: Vec<&claim::Claim> = material.claims.iter().collect();
    let place = |code: &Name| material.agreement.parties.iter().position(|party| party.code == *code);
    claims.sort_by_key(|claim| (place(&claim.claimant), claim.window, claim.name.clone()));
    claims.iter().map(|claim| row(material, claim)).collect()
}

fn row(material: &Material<'_>, claim: &claim::Claim) -> Claim {
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
        comparable_with: material
            .claims
            .iter()
            .filter(|other| {
                other.claimant != claim.claimant && other.window == claim.window && other.unit == claim.unit
            })
            .map(|other| other.name.to_string())
            .collect(),
        beside: beside(material, claim),
        url: claim.url.clone(),
    }
}

fn stated(count: Count) -> Stated {
    match count {
        Count::Unstated => Stated::Unstated,
        Count::Exactly(number) => Stated::Exactly(number),
        Count::About(number) => Stated::About(number),
        Count::AtLeast(number) => Stated::AtLeast(number),
    }
}

fn arithmetic(claim: &claim::Claim) -> Arithmetic {
    let sum = claim
        .parts
        .iter()
        .map(|(_, count)| match count {
            Count::Unstated => 0,
            Count::Exactly(number) | Count::About(number) | Count::AtLeast(number) => u64::from(*number),
        })
        .sum();
    match claim.arithmetic() {
        claim::Arithmetic::NoParts | claim::Arithmetic::NoTotal { .. } => Arithmetic::NothingToCheck,
        claim::Arithmetic::Consistent { .. } if claim.total == Count::Exactly(sum as u32) => {
            Arithmetic::Agrees { sum }
        }
        claim::Arithmetic::Consistent { .. } => Arithmetic::CanAgree { sum },
        claim::Arithmetic::Missing(by) => Arithmetic::Less { sum, by },
        claim::Arithmetic::Exceed(by) => Arithmetic::More { sum, by },
        // Either sum differs from the total; the one with every part added is shown.
        claim::Arithmetic::Neither { .. } => {
            let total = claim::Bounds::of(claim.total).least;
            match total.checked_sub(sum) {
                Some(by) => Arithmetic::Less { sum, by },
                None => Arithmetic::More { sum, by: sum - total },
            }
        }
    }
}

/// What observations of the same window there are. None of the sources at hand counts what a party counts, so a
/// claim's number can be neither confirmed nor refuted; what can be said is how many acts that a clause names are
/// known to lie in its window.
fn beside(material: &Material<'_>, claim: &claim::Claim) -> String {
    let prohibits = |clause: &&Clause| clause.mode == Mode::Prohibit;
    let clauses: Vec<&Clause> =
        material.agreement.readings.iter().flat_map(|reading| &reading.clauses).filter(prohibits).collect();
    let (mut named, mut open) = (0_u64, 0_u64);
    for assessed in &material.assessment.incidents {
        let facts = &assessed.facts;
        if !claim.window.covers(facts.time) {
            continue;
        }
        let answer = |clause: &&Clause| {
            let listed = clause.targets.iter().any(|class| facts.target.belongs(*class) == Belongs::Yes);
            let target = if listed { Belongs::Yes } else { clause.covers_target(facts.target) };
            match (clause.covers_act(facts.act), target) {
                (Belongs::Yes, Belongs::Yes) => Belongs::Yes,
                (Belongs::No, _) | (_, Belongs::No) => Belongs::No,
                _ => Belongs::Unknown,
            }
        };
        let answers: Vec<Belongs> = clauses.iter().map(answer).collect();
        if answers.contains(&Belongs::Yes) {
            named += 1;
        } else if answers.contains(&Belongs::Unknown) {
            open += 1;
        }
    }
    format!(
        "{} that the terms name {} known to lie in this window, by either side or not known by whom; of {} it is not \
         known whether the terms name it. No source at hand counts \"{}\", so the number cannot be tested.",
        super::count(named, "reported or measured act", "reported or measured acts"),
        if named == 1 { "is" } else { "are" },
        super::count(open, "other", "others"),
        claim.unit
    )
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
