// `epochal tell`: what came of a point that `epochal ask` has given.

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "db/maintenance/lost_runs.h"
#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/app/search_sweep.h"
#include "framework/base/message.h"
#include "framework/base/parsed_number.h"
#include "framework/base/printable.h"
#include "framework/runner/worker.h"

namespace epochal::app {
namespace {

/// A number, "nan" or an infinity. Throws Error.
double told_value(const std::string& text) {
  if (const auto value = parsed_number<double>(text)) return *value;
  throw Error(fmt::format("VALUE must be a number, not '{}'", printable(text, 80)), {},
              "write it as 0.25, 1e-3, nan or inf");
}

[[noreturn]] void refuse_told(const store::RunRecord& run) {
  throw Error(fmt::format("the run is {}: it was told already", name_of(run.status)),
              "run " + run.short_identity(), "ask for the next point");
}

/// The open attempt of a run that was asked for. Throws Error if there is none.
store::AttemptRecord open_attempt_of(const store::Query& query, const store::RunRecord& run) {
  const std::string where = "run " + run.short_identity();
  if (query.trials_of(run.id).empty()) {
    throw Error("the run is no point that `epochal ask` has given", where, "tell a run of `ask`");
  }
  auto attempt = store::open_attempt(query, run.id);
  if (!attempt) refuse_told(run);
  if (attempt->process.boot == kAskedBoot) return *std::move(attempt);
  throw Error(fmt::format("`epochal run` is doing the run, in process {} on {}",
                          attempt->process.pid, printable(attempt->host.name, 80)),
              where, "tell runs of `ask` alone");
}

/// The only epoch of a run, from when it was asked for until now.
store::EpochRecord only_epoch(const store::AttemptRecord& attempt, const std::string& metric,
                              double value) {
  store::EpochRecord epoch;
  epoch.number = 1;
  epoch.started_at = attempt.started_at;
  epoch.seconds = Seconds(std::max(0.0, now() - attempt.started_at));
  epoch.train_seconds = epoch.seconds;
  epoch.metrics[metric] = value;
  return epoch;
}

/// How a told run ends.
struct TellEnd {
  store::RunStatus status = store::RunStatus::finished;
  std::string error;
};

TellEnd end_of(const Options& options) {
  options.refuse_together({"pruned", "failed"});
  if (options.has("pruned")) return {store::RunStatus::stopped, {}};
  if (!options.has("failed")) return {};
  const std::string reason = options.text("failed");
  if (reason.empty()) {
    throw Error("the reason is empty", "--failed", "say why the run has failed: --failed died");
  }
  return {store::RunStatus::failed, reason};
}

std::optional<double> value_in(const Options& options) {
  const std::vector<std::string>& words = options.positional();
  if (words.size() > 2) {
    throw Error(fmt::format("'{}' is not expected here", printable(words[2], 80)), {},
                "usage: epochal " + options.usage());
  }
  const bool has_failed = options.has("failed");
  if (words.size() == 2 && has_failed) {
    throw Error("a failed run has no value", {}, "leave VALUE or --failed out");
  }
  if (words.size() == 2) return told_value(words[1]);
  if (has_failed || options.has("pruned")) return std::nullopt;
  throw Error("VALUE is missing", {}, "usage: epochal " + options.usage());
}

void record_value(store::Store& store, const store::Query& query, const store::RunRecord& run,
                  const store::AttemptRecord& attempt, double value) {
  const std::string objective = query.declarations().objective(run);
  try {
    store.commit_epoch(run.id, attempt.id, only_epoch(attempt, objective, value), {}, {});
  } catch (const store::AttemptOver&) {  // somebody else has told it meanwhile
    refuse_told(query.run(run.id));
  }
}

int do_tell(const Options& options) {
  const std::string& name = options.first_positional("RUN");
  const std::optional<double> value = value_in(options);
  const TellEnd end = end_of(options);
  const std::filesystem::path folder = options.store_folder();
  const store::Query query(folder);
  const store::RunRecord run = query.run_named(name);
  const store::AttemptRecord attempt = open_attempt_of(query, run);
  store::Store store(folder);
  // A process that was killed may have told the value already.
  if (value && run.epochs_done == 0) record_value(store, query, run, attempt, *value);
  if (end.status == store::RunStatus::stopped) {
    store.add_event(run.id, kRuleEvent, "its program pruned it");
  }
  const std::string reason(name_of(end.status));
  if (!store.end_attempt(run.id, attempt.id, end.status, reason, end.error)) {
    refuse_told(query.run(run.id));
  }
  print_message("run {} {}\n", run.short_identity(), name_of(end.status));
  return kAllGood;
}

}  // namespace

Command tell_command() {
  Options options("tell RUN VALUE | RUN --pruned [VALUE] | RUN --failed REASON",
                  "Records the value that your program got for a point of `epochal ask`, and\n"
                  "finishes the run. RUN is its name as `ask` printed it.");
  options.store()
      .flag("pruned", "the program gave up before the end; VALUE is its last value, if it has one")
      .value("failed", "REASON", "the run has failed and has no value");
  return {"record the value of a point that `ask` printed", std::move(options), do_tell};
}

}  // namespace epochal::app
