#pragma once

#include <set>
#include <string>
#include <vector>

#include "reports/claims/claim_scope.h"
#include "reports/statistics/seed_statistics.h"

namespace epochal::report {

/// The runs of one value of the compared parameter.
struct Level {
  ParameterValue key;
  double value = 0;
  std::string label;
  SeedValues statistics;  ///< of its finished runs
  SampleValues samples;   ///< the same by sample of the validation set; of no run if one has none
  /// Identities of groups; several: runs differ in more than their seed.
  std::set<std::string> settings;
  std::set<std::string> conditions;  ///< see run_conditions.h
  std::set<std::int64_t> steps;      ///< that the runs had made
  std::vector<const ReportedRun*> runs;
  int unfinished = 0;
  int without_moment = 0;  ///< see ClaimScope::lacks_moment()
  int without_number = 0;  ///< for another reason

  double mean() const;
};

/// By ascending value; texts in the order of their runs.
std::vector<Level> levels_of(const ClaimScope& scope, const ComparableSet& set);

/// The seeds that a comparison needs: three, or more if the claim says so.
std::size_t seeds_wanted(const ClaimScope& scope);

/// Why a level decides nothing; empty if it can decide.
std::string shortcoming_of(const ClaimScope& scope, const Level& level);

}  // namespace epochal::report
