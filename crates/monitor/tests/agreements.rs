//! The library of real agreements: each compiles, explains itself (a snapshot), and says what decides: when to the
//! minute and on which clock, who is bound, how far, from which threshold, under which readings.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use monitor::folder::{Folder, load};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use truce::agreement::{
    About, Agreement, Arm, Bound, Burden, Clause, CommitmentState, Due, Extent, Mode, Nature, Period,
    Reading, SourceKind, Stance, Test, What, Where,
};
use truce::claim::{Arithmetic, Claim};
use truce::observation::{Act, Belongs, Count, Force, Target, Weapon};
use truce::place::KM;
use truce::time::{HOUR, MINUTE, Span, Time};

/// Every folder of the library; a folder without a test fails [`every_agreement_has_a_test`].
const ALL: [&str; 20] = [
    "black-sea-grain-2022",
    "easter-2025",
    "easter-2026",
    "energy-2025",
    "energy-pause-2026",
    "gaza-2025",
    "gcsp-2025",
    "karabakh-1994",
    "karabakh-2020",
    "korea-1953",
    "lebanon-2024",
    "may-2026-joint",
    "may-2026-russia",
    "may-2026-ukraine",
    "measures-2020",
    "minsk-2014",
    "minsk-2015",
    "proposal-30-days-2025",
    "sudan-2023",
    "victory-day-2025",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder, once its explanation is as in `tests/agreements/NAME.txt`; `BLESS=1` renews the file.
fn open(name: &str) -> Folder {
    let program = env!("CARGO_BIN_EXE_truceline");
    let output = Command::new(program)
        .current_dir(root())
        .args(["check", &format!("agreements/{name}")])
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success() && err.is_empty(), "{name}\n{err}");
    // File hashes change with every comment; what the files say does not.
    let told = out.split("\nFiles (SHA-256)").next().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agreements").join(format!("{name}.txt"));
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, told).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(told == expected, "{} differs (BLESS=1 renews it)\n--- got\n{told}", path.display());
    let folder = load(&root().join("agreements").join(name)).unwrap_or_else(|trouble| panic!("{trouble}"));
    assert_eq!(*folder.agreement.id, *name);
    folder
}

fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

/// The minute that begins then.
fn minute(text: &str) -> Span {
    let start = time(text);
    Span { start, end: Time(start.0 + MINUTE) }
}

/// In force from the first minute named, not in the one before it.
#[track_caller]
fn begins(reading: &Reading, first: &str) {
    let first = minute(first);
    let before = Span { start: Time(first.start.0 - MINUTE), end: first.start };
    assert_eq!((reading.in_force(before), reading.in_force(first)), (Belongs::No, Belongs::Yes));
}

/// No longer in force from the minute named on, but still in the one before it.
#[track_caller]
fn ends(reading: &Reading, after: &str) {
    let after = minute(after);
    let last = Span { start: Time(after.start.0 - MINUTE), end: after.start };
    assert_eq!((reading.in_force(last), reading.in_force(after)), (Belongs::Yes, Belongs::No));
}

#[track_caller]
fn at(reading: &Reading, moment: &str, expected: Belongs) {
    assert_eq!(reading.in_force(minute(moment)), expected, "{moment}");
}

/// Until this minute a clause holds; from it on nobody can say.
#[track_caller]
fn disputed_since(reading: &Reading, clause: &Clause, since: &str) {
    let since = minute(since);
    let before = Span { start: Time(since.start.0 - MINUTE), end: since.start };
    let held = [before, since].map(|time| reading.clause_in_force(clause, time));
    assert_eq!(held, [Belongs::Yes, Belongs::Unknown], "{}", clause.id);
}

/// The one reading of an agreement without readings.
#[track_caller]
fn text(agreement: &Agreement) -> &Reading {
    assert_eq!(agreement.readings.len(), 1);
    &agreement.readings[0]
}

#[track_caller]
fn clause<'a>(reading: &'a Reading, id: &str) -> &'a Clause {
    reading.clause(id).unwrap_or_else(|| panic!("no clause {id}"))
}

fn codes(agreement: &Agreement) -> Vec<&str> {
    agreement.parties.iter().map(|party| &*party.code).collect()
}

fn binds(clause: &Clause) -> Vec<&str> {
    clause.binds.iter().map(|code| &**code).collect()
}

#[track_caller]
fn claim<'a>(folder: &'a Folder, name: &str) -> &'a Claim {
    folder.claims.iter().find(|claim| &*claim.name == name).unwrap_or_else(|| panic!("no claim {name}"))
}

/// Two readings of when: the first and the last moment that an edge may be.
fn from(period: &Period) -> (Time, Option<Time>) {
    (period.from.earliest, period.from.latest)
}

#[test]
fn every_agreement_has_a_test() {
    let folders: BTreeSet<String> = fs::read_dir(root().join("agreements"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, ALL.iter().map(ToString::to_string).collect());
    let table = fs::read_to_string(root().join("agreements/README.md")).unwrap();
    for name in ALL {
        assert!(
            table.contains(&format!("[{name}]({name}/NOTES.md)")),
            "{name} is not in agreements/README.md"
        );
    }
}

/// Every source of every file is named in the notes, every clause rests on more than a weak source, and what is
/// left open is said.
#[test]
fn every_term_has_a_source() {
    for name in ALL {
        let dir = root().join("agreements").join(name);
        let agreement = load(&dir).unwrap_or_else(|trouble| panic!("{trouble}")).agreement;
        let notes = fs::read_to_string(dir.join("NOTES.md")).unwrap();
        assert!(!agreement.not_known.is_empty(), "{name}");
        for reading in &agreement.readings {
            for clause in &reading.clauses {
                let strong = clause.sources.iter().any(|id| {
                    let source = agreement.sources.iter().find(|source| source.id == *id).unwrap();
                    source.kind != SourceKind::Weak
                });
                assert!(strong, "{name}: clause {} rests on weak sources alone", clause.id);
            }
        }
        for source in &agreement.sources {
            let host = source.url.split('/').nth(2).unwrap();
            let host = host.trim_start_matches("www.").split(':').next().unwrap().trim_end_matches('.');
            assert!(notes.contains(host), "{name}: NOTES.md does not name {host}");
        }
    }
}

/// An agreement whose text sets no end says in its notes what is known of it; one that has one has it in the file.
#[test]
fn every_end_is_accounted_for() {
    for name in ALL {
        let dir = root().join("agreements").join(name);
        let agreement = load(&dir).unwrap_or_else(|trouble| panic!("{trouble}")).agreement;
        let known = |reading: &Reading| {
            reading.disputed.is_empty() && reading.periods.iter().all(|period| period.to.exact().is_some())
        };
        let notes = fs::read_to_string(dir.join("NOTES.md")).unwrap();
        let said = ["| End", "## Its end", "The end under reading", "| No end"]
            .iter()
            .any(|head| notes.contains(head));
        let unsaid =
            agreement.not_known.iter().any(|gap| gap.text.contains("end") || gap.text.contains("How long"));
        assert!(agreement.readings.iter().all(known) || said || unsaid, "{name}: nothing is said of its end");
        // An open end is one that no event has cut: then it counts as in force, and the notes must say on what ground.
        let open =
            agreement.readings.iter().flat_map(|reading| &reading.periods).any(|period| period.to.is_open());
        let ended = agreement.readings.iter().all(|reading| !reading.disputed.is_empty());
        assert!(!open || ended || notes.contains("## Its end"), "{name}: open, and the notes do not say why");
    }
}

/// Every party can be named in every language of the reports.
#[test]
fn every_party_has_names_in_three_languages() {
    for name in ALL {
        let agreement = load(&root().join("agreements").join(name))
            .unwrap_or_else(|trouble| panic!("{trouble}"))
            .agreement;
        for party in &agreement.parties {
            let cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
            let forms: Vec<&str> = party.forms.iter().map(|form| &**form).collect();
            assert!(forms.iter().any(|form| cyrillic(form)), "{name}: {}", party.code);
            assert!(forms.iter().any(|form| form.is_ascii()), "{name}: {}", party.code);
            let mut languages: Vec<&str> = party.names.iter().map(|one| one.language).collect();
            languages.sort_unstable();
            assert_eq!(languages, ["ru", "uk"], "{name}: {}", party.code);
        }
    }
}

#[test]
fn easter_2025() {
    let folder = open("easter-2025");
    let agreement = &folder.agreement;
    let text = text(agreement);
    begins(text, "2025-04-19T15:00:00Z");
    ends(text, "2025-04-20T21:00:00Z");
    assert_eq!(codes(agreement), ["RU", "UA"]);
    assert_eq!(agreement.party("UA").unwrap().stance, Stance::Mirrors);
    assert_eq!(binds(clause(text, "no-fire")), ["RU", "UA"]);
    // The longer report of the statement has seven parts, and they make up the total.
    let arithmetic = Arithmetic::Consistent { least: 4900, most: Some(4900) };
    assert_eq!(claim(&folder, "ru-30-hours").arithmetic(), arithmetic);
    assert_eq!(
        claim(&folder, "ua-20-april").arithmetic(),
        Arithmetic::Consistent { least: 2928, most: None }
    );
    assert_ne!(claim(&folder, "ru-30-hours").window, claim(&folder, "ua-20-april").window);
}

#[test]
fn energy_2025() {
    let folder = open("energy-2025");
    let agreement = &folder.agreement;
    let (moscow, kyiv) = (agreement.reading("moscow").unwrap(), agreement.reading("kyiv").unwrap());
    // T15: 20 March lies in one reading and not in the other.
    at(moscow, "2025-03-20T12:00:00Z", Belongs::Yes);
    at(kyiv, "2025-03-20T12:00:00Z", Belongs::No);
    // 18 March begins on Moscow's clock, 25 March on Kyiv's, which was at UTC+2 until 30 March.
    at(moscow, "2025-03-17T20:59:00Z", Belongs::No);
    at(moscow, "2025-03-17T21:00:00Z", Belongs::Unknown);
    at(kyiv, "2025-03-24T21:59:00Z", Belongs::No);
    at(kyiv, "2025-03-24T22:00:00Z", Belongs::Unknown);
    // Its holder named 16 April ahead, and said on 18 April that the month had expired.
    at(moscow, "2025-04-15T20:59:00Z", Belongs::Yes);
    at(moscow, "2025-04-15T21:00:00Z", Belongs::Unknown);
    at(moscow, "2025-04-18T21:00:00Z", Belongs::No);
    at(kyiv, "2025-04-18T21:00:00Z", Belongs::Unknown);
    assert_eq!(clause(moscow, "no-strikes").covers_target(Target::Hydro), Belongs::Yes);
    assert_eq!(clause(kyiv, "no-strikes").covers_target(Target::Hydro), Belongs::Unknown);
    assert_eq!(clause(moscow, "no-strikes").covers_target(Target::Civilian), Belongs::No);
}

#[test]
fn victory_day_2025() {
    let folder = open("victory-day-2025");
    let agreement = &folder.agreement;
    let (moscow, kyiv) = (agreement.reading("moscow").unwrap(), agreement.reading("kyiv").unwrap());
    for reading in [moscow, kyiv] {
        begins(reading, "2025-05-07T21:00:00Z");
        ends(reading, "2025-05-10T21:00:00Z");
    }
    assert_eq!(agreement.window(Time(0)).length(), 72 * HOUR);
    // Declared by one, rejected by the other: who is bound is read in two ways.
    assert_eq!(agreement.party("UA").unwrap().stance, Stance::Rejects);
    assert_eq!(binds(clause(moscow, "no-fire")), ["RU", "UA"]);
    assert_eq!(binds(clause(kyiv, "no-fire")), ["RU"]);
    // T13: neither side's parts make up its total, and the same words say so.
    assert_eq!(claim(&folder, "ua-8-may-midday").arithmetic(), Arithmetic::Exceed(101));
    assert_eq!(claim(&folder, "ru-8-may").arithmetic(), Arithmetic::Missing(8));
    assert_eq!(claim(&folder, "ru-72-hours").arithmetic(), Arithmetic::Missing(109));
    // T14: one running series from the start of the truce.
    let series = ["ru-8-may", "ru-9-may", "ru-10-may", "ru-72-hours"].map(|name| claim(&folder, name));
    assert!(series.iter().all(|claim| claim.window.start == time("2025-05-07T21:00:00Z")));
    assert!(series.windows(2).all(|pair| pair[0].window.end <= pair[1].window.end));
    assert_eq!(series.map(|claim| claim.total), [488, 5026, 9318, 14043].map(Count::Exactly));
}

#[test]
fn easter_2026() {
    let folder = open("easter-2026");
    let text = text(&folder.agreement);
    begins(text, "2026-04-11T13:00:00Z");
    ends(text, "2026-04-12T21:00:00Z");
    assert_eq!(folder.agreement.window(Time(0)).length(), 32 * HOUR);
    assert_eq!(codes(&folder.agreement), ["RU", "UA"]);
    // T21: both windows begin together and end at other hours, on one clock.
    let (moscow, kyiv) = (claim(&folder, "ru-12-april-08h"), claim(&folder, "ua-12-april"));
    assert_eq!((moscow.total, kyiv.total), (Count::Exactly(1971), Count::Exactly(2299)));
    assert_eq!(moscow.window.start, kyiv.window.start);
    assert_eq!(moscow.window.end, time("2026-04-12T05:00:00Z"));
    assert!(moscow.window.end < kyiv.window.end);
}

#[test]
fn proposal_30_days_2025() {
    let folder = open("proposal-30-days-2025");
    let agreement = &folder.agreement;
    assert_eq!(agreement.nature, Nature::Proposed);
    assert!(agreement.events.iter().all(|event| event.what != What::InForce), "it never came into force");
    assert_eq!(codes(agreement), ["UA", "RU"]);
    let (kyiv, moscow) = (agreement.reading("kyiv").unwrap(), agreement.reading("moscow").unwrap());
    for reading in [kyiv, moscow] {
        at(reading, "2025-03-10T12:00:00Z", Belongs::No);
        assert_ne!(reading.in_force(minute("2025-03-20T12:00:00Z")), Belongs::Yes);
        assert_eq!(binds(clause(reading, "no-fire")), ["UA", "RU"]);
    }
    // What one side asked for is no term of the other's reading.
    assert!(kyiv.clause("no-build-up").is_none());
    assert_eq!(binds(clause(moscow, "no-build-up")), ["UA"]);
    // Positions of three capitals on the four days, each with a date, words and a source.
    let days: BTreeSet<(&str, String)> = agreement
        .positions
        .iter()
        .map(|position| (&*position.party, position.date.unwrap().to_string()))
        .collect();
    for (party, day) in [
        ("UA", "2025-03-11"),
        ("US", "2025-03-11"),
        ("RU", "2025-03-12"),
        ("RU", "2025-03-13"),
        ("UA", "2025-03-14"),
        ("RU", "2025-03-14"),
        ("US", "2025-03-14"),
    ] {
        assert!(days.contains(&(party, day.to_string())), "{party} {day}");
    }
}

#[test]
fn energy_pause_2026() {
    let folder = open("energy-pause-2026");
    let agreement = &folder.agreement;
    let [washington, moscow, kyiv] =
        ["washington", "moscow", "kyiv"].map(|id| agreement.reading(id).unwrap());
    // T18: strikes of 27 January, and of the night to 3 February.
    for (reading, before, after) in [
        (washington, Belongs::Yes, Belongs::No),
        (moscow, Belongs::Unknown, Belongs::No),
        (kyiv, Belongs::No, Belongs::No),
    ] {
        at(reading, "2026-01-27T22:00:00Z", before);
        at(reading, "2026-02-02T23:30:00Z", after);
    }
    assert_eq!(binds(clause(moscow, "no-strikes")), ["RU"]);
    assert_eq!(binds(clause(kyiv, "no-strikes")), ["RU", "UA"]);
    assert_eq!(clause(kyiv, "no-strikes").covers_target(Target::Electricity), Belongs::Yes);
    assert_eq!(clause(moscow, "no-strikes").covers_target(Target::Electricity), Belongs::Unknown);
    assert_eq!(clause(kyiv, "no-strikes").covers_act(Act::Shelling), Belongs::No);
}

/// T19: three instruments at once; one event is held against each that is in force for the party concerned.
#[test]
fn may_2026() {
    let [first, second, third] = ["may-2026-ukraine", "may-2026-russia", "may-2026-joint"].map(open);
    let [ukraine, russia, joint] = [&first, &second, &third].map(|folder| text(&folder.agreement));
    // No end was named: it is known to have held until 10:00 in Kyiv, and nothing is known of later.
    begins(ukraine, "2026-05-05T21:00:00Z");
    at(ukraine, "2026-05-06T06:59:00Z", Belongs::Yes);
    at(ukraine, "2026-05-06T07:00:00Z", Belongs::Unknown);
    at(ukraine, "2026-05-10T12:00:00Z", Belongs::Unknown);
    assert_eq!(binds(clause(ukraine, "no-fire")), ["UA"]);
    assert_eq!(codes(&first.agreement), ["UA", "RU"]);

    // Days without hours: undetermined on both, out of force before and after.
    at(russia, "2026-05-07T20:59:00Z", Belongs::No);
    at(russia, "2026-05-08T12:00:00Z", Belongs::Unknown);
    at(russia, "2026-05-09T12:00:00Z", Belongs::Unknown);
    at(russia, "2026-05-09T21:00:00Z", Belongs::No);
    assert_eq!(binds(clause(russia, "no-fire")), ["RU"]);

    at(joint, "2026-05-09T12:00:00Z", Belongs::Unknown);
    at(joint, "2026-05-10T12:00:00Z", Belongs::Yes);
    at(joint, "2026-05-11T21:00:00Z", Belongs::No);
    assert_eq!(binds(clause(joint, "no-fire")), ["RU", "UA"]);
    assert_eq!(clause(joint, "prisoners").mode, Mode::Oblige);

    // T20: silence is no claim.
    assert!(third.claims.iter().all(|claim| &*claim.claimant != "UA"));
    assert_eq!(claim(&third, "ru-10-may").total, Count::AtLeast(1000));
    // One claim's window begins before the ceasefire that it is about.
    assert!(claim(&first, "ru-6-may-night").window.start < time("2026-05-05T21:00:00Z"));
}

/// How far a gun of so many millimetres must be by a clause: the strictest of all entries that are about it.
fn required(
    clause: &Clause,
    agreement: &Agreement,
    class: Weapon,
    system: Option<&str>,
    calibre: Option<u32>,
) -> Option<Bound> {
    let system = system.map(Into::into);
    let hundredths = calibre.map(|mm| 100 * mm);
    let arm = Arm::known(class, system.as_ref(), hundredths, &agreement.arsenal);
    let range = system.as_ref().and_then(|name| agreement.arsenal.find(name)).and_then(|system| system.range);
    let about = clause.distances.iter().filter(|distance| distance.means.cover(&arm) == Belongs::Yes);
    about.map(|distance| distance.required(range)).max_by_key(|bound| match bound {
        Bound::Known(far) | Bound::AtLeast(far) => *far,
    })
}

#[test]
fn minsk_2014() {
    let folder = open("minsk-2014");
    let agreement = &folder.agreement;
    assert_eq!(codes(agreement), ["UA", "CADLR"]);
    let (floor, listed) = (agreement.reading("floor").unwrap(), agreement.reading("as-listed").unwrap());
    // Adopted in the night: in force for sure from 07:32 in Kyiv (UTC+3) on 20 September.
    at(floor, "2014-09-18T20:59:00Z", Belongs::No);
    at(floor, "2014-09-20T04:31:00Z", Belongs::Unknown);
    // T10: MT-12 reaches 9 km, a 120 mm mortar 8 km; the floor is 15 km. By the words of the list, their range is enough.
    let far = |reading, class, system, calibre| {
        required(clause(reading, "heavy-weapons-back"), agreement, class, system, calibre)
    };
    for (system, class, km) in [("MT-12", Weapon::Gun, 9), ("120 mm mortar", Weapon::Mortar, 8)] {
        assert_eq!(far(floor, class, Some(system), None), Some(Bound::Known(15 * KM)), "{system}");
        assert_eq!(far(listed, class, Some(system), None), Some(Bound::Known(km * KM)), "{system}");
    }
    // A 122 mm gun: its range is not sourced, so only the floor is known.
    assert_eq!(far(floor, Weapon::Gun, None, Some(122)), Some(Bound::Known(15 * KM)));
    assert_eq!(far(floor, Weapon::Gun, None, Some(85)), None);
    assert_eq!(far(floor, Weapon::Tank, None, Some(125)), Some(Bound::Known(15 * KM)));
    disputed_since(floor, clause(floor, "heavy-weapons-back"), "2022-02-21T22:00:00Z");
    assert_eq!(clause(floor, "settlements").place, Where::Sites);
    assert!(agreement.sites.is_none());
}

#[test]
fn minsk_2015() {
    let folder = open("minsk-2015");
    let agreement = &folder.agreement;
    assert_eq!(codes(agreement), ["UA", "CADLR"]);
    let text = text(agreement);
    at(text, "2015-02-14T21:59:00Z", Belongs::No);
    // 00:00 in Kyiv, at UTC+2 in winter. Since one signatory said that it no longer exists, whether it binds is open, also
    // by the clause that has a period of its own.
    disputed_since(text, clause(text, "ceasefire"), "2022-02-21T22:00:00Z");
    disputed_since(text, clause(text, "heavy-weapons-back"), "2022-02-21T22:00:00Z");
    assert_eq!(text.periods[0].from.exact(), Some(time("2015-02-14T22:00:00Z")));
    // T8: half of 50, 70 and 140 km; after the addendum 15 km for tanks, light guns and mortars.
    let heavy = clause(text, "heavy-weapons-back");
    let far = |clause, class, system, calibre| required(clause, agreement, class, system, calibre);
    assert_eq!(far(heavy, Weapon::Gun, Some("D-30"), None), Some(Bound::Known(25 * KM)));
    assert_eq!(far(heavy, Weapon::RocketLauncher, Some("BM-21"), None), Some(Bound::Known(35 * KM)));
    assert_eq!(far(heavy, Weapon::RocketLauncher, Some("Uragan"), None), Some(Bound::Known(70 * KM)));
    assert_eq!(far(heavy, Weapon::BallisticMissile, Some("Tochka-U"), None), Some(Bound::Known(70 * KM)));
    assert_eq!(far(heavy, Weapon::Tank, None, None), None);
    let light = clause(text, "addendum-distance");
    assert_eq!(far(light, Weapon::Tank, None, None), Some(Bound::Known(15 * KM)));
    assert_eq!(far(light, Weapon::Gun, None, Some(85)), Some(Bound::Known(15 * KM)));
    assert_eq!(far(light, Weapon::Gun, None, Some(122)), None);
    // T9: each side measures from its own line.
    let (ukraine, formations) = (&agreement.parties[0].code, &agreement.parties[1].code);
    for distance in &heavy.distances {
        assert_eq!(&**distance.line_for(Some(ukraine)), "contact");
        assert_eq!(&**distance.line_for(Some(formations)), "september");
    }
    // Before the withdrawal was due, a gun near the line breached nothing.
    assert_eq!(text.clause_in_force(heavy, minute("2015-02-28T12:00:00Z")), Belongs::No);
    assert_eq!(text.clause_in_force(light, minute("2015-10-01T12:00:00Z")), Belongs::No);
    assert_eq!(clause(text, "addendum-withdrawal").stages.len(), 2);
}

#[test]
fn measures_2020() {
    let folder = open("measures-2020");
    let agreement = &folder.agreement;
    let text = text(agreement);
    at(text, "2020-07-26T21:00:00Z", Belongs::No);
    assert_eq!(text.periods[0].from.exact(), Some(time("2020-07-26T21:01:00Z")));
    assert_eq!(codes(agreement), ["UA", "CADLR"]);
    disputed_since(text, clause(text, "no-fire"), "2022-02-21T22:00:00Z");
    // T11: return fire needs all four conditions, and whoever relies on it has to show them.
    let fire = clause(text, "no-fire");
    assert_eq!(fire.covers_act(Act::SmallArms), Belongs::Yes);
    let exception = &fire.exceptions[0];
    assert_eq!(exception.burden, Burden::Invoker);
    let conditions: Vec<&str> = exception.conditions.iter().map(|condition| &*condition.id).collect();
    assert_eq!(conditions, ["offensive", "order", "mechanism", "told"]);
    assert!(
        matches!(&exception.conditions[2].test, Test::Notice { to: Some(to), failed: true, .. } if &**to == "JCCC")
    );
    assert_eq!(clause(text, "no-flights").covers_act(Act::Flight), Belongs::Yes);
    assert_eq!(clause(text, "no-offensive").covers_act(Act::Works), Belongs::Unknown);
}

#[test]
fn gcsp_2025() {
    let folder = open("gcsp-2025");
    let agreement = &folder.agreement;
    assert_eq!(agreement.nature, Nature::Proposed);
    assert_eq!(codes(agreement), ["UA", "RU"]);
    let (wide, narrow) = (agreement.reading("fifteen-km").unwrap(), agreement.reading("ten-km").unwrap());
    for (reading, zone, metres) in [(wide, "buffer-15", 7_500), (narrow, "buffer-10", 5_000)] {
        assert_eq!(clause(reading, "no-troops").place, Where::Zone(zone.into()));
        let Extent::FromLine { within, sides, .. } = &agreement.zone(zone).unwrap().extent else {
            panic!("{zone}")
        };
        assert_eq!((*within, sides.len()), (metres * KM / 1_000, 2));
    }
    let heavy = clause(wide, "heavy-weapons-back");
    let far = |class, system, calibre| required(heavy, agreement, class, system, calibre);
    assert_eq!(far(Weapon::Gun, None, Some(100)), Some(Bound::Known(50 * KM)));
    assert_eq!(far(Weapon::RocketLauncher, Some("BM-21"), None), Some(Bound::Known(75 * KM)));
    assert_eq!(far(Weapon::RocketLauncher, Some("Smerch"), None), Some(Bound::Known(150 * KM)));
    assert_eq!(far(Weapon::Gun, None, Some(85)), None);
}

#[test]
fn black_sea_grain_2022() {
    let folder = open("black-sea-grain-2022");
    let agreement = &folder.agreement;
    assert_eq!(codes(agreement), ["TR", "RU", "UA"]);
    let (moscow, kyiv) = (agreement.reading("moscow").unwrap(), agreement.reading("kyiv").unwrap());
    for reading in [moscow, kyiv] {
        at(reading, "2022-07-21T20:59:00Z", Belongs::No);
        at(reading, "2023-04-01T12:00:00Z", Belongs::Yes);
        at(reading, "2023-07-19T12:00:00Z", Belongs::No);
    }
    assert_eq!(agreement.events.iter().filter(|event| event.what == What::Extended).count(), 4);
    // Suspended by one party, in force by the United Nations: open for these days, and no longer.
    for reading in [moscow, kyiv] {
        at(reading, "2022-10-28T20:59:00Z", Belongs::Yes);
        at(reading, "2022-10-31T12:00:00Z", Belongs::Unknown);
        at(reading, "2022-11-02T21:00:00Z", Belongs::Yes);
    }
    // It ended on 17 or 18 July 2023; by the reading of 120 days on the 16th.
    at(moscow, "2023-07-16T20:59:00Z", Belongs::Yes);
    at(moscow, "2023-07-17T12:00:00Z", Belongs::Unknown);
    at(kyiv, "2023-07-16T21:00:00Z", Belongs::No);
    assert_eq!(agreement.events.last().map(|event| event.what), Some(What::Lapsed));
    // T28: a drone at 9 nautical miles is inside ten, a plan is due at noon, a stop is the ships' matter.
    let Extent::Around { within, .. } = agreement.zone("around-ships").unwrap().extent else {
        panic!("no moving zone")
    };
    assert_eq!(within, 18_520 * KM / 1_000);
    let ten = clause(moscow, "ten-miles");
    assert_eq!(ten.covers_act(Act::Flight), Belongs::Yes);
    assert_eq!(ten.covers_force(Force::Civilian), Belongs::No);
    let Due::Daily { at: noon, about: Some(About::NextDay), .. } =
        clause(kyiv, "departure-plan").stages[0].due
    else {
        panic!("no daily plan")
    };
    assert_eq!(noon, 12 * HOUR);
    assert_eq!(binds(clause(kyiv, "departure-plan")), ["UA"]);
    assert_eq!(binds(clause(kyiv, "course")), ["SHIPS"]);
}

#[test]
fn korea_1953() {
    let folder = open("korea-1953");
    let agreement = &folder.agreement;
    let text = text(agreement);
    at(text, "1953-07-27T12:59:00Z", Belongs::No);
    assert_eq!(text.periods[0].from.exact(), Some(time("1953-07-27T13:00:00Z")));
    assert_eq!(codes(agreement), ["UNC", "KPA"]);
    let Extent::FromLine { within, sides, .. } = &agreement.zone("dmz").unwrap().extent else {
        panic!("no zone")
    };
    assert_eq!((*within, sides.len()), (2 * KM, 2));
    // T26: soldiers in the zone; police with automatic rifles, not with rifles.
    let (out, police) = (clause(text, "stay-out"), clause(text, "police-arms"));
    assert_eq!(out.covers_force(Force::ArmedForces), Belongs::Yes);
    assert_eq!(out.covers_force(Force::Police), Belongs::No);
    assert_eq!(police.covers_force(Force::Police), Belongs::Yes);
    assert_eq!(police.covers_means(Weapon::AutomaticRifle), Belongs::Yes);
    assert_eq!(police.covers_means(Weapon::Rifle), Belongs::No);
    assert_eq!(police.covers_means(Weapon::Pistol), Belongs::No);
    assert_eq!(binds(clause(text, "hostile-acts")), ["UNC", "KPA"]);
    // Declared invalid by one side in 2013 and held valid by the United Nations: both are positions, and it goes on.
    at(text, "2020-05-03T00:00:00Z", Belongs::Yes);
    let said: Vec<(&str, Stance)> =
        agreement.positions.iter().map(|position| (&*position.party, position.stance)).collect();
    assert!(said.contains(&("KPA", Stance::Rejects)) && said.contains(&("UN", Stance::Agreed)), "{said:?}");
    // 72 hours to leave.
    assert_eq!(text.clause_in_force(out, minute("1953-07-30T12:59:00Z")), Belongs::No);
}

#[test]
fn karabakh_1994() {
    let folder = open("karabakh-1994");
    let agreement = &folder.agreement;
    let text = text(agreement);
    assert_eq!(text.periods[0].from.exact(), Some(time("1994-05-11T20:01:00Z")));
    assert_eq!(codes(agreement), ["AZ", "AM", "NK"]);
    // T25: a casualty, or longer than 20 minutes.
    let threshold = clause(text, "no-fire").threshold.unwrap();
    assert_eq!(
        (threshold.casualties, threshold.lasts_over, threshold.count_over),
        (Some(1), Some(20 * MINUTE), None)
    );
    // Orders by 11 May, exchanged by 23:00 on the 12th, at UTC+4.
    let stages = &clause(text, "orders").stages;
    let Due::By(exchanged) = stages[1].due else { panic!("no deadline") };
    assert_eq!((stages.len(), exchanged.exact()), (2, Some(time("1994-05-12T19:00:00Z"))));
    // No act ended it; when war began again, nobody can say whether it still bound.
    disputed_since(text, clause(text, "no-fire"), "2020-09-26T20:00:00Z");
}

#[test]
fn karabakh_2020() {
    let folder = open("karabakh-2020");
    let agreement = &folder.agreement;
    let text = text(agreement);
    at(text, "2020-11-09T20:59:00Z", Belongs::No);
    assert_eq!(text.periods[0].from.exact(), Some(time("2020-11-09T21:00:00Z")));
    assert_eq!(codes(agreement), ["AZ", "AM"]);
    assert_eq!(binds(clause(text, "stand-still")), ["AZ", "AM"]);
    disputed_since(text, clause(text, "stand-still"), "2025-08-27T21:00:00Z");
    // The peacekeepers' part is withdrawn, and that is no end of the ceasefire.
    let peacekeepers = &agreement.commitments[0];
    let state = |text| peacekeepers.state_at(time(text)).unwrap();
    assert_eq!(state("2024-06-11T00:00:00Z"), CommitmentState::Promised);
    assert_eq!(state("2024-06-13T00:00:00Z"), CommitmentState::Withdrawn);
    at(text, "2024-06-13T00:00:00Z", Belongs::Yes);
    let districts = clause(text, "districts");
    assert_eq!(binds(districts), ["AM"]);
    // "By" or "before" 15 November, on Moscow's clock: the day itself is open.
    let Due::By(edge) = districts.stages[0].due else { panic!("no deadline") };
    assert_eq!(
        (edge.earliest, edge.latest),
        (time("2020-11-14T21:00:00Z"), Some(time("2020-11-15T21:00:00Z")))
    );
}

#[test]
fn lebanon_2024() {
    let folder = open("lebanon-2024");
    let agreement = &folder.agreement;
    assert_eq!(codes(agreement), ["IL", "LB"]);
    let (announced, media) =
        (agreement.reading("announcement").unwrap(), agreement.reading("israeli-media").unwrap());
    for reading in [announced, media] {
        at(reading, "2024-11-27T01:59:00Z", Belongs::No);
        assert_eq!(reading.periods[0].from.exact(), Some(time("2024-11-27T02:00:00Z")));
        // The right of self-defence is written for both states alike.
        let ours = &clause(reading, "israel-no-offensive").exceptions[0];
        let theirs = &clause(reading, "no-operations-from-lebanon").exceptions[0];
        assert_eq!(ours, theirs);
    }
    assert_eq!(binds(clause(announced, "no-operations-from-lebanon")), ["LB"]);
    disputed_since(announced, clause(announced, "israel-no-offensive"), "2025-02-17T22:00:00Z");
    assert_eq!(binds(clause(media, "no-operations-from-lebanon")), ["LB", "HEZBOLLAH"]);
    assert_eq!(clause(announced, "israel-no-offensive").covers_act(Act::Flight), Belongs::Unknown);
    // 60 days after the start is 26 January at 04:00 there.
    let Due::By(edge) = clause(announced, "withdrawal").stages[0].due else { panic!("no deadline") };
    assert_eq!(edge.earliest, time("2025-01-26T02:00:00Z"));
    // T22: four counters, four units.
    let units: BTreeSet<&str> = folder.claims.iter().map(|claim| &*claim.unit).collect();
    assert_eq!((folder.claims.len(), units.len()), (4, 3), "two of them say only \"violations\"");
    assert_eq!(claim(&folder, "unifil-first-year").total, Count::AtLeast(10_000));
}

#[test]
fn gaza_2025() {
    let folder = open("gaza-2025");
    let agreement = &folder.agreement;
    assert_eq!(codes(agreement), ["IL", "HAMAS"]);
    let text = text(agreement);
    // Between the approval and noon, undetermined.
    at(text, "2025-10-09T20:59:00Z", Belongs::No);
    at(text, "2025-10-10T08:59:00Z", Belongs::Unknown);
    assert_eq!(from(&text.periods[0]).1, Some(time("2025-10-10T09:00:00Z")));
    // T24: 600 trucks a day.
    let quantity = clause(text, "aid").quantity.as_ref().unwrap();
    assert_eq!(
        (&*quantity.of, quantity.amount, quantity.at_least, quantity.per),
        ("trucks", 600, true, 24 * HOUR)
    );
    assert_eq!(binds(clause(text, "aid")), ["IL"]);
    assert_eq!(binds(clause(text, "hostages")), ["HAMAS"]);
    assert_eq!(binds(clause(text, "no-operations")), ["IL", "HAMAS"]);
    assert_eq!(claim(&folder, "gmo-22-november").arithmetic(), Arithmetic::Missing(6));
    let trucks = claim(&folder, "gmo-trucks-31-october");
    assert_eq!(trucks.arithmetic(), Arithmetic::Consistent { least: 3203, most: Some(3203) });
    assert_eq!(trucks.total, Count::Exactly(3203));
}

#[test]
fn sudan_2023() {
    let folder = open("sudan-2023");
    let agreement = &folder.agreement;
    assert_eq!(codes(agreement), ["SAF", "RSF"]);
    let text = text(agreement);
    begins(text, "2023-05-22T19:45:00Z");
    // Seven days, then five.
    ends(text, "2023-06-03T19:45:00Z");
    // T27: an advance ten hours before the start: the pre-period holds, the ceasefire does not yet.
    let (before, ceasefire) = (clause(text, "no-advantage"), clause(text, "ceasefire"));
    let early = minute("2023-05-22T09:45:00Z");
    assert_eq!(text.clause_in_force(before, early), Belongs::Yes);
    assert_eq!(text.clause_in_force(ceasefire, early), Belongs::No);
    assert_eq!(text.clause_in_force(before, minute("2023-05-20T19:44:00Z")), Belongs::No);
    assert_eq!(text.clause_in_force(before, minute("2023-05-22T19:45:00Z")), Belongs::No);
    assert_eq!(before.covers_act(Act::Advance), Belongs::Yes);
    assert_eq!(clause(text, "permitted").mode, Mode::Permit);
}
