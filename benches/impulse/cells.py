"""Score `truceline locate` (or its example) over many seeds of many cells, pooled, beside perfect association.

    cells.py --bench BENCH --locate BINARY [--jobs ...] CELL_FOLDER...

BENCH holds generate.py, score.py and crlb.py. Each CELL_FOLDER is named CELL_SEED and holds what generate.py wrote
(and may hold oracle.json, kept between runs). Prints one line of figures a cell, over all its seeds:

    picks/CPU-s   detections per CPU second of association (user and system, without reading and writing)
    recall, precision, median and 95 % point of the error, share of truths in the 95 % ellipse, as in score.py
    oracle        median and 95 % point with perfect association (mode path: constant; wind and event: joint)
"""
import argparse
import collections
import json
import os
import subprocess
import sys

import numpy as np


def oracle_errors(crlb, folder, model):
    """Errors in m of every event of a data set, located from its true picks. Kept beside the data."""
    cache = os.path.join(folder, f"oracle_{model}.json")
    if os.path.exists(cache):
        with open(cache) as file:
            return json.load(file)
    stations = crlb.read_columns(folder, "stations.csv", 3)[:, 1:]
    truth = crlb.read_columns(folder, "truth.csv", 3)
    picks = crlb.read_columns(folder, "picks.csv", 2)
    labels = crlb.read_columns(folder, "labels.csv", 1)[:, 0].astype(int)
    times, sensors = picks[:, 0], picks[:, 1].astype(int)
    errors = []
    for event, place in enumerate(truth):
        own = np.where(labels == event)[0]
        if len(own) < crlb.MIN_PICKS:
            continue
        if model == "joint":
            solution = crlb.solve_joint(stations[sensors[own]], times[own], place)
        else:
            solution, _ = crlb.solve_constant(stations[sensors[own]], times[own], place)
        errors.append(float(np.hypot(*(solution[1:3] - place[1:])) * 1000))
    with open(cache, "w") as file:
        json.dump(errors, file)
    return errors


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--locate", required=True)
    parser.add_argument("--json", help="write the figures there")
    parser.add_argument("--runs", type=int, default=1,
                        help="locate each data set so often; the least CPU time counts, as other work on the machine only adds")
    parser.add_argument("folders", nargs="+")
    args = parser.parse_args()
    sys.path.insert(0, args.bench)
    import crlb
    import score

    cells = collections.OrderedDict()
    for folder in sorted(args.folders):
        cell = os.path.basename(folder.rstrip("/")).rsplit("_", 1)[0]
        sums = cells.setdefault(cell, collections.defaultdict(list))
        out = os.path.join(folder, "out")
        os.makedirs(out, exist_ok=True)
        command = [args.locate, "--stations", f"{folder}/stations.csv", "--picks", f"{folder}/picks.csv",
                   "--out", f"{out}/events.csv", "--assignments", f"{out}/assignments.csv"]
        runs = [json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout) for _ in range(args.runs)]
        told = min(runs, key=lambda run: run["cpu_associate_s"])
        truth = score.read_truth(f"{folder}/truth.csv")
        labels = score.read_labels(f"{folder}/labels.csv")
        _, located, covariances = score.read_events(f"{out}/events.csv")
        heard = np.bincount(labels[labels >= 0], minlength=len(truth)) >= score.MIN_PICKS
        pairs = score.match(truth, located)
        i, j = pairs[:, 0], pairs[:, 1]
        error = (located[j, 1:] - truth[i, 1:]) * 1000
        sums["picks"].append(told["detections"])
        sums["cpu"].append(told["cpu_associate_s"])
        sums["heard"].append(int(heard.sum()))
        sums["found"].append(int(heard[i].sum()))
        sums["located"].append(len(located))
        sums["matched"].append(len(pairs))
        sums["errors"].extend(np.hypot(error[:, 0], error[:, 1]))
        sums["inside"].extend(score.inside_ellipse(error, covariances[j]))
        model = "joint" if cell[0] in "we" else "constant"
        sums["oracle"].extend(oracle_errors(crlb, folder, model))
    rows = {}
    for cell, s in cells.items():
        rows[cell] = {
            "seeds": len(s["picks"]), "picks_per_cpu_s": round(sum(s["picks"]) / sum(s["cpu"])),
            "worst_picks_per_cpu_s": round(min(p / c for p, c in zip(s["picks"], s["cpu"]))),
            "recall": sum(s["found"]) / sum(s["heard"]), "precision": sum(s["matched"]) / sum(s["located"]),
            "median_m": float(np.median(s["errors"])), "p95_m": float(np.percentile(s["errors"], 95)),
            "oracle_median_m": float(np.median(s["oracle"])), "oracle_p95_m": float(np.percentile(s["oracle"], 95)),
            "ellipse95": float(np.mean(s["inside"])), "events": sum(s["heard"]),
        }
        r = rows[cell]
        print(f"{cell:10s} {r['seeds']:3d} seeds {r['picks_per_cpu_s']:8d} picks/CPU-s  recall {r['recall']:.4f}  "
              f"precision {r['precision']:.4f}  error {r['median_m']:6.2f} / {r['p95_m']:6.2f} m  oracle "
              f"{r['oracle_median_m']:6.2f} / {r['oracle_p95_m']:6.2f} m  ratio "
              f"{r['median_m'] / r['oracle_median_m']:.2f} / {r['p95_m'] / r['oracle_p95_m']:.2f}  "
              f"in ellipse {r['ellipse95']:.3f} of {r['events']}", flush=True)
    if args.json:
        with open(args.json, "w") as file:
            json.dump(rows, file, indent=1)


if __name__ == "__main__":
    main()
