//! The mission file: every threshold that decides, and what is known of each source.
//!
//! Nothing here has a default value: a key that is missing is a mistake in the file. The bytes of the file are
//! hashed into every report.

use crate::Name;
use crate::case::FollowUp;
use crate::config::{self, Mistake, Table};
use crate::coverage;
use crate::evidence::{KindWeight, Weights, Word, Words};
use crate::finding::probability;
use crate::incident::{Linking, Precision, Rule, Standing};
use crate::observation::{Act, Asserter, Kind, Rating, Weapon};
use crate::place::{KM, METRE, Mm, Point};
use crate::sensing::Rules;
use crate::series::{Measure, SeriesRules};
use crate::time::{DAY, HOUR, MINUTE, Micros, SECOND, Zone};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A mission.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mission {
    /// Title.
    pub title: String,
    /// What to say at the top of every report when the data is made up.
    pub made_up: Option<String>,
    /// The clock by which days are cut.
    pub day_clock: Zone,
    /// Which observations are one incident.
    pub linking: Linking,
    /// Which sightings of standing weapons are one presence.
    pub standing: Standing,
    /// What observations weigh.
    pub weights: Weights,
    /// Words for probabilities.
    pub words: Words,
    /// How the line of contact is derived from maps of held ground.
    pub contact: Contact,
    /// A stretch counts as observed when at least this share of it was, permille.
    pub least_observed_permille: u16,
    /// How change is measured.
    pub series: SeriesRules,
    /// When a statement counts as corroborated or contradicted; `None`: the file does not say, so no statement is
    /// tested.
    pub claims: Option<crate::claim::evidence::Rules>,
    /// When counts by period raise an alert; `None`: the file does not say, so none is raised.
    pub trend: Option<crate::trend::Rules>,
    /// What may be published, when and how coarsely.
    pub publication: Publication,
    /// Sources, in the order of the file.
    pub sources: Vec<Source>,
    /// Provinces.
    pub provinces: Vec<Province>,
    /// Points that stand for a province, or for nothing.
    pub false_points: Vec<FalsePoint>,
    /// How the day report is cut; none where the mission writes none.
    pub day_report: Option<DayRules>,
    /// How cases are followed up; `None`: this mission opens none.
    pub follow_up: Option<FollowUp>,
    /// Rules for the mission's own instruments, where it has any.
    pub sensing: Rules,
    /// How its record is kept.
    pub record: Keeping,
}

/// How a mission's record is kept: at which rhythm it grows, and for how long the vault keeps what.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Keeping {
    /// `None`: leaves are written as things are said, and the log shows when that is.
    pub rhythm: Option<Rhythm>,
    /// Days from recording to erasure; what is not named is kept.
    pub keep: Vec<(Category, u32)>,
}

/// A fixed rhythm: the same number of leaves at every beat, whatever is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rhythm {
    /// From one beat to the next.
    pub every: Micros,
    /// Leaves at each beat.
    pub leaves: u32,
}

/// What the vault keeps, by how it may be erased. What was published cannot be taken back, and has no category.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Category {
    /// Fine places and times, and all else that monitors and analysts alone may open.
    Fine,
    /// What liaisons and mediators may open.
    Peace,
    /// Names, quotes, notes and files that are not open to the public.
    Words,
    /// Texts of cases: tasks, notes, names of witnesses.
    Cases,
}

impl Category {
    /// All with their names in mission files.
    pub const NAMES: [(&'static str, Self); 4] =
        [("fine", Self::Fine), ("peace", Self::Peace), ("words", Self::Words), ("cases", Self::Cases)];
}

/// How the day report is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DayRules {
    /// The cut-off, from midnight on the clock by which days are cut; at most 24 hours.
    pub cut_off: Micros,
    /// An incident is listed as grave only from this probability, permille.
    pub grave_permille: u16,
}

/// How the line of contact is derived from maps of held ground.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Contact {
    /// The boundary of held ground is no line of contact where it lies this near to coast or state border.
    pub tolerance: Mm,
    /// Open pieces shorter than this are what is left where two maps draw coast or border differently.
    pub least_piece: Mm,
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
    /// Only incidents this near to the line stand on the strip.
    pub near_line: Mm,
    /// Only incidents whose place is known this well (one sigma) have a cell.
    pub cell_sigma: Mm,
    /// Which state borders a map shows.
    pub boundaries: Boundaries,
}

/// No event is published before six hours, whatever a mission file says.
pub const LEAST_DELAY: Micros = 6 * HOUR;

/// No coverage is shown before seven days: it would say where nobody looks.
pub const LEAST_COVERAGE_DELAY: Micros = 7 * DAY;

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

/// How what a source says is told to those outside the mission.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Told {
    /// As it is: the source publishes it itself.
    Exactly,
    /// By squares of 10 km and days; the state of instruments by squares of 50 km and days.
    Coarsely,
}

impl Told {
    /// Both with their names in files.
    pub const NAMES: [(&'static str, Self); 2] = [("exactly", Self::Exactly), ("coarsely", Self::Coarsely)];
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
    /// What sort of observation it gives, in words.
    pub kind: String,
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
    /// Which series is counted from it, if any.
    pub series: Option<Measure>,
    /// Code of the party that the files speak of: who holds the ground of a map, whose launches a table lists.
    pub about: Option<Name>,
    /// How long before its report an event may lie.
    pub lag: Micros,
    /// How what it says is told to the public, after the delay: coarsely unless the file says otherwise.
    pub told: Told,
    /// Name under which its key is enrolled in the record, if it hands in by itself: then it speaks with that key alone, and
    /// that key for nobody else.
    pub key: Option<Name>,
}

impl Source {
    /// Who asserts what its files say.
    pub fn asserter(&self) -> Asserter {
        match &*self.asserted_by {
            "monitor" => Asserter::Monitor,
            "third" => Asserter::Third,
            _ => Asserter::Party(self.asserted_by.clone()),
        }
    }

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
    /// Name in Ukrainian.
    pub uk: Option<Name>,
    /// Name in Russian.
    pub ru: Option<Name>,
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
            let day_clock = root.need("day_clock").text().and_then(|_| root.clock("day_clock"));
            let linking = root.need("linking").table().and_then(linking);
            let standing = root.need("standing").table().and_then(standing);
            let weights = root.need("evidence").table().and_then(weights);
            let words = words(&root);
            let contact = root.need("line_of_contact").table().and_then(contact);
            let least_observed = root.need("least_observed").decimal(3, 1..=1_000);
            let series = root.need("series").table().and_then(series);
            let (claims, trend) = (root.may("claims"), root.may("trend"));
            let claims = if claims.is_some() { Some(claims.table().and_then(claim_rules)?) } else { None };
            let trend = if trend.is_some() { Some(trend.table().and_then(trend_rules)?) } else { None };
            let publication = root.need("publication").table().and_then(publication);
            let provinces: Option<Vec<_>> = root.may("province").tables().into_iter().map(province).collect();
            let provinces = provinces.unwrap_or_default();
            let false_points: Option<Vec<_>> =
                root.may("false_point").tables().iter().map(|table| false_point(table, &provinces)).collect();
            // Asked for even where it is not there, so that a mistake in it is told with the others.
            let has_follow_up = root.has("follow_up");
            let follow_up = root.may("follow_up").table().and_then(|table| FollowUp::read(&table));
            let sensing = Rules::parse(&root);
            let record = match root.may("record") {
                field if field.is_some() => field.table().and_then(keeping),
                _ => Some(Keeping::default()),
            };
            let sources: Option<Vec<_>> = root.need("source").tables().into_iter().map(source).collect();
            let day_report = root.may("day_report").table().map(day_report);
            Some(Self {
                title: title?,
                made_up,
                day_clock: day_clock?.value,
                linking: linking?,
                standing: standing?,
                weights: weights?,
                words: words?,
                contact: contact?,
                least_observed_permille: least_observed?.value as u16,
                series: series?,
                claims,
                trend,
                publication: publication?,
                sources: sources?,
                provinces,
                false_points: false_points?,
                day_report: match day_report {
                    None => None,
                    Some(rules) => Some(rules?),
                },
                follow_up: if has_follow_up { Some(follow_up?) } else { None },
                sensing: sensing?,
                record: record?,
            })
        })
    }
}

impl Mission {
    /// Every threshold that decides something, in words: name and value.
    pub fn thresholds(&self) -> Vec<(String, String)> {
        let row = |name: &str, value: String| (name.to_string(), value);
        let km = |length: Mm| format!("{} km", length / KM);
        let publication = &self.publication;
        let mut rows = Vec::new();
        for rule in self.linking.rules() {
            let kinds: Vec<&str> = rule.kinds.iter().map(|kind| kind.name()).collect();
            rows.push(row(
                &format!("one incident: {}", kinds.join(", ")),
                format!(
                    "within {} m and {} minutes, beyond their uncertainty",
                    rule.reach / METRE,
                    rule.gap / MINUTE
                ),
            ));
        }
        let narrow = self.linking.narrow();
        rows.push(row(
            "may anchor an incident",
            format!("known to within {} m and {} minutes", narrow.within / METRE, narrow.length / MINUTE),
        ));
        let standing = &self.standing;
        rows.push(row(
            "sightings of one standing weapon",
            format!(
                "within {} m of the first, beyond their uncertainty, and {} hours of the last",
                standing.reach / METRE,
                standing.gap / HOUR
            ),
        ));
        rows.push(row("text together weighs at most", format!("{} centibans", self.weights.text_cap())));
        rows.push(row(
            "a stretch counts as observed",
            format!("at {} of it", probability(self.least_observed_permille)),
        ));
        rows.push(row("no line of contact within, of coast or border", km(self.contact.tolerance)));
        rows.push(row("shortest open piece of a line of contact", km(self.contact.least_piece)));
        let series = &self.series;
        rows.push(row("level of intervals", probability(series.level_permille)));
        rows.push(row(
            "windows before",
            format!("{}, at least {}", series.windows_before, series.min_windows),
        ));
        rows.push(row("standing state, not a start", format!("beyond {} hours", series.standing / HOUR)));
        rows.push(row("least precision of a filter", probability(series.min_precision_permille as u16)));
        rows.push(row(
            "comparable sky",
            format!("cloud within {}", probability(series.cloud_tolerance_permille)),
        ));
        rows.push(row("comparable days", format!("at least {}", series.min_comparable_days)));
        if let Some(claims) = &self.claims {
            let share = |permille| format!("at {} of the figure", probability(permille));
            rows.push(row("a claim is corroborated", share(claims.corroborated_permille)));
            rows.push(row(
                "a claim is contradicted, all being observed",
                share(claims.contradicted_permille),
            ));
        }
        if let Some(trend) = &self.trend {
            rows.push(row(
                "escalation alert",
                format!(
                    "{} rises in a row, each to {} permille, in all to {} permille of the first",
                    trend.rises, trend.least_rise_permille, trend.least_in_all_permille
                ),
            ));
            rows.push(row(
                "change-point: log likelihood ratio",
                format!("at least {} thousandths", trend.least_log_ratio_permille),
            ));
        }
        rows.push(row("withheld from the public", format!("{} hours", publication.delay / HOUR)));
        rows.push(row("coverage withheld", format!("{} hours", publication.coverage_delay / HOUR)));
        rows.push(row("sector along the line", km(publication.sector)));
        for source in self.sources.iter().filter(|source| source.lag > 0) {
            rows.push(row(
                &format!("what {} reports may lie before the report by", source.name),
                format!("{} hours (an assumption)", source.lag / HOUR),
            ));
        }
        rows.push(row("on the strip: place known to within", km(publication.sector / 2)));
        rows.push(row("on the strip: from the line at most", km(publication.near_line)));
        rows.push(row("has a cell: one sigma at most", km(publication.cell_sigma)));
        if let Some(rules) = &self.day_report {
            let minutes = rules.cut_off / MINUTE;
            rows.push(row("the day report is cut at", format!("{:02}:{:02}", minutes / 60, minutes % 60)));
            rows.push(row("listed as grave in it, at least", probability(rules.grave_permille)));
        }
        rows.extend(self.follow_up.iter().flat_map(FollowUp::thresholds));
        rows.extend(self.sensing.thresholds());
        rows
    }
}

fn linking(table: Table<'_>) -> Option<Linking> {
    let span = table.span();
    let precision = |table: &Table<'_>| {
        let (within, length) = (table.need("within").length(), table.need("for").duration());
        Some(Precision { within: within?.value, length: length?.value })
    };
    let classes: Option<Vec<Precision>> = table.need("precision").tables().iter().map(precision).collect();
    let widest = table.need("widest").table().and_then(|table| precision(&table));
    let gather = table.need("gather").flag();
    let rule = |table: &Table<'_>| {
        let kinds: Vec<Kind> =
            table.need("kinds").many_of(&Kind::NAMES).into_iter().map(|at| at.value).collect();
        let (reach, gap) = (table.need("reach").length(), table.need("gap").duration());
        Some(Rule { kinds, reach: reach?.value, gap: gap?.value })
    };
    let rules: Option<Vec<Rule>> = table.need("rule").tables().iter().map(rule).collect();
    match Linking::new(&rules?, &classes?, widest?, gather?.value) {
        Ok(linking) => Some(linking),
        Err(error) => {
            table.wrong(&span, error.to_string(), "in this part", "");
            None
        }
    }
}

fn standing(table: Table<'_>) -> Option<Standing> {
    let span = table.span();
    let with: Vec<Weapon> =
        table.need("with").many_of(&Weapon::NAMES).into_iter().map(|at| at.value).collect();
    let (reach, gap) = (table.need("reach").length(), table.need("gap").duration());
    let standing = Standing { with, reach: reach?.value, gap: gap?.value };
    match standing.wrong() {
        None => Some(standing),
        Some(message) => {
            table.wrong(&span, message, "in this part", "such as reach = \"1 km\" and gap = \"36 h\"");
            None
        }
    }
}

fn weights(table: Table<'_>) -> Option<Weights> {
    const LIMITS: core::ops::RangeInclusive<i64> = -1_000..=1_000;
    let span = table.span();
    let kind = |table: &Table<'_>| {
        let kind = table.need("kind").one_of(&Kind::NAMES);
        let (prior, share) = (table.need("prior").integer(LIMITS), table.need("share").decimal(3, 0..=1_000));
        Some(KindWeight { kind: kind?.value, prior: prior?.value as i32, permille: share?.value as u16 })
    };
    let kinds: Option<Vec<KindWeight>> = table.need("kinds").tables().iter().map(kind).collect();
    let ratings = table.need("rating").table().and_then(|table| {
        let row = |key: &'static str| -> Option<[i32; 6]> {
            let list = table.need(key).list()?;
            let row: Option<Vec<i32>> =
                list.value.iter().map(|field| field.integer(LIMITS).map(|at| at.value as i32)).collect();
            let row = <[i32; 6]>::try_from(row?);
            if row.is_err() {
                table.wrong(&list.span, "a rating has six weights", "", "one for each of information 1 to 6");
            }
            row.ok()
        };
        let rows = ["A", "B", "C", "D", "E", "F"].map(row);
        let mut ratings = [[0; 6]; 6];
        for (place, row) in ratings.iter_mut().zip(rows) {
            *place = row?;
        }
        Some(ratings)
    });
    let text_cap = table.need("text_cap").integer(0..=1_000);
    let origin_share = table.need("origin_share").decimal(3, 0..=1_000);
    let weights = Weights::new(&kinds?, ratings?, text_cap?.value as i32, origin_share?.value as u16);
    weights.map_err(|error| table.wrong(&span, error.to_string(), "in this part", "")).ok()
}

fn words(root: &Table<'_>) -> Option<Words> {
    let tables = root.need("words").tables();
    let bound = |table: &Table<'_>| {
        let (from, word) = (table.need("from").decimal(3, 0..=1_000), table.need("word").text());
        Some((from?.value as u16, Name::from(word?.value)))
    };
    let bounds: Option<Vec<(u16, Name)>> = tables.iter().map(bound).collect();
    let bounds = bounds?;
    let ends = bounds.iter().skip(1).map(|(from, _)| from.saturating_sub(1)).chain([1_000]);
    let words =
        bounds.iter().zip(ends).map(|((from, word), to)| Word { from: *from, to, word: word.clone() });
    let span = tables.first().map_or(0..0, Table::span);
    Words::new(words.collect()).map_err(|error| root.wrong(&span, error.to_string(), "", "")).ok()
}

fn series(table: Table<'_>) -> Option<SeriesRules> {
    let share = |key: &'static str, most: i64| table.need(key).decimal(3, 0..=most).map(|at| at.value as u32);
    let number = |key: &'static str| table.need(key).integer(0..=1_000).map(|at| at.value as u32);
    let level = share("level", 999);
    let (windows_before, min_windows) = (number("windows_before"), number("least_windows"));
    let max_shared = share("most_shared", 1_000);
    let standing = table.need("standing").duration();
    let (min_day, min_precision) = (share("least_day", 1_000), share("least_precision", 1_000));
    let digest_day = share("digest_day", 100_000);
    let cloud = share("cloud_tolerance", 1_000);
    let (season, comparable) = (number("season_days"), number("least_comparable_days"));
    let lag = number("map_lag_days");
    Some(SeriesRules {
        level_permille: level? as u16,
        windows_before: windows_before?,
        min_windows: min_windows?,
        max_shared_permille: max_shared?,
        standing: standing?.value,
        min_day_permille: min_day?,
        min_precision_permille: min_precision?,
        digest_day_permille: digest_day?,
        cloud_tolerance_permille: cloud? as u16,
        season_days: season?,
        min_comparable_days: comparable?,
        map_lag_days: lag?,
    })
}

fn claim_rules(table: Table<'_>) -> Option<crate::claim::evidence::Rules> {
    let share = |key: &'static str| table.need(key).decimal(3, 0..=1_000).map(|at| at.value as u16);
    let (corroborated, contradicted) = (share("corroborated"), share("contradicted"));
    let (occurred, origin) = (share("occurred"), share("origin"));
    let told = table.need("told").many_of(&Act::NAMES).into_iter().map(|at| at.value).collect();
    Some(crate::claim::evidence::Rules {
        corroborated_permille: corroborated?,
        contradicted_permille: contradicted?,
        occurred_permille: occurred?,
        origin_permille: origin?,
        told,
    })
}

fn trend_rules(table: Table<'_>) -> Option<crate::trend::Rules> {
    let permille =
        |key: &'static str| table.need(key).decimal(3, 1_000..=1_000_000).map(|at| at.value as u64);
    let number = |key: &'static str| table.need(key).integer(1..=1_000).map(|at| at.value as u32);
    let (rises, least_rise, least_in_all) =
        (number("rises"), permille("least_rise"), permille("least_in_all"));
    let quantile = table.need("quantile").decimal(3, 0..=10_000).map(|at| at.value as u64);
    let (dispersion, least_periods) = (permille("dispersion"), number("least_periods"));
    let least_log_ratio = table.need("least_log_ratio").decimal(3, 0..=1_000_000).map(|at| at.value);
    Some(crate::trend::Rules {
        rises: rises?,
        least_rise_permille: least_rise?,
        least_in_all_permille: least_in_all?,
        quantile_permille: quantile?,
        dispersion_permille: dispersion?,
        least_periods: least_periods?,
        least_log_ratio_permille: least_log_ratio?,
    })
}

fn contact(table: Table<'_>) -> Option<Contact> {
    let (tolerance, least_piece) = (table.need("tolerance").length(), table.need("least_piece").length());
    Some(Contact { tolerance: tolerance?.value, least_piece: least_piece?.value })
}

fn publication(table: Table<'_>) -> Option<Publication> {
    let delay = table.need("public_delay").duration();
    let coverage_delay = table.need("coverage_delay").duration();
    let sector = table.need("sector").length();
    let (near_line, cell_sigma) = (table.need("near_line").length(), table.need("cell_sigma").length());
    let boundaries = table.need("boundaries").one_of(&Boundaries::NAMES);
    let (delay, coverage_delay, sector) = (delay?, coverage_delay?, sector?);
    if delay.value < LEAST_DELAY {
        table.wrong(
            &delay.span,
            "the public delay is shorter than 6 hours",
            "",
            "no mission may publish earlier",
        );
        return None;
    }
    if coverage_delay.value < LEAST_COVERAGE_DELAY {
        table.wrong(
            &coverage_delay.span,
            "coverage is shown before 7 days",
            "",
            "no mission may show it earlier",
        );
        return None;
    }
    if sector.value < LEAST_SECTOR {
        table.wrong(
            &sector.span,
            "sectors are shorter than 50 km",
            "",
            "coverage is shown no finer than that",
        );
        return None;
    }
    Some(Publication {
        delay: delay.value,
        coverage_delay: coverage_delay.value,
        sector: sector.value,
        near_line: near_line?.value,
        cell_sigma: cell_sigma?.value,
        boundaries: boundaries?.value,
    })
}

fn keeping(table: Table<'_>) -> Option<Keeping> {
    let rhythm = match table.may("rhythm") {
        field if field.is_some() => Some(field.table().and_then(rhythm)?),
        _ => None,
    };
    let kept = |table: &Table<'_>| {
        let category = table.need("category").one_of(&Category::NAMES);
        let days = table.need("days").integer(1..=36_525);
        Some((category?.value, u32::try_from(days?.value).ok()?))
    };
    let keep: Option<Vec<_>> = table.may("keep").tables().iter().map(kept).collect();
    Some(Keeping { rhythm, keep: keep? })
}

fn rhythm(table: Table<'_>) -> Option<Rhythm> {
    let every = table.need("every").duration();
    let leaves = table.need("leaves").integer(1..=4_096);
    let (every, leaves) = (every?, leaves?);
    if !(SECOND..=HOUR).contains(&every.value) {
        table.wrong(&every.span, "a beat comes every second to every hour", "", "such as \"1 min\"");
        return None;
    }
    Some(Rhythm { every: every.value, leaves: u32::try_from(leaves.value).ok()? })
}

fn source(table: Table<'_>) -> Option<Source> {
    let text = |key: &'static str| table.need(key).text().map(|at| at.value.to_string());
    let name = |key: &'static str| table.need(key).text().map(|at| Name::from(at.value));
    let (id, file, format) = (name("name"), text("file"), name("format"));
    let (title, kind, licence) = (text("title"), text("kind"), text("licence"));
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
    let series = table.may("series").one_of(&Measure::NAMES).map(|at| at.value);
    let about = table.may("about").text().map(|at| Name::from(at.value));
    let lag = table.may("lag").duration().map_or(0, |at| at.value);
    let key = table.may("key").text().map(|at| Name::from(at.value));
    // A source that somebody forgot to think of is not laid open.
    let told = table.may("told").one_of(&Told::NAMES).map_or(Told::Coarsely, |at| at.value);
    Some(Source {
        name: id?,
        file: file?,
        format: format?,
        title: title?,
        kind: kind?,
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
        series,
        about,
        lag,
        told,
        key,
    })
}

fn day_report(table: Table<'_>) -> Option<DayRules> {
    let cut_off = table.need("cut_off").text();
    let grave = table.need("grave").decimal(3, 0..=1_000);
    let cut_off = cut_off?;
    let Some(time) = time_of_day(cut_off.value) else {
        table.wrong(
            &cut_off.span,
            format!("`{}` is no time of day", cut_off.value),
            "",
            "write hours and minutes, such as \"19:30\"; \"24:00\" cuts at midnight",
        );
        return None;
    };
    Some(DayRules { cut_off: time, grave_permille: grave?.value as u16 })
}

/// `19:30`; `24:00` is the end of the day.
fn time_of_day(text: &str) -> Option<Micros> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| {
        (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<i64>().ok())?
    };
    let time = number(hours)? * HOUR + Some(number(minutes)?).filter(|minutes| *minutes < 60)? * MINUTE;
    (time <= DAY).then_some(time)
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
    let (uk, ru) = (table.may("uk").text(), table.may("ru").text());
    let (uk, ru) = (uk.map(|at| Name::from(at.value)), ru.map(|at| Name::from(at.value)));
    Some(Province {
        code: Name::from(code?.value),
        name: Name::from(name?.value),
        forms,
        centre: Point { lon: lon?, lat: lat? },
        radius: radius?.value,
        uk,
        ru,
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
