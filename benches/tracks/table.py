"""Print the results of bench.py as Markdown: mean and a 90 % bootstrap interval over seeds.

    table.py RESULTS.json
"""
import json
import sys

import numpy as np


def interval(values, rng):
    """Mean and the 5 % and 95 % points of the mean over resampled seeds."""
    values = np.array(values, float)
    means = rng.choice(values, (2000, len(values))).mean(axis=1)
    return values.mean(), *np.percentile(means, [5, 95])


def main():
    with open(sys.argv[1]) as file:
        results = json.load(file)
    rng = np.random.default_rng(1)
    for case, seeds in results.items():
        rows = list(seeds.values())
        tools = list(dict.fromkeys(tool for row in rows for tool in row))
        print(f"\n{case}: {len(rows)} held-out seeds; ratios are means of the ratio seed by seed\n")
        print("| tracker | seeds | GOSPA (90 %) | ours / it | RMSE m | missed | false | ID switches (90 %) | ours / it | "
              "ANEES | det/CPU-s | ours / it |")
        print("|---|---|---|---|---|---|---|---|---|---|---|---|")
        for tool in tools:
            have = [row for row in rows if tool in row]

            def mean(key, of=tool):
                return float(np.mean([row[of][key] for row in have]))

            gospa = interval([row[tool]["gospa"] for row in have], rng)
            ratio = interval([row["ours"]["gospa"] / row[tool]["gospa"] for row in have], rng)
            switches = interval([row[tool]["id_switches"] for row in have], rng)
            fewer = mean("id_switches", "ours") / max(mean("id_switches"), 1e-9)
            anees = [row[tool]["anees"] for row in have]
            honest = "none" if None in anees else "{:.3f}".format(float(np.mean(anees)))

            def rate(of):
                return sum(row[of]["detections"] for row in have) / sum(row[of]["cpu_s"] for row in have)

            print(f"| {tool} | {len(have)} | {gospa[0]:.1f} ({gospa[1]:.1f}-{gospa[2]:.1f}) | {ratio[0]:.3f} "
                  f"({ratio[1]:.3f}-{ratio[2]:.3f}) | {mean('rmse_m'):.1f} | {mean('missed'):.4f} | "
                  f"{mean('false_per_target'):.4f} | {switches[0]:.3f} ({switches[1]:.3f}-{switches[2]:.3f}) | "
                  f"{fewer:.2f} | {honest} | {rate(tool):,.0f} | {rate('ours') / rate(tool):,.0f} |")


if __name__ == "__main__":
    main()
