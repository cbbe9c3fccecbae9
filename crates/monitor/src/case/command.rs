//! The arguments of `truceline case` and what each command does.

use super::desk::{Desk, given};
use super::steps::Pen;
use super::{export, show};
use crate::moment;
use crate::record::keep::Place;
use anyhow::{Context as _, Result, bail, ensure};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use truce::case::{
    Area, Case, Circumstances, Class, Confidence, Dissent, Found, Held, Hour, Judgement, Kept, Outcome, Role,
    Severity, Stance, Subject, Taken, TaskKind, What, due, notice, subject,
};
use truce::ground::Ground;
use truce::observation::{Act, Target, Weapon};
use truce::place::{KM, Point};
use truce::time::{SECOND, Time};
use truce::{Id, Name};

/// The name of a record that is made for cases alone.
const ORIGIN: &str = "truceline.local/cases";

/// What was done about a finding: report, verification, notice, answers, outcome, remedy, closure.
#[derive(Args)]
#[command(
    after_help = "A case is named by its number in `truceline case list` or by the first digits of its id; a step by its \
    number in `truceline case show`. Words are given as they are, or as @FILE. A step is dated by --at, never ahead of \
    this machine's clock and never before the step last recorded.\n\
    To replace a step, repeat its command with --corrects STEP --why WORDS."
)]
pub struct CaseArgs {
    #[command(subcommand)]
    command: Command,
}

/// Where the cases are.
#[derive(Args)]
struct Cases {
    /// Folder of the record that holds the cases.
    cases: PathBuf,
    /// Folder of the record's keys; without it, `keys` in the record's folder.
    #[arg(long)]
    keys: Option<PathBuf>,
}

impl Cases {
    fn place(&self) -> Place {
        Place::new(&self.cases, self.keys.as_deref())
    }
}

/// Who signs, and when.
#[derive(Args)]
struct Signed {
    #[command(flatten)]
    cases: Cases,
    /// The moment of the step, such as 2031-05-06T09:00:00Z; without it, now.
    #[arg(long, value_parser = second)]
    at: Option<Time>,
    /// Key file of the role that takes the step.
    #[arg(long)]
    key: PathBuf,
}

/// A step of a case, or what should stand in place of one.
#[derive(Args)]
struct OnCase {
    #[command(flatten)]
    signed: Signed,
    /// The case.
    case: String,
    /// This corrects an earlier step of the case: its number or id.
    #[arg(long, requires = "why")]
    corrects: Option<String>,
    /// Why it is corrected.
    #[arg(long)]
    why: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Start cases in a record, made if there is none: agreement and mission become leaves, each role gets a key.
    Start {
        #[command(flatten)]
        cases: Cases,
        /// Folder with terms.toml.
        #[arg(long)]
        agreement: PathBuf,
        /// Folder with mission.toml; without it, the mission for public data that is built in.
        #[arg(long)]
        mission: Option<PathBuf>,
        /// Name of the log, where the record is made anew: unlike any other, and for good.
        #[arg(long, default_value = ORIGIN)]
        origin: String,
    },
    /// Open cases: every one that the rule asks for, one on an incident, or one on a complaint; or add observations.
    Open(Open),
    /// Say whether a case is taken up.
    Triage {
        #[command(flatten)]
        on: OnCase,
        /// taken-up, duplicate, outside-the-terms, nothing-to-verify.
        #[arg(value_parser = word(Taken::NAMES))]
        decision: Taken,
        /// The case that it doubles.
        #[arg(long)]
        of: Option<String>,
    },
    /// Ask for verification, or enter what it gave.
    Task {
        #[command(flatten)]
        on: OnCase,
        /// Of what sort: visit, instruments, imagery, interview, notices, other.
        #[arg(long, value_parser = word(TaskKind::NAMES), required_unless_present = "done")]
        kind: Option<TaskKind>,
        /// By when.
        #[arg(long, value_parser = second, required_unless_present = "done")]
        due: Option<Time>,
        /// The task that is done: its step.
        #[arg(long, requires = "found", conflicts_with_all = ["kind", "due"])]
        done: Option<String>,
        /// confirmed, refuted, inconclusive, hindered.
        #[arg(long, value_parser = word(Found::NAMES))]
        found: Option<Found>,
        /// What exactly; stays with monitors and analysts.
        #[arg(long)]
        words: String,
    },
    /// Class a case by the published rules of the mission file.
    Classify {
        #[command(flatten)]
        on: OnCase,
        /// People killed or injured, as verified; left out: not known.
        #[arg(long)]
        casualties: Option<u32>,
        /// What was hit, as verified.
        #[arg(long, value_parser = word(&Target::NAMES))]
        against: Option<Target>,
        /// With what, as verified.
        #[arg(long, value_parser = word(&Weapon::NAMES))]
        with: Option<Weapon>,
        /// Independent groups that support it after verification, where that changed.
        #[arg(long)]
        groups: Option<u32>,
        /// Probability that it occurred after verification, 0 to 1000, where that changed.
        #[arg(long, value_parser = clap::value_parser!(u16).range(0..=1000))]
        occurred_permille: Option<u16>,
    },
    /// Write a note that stays with monitors, analysts and mediators.
    Note {
        #[command(flatten)]
        on: OnCase,
        /// The note.
        #[arg(long)]
        words: String,
    },
    /// Give notice to every party at once, in the same words.
    Notify {
        #[command(flatten)]
        on: OnCase,
    },
    /// Answer for a party: its liaison's key says for which.
    Answer {
        #[command(flatten)]
        on: OnCase,
        /// accepts, contests, explains.
        #[arg(value_parser = word(Stance::NAMES))]
        stance: Stance,
        /// In the party's own words.
        #[arg(long)]
        words: String,
    },
    /// Enter a judgement of responsibility of the body that the mission file names.
    Judge {
        #[command(flatten)]
        on: OnCase,
        /// Parties held responsible, in the order of the agreement.
        #[arg(
            long,
            value_delimiter = ',',
            conflicts_with = "not_established",
            required_unless_present = "not_established"
        )]
        responsible: Vec<String>,
        /// Responsibility is not established.
        #[arg(long)]
        not_established: bool,
        /// Why.
        #[arg(long)]
        words: String,
        /// A dissent: `not-established: WORDS` or `PARTY,PARTY: WORDS`. May be given again.
        #[arg(long)]
        dissent: Vec<String>,
    },
    /// Say how a case came out.
    Outcome {
        #[command(flatten)]
        on: OnCase,
        /// agreed, contested, unfounded, unresolved.
        #[arg(value_parser = word(Outcome::NAMES))]
        outcome: Outcome,
    },
    /// Lay down a remedy, or enter what became of it.
    Remedy {
        #[command(flatten)]
        on: OnCase,
        /// Parties for which it is to do, in the order of the agreement.
        #[arg(long, value_delimiter = ',', required_unless_present = "done")]
        by: Vec<String>,
        /// By when.
        #[arg(long, value_parser = second, required_unless_present = "done")]
        due: Option<Time>,
        /// What is to be done.
        #[arg(long, required_unless_present = "done")]
        words: Option<String>,
        /// The remedy of which word has come: its step.
        #[arg(long, requires = "kept", conflicts_with_all = ["by", "due", "words"])]
        done: Option<String>,
        /// done, not-done, not-seen.
        #[arg(long, value_parser = word(Kept::NAMES))]
        kept: Option<Kept>,
    },
    /// Release the coarse view of a case to the public, with a statement.
    Publish {
        #[command(flatten)]
        on: OnCase,
        /// The statement: everyone will read it. No names, no places finer than the public sector.
        #[arg(long)]
        words: String,
    },
    /// Withdraw a step. (To replace one, repeat its command with --corrects STEP --why WORDS.)
    Correct {
        #[command(flatten)]
        signed: Signed,
        /// The case.
        case: String,
        /// The step: its number or id.
        step: String,
        /// Why.
        #[arg(long)]
        why: String,
    },
    /// Close a case.
    Close {
        #[command(flatten)]
        on: OnCase,
        /// Why it is closed.
        #[arg(long)]
        words: String,
    },
    /// Show a case as one may see it.
    Show {
        #[command(flatten)]
        cases: Cases,
        /// The case.
        case: String,
        /// analyst; liaison (all liaisons and mediators see the same); public.
        #[arg(long, value_parser = word(show::AUDIENCES), default_value = "analyst")]
        r#for: show::Audience,
        /// As it stood at this moment; without it, at the last step recorded.
        #[arg(long, value_parser = second)]
        at: Option<Time>,
    },
    /// List all cases: opened, answered, overdue.
    List {
        #[command(flatten)]
        cases: Cases,
        /// As they stood at this moment; without it, at the last step recorded.
        #[arg(long, value_parser = second)]
        at: Option<Time>,
    },
    /// Write the case file for an adjudicating body, as a page and as data.
    Export {
        #[command(flatten)]
        cases: Cases,
        /// The case.
        case: String,
        /// Folder for case.html and case.json.
        #[arg(long)]
        out: PathBuf,
        /// Folder with files of observations: the evidence.
        #[arg(long)]
        observations: PathBuf,
        /// As it stood at this moment; without it, at the last step recorded.
        #[arg(long, value_parser = second)]
        at: Option<Time>,
    },
}

#[derive(Args)]
struct Open {
    #[command(flatten)]
    signed: Signed,
    /// Folder with files of observations: opens every case that the rule of the mission file asks for.
    #[arg(long, required_unless_present = "complaint")]
    observations: Option<PathBuf>,
    /// Only on this incident: the first digits of its id.
    #[arg(long, requires = "clause")]
    incident: Option<String>,
    /// The clause.
    #[arg(long)]
    clause: Option<String>,
    /// Add the observations of the incident to this case instead of opening one.
    #[arg(long, requires = "incident")]
    to: Option<String>,
    /// A complaint by this party.
    #[arg(long, requires_all = ["clause", "from", "words"], conflicts_with_all = ["observations", "incident"])]
    complaint: Option<String>,
    /// The complaint in the party's own words; every party will read them.
    #[arg(long, requires = "complaint")]
    words: Option<String>,
    /// The hour complained of, or its first,
    #[arg(long, value_parser = second)]
    from: Option<Time>,
    /// and its last.
    #[arg(long, value_parser = second)]
    until: Option<Time>,
    /// Where: kilometres along the reference line.
    #[arg(long, value_parser = kilometre, allow_hyphen_values = true)]
    km: Option<u32>,
    /// Where, away from the line: longitude,latitude in degrees; kept as a square of half a degree.
    #[arg(long, conflicts_with = "km", allow_hyphen_values = true)]
    near: Option<String>,
    /// What was done.
    #[arg(long, value_parser = word(&Act::NAMES), default_value = "undetermined")]
    act: Act,
    /// With what.
    #[arg(long, value_parser = word(&Weapon::NAMES), default_value = "undetermined")]
    with: Weapon,
    /// Against what.
    #[arg(long, value_parser = word(&Target::NAMES), default_value = "undetermined")]
    against: Target,
}

/// A moment, to the second: as steps are dated and shown.
fn second(text: &str) -> Result<Time, String> {
    let time = moment(text)?;
    if time.0 % SECOND == 0 {
        return Ok(time);
    }
    let whole = Time(time.0.div_euclid(SECOND) * SECOND);
    Err(format!("`{text}` has a fraction of a second, and steps are dated to the second: write {whole}"))
}

/// A kilometre of the line.
fn kilometre(text: &str) -> Result<u32, String> {
    text.trim().trim_end_matches("km").trim_end().parse().map_err(|_| {
        format!(
            "`{text}` is no kilometre of the line: they are whole and counted from 0 where the line begins"
        )
    })
}

/// Reads one of a closed list of words.
fn word<T: Copy + Send + Sync + 'static>(
    words: &'static [(&'static str, T)],
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        let found = words.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        found.ok_or_else(|| {
            let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
            format!("`{text}` is not known here; known are: {}", names.join(", "))
        })
    }
}

/// Runs the command and prints what it says.
///
/// # Errors
/// What went wrong, in words for the one who gave the command.
pub fn run(arguments: CaseArgs, quiet: bool) -> Result<String> {
    match arguments.command {
        Command::Start { cases, agreement, mission, origin } => {
            let roles = Desk::start(cases.place(), &origin, &agreement, mission.as_deref())?;
            let keys = cases.keys.clone().unwrap_or_else(|| cases.cases.join("keys"));
            Ok(format!(
                "Cases start in {}. Keys of {} lie in {}: give each to the one who holds the role, and keep no copy.\n",
                cases.cases.display(),
                roles.join(", "),
                keys.display()
            ))
        }
        Command::Open(open) => run_open(&open, quiet),
        Command::List { cases, at } => {
            let desk = Desk::open(cases.place())?;
            show::list(&desk, at.or(desk.steps.latest()).unwrap_or_default())
        }
        Command::Show { cases, case, r#for, at } => {
            let desk = Desk::open(cases.place())?;
            let at = at.or(desk.steps.latest()).unwrap_or_default();
            let docket = desk.at(at)?;
            let case = desk.find(&docket, &case)?;
            show::case(&desk, case, r#for, at)
        }
        Command::Export { cases, case, out, observations, at } => {
            let desk = Desk::open(cases.place())?;
            let at = at.or(desk.steps.latest()).unwrap_or_default();
            let docket = desk.at(at)?;
            let case = desk.find(&docket, &case)?;
            export::write(&desk, case, &observations, at, &out, quiet)?;
            Ok(format!("{}\n", out.join("case.html").display()))
        }
        Command::Correct { signed, case, step, why } => {
            let mut desk = Desk::open(signed.cases.place())?;
            let mut pen = desk.steps.pen(&signed.key, signed.at)?;
            let (id, step) = {
                let case = desk.find(&desk.docket, &case)?;
                (case.id, desk.find_step(case, &step)?.id)
            };
            let words = pen.write(&given(&why)?);
            let step = desk.take(&mut pen, Some(id), What::Correct { step, instead: None, words })?;
            Ok(show::taken(&desk, &step))
        }
        step => run_step(step),
    }
}

/// Takes a step of a case.
fn run_step(command: Command) -> Result<String> {
    match command {
        Command::Triage { on, decision, of } => take(&on, |desk, _, _| {
            let of = of
                .as_deref()
                .map(|name| Ok::<_, anyhow::Error>(desk.find(&desk.docket, name)?.id))
                .transpose()?;
            Ok(What::Triage { taken: decision, of })
        }),
        Command::Task { on, kind, due, done, found, words } => take(&on, |desk, pen, case| {
            let words = pen.write(&given(&words)?);
            Ok(match (done, found, kind, due) {
                (Some(done), Some(found), ..) => {
                    What::Result { task: desk.find_step(case, &done)?.id, found, words }
                }
                (_, _, Some(kind), Some(due)) => What::Task { kind, due, words },
                _ => bail!("a task has --kind and --due; its result has --done and --found"),
            })
        }),
        Command::Classify { on, casualties, against, with, groups, occurred_permille } => {
            take(&on, |desk, _, case| {
                let rules = desk.rules()?;
                let mut what = Circumstances::of(&case.subject, casualties);
                what.target = against.unwrap_or(what.target);
                what.weapon = with.unwrap_or(what.weapon);
                let (severity, _) = rules.follow_up.grade(&what);
                let groups = groups.unwrap_or(case.subject.groups);
                ensure!(
                    groups <= case.most_groups(),
                    "--groups {groups}: the case has {} groups of independence at most: {} of what it was opened on, and one \
                     for each verification that confirmed it and each observation added. Name no more than there are",
                    case.most_groups(),
                    case.subject.groups
                );
                let occurred = occurred_permille.or(case.subject.occurred_permille).unwrap_or(0);
                Ok(What::Classify(Class {
                    severity,
                    confidence: rules.follow_up.confidence(groups, occurred),
                    recurrence: rules.follow_up.recurrence(case, &desk.docket.cases),
                    casualties,
                }))
            })
        }
        Command::Note { on, words } => take(&on, |_, pen, _| Ok(What::Note(pen.write(&given(&words)?)))),
        Command::Notify { on } => take(&on, |desk, pen, case| {
            let answer_by = Time(pen.at.0 + desk.rules()?.follow_up.answer_within);
            let mut notices = Vec::new();
            for party in &desk.parties {
                let words = notice(case, party, answer_by, &desk.wording());
                notices.push((party.clone(), pen.write(&words)));
            }
            Ok(What::Notify(notices))
        }),
        Command::Answer { on, stance, words } => take(&on, |desk, pen, case| {
            // A correction by another role is refused by the rules, with the reason; it must name the party first.
            let corrected = on.corrects.as_deref().map(|step| desk.find_step(case, step)).transpose()?;
            let party = match (&pen.role, corrected.map(|step| &step.what)) {
                (Role::Liaison(party), _) | (_, Some(What::Answer { party, .. })) => party.clone(),
                _ => bail!(
                    "answers are given with the key of a party's liaison; this is the key of {}",
                    pen.role
                ),
            };
            Ok(What::Answer { party, stance, words: pen.write(&given(&words)?) })
        }),
        Command::Judge { on, responsible, not_established: _, words, dissent } => {
            take(&on, |desk, pen, _| {
                let mut dissents = Vec::new();
                for dissent in &dissent {
                    let (held, words) = dissent.split_once(':').with_context(|| {
                    format!("the dissent \"{dissent}\" does not say what it holds: write `not-established: WORDS` or `PARTY: WORDS`")
                })?;
                    let held = match held.trim() {
                        "not-established" => Held::NotEstablished,
                        parties => Held::Responsible(names(parties.split(','))),
                    };
                    dissents.push(Dissent { held, words: pen.write(&given(words.trim())?) });
                }
                Ok(What::Judge(Judgement {
                    body: desk.rules()?.follow_up.body.clone(),
                    held: match responsible.is_empty() {
                        true => Held::NotEstablished,
                        false => Held::Responsible(names(responsible.iter().map(String::as_str))),
                    },
                    words: pen.write(&given(&words)?),
                    dissents,
                }))
            })
        }
        Command::Outcome { on, outcome } => take(&on, |_, _, _| Ok(What::Conclude(outcome))),
        Command::Remedy { on, by, due, words, done, kept } => take(&on, |desk, pen, case| {
            Ok(match (done, kept, due, &words) {
                (Some(done), Some(kept), ..) => {
                    What::Remedied { remedy: desk.find_step(case, &done)?.id, kept }
                }
                (_, _, Some(due), Some(words)) => What::Remedy {
                    parties: names(by.iter().map(String::as_str)),
                    due,
                    words: pen.write(&given(words)?),
                },
                _ => bail!("a remedy has --by, --due and --words; what became of it has --done and --kept"),
            })
        }),
        Command::Publish { on, words } => {
            take(&on, |_, pen, _| Ok(What::Publish(pen.write(&given(&words)?))))
        }
        Command::Close { on, words } => take(&on, |_, pen, _| Ok(What::Close(pen.write(&given(&words)?)))),
        Command::Start { .. }
        | Command::Open(_)
        | Command::Correct { .. }
        | Command::Show { .. }
        | Command::List { .. }
        | Command::Export { .. } => bail!("this command takes no step of a case"),
    }
}

fn names<'a>(parties: impl Iterator<Item = &'a str>) -> Vec<Name> {
    parties.map(|party| Name::from(party.trim())).collect()
}

fn take(on: &OnCase, what: impl FnOnce(&Desk, &mut Pen, &Case) -> Result<What>) -> Result<String> {
    let mut desk = Desk::open(on.signed.cases.place())?;
    let mut pen = desk.steps.pen(&on.signed.key, on.signed.at)?;
    let case = desk.find(&desk.docket, &on.case)?;
    let id = case.id;
    let what = what(&desk, &mut pen, case)?;
    let what = match (&on.corrects, &on.why) {
        (Some(step), Some(why)) => What::Correct {
            step: desk.find_step(case, step)?.id,
            instead: Some(Box::new(what)),
            words: pen.write(&given(why)?),
        },
        _ => what,
    };
    let step = desk.take(&mut pen, Some(id), what)?;
    Ok(show::taken(&desk, &step))
}

fn run_open(open: &Open, quiet: bool) -> Result<String> {
    let mut desk = Desk::open(open.signed.cases.place())?;
    let mut pen = desk.steps.pen(&open.signed.key, open.signed.at)?;
    let subjects: Vec<(Subject, Option<(Severity, Confidence)>)> = match (&open.complaint, &open.observations)
    {
        (Some(party), _) => vec![(complaint(&desk, &mut pen, open, party)?, None)],
        (None, Some(observations)) => {
            let scene = desk.observe(observations, pen.at, quiet)?;
            let agreement = &desk.question.folder.agreement;
            let mission = &desk.question.mission;
            let assessments = scene.assess();
            let assessment = assessments.first().context("nothing was held against the agreement")?;
            match (&open.incident, &open.clause) {
                (Some(incident), Some(clause)) => {
                    let clause = known_clause(&desk, clause)?;
                    let long =
                        |id: Id| incident.len() >= 4 && truce::case::hex(&id).starts_with(incident.as_str());
                    let found: Vec<_> =
                        assessment.incidents.iter().filter(|one| long(one.facts.incident)).collect();
                    let [one] = found[..] else {
                        bail!(
                            "{} incidents begin with \"{incident}\": give at least four digits, enough for one",
                            found.len()
                        );
                    };
                    let mut subject = subject(one, agreement, mission, &clause);
                    let breaches = assessment.findings.iter().filter(|finding| {
                        finding.incident == one.facts.incident
                            && finding.clause == clause
                            && finding.verdict == truce::finding::Verdict::Breach
                    });
                    for finding in breaches {
                        subject.readings.push(finding.reading.clone());
                        subject.forces = subject.forces.or(finding.party.clone());
                    }
                    vec![(subject, None)]
                }
                _ => due(assessment, agreement, mission, desk.rules()?.follow_up, &desk.docket.cases)
                    .into_iter()
                    .map(|due| (due.subject, Some((due.severity, due.confidence))))
                    .collect(),
            }
        }
        (None, None) => bail!("give --observations, or --complaint"),
    };
    if let Some(to) = &open.to {
        let id = desk.find(&desk.docket, to)?.id;
        let observations = subjects.into_iter().flat_map(|(subject, _)| subject.observations).collect();
        let step = desk.take(&mut pen, Some(id), What::Attach(observations))?;
        return Ok(show::taken(&desk, &step));
    }
    if subjects.is_empty() {
        return Ok("No finding asks for a case that is not open already.\n".to_string());
    }
    let mut page = String::new();
    for (subject, why) in subjects {
        let step = desk.take(&mut pen, None, What::Open(subject))?;
        page += &show::taken(&desk, &step);
        if let Some((severity, confidence)) = why {
            page +=
                &format!("  by the rule of the mission file: {}, {}\n", severity.name(), confidence.name());
        }
    }
    Ok(page)
}

fn known_clause(desk: &Desk, id: &str) -> Result<Name> {
    let readings = &desk.question.folder.agreement.readings;
    let clauses: Vec<&Name> =
        readings.iter().flat_map(|reading| &reading.clauses).map(|clause| &clause.id).collect();
    let found = clauses.iter().find(|clause| clause.as_str() == id);
    found.map(|clause| (*clause).clone()).with_context(|| {
        let mut known: Vec<&str> = clauses.iter().map(|clause| clause.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        format!("the agreement has no clause \"{id}\"; it has: {}", known.join(", "))
    })
}

fn complaint(desk: &Desk, pen: &mut Pen, open: &Open, party: &str) -> Result<Subject> {
    let clause = known_clause(desk, open.clause.as_deref().unwrap_or_default())?;
    let from = open.from.context("give the hour complained of: --from")?;
    let until = open.until.unwrap_or(from);
    ensure!(from <= pen.at, "the hour complained of ({from}) lies after the moment of the complaint");
    let area = match (open.km, &open.near) {
        (Some(_), _) if desk.question.folder.agreement.reference_line().is_none() => {
            bail!(
                "the agreement has no reference line, so there is no kilometre of it: give the place with --near"
            )
        }
        (Some(km), _) => Area::along(i64::from(km) * KM),
        (None, Some(near)) => {
            let degrees: Option<(f64, f64)> = near
                .split_once(',')
                .and_then(|(lon, lat)| Some((lon.trim().parse().ok()?, lat.trim().parse().ok()?)));
            let point = degrees.and_then(|(lon, lat)| Point::from_degrees(lon, lat));
            let point = point.with_context(|| {
                format!("\"{near}\" is no place: write longitude,latitude, such as 36.2,49.9")
            })?;
            // Near the line it is a sector, as of a finding: so one place is not two by the way in which it is told.
            let front = desk.ground.as_ref().and_then(Ground::reference);
            let nearest = front.map(|front| front.line.nearest(point));
            match nearest.filter(|nearest| nearest.distance <= desk.question.mission.publication.near_line) {
                Some(nearest) => Area::along(nearest.chainage),
                None => Area::around(point),
            }
        }
        (None, None) => Area::NotKnown,
    };
    Ok(Subject {
        instrument: desk.question.folder.agreement.id.clone(),
        clause,
        readings: Vec::new(),
        forces: None,
        incident: None,
        observations: Vec::new(),
        complaint: Some(party.into()),
        words: open
            .words
            .as_deref()
            .map(|words| Ok::<_, anyhow::Error>(pen.write(&given(words)?)))
            .transpose()?,
        area,
        from: Hour::of(from),
        to: Hour::of(until),
        act: open.act,
        weapon: open.with,
        target: open.against,
        occurred_permille: None,
        groups: 0,
    })
}
