//! What may be shown to whom, and when. (DESIGN.md, "Publication".)
//!
//! The state of a track reaches no screen before a delay, and then only monitors and analysts. There is one
//! way to a state, [`Tracker::fine`], and it asks who will see it.

use crate::track::Track;
use crate::tracker::Tracker;
use alloc::vec::Vec;
use truce::time::{HOUR, Micros, Time};

/// Who will see it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Audience {
    /// Everyone.
    Public,
    /// The liaison officers of the parties.
    Liaison,
    /// A mediator.
    Mediator,
    /// A member of the mission.
    Monitor,
    /// An analyst of the mission.
    Analyst,
    /// Who keeps the system running.
    Administrator,
}

/// Why a state is withheld.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Withheld {
    /// This audience never sees states of tracks.
    Audience,
    /// Not yet: may be shown from this moment on.
    Until(Time),
}

/// The least delay that can be set.
pub const LEAST_DELAY: Micros = 6 * HOUR;

/// The delay if the mission file does not say.
pub const DEFAULT_DELAY: Micros = 24 * HOUR;

/// May `audience` see, at `now`, the state of a track at `state`? `delay` below [`LEAST_DELAY`] counts as that.
///
/// # Errors
/// Why not.
pub fn may_see(audience: Audience, state: Time, now: Time, delay: Micros) -> Result<(), Withheld> {
    if !matches!(audience, Audience::Monitor | Audience::Analyst) {
        return Err(Withheld::Audience);
    }
    let from = Time(state.0.saturating_add(delay.max(LEAST_DELAY)));
    if now < from { Err(Withheld::Until(from)) } else { Ok(()) }
}

/// State of a track at one moment, in integers: mm, mm/s, mm^2.
#[derive(Clone, PartialEq, Debug)]
pub struct State {
    /// Number of the track.
    pub track: u64,
    /// When.
    pub time: Time,
    /// East, north, mm.
    pub place: [i64; 2],
    /// Velocity east, north, mm/s.
    pub velocity: [i64; 2],
    /// Covariance: upper triangle row by row, mm^2, mm^2/s, mm^2/s^2.
    pub covariance: [i64; 10],
    /// Height and its sigma, mm, if known.
    pub height: Option<(i64, i64)>,
    /// Probability that it exists, permille.
    pub existence: u16,
    /// Probability of steady flight, of slow turns (left, right), fast turns (left, right), hovering, permille.
    pub models: [u16; crate::motion::MODELS],
    /// Probability of each of [`crate::Class::ALL`], permille.
    pub classes: [u16; 5],
}

/// To integers in thousandths.
fn milli(value: f64) -> i64 {
    libm::round(value * 1e3) as i64
}

fn permille(p: f64) -> u16 {
    libm::round(p.clamp(0.0, 1.0) * 1e3) as u16
}

pub(crate) fn state(track: &Track) -> State {
    let g = &track.merged;
    let mut covariance = [0; 10];
    for (out, p) in covariance.iter_mut().zip(&g.p) {
        *out = libm::round(p * 1e6) as i64;
    }
    State {
        track: track.number,
        time: track.time,
        place: [milli(g.x[0]), milli(g.x[1])],
        velocity: [milli(g.x[2]), milli(g.x[3])],
        covariance,
        height: track.vertical.map(|v| (milli(v.x[0]), milli(libm::sqrt(v.p.xx)))),
        existence: permille(track.existence),
        models: track.imm.w.map(permille),
        classes: track.class.map(permille),
    }
}

impl Tracker {
    /// The states of all tracks that are more likely than not, for one audience.
    ///
    /// # Errors
    /// Why they are withheld from it.
    pub fn fine(&self, audience: Audience, now: Time, delay: Micros) -> Result<Vec<State>, Withheld> {
        may_see(audience, self.done.unwrap_or(Time(i64::MIN)), now, delay)?;
        Ok(self.tracks.iter().filter(|t| self.shows(t)).map(state).collect())
    }
}
