#pragma once

#include "db/records.h"
#include "framework/plugin/parameter.h"

namespace epochal {

/// A stored run's parameters as its plugin declares them today: values of the store, which may come
/// from a stranger, are checked again; parameters declared since have their defaults. Throws Error.
Parameters checked_parameters(const Schema& schema, const RunRecord& run);

}  // namespace epochal
