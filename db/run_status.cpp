// The statuses of a run and the allowed changes between them, in one table.

#include "db/run_status.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "framework/base/error.h"

namespace epochal::store {
namespace {

constexpr std::array<std::pair<RunStatus, std::string_view>, 6> kNames{{
    {RunStatus::queued, "queued"},
    {RunStatus::running, "running"},
    {RunStatus::finished, "finished"},
    {RunStatus::failed, "failed"},
    {RunStatus::interrupted, "interrupted"},
    {RunStatus::stopped, "stopped"},
}};

constexpr std::array<std::pair<RunStatus, RunStatus>, 9> kChanges{{
    {RunStatus::queued, RunStatus::running},
    {RunStatus::interrupted, RunStatus::running},
    {RunStatus::running, RunStatus::finished},
    {RunStatus::running, RunStatus::failed},
    {RunStatus::running, RunStatus::interrupted},
    {RunStatus::running, RunStatus::stopped},
    {RunStatus::stopped, RunStatus::queued},   // more epochs are asked for
    {RunStatus::finished, RunStatus::queued},  // more epochs are asked for
    {RunStatus::failed, RunStatus::queued},    // --retry-failed
}};

}  // namespace

std::string_view name_of(RunStatus status) {
  const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                   [&](const auto& entry) { return entry.first == status; });
  if (found == kNames.end()) throw std::logic_error("unknown run status");
  return found->second;
}

RunStatus run_status(std::string_view name) {
  const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                   [&](const auto& entry) { return entry.second == name; });
  if (found == kNames.end()) {
    throw Error("the record has an unknown run status", {},
                "check the store with `epochal doctor`");
  }
  return found->first;
}

bool may_become(RunStatus from, RunStatus to) {
  return std::find(kChanges.begin(), kChanges.end(), std::pair(from, to)) != kChanges.end();
}

}  // namespace epochal::store
