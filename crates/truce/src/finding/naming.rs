//! Who may say what was done, and with what.
//!
//! The evidence weighs all that is named; which of it names an incident is a question of its own. A party, or a paper that
//! nobody has rated, could else make an exercise of a shelling, or a breach of a bang.

use crate::evidence::{Alternative, Evidence, Item};
use crate::incident::Incident;
use crate::observation::{Act, Asserter, Kind, Observation};
use alloc::vec::Vec;
use core::cmp::Reverse;

/// Those who are heard, those of the first rank that name anything: what was measured or seen by the monitor; where that
/// names nothing, others whose word may stand by itself ([`crate::observation::Rating::stands`]). Where nothing was measured
/// or seen, all of any weight; and where there is nobody of weight, the parties, whose word is shown as that.
pub(super) struct Naming<'e, 'a> {
    evidence: &'e Evidence<'a>,
    ranks: Vec<Vec<&'a Observation>>,
}

/// How an answer is named: by a rating and kind that weigh something, or that weigh nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    WithoutWeight,
    WithWeight,
}

impl<'e, 'a> Naming<'e, 'a> {
    /// `seen` and `told` are the members of weight, the latter all of them.
    pub(super) fn of(
        incident: &Incident<'a>,
        evidence: &'e Evidence<'a>,
        seen: &[&'a Observation],
        told: &[&'a Observation],
    ) -> Self {
        let stands = |one: &&&Observation| one.asserted_by == Asserter::Third && one.rating.stands();
        let ranks = if told.is_empty() {
            Vec::from([incident.members.clone()])
        } else if seen.is_empty() {
            Vec::from([told.to_vec()])
        } else {
            Vec::from([seen.to_vec(), told.iter().filter(stands).copied().collect()])
        };
        Self { evidence, ranks }
    }

    /// The answer for which most speaks; of equals the finest; of these, what they have in common. `None` where
    /// nobody who is heard names any.
    pub(super) fn strongest<C: Copy + PartialEq>(
        &self,
        answers: &[Alternative<C>],
        item: fn(C) -> Item<'a>,
        parent: fn(C) -> Option<C>,
    ) -> Option<C> {
        let wider = |class: C| core::iter::successors(Some(class), move |class| parent(*class));
        // The first rank that names anything comes first.
        let order = |one: &Alternative<C>| {
            let (rank, named) = self.named(&item(one.what))?;
            Some((Reverse(rank), named, one.centibans, wider(one.what).count()))
        };
        let best = answers.iter().filter_map(order).max()?;
        let mut equal = answers.iter().filter(|one| order(one) == Some(best)).map(|one| one.what);
        let first = equal.next()?;
        equal.try_fold(first, |common, other| wider(common).find(|class| wider(other).any(|it| it == *class)))
    }

    /// By which rank, and how.
    fn named(&self, item: &Item<'_>) -> Option<(usize, Named)> {
        let by = |rank: &Vec<&Observation>| {
            // That a bang is taken for fire goes with its kind, and names nothing.
            let implied = |one: &Observation| {
                matches!(one.kind, Kind::Impulse | Kind::ThermalAnomaly) && *item == Item::Act(Act::Fire)
            };
            let of_item = self.evidence.rows.iter().filter(|row| row.item == *item);
            let rows = of_item.filter(|row| !implied(row.observation));
            let heard = rows.filter(|row| rank.iter().any(|one| one.id == row.observation.id));
            heard.map(|row| if row.centibans > 0 { Named::WithWeight } else { Named::WithoutWeight }).max()
        };
        self.ranks.iter().enumerate().find_map(|(rank, heard)| Some((rank, by(heard)?)))
    }
}
