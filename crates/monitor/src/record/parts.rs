//! How a statement is laid into the parts of the vault: its openings and its words, for each audience that sees more than
//! the one before (docs/record-format.md, "Delivery"). There is one layout for a statement, so that what comes from a distance
//! is held against it part by part: nothing is open to fewer than it should be, to more, or kept for another time.

use anyhow::{Result, bail};
use record::delivery::openings_of;
use record::entropy::Entropy;
use record::statement::batch::Shares;
use record::statement::{Audience, Encoded, Statement, Told, Words};
use record::vault::{Holds, Part};
use record::{Entry, Raw, Signer};
use std::collections::BTreeSet;
use truce::time::Zone;
use verify::field::{ITEMS_LABEL, KIND_LABEL, Kept};

/// Pieces in which the bytes of a large file are kept, and how many of them there may be.
const PIECE: usize = 16 << 20;
const PIECES: usize = 12;

/// Audiences with the roles that belong to each. What is open to the public is open to all: its key is published.
const AUDIENCES: [(Audience, &str, &[&str]); 3] = [
    (Audience::Public, "public", &["public"]),
    (Audience::Peace, "peace", &["liaison", "mediator"]),
    (Audience::Mission, "fine", &["monitor", "analyst"]),
];

/// What one part is for.
struct Laid {
    audience: Audience,
    category: String,
    roles: Vec<&'static str>,
}

/// The parts of one statement.
struct Layout {
    openings: Vec<Laid>,
    /// With the bytes of each.
    words: Vec<(Laid, Vec<u8>)>,
}

impl Layout {
    fn of(encoded: &Encoded, shares: &Shares<'_>) -> Self {
        let (mut openings, mut words) = (Vec::<(Laid, usize)>::new(), Vec::<(Laid, Vec<u8>)>::new());
        let mut worded = 0;
        for (audience, category, roles) in AUDIENCES {
            let laid = |category: String| Laid { audience, category, roles: roles.to_vec() };
            let count = shares.count(audience);
            match openings.last_mut() {
                // A narrower audience that sees the same shares the part; what everyone reads, it reads already.
                Some((wider, same)) if *same == count => {
                    if wider.audience != Audience::Public {
                        wider.roles.extend(roles);
                    }
                }
                // A heartbeat has no field but its kind, and somebody must be able to tell that it is one.
                _ if count == 0 && audience != Audience::Mission => continue,
                _ => openings.push((laid(category.to_string()), count)),
            }
            let open = encoded.words.only(|label| shares.opens_words(label, audience));
            match words.last_mut() {
                Some((wider, _)) if worded == open.len() => {
                    if wider.audience != Audience::Public {
                        wider.roles.extend(roles);
                    }
                }
                _ if open.is_empty() => {}
                _ => {
                    worded = open.len();
                    words.push((laid(format!("{}.{category}", Words::CATEGORY)), Words::pack(&open)));
                }
            }
        }
        Self { openings: openings.into_iter().map(|(laid, _)| laid).collect(), words }
    }
}

/// Is a field, of an item or of the statement itself, open to an audience?
fn sees(shares: &Shares<'_>, item: Option<usize>, label: &str, audience: Audience) -> bool {
    item.is_none() && label == KIND_LABEL || shares.opens(item, label, audience)
}

/// Signs one statement of this hub's recorder or of a role.
///
/// # Errors
/// If it does not fit a leaf, or its file does not fit the vault.
pub(crate) fn sign(
    signer: &mut Signer,
    statement: &Statement,
    bytes: &[(&'static str, &[u8])],
    told: Told,
    clock: Zone,
    entropy: &dyn Entropy,
) -> Result<Entry> {
    seal(signer, statement.encode(clock)?, bytes, told, entropy)
}

/// Signs what is encoded, its openings and words sealed for each audience. Who is not the hub signs it
/// [without an id](Encoded::without_id).
///
/// # Errors
/// If it does not fit a leaf, or its file does not fit the vault.
pub fn seal(
    signer: &mut Signer,
    mut encoded: Encoded,
    bytes: &[(&'static str, &[u8])],
    told: Told,
    entropy: &dyn Entropy,
) -> Result<Entry> {
    let mut pieces = Vec::new();
    for (label, bytes) in bytes {
        if bytes.len() <= PIECE {
            encoded.words.keep(label, bytes.to_vec());
        } else {
            pieces.extend(bytes.chunks(PIECE));
        }
    }
    if pieces.len() > PIECES {
        bail!(
            "a file of more than {} MiB cannot be kept whole; cut it into several files",
            (PIECES * PIECE) >> 20
        );
    }
    let shares = Shares::new(&encoded, told);
    let layout = Layout::of(&encoded, &shares);
    let opened: Vec<_> = layout
        .openings
        .iter()
        .map(|laid| {
            let shares = &shares;
            move |item: Option<usize>, label: &verify::field::Token| {
                sees(shares, item, label.as_str(), laid.audience)
            }
        })
        .collect();
    let audiences: Vec<record::Audience<'_>> = layout
        .openings
        .iter()
        .zip(&opened)
        .map(|(laid, sees)| record::Audience { category: &laid.category, roles: &laid.roles, sees })
        .collect();
    let words =
        layout.words.iter().map(|(laid, bytes)| (laid.category.as_str(), &laid.roles[..], &bytes[..]));
    let pieces = pieces.into_iter().map(|piece| ("file.fine", AUDIENCES[2].2, piece));
    let raw: Vec<Raw<'_>> =
        words.chain(pieces).map(|(category, roles, bytes)| Raw { category, roles, bytes }).collect();
    Ok(signer.sign(encoded.statement(), &audiences, &raw, entropy)?)
}

/// Are these the parts into which a statement is laid whose source is told so? Says what is not, and the first thing that is
/// wrong.
pub(super) fn are_laid(parts: &[Part], encoded: &Encoded, told: Told) -> Result<(), String> {
    let shares = Shares::new(encoded, told);
    let layout = Layout::of(encoded, &shares);
    let all = layout.openings.len() + layout.words.len();
    let opening = parts.iter().filter(|part| part.holds == Holds::Openings).count();
    if parts.len() != all || opening != layout.openings.len() {
        let how = if told == Told::Exactly { "exactly" } else { "coarsely" };
        return Err(format!(
            "it comes in {} parts, and what is told {how} to those outside comes in {all}: a source is told as the mission \
             file says with which the log is served",
            parts.len()
        ));
    }
    let of = |holds| parts.iter().filter(move |part| part.holds == holds);
    for (part, laid) in of(Holds::Openings).zip(&layout.openings) {
        is_for(part, laid)?;
        let open = openings_of(part).ok_or("a part does not open")?;
        let own = open.fields().iter().map(|kept| (None, kept));
        let items = (0..).zip(open.items());
        let items = items.flat_map(|(number, kept)| kept.iter().map(move |kept| (Some(number), kept)));
        let open: BTreeSet<(Option<usize>, &str)> = own
            .chain(items)
            .filter_map(|(item, kept)| match kept {
                Kept::Open(salted) => Some((item, salted.field.label.as_str())),
                Kept::Erased { .. } => None,
            })
            .collect();
        let own = encoded.fields.iter().map(|field| (None, field.label.as_str()));
        let items = (0..).zip(&encoded.items);
        let items = items.flat_map(|(number, fields)| {
            fields.iter().map(move |field| (Some(number), field.label.as_str()))
        });
        // Of what a statement is, and of a batch how its items are put together, nothing is hidden.
        let structure = [(None, KIND_LABEL), (None, ITEMS_LABEL)];
        let structure = structure.into_iter().take(if encoded.items.is_empty() { 1 } else { 2 });
        let shown = own.chain(items).filter(|(item, label)| shares.opens(*item, label, laid.audience));
        let should: BTreeSet<(Option<usize>, &str)> = structure.chain(shown).collect();
        let to = laid.roles.join(", ");
        if let Some((_, label)) = open.difference(&should).next() {
            return Err(format!(
                "it shows `{label}` to {to}: more than this mission shows of this source outside itself. Serve the log with \
                 `--mission`, or let the source be told coarsely"
            ));
        }
        if let Some((_, label)) = should.difference(&open).next() {
            return Err(format!("it does not show `{label}` to {to}, who are to see it"));
        }
    }
    for (part, (laid, bytes)) in of(Holds::Raw).zip(&layout.words) {
        is_for(part, laid)?;
        if part.bytes().as_deref() != Some(bytes) {
            return Err(format!(
                "the words for {} are not those that its fields name and that these may read",
                laid.roles.join(", ")
            ));
        }
    }
    Ok(())
}

/// Is it for those it should be for, to be kept as long as it should?
fn is_for(part: &Part, laid: &Laid) -> Result<(), String> {
    if part.category == laid.category && part.roles == laid.roles {
        return Ok(());
    }
    Err(format!(
        "a part `{}` for {} stands where `{}` for {} is expected",
        verify::text::shown(&part.category),
        verify::text::shown(&part.roles.join(", ")),
        laid.category,
        laid.roles.join(", ")
    ))
}
