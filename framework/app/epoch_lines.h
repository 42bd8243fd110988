#pragma once

#include <map>

#include "db/query.h"
#include "framework/app/sample_words.h"

namespace epochal {

/// Tells each epoch of runs in a line of its own, for logs and pipes, where nothing can move:
/// "run 3f9c2a1b44 epoch 4/20: val.loss 0.8713, 412 images/s, 3.1 s". Goes to stderr.
class EpochLines {
 public:
  /// Epochs that the run has already are not told.
  void begin(const RunRecord& run);

  /// Tells the epochs that have been recorded since. A run that was not begun is.
  void tell(const Query& query, const RunRecord& run);

 private:
  std::map<RunId, Epoch> told_;
  SampleWords words_;
};

}  // namespace epochal
