//! An observation as fields, and back.

use super::coarse::{self, Grain};
use super::value::{Malformed, Part, Value};
use super::{Fields, Raw};
use sha2::{Digest as _, Sha256};
use truce::claim::{Claim, Ends};
use truce::observation::{Act, Asserter, Count, Detail, Kind, Observation, Rating, Target, Weapon};
use truce::place::{Ellipse, Level, Place, Point};
use truce::time::{Span, Time, Zone};
use truce::{Id, Name};

/// Labels of an observation's fields, in the order in which they are committed. Every observation has them all,
/// so that their number tells nothing.
pub const LABELS: [&str; 24] = [
    "statement",
    "id",
    "source",
    "group",
    "by",
    "kind",
    "act",
    "weapon",
    "target",
    "count",
    "origin",
    "direction",
    "rating",
    "text",
    "detail",
    "quote",
    "note",
    "place",
    "place/1km",
    "place/10km",
    "place/50km",
    "time",
    "time/hour",
    "time/day",
];

const LEVELS: [(&str, Level); 4] = [
    ("settlement", Level::Settlement),
    ("district", Level::District),
    ("province", Level::Province),
    ("country", Level::Country),
];

/// The fields of an observation. Days are those of the mission's `clock`. The words of a claim go to `raw`; the
/// fields hold their hashes.
pub(super) fn encode(it: &Observation, clock: Zone, raw: &mut Vec<Raw>) -> Fields {
    let mut fields = Fields::default();
    let mut put = |label: &str, value: Value| fields.push(label, value);
    put("statement", "observation".into());
    put("id", Value::Bytes(it.id.0.to_vec()));
    put("source", (&*it.source).into());
    put("group", (&*it.group).into());
    put(
        "by",
        match &it.asserted_by {
            Asserter::Monitor => vec!["monitor".into()].into(),
            Asserter::Third => vec!["third".into()].into(),
            Asserter::Party(code) => vec!["party".into(), (&**code).into()].into(),
        },
    );
    put("kind", it.kind.name().into());
    put("act", it.act.name().into());
    put("weapon", it.weapon.name().into());
    put("target", it.target.name().into());
    put("count", count(it.count));
    put("origin", Value::may(it.origin.as_deref()));
    put("direction", Value::may(it.direction));
    put("rating", vec![it.rating.source.into(), it.rating.information.into()].into());
    put("text", it.text_key.map_or(Value::Null, |key| Value::Bytes(key.to_be_bytes().to_vec())));
    put("detail", detail(&it.detail));
    let (quote, note) = match &it.detail {
        Detail::Claim(claim) => (words(&claim.quote, raw), words(&claim.note, raw)),
        _ => (Value::Null, Value::Null),
    };
    put("quote", quote);
    put("note", note);
    for (label, grain) in Grain::LABELS {
        put(label, place(&coarse::place(&it.place, grain)));
    }
    put("time", span(it.time));
    put("time/hour", span(coarse::hours(it.time)));
    put("time/day", span(coarse::days(it.time, clock)));
    fields
}

/// The observation that fields tell of: at the finest place and time among them.
///
/// What is not among them is not known: an observation told coarsely has no direction and no detail of its own, and
/// takes `stand_in` (the hash of its leaf) for its identity, for the identity is a hash of what was delivered and
/// would tell the place to whoever tries all places.
pub(super) fn decode(
    fields: &Fields,
    stand_in: Id,
    text: &dyn Fn(&[u8; 32]) -> Option<String>,
) -> Result<Observation, Malformed> {
    let need = |label: &'static str| fields.need(label);
    let may = |label: &'static str| fields.part(label).filter(|part| !part.is_null());
    let finest = |labels: &[&'static str], what: &str| {
        let found = labels.iter().find_map(|label| fields.part(label));
        found.ok_or_else(|| Malformed::new(what, "at no resolution is it among what was opened"))
    };
    let words = |label: &'static str| match may(label) {
        None => Ok(String::new()),
        Some(part) => {
            let hash = part.bytes::<32>()?;
            text(&hash).ok_or_else(|| {
                Malformed::new(label, "its words are not at hand: erased, or not yours to read")
            })
        }
    };
    let [reliability, credibility] = need("rating")?.row()?;
    let coded = |label: &'static str| need(label)?.text();
    let class = |label: &'static str, known: bool| {
        if known { Ok(()) } else { need(label)?.wrong("a word that this version knows") }
    };
    let (act, weapon, target) = (coded("act")?, coded("weapon")?, coded("target")?);
    class("act", Act::parse(act).is_some())?;
    class("weapon", Weapon::parse(weapon).is_some())?;
    class("target", Target::parse(target).is_some())?;
    Ok(Observation {
        id: match fields.part("id") {
            Some(part) => Id(part.bytes()?),
            None => stand_in,
        },
        source: need("source")?.name()?,
        group: need("group")?.name()?,
        asserted_by: match need("by")?.tagged()? {
            ("monitor", rest) if rest.is_empty() => Asserter::Monitor,
            ("third", rest) if rest.is_empty() => Asserter::Third,
            ("party", rest) if rest.len() == 1 => Asserter::Party(rest[0].name()?),
            _ => return need("by")?.wrong("who says so"),
        },
        kind: need("kind")?.one_of(&Kind::NAMES)?,
        time: read_span(finest(&["time", "time/hour", "time/day"], "time")?)?,
        place: read_place(finest(&Grain::LABELS.map(|(label, _)| label), "place")?)?,
        act: Act::parse(act).unwrap_or(Act::Undetermined),
        weapon: Weapon::parse(weapon).unwrap_or(Weapon::Undetermined),
        target: Target::parse(target).unwrap_or(Target::Undetermined),
        count: read_count(need("count")?)?,
        origin: may("origin").map(Part::name).transpose()?,
        direction: may("direction").map(Part::int).transpose()?,
        rating: Rating { source: reliability.int()?, information: credibility.int()? },
        text_key: may("text").map(|part| part.bytes().map(u64::from_be_bytes)).transpose()?,
        detail: match fields.part("detail") {
            Some(part) => read_detail(part, &words)?,
            None => Detail::None,
        },
    })
}

/// The hash that stands in a field for words; the words themselves go to `raw`. No words, no hash.
fn words(text: &str, raw: &mut Vec<Raw>) -> Value {
    if text.is_empty() {
        return Value::Null;
    }
    Value::Bytes(Raw::keep(text.as_bytes().to_vec(), raw).to_vec())
}

fn count(count: Count) -> Value {
    match count {
        Count::Unstated => Value::Null,
        Count::Exactly(number) => vec!["exactly".into(), number.into()].into(),
        Count::About(number) => vec!["about".into(), number.into()].into(),
        Count::AtLeast(number) => vec!["at least".into(), number.into()].into(),
    }
}

fn read_count(part: Part<'_>) -> Result<Count, Malformed> {
    if part.is_null() {
        return Ok(Count::Unstated);
    }
    let [how, number] = part.row()?;
    let number = number.int()?;
    match how.text()? {
        "exactly" => Ok(Count::Exactly(number)),
        "about" => Ok(Count::About(number)),
        "at least" => Ok(Count::AtLeast(number)),
        _ => how.wrong("exactly, about or at least"),
    }
}

fn span(span: Span) -> Value {
    vec![span.start.0.into(), span.end.0.into()].into()
}

fn read_span(part: Part<'_>) -> Result<Span, Malformed> {
    let [start, end] = part.row()?;
    Ok(Span { start: Time(start.int()?), end: Time(end.int()?) })
}

fn place(place: &Place) -> Value {
    match place {
        Place::Point { at, error } => vec![
            "point".into(),
            at.lon.into(),
            at.lat.into(),
            error.major.into(),
            error.minor.into(),
            error.azimuth.into(),
        ],
        Place::Sector { from, bearing, half_width, near, far } => vec![
            "sector".into(),
            from.lon.into(),
            from.lat.into(),
            (*bearing).into(),
            (*half_width).into(),
            (*near).into(),
            (*far).into(),
        ],
        Place::Area { name, level, centre, radius } => vec![
            "area".into(),
            (&**name).into(),
            LEVELS.iter().find(|(_, other)| other == level).map_or("", |(name, _)| *name).into(),
            centre.lon.into(),
            centre.lat.into(),
            (*radius).into(),
        ],
        Place::Unknown => vec!["unknown".into()],
    }
    .into()
}

fn read_place(part: Part<'_>) -> Result<Place, Malformed> {
    let point = |lon: Part<'_>, lat: Part<'_>| Ok::<_, Malformed>(Point { lon: lon.int()?, lat: lat.int()? });
    let (tag, rest) = part.tagged()?;
    Ok(match (tag, rest.as_slice()) {
        ("point", [lon, lat, major, minor, azimuth]) => Place::Point {
            at: point(*lon, *lat)?,
            error: Ellipse { major: major.int()?, minor: minor.int()?, azimuth: azimuth.int()? },
        },
        ("sector", [lon, lat, bearing, half_width, near, far]) => Place::Sector {
            from: point(*lon, *lat)?,
            bearing: bearing.int()?,
            half_width: half_width.int()?,
            near: near.int()?,
            far: far.int()?,
        },
        ("area", [name, level, lon, lat, radius]) => Place::Area {
            name: name.name()?,
            level: level.one_of(&LEVELS)?,
            centre: point(*lon, *lat)?,
            radius: radius.int()?,
        },
        ("unknown", []) => Place::Unknown,
        _ => return part.wrong("a place"),
    })
}

fn detail(detail: &Detail) -> Value {
    match detail {
        Detail::None => vec!["none".into()],
        Detail::Digest => vec!["digest".into()],
        Detail::Launches { launched, destroyed } => {
            vec!["launches".into(), Value::may(*launched), Value::may(*destroyed)]
        }
        Detail::Thermal { power_kw, confidence } => {
            vec!["thermal".into(), Value::may(*power_kw), Value::may(*confidence)]
        }
        Detail::ThermalDay { fires, war_fires, cloud_permille } => {
            vec!["thermal day".into(), (*fires).into(), (*war_fires).into(), (*cloud_permille).into()]
        }
        Detail::Status { sensor, up, range } => {
            vec!["status".into(), (&**sensor).into(), (*up).into(), (*range).into()]
        }
        Detail::Notice { party } => vec!["notice".into(), (&**party).into()],
        Detail::Claim(claim) => vec![
            "claim".into(),
            (&*claim.name).into(),
            (&*claim.claimant).into(),
            (&*claim.against).into(),
            span(claim.window),
            vec![claim.ends.start.into(), claim.ends.end.into()].into(),
            Value::may(claim.as_of.map(|time| time.0)),
            (&*claim.unit).into(),
            count(claim.total),
            Value::Array(
                claim.parts.iter().map(|(name, part)| vec![(&**name).into(), count(*part)].into()).collect(),
            ),
            claim.cumulative.into(),
            claim.url.as_str().into(),
        ],
    }
    .into()
}

fn read_detail(
    part: Part<'_>,
    words: &dyn Fn(&'static str) -> Result<String, Malformed>,
) -> Result<Detail, Malformed> {
    let (tag, rest) = part.tagged()?;
    Ok(match (tag, rest.as_slice()) {
        ("none", []) => Detail::None,
        ("digest", []) => Detail::Digest,
        ("launches", [launched, destroyed]) => {
            Detail::Launches { launched: launched.may(Part::int)?, destroyed: destroyed.may(Part::int)? }
        }
        ("thermal", [power, confidence]) => {
            Detail::Thermal { power_kw: power.may(Part::int)?, confidence: confidence.may(Part::int)? }
        }
        ("thermal day", [fires, war_fires, cloud]) => Detail::ThermalDay {
            fires: fires.int()?,
            war_fires: war_fires.int()?,
            cloud_permille: cloud.int()?,
        },
        ("status", [sensor, up, range]) => {
            Detail::Status { sensor: sensor.name()?, up: up.flag()?, range: range.int()? }
        }
        ("notice", [party]) => Detail::Notice { party: party.name()? },
        ("claim", [name, claimant, against, window, ends, as_of, unit, total, parts, cumulative, url]) => {
            let [start, end] = ends.row()?;
            let one = |part: Part<'_>| -> Result<(Name, Count), Malformed> {
                let [name, count] = part.row()?;
                Ok((name.name()?, read_count(count)?))
            };
            Detail::Claim(Box::new(Claim {
                name: name.name()?,
                claimant: claimant.name()?,
                against: against.name()?,
                window: read_span(*window)?,
                ends: Ends { start: start.flag()?, end: end.flag()? },
                as_of: as_of.may(Part::int)?.map(Time),
                unit: unit.name()?,
                total: read_count(*total)?,
                parts: parts.items()?.into_iter().map(one).collect::<Result<_, _>>()?,
                cumulative: cumulative.flag()?,
                quote: words("quote")?,
                note: words("note")?,
                url: url.text()?.to_string(),
            }))
        }
        _ => return part.wrong("a detail that this version knows"),
    })
}

/// Are the coarse values the fixed functions of the fine ones? Only those fields are looked at that are there.
pub(super) fn coarse_follow(fields: &Fields, clock: Zone) -> Result<(), Malformed> {
    let differs = |label: &str| {
        Err(Malformed::new(label, "it does not follow from the fine value: the statement contradicts itself"))
    };
    if let Some(fine) = fields.part("place") {
        let fine = read_place(fine)?;
        for (label, grain) in Grain::LABELS {
            if fields.part(label).is_some_and(|part| *part.value != place(&coarse::place(&fine, grain))) {
                return differs(label);
            }
        }
    }
    if let Some(fine) = fields.part("time") {
        let fine = read_span(fine)?;
        for (label, told) in [("time/hour", coarse::hours(fine)), ("time/day", coarse::days(fine, clock))] {
            if fields.part(label).is_some_and(|part| *part.value != span(told)) {
                return differs(label);
            }
        }
    }
    Ok(())
}

impl Raw {
    /// Keeps bytes beside the fields; gives their hash.
    pub(super) fn keep(bytes: Vec<u8>, raw: &mut Vec<Self>) -> [u8; 32] {
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        raw.push(Self { hash, bytes });
        hash
    }
}
