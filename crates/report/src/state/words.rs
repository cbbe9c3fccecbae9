//! The words of a state: each a fixed pattern with figures in it, for the page of text and for tables alike.

use super::{
    Commitment, Done, InstrumentState, LifeEvent, Moment, Obligation, Owed, Position, ReadingState, Release,
    Said, Stand, Standing,
};
use crate::language::{Figure, Language, Words};
use crate::model::Titled;
use truce::time::{Date, HOUR, Time};

/// How a state is said: in which language, and what people are called.
pub(crate) struct Say<'a> {
    /// The language.
    pub(crate) words: &'a Words,
    /// Names by code. Who is not among them is called by the code.
    pub(crate) people: &'a [Titled],
    /// The language of quoted words.
    pub(crate) quoted: &'a str,
}

impl<'a> Say<'a> {
    /// For the state of an instrument.
    pub(crate) fn of(state: &'a InstrumentState, words: &'a Words) -> Self {
        Self { words, people: &state.people, quoted: &state.language }
    }

    fn say(&self, key: &str, figures: &[(&str, Figure)]) -> String {
        self.words.say(key, figures)
    }

    fn word(&self, key: &str) -> String {
        self.words.word(key)
    }

    /// A word of the core's tables.
    fn term(&self, table: &str, name: &str) -> String {
        self.word(&format!("explain-{table}-{name}"))
    }

    /// What somebody is called.
    pub(crate) fn name(&self, code: &str) -> String {
        let known = self.people.iter().find(|person| person.code == code);
        known.map_or_else(|| code.to_string(), |person| self.words.title(person))
    }

    fn names(&self, codes: &[String]) -> String {
        codes.iter().map(|code| self.name(code)).collect::<Vec<_>>().join(", ")
    }

    /// A day of a text: one that is known to within a day is that day on whatever clock the text has.
    pub(crate) fn moment(&self, moment: Moment) -> String {
        const ABOUT_A_DAY: std::ops::RangeInclusive<i64> = 23 * HOUR..=25 * HOUR;
        match (moment.not_before, moment.not_after) {
            (Some(from), Some(to)) if from == to => self.words.utc(from),
            (Some(from), Some(to)) if ABOUT_A_DAY.contains(&(to.0 - from.0)) => {
                // Noon of a day lies in the same day of UTC, whatever the clock.
                self.day(Time(from.0 + 12 * HOUR).date(0))
            }
            (Some(from), Some(to)) => self.say(
                "state-moment-between",
                &[("from", self.words.utc(from).into()), ("to", self.words.utc(to).into())],
            ),
            (Some(from), None) => self.say("state-moment-after", &[("from", self.words.utc(from).into())]),
            (None, _) => self.word("state-moment-open"),
        }
    }

    /// A day, in digits.
    pub(crate) fn day(&self, day: Date) -> String {
        self.words.short_date(day)
    }

    fn day_or_none(&self, day: Option<Date>) -> String {
        day.map_or_else(|| self.word("state-date-none"), |day| self.day(day))
    }

    /// Words, in quotation marks where they are quoted.
    pub(crate) fn said(&self, said: &Said) -> String {
        match said.quoted {
            true => self.words.quote(&said.words, self.quoted),
            false => self.words.ours(said),
        }
    }

    /// A reading, with who holds it.
    pub(crate) fn reading(&self, reading: &ReadingState) -> String {
        match &reading.held_by {
            Some(code) => self.say(
                "state-reading",
                &[("id", reading.reading.as_str().into()), ("party", self.name(code).into())],
            ),
            None => reading.reading.clone(),
        }
    }

    fn of_reading(&self, reading: Option<&str>) -> String {
        reading.map_or_else(String::new, |id| self.say("state-of-reading", &[("id", id.into())]))
    }

    /// Where an instrument stands.
    pub(crate) fn status(&self, reading: &ReadingState) -> String {
        let status = self.word(&format!("state-status-{}", reading.status));
        match reading.extended {
            Some(until) => {
                self.say("state-extended", &[("status", status.into()), ("until", self.moment(until).into())])
            }
            None => status,
        }
    }

    /// What somebody had done, on which condition.
    pub(crate) fn standing(&self, one: &Standing) -> String {
        self.say(
            "state-standing",
            &[
                ("who", self.name(&one.who).into()),
                ("what", self.term("event", one.what).into()),
                ("condition", self.condition(one.condition.as_ref()).into()),
            ],
        )
    }

    fn condition(&self, words: Option<&Said>) -> String {
        words.map_or_else(String::new, |words| {
            self.say("state-on-condition", &[("words", self.said(words).into())])
        })
    }

    /// What became of an instrument, by whom, until when, on which condition.
    pub(crate) fn event(&self, event: &LifeEvent) -> String {
        let what = self.term("event", event.what);
        let until = event.until.map_or_else(String::new, |until| {
            self.say("state-event-until", &[("until", self.moment(until).into())])
        });
        let done = if event.by.is_empty() {
            format!("{what}{until}")
        } else {
            let figures =
                [("what", what.into()), ("who", self.names(&event.by).into()), ("until", until.into())];
            self.say("state-event-by", &figures)
        };
        done + &self.of_reading(event.reading.as_deref()) + &self.condition(event.condition.as_ref())
    }

    /// How the agreement's file says that somebody stands.
    pub(crate) fn by_file(&self, stand: &Stand) -> Option<String> {
        stand.by_file.map(|stance| self.term("stance", stance))
    }

    /// Whether somebody signed.
    pub(crate) fn signature(&self, stand: &Stand) -> String {
        self.word(&format!("state-signature-{}", stand.signature))
    }

    /// The latest position of somebody, or that there is none.
    pub(crate) fn latest(&self, stand: &Stand) -> String {
        match stand.position {
            Some(stance) => self.say(
                "state-since",
                &[
                    ("stance", self.term("stance", stance).into()),
                    ("day", self.day_or_none(stand.since).into()),
                ],
            ),
            None => self.word("state-silent"),
        }
    }

    /// How somebody stands, in one line.
    pub(crate) fn stand(&self, stand: &Stand) -> String {
        let file = self
            .by_file(stand)
            .map_or_else(String::new, |stance| self.say("state-stand-file", &[("stance", stance.into())]));
        self.say(
            "state-stand",
            &[
                ("who", self.name(&stand.who).into()),
                ("file", file.into()),
                ("signature", self.signature(stand).into()),
                ("position", self.latest(stand).into()),
            ],
        )
    }

    /// Who spoke, as what.
    pub(crate) fn speaker(&self, position: &Position) -> String {
        let own = |uk: &Option<String>, ru: &Option<String>, file: &Option<String>| {
            let own = match self.words.language() {
                Language::English => None,
                Language::Ukrainian => uk.clone(),
                Language::Russian => ru.clone(),
            };
            own.or_else(|| file.clone())
        };
        let speaker = own(&position.speaker_uk, &position.speaker_ru, &position.speaker);
        let office = own(&position.office_uk, &position.office_ru, &position.office);
        match (speaker, office) {
            (Some(speaker), Some(office)) => {
                self.say("state-speaker", &[("speaker", speaker.into()), ("office", office.into())])
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => String::new(),
        }
    }

    /// What a position amounts to.
    pub(crate) fn stance(&self, position: &Position) -> String {
        self.term("stance", position.stance)
    }

    /// The day of a position.
    pub(crate) fn position_day(&self, position: &Position) -> String {
        self.day_or_none(position.day)
    }

    /// A position, in one line.
    pub(crate) fn position(&self, position: &Position) -> String {
        let speaker = match self.speaker(position) {
            speaker if speaker.is_empty() => speaker,
            speaker => self.say("state-spoken-by", &[("speaker", speaker.into())]),
        };
        self.say(
            "state-position",
            &[
                ("day", self.position_day(position).into()),
                ("who", self.name(&position.of).into()),
                ("speaker", speaker.into()),
                ("stance", self.stance(position).into()),
                ("words", self.said(&position.said).into()),
            ],
        )
    }

    /// The sort of a commitment.
    pub(crate) fn kind(&self, one: &Commitment) -> String {
        self.term("commitment", one.kind)
    }

    /// What had become of a commitment, with the day of the last.
    pub(crate) fn commitment_state(&self, one: &Commitment) -> String {
        one.states.last().map_or_else(String::new, |last| {
            self.say(
                "state-since",
                &[("stance", self.term("state", last.state).into()), ("day", self.moment(last.when).into())],
            )
        })
    }

    /// A commitment, in one line.
    pub(crate) fn commitment(&self, one: &Commitment) -> String {
        self.say(
            "state-commitment",
            &[
                ("who", self.name(&one.by).into()),
                ("kind", self.kind(one).into()),
                ("words", self.said(&one.said).into()),
                ("state", self.commitment_state(one).into()),
            ],
        )
    }

    /// What was to be done.
    pub(crate) fn owed(&self, owed: &Owed) -> String {
        match owed {
            Owed::Stage { stage } => stage.clone(),
            Owed::Day { stage, day } => self
                .say("state-owed-day", &[("stage", stage.as_str().into()), ("day", self.day(*day).into())]),
            Owed::Days { stage, from, to } if from == to => self
                .say("state-owed-day", &[("stage", stage.as_str().into()), ("day", self.day(*from).into())]),
            Owed::Days { stage, from, to } => self.say(
                "state-owed-days",
                &[
                    ("stage", stage.as_str().into()),
                    ("from", self.day(*from).into()),
                    ("to", self.day(*to).into()),
                ],
            ),
            Owed::Quantity { source, .. } => {
                self.say("state-owed-quantity", &[("source", source.as_str().into())])
            }
            Owed::Notice { .. } => self.word("state-owed-notice"),
        }
    }

    /// By when, where the text sets a moment or a day.
    pub(crate) fn due(&self, obligation: &Obligation) -> Option<String> {
        match (&obligation.subject, obligation.due) {
            (Owed::Notice { day }, _) => Some(self.day(*day)),
            (_, Some(due)) => Some(self.moment(due)),
            (_, None) => None,
        }
    }

    /// How it was kept.
    pub(crate) fn done(&self, done: &Done) -> String {
        match done {
            Done::Done => self.word("state-kept-done"),
            Done::Late => self.word("state-kept-late"),
            Done::NotDone => self.word("state-kept-not-done"),
            Done::Partly => self.word("state-kept-partly"),
            Done::NotYetDue => self.word("state-kept-not-yet-due"),
            Done::Share { counted, perhaps, owed, permille, missed, by_party, why } => {
                let number = match perhaps > counted {
                    true => format!("{counted}\u{2013}{perhaps}"),
                    false => counted.to_string(),
                };
                let percent = permille.filter(|_| perhaps == counted).map_or_else(String::new, |permille| {
                    let number = self.words.decimal(
                        u32::try_from(permille / 10).unwrap_or(u32::MAX),
                        (permille % 10) as u32,
                        1,
                    );
                    self.say("state-kept-percent", &[("number", number.into())])
                });
                let mut rest = String::new();
                if *missed > 0 {
                    rest += &self.say("state-kept-missed", &[("missed", missed.to_string().into())]);
                }
                match why {
                    _ if *by_party => rest += &self.word("state-kept-by-party"),
                    None => {}
                    Some(why) => {
                        let why = self.word(&format!("state-gap-{why}"));
                        rest += &self.say("state-kept-open", &[("why", why.into())]);
                    }
                }
                self.say(
                    "state-kept-share",
                    &[
                        ("counted", number.into()),
                        ("owed", owed.to_string().into()),
                        ("percent", percent.into()),
                        ("rest", rest.into()),
                    ],
                )
            }
            Done::CannotBeJudged { why } => {
                let why = self.word(&format!("state-gap-{why}"));
                self.say("state-kept-cannot", &[("why", why.into())])
            }
        }
    }

    /// An obligation in one line, the clause by its id.
    pub(crate) fn obligation(&self, one: &Obligation) -> String {
        self.say(
            "state-obligation",
            &[
                ("clause", one.clause.code.as_str().into()),
                ("subject", self.owed(&one.subject).into()),
                ("party", self.name(&one.party).into()),
                ("state", self.done(&one.state).into()),
                ("verdict", self.words.verdict(one.verdict).into()),
            ],
        )
    }

    /// How a self-release stands, with what was found of every side and how much was observed: never one side alone.
    pub(crate) fn release_state(&self, release: &Release, judgements_known: bool) -> String {
        let stands = self.release_stands(release, judgements_known);
        format!("{stands}. {}", self.beside(release))
    }

    fn beside(&self, release: &Release) -> String {
        if release.found.is_empty() {
            return self.word("state-release-not-looked");
        }
        let found: Vec<String> = release
            .found
            .iter()
            .map(|found| {
                let side = match &found.party {
                    Some(party) => self.name(party),
                    None => self.word("state-release-no-side"),
                };
                self.say(
                    "state-release-found-of",
                    &[
                        ("side", side.into()),
                        ("breaches", u64::from(found.breaches).into()),
                        ("undetermined", u64::from(found.undetermined).into()),
                    ],
                )
            })
            .collect();
        let observed = match &release.observed {
            None => self.word("state-release-observed-not-known"),
            Some(observed) => self.say(
                "state-release-observed",
                &[
                    ("share", format!("{}.{}", observed.permille / 10, observed.permille % 10).into()),
                    ("from", self.words.utc(observed.from).into()),
                    ("to", self.words.utc(observed.to).into()),
                ],
            ),
        };
        self.say("state-release-beside", &[("found", found.join("; ").into()), ("observed", observed.into())])
    }

    fn release_stands(&self, release: &Release, judgements_known: bool) -> String {
        if let Some(judged) = &release.judged {
            return self.say(
                "state-release-free",
                &[("by", self.name(&judged.by).into()), ("at", self.words.utc(judged.at).into())],
            );
        }
        let register = if judgements_known { String::new() } else { self.word("state-release-no-register") };
        let findings = || Figure::from(u64::from(release.findings));
        let alleged = || {
            let too = if release.alleged { self.word("state-release-alleged-too") } else { String::new() };
            Figure::from(too)
        };
        match (release.findings, release.alleged, judgements_known) {
            (0, false, _) => self.say("state-release-not-invoked", &[("register", register.into())]),
            (0, true, _) => self.say("state-release-alleged", &[("register", register.into())]),
            (_, _, true) => {
                self.say("state-release-found", &[("alleged", alleged()), ("findings", findings())])
            }
            (_, _, false) => self.say(
                "state-release-found-open",
                &[("alleged", alleged()), ("findings", findings()), ("register", register.into())],
            ),
        }
    }

    /// A self-release in one line, by its id.
    pub(crate) fn release(&self, release: &Release, judgements_known: bool) -> String {
        self.say(
            "state-release",
            &[
                ("id", release.consequence.as_str().into()),
                ("party", self.name(&release.party).into()),
                ("state", self.release_state(release, judgements_known).into()),
            ],
        )
    }

    /// Whose judgement a release takes.
    pub(crate) fn takes(&self, release: &Release) -> Option<String> {
        let body = release.judged_by.as_deref()?;
        Some(self.say("state-release-takes", &[("body", self.name(body).into())]))
    }
}

/// The obligations of a state, a line each, everybody called by the code.
pub fn obligation_lines(state: &InstrumentState, words: &Words) -> Vec<String> {
    let say = Say { words, people: &[], quoted: &state.language };
    state.obligations.iter().map(|one| say.obligation(one)).collect()
}

/// The self-releases of a state, a line each, everybody called by the code.
pub fn release_lines(state: &InstrumentState, words: &Words) -> Vec<String> {
    let say = Say { words, people: &[], quoted: &state.language };
    state.releases.iter().map(|one| say.release(one, state.judgements_known)).collect()
}
