#pragma once

#include <string>
#include <vector>

#include "reports/report_data.h"

namespace epochal::report {

/// A short discussion of the runs in sentences: where the main metric begins, ends and settles, how
/// the settings compare, spikes, validation against training, time, and what the records do not
/// say. It states only recorded numbers, never causes.
std::vector<std::string> findings_of(const ReportData& data);

}  // namespace epochal::report
