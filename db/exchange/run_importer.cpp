// Functions for all importers.

#include "db/exchange/run_importer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "framework/base/error.h"
#include "framework/base/parsed_number.h"
#include "framework/base/sha256.h"

namespace epochal::store {

void check_name(const std::string& name, const std::string& where) {
  constexpr std::size_t kLongest = 250;
  if (name.size() <= kLongest) return;
  throw Error(fmt::format("the name '{}…' is longer than {} bytes", name.substr(0, 40), kLongest),
              where, "give it a shorter one");
}

std::optional<RunStatus> imported_status(const std::string& text) {
  static const std::map<std::string, RunStatus> kKnown{
      {"finished", RunStatus::finished},   {"failed", RunStatus::failed},
      {"stopped", RunStatus::stopped},     {"interrupted", RunStatus::interrupted},
      {"running", RunStatus::interrupted}, {"queued", RunStatus::interrupted}};
  const auto known = kKnown.find(text);
  return known == kKnown.end() ? std::nullopt : std::optional(known->second);
}

ParameterValue guessed_parameter(const std::string& text) {
  if (const auto whole = parsed_number<std::int64_t>(text)) return *whole;
  if (const auto real = parsed_number<double>(text)) return *real;
  if (text == "true" || text == "True") return true;
  if (text == "false" || text == "False") return false;
  return text;
}

std::string source_of(const std::string& began, const std::filesystem::path& path) {
  if (!began.empty()) return began;
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(path, error);
  return error ? std::filesystem::absolute(path).string() : whole.string();
}

WholeRun finished_import(WholeRun run, const RunOrigin& origin) {
  // Never the identity of a sweep's run: an imported run has no checkpoint to resume from.
  nlohmann::json key{"import", origin.tool, run.run.experiment, origin.name, run.run.seed};
  for (const auto& [parameter, value] : run.run.parameters.all()) {
    key.push_back({parameter, to_text(value)});
  }
  nlohmann::json group = key;
  group[3] = nullptr;
  group[4] = nullptr;
  key.push_back(origin.source);
  const auto hash = [](const nlohmann::json& json) {
    return sha256_of(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  };
  run.run.identity = hash(key);
  run.run.group_identity = hash(group);
  run.run.code_version = "imported from " + origin.tool;
  run.run.epochs_done = static_cast<Epoch>(run.epochs.size());
  run.run.epochs = std::max(1, run.epochs.empty() ? 1 : run.epochs.back().number);
  if (run.run.created_at == 0) run.run.created_at = run.run.started_at.value_or(now());

  AttemptRecord attempt;
  attempt.id = AttemptId{1};
  attempt.host.name = "imported";
  attempt.started_at = run.run.started_at.value_or(run.run.created_at);
  attempt.heartbeat_at = attempt.started_at;
  attempt.ended_at = run.run.ended_at.value_or(attempt.started_at);
  attempt.end_reason = name_of(run.run.status);
  if (!run.epochs.empty()) {
    attempt.first_epoch = run.epochs.front().number;
    attempt.last_epoch = run.epochs.back().number;
  }
  for (EpochRecord& epoch : run.epochs) epoch.attempt = attempt.id;
  run.attempts = {attempt};
  run.tags.try_emplace("imported_from", origin.tool);
  run.tags.try_emplace("imported_name", origin.name.substr(0, 200));
  return run;
}

}  // namespace epochal::store
