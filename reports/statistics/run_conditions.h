#pragma once

#include <string>

#include "reports/report_data.h"

namespace epochal::report {

/// What changes the last bits of a run but is no parameter of its setting: the processor or GPU,
/// the number of threads (which `--jobs` changes), the part of a batch that is in memory at a time
/// (`micro_batch`) and the versions of LibTorch and oneDNN, as its attempts recorded them: "2
/// threads, AMD EPYC 7763, torch 1.13, oneDNN 2.6.3, micro_batch 8". Training can make such
/// differences grow. Empty if no attempt is recorded.
std::string conditions_of(const ReportedRun& run);

}  // namespace epochal::report
