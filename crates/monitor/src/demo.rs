//! `truceline demo`: the same line on a small made-up story that is built into the program.

use crate::assess::{Asked, Question, answer, recorded, write};
use crate::folder;
use crate::intake;
use crate::progress::Progress;
use crate::record::keep::Place;
use anyhow::{Context as _, Result, bail};
use record::clock::SetClock;
use record::entropy::MadeUp;
use report::View;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use truce::time::Time;

macro_rules! story {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_bytes!(concat!("../../../fixtures/made-up-truce/", $name)) as &[u8])),+]
    };
}

const AGREEMENT: [(&str, &[u8]); 2] = story!["agreement/terms.toml", "agreement/zones/line.geojson"];

const MISSION: [(&str, &[u8]); 1] = story!["mission/mission.toml"];

const OBSERVATIONS: [(&str, &[u8]); 8] = story![
    "observations/acoustic.csv",
    "observations/alerts-AL.csv",
    "observations/alerts-BO.csv",
    "observations/claims.csv",
    "observations/heartbeats.csv",
    "observations/patrols.csv",
    "observations/press.csv",
    "observations/satellite.csv",
];

/// The moment whose public view the demo shows: two weeks after the story.
const AS_OF: &str = "2031-05-19T00:00:00Z";

/// The name of the made-up record.
const ORIGIN: &str = "truceline.example/demo";

/// Writes the report on the story into `out` and says where it is.
pub fn run(out: &Path, quiet: bool) -> Result<()> {
    if !quiet {
        eprintln!(
            "Truceline demo: a MADE-UP one-day truce of two made-up countries, from files built into this program.\n\
             Nothing here happened. The same commands answer the question of real data."
        );
    }
    let bare = |name: &str| name.split_once('/').map_or(name, |(_, rest)| rest).to_string();
    let agreement = AGREEMENT.iter().map(|(name, bytes)| (bare(name), bytes.to_vec())).collect();
    let folder = folder::compile(agreement)?;
    let mission: BTreeMap<String, String> = MISSION
        .iter()
        .map(|(name, bytes)| (bare(name), String::from_utf8_lossy(bytes).into_owned()))
        .collect();
    let question = Question::new(folder, mission)?;
    let files: Vec<(String, &[u8])> = OBSERVATIONS.iter().map(|(name, bytes)| (bare(name), *bytes)).collect();
    let intake = intake::read_bytes(&files, &question.mission, &question.classify());
    let asked = Asked { as_of: Time::parse(AS_OF), view: View::Mission, checkpoint: None };
    let dir = out.join("record");
    // What an earlier demo left is made again, from the same seed. Any other record is left alone.
    match std::fs::read_to_string(dir.join("record")) {
        Ok(about) if about.contains(&format!("\norigin {ORIGIN}\n")) => std::fs::remove_dir_all(&dir)
            .with_context(|| format!("cannot remove the record of an earlier demo, {}", dir.display()))?,
        Ok(_) => {
            bail!("{} holds a record that is not the demo's; give another folder with --out", dir.display())
        }
        Err(_) => {}
    }
    let place = Place {
        clock: Arc::new(SetClock::at(Time::parse(AS_OF).map_or(0, |time| time.0))),
        entropy: Arc::new(MadeUp::from_seed(*b"a published seed, for demos only")),
        ..Place::new(&dir, None)
    };
    let questions = std::slice::from_ref(&question);
    let (report, _) = recorded(&place, ORIGIN, questions, &intake, asked, &Progress::new(quiet), answer)?;
    write(out, &report)?;
    println!("{}", out.join("report.html").display());
    if !quiet {
        eprintln!(
            "Open that page in a browser. Next: truceline assess AGREEMENT --observations FOLDER --out FOLDER"
        );
    }
    Ok(())
}
