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
    include_str!("../../../../docs/expected/easter_2025.csv")
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
    for (n, weapon) in [Weapon::UavShortRange, Weapon::UavReconnaissance, Weapon::Uav, Weapon::Undetermined]
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
    assert!(reason(&thermal_anomalies(easter(), &[], &spring(), &rules()).result).contains("no whole day"));
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
    let text = include_str!("../../../../missions/public-data/mission.toml");
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
    assert!(series.baseline[3].left_out.as_ref().unwrap().contains("swollen"), "{:?}", series.baseline[3]);
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
    let comparable: Vec<i64> =
        series.baseline.iter().filter(|w| w.left_out.is_none()).map(|w| w.count.unwrap().into()).collect();
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
