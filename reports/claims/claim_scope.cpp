// The numbers that a claim is about.

#include "reports/claims/claim_scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "framework/base/nearest_name.h"
#include "framework/base/printable.h"
#include "reports/statistics/series.h"
#include "reports/statistics/settling.h"

namespace epochal::report {

ClaimScope::ClaimScope(const Claim& judged_claim, const ReportData& records)
    : claim(judged_claim),
      data(records),
      metric(judged_claim.metric.empty() ? records.claimed_metric : judged_claim.metric),
      over(judged_claim.over.empty() ? records.compare_by : judged_claim.over),
      better(better_of(records, metric)),
      moment(moment_of(judged_claim)) {}

namespace {

/// ": did you mean 'val.loss'?"; empty if no known name is near.
std::string suggestion(const std::string& name, const std::set<std::string>& known) {
  const std::vector<std::string> candidates(known.begin(), known.end());
  const auto nearest = nearest_name(name, candidates);
  return nearest ? fmt::format(": did you mean '{}'?", printable(*nearest, 80)) : "";
}

std::set<std::string> measured_names(const ReportData& data) {
  std::set<std::string> names;
  for (const ReportedRun& run : data.runs) {
    for (const auto& [name, series] : run.metrics) {
      if (!series.empty()) names.insert(name);
    }
  }
  return names;
}

std::set<std::string> parameter_names(const ReportData& data) {
  std::set<std::string> names;
  for (const ReportedRun& run : data.runs) {
    for (const auto& [name, value] : run.run.parameters.all()) names.insert(name);
  }
  return names;
}

}  // namespace

bool ClaimScope::is_wanted(const ReportedRun& run) const {
  if (claim.only_name.empty()) return true;
  if (const ParameterValue* value = run.run.parameters.find(claim.only_name)) {
    return is_same(*value, claim.only_value);
  }
  const auto seed = static_cast<std::int64_t>(run.run.seed);
  return claim.only_name == "seed" && is_same(ParameterValue(seed), claim.only_value);
}

std::string ClaimScope::why_not_measured(const std::string& name) const {
  const std::set<std::string> measured = measured_names(data);
  if (name.empty() || measured.contains(name)) return {};
  return fmt::format("no run has measured {}{}", printable(name, 80), suggestion(name, measured));
}

std::string ClaimScope::statistic_text() const {
  switch (claim.statistic) {
    case Claim::Statistic::first:
      return "first " + metric;
    case Claim::Statistic::last:
      return "last " + metric + moment.text();
    case Claim::Statistic::best:
      return fmt::format("{} {}{}", better == Better::higher ? "highest" : "lowest", metric,
                         moment.is_end() ? "" : " up to" + moment.text().substr(3));
    case Claim::Statistic::settled:
      return "epoch at which " + metric + " settles";
  }
  return {};
}

store::Series ClaimScope::series(const ReportedRun& run) const {
  const store::Series& all = series_of(run, metric);
  if (moment.is_end()) return all;
  const auto last = epoch_at(run, moment);
  return last ? up_to(all, *last) : store::Series{};
}

bool ClaimScope::lacks_moment(const ReportedRun& run) const {
  if (moment.is_end() || claim.statistic != Claim::Statistic::last) return false;
  const store::Series values = series(run);
  return values.empty() || values.back().epoch != epoch_at(run, moment);
}

std::optional<double> ClaimScope::statistic(const ReportedRun& run) const {
  if (lacks_moment(run)) return std::nullopt;
  const store::Series values = series(run);
  // A run that ends in NaN decides nothing, whatever its earlier values.
  if (values.empty() || !std::isfinite(values.back().value)) return std::nullopt;
  if (claim.statistic == Claim::Statistic::settled) {
    const auto settling = settling_of(values, claim.distance);
    return settling ? std::optional<double>(settling->epoch) : std::nullopt;
  }
  return statistic_of(values, claim.statistic, better);
}

std::vector<double> ClaimScope::samples(const ReportedRun& run) const {
  const bool is_of_one_epoch =
      claim.kind == Claim::Kind::gap || claim.statistic == Claim::Statistic::last;
  const auto epoch = epoch_at(run, moment);
  if (!is_of_one_epoch || !epoch) return {};
  const auto of_epoch = run.validation.find(*epoch);
  if (of_epoch == run.validation.end()) return {};
  const auto values = of_epoch->second.values.find(metric);
  return values == of_epoch->second.values.end() ? std::vector<double>{} : values->second;
}

std::string ClaimScope::why_without_order() const {
  using enum Claim::Kind;
  // equal_within and better_than ask which values differ, not which is larger.
  if (claim.kind == equal_within || claim.kind == better_than) return {};
  for (const ReportedRun& run : data.runs) {
    const ParameterValue* value = run.run.parameters.find(over);
    if (value == nullptr || !is_wanted(run) || number_of(*value)) continue;
    return fmt::format("{} is {}, and has no order", printable(over, 80),
                       std::holds_alternative<bool>(*value) ? "true or false" : "a text");
  }
  return {};
}

std::string ClaimScope::obstacle(const ComparableRuns& comparable) const {
  if (over.empty()) return "the runs differ in no parameter that could be compared";
  if (std::string why = why_not_measured(metric); !why.empty()) return why;
  const bool needs_direction =
      claim.kind == Claim::Kind::better_than || claim.statistic == Claim::Statistic::best;
  if (needs_direction && !better) {
    return fmt::format("the experiment does not declare whether a lower or a higher {} is better",
                       metric);
  }
  if (const std::string why = why_without_order(); !why.empty()) return why;
  if (!comparable.parameters().contains(over)) return {};
  return fmt::format("{} changes what {} means: its values at different {} cannot be compared",
                     over, metric, over);
}

std::string ClaimScope::no_run_is_wanted() const {
  if (claim.only_name.empty()) return "there is no run";
  std::set<std::string> known = parameter_names(data);
  known.insert("seed");
  return fmt::format("no run has {} {}{}", printable(claim.only_name, 80),
                     printable(to_text(claim.only_value), 40),
                     known.contains(claim.only_name) ? "" : suggestion(claim.only_name, known));
}

std::string ClaimScope::why_nothing_to_compare(const ComparableRuns& comparable) const {
  std::set<std::string> values;
  bool has_wanted = false;
  for (const ReportedRun& run : data.runs) {
    if (!is_wanted(run)) continue;
    has_wanted = true;
    if (const ParameterValue* value = run.run.parameters.find(over)) values.insert(to_text(*value));
  }
  if (!has_wanted) return no_run_is_wanted();
  if (values.empty()) {
    return fmt::format("no run has the parameter {}{}", printable(over, 80),
                       suggestion(over, parameter_names(data)));
  }
  if (values.size() < 2) return fmt::format("{} has only one value", over);
  return fmt::format("no runs with different {} are comparable.{}", over,
                     comparable.remarks(metric));
}

void Judgement::note(const ReportedRun& run) {
  if (std::find(runs.begin(), runs.end(), &run) == runs.end()) runs.push_back(&run);
}

}  // namespace epochal::report
