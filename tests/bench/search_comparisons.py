"""How close a search comes to the minimum of public test functions in 100 trials: epochal's beside the real Optuna (from
PyPI, in build/search-venv), random search and Sobol's points; and how long an ask takes after 1,000 trials."""
import json
import random
import statistics
import subprocess

import native_benchmarks
from search_functions import FUNCTIONS

ROOT = native_benchmarks.ROOT
HERE = ROOT / "tests/bench"
VENV = ROOT / "build/search-venv"
BENCH = ROOT / "build/release/bin/search_bench"
PEER = "optuna==5.0.0"
TRIALS, SEEDS, PAST = 100, 20, 1000
OURS = "epochal"
RANKED = [OURS, "Optuna", "Optuna, independent", "random", "Sobol"]
# Where all parameters are always there, `group` changes nothing and is not measured.
SHOWN = [OURS, "Optuna", "Optuna, group", "Optuna, independent", "random", "Sobol"]
GOAL_OF_ASK_MS = 5


def lines_of(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True, cwd=HERE)
    return [json.loads(line) for line in done.stdout.splitlines()]


class GivenPoint:
    """Answers what a function asks for with the values of one point."""

    def __init__(self, point):
        self.point = point

    def number(self, name, *_):
        return self.point[name]

    logarithm = whole = number

    def choice(self, name, _):
        return int(self.point[name])


def check_functions():
    """The definitions of both languages are the same."""
    for line in lines_of(BENCH, "--values", 50):
        value = FUNCTIONS[line["function"]](GivenPoint(line["point"]))
        if abs(value - line["value"]) > 1e-9 * max(1, abs(value)):
            raise RuntimeError(f"{line['function']} at {line['point']} is {line['value']} in C++ and {value} in Python")


def regrets(studies, minima):
    """function -> sampler -> final regrets, one a seed."""
    table = {}
    for study in studies:
        name = study["function"]
        table.setdefault(name, {}).setdefault(study["sampler"], []).append(study["best"][-1] - minima[name])
    return table


def interval(values, draw):
    """Of the median, at 95 %, by the bootstrap."""
    medians = sorted(statistics.median(draw.choices(values, k=len(values))) for _ in range(2000))
    return medians[50], medians[1949]


def ranks(row):
    """The mean rank of each sampler over seeds; equal values share their ranks."""
    samplers = list(row)
    total = dict.fromkeys(samplers, 0.0)
    for seed in range(SEEDS):
        for one in samplers:
            value = row[one][seed]
            total[one] += 1 + sum(0.5 * (row[other][seed] <= value) + 0.5 * (row[other][seed] < value)
                                  for other in samplers if other != one)
    return {one: total[one] / SEEDS for one in samplers}


def cell(values, draw):
    if values is None:
        return ""
    low, high = interval(values, draw)
    return f"{statistics.median(values):.3g} ({low:.3g} to {high:.3g})"


def markdown(table, rank_table):
    draw = random.Random(0)
    lines = ["| function | " + " | ".join(SHOWN) + " |", "| --- |" + " --: |" * len(SHOWN)]
    for name, row in table.items():
        lines.append(f"| {name} | " + " | ".join(cell(row.get(one), draw) for one in SHOWN) + " |")
    means = {one: statistics.mean(rank_table[name][one] for name in table) for one in RANKED}
    lines.append("| mean rank | " + " | ".join(f"{means[one]:.2f}" if one in means else "" for one in SHOWN) + " |")
    return "\n".join(lines), means


def is_worse(ours, peers, draw):
    """Whether the 95 % interval of the difference of medians lies above 0."""
    differences = sorted(statistics.median(draw.choices(ours, k=len(ours)))
                         - statistics.median(draw.choices(peers, k=len(peers))) for _ in range(2000))
    return differences[50] > 0


def measure(say):
    """Prints the tables; returns all figures."""
    python = native_benchmarks.environment(VENV, PEER)
    subprocess.run(["cmake", "--build", ROOT / "build/release", "--target", "search_bench"], check=True,
                   capture_output=True)
    check_functions()
    say(f"search: {len(FUNCTIONS)} functions, {SEEDS} seeds, {TRIALS} trials, by epochal, random and Sobol")
    own = lines_of(BENCH, TRIALS, 0, SEEDS)
    minima = {line["function"]: line["minimum"] for line in own}
    say("search: the same by Optuna")
    studies = own + lines_of(python, HERE / "reference_search.py", TRIALS, 0, SEEDS)
    table = regrets(studies, minima)
    rank_table = {name: ranks({one: row[one] for one in RANKED}) for name, row in table.items()}
    text, means = markdown(table, rank_table)
    draw = random.Random(1)
    worse = [f"{name} ({peer})" for name, row in table.items() for peer in row if peer.startswith("Optuna")
             and is_worse(row[OURS], row[peer], draw)]
    asks = {line["function"]: line["ask_ms"] for line in lines_of(BENCH, "--ask", PAST)}
    slowest = max(asks.values())
    print(f"Median simple regret after {TRIALS} trials over {SEEDS} seeds, with 95 % bootstrap intervals; "
          f"{PEER}; a lower rank is better\n\n{text}\n")
    print("worse than Optuna beyond the interval: " + (", ".join(worse) or "nowhere"))
    print("ahead of Optuna on the mean rank: " + ("yes" if means[OURS] == min(means.values()) else "NO"))
    print(f"an ask after {PAST:,} trials: {min(asks.values()):.1f} to {slowest:.1f} ms"
          f" (goal: at most {GOAL_OF_ASK_MS} ms{', MISSED' if slowest > GOAL_OF_ASK_MS else ''})")
    return {"regrets": table, "mean_ranks": means, "worse": worse, "ask_ms": asks}


def report(file, say):
    file.write_text(json.dumps(measure(say), indent=2))
