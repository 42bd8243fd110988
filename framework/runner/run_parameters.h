#pragma once

#include "db/records.h"
#include "framework/plugin/parameter.h"

namespace epochal {

/// A stored run's parameters by the plugin's current declaration. Checks the values again, since
/// the store may come from a stranger; newer parameters have their defaults. A length that is
/// recorded among them is left out (see recorded_length). Throws Error.
Parameters checked_parameters(const Schema& schema, const store::RunRecord& run);

}  // namespace epochal
