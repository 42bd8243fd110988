#pragma once

#include <string>
#include <vector>

#include "tests/support/with_store.h"

namespace epochal::test {

/// A store with one run that an attempt works on, and what it has by step.
class RunWithSteps : public WithStore {
 protected:
  RunWithSteps() {
    run_ = store_.record_sweep({}, {noop_run('a', 3)}).front();
    attempt_ = *store_.claim(run_, {});
  }

  std::vector<store::StepChunk> chunks(const std::string& metric = {}) {
    std::vector<store::StepChunk> all;
    query().each_step_chunk(run_, metric,
                            [&](const store::StepChunk& chunk) { all.push_back(chunk); });
    return all;
  }

  store::RunId run_;
  store::AttemptId attempt_;
};

}  // namespace epochal::test
