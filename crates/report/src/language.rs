//! The words of reports in English, Ukrainian and Russian, at equal completeness.
//!
//! Every sentence is a fixed pattern in a Fluent file (`language/*.ftl`, syntax 1.0, projectfluent.org) with
//! figures put in. A test fails when a language lacks a pattern, has one too many, or uses other figures in it.

pub(crate) mod explain;
mod reason;

pub use explain::wrap;

use crate::model::{Stated, Titled, Verdict};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use truce::time::{Date, Time, Zone};
use unic_langid::{LanguageIdentifier, langid};

/// A language of reports.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Language {
    /// English.
    English,
    /// Ukrainian.
    Ukrainian,
    /// Russian.
    Russian,
}

impl Language {
    /// All languages, by code.
    pub const ALL: [Self; 3] = [Self::English, Self::Russian, Self::Ukrainian];

    /// Code by BCP 47: `en`, `ru`, `uk`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
            Self::Ukrainian => "uk",
        }
    }

    /// The language of a code, in small letters or capitals.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Russian => "Русский",
            Self::Ukrainian => "Українська",
        }
    }

    fn tag(self) -> LanguageIdentifier {
        match self {
            Self::English => langid!("en"),
            Self::Russian => langid!("ru"),
            Self::Ukrainian => langid!("uk"),
        }
    }

    fn files(self) -> [&'static str; 6] {
        match self {
            Self::English => [
                include_str!("language/en/words.ftl"),
                include_str!("language/en/day.ftl"),
                include_str!("language/en/explain.ftl"),
                include_str!("language/en/state.ftl"),
                include_str!("language/en/plan.ftl"),
                include_str!("language/en/account.ftl"),
            ],
            Self::Russian => [
                include_str!("language/ru/words.ftl"),
                include_str!("language/ru/day.ftl"),
                include_str!("language/ru/explain.ftl"),
                include_str!("language/ru/state.ftl"),
                include_str!("language/ru/plan.ftl"),
                include_str!("language/ru/account.ftl"),
            ],
            Self::Ukrainian => [
                include_str!("language/uk/words.ftl"),
                include_str!("language/uk/day.ftl"),
                include_str!("language/uk/explain.ftl"),
                include_str!("language/uk/state.ftl"),
                include_str!("language/uk/plan.ftl"),
                include_str!("language/uk/account.ftl"),
            ],
        }
    }
}

/// What is put into a pattern.
#[derive(Clone, Debug)]
pub enum Figure {
    /// A number: the pattern chooses the form of the noun by it.
    Number(u64),
    /// A text, such as a name.
    Text(String),
}

impl From<u64> for Figure {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Figure {
    fn from(text: &str) -> Self {
        Self::Text(text.to_string())
    }
}

impl From<String> for Figure {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// The patterns of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// Reads the patterns of a language, which are part of the program.
    pub fn of(language: Language) -> Self {
        let mut bundle = FluentBundle::new(vec![language.tag()]);
        // Marks around figures would be bytes in a table cell; no language here is written from right to left.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(thousands(number.value)),
            _ => None,
        }));
        for file in language.files() {
            // A file with a mistake in it still gives what is right in it; the tests read the mistakes.
            let resource = FluentResource::try_new(file.to_string()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// Which language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The pattern `key` with figures in it. A key that no file has is shown as it is (the tests allow none).
    pub fn say(&self, key: &str, figures: &[(&str, Figure)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_string();
        };
        let mut args = FluentArgs::new();
        for (name, figure) in figures {
            match figure {
                Figure::Number(number) => args.set(*name, *number),
                Figure::Text(text) => args.set(*name, text.as_str()),
            }
        }
        self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }

    /// A pattern without figures.
    pub fn word(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// A number with its thousands apart.
    pub fn number(&self, number: u64) -> String {
        crate::text::number(number)
    }

    /// A number as somebody put it.
    pub fn stated(&self, stated: Stated) -> String {
        match stated {
            Stated::Unstated => self.word("stated-none"),
            Stated::Exactly(number) => self.number(u64::from(number)),
            Stated::About(number) => self.say("stated-about", &[("number", u64::from(number).into())]),
            Stated::AtLeast(number) => self.say("stated-at-least", &[("number", u64::from(number).into())]),
        }
    }

    /// The name of something in this language, where the agreement file has one; else as the file has it.
    pub fn title(&self, titled: &Titled) -> String {
        let of = match self.language {
            Language::English => &None,
            Language::Ukrainian => &titled.uk,
            Language::Russian => &titled.ru,
        };
        of.as_ref().unwrap_or(&titled.name).clone()
    }

    /// A verdict.
    pub fn verdict(&self, verdict: Verdict) -> String {
        self.word(match verdict {
            Verdict::Breach => "verdict-breach",
            Verdict::NoBreach => "verdict-no-breach",
            Verdict::Permitted => "verdict-permitted",
            Verdict::Undetermined => "verdict-undetermined",
            Verdict::OutsidePeriod => "verdict-outside-period",
            Verdict::OutsidePlace => "verdict-outside-place",
            Verdict::OtherParty => "verdict-other-party",
            Verdict::OtherMeans => "verdict-other-means",
        })
    }

    /// A day, such as `19 April 2025`.
    pub fn day(&self, date: Date) -> String {
        self.say(
            "date",
            &[
                ("day", date.day.to_string().into()),
                ("month", self.word(MONTHS[usize::from(date.month.clamp(1, 12)) - 1]).into()),
                ("year", date.year.to_string().into()),
            ],
        )
    }

    /// A moment on a clock, such as `19 April 2025, 19:30 (UTC+3)`.
    pub fn moment(&self, time: Time, zone: Zone) -> String {
        let offset = zone.offset(time);
        let shown = Time(time.0 + offset).to_string();
        if offset == 0 {
            return format!("{}, {} (UTC)", self.day(time.date(offset)), &shown[11..16]);
        }
        let (hours, minutes) = (offset / (60 * truce::time::MINUTE), offset / truce::time::MINUTE % 60);
        let minutes = if minutes == 0 { String::new() } else { format!(":{minutes:02}") };
        format!("{}, {} (UTC{hours:+}{minutes})", self.day(time.date(offset)), &shown[11..16])
    }
}

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9",
    "month-10", "month-11", "month-12",
];

/// Patterns get whole numbers only.
fn thousands(value: f64) -> String {
    crate::text::number(value as u64)
}

#[cfg(test)]
mod tests;
