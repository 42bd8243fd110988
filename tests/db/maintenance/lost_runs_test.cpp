#include "db/maintenance/lost_runs.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "framework/system/host.h"
#include "framework/system/process.h"

namespace epochal::store {
namespace {

AttemptRecord own_attempt() {
  AttemptRecord attempt;
  attempt.host.name = host_name();
  attempt.process = this_process();
  return attempt;
}

TEST(LostRuns, ALateHeartbeatIsNoDeath) {
  AttemptRecord attempt = own_attempt();
  attempt.heartbeat_at = now() - 86'400;
  EXPECT_FALSE(is_lost(attempt));
}

TEST(LostRuns, APidThatIsUsedAgainIsAnotherProcess) {
  AttemptRecord attempt = own_attempt();
  --attempt.process.start;
  EXPECT_TRUE(is_lost(attempt));
}

TEST(LostRuns, AProcessThatIsGoneIsLost) {
  AttemptRecord attempt = own_attempt();
  attempt.process.pid = 4'194'304;  // beyond the largest pid of Linux
  EXPECT_TRUE(is_lost(attempt));
  attempt.ended_at = now();
  EXPECT_FALSE(is_lost(attempt)) << "it ended before it was gone";
}

TEST(LostRuns, AHostThatWasRenamedIsTheSame) {
  AttemptRecord attempt = own_attempt();
  attempt.host.name = "another-" + host_name();
  EXPECT_FALSE(is_lost(attempt));
  --attempt.process.start;
  EXPECT_TRUE(is_lost(attempt));
}

TEST(LostRuns, OtherMachinesBootsAndContainersCannotBeAsked) {
  AttemptRecord attempt = own_attempt();
  attempt.process.pid = 4'194'304;
  AttemptRecord other = attempt;
  other.process.boot = "another";
  EXPECT_FALSE(is_lost(other));
  EXPECT_FALSE(is_in_sight(other));
  other = attempt;
  ++other.process.pid_namespace;
  EXPECT_FALSE(is_lost(other));
  EXPECT_FALSE(is_in_sight(other));
}

TEST(LostRuns, RecordsFromBeforeGoByTheMachinesName) {
  AttemptRecord attempt = own_attempt();
  attempt.process.boot.clear();
  attempt.process.pid_namespace = 0;
  EXPECT_FALSE(is_lost(attempt));
  --attempt.process.start;
  EXPECT_TRUE(is_lost(attempt));
  attempt.host.name = "another-" + host_name();
  EXPECT_FALSE(is_lost(attempt));
}

}  // namespace
}  // namespace epochal::store
