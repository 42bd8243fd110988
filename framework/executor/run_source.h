#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "db/records.h"

namespace epochal {

/// Where dispatch() gets its runs from, one whenever a worker is free.
class RunSource {
 public:
  virtual ~RunSource() = default;

  /// Whether next() may have another run.
  virtual bool has_more() = 0;

  /// The next run to do; none if there is none just now. Then has_more() says whether to ask again.
  virtual std::optional<store::RunId> next() = 0;
};

/// Runs that are known from the beginning, in order.
class ListedRuns : public RunSource {
 public:
  explicit ListedRuns(const std::vector<store::RunId>& runs) : runs_(runs.begin(), runs.end()) {}

  bool has_more() override { return !runs_.empty(); }

  std::optional<store::RunId> next() override {
    if (runs_.empty()) return std::nullopt;
    const store::RunId run = runs_.front();
    runs_.pop_front();
    return run;
  }

 private:
  std::deque<store::RunId> runs_;
};

}  // namespace epochal
