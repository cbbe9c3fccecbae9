//! Bars of counts before and in the window, and the interval of a ratio.

use super::*;
use crate::model::{Conclusion, Measured, Seen, Series};
use crate::text;

const WIDTH: i32 = 520;

/// Counts of the baseline windows and of the instrument's own, as bars.
pub(crate) fn bars(series: &Series) -> Markup {
    const TOP: i32 = 24;
    const TALL: i32 = 120;
    let id = format!("bars-{}", slug(&series.id));
    let all: Vec<&Measured> = series.baseline_windows.iter().chain([&series.window]).collect();
    let most = all.iter().filter_map(|m| m.tally.count()).max().unwrap_or(0).max(1);
    let count = i32::try_from(all.len()).unwrap_or(1).max(1);
    let slot = (WIDTH - 8) / count;
    let wide = (slot * 7 / 10).clamp(4, 48);
    // Names of the bars where there is room; the first and the last always.
    let name = all.iter().map(|m| text_width(&m.label, 11)).max().unwrap_or(1) + 8;
    let every = usize::try_from((name + slot - 1) / slot.max(1)).unwrap_or(1).max(1);
    let base = TOP + TALL;
    let high = |n: u64| i32::try_from(u64::from(TALL.unsigned_abs()) * n / most).unwrap_or(0);
    let drawn = html! {
        (patterns(&id))
        @for (i, measured) in all.iter().enumerate() {
            @let own = i + 1 == all.len();
            @let x = 4 + slot * i32::try_from(i).unwrap_or(0) + (slot - wide) / 2;
            @let middle = x + wide / 2;
            @match measured.tally.count() {
                Some(n) => {
                    rect x=(x) y=(base - high(n)) width=(wide) height=(high(n))
                        fill=(if own { INK } else if measured.left_out.is_some() { PAPER } else { "#B9BFC6" })
                        stroke=(if measured.left_out.is_some() { MUTED } else { "none" }) {}
                    @if measured.tally.state() == Seen::NotKnown {
                        rect x=(x) y=(base - high(n)) width=(wide) height=(high(n)) fill="none" stroke=(INK) stroke-width="1" stroke-dasharray="2 2" {}
                    }
                    text x=(middle) y=(base - high(n) - 5) font-size="12" text-anchor="middle" fill=(INK)
                        font-weight=(if own { "700" } else { "400" }) { (text::number(n)) }
                }
                None => {
                    rect x=(x) y=(TOP) width=(wide) height=(TALL)
                        fill=(if measured.tally.state() == Seen::NotObserved { hatch(&id) } else { dots(&id) }) {}
                }
            }
            @if own || (all.len() - 1 - i).is_multiple_of(every) {
                text x=(middle) y=(base + 16) font-size="11" text-anchor="middle" fill=(if own { INK } else { MUTED })
                    font-weight=(if own { "700" } else { "400" }) { (measured.label) }
            }
        }
        path d=(format!("M0 {base}H{WIDTH}")) stroke=(INK) stroke-width="1" {}
    };
    let description =
        all.iter().map(|m| format!("{}: {}", m.label, text::tally(m.tally))).collect::<Vec<_>>().join("; ");
    frame(
        &id,
        WIDTH,
        base + 24,
        &format!("{}: {} by window", series.title, series.unit),
        &description,
        &drawn,
    )
}

/// Position of a ratio on an axis in doublings, from an eighth to eight times.
fn at_ratio(permille: u64) -> i32 {
    let doublings = libm::log2(permille.max(1) as f64 / 1_000.0).clamp(-3.3, 3.3);
    WIDTH / 2 + libm::round(doublings * 72.0) as i32
}

/// The interval of a ratio beside "as before"; nothing where nothing follows.
pub(crate) fn interval(series: &Series) -> Option<Markup> {
    let Conclusion::Ratio { ratio_permille, low_permille, high_permille, .. } = &series.conclusion else {
        return None;
    };
    let id = format!("ratio-{}", slug(&series.id));
    let (low, high) = (at_ratio(*low_permille), high_permille.map_or(WIDTH, at_ratio));
    let marks: [(u64, &str); 7] = [
        (125, "⅛"),
        (250, "¼"),
        (500, "½"),
        (1_000, "as before"),
        (2_000, "2 ×"),
        (4_000, "4 ×"),
        (8_000, "8 ×"),
    ];
    let drawn = html! {
        path d=(format!("M{}  30H{}", at_ratio(110), at_ratio(9_000))) stroke=(RULE) stroke-width="1" {}
        @for (permille, words) in marks {
            @let x = at_ratio(permille);
            path d=(format!("M{x} {}V{}", if permille == 1_000 { 8 } else { 25 }, if permille == 1_000 { 52 } else { 35 }))
                stroke=(if permille == 1_000 { INK } else { MUTED }) stroke-width=(if permille == 1_000 { "1.5" } else { "1" }) {}
            text x=(x) y="66" font-size="11" text-anchor="middle" fill=(if permille == 1_000 { INK } else { MUTED }) { (words) }
        }
        rect x=(low) y="24" width=((high - low).max(2)) height="12" fill="#64489D" {}
        @if let Some(best) = ratio_permille {
            circle cx=(at_ratio(*best)) cy="30" r="7" fill=(PAPER) stroke=(INK) stroke-width="2" {}
        }
    };
    let description = sentence(&series.conclusion);
    Some(frame(&id, WIDTH, 72, &format!("{}: rate against before", series.title), &description, &drawn))
}

/// A conclusion as a sentence.
pub(crate) fn sentence(conclusion: &Conclusion) -> String {
    match conclusion {
        Conclusion::Ratio { ratio_permille, low_permille, high_permille, .. } => {
            let best = ratio_permille
                .map_or("no single value".into(), |r| format!("{} times the rate before", text::ratio(r)));
            let high = high_permille.map_or("no upper end".into(), text::ratio);
            format!("{best} (90 % interval: {} to {high})", text::ratio(*low_permille))
        }
        Conclusion::NoConclusion { reason } => format!("No conclusion: {reason}"),
    }
}
