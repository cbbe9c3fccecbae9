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
mod tests {
    extern crate std;
    use super::*;
    use crate::lexicon::real;
    use crate::observation::Act;
    use crate::place::Point;
    use crate::rate::Model;
    use std::{println, vec};

    fn time(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    fn span(start: &str, end: &str) -> Span {
        Span::new(time(start), time(end)).unwrap()
    }

    fn easter() -> Span {
        span("2025-04-19T15:00:00Z", "2025-04-20T21:00:00Z")
    }

    fn source(start: &str, end: &str) -> Source {
        Source {
            name: "test".into(),
            asserted_by: Asserter::Party("a".into()),
            covers: span(start, end),
            limits: vec!["two provinces are absent".to_string()],
        }
    }

    fn spring() -> Source {
        source("2025-02-28T21:00:00Z", "2025-04-30T21:00:00Z")
    }

    fn observation(number: u32, kind: Kind, time: Span) -> Observation {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&number.to_be_bytes());
        Observation::bare(Id(id), "test", kind, time, Place::Unknown)
    }

    fn ratio(change: &Change) -> RateRatio {
        match change {
            Change::Ratio(ratio) => *ratio,
            Change::NoConclusion { reason } => panic!("no conclusion: {reason}"),
        }
    }

    fn reason(change: &Change) -> &str {
        match change {
            Change::NoConclusion { reason } => reason,
            Change::Ratio(ratio) => panic!("a ratio: {ratio:?}"),
        }
    }

    /// The values that docs/expected/easter_2025.py computed from the same files.
    fn expected(key: &str) -> &'static str {
        include_str!("../../../docs/expected/easter_2025.csv")
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(','))
            .unwrap_or_else(|| panic!("no {key}"))
    }

    fn number(key: &str) -> i64 {
        expected(key).parse().unwrap()
    }

    #[track_caller]
    fn assert_ratio(change: &Change, key: &str) {
        let r = ratio(change);
        let of = |part: &str| number(&format!("{key}.{part}"));
        assert_eq!(r.model.name(), expected(&format!("{key}.model")));
        for (ours, theirs) in [
            (r.dispersion_permille, of("dispersion_permille")),
            (r.ratio_permille, of("ratio_permille")),
            (r.low_permille, of("low_permille")),
            (r.high_permille, of("high_permille")),
        ] {
            assert!((ours - theirs).abs() <= 1, "{key}: {r:?}");
        }
    }

    fn alert(number: u32, start: Time, hours: i64) -> Observation {
        observation(number, Kind::Alert, Span { start, end: Time(start.0 + hours * HOUR) })
    }

    #[test]
    fn alerts_are_counted_where_they_begin_and_standing_states_stand_apart() {
        let window = easter();
        let mut alerts = vec![alert(0, window.start, 1), alert(1, window.end, 1), alert(2, window.start, 30)];
        alerts.push(alert(3, Time(window.start.0 - 40 * DAY), 41 * 24));
        for day in 1..=7 {
            for hour in 0..10 {
                alerts.push(alert(100 * day + hour, Time(window.start.0 - i64::from(day) * DAY), 1));
            }
        }
        let series = alert_starts(window, &alerts, &spring(), &rules());
        assert_eq!(series.observed.count, Some(1));
        assert_eq!(series.observed.beside.iter().map(|f| f.value).collect::<Vec<_>>(), [1, 1]);
        // Each window of 30 h holds the alerts of its own first hour and, 24 h on, those of the next day's.
        assert_eq!(series.baseline[1].count, Some(20));
        assert_eq!(ratio(&series.result).ratio_permille, 1_000 * 7 / (11 + 6 * 20));
        alerts.reverse();
        assert_eq!(alert_starts(window, &alerts, &spring(), &rules()), series);
        let text = series.confounders.join("\n");
        assert!(
            text.contains("one day before shares 6 h") && text.contains("two provinces are absent"),
            "{text}"
        );
    }

    #[test]
    fn windows_outside_the_file_are_unknown_and_not_zero() {
        let covers = source("2025-04-16T00:00:00Z", "2025-04-30T00:00:00Z");
        let series = alert_starts(easter(), &[], &covers, &rules());
        assert_eq!(series.baseline.iter().filter(|w| w.count.is_none()).count(), 4);
        assert!(reason(&series.result).contains("only 3 of the windows"), "{:?}", series.result);
        let empty = alert_starts(easter(), &[], &spring(), &rules());
        assert!(reason(&empty.result).contains("no rate to compare with"));
    }

    #[test]
    fn a_long_instrument_has_no_same_hours_before() {
        let month = span("2025-03-18T00:00:00Z", "2025-04-17T00:00:00Z");
        let series = alert_starts(month, &[], &spring(), &rules());
        assert!(series.baseline.iter().all(|w| w.left_out.is_some()));
        assert!(reason(&series.result).contains("none of the windows"));
    }

    fn launch(number: u32, time: Span, weapon: Weapon, launched: Option<u32>) -> Observation {
        let detail = Detail::Launches { launched, destroyed: None };
        Observation { weapon, detail, ..observation(number, Kind::ReportedEvent, time) }
    }

    #[test]
    fn no_row_is_not_zero_launches() {
        let window = easter();
        let night = Span { start: Time(window.start.0 + 3 * HOUR), end: Time(window.start.0 + 15 * HOUR) };
        let mut rows: Vec<Observation> = (1..=7)
            .map(|day| launch(day, night.shifted(-i64::from(day) * DAY), Weapon::UavLongRange, Some(90)))
            .collect();
        // A short-range and a reconnaissance type, and one that is not known, are no long-range launches.
        for (n, weapon) in
            [Weapon::UavShortRange, Weapon::UavReconnaissance, Weapon::Uav, Weapon::Undetermined]
                .iter()
                .enumerate()
        {
            rows.push(launch(20 + n as u32, night, *weapon, Some(4)));
        }
        let none = launches(window, &rows, &spring(), &rules());
        assert_eq!(none.observed.count, None);
        assert!(reason(&none.result).contains("no row is not zero"));
        // A row without a number does not make a zero either.
        rows.push(launch(30, night, Weapon::CruiseMissile, None));
        assert_eq!(launches(window, &rows, &spring(), &rules()).observed.count, None);
        rows.push(launch(31, night, Weapon::BallisticMissile, Some(2)));
        let some = launches(window, &rows, &spring(), &rules());
        assert_eq!(some.observed.count, Some(2));
        // The window of 18 April 15:00 to 19 April 21:00 holds the first evening of the truce, too.
        assert_eq!(some.baseline[0].count, Some(92));
        assert_eq!(ratio(&some.result).model, Model::NegativeBinomial);
    }

    fn fire_day(number: u32, day: u8, war_fires: u32, cloud_permille: u16) -> Observation {
        let date = Date::new(2025, 4, day).unwrap();
        let detail = Detail::ThermalDay { fires: war_fires * 2, war_fires, cloud_permille };
        Observation { detail, ..observation(number, Kind::ThermalAnomaly, Zone::EasternEurope.day(date)) }
    }

    #[test]
    fn fires_are_compared_under_a_like_sky_only() {
        let cloudy: Vec<Observation> = (8..=18)
            .map(|day| fire_day(u32::from(day), day, 10, 800))
            .chain([fire_day(19, 19, 600, 130), fire_day(20, 20, 700, 120)])
            .collect();
        let series = thermal_anomalies(easter(), &cloudy, &spring(), &rules());
        assert_eq!(series.observed.count, Some(700));
        let why = reason(&series.result);
        assert!(why.contains("only 0 of the 11 days") && why.contains("season"), "{why}");
        let clear: Vec<Observation> =
            (8..=20).map(|day| fire_day(u32::from(day), day, 100 + u32::from(day), 100)).collect();
        let series = thermal_anomalies(easter(), &clear, &spring(), &rules());
        assert_eq!(series.baseline.iter().filter(|w| w.left_out.is_none()).count(), 11);
        assert_eq!(ratio(&series.result).direction(), Direction::NoneShown);
        assert!(
            reason(&thermal_anomalies(easter(), &[], &spring(), &rules()).result).contains("no whole day")
        );
    }

    #[test]
    fn area_gives_figures_and_no_ratio() {
        let day = |day, gained_m2, repeats| AreaDay {
            date: Date::new(2025, 4, day).unwrap(),
            gained_m2,
            lost_m2: 5,
            repeats,
        };
        let rules = rules();
        let maps = [day(18, 100, false), day(19, 0, true), day(20, 0, true)];
        let series = area_changed(easter(), &maps, Zone::EasternEurope, &spring(), &rules);
        assert_eq!(series.baseline.len(), 1);
        assert_eq!(series.observed.beside.iter().map(|f| f.value).collect::<Vec<_>>(), [0, 5]);
        let why = reason(&series.result);
        assert!(why.contains("not evidence that nothing moved") && why.contains("lag by 3 days"), "{why}");
        let none = area_changed(easter(), &[], Zone::EasternEurope, &spring(), &rules);
        assert!(reason(&none.result).contains("no map"));
    }

    /// A day's reports: so many different texts that pass at so many settlements, others, and digests.
    fn day_of_reports(day: u8, texts: u32, places: u32, others: u32, digests: u32) -> Vec<Observation> {
        let date = Date::new(2025, 4, day).unwrap();
        let row = |number: u32, act, digest| {
            let base = observation(number, Kind::ReportedEvent, Zone::EasternEurope.day(date));
            let place = Place::Area {
                name: format!("place {}", number % places.max(1)).as_str().into(),
                level: Level::Settlement,
                centre: Point { lon: 0, lat: 0 },
                radius: 0,
            };
            let detail = if digest { Detail::Digest } else { Detail::None };
            Observation { place, act, detail, text_key: Some(u64::from(number)), ..base }
        };
        let mut rows: Vec<_> = (0..texts).map(|n| row(n, Act::Fire, false)).collect();
        rows.extend((0..texts).map(|n| row(n, Act::Fire, false))); // one article, several rows
        rows.extend((1_000..1_000 + others).map(|n| row(n, Act::Ordinary, false)));
        rows.extend((2_000..2_000 + digests).map(|n| row(n, Act::Ordinary, true)));
        rows
    }

    /// The mission for public data.
    fn mission() -> crate::mission::Mission {
        let text = include_str!("../../../missions/public-data/mission.toml");
        crate::mission::Mission::parse("mission.toml", text).unwrap()
    }

    fn rules() -> SeriesRules {
        mission().series
    }

    fn reports_of(rows: &[Observation], checked: Option<Checked>) -> Series {
        reports(easter(), rows, checked, Zone::EasternEurope, &spring(), &rules())
    }

    const GOOD: Option<Checked> = Some(Checked { rows: 200, right: 187 });

    #[test]
    fn reports_are_counted_once_a_text_and_once_a_place() {
        let mut rows = day_of_reports(20, 8, 4, 50, 1);
        for day in 12..=18 {
            rows.extend(day_of_reports(day, 40, 20, 50, if day == 15 { 60 } else { 10 }));
        }
        let series = reports_of(&rows, GOOD);
        assert_eq!(series.observed.count, Some(4));
        assert_eq!(series.observed.beside.iter().map(|f| f.value).collect::<Vec<_>>(), [8, 50, 1, 67]);
        assert!(
            series.baseline[3].left_out.as_ref().unwrap().contains("swollen"),
            "{:?}",
            series.baseline[3]
        );
        assert_eq!(ratio(&series.result).ratio_permille, 200);
        assert_eq!(ratio(&series.checks[1].change).ratio_permille, 1_000, "the volume did not change");
        rows.reverse();
        assert_eq!(reports_of(&rows, GOOD), series);
    }

    #[test]
    fn fewer_reports_of_everything_are_no_fewer_acts() {
        let mut rows = day_of_reports(20, 8, 8, 12, 1);
        for day in 12..=18 {
            rows.extend(day_of_reports(day, 30, 30, 50, 10));
        }
        let series = reports_of(&rows, GOOD);
        assert!(reason(&series.result).contains("cannot be told from"), "{:?}", series.result);
        assert_eq!(series.checks.len(), 3);
        assert_eq!(ratio(&series.checks[0].change).direction(), Direction::Fewer);
    }

    #[test]
    fn an_unchecked_or_poor_filter_gives_no_conclusion() {
        let rows: Vec<_> = (12..=20).flat_map(|day| day_of_reports(day, 10, 10, 50, 1)).collect();
        assert!(reason(&reports_of(&rows, None).result).contains("not been checked"));
        let poor = Some(Checked { rows: 200, right: 159 });
        assert!(reason(&reports_of(&rows, poor).result).contains("only 159"));
        assert_eq!(
            ratio(&reports_of(&rows, Some(Checked { rows: 200, right: 160 })).result).ratio_permille,
            1_000
        );
    }

    #[test]
    fn hours_of_one_day_hold_no_whole_day_of_reports() {
        let hours = span("2025-04-20T10:00:00Z", "2025-04-20T16:00:00Z");
        let series = reports(hours, &[], GOOD, Zone::EasternEurope, &spring(), &rules());
        assert!(reason(&series.result).contains("no whole local day"));
    }

    #[test]
    fn shared_alert_starts_of_the_easter_truce() {
        let Some(text) = real::shared("air_alerts.csv") else { return };
        let alerts: Vec<Observation> = real::csv(&text)
            .iter()
            .enumerate()
            .map(|(n, row)| observation(n as u32, Kind::Alert, span(&row[1], &row[2])))
            .collect();
        let series = alert_starts(easter(), &alerts, &spring(), &rules());
        let key = "air_raid_alert_starts";
        let of = |part: &str| number(&format!("{key}.{part}"));
        assert_eq!(series.observed.count.map(i64::from), Some(of("window.starts")));
        assert_eq!(series.observed.beside[0].value, of("window.standing"));
        assert_eq!((of("window.begun"), of("window.standing")), (5, 1));
        for (n, window) in series.baseline.iter().enumerate() {
            assert_eq!(window.count.map(i64::from), Some(of(&format!("before_nearest_first.{n}.starts"))));
        }
        assert_ratio(&series.result, "air_raid_alert_starts.ratio");
        assert_ratio(&series.checks[0].change, "air_raid_alert_starts.ratio_standing_states_counted");
        assert_ratio(&series.checks[1].change, "air_raid_alert_starts.ratio_disjoint_windows");
        assert_eq!(ratio(&series.result).direction(), Direction::Fewer);
    }

    #[test]
    fn shared_launches_of_the_easter_truce() {
        let Some(text) = real::shared("missile_attacks.csv") else { return };
        let kyiv = |text: &str| {
            let text = text.trim(); // one row has a space after the time
            let date = Date::parse(text);
            let at = |text: &str| Zone::EasternEurope.parse_local(text).unwrap();
            date.map_or_else(|| Span::at(at(text)), |date| Zone::EasternEurope.day(date))
        };
        let rows: Vec<Observation> = real::csv(&text)
            .iter()
            .enumerate()
            .map(|(n, row)| {
                let weapon = match row[2].as_str() {
                    "Shahed-136/131" => Weapon::UavLongRange,
                    "Iskander-K" | "Kalibr" | "X-59/X-69" | "X-101/X-555" | "P-800 Oniks" => {
                        Weapon::CruiseMissile
                    }
                    "Ballistic Missile" | "Iskander-M" | "Iskander-M/KN-23" => Weapon::BallisticMissile,
                    "C-300" | "C-300/C-400" | "X-31P" => Weapon::Missile,
                    "Lancet" | "Молнія" => Weapon::UavShortRange,
                    "Unknown UAV" => Weapon::Uav,
                    "Supercam" | "ZALA" | "Orlan-10" | "Merlin-VR" | "Reconnaissance UAV" => {
                        Weapon::UavReconnaissance
                    }
                    other => panic!("{other}"),
                };
                let launched = row[6].strip_suffix(".0").and_then(|n| n.parse().ok());
                let time = Span { start: kyiv(&row[0]).start, end: kyiv(&row[1]).end };
                launch(n as u32, time, weapon, launched)
            })
            .collect();
        let series = launches(easter(), &rows, &spring(), &rules());
        assert!(reason(&series.result).contains("no row is not zero"));
        assert_eq!(expected("long_range_launches.window.launched"), "null");
        for (n, window) in series.baseline.iter().enumerate() {
            let of = |part: &str| number(&format!("long_range_launches.before_nearest_first.{n}.{part}"));
            assert_eq!(window.count.map(i64::from), Some(of("launched")), "window {n}");
            assert_eq!(window.beside[0].value, of("rows_begun"), "window {n}");
            assert_eq!(window.beside[1].value, of("rows_over_an_edge"), "window {n}");
        }
    }

    #[test]
    fn shared_heat_on_easter_sunday_is_no_conclusion() {
        let Some(text) = real::shared("war_fires_daily.csv") else { return };
        let days: Vec<Observation> = real::csv(&text)
            .iter()
            .enumerate()
            .map(|(n, row)| {
                let date = Date::parse(&row[0]).unwrap();
                let cloud: f64 = row[2].parse().unwrap();
                let detail = Detail::ThermalDay {
                    fires: row[3].parse().unwrap(),
                    war_fires: row[4].parse().unwrap(),
                    cloud_permille: libm::round(cloud * 1_000.0) as u16,
                };
                Observation {
                    detail,
                    ..observation(n as u32, Kind::ThermalAnomaly, Zone::EasternEurope.day(date))
                }
            })
            .collect();
        let series = thermal_anomalies(easter(), &days, &spring(), &rules());
        assert_eq!(series.observed.count.map(i64::from), Some(number("thermal_anomalies.window.war_fires")));
        assert_eq!(series.observed.beside[1].value, number("thermal_anomalies.window.cloud_permille"));
        let comparable: Vec<i64> = series
            .baseline
            .iter()
            .filter(|w| w.left_out.is_none())
            .map(|w| w.count.unwrap().into())
            .collect();
        assert_eq!(comparable, [number("thermal_anomalies.comparable_days.0.war_fires")]);
        assert_eq!(expected("thermal_anomalies.ratio"), "null");
        let why = reason(&series.result);
        assert!(why.contains("only 1 of the 27 days"), "{why}");
        println!("{why}");
    }

    #[test]
    fn shared_reports_of_the_easter_truce() {
        let (lexicon, mission) = (real::lexicon(), mission());
        let mut rows = Vec::new();
        for name in ["viina_2025-03.csv", "viina_2025-04.csv"] {
            let Some(text) = real::shared(name) else { return };
            let mut keys: BTreeMap<String, u64> = BTreeMap::new();
            for row in real::csv(&text) {
                let date = Date::parse(&row[0][..10]).unwrap();
                let next = keys.len() as u64;
                let key = *keys.entry(row[5].clone()).or_insert(next);
                // Points that stand for a whole province, or for nothing.
                let wide = mission.false_points.iter().any(|point| *point.place == *row[3]);
                let place = Place::Area {
                    name: row[3].as_str().into(),
                    level: if wide { Level::Province } else { Level::Settlement },
                    centre: Point { lon: 0, lat: 0 },
                    radius: 0,
                };
                let base = observation(rows.len() as u32, Kind::ReportedEvent, Zone::EasternEurope.day(date));
                let reading = lexicon.classify(&row[5]);
                let detail = if reading.digest { Detail::Digest } else { Detail::None };
                rows.push(Observation { place, act: reading.act, detail, text_key: Some(key), ..base });
            }
        }
        let checked = Checked {
            rows: number("filter_of_reports.sample") as u32,
            right: number("filter_of_reports.speak_of_a_new_act") as u32,
        };
        let series = reports_of(&rows, Some(checked));
        let windows = core::iter::once(("window".to_string(), &series.observed))
            .chain(series.baseline.iter().enumerate().map(|(n, w)| (format!("before_nearest_first.{n}"), w)));
        for (key, window) in windows {
            let of = |part: &str| number(&format!("kinetic_reports.{key}.{part}"));
            assert_eq!(window.count.map(i64::from), Some(of("count")), "{key}");
            let beside: Vec<i64> = window.beside.iter().map(|f| f.value).collect();
            assert_eq!(beside, [of("stories"), of("other_stories"), of("digest_rows"), of("rows")], "{key}");
            if key != "window" {
                let left_out = expected(&format!("kinetic_reports.{key}.left_out")) == "true";
                assert_eq!(window.left_out.is_some(), left_out, "{key}");
            }
        }
        assert_ratio(&series.result, "kinetic_reports.ratio_of_reports_alone");
        assert_eq!(ratio(&series.result).direction(), Direction::NoneShown);
        assert_ratio(&series.checks[1].change, "kinetic_reports.ratio_of_all_other_stories");
        println!("{}", reason(&series.checks[0].change));
    }
}
