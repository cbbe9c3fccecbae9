//! The joint solution of the events of one slice, with the medium that their residuals show.

use crate::ears::Workers;
use crate::field::{Field, Probe};
use crate::fit::{Prior, Scene, State};
use crate::medium::{Model, Models};
use crate::picks::Picks;
use crate::share::{Live, Step, Web};
use alloc::vec;
use alloc::vec::Vec;

/// Turns of the joint solution, at most.
const TURNS: usize = 16;
/// Turns after the last search, at most: what still moves then goes to and fro between solutions of equal worth.
const LINGER: usize = 3;
/// Searches for better solutions, at most.
const SEARCHES: u32 = 2;
/// Estimates of the medium between two searches for better solutions.
const ESTIMATES: u32 = 3;
/// Events that the medium is estimated from in one slice, at most.
const WITNESSES: usize = 200;
/// How far off, s, a solution may be thought when a better one is looked for.
const DOUBTS: [f64; 3] = [0.05, 0.15, 0.4];
/// Share of the reports due below which an event is looked for in its surroundings, and where, km.
const FEW: f64 = 0.8;
/// A search that comes back to within this of the solution at hand, km, has found nothing better.
const BACK: f64 = 0.01;
/// See [`FEW`].
const AROUND: [(f64, f64); 9] = [
    (0.0, 0.0),
    (0.3, 0.0),
    (-0.3, 0.0),
    (0.0, 0.3),
    (0.0, -0.3),
    (0.25, 0.25),
    (0.25, -0.25),
    (-0.25, 0.25),
    (-0.25, -0.25),
];
/// Events of less doubt than this are not searched for a better solution.
const DOUBTFUL: f64 = 0.03;
/// Steps of less than this, km, are none, nor those of a clear event of less than this part of its error; and one
/// event in fifty may still move.
const STILL: (f64, f64) = (6e-4, 0.1);

/// The medium as learnt so far.
#[derive(Clone)]
pub(crate) struct Medium {
    pub models: Models,
    pub model: Model,
    pub share: f64,
    /// What single events of the past told, the oldest first.
    pub probes: Vec<Probe>,
}

/// Detections per second at each node, each counted with a weight, drawn towards the mean of the network.
pub(crate) fn rates(picks: &Picks, nodes: usize, weight: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0; nodes];
    for (pick, &node) in picks.node.iter().enumerate() {
        sums[node as usize] += weight(pick);
    }
    let mean = (sums.iter().sum::<f64>() / (nodes as f64 * picks.length)).max(1e-5);
    // What the mean of the network is worth, in detections.
    let few = 3.0;
    sums.iter().map(|sum| (sum + few) / (picks.length + few / mean)).collect()
}

/// The joint solution of a slice as it goes on.
pub(crate) struct Joint<'a> {
    /// The medium before this slice.
    pub past: &'a Medium,
    /// The medium with what this slice told so far (the caller keeps it once, at the end).
    pub medium: Medium,
    /// How much of each pick the events explain.
    pub explained: Vec<f64>,
    /// Seconds from a fixed origin to that of the slice.
    pub origin: f64,
    /// Evidence that an event needs, given all others.
    pub threshold: f64,
    /// Who heard what.
    pub web: Web,
}

/// Solves all events together until nothing moves. With `polish`, doubtful ones are also searched for a
/// better solution from their near nodes outwards; what was learnt of the medium is then taken for settled
/// at first. Events below the threshold are dropped.
pub(crate) fn solve(
    scene: &Scene<'_>,
    live: &mut Vec<Live>,
    joint: &mut Joint<'_>,
    polish: bool,
    workers: &impl Workers,
) {
    let nodes = scene.network.len();
    let Joint { past, medium, explained, origin, threshold, web } = joint;
    let (mut settled, mut estimates, mut searches) = (polish, 0, 0);
    let mut lingering = 0;
    for turn in 0..TURNS {
        let rate = rates(scene.picks, nodes, |pick: usize| f64::max(1.0 - explained[pick], 0.02));
        let scene = Scene { rate: &rate, path: medium.model.path, ..*scene };
        web.draw(&scene, live);
        let web = &*web;
        let sums = workers.map(live.len(), &|k| web.sums(k));
        let solved = |live: &[Live]| -> Vec<Option<Step>> {
            live.iter().zip(&sums).map(|(event, sums)| sums.step(&event.q, &event.prior)).collect()
        };
        let mut steps = solved(live);
        // One look is enough to judge the medium by where nearly all events are clear.
        let clear = |step: &&Option<Step>| step.as_ref().is_some_and(|step| step.doubt < DOUBTFUL);
        if !settled && (turn >= 2 || steps.iter().filter(clear).count() * 10 >= live.len() * 9) {
            estimates += 1;
            let before = medium.model;
            *medium = learn(&scene, web, live, past, *origin);
            settled = medium.model.near(&before) || estimates >= ESTIMATES;
            steps = solved(live);
        }
        explained.fill(0.0);
        let mut moving = 0;
        for (k, (event, step)) in live.iter_mut().zip(steps).enumerate() {
            event.evidence = web.evidence(k);
            event.members.clear();
            event.rivals.clear();
            event.members.reserve(web.reports(k));
            web.chances(k, |pick, chance, residual| {
                explained[pick as usize] += chance;
                if chance > 0.5 {
                    event.members.push((pick, chance, residual));
                } else {
                    event.rivals.push((pick, residual));
                }
            });
            if let Some(Step { q, covariance, doubt }) = step {
                event.doubt = doubt;
                let sigma = libm::sqrt(covariance[1][1] + covariance[2][2]);
                let clear = if doubt < DOUBTFUL { STILL.1 * sigma } else { 0.0 };
                let far = libm::fabs(q[1] - event.q[1]) + libm::fabs(q[2] - event.q[2]);
                moving += usize::from(far > f64::max(STILL.0, clear));
                // Half a step, once all is settled: what goes to and fro comes to rest between.
                let part = if lingering > 0 { 0.5 } else { 1.0 };
                for (now, next) in event.q.iter_mut().zip(q) {
                    *now += part * (next - *now);
                }
                event.covariance = covariance;
            }
        }
        if settled && searches < SEARCHES && polish {
            searches += 1;
            let better = workers.map(live.len(), &|k| {
                if live[k].doubt < DOUBTFUL {
                    return None;
                }
                let own = web.own(k);
                better(&scene, &live[k], |pick| {
                    let mine = own.binary_search_by_key(&(pick as u32), |o| o.0).map_or(0.0, |at| own[at].1);
                    (1.0 - explained[pick] + mine).clamp(0.0, 1.0)
                })
            });
            let mut moved = false;
            for (event, q) in live.iter_mut().zip(better) {
                if let Some(q) = q {
                    event.q = q;
                    moved = true;
                }
            }
            moved |= untwist_all(&scene, web, live, explained, workers);
            if moved && searches < SEARCHES {
                (settled, estimates) = (false, 0);
                continue;
            }
        }
        let still = moving * 50 <= live.len() || !polish;
        lingering += usize::from(searches == SEARCHES);
        if turn + 1 == TURNS || (settled && (still || lingering > LINGER)) {
            break;
        }
    }
    live.retain(|event| event.evidence > *threshold);
}

/// What the residuals say of the medium, added to the past; sets what each event believes of it.
fn learn(scene: &Scene<'_>, web: &Web, live: &mut [Live], past: &Medium, origin: f64) -> Medium {
    let mut medium = past.clone();
    if live.is_empty() {
        return medium;
    }
    medium.models.forget();
    let mut order: Vec<usize> = (0..live.len()).collect();
    order.sort_by(|a, b| live[*b].evidence.total_cmp(&live[*a].evidence).then(a.cmp(b)));
    order.truncate(WITNESSES);
    // The sum of floats depends on its order: that of the events.
    order.sort_unstable();
    for k in order {
        if let Some(more) = past.models.of_event(&web.samples(k, &live[k].q, &scene.units.mean)) {
            medium.models.add(&more);
        }
    }
    medium.model = medium.models.best();
    let model = medium.model;
    let plain = Prior::diagonal(scene.units.mean, [model.speed, model.wind, model.wind]);
    for event in live.iter_mut() {
        event.prior = plain;
    }
    // Where wind and sound speed hardly vary, a field of them has nothing to say.
    if model.wind > 0.003 || model.speed > 0.003 {
        let first = medium.probes.len();
        let mut of_event = Vec::with_capacity(live.len());
        for (k, event) in live.iter().enumerate() {
            let at = [origin + event.q[0], event.q[1], event.q[2]];
            let (information, pull) = web.medium(k, &event.q, &scene.units.mean);
            let probe = Probe::new(at, &information, &pull);
            of_event.push(probe.map(|_| medium.probes.len()));
            medium.probes.extend(probe);
        }
        medium.share = Field::best_share(scene.units, model, &medium.probes, first);
        if medium.share > 0.0 {
            let field = Field { units: scene.units, model, share: medium.share };
            for (event, skip) in live.iter_mut().zip(&of_event) {
                let at = [origin + event.q[0], event.q[1], event.q[2]];
                event.prior = field.prior(&at, &medium.probes, skip.unwrap_or(usize::MAX));
            }
        }
    }
    medium
}

/// Looks for a better solution of an event than the one at hand, from its near nodes outwards. `left` is
/// the share of each detection that the other events leave.
fn better(scene: &Scene<'_>, event: &Live, left: impl Fn(usize) -> f64) -> Option<State> {
    let reach = scene.units.reach;
    let mut members = Vec::new();
    let now = scene.pass(&event.q, reach, None, 0.0, &left, &mut members).evidence;
    let mut best = (now + 0.5, None);
    let mut due = 0.0;
    scene.network.within(event.q[1], event.q[2], reach, |node, _, _, _| due += scene.hit[node]);
    // An event that too few nodes heard may stand in the wrong place altogether: look around it as well.
    let around = if (event.members.len() as f64) < FEW * due { &AROUND[..] } else { &AROUND[..1] };
    'search: for (shift, doubt) in around.iter().flat_map(|shift| DOUBTS.map(|doubt| (shift, doubt))) {
        let mut q = event.q;
        q[1] += shift.0;
        q[2] += shift.1;
        q[3..].copy_from_slice(&event.prior.mean);
        let mut spread = None;
        for part in [0.4, 0.4, 0.55, 0.7, 0.85, 1.0, 1.0] {
            let extra = if spread.is_none() { doubt * doubt } else { 0.0 };
            let pass = scene.pass(&q, part * reach, spread.as_ref(), extra, &left, &mut members);
            let Some((next, covariance)) = scene.step(&q, &pass, &event.prior) else { break };
            q = next;
            spread = Some(covariance);
            if part > 0.5
                && libm::fabs(q[1] - event.q[1]) + libm::fabs(q[2] - event.q[2]) < BACK
                && libm::fabs(q[0] - event.q[0]) < BACK / scene.units.speed
            {
                continue 'search;
            }
        }
        let then = scene.pass(&q, reach, None, 0.0, &left, &mut members).evidence;
        if then > best.0 {
            best = (then, Some(q));
        }
    }
    best.1
}

/// Two rounds from one place, a second apart, can be taken for two bangs at one moment some hundred metres
/// apart, each made of half the detections of both. Tries for every such pair whether one place and two
/// times explain the same detections better.
fn untwist_all(
    scene: &Scene<'_>,
    web: &Web,
    live: &mut [Live],
    explained: &[f64],
    workers: &impl Workers,
) -> bool {
    let mut pairs = Vec::new();
    for a in 0..live.len() {
        for b in a + 1..live.len() {
            let (p, q) = (&live[a].q, &live[b].q);
            if q[0] - p[0] > TWIST_S {
                break; // In order of time.
            }
            if libm::hypot(p[1] - q[1], p[2] - q[2]) < TWIST_KM {
                pairs.push((a, b));
            }
        }
    }
    let found = workers.map(pairs.len(), &|i| {
        let (a, b) = pairs[i];
        let (mine, yours) = (web.own(a), web.own(b));
        let share = |own: &[(u32, f64)], pick: usize| {
            own.binary_search_by_key(&(pick as u32), |o| o.0).map_or(0.0, |at| own[at].1)
        };
        untwist(scene, &live[a], &live[b], |pick| {
            (1.0 - explained[pick] + share(&mine, pick) + share(&yours, pick)).clamp(0.0, 1.0)
        })
    });
    let mut done = vec![false; live.len()];
    let mut moved = false;
    for (&(a, b), found) in pairs.iter().zip(found) {
        if let Some((p, q)) = found
            && !done[a]
            && !done[b]
        {
            (done[a], done[b], moved) = (true, true, true);
            (live[a].q, live[b].q) = (p, q);
        }
    }
    moved
}

/// Pairs nearer than this in time, s, and place, km, may be twisted.
const TWIST_S: f64 = 0.8;
/// See [`TWIST_S`].
const TWIST_KM: f64 = 1.0;

fn untwist(scene: &Scene<'_>, a: &Live, b: &Live, left: impl Fn(usize) -> f64) -> Option<(State, State)> {
    let reach = scene.units.reach;
    let now = scene.pair(&a.q, &b.q, reach, 0.0, &left);
    let middle: State =
        core::array::from_fn(|i| if i < 3 { 0.5 * (a.q[i] + b.q[i]) } else { a.prior.mean[i - 3] });
    // By how much each of the two is off the middle, from 0.1 to 1.6 s.
    let at = |off: f64| {
        let (mut p, mut q) = (middle, middle);
        p[0] -= off;
        q[0] += off;
        (p, q)
    };
    let mut best = (f64::NEG_INFINITY, 0.0);
    for step in 2..=32 {
        let off = 0.05 * f64::from(step);
        let (p, q) = at(off);
        let score = scene.pair(&p, &q, 0.45 * reach, 0.0025, &left);
        if score > best.0 {
            best = (score, off);
        }
    }
    let (p, q) = at(best.1);
    let mut members = Vec::new();
    let mut refine = |mut q: State, prior: &Prior| {
        let mut spread = None;
        for part in [0.35, 0.45, 0.6, 0.8, 1.0] {
            let extra = if spread.is_none() { 0.0025 } else { 0.0 };
            let pass = scene.pass(&q, part * reach, spread.as_ref(), extra, &left, &mut members);
            let (next, covariance) = scene.step(&q, &pass, prior)?;
            q = next;
            spread = Some(covariance);
        }
        Some(q)
    };
    let (p, q) = (refine(p, &a.prior)?, refine(q, &b.prior)?);
    (scene.pair(&p, &q, reach, 0.0, &left) > now + 2.0).then_some((p, q))
}
