"""How well can an impulse be located among stray detections, when nobody says which are its own?

    limit.py --bench BENCH CELL_FOLDER...

Perfect association (crlb.py --oracle) is a bound that no tool without labels can reach once stray detections are
dense. A detection with Gaussian error sigma that must be told from strays of rate lambda keeps the share

    E[ z^2 s(z) ],   s(z) = rho exp(-z^2/2) / (1 + rho exp(-z^2/2)),   rho = p / (lambda sigma sqrt(2 pi)),   z ~ N(0, 1)

of its information (the Fisher information of a point process of intensity lambda + p N(t)). For each folder, written by
generate.py in mode path, prints the median and 95 % point of the error that this information allows, from 400 draws an event:
with no strays, with the false detections as strays (every other event known perfectly), and with all detections
of other events as strays too (nothing known of them). The truth lies between the last two.
"""
import argparse
import collections
import os
import sys

import numpy as np

Z = np.linspace(-6, 6, 1201)
PHI = np.exp(-Z * Z / 2)
WEIGHT = Z * Z * PHI / PHI.sum()


def share(rho):
    """Information that is left, for an array of rho."""
    s = rho[:, None] * PHI
    return (WEIGHT * s / (1 + s)).sum(axis=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", required=True)
    parser.add_argument("folders", nargs="+")
    args = parser.parse_args()
    sys.path.insert(0, args.bench)
    import crlb

    cells = collections.OrderedDict()
    for folder in sorted(args.folders):
        cell = os.path.basename(folder.rstrip("/")).rsplit("_", 1)[0]
        stations = crlb.read_columns(folder, "stations.csv", 3)[:, 1:]
        truth = crlb.read_columns(folder, "truth.csv", 3)
        picks = crlb.read_columns(folder, "picks.csv", 2)
        labels = crlb.read_columns(folder, "labels.csv", 1)[:, 0].astype(int)
        sensors, length = picks[:, 1].astype(int), picks[-1, 0]
        rates = [0.0, (labels < 0).sum() / len(stations) / length, len(labels) / len(stations) / length]
        draws = cells.setdefault(cell, [[], [], []])
        for event, place in enumerate(truth):
            own = sensors[labels == event]
            if len(own) < crlb.MIN_PICKS:
                continue
            dx, dy = place[1] - stations[own, 0], place[2] - stations[own, 1]
            distance = np.maximum(np.hypot(dx, dy), 1e-3)
            travel = distance / crlb.SOUND_SPEED_KM_S
            sigma = np.hypot(crlb.TIMING_SIGMA_S, 0.01 * travel)
            jacobian = np.column_stack([np.ones(len(own)), dx / distance / crlb.SOUND_SPEED_KM_S,
                                        dy / distance / crlb.SOUND_SPEED_KM_S])
            for rate, out in zip(rates, draws):
                kept = 1.0 if rate == 0 else share(crlb.DETECTION_PROBABILITY / (rate * sigma * np.sqrt(2 * np.pi)))
                covariance = np.linalg.inv(jacobian.T @ (jacobian * (kept / sigma**2)[:, None]))[1:, 1:]
                sample = np.random.default_rng(event).multivariate_normal([0, 0], covariance, 400)
                out.append(np.hypot(sample[:, 0], sample[:, 1]) * 1000)
    for cell, draws in cells.items():
        figures = [np.concatenate(d) for d in draws]
        text = "; ".join(f"{name} {np.median(f):.2f} / {np.percentile(f, 95):.2f} m ({np.median(f) / np.median(figures[0]):.2f}, "
                         f"{np.percentile(f, 95) / np.percentile(figures[0], 95):.2f})"
                         for name, f in zip(("no strays", "false ones", "all others"), figures))
        print(f"{cell}: {text}")


if __name__ == "__main__":
    main()
