#include "experiments/torch/weights/pickled_weights.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

/// A view that shows a few elements so often.
PickledTensor tensor(std::vector<std::int64_t> shape) {
  PickledTensor made;
  made.storage = {"0", c10::ScalarType::Byte, 1};
  made.strides.assign(shape.size(), 0);
  made.shape = std::move(shape);
  return made;
}

TEST(PickledWeights, MayTakeAFewTimesTheFile) {
  check_size({{"a", tensor({1 << 20})}, {"b", tensor({})}, {"c", tensor({0})}}, "x.pth", 1000);
}

TEST(PickledWeights, WhatTakesMuchMoreIsRefused) {
  test::expect_error("more than 4 times the file", [] {
    check_size({{"a", tensor({1 << 30, 1 << 30})}}, "x.pth", 1000);
  });
}

TEST(PickledWeights, ASingleNumberTooManyIsRefused) {
  // 64 MiB are let pass, each element as a float at least: `a` leaves nothing.
  const std::map<std::string, PickledTensor> tensors{
      {"a", tensor({1 << 24})}, {"b", tensor({})}, {"c", tensor({1 << 30, 1 << 30})}};
  test::expect_error("more than 4 times the file", [&] { check_size(tensors, "x.pth", 0); });
}

}  // namespace
}  // namespace epochal
