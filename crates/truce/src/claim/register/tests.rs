extern crate std;

use super::*;
use crate::claim::{ANYONE, Ends};
use crate::observation::Asserter;
use crate::place::Place;
use crate::time::DAY;

fn said(name: &str, by: &str, days: (i64, i64), total: Count, cumulative: Option<bool>) -> Claim {
    Claim {
        name: name.into(),
        claimant: by.into(),
        speaker: Asserter::Party(by.into()),
        against: if by == "A" { "B".into() } else { "A".into() },
        window: Span { start: Time(days.0 * DAY), end: Time(days.1 * DAY) },
        ends: Ends { start: true, end: true },
        clock: None,
        as_of: None,
        place: Place::Unknown,
        unit: "violations".into(),
        total,
        parts: Vec::new(),
        perhaps_within: Vec::new(),
        cumulative,
        quote: String::new(),
        translation: String::new(),
        note: String::new(),
        url: String::new(),
    }
}

fn sort_of(claims: &[Claim]) -> Sort {
    let register = register(claims, &["A".into(), "B".into()], &Units::built_in().unwrap());
    assert_eq!(register.series.len(), 1);
    register.series[0].sort.clone()
}

/// T14: 488, 5,026, 9,318 and more than 14,000 are one count.
#[test]
fn a_growing_count_is_recognised_three_ways() {
    use Count::{AtLeast, Exactly};
    let figures = [Exactly(488), Exactly(5_026), Exactly(9_318), AtLeast(14_000)];
    let run = |start: &dyn Fn(i64) -> i64, said_so: Option<bool>| -> Vec<Claim> {
        let name = |day: i64| alloc::format!("day-{day}");
        let each = (0_i64..).zip(figures);
        each.map(|(day, figure)| said(&name(day), "A", (start(day), day + 1), figure, said_so)).collect()
    };
    let growing = |sort: Sort, basis: Basis| {
        let Sort::Growing { basis: found, latest, steps, falls } = sort else { panic!("{sort:?}") };
        assert_eq!((found, latest, falls.len()), (basis, AtLeast(14_000), 0));
        assert!(steps.iter().sum::<i64>() < 14_000);
    };
    growing(sort_of(&run(&|_| 0, None)), Basis::OneStart);
    growing(sort_of(&run(&|day| day, Some(true))), Basis::Said);
    let mut daily = run(&|day| day, None);
    assert_eq!(sort_of(&daily), Sort::PerhapsGrowing);
    daily.push(said("whole", "A", (0, 4), Exactly(9_318), None));
    growing(sort_of(&daily), Basis::WholeIsLess);
    // One figure that falls, or a claimant that says so, and they are separate.
    assert_eq!(sort_of(&run(&|day| day, Some(false))), Sort::Apart);
    let same = [said("a", "A", (0, 1), Exactly(18), None), said("b", "A", (0, 1), Exactly(62), None)];
    assert_eq!(sort_of(&same), Sort::Mixed);
    let mut falling = run(&|day| day, None);
    falling[2].total = Exactly(4_292);
    assert_eq!(sort_of(&falling), Sort::Apart);
}

/// One figure that falls does not hide a count that runs on: who, when, from what to what.
#[test]
fn a_fall_of_a_growing_count_is_told() {
    use Count::{About, Exactly};
    let run = |last: Count, said_so: Option<bool>| {
        let figures = [Exactly(10), Exactly(25), Exactly(40), last];
        let claims: Vec<Claim> = (1_i64..)
            .zip(figures)
            .map(|(day, figure)| said(&alloc::format!("c{day}"), "A", (0, day), figure, said_so))
            .collect();
        sort_of(&claims)
    };
    for said_so in [Some(true), None] {
        let fallen = run(Exactly(30), said_so);
        let Sort::Growing { falls, steps, .. } = &fallen else { panic!("{fallen:?}") };
        let fall = Fall { claim: "c4".into(), at: Time(4 * DAY), from: Exactly(40), to: Exactly(30) };
        assert_eq!((falls, steps), (&alloc::vec![fall], &alloc::vec![15, 15, -10]));
        assert!(
            fallen
                .words()
                .contains("IT FALLS from 40 to 30 with c4, up to 1970-01-05T00:00:00Z: a count that"),
            "{}",
            fallen.words()
        );
    }
    // Near misses: the same figure again, one that may be as much, and figures that do not run on.
    for last in [Exactly(40), About(40)] {
        let Sort::Growing { falls, .. } = run(last, Some(true)) else { panic!() };
        assert!(falls.is_empty());
    }
    assert_eq!(run(Exactly(30), Some(false)), Sort::Mixed);
}

/// T35: a thousand copies are one statement; the order of the input says nothing.
#[test]
fn copies_weigh_as_one() {
    let mut claims: Vec<Claim> = (0..1_000)
        .map(|copy| {
            let name = alloc::format!("copy-{copy:04}");
            Claim { url: name.clone(), ..said(&name, "A", (0, 1), Count::Exactly(7), None) }
        })
        .collect();
    claims.push(said("other", "B", (0, 1), Count::Exactly(7), None));
    let units = Units::built_in().unwrap();
    let parties = ["A".into(), "B".into()];
    let straight = register(&claims, &parties, &units);
    assert_eq!(straight.entries.iter().map(|entry| entry.copies).collect::<Vec<_>>(), [1_000, 1]);
    assert_eq!((straight.beside.len(), straight.beside[0].likeness), (1, Likeness::OwnDefinitions));
    claims.reverse();
    assert_eq!(register(&claims, &parties, &units), straight);
}

/// T20: whoever said nothing is named as silent, and nothing is made of it.
#[test]
fn silence_is_no_claim() {
    let claims = [said("x", "B", (0, 1), Count::AtLeast(1_000), None)];
    let register = register(&claims, &["A".into(), "B".into()], &Units::built_in().unwrap());
    assert_eq!((register.entries.len(), register.silent.len(), &*register.silent[0]), (1, 1, "A"));
    assert!(register.beside.is_empty());
    assert_ne!(&*register.entries[0].claim.against, ANYONE);
}

#[test]
fn windows_are_held_against_each_other() {
    let claims = [
        said("one", "A", (0, 2), Count::Exactly(5), None),
        said("other", "B", (1, 3), Count::Exactly(6), None),
    ];
    let register = register(&claims, &["A".into(), "B".into()], &Units::built_in().unwrap());
    let beside = &register.beside[0];
    assert_eq!(
        (hours(beside.shared), hours(beside.one_length), beside.comparable()),
        ("24 h".into(), "48 h".into(), false)
    );
    assert_eq!(hours(HOUR * 33 / 2), "16.5 h");
}
