use super::*;

/// The schema is made from the types and their comments; `BLESS=1` writes it anew.
#[test]
fn the_schema_is_that_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/case-file.schema.json");
    let mut schema = serde_json::to_string_pretty(&schemars::schema_for!(CaseFile)).unwrap();
    schema.push('\n');
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == schema,
        "docs/case-file.schema.json is not that of the types; run with BLESS=1 to write it anew"
    );
}

fn version(party: &str, words: &str) -> Version {
    Version {
        party: party.to_string(),
        stance: "contests the finding".to_string(),
        when: None,
        words: Some(words.to_string()),
        notice: None,
    }
}

fn file(versions: Vec<Version>) -> CaseFile {
    CaseFile {
        format: FORMAT.to_string(),
        id: "ab".repeat(32),
        made_up: None,
        instrument: "A truce".to_string(),
        clause: "\"No fire\"".to_string(),
        as_of: "2031-05-06 14:00 UTC".to_string(),
        stage: "parties told".to_string(),
        facts: Vec::new(),
        findings: Vec::new(),
        assessed: Vec::new(),
        evidence: Vec::new(),
        coverage: Vec::new(),
        versions,
        claims: Vec::new(),
        outcome: None,
        judgements: Vec::new(),
        remedies: Vec::new(),
        ladder: Vec::new(),
        steps: Vec::new(),
        corrections: Vec::new(),
        incidents: Vec::new(),
        digests: Vec::new(),
        proof: Proof { says: Vec::new(), head: Vec::new(), keys: Vec::new() },
        limits: Vec::new(),
    }
}

/// What a party wrote is text, whatever it looks like; nothing on the page can run or be fetched.
#[test]
fn words_of_a_party_are_text() {
    let page = file(vec![version("Aldria", "<script>alert(1)</script>"), version("Borvia", "x")]).html();
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    assert!(page.contains("default-src 'none'"));
}

/// Both versions have the same markup; swapped, the page is swapped and nothing else.
#[test]
fn versions_stand_in_equal_space() {
    let one = file(vec![version("Aldria", "first"), version("Borvia", "other")]).html();
    let two = file(vec![version("Borvia", "other"), version("Aldria", "first")]).html();
    let swap = |text: &str| {
        let pairs = [("Aldria", "Borvia"), ("first", "other")];
        pairs
            .iter()
            .fold(text.to_string(), |text, (a, b)| text.replace(a, "\u{1}").replace(b, a).replace('\u{1}', b))
    };
    assert_eq!(swap(&one), two);
    assert_ne!(one, two);
    assert!(one.contains("The program never does"), "who is responsible is left to a body");
}
