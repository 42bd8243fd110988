#pragma once

namespace epochal {

/// Seconds since 1970-01-01 UTC.
using Timestamp = double;

/// By the system's clock.
Timestamp now();

}  // namespace epochal
