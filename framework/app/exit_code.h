#pragma once

namespace epochal::app {

/// What the program's exit codes mean; the same for every command.
enum ExitCode : int {
  kAllGood = 0,
  kSomeRunsFailed = 1,
  kNothingLeft = 1,  ///< `ask`: no trial is left, so that a loop of a shell ends
  kWrongInput = 2,
  kWorkLeft = 3,  ///< stopped early: interrupted, or out of budget
  kInternalError = 70,
};

}  // namespace epochal::app
