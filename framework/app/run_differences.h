#pragma once

#include "db/query.h"

namespace epochal::app {

/// Prints what differs between the sources, environments, machines and inputs of two runs.
void print_surroundings(const store::Query& query, const store::RunRecord& a,
                        const store::RunRecord& b);

}  // namespace epochal::app
