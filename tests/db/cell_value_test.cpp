#include "db/cell_value.h"

#include <gtest/gtest.h>

namespace epochal::store {
namespace {

TEST(CellValue, WhatSpreadsheetsWouldRunIsGuarded) {
  for (const char* formula : {"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"}) {
    const std::string field = csv_field(formula);
    EXPECT_EQ(field.find_first_not_of('"'), field.find('\'')) << formula;
  }
  for (const char* plain : {"", "a=b", "-1.5e-3", "'", "'word'", "it's"}) {
    EXPECT_EQ(csv_field(plain), plain);
  }
}

TEST(CellValue, OuterBlanksAreQuoted) {
  EXPECT_EQ(csv_field(" a"), "\" a\"");
  EXPECT_EQ(csv_field("a\t"), "\"a\t\"");
  EXPECT_EQ(csv_field("a b"), "a b");
}

TEST(CellValue, EveryTextComesBack) {
  for (const std::string text :
       {"=1", "'=1", "''=1", "'", "''", "-5", "'-5", "-5x", "'a", "a", ""}) {
    EXPECT_EQ(text_of_csv_field(csv_field(text)), text);
  }
}

}  // namespace
}  // namespace epochal::store
