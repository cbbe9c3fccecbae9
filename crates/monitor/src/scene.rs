//! From what is known to what was found: the one road of every command that computes.
//!
//! Lines are found, the mission's instruments are listened to, sightings and reports are linked, and every incident is
//! held against the clauses. A command that went its own way would miss what another one sees.

use crate::assess::ground;
use crate::sensing::{self, Counts};
use anyhow::Result;
use source::Territory;
use std::collections::BTreeMap;
use truce::Id;
use truce::agreement::Agreement;
use truce::assessment::{Assessment, assess_each};
use truce::coverage::Watched;
use truce::ground::Ground;
use truce::mission::Mission;
use truce::observation::Observation;
use truce::time::Time;

/// What is held against one or several instruments: where their lines and zones lie, and what was observed, with what
/// the mission's own instruments heard and saw.
pub struct Scene<'a> {
    agreements: Vec<&'a Agreement>,
    mission: &'a Mission,
    /// The ground of each instrument, in their order.
    pub grounds: Vec<Ground>,
    /// Observations, by id.
    pub observations: Vec<Observation>,
    /// What became of what instruments gave, for each of the agreements.
    pub sensed: Vec<Counts>,
}

impl<'a> Scene<'a> {
    /// From observations up to `until`: the watermark of the instruments. Bangs are the same for every instrument;
    /// crossings are of its own lines.
    ///
    /// # Errors
    /// When a map that an agreement names was not read, or a shape cannot be compiled.
    pub fn new(
        agreements: &[&'a Agreement],
        mission: &'a Mission,
        observations: Vec<Observation>,
        territories: &[Territory],
        until: Time,
    ) -> Result<Self> {
        let mut scene = Self {
            agreements: agreements.to_vec(),
            mission,
            grounds: Vec::new(),
            observations: Vec::new(),
            sensed: Vec::new(),
        };
        let mut all: BTreeMap<Id, Observation> = BTreeMap::new();
        let last = agreements.len().saturating_sub(1);
        let mut observations = Some(observations);
        for (number, agreement) in agreements.iter().enumerate() {
            let ground = ground(agreement, territories, mission)?;
            let given = if number == last { observations.take() } else { observations.clone() };
            let given = given.unwrap_or_default();
            let sensed = sensing::sense(given, mission, agreement, &ground, until, sensing::threads());
            all.extend(sensed.observations.into_iter().map(|observation| (observation.id, observation)));
            scene.grounds.push(ground);
            scene.sensed.push(sensed.counts);
        }
        scene.observations = all.into_values().collect();
        Ok(scene)
    }

    /// Incidents and findings, for each of the instruments; none where there is no ground.
    pub fn assess(&self) -> Vec<Assessment<'_>> {
        let instruments: Vec<_> = self.agreements.iter().copied().zip(&self.grounds).collect();
        assess_each(&self.observations, &instruments, self.mission)
    }

    /// How much of the line of the instrument with this number was observed.
    pub fn watched(&self, number: usize) -> Watched {
        let front = self.grounds.get(number).and_then(Ground::reference);
        Watched::new(&self.observations, front.map(|front| &front.line))
    }
}
