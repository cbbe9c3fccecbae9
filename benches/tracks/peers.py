"""Peers on one data set of the bench: Stone Soup 1.9.1 (GNN and JPDA over a KD-tree) and norfair 2.3.

Both are set by what `tune.py` found on training seeds. CPU seconds are those of the tracker's scans alone,
without imports, reading and writing: in the peers' favour, for ours are those of the whole process.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import sys
import time

import numpy as np


def load_bench(folder):
    """Make the bench's own scripts importable."""
    sys.path.insert(0, folder)


def stonesoup(data, method, process_noise, min_detections, scans=None):
    """Run a Stone Soup tracker; returns (rows, CPU seconds, detections)."""
    import run_stonesoup as peer
    from stonesoup.models.measurement.linear import LinearGaussian

    peer.MIN_DETECTIONS = min_detections
    with open(os.path.join(data, "sensor.json")) as file:
        sensor = json.load(file)
    model = LinearGaussian(4, (0, 2), np.diag([sensor["sigma_m"] ** 2] * 2))
    frames = peer.read_scans(data, sensor, model)[:scans]
    tracker = peer.make_tracker(method, sensor, frames, model, process_noise)
    rows, cpu, _ = peer.run(tracker, frames, 1e9)
    return np.array(rows, float).reshape(-1, 9), sum(cpu), sum(len(found) for _, found in frames)


def norfair(data, distance_m, coast, delay, r, q, scans=None):
    """Run norfair; returns (rows, CPU seconds, detections). It gives no covariance."""
    from norfair import Detection, Tracker
    from norfair.filter import OptimizedKalmanFilterFactory

    with open(os.path.join(data, "sensor.json")) as file:
        sensor = json.load(file)
    table = np.loadtxt(os.path.join(data, "detections.csv"), delimiter=",", skiprows=1, ndmin=2).reshape(-1, 3)
    count = sensor["duration_s"] if scans is None else scans
    by_scan = [table[table[:, 0] == t][:, 1:] for t in range(count)]
    tracker = Tracker(distance_function="euclidean", distance_threshold=distance_m, hit_counter_max=coast,
                      initialization_delay=delay,
                      filter_factory=OptimizedKalmanFilterFactory(R=r, Q=q, pos_variance=10, vel_variance=1))
    rows, cpu = [], 0.0
    for t, places in enumerate(by_scan):
        start = time.process_time()
        objects = tracker.update([Detection(points=p.reshape(1, 2)) for p in places])
        cpu += time.process_time() - start
        for o in objects:
            (x, y), (vx, vy) = o.estimate[0], o.estimate_velocity[0]
            rows.append((t, o.id, x, y, vx, vy, np.nan, np.nan, np.nan))
    return np.array(rows, float).reshape(-1, 9), cpu, sum(len(p) for p in by_scan)
