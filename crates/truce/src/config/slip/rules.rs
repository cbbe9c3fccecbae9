//! The slips that people make, one function each: `None` where a statement has not this one.

use super::Slip;
use super::date::date;
use super::line::{CURLY, Statement, quoted};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A slip in a statement, if it is this one.
pub(super) type Rule = fn(&Statement<'_>) -> Option<Slip>;

/// All, what is surest first: of several that fit, the first is told whose correction can be read.
pub(super) const RULES: [Rule; 28] = [
    two_versions,
    invisible,
    curly,
    note,
    braces,
    bullet,
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
    two_apostrophes,
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

/// Is it a blank that is none, a break of a word processor, or a mark without width?
pub(in crate::config) fn hidden(c: char) -> bool {
    matches!(
        c,
        '\u{b}' | '\u{c}' | '\u{85}' | '\u{a0}' | '\u{ad}' | '\u{2000}'
            ..='\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{2060}' | '\u{3000}' | '\u{feff}'
    )
}

/// Blanks that are none, and marks without width.
fn invisible(of: &Statement<'_>) -> Option<Slip> {
    let (at, first) = of.bare.char_indices().find(|(_, c)| hidden(*c))?;
    let fixed = of.bare.char_indices().filter(|(_, c)| hidden(*c)).map(|(at, c)| at..at + c.len_utf8());
    let mut text = of.text.to_string();
    for place in fixed.collect::<Vec<_>>().into_iter().rev() {
        // Breaks of lines, columns and pages of a word processor.
        let breaks =
            matches!(&of.text[place.clone()], "\u{b}" | "\u{c}" | "\u{85}" | "\u{2028}" | "\u{2029}");
        // Without width, within a word: it stands for nothing.
        let nothing = matches!(
            &of.text[place.clone()],
            "\u{ad}" | "\u{200b}" | "\u{200c}" | "\u{200d}" | "\u{2060}" | "\u{feff}"
        );
        text.replace_range(
            place,
            if breaks {
                "\n"
            } else if nothing {
                ""
            } else {
                " "
            },
        );
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

/// A heading whose brackets do not fit, with several words in it, or with something behind it.
fn heading(of: &Statement<'_>) -> Option<Slip> {
    if !of.is_heading() {
        return None;
    }
    let line = of.bare.trim();
    let at = of.bare.len() - of.bare.trim_start().len();
    let opening = line.len() - line.trim_start_matches('[').len();
    let inside = &line[opening..];
    let closes = [']', ')', '}'];
    let words = inside.find(closes).map_or(inside, |close| &inside[..close]);
    let closed = &inside[words.len()..];
    let behind = closed.trim_start_matches(closes);
    let closing = closed.len() - behind.len();
    if closing == 0 && words.contains('=') {
        return None;
    }
    let fits = opening == closing && opening <= 2 && closed[..closing].bytes().all(|byte| byte == b']');
    let name = words.trim();
    let first = name.split([' ', '\t']).next().unwrap_or_default();
    // A word of another alphabet is not a Latin one with a letter or two that only look so.
    let foreign = !first.is_ascii() && !first.chars().any(|c| c.is_ascii_alphabetic());
    if foreign {
        let place = at + line.find(name)?;
        let help =
            "headings are the English words of docs/agreement-language.md, such as [[party]] and [[clause]]";
        let place = place..place + name.len();
        return Some(Slip::new(place, format!("there is no heading `{name}`"), "not known", help));
    }
    let sure = latin(first).unwrap_or_else(|| first.to_string());
    let both = if opening.max(closing) >= 2 { ("[[", "]]") } else { ("[", "]") };
    let headed = format!("{}{sure}{}\n", both.0, both.1);
    if !behind.trim().is_empty() {
        let place = at + line.len() - behind.trim_start().len();
        let rest = &of.text[place..at + line.len()];
        let fixed = match rest.trim_start_matches([':', '.', ';', ',', '-', '–', '—']).trim() {
            "" => headed,
            key if key.contains('=') => format!("{headed}{key}\n"),
            note => format!("{} # {note}\n", headed.trim_end()),
        };
        let help =
            "a heading stands alone in its line; a key goes into the next one, and a note starts with #";
        let message = "something stands behind this heading";
        return Some(Slip::new(place..at + line.len(), message, "not part of it", help).fixed(fixed));
    }
    if !fits {
        let end = at + line.len();
        let message = "the brackets of this heading do not fit each other";
        let help = "a heading stands in one pair of brackets, or in two where there may be several entries";
        let place = if closing < opening { end..end } else { at..end };
        return Some(Slip::new(place, message, "here", help).fixed(headed));
    }
    if first != name {
        let place = at + line.find(name)? + first.len();
        let help =
            "each entry has the same heading, without a number or a name: its name is its `id` or `title`";
        let place = place..at + line.len() - closing;
        return Some(Slip::new(place, "a heading is one word", "too much", help).fixed(headed));
    }
    if sure != name {
        let (place, letter) = strange(&of.bare)?;
        let message = format!("the letter `{letter}` in this heading is not Latin, it only looks so");
        let help = "headings are words in Latin letters";
        return Some(Slip::new(place..place + letter.len_utf8(), message, "not Latin", help).fixed(headed));
    }
    None
}

/// What stands before an item of a list, or beside a page number.
fn stroke(c: char) -> bool {
    matches!(c, '-' | '*' | '+' | '•' | '·' | '–' | '—' | '▪' | '○' | '>' | '#' | '_')
}

/// A line of nothing but strokes and figures: a page number, or a rule across the page. There is nothing in it to put
/// right.
pub(in crate::config) fn page(of: &Statement<'_>) -> Option<Slip> {
    let line = of.bare.trim();
    let at = of.bare.len() - of.bare.trim_start().len();
    let strokes = line.chars().all(|c| stroke(c) || c.is_ascii_digit() || c == ' ');
    let help = "page numbers and rules are no part of the file: delete the line";
    (strokes && line.starts_with(stroke))
        .then(|| Slip::new(at..at + line.len(), "this line is no key and no heading", "left over", help))
}

/// A bullet, a number or stars before a key or a heading, as in a list of a word processor or in YAML.
fn bullet(of: &Statement<'_>) -> Option<Slip> {
    let line = of.bare.trim();
    let at = of.bare.len() - of.bare.trim_start().len();
    let rest = line.trim_start_matches(stroke);
    let number = rest.trim_start_matches('(').trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = number.len() < rest.len() && number.starts_with(['.', ')']) && rest.len() == line.len();
    let rest = if numbered { number[1..].trim_start() } else { rest.trim_start() };
    let place = at + line.len() - rest.len();
    let end = rest.trim_end_matches('*').len();
    let starts = rest.starts_with(|c: char| c == '[' || c.is_alphabetic()) && rest.contains([':', '=', '[']);
    if place == at || !starts {
        return None;
    }
    let fixed = [&of.text[..at], &of.text[place..place + end], "\n"].concat();
    let help = "a line starts with its key or its heading: delete the mark";
    let marks = of.text[at..place].trim_end().len();
    Some(Slip::new(at..at + marks, "a line has no bullet or number before it", "too much", help).fixed(fixed))
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

/// Is it a key with nothing behind its `=` or its colon?
pub(super) fn ends_open(statement: &str) -> bool {
    statement.trim_end().ends_with('=')
}

/// The item of a list in a line with a bullet before it, in quotation marks.
pub(super) fn item(line: &str) -> Option<String> {
    let line = line.trim();
    let item = line.trim_start_matches(['-', '*', '•', '·', '▪', '–', '—']);
    let item = (item.len() < line.len()).then(|| item.trim().trim_end_matches([',', ';', '.']))?;
    let inside = item.trim_matches(|c: char| CURLY.contains(&c) || c == '"');
    (!inside.is_empty() && !inside.contains(['"', '='])).then(|| format!("\"{inside}\""))
}

/// A key and a value with nothing, or with a colon, between them; or no key and no value at all.
fn no_equals(of: &Statement<'_>) -> Option<Slip> {
    let line = of.bare.trim();
    if of.bare.contains('=') || of.is_heading() || line.is_empty() {
        return None;
    }
    let at = of.bare.len() - of.bare.trim_start().len();
    let line = &of.text[at..at + line.len()];
    let end = line.find([':', '：', '＝', ' ', '\t', '"', '\'', '[']).unwrap_or(line.len());
    let (key, rest) = line.split_at(end);
    let rest = rest.trim_start_matches([' ', '\t', ':', '：', '＝', '—', '–', '→', '>']);
    // `rule is "prohibits"`.
    let said = ["is ", "are "].iter().find_map(|word| rest.strip_prefix(word));
    let rest = said.map(str::trim_start).filter(|rest| rest.starts_with(['"', '\'', '['])).unwrap_or(rest);
    if rest.is_empty() {
        let message = format!("`{key}` stands here alone");
        let help = "a line is `key = value`, a heading in [brackets], or a note that starts with #";
        return Some(Slip::new(at..at + line.len(), message, "no key with a value", help));
    }
    let place = at + end;
    let colon = line[end..].trim_start().starts_with(':');
    let words = rest.split_whitespace().count();
    // `Article 1. Truce`: no key has a capital.
    let prose = key.chars().any(|c| !c.is_ascii() || c.is_ascii_uppercase()) && latin(key).is_none();
    let sentence = prose && !rest.starts_with(['"', '\'', '[', '“', '«', '„']);
    if !colon && sentence
        || !colon
            && words > 2
            && !rest.starts_with(['"', '\'', '['])
            && rest.chars().all(|c| !c.is_ascii_digit())
    {
        let message = "this line is a sentence, not a key with its value";
        let help = "words of the text stand in quotation marks behind a key; a note starts with #; a text over several \
                    lines stands between \"\"\" and \"\"\"";
        let slip = Slip::new(at..at + line.len(), message, "a sentence", help);
        let last = line.ends_with(['.', ':', ';', '!']) || sentence;
        return Some(if last {
            slip.fixed(of.with(at..at + line.len(), &format!("# {line}")))
        } else {
            slip
        });
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
        let marks: &[char] = if value.starts_with('"') { &[';', ',', '.'] } else { &[';', ','] };
        return left_over(of, value.trim_end_matches(marks).len());
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
    let nothing = of.value().chars().all(|c| matches!(c, '.' | '…' | '-' | '–' | '—' | '?' | '_' | '*'));
    let equals = of.bare.find('=').filter(|_| nothing && !of.is_heading())?;
    let message = format!("`{}` has no value", of.key());
    let help = "write the value behind the `=`, or delete the line";
    Some(Slip::new(equals..equals + 1, message, "nothing behind it", help))
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

/// A share as people write it, `90 %` or `0,9`, as files need it.
pub(in crate::config) fn share(text: &str) -> Option<String> {
    let text = text.trim().replace(',', ".");
    let Some(number) = text.strip_suffix('%') else {
        let (whole, part) = text.split_once('.')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        return (whole == "0" && digits(part)).then_some(text);
    };
    let (whole, part) = number.trim_end().split_once('.').unwrap_or((number.trim_end(), ""));
    let shift: u32 = whole.parse().ok().filter(|whole| *whole <= 100)?;
    let digits = format!("{}.{:02}{part}", shift / 100, shift % 100);
    Some(digits.trim_end_matches('0').trim_end_matches('.').to_string())
}

fn percent(of: &Statement<'_>) -> Option<Slip> {
    let share = of.value().ends_with('%').then(|| share(of.value())).flatten()?;
    let at = of.value.end - 1;
    let slip =
        Slip::new(at..at + 1, "a share is not written in per cent", "per cent", "a share is a part of one");
    Some(slip.fixed(of.with(of.value.clone(), &share)))
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
        || super::date::month_of(unit).is_some()
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
    let plain = match zeros {
        part if part.starts_with('.') => format!("0{part}"),
        "" => plain,
        number => number.to_string(),
    };
    let message = format!("the number `{value}` cannot be read as it is written");
    let help = "a number is plain digits, with an ordinary hyphen if it is negative, and no blanks";
    let slip = Slip::new(of.value.clone(), message, "not plain", help);
    Some(slip.fixed(of.with(of.value.clone(), &plain)))
}

/// `''text''`: two apostrophes for one quotation mark.
fn two_apostrophes(of: &Statement<'_>) -> Option<Slip> {
    let inside = of.value().strip_prefix("''")?.strip_suffix("''").filter(|inside| !inside.is_empty())?;
    let place = of.value.start..of.value.start + 2;
    let help = "text stands in quotation marks, \"...\"";
    let slip = Slip::new(place, "two apostrophes stand here for a quotation mark", "two apostrophes", help);
    (!inside.contains(['"', '\\'])).then(|| slip.fixed(of.with(of.value.clone(), &format!("\"{inside}\""))))
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
    let marked = |line: &str| line.trim_start().starts_with(['•', '·', '▪', '–', '—', '*', '-']);
    let bullets = |line: &str| {
        line.trim_start().trim_start_matches(['•', '·', '▪', '–', '—', '*', '-']).trim().to_string()
    };
    if let Some(line) = value.lines().skip(1).find(|line| marked(line) && line.contains('"')) {
        let at = of.value.start + (line.as_ptr() as usize - value.as_ptr() as usize) + line.len()
            - line.trim_start().len();
        let end = at + of.bare[at..].chars().next().map_or(1, char::len_utf8);
        let lines: Vec<String> = of.value().lines().map(bullets).collect();
        let help = "the items of a list have commas between them, and no bullets";
        let slip = Slip::new(at..end, "a bullet stands before an item of the list", "too much", help);
        return Some(slip.fixed(of.with(of.value.clone(), &lines.join("\n"))));
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
    // `uk: "..."`: a colon that is none of an hour.
    let colon = |at: usize| {
        let before = value[..at].trim_end().chars().next_back();
        before.is_some_and(char::is_alphabetic) && !value[at + 1..].starts_with(|c: char| c.is_ascii_digit())
    };
    let colons: Vec<usize> = value.match_indices(':').map(|(at, _)| at).filter(|at| colon(*at)).collect();
    if let Some(first) = colons.first() {
        let mut fixed = of.text.to_string();
        for at in colons.iter().rev() {
            let at = of.value.start + at;
            fixed.replace_range(at..=at, " =");
        }
        let at = of.value.start + first;
        let message = "a colon stands between a key and its value";
        return Some(Slip::new(at..at + 1, message, "here", "use `=`").fixed(fixed));
    }
    // `... } ru = `: a key with neither a comma nor a brace before it.
    let ends = value.match_indices('=').filter_map(|(equals, _)| {
        let key = value[..equals].trim_end();
        let key = key.trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-')).len();
        let before = value[..key].trim_end();
        (key > before.len() && !before.ends_with([',', '{', ';', '.']))
            .then_some(of.value.start + before.len())
    });
    let ends: Vec<usize> = ends.collect();
    if let Some(end) = ends.first() {
        let mut fixed = of.text.to_string();
        for end in ends.iter().rev() {
            fixed.insert(*end, ',');
        }
        let help = "parts have commas between them";
        let message = "a comma is missing between two parts of the table";
        return Some(Slip::new(*end..*end + 1, message, "here", help).fixed(fixed));
    }
    let (wrong, right) = (';', ",");
    let (message, help) = ("a semicolon stands between the parts of a table", "use commas");
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
    if let Some(inside) = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        let help = "text stands in \"quotation marks\"";
        let slip = Slip::new(of.value.clone(), "a text stands in other brackets", "not these", help);
        return Some(slip.fixed(of.with(of.value.clone(), &format!("\"{inside}\""))));
    }
    let first = value.chars().next().filter(|c| c.is_alphanumeric())?;
    let words = value.split('T').all(|part| part.chars().any(char::is_alphabetic));
    if !first.is_alphabetic() && !words {
        return None; // a number or a date
    }
    let help = "text stands in \"quotation marks\"";
    let slip = Slip::new(of.value.clone(), "a text needs quotation marks", "no quotation marks", help);
    // An hour in words, or what may be one: quoted it would be as wrong.
    let times = ["from", "to", "date", "since", "due", "until", "not_before", "not_after", "as_of", "daily"];
    let noon = ["noon", "midnight", "midday", "полудень", "опівдні", "опівночі", "полдень", "полночь"];
    let digits = value.contains(|c: char| c.is_ascii_digit());
    if times.contains(&of.key()) && (digits || noon.contains(&value.to_lowercase().as_str())) {
        let help = "a day is year-month-day, such as 2025-04-19, an hour stands behind its day: \
                    2025-04-19T12:00:00+03:00";
        return Some(Slip::new(of.value.clone(), "this is no day and no hour", "in words", help));
    }
    if first.is_alphabetic() && value.contains(',') && value.split(',').all(|item| !item.trim().contains(' '))
    {
        let items: Vec<String> = value.split(',').map(|item| quoted_item(item.trim())).collect();
        return Some(slip.fixed(of.with(of.value.clone(), &format!("[{}]", items.join(", ")))));
    }
    let text = value.trim_end_matches(['"', '\'']);
    let quoted = if text.contains('"') { format!("'{text}'") } else { format!("\"{text}\"") };
    Some(slip.fixed(of.with(of.value.clone(), &quoted)))
}
