// Reads runs that W&B recorded offline: a log of protocol buffers in the format of LevelDB's log,
// blocks of 32 KiB with checksummed pieces of records.

#include <fmt/format.h>
#include <boost/crc.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "db/exchange/imported_runs.h"
#include "db/exchange/protobuf.h"
#include "db/exchange/run_importer.h"
#include "db/exchange/step_values.h"
#include "framework/base/error.h"
#include "framework/base/parsed_number.h"
#include "framework/base/printable.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using protozero::data_view;

constexpr std::uint64_t kBlock = 32 << 10, kPieceHead = 7, kFileHead = 7;
constexpr std::size_t kLargestLogRecord = std::size_t{64} << 20;

/// Calls `sink` for each record of the log. Returns false if the last one is cut off.
bool each_log_record(const fs::path& file, const std::function<void(const std::string&)>& sink) {
  constexpr char kWhole = 1, kFirst = 2, kLast = 4;  // 3: in the middle
  std::ifstream in(file, std::ios::binary);
  std::string head(kFileHead, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (!in || head != std::string(":W&B\xe1\xbe\0", kFileHead)) {
    throw Error("the file is not a log of W&B", file, "name a file that ends with .wandb");
  }
  std::uint64_t at = kFileHead;
  const auto damage = [&] {
    return Error(fmt::format("the record at byte {} is damaged", at), file,
                 "copy the file again, or leave it out");
  };
  std::string record;
  std::string piece;
  while (true) {
    const std::uint64_t left = kBlock - at % kBlock;
    if (left < kPieceHead) {
      in.ignore(static_cast<std::streamsize>(left));
      at += left;
    }
    std::string piece_head(kPieceHead, '\0');
    in.read(piece_head.data(), static_cast<std::streamsize>(kPieceHead));
    if (in.gcount() == 0) return record.empty();
    if (!in) return false;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(piece_head[i]); };
    const std::size_t length = byte(4) | std::size_t{byte(5)} << 8;
    piece.resize(length);
    in.read(piece.data(), static_cast<std::streamsize>(length));
    if (!in) return false;
    boost::crc_32_type crc;
    crc.process_byte(byte(6));
    crc.process_bytes(piece.data(), piece.size());
    const std::uint32_t stored = byte(0) | std::uint32_t{byte(1)} << 8 |
                                 std::uint32_t{byte(2)} << 16 | std::uint32_t{byte(3)} << 24;
    const char kind = piece_head[6];
    if (crc.checksum() != stored || kind < kWhole || kind > kLast) throw damage();
    if (kind == kWhole || kind == kFirst) record.clear();
    if (record.size() + length > kLargestLogRecord) throw damage();
    record += piece;
    at += kPieceHead + length;
    if (kind == kWhole || kind == kLast) {
      sink(record);
      record.clear();
    }
  }
}

/// A key with its value, of the configuration, the history or the summary.
struct WandbItem {
  std::string key;  ///< the parts of a nested one joined with dots
  std::string json_text;
  std::optional<double> number;
};

WandbItem item_of(const data_view& data) {
  WandbItem item;
  std::string nested;
  ProtobufReader reader(data);
  while (reader.next()) {
    switch (reader.tag()) {
      case 1:
        item.key = reader.get_string();
        break;
      case 2:
        nested += (nested.empty() ? "" : ".") + reader.get_string();
        break;
      case 4:
        item.number = reader.get_bool() ? 1 : 0;
        break;
      case 5:
        item.number = static_cast<double>(reader.get_sint64());
        break;
      case 6:
        item.number = reader.get_double();
        break;
      case 8:
      case 16:
        item.json_text = reader.get_string();
        break;
      default:
        reader.skip();
    }
  }
  item.key = imported_text(item.key.empty() ? nested : item.key, 1000);
  return item;
}

/// The number of an item; W&B writes NaN and Infinity, which JSON does not have.
std::optional<double> number_of_item(const WandbItem& item) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (item.number) return item.number;
  if (item.json_text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (item.json_text == "Infinity") return kInfinity;
  if (item.json_text == "-Infinity") return -kInfinity;
  if (item.json_text == "true") return 1;
  if (item.json_text == "false") return 0;
  return parsed_number<double>(item.json_text);
}

std::string text_of_item(const WandbItem& item) {
  if (item.number) return fmt::format("{}", *item.number);
  const json value = json::parse(item.json_text, nullptr, false);
  return imported_text(value.is_string() ? value.get<std::string>() : item.json_text);
}

class WandbRun {
 public:
  /// `folder`: of the run, with its files.
  WandbRun(fs::path folder, fs::path file) : folder_(std::move(folder)), file_(std::move(file)) {}

  ImportedRun read(std::vector<std::string>& left_out) {
    imported_.whole.run.status = RunStatus::interrupted;
    imported_.whole.run.experiment = "wandb";
    bool is_complete = false;
    try {
      is_complete =
          each_log_record(folder_ / file_, [&](const std::string& record) { take(record); });
    } catch (const protozero::exception&) {
      throw Error("a record is damaged", (folder_ / file_).string(), "copy the file again");
    }
    if (!is_complete) {
      left_out.push_back(fmt::format("{}: the last record is cut off and was left out",
                                     printable((folder_ / file_).string())));
    }
    if (id_.empty()) throw Error("the log has no run", (folder_ / file_).string());
    return finish();
  }

 private:
  void take(const std::string& record) {
    ProtobufReader reader(record);
    while (reader.next()) {
      const bool is_message = reader.wire_type() == protozero::pbf_wire_type::length_delimited;
      if (reader.tag() == 2 && is_message) {
        take_history(reader.get_view());
      } else if (reader.tag() == 3 && is_message) {
        take_items(reader.get_view(), [&](const WandbItem& item) { summary_[item.key] = item; });
      } else if (reader.tag() == 5 && is_message) {
        take_items(reader.get_view(), [&](const WandbItem& item) { take_parameter(item); });
      } else if (reader.tag() == 17 && is_message) {
        take_run(reader.get_view());
      } else if (reader.tag() == 18 && is_message) {
        take_exit(reader.get_view());
      } else {
        reader.skip();
      }
    }
  }

  static void take_items(const data_view& data, const std::function<void(const WandbItem&)>& sink) {
    ProtobufReader reader(data);
    while (reader.next(1)) sink(item_of(reader.get_view()));
  }

  void take_run(const data_view& data) {
    WholeRun& whole = imported_.whole;
    const auto text = [](ProtobufReader& reader) {
      return imported_text(reader.get_string(), 1 << 14);
    };
    std::string notes;
    ProtobufReader reader(data);
    while (reader.next()) {
      switch (reader.tag()) {
        case 1:
          id_ = text(reader);
          break;
        case 3:
          whole.run.experiment = imported_text(reader.get_string(), 200);
          break;
        case 4:
          take_items(reader.get_view(), [&](const WandbItem& item) { take_parameter(item); });
          break;
        case 6:
          whole.tags["group"] = text(reader);
          break;
        case 7:
          whole.tags["job_type"] = text(reader);
          break;
        case 8:
          whole.tags["run_name"] = text(reader);
          break;
        case 9:
          notes = text(reader);
          break;
        case 10:
          whole.tags[imported_text(reader.get_string(), 250)] = "";
          break;
        case 17:
          take_start(reader.get_message());
          break;
        default:
          reader.skip();
      }
    }
    if (!notes.empty()) whole.notes = {{whole.run.started_at.value_or(0), notes}};
  }

  void take_start(ProtobufReader time) {
    double seconds = 0;
    while (time.next()) {
      const auto number = static_cast<double>(time.get_int64());
      if (time.tag() == 1) seconds += number;
      if (time.tag() == 2) seconds += number / 1e9;
    }
    if (seconds > 0 && seconds < 1e11) imported_.whole.run.started_at = seconds;
  }

  void take_exit(const data_view& data) {
    std::int32_t code = 0;
    ProtobufReader reader(data);
    while (reader.next()) {
      if (reader.tag() == 1) {
        code = reader.get_int32();
      } else {
        reader.skip();
      }
    }
    imported_.whole.run.status = code == 0 ? RunStatus::finished : RunStatus::failed;
  }

  void take_parameter(const WandbItem& item) {
    if (item.key.empty() || item.key.starts_with("_wandb")) return;
    check_name(item.key, (folder_ / file_).string());
    Parameters& parameters = imported_.whole.run.parameters;
    const json value = json::parse(item.json_text, nullptr, false);
    if (value.is_boolean()) {
      parameters.set(item.key, value.get<bool>());
    } else if (value.is_number_integer()) {
      parameters.set(item.key, value.get<std::int64_t>());
    } else if (const auto number = number_of_item(item)) {
      parameters.set(item.key, *number);
    } else if (value.is_object() && !value.empty() && item.key.size() < 200) {
      for (const auto& [name, part] : value.items()) {
        take_parameter({item.key + "." + name, part.dump(), {}});
      }
    } else {
      parameters.set(item.key, text_of_item(item));
    }
  }

  void take_history(const data_view& data) {
    std::vector<WandbItem> items;
    std::int64_t step = next_step_;
    ProtobufReader reader(data);
    while (reader.next()) {
      if (reader.tag() == 1) {
        items.push_back(item_of(reader.get_view()));
      } else if (reader.tag() == 2) {
        step = 0;
        ProtobufReader number = reader.get_message();
        while (number.next(1)) step = number.get_int64();
      } else {
        reader.skip();
      }
    }
    next_step_ = step < std::numeric_limits<std::int64_t>::max() ? step + 1 : step;
    Timestamp at = imported_.whole.run.started_at.value_or(0);
    std::set<std::string> objects;  // such as pictures and histograms, whose fields are no metrics
    for (const WandbItem& item : items) {
      if (item.key == "_timestamp") at = number_of_item(item).value_or(at);
      if (item.key.ends_with("._type")) objects.insert(item.key.substr(0, item.key.size() - 6));
    }
    if (!std::isfinite(at) || at < 0 || at > 1e11) at = 0;
    last_ = std::max(last_, at);
    objects_.insert(objects.begin(), objects.end());
    for (const WandbItem& item : items) {
      const std::string parent = item.key.substr(0, item.key.rfind('.'));
      if (objects.contains(parent)) {
        if (item.key == parent + ".path") add_media(parent, step, text_of_item(item));
        continue;
      }
      if (item.key.empty() || item.key.front() == '_') continue;
      if (const auto number = number_of_item(item)) {
        values_.add(item.key, step, *number, at);
        measured_.insert(item.key);
      }
    }
  }

  void add_media(const std::string& name, std::int64_t step, const std::string& path) {
    if (imported_.files.size() == kMostImportedFiles) return;
    ImportedFile file;
    file.folder = folder_ / "files";
    file.within = fs::path(path).lexically_normal();
    file.name = name + file.within.extension().string();
    imported_.files.push_back(std::move(file));
    steps_of_files_.push_back(step);
  }

  ImportedRun finish() {
    WholeRun& whole = imported_.whole;
    if (last_ > 0) whole.run.ended_at = last_;
    for (const auto& [key, item] : summary_) {
      const bool is_own = key.empty() || key.front() == '_' || measured_.contains(key);
      const bool is_of_object = objects_.contains(key.substr(0, key.rfind('.')));
      if (is_own || is_of_object || !number_of_item(item)) continue;
      check_name(key, (folder_ / file_).string());
      whole.tags["summary." + key] = text_of_item(item);
    }
    values_.give_to(imported_);
    const bool are_epochs = imported_.steps.empty() && !whole.epochs.empty();
    const std::int64_t offset = values_.first_step() == 0 ? 1 : 0;
    for (std::size_t i = 0; i < imported_.files.size(); ++i) {
      const std::int64_t epoch = steps_of_files_[i] + offset;
      const bool is_one = are_epochs && epoch >= 1 && epoch <= whole.epochs.back().number;
      imported_.files[i].epoch = is_one ? static_cast<Epoch>(epoch) : 0;
    }
    if (const ParameterValue* seed = whole.run.parameters.find("seed")) {
      const auto* number = std::get_if<std::int64_t>(seed);
      if (number != nullptr && *number >= 0) whole.run.seed = static_cast<std::uint64_t>(*number);
    }
    imported_.whole = finished_import(std::move(imported_.whole), "wandb", id_);
    return std::move(imported_);
  }

  const fs::path folder_;
  const fs::path file_;
  std::string id_;
  ImportedRun imported_;
  StepValues values_;
  std::vector<std::int64_t> steps_of_files_;
  std::map<std::string, WandbItem> summary_;
  std::set<std::string> measured_;
  std::set<std::string> objects_;  ///< such as pictures, whose fields are no values
  std::int64_t next_step_ = 0;
  Timestamp last_ = 0;
};

/// The logs at this path: a log, a run's folder, or a folder of runs, such as "wandb".
std::vector<fs::path> logs_of_wandb(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return {path};
  std::vector<fs::path> logs;
  auto entry = fs::recursive_directory_iterator(path, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    constexpr int kDeepest = 3;
    if (entry->is_symlink() || entry.depth() >= kDeepest) entry.disable_recursion_pending();
    if (entry->is_symlink() || !entry->is_regular_file()) continue;
    if (entry->path().extension() == ".wandb") logs.push_back(entry->path());
  }
  std::sort(logs.begin(), logs.end());
  return logs;
}

}  // namespace

ImportedRuns wandb_runs(const fs::path& path) {
  const std::vector<fs::path> logs = logs_of_wandb(path);
  if (logs.empty()) {
    throw Error("there is no log of W&B here", path,
                "name a file *.wandb, or the folder wandb that holds the runs");
  }
  ImportedRuns found;
  for (const fs::path& log : logs) {
    const fs::path folder = fs::absolute(log).parent_path();
    found.add(log.string(), [&] { return WandbRun(folder, log.filename()).read(found.left_out); });
  }
  return found;
}

}  // namespace epochal::store
