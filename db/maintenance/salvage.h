#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace epochal::store {

/// What can still be read from a damaged database.
struct Salvage {
  struct Table {
    std::string name;
    std::int64_t rows = 0;  ///< rows that could be read
    bool is_whole = false;  ///< whether reading reached the end of the table
  };
  std::vector<Table> tables;  ///< empty if not even the list of tables can be read
};

/// Reads every table of `epochal.db` in the folder as far as possible. Changes nothing.
Salvage salvageable(const std::filesystem::path& folder);

}  // namespace epochal::store
