// Binds values to statements by their names.

#include "db/named_values.h"

namespace epochal::store {
namespace {

void bind_plain(SQLite::Statement& statement, const char* name, std::nullptr_t) {
  statement.bind(name);
}

void bind_plain(SQLite::Statement& statement, const char* name, std::string_view text) {
  statement.bind(name, std::string(text));
}

template <typename Number>
void bind_plain(SQLite::Statement& statement, const char* name, Number number) {
  statement.bind(name, number);
}

}  // namespace

std::optional<std::string_view> text_or_null(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

void bind_values(SQLite::Statement& statement, NamedValues values) {
  for (const NamedValue& each : values) {
    std::visit([&](auto plain) { bind_plain(statement, each.name, plain); }, each.value);
  }
}

int execute(SQLite::Statement& statement, NamedValues values) {
  bind_values(statement, values);
  const int changed = statement.exec();
  statement.reset();
  return changed;
}

}  // namespace epochal::store
