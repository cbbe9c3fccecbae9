//! `truceline trend`: a monitoring mission's counts by period -> totals, change, alerts, change-points.
//!
//! The file is CSV: `from,to,region,recorded,explosions,exercise`; times carry their zone; `explosions` may be empty
//! (not told), and so may `exercise` (none was assessed as one).

use crate::assess::mission_files;
use anyhow::{Context as _, Result, anyhow, bail};
use std::path::Path;
use truce::Name;
use truce::mission::Mission;
use truce::time::{Span, Time, Zone};
use truce::trend::{Change, Count, Total, change_point, escalations, totals};

const COLUMNS: &str = "from,to,region,recorded,explosions,exercise";

/// Reads such a file. `name` stands in messages.
///
/// # Errors
/// The first row that cannot be read, with its line and column; nothing of such a file is used.
pub fn read(name: &str, text: &str) -> Result<Vec<Count>> {
    let mut lines = (1_u64..).zip(text.trim_start_matches('\u{feff}').lines());
    let header = lines.next().map_or("", |(_, line)| line.trim());
    if header != COLUMNS {
        bail!("{name}, line 1: the columns are `{header}`; write: {COLUMNS}");
    }
    let mut counts = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let [from, to, region, recorded, explosions, exercise] = cells[..] else {
            bail!("{name}, line {number}: {} columns instead of 6; write: {COLUMNS}", cells.len());
        };
        let wrong = |column: &str, text: &str, form: &str| {
            anyhow!("{name}, line {number}, column {column}: \"{text}\" is {form}")
        };
        let time = |column: &str, text: &str| {
            let form = "no moment with a time zone; write it like 2022-02-17T19:30:00+02:00";
            Time::parse(text).ok_or_else(|| wrong(column, text, form))
        };
        let whole = |column: &str, text: &str| {
            text.parse::<u32>()
                .map_err(|_| wrong(column, text, "no whole number; write it without separators"))
        };
        let period = Span::new(time("from", from)?, time("to", to)?)
            .filter(|span| span.length() > 0)
            .ok_or_else(|| wrong("to", to, "not after `from`; exchange or correct the two"))?;
        if region.is_empty() {
            return Err(wrong("region", region, "empty; name the region, or \"all\""));
        }
        let count = Count {
            period,
            region: Name::from(region),
            recorded: whole("recorded", recorded)?,
            explosions: if explosions.is_empty() { None } else { Some(whole("explosions", explosions)?) },
            exercise: if exercise.is_empty() { 0 } else { whole("exercise", exercise)? },
        };
        if count.exercise > count.recorded || count.explosions.is_some_and(|some| some > count.recorded) {
            let form = "less than its part; the total holds explosions and exercises";
            return Err(wrong("recorded", recorded, form));
        }
        counts.push(count);
    }
    if counts.is_empty() {
        bail!("{name}: there is no row below the header");
    }
    Ok(counts)
}

/// Runs the command and gives its page.
///
/// # Errors
/// When the file or the mission cannot be read.
pub fn run(file: &Path, mission: Option<&Path>) -> Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let files = mission_files(mission)?;
    let mission = Mission::parse("mission.toml", files.get("mission.toml").map_or("", String::as_str))
        .map_err(|mistakes| crate::folder::Trouble::Mistakes { mistakes, texts: files.clone() })?;
    let counts = read(&file.display().to_string(), &text)?;
    let totals = totals(&counts);
    let mut lines = period_lines(&totals, mission.day_clock);
    lines.extend(alert_lines(&totals, &mission));
    lines.extend(step_lines(&totals, &mission));
    Ok(lines.join("\n") + "\n")
}

/// Each period: recorded, explosions, exercise, change; then its regions.
pub fn period_lines(totals: &[Total], clock: Zone) -> Vec<String> {
    let mut lines = Vec::new();
    for total in totals {
        let sums = |recorded: u64, explosions: Option<u64>, exercise: u64| {
            let explosions =
                explosions.map_or("explosions not told".to_string(), |n| format!("{n} explosions"));
            let split = match exercise {
                0 => String::new(),
                n => format!("; {n} assessed as exercise, {} not", recorded - n),
            };
            format!("{recorded} recorded ({explosions}){split}")
        };
        let until = day(total.period.end, clock);
        let all = sums(total.recorded, total.explosions, total.exercise);
        lines.push(format!("to {until}: {all}; {}", change_words(total.change)));
        for region in &total.regions {
            let sums = sums(region.recorded, region.explosions, region.exercise);
            lines.push(format!("to {until}, {}: {sums}; {}", region.name, change_words(region.change)));
        }
    }
    lines
}

fn change_words(change: Change) -> String {
    match change {
        Change::NoPeriodBefore => "no count of the period before".to_string(),
        Change::FromNone => "none in the period before".to_string(),
        Change::Percent { before, percent } => format!("{percent:+} % against {before}"),
    }
}

/// Alerts, or that there is none.
pub fn alert_lines(totals: &[Total], mission: &Mission) -> Vec<String> {
    let Some(rules) = &mission.trend else {
        return vec!["escalation: the mission file states no thresholds".to_string()];
    };
    let alerts = escalations(totals, rules);
    if alerts.is_empty() {
        return vec!["escalation: no alert".to_string()];
    }
    let line = |alert: &truce::trend::Escalation| {
        format!(
            "escalation: alert at {}: {} rises in a row, {} to {}, a rate of {}.{} times",
            day(alert.at.end, mission.day_clock),
            rules.rises,
            alert.from,
            alert.to,
            alert.ratio_permille / 1_000,
            alert.ratio_permille % 1_000 / 100
        )
    };
    alerts.iter().map(line).collect()
}

/// The change-point, or that there is none.
pub fn step_lines(totals: &[Total], mission: &Mission) -> Vec<String> {
    let Some(rules) = &mission.trend else {
        return vec!["change-point: the mission file states no thresholds".to_string()];
    };
    vec![match change_point(totals, rules) {
        None => "change-point: none shown".to_string(),
        Some(point) => format!(
            "change-point: {}; {} a day before, {} a day after",
            day(point.at, mission.day_clock),
            (point.before_permille + 500) / 1_000,
            (point.after_permille + 500) / 1_000
        ),
    }]
}

/// `2022-02-17 19:30` on the mission's clock.
pub fn day(time: Time, clock: Zone) -> String {
    let local = Time(time.0 + clock.offset(time)).to_string();
    format!("{} {}", &local[..10], &local[11..16])
}
