//! Lines, zones and distances on WGS84, deterministic.
//!
//! Points are integers, and so is every answer; in between there are only `+ - * /`, square roots and the pure-Rust
//! `libm`, so that the same input gives the same bits on any machine. What must be exact (on which side, in or out,
//! exactly on) is decided with integers wherever the distance is small enough to matter.

use alloc::vec::Vec;
use core::fmt;

use crate::place::Point;

mod change;
mod ellipsoid;
mod line;
mod plane;
mod region;
mod segments;

pub use change::{Changed, changed};
pub use ellipsoid::{Spot, destination, distance};
pub use line::{HeldGround, Line, Nearest, Side};
pub use region::{Polygon, Region, Within};

/// Points in a row, joined by edges.
pub type Path = Vec<Point>;

/// Why a shape cannot be used, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShapeError {
    /// There is no polygon or no edge.
    Empty,
    /// Nothing of the boundary of held ground is left as a line of contact.
    NoContact,
    /// A ring encloses nothing.
    NoGround {
        /// Its first point, if it has one.
        at: Option<Point>,
    },
    /// A ring goes round a pole.
    AroundAPole {
        /// Its first point.
        at: Point,
    },
    /// An edge spans exactly 180 degrees of longitude, so there are two ways to draw it.
    HalfTheGlobe {
        /// Where it ends.
        at: Point,
    },
    /// A coordinate beyond 180 degrees of longitude or 90 of latitude.
    OffTheGlobe {
        /// The point.
        at: Point,
    },
    /// Two edges of a line cross.
    Crosses {
        /// An end of one of them.
        near: Point,
    },
    /// A line runs along itself.
    Overlaps {
        /// An end of the stretch drawn twice.
        at: Point,
    },
    /// Left of one edge is right of another.
    Branches {
        /// Where they meet.
        at: Point,
    },
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |p: &Point| {
            let (lon, lat) = p.degrees();
            alloc::format!("longitude {lon:.7}, latitude {lat:.7}")
        };
        match self {
            Self::Empty => f.write_str("the shape is empty: draw at least one ring or one edge"),
            Self::NoContact => f.write_str(
                "no line of contact is left: all of the boundary of held ground lies near the border or outside the \
                 mapped ground; check that both use longitude, latitude in this order, or lower the tolerance",
            ),
            Self::NoGround { at: None } => f.write_str("a ring has no points: remove it or draw it"),
            Self::NoGround { at: Some(at) } => write!(
                f,
                "the ring that starts at {} encloses no ground: it needs at least three corners that are not in a row",
                place(at)
            ),
            Self::AroundAPole { at } => write!(
                f,
                "the ring that starts at {} goes round a pole: cut it along a meridian into several rings",
                place(at)
            ),
            Self::HalfTheGlobe { at } => write!(
                f,
                "the edge that ends at {} spans half the globe, so its way is not known: add a point between",
                place(at)
            ),
            Self::OffTheGlobe { at } => write!(
                f,
                "{} is not on the globe: longitude goes to 180 and latitude to 90 degrees; are the two swapped?",
                place(at)
            ),
            Self::Crosses { near } => write!(
                f,
                "the line crosses itself near {}, so its sides cannot be told apart: redraw it without the crossing",
                place(near)
            ),
            Self::Overlaps { at } => write!(
                f,
                "the line runs along itself from {}, so its sides cannot be told apart there: draw that stretch once",
                place(at)
            ),
            Self::Branches { at } => write!(
                f,
                "at {} the left of one edge is the right of another: check the direction in which each piece is drawn",
                place(at)
            ),
        }
    }
}

impl core::error::Error for ShapeError {}
