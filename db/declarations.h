#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "db/comparable_kind.h"
#include "db/records.h"
#include "framework/base/metric.h"

namespace epochal::store {

/// What an experiment declares about the numbers of its runs. It is stored with them, so that a
/// store can be read without the plugin.
struct Declaration {
  std::string experiment;
  int version = 0;
  std::vector<MetricSpec> metrics;
  std::string objective;                       ///< empty if there is none
  std::set<std::string> objective_parameters;  ///< that change what the objective means
};

/// The declarations of a store.
class Declarations {
 public:
  Declarations() = default;
  explicit Declarations(std::vector<Declaration> all);

  std::vector<Declaration> all() const;

  /// What the experiment of a run declares about a metric; null if nothing.
  const MetricSpec* metric(const RunRecord& run, const std::string& name) const;

  /// The objective of a run's experiment; empty if it declares none.
  std::string objective(const RunRecord& run) const;

  /// The parameters whose values change what a metric of a run means. For a metric that is not
  /// declared, all parameters that change what the objective means.
  std::set<std::string> meaning(const RunRecord& run, const std::string& metric) const;

  /// Runs of the same kind are comparable by the metric.
  ComparableKind kind_of(const RunRecord& run, const std::string& metric) const;

 private:
  const Declaration* of(const RunRecord& run) const;

  std::map<std::pair<std::string, int>, Declaration> declared_;
};

}  // namespace epochal::store
