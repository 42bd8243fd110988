#pragma once

#include <string>
#include <string_view>

namespace epochal {

/// Which checkpoints of a run are kept. The last two always are, so that a damaged one costs an
/// epoch and not the run.
enum class KeepCheckpoints {
  last,
  last_and_best,  ///< also the epoch with the best ExperimentInfo::objective
  all,
};

std::string_view name_of(KeepCheckpoints policy);

/// "last", "last and best" or "all". Throws Error with `where` for anything else.
KeepCheckpoints keep_checkpoints(const std::string& name, const std::string& where);

}  // namespace epochal
