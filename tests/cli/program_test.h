#pragma once

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "db/query.h"
#include "db/store.h"
#include "framework/base/sha256.h"
#include "tests/cli/program.h"
#include "tests/support/expect_in.h"
#include "tests/support/wait_until.h"

namespace epochal::test {

/// Drives the built program, and asks the store that it leaves.
class ProgramTest : public testing::Test {
 protected:
  Finished run(const std::vector<std::string>& arguments) { return program_.run(arguments); }

  /// Runs a command; the test ends here if it does not succeed.
  Finished succeed(const std::vector<std::string>& arguments) {
    Finished done = program_.run(arguments);
    if (done.exit_code == 0) return done;
    throw std::runtime_error(testing::PrintToString(arguments) + " ended with exit code " +
                             std::to_string(done.exit_code) + ": " + done.err + done.out);
  }

  /// Workers whose parent was killed stop by themselves; until then their runs are theirs.
  Finished run_until_workers_are_gone(const std::vector<std::string>& arguments) {
    Finished last = run(arguments);
    for (int round = 0; round < 100 && last.exit_code != 0; ++round) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      last = run(arguments);
    }
    return last;
  }

  /// Expects that a command is refused as a mistake of the user's, with `part` of the reason.
  void expect_refused(const std::vector<std::string>& arguments, const std::string& part) {
    SCOPED_TRACE(testing::PrintToString(arguments));
    expect_refusal(program_.run(arguments), part);
  }
  static void expect_refusal(const Finished& refused, const std::string& part) {
    EXPECT_EQ(refused.exit_code, 2) << refused.out;
    expect_in(refused.err, part);
  }

  store::Query query(const std::string& store = "epochal-store") const {
    return store::Query(program_ / store);
  }
  store::RunRecord only_run(const std::string& store = "epochal-store") const {
    return query(store).runs().at(0);
  }

  /// Metrics of all epochs of every run, by its identity.
  std::map<std::string, std::vector<Metrics>> metrics(
      const std::string& store = "epochal-store") const {
    std::map<std::string, std::vector<Metrics>> all;
    const store::Query records = query(store);
    for (const store::RunRecord& record : records.runs()) {
      for (const store::EpochRecord& epoch : records.epochs(record.id)) {
        EXPECT_EQ(epoch.number, static_cast<Epoch>(all[record.identity].size()) + 1);
        all[record.identity].push_back(epoch.metrics);
      }
    }
    return all;
  }

  /// What happened to the only run: a line for each event, with its kind.
  std::string events(const std::string& store = "epochal-store") const {
    std::string all;
    for (const store::EventRecord& event : query(store).events(only_run(store).id)) {
      all += event.kind + ": " + event.text + "\n";
    }
    return all;
  }

  /// The files of all checkpoints that are there, by their paths: they are what is recorded.
  std::map<std::string, std::string> checkpoints(const std::string& store) const {
    std::map<std::string, std::string> hashes;
    const store::Query records = query(store);
    for (const store::RunRecord& record : records.runs()) {
      for (const store::ArtifactRecord& artifact : records.artifacts(record.id)) {
        if (artifact.kind != store::ArtifactRecord::Kind::checkpoint) continue;
        EXPECT_EQ(sha256_of_file(program_ / store / artifact.path), artifact.sha256);
        hashes[artifact.path] = artifact.sha256;
      }
    }
    EXPECT_FALSE(hashes.empty()) << store;
    return hashes;
  }

  bool has_store(const std::string& store = "epochal-store") const {
    return std::filesystem::exists(program_ / store / "epochal.db");
  }
  bool has_epochs(Epoch count) const {
    return has_store() && !query().runs().empty() && only_run().epochs_done >= count;
  }
  bool has_worker() const { return has_store() && !query().open_attempts().empty(); }

  /// How often programs are killed: scripts/crash-test asks for more.
  static int kills_asked(int otherwise) {
    const char* asked = std::getenv("EPOCHAL_KILLS");
    return asked == nullptr ? otherwise : std::atoi(asked);
  }

  void kill_workers() const {
    for (const store::AttemptRecord& worker : query().open_attempts()) {
      kill(static_cast<pid_t>(worker.process.pid), SIGKILL);
    }
  }

  /// Changes the store behind the program's back.
  void change_store(const std::string& sql) const {
    store::Store(program_ / "epochal-store").connection().database().exec(sql);
  }

  /// Lets the program find one of the builds of tests/plugins/accuracy.cpp.
  void use_plugin(const std::string& build) {
    program_.environment["EPOCHAL_PLUGIN_PATH"] = EPOCHAL_TEST_PLUGIN_FOLDER "/" + build;
  }

  /// The commands of a folder come before all others.
  void put_on_path(const std::string& folder) {
    const char* path = std::getenv("PATH");
    program_.environment["PATH"] = folder + ":" + (path == nullptr ? "" : path);
  }

  void use_slurm_stand_in() {
    put_on_path(EPOCHAL_SOURCE_FOLDER "/tests/support/slurm_stand_in");
    program_.environment["STAND_IN"] = (program_ / "cluster").string();
  }

  Program program_;
};

}  // namespace epochal::test
