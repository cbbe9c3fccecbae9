//! Pictures in SVG, drawn in integers.
//!
//! Counts are one hue from light to dark; what could not be seen is hatched, what is not known is dotted: all of
//! it survives a black-and-white print. Parties have a colour of equal weight, a shape and a letter.

mod bars;
mod grid;
mod map;

pub(crate) use bars::{bars, interval, sentence};
pub(crate) use grid::{coverage, strip};
pub(crate) use map::map;

use crate::model::Report;
use maud::{Markup, html};

pub(crate) const INK: &str = "#1b1f24";
pub(crate) const MUTED: &str = "#545b63";
pub(crate) const RULE: &str = "#c9ced4";
pub(crate) const PAPER: &str = "#ffffff";
/// Ground that was observed, where no count is shown.
pub(crate) const OBSERVED: &str = "#d9dfe5";
/// Ground that instruments watched and heard too much in.
pub(crate) const SATURATED: &str = "#e8dcc2";
const SANS: &str = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', 'Liberation Sans', Arial, sans-serif";

/// First and second party of the agreement file, and any further one.
const PARTY_COLOURS: [&str; 3] = ["#01665E", "#8C510A", "#5F6670"];

/// The colour of the nth party.
pub(crate) fn party_colour(index: usize) -> &'static str {
    PARTY_COLOURS[index.min(2)]
}

/// The mark of the nth party: shape and letter in its colour; `None` is "not attributed", a circle.
pub(crate) fn party_mark(index: Option<usize>) -> Markup {
    let letter = index.and_then(|i| u8::try_from(i).ok()).filter(|i| *i < 26).map(|i| char::from(b'A' + i));
    html! {
        svg.mark viewBox="0 0 20 20" width="16" height="16" aria-hidden="true" {
            @match index {
                Some(0) => { rect x="2" y="2" width="16" height="16" rx="1" fill=(party_colour(0)) {} }
                Some(1) => { path d="M10 0 20 10 10 20 0 10Z" fill=(party_colour(1)) {} }
                _ => { circle cx="10" cy="10" r="9" fill=(party_colour(2)) {} }
            }
            @if let Some(letter) = letter {
                text x="10" y="14" text-anchor="middle" font-size="11" font-weight="700" fill=(PAPER) { (letter) }
            }
        }
    }
}

/// Purple, light to dark.
const COUNT_COLOURS: [&str; 5] = ["#DCD6EC", "#B5A8D6", "#8C78BC", "#64489D", "#3B1B70"];

/// Steps that classes of counts may begin at.
const STEPS: [u64; 16] =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];

/// Classes of counts, from the largest count that is shown.
pub(crate) struct Scale {
    /// The least count of each class.
    from: Vec<u64>,
    largest: u64,
}

impl Scale {
    pub(crate) fn of(counts: impl Iterator<Item = u64>) -> Self {
        let largest = counts.max().unwrap_or(0);
        let from = if largest <= 5 {
            (1..=largest.max(1)).collect()
        } else {
            let steps: Vec<u64> = STEPS.iter().copied().filter(|step| *step <= largest).collect();
            let classes = steps.len().min(COUNT_COLOURS.len());
            (0..classes).map(|i| steps[i * (steps.len() - 1) / (classes - 1).max(1)]).collect()
        };
        Self { from, largest }
    }

    fn class(&self, count: u64) -> Option<usize> {
        self.from.iter().rposition(|from| *from <= count)
    }

    /// White for zero.
    pub(crate) fn colour(&self, count: u64) -> &'static str {
        self.class(count).map_or(PAPER, |class| self.shade(class))
    }

    fn shade(&self, class: usize) -> &'static str {
        // With few classes the ends of the sequence are kept apart.
        COUNT_COLOURS
            [if self.from.len() < 2 { 2 } else { class * (COUNT_COLOURS.len() - 1) / (self.from.len() - 1) }]
    }

    /// Each class with its range in words and its colour.
    fn legend(&self) -> Vec<(String, &'static str)> {
        let last = |i: usize| self.from.get(i + 1).map_or(self.largest, |next| next - 1);
        let range = |from: u64, to: u64| {
            if to <= from {
                crate::text::number(from)
            } else {
                format!("{}–{}", crate::text::number(from), crate::text::number(to))
            }
        };
        if self.largest == 0 {
            return Vec::new();
        }
        self.from.iter().enumerate().map(|(i, &from)| (range(from, last(i)), self.shade(i))).collect()
    }
}

/// Patterns for "not observed" and "not known", with ids of their own for each picture.
fn patterns(id: &str) -> Markup {
    html! {
        defs {
            pattern id=(format!("{id}-hatch")) width="6" height="6" patternUnits="userSpaceOnUse" {
                rect width="6" height="6" fill=(PAPER) {}
                path d="M-1 7 7-1M-1 1 1-1M5 7 7 5" stroke="#434A52" stroke-width="1.4" {}
            }
            pattern id=(format!("{id}-dots")) width="6" height="6" patternUnits="userSpaceOnUse" {
                rect width="6" height="6" fill="#fafafa" {}
                circle cx="3" cy="3" r="0.9" fill="#8A9199" {}
            }
        }
    }
}

fn hatch(id: &str) -> String {
    format!("url(#{id}-hatch)")
}

fn dots(id: &str) -> String {
    format!("url(#{id}-dots)")
}

/// One entry of a legend.
struct Key {
    words: String,
    fill: String,
    /// Colour set into the dots: a count where it is not known what would have been seen.
    inset: Option<&'static str>,
}

fn count_keys(id: &str, scale: &Scale, tallies: impl Iterator<Item = crate::model::Tally>) -> Vec<Key> {
    use crate::model::Seen;
    let (mut zero, mut hatched, mut dotted, mut set_in) = (false, false, false, false);
    for tally in tallies {
        zero |= tally.state() == Seen::Observed && tally.count() == Some(0);
        hatched |= tally.state() == Seen::NotObserved;
        dotted |= tally.state() == Seen::NotKnown && tally.count().is_none();
        set_in |= tally.state() == Seen::NotKnown && tally.count().is_some();
    }
    let key = |words: &str, fill: String| Key { words: words.into(), fill, inset: None };
    let mut keys = Vec::new();
    if zero {
        keys.push(key("0, observed", PAPER.into()));
    }
    keys.extend(scale.legend().into_iter().map(|(words, colour)| key(&words, colour.into())));
    if hatched {
        keys.push(key("not observed", hatch(id)));
    }
    if dotted {
        keys.push(key("nothing reported; not known what would have been", dots(id)));
    }
    if set_in {
        keys.push(Key {
            words: "reported; others may be missing".into(),
            fill: dots(id),
            inset: Some(COUNT_COLOURS[2]),
        });
    }
    keys
}

/// A row of keys from (x, y), broken at `right`; and the y below it.
fn legend(keys: &[Key], x: i32, y: i32, right: i32) -> (Markup, i32) {
    let (mut at, mut line) = (x, y);
    let mut placed = Vec::new();
    for key in keys {
        let wide = 30 + text_width(&key.words, 12) + 16;
        if at + wide > right && at > x {
            (at, line) = (x, line + 22);
        }
        placed.push((at, line, key));
        at += wide;
    }
    let markup = html! {
        @for (x, y, key) in &placed {
            rect x=(x) y=(y) width="24" height="14" fill=(key.fill) stroke=(MUTED) stroke-width="0.7" {}
            @if let Some(inset) = key.inset {
                rect x=(x + 4) y=(y + 3) width="16" height="8" fill=(inset) {}
            }
            text x=(x + 30) y=(y + 11) font-size="12" fill=(INK) { (key.words) }
        }
    };
    (markup, line + 22)
}

/// An id for use in a page: what is no letter or digit becomes a hyphen.
pub(crate) fn slug(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// About how wide a text is set, for keeping texts apart. Wide rather than narrow, because fonts differ.
fn text_width(text: &str, size: i32) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX / 1_000) * size * 58 / 100
}

/// The frame of a picture: a name for those who hear it, and a font for those who see it alone.
fn frame(id: &str, width: i32, height: i32, title: &str, description: &str, content: &Markup) -> Markup {
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {width} {height}"))
            role="img" aria-labelledby=(format!("{id}-title {id}-desc")) font-family=(SANS) {
            title id=(format!("{id}-title")) { (title) }
            desc id=(format!("{id}-desc")) { (description) }
            (content)
        }
    }
}

fn alone(picture: Markup) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", picture.into_string())
}

/// The front strip as a file of its own; none without a strip.
pub fn svg_strip(report: &Report) -> Option<String> {
    report.strip.as_ref().map(|it| alone(strip(it)))
}

/// The map as a file of its own; none without a map.
pub fn svg_map(report: &Report) -> Option<String> {
    report.map.as_ref().map(svg_of)
}

/// A map as a file of its own.
pub(crate) fn svg_of(it: &crate::model::Map) -> String {
    alone(map(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_counts_cover_everything_from_one_up() {
        for largest in [0, 1, 2, 5, 6, 9, 10, 37, 400, 99_999, 3_000_000] {
            let scale = Scale::of([largest].into_iter());
            assert_eq!(scale.from[0], 1);
            assert!(scale.from.len() <= COUNT_COLOURS.len());
            assert!(scale.from.windows(2).all(|w| w[0] < w[1]), "{largest}: {:?}", scale.from);
            assert_eq!(scale.colour(0), PAPER);
            assert!(largest == 0 || scale.colour(largest) != PAPER);
        }
        let words = |largest| -> Vec<String> {
            Scale::of([largest].into_iter()).legend().into_iter().map(|(w, _)| w).collect()
        };
        assert_eq!(words(37), ["1", "2–4", "5–9", "10–19", "20–37"]);
        assert_eq!(words(3), ["1", "2", "3"]);
    }
}
