//! The page of the suite: case, expected, got.

use super::{Case, Outcome};
use std::fmt::Write as _;

pub(super) fn page(cases: &[Case]) -> String {
    let mut page = String::from(
        "# The case suite\n\n\
         Thirty-five cases from real agreements, reports of monitors and statements of parties, each with what must come\n\
         out, what came out, and a near-miss twin from which something else must. Written by\n\
         `truceline suite --out docs/cases.md`; a test fails when this page is not what the command gives. The input is in\n\
         `fixtures/cases/`, with a NOTE on sources in each folder.\n\n\
         | case | what it is | lines expected | came out | twin refutes it |\n|---|---|---|---|---|\n",
    );
    for case in cases {
        let troubles = case.troubles();
        let _ = writeln!(
            page,
            "| [{}](#{}) | {} | {} | {} | {} |",
            case.id,
            case.id.to_lowercase(),
            cell(&case.title),
            case.own.expected.len(),
            case.own.expected.len() - case.own.missing().len(),
            if troubles.is_empty() { "yes" } else { "NO" },
        );
    }
    for case in cases {
        let _ = write!(page, "\n## {}\n\n**{}.** {}\n\n", case.id, case.title, case.asks);
        if let Some(constructed) = &case.constructed {
            let _ = write!(page, "Constructed input: {constructed}\n\n");
        }
        if let Some(remark) = &case.remark {
            let _ = write!(page, "{remark}\n\n");
        }
        for agreement in &case.agreements {
            let _ = write!(page, "On the real agreement: [`{agreement}`](../{agreement}/NOTES.md)");
            page.push_str(if case.varied[0].is_empty() {
                ", as it stands in the library.\n\n"
            } else {
                ", but for:\n\n"
            });
        }
        varied(&mut page, &case.varied[0]);
        let _ = write!(page, "Input: `fixtures/cases/{}`\n\n", case.folder);
        lines(&mut page, &case.own);
        let _ = write!(page, "\nTwin: {}\n\n", case.twin_differs);
        varied(&mut page, &case.varied[1]);
        lines(&mut page, &case.twin);
    }
    page
}

/// Where a case's copy of a real agreement differs from it.
fn varied(page: &mut String, varied: &[(String, String, String)]) {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (agreement, was, becomes) in varied {
        let _ = writeln!(page, "- in {agreement}, in place of `{}`: `{}`", flat(was), flat(becomes));
    }
    if !varied.is_empty() {
        page.push('\n');
    }
}

/// Each expected line beside what came out, then what else came out.
fn lines(page: &mut String, outcome: &Outcome) {
    page.push_str("| expected | got |\n|---|---|\n");
    for line in &outcome.expected {
        let got = if outcome.got.contains(line) { "the same" } else { "**did not come out**" };
        let _ = writeln!(page, "| {} | {got} |", cell(line));
    }
    for line in outcome.got.iter().filter(|line| !outcome.expected.contains(line)) {
        let _ = writeln!(page, "| | {} |", cell(line));
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
