//! Daily totals of heat anomalies over a country with cloud cover (The Economist's war-fire model,
//! <https://github.com/TheEconomist/the-economist-war-fire-model>, CC BY 4.0).
//!
//! What a row is worth: a clear dry sky makes many fires, cloud hides them, so a total says nothing without
//! its cloud and season. "War-related" is a model's guess. The country's totals are taken with the cloud over its
//! east, where most of them are made; the split by who holds the ground isn't, for the file gives no cloud for it. The day's clock isn't stated: UTC, as in
//! the satellites' data that it is made from, unless the profile says otherwise.

use std::io::BufRead;

use truce::observation::{Detail, Kind, Observation};
use truce::time::Zone;

use crate::Cause;
use crate::cell::Fault;
use crate::run::{Run, plain};
use crate::table::{Row, Table};

pub(super) const COLUMNS: [&str; 4] =
    ["date", "cloud_cover_in_east_of_country", "fires_per_day", "war_fires_per_day"];

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, columns)) = Table::open(input, run, COLUMNS) else { return };
    while let Some(row) = table.next(run) {
        let made = day(&row, columns, run);
        run.settle(row.line, row.raw, made);
    }
}

fn day(row: &Row<'_>, columns: [usize; 4], run: &Run<'_>) -> Result<Observation, Fault> {
    let [date, cloud, fires, war_fires] = columns.map(|column| row.cell(column));
    let time = run.profile.zone.unwrap_or(Zone::Fixed(0)).day(date.date()?);
    let (total, war) = (fires.whole()?, war_fires.whole()?);
    if war > total {
        return Err(war_fires.fault(Cause::Number, "is more than all fires of the day"));
    }
    let cloud_permille = (cloud.within(0.0, 1.0, "(a share)")? * 1000.0).round() as u16;
    Ok(Observation {
        detail: Detail::ThermalDay { fires: total, war_fires: war, cloud_permille },
        ..plain(run.profile, Kind::ThermalAnomaly, time, run.profile.place.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{observations, reasons, shared};
    use crate::{Context, Profile};

    #[test]
    fn a_total_goes_with_its_cloud() {
        let file = "date,cloud_cover_in_country,cloud_cover_in_east_of_country,fires_per_day,war_fires_per_day\n\
                    2025-04-20,0.172,0.123,976,739\n2025-04-21,0,1.2,1,1\n2025-04-21,0,0.2,1,2\n2025-04-21,0,,1,1\n";
        let (profile, context) = (Profile::new("fires"), Context::default());
        let it = observations(Format::ThermalDays, file.as_bytes(), &profile, &context);
        assert_eq!(it.len(), 1);
        assert_eq!(it[0].detail, Detail::ThermalDay { fires: 976, war_fires: 739, cloud_permille: 123 });
        let reasons = reasons(Format::ThermalDays, file.as_bytes(), &profile, &context);
        let words = ["not between 0 and 1", "more than all fires", "cloud_cover_in_east_of_country: empty"];
        assert!(reasons.iter().zip(words).all(|(reason, word)| reason.contains(word)), "{reasons:?}");
    }

    #[test]
    fn shared_two_months_of_fires() {
        let Some(bytes) = shared("easter-2025/war_fires_daily.csv") else { return };
        let (profile, context) = (Profile::new("fires"), Context::default());
        assert_eq!(Format::recognise("x", &bytes[..500]), Ok(Format::ThermalDays));
        assert_eq!(reasons(Format::ThermalDays, &bytes, &profile, &context), [""; 0]);
        let it = observations(Format::ThermalDays, &bytes, &profile, &context);
        assert_eq!(it.len(), 57);
        let easter = it.iter().find(|one| one.time.start.to_string().starts_with("2025-04-20")).unwrap();
        assert_eq!(easter.detail, Detail::ThermalDay { fires: 976, war_fires: 739, cloud_permille: 123 });
    }
}
