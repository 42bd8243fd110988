#include "reports/page/table_preview.h"

#include <gtest/gtest.h>

namespace epochal::report {
namespace {

using Rows = std::vector<std::vector<std::string>>;

TEST(TablePreview, ReadsValuesWithCommas) {
  const TablePreview table = csv_preview("\xef\xbb\xbfname,n\n\"a, \"\"b\"\"\",1\nc,2", ',');
  EXPECT_EQ(table.heads, (std::vector<std::string>{"name", "n"}));
  EXPECT_EQ(table.rows, (Rows{{"a, \"b\"", "1"}, {"c", "2"}}));
  EXPECT_FALSE(table.is_cut);
  EXPECT_EQ(csv_preview("a\tb,c\n1\t2\n", '\t').rows, (Rows{{"1", "2"}}));
  EXPECT_TRUE(csv_preview("", ',').heads.empty());
}

TEST(TablePreview, IsBounded) {
  std::string text;
  for (int row = 0; row < 30; ++row) {
    for (int column = 0; column < 30; ++column) text += std::string(200, 'x') + ",";
    text += "\n";
  }
  const TablePreview table = csv_preview(text, ',');
  EXPECT_EQ(table.heads.size(), TablePreview::kMostColumns);
  EXPECT_EQ(table.rows.size(), TablePreview::kMostRows);
  EXPECT_EQ(table.rows[3][2], std::string(80, 'x') + "…");
  EXPECT_TRUE(table.is_cut);
}

TEST(TablePreview, TakesHostileValues) {
  const std::string open = "a,b\n1,\"" + std::string(50 << 20, 'x');
  EXPECT_EQ(csv_preview(open, ',').heads.size(), 2u);
  EXPECT_TRUE(csv_preview(open, ',').is_cut);
  EXPECT_TRUE(csv_preview("a\n" + std::string(10 << 20, ','), ',').is_cut);
  EXPECT_EQ(csv_preview("a\n\x1b[2J\xff", ',').rows, (Rows{{"\\x1b[2J\\xff"}}));
  EXPECT_EQ(csv_preview("a,b\n\"1\"2\",3\n", ',').heads.size(), 2u);
}

TEST(TablePreview, ReadsListsOfJson) {
  const auto objects =
      json_preview(R"([{"a": 1.50, "b": "x\ny"}, {"b": null, "c": [1, {"d": 2}]}, {}])");
  ASSERT_TRUE(objects);
  EXPECT_EQ(objects->heads, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(objects->rows, (Rows{{"1.50", "x\\ny", ""}, {"", "", "…"}, {"", "", ""}}));
  EXPECT_FALSE(objects->is_cut);
  const auto lists = json_preview("[[1, true], [-2, [3], 4]]");
  ASSERT_TRUE(lists);
  EXPECT_EQ(lists->rows, (Rows{{"1", "true", ""}, {"-2", "…", "4"}}));
  for (const char* other : {"{}", "[]", "[1, 2]", "3", "[[1], 2]", "", "{\"a\": [[1]]}"}) {
    EXPECT_FALSE(json_preview(other)) << other;
  }
}

TEST(TablePreview, TakesHostileJson) {
  std::string rows = "[";
  for (int row = 0; row < 100'000; ++row) rows += R"({"a": 1, "a": 2},)";
  const auto many = json_preview(rows);
  ASSERT_TRUE(many) << "it is cut, and has rows all the same";
  EXPECT_EQ(many->rows.size(), TablePreview::kMostRows);
  EXPECT_TRUE(many->is_cut);
  std::string columns = "[{";
  for (int column = 0; column < 10'000; ++column) {
    columns += (column == 0 ? "\"" : ",\"") + std::to_string(column) + "\": 1";
  }
  const auto wide = json_preview(columns + "}]");
  ASSERT_TRUE(wide);
  EXPECT_EQ(wide->heads.size(), TablePreview::kMostColumns);
  EXPECT_TRUE(wide->is_cut);
  EXPECT_TRUE(json_preview(std::string(10 << 20, '[')));
  EXPECT_FALSE(json_preview("[\"" + std::string(10 << 20, 'x')));
}

}  // namespace
}  // namespace epochal::report
