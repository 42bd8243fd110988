#pragma once

// The tables of a report, for both templates.

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <span>
#include <string>
#include <vector>

#include "reports/report_data.h"

namespace epochal::report {

/// The most rows of a table: more would only make the page heavy.
constexpr std::size_t kMostRows = 1000;

template <typename Row>
std::span<const Row> first_rows(const std::vector<Row>& rows) {
  return std::span(rows).first(std::min(rows.size(), kMostRows));
}

/// Says which runs and metrics are missing in the tables; empty if none are.
std::string rows_left_out(const ReportData& report);

/// The last and best values of each run.
kainjow::mustache::list run_rows(const ReportData& report);

/// The mean last values of each setting. Only finished seeds of one length are averaged; a cell
/// with fewer seeds says so.
kainjow::mustache::list group_rows(const ReportData& report);

kainjow::mustache::list claim_rows(const ReportData& report);

/// The importance of each parameter for the main metric, in each set of comparable runs.
kainjow::mustache::list importance_rows(const ReportData& report);

kainjow::mustache::list finding_rows(const ReportData& report);

/// Tags and notes.
kainjow::mustache::list note_rows(const ReportData& report);

kainjow::mustache::list error_rows(const ReportData& report);

/// Each parameter with its values, unit and meaning.
kainjow::mustache::list parameter_rows(const ReportData& report);

/// Time and memory of each run.
kainjow::mustache::list time_rows(const ReportData& report);

/// Runs that resumed on another machine: the times of their epochs are not comparable.
kainjow::mustache::list moves(const ReportData& report);

/// The machines of the runs.
kainjow::mustache::list host_rows(const ReportData& report);

/// The versions of the code that made the runs.
std::string code_versions(const ReportData& report);

/// The builds of the experiments that made the runs; empty if none are recorded.
std::string builds(const ReportData& report);

}  // namespace epochal::report
