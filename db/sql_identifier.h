#pragma once

#include <string>

namespace epochal::store {

/// The name of a table or column as SQL, in double quotes.
std::string sql_identifier(const std::string& name);

}  // namespace epochal::store
