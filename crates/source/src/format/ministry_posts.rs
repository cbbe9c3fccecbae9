//! Posts of a defence ministry, cut to 400 characters, one claim for each.
//!
//! What a row is worth: a party's claim. Three sorts come out, told apart by their unit:
//! - [`SHOT_DOWN`]: a bulletin of air defence, whose own total of aircraft shot down stands in its text;
//! - [`MENTIONED`]: any other post with a number of aircraft, which a pattern of the file's makers found
//!   (`drone_count`): "about", and of no use for sums, for summaries repeat bulletins and weeks repeat days;
//! - [`NO_FIGURE`]: a post without a number. It is no claim of zero.
//!
//! Bulletins of a night and of a day don't overlap; a day's summary overlaps both. Days are missing. The
//! file's times are UTC (unless the profile says otherwise); times inside a text are the ministry's own clock,
//! "мск", UTC+3. The text is dropped.

use std::io::BufRead;

use truce::Name;
use truce::claim::{Claim, Ends};
use truce::observation::{Asserter, Count, Observation};
use truce::place::Place;
use truce::time::{DAY, HOUR, MINUTE, Micros, Span, Time, Zone};

use super::claims::observed;
use crate::Cause;
use crate::cell::Fault;
use crate::run::Run;
use crate::table::{Row, Table};

pub(super) const COLUMNS: [&str; 3] = ["datetime", "drone_count", "text_snippet"];

/// Unit of the total that a bulletin of air defence states.
const SHOT_DOWN: &str = "unmanned aircraft shot down (bulletin's total)";
/// Unit of a number that a pattern found in any other post.
const MENTIONED: &str = "unmanned aircraft mentioned (by pattern)";
/// Unit of a post without a number.
const NO_FIGURE: &str = "post without a figure";

/// "мск" is UTC+3 all year.
const MOSCOW: Micros = 3 * HOUR;

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, columns)) = Table::open(input, run, COLUMNS) else { return };
    while let Some(row) = table.next(run) {
        let made = post(&row, columns, run);
        run.settle(row.line, row.raw, made);
    }
}

fn post(row: &Row<'_>, columns: [usize; 3], run: &Run<'_>) -> Result<Observation, Fault> {
    let [datetime, drone_count, snippet] = columns.map(|column| row.cell(column));
    let (claimant, against) = parties(run)?;
    let as_of = datetime.when_local(run.profile.zone.unwrap_or(Zone::Fixed(0)))?.start;
    let mentioned = drone_count.whole()?;
    let text = snippet.text.replace("**", "").to_lowercase();
    let (unit, total, window) = match (bulletin(&text), mentioned) {
        (Some(total), _) => (SHOT_DOWN, Count::Exactly(total), window(&text, as_of)),
        (None, 0) => (NO_FIGURE, Count::Unstated, day_before(as_of)),
        (None, number) => (MENTIONED, Count::About(number), day_before(as_of)),
    };
    let claim = Claim {
        name: Name::from(format!("{}-{as_of}", run.profile.source).as_str()),
        speaker: Asserter::Party(claimant.clone()),
        claimant,
        against,
        window,
        ends: Ends { start: true, end: true },
        note: String::new(),
        clock: None,
        place: Place::Unknown,
        as_of: Some(as_of),
        unit: Name::from(unit),
        total,
        parts: Vec::new(),
        perhaps_within: Vec::new(),
        cumulative: Some(false),
        quote: String::new(),
        translation: String::new(),
        url: run.profile.url.clone(),
    };
    Ok(observed(claim, run))
}

/// Claimant and accused of a party's own series, from the profile.
pub(super) fn parties(run: &Run<'_>) -> Result<(Name, Name), Fault> {
    match (&run.profile.asserted_by, &run.profile.about) {
        (Asserter::Party(claimant), Some(about)) if claimant != about => {
            Ok((claimant.clone(), about.clone()))
        }
        _ => {
            let reason = format!(
                "this is a party's own series; for source `{}` set `asserted_by` to that party and `about` to \
                 the other in the mission file",
                run.profile.source
            );
            Err(Fault::new(Cause::Mission, reason))
        }
    }
}

fn day_before(as_of: Time) -> Span {
    Span { start: Time(as_of.0 - DAY), end: as_of }
}

/// The number before "украинск... беспилотн...", as a numeral or one of the words that bulletins use.
fn bulletin(text: &str) -> Option<u32> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let at = words
        .windows(2)
        .position(|pair| pair[0].starts_with("украинск") && pair[1].starts_with("беспилотн"))?;
    let before = &words[..at];
    // "Уничтожен украинский беспилотный летательный аппарат": one. A heading has no such verb before it.
    let verb = |word: &&str| word.starts_with("уничтож") || word.starts_with("перехвач");
    let last_verb = before.iter().rposition(verb)?;
    match &before[last_verb + 1..] {
        [] if words[at] == "украинский" => Some(1),
        [number] => numeral(number),
        _ => None,
    }
}

fn numeral(word: &str) -> Option<u32> {
    const WORDS: [(&str, u32); 12] = [
        ("один", 1),
        ("одного", 1),
        ("два", 2),
        ("три", 3),
        ("четыре", 4),
        ("пять", 5),
        ("шесть", 6),
        ("семь", 7),
        ("восемь", 8),
        ("девять", 9),
        ("десять", 10),
        ("одиннадцать", 11),
    ];
    let digits = word.bytes().all(|byte| byte.is_ascii_digit()).then(|| word.parse().ok()).flatten();
    digits.or_else(|| WORDS.iter().find(|(known, _)| *known == word).map(|(_, number)| *number))
}

/// The time that a bulletin speaks of. With two times of day ("с 20.00 до 22.30 мск"): from the last moment
/// before the end that shows the first to the last moment before the post that shows the second. With one
/// ("около 09.00 мск"): the hour around it. "Night": since 20:00 of the evening before. Else a day.
fn window(text: &str, as_of: Time) -> Span {
    let latest = |clock: Micros, until: Time| {
        let back = (until.0 + MOSCOW - clock).rem_euclid(DAY);
        Time(until.0 - back)
    };
    match clocks(text)[..] {
        [from, to, ..] => {
            let end = latest(to, as_of);
            let start = latest(from, end);
            Span { start: if start == end { Time(end.0 - DAY) } else { start }, end }
        }
        [about] => {
            let middle = latest(about, as_of).0;
            Span {
                start: Time(middle - 30 * MINUTE),
                end: Time((middle + 30 * MINUTE).min(as_of.0.max(middle))),
            }
        }
        [] if text.contains("ночи") || text.contains("ночь") => {
            Span { start: latest(20 * HOUR, as_of), end: as_of }
        }
        [] => day_before(as_of),
    }
}

/// Times of day like `20.15` that belong to "мск", up to two.
fn clocks(text: &str) -> Vec<Micros> {
    let Some(end) = text.rfind("мск") else { return Vec::new() };
    let words =
        text[..end].split(|c: char| !(c.is_ascii_digit() || c == '.')).map(|word| word.trim_matches('.'));
    let clock = |word: &str| {
        let (h, m) = word.split_once('.')?;
        let (h, m) = (h.parse::<i64>().ok()?, m.parse::<i64>().ok().filter(|_| m.len() == 2)?);
        ((0..24).contains(&h) && (0..60).contains(&m)).then_some(h * HOUR + m * MINUTE)
    };
    words.filter_map(clock).take(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{observations, reasons, shared};
    use crate::{Context, Profile};
    use truce::observation::{Detail, Kind};

    fn profile() -> Profile {
        Profile {
            asserted_by: Asserter::Party("b".into()),
            about: Some("a".into()),
            ..Profile::new("ministry")
        }
    }

    fn claims(bytes: &[u8]) -> Vec<Claim> {
        let all = observations(Format::MinistryPosts, bytes, &profile(), &Context::default());
        let claim = |it: Observation| {
            assert_eq!((it.kind, &it.asserted_by), (Kind::Claim, &Asserter::Party("b".into())));
            match it.detail {
                Detail::Claim(claim) => *claim,
                other => panic!("{other:?}"),
            }
        };
        all.into_iter().map(claim).collect()
    }

    fn read(datetime: &str, count: u32, text: &str) -> Claim {
        let file =
            format!("date,datetime,drone_count,oblasts,text_snippet\nx,{datetime},{count},y,\"{text}\"\n");
        claims(file.as_bytes()).remove(0)
    }

    #[test]
    fn a_bulletin_states_its_total_and_its_night() {
        let it = read(
            "2025-03-09 05:42",
            52,
            "⚡️ В период с 20.00 мск 8 марта до 07.00 мск 9 марта силами ПВО **перехвачены и уничтожены 88 украинских беспилотных аппаратов**: 52",
        );
        assert_eq!((&*it.unit, it.total), (SHOT_DOWN, Count::Exactly(88)));
        assert_eq!(it.window.start.to_string(), "2025-03-08T17:00:00Z");
        assert_eq!(it.window.end.to_string(), "2025-03-09T04:00:00Z");
        assert!(it.quote.is_empty());
        let night = read(
            "2025-04-19 04:16",
            0,
            "В течение прошедшей ночи** уничтожено два украинских беспилотных аппарата**",
        );
        assert_eq!((night.total, night.window.length()), (Count::Exactly(2), 11 * HOUR + 16 * MINUTE));
        let one = read(
            "2025-04-19 07:41",
            0,
            "Около 09.00 мск средствами ПВО **уничтожен украинский беспилотный аппарат**",
        );
        assert_eq!(
            (one.total, one.window.start.to_string()),
            (Count::Exactly(1), "2025-04-19T05:30:00Z".into())
        );
    }

    #[test]
    fn other_posts_count_about_or_not_at_all() {
        let summary = read("2025-03-11 19:58", 343, "Главное за день: уничтожено 343 БПЛА");
        assert_eq!((&*summary.unit, summary.total), (MENTIONED, Count::About(343)));
        let silent = read(
            "2025-04-20 10:12",
            0,
            "О ходе операции. Уничтожены склады; подавлены расчеты украинских беспилотных систем",
        );
        assert_eq!((&*silent.unit, silent.total, silent.window.length()), (NO_FIGURE, Count::Unstated, DAY));
    }

    #[test]
    fn the_mission_file_names_the_parties() {
        let file = b"datetime,drone_count,text_snippet\n2025-04-20 10:12,0,x\n2025-04-20,0,x\n20.04.2025,1,x\n2025-04-20 10:12,many,x\n";
        let refused = reasons(Format::MinistryPosts, file, &Profile::new("m"), &Context::default());
        assert!(refused.len() == 4 && refused[0].contains("set `asserted_by`"), "{refused:?}");
        let refused = reasons(Format::MinistryPosts, file, &profile(), &Context::default());
        assert!(
            refused.len() == 2 && refused[0].contains("not a time") && refused[1].contains("drone_count")
        );
    }

    #[test]
    fn shared_two_months_of_posts() {
        let Some(bytes) = shared("easter-2025/mod_russia_posts.csv") else { return };
        assert_eq!(Format::recognise("x", &bytes[..2000]), Ok(Format::MinistryPosts));
        assert_eq!(reasons(Format::MinistryPosts, &bytes, &profile(), &Context::default()), [""; 0]);
        let all = claims(&bytes);
        assert_eq!(all.len(), 388);
        let bulletins: Vec<&Claim> = all.iter().filter(|it| &*it.unit == SHOT_DOWN).collect();
        let total = |at: &str| {
            let found = bulletins.iter().find(|it| it.as_of.unwrap().to_string().starts_with(at));
            found.map(|it| it.total)
        };
        // Read off the texts by hand.
        assert_eq!(total("2025-03-01T04:07"), Some(Count::Exactly(48)));
        assert_eq!(total("2025-03-11T05:22"), Some(Count::Exactly(337)));
        assert_eq!(total("2025-04-19T04:16"), Some(Count::Exactly(2)));
        assert_eq!(total("2025-04-21T18:32"), Some(Count::Exactly(5)));
        assert_eq!(total("2025-04-30T04:14"), Some(Count::Exactly(34)));
        assert!(bulletins.iter().all(|it| it.window.length() > 0 && it.window.length() <= DAY));
        assert!(all.iter().all(|it| it.quote.is_empty()));
    }
}
