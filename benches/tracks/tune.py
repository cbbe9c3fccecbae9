"""Tune the peers on training seeds, as well as we can; prints the best settings as JSON.

    tune.py BENCH_FOLDER WORK_FOLDER

Training seeds are 51 to 53 of each case, the same on which our own settings were chosen. Criterion: the mean
over sparse and dense of GOSPA, relative to the best. Held-out seeds (from 9001) are never touched here.
"""
import itertools
import json
import os
import subprocess
import sys

import numpy as np

import peers

CASES = {"sparse100": (100, 0.25, 0.05), "dense100": (100, 4.0, 1.0)}


def main():
    bench, work = sys.argv[1:3]
    peers.load_bench(bench)
    import generate
    import score

    def data(case, seed):
        folder = os.path.join(work, f"{case}.{seed}")
        if not os.path.exists(os.path.join(folder, "sensor.json")):
            n, density, clutter = CASES[case]
            subprocess.run([sys.executable, os.path.join(bench, "generate.py"), "--targets", str(n), "--density",
                            str(density), "--clutter", str(clutter), "--duration", "120", "--seed", str(seed),
                            "--out", folder], check=True, stdout=subprocess.DEVNULL)
        return folder

    def gospa(folder, rows, scans):
        with open(os.path.join(folder, "sensor.json")) as file:
            sensor = json.load(file)
        truth = score.read_table(os.path.join(folder, "truth.csv"), 6)
        inside = np.all((truth[:, 2:4] >= sensor["lo_m"]) & (truth[:, 2:4] <= sensor["hi_m"]), axis=1)
        return score.score(truth[inside], rows, scans)["gospa"]

    def best(name, grid, run, seeds, scans):
        table = []
        for setting in grid:
            row = []
            for case in CASES:
                row.append(float(np.mean([gospa(data(case, s), run(data(case, s), setting, scans), scans)
                                          for s in seeds])))
            table.append((setting, row))
            print(name, setting, [round(v, 1) for v in row], file=sys.stderr, flush=True)
        least = np.min([row for _, row in table], axis=0)
        together = min(table, key=lambda entry: float(np.mean(np.array(entry[1]) / least)))[0]
        each = {case: min(table, key=lambda entry: entry[1][i])[0] for i, case in enumerate(CASES)}
        return {"together": together, **each}

    out = {}
    grid = [(*s, r, q) for s in itertools.product([110, 150, 200], [4, 6], [2, 3])
            for r, q in ((4.0, 0.1), (1.0, 0.1), (1.0, 0.3))]
    out["norfair"] = best("norfair", grid,
                          lambda d, s, k: peers.norfair(d, s[0], s[1], s[2], s[3], s[4], k)[0], [51], 60)
    grid = list(itertools.product([8.0, 16.0], [3, 4, 5]))
    out["stonesoup"] = best("stonesoup", grid,
                            lambda d, s, k: peers.stonesoup(d, "gnn-kdtree", s[0], s[1], k)[0], [51], 40)
    print(json.dumps(out))


if __name__ == "__main__":
    main()
