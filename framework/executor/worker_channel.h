#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "db/records.h"

namespace epochal {

/// An order from the local executor to a worker: a line "NUMBER LOG", with newlines and backslashes
/// of the file's name escaped.
struct WorkerOrder {
  store::RunId run;
  std::filesystem::path log;  ///< where the worker prints while it does the run

  bool operator==(const WorkerOrder&) const = default;
};

/// With its newline.
std::string to_line(const WorkerOrder& order);

/// An order as to_line() writes it, without its newline. Throws Error for anything else.
WorkerOrder worker_order(const std::string& line);

/// Removes the first whole line from a worker's answers and returns its exit code; none if no line
/// is whole. Anything else than an exit code counts as an internal error, never as success.
std::optional<int> take_answer(std::string& received);

}  // namespace epochal
