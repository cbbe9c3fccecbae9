//! A small agreement, observations, and what comes out.

use std::collections::BTreeMap;
use truce::agreement::{Agreement, Arsenal, Papers, Shape, Site};
use truce::assessment::assess;
use truce::config::position;
use truce::finding::{Finding, Reason, Verdict, account};
use truce::ground::Ground;
use truce::mission::Mission;
use truce::observation::{
    Act, Asserter, Detail, Kind, Notice, NoticeSort, Object, Observation, Particulars, Rating,
};
use truce::place::{Ellipse, METRE, Mm, Place, Point};
use truce::time::{HOUR, MINUTE, Micros, Span, Time};
use truce::{Id, Name};

/// Parties A (north of the line) and B (south of it).
pub(crate) const FRAME: &str = r#"
id = "case"
title = "A case"
language = "en"
nature = "agreed"
clock = "UTC"
standard = { occurred = 0.9, inside = 0.9, origin = 0.9 }

[[party]]
code = "A"
name = "Aland"
stance = "agreed"

[[party]]
code = "B"
name = "Beeland"
stance = "agreed"

[[source]]
id = "text"
url = "https://example.org/text"

[[line]]
id = "contact"
reference = true
file = "contact"
left = "A"
right = "B"

[[period]]
from = 2030-01-01T00:00:00
to = 2030-02-01T00:00:00

"#;

/// A line along a parallel, drawn from west to east: A is on the left, in the north.
pub(crate) fn parallel(lat: f64) -> Shape {
    let corners = [35.0, 36.0, 37.0, 38.0, 39.0, 40.0];
    Shape::Lines(vec![corners.map(|lon| Point::from_degrees(lon, lat).unwrap()).to_vec()])
}

fn arsenal() -> Arsenal {
    let text = include_str!("../../../../agreements/weapons.toml");
    Arsenal::parse("weapons.toml", text).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

pub(crate) fn mission() -> Mission {
    let text = include_str!("../../../../fixtures/made-up-truce/mission/mission.toml");
    Mission::parse("mission.toml", text).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

/// The frame with more; panics with every mistake if it does not compile.
pub(crate) fn agreement(more: &str) -> Agreement {
    compiled(&format!("{FRAME}{more}"), None)
}

/// A clause of a test says what matters to it; what it leaves out is filled in here: its title and words, that it prohibits,
/// that it binds both parties, its source.
pub(crate) fn filled(text: &str) -> String {
    const HEAD: &str = "[[clause]]\n";
    let mut parts = text.split(HEAD);
    let mut whole = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let own: Vec<&str> = part.lines().take_while(|line| !line.starts_with('[')).collect();
        let value =
            |key: &str| own.iter().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix("= "));
        let id = value("id").unwrap_or_default();
        whole += HEAD;
        for (key, usual) in [
            ("title", id),
            ("paraphrase", id),
            ("rule", "\"prohibits\""),
            ("binds", "[\"A\", \"B\"]"),
            ("sources", "[\"text\"]"),
        ] {
            if value(key).is_none() && (key != "paraphrase" || value("words").is_none()) {
                whole += &format!("{key} = {usual}\n");
            }
        }
        whole += part;
    }
    whole
}

pub(crate) fn compiled(text: &str, sites: Option<Vec<Site>>) -> Agreement {
    let text = &filled(text);
    let mut shapes = BTreeMap::from([("contact".to_string(), parallel(48.0))]);
    // 20 km farther north: a far line.
    for (name, lat) in [("far-line", 48.18), ("moved", 48.09)] {
        if text.contains(&format!("\"{name}\"")) {
            shapes.insert(name.to_string(), parallel(lat));
        }
    }
    Agreement::compile_with(text, Papers { shapes: &shapes, sites, arsenal: arsenal() }).unwrap_or_else(
        |mistakes| {
            let told = mistakes.iter().map(|one| {
                let at = position(text, one.span.start);
                format!("{}:{}: {} ({})\n", at.line, at.column, one.message, one.help)
            });
            panic!("{}", told.collect::<String>())
        },
    )
}

/// So many hours and minutes after the start of 2030.
pub(crate) fn at(hours: i64, minutes: i64) -> Time {
    Time(Time::parse("2030-01-01T00:00:00Z").unwrap().0 + hours * HOUR + minutes * MINUTE)
}

/// A point so far north of the line along the parallel (south, if negative).
pub(crate) fn north(distance: Mm) -> Point {
    truce::geodesy::destination(
        Point::from_degrees(37.5, 48.0).unwrap(),
        if distance < 0 { 18_000 } else { 0 },
        distance.abs(),
    )
}

/// What somebody sees: by default the monitor, well rated, at a moment.
#[derive(Clone)]
pub(crate) struct Seen(pub(crate) Observation);

static NUMBER: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(1);

impl Seen {
    pub(crate) fn new(kind: Kind, act: Act, time: Time) -> Self {
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let mut id = [number; 32];
        id[1] = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let time = Span { start: time, end: Time(time.0 + MINUTE) };
        let place = Place::Point { at: north(0), error: Ellipse::circle(10 * METRE) };
        Self(Observation {
            asserted_by: Asserter::Monitor,
            act,
            rating: Rating { source: b'A', information: 1 },
            ..Observation::bare(Id(id), "patrol", kind, time, place)
        })
    }

    pub(crate) fn more(mut self, change: impl FnOnce(&mut Observation)) -> Self {
        change(&mut self.0);
        self
    }

    pub(crate) fn place(self, at: Point, sigma: Mm) -> Self {
        self.more(|one| one.place = Place::Point { at, error: Ellipse::circle(sigma) })
    }

    pub(crate) fn by(self, party: &str) -> Self {
        self.more(|one| one.origin = Some(Name::from(party)))
    }

    pub(crate) fn said_by(self, party: &str) -> Self {
        self.more(|one| one.asserted_by = Asserter::Party(Name::from(party)))
    }

    pub(crate) fn particular(self, change: impl FnOnce(&mut Particulars)) -> Self {
        self.more(|one| {
            let mut particulars = one.particulars().clone();
            change(&mut particulars);
            one.particulars = particulars.boxed();
        })
    }

    pub(crate) fn lasts(self, length: Micros) -> Self {
        self.more(|one| one.time.end = Time(one.time.start.0 + length))
    }
}

/// Weapons seen at a distance north of the line.
pub(crate) fn gun(system: &str, distance: Mm, sigma: Mm) -> Seen {
    Seen::new(Kind::Sighting, Act::Presence, at(48, 0))
        .place(north(distance), sigma)
        .particular(|particulars| particulars.system = Some(Name::from(system)))
}

/// A notice by a party.
pub(crate) fn notice(party: &str, sort: NoticeSort, given: Time) -> Seen {
    Seen::new(Kind::Notice, Act::Undetermined, given).more(|one| {
        one.place = Place::Unknown;
        one.time = Span::at(given);
        one.detail = Detail::Notice {
            party: Name::from(party),
            notice: Box::new(Notice {
                sort,
                purpose: None,
                to: None,
                given_at: None,
                given: true,
                failed: None,
            }),
        };
    })
}

impl Seen {
    pub(crate) fn notice(self, change: impl FnOnce(&mut Notice)) -> Self {
        self.more(|one| {
            let Detail::Notice { notice, .. } = &mut one.detail else { panic!("no notice") };
            change(notice);
        })
    }
}

/// Where a ship was.
pub(crate) fn ship(name: &str, place: Point, time: Time) -> Seen {
    Seen::new(Kind::Position, Act::Undetermined, time)
        .place(place, 50 * METRE)
        .more(|one| one.time = Span::at(time))
        .particular(|particulars| {
            particulars.object = Some(Object { class: Name::from("ship"), name: Name::from(name) });
        })
}

/// All findings; the order of observations must not matter, and every finding can give its account.
pub(crate) fn findings(agreement: &Agreement, seen: &[Seen]) -> Vec<Finding> {
    let ground = Ground::compile(agreement, &|_| None).unwrap();
    let mut observations: Vec<Observation> = seen.iter().map(|one| one.0.clone()).collect();
    let found = assess(&observations, agreement, &mission(), &ground).findings;
    observations.reverse();
    assert_eq!(found, assess(&observations, agreement, &mission(), &ground).findings);
    for finding in &found {
        let account = account(agreement, finding).expect("it is of this agreement");
        assert_eq!(account.reasons.len(), finding.reasons.len());
        assert!(account.lines(&|code| code.to_string()).len() >= 2 + finding.reasons.len());
    }
    found
}

/// The verdict of the only finding of a clause, under the only reading; "not applicable" where there is none.
pub(crate) fn verdict(agreement: &Agreement, clause: &str, seen: &[Seen]) -> String {
    let of_clause: Vec<Finding> =
        findings(agreement, seen).into_iter().filter(|finding| *finding.clause == *clause).collect();
    match &of_clause[..] {
        [] => "not applicable".to_string(),
        [one] => one.verdict.words().to_string(),
        several => {
            let words: Vec<&str> = several.iter().map(|finding| finding.verdict.words()).collect();
            words.join(" + ")
        }
    }
}

/// The reasons of all findings of a clause, in words.
pub(crate) fn reasons(agreement: &Agreement, clause: &str, seen: &[Seen]) -> Vec<Reason> {
    findings(agreement, seen)
        .into_iter()
        .filter(|finding| *finding.clause == *clause)
        .flat_map(|finding| finding.reasons)
        .collect()
}

pub(crate) fn is_breach(finding: &Finding) -> bool {
    finding.verdict == Verdict::Breach
}
