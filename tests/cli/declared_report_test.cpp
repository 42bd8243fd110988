// What a report takes and says of an experiment that declares it (tests/plugins/accuracy.cpp).

#include <gtest/gtest.h>

#include "tests/cli/program.h"
#include "tests/support/expect_in.h"

namespace epochal::test {
namespace {

class DeclaredReport : public testing::Test {
 protected:
  DeclaredReport() {
    program_.environment["EPOCHAL_PLUGIN_PATH"] =
        std::string(EPOCHAL_TEST_PLUGIN_FOLDER) + "/accuracy";
  }

  Finished run_with(const std::string& report) {
    write_file(program_ / "s.toml",
               "name='s'\nexperiment='accuracy'\nepochs=2\n[report]\n" + report);
    return program_.run({"run", "s.toml"});
  }

  Program program_;
};

TEST_F(DeclaredReport, KeysAreListedWithTheExperiment) {
  const Finished shown = program_.run({"experiments", "show", "accuracy"});
  ASSERT_EQ(shown.exit_code, 0) << shown.err;
  expect_in(shown.out, "key of [report]");
  expect_in(shown.out, "strength         reals  how bold the letters are");
  expect_in(shown.out, "font             path   in which they are written");
}

TEST_F(DeclaredReport, KeysReachTheExperimentAndSamplesHaveItsWord) {
  ASSERT_EQ(run_with("strength=[0.5, 2]\nfont='serif.ttf'\n").exit_code, 0);
  const Finished report = program_.run({"report", "s.toml", "-o", "out"});
  ASSERT_EQ(report.exit_code, 0) << report.err;
  const std::string page = read_file(program_ / "out/report.md");
  expect_in(page, "font is serif.ttf; strength is 0.5; strength is 2;");
  expect_in(page, "| letters/s |");
  expect_in(page, "val.accuracy by training letters seen");
  expect_in(page, "Training letters a second");
}

TEST_F(DeclaredReport, AWrongKeyIsRefusedBeforeAnythingRuns) {
  const Finished unknown = run_with("strenght=[1]\n");
  EXPECT_EQ(unknown.exit_code, 2);
  expect_in(unknown.err,
            "s.toml:5:1: unknown key 'strenght' in [report]; did you mean 'strength'?");
  const Finished single = run_with("strength=1\n");
  EXPECT_EQ(single.exit_code, 2);
  expect_in(single.err, "strength must be an array of values, not an integer");
  EXPECT_FALSE(std::filesystem::exists(program_ / "epochal-store"));
}

}  // namespace
}  // namespace epochal::test
