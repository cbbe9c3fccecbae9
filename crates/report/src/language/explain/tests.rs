use super::*;
use crate::language::Language;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use truce::agreement::{Arsenal, Papers, Polygon, Shape, Site};
use truce::observation::Target;
use truce::place::Point;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Compares with `tests/explain/NAME`; `BLESS=1` renews the file instead.
fn snapshot(name: &str, got: &str) {
    let path = root().join("crates/report/tests/explain").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, got).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(got == expected, "{} differs (BLESS=1 renews it)\n--- got\n{got}", path.display());
}

/// The made-up agreement of the core's tests that uses every key.
fn base() -> Agreement {
    let read =
        |name: &str| fs::read_to_string(root().join("crates/truce/tests/agreement").join(name)).unwrap();
    let point = |lon, lat| Point { lon, lat };
    let river = || Shape::Lines(vec![vec![point(0, 0), point(10, 10)]]);
    let square = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)].map(|(lon, lat)| point(lon, lat)).to_vec();
    let shapes = BTreeMap::from([
        ("zones/river.geojson".into(), river()),
        ("zones/river-2.geojson".into(), river()),
        ("zones/buffer.geojson".into(), Shape::Areas(vec![Polygon { rings: vec![square] }])),
    ]);
    let site = Site { name: "Plant".into(), class: Target::Electricity, at: point(5, 5) };
    let arsenal = Arsenal::parse("weapons.toml", &read("weapons.toml")).unwrap();
    let papers = Papers { shapes: &shapes, sites: Some(vec![site]), arsenal };
    Agreement::compile_with(&read("base.toml"), papers).unwrap()
}

fn real(name: &str) -> Agreement {
    let text = fs::read_to_string(root().join("agreements").join(name).join("terms.toml")).unwrap();
    let weapons = fs::read_to_string(root().join("agreements/weapons.toml")).unwrap();
    let arsenal = Arsenal::parse("weapons.toml", &weapons).unwrap();
    Agreement::compile_with(&text, Papers { shapes: &BTreeMap::new(), sites: None, arsenal }).unwrap()
}

#[test]
fn every_key_is_understood_in_every_language() {
    let agreement = base();
    snapshot("base.txt", &Words::of(Language::English).explain(&agreement));
    snapshot("base.uk.txt", &Words::of(Language::Ukrainian).explain(&agreement));
    snapshot("base.ru.txt", &Words::of(Language::Russian).explain(&agreement));
}

#[test]
fn real_agreements_explain_themselves() {
    for name in ["easter-2025", "energy-2025"] {
        snapshot(&format!("{name}.txt"), &Words::of(Language::English).explain(&real(name)));
    }
}

/// Every paragraph has its pattern and every figure of it, and each language has as many.
#[test]
fn nothing_is_left_out_in_any_language() {
    let counts = Language::ALL.map(|language| {
        let words = Words::of(language);
        let said: Vec<String> =
            explain(&base()).iter().map(|paragraph| words.sentence(&paragraph.sentence)).collect();
        for sentence in &said {
            assert!(!sentence.trim().is_empty() && !sentence.contains("explain-"), "{sentence}");
            assert!(!sentence.contains("{$"), "{sentence}");
        }
        said.len()
    });
    assert!(counts[0] > 100 && counts.iter().all(|count| *count == counts[0]), "{counts:?}");
}

#[test]
fn a_quote_keeps_its_language_and_says_so() {
    let easter = real("easter-2025");
    let quote = "I order all hostilities to stop for this period.";
    assert!(Words::of(Language::English).explain(&easter).contains(&format!("“{quote}”\n")));
    for (language, named) in [(Language::Ukrainian, ": англійська)."), (Language::Russian, ": английский).")]
    {
        let page = Words::of(language).explain(&easter).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(page.contains(&format!("«{quote}»")) && page.contains(named), "{page}");
        assert!(page.contains("19.04.2025 18:00"), "{page}");
    }
}

/// Outside quotations, addresses and the ids of the file, no two English words stand side by side; and no sentence of
/// any agreement of the library is left without its translation.
#[test]
fn agreements_of_the_library_speak_all_languages() {
    let folders = fs::read_dir(root().join("agreements")).unwrap();
    let names: Vec<String> = folders
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert!(names.len() >= 20, "{names:?}");
    for (name, language) in
        names.iter().flat_map(|name| [(name, Language::Ukrainian), (name, Language::Russian)])
    {
        let words = Words::of(language);
        let mark = words.say("explain-in-english", &[("text", "".into())]);
        for paragraph in explain(&real(name)) {
            let said = words.sentence(&paragraph.sentence);
            assert!(!said.contains(mark.trim()), "{name}: {said}");
            assert_eq!(english(&said), None, "{name}: {said}");
        }
    }
}

/// A run of two or more words in lower-case Latin letters, outside of quotations: English.
fn english(said: &str) -> Option<String> {
    let mut depth = 0_usize;
    let outside: String = said
        .chars()
        .filter(|letter| {
            match letter {
                '«' => depth += 1,
                '»' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        })
        .collect();
    let tokens: Vec<&str> = outside.split_whitespace().collect();
    let latin = |word: &&str| word.len() > 1 && word.chars().all(|letter| letter.is_ascii_lowercase());
    tokens.windows(2).find(|pair| pair.iter().all(latin)).map(|pair| pair.join(" "))
}

#[test]
fn what_is_not_translated_is_english_and_said_to_be() {
    assert_eq!(english("Пункт «no fire at all»: тиша, easter-2025."), None);
    assert_eq!(english("Примітка: Nothing here is real.").as_deref(), Some("here is"));
    for language in [Language::Ukrainian, Language::Russian] {
        let words = Words::of(language);
        let page = words.explain(&base());
        let mark = words.say("explain-in-english", &[("text", "By four weeks.".into())]);
        assert!(page.contains(&mark) && mark.contains('['), "{page}");
        assert!(!page.contains("Nothing here is real."), "{page}");
    }
    let easter = Words::of(Language::Ukrainian).explain(&real("easter-2025"));
    assert!(!easter.contains("англійською"), "{easter}");
}
