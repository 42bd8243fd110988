#pragma once

#include <string>

#include "reports/report_data.h"

namespace epochal::report {

/// Whether the run has fewer epochs than wanted, or did not end successfully.
bool is_unfinished(const store::RunRecord& run);
bool is_unfinished(const ReportedRun& run);

/// "finished, 8 epochs"; "interrupted, 3 of 20 epochs"; "not started, 0 of 20 epochs".
std::string state_of(const ReportedRun& run);

}  // namespace epochal::report
