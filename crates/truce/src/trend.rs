//! Counts by period, as a monitoring mission prints them: totals, change against the period before, escalation,
//! change-points, and rates for the time that was watched.
//!
//! Nothing here is a finding. A count is what was recorded; what was assessed as an announced exercise is kept
//! beside it and never taken out in silence.

use crate::Name;
use crate::coverage::Network;
use crate::geodesy::distance;
use crate::place::{Mm, Point};
use crate::rate::{RateRatio, exposure_ratio};
use crate::time::{DAY, HOUR, Micros, Span, Time};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use libm::log;

/// What one region's period gave.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Count {
    /// The period.
    pub period: Span,
    /// The region.
    pub region: Name,
    /// Everything recorded.
    pub recorded: u32,
    /// How many of these were explosions, where that is told.
    pub explosions: Option<u32>,
    /// How many of the recorded were assessed as an exercise.
    pub exercise: u32,
}

/// The thresholds that decide: `[trend]` of the mission file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rules {
    /// So many rises in a row raise an alert.
    pub rises: u32,
    /// Each to at least this much of the period before, permille.
    pub least_rise_permille: u64,
    /// All of them together to at least this much of the first, permille.
    pub least_in_all_permille: u64,
    /// Each beyond chance by this many standard errors, permille (1,645: one-sided 95 %).
    pub quantile_permille: u64,
    /// How much more than by chance such counts vary: variance over mean, permille. (Quasi-Poisson: McCullagh and
    /// Nelder, "Generalized Linear Models", 1989, chapter 6.)
    pub dispersion_permille: u64,
    /// A change-point has so many periods on either side.
    pub least_periods: u32,
    /// And this much evidence: the logarithm of the likelihood ratio, thousandths.
    pub least_log_ratio_permille: i64,
}

/// A period with its regions together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Total {
    /// The period.
    pub period: Span,
    /// Everything recorded.
    pub recorded: u64,
    /// Explosions; `None` where a region does not tell.
    pub explosions: Option<u64>,
    /// Assessed as an exercise.
    pub exercise: u64,
    /// Change against the period that ends where this one begins.
    pub change: Change,
    /// The regions, by name.
    pub regions: Vec<Region>,
}

/// One region in one period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Region {
    /// Its name.
    pub name: Name,
    /// Everything recorded.
    pub recorded: u64,
    /// Explosions, where told.
    pub explosions: Option<u64>,
    /// Assessed as an exercise.
    pub exercise: u64,
    /// Change against its own period before.
    pub change: Change,
}

/// How a count compares with the period before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// No count of the period that ends where this one begins: a gap is not a zero.
    NoPeriodBefore,
    /// Nothing was recorded before, so there is no percentage.
    FromNone,
    /// Percent more (or fewer), per unit of time, rounded to the nearest.
    Percent {
        /// The count before.
        before: u64,
        /// Percent.
        percent: i64,
    },
}

/// Totals by period, the earliest first.
pub fn totals(counts: &[Count]) -> Vec<Total> {
    let mut periods: BTreeMap<Span, BTreeMap<&Name, Sum>> = BTreeMap::new();
    for count in counts {
        let sum = Sum {
            recorded: count.recorded.into(),
            explosions: count.explosions.map(u64::from),
            exercise: count.exercise.into(),
        };
        let region = periods.entry(count.period).or_default().entry(&count.region).or_default();
        *region = region.and(sum);
    }
    let all =
        |regions: &BTreeMap<&Name, Sum>| regions.values().fold(Sum::default(), |all, sum| all.and(*sum));
    let before = |period: Span| periods.iter().find(|(earlier, _)| earlier.end == period.start);
    periods
        .iter()
        .map(|(period, regions)| {
            let earlier = before(*period);
            let total = all(regions);
            let same = earlier.filter(|(_, old)| old.keys().eq(regions.keys()));
            Total {
                period: *period,
                recorded: total.recorded,
                explosions: total.explosions,
                exercise: total.exercise,
                change: change(*period, total, same.map(|(span, old)| (*span, all(old)))),
                regions: regions
                    .iter()
                    .map(|(name, sum)| Region {
                        name: (*name).clone(),
                        recorded: sum.recorded,
                        explosions: sum.explosions,
                        exercise: sum.exercise,
                        change: change(
                            *period,
                            *sum,
                            earlier.and_then(|(span, old)| Some((*span, *old.get(name)?))),
                        ),
                    })
                    .collect(),
            }
        })
        .collect()
}

#[derive(Clone, Copy)]
struct Sum {
    recorded: u64,
    explosions: Option<u64>,
    exercise: u64,
}

impl Default for Sum {
    fn default() -> Self {
        Self { recorded: 0, explosions: Some(0), exercise: 0 }
    }
}

impl Sum {
    fn and(self, other: Self) -> Self {
        Self {
            recorded: self.recorded + other.recorded,
            explosions: self.explosions.zip(other.explosions).map(|(a, b)| a + b),
            exercise: self.exercise + other.exercise,
        }
    }
}

fn change(period: Span, now: Sum, before: Option<(Span, Sum)>) -> Change {
    let Some((span, before)) = before else { return Change::NoPeriodBefore };
    if before.recorded == 0 {
        return Change::FromNone;
    }
    // Rates: a weekend's report covers more than a day's.
    let now = i128::from(now.recorded) * i128::from(span.length());
    let then = i128::from(before.recorded) * i128::from(period.length());
    let percent = ((now - then) * 200 + then).div_euclid(2 * then);
    Change::Percent { before: before.recorded, percent: percent as i64 }
}

/// An alert: counts rose period after period, each time by more than chance.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Escalation {
    /// The period that raised it.
    pub at: Span,
    /// The count from which the rises began.
    pub from: u64,
    /// The count that raised it.
    pub to: u64,
    /// How much more, per unit of time, permille of the first.
    pub ratio_permille: u64,
}

/// Every period that raises an alert.
///
/// It does when the counts of the periods before it rose [`Rules::rises`] times in a row: each to at least
/// [`Rules::least_rise_permille`] of the one before, by more than [`Rules::quantile_permille`] standard errors of the
/// difference of two counts with the stated dispersion, and all together to [`Rules::least_in_all_permille`]. All in
/// integers. What was assessed as an exercise is left out. A period without a report is no period.
pub fn escalations(totals: &[Total], rules: &Rules) -> Vec<Escalation> {
    let rises = rules.rises as usize;
    let counted = |total: &Total| total.recorded.saturating_sub(total.exercise);
    let rose = |a: &Total, b: &Total| {
        let (x, y) = (u128::from(counted(a)), u128::from(counted(b)));
        let (m, n) = (a.period.length().max(1) as u128, b.period.length().max(1) as u128);
        // Rates are y / n and x / m; compared as y m and x n, whose variances are y m^2 and x n^2.
        let (up, down) = (y * m, x * n);
        if up * 1_000 < down * u128::from(rules.least_rise_permille) || up <= down {
            return false;
        }
        // In hours, so that squares fit; a period is never a fraction of a second.
        let (m, n) = ((m / HOUR_U).max(1), (n / HOUR_U).max(1));
        let difference = (y * m).saturating_sub(x * n);
        let variance = y * m * m + x * n * n;
        let (q, dispersion) = (u128::from(rules.quantile_permille), u128::from(rules.dispersion_permille));
        difference * difference * 1_000_000_000 >= q * q * dispersion * variance
    };
    let mut alerts = Vec::new();
    for at in rises..totals.len() {
        let run = &totals[at - rises..=at];
        let (first, last) = (&run[0], &run[rises]);
        let up = u128::from(counted(last)) * first.period.length().max(1) as u128;
        let down = u128::from(counted(first)) * last.period.length().max(1) as u128;
        let ratio =
            (up * 1_000).checked_div(down).map_or(u64::MAX, |ratio| ratio.min(u64::MAX.into()) as u64);
        if run.windows(2).all(|pair| rose(&pair[0], &pair[1])) && ratio >= rules.least_in_all_permille {
            alerts.push(Escalation {
                at: last.period,
                from: counted(first),
                to: counted(last),
                ratio_permille: ratio,
            });
        }
    }
    alerts
}

const HOUR_U: u128 = HOUR as u128;

/// A moment at which the rate changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangePoint {
    /// The start of the first period after.
    pub at: Time,
    /// Rate before, thousandths a day.
    pub before_permille: u64,
    /// Rate after, thousandths a day.
    pub after_permille: u64,
    /// Logarithm of the likelihood ratio against no change, over the dispersion, thousandths.
    pub log_ratio_permille: i64,
}

/// The one moment that best divides the periods into two of a constant rate each, if the evidence suffices.
///
/// Maximum likelihood for counts (D. V. Hinkley, "Inference about the change-point in a sequence of random
/// variables", Biometrika 57, 1970), divided by how much the counts vary within the two parts (Pearson's chi-square
/// over its degrees of freedom, at least 1), so that bursts are not taken for a change. What was assessed as an
/// exercise is left out.
pub fn change_point(totals: &[Total], rules: &Rules) -> Option<ChangePoint> {
    let points: Vec<(u64, Micros)> = totals
        .iter()
        .map(|total| (total.recorded.saturating_sub(total.exercise), total.period.length().max(1)))
        .collect();
    let least = rules.least_periods as usize;
    let fit = |part: &[(u64, Micros)]| {
        let count: u64 = part.iter().map(|(count, _)| count).sum();
        let length: Micros = part.iter().map(|(_, length)| length).sum();
        let rate = count as f64 / length as f64;
        (count, length, if count == 0 { 0.0 } else { count as f64 * log(rate) })
    };
    let (_, _, none) = fit(&points);
    let splits = least..=points.len().checked_sub(least)?;
    // Of equals the earliest: a later one must be better.
    let best = splits
        .map(|at| {
            let (before, after) = points.split_at(at);
            (at, fit(before).2 + fit(after).2 - none)
        })
        .fold(None, |best: Option<(usize, f64)>, next| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(next),
        })?;
    let (before, after) = points.split_at(best.0);
    let chi = |part: &[(u64, Micros)]| {
        let (count, length, _) = fit(part);
        let rate = count as f64 / length as f64;
        part.iter()
            .map(|(count, length)| (*count as f64, rate * *length as f64))
            .filter(|(_, mean)| *mean > 0.0)
            .map(|(count, mean)| (count - mean) * (count - mean) / mean)
            .sum::<f64>()
    };
    let freedom = points.len().saturating_sub(2).max(1) as f64;
    let dispersion = ((chi(before) + chi(after)) / freedom).max(1.0);
    let log_ratio_permille = libm::floor(best.1 / dispersion * 1_000.0) as i64;
    let per_day = |part: &[(u64, Micros)]| {
        let (count, length, _) = fit(part);
        ((u128::from(count) * 1_000 * DAY as u128 + length as u128 / 2) / length as u128) as u64
    };
    (log_ratio_permille >= rules.least_log_ratio_permille).then(|| ChangePoint {
        at: totals[best.0].period.start,
        before_permille: per_day(before),
        after_permille: per_day(after),
        log_ratio_permille,
    })
}

/// What a watched place gave before and after: how many, in how much watched time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Watched {
    /// Recorded before.
    pub before: u32,
    /// Time watched before.
    pub watched_before: Micros,
    /// Recorded after.
    pub after: u32,
    /// Time watched after.
    pub watched_after: Micros,
}

/// A trend for the time that was watched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Adjusted {
    /// The rate after over the rate before, each for the time watched, with an interval.
    Ratio(RateRatio),
    /// It was not watched before, or not after: no count is a zero.
    NotWatched,
    /// Nothing was recorded before, so there is no rate to compare with.
    FromNone,
}

impl Watched {
    /// Places as one: fighting that only moves between them changes nothing. `None` where one of them was not watched
    /// before and after.
    pub fn together(places: &[Self]) -> Option<Self> {
        let watched = |place: &Self| place.watched_before > 0 && place.watched_after > 0;
        if !places.iter().all(watched) {
            return None;
        }
        places.iter().copied().reduce(|all, place| Self {
            before: all.before + place.before,
            watched_before: all.watched_before + place.watched_before,
            after: all.after + place.after,
            watched_after: all.watched_after + place.watched_after,
        })
    }

    /// The trend for the time watched.
    pub fn adjusted(self, level_permille: u16) -> Adjusted {
        if self.watched_before <= 0 || self.watched_after <= 0 {
            return Adjusted::NotWatched;
        }
        let ratio =
            exposure_ratio(self.after, self.watched_after, self.before, self.watched_before, level_permille);
        ratio.map_or(Adjusted::FromNone, Adjusted::Ratio)
    }
}

/// A place that is watched: everything within `radius` of `at`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    /// Its name: never published.
    pub name: Name,
    /// Where.
    pub at: Point,
    /// How wide.
    pub radius: Mm,
}

/// A stretch of time at a spot, hour by hour.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Hours {
    /// Hours observed throughout.
    pub observed: u32,
    /// Hours not observed, or not throughout. They are never quiet.
    pub not_observed: u32,
    /// Observed hours in which nothing happened.
    pub quiet: u32,
    /// Incidents, in observed hours or not.
    pub incidents: u32,
    /// Incidents in observed hours: only these make a rate.
    pub in_observed: u32,
}

impl Spot {
    /// What was seen here. `incidents` are moments and places.
    pub fn hours(&self, network: &Network, incidents: &[(Time, Point)], time: Span) -> Hours {
        let mut hours = Hours::default();
        let mut start = time.start;
        while start < time.end {
            let hour = Span { start, end: Time((start.0 + HOUR).min(time.end.0)) };
            let here = incidents
                .iter()
                .filter(|(when, at)| hour.contains(*when) && distance(self.at, *at) <= self.radius)
                .count() as u32;
            hours.incidents += here;
            if network.share_permille(&[self.at], hour) == 1_000 {
                hours.observed += 1;
                hours.in_observed += here;
                hours.quiet += u32::from(here == 0);
            } else {
                hours.not_observed += 1;
            }
            start = hour.end;
        }
        hours
    }

    /// Before and after, with the time watched in each.
    pub fn watched(
        &self,
        network: &Network,
        incidents: &[(Time, Point)],
        before: Span,
        after: Span,
    ) -> Watched {
        let (before, after) = (self.hours(network, incidents, before), self.hours(network, incidents, after));
        Watched {
            before: before.in_observed,
            watched_before: Micros::from(before.observed) * HOUR,
            after: after.in_observed,
            watched_after: Micros::from(after.observed) * HOUR,
        }
    }
}

#[cfg(test)]
mod tests;
