#pragma once

#include <string>

#include "framework/base/histogram.h"

namespace epochal::report {

/// A histogram as an SVG within a page, made of numbers alone: bars whose area is the count, and
/// the range below them. If there are too many bins, neighbours are drawn as one bar.
std::string histogram_svg(const Histogram& histogram);

}  // namespace epochal::report
