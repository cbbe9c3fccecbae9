//! A day's map of held ground as Owlmaps publishes it: JSON with `areas`, `areas_ua` and `frontline`.
//!
//! Coordinates are **latitude, longitude**, the reverse of GeoJSON. The original files also hold positions of
//! units. These are never parsed: the three keys below are all that is taken, everything else is skipped as
//! syntax, and no message quotes the file.

use std::io::BufRead;

use serde::Deserialize;
use serde::de::{Deserializer, Error};
use truce::place::Point;

use super::deepstate::{map_date, territory};
use crate::cell::Fault;
use crate::json::document;
use crate::run::Run;
use crate::territory::{not_swapped, ring};
use crate::{Cause, Polygon, Territory};

#[derive(Deserialize)]
struct Map {
    #[serde(default)]
    areas: Vec<Vec<LatLon>>,
    #[serde(default)]
    areas_ua: Vec<Vec<LatLon>>,
    #[serde(default)]
    frontline: Vec<Vec<LatLon>>,
}

struct LatLon(Point);

impl<'de> Deserialize<'de> for LatLon {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [lat, lon] = <[f64; 2]>::deserialize(deserializer)?;
        Point::from_degrees(lon, lat).map(Self).ok_or_else(|| Error::custom("a position is off the globe"))
    }
}

pub(super) fn map(input: &mut dyn BufRead, run: &Run<'_>) -> Result<Territory, Fault> {
    let map: Map = document(input, "`areas`, `areas_ua` and `frontline` as lists of [latitude, longitude]")?;
    let points = |line: Vec<LatLon>| line.into_iter().map(|point| point.0).collect::<Vec<Point>>();
    let polygons = |rings: Vec<Vec<LatLon>>| {
        rings
            .into_iter()
            .map(|line| ring(points(line)).map(|ring| vec![ring]))
            .collect::<Result<Vec<Polygon>, _>>()
    };
    let held = polygons(map.areas)?;
    if held.is_empty() {
        return Err(Fault::new(Cause::Place, "the map holds no area".into()));
    }
    let other = polygons(map.areas_ua)?;
    let front: Vec<Vec<Point>> = map.frontline.into_iter().map(points).collect();
    for line in held.iter().chain(&other).flatten().chain(&front) {
        not_swapped(line, run.context)?;
    }
    Ok(Territory { other, front, ..territory(run, map_date(run.file_name, None)?, held) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::tests::{map as read, shared};
    use crate::{Bounds, Context, Profile};
    use truce::time::Date;

    const NAME: &str = "owlmaps_2025-03-31.json";
    const MAP: &str = r#"{"areas":[[[45.9,33.5],[45.8,33.6],[45.7,33.4],[45.9,33.5]]],"areas_ua":[[[51.1,35.1],[51.2,35.1],[51.2,35.2]]],"frontline":[[[50.3,36.3],[50.2,36.4]]],"geos":[]}"#;

    #[test]
    fn latitude_comes_first() {
        let it = read(Format::Owlmaps, NAME, MAP, &Profile::new("owl"), &Context::default()).unwrap();
        assert_eq!(it.held[0][0][0], Point { lon: 335_000_000, lat: 459_000_000 });
        assert_eq!(it.other[0][0].len(), 4, "an open ring is closed");
        assert_eq!((it.front[0].len(), it.date), (2, Date::new(2025, 3, 31).unwrap()));
    }

    #[test]
    fn a_map_that_is_swapped_is_noticed() {
        let corner = |lon, lat| Point::from_degrees(lon, lat).unwrap();
        let bounds = Some(Bounds { south_west: corner(22.0, 44.0), north_east: corner(41.0, 53.0) });
        let context = Context { bounds, ..Context::default() };
        assert!(read(Format::Owlmaps, NAME, MAP, &Profile::new("owl"), &context).is_ok());
        let swapped = MAP.replace("[45.9,33.5]", "[33.5,45.9]");
        let refused = read(Format::Owlmaps, NAME, &swapped, &Profile::new("owl"), &context).unwrap_err();
        assert!(refused.reason.contains("swapped"), "{refused}");
    }

    #[test]
    fn planted_units_appear_nowhere() {
        let plants = [
            r#""units":[{"name":"99th Planted Brigade","pos":[48.123456,37.654321]}],"#,
            r#""geos":[["99th Planted Brigade",48.123456,37.654321]],"#,
            r#""units":"99th Planted Brigade at 48.123456,37.654321","#,
        ];
        for plant in plants {
            // In a good map, and in maps that are broken before, after and within.
            let whole = MAP.replace(",\"geos\":[]", "").replacen('{', &format!("{{{plant}"), 1);
            for file in [
                whole.clone(),
                whole.replace("[45.8,33.6]", "\"99th Planted Brigade\""),
                whole.replace("[45.8,33.6]", "{\"99th Planted Brigade\":[48.123456,37.654321]}"),
                whole.replace("45.8,33.6", "48.123456"),
                whole.replace("]]]", "]]"),
                whole[..whole.len() - 3].to_string(),
                whole.replace("units", "areas"),
                format!("{plant}{whole}"),
            ] {
                let said = match read(Format::Owlmaps, NAME, &file, &Profile::new("owl"), &Context::default())
                {
                    Ok(territory) => format!("{territory:?}"),
                    Err(rejected) => format!("{rejected:?} {rejected}"),
                };
                for trace in ["Planted", "48.123456", "37.654321", "481234560", "376543210"] {
                    assert!(!said.contains(trace), "{trace} in {said} of {file}");
                }
            }
            let good = read(Format::Owlmaps, NAME, &whole, &Profile::new("owl"), &Context::default());
            assert!(good.is_ok(), "{good:?}");
        }
    }

    #[test]
    fn shared_the_two_missing_days() {
        for (day, corners) in [("2025-03-31", 2745), ("2025-04-01", 2745)] {
            let name = format!("owlmaps_{day}.json");
            let Some(bytes) = shared(&format!("easter-2025/line/{name}")) else { return };
            assert_eq!(Format::recognise(&name, &bytes[..500]), Ok(Format::Owlmaps));
            let text = String::from_utf8(bytes).unwrap();
            let it = read(Format::Owlmaps, &name, &text, &Profile::new("owl"), &Context::default()).unwrap();
            assert_eq!((it.held.len(), it.front.len(), it.date.to_string()), (12, 2, day.to_string()));
            let points: Vec<&Point> = it.held.iter().flatten().flatten().collect();
            assert_eq!(points.len(), corners);
            assert!(points.iter().all(|at| at.lat > at.lon), "here latitudes exceed longitudes");
        }
    }
}
