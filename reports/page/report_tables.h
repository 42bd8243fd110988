#pragma once

// The tables of a report, as both of its templates read them.

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <span>
#include <string>
#include <vector>

#include "reports/report_data.h"

namespace epochal {

/// More rows than this nobody reads, and they make the page heavy.
constexpr std::size_t kMostRows = 1000;

template <typename Row>
std::span<const Row> first_rows(const std::vector<Row>& rows) {
  return std::span(rows).first(std::min(rows.size(), kMostRows));
}

/// Which runs and metrics a reader does not see in the tables; empty where all are there.
std::string rows_left_out(const ReportData& report);

/// The last and best values of each run.
kainjow::mustache::list run_rows(const ReportData& report);

/// The mean last values of each setting. Only finished seeds of one length are averaged; a
/// cell that has fewer says so.
kainjow::mustache::list group_rows(const ReportData& report);

kainjow::mustache::list claim_rows(const ReportData& report);

/// How much of the main metric each parameter explains, in each set of runs that compare.
kainjow::mustache::list importance_rows(const ReportData& report);

kainjow::mustache::list finding_rows(const ReportData& report);

/// Tags and notes.
kainjow::mustache::list note_rows(const ReportData& report);

kainjow::mustache::list error_rows(const ReportData& report);

/// Each parameter with its values, unit and meaning.
kainjow::mustache::list parameter_rows(const ReportData& report);

/// What each run took.
kainjow::mustache::list time_rows(const ReportData& report);

/// Runs that went on elsewhere: their epochs are not of one machine, nor their times comparable.
kainjow::mustache::list moves(const ReportData& report);

/// The machines of the runs.
kainjow::mustache::list host_rows(const ReportData& report);

/// The versions of the code that made the runs.
std::string code_versions(const ReportData& report);

/// Which builds of their experiment made the runs; empty where the records do not say.
std::string builds(const ReportData& report);

}  // namespace epochal
