//! Series as blocks of the report.

use super::{Material, short_day};
use crate::model::{Asserter, Conclusion, FilterCheck, Measured, OtherWay, Series, Tally};
use crate::text;
use truce::observation;
use truce::rate::UNBOUNDED;
use truce::series::{Change, Window};
use truce::time::{DAY, Span, Time, Zone};

pub(super) fn series(series: &truce::series::Series, material: &Material<'_>) -> Series {
    let zone = material.day_clock();
    // One name for one thing: where two sources give the same measure, the source belongs to the title.
    let alike = material.series.iter().filter(|other| other.measure == series.measure).count();
    let title = match material.mission.sources.iter().find(|source| source.name == series.source) {
        Some(source) if alike > 1 => format!("{}: {}", series.measure.name(), source.title),
        _ => series.measure.name().to_string(),
    };
    Series {
        id: format!("{}-{}", series.measure.name().replace(' ', "-"), series.source),
        title: capital(&title),
        source: series.source.to_string(),
        asserted_by: match &series.asserted_by {
            observation::Asserter::Monitor => Asserter::Monitor,
            observation::Asserter::Party(party) => Asserter::Party { party: party.to_string() },
            observation::Asserter::Third => Asserter::Third,
        },
        unit: series.unit.to_string(),
        filter: series.filter.clone(),
        day_zone: series.day_zone.to_string(),
        window: measured(&series.observed, zone),
        baseline: baseline(series),
        // In order of time; the core gives the nearest first.
        baseline_windows: series.baseline.iter().rev().map(|window| measured(window, zone)).collect(),
        conclusion: conclusion(&series.result),
        other_ways: series
            .checks
            .iter()
            .map(|check| OtherWay { how: check.name.clone(), conclusion: conclusion(&check.change) })
            .collect(),
        confounders: series.confounders.clone(),
        check: series.checked.map(|checked| FilterCheck {
            rows: checked.rows,
            precision_permille: (u64::from(checked.right) * 1_000 / u64::from(checked.rows.max(1))) as u16,
            note: "rows that pass the filter, drawn by hash and labelled by reading their headlines"
                .to_string(),
        }),
    }
}

fn baseline(series: &truce::series::Series) -> String {
    let kept =
        series.baseline.iter().filter(|window| window.left_out.is_none() && window.count.is_some()).count();
    format!(
        "{} before; {} of {} can be compared with",
        if series.baseline.iter().all(|window| window.span.length() == series.instrument.length()) {
            "the same hours of each of the days"
        } else {
            "whole days"
        },
        kept,
        series.baseline.len()
    )
}

pub(super) fn measured(window: &Window, zone: Zone) -> Measured {
    let beside = window.beside.iter().filter(|figure| figure.value != 0).map(|figure| match figure.name {
        name if name.ends_with(", m2") => format!("{} {}", name.replace(", m2", ":"), km2(figure.value)),
        name => format!("{name}: {}", super::thousands(figure.value.unsigned_abs())),
    });
    Measured {
        label: label(window.span, zone),
        beside: beside.collect::<Vec<_>>().join("; "),
        left_out: window.left_out.clone(),
        window: window.span.into(),
        tally: match window.count {
            Some(count) => Tally::observed(u64::from(count)),
            None => Tally::not_known(0),
        },
    }
}

/// `12.93 km²`.
fn km2(m2: i64) -> String {
    let hundredths = (m2 + 5_000) / 10_000;
    format!("{}.{:02} km²", hundredths / 100, hundredths % 100)
}

/// `19-20 April`, `20 April`.
fn label(span: Span, zone: Zone) -> String {
    let (first, last) = (zone.date(span.start), zone.date(Time((span.end.0 - 1).max(span.start.0))));
    if first == last || span.length() <= DAY {
        short_day(first)
    } else if first.month == last.month {
        format!("{}-{}", first.day, short_day(last))
    } else {
        format!("{} - {}", short_day(first), short_day(last))
    }
}

/// What follows from a change.
pub(super) fn conclusion(change: &Change) -> Conclusion {
    let number = |permille: i64| u64::try_from(permille).unwrap_or(0);
    match change {
        Change::Ratio(ratio) => Conclusion::Ratio {
            ratio_permille: Some(number(ratio.ratio_permille)),
            low_permille: number(ratio.low_permille),
            high_permille: (ratio.high_permille < UNBOUNDED).then(|| number(ratio.high_permille)),
            model: ratio.model.name().to_string(),
        },
        Change::NoConclusion { reason } => Conclusion::NoConclusion { reason: reason.clone() },
    }
}

/// One clause for a change, for sentences: the words and figures of the block itself.
pub(super) fn change(change: &Change) -> String {
    let conclusion = conclusion(change);
    match &conclusion {
        Conclusion::Ratio { .. } => {
            format!("{}, {}", text::verdict(&conclusion), crate::picture::sentence(&conclusion))
        }
        Conclusion::NoConclusion { reason } => format!("no conclusion: {reason}"),
    }
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
