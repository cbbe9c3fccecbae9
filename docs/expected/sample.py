#!/usr/bin/env python3
"""The sample on which the filter for kinetic reports is checked.

    python3 docs/expected/sample.py DATA          # precision, with its interval and the reasons of the errors
    python3 docs/expected/sample.py DATA --show   # prints the drawn rows with their headlines, to be read

DATA is the folder with the VIINA files of March and April 2025 (default ../shared/data/easter-2025). Python 3.11,
standard library only.

The draw. Headlines are parted by the first bit of the SHA-256 of the headline: those with 0 were read while the word
list was written; those with 1 were not. Of the headlines with 1 that pass the filter, one row each (the first by time,
place, longitude and latitude), the 200 with the lowest SHA-256 of "kinetic-1|" + headline are the sample. No headline
is kept in the repository: a row is named by its time, its place and the first 16 digits of the headline's SHA-256.

The label, given by reading the headline alone: 1 when it speaks of a specific act of war (a strike, shelling, drone
attack, assault, explosion by a weapon, air defence at work against an attack) that can be taken to have happened
within about a day of the row's date; else 0 with a reason:
    summary    a count or list over a day or longer, or over a front, not one act
    old        the act lies clearly longer back
    undated    an act, but the headline gives no hint that it is new (a clip, a portrait, a consequence)
    talk       a reaction, judgement, explanation or plan
    other      no act of war (accident, crime, sport, anything else)
The borders: one night's attack on many towns is one act; a total of several attacks on a town or an oblast, with no one
act described, is a summary; explosions without a stated cause count as acts unless the headline hints otherwise;
consequences shown count when the headline reads as of the same day.

The labels were given by one reader, a language model that works on this project, in one pass. There was no second
reader, so nothing is known of how far readers agree. After the draw one rule was added
("sent-or-destroyed", for the strike of 20 March 2025 on a substation, which had been missed); it lets two more headlines
pass, neither of them among the 200 of the draw repeated with it. No word was changed because of a label.
"""
import collections
import csv
import hashlib
import math
import pathlib
import sys

from lexicon import PATH, Lexicon

ROOT = pathlib.Path(__file__).parents[2]
DATA = ROOT / "../shared/data/easter-2025"
LABELS = ROOT / "missions/public-data/labels-kinetic-reports.csv"
FILES = ("viina_2025-03.csv", "viina_2025-04.csv")
SIZE = 200
# The word list that was checked. After a change of words, draw and label anew (and change "kinetic-1").
CHECKED_LEXICON = "533b975fcebac4c8653298c15b4ca77c203aaef216c8e8d7a77e2da9a8d1cfa4"


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def viina(data):
    rows = []
    for name in FILES:
        with open(pathlib.Path(data) / name, encoding="utf-8-sig", newline="") as file:
            rows += csv.DictReader(file)
    return rows


def tuned_on(headline):
    return int(sha256(headline.strip())[0], 16) < 8


def draw(rows, lexicon):
    first = {}
    for row in sorted(rows, key=lambda r: (r["datetime"], r["place_name"], r["lon"], r["lat"])):
        first.setdefault(row["headline"], row)
    passing = [h for h in first if not tuned_on(h) and lexicon.classify(h)[0]]
    drawn = sorted(passing, key=lambda h: sha256("kinetic-1|" + h))[:SIZE]
    return len(passing), [first[h] for h in drawn]


def key(row):
    return row["datetime"], row["place_name"], sha256(row["headline"])[:16]


def wilson(good, n, z=1.644854):
    """Interval of Wilson (1927) for a share; z for 90 %."""
    centre, half = good + z * z / 2, z * math.sqrt(good * (n - good) / n + z * z / 4)
    return (centre - half) / (n + z * z), (centre + half) / (n + z * z)


def precision(rows, lexicon):
    """The figures, from the labels in the repository and the rows drawn anew."""
    if sha256(PATH.read_text(encoding="utf-8")) != CHECKED_LEXICON:
        sys.exit("lexicon.toml is not the word list that was checked: draw a new sample and label it")
    passing, sample = draw(rows, lexicon)
    with open(LABELS, encoding="utf-8", newline="") as file:
        labels = {(r["datetime"], r["place"], r["headline_sha256"]): r for r in csv.DictReader(file)}
    if set(labels) != {key(r) for r in sample} or len(labels) != SIZE:
        sys.exit("the labels are not those of the drawn rows: label the rows that --show prints")
    good = sum(r["label"] == "1" for r in labels.values())
    low, high = wilson(good, SIZE)
    return {
        "population": passing,
        "sample": SIZE,
        "speak_of_a_new_act": good,
        "precision_permille": round(1000 * good / SIZE),
        "low_permille": round(1000 * low),
        "high_permille": round(1000 * high),
        "errors": dict(sorted(collections.Counter(r["reason"] for r in labels.values() if r["label"] == "0").items())),
    }


def main():
    args = [a for a in sys.argv[1:] if a != "--show"]
    rows, lexicon = viina(args[0] if args else DATA), Lexicon()
    if "--show" in sys.argv:
        for number, row in enumerate(draw(rows, lexicon)[1], 1):
            print(number, *key(row), "|", row["headline"])
    else:
        print(precision(rows, lexicon))


if __name__ == "__main__":
    main()
