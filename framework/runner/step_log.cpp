// Collects values by step from a training loop into chunks for the store.

#include "framework/runner/step_log.h"

#include <fmt/format.h>

#include "framework/plugin/experiment.h"

namespace epochal {
namespace {

constexpr std::size_t kMostStepMetrics = 1000;
constexpr std::chrono::seconds kBetweenFlushes{1};
/// Many values are written before the second is over: a chunk takes 16 KB of memory.
constexpr std::size_t kMostWaitingChunks = 64;

}  // namespace

StepLog::StepLog(store::Store& store, store::RunId run, store::AttemptId attempt,
                 const std::vector<store::StepMetric>& known)
    : store_(store), run_(run), attempt_(attempt) {
  for (const store::StepMetric& metric : known) series_[metric.name].last_step = metric.last_step;
}

void StepLog::begin_epoch(Epoch epoch) {
  for (auto& [name, series] : series_) end_chunk(series);
  epoch_ = epoch;
}

StepLog::Series& StepLog::series_of(const std::string& metric, std::int64_t step) {
  const auto found = series_.find(metric);
  if (found != series_.end()) {
    if (step > found->second.last_step) return found->second;
    throw StepRefused(
        fmt::format("step {} of '{}' came after step {}", step, metric, found->second.last_step));
  }
  if (series_.size() >= kMostStepMetrics) {
    throw StepRefused(
        fmt::format("the run already has values by step with {} names", kMostStepMetrics));
  }
  return series_[metric];
}

void StepLog::add(std::int64_t step, const Metrics& values) {
  std::string refused;
  for (const auto& [metric, value] : values) {
    try {
      add(step, metric, value);
    } catch (const StepRefused& reason) {  // the other metrics of the line may be valid
      if (refused.empty()) refused = reason.fault();
    }
  }
  flush_if_due();
  if (!refused.empty()) throw StepRefused(refused);
}

void StepLog::add(std::int64_t step, const std::string& metric, double value) {
  Series& series = series_of(metric, step);
  if (series.open.steps.empty()) {
    series.open.metric = metric;
    series.open.epoch = epoch_;
  }
  series.last_step = step;
  series.open.steps.push_back(step);
  series.open.values.push_back(value);
  series.has_unwritten = true;
  if (series.open.steps.size() == store::StepChunk::kMost) end_chunk(series);
}

void StepLog::flush_if_due() {
  if (whole_.size() >= kMostWaitingChunks || Clock::now() - flushed_ >= kBetweenFlushes) flush();
}

void StepLog::end_chunk(Series& series) {
  if (series.has_unwritten) whole_.push_back(std::move(series.open));
  series.open = {};
  series.has_unwritten = false;
}

void StepLog::flush() {
  flushed_ = Clock::now();
  std::vector<store::StepChunk> waiting = std::move(whole_);
  whole_.clear();
  for (auto& [name, series] : series_) {
    if (series.has_unwritten) waiting.push_back(series.open);
    series.has_unwritten = false;
  }
  if (!waiting.empty()) store_.put_steps(run_, attempt_, waiting);
}

}  // namespace epochal
