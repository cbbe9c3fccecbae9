//! Change against before, series by series.
//!
//! A series is one thing counted from one source: in the instrument's window, and in like windows before it. What
//! comes out is a rate ratio with an interval, or "no conclusion" with the reason. Neither is a finding: a series
//! says that less or more of something was *recorded*; what else could have made it so is listed beside it.

use crate::observation::{Act, Asserter, Belongs, Detail, Kind, Observation, Weapon};
use crate::place::{Level, Place};
use crate::rate::{Direction, RateRatio, rate_ratio};
use crate::time::{DAY, Date, HOUR, Micros, Span, Time, Zone};
use crate::{Id, Name};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The thresholds that decide. They belong in the mission file and are cited by the report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SeriesRules {
    /// Level of the intervals, permille.
    pub level_permille: u16,
    /// How many windows before are looked at.
    pub windows_before: u32,
    /// Fewer windows than this give no conclusion.
    pub min_windows: u32,
    /// A window that shares more than this of its length with the instrument's own is left out, permille.
    pub max_shared_permille: u32,
    /// An alert longer than this is a standing state, not a start.
    pub standing: Micros,
    /// How much of a calendar day must lie in the instrument's window for a daily count to speak of it, permille.
    pub min_day_permille: u32,
    /// A filter on reports whose precision is below this gives no conclusion, permille.
    pub min_precision_permille: u32,
    /// A day with more digest rows than this many times the median of the days before is left out, permille.
    pub digest_day_permille: u32,
    /// Days are comparable when their cloud differs by no more than this, permille of the sky.
    pub cloud_tolerance_permille: u16,
    /// Days further back than this lie in another season.
    pub season_days: u32,
    /// Fewer comparable days than this give no conclusion.
    pub min_comparable_days: u32,
    /// By how many days a published map may lag behind the ground.
    pub map_lag_days: u32,
}

/// Where a series comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Its name, as in the mission file.
    pub name: Name,
    /// Who says so. A party's own series stands under "what each party says".
    pub asserted_by: Asserter,
    /// The time its file covers: a window outside is not zero but unknown.
    pub covers: Span,
    /// What it cannot show, in words from the mission file.
    pub limits: Vec<String>,
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Measure {
    /// Reports of acts of war.
    Reports,
    /// Air-raid alerts that began.
    AlertStarts,
    /// Long-range weapons launched.
    Launches,
    /// Heat anomalies that a model takes for war-related.
    ThermalAnomalies,
    /// Ground that changed hands.
    AreaChanged,
}

impl Measure {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("reports", Self::Reports),
        ("alert-starts", Self::AlertStarts),
        ("launches", Self::Launches),
        ("thermal-anomalies", Self::ThermalAnomalies),
        ("area-changed", Self::AreaChanged),
    ];

    /// The name in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reports => "kinetic reports",
            Self::AlertStarts => "air-raid alert starts",
            Self::Launches => "long-range launches",
            Self::ThermalAnomalies => "thermal anomalies",
            Self::AreaChanged => "area changed hands",
        }
    }
}

/// A figure shown beside a count and never compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Figure {
    /// What it is, with its unit.
    pub name: &'static str,
    /// The value.
    pub value: i64,
}

/// A stretch of time with its count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Window {
    /// When.
    pub span: Span,
    /// How many; `None` where the source does not tell (no row is not zero).
    pub count: Option<u32>,
    /// Figures beside it.
    pub beside: Vec<Figure>,
    /// Why it is not compared with, if it is not.
    pub left_out: Option<String>,
}

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// A rate ratio against before. Its interval knows of chance alone.
    Ratio(RateRatio),
    /// The data cannot tell.
    NoConclusion {
        /// Why, in plain words.
        reason: String,
    },
}

/// The same question asked in another way: does the answer hang on a choice?
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// What was done otherwise.
    pub name: String,
    /// What came out.
    pub change: Change,
}

/// One series with everything needed to judge it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Series {
    /// What is counted.
    pub measure: Measure,
    /// From which source.
    pub source: Name,
    /// Who says so.
    pub asserted_by: Asserter,
    /// What was kept and what was left out.
    pub filter: String,
    /// What one of the count is.
    pub unit: &'static str,
    /// By which clock days are cut, if they are.
    pub day_zone: &'static str,
    /// The instrument's window.
    pub instrument: Span,
    /// The part of it that the source can speak of, with its count.
    pub observed: Window,
    /// The windows before, the nearest first.
    pub baseline: Vec<Window>,
    /// The answer.
    pub result: Change,
    /// How the filter did on labelled rows, where it was checked.
    pub checked: Option<Checked>,
    /// The answer under other choices.
    pub checks: Vec<Check>,
    /// What else could have made the change, or hidden one.
    pub confounders: Vec<String>,
}

/// A filter checked by reading: how many of the drawn rows speak of what the filter says they do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Checked {
    /// Rows drawn and labelled.
    pub rows: u32,
    /// Rows that were right.
    pub right: u32,
}

/// Ground that changed hands between two daily maps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct AreaDay {
    /// Date of the later map.
    pub date: Date,
    /// Newly shown as held, square metres.
    pub gained_m2: i64,
    /// No longer shown as held, square metres.
    pub lost_m2: i64,
    /// Is the map the same as that of the day before?
    pub repeats: bool,
}

/// Air-raid alerts that begin in the instrument's window, against the same hours of the days before.
///
/// An alert longer than [`SeriesRules::standing`] is a standing state: it is shown beside and not counted.
pub fn alert_starts(
    instrument: Span,
    alerts: &[Observation],
    source: &Source,
    rules: &SeriesRules,
) -> Series {
    let alerts: Vec<Span> = alerts.iter().filter(|o| o.kind == Kind::Alert).map(|o| o.time).collect();
    let window = |span: Span| {
        let begun = || alerts.iter().filter(move |alert| span.contains(alert.start));
        let standing = begun().filter(|alert| alert.length() > rules.standing).count();
        let in_force = alerts.iter().filter(|alert| {
            alert.length() > rules.standing && alert.overlaps(span) && !span.contains(alert.start)
        });
        Window {
            span,
            count: Some((begun().count() - standing) as u32),
            beside: Vec::from([
                figure("standing states that began", standing),
                figure("standing states begun before and in force", in_force.count()),
            ]),
            left_out: None,
        }
    };
    let (observed, baseline) = same_hours(instrument, source, rules, window);
    let with_standing = |w: &Window| {
        let standing = w.beside.first().map_or(0, |f| f.value) as u32;
        Window { count: w.count.map(|count| count + standing), ..w.clone() }
    };
    let all: Vec<Window> = baseline.iter().map(with_standing).collect();
    let checks = Vec::from([
        Check {
            name: "standing states counted as starts".into(),
            change: compare(&with_standing(&observed), &all, rules, rules.min_windows),
        },
        Check {
            name: "only windows that share no moment with the instrument's or with each other".into(),
            change: compare(&observed, &disjoint(instrument, &baseline), rules, 2),
        },
    ]);
    let hours = rules.standing / HOUR;
    let mut confounders = shared_hours(instrument, &baseline);
    confounders.extend([
        format!(
            "an alert that was merged or kept on beyond {hours} h is a standing state; while one is in force its \
             area can show no start"
        ),
        "an alert says that something was feared in the air; shelling, assaults and short-range drones at the line \
         raise none"
            .into(),
    ]);
    Series {
        measure: Measure::AlertStarts,
        source: source.name.clone(),
        asserted_by: source.asserted_by.clone(),
        filter: format!(
            "alerts that begin in the window; those longer than {hours} h are shown apart as standing states"
        ),
        unit: "alerts that began, by area",
        day_zone: "none: the same hours of each day, UTC",
        instrument,
        result: compare(&observed, &baseline, rules, rules.min_windows),
        observed,
        baseline,
        checked: None,
        checks,
        confounders: with_limits(confounders, source),
    }
}

/// Long-range weapons launched in attacks that began in the instrument's window, as a party tabulates them.
///
/// Short-range and reconnaissance aircraft are left out, and rows whose class is not known to be long-range. A
/// window without a row has no count: the table lists attacks, not quiet.
pub fn launches(instrument: Span, rows: &[Observation], source: &Source, rules: &SeriesRules) -> Series {
    let long_range = |weapon: Weapon| {
        [Weapon::UavLongRange, Weapon::Missile].iter().any(|&class| weapon.belongs(class) == Belongs::Yes)
    };
    let attacks: Vec<(Span, Option<u32>)> = rows
        .iter()
        .filter(|o| long_range(o.weapon))
        .filter_map(|o| match o.detail {
            Detail::Launches { launched, .. } => Some((o.time, launched)),
            _ => None,
        })
        .collect();
    let window = |span: Span| {
        let begun: Vec<_> = attacks.iter().filter(|(time, _)| span.contains(time.start)).collect();
        let told = begun.iter().filter_map(|(_, launched)| *launched);
        let straddling = |(time, _): &&(Span, Option<u32>)| time.overlaps(span) && !span.covers(*time);
        Window {
            span,
            count: begun
                .iter()
                .any(|(_, launched)| launched.is_some())
                .then(|| told.fold(0, u32::saturating_add)),
            beside: Vec::from([
                figure("rows of attacks that began", begun.len()),
                figure("rows that reach over an edge", attacks.iter().filter(straddling).count()),
                figure("rows without a number", begun.iter().filter(|(_, l)| l.is_none()).count()),
            ]),
            left_out: None,
        }
    };
    let (observed, mut baseline) = same_hours(instrument, source, rules, window);
    for window in baseline.iter_mut().filter(|w| w.count.is_none() && w.left_out.is_none()) {
        window.left_out = Some("no row: the table lists attacks, and no row is not zero".into());
    }
    let reaching = observed.beside.get(1).map_or(0, |f| f.value);
    let result = match observed.count {
        None => Change::NoConclusion {
            reason: format!(
                "the table has no row of an attack that began in the window ({reaching} rows reach over its edges), \
                 and no row is not zero: a day without a row may be a day without launches or one that was not \
                 tabulated"
            ),
        },
        Some(_) => compare(&observed, &baseline, rules, rules.min_windows),
    };
    let mut confounders = shared_hours(instrument, &baseline);
    confounders.extend([
        "the figures are those of the side under attack; they show nothing of launches by that side".into(),
        "the table states no time zone; local time is assumed, and an error of an hour moves attacks over the edges \
         of windows"
            .into(),
        "an attack is counted where it began; launches within it are not dated singly".into(),
        "launches come in waves: the interval assumes windows that vary alike before and during the truce".into(),
    ]);
    Series {
        measure: Measure::Launches,
        source: source.name.clone(),
        asserted_by: source.asserted_by.clone(),
        filter: "missiles and long-range unmanned aircraft; reconnaissance, short-range and unknown types left out; \
                 an attack counts where it begins"
            .into(),
        unit: "weapons launched, as stated",
        day_zone: "none: the same hours of each day, UTC; rows read as local time",
        instrument,
        observed,
        baseline,
        result,
        checked: None,
        checks: Vec::new(),
        confounders: with_limits(confounders, source),
    }
}

/// Reports of acts of war on the whole local days within the instrument's window, against the whole days before.
///
/// One text counts once a day; stories of a day whose first settlement (by name) is the same count once; a story
/// that names only a province counts by its text.
pub fn reports(
    instrument: Span,
    reports: &[Observation],
    checked: Option<Checked>,
    zone: Zone,
    source: &Source,
    rules: &SeriesRules,
) -> Series {
    let days = daily(reports, zone);
    let whole = whole_days(instrument, zone, rules);
    let span = match (whole.first(), whole.last()) {
        (Some(first), Some(last)) => Span { start: zone.day(*first).start, end: zone.day(*last).end },
        _ => Span::at(instrument.start),
    };
    let length = whole.len() as i64;
    let over = |last: i64, count: &dyn Fn(&Day) -> usize| -> usize {
        (last - length + 1..=last).filter_map(|day| days.get(&Date::from_days(day))).map(count).sum()
    };
    let window = |last: i64, span: Span| Window {
        span,
        count: Some(over(last, &|day| day.places.len() + day.wide.len()) as u32),
        beside: Vec::from([
            figure(
                "stories that pass, before removing repeats by place",
                over(last, &|day| day.kinetic.len()),
            ),
            figure("other stories", over(last, &|day| day.other.len())),
            figure("digest rows left out", over(last, &|day| day.digests)),
            figure("rows", over(last, &|day| day.rows)),
        ]),
        left_out: None,
    };
    let observed = window(whole.last().map_or(0, |date| date.days()), span);
    // Blocks of as many days, back from the day on which the instrument begins.
    let begins = zone.date(instrument.start).days();
    let mut baseline: Vec<Window> = (0..i64::from(rules.windows_before))
        .map(|block| {
            let last = begins - 1 - block * length.max(1);
            let first = last - length.max(1) + 1;
            let day = |days: i64| zone.day(Date::from_days(days));
            let mut window = window(last, Span { start: day(first).start, end: day(last).end });
            if !source.covers.covers(window.span) {
                window.count = None;
                window.left_out = Some("outside the time that the file covers".into());
            }
            window
        })
        .collect();
    let digests = |w: &Window| w.beside.get(2).map_or(0, |f| f.value);
    let mut sorted: Vec<i64> = baseline.iter().filter(|w| w.left_out.is_none()).map(digests).collect();
    sorted.sort_unstable();
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0).max(1);
    let swollen = |w: &Window| digests(w) * 1_000 > median * i64::from(rules.digest_day_permille);
    for window in baseline.iter_mut().filter(|w| w.left_out.is_none()) {
        if swollen(window) {
            window.left_out = Some(format!(
                "swollen by round-ups: {} digest rows against a median of {median}",
                digests(window)
            ));
        }
    }

    let recount = |windows: &[Window], index: usize| -> Vec<Window> {
        let value = |w: &Window| w.beside.get(index).map(|f| f.value as u32);
        windows.iter().map(|w| Window { count: w.count.and(value(w)), ..w.clone() }).collect()
    };
    let recounted = |index: usize| {
        let observed = recount(core::slice::from_ref(&observed), index);
        compare(&observed[0], &recount(&baseline, index), rules, rules.min_windows)
    };
    let other = recounted(1);
    let by_text = against_volume(recounted(0), &other);
    let counted = compare(&observed, &baseline, rules, rules.min_windows);
    let result = if whole.is_empty() {
        no("no whole local day lies in the window, and most reports carry a date only")
    } else if swollen(&observed) {
        no("the window is swollen by round-ups of older events")
    } else {
        match checked {
            None => no("the filter on reports has not been checked against labelled rows"),
            Some(checked) => match precision_permille(checked) {
                precision if precision < rules.min_precision_permille => Change::NoConclusion {
                    reason: format!(
                        "of {} rows that pass the filter only {} speak of a new act ({precision} permille; at least \
                         {} are asked)",
                        checked.rows, checked.right, rules.min_precision_permille
                    ),
                },
                _ => against_volume(counted.clone(), &other),
            },
        }
    };
    let mut checks = Vec::from([
        Check { name: "repeats by place kept".into(), change: by_text },
        Check { name: "all other stories of the same source: the volume of reporting".into(), change: other },
    ]);
    if counted != result {
        checks.insert(
            0,
            Check { name: "the reports alone, without regard to their volume".into(), change: counted },
        );
    }
    let mut confounders = Vec::from([
        "the volume of reporting: outlets write less on holidays and Sundays, and the source's volume drifts from \
         month to month"
            .into(),
        "reports, not acts: what no outlet wrote about is not counted, and repeats by place hide a second act at \
         the same place and day"
            .into(),
        "a report is counted on the day it is dated, which may be the day after the act".into(),
        "during a truce attention turns to breaches, and statements by officials, which the filter leaves out, \
         replace reports of single acts"
            .to_string(),
    ]);
    if whole.len() as i64 * DAY < instrument.length() {
        confounders.push(
            "days that lie partly in the instrument's window are not counted: most reports carry a date only"
                .into(),
        );
    }
    let precision = checked.map_or_else(
        || "not checked".to_string(),
        |c| {
            format!(
                "precision {}.{} % on {} labelled rows",
                precision_permille(c) / 10,
                precision_permille(c) % 10,
                c.rows
            )
        },
    );
    Series {
        measure: Measure::Reports,
        source: source.name.clone(),
        asserted_by: source.asserted_by.clone(),
        filter: format!(
            "headlines that speak of a specific, new act of war by the word list ({precision}); digests left out; one \
             text once a day; one story a day for each first-named settlement"
        ),
        unit: "stories a day",
        day_zone: "local days",
        instrument,
        observed,
        baseline,
        result,
        checked,
        checks,
        confounders: with_limits(confounders, source),
    }
}

/// Heat anomalies on the day in the instrument's window, against earlier days under a like sky.
pub fn thermal_anomalies(
    instrument: Span,
    days: &[Observation],
    source: &Source,
    rules: &SeriesRules,
) -> Series {
    let mut days: Vec<(Span, u32, u32, u16)> = days
        .iter()
        .filter_map(|o| match o.detail {
            Detail::ThermalDay { fires, war_fires, cloud_permille } => {
                Some((o.time, war_fires, fires, cloud_permille))
            }
            _ => None,
        })
        .collect();
    days.sort_unstable();
    let window = |&(span, war_fires, fires, cloud): &(Span, u32, u32, u16)| Window {
        span,
        count: Some(war_fires),
        beside: Vec::from([
            Figure { name: "all fires", value: i64::from(fires) },
            Figure { name: "cloud over the east, permille", value: i64::from(cloud) },
        ]),
        left_out: None,
    };
    let inside: Vec<_> =
        days.iter().filter(|day| shared(day.0, instrument) >= rules.min_day_permille).collect();
    let earliest = instrument.start.0 - i64::from(rules.season_days) * DAY;
    let mut baseline: Vec<Window> = days
        .iter()
        .rev()
        .filter(|day| {
            day.0.start < instrument.start
                && day.0.start.0 >= earliest
                && shared(day.0, instrument) < rules.min_day_permille
        })
        .map(window)
        .collect();
    let tolerance = i64::from(rules.cloud_tolerance_permille);
    let (observed, result) = match inside[..] {
        [day] => {
            let cloud = i64::from(day.3);
            for window in &mut baseline {
                let other = window.beside.get(1).map_or(0, |f| f.value);
                window.left_out = if window.span.overlaps(instrument) {
                    Some("lies partly in the instrument's window".into())
                } else if (other - cloud).abs() > tolerance {
                    Some(format!("cloud of {other} permille against {cloud}: not comparable"))
                } else {
                    None
                };
            }
            let observed = window(day);
            let comparable = baseline.iter().filter(|w| w.left_out.is_none()).count() as u32;
            let result = if comparable < rules.min_comparable_days {
                Change::NoConclusion {
                    reason: format!(
                        "only {comparable} of the {} days before within the season ({} days) had a like sky (cloud of \
                         {cloud} permille, give or take {tolerance}; {} days are asked): cloud hides fires and a \
                         clear, dry sky makes them, so a count under {cloud} permille of cloud speaks neither for \
                         nor against fewer shots",
                        baseline.iter().filter(|w| !w.span.overlaps(instrument)).count(),
                        rules.season_days,
                        rules.min_comparable_days
                    ),
                }
            } else {
                compare(&observed, &baseline, rules, rules.min_comparable_days)
            };
            (observed, result)
        }
        [] => (unknown(instrument), no("the table has no whole day within the window")),
        _ => (
            unknown(instrument),
            no("the window holds several days under differing cloud, over which the season moves on"),
        ),
    };
    Series {
        measure: Measure::ThermalAnomalies,
        source: source.name.clone(),
        asserted_by: source.asserted_by.clone(),
        filter: format!(
            "days with at least {} permille in the window, against days before with cloud within {tolerance} permille",
            rules.min_day_permille
        ),
        unit: "heat anomalies a day that a model takes for war-related",
        day_zone: "days of the source",
        instrument,
        observed,
        baseline,
        result,
        checked: None,
        checks: Vec::new(),
        confounders: with_limits(
            Vec::from([
                "cloud hides fires; a clear, dry sky makes them spread".into(),
                "the season: dry grass and fields burn in spring, with or without fighting".into(),
                "a fire may burn on from the day before, and few shots make a fire that is seen from space"
                    .into(),
                "satellites pass at a few moments of the day".into(),
            ]),
            source,
        ),
    }
}

/// Ground that changed hands between daily maps. The figures are shown; a ratio is never formed, because area is
/// no count of events and a map's date is that of its publication.
pub fn area_changed(
    instrument: Span,
    maps: &[AreaDay],
    zone: Zone,
    source: &Source,
    rules: &SeriesRules,
) -> Series {
    let mut maps = maps.to_vec();
    maps.sort_unstable();
    let window = |map: &AreaDay| Window {
        span: zone.day(map.date),
        count: None,
        beside: Vec::from([
            Figure { name: "newly shown as held, m2", value: map.gained_m2 },
            Figure { name: "no longer shown as held, m2", value: map.lost_m2 },
        ]),
        left_out: map.repeats.then(|| "repeats the day before: not evidence that nothing moved".to_string()),
    };
    let inside: Vec<&AreaDay> =
        maps.iter().filter(|m| shared(zone.day(m.date), instrument) >= rules.min_day_permille).collect();
    let begins = zone.date(instrument.start).days();
    let baseline: Vec<Window> = maps
        .iter()
        .rev()
        .filter(|m| (begins - i64::from(rules.windows_before)..begins).contains(&m.date.days()))
        .map(window)
        .collect();
    let total = |value: fn(&AreaDay) -> i64| inside.iter().map(|m| value(m)).fold(0, i64::saturating_add);
    let repeats = inside.iter().filter(|m| m.repeats).count();
    let mut observed = match (inside.first(), inside.last()) {
        (Some(first), Some(last)) => Window {
            beside: Vec::from([
                Figure { name: "newly shown as held, m2", value: total(|m| m.gained_m2) },
                Figure { name: "no longer shown as held, m2", value: total(|m| m.lost_m2) },
            ]),
            ..unknown(Span { start: zone.day(first.date).start, end: zone.day(last.date).end })
        },
        _ => unknown(instrument),
    };
    let mut reasons = Vec::new();
    if inside.is_empty() {
        reasons.push("there is no map for a whole day within the window".to_string());
    }
    if repeats > 0 {
        let reason = format!("{repeats} of {} maps repeat the day before", inside.len());
        observed.left_out = Some(reason.clone());
        reasons.push(format!("{reason}, which is not evidence that nothing moved"));
    }
    let lag = i64::from(rules.map_lag_days);
    if instrument.length() <= lag * DAY {
        reasons.push(format!(
            "a map is dated by its publication and may lag by {lag} days, longer than the whole window of {} h",
            instrument.length() / HOUR
        ));
    } else {
        reasons.push(format!(
            "a map is dated by its publication and may lag by {lag} days, and area is no count of events, so no \
             ratio is formed"
        ));
    }
    Series {
        measure: Measure::AreaChanged,
        source: source.name.clone(),
        asserted_by: source.asserted_by.clone(),
        filter: "difference of each daily map from the one before".into(),
        unit: "square metres",
        day_zone: "days of publication",
        instrument,
        observed,
        baseline,
        result: Change::NoConclusion { reason: reasons.join("; ") },
        checked: None,
        checks: Vec::new(),
        confounders: with_limits(
            Vec::from([
                "maps are redrawn in batches, and a change may lie days back".into(),
                "ground can be fought over without changing hands, and change hands without a shot".into(),
            ]),
            source,
        ),
    }
}

fn no(reason: &str) -> Change {
    Change::NoConclusion { reason: reason.into() }
}

fn figure(name: &'static str, value: usize) -> Figure {
    Figure { name, value: value as i64 }
}

fn unknown(span: Span) -> Window {
    Window { span, count: None, beside: Vec::new(), left_out: None }
}

fn with_limits(mut confounders: Vec<String>, source: &Source) -> Vec<String> {
    confounders.extend(source.limits.iter().cloned());
    confounders
}

/// How much of `span` lies in `other`, permille of the length of `span`.
fn shared(span: Span, other: Span) -> u32 {
    let common = span.end.0.min(other.end.0) - span.start.0.max(other.start.0);
    let (common, length) = (i128::from(common.max(0)), i128::from(span.length().max(1)));
    (common * 1_000 / length) as u32
}

/// The instrument's window and the same hours of the days before.
fn same_hours(
    instrument: Span,
    source: &Source,
    rules: &SeriesRules,
    window: impl Fn(Span) -> Window,
) -> (Window, Vec<Window>) {
    let before = (1..=i64::from(rules.windows_before)).map(|day| {
        let span = instrument.shifted(-day * DAY);
        let mut window = window(span);
        let shared = shared(span, instrument);
        if !source.covers.covers(span) {
            window.count = None;
            window.left_out = Some("outside the time that the file covers".into());
        } else if shared > rules.max_shared_permille {
            window.left_out =
                Some(format!("shares {shared} permille of its hours with the instrument's window"));
        }
        window
    });
    let before = before.collect();
    (window(instrument), before)
}

/// From the nearest back, the windows that share no moment with the instrument's or with one already taken.
fn disjoint(instrument: Span, baseline: &[Window]) -> Vec<Window> {
    let mut taken: Vec<Window> = Vec::new();
    for window in baseline {
        if !window.span.overlaps(instrument) && !taken.iter().any(|t| t.span.overlaps(window.span)) {
            taken.push(window.clone());
        }
    }
    taken
}

/// What the windows before share with the instrument's and with one another, in words.
fn shared_hours(instrument: Span, baseline: &[Window]) -> Vec<String> {
    let hours = |a: Span, b: Span| (a.end.0.min(b.end.0) - a.start.0.max(b.start.0)).max(0) / HOUR;
    let mut said = Vec::new();
    for (day, window) in baseline.iter().enumerate() {
        let own = hours(window.span, instrument);
        if own > 0 && window.left_out.is_none() {
            said.push(format!(
                "the window {} before shares {own} h with the instrument's own",
                if day == 0 { "one day".to_string() } else { format!("{} days", day + 1) }
            ));
        }
    }
    if let [first, second, ..] = baseline {
        let neighbours = hours(first.span, second.span);
        if neighbours > 0 {
            said.push(format!(
                "neighbouring windows before share {neighbours} h, so that their counts are not independent"
            ));
        }
    }
    said
}

/// The rate ratio of a window against those not left out.
fn compare(observed: &Window, baseline: &[Window], rules: &SeriesRules, least: u32) -> Change {
    let counts: Vec<u32> = baseline.iter().filter(|w| w.left_out.is_none()).filter_map(|w| w.count).collect();
    let Some(count) = observed.count else {
        return no("the source has no count for the window");
    };
    if (counts.len() as u32) < least {
        return Change::NoConclusion {
            reason: format!(
                "{} of the windows before can be compared with; at least {least} are needed",
                if counts.is_empty() { "none".to_string() } else { format!("only {}", counts.len()) }
            ),
        };
    }
    match rate_ratio(count, &counts, rules.level_permille) {
        Ok(ratio) => Change::Ratio(ratio),
        Err(none) => Change::NoConclusion { reason: none.to_string() },
    }
}

/// A change of reports counts as one only where it goes beyond the change of everything else that was reported.
fn against_volume(counted: Change, other: &Change) -> Change {
    let (Change::Ratio(ratio), Change::Ratio(volume)) = (&counted, other) else {
        return counted;
    };
    let apart = ratio.high_permille < volume.low_permille || volume.high_permille < ratio.low_permille;
    if apart || ratio.direction() == Direction::NoneShown {
        return counted;
    }
    Change::NoConclusion {
        reason: format!(
            "reports of acts stand at {} times before ({} to {}), but all other reports of the source at {} ({} to \
             {}): the two intervals meet, so that fewer or more acts cannot be told from fewer or more reports",
            decimal(ratio.ratio_permille),
            decimal(ratio.low_permille),
            decimal(ratio.high_permille),
            decimal(volume.ratio_permille),
            decimal(volume.low_permille),
            decimal(volume.high_permille)
        ),
    }
}

/// `0.39` for 390 permille.
fn decimal(permille: i64) -> String {
    let hundredths = (permille + 5) / 10;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn precision_permille(checked: Checked) -> u32 {
    (u64::from(checked.right) * 1_000 / u64::from(checked.rows.max(1))) as u32
}

/// The calendar days of which enough lies in the window.
fn whole_days(window: Span, zone: Zone, rules: &SeriesRules) -> Vec<Date> {
    let (first, last) = (zone.date(window.start).days(), zone.date(Time(window.end.0 - 1)).days());
    (first..=last)
        .map(Date::from_days)
        .filter(|&date| shared(zone.day(date), window) >= rules.min_day_permille)
        .collect()
}

/// What the reports of one local day hold, once each.
#[derive(Default)]
struct Day {
    rows: usize,
    digests: usize,
    /// Texts that speak of an act.
    kinetic: BTreeSet<TextKey>,
    /// All other texts that are no digests.
    other: BTreeSet<TextKey>,
    /// First-named settlements of the stories of acts.
    places: BTreeSet<Name>,
    /// Stories of acts that name no settlement.
    wide: BTreeSet<TextKey>,
}

/// The text of a report, or the report itself where its text has no key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum TextKey {
    Text(u64),
    Alone(Id),
}

fn daily(reports: &[Observation], zone: Zone) -> BTreeMap<Date, Day> {
    let mut days: BTreeMap<Date, Day> = BTreeMap::new();
    let mut stories: BTreeMap<(Date, TextKey), Option<Name>> = BTreeMap::new();
    for o in reports.iter().filter(|o| o.kind == Kind::ReportedEvent) {
        // A report is dated by its publication, which is the end of the time it may speak of.
        let date = zone.date(Time((o.time.end.0 - 1).max(o.time.start.0)));
        let key = o.text_key.map_or(TextKey::Alone(o.id), TextKey::Text);
        let day = days.entry(date).or_default();
        day.rows += 1;
        if o.detail == Detail::Digest {
            day.digests += 1;
        } else if o.act != Act::Ordinary {
            day.kinetic.insert(key);
            let first = stories.entry((date, key)).or_default();
            if let Place::Area { name, level: Level::Settlement, .. } = &o.place
                && first.as_ref().is_none_or(|known| name < known)
            {
                *first = Some(name.clone());
            }
        } else {
            day.other.insert(key);
        }
    }
    for ((date, key), place) in stories {
        let day = days.entry(date).or_default();
        match place {
            Some(place) => _ = day.places.insert(place),
            None => _ = day.wide.insert(key),
        }
    }
    days
}

#[cfg(test)]
mod tests;
