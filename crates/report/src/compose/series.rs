//! Series as blocks of the report.

use super::short_day;
use crate::model::{Asserter, Conclusion, FilterCheck, Measured, Series, Tally};
use truce::observation;
use truce::rate::UNBOUNDED;
use truce::series::{Change, Window};
use truce::time::{DAY, Span, Time, Zone};

pub(super) fn series(series: &truce::series::Series, zone: Zone) -> Series {
    let mut confounders: Vec<String> = series.confounders.clone();
    for window in &series.baseline {
        if let Some(why) = &window.left_out {
            confounders.push(format!("{} is not compared with: {why}", label(window.span, zone)));
        }
    }
    confounders.extend(
        series.checks.iter().map(|check| format!("asked otherwise ({}): {}", check.name, change(&check.change))),
    );
    Series {
        id: format!("{}-{}", series.measure.name().replace(' ', "-"), series.source),
        title: capital(series.measure.name()),
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
        confounders,
        check: series.checked.map(|checked| FilterCheck {
            rows: checked.rows,
            precision_permille: (u64::from(checked.right) * 1_000 / u64::from(checked.rows.max(1))) as u16,
            note: "rows that pass the filter, drawn by hash and labelled by reading their headlines".to_string(),
        }),
    }
}

fn baseline(series: &truce::series::Series) -> String {
    let kept = series.baseline.iter().filter(|window| window.left_out.is_none() && window.count.is_some()).count();
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

fn measured(window: &Window, zone: Zone) -> Measured {
    let beside: Vec<String> = window
        .beside
        .iter()
        .filter(|figure| figure.value != 0)
        .map(|figure| format!("{}: {}", figure.name, figure.value))
        .collect();
    let beside = if beside.is_empty() { String::new() } else { format!(" ({})", beside.join("; ")) };
    Measured {
        label: format!("{}{beside}", label(window.span, zone)),
        window: window.span.into(),
        tally: match window.count {
            Some(count) => Tally::observed(u64::from(count)),
            None => Tally::not_known(0),
        },
    }
}

/// `19-20 April`, `20 April`.
fn label(span: Span, zone: Zone) -> String {
    let (first, last) = (zone.date(span.start), zone.date(Time((span.end.0 - 1).max(span.start.0))));
    if first == last || span.length() == DAY && zone.day(first) == span {
        short_day(first)
    } else if first.month == last.month {
        format!("{}-{}", first.day, short_day(last))
    } else {
        format!("{} - {}", short_day(first), short_day(last))
    }
}

fn conclusion(change: &Change) -> Conclusion {
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

/// One clause for a change, for sentences.
pub(super) fn change(change: &Change) -> String {
    let decimal = |permille: i64| format!("{}.{:02}", permille / 1_000, permille % 1_000 / 10);
    match change {
        Change::Ratio(ratio) => format!(
            "{}, {} times the baseline (90 % interval {} to {})",
            match ratio.direction() {
                truce::rate::Direction::Fewer => "fewer than before",
                truce::rate::Direction::NoneShown => "no change shown",
                truce::rate::Direction::More => "more than before",
            },
            decimal(ratio.ratio_permille),
            decimal(ratio.low_permille),
            if ratio.high_permille >= UNBOUNDED { "without bound".to_string() } else { decimal(ratio.high_permille) }
        ),
        Change::NoConclusion { reason } => format!("no conclusion: {reason}"),
    }
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
