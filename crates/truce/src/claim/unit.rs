//! What the words of statements count: a dictionary, so that only like is compared with like.
//!
//! The dictionary is data (`units.toml` beside this file, built in). A word that is not in it is compared with
//! nothing: that two statements use one word nobody knows does not make them count one thing.

use crate::Name;
use crate::config::{self, Mistake, Table};
use crate::observation::{Act, Belongs, Target, Weapon};
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The dictionary that is built in.
const UNITS: &str = include_str!("units.toml");

/// A thing that statements count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unit {
    /// Short name.
    pub id: Name,
    /// What one of it is.
    pub title: String,
    /// Acts of which one is one of the unit; empty where no observation can show one.
    pub acts: Vec<Act>,
    /// Weapons, where the word names them; empty stands for any.
    pub means: Vec<Weapon>,
    /// Targets, where the word names them; empty stands for any.
    pub targets: Vec<Target>,
    /// What counts as one is up to whoever counts.
    pub own_definition: bool,
    /// Words that mean it, in lower case.
    forms: Vec<String>,
}

impl Unit {
    /// Is such an act one of the unit?
    pub fn covers(&self, act: Act, weapon: Weapon, target: Target) -> Belongs {
        let any = |answers: &mut dyn Iterator<Item = Belongs>| {
            let mut best = Belongs::No;
            for answer in answers {
                match answer {
                    Belongs::Yes => return Belongs::Yes,
                    Belongs::Unknown => best = Belongs::Unknown,
                    Belongs::No => {}
                }
            }
            best
        };
        let act = any(&mut self.acts.iter().map(|class| act.belongs(*class)));
        let free = |empty: bool, answer: Belongs| if empty { Belongs::Yes } else { answer };
        let means = any(&mut self.means.iter().map(|class| weapon.belongs(*class)));
        let target = any(&mut self.targets.iter().map(|class| target.belongs(*class)));
        let answers = [act, free(self.means.is_empty(), means), free(self.targets.is_empty(), target)];
        if answers.contains(&Belongs::No) {
            Belongs::No
        } else if answers.contains(&Belongs::Unknown) {
            Belongs::Unknown
        } else {
            Belongs::Yes
        }
    }
}

/// The dictionary.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Units(Vec<Unit>);

/// What the words of one figure count.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Counted {
    /// One or more units of the dictionary, by their ids.
    Units(BTreeSet<Name>),
    /// Words that are not in the dictionary.
    NotKnown(Name),
}

/// Do two figures count the same thing?
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Likeness {
    /// They do.
    Like,
    /// One word, but what counts as one is each claimant's own definition.
    OwnDefinitions,
    /// They count different things.
    Unlike,
    /// A word is not in the dictionary.
    NotKnown,
}

impl Likeness {
    /// The words in reports.
    pub fn words(self) -> &'static str {
        match self {
            Self::Like => "the same unit",
            Self::OwnDefinitions => "one word, but each counts by its own definition",
            Self::Unlike => "different units: not comparable",
            Self::NotKnown => "a unit is not in the dictionary: not comparable",
        }
    }
}

impl Units {
    /// The dictionary that is built into the program.
    ///
    /// # Errors
    /// None in a program whose tests pass; the mistakes of the file otherwise.
    pub fn built_in() -> Result<Self, Vec<Mistake>> {
        Self::parse("units.toml", UNITS)
    }

    /// Reads a dictionary.
    ///
    /// # Errors
    /// All mistakes, each with its place; a word that means two things is one.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        config::read(file, text, |root| {
            let mut taken: BTreeSet<String> = BTreeSet::new();
            let units: Option<Vec<Unit>> =
                root.need_tables("unit").iter().map(|table| unit(table, &mut taken)).collect();
            Some(Self(units?))
        })
    }

    /// The ids of all units, in the order of the dictionary.
    pub fn ids(&self) -> impl Iterator<Item = &Name> {
        self.0.iter().map(|unit| &unit.id)
    }

    /// A unit by its id.
    pub fn get(&self, id: &str) -> Option<&Unit> {
        self.0.iter().find(|unit| &*unit.id == id)
    }

    /// What words count. They may name several units ("assaults, shellings and FPV drones"); what stands before
    /// a colon names the whole, and what stands in brackets only adds to it.
    pub fn counted(&self, words: &str) -> Counted {
        let lower = words.to_lowercase();
        if let Some(unit) = self.one(lower.trim()) {
            return Counted::Units([unit.id.clone()].into());
        }
        let bare = lower.split('(').next().unwrap_or_default();
        let head = bare.split(':').next().unwrap_or_default();
        if let Some(unit) = self.one(head.trim()) {
            return Counted::Units([unit.id.clone()].into());
        }
        let list = bare.replace(" and ", ",").replace(" та ", ",").replace(" и ", ",");
        let found: Option<BTreeSet<Name>> =
            list.split(',').map(|word| self.one(word.trim()).map(|unit| unit.id.clone())).collect();
        found.map_or_else(|| Counted::NotKnown(words.into()), Counted::Units)
    }

    /// The unit that a figure counts, where it is one.
    pub fn single(&self, counted: &Counted) -> Option<&Unit> {
        match counted {
            Counted::Units(ids) if ids.len() == 1 => ids.iter().next().and_then(|id| self.get(id)),
            _ => None,
        }
    }

    /// Do two figures count the same thing?
    pub fn likeness(&self, a: &Counted, b: &Counted) -> Likeness {
        match (a, b) {
            (Counted::Units(a), Counted::Units(b)) if a == b => {
                let own = |id: &Name| self.get(id).is_some_and(|unit| unit.own_definition);
                if a.iter().any(own) { Likeness::OwnDefinitions } else { Likeness::Like }
            }
            (Counted::Units(_), Counted::Units(_)) => Likeness::Unlike,
            _ => Likeness::NotKnown,
        }
    }

    fn one(&self, words: &str) -> Option<&Unit> {
        self.0.iter().find(|unit| *unit.id == *words || unit.forms.iter().any(|form| form == words))
    }
}

impl Counted {
    /// `shelling`, `assault + shelling`, `"sorties" (not in the dictionary)`.
    pub fn words(&self) -> String {
        match self {
            Self::Units(ids) => ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" + "),
            Self::NotKnown(words) => format!("\"{words}\" (not in the dictionary)"),
        }
    }
}

fn unit(table: &Table<'_>, taken: &mut BTreeSet<String>) -> Option<Unit> {
    let (id, title) = (table.need("id").code(), table.need("title").text());
    let acts = table.may("acts").many_of(&Act::NAMES).into_iter().map(|at| at.value).collect();
    let means = table.may("with").many_of(&Weapon::NAMES).into_iter().map(|at| at.value).collect();
    let targets = table.may("against").many_of(&Target::NAMES).into_iter().map(|at| at.value).collect();
    let own = table.may("own_definition");
    let own_definition = if own.is_some() { own.flag()?.value } else { false };
    let mut forms = Vec::new();
    for form in table.need("forms").texts() {
        let lower = form.value.to_lowercase();
        if !taken.insert(lower.clone()) {
            let message = format!("\"{}\" means two things", form.value);
            table.wrong(&form.span, message, "given before", "leave it with one unit");
        }
        forms.push(lower);
    }
    Some(Unit {
        id: id?.value.into(),
        title: title?.value.to_string(),
        acts,
        means,
        targets,
        own_definition,
        forms,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units() -> Units {
        Units::built_in().unwrap()
    }

    #[test]
    fn only_like_is_like() {
        let units = units();
        let of = |a: &str, b: &str| units.likeness(&units.counted(a), &units.counted(b));
        assert_eq!(of("shellings", "обстрілів"), Likeness::Like);
        assert_eq!(
            of("Assaults, shellings and FPV drones", "shellings, FPV drones and assaults"),
            Likeness::Like
        );
        assert_eq!(of("violations", "нарушений"), Likeness::OwnDefinitions);
        assert_eq!(
            of("violations: assaults, shellings and FPV drones", "violations"),
            Likeness::OwnDefinitions
        );
        assert_eq!(of("trajectories", "strikes"), Likeness::Unlike);
        assert_eq!(of("overflights", "violations"), Likeness::Unlike);
        assert_eq!(of("sorties", "sorties"), Likeness::NotKnown);
        assert_eq!(of("shellings (448 of them with heavy weapons)", "shelling"), Likeness::Like);
    }

    #[test]
    fn acts_belong_to_units_in_three_values() {
        let units = units();
        let fpv = units.get("fpv-attack").unwrap();
        let covers = |act, weapon| fpv.covers(act, weapon, Target::Undetermined);
        assert_eq!(covers(Act::DroneAttack, Weapon::UavShortRange), Belongs::Yes);
        assert_eq!(covers(Act::DroneAttack, Weapon::Uav), Belongs::Unknown);
        assert_eq!(covers(Act::Fire, Weapon::Undetermined), Belongs::Unknown);
        assert_eq!(covers(Act::Shelling, Weapon::Gun), Belongs::No);
        assert_eq!(
            units.get("truck").unwrap().covers(Act::Shelling, Weapon::Gun, Target::Civilian),
            Belongs::No
        );
    }

    #[test]
    fn a_word_with_two_meanings_is_a_mistake() {
        let two = "[[unit]]\nid='a'\ntitle='a'\nforms=['x']\n[[unit]]\nid='b'\ntitle='b'\nforms=['X']\n";
        assert_eq!(Units::parse("u", two).unwrap_err()[0].message, "\"X\" means two things");
    }
}
