//! From the globe to the tracker's plane and back.
//!
//! Azimuthal equidistant about the middle of the front, on the sphere that fits the ellipsoid there. Places
//! go there and back exactly. Lengths are right to 0.3 % within 600 km of the middle, which matters to no
//! filter; a sensor's own range and azimuth are brought in with [`Plane::turn`] at the sensor.

use libm::{asin, atan2, cos, sin, sqrt};
use truce::place::Point;

/// WGS84: semi-major axis, m, and squared eccentricity.
const A: f64 = 6_378_137.0;
const E2: f64 = 6.694_379_990_141_32e-3;

/// A plane about a middle.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Plane {
    lon: f64,
    sin_lat: f64,
    cos_lat: f64,
    radius: f64,
}

impl Plane {
    /// The plane about a point.
    pub fn about(middle: Point) -> Self {
        let (lon, lat) = middle.degrees();
        let (sin_lat, cos_lat) = (sin(lat.to_radians()), cos(lat.to_radians()));
        let w = 1.0 - E2 * sin_lat * sin_lat;
        // The Gaussian radius: the sphere that fits best at the middle.
        Self { lon: lon.to_radians(), sin_lat, cos_lat, radius: A * sqrt(1.0 - E2) / w }
    }

    /// East and north of the middle, m. `None` on the far side of the globe.
    pub fn place(&self, point: Point) -> Option<[f64; 2]> {
        let (lon, lat) = point.degrees();
        let (d, lat) = (lon.to_radians() - self.lon, lat.to_radians());
        let (s, c) = (sin(lat), cos(lat));
        let east = c * sin(d);
        let north = self.cos_lat * s - self.sin_lat * c * cos(d);
        let along = self.sin_lat * s + self.cos_lat * c * cos(d);
        let off = sqrt(east * east + north * north);
        let angle = atan2(off, along);
        if angle > 1.0 {
            return None;
        }
        let k = if off > 1e-12 { angle / off } else { 1.0 };
        Some([self.radius * k * east, self.radius * k * north])
    }

    /// The point at a place in the plane; `None` outside the globe.
    pub fn point(&self, place: [f64; 2]) -> Option<Point> {
        let off = sqrt(place[0] * place[0] + place[1] * place[1]);
        let angle = off / self.radius;
        let (s, c) = (sin(angle), cos(angle));
        let (east, north) = if off > 0.0 { (place[0] / off * s, place[1] / off * s) } else { (0.0, 0.0) };
        let lat = asin((c * self.sin_lat + north * self.cos_lat).clamp(-1.0, 1.0));
        let lon = self.lon + atan2(east, self.cos_lat * c - self.sin_lat * north);
        let wrapped = crate::look::wrap(lon);
        Point::from_degrees(wrapped.to_degrees(), lat.to_degrees())
    }

    /// By how much north in the plane is turned clockwise from true north at a point, radians: subtract it
    /// from a sensor's true azimuth.
    pub fn turn(&self, point: Point) -> Option<f64> {
        let (lon, lat) = point.degrees();
        let step = 0.005;
        let (a, b) = (Point::from_degrees(lon, lat - step)?, Point::from_degrees(lon, lat + step)?);
        let (a, b) = (self.place(a)?, self.place(b)?);
        // True north as seen in the plane, clockwise from the plane's north.
        Some(-atan2(b[0] - a[0], b[1] - a[1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let plane = Plane::about(Point::from_degrees(36.0, 48.5).unwrap());
        for (lon, lat) in [(36.0, 48.5), (33.1, 46.4), (40.2, 50.3), (30.0, 51.9)] {
            let point = Point::from_degrees(lon, lat).unwrap();
            let back = plane.point(plane.place(point).unwrap()).unwrap();
            assert!((back.lon - point.lon).abs() <= 1 && (back.lat - point.lat).abs() <= 1, "{lon} {lat}");
        }
        assert_eq!(plane.place(Point::from_degrees(-144.0, -48.5).unwrap()), None);
    }

    /// Against the geodesic: 600 km of front.
    #[test]
    fn lengths_are_right_to_three_in_a_thousand() {
        use geographiclib_rs::{Geodesic, InverseGeodesic};
        let plane = Plane::about(Point::from_degrees(36.0, 48.5).unwrap());
        let wgs84 = Geodesic::wgs84();
        for (lon, lat) in [(36.0, 48.5), (33.1, 46.4), (39.5, 50.3), (31.0, 50.0)] {
            for (dlon, dlat) in [(0.05, 0.0), (0.0, 0.05), (0.04, -0.03)] {
                let a = plane.place(Point::from_degrees(lon, lat).unwrap()).unwrap();
                let b = plane.place(Point::from_degrees(lon + dlon, lat + dlat).unwrap()).unwrap();
                let true_length: f64 = wgs84.inverse(lat, lon, lat + dlat, lon + dlon);
                let length = libm::hypot(b[0] - a[0], b[1] - a[1]);
                assert!((length / true_length - 1.0).abs() < 4e-3, "{lon} {lat}: {length} {true_length}");
            }
        }
    }

    #[test]
    fn north_turns_away_from_the_middle() {
        let plane = Plane::about(Point::from_degrees(36.0, 48.5).unwrap());
        assert!(plane.turn(Point::from_degrees(36.0, 50.0).unwrap()).unwrap().abs() < 1e-9);
        let east = plane.turn(Point::from_degrees(40.0, 48.5).unwrap()).unwrap();
        // True north, east of the middle, leans to the west in the plane.
        assert!((east.to_degrees() - 3.0).abs() < 0.1, "{}", east.to_degrees());
    }
}
