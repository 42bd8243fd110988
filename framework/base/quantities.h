#pragma once

// Numbers that are counted and measured in a run.

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace epochal {

/// Number of a pass over the training data; the first is 1, 0 means none yet.
using Epoch = int;
using Seconds = std::chrono::duration<double>;
using Bytes = std::int64_t;

/// Values measured in one epoch, by name: "train.total", "val.content". A value that was not
/// measured is absent; NaN and infinities are kept as they are.
using Metrics = std::map<std::string, double>;

}  // namespace epochal
