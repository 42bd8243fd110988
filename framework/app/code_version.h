#pragma once

namespace epochal::app {

/// "0.1.0"
extern const char* const kProgramVersion;

/// "0.1.0 (9f07d1ea0b1c)": the version and the git commit, "-dirty" if files had changed since.
extern const char* const kCodeVersion;

}  // namespace epochal::app
