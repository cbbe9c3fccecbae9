//! Adding up: one witness once, texts no further than their cap, and never against what was seen.

use super::{Centibans, Item, Row, Why, is_seen, is_text};
use crate::Name;
use crate::observation::{Act, Belongs, Weapon};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// What rows count for.
pub(super) struct Tally {
    pub(super) total: Centibans,
    /// For each row, in their order.
    pub(super) rows: Vec<(Centibans, Why)>,
}

/// Adds up rows that speak for one thing. Within a group only one for and one against count: what was measured or seen by
/// the monitor before what is told, of these the strongest, then the first by id. Texts count until they reach the cap, the
/// strongest first; and where something measured or seen speaks for it, texts against take away no more than texts for it
/// gave. So no report, whatever it is called and however it is rated, weakens what a patrol saw.
pub(super) fn tally<'r, 'a: 'r>(rows: impl Iterator<Item = &'r Row<'a>>, text_cap: Centibans) -> Tally {
    let rows: Vec<&Row<'a>> = rows.collect();
    let mut counts: Vec<(Centibans, Why)> = rows
        .iter()
        .map(|row| (0, if row.centibans == 0 { Why::WeighsNothing } else { Why::WeakerInGroup }))
        .collect();
    let mut order: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].centibans != 0).collect();
    let told = |at: usize| is_text(rows[at].observation);
    let rank = |at: usize| (told(at), core::cmp::Reverse(rows[at].centibans.abs()), rows[at].observation.id);
    let side = |at: usize| (&rows[at].observation.group, rows[at].centibans > 0);
    order.sort_unstable_by(|a, b| (side(*a), rank(*a)).cmp(&(side(*b), rank(*b))));
    let mut chosen: Vec<usize> = order.chunk_by(|a, b| side(*a) == side(*b)).map(|group| group[0]).collect();
    // What speaks for it comes first, for what texts may take away depends on it.
    chosen.sort_unstable_by_key(|at| (rows[*at].centibans < 0, rank(*at)));
    let seen = chosen.iter().any(|at| rows[*at].centibans > 0 && is_seen(rows[*at].observation));
    let mut total: Centibans = 0;
    let (mut given, mut taken): (Centibans, Centibans) = (0, 0);
    for at in chosen {
        let weight = rows[at].centibans;
        counts[at] = (weight, Why::Strongest);
        if told(at) {
            let room = match weight > 0 {
                true => text_cap - given,
                false if seen => given - taken,
                false => text_cap - taken,
            };
            let fits = weight.abs().min(room);
            *(if weight > 0 { &mut given } else { &mut taken }) += fits;
            if fits < weight.abs() {
                counts[at] = (fits * weight.signum(), Why::TextCap);
            }
        }
        total = total.saturating_add(counts[at].0);
    }
    Tally { total, rows: counts }
}

/// One answer to a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alternative<T> {
    /// The answer.
    pub what: T,
    /// What speaks for it.
    pub centibans: Centibans,
    /// Its probability beside the others, rounded down.
    pub permille: u16,
}

/// The answers to a question that observations name, beside "undetermined".
///
/// "Undetermined" is an answer of weight 0. So without evidence it has all the probability: two parties are
/// never fifty-fifty for want of knowledge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alternatives<T> {
    /// In a fixed order that does not depend on their weights.
    pub named: Vec<Alternative<T>>,
    /// What is left.
    pub undetermined: u16,
}

impl<T: PartialEq> Alternatives<T> {
    /// The probability of one answer, permille; 0 for what nobody named.
    pub fn permille(&self, what: &T) -> u16 {
        self.share(|named| named == what)
    }

    /// The probability of all answers of a sort together, permille.
    pub fn share(&self, of_sort: impl Fn(&T) -> bool) -> u16 {
        self.named.iter().filter(|one| of_sort(&one.what)).map(|one| one.permille).sum()
    }

    /// From each answer and what speaks for it; `None` where nothing does, for or against.
    fn new(answers: Vec<(T, Option<Centibans>)>) -> Self {
        let highest = answers.iter().filter_map(|(_, weight)| *weight).max().unwrap_or(0).max(0);
        // Odds against the most likely, so that they can be added without overflow.
        let odds = |weight: Centibans| libm::exp10((f64::from(weight) - f64::from(highest)) / 100.0);
        // From the smallest, so that the sum does not depend on who is named first.
        let mut weights: Vec<Centibans> =
            answers.iter().filter_map(|(_, weight)| *weight).chain([0]).collect();
        weights.sort_unstable();
        let sum: f64 = weights.into_iter().map(odds).sum();
        let named: Vec<_> = answers
            .into_iter()
            .map(|(what, weight)| Alternative {
                what,
                centibans: weight.unwrap_or(0),
                permille: weight.map_or(0, |weight| libm::floor(1_000.0 * odds(weight) / sum) as u16),
            })
            .collect();
        let known: u16 = named.iter().map(|one| one.permille).sum();
        Self { named, undetermined: 1_000_u16.saturating_sub(known) }
    }
}

/// What speaks for one answer: the rows that name it, and those that name a wider class of it.
fn weight<'r, 'a: 'r>(
    rows: &'r [Row<'a>],
    text_cap: Centibans,
    speaks: impl Fn(&Item<'a>) -> bool,
) -> Option<Centibans> {
    let mut speaking = rows.iter().filter(|row| row.centibans != 0 && speaks(&row.item)).peekable();
    speaking.peek()?;
    Some(tally(speaking, text_cap).total)
}

impl Alternatives<Act> {
    pub(super) fn of_acts(rows: &[Row<'_>], text_cap: Centibans) -> Self {
        let named: BTreeSet<Act> = rows.iter().filter_map(|row| row.item.act()).collect();
        let speaks = |act: Act| {
            move |item: &Item<'_>| item.act().is_some_and(|said| act.belongs(said) == Belongs::Yes)
        };
        Self::new(named.into_iter().map(|act| (act, weight(rows, text_cap, speaks(act)))).collect())
    }
}

impl Alternatives<Weapon> {
    pub(super) fn of_weapons(rows: &[Row<'_>], text_cap: Centibans) -> Self {
        let named: BTreeSet<Weapon> = rows.iter().filter_map(|row| row.item.weapon()).collect();
        let speaks = |weapon: Weapon| {
            move |item: &Item<'_>| item.weapon().is_some_and(|said| weapon.belongs(said) == Belongs::Yes)
        };
        Self::new(named.into_iter().map(|weapon| (weapon, weight(rows, text_cap, speaks(weapon)))).collect())
    }
}

impl Alternatives<Name> {
    pub(super) fn of_origins(rows: &[Row<'_>], text_cap: Centibans, parties: &[Name]) -> Self {
        let others: BTreeSet<&Name> =
            rows.iter().filter_map(|row| row.item.origin()).filter(|name| !parties.contains(name)).collect();
        let answers = parties.iter().chain(others);
        let speaks = |name| move |item: &Item<'_>| item.origin() == Some(name);
        Self::new(answers.map(|name| (name.clone(), weight(rows, text_cap, speaks(name)))).collect())
    }
}

impl<'a> Item<'a> {
    fn act(&self) -> Option<Act> {
        match self {
            Self::Act(act) => Some(*act),
            _ => None,
        }
    }

    fn weapon(&self) -> Option<Weapon> {
        match self {
            Self::Weapon(weapon) => Some(*weapon),
            _ => None,
        }
    }

    fn origin(&self) -> Option<&'a Name> {
        match self {
            Self::Origin(name) => Some(*name),
            _ => None,
        }
    }
}
