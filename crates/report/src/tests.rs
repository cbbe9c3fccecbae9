use crate::sample::{PARTIES, sample};
use crate::*;
use serde_json::Value;

/// Writes the sample into the folder named by `REPORT_SAMPLE`, for looking at.
#[test]
fn every_file_is_written_and_is_the_same_twice() {
    let written = files(&sample(PARTIES));
    assert_eq!(written, files(&sample(PARTIES)));
    assert_eq!(written.len(), 13);
    assert!(written.iter().all(|(name, content)| content.len() > 200 || panic!("{name} is all but empty")));
    if let Ok(folder) = std::env::var("REPORT_SAMPLE") {
        std::fs::create_dir_all(&folder).unwrap();
        for (name, content) in written {
            std::fs::write(std::path::Path::new(&folder).join(name), content).unwrap();
        }
    }
}

/// Swapping the parties in the value swaps them in every output and changes nothing else.
#[test]
fn swapped_parties_give_swapped_output() {
    let [(a, b), (c, d)] = PARTIES;
    let swap = |text: &str| {
        text.replace(a, "\u{1}")
            .replace(b, "\u{2}")
            .replace(c, a)
            .replace(d, b)
            .replace('\u{1}', c)
            .replace('\u{2}', d)
    };
    let [first, second] = PARTIES;
    let (one, other) = (files(&sample([first, second])), files(&sample([second, first])));
    for ((name, one), (_, other)) in one.iter().zip(&other) {
        assert!(swap(one) == *other, "{name} treats the parties differently");
    }
    // And the swap is seen: a test that compares equal files would pass for any code.
    assert_ne!(one[0].1, other[0].1);
}

/// The same acts by the other party, under the same agreement: colours and columns stay with the place in the
/// agreement, so what changes is who stands where, and the amount of text stays the same.
#[test]
fn the_order_of_parties_comes_from_the_agreement_alone() {
    let value = sample(PARTIES);
    let mut turned = sample([PARTIES[1], PARTIES[0]]);
    turned.parties.reverse();
    let page = html(&turned);
    let at = |name: &str| {
        page.find(&format!("Can show acts of <span class=\"party\">{}{name}", mark(name))).unwrap()
    };
    fn mark(name: &str) -> String {
        let index = PARTIES.iter().position(|(_, n)| *n == name);
        crate::picture::party_mark(index).into_string()
    }
    assert!(at(PARTIES[0].1) < at(PARTIES[1].1));
    assert_eq!(page.len(), html(&value).len());
}

#[test]
fn the_page_is_self_contained_and_closed_to_scripts() {
    let mut value = sample(PARTIES);
    value.head.title = "<script>alert(1)</script>".into();
    value.incidents.rows[0].place = "</td><img src=x onerror=alert(1)>".into();
    let hostile = html(&value);
    assert!(
        !hostile.contains("<script") && !hostile.contains("<img") && !hostile.contains("href=\"javascript")
    );
    let page = html(&sample(PARTIES));
    for fetched in ["<link", "@import", " src=", "url(http", "<iframe", "<object"] {
        assert!(!page.contains(fetched), "the page fetches by {fetched}");
    }
    // Every address within the page leads somewhere, and no id is given twice.
    let ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "an id is given twice");
    for target in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(ids.contains(&target), "#{target} leads nowhere");
    }
    for named in page.split("aria-labelledby=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(named.split(' ').all(|id| ids.contains(&id)), "{named} names nothing");
    }
}

/// What a picture shows, a table shows too: every count of the strip and of the map stands in the page as text.
#[test]
fn pictures_have_twins_in_tables() {
    let value = sample(PARTIES);
    let page = html(&value);
    assert_eq!(page.matches("role=\"img\"").count(), page.matches("</desc>").count());
    let twin = page.split("Front strip: the numbers as a table").nth(1).unwrap();
    let strip = value.strip.as_ref().unwrap();
    let cells: usize = strip.days.iter().map(|d| d.cells.len()).sum();
    assert_eq!(twin.split("</tbody>").next().unwrap().matches("<td").count(), cells);
    for cell in &value.map.as_ref().unwrap().cells {
        assert!(page.contains(&format!("<th scope=\"row\">{}</th>", cell.cell.name())));
    }
}

/// A zero is shown only where something was observed.
#[test]
fn what_was_not_seen_is_never_a_zero() {
    let mut value = sample(PARTIES);
    let strip = value.strip.as_mut().unwrap();
    for day in &mut strip.days {
        day.cells = day.cells.iter().map(|_| Tally::not_observed()).collect();
    }
    let drawn = svg_strip(&value).unwrap();
    assert!(!drawn.contains("0, observed") && drawn.contains("url(#strip-hatch)"));
    assert!(csv_strip(&value).lines().skip(1).all(|line| line.contains("not observed,,")));
    assert_eq!(Tally::not_known(0).count(), None);
}

/// "No comparison of the sides" is said when, and only when, a side's acts have no source but the parties.
#[test]
fn no_comparison_without_a_source_for_each_side() {
    let sentence = "No comparison of the sides is made.</strong>";
    let mut value = sample(PARTIES);
    assert!(html(&value).contains(sentence));
    value.sources[0].acts_of = PARTIES.iter().map(|(code, _)| (*code).into()).collect();
    assert!(!html(&value).contains(sentence));
    value.sources[0].asserted_by = Asserter::Party { party: PARTIES[0].0.into() };
    assert!(html(&value).contains(sentence));
}

#[test]
fn the_page_shows_as_many_rows_as_asked_and_names_the_rest() {
    let page = html(&sample(PARTIES));
    assert!(
        page.contains("46 more in <a href=\"incidents.csv\">")
            && page.contains("21 more in <a href=\"findings.csv\">")
    );
    let csv = csv_incidents(&sample(PARTIES));
    assert_eq!(csv.lines().count(), 59);
}

/// Every CSV has as many fields in each row as in its header.
#[test]
fn tables_are_square() {
    for (name, content) in files(&sample(PARTIES)).iter().filter(|(name, _)| name.ends_with(".csv")) {
        let count = |line: &str| {
            let mut quoted = false;
            1 + line
                .chars()
                .filter(|c| {
                    quoted ^= *c == '"';
                    *c == ',' && !quoted
                })
                .count()
        };
        let columns = count(content.lines().next().unwrap());
        assert!(content.lines().all(|line| count(line) == columns), "{name}");
        assert!(content.lines().count() > 1 && content.ends_with("\r\n"), "{name}");
    }
    assert!(csv_claims(&sample(PARTIES)).contains("\"'=violations of the truce\""));
}

#[test]
fn geojson_holds_squares_that_run_anticlockwise() {
    let parsed: Value = serde_json::from_str(&geojson(&sample(PARTIES))).unwrap();
    let features = parsed["features"].as_array().unwrap();
    assert!(
        features.iter().all(|f| f["properties"]["licence"].is_string() && f["geometry"]["type"] != "Point")
    );
    let squares: Vec<&Value> = features.iter().filter(|f| f["geometry"]["type"] == "Polygon").collect();
    assert!(squares.len() > 40);
    for square in squares {
        let ring: Vec<(f64, f64)> = square["geometry"]["coordinates"][0]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap()))
            .collect();
        assert!(ring.len() == 5 && ring[0] == ring[4]);
        let area: f64 = ring.windows(2).map(|w| w[0].0 * w[1].1 - w[1].0 * w[0].1).sum();
        assert!(area > 0.0);
    }
}

/// The published schema is the one of the types. `BLESS=1 cargo test -p report schema` writes it anew.
#[test]
fn the_schema_in_docs_is_that_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/report.schema.json");
    let schema =
        schemars::generate::SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Report>();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        published == text,
        "docs/report.schema.json is not that of the types; see this test on how to write it"
    );
}

/// The base map carries its note, and shows no state border when none is asked for.
#[test]
fn boundaries_follow_the_setting() {
    let mut value = sample(PARTIES);
    let map = value.map.as_mut().unwrap();
    map.cells.iter_mut().for_each(|c| {
        c.cell = Cell::containing(truce::place::Point { lon: 375_000_000, lat: 485_000_000 });
    });
    (map.lines, map.zones, map.labels) = (vec![], vec![], vec![]);
    map.base = BaseMap::Unga68262;
    let drawn = svg_map(&value).unwrap();
    assert!(drawn.contains("resolution 68/262") && drawn.contains("imply no endorsement"));
    value.map.as_mut().unwrap().base = BaseMap::NoBoundaries;
    let drawn = svg_map(&value).unwrap();
    assert!(
        !drawn.contains("68/262")
            && drawn.contains("No international boundary")
            && drawn.contains("imply no endorsement")
    );
}

/// A report with nothing in it is still a page.
#[test]
fn an_empty_report_is_a_page_that_says_so() {
    let mut value = sample(PARTIES);
    value.parties.clear();
    value.summary.clear();
    value.sources.clear();
    value.series.clear();
    (value.strip, value.map) = (None, None);
    value.findings = Findings { clauses: vec![], readings: vec![], shown: 0 };
    value.incidents.rows.clear();
    value.claims.clear();
    value.coverage.clear();
    value.own_series.clear();
    let page = html(&value);
    assert!(page.contains("No claims were read.") && page.contains("</html>"));
    let mut empty = sample(PARTIES);
    let map = empty.map.as_mut().unwrap();
    (map.lines, map.zones, map.cells) = (vec![], vec![], vec![]);
    assert!(html(&empty).contains("Nothing here has a place."));
}
