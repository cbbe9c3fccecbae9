//! What comes out: events whose fine place is sealed, and every other detection with its reason.

use crate::detection::Class;
use alloc::vec::Vec;
use core::fmt;

/// Side of the squares that everything but the record and the delayed view is told, millimetres.
pub const SECTOR_MM: i64 = 10_000_000;
/// Length of the stretch of time that goes with them, microseconds.
pub const HOUR_US: i64 = 3_600_000_000;
/// The shortest delay after which a fine place may be shown to anyone (DESIGN, "Publication"): six hours.
pub const LEAST_DELAY_US: i64 = 6 * HOUR_US;

/// A square of ten kilometres of the plane, by its indices east and north.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Sector {
    /// Index east: the square begins at this times [`SECTOR_MM`].
    pub east: i64,
    /// Index north.
    pub north: i64,
}

impl Sector {
    /// The square that holds a place.
    pub fn of(x_mm: i64, y_mm: i64) -> Self {
        Self { east: x_mm.div_euclid(SECTOR_MM), north: y_mm.div_euclid(SECTOR_MM) }
    }
}

/// What sort of bang it was.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Sort {
    /// A round was fired here.
    Outgoing,
    /// A round fell here.
    Impact,
    /// Neither is established.
    Undetermined,
}

/// Probabilities of the sorts, permille; what is left of a thousand is "neither".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sorts {
    /// Probability that a round was fired here.
    pub outgoing: u16,
    /// Probability that a round fell here.
    pub impact: u16,
}

impl Sorts {
    /// The sort, if one is established: from [`crate::Setting::established_permille`] on.
    pub fn sort(self, established: u16) -> Sort {
        match self {
            Self { outgoing, .. } if outgoing >= established => Sort::Outgoing,
            Self { impact, .. } if impact >= established => Sort::Impact,
            Self { .. } => Sort::Undetermined,
        }
    }

    /// From what the member nodes took the sound for, each with its chance of being a member. Nodes that
    /// hear the same bang err together, so a node counts for a third of a witness.
    pub(crate) fn of(members: impl Iterator<Item = (Class, f64)>) -> Self {
        let mut log = 0.0;
        for (class, chance) in members {
            let ratio = (f64::from(class.outgoing) + 20.0) / (f64::from(class.impact) + 20.0);
            log += chance * libm::log(ratio) / 3.0;
        }
        // Before anything is known: a round that is heard was fired or fell, two times in five each.
        let (out, fall) =
            (0.4 * libm::exp(log.clamp(-20.0, 20.0) / 2.0), 0.4 * libm::exp(-log.clamp(-20.0, 20.0) / 2.0));
        let all = out + fall + 0.2;
        let permille = |p: f64| libm::round(1_000.0 * p / all) as u16;
        Self { outgoing: permille(out), impact: permille(fall) }
    }
}

/// A detection of an event.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Number of the detection.
    pub number: u64,
    /// Name of its node.
    pub node: u32,
    /// Observed less expected time, microseconds.
    pub residual_us: i64,
    /// Chance that the detection is of this event, permille.
    pub chance: u16,
}

/// Where an event came from or went, as far as bearing on a round: evidence, not a finding.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fire {
    /// The other end: the id of the impact of an outgoing round, or the reverse.
    pub other: u64,
    /// Direction of fire, clockwise from north, centidegrees.
    pub azimuth: i32,
    /// Its error, one sigma, centidegrees.
    pub sigma: i32,
    /// Evidence that the two are ends of one round, centibans.
    pub evidence: i64,
}

/// Everything exact about an event. It is reached through [`Sealed::open`] alone and can be neither printed
/// nor serialised as a whole, so that it does not leak by a log line.
#[derive(Clone, PartialEq, Eq)]
pub struct Fine {
    /// Time of the bang, microseconds.
    pub time_us: i64,
    /// East, millimetres.
    pub x_mm: i64,
    /// North, millimetres.
    pub y_mm: i64,
    /// Covariance of time, east and north: us^2, us mm, mm^2.
    pub covariance: [[i64; 3]; 3],
    /// The medium that fits: sound speed (relative to the setting's), wind east and north, ppm of that speed.
    pub medium_ppm: [i64; 3],
    /// The detections of the event, in order of number.
    pub members: Vec<Member>,
    /// Detections near its expected times that it did not get: number and residual in microseconds.
    pub rivals: Vec<(u64, i64)>,
    /// Direction of fire, where the other end of the round was heard.
    pub fire: Option<Fire>,
}

/// Who asks for the fine place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    /// The sealed record.
    Record,
    /// The view of monitor and analyst after the delay of the mission file.
    Delayed {
        /// The moment of asking, from the log: microseconds.
        now_us: i64,
        /// The delay of the mission file; shorter than [`LEAST_DELAY_US`] counts as that.
        delay_us: i64,
    },
}

/// The fine place is not for this audience yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Withheld {
    /// From when on it may be opened: the end of the event's hour and the delay, microseconds.
    pub until_us: i64,
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the fine place is withheld: it may be a firing position. Ask again from {} us of event time on, or use \
             the sector and the hour",
            self.until_us
        )
    }
}

impl core::error::Error for Withheld {}

/// The fine place under seal. No `Debug`, no `Display`, no fields:
///
/// ```compile_fail
/// fn print(place: &impulse::Sealed) -> String {
///     format!("{place:?}")
/// }
/// ```
/// ```compile_fail
/// fn take(place: impulse::Sealed) -> i64 {
///     place.0.x_mm
/// }
/// ```
/// ```compile_fail
/// fn print(place: &impulse::Fine) -> String {
///     format!("{place:?}")
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Fine);

impl Sealed {
    pub(crate) fn new(fine: Fine) -> Self {
        Self(fine)
    }

    /// Opens the seal for an audience that is named, or says from when on it may be opened.
    pub fn open(&self, audience: Audience) -> Result<&Fine, Withheld> {
        match audience {
            Audience::Record => Ok(&self.0),
            Audience::Delayed { now_us, delay_us } => {
                // Counted from the end of the hour, so that the moment of opening does not tell the minute.
                let end = (self.0.time_us.div_euclid(HOUR_US) + 1).saturating_mul(HOUR_US);
                let until_us = end.saturating_add(delay_us.max(LEAST_DELAY_US));
                if now_us >= until_us { Ok(&self.0) } else { Err(Withheld { until_us }) }
            }
        }
    }

    pub(crate) fn set_fire(&mut self, fire: Fire) {
        self.0.fire = Some(fire);
    }
}

/// One bang. What stands here in the open is fit for every screen of those who keep the peace; the rest is
/// sealed. `Debug` prints the open part.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// Number of its first detection: no two events share one.
    pub id: u64,
    /// Where, to ten kilometres.
    pub sector: Sector,
    /// When: start of the hour, microseconds.
    pub hour_us: i64,
    /// Outgoing, impact or undetermined, with probabilities.
    pub sorts: Sorts,
    /// Evidence that there was such a bang, centibans.
    pub evidence: i64,
    /// Number of nodes that heard it.
    pub heard: u32,
    /// Was it an echo of an earlier event? Evidence in centibans, with the id of that event.
    pub echo_of: Option<(u64, i64)>,
    /// Time, place, covariance, members.
    pub fine: Sealed,
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("id", &self.id)
            .field("sector", &self.sector)
            .field("hour_us", &self.hour_us)
            .field("sorts", &self.sorts)
            .field("evidence", &self.evidence)
            .field("heard", &self.heard)
            .field("echo_of", &self.echo_of)
            .finish_non_exhaustive()
    }
}

/// Why a detection is of no event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// No event is expected at this node at this time.
    NoEvent,
    /// It was part of a possible event without enough evidence.
    BelowThreshold,
    /// It fits this event, but less well than another detection of the node, or than another explanation.
    /// (By how much is with the event, under seal.)
    LostTo(u64),
    /// It is of the bow shock of the round that this event fired: no bang at a place.
    BowShock(u64),
    /// It came after its slice of time was settled.
    Late,
    /// The node is not among those given.
    UnknownNode,
    /// A detection with the same number, node and time had come before.
    Repeated,
}

/// A detection that is of no event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unassociated {
    /// Number of the detection.
    pub number: u64,
    /// Why.
    pub reason: Reason,
}

/// What a step of the watermark yields. Together, the members of the events and the unassociated detections
/// are exactly the detections that were settled.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Heard {
    /// Events in order of slice, then time.
    pub events: Vec<Event>,
    /// Detections of no event, in order of number within a slice.
    pub unassociated: Vec<Unassociated>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec;

    fn event() -> Event {
        Event {
            id: 7,
            sector: Sector::of(12_345_678, -98_765_432),
            hour_us: 0,
            sorts: Sorts { outgoing: 400, impact: 400 },
            evidence: 4_000,
            heard: 60,
            echo_of: None,
            fine: Sealed::new(Fine {
                time_us: 1_234_567_891,
                x_mm: 12_345_678,
                y_mm: -98_765_432,
                covariance: [[1, 2, 3], [2, 4, 5], [3, 5, 6]],
                medium_ppm: [0; 3],
                members: vec![],
                rivals: vec![],
                fire: None,
            }),
        }
    }

    #[test]
    fn what_prints_tells_the_sector_and_nothing_finer() {
        let text = format!("{:?}", event());
        assert!(text.contains("east: 1") && text.contains("north: -10"));
        for fine in ["2345678", "8765432", "345", "1234567891"] {
            assert!(!text.contains(fine), "{fine} in {text}");
        }
    }

    #[test]
    fn the_seal_opens_for_the_record_and_after_the_delay_alone() {
        let event = event();
        assert!(event.fine.open(Audience::Record).is_ok_and(|fine| fine.x_mm == 12_345_678));
        let ask = |now_us, delay_us| event.fine.open(Audience::Delayed { now_us, delay_us }).err();
        let day = 24 * HOUR_US;
        assert_eq!(ask(day, day), Some(Withheld { until_us: HOUR_US + day }));
        assert_eq!(ask(HOUR_US + day, day), None);
        // A mission file cannot shorten the delay below the compiled-in minimum.
        assert_eq!(ask(2 * HOUR_US, 0), Some(Withheld { until_us: 7 * HOUR_US }));
        assert_eq!(ask(7 * HOUR_US, i64::MIN), None);
    }

    #[test]
    fn the_sort_is_undetermined_without_classes_and_follows_many_of_one_kind() {
        assert_eq!(Sorts::of([(Class::default(), 1.0); 40].into_iter()).sort(950), Sort::Undetermined);
        let muzzle = Class { outgoing: 800, impact: 200 };
        assert_eq!(Sorts::of([(muzzle, 1.0); 40].into_iter()).sort(950), Sort::Outgoing);
        let fell = Class { outgoing: 200, impact: 800 };
        assert_eq!(Sorts::of([(fell, 1.0); 40].into_iter()).sort(950), Sort::Impact);
        assert_eq!(Sorts::of([(fell, 1.0); 2].into_iter()).sort(950), Sort::Undetermined);
    }
}
