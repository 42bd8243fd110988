// What single runs show of claims about their course.

#include "reports/claims/seen_in_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/base/human_format.h"
#include "reports/claims/claim_part.h"
#include "reports/statistics/settling.h"
#include "reports/statistics/spikes.h"
#include "reports/statistics/trend.h"

namespace epochal::report {
namespace {

SeenInRun without_number(std::string text, std::string shortcoming) {
  return {std::move(text), std::move(shortcoming), {}, {}, {}};
}

/// Why the test of spikes says nothing about an epoch.
std::string not_examined(const store::Series& series, Epoch epoch) {
  if (epoch == series.front().epoch) {
    return fmt::format("epoch {} is the first one, which is not examined", epoch);
  }
  if (epoch == series.back().epoch) {
    return fmt::format("epoch {} is the last one, which is not examined", epoch);
  }
  return fmt::format("it has no value at epoch {}", epoch);
}

std::string too_short(std::size_t fewest) {
  return fmt::format("it has fewer than {} epochs, or values that are not finite", fewest);
}

class CourseOfRun {
 public:
  CourseOfRun(const ClaimScope& scope, double level)
      : scope_(scope), claim_(scope.claim), level_(level) {}

  SeenInRun observe(const ReportedRun& run) const {
    switch (claim_.kind) {
      case Claim::Kind::converged_by:
        return observe_convergence(run);
      case Claim::Kind::spikes:
        return observe_spikes(run);
      case Claim::Kind::settled:
        return observe_settling(run);
      default:
        return observe_gap(run);
    }
  }

 private:
  SeenInRun observe_convergence(const ReportedRun& run) const {
    const store::Series& series = series_of(run, scope_.metric);
    const auto change = relative_change(series, trend_begin(claim_), claim_.epoch);
    if (!change) return without_number("no line", why_no_change(series));
    SeenInRun seen;
    seen.text = fmt::format("change {} ± {}", share_text(change->value), share_text(change->error));
    seen.number = change->value;
    seen.within = change;
    return seen;
  }

  /// Why relative_change() has no number.
  std::string why_no_change(const store::Series& series) const {
    const std::string range = fmt::format("from epoch {} to {}", trend_begin(claim_), claim_.epoch);
    std::size_t values = 0;
    std::size_t finite = 0;
    bool has_end = false;
    for (const store::SeriesPoint& point : series) {
      if (point.epoch < trend_begin(claim_) || point.epoch > claim_.epoch) continue;
      ++values;
      finite += std::isfinite(point.value) ? 1 : 0;
      has_end = has_end || point.epoch == claim_.epoch;
    }
    if (finite < kFewestEpochsForATrend) {
      return fmt::format("it has fewer than {} finite values {}", kFewestEpochsForATrend, range);
    }
    if (finite < values) return fmt::format("it has values that are not finite {}", range);
    if (!has_end) return fmt::format("it has no value at epoch {}", claim_.epoch);
    return "its line ends at 0, or is too large to compute with: its change is relative to its end";
  }

  SeenInRun observe_settling(const ReportedRun& run) const {
    const store::Series& series = series_of(run, scope_.metric);
    if (!series.empty() && series.back().epoch < claim_.epoch) {
      return without_number("no such epoch",
                            fmt::format("it ends at epoch {}", series.back().epoch));
    }
    const auto settling = settling_of(series, claim_.distance, level_);
    if (!settling) {
      return without_number("no end", too_short(kFewestEpochsForSettling));
    }
    SeenInRun seen;
    seen.text = fmt::format(
        "settles at epoch {} ({})", settling->epoch,
        settling->latest ? fmt::format("{:.3g} % interval {} to {}", 100 * (1 - level_),
                                       settling->earliest, *settling->latest)
                         : fmt::format("{} or later; its noise hides the end", settling->earliest));
    seen.number = settling->epoch;
    seen.verdict = settling->earliest > claim_.epoch ? Verdict::refuted
                   : settling->latest.value_or(claim_.epoch + 1) <= claim_.epoch
                       ? Verdict::supported
                       : Verdict::undecided;
    return seen;
  }

  SeenInRun observe_spikes(const ReportedRun& run) const {
    const store::Series& series = series_of(run, scope_.metric);
    const auto test = SpikeTest::of(series, *scope_.better);
    if (!test) {
      return without_number("no noise", too_short(kFewestEpochsForSpikes));
    }
    const std::vector<Spike> spikes = test->spikes(claim_.height);
    std::vector<std::string> words;
    for (const Spike& spike : spikes) {
      words.push_back(fmt::format("epoch {} ({:.2f} times)", spike.epoch, spike.factor));
    }
    SeenInRun seen;
    seen.text = fmt::format(
        "{}, noise {:.2g} %",
        words.empty() ? "no spike" : fmt::format("spikes at {}", fmt::join(words, ", ")),
        100 * test->noise());
    seen.verdict = verdict_of(*test, spikes);
    if (seen.verdict != Verdict::undecided) return seen;
    const auto unexamined = std::ranges::find_if(claim_.epochs, [&](Epoch wanted) {
      return !is_near(spikes, wanted) && !test->examines(wanted);
    });
    if (unexamined != claim_.epochs.end()) seen.shortcoming = not_examined(series, *unexamined);
    return seen;
  }

  bool is_near(const std::vector<Spike>& spikes, Epoch wanted) const {
    return std::any_of(spikes.begin(), spikes.end(), [&](const Spike& spike) {
      return std::abs(spike.epoch - wanted) <= claim_.within;
    });
  }

  Verdict verdict_of(const SpikeTest& test, const std::vector<Spike>& spikes) const {
    if (claim_.epochs.empty()) {
      if (!spikes.empty()) return Verdict::supported;
      return test.excludes(claim_.height, 1, std::numeric_limits<Epoch>::max(), level_)
                 ? Verdict::refuted
                 : Verdict::undecided;
    }
    const auto is_there = [&](Epoch wanted) { return is_near(spikes, wanted); };
    if (std::ranges::all_of(claim_.epochs, is_there)) return Verdict::supported;
    const bool lacks_one = std::ranges::any_of(claim_.epochs, [&](Epoch wanted) {
      // Its neighbours say nothing of an epoch that is not examined itself.
      return test.examines(wanted) &&
             test.excludes(claim_.height, wanted - claim_.within, wanted + claim_.within,
                           level_ / static_cast<double>(claim_.epochs.size()));
    });
    return lacks_one ? Verdict::refuted : Verdict::undecided;
  }

  SeenInRun observe_gap(const ReportedRun& run) const {
    const std::vector<PointPair> pairs = gap_pairs(scope_, run);
    const auto above = relative_gap(pairs);
    if (!above) {
      return without_number(fmt::format("no {} beside {}{}", training_metric_of(scope_),
                                        scope_.metric, scope_.moment.text()),
                            "a gap needs both of them, above 0");
    }
    const double sign = scope_.better == Better::higher ? -1 : 1;
    SeenInRun seen;
    seen.number = sign * *above;
    seen.text = fmt::format("gap {}", share_text(*seen.number));
    std::vector<double> gaps = scope_.samples(run);
    if (gaps.size() < 2 || pairs.back().epoch != epoch_at(run, scope_.moment)) return seen;
    for (double& value : gaps) value = sign * (value / pairs.back().second - 1);
    const Estimate of_samples = estimate_of(gaps);
    if (!of_samples.is_finite()) return seen;
    seen.within = Estimate{*seen.number, of_samples.error, of_samples.degrees};
    const Interval interval = interval_around(*seen.within);
    seen.text += fmt::format(" ({} to {} over {} validation samples)", share_text(interval.low),
                             share_text(interval.high),
                             format_count(static_cast<std::int64_t>(gaps.size())));
    return seen;
  }

  const ClaimScope& scope_;
  const Claim& claim_;
  double level_;
};

}  // namespace

SeenInRun seen_in(const ClaimScope& scope, const ReportedRun& run, double level) {
  return CourseOfRun(scope, level).observe(run);
}

Epoch trend_begin(const Claim& claim) {
  constexpr Epoch kFewest = 5;
  const Epoch wanted = claim.window > 0 ? claim.window : claim.epoch / 5 + 1;
  return std::max<Epoch>(1, claim.epoch - std::max(wanted, kFewest) + 1);
}

std::string training_metric_of(const ClaimScope& scope) {
  return scope.claim.training_metric.empty() ? training_twin(scope.metric)
                                             : scope.claim.training_metric;
}

std::vector<PointPair> gap_pairs(const ClaimScope& scope, const ReportedRun& run) {
  const auto last = epoch_at(run, scope.moment);
  if (!last) return {};
  std::vector<PointPair> pairs = joined(up_to(series_of(run, scope.metric), *last),
                                        up_to(series_of(run, training_metric_of(scope)), *last));
  const bool is_older = !pairs.empty() && pairs.back().epoch != *last;
  if (is_older && !scope.moment.is_end()) pairs.clear();
  return pairs;
}

}  // namespace epochal::report
