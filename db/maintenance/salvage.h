#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace epochal {

/// What of a damaged database can still be read.
struct Salvage {
  struct Table {
    std::string name;
    std::int64_t rows = 0;  ///< that could be read
    bool is_whole = false;  ///< whether reading came to the table's end
  };
  std::vector<Table> tables;  ///< empty where not even the list of tables can be read
};

/// Reads every table of `epochal.db` in the folder as far as it goes. Changes nothing.
Salvage salvageable(const std::filesystem::path& folder);

}  // namespace epochal
