//! A made-up report with everything in it, for tests and for looking at.

use crate::model::*;
use crate::state::{
    Commitment, CommitmentState, Done, InstrumentState, LifeEvent, Moment, Obligation, Owed, Position,
    ReadingState, Release, Said, Stand, Standing,
};
use crate::{Cell, Vertex};
use truce::place::Point;
use truce::time::{Date, HOUR, Span, Time};

/// Codes and names of the two parties, in the order of the agreement.
pub(crate) const PARTIES: [(&str, &str); 2] = [("alder", "Alderland"), ("birch", "Birchland")];

fn s(text: &str) -> String {
    text.into()
}

fn list(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| s(text)).collect()
}

fn date(day: i64) -> Date {
    Date::from_days(Date { year: 2031, month: 5, day: 1 }.days() + day - 1)
}

fn window(start: &str, hours: i64) -> Window {
    let start = Time::parse(start).unwrap();
    Span { start, end: Time(start.0 + hours * HOUR) }.into()
}

/// Numbers that look like data, the same every time.
fn noise(a: i64, b: i64) -> u64 {
    // The mixing steps of splitmix64 (Steele, Lea and Flood, 2014).
    let mut x = (a * 7_919 + b * 104_729 + 12_345).unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (x ^ (x >> 31)) >> 40
}

fn point(lon: i32, lat: i32) -> Point {
    Point { lon: lon * 10_000, lat: lat * 10_000 }
}

/// The sample, with the parties in the given order. All that is said of the first party in one is said of it in
/// the other, so that two samples differ in who is who and in nothing else.
pub(crate) fn sample(parties: [(&str, &str); 2]) -> Report {
    let [(first, _), (second, _)] = parties;
    let truce = window("2031-05-10T06:00:00Z", 72);
    Report {
        format: FORMAT,
        head: Head {
            title: s("Tarn valley truce 2031"),
            instrument: s(
                "Three days of quiet along the Tarn, declared by one side and answered in kind by the other; no text was signed.",
            ),
            question: s("Did it hold?"),
            window: truce,
            clocks: vec![
                Clock {
                    place: s("Alder City"),
                    start: s("10 May 2031, 08:00 (UTC+2)"),
                    end: s("13 May 2031, 08:00 (UTC+2)"),
                },
                Clock {
                    place: s("Birch City"),
                    start: s("10 May 2031, 09:00 (UTC+3)"),
                    end: s("13 May 2031, 09:00 (UTC+3)"),
                },
            ],
            made_up: Some(s(
                "Countries, events and numbers in this report are invented. It shows what a report looks like.",
            )),
            computed_from: ComputedFrom {
                version: s("0.1.0"),
                digests: ["agreement", "mission", "patrols.csv", "sensors.ndjson", "papers.csv"]
                    .iter()
                    .enumerate()
                    .map(|(i, of)| Digest {
                        of: s(of),
                        sha256: format!("{:016x}", noise(i as i64, 7)).repeat(4),
                    })
                    .collect(),
                observations: 12_431,
                rows_read: 12_660,
                rows_set_aside: 41,
                checkpoint: None,
                view: View::Public,
                as_of: Time::parse("2031-06-01T00:00:00Z").expect("a moment"),
                cut: "asked",
            },
            licence: s("CC BY 4.0"),
        },
        parties: parties.iter().map(|(code, name)| Party { code: s(code), name: s(name) }).collect(),
        summary: list(&[
            "Shelling heard by the sensors fell to about a tenth of the rate of the three weeks before (0.09 times; 90 % interval 0.06 to 0.13). It did not stop.",
            "41 incidents are placed on the line in the three days; 6 findings are breaches, 23 are undetermined, mostly because one report alone carries them.",
            "No source here can show which side fired. No comparison of the sides is made.",
            "Heat seen from space leads to no conclusion: cloud hid the valley on two of the three days.",
        ]),
        notes: list(&[
            "Sectors 120 to 150 km had no working sensor from 11 May on: they are hatched, not quiet.",
            "Newspaper reports are reports, not incidents; repeats of one text count once.",
        ]),
        sources: sources(first, second),
        series: series(first, truce),
        strip: Some(strip()),
        map: Some(map()),
        findings: findings(first, second),
        state: state(parties),
        plan: None,
        incidents: Incidents {
            note: s("Reports of the war as such, round-ups and repeats are not in the list."),
            rows: (0..58).map(incident).collect(),
            shown: 12,
        },
        claims: claims(first, second),
        own_series: vec![OwnSeries {
            party: s(first),
            title: s("Alerts by day"),
            source: s("alerts"),
            note: s("District alert starts, days by Alder City time. A missing day is not a zero."),
            columns: list(&["Alert starts", "Longest, minutes"]),
            rows: (8..=13)
                .map(|day| OwnRow {
                    label: date(day).to_string(),
                    within: match day {
                        10 | 13 => Within::Part,
                        11 | 12 => Within::Whole,
                        _ => Within::No,
                    },
                    values: if day == 12 {
                        vec![Tally::not_known(0), Tally::not_known(0)]
                    } else {
                        vec![Tally::observed(noise(day, 3) % 9), Tally::observed(noise(day, 4) % 140)]
                    },
                })
                .collect(),
        }],
        coverage: coverage(),
        can_say: list(&[
            "Where sensors worked, shelling fell sharply at the start of the window and rose again in the hours after it.",
            "Six incidents, each heard by sensors of two makers or seen by a patrol, took place in the zone in the three days.",
        ]),
        cannot_say: list(&[
            "Who fired: no source here tells.",
            "Whether it was quiet between 120 and 150 km: nobody could hear.",
            "Whether fewer drones flew: no source here can see them by night.",
        ]),
        method: method(),
        corrections: vec![Correction {
            day: date(16),
            text: s("The first version gave 42 incidents; two of them were one, reported with two dates."),
        }],
        instruments: Vec::new(),
        set_aside: vec![
            SetAside {
                file: s("patrols.csv"),
                reason: s("latitude 91.2 is not on the globe"),
                rows: 1,
                first_line: Some(204),
            },
            SetAside {
                file: s("papers.csv"),
                reason: s("time without a zone"),
                rows: 40,
                first_line: Some(17),
            },
        ],
        licences: list(&[
            "This report: CC BY 4.0. Numbers may be used with the name of the report and its version.",
        ]),
    }
}

fn source(
    id: &str,
    title: &str,
    kind: &str,
    acts_of: &[&str],
    asserted_by: Asserter,
    cannot_see: &str,
    rows: u64,
) -> Source {
    Source {
        id: s(id),
        title: s(title),
        kind: s(kind),
        acts_of: list(acts_of),
        asserted_by,
        cannot_see: s(cannot_see),
        precision: s("Hour and district."),
        time_zone: s("UTC, stated in the file"),
        rows_read: rows,
        observations: rows - rows / 50,
        rows_set_aside: rows / 300,
        licence: s("CC BY 4.0"),
        attribution: s("The mission"),
        url: s("https://example.org/data"),
    }
}

fn sources(first: &str, second: &str) -> Vec<Source> {
    let party = |code: &str| Asserter::Party { party: s(code) };
    let mut papers = source(
        "papers",
        "Newspapers of the valley",
        "reported event",
        &[],
        Asserter::Third,
        "What no reporter heard of; the time of day of most events; whether two texts come from one call.",
        2_120,
    );
    (papers.licence, papers.url) = (s("none stated"), s("javascript:alert(1)"));
    vec![
        source(
            "sensors",
            "Sound sensors of the mission",
            "impulse",
            &[],
            Asserter::Monitor,
            "Who fired; small arms beyond 2 km; anything in a strong wind; anything where no sensor works.",
            9_840,
        ),
        source(
            "patrols",
            "Patrol notes",
            "reported event",
            &[],
            Asserter::Monitor,
            "Nights; places that patrols were not let into.",
            312,
        ),
        papers,
        source(
            "alerts",
            "Alert list",
            "alert",
            &[second],
            party(first),
            "Acts that set off no alert; acts of the side that gives the alerts.",
            388,
        ),
        source(
            "statements",
            "Statements of the two staffs",
            "claim",
            &[first, second],
            party(second),
            "Anything: statements are claims, not observations.",
            14,
        ),
    ]
}

fn series(first: &str, truce: Window) -> Vec<Series> {
    let before = |n: i64, tally: Tally| {
        let start = Time(truce.start.0 - n * 72 * HOUR);
        Measured {
            label: crate::text::short_day(start.date(0)),
            window: Span { start, end: Time(start.0 + 72 * HOUR) }.into(),
            tally,
            beside: String::new(),
            left_out: None,
        }
    };
    let own =
        |tally| Measured { label: s("10 May"), window: truce, tally, beside: String::new(), left_out: None };
    vec![
        Series {
            id: s("shelling-heard"),
            title: s("Shelling heard by sensors"),
            source: s("sensors"),
            asserted_by: Asserter::Monitor,
            unit: s("explosions"),
            filter: s(
                "Impulses classed as explosions by two or more sensors, in sectors that were observed in all eight windows.",
            ),
            day_zone: s("UTC"),
            window: own(Tally::observed(118)),
            baseline: s("The seven windows of 72 hours before, same hours of the day."),
            baseline_windows: (1..=7)
                .rev()
                .map(|n| before(n, Tally::observed(1_150 + noise(n, 1) % 400)))
                .collect(),
            conclusion: Conclusion::Ratio {
                ratio_permille: Some(91),
                low_permille: 62,
                high_permille: Some(131),
                model: s("negative binomial"),
            },
            other_ways: vec![],
            confounders: list(&[
                "Wind on 11 May was stronger than in the weeks before.",
                "Works at the Tarn bridge may count as explosions.",
            ]),
            check: Some(FilterCheck {
                rows: 200,
                precision_permille: 935,
                note: s("Two persons, blind to the date; rows in the repository."),
            }),
        },
        Series {
            id: s("reports"),
            title: s("Reports of fighting"),
            source: s("papers"),
            asserted_by: Asserter::Third,
            unit: s("reports after repeats"),
            filter: s("Typed as fighting; round-ups left out; one text counts once."),
            day_zone: s("Alder City time: most rows have a date only"),
            window: own(Tally::not_known(44)),
            baseline: s("The seven windows of 72 hours before."),
            baseline_windows: (1..=7)
                .rev()
                .map(|n| before(n, Tally::not_known(48 + noise(n, 2) % 30)))
                .collect(),
            conclusion: Conclusion::Ratio {
                ratio_permille: Some(760),
                low_permille: 520,
                high_permille: Some(1_090),
                model: s("negative binomial"),
            },
            other_ways: vec![],
            confounders: list(&["Newspapers print less at the week's end."]),
            check: None,
        },
        Series {
            id: s("alerts"),
            title: s("Alert starts"),
            source: s("alerts"),
            asserted_by: Asserter::Party { party: s(first) },
            unit: s("alert starts"),
            filter: s("Alerts longer than 24 hours are a standing state, not a start."),
            day_zone: s("UTC"),
            window: own(Tally::observed(0)),
            baseline: s("The seven windows of 72 hours before; one is missing from the file."),
            baseline_windows: (1..=7)
                .rev()
                .map(|n| {
                    before(
                        n,
                        if n == 4 { Tally::not_observed() } else { Tally::observed(5 + noise(n, 5) % 9) },
                    )
                })
                .collect(),
            conclusion: Conclusion::Ratio {
                ratio_permille: Some(0),
                low_permille: 0,
                high_permille: Some(310),
                model: s("Poisson"),
            },
            other_ways: vec![],
            confounders: vec![],
            check: None,
        },
        Series {
            id: s("heat"),
            title: s("Heat seen from space"),
            source: s("sensors"),
            asserted_by: Asserter::Third,
            unit: s("anomalies"),
            filter: s("All anomalies within 25 km of the line."),
            day_zone: s("UTC"),
            window: own(Tally::observed(310)),
            baseline: s("The seven windows of 72 hours before."),
            baseline_windows: (1..=7)
                .rev()
                .map(|n| before(n, Tally::observed(40 + noise(n, 6) % 250)))
                .collect(),
            conclusion: Conclusion::NoConclusion {
                reason: s(
                    "Dry grass burns in May, and cloud hid the valley on two of three days; the counts say nothing about firing.",
                ),
            },
            other_ways: vec![],
            confounders: list(&["Cloud.", "Season."]),
            check: None,
        },
    ]
}

fn strip() -> Strip {
    Strip {
        title: s("Incidents per 15 km and day"),
        note: s("Only incidents with a place of their own; 17 known by province alone are not drawn."),
        line: s("the line of contact of 9 May 2031, surveyed by the mission"),
        sectors: (0..12).map(|i| Sector { from_km: i * 15, to_km: i * 15 + 15 }).collect(),
        places: [
            (4, "Upper Tarn"),
            (38, "Millford"),
            (71, "Tarn Bridge"),
            (77, "Bridgend"),
            (110, "Ashby"),
            (168, "Tarnmouth"),
        ]
        .iter()
        .map(|(km, name)| PlaceAlong { km: *km, name: s(name) })
        .collect(),
        days: (1..=20)
            .map(|day| {
                let within = match day {
                    10 | 13 => Within::Part,
                    11 | 12 => Within::Whole,
                    _ => Within::No,
                };
                let cells = (0..12)
                    .map(|sector| {
                        let n = noise(day, sector) % if (10..=13).contains(&day) { 3 } else { 28 };
                        match sector {
                            8 | 9 if day >= 11 => Tally::not_observed(),
                            11 => Tally::not_known(n % 3),
                            _ => Tally::observed(if n > 20 { n * 2 } else { n / 2 }),
                        }
                    })
                    .collect();
                StripDay { day: date(day), within, cells }
            })
            .collect(),
    }
}

fn map() -> Map {
    let line: Vec<Vertex> = (0..=60)
        .map(|i: i32| Vertex::from(point(10_000 + i * 38, 45_080 + i * 9 + (noise(i.into(), 9) % 50) as i32)))
        .collect();
    let cells = (0..14_i32)
        .flat_map(|i| {
            (0..3_i32).map(move |j| {
                let cell = Cell::containing(point(10_050 + i * 150, 45_000 + j * 100 + i * 35));
                let n = noise(i.into(), j.into()) % 12;
                let tally = match i {
                    8 | 9 => Tally::not_observed(),
                    12 | 13 => Tally::not_known(n % 3),
                    _ => Tally::observed(n.saturating_sub(4)),
                };
                MapCell { cell, tally }
            })
        })
        .collect();
    let zone = [(9_900, 44_900), (12_400, 45_450), (12_350, 45_950), (9_900, 45_400)];
    Map {
        title: s("Incidents per cell, 10 to 13 May"),
        note: s("17 incidents known by province alone are not drawn."),
        base: BaseMap::Blank,
        lines: vec![MapLine {
            name: s("Line of contact, 9 May 2031, the mission"),
            licence: s("CC BY 4.0"),
            paths: vec![line],
        }],
        zones: vec![MapZone {
            name: s("Zone of quiet (clause 2)"),
            rings: vec![zone.iter().map(|(lon, lat)| Vertex::from(point(*lon, *lat))).collect()],
        }],
        cells,
        labels: [
            ("Millford", 10_600, 45_220),
            ("Tarn Bridge", 11_000, 45_350),
            ("Ashby", 11_480, 45_280),
            ("Tarnmouth", 12_200, 45_800),
        ]
        .iter()
        .map(|(name, lon, lat)| MapLabel { name: s(name), at: Vertex::from(point(*lon, *lat)) })
        .collect(),
    }
}

fn incident(i: i32) -> Incident {
    let place = if i % 4 == 3 {
        None
    } else {
        Some(Cell::containing(point(10_050 + (i * 37) % 2_200, 45_000 + (i * 53) % 600)))
    };
    let strong = i < 6;
    Incident {
        id: format!("{:012x}", noise(i.into(), 11)),
        cell: place,
        place: s(if place.is_some() { "Middle Tarn" } else { "Lower Tarn, no nearer place known" }),
        first_day: date(10 + i64::from(i % 3)),
        last_day: date(10 + i64::from(i % 3) + i64::from(i % 7 == 0)),
        kinds: list(if i % 2 == 0 { &["shelling", "mortar"] } else { &["drone attack"] }),
        observations: if strong { 9 - i.unsigned_abs() } else { 1 },
        groups: if strong { 2 } else { 1 },
        sources: list(if strong { &["sensors", "patrols"] } else { &["papers"] }),
        evidence_centibans: if strong { 180 } else { 12 },
        probability_permille: if strong { 984 } else { 569 },
        probability_word: s(if strong { "very likely" } else { "about as likely as not" }),
    }
}

fn findings(first: &str, second: &str) -> Findings {
    let finding = |i: i32, verdict: Verdict, party: Option<&str>| {
        let it = incident(i);
        Finding {
            subject: it.id,
            what: it.kinds.join(", "),
            clause: s("fire"),
            party: party.map(s),
            verdict,
            cell: it.cell,
            place: it.place,
            first_day: it.first_day,
            last_day: it.last_day,
            evidence_centibans: it.evidence_centibans,
            probability_permille: it.probability_permille,
            probability_word: it.probability_word,
            in_zone_permille: Some(940),
            reasons: match verdict {
                Verdict::Breach => list(&[
                    "in force at the whole of its time",
                    "in the zone with 94 %, the clause asks for 90 %",
                    "means: mortar, bound by the clause",
                    "very likely that it occurred, the clause asks for 95 %",
                ]),
                _ => list(&[
                    "in force at the whole of its time",
                    "one group of reports only: 57 %, the clause asks for 95 %",
                ]),
            },
            other_readings: vec![],
            would_change: match verdict {
                Verdict::Breach => list(&["a notice of planned works at that place and hour"]),
                _ => list(&["a second, independent report", "a sensor's record of that hour"]),
            },
        }
    };
    let counts = |breach, undetermined, period| {
        vec![
            ClauseCount {
                clause: s("fire"),
                breach,
                undetermined,
                outside_period: period,
                outside_place: 4,
                ..Default::default()
            },
            ClauseCount {
                clause: s("works"),
                permitted: 2,
                no_breach: 1,
                other_means: 38,
                ..Default::default()
            },
        ]
    };
    Findings {
        clauses: vec![
            Clause {
                id: s("fire"),
                title: s("No fire of any kind in the zone of quiet."),
                source: s("https://example.org/declaration"),
            },
            Clause {
                id: s("works"),
                title: s("Works on the line only after notice of a day."),
                source: s("declaration, point 3"),
            },
        ],
        readings: vec![
            Reading {
                id: s("first"),
                title: s("from 10 May"),
                held_by: Some(s(first)),
                note: s("In force from the hour of the declaration."),
                counts: counts(6, 23, 8),
                findings: (0..6)
                    .map(|i| finding(i, Verdict::Breach, None))
                    .chain((6..29).map(|i| finding(i, Verdict::Undetermined, Some(second))))
                    .collect(),
            },
            Reading {
                id: s("second"),
                title: s("from 11 May"),
                held_by: Some(s(second)),
                note: s("In force from the answer, a day later."),
                counts: counts(4, 15, 18),
                findings: (0..4)
                    .map(|i| finding(i, Verdict::Breach, None))
                    .chain([finding(4, Verdict::OutsidePeriod, Some(first))])
                    .collect(),
            },
        ],
        shown: 8,
    }
}

fn said(words: &str, quoted: bool) -> Said {
    Said { words: s(words), quoted, uk: None, ru: None }
}

fn state(parties: [(&str, &str); 2]) -> InstrumentState {
    let [(first, _), (second, _)] = parties;
    let url = || list(&["https://example.org/tarn/declaration"]);
    let moment = |text: &str| {
        let at = Time::parse(text);
        Moment { not_before: at, not_after: at }
    };
    let person = |code: &str, name: &str| Titled { code: s(code), name: s(name), uk: None, ru: None };
    let people = parties.iter().map(|(code, name)| person(code, name));
    InstrumentState {
        title: person("tarn-2031", "Tarn valley truce 2031"),
        at: Time::parse("2031-06-01T00:00:00Z").expect("a moment"),
        language: s("en"),
        people: people.chain([person("MILL", "Valley Commission")]).collect(),
        readings: vec![ReadingState {
            reading: s("text"),
            held_by: None,
            status: "lapsed",
            extended: None,
            standing: vec![Standing { who: s(first), what: "proposed", condition: None }],
        }],
        events: vec![LifeEvent {
            when: moment("2031-05-09T12:00:00Z"),
            what: "proposed",
            by: list(&[first]),
            condition: None,
            until: None,
            reading: None,
            said: said("Three days of quiet along the Tarn.", true),
            sources: url(),
        }],
        stands: vec![
            Stand {
                who: s(first),
                party: true,
                by_file: Some("declared"),
                signature: "not-asked",
                position: Some("declared"),
                since: Some(date(9)),
            },
            Stand {
                who: s(second),
                party: true,
                by_file: Some("mirrors"),
                signature: "not-asked",
                position: None,
                since: None,
            },
        ],
        positions: vec![Position {
            day: Some(date(9)),
            of: s(first),
            speaker: Some(s("A. Speaker")),
            speaker_uk: Some(s("А. Промовець")),
            speaker_ru: Some(s("А. Оратор")),
            office: Some(s("Head of Government")),
            office_uk: Some(s("голова уряду")),
            office_ru: Some(s("глава правительства")),
            stance: "declared",
            said: said("Our guns will be still.", true),
            sources: url(),
        }],
        commitments: vec![Commitment {
            id: s("visits"),
            by: s("MILL"),
            kind: "monitoring",
            said: said("The commission visits both banks.", false),
            states: vec![CommitmentState {
                when: moment("2031-05-11T00:00:00Z"),
                state: "promised",
                said: said("It said so.", false),
                sources: url(),
            }],
            sources: url(),
        }],
        obligations: vec![
            Obligation {
                reading: s("text"),
                clause: person("back", "Guns go back"),
                party: s(first),
                subject: Owed::Stage { stage: s("guns") },
                said: Some(said("Guns stand ten kilometres back by noon.", false)),
                due: Some(moment("2031-05-11T12:00:00Z")),
                state: Done::CannotBeJudged { why: "nothing-verified" },
                verdict: Verdict::Undetermined,
            },
            Obligation {
                reading: s("text"),
                clause: person("bread", "Lorries with bread"),
                party: s(second),
                subject: Owed::Notice { day: date(11) },
                said: None,
                due: None,
                state: Done::Late,
                verdict: Verdict::Breach,
            },
            Obligation {
                reading: s("text"),
                clause: person("bread", "Lorries with bread"),
                party: s(second),
                subject: Owed::Quantity { source: s("papers"), from: date(10), to: date(12) },
                said: None,
                due: None,
                state: Done::Share {
                    counted: 11,
                    perhaps: 11,
                    owed: 30,
                    permille: Some(367),
                    missed: 0,
                    by_party: true,
                    why: Some("only-alleged"),
                },
                verdict: Verdict::Undetermined,
            },
        ],
        releases: [first, second]
            .iter()
            .map(|party| Release {
                consequence: s("free"),
                said: said("If one side fires, the other may consider itself free.", true),
                reading: None,
                judged_by: Some(s("MILL")),
                party: s(party),
                alleged: true,
                findings: 2,
                found: parties
                    .iter()
                    .map(|(party, _)| crate::state::Found {
                        party: Some(s(party)),
                        breaches: 2,
                        undetermined: 3,
                    })
                    .chain([crate::state::Found { party: None, breaches: 0, undetermined: 7 }])
                    .collect(),
                observed: Some(crate::state::ObservedShare {
                    from: Time::parse("2031-05-10T00:00:00Z").expect("a moment"),
                    to: Time::parse("2031-05-12T00:00:00Z").expect("a moment"),
                    permille: 412,
                }),
                judged: None,
            })
            .collect(),
        judgements_known: true,
    }
}

fn claims(first: &str, second: &str) -> Vec<Claim> {
    let part = |name: &str, number| ClaimPart { name: s(name), number };
    vec![
        Claim {
            id: s("b-total"),
            claimant: s(second),
            against: s(first),
            window: window("2031-05-10T06:00:00Z", 72),
            as_of: Some(Time::parse("2031-05-13T09:00:00Z").unwrap()),
            unit: s("=violations of the truce"),
            total: Stated::Exactly(1_490),
            parts: vec![
                part("shellings", Stated::Exactly(420)),
                part("drone strikes", Stated::Exactly(1_060)),
            ],
            arithmetic: Arithmetic::Less { sum: 1_480, by: 10 },
            cumulative: false,
            comparable_with: vec![],
            counts: s("not in the dictionary"),
            copies: 1,
            evidence: ClaimEvidence {
                outcome: s("cannot be tested"),
                why: Some(s("its unit is not in the dictionary")),
                established: 0,
                possible: 0,
                observed_permille: None,
                parts: vec![],
            },
            beside: s(
                "Sensors heard 118 explosions in the same window, in the sectors that were observed. Not the same unit: a shelling may be many explosions.",
            ),
            window_note: String::new(),
            note: String::new(),
            url: s("https://example.org/b"),
        },
        Claim {
            id: s("a-11-may"),
            claimant: s(first),
            against: s(second),
            window: window("2031-05-10T22:00:00Z", 24),
            as_of: None,
            unit: s("violations"),
            total: Stated::Exactly(935),
            parts: vec![
                part("assaults", Stated::Exactly(36)),
                part("shellings", Stated::Exactly(582)),
                part("drone strikes", Stated::AtLeast(310)),
            ],
            arithmetic: Arithmetic::CanAgree { sum: 928, most: None },
            cumulative: true,
            comparable_with: vec![],
            counts: s("not in the dictionary"),
            copies: 1,
            evidence: ClaimEvidence {
                outcome: s("cannot be tested"),
                why: Some(s("its unit is not in the dictionary")),
                established: 0,
                possible: 0,
                observed_permille: None,
                parts: vec![],
            },
            beside: s("No observation counts these units in these hours."),
            window_note: String::new(),
            note: String::new(),
            url: s("https://example.org/a"),
        },
    ]
}

fn coverage() -> Vec<Coverage> {
    let days: Vec<String> = (8..=15).map(|d| crate::text::short_day(date(d))).collect();
    let grid = |kind: &str, sources: &[&str], note: &str, cell: fn(i64, i64) -> Covered| Coverage {
        kind: s(kind),
        sources: list(sources),
        note: s(note),
        columns: days.clone(),
        rows: (0..4)
            .map(|row| CoverageRow {
                label: format!("{} to {} km", row * 45, row * 45 + 45),
                cells: (8..=15).map(|day| cell(row, day)).collect(),
            })
            .collect(),
    };
    vec![
        grid("sound", &["sensors"], "From the sensors' heartbeats, their range and the wind.", |row, day| {
            if row == 2 && day >= 11 {
                Covered { state: Seen::NotObserved, share_permille: None }
            } else {
                Covered {
                    state: Seen::Observed,
                    share_permille: Some(1_000 - (noise(row, day) % 400) as u16),
                }
            }
        }),
        grid(
            "news",
            &["papers"],
            "What a newspaper would have printed is not known: no zero of news is a zero.",
            |_, _| Covered { state: Seen::NotKnown, share_permille: None },
        ),
    ]
}

fn method() -> Method {
    let word = |word: &str, from, to| Word { word: s(word), from_permille: from, to_permille: to };
    let threshold =
        |name: &str, value: &str, by: &str| Threshold { name: s(name), value: s(value), set_by: s(by) };
    Method {
        lines: list(&[
            "Every file is read row by row; a row that cannot be read is set aside and counted.",
            "Each row becomes an observation with its own precision of time and place.",
            "Observations that can be of one event are linked around the most precise of them.",
            "Within a group of independence only the strongest item for and against counts.",
            "Evidence is added in centibans from a prior per kind.",
            "An incident is held against every clause of every reading.",
            "A finding is a breach only where each test of the clause is met.",
            "Counts are compared with the windows before, with a 90 % interval.",
            "What could not be seen is shown as unseen.",
            "Places are coarsened before anything is written.",
        ]),
        words: vec![
            word("very unlikely", 0, 100),
            word("unlikely", 100, 330),
            word("about as likely as not", 330, 660),
            word("likely", 660, 900),
            word("very likely", 900, 1_000),
        ],
        thresholds: vec![
            threshold(
                "a breach needs the incident to have occurred with",
                "950 permille",
                "terms.toml, clauses.fire.standard",
            ),
            threshold(
                "a breach needs the place in the zone with",
                "900 permille",
                "terms.toml, clauses.fire.place",
            ),
            threshold("reports link within", "3 hours and 5 km", "mission.toml, link"),
        ],
    }
}
