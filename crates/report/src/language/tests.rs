use super::*;
use std::collections::{BTreeMap, BTreeSet};

/// Names of the figures of a pattern.
fn figures(pattern: &str) -> BTreeSet<&str> {
    pattern
        .split('$')
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap())
        .collect()
}

/// Patterns by key. Read by hand, so that the test does not lean on what it tests.
fn patterns(language: Language) -> BTreeMap<&'static str, String> {
    let mut all: BTreeMap<&str, String> = BTreeMap::new();
    let mut key = "";
    for line in language.files().into_iter().flat_map(str::lines) {
        match line.split_once(" =") {
            Some((name, rest)) if !line.starts_with([' ', '#', '}', '*']) => {
                key = name;
                assert!(all.insert(key, rest.to_string()).is_none(), "{}: {key} twice", language.code());
            }
            _ if line.starts_with([' ', '}']) => all.get_mut(key).unwrap().push_str(line),
            _ => assert!(line.is_empty() || line.starts_with('#'), "{}: {line}", language.code()),
        }
    }
    all
}

#[test]
fn every_language_has_every_pattern_with_the_same_figures() {
    let english = patterns(Language::English);
    assert!(english.len() > 150, "{}", english.len());
    for language in Language::ALL {
        let other = patterns(language);
        for (key, pattern) in &english {
            let same = other.get(key).unwrap_or_else(|| panic!("{} lacks {key}", language.code()));
            assert_eq!(figures(pattern), figures(same), "{}: {key}", language.code());
            assert!(!same.trim().is_empty(), "{}: {key} is empty", language.code());
        }
        let extra: Vec<_> = other.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(extra.is_empty(), "{} has {extra:?} and English has not", language.code());
    }
}

#[test]
fn every_file_is_fluent_without_a_mistake() {
    for language in Language::ALL {
        for file in language.files() {
            if let Err((_, errors)) = FluentResource::try_new(file.to_string()) {
                panic!("{}: {errors:?}", language.code());
            }
        }
    }
}

/// Keys of the words that stand in tables of the core.
fn tables() -> Vec<String> {
    use truce::agreement::{
        About, CommitmentKind, CommitmentState, ConsequenceKind, Nature, Role, ShownBy, Signature,
        SourceKind, Stance, Status, Task, What,
    };
    use truce::observation::{Act, Force, NoticeSort, Purpose, Target, Weapon};
    use truce::performance::Gap;
    fn states<T>(table: &str, names: &[(&'static str, T)]) -> Vec<String> {
        names.iter().map(|(name, _)| format!("state-{table}-{name}")).collect()
    }
    fn keys<T>(table: &str, names: &[(&'static str, T)]) -> Vec<String> {
        names.iter().map(|(name, _)| format!("explain-{table}-{name}")).collect()
    }
    [
        keys("act", &Act::NAMES),
        keys("weapon", &Weapon::NAMES),
        keys("target", &Target::NAMES),
        keys("force", &Force::NAMES),
        keys("nature", &Nature::NAMES),
        keys("stance", &Stance::NAMES),
        keys("source", &SourceKind::NAMES),
        keys("role", &Role::NAMES),
        keys("task", &Task::NAMES),
        keys("event", &What::NAMES),
        keys("commitment", &CommitmentKind::NAMES),
        keys("state", &CommitmentState::NAMES),
        keys("consequence", &ConsequenceKind::NAMES),
        keys("about", &About::NAMES),
        keys("shown", &ShownBy::NAMES),
        keys("notice", &NoticeSort::NAMES),
        keys("purpose", &Purpose::NAMES),
        states("status", &Status::NAMES),
        states("signature", &Signature::NAMES),
        states("gap", &Gap::NAMES),
    ]
    .concat()
}

/// What the code says is in the files, and what is in the files is said.
#[test]
fn the_code_names_every_key_and_no_other() {
    let keys = patterns(Language::English);
    let sources = [
        include_str!("../language.rs"),
        include_str!("../day/page.rs"),
        include_str!("../account.rs"),
        include_str!("reason.rs"),
        include_str!("explain.rs"),
        include_str!("../html/state.rs"),
        include_str!("../html/plan.rs"),
        include_str!("../plan.rs"),
        include_str!("../state/page.rs"),
        include_str!("../state/words.rs"),
        include_str!("../../../monitor/src/check.rs"),
        include_str!("../../../truce/src/agreement/explain.rs"),
        include_str!("../../../truce/src/agreement/explain/clause.rs"),
        include_str!("../../../truce/src/agreement/explain/parts.rs"),
    ];
    let mut named: BTreeSet<String> = BTreeSet::new();
    for part in sources.into_iter().flat_map(|source| source.split('"')) {
        if [
            "day-",
            "account-",
            "reason-",
            "explain-",
            "state-",
            "plan-",
            "month-",
            "stated-",
            "place-",
            "verdict-",
            "probability",
            "date",
        ]
        .iter()
        .any(|start| part.starts_with(start))
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        {
            named.insert(part.to_string());
        }
    }
    use truce::observation::{Act, Target, Weapon};
    let outcomes =
        ["corroborated", "not-corroborated-observed", "not-corroborated-unobserved", "contradicted"];
    named.extend(outcomes.iter().chain(&["cannot-be-tested"]).map(|name| format!("claim-{name}")));
    named.extend(Act::NAMES.iter().map(|(name, _)| format!("act-{name}")));
    named.extend(Weapon::NAMES.iter().map(|(name, _)| format!("weapon-{name}")));
    named.extend(Target::NAMES.iter().map(|(name, _)| format!("target-{name}")));
    named.extend(tables());
    let stands = [
        "met",
        "not-met",
        "coverage",
        "undetermined",
        "verification",
        "verification-some",
        "not-due",
        "period",
    ];
    named.extend(stands.iter().map(|name| format!("plan-{name}")));
    named.extend(truce::plan::Sort::NAMES.iter().map(|(name, _)| format!("plan-alleged-{name}")));
    let columns = ["phase", "stands", "figures", "alleged", "decides"];
    named.extend(columns.iter().map(|name| format!("plan-column-{name}")));
    let units = truce::claim::unit::Units::built_in().unwrap();
    named.extend(units.ids().map(|id| format!("unit-{id}")));
    let missing: Vec<_> = named.iter().filter(|key| !keys.contains_key(key.as_str())).collect();
    assert!(missing.is_empty(), "no pattern for {missing:?}");
    let unsaid: Vec<_> = keys.keys().filter(|key| !named.contains(**key)).collect();
    assert!(unsaid.is_empty(), "never said: {unsaid:?}");
}

#[test]
fn numbers_choose_the_form_of_the_noun() {
    let days =
        |language, number: u64| Words::of(language).say("day-sensors-withheld", &[("days", number.into())]);
    assert!(days(Language::English, 1).ends_with("1 day."));
    assert!(days(Language::English, 7).ends_with("7 days."));
    for (number, uk, ru) in [
        (1, "1 день.", "1 день."),
        (3, "3 дні.", "3 дня."),
        (7, "7 днів.", "7 дней."),
        (21, "21 день.", "21 день."),
    ] {
        assert!(days(Language::Ukrainian, number).ends_with(uk), "{}", days(Language::Ukrainian, number));
        assert!(days(Language::Russian, number).ends_with(ru), "{}", days(Language::Russian, number));
    }
    let stated = Words::of(Language::English).stated(Stated::AtLeast(9_318));
    assert_eq!(stated, "9\u{202f}318 or more");
}

#[test]
fn days_and_moments_read_well() {
    let date = Date::new(2025, 4, 19).unwrap();
    let day = |language| Words::of(language).day(date);
    assert_eq!(day(Language::English), "19 April 2025");
    assert_eq!(day(Language::Ukrainian), "19 квітня 2025 р.");
    assert_eq!(day(Language::Russian), "19 апреля 2025 г.");
    let at = Time::parse("2025-04-19T16:30:00Z").unwrap();
    assert_eq!(Words::of(Language::English).moment(at, Zone::EasternEurope), "19 April 2025, 19:30 (UTC+3)");
}

/// No sentence without a figure: what is no bare label (a sentence ends with a stop) has a number in it.
#[test]
fn every_sentence_of_the_day_report_has_a_figure() {
    // Sentences that say how to read the figures, and belong to no single one.
    let about_figures = [
        "day-method-1",
        "day-method-3",
        "day-footer",
        "day-interval-note",
        "day-made-up",
        "day-findings-note",
    ];
    for language in Language::ALL {
        for (key, pattern) in patterns(language) {
            let report = !["explain-", "state-", "account-"].iter().any(|start| key.starts_with(start));
            let sentence = report && pattern.trim_end().ends_with('.') && !key.starts_with("date");
            let figure = pattern.contains('$') || pattern.chars().any(|c| c.is_ascii_digit());
            assert!(!sentence || figure || about_figures.contains(&key), "{}: {key}", language.code());
        }
    }
}

/// The figures of a pattern are all given by the code: a figure that is not shows as its own name.
#[test]
fn a_missing_figure_would_be_seen() {
    let said = Words::of(Language::English).word("day-of");
    assert!(said.contains("$day"), "{said}");
}

/// A number before a noun chooses the noun's form: one and more in English; one, few and many in the others. A pattern that
/// puts a count of things into a sentence without such a choice is a mistake of grammar in waiting.
#[test]
fn counts_agree_with_their_nouns() {
    for language in Language::ALL {
        for (key, pattern) in patterns(language) {
            let forms: &[&str] = match language {
                Language::English => &["[one]", "*[other]"],
                Language::Ukrainian | Language::Russian => &["[one]", "*["],
            };
            for choice in pattern.split("->").skip(1) {
                let choice = choice.split("\n}").next().unwrap_or(choice);
                assert!(forms.iter().all(|form| choice.contains(form)), "{}: {key}", language.code());
            }
        }
    }
    // Figures after which a noun follows directly, in English: the form must be chosen.
    let nouns =
        ["hours", "days", "periods", "observations", "occasions", "incidents", "sites", "areas", "claims"];
    for (key, pattern) in patterns(Language::English) {
        for (before, after) in pattern.match_indices(" }").map(|(at, _)| pattern.split_at(at + 2)) {
            let word: String = after.trim_start().chars().take_while(|c| c.is_alphabetic()).collect();
            let chosen = before.contains("->");
            assert!(!nouns.contains(&word.as_str()) || chosen, "{key}: {word}");
        }
    }
}
