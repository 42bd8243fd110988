#pragma once

#include <string>

namespace epochal::app {

/// Opens a folder or an address with the desktop's program for it. Does nothing without a desktop.
void show_on_desktop(const std::string& what);

}  // namespace epochal::app
