//! The project's own observations, one JSON object per line: see docs/observation-format.md.
//!
//! The keys are the columns of the table; a value is a text, a number or true/false; null is left out.

use std::io::BufRead;

use super::statement::{COLUMNS, Statement};
use crate::Cause;
use crate::cell::{Cell, Fault, excerpt};
use crate::json::{Object, scalar};
use crate::lines::{Line, Lines, too_long, unreadable};
use crate::run::Run;
use crate::table::unknown;

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let mut lines = Lines::new(input);
    loop {
        let number = lines.number();
        match lines.next() {
            Ok(None) => return,
            Ok(Some((line, Line::TooLong(bytes)))) => run.reject(line, too_long(bytes)),
            Ok(Some((_, Line::Text(raw)))) if raw.iter().all(u8::is_ascii_whitespace) => {}
            Ok(Some((line, Line::Text(raw)))) => {
                let made = observation(&raw, run).map_err(|fault| Fault { line: Some(line), ..fault });
                run.settle(line, &raw, made);
            }
            Err(error) => return run.stop(number, unreadable(&error)),
        }
    }
}

fn observation(raw: &[u8], run: &Run<'_>) -> Result<truce::observation::Observation, Fault> {
    let object = Object::parse(raw)?;
    if let Some(fault) = unknown(object.0.iter().map(|(key, _)| key.as_str()), &COLUMNS, "key") {
        return Err(fault);
    }
    let mut texts = Vec::with_capacity(object.0.len());
    for (key, value) in &object.0 {
        match scalar(value) {
            Some(text) => texts.push((key.as_str(), text)),
            None if value.is_null() => {}
            None => {
                let reason =
                    format!("the key `{}` holds a list or an object; give a plain value", excerpt(key));
                return Err(Fault::new(Cause::Json, reason));
            }
        }
    }
    let cells = texts.iter().map(|(name, text)| Cell { text: text.trim(), name, column: None });
    Statement::new(cells.filter(|cell| !cell.text.is_empty())).observation(run)
}

#[cfg(test)]
mod tests {
    use crate::format::Format;
    use crate::format::tests::{observations, one, reasons};
    use crate::{Context, Profile};

    #[test]
    fn a_line_says_what_a_row_says() {
        let (profile, context) = (Profile::new("patrol-7"), Context::default());
        let line = r#"{"kind":"impulse","time":"2025-04-19T18:20:05Z","lat":48.5,"lon":37.7,"error_m":150,"count":3,"rating":null}"#;
        let row = "kind,time,lat,lon,error_m,count\nimpulse,2025-04-19T18:20:05Z,48.5,37.7,150,3\n";
        let from_json = one(Format::ObservationNdjson, line, &profile, &context);
        let from_csv = one(Format::ObservationCsv, row, &profile, &context);
        assert_ne!(from_json.id, from_csv.id, "the bytes differ, so do the identities");
        assert_eq!(truce::observation::Observation { id: from_csv.id, ..from_json }, from_csv);
    }

    #[test]
    fn a_bad_line_costs_itself() {
        let (profile, context) = (Profile::new("patrol-7"), Context::default());
        let good = r#"{"kind":"impulse","time":"2025-04-19Z"}"#;
        let bad = [
            r#"{"kind":"impulse","time":"2025-04-19Z""#,
            r#"{"kind":"impulse","tyme":"2025-04-19Z"}"#,
            r#"{"kind":"impulse","time":"2025-04-19"}"#,
            r#"{"kind":"impulse","time":"2025-04-19Z","time":"2025-04-20Z"}"#,
            r#"{"kind":"impulse","time":"2025-04-19Z","count":[3]}"#,
            r#"["impulse"]"#,
        ];
        let file = format!("{good}\n{}\n\n{good}\n", bad.join("\n"));
        let reasons = reasons(Format::ObservationNdjson, file.as_bytes(), &profile, &context);
        let words =
            ["ends in the middle", "did you mean `time`?", "no time zone", "twice", "plain value", "shape"];
        assert_eq!(reasons.len(), bad.len(), "{reasons:?}");
        for (row, (reason, word)) in reasons.iter().zip(words).enumerate() {
            assert!(reason.starts_with(&format!("line {}", row + 2)) && reason.contains(word), "{reason}");
        }
        assert_eq!(observations(Format::ObservationNdjson, file.as_bytes(), &profile, &context).len(), 2);
    }
}
