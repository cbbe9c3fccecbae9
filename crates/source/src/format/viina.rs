//! VIINA 2: geocoded news reports of events (Zhukov, <https://github.com/zhukovyuri/VIINA>, ODbL 1.0).
//!
//! What a row is worth:
//! - A row is a **report**, not an incident: an article gives one row for each place it names, and headlines
//!   recur. Rows of one text have one `text_key`.
//! - The time is that of the **report**, on a clock the file doesn't state ([`Profile::zone`]). `00:00:00`
//!   stands for no time of day: the whole day. An event may lie before its report by [`Profile::lag`].
//! - The place is a gazetteer's point: a settlement at best, never a position. Some points stand for a whole
//!   province ([`Context::add_false_point`]).
//! - No outlet is named, so all rows are one group of independence.
//! - Labels are a machine's, and some are cut short; the classifier of the [`Context`] decides.
//!
//! [`Profile::zone`]: crate::Profile::zone
//! [`Profile::lag`]: crate::Profile::lag
//! [`Context`]: crate::Context
//! [`Context::add_false_point`]: crate::Context::add_false_point

use std::io::BufRead;

use truce::observation::{Kind, Observation};
use truce::time::{MINUTE, Span, Time};

use crate::Cause;
use crate::cell::{Cell, Fault, position};
use crate::run::{Run, plain};
use crate::table::{Row, Table};

pub(super) const COLUMNS: [&str; 6] = ["datetime", "lon", "lat", "place_name", "event_type", "headline"];

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, columns)) = Table::open(input, run, COLUMNS) else { return };
    while let Some(row) = table.next(run) {
        let made = report(&row, columns, run);
        run.settle(row.line, row.raw, made);
    }
}

fn report(row: &Row<'_>, columns: [usize; 6], run: &Run<'_>) -> Result<Observation, Fault> {
    let [datetime, lon, lat, place_name, _labels, headline] = columns.map(|column| row.cell(column));
    let zone = run.zone()?;
    let time = match datetime.text.split_once(' ') {
        Some((day, "00:00:00")) => Cell { text: day, ..datetime }.when_local(zone)?,
        // Seconds are always :00, so a time is known to the minute.
        Some((_, clock)) if clock.len() == 8 => {
            let start = datetime.when_local(zone)?.start;
            Span { start, end: Time(start.0 + MINUTE) }
        }
        _ => return Err(datetime.fault(Cause::Time, "is not a time (expected like 2025-04-20 18:00:00)")),
    };
    let at = position(lat, lon, run.context.bounds)?;
    let place = run.context.settlement(place_name.text, at);
    let time = Span { start: Time(time.start.0 - run.profile.lag), end: time.end };
    let mut said = plain(run.profile, Kind::ReportedEvent, time, place);
    run.context.classified(&mut said, headline.text);
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{observations, one, reasons, shared};
    use crate::{Context, Profile};
    use std::cell::RefCell;
    use truce::lexicon::Reading;
    use truce::observation::{Act, Count, Detail, Target, Weapon};
    use truce::place::{KM, Level, Place, Point};
    use truce::time::{HOUR, Zone};

    const HEADER: &str = "\u{feff}\"datetime\",\"lon\",\"lat\",\"place_name\",\"event_type\",\"headline\"\n";

    fn profile() -> Profile {
        Profile { zone: Some(Zone::EasternEurope), ..Profile::new("viina") }
    }

    fn context() -> Context<'static> {
        let mut context = Context::default();
        let point = |lon, lat| Point::from_degrees(lon, lat).unwrap();
        context.add_province("Kherson", &["Khersonska oblast"], point(33.4, 46.6), 150 * KM);
        context.add_province("Donetsk", &[], point(37.8, 48.0), 160 * KM);
        context.add_province("Sumy", &[], point(34.0, 51.0), 150 * KM);
        context.add_province("Kharkiv", &[], point(36.5, 49.6), 160 * KM);
        assert!(context.add_false_point("Chorna Dolyna", Some(point(33.48173, 46.55783)), "Kherson"));
        assert!(context.add_false_point("Ruttschenkowo", Some(point(37.67529, 47.95508)), "Donetsk"));
        assert!(context.add_false_point("Voronyne", Some(point(34.12376, 51.10624)), "Sumy"));
        assert!(context.add_false_point("Slobozhans’ke", Some(point(36.50512, 49.61494)), "Kharkiv"));
        assert!(!context.add_false_point("Nowhere", None, "Atlantis"), "an unknown province is told");
        context
    }

    #[test]
    fn a_day_is_a_day_and_a_minute_a_minute() {
        let row = |time| format!("{HEADER}\"{time}\",\"37.6\",\"49.7\",\"Kupiansk\",\"\",\"x\"\n");
        let read = |time| one(Format::Viina, &row(time), &profile(), &context()).time;
        assert_eq!(read("2025-03-30 00:00:00").length(), 23 * HOUR, "the clocks of Kyiv went forward");
        let minute = read("2025-04-20 00:01:00");
        assert_eq!((minute.start.to_string(), minute.length()), ("2025-04-19T21:01:00Z".into(), MINUTE));
        let lag = Profile { lag: 6 * HOUR, ..profile() };
        let lagged = one(Format::Viina, &row("2025-04-20 00:01:00"), &lag, &context()).time;
        assert_eq!((lagged.end, lagged.length()), (minute.end, 6 * HOUR + MINUTE));
        let refused = |file: &str, profile| reasons(Format::Viina, file.as_bytes(), &profile, &context());
        assert!(refused(&row("2025-04-20"), profile())[0].contains("is not a time"));
        let zoneless = refused(&row("2025-04-20 00:01:00"), Profile::new("viina"));
        assert!(zoneless[0].contains("set `clock` for source `viina`"), "{zoneless:?}");
    }

    #[test]
    fn false_points_are_provinces_and_namesakes_are_not() {
        let read = |lon: &str, lat: &str, name: &str| {
            let row = format!("{HEADER}\"2025-04-20 00:00:00\",\"{lon}\",\"{lat}\",\"{name}\",\"\",\"x\"\n");
            one(Format::Viina, &row, &profile(), &context()).place
        };
        let level = |place: &Place| match place {
            Place::Area { level, name, .. } => (*level, name.to_string()),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            level(&read("33.48173", "46.55783", "Chorna Dolyna")),
            (Level::Province, "Kherson".into())
        );
        assert_eq!(
            level(&read("36.50512", "49.61494", "Slobozhans'ke")),
            (Level::Province, "Kharkiv".into())
        );
        assert_eq!(
            level(&read("34.9", "48.5", "Slobozhans'ke")),
            (Level::Settlement, "Slobozhans'ke".into())
        );
        assert_eq!(level(&read("30.8", "46.5", "")), (Level::Settlement, "unnamed place".into()));
        assert!(!read("37.6", "49.7", "Kupiansk").anchors());
    }

    #[test]
    fn headlines_are_shown_and_not_kept_and_labels_are_not_used() {
        let seen = RefCell::new(Vec::new());
        let classify = |headline: &str| {
            seen.borrow_mut().push(headline.to_string());
            Reading { act: Act::DroneAttack, weapon: Weapon::Uav, target: Target::Civilian, digest: true }
        };
        let context = Context { classify: Some(&classify), ..context() };
        // The source cuts its labels short; whatever they say, they change nothing.
        let row = |labels: &str| {
            format!(
                "{HEADER}\"2025-04-20 00:00:00\",\"37.6\",\"49.7\",\"Kupiansk\",\"{labels}\",\"A secret, \"\"said\"\" so\"\n"
            )
        };
        let it = one(Format::Viina, &row("firefighb|uav|arresb|airalerb"), &profile(), &context);
        assert_eq!(*seen.borrow(), ["A secret, \"said\" so"]);
        assert_eq!((it.act, it.weapon, it.target), (Act::DroneAttack, Weapon::Uav, Target::Civilian));
        assert_eq!(it.detail, Detail::Digest);
        assert!(!format!("{it:?}").contains("secret"));
        assert_eq!((it.count, &*it.group), (Count::Unstated, "viina"));
        let other = one(Format::Viina, &row(""), &profile(), &context);
        assert_eq!(Observation { id: it.id, ..other }, it);
    }

    #[test]
    fn repeats_share_a_key_but_not_an_identity() {
        let row = "\"2025-04-20 00:00:00\",\"37.6\",\"49.7\",\"Kupiansk\",\"\",\"Ukraine's truce\"\n";
        let other = "\"2025-04-20 00:00:00\",\"37.7\",\"49.7\",\"Lyman\",\"\",\"Ukraine’s truce...\"\n";
        let file = format!("{HEADER}{row}{other}{row}");
        let it = observations(Format::Viina, file.as_bytes(), &profile(), &context());
        assert!(it.iter().all(|one| one.text_key.is_some() && one.text_key == it[0].text_key));
        assert!(it[0].id != it[2].id && it[0].id != it[1].id);
    }

    #[test]
    fn shared_two_months_of_reports() {
        let context = context();
        let (mut rows, mut days, mut provinces) = (0, 0, [0; 4]);
        let mut keys = std::collections::BTreeSet::new();
        let mut ids = std::collections::BTreeSet::new();
        for name in ["easter-2025/viina_2025-03.csv", "easter-2025/viina_2025-04.csv"] {
            let Some(bytes) = shared(name) else { return };
            assert_eq!(Format::recognise("x.csv", &bytes[..1000]), Ok(Format::Viina));
            assert_eq!(reasons(Format::Viina, &bytes, &profile(), &context), [""; 0]);
            for it in observations(Format::Viina, &bytes, &profile(), &context) {
                rows += 1;
                days += usize::from(it.time.length() >= 23 * HOUR);
                let Place::Area { name, level, .. } = &it.place else { panic!("{:?}", it.place) };
                let order = ["Kherson", "Donetsk", "Sumy", "Kharkiv"];
                if let (Level::Province, Some(at)) = (level, order.iter().position(|it| **it == **name)) {
                    provinces[at] += 1;
                }
                keys.insert(it.text_key.expect("every report has a headline"));
                ids.insert(it.id);
            }
        }
        // Counted by `python3` with the csv module over the same files.
        assert_eq!((rows, days), (5215 + 3764, 4189 + 2573));
        assert_eq!(provinces, [69 + 88, 154 + 124, 180 + 121, 90 + 80]);
        assert_eq!(ids.len(), rows, "identical rows are told apart");
        assert!(keys.len() < rows * 9 / 10, "headlines recur: {} keys", keys.len());
    }
}
