//! Maps of held ground.

use truce::Name;
use truce::observation::Asserter;
use truce::place::Point;
use truce::time::Date;

use crate::cell::Fault;
use crate::{Cause, Context};

/// A polygon as rings: the outer one first, then its holes. Each ring is closed: its last point is its first.
pub type Polygon = Vec<Vec<Point>>;

/// The ground that one side holds, as one source draws it on one day. Kept beside the observations, for it
/// is large. A map that is like the day before's is no evidence that nothing moved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Territory {
    /// Name of the source.
    pub source: Name,
    /// Group of independence.
    pub group: Name,
    /// Who draws the map.
    pub asserted_by: Asserter,
    /// The party that holds `held`, where the mission file says so.
    pub held_by: Option<Name>,
    /// Day of publication. What is drawn may be days older.
    pub date: Date,
    /// Ground held. Its outline includes coasts and state borders; beyond what the source maps, nothing
    /// follows from it.
    pub held: Vec<Polygon>,
    /// Ground held by the other side, where the source draws it apart.
    pub other: Vec<Polygon>,
    /// The front as the source draws it, as open lines; empty where it draws none.
    pub front: Vec<Vec<Point>>,
    /// Licence of the file.
    pub licence: String,
    /// Where it is published.
    pub url: String,
}

/// A closed ring with at least three corners.
pub(crate) fn ring(mut points: Vec<Point>) -> Result<Vec<Point>, Fault> {
    points.dedup();
    if points.first() != points.last() {
        points.extend(points.first().copied());
    }
    if points.len() < 4 {
        return Err(Fault::new(Cause::Place, "a ring of the map has fewer than three corners".into()));
    }
    Ok(points)
}

/// Check that a map doesn't lie elsewhere because latitude and longitude are swapped.
pub(crate) fn not_swapped(points: &[Point], context: &Context<'_>) -> Result<(), Fault> {
    let Some(bounds) = context.bounds else { return Ok(()) };
    let swapped = |point: &Point| {
        let turned = Point { lon: point.lat, lat: point.lon };
        !bounds.contains(*point) && bounds.contains(turned)
    };
    if points.iter().any(swapped) {
        let reason = "the map lies outside the mission's area, and inside it with latitude and longitude \
                      swapped; check the format";
        return Err(Fault::new(Cause::Place, reason.into()));
    }
    Ok(())
}
