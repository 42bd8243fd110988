#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "db/query.h"
#include "db/store.h"

namespace epochal {

/// Collects the values by step of a running attempt and writes them into the store every second, so
/// that they can be read while the run goes on. Its memory does not grow with the run.
class StepLog {
 public:
  /// `known`: the metrics for which the run has steps already.
  StepLog(store::Store& store, store::RunId run, store::AttemptId attempt,
          const std::vector<store::StepMetric>& known);

  /// Later values belong to this epoch.
  void begin_epoch(Epoch epoch);

  /// Keeps the valid values. Throws StepRefused for the others: metrics whose last step is not
  /// smaller, and more names than a run may have. Throws AttemptOver.
  void add(std::int64_t step, const Metrics& values);

  /// Writes the waiting values if the last write was a second ago. Call it repeatedly while a
  /// program reports nothing. Throws AttemptOver.
  void flush_if_due();

  /// Writes the waiting values. Throws AttemptOver.
  void flush();

 private:
  using Clock = std::chrono::steady_clock;

  struct Series {
    std::int64_t last_step = 0;
    store::StepChunk open;  ///< the values since the last whole chunk
    bool has_unwritten = false;
  };

  Series& series_of(const std::string& metric, std::int64_t step);
  void add(std::int64_t step, const std::string& metric, double value);
  void end_chunk(Series& series);

  store::Store& store_;
  store::RunId run_;
  store::AttemptId attempt_;
  Epoch epoch_ = 1;
  std::map<std::string, Series> series_;
  std::vector<store::StepChunk> whole_;  ///< chunks that are not written yet
  Clock::time_point flushed_ = Clock::now();
};

}  // namespace epochal
