//! The plane of one square.

use track::Plane;
use truce::place::Point;

/// Squared eccentricity of WGS84.
const E2: f64 = 6.694_379_990_141_32e-3;

/// A plane about a middle, azimuthal equidistant on the sphere that fits there, and stretched so that a length is
/// right towards north and towards east alike: the ellipsoid is bent more along the meridian than across it, by 0.3 %
/// at 48 degrees, which would move bangs by metres.
#[derive(Clone, Copy, Debug)]
pub(super) struct Local {
    plane: Plane,
    stretch: [f64; 2],
}

impl Local {
    pub(super) fn about(middle: Point) -> Self {
        let s = libm::sin(middle.degrees().1.to_radians());
        // Radii of curvature across and along the meridian, and of the sphere between them, up to a common factor.
        let (across, along) =
            (1.0 / (1.0 - E2 * s * s).sqrt(), (1.0 - E2) / ((1.0 - E2 * s * s) * (1.0 - E2 * s * s).sqrt()));
        let between = (across * along).sqrt();
        Self { plane: Plane::about(middle), stretch: [across / between, along / between] }
    }

    /// East and north of the middle, m; `None` on the far side of the globe.
    pub(super) fn place(&self, point: Point) -> Option<[f64; 2]> {
        let [east, north] = self.plane.place(point)?;
        Some([east * self.stretch[0], north * self.stretch[1]])
    }

    /// The point at a place in the plane.
    pub(super) fn point(&self, [east, north]: [f64; 2]) -> Option<Point> {
        self.plane.point([east / self.stretch[0], north / self.stretch[1]])
    }

    /// By how much the plane's north is turned clockwise from true north at a point, radians.
    pub(super) fn turn(&self, point: Point) -> f64 {
        self.plane.turn(point).unwrap_or(0.0)
    }
}
