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
        tools = list(dict.fromkeys(tool for rows in seeds.values() for tool in rows))
        complete = [rows for rows in seeds.values() if all(tool in rows for tool in tools)]
        print(f"\n{case}: {len(complete)} held-out seeds\n")
        print("| tracker | GOSPA (90 %) | against the better peer | RMSE m | missed | false | ID switches (90 %) | "
              "ANEES | det/CPU-s | x Stone Soup GNN |")
        print("|---|---|---|---|---|---|---|---|---|---|")
        peers = [tool for tool in tools if not tool.startswith("ours")]

        def mean(tool, key):
            return float(np.mean([rows[tool][key] for rows in complete]))

        better = min(peers, key=lambda tool: mean(tool, "gospa"))
        for tool in tools:
            gospa = interval([rows[tool]["gospa"] for rows in complete], rng)
            ratio = interval([rows[tool]["gospa"] / rows[better]["gospa"] for rows in complete], rng)
            switches = interval([rows[tool]["id_switches"] for rows in complete], rng)
            anees = [rows[tool]["anees"] for rows in complete]
            honest = "none" if None in anees else "{:.3f}".format(float(np.mean(anees)))
            total = sum(rows[tool]["detections"] for rows in complete)
            rate = total / sum(rows[tool]["cpu_s"] for rows in complete)
            base = total / sum(rows["stonesoup gnn-kdtree"]["cpu_s"] for rows in complete)
            print(f"| {tool} | {gospa[0]:.1f} ({gospa[1]:.1f}-{gospa[2]:.1f}) | {ratio[0]:.3f} "
                  f"({ratio[1]:.3f}-{ratio[2]:.3f}) | {mean(tool, 'rmse_m'):.1f} | {mean(tool, 'missed'):.4f} | "
                  f"{mean(tool, 'false_per_target'):.4f} | {switches[0]:.3f} ({switches[1]:.3f}-{switches[2]:.3f}) | "
                  f"{honest} | {rate:,.0f} | {rate / base:,.0f} |")


if __name__ == "__main__":
    main()
