"""Tune the peers on training seeds, as well as we can, for each kind of scene; writes `tuned.json`.

    tune.py BENCH_FOLDER WORK_FOLDER tuned.json [--peers norfair,stonesoup] [--cases dense100,...]

Training seeds are 51 to 53, the same on which our own settings were chosen. Held-out seeds (from 9001) are never touched
here. Criterion: GOSPA, the mean over the three seeds.

Every setting has a ladder of values. From the start (the values of the bench, or those found earlier) one setting after the other
climbs its ladder up or down for as long as the criterion gets better by more than a thousandth, and so round and round until no
step of any setting does. So the best is better than both its neighbours on every ladder, up to that thousandth; if it stands on
the end of a ladder, the run says so and stops, for the ladder is to be made longer (`ENDS` holds the ends that a tool itself sets).

A setting that is worse by more than 1.5 % on the first seed alone is not run on the others (its row says `seeds` 1).

Stone Soup is slow, so the scenes are smaller than the held-out ones, of the same density, with lives of the same kind (`CASES`): for
the cases of 100 aircraft some tens over 50 or 60 scans, in which aircraft come and go as in the 120; for those of 1,000 aircraft a hundred or
two over the first 15 of 120 scans, the part that the bench runs. The hard scene with a scan in four seconds is run as it is; in all
other hard scenes the peers have their setting for `dense100`.

With --workers the neighbours of the setting that a round begins with are run side by side beforehand; the result is the same.
Each run is a line in WORK_FOLDER/tune.jsonl; a run that was stopped goes on from there.
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
import sys

import hard  # sets one thread, before numpy is loaded
import numpy as np

import peers

SEEDS = (51, 52, 53)
# Of the hard scenes that one whose step is not a second.
HARD = {"rotating-4s": None}
# peer: case: aircraft, aircraft per km^2, false detections per km^2, scans generated, scans run
CASES = {
    "norfair": {"dense100": (60, 4.0, 1.0, 60, 60), "sparse100": (60, 0.25, 0.05, 60, 60),
                "dense1000": (200, 4.0, 1.0, 120, 15), "sparse1000": (200, 0.25, 0.05, 120, 15), **HARD},
    "stonesoup": {"dense100": (40, 4.0, 1.0, 50, 50), "sparse100": (40, 0.25, 0.05, 50, 50),
                  "dense1000": (150, 4.0, 1.0, 120, 15), "sparse1000": (150, 0.25, 0.05, 120, 15), **HARD},
}
LADDERS = {
    "norfair": {
        "distance_m": [30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 135, 150, 175, 200, 250, 300, 400],
        "hit_counter_max": [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20],
        "initialization_delay": [0, 1, 2, 3, 4, 5, 6, 8, 10],
        "q": [0.0001, 0.0002, 0.0004, 0.0008, 0.0015, 0.003, 0.006, 0.0125, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.6, 3.2, 6.4, 12.8, 25.0, 50.0, 100.0, 200.0],
        "pos_variance": [0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0],
        "vel_variance": [0.03, 0.1, 0.3, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0],
    },
    "stonesoup": {
        "process_noise": [0.03, 0.06, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 32.0, 48.0, 64.0, 128.0, 256.0],
        "min_detections": [1, 2, 3, 4, 5, 6, 7, 8, 10],
        "max_misses": [1, 2, 3, 4, 5, 6, 7, 8, 10, 12],
        "gate_sigma": [1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 8.0],
        "speed_sigma": [7.5, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 60.0, 90.0],
    },
}
# Ends of ladders that are the tool's own: nothing lies beyond.
ENDS = {("norfair", "initialization_delay", 0), ("norfair", "hit_counter_max", 1),
        ("stonesoup", "min_detections", 1), ("stonesoup", "max_misses", 1)}
# Where the climbs begin: the values of the bench, or for single cases what a first look found better.
STARTS = {
    "norfair": {"distance_m": 110, "hit_counter_max": 4, "initialization_delay": 2, "q": 0.1, "pos_variance": 10.0,
                "vel_variance": 1.0},
    "stonesoup": {"process_noise": 16.0, "min_detections": 4, "max_misses": 5, "gate_sigma": 3.5, "speed_sigma": 30.0},
}
FOUND = {
    ("stonesoup", "dense100"): {"process_noise": 24.0, "max_misses": 3},
    ("stonesoup", "sparse1000"): {"process_noise": 0.5, "min_detections": 3},
    ("stonesoup", "dense1000"): {"process_noise": 4.0},
    ("stonesoup", "rotating-4s"): {"process_noise": 24.0},
}
BETTER = 0.999
HOPELESS = 1.015


def data(args, peer, case, seed):
    """The folder of one training scene, made if missing."""
    if case in HARD:
        folder = os.path.join(args.work, f"train.{case}.{seed}")
        hard.generate(case, seed, folder)
        return folder
    n, density, clutter, scans, _ = CASES[peer][case]
    folder = os.path.join(args.work, f"train.{case}.{n}.{seed}")
    if not os.path.exists(os.path.join(folder, "sensor.json")):
        subprocess.run([sys.executable, os.path.join(args.bench, "generate.py"), "--targets", str(n), "--density",
                        str(density), "--clutter", str(clutter), "--duration", str(scans), "--seed", str(seed),
                        "--out", folder], check=True, stdout=subprocess.DEVNULL)
    return folder


def measure(args, peer, case, setting, seed):
    """Figures of one setting on one scene."""
    if peer == "norfair" and setting["initialization_delay"] >= setting["hit_counter_max"]:
        return {"gospa": None}  # norfair refuses it
    folder = data(args, peer, case, seed)
    if case in HARD:
        sensor, frames = hard.positions(case, folder)
    else:
        sensor, frames = peers.read(folder)
        frames = frames[:CASES[peer][case][4]]
    if peer == "norfair":
        rows, *_ = peers.norfair(frames, setting)
    else:
        rows, *_ = peers.stonesoup(sensor, frames, "gnn-kdtree", setting, quick=True)
    found = hard.scorer(case, folder, len(frames))(rows)
    return {key: found[key] for key in ("gospa", "id_switches", "missed", "false_per_target")}


class Unfinished(Exception):
    """A run is missing and must not be made."""


class Search:
    """The climb of one peer in one case, with its journal."""

    def __init__(self, args, peer, case, done, journal):
        self.args, self.peer, self.case, self.done, self.journal = args, peer, case, done, journal

    def ahead(self, setting):
        """Run the neighbours of a setting side by side, first on the first seed, then those that are not hopeless on the others."""
        near = [setting]
        for name, ladder in LADDERS[self.peer].items():
            at = ladder.index(setting[name])
            near += [dict(setting, **{name: ladder[k]}) for k in (at - 1, at + 1) if 0 <= k < len(ladder)]
        for seeds in (SEEDS[:1], SEEDS[1:]):
            wanted = [(one, seed) for one in near for seed in seeds
                      if json.dumps([self.peer, self.case, one, seed]) not in self.done]
            with concurrent.futures.ProcessPoolExecutor(self.args.workers) as pool:
                left = {pool.submit(measure, self.args, self.peer, self.case, one, seed): (one, seed) for one, seed in wanted}
                for found in concurrent.futures.as_completed(left):
                    self.keep(json.dumps([self.peer, self.case, *left[found]]), found.result())
            best = self.run(setting, SEEDS[0])["gospa"]
            near = [one for one in near if (self.run(one, SEEDS[0])["gospa"] or float("inf")) <= HOPELESS * best]

    def keep(self, key, found):
        """Write a run into the journal."""
        self.done[key] = found
        self.journal.write(json.dumps([json.loads(key), found]) + "\n")
        self.journal.flush()

    def run(self, setting, seed):
        """Figures of one setting on one seed, out of the journal if it has them."""
        key = json.dumps([self.peer, self.case, setting, seed])
        if key not in self.done:
            if self.args.no_more:
                raise Unfinished
            self.keep(key, measure(self.args, self.peer, self.case, setting, seed))
        return self.done[key]

    def cost(self, setting, best=None):
        """Mean GOSPA over the training seeds; infinite if the tool refuses the setting or it is hopeless beside the best."""
        rows = [self.run(setting, SEEDS[0])]
        if rows[0]["gospa"] is None:
            return float("inf")
        if best is None or rows[0]["gospa"] <= HOPELESS * self.run(best, SEEDS[0])["gospa"]:
            rows += [self.run(setting, seed) for seed in SEEDS[1:]]
        return float(np.mean([row["gospa"] for row in rows])) if len(rows) == len(SEEDS) else float("inf")

    def tried(self):
        """Every setting of the journal, the best first: means over the training seeds on which it ran."""
        runs = {}
        for key, found in self.done.items():
            peer, case, setting, _ = json.loads(key)
            if (peer, case) == (self.peer, self.case) and found["gospa"] is not None:
                runs.setdefault(json.dumps(setting), []).append(found)
        rows = [{**json.loads(setting), "seeds": len(of), **{name: round(float(np.mean([run[name] for run in of])), 4) for name in of[0]}}
                for setting, of in runs.items()]
        return sorted(rows, key=lambda row: (-row["seeds"], row["gospa"]))

    def best(self):
        """The best setting, whether the climb came to its end, and all that were tried."""
        try:
            setting, finished = self.climb(), True
        except Unfinished:
            whole = next(row for row in self.tried() if row["seeds"] == len(SEEDS))
            setting, finished = {name: whole[name] for name in LADDERS[self.peer]}, False
        return {"best": setting, "finished": finished, "tried": self.tried()}

    def climb(self):
        """The setting at which no step is better."""
        ladders = LADDERS[self.peer]
        setting = dict(STARTS[self.peer], **FOUND.get((self.peer, self.case), {}))
        least = self.cost(setting)
        moved = True
        while moved:
            moved = False
            if self.args.workers > 1 and not self.args.no_more:
                self.ahead(setting)
            for name, ladder in ladders.items():
                for way in (1, -1):
                    while 0 <= ladder.index(setting[name]) + way < len(ladder):
                        other = dict(setting, **{name: ladder[ladder.index(setting[name]) + way]})
                        cost = self.cost(other, setting)
                        if cost >= least * BETTER:
                            break
                        setting, least, moved = other, cost, True
                print(self.peer, self.case, name, setting[name], least, file=sys.stderr, flush=True)
        for name, ladder in ladders.items():
            if setting[name] in (ladder[0], ladder[-1]) and (self.peer, name, setting[name]) not in ENDS:
                raise SystemExit(f"{self.peer}, {self.case}: the best {name} is {setting[name]}, the end of its ladder: make it longer")
        return setting


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("bench", "work", "out"):
        parser.add_argument(name)
    parser.add_argument("--peers", default="norfair,stonesoup")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--no-more", action="store_true", help="make no more runs: the best of the journal, marked as unfinished")
    parser.add_argument("--cases", default=",".join(CASES["norfair"]))
    args = parser.parse_args()
    peers.load_bench(args.bench)
    os.makedirs(args.work, exist_ok=True)
    path = os.path.join(args.work, "tune.jsonl")
    done = {}
    if os.path.exists(path):
        with open(path) as file:
            done = {json.dumps(key): found for key, found in map(json.loads, file)}
    out = {}
    if os.path.exists(args.out):
        with open(args.out) as file:
            out = json.load(file)
    with open(path, "a") as journal:
        for peer in args.peers.split(","):
            for case in args.cases.split(","):
                out.setdefault(peer, {})[case] = Search(args, peer, case, done, journal).best()
                save(args.out, out)


def save(path, out):
    """One setting a line; whole or not at all."""
    parts = []
    for peer, cases in out.items():
        inner = []
        for case, found in cases.items():
            rows = ",\n".join("    " + json.dumps(row) for row in found["tried"])
            inner.append(f'  "{case}": {{\n   "best": {json.dumps(found["best"])},\n   "finished": {json.dumps(found["finished"])},\n   "tried": [\n{rows}\n   ]\n  }}')
        parts.append(f' "{peer}": {{\n' + ",\n".join(inner) + "\n }")
    with open(path + ".new", "w") as file:
        file.write("{\n" + ",\n".join(parts) + "\n}\n")
    os.replace(path + ".new", path)


if __name__ == "__main__":
    main()
