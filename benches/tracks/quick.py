"""Stone Soup's Kalman predictor and updater with the same arithmetic and less around it, for runs whose CPU time is not compared.

Stone Soup builds the matrices of its models anew for every prediction, remembers 128 predictions (with more tracks than that it makes each
twice) and copies states by their properties. These do each once. The tracks are the same, number by number, in about 0.4 of the time;
`python quick.py BENCH_FOLDER DATA_FOLDER SCANS` shows it. Figures of speed are taken from Stone Soup as it is.
"""
import functools
import json
import sys

import peers  # sets one thread, before numpy is loaded
import numpy as np
from stonesoup.predictor._utils import predict_lru_cache
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.types.array import CovarianceMatrix, StateVector
from stonesoup.types.prediction import GaussianMeasurementPrediction, GaussianStatePrediction
from stonesoup.updater.kalman import KalmanUpdater

REMEMBERED = 1 << 14
PLACE = np.array([0, 2])


class QuickPredictor(KalmanPredictor):
    """Predicts a Gaussian state by a linear model without control."""

    def matrices(self, interval):
        """Transition matrix and noise of an interval."""
        kept = self.__dict__.setdefault("kept", {})
        if interval not in kept:
            model = self.transition_model
            kept[interval] = tuple(np.asarray(of(time_interval=interval), float) for of in (model.matrix, model.covar))
        return kept[interval]

    @predict_lru_cache(maxsize=REMEMBERED)
    def predict(self, prior, timestamp=None, control_input=None, **_):
        f, q = self.matrices(timestamp - prior.timestamp)
        mean = f @ np.asarray(prior.state_vector, float)
        covariance = f @ np.asarray(prior.covar, float) @ f.T + q
        return GaussianStatePrediction(mean.view(StateVector), covariance.view(CovarianceMatrix), timestamp=timestamp,
                                       transition_model=self.transition_model, prior=prior)


class QuickUpdater(KalmanUpdater):
    """Measures the place of a state x, vx, y, vy."""

    @functools.lru_cache(maxsize=REMEMBERED)
    def predict_measurement(self, predicted_state, measurement_model=None, measurement_noise=True, **_):
        kept = self.__dict__.setdefault("kept", {})
        if measurement_model not in kept:
            kept[measurement_model] = np.asarray(measurement_model.covar(), float)
        cross = np.asarray(predicted_state.covar)[:, PLACE]
        return GaussianMeasurementPrediction(
            np.asarray(predicted_state.state_vector)[PLACE].view(StateVector),
            (cross[PLACE] + kept[measurement_model]).view(CovarianceMatrix),
            timestamp=predicted_state.timestamp, cross_covar=cross.view(CovarianceMatrix))


def main():
    peers.load_bench(sys.argv[1])
    sensor, frames = peers.read(sys.argv[2])
    frames = frames[:int(sys.argv[3])]
    setting = {"process_noise": 16.0, "min_detections": 3, "max_misses": 5, "gate_sigma": 3.5, "speed_sigma": 30.0}
    (slow, a, n), (fast, b, _) = (peers.stonesoup(sensor, frames, "gnn-kdtree", setting, quick=quick) for quick in (False, True))

    def ordered(rows):
        return np.delete(rows[np.lexsort((rows[:, 3], rows[:, 2], rows[:, 0]))], 1, axis=1)

    print(json.dumps({"rows": len(slow), "greatest difference, m or m^2": float(np.abs(ordered(slow) - ordered(fast)).max()),
                      "det/CPU-s": round(n / a), "det/CPU-s, quick": round(n / b)}))


if __name__ == "__main__":
    main()
