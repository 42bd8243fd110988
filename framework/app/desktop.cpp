#include "framework/app/desktop.h"

#include <cstdlib>

#include "framework/system/child_process.h"

namespace epochal::app {

void show_on_desktop(const std::string& what) {
  if (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr) return;
  ProcessStart start;
  start.command = {"xdg-open", what};
  start.output = "/dev/null";
  start.group = SignalGroup::own;
  ChildProcess(start).let_go();
}

}  // namespace epochal::app
