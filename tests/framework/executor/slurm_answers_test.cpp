#include "framework/executor/slurm_answers.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using States = std::map<std::string, std::string>;
using test::expect_error;

TEST(SlurmAnswers, AJobHasANumber) {
  EXPECT_EQ(job_id_in("1234\n"), "1234");
  EXPECT_EQ(job_id_in("1234;cluster\n"), "1234");
  expect_error("printed no job number, but: queued", [] { job_id_in("queued"); });
  expect_error("printed no job number", [] { job_id_in(""); });
}

TEST(SlurmAnswers, TasksHaveStates) {
  EXPECT_EQ(task_states_in("12_0 RUNNING\n12_1 PENDING\n"),
            (States{{"12_0", "running"}, {"12_1", "pending"}}));
  EXPECT_EQ(task_states_in(""), States{});
}

TEST(SlurmAnswers, ChatterTakesNoTaskAway) {
  EXPECT_EQ(task_states_in("squeue: controller is busy\n12_0 RUNNING\n\nlast_line of 3\n"),
            (States{{"12_0", "running"}}));
}

}  // namespace
}  // namespace epochal
