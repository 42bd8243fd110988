#pragma once

#include <gtest/gtest.h>

#include <string>

#include "db/store.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/sweep/expansion.h"

namespace epochal::test {

/// Records the sweep "s" with one run of noop, queued. `params`: the lines of its [params].
inline store::RunId record_noop_run(store::Store& store, PluginRegistry& registry,
                                    const std::string& params, Epoch epochs) {
  const Sweep sweep =
      parse_sweep("name = \"s\"\nexperiment = \"noop\"\nepochs = " + std::to_string(epochs) +
                      "\n[params]\n" + params + "\n",
                  "s.toml");
  const SweepExperiments experiments{&registry.experiment("noop")};
  std::vector<RunSpec> specs = expand(sweep, experiments);
  identify(specs, experiments);
  const RunSpec& spec = specs.front();
  store::RunRecord run;
  run.identity = spec.identity;
  run.group_identity = spec.group_identity;
  run.experiment = spec.experiment;
  run.experiment_version = spec.experiment_version;
  run.epochs = spec.epochs;
  run.parameters = spec.parameters;
  store::SweepRecord record;
  record.name = sweep.name;
  record.content_hash = content_hash(sweep);
  return store.record_sweep(record, {run}).front();
}

}  // namespace epochal::test
