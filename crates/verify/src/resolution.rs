//! Place and time at several resolutions: a coarse value is a fixed function of the fine one.
//!
//! The grids nest: the cell of 50 km that holds a point is the cell of 50 km that holds the south-west corner of its
//! cell of 10 km, and so on. So any two resolutions can be checked against each other without the exact value.

use crate::Refusal;
use crate::field::{Field, Value};

/// Units of longitude and latitude in a degree.
pub const DEGREE: i64 = 10_000_000;
/// Microseconds in an hour and in a day.
pub const HOUR: i64 = 3_600_000_000;
/// See [`HOUR`].
pub const DAY: i64 = 24 * HOUR;

/// How fine a place is given.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PlaceResolution {
    /// As the source knows it.
    Exact,
    /// A cell of the grid of 1 km.
    Km1,
    /// A cell of the grid of 10 km: the grid of public reports.
    Km10,
    /// A cell of the grid of 50 km.
    Km50,
}

impl PlaceResolution {
    /// From the finest to the coarsest.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Km1, Self::Km10, Self::Km50];

    /// The label of the field.
    pub fn label(self) -> &'static str {
        match self {
            Self::Exact => "place.exact",
            Self::Km1 => "place.1km",
            Self::Km10 => "place.10km",
            Self::Km50 => "place.50km",
        }
    }

    /// Height of a cell in 1e-7 degree; `None` for exact.
    fn height(self) -> Option<i64> {
        match self {
            Self::Exact => None,
            Self::Km1 => Some(DEGREE / 100),
            Self::Km10 => Some(DEGREE / 10),
            Self::Km50 => Some(DEGREE / 2),
        }
    }
}

/// How fine a time is given.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TimeResolution {
    /// As the source knows it.
    Exact,
    /// Whole hours.
    Hour,
    /// Whole days, UTC.
    Day,
}

impl TimeResolution {
    /// From the finest to the coarsest.
    pub const ALL: [Self; 3] = [Self::Exact, Self::Hour, Self::Day];

    /// The label of the field.
    pub fn label(self) -> &'static str {
        match self {
            Self::Exact => "time.exact",
            Self::Hour => "time.hour",
            Self::Day => "time.day",
        }
    }

    fn unit(self) -> Option<i64> {
        match self {
            Self::Exact => None,
            Self::Hour => Some(HOUR),
            Self::Day => Some(DAY),
        }
    }
}

/// The width of a cell in units of its height, times ten, where the side nearer to the equator lies at this many
/// degrees without sign. Each is the least that keeps a cell of the stated width up to the far end of its belt, and
/// divides the circle.
fn width_tenths(degrees: i64) -> Option<i64> {
    match degrees {
        ..53 => Some(15),
        53..60 => Some(18),
        60..70 => Some(30),
        70..80 => Some(60),
        80..85 => Some(120),
        // One cell around the pole.
        _ => None,
    }
}

/// The south-west corner of the cell that holds a point, all in 1e-7 degree: longitude, latitude. A point beyond the
/// globe is taken to its edge. [`PlaceResolution::Exact`] gives the point itself.
///
/// Cells are 0.01, 0.1 and 0.5 degree high (1.1, 11.1 and 55.6 km), and 1.5 times as wide in degrees up to 53 degrees
/// of latitude, wider in steps towards the poles: never narrower than 1, 10 and 50 km up to 85 degrees.
pub fn cell(lon: i64, lat: i64, resolution: PlaceResolution) -> (i64, i64) {
    let Some(height) = resolution.height() else { return (lon, lat) };
    let lat = lat.clamp(-90 * DEGREE, 90 * DEGREE - 1);
    let lon = lon.clamp(-180 * DEGREE, 180 * DEGREE - 1);
    let south = lat.div_euclid(height) * height;
    let nearer = if south < 0 { -south - height } else { south };
    let width = width_tenths(nearer / DEGREE).map_or(360 * DEGREE, |tenths| height * tenths / 10);
    (lon - (lon + 180 * DEGREE).rem_euclid(width), south)
}

/// The whole hours or days that an interval of microseconds touches: from the beginning of the first to the end of
/// the last. [`TimeResolution::Exact`] gives the interval itself.
///
/// The end belongs to the interval: an instant has equal ends and touches one unit.
pub fn span(start: i64, end: i64, resolution: TimeResolution) -> (i64, i64) {
    let Some(unit) = resolution.unit() else { return (start, end) };
    let floor = |time: i64| time.div_euclid(unit).saturating_mul(unit);
    (floor(start), floor(end).saturating_add(unit))
}

/// The whole hours or days that a coarser interval touches, where the end of a coarse interval is exclusive.
fn span_of(from: TimeResolution, start: i64, end: i64, to: TimeResolution) -> (i64, i64) {
    let last = if from == TimeResolution::Exact { end } else { end.saturating_sub(1) };
    span(start, last, to)
}

/// The fields of a place at all resolutions. `exact` begins with longitude and latitude in 1e-7 degree; what follows
/// (the axes of an error ellipse, say) is the record's.
///
/// # Errors
/// [`crate::Means::Unreadable`] when a point is not on the globe or `exact` is too short or long.
pub fn place_fields(exact: &[i64]) -> Result<Vec<Field>, Refusal> {
    let [lon, lat, ..] = *exact else {
        return Err(Refusal::unreadable("an exact place begins with longitude and latitude"));
    };
    if !(-180 * DEGREE..=180 * DEGREE).contains(&lon) || !(-90 * DEGREE..=90 * DEGREE).contains(&lat) {
        return Err(Refusal::unreadable("an exact place that is not on the globe"));
    }
    let field = |resolution: PlaceResolution| match resolution {
        PlaceResolution::Exact => Field::new(resolution.label(), Value::ints(exact.iter().copied())),
        _ => {
            let (west, south) = cell(lon, lat, resolution);
            Field::new(resolution.label(), Value::ints([west, south]))
        }
    };
    PlaceResolution::ALL.into_iter().map(field).collect()
}

/// The fields of a time interval at all resolutions: microseconds UTC, the end within it.
///
/// # Errors
/// [`crate::Means::Unreadable`] when it ends before it starts.
pub fn time_fields(start: i64, end: i64) -> Result<Vec<Field>, Refusal> {
    if end < start {
        return Err(Refusal::unreadable("a time interval that ends before it starts"));
    }
    let field = |resolution: TimeResolution| {
        let (from, to) = span(start, end, resolution);
        Field::new(resolution.label(), Value::ints([from, to]))
    };
    TimeResolution::ALL.into_iter().map(field).collect()
}

/// Checks that of the fields of one statement or item, every coarse place and time is that of each finer one present.
///
/// # Errors
/// [`crate::Means::Unproved`], naming both fields.
pub fn agree<'a>(fields: impl Iterator<Item = &'a Field>) -> Result<(), Refusal> {
    let graded =
        |field: &&Field| ["place.", "time."].iter().any(|family| field.label.as_str().starts_with(family));
    let fields: Vec<&Field> = fields.filter(graded).collect();
    let find =
        |label: &str| fields.iter().find(|field| field.label.as_str() == label).map(|field| &field.value);
    let malformed =
        |label: &str| Refusal::unproved(format!("the field `{label}` does not hold the numbers it should"));
    let differ = |fine: &str, coarse: &str| {
        Refusal::unproved(format!(
            "the field `{coarse}` is not the coarse value of `{fine}`: one of them is not true"
        ))
    };
    let mut places = Vec::new();
    for resolution in PlaceResolution::ALL {
        if let Some(value) = find(resolution.label()) {
            let ints = value.as_ints().unwrap_or_default();
            match (ints.as_slice(), resolution) {
                ([lon, lat], _) | ([lon, lat, ..], PlaceResolution::Exact) => {
                    places.push((resolution, *lon, *lat));
                }
                _ => return Err(malformed(resolution.label())),
            }
        }
    }
    for (at, (fine, lon, lat)) in places.iter().enumerate() {
        for (coarse, west, south) in &places[at..] {
            if cell(*lon, *lat, *coarse) != (*west, *south) {
                return Err(differ(fine.label(), coarse.label()));
            }
        }
    }
    let mut times = Vec::new();
    for resolution in TimeResolution::ALL {
        if let Some(value) = find(resolution.label()) {
            match value.as_ints().as_deref() {
                Some([start, end]) if start <= end => times.push((resolution, *start, *end)),
                _ => return Err(malformed(resolution.label())),
            }
        }
    }
    for (at, (fine, start, end)) in times.iter().enumerate() {
        for (coarse, from, to) in &times[at..] {
            if span_of(*fine, *start, *end, *coarse) != (*from, *to) {
                return Err(differ(fine.label(), coarse.label()));
            }
        }
    }
    Ok(())
}
