#include "db/maintenance/salvage.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "db/store.h"
#include "tests/support/temporary_folder.h"

namespace epochal::store {
namespace {

void fill(const std::filesystem::path& folder) {
  Store store(folder);
  std::vector<RunRecord> runs(300);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].identity = std::string(60, 'a') + std::to_string(1000 + i);
    runs[i].experiment = "noop";
    runs[i].epochs = 1;
    runs[i].parameters.set("word", std::string(200, 'w'));
  }
  SweepRecord sweep;
  sweep.name = "s";
  store.record_sweep(sweep, runs);
  store.connection().database().exec("pragma wal_checkpoint(truncate)");
}

std::int64_t rows_of(const Salvage& salvage, const std::string& name) {
  const auto found = std::find_if(salvage.tables.begin(), salvage.tables.end(),
                                  [&](const Salvage::Table& table) { return table.name == name; });
  return found == salvage.tables.end() ? -1 : found->rows;
}

TEST(Salvage, CountsAllOfASoundDatabase) {
  const test::TemporaryFolder folder;
  fill(folder.path());
  const Salvage salvage = salvageable(folder.path());
  EXPECT_EQ(rows_of(salvage, "run"), 300);
  EXPECT_EQ(rows_of(salvage, "parameter"), 300);
  EXPECT_TRUE(std::all_of(salvage.tables.begin(), salvage.tables.end(),
                          [](const Salvage::Table& table) { return table.is_whole; }));
}

TEST(Salvage, ReadsWhatSurvivedDamage) {
  const test::TemporaryFolder folder;
  fill(folder.path());
  const std::filesystem::path file = folder / "epochal.db";
  std::string bytes = test::read_file(file);
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() * 3 / 4), bytes.end(), '\x5a');
  test::write_file(file, bytes);
  const Salvage salvage = salvageable(folder.path());
  std::int64_t rows = 0;
  bool is_any_cut = false;
  for (const Salvage::Table& table : salvage.tables) {
    rows += table.rows;
    is_any_cut = is_any_cut || !table.is_whole;
  }
  EXPECT_GT(rows, 100);
  EXPECT_TRUE(is_any_cut);
}

TEST(Salvage, FindsNothingInNoDatabase) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "epochal.db", std::string(5000, 'x'));
  EXPECT_TRUE(salvageable(folder.path()).tables.empty());
}

}  // namespace
}  // namespace epochal::store
