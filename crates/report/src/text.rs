//! Numbers, days and probabilities as a person reads them.

use crate::model::{Arithmetic, Conclusion, Stated, Tally, Window};
use truce::time::{DAY, Date, HOUR, MINUTE, Time};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Thousands apart by a narrow no-break space: `2 935`.
pub(crate) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) && digits.len() > 3 {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// One or many: `1 row`, `2 rows`.
pub(crate) fn plural(value: u64, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", number(value), if value == 1 { one } else { many })
}

/// A probability: never certain in words, because no source here can make it so.
pub(crate) fn probability(permille: u16) -> String {
    match permille {
        0..10 => "under 1\u{a0}%".into(),
        991.. => "over 99\u{a0}%".into(),
        _ => format!("{}\u{a0}%", (permille + 5) / 10),
    }
}

/// A share, which may be all or nothing.
pub(crate) fn share(permille: u16) -> String {
    format!("{}\u{a0}%", (permille + 5) / 10)
}

/// A ratio in permille with two decimals; three below 0.1.
pub(crate) fn ratio(permille: u64) -> String {
    if permille == 0 {
        "0".into()
    } else if permille < 100 {
        format!("0.{permille:03}")
    } else {
        let hundredths = (permille + 5) / 10;
        format!("{}.{:02}", number(hundredths / 100), hundredths % 100)
    }
}

pub(crate) fn month(date: Date) -> &'static str {
    MONTHS[usize::from(date.month.clamp(1, 12)) - 1]
}

/// `19 April 2025`.
pub(crate) fn day(date: Date) -> String {
    format!("{}\u{a0}{} {}", date.day, month(date), date.year)
}

/// `19 Apr`.
pub(crate) fn short_day(date: Date) -> String {
    format!("{}\u{a0}{}", date.day, &month(date)[..3])
}

/// One day or several: `19 April 2025`, `19 to 20 April 2025`.
pub(crate) fn days(first: Date, last: Date) -> String {
    if first == last {
        day(first)
    } else if (first.year, first.month) == (last.year, last.month) {
        format!("{} to {}", first.day, day(last))
    } else {
        format!("{} to {}", day(first), day(last))
    }
}

/// `19 April 2025, 15:00`, in UTC.
pub(crate) fn moment(time: Time) -> String {
    let within = time.0.rem_euclid(DAY);
    format!("{}, {:02}:{:02}", day(time.date(0)), within / HOUR, within / MINUTE % 60)
}

/// `30 hours`, `30 days`, `90 minutes`.
pub(crate) fn length(window: Window) -> String {
    let length = u64::try_from(window.end.0 - window.start.0).unwrap_or(0);
    let of = |unit: i64| length / unit.unsigned_abs();
    if length % DAY.unsigned_abs() == 0 && of(DAY) > 2 {
        plural(of(DAY), "day", "days")
    } else if length % HOUR.unsigned_abs() == 0 {
        plural(of(HOUR), "hour", "hours")
    } else {
        plural(of(MINUTE), "minute", "minutes")
    }
}

/// A count, or why there is none.
pub(crate) fn tally(tally: Tally) -> String {
    use crate::model::Seen;
    match (tally.state(), tally.count()) {
        (Seen::Observed, count) => number(count.unwrap_or(0)),
        (Seen::NotObserved, _) => "not observed".into(),
        (Seen::Saturated | Seen::NotKnown, Some(count)) => number(count),
        (Seen::Saturated, None) => "saturated".into(),
        (Seen::NotKnown, None) => "not known".into(),
    }
}

pub(crate) fn stated(value: Stated) -> String {
    match value {
        Stated::Unstated => "not stated".into(),
        Stated::Exactly(n) => number(n.into()),
        Stated::About(n) => format!("about {}", number(n.into())),
        Stated::AtLeast(n) => format!("at least {}", number(n.into())),
    }
}

fn range(least: u64, most: Option<u64>) -> String {
    match most {
        Some(most) if most == least => number(least),
        Some(most) => format!("{} to {}", number(least), number(most)),
        None => format!("{} or more", number(least)),
    }
}

/// The same words whoever claims.
pub(crate) fn arithmetic(result: Arithmetic) -> String {
    match result {
        Arithmetic::Agrees { sum } => format!("The parts make {}, as stated.", number(sum)),
        Arithmetic::CanAgree { sum, most } => {
            format!("The parts make {}, as stated: the total can be right.", range(sum, most))
        }
        Arithmetic::Unclear { sum, most } => format!(
            "The parts make {}, as numbers round: whether that makes the total depends on how wide \u{201c}about\u{201d} is meant.",
            range(sum, most)
        ),
        Arithmetic::Less { sum, by } => {
            format!(
                "The parts at hand make {}: {} of the total are in none of them.",
                number(sum),
                number(by)
            )
        }
        Arithmetic::More { sum, by } => {
            format!("The parts make {}: {} more than the total.", number(sum), number(by))
        }
        Arithmetic::NothingToCheck => "Nothing to add.".into(),
    }
}

/// A conclusion in few words: only an interval that leaves out "as before" is a change.
pub(crate) fn verdict(conclusion: &Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Ratio { high_permille: Some(high), .. } if *high < 1_000 => "fewer than before",
        Conclusion::Ratio { low_permille, .. } if *low_permille > 1_000 => "more than before",
        Conclusion::Ratio { .. } => "no clear change",
        Conclusion::NoConclusion { .. } => "no conclusion",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_days_and_probabilities_read_well() {
        assert_eq!(number(0), "0");
        assert_eq!(number(2_935), "2\u{202f}935");
        assert_eq!(number(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!((probability(0), probability(999)), ("under 1\u{a0}%".into(), "over 99\u{a0}%".into()));
        assert_eq!((probability(10), probability(634)), ("1\u{a0}%".into(), "63\u{a0}%".into()));
        assert_eq!(
            (ratio(87), ratio(1_234), ratio(100), ratio(999)),
            ("0.087".into(), "1.23".into(), "0.10".into(), "1.00".into())
        );
        let date = |d| Date::new(2025, 4, d).unwrap();
        assert_eq!(days(date(19), date(20)), "19 to 20\u{a0}April 2025");
        assert_eq!(moment(Time::parse("2025-04-19T15:00:00Z").unwrap()), "19\u{a0}April 2025, 15:00");
    }

    #[test]
    fn a_change_is_said_only_when_the_interval_leaves_out_as_before() {
        let conclusion = |low, high| Conclusion::Ratio {
            ratio_permille: Some(500),
            low_permille: low,
            high_permille: high,
            model: String::new(),
        };
        assert_eq!(verdict(&conclusion(200, Some(999))), "fewer than before");
        assert_eq!(verdict(&conclusion(200, Some(1_000))), "no clear change");
        assert_eq!(verdict(&conclusion(1_001, None)), "more than before");
        assert_eq!(verdict(&conclusion(1_000, None)), "no clear change");
    }
}
