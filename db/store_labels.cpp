// Tags, notes and the trash.

#include <SQLiteCpp/Statement.h>

#include "db/query_columns.h"
#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Transaction;

void Store::set_tags(RunId run, const std::map<std::string, std::string>& tags) {
  Transaction transaction(connection_.database(), kWrite);
  for (const auto& [name, value] : tags) {
    statements_.execute(
        "insert into tag (run_id, name, value) values (:run, :name, :value) "
        "on conflict do update set value = excluded.value",
        {{":run", run.value}, {":name", name}, {":value", value}});
  }
  transaction.commit();
}

void Store::remove_tags(RunId run, const std::vector<std::string>& names) {
  Transaction transaction(connection_.database(), kWrite);
  for (const std::string& name : names) {
    statements_.execute("delete from tag where run_id = :run and name = :name",
                        {{":run", run.value}, {":name", name}});
  }
  transaction.commit();
}

void Store::add_note(RunId run, const std::string& text) {
  statements_.execute("insert into note (run_id, at, text) values (:run, :at, :text)",
                      {{":run", run.value}, {":at", now()}, {":text", text}});
}

void Store::insert_labels(RunId run, const WholeRun& whole) {
  for (const auto& [name, value] : whole.tags) {
    statements_.execute(
        "insert into tag (run_id, name, value) values (:run, :name, :value) "
        "on conflict do nothing",
        {{":run", run.value}, {":name", name}, {":value", value}});
  }
  for (const NoteRecord& record : whole.notes) {
    statements_.execute(
        "insert into note (run_id, at, text) select :run, :at, :text where not exists "
        "(select 1 from note where run_id = :run and at = :at and text = :text)",
        {{":run", run.value}, {":at", record.at}, {":text", record.text}});
  }
}

void Store::add_labels(RunId run, const WholeRun& other) {
  if (other.tags.empty() && other.notes.empty()) return;
  Transaction transaction(connection_.database(), kWrite);
  insert_labels(run, other);
  transaction.commit();
}

int Store::trash(const std::vector<RunId>& runs) {
  Transaction transaction(connection_.database(), kWrite);
  int moved = 0;
  for (const RunId run : runs) {
    moved += statements_.execute(
        "update run set trashed_at = :at where id = :run and trashed_at is null "
        "and status <> 'running'",
        {{":at", now()}, {":run", run.value}});
  }
  transaction.commit();
  return moved;
}

int Store::restore(const std::vector<RunId>& runs) {
  Transaction transaction(connection_.database(), kWrite);
  int restored = 0;
  for (const RunId run : runs) {
    restored += statements_.execute(
        "update run set trashed_at = null where id = :run and trashed_at is not null",
        {{":run", run.value}});
  }
  transaction.commit();
  return restored;
}

std::vector<std::string> Store::empty_trash() {
  Transaction transaction(connection_.database(), kWrite);
  // Deleted first: otherwise SQLite would scan all metrics of the run for each deleted epoch.
  statements_.execute(
      "delete from metric where run_id in (select id from run where trashed_at is not null "
      "and status <> 'running')",
      {});
  SQLite::Statement forget(connection_.database(),
                           "delete from run where trashed_at is not null and status <> 'running' "
                           "returning identity");
  std::vector<std::string> forgotten = texts_of(forget);
  transaction.commit();
  return forgotten;
}

void Store::set_files_aside(const std::vector<std::string>& identities,
                            const std::function<void(const std::string& identity)>& set_aside) {
  // The write lock prevents new runs; nothing is written.
  Transaction transaction(connection_.database(), kWrite);
  for (const std::string& identity : identities) {
    if (!id_of(identity)) set_aside(identity);
  }
  transaction.commit();
}

}  // namespace epochal::store
