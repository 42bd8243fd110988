#include "framework/system/waiting_threads.h"

#include <cstdlib>

namespace epochal {

void shorten_waiting() {
  // Rounds of waiting, instead of 300,000. Measured on two cores with two other busy programs:
  // fewer rounds make a run slower when it is alone.
  constexpr char kRounds[] = "10000";
  if (std::getenv("OMP_WAIT_POLICY") == nullptr) setenv("GOMP_SPINCOUNT", kRounds, 0);
}

}  // namespace epochal
