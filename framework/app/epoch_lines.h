#pragma once

#include <map>

#include "db/query.h"
#include "framework/app/sample_words.h"

namespace epochal::app {

/// Prints a line for each epoch of runs, for logs and pipes:
/// "run 3f9c2a1b44 epoch 4/20: val.loss 0.8713, 412 images/s, 3.1 s". Goes to stderr.
class EpochLines {
 public:
  /// Epochs that a run has already are not printed.
  void begin(const store::RunRecord& run);

  /// Prints the epochs that have been recorded since. Calls begin() for a run that is new.
  void tell(const store::Query& query, const store::RunRecord& run);

 private:
  std::map<store::RunId, Epoch> told_;
  SampleWords words_;
};

}  // namespace epochal::app
