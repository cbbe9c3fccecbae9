//! Views: functions of the product, printed line by line.

use super::files::{Files, exchange};
use crate::assess::{self, Question};
use crate::intake::{self, Intake};
use crate::scene::Scene;
use crate::{claims, counts, folder};
use anyhow::{Context as _, Result, anyhow, bail};
use report::language::{Language, Words};
use report::state::{InstrumentState, obligation_lines, release_lines};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use truce::Name;
use truce::assessment::{Assessed, Assessment, assess};
use truce::claim::{self, Bounds};
use truce::coverage::{Network, Watched};
use truce::direction::{Class, class, count_by, way};
use truce::evidence::probability_permille;
use truce::finding::{Finding, Verdict, probability};
use truce::mission::Mission;
use truce::observation::{Act, Belongs, Count, Observation, Target, Weapon};
use truce::place::{METRE, Point};
use truce::release::{Judgement, follows};
use truce::state::{Known, State};
use truce::time::{Span, Time};
use truce::trend::{Adjusted, Spot, totals};
use truce::witness::Witnesses;

/// All lines of a case, view by view.
pub(super) fn lines(files: &Files, all: &Path) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for view in &files.about.show {
        let shown = match view.as_str() {
            "totals" => {
                with_counts(files, |totals, mission| counts::period_lines(totals, mission.day_clock))?
            }
            "escalation" => with_counts(files, counts::alert_lines)?,
            "change-point" => with_counts(files, counts::step_lines)?,
            "claims" => statements(files)?,
            "findings" => each_agreement(files, findings)?,
            "verdicts" => each_agreement(files, verdicts)?,
            "obligations" => each_agreement(files, obligations)?,
            "releases" => each_agreement(files, releases)?,
            "follows" => each_agreement(files, consequences)?,
            "incidents" => each_agreement(files, incidents)?,
            "witnesses" => each_agreement(files, witnesses)?,
            "directions" => directions(files)?,
            "hours" => each_agreement(files, hours)?,
            "watched" => each_agreement(files, watched)?,
            "load" => load(files)?,
            "exchange" => exchanged(files, all)?,
            other => bail!("there is no view \"{other}\""),
        };
        lines.extend(folded(shown));
    }
    Ok(lines)
}

/// Lines that follow each other and are alike stand once.
fn folded(lines: Vec<String>) -> Vec<String> {
    let groups = lines.chunk_by(|a, b| a == b);
    groups
        .map(|alike| match alike {
            [line] => line.clone(),
            _ => format!("{} ({} alike)", alike[0], alike.len()),
        })
        .collect()
}

fn plural(count: u64, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

fn mission(files: &Files) -> Result<Mission> {
    Mission::parse("mission.toml", &files.mission).map_err(|mistakes| {
        let texts = [("mission.toml".to_string(), files.mission.clone())].into();
        anyhow!("{}", crate::mistake::render(&mistakes, &texts, false))
    })
}

fn with_counts(
    files: &Files,
    show: impl Fn(&[truce::trend::Total], &Mission) -> Vec<String>,
) -> Result<Vec<String>> {
    let text = files.beside.get("counts.csv").context("there is no counts.csv")?;
    Ok(show(&totals(&counts::read("counts.csv", text)?), &mission(files)?))
}

/// An agreement with everything known.
struct World<'a> {
    name: &'a str,
    question: &'a Question,
    observations: &'a [Observation],
    assessment: &'a Assessment<'a>,
    watched: Watched,
    files: &'a Files,
}

fn intake(files: &Files, question: &Question) -> Result<Intake> {
    let texts: Vec<(String, &[u8])> =
        files.observations.iter().map(|(name, bytes)| (name.clone(), bytes.as_slice())).collect();
    let intake = intake::read_bytes(&texts, &question.mission, &question.classify());
    for file in &intake.files {
        let set_aside = file.summary.as_ref().map_or(0, |summary| summary.rejected);
        if file.unused.is_some() || set_aside > 0 {
            bail!("{}", crate::books(&intake.files));
        }
    }
    Ok(intake)
}

fn question(files: &Files, texts: &BTreeMap<String, Vec<u8>>) -> Result<Question> {
    let folder = folder::compile(texts.clone()).map_err(|trouble| anyhow!("{trouble}"))?;
    Question::new(folder, [("mission.toml".to_string(), files.mission.clone())].into())
}

fn each_agreement(files: &Files, show: fn(&World<'_>) -> Result<Vec<String>>) -> Result<Vec<String>> {
    if files.agreements.is_empty() {
        bail!("there is no folder `agreement`, and `agreements` names none");
    }
    let mut lines = Vec::new();
    for (name, texts) in &files.agreements {
        let question = question(files, texts)?;
        let intake = intake(files, &question)?;
        let (agreement, mission) = (&question.folder.agreement, &question.mission);
        let latest = intake.observations.iter().map(|observation| observation.time.end).max();
        let (read, maps) = (intake.observations, &intake.territories);
        let scene = Scene::new(&[agreement], mission, read, maps, latest.unwrap_or_default())?;
        let name = if files.agreements.len() > 1 { name.as_str() } else { "" };
        for assessment in &scene.assess() {
            let (observations, watched) = (&scene.observations, scene.watched(0));
            lines.extend(show(&World {
                name,
                question: &question,
                observations,
                assessment,
                watched,
                files,
            })?);
        }
    }
    Ok(lines)
}

impl World<'_> {
    fn assessed(&self, finding: &Finding) -> Option<&Assessed<'_>> {
        self.assessment.incidents.iter().find(|assessed| assessed.facts.incident == finding.incident)
    }

    /// When, what, with what, against what, how many.
    fn label(&self, assessed: &Assessed<'_>) -> String {
        let facts = &assessed.facts;
        let mut label = counts::day(facts.time.start, self.question.mission.day_clock);
        let _ = write!(label, " {}", facts.act.name());
        if facts.weapon != Weapon::Undetermined {
            let _ = write!(label, " {}", facts.weapon.name());
        }
        if facts.target != Target::Undetermined {
            let _ = write!(label, " on {}", facts.target.name());
        }
        let number = |observation: &&Observation| match observation.count {
            Count::Exactly(number) | Count::About(number) | Count::AtLeast(number) => number,
            Count::Unstated => 1,
        };
        let most = assessed.incident.members.iter().map(number).max().unwrap_or(1);
        if most > 1 {
            let _ = write!(label, " x{most}");
        }
        let casualties =
            assessed.incident.members.iter().map(|member| Bounds::of(member.particulars().casualties));
        if let Some(casualties) = casualties.map(|bounds| bounds.least).max().filter(|count| *count > 0) {
            let _ = write!(label, ", {}", plural(casualties, "casualty", "casualties"));
        }
        label
    }

    fn moments(&self) -> Vec<(Time, Point)> {
        // That the monitor was hindered is no fire.
        let fire = |assessed: &&Assessed<'_>| assessed.facts.act.belongs(Act::Fire) == Belongs::Yes;
        let happened = self.assessment.incidents.iter().filter(fire);
        happened.filter_map(|assessed| Some((assessed.facts.time.start, assessed.incident.at?))).collect()
    }
}

/// `reading, clause: incident: verdict, by whose forces`; in the order of readings, clauses and time.
fn findings(world: &World<'_>) -> Result<Vec<String>> {
    let readings = &world.question.folder.agreement.readings;
    let mut rows = Vec::new();
    for finding in &world.assessment.findings {
        let assessed = world.assessed(finding).context("a finding without its incident")?;
        let reading = readings.iter().position(|reading| reading.id == finding.reading).unwrap_or(0);
        let clause = readings
            .get(reading)
            .and_then(|it| it.clauses.iter().position(|clause| clause.id == finding.clause));
        let label = world.label(assessed);
        let mut line = String::new();
        if !world.name.is_empty() {
            let _ = write!(line, "{}, ", world.name);
        }
        if readings.len() > 1 {
            let _ = write!(line, "reading {}, ", finding.reading);
        }
        let _ = write!(line, "{}: {label}: {}", finding.clause, finding.verdict.words());
        match &finding.party {
            Some(party) => {
                let _ = write!(line, ", by forces of {party}");
            }
            None if matches!(
                finding.verdict,
                Verdict::Breach | Verdict::Permitted | Verdict::Undetermined
            ) =>
            {
                line.push_str(", side not established");
            }
            None => {}
        }
        rows.push(((reading, clause, assessed.facts.time, label), line));
    }
    rows.sort();
    let mut lines: Vec<String> = rows.into_iter().map(|(_, line)| line).collect();
    if lines.is_empty() {
        let name = if world.name.is_empty() { String::new() } else { format!("{}: ", world.name) };
        lines.push(format!("{name}no finding"));
    }
    Ok(lines)
}

/// How many incidents each clause of each reading gives which verdict, those that it is not about among them.
fn verdicts(world: &World<'_>) -> Result<Vec<String>> {
    let counts = world.assessment.counts.iter();
    Ok(counts
        .map(|((reading, clause, verdict), count)| {
            let name = if world.name.is_empty() { String::new() } else { format!("{}, ", world.name) };
            format!("{name}reading {reading}, {clause}: {}: {count}", verdict.words())
        })
        .collect())
}

/// Where the instrument stands when all that is known has been said.
fn state(world: &World<'_>) -> Result<InstrumentState> {
    let question = world.question;
    let judgements = judgements(world.files)?;
    let claims = assess::claims(&question.folder, &question.mission, world.observations);
    let seen = world.observations.iter().map(|observation| observation.time.end);
    let said = claims.iter().map(|claim| claim.as_of.unwrap_or(claim.window.end));
    let judged = judgements.iter().map(|judgement| judgement.at);
    let at = seen.chain(said).chain(judged).max().context("nothing is known")?;
    let known = Known {
        observations: world.observations,
        weights: Some(&question.mission.weights),
        findings: &world.assessment.findings,
        claims: &claims,
        judgements: Some(&judgements),
        watched: Some((&world.watched, at)),
    };
    let state = State::at(&question.folder.agreement, known, at);
    Ok(InstrumentState::of(&state, question.mission.day_clock))
}

/// How obligations were kept, as far as the observations tell.
fn obligations(world: &World<'_>) -> Result<Vec<String>> {
    Ok(obligation_lines(&state(world)?, &Words::of(Language::English)))
}

/// `judgements.csv`: instrument,clause,party,by,at. What a named body judged; the program never judges.
fn judgements(files: &Files) -> Result<Vec<Judgement>> {
    let text = files.beside.get("judgements.csv").map_or("", String::as_str);
    let row = |line: &str| -> Option<Judgement> {
        let [instrument, clause, party, by, at] = line.split(',').collect::<Vec<_>>().try_into().ok()?;
        let [instrument, clause, party, by] = [instrument, clause, party, by].map(Name::from);
        Some(Judgement { instrument, clause, party, by, at: Time::parse(at.trim())? })
    };
    text.lines().skip(1).map(|line| row(line).with_context(|| format!("judgements.csv: {line}"))).collect()
}

/// How a self-release stands for each party, by findings, statements and judgements.
fn releases(world: &World<'_>) -> Result<Vec<String>> {
    Ok(release_lines(&state(world)?, &Words::of(Language::English)))
}

/// What the text lays down for each breach: shown, never carried out.
fn consequences(world: &World<'_>) -> Result<Vec<String>> {
    let agreement = &world.question.folder.agreement;
    let mut lines = Vec::new();
    for finding in &world.assessment.findings {
        for consequence in follows(agreement, finding) {
            lines.push(format!("{}: {} follows by the text", finding.clause, consequence.id));
        }
    }
    lines.sort();
    if lines.is_empty() {
        lines.push("nothing follows by the text".to_string());
    }
    Ok(lines)
}

/// `incident: kinds, observations, groups, probability, origin`.
fn incidents(world: &World<'_>) -> Result<Vec<String>> {
    let mut rows = Vec::new();
    for assessed in &world.assessment.incidents {
        let members = &assessed.incident.members;
        let mut groups: Vec<&Name> = members.iter().map(|member| &member.group).collect();
        groups.sort();
        groups.dedup();
        let permille = probability_permille(assessed.evidence.occurred);
        let origin = assessed.facts.origin.iter().find(|(_, permille)| *permille >= 900);
        let line = format!(
            "{}: {} of {}; occurred P {} ({}); origin {}",
            world.label(assessed),
            plural(members.len() as u64, "observation", "observations"),
            plural(groups.len() as u64, "group", "groups"),
            probability(permille),
            world.question.mission.words.word(permille),
            origin.map_or("not established".to_string(), |(party, permille)| {
                format!("{party} (P {})", probability(*permille))
            })
        );
        rows.push((assessed.facts.time, line));
    }
    rows.sort();
    let mut lines = vec![plural(rows.len() as u64, "incident", "incidents")];
    lines.extend(rows.into_iter().map(|(_, line)| line));
    Ok(lines)
}

fn witnesses(world: &World<'_>) -> Result<Vec<String>> {
    let all = Witnesses::of(world.assessment.incidents.iter().map(|assessed| &assessed.incident));
    Ok(vec![
        format!("{} incidents in all", all.all()),
        format!("noticed by instruments alone: {}, kept", all.instruments),
        format!("noticed by people alone: {}", all.people),
        format!("noticed by both: {}", all.both),
    ])
}

/// Classes of direction and of way, with shares; and that no side follows from them.
fn directions(files: &Files) -> Result<Vec<String>> {
    let mission = mission(files)?;
    let texts: Vec<(String, &[u8])> =
        files.observations.iter().map(|(name, bytes)| (name.clone(), bytes.as_slice())).collect();
    let intake = intake::read_bytes(&texts, &mission, &|headline| {
        truce::lexicon::Lexicon::default().classify(headline)
    });
    let fire: Vec<Observation> =
        intake.observations.iter().filter(|it| class(it) != Class::NotFire).cloned().collect();
    let (classes, ways) = (count_by(&intake.observations, class), count_by(&fire, way));
    let all: u64 = ways.values().sum();
    let share = |count: u64| format!("{} %", (count * 200 + all) / (2 * all.max(1)));
    let mut lines = vec![format!("{all} counted as fire")];
    for (class, count) in &classes {
        match class {
            Class::NotFire => lines.push(format!("no fire: {count}, not counted")),
            class => lines.push(format!("{}: {count} ({})", class.words(), share(*count))),
        }
    }
    lines.extend(ways.iter().map(|(way, count)| format!("{}: {count} ({})", way.words(), share(*count))));
    let named = intake.observations.iter().filter(|it| it.origin.is_some()).count();
    lines.push(format!("observations that name a side: {named}"));
    Ok(lines)
}

/// `watched.csv`: name,lat,lon,radius_m.
fn spots(files: &Files) -> Result<Vec<Spot>> {
    let text = files.beside.get("watched.csv").context("there is no watched.csv")?;
    let row = |line: &str| -> Option<Spot> {
        let [name, lat, lon, radius] = line.split(',').collect::<Vec<_>>().try_into().ok()?;
        let at = Point::from_degrees(lon.trim().parse().ok()?, lat.trim().parse().ok()?)?;
        Some(Spot { name: name.into(), at, radius: radius.trim().parse::<i64>().ok()? * METRE })
    };
    text.lines().skip(1).map(|line| row(line).with_context(|| format!("watched.csv: {line}"))).collect()
}

fn hours(world: &World<'_>) -> Result<Vec<String>> {
    let [start, end] = world.files.about.moments[..] else { bail!("`moments` must give a start and an end") };
    let network = Network::new(world.observations);
    let incidents = world.moments();
    let line = |spot: &Spot| {
        let hours = spot.hours(&network, &incidents, Span { start, end });
        format!(
            "{}: {} h observed, {} of them quiet; {} h not observed, which are not quiet; {} incidents",
            spot.name, hours.observed, hours.quiet, hours.not_observed, hours.incidents
        )
    };
    Ok(spots(world.files)?.iter().map(line).collect())
}

fn watched(world: &World<'_>) -> Result<Vec<String>> {
    let [start, middle, end] = world.files.about.moments[..] else {
        bail!("`moments` must give three moments")
    };
    let (before, after) = (Span { start, end: middle }, Span { start: middle, end });
    let network = Network::new(world.observations);
    let incidents = world.moments();
    let level = world.question.mission.series.level_permille;
    let permille = |value: i64| format!("{}.{:02}", value / 1_000, value % 1_000 / 10);
    let line = |name: &str, watched: truce::trend::Watched| {
        let trend = match watched.adjusted(level) {
            Adjusted::NotWatched => "not watched throughout both: no trend".to_string(),
            Adjusted::FromNone => "none before: no rate to compare with".to_string(),
            Adjusted::Ratio(ratio) => format!(
                "rate x{} ({} to {}): {}",
                permille(ratio.ratio_permille),
                permille(ratio.low_permille),
                permille(ratio.high_permille),
                match ratio.direction() {
                    truce::rate::Direction::Fewer => "fewer",
                    truce::rate::Direction::More => "more",
                    truce::rate::Direction::NoneShown => "no change shown",
                }
            ),
        };
        let hours = |time| claim::register::hours(time);
        format!(
            "{name}: {} in {} watched, then {} in {} watched; {trend}",
            watched.before,
            hours(watched.watched_before),
            watched.after,
            hours(watched.watched_after)
        )
    };
    let spots = spots(world.files)?;
    let each: Vec<_> = spots.iter().map(|spot| spot.watched(&network, &incidents, before, after)).collect();
    let mut lines: Vec<String> =
        spots.iter().zip(&each).map(|(spot, watched)| line(&spot.name, *watched)).collect();
    lines.push(match truce::trend::Watched::together(&each) {
        Some(all) => line("all together", all),
        None => "all together: not every place was watched before and after: no trend".to_string(),
    });
    Ok(lines)
}

/// Of the agreement and its observations, or of `claims.toml` beside the case alone.
fn statements(files: &Files) -> Result<Vec<String>> {
    let mut pages = Vec::new();
    match files.beside.get("claims.toml") {
        Some(text) => {
            let parties: Vec<Name> = files.about.parties.iter().map(|code| code.as_str().into()).collect();
            let claims = claim::parse_between(text, &parties).map_err(|mistakes| {
                let texts = [("claims.toml".to_string(), text.clone())].into();
                anyhow!("{}", crate::mistake::render(&mistakes, &texts, false))
            })?;
            pages.push(claims::statements(&claims, &parties, &mission(files)?)?);
        }
        None => {
            for texts in files.agreements.values() {
                let question = question(files, texts)?;
                let intake = Some(intake(files, &question)?).filter(|it| !it.observations.is_empty());
                pages.push(claims::read(&question, intake)?);
            }
        }
    }
    let mut lines = Vec::new();
    for page in &pages {
        lines.push(plural(page.register.entries.len() as u64, "statement", "statements"));
        lines.extend(page.row_lines());
        lines.extend(page.arithmetic());
        lines.extend(page.evidence());
        lines.extend(page.series());
        lines.extend(page.beside());
        lines.extend(page.silent());
    }
    Ok(lines)
}

/// A day's burst: events at places ten kilometres and times minutes apart, each noticed by several sources with small
/// differences; read, linked, weighed and held against the agreement before the cut-off.
fn load(files: &Files) -> Result<Vec<String>> {
    const CUT_OFF: Duration = Duration::from_secs(600);
    const PLACES: u32 = 100;
    let (events, sources) = files.about.load.context("there is no [load]")?;
    let (_, texts) = files.agreements.iter().next().context("there is no agreement")?;
    let question = question(files, texts)?;
    let start = Time::parse("2017-01-31T00:00:00+02:00").context("a moment")?;
    let per_place = events.div_ceil(PLACES);
    let rows = |source: u32| {
        let mut text = String::from("kind,time,lat,lon,error_m,act,group,rating\n");
        for event in 0..events {
            let (place, turn) = (event % PLACES, event / PLACES);
            // Small differences between sources, the same on every run.
            let jitter = i64::from((event * 7 + source * 13) % 5);
            let step = 24 * 3_600 / i64::from(per_place);
            let time = Time(start.0 + (i64::from(turn) * step + jitter) * truce::time::SECOND);
            let lon = 36.0 + 0.14 * f64::from(place) + 0.0002 * jitter as f64;
            let _ = writeln!(text, "impulse,{time},48.5,{lon:.5},100,shelling,network {source},A2");
        }
        text
    };
    let began = Instant::now();
    let texts: Vec<(String, String)> =
        (1..=sources).map(|source| (format!("acoustic-{source}.csv"), rows(source))).collect();
    let bytes: Vec<(String, &[u8])> =
        texts.iter().map(|(name, text)| (name.clone(), text.as_bytes())).collect();
    let intake = intake::read_bytes(&bytes, &question.mission, &question.classify());
    let agreement = &question.folder.agreement;
    let ground = assess::ground(agreement, &intake.territories, &question.mission)?;
    let assessment = assess(&intake.observations, agreement, &question.mission, &ground);
    let within = began.elapsed() <= CUT_OFF;
    let sizes: Vec<usize> =
        assessment.incidents.iter().map(|assessed| assessed.incident.members.len()).collect();
    let (least, most) = (sizes.iter().min().copied().unwrap_or(0), sizes.iter().max().copied().unwrap_or(0));
    let rejected: u64 =
        intake.files.iter().filter_map(|file| file.summary.as_ref()).map(|summary| summary.rejected).sum();
    Ok(vec![
        format!("{} observations read, {rejected} set aside", intake.observations.len()),
        format!("{} incidents, of {least} to {most} observations each", assessment.incidents.len()),
        format!("{} findings", assessment.findings.len()),
        format!("within {} minutes: {}", CUT_OFF.as_secs() / 60, if within { "yes" } else { "no" }),
    ])
}

/// Every case that `of` names (all others, if it names none), run with the codes of its two parties exchanged in its
/// input, and compared with its own output exchanged.
fn exchanged(files: &Files, all: &Path) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let (mut alike, mut run) = (0, 0);
    let mut folders: Vec<_> =
        std::fs::read_dir(all)?.map(|entry| entry.map(|it| it.path())).collect::<Result<_, _>>()?;
    folders.retain(|path| path.join("case.toml").is_file());
    folders.sort();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let case = Files::read(&folder, &files.mission)?;
        let meant = files.about.of.is_empty() || files.about.of.contains(&case.about.id);
        // The suite does not run itself, and the load of one case says nothing of sides.
        if !meant || case.about.show.iter().any(|view| view == "exchange" || view == "load") {
            continue;
        }
        let Some((one, other)) = sides(&case)? else { continue };
        run += 1;
        let straight = sorted(self::lines(&case, all)?);
        let swapped = case.exchanged(&one, &other, &files.about.only);
        let swapped = self::lines(&swapped, all)
            .map(|lines| sorted(lines.iter().map(|line| exchange(line, &one, &other)).collect()));
        match swapped {
            Ok(swapped) if swapped == straight => alike += 1,
            Ok(_) => lines.push(format!("{name}: {one} and {other} exchanged: another output")),
            Err(_) => lines.push(format!("{name}: {one} and {other} exchanged: no longer one story")),
        }
    }
    lines.insert(0, format!("alike: {}", if alike == run { "all" } else { "not all" }));
    lines.insert(1, format!("{run} cases run with their parties exchanged: {alike} alike"));
    Ok(lines)
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

/// The codes of the two parties of a case; `None` where it has none.
fn sides(case: &Files) -> Result<Option<(String, String)>> {
    if let [one, other] = &case.about.parties[..] {
        return Ok(Some((one.clone(), other.clone())));
    }
    let Some(texts) = case.agreements.values().next() else { return Ok(None) };
    let question = question(case, texts)?;
    match &question.folder.agreement.parties[..] {
        [one, other, ..] => Ok(Some((one.code.to_string(), other.code.to_string()))),
        _ => Ok(None),
    }
}
