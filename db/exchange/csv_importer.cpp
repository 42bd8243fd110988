// Reads runs from comma-separated tables; libcsv splits the fields.

#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <list>
#include <map>
#include <set>

#include "db/cell_value.h"
#include "db/exchange/run_importer.h"
#include "framework/base/error.h"
#include "framework/base/parsed_number.h"
#include "framework/base/whole_number.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestFile = 1 << 30;
constexpr std::size_t kLongestField = 100'000;
constexpr std::size_t kMostColumns = 10'000;
constexpr Epoch kLastEpoch = 10'000'000;

/// Reads a file field by field and row by row.
class CsvReader {
 public:
  using Row = std::vector<std::string>;

  CsvReader(fs::path file, std::function<void(const Row&, std::size_t line)> on_row)
      : file_(std::move(file)), on_row_(std::move(on_row)) {
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
      throw std::bad_alloc();
  }
  ~CsvReader() { csv_free(&parser_); }
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  void read() {
    std::error_code error;
    if (fs::file_size(file_, error) > kLargestFile && !error) {
      throw Error("the file is larger than 1 GiB", file_, "split it");
    }
    std::ifstream in(file_, std::ios::binary);
    if (error || !in) throw Error("the file cannot be read", file_);
    // Spreadsheets start UTF-8 files with a byte order mark.
    std::array<char, 3> mark{};
    in.read(mark.data(), mark.size());
    if (in.gcount() < 3 || std::string_view(mark.data(), 3) != "\xef\xbb\xbf") {
      in.clear();
      in.seekg(0);
    }
    std::vector<char> part(1 << 16);
    while (in.read(part.data(), static_cast<std::streamsize>(part.size())) || in.gcount() > 0) {
      take({part.data(), static_cast<std::size_t>(in.gcount())});
    }
    if (csv_fini(&parser_, on_field, on_end, this) != 0) {
      rethrow();
      throw failure("a quote that opens in this row is never closed", row_line_);
    }
    rethrow();
  }

 private:
  /// A line with its end (LF, CR or CRLF); the rest of the text if there is none.
  static std::string_view first_line(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool is_end =
          text[i] == '\n' || (text[i] == '\r' && i + 1 < text.size() && text[i + 1] != '\n');
      if (is_end) return text.substr(0, i + 1);
    }
    return text;
  }

  /// Parses line by line, to know the line number: the parser does not report empty lines, and a
  /// quoted field may span several lines.
  void take(std::string_view text) {
    constexpr int kNoRowBegun = 0;
    while (!text.empty()) {
      const std::string_view line = first_line(text);
      if (parser_.pstate == kNoRowBegun) row_line_ = line_;
      const std::size_t parsed =
          csv_parse(&parser_, line.data(), line.size(), on_field, on_end, this);
      rethrow();
      if (parsed != line.size()) throw failure("there is a quote where none is allowed", line_);
      if (line.back() == '\n' || line.back() == '\r') ++line_;
      text.remove_prefix(line.size());
    }
  }

  /// The error of the parser, which may also have run out of memory.
  Error failure(const std::string& what, std::size_t line) {
    if (csv_error(&parser_) != CSV_EPARSE) throw std::bad_alloc();
    return Error(what, fmt::format("{}:{}", file_.string(), line),
                 "quote a field that has a comma, a quote or a line break, and double each quote "
                 "in it");
  }

  Error fault(const std::string& what) const {
    return Error(what, fmt::format("{}:{}", file_.string(), row_line_));
  }

  // Exceptions must not pass through C code: the first one is kept and thrown afterwards.
  static void on_field(void* text, std::size_t length, void* self_pointer) {
    auto* self = static_cast<CsvReader*>(self_pointer);
    self->guarded([&] {
      if (length > kLongestField) throw self->fault("a field is longer than 100,000 bytes");
      if (self->row_.size() == kMostColumns)
        throw self->fault("there are more than 10,000 columns");
      self->row_.emplace_back(static_cast<const char*>(text), length);
    });
  }
  static void on_end(int, void* self_pointer) {
    auto* self = static_cast<CsvReader*>(self_pointer);
    self->guarded([&] { self->on_row_(self->row_, self->row_line_); });
    self->row_.clear();
  }

  void guarded(const std::function<void()>& action) {
    if (failure_) return;
    try {
      action();
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

  csv_parser parser_{};
  fs::path file_;
  std::function<void(const Row&, std::size_t)> on_row_;
  Row row_;
  std::size_t line_ = 1;
  std::size_t row_line_ = 1;  ///< the first line of the row
  std::exception_ptr failure_;
};

double number_of(const std::string& text, const std::string& column, const std::string& where) {
  if (const auto number = parsed_number<double>(text)) return *number;
  throw Error(fmt::format("'{}' in column {} is not a number", text.substr(0, 40), column), where);
}

/// A number of a column in which the store has no NaN.
double finite_number_of(const std::string& text, const std::string& column,
                        const std::string& where) {
  const double number = number_of(text, column, where);
  if (std::isfinite(number)) return number;
  throw Error(fmt::format("{} in column {} is not a finite number", text.substr(0, 40), column),
              where, "leave the field empty if nothing was measured");
}

std::int64_t count_of(const std::string& text, const std::string& column,
                      const std::string& where) {
  constexpr double kMost = 9007199254740992;  // up to here every whole number is a double
  const double number = finite_number_of(text, column, where);
  if (number >= 0 && number <= kMost && std::trunc(number) == number) return nearest_whole(number);
  throw Error(
      fmt::format("'{}' in column {} is not a whole number from 0", text.substr(0, 40), column),
      where);
}

Epoch epoch_number(const std::string& text, const std::string& where) {
  const auto epoch = parsed_number<Epoch>(text);
  if (epoch && *epoch >= 1 && *epoch <= kLastEpoch) return *epoch;
  throw Error(fmt::format("'{}' is not an epoch number", text.substr(0, 40)), where,
              "epochs are 1, 2, 3 and so on");
}

std::uint64_t seed_of(const std::string& text, const std::string& where) {
  const auto seed = parsed_number<std::int64_t>(text);
  if (seed && *seed >= 0) return static_cast<std::uint64_t>(*seed);
  throw Error(fmt::format("'{}' is not a seed", text.substr(0, 40)), where,
              "a seed is a whole number from 0");
}

RunStatus status_of(const std::string& text, const std::string& where) {
  if (const auto status = imported_status(text)) return *status;
  throw Error(fmt::format("'{}' in column status is not a status of a run", text.substr(0, 40)),
              where, "write finished, failed, stopped, interrupted, running or queued");
}

/// The place of a value; there may be millions of them.
struct Place {
  const std::string* file = nullptr;
  std::size_t line = 0;
  std::string text() const { return fmt::format("{}:{}", *file, line); }
};

/// What the rows so far say about a run.
struct ParsedRun {
  struct ParsedValue {
    std::string text;
    Place place;
  };
  struct ToldEpoch {
    EpochRecord epoch;
    Place place;
  };
  WholeRun whole;
  std::map<std::string, ParsedValue>
      columns;  ///< values of the run, each with the first row that gives it
  std::map<Epoch, ToldEpoch> epochs;
};

class CsvImport {
 public:
  void read(const fs::path& file) {
    CsvReader::Row header;
    const std::string& name = files_.emplace_back(file.string());
    CsvReader reader(file, [&](const CsvReader::Row& row, std::size_t line) {
      if (header.empty()) {
        header = row;
        check(header, file);
        return;
      }
      const bool is_blank = row.empty() || (row.size() == 1 && row.front().empty());
      if (!is_blank) take(header, row, {&name, line});
    });
    reader.read();
    if (header.empty()) throw Error("the file is empty", file);
  }

  /// `path`: of the tables.
  std::vector<WholeRun> finish(const fs::path& path) {
    std::vector<WholeRun> runs;
    for (const std::string& name : order_) {
      ParsedRun& parsed = runs_[name];
      for (auto& [number, epoch] : parsed.epochs) {
        parsed.whole.epochs.push_back(std::move(epoch.epoch));
      }
      const Timestamp created = parsed.whole.run.created_at;
      const std::string source = source_of(created > 0 ? fmt::format("{}", created) : "", path);
      runs.push_back(finished_import(std::move(parsed.whole), {"csv", name, source}));
    }
    return runs;
  }

 private:
  /// Skips last.NAME and best.NAME: they follow from the epochs.
  static bool is_prefixed(const std::string& column) {
    for (const char* prefix : {"params.", "metrics.", "tags.", "last.", "best."}) {
      if (column.starts_with(prefix) && column.size() > std::string_view(prefix).size())
        return true;
    }
    return false;
  }

  static void check(const CsvReader::Row& header, const fs::path& file) {
    static const std::set<std::string> kKnown{
        "run",     "epoch",   "experiment",      "seed",        "status",        "created",
        "started", "ended",   "seconds",         "samples",     "learning_rate", "identity",
        "epochs",  "host",    "steps",           "device",      "commit",        "code",
        "cpu_use", "gpu_use", "peak_host_bytes", "total_steps", "total_images"};
    std::set<std::string> seen;
    for (const std::string& column : header) {
      check_name(column, file.string() + ":1");
      if (!seen.insert(column).second) {
        throw Error(fmt::format("there are two columns '{}'", column.substr(0, 80)),
                    file.string() + ":1", "keep one of them");
      }
      if (kKnown.contains(column) || is_prefixed(column)) continue;
      throw Error(
          fmt::format("column '{}' is unknown", column.substr(0, 80)), file.string() + ":1",
          fmt::format("rename it to params.{0}, metrics.{0} or tags.{0}", column.substr(0, 40)));
    }
    if (std::find(header.begin(), header.end(), "run") == header.end()) {
      throw Error("there is no column 'run'", file.string() + ":1",
                  "add it: it names the run of each row");
    }
  }

  void take(const CsvReader::Row& header, const CsvReader::Row& row, const Place& place) {
    const std::string where = place.text();
    if (row.size() != header.size()) {
      throw Error(
          fmt::format("the row has {} fields, but the header has {}", row.size(), header.size()),
          where);
    }
    std::map<std::string, std::string> cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!row[i].empty()) cells[header[i]] = text_of_csv_field(row[i]);
    }
    const std::string name = cells["run"];
    if (name.empty()) throw Error("the column 'run' is empty", where);
    const auto [known, is_new] = runs_.try_emplace(name);
    if (is_new) {
      order_.push_back(name);
      known->second.whole.run.status = RunStatus::finished;
      known->second.whole.run.experiment = "imported";
    }
    ParsedRun& parsed = known->second;
    const bool is_epoch = cells.contains("epoch");
    EpochRecord* epoch = nullptr;
    if (is_epoch) {
      const Epoch number = epoch_number(cells["epoch"], where);
      const auto [first, is_first] = parsed.epochs.try_emplace(number);
      if (!is_first) {
        throw Error(fmt::format("epoch {} of run {} is given twice, first at {}", number,
                                name.substr(0, 80), first->second.place.text()),
                    where, "keep one of the two rows");
      }
      first->second.place = place;
      epoch = &first->second.epoch;
      epoch->number = number;
    }
    for (const auto& [column, text] : cells) {
      if (epoch == nullptr || !take_of_epoch(*epoch, column, text, where)) {
        if (is_new_of_run(parsed, name, column, text, place)) {
          take_of_run(parsed.whole, column, text, where);
        }
      }
    }
  }

  static bool is_of_run(const std::string& column) {
    static const std::set<std::string> kOfRun{"experiment", "seed",    "status",
                                              "created",    "started", "ended"};
    return kOfRun.contains(column) || column.starts_with("params.") || column.starts_with("tags.");
  }

  /// Whether the value is about the run and no row has given it before. Throws Error if another row
  /// gives another value.
  static bool is_new_of_run(ParsedRun& parsed, const std::string& name, const std::string& column,
                            const std::string& text, const Place& place) {
    if (column.starts_with("metrics.")) {
      throw Error(
          fmt::format("column {} has a value, but the row has no epoch", column.substr(0, 80)),
          place.text(), "fill in the column epoch, or rename the column to tags.NAME");
    }
    if (!is_of_run(column)) return false;
    const auto [first, is_first] =
        parsed.columns.try_emplace(column, ParsedRun::ParsedValue{text, place});
    if (is_first) return true;
    if (first->second.text == text) return false;
    throw Error(fmt::format("run {} has '{}' in column {} here and '{}' at {}", name.substr(0, 80),
                            text.substr(0, 40), column.substr(0, 80),
                            first->second.text.substr(0, 40), first->second.place.text()),
                place.text(), "make them equal, or make two runs of them");
  }

  /// Returns false if the column is not about an epoch.
  static bool take_of_epoch(EpochRecord& epoch, const std::string& column, const std::string& text,
                            const std::string& where) {
    const auto number = [&] { return finite_number_of(text, column, where); };
    if (column.starts_with("metrics.")) {
      epoch.metrics[column.substr(8)] = number_of(text, column, where);
    } else if (column == "started") {
      epoch.started_at = number();
    } else if (column == "seconds") {
      epoch.seconds = Seconds(number());
      if (epoch.seconds.count() < 0) {
        throw Error("seconds are negative", where, "leave the field empty if they are unknown");
      }
      epoch.train_seconds = epoch.seconds;
    } else if (column == "samples") {
      epoch.samples = count_of(text, column, where);
    } else if (column == "steps") {
      epoch.steps = count_of(text, column, where);
    } else if (column == "learning_rate") {
      epoch.learning_rate = number();
    } else {
      return false;
    }
    return true;
  }

  static void take_of_run(WholeRun& whole, const std::string& column, const std::string& text,
                          const std::string& where) {
    RunRecord& run = whole.run;
    const auto number = [&] { return finite_number_of(text, column, where); };
    if (column.starts_with("params.")) {
      run.parameters.set(column.substr(7), guessed_parameter(text));
    } else if (column.starts_with("tags.")) {
      whole.tags[column.substr(5)] =
          text == "true" ? "" : text;  // a tag without a text is written as true
    } else if (column == "experiment") {
      run.experiment = text.substr(0, 200);
    } else if (column == "seed") {
      run.seed = seed_of(text, where);
    } else if (column == "status") {
      run.status = status_of(text, where);
    } else if (column == "created") {
      run.created_at = number();
    } else if (column == "started") {
      run.started_at = number();
    } else if (column == "ended") {
      run.ended_at = number();
    }
  }

  std::list<std::string> files_;  ///< the file names to which the places point
  std::map<std::string, ParsedRun> runs_;
  std::vector<std::string> order_;
};

}  // namespace

std::vector<WholeRun> runs_from_csv(const fs::path& path) {
  CsvImport import;
  std::error_code error;
  if (fs::is_directory(path, error)) {
    import.read(path / "runs.csv");
    import.read(path / "epochs.csv");
  } else {
    import.read(path);
  }
  return import.finish(path);
}

}  // namespace epochal::store
