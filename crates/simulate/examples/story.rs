//! Writes the instruments' files of the story `heard-and-seen`, and the truth: `story fixtures/heard-and-seen`.

use std::path::PathBuf;

/// The seed of the fixture.
const SEED: u64 = 20_310_610;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("say into which folder")?);
    for (name, text) in simulate::story::files(SEED) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        std::fs::write(path, text)?;
    }
    Ok(())
}
