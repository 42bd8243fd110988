// `epochal diff`: two runs, line by line and epoch by epoch.

#include <fmt/format.h>

#include <iostream>
#include <set>

#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/app/run_differences.h"
#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "framework/runner/run_comparison.h"

namespace epochal::app {
namespace {

std::string value_text(const store::RunRecord& run, const std::string& name) {
  return printable(to_text(run.parameters, name));
}

void print_change(const std::string& name, const std::string& before, const std::string& after) {
  if (before == after) return;
  if (!before.empty()) std::cout << fmt::format("- {:<24}{}\n", printable(name), before);
  if (!after.empty()) std::cout << fmt::format("+ {:<24}{}\n", printable(name), after);
}

void print_parameters(const store::RunRecord& a, const store::RunRecord& b) {
  print_change("experiment", printable(fmt::format("{} {}", a.experiment, a.experiment_version)),
               printable(fmt::format("{} {}", b.experiment, b.experiment_version)));
  print_change("seed", std::to_string(a.seed), std::to_string(b.seed));
  std::set<std::string> names;
  for (const store::RunRecord* run : {&a, &b}) {
    for (const auto& [name, value] : run->parameters.all()) names.insert(name);
  }
  for (const std::string& name : names)
    print_change(name, value_text(a, name), value_text(b, name));
}

void print_all_epochs(const std::vector<EpochComparison>& epochs) {
  if (epochs.empty()) {
    std::cout << "\nthe runs have no epoch in common\n";
    return;
  }
  std::size_t equal = 0;
  const EpochComparison* furthest = nullptr;
  const EpochComparison* first = nullptr;
  for (const EpochComparison& epoch : epochs) {
    equal += epoch.is_equal ? 1 : 0;
    if (epoch.is_equal) continue;
    if (first == nullptr) first = &epoch;
    if (furthest == nullptr || epoch.relative_distance > furthest->relative_distance) {
      furthest = &epoch;
    }
  }
  std::cout << fmt::format("\n{} of {} common epochs are bit-identical\n", equal, epochs.size());
  const auto say = [](const char* what, const EpochComparison& epoch) {
    std::cout << fmt::format("  {} epoch {}: {} {} and {}, {:.2g} % apart\n", what, epoch.number,
                             printable(epoch.furthest_metric), format_number(epoch.original),
                             format_number(epoch.again), 100 * epoch.relative_distance);
  };
  if (first != nullptr) say("first difference in", *first);
  if (furthest != nullptr && furthest != first) say("largest difference in", *furthest);
}

int diff(const Options& options) {
  if (options.positional().size() != 2) {
    throw Error("two runs are expected", {}, "usage: epochal " + options.usage());
  }
  const store::Query query(options.store_folder());
  const store::RunRecord a = query.run_named(options.positional()[0]);
  const store::RunRecord b = query.run_named(options.positional()[1]);
  std::cout << fmt::format("--- {}\n+++ {}\n", a.short_identity(), b.short_identity());
  print_parameters(a, b);
  print_surroundings(query, a, b);
  print_all_epochs(compare_epochs(query.epochs(a.id), query.epochs(b.id)));
  return kAllGood;
}

}  // namespace

Command diff_command() {
  Options options(
      "diff RUN RUN",
      "Shows how two runs differ: their parameters, their sources, hardware and data, and how far\n"
      "apart their epochs are.");
  options.store();
  return {"compare two runs line by line and epoch by epoch", std::move(options), diff};
}

}  // namespace epochal::app
