//! Launches and shoot-downs by attack, as a party tabulates them.
//!
//! What a row is worth: a party's own figures of what the other sent ([`Profile::about`]); they raise no
//! confidence in a breach by it. **A night without a row is not a night without launches.** The clock isn't
//! stated ([`Profile::zone`]: the party's local one); a row with days only spans these days. The table also
//! holds reconnaissance and short-range types, which are no long-range launches: see the weapon and the act.
//!
//! [`Profile::about`]: crate::Profile::about
//! [`Profile::zone`]: crate::Profile::zone

use std::io::BufRead;

use truce::observation::{Act, Belongs, Count, Detail, Kind, Observation, Weapon};
use truce::place::Place;
use truce::time::Span;

use crate::Cause;
use crate::cell::Fault;
use crate::run::{Run, plain};
use crate::table::{Row, Table};

pub(super) const COLUMNS: [&str; 5] = ["time_start", "time_end", "model", "launched", "destroyed"];

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, columns)) = Table::open(input, run, COLUMNS) else { return };
    while let Some(row) = table.next(run) {
        let made = attack(&row, columns, run);
        run.settle(row.line, row.raw, made);
    }
}

fn attack(row: &Row<'_>, columns: [usize; 5], run: &Run<'_>) -> Result<Observation, Fault> {
    let [start, end, model, launched, destroyed] = columns.map(|column| row.cell(column));
    let zone = run.zone()?;
    let first = start.when_local(zone)?;
    let last = if end.text.is_empty() { first } else { end.when_local(zone)? };
    // An end with a time of day is that moment; a day lasts to its end.
    let (end_time, whole_day) = if end.text.len() == 16 { (last.start, false) } else { (last.end, true) };
    if end_time < first.start || (whole_day && end_time == first.start) {
        return Err(end.fault(Cause::Time, "is before time_start"));
    }
    // An attack that ends in the minute of its start lasts for that minute.
    let time = Span { start: first.start, end: if end_time == first.start { first.end } else { end_time } };
    let number = |cell: crate::cell::Cell<'_>| {
        if cell.text.is_empty() { Ok(None) } else { cell.whole().map(Some) }
    };
    let (launched, destroyed) = (number(launched)?, number(destroyed)?);
    let weapon = weapon(model.text);
    let place = row.optional("target").and_then(|cell| run.context.province(cell.text).cloned());
    Ok(Observation {
        act: act(weapon),
        weapon,
        count: launched.map_or(Count::Unstated, Count::Exactly),
        origin: run.profile.about.clone(),
        detail: Detail::Launches { launched, destroyed },
        ..plain(run.profile, Kind::ReportedEvent, time, place.unwrap_or(Place::Unknown))
    })
}

fn act(weapon: Weapon) -> Act {
    match weapon {
        Weapon::UavReconnaissance | Weapon::Uav => Act::Flight,
        Weapon::UavShortRange => Act::DroneAttack,
        _ => Act::Launch,
    }
}

/// The class of a model; of several (`X-101/X-555`) the narrowest that holds them all.
fn weapon(model: &str) -> Weapon {
    let whole = class(model);
    if whole != Weapon::Undetermined {
        return whole;
    }
    let narrowest = model.split('/').map(class).reduce(|a, b| {
        let mut common = a;
        while b.belongs(common) != Belongs::Yes {
            match common.parent() {
                Some(parent) => common = parent,
                None => break,
            }
        }
        common
    });
    narrowest.unwrap_or(Weapon::Undetermined)
}

fn class(model: &str) -> Weapon {
    match model.trim() {
        "Shahed-136/131" | "Shahed-136" | "Shahed-131" | "Geran-2" | "Gerbera" => Weapon::UavLongRange,
        "Молнія" | "Molniya" | "Lancet" | "FPV" => Weapon::UavShortRange,
        "Reconnaissance UAV" | "Supercam" | "ZALA" | "Orlan-10" | "Orlan-30" | "Merlin-VR" | "Mohajer-6" => {
            Weapon::UavReconnaissance
        }
        "Unknown UAV" => Weapon::Uav,
        // Missiles of air defence are fired at ground targets on ballistic paths.
        "Iskander-M" | "KN-23" | "Ballistic Missile" | "C-300" | "C-400" | "X-47 Kinzhal" | "Kinzhal"
        | "Tochka-U" => Weapon::BallisticMissile,
        "Iskander-K" | "X-59" | "X-69" | "X-101" | "X-555" | "X-55" | "X-22" | "X-32" | "Kalibr"
        | "P-800 Oniks" | "3M22 Zircon" => Weapon::CruiseMissile,
        "X-31P" | "X-31" | "X-35" => Weapon::Missile,
        "KAB" | "Aerial Bomb" => Weapon::AirBomb,
        _ => Weapon::Undetermined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{observations, one, reasons, shared};
    use crate::{Context, Profile};
    use truce::observation::Asserter;
    use truce::time::{HOUR, Zone};

    fn profile() -> Profile {
        Profile {
            asserted_by: Asserter::Party("a".into()),
            about: Some("b".into()),
            zone: Some(Zone::EasternEurope),
            ..Profile::new("attacks")
        }
    }

    const HEADER: &str = "time_start,time_end,model,launch_place,target,launched,destroyed\n";

    #[test]
    fn models_fall_into_classes() {
        for (model, expected) in [
            ("Shahed-136/131", Weapon::UavLongRange),
            ("Iskander-M/KN-23", Weapon::BallisticMissile),
            ("C-300/C-400", Weapon::BallisticMissile),
            ("X-101/X-555", Weapon::CruiseMissile),
            ("X-59/X-31P", Weapon::Missile),
            ("Kalibr/Lancet", Weapon::Undetermined),
            ("Молнія", Weapon::UavShortRange),
            ("Orlan-10", Weapon::UavReconnaissance),
            ("Something new", Weapon::Undetermined),
            ("", Weapon::Undetermined),
        ] {
            assert_eq!(weapon(model), expected, "{model}");
        }
        assert_eq!(act(Weapon::UavReconnaissance), Act::Flight, "not a launch of a long-range weapon");
    }

    #[test]
    fn a_night_is_a_span_on_the_local_clock() {
        let file = format!("{HEADER}2025-04-19 19:30,2025-04-20 08:30,Shahed-136/131,x,Ukraine,8.0,\n");
        let it = one(Format::Attacks, &file, &profile(), &Context::default());
        assert_eq!(it.time.start.to_string(), "2025-04-19T16:30:00Z");
        assert_eq!((it.time.length(), it.act, it.count), (13 * HOUR, Act::Launch, Count::Exactly(8)));
        assert_eq!(it.detail, Detail::Launches { launched: Some(8), destroyed: None });
        assert_eq!((it.origin.as_deref(), &it.place), (Some("b"), &Place::Unknown));
        let file = format!("{HEADER}2025-04-30,2025-04-30,Lancet,,south,,1\n");
        let it = one(Format::Attacks, &file, &profile(), &Context::default());
        assert_eq!((it.time.length(), it.count, it.act), (24 * HOUR, Count::Unstated, Act::DroneAttack));
    }

    #[test]
    fn bad_rows_are_named() {
        let file = format!(
            "{HEADER}2025-04-19 25:30,2025-04-20 08:30,X,,,1,1\n2025-04-21,2025-04-20,X,,,1,1\n2025-04-21,2025-04-21,X,,,1.5,1\n"
        );
        let reasons = reasons(Format::Attacks, file.as_bytes(), &profile(), &Context::default());
        let words = ["time_start: `2025-04-19 25:30` is not a time", "before time_start", "launched: `1.5`"];
        assert!(reasons.iter().zip(words).all(|(reason, word)| reason.contains(word)), "{reasons:?}");
        assert_eq!(reasons.len(), 3);
    }

    #[test]
    fn shared_two_months_of_attacks() {
        let Some(bytes) = shared("easter-2025/missile_attacks.csv") else { return };
        assert_eq!(Format::recognise("x", &bytes[..2000]), Ok(Format::Attacks));
        assert_eq!(reasons(Format::Attacks, &bytes, &profile(), &Context::default()), [""; 0]);
        let it = observations(Format::Attacks, &bytes, &profile(), &Context::default());
        let of = |weapon| it.iter().filter(|one| one.weapon == weapon).count();
        assert_eq!(it.len(), 215);
        assert_eq!(of(Weapon::UavLongRange), 59);
        assert_eq!(of(Weapon::UavShortRange), 27 + 17);
        assert_eq!(of(Weapon::UavReconnaissance), 19 + 13 + 12 + 7 + 1);
        assert_eq!(of(Weapon::BallisticMissile), 20 + 8 + 3 + 2 + 1);
        assert_eq!(of(Weapon::CruiseMissile), 4 + 3 + 3 + 3 + 3);
        assert_eq!(of(Weapon::Undetermined), 0);
        let kyiv = Zone::EasternEurope;
        let whole_day = |one: &&Observation| kyiv.day(kyiv.date(one.time.start)) == one.time;
        assert_eq!(it.iter().filter(whole_day).count(), 108);
    }
}
