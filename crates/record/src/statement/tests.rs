use super::*;
use proptest::prelude::*;
use truce::claim::{Claim, Ends};
use truce::observation::{
    self, Act, Asserter, Checked, Count, Detail, Force, Notice, NoticeSort, Object, Particulars, Purpose,
    Rating, Target, Verification, Weapon,
};
use truce::place::{Ellipse, Level, Place, Point};
use truce::sensing::{Bearing, Craft, Derived, Heard, Instrument, Measured, Reading, Sort, State, What};
use truce::time::{MINUTE, Span};
use verify::field::{Openings, Salts};
use verify::key::SourceKey;
use verify::resolution::PlaceResolution;

fn again(encoded: &Encoded) -> Result<Option<Statement>, Malformed> {
    Statement::decode(encoded.kind, &encoded.fields, &encoded.items, &encoded.words, Id([9; 32]))
}

#[track_caller]
fn comes_back(statement: &Statement) -> Encoded {
    let encoded = statement.encode(Zone::EasternEurope).unwrap();
    assert_eq!(again(&encoded).unwrap().unwrap(), *statement);
    // It fits a leaf, and comes back from what the vault keeps.
    let salts = Salts::from_seed(&[3; 32]);
    let sealed =
        leaf::seal(encoded.statement(), &SourceKey::from_seed(&[4; 32]), None, &salts, None).unwrap();
    let openings = Openings::decode(&sealed.openings.encode()).unwrap();
    assert_eq!(openings.root(), sealed.leaf.root);
    let (kind, fields) = Fields::of_openings(&openings).unwrap();
    assert_eq!(
        Statement::decode(kind, &fields, &Fields::of_items(&openings), &encoded.words, Id([9; 32]))
            .unwrap()
            .unwrap(),
        *statement
    );
    encoded
}

fn name() -> impl Strategy<Value = Name> {
    "\\PC{0,12}".prop_map(|text| Name::from(text.as_str()))
}

fn any_count() -> impl Strategy<Value = Count> {
    prop_oneof![
        Just(Count::Unstated),
        any::<u32>().prop_map(Count::Exactly),
        any::<u32>().prop_map(Count::About),
        any::<u32>().prop_map(Count::AtLeast),
    ]
}

fn any_span() -> impl Strategy<Value = Span> {
    (-2_000_000_000_000_000..4_000_000_000_000_000i64, 0..1_000_000_000_000_000i64)
        .prop_map(|(start, length)| Span { start: Time(start), end: Time(start + length) })
}

fn any_point() -> impl Strategy<Value = Point> {
    (-1_800_000_000..=1_800_000_000i32, -900_000_000..=900_000_000i32)
        .prop_map(|(lon, lat)| Point { lon, lat })
}

fn any_place() -> impl Strategy<Value = Place> {
    let mm = 0..1_000_000_000i64;
    let level =
        prop::sample::select(vec![Level::Settlement, Level::District, Level::Province, Level::Country]);
    prop_oneof![
        (any_point(), mm.clone(), mm.clone(), 0..18_000i32).prop_map(|(at, major, minor, azimuth)| {
            Place::Point { at, error: Ellipse { major, minor, azimuth } }
        }),
        (any_point(), 0..36_000i32, 0..18_000i32, 0..50_000_000i64, 0..50_000_000i64).prop_map(
            |(from, bearing, half_width, near, depth)| Place::Sector {
                from,
                bearing,
                half_width,
                near,
                far: near + depth
            }
        ),
        (name(), level, any_point(), mm).prop_map(|(name, level, centre, radius)| Place::Area {
            name,
            level,
            centre,
            radius
        }),
        Just(Place::Unknown),
    ]
}

fn any_claim() -> impl Strategy<Value = Detail> {
    (
        (name(), name(), name(), name(), any_span()),
        (any::<bool>(), any::<bool>(), any::<Option<bool>>(), prop::option::of(any::<i64>())),
        (any_count(), prop::collection::vec((name(), any_count()), 0..4)),
        ("\\PC{0,40}", "\\PC{0,40}", "\\PC{0,20}", "\\PC{0,20}"),
        (any_place(), prop::option::of(name()), prop::collection::vec((name(), name()), 0..3)),
    )
        .prop_map(
            |(
                (name, claimant, against, unit, window),
                (start, end, cumulative, as_of),
                (total, parts),
                (q, n, u, translation),
                (place, clock, perhaps_within),
            )| {
                let as_of = as_of.map(Time);
                let ends = Ends { start, end };
                Detail::Claim(Box::new(Claim {
                    name,
                    claimant: claimant.clone(),
                    speaker: Asserter::Party(claimant),
                    against,
                    window,
                    ends,
                    clock,
                    as_of,
                    place,
                    unit,
                    total,
                    parts,
                    perhaps_within,
                    cumulative,
                    quote: q,
                    translation,
                    note: n,
                    url: u,
                }))
            },
        )
}

fn any_detail() -> impl Strategy<Value = Detail> {
    prop_oneof![
        Just(Detail::None),
        Just(Detail::Digest),
        (any::<Option<u32>>(), any::<Option<u32>>())
            .prop_map(|(launched, destroyed)| Detail::Launches { launched, destroyed }),
        (any::<Option<u32>>(), any::<Option<u8>>())
            .prop_map(|(power_kw, confidence)| Detail::Thermal { power_kw, confidence }),
        (any::<u32>(), any::<u32>(), any::<u16>()).prop_map(|(fires, war_fires, cloud_permille)| {
            Detail::ThermalDay { fires, war_fires, cloud_permille }
        }),
        (name(), any::<bool>(), any::<i64>()).prop_map(|(sensor, up, range)| Detail::Status {
            sensor,
            up,
            range
        }),
        any_notice(),
        any_claim(),
        any_sensed(),
    ]
}

fn one<T: Copy + std::fmt::Debug + 'static>(names: &[(&str, T)]) -> impl Strategy<Value = T> + use<T> {
    prop::sample::select(names.iter().map(|(_, value)| *value).collect::<Vec<_>>())
}

fn any_notice() -> impl Strategy<Value = Detail> {
    let notice = (
        (name(), one(&NoticeSort::NAMES), prop::option::of(one(&Purpose::NAMES)), prop::option::of(name())),
        (prop::option::of(any_span()), any::<bool>(), any::<Option<bool>>()),
    )
        .prop_map(|((party, sort, purpose, to), (given_at, given, failed))| Detail::Notice {
            party,
            notice: Box::new(Notice { sort, purpose, to, given_at, given, failed }),
        });
    let verification = (name(), prop::option::of(name()), prop::option::of(name()), one(&Checked::NAMES))
        .prop_map(|(clause, stage, condition, outcome)| {
            Detail::Verification(Box::new(Verification { clause, stage, condition, outcome }))
        });
    prop_oneof![notice, verification]
}

fn any_sensed() -> impl Strategy<Value = Detail> {
    fn bearing() -> impl Strategy<Value = Bearing> {
        (any::<i32>(), any::<i32>()).prop_map(|(azimuth, sigma)| Bearing { azimuth, sigma })
    }
    fn reading() -> impl Strategy<Value = Reading> {
        (any::<i64>(), any::<i64>()).prop_map(|(value, sigma)| Reading { value, sigma })
    }
    fn error() -> impl Strategy<Value = Ellipse> {
        (any::<i64>(), any::<i64>(), any::<i32>()).prop_map(|(major, minor, azimuth)| Ellipse {
            major,
            minor,
            azimuth,
        })
    }
    let heard = (
        (name(), any::<Option<i64>>(), prop::option::of(bearing()), any::<Option<i32>>()),
        (any::<i64>(), any::<u16>(), any::<u16>()),
    )
        .prop_map(|((node, clock, bearing, level), (duration, outgoing, impact))| {
            Detail::Heard(Box::new(Heard { node, clock, bearing, level, duration, outgoing, impact }))
        });
    let velocity = || (any::<i64>(), any::<i64>()).prop_map(|(east, north)| [east, north]);
    let what = prop_oneof![
        Just(What::Nothing),
        (any_point(), error(), prop::option::of(reading())).prop_map(|(at, error, height)| What::Position {
            at,
            error,
            height
        }),
        (bearing(), prop::option::of(reading()))
            .prop_map(|(bearing, elevation)| What::Direction { bearing, elevation }),
        (bearing(), reading()).prop_map(|(bearing, range)| What::Polar { bearing, range }),
        (any_point(), error(), prop::option::of(velocity()), name())
            .prop_map(|(at, error, velocity, claims)| What::Report { at, error, velocity, claims }),
        (
            (any::<u64>(), any_point(), error(), velocity()),
            (any::<i64>(), any::<u16>(), prop::collection::vec(name(), 0..3))
        )
            .prop_map(|((number, at, error, velocity), (velocity_sigma, existence, made_from))| {
                What::Track { number, at, error, velocity, velocity_sigma, existence, made_from }
            }),
    ];
    let measured = (name(), what, prop::option::of((one(&Craft::NAMES), any::<u16>())))
        .prop_map(|(sensor, what, craft)| Detail::Measured(Box::new(Measured { sensor, what, craft })));
    let sort = prop_oneof![
        any::<i64>().prop_map(|clock| Sort::Ear { clock }),
        (any::<bool>(), any::<bool>(), any::<u16>(), any::<u32>(), any::<bool>()).prop_map(
            |(sound, scans, detection, false_milli, cooperative)| Sort::Eye {
                sound,
                scans,
                detection,
                false_milli,
                cooperative
            }
        ),
    ];
    let instrument =
        (name(), any::<Option<i64>>(), any::<i64>(), sort).prop_map(|(name, height, range, sort)| {
            Detail::Instrument(Box::new(Instrument { name, height, range, sort }))
        });
    prop_oneof![
        heard,
        measured,
        instrument,
        (name(), one(&State::NAMES)).prop_map(|(sensor, state)| Detail::Beat { sensor, state }),
        (name(), any::<i64>()).prop_map(|(sensor, range)| Detail::Saturated { sensor, range }),
        (prop::collection::vec(any::<[u8; 32]>().prop_map(Id), 0..4), any::<i64>())
            .prop_map(|(from, evidence)| Detail::Derived(Box::new(Derived { from, evidence }))),
    ]
}

fn any_particulars() -> impl Strategy<Value = Option<Box<Particulars>>> {
    let object = (name(), name()).prop_map(|(class, name)| Object { class, name });
    (
        (prop::option::of(name()), any::<Option<u32>>(), one(&Force::NAMES), any_count()),
        (any::<Option<i64>>(), prop::option::of(name()), prop::option::of(object)),
    )
        .prop_map(|((system, calibre, force, casualties), (lasted, unit, object))| {
            Particulars { system, calibre, force, casualties, lasted, unit, object }.boxed()
        })
}

pub(crate) fn any_observation() -> impl Strategy<Value = Observation> {
    let by = prop_oneof![Just(Asserter::Monitor), Just(Asserter::Third), name().prop_map(Asserter::Party)];
    (
        (any::<[u8; 32]>(), name(), name(), by, one(&observation::Kind::NAMES)),
        (one(&Act::NAMES), one(&Weapon::NAMES), one(&Target::NAMES), any_count()),
        (prop::option::of(name()), any::<Option<i32>>(), b'A'..=b'F', 1..=6u8, any::<Option<u64>>()),
        (any_span(), any_place(), any_detail(), any_particulars()),
    )
        .prop_map(
            |(
                (id, source, group, asserted_by, kind),
                (act, weapon, target, count),
                rest,
                (time, place, detail, particulars),
            )| {
                let (origin, direction, reliability, information, text_key) = rest;
                let rating = Rating { source: reliability, information };
                Observation {
                    id: Id(id),
                    source,
                    group,
                    asserted_by,
                    kind,
                    time,
                    place,
                    act,
                    weapon,
                    target,
                    count,
                    origin,
                    direction,
                    rating,
                    text_key,
                    particulars,
                    detail,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Every observation there can be comes back as it was, from a leaf that it fits, and its coarse values follow.
    #[test]
    fn observations_come_back(observation in any_observation()) {
        let encoded = comes_back(&Statement::Observation(Box::new(observation)));
        coarse_follow(encoded.kind, &encoded.fields, &encoded.words, Some(Zone::EasternEurope)).unwrap();
    }

    /// Detections come back from batches as they were, in the order of the batch; and what an audience sees of an item is
    /// what it sees of the observation alone.
    #[test]
    fn batches_come_back_item_by_item(
        all in prop::collection::vec(any_observation(), 1..40), copies in 1..4_i64, exactly in any::<bool>(),
    ) {
        let again = |it: &Observation| {
            let mut it = it.clone();
            it.time.start.0 = it.time.start.0.min(it.time.end.0 - 4);
            (0..copies).map(move |copy| {
                let mut other = it.clone();
                other.id.0[0] ^= copy as u8;
                other.time.start.0 += copy;
                other.direction = other.direction.map(|turn| turn ^ copy as i32);
                other
            }).collect::<Vec<_>>()
        };
        let mut given: Vec<Observation> = all.iter().filter(|it| it.detail.is_of_one_instrument()).flat_map(again).collect();
        let together = batch::batches(given.clone());
        prop_assert!(together.iter().all(|batch| batch.len() as i64 >= copies.min(batch.len() as i64)));
        let told = if exactly { Told::Exactly } else { Told::Coarsely };
        for detections in &together {
            let encoded = comes_back(&Statement::Batch(detections.clone()));
            prop_assert_eq!(encoded.kind, Kind::Batch);
            let shares = batch::Shares::new(&encoded, told);
            for audience in [Audience::Public, Audience::Peace, Audience::Mission] {
                for (number, it) in detections.iter().enumerate() {
                    let alone = Statement::Observation(Box::new(it.clone())).encode(Zone::EasternEurope).unwrap();
                    let shown = |label: &str| opens(alone.kind, &alone.fields, label, told, audience);
                    let own = encoded.items[number].only(|label| shares.opens(Some(number), label, audience));
                    let common = encoded.fields.only(|label| shares.opens(None, label, audience));
                    let mut seen: Vec<_> = batch::whole(&common, &own).into_fields();
                    let mut expected = alone.fields.only(shown).into_fields();
                    // What is told of some of them alone is told of none.
                    if detections.len() == 1 {
                        seen.sort();
                        expected.sort();
                        prop_assert_eq!(seen, expected);
                    } else {
                        prop_assert!(seen.iter().all(|field| expected.contains(field)));
                        prop_assert!(expected.iter().all(|field| seen.contains(field) || field.label.as_str() == "area"));
                    }
                }
            }
        }
        let mut back: Vec<Observation> = together.into_iter().flatten().collect();
        back.sort_by_key(|it| it.id);
        given.sort_by_key(|it| it.id);
        prop_assert_eq!(back, given, "none is lost, none is added");
    }

    /// The public's view of a restricted source is an observation with a coarse place and day, and holds nothing finer;
    /// two observations that differ only in what is finer than a cell and a day look alike.
    #[test]
    fn a_coarse_view_is_enough_and_tells_no_more(observation in any_observation(), dx in 0..1_000i32) {
        let view = |it: &Observation| {
            let encoded = Statement::Observation(Box::new(it.clone())).encode(Zone::Fixed(0)).unwrap();
            let shown = |label: &str| opens(encoded.kind, &encoded.fields, label, Told::Coarsely, Audience::Public);
            let fields = encoded.fields.only(shown);
            let mut words = Words::default();
            for (label, bytes) in encoded.words.only(shown) {
                words.keep(&label, bytes.to_vec());
            }
            (Statement::decode(encoded.kind, &fields, &[], &words, Id([7; 32])).unwrap().unwrap(), fields)
        };
        let (Statement::Observation(seen), fields) = view(&observation) else { panic!() };
        prop_assert_eq!(seen.id, Id([7; 32]));
        prop_assert_eq!(seen.time, coarse::days(observation.time, Zone::Fixed(0)));
        // That it was worked out from others is told; from which is not.
        let bare = match observation.detail {
            Detail::Derived(_) => Detail::Derived(Box::new(Derived { from: Vec::new(), evidence: 0 })),
            _ => Detail::None,
        };
        prop_assert_eq!((&seen.detail, seen.text_key, seen.direction), (&bare, None, None));
        // How long it lasted is told of such an observation, in whole minutes, and nothing else of its particulars.
        let lasted = match observation.detail {
            Detail::Derived(_) => observation.particulars().lasted.map(|it| coarse::minutes(it).saturating_mul(MINUTE)),
            _ => None,
        };
        prop_assert_eq!(&seen.particulars, &Particulars { lasted, ..Particulars::NONE }.boxed());
        for label in ["id", "place.1km", "time.exact", "time.hour", "time.day", "text", "detail", "quote", "note", "direction", "sector"] {
            prop_assert!(fields.get(label).is_none(), "{label} is open to the public");
        }
        let instrument = observation.kind == truce::observation::Kind::SensorStatus;
        match &observation.place {
            Place::Unknown => prop_assert_eq!(&seen.place, &Place::Unknown),
            Place::Area { radius, .. } if *radius >= coarse::WIDE && !instrument => {
                prop_assert_eq!(&seen.place, &observation.place);
            }
            _ => {
                prop_assert!(fields.get("place.exact").is_none() && fields.get("area").is_none());
                prop_assert!(!instrument || fields.get("place.10km").is_none());
                let Place::Area { radius, .. } = seen.place else { panic!("{:?}", seen.place) };
                prop_assert!(radius >= coarse::WIDE);
            }
        }
        // Move it within its cell and its second within its day.
        let grain = if instrument { PlaceResolution::Km50 } else { PlaceResolution::Km10 };
        if let Place::Point { at, error } = observation.place {
            let cell = |at: Point| verify::resolution::cell(i64::from(at.lon), i64::from(at.lat), grain);
            let moved = Point { lon: at.lon / 10_000 * 10_000 + dx, ..at };
            if cell(moved) == cell(at) {
                let place = Place::Point { at: moved, error };
                let other = Observation { place, id: Id([1; 32]), ..observation };
                prop_assert_eq!(view(&other).1, fields.clone());
            }
        }
    }

    /// Fields of anyone's making never panic.
    #[test]
    fn nonsense_is_refused(observation in any_observation(), at in 0..24usize, with in 0..6usize) {
        let encoded = Statement::Observation(Box::new(observation)).encode(Zone::Fixed(0)).unwrap();
        let odd = [
            Value::List(vec![]), Value::int(i64::MAX), Value::hash([1; 32]), Value::token("what").unwrap(),
            Value::ints([i64::MIN; 6]), Value::One(Scalar::Signature([0; 64])),
        ];
        let mut fields = encoded.fields.into_fields();
        let at = at % fields.len();
        fields[at].value = odd[with].clone();
        let mut nonsense = Fields::default();
        nonsense.extend(fields);
        let _ = Statement::decode(encoded.kind, &nonsense, &[], &encoded.words, Id([0; 32]));
        let _ = Statement::decode(Kind::Case, &nonsense, &[], &encoded.words, Id([0; 32]));
        let _ = coarse_follow(encoded.kind, &nonsense, &encoded.words, Some(Zone::Fixed(0)));
    }
}

#[test]
fn other_statements_come_back() {
    comes_back(&Statement::Heartbeat);
    comes_back(&Statement::Watermark(Time(-5)));
    comes_back(&Statement::Version(Version {
        of: Versioned::Mission,
        digest: [1; 32],
        files: vec![("mission.toml".into(), [2; 32]), ("lexicon.toml".into(), [3; 32])],
    }));
    let file = File {
        name: "line/deepstate_2025-04-19.geojson".into(),
        source: Some(Name::from("deepstate")),
        sha256: Some([4; 32]),
        map: false,
        rows: 3,
        accepted: 1,
        set_aside: vec![("time".into(), 1, Some(2)), ("place".into(), 1, None)],
        unused: Some("the columns are those of another".into()),
    };
    comes_back(&Statement::File(file.clone()));
    comes_back(&Statement::File(File { map: true, ..file.clone() }));
    comes_back(&Statement::File(File { source: None, sha256: None, unused: None, ..file }));
    for kind in Step::KINDS {
        let says = vec![
            Field::new("deadline", Value::int(7)).unwrap(),
            Field::new("clause", Value::token("ceasefire").unwrap()).unwrap(),
        ];
        comes_back(&Statement::Step(Step {
            kind,
            by: Name::from("mediator"),
            at: Time(7),
            about: vec![[8; 32], [9; 32]],
            says,
            words: "in the words of the one who judged".into(),
        }));
    }
}

#[test]
fn words_never_stand_in_a_field() {
    let claim = Claim {
        name: Name::from("a"),
        claimant: Name::from("a"),
        speaker: Asserter::Party(Name::from("a")),
        against: Name::from("b"),
        window: Span { start: Time(0), end: Time(1) },
        ends: Ends::default(),
        clock: None,
        as_of: None,
        place: Place::Unknown,
        unit: Name::from("violations"),
        total: Count::Exactly(3),
        parts: Vec::new(),
        perhaps_within: Vec::new(),
        cumulative: Some(false),
        quote: "PLANTED QUOTE".into(),
        translation: "PLANTED TRANSLATION".into(),
        note: "PLANTED NOTE".into(),
        url: String::new(),
    };
    let window = claim.window;
    let observation = Observation {
        detail: Detail::Claim(Box::new(claim)),
        ..Observation::bare(Id([0; 32]), "claims", observation::Kind::Claim, window, Place::Unknown)
    };
    let step = Step {
        kind: Kind::Judgement,
        by: Name::from("mediator"),
        at: Time(0),
        about: Vec::new(),
        says: Vec::new(),
        words: "PLANTED WORDS".into(),
    };
    for statement in [Statement::Observation(Box::new(observation)), Statement::Step(step)] {
        let encoded = comes_back(&statement);
        assert!(!format!("{:?}", encoded.fields).contains("PLANTED"), "words stand in a field");
        assert!(encoded.words.only(|_| true).iter().any(|(_, bytes)| bytes.starts_with(b"PLANTED")));
        // Without the words the statement is not half-decoded, and the message says why.
        let erased = Statement::decode(encoded.kind, &encoded.fields, &[], &Words::default(), Id([0; 32]))
            .unwrap_err();
        assert!(erased.to_string().contains("erased"), "{erased}");
    }
}

#[test]
fn a_coarse_value_that_does_not_follow_is_named() {
    let encoded = comes_back(&sample());
    let clock = Zone::EasternEurope;
    coarse_follow(encoded.kind, &encoded.fields, &encoded.words, Some(clock)).unwrap();
    for label in ["place.1km", "place.10km", "place.50km", "time.hour", "time.day", "day", "within"] {
        let mut fields = encoded.fields.clone().into_fields();
        let field = fields.iter_mut().find(|field| field.label.as_str() == label).unwrap();
        field.value = Value::ints(field.value.as_ints().unwrap().into_iter().map(|value| value + 1));
        let mut altered = Fields::default();
        altered.extend(fields);
        let refused = coarse_follow(encoded.kind, &altered, &encoded.words, Some(clock)).unwrap_err();
        assert!(refused.to_string().contains(label), "{label}: {refused}");
    }
}

fn sample() -> Statement {
    let point = Point { lon: 370_000_000, lat: 480_000_000 };
    let time = Span { start: Time(1), end: Time(2) };
    let place = Place::Point { at: point, error: Ellipse::circle(150_000) };
    Statement::Observation(Box::new(Observation {
        group: Name::from("g"),
        asserted_by: Asserter::Monitor,
        act: Act::Fire,
        weapon: Weapon::Mortar,
        count: Count::About(3),
        rating: Rating { source: b'A', information: 2 },
        ..Observation::bare(Id([5; 32]), "acoustic", observation::Kind::Impulse, time, place)
    }))
}

/// What `full` names is for those who weigh what was observed; the others get it as `shared` abridges it.
#[test]
fn what_is_not_for_everyone_is_withheld() {
    let says =
        [Step::FULL, Step::SHARED].map(|label| Field::new(label, Value::hash([1; 32])).unwrap()).to_vec();
    let step = Step {
        kind: Kind::Case,
        by: "monitor".into(),
        at: Time(0),
        about: vec![],
        says,
        words: String::new(),
    };
    let encoded = Statement::Step(step).encode(Zone::Fixed(0)).unwrap();
    let open = |label: &str, audience| opens(encoded.kind, &encoded.fields, label, Told::Exactly, audience);
    for (label, peace) in [(Step::FULL, false), (Step::SHARED, true), ("by", true), ("about", true)] {
        assert!(open(label, Audience::Mission) && !open(label, Audience::Public), "{label}");
        assert_eq!(open(label, Audience::Peace), peace, "{label}");
    }
}

/// docs/record-format.md tells of every field that is written.
#[test]
fn every_field_is_in_the_format() {
    let page = include_str!("../../../../docs/record-format.md");
    let (_, page) = page.split_once("### What statements say").unwrap();
    let span = Span { start: Time(0), end: Time(1) };
    let place = Place::Point { at: Point { lon: 0, lat: 0 }, error: Ellipse::circle(1) };
    let seen = Observation::bare(Id([1; 32]), "patrol", truce::observation::Kind::Sighting, span, place);
    let file = File {
        name: "a".into(),
        source: None,
        sha256: Some([1; 32]),
        map: false,
        rows: 0,
        accepted: 0,
        set_aside: vec![],
        unused: None,
    };
    let version = Version { of: Versioned::Mission, digest: [1; 32], files: vec![] };
    let statements = [
        Statement::Observation(Box::new(seen)),
        Statement::File(file),
        Statement::Version(version),
        Statement::Watermark(Time(0)),
    ];
    for statement in statements {
        for field in statement.encode(Zone::Fixed(0)).unwrap().fields.iter() {
            let label = field.label.as_str();
            let family = label.split_once('.').map_or(label.to_string(), |(family, _)| format!("{family}.*"));
            assert!(page.contains(&format!("`{family}`")), "{label} is not in docs/record-format.md");
        }
    }
}
