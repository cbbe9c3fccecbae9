#!/usr/bin/env python3
"""Expected values for the question "did the Easter truce of 2025 hold?", from the raw files.

    python3 docs/expected/easter_2025.py [DATA]    # default ../shared/data/easter-2025

Writes easter_2025.json, the same as key,value lines in easter_2025.csv, and viina_filter.csv (per day: rows, rows that
pass the filter, digest rows) beside this file: numbers and dates only, no text of any source. Python 3.11, standard
library only. The Rust code is not called: files are read, windows cut, words matched and
ratios computed here a second time (rate_ratio.py, lexicon.py, sample.py). Thresholds and false points are those of
missions/public-data/mission.toml, as for the program.

Clocks: the truce ran from 15:00 UTC on 19 April to 21:00 UTC on 20 April 2025. Alerts are in UTC. The launch table
states no zone and is read as Kyiv time (UTC+3 from 30 March). VIINA's dates are taken as Kyiv days. The thermal
table's days are taken as they stand.
"""
import collections
import csv
import datetime as dt
import json
import pathlib
import sys
import tomllib

import rate_ratio as rates
import sample
from lexicon import Lexicon

UTC, KYIV = dt.timezone.utc, dt.timezone(dt.timedelta(hours=3))  # all dates here are after 30 March
START = dt.datetime(2025, 4, 19, 15, tzinfo=UTC)
END = dt.datetime(2025, 4, 20, 21, tzinfo=UTC)
DAY = dt.timedelta(days=1)
TRUCE_DAY = "2025-04-20"  # the only whole Kyiv day within
MISSION = tomllib.loads((sample.ROOT / "missions/public-data/mission.toml").read_text(encoding="utf-8"))
RULES = MISSION["series"]
# Points that stand for a province, or for nothing.
FALSE_POINTS = {point["place"] for point in MISSION["false_point"]}
# Types of the launch table that are missiles or long-range unmanned aircraft.
LONG_RANGE = {
    "Shahed-136/131", "Iskander-M", "Iskander-M/KN-23", "Iskander-K", "X-31P", "P-800 Oniks", "X-59/X-69", "X-101/X-555",
    "Kalibr", "C-300", "C-300/C-400", "Ballistic Missile",
}
LEVEL = round(1000 * RULES["level"])
CLOUD_TOLERANCE = round(1000 * RULES["cloud_tolerance"])
SEASON_DAYS, MIN_COMPARABLE, DIGEST_FACTOR = RULES["season_days"], RULES["least_comparable_days"], RULES["digest_day"]
# The whole days before 19 April, nearest first, and the truce's own hours on the days before.
DAYS_BEFORE = [str(dt.date(2025, 4, 19) - k * DAY) for k in range(1, RULES["windows_before"] + 1)]
WINDOWS = [(START - k * DAY, END - k * DAY) for k in range(RULES["windows_before"] + 1)]
STANDING = dt.timedelta(hours=int(RULES["standing"].removesuffix(" h")))


def rate_ratio(count, baseline):
    return rates.rate_ratio(count, baseline, LEVEL)


def read(data, name):
    with open(data / name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def alerts(data):
    rows = [tuple(map(dt.datetime.fromisoformat, (r["started_at"], r["finished_at"]))) for r in read(data, "air_alerts.csv")]
    windows = []
    for start, end in WINDOWS:
        begun = [finish - begin for begin, finish in rows if start <= begin < end]
        standing = sum(length > STANDING for length in begun)
        windows.append({"begun": len(begun), "standing": standing, "starts": len(begun) - standing})
    now, before = windows[0], windows[1:]
    of = lambda key, chosen: [w[key] for w in chosen]
    return {
        "window": now,
        "before_nearest_first": before,
        "ratio": rate_ratio(now["starts"], of("starts", before)),
        "ratio_standing_states_counted": rate_ratio(now["begun"], of("begun", before)),
        # Shifted by 2, 4 and 6 days: no shared hour with the truce or with each other.
        "ratio_disjoint_windows": rate_ratio(now["starts"], of("starts", before[1::2])),
    }


def local(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=KYIV)


def launches(data):
    rows = []
    for r in read(data, "missile_attacks.csv"):
        if r["model"] in LONG_RANGE and r["time_start"] >= "2025-04-05":
            end = local(r["time_end"]) + (DAY if len(r["time_end"]) == 10 else DAY * 0)
            rows.append((local(r["time_start"]), end, r["launched"]))
    windows = []
    for start, end in WINDOWS:
        begun = [n for begin, _, n in rows if start <= begin < end]
        edges = sum(begin < end and start < finish and not (start <= begin and finish <= end) for begin, finish, _ in rows)
        told = [int(float(n)) for n in begun if n]
        windows.append({"rows_begun": len(begun), "launched": sum(told) if told else None, "rows_over_an_edge": edges})
    return {"window": windows[0], "before_nearest_first": windows[1:], "ratio": None, "why": "no row is not zero"}


def thermal(data):
    rows = {r["date"]: r for r in read(data, "war_fires_daily.csv")}
    cloud = lambda day: round(1000 * float(rows[day]["cloud_cover_in_east_of_country"]))
    entry = lambda day: {"day": day, "war_fires": int(rows[day]["war_fires_per_day"]),
                         "fires": int(rows[day]["fires_per_day"]), "cloud_permille": cloud(day)}
    # 28 days of the season, without 19 April, which lies partly in the truce.
    season = [str(dt.date(2025, 4, 19) - k * DAY) for k in range(1, SEASON_DAYS)]
    like = [entry(d) for d in season if d in rows and abs(cloud(d) - cloud(TRUCE_DAY)) <= CLOUD_TOLERANCE]
    enough = len(like) >= MIN_COMPARABLE
    return {
        "window": entry(TRUCE_DAY),
        "comparable_days": like,
        "comparable_days_in_any_season": sum(
            abs(cloud(d) - cloud(TRUCE_DAY)) <= CLOUD_TOLERANCE for d in rows if d < "2025-04-19"),
        "ratio": rate_ratio(entry(TRUCE_DAY)["war_fires"], [d["war_fires"] for d in like]) if enough else None,
        # What a comparison that forgets the sky would say.
        "ratio_against_all_seven_days_before": rate_ratio(
            entry(TRUCE_DAY)["war_fires"], [entry(d)["war_fires"] for d in DAYS_BEFORE]),
        "days": [entry(d) for d in sorted(rows)],
    }


def reports(rows, lexicon):
    days = collections.defaultdict(lambda: {"rows": 0, "pass": 0, "digest": 0, "kinetic": collections.defaultdict(set),
                                            "other": set()})
    for r in rows:
        day, headline = days[r["datetime"][:10]], r["headline"]
        kinetic, digest = lexicon.classify(headline)
        day["rows"] += 1
        day["pass"] += kinetic
        day["digest"] += digest
        if kinetic:
            day["kinetic"][headline].add(r["place_name"])
        elif not digest:
            day["other"].add(headline)

    def entry(date):
        day = days[date]
        first, wide = set(), 0
        for places in day["kinetic"].values():
            named = sorted(places - FALSE_POINTS, key=lambda p: p.encode())
            if named:
                first.add(named[0])
            else:
                wide += 1
        return {"day": date, "count": len(first) + wide, "stories": len(day["kinetic"]), "other_stories": len(day["other"]),
                "digest_rows": day["digest"], "rows": day["rows"]}

    now, before = entry(TRUCE_DAY), [entry(d) for d in DAYS_BEFORE]
    median = sorted(d["digest_rows"] for d in before)[len(before) // 2]
    for d in before:
        d["left_out"] = d["digest_rows"] > DIGEST_FACTOR * median
    kept = [d for d in before if not d["left_out"]]
    ratio = lambda key: rate_ratio(now[key], [d[key] for d in kept])
    counts, volume = ratio("count"), ratio("other_stories")
    meet = counts["low_permille"] <= volume["high_permille"] and volume["low_permille"] <= counts["high_permille"]
    changed = counts["high_permille"] < 1000 or counts["low_permille"] > 1000
    table = sorted((d, v["rows"], v["pass"], v["digest"]) for d, v in days.items())
    return table, {
        "window": now,
        "before_nearest_first": before,
        "ratio_of_reports_alone": counts,
        "ratio_repeats_by_place_kept": ratio("stories"),
        "ratio_of_all_other_stories": volume,
        "no_conclusion_because_volume_changed_alike": changed and meet,
    }


def maps(data):
    """Maps whose geometry is that of the last map before."""
    last, repeats, dates = None, [], []
    for path in sorted((data / "line").glob("deepstate_*.geojson")):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        geometry = json.dumps([f["geometry"] for f in features])
        date = path.stem.removeprefix("deepstate_")
        dates.append(date)
        if geometry == last:
            repeats.append(date)
        last = geometry
    days = [str(dt.date(2025, 3, 1) + k * DAY) for k in range(61)]
    return {"repeat_the_map_before": repeats, "missing": [d for d in days if d not in dates]}


def flat(value, path=""):
    if isinstance(value, (dict, list)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            yield from flat(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, json.dumps(value).strip('"')


def main():
    data = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else sample.DATA
    lexicon, rows = Lexicon(), sample.viina(data)
    table, report_series = reports(rows, lexicon)
    result = {
        "instrument": {"start": START.isoformat(), "end": END.isoformat(), "hours": 30},
        "level_permille": LEVEL,
        "air_raid_alert_starts": alerts(data),
        "long_range_launches": launches(data),
        "thermal_anomalies": thermal(data),
        "kinetic_reports": report_series,
        "filter_of_reports": sample.precision(rows, lexicon),
        "daily_maps": maps(data),
    }
    here = pathlib.Path(__file__).parent
    (here / "easter_2025.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    with open(here / "easter_2025.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["key", "value"])
        out.writerows(flat(result))
    with open(here / "viina_filter.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["day", "rows", "pass", "digest"])
        out.writerows(table)
    print("easter_2025.json, easter_2025.csv, viina_filter.csv")


if __name__ == "__main__":
    main()
