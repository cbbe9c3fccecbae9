//! Weapons by class, calibre and name, and the table of systems.

use super::any_of;
use crate::Name;
use crate::config::{self, Mistake, Table};
use crate::observation::{Belongs, Weapon};
use crate::place::Mm;
use alloc::string::String;
use alloc::vec::Vec;

/// A weapon system, as a table of weapons has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct System {
    /// Its name, such as `D-30`.
    pub name: Name,
    /// Other names.
    pub forms: Vec<Name>,
    /// Its class.
    pub class: Weapon,
    /// Calibre in hundredths of a millimetre.
    pub calibre: Option<u32>,
    /// Its greatest range.
    pub range: Option<Mm>,
}

impl System {
    fn is_called(&self, name: &str) -> bool {
        let alike = |known: &Name| known.to_lowercase() == name.to_lowercase();
        alike(&self.name) || self.forms.iter().any(alike)
    }
}

/// Weapon systems by name: `weapons.toml`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Arsenal {
    /// The systems, in the order of the file.
    pub systems: Vec<System>,
    /// Addresses of the sources.
    pub sources: Vec<String>,
}

impl Arsenal {
    /// Reads a `weapons.toml`.
    ///
    /// # Errors
    /// All mistakes of the text.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        config::read(file, text, |root| {
            let source_tables = root.need_tables("source");
            let ids = super::compile::names(&source_tables, "id", "source");
            let sources: Vec<_> = source_tables.iter().map(super::compile::source).collect();
            let tables = root.need_tables("system");
            named_once(&tables);
            let systems: Vec<Option<System>> = tables.iter().map(|table| system(table, &ids)).collect();
            Some(Self {
                systems: systems.into_iter().collect::<Option<_>>()?,
                sources: sources.into_iter().map(|source| Some(source?.url)).collect::<Option<_>>()?,
            })
        })
    }

    /// A system by one of its names.
    pub fn find(&self, name: &str) -> Option<&System> {
        self.systems.iter().find(|system| system.is_called(name))
    }
}

/// A name that stands for two systems is a mistake.
fn named_once(tables: &[Table<'_>]) {
    let mut taken: Vec<&str> = Vec::new();
    for table in tables {
        for name in table.may("name").text().into_iter().chain(table.may("forms").texts()) {
            if taken.contains(&name.value) {
                let message = alloc::format!("\"{}\" stands for another system already", name.value);
                table.wrong(&name.span, message, "given before", "one name stands for one system");
            }
            taken.push(name.value);
        }
    }
}

fn system(table: &Table<'_>, sources: &[&str]) -> Option<System> {
    let name = table.need("name").text();
    let forms = table.may("forms").texts().into_iter().map(|form| form.value.into()).collect();
    let class = table.need("class").one_of(&Weapon::NAMES);
    let calibre = table.may("calibre").decimal(2, 10..=200_000);
    let range = table.may("range").length();
    let field = table.need("sources");
    let cited = super::compile::refer_all(table, &field, "source", sources);
    if cited.is_some_and(|cited| cited.is_empty()) && field.is_some() {
        let help = "name the `id` of at least one `[[source]]`, or leave the system out";
        table.wrong(&table.span(), "no source is given", "in this part", help);
    }
    Some(System {
        name: name?.value.into(),
        forms,
        class: class?.value,
        calibre: calibre.and_then(|at| u32::try_from(at.value).ok()),
        range: range.map(|at| at.value),
    })
}

/// Bounds on a calibre, in hundredths of a millimetre; both within the bounds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Calibre {
    /// The least.
    pub least: Option<u32>,
    /// The greatest.
    pub most: Option<u32>,
}

impl Calibre {
    /// Does a calibre lie within?
    pub fn holds(&self, calibre: Option<u32>) -> Belongs {
        if *self == Self::default() {
            return Belongs::Yes;
        }
        let Some(calibre) = calibre else { return Belongs::Unknown };
        let within =
            self.least.is_none_or(|least| calibre >= least) && self.most.is_none_or(|most| calibre <= most);
        if within { Belongs::Yes } else { Belongs::No }
    }
}

/// Some weapons: by class and calibre, or by name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Means {
    /// Classes; empty for any, unless systems are named.
    pub classes: Vec<Weapon>,
    /// Systems that are meant beside the classes.
    pub systems: Vec<System>,
    /// Bounds on the calibre of the classes.
    pub calibre: Calibre,
}

impl Means {
    /// Is a weapon one of these?
    pub fn cover(&self, arm: &Arm) -> Belongs {
        covers(&self.classes, &self.systems, &self.calibre, arm)
    }
}

/// What is known of a weapon.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arm {
    /// Its class.
    pub class: Weapon,
    /// Its name.
    pub system: Option<Name>,
    /// Calibre in hundredths of a millimetre.
    pub calibre: Option<u32>,
    /// Its greatest range.
    pub range: Option<Mm>,
}

impl Arm {
    /// A weapon of which only the class is known.
    pub fn of(class: Weapon) -> Self {
        Self { class, system: None, calibre: None, range: None }
    }

    /// What is known of a weapon, with what the arsenal knows of its name. What was seen comes first; the name
    /// makes it finer, never other. A name and a calibre that do not go together are neither known.
    pub fn known(class: Weapon, system: Option<&Name>, calibre: Option<u32>, arsenal: &Arsenal) -> Self {
        let Some(known) = system.and_then(|name| arsenal.find(name)) else {
            return Self { class, system: system.cloned(), calibre, range: None };
        };
        if matches!((calibre, known.calibre), (Some(seen), Some(known)) if seen != known) {
            return Self::of(class);
        }
        let finer = known.class.belongs(class) == Belongs::Yes;
        Self {
            class: if finer { known.class } else { class },
            system: Some(known.name.clone()),
            calibre: calibre.or(known.calibre),
            range: known.range,
        }
    }
}

/// Is a weapon of one of these classes within the bounds of calibre, or one of these systems?
pub(super) fn covers(classes: &[Weapon], systems: &[System], calibre: &Calibre, arm: &Arm) -> Belongs {
    let of_class = if classes.is_empty() && systems.is_empty() {
        Belongs::Yes
    } else {
        any_of(classes.iter().map(|class| arm.class.belongs(*class)))
    };
    let by_class = match (of_class, calibre.holds(arm.calibre)) {
        (Belongs::No, _) | (_, Belongs::No) => Belongs::No,
        (Belongs::Yes, Belongs::Yes) => Belongs::Yes,
        _ => Belongs::Unknown,
    };
    any_of(systems.iter().map(|system| of_system(system, arm)).chain([by_class]))
}

fn of_system(system: &System, arm: &Arm) -> Belongs {
    match &arm.system {
        Some(name) if system.is_called(name) => Belongs::Yes,
        Some(_) => Belongs::No,
        None => {
            let another = matches!((arm.calibre, system.calibre), (Some(a), Some(b)) if a != b);
            let class = arm.class.belongs(system.class);
            let coarser = system.class.belongs(arm.class);
            if another || (class == Belongs::No && coarser == Belongs::No) {
                Belongs::No
            } else {
                Belongs::Unknown
            }
        }
    }
}
