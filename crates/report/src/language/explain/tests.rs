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
    Agreement::compile(&text, &BTreeMap::new(), None).unwrap()
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
