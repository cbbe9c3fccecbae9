//! One value of a row, and what can be wrong with it.

use truce::place::{METRE, Mm, Point};
use truce::time::{Date, MINUTE, Span, Time, Zone};

use crate::{Bounds, Cause};

/// What is wrong, before the line is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    /// Where it is not the line of the row's start.
    pub(crate) line: Option<u64>,
    pub(crate) column: Option<u64>,
    pub(crate) cause: Cause,
    pub(crate) reason: String,
}

impl Fault {
    pub(crate) fn new(cause: Cause, reason: String) -> Self {
        Self { line: None, column: None, cause, reason }
    }
}

/// A value with the name and number of its column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell<'r> {
    pub(crate) text: &'r str,
    pub(crate) name: &'r str,
    /// From 1; `None` in JSON, where a value has no fixed place.
    pub(crate) column: Option<u64>,
}

impl<'r> Cell<'r> {
    /// A fault of this cell: "lat: `91` ...".
    pub(crate) fn fault(&self, cause: Cause, what: &str) -> Fault {
        let reason = if self.text.is_empty() {
            format!("{}: empty; {what}", self.name)
        } else {
            format!("{}: `{}` {what}", self.name, excerpt(self.text))
        };
        Fault { line: None, column: self.column, cause, reason }
    }

    /// Any finite number.
    pub(crate) fn number(&self) -> Result<f64, Fault> {
        let number = self.text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| self.fault(Cause::Number, "is not a number (write it like 12.5)"))
    }

    /// A number within bounds, both included.
    pub(crate) fn within(&self, least: f64, most: f64, unit: &str) -> Result<f64, Fault> {
        let number = self.number()?;
        if (least..=most).contains(&number) {
            return Ok(number);
        }
        Err(self.fault(Cause::Number, &format!("is not between {least} and {most} {unit}")))
    }

    /// A whole number that isn't negative; `170.0` is whole.
    pub(crate) fn whole(&self) -> Result<u32, Fault> {
        let digits = self.text.strip_suffix(".0").unwrap_or(self.text);
        digits.parse::<u32>().ok().filter(|_| !digits.starts_with('+')).ok_or_else(|| {
            let hint = if self.text.contains(',') { " (write it without separators)" } else { "" };
            self.fault(Cause::Number, &format!("is not a whole number from 0 to {}{hint}", u32::MAX))
        })
    }

    /// Metres, not negative and at most once around the Earth.
    pub(crate) fn metres(&self) -> Result<Mm, Fault> {
        let metres = self.within(0.0, 40_100_000.0, "metres")?;
        Ok((metres * METRE as f64).round() as Mm)
    }

    /// Degrees as centidegrees.
    pub(crate) fn centidegrees(&self, least: f64, most: f64) -> Result<i32, Fault> {
        Ok((self.within(least, most, "degrees")? * 100.0).round() as i32)
    }

    /// `YYYY-MM-DD`.
    pub(crate) fn date(&self) -> Result<Date, Fault> {
        Date::parse(self.text)
            .ok_or_else(|| self.fault(Cause::Time, "is not a day (write it like 2025-04-20)"))
    }

    /// One of the words known.
    pub(crate) fn word<T: Copy>(&self, known: &[(&'static str, T)]) -> Result<T, Fault> {
        if let Some((_, value)) = known.iter().find(|(word, _)| *word == self.text) {
            return Ok(*value);
        }
        let words = || known.iter().map(|(word, _)| *word);
        let hint = match nearest(self.text, words()) {
            Some(word) => format!("is not known; did you mean `{word}`?"),
            None => format!("is not known; known are: {}", words().collect::<Vec<_>>().join(", ")),
        };
        Err(self.fault(Cause::Word, &hint))
    }

    /// A moment or day with its zone: see [`when`].
    pub(crate) fn when(&self) -> Result<Span, Fault> {
        when(self.text).map_err(|what| self.fault(Cause::Time, what))
    }

    /// A moment or day on a clock that is known from elsewhere.
    pub(crate) fn when_local(&self, zone: Zone) -> Result<Span, Fault> {
        span(self.text, zone)
            .ok_or_else(|| self.fault(Cause::Time, "is not a time (expected like 2025-04-20 18:00)"))
    }
}

/// A time that ends in its zone (`Z`, `+03:00`, ` Europe/Kyiv`), and how long it lasts as far as it tells:
/// with seconds an instant, without them that minute, without a time of day that day.
pub(crate) fn when(text: &str) -> Result<Span, &'static str> {
    const FORM: &str =
        "is not a time (write it like 2025-04-19T18:00:00+03:00, or 2025-04-19+03:00 for a day)";
    const ZONE: &str = "has no time zone; add Z, an offset such as +03:00, or a name after a space such as \
                        Europe/Kyiv. It is not guessed, for that would move events";
    if span(text, Zone::Fixed(0)).is_some() {
        return Err(ZONE);
    }
    let (local, zone) = if let Some(local) = text.strip_suffix('Z') {
        (local, Some(Zone::Fixed(0)))
    } else if let Some((local, name)) = text.rsplit_once(' ').filter(|(_, name)| Zone::parse(name).is_some())
    {
        (local, Zone::parse(name))
    } else if let Some((local, offset)) = text.len().checked_sub(6).and_then(|at| text.split_at_checked(at)) {
        (local, Zone::parse(offset))
    } else {
        (text, None)
    };
    span(local.trim_end(), zone.ok_or(FORM)?).ok_or(FORM)
}

fn span(local: &str, zone: Zone) -> Option<Span> {
    if let Some(date) = Date::parse(local) {
        return Some(zone.day(date));
    }
    let start = zone.parse_local(local)?;
    let end = if local.len() == 16 { Time(start.0 + MINUTE) } else { start };
    Some(Span { start, end })
}

/// A position from its two cells.
pub(crate) fn position(lat: Cell<'_>, lon: Cell<'_>, bounds: Option<Bounds>) -> Result<Point, Fault> {
    let degrees = |cell: Cell<'_>, most: f64, what: &str| {
        let number = cell.number().map_err(|fault| Fault { cause: Cause::Place, ..fault })?;
        if number.abs() <= most {
            return Ok(number);
        }
        let mut hint = format!("is not a {what} (-{most} to {most} degrees)");
        if number.abs() <= 180.0 {
            hint.push_str("; are latitude and longitude swapped?");
        }
        Err(cell.fault(Cause::Place, &hint))
    };
    let (latitude, longitude) = (degrees(lat, 90.0, "latitude")?, degrees(lon, 180.0, "longitude")?);
    let point = Point::from_degrees(longitude, latitude)
        .ok_or_else(|| lat.fault(Cause::Place, "is not a latitude (-90 to 90 degrees)"))?;
    let turned = Point { lon: point.lat, lat: point.lon };
    if bounds.is_some_and(|bounds| !bounds.contains(point) && bounds.contains(turned)) {
        let hint =
            "lies outside the mission's area, and inside it when swapped with the longitude; swap them";
        return Err(lat.fault(Cause::Place, hint));
    }
    Ok(point)
}

/// The start of a text, fit for a message.
pub(crate) fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(40).flat_map(char::escape_debug).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}

/// The known word nearest to a mistyped one, if it is near enough to be meant.
pub(crate) fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let word: Vec<char> = word.chars().take(40).flat_map(char::to_lowercase).collect();
    let most = (word.len() / 3).clamp(1, 3);
    known
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= most && candidate.len() > *distance)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance.
fn distance(a: &[char], b: &str) -> usize {
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (j, cb) in b.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], j + 1);
        for (i, ca) in a.iter().enumerate() {
            let change = diagonal + usize::from(*ca != cb);
            diagonal = row[i + 1];
            row[i + 1] = change.min(row[i] + 1).min(diagonal + 1);
        }
    }
    row[a.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use truce::time::{DAY, HOUR};

    #[test]
    fn a_time_lasts_as_long_as_it_is_vague() {
        assert_eq!(when("2025-04-19T18:00:00+03:00").unwrap().length(), 0);
        assert_eq!(when("2025-04-19 18:00Z").unwrap().length(), MINUTE);
        assert_eq!(when("2025-04-19+03:00").unwrap().length(), DAY);
        assert_eq!(when("2025-03-30 Europe/Kyiv").unwrap().length(), 23 * HOUR);
        assert_eq!(when("2025-04-19 18:00 Europe/Kyiv"), when("2025-04-19T18:00+03:00"));
    }

    #[test]
    fn a_time_without_a_zone_is_told_from_no_time_at_all() {
        for text in ["2025-04-19", "2025-04-19 18:00", "2025-04-19T18:00:00"] {
            assert!(when(text).unwrap_err().contains("no time zone"), "{text}");
        }
        for text in
            ["", "yesterday", "19.04.2025 18:00Z", "2025-04-31Z", "2025-04-19 18:00 Europe/Kiev", "їїїїїї"]
        {
            assert!(when(text).unwrap_err().contains("is not a time"), "{text}");
        }
    }

    #[test]
    fn hints_name_the_word_that_was_meant() {
        let known = ["impulse", "bearing", "alert"];
        assert_eq!(nearest("Impuls", known.into_iter()), Some("impulse"));
        assert_eq!(nearest("alrt", known.into_iter()), Some("alert"));
        assert_eq!(nearest("weather", known.into_iter()), None);
    }

    #[test]
    fn swapped_positions_are_noticed() {
        let cell = |text, name| Cell { text, name, column: Some(1) };
        let bounds = Bounds {
            south_west: Point::from_degrees(22.0, 44.0).unwrap(),
            north_east: Point::from_degrees(41.0, 53.0).unwrap(),
        };
        let read = |lat, lon| position(cell(lat, "lat"), cell(lon, "lon"), Some(bounds));
        assert!(read("48.5", "37.5").is_ok());
        assert!(read("10", "10").is_ok(), "elsewhere is not wrong");
        assert!(read("37.5", "48.5").unwrap_err().reason.contains("swap"));
        assert!(read("91", "37.5").unwrap_err().reason.starts_with("lat: `91` is not a latitude"));
        for text in ["", "nan", "inf", "-", "48,5"] {
            assert_eq!(read(text, "37.5").unwrap_err().cause, Cause::Place, "{text}");
        }
    }
}
