#pragma once

#include <string>

namespace epochal {

/// Shows a folder or an address with the desktop's program for it. Does nothing where there is no
/// desktop.
void show_on_desktop(const std::string& what);

}  // namespace epochal
