#pragma once

#include <string>

#include "reports/report_data.h"

namespace epochal {

/// Whether more epochs are wanted of the run than it has, or it has not ended well.
bool is_unfinished(const RunRecord& run);
bool is_unfinished(const ReportedRun& run);

/// "finished, 8 epochs"; "interrupted, 3 of 20 epochs"; "not started, 0 of 20 epochs".
std::string state_of(const ReportedRun& run);

}  // namespace epochal
