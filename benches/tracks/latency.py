"""Time of each scan and memory, free of what else the machine does: the least of several runs, scan by scan.

    latency.py generate BENCH_FOLDER WORK_FOLDER [--seeds 20]
    latency.py run WORK_FOLDER OUR_BINARY OUT.json [--seeds 20] [--runs 3]
    latency.py table OUT.json
    latency.py of OUR_BINARY RUNS DATA_FOLDER...     one JSON object a folder

Held-out seeds from 9001, one core. For each case and seed: median, p99 and worst scan in ms (association and filters, without
reading and writing), and CPU seconds and peak memory of the whole process (least of the runs).
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile

import numpy as np

from bench import FIRST_SEED, save

# name: targets, targets per km^2, false detections per km^2, scans
CASES = {
    "sparse1000": (1000, 0.25, 0.05, 120),
    "dense1000": (1000, 4.0, 1.0, 120),
    "sparse10000": (10000, 0.25, 0.05, 60),
}


def generate(args):
    """All data sets that are not there."""
    for seed in range(FIRST_SEED, FIRST_SEED + args.seeds):
        for case, (n, density, clutter, scans) in CASES.items():
            folder = os.path.join(args.work, f"speed.{case}.{seed}")
            if not os.path.exists(os.path.join(folder, "sensor.json")):
                subprocess.run([sys.executable, os.path.join(args.bench, "generate.py"), "--targets", str(n), "--density",
                                str(density), "--clutter", str(clutter), "--duration", str(scans), "--seed", str(seed),
                                "--out", folder], check=True, stdout=subprocess.DEVNULL)


def measure(binary, data, runs):
    """Figures of one data set."""
    scans, cpu, peak = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        times = os.path.join(folder, "ms")
        for _ in range(runs):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            child = subprocess.Popen([binary, "--detections", os.path.join(data, "detections.csv"), "--sensor",
                                      os.path.join(data, "sensor.json"), "--out", os.path.join(folder, "out"),
                                      "--scan-ms", times], stdout=subprocess.PIPE, text=True)
            said, _ = child.communicate()
            if child.returncode:
                raise SystemExit("the command failed")
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            peak.append(json.loads(said)["peak_mb"])
            scans.append(np.loadtxt(times))
    least = np.min(scans, axis=0)
    return {"scans": len(least), "runs": runs, "median_ms": round(float(np.median(least)), 2),
            "p99_ms": round(float(np.percentile(least, 99)), 2), "worst_ms": round(float(least.max()), 2),
            "cpu_s": round(min(cpu), 3), "peak_mb": round(min(peak), 1)}


def run(args):
    """All cases; a stopped run goes on."""
    results = {}
    if os.path.exists(args.out):
        with open(args.out) as file:
            results = json.load(file)
    for seed in range(FIRST_SEED, FIRST_SEED + args.seeds):
        for case in CASES:
            rows = results.setdefault(case, {})
            if str(seed) not in rows:
                rows[str(seed)] = {"ours": measure(args.binary, os.path.join(args.work, f"speed.{case}.{seed}"), args.runs)}
                save(args.out, results)


def table(args):
    """Markdown: means over seeds, 90 % intervals."""
    from table import interval
    with open(args.out) as file:
        results = json.load(file)
    rng = np.random.default_rng(1)
    print("| case | seeds | scans | median ms | p99 ms (90 %) | worst scan of all, ms | CPU s, whole process | peak MB (90 %) |")
    print("|---|---|---|---|---|---|---|---|")
    for case, seeds in results.items():
        rows = [row["ours"] for row in seeds.values()]

        def of(key):
            return interval([row[key] for row in rows], rng)

        print(f"| {case} | {len(rows)} | {rows[0]['scans']} | {of('median_ms')[0]:.2f} | {of('p99_ms')[0]:.2f} "
              f"({of('p99_ms')[1]:.2f}-{of('p99_ms')[2]:.2f}) | {max(row['worst_ms'] for row in rows):.2f} | {of('cpu_s')[0]:.3f} | "
              f"{of('peak_mb')[0]:.1f} ({of('peak_mb')[1]:.1f}-{of('peak_mb')[2]:.1f}) |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, words, what in (("generate", ("bench", "work"), generate), ("run", ("work", "binary", "out"), run),
                              ("table", ("out",), table)):
        one = commands.add_parser(name)
        for word in words:
            one.add_argument(word)
        one.add_argument("--seeds", type=int, default=20)
        one.add_argument("--runs", type=int, default=3)
        one.set_defaults(what=what)
    one = commands.add_parser("of")
    one.add_argument("binary")
    one.add_argument("runs", type=int)
    one.add_argument("folders", nargs="+")
    one.set_defaults(what=lambda args: [print(json.dumps({"data": os.path.basename(data), **measure(args.binary, data, args.runs)}))
                                        for data in args.folders])
    args = parser.parse_args()
    args.what(args)


if __name__ == "__main__":
    main()
