#pragma once

// What a program tells the framework, one JSON object a line: docs/protocol.md.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "framework/base/error.h"
#include "framework/base/quantities.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// The version of the protocol that this framework speaks.
constexpr int kProtocol = 1;

/// The longest line; what is longer is no message.
constexpr std::size_t kLongestLine = 65536;

/// The largest count in a line, and of the samples and steps of a run: what a double has exactly.
constexpr std::int64_t kLargestCount = std::int64_t{1} << 53;

/// {"hello": 1, "seed": 3, "epochs": 20, "better": {"val.loss": "lower"}, "objective": "val.loss"}:
/// a client, which waits for an answer after each epoch, and what it knows of its run.
struct HelloLine {
  std::int64_t protocol = 0;
  OwnDescription own;
};

/// {"epoch": 3, "train.loss": 0.21, "samples": 640, "saves": true}: an epoch has ended.
struct EpochLine {
  std::int64_t epoch = 0;  ///< as the program counts
  Metrics metrics;
  std::int64_t samples = 0;
  std::optional<std::int64_t> steps;
  std::optional<double> learning_rate;
  bool saves = false;  ///< it can write its state into a folder now
  bool last = false;   ///< the program ends with it, also where more were asked for
};

/// {"step": 1200, "loss": 0.4}; an "epoch" beside the step is context, and left out.
struct StepLine {
  std::int64_t step = 0;
  Metrics metrics;
};

/// {"artifact": "grid.png", "caption": "…"}
struct ArtifactLine {
  std::string file;
  std::string caption;
};

/// {"note": "…"}
struct NoteLine {
  std::string text;
};

/// {"device": "cuda:0"}
struct DeviceLine {
  std::string name;
};

/// {"progress": [done, total]} within the epoch.
struct ProgressLine {
  std::int64_t done = 0;
  std::int64_t total = 0;
};

/// {"saved": true}: the answer to {"save": "/folder"}.
struct SavedLine {};

using ProgramLine = std::variant<HelloLine, EpochLine, StepLine, ArtifactLine, NoteLine, DeviceLine,
                                 ProgressLine, SavedLine>;

/// What a line that is no message gets; the fault says why.
class NoMessage : public Error {
 public:
  using Error::Error;
};

/// Reads a line, which may be hostile. The bare words NaN, Infinity and -Infinity, which Python
/// writes, count as the numbers that they mean. Throws NoMessage.
ProgramLine read_program_line(std::string_view line);

}  // namespace epochal
