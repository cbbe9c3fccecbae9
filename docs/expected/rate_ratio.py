#!/usr/bin/env python3
"""Expected rate ratios, computed apart from the Rust code and by other means.

    python3 docs/expected/rate_ratio.py            # writes rate_ratio.csv beside this file
    python3 docs/expected/rate_ratio.py --scipy    # also holds every row against SciPy (pip install scipy)

Python 3.11, standard library only. Where crates/truce/src/rate.rs uses the incomplete beta function and a closed
form for the best mean, this script sums the binomial term by term, integrates Student's density by Simpson's rule,
and searches for the best mean by golden section: agreement is not agreement of one code with itself.

The method (also stated in rate.rs): Poisson with the exact conditional interval when the sample variance of the
baseline is at most its mean or there is one window; else negative binomial with the dispersion by moments and
the profile deviance held against the square of Student's t quantile with n - 1 degrees of freedom.
"""
import csv
import math
import pathlib
import sys

UNBOUNDED = 1_000_000_000  # permille; limits are not followed further


def bisect(low, high, rising, steps=200):
    for _ in range(steps):
        middle = 0.5 * (low + high)
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def binomial_tail(x, n, p):
    """P(X >= x), term by term."""
    if x <= 0:
        return 1.0
    if p <= 0.0:
        return 0.0
    if p >= 1.0:
        return 1.0
    log_p, log_q = math.log(p), math.log1p(-p)
    log_comb = lambda k: math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.fsum(math.exp(log_comb(k) + k * log_p + (n - k) * log_q) for k in range(x, n + 1))


def student_quantile(degrees, level):
    """t with P(|T| <= t) = level; the density is integrated over the angle atan(t / sqrt(v))."""
    const = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(math.pi)

    def within(angle):
        steps = 4000
        h = angle / steps
        f = lambda a: const * math.cos(a) ** (degrees - 1)
        total = f(0.0) + f(angle) + math.fsum((4 if i % 2 else 2) * f(i * h) for i in range(1, steps))
        return 2 * total * h / 3

    angle = bisect(0.0, math.pi / 2, lambda a: within(a) - level, steps=60)
    return math.sqrt(degrees) * math.tan(angle)


def golden(low, high, f, steps=120):
    """The highest value of f, which has one peak."""
    ratio = (math.sqrt(5) - 1) / 2
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    fa, fb = f(a), f(b)
    for _ in range(steps):
        if fa < fb:
            low, a, fa = a, b, fb
            b = low + ratio * (high - low)
            fb = f(b)
        else:
            high, b, fb = b, a, fa
            a = high - ratio * (high - low)
            fa = f(a)
    return max(fa, fb)


def log_nb(count, mean, size):
    """Log probability of a count under the negative binomial."""
    log_mean = math.log(mean)
    return (
        math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1)
        - (size + count) * math.log1p(mean / size)
        + count * (log_mean - math.log(size))
    )


def rate_ratio(count, baseline, level_permille=900):
    """Dict of permille integers like truce::rate::RateRatio, or None when there is no ratio."""
    n, total, level = len(baseline), sum(baseline), level_permille / 1000
    if n == 0 or total == 0:
        return None
    mean = total / n
    variance = sum((c - mean) ** 2 for c in baseline) / (n - 1) if n > 1 else 0.0
    dispersion = max(0.0, (variance - mean) / mean**2)
    # An exact tie of variance and mean is Poisson; integers decide it, not rounding.
    if n < 2 or n * sum(c * c for c in baseline) - total**2 <= total * (n - 1):
        dispersion = 0.0
    if dispersion == 0.0:
        model, tail, both = "Poisson", (1 - level) / 2, count + total
        low_share = 0.0 if count == 0 else bisect(0, 1, lambda p: binomial_tail(count, both, p) - tail)
        high_share = bisect(0, 1, lambda p: binomial_tail(count + 1, both, p) - (1 - tail))
        low, high = (n * s / (1 - s) for s in (low_share, high_share))
    else:
        model, size = "negative binomial", 1 / dispersion

        def log_likelihood(ratio, m):
            return math.fsum(log_nb(c, m, size) for c in baseline) + log_nb(count, ratio * m, size)

        def profile(ratio):
            centre = math.log(mean)
            return golden(centre - 16, centre + 16, lambda u: log_likelihood(ratio, math.exp(u)))

        if count:
            best = log_likelihood(count / mean, mean)
        else:
            best = math.fsum(log_nb(c, mean, size) for c in baseline)
        limit = student_quantile(n - 1, level) ** 2
        excess = lambda u: 2 * (best - profile(math.exp(u))) - limit
        top, far = (math.log(count / mean) if count else -math.log(1e6)), math.log(1e6)
        low = 0.0 if count == 0 or excess(-far) <= 0 else math.exp(bisect(top, -far, excess, steps=60))
        high = 1e6 if excess(far) <= 0 else math.exp(bisect(top, far, excess, steps=60))
    whole = lambda v: min(UNBOUNDED, math.floor(v * 1000 + 0.5))
    return {
        "model": model,
        "dispersion_permille": whole(dispersion),
        "ratio_permille": whole(count * n / total),
        "low_permille": whole(low),
        "high_permille": whole(high),
    }


CASES = [
    # The alerts of the Easter truce, with and without the standing state, and with disjoint windows only.
    (5, [42, 101, 76, 64, 39, 58, 51]), (4, [42, 101, 76, 64, 39, 58, 51]), (4, [101, 64, 58]),
    # Like the baseline, well below, well above; Poisson and overdispersed.
    (10, [10, 9, 11, 10, 9, 11, 10]), (1, [10, 9, 11, 10, 9, 11, 10]), (40, [10, 9, 11, 10, 9, 11, 10]),
    (0, [10, 9, 11, 10, 9, 11, 10]), (0, [5, 5, 5]), (0, [1]), (1, [1]), (4, [4]), (100, [120]), (7, [0, 1]),
    (0, [0, 0, 1]), (1, [0, 0, 1]), (5, [0, 0, 1]), (0, [5, 50, 20, 90]), (3, [5, 50, 20, 90]),
    (200, [5, 50, 20, 90]), (60, [60, 61, 59]), (12, [60, 80, 45, 70]), (739, [713, 247, 175, 142, 187, 84, 13]),
    (90, [120, 100, 95, 130, 110, 105]), (20, [30, 45]), (45, [30, 45]), (2, [3, 3, 4, 2, 3]), (1000, [990, 1010]),
    (1500, [1000, 1010, 995, 1005]), (3, [0, 0, 0, 0, 0, 20]), (1, [2, 0, 3, 1, 0, 2, 1]),
]
LEVELS = [900, 950]


def check_with_scipy(rows):
    from scipy import optimize, stats

    for count, baseline, level_permille, got in rows:
        n, total, tail = len(baseline), sum(baseline), (1 - level_permille / 1000) / 2
        if got["model"] == "Poisson":
            low = stats.beta.ppf(tail, count, total + 1) if count else 0.0
            high = stats.beta.ppf(1 - tail, count + 1, total)
            low, high = (n * s / (1 - s) for s in (low, high))
        else:
            mean = total / n
            size = mean**2 / (sum((c - mean) ** 2 for c in baseline) / (n - 1) - mean)

            def ll(ratio, m):
                p = size / (size + m)
                window = stats.nbinom.logpmf(count, size, size / (size + ratio * m))
                return stats.nbinom.logpmf(baseline, size, p).sum() + window

            def profile(ratio):
                negative = lambda u: -ll(ratio, math.exp(u))
                return -optimize.minimize_scalar(negative, bounds=(math.log(mean) - 16, math.log(mean) + 16),
                                                 method="bounded", options={"xatol": 1e-10}).fun

            best = ll(count / mean if count else 1e-12, mean)
            limit = stats.t.ppf(1 - tail, n - 1) ** 2
            excess = lambda u: 2 * (best - profile(math.exp(u))) - limit
            top, far = math.log(count / mean) if count else -math.log(1e6), math.log(1e6)
            low = 0.0 if count == 0 or excess(-far) <= 0 else math.exp(optimize.brentq(excess, -far, top))
            high = 1e6 if excess(far) <= 0 else math.exp(optimize.brentq(excess, top, far))
        for name, value in (("low_permille", low), ("high_permille", high)):
            assert abs(got[name] - 1000 * value) <= 1 + 1e-5 * 1000 * value, (count, baseline, level_permille, got, value)
    print(f"{len(rows)} rows agree with SciPy to one permille")


def main():
    rows = [(c, b, level, rate_ratio(c, b, level)) for c, b in CASES for level in LEVELS]
    path = pathlib.Path(__file__).with_name("rate_ratio.csv")
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["count", "baseline", "level_permille", "model", "dispersion_permille", "ratio_permille",
                      "low_permille", "high_permille"])
        for count, baseline, level, r in rows:
            out.writerow([count, " ".join(map(str, baseline)), level, *r.values()])
    print(f"{path.name}: {len(rows)} rows")
    if "--scipy" in sys.argv:
        check_with_scipy(rows)


if __name__ == "__main__":
    main()
