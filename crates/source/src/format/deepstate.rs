//! A day's map of held ground as DeepState publishes it (an archive of <https://deepstatemap.live>): GeoJSON,
//! polygons without attributes.
//!
//! What it is worth: ground that one side holds, as drawn by people who stand on the other. The outline runs
//! along coasts and state borders too, so it is no line of contact. Nothing beyond the state border is mapped.
//! There is no grey zone; edges are up to 20 km long. The day is that of publication, taken from the file's
//! name (or the one inside), and lags by up to days; a repeated map is no evidence that nothing moved.

use std::fmt;
use std::io::BufRead;

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use truce::place::Point;
use truce::time::Date;

use crate::cell::Fault;
use crate::json::document;
use crate::run::Run;
use crate::territory::{not_swapped, ring};
use crate::{Cause, Polygon, Territory};

#[derive(Deserialize)]
struct Collection {
    #[serde(default)]
    name: Option<String>,
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    geometry: Option<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    sort: String,
    coordinates: Coordinates,
}

pub(super) fn map(input: &mut dyn BufRead, run: &Run<'_>) -> Result<Territory, Fault> {
    let collection: Collection =
        document(input, "a FeatureCollection of polygons in longitude and latitude")?;
    let date = map_date(run.file_name, collection.name.as_deref())?;
    let mut held = Vec::new();
    for geometry in collection.features.into_iter().filter_map(|feature| feature.geometry) {
        match (geometry.sort.as_str(), geometry.coordinates) {
            ("Polygon", coordinates) => held.push(polygon(coordinates)?),
            ("MultiPolygon", Coordinates::List(polygons)) => {
                for coordinates in polygons {
                    held.push(polygon(coordinates)?);
                }
            }
            _ => return Err(Fault::new(Cause::Json, "a feature of the map is not a polygon".into())),
        }
    }
    if held.is_empty() {
        // Held by nobody, or an emptied file? Not a thing to guess.
        return Err(Fault::new(Cause::Place, "the map holds no polygon".into()));
    }
    for ring in held.iter().flatten() {
        not_swapped(ring, run.context)?;
    }
    Ok(territory(run, date, held))
}

/// A map as far as all maps are alike.
pub(super) fn territory(run: &Run<'_>, date: Date, held: Vec<Polygon>) -> Territory {
    Territory {
        source: run.profile.source.clone(),
        group: run.profile.group.clone(),
        asserted_by: run.profile.asserted_by.clone(),
        held_by: run.profile.about.clone(),
        date,
        held,
        other: Vec::new(),
        front: Vec::new(),
        licence: run.profile.licence.clone(),
        url: run.profile.url.clone(),
    }
}

/// The day of a map: from the file's name, and from the name inside where there is one; they must agree.
pub(super) fn map_date(file_name: &str, inner: Option<&str>) -> Result<Date, Fault> {
    let fault = |reason: &str| Fault::new(Cause::Time, reason.into());
    match (date_in(file_name), inner.and_then(date_in)) {
        (Some(outer), Some(inner)) if outer != inner => {
            Err(fault(&format!("the file's name says {outer}, the map inside {inner}; which is right?")))
        }
        (Some(date), _) | (None, Some(date)) => Ok(date),
        (None, None) => {
            Err(fault("the map has no date; put it into the file's name, such as map_2025-04-19.json"))
        }
    }
}

/// The last `YYYY-MM-DD` or `YYYYMMDD` in a name.
fn date_in(name: &str) -> Option<Date> {
    let bytes = name.as_bytes();
    let dashed = |at: usize| Date::parse(name.get(at..at + 10)?);
    let compact = |at: usize| {
        let alone = |at: usize| bytes.get(at).is_none_or(|byte| !byte.is_ascii_digit());
        let digits = name.get(at..at + 8).filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()))?;
        (alone(at + 8) && at.checked_sub(1).is_none_or(alone))
            .then(|| Date::parse(&format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..])))
            .flatten()
    };
    (0..bytes.len()).rev().find_map(|at| dashed(at).or_else(|| compact(at)))
}

/// Coordinates of any depth: a position, or a list of such.
enum Coordinates {
    Position(Point),
    List(Vec<Coordinates>),
}

impl<'de> Deserialize<'de> for Coordinates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Nest;
        /// An element of a list: either the first number of a position, or a nested list.
        enum Part {
            Number(f64),
            Nested(Coordinates),
        }
        impl<'de> Deserialize<'de> for Part {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(PartVisitor)
            }
        }
        struct PartVisitor;
        impl<'de> Visitor<'de> for PartVisitor {
            type Value = Part;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a list")
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Part, E> {
                Ok(Part::Number(number))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Part, E> {
                Ok(Part::Number(number as f64))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Part, E> {
                Ok(Part::Number(number as f64))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Part, A::Error> {
                Nest.visit_seq(list).map(Part::Nested)
            }
        }
        impl<'de> Visitor<'de> for Nest {
            type Value = Coordinates;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of coordinates")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Coordinates, A::Error> {
                let (mut nested, mut numbers) = (Vec::new(), [0.0; 2]);
                let mut count = 0;
                while let Some(part) = list.next_element()? {
                    match part {
                        Part::Nested(coordinates) if count == 0 => nested.push(coordinates),
                        Part::Number(number) if nested.is_empty() => {
                            if let Some(place) = numbers.get_mut(count) {
                                *place = number;
                            }
                            count += 1; // a third number is a height
                        }
                        _ => return Err(Error::custom("numbers and lists are mixed")),
                    }
                }
                match count {
                    0 => Ok(Coordinates::List(nested)),
                    2 | 3 => Point::from_degrees(numbers[0], numbers[1])
                        .map(Coordinates::Position)
                        .ok_or_else(|| Error::custom("a position is off the globe")),
                    _ => Err(Error::custom("a position is not two numbers")),
                }
            }
        }
        deserializer.deserialize_seq(Nest)
    }
}

fn polygon(coordinates: Coordinates) -> Result<Polygon, Fault> {
    let shape = || Fault::new(Cause::Json, "a polygon of the map is not a list of rings".into());
    let Coordinates::List(rings) = coordinates else { return Err(shape()) };
    if rings.is_empty() {
        return Err(shape());
    }
    let points = |coordinates: Coordinates| match coordinates {
        Coordinates::List(points) => points
            .into_iter()
            .map(|point| match point {
                Coordinates::Position(point) => Ok(point),
                Coordinates::List(_) => Err(shape()),
            })
            .collect::<Result<Vec<Point>, Fault>>(),
        Coordinates::Position(_) => Err(shape()),
    };
    rings.into_iter().map(|coordinates| points(coordinates).and_then(ring)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{map as read, shared};
    use crate::{Context, Profile};

    fn collection(kind: &str, coordinates: &str) -> String {
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{}},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}]}}"#
        )
    }

    const SQUARE: &str = "[[[35.0,45.0],[36.0,45.0],[36.0,46.0,12],[35,46],[35.0,45.0]]]";

    #[test]
    fn the_date_is_in_the_name_or_inside() {
        assert_eq!(date_in("deepstate_2025-04-19.geojson"), Date::new(2025, 4, 19));
        assert_eq!(date_in("deepstatemap_data_20250419"), Date::new(2025, 4, 19));
        assert_eq!(date_in("a_2025-02-30_120250419"), None);
        assert_eq!(date_in("карта_20250419"), Date::new(2025, 4, 19));
        assert!(map_date("map.json", None).unwrap_err().reason.contains("put it into the file's name"));
        assert!(
            map_date("map_2025-04-19.json", Some("x_20250418"))
                .unwrap_err()
                .reason
                .contains("which is right?")
        );
    }

    #[test]
    fn polygons_come_with_their_holes() {
        let profile = Profile { about: Some("a".into()), licence: "GPL-3.0".into(), ..Profile::new("map") };
        let file = collection("Polygon", SQUARE);
        let it = read(Format::Deepstate, "m_2025-04-19", &file, &profile, &Context::default()).unwrap();
        assert_eq!((it.date, it.held.len(), it.held[0].len()), (Date::new(2025, 4, 19).unwrap(), 1, 1));
        assert_eq!(it.held[0][0].len(), 5);
        assert_eq!(it.held[0][0][2], Point { lon: 360_000_000, lat: 460_000_000 }, "longitude first");
        assert_eq!((it.held_by.as_deref(), &*it.licence), (Some("a"), "GPL-3.0"));
        let file = collection("MultiPolygon", &format!("[{SQUARE},{SQUARE}]"));
        let it = read(Format::Deepstate, "m_2025-04-19", &file, &profile, &Context::default()).unwrap();
        assert_eq!(it.held.len(), 2);
    }

    #[test]
    fn broken_maps_are_refused_whole() {
        let good = collection("Polygon", SQUARE);
        for (file, word) in [
            (good[..good.len() - 20].to_string(), "ends in the middle"),
            (good.replace("46.0,12", "91.0"), "expected a FeatureCollection"),
            (good.replace("[36.0,45.0],", "36.0,"), "expected a FeatureCollection"),
            (good.replace("Polygon", "LineString"), "not a polygon"),
            (collection("Polygon", "[[[35,45],[36,45],[35,45]]]"), "fewer than three corners"),
            (collection("Polygon", "[35,45]"), "not a list of rings"),
            (r#"{"type":"FeatureCollection","features":[]}"#.into(), "no polygon"),
            ("[".repeat(100_000), "expected a FeatureCollection"),
            (String::new(), "empty"),
            (good.replace("Polygon", "\0"), "NUL"),
        ] {
            let refused =
                read(Format::Deepstate, "m_2025-04-19", &file, &Profile::new("map"), &Context::default());
            let reason = refused.unwrap_err().to_string();
            assert!(reason.contains(word), "`{word}` is not in: {reason}");
        }
    }

    #[test]
    fn shared_two_months_of_maps() {
        let (mut maps, mut like_before) = (0, 0);
        let mut before = None;
        for day in Date::new(2025, 3, 1).unwrap().days()..=Date::new(2025, 4, 30).unwrap().days() {
            let name = format!("deepstate_{}.geojson", Date::from_days(day));
            if ["2025-03-31", "2025-04-01"].iter().any(|missing| name.contains(missing)) {
                continue;
            }
            let Some(bytes) = shared(&format!("easter-2025/line/{name}")) else { return };
            assert_eq!(Format::recognise(&name, &bytes[..2000]), Ok(Format::Deepstate));
            let text = String::from_utf8(bytes).unwrap();
            let it =
                read(Format::Deepstate, &name, &text, &Profile::new("map"), &Context::default()).unwrap();
            assert_eq!(it.date, Date::from_days(day));
            maps += 1;
            like_before += usize::from(before.as_ref() == Some(&it.held));
            before = Some(it.held);
        }
        assert_eq!(maps, 59);
        assert!((8..=14).contains(&like_before), "about ten days repeat the day before: {like_before}");
        let easter = before.map(|held| held.iter().map(Vec::len).sum::<usize>());
        assert_eq!(easter, Some(8), "seven polygons, one with a hole");
    }
}
