//! The slips that people make, one function each: `None` where a statement has not this one.

use super::Slip;
use super::line::{CURLY, Statement, quoted};
use crate::time::Date;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A slip in a statement, if it is this one.
pub(super) type Rule = fn(&Statement<'_>) -> Option<Slip>;

/// All, what is surest first: of several that fit, the first is told whose correction can be read.
pub(super) const RULES: [Rule; 26] = [
    two_versions,
    invisible,
    curly,
    note,
    braces,
    heading,
    not_closed,
    no_equals,
    two_equals,
    two_lines,
    look_alike,
    key_of_words,
    no_value,
    date,
    decimal_comma,
    percent,
    measured,
    yes,
    plain_number,
    quotes_inside,
    backslash,
    list,
    inner_table,
    list_without_brackets,
    behind,
    plain_text,
];

/// What a version control system leaves behind.
fn two_versions(of: &Statement<'_>) -> Option<Slip> {
    let marks = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"];
    let mark = marks.iter().find(|mark| of.text.starts_with(**mark))?;
    let help =
        "keep one of the two versions, and delete the lines that start with <<<<<<<, ======= and >>>>>>>";
    Some(Slip::new(0..mark.len(), "two versions of the file were not put together", "left over", help))
}

/// Blanks that are none, and marks without width.
fn invisible(of: &Statement<'_>) -> Option<Slip> {
    let hidden = |c: char| {
        matches!(c, '\u{a0}' | '\u{ad}' | '\u{2000}'..='\u{200f}' | '\u{202f}' | '\u{2060}' | '\u{3000}')
    };
    let (at, first) = of.bare.char_indices().find(|(_, c)| hidden(*c))?;
    let fixed = of.bare.char_indices().filter(|(_, c)| hidden(*c)).map(|(at, c)| at..at + c.len_utf8());
    let mut text = of.text.to_string();
    for place in fixed.collect::<Vec<_>>().into_iter().rev() {
        text.replace_range(place, " ");
    }
    let message = "there is a character here that cannot be seen and is no ordinary blank";
    let help = "word processors and web pages put such characters in: delete it and type a blank";
    Some(Slip::new(at..at + first.len_utf8(), message, "invisible", help).fixed(text))
}

/// Curly quotation marks.
fn curly(of: &Statement<'_>) -> Option<Slip> {
    let (at, mark) = of.bare.char_indices().find(|(_, c)| CURLY.contains(c))?;
    let value = of.value();
    // One text from the first mark to the last; in a list, each from its mark to the next.
    let straight = |inside: &str| {
        if inside.contains('"') && !inside.contains('\'') {
            format!("'{inside}'")
        } else {
            format!("\"{}\"", inside.replace('"', "\\\""))
        }
    };
    let fixed = if value.starts_with(CURLY) {
        let inside = value.strip_prefix(CURLY).unwrap_or(value);
        let close = inside.rfind(|c| CURLY.contains(&c) || c == '"').unwrap_or(inside.len());
        let rest = inside[close..].strip_prefix(|c| CURLY.contains(&c) || c == '"').unwrap_or_default();
        of.with(of.value.clone(), &(straight(&inside[..close]) + rest))
    } else {
        let mut fixed = String::new();
        let mut rest = of.text;
        while let Some(open) = rest.find(CURLY) {
            let inside = rest[open..].trim_start_matches(CURLY);
            fixed.push_str(&rest[..open]);
            let end = |c: char| CURLY.contains(&c) || c == '"' || c == '\n';
            let close = inside.find(end).unwrap_or(inside.len());
            fixed.push_str(&straight(&inside[..close]));
            rest = inside[close..].strip_prefix(|c| end(c) && c != '\n').unwrap_or(&inside[close..]);
        }
        fixed + rest
    };
    let message = "these quotation marks are those of a word processor, and no file of this sort knows them";
    let help = "text stands in straight quotation marks, \"...\"";
    Some(Slip::new(at..at + mark.len_utf8(), message, "curly", help).fixed(fixed))
}

/// A note in the way of other languages.
fn note(of: &Statement<'_>) -> Option<Slip> {
    let text = of.text.trim_start();
    let mark = ["//", "--", "/*", ";", "%", "<!--"].into_iter().find(|mark| text.starts_with(mark))?;
    let at = of.text.len() - text.len();
    let words = text[mark.len()..].trim().trim_end_matches("*/").trim_end_matches("-->").trim();
    let help = "a note starts with #";
    let slip = Slip::new(at..at + mark.len(), "a note is not marked in this way", "not known", help);
    Some(slip.fixed(format!("# {words}\n")))
}

/// A file in another language.
fn braces(of: &Statement<'_>) -> Option<Slip> {
    let text = of.text.trim_start();
    let at = of.text.len() - text.len();
    let help = "each line is `key = value`, without braces around them; this is TOML, not JSON or YAML";
    (text.starts_with(['{', '}']) || text.starts_with("---")).then(|| {
        Slip::new(at..at + 1, "this file seems to be written in another language", "not known here", help)
    })
}

/// A heading whose brackets do not fit.
fn heading(of: &Statement<'_>) -> Option<Slip> {
    if !of.is_heading() || of.bare.contains('=') {
        return None;
    }
    let line = of.bare.trim();
    let at = of.bare.len() - of.bare.trim_start().len();
    let opening = line.len() - line.trim_start_matches('[').len();
    let closing = line.len() - line.trim_end_matches([']', ')', '}']).len();
    let name = line[opening..line.len() - closing].trim();
    let fits = opening == closing && line.ends_with(']');
    let sure = latin(name).unwrap_or_else(|| name.to_string());
    let both = if opening.max(closing) >= 2 { ("[[", "]]") } else { ("[", "]") };
    let fixed = format!("{}{sure}{}\n", both.0, both.1);
    if fits && sure != name {
        let (place, letter) = strange(&of.bare)?;
        let message = format!("the letter `{letter}` in this heading is not Latin, it only looks so");
        let help = "headings are words in Latin letters";
        return Some(Slip::new(place..place + letter.len_utf8(), message, "not Latin", help).fixed(fixed));
    }
    (!fits).then(|| {
        let end = at + line.len();
        let message = "the brackets of this heading do not fit each other";
        let help = "a heading stands in one pair of brackets, or in two where there may be several entries";
        Slip::new(if closing < opening { end..end } else { at..end }, message, "here", help).fixed(fixed)
    })
}

/// A text, a list or a table that is not closed.
fn not_closed(of: &Statement<'_>) -> Option<Slip> {
    let value = of.value();
    if let Some(opened) = of.opened {
        if opened.mark.len() == 3 {
            let help = format!("put {} where it ends", opened.mark);
            let message = "the text that begins here is not closed";
            return Some(Slip::new(opened.at..opened.at + 3, message, "never closed", help));
        }
        let (what, close) = match opened.mark {
            "[" => ("the list", "]"),
            _ => ("the table", "}"),
        };
        let message = format!("{what} that begins here is not closed");
        let help = format!("close it with {close}");
        let slip = Slip::new(opened.at..opened.at + opened.mark.len(), message, "never closed", help);
        let end = of.bare.trim_end().len();
        let inside = of.bare[..end].trim_end_matches([',', ';']).len();
        // A wrong bracket at the end was meant as the right one.
        let inside = if of.bare[..inside].ends_with([')', ']', '}']) { inside - 1 } else { inside };
        return Some(slip.fixed(format!("{}{close}{}", &of.text[..inside], &of.text[end..])));
    }
    let mark = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    if quoted(value).is_some() || value.starts_with("\"\"\"") || value.starts_with("'''") {
        return None;
    }
    let at = of.value.start;
    let inside = value[1..].trim_end_matches([';', ',']).trim_end_matches(['"', '\'', '”', '“', '»', '’']);
    let mark = if inside.contains(mark) { if mark == '"' { '\'' } else { '"' } } else { mark };
    let help = "close it at the end of the line; a text over several lines stands between \"\"\" and \"\"\"";
    let slip = Slip::new(at..at + 1, "the text that begins here is not closed", "never closed", help);
    Some(slip.fixed(of.with(of.value.clone(), &format!("{mark}{inside}{mark}"))))
}

/// The mark of a text that the value of a statement opens and does not close in its line.
pub(super) fn left_open(statement: &str) -> Option<char> {
    let (_, value) = statement.split_once('=')?;
    let value = value.trim_start();
    let mark = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    (quoted(value).is_none() && !value.starts_with("\"\"\"") && !value.starts_with("'''")).then_some(mark)
}

/// A key and a value with nothing, or with a colon, between them; or no key and no value at all.
fn no_equals(of: &Statement<'_>) -> Option<Slip> {
    let line = of.bare.trim();
    if of.bare.contains('=') || of.is_heading() || line.is_empty() {
        return None;
    }
    let at = of.bare.len() - of.bare.trim_start().len();
    let line = &of.text[at..at + line.len()];
    let end = line.find([':', ' ', '\t', '"', '\'', '[']).unwrap_or(line.len());
    let (key, rest) = line.split_at(end);
    let rest = rest.trim_start_matches([' ', '\t', ':']);
    if rest.is_empty() {
        let message = format!("`{key}` stands here alone");
        let help = "a line is `key = value`, a heading in [brackets], or a note that starts with #";
        return Some(Slip::new(at..at + line.len(), message, "no key with a value", help));
    }
    let place = at + end;
    let colon = line[end..].trim_start().starts_with(':');
    let words = rest.split_whitespace().count();
    if !colon && words > 2 && !rest.starts_with(['"', '\'', '[']) && rest.chars().all(|c| !c.is_ascii_digit())
    {
        let message = "this line is a sentence, not a key with its value";
        let help = "words of the text stand in quotation marks behind a key; a note starts with #; a text over several \
                    lines stands between \"\"\" and \"\"\"";
        return Some(Slip::new(at..at + line.len(), message, "a sentence", help));
    }
    let what = if colon { "a colon stands" } else { "the sign `=` is missing" };
    let message = format!("{what} between `{key}` and its value");
    let slip = Slip::new(place..place + 1, message, "here", "a key and its value have `=` between them");
    let fixed = format!("{}{key} = {rest}{}", &of.text[..at], &of.text[at + line.len()..]);
    Some(slip.fixed(fixed))
}

/// `==`, `:=`, `=>`.
fn two_equals(of: &Statement<'_>) -> Option<Slip> {
    let at = of.bare.find('=')?;
    let start = of.bare[..at].trim_end_matches([':', '<', '!']).len();
    let end = at + of.bare[at..].len() - of.bare[at..].trim_start_matches(['=', '>']).len();
    let mark = of.text.get(start..end).filter(|mark| mark.len() > 1 && !of.key.is_empty())?;
    let message = format!("`{mark}` stands between the key and its value");
    let slip = Slip::new(start..end, message, "here", "a key and its value have one `=` between them");
    Some(slip.fixed(of.with(start..end, "=")))
}

/// Two keys with their values in one line, with a semicolon, a comma or nothing between; or such a mark alone.
fn two_lines(of: &Statement<'_>) -> Option<Slip> {
    let value = &of.bare[of.value.clone()];
    if of.value.is_empty() || value.starts_with(['{', '[']) {
        let cut = value.trim_end_matches([';', ',']).len();
        return left_over(of, cut);
    }
    let Some(equals) = value.find('=') else {
        return left_over(of, value.trim_end_matches([';', ',']).len());
    };
    let before = value[..equals].trim_end();
    let key = before.rfind([' ', '\t', ';', ',']).map_or(0, |at| at + 1);
    if key == 0 {
        return None;
    }
    let start = of.value.start + key;
    let first = of.text[..start].trim_end().trim_end_matches([';', ',']).trim_end();
    let slip = Slip::new(
        start..of.value.start + before.len(),
        "a second key stands in the line",
        "begins here",
        "each key stands in a line of its own",
    );
    Some(slip.fixed(format!("{first}\n{}", &of.text[start..])))
}

/// A semicolon or comma at the end of a line.
fn left_over(of: &Statement<'_>, cut: usize) -> Option<Slip> {
    let at = of.value.start + cut;
    let mark = of.bare.get(at..of.value.end).filter(|mark| !mark.is_empty())?;
    let message = format!("a line does not end with `{}`", &mark[..1]);
    Some(Slip::new(at..at + 1, message, "too much", "delete it").fixed(of.with(at..of.value.end, "")))
}

/// Letters of other alphabets that look like Latin ones.
const LOOK_ALIKE: &str = "аaвbеeкkмmнhоoрpсcтtуyхxіiїiјjѕsԁdһhԛqԝwгrпnАAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅS\
                          αaεeοoρpνvιiκkΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX";

/// The same word in Latin letters, where each letter that is none looks like one; `None` where all are Latin
/// or one looks like none.
pub(in crate::config) fn latin(word: &str) -> Option<String> {
    let looks: Vec<char> = LOOK_ALIKE.chars().collect();
    let letter = |c: char| match c {
        _ if c.is_ascii() => Some(c),
        _ => looks.chunks_exact(2).find(|pair| pair[0] == c).map(|pair| pair[1]),
    };
    let word_in_latin: Option<String> = word.chars().map(letter).collect();
    word_in_latin.filter(|latin| latin != word)
}

/// The first letter that is not Latin.
fn strange(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|(_, c)| !c.is_ascii())
}

fn look_alike(of: &Statement<'_>) -> Option<Slip> {
    if of.is_heading() || of.value.is_empty() || of.bare[of.key.clone()].contains('"') {
        return None;
    }
    let (at, letter) = strange(of.key())?;
    let at = of.key.start + at;
    let (message, help) = match latin(of.key()) {
        Some(_) => (
            format!("the letter `{letter}` in this key is not Latin, it only looks so"),
            "keys are words in Latin letters: type it again",
        ),
        None => (
            "a key is a word in Latin letters".to_string(),
            "use the keys of docs/agreement-language.md; text in any language stands behind the `=`",
        ),
    };
    let slip = Slip::new(at..at + letter.len_utf8(), message, "not Latin", help);
    Some(match latin(of.key()) {
        Some(key) => slip.fixed(of.with(of.key.clone(), &key)),
        None => slip,
    })
}

/// A key of several words, with a mark before it, or none.
fn key_of_words(of: &Statement<'_>) -> Option<Slip> {
    if of.is_heading() || of.value.is_empty() {
        return None;
    }
    let key = of.key();
    if key.is_empty() {
        let help = "write the key before the `=`, or delete the line";
        return Some(Slip::new(of.key.start..of.key.start + 1, "a value without a key", "no key", help));
    }
    let plain = key.trim_start_matches(['-', '*', '+', '•', ' ']).trim_end_matches([':', ' ']);
    if plain != key && !plain.is_empty() && !plain.contains([' ', ':']) {
        let at = if key.starts_with(plain) { of.key.start + plain.len() } else { of.key.start };
        let slip = Slip::new(at..at + 1, "a key has no marks beside it", "too much", "delete the mark");
        return Some(slip.fixed(of.with(of.key.clone(), plain)));
    }
    let bare = &of.bare[of.key.clone()];
    let gap = bare.find([' ', '\t']).filter(|_| !bare.contains('"'))?;
    let joined = key.split_whitespace().collect::<Vec<_>>().join("_");
    let help = "the words of a key are joined with `_`";
    let slip = Slip::new(of.key.clone(), "a key is one word", "several words", help);
    let at = of.key.start + gap;
    Some(Slip { span: at..at + 1, ..slip }.fixed(of.with(of.key.clone(), &joined)))
}

fn no_value(of: &Statement<'_>) -> Option<Slip> {
    let equals = of.bare.find('=').filter(|_| of.value.is_empty() && !of.is_heading())?;
    let message = format!("`{}` has no value", of.key());
    let help = "write the value behind the `=`, or delete the line";
    Some(Slip::new(equals..equals + 1, message, "nothing behind it", help))
}

/// A date as people write it.
fn date(of: &Statement<'_>) -> Option<Slip> {
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
            let slip = slip(format!("the date `{value}` cannot be read as it is written"));
            Some(slip.fixed(of.with(of.value.clone(), &day)))
        }
        Meant::Day(_) => None,
        Meant::Either => {
            let slip = slip(format!("in `{value}` nobody can tell the day from the month"));
            Some(Slip { label: "which is the day?".to_string(), ..slip })
        }
        Meant::None => {
            let message = format!("there is no day `{value}`");
            Some(Slip::new(
                of.value.clone(),
                message,
                "no day of any calendar",
                "a date is such as 2025-04-19",
            ))
        }
    }
}

/// What is meant by three numbers with marks between them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::config) enum Meant {
    /// This day, with the hour that stands behind it, as the file needs it.
    Day(String),
    /// Day and month can't be told apart: to guess would move the truce.
    Either,
    /// No day that exists.
    None,
}

/// The day in a text such as `19.04.2025`, `19/4/25 18:00` or `2025-4-9`; `None` if it is nothing of the sort.
pub(in crate::config) fn meant(text: &str) -> Option<Meant> {
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
        return Some(Meant::Either);
    }
    let small = |number: u16| u8::try_from(number).unwrap_or(0);
    let Some(date) = Date::new(i32::from(year), small(month), small(day_of)) else {
        return Some(Meant::None);
    };
    let hour: String = hour.chars().filter(|c| *c != ' ').collect();
    Some(Meant::Day(if hour.is_empty() { date.to_string() } else { format!("{date}T{hour}") }))
}

fn decimal_comma(of: &Statement<'_>) -> Option<Slip> {
    let (whole, part) = of.value().split_once(',')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole.trim_start_matches('-')) || !digits(part) {
        return None;
    }
    let at = of.value.start + whole.len();
    let message = format!("the number `{}` has a comma in it", of.value());
    let help = "a number has a point before its decimals and no marks between thousands: 2.5, 10000";
    let slip = Slip::new(at..at + 1, message, "a comma", help);
    // 10,000 may be ten, or ten thousand.
    Some(if part.len() == 3 { slip } else { slip.fixed(of.with(at..at + 1, ".")) })
}

fn percent(of: &Statement<'_>) -> Option<Slip> {
    let number = of.value().strip_suffix('%')?.trim_end().replace(',', ".");
    let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
    let shift: u32 = whole.parse().ok().filter(|whole| *whole <= 100)?;
    let digits = format!("{}.{:02}{part}", shift / 100, shift % 100);
    let share = digits.trim_end_matches('0').trim_end_matches('.');
    let at = of.value.end - 1;
    let slip =
        Slip::new(at..at + 1, "a share is not written in per cent", "per cent", "a share is a part of one");
    Some(slip.fixed(of.with(of.value.clone(), share)))
}

/// A length or a time with its unit, without quotation marks.
fn measured(of: &Statement<'_>) -> Option<Slip> {
    let value = of.value();
    let number = value.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-'));
    let unit = number.trim_start();
    if number.len() == value.len()
        || unit.is_empty()
        || !unit.chars().all(char::is_alphabetic)
        || unit.len() > 8
    {
        return None;
    }
    let value = format!("\"{}\"", value.replace(',', "."));
    let help = "what has a unit stands in quotation marks";
    let slip =
        Slip::new(of.value.clone(), "a number with a unit needs quotation marks", "no quotation marks", help);
    Some(slip.fixed(of.with(of.value.clone(), &value)))
}

fn yes(of: &Statement<'_>) -> Option<Slip> {
    let word = match of.value().to_lowercase().as_str() {
        "yes" | "y" | "true" | "on" | "так" | "да" => "true",
        "no" | "n" | "false" | "off" | "ні" | "нет" => "false",
        _ => return None,
    };
    let message = format!("`{}` is not known as an answer", of.value());
    let slip = Slip::new(of.value.clone(), message, "yes or no?", "yes is written `true`, no `false`");
    Some(slip.fixed(of.with(of.value.clone(), word)))
}

/// Minus signs of print, zeros in front, blanks or apostrophes between thousands.
fn plain_number(of: &Statement<'_>) -> Option<Slip> {
    let value = of.value();
    let digits = value.bytes().any(|byte| byte.is_ascii_digit());
    let only =
        value.chars().all(|c| c.is_ascii_digit() || matches!(c, '−' | '–' | '-' | ' ' | '.' | '\'' | '’'));
    if !digits || !only {
        return None;
    }
    let plain = value.replace(['−', '–'], "-").replace([' ', '\'', '’'], "");
    let zeros = plain.trim_start_matches('0');
    let plain = if zeros.is_empty() || zeros.starts_with('.') { plain } else { zeros.to_string() };
    let message = format!("the number `{value}` cannot be read as it is written");
    let help = "a number is plain digits, with an ordinary hyphen if it is negative, and no blanks";
    let slip = Slip::new(of.value.clone(), message, "not plain", help);
    Some(slip.fixed(of.with(of.value.clone(), &plain)))
}

/// Quotation marks within a quoted text.
fn quotes_inside(of: &Statement<'_>) -> Option<Slip> {
    let value = of.value();
    let mark = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let end = quoted(value)?;
    let inside = value.strip_prefix(mark)?.strip_suffix(mark)?;
    let listed = value[end..].trim_start().starts_with(',');
    if end == value.len() || !inside.contains(mark) || listed {
        return None;
    }
    let other = if mark == '"' { '\'' } else { '"' };
    let fixed = if inside.contains(other) {
        format!("\"{}\"", inside.replace('"', "\\\""))
    } else {
        format!("{other}{inside}{other}")
    };
    let at = of.value.start + end - 1;
    let message = "the text ends here, at its second quotation mark, although more of it follows";
    let help = "a text that has quotation marks in it stands between those of the other sort";
    let slip = Slip::new(at..at + 1, message, "ends the text", help);
    Some(slip.fixed(of.with(of.value.clone(), &fixed)))
}

/// A backslash, as in paths of Windows.
fn backslash(of: &Statement<'_>) -> Option<Slip> {
    let value = of.value();
    let at = of.value.start + value.find('\\').filter(|_| value.starts_with('"'))?;
    let inside = value.strip_prefix('"')?.strip_suffix('"')?;
    let fixed = if inside.contains('\'') {
        format!("\"{}\"", inside.replace('\\', "\\\\"))
    } else {
        format!("'{inside}'")
    };
    let message = "a backslash in a text between \"...\" does not stand for itself";
    let help = "put a text with backslashes between '...'";
    let slip = Slip::new(at..at + 1, message, "a backslash", help);
    Some(slip.fixed(of.with(of.value.clone(), &fixed)))
}

/// The marks between the items of a list.
fn list(of: &Statement<'_>) -> Option<Slip> {
    let value = &of.bare[of.value.clone()];
    if value.starts_with('(') && value.ends_with(')') {
        let at = of.value.start;
        let fixed = format!("[{}]", &of.value()[1..value.len() - 1]);
        let slip =
            Slip::new(at..at + 1, "a list stands in other brackets", "round", "a list stands in [ and ]");
        return Some(slip.fixed(of.with(of.value.clone(), &fixed)));
    }
    if !value.starts_with('[') {
        return None;
    }
    if let Some(at) = value.find(';') {
        let at = of.value.start + at;
        let mut fixed = of.text.to_string();
        for (place, _) in of.bare.match_indices(';') {
            fixed.replace_range(place..=place, ",");
        }
        let slip =
            Slip::new(at..at + 1, "a semicolon stands between the items of a list", "here", "use commas");
        return Some(slip.fixed(fixed));
    }
    // Two commas with nothing between.
    let mut comma = None;
    for (at, c) in value.char_indices() {
        match c {
            ',' if comma.is_some() => {
                let at = of.value.start + at;
                let slip = Slip::new(
                    at..at + 1,
                    "an item of the list is missing before this comma",
                    "too much",
                    "delete the comma",
                );
                return Some(slip.fixed(of.with(at..at + 1, "")));
            }
            ',' => comma = Some(at),
            c if c.is_whitespace() => {}
            _ => comma = None,
        }
    }
    // A text that follows a text. In `bare` both are runs of marks.
    let mut ended = None;
    for (at, c) in value.char_indices() {
        match (c, ended) {
            ('"', Some(end)) if at > end => {
                let at = of.value.start + end;
                let slip = Slip::new(
                    at..at + 1,
                    "a comma is missing between two items of the list",
                    "here",
                    "items have commas between them",
                );
                return Some(slip.fixed(of.with(at..at, ",")));
            }
            ('"', _) => ended = Some(at + 1),
            (c, _) if c.is_whitespace() => {}
            _ => ended = None,
        }
    }
    // Words without quotation marks.
    let inside = value.strip_prefix('[')?.strip_suffix(']')?;
    let offset = of.value.start + 1;
    let word = inside.find(|c: char| c.is_alphabetic())?;
    // A sentence's list: `"fire" and "assault"`.
    for joint in ["and", "or", "та", "і", "й", "або", "и", "или"] {
        let between = format!("\" {joint} \"");
        if of.text[offset..offset + inside.len()].contains(&between) {
            let at = offset + of.text[offset..].find(&between)? + 2;
            let whole = of.value.clone();
            let slip = Slip::new(
                at..at + joint.len(),
                "items have commas between them",
                "a word",
                "put a comma here",
            );
            let fixed = of.text[whole.clone()].replace(&between, "\", \"");
            return Some(slip.fixed(of.with(whole, &fixed)));
        }
    }
    let items: Vec<String> =
        of.text[offset..offset + inside.len()].split(',').map(|item| quoted_item(item.trim())).collect();
    let at = offset + word;
    let end = at + inside[word..].find([',', ' ', ']']).unwrap_or(inside.len() - word);
    let slip = Slip::new(
        at..end,
        "a text in a list needs quotation marks",
        "no quotation marks",
        "text stands in \"...\"",
    );
    Some(slip.fixed(of.with(of.value.clone(), &format!("[{}]", items.join(", ")))))
}

fn quoted_item(item: &str) -> String {
    match item.chars().next() {
        Some(first) if first.is_alphabetic() => format!("\"{item}\""),
        _ => item.to_string(),
    }
}

/// The marks within `{ ... }`.
fn inner_table(of: &Statement<'_>) -> Option<Slip> {
    let value = &of.bare[of.value.clone()];
    if !value.starts_with('{') {
        return None;
    }
    let (wrong, right, message, help) = if value.contains(':') && !value.contains("=") {
        (':', " =", "a colon stands between a key and its value", "use `=`")
    } else if value.contains(';') {
        (';', ",", "a semicolon stands between the parts of a table", "use commas")
    } else {
        let gap = value.match_indices('=').nth(1)?.0;
        let key = value[..gap].trim_end();
        let key = key.rfind(|c: char| c.is_whitespace())?;
        let end = of.value.start + value[..key].trim_end().len();
        let slip = Slip::new(
            end..end + 1,
            "a comma is missing between two parts of the table",
            "here",
            "parts have commas between them",
        );
        return Some(slip.fixed(of.with(end..end, ",")));
    };
    let at = of.value.start + value.find(wrong)?;
    let mut fixed = of.text.to_string();
    for (place, _) in value.match_indices(wrong).collect::<Vec<_>>().into_iter().rev() {
        let place = of.value.start + place;
        fixed.replace_range(place..=place, right);
    }
    Some(Slip::new(at..at + 1, message, "here", help).fixed(fixed))
}

/// `"UA", "RU"`, with a bracket at one end or at none.
fn list_without_brackets(of: &Statement<'_>) -> Option<Slip> {
    let value = &of.bare[of.value.clone()];
    let items = value.trim_matches(['[', ']']);
    let one_end = value.len() > 1 && value.ends_with(']') && !value.starts_with('[');
    if value.starts_with(['[', '{']) || !(one_end || value.starts_with('"') && items.contains(',')) {
        return None;
    }
    let at = of.value.start;
    let items = of.value().trim_end_matches(']');
    let slip = Slip::new(at..at + 1, "a list needs brackets", "begins here", "a list stands in [ and ]");
    Some(slip.fixed(of.with(of.value.clone(), &format!("[{items}]"))))
}

/// Words behind a value.
fn behind(of: &Statement<'_>) -> Option<Slip> {
    let value = of.value();
    let end = match value.chars().next()? {
        '"' | '\'' => quoted(value)?,
        c if c.is_ascii_digit() => value.find(' ')?,
        _ => return None,
    };
    let rest = value[end..].trim_start();
    if rest.is_empty() {
        return None;
    }
    let at = of.value.end - rest.len();
    // `2031-01-01 24:00` and `1 January 2031`: nothing of these is a note, and to cut it off would change the day meant.
    if value.starts_with(|c: char| c.is_ascii_digit()) {
        if value[..end].contains('-') && rest.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        if rest.starts_with(char::is_alphabetic) {
            let message = "words stand behind this number";
            let help = "a date is year-month-day, such as 2031-01-01; text stands in \"quotation marks\"";
            return Some(Slip::new(of.value.clone(), message, "neither a number nor a text", help));
        }
    }
    let slip = Slip::new(
        at..of.value.end,
        "something stands behind the value",
        "not part of it",
        "a note starts with #",
    );
    Some(slip.fixed(of.with(at..at, "# ")))
}

/// Text without quotation marks.
fn plain_text(of: &Statement<'_>) -> Option<Slip> {
    let value = of.value();
    let first = value.chars().next().filter(|c| c.is_alphanumeric())?;
    let words = value.split('T').all(|part| part.chars().any(char::is_alphabetic));
    if !first.is_alphabetic() && !words {
        return None; // a number or a date
    }
    let help = "text stands in \"quotation marks\"";
    let slip = Slip::new(of.value.clone(), "a text needs quotation marks", "no quotation marks", help);
    if first.is_alphabetic() && value.contains(',') && value.split(',').all(|item| !item.trim().contains(' '))
    {
        let items: Vec<String> = value.split(',').map(|item| quoted_item(item.trim())).collect();
        return Some(slip.fixed(of.with(of.value.clone(), &format!("[{}]", items.join(", ")))));
    }
    let text = value.trim_end_matches(['"', '\'']);
    let quoted = if text.contains('"') { format!("'{text}'") } else { format!("\"{text}\"") };
    Some(slip.fixed(of.with(of.value.clone(), &quoted)))
}
