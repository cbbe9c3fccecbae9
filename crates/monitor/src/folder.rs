//! An agreement's folder: read, checked, compiled.
//!
//! ```text
//! terms.toml          the agreement (docs/agreement-language.md)
//! claims.toml         what the parties say about it        (may be missing)
//! sites.csv           listed sites: name,class,lon,lat     (may be missing)
//! zones/*.geojson     shapes of lines and zones            (may be missing)
//! NOTES.md            where the terms come from            (for readers)
//! ```

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use truce::Name;
use truce::agreement::{Agreement, Arsenal, Papers, Polygon, Shape, Site};
use truce::claim::{self, Claim};
use truce::config::{Mistake, nearest};
use truce::observation::Target;
use truce::place::Point;

/// No file of an agreement is larger; a larger one was put there by mistake.
const LARGEST: u64 = 64 << 20;

/// A folder whose files agree with each other.
#[derive(Debug)]
pub struct Folder {
    /// The agreement.
    pub agreement: Agreement,
    /// What the parties say about it.
    pub claims: Vec<Claim>,
    /// The files that were used, by name: for hashing into what is computed from them.
    pub files: BTreeMap<String, String>,
}

/// Why a folder cannot be used.
#[derive(Debug)]
pub enum Trouble {
    /// It is not there, is no agreement's folder, or cannot be read.
    Folder {
        /// What is wrong.
        message: String,
        /// What to do next.
        help: String,
    },
    /// Its files contradict themselves or each other.
    Mistakes {
        /// All of them.
        mistakes: Vec<Mistake>,
        /// The files by the names that the mistakes use.
        texts: BTreeMap<String, String>,
    },
}

/// As a file shows it: a terminal gets [`Trouble::render`] with colour.
impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Trouble {}

impl Trouble {
    /// For a terminal (`colour`) or a file.
    pub fn render(&self, colour: bool) -> String {
        match self {
            Self::Folder { message, help } => format!("error: {message}\n  help: {help}\n"),
            Self::Mistakes { mistakes, texts } => crate::mistake::render(mistakes, texts, colour),
        }
    }
}

/// The table of weapons.
const WEAPONS: &str = "weapons.toml";

/// The files of an agreement's folder, beside its zones.
const OURS: [&str; 4] = ["terms.toml", "claims.toml", "sites.csv", WEAPONS];

/// Reads and compiles the folder at `dir`.
///
/// # Errors
/// [`Trouble`], with all mistakes of all files.
pub fn load(dir: &Path) -> Result<Folder, Trouble> {
    compile(read(dir)?)
}

/// Compiles files by name, such as those of [`read`] or such as are built into the program.
///
/// # Errors
/// [`Trouble::Mistakes`], all of them.
pub fn compile(files: BTreeMap<String, Vec<u8>>) -> Result<Folder, Trouble> {
    let mut mistakes = Vec::new();
    let mut texts = BTreeMap::new();
    for (name, bytes) in files {
        match text_of(bytes) {
            Ok(text) => {
                texts.insert(name, text);
            }
            Err((message, help)) => mistakes.push(about(&name, 0..0, &message, &help)),
        }
    }
    let mut shapes = BTreeMap::new();
    for (name, text) in texts.iter().filter(|(name, _)| name.ends_with(".geojson")) {
        match shape(text) {
            Ok(shape) => {
                shapes.insert(name.clone(), shape);
            }
            Err((offset, message)) => {
                let help =
                    "a shape is GeoJSON (RFC 7946): lines or areas, longitude before latitude, in degrees";
                mistakes.push(about(name, offset..offset, &message, help));
            }
        }
    }
    let sites = texts.get("sites.csv").map(|text| sites(text));
    let sites = match sites {
        Some(Ok(sites)) => Some(sites),
        Some(Err(wrong)) => {
            mistakes.extend(wrong);
            None
        }
        None => None,
    };
    let arsenal = match texts.get(WEAPONS).map(|text| Arsenal::parse(WEAPONS, text)) {
        Some(Ok(arsenal)) => arsenal,
        Some(Err(wrong)) => {
            mistakes.extend(wrong);
            Arsenal::default()
        }
        None => Arsenal::default(),
    };
    // What is wrong in other files must not come back as "missing" from the terms.
    let beside = mistakes.is_empty();
    let agreement = texts
        .get("terms.toml")
        .filter(|_| beside)
        .map(|terms| Agreement::compile_with(terms, Papers { shapes: &shapes, sites, arsenal }));
    let agreement = match agreement {
        Some(Ok(agreement)) => Some(agreement),
        Some(Err(wrong)) => {
            mistakes.extend(wrong);
            None
        }
        None => None,
    };
    let parties: Vec<Name> =
        agreement.iter().flat_map(|agreement| &agreement.parties).map(|party| party.code.clone()).collect();
    let claims = match texts.get("claims.toml").map(|text| claim::parse_between(text, &parties)) {
        Some(Ok(claims)) => claims,
        Some(Err(wrong)) => {
            mistakes.extend(wrong);
            Vec::new()
        }
        None => Vec::new(),
    };
    match agreement {
        Some(agreement) if mistakes.is_empty() => Ok(Folder { agreement, claims, files: texts }),
        _ => Err(Trouble::Mistakes { mistakes, texts }),
    }
}

/// Reads the files of the folder at `dir`, by name.
///
/// # Errors
/// [`Trouble::Folder`] when there is no such folder, it holds no `terms.toml`, or a file cannot be read.
pub fn read(dir: &Path) -> Result<BTreeMap<String, Vec<u8>>, Trouble> {
    let trouble = |message: String, help: String| Trouble::Folder { message, help };
    if dir.is_file() {
        let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        return Err(trouble(
            format!("{} is a file, not an agreement's folder", dir.display()),
            format!("give the folder: {}", parent.display()),
        ));
    }
    if !dir.is_dir() {
        return Err(trouble(format!("there is no folder {}", dir.display()), others(dir)));
    }
    let mut files = BTreeMap::new();
    for name in OURS {
        if let Some(bytes) = read_file(&dir.join(name))? {
            files.insert(name.to_string(), bytes);
        }
    }
    // One table of weapons serves all agreements that lie side by side, unless one brings its own. Those that
    // name no weapon and no range need none.
    let names_weapons = files.get("terms.toml").is_some_and(|terms| {
        let text = String::from_utf8_lossy(terms);
        text.contains("systems") || text.contains("own_range")
    });
    if names_weapons
        && !files.contains_key(WEAPONS)
        && let Some(beside) = dir.parent().map(|parent| parent.join(WEAPONS))
        && let Some(bytes) = read_file(&beside)?
    {
        files.insert(WEAPONS.to_string(), bytes);
    }
    for path in entries(&dir.join("zones"))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(".geojson") {
            let help = "shapes are read from files that end in .geojson: rename it, or remove it".to_string();
            return Err(trouble(format!("{} is not read", path.display()), help));
        }
        if let Some(bytes) = read_file(&path)? {
            files.insert(format!("zones/{name}"), bytes);
        }
    }
    if !files.contains_key("terms.toml") {
        return Err(trouble(format!("there is no terms.toml in {}", dir.display()), within(dir)));
    }
    // A file that is nearly named like one of ours would be overlooked in silence.
    for path in entries(dir)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let looks_ours = [".toml", ".csv", ".geojson"].iter().any(|end| name.ends_with(end));
        if looks_ours && path.is_file() && !files.contains_key(&name) {
            let near = nearest(&name, OURS);
            let help = near.map_or("remove it, or move it elsewhere".to_string(), |near| {
                format!("is it meant to be {near}? Otherwise move it elsewhere")
            });
            return Err(trouble(format!("{} is not a file of an agreement", path.display()), help));
        }
    }
    Ok(files)
}

/// Entries of a folder in the order of their names; none when it is not there.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let failed = |error: std::io::Error| Trouble::Folder {
        message: format!("the folder {} cannot be read: {error}", dir.display()),
        help: "check its permissions".to_string(),
    };
    let listing = match fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        listing => listing.map_err(failed)?,
    };
    let mut paths = Vec::new();
    for entry in listing {
        let path = entry.map_err(failed)?.path();
        // Editors leave hidden files behind.
        if !path.file_name().unwrap_or_default().to_string_lossy().starts_with('.') {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn read_file(path: &Path) -> Result<Option<Vec<u8>>, Trouble> {
    let failed = |message: String| {
        let help = "check that it is a plain file and that you may read it".to_string();
        Trouble::Folder { message: format!("{} cannot be read: {message}", path.display()), help }
    };
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error.to_string())),
        Ok(about) if !about.is_file() => return Err(failed("it is no plain file".to_string())),
        Ok(about) if about.len() > LARGEST => {
            return Err(failed(format!("it is larger than {} MB", LARGEST >> 20)));
        }
        Ok(_) => {}
    }
    fs::read(path).map(Some).map_err(|error| failed(error.to_string()))
}

/// What to try instead of a folder that is not there.
fn others(dir: &Path) -> String {
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !parent.is_dir() {
        return format!("{} is not there either: check where you are", parent.display());
    }
    let names = folders_with_terms(parent);
    let asked = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match nearest(&asked, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {}?", dir.with_file_name(near).display()),
        None if names.is_empty() => "give the folder that holds the agreement's terms.toml".to_string(),
        None => format!("in {} there are: {}", parent.display(), names.join(", ")),
    }
}

fn within(dir: &Path) -> String {
    let names = folders_with_terms(dir);
    if !names.is_empty() {
        return format!("agreements lie in its folders: {}", names.join(", "));
    }
    let files = entries(dir).unwrap_or_default();
    let files: Vec<String> = files
        .iter()
        .map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    match nearest("terms.toml", files.iter().map(String::as_str)) {
        Some(near) => format!("is {near} meant to be terms.toml?"),
        None => "an agreement's folder holds at least terms.toml; see docs/agreement-language.md".to_string(),
    }
}

fn folders_with_terms(dir: &Path) -> Vec<String> {
    let folders =
        entries(dir).unwrap_or_default().into_iter().filter(|path| path.join("terms.toml").is_file());
    folders.map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned()).collect()
}

/// UTF-8 text, or what it is instead and what to do.
fn text_of(bytes: Vec<u8>) -> Result<String, (String, String)> {
    let save = "open it in an editor and save it as UTF-8".to_string();
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(("the file is saved as UTF-16".to_string(), save));
    }
    if bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(b"PK") {
        return Err(("the file is compressed".to_string(), "unpack it first".to_string()));
    }
    if bytes.contains(&0) {
        return Err(("the file holds NUL bytes: it is no text".to_string(), save));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
        (format!("the file is not UTF-8: a character in line {line} is none"), save)
    })
}

fn about(file: &str, span: std::ops::Range<usize>, message: &str, help: &str) -> Mistake {
    let (message, help) = (message.to_string(), help.to_string());
    Mistake { file: file.to_string(), span, message, label: String::new(), help }
}

/// The rows of `sites.csv`.
fn sites(text: &str) -> Result<Vec<Site>, Vec<Mistake>> {
    let mut sites = Vec::new();
    let mut mistakes = Vec::new();
    for (number, (span, fields)) in records(text).into_iter().enumerate() {
        let mut wrong =
            |message: &str, help: &str| mistakes.push(about("sites.csv", span.clone(), message, help));
        let fields: Vec<&str> = fields.iter().map(|field| field.trim()).collect();
        if number == 0 {
            if fields != ["name", "class", "lon", "lat"] {
                wrong("the first line must name the columns", "write: name,class,lon,lat");
                break;
            }
            continue;
        }
        let [name, class, lon, lat] = fields[..] else {
            wrong(
                &format!("this line has {} columns instead of 4", fields.len()),
                "columns are name,class,lon,lat; a name with a comma stands in \"quotation marks\"",
            );
            continue;
        };
        if name.is_empty() {
            wrong("the site has no name", "name,class,lon,lat");
        }
        let target = Target::parse(class);
        if target.is_none() {
            let words: Vec<&str> = Target::NAMES.iter().map(|(name, _)| *name).collect();
            let help = nearest(class, words.iter().copied())
                .map_or(format!("known are: {}", words.join(", ")), |near| format!("did you mean `{near}`?"));
            wrong(&format!("\"{class}\" is no class of sites"), &help);
        }
        let at = lon.parse().ok().zip(lat.parse().ok()).and_then(|(lon, lat)| Point::from_degrees(lon, lat));
        if at.is_none() {
            let help = "lon is -180 to 180, lat -90 to 90, in degrees with a point, such as 36.25";
            wrong(&format!("\"{lon}\", \"{lat}\" is no place on the globe"), help);
        }
        if let (Some(class), Some(at)) = (target, at) {
            sites.push(Site { name: name.into(), class, at });
        }
    }
    if sites.is_empty() && mistakes.is_empty() {
        let help = "fill it in, or remove the file and write `sites = \"not known\"` in terms.toml";
        mistakes.push(about("sites.csv", 0..0, "the list of sites is empty", help));
    }
    if mistakes.is_empty() { Ok(sites) } else { Err(mistakes) }
}

/// The records of a CSV text, each with the place where it stands; empty lines are none.
fn records(text: &str) -> Vec<(std::ops::Range<usize>, Vec<String>)> {
    let mut reader = csv_core::Reader::new();
    let (mut rest, mut at) = (text.trim_start_matches('\u{feff}').as_bytes(), 0);
    at += text.len() - rest.len();
    // Unquoting only shortens; a record has at most one end per byte, and one more.
    let (mut output, mut ends) = (vec![0; rest.len()], vec![0; rest.len() + 1]);
    let mut records = Vec::new();
    loop {
        let (mut written, mut fields, start) = (0, 0, at);
        loop {
            let (result, read, wrote, ended) =
                reader.read_record(rest, &mut output[written..], &mut ends[fields..]);
            (rest, at) = (&rest[read..], at + read);
            (written, fields) = (written + wrote, fields + ended);
            match result {
                csv_core::ReadRecordResult::InputEmpty if !rest.is_empty() => {}
                csv_core::ReadRecordResult::InputEmpty if read > 0 || wrote > 0 => {}
                csv_core::ReadRecordResult::Record => break,
                _ => return records,
            }
        }
        let mut from = 0;
        let texts = ends[..fields].iter().map(|end| {
            let field = String::from_utf8_lossy(&output[from..*end]).into_owned();
            from = *end;
            field
        });
        let texts: Vec<String> = texts.collect();
        let line = text[start..at].trim_matches(['\r', '\n']);
        let begin = start + text[start..at].find(line).unwrap_or(0);
        records.push((begin..begin + line.len(), texts));
    }
}

/// The lines or areas of a GeoJSON text, or where and why there are none.
fn shape(text: &str) -> Result<Shape, (usize, String)> {
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let line_start =
            text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        let offset = (line_start + error.column().saturating_sub(1)).min(text.len());
        let reason = error.to_string();
        // Where it is stands beside it.
        let reason = reason.split(" at line ").next().unwrap_or_default();
        (offset, format!("not valid JSON: {reason}"))
    })?;
    let mut found = Found::default();
    found.take(&value).map_err(|message| (0, message))?;
    match (found.lines.is_empty(), found.areas.is_empty()) {
        (false, true) => Ok(Shape::Lines(found.lines)),
        (true, false) => Ok(Shape::Areas(found.areas)),
        (true, true) => Err((0, "the file holds no line and no area".to_string())),
        (false, false) => Err((0, "the file holds both lines and areas: which are meant?".to_string())),
    }
}

#[derive(Default)]
struct Found {
    lines: Vec<Vec<Point>>,
    areas: Vec<Polygon>,
}

impl Found {
    fn take(&mut self, value: &Value) -> Result<(), String> {
        let part = |key: &str| value.get(key).ok_or_else(|| format!("a part has no \"{key}\""));
        let kind = part("type")?.as_str().unwrap_or_default();
        match kind {
            "FeatureCollection" => list(part("features")?)?.iter().try_for_each(|feature| self.take(feature)),
            "Feature" => self.take(part("geometry")?),
            "GeometryCollection" => list(part("geometries")?)?.iter().try_for_each(|part| self.take(part)),
            "LineString" => {
                self.lines.push(points(part("coordinates")?)?);
                Ok(())
            }
            "MultiLineString" => {
                for line in list(part("coordinates")?)? {
                    self.lines.push(points(line)?);
                }
                Ok(())
            }
            "Polygon" => {
                self.areas.push(polygon(part("coordinates")?)?);
                Ok(())
            }
            "MultiPolygon" => {
                for area in list(part("coordinates")?)? {
                    self.areas.push(polygon(area)?);
                }
                Ok(())
            }
            "" => Err("a part has no \"type\"".to_string()),
            other => Err(format!("a \"{other}\" is neither line nor area")),
        }
    }
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| "a list is expected, but there is none".to_string())
}

fn polygon(value: &Value) -> Result<Polygon, String> {
    let rings = list(value)?.iter().map(points).collect::<Result<_, _>>()?;
    Ok(Polygon { rings })
}

fn points(value: &Value) -> Result<Vec<Point>, String> {
    let point = |value: &Value| {
        let number = |at: usize| value.get(at).and_then(Value::as_f64);
        let at = number(0).zip(number(1)).and_then(|(lon, lat)| Point::from_degrees(lon, lat));
        at.ok_or_else(|| format!("{value} is no place on the globe"))
    };
    list(value)?.iter().map(point).collect()
}
