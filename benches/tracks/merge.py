"""Merge result files of bench.py or hard.py that were made side by side: merge.py OUT.json IN.json..."""
import json
import sys

from bench import save

together = {}
for path in sys.argv[2:]:
    with open(path) as file:
        for case, seeds in json.load(file).items():
            for seed, rows in seeds.items():
                together.setdefault(case, {}).setdefault(seed, {}).update(rows)
save(sys.argv[1], {case: dict(sorted(seeds.items())) for case, seeds in together.items()})
