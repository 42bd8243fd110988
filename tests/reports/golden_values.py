"""Prints the numbers of the golden tests that are too long for a hand, by NumPy and SciPy alone."""

import numpy as np
from scipy import stats


def power_law(points):
    x, y = np.log(np.array(points, dtype=float)).T
    fit = stats.linregress(x, y)
    factor = np.exp(fit.intercept)
    print(f"power law: {factor:.4g} n^({fit.slope:.3f}) +- {fit.stderr:.2g}")
    for at in (10, 10 * 8**0.5, 80):
        print(f"  at {at:.6g}: {factor * at**fit.slope:.12f}")


def paired(name, best, following):
    """95 % interval of `following` less `best`, seed by seed."""
    low, high = stats.ttest_rel(following, best).confidence_interval(0.95)
    print(f"{name}: paired {low:.4g} to {high:.4g}, p {stats.ttest_rel(following, best).pvalue:.2g}")


def welch(name, best, following):
    test = stats.ttest_ind(following, best, equal_var=False)
    low, high = test.confidence_interval(0.95)
    print(f"{name}: Welch {low:.4g} to {high:.4g}, p {test.pvalue:.2g}")


def ratio(name, first, second, low, high):
    """Geometric means: how many times the second the first is, and whether inside low to high."""
    logs = np.log(first) - np.log(second)
    mean, error = logs.mean(), stats.sem(logs)
    reach = stats.t.ppf(0.975, len(logs) - 1) * error
    tails = [stats.t.sf((mean - np.log(low)) / error, len(logs) - 1),
             stats.t.sf((np.log(high) - mean) / error, len(logs) - 1)]
    print(f"{name}: ratio {np.exp(mean):.4g}, {np.exp(mean - reach):.4g} to"
          f" {np.exp(mean + reach):.4g}, p inside {2 * max(tails):.2g}")


def mean_interval(name, values):
    low, high = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
    print(f"{name}: mean {100 * low:.3g} % to {100 * high:.3g} %")


def epsilon_squared(name, groups):
    """Kelley's corrected share of the variance that the means of groups explain."""
    everything = np.concatenate(groups)
    total = ((everything - everything.mean()) ** 2).sum()
    within = sum(((group - np.mean(group)) ** 2).sum() for group in groups)
    levels, count = len(groups), len(everything)
    share = (total - within - (levels - 1) * within / (count - levels)) / total
    print(f"{name}: epsilon squared {share:.6f}")


power_law([(10, 3), (10, 4.5), (20, 2.5), (40, 1.8), (80, 1.1)])

BEST, NEXT, WORST = [3.1, 2.7, 2.95], [5.2, 4.1, 4.9], [9, 8, 10.5]
paired("findings, same seeds", BEST, NEXT)
welch("findings, other seeds", BEST, NEXT)
paired("findings, near each other", BEST, [3.3, 2.6, 3.0])
paired("findings, more is better", WORST, NEXT)

paired("claims, first step", WORST, NEXT)
paired("claims, second step", NEXT, BEST)
ratio("claims, ratio", WORST, NEXT, 1.3, 2.7)
mean_interval("claims, gaps", [0.5, 0.25, 0.125])

# Twelve rates in five bins of runs: 3, 2, 3, 2, 2 of them.
epsilon_squared("importance in bins", [[9, 10, 12], [3, 4], [8, 7.5, 6], [15, 13], [1, 2.5]])
