#pragma once

namespace epochal {

/// Seconds since 1970-01-01 UTC.
using Timestamp = double;

/// The current time by the system's clock.
Timestamp now();

}  // namespace epochal
