//! The project's own observations as a table: see docs/observation-format.md.
//!
//! All columns but `kind` and `time` may be absent. A column that isn't known stops the file, for what it says
//! would be lost.

use std::io::BufRead;

use super::statement::{COLUMNS, Statement};
use crate::run::Run;
use crate::table::Table;

pub(super) fn read(input: &mut dyn BufRead, run: &mut Run<'_>) {
    let Some((mut table, [_, _])) = Table::open_strict(input, run, ["kind", "time"], &COLUMNS) else {
        return;
    };
    while let Some(row) = table.next(run) {
        let made = Statement::new(row.cells()).observation(run);
        run.settle(row.line, row.raw, made);
    }
}

#[cfg(test)]
mod tests {
    use crate::format::Format;
    use crate::format::tests::{one, reasons};
    use crate::{Context, Profile};
    use truce::Name;
    use truce::observation::{
        Act, Asserter, Checked, Count, Detail, Force, Kind, Notice, NoticeSort, Object, Particulars, Purpose,
        Rating, Target, Verification, Weapon,
    };
    use truce::place::{Ellipse, KM, Level, METRE, Place, Point};
    use truce::time::{MINUTE, Span, Time};

    /// The monitor's own file: its rows may tell what others say, too.
    fn patrol() -> Profile {
        Profile { asserted_by: Asserter::Monitor, ..Profile::new("patrol-7") }
    }

    fn read(file: &str) -> truce::observation::Observation {
        one(Format::ObservationCsv, file, &patrol(), &Context::default())
    }

    fn refused(file: &str) -> Vec<String> {
        reasons(Format::ObservationCsv, file.as_bytes(), &patrol(), &Context::default())
    }

    #[test]
    fn a_position_with_everything() {
        let it = read(
            "kind,time,time_end,lat,lon,error_m,error_minor_m,error_azimuth,act,weapon,target,count,origin,\
             direction,rating,asserted_by,group,text_key,note\n\
             reported-event,2025-04-19 18:20+03:00,2025-04-19 18:40+03:00,48.51,37.7,150,50,45.5,shelling,mortar,\
             civilian,at least 3,a,270.25,B2,party:b,agency-x,00000000000000ff,\"seen by nobody, says nobody\"\n",
        );
        let time = Time::parse("2025-04-19T15:20:00Z").unwrap();
        assert_eq!((it.time.start, it.time.length()), (time, 21 * MINUTE), "the last minute is included");
        let at = Point { lon: 377_000_000, lat: 485_100_000 };
        let error = Ellipse { major: 150 * METRE, minor: 50 * METRE, azimuth: 4550 };
        assert_eq!(it.place, Place::Point { at, error });
        assert_eq!((it.kind, it.act, it.weapon), (Kind::ReportedEvent, Act::Shelling, Weapon::Mortar));
        assert_eq!((it.target, it.count), (Target::Civilian, Count::AtLeast(3)));
        assert_eq!((it.origin, it.direction), (Some(Name::from("a")), Some(27_025)));
        assert_eq!(it.rating, Rating { source: b'B', information: 2 });
        assert_eq!(it.asserted_by, Asserter::Party(Name::from("b")));
        assert_eq!((&*it.source, &*it.group, it.text_key), ("patrol-7", "agency-x", Some(255)));
        assert_eq!(it.detail, Detail::None);
    }

    #[test]
    fn a_sector_as_patrols_hear_it() {
        let it = read(
            "kind,time,observer_lat,observer_lon,bearing,half_width,near_m,far_m,count,asserted_by\n\
             impulse,2025-04-19T18:20:05Z,48.5,37.7,315,22.5,2000,6000,about 37,monitor\n",
        );
        let from = Point { lon: 377_000_000, lat: 485_000_000 };
        assert_eq!(
            it.place,
            Place::Sector { from, bearing: 31_500, half_width: 2_250, near: 2 * KM, far: 6 * KM }
        );
        assert_eq!((it.count, it.asserted_by, it.time.length()), (Count::About(37), Asserter::Monitor, 0));
    }

    #[test]
    fn an_area_and_a_day() {
        let it = read(
            "kind,time,area,area_level,area_lat,area_lon,radius_m,text\n\
             reported-event,2025-04-20 Europe/Kyiv,Kupiansk,settlement,49.71,37.61,5000,Shells fell\n",
        );
        let Place::Area { name, level, radius, .. } = &it.place else { panic!("{:?}", it.place) };
        assert_eq!((&**name, *level, *radius), ("Kupiansk", Level::Settlement, 5 * KM));
        assert_eq!(it.time.start.to_string(), "2025-04-19T21:00:00Z");
        assert_eq!(it.text_key, crate::text_key("shells, fell!"));
        assert!(!format!("{it:?}").contains("Shells"), "no free text is kept");
    }

    #[test]
    fn details_of_each_kind() {
        let detail = |file: &str| read(file).detail;
        assert_eq!(
            detail("kind,time,sensor,up,range_m\nsensor-status,2025-04-20 10:00Z,s1,no,15000\n"),
            Detail::Status { sensor: Name::from("s1"), up: false, range: 15 * KM }
        );
        assert_eq!(
            detail("kind,time,notice_by\nnotice,2025-04-20 10:00Z,a\n"),
            Detail::Notice {
                party: Name::from("a"),
                notice: Box::new(Notice {
                    sort: NoticeSort::PlannedAct,
                    purpose: None,
                    to: None,
                    given_at: None,
                    given: true,
                    failed: None,
                }),
            }
        );
        let Detail::Notice { notice, .. } = detail(
            "kind,time,notice_by,notice,notice_to,notice_at,notice_given,notice_failed,purpose\n\
             notice,2025-04-20 10:00Z,a,call,jccc,2025-04-20 09:00Z,yes,yes,exercise\n",
        ) else {
            panic!("a notice")
        };
        assert_eq!(
            (notice.sort, notice.to.as_deref(), notice.failed),
            (NoticeSort::Call, Some("jccc"), Some(true))
        );
        assert_eq!(notice.given_at.map(|at| at.start), Time::parse("2025-04-20T09:00:00Z"));
        assert_eq!((notice.given, notice.purpose), (true, Some(Purpose::Exercise)));
        assert_eq!(
            detail(
                "kind,time,origin,clause,stage,outcome\nverification,2025-04-20 10:00Z,a,back,one,not-done\n"
            ),
            Detail::Verification(Box::new(Verification {
                clause: Name::from("back"),
                stage: Some(Name::from("one")),
                condition: None,
                outcome: Checked::NotDone,
            }))
        );
        assert_eq!(
            detail("kind,time,power_kw,confidence\nthermal-anomaly,2025-04-20 10:00Z,1500,55\n"),
            Detail::Thermal { power_kw: Some(1500), confidence: Some(55) }
        );
        assert_eq!(
            detail("kind,time,fires,war_fires,cloud_permille\nthermal-anomaly,2025-04-20Z,976,739,172\n"),
            Detail::ThermalDay { fires: 976, war_fires: 739, cloud_permille: 172 }
        );
        assert_eq!(
            detail("kind,time,launched,destroyed\nreported-event,2025-04-20Z,8,\n"),
            Detail::Launches { launched: Some(8), destroyed: None }
        );
    }

    #[test]
    fn particulars_are_kept() {
        let it = read(
            "kind,time,system,calibre_mm,force,casualties,duration_s,unit,object\n\
             sighting,2025-04-20 10:00Z,D-30,122,armed-forces,at least 2,1260,trucks,ship:Razoni\n",
        );
        let expected = Particulars {
            system: Some(Name::from("D-30")),
            calibre: Some(12_200),
            force: Force::ArmedForces,
            casualties: Count::AtLeast(2),
            lasted: Some(21 * MINUTE),
            unit: Some(Name::from("trucks")),
            object: Object::parse("ship:Razoni"),
        };
        assert_eq!(*it.particulars(), expected);
        assert_eq!(read("kind,time\nsighting,2025-04-20 10:00Z\n").particulars, None);
        // A moment and a length: from then on, so long. Within a stretch that is given, nobody says when.
        let begun = it.time.start;
        assert_eq!(it.time, Span { start: begun, end: Time(begun.0 + 21 * MINUTE) });
        let within = "kind,time,time_end,duration_s\nsighting,2025-04-20 10:00Z,2025-04-20 12:00Z,1260\n";
        assert_eq!(read(within).time.length(), 121 * MINUTE);
    }

    #[test]
    fn mistakes_are_told_with_a_remedy() {
        let expect = |file: &str, words: &[&str]| {
            let reasons = refused(file);
            assert_eq!(reasons.len(), 1, "{reasons:?}");
            for word in words {
                assert!(reasons[0].contains(word), "`{word}` is not in: {}", reasons[0]);
            }
        };
        expect(
            "kind,time,latt,colour\nimpulse,2025-04-20Z,1,2\n",
            &["`latt` (did you mean `lat`?)", "`colour`"],
        );
        expect("kind,tme\nimpulse,2025-04-20Z\n", &["`time` (the file has `tme`"]);
        expect("kind,time\nimpuls,2025-04-20Z\n", &["line 2, column 1", "did you mean `impulse`?"]);
        expect("kind,time\nclaim,2025-04-20Z\n", &["file of claims"]);
        expect("kind,time\nimpulse,2025-04-20 18:00\n", &["line 2, column 2", "no time zone", "Europe/Kyiv"]);
        expect("kind,time\nimpulse,\n", &["time: empty", "say when"]);
        expect("kind,time,time_end\nimpulse,2025-04-20Z,2025-04-18Z\n", &["before `time`"]);
        expect(
            "kind,time,lat,lon,error_m\nimpulse,2025-04-20Z,91,37,9\n",
            &["column 3", "not a latitude", "swapped"],
        );
        expect("kind,time,lat,lon,error_m\nimpulse,2025-04-20Z,48,,9\n", &["lon: empty"]);
        expect("kind,time,lat,lon\nimpulse,2025-04-20Z,48,37\n", &["error_m: empty", "one sigma"]);
        expect("kind,time,lat,lon,error_m\nimpulse,2025-04-20Z,48,37,-1\n", &["between 0 and"]);
        expect("kind,time,lat,lon,error_m,area\nimpulse,2025-04-20Z,48,37,9,X\n", &["one place only"]);
        expect(
            "kind,time,observer_lat,observer_lon,bearing,half_width,near_m,far_m\nimpulse,2025-04-20Z,48,37,0,10,5,4\n",
            &["less than near_m"],
        );
        expect("kind,time,count\nimpulse,2025-04-20Z,many\n", &["about 3"]);
        expect("kind,time,weapon\nimpulse,2025-04-20Z,mortars\n", &["did you mean `mortar`?"]);
        expect("kind,time,asserted_by\nimpulse,2025-04-20Z,moniter\n", &["`monitor`", "party:CODE"]);
        expect("kind,time,rating\nimpulse,2025-04-20Z,2B\n", &["such as B2"]);
        expect("kind,time,sensor\nimpulse,2025-04-20Z,s1\n", &["does not belong to this kind"]);
        expect("kind,time,object\nposition,2025-04-20Z,Razoni\n", &["CLASS:NAME"]);
        expect("kind,time,lat,lon,error_m\nposition,2025-04-20Z,46,31,9\n", &["object: empty"]);
        expect("kind,time,object\nposition,2025-04-20Z,ship:Razoni\n", &["lat: empty"]);
        expect("kind,time,clause,outcome\nverification,2025-04-20Z,back,done\n", &["origin: empty"]);
        expect("kind,time,origin,clause\nverification,2025-04-20Z,a,back\n", &["outcome: empty"]);
        expect("kind,time,calibre_mm\nsighting,2025-04-20Z,big\n", &["calibre_mm"]);
        expect("kind,time,text_key\nimpulse,2025-04-20Z,+00000000000000f\n", &["16 hexadecimal digits"]);
    }

    /// No row says more for itself than the mission file says of its file.
    #[test]
    fn a_row_gains_no_standing() {
        let header = "kind,time,group,asserted_by\n";
        let told = |asserted_by: Asserter, row: &str| {
            let profile = Profile { asserted_by, ..Profile::new("press") };
            reasons(
                Format::ObservationCsv,
                format!("{header}{row}\n").as_bytes(),
                &profile,
                &Context::default(),
            )
        };
        let party = || Asserter::Party("a".into());
        for (by, said) in
            [(Asserter::Third, "monitor"), (party(), "monitor"), (party(), "third"), (party(), "party:b")]
        {
            let refused = told(by, &format!("sighting,2025-04-20Z,,{said}"));
            assert!(refused.len() == 1 && refused[0].contains("a source of its own"), "{said}: {refused:?}");
        }
        for (by, said) in [(Asserter::Third, "party:b"), (party(), "party:a"), (Asserter::Monitor, "third")] {
            assert!(told(by, &format!("sighting,2025-04-20Z,,{said}")).is_empty(), "{said}");
        }
        assert_eq!(told(Asserter::Third, "impulse,2025-04-20Z,network-9,").len(), 1);
        assert!(told(Asserter::Third, "reported-event,2025-04-20Z,outlet-9,").is_empty());
        assert!(told(Asserter::Monitor, "impulse,2025-04-20Z,network-9,").is_empty());
    }
}
