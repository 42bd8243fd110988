#pragma once

#include <cstdint>
#include <optional>

namespace epochal {

/// Bytes that processes of this control group can still use without swapping or being killed: the
/// available memory of the machine, or the rest of the tightest limit on the way to the root. None
/// if /proc does not say.
std::optional<std::int64_t> available_memory();

/// The tightest memory limit of this process's control group (version 1 or 2) on its way to the
/// root; none without one.
std::optional<std::int64_t> control_group_memory_limit();

}  // namespace epochal
