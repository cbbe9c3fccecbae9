//! Claims.
use crate::track::Track;
use truce::Name;
use truce::time::Time;
pub(crate) fn take(_t: &mut Track, _c: &Name, _time: Time) {}
