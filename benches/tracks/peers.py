"""Peers on frames of positions: Stone Soup 1.9.1 (GNN and JPDA over a KD-tree) and norfair 2.3.

Both take a setting (a dict, chosen by `tune.py` on training seeds) and frames: (seconds, places (n, 2)), and for
plots with times of their own (seconds of which states are told, places, times (n,), seconds at the end of the scan). CPU seconds are those of the
tracker's scans alone, without imports, reading and writing: in the peers' favour, for ours are those of the
whole process.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import datetime
import json
import sys
import time

import numpy as np


def load_bench(folder):
    """Make the bench's own scripts importable."""
    sys.path.insert(0, folder)


def read(data):
    """The sensor and the frames of one data set of the bench."""
    with open(os.path.join(data, "sensor.json")) as file:
        sensor = json.load(file)
    table = np.loadtxt(os.path.join(data, "detections.csv"), delimiter=",", skiprows=1, ndmin=2).reshape(-1, 3)
    return sensor, [(t, table[table[:, 0] == t][:, 1:]) for t in range(sensor["duration_s"])]


def stonesoup(sensor, frames, method, setting, quick=False, limit_s=None):
    """Run a Stone Soup tracker; returns (rows, CPU seconds, detections), rows None if it took longer than the limit.

    Plots with times of their own keep them; the state that is told is moved to the second of which it is told. `quick`:
    the parts of `quick.py`, which give the same tracks.
    """
    import run_stonesoup as peer
    from stonesoup.models.measurement.linear import LinearGaussian
    from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
    from stonesoup.predictor.kalman import KalmanPredictor
    from stonesoup.types.detection import Detection
    from stonesoup.updater.kalman import KalmanUpdater

    peer.MIN_DETECTIONS = setting["min_detections"]
    peer.MAX_MISSES = setting["max_misses"]
    peer.GATE_SIGMA = setting["gate_sigma"]
    peer.SPEED_SIGMA_M_S = setting["speed_sigma"]
    if quick:
        import quick as parts
        peer.KalmanPredictor, peer.KalmanUpdater = parts.QuickPredictor, parts.QuickUpdater
    else:
        peer.KalmanPredictor, peer.KalmanUpdater = KalmanPredictor, KalmanUpdater
    model = LinearGaussian(4, (0, 2), np.diag([sensor["sigma_m"] ** 2] * 2))
    motion = CombinedLinearGaussianTransitionModel([ConstantVelocity(setting["process_noise"])] * 2)

    def stamp(t):
        return peer.START + datetime.timedelta(seconds=float(t))

    scans = []
    for t, places, *own in frames:
        each, end = own if own else ([t] * len(places), t)
        scans.append((stamp(end), {Detection([[x], [y]], timestamp=stamp(at), measurement_model=model)
                                 for (x, y), at in zip(places, each)}))
    tracker = peer.make_tracker(method, sensor, scans, model, setting["process_noise"])
    rows, numbers, cpu = [], {}, 0.0
    steps = iter(tracker)
    for t, *_ in frames:
        start = time.process_time()
        _, tracks = next(steps)
        cpu += time.process_time() - start
        if limit_s is not None and cpu > limit_s:
            return None, cpu, 0
        for track in tracks:
            number = numbers.setdefault(track.id, len(numbers))
            state, c = np.asarray(track.state.state_vector, float), np.asarray(track.state.covar, float)
            ahead = stamp(t) - track.state.timestamp
            if ahead:
                f = np.asarray(motion.matrix(time_interval=ahead))
                state, c = f @ state, f @ c @ f.T
                if ahead > datetime.timedelta(0):
                    c = c + np.asarray(motion.covar(time_interval=ahead))
            x, vx, y, vy = state.ravel()
            rows.append((t, number, x, y, vx, vy, c[0, 0], c[0, 2], c[2, 2]))
    return np.array(rows, float).reshape(-1, 9), cpu, sum(len(found) for _, found in scans)


def norfair(frames, setting):
    """Run norfair; returns (rows, CPU seconds, detections). It gives no covariance and has no sense of time.

    Its step is the frame, its speeds are divided by the seconds of one. Where plots have times of their own, its places are
    moved, with its own speeds, by their mean age at the second of which states are told.
    """
    from norfair import Detection, Tracker
    from norfair.filter import OptimizedKalmanFilterFactory

    tracker = Tracker(distance_function="euclidean", distance_threshold=setting["distance_m"],
                      hit_counter_max=setting["hit_counter_max"],
                      initialization_delay=setting["initialization_delay"],
                      filter_factory=OptimizedKalmanFilterFactory(R=1.0, Q=setting["q"], pos_variance=setting["pos_variance"],
                                                                  vel_variance=setting["vel_variance"]))
    step = frames[1][0] - frames[0][0]
    ages = [t - at for t, _, *own in frames for at in (own[0] if own else [])]
    ahead = float(np.mean(ages)) / step if ages else 0.0
    rows, cpu = [], 0.0
    for t, places, *_ in frames:
        start = time.process_time()
        objects = tracker.update([Detection(points=p.reshape(1, 2)) for p in places])
        cpu += time.process_time() - start
        for o in objects:
            (x, y), (vx, vy) = o.estimate[0], o.estimate_velocity[0]
            rows.append((t, o.id, x + ahead * vx, y + ahead * vy, vx / step, vy / step, np.nan, np.nan, np.nan))
    return np.array(rows, float).reshape(-1, 9), cpu, sum(len(places) for _, places, *_ in frames)
