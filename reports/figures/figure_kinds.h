#pragma once

// A function for each figure of a report. figures_of() calls them and leaves out plots without
// points.

#include <cstddef>
#include <string>
#include <vector>

#include "reports/figures/figures.h"
#include "reports/statistics/comparable_runs.h"

namespace epochal::report {

/// The quantity of the x axis of a curve.
enum class Abscissa { epochs, steps, samples, seconds };

/// A metric of all runs in one plot. `number` orders the figures by name.
Figure comparison(const ReportData& data, const std::string& metric, Abscissa abscissa, int number);

/// A metric by step, for the runs with values by step: ReportedRun::steps.
Figure steps_of_runs(const ReportData& data, const std::string& metric);

/// Validation divided by training, epoch by epoch.
Figure gap(const ReportData& data);

/// All metrics of one run by epoch.
Figure curves_of_run(const ReportData& data, std::size_t index);

/// Time, rate, memory and use of the processor and the GPU by epoch.
std::vector<Figure> cost_figures(const ReportData& data);

/// The final values of the main metric and its training twin against the compared parameter, with a
/// power law.
Figure final_values(const ReportData& data);

/// The mean last value of the main metric over the values of two parameters. `number` distinguishes
/// the figures of several sets.
Figure heat_map(const ReportData& data, const ComparableSet& set, int number);

/// A line for each run through its parameters to the main metric, each axis from its smallest to
/// its largest value.
Figure parallel_coordinates(const ReportData& data, const ComparableSet& set, int number);

}  // namespace epochal::report
