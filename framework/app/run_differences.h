#pragma once

#include "db/query.h"

namespace epochal {

/// Prints what differs between the sources, environments, machines and inputs of two runs.
void print_surroundings(const Query& query, const RunRecord& a, const RunRecord& b);

}  // namespace epochal
