// From a record to what a plugin can use.

#include "framework/runner/trained_run.h"

#include "framework/runner/run_folder.h"
#include "framework/runner/run_parameters.h"

namespace epochal {

std::optional<TrainedRun> trained_run(const Query& query, const ExperimentInfo& info,
                                      const RunRecord& run) {
  const auto epoch = newest_sound_checkpoint(query.folder(), query.artifacts(run.id));
  if (!epoch) return std::nullopt;
  TrainedRun trained;
  trained.identity = run.identity;
  trained.epoch = *epoch;
  trained.seed = run.seed;
  trained.parameters = checked_parameters(info.schema, run);
  trained.inputs = run.inputs;
  trained.checkpoint = RunFolder(query.folder(), run.identity).checkpoint(*epoch);
  return trained;
}

}  // namespace epochal
