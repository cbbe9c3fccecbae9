//! Files in a folder -> observations, maps and the books of what was read.

use crate::progress::Progress;
use anyhow::{Context as _, Result};
use sha2::{Digest, Sha256};
use source::{Context, Format, Item, Profile, Rejected, Summary, Territory};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use truce::Name;
use truce::mission::{Mission, Source};
use truce::observation::Observation;

/// What a folder gave.
#[derive(Clone, Default)]
pub struct Intake {
    /// Observations of all files.
    pub observations: Vec<Observation>,
    /// Maps of held ground.
    pub territories: Vec<Territory>,
    /// The books, in the order of the files' names.
    pub files: Vec<FileRead>,
}

/// The books of one file.
#[derive(Clone)]
pub struct FileRead {
    /// Path within the folder.
    pub name: String,
    /// The source that it was read as; `None`: no source of the mission file, and not used.
    pub source: Option<Name>,
    /// SHA-256 of all its bytes.
    pub sha256: [u8; 32],
    /// Rows read, used and set aside; `None` when it was not read as data.
    pub summary: Option<Summary>,
    /// Rows set aside, with their reasons; the first [`REJECTED_KEPT`] of them.
    pub rejected: Vec<Rejected>,
    /// Why it was not used.
    pub unused: Option<String>,
    /// Is it a map of held ground?
    pub map: bool,
    /// Its bytes as they came, for the record; `None` where it could not be read to its end.
    pub bytes: Option<Vec<u8>>,
}

/// So many reasons are kept per file; all are counted.
pub const REJECTED_KEPT: usize = 1_000;

/// Reads every file of a folder and its subfolders.
///
/// # Errors
/// When the folder cannot be listed. A file that cannot be read is noted in the books instead.
pub fn read_folder(
    folder: &Path,
    mission: &Mission,
    classify: &source::Classify<'_>,
    progress: &Progress,
) -> Result<Intake> {
    let context = context(mission, classify);
    let mut intake = Intake::default();
    for path in files_in(folder)? {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        progress.step(&format!("reading {name}"));
        let read = File::open(&path).and_then(|file| intake.take(&name, file, mission, &context));
        if let Err(error) = read {
            intake.files.push(FileRead {
                unused: Some(format!("cannot be read: {error}")),
                ..FileRead::named(&name)
            });
        }
    }
    Ok(intake.in_order())
}

/// Reads files that are held in memory, such as those built into the program.
pub fn read_bytes(files: &[(String, &[u8])], mission: &Mission, classify: &source::Classify<'_>) -> Intake {
    let context = context(mission, classify);
    let mut intake = Intake::default();
    for (name, bytes) in files {
        intake.take(name, *bytes, mission, &context).expect("reading from memory does not fail");
    }
    intake.in_order()
}

impl Intake {
    fn take(
        &mut self,
        name: &str,
        file: impl Read,
        mission: &Mission,
        context: &Context<'_>,
    ) -> io::Result<()> {
        let mut input =
            BufReader::with_capacity(1 << 16, Hashing { file, hash: Sha256::new(), bytes: Vec::new() });
        let mut read = FileRead::named(name);
        let file_name = name.rsplit('/').next().unwrap_or(name);
        match mission.sources.iter().find(|source| source.takes(file_name)) {
            None => read.unused = Some("no source of the mission file takes a file of this name".to_string()),
            Some(source) => {
                let recognised = Format::recognise(file_name, input.fill_buf()?);
                match (recognised, Format::parse(&source.format)) {
                    (Ok(format), Some(expected)) if format == expected => {
                        read.source = Some(source.name.clone());
                        let profile = profile(source);
                        let mut maps = 0_u64;
                        let mut sink = |item| match item {
                            Item::Observation(observation) => self.observations.push(*observation),
                            Item::Territory(territory) => {
                                maps += 1;
                                self.territories.push(territory);
                            }
                            Item::Rejected(rejected) if read.rejected.len() < REJECTED_KEPT => {
                                read.rejected.push(rejected);
                            }
                            Item::Rejected(_) => {}
                        };
                        let summary =
                            source::read(format, file_name, &mut input, &profile, context, &mut sink);
                        read.map = maps > 0;
                        read.summary = Some(summary);
                    }
                    (Ok(format), _) => {
                        read.unused = Some(format!(
                            "the mission file says `{}`, but the columns are those of `{}`",
                            source.format,
                            format.name()
                        ));
                    }
                    (Err(rejected), _) => {
                        read.unused = Some(rejected.reason.clone());
                        read.rejected.push(rejected);
                    }
                }
            }
        }
        io::copy(&mut input, &mut io::sink())?; // what the reader left unread is hashed too
        let input = input.into_inner();
        read.sha256 = input.hash.finalize().into();
        read.bytes = Some(input.bytes);
        self.files.push(read);
        Ok(())
    }

    /// The order of arrival says nothing.
    /// With what another folder gave.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.observations.extend(other.observations);
        self.territories.extend(other.territories);
        self.files.extend(other.files);
        self.in_order()
    }

    fn in_order(mut self) -> Self {
        self.observations.sort_by_key(|observation| observation.id);
        self.territories.sort_by(|a, b| (a.date, &a.source).cmp(&(b.date, &b.source)));
        self
    }
}

impl FileRead {
    fn named(name: &str) -> Self {
        Self {
            name: name.to_string(),
            source: None,
            sha256: [0; 32],
            summary: None,
            rejected: Vec::new(),
            unused: None,
            map: false,
            bytes: None,
        }
    }
}

/// What the mission file says about a source, as readers want it.
fn profile(source: &Source) -> Profile {
    Profile {
        asserted_by: source.asserter(),
        group: source.group.clone(),
        rating: source.rating,
        zone: source.clock,
        about: source.about.clone(),
        lag: source.lag,
        licence: source.licence.clone(),
        url: source.url.clone(),
        ..Profile::new(&source.name)
    }
}

fn context<'a>(mission: &Mission, classify: &'a source::Classify<'a>) -> Context<'a> {
    let mut context = Context::default();
    context.classify = Some(classify);
    for province in &mission.provinces {
        let forms: Vec<&str> = province.forms.iter().map(|form| &**form).collect();
        context.add_province(&province.name, &forms, province.centre, province.radius);
    }
    for point in &mission.false_points {
        match &point.province {
            Some(province) => {
                let known = context.add_false_point(&point.place, None, province);
                debug_assert!(known, "the mission file was checked");
            }
            None => context.add_nowhere(&point.place),
        }
    }
    context
}

/// All files below a folder, by name; those whose names begin with a dot are left out.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    crate::folder_there(folder, "observations")?;
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("cannot list the folder {}", folder.display()))?;
        for entry in entries {
            let path = entry.with_context(|| format!("cannot list the folder {}", folder.display()))?.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if hidden {
                continue;
            }
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

/// Hashes and keeps what is read through it.
struct Hashing<R> {
    file: R,
    hash: Sha256,
    bytes: Vec<u8>,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.bytes.extend_from_slice(&buffer[..read]);
        Ok(read)
    }
}
