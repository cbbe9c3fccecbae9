//! A quantity held against what is owed, window by window.
//!
//! What one source counted at one place is a stream: the same row twice is one count, and of two counts of which one holds
//! the other's time, the wider stands. Counts at places that lie apart add up; where it cannot be told whether they do, the
//! sum lies between the greatest of them and all of them. A window is covered where every place that the source counts was
//! counted throughout it. Below what is owed, a window that is not covered says nothing: the rest may have come in the
//! other hours. But what was reached is reached, and a limit that was passed is passed.

use super::{Gap, Share, State};
use crate::agreement::Quantity;
use crate::claim::Bounds;
use crate::geodesy::distance;
use crate::observation::{Count, Object, Observation};
use crate::place::{Mm, Place, Point};
use crate::time::{DAY, Date, Micros, Span, Time, Zone};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// How time is cut: whole days of a clock, or stretches of the agreed length from its midnight on.
#[derive(Clone, Copy)]
struct Cut {
    clock: Zone,
    /// How many cells make a window.
    cells: i64,
    /// Where a day is not a whole part of the window: the length of a cell, and where the first begins.
    short: Option<(Micros, Time)>,
}

impl Cut {
    fn new(quantity: &Quantity, rows: &[&Observation]) -> Self {
        let clock = quantity.clock.unwrap_or(Zone::Fixed(0));
        if quantity.per % DAY == 0 {
            return Self { clock, cells: quantity.per / DAY, short: None };
        }
        let first = rows.iter().map(|row| row.time.start).min().unwrap_or_default();
        Self { clock, cells: 1, short: Some((quantity.per, clock.day(clock.date(first)).start)) }
    }

    fn at(&self, time: Time) -> i64 {
        match self.short {
            None => self.clock.date(time).days(),
            Some((length, origin)) => (time.0 - origin.0).div_euclid(length),
        }
    }

    fn span(&self, cell: i64) -> Span {
        match self.short {
            None => self.clock.day(Date::from_days(cell)),
            Some((length, origin)) => {
                Span { start: Time(origin.0 + cell * length), end: Time(origin.0 + (cell + 1) * length) }
            }
        }
    }

    /// The cells that a stretch of time touches. A moment touches the one that it lies in.
    fn touched(&self, time: Span) -> core::ops::RangeInclusive<i64> {
        self.at(time.start)..=self.at(Time((time.end.0 - 1).max(time.start.0)))
    }

    /// How many windows a set of cells makes, run by run: those that lie in it, and those that it touches.
    fn windows(&self, cells: &BTreeSet<i64>) -> (u64, u64) {
        let (mut within, mut touched, mut run) = (0, 0, 0);
        let mut last = None;
        for cell in cells.iter().copied().map(Some).chain([None]) {
            if run > 0 && (cell.is_none() || cell != last.map(|last: i64| last + 1)) {
                within += (run / self.cells) as u64;
                touched += ((run + self.cells - 1) / self.cells) as u64;
                run = 0;
            }
            run += 1;
            last = cell;
        }
        (within, touched)
    }
}

/// A count of a stretch of time at one place.
#[derive(Clone, Copy)]
struct Taken {
    time: Span,
    least: u64,
    most: Option<u64>,
    stated: u64,
}

/// What one source counted at one place.
struct Stream<'a> {
    place: &'a Place,
    object: Option<&'a Object>,
    taken: Vec<Taken>,
    /// Two counts of one place and time differ: perhaps one of them is wrong, perhaps they add up.
    doubtful: bool,
}

fn number(count: Count) -> u64 {
    match count {
        Count::Exactly(number) | Count::About(number) | Count::AtLeast(number) => u64::from(number),
        Count::Unstated => 0,
    }
}

/// Counts by place; `None` where two of one place share some of their time and neither holds the other.
fn streams<'a>(rows: &[&'a Observation]) -> Option<Vec<Stream<'a>>> {
    let mut rows: Vec<&Observation> = rows.to_vec();
    let object = |row: &'a Observation| row.particulars().object.as_ref();
    rows.sort_by_key(|row| {
        (&row.place, object(row), row.time.start, core::cmp::Reverse(row.time.end), row.count)
    });
    let mut all: Vec<Stream<'a>> = Vec::new();
    for row in rows {
        let Bounds { least, most } = Bounds::of(row.count);
        let next = Taken { time: row.time, least, most, stated: number(row.count) };
        if !all.last().is_some_and(|last| *last.place == row.place && last.object == object(row)) {
            let stream =
                Stream { place: &row.place, object: object(row), taken: Vec::new(), doubtful: false };
            all.push(stream);
        }
        let Some(stream) = all.last_mut() else { continue };
        match stream.taken.last_mut() {
            Some(before) if before.time == next.time => {
                if (before.least, before.most) != (next.least, next.most) {
                    before.least = before.least.min(next.least);
                    before.most = before.most.zip(next.most).map(|(one, other)| one + other);
                    stream.doubtful = true;
                }
            }
            // More in a part of the time than in all of it: one of the two is wrong.
            Some(before) if before.time.covers(next.time) => {
                if before.most.is_some_and(|most| most < next.least) {
                    return None;
                }
            }
            Some(before) if before.time.overlaps(next.time) => return None,
            _ => stream.taken.push(next),
        }
    }
    Some(all)
}

/// Do two streams count different things, for all that is known?
fn apart(one: &Stream<'_>, other: &Stream<'_>) -> bool {
    if let (Some(this), Some(that)) = (one.object, other.object)
        && this != that
    {
        return true;
    }
    let (Some((here, near)), Some((there, far))) = (extent(one.place), extent(other.place)) else {
        return false;
    };
    distance(here, there) > near + far
}

/// A place as a circle that holds it.
fn extent(place: &Place) -> Option<(Point, Mm)> {
    match place {
        Place::Point { at, error } => Some((*at, 3 * error.major)),
        Place::Sector { from, far, .. } => Some((*from, *far)),
        Place::Area { centre, radius, .. } => Some((*centre, *radius)),
        Place::Unknown => None,
    }
}

impl Stream<'_> {
    /// Was it counted throughout a stretch of time?
    fn covers(&self, time: Span) -> bool {
        let mut reached = time.start;
        for one in &self.taken {
            if one.time.start <= reached {
                reached = reached.max(one.time.end);
            }
        }
        reached >= time.end
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.taken.iter().any(|one| other.taken.iter().any(|two| one.time.overlaps(two.time)))
    }
}

/// What is known of some time: at the least, and at the most where that is known.
#[derive(Clone, Copy, Default)]
struct Sum {
    least: u64,
    most: Option<u64>,
}

/// Streams that may count the same things: their sum lies between the greatest and all of them.
fn alike<'s, 'a>(streams: &'s [Stream<'a>]) -> Vec<Vec<&'s Stream<'a>>> {
    let mut groups: Vec<Vec<&Stream<'a>>> = Vec::new();
    for stream in streams {
        let (mut joined, rest): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group| group.iter().any(|one| stream.overlaps(one) && !apart(stream, one)));
        let mut group: Vec<&Stream<'a>> = joined.drain(..).flatten().collect();
        group.push(stream);
        groups = rest;
        groups.push(group);
    }
    groups
}

fn sum(groups: &[Vec<&Stream<'_>>], within: impl Fn(Span) -> (bool, bool)) -> Sum {
    let mut all = Sum { least: 0, most: Some(0) };
    for group in groups {
        let mut least = 0;
        for stream in group {
            let mut inside = 0;
            for one in &stream.taken {
                let (whole, part) = within(one.time);
                inside += if whole { one.least } else { 0 };
                if part {
                    all.most = all.most.zip(one.most).map(|(sum, more)| sum + more);
                }
            }
            least = inside.max(least);
        }
        all.least += least;
    }
    all
}

/// How a quantity was kept by the counts of one source.
pub(super) fn state(quantity: &Quantity, rows: &[&Observation], as_of: Time) -> State {
    let cut = Cut::new(quantity, rows);
    let Some(streams) = streams(rows) else { return State::CannotBeJudged(Gap::Overlap) };
    let groups = alike(&streams);
    let mut touched: BTreeMap<i64, Vec<&Stream<'_>>> = BTreeMap::new();
    for stream in &streams {
        let cells: BTreeSet<i64> = stream.taken.iter().flat_map(|one| cut.touched(one.time)).collect();
        cells.into_iter().for_each(|cell| touched.entry(cell).or_default().push(stream));
    }
    // Where whole windows are counted, a window without a count from there is not covered.
    let stations: Vec<&Stream<'_>> = streams
        .iter()
        .filter(|stream| {
            let mut cells = stream.taken.iter().flat_map(|one| cut.touched(one.time));
            cells.any(|cell| stream.covers(cut.span(cell)))
        })
        .collect();
    let covered: BTreeSet<i64> = touched
        .iter()
        .filter(|(cell, there)| {
            let time = cut.span(**cell);
            let over: Vec<&&Stream<'_>> = stations.iter().filter(|station| station.covers(time)).collect();
            let told = |stream: &Stream<'_>| {
                stream.covers(time) || over.iter().any(|station| !apart(stream, station))
            };
            time.end <= as_of
                && !over.is_empty()
                && stations.iter().chain(there.iter()).all(|stream| told(stream))
        })
        .map(|(cell, _)| *cell)
        .collect();
    let owed = |windows: u64| u64::from(quantity.amount) * windows;
    let single = |cell: i64| {
        let time = cut.span(cell);
        sum(&groups, |one| (time.covers(one), time.overlaps(one)))
    };
    let reached = |cell: &i64| match quantity.at_least {
        true => single(*cell).least >= owed(1),
        false => single(*cell).least > owed(1),
    };
    // What is known of whole windows stands by itself; one that was counted in part is left out of it.
    let decided = |cell: &i64| covered.contains(cell) || (cut.cells == 1 && reached(cell));
    let all_cells: BTreeSet<i64> = touched.keys().copied().collect();
    let cells: BTreeSet<i64> = match all_cells.iter().copied().filter(decided).collect::<BTreeSet<i64>>() {
        none if none.is_empty() => all_cells.clone(),
        some => some,
    };
    let left = (all_cells.len() - cells.len()) as u64;
    let ((whole, _), (_, windows)) = (cut.windows(&covered), cut.windows(&cells));
    let inside = |time: Span| cut.touched(time).all(|cell| cells.contains(&cell));
    let over = |time: Span| cut.touched(time).any(|cell| cells.contains(&cell));
    let all = sum(&groups, |one| (inside(one), over(one)));
    // Windows of which it is known that they were missed, or their limit passed, by themselves.
    let missed = match cut.cells {
        1 => cells
            .iter()
            .filter(|cell| match quantity.at_least {
                true => covered.contains(*cell) && single(**cell).most.is_some_and(|most| most < owed(1)),
                false => reached(cell),
            })
            .count() as u64,
        _ => 0,
    };
    let (kept, failed) = if quantity.at_least {
        let within = |time: Span| cut.touched(time).any(|cell| covered.contains(&cell));
        let known = sum(&groups, |one| (false, within(one)));
        (all.least >= owed(windows), known.most.is_some_and(|most| most < owed(whole)))
    } else {
        let complete = cells.iter().all(|cell| covered.contains(cell));
        (complete && all.most.is_some_and(|most| most <= owed(windows)), all.least > owed(windows))
    };
    let doubtful = streams.iter().any(|one| one.doubtful) || groups.iter().any(|group| group.len() > 1);
    let exact = streams.iter().flat_map(|one| &one.taken).all(|one| one.most == Some(one.least));
    let open = match kept && left == 0 || failed || missed > 0 {
        true => None,
        false if kept || covered.is_empty() => Some(Gap::PartOfTime),
        false if doubtful => Some(Gap::MayNotAdd),
        false if !exact => Some(Gap::CountNotExact),
        false => Some(Gap::PartOfTime),
    };
    let stated = |stream: &&Stream<'_>| {
        stream.taken.iter().filter(|one| over(one.time)).map(|one| one.stated).sum::<u64>()
    };
    let (mut counted, mut perhaps) = (0, 0);
    for group in &groups {
        counted += group.iter().map(stated).max().unwrap_or(0);
        perhaps += group.iter().map(stated).sum::<u64>();
    }
    if streams.iter().any(|one| one.doubtful) {
        (counted, perhaps) = (all.least, all.most.unwrap_or(perhaps));
    }
    State::Share(Share {
        counted,
        perhaps,
        owed: owed(windows),
        at_least: quantity.at_least,
        kept: kept && missed == 0,
        missed,
        left,
        open,
    })
}
