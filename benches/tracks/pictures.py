"""Pictures of the results, for docs/track/.

    pictures.py RESULTS.json HARD.json CROSSINGS.json DATA_FOLDER BINARY OUT_FOLDER

RESULTS.json is written by bench.py, HARD.json by hard.py, CROSSINGS.json by crossings.py (without it, that picture stays as it is); DATA_FOLDER is one data set of the bench,
BINARY our command.
"""
import json
import os
import subprocess
import sys
import tempfile

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

import crossings

matplotlib.rcParams.update({"svg.hashsalt": "truceline", "font.size": 9, "axes.spines.top": False,
                            "axes.spines.right": False})
OURS, PEER = "#1b5e7a", "#9aa5ab"
NAMES = {"stonesoup gnn-kdtree": "Stone Soup GNN", "stonesoup jpda-ehm2-kdtree": "Stone Soup JPDA"}
# The part of the dense scene that is drawn: seconds, and km from its corner.
SECONDS, SIDE = (40, 80), 4.0


def bars(results, out):
    """GOSPA and identity switches beside the peers."""
    cases = [case for case in ("sparse100", "dense100", "sparse1000", "dense1000") if case in results]
    figure, axes = plt.subplots(2, len(cases), figsize=(3.0 * len(cases), 4.6))
    for column, case in enumerate(cases):
        rows = [r for r in results[case].values()]
        tools = [t for t in dict.fromkeys(t for r in rows for t in r) if "stated" not in t]
        for line, key in enumerate(("gospa", "id_switches")):
            axis = axes[line][column]
            values = [[r[t][key] for r in rows if t in r] for t in tools]
            means = [np.mean(v) for v in values]
            spread = [1.64 * np.std(v) / np.sqrt(len(v)) for v in values]
            below = [min(mean, half) for mean, half in zip(means, spread)]
            axis.barh(range(len(tools)), means, xerr=[below, spread], error_kw={"lw": 1, "capsize": 2},
                      color=[OURS if t.startswith("ours") else PEER for t in tools])
            axis.set_yticks(range(len(tools)), [NAMES.get(t, t) for t in tools] if column == 0 else [], fontsize=8)
            axis.invert_yaxis()
            axis.set_xlim(left=0)
            axis.set_title(f"{case} ({min(len(v) for v in values)} seeds)" if line == 0 else "", fontsize=9)
            axis.set_xlabel("GOSPA, m" if line == 0 else "switches per aircraft and minute")
    figure.tight_layout()
    figure.savefig(os.path.join(out, "peers.svg"), metadata={"Date": None})


def hard(results, out):
    """GOSPA of ours by that of each peer in the hard scenes, with a 90 % interval over seeds."""
    cases = [case for case, seeds in results.items() if any("norfair" in row for row in seeds.values())]
    peers = {"norfair": "o", "stonesoup gnn-kdtree": "s"}
    figure, axis = plt.subplots(figsize=(6.0, 0.36 * len(cases) + 1.0))
    axis.axvline(1.0, color="#cccccc", lw=1)
    for line, case in enumerate(cases):
        for shift, (peer, form) in zip((-0.12, 0.12), peers.items()):
            ratios = [row["ours"]["gospa"] / row[peer]["gospa"] for row in results[case].values() if "gospa" in row.get(peer, {})]
            if ratios:
                half = 1.64 * np.std(ratios) / np.sqrt(len(ratios))
                axis.errorbar(np.mean(ratios), line + shift, xerr=half, fmt=form, color=OURS, ms=4, lw=1,
                              mfc=OURS if peer == "norfair" else "white", label=NAMES.get(peer, peer) if line == 0 else None)
    axis.set_yticks(range(len(cases)), cases)
    axis.invert_yaxis()
    axis.set_xlabel("GOSPA, ours / peer (left of 1: ours is better)")
    axis.legend(frameon=False, fontsize=7)
    figure.tight_layout()
    figure.savefig(os.path.join(out, "hard.svg"), metadata={"Date": None})


def calibration(rows, out):
    """Stated against true probability of crossings."""
    rows = [(n, p, q) for n, p, q in crossings.together(rows) if n]
    figure, axis = plt.subplots(figsize=(3.6, 3.4))
    axis.plot([0, 1], [0, 1], color="#cccccc", lw=1)
    for n, p, q in rows:
        half = 1.64 * np.sqrt(max(q * (1 - q), 0.25 / n) / n)
        axis.plot([p, p], [max(0, q - half), min(1, q + half)], color=OURS, lw=1)
        axis.plot(p, q, "o", color=OURS, ms=4)
        axis.annotate(str(n), (p, q), textcoords="offset points", xytext=(5, -9), fontsize=7)
    axis.set_xlabel("stated probability of crossing")
    axis.set_ylabel("share that crossed")
    figure.tight_layout()
    figure.savefig(os.path.join(out, "calibration.svg"), metadata={"Date": None})


def scene(data, binary, out):
    """Detections, truth and tracks of a part of one dense scene."""
    with tempfile.TemporaryDirectory() as folder:
        result = os.path.join(folder, "tracks.csv")
        subprocess.run([binary, "--detections", os.path.join(data, "detections.csv"), "--sensor",
                        os.path.join(data, "sensor.json"), "--out", result], check=True, stdout=subprocess.DEVNULL)
        tracks = np.loadtxt(result, delimiter=",", skiprows=1)
    detections, truth = (np.loadtxt(os.path.join(data, name), delimiter=",", skiprows=1) for name in ("detections.csv", "truth.csv"))
    detections, truth, tracks = (rows[(rows[:, 0] >= SECONDS[0]) & (rows[:, 0] < SECONDS[1])] for rows in (detections, truth, tracks))
    figure, axis = plt.subplots(figsize=(6.0, 6.0))
    axis.plot(detections[:, 1] / 1e3, detections[:, 2] / 1e3, "o", ms=1.6, mew=0, color="#b4babd", label="detections")
    for n, number in enumerate(np.unique(truth[:, 1])):
        path = truth[truth[:, 1] == number]
        axis.plot(path[:, 2] / 1e3, path[:, 3] / 1e3, color="#222222", lw=0.7, label=None if n else "truth")
    for n, number in enumerate(np.unique(tracks[:, 1])):
        path = tracks[tracks[:, 1] == number]
        axis.plot(path[:, 2] / 1e3, path[:, 3] / 1e3, color=plt.cm.tab10(n % 10), lw=1.6, alpha=0.7, label=None if n else "tracks, a colour each")
    axis.set(xlim=(0, SIDE), ylim=(0, SIDE), aspect="equal", xlabel="km", ylabel="km",
             title=f"100 aircraft, 4 for each square km: seconds {SECONDS[0]} to {SECONDS[1]}")
    axis.title.set_size(9)
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=3, frameon=False, fontsize=8)
    figure.tight_layout()
    figure.savefig(os.path.join(out, "dense.png"), dpi=110, metadata={"Software": None})


def main():
    results, scenes, crossed, data, binary, out = sys.argv[1:7]
    os.makedirs(out, exist_ok=True)
    with open(results) as file:
        bars(json.load(file), out)
    with open(scenes) as file:
        hard(json.load(file), out)
    if os.path.exists(crossed):
        calibration(crossings.load(crossed), out)
    scene(data, binary, out)


if __name__ == "__main__":
    main()
