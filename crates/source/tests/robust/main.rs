//! What any file may do to a reader, and what it must not.

#[path = "../common/mod.rs"]
mod common;

mod any_bytes;
mod broken;

use common::{context, profile};
use source::{Format, Item, Rejected, Summary, read};
use truce::Id;

/// What a file gives: identities of what was accepted (for a map: none), rejections, the books.
fn outcome(format: Format, name: &str, bytes: &[u8]) -> (Vec<Id>, Vec<Rejected>, Summary) {
    let (mut ids, mut rejected, mut maps) = (Vec::new(), Vec::new(), 0);
    let summary = read(format, name, bytes, &profile(), &context(), &mut |item| match item {
        Item::Observation(observation) => ids.push(observation.id),
        Item::Territory(_) => maps += 1,
        Item::Rejected(one) => rejected.push(one),
    });
    assert_eq!(summary.rows, summary.accepted + summary.rejected);
    assert_eq!(summary.accepted, ids.len() as u64 + maps);
    assert_eq!(summary.rejected, rejected.len() as u64);
    assert_eq!(summary.by_cause.values().sum::<u64>(), summary.rejected);
    (ids, rejected, summary)
}
