#pragma once

#include "db/records.h"

namespace epochal {

/// This machine, with the GPU that a run would use.
store::HostRecord host_record();

}  // namespace epochal
