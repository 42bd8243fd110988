#pragma once

// The changes that `epochal ui` makes: tags, notes and the trash.

#include <filesystem>
#include <string>

#include "framework/app/ui/answers.h"

namespace epochal::app {

/// Makes the change of a request (docs/api.md, "Changing"): `method` is POST or DELETE, `what` is
/// tags, notes or trash, `body` the request's JSON. Throws Error for a wrong body and NotFound for
/// missing runs, and then changes nothing.
Answer change_store(const std::filesystem::path& store, const std::string& method,
                    const std::string& what, const std::string& body);

}  // namespace epochal::app
