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
pub mod instruments;
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

/// Is there a folder to read from? `what` is what it should hold.
fn folder_there(folder: &std::path::Path, what: &str) -> anyhow::Result<()> {
    if folder.is_file() {
        let within = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
        let within = within.unwrap_or(std::path::Path::new("."));
        anyhow::bail!(
            "{} is a file: give the folder of {what} that it lies in, {}",
            folder.display(),
            within.display()
        );
    }
    anyhow::ensure!(folder.is_dir(), "there is no folder {}: give the folder of {what}", folder.display());
    Ok(())
}

/// Is there a folder to write to, or may one be made?
fn folder_free(folder: &std::path::Path) -> anyhow::Result<()> {
    let file = folder.ancestors().find(|part| part.exists()).filter(|part| !part.is_dir());
    match file {
        Some(file) => anyhow::bail!(
            "{} is a file, so nothing can be written to {}: give a folder, one that is there or a new one",
            file.display(),
            folder.display()
        ),
        None => Ok(()),
    }
}

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
    if files.is_empty() {
        return "0 files: the folder holds none\n".to_string();
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

/// The text of a file that somebody named; `next` says what to give instead.
///
/// # Errors
/// Why it cannot be read, in words for whoever named it.
pub(crate) fn text_of(path: &std::path::Path, next: &str) -> anyhow::Result<String> {
    use std::io::ErrorKind;
    let file = path.display();
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!("there is no file {file}: {next}"),
        _ if path.is_dir() => anyhow::anyhow!("{file} is a folder, and a file is asked for: {next}"),
        ErrorKind::InvalidData => anyhow::anyhow!("{file} is no text in UTF-8: save it as such, or {next}"),
        ErrorKind::PermissionDenied => {
            anyhow::anyhow!("you may not read {file}: ask whoever owns it, or {next}")
        }
        _ => anyhow::anyhow!("{file} cannot be read ({error}): {next}"),
    })
}

/// A moment in an argument.
///
/// # Errors
/// How to write one.
pub fn moment(text: &str) -> Result<truce::time::Time, String> {
    use truce::time::{Date, Time};
    // A blank may stand between day and hour; letters may be small.
    let tidy = text.trim().to_uppercase();
    if let Some(time) = Time::parse(&tidy).or_else(|| Time::parse(&tidy.replacen(' ', "T", 1))) {
        return Ok(time);
    }
    let forms = "write it like 2025-06-01T00:00:00Z (UTC) or 2025-06-01T03:00:00+03:00 (Kyiv in summer)";
    if Date::parse(&tidy).is_some() {
        return Err(format!("`{text}` is a day, not a moment: add the hour and on which clock; {forms}"));
    }
    if Time::parse_local(&tidy.replacen(' ', "T", 1), 0).is_some() {
        return Err(format!("`{text}` does not say on which clock: add Z for UTC, or an offset; {forms}"));
    }
    Err(match truce::config::date_meant(text) {
        Some(date) => format!("a moment begins with year, month, day, here {date}; {forms}"),
        None => format!("`{text}` is no moment; {forms}"),
    })
}
