//! The steps of a case: closed lists, each with its word in files and who may take it.

use crate::observation::{Act, Target, Weapon};
use crate::place::{DEGREE, KM, Mm, Point};
use crate::time::{HOUR, Time};
use crate::{Id, Name};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// Who takes a step. No person is named: a role signs, with its own key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Patrols, cameras, the hotline: those who observe.
    Monitor,
    /// Those who weigh what was observed.
    Analyst,
    /// Those who stand between the parties.
    Mediator,
    /// The liaison of a party.
    Liaison(Name),
}

/// A role without the party: who may take a step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Seat {
    /// See [`Role::Monitor`].
    Monitor,
    /// See [`Role::Analyst`].
    Analyst,
    /// See [`Role::Mediator`].
    Mediator,
    /// See [`Role::Liaison`].
    Liaison,
}

impl Seat {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("monitor", Self::Monitor),
        ("analyst", Self::Analyst),
        ("mediator", Self::Mediator),
        ("liaison", Self::Liaison),
    ];

    /// With an article, for a sentence.
    pub fn a(self) -> &'static str {
        match self {
            Self::Monitor => "a monitor",
            Self::Analyst => "an analyst",
            Self::Mediator => "a mediator",
            Self::Liaison => "the liaison of a party",
        }
    }
}

impl Role {
    /// The role without the party.
    pub fn seat(&self) -> Seat {
        match self {
            Self::Monitor => Seat::Monitor,
            Self::Analyst => Seat::Analyst,
            Self::Mediator => Seat::Mediator,
            Self::Liaison(_) => Seat::Liaison,
        }
    }

    /// `analyst`, `liaison:XY`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            Some(("liaison", party)) if !party.is_empty() => Some(Self::Liaison(party.into())),
            Some(_) => None,
            None => match text {
                "monitor" => Some(Self::Monitor),
                "analyst" => Some(Self::Analyst),
                "mediator" => Some(Self::Mediator),
                _ => None,
            },
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Monitor => f.write_str("monitor"),
            Self::Analyst => f.write_str("analyst"),
            Self::Mediator => f.write_str("mediator"),
            Self::Liaison(party) => write!(f, "liaison:{party}"),
        }
    }
}

/// Words that somebody wrote: only their hash stands in a step. The words themselves lie in the vault, where they
/// can be erased and where a reader's role decides whether they are shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Text(pub Id);

/// Where, as coarsely as both liaisons may know it: a stretch of ten kilometres of the reference line, or a square of
/// half a degree. What is finer is gone once it is made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Area {
    /// The stretch of the reference line that begins at ten times this many kilometres.
    Sector(u16),
    /// The square of half a degree with this south-west corner, in half degrees.
    Square {
        /// South side.
        south: i16,
        /// West side.
        west: i16,
    },
    /// Not known.
    NotKnown,
}

impl Area {
    /// The length of a sector.
    pub const SECTOR: Mm = 10 * KM;

    /// From how far along the reference line.
    pub fn along(chainage: Mm) -> Self {
        u16::try_from(chainage.max(0) / Self::SECTOR).map_or(Self::NotKnown, Self::Sector)
    }

    /// From a point away from the line.
    pub fn around(at: Point) -> Self {
        let half = |value: i32| value.div_euclid(DEGREE / 2) as i16;
        Self::Square { south: half(at.lat), west: half(at.lon) }
    }

    /// May one place have been told as the one and as the other? In the same sector or square, or a neighbouring one:
    /// what is told of a place is no finer.
    pub fn may_be(self, other: Self) -> bool {
        match (self, other) {
            (Self::Sector(a), Self::Sector(b)) => a.abs_diff(b) <= 1,
            (Self::Square { south, west }, Self::Square { south: other_south, west: other_west }) => {
                // Around the Earth there are 720 half degrees.
                let turn = west.abs_diff(other_west);
                south.abs_diff(other_south) <= 1 && turn.min(720_u16.saturating_sub(turn)) <= 1
            }
            (Self::NotKnown, Self::NotKnown) => true,
            (Self::Sector(_) | Self::Square { .. } | Self::NotKnown, _) => false,
        }
    }

    /// For everyone who may know where: liaisons, mediators, an adjudicating body.
    pub fn words(self) -> String {
        match self {
            Self::Sector(number) => {
                let from = u32::from(number) * 10;
                format!("kilometres {from} to {} of the reference line", from + 10)
            }
            Self::Square { south, west } => {
                format!("the half degree north and east of {}", corner(south, west))
            }
            Self::NotKnown => "place not known".to_string(),
        }
    }

    /// For the public: stretches of `sector` (never shorter than the area itself), whole degrees.
    pub fn public_words(self, sector: Mm) -> String {
        match self {
            Self::Sector(number) => {
                let length = (sector.max(Self::SECTOR) / KM) as u32;
                let from = u32::from(number) * 10 / length * length;
                format!("kilometres {from} to {} of the reference line", from + length)
            }
            Self::Square { south, west } => {
                let whole = |half: i16| half.div_euclid(2) * 2;
                format!("the degree north and east of {}", corner(whole(south), whole(west)))
            }
            Self::NotKnown => "place not known".to_string(),
        }
    }

    fn code(self) -> String {
        match self {
            Self::Sector(number) => format!("sector {number}"),
            Self::Square { south, west } => format!("square {south} {west}"),
            Self::NotKnown => "not known".to_string(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        Some(match (parts.next()?, parts.next()?, parts.next()) {
            ("sector", number, None) => Self::Sector(number.parse().ok()?),
            ("square", south, Some(west)) => {
                Self::Square { south: south.parse().ok()?, west: west.parse().ok()? }
            }
            ("not", "known", None) => Self::NotKnown,
            _ => return None,
        })
    }
}

/// `48.5N 37E`, from half degrees.
fn corner(south: i16, west: i16) -> String {
    let axis = |half: i16, plus: char, minus: char| {
        let (whole, rest) = (half.unsigned_abs() / 2, half.unsigned_abs() % 2);
        format!("{whole}{}{}", if rest == 1 { ".5" } else { "" }, if half < 0 { minus } else { plus })
    };
    format!("{} {}", axis(south, 'N', 'S'), axis(west, 'E', 'W'))
}

/// A whole hour of UTC: when, as coarsely as both liaisons may know it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Hour(Time);

impl Hour {
    /// The hour that holds a moment.
    pub fn of(time: Time) -> Self {
        Self(Time(time.0.div_euclid(HOUR) * HOUR))
    }

    /// When it begins.
    pub fn start(self) -> Time {
        self.0
    }

    /// The hour after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.end())
    }

    /// When it is over.
    pub fn end(self) -> Time {
        Time(self.0.0 + HOUR)
    }
}

/// What a case is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// The agreement.
    pub instrument: Name,
    /// The clause.
    pub clause: Name,
    /// The readings under which the finding is a breach; none for a complaint that no finding stands behind.
    pub readings: Vec<Name>,
    /// By forces of this party, to the clause's standard; `None`: side not established. Never "responsible".
    pub forces: Option<Name>,
    /// The incident that held the observations when the case was opened.
    pub incident: Option<Id>,
    /// The observations: by these, not by the incident, the case finds what it is about later.
    pub observations: Vec<Id>,
    /// The party that complained, where a complaint opened the case.
    pub complaint: Option<Name>,
    /// The complaint in the party's own words.
    pub words: Option<Text>,
    /// Where.
    pub area: Area,
    /// From this hour,
    pub from: Hour,
    /// up to and including this one.
    pub to: Hour,
    /// What was done.
    pub act: Act,
    /// With what.
    pub weapon: Weapon,
    /// Against what.
    pub target: Target,
    /// Probability that it occurred, permille; `None` for a bare complaint.
    pub occurred_permille: Option<u16>,
    /// Groups of independence that count for its having occurred.
    pub groups: u32,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// All with their names in files.
            pub const NAMES: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];

            /// The name in files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The one of this name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
            }
        }
    };
}

words! {
    /// What triage decides.
    Taken {
        /// It is taken up.
        Up = "taken-up",
        /// Another case is about the same.
        Duplicate = "duplicate",
        /// No clause is about such things.
        OutsideTheTerms = "outside-the-terms",
        /// It says neither what nor where nor when.
        NothingToVerify = "nothing-to-verify",
    }
}

words! {
    /// What sort of verification was asked for.
    TaskKind {
        /// Go and look.
        Visit = "visit",
        /// Read instruments again.
        Instruments = "instruments",
        /// Look at images.
        Imagery = "imagery",
        /// Ask people who were there; their names stay in the vault.
        Interview = "interview",
        /// Ask whether it was announced.
        Notices = "notices",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What verification gave.
    Found {
        /// It bears out what was reported.
        Confirmed = "confirmed",
        /// It speaks against what was reported.
        Refuted = "refuted",
        /// It tells neither.
        Inconclusive = "inconclusive",
        /// It could not be done; being kept from it is a subject of its own.
        Hindered = "hindered",
    }
}

words! {
    /// How grave, by the published rules of the mission file.
    Severity {
        /// Isolated, without harm.
        Minor = "minor",
        /// Clear, with effect.
        Serious = "serious",
        /// A significant attack.
        Major = "major",
        /// Many casualties, or what is protected most.
        Critical = "critical",
    }
}

words! {
    /// How well supported, by the published rules of the mission file.
    Confidence {
        /// One source.
        Single = "single-source",
        /// Partly corroborated.
        Partial = "partly-corroborated",
        /// Several independent sources.
        Several = "several-sources",
    }
}

words! {
    /// How a party answers.
    Stance {
        /// It accepts the finding.
        Accepts = "accepts",
        /// It contests the finding.
        Contests = "contests",
        /// It neither accepts nor contests, and explains.
        Explains = "explains",
    }
}

words! {
    /// How a case came out.
    Outcome {
        /// Every party answered, and none contests.
        Agreed = "agreed",
        /// At least one party contests.
        Contested = "contested",
        /// Verification speaks against it.
        Unfounded = "unfounded",
        /// None of these.
        Unresolved = "unresolved",
    }
}

words! {
    /// What became of a remedy.
    Kept {
        /// It was done.
        Done = "done",
        /// It was not done.
        NotDone = "not-done",
        /// Nobody could see whether it was.
        NotSeen = "not-seen",
    }
}

impl Outcome {
    /// The words in pages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Agreed => "agreed: every party answered, and none contests",
            Self::Contested => "contested: a party contests the finding",
            Self::Unfounded => "unfounded: verification speaks against it",
            Self::Unresolved => "unresolved",
        }
    }
}

/// What a judgement holds. Nothing in this program computes one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Held {
    /// These parties are responsible: one or several, in the order of the agreement.
    Responsible(Vec<Name>),
    /// Responsibility is not established.
    NotEstablished,
}

/// A judgement of responsibility, entered by the role that the mission file names, in the name of its body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judgement {
    /// The body that judged.
    pub body: Name,
    /// What it holds.
    pub held: Held,
    /// Why.
    pub words: Text,
    /// Those who hold otherwise; as much a part of the judgement as its words.
    pub dissents: Vec<Dissent>,
}

/// A dissent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dissent {
    /// What the dissenter holds.
    pub held: Held,
    /// Why.
    pub words: Text,
}

/// How a case is classed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Class {
    /// How grave.
    pub severity: Severity,
    /// How well supported.
    pub confidence: Confidence,
    /// Cases of the same clause and area in the days before.
    pub recurrence: u32,
    /// People killed or injured, as verified; `None`: not known.
    pub casualties: Option<u32>,
}

/// What a step does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Report: opens the case.
    Open(Subject),
    /// Adds observations: more of the same, or ones that came late.
    Attach(Vec<Id>),
    /// Triage.
    Triage {
        /// What is decided.
        taken: Taken,
        /// The case that this one doubles.
        of: Option<Id>,
    },
    /// Asks for verification.
    Task {
        /// Of what sort.
        kind: TaskKind,
        /// By when.
        due: Time,
        /// What exactly: confidential.
        words: Text,
    },
    /// What verification gave.
    Result {
        /// The step that asked for it.
        task: Id,
        /// What was found.
        found: Found,
        /// In words: confidential.
        words: Text,
    },
    /// Classification.
    Classify(Class),
    /// A confidential note.
    Note(Text),
    /// Notice to every party at once, each with its copy.
    Notify(Vec<(Name, Text)>),
    /// A party's answer.
    Answer {
        /// The party.
        party: Name,
        /// How it answers.
        stance: Stance,
        /// In its own words.
        words: Text,
    },
    /// A judgement of responsibility.
    Judge(Judgement),
    /// How it came out.
    Conclude(Outcome),
    /// What is to be done, by whom, by when.
    Remedy {
        /// By whom; every party where it is for all to do.
        parties: Vec<Name>,
        /// By when.
        due: Time,
        /// What.
        words: Text,
    },
    /// What became of it.
    Remedied {
        /// The step that laid it down.
        remedy: Id,
        /// What became of it.
        kept: Kept,
    },
    /// Releases the coarse view, with a statement, to the public.
    Publish(Text),
    /// Corrects a step: says what should stand in its place, or that nothing should.
    Correct {
        /// The step.
        step: Id,
        /// What stands instead; `None`: it is withdrawn.
        instead: Option<Box<What>>,
        /// Why.
        words: Text,
    },
    /// Closes the case.
    Close(Text),
}

words! {
    /// Sorts of steps, in the order in which a case takes them.
    StepKind {
        /// [`What::Open`].
        Open = "open",
        /// [`What::Attach`].
        Attach = "attach",
        /// [`What::Triage`].
        Triage = "triage",
        /// [`What::Task`].
        Task = "task",
        /// [`What::Result`].
        Result = "result",
        /// [`What::Classify`].
        Classify = "classify",
        /// [`What::Note`].
        Note = "note",
        /// [`What::Notify`].
        Notify = "notify",
        /// [`What::Answer`].
        Answer = "answer",
        /// [`What::Judge`].
        Judge = "judge",
        /// [`What::Conclude`].
        Conclude = "outcome",
        /// [`What::Remedy`].
        Remedy = "remedy",
        /// [`What::Remedied`].
        Remedied = "remedied",
        /// [`What::Publish`].
        Publish = "publish",
        /// [`What::Correct`].
        Correct = "correct",
        /// [`What::Close`].
        Close = "close",
    }
}

impl StepKind {
    /// Who may take it, where the mission file does not say; a correction is for whom its step is.
    pub fn seats(self) -> &'static [Seat] {
        use Seat::{Analyst, Liaison, Mediator, Monitor};
        match self {
            Self::Open => &[Monitor, Analyst, Mediator, Liaison],
            Self::Attach | Self::Result => &[Monitor, Analyst],
            Self::Triage | Self::Task | Self::Classify => &[Analyst],
            Self::Note | Self::Remedied => &[Monitor, Analyst, Mediator],
            Self::Notify => &[Analyst, Mediator],
            Self::Answer => &[Liaison],
            Self::Judge | Self::Conclude | Self::Remedy | Self::Publish | Self::Close => &[Mediator],
            Self::Correct => &[Monitor, Analyst, Mediator, Liaison],
        }
    }

    /// As a noun, for a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Open => "the report",
            Self::Attach => "adding observations",
            Self::Triage => "the triage",
            Self::Task => "a task of verification",
            Self::Result => "the result of a task",
            Self::Classify => "the classification",
            Self::Note => "a note",
            Self::Notify => "the notice to all parties",
            Self::Answer => "an answer",
            Self::Judge => "a judgement",
            Self::Conclude => "the outcome",
            Self::Remedy => "a remedy",
            Self::Remedied => "word of a remedy",
            Self::Publish => "the publication",
            Self::Correct => "a correction",
            Self::Close => "the closure",
        }
    }
}

impl What {
    /// Its sort.
    pub fn kind(&self) -> StepKind {
        match self {
            Self::Open(_) => StepKind::Open,
            Self::Attach(_) => StepKind::Attach,
            Self::Triage { .. } => StepKind::Triage,
            Self::Task { .. } => StepKind::Task,
            Self::Result { .. } => StepKind::Result,
            Self::Classify(_) => StepKind::Classify,
            Self::Note(_) => StepKind::Note,
            Self::Notify(_) => StepKind::Notify,
            Self::Answer { .. } => StepKind::Answer,
            Self::Judge(_) => StepKind::Judge,
            Self::Conclude(_) => StepKind::Conclude,
            Self::Remedy { .. } => StepKind::Remedy,
            Self::Remedied { .. } => StepKind::Remedied,
            Self::Publish(_) => StepKind::Publish,
            Self::Correct { .. } => StepKind::Correct,
            Self::Close(_) => StepKind::Close,
        }
    }
}

/// One step: one signed leaf of the record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Its identity: the hash of the leaf.
    pub id: Id,
    /// Its place in the record: steps are folded in this order, however they arrive.
    pub index: u64,
    /// When it was recorded.
    pub at: Time,
    /// Who took it.
    pub by: Role,
    /// The case; `None` for the step that opens one, whose id becomes the case's.
    pub case: Option<Id>,
    /// What it does.
    pub what: What,
}

impl Step {
    /// The case that it belongs to.
    pub fn of(&self) -> Id {
        self.case.unwrap_or(self.id)
    }
}

/// The kind of statement that a step is in the record.
pub const STATEMENT: &str = "case step";

/// A step as fields of a statement of kind [`STATEMENT`], in a fixed order. A label stands once: what comes again is
/// numbered from 2, `observation`, `observation.2`. The id, the index, the moment and the signature are the record's
/// own.
pub fn fields(by: &Role, case: Option<Id>, what: &What) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut put = |key: &str, value: String| fields.push((key.to_string(), value));
    put("by", by.to_string());
    if let Some(case) = case {
        put("case", hex(&case));
    }
    put_what(what, &mut |key, value| fields.push((key.to_string(), value)));
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (key, _) in &mut fields {
        let times = seen.entry(key.clone()).or_default();
        *times += 1;
        if *times > 1 {
            *key = format!("{key}.{times}");
        }
    }
    fields
}

/// A label without its number.
fn unnumbered(label: &str) -> &str {
    match label.rsplit_once('.') {
        Some((key, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => key,
        _ => label,
    }
}

fn put_what(what: &What, put: &mut dyn FnMut(&str, String)) {
    put("step", what.kind().name().to_string());
    match what {
        What::Open(subject) => {
            put("instrument", subject.instrument.to_string());
            put("clause", subject.clause.to_string());
            subject.readings.iter().for_each(|reading| put("reading", reading.to_string()));
            subject.forces.iter().for_each(|party| put("forces", party.to_string()));
            subject.incident.iter().for_each(|id| put("incident", hex(id)));
            subject.observations.iter().for_each(|id| put("observation", hex(id)));
            subject.complaint.iter().for_each(|party| put("complaint", party.to_string()));
            subject.words.iter().for_each(|words| put("words", hex(&words.0)));
            put("area", subject.area.code());
            put("from", subject.from.start().to_string());
            put("to", subject.to.start().to_string());
            put("act", subject.act.name().to_string());
            put("weapon", subject.weapon.name().to_string());
            put("target", subject.target.name().to_string());
            subject.occurred_permille.iter().for_each(|permille| put("occurred", permille.to_string()));
            put("groups", subject.groups.to_string());
        }
        What::Attach(observations) => observations.iter().for_each(|id| put("observation", hex(id))),
        What::Triage { taken, of } => {
            put("taken", taken.name().to_string());
            of.iter().for_each(|id| put("of", hex(id)));
        }
        What::Task { kind, due, words } => {
            put("kind", kind.name().to_string());
            put("due", due.to_string());
            put("words", hex(&words.0));
        }
        What::Result { task, found, words } => {
            put("task", hex(task));
            put("found", found.name().to_string());
            put("words", hex(&words.0));
        }
        What::Classify(class) => {
            put("severity", class.severity.name().to_string());
            put("confidence", class.confidence.name().to_string());
            put("recurrence", class.recurrence.to_string());
            class.casualties.iter().for_each(|number| put("casualties", number.to_string()));
        }
        What::Note(words) | What::Publish(words) | What::Close(words) => put("words", hex(&words.0)),
        What::Notify(notices) => {
            for (party, words) in notices {
                put("to", party.to_string());
                put("words", hex(&words.0));
            }
        }
        What::Answer { party, stance, words } => {
            put("party", party.to_string());
            put("stance", stance.name().to_string());
            put("words", hex(&words.0));
        }
        What::Judge(judgement) => {
            put("body", judgement.body.to_string());
            put_held(&judgement.held, put);
            put("words", hex(&judgement.words.0));
            for dissent in &judgement.dissents {
                put("dissent", hex(&dissent.words.0));
                put_held(&dissent.held, put);
            }
        }
        What::Conclude(outcome) => put("outcome", outcome.name().to_string()),
        What::Remedy { parties, due, words } => {
            parties.iter().for_each(|party| put("party", party.to_string()));
            put("due", due.to_string());
            put("words", hex(&words.0));
        }
        What::Remedied { remedy, kept } => {
            put("remedy", hex(remedy));
            put("kept", kept.name().to_string());
        }
        What::Correct { step, instead, words } => {
            put("corrects", hex(step));
            put("words", hex(&words.0));
            if let Some(instead) = instead {
                put_what(instead, &mut |key, value| put(&format!("instead.{key}"), value));
            }
        }
    }
}

fn put_held(held: &Held, put: &mut dyn FnMut(&str, String)) {
    match held {
        Held::Responsible(parties) => {
            put("held", "responsible".to_string());
            parties.iter().for_each(|party| put("responsible", party.to_string()));
        }
        Held::NotEstablished => put("held", "not-established".to_string()),
    }
}

/// Reads what [`fields`] wrote.
///
/// # Errors
/// Which field is missing, not known or not as it should be.
pub fn parse(fields: &[(String, String)]) -> Result<(Role, Option<Id>, What), String> {
    let mut fields = Fields { rest: fields, prefix: "" };
    let by = fields.need("by", Role::parse)?;
    let case = fields.may("case", parse_hex)?;
    let what = read_what(&mut fields)?;
    match fields.rest {
        [] => Ok((by, case, what)),
        [(key, _), ..] => Err(format!("the field `{key}` has no place here")),
    }
}

/// Fields still to be read, in their order.
struct Fields<'a> {
    rest: &'a [(String, String)],
    prefix: &'static str,
}

impl Fields<'_> {
    fn next_is(&self, key: &str) -> bool {
        self.rest.first().is_some_and(|(name, _)| unnumbered(name).strip_prefix(self.prefix) == Some(key))
    }

    fn may<T>(&mut self, key: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, String> {
        if !self.next_is(key) {
            return Ok(None);
        }
        let (name, text) = &self.rest[0];
        self.rest = &self.rest[1..];
        read(text).map(Some).ok_or_else(|| format!("the field `{name}` cannot be \"{text}\""))
    }

    fn need<T>(&mut self, key: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, String> {
        self.may(key, read)?.ok_or_else(|| format!("the field `{}{key}` is missing", self.prefix))
    }

    fn all<T>(&mut self, key: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
        let mut all = Vec::new();
        while let Some(value) = self.may(key, &read)? {
            all.push(value);
        }
        Ok(all)
    }
}

fn read_what(fields: &mut Fields<'_>) -> Result<What, String> {
    let name = |text: &str| (!text.is_empty()).then(|| Name::from(text));
    let text = |text: &str| parse_hex(text).map(Text);
    let hour = |text: &str| Time::parse(text).filter(|time| Hour::of(*time).start() == *time).map(Hour::of);
    Ok(match fields.need("step", StepKind::parse)? {
        StepKind::Open => What::Open(Subject {
            instrument: fields.need("instrument", name)?,
            clause: fields.need("clause", name)?,
            readings: fields.all("reading", name)?,
            forces: fields.may("forces", name)?,
            incident: fields.may("incident", parse_hex)?,
            observations: fields.all("observation", parse_hex)?,
            complaint: fields.may("complaint", name)?,
            words: fields.may("words", text)?,
            area: fields.need("area", Area::parse)?,
            from: fields.need("from", hour)?,
            to: fields.need("to", hour)?,
            act: fields.need("act", Act::parse)?,
            weapon: fields.need("weapon", Weapon::parse)?,
            target: fields.need("target", Target::parse)?,
            occurred_permille: fields
                .may("occurred", |text| text.parse().ok().filter(|permille| *permille <= 1_000))?,
            groups: fields.need("groups", |text| text.parse().ok())?,
        }),
        StepKind::Attach => What::Attach(fields.all("observation", parse_hex)?),
        StepKind::Triage => {
            What::Triage { taken: fields.need("taken", Taken::parse)?, of: fields.may("of", parse_hex)? }
        }
        StepKind::Task => What::Task {
            kind: fields.need("kind", TaskKind::parse)?,
            due: fields.need("due", Time::parse)?,
            words: fields.need("words", text)?,
        },
        StepKind::Result => What::Result {
            task: fields.need("task", parse_hex)?,
            found: fields.need("found", Found::parse)?,
            words: fields.need("words", text)?,
        },
        StepKind::Classify => What::Classify(Class {
            severity: fields.need("severity", Severity::parse)?,
            confidence: fields.need("confidence", Confidence::parse)?,
            recurrence: fields.need("recurrence", |text| text.parse().ok())?,
            casualties: fields.may("casualties", |text| text.parse().ok())?,
        }),
        StepKind::Note => What::Note(fields.need("words", text)?),
        StepKind::Notify => {
            let mut notices = Vec::new();
            while let Some(party) = fields.may("to", name)? {
                notices.push((party, fields.need("words", text)?));
            }
            What::Notify(notices)
        }
        StepKind::Answer => What::Answer {
            party: fields.need("party", name)?,
            stance: fields.need("stance", Stance::parse)?,
            words: fields.need("words", text)?,
        },
        StepKind::Judge => {
            let body = fields.need("body", name)?;
            let held = read_held(fields)?;
            let words = fields.need("words", text)?;
            let mut dissents = Vec::new();
            while let Some(words) = fields.may("dissent", text)? {
                dissents.push(Dissent { held: read_held(fields)?, words });
            }
            What::Judge(Judgement { body, held, words, dissents })
        }
        StepKind::Conclude => What::Conclude(fields.need("outcome", Outcome::parse)?),
        StepKind::Remedy => What::Remedy {
            parties: fields.all("party", name)?,
            due: fields.need("due", Time::parse)?,
            words: fields.need("words", text)?,
        },
        StepKind::Remedied => What::Remedied {
            remedy: fields.need("remedy", parse_hex)?,
            kept: fields.need("kept", Kept::parse)?,
        },
        StepKind::Publish => What::Publish(fields.need("words", text)?),
        StepKind::Close => What::Close(fields.need("words", text)?),
        StepKind::Correct => {
            let step = fields.need("corrects", parse_hex)?;
            let words = fields.need("words", text)?;
            // A correction never stands in a correction: nesting ends here.
            let nested =
                fields.prefix.is_empty() && fields.rest.first().is_some_and(|(key, _)| key == "instead.step");
            let instead = if nested {
                fields.prefix = "instead.";
                let instead = read_what(fields)?;
                fields.prefix = "";
                Some(Box::new(instead))
            } else {
                None
            };
            What::Correct { step, instead, words }
        }
    })
}

fn read_held(fields: &mut Fields<'_>) -> Result<Held, String> {
    let held = fields.need("held", |text| {
        matches!(text, "responsible" | "not-established").then(|| text == "responsible")
    })?;
    let parties = fields.all("responsible", |text| (!text.is_empty()).then(|| Name::from(text)))?;
    match (held, parties.is_empty()) {
        (true, false) => Ok(Held::Responsible(parties)),
        (false, true) => Ok(Held::NotEstablished),
        (true, true) => Err("the judgement holds nobody in particular responsible".to_string()),
        (false, false) => Err("the judgement names parties and holds none of them responsible".to_string()),
    }
}

/// All 64 hexadecimal digits of an id.
pub fn hex(id: &Id) -> String {
    id.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads [`hex`].
pub fn parse_hex(text: &str) -> Option<Id> {
    let bytes = text.as_bytes();
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut id = [0; 32];
    if bytes.len() != 64 {
        return None;
    }
    for (byte, pair) in id.iter_mut().zip(bytes.chunks(2)) {
        *byte = digit(pair[0])? * 16 + digit(pair[1])?;
    }
    Some(Id(id))
}
