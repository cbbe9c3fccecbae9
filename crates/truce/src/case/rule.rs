//! The published rules of follow-up: deadlines, severity, confidence, recurrence, the ladder. All of it is data of
//! the mission file.

use super::like;
use super::state::Case;
use super::step::{Area, Class, Confidence, Held, Hour, Judgement, Seat, Severity, Subject};
use crate::agreement::{Agreement, ConsequenceKind};
use crate::assessment::{Assessed, Assessment};
use crate::config::Table;
use crate::finding::{Facts, Verdict};
use crate::mission::Mission;
use crate::observation::{Act, Belongs, Target, Weapon};
use crate::place::{KM, Mm};
use crate::time::{HOUR, Micros, Time};
use crate::{Id, Name};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Follow-up as a mission does it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FollowUp {
    /// From opening to triage.
    pub triage_within: Micros,
    /// From triage to classification.
    pub classify_within: Micros,
    /// From classification to notice.
    pub notify_within: Micros,
    /// From notice to the answers: the same for every party.
    pub answer_within: Micros,
    /// From the last answer, or the end of the time for it, to the outcome.
    pub conclude_within: Micros,
    /// A finding of this severity or graver opens a case,
    pub opens_at: Severity,
    /// when it is supported at least this well.
    pub opens_with: Confidence,
    /// How far back cases of the same clause and area count as recurrence.
    pub recurs_within: Micros,
    /// How far from every line of the agreement a complaint may be; `None`: no limit but that of its clause.
    pub complaints_within: Option<Mm>,
    /// The body in whose name responsibility is judged.
    pub body: Name,
    /// Who may enter its judgement.
    pub judge: Seat,
    /// What makes an act grave, gravest first; what no rule names is minor.
    pub severity: Vec<SeverityRule>,
    /// What makes support good, best first; what no rule names rests on a single source.
    pub confidence: Vec<ConfidenceRule>,
    /// Which of the agreement's consequences goes with what, in the order of the file.
    pub ladder: Vec<LadderRule>,
}

/// All that is named must be met. A list that is empty is not asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SeverityRule {
    /// What it makes it.
    pub severity: Severity,
    /// One of these acts.
    pub acts: Vec<Act>,
    /// With one of these means.
    pub means: Vec<Weapon>,
    /// Against one of these.
    pub targets: Vec<Target>,
    /// At least so many people killed or injured.
    pub casualties: Option<u32>,
}

/// Both must be met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConfidenceRule {
    /// What it makes it.
    pub confidence: Confidence,
    /// At least so many groups of independence count for its having occurred.
    pub groups: u32,
    /// It occurred at least this likely, permille.
    pub occurred: u16,
}

/// All must be met.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LadderRule {
    /// Its rung, from 1.
    pub level: u32,
    /// At least this grave.
    pub severity: Severity,
    /// Supported at least this well.
    pub confidence: Confidence,
    /// At least so many cases of the same clause and area before.
    pub recurrence: u32,
    /// Id of the agreement's consequence.
    pub consequence: Name,
}

impl FollowUp {
    /// Reads the part `[follow_up]` of a mission file.
    pub(crate) fn read(table: &Table<'_>) -> Option<Self> {
        let within = |key: &'static str| table.need(key).duration().map(|at| at.value);
        let (triage, classify) = (within("triage_within"), within("classify_within"));
        let (notify, answer) = (within("notify_within"), within("answer_within"));
        let (conclude, recurs) = (within("conclude_within"), within("recurs_within"));
        let opens_at = table.need("opens_at").one_of(Severity::NAMES);
        let opens_with = table.need("opens_with").one_of(Confidence::NAMES);
        let complaints_within = table.may("complaints_within").length().map(|at| at.value);
        let body = table.need("body").text();
        let judge = table.need("judge").one_of(&Seat::NAMES);
        let severity: Option<Vec<_>> = table.need_tables("severity").iter().map(severity_rule).collect();
        let confidence: Option<Vec<_>> =
            table.need_tables("confidence").iter().map(confidence_rule).collect();
        let ladder: Option<Vec<_>> = table.may("ladder").tables().iter().map(ladder_rule).collect();
        let judge = judge?;
        if judge.value == Seat::Liaison {
            let help = "no party judges its own case: name mediator, analyst or monitor";
            table.wrong(&judge.span, "a liaison cannot enter judgements", "", help);
            return None;
        }
        let (mut severity, mut confidence) = (severity?, confidence?);
        severity.sort_by_key(|rule| core::cmp::Reverse(rule.severity));
        confidence.sort_by_key(|rule| core::cmp::Reverse(rule.confidence));
        Some(Self {
            triage_within: triage?,
            classify_within: classify?,
            notify_within: notify?,
            answer_within: answer?,
            conclude_within: conclude?,
            opens_at: opens_at?.value,
            opens_with: opens_with?.value,
            recurs_within: recurs?,
            complaints_within,
            body: Name::from(body?.value),
            judge: judge.value,
            severity,
            confidence,
            ladder: ladder?,
        })
    }

    /// Every number that decides, in words: name and value.
    pub fn thresholds(&self) -> Vec<(String, String)> {
        let hours = |time: Micros| format!("{} hours", time / HOUR);
        let mut rows: Vec<(String, String)> = [
            ("a case: triage within", hours(self.triage_within)),
            ("a case: classification within", hours(self.classify_within)),
            ("a case: notice within", hours(self.notify_within)),
            ("a case: answers within", hours(self.answer_within)),
            ("a case: outcome within", hours(self.conclude_within)),
            ("a case: recurrence counts over", hours(self.recurs_within)),
            ("a finding opens a case from", format!("{}, {}", self.opens_at.name(), self.opens_with.name())),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_string(), value))
        .collect();
        let far = self.complaints_within.map_or_else(
            || "no bound is set: none is turned down for its distance alone".to_string(),
            |within| format!("{} km", within / KM),
        );
        rows.push(("a complaint: from the lines at most".to_string(), far));
        rows.extend(
            self.severity.iter().map(|rule| (format!("severity {}", rule.severity.name()), rule.words())),
        );
        rows.extend(self.confidence.iter().map(|rule| {
            (
                format!("confidence {}", rule.confidence.name()),
                format!(
                    "{} independent groups, P {}",
                    rule.groups,
                    crate::finding::probability(rule.occurred)
                ),
            )
        }));
        rows
    }

    /// How grave such an act is: at least, and at most as far as what is not known yet may make it graver.
    pub fn grade(&self, what: &Circumstances) -> (Severity, Severity) {
        let mut most = Severity::Minor;
        for rule in &self.severity {
            match rule.met(what) {
                Belongs::Yes => return (rule.severity, most.max(rule.severity)),
                Belongs::Unknown => most = most.max(rule.severity),
                Belongs::No => {}
            }
        }
        (Severity::Minor, most)
    }

    /// How well supported it is.
    pub fn confidence(&self, groups: u32, occurred_permille: u16) -> Confidence {
        let met = |rule: &&ConfidenceRule| groups >= rule.groups && occurred_permille >= rule.occurred;
        self.confidence.iter().find(met).map_or(Confidence::Single, |rule| rule.confidence)
    }

    /// Cases of the same clause in the same area, opened on incidents of the days before: the published recurrence.
    /// A case whose place is not known recurs nowhere. One that triage set aside or that proved unfounded counts for
    /// nothing; nor does a bare complaint until triage took it up, nor a party's complaint against its own forces' case.
    pub fn recurrence(&self, case: &Case, all: &[Case]) -> u32 {
        let subject = &case.subject;
        let before = |other: &Case| {
            let earlier = other.subject.from.start();
            let gap = subject.from.start().0 - earlier.0;
            other.subject.clause == subject.clause
                && other.subject.area == subject.area
                && subject.area != Area::NotKnown
                && (0..=self.recurs_within).contains(&gap)
                && (earlier, other.id) < (subject.from.start(), case.id)
                && other.counts()
                && (!other.subject.observations.is_empty() || other.triage.is_some())
                && (subject.forces.is_none() || other.subject.complaint != subject.forces)
        };
        // Alike complaints weigh as one, and none recurs by itself.
        let groups = like::alike(all).into_iter().map(|group| group.cases);
        let others = groups.filter(|group| group.iter().all(|place| all[*place].id != case.id));
        others.filter(|group| group.iter().any(|place| before(&all[*place]))).count() as u32
    }
}

impl SeverityRule {
    /// Is it met; `Unknown` where what is known is too coarse to tell.
    fn met(&self, what: &Circumstances) -> Belongs {
        fn any<C: Copy>(classes: &[C], belongs: impl Fn(C) -> Belongs) -> Belongs {
            let answers: Vec<Belongs> = classes.iter().map(|class| belongs(*class)).collect();
            if answers.is_empty() || answers.contains(&Belongs::Yes) {
                Belongs::Yes
            } else if answers.contains(&Belongs::Unknown) {
                Belongs::Unknown
            } else {
                Belongs::No
            }
        }
        let casualties = match (self.casualties, what.casualties) {
            (None, _) => Belongs::Yes,
            (Some(_), None) => Belongs::Unknown,
            (Some(least), Some(number)) if number >= least => Belongs::Yes,
            _ => Belongs::No,
        };
        let all = [
            any(&self.acts, |class| what.act.belongs(class)),
            any(&self.means, |class| what.weapon.belongs(class)),
            any(&self.targets, |class| what.target.belongs(class)),
            casualties,
        ];
        if all.contains(&Belongs::No) {
            Belongs::No
        } else if all.contains(&Belongs::Unknown) {
            Belongs::Unknown
        } else {
            Belongs::Yes
        }
    }

    fn words(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let list = |names: Vec<&str>| names.join(" or ");
        if !self.acts.is_empty() {
            parts.push(list(self.acts.iter().map(|act| act.name()).collect()));
        }
        if !self.means.is_empty() {
            parts.push(format!("with {}", list(self.means.iter().map(|weapon| weapon.name()).collect())));
        }
        if !self.targets.is_empty() {
            parts
                .push(format!("against {}", list(self.targets.iter().map(|target| target.name()).collect())));
        }
        if let Some(number) = self.casualties {
            parts.push(format!("{number} or more killed or injured"));
        }
        parts.join(", ")
    }
}

fn severity_rule(table: &Table<'_>) -> Option<SeverityRule> {
    let severity = table.need("severity").one_of(Severity::NAMES);
    let acts: Vec<Act> = table.may("acts").many_of(&Act::NAMES).into_iter().map(|at| at.value).collect();
    let means: Vec<Weapon> =
        table.may("with").many_of(&Weapon::NAMES).into_iter().map(|at| at.value).collect();
    let targets: Vec<Target> =
        table.may("against").many_of(&Target::NAMES).into_iter().map(|at| at.value).collect();
    let casualties = table.may("casualties").integer(1..=1_000_000).map(|at| at.value as u32);
    if acts.is_empty() && means.is_empty() && targets.is_empty() && casualties.is_none() {
        let help = "name at least one of `acts`, `with`, `against`, `casualties`";
        table.wrong(&table.span(), "this rule of severity names nothing", "in this part", help);
        return None;
    }
    Some(SeverityRule { severity: severity?.value, acts, means, targets, casualties })
}

fn confidence_rule(table: &Table<'_>) -> Option<ConfidenceRule> {
    let confidence = table.need("confidence").one_of(Confidence::NAMES);
    let groups = table.need("groups").integer(1..=1_000);
    let occurred = table.need("occurred").decimal(3, 0..=1_000);
    Some(ConfidenceRule {
        confidence: confidence?.value,
        groups: groups?.value as u32,
        occurred: occurred?.value as u16,
    })
}

fn ladder_rule(table: &Table<'_>) -> Option<LadderRule> {
    let level = table.need("level").integer(1..=100);
    let severity = table.need("severity").one_of(Severity::NAMES);
    let confidence = table.need("confidence").one_of(Confidence::NAMES);
    let recurrence = table.need("recurrence").integer(0..=1_000_000);
    let consequence = table.need("consequence").code();
    Some(LadderRule {
        level: level?.value as u32,
        severity: severity?.value,
        confidence: confidence?.value,
        recurrence: recurrence?.value as u32,
        consequence: Name::from(consequence?.value),
    })
}

/// What rules of severity ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Circumstances {
    /// What was done.
    pub act: Act,
    /// With what.
    pub weapon: Weapon,
    /// Against what.
    pub target: Target,
    /// People killed or injured, as verified; `None`: not known, which is not none.
    pub casualties: Option<u32>,
}

impl Circumstances {
    /// What is known from a subject, before anybody was asked for casualties.
    pub fn of(subject: &Subject, casualties: Option<u32>) -> Self {
        Self { act: subject.act, weapon: subject.weapon, target: subject.target, casualties }
    }
}

/// A case that the published rule says is to be opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due {
    /// What it is to be about.
    pub subject: Subject,
    /// How grave, at least.
    pub severity: Severity,
    /// How well supported.
    pub confidence: Confidence,
}

/// Which findings are to open a case, by the rule of the mission file: one case for each clause and incident and the
/// forces that are established, over all readings. What an open case is about already is left out: a thousand
/// copies open one case.
pub fn due(
    assessment: &Assessment<'_>,
    agreement: &Agreement,
    mission: &Mission,
    follow_up: &FollowUp,
    cases: &[Case],
) -> Vec<Due> {
    let assessed: BTreeMap<Id, &Assessed<'_>> =
        assessment.incidents.iter().map(|one| (one.facts.incident, one)).collect();
    let mut breaches: BTreeMap<(usize, Id, Option<Name>), Vec<Name>> = BTreeMap::new();
    let place = |clause: &Name| {
        let clauses = agreement.readings.iter().flat_map(|reading| &reading.clauses);
        clauses.into_iter().position(|known| known.id == *clause).unwrap_or(usize::MAX)
    };
    for finding in assessment.findings.iter().filter(|finding| finding.verdict == Verdict::Breach) {
        let key = (place(&finding.clause), finding.incident, finding.party.clone());
        breaches.entry(key).or_default().push(finding.reading.clone());
    }
    let clause = |at: usize| agreement.readings.iter().flat_map(|reading| &reading.clauses).nth(at);
    let mut due: Vec<Due> = Vec::new();
    for ((at, incident, forces), readings) in breaches {
        let (Some(clause), Some(one)) = (clause(at), assessed.get(&incident)) else { continue };
        let mut subject = subject(one, agreement, mission, &clause.id);
        (subject.readings, subject.forces) = (readings, forces);
        // What is reported at least counts; that none is reported is not that there were none.
        let casualties = match one.facts.casualties {
            (0, Some(0)) => Some(0),
            (0, _) => None,
            (least, _) => Some(least),
        };
        let (severity, _) = follow_up.grade(&Circumstances::of(&subject, casualties));
        let confidence = follow_up.confidence(subject.groups, one.facts.occurred_permille);
        if severity >= follow_up.opens_at
            && confidence >= follow_up.opens_with
            && !cases.iter().any(|case| case.is_about(&subject))
        {
            due.push(Due { subject, severity, confidence });
        }
    }
    due.sort_by(|a, b| {
        (a.subject.from, a.subject.incident, &a.subject.clause).cmp(&(
            b.subject.from,
            b.subject.incident,
            &b.subject.clause,
        ))
    });
    due
}

/// An incident as the subject of a case on a clause, coarse; readings and forces are for the caller to fill in.
pub fn subject(assessed: &Assessed<'_>, agreement: &Agreement, mission: &Mission, clause: &Name) -> Subject {
    let facts = &assessed.facts;
    let last = Time((facts.time.end.0 - 1).max(facts.time.start.0));
    Subject {
        instrument: agreement.id.clone(),
        clause: clause.clone(),
        readings: Vec::new(),
        forces: None,
        incident: Some(facts.incident),
        observations: assessed.incident.members.iter().map(|member| member.id).collect(),
        complaint: None,
        words: None,
        area: area(facts, mission),
        from: Hour::of(facts.time.start),
        to: Hour::of(last),
        act: facts.act,
        weapon: facts.weapon,
        // What was hit among troops and arms is nobody's to read in a notice.
        // What is only told to have been hit makes no act graver.
        target: match facts.target {
            Target::Military => Target::Undetermined,
            _ if facts.target_told => Target::Undetermined,
            target => target,
        },
        occurred_permille: Some(facts.occurred_permille),
        groups: assessed.evidence.groups(),
    }
}

/// A sector for what lies near the line and is known well enough for one, a square of half a degree for the rest.
fn area(facts: &Facts, mission: &Mission) -> Area {
    let Some(near) = facts.place.near else { return Area::NotKnown };
    match facts.place.reference {
        Some(nearest)
            if nearest.distance <= mission.publication.near_line && 2 * near.sigma <= Area::SECTOR / 2 =>
        {
            Area::along(nearest.chainage)
        }
        _ => Area::around(near.centre),
    }
}

/// Whether the condition of a consequence is met: shown, never acted on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reached {
    /// The case is not classed, or not so gravely.
    No,
    /// By the classification. No body has judged: it is alleged.
    Alleged,
    /// And the named body holds a party responsible.
    Judged,
}

impl Reached {
    /// The words in pages.
    pub fn words(self) -> &'static str {
        match self {
            Self::No => "its condition is not met",
            Self::Alleged => {
                "its condition is alleged: met by the classification of the case, judged by nobody"
            }
            Self::Judged => "its condition is judged to be met",
        }
    }
}

/// A consequence beside a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rung {
    /// Its rung; `None` for what the agreement names without a rung, such as self-release.
    pub level: Option<u32>,
    /// Id of the consequence in the agreement.
    pub consequence: Name,
    /// Is it reached?
    pub reached: Reached,
}

/// The ladder as it stands for a case, in the order of the mission file, then the agreement's consequences without a
/// rung. A statement of what was agreed: nothing follows from it by itself.
pub fn ladder(case: &Case, agreement: &Agreement, follow_up: &FollowUp) -> Vec<Rung> {
    // By the body that the text names; where it names none, by the one that judges cases.
    let judged = |body: Option<&Name>| {
        let by = |judgement: &&Judgement| body.is_none_or(|body| *body == judgement.body);
        let last = case.judgements.iter().rev().map(|(_, judgement)| judgement).find(by);
        last.is_some_and(|judgement| matches!(judgement.held, Held::Responsible(_)))
    };
    let met = |rule: &LadderRule, class: &Class| {
        class.severity >= rule.severity
            && class.confidence >= rule.confidence
            && class.recurrence >= rule.recurrence
    };
    let body = |id: &Name| {
        let found = agreement.consequences.iter().find(|consequence| consequence.id == *id);
        found.and_then(|found| found.judged_by.as_ref())
    };
    let reached = |met: bool, judged: bool| match (met && case.counts(), judged) {
        (false, _) => Reached::No,
        (true, false) => Reached::Alleged,
        (true, true) => Reached::Judged,
    };
    // A consequence may follow on the breach of some clauses only.
    let speaks = |id: &Name| {
        let found = agreement.consequences.iter().find(|consequence| consequence.id == *id);
        found.is_none_or(|found| found.on.is_empty() || found.on.contains(&case.subject.clause))
    };
    let mut rungs: Vec<Rung> = follow_up
        .ladder
        .iter()
        .map(|rule| Rung {
            level: Some(rule.level),
            consequence: rule.consequence.clone(),
            reached: reached(
                speaks(&rule.consequence) && case.class.is_some_and(|(_, class)| met(rule, &class)),
                judged(body(&rule.consequence)),
            ),
        })
        .collect();
    let without_rung = |id: &Name| follow_up.ladder.iter().all(|rule| rule.consequence != *id);
    rungs.extend(agreement.consequences.iter().filter(|consequence| without_rung(&consequence.id)).map(
        |consequence| Rung {
            level: None,
            consequence: consequence.id.clone(),
            reached: match consequence.kind {
                // "If one side violates": a breach whose side is not established does not even allege that.
                ConsequenceKind::SelfRelease => {
                    let judged = judged(consequence.judged_by.as_ref());
                    let alleged = !case.subject.readings.is_empty() && case.subject.forces.is_some();
                    reached(speaks(&consequence.id) && (judged || alleged), judged)
                }
                ConsequenceKind::Measure | ConsequenceKind::Notify | ConsequenceKind::Other => Reached::No,
            },
        },
    ));
    rungs
}
