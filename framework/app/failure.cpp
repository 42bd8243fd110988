// One sentence and an exit code for each exception that ends the program.

#include "framework/app/failure.h"

#include <SQLiteCpp/Exception.h>
#include <fmt/format.h>

#include <filesystem>
#include <new>

#include "db/connection.h"
#include "framework/app/exit_code.h"
#include "framework/base/disk_full.h"
#include "framework/base/error.h"

namespace epochal::app {

Failure failure_of(const std::exception& exception) {
  if (dynamic_cast<const DiskFull*>(&exception)) return {exception.what(), kWorkLeft};
  if (dynamic_cast<const Error*>(&exception)) return {exception.what(), kWrongInput};
  if (const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&exception)) {
    return {store::explain(*sqlite).what(),
            store::is_user_error(*sqlite) ? kWrongInput : kInternalError};
  }
  if (const auto* error = dynamic_cast<const std::filesystem::filesystem_error*>(&exception)) {
    // A folder of the user is missing, closed or full: this is not an internal error.
    return {fmt::format("{}: {}; check the path and its disk",
                        error->path1().empty() ? "the working folder" : error->path1().string(),
                        error->code().message()),
            is_want_of_room(error->code()) ? kWorkLeft : kWrongInput};
  }
  if (dynamic_cast<const std::bad_alloc*>(&exception)) {
    return {"out of memory; close other programs or use a smaller sweep", kInternalError};
  }
  return {
      fmt::format("internal error: {}; please report it with the command line", exception.what()),
      kInternalError};
}

}  // namespace epochal::app
