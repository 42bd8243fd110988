// Sweeps: their progress, running and failed runs, and their claims so far.

#include <fmt/format.h>

#include "db/end_of_log.h"
#include "db/maintenance/lost_runs.h"
#include "framework/app/run_table.h"
#include "framework/app/sweep_arguments.h"
#include "framework/app/time_left.h"
#include "framework/app/ui/answer_values.h"
#include "framework/base/error.h"
#include "reports/claims.h"
#include "reports/report_data.h"

namespace epochal::app {
namespace {

constexpr std::size_t kMostFailed = 100;
/// A page that shows claims fetches them after each epoch. For very large sweeps this would take
/// seconds.
constexpr std::size_t kMostJudged = 500;

std::string word_of(const store::SweepRecord& sweep) {
  return fmt::format("{}@{}", sweep.name, sweep.content_hash.substr(0, 8));
}

Answer summary_json(const store::SweepRecord& sweep, const store::SweepProgress& progress) {
  return {{"sweep", word_of(sweep)},       {"name", sweep.name},
          {"recorded", sweep.recorded_at}, {"runs", progress.runs},
          {"statuses", progress.statuses}, {"epochs_done", progress.epochs_done},
          {"epochs", progress.epochs}};
}

Answer running_json(const store::Query& query, const store::RunRecord& run,
                    const std::map<store::RunId, std::string>& on_cluster) {
  Answer json{{"run", run.short_identity()}, {"epochs_done", run.epochs_done}};
  json["epochs"] = run.epochs;
  if (const auto attempt = store::open_attempt(query, run.id)) {
    json["host"] = attempt->host.name;
    json["device"] = attempt->device;
    json["heartbeat"] = attempt->heartbeat_at;
    json["is_lost"] = store::is_lost(*attempt);
    if (attempt->live) json.update(live_json(*attempt->live));
  }
  const auto task = on_cluster.find(run.id);
  if (task != on_cluster.end()) json["slurm"] = task->second;
  return json;
}

void add_runs(Answer& json, const store::Query& query, const std::vector<store::RunRecord>& runs) {
  const std::map<store::RunId, std::string> on_cluster = cluster_states(query);
  json["running"] = Answer::array();
  json["failed"] = Answer::array();
  json["slurm"] = Answer::array();
  for (const store::RunRecord& run : runs) {
    if (run.status == store::RunStatus::running) {
      json["running"].push_back(running_json(query, run, on_cluster));
    }
    if (run.status == store::RunStatus::failed && json["failed"].size() < kMostFailed) {
      json["failed"].push_back(
          {{"run", run.short_identity()},
           {"error", run.error},
           {"log", store::end_of_log(query.folder(), query.artifacts(run.id))}});
    }
    const auto task = on_cluster.find(run.id);
    if (task != on_cluster.end()) {
      json["slurm"].push_back({{"run", run.short_identity()}, {"task", task->second}});
    }
  }
}

/// The forecast and the actual time of ended runs that have a forecast, and the time that the other
/// runs still need.
void add_times(Answer& json, const store::Query& query, const std::vector<store::RunRecord>& runs) {
  const EpochTimes times(query);
  Seconds foreseen{0};
  Seconds spent{0};
  Seconds left{0};
  bool is_known = true;
  int with_forecast = 0;
  for (const store::RunRecord& run : runs) {
    const auto forecast = query.forecast(run.identity);
    if (forecast && run.status == store::RunStatus::finished) {
      ++with_forecast;
      foreseen += forecast->seconds;
      spent += run.trained;
    }
    const bool goes_on = run.status == store::RunStatus::running ||
                         run.status == store::RunStatus::queued ||
                         run.status == store::RunStatus::interrupted;
    if (!goes_on) continue;
    const auto epoch = times.of(run);
    is_known = is_known && epoch.has_value();
    if (epoch) left += time_left(run.epochs - run.epochs_done, *epoch, Seconds{0});
  }
  json["forecast"] = {
      {"runs", with_forecast}, {"seconds", foreseen.count()}, {"spent", spent.count()}};
  if (is_known) json["forecast"]["seconds_left"] = left.count();
}

void add_claims(Answer& json, const store::Query& query, const store::SweepRecord& sweep,
                std::vector<store::RunRecord> runs) {
  json["claims"] = Answer::array();
  if (runs.size() > kMostJudged) {
    json["claims_left_out"] = fmt::format(
        "the sweep has more than {} runs: `epochal report` judges the claims", kMostJudged);
    return;
  }
  std::vector<Claim> claims;
  try {
    claims = arguments_of(sweep).sweep.claims;
  } catch (const Error& error) {
    json["claims_left_out"] = error.what();
    return;
  }
  if (claims.empty()) return;
  const report::ReportData data =
      report::read_report_data(query, std::move(runs), sweep.compare_by, std::move(claims));
  for (const Claim& claim : data.claims) {
    const report::JudgedClaim judged = report::judge(claim, data);
    json["claims"].push_back({{"text", judged.text},
                              {"verdict", name_of(judged.verdict)},
                              {"rule", judged.rule},
                              {"numbers", judged.numbers},
                              {"noise_floor", judged.noise_floor},
                              {"runs", judged.runs}});
  }
}

/// "NAME" or "NAME@HASH". Throws NotFound.
store::SweepRecord named(const store::Query& query, const std::string& word) {
  try {
    const std::string whole = query.sweep_word(word);
    const std::size_t at = whole.rfind('@');
    if (const auto sweep = query.sweep(whole.substr(0, at), whole.substr(at + 1))) return *sweep;
  } catch (const Error& error) {
    throw NotFound(error.what());
  }
  throw NotFound("there is no such sweep");
}

}  // namespace

Answer sweeps_answer(const store::Query& query) {
  Answer sweeps = Answer::array();
  std::map<std::int64_t, store::SweepProgress> progress = query.sweep_progress();
  for (const store::SweepRecord& sweep : query.sweeps()) {
    sweeps.push_back(summary_json(sweep, progress[sweep.id]));
  }
  return {{"sweeps", sweeps}};
}

Answer sweep_answer(const store::Query& query, const std::string& word) {
  const store::SweepRecord sweep = named(query, word);
  std::vector<store::RunRecord> runs = query.runs_of_sweep(sweep.id);
  Answer json = summary_json(sweep, query.sweep_progress(sweep.id)[sweep.id]);
  json["file"] = sweep.file;
  json["text"] = sweep.text;
  json["overrides"] = sweep.overrides;
  add_runs(json, query, runs);
  add_times(json, query, runs);
  add_claims(json, query, sweep, std::move(runs));
  return json;
}

}  // namespace epochal::app
