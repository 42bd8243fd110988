// The result of a run in a line, and the end of its log.

#include "framework/app/run_result.h"

#include <fmt/format.h>

#include <algorithm>

#include "db/end_of_log.h"
#include "framework/base/human_format.h"
#include "framework/base/text_lines.h"
#include "framework/base/whole_number.h"
#include "reports/report_data.h"

namespace epochal::app {

std::string result_text(const store::Query& query, const store::RunRecord& run) {
  const store::Declarations declarations = query.declarations();
  const std::string name = report::main_metric(query.metric_names({run.id}), {run}, declarations);
  if (name.empty()) return {};
  const store::MetricSummary summary = query.metric_summaries({run.id})[run.id][name];
  std::string text = fmt::format("{} {}", name, format_number(summary.last));
  const MetricSpec* spec = declarations.metric(run, name);
  if (spec == nullptr || !spec->better) return text;
  const bool is_lower = *spec->better == Better::lower;
  const std::optional<double>& best = is_lower ? summary.lowest : summary.highest;
  if (!best) return text;
  return text + fmt::format(", best {} in epoch {}", format_number(*best),
                            is_lower ? summary.lowest_epoch : summary.highest_epoch);
}

store::RunRecord as_asked(store::RunRecord run, Epoch epochs) {
  if (run.epochs <= epochs) return run;
  const bool is_open = run.status == store::RunStatus::running ||
                       run.status == store::RunStatus::queued ||
                       run.status == store::RunStatus::interrupted;
  if (is_open && run.epochs_done >= epochs) run.status = store::RunStatus::finished;
  run.epochs = epochs;
  run.epochs_done = std::min(run.epochs_done, epochs);
  return run;
}

std::string rate_text(double samples, Seconds time, const std::string& sample_word) {
  if (time.count() <= 0 || samples <= 0) return {};
  const double rate = samples / time.count();
  constexpr double kLarge = 1000;
  return fmt::format("{} {}/s",
                     rate < kLarge ? format_number(rate) : format_count(nearest_whole(rate)),
                     sample_word);
}

std::string failure_details(const store::Query& query, const store::RunRecord& run,
                            const std::string& indent) {
  if (run.status != store::RunStatus::failed) return {};
  if (std::string recorded = further_lines(run.error, indent); !recorded.empty()) return recorded;
  std::string log = store::end_of_log(query.folder(), query.artifacts(run.id));
  // The last line of the worker is the error itself.
  if (log.ends_with("failed: " + run.error)) {
    const std::size_t end = log.rfind('\n');
    log.erase(end == std::string::npos ? 0 : end);
  }
  if (log.empty()) return {};
  return indent + "its log ends with:\n" + printable_lines(log, indent);
}

}  // namespace epochal::app
