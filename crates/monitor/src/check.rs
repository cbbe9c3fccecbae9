//! `truceline check FOLDER`: compiles an agreement and says what it means, or what is wrong with it.

use crate::folder::{self, Folder, Trouble};
use sha2::{Digest, Sha256};
use std::path::Path;
use truce::agreement;

/// What the agreement in the folder means, in plain English, and what the parties say about it.
///
/// # Errors
/// What is wrong with the folder or its files: [`Trouble::render`] tells it to a person.
pub fn run(dir: &Path) -> Result<String, Trouble> {
    let folder = folder::load(dir)?;
    let mut page = agreement::explain(&folder.agreement);
    page.push_str(&claims(&folder));
    page.push_str("\nFiles (SHA-256), to be cited with any result\n");
    for (name, text) in &folder.files {
        let hash: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        page += &format!("  - {name}: {hash}\n");
    }
    Ok(page)
}

/// The claims in the order of the file, each in its own window and unit, with its arithmetic. No sum is made.
fn claims(folder: &Folder) -> String {
    if folder.claims.is_empty() {
        return String::new();
    }
    let mut page =
        String::from("\nClaims (each in its own window and unit; never added up, never evidence)\n");
    for claim in &folder.claims {
        let running = if claim.cumulative == Some(true) { "; a running figure" } else { "" };
        page += &format!(
            "  - {}: {} about {}, {}{running}\n      {}\n      {}.\n",
            claim.name,
            claim.claimant,
            claim.against,
            claim.figure_words(),
            claim.window_words(),
            claim.arithmetic()
        );
        if !claim.note.is_empty() {
            page += &format!("      Note: {}\n", claim.note);
        }
    }
    page
}
