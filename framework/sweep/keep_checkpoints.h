#pragma once

#include <string>
#include <string_view>

namespace epochal {

/// Which checkpoints of a run stay. The last two always do, so that a torn one costs an epoch and
/// not the run.
enum class KeepCheckpoints {
  last,
  last_and_best,  ///< and that of the epoch with the best ExperimentInfo::objective
  all,
};

std::string_view name_of(KeepCheckpoints policy);

/// "last", "last and best" or "all". Throws Error, naming `where`, for anything else.
KeepCheckpoints keep_checkpoints(const std::string& name, const std::string& where);

}  // namespace epochal
