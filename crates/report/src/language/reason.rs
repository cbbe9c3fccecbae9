//! The reasons of a finding in a language. In English they are those of the report, word for word.

use super::{Figure, Language, Words};
use truce::Name;
use truce::finding::{ConditionState, Reason, probability};
use truce::place::{KM, Mm};
use truce::time::{DAY, HOUR, MINUTE, Micros, SECOND, Span, Time};

impl Words {
    /// A reason in a sentence. `name` gives the name of a party by its code, in the language.
    pub fn reason(&self, reason: &Reason, name: &dyn Fn(&Name) -> String) -> String {
        let said = |key: &str, figures: &[(&str, Figure)]| self.say(key, figures);
        let class = |key: &str, table: &str, class: &'static str| {
            let class = match self.language() {
                Language::English => class.to_string(),
                Language::Ukrainian | Language::Russian if table == "force" => {
                    self.word(&format!("explain-force-{class}"))
                }
                Language::Ukrainian | Language::Russian => self.word(&format!("{table}-{class}")),
            };
            self.say(key, &[("class", class.into())])
        };
        let sure = |key: &str, permille: u16| said(key, &[("p", self.share(permille).into())]);
        let beside = |key: &str, permille: u16, standard: u16| {
            let standard = self.share(standard);
            said(key, &[("p", self.share(permille).into()), ("standard", standard.into())])
        };
        let stood = |key: &str, line: &Name, distance: Mm, required: Mm, permille: u16| {
            let figures = [
                ("line", line.as_str().into()),
                ("distance", self.kilometres(distance).into()),
                ("required", self.kilometres(required).into()),
                ("p", self.share(permille).into()),
            ];
            self.say(key, &figures)
        };
        let of = |key: &str, party: &Name| said(key, &[("party", name(party).into())]);
        let number = |key: &str, number: u64| said(key, &[("number", number.to_string().into())]);
        match reason {
            Reason::InForce => self.word("reason-in-force"),
            Reason::NotInForce { period } => {
                said("reason-not-in-force", &[("period", self.stretch(*period).into())])
            }
            Reason::PartlyInForce { period } => {
                said("reason-partly-in-force", &[("period", self.stretch(*period).into())])
            }
            Reason::ActNamed(act) => class("reason-act-named", "act", act.name()),
            Reason::ActNotNamed(act) => class("reason-act-not-named", "act", act.name()),
            Reason::ActNotKnown(act) => class("reason-act-not-known", "act", act.name()),
            Reason::MeansNamed(weapon) => class("reason-means-named", "weapon", weapon.name()),
            Reason::MeansNotNamed(weapon) => class("reason-means-not-named", "weapon", weapon.name()),
            Reason::MeansNotKnown(weapon) => class("reason-means-not-known", "weapon", weapon.name()),
            Reason::TargetNamed(target) => class("reason-target-named", "target", target.name()),
            Reason::TargetNotNamed(target) => class("reason-target-not-named", "target", target.name()),
            Reason::TargetNotKnown(target) => class("reason-target-not-known", "target", target.name()),
            Reason::TargetTold(target) => class("reason-target-told", "target", target.name()),
            Reason::ListNotKnown => self.word("reason-list-not-known"),
            Reason::ForceNamed(force) => class("reason-force-named", "force", force.name()),
            Reason::ForceNotNamed(force) => class("reason-force-not-named", "force", force.name()),
            Reason::ForceNotKnown(force) => class("reason-force-not-known", "force", force.name()),
            Reason::TooNear { line, distance, required, permille } => {
                stood("reason-too-near", line, *distance, *required, *permille)
            }
            Reason::FarEnough { line, distance, required, permille } => {
                stood("reason-far-enough", line, *distance, *required, *permille)
            }
            Reason::PerhapsTooNear { line, distance, required: 0, permille } => {
                stood("reason-perhaps-too-near-by-range", line, *distance, 0, *permille)
            }
            Reason::PerhapsTooNear { line, distance, required, permille } => {
                stood("reason-perhaps-too-near", line, *distance, *required, *permille)
            }
            Reason::NoDistanceFor(weapon) => class("reason-no-distance", "weapon", weapon.name()),
            Reason::DependsOnSide => self.word("reason-depends-on-side"),
            Reason::PositionsNotKnown => self.word("reason-positions-not-known"),
            Reason::PartyFreed { party } => of("reason-party-freed", party),
            Reason::PartyPerhapsFreed { party } => of("reason-party-perhaps-freed", party),
            Reason::CasualtiesCount(count) => number("reason-casualties-count", u64::from(*count)),
            Reason::LengthCounts(length) => {
                said("reason-length-counts", &[("length", self.minutes(*length).into())])
            }
            Reason::NumberCounts(count) => number("reason-number-counts", u64::from(*count)),
            Reason::BelowThreshold => self.word("reason-below-threshold"),
            Reason::ThresholdNotKnown => self.word("reason-threshold-not-known"),
            Reason::Condition { exception: Some(exception), id, state } => said(
                "reason-condition",
                &[
                    ("number", exception.to_string().into()),
                    ("id", id.as_str().into()),
                    ("state", self.word(condition(*state)).into()),
                ],
            ),
            Reason::Condition { exception: None, id, state } => said(
                "reason-condition-permission",
                &[("id", id.as_str().into()), ("state", self.word(condition(*state)).into())],
            ),
            Reason::NotExcepted(exception) => number("reason-not-excepted", *exception as u64),
            Reason::PermittedBy(clause) => said("reason-permitted-by", &[("id", clause.as_str().into())]),
            Reason::PerhapsPermittedBy(clause) => {
                said("reason-perhaps-permitted-by", &[("id", clause.as_str().into())])
            }
            Reason::NotPermitted => self.word("reason-not-permitted"),
            Reason::Inside { permille } => sure("reason-inside", *permille),
            Reason::NotInside { permille } => sure("reason-not-inside", *permille),
            Reason::PerhapsInside { permille, standard } => {
                beside("reason-perhaps-inside", *permille, *standard)
            }
            Reason::PlaceNotKnown => self.word("reason-place-not-known"),
            Reason::ByForcesOf { party, permille } => said(
                "reason-by-forces-of",
                &[("party", name(party).into()), ("p", self.share(*permille).into())],
            ),
            Reason::PartyNotBound { party } => of("reason-party-not-bound", party),
            Reason::SideNotEstablished => self.word("reason-side-not-established"),
            Reason::SideNeeded => self.word("reason-side-needed"),
            Reason::Occurred { permille } => sure("reason-occurred", *permille),
            Reason::PerhapsOccurred { permille, standard } => {
                beside("reason-perhaps-occurred", *permille, *standard)
            }
            Reason::NotOccurred { permille } => sure("reason-not-occurred", *permille),
            Reason::Excepted(exception) => number("reason-excepted", *exception as u64),
            Reason::PerhapsExcepted(exception) => number("reason-perhaps-excepted", *exception as u64),
            Reason::ClausePermits => self.word("reason-clause-permits"),
            Reason::ObligationElsewhere => self.word("reason-obligation-elsewhere"),
            Reason::Stood(stood) => {
                let key = if stood.led == stood.sightings { "reason-stood" } else { "reason-stood-led" };
                said(
                    key,
                    &[
                        ("sightings", u64::from(stood.sightings).into()),
                        ("led", u64::from(stood.led).into()),
                        ("length", self.length(stood.last.0.saturating_sub(stood.first.0)).into()),
                    ],
                )
            }
        }
    }

    /// A probability or a standard, as a part of one.
    pub(crate) fn share(&self, permille: u16) -> String {
        self.decimals(probability(permille))
    }

    fn decimals(&self, number: String) -> String {
        match self.language() {
            Language::English => number,
            Language::Ukrainian | Language::Russian => number.replace('.', ","),
        }
    }

    /// To a tenth, towards the line, so that nothing looks farther away than it was.
    fn kilometres(&self, mm: Mm) -> String {
        let tenths = mm / (KM / 10);
        let number = match tenths % 10 {
            0 => (tenths / 10).to_string(),
            tenth => format!("{}.{tenth}", tenths / 10),
        };
        self.say("explain-kilometres", &[("number", self.decimals(number).into())])
    }

    fn minutes(&self, length: Micros) -> String {
        let (minutes, seconds) = (length / MINUTE, length % MINUTE / SECOND);
        let minute = || self.say("explain-minutes", &[("minutes", minutes.to_string().into())]);
        let second = || self.say("reason-seconds", &[("seconds", seconds.to_string().into())]);
        match (minutes, seconds) {
            (0, _) => second(),
            (_, 0) => minute(),
            _ => format!("{} {}", minute(), second()),
        }
    }

    /// Whole days or hours where it is two or more, and never more than it was.
    fn length(&self, length: Micros) -> String {
        let number = |key: &str, unit: Micros| {
            self.say(key, &[("number", u64::try_from(length / unit).unwrap_or_default().into())])
        };
        match length {
            _ if length >= 2 * DAY => number("reason-days", DAY),
            _ if length >= 2 * HOUR => number("reason-hours", HOUR),
            _ => self.minutes(length),
        }
    }

    fn stretch(&self, span: Span) -> String {
        let from = ("from", self.minute(span.start).into());
        match span.end.0 {
            i64::MAX => self.say("reason-stretch-open", &[from]),
            _ => self.say("reason-stretch", &[from, ("to", self.minute(span.end).into())]),
        }
    }

    fn minute(&self, time: Time) -> String {
        match self.language() {
            Language::English => {
                let text = time.to_string();
                format!("{} {} UTC", &text[..10], &text[11..16])
            }
            Language::Ukrainian | Language::Russian => self.utc(time),
        }
    }
}

/// The key of a condition's state.
fn condition(state: ConditionState) -> &'static str {
    match state {
        ConditionState::Established => "reason-state-established",
        ConditionState::Alleged => "reason-state-alleged",
        ConditionState::NotMet => "reason-state-not-met",
        ConditionState::NotKnown => "reason-state-not-known",
    }
}
