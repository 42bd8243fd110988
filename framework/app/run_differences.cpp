// Differences in the environment of two runs.

#include "framework/app/run_differences.h"

#include <fmt/format.h>

#include <iostream>

#include "framework/base/printable.h"
#include "framework/runner/run_comparison.h"

namespace epochal::app {

void print_surroundings(const store::Query& query, const store::RunRecord& a,
                        const store::RunRecord& b) {
  const auto last_attempt = [&](const store::RunRecord& run) {
    const std::vector<store::AttemptRecord> attempts = query.attempts(run.id);
    return attempts.empty() ? store::AttemptRecord() : attempts.back();
  };
  std::vector<std::string> lines = environment_differences(a, last_attempt(a), b, last_attempt(b));
  const auto compare = [&](const char* what, const std::string& x, const std::string& y) {
    if (x != y)
      lines.push_back(fmt::format("{}: {}, then {}", what, x.substr(0, 16), y.substr(0, 16)));
  };
  compare("data", a.inputs.data, b.inputs.data);
  compare("weights", a.inputs.weights, b.inputs.weights);
  std::cout << (lines.empty() ? "\nsources, environment, hardware and data are the same\n"
                              : "\nsources, environment, hardware and data\n");
  for (const std::string& line : lines) std::cout << "  " << printable(line, 1000) << '\n';
}

}  // namespace epochal::app
