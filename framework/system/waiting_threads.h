#pragma once

namespace epochal {

/// Lets the threads of a computation that wait for each other give up their core soon, by GNU
/// OpenMP's environment, which it reads when a plugin brings it in. By default they spin for about
/// a millisecond at each barrier: where another program wants the cores too, such a run came down
/// to a fourteenth of its speed, and so to a third. OMP_WAIT_POLICY and GOMP_SPINCOUNT of the
/// user's own stay as they are. Call it before threads are started.
void shorten_waiting();

}  // namespace epochal
