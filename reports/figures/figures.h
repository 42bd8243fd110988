#pragma once

#include <string>
#include <vector>

#include "reports/figures/plot.h"
#include "reports/report_data.h"

namespace epochal {

/// Where in the report a figure stands.
enum class FigureSection { comparison, size, cost, run };

/// A plot with the words around it.
struct Figure {
  FigureSection section = FigureSection::comparison;
  std::string caption;  ///< what it shows and what to see in it; also its text alternative
  Plot plot;
};

/// The figures that the data supports: every metric of all runs over each other, with the mean of
/// the seeds and the room between the lowest and the highest; the main metric over samples seen and
/// over training time; validation against training; final values against the compared parameter
/// with a power law; time, rate, memory and use of the processor by epoch; and, of not too many,
/// the curves of each run. Figures without a point are left out.
std::vector<Figure> figures_of(const ReportData& data);

}  // namespace epochal
