//! What may be shown of a bang or a crossing, to whom, and when. (DESIGN, "Publication".)
//!
//! An observation that was worked out of detections holds its fine place, for the record. Whoever shows one asks
//! here: [`coarse`] for everybody who may know of it, [`open`] for the delayed view.

use report::Cell;
use track::{Audience, LEAST_DELAY, Withheld};
use truce::observation::{Act, Kind, Observation};
use truce::place::Place;
use truce::time::{HOUR, MINUTE, Micros, Time};

/// A bang or a crossing as those who keep the peace may know of it within minutes, and the public after its delay.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Coarse {
    /// What was done.
    pub act: Act,
    /// A cell of some 10 km.
    pub cell: Cell,
    /// From the start of an hour (of a crossing: of five minutes) to the end of one.
    pub from: Time,
    /// See `from`.
    pub to: Time,
}

/// The coarse form: a fixed function of the fine one. `None` for what is no bang and no crossing.
pub fn coarse(observation: &Observation) -> Option<Coarse> {
    let Place::Point { at, .. } = observation.place else { return None };
    let step = match observation.kind {
        Kind::Impulse => HOUR,
        Kind::Sighting if observation.act == Act::Flight => 5 * MINUTE,
        _ => return None,
    };
    let floor = |time: Time| time.0.div_euclid(step) * step;
    Some(Coarse {
        act: observation.act,
        cell: Cell::containing(at),
        from: Time(floor(observation.time.start)),
        to: Time(floor(observation.time.end) + step),
    })
}

/// The fine form, for one audience at one moment: the record at once, monitors and analysts after the delay (of the
/// mission file, and never less than [`LEAST_DELAY`]), nobody else ever. The delay runs from the end of the hour, so
/// that the moment of opening does not tell the minute.
///
/// # Errors
/// Why it is withheld.
pub fn open(
    observation: &Observation,
    audience: Audience,
    now: Time,
    delay: Micros,
) -> Result<&Observation, Withheld> {
    match audience {
        Audience::Record => Ok(observation),
        Audience::Monitor | Audience::Analyst => {
            let end = (observation.time.end.0.div_euclid(HOUR) + 1) * HOUR;
            let from = Time(end.saturating_add(delay.max(LEAST_DELAY)));
            if now < from { Err(Withheld::Until(from)) } else { Ok(observation) }
        }
        Audience::Public | Audience::Liaison | Audience::Mediator | Audience::Administrator => {
            Err(Withheld::Audience)
        }
    }
}
