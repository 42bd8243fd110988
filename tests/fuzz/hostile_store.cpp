// Stores that no epochal has written.

#include "tests/fuzz/hostile_store.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <charconv>
#include <optional>
#include <vector>

#include "db/connection.h"
#include "db/migration.h"
#include "framework/base/error.h"
#include "tests/fuzz/input_files.h"
#include "tests/support/temporary_folder.h"

namespace epochal::fuzz {
namespace {

constexpr const char* kRows = R"sql(
insert into sweep values (1, 'quick', 'c0ffee', 'quick.toml', 'name = "quick"', '["gamma=2"]',
  'gamma', 1.7e9);
insert into run (id, identity, group_identity, experiment, experiment_version, seed, epochs, status,
    data_fingerprint, weights_fingerprint, code_version, created_at, started_at, ended_at, error,
    epochs_done, trained_seconds)
  select value, printf('%064x', value), printf('%064x', value > 2), 'noop', 1, value % 2, 2,
    case value when 3 then 'failed' else 'finished' end, 'data', 'weights', '0.1.0', 1.7e9, 1.7e9,
    1.7e9 + 60, case value when 3 then 'it broke' end, 2, 50
  from json_each('[1, 2, 3]');
insert into sweep_run select 1, id, id from run;
insert into parameter select id, 'gamma', 'real', 0.5 + (id > 2) from run;
insert into parameter select id, 'size', 'integer', 64 from run;
insert into parameter select id, 'flip', 'boolean', 1 from run;
insert into parameter select id, 'content', 'text', 'images/' || (id > 2) from run;
insert into host values (1, 'f', 'machine', 'a CPU', 4, 8589934592, 'a GPU', 1073741824, '535',
  'Linux');
insert into attempt (id, run_id, host_id, pid, pid_start, device, threads, libraries, started_at,
    heartbeat_at, ended_at, end_reason, first_epoch, last_epoch, command, directory, git_commit,
    environment)
  select id, id, 1, 100, 1, 'cpu', 2, '{"libtorch": "1.13"}', 1.7e9, 1.7e9 + 60, 1.7e9 + 60,
    'finished', 1, 2, 'epochal run', '/home', 'abc', '{"OMP_NUM_THREADS": "2"}' from run;
insert into epoch (run_id, number, attempt_id, started_at, seconds, train_seconds,
    data_wait_seconds, samples, learning_rate, peak_host_bytes, peak_device_bytes, cpu_use, gpu_use,
    steps)
  select run.id, value, run.id, 1.7e9 + 30 * value, 25, 20, 1, 640, 1e-3, 1e9, 1e9, 0.9, 0.5, 10
  from run, json_each('[1, 2]');
insert into metric_name values (1, 'train.total'), (2, 'val.total');
insert into metric select run_id, metric_name.id, number, 1.0 / number + run_id / 10.0
  from epoch, metric_name;
insert into metric_summary
  select run_id, name_id, min(value), 2, min(value), 2, max(value), 1, sum(value), 2
  from metric group by run_id, name_id;
insert into utilisation select run_id, number, value, 0.9, 1000000000, 0.5, 1000000000
  from epoch, json_each('[5, 15]');
insert into artifact
  select id * 3, id, 2, 'sample', 'grid', 'a caption', 'artifacts/' || id || '/grid.png',
    printf('%064x', id), 100, 'picture' from run
  union all select id * 3 + 1, id, 2, 'checkpoint', 'state.json', '',
    'artifacts/' || id || '/state.json', printf('%064x', id), 100, null from run
  union all select id * 3 + 2, id, null, 'log', 'attempt-1', '',
    'artifacts/' || id || '/attempt-1.log', null, null, null from run;
insert into event select id, id, 1.7e9, 'retry', 'tried again' from run;
insert into tag select id, 'best', 'yes' from run;
insert into note select id, id, 1.7e9, 'a note' from run;
insert into forecast (id, identity, made_at, host, device, threads, epochs, seconds, peak_bytes)
  select id, identity, 1.7e9, 'machine', 'cpu', 2, 2, 60, 1000000000 from run;
insert into cluster_job values (1, 'slurm', '12', 'slurm/job-0001', 1.7e9, null);
insert into cluster_task select 1, id, id from run;
insert into search_trial select 1, id - 1, id, 1.7e9, '{"x": 0.5}', 'model', '0-1', '2' from run;
)sql";

/// The bytes of a new database to which something is done.
std::string database_with(const std::function<void(SQLite::Database&)>& change) {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder / "epochal.db";
  {
    SQLite::Database database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("pragma page_size = 512");  // a change of a byte then means more
    store::migrate(database);
    change(database);
    database.exec("vacuum");
  }
  return test::read_file(file);
}

void fill_and_unguard(SQLite::Database& database) {
  database.exec(kRows);
  database.exec("pragma writable_schema = on");
  database.exec(
      "update sqlite_master set sql = replace(sql, ') strict', ')') where sql like "
      "'%) strict%'");
  database.exec("pragma writable_schema = off");
}

/// "run.status#1": which value is to be replaced.
struct Place {
  std::string table;
  std::string column;
  std::optional<std::int64_t> row;
};

std::optional<Place> place_of(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::size_t hash = text.find('#');
  Place place{
      std::string(text.substr(0, dot)),
      std::string(text.substr(dot + 1, hash == std::string_view::npos ? hash : hash - dot - 1)),
      std::nullopt};
  if (hash != std::string_view::npos) {
    std::int64_t row = 0;
    std::from_chars(text.data() + hash + 1, text.data() + text.size(), row);
    place.row = row;
  }
  return place;
}

/// What tells the rows of each table apart; empty where there is no such table.
std::string keys_of(const SQLite::Database& database, const Place& place) {
  SQLite::Statement row(database,
                        "select group_concat('\"' || keys.name || '\"', ', ') "
                        "from pragma_table_info(:table) as keys "
                        "where keys.pk > 0 and exists (select 1 from pragma_table_info(:table) as "
                        "own where own.name = :column)");
  row.bind(":table", place.table);
  row.bind(":column", place.column);
  return row.executeStep() ? row.getColumn(0).getString() : "";
}

void bind_value(SQLite::Statement& statement, std::string_view text) {
  std::int64_t whole = 0;
  double real = 0;
  const char* const end = text.data() + text.size();
  if (text == "null") {
    statement.bind(":value");
  } else if (std::from_chars(text.data(), end, whole).ptr == end) {
    statement.bind(":value", whole);
  } else if (std::from_chars(text.data(), end, real).ptr == end) {
    statement.bind(":value", real);
  } else if (text.starts_with("x'")) {
    statement.bind(":value", text.data() + 2, static_cast<int>(text.size() - 2));
  } else {
    statement.bind(":value", std::string(text));
  }
}

void replace_value(const SQLite::Database& database, const Place& place, std::string_view value) {
  const std::string keys = keys_of(database, place);
  if (keys.empty()) return;
  std::string sql =
      "update or ignore \"" + place.table + "\" set \"" + place.column + "\" = :value";
  if (place.row) {
    sql += " where (" + keys + ") in (select " + keys + " from \"" + place.table +
           "\" limit 1 offset :row)";
  }
  SQLite::Statement statement(database, sql);
  bind_value(statement, value);
  if (place.row) statement.bind(":row", *place.row);
  statement.exec();
}

}  // namespace

const std::string& sound_database() {
  static const std::string bytes = database_with(fill_and_unguard);
  return bytes;
}

void make_empty_store(const std::filesystem::path& folder) {
  static const std::string bytes = database_with([](SQLite::Database&) {});
  test::write_file(folder / "epochal.db", bytes);
}

std::filesystem::path store_of(std::string_view database) {
  std::filesystem::path folder = empty_folder() / "store";
  test::write_file(folder / "epochal.db", std::string(database));
  return folder;
}

std::filesystem::path hostile_store(std::string_view lines) {
  constexpr int kMostLines = 100;
  std::filesystem::path folder = store_of(sound_database());
  SQLite::Database database(folder / "epochal.db", SQLite::OPEN_READWRITE);
  database.exec("pragma journal_mode = off");
  database.exec("pragma synchronous = off");
  database.exec("pragma foreign_keys = off");
  database.exec("pragma ignore_check_constraints = on");
  database.exec("begin");
  for (int count = 0; !lines.empty() && count < kMostLines; ++count) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) continue;
    try {
      const auto place = place_of(line.substr(0, space));
      if (place) replace_value(database, *place, line.substr(space + 1));
    } catch (const SQLite::Exception&) {  // what cannot be put in stays as it was
    }
  }
  database.exec("commit");
  return folder;
}

void attempt(const std::function<void()>& read) {
  try {
    read();
  } catch (const Error&) {
  } catch (const SQLite::Exception& exception) {
    if (!store::is_user_error(exception)) throw;
  }
}

}  // namespace epochal::fuzz
