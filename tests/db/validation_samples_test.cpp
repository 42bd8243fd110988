// Metrics by sample of the validation set, in the store.

#include "framework/base/validation_samples.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "db/maintenance/merge.h"
#include "db/query.h"
#include "db/read_only_sql.h"
#include "db/store.h"
#include "tests/support/expect_error.h"
#include "tests/support/run_with_steps.h"

namespace epochal::store {
namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

class StoredSamples : public test::RunWithSteps {
 protected:
  void commit(Epoch number, ValidationSamples samples) {
    EpochRecord epoch;
    epoch.number = number;
    epoch.samples = 100;
    epoch.steps = 5;
    epoch.metrics = {{"val.loss", 1}};
    epoch.validation_samples = std::move(samples);
    store_.commit_epoch(run_, attempt_, epoch, {}, {});
  }

  std::vector<std::vector<CellValue>> sql(const std::string& text) const {
    std::vector<std::vector<CellValue>> rows;
    read_only_sql(folder_.path(), text, std::chrono::seconds(10), [] { return false; },
                  {[](const auto&) {}, [&](const auto& row) { rows.push_back(row); }});
    return rows;
  }
};

TEST_F(StoredSamples, ComeBackToTheBit) {
  commit(1, {"set a", {{"val.loss", {1.0 / 3, kInfinity, -0.0}}, {"val.error", {0, 1, 0}}}});
  const ValidationSamples all = query().validation_samples(run_, 1);
  EXPECT_EQ(all.set, "set a");
  EXPECT_EQ(all.values.size(), 2U);
  const ValidationSamples loss = query().validation_samples(run_, 1, "val.loss");
  EXPECT_EQ(loss.values.size(), 1U);
  EXPECT_EQ(loss.values.at("val.loss"), (std::vector<double>{1.0 / 3, kInfinity, -0.0}));
  EXPECT_TRUE(query().validation_samples(run_, 2).empty());
  EXPECT_TRUE(query().health().is_sound());
}

TEST_F(StoredSamples, AreRowsInSqlAndNaNIsNull) {
  commit(1, {"set a", {{"val.loss", {0.5, kNotANumber}}}});
  commit(2, {"set a", {{"val.loss", {0.25, 0.125}}}});
  const auto rows =
      sql("select epoch, metric, sample, value, validation_set from validation_samples "
          "order by epoch, sample");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[1][3], CellValue());
  EXPECT_EQ(rows[3],
            (std::vector<CellValue>{std::int64_t{2}, "val.loss", std::int64_t{2}, 0.125, "set a"}));
}

TEST_F(StoredSamples, OfMoreThanAThousandAreAllInSql) {
  commit(1, {"large", {{"val.loss", std::vector<double>(2'500, 0.5)}}});
  EXPECT_EQ(sql("select count(value), max(sample) from validation_samples").front(),
            (std::vector<CellValue>{std::int64_t{2'500}, std::int64_t{2'500}}));
}

TEST_F(StoredSamples, GoWithTheirEpochs) {
  commit(1, {"set a", {{"val.loss", {1}}}});
  commit(2, {"set a", {{"val.loss", {2}}}});
  store_.drop_epochs_after(run_, attempt_, 1);
  EXPECT_FALSE(query().validation_samples(run_, 1).empty());
  EXPECT_TRUE(query().validation_samples(run_, 2).empty());
  store_.end_attempt(run_, attempt_, RunStatus::failed, "failed", "a fault");
  store_.restart_failed({run_});
  EXPECT_TRUE(query().validation_samples(run_, 1).empty());
}

TEST_F(StoredSamples, AreMergedWithTheirRun) {
  commit(1, {"set a", {{"val.loss", {1, 2}}}});
  commit(2, {"set b", {{"val.loss", {3}}, {"val.error", {4}}}});
  const test::TemporaryFolder other;
  {
    Store into(other.path());
    merge(into, query());
    merge(into, query());
  }
  const Query merged(other.path());
  const RunId run = merged.runs().front().id;
  std::vector<std::pair<Epoch, std::string>> found;
  merged.each_validation_samples(run, [&](Epoch epoch, const ValidationSamples& samples) {
    found.emplace_back(epoch, samples.set);
  });
  EXPECT_EQ(found, (std::vector<std::pair<Epoch, std::string>>{{1, "set a"}, {2, "set b"}}));
  EXPECT_EQ(merged.validation_samples(run, 2).values, query().validation_samples(run_, 2).values);
}

TEST_F(StoredSamples, OfAnEpochThatCameMeanwhileWaitForTheNextMerge) {
  commit(1, {"set a", {{"val.loss", {1}}}});
  const WholeRun early = query().whole_run(query().run(run_));
  commit(2, {"set a", {{"val.loss", {2}}}});
  const test::TemporaryFolder other;
  Store into(other.path());
  into.import(
      {early}, {}, {}, [](const RunRecord&, const Store::PutSteps&) {},
      [&](const RunRecord&, const Store::PutSamples& put) {
        query().each_validation_samples(run_, put);
      });
  const Query merged(other.path());
  const RunId run = merged.runs().front().id;
  EXPECT_FALSE(merged.validation_samples(run, 1).empty());
  EXPECT_TRUE(merged.validation_samples(run, 2).empty());
}

TEST_F(StoredSamples, TheEpochsInSqlSayHowFarARunHadCome) {
  commit(1, {});
  commit(2, {});
  const auto rows = sql("select epoch, total_steps, total_images from epochs order by epoch");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1],
            (std::vector<CellValue>{std::int64_t{2}, std::int64_t{10}, std::int64_t{200}}));
  store_.connection().database().exec("update epoch set steps = null where number = 1");
  EXPECT_EQ(sql("select total_steps from epochs where epoch = 2").front().front(), CellValue());
}

TEST(ValidationSamplesOfAnExperiment, AreCheckedBeforeTheyAreStored) {
  check({});
  check({"set", {{"val.loss", {1, 2}}, {"val.error", {0, 1}}}});
  test::expect_error("no fingerprint", [] { check({"", {{"val.loss", {1}}}}); });
  test::expect_error("2 values by sample for 'val.loss', but 1", [] {
    check({"set", {{"val.error", {1}}, {"val.loss", {1, 2}}}});
  });
  test::expect_error("0 values", [] { check({"set", {{"val.loss", {}}}}); });
}

}  // namespace
}  // namespace epochal::store
