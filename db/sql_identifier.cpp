#include "db/sql_identifier.h"

namespace epochal::store {

std::string sql_identifier(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + '"';
}

}  // namespace epochal::store
