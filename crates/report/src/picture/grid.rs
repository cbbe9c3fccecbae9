//! Grids: the front strip, and coverage by place and time.

use super::*;
use crate::model::{Coverage, Seen, Strip, Tally, Within};
use crate::text;

/// Width of every grid, in units of the picture.
const WIDTH: i32 = 1_000;

/// One cell: its ground, and the count set on it.
fn cell(id: &str, x: i32, y: i32, w: i32, h: i32, tally: Tally, scale: &Scale) -> Markup {
    html! {
        @match tally.state() {
            Seen::Observed => {
                rect x=(x) y=(y) width=(w) height=(h) fill=(scale.colour(tally.count().unwrap_or(0))) {}
            }
            Seen::NotObserved => { rect x=(x) y=(y) width=(w) height=(h) fill=(hatch(id)) {} }
            Seen::Saturated | Seen::NotKnown => {
                rect x=(x) y=(y) width=(w) height=(h) fill=(dots(id)) {}
                @if let Some(count) = tally.count() {
                    rect x=(x + 2) y=(y + 2) width=((w - 4).max(2)) height=((h - 4).max(2)) fill=(scale.colour(count)) {}
                }
            }
        }
    }
}

/// The position of the nth of `count` columns or rows over `length`, without rounding drift.
fn step(n: usize, count: usize, length: i32) -> i32 {
    let (n, count) = (i64::try_from(n).unwrap_or(0), i64::try_from(count.max(1)).unwrap_or(1));
    i32::try_from(i64::from(length) * n / count).unwrap_or(0)
}

fn int(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX / 1_000)
}

/// The front strip.
pub(crate) fn strip(strip: &Strip) -> Markup {
    const LEFT: i32 = 70;
    const TOP: i32 = 66;
    const RIGHT: i32 = 76;
    let id = "strip";
    let across = WIDTH - LEFT - RIGHT;
    let row = if strip.days.len() > 45 { 9 } else { 15 };
    let tall = row * int(strip.days.len());
    let columns = strip.sectors.len();
    let scale = Scale::of(strip.days.iter().flat_map(|d| &d.cells).filter_map(|t| t.count()));
    let start = strip.sectors.first().map_or(0, |s| s.from_km);
    let end = strip.sectors.last().map_or(1, |s| s.to_km).max(start + 1);
    let at_km = |km: u32| {
        let along = i64::from(km.clamp(start, end) - start) * i64::from(across) / i64::from(end - start);
        LEFT + i32::try_from(along).unwrap_or(0)
    };
    // Kilometre marks at a round step, about eight of them.
    let tick = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]
        .into_iter()
        .find(|s| (end - start) / s <= 12)
        .unwrap_or(2_000);
    let ticks: Vec<u32> = (start..=end).filter(|km| km % tick == 0).collect();
    // Names of places where there is room for them.
    let mut free_from = 0;
    let mut places = Vec::new();
    for place in &strip.places {
        let half = text_width(&place.name, 12) / 2;
        let x = at_km(place.km).clamp(half, WIDTH - half);
        if x - half >= free_from {
            places.push((at_km(place.km), x, place));
            free_from = x + half + 8;
        }
    }
    let window: Vec<usize> =
        strip.days.iter().enumerate().filter(|(_, d)| d.within != Within::No).map(|(i, _)| i).collect();
    let every = if row < 12 { 3 } else { 1 };
    let tallies = || strip.days.iter().flat_map(|d| d.cells.iter().copied());
    let bottom = TOP + tall;
    let (keys, height) = legend(&count_keys(id, &scale, tallies()), LEFT, bottom + 34, WIDTH);
    let drawn = html! {
        (patterns(id))
        @for (mark, x, place) in &places {
            text x=(x) y="20" font-size="12" text-anchor="middle" fill=(INK) { (place.name) }
            path d=(format!("M{mark} 25V32")) stroke=(INK) stroke-width="1" {}
        }
        @for km in &ticks {
            path d=(format!("M{0} {1}V{2}M{0} {bottom}V{3}", at_km(*km), TOP - 6, TOP, bottom + 5)) stroke=(MUTED) stroke-width="1" {}
            text x=(at_km(*km)) y=(TOP - 11) font-size="11" text-anchor="middle" fill=(MUTED) {
                (text::number(u64::from(*km))) @if *km == *ticks.last().unwrap_or(&0) { " km" }
            }
        }
        rect x=(LEFT) y=(TOP) width=(across) height=(tall) fill=(PAPER) {}
        @for (r, day) in strip.days.iter().enumerate() {
            @let y = TOP + row * int(r);
            @if r % every == 0 || day.within != Within::No {
                text x=(LEFT - 8) y=(y + row - (row - 9).max(0) / 2 - 1) font-size="11" text-anchor="end"
                    fill=(if day.within == Within::No { MUTED } else { INK })
                    font-weight=(if day.within == Within::No { "400" } else { "700" }) { (text::short_day(day.day)) }
            }
            @for (c, tally) in day.cells.iter().enumerate() {
                @let (x, to) = (LEFT + step(c, columns, across), LEFT + step(c + 1, columns, across));
                (cell(id, x, y, to - x, row, *tally, &scale))
            }
        }
        // Thin white lines part the cells; a frame in ink holds the whole.
        path d=(lines(LEFT, TOP, across, tall, columns, strip.days.len())) stroke=(RULE) stroke-width="0.5" fill="none" {}
        rect x=(LEFT) y=(TOP) width=(across) height=(tall) fill="none" stroke=(MUTED) stroke-width="1" {}
        @if let (Some(first), Some(last)) = (window.first(), window.last()) {
            @let (y, h) = (TOP + row * int(*first), row * int(last - first + 1));
            rect x=(LEFT - 2) y=(y - 1) width=(across + 4) height=(h + 2) fill="none" stroke=(INK) stroke-width="2.5" {}
            text x=(WIDTH - RIGHT + 10) y=(y + h / 2 - 2) font-size="12" font-weight="700" fill=(INK) { "in force" }
            @if strip.days.iter().any(|d| d.within == Within::Part) {
                text x=(WIDTH - RIGHT + 10) y=(y + h / 2 + 12) font-size="11" fill=(INK) { "(part days)" }
            }
        }
        text x=(LEFT) y=(bottom + 22) font-size="12" font-weight="700" fill=(INK) { (strip.title) }
        (keys)
    };
    let total: u64 = tallies().filter_map(Tally::count).sum();
    let of = |state| u64::try_from(tallies().filter(|t| t.state() == state).count()).unwrap_or(0);
    let description = format!(
        "{} by {} along {} km of the reference line. {} in all; {} of the cells not observed, {} not known. The same numbers are in the table below.",
        text::plural(u64::try_from(strip.days.len()).unwrap_or(0), "day", "days"),
        text::plural(u64::try_from(columns).unwrap_or(0), "sector", "sectors"),
        text::number(u64::from(end - start)),
        text::number(total),
        text::number(of(Seen::NotObserved)),
        text::number(of(Seen::NotKnown)),
    );
    frame(id, WIDTH, height, &format!("Front strip: {}", strip.title), &description, &drawn)
}

/// Lines between columns and rows.
fn lines(x: i32, y: i32, w: i32, h: i32, columns: usize, rows: usize) -> String {
    let mut d = String::new();
    for c in 1..columns {
        d.push_str(&format!("M{} {y}v{h}", x + step(c, columns, w)));
    }
    for r in 1..rows {
        d.push_str(&format!("M{x} {}h{w}", y + step(r, rows, h)));
    }
    d
}

/// Coverage of one kind of source.
pub(crate) fn coverage(coverage: &Coverage, number: usize) -> Markup {
    const TOP: i32 = 24;
    const ROW: i32 = 20;
    let id = format!("coverage-{number}");
    let left = coverage.rows.iter().map(|r| text_width(&r.label, 12)).max().unwrap_or(0).clamp(60, 300) + 12;
    let across = WIDTH - left - 4;
    let columns = coverage.columns.len();
    let wide = across / int(columns.max(1));
    let tall = ROW * int(coverage.rows.len());
    // As many column names as there is room for.
    let name = coverage.columns.iter().map(|c| text_width(c, 11)).max().unwrap_or(1) + 6;
    let every = usize::try_from((name + wide - 1) / wide.max(1)).unwrap_or(1).max(1);
    let states = || coverage.rows.iter().flat_map(|r| r.cells.iter());
    let mut keys = Vec::new();
    for (state, words, fill) in [
        (Seen::Observed, "observed (share of the time, where known)", OBSERVED.to_string()),
        (Seen::NotObserved, "not observed", hatch(&id)),
        (Seen::Saturated, "saturated: more heard than could be told apart", SATURATED.to_string()),
        (Seen::NotKnown, "not known", dots(&id)),
    ] {
        if states().any(|c| c.state == state) {
            keys.push(Key { words: words.into(), fill, inset: None });
        }
    }
    let (legend, height) = legend(&keys, left, TOP + tall + 12, WIDTH);
    let drawn = html! {
        (patterns(&id))
        @for (c, column) in coverage.columns.iter().enumerate().step_by(every) {
            text x=(left + step(c, columns, across) + wide / 2) y=(TOP - 8) font-size="11" text-anchor="middle" fill=(MUTED) { (column) }
        }
        @for (r, row) in coverage.rows.iter().enumerate() {
            @let y = TOP + ROW * int(r);
            text x=(left - 8) y=(y + 14) font-size="12" text-anchor="end" fill=(INK) { (row.label) }
            @for (c, covered) in row.cells.iter().enumerate() {
                @let (x, to) = (left + step(c, columns, across), left + step(c + 1, columns, across));
                rect x=(x) y=(y) width=(to - x) height=(ROW) fill=(match covered.state {
                    Seen::Observed => OBSERVED.to_string(),
                    Seen::NotObserved => hatch(&id),
                    Seen::Saturated => SATURATED.to_string(),
                    Seen::NotKnown => dots(&id),
                }) {}
                @if let (Seen::Observed, Some(share), true) = (covered.state, covered.share_permille, wide >= 36) {
                    text x=((x + to) / 2) y=(y + 14) font-size="11" text-anchor="middle" fill=(INK) { (text::share(share)) }
                }
            }
        }
        path d=(lines(left, TOP, across, tall, columns, coverage.rows.len())) stroke=(PAPER) stroke-width="1" fill="none" {}
        rect x=(left) y=(TOP) width=(across) height=(tall) fill="none" stroke=(MUTED) stroke-width="1" {}
        (legend)
    };
    let of = |state| states().filter(|c| c.state == state).count();
    let saturated = match of(Seen::Saturated) {
        0 => String::new(),
        count => format!("{count} saturated, "),
    };
    let description = format!(
        "{} cells observed, {} not observed, {saturated}{} not known. The same is in the table below.",
        of(Seen::Observed),
        of(Seen::NotObserved),
        of(Seen::NotKnown)
    );
    frame(&id, WIDTH, height, &format!("Coverage: {}", coverage.kind), &description, &drawn)
}
