"""The whole bench of the tracker in one run: held-out seeds, the peers, and us, under the same scorer.

    bench.py BENCH_FOLDER WORK_FOLDER OUR_BINARY OUT.json [--seeds 20] [--cases sparse100,dense100,...]

BENCH_FOLDER is the project's bench (`shared/bench/tracks`), OUR_BINARY the command (or the example `track`).
For each case and each held-out seed (from 9001): generate, run, score. Cases of 1,000 aircraft run their
first 15 scans (the peers need a second or more for each). Results are written after every seed, so a run
that is stopped early is a run over fewer seeds; `table.py` prints what there is.

CPU seconds: ours are user + system time of the whole process, with start, reading, association, output and
writing; the peers' those of their scans alone.
"""
import argparse
import json
import os
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
}
FIRST_SEED = 9001


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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench")
    parser.add_argument("work")
    parser.add_argument("binary")
    parser.add_argument("out")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="first seed (to share the work)")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--tuned", help="JSON of tune.py")
    parser.add_argument("--no-jpda", action="store_true", help="leave out the slowest peer")
    parser.add_argument("--no-stonesoup", action="store_true", help="leave out the slow peers, for a first look")
    parser.add_argument("--only-ours", action="store_true", help="replace our rows, keep those of the peers")
    args = parser.parse_args()
    peers.load_bench(args.bench)
    import generate  # noqa: F401  (checks that the bench is there)
    import score

    with open(args.tuned) as file:
        tuned = json.load(file)
    results = {}
    if os.path.exists(args.out):
        with open(args.out) as file:
            results = json.load(file)
    for seed in range(args.first, args.first + args.seeds):
        for case in args.cases.split(","):
            n, density, clutter, generated, scans = CASES[case]
            data = os.path.join(args.work, f"held.{case}.{seed}")
            if not os.path.exists(os.path.join(data, "sensor.json")):
                full = data + ".full" if scans < generated else data
                subprocess.run([sys.executable, os.path.join(args.bench, "generate.py"), "--targets", str(n),
                                "--density", str(density), "--clutter", str(clutter), "--duration",
                                str(generated), "--seed", str(seed), "--out", full], check=True,
                               stdout=subprocess.DEVNULL)
                if full != data:
                    shorten(full, scans, data)
                    for name in os.listdir(full):
                        os.remove(os.path.join(full, name))
                    os.rmdir(full)
            with open(os.path.join(data, "sensor.json")) as file:
                sensor = json.load(file)
            truth = score.read_table(os.path.join(data, "truth.csv"), 6)
            inside = np.all((truth[:, 2:4] >= sensor["lo_m"]) & (truth[:, 2:4] <= sensor["hi_m"]), axis=1)
            truth = truth[inside]
            rows = results.setdefault(case, {}).setdefault(str(seed), {})

            def put(name, table, cpu, detections):
                rows[name] = dict(score.score(truth, table, scans), cpu_s=round(cpu, 4), detections=detections,
                                  det_per_cpu_s=round(detections / cpu, 1))

            for name, lag, stated in (("ours", 0, 1.0), ("ours, 3 s later", 3, 1.0),
                                      ("ours, error stated as half", 0, 0.5),
                                      ("ours, error stated as double", 0, 2.0)):
                table, cpu, summary = ours(args.binary, data, os.path.join(args.work, "ours.csv"), lag, stated)
                put(name, table, cpu, summary["detections"])
                rows[name]["scan_ms_p99"] = summary["scan_ms_p99"]
            if not args.only_ours:
                small = "sparse100" if case.startswith("sparse") else "dense100"
                if "norfair" not in rows:
                    put("norfair", *peers.norfair(data, *tuned["norfair"][small]))
                methods = [] if args.no_stonesoup else ["gnn-kdtree"]
                if case == "dense100" and methods and not args.no_jpda:
                    methods.append("jpda-ehm2-kdtree")
                for method in methods:
                    if f"stonesoup {method}" not in rows:
                        put(f"stonesoup {method}", *peers.stonesoup(data, method, *tuned["stonesoup"][small]))
            with open(args.out + ".new", "w") as file:
                json.dump(results, file, indent=1)
            os.replace(args.out + ".new", args.out)
            print(case, seed, {k: (v["gospa"], v["id_switches"]) for k, v in rows.items()}, flush=True)


if __name__ == "__main__":
    main()
