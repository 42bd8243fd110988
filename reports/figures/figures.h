#pragma once

#include <string>
#include <vector>

#include "reports/figures/plot.h"
#include "reports/report_data.h"

namespace epochal::report {

/// The section of the report in which a figure is.
enum class FigureSection { comparison, size, cost, run };

/// A plot with its caption.
struct Figure {
  FigureSection section = FigureSection::comparison;
  std::string caption;  ///< describes the figure; also its alternative text
  Plot plot;
};

/// The figures for the data: every metric of all runs, with the mean of the seeds and a band from
/// the lowest to the highest; the main metric over samples seen and over training time; validation
/// against training; final values against the compared parameter with a power law; time, rate,
/// memory and use of the processor by epoch; and the curves of each run unless there are many.
/// Figures without points are left out.
std::vector<Figure> figures_of(const ReportData& data);

}  // namespace epochal::report
