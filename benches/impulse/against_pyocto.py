"""Compare whole processes, one after the other, on the same data: `truceline locate` and PyOcto.

    against_pyocto.py --bench BENCH --locate BINARY --out FOLDER [--cases r10_f20 ...]

BENCH holds generate.py, run_pyocto.py and score.py; run with a Python that has PyOcto. CPU seconds are user and system
of the whole child process (for PyOcto less what importing its libraries costs, measured in a run of its own). The data
are seed 1 of each case; our process runs five times, and the slowest run counts. Prints one line a case.
"""
import argparse
import json
import os
import resource
import subprocess
import sys

CASES = {  # name: rate, false fraction, duration, setting of PyOcto
    "r10_f20": (10, 0.2, 300, "base"), "r10_f100": (10, 1, 300, "base"), "r10_f200": (10, 2, 300, "base"),
    "r60_f20": (60, 0.2, 120, "fast"), "r60_f100": (60, 1, 120, "fast"),
}


def cpu_of(command):
    """Run a command; return its CPU seconds, user and system, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, run.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--locate", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--cases", nargs="*", default=list(CASES))
    args = parser.parse_args()
    python = sys.executable
    imports, _ = cpu_of([python, "-c", "import numpy, pandas, pyocto, scipy.optimize"])
    rows = []
    for case in args.cases:
        rate, false, duration, setting = CASES[case]
        data = os.path.join(args.out, case)
        subprocess.run([python, f"{args.bench}/generate.py", "--rate", str(rate), "--false-fraction", str(false),
                        "--duration", str(duration), "--seed", "1", "--out", data], check=True,
                       stdout=subprocess.PIPE)
        ours = [args.locate, "--stations", f"{data}/stations.csv", "--picks", f"{data}/picks.csv",
                "--out", f"{data}/events.csv", "--assignments", f"{data}/assignments.csv"]
        mine = max(cpu_of(ours)[0] for _ in range(5))
        theirs, _ = cpu_of([python, f"{args.bench}/run_pyocto.py", data, "--setting", setting, "--out", f"{data}/pyocto"])
        theirs -= imports
        figures = []
        for folder in (data, f"{data}/pyocto"):
            _, text = cpu_of([python, f"{args.bench}/score.py", f"{data}/truth.csv", f"{data}/labels.csv",
                              f"{folder}/events.csv", "--assignments", f"{folder}/assignments.csv"])
            figures.append(json.loads(text))
        a, b = figures
        rows.append({"case": case, "cpu_s": mine, "pyocto_cpu_s": theirs, "ratio": theirs / mine})
        print(f"{case}: locate {mine:.3f} CPU s, PyOcto {setting} {theirs:.2f} CPU s, ratio {theirs / mine:.0f}; recall "
              f"{a['recall']:.3f} / {b['recall']:.3f}, precision {a['precision']:.3f} / {b['precision']:.3f}, median "
              f"{a['error_median_m']:.2f} / {b['error_median_m']:.2f} m, 95 % {a['error_p95_m']:.1f} / {b['error_p95_m']:.1f} m",
              flush=True)
    with open(os.path.join(args.out, "against_pyocto.json"), "w") as file:
        json.dump(rows, file, indent=1)


if __name__ == "__main__":
    main()
