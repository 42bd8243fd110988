#pragma once

#include <string>
#include <vector>

namespace epochal::report {

/// A curve in one line of text, such as "█▆▃▂▁▁": eight heights from the lowest to the highest
/// value. More than `most` values are drawn as means of neighbours. Values that are not finite are
/// "×".
std::string sparkline(const std::vector<double>& values, std::size_t most = 40);

}  // namespace epochal::report
