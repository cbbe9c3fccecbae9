//! The case suite: one test over all cases, and that the page that stands in the documents is what they give.

use monitor::suite::{all, page};
use std::fs;
use std::path::Path;

#[test]
fn every_case_gives_what_it_must_and_its_twin_does_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let cases = all(&root.join("fixtures/cases")).unwrap_or_else(|error| panic!("{error:#}"));
    println!("{:5} {:56} expected got", "case", "");
    for case in &cases {
        let (expected, missing) = (case.own.expected.len(), case.own.missing().len());
        println!("{:5} {:56} {expected:8} {:3}", case.id, case.title, expected - missing);
    }
    let troubles: Vec<String> = cases.iter().flat_map(|case| case.troubles()).collect();
    assert!(troubles.is_empty(), "{}", troubles.join("\n"));
    let numbers: Vec<String> = (1..=35).map(|number| format!("T{number}")).collect();
    let missing: Vec<&String> =
        numbers.iter().filter(|id| !cases.iter().any(|case| case.id == **id)).collect();
    assert!(missing.is_empty(), "no folder for {missing:?}");

    let ours = page(&cases);
    let path = root.join("docs/cases.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &ours).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let differs = ours.lines().zip(committed.lines()).find(|(a, b)| a != b);
    assert!(
        ours == committed,
        "docs/cases.md is not what the cases give (first difference: {differs:?}); if the change is meant: \
         truceline suite --out docs/cases.md, and read the difference"
    );
}
