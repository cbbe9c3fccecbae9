//! What a hub looks at in what a source hands in, beside signature, chain and date: that it is a thing which a source may
//! say, that it is written as this version writes it and kept as it should be kept, and that it speaks for nobody else.
//!
//! A source is enrolled, and may be hostile all the same, or captured. What it signed stands for ever; so what could make
//! an analysis fail, an audit end badly for good, take the place of what another said, or make a fine place public is
//! refused before it is a leaf.

use super::keep::told;
use super::parts;
use record::Entry;
use record::sources::Reason;
use record::statement::{Encoded, Fields, File, Statement, Told, Words, batch, coarse_follow};
use record::vault::{Holds, Part};
use std::collections::BTreeMap;
use truce::Id;
use truce::coverage;
use truce::evidence::is_text;
use truce::mission::{Mission, Source};
use truce::observation::{Asserter, Detail, Kind as What, Observation};
use truce::time::{DAY, Zone};
use verify::field::{ITEMS_LABEL, Openings, Token, Value};
use verify::leaf::{Kind, Leaf};
use verify::merkle;

/// What a source may say. All else is the hub's own word: keys, versions, judgements, steps of a case, watermarks.
const SAID_BY_SOURCES: [Kind; 4] = [Kind::Observation, Kind::Claim, Kind::Batch, Kind::Heartbeat];

/// How far ahead what a statement speaks of may end: a figure for a month is given before the month is over.
const END_AHEAD: i64 = 31 * DAY;

/// Rows of a file, at most.
pub const ROWS: u64 = 1 << 32;

/// Why an entry is not taken, if so. `source` is the name under which its key is enrolled, `latest` the last moment that
/// may be past by the hub's clock. Without a `mission` everything is told coarsely, no clock of days is known, and a source
/// speaks for itself alone.
pub fn look(
    entry: &Entry,
    openings: &Openings,
    source: &str,
    mission: Option<&Mission>,
    latest: i64,
) -> Result<(), (Reason, String)> {
    let wrong = |what: String| (Reason::Statement, what);
    let unreadable = |what: String| (Reason::Statement, format!("it cannot be read: {what}"));
    let (kind, fields) = Fields::of_openings(openings)
        .ok_or_else(|| unreadable("it does not say of what kind it is".into()))?;
    if !SAID_BY_SOURCES.contains(&kind) {
        return Err(wrong(format!(
            "a statement of the kind `{}` is not a source's to make: the hub makes it, by a command of its own",
            kind.token()
        )));
    }
    let words = words(&entry.item.parts).map_err(unreadable)?;
    let leaf = Leaf::parse(&entry.leaf).map_err(|refusal| unreadable(refusal.what))?;
    let id = Id(merkle::leaf_hash(&leaf.encode()));
    let items = Fields::of_items(openings);
    let statement = Statement::decode(kind, &fields, &items, &words, id)
        .map_err(|malformed| unreadable(malformed.to_string()))?
        .ok_or_else(|| unreadable("it says nothing".into()))?;
    let observations: Vec<&Observation> = match &statement {
        Statement::Observation(one) => vec![one],
        Statement::Batch(all) => all.iter().collect(),
        _ => vec![],
    };
    for observation in &observations {
        dated(observation, latest)?;
        if observation.detail == Detail::Detected {
            return Err(wrong("a detection without what was detected".into()));
        }
        // The public, who sees no more of a detection, takes what stands in a batch for no act.
        if observation.detail.is_of_one_instrument() != (kind == Kind::Batch) {
            return Err(wrong("detections of single instruments, and they alone, stand in batches".into()));
        }
        if matches!(observation.detail, Detail::Derived(_)) {
            return Err(wrong("what is worked out from instruments is the hub's to say".into()));
        }
        speaks(observation, source, mission).map_err(wrong)?;
    }
    if let Statement::File(file) = &statement {
        delivers(file, source, mission).map_err(wrong)?;
    }
    let clock = mission.map(|mission| mission.day_clock);
    let contradicts = |malformed: record::statement::Malformed| {
        (Reason::Statement, format!("it contradicts itself: {malformed}"))
    };
    coarse_follow(kind, &fields, &words, clock).map_err(contradicts)?;
    for item in &items {
        coarse_follow(Kind::Observation, &batch::whole(&fields, item), &words, clock).map_err(contradicts)?;
    }
    // What the items come to is the seal's to say, and was held against the leaf.
    let fields = fields.only(|label| label != ITEMS_LABEL);
    let mut encoded = Encoded { kind, fields, items, words };
    encoded.words = as_written(&statement, &encoded, clock).map_err(wrong)?;
    let by = match &statement {
        Statement::File(file) => file.source.clone(),
        _ => observations.first().map(|observation| observation.source.clone()),
    };
    let open = match (mission, &by) {
        (Some(mission), Some(by)) => told(mission, by),
        // A heartbeat has nothing to show.
        _ => Told::Coarsely,
    };
    // A source may tell less than the mission would.
    let laid = parts::are_laid(&entry.item.parts, &encoded, Told::Coarsely);
    laid.or_else(|coarsely| match open {
        Told::Exactly => parts::are_laid(&entry.item.parts, &encoded, Told::Exactly),
        Told::Coarsely => Err(coarsely),
    })
    .map_err(wrong)
}

/// Is it field by field what this version writes for what it says? Gives its words as they should be kept.
fn as_written(statement: &Statement, handed_in: &Encoded, clock: Option<Zone>) -> Result<Words, String> {
    let again =
        statement.encode(clock.unwrap_or(Zone::Fixed(0))).map_err(|malformed| malformed.to_string())?;
    let again = again.without_id();
    if again.kind != handed_in.kind {
        return Err(format!("what it says is of the kind `{}`", again.kind.token()));
    }
    alike(&handed_in.fields, &again.fields, clock)?;
    // As many as were read.
    for (handed_in, again) in handed_in.items.iter().zip(&again.items) {
        alike(handed_in, again, clock)?;
    }
    let mut words = again.words;
    if let Statement::File(File { sha256: Some(hash), map, .. }) = statement
        && let Some(bytes) = handed_in.words.get(hash)
    {
        words.keep(if *map { "map" } else { "bytes" }, bytes.to_vec());
    }
    Ok(words)
}

/// Have these fields the same values? Days are compared where the mission's clock is known.
fn alike(handed_in: &Fields, again: &Fields, clock: Option<Zone>) -> Result<(), String> {
    let by_label = |fields: &Fields| -> BTreeMap<String, Value> {
        fields.iter().map(|field| (field.label.as_str().to_string(), field.value.clone())).collect()
    };
    let (handed_in, again) = (by_label(handed_in), by_label(again));
    for label in handed_in.keys().chain(again.keys()) {
        let same = match (handed_in.get(label), again.get(label)) {
            (Some(_), Some(_)) if label == "day" && clock.is_none() => true,
            (Some(_), None) if label == "id" => {
                return Err(
                    "it gives itself an `id`: what a source at a distance says is called by its leaf, so that it takes \
                     nobody's place"
                        .into(),
                );
            }
            (Some(_), None) => return Err(format!("its field `{label}` does not belong to it")),
            (None, _) => return Err(format!("its field `{label}` is missing")),
            (Some(one), Some(other)) => one == other,
        };
        if !same {
            return Err(format!("its field `{label}` is not written as docs/record-format.md has it"));
        }
    }
    Ok(())
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

/// May this key speak for that source? The mission file says with `key` which one does; else it is the one that is enrolled
/// under the source's own name.
fn may_speak<'a>(name: &str, key: &str, mission: Option<&'a Mission>) -> Result<Option<&'a Source>, String> {
    let Some(mission) = mission else {
        return match name == key {
            true => Ok(None),
            false => Err(format!(
                "`{name}` does not speak with the key of `{key}`: a log that is served without `--mission` hears each source \
                 with the key that is enrolled under its own name"
            )),
        };
    };
    let known = mission.sources.iter().find(|known| *known.name == *name);
    let known = known.ok_or_else(|| format!("the mission file knows no source `{name}`"))?;
    let with = known.key.as_deref().unwrap_or(&known.name);
    if known.key.is_none() && Token::new(with).is_err() {
        return Err(format!(
            "no key can be enrolled under the name `{with}`: the mission file gives the source one with `key` in its [[source]]"
        ));
    }
    if with != key {
        return Err(format!(
            "`{name}` speaks with the key of `{with}`, not with that of `{key}`: the mission file says so with `key` in its \
             [[source]], or says nothing, and then it is the key of its own name"
        ));
    }
    Ok(Some(known))
}

/// May this key say what this observation says? Who is independent of whom, and who is a monitor, the mission says.
///
/// # Errors
/// Why not.
pub fn speaks(observation: &Observation, key: &str, mission: Option<&Mission>) -> Result<(), String> {
    let Some((known, mission)) = may_speak(&observation.source, key, mission)?.zip(mission) else {
        return stranger(observation);
    };
    // As of a file that is read here: nobody has more standing than the mission gives to the source.
    let standing = match known.asserter() {
        Asserter::Monitor => true,
        Asserter::Third => observation.asserted_by != Asserter::Monitor,
        party @ Asserter::Party(_) => observation.asserted_by == party,
    };
    if !standing {
        return Err(format!(
            "it says that {} says so, and the mission file says that `{}` is {}",
            whose(&observation.asserted_by),
            known.name,
            whose(&known.asserter())
        ));
    }
    if let (Detail::Claim(claim), Asserter::Party(party)) = (&observation.detail, known.asserter())
        && claim.claimant != party
    {
        return Err(format!(
            "it claims in the name of `{}`, and `{}` speaks for `{party}`",
            claim.claimant, known.name
        ));
    }
    let instrument = sensing_of(observation);
    let its_own = match instrument {
        Sensing::No => true,
        Sensing::Status => known.coverage == coverage::Rule::Heartbeats,
        Sensing::Of(formats) => formats.contains(&&*known.format),
    };
    if !its_own {
        return Err(format!(
            "it tells of instruments what a source of the format `{}` does not: which source tells where sensors stand, how \
             they are and what they hear or measure is for the mission file to say, with its format and coverage",
            known.format
        ));
    }
    let group = &observation.group;
    // A claim is one witness with the party that makes it.
    let claimed =
        observation.kind == What::Claim && observation.asserted_by == Asserter::Party(group.clone());
    // Texts are capped together, so whoever collects reports names their outlets; what a party says of others weighs nothing.
    // No group of another source is meant so.
    let others = || mission.sources.iter().any(|other| other.group == *group);
    let by_party = matches!(&observation.asserted_by, Asserter::Party(_)) && instrument == Sensing::No;
    let outlet = (is_text(observation) || by_party) && !others();
    if *group != known.group && !claimed && !outlet {
        return Err(format!(
            "it counts itself to the group `{group}`, and the mission file counts `{}` to `{}`: who is independent of whom \
             is not a source's to say",
            known.name, known.group
        ));
    }
    Ok(())
}

/// Where no mission file is given, a source is a third party that watches with its own eyes.
fn stranger(observation: &Observation) -> Result<(), String> {
    let plain = observation.asserted_by == Asserter::Third
        && observation.group == observation.source
        && sensing_of(observation) == Sensing::No
        && observation.kind != What::Claim;
    match plain {
        true => Ok(()),
        false => Err("a log that is served without `--mission` takes only what a third party saw itself, in the group of its \
                      own name: nothing of instruments, no claims, nothing said by monitors or parties"
            .into()),
    }
}

/// What an observation tells of instruments: where they stand, how they are, what they hear or measure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sensing {
    No,
    /// That a sensor watches, and how far.
    Status,
    /// What only files of these formats tell.
    Of(&'static [&'static str]),
}

fn sensing_of(observation: &Observation) -> Sensing {
    match observation.detail {
        Detail::Heard(_) => Sensing::Of(&["impulse-detections"]),
        Detail::Measured(_) => Sensing::Of(&["air-measurements"]),
        Detail::Instrument(_) => Sensing::Of(&["stations", "air-sensors"]),
        Detail::Beat { .. } => Sensing::Of(&["heartbeats"]),
        // Worked out from beats.
        Detail::Saturated { .. } => Sensing::Of(&[]),
        Detail::Status { .. } => Sensing::Status,
        _ if observation.kind == What::SensorStatus => Sensing::Status,
        _ => Sensing::No,
    }
}

fn whose(asserter: &Asserter) -> String {
    match asserter {
        Asserter::Monitor => "the monitor".into(),
        Asserter::Third => "a third party".into(),
        Asserter::Party(party) => format!("the party `{party}`"),
    }
}

/// May this key tell of this file? A map is read by its name, and rows are counted under it.
fn delivers(file: &File, key: &str, mission: Option<&Mission>) -> Result<(), String> {
    let of = file.source.as_ref().ok_or("a file that is no source's is not handed in")?;
    may_speak(of, key, mission)?;
    let name = file.name.rsplit('/').next().unwrap_or_default();
    let taken_by = mission.and_then(|mission| mission.sources.iter().find(|source| source.takes(name)));
    if mission.is_some() && taken_by.is_none_or(|source| source.name != *of) {
        return Err(format!(
            "by the mission file, a file of the name `{}` is not of `{of}`",
            verify::text::shown(name)
        ));
    }
    if mission.is_none() && file.map {
        return Err("a map is taken only by a log that is served with `--mission`".into());
    }
    if file.rows > ROWS {
        return Err(format!("a file of {} rows: more than {ROWS} are not believed", file.rows));
    }
    let aside = file.set_aside.iter().try_fold(0_u64, |sum, (_, rows, _)| sum.checked_add(*rows));
    let all = aside.and_then(|aside| aside.checked_add(file.accepted));
    if all != Some(file.rows) {
        return Err(format!("its {} rows are not the {} used and those set aside", file.rows, file.accepted));
    }
    if file.sha256.is_none() {
        return Err("it does not say which file".into());
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
