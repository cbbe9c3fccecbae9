//! Which words of which clause led to a finding.

use crate::common::{Case, Ran, assess, json, root, scratch, story, truceline};
use std::fs;

fn explain(finding: &str) -> Ran {
    explain_in(finding, "en")
}

fn explain_in(finding: &str, language: &str) -> Ran {
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
        "--language".to_string(),
        language.to_string(),
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
    let near = told(&wrong);
    assert!(near.contains("did you mean") && near.contains(&subject), "{near}");
    // What is near to nothing gets no suggestion.
    let far = told("zzzzzzzzzzzz");
    assert!(!far.contains("did you mean") && far.contains("findings.csv"), "{far}");
    assert!(told(&format!("{subject}/nofire")).contains(&clause));
    assert!(told(&format!("{subject}/{clause}/moon")).contains(&id));
    assert!(told("a/b/c/d").contains("SUBJECT/CLAUSE/READING"));
}

/// An exception that did not apply says why, and so does each part of the clause, in three languages.
#[test]
fn an_exception_says_why_it_did_not_apply() {
    let report = crate::common::json(&Case::made_up().answer());
    let rows = report["findings"]["readings"][0]["findings"].as_array().unwrap();
    let row = rows.iter().find(|row| row["clause"] == "no-fire" && row["verdict"] != "permitted").unwrap();
    let finding = format!("{}/no-fire", row["subject"].as_str().unwrap());
    for (language, exception, parts) in [
        (
            "en",
            "it does not apply: it is about fire at aircraft or missiles, and this was:",
            "acts (the clause: use of",
        ),
        (
            "UK",
            "не застосовується: він стосується такого: вогонь по літальних апаратах або ракетах, а це",
            "acts (у пункті:",
        ),
        (
            "ru",
            "не применяется: оно касается следующего: огонь по летательным аппаратам или ракетам, а",
            "acts (в пункте:",
        ),
    ] {
        let ran = explain_in(&finding, language);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let page = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(page.contains("save at aircraft overhead"), "{page}");
        assert!(page.contains(exception) && page.contains(parts), "{page}");
        assert!(!page.contains("account-") && !page.contains("reason-") && !page.contains('$'), "{page}");
    }
}

/// From a record: the public's view is told with the published key, the mission's to those who hold its keys, and a record
/// of other terms says so.
#[test]
fn a_record_tells_as_far_as_its_keys_open_it() {
    let (story, out) = (story(), scratch("explain-record"));
    let path = |name: &str| story.join(name).to_str().unwrap().to_string();
    let (agreement, mission) = (path("agreement"), path("mission"));
    let as_of = "2031-05-19T00:00:00Z";
    let more = ["--mission", &mission, "--as-of", as_of, "--view", "mission"];
    let (ran, files) = assess(&story.join("agreement"), &story.join("observations"), &out, &more);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report = json(&files);
    let subject = report["findings"]["readings"][0]["findings"][0]["subject"].as_str().unwrap();
    let record = out.join("record");
    let explain = |view: &str, agreement: &str| {
        let record = record.to_str().unwrap();
        truceline(&[
            "--quiet",
            "explain",
            subject,
            agreement,
            "--record",
            record,
            "--view",
            view,
            "--mission",
            &mission,
            "--as-of",
            as_of,
        ])
    };
    let own = explain("mission", &agreement);
    assert_eq!(own.code, 0, "{}", own.err);
    assert!(own.out.starts_with(subject) && own.out.contains("The words: "), "{}", own.out);
    let other = explain("mission", root().join("agreements/easter-2025").to_str().unwrap());
    assert!(other.code == 1 && other.err.contains("no agreement with the digest"), "{}", other.err);
    // Without a monitor's or analyst's key the mission's view stays closed.
    for role in ["monitor", "analyst"] {
        fs::remove_file(record.join(format!("keys/roles/{role}.key"))).unwrap();
    }
    let closed = explain("mission", &agreement);
    assert!(closed.code == 1 && closed.err.contains("the key of a monitor or an analyst"), "{}", closed.err);
}
