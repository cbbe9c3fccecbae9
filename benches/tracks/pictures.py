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
            axis.barh(range(len(tools)), means, xerr=spread,
                      color=[OURS if t.startswith("ours") else PEER for t in tools])
            axis.set_yticks(range(len(tools)), [t.replace("stonesoup ", "SS ").replace("-kdtree", "") for t in tools],
                            fontsize=7)
            axis.invert_yaxis()
            axis.set_title(f"{case} ({len(rows)} seeds)" if line == 0 else "", fontsize=9)
            axis.set_xlabel("GOSPA, m" if line == 0 else "ID switches per target and minute")
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
                              mfc=OURS if peer == "norfair" else "white", label=peer if line == 0 else None)
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
    """Detections, truth and tracks of one dense scene."""
    with tempfile.TemporaryDirectory() as folder:
        result = os.path.join(folder, "tracks.csv")
        subprocess.run([binary, "--detections", os.path.join(data, "detections.csv"), "--sensor",
                        os.path.join(data, "sensor.json"), "--out", result], check=True, stdout=subprocess.DEVNULL)
        tracks = np.loadtxt(result, delimiter=",", skiprows=1)
    detections = np.loadtxt(os.path.join(data, "detections.csv"), delimiter=",", skiprows=1)
    truth = np.loadtxt(os.path.join(data, "truth.csv"), delimiter=",", skiprows=1)
    figure, axis = plt.subplots(figsize=(6.4, 5.2))
    axis.plot(detections[:, 1] / 1e3, detections[:, 2] / 1e3, ",", color="#c8ccce")
    for number in np.unique(truth[:, 1]):
        path = truth[truth[:, 1] == number]
        axis.plot(path[:, 2] / 1e3, path[:, 3] / 1e3, color="#444444", lw=0.6)
    for n, number in enumerate(np.unique(tracks[:, 1])):
        path = tracks[tracks[:, 1] == number]
        axis.plot(path[:, 2] / 1e3, path[:, 3] / 1e3, color=plt.cm.tab20(n % 20), lw=1.1, alpha=0.9)
    axis.set_xlim(0, 5)
    axis.set_ylim(0, 5)
    axis.set_aspect("equal")
    axis.set_xlabel("km")
    axis.set_ylabel("km")
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
