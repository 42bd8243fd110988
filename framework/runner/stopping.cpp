// The stop rules, as functions of curves only.

#include "framework/runner/stopping.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace epochal {
namespace {

constexpr double kWorst = std::numeric_limits<double>::infinity();

struct Best {
  Epoch epoch = 0;
  double value = kWorst;
};

/// Curves turned so that lower is better, with NaN as the worst.
ValuesByEpoch descending(const ValuesByEpoch& curve, bool lower_is_better) {
  ValuesByEpoch turned;
  for (const auto& [epoch, value] : curve) {
    turned[epoch] = std::isnan(value) ? kWorst : lower_is_better ? value : -value;
  }
  return turned;
}

/// The first epoch up to `last` that is lower than all before it by more than `min_delta`.
Best best_until(const ValuesByEpoch& curve, Epoch last, double min_delta = 0) {
  Best best;
  for (const auto& [epoch, value] : curve) {
    if (epoch > last) break;
    if (best.epoch == 0 || value < best.value - min_delta) best = {epoch, value};
  }
  return best;
}

double average_until(const ValuesByEpoch& curve, Epoch last) {
  double sum = 0;
  int count = 0;
  for (const auto& [epoch, value] : curve) {
    if (epoch > last) break;
    sum += value;
    ++count;
  }
  if (count == 0) return kWorst;                  // measured only later
  return std::isnan(sum) ? kWorst : sum / count;  // NaN from infinities of both signs
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

class Decision {
 public:
  Decision(const StopRules& rules, const MeasuredRun& own, const std::vector<MeasuredRun>& others)
      : rules_(rules),
        measured_(own.values),
        own_(descending(own.values, rules.lower_is_better)),
        last_(own_.rbegin()->first),
        bracket_(rules.asha ? bracket_of(*rules.asha, own.place) : 0) {
    for (const MeasuredRun& other : others) {
      others_.push_back(descending(other.values, rules.lower_is_better));
      if (rules.asha && bracket_of(*rules.asha, other.place) == bracket_) {
        rivals_.push_back(others_.size() - 1);
      }
    }
    best_ = best_until(own_, last_);
  }

  std::optional<std::string> reason() const {
    if (rules_.good && best_.value <= (rules_.lower_is_better ? *rules_.good : -*rules_.good)) {
      return std::nullopt;
    }
    if (const auto reason = why_patience_ended()) return reason;
    if (leads()) return std::nullopt;
    if (const auto reason = behind_median()) return reason;
    return below_rung();
  }

 private:
  /// The value as measured: NaN counts as the worst value, but is printed as NaN.
  double shown(Epoch epoch) const { return measured_.at(epoch); }

  bool leads() const {
    return std::all_of(others_.begin(), others_.end(), [&](const ValuesByEpoch& other) {
      return best_.value <= best_until(other, last_).value;
    });
  }

  std::optional<std::string> why_patience_ended() const {
    if (!rules_.patience) return std::nullopt;
    const Best best = best_until(own_, last_, rules_.patience->min_delta);
    if (last_ - best.epoch < rules_.patience->epochs) return std::nullopt;
    return fmt::format("patience: {} has not improved on {:.6g} of epoch {} for {} epochs",
                       rules_.metric, shown(best.epoch), best.epoch, last_ - best.epoch);
  }

  std::optional<std::string> behind_median() const {
    if (!rules_.median || last_ < rules_.median->warmup) return std::nullopt;
    std::vector<double> values;
    for (const ValuesByEpoch& other : others_) {
      if (!other.empty() && other.rbegin()->first >= last_) {
        values.push_back(average_until(other, last_));
      }
    }
    if (values.size() < static_cast<std::size_t>(rules_.median->runs)) return std::nullopt;
    const double median = median_of(values);
    if (!(best_.value > median)) return std::nullopt;
    return fmt::format(
        "median: the best {} is {:.6g}, the median of {} others' averages {:.6g} by epoch {}",
        rules_.metric, shown(best_.epoch), values.size(), rules_.lower_is_better ? median : -median,
        last_);
  }

  /// The last rung that was reached since the metric was measured before: where it is not measured
  /// after every epoch, its first value from the rung on counts. 0: none.
  std::int64_t reached_rung() const {
    const auto before = std::prev(own_.end());
    const Epoch measured_before = before == own_.begin() ? 0 : std::prev(before)->first;
    std::int64_t rung = rules_.asha->first;
    for (int i = 0; i < bracket_ && rung <= last_; ++i) rung *= rules_.asha->factor;
    std::int64_t reached = 0;
    for (; rung <= last_; rung *= rules_.asha->factor) reached = rung;
    return reached > measured_before ? reached : 0;
  }

  std::optional<std::string> below_rung() const {
    const std::int64_t rung = rules_.asha ? reached_rung() : 0;
    if (rung == 0) return std::nullopt;
    const double own = own_.at(last_);
    std::size_t reached = 1;
    std::size_t rank = 1;
    for (const std::size_t rival : rivals_) {
      const auto value = others_[rival].lower_bound(static_cast<Epoch>(rung));
      if (value == others_[rival].end()) continue;
      ++reached;
      if (value->second < own) ++rank;
    }
    const std::size_t kept =
        std::max<std::size_t>(1, reached / static_cast<std::size_t>(rules_.asha->factor));
    if (rank <= kept) return std::nullopt;
    const std::string of_bracket =
        rules_.asha->brackets > 1
            ? fmt::format(" of bracket {}/{}", bracket_ + 1, rules_.asha->brackets)
            : "";
    return fmt::format("ASHA: {} is {:.6g}, number {} of {}{} at epoch {}, of which {} went on",
                       rules_.metric, shown(last_), rank, reached, of_bracket, last_, kept);
  }

  const StopRules& rules_;
  const ValuesByEpoch& measured_;
  ValuesByEpoch own_;
  Epoch last_;
  int bracket_;
  std::vector<ValuesByEpoch> others_;
  std::vector<std::size_t> rivals_;  ///< those of the same bracket, as places in others_
  Best best_;
};

}  // namespace

int bracket_of(const StopRules::Asha& asha, std::int64_t place) {
  std::vector<double> shares;
  for (int more = asha.brackets - 1; more >= 0; --more) {
    shares.push_back(std::ceil(asha.brackets * std::pow(asha.factor, more) / (more + 1)));
  }
  const double all = std::accumulate(shares.begin(), shares.end(), 0.0);
  const double turn = std::fmod((static_cast<double>(place) + 0.5) * (std::numbers::phi - 1), 1.0);
  double upper = 0;
  for (int bracket = 0; bracket + 1 < asha.brackets; ++bracket) {
    upper += shares[static_cast<std::size_t>(bracket)] / all;
    if (turn < upper) return bracket;
  }
  return asha.brackets - 1;
}

std::optional<std::string> reason_to_stop(const StopRules& rules, const MeasuredRun& own,
                                          const std::vector<MeasuredRun>& others) {
  if (own.values.empty()) return std::nullopt;
  return Decision(rules, own, others).reason();
}

}  // namespace epochal
