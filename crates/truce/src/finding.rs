//! A subject held against one clause of one instrument under one reading.
//!
//! Questions are asked in a fixed order: is the clause in force, is it about such acts, such means, such
//! targets, this place, these forces; did it happen; was it announced. The first answer that settles the matter
//! gives the verdict; an answer that is not known leaves it open, and the rest is still asked, so that the
//! reasons say everything that is missing.

mod account;
mod circumstances;
mod distance;
mod lasted;
mod naming;
mod standing;
mod visited;

pub use account::{Account, Asked, account};
pub use circumstances::{Circumstances, ConditionState};
pub(crate) use circumstances::{given_at, in_time as filed_in_time};
pub use standing::{Stood, stand};

use crate::agreement::{Agreement, Arm, Clause, Exception, Mode, Period, Reading, Where};
use crate::evidence::{Evidence, Item, disinterested, is_seen, probability_permille};
use crate::ground::{Ground, Located, Positions};
use crate::incident::Incident;
use crate::observation::{Act, Belongs, Count, Force, Kind, Observation, Target, Weapon};
use crate::place::Mm;
use crate::time::{Micros, Span, Time};
use crate::{Id, Name};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use naming::Naming;

/// Why a clause does not apply.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outside {
    /// Outside the period.
    Period,
    /// Outside the place.
    Place,
    /// Other forces than those bound.
    Party,
    /// Other acts or means.
    Means,
}

/// What a finding says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// The subject is what the clause prohibits.
    Breach,
    /// It is not.
    NoBreach,
    /// It would be, but was allowed.
    Permitted,
    /// What is known does not tell: a full answer.
    Undetermined,
    /// The clause is not about it.
    NotApplicable(Outside),
}

/// One step on the way to a verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// All of the subject's time lies within the period.
    InForce,
    /// None of it does.
    NotInForce {
        /// The nearest period.
        period: Span,
    },
    /// Some of it does, and the time is not known better.
    PartlyInForce {
        /// The period.
        period: Span,
    },
    /// The act is one that the clause names.
    ActNamed(Act),
    /// It is not.
    ActNotNamed(Act),
    /// What is known of the act is too coarse.
    ActNotKnown(Act),
    /// The means are ones that the clause names.
    MeansNamed(Weapon),
    /// They are not.
    MeansNotNamed(Weapon),
    /// What is known of them is too coarse.
    MeansNotKnown(Weapon),
    /// The target is one that the clause protects.
    TargetNamed(Target),
    /// It is not.
    TargetNotNamed(Target),
    /// What is known of it is too coarse.
    TargetNotKnown(Target),
    /// What was hit is only told, beside what was measured or seen.
    TargetTold(Target),
    /// The clause refers to a list that nobody has published.
    ListNotKnown,
    /// It was done by people of whom the clause speaks.
    ForceNamed(Force),
    /// It was not.
    ForceNotNamed(Force),
    /// Whose people they were is not known well enough.
    ForceNotKnown(Force),
    /// The clause keeps such weapons at a distance, and it stood nearer to the line.
    TooNear {
        /// The line.
        line: Name,
        /// Its distance, as best known.
        distance: Mm,
        /// How far it must be, whatever it is: by the strictest rule that is surely about it; where each of several may
        /// be, by the mildest of them.
        required: Mm,
        /// Probability that it was nearer than that, permille.
        permille: u16,
    },
    /// It stood far enough away.
    FarEnough {
        /// The line.
        line: Name,
        /// Its distance, as best known.
        distance: Mm,
        /// How far it must be.
        required: Mm,
        /// Probability that it was nearer than that, permille.
        permille: u16,
    },
    /// It may have stood nearer: the place, the weapon or whose it is is not known well enough.
    PerhapsTooNear {
        /// The line.
        line: Name,
        /// Its distance, as best known.
        distance: Mm,
        /// How far it must be, by the strictest rule that may be about it.
        required: Mm,
        /// Probability that it was nearer than that, permille.
        permille: u16,
    },
    /// No distance is laid down for such weapons.
    NoDistanceFor(Weapon),
    /// Whether the place lies in the zone depends on whose forces they were: the parties have lines of their own.
    DependsOnSide,
    /// Where the ships or other objects were is not known.
    PositionsNotKnown,
    /// The place lies in the zone, by the standard.
    Inside {
        /// Probability, permille.
        permille: u16,
    },
    /// It does not, by the standard.
    NotInside {
        /// Probability, permille.
        permille: u16,
    },
    /// It may: the place is not known well enough.
    PerhapsInside {
        /// Probability, permille.
        permille: u16,
        /// What the clause asks for, permille.
        standard: u16,
    },
    /// The place, or its side of the line, is not known at all.
    PlaceNotKnown,
    /// By forces of a party, by the standard.
    ByForcesOf {
        /// The party.
        party: Name,
        /// Probability, permille.
        permille: u16,
    },
    /// By forces that the clause does not bind.
    PartyNotBound {
        /// The party.
        party: Name,
    },
    /// Nothing establishes whose forces acted; the clause binds all.
    SideNotEstablished,
    /// Nothing establishes whose forces acted, and the clause binds only some.
    SideNeeded,
    /// It stood there, and was seen several times: one subject.
    Stood(Stood),
    /// It happened, by the standard.
    Occurred {
        /// Probability, permille.
        permille: u16,
    },
    /// It cannot be said that it happened.
    PerhapsOccurred {
        /// Probability, permille.
        permille: u16,
        /// What the clause asks for, permille.
        standard: u16,
    },
    /// It almost certainly did not happen, by the standard.
    NotOccurred {
        /// Probability that it did, permille.
        permille: u16,
    },
    /// The party was no longer bound.
    PartyFreed {
        /// The party.
        party: Name,
    },
    /// Whether the party was still bound cannot be told.
    PartyPerhapsFreed {
        /// The party.
        party: Name,
    },
    /// It counts: so many killed and injured.
    CasualtiesCount(u32),
    /// It counts: it lasted so long.
    LengthCounts(Micros),
    /// It counts: there were so many.
    NumberCounts(u32),
    /// It is too small to count.
    BelowThreshold,
    /// Whether it is too small to count is not known.
    ThresholdNotKnown,
    /// A condition of an exception (or, without a number, of a permission) and its state.
    Condition {
        /// Number of the exception, from 1; `None` for a permission.
        exception: Option<usize>,
        /// The condition.
        id: Name,
        /// Its state.
        state: ConditionState,
    },
    /// The exception does not hold: a condition is not met, or not shown by who relies on it.
    NotExcepted(usize),
    /// A permission covers it.
    PermittedBy(Name),
    /// A permission may cover it.
    PerhapsPermittedBy(Name),
    /// The permission's conditions are not met.
    NotPermitted,
    /// The clause excepts such acts; the number counts its exceptions from 1.
    Excepted(usize),
    /// The clause may except it: what is known is too coarse.
    PerhapsExcepted(usize),
    /// The clause permits such acts.
    ClausePermits,
    /// The clause obliges: whether it was kept shows in its stages and quantities, not in single incidents.
    ObligationElsewhere,
}

/// What is known of an incident, as far as clauses ask.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Id of the incident.
    pub incident: Id,
    /// When, as an interval that holds it.
    pub time: Span,
    /// Where, against the agreement's lines and zones.
    pub place: Located,
    /// Where else it was for a while: the places of visits to zones, as instruments saw them. A flight over a line and through
    /// the zones beside it is one flight, and in each of them.
    pub visited: Vec<Located>,
    /// What was done, as fine as the evidence supports.
    pub act: Act,
    /// With what.
    pub weapon: Weapon,
    /// Against what.
    pub target: Target,
    /// Is that only told, beside what was measured or seen by the monitor? Then it decides nothing.
    pub target_told: bool,
    /// Probability that it happened, permille.
    pub occurred_permille: u16,
    /// Probability that the forces of each party acted, permille; in the order of the agreement.
    pub origin: Vec<(Name, u16)>,
    /// What is known of the weapon: class, name, calibre, range.
    pub arm: Arm,
    /// Whose people.
    pub force: Force,
    /// Killed and injured: at least, and at most where that is known.
    pub casualties: (u32, Option<u32>),
    /// How long it lasted: at least, and at most where that is known.
    pub lasted: (Micros, Option<Micros>),
    /// How many: at least, and at most where that is known.
    pub number: (u32, Option<u32>),
}

impl Facts {
    /// What is known of an incident: its time, the place of its anchor, and what its evidence says.
    pub fn of(
        incident: &Incident<'_>,
        evidence: &Evidence<'_>,
        agreement: &Agreement,
        ground: &Ground,
        positions: &Positions,
    ) -> Self {
        // What a party says of the other has no say here. Beside what was measured or seen by the monitor, neither has what
        // somebody tells, or a party of itself: else one newspaper could add a casualty or a calibre to what patrols saw, and
        // a party make its fire an exercise. What it says was hit is shown, and decides nothing.
        let of_weight = || incident.members.iter().copied().filter(|member| disinterested(member));
        let seen: Vec<&Observation> = of_weight().filter(|member| is_seen(member)).collect();
        let told: Vec<&Observation> = of_weight().collect();
        let heard = if seen.is_empty() { &told } else { &seen };
        let naming = Naming::of(incident, evidence, &seen, &told);
        let act = naming.strongest(&evidence.acts.named, Item::Act, Act::parent);
        let act = act.unwrap_or_else(|| at_least(incident.anchor));
        let weapon = naming.strongest(&evidence.weapons.named, Item::Weapon, Weapon::parent);
        let weapon = weapon.unwrap_or(incident.anchor.weapon);
        let hit = |heard: &[&Observation]| {
            finest(heard, |member| member.target, Target::belongs).unwrap_or(Target::Undetermined)
        };
        let target_told = hit(heard) == Target::Undetermined && hit(&told) != Target::Undetermined;
        let arm = arm(heard, weapon, agreement);
        let mut origin: Vec<(Name, u16)> =
            evidence.origins.named.iter().map(|origin| (origin.what.clone(), origin.permille)).collect();
        if act == Act::ExchangeOfFire {
            // That both sides fired is one statement, as sure as the evidence for it.
            let permille = evidence.acts.permille(&Act::ExchangeOfFire);
            for (_, sure) in origin.iter_mut().filter(|(code, _)| agreement.party(code).is_some()) {
                *sure = permille.max(*sure);
            }
        }
        let counts =
            |of: fn(&Observation) -> Count| between(heard.iter().filter_map(|member| bounds(of(member))));
        Self {
            incident: incident.id(),
            time: incident.when,
            place: ground.locate_at(&incident.anchor.place, incident.when, positions),
            visited: heard
                .iter()
                .filter(|member| member.id != incident.id() && visited::is_visit(member))
                .map(|member| ground.locate_at(&member.place, member.time, positions))
                .collect(),
            act,
            weapon: arm.class,
            target: hit(if target_told { &told } else { heard }),
            target_told,
            occurred_permille: probability_permille(evidence.occurred),
            origin,
            arm,
            force: finest(heard, |member| member.particulars().force, Force::belongs)
                .unwrap_or(Force::Undetermined),
            casualties: counts(|member| member.particulars().casualties),
            lasted: lasted::lasted(heard),
            number: counts(|member| member.count),
        }
    }
}

/// The finest class that agrees with all that witnesses say; `None` where they disagree, whoever speaks first.
fn finest<T: PartialEq + Copy>(
    heard: &[&Observation],
    of: impl Fn(&Observation) -> T,
    belongs: impl Fn(T, T) -> Belongs,
) -> Option<T> {
    let mut said: Vec<T> = Vec::new();
    for one in heard.iter().map(|member| of(member)) {
        if !said.contains(&one) {
            said.push(one);
        }
    }
    let fits = |one: &T| said.iter().all(|other| belongs(*one, *other) == Belongs::Yes);
    said.iter().copied().find(fits)
}

/// The weapon by the name and calibre that witnesses give; where they disagree, neither counts.
fn arm(heard: &[&Observation], weapon: Weapon, agreement: &Agreement) -> Arm {
    fn agreed<T: PartialEq>(mut said: impl Iterator<Item = T>) -> Option<T> {
        let first = said.next()?;
        said.all(|next| next == first).then_some(first)
    }
    let system = agreed(heard.iter().filter_map(|member| member.particulars().system.clone()));
    let calibre = agreed(heard.iter().filter_map(|member| member.particulars().calibre));
    Arm::known(weapon, system.as_ref(), calibre, &agreement.arsenal)
}

/// A count as the least and the most; `None` where none is stated.
fn bounds(count: Count) -> Option<(u32, Option<u32>)> {
    match count {
        Count::Unstated => None,
        Count::Exactly(number) => Some((number, Some(number))),
        Count::About(number) => {
            // "About 30" may be 25 or 35: half a unit of its last digit that is not zero.
            let unit =
                (0..9).map(|power| 10_u32.pow(power)).take_while(|unit| number != 0 && number % unit == 0);
            let half = unit.last().unwrap_or(1) / 2;
            Some((number - half.min(number), Some(number.saturating_add(half))))
        }
        Count::AtLeast(number) => Some((number, None)),
    }
}

/// What all who state it leave open: the least of the least, the greatest of the greatest. Nobody: anything.
fn between<T: Ord + Copy + Default>(stated: impl Iterator<Item = (T, Option<T>)>) -> (T, Option<T>) {
    let both = |(least, most): (T, Option<T>), (low, high): (T, Option<T>)| {
        (least.min(low), most.zip(high).map(|(most, high)| most.max(high)))
    };
    stated.reduce(both).unwrap_or((T::default(), None))
}

/// What an observation that names no act can only be taken for, by its kind: whether it was one is another question.
fn at_least(observation: &Observation) -> Act {
    match (observation.act, observation.kind) {
        (Act::Undetermined, Kind::Impulse | Kind::ThermalAnomaly) => Act::Fire,
        (Act::Undetermined, Kind::Obstruction) => Act::Obstruction,
        (act, _) => act,
    }
}

/// A finding: the key (instrument, clause, reading, party, incident), the verdict and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The instrument.
    pub instrument: Name,
    /// The clause.
    pub clause: Name,
    /// The reading; never mixed with another.
    pub reading: Name,
    /// The bound party whose forces acted; `None`: side not established.
    pub party: Option<Name>,
    /// The incident.
    pub incident: Id,
    /// When, as an interval that holds it.
    pub time: Span,
    /// The verdict.
    pub verdict: Verdict,
    /// The reasons, in the order in which they were asked for.
    pub reasons: Vec<Reason>,
    /// Probability that the place lies in the clause's zone, permille; `None` when the clause has none.
    pub inside_permille: Option<u16>,
    /// When, of what stands, it was first and last seen, and how often; `None` for what was seen once.
    pub stood: Option<Stood>,
}

/// What incidents are held against: one reading of one instrument, with all else that its clauses ask about.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// The instrument.
    pub agreement: &'a Agreement,
    /// The reading.
    pub reading: &'a Reading,
    /// Notices, verifications, and the other incidents.
    pub circumstances: &'a Circumstances<'a>,
}

/// Whose forces acted, by a clause's standard: each party for which that is established, or one `None`. An exchange
/// of fire has several.
pub fn sides<'f>(facts: &'f Facts, clause: &Clause) -> Vec<Option<&'f (Name, u16)>> {
    let established = facts.origin.iter().filter(|(_, permille)| *permille >= clause.standard.origin);
    let mut sides: Vec<Option<&(Name, u16)>> = established.map(Some).collect();
    if sides.is_empty() {
        sides.push(None);
    }
    sides
}

/// Holds what is known of an incident against one clause: one finding for each of [`sides`].
pub fn hold(facts: &Facts, clause: &Clause, terms: Terms<'_>) -> Vec<Finding> {
    let of = |side| {
        let mut reasons = Vec::new();
        let (verdict, party) = judge(facts, clause, terms, side, |reason| reasons.push(reason));
        Finding {
            instrument: terms.agreement.id.clone(),
            clause: clause.id.clone(),
            reading: terms.reading.id.clone(),
            inside_permille: match clause.place {
                Where::Anywhere => None,
                _ => facts.inside(clause, party.as_ref()).map(|(least, _)| least),
            },
            party,
            incident: facts.incident,
            time: facts.time,
            verdict,
            reasons,
            stood: None,
        }
    };
    sides(facts, clause).into_iter().map(of).collect()
}

/// The verdict for one of the [`sides`], with each reason handed to `note` as it is found. A clause that binds all
/// parties can be breached by a side that is not established.
pub fn judge(
    facts: &Facts,
    clause: &Clause,
    terms: Terms<'_>,
    side: Option<&(Name, u16)>,
    mut note: impl FnMut(Reason),
) -> (Verdict, Option<Name>) {
    weigh_clause(facts, clause, terms, side, &mut note)
}

fn weigh_clause(
    facts: &Facts,
    clause: &Clause,
    terms: Terms<'_>,
    side: Option<&(Name, u16)>,
    note: &mut dyn FnMut(Reason),
) -> (Verdict, Option<Name>) {
    let mut open = false;
    let reading = terms.reading;

    match reading.clause_in_force(clause, facts.time) {
        Belongs::Yes => note(Reason::InForce),
        answer => {
            if let Some(period) = nearest_period(reading.periods_of(clause), facts.time) {
                note(match answer {
                    Belongs::No => Reason::NotInForce { period },
                    _ => Reason::PartlyInForce { period },
                });
            }
            if answer == Belongs::No {
                return (Verdict::NotApplicable(Outside::Period), None);
            }
            open = true;
        }
    }
    match clause.covers_act(facts.act) {
        Belongs::Yes => note(Reason::ActNamed(facts.act)),
        Belongs::Unknown => {
            note(Reason::ActNotKnown(facts.act));
            open = true;
        }
        Belongs::No => {
            note(Reason::ActNotNamed(facts.act));
            return (Verdict::NotApplicable(Outside::Means), None);
        }
    }
    if clause.names_means() {
        match clause.covers_arm(&facts.arm) {
            Belongs::Yes => note(Reason::MeansNamed(facts.weapon)),
            Belongs::Unknown => {
                note(Reason::MeansNotKnown(facts.weapon));
                open = true;
            }
            Belongs::No => {
                note(Reason::MeansNotNamed(facts.weapon));
                return (Verdict::NotApplicable(Outside::Means), None);
            }
        }
    }
    if !clause.forces.is_empty() {
        match clause.covers_force(facts.force) {
            Belongs::Yes => note(Reason::ForceNamed(facts.force)),
            Belongs::Unknown => {
                note(Reason::ForceNotKnown(facts.force));
                open = true;
            }
            Belongs::No => {
                note(Reason::ForceNotNamed(facts.force));
                return (Verdict::NotApplicable(Outside::Means), None);
            }
        }
    }
    if !clause.targets.is_empty() {
        match clause.covers_target(facts.target) {
            _ if facts.target_told => {
                note(Reason::TargetTold(facts.target));
                open = true;
            }
            Belongs::Yes => note(Reason::TargetNamed(facts.target)),
            Belongs::Unknown => {
                let listed = clause.targets.iter().any(|class| facts.target.belongs(*class) == Belongs::Yes);
                note(if listed { Reason::ListNotKnown } else { Reason::TargetNotKnown(facts.target) });
                open = true;
            }
            Belongs::No => {
                note(Reason::TargetNotNamed(facts.target));
                return (Verdict::NoBreach, None);
            }
        }
    }
    if clause.place != Where::Anywhere {
        let (reason, answer) = placed(facts, clause, terms, side);
        note(reason);
        match answer {
            Belongs::Yes => {}
            Belongs::No => return (Verdict::NotApplicable(Outside::Place), None),
            Belongs::Unknown => open = true,
        }
    }
    if !clause.distances.is_empty() {
        let (reason, answer) = distance::kept_away(facts, clause, side);
        let nothing_laid_down = matches!(reason, Reason::NoDistanceFor(_));
        note(reason);
        match answer {
            Belongs::Yes => {}
            Belongs::No if nothing_laid_down => return (Verdict::NotApplicable(Outside::Means), None),
            Belongs::No => return (Verdict::NoBreach, None),
            Belongs::Unknown => open = true,
        }
    }

    let parties = &terms.agreement.parties;
    let mut by = None;
    match side {
        Some((party, permille)) if clause.binds.contains(party) => {
            note(Reason::ByForcesOf { party: party.clone(), permille: *permille });
            by = Some(party.clone());
            match reading.binds(party, facts.time) {
                Belongs::Yes => {}
                Belongs::No => {
                    note(Reason::PartyFreed { party: party.clone() });
                    return (Verdict::NotApplicable(Outside::Party), by);
                }
                Belongs::Unknown => {
                    note(Reason::PartyPerhapsFreed { party: party.clone() });
                    open = true;
                }
            }
        }
        Some((party, _)) => {
            note(Reason::PartyNotBound { party: party.clone() });
            return (Verdict::NotApplicable(Outside::Party), None);
        }
        None if parties.iter().all(|party| bound(clause, reading, &party.code, facts.time)) => {
            note(Reason::SideNotEstablished);
        }
        None => {
            note(Reason::SideNeeded);
            open = true;
        }
    }

    let (permille, standard) = (facts.occurred_permille, clause.standard.occurred);
    if permille >= standard {
        note(Reason::Occurred { permille });
    } else if permille <= 1_000 - standard {
        note(Reason::NotOccurred { permille });
        return (Verdict::NoBreach, by);
    } else {
        note(Reason::PerhapsOccurred { permille, standard });
        open = true;
    }

    match counts(facts, clause) {
        None => {}
        Some(Reason::BelowThreshold) => {
            note(Reason::BelowThreshold);
            return (Verdict::NoBreach, by);
        }
        Some(reason) => {
            open |= reason == Reason::ThresholdNotKnown;
            note(reason);
        }
    }

    for (number, exception) in (1..).zip(&clause.exceptions) {
        match excepted(facts, clause, exception, number, terms, side, note) {
            Belongs::Yes => {
                note(Reason::Excepted(number));
                return (Verdict::Permitted, by);
            }
            Belongs::Unknown => {
                note(Reason::PerhapsExcepted(number));
                open = true;
            }
            Belongs::No => {}
        }
    }
    for permission in reading.clauses.iter().filter(|other| other.over.contains(&clause.id)) {
        match weigh_clause(facts, permission, terms, side, &mut |_| {}).0 {
            Verdict::Permitted => {
                note(Reason::PermittedBy(permission.id.clone()));
                return (Verdict::Permitted, by);
            }
            Verdict::Undetermined => {
                note(Reason::PerhapsPermittedBy(permission.id.clone()));
                open = true;
            }
            Verdict::Breach | Verdict::NoBreach | Verdict::NotApplicable(_) => {}
        }
    }

    let verdict = match clause.mode {
        Mode::Oblige => {
            note(Reason::ObligationElsewhere);
            Verdict::Undetermined
        }
        Mode::Prohibit if open => Verdict::Undetermined,
        Mode::Prohibit => Verdict::Breach,
        Mode::Permit => match permitted(facts, clause, terms, side, note) {
            Belongs::Yes if !open => {
                note(Reason::ClausePermits);
                Verdict::Permitted
            }
            Belongs::No => {
                note(Reason::NotPermitted);
                Verdict::NoBreach
            }
            _ => Verdict::Undetermined,
        },
    };
    (verdict, by)
}

/// Is a party bound by a clause at a time, beyond doubt?
fn bound(clause: &Clause, reading: &Reading, party: &Name, time: Span) -> bool {
    clause.binds.contains(party) && reading.binds(party, time) == Belongs::Yes
}

/// Does the place lie where the clause holds?
fn placed(facts: &Facts, clause: &Clause, terms: Terms<'_>, side: Option<&(Name, u16)>) -> (Reason, Belongs) {
    let standard = clause.standard.inside;
    let party = side.map(|(party, _)| party);
    let moving = match &clause.place {
        Where::Zone(id) => {
            let zone = terms.agreement.zone(id).map(|zone| &zone.extent);
            matches!(zone, Some(crate::agreement::Extent::Around { .. }))
        }
        _ => false,
    };
    match facts.inside(clause, party) {
        Some((least, _)) if least >= standard => (Reason::Inside { permille: least }, Belongs::Yes),
        Some((_, most)) if most <= 1_000 - standard => (Reason::NotInside { permille: most }, Belongs::No),
        // Around what moves, it is not the side on which it depends.
        Some((least, most)) if least != most && party.is_none() && !moving => {
            (Reason::DependsOnSide, Belongs::Unknown)
        }
        Some((least, most)) if least != most => (Reason::PositionsNotKnown, Belongs::Unknown),
        Some((permille, _)) => (Reason::PerhapsInside { permille, standard }, Belongs::Unknown),
        None => {
            let reason = match &clause.place {
                Where::Sites if facts.place.near.is_some() => Reason::ListNotKnown,
                Where::Zone(_) if moving && facts.place.near.is_some() => Reason::PositionsNotKnown,
                _ => Reason::PlaceNotKnown,
            };
            (reason, Belongs::Unknown)
        }
    }
}

/// Is it large enough to count? `None` where the clause has no threshold.
fn counts(facts: &Facts, clause: &Clause) -> Option<Reason> {
    let threshold = clause.threshold?;
    let (mut open, mut met) = (false, None);
    if let Some(casualties) = threshold.casualties {
        let (least, most) = facts.casualties;
        if least >= casualties {
            met = met.or(Some(Reason::CasualtiesCount(least)));
        }
        open |= most.is_none_or(|most| most >= casualties);
    }
    if let Some(over) = threshold.lasts_over {
        let (least, most) = facts.lasted;
        if least > over {
            met = met.or(Some(Reason::LengthCounts(least)));
        }
        // What happened within a stretch cannot have lasted longer than it.
        let most = most.unwrap_or(Micros::MAX).min(facts.time.length().max(most.unwrap_or(0)));
        open |= most > over;
    }
    if let Some(over) = threshold.count_over {
        let (least, most) = facts.number;
        if least > over {
            met = met.or(Some(Reason::NumberCounts(least)));
        }
        open |= most.is_none_or(|most| most > over);
    }
    Some(met.unwrap_or(if open { Reason::ThresholdNotKnown } else { Reason::BelowThreshold }))
}

/// Does an exception hold, with its conditions?
fn excepted(
    facts: &Facts,
    clause: &Clause,
    exception: &Exception,
    number: usize,
    terms: Terms<'_>,
    side: Option<&(Name, u16)>,
    note: &mut dyn FnMut(Reason),
) -> Belongs {
    let covers = exception.covers(facts.act, facts.weapon, facts.target, facts.force);
    if covers == Belongs::No || exception.conditions.is_empty() {
        return covers;
    }
    let state_for = |party: Option<&Name>| {
        let states = exception.conditions.iter();
        states.map(|condition| terms.circumstances.state(condition, facts, clause, party)).collect::<Vec<_>>()
    };
    let states = state_for(side.map(|(party, _)| party));
    for (condition, state) in exception.conditions.iter().zip(&states) {
        note(Reason::Condition { exception: Some(number), id: condition.id.clone(), state: *state });
    }
    let answer = match circumstances::all_met(&states, exception.burden) {
        // Nobody has been named who could rely on it; if it would hold for one of those bound, it may.
        Belongs::No if side.is_none() && exception.burden == crate::agreement::Burden::Invoker => {
            let may = |party: &Name| circumstances::all_met(&state_for(Some(party)), exception.burden);
            if clause.binds.iter().any(|party| may(party) == Belongs::Yes) {
                Belongs::Unknown
            } else {
                Belongs::No
            }
        }
        answer => answer,
    };
    match (covers, answer) {
        (_, Belongs::No) => {
            note(Reason::NotExcepted(number));
            Belongs::No
        }
        (Belongs::Yes, Belongs::Yes) => Belongs::Yes,
        _ => Belongs::Unknown,
    }
}

/// Are the conditions of a permission met?
fn permitted(
    facts: &Facts,
    clause: &Clause,
    terms: Terms<'_>,
    side: Option<&(Name, u16)>,
    note: &mut dyn FnMut(Reason),
) -> Belongs {
    let mut states = Vec::new();
    for condition in &clause.conditions {
        let state = terms.circumstances.state(condition, facts, clause, side.map(|(party, _)| party));
        note(Reason::Condition { exception: None, id: condition.id.clone(), state });
        states.push(state);
    }
    circumstances::all_met(&states, crate::agreement::Burden::Nobody)
}

/// The period that lies nearest to a time, as known: for a reason, not for a decision.
fn nearest_period(periods: &[Period], time: Span) -> Option<Span> {
    let known = |period: &Period| Span {
        start: period.from.earliest,
        end: period.to.latest.unwrap_or(period.to.earliest),
    };
    periods.iter().map(known).min_by_key(|period| (period.gap(time), *period))
}

impl Verdict {
    /// The words in reports.
    pub fn words(self) -> &'static str {
        match self {
            Self::Breach => "breach",
            Self::NoBreach => "no breach",
            Self::Permitted => "permitted",
            Self::Undetermined => "undetermined",
            Self::NotApplicable(Outside::Period) => "not applicable: period",
            Self::NotApplicable(Outside::Place) => "not applicable: place",
            Self::NotApplicable(Outside::Party) => "not applicable: party",
            Self::NotApplicable(Outside::Means) => "not applicable: means",
        }
    }
}

/// `0.97` for 970 permille, `0.998` for 998.
pub fn probability(permille: u16) -> String {
    let digits = format!("{}.{:03}", permille / 1_000, permille % 1_000);
    digits.strip_suffix('0').unwrap_or(&digits).to_string()
}

impl Reason {
    /// A sentence for a person. `name` gives the name of a party by its code.
    pub fn sentence(&self, name: &dyn Fn(&Name) -> String) -> String {
        let span = |span: &Span| match span.end.0 {
            i64::MAX => format!("{} to an open end", minute(span.start)),
            _ => format!("{} to {}", minute(span.start), minute(span.end)),
        };
        match self {
            Self::InForce => "the terms were in force".to_string(),
            Self::NotInForce { period } => format!("the terms were in force from {} only", span(period)),
            Self::PartlyInForce { period } => format!(
                "the time is known no better than a stretch of which only a part lies in the period ({})",
                span(period)
            ),
            Self::ActNamed(act) => format!("the clause is about such acts ({})", act.name()),
            Self::ActNotNamed(act) => format!("the clause is not about such acts ({})", act.name()),
            Self::ActNotKnown(act) => format!("what was done is known no better than \"{}\"", act.name()),
            Self::MeansNamed(weapon) => format!("the clause is about such means ({})", weapon.name()),
            Self::MeansNotNamed(weapon) => format!("the clause is not about such means ({})", weapon.name()),
            Self::MeansNotKnown(weapon) => {
                format!("the means are known no better than \"{}\"", weapon.name())
            }
            Self::TargetNamed(target) => format!("the clause protects such targets ({})", target.name()),
            Self::TargetNotNamed(target) => {
                format!("the clause does not protect such targets ({})", target.name())
            }
            Self::TargetNotKnown(target) => {
                format!("the target is known no better than \"{}\"", target.name())
            }
            Self::TargetTold(target) => {
                format!("that it hit such a target ({}) is told, and was seen by no monitor", target.name())
            }
            Self::ListNotKnown => "the clause protects a list that is not known".to_string(),
            Self::ForceNamed(force) => format!("the clause is about such people ({})", force.name()),
            Self::ForceNotNamed(force) => format!("the clause is not about such people ({})", force.name()),
            Self::ForceNotKnown(force) => {
                format!("whose people they were is known no better than \"{}\"", force.name())
            }
            Self::TooNear { line, distance, required, permille } => format!(
                "it stood {} from the line \"{line}\", and must be {} away (P {} that it was nearer)",
                kilometres(*distance),
                kilometres(*required),
                probability(*permille)
            ),
            Self::FarEnough { line, distance, required, permille } => format!(
                "it stood {} from the line \"{line}\", as far as it must be, {} (P {} that it was nearer)",
                kilometres(*distance),
                kilometres(*required),
                probability(*permille)
            ),
            Self::PerhapsTooNear { line, distance, required: 0, .. } => format!(
                "it stood about {} from the line \"{line}\", and must be as far away as it reaches, which is not known well \
                 enough, as the weapon or its range is not",
                kilometres(*distance)
            ),
            Self::PerhapsTooNear { line, distance, required, permille } => format!(
                "it stood about {} from the line \"{line}\", and may have to be {} away: the place, the weapon or its \
                 range is not known well enough (P {} that it was nearer)",
                kilometres(*distance),
                kilometres(*required),
                probability(*permille)
            ),
            Self::NoDistanceFor(weapon) => {
                format!("the clause lays down no distance for such weapons ({})", weapon.name())
            }
            Self::DependsOnSide => {
                "whether the place lies in the zone depends on whose forces they were: the \
                                    distance is measured from different lines"
                    .to_string()
            }
            Self::PositionsNotKnown => {
                "where the objects were around which the zone lies is not known for that time, or told in two ways (what a \
                 party says of it, or a report that cannot be judged, places nothing)"
                    .to_string()
            }
            Self::PartyFreed { party } => format!("{} was no longer bound", name(party)),
            Self::PartyPerhapsFreed { party } => {
                format!("whether {} was still bound cannot be told", name(party))
            }
            Self::CasualtiesCount(number) => format!("it counts: {number} killed or injured at least"),
            Self::LengthCounts(length) => format!("it counts: it lasted {} at least", minutes(*length)),
            Self::NumberCounts(number) => format!("it counts: there were {number} at least"),
            Self::BelowThreshold => "it is too small to count".to_string(),
            Self::ThresholdNotKnown => "whether it is too small to count is not known".to_string(),
            Self::Condition { exception: Some(number), id, state } => {
                format!("condition \"{id}\" of exception {number}: {}", state.name())
            }
            Self::Condition { exception: None, id, state } => {
                format!("condition \"{id}\" of the permission: {}", state.name())
            }
            Self::NotExcepted(number) => {
                format!("exception {number} does not hold: a condition is not met, or not shown")
            }
            Self::PermittedBy(clause) => format!("the clause \"{clause}\" permits it"),
            Self::PerhapsPermittedBy(clause) => {
                format!("the clause \"{clause}\" may permit it: what is known does not tell")
            }
            Self::NotPermitted => "a condition of the permission is not met".to_string(),
            Self::Inside { permille } => format!("the place lies in the zone (P {})", probability(*permille)),
            Self::NotInside { permille } => {
                format!("the place does not lie in the zone (P {} that it does)", probability(*permille))
            }
            Self::PerhapsInside { permille, standard } => format!(
                "the place may lie in the zone (P {}; the standard is {})",
                probability(*permille),
                probability(*standard)
            ),
            Self::PlaceNotKnown => "the place is not known well enough".to_string(),
            Self::ByForcesOf { party, permille } => {
                format!("by forces of {} (P {})", name(party), probability(*permille))
            }
            Self::PartyNotBound { party } => {
                format!("by forces of {}, which the clause does not bind", name(party))
            }
            Self::SideNotEstablished => {
                "whose forces acted is not established; the clause binds all".to_string()
            }
            Self::SideNeeded => {
                "whose forces acted is not established, and the clause does not bind all".to_string()
            }
            Self::Stood(stood) => stood.sentence(),
            Self::Occurred { permille } => format!("it occurred (P {})", probability(*permille)),
            Self::PerhapsOccurred { permille, standard } => format!(
                "whether it occurred is not established (P {}; the standard is {})",
                probability(*permille),
                probability(*standard)
            ),
            Self::NotOccurred { permille } => {
                format!("it almost certainly did not occur (P {})", probability(*permille))
            }
            Self::Excepted(number) => format!("the clause excepts such acts (exception {number})"),
            Self::PerhapsExcepted(number) => {
                format!("the clause may except it (exception {number}): what is known is too coarse")
            }
            Self::ClausePermits => "the clause permits such acts".to_string(),
            Self::ObligationElsewhere => {
                "the clause obliges: whether it was kept shows in its stages and quantities".to_string()
            }
        }
    }
}

/// `24.9 km`; to a tenth, towards the line, so that nothing looks farther away than it was.
pub(crate) fn kilometres(mm: Mm) -> String {
    let tenths = mm / (crate::place::KM / 10);
    match tenths % 10 {
        0 => format!("{} km", tenths / 10),
        tenth => format!("{}.{tenth} km", tenths / 10),
    }
}

/// `21 min`, `1 min 30 s`.
pub(crate) fn minutes(length: Micros) -> String {
    let seconds = length / crate::time::SECOND;
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// `2025-04-19 15:00 UTC`.
fn minute(time: Time) -> String {
    let text = time.to_string();
    format!("{} {} UTC", &text[..10], &text[11..16])
}
