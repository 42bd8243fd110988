#pragma once

#include <gtest/gtest.h>

#include <string>

namespace epochal::test {

/// Expects that a text contains `part`.
inline void expect_in(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' is not in:\n" << text;
}

/// Expects that a text does not contain `part`.
inline void expect_not_in(const std::string& text, const std::string& part) {
  EXPECT_EQ(text.find(part), std::string::npos) << "'" << part << "' is in:\n" << text;
}

}  // namespace epochal::test
