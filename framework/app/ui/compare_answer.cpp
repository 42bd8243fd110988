// Compares runs: their parameters, their metrics, and the importance of each parameter.

#include <algorithm>

#include "framework/app/ui/answer_values.h"
#include "reports/report_data.h"
#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/importance.h"

namespace epochal::app {
namespace {

Answer parameters_json(const std::vector<store::RunRecord>& runs) {
  std::set<std::string> names;
  for (const store::RunRecord& run : runs) {
    for (const auto& [name, value] : run.parameters.all()) names.insert(name);
  }
  Answer json = Answer::array();
  for (const std::string& name : names) {
    Answer values = Answer::array();
    for (const store::RunRecord& run : runs) {
      const auto& all = run.parameters.all();
      const auto found = all.find(name);
      values.push_back(found == all.end() ? Answer() : store::parameter_json(found->second));
    }
    const bool differs = std::any_of(values.begin(), values.end(),
                                     [&](const Answer& value) { return value != values.front(); });
    json.push_back({{"name", name}, {"differs", differs}, {"values", std::move(values)}});
  }
  return json;
}

std::optional<double> best_of(const store::MetricSummary& summary, const MetricSpec* spec) {
  if (spec == nullptr || !spec->better) return std::nullopt;
  return *spec->better == Better::lower ? summary.lowest : summary.highest;
}

/// The metrics that runs have only by step.
void add_metrics_by_step(const store::Query& query, const std::vector<store::RunRecord>& runs,
                         Answer& metrics) {
  std::set<std::string> known;
  for (const Answer& metric : metrics) known.insert(metric["name"].get<std::string>());
  std::set<std::string> by_step;
  for (const store::RunRecord& run : runs) {
    for (const store::StepMetric& metric : query.step_metrics(run.id)) {
      if (!known.contains(metric.name)) by_step.insert(metric.name);
    }
  }
  for (const std::string& name : by_step) {
    const std::vector<Answer> nothing(runs.size());
    metrics.push_back({{"name", name}, {"by_step", true}, {"last", nothing}, {"best", nothing}});
  }
}

Answer metrics_json(const store::Query& query, const std::vector<store::RunRecord>& runs) {
  auto summaries = query.metric_summaries(ids_of(runs));
  const store::Declarations declarations = query.declarations();
  Answer json = Answer::array();
  for (const std::string& name : query.metric_names(ids_of(runs))) {
    Answer metric{{"name", name}, {"last", Answer::array()}, {"best", Answer::array()}};
    for (const store::RunRecord& run : runs) {
      const MetricSpec* spec = declarations.metric(run, name);
      if (spec != nullptr && spec->better) metric["better"] = name_of(*spec->better);
      const auto summary = summaries[run.id].find(name);
      const bool is_known = summary != summaries[run.id].end();
      metric["last"].push_back(is_known ? number_json(summary->second.last) : Answer());
      metric["best"].push_back(is_known ? number_json(best_of(summary->second, spec)) : Answer());
    }
    json.push_back(std::move(metric));
  }
  add_metrics_by_step(query, runs, json);
  return json;
}

/// The importances among the largest set of runs that are comparable by the objective.
Answer importance_json(const store::Query& query, const std::vector<store::RunRecord>& runs) {
  const report::ReportData data = report::read_report_data(query, runs, "", {});
  Answer json = Answer::array();
  if (data.main_metric.empty()) return json;
  const report::ComparableRuns comparable = report::comparable_runs(data, data.main_metric);
  const auto largest =
      std::max_element(comparable.sets.begin(), comparable.sets.end(),
                       [](const auto& a, const auto& b) { return a.runs.size() < b.runs.size(); });
  if (largest == comparable.sets.end()) return json;
  for (const report::Importance& importance : report::importance_of(data, largest->runs)) {
    json.push_back({{"parameter", importance.parameter}, {"share", importance.share}});
  }
  return json;
}

}  // namespace

Answer compare_answer(const store::Query& query, const RequestParameters& parameters) {
  const std::vector<store::RunRecord> named = named_runs(query, parameters);
  const std::vector<store::RunRecord> runs = query.runs_by_id(ids_of(named));
  Answer names = Answer::array();
  for (const store::RunRecord& run : runs) names.push_back(run.short_identity());
  return {{"runs", names},
          {"parameters", parameters_json(runs)},
          {"metrics", metrics_json(query, runs)},
          {"importance", importance_json(query, runs)}};
}

}  // namespace epochal::app
