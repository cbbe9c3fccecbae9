"""Time of each scan, free of what else the machine does: the least of several runs, scan by scan.

    latency.py BINARY RUNS DATA_FOLDER...

Prints one JSON object a folder: median, p99 and worst scan in ms (association and filters, without reading
and writing), and the CPU seconds and peak memory of the whole process (least of the runs).
"""
import json
import os
import resource
import subprocess
import sys
import tempfile

import numpy as np


def main():
    binary, runs = sys.argv[1], int(sys.argv[2])
    for data in sys.argv[3:]:
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
        print(json.dumps({"data": os.path.basename(data), "scans": len(least),
                          "median_ms": round(float(np.median(least)), 2),
                          "p99_ms": round(float(np.percentile(least, 99)), 2),
                          "worst_ms": round(float(least.max()), 2), "cpu_s": round(min(cpu), 3),
                          "peak_mb": round(min(peak), 1)}))


if __name__ == "__main__":
    main()
