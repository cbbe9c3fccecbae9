//! Places coarse enough to publish.

#[cfg(test)]
use schemars::JsonSchema;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use truce::place::Point;

/// Units of [`Point`] in a hundredth of a degree.
const CENTIDEGREE: i32 = 100_000;

/// Height of a cell: 0.1 degree, 11.1 km.
const HEIGHT: i32 = 10;

/// A square of the published grid, never narrower than 10 km: the finest place that a report can hold.
///
/// Cells are 0.1 degree high. Their width is a function of latitude alone: 0.15 degree up to 53 degrees north or
/// south (10.05 km at 53 degrees, 11.1 km at 48), and in steps wider towards the poles. A cell is named by its
/// south-west corner.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Cell {
    /// South-west corner, centidegrees.
    south: i32,
    west: i32,
}

/// Width in centidegrees of the cells whose latitudes, without sign, begin at `latitude` centidegrees.
fn width(latitude: i32) -> i32 {
    // Each is the least that gives 10 km at the end of its belt: 10 / (111.32 cos(latitude)), rounded up to
    // a divisor of 36,000 so that the belt closes at the antimeridian.
    match latitude {
        ..5_300 => 15,
        5_300..6_000 => 18,
        6_000..7_000 => 30,
        7_000..8_000 => 60,
        8_000..8_500 => 120,
        _ => 36_000,
    }
}

impl Cell {
    /// The cell that holds a point. What is finer than the cell is gone.
    pub fn containing(point: Point) -> Self {
        let cdeg = |v: i32| v.div_euclid(CENTIDEGREE);
        let south = (cdeg(point.lat).div_euclid(HEIGHT) * HEIGHT).min(9_000 - HEIGHT);
        let west = cdeg(point.lon).min(17_999);
        Self { south, west: west - (west + 18_000).rem_euclid(Self { south, west }.width()) }
    }

    fn width(self) -> i32 {
        width(if self.south < 0 { -self.south - HEIGHT } else { self.south })
    }

    /// Sides in centidegrees: west, south, east, north.
    pub fn sides(self) -> [i32; 4] {
        [self.west, self.south, self.west + self.width(), self.south + HEIGHT]
    }

    /// The middle: all that is left of the place of what lies in the cell.
    pub fn middle(self) -> Vertex {
        let [west, south, east, north] = self.sides();
        Vertex { lon_millidegrees: (west + east) * 5, lat_millidegrees: (south + north) * 5 }
    }

    /// Such as `48.5N 37.05E`: the south-west corner.
    pub fn name(self) -> String {
        let axis = |v: i32, plus: char, minus: char| {
            let (degrees, rest) = (v.abs() / 100, v.abs() % 100);
            let sign = if v < 0 { minus } else { plus };
            if rest % 10 == 0 {
                format!("{degrees}.{}{sign}", rest / 10)
            } else {
                format!("{degrees}.{rest:02}{sign}")
            }
        };
        format!("{} {}", axis(self.south, 'N', 'S'), axis(self.west, 'E', 'W'))
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let [west, south, east, north] = self.sides();
        let mut cell = to.serialize_struct("Cell", 5)?;
        cell.serialize_field("name", &self.name())?;
        cell.serialize_field("west_centidegrees", &west)?;
        cell.serialize_field("south_centidegrees", &south)?;
        cell.serialize_field("east_centidegrees", &east)?;
        cell.serialize_field("north_centidegrees", &north)?;
        cell.end()
    }
}

#[cfg(test)]
impl JsonSchema for Cell {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cell".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let integer = serde_json::json!({ "type": "integer" });
        schemars::json_schema!({
            "description": "A square of the published grid, never narrower than 10 km, named by its south-west corner.",
            "type": "object",
            "properties": {
                "name": { "type": "string" },
                "west_centidegrees": integer,
                "south_centidegrees": integer,
                "east_centidegrees": integer,
                "north_centidegrees": integer,
            },
            "required": [
                "name", "west_centidegrees", "south_centidegrees", "east_centidegrees", "north_centidegrees"
            ],
        })
    }
}

/// A vertex of a line or zone that is public anyway, to a thousandth of a degree (about 100 m): the scale of a
/// page, not of a weapon.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Vertex {
    /// Longitude in millidegrees.
    pub lon_millidegrees: i32,
    /// Latitude in millidegrees.
    pub lat_millidegrees: i32,
}

impl From<Point> for Vertex {
    fn from(point: Point) -> Self {
        let round = |v: i32| (v + 5_000).div_euclid(10_000);
        Self { lon_millidegrees: round(point.lon), lat_millidegrees: round(point.lat) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> Cell {
        Cell::containing(Point::from_degrees(lon, lat).unwrap())
    }

    #[test]
    fn a_cell_forgets_what_is_finer_than_itself() {
        assert_eq!(at(37.561, 48.739), at(37.649, 48.701));
        assert_eq!(at(37.561, 48.739).name(), "48.7N 37.5E");
        assert_eq!(at(37.561, 48.739).sides(), [3_750, 4_870, 3_765, 4_880]);
        assert_eq!(at(-0.01, -0.01).name(), "0.1S 0.15W");
    }

    #[test]
    fn every_cell_holds_its_point_and_is_ten_kilometres_wide_and_high() {
        for lat in (-9_000..=9_000).step_by(7) {
            for lon in (-18_000..=18_000).step_by(1_111) {
                let point = Point { lon: lon * CENTIDEGREE, lat: lat * CENTIDEGREE };
                let [west, south, east, north] = Cell::containing(point).sides();
                assert!(west <= lon && lon <= east && south <= lat && lat <= north, "{lon} {lat}");
                assert!(north - south == HEIGHT && -18_000 <= west && east <= 18_000);
                let poleward = f64::from(south.abs().max(north.abs())) / 100.0;
                let wide = f64::from(east - west) * 1.1132 * libm::cos(poleward.to_radians());
                assert!(wide >= 10.0 || poleward > 85.0, "{wide} km at {poleward}");
            }
        }
    }

    #[test]
    fn vertices_are_rounded_to_the_nearest() {
        let vertex = Vertex::from(Point { lon: 375_614_999, lat: -5_001 });
        assert_eq!(vertex, Vertex { lon_millidegrees: 37_561, lat_millidegrees: -1 });
    }
}
