"""Prints the numbers of the golden tests that are too long for a hand, by NumPy, SciPy and statsmodels
alone."""

import numpy as np
from scipy import optimize, stats
from statsmodels.stats import power, weightstats


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


def equivalence(name, first, second, margin):
    """Two one-sided tests of the paired difference, and the 90 % interval that belongs to them."""
    p, _, _ = weightstats.ttost_paired(np.array(second), np.array(first), -margin, margin)
    low, high = stats.ttest_rel(second, first).confidence_interval(0.90)
    print(f"{name}: {low:.10f} to {high:.10f}, p {p:.10f}")


def equivalence_of_ratio(name, first, second, tolerance):
    logs, border = np.log(first), np.log(1 + tolerance)
    p, _, _ = weightstats.ttost_paired(logs, np.log(second), -border, border)
    low, high = stats.ttest_rel(logs, np.log(second)).confidence_interval(0.90)
    print(f"{name}: {np.exp(low):.10f} to {np.exp(high):.10f}, p {p:.10f}")


def line(name, first_epoch, values):
    """The change along a line, relative to its end, and its error."""
    x = np.arange(first_epoch, first_epoch + len(values))
    fit = stats.linregress(x, values)
    factor = (x[-1] - x[0]) / (fit.intercept + fit.slope * x[-1])
    residuals = values - (fit.intercept + fit.slope * x)
    r = (residuals[1:] * residuals[:-1]).sum() / (residuals**2).sum() + 2.5 / len(values)
    r = min(max(r, 0), 0.8)
    print(f"{name}: {fit.slope * factor:.12f} +- {fit.stderr * factor:.12f}, widened by"
          f" {np.sqrt((1 + r) / (1 - r)):.12f}")


def surprises(name, values):
    """Against the repeated-median line through the two epochs before and the two after."""
    logs, found = np.log(values), []
    for i in range(1, len(values) - 1):
        first = min(max(i - 2, 0), len(values) - 5)
        others = [k for k in range(first, first + 5) if k != i]
        slope, height = stats.siegelslopes(logs[others], others, method="hierarchical")
        found.append(logs[i] - (height + slope * i))
    print(f"{name}: {[round(float(each), 9) for each in found]}, usual"
          f" {stats.median_abs_deviation(found, scale=1 / 1.4826):.9f}")


def exponents(name, places, seeds):
    """Each seed's slope of logarithms, and the interval of their mean."""
    slopes = [stats.linregress(np.log(places), np.log(values)).slope for values in seeds]
    low, high = stats.t.interval(0.95, len(slopes) - 1, np.mean(slopes), stats.sem(slopes))
    print(f"{name}: {np.mean(slopes):.10f} +- {stats.sem(slopes):.10f}, {low:.4f} to {high:.4f}")


def exponent_of_other_seeds(name, places):
    """A slope whose places have seeds of their own: the error from their pooled variance."""
    x = np.concatenate([np.full(len(values), np.log(place)) for place, values in places.items()])
    squares = sum((np.log(values) - np.log(values).mean()) @ (np.log(values) - np.log(values).mean())
                  for values in places.values())
    degrees = len(x) - len(places)
    error = np.sqrt(squares / degrees / ((x - x.mean()) ** 2).sum())
    print(f"{name}: error {error:.12f}, {degrees} degrees of freedom")


def law_with_offset(name, places, values):
    def law(x, factor, exponent, offset):
        return offset + factor * x**exponent
    found, _ = optimize.curve_fit(law, places, values, p0=[3, -0.5, 1], sigma=values, maxfev=20000)
    print(f"{name}: {found[2]:.6f} + {found[0]:.6f} n^({found[1]:.6f})")


def seeds_for_power(name, effect):
    """Seeds of a paired test at 5 % with power 80 %; effect: difference / deviation of differences."""
    count = power.TTestPower().solve_power(effect, power=0.8, alpha=0.05)
    print(f"{name}: {count:.2f} seeds")


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
    print(f"{name}: epsilon squared {share:.6f}, p {stats.f_oneway(*groups).pvalue:.6f}")


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

equivalence("equal within", [5.2, 4.1, 4.9, 5.0], [5.1, 4.3, 4.8, 5.1], 0.5)
equivalence_of_ratio("equal within a tolerance", [5.2, 4.1, 4.9, 5.0], [5.1, 4.3, 4.8, 5.1], 0.1)
line("convergence", 16, np.array([2.5, 2.1, 2.4, 2.0, 2.3]))
line("convergence, alike neighbours", 6, np.array([3.0, 3.1, 3.3, 2.9, 2.5, 2.6, 2.4]))
surprises("spikes", [9, 7, 6, 5.5, 7.5, 4.6, 4.4, 4.1, 4.0])
exponents("exponents", [10, 100, 1000], [[8, 4.1, 2.2], [9, 4.4, 2.0], [7.5, 4.2, 2.1]])
exponents("exponents of the figure", [10, 20, 40, 80],
          [[3, 2.5, 1.8, 1.1], [4.5, 3.1, 2.3, 1.7], [3.4, 2.4, 1.9, 1.2]])
exponent_of_other_seeds("other seeds", {10: [8, 9], 100: [4.1, 4.4], 1000: [2.2, 2.0]})
law_with_offset("offset", np.array([1, 4, 16, 64.0]), np.array([4.1, 2.45, 1.76, 1.37]))
seeds_for_power("power", 0.9)
seeds_for_power("power", 0.5)
epsilon_squared("importance of width", [[1, 3, 5, 7], [4, 6, 8, 10], [7, 9, 11, 13]])
epsilon_squared("importance of depth", [[1, 4, 7], [3, 6, 9], [5, 8, 11], [7, 10, 13]])
