#include "db/run_status.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "tests/support/expect_error.h"

namespace epochal::store {
namespace {

using enum RunStatus;
constexpr std::array<RunStatus, 6> kAll{queued, running, finished, failed, interrupted, stopped};

TEST(RunStatus, NamesReadBack) {
  for (const RunStatus status : kAll) EXPECT_EQ(run_status(name_of(status)), status);
  test::expect_error("unknown run status", [] { run_status("dancing"); });
}

TEST(RunStatus, ChangesAreExactlyTheseNine) {
  const std::set<std::pair<RunStatus, RunStatus>> legal{
      {queued, running}, {interrupted, running}, {running, finished},
      {running, failed}, {running, interrupted}, {running, stopped},
      {stopped, queued}, {finished, queued},     {failed, queued}};
  for (const RunStatus from : kAll) {
    for (const RunStatus to : kAll) {
      EXPECT_EQ(may_become(from, to), legal.contains({from, to}))
          << name_of(from) << " to " << name_of(to);
    }
  }
}

}  // namespace
}  // namespace epochal::store
