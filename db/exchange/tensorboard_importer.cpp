// Reads runs from TensorBoard's event files: TFRecords of protocol buffers.

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <map>

#include "db/exchange/imported_runs.h"
#include "db/exchange/protobuf.h"
#include "db/exchange/run_importer.h"
#include "db/exchange/step_values.h"
#include "framework/base/error.h"
#include "framework/base/printable.h"
#include "framework/base/sample.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;

/// Framing: the length, its checksum, the record, its checksum.
constexpr std::uint64_t kFrameHead = 12, kFrameTail = 4;
constexpr std::uint64_t kLargestRecord = std::uint64_t{256} << 20;

/// The numbers of a tensor with one number; none for others.
std::optional<double> number_of_tensor(const protozero::data_view& data) {
  constexpr int kFloat = 1, kDouble = 2;
  int type = 0;
  std::optional<double> number;
  std::string content;
  ProtobufReader tensor(data);
  while (tensor.next()) {
    if (tensor.tag() == 1 && tensor.wire_type() == protozero::pbf_wire_type::varint) {
      type = tensor.get_enum();
    } else if (tensor.tag() == 4) {
      content = tensor.get_bytes();
    } else if (tensor.tag() == 5 && tensor.wire_type() == protozero::pbf_wire_type::fixed32) {
      number = tensor.get_float();
    } else if (tensor.tag() == 5) {
      const auto floats = tensor.get_packed_float();
      if (!floats.empty()) number = *floats.begin();
    } else if (tensor.tag() == 6 && tensor.wire_type() == protozero::pbf_wire_type::fixed64) {
      number = tensor.get_double();
    } else if (tensor.tag() == 6) {
      const auto doubles = tensor.get_packed_double();
      if (!doubles.empty()) number = *doubles.begin();
    } else {
      tensor.skip();
    }
  }
  if (type == kFloat && content.size() == sizeof(float)) {
    number = std::bit_cast<float>(static_cast<std::uint32_t>(little_endian_number(content)));
  }
  if (type == kDouble && content.size() == sizeof(double)) {
    number = std::bit_cast<double>(little_endian_number(content));
  }
  return number;
}

/// The run of one folder, read from its files one after the other.
class EventRun {
 public:
  EventRun(fs::path folder, std::string name)
      : folder_(std::move(folder)), name_(std::move(name)) {}

  void read(const fs::path& file, std::vector<std::string>& left_out) {
    file_ = file;
    is_ours_ = file.extension() == ".epochal";
    std::ifstream in(folder_ / file, std::ios::binary);
    const std::uint64_t size = fs::file_size(folder_ / file);
    std::string bytes;
    const auto take = [&](std::uint64_t count) {
      bytes.resize(count);
      in.read(bytes.data(), static_cast<std::streamsize>(count));
      if (!in) throw Error("the file cannot be read", folder_ / file);
    };
    for (std::uint64_t at = 0; at < size;) {
      const std::uint64_t left = size - at;
      if (left < kFrameHead + kFrameTail) return note_cut(left_out);
      take(kFrameHead);
      const std::string_view head(bytes);
      const std::uint64_t length = little_endian_number(head.substr(0, 8));
      if (masked_crc(head.substr(0, 8)) != little_endian_number(head.substr(8))) throw damage(at);
      if (length > kLargestRecord) throw damage(at);
      if (length > left - kFrameHead - kFrameTail) return note_cut(left_out);
      take(length + kFrameTail);
      const std::string_view record(bytes.data(), length);
      const std::string_view tail(bytes.data() + length, kFrameTail);
      if (masked_crc(record) != little_endian_number(tail)) throw damage(at);
      record_at_ = at + kFrameHead;
      record_begin_ = bytes.data();
      try {
        take_event(record);
      } catch (const protozero::exception&) {
        throw damage(at);
      }
      at += kFrameHead + length + kFrameTail;
    }
  }

  ImportedRun finish() {
    RunRecord& run = imported_.whole.run;
    run.experiment = "tensorboard";
    run.status = status_;
    if (first_ > 0) run.started_at = first_;
    if (last_ > 0) run.ended_at = last_;
    values_.give_to(imported_);
    const std::string source = source_of(first_ > 0 ? fmt::format("{}", first_) : "", folder_);
    imported_.whole = finished_import(std::move(imported_.whole), {"tensorboard", name_, source});
    return std::move(imported_);
  }

  bool has_values() const {
    return !values_.empty() || !imported_.files.empty() ||
           !imported_.whole.run.parameters.all().empty();
  }

 private:
  Error damage(std::uint64_t at) const {
    return Error(fmt::format("the record at byte {} is damaged", at), (folder_ / file_).string(),
                 "copy the file again, or delete it");
  }

  /// A writer that goes on or has crashed leaves the last record unfinished.
  void note_cut(std::vector<std::string>& left_out) const {
    left_out.push_back(fmt::format("{}: the last record is cut off and was left out",
                                   printable((folder_ / file_).string())));
  }

  void take_event(std::string_view record) {
    Timestamp at = 0;
    std::int64_t step = 0;
    std::vector<protozero::data_view> summaries;
    ProtobufReader event(protozero::data_view(record.data(), record.size()));
    while (event.next()) {
      if (event.tag() == 1) {
        at = event.get_double();
      } else if (event.tag() == 2) {
        step = event.get_int64();
      } else if (event.tag() == 5) {
        summaries.push_back(event.get_view());
      } else {
        event.skip();
      }
    }
    if (!std::isfinite(at) || at < 0 || at > 1e11) at = 0;
    for (const auto& summary : summaries) {
      ProtobufReader value(summary);
      while (value.next(1)) take_value(value.get_view(), step, at);
    }
    if (at > 0) first_ = first_ > 0 ? std::min(first_, at) : at;
    last_ = std::max(last_, at);
  }

  void take_value(const protozero::data_view& data, std::int64_t step, Timestamp at) {
    std::string tag;
    std::string plugin;
    std::string content;
    std::optional<double> number;
    std::optional<protozero::data_view> tensor;
    std::optional<protozero::data_view> picture;
    std::optional<protozero::data_view> sound;
    ProtobufReader value(data);
    while (value.next()) {
      switch (value.tag()) {
        case 1:
          tag = imported_text(value.get_string(), 1000);
          break;
        case 2:
          number = value.get_float();
          break;
        case 4:
          picture = value.get_view();
          break;
        case 6:
          sound = value.get_view();
          break;
        case 8:
          tensor = value.get_view();
          break;
        case 9: {
          ProtobufReader metadata = value.get_message();
          while (metadata.next(1)) {
            ProtobufReader data_of_plugin = metadata.get_message();
            while (data_of_plugin.next()) {
              if (data_of_plugin.tag() == 1) {
                plugin = data_of_plugin.get_string();
              } else if (data_of_plugin.tag() == 2) {
                content = data_of_plugin.get_bytes();
              } else {
                data_of_plugin.skip();
              }
            }
          }
          break;
        }
        default:
          value.skip();
      }
    }
    if (!plugin.empty() && plugins_.size() < 100'000) plugins_[tag] = plugin;
    const auto known = plugins_.find(tag);
    if (known != plugins_.end()) plugin = known->second;
    if (plugin == "hparams") return take_parameters(content);
    // Our own export's values by step: an import makes epochs of steps, and these are none.
    if (is_ours_ && tag.starts_with("steps/")) return;
    if (number) values_.add(tag, step, *number, at);
    if (tensor && plugin == "scalars") {
      if (const auto scalar = number_of_tensor(*tensor)) values_.add(tag, step, *scalar, at);
    }
    if (tensor && plugin == "images") add_picture_of_tensor(tag, step, *tensor);
    if (picture) add_file_in(tag, "png", step, *picture);
    if (sound) add_file_in(tag, "wav", step, *sound);
  }

  /// The encoded file is field 4 of the messages for pictures and for sound.
  void add_file_in(const std::string& tag, const char* ending, std::int64_t step,
                   const protozero::data_view& data) {
    ProtobufReader message(data);
    while (message.next(4, protozero::pbf_wire_type::length_delimited)) {
      add_part(tag, ending, step, message.get_view());
    }
  }

  /// A tensor of texts: width, height, and the encoded pictures.
  void add_picture_of_tensor(const std::string& tag, std::int64_t step,
                             const protozero::data_view& data) {
    ProtobufReader tensor(data);
    int place = 0;
    while (tensor.next(8, protozero::pbf_wire_type::length_delimited)) {
      const protozero::data_view text = tensor.get_view();
      if (place++ == 2) add_part(tag, "png", step, text);
    }
  }

  void add_part(const std::string& tag, const char* ending, std::int64_t step,
                const protozero::data_view& bytes) {
    if (bytes.empty() || bytes.size() > kLargestSample) return;
    if (imported_.files.size() == kMostImportedFiles) return;
    ImportedFile file;
    file.name = tag + "." + ending;
    file.folder = folder_;
    file.within = file_;
    file.offset = record_at_ + static_cast<std::uint64_t>(bytes.data() - record_begin_);
    file.bytes = bytes.size();
    file.step = step;
    imported_.files.push_back(std::move(file));
  }

  void take_parameters(const std::string& content) {
    ProtobufReader plugin(content);
    while (plugin.next()) {
      if (plugin.tag() == 3) {
        ProtobufReader start = plugin.get_message();
        while (start.next(1)) take_parameter(start.get_message());
      } else if (plugin.tag() == 4) {
        ProtobufReader end = plugin.get_message();
        while (end.next(1)) take_status(end.get_enum());
      } else {
        plugin.skip();
      }
    }
  }

  void take_status(int status) {
    if (status == 1) status_ = RunStatus::finished;
    if (status == 2) status_ = RunStatus::failed;
    if (status == 3) status_ = RunStatus::interrupted;
  }

  void take_parameter(ProtobufReader entry) {
    std::string name;
    std::optional<ParameterValue> value;
    while (entry.next()) {
      if (entry.tag() == 1) {
        name = imported_text(entry.get_string(), 1000);
        check_name(name, (folder_ / file_).string());
        continue;
      }
      if (entry.tag() != 2) {
        entry.skip();
        continue;
      }
      ProtobufReader plain = entry.get_message();
      while (plain.next()) {
        if (plain.tag() == 2) {
          const double number = plain.get_double();
          const bool is_whole = std::abs(number) < 9e15 && std::trunc(number) == number;
          value = is_whole ? ParameterValue(static_cast<std::int64_t>(number)) : number;
        } else if (plain.tag() == 3) {
          value = imported_text(plain.get_string());
        } else if (plain.tag() == 4) {
          value = plain.get_bool();
        } else {
          plain.skip();
        }
      }
    }
    if (!name.empty() && value) imported_.whole.run.parameters.set(name, *value);
  }

  const fs::path folder_;
  const std::string name_;
  fs::path file_;
  bool is_ours_ = false;
  std::uint64_t record_at_ = 0;         ///< in the file
  const char* record_begin_ = nullptr;  ///< in the memory
  ImportedRun imported_;
  StepValues values_;
  std::map<std::string, std::string> plugins_;  ///< by tag: only its first value names it
  RunStatus status_ = RunStatus::finished;
  Timestamp first_ = 0;
  Timestamp last_ = 0;
};

bool is_event_file(const fs::path& file) {
  return file.filename().string().find("tfevents") != std::string::npos;
}

/// The event files of each folder at or below a folder, without links.
std::map<fs::path, std::vector<fs::path>> event_files(const fs::path& folder) {
  std::map<fs::path, std::vector<fs::path>> files;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry->is_symlink() || !entry->is_regular_file() || !is_event_file(entry->path())) continue;
    files[entry->path().parent_path()].push_back(entry->path().filename());
  }
  for (auto& [place, names] : files) std::sort(names.begin(), names.end());
  return files;
}

}  // namespace

ImportedRuns tensorboard_runs(const fs::path& path) {
  std::error_code error;
  const bool is_file = fs::is_regular_file(path, error);
  const fs::path folder = is_file ? fs::absolute(path).parent_path() : path;
  auto files = is_file ? std::map<fs::path, std::vector<fs::path>>{{folder, {path.filename()}}}
                       : event_files(folder);
  if (files.empty()) {
    throw Error("there is no event file of TensorBoard here", path,
                "name the folder that `tensorboard --logdir` takes");
  }
  ImportedRuns found;
  for (const auto& [place, names] : files) {
    const std::string name =
        is_file ? path.filename().string() : place.lexically_relative(folder).string();
    bool is_empty = false;
    found.add(place.string(), [&] {
      EventRun run(place, name == "." ? fs::absolute(folder).filename().string() : name);
      for (const fs::path& file : names) run.read(file, found.left_out);
      is_empty = !run.has_values();
      return run.finish();
    });
    // Such as the file in which the hparams plugin describes all runs.
    if (is_empty) found.runs.pop_back();
  }
  return found;
}

}  // namespace epochal::store
