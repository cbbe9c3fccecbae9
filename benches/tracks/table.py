"""Print the results as Markdown: means and 90 % bootstrap intervals over seeds.

    table.py RESULTS.json                                    every tracker in every case, by bench.py
    table.py RESULTS.json SPEED.json CROSSINGS.json          the goals, row by row, with those of latency.py and crossings.py, as
                                                             far as these files are there
"""
import json
import os
import sys

import numpy as np


def interval(values, rng):
    """Mean and the 5 % and 95 % points of the mean over resampled seeds."""
    values = np.array(values, float)
    means = rng.choice(values, (2000, len(values))).mean(axis=1)
    return values.mean(), *np.percentile(means, [5, 95])


def quotient(above, below, rng):
    """Sum of some values by the sum of others, pair by pair over resampled seeds: value, 5 % and 95 % point."""
    above, below = np.array(above, float), np.array(below, float)
    drawn = rng.integers(0, len(above), (2000, len(above)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return above.sum() / below.sum(), *np.percentile(above[drawn].sum(axis=1) / below[drawn].sum(axis=1), [5, 95])


def having(rows, tool, plain=False):
    """The seeds in which a tool ran; as it is and beside ours, if so asked."""
    return [row for row in rows if tool in row and (not plain or tool.startswith("ours") or "ours_cpu_s" in row[tool])]


def speed(rows, tool, rng):
    """How many times as many detections a CPU second ours are, and over how many seeds; None if there are none."""
    have = having(rows, tool, plain=True)
    if not have:
        return None, 0
    return quotient([row[tool]["cpu_s"] / row[tool]["detections"] for row in have],
                    [row[tool].get("ours_cpu_s", row["ours"]["cpu_s"]) / row["ours"]["detections"] for row in have], rng), len(have)


def show(three, digits):
    """Value and interval."""
    return f"{three[0]:,.{digits}f} ({three[1]:,.{digits}f}-{three[2]:,.{digits}f})"


def cases(results, rng):
    """One table a case."""
    for case, seeds in results.items():
        rows = list(seeds.values())
        print(f"\n{case}: {len(rows)} held-out seeds; ratios of GOSPA are means of the ratio seed by seed, the others of sums\n")
        print("| tracker | seeds | GOSPA (90 %) | ours / it (90 %) | RMSE m | missed | false | ID switches (90 %) | ours / it | "
              "ANEES | det/CPU-s, seeds | ours / it (90 %) |")
        print("|---|---|---|---|---|---|---|---|---|---|---|---|")
        for tool in dict.fromkeys(tool for row in rows for tool in row):
            have = having(rows, tool)

            def each(key, of=tool):
                return [row[of][key] for row in have]

            ratio = interval(np.array(each("gospa", "ours")) / each("gospa"), rng)
            theirs = sum(each("id_switches"))
            fewer = f"{sum(each('id_switches', 'ours')) / theirs:.2f}" if theirs else "-"
            honest = "none" if None in each("anees") else f"{np.mean(each('anees')):.3f}"
            times, n = speed(rows, tool, rng)
            fast = having(rows, tool, plain=True)
            rate = sum(row[tool]["detections"] for row in fast) / sum(row[tool]["cpu_s"] for row in fast) if fast else 0
            print(f"| {tool} | {len(have)} | {show(interval(each('gospa'), rng), 1)} | {show(ratio, 3)} | {np.mean(each('rmse_m')):.1f} | "
                  f"{np.mean(each('missed')):.4f} | {np.mean(each('false_per_target')):.4f} | {show(interval(each('id_switches'), rng), 3)} | "
                  f"{fewer} | {honest} | " + (f"{rate:,.0f}, {n} | {show(times, 0)} |" if n else "- | - |"))


def goals(results, fast, crossed, rng):
    """The rows of the goals."""
    print("| what | at least | aim | case | value (90 %) | seeds |")
    print("|---|---|---|---|---|---|")

    def row(what, least, aim, case, value, seeds):
        print(f"| {what} | {least} | {aim} | {case} | {value} | {seeds} |")

    for case, seeds in results.items():
        times, n = speed(list(seeds.values()), "stonesoup gnn-kdtree", rng)
        if n:
            row("det/CPU-s, ours / Stone Soup's KD-tree GNN", "300", "1,000", case, show(times, 0), n)
    for case, seeds in fast.items():
        big = "10000" in case
        row("p99 of a scan, ms", "200" if big else "20", "50" if big else "5", case,
            show(interval([one["ours"]["p99_ms"] for one in seeds.values()], rng), 2), len(seeds))
    for key, what in (("gospa", "GOSPA"), ("id_switches", "identity switches")):
        for case, seeds in results.items():
            rows = list(seeds.values())
            others = [tool for tool in dict.fromkeys(tool for one in rows for tool in one) if not tool.startswith("ours")]
            # The better peer: the one with the lower figure in this case and by this measure.
            better = min(others, key=lambda tool: np.mean([one[tool][key] for one in having(rows, tool)]))
            by_gospa = min(others, key=lambda tool: np.mean([one[tool]["gospa"] for one in having(rows, tool)]))
            for tool in dict.fromkeys((by_gospa, better)):
                have = having(rows, tool)
                value = quotient([one["ours"][key] for one in have], [one[tool][key] for one in have], rng)
                why = " (lower GOSPA)" if tool == by_gospa != better else " (fewer switches)" if better != by_gospa else ""
                least = "1.00"
                aim = ("0.90" if case.startswith("sparse") else "0.80") if key == "gospa" else "0.5"
                row(f"{what}, ours / {tool}{why}", least, aim, case, show(value, 2 if key == "id_switches" else 3), len(have))
    for tool, least in (("ours", "0.9-1.1"), ("ours, error stated as half", "0.8-1.3"), ("ours, error stated as double", "0.8-1.3")):
        for case, seeds in results.items():
            have = having(list(seeds.values()), tool)
            name = "ANEES, exact model" if tool == "ours" else f"ANEES, {tool[6:]}"
            row(name, least, "", case, show(interval([one[tool]["anees"] for one in have], rng), 3), len(have))
    if crossed:
        lines(crossed, row)
    for case, seeds in fast.items():
        if "10000" not in case:
            row("memory, MB", "100", "40", case, show(interval([one["ours"]["peak_mb"] for one in seeds.values()], rng), 1), len(seeds))


def lines(crossed, row):
    """The goals about crossings."""
    import crossings
    found = crossings.intervals(crossed)
    for name, least, aim, digits in (("calibration error (ECE, 10 bins)", "0.02", "0.01", 4), ("of these right", "0.95", "0.99", 4),
                                     ("false (nothing crossed within a minute) per 1,000 track-hours", "1", "", 2)):
        what = "right when P is 0.95 or more" if name == "of these right" else name
        row(f"crossings: {what}", least, aim, f"{found['track-hours within 2 km'][0]:,.0f} track-hours", show(found[name], digits), len(crossed))


def main():
    with open(sys.argv[1]) as file:
        results = json.load(file)
    rng = np.random.default_rng(1)
    if len(sys.argv) == 2:
        cases(results, rng)
        return
    import crossings
    fast = {}
    if os.path.exists(sys.argv[2]):
        with open(sys.argv[2]) as file:
            fast = json.load(file)
    goals(results, fast, crossings.load(sys.argv[3]) if os.path.exists(sys.argv[3]) else [], rng)


if __name__ == "__main__":
    main()
