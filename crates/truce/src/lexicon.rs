//! Which reports speak of a new act of war: a list of words, measured on a sample.
//!
//! The words are data (`missions/public-data/lexicon.toml`), so that anyone can read and dispute them; how well
//! they do is measured on rows labelled by reading (`labels-kinetic-reports.csv` beside it). Labels that a source
//! puts on its rows are not used: those of VIINA hardly differ between rows that speak of an act of war and rows
//! that do not.

use crate::config::{self, Mistake, Table};
use crate::observation::{Act, Belongs, Target, Weapon};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// What it means when one of a rule's words is in a headline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// Something was done. With `with_weapon`, only if a weapon is named too ("launched" is said of trains).
    Deed {
        /// What.
        act: Act,
        /// Count only beside a weapon.
        with_weapon: bool,
    },
    /// With what, and which act it makes of a deed.
    Weapon {
        /// The class.
        weapon: Weapon,
        /// The act that the use of such a weapon is.
        act: Act,
    },
    /// Against what.
    Target(Target),
    /// The headline sums up a day, a front, or a series of clips.
    Digest,
    /// The headline speaks of no specific, new act.
    Exclude,
}

/// Words that mean the same, with a name for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// The rule's name.
    pub name: String,
    /// What its words mean.
    pub sign: Sign,
    /// The words. `*` at the end of a word stands for any ending; alone, for any word. Several words match a run
    /// of words.
    pub words: Vec<String>,
}

/// A word list that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadWord {
    /// Name of the rule.
    pub rule: String,
    /// The words as written.
    pub words: String,
}

impl fmt::Display for BadWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, words } = self;
        write!(
            f,
            "rule {rule:?}: {words:?} begins with no letter or digit, so that it would match every headline or \
             none; write a word, such as \"drone*\""
        )
    }
}

fn rule(table: &Table<'_>) -> Option<Rule> {
    let name = table.need("name").text();
    let words = table.need("words").texts().into_iter().map(|word| word.value.to_string()).collect();
    let act = || table.need("act").one_of(&Act::NAMES).map(|at| at.value);
    let sign = match table.need("sign").text()?.value {
        "deed" => {
            let with_weapon = table.may("with_weapon").flag().is_some_and(|at| at.value);
            Sign::Deed { act: act()?, with_weapon }
        }
        "weapon" => {
            let (weapon, act) = (table.need("weapon").one_of(&Weapon::NAMES), act());
            Sign::Weapon { weapon: weapon?.value, act: act? }
        }
        "target" => Sign::Target(table.need("target").one_of(&Target::NAMES)?.value),
        "digest" => Sign::Digest,
        "exclude" => Sign::Exclude,
        other => {
            let help = "one of: deed, weapon, target, digest, exclude";
            table.wrong(&table.span(), format!("there is no sign \"{other}\""), "in this rule", help);
            return None;
        }
    };
    Some(Rule { name: name?.value.to_string(), sign, words })
}

/// What a headline says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Reading {
    /// What was done; [`Act::Ordinary`] when no specific, new act of war is spoken of, and for a digest.
    pub act: Act,
    /// With what.
    pub weapon: Weapon,
    /// Against what.
    pub target: Target,
    /// Does it sum up a day, a front, or a series of clips?
    pub digest: bool,
}

impl Reading {
    /// Does it speak of a specific, new act of war?
    pub fn kinetic(&self) -> bool {
        self.act != Act::Ordinary
    }
}

/// One word of a pattern: a stem, and whether it must be the whole word.
type Stem = (String, bool);

/// A word list, ready to read headlines.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    rules: Vec<Rule>,
    /// Patterns by the first letter of their first word.
    patterns: BTreeMap<char, Vec<(Vec<Stem>, usize)>>,
}

impl Lexicon {
    /// Reads a word list: entries `[[rule]]` with `name`, `sign` ("deed", "weapon", "target", "digest", "exclude"),
    /// `words`, and what the sign needs.
    ///
    /// # Errors
    /// All mistakes, each with its place.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        config::read(file, text, |root| {
            let tables = root.need("rule").tables();
            let rules: Option<Vec<Rule>> = tables.iter().map(rule).collect();
            match Self::new(rules?) {
                Ok(lexicon) => Some(lexicon),
                Err(bad) => {
                    root.wrong(&(0..0), bad.to_string(), "", "");
                    None
                }
            }
        })
    }

    /// Prepare a word list.
    ///
    /// # Errors
    /// [`BadWord`] when a pattern does not begin with a letter or digit.
    pub fn new(rules: Vec<Rule>) -> Result<Self, BadWord> {
        let mut patterns: BTreeMap<char, Vec<(Vec<Stem>, usize)>> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            for text in &rule.words {
                let stems: Vec<Stem> = text.split_whitespace().flat_map(stems).collect();
                match stems.first().and_then(|(stem, _)| stem.chars().next()) {
                    Some(first) => patterns.entry(first).or_default().push((stems, index)),
                    None => return Err(BadWord { rule: rule.name.clone(), words: text.clone() }),
                }
            }
        }
        Ok(Self { rules, patterns })
    }

    /// The rules.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules of which a word is in the headline: for a person who asks why.
    pub fn matching(&self, headline: &str) -> impl Iterator<Item = &Rule> {
        let words = words(headline);
        let mut found = BTreeSet::new();
        for (at, word) in words.iter().enumerate() {
            let candidates = word.chars().next().and_then(|first| self.patterns.get(&first));
            for (stems, rule) in candidates.into_iter().flatten() {
                let run = &words[at..];
                let fits = |((stem, whole), word): (&Stem, &String)| {
                    if *whole { word == stem } else { word.starts_with(stem.as_str()) }
                };
                if stems.len() <= run.len() && stems.iter().zip(run).all(fits) {
                    found.insert(*rule);
                }
            }
        }
        found.into_iter().map(|rule| &self.rules[rule])
    }

    /// Read a headline.
    pub fn classify(&self, headline: &str) -> Reading {
        let (mut deeds, mut weapons, mut uses, mut targets) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let (mut launched, mut digest, mut excluded) = (BTreeSet::new(), false, false);
        for rule in self.matching(headline) {
            match rule.sign {
                Sign::Deed { act, with_weapon: false } => _ = deeds.insert(act),
                Sign::Deed { act, with_weapon: true } => _ = launched.insert(act),
                Sign::Weapon { weapon, act } => {
                    weapons.insert(weapon);
                    uses.insert(act);
                }
                Sign::Target(target) => _ = targets.insert(target),
                Sign::Digest => digest = true,
                Sign::Exclude => excluded = true,
            }
        }
        if !weapons.is_empty() {
            deeds.append(&mut launched);
        }
        let act = if deeds.is_empty() || excluded || digest { Act::Ordinary } else { act(&deeds, &uses) };
        // A report that names an energy site among other things says that the site was hit, too.
        let energy: BTreeSet<Target> =
            targets.iter().copied().filter(|t| t.belongs(Target::Energy) == Belongs::Yes).collect();
        let targets = if energy.is_empty() { targets } else { energy };
        Reading {
            act,
            weapon: common(&weapons, Weapon::belongs, Weapon::parent).unwrap_or(Weapon::Undetermined),
            target: common(&targets, Target::belongs, Target::parent).unwrap_or(Target::Undetermined),
            digest,
        }
    }
}

/// One act from what was done and what was used: the only specific one, or fire of an undetermined sort.
fn act(deeds: &BTreeSet<Act>, uses: &BTreeSet<Act>) -> Act {
    if deeds.iter().all(|&deed| deed == Act::AirDefence) {
        return Act::AirDefence;
    }
    let general = [Act::Fire, Act::Launch, Act::AirDefence];
    let mut specific: BTreeSet<Act> = deeds.iter().copied().filter(|deed| !general.contains(deed)).collect();
    specific.extend(uses);
    match (specific.len(), specific.first()) {
        (1, Some(&act)) => act,
        _ => Act::Fire,
    }
}

/// The finest class that all of `classes` can be: the one at the end when they lie on one branch, else where
/// their branches part.
fn common<C: Copy + Ord>(
    classes: &BTreeSet<C>,
    belongs: impl Fn(C, C) -> Belongs,
    parent: impl Fn(C) -> Option<C>,
) -> Option<C> {
    let finer = |coarse: C| classes.iter().any(|&c| c != coarse && belongs(c, coarse) == Belongs::Yes);
    let leaves: Vec<C> = classes.iter().copied().filter(|&c| !finer(c)).collect();
    let mut class = *leaves.first()?;
    while leaves.iter().any(|&leaf| belongs(leaf, class) != Belongs::Yes) {
        class = parent(class)?;
    }
    Some(class)
}

/// The stems of one part of a pattern: `drone*`, `2022-го` (two words), `*` (any word).
fn stems(part: &str) -> Vec<Stem> {
    if part == "*" {
        return Vec::from([(String::new(), false)]);
    }
    let mut stems: Vec<Stem> = words(part).into_iter().map(|word| (word, true)).collect();
    if let Some((_, whole)) = stems.last_mut() {
        *whole = !part.ends_with('*');
    }
    stems
}

/// The words of a text in lower case. Apostrophes are dropped; all else that is no letter or digit parts words.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if matches!(c, '\'' | '’' | 'ʼ' | '`' | '´' | '‘' | 'ʹ') {
            continue;
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else if !word.is_empty() {
            words.push(core::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The project's own list and the real reports, for tests here and in `series`.
#[cfg(test)]
pub(crate) mod real {
    extern crate std;
    use super::*;
    use alloc::format;
    use std::{fs, println};

    /// The list in `missions/public-data`.
    pub(crate) fn lexicon() -> Lexicon {
        let text = include_str!("../../../missions/public-data/lexicon.toml");
        Lexicon::parse("lexicon.toml", text).unwrap()
    }

    /// A file of the Easter data as text, or `None` with a word to the reader of the test's output.
    pub(crate) fn shared(name: &str) -> Option<String> {
        let path = format!("{}/../../../shared/data/easter-2025/{name}", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(path).ok();
        if text.is_none() {
            println!("skipped: ../shared absent");
        }
        text
    }

    /// The fields of each row of a CSV file, without its header.
    pub(crate) fn csv(text: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
        let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
                '"' => quoted = !quoted,
                ',' if !quoted => row.push(core::mem::take(&mut field)),
                '\r' if !quoted => {}
                '\n' if !quoted => {
                    row.push(core::mem::take(&mut field));
                    rows.push(core::mem::take(&mut row));
                }
                c => field.push(c),
            }
        }
        if !row.is_empty() {
            row.push(field);
            rows.push(row);
        }
        rows.drain(..1.min(rows.len()));
        rows
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use alloc::string::ToString;
    use std::{format, println, vec};

    fn rule(name: &str, sign: Sign, words: &[&str]) -> Rule {
        Rule { name: name.to_string(), sign, words: words.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn words_are_folded_and_patterns_match_runs() {
        assert_eq!(words("Куп’янськ, ДРОН-камікадзе (0:43)"), ["купянськ", "дрон", "камікадзе", "0", "43"]);
        let deed = Sign::Deed { act: Act::Fire, with_weapon: false };
        let list = Lexicon::new(vec![rule("a", deed, &["drone* attack", "on * front"])]).unwrap();
        assert!(list.classify("DRONES ATTACK").kinetic());
        assert!(list.classify("all quiet on western front").kinetic());
        assert!(!list.classify("attack of drones").kinetic());
        assert!(!list.classify("").kinetic());
    }

    #[test]
    fn a_pattern_that_would_match_everything_is_refused() {
        for bad in ["*", "", "  ", "—", "* drone"] {
            let rules = vec![rule("broken", Sign::Digest, &[bad])];
            let error = Lexicon::new(rules).unwrap_err();
            assert!(error.to_string().contains("broken"), "{error}");
        }
    }

    #[test]
    fn classes_meet_where_their_branches_part() {
        let meet = |classes: &[Weapon]| {
            let set: BTreeSet<Weapon> = classes.iter().copied().collect();
            common(&set, Weapon::belongs, Weapon::parent)
        };
        assert_eq!(meet(&[]), None);
        assert_eq!(meet(&[Weapon::Missile, Weapon::BallisticMissile]), Some(Weapon::BallisticMissile));
        assert_eq!(meet(&[Weapon::CruiseMissile, Weapon::BallisticMissile]), Some(Weapon::Missile));
        assert_eq!(meet(&[Weapon::Uav, Weapon::UavLongRange, Weapon::Missile]), Some(Weapon::Undetermined));
    }

    #[test]
    fn made_up_headlines_are_read_as_a_person_would() {
        let list = real::lexicon();
        let reading = |act, weapon, target| Reading { act, weapon, target, digest: false };
        for (headline, expected) in [
            ("Удар БпЛА по НПЗ: пожежа", reading(Act::DroneAttack, Weapon::Uav, Target::Refinery)),
            (
                "Балістична ракета влучила в електропідстанцію",
                reading(Act::MissileStrike, Weapon::BallisticMissile, Target::Electricity),
            ),
            (
                "Дроны атаковали нефтебазу и подстанцию",
                reading(Act::DroneAttack, Weapon::Uav, Target::Energy),
            ),
            (
                "Обстріл села: пошкоджено газопровід і школу",
                reading(Act::Shelling, Weapon::Undetermined, Target::OilGasTransport),
            ),
            ("Взрывы в Севастополе", reading(Act::Fire, Weapon::Undetermined, Target::Undetermined)),
            ("У місті працює ППО по дронах", reading(Act::DroneAttack, Weapon::Uav, Target::Undetermined)),
            ("Drones hit a substation", reading(Act::DroneAttack, Weapon::Uav, Target::Electricity)),
        ] {
            let read = list.classify(headline);
            let expected = match headline.contains("ППО") {
                true => Reading { act: Act::AirDefence, ..expected },
                false => expected,
            };
            assert_eq!(read, expected, "{headline}");
        }
        for headline in [
            "Фільм про удар по місту отримав премію",
            "Суд засудив агента, що наводив ракетний удар",
            "Динамо вирвало перемогу: два удари у ворота у матчі чемпіонату",
            "Президент відреагував на удар по місту",
            "Через місто запустили новий потяг",
        ] {
            assert!(!list.classify(headline).kinetic(), "{headline}");
        }
        for headline in
            ["За добу на фронті відбулося 92 бої, 40 обстрілів", "Позиция к северу от Купянска под ударами"]
        {
            let read = list.classify(headline);
            assert!(read.digest && !read.kinetic(), "{headline}");
        }
    }

    #[test]
    fn deeds_weapons_and_targets_do_not_depend_on_who_acted() {
        let list = real::lexicon();
        for (act, place) in [("атакували дронами", "НПЗ"), ("вдарили ракетою по", "підстанції")]
        {
            let of = |who: &str| list.classify(&format!("{who} {act} {place}"));
            assert_eq!(of("Росіяни"), of("Українці"));
            assert_eq!(of("Війська РФ"), of("ЗСУ"));
            assert!(of("ЗСУ").kinetic());
        }
    }

    #[test]
    fn shared_the_substation_strike_of_20_march_2025_is_found() {
        let Some(text) = real::shared("viina_2025-03.csv") else { return };
        let list = real::lexicon();
        let found: Vec<Reading> = real::csv(&text)
            .iter()
            .filter(|row| row[0].starts_with("2025-03-20") && row[3] == "Kupiansk")
            .map(|row| list.classify(&row[5]))
            .filter(|r| r.kinetic() && r.target == Target::Electricity)
            .collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].act, found[0].weapon), (Act::AirStrike, Weapon::AirBomb));
    }

    #[test]
    fn shared_the_same_reports_pass_as_in_the_independent_reading() {
        // Per day: rows, rows that pass, digest rows. Written by docs/expected/easter_2025.py.
        let expected = include_str!("../../../docs/expected/viina_filter.csv");
        let list = real::lexicon();
        let mut days: BTreeMap<String, [u32; 3]> = BTreeMap::new();
        for name in ["viina_2025-03.csv", "viina_2025-04.csv"] {
            let Some(text) = real::shared(name) else { return };
            for row in real::csv(&text) {
                let reading = list.classify(&row[5]);
                let day = days.entry(row[0][..10].to_string()).or_default();
                day[0] += 1;
                day[1] += u32::from(reading.kinetic());
                day[2] += u32::from(reading.digest);
            }
        }
        let ours: Vec<String> =
            days.iter().map(|(day, [rows, pass, digest])| format!("{day},{rows},{pass},{digest}")).collect();
        let theirs: Vec<&str> = expected.lines().skip(1).collect();
        assert_eq!(ours, theirs);
        println!("{} days", ours.len());
    }
}
