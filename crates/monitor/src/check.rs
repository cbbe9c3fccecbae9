//! `truceline check FOLDER`: compiles an agreement and says what it means, or what is wrong with it.

use crate::folder::{self, Folder, Trouble};
use report::language::{Figure, Language, Words, wrap};
use sha2::{Digest, Sha256};
use std::path::Path;
use truce::claim::{Arithmetic, Claim, thousands};
use truce::observation::Count;
use truce::time::Time;

/// What the agreement in the folder means, in plain words of a language, and what the parties say about it.
///
/// # Errors
/// What is wrong with the folder or its files: [`Trouble::render`] tells it to a person, in English.
pub fn run(dir: &Path, language: Language) -> Result<String, Trouble> {
    let folder = folder::load(dir)?;
    let words = Words::of(language);
    let mut page = words.explain(&folder.agreement);
    page.push_str(&claims(&words, &folder));
    page += &format!("\n{}\n", words.word("explain-head-files"));
    for (name, text) in &folder.files {
        let hash: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        let file = words.say("explain-file", &[("name", name.as_str().into()), ("hash", hash.into())]);
        page += &format!("  - {file}\n");
    }
    Ok(page)
}

/// The claims in the order of the file, each in its own window and unit, with its arithmetic. No sum is made.
fn claims(words: &Words, folder: &Folder) -> String {
    if folder.claims.is_empty() {
        return String::new();
    }
    let mut page = format!("\n{}\n", words.word("explain-head-claims"));
    for claim in &folder.claims {
        wrap(&mut page, "  - ", "    ", &figure(words, claim));
        let mut detail = |text: &str| wrap(&mut page, "      ", "      ", text);
        detail(&window(words, claim));
        detail(&arithmetic(words, claim.arithmetic()));
        if !claim.note.is_empty() {
            // A claim's note has no translations.
            let note = words.prose(&claim.note, None);
            detail(&words.say("explain-claim-note", &[("text", text(&note))]));
        }
    }
    page
}

fn text(text: &(impl ToString + ?Sized)) -> Figure {
    Figure::Text(text.to_string())
}

/// Who claims what about whom.
fn figure(words: &Words, claim: &Claim) -> String {
    let part = |(name, part): &(truce::Name, Count)| {
        let figures = [("name", text(name)), ("count", count(words, *part).into())];
        words.say("explain-claim-part", &figures)
    };
    let parts: Vec<String> = claim.parts.iter().map(part).collect();
    let total = match (claim.total, parts.is_empty()) {
        (Count::Unstated, false) => String::new(),
        (total, true) => count(words, total),
        (total, false) => words.say("explain-claim-total", &[("total", count(words, total).into())]),
    };
    let running =
        if claim.cumulative == Some(true) { words.word("explain-claim-running") } else { String::new() };
    let figures = [
        ("name", text(&claim.name)),
        ("claimant", text(&claim.claimant)),
        ("against", text(&claim.against)),
        ("unit", text(&claim.unit)),
        ("total", total.into()),
        ("parts", parts.join(", ").into()),
        ("running", running.into()),
    ];
    words.say("explain-claim", &figures)
}

/// The window: what was stated of it, and what was not.
fn window(words: &Words, claim: &Claim) -> String {
    let assumed = if claim.ends.start { String::new() } else { words.word("explain-claim-assumed") };
    let known = match claim.ends.end {
        true => String::new(),
        false if claim.as_of == Some(claim.window.end) => words.word("explain-claim-as-of"),
        false => words.word("explain-claim-assumed"),
    };
    let shown = |time: Time| words.utc(time);
    let figures = [
        ("start", shown(claim.window.start).into()),
        ("assumed", assumed.into()),
        ("end", shown(claim.window.end).into()),
        ("known", known.into()),
    ];
    words.say("explain-claim-window", &figures)
}

/// Do the parts account for the total?
fn arithmetic(words: &Words, sums: Arithmetic) -> String {
    let sum = |least: u64, most: Option<u64>| {
        let from = number(words, least);
        match most {
            Some(most) if most == least => from,
            Some(most) => {
                words.say("explain-count-range", &[("from", from.into()), ("to", number(words, most).into())])
            }
            None => words.say("explain-count-least", &[("number", from.into())]),
        }
    };
    match sums {
        Arithmetic::NoParts => words.word("explain-parts-none"),
        Arithmetic::NoTotal { least, most } => {
            words.say("explain-parts-no-total", &[("sum", sum(least, most).into())])
        }
        Arithmetic::Consistent { least, most } => {
            words.say("explain-parts-agree", &[("sum", sum(least, most).into())])
        }
        Arithmetic::Unclear { least, most } => {
            words.say("explain-parts-unclear", &[("sum", sum(least, most).into())])
        }
        Arithmetic::Missing(n) => words.say("explain-parts-missing", &[("number", number(words, n).into())]),
        Arithmetic::Exceed(n) => words.say("explain-parts-exceed", &[("number", number(words, n).into())]),
        Arithmetic::Neither { apart, within } => {
            let figures = [("apart", number(words, apart).into()), ("within", number(words, within).into())];
            words.say("explain-parts-neither", &figures)
        }
    }
}

fn count(words: &Words, count: Count) -> String {
    let said = |key: &str, n: u32| words.say(key, &[("number", number(words, u64::from(n)).into())]);
    match count {
        Count::Unstated => words.word("explain-count-none"),
        Count::Exactly(n) => number(words, u64::from(n)),
        Count::About(n) => said("explain-count-about", n),
        Count::AtLeast(n) => said("explain-count-least", n),
    }
}

/// A number with its thousands apart, as the language has it.
fn number(words: &Words, n: u64) -> String {
    match words.language() {
        Language::English => thousands(n),
        Language::Russian | Language::Ukrainian => words.number(n),
    }
}
