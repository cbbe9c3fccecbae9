extern crate std;

use crate::config::{Position, position, read};
use std::format;
use std::fs;
use std::path::Path;
use std::string::String;

/// A file with a slip; `~` stands for a blank that is none, `>` at a line's start for a tab.
const SLIPS: &str = include_str!("../../../tests/agreement/slips.toml");

/// Every slip with the place, the mark under it and what is said. `BLESS=1` renews the file.
#[test]
fn slips_are_explained() {
    let mut told = String::new();
    for slip in SLIPS.split("\n%%\n").skip(1) {
        let (name, text) = slip.split_once('\n').unwrap();
        let text = text.replace('~', "\u{a0}");
        let mistakes = read("f.toml", &text, |root| {
            root.asked_all();
            Some(())
        });
        told += &format!("## {name}\n");
        for mistake in mistakes.expect_err(name) {
            let Position { line, column } = position(&text, mistake.span.start);
            let shown = text.lines().nth(line - 1).unwrap_or_default().trim_start_matches('\u{feff}');
            let length = text.get(mistake.span.clone()).unwrap_or_default().chars().count().max(1);
            told += &format!("f.toml:{line}:{column}: {}\n    | {shown}\n", mistake.message);
            told += &format!("    | {}{} {}\n", " ".repeat(column - 1), "^".repeat(length), mistake.label);
            told += &format!("    help: {}\n", mistake.help);
            // No words of a parser, and the place is one of the text.
            for word in ["expected", "literal", "invalid", "unquoted", "token", "array", "parse"] {
                assert!(!mistake.message.contains(word) && !mistake.help.contains(word), "{name}: {word}");
            }
        }
        told += "\n";
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agreement/slips.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &told).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(told == expected, "{} differs (BLESS=1 renews it)\n--- got\n{told}", path.display());
}

/// What is shown as the corrected line can be read, and says what was meant.
#[test]
fn a_correction_can_be_read() {
    for (wrong, right) in [
        ("date = 19.04.2025", "date = 2025-04-19"),
        ("date = 19/4/25 18:00", "date = 2025-04-19T18:00"),
        ("title = “Easter”;", "title = \"Easter\""),
        ("binds = [“UA”; “RU”]", "binds = [\"UA\", \"RU\"]"),
        ("title = «The \"Easter\" truce»", "title = 'The \"Easter\" truce'"),
        ("share = 12.5 %", "share = 0.125"),
        ("tіtle : “x”", "title = \"x\""),
        ("path = \"C:\\Users\\o'neil\"", "path = \"C:\\\\Users\\\\o'neil\""),
        ("binds = [UA, RU", "binds = [\"UA\", \"RU\"]"),
        ("at = (1, 2)", "at = [1, 2]"),
    ] {
        let mistakes = read("f", wrong, |_| Some(())).expect_err(wrong);
        assert!(mistakes[0].help.ends_with(&format!("write: `{right}`")), "{wrong}: {}", mistakes[0].help);
    }
    // Where it cannot be known what was meant, nothing is guessed.
    for wrong in ["date = 04/05/2025", "number = 10,000", "a = ", "title = The \"x"] {
        let mistakes = read("f", wrong, |_| Some(())).expect_err(wrong);
        assert!(
            wrong.contains("The") || !mistakes[0].help.contains("write:"),
            "{wrong}: {}",
            mistakes[0].help
        );
    }
}

/// Whatever is cut out of a file or put into it, the places of what is told are places of the text.
#[test]
fn any_damage_is_told_at_a_place_of_the_text() {
    let base = include_str!("../../../tests/agreement/base.toml");
    let marks = ["\"", "[", "]", "}", "{", "=", "“", ";", "'", "\n", "\u{a0}", "і", "\\", "\"\"\""];
    let mut offset = 0;
    let mut broken = 0;
    while offset < base.len() {
        if base.is_char_boundary(offset) {
            let mark = marks[offset % marks.len()];
            let text = [&base[..offset], mark, &base[offset..]].concat();
            if let Err(mistakes) = read("f", &text, |root| {
                root.asked_all();
                Some(())
            }) {
                broken += 1;
                assert!(!mistakes.is_empty());
                for mistake in mistakes {
                    assert!(
                        mistake.span.end <= text.len() && text.is_char_boundary(mistake.span.start),
                        "{mistake:?}"
                    );
                    assert!(!mistake.message.is_empty() && !mistake.help.is_empty());
                }
            }
        }
        offset += 53;
    }
    assert!(broken > 50, "{broken}");
}
