// Turns messages and matches into epochs, in order.

#include "framework/command/epoch_collector.h"

#include <fmt/format.h>

#include "framework/base/printable.h"

namespace epochal {
namespace {

constexpr std::size_t kMostNames = 1000;
/// For a tracked program: each epoch that it skips is recorded too.
constexpr std::int64_t kLongestGap = 1000;

}  // namespace

EpochCollector::EpochCollector(const CommandDeclaration& command, Epoch due, Epoch last)
    : offset_(1 - command.first_epoch),
      is_tracked_(command.is_tracked),
      due_(due),
      last_(last),
      last_ended_(due - 1) {
  for (const CommandMetric& metric : command.metrics) {
    if (metric.pattern.empty()) continue;
    patterns_.push_back({metric.spec.name, LinePattern(metric.pattern)});
  }
}

void EpochCollector::listen_to_client() {
  has_client_ = true;
  if (!is_tracked_) offset_ = 0;
}

std::vector<std::string> EpochCollector::missing() const {
  std::vector<std::string> names;
  for (const Pattern& pattern : patterns_) {
    if (!names_.contains(pattern.metric)) names.push_back(pattern.metric);
  }
  return names;
}

Epoch EpochCollector::counted(std::int64_t said) {
  // A tracked program chooses its first epoch: 0, or where it left off.
  if (is_tracked_ && last_ended_ == 0 && !open_) offset_ = 1 - said;
  const std::int64_t number = said + offset_;
  if (!is_tracked_ && (number < 1 || number > last_)) {
    throw NoMessage(fmt::format("epoch {} is not one of this run's epochs ({} to {})", said,
                                1 - offset_, last_ - offset_));
  }
  if (is_tracked_ && number > last_ended_ + kLongestGap) {
    throw NoMessage(fmt::format("epoch {} comes more than {} epochs after epoch {}", said,
                                kLongestGap, last_ended_ - offset_));
  }
  if (number <= last_ended_) {
    throw NoMessage(fmt::format("epoch {} has already ended", said));
  }
  return static_cast<Epoch>(number);
}

void EpochCollector::remember(const Metrics& metrics) {
  for (const auto& [name, value] : metrics) {
    if (names_.contains(name)) continue;
    if (names_.size() >= kMostNames) {
      throw NoMessage(
          fmt::format("the run already has values with {} different names", kMostNames));
    }
    names_.insert(name);
  }
}

void EpochCollector::take(const EpochLine& line) {
  has_heard_ = true;
  const Epoch number = counted(line.epoch);
  remember(line.metrics);
  // Each number is bounded, so that no sum overflows.
  if (samples_ + line.samples > kLargestCount || steps_ + line.steps.value_or(0) > kLargestCount) {
    throw NoMessage("the run would have more than 2^53 samples or steps");
  }
  samples_ += line.samples;
  steps_ += line.steps.value_or(0);
  EpochReport& report = open(number);
  Metrics metrics = line.metrics;
  metrics.merge(report.said.metrics);  // and what patterns found
  report.said = line;
  report.said.metrics = std::move(metrics);
  end_open();
}

void EpochCollector::take_output(std::string_view line) {
  if (patterns_.empty()) return;
  const std::string text = without_escapes(line);
  std::string refused;
  bool is_epoch_refused = false;
  // A match without an epoch belongs to the epoch that another pattern finds in the same line.
  for (const bool says_epoch : {true, false}) {
    for (const Pattern& pattern : patterns_) {
      if (pattern.pattern.says_epoch() != says_epoch) continue;
      try {
        take_match(pattern, text);
      } catch (const NoMessage& reason) {
        is_epoch_refused = is_epoch_refused || !is_epoch_sound_;
        if (refused.empty()) {
          refused = fmt::format("{} (pattern of {})", reason.fault(), pattern.metric);
        }
      }
    }
    if (is_epoch_refused) break;
  }
  if (!refused.empty()) throw NoMessage(refused);
}

void EpochCollector::take_match(const Pattern& pattern, std::string_view line) {
  is_epoch_sound_ = false;
  const auto found = pattern.pattern.find(line);
  if (found) {
    has_heard_ = true;
    take_value(pattern.metric, *found);
  }
  is_epoch_sound_ = true;
}

void EpochCollector::take_value(const std::string& metric, const LinePattern::Found& found) {
  const Epoch running = open_ ? open_->number : last_ended_ + 1;
  // A client's messages say which epoch runs; numbers in its output may count from 0.
  const Epoch number =
      has_client_ || !found.epoch ? counted(running - offset_) : counted(*found.epoch);
  if (found.value) remember({{metric, *found.value}});
  EpochReport& report = open(number);
  is_epoch_sound_ = true;
  if (found.value) report.said.metrics[metric] = *found.value;
  // An epoch ends even if its value is not a number.
  seen_.insert(metric);
  matched_.insert(metric);
  if (!has_client_ && seen_.size() == patterns_.size()) end_open();
  if (!found.value) {
    throw NoMessage(
        fmt::format("epoch {}: '{}' is not a number", number - offset_, printable(found.text, 80)));
  }
}

EpochReport& EpochCollector::open(Epoch number) {
  if (open_ && number < open_->number) throw NoMessage("its epoch comes before the last one");
  if (open_ && open_->number != number) end_open();
  if (!open_) open_ = EpochReport{number, {}};
  return *open_;
}

void EpochCollector::end_open() {
  last_ended_ = open_->number;
  seen_.clear();
  ended_.push_back(std::move(*open_));
  open_.reset();
}

void EpochCollector::end_of_program() {
  if (open_) end_open();
}

std::optional<EpochReport> EpochCollector::next() {
  if (ended_.empty()) return std::nullopt;
  if (ended_.front().number > due_) return EpochReport{due_++, {}};
  EpochReport report = std::move(ended_.front());
  ended_.pop_front();
  ++due_;
  return report;
}

}  // namespace epochal
