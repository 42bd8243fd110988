#pragma once

#include <filesystem>

#include "reports/report_data.h"

namespace epochal::report {

/// Writes the report into `folder`: index.html (self-contained), report.md, figures/ (SVG, PNG and
/// the gnuplot script of each plot) and samples/. Replaces the files of an earlier report. Throws
/// Error if there is nothing to report, gnuplot is missing or the folder cannot be written.
void write_report(const ReportData& data, const std::filesystem::path& folder);

}  // namespace epochal::report
