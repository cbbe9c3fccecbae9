//! The association on simulated bangs: what it must find, and what must not change its answer.

#![expect(clippy::unwrap_used, reason = "a test that cannot run must fail")]

use impulse::{
    Alone, Audience, Detection, Ears, Heard, Heartbeat, Reason, Setting, Sort, Standing, Weather, Workers,
};
use simulate::Random;
use simulate::bangs::{Data, Scenario, Truth, Wind, score, simulate};
use std::collections::BTreeSet;

fn associate(data: &Data, setting: Setting) -> Heard {
    let mut ears = Ears::new(setting, &data.nodes).unwrap();
    data.detections.iter().for_each(|d| ears.hear(*d));
    ears.finish(&Alone)
}

/// Everything that a run says, fine places included.
fn bytes(heard: &Heard) -> String {
    use std::fmt::Write as _;
    let mut text = format!("{heard:?}");
    for event in &heard.events {
        let fine = event.fine.open(Audience::Record).unwrap();
        write!(text, "{} {} {} {:?} ", fine.time_us, fine.x_mm, fine.y_mm, fine.covariance).unwrap();
        for m in &fine.members {
            write!(text, "{} {} {} {} ", m.number, m.node, m.residual_us, m.chance).unwrap();
        }
        write!(text, "{:?} {:?}", fine.rivals, fine.medium_ppm).unwrap();
    }
    text
}

/// In = associated + unassociated, each once.
fn assert_nothing_lost(data: &Data, heard: &Heard) {
    let mut seen: Vec<u64> = heard.unassociated.iter().map(|u| u.number).collect();
    for event in &heard.events {
        let fine = event.fine.open(Audience::Record).unwrap();
        assert_eq!(fine.members.len(), event.heard as usize);
        seen.extend(fine.members.iter().map(|m| m.number));
    }
    seen.sort_unstable();
    assert_eq!(seen, data.detections.iter().map(|d| d.number).collect::<Vec<_>>());
    let ids: BTreeSet<u64> = heard.events.iter().map(|e| e.id).collect();
    assert_eq!(ids.len(), heard.events.len(), "an id occurs twice");
}

fn small() -> Scenario {
    Scenario { length_km: 60.0, nodes: 600, duration_s: 40.0, ..Scenario::default() }
}

/// Workers that run the jobs backwards and on threads.
struct Threads(usize);

impl Workers for Threads {
    fn map<R: Send>(&self, count: usize, job: &(dyn Fn(usize) -> R + Sync)) -> Vec<R> {
        let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..self.0)
                .map(|t| {
                    let of_thread = (0..count).rev().filter(move |i| i % self.0 == t);
                    scope.spawn(move || of_thread.map(|i| (i, job(i))).collect::<Vec<_>>())
                })
                .collect();
            threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
        });
        results.sort_by_key(|(i, _)| *i);
        results.into_iter().map(|(_, r)| r).collect()
    }
}

#[test]
fn finds_every_bang_and_invents_none() {
    let data = simulate(&Scenario { rate_per_min: 200.0, ..small() });
    let heard = associate(&data, Setting::default());
    let score = score(&data, &heard.events, 1.0, |_| true);
    assert!(score.heard > 60, "{score:?}");
    assert!(score.recall() >= 0.98 && score.precision() >= 0.98, "{score:?}");
    assert!(score.median_m < 12.0, "{score:?}");
    assert!(score.inside > 0.86, "{score:?}");
    assert_nothing_lost(&data, &heard);
}

#[test]
fn order_of_arrival_workers_and_steps_of_the_watermark_change_nothing() {
    let data = simulate(&Scenario { rate_per_min: 120.0, duration_s: 150.0, ..small() });
    let once = associate(&data, Setting::default());
    assert!(once.events.len() > 100);

    let mut random = Random::new(5);
    let mut shuffled = data.clone();
    for i in (1..shuffled.detections.len()).rev() {
        shuffled.detections.swap(i, (random.bits() % (i as u64 + 1)) as usize);
    }
    shuffled.nodes.reverse();
    assert!(bytes(&associate(&shuffled, Setting::default())) == bytes(&once), "order of arrival");

    for workers in [2, 3, 7] {
        let mut ears = Ears::new(Setting::default(), &data.nodes).unwrap();
        data.detections.iter().for_each(|d| ears.hear(*d));
        assert!(bytes(&ears.finish(&Threads(workers))) == bytes(&once), "{workers} workers");
    }

    // The live path: detections as they come, the watermark every seven seconds.
    let mut ears = Ears::new(Setting::default(), &data.nodes).unwrap();
    let mut live = Heard::default();
    let mut next = 0;
    for detection in &data.detections {
        while detection.time_us >= next {
            let more = ears.advance(next, &Alone);
            live.events.extend(more.events);
            live.unassociated.extend(more.unassociated);
            next += 7_000_000;
        }
        ears.hear(*detection);
    }
    let more = ears.finish(&Alone);
    live.events.extend(more.events);
    live.unassociated.extend(more.unassociated);
    assert!(bytes(&live) == bytes(&once), "live and replay");
}

#[test]
fn late_unknown_and_repeated_detections_are_accounted_for() {
    let data = simulate(&small());
    let mut ears = Ears::new(Setting::default(), &data.nodes).unwrap();
    data.detections.iter().for_each(|d| ears.hear(*d));
    ears.hear(data.detections[3]);
    ears.hear(Detection::plain(1_000_000, 99_999, 5_000_000));
    let mut heard = ears.advance(i64::MAX - 1, &Alone);
    assert!(!heard.events.is_empty());
    ears.hear(Detection::plain(1_000_001, 0, 5_000_000));
    heard.unassociated.extend(ears.finish(&Alone).unassociated);
    let reason = |number: u64| {
        heard.unassociated.iter().filter(|u| u.number == number).map(|u| u.reason).collect::<Vec<_>>()
    };
    assert_eq!(reason(1_000_000), [Reason::UnknownNode]);
    assert_eq!(reason(1_000_001), [Reason::Late]);
    assert!(reason(data.detections[3].number).contains(&Reason::Repeated));
}

#[test]
fn rounds_of_a_salvo_are_told_apart_to_a_tenth_of_a_second() {
    let data = simulate(&Scenario { salvo_share: 0.5, rate_per_min: 20.0, duration_s: 100.0, ..small() });
    let heard = associate(&data, Setting::default());
    let score = score(&data, &heard.events, 0.1, |_| true);
    assert!(score.heard > 30 && score.recall() > 0.9 && score.precision() > 0.9, "{score:?}");
    assert_nothing_lost(&data, &heard);
}

#[test]
fn echoes_and_dead_time_make_no_events() {
    let data = simulate(&Scenario { echo_chance: 0.4, dead_time_s: 0.25, duration_s: 60.0, ..small() });
    let heard = associate(&data, Setting::default());
    let score = score(&data, &heard.events, 1.0, |_| true);
    assert!(score.recall() > 0.97 && score.precision() > 0.97, "{score:?}");
}

#[test]
fn an_unknown_wind_is_solved_and_its_field_helps() {
    let wind = Wind { mean: [5.0, -2.0], sigma: 3.4, length_km: 15.0, time_s: 900.0 };
    let scenario = Scenario {
        path_error: 0.003,
        wind: Some(wind),
        outside_share: 0.3,
        duration_s: 100.0,
        length_km: 100.0,
        nodes: 1_000,
        ..small()
    };
    let data = simulate(&scenario);
    let weather = Weather { east_mm_s: 5_000, north_mm_s: -2_000, ..Setting::default().weather };
    let field = Setting { weather, ..Setting::default() };
    let alone = Setting { wind_reach_mm: 1, ..field.clone() };
    let far = |heard: &Heard| score(&data, &heard.events, 1.0, |b| b.y_km >= 20.0);
    let (with, without) = (far(&associate(&data, field)), far(&associate(&data, alone)));
    assert!(with.heard > 15, "{with:?}");
    assert!(with.median_m < 0.9 * without.median_m, "{with:?} {without:?}");
    assert!(with.inside > 0.8, "{with:?}");
}

#[test]
fn clocks_are_found_from_residuals_and_dead_or_lying_nodes_named() {
    let data = simulate(&Scenario {
        bad_clocks: 0.05,
        lying: 0.02,
        dead: 0.02,
        moved: 0.01,
        rate_per_min: 60.0,
        duration_s: 600.0,
        length_km: 40.0,
        nodes: 400,
        false_fraction: 0.5,
        ..Scenario::default()
    });
    let mut ears = Ears::new(Setting::default(), &data.nodes).unwrap();
    data.detections.iter().for_each(|d| ears.hear(*d));
    let heard = ears.finish(&Alone);
    let score = score(&data, &heard.events, 1.0, |_| true);
    assert!(score.recall() > 0.99 && score.precision() > 0.99, "{score:?}");
    let (mut off, mut found, mut bad, mut named, mut wronged) = (0, 0, 0, 0, 0);
    for ((_, standing), truth) in ears.standings().into_iter().zip(&data.node_truth) {
        match truth {
            Truth::ClockOff(by) if by.abs() > 0.05 => {
                off += 1;
                let near = matches!(standing, Standing::ClockOff(us) if (us as f64 * 1e-6 - by).abs() < 0.08);
                found += i32::from(near);
            }
            Truth::Lying | Truth::Dead => {
                bad += 1;
                named += i32::from(standing == Standing::Unreliable);
            }
            Truth::Good => wronged += i32::from(standing != Standing::Good),
            _ => {}
        }
    }
    assert!(off >= 10 && found * 10 >= off * 7, "{found} of {off} clocks found");
    assert!(bad >= 8 && named * 10 >= bad * 7, "{named} of {bad} dead or lying nodes named");
    assert!(wronged <= 8, "{wronged} good nodes accused");
}

/// One kind of bad node at a time, one node in twenty of it: the bangs are found, none is made up, the ellipse is honest.
/// Returns how many of them are named as bad, of how many, and how many good ones are.
fn with_bad_nodes(scenario: Scenario, kind: Truth, named: impl Fn(Standing) -> bool) -> [usize; 3] {
    let data = simulate(&Scenario { duration_s: 300.0, length_km: 40.0, nodes: 400, ..scenario });
    let mut ears = Ears::new(Setting::default(), &data.nodes).unwrap();
    data.detections.iter().for_each(|d| ears.hear(*d));
    let heard = ears.finish(&Alone);
    let score = score(&data, &heard.events, 1.0, |_| true);
    println!("{kind:?}: {score:?}");
    assert!(score.heard > 80 && score.recall() > 0.99 && score.precision() > 0.99, "{kind:?} {score:?}");
    assert!(score.median_m < 12.0 && score.p95_m < 35.0 && score.inside > 0.88, "{kind:?} {score:?}");
    assert_nothing_lost(&data, &heard);
    let mut counts = [0; 3];
    for ((_, standing), truth) in ears.standings().into_iter().zip(&data.node_truth) {
        counts[0] += usize::from(*truth == kind && named(standing));
        counts[1] += usize::from(*truth == kind);
        counts[2] += usize::from(*truth == Truth::Good && standing != Standing::Good);
    }
    println!("{counts:?}");
    assert!(counts[1] >= 8, "the scene has too few of them: {counts:?}");
    counts
}

#[test]
fn nodes_that_invent_detections_make_no_bang_and_move_none() {
    let scene = Scenario { inventing: 0.05, ..Scenario::default() };
    let [.., wronged] = with_bad_nodes(scene, Truth::Inventing, |_| true);
    assert!(wronged <= 8, "{wronged} good nodes accused");
}

#[test]
fn nodes_that_tell_a_false_place_are_named_and_move_no_bang() {
    let scene = Scenario { moved: 0.05, ..Scenario::default() };
    let [named, of, wronged] = with_bad_nodes(scene, Truth::Moved, |it| it != Standing::Good);
    assert!(named * 10 >= of * 7, "{named} of {of} named");
    assert!(wronged <= 8, "{wronged} good nodes accused");
}

#[test]
fn nodes_carried_half_a_kilometre_unnoticed_move_no_bang() {
    let scene = Scenario { carried: 0.05, ..Scenario::default() };
    let [_, _, wronged] = with_bad_nodes(scene, Truth::Carried, |it| it != Standing::Good);
    assert!(wronged <= 8, "{wronged} good nodes accused");
}

/// Neighbouring nodes that agree on a bang which never was: what the nodes around them did not hear speaks against it.
#[test]
fn a_few_nodes_that_conspire_make_no_bang() {
    let mut data = simulate(&Scenario { rate_per_min: 10.0, ..small() });
    let (x, y, t) = (30.0, 10.0, 20.0);
    let mut near: Vec<(f64, u32)> = data
        .nodes
        .iter()
        .map(|n| ((n.x_mm as f64 * 1e-6 - x).hypot(n.y_mm as f64 * 1e-6 - y), n.name))
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    let before = data.detections.len() as u64;
    let forged = near[..12]
        .iter()
        .zip(before..)
        .map(|(&(d, node), number)| Detection::plain(number, node, ((t + d / 0.34) * 1e6) as i64));
    data.detections.extend(forged);
    let heard = associate(&data, Setting::default());
    assert_nothing_lost(&data, &heard);
    for event in &heard.events {
        let fine = event.fine.open(Audience::Record).unwrap();
        let forged = fine.members.iter().filter(|m| m.number >= before).count();
        assert!(forged * 2 < fine.members.len(), "an event was made of {forged} forged detections");
    }
}

#[test]
fn a_node_without_heartbeat_is_silent_and_its_silence_proves_nothing() {
    let data = simulate(&Scenario { duration_s: 60.0, ..small() });
    let mut ears = Ears::new(Setting::default(), &data.nodes).unwrap();
    for node in &data.nodes {
        if node.name % 10 != 0 {
            ears.beat(Heartbeat { time_us: 0, node: node.name });
        }
    }
    for d in data.detections.iter().filter(|d| d.node % 10 != 0) {
        ears.hear(*d);
    }
    let heard = ears.finish(&Alone);
    let score = score(&data, &heard.events, 1.0, |_| true);
    assert!(score.recall() > 0.97 && score.precision() > 0.97, "{score:?}");
    for (name, standing) in ears.standings() {
        assert_eq!(standing == Standing::Silent, name % 10 == 0, "{name} {standing:?}");
    }
}

#[test]
fn bearings_carry_the_association_through_what_times_alone_cannot() {
    let dense = Scenario {
        rate_per_min: 600.0,
        false_fraction: 2.0,
        duration_s: 15.0,
        length_km: 40.0,
        nodes: 400,
        ..Scenario::default()
    };
    let with = simulate(&Scenario { bearing_deg: Some(5.0), ..dense });
    let heard = associate(&with, Setting::default());
    let score = score(&with, &heard.events, 1.0, |_| true);
    assert!(score.recall() > 0.95 && score.precision() > 0.95, "{score:?}");
}

#[test]
fn muzzle_and_impact_are_marked_from_what_the_nodes_say() {
    let data = simulate(&Scenario { rounds: 0.6, rate_per_min: 20.0, duration_s: 60.0, ..small() });
    let heard = associate(&data, Setting::default());
    let (mut right, mut wrong) = (0, 0);
    for event in &heard.events {
        let fine = event.fine.open(Audience::Record).unwrap();
        let near = data.bangs.iter().find(|b| {
            (b.time_s - fine.time_us as f64 * 1e-6).abs() < 0.3
                && (b.x_km - fine.x_mm as f64 * 1e-6).abs() < 0.3
        });
        match (near.and_then(|b| b.outgoing), event.sorts.sort(950)) {
            (Some(true), Sort::Outgoing) | (Some(false), Sort::Impact) => right += 1,
            (Some(_), Sort::Undetermined) => {}
            _ if event.sorts.sort(950) != Sort::Undetermined => wrong += 1,
            _ => {}
        }
    }
    assert!(right >= 10 && wrong * 20 <= right, "{right} right, {wrong} wrong");
}

#[test]
fn the_direction_of_fire_is_told_where_both_ends_were_heard_and_no_other_pair_fits() {
    let quiet = Scenario { rounds: 1.0, class_skill: 0.9, rate_per_min: 3.0, duration_s: 100.0, ..small() };
    let (mut told, mut right) = (0, 0);
    for seed in 1..12 {
        let data = simulate(&Scenario { seed, ..quiet.clone() });
        let heard = associate(&data, Setting::default());
        for event in &heard.events {
            let fine = event.fine.open(Audience::Record).unwrap();
            let Some(fire) = fine.fire.filter(|_| event.sorts.sort(950) == Sort::Outgoing) else { continue };
            let near = |b: &&simulate::bangs::Bang| (b.time_s - fine.time_us as f64 * 1e-6).abs() < 0.3;
            let Some(other) = data.bangs.iter().find(near).and_then(|b| b.other) else { continue };
            let fall = data.bangs[other];
            let (dx, dy) = (fall.x_km - fine.x_mm as f64 * 1e-6, fall.y_km - fine.y_mm as f64 * 1e-6);
            let off = (f64::from(fire.azimuth) * 0.01 - dx.atan2(dy).to_degrees() + 540.0).rem_euclid(360.0)
                - 180.0;
            told += 1;
            right += i32::from(off.abs() < 4.0 * f64::from(fire.sigma) * 0.01 + 0.05);
        }
    }
    assert!(told >= 5 && right * 10 >= told * 9, "{right} of {told}");
}

/// Muzzle, bow shock and impact of one round, all heard: the shock is no bang, and says which ends belong together.
#[test]
fn a_bow_shock_is_no_bang_and_tells_which_ends_are_of_one_round() {
    let scenario = Scenario { rounds: 0.8, bow_shock: 0.6, rate_per_min: 20.0, duration_s: 90.0, ..small() };
    let (mut told, mut right, mut without, mut shocks, mut named, mut mistaken) = (0, 0, 0, 0, 0, 0);
    for seed in 1..4 {
        let data = simulate(&Scenario { seed, ..scenario.clone() });
        let heard = associate(&data, Setting::default());
        let score = score(&data, &heard.events, 1.0, |_| true);
        assert!(score.recall() > 0.97 && score.precision() > 0.97, "{score:?}");
        assert_nothing_lost(&data, &heard);
        shocks += data.shocks.iter().flatten().count();
        for it in heard.unassociated.iter().filter(|it| matches!(it.reason, Reason::BowShock(_))) {
            named += usize::from(data.shocks[it.number as usize].is_some());
            mistaken += usize::from(data.shocks[it.number as usize].is_none());
        }
        for event in &heard.events {
            let fine = event.fine.open(Audience::Record).unwrap();
            let Some(fire) = fine.fire.filter(|_| event.sorts.sort(950) == Sort::Outgoing) else { continue };
            told += 1;
            let near = |b: &&simulate::bangs::Bang| {
                (b.time_s - fine.time_us as f64 * 1e-6).abs() < 0.3
                    && (b.x_km - fine.x_mm as f64 * 1e-6).abs() < 0.5
            };
            let Some(other) = data.bangs.iter().find(near).and_then(|b| b.other) else { continue };
            let fall = data.bangs[other];
            let (dx, dy) = (fall.x_km - fine.x_mm as f64 * 1e-6, fall.y_km - fine.y_mm as f64 * 1e-6);
            let off = f64::from(fire.azimuth) * 0.01 - dx.atan2(dy).to_degrees();
            let off = (off + 540.0).rem_euclid(360.0) - 180.0;
            right += i32::from(off.abs() < 4.0 * f64::from(fire.sigma) * 0.01 + 0.05);
        }
        let mut deaf = data.clone();
        deaf.detections.retain(|d| data.shocks[d.number as usize].is_none());
        let fires = |heard: &Heard| {
            let fine = heard.events.iter().filter_map(|event| event.fine.open(Audience::Record).ok());
            fine.filter(|fine| fine.fire.is_some()).count()
        };
        without += fires(&associate(&deaf, Setting::default()));
    }
    assert!(told >= 15 && right * 20 >= told * 19, "{right} of {told}");
    assert!(without < told as usize, "without the shocks {without} ends, with them {told} rounds");
    assert!(named * 2 > shocks && mistaken * 5 < named, "{named} of {shocks}, and {mistaken} others");
}

#[test]
fn saturated_nodes_cost_no_bang_and_make_none() {
    let data = simulate(&Scenario { saturated: 0.2, dead_time_s: 0.1, duration_s: 120.0, ..small() });
    let heard = associate(&data, Setting::default());
    let score = score(&data, &heard.events, 1.0, |_| true);
    assert!(score.recall() > 0.98 && score.precision() > 0.98, "{score:?}");
    assert_nothing_lost(&data, &heard);
}

#[test]
fn nothing_but_an_opened_seal_tells_the_place() {
    let data = simulate(&small());
    let heard = associate(&data, Setting::default());
    let text = format!("{heard:?}");
    for event in &heard.events {
        let fine = event.fine.open(Audience::Record).unwrap();
        for exact in [fine.x_mm, fine.y_mm, fine.time_us] {
            assert!(!text.contains(&exact.to_string()), "{exact}");
        }
        assert_eq!(event.sector.east, fine.x_mm.div_euclid(10_000_000));
        assert_eq!(event.hour_us, fine.time_us.div_euclid(3_600_000_000) * 3_600_000_000);
        assert!(event.fine.open(Audience::Delayed { now_us: event.hour_us + 1, delay_us: 0 }).is_err());
    }
}

#[test]
fn nonsense_is_refused_or_accounted_for_and_never_panics() {
    use impulse::{Node, Refused};
    let node = Node { name: 1, x_mm: 0, y_mm: 0 };
    assert_eq!(Ears::new(Setting::default(), &[node, node]).err(), Some(Refused::SameName(1)));
    let bad = Setting { square_mm: 1, ..Setting::default() };
    assert!(matches!(Ears::new(bad, &[node]).err(), Some(Refused::Setting(_))));
    for nodes in
        [vec![], vec![node], vec![node, Node { name: 2, ..node }, Node { name: 3, x_mm: 1, y_mm: 0 }]]
    {
        let mut ears = Ears::new(Setting::default(), &nodes).unwrap();
        for number in 0..200 {
            let time = if number % 3 == 0 { 0 } else { number as i64 * 1_000 };
            ears.hear(Detection::plain(number, (number % 4) as u32, time));
        }
        let heard = ears.finish(&Alone);
        let members: usize = heard.events.iter().map(|e| e.heard as usize).sum();
        assert_eq!(members + heard.unassociated.len(), 200);
    }
}
