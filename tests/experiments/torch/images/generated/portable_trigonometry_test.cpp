#include "experiments/torch/images/generated/portable_trigonometry.h"

#include <gtest/gtest.h>

#include <cmath>

namespace epochal {
namespace {

TEST(PortableTrigonometry, AgreesWithTheLibrary) {
  for (double angle = -700; angle < 700; angle += 0.0137) {
    EXPECT_NEAR(portable_sin(angle), std::sin(angle), 1e-9);
    EXPECT_NEAR(portable_cos(angle), std::cos(angle), 1e-9);
  }
}

}  // namespace
}  // namespace epochal
