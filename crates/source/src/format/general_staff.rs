//! Running totals of a general staff's claims on the other side's losses: a JSON list, one object a day.
//!
//! What an entry is worth: a party's claim. The figures are totals since the first day of the war; the report
//! of day N speaks of day N-1. So the first entry of a file gives its totals (a cumulative claim), and each
//! later one the differences to the entry before it, over the days between. A total that falls is a
//! correction, from which no daily figure follows: that part is there without a number.

use std::io::BufRead;

use serde_json::Value;
use truce::Name;
use truce::claim::{Claim, Ends};
use truce::observation::{Asserter, Count};
use truce::place::Place;
use truce::time::{Date, Span};

use super::claims::observed;
use super::ministry_posts::parties;
use crate::Cause;
use crate::cell::{Cell, Fault};
use crate::json::{Element, Elements, missing, scalar};
use crate::run::Run;

/// The totals of one day's report.
struct Report {
    date: Date,
    /// Day of the war, 1 for the first.
    day: u32,
    totals: Vec<(String, Count)>,
}

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let mut elements = Elements::new(input, None);
    let mut before: Option<Report> = None;
    while let Some(element) = elements.next(run) {
        let made = report(&element).and_then(|report| {
            let made = claim(&report, before.as_ref(), run).map(|claim| observed(claim, run));
            // A date that goes back is a mistake: differences go on from the entry before it.
            if before.as_ref().is_none_or(|before| before.date < report.date) {
                before = Some(report);
            }
            made
        });
        run.settle(element.start.line, &element.raw, made);
    }
}

fn report(element: &Element) -> Result<Report, Fault> {
    let object = element.object()?;
    let text = |key: &str| object.get(key).and_then(scalar).ok_or_else(|| missing(key));
    let (date, day) = (text("date")?, text("day")?);
    let date = Cell { text: &date, name: "date", column: None }.date()?;
    let day = Cell { text: &day, name: "day", column: None }.whole()?;
    let mut totals = Vec::new();
    for (key, value) in &object.0 {
        if matches!(key.as_str(), "date" | "day") || key.ends_with('*') {
            continue;
        }
        // A word under the same key with an asterisk says how exact the figure is; other words are remarks.
        let Value::Number(number) = value else { continue };
        let number = Cell { text: &number.to_string(), name: key, column: None }.whole()?;
        let about = object.get(&format!("{key}*")).and_then(Value::as_str) == Some("about");
        totals.push((key.clone(), if about { Count::About(number) } else { Count::Exactly(number) }));
    }
    if totals.is_empty() {
        return Err(Fault::new(Cause::Columns, "the entry holds no figure".into()));
    }
    Ok(Report { date, day, totals })
}

fn claim(report: &Report, before: Option<&Report>, run: &Run<'_>) -> Result<Claim, Fault> {
    let (claimant, against) = parties(run)?;
    let zone = run.zone()?;
    let since = match before {
        Some(before) if before.date >= report.date => {
            let reason =
                format!("{} comes after {}; entries must go forward in time", report.date, before.date);
            return Err(Fault::new(Cause::Time, reason));
        }
        Some(before) => before.date,
        None => Date::from_days(
            (report.date.days() - i64::from(report.day)).max(Date { year: 1, month: 1, day: 1 }.days()) + 1,
        ),
    };
    let mut parts = Vec::new();
    for (key, total) in &report.totals {
        let earlier = before.map(|before| before.totals.iter().find(|(name, _)| name == key));
        let part = match earlier {
            None => *total,
            Some(Some((_, earlier))) => difference(*total, *earlier),
            Some(None) => continue, // a new key has nothing to be compared with
        };
        parts.push((Name::from(key.as_str()), part));
    }
    let total = match &parts[..] {
        [(_, only)] => *only,
        _ => Count::Unstated, // tanks and boats aren't summed
    };
    Ok(Claim {
        name: Name::from(format!("{}-{}", run.profile.source, report.date).as_str()),
        speaker: Asserter::Party(claimant.clone()),
        claimant,
        against,
        window: Span { start: zone.day(since).start, end: zone.day(report.date).start },
        ends: Ends { start: true, end: true },
        note: String::new(),
        clock: None,
        place: Place::Unknown,
        as_of: None,
        unit: Name::from("losses of the other side"),
        total,
        parts,
        perhaps_within: Vec::new(),
        cumulative: Some(before.is_none()),
        quote: String::new(),
        translation: String::new(),
        url: run.profile.url.clone(),
    })
}

/// How many more; `Unstated` when it is fewer, which is a correction.
fn difference(now: Count, before: Count) -> Count {
    let number = |count| match count {
        Count::Exactly(number) | Count::About(number) | Count::AtLeast(number) => number,
        Count::Unstated => 0,
    };
    match (number(now).checked_sub(number(before)), now, before) {
        (Some(more), Count::Exactly(_), Count::Exactly(_)) => Count::Exactly(more),
        (Some(more), ..) => Count::About(more),
        (None, ..) => Count::Unstated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{observations, reasons, shared};
    use crate::{Context, Profile};
    use truce::observation::{Asserter, Detail, Kind, Observation};
    use truce::time::{DAY, Zone};

    fn profile() -> Profile {
        Profile {
            asserted_by: Asserter::Party("a".into()),
            about: Some("b".into()),
            zone: Some(Zone::EasternEurope),
            ..Profile::new("staff")
        }
    }

    fn claims(bytes: &[u8]) -> Vec<Claim> {
        let claim = |it: Observation| match (it.kind, it.detail) {
            (Kind::Claim, Detail::Claim(claim)) => *claim,
            other => panic!("{other:?}"),
        };
        observations(Format::GeneralStaff, bytes, &profile(), &Context::default())
            .into_iter()
            .map(claim)
            .collect()
    }

    #[test]
    fn day_n_reports_day_n_minus_one() {
        let file = br#"[{"date":"2025-04-20","day":1152,"tank":10,"APC":5},
            {"date":"2025-04-21","day":1153,"tank":14,"APC":5},
            {"date":"2025-04-24","day":1156,"tank":20,"APC":6,"boat":1}]"#;
        let it = claims(file);
        let part = |claim: usize, at: usize| (it[claim].parts[at].0.to_string(), it[claim].parts[at].1);
        assert_eq!((it[0].cumulative, it[1].cumulative), (Some(true), Some(false)));
        assert_eq!(it[0].window.start.to_string(), "2022-02-23T22:00:00Z", "day 1 is 24 February 2022");
        assert_eq!(
            (part(1, 0), part(1, 1)),
            (("tank".into(), Count::Exactly(4)), ("APC".into(), Count::Exactly(0)))
        );
        assert_eq!(it[1].window, Zone::EasternEurope.day(Date::new(2025, 4, 20).unwrap()));
        assert_eq!((it[1].total, it[2].parts.len()), (Count::Unstated, 2));
        assert_eq!(it[2].window.length(), 3 * DAY, "days between reports are told as such");
    }

    #[test]
    fn corrections_have_no_number_and_steps_back_are_set_aside() {
        let file = br#"[{"date":"2025-04-20","day":1152,"tank":10},
            {"date":"2025-04-21","day":1153,"tank":8},
            {"date":"2025-04-22","day":1154,"tank":9},
            {"date":"2025-04-22","day":1154,"tank":9},
            {"date":"2025-04-23","day":1155,"tank":-1},
            {"date":"2025-04-23","day":1155},
            {"day":1155,"tank":9},
            {"date":"2025-04-23","day":1155,"tank":12}]"#;
        let it = claims(file);
        assert_eq!(
            it.iter().map(|claim| claim.total).collect::<Vec<_>>(),
            [Count::Exactly(10), Count::Unstated, Count::Exactly(1), Count::Exactly(3)]
        );
        let reasons = reasons(Format::GeneralStaff, file, &profile(), &Context::default());
        let words = ["forward in time", "tank: `-1`", "no figure", "`date` is missing"];
        assert_eq!(reasons.len(), words.len(), "{reasons:?}");
        assert!(reasons.iter().zip(words).all(|(reason, word)| reason.contains(word)), "{reasons:?}");
    }

    #[test]
    fn shared_the_two_series() {
        let Some(bytes) = shared("easter-2025/ua_general_staff_personnel.json") else { return };
        assert_eq!(Format::recognise("x", &bytes[..500]), Ok(Format::GeneralStaff));
        assert_eq!(reasons(Format::GeneralStaff, &bytes, &profile(), &Context::default()), [""; 0]);
        let it = claims(&bytes);
        assert_eq!((it.len(), it[1].total), (61, Count::About(876_720 - 875_610)));
        let Some(bytes) = shared("easter-2025/ua_general_staff_equipment.json") else { return };
        assert_eq!(Format::recognise("x", &bytes[..500]), Ok(Format::GeneralStaff));
        assert_eq!(reasons(Format::GeneralStaff, &bytes, &profile(), &Context::default()), [""; 0]);
        let it = claims(&bytes);
        assert_eq!((it.len(), it[1].parts.len()), (61, 13));
        let corrected: Vec<_> =
            it.iter().flat_map(|one| &one.parts).filter(|part| part.1 == Count::Unstated).collect();
        assert_eq!(corrected, [&(Name::from("MRL"), Count::Unstated)], "1,368 became 1,367");
        let drones = it[1].parts.iter().find(|(name, _)| &**name == "drone").unwrap();
        assert_eq!(drones.1, Count::Exactly(27_594 - 27_402));
    }
}
