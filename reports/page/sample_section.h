#pragma once

#include <filesystem>
#include <kainjow/mustache.hpp>

#include "reports/report_data.h"

namespace epochal::report {

/// Copies samples into `folder`/samples and describes them for the templates: what was drawn for
/// this report, the newest of each run, and earlier epochs. Of many runs only the first few are
/// shown. Missing files are named.
void add_samples(const ReportData& report, const std::filesystem::path& folder,
                 kainjow::mustache::data& page);

}  // namespace epochal::report
