#pragma once

namespace epochal {

/// Makes waiting OpenMP threads release their core soon. It sets GNU OpenMP's environment, which is
/// read when a plugin loads the library. By default, threads spin for about a millisecond at each
/// barrier. With other programs on the cores, a run then had a fourteenth of its speed, and with
/// this setting a third. Does not change OMP_WAIT_POLICY or GOMP_SPINCOUNT of the user. Call it
/// before starting threads.
void shorten_waiting();

}  // namespace epochal
