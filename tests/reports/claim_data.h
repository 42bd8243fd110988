#pragma once

// Runs of a few sizes with known numbers, for tests of claims and findings.

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reports/claims.h"
#include "tests/reports/reported_series.h"

namespace epochal::report::claim_data {

using Values = std::vector<double>;

inline ReportedRun run_of(std::int64_t size, std::uint64_t seed, const Values& validation,
                          const Values& training = {}) {
  ReportedRun run;
  run.run.identity = std::to_string(size) + "-" + std::to_string(seed);
  run.run.group_identity = std::to_string(size);
  run.run.seed = seed;
  run.run.status = store::RunStatus::finished;
  run.run.parameters.set("dataset_size", size);
  run.setting = "dataset_size " + std::to_string(size);
  run.label = run.setting + ", seed " + std::to_string(seed);
  set_series(run, validation, training);
  return run;
}

/// What the experiment of these runs says of its numbers.
inline store::Declarations declared(std::optional<Better> better,
                                    std::set<std::string> meaning = {}) {
  return store::Declarations({{"",
                               0,
                               {{"val.total", better, "", ""}, {"train.total", better, "", ""}},
                               better ? "val.total" : "",
                               std::move(meaning)}});
}

inline ReportData data_of(std::vector<ReportedRun> runs) {
  ReportData data;
  data.runs = std::move(runs);
  data.compare_by = "dataset_size";
  data.main_metric = "val.total";
  data.claimed_metric = "val.total";
  data.declarations = declared(Better::lower);
  return data;
}

/// Three seeds a size, whose series end at these values and between them.
inline ReportData ending_at(const std::vector<std::pair<double, double>>& ends) {
  std::vector<ReportedRun> runs;
  std::int64_t size = 10;
  for (const auto& [a, b] : ends) {
    runs.push_back(run_of(size, 0, {100, a}));
    runs.push_back(run_of(size, 1, {100, b}));
    runs.push_back(run_of(size, 2, {100, (a + b) / 2}));
    size *= 10;
  }
  return data_of(std::move(runs));
}

inline Claim claim_of(Claim::Kind kind) {
  Claim claim;
  claim.text = "so it is";
  claim.kind = kind;
  claim.expected = 10;
  claim.tolerance = kind == Claim::Kind::ratio ? 0.2 : 0.05;
  claim.height = 1.1;
  claim.at_most = 0.1;
  return claim;
}

inline Verdict verdict(Claim::Kind kind, const ReportData& data) {
  return judge(claim_of(kind), data).verdict;
}

/// 20 epochs around 2, with a little noise, and from 2.8 down to 2 over the last five.
inline const Values kFlat{50,   20,   10,   5, 4,    3,    2.5,  2.02, 2.01, 2,
                          2.02, 1.99, 2.01, 2, 2.01, 2.01, 1.99, 2.01, 2,    2.01};
inline const Values kFalling{50,  20,  10,  9,   8,   7,    6.5,  6,    5.5, 5,
                             4.8, 4.5, 4.2, 3.8, 3.5, 2.81, 2.59, 2.41, 2.2, 2};

/// Three seeds whose validation ends this far above their training, more or less.
inline std::vector<ReportedRun> seeds_with_gap(std::int64_t size, double gap) {
  std::vector<ReportedRun> runs;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const double own = gap + 0.01 * (static_cast<double>(seed) - 1);
    runs.push_back(run_of(size, seed, {9, 4 * (1 + own)}, {9, 4}));
  }
  return runs;
}

/// The same with a gamma, which is part of the objective.
inline ReportData with_gamma(const ReportData& data, double gamma, double factor) {
  ReportData changed = data;
  for (ReportedRun& run : changed.runs) {
    run.run.parameters.set("gamma", gamma);
    run.run.group_identity += " " + std::to_string(gamma);
    for (store::SeriesPoint& point : run.metrics["val.total"]) point.value *= factor;
  }
  return changed;
}

inline ReportData of_two_gammas() {
  ReportData data = with_gamma(ending_at({{9, 8}, {3, 2}}), 1, 1);
  for (ReportedRun& run : with_gamma(ending_at({{9, 8}, {3, 2}}), 10, 10).runs) {
    data.runs.push_back(run);
  }
  data.declarations = declared(Better::lower, {"gamma"});
  return data;
}

}  // namespace epochal::report::claim_data
