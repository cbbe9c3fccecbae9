//! Foreign.
use crate::sensor::Measurement;
use crate::tracker::Tracker;
use truce::time::Time;
use alloc::vec::Vec;
impl Tracker {
    pub(crate) fn take_foreign(&mut self, _time: Time, _what: &Vec<&Measurement>) {}
}
