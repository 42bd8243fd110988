#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "framework/base/quantities.h"
#include "framework/base/timestamp.h"

namespace epochal {

/// Four significant digits: "0.8713", "1.234e-05"; "nan", "inf", "-inf" as themselves.
std::string format_number(double value);

/// "12 ms", "8.1 s", "3 min 20 s", "2 h 05 min".
std::string format_duration(Seconds duration);

/// "512 B", "3.4 MB", "24.0 GB" (powers of 1000).
std::string format_bytes(Bytes bytes);

/// "160,000".
std::string format_count(std::int64_t count);

/// "1 run", "12 runs".
std::string runs_text(std::size_t count);

/// "108 steps", followed by "; published models take 160,000" if these took more. Empty if the
/// number of steps is unknown.
std::string format_steps(std::optional<std::int64_t> steps, std::int64_t published);

/// "2026-05-04 12:30 UTC".
std::string format_time(Timestamp at);

/// "8 epochs", or "3 of 8 epochs" if some are missing.
std::string format_epochs(Epoch done, Epoch wanted);

}  // namespace epochal
