"""The hard scenarios in the bench's own CSV formats, and their scores: us, and the peers where they can take part.

    hard.py generate CASE SEED FOLDER        detections.csv, sensor.json, truth.csv, labels.csv
    hard.py run BENCH_FOLDER WORK_FOLDER OUR_BINARY OUT.json --tuned tuned.json [--seeds 20] [--cases a,b,...] [--peers none]
    hard.py table OUT.json                   Markdown
    hard.py adsb STATES.csv WORK_FOLDER OUR_BINARY BENCH_FOLDER    real ADS-B as a smoke test

`truth.csv` is that of the bench (t,id,x,y,vx,vy), and so is `detections.csv` (t,x,y) where one sensor measures
positions; scenes of several sensors, of bearings and of reports have the columns of docs/track.md ("The bench's
formats"). Held-out seeds are 9101 and up; settings are those of the main bench, none was chosen on these scenes.

The peers are norfair and Stone Soup's KD-tree GNN. They read the first radar alone, which is the best that they can do: of
two radars it is the one without a bias, and reports are spoofed. In the scene of birds they read all detections, and
once more only those that no signature calls a bird. While a sensor is silent nobody is stepped or scored, so that silence
is not a miss. Where each plot has its own time within a scan, everybody is scored once a scan, on the state of a whole second made from
all plots up to half a second after it, which is what our command waits for. The peers get the plots scan by scan, Stone Soup with each plot's
time, norfair, which has no sense of time, moved by the plots' mean age. What they cannot read (bearings) they sit out.
Stone Soup has 120 CPU seconds for a scene; what is not done by then counts as stopped and is not scored.
"""
import argparse
import csv
import json
import os
import resource
import subprocess
import sys

import bench  # sets one thread, before numpy is loaded
import numpy as np

import peers

FIRST_SEED = 9101
SECONDS = 120
SIGMA = 20.0
SOUND = 340.0
STATIONS = np.array([[0.0, 0.0], [5000.0, 0.0], [2500.0, 5000.0], [-2000.0, 4000.0]])
BEARING_SIGMA = 0.01
LIMIT_S = 120.0


def fly(rng, start, seconds, speed=(12, 55), heading=None, straight=False):
    """A path of the bench's kind: (seconds, 4) x, y, vx, vy, once a second."""
    x, y = start
    v = rng.uniform(*speed)
    heading = rng.uniform(0, 2 * np.pi) if heading is None else heading
    turning, rate, left = False, 0.0, rng.uniform(10, 40)
    rows = []
    for _ in range(seconds):
        rows.append((x, y, v * np.cos(heading), v * np.sin(heading)))
        for _ in range(10):
            left -= 0.1
            if left <= 0 and not straight:
                turning = not turning
                rate = np.deg2rad(rng.uniform(2, 12)) * rng.choice([-1, 1]) if turning else 0.0
                left = rng.uniform(5, 20) if turning else rng.uniform(10, 40)
            heading += rate * 0.1
            x += v * np.cos(heading) * 0.1
            y += v * np.sin(heading) * 0.1
    return np.array(rows)


class Scene:
    """What is generated: sensors, rows of detections, truth."""

    def __init__(self, lo, hi, seconds=SECONDS):
        self.lo, self.hi, self.seconds = lo, hi, seconds
        self.sensors, self.rows, self.truth = [], [], []

    def radar(self, name="radar", sigma=SIGMA, stated=None, detection=0.9, clutter=0.2, **more):
        """A sensor of positions that sees the whole scene."""
        self.sensors.append({"name": name, "gives": "positions", "lo_m": self.lo, "hi_m": self.hi,
                             "detection_probability": detection, "sigma_m": stated or sigma,
                             "clutter_per_km2": clutter, **more})

    def aircraft(self, paths):
        """Add truth: paths by number, each (seconds, 4)."""
        for number, path in enumerate(paths):
            for t, row in enumerate(path):
                self.truth.append((t, number, *row))

    def put(self, t, label, **cells):
        """One detection."""
        self.rows.append((t, label, cells))

    def look(self, rng, paths, sensor=0, sigma=SIGMA, detection=0.9, labels=None, seen=lambda t, at: True, late=0.0,
             shift=(0.0, 0.0), more=lambda label: {}):
        """A scanning radar's rows, and its false detections."""
        it = self.sensors[sensor]
        area = ((self.hi - self.lo) / 1000) ** 2
        for t in range(self.seconds):
            if any(a <= t < b for a, b in it.get("silent_s", [])):
                continue
            for number, path in enumerate(paths):
                x, y, vx, vy = path[t]
                label = number if labels is None else labels[number]
                if rng.random() < detection and seen(t, (x, y)):
                    at = rng.normal(0, sigma, 2) + (x - late * vx + shift[0], y - late * vy + shift[1])
                    self.put(t, label, sensor=it["name"], x=at[0], y=at[1], **more(label))
            for _ in range(rng.poisson(it["clutter_per_km2"] * area)):
                x, y = rng.uniform(self.lo, self.hi, 2)
                self.put(t, -1, sensor=it["name"], x=x, y=y)

    def write(self, rng, folder):
        """The four files."""
        os.makedirs(folder, exist_ok=True)
        order = sorted(range(len(self.rows)), key=lambda n: (self.rows[n][0], rng.random()))
        rows = [self.rows[n] for n in order]
        plain = len(self.sensors) == 1 and all(set(cells) == {"sensor", "x", "y"} for _, _, cells in rows)
        names = ["x", "y"] if plain else [
            name for name in ("sensor", "x", "y", "azimuth_deg", "claims", "class", "class_chance")
            if any(name in cells for _, _, cells in rows)]
        with open(os.path.join(folder, "detections.csv"), "w", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["t", *names])
            for t, _, cells in rows:
                text = [cells.get(name, "") for name in names]
                out.writerow([f"{t:.4f}" if isinstance(t, float) else t, *(f"{cell:.4f}" if isinstance(cell, float) else cell for cell in text)])
        with open(os.path.join(folder, "labels.csv"), "w") as file:
            file.write("id\n" + "".join(f"{label}\n" for _, label, _ in rows))
        with open(os.path.join(folder, "truth.csv"), "w") as file:
            file.write("t,id,x,y,vx,vy\n")
            for t, number, x, y, vx, vy in sorted(self.truth, key=lambda row: row[:2]):
                file.write(f"{t},{number},{x:.3f},{y:.3f},{vx:.3f},{vy:.3f}\n")
        sensor = {"duration_s": self.seconds, "lo_m": self.lo, "hi_m": self.hi}
        if plain:
            sensor.update({key: value for key, value in self.sensors[0].items() if key not in ("name", "gives")})
        else:
            sensor["sensors"] = self.sensors
        with open(os.path.join(folder, "sensor.json"), "w") as file:
            json.dump(sensor, file, indent=1)


    def turn(self, rng, paths, period, when):
        """A radar's rows where each plot has its own time: `when(scan, place)` tells that at which the radar saw the place."""
        it = self.sensors[0]
        area = ((self.hi - self.lo) / 1000) ** 2
        for scan in range(SECONDS // period):
            for number, path in enumerate(paths):
                t = (scan + 0.5) * period
                for _ in range(3):
                    t = when(scan, between(path, t))
                if rng.random() < it["detection_probability"]:
                    at = rng.normal(0, SIGMA, 2) + between(path, t)
                    self.put(t, number, sensor=it["name"], x=at[0], y=at[1])
            for _ in range(rng.poisson(it["clutter_per_km2"] * area)):
                x, y = rng.uniform(self.lo, self.hi, 2)
                self.put(when(scan, (x, y)), -1, sensor=it["name"], x=x, y=y)


def between(path, t):
    """The place of a path at any time, straight from second to second (of a turn, 1 m off at most)."""
    k = min(int(t), len(path) - 2)
    return path[k][:2] + (t - k) * (path[k + 1][:2] - path[k][:2])


def crowd(rng, n, lo, hi, seconds=SECONDS, **more):
    """Paths of n aircraft that begin anywhere."""
    return [fly(rng, rng.uniform(lo, hi, 2), seconds, **more) for _ in range(n)]


def drop_out(rng):
    """40 aircraft; the radar is silent three times, for 6, 10 and 15 s, and says so."""
    scene = Scene(-6000.0, 6000.0)
    scene.radar(silent_s=[[30, 36], [55, 65], [85, 100]])
    paths = crowd(rng, 40, -4500, 4500)
    scene.aircraft(paths)
    scene.look(rng, paths)
    return scene


def understated(rng):
    """40 aircraft; the radar states half of its error."""
    scene = Scene(-6000.0, 6000.0)
    scene.radar(sigma=40.0, stated=20.0)
    paths = crowd(rng, 40, -4500, 4500)
    scene.aircraft(paths)
    scene.look(rng, paths, sigma=40.0)
    return scene


def swarm(rng):
    """50 aircraft within 200 m that fly through 50 others of their kind: 25 each way, 5 m error."""
    scene = Scene(-5000.0, 5000.0, 80)
    scene.radar(sigma=5.0, detection=0.95, clutter=0.2)
    paths = []
    for number in range(50):
        side = -1 if number < 25 else 1
        start = (side * 1200 + rng.uniform(-100, 100), rng.uniform(-100, 100))
        paths.append(fly(rng, start, 80, speed=(28, 32), heading=0.0 if side < 0 else np.pi, straight=True))
    scene.aircraft(paths)
    scene.look(rng, paths, sigma=5.0, detection=0.95)
    return scene


def spoofed(rng):
    """30 aircraft, 10 of which report themselves (5 m), and 10 reports of aircraft that do not exist."""
    scene = Scene(-6000.0, 6000.0)
    scene.radar()
    scene.sensors.append({"name": "remote-id", "gives": "reports", "lo_m": -6000.0, "hi_m": 6000.0, "sigma_m": 5.0,
                          "detection_probability": 0.9, "clutter_per_km2": 0.0})
    paths = crowd(rng, 30, -4500, 4500)
    ghosts = crowd(rng, 10, -4500, 4500)
    scene.aircraft(paths)
    scene.look(rng, paths)
    for t in range(SECONDS):
        for number, path in [(n, paths[n]) for n in range(10)] + [(100 + n, ghosts[n]) for n in range(10)]:
            x, y = path[t][:2] + rng.normal(0, 5, 2)
            scene.put(t, number if number < 100 else -1, sensor="remote-id", x=x, y=y, claims=f"id-{number}")
    return scene


def terrain(rng):
    """40 aircraft; three ridges of 600 m hide them."""
    hidden = [[-3000.0, -6000.0, -2400.0, 6000.0], [0.0, -6000.0, 600.0, 6000.0], [2500.0, -6000.0, 3100.0, 6000.0]]
    scene = Scene(-6000.0, 6000.0)
    scene.radar(hidden_m=hidden)
    paths = crowd(rng, 40, -4500, 4500)
    scene.aircraft(paths)
    scene.look(rng, paths, seen=lambda t, at: not any(a <= at[0] <= c for a, _, c, _ in hidden))
    return scene


def birds(rng):
    """30 aircraft and 60 birds in flocks of six (6 to 14 m/s, seen half of the time); signatures are right with 0.8."""
    scene = Scene(-6000.0, 6000.0)
    scene.radar()
    paths = crowd(rng, 30, -4500, 4500)
    flocks = []
    for _ in range(10):
        start, heading = rng.uniform(-4500, 4500, 2), rng.uniform(0, 2 * np.pi)
        flocks += [fly(rng, start + rng.normal(0, 60, 2), SECONDS, speed=(6, 14), heading=heading) for _ in range(6)]
    scene.aircraft(paths)

    def signed(label):
        right = rng.random() < 0.8
        of = ("multirotor" if right else "bird") if label >= 0 else ("bird" if right else "multirotor")
        return {"class": of, "class_chance": 0.8}

    scene.look(rng, paths, more=signed)
    clutter, scene.sensors[0]["clutter_per_km2"] = scene.sensors[0]["clutter_per_km2"], 0.0
    scene.look(rng, flocks, detection=0.5, labels=[-2] * len(flocks), more=signed)
    scene.sensors[0]["clutter_per_km2"] = clutter
    return scene


def biased(rng):
    """20 aircraft before two radars; the second lies 60 m east and 25 m south and stamps 0.8 s late; four report."""
    scene = Scene(-6000.0, 6000.0)
    scene.radar(name="right")
    scene.radar(name="wrong")
    scene.sensors.append({"name": "own", "gives": "reports", "lo_m": -6000.0, "hi_m": 6000.0, "sigma_m": 3.0,
                          "detection_probability": 0.9, "clutter_per_km2": 0.0})
    paths = crowd(rng, 20, -4500, 4500)
    scene.aircraft(paths)
    scene.look(rng, paths)
    scene.look(rng, paths, sensor=1, late=0.8, shift=(60.0, -25.0))
    for t in range(SECONDS):
        for number in range(4):
            x, y = paths[number][t][:2] + rng.normal(0, 3, 2)
            scene.put(t, number, sensor="own", x=x, y=y, claims=f"own-{number}")
    return scene


def rotating(rng, period):
    """40 aircraft before a radar in the middle that turns once in `period` seconds: a plot's time is that of the beam."""
    scene = Scene(-6000.0, 6000.0, SECONDS + 1)
    scene.radar(scan_s=period)
    paths = crowd(rng, 40, -4500, 4500, SECONDS + 1)
    scene.aircraft(paths)
    scene.turn(rng, paths, period, lambda scan, at: float(period * (scan + np.arctan2(at[0], at[1]) / (2 * np.pi) % 1.0)))
    return scene


def rotating_1s(rng):
    """`rotating`, once a second."""
    return rotating(rng, 1)


def rotating_4s(rng):
    """`rotating`, once in four seconds."""
    return rotating(rng, 4)


def jittered(rng):
    """40 aircraft; a scan begins anywhere in the first 0.4 s of its second, and its plots are spread over 0.1 s from there."""
    scene = Scene(-6000.0, 6000.0, SECONDS + 1)
    scene.radar(scan_s=1)
    paths = crowd(rng, 40, -4500, 4500, SECONDS + 1)
    scene.aircraft(paths)
    begins = rng.uniform(0, 0.4, SECONDS)
    scene.turn(rng, paths, 1, lambda scan, at: float(scan + begins[scan] + rng.uniform(0, 0.1)))
    return scene


def heard_from(path, station, t):
    """Where an aircraft was when what arrives at second t left it; None if that was before it flew."""
    def arrives(k):
        return k + np.hypot(*(path[k][:2] - station)) / SOUND

    for k in range(t - 1, -1, -1):
        a, b = arrives(k), arrives(k + 1)
        if a <= t < b:
            return path[k][:2] + (t - a) / (b - a) * (path[k + 1][:2] - path[k][:2])
    return None


def bearings(rng, stations, sound, aircraft, wrong=0.0):
    """Stations 5 km apart and straight flights; 10 mrad, 0.9, 0.3 false a scan. `wrong`: the first points so far off."""
    scene = Scene(-9000.0, 9000.0, 60)
    paths = [fly(rng, (rng.uniform(-500, 3500), rng.uniform(500, 4000)), 60, speed=(15, 35), straight=True)
             for _ in range(aircraft)]
    scene.aircraft(paths)
    for n, at in enumerate(STATIONS[:stations]):
        scene.sensors.append({"name": f"s{n}", "gives": "bearings", "x_m": at[0], "y_m": at[1], "range_m": 15000.0,
                              "detection_probability": 0.9, "sigma_deg": float(np.rad2deg(BEARING_SIGMA)),
                              "false_per_scan": 0.05 * 2 * np.pi, "sound": sound})
        for t in range(60):
            for number, path in enumerate(paths):
                place = heard_from(path, at, t) if sound else path[t][:2]
                if place is not None and rng.random() < 0.9:
                    angle = np.arctan2(place[0] - at[0], place[1] - at[1]) + rng.normal(0, BEARING_SIGMA)
                    angle += wrong if n == 0 else 0.0
                    scene.put(t, number, sensor=f"s{n}", azimuth_deg=float(np.rad2deg(angle)))
            for _ in range(rng.poisson(0.05 * 2 * np.pi)):
                scene.put(t, -1, sensor=f"s{n}", azimuth_deg=float(rng.uniform(-180, 180)))
    if wrong:
        scene.sensors.append({"name": "own", "gives": "reports", "lo_m": -9000.0, "hi_m": 9000.0, "sigma_m": 3.0,
                              "detection_probability": 0.9, "clutter_per_km2": 0.0})
        for t in range(60):
            x, y = paths[0][t][:2] + rng.normal(0, 3, 2)
            scene.put(t, 0, sensor="own", x=x, y=y, claims="own-0")
    return scene


CASES = {"drop-out": drop_out, "understated": understated, "swarm": swarm, "spoofed": spoofed, "terrain": terrain,
         "birds": birds, "biased": biased, "rotating-1s": rotating_1s, "rotating-4s": rotating_4s, "jittered": jittered}
# Seconds of a scan where plots have times of their own.
PERIOD = {"rotating-1s": 1, "rotating-4s": 4, "jittered": 1}
# What our command waits for after a second before it tells of it, where plots have times of their own, s; so do the peers.
HINDSIGHT = 0.5
BEARINGS = {f"{'sound' if sound else 'light'}-{n}-stations-{k}-aircraft": (n, sound, k, 0.0)
            for sound in (False, True) for n, k in ((2, 1), (3, 1), (4, 1), (4, 3))}
BEARINGS["light-3-stations-one-1.4-degrees-off"] = (3, False, 2, 0.025)
# A swarm whose members fly 30 m apart cannot be scored with a cutoff of 100 m.
CUTOFF = {"swarm": 25.0}


def generate(case, seed, folder):
    """Write one data set, unless it is there."""
    if os.path.exists(os.path.join(folder, "sensor.json")):
        return
    rng = np.random.default_rng([seed, *case.encode()])
    scene = CASES[case](rng) if case in CASES else bearings(rng, *BEARINGS[case])
    scene.write(rng, folder)


def ours(binary, data, out, *more):
    """Our rows, what the command said, and CPU seconds of the whole process."""
    import score
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([binary, "--detections", os.path.join(data, "detections.csv"), "--sensor",
                           os.path.join(data, "sensor.json"), "--out", out, *more],
                          check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return score.read_table(out, 9), json.loads(done.stdout), cpu


def looked(case, sensor):
    """The seconds at which a case is scored: ends of scans, silence of the first sensor left out."""
    if case in PERIOD:
        return list(range(PERIOD[case], SECONDS + 1, PERIOD[case]))
    gaps = sensor.get("sensors", [sensor])[0].get("silent_s", [])
    return [t for t in range(sensor["duration_s"]) if not any(a <= t < b for a, b in gaps)]


def positions(case, data, unsigned=False):
    """What a peer may read: the sensor, and the frames as `peers` takes them."""
    with open(os.path.join(data, "sensor.json")) as file:
        sensor = json.load(file)
    first = sensor.get("sensors", [dict(sensor, name="")])[0]
    ends, own = looked(case, sensor), case in PERIOD
    frames = {t: [] for t in ends}
    with open(os.path.join(data, "detections.csv")) as file:
        for row in csv.DictReader(file):
            if row.get("sensor", "") == first["name"] and not (unsigned and row.get("class") == "bird"):
                t = float(row["t"])
                frame = np.searchsorted(ends, t - HINDSIGHT if own else t)
                if frame < len(ends):
                    frames[ends[frame]].append((float(row["x"]), float(row["y"]), t))
    rows = [(t, np.array(found, float).reshape(-1, 3)) for t, found in frames.items()]
    return dict(sensor, **first), [(t, found[:, :2], found[:, 2], t + HINDSIGHT) if own else (t, found[:, :2]) for t, found in rows]


def scorer(case, data, scans=None):
    """The scorer of one data set, from a table of tracks to figures; of the first scans only, if so told."""
    import score
    truth = score.read_table(os.path.join(data, "truth.csv"), 6)
    with open(os.path.join(data, "sensor.json")) as file:
        sensor = json.load(file)
    truth = truth[np.all((truth[:, 2:4] >= sensor["lo_m"]) & (truth[:, 2:4] <= sensor["hi_m"]), axis=1)]
    ends = looked(case, sensor)[:scans]

    def counted(table):
        """By the number of its look instead of its second, all else left out."""
        table = table[np.isin(table[:, 0], ends)].copy()
        table[:, 0] = np.searchsorted(ends, table[:, 0])
        return table

    return lambda table: score.score(counted(truth), counted(table), len(ends), CUTOFF.get(case, 100.0))


def bound(path, stations, sound, now):
    """Cramer-Rao bound on the place at second `now`, m^2: straight flight known, all bearings so far."""
    state = path[now]

    def predicted(s, at, ago):
        rel = s[:2] - s[2:] * ago - at
        late = 0.0
        if sound:
            a, b, c = SOUND**2 - s[2:] @ s[2:], rel @ s[2:], rel @ rel
            late = (np.sqrt(b * b + a * c) - b) / a
        return np.arctan2(*(rel - s[2:] * late))

    information = np.zeros((4, 4))
    for t in range(now + 1):
        for at in stations:
            h = []
            for i in range(4):
                step = np.zeros(4)
                step[i] = 1.0 if i < 2 else 0.05
                h.append((predicted(state + step, at, now - t) - predicted(state - step, at, now - t)) / (2 * step[i]))
            information += 0.9 * np.outer(h, h) / BEARING_SIGMA**2
    covariance = np.linalg.inv(information)
    return covariance[0, 0] + covariance[1, 1]


def score_bearings(case, data, rows, said):
    """Error against the bound, time to confirm, ghosts."""
    stations, sound, count, _ = BEARINGS[case]
    truth = np.loadtxt(os.path.join(data, "truth.csv"), delimiter=",", skiprows=1)
    square, least, nees, ghosts, first = [], [], [], 0, {}
    for t in range(60):
        real, shown = truth[truth[:, 0] == t], rows[rows[:, 0] == t]
        gaps = np.hypot(shown[:, None, 2] - real[None, :, 2], shown[:, None, 3] - real[None, :, 3])
        ghosts += int((gaps.min(axis=1) > 500).sum()) if len(shown) else 0
        for n in range(count):
            if not len(shown) or gaps[:, n].min() > 500:
                continue
            first.setdefault(n, t)
            if t >= 40:
                it = shown[gaps[:, n].argmin()]
                e = it[2:4] - real[n, 2:4]
                p = np.array([[it[6], it[7]], [it[7], it[8]]])
                square.append(e @ e)
                nees.append(e @ np.linalg.solve(p, e) / 2)
                if t % 5 == 0:
                    path = truth[truth[:, 1] == n][:, 2:]
                    least.append(bound(path, STATIONS[:stations], sound, t))
    return {"aircraft": count, "confirmed": len(first), "waited": sum(first.values()), "square": sum(square),
            "n": len(square), "bound": sum(least), "n_bound": len(least), "nees": sum(nees), "ghosts": ghosts,
            "possible": said["possible_tracks_a_scan"]}


def run(args):
    """All cases over all seeds."""
    peers.load_bench(args.bench)
    with open(args.tuned) as file:
        tuned = json.load(file)
    results = {}
    if os.path.exists(args.out):
        with open(args.out) as file:
            results = json.load(file)
    cases = args.cases.split(",") if args.cases else [*CASES, *BEARINGS]

    def setting_of(peer):
        """The peer's setting for this very scene where it was tuned on it, else that for dense scenes."""
        return tuned[peer].get(case, tuned[peer]["dense100"])["best"]

    for seed in range(args.first, args.first + args.seeds):
        for case in cases:
            data = os.path.join(args.work, f"hard.{case}.{seed}")
            generate(case, seed, data)
            out = os.path.join(args.work, f"hard.{os.getpid()}.csv")
            row = results.setdefault(case, {}).setdefault(str(seed), {})
            if case in BEARINGS:
                table, said, _ = ours(args.binary, data, out)
                row["ours"] = score_bearings(case, data, table, said)
                bench.save(args.out, results)
                continue
            figures = scorer(case, data)

            def put(name, table, **more):
                row[name] = dict(figures(table), **more)

            put("ours", ours(args.binary, data, out)[0])
            if case == "birds":
                put("ours, birds left out", ours(args.binary, data, out, "--without-birds")[0])
            for unsigned in (False, True) if case == "birds" else (False,):
                of, frames = positions(case, data, unsigned)
                way = ", birds left out" if unsigned else ""
                # What a peer did once is kept, as long as its setting is the same.
                name, setting = f"norfair{way}", setting_of("norfair")
                if "norfair" in args.peers and row.get(name, {}).get("setting") != setting:
                    put(name, peers.norfair(frames, setting)[0], setting=setting)
                name, setting = f"stonesoup gnn-kdtree{way}", setting_of("stonesoup")
                if "stonesoup" in args.peers and row.get(name, {}).get("setting") != setting:
                    found, cpu, _ = peers.stonesoup(of, frames, "gnn-kdtree", setting, quick=True, limit_s=LIMIT_S)
                    if found is None:
                        row[name] = {"stopped_after_s": round(cpu, 1), "setting": setting}
                    else:
                        put(name, found, setting=setting)
            print(case, seed, {k: (v.get("gospa"), v.get("id_switches")) for k, v in row.items()}, flush=True)
            bench.save(args.out, results)


def table(path):
    """Markdown of a results file."""
    from table import interval
    with open(path) as file:
        results = json.load(file)
    rng = np.random.default_rng(1)
    print("| case | seeds | tracker | GOSPA (90 %) | ours / it (90 %) | RMSE m | missed | false | ID switches | ours / it | ANEES |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for case in [case for case in CASES if case in results]:
        rows = list(results[case].values())
        tools = list(dict.fromkeys(tool for row in rows for tool in row))
        for tool in sorted(tools, key=lambda tool: "birds" in tool):
            have = [row for row in rows if "gospa" in row.get(tool, {})]
            stopped = sum("stopped_after_s" in row.get(tool, {}) for row in rows)
            seeds = f"{len(have)}, {stopped} stopped" if stopped else len(have)
            if not have:
                print(f"| {case} | {seeds} | {tool} | | | | | | | | |")
                continue

            def each(key, of=tool):
                return np.array([np.nan if row[of][key] is None else row[of][key] for row in have])

            us = "ours, birds left out" if tool.endswith("left out") else "ours"
            mid, low, high = interval(each("gospa"), rng)
            ratio = interval(each("gospa", us) / each("gospa"), rng)
            switches = each("id_switches").mean()
            fewer = f"{each('id_switches', us).mean() / switches:.2f}" if switches > 0 else "-"
            anees = each("anees").mean()
            print(f"| {case} | {seeds} | {tool} | {mid:.1f} ({low:.1f}-{high:.1f}) | {ratio[0]:.2f} ({ratio[1]:.2f}-{ratio[2]:.2f}) | "
                  f"{each('rmse_m').mean():.1f} | {each('missed').mean():.4f} | {each('false_per_target').mean():.4f} | "
                  f"{switches:.3f} | {fewer} | {'none' if np.isnan(anees) else f'{anees:.2f}'} |")
    print("\n| case | seeds | confirmed | s to confirm | rms error m (90 %) | bound m | ratio | ANEES | ghosts a scan | "
          "possible a scan |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for case in [case for case in BEARINGS if case in results]:
        rows = [row["ours"] for row in results[case].values()]

        def total(key, of=rows):
            return sum(row[key] for row in of)

        scans = 60 * len(rows)
        tail = (f"{total('ghosts') / scans:.3f} | {total('possible') / len(rows):.2f} |")
        confirmed = total("confirmed") / total("aircraft")
        if total("n") == 0:
            print(f"| {case} | {len(rows)} | {confirmed:.2f} | - | - | - | - | - | {tail}")
            continue
        each = [np.sqrt(row["square"] / row["n"]) for row in rows if row["n"]]
        _, low, high = interval(each, rng)
        rms, least = np.sqrt(total("square") / total("n")), np.sqrt(total("bound") / max(total("n_bound"), 1))
        print(f"| {case} | {len(rows)} | {confirmed:.2f} | {total('waited') / total('confirmed'):.1f} | {rms:.1f} "
              f"(by seed {low:.1f}-{high:.1f}) | {least:.1f} | {rms / least:.2f} | {total('nees') / total('n'):.2f} | {tail}")


def adsb(args):
    """Real ADS-B states as detections of one sensor; the address each state came from is the truth.

    Airliners, not drones: the sensor's file says that who is seen for the first time may fly at 150 m/s (one sigma on each axis).
    """
    peers.load_bench(args.bench)
    import score
    with open(args.states) as file:
        rows = [row for row in csv.DictReader(file) if row["lon"] and row["lat"] and row["time"]]
    start = min(float(row["time"]) for row in rows)
    lon0, lat0 = (np.median([float(row[key]) for row in rows]) for key in ("lon", "lat"))
    names, seen, table = {}, set(), []
    for row in rows:
        t = int(float(row["time"]) - start)
        x = np.deg2rad(float(row["lon"]) - lon0) * 6.371e6 * np.cos(np.deg2rad(lat0))
        y = np.deg2rad(float(row["lat"]) - lat0) * 6.371e6
        if (t, row["icao24"]) not in seen and max(abs(x), abs(y)) < 1e6:
            seen.add((t, row["icao24"]))
            table.append((t, names.setdefault(row["icao24"], len(names)), x, y))
    table.sort()
    data = os.path.join(args.work, "hard.adsb")
    os.makedirs(data, exist_ok=True)
    with open(os.path.join(data, "detections.csv"), "w") as file:
        file.write("t,x,y\n" + "".join(f"{t},{x:.1f},{y:.1f}\n" for t, _, x, y in table))
    last = table[-1][0] + 1
    sensor = {"duration_s": last, "lo_m": -1e6, "hi_m": 1e6, "detection_probability": 0.9, "sigma_m": 100.0,
              "clutter_per_km2": 1e-7, "scans": False, "first_speed_m_s": 150}
    with open(os.path.join(data, "sensor.json"), "w") as file:
        json.dump(sensor, file)
    tracks, said, cpu = ours(args.binary, data, os.path.join(args.work, "hard.adsb.csv"))
    # At each second with states: does a track lie within 1 km of each aircraft, and is it the one as before?
    by_t = {}
    for t, name, x, y in table:
        by_t.setdefault(t, []).append((name, x, y))
    found = pairs = switches = 0
    before = {}
    for t, real in by_t.items():
        real, shown = np.array(real), tracks[tracks[:, 0] == t]
        i, j, _ = score.pair(real[:, 1:], shown[:, 2:4], 1000.0)
        found, pairs = found + len(i), pairs + len(real)
        for name, number in zip(real[i, 0], shown[j, 1]):
            switches += int(before.get(name, number) != number)
            before[name] = number
    print(json.dumps({"states": len(table), "aircraft": len(names), "seconds": last, "accepted": said["detections"],
                      "set_aside": said["set_aside"], "states with a track within 1 km": round(found / pairs, 4),
                      "changes of number for each aircraft": round(switches / len(names), 3), "cpu_s": round(cpu, 2)}))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("generate")
    one.add_argument("case", choices=[*CASES, *BEARINGS])
    one.add_argument("seed", type=int)
    one.add_argument("folder")
    all_ = commands.add_parser("run")
    for name in ("bench", "work", "binary", "out"):
        all_.add_argument(name)
    all_.add_argument("--tuned", required=True)
    all_.add_argument("--first", type=int, default=FIRST_SEED)
    all_.add_argument("--seeds", type=int, default=20)
    all_.add_argument("--cases")
    all_.add_argument("--peers", default="norfair,stonesoup", help="who runs beside us; what they did before is kept")
    commands.add_parser("table").add_argument("results")
    real = commands.add_parser("adsb")
    for name in ("states", "work", "binary", "bench"):
        real.add_argument(name)
    args = parser.parse_args()
    if args.command == "generate":
        generate(args.case, args.seed, args.folder)
    elif args.command == "run":
        run(args)
    elif args.command == "table":
        table(args.results)
    else:
        adsb(args)


if __name__ == "__main__":
    main()
