#pragma once

#include <string>
#include <string_view>

namespace epochal {

/// A Content-Security-Policy that allows a page what this template of it holds, and nothing else:
/// pictures and sound within the page, its styles, and its one script by its hash. Throws
/// std::logic_error if a value is filled into the script, which no hash could foresee.
std::string page_policy(std::string_view page_template);

}  // namespace epochal
