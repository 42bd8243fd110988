#pragma once

#include <string>
#include <vector>

#include "reports/report_data.h"

namespace epochal {

/// A short discussion of the runs, a sentence each: where the main metric begins and ends and when
/// it settles, how the settings compare, spikes, validation against training, time, and what the
/// records do not say. Only numbers of the records, never a cause.
std::vector<std::string> findings_of(const ReportData& data);

}  // namespace epochal
