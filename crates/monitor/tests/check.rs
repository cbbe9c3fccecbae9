//! `truceline check` as a user runs it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const EASTER: &str = include_str!("../../../agreements/easter-2025/terms.toml");
const CLAIMS: &str = include_str!("../../../agreements/easter-2025/claims.toml");

/// A fresh folder of a test, with files.
fn folder(test: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&dir);
    for (name, bytes) in files {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    dir
}

/// Runs `truceline check FOLDER` in `dir`: success, standard output, standard error.
fn check(dir: &Path, folder: &str) -> (bool, String, String) {
    let program = env!("CARGO_BIN_EXE_truceline");
    let output = Command::new(program).current_dir(dir).args(["check", folder]).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// What is told about a folder `a` with these files; it must be refused.
fn refused(test: &str, files: &[(&str, &[u8])]) -> String {
    let dir = folder(test, &[]);
    for (name, bytes) in files {
        let path = dir.join("a").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let (success, out, err) = check(&dir, "a");
    assert!(!success && out.is_empty(), "{test} was not refused:\n{out}");
    err
}

/// Compares with `tests/check/NAME`; `BLESS=1` renews the file instead.
fn snapshot(name: &str, got: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, got).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(got == expected, "{} differs (BLESS=1 renews it)\n--- got\n{got}", path.display());
}

#[test]
fn the_real_agreements_explain_themselves() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for name in ["easter-2025", "energy-2025"] {
        let (success, out, err) = check(&root, &format!("agreements/{name}"));
        assert!(success && err.is_empty(), "{err}");
        snapshot(&format!("{name}.txt"), &out);
    }
}

/// The same agreement in Ukrainian and Russian; English is what is said without a word about the language.
#[test]
fn an_agreement_explains_itself_in_three_languages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let easter = |language: &[&str]| {
        let program = env!("CARGO_BIN_EXE_truceline");
        let arguments = ["check", "agreements/easter-2025"].iter().chain(language);
        let output = Command::new(program).current_dir(&root).args(arguments).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    assert_eq!(easter(&["--language", "en"]), easter(&[]));
    for language in ["uk", "ru"] {
        let (code, out, err) = easter(&["--language", language]);
        assert!(code == Some(0) && err.is_empty(), "{err}");
        snapshot(&format!("easter-2025.{language}.txt"), &out);
    }
    let (code, out, err) = easter(&["--language", "de"]);
    assert!(code == Some(2) && out.is_empty() && err.contains("give en, uk or ru"), "{err}");
}

/// What lets anything through because a key was left out stands under what is not known, in each language: a notice that
/// never grows old, a gate of quiet for which nobody must have looked. With the keys it does not.
#[test]
fn what_lets_anything_through_is_named() {
    let more = |within: &str, coverage: &str| {
        format!(
            r#"{EASTER}
[[clause]]
id = "return-fire"
title = "Return fire"
paraphrase = "Made up."
rule = "prohibits"
binds = ["RU", "UA"]
acts = ["fire"]
sources = ["{source}"]

[[clause.except]]
paraphrase = "By order."
acts = ["shelling"]

[[clause.except.condition]]
id = "order"
paraphrase = "By order."
kind = "notice"
notice = "order"
when = "before"
{within}

[[phase]]
id = "one"
title = "Quiet"
paraphrase = "Made up."
sources = ["{source}"]

[[phase.gate]]
id = "quiet"
paraphrase = "Made up."
indicator = "breaches"
at_most = 0
window = "1 day"
authority = "RU"
then = "on"
{coverage}
"#,
            source = EASTER.split_once("[[source]]\nid = \"").unwrap().1.split('"').next().unwrap()
        )
    };
    let told = |name: &str, text: &str, language: &str| {
        let dir = folder(name, &[("a/terms.toml", text.as_bytes())]);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let _ = fs::copy(root.join("agreements/weapons.toml"), dir.join("weapons.toml"));
        let program = env!("CARGO_BIN_EXE_truceline");
        let output = Command::new(program)
            .current_dir(&dir)
            .args(["check", "a", "--language", language])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let (open, shut) = (more("", ""), more("within = \"1 h\"", "coverage = 0.8"));
    for (language, stale, unseen) in [
        ("en", "one serves for ever", "is met where nobody looked"),
        ("uk", "одного досить назавжди", "ніхто не спостерігав"),
        ("ru", "одного достаточно навсегда", "никто не наблюдал"),
    ] {
        let page = told("through", &open, language);
        assert!(page.contains(stale) && page.contains(unseen), "{page}");
        let page = told("not-through", &shut, language);
        assert!(!page.contains(stale) && !page.contains(unseen), "{page}");
    }
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let mut terms = EASTER.to_string();
    for (from, to) in [
        ("binds = [\"RU\", \"UA\"]", "binds = [\"RU\", \"UAA\"]"),
        ("to = 2025-04-21T00:00:00+03:00", "to = 2025-04-21T00:00:00"),
        ("rule = \"prohibits\"", "rul = \"prohibits\""),
    ] {
        assert!(terms.contains(from));
        terms = terms.replacen(from, to, 1);
    }
    let with_mark = ["\u{feff}", &terms].concat();
    let told = refused("mistakes", &[("terms.toml", terms.as_bytes())]);
    snapshot("mistakes.txt", &told);
    // A byte order mark moves nothing that an editor shows.
    assert_eq!(refused("mark", &[("terms.toml", with_mark.as_bytes())]), told);
}

/// Slips of the pen, as a terminal shows them: the mark stands under the right character, also behind letters of two bytes,
/// and the line put right can be copied.
#[test]
fn slips_are_shown_where_they_are() {
    let mut told = String::new();
    for (from, to) in [
        ("title = \"Easter truce of 2025\"", "tіtle = “Easter truce of 2025”"),
        ("binds = [\"RU\", \"UA\"]", "binds = [\"RU\", \"UA\""),
        ("name = \"Russian Federation\"", "name = \"Росія\" Федерація"),
    ] {
        assert!(EASTER.contains(from), "{from}");
        told += &refused("slips", &[("terms.toml", EASTER.replacen(from, to, 1).as_bytes())]);
    }
    let claims = CLAIMS.replacen("4900", "4 900", 1).replacen("claimant = \"RU\"", "claimant = RU", 1);
    told += &refused("slips", &[("terms.toml", EASTER.as_bytes()), ("claims.toml", claims.as_bytes())]);
    // A code that only looks like that of a party.
    let looks = EASTER.replacen("binds = [\"RU\", \"UA\"]", "binds = [\"RU\", \"UА\"]", 1);
    told += &refused("slips", &[("terms.toml", looks.as_bytes())]);
    snapshot("slips.txt", &told);
}

/// What lawyers who are no programmers type, each alone, as a terminal shows it.
#[test]
fn slips_of_lawyers_are_shown_where_they_are() {
    const FROM: &str = "from = 2025-04-19T18:00:00+03:00";
    const TO: &str = "to = 2025-04-21T00:00:00+03:00";
    const BINDS: &str = "binds = [\"RU\", \"UA\"]";
    const DATE: &str = "date = 2025-04-19\nstance";
    let slips = [
        ("text behind a heading", "[[clause]]", "[[clause]] No fire"),
        ("bullets under a key", "acts = [\"fire\", \"launch\"]", "acts =\n - fire\n - launch"),
        ("a plural in a heading", "[[clause]]", "[[clauses]]"),
        ("a unit left out", TO, "lasts = 30"),
        ("hours in words", TO, "lasts = \"thirty hours\""),
        ("hours in Ukrainian", TO, "lasts = \"30 годин\""),
        ("a time zone by its letters", "clock = \"Europe/Moscow\"", "clock = \"MSK\""),
        ("a time zone behind the hour", FROM, "from = 2025-04-19 18:00 MSK"),
        ("a party by its name", BINDS, "binds = [\"Russian Federation\", \"Ukraine\"]"),
        ("a party in the genitive", BINDS, "binds = [\"RU\", \"України\"]"),
        ("two parties in one text", BINDS, "binds = \"RU and UA\""),
        ("a month in letters", DATE, "date = 19 April 2025\nstance"),
        ("a month in Ukrainian letters", DATE, "date = 19 квітня 2025 року\nstance"),
        ("day and month exchanged", DATE, "date = 2025-19-04\nstance"),
        ("two days", DATE, "date = 19–20 April 2025\nstance"),
        ("curly quotation marks", "rule = \"prohibits\"", "rule = „prohibits“"),
        ("a decimal comma", "occurred = 0.9", "occurred = 0,9"),
        ("per cent in quotation marks", "occurred = 0.9", "occurred = \"90 %\""),
        ("a Cyrillic letter in a key", "rule = \"prohibits\"", "rulе = \"prohibits\""),
        ("a Cyrillic letter in a code", BINDS, "binds = [\"RU\", \"UА\"]"),
        ("a Cyrillic letter in a heading", "[[clause]]", "[[сlause]]"),
        ("a heading in Ukrainian", "[[clause]]", "[[пункт]]"),
        ("a quotation mark left out", "rule = \"prohibits\"", "rule = \"prohibits"),
        ("a dash of print in an id", "id = \"no-fire\"", "id = \"no–fire\""),
        ("a blank that does not break, before a key", "rule = ", "\u{a0}rule = "),
        ("a blank that does not break, in a code", BINDS, "binds = [\"RU\", \"UA\u{a0}\"]"),
        (
            "kilometres in Ukrainian",
            "[[clause]]",
            "[[zone]]\nid = \"z\"\nline = \"contact\"\nsides = [\"RU\", \"UA\"]\nwithin = \"25 км\"\n\n[[clause]]",
        ),
        ("the answer in Ukrainian", "reference = true", "reference = так"),
        ("a page number", "[[period]]", "- 2 -\n\n[[period]]"),
    ];
    let mut told = String::new();
    for (name, from, to) in slips {
        assert!(EASTER.contains(from), "{name}: {from}");
        let terms = EASTER.replacen(from, to, 1);
        told += &format!("## {name}\n{}\n", refused("lawyers", &[("terms.toml", terms.as_bytes())]));
    }
    // The same clause pasted twice.
    let clause = &EASTER[EASTER.find("[[clause]]").unwrap()..];
    let clause = &clause[..clause.find("\n# ----").unwrap()];
    let twice = EASTER.replacen(clause, &[clause, "\n", clause].concat(), 1);
    told +=
        &format!("## a clause pasted twice\n{}\n", refused("lawyers", &[("terms.toml", twice.as_bytes())]));
    snapshot("lawyers.txt", &told);
}

/// Line ends of Windows, tabs and a byte order mark are no slips: they mean what they seem to mean.
#[test]
fn what_only_looks_different_passes() {
    let windows = ["\u{feff}", &EASTER.replace('\n', "\r\n")].concat();
    let tabs = EASTER.replace("rule = ", "\trule\t=\t");
    for terms in [windows, tabs] {
        let dir = folder("looks", &[("a/terms.toml", terms.as_bytes())]);
        let (success, _, err) = check(&dir, "a");
        assert!(success && err.is_empty(), "{err}");
    }
}

#[test]
fn claims_are_held_against_the_parties() {
    let claims =
        CLAIMS.replacen("claimant = \"RU\"", "claimant = \"RUS\"", 1).replacen("4900", "\"a lot\"", 1);
    let told = refused("claims", &[("terms.toml", EASTER.as_bytes()), ("claims.toml", claims.as_bytes())]);
    snapshot("claims.txt", &told);
}

#[test]
fn what_is_no_folder_of_an_agreement_is_explained() {
    let dir = folder("wrong", &[("one/terms.toml", b""), ("two/terms.toml", b""), ("three/term.toml", b"")]);
    let mut told = String::new();
    for asked in ["on", "nothing-like-it", "no/where", ".", "one/terms.toml", "three"] {
        let (success, out, err) = check(&dir, asked);
        assert!(!success && out.is_empty());
        told += &format!("$ truceline check {asked}\n{err}\n");
    }
    snapshot("wrong-folder.txt", &told);
}

#[test]
fn files_that_are_no_text_are_explained() {
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("id".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let broken: [(&str, &[u8]); 5] = [
        ("utf16", &utf16),
        ("gzip", &[0x1f, 0x8b, 8, 0]),
        ("nul", b"id = \"a\0b\""),
        ("latin1", b"id = \"a\"\ntitle = \"caf\xe9\""),
        ("empty", b""),
    ];
    let told: Vec<String> =
        broken.iter().map(|(name, bytes)| refused(name, &[("terms.toml", *bytes)])).collect();
    snapshot("no-text.txt", &told.concat());
}

#[test]
fn shapes_and_sites_are_checked() {
    let terms = EASTER.as_bytes();
    let mut told = String::new();
    let shapes: [&[u8]; 7] = [
        b"{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[5",
        b"{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,94],[5,5],[1,2]]]}",
        b"{\"type\":\"Point\",\"coordinates\":[1,2]}",
        b"{\"type\":\"FeatureCollection\",\"features\":[]}",
        b"[]",
        b"{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"LineString\",\"coordinates\":[[1,2],[3,4]]},{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[3,4],[5,5],[1,2]]]}]}",
        b"{\"type\":\"LineString\",\"coordinates\":[[1,2],[\"3\",4,5]]}",
    ];
    for shape in shapes {
        told += &refused("shape", &[("terms.toml", terms), ("zones/x.geojson", shape)]);
    }
    let sites: [&[u8]; 4] = [
        b"name,class,lon,lat\n\"A, B\",electrcity,30,50\nC,hydro,30\n\nD,hydro,50,130\nE,hydro,50,NaN\n",
        b"name,type,lon,lat\nA,hydro,30,50\n",
        b"name,class,lon,lat\n",
        b"name,class,lon,lat\nA,hydro,30,50",
    ];
    for sites in sites {
        told += &refused("sites", &[("terms.toml", terms), ("sites.csv", sites)]);
    }
    told += &refused("claimed", &[("terms.toml", terms), ("claim.toml", b"")]);
    told += &refused("shapefile", &[("terms.toml", terms), ("zones/x.shp", b"")]);
    snapshot("beside.txt", &told);
}

/// A whole folder: a drawn zone and line, a list of sites with quotation marks and without a last line end.
#[test]
fn a_folder_with_everything_compiles() {
    let terms = include_bytes!("../../truce/tests/agreement/base.toml");
    let river =
        b"{\"type\":\"Feature\",\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[30,50],[31,51]]}}";
    let buffer = b"{\"type\":\"MultiPolygon\",\"coordinates\":[[[[30,50],[31,50],[31,51],[30,50]]]]}";
    let sites = b"name,class,lon,lat\r\n\"Plant, north\",electricity,30.5,50.5\r\nDam,hydro,30.25,50";
    let dir = folder(
        "everything",
        &[
            ("a/terms.toml", terms),
            ("a/zones/river.geojson", river),
            ("a/zones/river-2.geojson", river),
            ("weapons.toml", include_bytes!("../../truce/tests/agreement/weapons.toml")),
            ("a/zones/buffer.geojson", buffer),
            ("a/sites.csv", sites),
            ("a/NOTES.md", b"not read"),
            ("a/.terms.toml.swp", b"not read"),
        ],
    );
    let (success, out, err) = check(&dir, "a");
    assert!(success, "{err}");
    assert!(out.contains("Listed in sites.csv: 2 sites.") && out.contains("Zone \"buffer\""), "{out}");
}

#[test]
fn the_schema_is_the_one_that_is_checked_in() {
    let output = Command::new(env!("CARGO_BIN_EXE_truceline")).args(["check", "--schema"]).output().unwrap();
    assert!(output.status.success());
    let kept = include_str!("../../../docs/agreement.schema.json");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), kept);
}
