#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/figures/plot.h"
#include "reports/report_data.h"

namespace epochal {

/// An axis whose values differ by less than this factor is linear: about a decade.
constexpr double kLogWorthwhile = 8;

/// Colour of the runs of a crowd.
constexpr int kGrey = -1;

using Points = std::vector<std::pair<double, double>>;
using Runs = std::vector<const ReportedRun*>;

/// "val.total" as a file name: letters, digits and dashes only.
std::string file_name(std::string_view text);

/// Runs with a finite last value, the best first.
std::vector<std::pair<double, const ReportedRun*>> ordered_by_last(
    const std::vector<const ReportedRun*>& runs, const std::string& metric, Better better);

/// Every so many-th of a crowd.
bool is_drawn_in_crowd(std::size_t index, std::size_t count);

/// Whether seeds of one setting share their places on the x axis, so that they have a mean.
enum class Places { shared, own };

/// Each setting: its runs' curves, and where it has several at shared places, their mean and the
/// room between the lowest and the highest.
void add_settings(const ReportData& data, Plot& plot,
                  const std::function<Points(const ReportedRun&)>& points_of,
                  Places places = Places::shared);

/// What add_settings() drew, in words.
std::string drawing_of(const ReportData& data, Places places = Places::shared);

}  // namespace epochal
