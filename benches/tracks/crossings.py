"""Crossings of an uncertain line: calibration, right when sure, false reports, by the example `crossings`, seed by seed.

    crossings.py run EXAMPLE OUT.json [--first 301] [--seeds 50]     100 aircraft for an hour each; goes on from where it was stopped
    crossings.py table OUT.json                                      Markdown, with 90 % intervals

Training seeds are 1 to 40: limits and ways of counting were chosen on them. Held-out seeds are 301 and up. Intervals are of
seeds drawn again, that of false reports of a Poisson count.
"""
import argparse
import json
import os
import re
import subprocess

import numpy as np


def run(args):
    """One seed, one line of the result."""
    rows = {}
    if os.path.exists(args.out):
        with open(args.out) as file:
            rows = json.load(file)
    for seed in range(args.first, args.first + args.seeds):
        if str(seed) in rows:
            continue
        done = subprocess.run([args.example, str(seed), str(seed), "100", "3600"], check=True, capture_output=True, text=True)
        row = json.loads(done.stdout)
        row["bins"] = [[int(n), float(p), float(q)] if int(n) else [0, 0.0, 0.0]
                       for n, p, q in re.findall(r"P [\d.]+: n (\d+) stated ([\d.]+|NaN) true ([\d.]+|NaN)", done.stderr)]
        rows[str(seed)] = row
        with open(args.out + ".new", "w") as file:
            file.write("{\n" + ",\n".join(f' "{seed}": {json.dumps(row)}' for seed, row in rows.items()) + "\n}\n")
        os.replace(args.out + ".new", args.out)


def together(rows):
    """The bins of all rows: n, mean stated, share true."""
    bins = np.array([row["bins"] for row in rows])
    n = bins[:, :, 0].sum(axis=0)
    return [(int(k), float(p / max(k, 1)), float(q / max(k, 1)))
            for k, p, q in zip(n, (bins[:, :, 0] * bins[:, :, 1]).sum(axis=0), (bins[:, :, 0] * bins[:, :, 2]).sum(axis=0))]


def figures(rows):
    """What is told, over some rows."""
    def add(key, weight=None):
        return sum(row[key] * (row[weight] if weight else 1) for row in rows)

    hours = add("track_hours_within_2_km")
    return {
        "track-hours within 2 km": hours,
        "true crossings": add("true_crossings"),
        "reports of net change": add("events"),
        "calibration error (ECE, 10 bins)": sum(n * abs(p - q) for n, p, q in together(rows)) / add("events"),
        "reports with P of 0.95 or more": add("p95"),
        "of these right": add("p95_right", "p95") / add("p95"),
        "graded established or one sensor": add("graded"),
        "of these right (graded)": add("graded_right", "graded") / add("graded"),
        "false (nothing crossed within a minute) per 1,000 track-hours": 1000 * falses(rows) / hours,
        "crossings reported with P of 0.5 or more": add("reported_0.5", "true_crossings") / add("true_crossings"),
        "true moment inside the stated 5-95 % interval": add("time_inside_5_95", "true_crossings") / add("true_crossings"),
    }


def falses(rows):
    """Number of false reports."""
    return sum(round(row["false_per_1000_h"] * row["track_hours_within_2_km"] / 1000) for row in rows)


def poisson(n):
    """90 % interval of the mean of a count, exact."""
    from scipy.stats import chi2
    return (chi2.ppf(0.05, 2 * n) / 2 if n else 0.0), chi2.ppf(0.95, 2 * n + 2) / 2


def intervals(rows):
    """Name: (value, low, high); counts have no interval."""
    rng = np.random.default_rng(1)
    found = figures(rows)
    drawn = [figures([rows[k] for k in rng.integers(0, len(rows), len(rows))]) for _ in range(1000)]
    out = {}
    for name, value in found.items():
        if value >= 2 and not name.startswith("false"):
            out[name] = (value, None, None)
        else:
            out[name] = (value, *np.percentile([one[name] for one in drawn], [5, 95]))
        if name.startswith("false"):
            low, high = poisson(falses(rows))
            scale = 1000 / found["track-hours within 2 km"]
            out[name] = (value, low * scale, high * scale)
    return out


def load(path):
    """Rows of a results file."""
    with open(path) as file:
        return list(json.load(file).values())


def table(path):
    """Markdown."""
    rows = load(path)
    print(f"| what | figure (90 %), {len(rows)} seeds |")
    print("|---|---|")
    for name, (value, low, high) in intervals(rows).items():
        digits = 2 if name.startswith("false") else 4
        print(f"| {name} | " + (f"{value:,.0f} |" if low is None else f"{value:.{digits}f} ({low:.{digits}f}-{high:.{digits}f}) |"))
    print("\n| stated | reports | mean stated | share true |\n|---|---|---|---|")
    for k, (n, p, q) in enumerate(together(rows)):
        print(f"| {k / 10:.1f}-{k / 10 + 0.1:.1f} | {n} | {p:.3f} | {q:.3f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("run")
    one.add_argument("example")
    one.add_argument("out")
    one.add_argument("--first", type=int, default=301)
    one.add_argument("--seeds", type=int, default=50)
    commands.add_parser("table").add_argument("results")
    args = parser.parse_args()
    if args.command == "run":
        run(args)
    else:
        table(args.results)


if __name__ == "__main__":
    main()
