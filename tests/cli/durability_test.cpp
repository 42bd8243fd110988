// Nothing is lost: killed, interrupted, out of time, out of disk; and the same run twice.

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "framework/base/sha256.h"
#include "framework/runner/worker.h"
#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

class Durability : public ProgramTest {
 protected:
  void write_sweep(const std::string& text) {
    write_file(program_ / "s.toml", "name='s'\nexperiment='noop'\n" + text);
  }
  /// What became of the runs, for whoever has to find out why it was not what it should be.
  std::string story(const std::string& store) {
    std::string text;
    const store::Query records = query(store);
    for (const store::RunRecord& record : records.runs()) {
      text += "\nrun " + record.short_identity() + " " + std::string(name_of(record.status)) +
              ", " + std::to_string(record.epochs_done) + " epochs: " + record.error;
      for (const store::AttemptRecord& attempt : records.attempts(record.id)) {
        text += "\n  attempt of " + std::to_string(attempt.process.pid) + " to epoch " +
                std::to_string(attempt.last_epoch.value_or(0)) + ": " + attempt.end_reason;
      }
      for (const store::EventRecord& event : records.events(record.id)) {
        text += "\n  " + event.kind + ": " + event.text;
      }
    }
    return text + "\n";
  }
};

TEST_F(Durability, KilledAtAnyMomentItEndsWithTheSameBits) {
  const int kills = kills_asked(50);
  write_sweep("epochs=" + std::to_string(kills + 10) +
              "\n[params]\nsleep=0.02\n[sweep.grid]\nlearning_rate=[0.1, 0.2]\n");
  ASSERT_EQ(run({"run", "s.toml", "--jobs", "2", "--store", "whole"}).exit_code, 0);

  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<int> milliseconds(1, 400);
  std::uniform_int_distribution<int> coin(0, 2);
  int killed = 0;
  while (killed < kills) {
    const pid_t pid = program_.start({"run", "s.toml", "--jobs", "2"});
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds(random)));
    const bool had_store = has_store();
    const int who = coin(random);  // the parent, its workers, or both
    if (had_store && who != 0) kill_workers();
    if (who != 1) kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    ++killed;
    if (had_store) {
      ASSERT_TRUE(query().health().is_sound());
    }
  }
  const Finished last = run_until_workers_are_gone({"run", "s.toml"});
  ASSERT_EQ(last.exit_code, 0) << last.err << story("epochal-store");
  EXPECT_EQ(metrics("epochal-store"), metrics("whole"));
  EXPECT_EQ(checkpoints("epochal-store"), checkpoints("whole"));
  if (HasFailure()) std::cerr << story("epochal-store");
}

TEST_F(Durability, KilledLaunchersAndPeopleWhoTidyUpLoseNothing) {
  const int kills = std::max(1, kills_asked(50) / 3);
  write_sweep("epochs=" + std::to_string(kills + 10) +
              "\n[params]\nsleep=0.01\n[sweep.grid]\nlearning_rate=[0.1, 0.2, 0.3]\n");
  ASSERT_EQ(run({"run", "s.toml", "--jobs", "3", "--store", "whole"}).exit_code, 0);

  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<int> milliseconds(1, 300);
  const auto one_in = [&](int count) {
    return std::uniform_int_distribution<int>(0, count - 1)(random) == 0;
  };
  for (int killed = 0; killed < kills; ++killed) {
    const std::array<pid_t, 2> launchers{program_.start({"run", "s.toml"}),
                                         program_.start({"run", "s.toml"})};
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds(random)));
    if (has_store() && one_in(4)) {
      // Whatever is not running just then; it is asked for, and made, again.
      run({"rm", "--where", "status = 'queued' or status = 'interrupted'", "--limit", "1"});
      if (one_in(2)) run({"gc"});
    }
    if (has_store() && one_in(3)) kill_workers();
    const bool spares_the_second = one_in(2);
    kill(launchers[0], SIGKILL);
    if (!spares_the_second) kill(launchers[1], SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds(random)));
    kill(launchers[1], SIGKILL);
    for (const pid_t launcher : launchers) waitpid(launcher, nullptr, 0);
  }
  const Finished last = run({"run", "s.toml"});
  ASSERT_EQ(last.exit_code, 0) << last.err << story("epochal-store");
  EXPECT_EQ(metrics("epochal-store"), metrics("whole")) << story("epochal-store");
  EXPECT_EQ(checkpoints("epochal-store"), checkpoints("whole"));
  const store::Query records = query();
  for (const store::RunRecord& record : records.runs()) {
    EXPECT_EQ(record.status, store::RunStatus::finished) << record.error;
    for (const store::AttemptRecord& attempt : records.attempts(record.id)) {
      EXPECT_NE(attempt.end_reason, "failed") << story("epochal-store");
      EXPECT_NE(attempt.end_reason, "crashed") << story("epochal-store");
    }
  }
}

TEST_F(Durability, ASecondInterruptStopsAtOnce) {
  write_sweep("[params]\nsleep=300\n");  // a step takes half a minute
  const pid_t pid = program_.start({"run", "s.toml"});
  // Before its first step a run ends at the first one.
  ASSERT_TRUE(
      wait_until([&] { return has_worker() && !query().open_attempts().front().device.empty(); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  kill(pid, SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(waitpid(pid, nullptr, WNOHANG), 0) << "the first one waits for the step";
  kill(pid, SIGINT);
  EXPECT_EQ(exit_code_of(pid), 3) << program_.err();
  EXPECT_EQ(only_run().status, store::RunStatus::interrupted);
}

TEST_F(Durability, ABudgetEndsAfterTheLastEpochThatFits) {
  write_sweep("epochs=8\n[params]\nsleep=0.6\n[sweep.grid]\nlearning_rate=[0.1, 0.2, 0.3]\n");
  const Finished first = run({"run", "s.toml", "--budget", "3s"});
  EXPECT_EQ(first.exit_code, 3);
  expect_in(first.err, "it would not fit, since the last one took");
  const Epoch done = only_run().epochs_done;
  EXPECT_GE(done, 2);
  EXPECT_LE(done, 4);
  EXPECT_EQ(query().runs().at(2).epochs_done, 0);

  expect_in(run({"run", "s.toml", "--budget", "soon"}).err,
            "--budget 'soon' is not a duration; write a number and a unit, such as 2h");
  EXPECT_EQ(run({"run", "s.toml", "--budget", "-3h"}).exit_code, 2);
  const Finished rest = succeed({"run", "s.toml", "epochs=" + std::to_string(done + 1), "--budget",
                                 "1h30min", "learning_rate=0.1"});
  EXPECT_EQ(rest.err.find("it would not fit"), std::string::npos)
      << "that was before: " << rest.err;
}

TEST_F(Durability, AFullDiskInterruptsAndRoomLetsItGoOn) {
  if (std::system("unshare -rm true 2>/dev/null") != 0) {
    GTEST_SKIP() << "no namespaces here: a small disk cannot be made";
  }
  write_sweep("epochs=30\n[params]\nsleep=0.1\n[sweep.grid]\nlearning_rate=[0.1, 0.2]\n");
  write_file(program_ / "fill.sh",
             "set -u\nepochal=$1\nmkdir small\nmount -t tmpfs -o size=8m tmpfs small || exit 90\n"
             "$epochal run s.toml --store small 2>first.err &\nrunning=$!\nsleep 1.2\n"
             "head -c 64M /dev/zero > small/filler 2>/dev/null\n"
             "wait $running; echo $? > first.code\n"
             "$epochal ls --store small > full.ls 2>&1\nrm small/filler\n"
             "$epochal doctor --store small > doctor 2>&1\n"
             "$epochal run s.toml --store small 2>second.err; echo $? > second.code\n"
             "cp -r small kept\n");
  ASSERT_EQ(program_.shell("unshare -rm sh fill.sh " + program_.executable).exit_code, 0);
  const std::string first = read_file(program_ / "first.err");
  EXPECT_EQ(read_file(program_ / "first.code"), "3\n") << first;
  expect_in(first, "disk");
  expect_in(read_file(program_ / "full.ls"), "interrupted");
  expect_in(read_file(program_ / "doctor"), "sound");
  EXPECT_EQ(read_file(program_ / "second.code"), "0\n");
  for (const store::RunRecord& record : query("kept").runs()) {
    EXPECT_EQ(record.status, store::RunStatus::finished);
    EXPECT_EQ(record.epochs_done, 30);
  }
  ASSERT_EQ(run({"run", "s.toml", "--store", "whole", "learning_rate=0.1"}).exit_code, 0);
  EXPECT_EQ(metrics("kept").at(only_run("whole").identity), metrics("whole").begin()->second);
}

/// Room that is missing at any moment, from the making of the store on.
TEST_F(Durability, AFileSystemWithoutInodesInterruptsAndMoreLetItGoOn) {
  if (std::system("unshare -rm true 2>/dev/null") != 0) {
    GTEST_SKIP() << "no namespaces here: a small file system cannot be made";
  }
  write_sweep("epochs=5\nkeep_checkpoints='all'\n[sweep.grid]\nlearning_rate=[0.1, 0.2]\n");
  write_file(program_ / "fill.sh",
             "set -u\nepochal=$1\nmkdir small\nfor inodes in 3 5 8 10 12 17 21 26 31; do\n"
             "mount -t tmpfs -o size=64m,nr_inodes=$inodes tmpfs small || exit 90\n"
             "$epochal run s.toml --jobs 2 --store small/st 2>err; echo $inodes $? >> first\n"
             "mount -o remount,size=64m,nr_inodes=0 small\n"
             "$epochal run s.toml --jobs 2 --store small/st 2>>err; echo $? >> second\n"
             "cp -r small/st kept-$inodes; umount small\ndone\n");
  ASSERT_EQ(program_.shell("unshare -rm sh fill.sh " + program_.executable).exit_code, 0);
  EXPECT_EQ(read_file(program_ / "first"), "3 3\n5 3\n8 3\n10 3\n12 3\n17 3\n21 3\n26 3\n31 3\n");
  EXPECT_EQ(read_file(program_ / "second"), "0\n0\n0\n0\n0\n0\n0\n0\n0\n");
  ASSERT_EQ(run({"run", "s.toml", "--store", "whole"}).exit_code, 0);
  for (const char* inodes : {"3", "12", "21", "31"}) {
    EXPECT_EQ(metrics(std::string("kept-") + inodes), metrics("whole")) << inodes;
  }
}

TEST_F(Durability, AForecastComesTrue) {
  // A minute of work for two workers. They hold enough memory for it to say something: of a process
  // that holds nothing, the resident part is mostly the pages of its libraries.
  write_sweep("epochs=20\n[params]\nmemory=64\n[sweep.grid]\nsleep=[1.0, 2.0]\n");
  const Finished forecast = succeed({"forecast", "s.toml", "--jobs", "2"});
  expect_in(forecast.out, "2 runs in");
  ASSERT_EQ(run({"run", "s.toml", "--jobs", "2"}).exit_code, 0);
  for (const store::RunRecord& record : query().runs()) {
    const auto foreseen = query().forecast(record.identity);
    ASSERT_TRUE(foreseen);
    const store::AttemptRecord attempt = query().attempts(record.id).at(0);
    const double took = *attempt.ended_at - attempt.started_at;
    EXPECT_NEAR(foreseen->seconds.count(), took, 0.25 * took);
    Bytes peak = 0;
    for (const store::EpochRecord& epoch : query().epochs(record.id)) {
      peak = std::max(peak, epoch.peak_host_memory.value_or(0));
    }
    EXPECT_NEAR(static_cast<double>(foreseen->peak_bytes), static_cast<double>(peak),
                0.25 * static_cast<double>(peak));
    const Finished shown = run({"show", record.identity});
    expect_in(shown.out, "forecast");
    expect_in(shown.out, "since then  20 epochs in");
  }
  expect_in(run({"forecast", "s.toml"}).out, "done");
  EXPECT_FALSE(std::filesystem::exists(program_ / "epochal-store/artifacts/forecast"));
}

TEST_F(Durability, AForecastOfWhatCannotRunSaysWhy) {
  write_sweep("[params]\nfail_at=0\n");
  const Finished forecast = run({"forecast", "s.toml"});
  EXPECT_EQ(forecast.exit_code, 2);
  expect_in(forecast.err, "cannot be measured");
  expect_in(forecast.err, "told to fail while preparing");
}

TEST_F(Durability, ARunIsReproducedToTheBitOrToldApart) {
  write_sweep("epochs=4\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  const std::string identity = only_run().identity;
  const Finished same = succeed({"reproduce", identity});
  expect_in(same.out, "epochs 1 to 4: bit-identical\n");
  expect_in(same.out, "checkpoint of epoch 4: 1 files, bit-identical");
  expect_in(same.out, "all 4 epochs are bit-identical");
  EXPECT_EQ(query().events(only_run().id).back().kind, "reproduced");

  change_store("update metric set value = value * 1.01 where epoch = 3 and name_id = 1");
  const Finished other = run({"reproduce", identity});
  EXPECT_EQ(other.exit_code, 1);
  expect_in(other.out, "3 of 4 epochs are bit-identical");
  expect_in(other.out, "apart");
  EXPECT_EQ(run({"reproduce", "ffff"}).exit_code, 2);
}

TEST_F(Durability, AReproductionFromElsewhereDoesNotMissTheSources) {
  write_file(program_ / "sources/s.toml", "name='s'\nexperiment='noop'\nepochs=1\n");
  const std::string git =
      "git -C " + (program_ / "sources").string() + " -c user.name=me -c user.email=me@here ";
  ASSERT_EQ(std::system((git + "init -q && " + git + "add . && " + git + "commit -qm one").c_str()),
            0);
  ASSERT_EQ(run({"run", "sources/s.toml"}).exit_code, 0);
  ASSERT_FALSE(query().attempts(only_run().id).at(0).provenance.git_commit.empty());
  const Finished same = succeed({"reproduce", only_run().identity});
  expect_not_in(same.out, "differs: git");
}

TEST_F(Durability, ADamagedStoreIsReportedWithWhatIsLeft) {
  write_sweep("epochs=3\n[sweep.grid]\nlearning_rate=[0.1, 0.2, 0.3, 0.4]\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  const std::filesystem::path file = program_ / "epochal-store/epochal.db";
  {
    store::Store store(program_ / "epochal-store");
    // As large as a store becomes: what is damaged is not where the list of tables is.
    store.connection().database().exec(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000) "
        "insert into event (run_id, at, kind, text) select 1, i, 'x', hex(randomblob(100)) from n");
    store.connection().database().exec("pragma wal_checkpoint(truncate)");
  }
  std::string bytes = read_file(file);
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() * 2 / 3), bytes.end(), '\x7f');
  write_file(file, bytes);
  const Finished doctor = run({"doctor"});
  EXPECT_EQ(doctor.exit_code, 2);
  expect_in(doctor.out, "the database is damaged");
  expect_in(doctor.out, "rows: ");
  expect_in(doctor.out, ".recover");

  std::fill(bytes.begin() + 4096, bytes.end(), '\x7f');
  write_file(file, bytes);
  const Finished hopeless = run({"doctor"});
  EXPECT_EQ(hopeless.exit_code, 2);
  expect_in(hopeless.out, "no table can be read directly");
  expect_in(hopeless.out, ".recover");
}

}  // namespace
}  // namespace epochal::test
