"""The whole bench of the tracker in one run: held-out seeds, the peers, and us, under the same scorer.

    bench.py BENCH_FOLDER WORK_FOLDER OUR_BINARY OUT.json --tuned tuned.json [--seeds 20] [--cases sparse100,...] [--plain-from 9001]

BENCH_FOLDER is the project's bench (`shared/bench/tracks`), OUR_BINARY the command (or the example `track`).
For each case and each held-out seed (from 9001): generate, run us, run the peers, score. Cases of 1,000 aircraft run their
first 15 scans (the peers need a second or more for each); `sparse1000-whole` is all 120. Results are written after every seed, so a run
that is stopped goes on from there, and `table.py` prints what there is.

Stone Soup as it is runs on the seeds from `--plain-from` on, one cell after the other with ours and norfair on the same machine: figures of
speed are taken over those alone. On the seeds before it runs with the parts of `quick.py`, which give the same tracks in less time.

Every row names the binary of ours that ran beside it (`beside`, the beginning of its SHA-256). With another binary our rows are
made anew; a peer's stand as long as its setting does. Where a peer ran as it is, its row has the CPU seconds of the binary of ours that ran
just before and just after it on the same data (`ours_cpu_s`, their mean): speeds are compared with those, never across runs.

CPU seconds: ours are user + system time of the whole process, with start, reading, association, output and
writing; the peers' those of their scans alone.
"""
import os

# One thread, set before numpy is loaded: CPU time of other threads of its linear algebra would count as the peer's.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import hashlib
import json
import resource
import subprocess
import sys

import numpy as np

import peers

# name: targets, targets per km^2, false detections per km^2, scans generated, scans run
CASES = {
    "sparse100": (100, 0.25, 0.05, 120, 120),
    "dense100": (100, 4.0, 1.0, 120, 120),
    "sparse1000": (1000, 0.25, 0.05, 120, 15),
    "dense1000": (1000, 4.0, 1.0, 120, 15),
    "sparse1000-whole": (1000, 0.25, 0.05, 120, 120),
}
# Run on few seeds, when asked for: Stone Soup takes minutes for each. As whole runs they take the peers' settings for such.
TUNED_AS = {"sparse1000-whole": "sparse100"}
FIRST_SEED = 9001
# name: seconds of hindsight, times its true sigma that the sensor states
OURS = {"ours": (0, 1.0), "ours, 3 s later": (3, 1.0), "ours, error stated as half": (0, 0.5),
        "ours, error stated as double": (0, 2.0)}


def ours(binary, data, out, lag, stated=1.0):
    """Run our command; returns (rows, CPU seconds of the whole process, its own summary).

    stated: the sensor states this times its true sigma.
    """
    import score
    sensor = os.path.join(data, "sensor.json")
    if stated != 1.0:
        with open(sensor) as file:
            changed = json.load(file)
        changed["sigma_m"] *= stated
        sensor = out + ".sensor.json"
        with open(sensor, "w") as file:
            json.dump(changed, file)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([binary, "--detections", os.path.join(data, "detections.csv"), "--sensor", sensor, "--out", out, "--lag", str(lag)],
                          check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return score.read_table(out, 9), cpu, json.loads(done.stdout)


def mark(path):
    """The beginning of the SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:12]


def shorten(data, scans, folder):
    """The same data set, its first scans only."""
    os.makedirs(folder, exist_ok=True)
    for name in ("detections.csv", "truth.csv"):
        with open(os.path.join(data, name)) as source, open(os.path.join(folder, name), "w") as target:
            for n, row in enumerate(source):
                if n == 0 or float(row.split(",", 1)[0]) < scans:
                    target.write(row)
    with open(os.path.join(data, "sensor.json")) as file:
        sensor = json.load(file)
    sensor["duration_s"] = scans
    with open(os.path.join(folder, "sensor.json"), "w") as file:
        json.dump(sensor, file)


def generate(bench, folder, case, seed, scans=None):
    """One data set of a case, cut to the scans that are run (or `scans`), unless it is there."""
    n, density, clutter, generated, run = CASES[case]
    scans = scans or run
    if os.path.exists(os.path.join(folder, "sensor.json")):
        return
    full = folder + ".full" if scans < generated else folder
    subprocess.run([sys.executable, os.path.join(bench, "generate.py"), "--targets", str(n), "--density", str(density),
                    "--clutter", str(clutter), "--duration", str(generated), "--seed", str(seed), "--out", full],
                   check=True, stdout=subprocess.DEVNULL)
    if full != folder:
        shorten(full, scans, folder)
        for name in os.listdir(full):
            os.remove(os.path.join(full, name))
        os.rmdir(full)


def save(path, results):
    """One row a line; whole or not at all."""
    cases = []
    for case, seeds in results.items():
        rows = [f"  {json.dumps(seed)}: {{\n" + ",\n".join(f"   {json.dumps(tool)}: {json.dumps(row)}" for tool, row in tools.items())
                + "\n  }" for seed, tools in seeds.items()]
        cases.append(f" {json.dumps(case)}: {{\n" + ",\n".join(rows) + "\n }")
    with open(path + ".new", "w") as file:
        file.write("{\n" + ",\n".join(cases) + "\n}\n")
    os.replace(path + ".new", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("bench", "work", "binary", "out"):
        parser.add_argument(name)
    parser.add_argument("--tuned", required=True, help="JSON of tune.py")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="first seed (to share the work)")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--cases", default=",".join(case for case in CASES if case not in TUNED_AS))
    parser.add_argument("--plain-from", type=int, default=FIRST_SEED, help="the seed from which on Stone Soup runs as it is, for its speed")
    parser.add_argument("--peers", default="norfair,gnn-kdtree,jpda-ehm2-kdtree", help="who runs beside us")
    args = parser.parse_args()
    peers.load_bench(args.bench)
    import score

    with open(args.tuned) as file:
        tuned = json.load(file)
    results = {}
    if os.path.exists(args.out):
        with open(args.out) as file:
            results = json.load(file)
    binary = mark(args.binary)
    for seed in range(args.first, args.first + args.seeds):
        for case in args.cases.split(","):
            scans, tuned_as = CASES[case][4], TUNED_AS.get(case, case)
            data = os.path.join(args.work, f"held.{case}.{seed}")
            generate(args.bench, data, case, seed)
            sensor, frames = peers.read(data)
            truth = score.read_table(os.path.join(data, "truth.csv"), 6)
            inside = np.all((truth[:, 2:4] >= sensor["lo_m"]) & (truth[:, 2:4] <= sensor["hi_m"]), axis=1)
            truth = truth[inside]
            rows = results.setdefault(case, {}).setdefault(str(seed), {})

            def put(name, table, cpu, detections, **more):
                rows[name] = dict(score.score(truth, table, scans), cpu_s=round(cpu, 4), detections=detections,
                                  beside=binary, **more)

            def again(lag, stated):
                """Our command on this data set."""
                return ours(args.binary, data, os.path.join(args.work, f"ours.{os.getpid()}.csv"), lag, stated)

            if any(rows.get(name, {}).get("beside") != binary for name in OURS):
                for name, (lag, stated) in OURS.items():
                    table, cpu, summary = again(lag, stated)
                    put(name, table, cpu, summary["detections"])
            setting = tuned["norfair"][tuned_as]["best"]
            if "norfair" in args.peers and rows.get("norfair", {}).get("setting") != setting:
                before = again(0, 1.0)[1]
                theirs = peers.norfair(frames, setting)
                put("norfair", *theirs, setting=setting, plain=True, ours_cpu_s=round((before + again(0, 1.0)[1]) / 2, 4))
            setting, plain = tuned["stonesoup"][tuned_as]["best"], seed >= args.plain_from
            for method in ("gnn-kdtree", "jpda-ehm2-kdtree") if case == "dense100" else ("gnn-kdtree",):
                row = rows.get(f"stonesoup {method}", {})
                if method in args.peers and (row.get("setting") != setting or (plain and "ours_cpu_s" not in row)):
                    before = again(0, 1.0)[1]
                    theirs = peers.stonesoup(sensor, frames, method, setting, quick=not plain)
                    beside = {"ours_cpu_s": round((before + again(0, 1.0)[1]) / 2, 4)} if plain else {}
                    put(f"stonesoup {method}", *theirs, setting=setting, plain=plain, **beside)
            save(args.out, results)
            print(case, seed, {k: (v["gospa"], v["id_switches"]) for k, v in rows.items()}, flush=True)


if __name__ == "__main__":
    main()
