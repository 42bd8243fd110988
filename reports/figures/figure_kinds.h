#pragma once

// The figures that a report may have, a function each, which figures_of() calls. One whose plot has
// no points is left out.

#include <cstddef>
#include <string>
#include <vector>

#include "reports/figures/figures.h"
#include "reports/statistics/comparable_runs.h"

namespace epochal {

/// What the x axis of a curve counts.
enum class Abscissa { epochs, samples, seconds };

/// A metric of all runs over each other. `number` orders the figures by name.
Figure comparison(const ReportData& data, const std::string& metric, Abscissa abscissa, int number);

/// A metric by step, of the runs that have it so: ReportedRun::steps.
Figure steps_of_runs(const ReportData& data, const std::string& metric);

/// How far validation lies above training, epoch by epoch.
Figure gap(const ReportData& data);

/// All metrics of one run by epoch.
Figure curves_of_run(const ReportData& data, std::size_t index);

/// Time, rate, memory and use of the processor and the GPU by epoch.
std::vector<Figure> cost_figures(const ReportData& data);

/// The last values of the main metric, and of what goes with it, against the compared parameter,
/// with a power law.
Figure final_values(const ReportData& data);

/// The mean last value of the main metric over the values of two parameters. `number` tells the
/// figures of several sets apart.
Figure heat_map(const ReportData& data, const ComparableSet& set, int number);

/// A line a run through its parameters to the main metric, each from its smallest to its largest.
Figure parallel_coordinates(const ReportData& data, const ComparableSet& set, int number);

}  // namespace epochal
