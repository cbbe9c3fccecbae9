//! What may be shown to whom, and when. (DESIGN.md, "Publication".)
//!
//! The state of a track reaches no screen before a delay, and then only monitors and analysts. There is one
//! way to a state, [`Tracker::fine`], and it asks who will see it.

use crate::bearing::BearingOnly;
use crate::crossing::{CoarseCrossing, Crossing};
use crate::gauss::Gauss;
use crate::health::SensorHealth;
use crate::look::Vertical;
use crate::motion::Imm;
use crate::track::{Moment, Share, Track};
use crate::tracker::Tracker;
use crate::visit::{Stay, stays};
use alloc::vec::Vec;
use truce::Name;
use truce::time::{HOUR, Micros, Time};

/// Who will see it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Audience {
    /// The sealed record, where what is worked out stands as an observation like any other: no screen, no file.
    Record,
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

/// May `audience` see, at `now`, the state of a track at `state`? `delay` below [`LEAST_DELAY`] counts as that. The
/// record takes everything, at once.
///
/// # Errors
/// Why not.
pub fn may_see(audience: Audience, state: Time, now: Time, delay: Micros) -> Result<(), Withheld> {
    if audience == Audience::Record {
        return Ok(());
    }
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
    /// Probability that it is an aircraft that reports itself, permille, and what it says it is: a claim.
    pub cooperative: (u16, Option<Name>),
}

/// To integers in thousandths.
fn milli(value: f64) -> i64 {
    libm::round(value * 1e3) as i64
}

fn permille(p: f64) -> u16 {
    libm::round(p.clamp(0.0, 1.0) * 1e3) as u16
}

/// Height and its sigma, mm.
fn height(v: &Vertical) -> (i64, i64) {
    (milli(v.x[0]), milli(libm::sqrt(v.p.xx)))
}

fn state(track: &Track) -> State {
    state_of(track, &track.merged, track.time, track.existence)
}

fn state_of(track: &Track, g: &Gauss, time: Time, existence: f64) -> State {
    let mut covariance = [0; 10];
    for (out, p) in covariance.iter_mut().zip(&g.p) {
        *out = libm::round(p * 1e6) as i64;
    }
    State {
        track: track.number,
        time,
        place: [milli(g.x[0]), milli(g.x[1])],
        velocity: [milli(g.x[2]), milli(g.x[3])],
        covariance,
        height: track.vertical.map(|v| height(&v)),
        existence: permille(existence),
        models: track.imm.w.map(permille),
        classes: track.class.map(permille),
        cooperative: (
            permille(crate::claim::probability(track, time)),
            track.claimed.as_ref().map(|c| c.name.clone()),
        ),
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

    /// The same, all at one moment: where the tracks were, or will be, then. A track that nobody looked for within
    /// `fresh` microseconds of it is left out. `now` counts from the later of that moment and the last measurement.
    ///
    /// # Errors
    /// Why they are withheld.
    pub fn fine_at(
        &self,
        at: Time,
        fresh: Micros,
        audience: Audience,
        now: Time,
        delay: Micros,
    ) -> Result<Vec<State>, Withheld> {
        may_see(audience, self.done.map_or(at, |done| done.max(at)), now, delay)?;
        let shown = self.tracks.iter().filter(|t| self.shows(t) && t.looked.0 > at.0.saturating_sub(fresh));
        Ok(shown.map(|track| self.state_at(track, at)).collect())
    }

    fn state_at(&self, track: &Track, at: Time) -> State {
        let dt = (at.0 - track.time.0) as f64 / 1e6;
        if dt == 0.0 {
            return state(track);
        }
        let g = if dt > 0.0 { self.carried(track, dt).merged() } else { track.merged.on(dt) };
        State {
            height: track.vertical.map(|v| height(&v.moved(dt.max(0.0)))),
            ..state_of(track, &g, at, track.existence)
        }
    }

    /// The models of a track so many seconds later. One that is heard is carried on over the delay of its sound, in which it may
    /// change its flight more than once.
    fn carried(&self, track: &Track, seconds: f64) -> Imm {
        let steps = if track.looked > track.time { libm::ceil(seconds).max(1.0) } else { 1.0 };
        let step = self.settings.flight.step(seconds / steps);
        (0..steps as u32).fold(track.imm, |imm, _| imm.moved(&step))
    }

    /// The measurements that a track was made from, most recent last, as far as it remembers them
    /// ([`crate::Settings::provenance`]).
    ///
    /// # Errors
    /// Why they are withheld.
    pub fn fine_shares(
        &self,
        track: u64,
        audience: Audience,
        now: Time,
        delay: Micros,
    ) -> Result<Vec<Share>, Withheld> {
        may_see(audience, self.done.unwrap_or(Time(i64::MIN)), now, delay)?;
        let found = self.tracks.iter().find(|t| t.number == track);
        Ok(found.map(|t| t.shares.iter().copied().collect()).unwrap_or_default())
    }

    /// The states as they were at an earlier moment, given everything since (fixed-lag smoothing). Tracks that do not
    /// remember that far ([`crate::Settings::remember`]) are left out, and those that nobody looked for within
    /// `fresh` microseconds before.
    ///
    /// # Errors
    /// Why they are withheld.
    pub fn fine_smoothed(
        &self,
        then: Time,
        fresh: Micros,
        audience: Audience,
        now: Time,
        delay: Micros,
    ) -> Result<Vec<State>, Withheld> {
        may_see(audience, self.done.map_or(then, |done| done.max(then)), now, delay)?;
        let mut out = Vec::new();
        for track in &self.tracks {
            let after = track.history.partition_point(|m| m.time <= then);
            // The last moment before, carried on to this one.
            let Some(before) = after.checked_sub(1).map(|n| track.history[n]) else { continue };
            let moments = track.history.range(after..);
            let existence = moments.clone().map(|m| m.existence).fold(before.existence, f64::max);
            let dt = (then.0 - before.time.0) as f64 / 1e6;
            if then.0 - before.time.0 >= fresh || existence < self.settings.show || track.possible {
                continue;
            }
            let first = match before.time == then {
                true => before,
                false => {
                    Moment { time: then, imm: before.imm.moved(&self.settings.flight.step(dt)), ..before }
                }
            };
            let moments = core::iter::once(&first).chain(moments);
            let smoothed = crate::smooth::smoothed(moments, &self.settings.flight);
            if let Some(g) = smoothed.filter(|g| self.places(track, g)) {
                out.push(state_of(track, &g, then, existence));
            }
        }
        Ok(out)
    }

    /// Crossings in full, for one audience: those old enough.
    ///
    /// # Errors
    /// Why they are withheld. One that is too young is left out.
    pub fn fine_crossings(
        &self,
        audience: Audience,
        now: Time,
        delay: Micros,
    ) -> Result<Vec<&Crossing>, Withheld> {
        if !matches!(audience, Audience::Record | Audience::Monitor | Audience::Analyst) {
            return Err(Withheld::Audience);
        }
        Ok(self.crossings.iter().filter(|c| may_see(audience, c.time[2], now, delay).is_ok()).collect())
    }

    /// Crossings for those who keep the peace, at once: 10 km and minutes.
    pub fn coarse_crossings(&self) -> impl Iterator<Item = CoarseCrossing> + '_ {
        self.crossings.iter().map(Crossing::coarse)
    }

    /// Directions without a position, for one audience.
    ///
    /// # Errors
    /// Why they are withheld.
    pub fn fine_bearings(
        &self,
        audience: Audience,
        now: Time,
        delay: Micros,
    ) -> Result<Vec<BearingOnly>, Withheld> {
        may_see(audience, self.done.unwrap_or(Time(i64::MIN)), now, delay)?;
        Ok(self.bearings.only().collect())
    }

    /// Directions without a position that are over, in the order in which they ended; each is handed over once.
    ///
    /// # Errors
    /// Why they are withheld.
    pub fn take_ended_bearings(
        &mut self,
        audience: Audience,
        now: Time,
        delay: Micros,
    ) -> Result<Vec<BearingOnly>, Withheld> {
        may_see(audience, self.done.unwrap_or(Time(i64::MIN)), now, delay)?;
        Ok(self.bearings.take_ended())
    }

    /// Visits to zones, those that are over first, in the order in which they ended.
    ///
    /// # Errors
    /// Why they are withheld.
    pub fn fine_stays(&self, audience: Audience, now: Time, delay: Micros) -> Result<Vec<Stay>, Withheld> {
        may_see(audience, self.done.unwrap_or(Time(i64::MIN)), now, delay)?;
        let open = self.tracks.iter().flat_map(|t| stays(t, &self.settings.crossing));
        Ok(self.stays.iter().cloned().chain(open).collect())
    }

    /// Visits that are over, in the order in which they ended; each is handed over once.
    ///
    /// # Errors
    /// Why they are withheld.
    pub fn take_stays(
        &mut self,
        audience: Audience,
        now: Time,
        delay: Micros,
    ) -> Result<Vec<Stay>, Withheld> {
        may_see(audience, self.done.unwrap_or(Time(i64::MIN)), now, delay)?;
        Ok(core::mem::take(&mut self.stays))
    }

    /// Health of each sensor, for members of the mission.
    ///
    /// # Errors
    /// Others never see it.
    pub fn health(&self, audience: Audience) -> Result<Vec<SensorHealth>, Withheld> {
        match audience {
            Audience::Record | Audience::Monitor | Audience::Analyst | Audience::Administrator => {
                Ok(self.health.iter().map(|h| h.shown()).collect())
            }
            Audience::Public | Audience::Liaison | Audience::Mediator => Err(Withheld::Audience),
        }
    }
}
