#include "framework/executor/worker_channel.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;

TEST(WorkerChannel, AnOrderIsReadAsItWasMeant) {
  for (const char* log :
       {"/store/attempt-1.log", "/with space", "/a\nnewline", "/back\\nslash\\"}) {
    const WorkerOrder order{store::RunId{7}, log};
    std::string line = to_line(order);
    ASSERT_EQ(line.find('\n'), line.size() - 1) << log;
    line.pop_back();
    EXPECT_EQ(worker_order(line), order);
  }
}

TEST(WorkerChannel, WhatIsNoOrderIsRefused) {
  for (const char* line : {"", "7", "x /log", "7x /log", " /log", "99999999999999999999 /log"}) {
    expect_error("this is not an order", [&] { worker_order(line); });
  }
}

TEST(WorkerChannel, AnswersAreTakenOneByOne) {
  std::string heard = "0\n3\n4";
  EXPECT_EQ(take_answer(heard), 0);
  EXPECT_EQ(take_answer(heard), 3);
  EXPECT_EQ(take_answer(heard), std::nullopt);
  EXPECT_EQ(heard, "4");
}

TEST(WorkerChannel, WhatIsNoAnswerIsNoSuccess) {
  std::string heard = "hello\n\n0x\n";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(take_answer(heard), 70);
}

}  // namespace
}  // namespace epochal
