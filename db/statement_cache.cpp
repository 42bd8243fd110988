// Statements that stay compiled between their uses.

#include "db/statement_cache.h"

#include <string>

namespace epochal::store {

PreparedStatement::~PreparedStatement() {
  statement_.tryReset();  // reports the error of the last step again, which was already thrown
}

PreparedStatement StatementCache::prepare(std::string_view literal) {
  auto found = statements_.find(literal);
  if (found == statements_.end()) {
    found = statements_.try_emplace(literal, *database_, std::string(literal)).first;
  }
  found->second.clearBindings();
  return PreparedStatement(found->second);
}

int StatementCache::execute(std::string_view literal, NamedValues values) {
  return store::execute(*prepare(literal), values);
}

std::optional<std::int64_t> StatementCache::integer(std::string_view literal, NamedValues values) {
  const PreparedStatement statement = prepare(literal);
  bind_values(*statement, values);
  if (!statement->executeStep()) return std::nullopt;
  return statement->getColumn(0).getInt64();
}

}  // namespace epochal::store
