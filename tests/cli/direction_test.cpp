// An experiment of which more is better (tests/plugins/accuracy.cpp), as a user meets it.

#include <gtest/gtest.h>

#include <set>

#include "db/query.h"
#include "tests/cli/program.h"

namespace epochal::test {
namespace {

class Direction : public testing::Test {
 protected:
  Direction() {
    program_.environment["EPOCHAL_PLUGIN_PATH"] =
        std::string(EPOCHAL_TEST_PLUGIN_FOLDER) + "/accuracy";
  }

  Finished run(const std::string& rest) {
    write_file(program_ / "s.toml", "name='s'\nexperiment='accuracy'\n" + rest);
    return program_.run({"run", "s.toml"});
  }

  Query query() const { return Query(program_ / "epochal-store"); }

  Program program_;
};

TEST_F(Direction, TheCheckpointOfTheHighestAccuracyIsKept) {
  ASSERT_EQ(run("epochs=8\n").exit_code, 0);
  std::set<Epoch> kept;
  for (const ArtifactRecord& artifact : query().artifacts(query().runs().front().id)) {
    if (artifact.kind == ArtifactRecord::Kind::checkpoint) kept.insert(*artifact.epoch);
  }
  EXPECT_EQ(kept, (std::set<Epoch>{3, 7, 8}));
}

TEST_F(Direction, PatienceWaitsForAHigherAccuracy) {
  const Finished finished = run("epochs=8\n[stop]\npatience=2\n");
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  const RunRecord record = query().runs().front();
  EXPECT_EQ(record.status, RunStatus::stopped);
  EXPECT_EQ(record.epochs_done, 5) << "two epochs after the best one, the third";
}

TEST_F(Direction, IsShownWithTheExperiment) {
  const Finished shown = program_.run({"experiments", "show", "accuracy"});
  EXPECT_NE(shown.out.find("val.accuracy  higher"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("(the objective)"), std::string::npos);
}

}  // namespace
}  // namespace epochal::test
