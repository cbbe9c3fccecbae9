//! The notice to the parties: one text, in which only the addressee differs.

use super::state::Case;
use super::step::{Area, Hour, Subject};
use crate::Name;
use crate::agreement::{Agreement, Words};
use crate::mission::Mission;
use crate::observation::{Act, Target, Weapon};
use crate::time::Time;
use alloc::format;
use alloc::string::{String, ToString};

/// What a notice is worded from.
#[derive(Clone, Copy)]
pub struct Wording<'a> {
    /// The agreement.
    pub agreement: &'a Agreement,
    /// The mission.
    pub mission: &'a Mission,
}

impl Wording<'_> {
    /// A party's name, by its code.
    pub fn party(&self, code: &Name) -> String {
        self.agreement.name_of(code).to_string()
    }

    /// A clause: title and words.
    pub fn clause(&self, id: &Name) -> String {
        let clause = self.agreement.readings.iter().find_map(|reading| reading.clause(id));
        match clause.map(|clause| (&clause.title, &clause.words)) {
            Some((title, Words::Quote(words))) => format!("\"{title}\": \"{words}\""),
            Some((title, Words::Paraphrase(words))) => {
                format!("\"{title}\": {words} (not the words of the text)")
            }
            None => format!("\"{id}\""),
        }
    }

    /// What was done, with what, against what.
    pub fn what(&self, subject: &Subject) -> String {
        let mut words = match subject.act {
            Act::Fire => "use of weapons, sort not known".to_string(),
            act => act.name().replace('-', " "),
        };
        if subject.weapon != Weapon::Undetermined {
            words += &format!(", {}", subject.weapon.name().replace('-', " "));
        }
        if subject.target != Target::Undetermined {
            words += &format!(", target: {}", subject.target.name().replace('-', " "));
        }
        words
    }

    /// When, to the hour.
    pub fn when(&self, from: Hour, to: Hour) -> String {
        let (from, to) = (from.start().to_string(), to.end().to_string());
        if from[..10] == to[..10] {
            format!("{}, between {} and {} UTC", &from[..10], &from[11..16], &to[11..16])
        } else {
            format!("between {} {} and {} {} UTC", &from[..10], &from[11..16], &to[..10], &to[11..16])
        }
    }

    /// Whose forces acted, as far as is established. Not who is responsible.
    pub fn forces(&self, subject: &Subject) -> String {
        match &subject.forces {
            Some(party) => format!("by forces of {}, to the standard of the clause", self.party(party)),
            None => "whose forces acted is not established".to_string(),
        }
    }

    /// How sure it is that it occurred, in a word of the published table.
    pub fn how_sure(&self, subject: &Subject) -> String {
        match subject.occurred_permille {
            Some(permille) => format!("that it occurred is {}", self.mission.words.word(permille)),
            None => "a complaint; nothing has been verified yet".to_string(),
        }
    }

    /// Where.
    pub fn place(&self, area: Area) -> String {
        area.words()
    }
}

/// The notice of a case to one party. The same words go to each; `to` stands in the first line and nowhere else.
pub fn notice(case: &Case, to: &Name, answer_by: Time, wording: &Wording<'_>) -> String {
    let subject = &case.subject;
    let class = match case.class {
        Some((_, class)) => {
            let before = match class.recurrence {
                0 => "the first of its clause and area in the time that counts".to_string(),
                1 => "one such case before".to_string(),
                number => format!("{number} such cases before"),
            };
            format!("{}, {}; {before}", class.severity.name(), class.confidence.name().replace('-', " "))
        }
        None => "not classed".to_string(),
    };
    let complaint = match &subject.complaint {
        Some(party) => format!("Opened on a complaint by {}.\n", wording.party(party)),
        None => String::new(),
    };
    let until = answer_by.to_string();
    format!(
        "Notice to the liaison of {}.\n\
         Every party gets this notice at the same time and in these words.\n\
         \n\
         Case {} under {}.\n\
         {complaint}\
         Clause {}.\n\
         What: {}; {}.\n\
         Where and when: {}; {}.\n\
         How sure: {}.\n\
         Class: {class}.\n\
         \n\
         Please answer by {} {} UTC: accept, contest, or explain, with what you wish to add. The answers of all parties stand \
         side by side in equal space. Where there is none, the case says \"no answer by the deadline\" and draws no conclusion \
         from it.\n\
         This notice holds nobody responsible.\n",
        wording.party(to),
        case.id,
        wording.agreement.title,
        wording.clause(&subject.clause),
        wording.what(subject),
        wording.forces(subject),
        wording.place(subject.area),
        wording.when(subject.from, subject.to),
        wording.how_sure(subject),
        &until[..10],
        &until[11..16],
    )
}
