//! What a leaf says: observations, versions of the agreement and the mission, files as they came, judgements and
//! steps, as labelled fields, and back without loss.
//!
//! A statement becomes [`Fields`], each of which is committed with a salt of its own, and [`Raw`] bytes, which the
//! vault keeps beside the openings. Words that someone wrote (a quote, a note, a judgement) are raw bytes: a field
//! holds their hash alone. Who may see which field is said by [`Told`] and [`Audience`].

pub mod coarse;

mod observation;
mod value;

pub use observation::LABELS as OBSERVATION_LABELS;
pub use value::{Malformed, Value};

use sha2::{Digest as _, Sha256};
pub use truce::mission::Told;
use truce::observation::{Kind, Observation};
use truce::time::{Time, Zone};
use truce::{Id, Name};
use value::Part;

/// A statement that one leaf commits to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Statement {
    /// What one source said once.
    Observation(Box<Observation>),
    /// A file as it was delivered, with the books of its rows.
    File(File),
    /// The agreement or the mission file, as of now.
    Version(Version),
    /// What a person or the mission did with what is known: a judgement, a correction, a notice, a step of a case.
    Step(Step),
    /// Everything that the recorder had up to this moment has been appended.
    Watermark(Time),
    /// Nothing: written so that busy and quiet hours look alike.
    Heartbeat,
}

/// A file as it was delivered. Its bytes are raw.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct File {
    /// Path within its folder.
    pub name: String,
    /// The source that it was read as; `None`: it was not used.
    pub source: Option<Name>,
    /// SHA-256 of its bytes; `None` where the reader may not know it.
    pub sha256: Option<[u8; 32]>,
    /// Rows met.
    pub rows: u64,
    /// Rows that gave an observation or a map.
    pub accepted: u64,
    /// Rows set aside: by cause, how many, and the first line.
    pub set_aside: Vec<(String, u64, Option<u64>)>,
    /// Why it was not used.
    pub unused: Option<String>,
}

/// A version of the agreement or of the mission's files. Their bytes are raw.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Version {
    /// Of what.
    pub of: Versioned,
    /// The hash by which reports name it: SHA-256 over names and bytes of the files, each with its length before it.
    pub digest: [u8; 32],
    /// Its files: name and SHA-256, in the order of their names.
    pub files: Vec<(String, [u8; 32])>,
}

/// What has versions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Versioned {
    /// The agreement's folder.
    Agreement,
    /// The mission's files.
    Mission,
}

impl Versioned {
    /// Both with their names in fields.
    pub const NAMES: [(&'static str, Self); 2] = [("agreement", Self::Agreement), ("mission", Self::Mission)];

    /// The name in fields and reports.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, it)| *it == self).map_or("", |(name, _)| name)
    }
}

/// What a person or the mission did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What sort of step.
    pub kind: StepKind,
    /// The role in which it was done.
    pub by: Name,
    /// When, as the one who did it says.
    pub at: Time,
    /// Hashes of what it is about: leaves, incidents, reports.
    pub about: Vec<[u8; 32]>,
    /// What it says, by labels of its own.
    pub says: Vec<(String, Value)>,
    /// The words; may be empty. Raw.
    pub words: String,
}

/// Sorts of steps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum StepKind {
    /// Who is responsible, by a named role; dissent is a judgement about a judgement.
    Judgement,
    /// What was wrong in an earlier statement or report.
    Correction,
    /// A planned or permitted act was announced.
    Notice,
    /// A step of a case.
    Case,
}

impl StepKind {
    /// All with their names in fields.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("judgement", Self::Judgement),
        ("correction", Self::Correction),
        ("notice", Self::Notice),
        ("case", Self::Case),
    ];
}

/// Labelled values, in the order in which they are committed. A label stands once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fields(Vec<(String, Value)>);

/// Bytes that the vault keeps and a field names by their hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Raw {
    /// SHA-256 of the bytes.
    pub hash: [u8; 32],
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// A statement taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Encoded {
    /// What is committed.
    pub fields: Fields,
    /// What is only kept.
    pub raw: Vec<Raw>,
}

impl Fields {
    /// From labels and values.
    ///
    /// # Errors
    /// A label that stands twice.
    pub fn new(fields: Vec<(String, Value)>) -> Result<Self, Malformed> {
        let mut labels: Vec<&str> = fields.iter().map(|(label, _)| label.as_str()).collect();
        labels.sort_unstable();
        match labels.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Malformed::new(pair[0], "it stands twice")),
            None => Ok(Self(fields)),
        }
    }

    /// Labels and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(label, value)| (label.as_str(), value))
    }

    /// The value of a label.
    pub fn get(&self, label: &str) -> Option<&Value> {
        self.0.iter().find(|(other, _)| other == label).map(|(_, value)| value)
    }

    /// Only those fields that pass.
    #[must_use]
    pub fn only(&self, pass: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(label, _)| pass(label)).cloned().collect())
    }

    fn push(&mut self, label: &str, value: Value) {
        self.0.push((label.to_string(), value));
    }

    fn part<'a>(&'a self, label: &'a str) -> Option<Part<'a>> {
        self.get(label).map(|value| Part { field: label, value })
    }

    fn need<'a>(&'a self, label: &'a str) -> Result<Part<'a>, Malformed> {
        self.part(label).ok_or_else(|| Malformed::new(label, "it is not among what was opened"))
    }
}

impl Statement {
    /// As fields and raw bytes. `clock` is the mission's, by which days are cut. The bytes of files are not part of
    /// a [`Statement`]: whoever has them adds them to `raw`.
    pub fn encode(&self, clock: Zone) -> Encoded {
        let mut raw = Vec::new();
        let mut fields = Fields::default();
        match self {
            Self::Observation(observation) => fields = observation::encode(observation, clock, &mut raw),
            Self::File(file) => {
                fields.push("statement", "file".into());
                fields.push("name", file.name.as_str().into());
                fields.push("source", Value::may(file.source.as_deref()));
                fields.push("rows", count(file.rows));
                fields.push("accepted", count(file.accepted));
                let row = |(cause, rows, line): &(String, u64, Option<u64>)| {
                    Value::Array(vec![cause.as_str().into(), count(*rows), line.map_or(Value::Null, count)])
                };
                fields.push("set aside", Value::Array(file.set_aside.iter().map(row).collect()));
                let unused = file.unused.as_ref().map(|why| Raw::keep(why.clone().into_bytes(), &mut raw));
                fields.push("unused", unused.map_or(Value::Null, |hash| Value::Bytes(hash.to_vec())));
                fields.push("bytes", file.sha256.map_or(Value::Null, |hash| Value::Bytes(hash.to_vec())));
            }
            Self::Version(version) => {
                fields.push("statement", "version".into());
                fields.push("of", version.of.name().into());
                fields.push("digest", Value::Bytes(version.digest.to_vec()));
                let row = |(name, hash): &(String, [u8; 32])| {
                    Value::Array(vec![name.as_str().into(), Value::Bytes(hash.to_vec())])
                };
                fields.push("files", Value::Array(version.files.iter().map(row).collect()));
            }
            Self::Step(step) => {
                let name = StepKind::NAMES.iter().find(|(_, kind)| *kind == step.kind);
                fields.push("statement", name.map_or("", |(name, _)| *name).into());
                fields.push("by", (&*step.by).into());
                fields.push("at", step.at.0.into());
                let about = step.about.iter().map(|hash| Value::Bytes(hash.to_vec())).collect();
                fields.push("about", Value::Array(about));
                let says =
                    |(label, value): &(String, Value)| vec![label.as_str().into(), value.clone()].into();
                fields.push("says", Value::Array(step.says.iter().map(says).collect()));
                let words = (!step.words.is_empty())
                    .then(|| Value::Bytes(Raw::keep(step.words.clone().into_bytes(), &mut raw).to_vec()));
                fields.push("words", words.unwrap_or(Value::Null));
            }
            Self::Watermark(time) => {
                fields.push("statement", "watermark".into());
                fields.push("at", time.0.into());
            }
            Self::Heartbeat => fields.push("statement", "heartbeat".into()),
        }
        Encoded { fields, raw }
    }

    /// What fields tell, as finely as they tell it. `leaf` is the hash of the leaf, the identity of an observation
    /// that is told coarsely; `raw` finds raw bytes by their hash.
    ///
    /// # Errors
    /// The field that is missing, or is not what it should be.
    pub fn decode(
        fields: &Fields,
        leaf: Id,
        raw: &dyn Fn(&[u8; 32]) -> Option<Vec<u8>>,
    ) -> Result<Self, Malformed> {
        let text = |hash: &[u8; 32]| raw(hash).and_then(|bytes| String::from_utf8(bytes).ok());
        let words = |label: &'static str| -> Result<Option<String>, Malformed> {
            let Some(hash) = fields.need(label)?.may(Part::bytes::<32>)? else { return Ok(None) };
            let gone = || Malformed::new(label, "its words are not at hand: erased, or not yours to read");
            text(&hash).map(Some).ok_or_else(gone)
        };
        let tag = fields.need("statement")?;
        Ok(match tag.text()? {
            "observation" => Self::Observation(Box::new(observation::decode(fields, leaf, &text)?)),
            "file" => {
                let row = |part: Part<'_>| -> Result<(String, u64, Option<u64>), Malformed> {
                    let [cause, rows, line] = part.row()?;
                    Ok((cause.text()?.to_string(), number(rows)?, line.may(number)?))
                };
                Self::File(File {
                    name: fields.need("name")?.text()?.to_string(),
                    source: fields.need("source")?.may(Part::name)?,
                    sha256: match fields.part("bytes") {
                        Some(part) => part.may(Part::bytes)?,
                        None => None,
                    },
                    rows: number(fields.need("rows")?)?,
                    accepted: number(fields.need("accepted")?)?,
                    set_aside: fields
                        .need("set aside")?
                        .items()?
                        .into_iter()
                        .map(row)
                        .collect::<Result<_, _>>()?,
                    unused: words("unused")?,
                })
            }
            "version" => {
                let row = |part: Part<'_>| -> Result<(String, [u8; 32]), Malformed> {
                    let [name, hash] = part.row()?;
                    Ok((name.text()?.to_string(), hash.bytes()?))
                };
                Self::Version(Version {
                    of: fields.need("of")?.one_of(&Versioned::NAMES)?,
                    digest: fields.need("digest")?.bytes()?,
                    files: fields.need("files")?.items()?.into_iter().map(row).collect::<Result<_, _>>()?,
                })
            }
            "watermark" => Self::Watermark(Time(fields.need("at")?.int()?)),
            "heartbeat" => Self::Heartbeat,
            _ => {
                let said = |part: Part<'_>| -> Result<(String, Value), Malformed> {
                    let [label, value] = part.row()?;
                    Ok((label.text()?.to_string(), value.value.clone()))
                };
                Self::Step(Step {
                    kind: tag.one_of(&StepKind::NAMES)?,
                    by: fields.need("by")?.name()?,
                    at: Time(fields.need("at")?.int()?),
                    about: fields
                        .need("about")?
                        .items()?
                        .into_iter()
                        .map(Part::bytes)
                        .collect::<Result<_, _>>()?,
                    says: fields.need("says")?.items()?.into_iter().map(said).collect::<Result<_, _>>()?,
                    words: words("words")?.unwrap_or_default(),
                })
            }
        })
    }

    /// Is each coarse value the fixed function of the fine one? Looks at those fields that are there.
    ///
    /// # Errors
    /// The field that contradicts another.
    pub fn coarse_follow(fields: &Fields, clock: Zone) -> Result<(), Malformed> {
        observation::coarse_follow(fields, clock)
    }
}

/// A version's digest: SHA-256 over names and bytes of files, in the order of their names, each with its length
/// before it.
pub fn digest<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (name, bytes) in files {
        for part in [name.as_bytes(), bytes] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hash.finalize().into()
}

fn count(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn number(part: Part<'_>) -> Result<u64, Malformed> {
    part.int()
}

/// Who reads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Audience {
    /// Everyone, after the delay.
    Public,
    /// Those who keep the peace: mediators and the liaisons of all parties alike.
    Peace,
    /// Monitors and analysts.
    Mission,
}

/// May this field of a statement be opened to an audience? `told` is that of the statement's source; the delay is
/// the publisher's to keep.
pub fn opens(fields: &Fields, label: &str, told: Told, audience: Audience) -> bool {
    let of = |label: &str| match fields.get(label) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    match (audience, of("statement")) {
        (Audience::Mission, _) => true,
        // The agreement and the mission file bind everyone and are everyone's to read.
        (_, "version" | "watermark" | "heartbeat") => true,
        (_, "observation") => match told {
            Told::Exactly => true,
            Told::Coarsely => {
                let status = of("kind") == Kind::SensorStatus.name();
                match label {
                    "statement" | "source" | "group" | "by" | "kind" | "act" | "weapon" | "target"
                    | "count" | "origin" | "rating" | "time/day" | "place/50km" => true,
                    "place/10km" => !status,
                    "time/hour" => !status && audience == Audience::Peace,
                    _ => false,
                }
            }
        },
        // The hash of a short file would tell its one row to whoever tries all rows.
        (_, "file") => told == Told::Exactly || label != "bytes",
        (Audience::Peace, _) => true,
        // What is done with a case is told by the case's own rules.
        (Audience::Public, _) => false,
    }
}

#[cfg(test)]
mod tests;
