#include "framework/sweep/report_inputs.h"

#include <gtest/gtest.h>

#include "framework/sweep/expansion.h"
#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;
using Kind = ReportInputSpec::Kind;

ExperimentInfo painter() {
  ExperimentInfo info;
  info.name = "painter";
  info.report_inputs = {{"content", Kind::paths, "pictures"},
                        {"alpha", Kind::reals, "strengths"},
                        {"judge", Kind::path, "a network"},
                        {"reference", Kind::path, "another model"},
                        {"width", Kind::real, "of a stroke"}};
  return info;
}

Sweep sweep_reporting(const std::string& report) {
  return parse_sweep("name = \"s\"\nexperiment = \"painter\"\n[report]\n" + report,
                     "/study/s.toml");
}

void expand_for(const ExperimentInfo& experiment, const Sweep& sweep) {
  expand(sweep, {&experiment});
}

std::function<void()> checking(const std::string& report) {
  return [=] { report_inputs_of(sweep_reporting(report), painter()); };
}

TEST(ReportInputs, HaveWhatTheSweepSaysOfEachDeclaredKey) {
  const ReportInputs inputs = report_inputs_of(sweep_reporting(R"(compare_by = "size"
content = ["a.jpg", "generated:scenes:3"]
alpha = [0.5, 1]
judge = "vgg.pth"
reference = "mini"
width = 2
)"),
                                               painter());
  EXPECT_EQ(inputs.at("content")[0].text, "a.jpg");
  EXPECT_EQ(inputs.at("content")[0].path(), "/study/a.jpg");
  EXPECT_EQ(inputs.at("content")[1].text, "generated:scenes:3");
  EXPECT_EQ(inputs.at("alpha")[0].text, "0.5");
  EXPECT_EQ(inputs.at("alpha")[0].number, 0.5);
  EXPECT_EQ(inputs.at("alpha")[1].number, 1);
  EXPECT_EQ(inputs.at("judge")[0].path(), "/study/vgg.pth");
  EXPECT_EQ(inputs.at("reference")[0].text, "mini");
  EXPECT_EQ(inputs.at("width")[0].number, 2);
  EXPECT_FALSE(inputs.contains("compare_by"));
  EXPECT_FALSE(
      report_inputs_of(sweep_reporting("judge = \"a\"\n"), painter()).contains("reference"));
}

TEST(ReportInputs, OfAnotherKindAreRefusedWithTheirPlace) {
  expect_error("/study/s.toml:4:13: reference must be a text, not an array",
               checking("reference = [\"mini\"]\n"));
  expect_error("judge must be a text, not an integer", checking("judge = 3\n"));
  expect_error("content must be an array of values, not a text", checking("content = \"a\"\n"));
  expect_error("content must be a text, not a real number", checking("content = [\"a\", 0.5]\n"));
  expect_error("alpha must be a number, not a text", checking("alpha = [\"x\"]\n"));
  expect_error("width must be a number, not an array", checking("width = [1]\n"));
  expect_error("content has more than 16 values",
               checking("content = ['1','2','3','4','5','6','7','8','9','10','11','12','13','14',"
                        "'15','16','17']\n"));
}

TEST(ReportInputs, AnUnknownKeyIsRefusedWithTheNearest) {
  expect_error("/study/s.toml:4:1: unknown key 'refernce' in [report]; did you mean 'reference'?",
               checking("refernce = \"mini\"\n"));
  expect_error("did you mean 'compare_by'?", checking("compare_bi = \"size\"\n"));
  ExperimentInfo none = painter();
  none.report_inputs.clear();
  expect_error("the experiment painter draws nothing for reports",
               [&] { report_inputs_of(sweep_reporting("judge = \"a\"\n"), none); });
  expect_error("unknown key 'refernce'",
               [] { expand_for(painter(), sweep_reporting("refernce = \"mini\"\n")); });
}

}  // namespace
}  // namespace epochal
