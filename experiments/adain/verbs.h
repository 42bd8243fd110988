#pragma once

#include <vector>

#include "framework/plugin/experiment.h"

namespace epochal::adain {

/// `epochal adain stylize` and `epochal adain loss`.
std::vector<Verb> verbs();

}  // namespace epochal::adain
