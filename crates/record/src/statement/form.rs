//! Values that stand in the vault as bytes: deterministic CBOR, each type described once for both ways.
//!
//! A struct is an array of its fields in the order given here; a choice begins with its number or its name. Only a
//! hash of these bytes stands in the leaf.

use truce::claim::{Claim, Ends};
use truce::observation::{
    Asserter, Checked, Count, Force, Notice, NoticeSort, Object, Particulars, Purpose, Verification,
};
use truce::place::{Ellipse, Level, Place, Point};
use truce::sensing::{Bearing, Craft, Derived, Heard, Instrument, Measured, Reading, Sort, State, What};
use truce::time::{Span, Time};
use truce::{Id, Name};
use verify::Refusal;
use verify::cbor::{Decoder, Encoder};

/// A value with a form of bytes.
pub(super) trait Form: Sized {
    /// Writes it.
    fn write(&self, to: &mut Encoder);
    /// Reads it back.
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal>;
}

/// The bytes of a value.
pub(super) fn bytes(value: &impl Form) -> Vec<u8> {
    let mut to = Encoder::new();
    value.write(&mut to);
    to.finish()
}

/// The value of bytes, all of them.
pub(super) fn value<T: Form>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut from = Decoder::new(bytes);
    let value = T::read(&mut from)?;
    from.end()?;
    Ok(value)
}

fn unknown<T>(what: &str) -> Result<T, Refusal> {
    Err(Refusal::unreadable(format!("it holds {what} that this version does not know")))
}

macro_rules! whole {
    ($($number:ty)+) => {$(
        impl Form for $number {
            fn write(&self, to: &mut Encoder) {
                to.int(i64::from(*self));
            }
            fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
                Self::try_from(from.int()?).or_else(|_| unknown("a number too large"))
            }
        }
    )+};
}
whole!(i64 i32 u32 u16 u8);

impl Form for u64 {
    fn write(&self, to: &mut Encoder) {
        to.uint(*self);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        from.uint()
    }
}

impl Form for bool {
    fn write(&self, to: &mut Encoder) {
        to.uint(u64::from(*self));
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        match from.uint()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => unknown("a yes or no"),
        }
    }
}

impl Form for Name {
    fn write(&self, to: &mut Encoder) {
        to.text(self);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        from.text().map(Self::from)
    }
}

impl Form for String {
    fn write(&self, to: &mut Encoder) {
        to.text(self);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        from.text().map(Self::from)
    }
}

impl Form for Id {
    fn write(&self, to: &mut Encoder) {
        to.bytes(&self.0);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        from.fixed().map(Self)
    }
}

impl<T: Form> Form for Box<T> {
    fn write(&self, to: &mut Encoder) {
        (**self).write(to);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        T::read(from).map(Self::new)
    }
}

impl<T: Form> Form for Option<T> {
    fn write(&self, to: &mut Encoder) {
        to.array(usize::from(self.is_some()));
        if let Some(value) = self {
            value.write(to);
        }
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        if from.array(1)? == 1 { T::read(from).map(Some) } else { Ok(None) }
    }
}

/// The longest list: more would not fit an entry of the vault.
const LONGEST: usize = 1 << 16;

impl<T: Form> Form for Vec<T> {
    fn write(&self, to: &mut Encoder) {
        to.array(self.len());
        for value in self {
            value.write(to);
        }
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        (0..from.array(LONGEST)?).map(|_| T::read(from)).collect()
    }
}

impl<A: Form, B: Form> Form for (A, B) {
    fn write(&self, to: &mut Encoder) {
        to.array(2);
        self.0.write(to);
        self.1.write(to);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        from.array_of(2)?;
        Ok((A::read(from)?, B::read(from)?))
    }
}

impl Form for [i64; 2] {
    fn write(&self, to: &mut Encoder) {
        (self[0], self[1]).write(to);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        <(i64, i64)>::read(from).map(|(first, second)| [first, second])
    }
}

impl Form for Time {
    fn write(&self, to: &mut Encoder) {
        to.int(self.0);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        from.int().map(Self)
    }
}

impl Form for Span {
    fn write(&self, to: &mut Encoder) {
        (self.start, self.end).write(to);
    }
    fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
        let (start, end) = <(Time, Time)>::read(from)?;
        Self::new(start, end).map_or_else(|| unknown("an end before its start"), Ok)
    }
}

/// Choices that have names in files.
macro_rules! named {
    ($($choice:ty),+) => {$(
        impl Form for $choice {
            fn write(&self, to: &mut Encoder) {
                to.text(Self::NAMES.iter().find(|(_, other)| other == self).map_or("", |(name, _)| *name));
            }
            fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
                let name = from.text()?;
                match Self::NAMES.iter().find(|(known, _)| *known == name) {
                    Some((_, choice)) => Ok(*choice),
                    None => unknown(name),
                }
            }
        }
    )+};
}
named!(Force, NoticeSort, Purpose, Checked, State, Craft);

/// Structs, field by field. They are taken apart whole, so that a new field must be told, or the compiler says so.
macro_rules! fields {
    ($($type:ident { $($field:ident),+ })+) => {$(
        impl Form for $type {
            fn write(&self, to: &mut Encoder) {
                let Self { $($field),+ } = self;
                to.array([$(stringify!($field)),+].len());
                $($field.write(to);)+
            }
            fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
                from.array_of([$(stringify!($field)),+].len())?;
                Ok(Self { $($field: Form::read(from)?),+ })
            }
        }
    )+};
}
fields! {
    Point { lon, lat }
    Ellipse { major, minor, azimuth }
    Particulars { system, calibre, force, casualties, lasted, unit, object }
    Object { class, name }
    Notice { sort, purpose, to, given_at, given, failed }
    Verification { clause, stage, condition, outcome }
    Ends { start, end }
    Claim {
        name, claimant, speaker, against, window, ends, clock, as_of, place, unit, total, parts, perhaps_within,
        cumulative, quote, translation, note, url
    }
    Heard { node, clock, bearing, level, duration, outgoing, impact }
    Bearing { azimuth, sigma }
    Reading { value, sigma }
    Instrument { name, height, range, sort }
    Measured { sensor, what, craft }
    Derived { from, evidence }
}

/// Choices with values of their own: the number of the choice, then its values.
macro_rules! choices {
    ($($type:ident { $($number:literal = $choice:ident $( ( $one:ident ) )? $( { $($field:ident),+ } )? ;)+ })+) => {$(
        impl Form for $type {
            fn write(&self, to: &mut Encoder) {
                match self {
                    $(Self::$choice $( ( $one ) )? $( { $($field),+ } )? => {
                        to.uint($number);
                        $($one.write(to);)?
                        $($($field.write(to);)+)?
                    })+
                }
            }
            fn read(from: &mut Decoder<'_>) -> Result<Self, Refusal> {
                Ok(match from.uint()? {
                    $($number => {
                        $(let $one = Form::read(from)?;)?
                        $($(let $field = Form::read(from)?;)+)?
                        Self::$choice $( ( $one ) )? $( { $($field),+ } )?
                    })+
                    _ => return unknown(concat!("a ", stringify!($type))),
                })
            }
        }
    )+};
}
choices! {
    Asserter { 0 = Monitor; 1 = Party(code); 2 = Third; }
    Count { 0 = Unstated; 1 = Exactly(number); 2 = About(number); 3 = AtLeast(number); }
    Level { 0 = Settlement; 1 = District; 2 = Province; 3 = Country; }
    Place {
        0 = Unknown;
        1 = Point { at, error };
        2 = Sector { from, bearing, half_width, near, far };
        3 = Area { name, level, centre, radius };
    }
    Sort {
        0 = Ear { clock };
        1 = Eye { sound, scans, detection, false_milli, cooperative };
    }
    What {
        0 = Nothing;
        1 = Position { at, error, height };
        2 = Direction { bearing, elevation };
        3 = Polar { bearing, range };
        4 = Report { at, error, velocity, claims };
        5 = Track { number, at, error, velocity, velocity_sigma, existence, made_from };
    }
}
