use super::*;

fn mistakes<T>(text: &str, build: impl FnOnce(Table<'_>) -> Option<T>) -> Vec<(Position, String, String)> {
    let Err(mistakes) = read("f.toml", text, build) else { panic!("no mistake found in {text}") };
    mistakes.into_iter().map(|m| (position(text, m.span.start), m.message, m.help)).collect()
}

#[test]
fn every_mistake_of_a_file_is_told_in_its_order() {
    let text = "titel = 'x'\ncount = 'three'\nfrom = 2025-04-19T18:00:00\n\n[[part]]\nid = 'a b'\n";
    let found = mistakes(text, |root| {
        let title = root.need("title").text();
        root.need("count").integer(0..=9);
        root.need("from").time(None);
        for part in root.may("part").tables() {
            part.need("id").code();
        }
        title.map(|_| ())
    });
    let lines: Vec<_> =
        found.iter().map(|(at, message, help)| (at.line, at.column, &**message, &**help)).collect();
    assert_eq!(
        lines,
        [
            (1, 1, "the key `titel` is not known here", "did you mean `title`?"),
            (2, 9, "`count` must be a whole number", "for example: `count = 0`"),
            (
                3,
                8,
                "`from` does not say on which clock",
                "add an offset, such as `2025-04-19T18:00:00+03:00`, or a line `clock = \"Europe/Kyiv\"` before it"
            ),
            (
                6,
                6,
                "`id` must be one short word",
                "a code is made of letters, digits and hyphens, without blanks; write: `id = \"a-b\"`"
            ),
        ]
    );
}

#[test]
fn syntax_errors_are_mistakes_too() {
    let found = mistakes("a = \nb = 1\nb = 2\n", |_| Some(()));
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].0.line, found[1].0), (1, Position { line: 3, column: 1 }));
    assert!(found[1].1.contains("given twice") && found[1].2.contains("[[clause]]"));
}

#[test]
fn times_need_a_clock_and_days_must_exist() {
    let read_time = |text: &str, clock| read("f", text, |root| root.need("t").time(clock).map(|at| at.value));
    let easter = Time::parse("2025-04-19T15:00:00Z").unwrap();
    assert_eq!(read_time("t = 2025-04-19T18:00:00+03:00", None), Ok(easter));
    assert_eq!(read_time("t = 2025-04-19 18:00", Some(Zone::EasternEurope)), Ok(easter));
    assert_eq!(read_time("t = '2025-04-19 18:00'", Some(Zone::EasternEurope)), Ok(easter));
    assert!(read_time("t = 2025-04-19", Some(Zone::EasternEurope)).is_err());
    assert!(read_time("t = '2025-02-30T00:00:00Z'", None).is_err());
    assert!(read("f", "d = 2025-02-30", |root| root.need("d").date()).is_err());
    let ends_early = "a = 2025-04-19T18:00:00Z\nb = 2025-04-18T18:00:00Z";
    let found = mistakes(ends_early, |root| root.span_of("a", "b", None));
    assert_eq!((found[0].0.line, found[0].0.column), (2, 5));
}

#[test]
fn quantities_are_exact() {
    let length = |text: &str| read("f", text, |root| root.need("x").length().map(|at| at.value));
    assert_eq!(length("x = '25 km'"), Ok(25 * KM));
    assert_eq!(length("x = '7.5km'"), Ok(7_500 * METRE));
    assert!(length("x = 25").is_err() && length("x = '25 miles'").is_err() && length("x = 'km'").is_err());
    assert!(length("x = '99999999999999999 km'").is_err());
    let permille =
        |text: &str| read("f", text, |root| root.need("p").decimal(3, 0..=1_000).map(|at| at.value));
    assert_eq!(
        (permille("p = 0.95"), permille("p = 1"), permille("p = 0.950")),
        (Ok(950), Ok(1_000), Ok(950))
    );
    assert!(permille("p = 0.9501").is_err() && permille("p = 1.5").is_err() && permille("p = nan").is_err());
    let hours = read("f", "d = '30 h'", |root| root.need("d").duration().map(|at| at.value));
    assert_eq!(hours, Ok(30 * HOUR));
}

#[test]
fn a_slip_of_the_finger_is_recognised() {
    assert_eq!(nearest("shelings", ["shelling", "assault"]), Some("shelling"));
    assert_eq!(nearest("hsellign", ["shelling"]), Some("shelling"));
    assert_eq!(nearest("Oblige", ["oblige"]), Some("oblige"));
    assert_eq!(nearest("missile", ["shelling", "assault"]), None);
    assert_eq!(nearest("a", ["b"]), None);
    // Of two that are equally near none is favoured.
    assert_eq!(suggest("AU", ["UA", "RU", "XY"]), "did you mean `RU` or `UA`?");
}

#[test]
fn columns_count_characters_and_never_split_one() {
    assert_eq!(position("\u{feff}ж = 1\nі = 2", 0), Position { line: 1, column: 1 });
    assert_eq!(position("ж = 1\nі = 2", 9 + 2), Position { line: 2, column: 4 });
    assert_eq!(position("ж", 1), Position { line: 1, column: 1 });
    assert_eq!(position("a\n", 99), Position { line: 2, column: 1 });
}
