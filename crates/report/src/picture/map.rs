//! The map: counts by cell, the line of contact, zones, and what is needed to find one's way.

use super::*;
use crate::basemap::{self, Path};
use crate::cell::Vertex;
use crate::model::{BaseMap, Map, Seen};
use truce::place::Point;

/// Width in units of the picture. Shapes are drawn in tenths of a unit.
const WIDTH: i32 = 1_000;
const TENTHS: i64 = 10_000;

const SEA: &str = "#E9EFF3";
const LAND: &str = "#F4F2EE";

/// Degrees as they lie, squeezed by the cosine of the middle latitude: for a few hundred kilometres good enough,
/// and the same integers everywhere.
struct View {
    west: i64,
    south: i64,
    east: i64,
    north: i64,
    /// Cosine of the middle latitude, in millionths.
    squeeze: i64,
    /// Tenths of a unit per millidegree of latitude, in millionths.
    scale: i64,
}

impl View {
    /// Everything given, with a margin, at least half a degree and no more than 1.4 times as wide as high or so.
    fn around(vertices: &[Vertex]) -> Option<Self> {
        let of = |get: fn(&Vertex) -> i32| -> Option<(i64, i64)> {
            let min = vertices.iter().map(get).min()?;
            Some((i64::from(min), i64::from(vertices.iter().map(get).max()?)))
        };
        let ((west, east), (south, north)) = (of(|v| v.lon_millidegrees)?, of(|v| v.lat_millidegrees)?);
        let middle = (south + north) / 2;
        let squeeze =
            libm::round(libm::cos((middle as f64 / 1_000.0).to_radians()) * 1e6).max(50_000.0) as i64;
        // In millidegrees of latitude.
        let (mut wide, mut high) = ((east - west) * squeeze / 1_000_000, north - south);
        (wide, high) = ((wide + wide / 8).max(500), (high + high / 6).max(300));
        (wide, high) = (wide.max(high * 13 / 10), high.max(wide * 52 / 100));
        let half = wide * 1_000_000 / squeeze / 2;
        let centre = (west + east) / 2;
        Some(Self {
            west: centre - half,
            east: centre + half,
            south: middle - high / 2,
            north: middle + high / 2,
            squeeze,
            scale: TENTHS * 1_000_000 / wide,
        })
    }

    fn height(&self) -> i32 {
        i32::try_from((self.north - self.south) * self.scale / 10_000_000).unwrap_or(WIDTH)
    }

    /// Tenths of a unit from the upper left.
    fn at(&self, vertex: Vertex) -> (i64, i64) {
        let wide = i128::from(i64::from(vertex.lon_millidegrees) - self.west) * i128::from(self.squeeze);
        let x = wide * i128::from(self.scale) / 1_000_000_000_000;
        let y =
            i128::from(self.north - i64::from(vertex.lat_millidegrees)) * i128::from(self.scale) / 1_000_000;
        (i64::try_from(x).unwrap_or(0), i64::try_from(y).unwrap_or(0))
    }

    fn shows(&self, path: &[Vertex]) -> bool {
        let any = |keep: &dyn Fn(i64, i64) -> bool| {
            path.iter().any(|v| keep(v.lon_millidegrees.into(), v.lat_millidegrees.into()))
        };
        any(&|x, _| x > self.west)
            && any(&|x, _| x < self.east)
            && any(&|_, y| y > self.south)
            && any(&|_, y| y < self.north)
    }

    /// Path data in tenths, leaving out steps too short to see.
    fn draw(&self, path: &[Vertex], closed: bool, out: &mut String) {
        if path.len() < 2 || !self.shows(path) {
            return;
        }
        let mut last: Option<(i64, i64)> = None;
        for (i, vertex) in path.iter().enumerate() {
            let (x, y) = self.at(*vertex);
            match last {
                None => out.push_str(&format!("M{x} {y}")),
                Some((a, b)) => {
                    let (dx, dy) = (x - a, y - b);
                    if dx * dx + dy * dy < 36 && i + 1 < path.len() {
                        continue;
                    }
                    out.push_str(&if dy < 0 { format!("l{dx}{dy}") } else { format!("l{dx} {dy}") });
                }
            }
            last = Some((x, y));
        }
        if closed {
            out.push('Z');
        }
    }

    fn draw_all<'a>(&self, paths: impl IntoIterator<Item = &'a Path>, closed: bool) -> String {
        let mut out = String::new();
        for path in paths {
            let vertices: Vec<Vertex> = path.iter().map(|p: &Point| Vertex::from(*p)).collect();
            self.draw(&vertices, closed, &mut out);
        }
        out
    }
}

/// Corners of a cell: south-west, south-east, north-east, north-west.
fn corners(cell: crate::Cell) -> [Vertex; 4] {
    let [west, south, east, north] = cell.sides();
    let corner = |lon: i32, lat: i32| Vertex { lon_millidegrees: lon * 10, lat_millidegrees: lat * 10 };
    [corner(west, south), corner(east, south), corner(east, north), corner(west, north)]
}

/// A name, its dot, and where it is set.
struct Placed {
    name: String,
    dot: (i32, i32),
    at: (i32, i32),
}

/// Names where there is room for them, in the order given.
fn place(names: Vec<(String, Vertex)>, view: &View) -> Vec<Placed> {
    const SIZE: i32 = 13;
    let (width, height) = (WIDTH, view.height());
    let mut taken: Vec<[i32; 4]> = Vec::new();
    let mut placed = Vec::new();
    for (name, vertex) in names {
        let (x, y) = view.at(vertex);
        let (Ok(x), Ok(y)) = (i32::try_from(x / 10), i32::try_from(y / 10)) else { continue };
        if x < 8 || y < 8 || x > width - 8 || y > height - 8 {
            continue;
        }
        let wide = text_width(&name, SIZE);
        let spots = [(x + 7, y + 4), (x - 7 - wide, y + 4), (x - wide / 2, y - 8), (x - wide / 2, y + 17)];
        let free = spots.into_iter().find(|(left, base)| {
            let own = [*left, base - SIZE, left + wide, base + 3];
            own[0] > 2
                && own[2] < width - 2
                && own[1] > 2
                && own[3] < height - 2
                && !taken.iter().any(|t| own[0] < t[2] && t[0] < own[2] && own[1] < t[3] && t[1] < own[3])
        });
        if let Some((left, base)) = free {
            taken.push([left, base - SIZE, left + wide, base + 3]);
            taken.push([x - 4, y - 4, x + 4, y + 4]);
            placed.push(Placed { name, dot: (x, y), at: (left, base) });
        }
    }
    placed
}

/// The map.
pub(crate) fn map(map: &Map) -> Markup {
    let id = "map";
    let mut extent: Vec<Vertex> = map.cells.iter().flat_map(|c| corners(c.cell)).collect();
    extent.extend(map.lines.iter().flat_map(|l| l.paths.iter().flatten()));
    extent.extend(map.zones.iter().flat_map(|z| z.rings.iter().flatten()));
    let Some(view) = View::around(&extent) else {
        return frame(
            id,
            WIDTH,
            40,
            &map.title,
            "Nothing here has a place.",
            &html! {
                text x="0" y="24" font-size="14" fill=(INK) { "Nothing here has a place." }
            },
        );
    };
    let height = view.height();
    let scale = Scale::of(map.cells.iter().filter_map(|c| c.tally.count()));
    let base = (map.base != BaseMap::Blank).then(basemap::base);
    let wide_view = view.east - view.west > 5_000;

    let mut names: Vec<(String, Vertex)> = map.labels.iter().map(|l| (l.name.clone(), l.at)).collect();
    if let Some(base) = base {
        let mut towns: Vec<_> =
            base.towns.iter().filter(|t| t.rank <= if wide_view { 2 } else { 3 }).collect();
        towns.sort_by_key(|t| t.rank);
        names.extend(towns.into_iter().map(|t| (t.name.clone(), Vertex::from(t.at))));
    }
    let names = place(names, &view);

    let mut keys = count_keys(id, &scale, map.cells.iter().map(|c| c.tally));
    for key in &mut keys {
        key.words = key.words.replace("nothing reported; not known what would have been", "not known");
    }
    let (legend, mut bottom) = legend(&keys, 0, height + 14, WIDTH - 230);
    // A scale bar of a round length, about an eighth of the width.
    let bar = |km: i64| i32::try_from(km * view.scale * 100_000 / (11_132 * 10_000_000)).unwrap_or(0);
    let km = [1, 2, 5, 10, 20, 50, 100, 200, 500].into_iter().rev().find(|km| bar(*km) <= 180).unwrap_or(1);
    let bar = bar(km);
    let mut lines: Vec<(usize, String, String)> = Vec::new();
    for (i, line) in map.lines.iter().enumerate() {
        let mut d = String::new();
        for path in &line.paths {
            view.draw(path, false, &mut d);
        }
        lines.push((i, d, line.name.clone()));
    }
    let dash = |i: usize| ["none", "9 5", "3 3"][i.min(2)];
    let zones: Vec<(String, &str)> = map
        .zones
        .iter()
        .map(|zone| {
            let mut d = String::new();
            for ring in &zone.rings {
                view.draw(ring, true, &mut d);
            }
            (d, zone.name.as_str())
        })
        .collect();

    let shapes = html! {
        @if let Some(base) = base {
            g transform="scale(.1)" fill-rule="evenodd" {
                @let ours = view.draw_all(&base.outline, true);
                @if map.base == BaseMap::Unga68262 {
                    path d=(view.draw_all(&base.land, true)) fill=(LAND) {}
                    path d=(ours) fill=(PAPER) {}
                } @else {
                    path d=(view.draw_all(&base.land, true)) fill=(PAPER) {}
                    path d=(ours) fill=(PAPER) {}
                }
            }
        }
        g {
            @for cell in &map.cells {
                @let [sw, _, ne, _] = corners(cell.cell).map(|v| view.at(v));
                @let tenth = |v: i64| i32::try_from(v / 10).unwrap_or(0);
                @let (x, y, to_x, to_y) = (tenth(sw.0), tenth(ne.1), tenth(ne.0), tenth(sw.1));
                @match cell.tally.state() {
                    Seen::NotObserved => { rect x=(x) y=(y) width=(to_x - x) height=(to_y - y) fill=(hatch(id)) {} }
                    state => {
                        @if state == Seen::NotKnown {
                            rect x=(x) y=(y) width=(to_x - x) height=(to_y - y) fill=(dots(id)) {}
                        }
                        @let gap = if state == Seen::NotKnown { 2 } else { 0 };
                        @if state == Seen::Observed || cell.tally.count().is_some() {
                            rect x=(x + gap) y=(y + gap) width=((to_x - x - 2 * gap).max(3)) height=((to_y - y - 2 * gap).max(3))
                                fill=(scale.colour(cell.tally.count().unwrap_or(0))) stroke=(RULE) stroke-width="0.7" {}
                        }
                    }
                }
            }
        }
        g transform="scale(.1)" fill="none" stroke-linejoin="round" stroke-linecap="round" {
            @if let Some(base) = base {
                path d=(view.draw_all(&base.province_lines, false)) stroke="#AEB5BC" stroke-width="7" stroke-dasharray="30 20" {}
                path d=(view.draw_all(base.coast.iter().chain(&base.foreign_coast), false)) stroke="#8FA3B0" stroke-width="8" {}
                @if map.base == BaseMap::Unga68262 {
                    path d=(view.draw_all(base.state_border.iter().chain(&base.foreign_borders), false)) stroke="#6B727A" stroke-width="14" {}
                }
            }
            @for (d, _) in &zones {
                path d=(d) stroke=(INK) stroke-width="14" stroke-dasharray="50 30" {}
            }
            @for (i, d, _) in &lines {
                path d=(d) stroke=(PAPER) stroke-width="60" {}
                path d=(d) stroke=(INK) stroke-width="26" stroke-dasharray=(match i { 0 => "none", 1 => "90 50", _ => "30 40" }) {}
            }
        }
        @for label in &names {
            circle cx=(label.dot.0) cy=(label.dot.1) r="2.5" fill=(INK) stroke=(PAPER) stroke-width="1" {}
            text x=(label.at.0) y=(label.at.1) font-size="13" fill=(INK) stroke=(PAPER) stroke-width="3.5"
                stroke-linejoin="round" style="paint-order:stroke" { (label.name) }
        }
    };
    // Lines and zones in the legend, below the counts.
    let mut entries: Vec<(i32, &str, &str)> = Vec::new();
    for (i, _, name) in &lines {
        entries.push((bottom, dash(*i), name));
        bottom += 20;
    }
    for (_, name) in &zones {
        entries.push((bottom, "5 3", name));
        bottom += 20;
    }
    let note = match map.base {
        BaseMap::Unga68262 => basemap::CREDIT,
        BaseMap::NoBoundaries => {
            "Base map: Natural Earth 10m, version 4.1, public domain. No international boundary is shown; names imply no endorsement."
        }
        BaseMap::Blank => "Names and boundaries shown imply no endorsement.",
    };
    let drawn = html! {
        (patterns(id))
        clipPath id="map-frame" { rect width=(WIDTH) height=(height) {} }
        g clip-path="url(#map-frame)" {
            rect width=(WIDTH) height=(height) fill=(if base.is_some() { SEA } else { LAND }) {}
            (shapes)
        }
        rect x="0.5" y="0.5" width=(WIDTH - 1) height=(height - 1) fill="none" stroke=(MUTED) stroke-width="1" {}
        (legend)
        @for (y, dash, name) in &entries {
            path d=(format!("M0 {}h24", y + 7)) stroke=(INK) stroke-width=(if *dash == "5 3" { "1.4" } else { "2.6" }) stroke-dasharray=(dash) {}
            text x="30" y=(y + 11) font-size="12" fill=(INK) { (name) }
        }
        @let x = WIDTH - bar - 2;
        path d=(format!("M{x} {0}v6h{bar}v-6", height + 16)) fill="none" stroke=(INK) stroke-width="1.5" {}
        text x=(WIDTH - 2) y=(height + 38) font-size="12" text-anchor="end" fill=(INK) { (km) " km" }
        text x="0" y=(bottom + 14) font-size="11" fill=(MUTED) { (note) }
    };
    let of = |state| map.cells.iter().filter(|c| c.tally.state() == state).count();
    let description = format!(
        "{} cells of 10 km or more: {} observed, {} not observed, {} not known. The same numbers are in the table below.",
        map.cells.len(),
        of(Seen::Observed),
        of(Seen::NotObserved),
        of(Seen::NotKnown)
    );
    frame(id, WIDTH, bottom + 22, &format!("Map: {}", map.title), &description, &drawn)
}
