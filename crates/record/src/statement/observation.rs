//! An observation as fields, and back.

use super::coarse;
use super::fields::{Fields, Malformed, Part, Words};
use super::form::{self, Form};
use truce::Id;
use truce::claim::Claim;
use truce::ground::Near;
use truce::observation::{
    Act, Asserter, Count, Detail, Kind, Observation, Particulars, Rating, Target, Weapon,
};
use truce::place::{Ellipse, Level, Place, Point};
use truce::sensing::Derived;
use truce::time::{HOUR, MINUTE, Span, Time, Zone};
use verify::field::{Scalar, Value};
use verify::resolution::{self, PlaceResolution};

const LEVELS: [(&str, Level); 4] = [
    ("settlement", Level::Settlement),
    ("district", Level::District),
    ("province", Level::Province),
    ("country", Level::Country),
];

/// The fields of an observation. Days are those of the mission's `clock`. What is not a number, a hash or one of our
/// own words goes to `words`; the fields hold its hash.
pub(super) fn encode(it: &Observation, clock: Zone, words: &mut Words) -> Result<Fields, Malformed> {
    // Named one by one: a new field of an observation must be told, or the compiler says so.
    let Observation {
        id,
        source,
        group,
        asserted_by,
        kind,
        time,
        place,
        act,
        weapon,
        target,
        count,
        origin,
        direction,
        rating,
        text_key,
        particulars,
        detail,
    } = it;
    let mut fields = Fields::default();
    fields.token("what", kind.name())?;
    fields.put("id", Value::hash(id.0))?;
    fields.list("source", [words.name("source", source)])?;
    fields.list("group", [words.name("group", group)])?;
    fields.list(
        "by",
        match asserted_by {
            Asserter::Monitor => vec![words.token("monitor")],
            Asserter::Third => vec![words.token("third")],
            Asserter::Party(code) => vec![words.token("party"), words.name("by", code)],
        },
    )?;
    fields.token("act", act.name())?;
    fields.token("weapon", weapon.name())?;
    fields.token("target", target.name())?;
    fields.list("count", tell_count(*count, words))?;
    fields.list("origin", origin.iter().map(|code| words.name("origin", code)).collect::<Vec<_>>())?;
    fields.ints("direction", direction.map(i64::from))?;
    fields.ints("rating", [i64::from(rating.source), i64::from(rating.information)])?;
    fields.ints("text", text_key.iter().flat_map(|key| [(key >> 32) as i64, (key & 0xffff_ffff) as i64]))?;
    let moment = words.token(if time.start == time.end { "instant" } else { "span" });
    let (form, area, sector, exact) = tell_place(place, words);
    fields.list("form", form.into_iter().chain([moment]).collect::<Vec<_>>())?;
    fields.list("area", area)?;
    fields.ints("sector", sector)?;
    fields.ints("within", [coarse::within_km(place)])?;
    if let Some(exact) = exact {
        fields.extend(
            resolution::place_fields(&exact)
                .map_err(|refusal| Malformed::new("place.exact", refusal.what))?,
        );
    }
    let last = time.end.0.saturating_sub(1).max(time.start.0);
    fields.extend(
        resolution::time_fields(time.start.0, last)
            .map_err(|refusal| Malformed::new("time.exact", refusal.what))?,
    );
    let day = coarse::days(*time, clock);
    fields.ints("day", [day.start.0, day.end.0])?;
    fields.list("detail", tell_detail(detail, words))?;
    // What was worked out tells everybody how long it lasted, in whole minutes.
    let lasted = particulars.as_deref().and_then(|it| it.lasted).map(|it| Scalar::Int(coarse::minutes(it)));
    let derived = match detail {
        Detail::Derived(_) => core::iter::once(words.token("derived")).chain(lasted).collect(),
        _ => Vec::new(),
    };
    fields.list("derived", derived)?;
    let particulars =
        particulars.as_deref().map(|it| Scalar::Hash(words.keep("particulars", form::bytes(it))));
    fields.list("particulars", particulars)?;
    let (quote, translation, note) = match detail {
        Detail::Claim(claim) => (claim.quote.as_str(), claim.translation.as_str(), claim.note.as_str()),
        _ => ("", "", ""),
    };
    fields.list("quote", words.text("quote", quote))?;
    fields.list("translation", words.text("translation", translation))?;
    fields.list("note", words.text("note", note))?;
    Ok(fields)
}

/// The observation that fields tell of: at the finest place and time among them.
///
/// What is not among them is not known: an observation told coarsely has no direction and no detail of its own, and
/// takes `stand_in` (the hash of its leaf) for its identity, for the identity is a hash of what was delivered and
/// would tell the place to whoever tries all places.
pub(super) fn decode(fields: &Fields, stand_in: Id, words: &Words) -> Result<Observation, Malformed> {
    let need = |label: &'static str| fields.need(label);
    let name = |label: &'static str| need(label)?.only()?.name(words);
    let rating = need("rating")?;
    let [reliability, credibility] = rating.row()?;
    let rated = Rating { source: reliability.int()?, information: credibility.int()? };
    if !rated.is_sound() {
        return rating.wrong("a rating from A to F and from 1 to 6");
    }
    let quoted = |label: &'static str| match fields.part(label) {
        None => Ok(String::new()),
        Some(part) => part.text(words),
    };
    Ok(Observation {
        id: match fields.part("id") {
            Some(part) => Id(part.only()?.hash()?),
            None => stand_in,
        },
        source: name("source")?,
        group: name("group")?,
        asserted_by: {
            let by = need("by")?;
            match by.items().as_slice() {
                [who] if who.is("monitor") => Asserter::Monitor,
                [who] if who.is("third") => Asserter::Third,
                [who, code] if who.is("party") => Asserter::Party(code.name(words)?),
                _ => return by.wrong("who says so"),
            }
        },
        kind: need("what")?.only()?.one_of(&Kind::NAMES)?,
        time: read_time(fields)?,
        place: read_place(fields, words)?,
        act: need("act")?.only()?.one_of(&Act::NAMES)?,
        weapon: need("weapon")?.only()?.one_of(&Weapon::NAMES)?,
        target: need("target")?.only()?.one_of(&Target::NAMES)?,
        count: read_count(need("count")?)?,
        origin: need("origin")?.may(|code| code.name(words))?,
        direction: match fields.part("direction") {
            Some(part) => part.may(|turn| turn.int())?,
            None => None,
        },
        rating: rated,
        text_key: match fields.part("text").map(|part| (part, part.items())) {
            None => None,
            Some((_, items)) if items.is_empty() => None,
            Some((part, _)) => {
                let [high, low] = part.row()?;
                Some(u64::from(high.int::<u32>()?) << 32 | u64::from(low.int::<u32>()?))
            }
        },
        particulars: match fields.part("particulars") {
            Some(part) => part.may(|hash| rest::<Particulars>(hash, words))?.and_then(Particulars::boxed),
            None => match fields.part("derived").map(|part| part.items()).as_deref() {
                Some([_, minutes]) => {
                    let lasted = Some(minutes.int::<i64>()?.saturating_mul(MINUTE));
                    Particulars { lasted, ..Particulars::NONE }.boxed()
                }
                _ => None,
            },
        },
        detail: match fields.part("detail") {
            Some(part) => read_detail(part, words, quoted)?,
            // That it was worked out is told with it; from what is not.
            None if fields.part("derived").is_some_and(|part| !part.items().is_empty()) => {
                Detail::Derived(Box::new(Derived { from: Vec::new(), evidence: 0 }))
            }
            None => Detail::None,
        },
    })
}

fn tell_count(count: Count, words: &Words) -> Vec<Scalar> {
    let (how, number) = match count {
        Count::Unstated => return Vec::new(),
        Count::Exactly(number) => ("exactly", number),
        Count::About(number) => ("about", number),
        Count::AtLeast(number) => ("at-least", number),
    };
    vec![words.token(how), Scalar::Int(i64::from(number))]
}

fn read_count(part: Part<'_>) -> Result<Count, Malformed> {
    if part.items().is_empty() {
        return Ok(Count::Unstated);
    }
    let [how, number] = part.row()?;
    let number = number.int()?;
    how.one_of(&[
        ("exactly", Count::Exactly(number)),
        ("about", Count::About(number)),
        ("at-least", Count::AtLeast(number)),
    ])
}

fn read_time(fields: &Fields) -> Result<Span, Malformed> {
    for label in ["time.exact", "time.hour", "day", "time.day"] {
        let Some(part) = fields.part(label) else { continue };
        let [start, end] = part.row()?;
        let (start, end): (i64, i64) = (start.int()?, end.int()?);
        // What is stored of an exact time is its last moment; an instant is its own.
        let instant =
            fields.need("form").is_ok_and(|form| form.items().iter().any(|item| item.is("instant")));
        let end = if label == "time.exact" && !instant { end.saturating_add(1) } else { end };
        return match Span::new(Time(start), Time(end)) {
            Some(span) => Ok(span),
            None => part.wrong("an end that is not before the start"),
        };
    }
    Err(Malformed::new("time", "at no resolution is it among what was opened"))
}

type PlaceTold = (Vec<Scalar>, Vec<Scalar>, Vec<i64>, Option<Vec<i64>>);

/// Form, name of an area, sector, and exact place. An exact place begins with the point whose cells are told: of a
/// sector its middle, never where the observer stood.
fn tell_place(place: &Place, words: &mut Words) -> PlaceTold {
    let point = |at: Point| [i64::from(at.lon), i64::from(at.lat)];
    match place {
        Place::Point { at, error } => {
            let [lon, lat] = point(*at);
            let exact = vec![lon, lat, error.major, error.minor, i64::from(error.azimuth)];
            (vec![words.token("point")], Vec::new(), Vec::new(), Some(exact))
        }
        Place::Sector { from, bearing, half_width, near, far } => {
            let [lon, lat] = point(*from);
            let sector = vec![lon, lat, i64::from(*bearing), i64::from(*half_width), *near, *far];
            let exact = Near::of(place).map(|near| point(near.centre).to_vec());
            (vec![words.token("sector")], Vec::new(), sector, exact)
        }
        Place::Area { name, level, centre, radius } => {
            let [lon, lat] = point(*centre);
            let level = LEVELS.iter().find(|(_, other)| other == level).map_or("", |(name, _)| *name);
            let form = vec![words.token("area"), words.token(level)];
            (form, vec![words.name("area", name)], Vec::new(), Some(vec![lon, lat, *radius]))
        }
        Place::Unknown => (vec![words.token("unknown")], Vec::new(), Vec::new(), None),
    }
}

fn read_place(fields: &Fields, words: &Words) -> Result<Place, Malformed> {
    let form = fields.need("form")?;
    let point = |lon: Part<'_>, lat: Part<'_>| Ok::<_, Malformed>(Point { lon: lon.int()?, lat: lat.int()? });
    let forms = form.items();
    let Some(first) = forms.first() else { return form.wrong("a form of place") };
    if first.is("unknown") {
        return Ok(Place::Unknown);
    }
    let exact = fields.part("place.exact");
    let place = match exact {
        Some(exact) if first.is("point") => {
            let [lon, lat, major, minor, azimuth] = exact.row()?;
            let error = Ellipse { major: major.int()?, minor: minor.int()?, azimuth: azimuth.int()? };
            Some(Place::Point { at: point(lon, lat)?, error })
        }
        Some(exact) if first.is("area") && fields.part("area").is_some() => {
            let [lon, lat, radius] = exact.row()?;
            let Some(level) = forms.get(1) else { return form.wrong("how wide the area is") };
            Some(Place::Area {
                name: fields.need("area")?.only()?.name(words)?,
                level: level.one_of(&LEVELS)?,
                centre: point(lon, lat)?,
                radius: radius.int()?,
            })
        }
        Some(_) if first.is("sector") => match fields.part("sector") {
            Some(sector) => {
                let [lon, lat, bearing, half_width, near, far] = sector.row()?;
                Some(Place::Sector {
                    from: point(lon, lat)?,
                    bearing: bearing.int()?,
                    half_width: half_width.int()?,
                    near: near.int()?,
                    far: far.int()?,
                })
            }
            None => None,
        },
        _ => None,
    };
    if let Some(place) = place {
        return Ok(place);
    }
    let within: i64 = fields.need("within")?.only()?.int()?;
    for grain in [PlaceResolution::Km1, PlaceResolution::Km10, PlaceResolution::Km50] {
        if let Some(part) = fields.part(grain.label()) {
            let [west, south] = part.row()?;
            let place = coarse::place((west.int()?, south.int()?), grain, within);
            return place.map_or_else(|| part.wrong("the corner of a cell"), Ok);
        }
    }
    Err(Malformed::new("place", "at no resolution is it among what was opened"))
}

fn tell_detail(detail: &Detail, words: &mut Words) -> Vec<Scalar> {
    let int = |number: i64| Scalar::Int(number);
    let may = |number: Option<u32>, words: &Words| match number {
        Some(number) => Scalar::Int(i64::from(number)),
        None => words.token("unstated"),
    };
    match detail {
        Detail::None => vec![words.token("none")],
        Detail::Digest => vec![words.token("digest")],
        Detail::Launches { launched, destroyed } => {
            vec![words.token("launches"), may(*launched, words), may(*destroyed, words)]
        }
        Detail::Thermal { power_kw, confidence } => {
            vec![words.token("thermal"), may(*power_kw, words), may(confidence.map(u32::from), words)]
        }
        Detail::ThermalDay { fires, war_fires, cloud_permille } => vec![
            words.token("thermal-day"),
            int(i64::from(*fires)),
            int(i64::from(*war_fires)),
            int(i64::from(*cloud_permille)),
        ],
        Detail::Status { sensor, up, range } => {
            vec![words.token("status"), words.name("detail", sensor), int(i64::from(*up)), int(*range)]
        }
        Detail::Notice { party, notice } => {
            let notice = words.keep("detail", form::bytes(notice));
            vec![words.token("notice"), words.name("detail", party), Scalar::Hash(notice)]
        }
        // The rest is words, names and positions: all of it stands in the vault.
        Detail::Verification(it) => kept("verification", form::bytes(it), words),
        Detail::Claim(claim) => kept("claim", form::bytes(&without_words(claim)), words),
        Detail::Heard(it) => kept("heard", form::bytes(it), words),
        Detail::Measured(it) => kept("measured", form::bytes(it), words),
        Detail::Instrument(it) => kept("instrument", form::bytes(it), words),
        Detail::Beat { sensor, state } => kept("beat", form::bytes(&(sensor.clone(), *state)), words),
        Detail::Saturated { sensor, range } => {
            kept("saturated", form::bytes(&(sensor.clone(), *range)), words)
        }
        Detail::Derived(it) => kept("derived", form::bytes(it), words),
        Detail::Detected => vec![words.token("detected")],
    }
}

/// What sort it is, and the hash of the rest.
fn kept(sort: &str, rest: Vec<u8>, words: &mut Words) -> Vec<Scalar> {
    vec![words.token(sort), Scalar::Hash(words.keep("detail", rest))]
}

/// The rest, from the vault.
fn rest<T: Form>(hash: Part<'_>, words: &Words) -> Result<T, Malformed> {
    form::value(hash.kept(words)?).map_err(|refusal| Malformed::new("detail", refusal.what))
}

fn read_detail(
    part: Part<'_>,
    words: &Words,
    quoted: impl Fn(&'static str) -> Result<String, Malformed>,
) -> Result<Detail, Malformed> {
    let items = part.items();
    let may = |item: Part<'_>| if item.is("unstated") { Ok(None) } else { item.int::<u32>().map(Some) };
    Ok(match items.as_slice() {
        [tag] if tag.is("none") => Detail::None,
        [tag] if tag.is("digest") => Detail::Digest,
        [tag] if tag.is("detected") => Detail::Detected,
        [tag, launched, destroyed] if tag.is("launches") => {
            Detail::Launches { launched: may(*launched)?, destroyed: may(*destroyed)? }
        }
        [tag, power, confidence] if tag.is("thermal") => {
            let confidence = if confidence.is("unstated") { None } else { Some(confidence.int()?) };
            Detail::Thermal { power_kw: may(*power)?, confidence }
        }
        [tag, fires, war_fires, cloud] if tag.is("thermal-day") => Detail::ThermalDay {
            fires: fires.int()?,
            war_fires: war_fires.int()?,
            cloud_permille: cloud.int()?,
        },
        [tag, sensor, up, range] if tag.is("status") => {
            Detail::Status { sensor: sensor.name(words)?, up: up.int::<u8>()? == 1, range: range.int()? }
        }
        [tag, party, hash] if tag.is("notice") => {
            Detail::Notice { party: party.name(words)?, notice: rest(*hash, words)? }
        }
        [tag, hash] if tag.is("verification") => Detail::Verification(rest(*hash, words)?),
        [tag, hash] if tag.is("claim") => {
            let mut claim: Box<Claim> = rest(*hash, words)?;
            (claim.quote, claim.translation) = (quoted("quote")?, quoted("translation")?);
            claim.note = quoted("note")?;
            Detail::Claim(claim)
        }
        [tag, hash] if tag.is("heard") => Detail::Heard(rest(*hash, words)?),
        [tag, hash] if tag.is("measured") => Detail::Measured(rest(*hash, words)?),
        [tag, hash] if tag.is("instrument") => Detail::Instrument(rest(*hash, words)?),
        [tag, hash] if tag.is("beat") => {
            let (sensor, state) = rest(*hash, words)?;
            Detail::Beat { sensor, state }
        }
        [tag, hash] if tag.is("saturated") => {
            let (sensor, range) = rest(*hash, words)?;
            Detail::Saturated { sensor, range }
        }
        [tag, hash] if tag.is("derived") => Detail::Derived(rest(*hash, words)?),
        _ => return part.wrong("a detail that this version knows"),
    })
}

/// A claim without its words: these are fields of their own, so that they can be erased apart.
fn without_words(claim: &Claim) -> Claim {
    Claim { quote: String::new(), translation: String::new(), note: String::new(), ..claim.clone() }
}

/// May this field of an observation of a restricted source be told coarsely?
pub(super) fn told_coarsely(fields: &Fields, label: &str, to_peace: bool) -> bool {
    let is = |label: &str, word: &str| {
        fields.part(label).is_some_and(|part| part.items().iter().any(|it| it.is(word)))
    };
    let instrument = is("what", Kind::SensorStatus.name());
    // An area that is as wide as a cell is coarse as it stands.
    let radius = fields.get("place.exact").and_then(|exact| exact.as_ints()?.get(2).copied());
    let wide = is("form", "area") && radius.is_some_and(|radius| radius >= coarse::WIDE);
    match label {
        "kind" | "what" | "source" | "group" | "by" | "act" | "weapon" | "target" | "count" | "origin"
        | "rating" | "form" | "within" | "day" | "derived" | "place.50km" => true,
        "place.10km" => !instrument,
        "time.hour" => to_peace && !instrument,
        "place.exact" | "area" => wide && !instrument,
        _ => false,
    }
}

/// Do the values that [`resolution::agree`] does not know follow from the fine ones? Only those fields are looked at
/// that are there.
pub(super) fn coarse_follow(fields: &Fields, clock: Option<Zone>, words: &Words) -> Result<(), Malformed> {
    let differs = |label: &str| {
        Err(Malformed::new(label, "it does not follow from the fine value: the statement contradicts itself"))
    };
    if fields.part("time.exact").is_some() && fields.part("day").is_some() {
        let fine = read_time(fields)?;
        let [start, end] = fields.need("day")?.row()?;
        let (start, end) = (start.int::<i64>()?, end.int::<i64>()?);
        let follows = match clock.map(|clock| coarse::days(fine, clock)) {
            Some(day) => (start, end) == (day.start.0, day.end.0),
            // A day is 25 hours at most, and there is one more before and after at most.
            None => {
                let near = |far: i64| (0..=25 * HOUR).contains(&far);
                near(fine.start.0.saturating_sub(start)) && near(end.saturating_sub(fine.end.0))
            }
        };
        if !follows {
            return differs("day");
        }
    }
    if let (Some(told), Some(part)) = (fields.part("derived"), fields.part("particulars"))
        && let Ok(known) = part.may(|hash| rest::<Particulars>(hash, words))
        && let ([_, rest @ ..], lasted) = (told.items().as_slice(), known.and_then(|it| it.lasted))
    {
        let told: Vec<i64> = rest.iter().map(|it| it.int()).collect::<Result<_, _>>()?;
        if told != lasted.map(coarse::minutes).into_iter().collect::<Vec<_>>() {
            return differs("derived");
        }
    }
    // Words that were erased leave nothing to hold the cell against.
    if fields.part("place.exact").is_some()
        && let Ok(place) = read_place(fields, words)
    {
        let [lon, lat] = match fields.need("place.exact")?.items().as_slice() {
            [lon, lat, ..] => [lon.int::<i32>()?, lat.int::<i32>()?],
            _ => return differs("place.exact"),
        };
        let sector = matches!(place, Place::Sector { .. });
        if sector && Near::of(&place).is_some_and(|near| near.centre != Point { lon, lat }) {
            return differs("place.exact");
        }
        if fields.part("within").is_some()
            && fields.need("within")?.only()?.int::<i64>()? != coarse::within_km(&place)
        {
            return differs("within");
        }
    }
    Ok(())
}
