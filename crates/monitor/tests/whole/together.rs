//! Several instruments in one run: each incident once, held against every clause of each of them.

use crate::common::{Case, Ran, assert_same, copy, first_difference, root, scratch, story, truceline};
use crate::neutrality::{ONE, TWO, seat};
use monitor::assess::{Asked, Question, answer, mission_files};
use monitor::intake::Intake;
use monitor::progress::Progress;
use monitor::{folder, instruments, intake};
use report::View;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use truce::time::Time;

type Files = BTreeMap<String, String>;

/// The three truces of May 2026 in the order in which they came into force.
const MAY: [&str; 3] = ["may-2026-ukraine", "may-2026-russia", "may-2026-joint"];

fn library(id: &str) -> PathBuf {
    root().join("agreements").join(id)
}

/// A made-up mission to watch the truces of May 2026, with maps and observations that are made up, too: of six strikes some
/// are held by several of the truces, some by one, one by none.
fn may(dir: &Path) -> (PathBuf, PathBuf) {
    let (mission, observations) = (dir.join("mission"), dir.join("observations"));
    fs::create_dir_all(&mission).unwrap();
    fs::create_dir_all(&observations).unwrap();
    let rules = fs::read_to_string(story().join("mission/mission.toml")).unwrap();
    let (rules, _) = rules
        .split_once("# ---------------------------------------------------------------- sources")
        .unwrap();
    let source = |name: &str, file: &str, format: &str, more: &str| {
        format!(
            "[[source]]\nname = \"{name}\"\nfile = \"{file}\"\nformat = \"{format}\"\nkind = \"{name}\"\ntitle = \"{name} (made up)\"\n\
             licence = \"CC0 (made up)\"\nasserted_by = \"monitor\"\ngroup = \"{name}\"\nrating = \"A1\"\nclock = \"UTC\"\n\
             clock_note = \"Times carry their zone.\"\nplace_note = \"A point.\"\nshows = [\"UA\", \"RU\"]\nshows_note = \"Either side.\"\n\
             cannot_see = \"The rest.\"\ncoverage = \"not-known\"\ntold = \"exactly\"\n{more}\n"
        )
    };
    let sources = [
        source("patrols", "patrols.csv", "observation-csv", ""),
        source("acoustic", "acoustic.csv", "observation-csv", ""),
        source("deepstate", "deepstate_*.geojson", "deepstate", "about = \"RU\"\n"),
    ];
    fs::write(mission.join("mission.toml"), rules.to_string() + &sources.concat()).unwrap();
    for day in ["05", "07", "08"] {
        let ring = "[[37.5,47.7],[38.6,47.7],[38.6,48.7],[37.5,48.7],[37.5,47.7]]";
        let map = format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{}},\
             \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[{ring}]}}}}]}}"
        );
        fs::write(observations.join(format!("deepstate_2026-05-{day}.geojson")), map).unwrap();
    }
    let seen = [
        ("2026-05-07T09:00:00Z", "48.20", "37.52", "RU"),
        ("2026-05-06T03:00:00Z", "48.10", "37.48", "UA"),
        ("2026-05-08T12:00:00Z", "48.00", "37.52", "RU"),
        ("2026-05-10T09:00:00Z", "47.90", "37.48", "UA"),
        ("2026-05-10T13:00:00Z", "48.40", "37.52", "RU"),
        ("2026-05-10T17:00:00Z", "48.55", "37.49", ""),
    ];
    let mut patrols = "kind,time,lat,lon,error_m,act,weapon,origin,asserted_by,rating\n".to_string();
    let mut acoustic = "kind,time,lat,lon,error_m,act,weapon,rating\n".to_string();
    for (time, lat, lon, origin) in seen {
        patrols += &format!("sighting,{time},{lat},{lon},200,shelling,mortar,{origin},monitor,A1\n");
        acoustic += &format!("impulse,{time},{lat},{lon},150,fire,mortar,A1\n");
    }
    fs::write(observations.join("patrols.csv"), patrols).unwrap();
    fs::write(observations.join("acoustic.csv"), acoustic).unwrap();
    (mission, observations)
}

fn read(agreements: &[PathBuf], mission: &Path, observations: &Path) -> (Vec<Question>, Intake) {
    let questions = instruments::load(agreements, Some(mission)).unwrap();
    let question = &questions[0];
    let quiet = Progress::new(true);
    let intake = intake::read_folder(observations, &question.mission, &question.classify(), &quiet).unwrap();
    (questions, intake)
}

fn files(questions: &[Question], intake: &Intake, as_of: &str) -> Files {
    let asked = Asked { as_of: Time::parse(as_of), view: View::Mission, checkpoint: None };
    let known = intake.clone().into();
    answer(questions, known, &asked, &Progress::new(true)).unwrap().into_iter().collect()
}

fn json(files: &Files, name: &str) -> Value {
    serde_json::from_str(&files[name]).unwrap()
}

/// What each agreement says of each incident: by day and cell row, "agreement: verdict party".
fn told(together: &Value) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_string();
    let rows = together["incidents"].as_array().unwrap().iter().map(|held| {
        let findings = held["findings"].as_array().unwrap().iter().map(|it| {
            format!(
                "{}/{}: {} {}",
                text(&it["agreement"]),
                text(&it["clause"]),
                text(&it["verdict"]),
                text(&it["party"])
            )
        });
        let cell = &held["incident"]["cell"];
        let place = format!("{} {}", text(&held["incident"]["first_day"]), cell);
        (place, findings.collect())
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort();
    rows
}

/// Of three overlapping truces each says what it says, each strike counted once: some are held by several, some by one, and
/// one by none.
#[test]
fn may_2026_is_held_against_three_truces_at_once() {
    let dir = scratch("together-may");
    let (mission, observations) = may(&dir);
    let (questions, intake) = read(&MAY.map(library), &mission, &observations);
    let files = files(&questions, &intake, "2026-05-20T00:00:00Z");
    let together = json(&files, "report.json");
    let order: Vec<&str> =
        together["agreements"].as_array().unwrap().iter().map(|part| part["id"].as_str().unwrap()).collect();
    assert_eq!(order, MAY);
    let held: Vec<Vec<String>> = told(&together).into_iter().map(|(_, findings)| findings).collect();
    let expected: [&[&str]; 5] = [
        // While one truce alone was in force, by the side that declared it.
        &["may-2026-ukraine/no-fire: breach UA"],
        // A day without hours, of the one truce that binds that side.
        &["may-2026-russia/no-fire: undetermined RU"],
        // Two truces bind the side; of one the end is not known.
        &["may-2026-ukraine/no-fire: undetermined UA", "may-2026-joint/no-fire: breach UA"],
        // Whose forces is not known: the one that binds both.
        &["may-2026-ukraine/no-fire: undetermined -", "may-2026-joint/no-fire: breach -"],
        // One binds the side.
        &["may-2026-joint/no-fire: breach RU"],
        // The strike of 7 May, by the side that the one truce of that day does not bind, is held by none and stands in
        // none's time.
    ];
    assert_eq!(held, expected.map(|rows| rows.iter().map(ToString::to_string).collect::<Vec<_>>()));
    // Each part is the report of its own agreement, and says the same of it.
    for part in together["agreements"].as_array().unwrap() {
        let report = json(&files, &format!("{}/report.json", part["id"].as_str().unwrap()));
        assert_eq!(report["head"]["title"], part["title"]);
        for (ours, theirs) in part["readings"]
            .as_array()
            .unwrap()
            .iter()
            .zip(report["findings"]["readings"].as_array().unwrap())
        {
            assert_eq!(ours["counts"], theirs["counts"]);
        }
        assert!(report["notes"].to_string().contains("a report over several"));
    }
    // Pictures and tables: each incident once, each finding with its agreement.
    let count: u64 = together["map"]["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["tally"]["count"].as_u64().unwrap())
        .sum();
    assert_eq!(count, 5);
    assert_eq!(files["incidents.csv"].lines().count(), 1 + 5);
    assert!(files["findings.csv"].starts_with("agreement,reading,clause,"));
    assert_eq!(files["findings.csv"].lines().count(), 1 + 7);
    assert_eq!(files["agreements.csv"].matches("\nmay-2026-").count(), 4);
    assert!(files["report.html"].contains("href=\"may-2026-joint/report.html\""));
    let at_once: Vec<usize> = together["at_once"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["agreements"].as_array().unwrap().len())
        .collect();
    assert_eq!(at_once.iter().max(), Some(&3), "on 9 May all three may be in force: {at_once:?}");
}

/// The order of the command line changes no byte; asked of alone, an agreement comes to the same findings as among others.
#[test]
fn the_order_given_changes_no_byte_and_company_changes_no_finding() {
    let dir = scratch("together-order");
    let (mission, observations) = may(&dir);
    let [a, b, c] = MAY.map(library);
    let (questions, intake) = read(&[a.clone(), b.clone(), c.clone()], &mission, &observations);
    let straight = files(&questions, &intake, "2026-05-20T00:00:00Z");
    for order in [[&c, &a, &b], [&b, &c, &a]] {
        let (questions, intake) = read(&order.map(Clone::clone), &mission, &observations);
        assert_same(&straight, &files(&questions, &intake, "2026-05-20T00:00:00Z"));
    }
    for id in MAY {
        let (questions, intake) = read(&[library(id)], &mission, &observations);
        let alone = files(&questions, &intake, "2026-05-20T00:00:00Z");
        for name in ["findings.csv", "incidents.csv", "state.csv", "claims.csv", "map.svg"] {
            assert_eq!(
                first_difference(&alone[name], &straight[&format!("{id}/{name}")]),
                None,
                "{id}/{name}"
            );
        }
    }
}

/// Swap the parties in every agreement, and the output is swapped and nothing else.
#[test]
fn swapped_parties_swap_what_is_told_together() {
    let dir = scratch("together-swap");
    let (mut straight, mut swapped) = (twins(&dir), twins(&dir));
    let seat_all = |(questions, intake): &mut (Vec<Question>, Intake), identities| {
        // The intake is exchanged once, each agreement on its own.
        for (place, question) in std::mem::take(questions).into_iter().enumerate() {
            let own = if place == 0 { std::mem::take(intake) } else { Intake::default() };
            let mut case = Case { question, intake: own, as_of: None, checkpoint: None };
            seat(&mut case, identities);
            questions.push(case.question);
            if place == 0 {
                *intake = case.intake;
            }
        }
    };
    seat_all(&mut straight, [ONE, TWO]);
    seat_all(&mut swapped, [TWO, ONE]);
    let answer =
        |(questions, intake): &(Vec<Question>, Intake)| files(questions, intake, "2031-05-19T00:00:00Z");
    let (straight, swapped) = (answer(&straight), answer(&swapped));
    assert!(straight["report.json"].contains("QXONE") && straight["report.json"] != swapped["report.json"]);
    assert_same(&straight, &crate::neutrality::exchanged(swapped));
}

/// The made-up truce, and a second one between the same parties with the same codes of clauses, that holds for the same
/// day and only forbids fire.
fn twin(dir: &Path) -> PathBuf {
    let twin = dir.join("twin");
    copy(&story().join("agreement"), &twin);
    let terms = fs::read_to_string(twin.join("terms.toml")).unwrap();
    let (before, rest) = terms.split_once("[[clause]]\nid = \"no-guns-near\"").unwrap();
    let (_, after) = rest.split_once("[[consequence]]").unwrap();
    let terms = format!("{before}[[consequence]]{after}")
        .replace("id = \"one-day-truce\"", "id = \"second-truce\"")
        .replace("The one-day truce of", "The second truce of")
        .replace("[[source]]\nid = \"call\"\nurl = \"https://example.org/made-up/telephone-call\"\nkind = \"party\"\n", "");
    fs::write(twin.join("terms.toml"), terms).unwrap();
    twin
}

fn twins(dir: &Path) -> (Vec<Question>, Intake) {
    let folders = [story().join("agreement"), twin(dir)];
    read(&folders, &story().join("mission"), &story().join("observations"))
}

/// Clauses of one code in two agreements do not collide, and an incident that is a breach of both is one incident.
#[test]
fn a_breach_of_two_agreements_is_one_incident() {
    let dir = scratch("together-two");
    let (questions, intake) = twins(&dir);
    let files = files(&questions, &intake, "2031-05-19T00:00:00Z");
    let together = json(&files, "report.json");
    let both: Vec<&Value> = together["incidents"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|held| held["breaches"].as_array().unwrap().len() == 2)
        .collect();
    assert!(both.len() >= 2, "the story has shelling by either side that both texts forbid");
    for held in &both {
        let of = |id: &str| {
            held["findings"]
                .as_array()
                .unwrap()
                .iter()
                .any(|it| it["agreement"] == id && it["clause"] == "no-fire" && it["verdict"] == "breach")
        };
        assert!(of("one-day-truce") && of("second-truce"), "{held}");
    }
    let parts = together["agreements"].as_array().unwrap();
    let number = |part: &Value, key: &str| part[key].as_u64().unwrap();
    let breaching = together["incidents"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| !it["breaches"].as_array().unwrap().is_empty())
        .count();
    let added: u64 = parts.iter().map(|part| number(part, "breaching_incidents")).sum();
    assert_eq!(
        added,
        breaching as u64 + both.len() as u64,
        "those of both stand under each, and once in all"
    );
    let first = together["summary"][0].as_str().unwrap().replace('\u{a0}', " ");
    assert!(first.contains(&format!("{} of 2 agreements at once", both.len())), "{first}");
    // What only one forbids is a breach of that one alone.
    assert!(number(&parts[0], "breaching_it_alone") >= 1, "obstruction is a breach of the first alone");
    assert_eq!(number(&parts[1], "breaching_it_alone"), 0);
}

/// Whoever is the same must have one code and one name; an agreement is given once, and its id is a folder.
#[test]
fn agreements_that_are_at_odds_are_refused_in_plain_words() {
    let dir = scratch("together-odds");
    let refused = |change: &dyn Fn(String) -> String| {
        let other = twin(&dir);
        let terms = change(fs::read_to_string(other.join("terms.toml")).unwrap());
        fs::write(other.join("terms.toml"), terms).unwrap();
        let folders = [story().join("agreement"), other];
        let Err(error) = instruments::load(&folders, Some(&story().join("mission"))) else {
            panic!("it was not refused");
        };
        format!("{error:#}")
    };
    let said = refused(&|terms| terms.replace("name = \"Borvia\"", "name = \"Kordia\""));
    assert!(said.contains("\"BO\" is Borvia in one-day-truce, and Kordia in second-truce"), "{said}");
    let said = refused(&|terms| terms.replace("\"BO\"", "\"BV\""));
    assert!(
        said.contains("Borvia has the code \"BO\" in one-day-truce, and \"BV\" in second-truce"),
        "{said}"
    );
    let said = refused(&|terms| terms.replace("second-truce", "one-day-truce"));
    assert!(said.contains("two of the agreements have the id \"one-day-truce\""), "{said}");
    for id in ["record", "..", "One-Day-Truce", "a.b"] {
        let said = refused(&|terms| terms.replace("second-truce", id));
        assert!(said.contains("cannot be the name of a folder"), "{said}");
    }
    // Every pair of the library means the same by a code; where a state has a short and a long name, each is a form.
    let listing = fs::read_dir(root().join("agreements")).unwrap().map(|entry| entry.unwrap().path());
    let folders: Vec<PathBuf> = listing.filter(|path| path.is_dir()).collect();
    assert!(folders.len() >= 20);
    let question =
        |path: &PathBuf| Question::new(folder::load(path).unwrap(), mission_files(None).unwrap()).unwrap();
    instruments::agree(&folders.iter().map(question).collect::<Vec<_>>()).unwrap();
}

fn run(arguments: &[&str], folders: &[&Path]) -> Ran {
    let (first, rest) = arguments.split_first().unwrap();
    let folders = folders.iter().map(|path| path.to_str().unwrap());
    truceline(&std::iter::once(*first).chain(folders).chain(rest.iter().copied()).collect::<Vec<_>>())
}

/// By the program: the record holds each agreement, and from it anyone computes every file again; other commands take several
/// agreements, too.
#[test]
fn a_report_over_several_agreements_is_recomputed() {
    let dir = scratch("together-record");
    let (other, out) = (twin(&dir), dir.join("out"));
    let (first, mission, observations) =
        (story().join("agreement"), story().join("mission"), story().join("observations"));
    let both: [&Path; 2] = [&other, &first];
    let [mission, observations, to] = [&mission, &observations, &out].map(|path| path.to_str().unwrap());
    let given = ["--mission", mission, "--observations", observations];
    let as_of = "2031-05-19T00:00:00Z";
    let arguments = [&["assess"][..], &given, &["--out", to, "--as-of", as_of]].concat();
    let ran = run(&arguments, &both);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let record = out.join("record");
    let recompute = |report: &Path| {
        truceline(&["recompute", report.to_str().unwrap(), "--record", record.to_str().unwrap()])
    };
    let again = recompute(&out);
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    for name in ["report.html", "findings.csv", "one-day-truce/report.json", "second-truce/report.html"] {
        assert!(again.out.contains(&format!("  {name}: the same bytes")), "{name}: {}", again.out);
    }
    assert!(again.out.contains("the agreements "), "{}", again.out);
    let part = recompute(&out.join("second-truce"));
    assert_eq!(part.code, 0, "{}{}", part.out, part.err);
    assert!(
        part.out.contains("  report.html: the same bytes") && !part.out.contains("one-day-truce/"),
        "{}",
        part.out
    );
    // What was altered is found, in the part and above it.
    for name in ["findings.csv", "second-truce/findings.csv"] {
        let path = out.join(name);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replacen("undetermined", "breach", 1)).unwrap();
        let again = recompute(&out);
        assert_eq!(again.code, 1, "{}", again.out);
        assert!(again.out.contains(&format!("  {name}: differs")), "{}", again.out);
        fs::write(&path, text).unwrap();
    }
    // The public view of it tells no more than the parts do.
    let page = fs::read_to_string(out.join("report.json")).unwrap();
    for planted in ["a field fire or not", "seen and heard", "post-01"] {
        assert!(!page.contains(planted), "{planted}");
    }

    let day = dir.join("day");
    let arguments =
        [&["day"][..], &given, &["--date", "2031-05-04", "--as-of", as_of, "--out", day.to_str().unwrap()]];
    let ran = run(&arguments.concat(), &both);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for id in ["one-day-truce", "second-truce"] {
        assert!(
            fs::read_to_string(day.join(id).join("day.json"))
                .unwrap()
                .contains(&format!("\"code\": \"{id}\""))
        );
    }
    // The page above them leads to each, in each language.
    for language in ["en", "ru", "uk"] {
        let above = fs::read_to_string(day.join(format!("day.{language}.html"))).unwrap();
        for id in ["one-day-truce", "second-truce"] {
            let link = format!("{id}/day.{language}.html");
            assert!(above.contains(&format!("href=\"{link}\"")) && day.join(&link).exists(), "{above}");
        }
        assert!(above.contains(&format!("<html lang=\"{language}\"")), "{above}");
    }
    // The same folder with fewer agreements: what is not written again is not left there as if it were.
    let second = day.join("second-truce/day.json");
    let before = fs::read_to_string(&second).unwrap();
    let ran = run(&arguments.concat(), &both[..1]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("day.json is of a run with other agreements"), "{}", ran.err);
    assert!(!day.join("day.json").exists() && fs::read_to_string(&second).unwrap() == before);
    let arguments = [&["assess"][..], &given, &["--as-of", as_of, "--out", out.to_str().unwrap()]].concat();
    let before = fs::read_to_string(out.join("report.json")).unwrap();
    let ran = run(&arguments, &both[..1]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("report.json is of a run with other agreements"), "{}", ran.err);
    assert_eq!(fs::read_to_string(out.join("report.json")).unwrap(), before);
    assert_eq!(run(&arguments, &both).code, 0, "the same agreements again");
    let findings = fs::read_to_string(out.join("findings.csv")).unwrap();
    let subject = findings.lines().nth(1).unwrap().split(',').nth(4).unwrap().to_string();
    let ran = run(&["claims", "--mission", mission, "--observations", observations], &both);
    assert!(ran.code == 0 && ran.out.matches("Claims about: ").count() == 2, "{}{}", ran.out, ran.err);
    let ran = truceline(&[
        "explain",
        &subject,
        other.to_str().unwrap(),
        first.to_str().unwrap(),
        "--mission",
        mission,
        "--record",
        record.to_str().unwrap(),
        "--as-of",
        as_of,
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("The one-day truce") || ran.out.contains("The second truce"), "{}", ran.out);
    let ran = run(&["gates", "--mission", mission, "--observations", observations, "--at", as_of], &both);
    assert!(ran.code == 1 && ran.err.matches("has no plan with gates").count() == 2, "{}", ran.err);
}
