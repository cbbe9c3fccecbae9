//! Who witnessed: instruments, people, or both. What only an instrument noticed is kept, not dropped: reports
//! are fewer than events wherever nobody writes.

use crate::incident::Incident;
use crate::observation::Kind;

/// Incidents by who noticed them.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Witnesses {
    /// By instruments alone.
    pub instruments: u64,
    /// By people alone: reports and sightings.
    pub people: u64,
    /// By both.
    pub both: u64,
}

/// Is a kind of observation an instrument's?
pub fn is_instrument(kind: Kind) -> bool {
    match kind {
        Kind::Impulse | Kind::Bearing | Kind::AirTrackPoint | Kind::ThermalAnomaly | Kind::SensorStatus => {
            true
        }
        Kind::ReportedEvent
        | Kind::Sighting
        | Kind::Control
        | Kind::Alert
        | Kind::Obstruction
        | Kind::Notice
        | Kind::Position
        | Kind::Verification
        | Kind::Claim => false,
    }
}

impl Witnesses {
    /// Counts incidents.
    pub fn of<'a>(incidents: impl Iterator<Item = &'a Incident<'a>>) -> Self {
        let mut all = Self::default();
        for incident in incidents {
            let instrument = incident.members.iter().any(|member| is_instrument(member.kind));
            let person = incident.members.iter().any(|member| !is_instrument(member.kind));
            match (instrument, person) {
                (true, true) => all.both += 1,
                (true, false) => all.instruments += 1,
                _ => all.people += 1,
            }
        }
        all
    }

    /// All incidents.
    pub fn all(self) -> u64 {
        self.instruments + self.people + self.both
    }
}
