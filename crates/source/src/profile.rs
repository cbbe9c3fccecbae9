//! What the mission file says about a source, and the tables that all sources share.

use std::collections::BTreeMap;
use std::fmt;

use truce::Name;
use truce::lexicon::Reading;
use truce::observation::{Asserter, Detail, Observation, Rating};
use truce::place::{KM, Level, Mm, Place, Point};
use truce::time::{Micros, Zone};

use crate::identity::{fold, text_key};

/// What the mission file says about one source, because its files don't.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// Name of the source.
    pub source: Name,
    /// Who says what these files say.
    pub asserted_by: Asserter,
    /// Group of independence, for files that name no outlet.
    pub group: Name,
    /// Admiralty rating, for rows that have none.
    pub rating: Rating,
    /// The clock of times and days that are written without a zone. `None`: such files are refused.
    pub zone: Option<Zone>,
    /// Code of the party that the files speak of: whose launches a table lists, who holds the ground of a
    /// map, whose losses are claimed.
    pub about: Option<Name>,
    /// Where, for files that give totals without a place.
    pub place: Place,
    /// How long before its report an event may lie, for files that give the report's time only.
    pub lag: Micros,
    /// Licence of the files; travels with everything made from them.
    pub licence: String,
    /// Where the files are published; travels with everything made from them.
    pub url: String,
}

impl Profile {
    /// A source of which only the name is known: a third party, unrated, its own group, on an unknown clock.
    pub fn new(source: &str) -> Self {
        let source = Name::from(source);
        Self {
            group: source.clone(),
            source,
            asserted_by: Asserter::Third,
            rating: Rating::UNRATED,
            zone: None,
            about: None,
            place: Place::Unknown,
            lag: 0,
            licence: String::new(),
            url: String::new(),
        }
    }
}

/// Tells what a headline speaks of. (Labels that a source puts on its rows are not used: see `truce::lexicon`.)
pub type Classify<'a> = dyn Fn(&str) -> Reading + 'a;

/// The tables that all sources of a mission share.
#[derive(Clone)]
pub struct Context<'a> {
    pub(crate) provinces: BTreeMap<String, Place>,
    pub(crate) false_points: BTreeMap<String, (Option<Point>, Place)>,
    /// Everything in a settlement lies within this of its point in a gazetteer. Default: 5 km.
    pub settlement_radius: Mm,
    /// Where the mission works. A position outside that would lie inside with latitude and longitude
    /// swapped is set aside as swapped; one that is merely outside is kept.
    pub bounds: Option<Bounds>,
    /// Tells what a headline reports. `None`: undetermined.
    pub classify: Option<&'a Classify<'a>>,
}

impl Default for Context<'_> {
    fn default() -> Self {
        Self {
            provinces: BTreeMap::new(),
            false_points: BTreeMap::new(),
            settlement_radius: 5 * KM,
            bounds: None,
            classify: None,
        }
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("provinces", &self.provinces)
            .field("false_points", &self.false_points)
            .field("settlement_radius", &self.settlement_radius)
            .field("bounds", &self.bounds)
            .field("classify", &self.classify.is_some())
            .finish()
    }
}

/// A box on the globe that doesn't cross the antimeridian.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// South-west corner.
    pub south_west: Point,
    /// North-east corner.
    pub north_east: Point,
}

impl Bounds {
    /// Is the point inside or on the edge?
    pub fn contains(self, point: Point) -> bool {
        (self.south_west.lon..=self.north_east.lon).contains(&point.lon)
            && (self.south_west.lat..=self.north_east.lat).contains(&point.lat)
    }
}

impl Context<'_> {
    /// Add a province under its name and any other forms that files use ("Khersonska oblast", "Херсонська").
    /// Case, spaces and punctuation don't matter.
    pub fn add_province(&mut self, name: &str, other_forms: &[&str], centre: Point, radius: Mm) {
        let place = Place::Area { name: Name::from(name), level: Level::Province, centre, radius };
        for form in std::iter::once(&name).chain(other_forms) {
            self.provinces.insert(fold(form), place.clone());
        }
    }

    /// Add a false point: a settlement whose name (and position, if given: within 1 km or so) a source uses
    /// for reports that speak of a whole province. False when the province is not known yet.
    #[must_use]
    pub fn add_false_point(&mut self, name: &str, at: Option<Point>, province: &str) -> bool {
        let Some(place) = self.provinces.get(&fold(province)) else { return false };
        self.false_points.insert(fold(name), (at, place.clone()));
        true
    }

    /// Add a name that a source takes for a settlement and that is none: a football club, an adjective. A report
    /// put there has no place.
    pub fn add_nowhere(&mut self, name: &str) {
        self.false_points.insert(fold(name), (None, Place::Unknown));
    }

    /// The province of a name.
    pub fn province(&self, name: &str) -> Option<&Place> {
        self.provinces.get(&fold(name))
    }

    /// A gazetteer's point with a name: a settlement, or the province that the point falsely stands for.
    pub(crate) fn settlement(&self, name: &str, at: Point) -> Place {
        let near =
            |other: Point| at.lon.abs_diff(other.lon) <= 100_000 && at.lat.abs_diff(other.lat) <= 100_000;
        match self.false_points.get(&fold(name)) {
            Some((known, province)) if known.is_none_or(near) => province.clone(),
            _ => Place::Area {
                name: Name::from(if name.is_empty() { "unnamed place" } else { name }),
                level: Level::Settlement,
                centre: at,
                radius: self.settlement_radius,
            },
        }
    }

    /// Says of an observation what its headline speaks of, and keeps the key of the text, never the text.
    pub(crate) fn classified(&self, said: &mut Observation, headline: &str) {
        if let Some(classify) = self.classify {
            let reading = classify(headline);
            (said.act, said.weapon, said.target) = (reading.act, reading.weapon, reading.target);
            if reading.digest {
                said.detail = Detail::Digest;
            }
        }
        said.text_key = text_key(headline);
    }

    /// Names of provinces like this one, for a hint.
    pub(crate) fn province_forms(&self) -> impl Iterator<Item = &str> {
        self.provinces.keys().map(String::as_str)
    }
}
