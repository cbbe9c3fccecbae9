//! Event time: microseconds of UTC, without a clock.

use core::fmt;

/// A moment: microseconds since 1970-01-01T00:00:00 UTC (leap seconds are not counted, as in POSIX).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Time(pub i64);

/// A length of time in microseconds.
pub type Micros = i64;

/// One second, minute, hour and day in microseconds.
pub const SECOND: Micros = 1_000_000;
/// See [`SECOND`].
pub const MINUTE: Micros = 60 * SECOND;
/// See [`SECOND`].
pub const HOUR: Micros = 60 * MINUTE;
/// See [`SECOND`].
pub const DAY: Micros = 24 * HOUR;

/// A calendar day of the proleptic Gregorian calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    /// Year, 1 to 9999.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
}

impl Date {
    /// A day that exists, or `None`.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let date = Self { year, month, day };
        let exists = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && day >= 1
            && Self::from_days(date.days()) == date;
        exists.then_some(date)
    }

    /// `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        Self::new(digits(&bytes[..4])?, digits(&bytes[5..7])? as u8, digits(&bytes[8..])? as u8)
    }

    /// Days since 1970-01-01. (Method: H. Hinnant, "chrono-compatible low-level date algorithms", 2013.)
    pub fn days(self) -> i64 {
        let (m, d) = (i64::from(self.month), i64::from(self.day));
        let y = i64::from(self.year) - i64::from(m <= 2);
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// The inverse of [`Date::days`].
    pub fn from_days(days: i64) -> Self {
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        Self { year: year as i32, month: month as u8, day: (doy - (153 * mp + 2) / 5 + 1) as u8 }
    }

    /// Midnight at the start of this day, on a clock `offset` ahead of UTC.
    pub fn midnight(self, offset: Micros) -> Time {
        Time(self.days() * DAY - offset)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Time {
    /// The calendar day at this moment on a clock `offset` ahead of UTC.
    pub fn date(self, offset: Micros) -> Date {
        Date::from_days((self.0 + offset).div_euclid(DAY))
    }

    /// RFC 3339 with an explicit zone: `2025-04-19T18:00:00+03:00` or `...Z`; `T` may be a space, seconds
    /// may be left out or carry a fraction. A text without a zone is refused: guessing it would move events.
    pub fn parse(text: &str) -> Option<Self> {
        let (local, zone) = split_zone(text)?;
        Some(Self(parse_local(local)?.0 - zone))
    }

    /// Like [`Time::parse`], for a text without a zone, on a clock `offset` ahead of UTC that is known
    /// from elsewhere (and then stated beside the result).
    pub fn parse_local(text: &str, offset: Micros) -> Option<Self> {
        Some(Self(parse_local(text)?.0 - offset))
    }
}

/// UTC, to the second (to the microsecond when there is a fraction): `2025-04-19T15:00:00Z`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = self.0.rem_euclid(DAY);
        let (h, m, s) = (within / HOUR, within / MINUTE % 60, within / SECOND % 60);
        write!(f, "{}T{h:02}:{m:02}:{s:02}", self.date(0))?;
        match within % SECOND {
            0 => f.write_str("Z"),
            micros => write!(f, ".{micros:06}Z"),
        }
    }
}

/// A stretch of time, from `start` up to but not including `end`. A moment known exactly has `start == end`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// First moment.
    pub start: Time,
    /// First moment after; equal to `start` for an instant.
    pub end: Time,
}

impl Span {
    /// An instant.
    pub fn at(time: Time) -> Self {
        Self { start: time, end: time }
    }

    /// From `start` to `end`; `None` when the end is before the start.
    pub fn new(start: Time, end: Time) -> Option<Self> {
        (start <= end).then_some(Self { start, end })
    }

    /// Length in microseconds.
    pub fn length(self) -> Micros {
        self.end.0 - self.start.0
    }

    /// Is the moment inside?
    pub fn contains(self, time: Time) -> bool {
        self.start <= time && time < self.end
    }

    /// Is all of `other` inside?
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end && (other.start < self.end)
    }

    /// Do the two share a moment? An instant counts as a moment.
    pub fn overlaps(self, other: Self) -> bool {
        let starts_before = |a: Self, b: Self| a.start < b.end || (a.start == b.start);
        starts_before(self, other) && starts_before(other, self)
    }

    /// Time between the two; zero when they overlap.
    pub fn gap(self, other: Self) -> Micros {
        (self.start.0.max(other.start.0) - self.end.0.min(other.end.0)).max(0)
    }

    /// The same length, moved by `by`.
    pub fn shifted(self, by: Micros) -> Self {
        Self { start: Time(self.start.0 + by), end: Time(self.end.0 + by) }
    }
}

/// A clock's offset from UTC with the one change that matters in a data set: Kyiv and its like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zone {
    /// A constant offset ahead of UTC.
    Fixed(Micros),
    /// Eastern European time under the rule of the European Union: UTC+2, and UTC+3 from 01:00 UTC on the
    /// last Sunday of March to 01:00 UTC on the last Sunday of October (Kyiv, 1996 to date).
    EasternEurope,
}

impl Zone {
    /// `UTC`, `Europe/Kyiv`, `Europe/Moscow` (UTC+3 all year since October 2014) or `+HH:MM`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "UTC" => Some(Self::Fixed(0)),
            "Europe/Kyiv" => Some(Self::EasternEurope),
            "Europe/Moscow" => Some(Self::Fixed(3 * HOUR)),
            _ => parse_offset(text).map(Self::Fixed),
        }
    }

    /// Offset ahead of UTC at a moment.
    pub fn offset(self, at: Time) -> Micros {
        match self {
            Self::Fixed(offset) => offset,
            Self::EasternEurope => {
                let year = at.date(0).year;
                let summer = Span { start: change(year, 3), end: change(year, 10) };
                if summer.contains(at) { 3 * HOUR } else { 2 * HOUR }
            }
        }
    }

    /// Offset ahead of UTC when this clock shows `local` (given as if it were UTC). In the hour that is
    /// shown twice in autumn, the first; in the hour that does not exist in spring, winter time.
    pub fn offset_local(self, local: Time) -> Micros {
        match self {
            Self::Fixed(offset) => offset,
            Self::EasternEurope if self.offset(Time(local.0 - 3 * HOUR)) == 3 * HOUR => 3 * HOUR,
            Self::EasternEurope => 2 * HOUR,
        }
    }

    /// Parse a text without a zone as shown by this clock.
    pub fn parse_local(self, text: &str) -> Option<Time> {
        let local = parse_local(text)?;
        Some(Time(local.0 - self.offset_local(local)))
    }

    /// The whole of a calendar day on this clock (23 or 25 hours long when the clock changes).
    pub fn day(self, date: Date) -> Span {
        let midnight = |days: i64| {
            let local = Time(days * DAY);
            Time(local.0 - self.offset_local(local))
        };
        Span { start: midnight(date.days()), end: midnight(date.days() + 1) }
    }

    /// The calendar day at a moment on this clock.
    pub fn date(self, at: Time) -> Date {
        at.date(self.offset(at))
    }
}

/// 01:00 UTC on the last Sunday of a month with 31 days.
fn change(year: i32, month: u8) -> Time {
    let last = Date { year, month, day: 31 }.days();
    let weekday = (last + 4).rem_euclid(7); // 1970-01-01 was a Thursday; Sunday is 0
    Time((last - weekday) * DAY + HOUR)
}

fn digits(bytes: &[u8]) -> Option<i32> {
    (!bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit))
        .then(|| bytes.iter().fold(0, |n, digit| n * 10 + i32::from(digit - b'0')))
}

fn split_zone(text: &str) -> Option<(&str, Micros)> {
    if let Some(local) = text.strip_suffix('Z') {
        return Some((local, 0));
    }
    let at = text.len().checked_sub(6).filter(|&at| text.is_char_boundary(at))?;
    let (local, offset) = text.split_at(at);
    Some((local, parse_offset(offset)?))
}

fn parse_offset(text: &str) -> Option<Micros> {
    let bytes = text.as_bytes();
    if bytes.len() != 6 || bytes[3] != b':' {
        return None;
    }
    let sign = match bytes[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (h, m) = (i64::from(digits(&bytes[1..3])?), i64::from(digits(&bytes[4..])?));
    (h <= 15 && m < 60).then_some(sign * (h * HOUR + m * MINUTE))
}

/// `YYYY-MM-DD[T ]HH:MM[:SS[.ffffff]]`, read as UTC.
fn parse_local(text: &str) -> Option<Time> {
    let bytes = text.as_bytes();
    if bytes.len() < 16 || !(bytes[10] == b'T' || bytes[10] == b' ') || bytes[13] != b':' {
        return None;
    }
    let date = Date::parse(text.get(..10)?)?;
    let (h, m) = (i64::from(digits(&bytes[11..13])?), i64::from(digits(&bytes[14..16])?));
    let (s, fraction) = match &bytes[16..] {
        [] => (0, 0),
        [b':', rest @ ..] if rest.len() >= 2 => {
            let fraction = match &rest[2..] {
                [] => 0,
                [b'.', f @ ..] if (1..=6).contains(&f.len()) => {
                    (f.len()..6).fold(i64::from(digits(f)?), |n, _| n * 10)
                }
                _ => return None,
            };
            (i64::from(digits(&rest[..2])?), fraction)
        }
        _ => return None,
    };
    let exists = h < 24 && m < 60 && s < 60;
    exists.then_some(Time(date.days() * DAY + h * HOUR + m * MINUTE + s * SECOND + fraction))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn the_easter_truce_is_thirty_hours() {
        let start = Time::parse("2025-04-19T18:00:00+03:00").unwrap();
        let end = Zone::EasternEurope.parse_local("2025-04-21 00:00").unwrap();
        assert_eq!(start.to_string(), "2025-04-19T15:00:00Z");
        assert_eq!(end.to_string(), "2025-04-20T21:00:00Z");
        assert_eq!(end.0 - start.0, 30 * HOUR);
    }

    #[test]
    fn kyiv_changed_to_summer_time_on_30_march_2025() {
        let kyiv = Zone::EasternEurope;
        assert_eq!(kyiv.parse_local("2025-03-25 00:00").unwrap().to_string(), "2025-03-24T22:00:00Z");
        assert_eq!(kyiv.parse_local("2025-03-30 04:00").unwrap().to_string(), "2025-03-30T01:00:00Z");
        assert_eq!(kyiv.day(Date::parse("2025-03-30").unwrap()).length(), 23 * HOUR);
        assert_eq!(kyiv.day(Date::parse("2025-10-26").unwrap()).length(), 25 * HOUR);
    }

    #[test]
    fn a_time_without_a_zone_is_refused() {
        assert_eq!(Time::parse("2025-04-19T18:00:00"), None);
        assert_eq!(Time::parse("2025-04-19"), None);
        assert_eq!(Time::parse("2025-02-30T00:00:00Z"), None);
        assert_eq!(Time::parse("2025-04-19T24:00:00Z"), None);
        assert_eq!(Time::parse("19.04.2025 18:00Z"), None);
    }

    #[test]
    fn spans_that_touch_do_not_overlap() {
        let span = |a, b| Span::new(Time(a), Time(b)).unwrap();
        assert!(!span(0, 10).overlaps(span(10, 20)));
        assert!(span(0, 10).overlaps(Span::at(Time(0))));
        assert!(!span(0, 10).overlaps(Span::at(Time(10))));
        assert_eq!(span(0, 10).gap(span(14, 20)), 4);
        assert!(span(0, 10).covers(Span::at(Time(9))) && !span(0, 10).covers(Span::at(Time(10))));
    }
}
