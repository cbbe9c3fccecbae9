//! The case file for an adjudicating body, put together from a case, its evidence and its coverage.

use super::desk::Desk;
use super::show::{class_words, held_words, minute, stance_words};
use crate::assess::{self, claims};
use crate::progress::Progress;
use crate::record::export as bundle;
use anyhow::{Context as _, Result, bail};
use report::case_file::{
    Assessed as AssessedRow, CaseFile, ClaimBeside, CorrectionRow, DissentRow, EvidenceRow, FORMAT, Fact,
    FindingUnder, Judged, Proof, RemedyRow, RungRow, Speaks, StepRow, Version,
};
use std::fs;
use std::path::Path;
use truce::agreement::Words;
use truce::assessment::{Assessed, Assessment};
use truce::case::{Area, Case, Holding, Shared, ladder, resolve, shared};
use truce::coverage::{Network, Seen};
use truce::evidence::Item;
use truce::ground::Ground;
use truce::observation::{Asserter, Belongs, Observation};
use truce::time::{Span, Time};
use truce::{Id, Name};

/// Writes `case.html` and `case.json`, and the proofs of the steps in them in the folder `proofs`.
pub(super) fn write(
    desk: &Desk,
    case: &Case,
    observations: &Path,
    at: Time,
    out: &Path,
    quiet: bool,
) -> Result<()> {
    let scene = desk.observe(observations, at, quiet)?;
    let assessments = scene.assess();
    let (Some(assessment), Some(ground)) = (assessments.first(), scene.grounds.first()) else {
        bail!("nothing was held against the agreement");
    };
    let file =
        Composer { desk, case, at, assessment, observations: &scene.observations, ground }.compose()?;
    let leaves = file.steps.iter().map(|step| step.leaf).collect();
    fs::create_dir_all(out).with_context(|| format!("cannot make the folder {}", out.display()))?;
    bundle::run(
        desk.steps.place(),
        &out.join("proofs"),
        &bundle::What::Leaves(leaves),
        "liaison",
        at,
        &Progress::new(quiet),
    )?;
    assess::write(out, &[("case.json", file.json()), ("case.html", file.html())])
}

struct Composer<'a> {
    desk: &'a Desk,
    case: &'a Case,
    at: Time,
    assessment: &'a Assessment<'a>,
    observations: &'a [Observation],
    ground: &'a Ground,
}

fn fact(name: &str, value: impl Into<String>) -> Fact {
    Fact { name: name.to_string(), value: value.into() }
}

impl<'a> Composer<'a> {
    fn compose(&self) -> Result<CaseFile> {
        let (desk, case) = (self.desk, self.case);
        let rules = desk.rules()?;
        let view = shared(case, &rules, self.at);
        let wording = desk.wording();
        let held = self.held();
        Ok(CaseFile {
            format: FORMAT.to_string(),
            id: truce::case::hex(&case.id),
            made_up: desk.question.mission.made_up.clone(),
            instrument: desk.question.folder.agreement.title.clone(),
            clause: wording.clause(&case.subject.clause),
            as_of: minute(self.at),
            stage: view.stage.words().to_string(),
            facts: self.facts(&view)?,
            findings: self.findings(&held),
            assessed: held.iter().flat_map(|one| self.assessed(one)).collect(),
            evidence: held.iter().flat_map(|one| self.evidence(one)).collect(),
            coverage: self.coverage(),
            versions: self.versions(&view)?,
            claims: self.claims(),
            outcome: view.outcome.map(|outcome| outcome.words().to_string()),
            judgements: self.judgements(&view)?,
            remedies: self.remedies(&view)?,
            ladder: self.ladder()?,
            steps: view
                .steps
                .iter()
                .map(|step| StepRow {
                    id: truce::case::hex(&step.id),
                    leaf: desk.steps.leaf(step.id).unwrap_or_default(),
                    when: minute(step.at),
                    step: step.kind.noun().to_string(),
                    by: step.by.to_string(),
                })
                .collect(),
            corrections: self.corrections(&view)?,
            incidents: self.incidents(),
            digests: ["agreement", "mission"]
                .into_iter()
                .zip(&desk.steps.digests)
                .map(|(of, digest)| fact(of, verify::text::hex(digest)))
                .collect(),
            proof: self.proof(),
            limits: limits(),
        })
    }

    /// The incidents that hold observations of the case now.
    fn held(&self) -> Vec<&'a Assessed<'a>> {
        let holds = |one: &&Assessed<'_>| {
            one.incident.members.iter().any(|member| self.case.observations.binary_search(&member.id).is_ok())
        };
        self.assessment.incidents.iter().filter(holds).collect()
    }

    fn facts(&self, view: &Shared) -> Result<Vec<Fact>> {
        let (wording, subject) = (self.desk.wording(), &view.subject);
        let mut facts = vec![
            fact("What", wording.what(subject)),
            fact("Where", wording.place(subject.area)),
            fact("When", wording.when(subject.from, subject.to)),
            fact("Whose forces acted", wording.forces(subject)),
            fact("How sure when it was opened", wording.how_sure(subject)),
            fact("Opened", format!("{}, by {}", minute(view.opened), self.case.opened_by)),
        ];
        if let (Some(party), Some(words)) = (&subject.complaint, subject.words) {
            facts.push(fact(&format!("Complaint by {}", wording.party(party)), self.desk.words(words)));
        }
        let class = view.class.as_ref().map_or("not classed".to_string(), class_words);
        facts.push(fact("Class, by the published rules", class));
        for (number, task) in (1..).zip(&view.tasks) {
            let found = task
                .found
                .map_or(format!("not back yet; due {}", minute(task.due)), |found| found.name().to_string());
            facts.push(fact(&format!("Verification {number}"), found));
        }
        if let Some(until) = view.answer_by {
            facts.push(fact("Answers asked for by, of every party", minute(until)));
        }
        if let Some((when, words)) = view.closed {
            facts.push(fact(&format!("Closed {}", minute(when)), self.desk.words(words)));
        }
        Ok(facts)
    }

    fn findings(&self, held: &[&Assessed<'_>]) -> Vec<FindingUnder> {
        let agreement = &self.desk.question.folder.agreement;
        let wording = self.desk.wording();
        let of_case = self.assessment.findings.iter().filter(|finding| {
            finding.clause == self.case.subject.clause
                && held.iter().any(|one| one.facts.incident == finding.incident)
        });
        of_case
            .map(|finding| {
                let holder = agreement.reading(&finding.reading).and_then(|reading| reading.holder.as_ref());
                FindingUnder {
                    reading: match holder {
                        Some(holder) => {
                            format!("Reading of {}, incident {}", wording.party(holder), finding.incident)
                        }
                        None => format!("The text, incident {}", finding.incident),
                    },
                    verdict: finding.verdict.words().to_string(),
                    reasons: finding
                        .reasons
                        .iter()
                        .map(|reason| reason.sentence(&|code| wording.party(code)))
                        .collect(),
                }
            })
            .collect()
    }

    fn assessed(&self, one: &Assessed<'_>) -> Vec<AssessedRow> {
        let words = &self.desk.question.mission.words;
        let wording = self.desk.wording();
        let row = |question: &str, answer: String, permille: u16| AssessedRow {
            question: format!("{question} (incident {})", one.facts.incident),
            answer,
            probability_permille: permille,
            probability_word: words.word(permille).to_string(),
        };
        let mut rows = vec![row("Did it occur?", "it occurred".to_string(), one.facts.occurred_permille)];
        // What is a sort of something speaks for that, too: shelling is fire.
        let (acts, weapons) = (&one.evidence.acts, &one.evidence.weapons);
        rows.extend(acts.named.iter().map(|named| {
            let permille = acts.share(|act| act.belongs(named.what) == Belongs::Yes);
            row("What was done?", named.what.name().replace('-', " "), permille)
        }));
        rows.extend(weapons.named.iter().map(|named| {
            let permille = weapons.share(|weapon| weapon.belongs(named.what) == Belongs::Yes);
            row("With what?", named.what.name().replace('-', " "), permille)
        }));
        let origins = &one.evidence.origins;
        for party in &self.desk.parties {
            rows.push(row("Whose forces acted?", wording.party(party), origins.permille(party)));
        }
        rows.push(row("Whose forces acted?", "not established".to_string(), origins.undetermined));
        rows
    }

    fn evidence(&self, one: &Assessed<'_>) -> Vec<EvidenceRow> {
        let wording = self.desk.wording();
        let source = |name: &Name| {
            let known = self.desk.question.mission.sources.iter().find(|source| source.name == *name);
            known.map_or(name.to_string(), |source| source.title.clone())
        };
        one.evidence
            .rows
            .iter()
            .map(|row| EvidenceRow {
                speaks: match row.counted {
                    0 => Speaks::Neither,
                    1.. => Speaks::For,
                    _ => Speaks::Against,
                },
                of: match row.item {
                    Item::Occurred => "it occurred".to_string(),
                    Item::Act(act) => act.name().replace('-', " "),
                    Item::Weapon(weapon) => weapon.name().replace('-', " "),
                    Item::Origin(party) => format!("forces of {}", wording.party(party)),
                },
                source: source(&row.observation.source),
                kind: row.observation.kind.name().replace('-', " "),
                asserted_by: match &row.observation.asserted_by {
                    Asserter::Monitor => "the monitor".to_string(),
                    Asserter::Party(party) => wording.party(party),
                    Asserter::Third => "a third party".to_string(),
                },
                rating: format!(
                    "{}{}",
                    char::from(row.observation.rating.source),
                    row.observation.rating.information
                ),
                centibans: row.centibans,
                counted: row.counted,
                why: row.why.to_string(),
                observation: truce::case::hex(&row.observation.id),
            })
            .collect()
    }

    /// What could be seen. Sensors are told of by stretches of the length that the mission publishes, and only when
    /// coverage may be told at all: a finer answer would say where nobody looks.
    fn coverage(&self) -> Vec<Fact> {
        let mission = &self.desk.question.mission;
        let subject = &self.case.subject;
        let network = Network::new(self.observations);
        let mut facts = Vec::new();
        let span = Span { start: subject.from.start(), end: subject.to.end() };
        let told = span.end.0 + mission.publication.coverage_delay <= self.at.0;
        if let (Area::Sector(number), Some(front), false) =
            (subject.area, self.ground.reference(), network.is_empty())
        {
            let sector = mission.publication.sector;
            let start = i64::from(number) * Area::SECTOR / sector * sector;
            let end = (start + sector).min(front.line.length());
            let samples: Vec<_> =
                (0..20).map(|part| front.line.at(start + (end - start) * (2 * part + 1) / 40)).collect();
            let share = network.share_permille(&samples, span);
            let seen =
                if share >= mission.least_observed_permille { Seen::Observed } else { Seen::NotObserved };
            let value = if told {
                format!(
                    "{}: {} of the {} km around it, during the whole time",
                    seen.name(),
                    truce::finding::probability(share),
                    sector / truce::place::KM
                )
            } else {
                "not told yet: coverage is shown after the delay of the mission file".to_string()
            };
            facts.push(fact("Instruments, by their heartbeats", value));
        }
        for source in mission.sources.iter().filter(|source| {
            source.coverage == truce::coverage::Rule::NotKnown && source.format != Name::from("claims")
        }) {
            facts.push(fact(&source.title, format!("not known; it cannot see: {}", source.cannot_see)));
        }
        facts
    }

    fn versions(&self, view: &Shared) -> Result<Vec<Version>> {
        let wording = self.desk.wording();
        let notices = self.case.notices.last().map(|(_, notices)| notices.as_slice()).unwrap_or_default();
        view.answers
            .iter()
            .map(|answer| {
                let notice = notices.iter().find(|(party, _)| *party == answer.party);
                let given = answer.answer;
                Ok(Version {
                    party: wording.party(&answer.party),
                    stance: match (given, view.answer_by) {
                        (None, None) => "not asked yet".to_string(),
                        (given, _) => {
                            stance_words(given.map(|(_, stance, ..)| stance), answer.overdue).to_string()
                        }
                    },
                    when: given.map(|(when, _, _, late)| {
                        format!("answered {}{}", minute(when), if late { ", after the deadline" } else { "" })
                    }),
                    words: given.map(|(_, _, words, _)| self.desk.words(words)),
                    notice: notice.map(|(_, words)| self.desk.words(*words)),
                })
            })
            .collect()
    }

    fn claims(&self) -> Vec<ClaimBeside> {
        let wording = self.desk.wording();
        let span = Span { start: self.case.subject.from.start(), end: self.case.subject.to.end() };
        let all = claims(&self.desk.question.folder, &self.desk.question.mission, self.observations);
        all.into_iter()
            .filter(|claim| claim.window.overlaps(span))
            .map(|claim| ClaimBeside {
                claimant: wording.party(&claim.claimant),
                against: wording.party(&claim.against),
                figure: claim.figure_words(),
                window: claim.window_words(),
            })
            .collect()
    }

    fn judgements(&self, view: &Shared) -> Result<Vec<Judged>> {
        let judged = |(when, judgement): &(Time, truce::case::Judgement)| {
            let dissents = judgement.dissents.iter().map(|dissent| {
                Ok(DissentRow {
                    held: held_words(self.desk, &dissent.held),
                    words: self.desk.words(dissent.words),
                })
            });
            Ok(Judged {
                body: judgement.body.to_string(),
                when: minute(*when),
                held: held_words(self.desk, &judgement.held),
                words: self.desk.words(judgement.words),
                dissents: dissents.collect::<Result<_>>()?,
            })
        };
        view.judgements.iter().map(judged).collect()
    }

    fn remedies(&self, view: &Shared) -> Result<Vec<RemedyRow>> {
        let wording = self.desk.wording();
        let row = |(parties, due, words, kept): &(
            Vec<Name>,
            Time,
            truce::case::Text,
            Option<truce::case::Kept>,
        )| {
            Ok(RemedyRow {
                parties: parties.iter().map(|party| wording.party(party)).collect::<Vec<_>>().join(" and "),
                due: minute(*due),
                words: self.desk.words(*words),
                kept: kept.map_or("not known yet".to_string(), |kept| kept.name().replace('-', " ")),
            })
        };
        view.remedies.iter().map(row).collect()
    }

    fn ladder(&self) -> Result<Vec<RungRow>> {
        let agreement = &self.desk.question.folder.agreement;
        let rungs = ladder(self.case, agreement, self.desk.rules()?.follow_up);
        let words = |id: &Name| {
            let found = agreement.consequences.iter().find(|consequence| consequence.id == *id);
            match found.map(|consequence| &consequence.words) {
                Some(Words::Quote(words)) => format!("\"{words}\""),
                Some(Words::Paraphrase(words)) => format!("{words} (not the words of the text)"),
                None => id.to_string(),
            }
        };
        let row = |rung: truce::case::Rung| RungRow {
            level: rung.level,
            words: words(&rung.consequence),
            reached: rung.reached.words().to_string(),
        };
        Ok(rungs.into_iter().map(row).collect())
    }

    fn corrections(&self, view: &Shared) -> Result<Vec<CorrectionRow>> {
        let row = |correction: &truce::case::Correction| {
            Ok(CorrectionRow {
                when: minute(correction.at),
                of: correction.kind.noun().to_string(),
                step: truce::case::hex(&correction.step),
                how: if correction.withdrawn { "withdrawn" } else { "replaced" }.to_string(),
                why: self.desk.words(correction.words),
            })
        };
        view.corrections.iter().map(row).collect()
    }

    /// Which incident holds the observations of the case now: more than one where a late observation split it.
    fn incidents(&self) -> Vec<Fact> {
        let holding = Holding::of(self.assessment.incidents.iter().map(|one| &one.incident));
        let resolved = resolve(self.case, &holding);
        let count = |ids: &[Id]| match ids.len() {
            1 => "1 observation".to_string(),
            number => format!("{number} observations"),
        };
        let opened = self.case.subject.incident;
        let mut facts: Vec<Fact> = resolved
            .incidents
            .iter()
            .map(|(incident, ids)| {
                let same = if opened == Some(*incident) {
                    "the incident on which the case was opened: "
                } else {
                    ""
                };
                fact(&incident.to_string(), format!("{same}{}", count(ids)))
            })
            .collect();
        if !resolved.elsewhere.is_empty() {
            let why = format!(
                "{}: not in the files that were read, or repeats of others",
                count(&resolved.elsewhere)
            );
            facts.push(fact("none", why));
        }
        facts
    }

    fn proof(&self) -> Proof {
        let steps = &self.desk.steps;
        Proof {
            says: [
                "Each step is a leaf of the record: a statement signed with the key of its role, which the mission's root key \
                 certifies. Its id is the hash of its leaf, and its place in the record is the number of the leaf.",
                "The folder `proofs` beside this file holds the leaf of every step that stands here, with a proof that it is in the \
                 log (c2sp.org/tlog-proof), the signed head, the keys, and the fields and words of each step as far as mediators \
                 and the liaisons of all parties may see them. Check it offline with `truceline-verify bundle proofs`, or with the \
                 script in that folder: compare first the log's key and the root key with those that the mission published.",
                "That proves who took each step, that it was not altered, and that it was in the log when the head was signed. \
                 By what time that was, the witnesses who signed the head say; where none did, it rests on the word of those who \
                 keep the log.",
                "Leaves of other cases and of notes are not in this file. A task stands in it without its sort and its words, \
                 which could lead to a witness.",
                "The words of a step are bound to it by a salted hash. Where they were erased, the hash remains.",
            ]
            .map(str::to_string)
            .to_vec(),
            head: vec![
                fact("Log", steps.head.origin.as_str()),
                fact("Leaves under the head", steps.head.size.to_string()),
                fact("Root over them", verify::text::hex(&steps.head.root)),
            ],
            keys: steps
                .roles
                .iter()
                .map(|(role, key)| fact(&role.to_string(), verify::text::hex(key)))
                .collect(),
        }
    }
}

fn limits() -> Vec<String> {
    [
        "This file holds nobody responsible. Responsibility is judged by the body named, with its dissents; the program never \
         computes it.",
        "Places are no finer than ten kilometres of the line or half a degree, times no finer than an hour. Names of witnesses, \
         places of patrols and instruments, and confidential notes are not in it.",
        "Where a party gave no answer, the file says so and draws no conclusion.",
        "A claim is what a party says: it is never evidence, and claims are never added up.",
    ]
    .map(str::to_string)
    .to_vec()
}
