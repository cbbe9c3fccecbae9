//! What a source at a distance hands in: its own signed leaves with what opens them. Back comes the signed receipt.
//!
//! The bytes are deterministic CBOR (RFC 8949, section 4.2.1), as `docs/record-format.md` has them one by one:
//!
//! ```text
//! delivery = [1, [entry, ...]]                1 to 4,096 entries
//! entry    = [leaf, [part, ...]]              the leaf as it will stand in the log; at most 16 parts
//! part     = [holds, category, [role, ...], key, ciphertext]
//! ```
//!
//! The key of each part travels with it, for the hub wraps it for the roles and checks the openings. So a delivery is as
//! secret as what it says: it goes over an encrypted road, and whoever sent it forgets it once it has the receipt.

use crate::error::Error;
use crate::log::{Answer, Record};
use crate::sources::{Entry, Reason, Refused};
use crate::vault::{Holds, Item, PART_MAX, PARTS_MAX, Part};
use verify::cbor::{Decoder, Encoder};
use verify::field::{Kept, Openings};
use verify::leaf::Leaf;
use verify::receipt::LEAVES_MAX;
use verify::tile::ENTRY_MAX;
use verify::{Hash, Refusal, merkle};
use zeroize::Zeroizing;

/// The media type of a delivery.
pub const MEDIA_TYPE: &str = "application/vnd.truceline.delivery+cbor";
/// Bytes of a delivery, at most.
pub const DELIVERY_MAX: usize = 4 << 20;
/// The version that this code writes and reads.
const VERSION: u64 = 1;
/// Bytes of the name of a category or role, at most.
const NAME_MAX: usize = 255;

/// The bytes of a delivery.
#[must_use]
pub fn encode(entries: &[Entry]) -> Zeroizing<Vec<u8>> {
    let mut to = Encoder::new();
    to.array(2).uint(VERSION).array(entries.len());
    for Entry { leaf, item } in entries {
        to.array(2).bytes(leaf).array(item.parts.len());
        for part in &item.parts {
            to.array(5)
                .uint(u64::from(part.holds == Holds::Raw))
                .text(&part.category)
                .array(part.roles.len());
            part.roles.iter().for_each(|role| _ = to.text(role));
            to.bytes(part.key()).bytes(part.ciphertext());
        }
    }
    Zeroizing::new(to.finish())
}

/// Reads a delivery. Neither signatures nor openings are checked.
///
/// # Errors
/// [`verify::Means::Unreadable`] when the bytes are not a delivery in its one encoding, or too many.
pub fn decode(bytes: &[u8]) -> Result<Vec<Entry>, Refusal> {
    if bytes.len() > DELIVERY_MAX {
        return Err(Refusal::unreadable(format!(
            "a delivery of more than {DELIVERY_MAX} bytes: send it in parts"
        )));
    }
    let mut from = Decoder::new(bytes);
    read(&mut from).map_err(|refusal| refusal.at("not a delivery"))
}

fn read(from: &mut Decoder<'_>) -> Result<Vec<Entry>, Refusal> {
    from.array_of(2)?;
    if from.uint()? != VERSION {
        return Err(Refusal::unreadable("it is of another version than 1"));
    }
    let length = from.array(LEAVES_MAX)?;
    if length == 0 {
        return Err(Refusal::unreadable("there is nothing in it"));
    }
    let entries = (0..length).map(|_| entry(from)).collect::<Result<_, _>>()?;
    from.end()?;
    Ok(entries)
}

fn entry(from: &mut Decoder<'_>) -> Result<Entry, Refusal> {
    from.array_of(2)?;
    let leaf = from.bytes()?;
    if leaf.len() > ENTRY_MAX {
        return Err(Refusal::unreadable("a leaf that is longer than an entry of a log may be"));
    }
    let parts = from.array(PARTS_MAX)?;
    let parts = (0..parts).map(|_| part(from)).collect::<Result<_, _>>()?;
    Ok(Entry { leaf: leaf.to_vec(), item: Item { parts } })
}

fn part(from: &mut Decoder<'_>) -> Result<Part, Refusal> {
    let name = |from: &mut Decoder<'_>| {
        let name = from.text()?;
        if name.is_empty() || name.len() > NAME_MAX {
            return Err(Refusal::unreadable(
                "a category or role whose name is empty or longer than 255 bytes",
            ));
        }
        Ok(name.to_string())
    };
    from.array_of(5)?;
    let holds = match from.uint()? {
        0 => Holds::Openings,
        1 => Holds::Raw,
        _ => return Err(Refusal::unreadable("a part that holds neither openings (0) nor raw bytes (1)")),
    };
    let category = name(from)?;
    let roles = from.array(PARTS_MAX)?;
    let roles = (0..roles).map(|_| name(from)).collect::<Result<_, _>>()?;
    let key = Zeroizing::new(from.fixed()?);
    let ciphertext = from.bytes()?;
    if ciphertext.len() > PART_MAX + 16 {
        return Err(Refusal::unreadable("a part that is too long for the vault"));
    }
    Ok(Part::sealed(holds, category, roles, key, ciphertext.to_vec()))
}

/// The openings of a part that opens all of the leaf, if there is one: only then can the hub check what it takes.
fn opened_whole(entry: &Entry) -> Option<Openings> {
    let parts = entry.item.parts.iter().filter(|part| part.holds == Holds::Openings);
    parts.filter_map(openings_of).find(|openings| {
        let mut kept = openings.fields().iter().chain(openings.items().iter().flatten());
        kept.all(|kept| matches!(kept, Kept::Open(_)))
    })
}

/// What a part of openings opens.
#[must_use]
pub fn openings_of(part: &Part) -> Option<Openings> {
    Openings::decode(&part.bytes().map(Zeroizing::new)?).ok()
}

/// What is looked at in each entry beside its signature and chain: the entry, and the openings of all of it. Says why it is
/// not taken.
pub type Look<'a> = dyn Fn(&Entry, &Openings) -> Result<(), (Reason, String)> + 'a;

impl Record {
    /// Appends what a source at a distance handed in, all or none, and returns when it is durable. Whatever the bytes
    /// are, the answer is a signed receipt: of bytes that are no delivery it names the hash over them all, as that of a
    /// leaf. Where the log keeps a rhythm, a delivery has the leaves of one `beat`, or nobody could tell a busy source
    /// from a quiet one by that rhythm. `look` says what is not taken although it is signed and opens.
    ///
    /// # Errors
    /// [`Error::Stopped`] once a write or sync has failed. Nothing was acknowledged then.
    pub fn deliver(&self, bytes: &[u8], beat: Option<usize>, look: &Look<'_>) -> Result<Answer, Error> {
        let entries = match decode(bytes) {
            Ok(entries) => entries,
            Err(refusal) => {
                let refused = Refused { statement: 0, reason: Reason::Batch, what: refusal.what };
                return self.answer(vec![merkle::leaf_hash(bytes)], Err(refused));
            }
        };
        let hashes: Vec<Hash> = entries.iter().map(|entry| merkle::leaf_hash(&entry.leaf)).collect();
        let last = entries.last().and_then(|entry| Leaf::parse(&entry.leaf).ok());
        let refused = if let Some(leaves) = beat.filter(|leaves| *leaves != entries.len()) {
            let what = format!(
                "this log keeps a rhythm of {leaves} leaves a beat, and {} were handed in: `record send --rhythm` does it so",
                entries.len()
            );
            Refused { statement: 0, reason: Reason::Batch, what }
        } else {
            // Whose it is comes first: what a stranger says is not worth a look.
            let answer = self.append_if(entries, |entry| {
                let openings = opened_whole(entry).ok_or_else(|| {
                    let what = "no part of it opens the whole leaf: a hub takes nothing from a distance that it cannot check";
                    (Reason::Openings, what.to_string())
                })?;
                look(entry, &openings)
            })?;
            match answer.refused {
                None => return Ok(answer),
                Some(refused) => refused,
            }
        };
        // A receipt may be lost on the road, and a key revoked or a rhythm begun since: whoever hands in what stands in
        // the log gets its receipt again, and need not believe a log that only says that it has everything.
        let first = last.map(|last| self.place_of(&hashes, &last)).transpose()?.flatten();
        self.answer(hashes, first.ok_or(refused))
    }
}
