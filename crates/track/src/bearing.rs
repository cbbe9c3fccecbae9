//! Bearings.
use crate::sensor::Measurement;
use crate::tracker::Tracker;
use truce::time::Time;
#[derive(Clone, Debug, Default)]
pub(crate) struct Bearings {}
impl Tracker {
    pub(crate) fn take_bearings(&mut self, _time: Time, _sensor: usize, _what: &[Measurement], _claimed: &[f64]) {}
}
