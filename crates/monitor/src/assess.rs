//! `truceline assess`: agreements and a folder of observations -> a folder with the report.
//!
//! Several agreements that may be in force at once are held together: every incident is linked once and held against each
//! of them (docs/decisions/007-instruments-held-together.md).

use crate::folder::{Folder, Trouble};
use crate::instruments::{self, in_folder};
use crate::intake::{self, FileRead, Intake};
use crate::progress::Progress;
use crate::record::keep::{Kept, Place, keep};
use crate::record::recompute;
use crate::record::tell::{self, Contents};
use crate::scene::Scene;
use anyhow::{Context as _, Result, bail};
use report::compose::{Books, Material, compose};
use report::model::{Digest, View};
use report::together::Together;
use source::Territory;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use truce::Name;
use truce::agreement::{Agreement, Course};
use truce::assessment::{Beside, compare, public_view};
use truce::claim::Claim;
use truce::config::Mistake;
use truce::cut::{Why, cut};
use truce::geodesy::{HeldGround, Line, Polygon, Region};
use truce::ground::{Ground, version_id};
use truce::lexicon::{Lexicon, Reading};
use truce::mission::Mission;
use truce::observation::{Detail, Observation};
use truce::series::{AreaDay, Checked};
use truce::time::{Date, Time};

/// The mission of those who read public data: what `assess` uses unless told otherwise.
pub const PUBLIC_DATA: [(&str, &str); 3] = [
    ("mission.toml", include_str!("../../../missions/public-data/mission.toml")),
    ("lexicon.toml", include_str!("../../../missions/public-data/lexicon.toml")),
    ("labels-kinetic-reports.csv", include_str!("../../../missions/public-data/labels-kinetic-reports.csv")),
];

/// What a report is computed from, read and compiled.
pub struct Question {
    /// The agreement's folder.
    pub folder: Folder,
    /// The files of the mission's folder, by name.
    pub mission_files: BTreeMap<String, String>,
    /// The mission.
    pub mission: Mission,
    /// The words by which reports are told apart.
    pub lexicon: Lexicon,
}

impl Question {
    /// Compiles the files of an agreement and of a mission.
    pub fn new(folder: Folder, mission_files: BTreeMap<String, String>) -> Result<Self> {
        let text = |name: &str| {
            mission_files.get(name).with_context(|| format!("there is no {name} in the mission's folder"))
        };
        let mistakes = |mistakes: Vec<Mistake>| Trouble::Mistakes { mistakes, texts: mission_files.clone() };
        let mission = Mission::parse("mission.toml", text("mission.toml")?).map_err(mistakes)?;
        let lexicon = match mission_files.get("lexicon.toml") {
            Some(text) => Lexicon::parse("lexicon.toml", text).map_err(mistakes)?,
            None => Lexicon::default(),
        };
        Ok(Self { folder, mission_files, mission, lexicon })
    }

    /// What tells, for the readers, which headlines speak of an act of war.
    pub fn classify(&self) -> impl Fn(&str) -> Reading + '_ {
        |headline| self.lexicon.classify(headline)
    }
}

/// What is known: what was read, or what a record tells.
#[derive(Clone, Default)]
pub struct Known {
    /// Observations, by id.
    pub observations: Vec<Observation>,
    /// Maps of held ground, by date and source.
    pub territories: Vec<Territory>,
    /// The books of every file.
    pub books: Vec<Books>,
}

impl From<Intake> for Known {
    fn from(intake: Intake) -> Self {
        let books = intake.files.iter().map(books).collect();
        Self { observations: intake.observations, territories: intake.territories, books }
    }
}

/// How the question is put.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The moment whose view is asked for; without one, it is that of [`cut`]: no clock is asked.
    pub as_of: Option<Time>,
    /// Whose view of the record the answer is computed from.
    pub view: View,
    /// The checkpoint that it is computed under, in words.
    pub checkpoint: Option<String>,
}

/// The files of an answer: name and content. A name may be that of a file in a folder, `FOLDER/FILE`.
pub type Files = Vec<(String, String)>;

/// Assesses and composes. Returns the files of the report: of one agreement, its files; of several, a folder for each,
/// named by its id, and beside them the files of what holds for all of them together.
///
/// # Errors
/// As [`work_out`].
pub fn answer(questions: &[Question], known: Known, asked: &Asked, progress: &Progress) -> Result<Files> {
    let named = |(name, text): (&str, String)| (name.to_string(), text);
    work_out(questions, known, asked, progress, |materials| match materials {
        [material] => Ok(report::files(&compose(material)).into_iter().map(named).collect()),
        several => {
            let reports: Vec<report::Report> = several.iter().map(compose).collect();
            let together = Together::of(several, &reports).context("nothing was asked of")?;
            let parts = several.iter().zip(&reports).flat_map(|(material, report)| {
                let files = report::files(report).into_iter();
                files.map(|(name, text)| (format!("{}/{name}", material.agreement.id), text))
            });
            let parts: Files = parts.collect();
            Ok(together.files(&reports).into_iter().map(named).chain(parts).collect())
        }
    })?
}

/// Works out everything that a report is made of, for each of the instruments, all under one mission, and hands it to
/// `compose`.
///
/// # Errors
/// When nothing is known, nothing is asked of, or the ground of an agreement cannot be compiled.
pub fn work_out<R>(
    questions: &[Question],
    known: Known,
    asked: &Asked,
    progress: &Progress,
    compose: impl FnOnce(&[Material<'_>]) -> R,
) -> Result<R> {
    let Some(Question { mission, mission_files, .. }) = questions.first() else {
        bail!("no agreement is given, so there is nothing to hold the observations against");
    };
    let Known { observations, territories, books } = known;
    if observations.is_empty() {
        bail!("no observation is known, so there is nothing to hold against the agreement");
    }
    let agreements: Vec<&Agreement> = questions.iter().map(|question| &question.folder.agreement).collect();
    let asked_for = asked.as_of.map(|time| (time, Why::Asked));
    let Some((as_of, cut)) = asked_for.or_else(|| cut(&observations, &agreements)) else {
        bail!(
            "all that is known is told by parties, and the agreement has no known end: no row of theirs decides as of when \
             the report is; say the moment with --as-of"
        );
    };
    let (observations, withheld) = public_view(observations, mission, as_of);
    // How many are not told yet is itself not for the public.
    let withheld = (asked.view == View::Mission).then_some(withheld);

    progress.step("finding the line of contact, listening and looking with the mission's instruments");
    let limit = Time(as_of.0 - mission.publication.delay);
    let scene = Scene::new(&agreements, mission, observations, &territories, limit)?;

    progress.step("linking, weighing, holding against the clauses");
    let assessments = scene.assess();
    let observations = &scene.observations;

    progress.step("comparing with the time before");
    // A map, too, waits for the delay, from the end of its day; only the agreement's own line does not, for the
    // agreement names its map.
    let territories: Vec<Territory> =
        territories.into_iter().filter(|map| mission.day_clock.day(map.date).end <= limit).collect();
    let beside = Beside { areas: areas(&territories)?, checked: checked(mission_files)? };
    let maps: Vec<(Name, Date)> = territories.iter().map(|map| (map.source.clone(), map.date)).collect();
    let digest = |of: &str, files: &BTreeMap<String, String>| Digest {
        of: of.to_string(),
        sha256: verify::text::hex(&digest(files)),
    };

    let several = questions.len() > 1;
    let mut digests: Vec<Digest> = questions
        .iter()
        .map(|question| {
            let of = if several { of_agreement(&question.folder.agreement) } else { AGREEMENT.to_string() };
            digest(&of, &question.folder.files)
        })
        .collect();
    digests.push(digest("mission", mission_files));
    // What each instrument has of its own.
    let own: Vec<_> = questions
        .iter()
        .zip(&scene.sensed)
        .map(|(Question { folder, .. }, sensed)| {
            let series = compare(observations, folder.agreement.window(as_of), &beside, mission);
            (series, claims(folder, mission, observations), sensed.rows())
        })
        .collect();
    let grounds = scene.grounds.iter().zip(&assessments);
    let materials: Vec<Material<'_>> = agreements
        .iter()
        .zip(grounds)
        .zip(&own)
        .map(|((agreement, (ground, assessment)), (series, claims, sensed))| Material {
            agreement,
            mission,
            ground,
            observations,
            withheld,
            view: asked.view,
            checkpoint: asked.checkpoint.clone(),
            as_of,
            cut,
            assessment,
            beside: agreements.iter().filter(|other| other.id != agreement.id).copied().collect(),
            series,
            claims,
            // A report is computed from its record alone, and cases have a record of their own.
            judgements: None,
            maps: &maps,
            books: &books,
            sensed,
            digests: digests.clone(),
            version: env!("CARGO_PKG_VERSION"),
        })
        .collect();

    progress.step("composing the report");
    Ok(compose(&materials))
}

/// What the digest of the one agreement of a report is called there.
pub(crate) const AGREEMENT: &str = "agreement";

/// What the digest of an agreement is called in a report over several.
fn of_agreement(agreement: &Agreement) -> String {
    format!("{AGREEMENT} {}", agreement.id)
}

/// An agreement's lines and zones, those among them that are derived from maps of held ground.
///
/// # Errors
/// When a map that the agreement names was not read, or a shape cannot be compiled.
pub fn ground(agreement: &Agreement, territories: &[Territory], mission: &Mission) -> Result<Ground> {
    let courses = agreement.lines.iter().flat_map(|line| {
        let later = line
            .versions
            .iter()
            .map(|version| (version_id(&line.id, version.date), &version.course, version.date));
        core::iter::once((line.id.to_string(), &line.course, line.date)).chain(later)
    });
    let derived: BTreeMap<String, Line> = courses
        .filter_map(|(id, course, date)| match course {
            Course::HeldGround { data, .. } => Some((id, data, date?)),
            Course::Drawn { .. } | Course::NotKnown { .. } => None,
        })
        .map(|(id, data, date)| Ok((id, around_held(territories, data, date, mission)?)))
        .collect::<Result<_>>()?;
    Ground::compile(agreement, &|id| derived.get(id).cloned()).map_err(|error| anyhow::anyhow!("{error}"))
}

/// The line of contact of a day, from a source's map of held ground.
pub(crate) fn around_held(
    territories: &[Territory],
    data: &Name,
    date: Date,
    mission: &Mission,
) -> Result<Line> {
    let map = territories.iter().find(|map| map.source == *data && map.date == date).with_context(|| {
        let near: Vec<String> = territories
            .iter()
            .filter(|map| map.source == *data)
            .map(|map| map.date.to_string())
            .collect();
        format!(
            "the agreement derives its line from the map of \"{data}\" of {date}, which was not read; maps of that \
             source that were read: {}",
            if near.is_empty() { "none".to_string() } else { near.join(", ") }
        )
    })?;
    let held = Region::new(&polygons(&map.held))
        .map_err(|error| anyhow::anyhow!("the map of {data} of {date}: {error}"))?;
    let outline = &report::basemap::base().outline;
    let mapped =
        Region::new(&outline.iter().map(|ring| Polygon { rings: vec![ring.clone()] }).collect::<Vec<_>>())
            .map_err(|error| anyhow::anyhow!("the base map: {error}"))?;
    let closed = |ring: &Vec<_>| ring.iter().chain(ring.first()).copied().collect::<Vec<_>>();
    let border: Vec<_> = outline.iter().map(closed).collect();
    let ground = HeldGround {
        held: held.into(),
        mapped: mapped.into(),
        sea: None, // the base map's outline follows the coast
        border: &border,
        tolerance: mission.contact.tolerance,
        least_piece: mission.contact.least_piece,
    };
    Line::around_held(&ground).map_err(|error| {
        anyhow::anyhow!("no line of contact follows from the map of {data} of {date}: {error}")
    })
}

fn polygons(held: &[source::Polygon]) -> Vec<Polygon> {
    held.iter().map(|rings| Polygon { rings: rings.clone() }).collect()
}

/// Ground that changed hands from one map of a source to the next.
fn areas(territories: &[Territory]) -> Result<BTreeMap<Name, Vec<AreaDay>>> {
    let mut areas: BTreeMap<Name, Vec<AreaDay>> = BTreeMap::new();
    let mut before: BTreeMap<&Name, (&Territory, Region)> = BTreeMap::new();
    for map in territories {
        let after = Region::for_areas(&polygons(&map.held))
            .map_err(|error| anyhow::anyhow!("the map of {} of {}: {error}", map.source, map.date))?;
        if let Some((earlier, ground)) = before.get(&map.source) {
            let repeats = earlier.held == map.held;
            let changed = if repeats { Default::default() } else { truce::geodesy::changed(ground, &after) };
            areas.entry(map.source.clone()).or_default().push(AreaDay {
                date: map.date,
                gained_m2: changed.gained_m2,
                lost_m2: changed.lost_m2,
                repeats,
            });
        }
        before.insert(&map.source, (map, after));
    }
    Ok(areas)
}

/// How the word list did on the rows that were labelled by reading.
fn checked(mission_files: &BTreeMap<String, String>) -> Result<Option<Checked>> {
    const FILE: &str = "labels-kinetic-reports.csv";
    let Some(text) = mission_files.get(FILE) else { return Ok(None) };
    let mut checked = Checked { rows: 0, right: 0 };
    for (number, line) in (1_u64..).zip(text.lines()).skip(1) {
        let label = line.split(',').nth(3);
        checked.right += match label {
            Some("1") => 1,
            Some("0") => 0,
            _ => bail!("{FILE}, line {number}: the fourth column, `label`, must be 1 or 0"),
        };
        checked.rows += 1;
    }
    Ok(Some(checked))
}

/// What the parties said about the instrument: claims of the agreement's folder, and of files of claims. The
/// daily series that parties publish stand apart.
pub(crate) fn claims(folder: &Folder, mission: &Mission, observations: &[Observation]) -> Vec<Claim> {
    let mut claims = folder.claims.clone();
    let of_file = |it: &&Observation| {
        mission.sources.iter().any(|source| source.name == it.source && &*source.format == "claims")
    };
    claims.extend(observations.iter().filter(of_file).filter_map(|it| match &it.detail {
        Detail::Claim(claim) => Some((**claim).clone()),
        _ => None,
    }));
    claims.sort();
    claims
}

pub(crate) fn books(file: &FileRead) -> Books {
    let mut set_aside: Vec<(String, u64, Option<u64>)> = Vec::new();
    if let Some(summary) = &file.summary {
        for (cause, rows) in &summary.by_cause {
            let first = file.rejected.iter().find(|rejected| rejected.cause == *cause);
            set_aside.push((cause.name().to_string(), *rows, first.map(|rejected| rejected.line)));
        }
    }
    Books {
        file: file.name.clone(),
        source: file.source.clone(),
        sha256: Some(file.sha256),
        rows: file.summary.as_ref().map_or(0, |summary| summary.rows),
        accepted: file.summary.as_ref().map_or(0, |summary| summary.accepted),
        set_aside,
        unused: file.unused.clone(),
    }
}

/// The digest by which reports name a version of the agreement or the mission.
pub fn digest(files: &BTreeMap<String, String>) -> [u8; 32] {
    record::statement::digest(files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())))
}

/// Reads the mission's folder; without one, the mission that is built in.
pub fn mission_files(folder: Option<&Path>) -> Result<BTreeMap<String, String>> {
    let Some(folder) = folder else {
        return Ok(PUBLIC_DATA
            .iter()
            .map(|(name, text)| ((*name).to_string(), (*text).to_string()))
            .collect());
    };
    crate::folder_there(folder, "a mission")?;
    let mut files = BTreeMap::new();
    for (name, _) in PUBLIC_DATA {
        let path = folder.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => {
                files.insert(name.to_string(), text);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && name != "mission.toml" => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
                "{} holds no mission.toml: give a mission's folder, such as missions/public-data",
                folder.display()
            ),
            Err(error) => bail!("cannot read {}: {error}", path.display()),
        }
    }
    Ok(files)
}

/// Writes the files of a report into a folder. Each is whole or not there, and the page comes last: where it
/// stands, the rest does.
pub fn write<N: AsRef<str>>(out: &Path, files: &[(N, String)]) -> Result<()> {
    fs::create_dir_all(out).with_context(|| format!("cannot make the folder {}", out.display()))?;
    // Beside the file that it is to be.
    let half = |name: &str| {
        let path = out.join(name);
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        path.with_file_name(format!(".{file}.part"))
    };
    let written = write_halves(out, files, &half);
    if written.is_err() {
        for (name, _) in files {
            // What is not there needs no removing; the first error is the one to tell.
            let _ = fs::remove_file(half(name.as_ref()));
        }
    }
    written
}

fn write_halves<N: AsRef<str>>(
    out: &Path,
    files: &[(N, String)],
    half: &dyn Fn(&str) -> PathBuf,
) -> Result<()> {
    let files: Vec<(&str, &String)> = files.iter().map(|(name, text)| (name.as_ref(), text)).collect();
    let failed = |name: &str| format!("cannot write {}", out.join(name).display());
    for (name, text) in &files {
        if let Some(folder) = out.join(name).parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        fs::write(half(name), text).with_context(|| failed(name))?;
    }
    let (page, rest): (Vec<_>, Vec<_>) = files.iter().partition(|(name, _)| name.ends_with(".html"));
    // Of several pages the one above the folders last.
    for (name, _) in rest.iter().chain(page.iter().rev()) {
        fs::rename(half(name), out.join(name)).with_context(|| failed(name))?;
    }
    Ok(())
}

/// The name of a record that `assess` makes: whoever runs a mission's record names it with `truceline record init`.
pub const ORIGIN: &str = "truceline.local/assess";

/// Writes what was read through the record, made if it is not there, and answers from the leaves under its new head.
pub fn recorded<R>(
    place: &Place,
    origin: &str,
    questions: &[Question],
    intake: &Intake,
    asked: Asked,
    progress: &Progress,
    answer: impl FnOnce(&[Question], Known, &Asked, &Progress) -> Result<R>,
) -> Result<(R, Kept)> {
    let Some(Question { mission, mission_files, .. }) = questions.first() else {
        bail!("no agreement is given, so there is nothing to hold the observations against");
    };
    let place = &place.of(mission);
    let record = if place.exists() { place.open()? } else { place.init_alone(origin)? };
    let kept = keep(place, &record, questions, intake, progress)?;
    progress.step("opening the leaves");
    let reader = record.reader();
    let (leaves, root) = tell::leaves(&reader, &kept.head, kept.head.size)?;
    let keys = tell::keys_of(&place.keys, asked.view)?;
    let contents = Contents::of(tell::open(&reader, &leaves, &keys)?)?;
    // The agreements and the mission, too, are those of the leaves.
    let agreements: Vec<[u8; 32]> = questions.iter().map(|question| digest(&question.folder.files)).collect();
    let questions = contents.questions(&agreements, &digest(mission_files))?;
    let known = contents.known(mission, asked.view, progress)?;
    let asked =
        Asked { checkpoint: Some(recompute::name(&kept.head.origin, kept.head.size, &root)), ..asked };
    Ok((answer(&questions, known, &asked, progress)?, kept))
}

/// What the command was asked.
pub struct Options {
    /// The agreements' folders, in any order.
    pub agreements: Vec<PathBuf>,
    /// The folder of observations.
    pub observations: PathBuf,
    /// Where the report goes.
    pub out: PathBuf,
    /// The mission's folder.
    pub mission: Option<PathBuf>,
    /// The moment whose view is asked for.
    pub as_of: Option<Time>,
    /// Whose view.
    pub view: View,
    /// The record's folder; without one, `record` in the report's.
    pub record: Option<PathBuf>,
    /// The folder of the record's keys; without one, `keys` in the record's.
    pub keys: Option<PathBuf>,
    /// No progress.
    pub quiet: bool,
}

impl Options {
    /// The agreements, in the order of their dates, and the mission, read and compiled.
    ///
    /// # Errors
    /// What is wrong with their files, or that two agreements are at odds.
    pub fn questions(&self) -> Result<Vec<Question>> {
        instruments::load(&self.agreements, self.mission.as_deref())
    }

    /// The folder of the record.
    pub fn record_dir(&self) -> PathBuf {
        self.record.clone().unwrap_or_else(|| self.out.join("record"))
    }
}

/// Runs the command.
pub fn run(options: &Options) -> Result<()> {
    let questions = options.questions()?;
    let mut pages: Vec<(String, &str)> = (0..questions.len())
        .map(|at| (in_folder(&questions, at, "report.json"), report::model::FORMAT))
        .collect();
    if questions.len() > 1 {
        pages.push(("report.json".to_string(), report::together::FORMAT));
    }
    instruments::refuse_others(&options.out, "report.json", &pages)?;
    publish(options, &questions, answer)?;
    println!("{}", options.out.join("report.html").display());
    Ok(())
}

/// Reads the observations, writes them through the record, answers from its leaves, and writes the files of the answer.
///
/// # Errors
/// What is wrong with the folders or the record, or that nothing was read.
pub fn publish(
    options: &Options,
    questions: &[Question],
    answer: impl FnOnce(&[Question], Known, &Asked, &Progress) -> Result<Files>,
) -> Result<()> {
    let Some(question) = questions.first() else {
        bail!("no agreement is given, so there is nothing to hold the observations against");
    };
    let progress = Progress::new(options.quiet);
    let intake =
        intake::read_folder(&options.observations, &question.mission, &question.classify(), &progress)?;
    let summary = crate::books(&intake.files);
    if intake.observations.is_empty() {
        bail!("no observation was read; the files and what became of them:\n{summary}");
    }
    let dir = options.record_dir();
    let place = Place::new(&dir, options.keys.as_deref());
    let asked = Asked { as_of: options.as_of, view: options.view, checkpoint: None };
    let (files, kept) = recorded(&place, ORIGIN, questions, &intake, asked, &progress, answer)?;
    write(&options.out, &files)?;
    drop(progress);
    eprint!("{summary}{}", kept.words(&dir));
    Ok(())
}
