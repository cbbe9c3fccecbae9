use super::*;
use crate::language::{Language, Words};
use crate::sample::{PARTIES, sample};

/// The schema is made from the types and their comments; `BLESS=1` writes it anew.
#[test]
fn the_schema_in_docs_is_that_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/state.schema.json");
    let schema =
        schemars::generate::SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<States>();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(published == text, "docs/state.schema.json is not that of the types; BLESS=1 writes it anew");
}

fn states() -> States {
    let state = sample(PARTIES).state;
    let row = |incident: &str, verdict| Held {
        incident: incident.into(),
        day: Date::new(2031, 5, 11).unwrap(),
        act: "shelling",
        instrument: state.title.code.clone(),
        reading: "text".into(),
        clause: "quiet".into(),
        verdict,
        party: None,
    };
    let held = vec![row("a", model::Verdict::Breach), row("b", model::Verdict::Undetermined)];
    States { format: FORMAT, at: state.at, instruments: vec![state], held }
}

/// No language leaves out a line, a figure or a name that another has.
#[test]
fn every_language_says_as_much() {
    let states = states();
    let pages = Language::ALL.map(|language| page(&states, &Words::of(language)));
    let items = |page: &str| page.lines().filter(|line| line.starts_with("  - ")).count();
    let [english, ..] = &pages;
    for page in &pages {
        assert_eq!(items(page), items(english), "{page}");
        // A pattern or figure that is not there shows as its own name.
        for trace in ["state-", "explain-", "verdict-", "{$"] {
            assert!(!page.contains(trace), "{trace}\n{page}");
        }
        assert!(page.contains("11") && page.contains("30"), "{page}");
    }
}

#[test]
fn the_page_reads_well() {
    let said = page(&states(), &Words::of(Language::English));
    for line in [
        "Birchland: answered that it would act as the other side acts (a \"mirror\" answer) (by the file);",
        "silent: no position on record by then",
        "free, Alderland: it alleges a violation by another; 2 findings of breach by another, none judged;",
        "bread, quantity by papers, Birchland: 11 of 30 (36.7 %), by the count of a party; undetermined",
        "2031-05-11, shelling: tarn-2031, reading text, quiet: breach, side not established",
        "1 incident of which every finding is undetermined is not listed here; it is in the JSON.",
    ] {
        assert!(said.replace("\n    ", " ").contains(line), "{line}\n{said}");
    }
}

/// A judgement is told, what is alleged and found is told, and nobody says "not judged" without a register.
#[test]
fn only_a_judgement_changes_a_release() {
    let mut state = sample(PARTIES).state;
    let words = Words::of(Language::English);
    let lines = |state: &InstrumentState| release_lines(state, &words);
    state.releases[1].alleged = false;
    state.releases[1].findings = 0;
    assert_eq!(
        lines(&state),
        [
            format!(
                "free, alder: it alleges a violation by another; 2 findings of breach by another, none judged; the state is unchanged. {BOTH}"
            ),
            format!("free, birch: no allegation by it is at hand. {BOTH}")
        ]
    );
    state.judgements_known = false;
    assert!(!lines(&state)[0].contains("none judged"), "{:?}", lines(&state));
    assert!(lines(&state).iter().all(|line| line.contains("no register of judgements was given")));
    state.judgements_known = true;
    let at = Time::parse("2031-05-20T00:00:00Z").unwrap();
    state.releases[1].judged = Some(Judged { by: "MILL".into(), at });
    assert_eq!(
        lines(&state)[1],
        format!(
            "free, birch: may consider itself free, since MILL judged another responsible (2031-05-20T00:00:00Z); the instrument is not void by this alone. {BOTH}"
        )
    );
    // Without observations nobody says that nothing was found.
    state.releases.iter_mut().for_each(|release| release.found.clear());
    assert!(lines(&state).iter().all(|line| line.ends_with("nothing was looked for, on no side.")));
}

/// Said for every party alike: what was found of each, and what share was observed.
const BOTH: &str = "Found so far: alder: breach 2, undetermined 3; birch: breach 2, undetermined 3; side not \
                    established: breach 0, undetermined 7. Of the line and the time from 2031-05-10T00:00:00Z to \
                    2031-05-12T00:00:00Z, 41.2 % was observed, for all sides alike.";

/// A day of a text is that day, whatever its clock; what is known less well is an interval.
#[test]
fn moments_are_as_precise_as_they_are() {
    let state = sample(PARTIES).state;
    let words = Words::of(Language::English);
    let say = Say::of(&state, &words);
    let moment = |from: &str, to: Option<&str>| {
        say.moment(Moment { not_before: Time::parse(from), not_after: to.and_then(Time::parse) })
    };
    // 27 July 1953 on a clock nine hours ahead, and on one eleven behind.
    assert_eq!(moment("1953-07-26T15:00:00Z", Some("1953-07-27T15:00:00Z")), "1953-07-27");
    assert_eq!(moment("1953-07-27T11:00:00Z", Some("1953-07-28T11:00:00Z")), "1953-07-27");
    assert_eq!(moment("2031-05-11T12:00:00Z", Some("2031-05-11T12:00:00Z")), "2031-05-11T12:00:00Z");
    assert_eq!(moment("2031-05-11T12:00:00Z", None), "not before 2031-05-11T12:00:00Z");
    assert!(moment("2031-05-11T12:00:00Z", Some("2031-05-13T12:00:00Z")).starts_with("between 2031"));
    assert_eq!(say.moment(Moment { not_before: None, not_after: None }), "an end that the text does not set");
}
