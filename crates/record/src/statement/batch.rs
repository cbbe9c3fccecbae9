//! A batch: detections of one source that differ only in when, where and what exactly, as the items of one leaf. A detection
//! of a single instrument always stands in one, if need be alone, and nothing else does: so whoever may see no more of it than
//! that it is one takes it for no act.

use super::fields::{Fields, Malformed, Words};
use super::observation;
use super::{Audience, Encoded, opens, opens_words};
use sha2::{Digest as _, Sha256};
use truce::Id;
use truce::mission::Told;
use truce::observation::{Detail, Observation};
use truce::place::Place;
use truce::time::{Micros, SECOND, Zone};
use verify::field::ITEMS;
use verify::leaf::Kind;

/// The labels that stand in the items of a batch. All others stand in the statement itself, once for all. The list is fixed,
/// so that where a field stands tells nothing about its value.
pub const OF_ITEMS: [&str; 16] = [
    "id",
    "count",
    "direction",
    "text",
    "sector",
    "within",
    "place.exact",
    "place.1km",
    "place.10km",
    "place.50km",
    "time.exact",
    "time.hour",
    "time.day",
    "day",
    "detail",
    "particulars",
];

/// From the first detection of a batch to the last, at most.
pub const LENGTH: Micros = SECOND;

/// Puts observations of instruments together: those of one source that say the same but for what stands in items, at most
/// a second and 500 each, in the order of their times. Gives batches of one, too.
pub fn batches(mut detections: Vec<Observation>) -> Vec<Vec<Observation>> {
    detections.sort_by(|a, b| {
        let key = |it: &Observation| (it.source.clone(), it.kind, form(&it.place), it.time.start, it.id);
        key(a).cmp(&key(b))
    });
    let mut batches: Vec<Vec<Observation>> = Vec::new();
    for detection in detections {
        match batches.last_mut() {
            Some(batch)
                if batch.len() < ITEMS
                    && batch.first().is_some_and(|first| {
                        alike(first, &detection) && detection.time.start.0 - first.time.start.0 < LENGTH
                    }) =>
            {
                batch.push(detection);
            }
            _ => batches.push(vec![detection]),
        }
    }
    batches
}

fn form(place: &Place) -> u8 {
    match place {
        Place::Point { .. } => 0,
        Place::Sector { .. } => 1,
        Place::Area { .. } => 2,
        Place::Unknown => 3,
    }
}

/// Do they say the same, but for what stands in items?
fn alike(a: &Observation, b: &Observation) -> bool {
    let area = |it: &Observation| match &it.place {
        Place::Area { name, level, .. } => Some((name.clone(), *level)),
        Place::Point { .. } | Place::Sector { .. } | Place::Unknown => None,
    };
    let common = |it: &Observation| {
        (it.source.clone(), it.group.clone(), it.asserted_by.clone(), it.kind, it.act, it.weapon, it.target)
    };
    common(a) == common(b)
        && (&a.origin, a.rating, form(&a.place), area(a)) == (&b.origin, b.rating, form(&b.place), area(b))
        && (a.time.start == a.time.end) == (b.time.start == b.time.end)
}

/// The fields of a batch.
pub(super) fn encode(detections: &[Observation], clock: Zone) -> Result<Encoded, Malformed> {
    let mut words = Words::default();
    let mut common: Option<Fields> = None;
    let mut items = Vec::with_capacity(detections.len());
    for detection in detections {
        let fields = observation::encode(detection, clock, &mut words)?;
        let own = fields.only(|label| !OF_ITEMS.contains(&label));
        items.push(fields.only(|label| OF_ITEMS.contains(&label)));
        match &common {
            None => common = Some(own),
            Some(common) if *common == own => {}
            Some(_) => return Err(Malformed::new("items", "they do not belong together in one batch")),
        }
    }
    match common {
        Some(fields) => Ok(Encoded { kind: Kind::Batch, fields, items, words }),
        None => Err(Malformed::new("items", "a batch without any")),
    }
}

/// The observations of a batch, in order, each as finely as it is told; at least that it is a detection. One whose own
/// identity is not told is called by the leaf and its number in it.
pub(super) fn decode(
    fields: &Fields,
    items: &[Fields],
    leaf: Id,
    words: &Words,
) -> Result<Vec<Observation>, Malformed> {
    let one = |(number, item): (u16, &Fields)| {
        let stand_in = Sha256::new()
            .chain_update(b"truceline-item-1\n")
            .chain_update(leaf.0)
            .chain_update(number.to_be_bytes());
        let mut one = observation::decode(&whole(fields, item), Id(stand_in.finalize().into()), words)?;
        if one.detail == Detail::None {
            one.detail = Detail::Detected;
        }
        Ok(one)
    };
    (0..).zip(items).map(one).collect()
}

/// All fields of an item: those of the batch and its own.
pub fn whole(fields: &Fields, item: &Fields) -> Fields {
    let mut whole = fields.clone();
    whole.extend(item.iter().cloned().collect());
    whole
}

/// Who may see what of a statement, item by item.
pub struct Shares<'a> {
    encoded: &'a Encoded,
    items: Vec<Fields>,
    told: Told,
}

impl<'a> Shares<'a> {
    /// Of this statement, of a source that is told so.
    pub fn new(encoded: &'a Encoded, told: Told) -> Self {
        let items = encoded.items.iter().map(|item| whole(&encoded.fields, item)).collect();
        Self { encoded, items, told }
    }

    /// May this audience see the field: of an item, or of the statement itself? What all items share is open if it is for
    /// each of them.
    pub fn opens(&self, item: Option<usize>, label: &str, audience: Audience) -> bool {
        let one = |fields: &Fields| opens(Kind::Observation, fields, label, self.told, audience);
        match item {
            None if self.items.is_empty() => {
                opens(self.encoded.kind, &self.encoded.fields, label, self.told, audience)
            }
            None => self.items.iter().all(one),
            Some(number) => self.items.get(number).is_some_and(one),
        }
    }

    /// May it see the words behind fields of this label?
    pub fn opens_words(&self, label: &str, audience: Audience) -> bool {
        let one = |fields: &Fields| opens_words(Kind::Observation, fields, label, self.told, audience);
        if self.items.is_empty() {
            opens_words(self.encoded.kind, &self.encoded.fields, label, self.told, audience)
        } else {
            self.items.iter().all(one)
        }
    }

    /// How many fields it may see.
    pub fn count(&self, audience: Audience) -> usize {
        let seen = |item: Option<usize>, fields: &Fields| {
            fields.iter().filter(|field| self.opens(item, field.label.as_str(), audience)).count()
        };
        let items = self.encoded.items.iter().enumerate().map(|(number, fields)| seen(Some(number), fields));
        seen(None, &self.encoded.fields) + items.sum::<usize>()
    }
}
