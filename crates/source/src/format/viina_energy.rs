//! VIINA reports filtered to energy and oil targets, with outlets and addresses (ODbL 1.0).
//!
//! The target comes from `target_classes`, which a machine took from words of the text; `target_terms`, the
//! words themselves, can be noise (half an article in a row of the file at hand) and aren't used. Nor are
//! `location_*`, `Stage1Triage` and `CandidateCensusComplete`: that triage looks for targets in one country
//! only and calls the events of the other non-candidates. Nor is `n_reports`: it counts reports, not acts.

use std::io::BufRead;

use truce::Name;
use truce::observation::{Kind, Observation, Target};
use truce::time::{Date, Span, Time};

use crate::Cause;
use crate::cell::{Cell, Fault, position};
use crate::run::{Run, plain};
use crate::table::{Row, Table};

pub(super) const COLUMNS: [&str; 7] = [
    "date",
    "sources_matching",
    "target_classes",
    "asciiname",
    "longitude",
    "latitude",
    "representative_text",
];

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, columns)) = Table::open(input, run, COLUMNS) else { return };
    while let Some(row) = table.next(run) {
        let made = report(&row, columns, run);
        run.settle(row.line, row.raw, made);
    }
}

fn report(row: &Row<'_>, columns: [usize; 7], run: &Run<'_>) -> Result<Observation, Fault> {
    let [date, outlets, classes, name, lon, lat, text] = columns.map(|column| row.cell(column));
    let day = run.zone()?.day(compact_date(date)?);
    let place = run.context.settlement(name.text, position(lat, lon, run.context.bounds)?);
    let mut said = plain(run.profile, Kind::ReportedEvent, day, place);
    said.time = Span { start: Time(day.start.0 - run.profile.lag), end: day.end };
    run.context.classified(&mut said, text.text);
    match target(classes.text) {
        Target::Undetermined => {}
        known => said.target = known,
    }
    said.group = group(outlets.text).unwrap_or(said.group);
    Ok(said)
}

/// `YYYYMMDD`.
fn compact_date(cell: Cell<'_>) -> Result<Date, Fault> {
    let part = |range: std::ops::Range<usize>| {
        cell.text.get(range).filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let date = (cell.text.len() == 8).then(|| Some((part(0..4)?, part(4..6)?, part(6..8)?))).flatten();
    let date = date.and_then(|(y, m, d)| Date::new(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?));
    date.ok_or_else(|| cell.fault(Cause::Time, "is not a day (expected like 20250420)"))
}

/// The outlets that carried the report, in one order: together they are one group.
fn group(outlets: &str) -> Option<Name> {
    let mut outlets: Vec<&str> = outlets.split('|').map(str::trim).filter(|it| !it.is_empty()).collect();
    outlets.sort_unstable();
    outlets.dedup();
    (!outlets.is_empty()).then(|| Name::from(outlets.join("|").as_str()))
}

/// The narrowest class that holds all classes named.
fn target(classes: &str) -> Target {
    let all = classes.split('|').map(str::trim).filter(|class| !class.is_empty()).map(class);
    let narrowest = all.reduce(|a, b| {
        let mut common = a;
        while b.belongs(common) != truce::observation::Belongs::Yes {
            match common.parent() {
                Some(parent) => common = parent,
                None => break,
            }
        }
        common
    });
    narrowest.unwrap_or(Target::Undetermined)
}

fn class(name: &str) -> Target {
    match name {
        "ENERGY_GRID_SUPPORT" => Target::Electricity,
        "REFINING_PETROCHEM_GAS" => Target::Refinery,
        "FUEL_STORAGE_TERMINAL" | "PIPELINE_PUMPING" => Target::OilGasTransport,
        "AMMUNITION_ARSENAL" | "STRATEGIC_AIRBASE" | "MILITARY_REPAIR_SHIPYARD" => Target::Military,
        "PORT_EXPORT_LOGISTICS" => Target::Civilian,
        _ => Target::Undetermined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{observations, one, reasons, shared};
    use crate::{Context, Profile};
    use truce::place::{Level, Place};
    use truce::time::{HOUR, Zone};

    fn profile() -> Profile {
        Profile { zone: Some(Zone::EasternEurope), ..Profile::new("viina-energy") }
    }

    const HEADER: &str = "date,sources_matching,target_classes,target_terms,asciiname,longitude,latitude,representative_text,Stage1Triage\n";

    #[test]
    fn classes_meet_in_the_narrowest_that_holds_them() {
        assert_eq!(target("ENERGY_GRID_SUPPORT"), Target::Electricity);
        assert_eq!(target("FUEL_STORAGE_TERMINAL|PIPELINE_PUMPING"), Target::OilGasTransport);
        assert_eq!(target("REFINING_PETROCHEM_GAS|ENERGY_GRID_SUPPORT"), Target::Energy);
        assert_eq!(target("REFINING_PETROCHEM_GAS|STRATEGIC_AIRBASE"), Target::Undetermined);
        assert_eq!(target("ENERGY_GRID_SUPPORT|SOMETHING_NEW"), Target::Undetermined);
        assert_eq!(target(""), Target::Undetermined);
    }

    #[test]
    fn outlets_are_the_group_and_the_triage_is_ignored() {
        let file = format!(
            "{HEADER}20250320,b|a|b,ENERGY_GRID_SUPPORT,noise,Kupiansk,37.6,49.7,Words,NONCANDIDATE\n"
        );
        let it = one(Format::ViinaEnergy, &file, &profile(), &Context::default());
        assert_eq!((&*it.group, it.target), ("a|b", Target::Electricity));
        assert_eq!(it.time.length(), 24 * HOUR);
        assert!(!format!("{it:?}").contains("Words"));
        let file = format!("{HEADER}2025-03-20,a,X,,K,37.6,49.7,w,F\n20250231,a,X,,K,37.6,49.7,w,F\n");
        let reasons = reasons(Format::ViinaEnergy, file.as_bytes(), &profile(), &Context::default());
        assert!(reasons.len() == 2 && reasons.iter().all(|it| it.contains("is not a day")), "{reasons:?}");
    }

    #[test]
    fn shared_the_substation_of_kupiansk() {
        let Some(bytes) = shared("easter-2025/viina_energy_reports.csv") else { return };
        assert_eq!(Format::recognise("x", &bytes[..2000]), Ok(Format::ViinaEnergy));
        assert_eq!(reasons(Format::ViinaEnergy, &bytes, &profile(), &Context::default()), [""; 0]);
        let all = observations(Format::ViinaEnergy, &bytes, &profile(), &Context::default());
        assert_eq!(all.len(), 26);
        let named =
            |it: &&Observation| matches!(&it.place, Place::Area { name, .. } if &**name == "Kupiansk");
        let [it] = all.iter().filter(named).collect::<Vec<_>>()[..] else { panic!("one row") };
        assert_eq!((it.target, &*it.group), (Target::Electricity, "espreso"));
        assert!(matches!(it.place, Place::Area { level: Level::Settlement, .. }));
        assert_eq!(it.time.start.to_string(), "2025-03-19T22:00:00Z", "Kyiv was on winter time");
        assert_eq!(it.time.length(), 24 * HOUR);
    }
}
