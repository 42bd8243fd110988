#pragma once

#include <string>

namespace epochal {

/// A table's or column's name as it is written in SQL: in double quotes.
std::string sql_identifier(const std::string& name);

}  // namespace epochal
