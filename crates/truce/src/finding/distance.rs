//! Weapons held against the distances that a clause lays down.
//!
//! Of a weapon whose class or calibre is not known, every one that it may be is asked about in turn: what holds of all of
//! them holds of it. A gun of unknown calibre that stands nearer than guns of any calibre may is too near.

use super::{Facts, Reason};
use crate::Name;
use crate::agreement::{Arm, Bound, Clause, Distance};
use crate::observation::{Belongs, Weapon};
use crate::place::Mm;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// How far a weapon stood from its line, and how far it must.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Standoff {
    required: Mm,
    line: Name,
    distance: Mm,
    permille: u16,
}

/// What all rules together say of one weapon.
enum Apart {
    /// Nearer than it must be, by this rule.
    TooNear(Standoff),
    /// Perhaps nearer.
    Perhaps(Standoff),
    /// The line is not known.
    NoLine,
    /// As far as it must be.
    Enough(Standoff),
    /// No rule is about it.
    NoRule,
}

/// Did a weapon stand nearer to its line than it must be?
pub(super) fn kept_away(facts: &Facts, clause: &Clause, side: Option<&(Name, u16)>) -> (Reason, Belongs) {
    if facts.place.near.is_none() {
        return (Reason::PlaceNotKnown, Belongs::Unknown);
    }
    let (mut near, mut perhaps, mut enough) = (Vec::new(), Vec::new(), Vec::new());
    let (mut no_line, mut no_rule) = (false, false);
    for arm in every(&facts.arm, &clause.distances) {
        match apart(&arm, facts, clause, side) {
            Apart::TooNear(standoff) => near.push(standoff),
            Apart::Perhaps(standoff) => perhaps.push(standoff),
            Apart::NoLine => no_line = true,
            Apart::Enough(standoff) => enough.push(standoff),
            Apart::NoRule => no_rule = true,
        }
    }
    let all_near = perhaps.is_empty() && enough.is_empty() && !no_line && !no_rule;
    let mildest = near.iter().min().filter(|_| all_near).cloned();
    let strictest = near.into_iter().chain(perhaps).max();
    if let Some(Standoff { required, line, distance, permille }) = mildest {
        (Reason::TooNear { line, distance, required, permille }, Belongs::Yes)
    } else if let Some(Standoff { required, line, distance, permille }) = strictest {
        (Reason::PerhapsTooNear { line, distance, required, permille }, Belongs::Unknown)
    } else if no_line {
        (Reason::PlaceNotKnown, Belongs::Unknown)
    } else if let Some(Standoff { required, line, distance, permille }) = enough.into_iter().max() {
        (Reason::FarEnough { line, distance, required, permille }, Belongs::No)
    } else {
        (Reason::NoDistanceFor(facts.weapon), Belongs::No)
    }
}

/// One weapon held against every rule: the strictest of those that are surely about it and were not kept, else the
/// strictest that may not have been.
fn apart(arm: &Arm, facts: &Facts, clause: &Clause, side: Option<&(Name, u16)>) -> Apart {
    let standard = clause.standard.inside;
    let sigma = facts.place.near.map_or(0, |near| near.sigma);
    let (mut near, mut perhaps, mut enough) = (None, None, None);
    let mut no_line = false;
    for rule in &clause.distances {
        let about = rule.means.cover(arm);
        if about == Belongs::No {
            continue;
        }
        // A weapon of which it is not known whose it is counts for the side on which it stands.
        let standing = || facts.place.line(rule.line_for(None))?.side.clone();
        let party = side.map(|(party, _)| party.clone()).or_else(standing);
        let Some(line) = facts.place.line(rule.line_for(party.as_ref())) else {
            no_line = true;
            continue;
        };
        let (required, open) = match rule.required(arm.range) {
            Bound::Known(required) => (required, false),
            Bound::AtLeast(least) => (least, true),
        };
        let permille = line.nearer_permille(required, sigma);
        let standoff =
            Some(Standoff { required, line: line.line.clone(), distance: line.nearest.distance, permille });
        if about == Belongs::Yes && permille >= standard {
            near = near.max(standoff);
        } else if permille > 1_000 - standard || open {
            perhaps = perhaps.max(standoff);
        } else {
            enough = enough.max(standoff);
        }
    }
    match (near, perhaps, enough) {
        (Some(standoff), _, _) => Apart::TooNear(standoff),
        (None, Some(standoff), _) => Apart::Perhaps(standoff),
        (None, None, _) if no_line => Apart::NoLine,
        (None, None, Some(standoff)) => Apart::Enough(standoff),
        (None, None, None) => Apart::NoRule,
    }
}

/// All that the weapon may be, as far as the rules tell them apart: one of each class below its own, with each calibre
/// that a rule names or that lies beside one. A weapon whose class is not known at all stays what it is.
fn every(arm: &Arm, rules: &[Distance]) -> Vec<Arm> {
    let below = |one: Weapon| {
        Weapon::NAMES
            .iter()
            .map(|(_, class)| *class)
            .filter(move |class| *class != one && class.belongs(one) == Belongs::Yes)
    };
    let mut classes: Vec<Weapon> = match arm.class {
        Weapon::Undetermined => Vec::new(),
        class => below(class).filter(|class| below(*class).next().is_none()).collect(),
    };
    if classes.is_empty() {
        classes.push(arm.class);
    }
    let mut calibres: BTreeSet<u32> = BTreeSet::new();
    if arm.calibre.is_none() {
        for means in rules.iter().map(|rule| &rule.means) {
            let named = means.systems.iter().filter_map(|system| system.calibre);
            for bound in means.calibre.least.into_iter().chain(means.calibre.most).chain(named) {
                calibres.extend([bound.saturating_sub(1), bound, bound.saturating_add(1)]);
            }
        }
    }
    let calibres: Vec<Option<u32>> = match calibres.is_empty() {
        true => Vec::from([arm.calibre]),
        false => calibres.into_iter().map(Some).collect(),
    };
    let with = |class: &Weapon| {
        let class = *class;
        calibres.iter().map(move |calibre| Arm { class, calibre: *calibre, ..arm.clone() })
    };
    classes.iter().flat_map(with).collect()
}
