//! What a hub looks at in what a source hands in, beside signature, chain and date: that it is a thing which a source may
//! say, that it can be read, that its coarse values follow from the fine ones, and that nobody outside is shown more than
//! the mission shows.
//!
//! A source is enrolled, and may be hostile all the same, or captured. What it signed stands for ever; so what could make
//! an analysis fail, an audit end badly for good, or a fine place public is refused before it is a leaf.

use super::keep::{AUDIENCES, told};
use record::Entry;
use record::delivery::openings_of;
use record::sources::Reason;
use record::statement::batch::{self, Shares};
use record::statement::{Audience, Encoded, Fields, Statement, Told, Words, coarse_follow};
use record::vault::{Holds, Part};
use truce::Id;
use truce::mission::Mission;
use truce::observation::{Asserter, Detail, Kind as What, Observation};
use truce::time::DAY;
use verify::field::{Kept, Openings, Token};
use verify::leaf::{Kind, Leaf};
use verify::merkle;

/// What a source may say. All else is the hub's own word: keys, versions, judgements, steps of a case, watermarks.
const SAID_BY_SOURCES: [Kind; 4] = [Kind::Observation, Kind::Claim, Kind::Batch, Kind::Heartbeat];

/// How far ahead what a statement speaks of may end: a figure for a month is given before the month is over.
const END_AHEAD: i64 = 31 * DAY;

/// Why an entry is not taken, if so. `source` is the name under which its key is enrolled, `latest` the last moment that
/// may be past by the hub's clock. Without a `mission` everything is told coarsely and no clock of days is known.
pub fn look(
    entry: &Entry,
    openings: &Openings,
    source: &str,
    mission: Option<&Mission>,
    latest: i64,
) -> Result<(), (Reason, String)> {
    let wrong = |what: String| Err((Reason::Statement, what));
    let unreadable = |what: String| (Reason::Statement, format!("it cannot be read: {what}"));
    if let Some(part) = entry.item.parts.iter().find(|part| Token::new(&part.category).is_err()) {
        return wrong(format!("the category `{}` is no token", verify::text::shown(&part.category)));
    }
    let (kind, fields) = Fields::of_openings(openings)
        .ok_or_else(|| unreadable("it does not say of what kind it is".into()))?;
    if !SAID_BY_SOURCES.contains(&kind) {
        return wrong(format!(
            "a statement of the kind `{}` is not a source's to make: the hub makes it, by a command of its own",
            kind.token()
        ));
    }
    let words = words(&entry.item.parts).map_err(unreadable)?;
    let leaf = Leaf::parse(&entry.leaf).map_err(|refusal| unreadable(refusal.what))?;
    let encoded = Encoded { kind, fields, items: Fields::of_items(openings), words };
    let id = Id(merkle::leaf_hash(&leaf.encode()));
    let Encoded { fields, items, words, .. } = &encoded;
    let statement = Statement::decode(kind, fields, items, words, id)
        .map_err(|malformed| unreadable(malformed.to_string()))?;
    let observations: Vec<&Observation> = match &statement {
        Some(Statement::Observation(one)) => vec![one],
        Some(Statement::Batch(all)) => all.iter().collect(),
        _ => vec![],
    };
    for observation in &observations {
        dated(observation, latest)?;
        if matches!(observation.detail, Detail::Derived(_)) {
            return wrong("what is worked out from instruments is the hub's to say".into());
        }
        if let Some(mission) = mission {
            speaks(observation, source, mission).or_else(wrong)?;
        }
    }
    let clock = mission.map(|mission| mission.day_clock);
    let contradicts = |malformed: record::statement::Malformed| {
        (Reason::Statement, format!("it contradicts itself: {malformed}"))
    };
    coarse_follow(kind, fields, words, clock).map_err(contradicts)?;
    for item in items {
        coarse_follow(Kind::Observation, &batch::whole(fields, item), words, clock).map_err(contradicts)?;
    }
    let by = match &statement {
        Some(Statement::File(file)) => file.source.clone(),
        _ => observations.first().map(|observation| observation.source.clone()),
    };
    let told = match (mission, &by) {
        (Some(mission), Some(by)) => told(mission, by),
        // A heartbeat has nothing to show.
        _ => Told::Coarsely,
    };
    shows_no_more(&entry.item.parts, &encoded, told).or_else(wrong)
}

/// A statement may not be dated ahead; a notice speaks of what is planned.
fn dated(observation: &Observation, latest: i64) -> Result<(), (Reason, String)> {
    let span = observation.time;
    if observation.kind == What::Notice
        || span.start.0 <= latest && span.end.0 <= latest.saturating_add(END_AHEAD)
    {
        return Ok(());
    }
    let what = format!(
        "it speaks of {} to {}, which is later than the hub's clock allows; check the source's clock",
        span.start, span.end
    );
    Err((Reason::FutureDated, what))
}

/// May this key say what this observation says, by the mission file?
fn speaks(observation: &Observation, source: &str, mission: &Mission) -> Result<(), String> {
    let known = mission.sources.iter().find(|known| known.name == observation.source);
    let key = known.and_then(|known| known.key.as_deref());
    let bound = mission.sources.iter().any(|known| known.key.as_deref() == Some(source));
    if key != bound.then_some(source) {
        return Err(format!(
            "`{}` does not speak with the key of `{source}`: the mission file says so with `key` in its [[source]]",
            observation.source
        ));
    }
    let monitors = known.is_some_and(|known| known.asserter() == Asserter::Monitor);
    if observation.asserted_by == Asserter::Monitor && !monitors {
        return Err(format!(
            "it says that the monitors say so, and `{}` is none of them by the mission file",
            observation.source
        ));
    }
    Ok(())
}

fn words(parts: &[Part]) -> Result<Words, String> {
    let mut words = Words::default();
    for part in parts.iter().filter(|part| holds_words(part)) {
        let bytes = part.bytes().ok_or("a part does not decrypt")?;
        words.unpack(&bytes).map_err(|refusal| refusal.what)?;
    }
    Ok(words)
}

fn holds_words(part: &Part) -> bool {
    part.holds == Holds::Raw && part.category.starts_with(Words::CATEGORY)
}

/// Does no part show those it is for more than they may see?
fn shows_no_more(parts: &[Part], encoded: &Encoded, told: Told) -> Result<(), String> {
    let shares = Shares::new(encoded, told);
    for part in parts {
        let Some(audience) = widest(&part.roles) else { continue };
        let more = |label: &str| {
            Err(format!(
                "it shows `{label}` to {}: more than this mission shows of this source outside itself. Serve the log with \
                 `--mission`, or let the source be told coarsely",
                part.roles.join(", ")
            ))
        };
        if part.holds == Holds::Openings {
            let openings = openings_of(part).ok_or("a part does not open")?;
            let own = openings.fields().iter().map(|kept| (None, kept));
            let items = (0..).zip(openings.items());
            let items = items.flat_map(|(number, kept)| kept.iter().map(move |kept| (Some(number), kept)));
            for (item, kept) in own.chain(items) {
                let Kept::Open(salted) = kept else { continue };
                let label = salted.field.label.as_str();
                let says_kind = item.is_none() && label == verify::field::KIND_LABEL;
                if !says_kind && !shares.opens(item, label, audience) {
                    return more(label);
                }
            }
        } else if holds_words(part) {
            let mut words = Words::default();
            words.unpack(&part.bytes().unwrap_or_default()).map_err(|refusal| refusal.what)?;
            if let Some((label, _)) = words.only(|label| !shares.opens_words(label, audience)).first() {
                return more(label);
            }
        } else {
            return more(&part.category);
        }
    }
    Ok(())
}

/// The least trusted of those who read a part, if any of them is outside the monitors and analysts.
fn widest(roles: &[String]) -> Option<Audience> {
    let audience = |role: &String| {
        let of = AUDIENCES.iter().find(|(.., roles)| roles.contains(&role.as_str()));
        of.map_or(Audience::Public, |(audience, ..)| *audience)
    };
    roles.iter().map(audience).min().filter(|audience| *audience != Audience::Mission)
}
