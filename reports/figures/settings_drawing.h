#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/figures/plot.h"
#include "reports/report_data.h"

namespace epochal::report {

/// An axis whose values differ by less than this factor, about a decade, is linear.
constexpr double kLogWorthwhile = 8;

/// Colour of the other runs if there are many.
constexpr int kGrey = -1;

using Points = std::vector<std::pair<double, double>>;
using Runs = std::vector<const ReportedRun*>;

/// "val.total" as a file name: letters, digits and dashes only.
std::string file_name(std::string_view text);

/// Runs with a finite last value, the best first.
std::vector<std::pair<double, const ReportedRun*>> ordered_by_last(
    const std::vector<const ReportedRun*>& runs, const std::string& metric, Better better);

/// Every n-th run, if there are many.
bool is_drawn_in_crowd(std::size_t index, std::size_t count);

/// Whether seeds of one setting share their places on the x axis, so that they have a mean.
enum class Places { shared, own };

/// Adds for each setting the curves of its runs and, if several share their x values, their mean
/// and a band from the lowest to the highest.
void add_settings(const ReportData& data, Plot& plot,
                  const std::function<Points(const ReportedRun&)>& points_of,
                  Places places = Places::shared);

/// Describes what add_settings() drew.
std::string drawing_of(const ReportData& data, Places places = Places::shared);

}  // namespace epochal::report
