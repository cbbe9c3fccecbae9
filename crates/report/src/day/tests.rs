use super::*;
use crate::language::{Language, Words};
use crate::model::ComputedFrom;

fn compared(of: Counted, current: u64, previous: u64, change: Conclusion) -> Compared {
    Compared {
        of,
        current: Tally::observed(current),
        previous: Tally::observed(previous),
        before: vec![previous; 7],
        change,
    }
}

fn ratio(low: u64, high: Option<u64>) -> Conclusion {
    Conclusion::Ratio {
        ratio_permille: Some(500),
        low_permille: low,
        high_permille: high,
        model: "Poisson".to_string(),
    }
}

fn titled(code: &str, name: &str) -> Titled {
    Titled { code: code.to_string(), name: name.to_string(), uk: None, ru: None }
}

fn sample(parties: [(&str, &str); 2]) -> DayReport {
    let date = Date::new(2031, 5, 4).unwrap();
    let clock = Zone::Fixed(0);
    let verdicts = Verdicts { breach: 1, undetermined: 2, ..Verdicts::default() };
    let window =
        |days: i64| period(Date::from_days(date.days() - days), 19 * truce::time::HOUR, clock).into();
    let claim = |party: &str, number| ClaimOfDay {
        id: format!("{party}-1"),
        claimant: party.to_string(),
        window: window(0),
        unit: "violations".to_string(),
        units: vec!["violation".to_string()],
        total: Stated::Exactly(number),
        arithmetic: Arithmetic::NothingToCheck,
        copies: 1,
        outcome: "cannot-be-tested",
        parts: Vec::new(),
        incidents: 4,
    };
    DayReport {
        format: FORMAT,
        title: titled("t", "A truce"),
        made_up: Some("All of it.".to_string()),
        number: 3,
        day: Some(DayOf { number: 3, of: Some(30) }),
        period: window(0),
        previous: window(1),
        clock,
        parties: parties.iter().map(|(code, name)| titled(code, name)).collect(),
        computed_from: ComputedFrom {
            version: "0".to_string(),
            digests: Vec::new(),
            observations: 12,
            rows_read: 12,
            rows_set_aside: 0,
            checkpoint: None,
            view: crate::model::View::Public,
            as_of: Time::parse("2031-05-19T00:00:00Z").unwrap(),
            cut: "asked",
        },
        delay_hours: 24,
        level_permille: 900,
        figures: vec![
            compared(Counted::Incidents, 2, 9, ratio(200, Some(999))),
            compared(Counted::Fire, 2, 9, ratio(200, Some(1_000))),
            compared(Counted::Shelling, 9, 2, ratio(1_001, None)),
        ],
        may_lie_outside: 1,
        readings: vec![ReadingOfDay {
            id: "text".to_string(),
            held_by: None,
            clauses: vec![ClauseOfDay {
                clause: titled("c", "No fire"),
                current: verdicts,
                previous: verdicts,
            }],
        }],
        severe: vec![Severe {
            id: "i".to_string(),
            act: "shelling",
            weapon: "mortar",
            target: "civilian",
            cell: None,
            place: Whereabouts::NearLine { from_km: 50, to_km: 100 },
            date,
            probability_permille: 970,
            groups: 2,
            verdicts: vec![("text".to_string(), "c".to_string(), Verdict::Undetermined)],
        }],
        severe_in_all: 1,
        grave_permille: 600,
        withdrawal: Withdrawal::default(),
        movement: Vec::new(),
        movement_before: 0,
        interference: Interference { count: 1, before: 2 },
        sensors: Sensors::Known { sectors: 4, observed: 4, observed_before: 3 },
        harm: Harm::default(),
        cases: Cases { kept: true, opened: 2, ..Cases::default() },
        claims: vec![claim(parties[0].0, 10), claim(parties[1].0, 20)],
        plan: None,
        corrections: Corrections::Compared { figures: Vec::new() },
    }
}

const PARTIES: [(&str, &str); 2] = [("AL", "Aldria"), ("BO", "Borvia")];

fn page_in(report: &DayReport, language: Language) -> String {
    page(report, &Words::of(language), &[(Language::English, "day.en.html")])
}

#[test]
fn a_period_ends_at_the_cut_off_also_when_clocks_change() {
    let cut_off = 19 * truce::time::HOUR + 30 * truce::time::MINUTE;
    let of = |day| period(Date::new(2025, 3, day).unwrap(), cut_off, Zone::EasternEurope);
    assert_eq!(of(29).end.to_string(), "2025-03-29T17:30:00Z");
    assert_eq!((of(30).start, of(30).length()), (of(29).end, 23 * truce::time::HOUR));
    let midnight = period(Date::new(2025, 4, 20).unwrap(), 24 * truce::time::HOUR, Zone::EasternEurope);
    assert_eq!(midnight, Zone::EasternEurope.day(Date::new(2025, 4, 20).unwrap()));
}

#[test]
fn a_change_is_stated_only_where_the_interval_leaves_out_as_before() {
    let page = page_in(&sample(PARTIES), Language::English);
    let row = |name: &str| {
        let from = page.find(name).unwrap();
        page[from..from + page[from..].find("</tr>").unwrap()].to_string()
    };
    assert!(row("All incidents").contains("fewer recorded"));
    assert!(row("Use of weapons").contains("no clear change"));
    assert!(row("of these, shelling").contains("more recorded"));
}

#[test]
fn swapped_parties_give_swapped_pages_in_every_language() {
    let [first, second] = PARTIES;
    let swap = |text: &str| {
        let pairs = [(first.0, second.0), (first.1, second.1)];
        pairs
            .iter()
            .fold(text.to_string(), |text, (a, b)| text.replace(a, "\u{1}").replace(b, a).replace('\u{1}', b))
    };
    for language in Language::ALL {
        let (one, other) =
            (page_in(&sample([first, second]), language), page_in(&sample([second, first]), language));
        assert_ne!(one, other);
        assert_eq!(swap(&one), other, "{}", language.code());
    }
}

#[test]
fn no_page_shows_a_key_or_lacks_a_figure() {
    for language in Language::ALL {
        let page = page_in(&sample(PARTIES), language);
        for mark in ["{$", "{ $", ">day-", ">act-", "; weapon-", "; target-", "verdict-", ">claim-"] {
            assert!(!page.contains(mark), "{}: {mark}", language.code());
        }
        assert!(page.contains(&format!("<html lang=\"{}\">", language.code())));
        assert!(!page.contains("<script") && !page.contains(" src="));
    }
}

#[test]
fn a_name_in_the_language_is_used_where_the_file_has_one() {
    let mut report = sample(PARTIES);
    report.title.uk = Some("Перемир’я".to_string());
    assert!(page_in(&report, Language::Ukrainian).contains("<h1>Перемир’я"));
    assert!(page_in(&report, Language::Russian).contains("<h1>A truce"));
}

/// `BLESS=1` renews it.
#[test]
fn the_schema_is_that_of_the_types() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/day.schema.json");
    let mut ours = serde_json::to_string_pretty(&schemars::schema_for!(DayReport)).unwrap();
    ours.push('\n');
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &ours).unwrap();
    }
    let theirs = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(ours == theirs, "docs/day.schema.json is not that of the types; renew it with BLESS=1");
}

#[test]
fn what_was_published_is_read_back() {
    let report = sample(PARTIES);
    let published = Published::parse(&json(&report)).unwrap();
    assert_eq!(published.figures[0].current.count, Some(2));
    assert!(Published::parse("{}").unwrap_err().contains("no day report"));
    let other = json(&report).replace(FORMAT, "truceline-report/1");
    assert!(Published::parse(&other).unwrap_err().contains("not truceline-day/1"));
}

/// A view without reports of instruments does not say that there are none, in any language; that all is made up is said in
/// the language of the page; what was said a thousand times is one row.
#[test]
fn what_is_not_shown_is_not_said_to_be_nought() {
    let mut report = sample(PARTIES);
    report.sensors = Sensors::None;
    report.claims[0].copies = 1_000;
    for (language, instruments, copies) in [
        (
            Language::English,
            "whether the mission has instruments is not shown here",
            "said 1\u{202f}000 times",
        ),
        (Language::Ukrainian, "чи має місія прилади, тут не показано", "заявлено 1\u{202f}000 разів"),
        (Language::Russian, "есть ли у миссии приборы, здесь не показано", "заявлено 1\u{202f}000 раз"),
    ] {
        let page = page_in(&report, language);
        assert!(page.contains(instruments) && page.contains(copies), "{page}");
        assert_eq!(
            page.matches("AL-1").count() + page.matches("заявлено").count() + page.matches("said ").count(),
            1
        );
        assert!(!page.contains("All of it."), "the mission file's words are in one language only");
    }
}

/// What holds under one reading is never added to what holds under another, whether they differ or not.
#[test]
fn breaches_are_never_added_over_readings() {
    let mut report = sample([("AL", "Aldria"), ("BO", "Borvia")]);
    let mut other = report.readings[0].clone();
    (other.id, other.held_by) = ("other".to_string(), Some("BO".to_string()));
    report.readings[0].clauses[0].current.breach = 6;
    for breach in [6, 5] {
        other.clauses[0].current.breach = breach;
        report.readings.truncate(1);
        report.readings.push(other.clone());
        let page = page_in(&report, Language::English);
        let told = |number: u64| page.matches(&format!("{number} breaches are established")).count();
        assert_eq!((told(6), told(5)), if breach == 6 { (2, 0) } else { (1, 1) });
        assert_eq!(told(6 + breach), 0, "added over readings");
    }
}
