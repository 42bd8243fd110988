// Reads runs that W&B recorded offline.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "db/exchange/imported_runs.h"
#include "db/exchange/protobuf.h"
#include "db/exchange/run_importer.h"
#include "db/exchange/step_values.h"
#include "db/exchange/wandb_log.h"
#include "framework/base/bounded_json.h"
#include "framework/base/error.h"
#include "framework/base/parsed_number.h"
#include "framework/base/printable.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using protozero::data_view;

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
  const json value = bounded_json(item.json_text);
  return imported_text(value.is_string() ? value.get<std::string>() : item.json_text);
}

/// A run, read from its logs one after the other.
class WandbRun {
 public:
  WandbRun() { imported_.whole.run.experiment = "wandb"; }

  void read(const WandbLog& log, std::vector<std::string>& left_out) {
    log_ = log;
    const std::optional<std::int64_t> earlier = std::exchange(last_step_, std::nullopt);
    first_step_.reset();
    RunRecord& run = imported_.whole.run;
    run.status = RunStatus::interrupted;  // unless this log says how it ended
    if (!run.started_at && log.start > 0) run.started_at = log.start;
    const bool is_complete =
        each_wandb_message(log.folder / log.file, [&](WandbRecord kind, const data_view& data) {
          take(kind, data);
          return true;
        });
    const std::string where = printable((log.folder / log.file).string());
    if (!is_complete) {
      left_out.push_back(fmt::format("{}: the last record is cut off and was left out", where));
    }
    if (earlier && first_step_ && *first_step_ <= *earlier) {
      left_out.push_back(
          fmt::format("{}: the log begins at step {}, but an earlier log of the run goes to step "
                      "{}: if a step is in both, the later log counts",
                      where, *first_step_, *earlier));
    }
    last_step_ = std::max(last_step_, earlier);
  }

  ImportedRun finish() {
    WholeRun& whole = imported_.whole;
    if (last_ > 0) whole.run.ended_at = last_;
    for (const auto& [key, item] : summary_) {
      const bool is_own = key.empty() || key.front() == '_' || measured_.contains(key);
      const bool is_of_object = objects_.contains(key.substr(0, key.rfind('.')));
      if (is_own || is_of_object || !number_of_item(item)) continue;
      check_name(key, place());
      whole.tags["summary." + key] = text_of_item(item);
    }
    values_.give_to(imported_);
    if (const ParameterValue* seed = whole.run.parameters.find("seed")) {
      const auto* number = std::get_if<std::int64_t>(seed);
      if (number != nullptr && *number >= 0) whole.run.seed = static_cast<std::uint64_t>(*number);
    }
    // People may choose the ids of runs. A log without a time has one that W&B chose.
    const Timestamp began = whole.run.started_at.value_or(0);
    const std::string source = began > 0 ? fmt::format("{}", began) : "";
    imported_.whole = finished_import(std::move(imported_.whole), {"wandb", log_.id, source});
    return std::move(imported_);
  }

 private:
  void take(WandbRecord kind, const data_view& data) {
    switch (kind) {
      case WandbRecord::history:
        return take_history(data);
      case WandbRecord::summary:
        return take_items(data, [&](const WandbItem& item) { summary_[item.key] = item; });
      case WandbRecord::configuration:
        return take_items(data, [&](const WandbItem& item) { take_parameter(item); });
      case WandbRecord::run:
        return take_run(data);
      case WandbRecord::exit:
        return take_exit(data);
    }
  }

  static void take_items(const data_view& data, const std::function<void(const WandbItem&)>& sink) {
    ProtobufReader reader(data);
    while (reader.next(1)) sink(item_of(reader.get_view()));
  }

  void take_run(const data_view& data) {
    WholeRun& whole = imported_.whole;
    const auto text = [](ProtobufReader& reader) {
      return imported_text(reader.get_string(), kLongestWandbText);
    };
    std::string notes;
    ProtobufReader reader(data);
    while (reader.next()) {
      switch (reader.tag()) {
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
        default:
          reader.skip();
      }
    }
    if (!notes.empty()) whole.notes = {{whole.run.started_at.value_or(0), notes}};
  }

  void take_exit(const data_view& data) {
    std::int32_t code = 0;
    ProtobufReader reader(data);
    while (reader.next(1)) code = reader.get_int32();
    imported_.whole.run.status = code == 0 ? RunStatus::finished : RunStatus::failed;
  }

  void take_parameter(const WandbItem& item) {
    if (item.key.empty() || item.key.starts_with("_wandb")) return;
    check_name(item.key, place());
    Parameters& parameters = imported_.whole.run.parameters;
    const json value = bounded_json(item.json_text);
    if (value.is_boolean()) {
      parameters.set(item.key, value.get<bool>());
    } else if (const auto whole = whole_number_in(value)) {
      parameters.set(item.key, *whole);
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
    Timestamp at = log_.start;
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
        first_step_ = std::min(first_step_.value_or(step), step);
        last_step_ = std::max(last_step_, std::optional(step));
        measured_.insert(item.key);
      }
    }
  }

  void add_media(const std::string& name, std::int64_t step, const std::string& path) {
    if (imported_.files.size() == kMostImportedFiles) return;
    ImportedFile file;
    file.folder = log_.folder / "files";
    file.within = fs::path(path).lexically_normal();
    file.name = name + file.within.extension().string();
    file.step = step;
    imported_.files.push_back(std::move(file));
  }

  std::string place() const { return (log_.folder / log_.file).string(); }

  WandbLog log_;                            ///< that is read
  std::optional<std::int64_t> first_step_;  ///< of the values of this log
  std::optional<std::int64_t> last_step_;
  ImportedRun imported_;
  StepValues values_;
  std::map<std::string, WandbItem> summary_;
  std::set<std::string> measured_;
  std::set<std::string> objects_;  ///< such as pictures, whose fields are no values
  std::int64_t next_step_ = 0;
  Timestamp last_ = 0;
};

}  // namespace

ImportedRuns wandb_runs(const fs::path& path) {
  ImportedRuns found;
  for (const std::vector<WandbLog>& logs : wandb_logs_by_run(path, found)) {
    found.add((logs.front().folder / logs.front().file).string(), [&] {
      WandbRun run;
      for (const WandbLog& log : logs) run.read(log, found.left_out);
      return run.finish();
    });
  }
  return found;
}

}  // namespace epochal::store
