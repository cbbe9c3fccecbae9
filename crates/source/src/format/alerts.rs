//! Official air-raid alerts by province, merged to intervals (a table with explicit offsets, UTC).
//!
//! What a row is worth: an authority of one party warned of an attack; nothing needs to have come. Alerts of
//! districts are merged to provinces, so an interval can last for weeks: beyond the length that
//! the mission file gives it is a standing state and not a start, for the series of the core. An alert without an end has only its start. Provinces under a
//! permanent alert are absent from the file, which is not quiet.

use std::io::BufRead;

use truce::observation::{Act, Count, Kind, Observation};
use truce::time::Span;

use crate::Cause;
use crate::cell::{Cell, Fault, nearest};
use crate::run::{Run, plain};
use crate::table::{Row, Table};

pub(super) const COLUMNS: [&str; 3] = ["region", "started_at", "finished_at"];

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, columns)) = Table::open(input, run, COLUMNS) else { return };
    while let Some(row) = table.next(run) {
        let made = alert(&row, columns, run);
        run.settle(row.line, row.raw, made);
    }
}

fn alert(row: &Row<'_>, columns: [usize; 3], run: &Run<'_>) -> Result<Observation, Fault> {
    let [region, started, finished] = columns.map(|column| row.cell(column));
    let start = started.when()?.start;
    let time = if finished.text.is_empty() {
        Span::at(start)
    } else {
        let end = finished.when()?.start;
        Span::new(start, end).ok_or_else(|| finished.fault(Cause::Time, "is before the start"))?
    };
    let place = run.context.province(region.text).cloned().ok_or_else(|| unknown_province(region, run))?;
    let count = row.optional("n_subalerts").map(|cell| cell.whole()).transpose()?;
    Ok(Observation {
        act: Act::Alert,
        // Alerts of districts that were merged into this one.
        count: count.map_or(Count::Unstated, Count::Exactly),
        ..plain(run.profile, Kind::Alert, time, place)
    })
}

fn unknown_province(cell: Cell<'_>, run: &Run<'_>) -> Fault {
    let hint = match nearest(cell.text, run.context.province_forms()) {
        Some(near) => format!(" (it knows `{near}`)"),
        None => String::new(),
    };
    cell.fault(
        Cause::Place,
        &format!("is not a province of the mission file{hint}; add this form of the name"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{observations, reasons, shared};
    use crate::{Context, Profile};
    use truce::observation::Asserter;
    use truce::place::{KM, Level, Place, Point};

    fn profile() -> Profile {
        Profile { asserted_by: Asserter::Party("a".into()), ..Profile::new("alerts") }
    }

    fn context(names: &[&str]) -> Context<'static> {
        let mut context = Context::default();
        for name in names {
            context.add_province(name, &[], Point { lon: 0, lat: 0 }, 150 * KM);
        }
        context
    }

    /// Is this alert a standing state (longer than 24 h), whose start is no event?
    fn is_standing(alert: &Observation) -> bool {
        alert.kind == Kind::Alert && alert.time.length() > 24 * truce::time::HOUR
    }

    #[test]
    fn an_alert_is_an_interval_of_a_province() {
        let file = "region,started_at,finished_at,n_subalerts\r\n\
                    Sumska oblast,2025-03-01 06:42:02+00:00,2025-03-01 09:08:59+00:00,1\r\n\
                    Sumska oblast,2025-03-02 06:42:02+00:00,2025-03-21 09:08:59+00:00,125\r\n\
                    Sumska oblast,2025-03-22 06:42:02+00:00,,\r\n";
        let it = observations(Format::Alerts, file.as_bytes(), &profile(), &context(&["Sumska oblast"]));
        assert_eq!(it.iter().map(is_standing).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!((it[0].act, it[1].count), (Act::Alert, Count::Exactly(125)));
        assert_eq!((it[2].time.length(), it[2].count), (0, Count::Unstated));
        assert!(matches!(it[0].place, Place::Area { level: Level::Province, .. }));
        assert_eq!(it[0].asserted_by, Asserter::Party("a".into()));
    }

    #[test]
    fn bad_rows_are_named() {
        let file = "region,started_at,finished_at\n\
                    Sumskaa oblast,2025-03-01 06:42:02+00:00,2025-03-01 09:08:59+00:00\n\
                    Sumska oblast,2025-03-01 06:42:02,2025-03-01 09:08:59+00:00\n\
                    Sumska oblast,2025-03-01 06:42:02+00:00,2025-03-01 05:08:59+00:00\n";
        let reasons = reasons(Format::Alerts, file.as_bytes(), &profile(), &context(&["Sumska oblast"]));
        let words = ["knows `sumska oblast`", "no time zone", "before the start"];
        assert_eq!(reasons.len(), 3);
        assert!(reasons.iter().zip(words).all(|(reason, word)| reason.contains(word)), "{reasons:?}");
    }

    #[test]
    fn shared_two_months_of_alerts() {
        let Some(bytes) = shared("easter-2025/air_alerts.csv") else { return };
        assert_eq!(Format::recognise("x", &bytes[..500]), Ok(Format::Alerts));
        let text = String::from_utf8(bytes.clone()).unwrap();
        let names: std::collections::BTreeSet<&str> =
            text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        let context = context(&names.into_iter().collect::<Vec<_>>());
        assert_eq!(reasons(Format::Alerts, &bytes, &profile(), &context), [""; 0]);
        let it = observations(Format::Alerts, &bytes, &profile(), &context);
        assert_eq!((it.len(), it.iter().filter(|one| is_standing(one)).count()), (2319, 5));
        // In the truce's 30 hours five intervals start, one of which lasts for days.
        let truce = Span {
            start: truce::time::Time::parse("2025-04-19T15:00:00Z").unwrap(),
            end: truce::time::Time::parse("2025-04-20T21:00:00Z").unwrap(),
        };
        let starts: Vec<_> = it.iter().filter(|one| truce.contains(one.time.start)).collect();
        assert_eq!((starts.len(), starts.iter().filter(|one| is_standing(one)).count()), (5, 1));
        let longest = it.iter().map(|one| one.time.length()).max().unwrap();
        assert_eq!(longest / truce::time::HOUR, 474, "19.8 days");
    }
}
