#pragma once

#include <string>

#include "db/query.h"

namespace epochal::app {

/// The result of a run by its objective: "val.loss 0.8713, best 0.8502 in epoch 3". Without a best
/// if the metric has no direction; empty if nothing was measured.
std::string result_text(const store::Query& query, const store::RunRecord& run);

/// The run as a command sees it that has asked for this number of epochs, if another one has asked
/// for more since: finished when it has its own epochs.
store::RunRecord as_asked(store::RunRecord run, Epoch epochs);

/// The rate of an epoch, "412 images/s"; empty if it took no time.
std::string rate_text(double samples, Seconds time, const std::string& sample_word);

/// More about a failure than its first line: the end of the run's log, each line after `indent`.
/// Empty if there is no log.
std::string failure_details(const store::Query& query, const store::RunRecord& run,
                            const std::string& indent);

}  // namespace epochal::app
