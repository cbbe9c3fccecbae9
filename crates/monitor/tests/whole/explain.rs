//! Which words of which clause led to a finding.

use crate::common::{Case, Ran, story, truceline};

fn explain(finding: &str) -> Ran {
    let story = story();
    let path = |name: &str| story.join(name).to_str().unwrap().to_string();
    truceline(&[
        "--quiet".to_string(),
        "explain".to_string(),
        finding.to_string(),
        path("agreement"),
        "--observations".to_string(),
        path("observations"),
        "--mission".to_string(),
        path("mission"),
        "--as-of".to_string(),
        "2031-05-19T00:00:00Z".to_string(),
    ])
}

/// A row of the report's findings is told with the words of its clause and every reason of the row.
#[test]
fn a_finding_is_traced_to_the_words_of_its_clause() {
    let case = Case::made_up();
    let report = crate::common::json(&case.answer());
    let reading = &report["findings"]["readings"][0];
    let row = &reading["findings"][0];
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_string();
    let (subject, clause, id) = (text(&row["subject"]), text(&row["clause"]), text(&reading["id"]));
    let ran = explain(&format!("{}/{clause}/{id}", &subject[..6]));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let first = ran.out.lines().next().unwrap();
    assert_eq!(first, format!("{subject}/{clause}/{id}"));
    let words = case.question.folder.agreement.reading(&id).unwrap().clause(&clause).unwrap();
    assert!(ran.out.contains(&words.title) && ran.out.contains("The words: "), "{}", ran.out);
    for reason in row["reasons"].as_array().unwrap() {
        assert!(ran.out.contains(reason.as_str().unwrap()), "{reason} is missing in\n{}", ran.out);
    }
    // Without clause and reading, every finding about the subject is told.
    assert!(explain(&subject).out.lines().filter(|line| line.starts_with(&subject)).count() > 1);
    // A mistake in typing: what is wrong, and what there is instead.
    let told = |finding: &str| {
        let ran = explain(finding);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{finding}");
        ran.err
    };
    let wrong = format!("{}x", &subject[..subject.len() - 1]);
    assert!(told(&wrong).contains(&format!("the nearest is {subject}")), "{}", told(&wrong));
    assert!(told(&format!("{subject}/nofire")).contains(&clause));
    assert!(told(&format!("{subject}/{clause}/moon")).contains(&id));
    assert!(told("a/b/c/d").contains("SUBJECT/CLAUSE/READING"));
}
