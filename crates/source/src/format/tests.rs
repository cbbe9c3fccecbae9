//! What the tests of all formats share.

use std::path::Path;

use truce::observation::Observation;

use super::Format;
use crate::{Context, Item, Profile, Rejected, Territory, read};

/// Everything that a file gives; its books must balance.
pub(crate) fn items(
    format: Format,
    name: &str,
    bytes: &[u8],
    profile: &Profile,
    context: &Context<'_>,
) -> Vec<Item> {
    let mut items = Vec::new();
    let summary = read(format, name, bytes, profile, context, &mut |item| items.push(item));
    let rejected = items.iter().filter(|item| matches!(item, Item::Rejected(_))).count() as u64;
    assert_eq!(summary.rows, summary.accepted + summary.rejected);
    assert_eq!((summary.rows, summary.rejected), (items.len() as u64, rejected));
    assert_eq!(summary.by_cause.values().sum::<u64>(), rejected);
    items
}

pub(crate) fn observations(
    format: Format,
    bytes: &[u8],
    profile: &Profile,
    context: &Context<'_>,
) -> Vec<Observation> {
    let observation = |item| match item {
        Item::Observation(observation) => Some(*observation),
        Item::Territory(_) | Item::Rejected(_) => None,
    };
    items(format, "file", bytes, profile, context).into_iter().filter_map(observation).collect()
}

/// The one observation of a file without a fault.
pub(crate) fn one(format: Format, file: &str, profile: &Profile, context: &Context<'_>) -> Observation {
    match &items(format, "file", file.as_bytes(), profile, context)[..] {
        [Item::Observation(observation)] => (**observation).clone(),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn reasons(format: Format, bytes: &[u8], profile: &Profile, context: &Context<'_>) -> Vec<String> {
    let reason = |item| match item {
        Item::Rejected(rejected) => Some(rejected.to_string()),
        Item::Observation(_) | Item::Territory(_) => None,
    };
    items(format, "file", bytes, profile, context).into_iter().filter_map(reason).collect()
}

pub(crate) fn map(
    format: Format,
    name: &str,
    file: &str,
    profile: &Profile,
    context: &Context<'_>,
) -> Result<Territory, Rejected> {
    match items(format, name, file.as_bytes(), profile, context).pop() {
        Some(Item::Territory(territory)) => Ok(territory),
        Some(Item::Rejected(rejected)) => Err(rejected),
        other => panic!("{other:?}"),
    }
}

/// A file of real data; `None`, said aloud, where the folder is absent (a stranger's clone).
pub(crate) fn shared(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    if !folder.exists() {
        println!("skipped: ../shared absent");
        return None;
    }
    Some(std::fs::read(folder.join("data").join(name)).expect("../shared is there but incomplete"))
}
