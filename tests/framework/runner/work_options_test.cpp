#include "framework/runner/work_options.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;

TEST(WorkOptions, AreReadAsTheyWereMeant) {
  WorkOptions options;
  options.threads = 3;
  options.memory = 7'000'000'000;
  options.keep_checkpoints = KeepCheckpoints::all;
  options.deadline = Deadline(std::chrono::nanoseconds(1'234'567'890'123));
  options.stopping = Stopping{{}, 12};
  options.stopping->rules.metric = "val.a;b\\c";
  options.stopping->rules.patience = StopRules::Patience{4, 0.1};
  for (const char* path : {"", "/a b/provenance.json", "/new\nline;and\\more=\xff"}) {
    options.provenance = path;
    options.command = path;
    const WorkOptions read = work_options(to_text(options));
    EXPECT_EQ(to_text(read), to_text(options));
    EXPECT_EQ(read.threads, 3);
    EXPECT_EQ(read.memory, 7'000'000'000);
    EXPECT_EQ(read.keep_checkpoints, KeepCheckpoints::all);
    EXPECT_EQ(read.deadline, options.deadline);
    EXPECT_EQ(read.provenance, path);
    EXPECT_EQ(read.command, path);
    ASSERT_TRUE(read.stopping);
    EXPECT_EQ(read.stopping->sweep, 12);
    EXPECT_EQ(read.stopping->rules.metric, "val.a;b\\c");
    EXPECT_EQ(read.stopping->rules.patience->epochs, 4);
  }
}

TEST(WorkOptions, WhatIsNotSaidStaysAsItIs) {
  const WorkOptions read = work_options(to_text(WorkOptions()));
  EXPECT_EQ(read.threads, 1);
  EXPECT_EQ(read.keep_checkpoints, KeepCheckpoints::last_and_best);
  EXPECT_FALSE(read.deadline);
  EXPECT_FALSE(read.stopping);
}

TEST(WorkOptions, AnythingElseIsRefused) {
  for (const char* text : {"threads", "threads=2", "threads=x;", "threads=2x;", "threads=0;",
                           "treads=2;", "memory=1\\", "stop={};", "deadline=soon;"}) {
    expect_error("these are not options of a worker", [&] { work_options(text); });
  }
  expect_error("keep_checkpoints", [] { work_options("keep_checkpoints=some;"); });
  expect_error("these are not stop rules", [] { work_options("stop=no;sweep=1;"); });
}

}  // namespace
}  // namespace epochal
