#include "experiments/torch/batch_queue.h"

#include <gtest/gtest.h>

#include <atomic>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

std::int64_t batch_of(std::int64_t number) {
  return 10 * number;
}

TEST(BatchQueue, HandsOutInOrderWithAnyNumberOfThreads) {
  for (const int threads : {1, 2, 7}) {
    BatchQueue<std::int64_t> queue(50, threads, batch_of);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(queue.next(), 10 * i);
  }
}

TEST(BatchQueue, RethrowsWhereTheBatchIsAskedFor) {
  BatchQueue<std::int64_t> queue(3, 2, [](std::int64_t number) {
    if (number == 1) throw Error("the image does not decode", "x.jpg");
    return batch_of(number);
  });
  queue.next();
  test::expect_error("x.jpg: the image does not decode", [&] { queue.next(); });
}

TEST(BatchQueue, CanBeLeftEarly) {
  std::atomic<int> made{0};
  {
    BatchQueue<std::int64_t> queue(1000, 3, [&](std::int64_t number) {
      ++made;
      return batch_of(number);
    });
    queue.next();
  }
  EXPECT_LT(made, 20);
}

}  // namespace
}  // namespace epochal
