#include "db/artifact_path.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"

namespace epochal::store {
namespace {

TEST(ArtifactFile, StaysInTheStore) {
  EXPECT_EQ(artifact_file("/s", "artifacts/ab/grid.png"), "/s/artifacts/ab/grid.png");
  for (const std::string bad : {"/etc/passwd", "../x", "artifacts/../../x", ""}) {
    test::expect_error("out of the store", [&] { artifact_file("/s", bad); });
  }
}

}  // namespace
}  // namespace epochal::store
