#include "framework/system/waiting_threads.h"

#include <cstdlib>

namespace epochal {

void shorten_waiting() {
  // Rounds of waiting, of 300,000. Measured with two busy programs beside it on two cores: fewer
  // cost speed where nobody else is there.
  constexpr char kRounds[] = "10000";
  if (std::getenv("OMP_WAIT_POLICY") == nullptr) setenv("GOMP_SPINCOUNT", kRounds, 0);
}

}  // namespace epochal
