//! Distances by class, lines of their own, moving zones, sites.

use crate::case::{Seen, agreement, at, compiled, findings, gun, is_breach, north, reasons, ship, verdict};
use truce::Name;
use truce::agreement::Site;
use truce::finding::Reason;
use truce::observation::{Act, Asserter, Force, Kind, Rating, Target, Weapon};
use truce::place::{KM, METRE, Mm};

/// The Minsk package and its addendum, with half of each zone's width.
const PACKAGE: &str = r#"
[[clause]]
id = "withdrawn"
paraphrase = "50 km, 70 km, 140 km and 30 km in all."
acts = ["presence"]

[[clause.distance]]
with = ["gun", "mortar"]
calibre_from = 100
at_least = "25 km"
line = "contact"

[[clause.distance]]
with = ["rocket-launcher"]
at_least = "35 km"
line = "contact"

[[clause.distance]]
systems = ["Uragan", "Smerch", "Tornado-S", "Tochka-U"]
at_least = "70 km"
line = "contact"

[[clause.distance]]
with = ["tank"]
at_least = "15 km"
line = "contact"
"#;

fn stands(system: &str, distance: Mm, sigma: Mm) -> String {
    verdict(&agreement(PACKAGE), "withdrawn", &[gun(system, distance, sigma).by("A")])
}

/// T8: in and out of line, and a position known to a kilometre only.
#[test]
fn t8_minsk_lines() {
    let pairs = [
        ("D-30", 24_900, 25_100),
        ("BM-21", 34_000, 36_000),
        ("Uragan", 69_000, 71_000),
        ("T-72", 14_000, 16_000),
    ];
    for (system, near, far) in pairs {
        assert_eq!(stands(system, near * METRE, 10 * METRE), "breach", "{system}");
        assert_eq!(stands(system, far * METRE, 10 * METRE), "no breach", "{system}");
        assert_eq!(stands(system, -far * METRE, 10 * METRE), "no breach", "{system} on the other side");
    }
    for metres in [24_900, 25_100] {
        assert_eq!(stands("D-30", metres * METRE, KM), "undetermined");
        let all = reasons(&agreement(PACKAGE), "withdrawn", &[gun("D-30", metres * METRE, KM).by("A")]);
        let found = all.iter().find_map(|reason| match reason {
            Reason::PerhapsTooNear { permille, .. } => Some(*permille),
            _ => None,
        });
        assert!(found.is_some_and(|permille| (400..=600).contains(&permille)), "{found:?}");
    }
    // Far enough that a kilometre does not matter.
    assert_eq!(stands("D-30", 30 * KM, KM), "no breach");
}

/// A weapon of which only the class is known: what rules may be about it decides.
#[test]
fn what_is_not_known_of_a_weapon_leaves_it_open() {
    let terms = agreement(PACKAGE);
    let seen = |weapon: Weapon, calibre: Option<u32>, km: Mm| {
        let one =
            Seen::new(Kind::Sighting, Act::Presence, at(48, 0)).place(north(km * KM), 10 * METRE).by("A");
        let one = one.more(|one| one.weapon = weapon).particular(|particulars| particulars.calibre = calibre);
        verdict(&terms, "withdrawn", &[one])
    };
    assert_eq!(seen(Weapon::Gun, Some(12_200), 20), "breach");
    assert_eq!(seen(Weapon::Gun, Some(7_600), 20), "not applicable"); // no rule for light guns here
    assert_eq!(seen(Weapon::Gun, None, 20), "undetermined");
    assert_eq!(seen(Weapon::Gun, None, 26), "no breach"); // no rule asks for more of a gun
    assert_eq!(seen(Weapon::RocketLauncher, None, 40), "undetermined"); // it may be an Uragan
    assert_eq!(seen(Weapon::RocketLauncher, Some(12_200), 40), "no breach"); // it is none
    assert_eq!(seen(Weapon::RocketLauncher, None, 30), "breach"); // whichever it is
    assert_eq!(seen(Weapon::SmallArms, None, 1), "not applicable");
}

/// Where every rule that may be about a weapon is broken, it is too near whichever it is; the reason names what is sure.
/// Where only some are, it names the strictest. The order of the rules decides nothing.
#[test]
fn nearer_than_every_rule_that_may_be_about_it_is_too_near() {
    let light =
        "[[clause.distance]]\nwith = [\"gun\"]\ncalibre_to = 100\nat_least = \"15 km\"\nline = \"contact\"\n";
    let heavy = "[[clause.distance]]\nwith = [\"gun\"]\ncalibre_over = 100\nat_least = \"25 km\"\nline = \"contact\"\n";
    let mortars = "[[clause.distance]]\nwith = [\"mortar\"]\nat_least = \"12 km\"\nline = \"contact\"\n";
    let rockets =
        "[[clause.distance]]\nwith = [\"rocket-launcher\"]\nat_least = \"35 km\"\nline = \"contact\"\n";
    let clause = PACKAGE.split_once("[[clause.distance]]").unwrap().0;
    let held = |rules: &[&str], weapon: Weapon, km: Mm| {
        let terms = agreement(&format!("{clause}{}", rules.concat()));
        let seen = [Seen::new(Kind::Sighting, Act::Presence, at(48, 0))
            .place(north(km * KM), 10 * METRE)
            .by("A")
            .more(|one| one.weapon = weapon)];
        let required = reasons(&terms, "withdrawn", &seen).into_iter().find_map(|reason| match reason {
            Reason::TooNear { required, .. }
            | Reason::PerhapsTooNear { required, .. }
            | Reason::FarEnough { required, .. } => Some(required / KM),
            _ => None,
        });
        (verdict(&terms, "withdrawn", &seen), required)
    };
    for guns in [[light, heavy], [heavy, light]] {
        let gun = |km| held(&guns, Weapon::Gun, km);
        assert_eq!(gun(10), ("breach".to_string(), Some(15)));
        assert_eq!(gun(20), ("undetermined".to_string(), Some(25)));
        assert_eq!(gun(26), ("no breach".to_string(), Some(25)));
        // A piece that may as well be a mortar, of which nothing is said here.
        assert_eq!(held(&guns, Weapon::Artillery, 10).0, "undetermined");
    }
    let all = [light, heavy, mortars, rockets];
    assert_eq!(held(&all, Weapon::Artillery, 10), ("breach".to_string(), Some(12)));
    assert_eq!(held(&all, Weapon::Artillery, 14), ("undetermined".to_string(), Some(35)));
    // Guns of one calibre only: others may stand where they like.
    assert_eq!(held(&[heavy], Weapon::Gun, 10), ("undetermined".to_string(), Some(25)));
}

/// Of two rules that are both about a weapon, the stricter is named.
#[test]
fn the_strictest_rule_is_named() {
    let rule = |km: u32| {
        format!("[[clause.distance]]\nwith = [\"mortar\"]\nat_least = \"{km} km\"\nline = \"contact\"\n")
    };
    let clause = PACKAGE.split_once("[[clause.distance]]").unwrap().0;
    for (one, other) in [(12, 25), (25, 12)] {
        let terms = agreement(&format!("{clause}{}{}", rule(one), rule(other)));
        let seen = [Seen::new(Kind::Sighting, Act::Presence, at(48, 0))
            .place(north(5 * KM), 10 * METRE)
            .by("A")
            .more(|one| one.weapon = Weapon::Mortar)];
        let named = reasons(&terms, "withdrawn", &seen).into_iter().find_map(|reason| match reason {
            Reason::TooNear { required, .. } => Some(required / KM),
            _ => None,
        });
        assert_eq!(named, Some(25));
    }
}

/// T9: the same gun, measured from two lines.
#[test]
fn t9_two_reference_lines() {
    // The second line runs 20 km farther north. A gun 32 km north of the first is 12 km from the second.
    let text = r#"
[[line]]
id = "own"
file = "far-line"
left = "A"
right = "B"

[[clause]]
id = "withdrawn"
paraphrase = "25 km, for one party from a line of its own."
acts = ["presence"]

[[clause.distance]]
with = ["gun"]
at_least = "25 km"
line = "contact"
line_for = { B = "own" }

[[zone]]
id = "strip"
line = "contact"
line_for = { B = "own" }
sides = ["A", "B"]
within = "25 km"

[[clause]]
id = "strip"
paraphrase = "The same as a zone."
acts = ["presence"]
where = "strip"
"#;
    let terms = agreement(text);
    let gun_of = |party: &str| gun("D-30", 32 * KM, 10 * METRE).by(party);
    assert_eq!(verdict(&terms, "withdrawn", &[gun_of("A")]), "no breach");
    assert_eq!(verdict(&terms, "withdrawn", &[gun_of("B")]), "breach");
    // Twelve kilometres south of B's own line, but eight north of the other: B's ground by its own line only.
    let south = |party: &str| gun("D-30", 8 * KM, 10 * METRE).by(party);
    assert_eq!(verdict(&terms, "strip", &[south("A")]), "breach");
    assert_eq!(verdict(&terms, "strip", &[south("B")]), "breach");
    let north_of_both = |party: &str| gun("D-30", 22 * KM, 10 * METRE).by(party);
    assert_eq!(verdict(&terms, "strip", &[north_of_both("A")]), "breach");
    // Over its own line is no way out of the strip.
    assert_eq!(verdict(&terms, "strip", &[north_of_both("B")]), "breach");
    assert_eq!(verdict(&terms, "strip", &[gun_of("A")]), "not applicable");
    assert_eq!(verdict(&terms, "strip", &[gun_of("B")]), "breach");
    assert_eq!(verdict(&terms, "strip", &[gun("D-30", 46 * KM, 10 * METRE).by("B")]), "not applicable");
    let nobodys = gun("D-30", 32 * KM, 10 * METRE);
    assert_eq!(verdict(&terms, "strip", core::slice::from_ref(&nobodys)), "undetermined");
    assert!(reasons(&terms, "strip", &[nobodys]).contains(&Reason::DependsOnSide));
}

/// T10: a floor of 15 km and the weapon's own range: the stricter holds.
#[test]
fn t10_greatest_range_and_floor() {
    let text = r#"
[[clause]]
id = "withdrawn"
paraphrase = "The stricter of the two."
acts = ["presence"]

[[clause.distance]]
with = ["artillery"]
calibre_from = 100
at_least = "15 km"
line = "contact"

[[clause.distance]]
with = ["artillery"]
own_range = true
line = "contact"
"#;
    let terms = agreement(text);
    let stands =
        |system: &str, km: Mm| verdict(&terms, "withdrawn", &[gun(system, km * KM, 10 * METRE).by("A")]);
    // Range 9 km and 8 km: the floor is stricter.
    for system in ["MT-12", "120-mm mortar"] {
        assert_eq!(stands(system, 14), "breach", "{system}");
        assert_eq!(stands(system, 16), "no breach", "{system}");
    }
    // Range 35 km: the range is stricter.
    assert_eq!(stands("Uragan", 34), "breach");
    assert_eq!(stands("Uragan", 36), "no breach");
    // A range that no source gives: below the floor a breach, above it nobody can say.
    assert_eq!(stands("D-30", 14), "breach");
    assert_eq!(stands("D-30", 16), "undetermined");
}

/// A line that moved: what stood in the zone before is outside it after.
#[test]
fn lines_have_versions_by_date() {
    let text = r#"
[[line]]
id = "moving"
file = "contact"
left = "A"
right = "B"

[[line.version]]
since = 2030-01-10T00:00:00
file = "moved"
left = "A"
right = "B"

[[zone]]
id = "strip"
line = "moving"
sides = ["A"]
within = "5 km"

[[clause]]
id = "strip"
paraphrase = "Nobody."
acts = ["presence"]
where = "strip"
"#;
    let terms = agreement(text);
    let there = |hours| {
        Seen::new(Kind::Sighting, Act::Presence, at(hours, 0)).place(north(4 * KM), 10 * METRE).by("A")
    };
    assert_eq!(verdict(&terms, "strip", &[there(24)]), "breach");
    assert_eq!(verdict(&terms, "strip", &[there(12 * 24)]), "not applicable");
    let astride = there(9 * 24 - 1).lasts(2 * truce::time::HOUR);
    assert_eq!(verdict(&terms, "strip", &[astride]), "undetermined");
}

/// T26: a zone of 2 km on each side, closed to soldiers; police with rifles and pistols only.
#[test]
fn t26_korea() {
    let text = r#"
[[zone]]
id = "dmz"
line = "contact"
sides = ["A", "B"]
within = "2 km"

[[clause]]
id = "no-soldiers"
paraphrase = "No armed forces in the zone."
acts = ["presence"]
forces = ["armed-forces"]
where = "dmz"

[[clause]]
id = "police-arms"
paraphrase = "Automatic rifles are excluded."
acts = ["presence"]
forces = ["police"]
with = ["automatic-rifle", "machine-gun"]
where = "dmz"

[[clause]]
id = "no-hostile-act"
paraphrase = "No hostile act in, from or into the zone."
acts = ["fire"]
"#;
    let terms = agreement(text);
    let person = |force: Force, weapon: Weapon, metres: Mm| {
        Seen::new(Kind::Sighting, Act::Presence, at(48, 0))
            .place(north(-metres * METRE), 10 * METRE)
            .by("B")
            .more(|one| one.weapon = weapon)
            .particular(|particulars| particulars.force = force)
    };
    assert_eq!(verdict(&terms, "no-soldiers", &[person(Force::ArmedForces, Weapon::Rifle, 1_900)]), "breach");
    assert_eq!(
        verdict(&terms, "no-soldiers", &[person(Force::ArmedForces, Weapon::Rifle, 2_100)]),
        "not applicable"
    );
    assert_eq!(
        verdict(&terms, "no-soldiers", &[person(Force::Police, Weapon::Rifle, 1_900)]),
        "not applicable"
    );
    assert_eq!(
        verdict(&terms, "no-soldiers", &[person(Force::Undetermined, Weapon::Rifle, 1_900)]),
        "undetermined"
    );
    let police = |weapon| verdict(&terms, "police-arms", &[person(Force::Police, weapon, 500)]);
    assert_eq!(police(Weapon::AutomaticRifle), "breach");
    assert_eq!(police(Weapon::Rifle), "not applicable");
    assert_eq!(police(Weapon::SmallArms), "undetermined");
    // 3 May 2020: the monitor says that both sides fired.
    let exchange =
        Seen::new(Kind::ReportedEvent, Act::ExchangeOfFire, at(48, 0)).place(north(0), 100 * METRE);
    let found = findings(&terms, &[exchange]);
    let mut breaching: Vec<&str> =
        found.iter().filter(|one| is_breach(one)).filter_map(|one| one.party.as_deref()).collect();
    breaching.sort_unstable();
    assert_eq!(breaching, ["A", "B"]);
    // Only a third's report of it, of no great rating: nothing is established about either.
    let rumour = Seen::new(Kind::ReportedEvent, Act::ExchangeOfFire, at(48, 0)).more(|one| {
        one.asserted_by = truce::observation::Asserter::Third;
        one.rating = truce::observation::Rating { source: b'D', information: 3 };
    });
    assert!(findings(&terms, &[rumour]).iter().all(|one| !is_breach(one)));
}

/// T28, first part: ten nautical miles around a ship under way, and its unplanned stop.
#[test]
fn t28_grain_at_sea() {
    let text = r#"
[[third]]
code = "SHIPS"
name = "Ships under the initiative"

[[mechanism]]
code = "JCC"
name = "Joint Coordination Centre"

[[zone]]
id = "around-ships"
around = "ship"
within = "10 nm"
fresh = "15 min"

[[clause]]
id = "keep-off"
paraphrase = "No military ship, aircraft or drone within 10 nautical miles of a ship."
acts = ["presence", "flight"]
where = "around-ships"

[[clause]]
id = "no-stop"
paraphrase = "A ship that stops unplanned is dealt with."
binds = ["SHIPS"]
acts = ["stop", "deviation"]

[[consequence]]
id = "measure"
kind = "measure"
on = ["no-stop"]
judged_by = "JCC"
paraphrase = "The centre takes measures."
sources = ["text"]
"#;
    let terms = agreement(text);
    const MILE: Mm = 1_852 * METRE;
    // The ship sails north: 30 nautical miles in two hours; at 11:05 it is 16.25 miles north of its start.
    let voyage: Vec<Seen> =
        (0..=12).map(|ten| ship("Made-up", north(ten * 30 * MILE / 12), at(10, 10 * ten))).collect();
    let uav = |miles: Mm, time| {
        Seen::new(Kind::Sighting, Act::Flight, time)
            .place(north(miles * MILE), 50 * METRE)
            .by("A")
            .more(|one| one.weapon = Weapon::UavReconnaissance)
    };
    let with = |one: Seen| [voyage.clone(), vec![one]].concat();
    let at_1105 = at(11, 5);
    assert_eq!(verdict(&terms, "keep-off", &with(uav(16 + 9, at_1105))), "breach");
    assert_eq!(verdict(&terms, "keep-off", &with(uav(16 + 11, at_1105))), "not applicable");
    // The same place when the ship has passed, or when nobody knows where it is.
    assert_eq!(verdict(&terms, "keep-off", &with(uav(25, at(10, 5)))), "not applicable");
    let unknown = uav(25, at(20, 0));
    assert_eq!(verdict(&terms, "keep-off", &with(unknown.clone())), "undetermined");
    assert!(reasons(&terms, "keep-off", &with(unknown)).contains(&Reason::PositionsNotKnown));
    // A party's word of where the ship was moves nothing, towards the flight or away from it; nor does an unrated paper.
    let elsewhere = |miles: Mm| ship("Made-up", north(miles * MILE), at_1105);
    let paper = |source, group: &str, miles| {
        elsewhere(miles).more(|one| {
            one.asserted_by = Asserter::Third;
            one.group = Name::from(group);
            one.rating = Rating { source, information: 3 };
        })
    };
    for told in [elsewhere(300).said_by("A"), elsewhere(300).said_by("SHIPS"), paper(b'F', "p", 300)] {
        let seen = [with(uav(16 + 9, at_1105)), vec![told]].concat();
        assert_eq!(verdict(&terms, "keep-off", &seen), "breach");
    }
    let alone = |told: &[Seen]| verdict(&terms, "keep-off", &[told, &[uav(25, at_1105)]].concat());
    assert_eq!(alone(&[elsewhere(24)]), "breach");
    assert_eq!(alone(&[elsewhere(24).said_by("B")]), "undetermined");
    assert_eq!(alone(&[paper(b'F', "p", 24)]), "undetermined");
    // A rated third's word places it, where the monitor saw nothing; two that differ leave it open.
    assert_eq!(alone(&[paper(b'C', "p", 24)]), "breach");
    assert_eq!(alone(&[paper(b'C', "p", 24), paper(b'C', "q", 300)]), "undetermined");
    assert_eq!(alone(&[elsewhere(24), paper(b'A', "q", 300)]), "breach");
    assert_eq!(alone(&[elsewhere(24), elsewhere(300)]), "undetermined");
    // The ship stops: by the ship, and a measure follows.
    let stop =
        Seen::new(Kind::ReportedEvent, Act::Stop, at(11, 0)).place(north(15 * MILE), 50 * METRE).by("SHIPS");
    let found = findings(&terms, &with(stop));
    let finding = found.iter().find(|one| *one.clause == *"no-stop").unwrap();
    assert!(is_breach(finding));
    let follows: Vec<&str> =
        truce::release::follows(&terms, finding).iter().map(|one| one.id.as_str()).collect();
    assert_eq!(follows, ["measure"]);
    let flight = findings(&terms, &with(uav(25, at_1105)));
    assert!(flight.iter().all(|finding| truce::release::follows(&terms, finding).is_empty()));
}

/// A hit at the coordinates of a listed site, near one, and at a site of another class.
#[test]
fn listed_sites_have_places() {
    let text = r#"
[[clause]]
id = "sites"
paraphrase = "Listed power plants are not struck."
acts = ["fire"]
against = ["electricity"]
where = "sites"
"#;
    let full = format!("site_radius = \"1 km\"\n{}{text}", crate::case::FRAME);
    let site = |name: &str, class, km: Mm| Site { name: name.into(), class, at: north(km * KM) };
    let sites = Some(vec![site("Plant", Target::Electricity, 10), site("Refinery", Target::Refinery, 30)]);
    let terms = compiled(&full, sites);
    let hit = |metres: Mm| {
        Seen::new(Kind::ReportedEvent, Act::DroneAttack, at(48, 0))
            .place(north(metres * METRE), 20 * METRE)
            .more(|one| one.target = Target::Electricity)
    };
    assert_eq!(verdict(&terms, "sites", &[hit(10_500)]), "breach");
    assert_eq!(verdict(&terms, "sites", &[hit(11_500)]), "not applicable");
    assert_eq!(verdict(&terms, "sites", &[hit(30_000)]), "not applicable"); // no listed plant there
    let wide = hit(10_500).place(north(10_500 * METRE), 2 * KM);
    assert_eq!(verdict(&terms, "sites", &[wide]), "undetermined");
}
