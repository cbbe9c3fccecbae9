//! One statement in the project's own words: what a row of the observation table or a line of NDJSON says.
//! Documented for people in docs/observation-format.md.

use truce::Name;
use truce::observation::{
    Act, Asserter, Checked, Count, Detail, Force, Kind, Notice, NoticeSort, Object, Observation, Particulars,
    Purpose, Rating, Target, Verification, Weapon,
};
use truce::place::{Ellipse, Level, Place};
use truce::time::{Span, Time};

use crate::cell::{Cell, Fault, position};
use crate::run::{Run, plain};
use crate::{Cause, Profile, text_key};

/// All columns of the observation table, which are also the keys of NDJSON.
pub const COLUMNS: [&str; 64] = [
    "kind",
    "time",
    "time_end",
    // A measured position.
    "lat",
    "lon",
    "error_m",
    "error_minor_m",
    "error_azimuth",
    // Seen or heard from somewhere.
    "observer_lat",
    "observer_lon",
    "bearing",
    "half_width",
    "near_m",
    "far_m",
    // A named area.
    "area",
    "area_level",
    "area_lat",
    "area_lon",
    "radius_m",
    "act",
    "weapon",
    "target",
    "count",
    "origin",
    "direction",
    // What only some observations tell.
    "system",
    "calibre_mm",
    "force",
    "casualties",
    "duration_s",
    "unit",
    "object",
    "source",
    "group",
    "asserted_by",
    "rating",
    "text",
    "text_key",
    // Of one kind only.
    "launched",
    "destroyed",
    "power_kw",
    "confidence",
    "fires",
    "war_fires",
    "cloud_permille",
    "sensor",
    "up",
    "range_m",
    "notice_by",
    "notice",
    "notice_to",
    "notice_at",
    "notice_given",
    "notice_failed",
    "purpose",
    "clause",
    "stage",
    "condition",
    "outcome",
    // For people; read by nobody.
    "note",
    "observer",
    "reference",
    "photo",
    "recorded_at",
];

/// Columns that are allowed and not read: they help the people who keep the file.
const FOR_PEOPLE: [&str; 5] = ["note", "observer", "reference", "photo", "recorded_at"];

const LEVELS: [(&str, Level); 4] = [
    ("settlement", Level::Settlement),
    ("district", Level::District),
    ("province", Level::Province),
    ("country", Level::Country),
];

const YES_OR_NO: [(&str, bool); 4] = [("yes", true), ("no", false), ("true", true), ("false", false)];

/// The values that a row gives, without the empty ones.
pub(super) struct Statement<'r> {
    cells: Vec<Cell<'r>>,
}

impl<'r> Statement<'r> {
    pub(super) fn new(cells: impl Iterator<Item = Cell<'r>>) -> Self {
        Self { cells: cells.filter(|cell| !FOR_PEOPLE.contains(&cell.name)).collect() }
    }

    fn get(&self, name: &str) -> Option<Cell<'r>> {
        self.cells.iter().find(|cell| cell.name == name).copied()
    }

    fn need(&self, name: &'static str, cause: Cause, why: &str) -> Result<Cell<'r>, Fault> {
        self.get(name).ok_or_else(|| Fault::new(cause, format!("{name}: empty; {why}")))
    }

    /// Read a value that may be left out.
    fn maybe<T>(
        &self,
        name: &str,
        read: impl FnOnce(Cell<'r>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        self.get(name).map(read).transpose()
    }

    /// The first value among these, if any is given.
    fn any(&self, names: &[&str]) -> Option<Cell<'r>> {
        names.iter().find_map(|name| self.get(name))
    }

    /// What the row says.
    pub(super) fn observation(&self, run: &Run<'_>) -> Result<Observation, Fault> {
        let kind_cell = self.need("kind", Cause::Word, "say what kind of observation this is")?;
        let kind = kind_cell.word(&Kind::NAMES)?;
        if kind == Kind::Claim {
            let what = "belongs into a file of claims (columns claimant, against, window_start, ...)";
            return Err(kind_cell.fault(Cause::Word, what));
        }
        let mut said = plain(run.profile, kind, self.time()?, self.place(run)?);
        if let Some(cell) = self.get("asserted_by") {
            said.asserted_by = standing(run.profile, cell)?;
        }
        self.grouped(run.profile, &mut said)?;
        said.rating = self.maybe("rating", rating)?.unwrap_or(said.rating);
        let text = self.get("text").map_or("", |cell| cell.text);
        if !text.is_empty() {
            run.context.classified(&mut said, text);
        }
        // What the row says itself comes before what a text seems to say.
        said.act = self.maybe("act", |cell| cell.word(&Act::NAMES))?.unwrap_or(said.act);
        said.weapon = self.maybe("weapon", |cell| cell.word(&Weapon::NAMES))?.unwrap_or(said.weapon);
        said.target = self.maybe("target", |cell| cell.word(&Target::NAMES))?.unwrap_or(said.target);
        said.count = self.maybe("count", count)?.unwrap_or(Count::Unstated);
        said.origin = self.get("origin").map(|cell| Name::from(cell.text));
        said.direction = self.maybe("direction", |cell| cell.centidegrees(0.0, 360.0))?;
        said.text_key = match self.maybe("text_key", key)? {
            Some(_) if !text.is_empty() => {
                return Err(Fault::new(
                    Cause::Columns,
                    "text and text_key: give one of them, not both".into(),
                ));
            }
            Some(key) => Some(key),
            None => text_key(text),
        };
        said.particulars = self.particulars()?.boxed();
        // A moment (or a minute) and a length: it began then, and lasted so long.
        if let Some(lasted) = said.particulars().lasted.filter(|_| self.get("time_end").is_none()) {
            let end = Time(said.time.start.0.saturating_add(lasted));
            said.time.end = said.time.end.max(end);
        }
        said.detail = self.detail(kind)?;
        self.fits(kind, &said)?;
        Ok(said)
    }

    /// Its source, and who is one witness with it. Of instruments that are not the monitor's own only the mission file says
    /// which are independent of each other: else rows of one file could name fifty networks and weigh as fifty.
    fn grouped(&self, profile: &Profile, said: &mut Observation) -> Result<(), Fault> {
        let instrument = matches!(said.kind, Kind::Impulse | Kind::ThermalAnomaly);
        let told = instrument && said.asserted_by != Asserter::Monitor;
        if let Some(cell) = self.get("source") {
            said.source = Name::from(cell.text);
            if !told {
                said.group = Name::from(cell.text);
            }
        }
        if let Some(cell) = self.get("group") {
            if told && cell.text != &*profile.group {
                let what = format!(
                    "is not the group of source `{}`: which instruments of others are independent is for the mission \
                     file to say; give them a source and a file of their own there, or leave the cell empty",
                    profile.source
                );
                return Err(cell.fault(Cause::Mission, &what));
            }
            said.group = Name::from(cell.text);
        }
        Ok(())
    }

    fn particulars(&self) -> Result<Particulars, Fault> {
        let name = |column| self.get(column).map(|cell| Name::from(cell.text));
        Ok(Particulars {
            system: name("system"),
            calibre: self
                .maybe("calibre_mm", |cell| cell.within(0.1, 2_000.0, "millimetres"))?
                .map(|millimetres| (millimetres * 100.0).round() as u32),
            force: self.maybe("force", |cell| cell.word(&Force::NAMES))?.unwrap_or(Force::Undetermined),
            casualties: self.maybe("casualties", count)?.unwrap_or(Count::Unstated),
            lasted: self
                .maybe("duration_s", |cell| cell.whole())?
                .map(|seconds| i64::from(seconds) * truce::time::SECOND),
            unit: name("unit"),
            object: self.maybe("object", |cell| {
                Object::parse(cell.text)
                    .ok_or_else(|| cell.fault(Cause::Word, "is not CLASS:NAME, such as ship:Razoni"))
            })?,
        })
    }

    /// What a kind cannot do without.
    fn fits(&self, kind: Kind, said: &Observation) -> Result<(), Fault> {
        match kind {
            Kind::Position => {
                let why = "say which object it was, as CLASS:NAME, such as ship:Razoni";
                self.need("object", Cause::Columns, why)?;
                if said.place == Place::Unknown {
                    let reason = "lat: empty; a position says where the object was";
                    return Err(Fault::new(Cause::Place, reason.into()));
                }
            }
            Kind::Verification => {
                let why = "say with `origin` whose commitment was checked, by the code of the party";
                self.need("origin", Cause::Columns, why)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn time(&self) -> Result<Span, Fault> {
        let first = self.need("time", Cause::Time, "say when (like 2025-04-19T18:00:00+03:00)")?.when()?;
        let Some(cell) = self.get("time_end") else { return Ok(first) };
        let end = cell.when()?.end;
        Span::new(first.start, end).ok_or_else(|| cell.fault(Cause::Time, "is before `time`"))
    }

    fn place(&self, run: &Run<'_>) -> Result<Place, Fault> {
        const POINT: [&str; 5] = ["lat", "lon", "error_m", "error_minor_m", "error_azimuth"];
        const SECTOR: [&str; 6] =
            ["observer_lat", "observer_lon", "bearing", "half_width", "near_m", "far_m"];
        const AREA: [&str; 5] = ["area", "area_level", "area_lat", "area_lon", "radius_m"];
        let given: Vec<Cell<'_>> =
            [&POINT[..], &SECTOR, &AREA].into_iter().filter_map(|group| self.any(group)).collect();
        let at = |lat, lon| {
            let lat = self.need(lat, Cause::Place, "a position needs its latitude")?;
            let lon = self.need(lon, Cause::Place, "a position needs its longitude")?;
            position(lat, lon, run.context.bounds)
        };
        match &given[..] {
            [] => Ok(Place::Unknown),
            [one] if POINT.contains(&one.name) => {
                let at = at("lat", "lon")?;
                let why = "say how far off the position may be (one sigma, in metres)";
                let major_cell = self.need("error_m", Cause::Place, why)?;
                let major = major_cell.metres()?;
                let minor = self.maybe("error_minor_m", |cell| cell.metres())?.unwrap_or(major);
                if minor > major {
                    return Err(major_cell.fault(Cause::Place, "is smaller than error_minor_m; swap them"));
                }
                let azimuth = self.maybe("error_azimuth", |cell| cell.centidegrees(0.0, 180.0))?.unwrap_or(0);
                Ok(Place::Point { at, error: Ellipse { major, minor, azimuth } })
            }
            [one] if SECTOR.contains(&one.name) => {
                let from = at("observer_lat", "observer_lon")?;
                let why = "a sector needs its bearing and half_width in degrees (half_width 180: all round)";
                let bearing = self.need("bearing", Cause::Place, why)?.centidegrees(0.0, 360.0)?;
                let half_width = self.need("half_width", Cause::Place, why)?.centidegrees(0.0, 180.0)?;
                let near = self.maybe("near_m", |cell| cell.metres())?.unwrap_or(0);
                let far_cell = self.need("far_m", Cause::Place, "say the greatest range, in metres")?;
                let far = far_cell.metres()?;
                if far < near {
                    return Err(far_cell.fault(Cause::Place, "is less than near_m; swap them"));
                }
                Ok(Place::Sector { from, bearing, half_width, near, far })
            }
            [_] => {
                let name = Name::from(self.need("area", Cause::Place, "an area needs its name")?.text);
                let level =
                    self.need("area_level", Cause::Place, "settlement, district, province or country")?;
                let why = "everything in the area lies within so many metres";
                Ok(Place::Area {
                    name,
                    level: level.word(&LEVELS)?,
                    centre: at("area_lat", "area_lon")?,
                    radius: self.need("radius_m", Cause::Place, why)?.metres()?,
                })
            }
            [first, second, ..] => {
                let what =
                    format!("and `{}`: give one place only - a position, a sector or an area", second.name);
                Err(first.fault(Cause::Place, &what))
            }
        }
    }

    fn detail(&self, kind: Kind) -> Result<Detail, Fault> {
        const DETAILS: [(Kind, &[&str]); 6] = [
            (Kind::ReportedEvent, &["launched", "destroyed"]),
            (Kind::ThermalAnomaly, &["power_kw", "confidence"]),
            (Kind::ThermalAnomaly, &["fires", "war_fires", "cloud_permille"]),
            (Kind::SensorStatus, &["sensor", "up", "range_m"]),
            (
                Kind::Notice,
                &[
                    "notice_by",
                    "notice",
                    "notice_to",
                    "notice_at",
                    "notice_given",
                    "notice_failed",
                    "purpose",
                ],
            ),
            (Kind::Verification, &["clause", "stage", "condition", "outcome"]),
        ];
        let given: Vec<(Kind, Cell<'_>)> =
            DETAILS.iter().filter_map(|(kind, names)| Some((*kind, self.any(names)?))).collect();
        if let [(_, first), (_, second), ..] = &given[..] {
            return Err(first.fault(Cause::Columns, &format!("and `{}` exclude each other", second.name)));
        }
        if let Some((_, cell)) = given.iter().find(|(belongs, _)| *belongs != kind) {
            return Err(cell.fault(Cause::Columns, "does not belong to this kind of observation"));
        }
        let whole = |name| self.maybe(name, |cell| cell.whole());
        let first = given.first().map_or("", |(_, cell)| cell.name);
        match kind {
            Kind::ReportedEvent if !first.is_empty() => {
                Ok(Detail::Launches { launched: whole("launched")?, destroyed: whole("destroyed")? })
            }
            Kind::ThermalAnomaly if matches!(first, "power_kw" | "confidence") => Ok(Detail::Thermal {
                power_kw: whole("power_kw")?,
                confidence: self
                    .maybe("confidence", |cell| cell.within(0.0, 100.0, "percent"))?
                    .map(|percent| percent.round() as u8),
            }),
            Kind::ThermalAnomaly if !first.is_empty() => {
                let why = "a day's total needs fires, war_fires and cloud_permille";
                let cloud = self.need("cloud_permille", Cause::Number, why)?;
                Ok(Detail::ThermalDay {
                    fires: self.need("fires", Cause::Number, why)?.whole()?,
                    war_fires: self.need("war_fires", Cause::Number, why)?.whole()?,
                    cloud_permille: cloud.within(0.0, 1000.0, "permille")?.round() as u16,
                })
            }
            Kind::SensorStatus => {
                let why = "a sensor's status needs sensor, up and range_m";
                Ok(Detail::Status {
                    sensor: Name::from(self.need("sensor", Cause::Columns, why)?.text),
                    up: self.need("up", Cause::Columns, why)?.word(&YES_OR_NO)?,
                    range: self.need("range_m", Cause::Columns, why)?.metres()?,
                })
            }
            Kind::Notice => {
                let why = "say which party gave the notice";
                let party = Name::from(self.need("notice_by", Cause::Columns, why)?.text);
                let flag = |name| self.maybe(name, |cell| cell.word(&YES_OR_NO));
                let sort = self.maybe("notice", |cell| cell.word(&NoticeSort::NAMES))?;
                let notice = Notice {
                    sort: sort.unwrap_or(NoticeSort::PlannedAct),
                    purpose: self.maybe("purpose", |cell| cell.word(&Purpose::NAMES))?,
                    to: self.get("notice_to").map(|cell| Name::from(cell.text)),
                    given_at: self.maybe("notice_at", |cell| cell.when())?,
                    given: flag("notice_given")?.unwrap_or(true),
                    failed: flag("notice_failed")?,
                };
                Ok(Detail::Notice { party, notice: Box::new(notice) })
            }
            Kind::Verification => {
                let why = "say which clause was checked, by its id in the agreement";
                let clause = Name::from(self.need("clause", Cause::Columns, why)?.text);
                let why = "say what was found: done, not-done, partly or not-seen";
                Ok(Detail::Verification(Box::new(Verification {
                    clause,
                    stage: self.get("stage").map(|cell| Name::from(cell.text)),
                    condition: self.get("condition").map(|cell| Name::from(cell.text)),
                    outcome: self.need("outcome", Cause::Word, why)?.word(&Checked::NAMES)?,
                })))
            }
            _ => Ok(Detail::None),
        }
    }
}

/// `3`, `about 3`, `at least 3`.
pub(super) fn count(cell: Cell<'_>) -> Result<Count, Fault> {
    let about = cell.text.strip_prefix("about ");
    let at_least = cell.text.strip_prefix("at least ");
    let digits = about.or(at_least).unwrap_or(cell.text).trim_start();
    match (Cell { text: digits, ..cell }).whole() {
        Ok(number) if about.is_some() => Ok(Count::About(number)),
        Ok(number) if at_least.is_some() => Ok(Count::AtLeast(number)),
        Ok(number) => Ok(Count::Exactly(number)),
        Err(_) => Err(cell.fault(Cause::Number, "is not a count (write 3, about 3 or at least 3)")),
    }
}

/// `monitor`, `third` or `party:CODE`.
/// Who asserts a row: never somebody of more standing than the mission file gives to its file. Else a newspaper's or a
/// party's file could enter what it tells as the monitor's own observation.
fn standing(profile: &Profile, cell: Cell<'_>) -> Result<Asserter, Fault> {
    let said = asserter(cell)?;
    let (allowed, whose) = match &profile.asserted_by {
        Asserter::Monitor => return Ok(said),
        Asserter::Third => (said != Asserter::Monitor, String::from("a third party")),
        Asserter::Party(party) => (said == profile.asserted_by, format!("the party {party}")),
    };
    if allowed {
        return Ok(said);
    }
    let what = format!(
        "says more than the mission file does: files of source `{}` come from {whose}; leave the cell empty, or give what \
         others observed a file and a source of its own",
        profile.source
    );
    Err(cell.fault(Cause::Mission, &what))
}

fn asserter(cell: Cell<'_>) -> Result<Asserter, Fault> {
    match cell.text.strip_prefix("party:").map(str::trim) {
        Some("") => Err(cell.fault(Cause::Word, "names no party; write party:CODE")),
        Some(code) => Ok(Asserter::Party(Name::from(code))),
        None => match cell.word(&[("monitor", true), ("third", false)]) {
            Ok(true) => Ok(Asserter::Monitor),
            Ok(false) => Ok(Asserter::Third),
            Err(fault) => {
                let reason = format!("{} (a party is written party:CODE)", fault.reason);
                Err(Fault { reason, ..fault })
            }
        },
    }
}

fn rating(cell: Cell<'_>) -> Result<Rating, Fault> {
    Rating::parse(cell.text)
        .ok_or_else(|| cell.fault(Cause::Word, "is not a rating (A to F, then 1 to 6, such as B2)"))
}

fn key(cell: Cell<'_>) -> Result<u64, Fault> {
    let hex = cell.text.len() == 16 && cell.text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let key = if hex { u64::from_str_radix(cell.text, 16).ok() } else { None };
    key.ok_or_else(|| cell.fault(Cause::Number, "is not 16 hexadecimal digits"))
}
