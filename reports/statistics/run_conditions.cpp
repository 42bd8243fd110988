// The conditions under which runs were made, beside their parameters.

#include "reports/statistics/run_conditions.h"

#include <fmt/format.h>

#include <set>

#include "framework/base/printable.h"

namespace epochal::report {
namespace {

constexpr char kMicroBatch[] = "micro_batch";
constexpr char kAutomatic[] = "0";

std::string machine_of(const store::AttemptRecord& attempt) {
  const bool has_gpu = !attempt.device.empty() && attempt.device != "cpu";
  if (has_gpu) return attempt.host.gpu.empty() ? attempt.device : attempt.host.gpu;
  return attempt.host.cpu.empty() ? attempt.host.name : attempt.host.cpu;
}

/// What `auto` came to, or what was asked for; empty if it is not recorded.
std::string micro_batch_of(const ReportedRun& run) {
  const auto chosen = run.choices.find(kMicroBatch);
  if (chosen != run.choices.end()) return chosen->second;
  const ParameterValue* asked = run.run.parameters.find(kMicroBatch);
  const std::string text = asked == nullptr ? "" : to_text(*asked);
  return text == kAutomatic ? "" : text;
}

}  // namespace

std::string conditions_of(const ReportedRun& run) {
  std::set<std::string> of_attempts;
  for (const store::AttemptRecord& attempt : run.attempts) {
    if (!attempt.first_epoch) continue;
    std::string words =
        fmt::format("{} thread{}", attempt.threads, attempt.threads == 1 ? "" : "s");
    if (const std::string machine = machine_of(attempt); !machine.empty()) words += ", " + machine;
    for (const char* name : {"torch", "oneDNN"}) {
      const auto library = attempt.libraries.find(name);
      if (library != attempt.libraries.end())
        words += fmt::format(", {} {}", name, library->second);
    }
    of_attempts.insert(std::move(words));
  }
  if (of_attempts.empty()) return {};
  std::string text = fmt::format("{}", fmt::join(of_attempts, " and "));
  const std::string micro_batch = micro_batch_of(run);
  if (!micro_batch.empty()) text += fmt::format(", {} {}", kMicroBatch, micro_batch);
  return printable(text, 200);
}

}  // namespace epochal::report
