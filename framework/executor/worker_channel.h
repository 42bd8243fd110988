#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "db/records.h"

namespace epochal {

/// What the local executor tells a worker over its channel: a line "NUMBER LOG", in which newlines
/// and backslashes of the file's name are escaped.
struct WorkerOrder {
  RunId run;
  std::filesystem::path log;  ///< where it prints to while it does the run

  bool operator==(const WorkerOrder&) const = default;
};

/// With its newline.
std::string to_line(const WorkerOrder& order);

/// An order as to_line() writes it, without its newline. Throws Error for anything else.
WorkerOrder worker_order(const std::string& line);

/// Takes the first whole line off the front of what a worker has said, the exit code of its run:
/// none if no line is whole. What is no exit code counts as an internal error, never as success.
std::optional<int> take_answer(std::string& received);

}  // namespace epochal
