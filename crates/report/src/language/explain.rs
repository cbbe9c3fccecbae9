//! The explanation of an agreement in a language: lines of text under headings.

use super::{Figure as Put, Language, Words};
use crate::state::Said;
use truce::agreement::explain::{Figure, Join, Level, Sentence, explain};
use truce::agreement::{Agreement, Prose, Words as Quoted};
use truce::place::{KM, METRE, Mm};
use truce::time::{DAY, Date, HOUR, MINUTE, Micros, Time};

/// Widest line of the explanation, in characters.
const WIDTH: usize = 100;

/// One international nautical mile.
const NAUTICAL_MILE: Mm = 1_852 * METRE;

impl Words {
    /// What an agreement means. Plain text, lines of at most 100 characters (longer addresses are not broken).
    /// Quotes stand as in the file, with their language beside them where it is another; titles, notes and what is in
    /// our words stand in the translation that the file has, else in English: how many, the head of the page says.
    pub fn explain(&self, agreement: &Agreement) -> String {
        let mut text = String::new();
        let paragraphs = explain(agreement);
        let english: u64 = paragraphs.iter().map(|paragraph| self.in_english(&paragraph.sentence)).sum();
        for (at, paragraph) in paragraphs.iter().enumerate() {
            let (first, rest) = match paragraph.level {
                Level::Line | Level::Heading => ("", ""),
                Level::Item => ("  - ", "    "),
                Level::Detail => ("      ", "      "),
            };
            if paragraph.level == Level::Heading {
                text.push('\n');
            }
            wrap(&mut text, first, rest, &self.sentence(&paragraph.sentence));
            // Under the first two lines, title and nature.
            if at == 1 && english > 0 {
                wrap(
                    &mut text,
                    "",
                    "",
                    &self.say("explain-untranslated", &[("number", Put::Number(english))]),
                );
            }
        }
        text
    }

    /// How many titles and sentences of ours in it have no translation into this language.
    fn in_english(&self, sentence: &Sentence) -> u64 {
        sentence.figures.iter().map(|(_, figure)| self.figure_in_english(figure)).sum()
    }

    fn figure_in_english(&self, figure: &Figure) -> u64 {
        match figure {
            Figure::Titled(_, titles)
            | Figure::Prose(Prose { titles, .. })
            | Figure::Words(Quoted::Paraphrase(Prose { titles, .. }), _) => match self.language() {
                Language::English => 0,
                own @ (Language::Russian | Language::Ukrainian) => {
                    u64::from(titles.get(own.code()).is_none())
                }
            },
            Figure::Said(sentence) => self.in_english(sentence),
            Figure::List(items, _) => items.iter().map(|item| self.figure_in_english(item)).sum(),
            _ => 0,
        }
    }

    /// A sentence of the core in this language.
    pub fn sentence(&self, sentence: &Sentence) -> String {
        let figures: Vec<(&str, Put)> =
            sentence.figures.iter().map(|(name, figure)| (*name, self.figure(figure))).collect();
        self.say(sentence.key, &figures)
    }

    fn figure(&self, figure: &Figure) -> Put {
        match figure {
            Figure::Number(number) => Put::Number(*number),
            other => Put::Text(self.shown(other)),
        }
    }

    pub(crate) fn shown(&self, figure: &Figure) -> String {
        match figure {
            Figure::Nothing => String::new(),
            Figure::Text(text) => text.clone(),
            Figure::Number(number) => self.number(*number),
            Figure::Date(date) => self.short_date(*date),
            Figure::Clock(time, offset) => self.clock(*time, *offset),
            Figure::TimeOfDay(at) => format!("{:02}:{:02}", at / HOUR, at % HOUR / MINUTE),
            Figure::Duration(length) => self.duration(*length),
            Figure::Length(mm) if mm % KM == 0 => self.unit("explain-kilometres", (mm / KM).to_string()),
            // Ten nautical miles are not told as 18,520 metres.
            Figure::Length(mm) if mm % NAUTICAL_MILE == 0 => {
                let number = Put::Number((mm / NAUTICAL_MILE).unsigned_abs());
                self.say("explain-nautical-miles", &[("number", number)])
            }
            // From a kilometre on, hundreds of metres are decimals.
            Figure::Length(mm) if mm.abs() >= KM && mm % (100 * METRE) == 0 => {
                let part = |of: Mm| u32::try_from(of.unsigned_abs()).unwrap_or(u32::MAX);
                let (whole, part) = (part(mm / KM), part(mm % KM / (100 * METRE)));
                self.unit("explain-kilometres", self.decimal(whole, part, 1))
            }
            Figure::Length(mm) => self.unit("explain-metres", (mm / METRE).to_string()),
            Figure::Calibre(hundredths) => {
                self.unit("explain-millimetres", self.decimal(hundredths / 100, hundredths % 100, 2))
            }
            Figure::Share(permille) => self
                .unit("explain-share", self.decimal(u32::from(permille / 10), u32::from(permille % 10), 1)),
            Figure::Named(name, names) => {
                let own = names.iter().find(|one| one.language == self.language().code());
                own.map_or(name, |one| &one.name).to_string()
            }
            Figure::Titled(title, titles) => titles.get(self.language().code()).unwrap_or(title).to_string(),
            Figure::Prose(prose) => self.prose(&prose.text, prose.titles.get(self.language().code())),
            Figure::Words(words, language) => self.quoted(words, language),
            Figure::Term(table, name) => self.word(&format!("explain-{table}-{name}")),
            Figure::List(items, join) => {
                self.joined(&items.iter().map(|item| self.shown(item)).collect::<Vec<_>>(), *join)
            }
            Figure::Said(sentence) => self.sentence(sentence),
        }
    }

    fn unit(&self, key: &str, number: String) -> String {
        self.say(key, &[("number", number.into())])
    }

    /// A number with so many digits after the sign of decimals; whole without them.
    pub(crate) fn decimal(&self, whole: u32, part: u32, digits: usize) -> String {
        if part == 0 {
            return whole.to_string();
        }
        let part = format!("{part:0digits$}");
        self.say("explain-decimal", &[("whole", whole.to_string().into()), ("part", part.into())])
    }

    pub(crate) fn short_date(&self, date: Date) -> String {
        let (year, month, day) =
            (format!("{:04}", date.year), format!("{:02}", date.month), format!("{:02}", date.day));
        self.say("explain-date", &[("year", year.into()), ("month", month.into()), ("day", day.into())])
    }

    /// Day and time on a clock ahead of UTC; seconds only where there are any.
    fn clock(&self, time: Time, offset: Micros) -> String {
        let shown = Time(time.0.saturating_add(offset));
        let text = shown.to_string();
        let time = text.split('T').nth(1).unwrap_or_default().trim_end_matches('Z');
        let time = time.strip_suffix(":00").unwrap_or(time);
        self.say("explain-time", &[("date", self.short_date(shown.date(0)).into()), ("time", time.into())])
    }

    /// A moment in UTC, as precise as it is: in English as files have it.
    pub fn utc(&self, time: Time) -> String {
        match self.language() {
            Language::English => time.to_string(),
            Language::Russian | Language::Ukrainian => {
                self.say("explain-moment-utc", &[("utc", self.clock(time, 0).into())])
            }
        }
    }

    fn duration(&self, length: Micros) -> String {
        let number = |part: Micros| Put::Number(part.unsigned_abs());
        if length % DAY == 0 && length >= 2 * DAY {
            self.say("explain-days", &[("days", number(length / DAY))])
        } else if length % HOUR == 0 {
            self.say("explain-hours", &[("hours", number(length / HOUR))])
        } else if length < HOUR {
            self.say("explain-minutes", &[("minutes", number(length / MINUTE))])
        } else {
            let figures = [("hours", number(length / HOUR)), ("minutes", number(length % HOUR / MINUTE))];
            self.say("explain-hours-minutes", &figures)
        }
    }

    pub(crate) fn quoted(&self, words: &Quoted, language: &str) -> String {
        match words {
            Quoted::Quote(text) => self.quote(text, language),
            Quoted::Paraphrase(ours) => {
                let text = self.prose(&ours.text, ours.titles.get(self.language().code()));
                self.say("explain-paraphrase", &[("text", text.into())])
            }
        }
    }

    /// A quotation in quotation marks, with its language where it is not the page's.
    pub(crate) fn quote(&self, text: &str, language: &str) -> String {
        if language == self.language().code() {
            return self.say("explain-quote", &[("text", text.into())]);
        }
        let named = match language {
            "en" => self.word("explain-language-en"),
            "uk" => self.word("explain-language-uk"),
            "ru" => self.word("explain-language-ru"),
            other => other.to_string(),
        };
        self.say("explain-quote-foreign", &[("text", text.into()), ("language", named.into())])
    }

    /// A sentence of ours in the page's language; without a translation in English, and said to be.
    pub fn prose(&self, english: &str, translation: Option<&str>) -> String {
        match (self.language(), translation) {
            (Language::English, _) => english.to_string(),
            (Language::Russian | Language::Ukrainian, Some(own)) => own.to_string(),
            (Language::Russian | Language::Ukrainian, None) => {
                self.say("explain-in-english", &[("text", english.into())])
            }
        }
    }

    /// Words of ours in the page's language, as far as they are translated.
    pub(crate) fn ours(&self, said: &Said) -> String {
        let translation = match self.language() {
            Language::English => &None,
            Language::Ukrainian => &said.uk,
            Language::Russian => &said.ru,
        };
        self.prose(&said.words, translation.as_deref())
    }

    fn joined(&self, items: &[String], join: Join) -> String {
        let key = match join {
            Join::Comma => return items.join(", "),
            Join::Semicolon => return items.join("; "),
            Join::And => "explain-list-and",
            Join::Or => "explain-list-or",
        };
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [most @ .., last] => {
                self.say(key, &[("most", most.join(", ").into()), ("last", last.as_str().into())])
            }
        }
    }
}

/// Adds a paragraph: `first` stands before its first line, `rest` before the others. Spaces that keep figures
/// together are no place to break it.
pub fn wrap(page: &mut String, first: &str, rest: &str, text: &str) {
    let mut used = 0;
    for word in text.split_ascii_whitespace() {
        let length = word.chars().count();
        if used == 0 {
            page.push_str(first);
            used = first.len() + length;
        } else if used + 1 + length > WIDTH {
            page.push('\n');
            page.push_str(rest);
            used = rest.len() + length;
        } else {
            page.push(' ');
            used += 1 + length;
        }
        page.push_str(word);
    }
    page.push('\n');
}

#[cfg(test)]
mod tests;
