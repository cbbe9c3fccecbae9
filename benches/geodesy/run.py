"""Compare `Line::nearest` with Shapely 2 on the same line and points, in one run.

    python3 -m venv venv && venv/bin/pip install shapely numpy
    venv/bin/python benches/geodesy/run.py [number of points]

Both tools get the same points, and Shapely gets the line of contact that our binary derived. Ours answers the distance
over the ground, the side and the place along the line. Shapely works as is usual with it, in the plane: a STRtree over
the edges (nearest, then distance), and for the side a prepared polygon (contains_xy). Its distances are in degrees, so
it is asked for less; a second figure gives it coordinates that were projected beforehand, at no charge.
"""

import csv
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / ".." / "shared" / "data"
HELD = DATA / "easter-2025" / "line" / "deepstate_2025-04-19.geojson"
MAPPED = DATA / "admin" / "oblasts.geojson"
# Drawn by hand over the held coast, because the administrative boundaries run 22 km out at sea.
SEA = [(30.9, 46.6), (31.53, 46.59), (31.56, 46.541), (31.62, 46.515), (31.75, 46.51), (32.1, 46.47), (32.3, 46.42),
       (33.0, 46.3), (33.8, 46.3), (34.6, 46.5), (35.3, 46.75), (36.5, 47.0), (37.3, 47.25), (38.0, 47.25), (38.5, 47.15),
       (38.5, 46.5), (37.2, 45.0), (36.8, 44.0), (31.0, 44.0), (30.9, 46.3)]
REPEATS = 3


def polygons(path):
    for feature in json.loads(path.read_text())["features"]:
        geometry = feature["geometry"]
        many = geometry["type"] == "MultiPolygon"
        yield from geometry["coordinates"] if many else [geometry["coordinates"]]


def write(path, header, rows):
    with open(path, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_polygons(path, shapes):
    rows = ((p, r, f"{c[0]:.7f}", f"{c[1]:.7f}") for p, shape in enumerate(shapes) for r, ring in enumerate(shape)
            for c in ring)
    write(path, ("polygon", "ring", "lon", "lat"), rows)


def best(work):
    """The best of some runs, in seconds on a CPU (other work on the machine does not count), and the last answer."""
    seconds = []
    for _ in range(REPEATS):
        start = time.thread_time()
        answer = work()
        seconds.append(time.thread_time() - start)
    return min(seconds), answer


def main():
    if not HELD.exists() or not MAPPED.exists():
        sys.exit("skipped: the data folder ../shared is absent, so there is no real line to measure on")
    try:
        import numpy as np
        import shapely
    except ImportError:
        sys.exit("install shapely 2 and numpy first: see the top of this file")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    subprocess.run(["cargo", "build", "--release", "-q", "-p", "truce", "--example", "geodesy_bench"], cwd=ROOT, check=True)
    binary = ROOT / "target" / "release" / "examples" / "geodesy_bench"

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        held_shapes = list(polygons(HELD))
        write_polygons(folder / "held.csv", held_shapes)
        write_polygons(folder / "mapped.csv", polygons(MAPPED))
        write_polygons(folder / "sea.csv", [[SEA]])
        # Half of the points within about 15 km of vertices of the boundary near the front, half up to 100 km away.
        rng = np.random.default_rng(20250419)
        ring = np.array([c for shape in held_shapes for c in shape[0]])
        ring = ring[(ring[:, 1] > 46.5) & (ring[:, 0] < 38.2)]
        middle = ring[rng.integers(len(ring), size=count)]
        reach = np.where(np.arange(count) % 2 == 0, 15.0, 100.0) * np.sqrt(rng.random(count))
        angle = rng.random(count) * 2 * np.pi
        points = np.round(middle + np.c_[np.cos(angle) * reach / 74.0, np.sin(angle) * reach / 111.2], 7)
        write(folder / "points.csv", ("lon", "lat"), ((f"{x:.7f}", f"{y:.7f}") for x, y in points))

        text = subprocess.run([binary, folder], check=True, capture_output=True, text=True).stdout
        ours = {}
        for name, value in (row.split("=") for row in text.split("\n") if row and not row.startswith("checks")):
            ours[name] = min(float(value), ours.get(name, float("inf")))
        line = np.loadtxt(folder / "line.csv", delimiter=",", skiprows=1)
        with open(folder / "answers.csv") as answers:
            answers = list(csv.DictReader(answers))

        def planar(xy):
            """Shapely on the line and the points, as they are or projected by `xy`."""
            piece, at = line[:, 0], xy(line[:, 1:])
            same = piece[:-1] == piece[1:]
            edges = shapely.linestrings(np.stack([at[:-1][same], at[1:][same]], axis=1))
            held = shapely.MultiPolygon([(xy(np.array(s[0])), [xy(np.array(h)) for h in s[1:]]) for s in held_shapes])
            shapely.prepare(held)
            where = xy(points)
            tree = shapely.STRtree(edges)
            tree.nearest(shapely.points(where[:1]))  # the tree is built at its first use

            def distance():
                places = shapely.points(where)
                return shapely.distance(places, edges[tree.nearest(places)])

            far, metres = best(distance)
            side, inside = best(lambda: shapely.contains_xy(held, where[:, 0], where[:, 1]))
            return far, side, metres, inside

        far, side, _, inside = planar(lambda a: a)
        scale = np.array([np.cos(np.radians(48.0)) * 111.32, 111.2])
        far_km, side_km, km, _ = planar(lambda a: a * scale)

    n = len(points)
    print(f"shapely {shapely.__version__} (GEOS {shapely.geos_version_string}), {n:,} points, "
          f"line of {ours['line_mm'] / 1e6:,.0f} km with {len(line):,} vertices, best of {REPEATS}")

    def show(what, seconds):
        print(f"  {what:<62} {n / seconds:>12,.0f} points/s")

    print(f"  truce: compile regions {ours['regions_s'] * 1e3:,.0f} ms, line {ours['line_s'] * 1e3:,.0f} ms")
    show("truce: distance on WGS84, side, chainage", ours["nearest_s"])
    show("truce: containment in held ground", ours["contains_s"])
    show("truce: spots (points in space, once per observation)", ours["spots_s"])
    show("truce: chord between spots within reach (linking)", ours["chords_s"])
    show("truce: distance between two points", ours["distances_s"])
    show("shapely: distance in degrees", far)
    show("shapely: distance in degrees and side", far + side)
    show("shapely: distance in kilometres, projected beforehand", far_km)
    show("shapely: the same and side", far_km + side_km)
    print(f"  ratio, distance and side: {(far + side) / ours['nearest_s']:.1f}; "
          f"distance alone of shapely: {far / ours['nearest_s']:.1f}; "
          f"with coordinates projected beforehand: {(far_km + side_km) / ours['nearest_s']:.1f}")
    # Not a proof, but a check that both measured the same: sides agree, distances agree to the error of the plane.
    left = np.array([a["side"] == "Left" for a in answers])
    mm = np.array([float(a["mm"]) for a in answers])
    print(f"  same side of held ground: {np.mean(left == inside):.6f}; "
          f"median difference of distances: {np.median(np.abs(km - mm / 1e6) / np.maximum(mm / 1e6, 0.1)) * 100:.2f} %")


if __name__ == "__main__":
    main()
