//! What stands is one thing, however often it is looked at.
//!
//! A gun that stays where it must not be is seen again at every look. Each sighting is an incident by the rules of
//! linking; here sightings that may be of one and the same standing weapon become one **presence**, with a first and
//! a last sighting and their number. It is held against a clause as one subject, so that nobody makes a breach count
//! twice by looking twice.
//!
//! Sightings are taken in the order of time. Each joins the nearest presence that it fits:
//! - it stood there: the sighting says neither that it moved nor in which direction, and its class is one that the
//!   mission file names;
//! - nothing that both tell sets them apart: class, system, whose people, whose forces, which object;
//! - within the reach of the place where the presence was first seen, beyond the uncertainty of both. What is seen at
//!   the same time must be in the same place, as far as it can be told: two guns seen apart at one time are two;
//! - within the gap of the last sighting, with no **seen absence** in between: somebody looked there and counted none.
//!
//! What somebody tells joins what was measured or seen by the monitor, and what a party asserts joins either; neither
//! makes such a presence longer, and neither bridges a gap in it. Nor does a party's word that nothing stood there
//! end one: else a party could make two breaches of one.

use super::ground::{Disc, Flat, units_north};
use super::{GREATEST_GAP, GREATEST_REACH, Incident, lot};
use crate::evidence::is_text;
use crate::observation::{Act, Asserter, Belongs, Count, Force, Kind, Observation, Rating, Weapon};
use crate::place::{KM, Mm};
use crate::time::{DAY, Micros, Span, Time};
use crate::{Id, Name};
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// How far apart two sightings of one standing weapon may be: data of the mission file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Classes of weapons that stand; `Undetermined` for what is not known, and for nothing else. What is named by its
    /// system alone stands as well.
    pub with: Vec<Weapon>,
    /// Greatest distance from where it was first seen, to which the uncertainty of both places is added.
    pub reach: Mm,
    /// Greatest time from one sighting to the next.
    pub gap: Micros,
}

impl Standing {
    /// What is wrong with the numbers, if anything is.
    pub fn wrong(&self) -> Option<String> {
        if !(0..=GREATEST_REACH / 10).contains(&self.reach) {
            return Some(format!(
                "the reach of what stands is negative or over {} km; so far apart nothing is one gun",
                GREATEST_REACH / 10 / KM
            ));
        }
        (!(0..=GREATEST_GAP).contains(&self.gap))
            .then(|| format!("the gap of what stands is negative or over {} days", GREATEST_GAP / DAY))
    }

    /// A class that is named; or, of no known class, a system with a name: equipment, whatever it is.
    fn stands(&self, observation: &Observation) -> bool {
        let weapon = observation.weapon;
        let named = observation.particulars().system.is_some();
        weapon == Weapon::Undetermined && named
            || self.with.iter().any(|class| {
                *class == weapon || *class != Weapon::Undetermined && weapon.belongs(*class) == Belongs::Yes
            })
    }
}

/// Was it looked for, and not there? Nothing happened then.
pub fn is_absence(observation: &Observation) -> bool {
    observation.kind == Kind::Sighting && shows(observation) && observation.count == Count::Exactly(0)
}

/// Does it say that something stood there? A sighting of weapons that names no act says no more than that.
fn shows(observation: &Observation) -> bool {
    match observation.kind {
        Kind::Sighting => matches!(observation.act, Act::Presence | Act::Undetermined),
        _ => observation.act == Act::Presence,
    }
}

/// One or several sightings of what is taken for one thing; or any other incident, alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Presence<'a> {
    /// All of it as one incident: the id and place of the first sighting, the time from the first to the last.
    pub whole: Incident<'a>,
    /// The sightings, by time; a single one for what does not stand.
    pub sightings: Vec<Incident<'a>>,
}

/// Joins the sightings of what stands; all else stays alone. By id of the whole. `absences` are observations of which
/// [`is_absence`] holds; others are passed over. The order of neither matters.
pub fn presences<'a>(
    incidents: Vec<Incident<'a>>,
    absences: impl IntoIterator<Item = &'a Observation>,
    rule: &Standing,
) -> Vec<Presence<'a>> {
    let mut alone = Vec::new();
    let mut looks: Vec<Look<'a>> = Vec::new();
    for incident in incidents {
        match Look::of(&incident, rule) {
            Some(mark) => looks.push(Look { mark, incident }),
            None => alone.push(incident),
        }
    }
    looks.sort_by_key(Look::key);
    // A party's word ends nothing, nor does what somebody tells.
    let mut empty: Vec<(&Observation, Disc)> = absences
        .into_iter()
        .filter(|it| is_absence(it) && !is_text(it) && !matches!(it.asserted_by, Asserter::Party(_)))
        .filter_map(|it| Some((it, Disc::of(&it.place)?)))
        .collect();
    empty.sort_by_key(|(it, _)| (it.time, it.id));
    empty.dedup_by_key(|(it, _)| it.id);
    let voices: BTreeSet<Voice> = looks.iter().map(|look| look.mark.voice.clone()).collect();
    let mut yard = Yard::new(rule);
    for voice in &voices {
        yard.sweep(voice, &looks, &empty);
    }
    let mut presences: Vec<Presence<'a>> = alone
        .into_iter()
        .map(|incident| Presence { whole: incident.clone(), sightings: Vec::from([incident]) })
        .chain(yard.standing.iter().map(|stood| stood.presence(&looks)))
        .collect();
    presences.sort_by_key(|presence| presence.whole.id());
    presences
}

/// Who speaks: what is measured or seen by the monitor, what is told, what a party says. The first have the first word.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Voice {
    Seen,
    Told,
    Party(Name),
}

/// What tells one standing weapon from another.
#[derive(Clone)]
struct Mark {
    voice: Voice,
    disc: Disc,
    flat: Flat,
    weapon: Weapon,
    force: Force,
    system: Option<Name>,
    object: Option<crate::observation::Object>,
    origin: Option<Name>,
}

/// A sighting.
struct Look<'a> {
    mark: Mark,
    incident: Incident<'a>,
}

impl<'a> Look<'a> {
    fn of(incident: &Incident<'a>, rule: &Standing) -> Option<Mark> {
        let anchor = incident.anchor;
        let stands = matches!(anchor.kind, Kind::Sighting | Kind::ReportedEvent)
            && shows(anchor)
            && anchor.direction.is_none()
            && rule.stands(anchor);
        let disc = Disc::of(&anchor.place).filter(|_| stands)?;
        let particulars = anchor.particulars();
        Some(Mark {
            voice: match &anchor.asserted_by {
                Asserter::Party(name) => Voice::Party(name.clone()),
                Asserter::Monitor | Asserter::Third if is_text(anchor) => Voice::Told,
                Asserter::Monitor | Asserter::Third => Voice::Seen,
            },
            disc,
            flat: Flat::new(disc.centre),
            weapon: anchor.weapon,
            force: particulars.force,
            system: particulars.system.clone(),
            object: particulars.object.clone(),
            origin: anchor.origin.clone(),
        })
    }

    /// By time; of one time, as [`lot`] decides; of one lot, the better rated first.
    fn key(&self) -> (Time, Time, u64, Rating, Id) {
        let Incident { anchor, when, .. } = &self.incident;
        (when.start, when.end, lot(anchor), anchor.rating, anchor.id)
    }
}

impl Mark {
    /// Could both be of one thing? Where one does not tell, it contradicts nothing.
    fn agrees(&self, other: &Self) -> bool {
        fn same<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
            a.is_none() || b.is_none() || a == b
        }
        self.weapon.belongs(other.weapon) != Belongs::No
            && self.force.belongs(other.force) != Belongs::No
            && same(&self.system, &other.system)
            && same(&self.object, &other.object)
            && same(&self.origin, &other.origin)
    }

    /// What is known once both are taken for one.
    fn refine(&mut self, other: &Self) {
        if other.weapon.belongs(self.weapon) == Belongs::Yes {
            self.weapon = other.weapon;
        }
        if other.force.belongs(self.force) == Belongs::Yes {
            self.force = other.force;
        }
        self.system = self.system.take().or_else(|| other.system.clone());
        self.object = self.object.take().or_else(|| other.object.clone());
        self.origin = self.origin.take().or_else(|| other.origin.clone());
    }
}

/// A presence as it grows.
struct Stood {
    mark: Mark,
    /// From the first to the last sighting by its own voice.
    when: Span,
    /// Sightings by its own voice, then by others that joined: numbers of looks.
    own: Vec<usize>,
    joined: Vec<usize>,
    /// It was seen to be gone from then on.
    gone: Option<Time>,
}

impl Stood {
    fn presence<'a>(&self, looks: &[Look<'a>]) -> Presence<'a> {
        let first = &looks[self.own[0]];
        let mut numbers: Vec<usize> = self.own.iter().chain(&self.joined).copied().collect();
        numbers.sort_unstable();
        let sightings: Vec<Incident<'a>> =
            numbers.iter().map(|number| looks[*number].incident.clone()).collect();
        if let [only] = &sightings[..] {
            return Presence { whole: only.clone(), sightings };
        }
        let mut members: Vec<&'a Observation> =
            sightings.iter().flat_map(|incident| incident.members.iter().copied()).collect();
        members.sort_by_key(|member| member.id);
        members.dedup_by_key(|member| member.id);
        let far = |number: &usize| {
            first.mark.flat.distance(looks[*number].mark.flat).saturating_add(looks[*number].incident.spread)
        };
        let whole = Incident {
            anchor: first.incident.anchor,
            members,
            when: self.when,
            at: first.incident.at,
            spread: self.own.iter().map(far).max().unwrap_or(0),
        };
        Presence { whole, sightings }
    }
}

/// All presences, and those that may still go on, from south to north.
struct Yard<'r> {
    rule: &'r Standing,
    standing: Vec<Stood>,
    by_latitude: BTreeSet<(i32, usize)>,
    /// The widest place among them.
    widest: Mm,
}

impl<'r> Yard<'r> {
    fn new(rule: &'r Standing) -> Self {
        Self { rule, standing: Vec::new(), by_latitude: BTreeSet::new(), widest: 0 }
    }

    /// All sightings by one voice, in the order of time, with the absences between them.
    fn sweep(&mut self, voice: &Voice, looks: &[Look<'_>], empty: &[(&Observation, Disc)]) {
        let own = self.standing.len();
        let mut absences = empty.iter().peekable();
        let wanted = (0..).zip(looks).filter(|(_, look)| look.mark.voice == *voice);
        for (number, look) in wanted {
            let when = look.incident.when;
            while let Some((absence, disc)) = absences.next_if(|(absence, _)| absence.time.end <= when.start)
            {
                self.end(own, absence, *disc);
            }
            match self.nearest(own, look, looks) {
                Some(at) if at >= own => {
                    let stood = &mut self.standing[at];
                    stood.mark.refine(&look.mark);
                    stood.when.end = stood.when.end.max(when.end);
                    stood.own.push(number);
                    stood.gone = None;
                }
                Some(at) => self.standing[at].joined.push(number),
                None => {
                    let mark = look.mark.clone();
                    self.by_latitude.insert((mark.disc.centre.lat, self.standing.len()));
                    self.widest = self.widest.max(mark.disc.within);
                    self.standing.push(Stood {
                        mark,
                        when,
                        own: Vec::from([number]),
                        joined: Vec::new(),
                        gone: None,
                    });
                }
            }
        }
    }

    /// The presence that a sighting fits, the nearest; of those of other voices only where none of its own is nearer.
    fn nearest(&self, own: usize, look: &Look<'_>, looks: &[Look<'_>]) -> Option<usize> {
        let when = look.incident.when;
        let fits = |at: &usize| {
            let stood = &self.standing[*at];
            // Another party's presence is not this one's to join.
            let may = *at >= own || !matches!(stood.mark.voice, Voice::Party(_));
            let apart = stood.mark.flat.distance(look.mark.flat);
            let near = apart <= self.rule.reach + stood.mark.disc.within + look.mark.disc.within;
            let in_time = when.start.0.saturating_sub(stood.when.end.0) <= self.rule.gap
                && stood.when.start.0.saturating_sub(when.end.0) <= self.rule.gap;
            let still = stood.gone.is_none_or(|gone| when.start < gone);
            // At one time in two places that can be told apart: two.
            let two = || {
                stood.own.iter().rev().map(|number| &looks[*number]).any(|other| {
                    other.incident.when.overlaps(when)
                        && other.mark.flat.distance(look.mark.flat)
                            > other.mark.disc.within.max(look.mark.disc.within)
                })
            };
            may && near && in_time && still && stood.mark.agrees(&look.mark) && !two()
        };
        let order = |at: usize| (at < own, self.standing[at].mark.flat.distance(look.mark.flat), at);
        self.around(look.mark.disc).filter(fits).min_by_key(|at| order(*at))
    }

    /// Somebody looked, and nothing of the sort stood there: the nearest presence that fits is over.
    fn end(&mut self, own: usize, absence: &Observation, disc: Disc) {
        let flat = Flat::new(disc.centre);
        let fits = |at: &usize| {
            let stood = &self.standing[*at];
            *at >= own
                && stood.gone.is_none()
                && stood.when.end <= absence.time.start
                && stood.mark.weapon.belongs(absence.weapon) == Belongs::Yes
                && stood.mark.flat.distance(flat) <= self.rule.reach + stood.mark.disc.within + disc.within
        };
        let nearest = self
            .around(disc)
            .filter(fits)
            .min_by_key(|at| (self.standing[*at].mark.flat.distance(flat), *at));
        if let Some(at) = nearest {
            self.standing[at].gone = Some(absence.time.end);
        }
    }

    /// Presences on latitudes in reach.
    fn around(&self, disc: Disc) -> impl Iterator<Item = usize> {
        let far = self.rule.reach + self.widest + disc.within;
        let units = units_north(far, super::ground::scale(0).1).min(i64::from(i32::MAX)) as i32;
        let lat = disc.centre.lat;
        let range = (lat.saturating_sub(units), 0)..=(lat.saturating_add(units), usize::MAX);
        self.by_latitude.range(range).map(|(_, at)| *at)
    }
}
