#!/usr/bin/env python3
"""Builds basemap.json: coast, state borders, provinces and town labels around Ukraine, for reports and pages.

    python3 web/basemap/build.py [path/to/world_map.gpkg]

Without a path the file is taken from Debian's package qgis-common (apt-get download, unpacked in a temporary
folder). The geometry is Natural Earth 10m admin-1, version 4.1, as generalised by QGIS: public domain. Names are
official transliterations; town positions are plain facts to 0.01 degree.

Boundaries follow resolution 68/262 of the UN General Assembly ("unga-68-262"): Crimea and Sevastopol are units of
Ukraine. Natural Earth tags them otherwise, but keeps them as polygons of their own, so that only their owner is set
here and no coordinate is moved. The line across the isthmus of Perekop is therefore a provincial line.

Format: {"scale": 10000, "arcs": [[lon, lat, dlon, dlat, ...], ...], ...} with integers in 1/scale degree, the
first pair absolute, the others differences. Layers and rings name arcs by index; ~i is arc i backwards.
"""

import collections
import hashlib
import json
import math
import pathlib
import sqlite3
import struct
import subprocess
import sys
import tempfile

SHA256 = "ff5cceefc4b27abea094fa82459d8aef9417023236c326a666978b62ffe85db2"
SCALE = 10_000
# South of 43.6 and east of 46 lie boundaries that no report here needs.
WEST, SOUTH, EAST, NORTH = (round(v * SCALE) for v in (20, 43.6, 46, 57))
# Foreign lines are drawn thin and far away: simplified to this many units (0.008 degree, about 0.8 km).
# Ukraine's own outline is kept as it is, because the line of contact is derived with it.
FOREIGN_TOLERANCE = 80

# Natural Earth's name -> (ISO 3166-2, official transliteration)
PROVINCES = {
    "Vinnytsya": ("UA-05", "Vinnytsia"),
    "Volyn": ("UA-07", "Volyn"),
    "Luhans'k": ("UA-09", "Luhansk"),
    "Dnipropetrovs'k": ("UA-12", "Dnipropetrovsk"),
    "Donets'k": ("UA-14", "Donetsk"),
    "Zhytomyr": ("UA-18", "Zhytomyr"),
    "Transcarpathia": ("UA-21", "Zakarpattia"),
    "Zaporizhzhya": ("UA-23", "Zaporizhzhia"),
    "Ivano-Frankivs'k": ("UA-26", "Ivano-Frankivsk"),
    "Kiev City": ("UA-30", "Kyiv (city)"),
    "Kiev": ("UA-32", "Kyiv"),
    "Kirovohrad": ("UA-35", "Kirovohrad"),
    "Sevastopol": ("UA-40", "Sevastopol"),
    "Crimea": ("UA-43", "Crimea"),
    "L'viv": ("UA-46", "Lviv"),
    "Mykolayiv": ("UA-48", "Mykolaiv"),
    "Odessa": ("UA-51", "Odesa"),
    "Poltava": ("UA-53", "Poltava"),
    "Rivne": ("UA-56", "Rivne"),
    "Sumy": ("UA-59", "Sumy"),
    "Ternopil'": ("UA-61", "Ternopil"),
    "Kharkiv": ("UA-63", "Kharkiv"),
    "Kherson": ("UA-65", "Kherson"),
    "Khmel'nyts'kyy": ("UA-68", "Khmelnytskyi"),
    "Cherkasy": ("UA-71", "Cherkasy"),
    "Chernihiv": ("UA-74", "Chernihiv"),
    "Chernivtsi": ("UA-77", "Chernivtsi"),
}

# Name, longitude, latitude, rank (1 = on every map, 3 = only on close ones).
TOWNS = [
    ("Kyiv", 30.52, 50.45, 1), ("Kharkiv", 36.23, 49.99, 1), ("Odesa", 30.73, 46.48, 1),
    ("Dnipro", 35.05, 48.46, 1), ("Donetsk", 37.80, 48.00, 1), ("Zaporizhzhia", 35.14, 47.84, 1),
    ("Lviv", 24.03, 49.84, 1), ("Luhansk", 39.31, 48.57, 1), ("Kherson", 32.62, 46.64, 1),
    ("Simferopol", 34.10, 44.95, 1), ("Sevastopol", 33.52, 44.61, 2), ("Mariupol", 37.55, 47.10, 1),
    ("Mykolaiv", 32.00, 46.97, 2), ("Sumy", 34.80, 50.91, 2), ("Chernihiv", 31.29, 51.50, 2),
    ("Poltava", 34.55, 49.59, 2), ("Kramatorsk", 37.56, 48.74, 2), ("Kupiansk", 37.61, 49.71, 3),
    ("Melitopol", 35.37, 46.85, 2), ("Vinnytsia", 28.47, 49.23, 2), ("Kryvyi Rih", 33.39, 47.91, 3),
    ("Belgorod", 36.59, 50.60, 2), ("Kursk", 36.19, 51.73, 2), ("Voronezh", 39.20, 51.66, 2),
    ("Rostov-on-Don", 39.72, 47.24, 2), ("Krasnodar", 38.98, 45.04, 2), ("Bryansk", 34.37, 53.24, 2),
    ("Moscow", 37.62, 55.75, 1), ("Minsk", 27.56, 53.90, 2), ("Chisinau", 28.86, 47.01, 2),
    ("Warsaw", 21.01, 52.23, 2), ("Bucharest", 26.10, 44.43, 2),
]


def wkb(blob, at):
    """A (multi)polygon as a list of polygons of rings of points in integer units, and where it ends."""
    order = "<" if blob[at] == 1 else ">"
    kind, count = struct.unpack_from(order + "II", blob, at + 1)
    at += 9
    if kind == 6:
        polygons = []
        for _ in range(count):
            part, at = wkb(blob, at)
            polygons += part
        return polygons, at
    if kind != 3:
        sys.exit(f"unexpected WKB geometry {kind}: the layer holds something else than polygons")
    rings = []
    for _ in range(count):
        (points,) = struct.unpack_from(order + "I", blob, at)
        values = struct.unpack_from(order + f"{2 * points}d", blob, at + 4)
        at += 4 + 16 * points
        ring = [(round(x * SCALE), round(y * SCALE)) for x, y in zip(values[::2], values[1::2])]
        rings.append([p for p, q in zip(ring, ring[1:] + ring[:1]) if p != q])
    return [rings], at


def geometry(blob):
    """GeoPackage binary: header, envelope, WKB."""
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[(blob[3] >> 1) & 7]
    return wkb(blob, 8 + envelope)[0]


def read(path):
    """(owner, province or None) -> polygons, for everything that touches the box."""
    units = {}
    rows = sqlite3.connect(path).execute("select name, adm0_a3, geom from states_provinces order by fid")
    for name, country, blob in rows:
        ours = country == "UKR" or name in ("Crimea", "Sevastopol")
        key = ("UKR", PROVINCES[name]) if ours else (country, None)
        polygons = [
            rings for rings in geometry(blob)
            if len(rings[0]) > 2
            and max(x for x, _ in rings[0]) > WEST and min(x for x, _ in rings[0]) < EAST
            and max(y for _, y in rings[0]) > SOUTH and min(y for _, y in rings[0]) < NORTH
        ]
        if polygons:
            units.setdefault(key, []).extend(polygons)
    return units


def owners(units):
    """Directed edge -> the unit on its left or right; an edge within one foreign country cancels out."""
    edges = collections.defaultdict(set)
    for key in sorted(units, key=str):
        for rings in units[key]:
            for ring in rings:
                for a, b in zip(ring, ring[1:] + ring[:1]):
                    side = (key, (a, b))
                    undirected = (min(a, b), max(a, b))
                    twin = (key, (b, a))
                    if twin in edges[undirected]:
                        edges[undirected].remove(twin)
                    else:
                        edges[undirected].add(side)
    return {edge: frozenset(key for key, _ in sides) for edge, sides in edges.items() if sides}


def chains(edges):
    """Arcs: longest chains of edges with the same units beside them, broken where lines meet."""
    at = collections.defaultdict(list)
    for edge in sorted(edges):
        for point in edge:
            at[point].append(edge)

    def through(point):
        return len(at[point]) == 2 and edges[at[point][0]] == edges[at[point][1]]

    done, arcs = set(), []

    def walk(start, edge):
        arc, point = [start], start
        while edge not in done:
            done.add(edge)
            point = edge[0] if edge[1] == point else edge[1]
            arc.append(point)
            if not through(point):
                break
            edge = next((e for e in at[point] if e not in done), edge)
        return arc

    for point in sorted(at):
        if not through(point):
            for edge in at[point]:
                if edge not in done:
                    arcs.append((walk(point, edge), edges[edge]))
    for edge in sorted(edges):
        if edge not in done:
            arcs.append((walk(edge[0], edge), edges[edge]))
    return arcs


def simplify(points, tolerance):
    """Douglas and Peucker (1973), on units squeezed to true proportions at 50 degrees north."""
    if len(points) < 3:
        return points
    squeeze = math.cos(math.radians(50))
    (ax, ay), (bx, by) = points[0], points[-1]
    dx, dy = (bx - ax) * squeeze, by - ay
    length = math.hypot(dx, dy)

    def off(point):
        px, py = (point[0] - ax) * squeeze, point[1] - ay
        return abs(px * dy - py * dx) / length if length else math.hypot(px, py)

    far = max(range(1, len(points) - 1), key=lambda i: off(points[i]))
    if off(points[far]) <= tolerance:
        return [points[0], points[-1]]
    return simplify(points[: far + 1], tolerance)[:-1] + simplify(points[far:], tolerance)


def clip_ring(ring):
    """Sutherland and Hodgman (1974) against the box."""
    for axis, limit, sign in ((0, WEST, 1), (0, EAST, -1), (1, SOUTH, 1), (1, NORTH, -1)):
        out = []
        for p, q in zip(ring, ring[1:] + ring[:1]):
            inside_p, inside_q = (sign * (v[axis] - limit) >= 0 for v in (p, q))
            if inside_p:
                out.append(p)
            if inside_p != inside_q:
                t = (limit - p[axis]) / (q[axis] - p[axis])
                out.append(tuple(limit if i == axis else round(p[i] + t * (q[i] - p[i])) for i in (0, 1)))
        ring = out
    return ring


def inside(point):
    return WEST <= point[0] <= EAST and SOUTH <= point[1] <= NORTH


def cut_line(points):
    """Parts of a line with at least one end of each edge in the box."""
    part = []
    for p, q in zip(points, points[1:]):
        if inside(p) or inside(q):
            part = part or [p]
            part.append(q)
        elif part:
            yield part
            part = []
    if part:
        yield part


def deltas(points):
    flat, last = [], (0, 0)
    for p in points:
        flat += [p[0] - last[0], p[1] - last[1]]
        last = p
    return flat


def rings_of(key_test, arcs):
    """Rings (lists of arc numbers, ~i backwards) of the area whose outline the chosen arcs are."""
    chosen = [i for i, (_, units) in enumerate(arcs) if sum(map(key_test, units)) == 1]
    ends = collections.defaultdict(list)
    for i in chosen:
        ends[arcs[i][0][0]].append(i)
        ends[arcs[i][0][-1]].append(~i)
    used, rings = set(), []
    for first in chosen:
        if first in used:
            continue
        ring, arc = [], first
        while True:
            used.add(arc if arc >= 0 else ~arc)
            ring.append(arc)
            points = arcs[arc][0] if arc >= 0 else arcs[~arc][0][::-1]
            end = points[-1]
            following = [a for a in ends[end] if (a if a >= 0 else ~a) not in used]
            if not following:
                break
            arc = following[0]
        rings.append(ring)
    return rings


def main():
    if len(sys.argv) > 1:
        path = pathlib.Path(sys.argv[1])
    else:
        folder = tempfile.mkdtemp()
        subprocess.run(["apt-get", "download", "qgis-common"], cwd=folder, check=True)
        package = next(pathlib.Path(folder).glob("*.deb"))
        subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
        path = pathlib.Path(folder) / "usr/share/qgis/resources/data/world_map.gpkg"
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256:
        sys.exit(f"{path} has SHA-256 {found}, expected {SHA256}: another version; look at the result, then change SHA256")

    arcs = chains(owners(read(path)))
    ours = lambda unit: unit[0] == "UKR"
    arcs = [
        (points if any(map(ours, units)) else simplify(points, FOREIGN_TOLERANCE), units) for points, units in arcs
    ]

    kept, layers = [], {"coast": [], "state_border": [], "province": [], "foreign_coast": [], "foreign_border": []}
    number = {}
    for i, (points, units) in enumerate(arcs):
        count = sum(map(ours, units))
        layer = (
            ("coast" if len(units) == 1 else "province" if count == 2 else "state_border")
            if count
            else ("foreign_coast" if len(units) == 1 else "foreign_border")
        )
        for part in [points] if count else cut_line(points):
            number[i] = len(kept)
            layers[layer].append(len(kept))
            kept.append(part)

    def renumber(rings):
        return [[number[a] if a >= 0 else ~number[~a] for a in ring] for ring in rings]

    land = []
    for country in sorted({unit[0] for _, units in arcs for unit in units} - {"UKR"}):
        for ring in rings_of(lambda unit: unit[0] == country, arcs):
            points = []
            for a in ring:
                points += (arcs[a][0] if a >= 0 else arcs[~a][0][::-1])[:-1]
            clipped = clip_ring(points)
            if len(clipped) > 2:
                land.append(deltas(clipped))

    out = {
        "about": "Natural Earth 10m admin-1, version 4.1 (public domain), as shipped by Debian qgis-common",
        "source_sha256": SHA256,
        "boundaries": "unga-68-262",
        "scale": SCALE,
        "box": [WEST, SOUTH, EAST, NORTH],
        "arcs": [deltas(points) for points in kept],
        "layers": layers,
        "outline": renumber(rings_of(lambda unit: unit[0] == "UKR", arcs)),
        "provinces": [
            {"iso": iso, "name": name, "rings": renumber(rings_of(lambda unit: unit == ("UKR", (iso, name)), arcs))}
            for iso, name in sorted(PROVINCES.values())
        ],
        "land": land,
        "towns": [
            {"name": name, "lon": round(lon * SCALE), "lat": round(lat * SCALE), "rank": rank}
            for name, lon, lat, rank in TOWNS
        ],
    }
    target = pathlib.Path(__file__).with_name("basemap.json")
    text = json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n"
    target.write_text(text, encoding="utf-8")
    print(f"{target.name}: {len(text.encode())} bytes, {len(kept)} arcs, {len(land)} foreign areas")
    for name, arc_numbers in layers.items():
        print(f"  {name}: {len(arc_numbers)} arcs, {sum(len(kept[a]) for a in arc_numbers)} points")


main()
