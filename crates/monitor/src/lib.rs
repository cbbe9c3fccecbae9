//! The shell: it reads files, calls pure functions and writes files. A library, so that tests reach what stands
//! between files and report.

pub mod assess;
pub mod case;
pub mod check;
pub mod claims;
pub mod counts;
pub mod day;
pub mod demo;
pub mod explain;
pub mod folder;
pub mod gates;
pub mod intake;
pub mod listen;
pub mod locate;
pub mod mistake;
pub mod progress;
pub mod record;
pub mod scene;
pub mod sensing;
pub mod state;
pub mod suite;
pub mod track;

use std::fmt::Write as _;

/// The books of the files read, a line each, and the first reasons for which rows were set aside.
fn books(files: &[intake::FileRead]) -> String {
    let mut text = String::new();
    let mut unused: Vec<(&str, &str)> = Vec::new();
    for file in files {
        match (&file.summary, &file.unused) {
            (Some(summary), _) if summary.rejected > 0 => {
                let _ = writeln!(
                    text,
                    "{}: {} rows, {} used, {} set aside",
                    file.name, summary.rows, summary.accepted, summary.rejected
                );
                for rejected in file.rejected.iter().take(3) {
                    let _ = writeln!(text, "  {rejected}");
                }
                if summary.rejected > 3 {
                    let _ = writeln!(
                        text,
                        "  ... and {} more; the report counts them all by reason",
                        summary.rejected - 3
                    );
                }
            }
            (Some(_), _) => {}
            (None, why) => unused.push((&file.name, why.as_deref().unwrap_or(""))),
        }
    }
    for (name, why) in unused {
        let _ = writeln!(text, "{name}: not used: {why}");
    }
    let rows = |of: &dyn Fn(&source::Summary) -> u64| -> u64 {
        files.iter().filter_map(|file| file.summary.as_ref()).map(of).sum()
    };
    let _ = writeln!(
        text,
        "{} files, {} rows: {} used, {} set aside",
        files.len(),
        rows(&|summary| summary.rows),
        rows(&|summary| summary.accepted),
        rows(&|summary| summary.rejected)
    );
    text
}

/// A moment in an argument.
///
/// # Errors
/// How to write one.
pub fn moment(text: &str) -> Result<truce::time::Time, String> {
    truce::time::Time::parse(text).ok_or_else(|| {
        format!("`{text}` is no moment with a time zone; write it like 2025-06-01T00:00:00Z or 2025-06-01T03:00:00+03:00")
    })
}
