#pragma once

#include <string>
#include <string_view>

namespace epochal::store {

/// A text in quotes, with each quote in it doubled, as SQL has names, CSV its fields, and our
/// filters the names of fields.
std::string in_quotes(std::string_view text, char quote = '"');

}  // namespace epochal::store
