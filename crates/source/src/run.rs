//! The running of one file: items out, books kept.

use std::collections::BTreeMap;

use truce::Id;
use truce::observation::{Kind, Observation};
use truce::place::Place;
use truce::time::{Span, Zone};

use crate::cell::Fault;
use crate::identity::Identities;
use crate::{Cause, Context, Item, Profile, Rejected, Summary, Territory};

pub(crate) struct Run<'a> {
    pub(crate) file_name: &'a str,
    pub(crate) profile: &'a Profile,
    pub(crate) context: &'a Context<'a>,
    pub(crate) summary: Summary,
    sink: &'a mut dyn FnMut(Item),
    identities: Identities,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        file_name: &'a str,
        profile: &'a Profile,
        context: &'a Context<'a>,
        sink: &'a mut dyn FnMut(Item),
    ) -> Self {
        let summary =
            Summary { rows: 0, accepted: 0, rejected: 0, by_cause: BTreeMap::new(), complete: true };
        Self { file_name, profile, context, summary, sink, identities: Identities::default() }
    }

    /// One row is done: hand on its observation, or set it aside.
    pub(crate) fn settle(&mut self, line: u64, raw: &[u8], made: Result<Observation, Fault>) {
        match made {
            Ok(mut observation) => {
                observation.id = self.identities.next(&observation.source, raw);
                self.accept(Item::Observation(Box::new(observation)));
            }
            Err(fault) => self.reject(line, fault),
        }
    }

    /// One map is done.
    pub(crate) fn settle_map(&mut self, made: Result<Territory, Fault>) {
        match made {
            Ok(territory) => self.accept(Item::Territory(territory)),
            Err(fault) => self.reject(1, fault),
        }
    }

    fn accept(&mut self, item: Item) {
        self.summary.rows += 1;
        self.summary.accepted += 1;
        (self.sink)(item);
    }

    /// Set a row aside and go on. A fault that knows its own line keeps it.
    pub(crate) fn reject(&mut self, line: u64, fault: Fault) {
        self.summary.rows += 1;
        self.summary.rejected += 1;
        *self.summary.by_cause.entry(fault.cause).or_insert(0) += 1;
        let Fault { line: own, column, cause, reason } = fault;
        (self.sink)(Item::Rejected(Rejected { line: own.unwrap_or(line), column, cause, reason }));
    }

    /// The file can't be read any further.
    pub(crate) fn stop(&mut self, line: u64, fault: Fault) {
        self.summary.complete = false;
        self.reject(line, fault);
    }

    /// The clock of times without a zone, or a fault that says what to write in the mission file.
    pub(crate) fn zone(&self) -> Result<Zone, Fault> {
        self.profile.zone.ok_or_else(|| {
            let reason = format!(
                "this format states no time zone; set `clock` for source `{}` in the mission file, such as \
                 \"Europe/Kyiv\" or \"+03:00\"",
                self.profile.source
            );
            Fault::new(Cause::Mission, reason)
        })
    }
}

/// An observation that says no more than this.
pub(crate) fn plain(profile: &Profile, kind: Kind, time: Span, place: Place) -> Observation {
    Observation {
        group: profile.group.clone(),
        asserted_by: profile.asserted_by.clone(),
        rating: profile.rating,
        // The id is given when the row is settled.
        ..Observation::bare(Id([0; 32]), profile.source.clone(), kind, time, place)
    }
}
