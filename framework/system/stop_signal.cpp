// Counts the signals that ask the program to stop.

#include "framework/system/stop_signal.h"

#include <csignal>

#include <atomic>

namespace epochal::stop_signal {
namespace {

std::atomic<int> received{0};
std::atomic<bool> time_is_up{false};
static_assert(std::atomic<int>::is_always_lock_free, "used in a signal handler");

extern "C" void count_signal(int number) {
  if (number == SIGUSR1) time_is_up = true;
  if (received.fetch_add(1) < 2) return;
  std::signal(number, SIG_DFL);
  std::raise(number);
}

}  // namespace

void install() {
  struct sigaction action {};
  action.sa_handler = count_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGUSR1, &action, nullptr);
}

int count() {
  return received.load();
}

bool is_time_up() {
  return time_is_up.load();
}

}  // namespace epochal::stop_signal
