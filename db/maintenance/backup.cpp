// Copies old databases with SQLite's online backup.

#include "db/maintenance/backup.h"

#include <SQLiteCpp/Backup.h>
#include <fmt/format.h>

#include <algorithm>

namespace epochal::store {
namespace fs = std::filesystem;

void back_up(SQLite::Database& database, const fs::path& folder, int schema) {
  const fs::path file = folder / fmt::format("epochal.db.schema-{}.backup", schema);
  const fs::path temporary = file.string() + ".tmp";
  fs::remove(temporary);  // left by a process that died
  {
    SQLite::Database copy(temporary.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    copy.exec("pragma synchronous = full");
    SQLite::Backup(copy, database).executeStep(-1);
    // A copy in one file, whatever the journal mode of the original.
    copy.exec("pragma journal_mode = delete");
  }
  fs::rename(temporary, file);
}

std::vector<fs::path> backups_in(const fs::path& folder) {
  std::vector<fs::path> backups;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename();
    if (name.starts_with("epochal.db.schema-") && name.ends_with(".backup")) {
      backups.push_back(entry.path());
    }
  }
  std::sort(backups.begin(), backups.end());
  return backups;
}

}  // namespace epochal::store
