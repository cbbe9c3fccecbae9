//! The cases of a record, read and folded; and the one way by which a step is taken.

use super::steps::{Pen, Steps};
use crate::assess::{self, Question};
use crate::folder;
use crate::intake;
use crate::progress::Progress;
use crate::record::keep::Place;
use crate::scene::Scene;
use anyhow::{Context as _, Result, bail, ensure};
use std::path::Path;
use truce::case::{Case, Docket, FollowUp, Rules, Step, TermsOf, Text, What, Wording};
use truce::ground::Ground;
use truce::time::Time;
use truce::{Id, Name};

/// The cases of a record, as its steps stand.
pub(super) struct Desk {
    /// The agreement and the mission that the cases are under.
    pub question: Question,
    /// Codes of the parties, in the order of the agreement.
    pub parties: Vec<Name>,
    /// The steps.
    pub steps: Steps,
    /// The cases as all steps make them.
    pub docket: Docket,
    /// Where the lines lie; none where one is derived from a map, which only observations bring.
    pub ground: Option<Ground>,
}

const NO_FOLLOW_UP: &str =
    "this mission follows up no cases: its mission.toml has no part [follow_up] (see docs/cases-workflow.md)";

impl Desk {
    /// Starts cases in a record: the agreement and the mission become leaves, and every role gets a key.
    pub(super) fn start(
        place: Place,
        origin: &str,
        agreement: &Path,
        mission: Option<&Path>,
    ) -> Result<Vec<String>> {
        let agreement = folder::load(agreement)?;
        let mission_files = assess::mission_files(mission)?;
        let question = Question::new(agreement, mission_files)?;
        let follow_up = question.mission.follow_up.as_ref().context(NO_FOLLOW_UP)?;
        let agreement = &question.folder.agreement;
        for rule in &follow_up.ladder {
            let known: Vec<&str> = agreement.consequences.iter().map(|one| one.id.as_str()).collect();
            ensure!(
                known.contains(&&*rule.consequence),
                "the ladder of mission.toml names the consequence \"{}\", which the agreement does not have; it has: {}",
                rule.consequence,
                if known.is_empty() { "none".to_string() } else { known.join(", ") }
            );
        }
        let roles = Steps::start(place, origin, &question)?;
        Ok(roles.into_iter().map(|role| role.to_string()).collect())
    }

    /// Reads the cases of a record.
    pub(super) fn open(place: Place) -> Result<Self> {
        let (steps, question) = Steps::read(place)?;
        ensure!(question.mission.follow_up.is_some(), NO_FOLLOW_UP);
        let parties = question.folder.agreement.parties.iter().map(|party| party.code.clone()).collect();
        let ground = assess::ground(&question.folder.agreement, &[], &question.mission).ok();
        let mut desk = Self { question, parties, steps, docket: Docket::default(), ground };
        desk.docket = desk.at(Time(i64::MAX))?;
        Ok(desk)
    }

    fn follow_up(&self) -> Result<&FollowUp> {
        self.question.mission.follow_up.as_ref().context(NO_FOLLOW_UP)
    }

    /// What decides beside the steps.
    pub(super) fn rules(&self) -> Result<Rules<'_>> {
        Ok(Rules {
            parties: &self.parties,
            follow_up: self.follow_up()?,
            public_delay: self.question.mission.publication.delay,
            terms: Some(TermsOf { agreement: &self.question.folder.agreement, ground: self.ground.as_ref() }),
        })
    }

    /// What notices and pages are worded from.
    pub(super) fn wording(&self) -> Wording<'_> {
        Wording { agreement: &self.question.folder.agreement, mission: &self.question.mission }
    }

    /// The cases as they stood at a moment.
    pub(super) fn at(&self, at: Time) -> Result<Docket> {
        Ok(Docket::fold(&self.steps.all, &self.rules()?, at))
    }

    /// The case whose id begins so; `1` is the first that was opened.
    pub(super) fn find<'a>(&self, docket: &'a Docket, name: &str) -> Result<&'a Case> {
        if let Some(case) = name
            .parse::<usize>()
            .ok()
            .filter(|_| name.len() < 6)
            .and_then(|number| docket.cases.get(number.wrapping_sub(1)))
        {
            return Ok(case);
        }
        let long = |case: &&Case| name.len() >= 4 && truce::case::hex(&case.id).starts_with(name);
        let found: Vec<&Case> = docket.cases.iter().filter(long).collect();
        match found[..] {
            [case] => Ok(case),
            [] => bail!(
                "there is no case \"{name}\": give its number or the first digits of its id; `truceline case list` shows both"
            ),
            _ => bail!("several cases begin with \"{name}\": give more digits"),
        }
    }

    /// The step of a case whose id begins so; `1` is its first.
    pub(super) fn find_step<'a>(&self, case: &'a Case, name: &str) -> Result<&'a Step> {
        let number = name.parse::<usize>().ok().filter(|_| name.len() < 6);
        if let Some(step) = number.and_then(|number| case.steps.get(number.wrapping_sub(1))) {
            return Ok(step);
        }
        let found: Vec<&Step> = case
            .steps
            .iter()
            .filter(|step| name.len() >= 4 && truce::case::hex(&step.id).starts_with(name))
            .collect();
        match found[..] {
            [step] => Ok(step),
            [] => bail!(
                "this case has no step \"{name}\": give its number or the first digits of its id; `truceline case show` lists them"
            ),
            _ => bail!("several steps begin with \"{name}\": give more digits"),
        }
    }

    /// Takes a step: signed, checked against the rules, and only then written.
    pub(super) fn take(&mut self, pen: &mut Pen, of: Option<Id>, what: What) -> Result<Step> {
        self.check_persons(pen, of, &what)?;
        let (step, entry) = self.steps.sign(pen, of, what)?;
        let mut docket = std::mem::take(&mut self.docket);
        let taken = docket.take(&step, &self.rules()?);
        self.docket = docket;
        taken?;
        self.steps.append(step.clone(), entry)?;
        Ok(step)
    }

    /// Who takes it and whom it names comes before its moment: a wrong role is not helped by another `--at`.
    fn check_persons(&self, pen: &Pen, of: Option<Id>, what: &What) -> Result<()> {
        let at = self.steps.latest().map_or(pen.at, |last| last.max(pen.at));
        let trial = Step {
            id: Id([0; 32]),
            index: self.steps.head.size,
            at,
            by: pen.role.clone(),
            case: of,
            what: what.clone(),
        };
        match self.docket.clone().take(&trial, &self.rules()?) {
            Err(refusal) if refusal.is_of_persons() => Err(refusal.into()),
            _ => Ok(()),
        }
    }

    /// Words as a page shows them.
    pub(super) fn words(&self, text: Text) -> String {
        self.steps.words(text)
    }

    /// Reads observations up to a moment, with what the mission's instruments heard and saw by then.
    pub(super) fn observe(&self, folder: &Path, as_of: Time, quiet: bool) -> Result<Scene<'_>> {
        let progress = Progress::new(quiet);
        let mut intake =
            intake::read_folder(folder, &self.question.mission, &self.question.classify(), &progress)?;
        intake.observations.retain(|observation| observation.time.end <= as_of);
        if intake.observations.is_empty() {
            bail!(
                "no observation up to {as_of} was read; the files and what became of them:\n{}",
                crate::books(&intake.files)
            );
        }
        let (agreement, mission) = (&self.question.folder.agreement, &self.question.mission);
        Scene::new(&[agreement], mission, intake.observations, &intake.territories, as_of)
    }
}

/// Words given on the command line: as they are, or those of a file after `@`.
pub(super) fn given(words: &str) -> Result<String> {
    let words = match words.strip_prefix('@') {
        Some(path) => crate::text_of(
            Path::new(path),
            "give the words as they are, or after @ the file that holds them",
        )?,
        None => words.to_string(),
    };
    let words = words.trim();
    ensure!(!words.is_empty(), "the words are empty: say something, or leave the step");
    Ok(words.to_string())
}
