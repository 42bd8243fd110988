#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "db/query.h"
#include "db/store.h"
#include "tests/support/temporary_folder.h"

namespace epochal::test {

/// A store with one run that an attempt works on, and what it has by step.
class RunWithSteps : public testing::Test {
 protected:
  RunWithSteps() {
    store::RunRecord run;
    run.identity = std::string(64, 'a');
    run.experiment = "noop";
    run.epochs = 3;
    run_ = store_.record_sweep({}, {run}).front();
    attempt_ = *store_.claim(run_, {});
  }

  std::vector<store::StepChunk> chunks(const std::string& metric = {}) {
    std::vector<store::StepChunk> all;
    store::Query(folder_.path()).each_step_chunk(run_, metric, [&](const store::StepChunk& chunk) {
      all.push_back(chunk);
    });
    return all;
  }

  TemporaryFolder folder_;
  store::Store store_{folder_.path()};
  store::RunId run_;
  store::AttemptId attempt_;
};

}  // namespace epochal::test
