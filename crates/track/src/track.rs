//! One track: what is believed of one aircraft.

use crate::band::BandWatch;
use crate::crossing::Watch;
use crate::gauss::{Gauss, Sym2, TAU};
use crate::health::Pair;
use crate::heard::{Away, Heard};
use crate::look::{Look, Vertical};
use crate::motion::{Flight, Imm, MODELS, Step};
use crate::scan::Due;
use crate::sensor::Class;
use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use truce::Name;
use truce::time::Time;

/// One link of a track to a measurement of the frame at hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    /// Which measurement.
    pub(crate) measurement: u32,
    /// Its density under the whole track.
    pub(crate) density: f64,
    /// The same under each model.
    pub(crate) by_model: [f64; MODELS],
    /// Probability that it is this track's.
    pub(crate) probability: f64,
    /// The same where of all orders of the same measurements only the best counts.
    pub(crate) ordered: f64,
    /// How long before the moment of the track it was made, s.
    pub(crate) lag: f64,
}

/// What is remembered of one moment, for smoothing and for evidence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) time: Time,
    pub(crate) imm: Imm,
    pub(crate) existence: f64,
}

/// A measurement's share in a track.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Share {
    /// When it was made; of what was heard, when that was emitted, or later if the track was seen later.
    pub time: Time,
    /// Index of the sensor.
    pub sensor: usize,
    /// The caller's number of the measurement.
    pub measurement: u64,
    /// Probability that the measurement was of this track, permille.
    pub permille: u16,
}

/// A cooperative claim beside a track.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Claimed {
    /// What it says it is.
    pub(crate) name: Name,
    /// Logarithm of the odds that the report and the thing seen by other sensors are one.
    pub(crate) odds: f64,
    /// Last report.
    pub(crate) last: Time,
}

#[derive(Clone, Debug)]
pub(crate) struct Track {
    pub(crate) number: u64,
    pub(crate) born: Time,
    /// The moment of `imm`.
    pub(crate) time: Time,
    /// Until when it was looked for. What is only heard is `time` at the emission of what is heard, long before.
    pub(crate) looked: Time,
    /// Last moment at which it was probably measured.
    pub(crate) seen: Time,
    /// The greatest variance of its place just after it was surely measured, m^2.
    pub(crate) sharp: f64,
    pub(crate) imm: Imm,
    pub(crate) merged: Gauss,
    /// Probability that it exists.
    pub(crate) existence: f64,
    /// Has it ever been more likely than not?
    pub(crate) confirmed: bool,
    /// Made of bearings from two stations only, which may be a ghost.
    pub(crate) possible: bool,
    pub(crate) vertical: Option<Vertical>,
    pub(crate) class: [f64; 5],
    /// Expected number of measurements from each sensor, most recent moment last.
    pub(crate) stations: Vec<(usize, f64, Time)>,
    pub(crate) shares: VecDeque<Share>,
    pub(crate) claimed: Option<Claimed>,
    pub(crate) history: VecDeque<Moment>,
    /// What it remembers of each line it came near.
    pub(crate) watches: Vec<Watch>,
    /// What it remembers of each band.
    pub(crate) bands: Vec<BandWatch>,
    pub(crate) near: bool,
    /// Has it been followed past the lines before?
    pub(crate) followed: bool,
    /// Work space of the frame at hand.
    pub(crate) links: Vec<Link>,
    /// What it was heard to do lately.
    pub(crate) heard: Option<Box<Heard>>,
    /// The moment and state to which it returns after the frame at hand.
    pub(crate) away: Option<Away>,
    pub(crate) detection: f64,
    pub(crate) in_frame: bool,
    /// When sensors that turn look at it next.
    pub(crate) dues: Vec<Due>,
    /// What was expected of it before the frame's measurements.
    pub(crate) expected: Gauss,
    /// How strongly sensors that scan its place and see nothing speak against it.
    pub(crate) silence: f64,
    /// Of the stations that should have found its direction, the share that did lately.
    pub(crate) backed: f64,
    /// Its first two measurements, until a third has been held against them.
    pub(crate) pair: Option<Pair>,
}

/// Probability from which on a track was surely measured.
const SURELY: f64 = 0.9;

impl Track {
    pub(crate) fn new(number: u64, time: Time, first: Gauss, existence: f64) -> Self {
        let imm = Imm::new(first);
        Self {
            number,
            born: time,
            time,
            looked: time,
            seen: time,
            sharp: first.place_cov().greatest(),
            merged: imm.merged(),
            imm,
            existence,
            confirmed: false,
            possible: false,
            vertical: None,
            class: [0.6, 0.1, 0.1, 0.1, 0.1],
            stations: Vec::new(),
            shares: VecDeque::new(),
            claimed: None,
            history: VecDeque::new(),
            watches: Vec::new(),
            bands: Vec::new(),
            near: false,
            followed: false,
            links: Vec::new(),
            heard: None,
            away: None,
            detection: 0.0,
            in_frame: false,
            dues: Vec::new(),
            expected: first,
            silence: 0.0,
            backed: 1.0,
            pair: None,
        }
    }

    /// When a sensor that turns looks at it next, if it ever found it.
    pub(crate) fn due(&self, sensor: usize) -> Option<&Due> {
        self.dues.iter().find(|due| due.sensor == sensor)
    }

    /// Move to a later moment.
    pub(crate) fn move_to(&mut self, time: Time, step: &Step, dt: f64, life: f64) {
        if dt <= 0.0 {
            return;
        }
        self.imm = self.imm.moved(step);
        self.merged = self.imm.merged();
        self.existence *= libm::exp(-dt / life);
        if let Some(vertical) = &mut self.vertical {
            *vertical = vertical.moved(dt);
        }
        self.time = time;
    }

    /// Link to a measurement if it lies in the gate; it was made `lag` seconds before the track's moment. `common` holds the inverse innovation covariance of
    /// each model and its scale when all measurements of the frame have the same error.
    #[inline]
    pub(crate) fn link(
        &mut self,
        index: usize,
        (look, lag): (&Look, f64),
        common: Option<&[(Sym2, f64); MODELS]>,
        least: f64,
    ) {
        let mut by_model = [0.0; MODELS];
        let mut density = 0.0;
        match (look, common) {
            (Look::Place { z, .. }, Some(common)) => {
                for m in 0..MODELS {
                    let (si, scale) = common[m];
                    let x = &self.imm.g[m].x;
                    let form = si.form([z[0] - x[0], z[1] - x[1]]);
                    if form < 80.0 {
                        by_model[m] = scale * libm::exp(-0.5 * form);
                        density += self.imm.w[m] * by_model[m];
                    }
                }
            }
            _ => {
                let look = look.held(lag);
                for m in 0..MODELS {
                    by_model[m] = look.likelihood(&self.imm.g[m]);
                    density += self.imm.w[m] * by_model[m];
                }
            }
        }
        if density > least {
            self.links.push(Link {
                measurement: index as u32,
                density,
                by_model,
                probability: 0.0,
                ordered: 0.0,
                lag,
            });
        }
    }

    /// Inverse innovation covariance and density scale of each model, for positions of covariance `r`.
    #[inline]
    pub(crate) fn common(&self, r: Sym2) -> [(Sym2, f64); MODELS] {
        let mut out = [(r, 0.0); MODELS];
        for (out, g) in out.iter_mut().zip(&self.imm.g) {
            let s = g.place_cov().plus(r);
            *out = (s.inverse(), 1.0 / (TAU * libm::sqrt(s.det())));
        }
        out
    }

    /// Take in the frame: the weights of the links are final. Returns the chance that, if it exists, none of them is its.
    pub(crate) fn update(&mut self, looks: &[Look]) -> f64 {
        let linked: f64 = self.links.iter().map(|l| l.probability).sum();
        let missed = (1.0 - linked).max(0.0);
        let silent = self.existence * (1.0 - self.detection);
        let still = silent / (1.0 - self.existence * self.detection).max(1e-12);
        let existence = (linked + missed * still).min(1.0);
        if self.links.is_empty() {
            self.existence = existence;
            return 1.0;
        }
        let none = missed * still / existence.max(1e-300);
        self.imm = absorb(&self.imm, &self.links, looks, existence, none);
        self.merged = self.imm.merged();
        self.existence = existence;
        if linked > 0.5 {
            self.seen = self.time;
        }
        if linked > SURELY {
            self.sharp = self.merged.place_cov().greatest();
        }
        none
    }

    /// Take a signature into the distribution of classes. "Unknown" explains every signature equally.
    pub(crate) fn take_signature(&mut self, class: Class, right: f64, probability: f64) {
        let mut sum = 0.0;
        let wrong = (1.0 - right) / 4.0;
        for (p, of) in self.class.iter_mut().zip(Class::ALL) {
            let likelihood = if of == Class::Unknown {
                0.2
            } else if of == class {
                right
            } else {
                wrong
            };
            *p *= probability * likelihood + (1.0 - probability) * 0.2;
            *p = p.max(1e-4);
            sum += *p;
        }
        for p in &mut self.class {
            *p /= sum;
        }
    }

    /// Remember the present moment, and forget what is older than `keep` microseconds.
    pub(crate) fn remember(&mut self, keep: i64) {
        if keep <= 0 {
            return;
        }
        let now = Moment { time: self.time, imm: self.imm, existence: self.existence };
        match self.history.back_mut() {
            Some(last) if last.time == now.time => *last = now,
            _ => self.history.push_back(now),
        }
        while self.history.front().is_some_and(|first| first.time.0 < now.time.0 - keep) {
            self.history.pop_front();
        }
    }
}

/// The models after a frame: `existence` of the track, with the chance `none` that none of the links is of it.
pub(crate) fn absorb(before: &Imm, links: &[Link], looks: &[Look], existence: f64, none: f64) -> Imm {
    let mut imm = *before;
    // The usual case: one measurement, and surely it.
    let only = match links {
        [link] if none < 1e-6 => Some((*link, looks[link.measurement as usize].held(link.lag))),
        _ => None,
    };
    let mut parts: Vec<(f64, f64, Gauss)> = Vec::new();
    let mut sum = 0.0;
    for m in 0..MODELS {
        let w = before.w[m];
        if let Some((link, look)) = &only {
            imm.g[m] = look.update(&before.g[m]);
            imm.w[m] = w * link.by_model[m] / link.density;
        } else {
            parts.clear();
            let mut total = w * none;
            if none > 1e-9 {
                parts.push((w * none, w * none, before.g[m]));
            }
            for link in links {
                let likely = w / existence * link.by_model[m] / link.density;
                let (share, ordered) = (likely * link.probability, likely * link.ordered);
                if share > 1e-7 * w {
                    let look = looks[link.measurement as usize].held(link.lag);
                    parts.push((share, ordered, look.update(&before.g[m])));
                    total += share;
                }
            }
            if !parts.is_empty() {
                let kept: f64 = parts.iter().map(|(w, ..)| w).sum();
                let best: f64 = parts.iter().map(|(_, w, _)| w).sum();
                let g = &mut imm.g[m];
                *g = if best > 1e-9 * kept {
                    Gauss::mean(parts.iter().map(|(_, w, g)| (w / best, g)))
                } else {
                    Gauss::mean(parts.iter().map(|(w, _, g)| (w / kept, g)))
                };
                for (w, .., part) in &parts {
                    g.add_spread(w / kept, part);
                }
            }
            imm.w[m] = total;
        }
        imm.w[m] = imm.w[m].max(1e-12);
        sum += imm.w[m];
    }
    for w in &mut imm.w {
        *w /= sum;
    }
    imm
}

/// A position seen once: perhaps the first of a track.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed {
    pub(crate) time: Time,
    pub(crate) place: [f64; 2],
    pub(crate) r: Sym2,
    pub(crate) existence: f64,
    pub(crate) sensor: usize,
    pub(crate) measurement: u64,
}

impl Seed {
    /// What was believed when it was seen, to be looked back at.
    pub(crate) fn moment(&self, flight: &Flight) -> Moment {
        let imm = Imm::new(Gauss::at(self.place, self.r, flight.first_speed));
        Moment { time: self.time, imm, existence: self.existence }
    }

    /// The same at a later time.
    pub(crate) fn after(&self, time: Time, flight: &Flight) -> Gauss {
        self.at((time.0 - self.time.0) as f64 / 1e6, flight)
    }

    /// The state after `dt` seconds: the velocity is unknown but bounded.
    pub(crate) fn at(&self, dt: f64, flight: &Flight) -> Gauss {
        let first = Gauss::at(self.place, self.r, flight.first_speed);
        let q = flight.turn_noise[1];
        first.moved(&crate::gauss::Motion {
            a: [dt, 0.0],
            b: [1.0, 0.0],
            q: [q * dt * dt * dt / 3.0, q * dt * dt / 2.0, q * dt],
        })
    }
}
