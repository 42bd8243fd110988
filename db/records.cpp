// Small functions of the row types.

#include "db/records.h"

#include <array>

namespace epochal::store {

std::vector<RunId> ids_of(const std::vector<RunRecord>& runs) {
  std::vector<RunId> ids;
  for (const RunRecord& run : runs) ids.push_back(run.id);
  return ids;
}

void EpochTotals::add(const EpochRecord& epoch) {
  steps = steps && epoch.steps ? std::optional(*steps + *epoch.steps) : std::nullopt;
  images = images && epoch.samples > 0 ? std::optional(*images + epoch.samples) : std::nullopt;
}

namespace {

/// None if there is no epoch up to `last`.
std::optional<EpochTotals> totals_of(const std::vector<EpochRecord>& epochs, Epoch last) {
  std::optional<EpochTotals> totals;
  for (const EpochRecord& epoch : epochs) {
    if (epoch.number > last) continue;
    if (!totals) totals.emplace();
    totals->add(epoch);
  }
  return totals;
}

}  // namespace

std::optional<std::int64_t> steps_of(const std::vector<EpochRecord>& epochs, Epoch last) {
  const std::optional<EpochTotals> totals = totals_of(epochs, last);
  return totals ? totals->steps : std::nullopt;
}

std::optional<std::int64_t> images_of(const std::vector<EpochRecord>& epochs, Epoch last) {
  const std::optional<EpochTotals> totals = totals_of(epochs, last);
  return totals ? totals->images : std::nullopt;
}

std::optional<Epoch> epoch_at(const std::vector<EpochRecord>& epochs, const EpochTotals& limit) {
  EpochTotals totals;
  std::optional<Epoch> last;
  for (const EpochRecord& epoch : epochs) {
    totals.add(epoch);
    const std::optional<std::int64_t>& sum = limit.steps ? totals.steps : totals.images;
    const std::int64_t most = limit.steps ? *limit.steps : limit.images.value_or(0);
    if (!sum) return std::nullopt;
    if (*sum > most) return last;
    last = epoch.number;
    if (*sum == most) return last;
  }
  return std::nullopt;
}

std::string_view name_of(ArtifactRecord::Kind kind) {
  // In the order of Kind.
  constexpr std::array<std::string_view, 4> kNames{"checkpoint", "sample", "log", "diff"};
  return kNames.at(static_cast<std::size_t>(kind));
}

}  // namespace epochal::store
