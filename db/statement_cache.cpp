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

}  // namespace epochal::store
