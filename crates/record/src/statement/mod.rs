//! What a leaf says: observations, files as they came, versions of the agreement and the mission, judgements and
//! steps, as the salted fields of [`verify::field`], and back without loss.
//!
//! A field holds numbers, hashes and our own words. Everything else (names, quotes, notes, files) is kept in the vault
//! as bytes ([`Words`]), and a field holds its hash. Who may see which field is said by [`opens`].

pub mod batch;
pub mod coarse;

mod fields;
mod form;
mod observation;

pub use fields::{Fields, Malformed, Words};
pub use truce::mission::Told;

use sha2::{Digest as _, Sha256};
use truce::observation::Observation;
use truce::time::{Time, Zone};
use truce::{Id, Name};
use verify::cbor::{Decoder, Encoder};
use verify::field::{Field, Scalar, Value};
use verify::leaf::{self, Kind};

/// A statement that one leaf commits to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Statement {
    /// What one source said once. A claim is one of a special kind.
    Observation(Box<Observation>),
    /// Detections of one source within at most a second, as [`batch::batches`] puts them together.
    Batch(Vec<Observation>),
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

/// A file as it was delivered. Its bytes are kept as words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct File {
    /// Path within its folder.
    pub name: String,
    /// The source that it was read as; `None`: it was not used.
    pub source: Option<Name>,
    /// SHA-256 of its bytes; `None` where the reader may not know it.
    pub sha256: Option<[u8; 32]>,
    /// Is it a map of held ground, which stands for itself? Another file stands for its rows, each a leaf of its own.
    pub map: bool,
    /// Rows met.
    pub rows: u64,
    /// Rows that gave an observation or a map.
    pub accepted: u64,
    /// Rows set aside: by cause, how many, and the first line.
    pub set_aside: Vec<(String, u64, Option<u64>)>,
    /// Why it was not used.
    pub unused: Option<String>,
}

/// A version of the agreement or of the mission's files. Their bytes are kept as words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Version {
    /// Of what.
    pub of: Versioned,
    /// The hash by which reports name it: see [`digest`].
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
    /// What sort of step: a judgement, a correction, a notice or a step of a case.
    pub kind: Kind,
    /// The role in which it was done.
    pub by: Name,
    /// When, as the one who did it says.
    pub at: Time,
    /// Hashes of what it is about: leaves, incidents, reports. At most 64.
    pub about: Vec<[u8; 32]>,
    /// What it says, by labels of its own.
    pub says: Vec<Field>,
    /// The words; may be empty.
    pub words: String,
}

impl Step {
    /// The kinds of leaf that are steps.
    pub const KINDS: [Kind; 4] = [Kind::Judgement, Kind::Correction, Kind::Notice, Kind::Case];
    /// The field that names all that a step says, where that is not for everyone.
    pub const FULL: &str = "full";
    /// The field that names what a step says as liaisons may see it.
    pub const SHARED: &str = "shared";
    const OWN: [&str; 4] = ["by", "at", "about", "words"];
}

/// A statement taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Encoded {
    /// Its kind.
    pub kind: Kind,
    /// What is committed.
    pub fields: Fields,
    /// Of a batch, what is committed of each item.
    pub items: Vec<Fields>,
    /// What stands behind hashes.
    pub words: Words,
}

impl Encoded {
    /// As [`verify`] seals it.
    pub fn statement(&self) -> leaf::Statement {
        let items = self.items.iter().map(|item| item.clone().into_fields()).collect();
        leaf::Statement { items, ..leaf::Statement::new(self.kind, self.fields.clone().into_fields()) }
    }

    /// The same without a name that its source chose: observations are called by their leaf then. So speaks who is not the
    /// hub, for a name that another has could take that one's place.
    #[must_use]
    pub fn without_id(mut self) -> Self {
        let own = |fields: &Fields| fields.only(|label| label != "id");
        self.items = self.items.iter().map(own).collect();
        self.fields = own(&self.fields);
        self
    }
}

impl Statement {
    /// As fields and words. `clock` is the mission's, by which days are cut. The bytes of files are not part of a
    /// [`Statement`]: whoever has them adds them to the words, under `bytes` or `map`, or under `files` of a version.
    ///
    /// # Errors
    /// The field that no leaf can hold.
    pub fn encode(&self, clock: Zone) -> Result<Encoded, Malformed> {
        let mut words = Words::default();
        let mut fields = Fields::default();
        let kind = match self {
            Self::Observation(it) => {
                fields = observation::encode(it, clock, &mut words)?;
                if it.kind == truce::observation::Kind::Claim { Kind::Claim } else { Kind::Observation }
            }
            Self::Batch(detections) => return batch::encode(detections, clock),
            Self::File(file) => {
                file.encode(&mut fields, &mut words)?;
                Kind::Observation
            }
            Self::Version(version) => {
                fields.token("of", version.of.name())?;
                fields.put("digest", Value::hash(version.digest))?;
                let mut list = Encoder::new();
                list.array(version.files.len() * 2);
                for (name, hash) in &version.files {
                    list.text(name).bytes(hash);
                }
                fields.put("files", Value::hash(words.keep("files", list.finish())))?;
                Kind::Agreement
            }
            Self::Step(step) => {
                if !Step::KINDS.contains(&step.kind) {
                    return Err(Malformed::new("kind", format!("`{}` is no step", step.kind.token())));
                }
                fields.list("by", [words.name("by", &step.by)])?;
                fields.ints("at", [step.at.0])?;
                fields.list("about", step.about.iter().map(|hash| Scalar::Hash(*hash)))?;
                fields.list("words", words.text("words", &step.words))?;
                fields.extend(step.says.clone());
                step.kind
            }
            Self::Watermark(time) => {
                fields.ints("at", [time.0])?;
                Kind::Watermark
            }
            Self::Heartbeat => Kind::Heartbeat,
        };
        Ok(Encoded { kind, fields, items: Vec::new(), words })
    }

    /// What fields tell, as finely as they tell it; `None` for kinds that are the record's own business (keys,
    /// revocations, heads of other logs). `items` are those of a batch. `leaf` is the hash of the leaf, the identity of an observation
    /// that is told coarsely.
    ///
    /// # Errors
    /// The field that is missing, or is not what it should be.
    pub fn decode(
        kind: Kind,
        fields: &Fields,
        items: &[Fields],
        words: &Words,
        leaf: Id,
    ) -> Result<Option<Self>, Malformed> {
        Ok(Some(match kind {
            Kind::Observation | Kind::Claim if fields.need("what")?.is("file") => {
                Self::File(File::decode(fields, words)?)
            }
            Kind::Observation | Kind::Claim => {
                Self::Observation(Box::new(observation::decode(fields, leaf, words)?))
            }
            Kind::Agreement => {
                let listed = fields.need("files")?.only()?.kept(words)?;
                let files = files(listed).map_err(|refusal| Malformed::new("files", refusal.what))?;
                Self::Version(Version {
                    of: fields.need("of")?.only()?.one_of(&Versioned::NAMES)?,
                    digest: fields.need("digest")?.only()?.hash()?,
                    files,
                })
            }
            // What the hub itself says of its record: two persons let it go on, something was erased.
            Kind::Judgement | Kind::Correction
                if ["override.size", "erased.parts", "readings.lost"]
                    .iter()
                    .any(|label| fields.part(label).is_some()) =>
            {
                return Ok(None);
            }
            Kind::Judgement | Kind::Correction | Kind::Notice | Kind::Case => {
                let said = |field: &&Field| !Step::OWN.contains(&field.label.as_str());
                Self::Step(Step {
                    kind,
                    by: fields.need("by")?.only()?.name(words)?,
                    at: Time(fields.need("at")?.only()?.int()?),
                    about: fields
                        .need("about")?
                        .items()
                        .into_iter()
                        .map(|it| it.hash())
                        .collect::<Result<_, _>>()?,
                    says: fields.iter().filter(said).cloned().collect(),
                    words: fields.need("words")?.text(words)?,
                })
            }
            Kind::Watermark => Self::Watermark(Time(fields.need("at")?.only()?.int()?)),
            Kind::Heartbeat => Self::Heartbeat,
            Kind::Batch => Self::Batch(batch::decode(fields, items, leaf, words)?),
            Kind::KeyChange | Kind::Revocation | Kind::Checkpoint => return Ok(None),
        }))
    }
}

/// Is each coarse value the fixed function of the fine one? Looks at those fields that are there. Without the mission's
/// `clock`, days need only hold what they are the days of.
///
/// # Errors
/// The field that contradicts another.
pub fn coarse_follow(
    kind: Kind,
    fields: &Fields,
    words: &Words,
    clock: Option<Zone>,
) -> Result<(), Malformed> {
    verify::resolution::agree(fields.iter())
        .map_err(|refusal| Malformed::new("place and time", refusal.what))?;
    match kind {
        Kind::Observation | Kind::Claim => observation::coarse_follow(fields, clock, words),
        _ => Ok(()),
    }
}

impl File {
    fn encode(&self, fields: &mut Fields, words: &mut Words) -> Result<(), Malformed> {
        fields.token("what", "file")?;
        fields.list("name", [words.name("name", &self.name)])?;
        fields.list(
            "source",
            self.source.iter().map(|source| words.name("source", source)).collect::<Vec<_>>(),
        )?;
        fields.ints("rows", [number(self.rows), number(self.accepted)])?;
        let mut aside = Vec::new();
        for (cause, rows, line) in &self.set_aside {
            aside.push(words.name("set-aside", cause));
            aside.push(Scalar::Int(number(*rows)));
            aside.push(Scalar::Int(line.map_or(-1, number)));
        }
        fields.list("set-aside", aside)?;
        fields.list(
            "unused",
            self.unused
                .iter()
                .map(|why| Scalar::Hash(words.keep("unused", why.clone().into_bytes())))
                .collect::<Vec<_>>(),
        )?;
        let own = self.sha256.map(Scalar::Hash);
        let (map, bytes) = if self.map { (own, None) } else { (None, own) };
        fields.list("map", map)?;
        fields.list("bytes", bytes)
    }

    fn decode(fields: &Fields, words: &Words) -> Result<Self, Malformed> {
        let [rows, accepted] = fields.need("rows")?.row()?;
        let hash = |label: &'static str| match fields.part(label) {
            Some(part) => part.may(|part| part.hash()),
            None => Ok(None),
        };
        let map = hash("map")?;
        let aside = fields.need("set-aside")?;
        let items = aside.items();
        let set_aside = items.chunks(3).map(|row| match row {
            [cause, rows, line] => {
                let line: i64 = line.int()?;
                Ok((cause.name(words)?.to_string(), rows.int()?, u64::try_from(line).ok()))
            }
            _ => aside.wrong("cause, rows and line"),
        });
        Ok(Self {
            name: fields.need("name")?.only()?.name(words)?.to_string(),
            source: fields.need("source")?.may(|part| part.name(words))?,
            sha256: map.or(hash("bytes")?),
            map: map.is_some(),
            rows: rows.int()?,
            accepted: accepted.int()?,
            set_aside: set_aside.collect::<Result<_, _>>()?,
            unused: fields.need("unused")?.may(|part| part.name(words))?.map(|why| why.to_string()),
        })
    }
}

fn files(listed: &[u8]) -> Result<Vec<(String, [u8; 32])>, verify::Refusal> {
    let mut from = Decoder::new(listed);
    let length = from.array(1 << 16)?;
    let files =
        (0..length / 2).map(|_| Ok((from.text()?.to_string(), from.fixed()?))).collect::<Result<_, _>>();
    from.end().and(files)
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

/// SHA-256 of bytes that a field names.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
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

/// May this field of a statement, and the words behind it, be opened to an audience? `told` is that of the
/// statement's source. The delay is the publisher's to keep.
pub fn opens(kind: Kind, fields: &Fields, label: &str, told: Told, audience: Audience) -> bool {
    let exactly = told == Told::Exactly;
    let file = fields.part("what").is_some_and(|what| what.is("file"));
    match (audience, kind) {
        (Audience::Mission, _) => true,
        // A file's bytes hold headlines and names; a map is what the line of contact is drawn from. The hash of a
        // short file would tell its one row to whoever tries all rows.
        (_, Kind::Observation | Kind::Claim) if file => match label {
            "bytes" | "map" => exactly,
            _ => true,
        },
        (_, Kind::Observation | Kind::Claim) => {
            exactly || observation::told_coarsely(fields, label, audience == Audience::Peace)
        }
        // The agreement and the mission file bind everyone and are everyone's to read.
        (_, Kind::Agreement | Kind::Watermark | Kind::Heartbeat | Kind::KeyChange | Kind::Revocation) => true,
        (_, Kind::Checkpoint) => true,
        // Of a batch each item is asked for, as the observation that it is.
        (_, Kind::Batch) => false,
        // What is done with a case is told to the public by the case's own rules. What `full` names is for those who
        // weigh what was observed: the others get it as `shared` abridges it.
        (Audience::Peace, Kind::Judgement | Kind::Correction | Kind::Notice | Kind::Case) => {
            label != Step::FULL
        }
        (Audience::Public, Kind::Judgement | Kind::Correction | Kind::Notice | Kind::Case) => false,
    }
}

/// May the words behind a field be told, too? All but the bytes of a file that stands for its rows.
pub fn opens_words(kind: Kind, fields: &Fields, label: &str, told: Told, audience: Audience) -> bool {
    opens(kind, fields, label, told, audience) && (audience == Audience::Mission || label != "bytes")
}

#[cfg(test)]
mod tests;
