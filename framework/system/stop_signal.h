#pragma once

namespace epochal {

/// Ctrl-C and termination as a count that polite code asks for. The one global besides the plugin
/// registry: a signal handler can reach nothing else.
namespace stop_signal {

/// Counts SIGINT, SIGTERM and SIGUSR1 (which Slurm sends when the time is nearly up) from now on
/// instead of dying of them; the third ends the process at once, should polite code hang.
void install();

/// How many came so far: 1 asks to stop after the current step, 2 to stop at once.
int count();

/// Whether SIGUSR1 was among them.
bool is_time_up();

}  // namespace stop_signal

}  // namespace epochal
