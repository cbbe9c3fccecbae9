use super::*;

const RULES: Rules = Rules {
    rises: 2,
    least_rise_permille: 1_250,
    least_in_all_permille: 2_000,
    quantile_permille: 1_645,
    dispersion_permille: 10_000,
    least_periods: 3,
    least_log_ratio_permille: 8_000,
};

fn days(counts: &[u32]) -> Vec<Total> {
    let count = |(day, recorded): (i64, &u32)| Count {
        period: Span { start: Time(day * DAY), end: Time((day + 1) * DAY) },
        region: "r".into(),
        recorded: *recorded,
        explosions: None,
        exercise: 0,
    };
    totals(&(0..).zip(counts).map(count).collect::<Vec<_>>())
}

/// T2 and its twin.
#[test]
fn a_ramp_raises_an_alert_and_a_dip_does_not() {
    let at = |counts: &[u32]| -> Vec<i64> {
        escalations(&days(counts), &RULES).iter().map(|alert| alert.at.start.0 / DAY).collect()
    };
    assert_eq!(at(&[372, 591, 870, 1_566]), [2, 3]);
    assert_eq!(at(&[372, 591, 520, 1_566]), [0; 0]);
    // What chance can do raises none, and neither does a slow rise.
    assert_eq!(at(&[3, 6, 12]), [0; 0]);
    assert_eq!(at(&[1_000, 1_200, 1_440]), [0; 0]);
}

#[test]
fn longer_periods_are_compared_by_their_rate() {
    let mut weekend = days(&[400, 1_200, 900]);
    weekend[1].period.end = Time(4 * DAY);
    assert!(escalations(&weekend, &RULES).is_empty());
}

/// T5: a step is found where it is; a burst or an even sequence is none.
#[test]
fn a_step_is_found() {
    let mut counts = [600, 650, 580, 640, 610, 660, 33, 30, 41, 28, 35, 31];
    let found = change_point(&days(&counts), &RULES).unwrap();
    assert_eq!((found.at, found.before_permille, found.after_permille), (Time(6 * DAY), 623_333, 33_000));
    counts.reverse();
    assert_eq!(change_point(&days(&counts), &RULES).unwrap().at, Time(6 * DAY));
    assert_eq!(change_point(&days(&[600, 650, 580, 640, 610, 660]), &RULES), None);
    assert_eq!(change_point(&days(&[600, 33, 640, 41, 610, 28]), &RULES), None);
    assert_eq!(change_point(&days(&[5, 1]), &RULES), None);
}

/// T1: deltas are rounded, and a gap is not a zero.
#[test]
fn change_against_the_period_before() {
    let totals = days(&[222, 591, 0, 7]);
    assert_eq!(totals[0].change, Change::NoPeriodBefore);
    assert_eq!(totals[1].change, Change::Percent { before: 222, percent: 166 });
    assert_eq!(totals[2].change, Change::Percent { before: 591, percent: -100 });
    assert_eq!(totals[3].change, Change::FromNone);
}

/// T30: what moves three kilometres off has not become less.
#[test]
fn rates_are_for_the_time_watched() {
    let here = Watched { before: 60, watched_before: 240 * HOUR, after: 15, watched_after: 240 * HOUR };
    let there = Watched { before: 20, watched_before: 240 * HOUR, after: 64, watched_after: 240 * HOUR };
    let ratio = |watched: Watched| match watched.adjusted(900) {
        Adjusted::Ratio(ratio) => ratio,
        other => panic!("{other:?}"),
    };
    assert_eq!((ratio(here).ratio_permille, ratio(there).ratio_permille), (250, 3_200));
    let both = ratio(Watched::together(&[here, there]).unwrap());
    assert!(both.low_permille < 1_000 && both.high_permille > 1_000);
    // Half the time watched, half the count: the same rate.
    let half = Watched { watched_after: 120 * HOUR, after: 30, ..here };
    assert_eq!(ratio(half).ratio_permille, 1_000);
    assert_eq!(Watched { watched_before: 0, ..here }.adjusted(900), Adjusted::NotWatched);
    assert_eq!(Watched::together(&[here, Watched { watched_before: 0, ..there }]), None);
    assert_eq!(Watched { before: 0, ..here }.adjusted(900), Adjusted::FromNone);
}
