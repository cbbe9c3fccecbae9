//! Where an incident was: an ellipse at a stated level.

use crate::incident::{Incident, extent};
use crate::place::{Ellipse, Mm, Place, Point};

/// Where, with the probability that it was within.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// The middle.
    pub at: Point,
    /// Half axes of the ellipse that holds the place at the level.
    pub ellipse: Ellipse,
    /// The level, permille.
    pub permille: u16,
}

/// Where an incident was, at a level of 1 to 999 permille; `None` where it is not known.
///
/// The rule is simple and errs on the wide side: the place of the anchor, whose one-sigma ellipse is widened to the
/// level (two normal errors: by the square root of -2 ln(1 - level)); the whole of a sector or named area,
/// whatever the level. It is never narrowed by other observations, since these may share an error; and when one
/// that counts for when and where ([`Incident::spread`]) lies outside, it becomes a circle that holds it. So an
/// assertion can widen the place by no more than the reach, and can neither move nor narrow it.
pub fn position(incident: &Incident<'_>, permille: u16) -> Option<Position> {
    let at = incident.at?;
    let permille = permille.clamp(1, 999);
    let factor = libm::sqrt(-2.0 * libm::log(1.0 - f64::from(permille) / 1_000.0));
    let widened = |sigma: Mm| libm::ceil(sigma.max(0) as f64 * factor) as Mm;
    let ellipse = match incident.anchor.place {
        Place::Point { error, .. } => {
            let (major, minor) = (error.major.max(error.minor), error.major.min(error.minor));
            Ellipse { major: widened(major), minor: widened(minor), azimuth: error.azimuth }
        }
        Place::Sector { .. } | Place::Area { .. } => Ellipse::circle(extent(&incident.anchor.place)?),
        Place::Unknown => return None,
    };
    let ellipse = if incident.spread > ellipse.minor {
        Ellipse::circle(ellipse.major.max(incident.spread))
    } else {
        ellipse
    };
    Some(Position { at, ellipse, permille })
}
