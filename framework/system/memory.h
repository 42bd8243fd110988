#pragma once

#include <cstdint>
#include <optional>

namespace epochal {

/// Bytes that processes of this control group could still take without swapping or being killed:
/// what the machine has available, or what the tightest limit on the way to the root leaves. None
/// where /proc does not tell.
std::optional<std::int64_t> available_memory();

/// The tightest memory limit of this process's control group (version 1 or 2) on its way to the
/// root; none without one.
std::optional<std::int64_t> control_group_memory_limit();

}  // namespace epochal
