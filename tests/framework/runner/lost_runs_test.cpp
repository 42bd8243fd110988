#include "framework/runner/lost_runs.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "framework/hardware/host.h"
#include "framework/hardware/process.h"

namespace epochal {
namespace {

AttemptRecord own_attempt() {
  AttemptRecord attempt;
  attempt.host.name = host_name();
  attempt.pid = getpid();
  attempt.pid_start = *process_start_ticks(getpid());
  return attempt;
}

TEST(LostRuns, ALateHeartbeatIsNoDeath) {
  AttemptRecord attempt = own_attempt();
  attempt.heartbeat_at = now() - 86'400;
  EXPECT_FALSE(is_lost(attempt));
}

TEST(LostRuns, APidThatIsUsedAgainIsAnotherProcess) {
  AttemptRecord attempt = own_attempt();
  --attempt.pid_start;
  EXPECT_TRUE(is_lost(attempt));
}

TEST(LostRuns, AProcessThatIsGoneIsLost) {
  AttemptRecord attempt = own_attempt();
  attempt.pid = 4'194'304;  // beyond the largest pid of Linux
  EXPECT_TRUE(is_lost(attempt));
  attempt.ended_at = now();
  EXPECT_FALSE(is_lost(attempt)) << "it ended before it was gone";
}

TEST(LostRuns, OtherMachinesCannotBeAsked) {
  AttemptRecord attempt = own_attempt();
  attempt.pid = 4'194'304;
  attempt.host.name = "another-" + host_name();
  EXPECT_FALSE(is_lost(attempt));
}

}  // namespace
}  // namespace epochal
