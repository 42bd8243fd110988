#pragma once

#include "framework/sweep/sweep.h"

namespace epochal {

/// Declares what a program that asks for its points itself (see `epochal ask`) needs not declare:
/// the parameters that its sweep chooses or sets, and the metric of the search as its objective.
/// Does nothing for other sweeps. Throws Error with the place.
void declare_asked_program(Sweep& sweep);

}  // namespace epochal
