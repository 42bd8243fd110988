#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "framework/plugin/experiment.h"

namespace epochal::test {

/// A Progress that counts how often it is told.
class CountingProgress : public Progress {
 public:
  void advance(std::int64_t done, std::int64_t total) override {
    EXPECT_LE(done, total);
    ++calls;
  }
  int calls = 0;
};

/// The experiment, ready to train.
inline std::unique_ptr<Experiment> prepared(std::unique_ptr<Experiment> experiment,
                                            const RunContext& context) {
  experiment->prepare(context);
  return experiment;
}

/// Trains epochs first … last; returns all metrics, bit for bit comparable.
inline std::vector<Metrics> train(Experiment& experiment, Epoch first, Epoch last) {
  std::vector<Metrics> all;
  for (Epoch epoch = first; epoch <= last; ++epoch) {
    CountingProgress progress;
    all.push_back(experiment.train(epoch, progress).metrics);
    all.push_back(experiment.validate(epoch, progress));
  }
  return all;
}

}  // namespace epochal::test
