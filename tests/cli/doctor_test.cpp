// `epochal doctor` of stores in which something else than epochal has written.

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

/// A store with two runs of three epochs.
class Doctor : public ProgramTest {
 protected:
  Doctor() {
    write_file(program_ / "s.toml",
               "name = 's'\nexperiment = 'noop'\nepochs = 3\nseeds = [0, 1]\n");
    EXPECT_EQ(program_.run({"run", "s.toml"}).exit_code, 0);
    run_ = query().runs().front().short_identity();
  }

  /// A copy of the store to which this is done against all rules.
  void tamper(const std::string& sql) {
    std::filesystem::remove_all(program_ / "t");
    std::filesystem::copy(program_ / "epochal-store", program_ / "t",
                          std::filesystem::copy_options::recursive);
    SQLite::Database(program_ / "t/epochal.db", SQLite::OPEN_READWRITE)
        .exec(
            "pragma foreign_keys = off; pragma ignore_check_constraints = on; "
            "pragma trusted_schema = off; " +
            sql);
  }

  void expect_said(const std::string& sql, const std::string& part) {
    tamper(sql);
    const Finished looked = program_.run({"doctor", "--store", "t"});
    EXPECT_EQ(looked.exit_code, 2) << sql;
    EXPECT_NE(looked.out.find(part), std::string::npos) << sql << ":\n" << looked.out << looked.err;
    expect_not_in(looked.out, "sound");
  }

  std::string run_;
};

TEST_F(Doctor, SaysThatASoundStoreIsSound) {
  const Finished looked = succeed({"doctor"});
  expect_in(looked.out, "2 runs, 6 epochs, sound");
}

TEST_F(Doctor, NamesRowsThatHaveLostWhatTheyReferTo) {
  expect_said(
      "delete from metric_name where name = 'val.loss'",
      "metric: rows without their row in metric_name, 6 of them: run " + run_ + " (3 rows), run ");
  expect_said(
      "delete from epoch where number = 2",
      "metric: rows without their row in epoch, 4 of them: run " + run_ + " (2 rows), run ");
  expect_said("delete from attempt where run_id = 1",
              "epoch: rows without their row in attempt, 3 of them: run " + run_ + " (3 rows); ");
  expect_said("delete from run where id = 1",
              "epoch: rows without their row in run, 3 of them: a run that is gone (3 rows); ");
  expect_said(
      "update epoch set attempt_id = 2 where run_id = 1",
      "epoch: epochs of an attempt of another run, 3 of them: run " + run_ + " (epoch 1), run ");
}

TEST_F(Doctor, NamesRowsThatBreakARuleOfTheirTable) {
  expect_said("update run set status = 'dancing' where id = 1",
              "run: unknown statuses, 1 of them: run " + run_ + " (dancing); ");
  expect_said("update run set epochs = -1 where id = 1",
              "run: impossible numbers of epochs, 1 of them: run " + run_);
  expect_said("update artifact set kind = 'poem' where run_id = 1", "artifact: unknown kinds");
  expect_said("insert into forecast values (1, 'short', 0, '', '', 1, 1, 0, 0, null)",
              "rows that violate a rule of their table, 1 of them: CHECK constraint failed in "
              "forecast");
}

TEST_F(Doctor, ReckonsAgainWhatIsKeptReady) {
  expect_said("update run set epochs_done = 2 where id = 1",
              "run: epochs_done is not the number of its epochs, 1 of them: run " + run_ +
                  " (says 2, has 3); ");
  expect_said("update run set trained_seconds = 1e6 where id = 1", "trained_seconds");
  const std::string summary =
      "metric_summary: does not agree with the values, 1 of them: run " + run_ + " (val.loss: ";
  const std::string where =
      " where run_id = 1 and name_id = (select id from metric_name where name = 'val.loss')";
  expect_said("update metric_summary set lowest = -1" + where, summary + "another lowest value");
  expect_said("update metric_summary set highest = 1e9" + where, summary + "another highest value");
  expect_said("update metric_summary set last = 7" + where, summary + "another last value");
  expect_said("update metric_summary set total = total + 1" + where, summary + "another mean");
  expect_said("update metric_summary set total = null" + where, summary + "another mean");
  expect_said("update metric set value = 1e9" + where + " and epoch = 2",
              summary + "another highest value");
  expect_said("delete from metric_summary" + where, summary + "says 0 values, has 3");
  expect_said("delete from metric" + where, summary + "says 3 values, has 0");
  expect_in(program_.run({"doctor", "--store", "t"}).out, "epochal merge OLD --store NEW");
  ASSERT_EQ(program_.run({"merge", "t", "--store", "again"}).exit_code, 0);
  EXPECT_EQ(program_.run({"doctor", "--store", "again"}).exit_code, 0) << "as it said";
}

TEST_F(Doctor, NamesBrokenJsonAndFilesOutside) {
  expect_said("update attempt set libraries = '{' where run_id = 1",
              "attempt: libraries or environment that are not JSON, 1 of them: run " + run_ +
                  " (libraries); ");
  expect_refused({"show", run_, "--store", "t"},
                 "run " + run_ + " of t: the record holds broken JSON");
  expect_said("update sweep set overrides = '[1'", "sweep: overrides that are not JSON");
  expect_in(program_.run({"merge", "t", "--store", "n"}).err, "sweep s of t: the record holds");
  expect_said("update artifact set path = '../' || path where run_id = 1 and kind = 'log'",
              "artifact: files that are outside of the store");
}

TEST_F(Doctor, ShowsFiveExamplesAndCountsTheRest) {
  expect_said(
      "with recursive n(i) as (select 1 union all select i + 1 from n where i < 50) "
      "insert into run (identity, experiment, experiment_version, seed, epochs, status, "
      "data_fingerprint, weights_fingerprint, code_version, created_at, epochs_done) "
      "select printf('%064x', i), 'noop', 1, i, 3, 'queued', '', '', '', 0, 3 from n",
      "epochs_done is not the number of its epochs, 50 of them: run 0000000000 ");
  const std::string said = program_.run({"doctor", "--store", "t"}).out;
  EXPECT_LT(said.size(), 5000u);
  EXPECT_NE(said.find("(says 3, has 0), …; "), std::string::npos) << said;
}

TEST_F(Doctor, MergeAndExportRefuseValuesThatHaveLostTheirMetricsName) {
  tamper("delete from metric_name where name = 'val.loss'");
  const std::string fault =
      "run " + run_ + " of t: 3 of its values have no metric name or no epoch";
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"merge", "t", "--store", "n"},
        {"export", "--to", "csv", "out", "--store", "t"}}) {
    expect_refused(words, fault);
  }
  EXPECT_TRUE(query("n").runs().empty());
  EXPECT_FALSE(std::filesystem::exists(program_ / "out"));
}

}  // namespace
}  // namespace epochal::test
