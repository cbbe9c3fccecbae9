//! The mission file: every threshold that decides, and what is known of each source.
//!
//! Nothing here has a default value: a key that is missing is a mistake in the file. The bytes of the file are
//! hashed into every report.

use crate::Name;
use crate::config::{self, Mistake, Table};
use crate::coverage;
use crate::observation::Rating;
use crate::place::{KM, Mm, Point};
use crate::time::{HOUR, Micros, Zone};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A mission.
#[derive(Clone, PartialEq, Debug)]
pub struct Mission {
    /// Title.
    pub title: String,
    /// What to say at the top of every report when the data is made up.
    pub made_up: Option<String>,
    /// What may be published, when and how coarsely.
    pub publication: Publication,
    /// Sources, in the order of the file.
    pub sources: Vec<Source>,
    /// Provinces.
    pub provinces: Vec<Province>,
    /// Points that stand for a province, or for nothing.
    pub false_points: Vec<FalsePoint>,
}

/// What may be published, when and how coarsely.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Publication {
    /// Events younger than this are withheld from the public; at least [`LEAST_DELAY`].
    pub delay: Micros,
    /// Coverage younger than this is withheld.
    pub coverage_delay: Micros,
    /// Length of the sectors along the line by which counts and coverage are shown; at least [`LEAST_SECTOR`].
    pub sector: Mm,
    /// Which state borders a map shows.
    pub boundaries: Boundaries,
}

/// No event is published before six hours, whatever a mission file says.
pub const LEAST_DELAY: Micros = 6 * HOUR;

/// Coverage is never shown by sectors shorter than 50 km.
pub const LEAST_SECTOR: Mm = 50 * KM;

/// Which state borders a map shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Boundaries {
    /// By United Nations General Assembly resolution 68/262.
    Unga68262,
    /// None.
    None,
    /// None, and no base map either: a made-up country.
    Blank,
}

impl Boundaries {
    /// All with their names in files.
    pub const NAMES: [(&'static str, Self); 3] =
        [("unga-68-262", Self::Unga68262), ("none", Self::None), ("blank", Self::Blank)];
}

/// What is known of a source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Short name.
    pub name: Name,
    /// Which files are this source: a name in which one `*` stands for anything.
    pub file: String,
    /// Format of the files.
    pub format: Name,
    /// Full name.
    pub title: String,
    /// Licence, or "none stated".
    pub licence: String,
    /// Where it is published.
    pub url: String,
    /// `monitor`, `third` or a party's code.
    pub asserted_by: Name,
    /// Group of independence for rows that name no outlet.
    pub group: Name,
    /// Admiralty rating for rows that have none.
    pub rating: Rating,
    /// The clock of times and days that are written without a zone.
    pub clock: Option<Zone>,
    /// How that is known, and how precise the times are.
    pub clock_note: String,
    /// How precise its places are.
    pub place_note: String,
    /// Codes of the parties whose acts it can show.
    pub shows: Vec<Name>,
    /// Why.
    pub shows_note: String,
    /// What it cannot see.
    pub cannot_see: String,
    /// How its coverage is worked out.
    pub coverage: coverage::Rule,
    /// Code of the party that the files speak of: who holds the ground of a map, whose launches a table lists.
    pub about: Option<Name>,
    /// How long before its report an event may lie.
    pub lag: Micros,
}

impl Source {
    /// Is this file one of the source's?
    pub fn takes(&self, file_name: &str) -> bool {
        match self.file.split_once('*') {
            Some((start, end)) => {
                file_name.len() >= start.len() + end.len()
                    && file_name.starts_with(start)
                    && file_name.ends_with(end)
            }
            None => self.file == file_name,
        }
    }
}

/// A province as a circle that holds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Province {
    /// Code, such as ISO 3166-2.
    pub code: Name,
    /// Name in reports.
    pub name: Name,
    /// Names in files.
    pub forms: Vec<Name>,
    /// Middle.
    pub centre: Point,
    /// All of it lies within.
    pub radius: Mm,
}

/// A settlement on which a source puts what belongs elsewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FalsePoint {
    /// Its name in the source.
    pub place: Name,
    /// Name of the province that it stands for; `None`: nowhere.
    pub province: Option<Name>,
}

impl Mission {
    /// Reads a mission file.
    ///
    /// # Errors
    /// All mistakes, each with its place.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        config::read(file, text, |root| {
            let title = root.need("title").text().map(|at| at.value.to_string());
            let made_up = root.may("made_up").text().map(|at| at.value.to_string());
            let publication = root.need("publication").table().and_then(publication);
            let provinces: Option<Vec<_>> = root.may("province").tables().into_iter().map(province).collect();
            let provinces = provinces.unwrap_or_default();
            let false_points: Option<Vec<_>> =
                root.may("false_point").tables().iter().map(|table| false_point(table, &provinces)).collect();
            let sources: Option<Vec<_>> = root.need("source").tables().into_iter().map(source).collect();
            Some(Self {
                title: title?,
                made_up,
                publication: publication?,
                sources: sources?,
                provinces,
                false_points: false_points?,
            })
        })
    }
}

fn publication(table: Table<'_>) -> Option<Publication> {
    let delay = table.need("public_delay").duration();
    let coverage_delay = table.need("coverage_delay").duration();
    let sector = table.need("sector").length();
    let boundaries = table.need("boundaries").one_of(&Boundaries::NAMES);
    let (delay, coverage_delay, sector) = (delay?, coverage_delay?, sector?);
    if delay.value < LEAST_DELAY {
        table.wrong(&delay.span, "the public delay is shorter than 6 hours", "", "no mission may publish earlier");
        return None;
    }
    if sector.value < LEAST_SECTOR {
        table.wrong(&sector.span, "sectors are shorter than 50 km", "", "coverage is shown no finer than that");
        return None;
    }
    Some(Publication {
        delay: delay.value,
        coverage_delay: coverage_delay.value,
        sector: sector.value,
        boundaries: boundaries?.value,
    })
}

fn source(table: Table<'_>) -> Option<Source> {
    let text = |key: &'static str| table.need(key).text().map(|at| at.value.to_string());
    let name = |key: &'static str| table.need(key).text().map(|at| Name::from(at.value));
    let (id, file, format) = (name("name"), text("file"), name("format"));
    let (title, licence) = (text("title"), text("licence"));
    let url = table.may("url").text().map(|at| at.value.to_string());
    let (asserted_by, group) = (name("asserted_by"), name("group"));
    let rating = table.need("rating").text().and_then(|at| {
        let rating = Rating::parse(at.value);
        if rating.is_none() {
            let help = "a letter A to F for the source, a digit 1 to 6 for the information: \"C3\"";
            table.wrong(&at.span, "not an Admiralty rating", "", help);
        }
        rating
    });
    let clock = table.clock("clock").map(|at| at.value);
    let (clock_note, place_note) = (text("clock_note"), text("place_note"));
    let shows = table.need("shows").texts().into_iter().map(|at| Name::from(at.value)).collect();
    let (shows_note, cannot_see) = (text("shows_note"), text("cannot_see"));
    let coverage = table.need("coverage").one_of(&coverage::Rule::NAMES);
    let about = table.may("about").text().map(|at| Name::from(at.value));
    let lag = table.may("lag").duration().map_or(0, |at| at.value);
    Some(Source {
        name: id?,
        file: file?,
        format: format?,
        title: title?,
        licence: licence?,
        url: url.unwrap_or_default(),
        asserted_by: asserted_by?,
        group: group?,
        rating: rating?,
        clock,
        clock_note: clock_note?,
        place_note: place_note?,
        shows,
        shows_note: shows_note?,
        cannot_see: cannot_see?,
        coverage: coverage?.value,
        about,
        lag,
    })
}

fn province(table: Table<'_>) -> Option<Province> {
    let code = table.need("code").code();
    let name = table.need("name").text();
    let forms = table.may("forms").texts().into_iter().map(|at| Name::from(at.value)).collect();
    let degrees = |key: &'static str, limit: i64| {
        table.need(key).decimal(7, -limit * 10_000_000..=limit * 10_000_000).map(|at| at.value as i32)
    };
    let (lon, lat) = (degrees("lon", 180), degrees("lat", 90));
    let radius = table.need("radius").length();
    Some(Province {
        code: Name::from(code?.value),
        name: Name::from(name?.value),
        forms,
        centre: Point { lon: lon?, lat: lat? },
        radius: radius?.value,
    })
}

fn false_point(table: &Table<'_>, provinces: &[Province]) -> Option<FalsePoint> {
    let place = table.need("place").text();
    let province = table.may("province").text();
    let stands_for = province.as_ref().map(|code| {
        let found = provinces.iter().find(|province| &*province.code == code.value);
        if found.is_none() {
            table.unknown(code, "province", provinces.iter().map(|province| province.code.as_str()));
        }
        found.map(|province| province.name.clone())
    });
    Some(FalsePoint {
        place: Name::from(place?.value),
        province: match stands_for {
            Some(found) => Some(found?),
            None => None,
        },
    })
}
