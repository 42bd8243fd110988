#pragma once

// What `epochal ui` writes: tags, notes and the trash.

#include <filesystem>
#include <string>

#include "framework/app/ui/answers.h"

namespace epochal {

/// Does what a request of docs/api.md, "Changing", asks for: `method` is POST or DELETE, `what` is
/// tags, notes or trash, `body` the request's JSON. Throws Error for a wrong body, and NotFound for
/// runs that are not there; then nothing is changed.
Answer change_store(const std::filesystem::path& store, const std::string& method,
                    const std::string& what, const std::string& body);

}  // namespace epochal
