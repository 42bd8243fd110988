#include "framework/command/epoch_collector.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;

CommandDeclaration command_with(const std::vector<std::string>& patterns) {
  CommandDeclaration command;
  command.name = "c";
  command.run = {"c"};
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    CommandMetric metric;
    metric.spec.name = "m" + std::to_string(i);
    metric.pattern = patterns[i];
    command.metrics.push_back(metric);
  }
  return command;
}

EpochLine line(std::int64_t epoch, double loss = 0) {
  EpochLine said;
  said.epoch = epoch;
  said.metrics["loss"] = loss;
  return said;
}

TEST(EpochCollector, AMessageEndsItsEpoch) {
  EpochCollector epochs(command_with({}), 1, 3);
  EXPECT_FALSE(epochs.next());
  epochs.take(line(1, 0.5));
  const auto report = epochs.next();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->number, 1);
  EXPECT_EQ(report->said.metrics.at("loss"), 0.5);
  EXPECT_FALSE(epochs.next());
}

TEST(EpochCollector, EpochsThatWerePassedOverHaveNoValues) {
  EpochCollector epochs(command_with({}), 1, 3);
  epochs.take(line(3, 0.5));
  EXPECT_TRUE(epochs.next()->said.metrics.empty());
  EXPECT_TRUE(epochs.next()->said.metrics.empty());
  EXPECT_EQ(epochs.next()->said.metrics.at("loss"), 0.5);
}

TEST(EpochCollector, RefusesEpochsThatCannotBe) {
  EpochCollector epochs(command_with({}), 2, 3);
  expect_error("has already ended", [&] { epochs.take(line(1)); });
  expect_error("epoch 4 is not one of this run's epochs (1 to 3)", [&] { epochs.take(line(4)); });
  expect_error("epoch 0 is not one of", [&] { epochs.take(line(0)); });
  epochs.take(line(2));
  expect_error("has already ended", [&] { epochs.take(line(2)); });
}

TEST(EpochCollector, AProgramMayCountFromZero) {
  CommandDeclaration command = command_with({});
  command.first_epoch = 0;
  EpochCollector epochs(command, 1, 2);
  epochs.take(line(0));
  EXPECT_EQ(epochs.next()->number, 1);
  epochs.take(line(1));
  expect_error("epoch 2 is not one of this run's epochs (0 to 1)", [&] { epochs.take(line(2)); });
}

TEST(EpochCollector, PatternsEndAnEpochWhenAllHaveTheirValue) {
  EpochCollector epochs(command_with({R"(epoch (?P<epoch>\d+) loss (?P<value>\S+))",
                                      R"(epoch (?P<epoch>\d+) accuracy (?P<value>\S+))"}),
                        1, 3);
  epochs.take_output("epoch 1 loss 0.5");
  epochs.take_output("something else");
  EXPECT_FALSE(epochs.next());
  epochs.take_output("epoch 1 accuracy 0.9");
  EXPECT_EQ(epochs.next()->said.metrics, (Metrics{{"m0", 0.5}, {"m1", 0.9}}));
}

TEST(EpochCollector, AValueThatIsMissingEndsItsEpochWithTheNext) {
  EpochCollector epochs(command_with({R"(epoch (?P<epoch>\d+) loss (?P<value>\S+))",
                                      R"(epoch (?P<epoch>\d+) accuracy (?P<value>\S+))"}),
                        1, 3);
  epochs.take_output("epoch 1 loss 0.5");
  epochs.take_output("epoch 2 loss 0.4");
  EXPECT_EQ(epochs.next()->said.metrics, (Metrics{{"m0", 0.5}}));
  EXPECT_FALSE(epochs.next());
  epochs.end_of_program();
  EXPECT_EQ(epochs.next()->said.metrics, (Metrics{{"m0", 0.4}}));
}

TEST(EpochCollector, WithoutAnEpochInItsPatternEachValueIsOne) {
  EpochCollector epochs(command_with({R"(loss (?P<value>\S+))"}), 1, 2);
  epochs.take_output("loss 2");
  epochs.take_output("loss 1");
  EXPECT_EQ(epochs.next()->said.metrics.at("m0"), 2);
  EXPECT_EQ(epochs.next()->said.metrics.at("m0"), 1);
  expect_error("epoch 3 is not one of", [&] { epochs.take_output("loss 0"); });
}

TEST(EpochCollector, AMessageTakesAlongWhatPatternsFound) {
  EpochCollector epochs(command_with({R"(a=(?P<value>\S+))", R"(b=(?P<value>\S+))"}), 1, 2);
  epochs.take_output("a=7");
  epochs.take(line(1, 0.5));
  EXPECT_EQ(epochs.next()->said.metrics, (Metrics{{"m0", 7}, {"loss", 0.5}}));
}

TEST(EpochCollector, ATrackedProgramCountsFromWhereItBegins) {
  CommandDeclaration command = command_with({});
  command.is_tracked = true;
  EpochCollector epochs(command, 1, 1);
  epochs.take(line(5000));
  EXPECT_EQ(epochs.next()->number, 1);
  EXPECT_EQ(epochs.first_said(), 5000);
  epochs.take(line(5002));
  EXPECT_EQ(epochs.next()->number, 2);
  EXPECT_EQ(epochs.next()->number, 3);
  expect_error("has already ended", [&] { epochs.take(line(5001)); });
  expect_error("epoch 9000 comes more than 1000 epochs after epoch 5002",
               [&] { epochs.take(line(9000)); });
}

TEST(EpochCollector, PatternsEndNoEpochOfAClient) {
  CommandDeclaration command = command_with({R"(epoch (?P<epoch>\d+) loss (?P<value>\S+))"});
  command.first_epoch = 0;
  EpochCollector epochs(command, 1, 3);
  epochs.listen_to_client();
  EXPECT_EQ(epochs.missing(), std::vector<std::string>{"m0"});
  epochs.take_output("epoch 0 loss 7");
  EXPECT_FALSE(epochs.next());
  epochs.take(line(1, 0.5));
  const auto report = epochs.next();
  EXPECT_EQ(report->number, 1);
  EXPECT_EQ(report->said.metrics, (Metrics{{"m0", 7}, {"loss", 0.5}}));
  EXPECT_TRUE(epochs.missing().empty());
}

TEST(EpochCollector, AFloodOfNamesIsRefused) {
  EpochCollector epochs(command_with({}), 1, 100);
  const auto flood = [&] {
    for (int epoch = 1; epoch <= 20; ++epoch) {
      EpochLine said;
      said.epoch = epoch;
      for (int i = 0; i < 200; ++i) said.metrics[std::to_string(epoch * 1000 + i)] = 1;
      epochs.take(said);
    }
  };
  expect_error("values with 1000 different names", flood);
}

}  // namespace
}  // namespace epochal
