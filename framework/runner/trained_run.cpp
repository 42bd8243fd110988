// Converts a record for a plugin.

#include "framework/runner/trained_run.h"

#include "db/run_folder.h"
#include "framework/runner/run_parameters.h"

namespace epochal {

std::optional<TrainedRun> trained_run(const store::Query& query, const ExperimentInfo& info,
                                      const store::RunRecord& run) {
  const auto checkpoint = store::newest_sound_checkpoint(query.folder(), query.artifacts(run.id));
  if (!checkpoint) return std::nullopt;
  TrainedRun trained;
  trained.identity = run.identity;
  trained.epoch = checkpoint->epoch;
  trained.seed = run.seed;
  trained.parameters = checked_parameters(info.schema, run);
  trained.inputs = run.inputs;
  trained.checkpoint = checkpoint->folder;
  return trained;
}

}  // namespace epochal
