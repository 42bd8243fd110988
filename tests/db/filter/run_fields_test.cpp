#include "db/filter/run_fields.h"
#include "tests/support/with_store.h"

#include <gtest/gtest.h>

namespace epochal::store {
namespace {

class RunFields : public test::WithStore {
 protected:
  std::vector<RunId> ids_ = store_.record_sweep({}, {test::noop_run('a', 1)});
};

TEST_F(RunFields, EachCanBeListedFilteredSortedAndLookedUp) {
  const Query query = this->query();
  const std::string page = test::read_file(EPOCHAL_SOURCE_FOLDER "/docs/asking.md");
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
  const Query query = this->query();
  EXPECT_EQ(query.field({id}, *find_run_field("host")).at(id), CellValue("late"));
  EXPECT_EQ(query.field({id}, *find_run_field("run")).at(id), CellValue("aaaaaaaaaa"));
  EXPECT_EQ(query.field({id}, *find_run_field("epochs")).at(id), CellValue(std::int64_t{0}));
  EXPECT_EQ(find_run_field("no such field"), nullptr);
}

}  // namespace
}  // namespace epochal::store
