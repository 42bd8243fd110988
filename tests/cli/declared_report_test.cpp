// What a report takes and says of an experiment that declares it (tests/plugins/accuracy.cpp).

#include <gtest/gtest.h>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

class DeclaredReport : public ProgramTest {
 protected:
  DeclaredReport() { use_plugin("accuracy"); }

  Finished run_with(const std::string& report) {
    write_file(program_ / "s.toml",
               "name='s'\nexperiment='accuracy'\nepochs=2\n[report]\n" + report);
    return program_.run({"run", "s.toml"});
  }
};

TEST_F(DeclaredReport, KeysAreListedWithTheExperiment) {
  const Finished shown = succeed({"experiments", "show", "accuracy"});
  expect_in(shown.out, "key of [report]");
  expect_in(shown.out, "strength         reals  how bold the letters are");
  expect_in(shown.out, "font             path   in which they are written");
}

TEST_F(DeclaredReport, KeysReachTheExperimentAndSamplesHaveItsWord) {
  ASSERT_EQ(run_with("strength=[0.5, 2]\nfont='serif.ttf'\n").exit_code, 0);
  succeed({"report", "s.toml", "-o", "out"});
  const std::string page = read_file(program_ / "out/report.md");
  expect_in(page, "font is serif.ttf; strength is 0.5; strength is 2;");
  expect_in(page, "| letters/s |");
  expect_in(page, "val.accuracy by training letters seen");
  expect_in(page, "Training letters a second");
}

TEST_F(DeclaredReport, AWrongKeyIsRefusedBeforeAnythingRuns) {
  expect_refusal(run_with("strenght=[1]\n"),
                 "s.toml:5:1: unknown key 'strenght' in [report]; did you mean 'strength'?");
  expect_refusal(run_with("strength=1\n"), "strength must be an array of values, not an integer");
  EXPECT_FALSE(std::filesystem::exists(program_ / "epochal-store"));
}

}  // namespace
}  // namespace epochal::test
