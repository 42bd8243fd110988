#pragma once

#include <gtest/gtest.h>

#include <string>

#include "db/store.h"
#include "framework/app/sweep_arguments.h"
#include "framework/plugin/plugin_registry.h"

namespace epochal::test {

/// Records the sweep "s" with one run of noop, queued. `params`: the lines of its [params].
inline store::RunId record_noop_run(store::Store& store, PluginRegistry& registry,
                                    const std::string& params, Epoch epochs) {
  const Sweep sweep =
      parse_sweep("name = \"s\"\nexperiment = \"noop\"\nepochs = " + std::to_string(epochs) +
                      "\n[params]\n" + params + "\n",
                  "s.toml");
  const SweepExperiments experiments{&registry.experiment("noop")};
  store::SweepRecord record;
  record.name = sweep.name;
  record.content_hash = content_hash(sweep);
  return store.record_sweep(record, app::records_of(app::runs_of(sweep, experiments), "")).front();
}

}  // namespace epochal::test
