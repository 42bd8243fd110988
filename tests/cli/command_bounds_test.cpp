// What programs may do, and what happens around them: floods, what they start, the devices they
// get, Slurm.

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

#include "framework/command/command_experiment.h"
#include "framework/system/process.h"
#include "tests/cli/recorded_programs.h"

namespace epochal::test {
namespace {

class CommandBounds : public RecordedPrograms {
 protected:
  /// s.toml, which runs a script of sh.
  void write_sweep(const std::string& script, const std::string& head = {},
                   const std::string& rest = {}) {
    write_file(program_ / "train.sh", script);
    write_file(program_ / "s.toml",
               "name='s'\nexperiment='command'\n" + head +
                   "\n[command]\nrun=['sh', 'train.sh', '{word}']\ninputs=['train.sh']\n"
                   "grace=1\n[command.parameters.word]\ndefault='none'\n" +
                   rest);
  }

  /// Runs; returns the most memory that epochal or a process of the run held, in MiB.
  long mebibytes_of_run(const std::string& store) {
    const pid_t pid = program_.start({"run", "s.toml", "--store", store});
    int status = 0;
    rusage usage{};
    wait4(pid, &status, 0, &usage);
    EXPECT_EQ(WEXITSTATUS(status), 0) << program_.err();
    return usage.ru_maxrss / 1024;
  }

  void start_with_grandchildren(pid_t& coordinator) {
    write_sweep(
        "(setsid sh -c 'trap \"\" TERM HUP; echo $$ > orphan; exec sleep 1000' &)\n"
        "sh -c 'sh -c \"echo \\$\\$ > deep; exec sleep 1000\"' &\n"
        "echo $$ > self\nwait\n");
    coordinator = program_.start({"run", "s.toml"});
    ASSERT_TRUE(wait_until([&] {
      return process_in("orphan") > 0 && process_in("deep") > 0 && process_in("self") > 0;
    }));
  }

  void expect_all_gone(const std::vector<pid_t>& processes) {
    for (const pid_t process : processes) {
      EXPECT_TRUE(is_gone(process)) << process;
    }
  }
};

TEST_F(CommandBounds, FloodsNeitherFillMemoryNorTheLog) {
  write_sweep("echo '{\"epoch\": 1, \"a\": 1}' >&3\n");
  const long quiet = mebibytes_of_run("quiet");

  // 80 MiB of output in short lines, and one line of as much.
  write_sweep(
      "yes 'a line of output that says nothing much at all' | head -c 80000000\n"
      "head -c 80000000 /dev/zero | tr '\\0' x; echo\necho '{\"epoch\": 1, \"a\": 1}' >&3\n");
  const long of_output = mebibytes_of_run("output");
  std::uintmax_t kept = 0;
  const store::Query query(program_ / "output");
  for (const store::ArtifactRecord& artifact : query.artifacts(query.runs().at(0).id)) {
    if (artifact.kind != store::ArtifactRecord::Kind::log) continue;
    kept += std::filesystem::file_size(program_ / "output" / artifact.path);
  }
  EXPECT_GT(kept, 60u << 20);
  EXPECT_LT(kept, 66u << 20);

  // A hundred thousand messages that are none, as many steps, and values of ever new names.
  write_sweep(
      "awk 'BEGIN { for (i = 0; i < 100000; ++i) {\n"
      "  print \"{\\\"epoch\\\": 7, \\\"name \" i \"\\\": 1}\"\n"
      "  print \"{\\\"step\\\": \" i \", \\\"loss\\\": 0.5}\"\n"
      "  print \"{\\\"note\\\": \\\"note \" i \"\\\"}\" } }' >&3\n"
      "echo '{\"epoch\": 1, \"a\": 1}' >&3\n");
  const long of_metrics = mebibytes_of_run("metrics");
  EXPECT_TRUE(has_event("lines", " lines were refused", "metrics")) << events("metrics");

  std::cout << "memory: " << quiet << " MiB, with a flood of output " << of_output
            << " MiB, with one of metrics " << of_metrics << " MiB\n";
#ifdef __SANITIZE_ADDRESS__
  constexpr long kRoom = 600;  // the sanitizer holds back what is freed: up to 256 MiB a process
#else
  constexpr long kRoom = 32;
#endif
  EXPECT_LT(of_output, quiet + kRoom);
  EXPECT_LT(of_metrics, quiet + kRoom);
}

TEST_F(CommandBounds, NothingOutlivesTheWorker) {
  pid_t coordinator = 0;
  ASSERT_NO_FATAL_FAILURE(start_with_grandchildren(coordinator));
  const std::vector<pid_t> started{process_in("orphan"), process_in("deep"), process_in("self")};
  kill_workers();
  expect_all_gone(started);
  waitpid(coordinator, nullptr, 0);
}

TEST_F(CommandBounds, NothingOutlivesTheCoordinator) {
  pid_t coordinator = 0;
  ASSERT_NO_FATAL_FAILURE(start_with_grandchildren(coordinator));
  const std::vector<pid_t> started{process_in("orphan"), process_in("deep"), process_in("self")};
  kill(coordinator, SIGKILL);
  waitpid(coordinator, nullptr, 0);
  expect_all_gone(started);
  // The run is free again, and says how it ended.
  write_file(program_ / "train.sh", "exit 0\n");
  EXPECT_TRUE(
      wait_until([&] { return query().runs().at(0).status == store::RunStatus::interrupted; }));
}

TEST_F(CommandBounds, TwoJobsRunBesideEachOther) {
  // Each ends only if the other is there.
  write_sweep(
      "touch \"here-$1\"\nfor i in $(seq 300); do\n"
      "test -e here-a && test -e here-b && exit 0; sleep 0.1; done; exit 1\n",
      "[sweep.grid]\nword=['a', 'b']\n");
  succeed({"run", "s.toml", "--jobs", "2"});
}

TEST_F(CommandBounds, EachWorkerShowsItsProgramOneGpu) {
  program_.environment["CUDA_VISIBLE_DEVICES"] = "5,GPU-7a";
  program_.environment["OMP_NUM_THREADS"] = "";
  write_sweep(
      "touch \"here-$1\"\necho \"$1 $CUDA_VISIBLE_DEVICES $OMP_NUM_THREADS\" >> seen\n"
      "for i in $(seq 300); do test -e here-a && test -e here-b && exit 0; sleep 0.1; done; "
      "exit 1\n",
      "[sweep.grid]\nword=['a', 'b']\n");
  succeed({"run", "s.toml", "--jobs", "2"});
  const std::string seen = read_file(program_ / "seen");
  expect_in(seen, " 5 ");
  expect_in(seen, " GPU-7a ");
  expect_not_in(seen, "5,");
}

TEST_F(CommandBounds, SlurmRunsPrograms) {
  use_slurm_stand_in();
  write_sweep(
      "for e in 1 2 3; do echo \"{\\\"epoch\\\": $e, \\\"a\\\": ${#1}}\" >&3; done; pwd > "
      "\"in-$1\"\n",
      "epochs=3\n[sweep.grid]\nword=['a', 'bb', 'ccc']\n");
  succeed({"run", "s.toml", "--executor", "slurm"});
  const store::Query query(program_ / "epochal-store");
  ASSERT_EQ(query.runs().size(), 3u);
  for (const store::RunRecord& run : query.runs()) {
    EXPECT_EQ(run.status, store::RunStatus::finished) << run.error;
    const auto epochs = query.epochs(run.id);
    ASSERT_EQ(epochs.size(), 3u);
    const double length = static_cast<double>(to_text(*run.parameters.find("word")).size());
    EXPECT_EQ(epochs.back().metrics.at("a"), length);
    EXPECT_EQ(query.choices(run.id).at(kResumeKind), "restarted");
  }
}

TEST_F(CommandBounds, ABudgetAndARuleEndAProgramWithoutAClient) {
  write_sweep(
      "for e in $(seq 200); do echo \"{\\\"epoch\\\": $e, \\\"a\\\": $e}\" >&3; sleep 0.1; done\n",
      "epochs=200\n", "[stop]\nmetric='a'\npatience=2\n");
  std::string sweep = read_file(program_ / "s.toml");
  sweep.insert(sweep.find("grace=1"), "metrics=[{ name='a', better='lower' }]\n");
  write_file(program_ / "s.toml", sweep);
  succeed({"run", "s.toml", "--store", "ruled"});
  EXPECT_EQ(query("ruled").runs().at(0).status, store::RunStatus::stopped);
  EXPECT_LT(query("ruled").runs().at(0).epochs_done, 10);

  sweep.erase(sweep.find("[stop]"));
  write_file(program_ / "s.toml", sweep);
  const Finished budgeted = program_.run({"run", "s.toml", "--budget", "3s"});
  EXPECT_EQ(budgeted.exit_code, 3) << budgeted.err;
  EXPECT_EQ(query().runs().at(0).status, store::RunStatus::interrupted);
}

}  // namespace
}  // namespace epochal::test
