// Turns values at steps into epochs, or keeps them by step.

#include "db/exchange/step_values.h"

#include <fmt/format.h>

#include <algorithm>

#include "db/exchange/run_importer.h"
#include "framework/base/error.h"

namespace epochal::store {
namespace {

constexpr std::int64_t kLastStepAsEpoch = 10'000'000;
constexpr std::size_t kMostStepsAsEpochs = 100'000;

}  // namespace

void StepValues::add(const std::string& metric, std::int64_t step, double value, Timestamp at) {
  if (values_.size() == kMost) {
    throw Error(fmt::format("the run has more than {} values", kMost), {},
                "import a part of its metrics");
  }
  auto known = numbers_.find(metric);
  if (known == numbers_.end()) {
    check_name(metric, {});
    known = numbers_.emplace(metric, static_cast<std::uint32_t>(names_.size())).first;
    names_.push_back(metric);
  }
  values_.push_back({step, known->second, value, at});
}

std::vector<StepValues::Value> StepValues::sorted() const {
  std::vector<Value> values = values_;
  const auto place = [](const Value& value) { return std::pair(value.step, value.metric); };
  std::ranges::stable_sort(values, {}, place);
  // Of equal places the last one stays.
  const auto first =
      std::unique(values.rbegin(), values.rend(),
                  [&](const Value& a, const Value& b) { return place(a) == place(b); });
  values.erase(values.begin(), first.base());
  return values;
}

void StepValues::give_to(ImportedRun& run) const {
  if (values_.empty()) return;
  std::vector<Value> values = sorted();
  std::size_t steps = 1;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (values[i].step != values[i - 1].step) ++steps;
  }
  const bool are_epochs = values.front().step >= 0 && values.back().step <= kLastStepAsEpoch &&
                          steps <= kMostStepsAsEpochs;
  if (are_epochs) {
    give_epochs(values, run);
  } else {
    give_steps(std::move(values), run);
  }
}

void StepValues::give_epochs(const std::vector<Value>& values, ImportedRun& run) const {
  const std::int64_t offset = values.front().step == 0 ? 1 : 0;
  Timestamp before = run.whole.run.started_at.value_or(0);
  for (auto value = values.begin(); value != values.end();) {
    EpochRecord epoch;
    epoch.number = static_cast<Epoch>(value->step + offset);
    Timestamp at = 0;
    const std::int64_t step = value->step;
    for (; value != values.end() && value->step == step; ++value) {
      epoch.metrics[names_[value->metric]] = value->value;
      at = std::max(at, value->at);
    }
    if (before == 0) before = at;
    epoch.started_at = std::min(before, at);
    epoch.seconds = Seconds(at - epoch.started_at);
    epoch.train_seconds = epoch.seconds;
    before = at;
    run.whole.epochs.push_back(std::move(epoch));
  }
  const std::int64_t last = values.back().step;
  for (ImportedFile& file : run.files) {
    if (!file.step) continue;
    // Compared before the sum, which would overflow for the last step that there is.
    const bool is_one = *file.step >= 0 && *file.step <= last;
    file.epoch = is_one ? static_cast<Epoch>(*file.step + offset) : 0;
  }
}

void StepValues::give_steps(std::vector<Value> values, ImportedRun& run) const {
  std::ranges::stable_sort(values, {}, &Value::metric);
  EpochRecord epoch;
  epoch.number = 1;
  Timestamp first = run.whole.run.started_at.value_or(values.front().at);
  Timestamp last = first;
  for (const Value& value : values) {
    const std::string& name = names_[value.metric];
    const bool is_new = run.steps.empty() || run.steps.back().metric != name ||
                        run.steps.back().steps.size() == StepChunk::kMost;
    if (is_new) {
      run.steps.emplace_back();
      run.steps.back().metric = name;
      run.steps.back().epoch = epoch.number;
    }
    run.steps.back().steps.push_back(value.step);
    run.steps.back().values.push_back(value.value);
    epoch.metrics[name] = value.value;
    first = std::min(first, value.at);
    last = std::max(last, value.at);
  }
  epoch.started_at = first;
  epoch.seconds = Seconds(last - first);
  epoch.train_seconds = epoch.seconds;
  run.whole.epochs.push_back(std::move(epoch));
}

}  // namespace epochal::store
