#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "db/exchange/imported_runs.h"

namespace epochal::store {

/// The metrics of a run as other tools record them: values at steps, which may be any whole
/// numbers.
class StepValues {
 public:
  /// The most values of a run.
  static constexpr std::size_t kMost = std::size_t{16} << 20;

  /// If a step has several values of a metric, the last one added counts. Throws Error if the run
  /// has more than kMost values, or the name is too long.
  void add(const std::string& metric, std::int64_t step, double value, Timestamp at);

  bool empty() const { return values_.empty(); }

  /// Gives the values to the run. Steps become epochs; if the first is 0, each is one higher. If a
  /// step is negative or above 10,000,000, or there are more than 100,000 steps, the values stay
  /// values by step, in one epoch that has the last value of each metric. A file of the run with a
  /// step gets the epoch that the step became. A step that became none belongs to the last epoch.
  void give_to(ImportedRun& run) const;

 private:
  struct Value {
    std::int64_t step = 0;
    std::uint32_t metric = 0;
    double value = 0;
    Timestamp at = 0;
  };

  std::vector<Value> sorted() const;
  void give_epochs(const std::vector<Value>& values, ImportedRun& run) const;
  void give_steps(std::vector<Value> values, ImportedRun& run) const;

  std::map<std::string, std::uint32_t, std::less<>> numbers_;  ///< of the metrics
  std::vector<std::string> names_;
  std::vector<Value> values_;
};

}  // namespace epochal::store
