#pragma once

namespace epochal {

/// Counts Ctrl-C and termination signals for code that stops on request. A global, since a signal
/// handler can reach nothing else.
namespace stop_signal {

/// From now on, SIGINT, SIGTERM and SIGUSR1 (which Slurm sends when the time is nearly up) are
/// counted and do not end the process. The third one ends it at once, in case the code hangs.
void install();

/// The number of signals so far: 1 asks to stop after the current step, 2 to stop at once.
int count();

/// Whether SIGUSR1 was among them.
bool is_time_up();

}  // namespace stop_signal

}  // namespace epochal
