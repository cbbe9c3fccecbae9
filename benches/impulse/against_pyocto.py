"""Compare whole processes, one after the other, on the same data: `truceline locate` and PyOcto.

    against_pyocto.py --bench BENCH --locate BINARY --out FOLDER [--cases r10_f20 ...] [--seeds 1 5001 ...] [--limit S]
                      [--again]

BENCH holds generate.py, run_pyocto.py and score.py; run with a Python that has PyOcto. CPU seconds are user and system
of the whole child process, of PyOcto less what importing its libraries costs (measured in a run of its own beside it).
Our process runs five times right before PyOcto's, and the slowest run counts. PyOcto is stopped after --limit CPU seconds:
such a case is one that it did not finish, and its ratio a lower bound.

Each run is written to FOLDER/against_pyocto.jsonl as soon as it is done; a run that stands there is not done again, so
the script can be stopped and started. With --again, our side of every run that stands there is done again, with the
binary of today. Prints one line a run, and at the end one row a case over all its seeds.
"""
import argparse
import json
import os
import resource
import subprocess
import sys

CASES = {  # name: rate, false fraction, duration, mode, setting of PyOcto
    "r10_f20": (10, 0.2, 300, "path", "base"), "r10_f100": (10, 1, 300, "path", "base"),
    "r10_f200": (10, 2, 300, "path", "base"), "r60_f20": (60, 0.2, 120, "path", "fast"),
    "r60_f100": (60, 1, 120, "path", "fast"), "w60_f100": (60, 1, 120, "wind", "fast"),
    "r60_f200": (60, 2, 120, "path", "fast"), "r200_f20": (200, 0.2, 60, "path", "fast"),
    "r200_f200": (200, 2, 60, "path", "fast"), "r600_f20": (600, 0.2, 60, "path", "fast"),
}


def cpu_of(command, limit=None):
    """Run a command; return its CPU seconds, user and system, and what it printed (None if it was stopped)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    stop = (lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))) if limit else None
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=stop)
    if run.returncode and not limit:
        raise SystemExit(f"{' '.join(command)}: failed; run it by hand to see why")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, None if run.returncode else run.stdout


def compare(args, case, seed):
    """One run of both on one data set."""
    rate, false, duration, mode, setting = CASES[case]
    python, data = sys.executable, os.path.join(args.out, f"{case}_{seed}")
    cpu_of([python, f"{args.bench}/generate.py", "--rate", str(rate), "--false-fraction", str(false), "--duration",
            str(duration), "--seed", str(seed), "--mode", mode, "--out", data])
    mine = ours(args, data)
    imports, _ = cpu_of([python, "-c", "import json, logging, numpy, pandas, pyocto, scipy.optimize"])
    theirs, done = cpu_of([python, f"{args.bench}/run_pyocto.py", data, "--setting", setting, "--out", f"{data}/pyocto"],
                          args.limit)
    row = {"case": case, "seed": seed, "setting": setting, "finished": done is not None, "cpu_s": mine,
           "pyocto_cpu_s": theirs - imports, "ratio": (theirs - imports) / mine}
    for name, folder in (("ours", data), ("pyocto", f"{data}/pyocto"))[:1 if done is None else 2]:
        row[name] = score(args, data, folder)
    return row


def ours(args, data):
    """CPU seconds of our process on one data set: the slowest of five."""
    command = [args.locate, "--stations", f"{data}/stations.csv", "--picks", f"{data}/picks.csv",
               "--out", f"{data}/events.csv", "--assignments", f"{data}/assignments.csv"]
    return max(cpu_of(command)[0] for _ in range(5))


def score(args, data, folder):
    _, text = cpu_of([sys.executable, f"{args.bench}/score.py", f"{data}/truth.csv", f"{data}/labels.csv",
                      f"{folder}/events.csv", "--assignments", f"{folder}/assignments.csv"])
    told = json.loads(text)
    return [told[key] for key in ("recall", "precision", "error_median_m", "error_p95_m")]


def again(args, row):
    """Our side of a run once more."""
    data = os.path.join(args.out, f"{row['case']}_{row['seed']}")
    mine = ours(args, data)
    return {**row, "cpu_s": mine, "ratio": row["pyocto_cpu_s"] / mine, "ours": score(args, data, data)}


def mean(rows, value):
    return sum(value(row) for row in rows) / len(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--locate", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--cases", nargs="*", default=list(CASES))
    parser.add_argument("--seeds", nargs="*", type=int, default=[1, 5001, 5002, 5003])
    parser.add_argument("--limit", type=int, default=900, help="CPU seconds for PyOcto a run (default 900)")
    parser.add_argument("--again", action="store_true", help="our side of the runs that are done once more")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    journal = os.path.join(args.out, "against_pyocto.jsonl")
    rows = []
    if os.path.exists(journal):
        with open(journal) as file:
            rows = [json.loads(line) for line in file]
    if args.again:
        rows = [again(args, row) for row in rows]
        with open(journal, "w") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    for seed in args.seeds:
        for case in args.cases:
            if any(row["case"] == case and row["seed"] == seed for row in rows):
                continue
            if any(row["case"] == case and not row["finished"] for row in rows):
                continue  # it did not finish one seed: another would only say so again
            rows.append(compare(args, case, seed))
            with open(journal, "a") as file:
                file.write(json.dumps(rows[-1]) + "\n")
            print(json.dumps(rows[-1]), flush=True)
    for case in args.cases:
        of_case = [row for row in rows if row["case"] == case]
        done = [row for row in of_case if row["finished"]]
        if not done:
            for row in of_case:
                print(f"| {case} | 1, stopped | {row['cpu_s']:.3f} | > {row['pyocto_cpu_s']:.0f} ({row['setting']}) | > {row['ratio']:.0f} |")
            continue
        at = lambda name, k, digits: f"{mean(done, lambda row: row[name][k]):.{digits}f}"
        pair = lambda k, digits: f"{at('ours', k, digits)} / {at('pyocto', k, digits)}"
        print(f"| {case} | {len(done)} | {mean(done, lambda row: row['cpu_s']):.3f} | "
              f"{mean(done, lambda row: row['pyocto_cpu_s']):.2f} ({done[0]['setting']}) | "
              f"{min(row['ratio'] for row in done):.0f} | {pair(0, 3)} | {pair(1, 3)} | "
              f"{at('ours', 2, 2)} / {at('ours', 3, 1)} | {at('pyocto', 2, 2)} / {at('pyocto', 3, 1)} |")


if __name__ == "__main__":
    main()
