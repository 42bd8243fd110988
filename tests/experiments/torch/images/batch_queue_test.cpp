#include "experiments/torch/images/batch_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

std::int64_t batch_of(std::int64_t number) {
  return 10 * number;
}

TEST(BatchQueue, HandsOutInOrderWithAnyNumberOfThreads) {
  for (const LoaderThreads threads : {LoaderThreads{1, 1}, {2, 2}, {7, 7}, {1, 4}}) {
    BatchQueue<std::int64_t> queue(50, threads, batch_of);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(queue.next(), 10 * i);
  }
}

TEST(BatchQueue, RethrowsWhereTheBatchIsAskedFor) {
  BatchQueue<std::int64_t> queue(3, {2, 2}, [](std::int64_t number) {
    if (number == 1) throw Error("the image cannot be decoded", "x.jpg");
    return batch_of(number);
  });
  queue.next();
  test::expect_error("x.jpg: the image cannot be decoded", [&] { queue.next(); });
}

TEST(BatchQueue, CanBeLeftEarly) {
  std::atomic<int> made{0};
  {
    BatchQueue<std::int64_t> queue(1000, {3, 3}, [&](std::int64_t number) {
      ++made;
      return batch_of(number);
    });
    queue.next();
  }
  EXPECT_LT(made, 20);
}

TEST(BatchQueue, ThreadsJoinOnlyWhenTheConsumerWaits) {
  std::atomic<int> allowed{1};
  BatchQueue<std::int64_t> queue(12, {1, 3}, [&](std::int64_t number) {
    while (number >= allowed) std::this_thread::yield();
    return batch_of(number);
  });
  queue.next();
  EXPECT_EQ(queue.threads(), 1) << "the first batch is always waited for";

  std::thread release([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    allowed = 12;
  });
  queue.next();
  release.join();
  EXPECT_EQ(queue.threads(), 2);
  for (int i = 2; i < 12; ++i) EXPECT_EQ(queue.next(), 10 * i);
  EXPECT_LE(queue.threads(), 3);
}

}  // namespace
}  // namespace epochal
