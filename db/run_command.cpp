// The declared program of a run in the store, and the number of epochs of such a run.

#include <SQLiteCpp/Statement.h>

#include "db/query.h"
#include "db/store.h"

namespace epochal::store {

using SQLite::Statement;

void Store::set_command(RunId run, const std::string& declaration) {
  if (declaration.empty()) return;
  statements_.execute(
      "insert into command (declaration) values (:declaration) on conflict do nothing",
      {{":declaration", declaration}});
  statements_.execute(
      "insert into run_command (run_id, command_id) "
      "select :run, id from command where declaration = :declaration "
      "on conflict (run_id) do update set command_id = excluded.command_id",
      {{":run", run.value}, {":declaration", declaration}});
}

void Store::lengthen(RunId run, Epoch epochs) {
  statements_.execute("update run set epochs = max(epochs, :epochs) where id = :run",
                      {{":epochs", epochs}, {":run", run.value}});
}

std::string Query::command(RunId run) const {
  Statement row(connection_.database(),
                "select declaration from run_command join command on command.id = command_id "
                "where run_id = :run");
  row.bind(":run", run.value);
  return row.executeStep() ? row.getColumn(0).getString() : std::string();
}

}  // namespace epochal::store
