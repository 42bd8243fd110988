#pragma once

#include <string>

#include "reports/figures/plot.h"

namespace epochal::report {

/// The curves and bands of a plot as JSON, for the report's script to draw them so that a reader
/// can zoom and hover. Empty for maps and for plots with names instead of numbers.
std::string chart_data(const Plot& plot);

}  // namespace epochal::report
