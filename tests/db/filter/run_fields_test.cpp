#include "db/filter/run_fields.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "db/query.h"
#include "db/store.h"
#include "tests/support/temporary_folder.h"

namespace epochal::store {
namespace {

class RunFields : public testing::Test {
 protected:
  RunFields() {
    RunRecord run;
    run.identity = std::string(64, 'a');
    run.experiment = "noop";
    run.epochs = 1;
    ids_ = store_.record_sweep({}, {run});
  }

  test::TemporaryFolder folder_;
  Store store_{folder_.path()};
  std::vector<RunId> ids_;
};

TEST_F(RunFields, EachCanBeListedFilteredSortedAndLookedUp) {
  const Query query(folder_.path());
  std::ifstream in(std::string(EPOCHAL_SOURCE_FOLDER) + "/docs/asking.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  ASSERT_FALSE(page.empty());
  ASSERT_FALSE(run_fields().empty());
  for (const RunField& field : run_fields()) {
    SCOPED_TRACE(field.name);
    const std::string name(field.name);
    const bool has_value = query.field(ids_, field).contains(ids_.front());
    RunSelection selection;
    selection.where = "run." + name + " is null";
    selection.sort = {name};
    EXPECT_EQ(query.select(selection).empty(), has_value);
    EXPECT_EQ(find_run_field(name), &field);
    EXPECT_NE(page.find("`" + name + "`"), std::string::npos) << "docs/asking.md names it";
  }
}

TEST_F(RunFields, WhatSeveralAttemptsHaveIsThatOfTheLast) {
  const RunId id = ids_.front();
  for (const char* host : {"early", "late"}) {
    AttemptStart start;
    start.host.name = host;
    const AttemptId attempt = *store_.claim(id, start);
    store_.end_attempt(id, attempt, RunStatus::interrupted, "interrupted", {});
  }
  const Query query(folder_.path());
  EXPECT_EQ(query.field({id}, *find_run_field("host")).at(id), CellValue("late"));
  EXPECT_EQ(query.field({id}, *find_run_field("run")).at(id), CellValue("aaaaaaaaaa"));
  EXPECT_EQ(query.field({id}, *find_run_field("epochs")).at(id), CellValue(std::int64_t{0}));
  EXPECT_EQ(find_run_field("no such field"), nullptr);
}

}  // namespace
}  // namespace epochal::store
