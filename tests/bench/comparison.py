"""Two measurements side by side: rounds of them one after the other, medians, and their ratio."""
import dataclasses
import json
import math
import statistics
from typing import Callable


@dataclasses.dataclass(frozen=True)
class Measurement:
    """Something that takes its own time and says a figure."""
    name: str
    unit: str
    measure: Callable[[], float]

    @property
    def is_rate(self):
        return self.unit.endswith("/s")


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Ours beside a reference. A ratio above 1 means that ours is faster."""
    area: str
    what: str
    ours: Measurement
    reference: Measurement
    goal: float | None = None  # of the ratio, at least
    goal_most: float | None = None  # of our figure, at most

    def ratio(self, figures):
        ours, reference = figures[self.ours.name], figures[self.reference.name]
        part, whole = (ours, reference) if self.ours.is_rate else (reference, ours)
        return part / whole if whole else math.inf  # no long task at all takes 0 ms


def measure_rounds(comparisons, rounds, say):
    """One dict of figures a round. What several comparisons share is measured once a round; ours
    comes first in one round and second in the next, so that neither profits from its place."""
    result = []
    for number in range(rounds):
        figures = {}
        for comparison in comparisons:
            pair = [comparison.ours, comparison.reference]
            for measurement in pair if number % 2 == 0 else reversed(pair):
                if measurement.name not in figures:
                    say(f"round {number + 1} of {rounds}: {measurement.name}")
                    figures[measurement.name] = measurement.measure()
        result.append(figures)
    return result


def rows(comparisons, rounds):
    """What the table shows: medians over rounds, and the median, lowest and highest ratio."""
    result = []
    for comparison in comparisons:
        ratios = [comparison.ratio(figures) for figures in rounds]
        ours = statistics.median(f[comparison.ours.name] for f in rounds)
        ratio = statistics.median(ratios)
        met = None
        if comparison.goal is not None:
            met = ratio >= comparison.goal
        if comparison.goal_most is not None:
            met = ours <= comparison.goal_most
        result.append({
            "area": comparison.area, "what": comparison.what, "unit": comparison.ours.unit,
            "ratio": ratio, "lowest_ratio": min(ratios), "highest_ratio": max(ratios),
            "ours": ours, "ours_is": comparison.ours.name,
            "reference": statistics.median(f[comparison.reference.name] for f in rounds),
            "reference_is": comparison.reference.name,
            "goal_ratio": comparison.goal, "goal_most": comparison.goal_most, "goal_is_met": met})
    return result


def goal_of(row):
    if row["goal_most"] is not None:
        return f"{row['goal_most']:g} {row['unit'].split()[0]}"
    return f"{row['goal_ratio']:g}" if row["goal_ratio"] is not None else ""


def figure(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def markdown(table):
    """The table as Markdown, which reads as text too."""
    head = ["", "times as fast", "rounds", "goal", "epochal", "reference", "the reference is"]
    lines = [head, ["---"] + ["--:"] * 5 + ["---"]]
    for row in table:
        missed = " (missed)" if row["goal_is_met"] is False else ""
        lines.append([
            f"{row['area']}: {row['what']}", f"**{figure(row['ratio'])}**",
            f"{figure(row['lowest_ratio'])} to {figure(row['highest_ratio'])}",
            goal_of(row) + missed, f"{figure(row['ours'])} {row['unit']}",
            f"{figure(row['reference'])} {row['unit']}", row["reference_is"]])
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
                     for line in lines)


def write_json(file, table, rounds, machine):
    file.write_text(json.dumps({"machine": machine, "rows": table, "rounds": rounds}, indent=2))
