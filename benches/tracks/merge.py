"""Merge result files of bench.py that were made side by side: merge.py OUT.json IN.json..."""
import json
import sys

together = {}
for path in sys.argv[2:]:
    with open(path) as file:
        for case, seeds in json.load(file).items():
            together.setdefault(case, {}).update(seeds)
with open(sys.argv[1], "w") as file:
    json.dump(together, file, indent=1)
