"""Add up runs of the example `crossings`, one seed each: crossings.py RUN.json... (each beside its RUN.log).

    for s in $(seq 1 50); do crossings $s $s 100 3600 > cr.$s.json 2> cr.$s.log; done
    crossings.py cr.*.json > all.log        # the calibration table, as pictures.py reads it, and a JSON object
"""
import json
import re
import sys


def main():
    bins = [[0, 0.0, 0.0] for _ in range(10)]
    runs = []
    for path in sys.argv[1:]:
        with open(path) as file:
            text = file.read().strip()
        if not text:
            continue
        runs.append(json.loads(text))
        with open(path[:-4] + "log") as file:
            for k, n, p, q in re.findall(r"P ([\d.]+): n (\d+) stated ([\d.]+) true ([\d.]+)", file.read()):
                row = bins[int(float(k) * 10 + 0.5)]
                row[0] += int(n)
                row[1] += int(n) * float(p)
                row[2] += int(n) * float(q)

    def add(key, weight=None):
        return sum(run[key] * (run[weight] if weight else 1) for run in runs)

    for k, (n, p, q) in enumerate(bins):
        if n:
            print(f"P {k / 10:.1f}: n {n} stated {p / n:.3f} true {q / n:.3f}")
    hours = add("track_hours_within_2_km")
    print(json.dumps({
        "seeds": len(runs), "track-hours within 2 km": round(hours), "true crossings": round(add("true_crossings")),
        "reports of net change": round(add("events")),
        "calibration error (ECE, 10 bins)": round(sum(abs(p - q) for _, p, q in bins) / add("events"), 4),
        "reports with P of 0.95 or more": round(add("p95")),
        "of these right": round(add("p95_right", "p95") / add("p95"), 5),
        "graded established or one sensor": round(add("graded")),
        "false (nothing crossed within a minute) per 1,000 track-hours":
            round(add("false_per_1000_h", "track_hours_within_2_km") / hours, 2),
        "crossings reported with P of 0.5 or more": round(add("reported_0.5", "true_crossings")
                                                          / add("true_crossings"), 4),
        "true moment inside the stated 5-95 % interval": round(add("time_inside_5_95", "true_crossings")
                                                               / add("true_crossings"), 3),
    }))


if __name__ == "__main__":
    main()
