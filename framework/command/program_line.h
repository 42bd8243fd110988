#pragma once

// The messages of a program to the framework, one JSON object per line: docs/protocol.md.

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

/// The longest line; a longer one is not a message.
constexpr std::size_t kLongestLine = 65536;

/// The largest count in a line, and of the samples and steps of a run: a double holds it exactly.
constexpr std::int64_t kLargestCount = std::int64_t{1} << 53;

/// {"hello": 1, "seed": 3, "epochs": 20, "better": {"val.loss": "lower"}, "objective": "val.loss"}:
/// a client, which waits for an answer after each epoch, and what it knows about its run.
struct HelloLine {
  std::int64_t protocol = 0;
  OwnDescription own;
};

/// {"epoch": 3, "train.loss": 0.21, "samples": 640, "saves": true}: an epoch has ended.
struct EpochLine {
  std::int64_t epoch = 0;  ///< in the program's numbering
  Metrics metrics;
  std::int64_t samples = 0;
  std::optional<std::int64_t> steps;
  std::optional<double> learning_rate;
  bool saves = false;  ///< the program can write its state into a folder now
  bool last = false;   ///< the program ends after it, even if the run has more epochs
};

/// {"step": 1200, "loss": 0.4}; an "epoch" beside the step is ignored.
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

/// Thrown for a line that is not a message; the fault says why.
class NoMessage : public Error {
 public:
  using Error::Error;
};

/// Reads a line, which may be hostile. Accepts the bare words NaN, Infinity and -Infinity, which
/// Python writes, as numbers. Throws NoMessage.
ProgramLine read_program_line(std::string_view line);

}  // namespace epochal
