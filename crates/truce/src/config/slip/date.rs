//! Days and hours as people write them: `19.04.2025`, `19 April 2025, 6 pm`, `19 квітня 2025 року`.

use super::Slip;
use super::line::Statement;
use crate::time::{Date, Time};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A date as people write it.
pub(super) fn date(of: &Statement<'_>) -> Option<Slip> {
    let value = of.value();
    if super::reads(&format!("k = {value}")) {
        return None;
    }
    let slip = |message: String| {
        let help =
            "a date is year, month, day with hyphens, such as 2025-04-19, an hour 2025-04-19T18:00:00+03:00";
        Slip::new(of.value.clone(), message, "not in this order, or with other marks", help)
    };
    match meant(value)? {
        Meant::Day(day) if day != value => {
            let mut slip = slip(format!("the date `{value}` cannot be read as it is written"));
            if value.contains("24:00") {
                slip.label = "24:00 is 00:00 of the next day".to_string();
            }
            Some(slip.fixed(of.with(of.value.clone(), &day)))
        }
        Meant::Day(_) => None,
        Meant::Either => {
            let slip = slip(format!("in `{value}` nobody can tell the day from the month"));
            Some(Slip { label: "which is the day?".to_string(), ..slip })
        }
        Meant::Days => {
            let slip = slip(format!("`{value}` names more than one day"));
            let help = "give the first day in one line and the last in another, or limits: \
                        { not_before = 2025-04-19, not_after = 2025-04-20 }";
            Some(Slip { label: "which of them?".to_string(), help: help.to_string(), ..slip })
        }
        Meant::Hour => {
            let slip = slip(format!("the hour in `{value}` cannot be read as it is written"));
            Some(Slip { label: "which hour, on which clock?".to_string(), ..slip })
        }
        Meant::None => {
            let message = format!("there is no day `{value}`");
            let help = "a date is such as 2025-04-19";
            let slip = Slip::new(of.value.clone(), message, "no day of any calendar", help);
            // 2025-19-04: day and month exchanged.
            let parts: Vec<&str> = value.split('-').collect();
            let exchanged = match parts.as_slice() {
                [year, day, month] if year.len() == 4 => Date::parse(&format!("{year}-{month}-{day}")),
                _ => None,
            };
            // Said as a question: the text alone can tell, and another day would move the truce.
            Some(match exchanged {
                Some(day) => Slip {
                    help: format!(
                        "{help}; were day and month exchanged? Then it is `{day}`: look it up in the text"
                    ),
                    ..slip
                },
                None => slip,
            })
        }
    }
}

/// What is meant by three numbers with marks between them, or by a day with its month in letters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::config) enum Meant {
    /// This day, with the hour that stands behind it, as the file needs it.
    Day(String),
    /// Day and month can't be told apart: to guess would move the truce.
    Either,
    /// A day that exists, with an hour that cannot be told for sure.
    Hour,
    /// Two days or more: `19-20 April 2025`.
    Days,
    /// No day that exists.
    None,
}

/// The day in a text such as `19.04.2025`, `19/4/25 18:00`, `2025-4-9` or `19 April 2025`; `None` if it is nothing of
/// the sort.
pub(in crate::config) fn meant(text: &str) -> Option<Meant> {
    let text = text.trim();
    let (date, hour) = match numbers(text) {
        Some((Ok(date), hour)) => (date, hour),
        Some((Err(other), _)) => return Some(other),
        None => match words(text)? {
            (Some(date), hour) => (date, hour),
            (None, _) => return Some(Meant::None),
        },
    };
    // `2025-04-19 р.`
    if ["", "р", "р.", "року", "г", "г.", "года"].contains(&hour.as_str()) {
        return Some(Meant::Day(date.to_string()));
    }
    let several = text.split([' ', ',']).any(|word| {
        let days = word.split_once(['-', '–', '—']);
        let day = |text: &str| {
            !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        days.is_some_and(|(first, last)| day(first) && day(last))
    });
    if several {
        return Some(Meant::Days);
    }
    let exists = |written: &String| Time::parse(written).or_else(|| Time::parse_local(written, 0)).is_some();
    let written = on_clock(date, &hour).filter(exists);
    Some(written.map_or(Meant::Hour, Meant::Day))
}

/// Three numbers with marks between them, and what stands behind them.
fn numbers(text: &str) -> Option<(Result<Date, Meant>, String)> {
    let (day, hour) = match text.split_once([' ', 'T']) {
        Some((day, hour)) => (day, hour.trim()),
        None => (text, ""),
    };
    let day = day.trim_end_matches(',');
    let parts: Vec<&str> = day.split(['.', '/', '-', '–', '—', '−', '‑', '‒']).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let number = |text: &str| text.parse::<u16>().ok().filter(|_| text.len() <= 4);
    let (a, b, c) = (number(first)?, number(second)?, number(third)?);
    let long = |year: u16| if year < 100 { 2_000 + year } else { year };
    let (year, month, day_of) = match first.len() {
        4 => (a, b, c),
        _ if day.contains('/') && b > 12 => (long(c), a, b),
        _ => (long(c), b, a),
    };
    if day.contains('/') && first.len() < 3 && a <= 12 && b <= 12 && a != b {
        return Some((Err(Meant::Either), String::new()));
    }
    let small = |number: u16| u8::try_from(number).unwrap_or(0);
    let date = Date::new(i32::from(year), small(month), small(day_of)).ok_or(Meant::None);
    Some((date, hour.to_string()))
}

/// A number, a month in letters and a year, in any order; the day, if there is such a one, and what else there is.
fn words(text: &str) -> Option<(Option<Date>, String)> {
    let (mut day, mut month, mut year) = (None, None, None);
    let mut rest: Vec<&str> = Vec::new();
    for word in text.split([' ', '\u{a0}', ',', '-', '–', '—']).filter(|word| !word.is_empty()) {
        let plain = word.trim_end_matches('.');
        let digits = plain.trim_end_matches("st").trim_end_matches("nd").trim_end_matches("rd");
        let digits = digits.trim_end_matches("th");
        let number = digits.parse::<u16>().ok();
        match (number, month_of(plain)) {
            (_, Some(named)) if month.is_none() => month = Some(named),
            (Some(number), _) if digits.len() == 4 && year.is_none() => year = Some(number),
            (Some(number), _) if digits.len() <= 2 && day.is_none() => day = u8::try_from(number).ok(),
            _ if ["р", "року", "г", "года", "of", "the"].contains(&plain) => {}
            _ => rest.push(word),
        }
    }
    Some((Date::new(i32::from(year?), month?, day?), rest.join(" ")))
}

/// The number of a month by its name in English, Ukrainian or Russian, in any case, or by its first three letters.
pub(super) fn month_of(word: &str) -> Option<u8> {
    const MONTHS: [&[&str]; 12] = [
        &["january", "січень", "січня", "январь", "января"],
        &["february", "лютий", "лютого", "февраль", "февраля"],
        &["march", "березень", "березня", "март", "марта"],
        &["april", "квітень", "квітня", "апрель", "апреля"],
        &["may", "травень", "травня", "май", "мая"],
        &["june", "червень", "червня", "июнь", "июня"],
        &["july", "липень", "липня", "июль", "июля"],
        &["august", "серпень", "серпня", "август", "августа"],
        &["september", "вересень", "вересня", "сентябрь", "сентября"],
        &["october", "жовтень", "жовтня", "октябрь", "октября"],
        &["november", "листопад", "листопада", "ноябрь", "ноября"],
        &["december", "грудень", "грудня", "декабрь", "декабря"],
    ];
    let word = word.to_lowercase();
    let named =
        |name: &&str| **name == *word || name.is_ascii() && word.len() == 3 && name.starts_with(&*word);
    let place = MONTHS.iter().position(|names| names.iter().any(&named))?;
    u8::try_from(place + 1).ok()
}

/// The day with an hour such as `18:00`, `8.30`, `6 pm`, `noon` or `24:00`, and with its offset if one is there.
fn on_clock(date: Date, text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let text = text.trim_start_matches("at ").trim_start_matches("о ").trim_start_matches("в ").trim();
    let clock = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(text.len());
    let (clock, rest) = match clock {
        0 => text.split_at(text.find(' ').unwrap_or(text.len())),
        _ => text.split_at(clock),
    };
    let rest = rest.trim_start();
    let (afternoon, rest) = match rest.get(..2) {
        Some(half @ ("am" | "pm")) => (Some(half == "pm"), rest[2..].trim_start()),
        _ => (None, rest),
    };
    let offset = match rest.trim_start_matches("utc").trim_start_matches("gmt").trim() {
        "" if rest.is_empty() => String::new(),
        "" | "z" => "Z".to_string(),
        "msk" | "мск" | "eest" => "+03:00".to_string(),
        "eet" => "+02:00".to_string(),
        signed => offset(signed)?,
    };
    let parts: Vec<&str> = clock.split([':', '.']).collect();
    let (hour, minute, second) = match (clock, parts.as_slice()) {
        ("noon", _) => ("12", "00", ""),
        ("midnight", _) => return None, // of which of the two days?
        (_, [hour]) if afternoon.is_some() => (*hour, "00", ""),
        (_, [hour, minute]) => (*hour, *minute, ""),
        (_, [hour, minute, second]) => (*hour, *minute, *second),
        _ => return None,
    };
    let hour = hour.parse::<u8>().ok().filter(|_| minute.len() == 2)?;
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(pm) => hour % 12 + if pm { 12 } else { 0 },
    };
    // 24:00 is 00:00 of the next day.
    let whole = minute == "00" && matches!(second, "" | "00");
    let (date, hour) = if hour == 24 && whole { (Date::from_days(date.days() + 1), 0) } else { (date, hour) };
    let second = if second.is_empty() { String::new() } else { format!(":{second}") };
    Some(format!("{date}T{hour:02}:{minute}{second}{offset}"))
}

/// `+3`, `+03`, `+0300`, `+3:00` as `+03:00`.
pub(in crate::config) fn offset(text: &str) -> Option<String> {
    let text = text.replace(['−', '–'], "-");
    let sign = text.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    let digits = text[1..].trim();
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at(2),
        None => (digits, "00"),
    };
    let (hours, minutes) = (hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?);
    (hours <= 14 && minutes < 60).then(|| format!("{sign}{hours:02}:{minutes:02}"))
}
