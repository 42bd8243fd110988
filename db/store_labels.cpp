// Tags, notes and the trash.

#include <SQLiteCpp/Statement.h>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {
namespace {

using SQLite::Statement;
using SQLite::Transaction;

/// Runs a statement with :run bound to each; returns how many rows changed.
int for_each_run(SQLite::Database& database, const char* sql, const std::vector<RunId>& runs) {
  Transaction transaction(database, kWrite);
  Statement statement(database, sql);
  int changed = 0;
  for (const RunId run : runs) {
    statement.bind(":run", run.value);
    changed += statement.exec();
    statement.reset();
  }
  transaction.commit();
  return changed;
}

}  // namespace

void Store::set_tags(RunId run, const std::map<std::string, std::string>& tags) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  Statement insert(database,
                   "insert into tag (run_id, name, value) values (:run, :name, :value) "
                   "on conflict do update set value = excluded.value");
  for (const auto& [name, value] : tags) {
    insert.bind(":run", run.value);
    insert.bind(":name", name);
    insert.bind(":value", value);
    insert.exec();
    insert.reset();
  }
  transaction.commit();
}

void Store::remove_tags(RunId run, const std::vector<std::string>& names) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  Statement remove(database, "delete from tag where run_id = :run and name = :name");
  for (const std::string& name : names) {
    remove.bind(":run", run.value);
    remove.bind(":name", name);
    remove.exec();
    remove.reset();
  }
  transaction.commit();
}

void Store::add_note(RunId run, const std::string& text) {
  Statement insert(connection_.database(),
                   "insert into note (run_id, at, text) values (:run, :at, :text)");
  insert.bind(":run", run.value);
  insert.bind(":at", now());
  insert.bind(":text", text);
  insert.exec();
}

void Store::insert_labels(RunId run, const WholeRun& whole) {
  const PreparedStatement tag = statements_.prepare(
      "insert into tag (run_id, name, value) values (:run, :name, :value) "
      "on conflict do nothing");
  for (const auto& [name, value] : whole.tags) {
    tag->bind(":run", run.value);
    tag->bind(":name", name);
    tag->bind(":value", value);
    tag->exec();
    tag->reset();
  }
  const PreparedStatement note = statements_.prepare(
      "insert into note (run_id, at, text) select :run, :at, :text where not exists "
      "(select 1 from note where run_id = :run and at = :at and text = :text)");
  for (const NoteRecord& record : whole.notes) {
    note->bind(":run", run.value);
    note->bind(":at", record.at);
    note->bind(":text", record.text);
    note->exec();
    note->reset();
  }
}

void Store::add_labels(RunId run, const WholeRun& other) {
  if (other.tags.empty() && other.notes.empty()) return;
  Transaction transaction(connection_.database(), kWrite);
  insert_labels(run, other);
  transaction.commit();
}

int Store::trash(const std::vector<RunId>& runs) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  Statement move(database,
                 "update run set trashed_at = :at where id = :run and trashed_at is null "
                 "and status <> 'running'");
  int moved = 0;
  for (const RunId run : runs) {
    move.bind(":at", now());
    move.bind(":run", run.value);
    moved += move.exec();
    move.reset();
  }
  transaction.commit();
  return moved;
}

int Store::restore(const std::vector<RunId>& runs) {
  return for_each_run(connection_.database(),
                      "update run set trashed_at = null where id = :run "
                      "and trashed_at is not null",
                      runs);
}

std::vector<std::string> Store::empty_trash() {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  // Deleted first: otherwise SQLite would scan all metrics of the run for each deleted epoch.
  Statement(database,
            "delete from metric where run_id in (select id from run where trashed_at is not null "
            "and status <> 'running')")
      .exec();
  Statement forget(database,
                   "delete from run where trashed_at is not null and status <> 'running' "
                   "returning identity");
  std::vector<std::string> forgotten;
  while (forget.executeStep()) forgotten.push_back(forget.getColumn(0).getString());
  transaction.commit();
  return forgotten;
}

void Store::set_files_aside(const std::vector<std::string>& identities,
                            const std::function<void(const std::string& identity)>& set_aside) {
  SQLite::Database& database = connection_.database();
  // The write lock prevents new runs; nothing is written.
  Transaction transaction(database, kWrite);
  Statement find(database, "select 1 from run where identity = :identity");
  for (const std::string& identity : identities) {
    find.bind(":identity", identity);
    if (!find.executeStep()) set_aside(identity);
    find.reset();
  }
  transaction.commit();
}

}  // namespace epochal::store
