// The declared program of a run in the store, and the number of epochs of such a run.

#include <SQLiteCpp/Statement.h>

#include "db/query.h"
#include "db/store.h"

namespace epochal::store {

using SQLite::Statement;

void Store::set_command(RunId run, const std::string& declaration) {
  if (declaration.empty()) return;
  const PreparedStatement keep = statements_.prepare(
      "insert into command (declaration) values (:declaration) on conflict do nothing");
  keep->bind(":declaration", declaration);
  keep->exec();
  const PreparedStatement join = statements_.prepare(
      "insert into run_command (run_id, command_id) "
      "select :run, id from command where declaration = :declaration "
      "on conflict (run_id) do update set command_id = excluded.command_id");
  join->bind(":run", run.value);
  join->bind(":declaration", declaration);
  join->exec();
}

void Store::lengthen(RunId run, Epoch epochs) {
  const PreparedStatement update =
      statements_.prepare("update run set epochs = max(epochs, :epochs) where id = :run");
  update->bind(":epochs", epochs);
  update->bind(":run", run.value);
  update->exec();
}

std::string Query::command(RunId run) const {
  Statement row(connection_.database(),
                "select declaration from run_command join command on command.id = command_id "
                "where run_id = :run");
  row.bind(":run", run.value);
  return row.executeStep() ? row.getColumn(0).getString() : std::string();
}

}  // namespace epochal::store
