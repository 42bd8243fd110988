#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "framework/base/error.h"

namespace epochal::test {

/// The message of the Error that `action` throws; the test fails if it throws none.
inline std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "expected an Error";
  return {};
}

/// Expects an Error whose message contains `part`.
inline void expect_error(const std::string& part, const std::function<void()>& action) {
  const std::string message = error_of(action);
  EXPECT_NE(message.find(part), std::string::npos) << "the message was: " << message;
}

}  // namespace epochal::test
