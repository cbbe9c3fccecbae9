//! The examples of the documentation are read, and every column is explained.

use source::format::COLUMNS;
use source::{Context, Format, Item, Profile, read};
use truce::observation::{Act, Asserter, Target, Weapon};

const FORMAT: &str = include_str!("../../../docs/observation-format.md");
const SOURCES: &str = include_str!("../../../docs/sources.md");

/// A file of the monitor's own.
fn own() -> Profile {
    Profile { asserted_by: Asserter::Monitor, ..Profile::new("example") }
}

#[test]
fn the_examples_are_read_without_a_fault() {
    let mut examples = 0;
    for block in [FORMAT, SOURCES].iter().flat_map(|page| page.split("```").skip(1).step_by(2)) {
        let Some((language, text)) = block.split_once('\n') else { continue };
        if !matches!(language, "csv" | "json") {
            continue;
        }
        let format = Format::recognise("example", text.as_bytes()).expect(text);
        let (profile, context) = (own(), Context::default());
        let summary = read(format, "example", text.as_bytes(), &profile, &context, &mut |item| {
            if let Item::Rejected(rejected) = item {
                panic!("{rejected} in\n{text}");
            }
        });
        assert!(summary.accepted > 0);
        examples += 1;
    }
    assert_eq!(examples, 11);
}

#[test]
fn every_word_is_explained() {
    let words = COLUMNS
        .into_iter()
        .chain(truce::observation::Kind::NAMES.iter().map(|(word, _)| *word).filter(|word| *word != "claim"))
        .chain(Act::NAMES.iter().map(|(word, _)| *word))
        .chain(Weapon::NAMES.iter().map(|(word, _)| *word))
        .chain(Target::NAMES.iter().map(|(word, _)| *word));
    for word in words {
        assert!(FORMAT.contains(&format!("`{word}`")), "docs/observation-format.md lacks `{word}`");
    }
    for (name, _) in Format::NAMES {
        assert!(SOURCES.contains(&format!("`{name}`")), "docs/sources.md lacks `{name}`");
    }
}
