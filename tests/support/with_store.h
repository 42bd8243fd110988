#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "db/query.h"
#include "db/store.h"
#include "tests/support/temporary_folder.h"

namespace epochal::test {

/// A run of noop as it is asked for. Its identity is a digit 64 times.
inline store::RunRecord noop_run(char digit, Epoch epochs) {
  store::RunRecord run;
  run.identity = std::string(64, digit);
  run.experiment = "noop";
  run.epochs = epochs;
  return run;
}

/// Commits an epoch with these metrics.
inline void commit(store::Store& store, store::RunId run, store::AttemptId attempt, Epoch number,
                   Metrics metrics = {}) {
  store::EpochRecord epoch;
  epoch.number = number;
  epoch.metrics = std::move(metrics);
  store.commit_epoch(run, attempt, epoch, {}, {});
}

/// A store in a folder of the test's own.
class WithStore : public testing::Test {
 protected:
  store::Query query() const { return store::Query(folder_.path()); }

  TemporaryFolder folder_;
  store::Store store_{folder_.path()};
};

}  // namespace epochal::test
